//! A fixed list of phrases, all looked for at once.

use aho_corasick::{AhoCorasick, Input, MatchKind};
use std::ops::Range;

/// Phrases to look for. Two that begin alike are told apart by their ends: of those that begin at one place only the longest
/// is found, so no phrase may be another one with more words behind it.
#[derive(Debug)]
pub(crate) struct Phrases(AhoCorasick);

impl Phrases {
    /// Gets ready to look for all of them.
    ///
    /// # Panics
    /// If one phrase is the beginning of another with more words.
    pub(crate) fn new(phrases: impl IntoIterator<Item = &'static str>) -> Self {
        let phrases: Vec<&str> = phrases.into_iter().collect();
        // Only with this rule can most of a text be skipped sixteen bytes at a time.
        let search = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&phrases);
        for (short, long) in phrases.iter().flat_map(|short| phrases.iter().map(move |long| (short, long))) {
            let more = long.strip_prefix(short).and_then(|rest| rest.chars().next());
            assert!(more.is_none_or(char::is_alphanumeric), "BUG: {long} would hide {short}");
        }
        Phrases(search.expect("BUG: the list is short"))
    }

    /// Every place where one of them stands, inside of longer words and of each other too, with its number in the list.
    pub(crate) fn find(&self, text: &str) -> impl Iterator<Item = (Range<usize>, usize)> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = self.0.find(Input::new(text).range(from..))?;
            from = found.start() + 1;
            Some((found.range(), found.pattern().as_usize()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_beside_and_inside_each_other() {
        let phrases = Phrases::new(["failed treatment", "treatment-resistant", "renal", "ñandú"]);
        let found: Vec<usize> =
            phrases.find("failed treatment-resistant adrenal ñandú").map(|(_, number)| number).collect();
        assert_eq!(found, [0, 1, 2, 3]);
        assert_eq!(phrases.find("nothing of it").count(), 0);
        assert_eq!(phrases.find("").count(), 0);
    }

    #[test]
    #[should_panic(expected = "would hide")]
    fn a_phrase_that_another_would_hide_is_refused() {
        Phrases::new(["side effect", "side effect of"]);
    }
}
