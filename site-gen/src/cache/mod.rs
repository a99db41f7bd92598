//! What a build remembers for the next one: nothing that could not be worked out again, and nothing that is believed
//! without proof.
//!
//! ```text
//!   a page's file ──digest──▶ what was read of it
//!   + all that is no page, every address ──key──▶ what there is to say about it
//!   + the theme, what it shows of other pages ──key──▶ the file it became
//!   everything read, the day, the choices ──key──▶ the whole build
//! ```
//!
//! Each is kept beside the key of everything that it was made from, and taken over only where the key is the same now.
//! A key is made from more than is needed, never from less: a changed fact has every page looked at again, whether or not
//! the page states it. `docs/decisions/010-what-a-build-remembers.md` says why. In memory while the preview runs; between builds on disk
//! ([`disk`]), where a cache of another program, or one that is damaged, counts as none.

pub mod disk;

use crate::Choices;
use crate::finding::Finding;
use crate::link::HeldBack;
use crate::parse::Read;
use crate::picture::KEPT_IN_TREE;
use crate::render::Seen;
use crate::source::{FileId, SourceTree};
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};
use twox_hash::XxHash3_128;

/// What a build remembers. Empty before the first.
#[derive(Debug, Default)]
pub struct Cache {
    pages: OnceLock<Pages>,
    /// They, as they lie on disk: a build that finds nothing changed does not need them.
    packed: disk::Packed,
    /// By path below the output folder; the copies of a file are kept with it.
    pub(crate) made: Arc<HashMap<String, Arc<Made>>>,
    /// The whole of it.
    pub(crate) whole: Option<Whole>,
}

/// What is remembered of pages, by number of the page's file: where that is another one now, nothing of it holds.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    pub(crate) read: HashMap<FileId, Arc<Read>>,
    pub(crate) judged: HashMap<FileId, Arc<Judged>>,
}

impl Cache {
    /// One that knows of no pages yet, only of files.
    pub(crate) fn of_files(made: Arc<HashMap<String, Arc<Made>>>) -> Self {
        Cache { made, ..Cache::default() }
    }

    /// What is remembered of pages.
    pub(crate) fn pages(&self) -> &Pages {
        self.pages.get_or_init(|| self.packed.open())
    }

    /// The same, to be added to.
    pub(crate) fn pages_mut(&mut self) -> &mut Pages {
        self.pages();
        self.pages.get_mut().expect("BUG: they were just opened")
    }
}

/// What there is to say about a page.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// Of everything that it was made from.
    pub(crate) key: u128,
    /// What was found when its holes were filled.
    pub(crate) linked: Vec<Finding>,
    /// What the checks of single pages found.
    pub(crate) checked: Vec<Finding>,
    /// Whether it was changed after its review.
    pub(crate) outdated: bool,
}

/// What a file became.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Made {
    /// Of everything that it was made from; 0 where only the bytes themselves count.
    pub(crate) key: u128,
    /// Of its bytes.
    pub(crate) digest: u128,
    /// How hard its copies were pressed.
    pub(crate) effort: i32,
    /// Its smaller copies: what stands behind its name, and the digest of each.
    pub(crate) copies: Vec<(String, u128)>,
    /// What it could do to a reader's privacy.
    pub(crate) seen: Option<Arc<Seen>>,
}

/// A whole build that went well.
#[derive(Clone, Debug)]
pub struct Whole {
    /// Of everything that was read, the day and the choices.
    pub(crate) key: u128,
    pub(crate) pages: usize,
    pub(crate) held_back: Vec<HeldBack>,
    /// Sorted.
    pub(crate) findings: Vec<Finding>,
}

impl Whole {
    /// The key of a build.
    pub(crate) fn key(sources: &SourceTree, choices: &Choices) -> u128 {
        let mut key = Key::new("whole");
        // Every choice by name: a new one must be thought of here.
        let Choices { drafts, base_url, today, preview } = choices;
        key.flag(*drafts).flag(*preview).text(&today.to_string());
        key.flag(base_url.is_some()).text(base_url.as_deref().unwrap_or_default());
        // Pictures that were drawn before only save time.
        for (id, file) in sources.iter().filter(|(_, file)| !file.path.starts_with(KEPT_IN_TREE)) {
            key.text(&file.path).number(sources.digest(id));
        }
        key.done()
    }
}

/// A key in the making: a digest of all that is put in, each piece kept apart from the next.
#[derive(Clone)]
pub(crate) struct Key(XxHash3_128);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({:x})", self.done())
    }
}

impl Key {
    /// `of` keeps keys of different things apart.
    pub(crate) fn new(of: &str) -> Self {
        let mut key = Key(XxHash3_128::new());
        key.text(of);
        key
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.0.write(&(text.len() as u64).to_le_bytes());
        self.0.write(text.as_bytes());
        self
    }

    pub(crate) fn number(&mut self, number: u128) -> &mut Self {
        self.0.write(&number.to_le_bytes());
        self
    }

    pub(crate) fn flag(&mut self, flag: bool) -> &mut Self {
        self.0.write(&[u8::from(flag)]);
        self
    }

    pub(crate) fn done(&self) -> u128 {
        self.0.finish_128()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_a_key_are_kept_apart() {
        let key = |pieces: &[&str]| {
            let mut key = Key::new("test");
            for piece in pieces {
                key.text(piece);
            }
            key.done()
        };
        assert_eq!(key(&["ab", "c"]), key(&["ab", "c"]));
        assert_ne!(key(&["ab", "c"]), key(&["a", "bc"]));
        assert_ne!(key(&["a"]), key(&["a", ""]));
    }
}
