//! A number that several pages share is written down once, and pages ask for it by its name.

use super::Subject;
use crate::finding::{Finding, Findings, Severity};
use crate::link::Page;
use crate::parse::library::Fact;
use crate::source::Place;
use aho_corasick::AhoCorasick;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The facts of one language that would be noticed if somebody wrote them by hand.
pub(super) struct Stated<'s> {
    /// Their words, and the names that say the same today; the author knows which one is meant.
    facts: Vec<(&'s str, Vec<&'s str>)>,
    /// Looks for the words of all of them at once.
    words: AhoCorasick,
}

impl<'s> Stated<'s> {
    pub(super) fn new(facts: &'s BTreeMap<String, Fact>, code: &str) -> Self {
        let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, fact) in facts {
            if let Some(words) = fact.words.get(code).filter(|words| tells(words, fact.href.is_some())) {
                names.entry(words).or_default().push(name);
            }
        }
        let words = AhoCorasick::new(names.keys()).expect("BUG: facts are a few short words");
        Stated { facts: names.into_iter().collect(), words }
    }
}

pub(super) fn check(subject: &Subject<'_>, page: &Page, findings: &mut Findings) {
    let Some((text, place)) = subject.text(page) else { return };
    let stated = subject.stated(page.language);
    let mut told = BTreeSet::new();
    for found in stated.words.find_overlapping_iter(text) {
        let (words, names) = &stated.facts[found.pattern().as_usize()];
        let facts: Vec<&Fact> = names.iter().filter_map(|name| subject.site.facts.get(*name)).collect();
        // Two facts that happen to say the same (`3 months`) show that these words are nobody's own.
        if facts.len() > 1 && facts.iter().all(|fact| fact.href.is_none()) {
            continue;
        }
        let own: Vec<&str> =
            facts.iter().flat_map(|fact| &fact.sources).map(|source| source.value.as_str()).collect();
        if !is_by_hand(text, found.range())
            || rests_on_another(text, found.start(), &own)
            || !told.insert(*words)
        {
            continue;
        }
        let start = place.span.start + found.start();
        let list: Vec<String> = names.iter().map(|name| format!("`[[{name}]]`")).collect();
        findings.push(Finding {
            code: "fact-by-hand",
            severity: Severity::Note,
            place: Some(Place::new(place.file, start..start + words.len())),
            message: format!("“{words}” is in facts.toml, and this page writes it by hand"),
            help: Some(format!(
                "If it means the same, write {}: then one change changes it everywhere",
                list.join(" or ")
            )),
        });
    }
}

/// Whether the words of a fact are so much its own that meeting them elsewhere says something: a phone number, or a number
/// with what it counts. `18` alone is everywhere.
fn tells(words: &str, is_number_to_call: bool) -> bool {
    let digits = words.chars().filter(char::is_ascii_digit).count();
    let counts = words.split_whitespace().count() > 1;
    digits >= 3 && is_number_to_call || digits >= 1 && counts
}

/// Whether the line cites sources, and none of them is one that the fact rests on: then the number is another one.
fn rests_on_another(text: &str, at: usize, own: &[&str]) -> bool {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let cited = line.split("[@").skip(1).filter_map(|rest| rest.split(']').next());
    let mut ids =
        cited.flat_map(|ids| ids.split([';', ','])).map(|id| id.trim().trim_start_matches('@')).peekable();
    !own.is_empty() && ids.peek().is_some() && !ids.any(|id| own.contains(&id))
}

/// Whether the words at a place stand by themselves, not as a part of a longer number, word or address.
fn is_by_hand(text: &str, range: Range<usize>) -> bool {
    let before = &text[..range.start];
    let after = text[range.end..].chars().next();
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | ':' | '/' | '$' | '+' | '_');
    let goes_on = after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    !before.chars().next_back().is_some_and(joins) && !goes_on && !in_range(before) && !in_label(before)
}

/// The label of a box, such as `:::emergency Call 911 now`: the same few words on every page, and easy to look for.
fn in_label(before: &str) -> bool {
    before[before.rfind('\n').map_or(0, |newline| newline + 1)..].trim_start().starts_with(":::")
}

/// `24 to ` and the like before the words: then they are the end of another number.
fn in_range(before: &str) -> bool {
    let mut words = before.split_whitespace().rev();
    let joiner = words.next().is_some_and(|word| matches!(word, "to" | "a" | "or" | "o" | "and" | "y" | "–"));
    joiner && words.next().is_some_and(|word| word.chars().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the words stand by hand for the first time.
    fn by_hand(text: &str, words: &str) -> Option<usize> {
        let mut places = text.match_indices(words).map(|(at, _)| at);
        places.find(|at| is_by_hand(text, *at..at + words.len()))
    }

    #[test]
    fn the_words_are_found_where_they_stand_alone() {
        assert_eq!(by_hand("Wait 24 hours.", "24 hours"), Some(5));
        assert_eq!(by_hand("Call 988 now", "988"), Some(5));
        assert_eq!(by_hand("(24 hours)", "24 hours"), Some(1));
    }

    #[test]
    fn parts_of_other_numbers_are_not() {
        for text in [
            "124 hours",
            "[call](tel:988)",
            "1-988-555",
            "12 to 24 hours",
            "24 hours-long",
            "988a",
            ":::urgent Call 988",
        ] {
            for words in ["24 hours", "988"] {
                assert_eq!(by_hand(text, words), None, "{words} in {text}");
            }
        }
    }

    #[test]
    fn a_number_with_another_source_is_another_number() {
        let text = "First.\nNo better after 30 minutes [@EV-A; @EV-B].\nWait 30 minutes.";
        let first = text.find("30").expect("there");
        assert!(rests_on_another(text, first, &["EV-C"]));
        assert!(!rests_on_another(text, first, &["EV-B"]));
        assert!(!rests_on_another(text, first, &[]));
        assert!(!rests_on_another(text, text.rfind("30").expect("there"), &["EV-C"]));
    }

    #[test]
    fn a_bare_number_says_nothing() {
        assert!(tells("988", true) && tells("24 hours", false) && tells("1-800-222-1222", true));
        assert!(
            !tells("18", false)
                && !tells("2019", false)
                && !tells("1", true)
                && !tells("Schedule III", false)
        );
    }
}
