//! From the opaque numbers of `checker-rules` back to files and lines.

use crate::source::Place;
use checker_rules::{Name, Origin};

/// Every place that a draft's [`Origin`]s stand for, and what is written there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    entries: Vec<(Place, String)>,
    pinned: Option<Place>,
}

impl Origins {
    /// A new origin for what is written at a place.
    pub(crate) fn mint(&mut self, place: &Place, written: &str) -> Origin {
        let number = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let place = self.pinned.as_ref().unwrap_or(place);
        self.entries.push((place.clone(), written.to_owned()));
        Origin(number)
    }

    /// Everything minted from now on stands at this place, wherever it was read; `None` ends it. For what the program
    /// itself keeps, so that messages lead to a file that staff can open.
    pub(crate) fn pin(&mut self, place: Option<Place>) {
        self.pinned = place;
    }

    /// A name with a new origin.
    pub(crate) fn name(&mut self, place: &Place, text: &str) -> Name {
        let origin = self.mint(place, text);
        Name::new(text, origin)
    }

    /// Where an origin stands.
    pub(crate) fn place(&self, origin: Origin) -> Option<Place> {
        self.entry(origin).map(|(place, _)| place.clone())
    }

    /// What is written there.
    pub(crate) fn written(&self, origin: Origin) -> &str {
        self.entry(origin).map_or("", |(_, written)| written)
    }

    fn entry(&self, origin: Origin) -> Option<&(Place, String)> {
        self.entries.get(usize::try_from(origin.0).unwrap_or(usize::MAX))
    }
}
