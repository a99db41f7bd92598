//! The locked library of screens: official wording, answers and scoring, one file each.
//!
//! A screen's score is valid only with its official words, so staff cannot edit them: `checker.toml` names
//! the screen, and everything else comes from here. A hash over each wording catches a slip of the hand.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// One screen: its shape, its bands and its wording in each language that it has.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Screen {
    /// The id that `checker.toml` uses: `phq-9`.
    pub id: String,
    /// The name readers may know: `PHQ-9`.
    pub name: String,
    /// The highest value of each item; the lowest is 0.
    pub highest: Vec<u8>,
    /// The first item is a gate: answered 0, the score is 0 and the others are not asked.
    pub gated: bool,
    /// Items, counted from 1, for which any answer above 0 calls for crisis help.
    pub crisis_items: Vec<u32>,
    /// Whose it is and on what terms it may be used.
    pub licence: String,
    /// What ranges of the score are called. They cover every score once.
    #[serde(rename = "band")]
    pub bands: Vec<Band>,
    /// The wording, one entry for each language.
    pub words: Vec<Wording>,
}

/// A range of a score with its name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The lowest score in it.
    pub from: u32,
    /// The highest score in it.
    pub to: u32,
    /// What it is called, in English.
    pub name: String,
}

/// A screen's wording in one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Wording {
    /// The language tag.
    pub language: String,
    /// Whether the wording was compared with a copy of the official form. If not, readers are told that
    /// it is not an official translation.
    pub confirmed: bool,
    /// Where the wording was compared, and when.
    pub source: String,
    /// What still has to be done about it.
    #[serde(default)]
    pub note: String,
    /// The words above the items.
    pub stem: String,
    /// The words between the gate and the other items; empty without a gate.
    #[serde(default)]
    pub after_gate: String,
    /// The items, in order.
    pub items: Vec<String>,
    /// What each value is called, from 0 up.
    pub values: Vec<String>,
    /// SHA-256 of the wording, in hexadecimal.
    pub sha256: String,
}

impl Screen {
    /// The wording in a language.
    pub fn words_in(&self, language: &str) -> Option<&Wording> {
        self.words.iter().find(|words| words.language == language)
    }

    /// The highest possible score.
    pub fn highest_score(&self) -> u32 {
        self.highest.iter().skip(usize::from(self.gated)).map(|&value| u32::from(value)).sum()
    }

    /// What the proof and the evaluator need of it.
    pub(crate) fn shape(&self) -> checker_rules::Instrument {
        checker_rules::Instrument {
            items: self.highest.clone(),
            gated: self.gated,
            crisis_items: self.crisis_items.clone(),
        }
    }

    /// What is wrong with the screen itself; nothing, unless the library was changed by mistake.
    fn fault(&self) -> Option<String> {
        let mut next = 0;
        for band in &self.bands {
            if band.from != next || band.to < band.from {
                return Some(format!("{}: the bands leave out or repeat the score {next}", self.name));
            }
            next = band.to + 1;
        }
        if next != self.highest_score() + 1 {
            return Some(format!("{}: the bands do not end at {}", self.name, self.highest_score()));
        }
        for words in &self.words {
            let highest = usize::from(self.highest.iter().copied().max().unwrap_or(0));
            if words.items.len() != self.highest.len() || words.values.len() != highest + 1 {
                return Some(format!("{} ({}): items or values are missing", self.name, words.language));
            }
            if words.hash() != words.sha256 {
                return Some(format!(
                    "{} ({}): the wording is not the one that was locked",
                    self.name, words.language
                ));
            }
        }
        None
    }
}

impl Wording {
    /// SHA-256 over stem, words after the gate, items and values, one line each.
    pub fn hash(&self) -> String {
        let mut lines = vec![self.stem.as_str(), self.after_gate.as_str()];
        lines.extend(self.items.iter().map(String::as_str));
        lines.extend(self.values.iter().map(String::as_str));
        let digest = Sha256::digest(lines.join("\n").as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

static LIBRARY: LazyLock<Vec<Screen>> = LazyLock::new(|| {
    const FILES: [&str; 4] = [
        include_str!("instruments/phq-2.toml"),
        include_str!("instruments/phq-9.toml"),
        include_str!("instruments/gad-2.toml"),
        include_str!("instruments/pc-ptsd-5.toml"),
    ];
    FILES
        .iter()
        .map(|file| {
            let screen: Screen = toml::from_str(file).expect("BUG: a screen of the library is readable");
            assert_eq!(screen.fault(), None, "BUG: a screen of the library is whole");
            screen
        })
        .collect()
});

/// Every screen of the library.
pub fn library() -> &'static [Screen] {
    &LIBRARY
}

/// The screen with this id.
pub fn find(id: &str) -> Option<&'static Screen> {
    library().iter().find(|screen| screen.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a screen after a change.
    fn check(change: impl FnOnce(&mut Screen), expected: Option<&str>) {
        let mut screen = find("phq-9").expect("BUG: the PHQ-9 is in the library").clone();
        change(&mut screen);
        assert_eq!(screen.fault().as_deref(), expected);
    }

    #[test]
    fn the_library_is_whole() {
        let known: Vec<&str> = library().iter().map(|screen| screen.id.as_str()).collect();
        assert_eq!(known, ["phq-2", "phq-9", "gad-2", "pc-ptsd-5"]);
        check(|_| {}, None);
    }

    #[test]
    fn a_changed_word_is_caught() {
        check(
            |screen| screen.words[0].items[8] = "Thoughts of being better off dead".to_owned(),
            Some("PHQ-9 (en): the wording is not the one that was locked"),
        );
        check(
            |screen| screen.words[0].values.swap(0, 3),
            Some("PHQ-9 (en): the wording is not the one that was locked"),
        );
    }

    #[test]
    fn bands_that_overlap_or_leave_a_gap_are_caught() {
        check(|screen| screen.bands[1].from = 4, Some("PHQ-9: the bands leave out or repeat the score 5"));
        check(|screen| screen.bands[1].to = 8, Some("PHQ-9: the bands leave out or repeat the score 9"));
        check(|screen| screen.bands[4].to = 26, Some("PHQ-9: the bands do not end at 27"));
    }

    #[test]
    fn the_ranges_are_the_published_ones() {
        let highest = |id: &str| find(id).expect("BUG: in the library").highest_score();
        assert_eq!(
            [highest("phq-2"), highest("phq-9"), highest("gad-2"), highest("pc-ptsd-5")],
            [6, 27, 6, 5]
        );
        let bands: Vec<u32> =
            find("phq-9").expect("BUG: in the library").bands.iter().map(|b| b.from).collect();
        assert_eq!(bands, [0, 5, 10, 15, 20]);
    }

    #[test]
    fn the_suicide_item_of_the_phq_9_calls_for_crisis_help() {
        assert_eq!(find("phq-9").expect("BUG: in the library").crisis_items, [9]);
        assert_eq!(find("phq-2").expect("BUG: in the library").crisis_items, [0u32; 0]);
    }
}
