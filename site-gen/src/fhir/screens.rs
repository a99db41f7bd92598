//! Which scored groups of a form are screens of the locked library.
//!
//! A screen's score is valid only with its official words, so a group becomes a screen only if every item, every answer
//! and every weight is the library's. A group that comes near is told what differs, because that is often a slip of
//! the hand.

use super::form::{Form, Item, Kind};
use super::scores::Score;
use crate::checker::instruments::{self, Screen, Wording};
use checker_rules::Decimal;

/// A screen found in a form.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) screen: &'static Screen,
    /// Its items, in order.
    pub(crate) items: Vec<usize>,
    /// The items that show its score.
    pub(crate) totals: Vec<usize>,
    /// Texts that the library has, too.
    pub(crate) displays: Vec<usize>,
    /// The group that holds nothing else.
    pub(crate) group: Option<usize>,
}

/// A group that comes near to a screen.
#[derive(Debug)]
pub(crate) struct Near {
    pub(crate) screen: &'static Screen,
    /// The first of its items.
    pub(crate) item: usize,
    /// What differs.
    pub(crate) differences: Vec<String>,
}

/// Looks for screens among the scored items that stand together.
pub(crate) fn find(form: &Form, scores: &[Score]) -> (Vec<Found>, Vec<Near>) {
    let mut found: Vec<Found> = Vec::new();
    let mut near: Vec<Near> = Vec::new();
    for candidate in candidates(form, scores) {
        if candidate.iter().any(|item| found.iter().any(|known| known.items.contains(item))) {
            continue;
        }
        let mut closest: Option<Near> = None;
        let mut matched = None;
        for screen in instruments::library() {
            let Some(items) = with_gate(form, screen, &candidate) else { continue };
            let Some(words) = words_for(form, screen) else { continue };
            match differences(form, screen, words, &items) {
                None => {}
                Some(differences) if differences.is_empty() => matched = Some((screen, items)),
                Some(differences) => {
                    let better =
                        closest.as_ref().is_none_or(|near| differences.len() < near.differences.len());
                    if better {
                        closest = Some(Near { screen, item: items[0], differences });
                    }
                }
            }
        }
        match (matched, closest) {
            (Some((screen, items)), _) => found.push(whole(form, scores, screen, items)),
            (None, Some(one)) if !near.iter().any(|known| known.item == one.item) => near.push(one),
            _ => {}
        }
    }
    found.sort_by_key(|found| found.items[0]);
    (found, near)
}

/// Sets of scored items that could be a screen: those of one group, and those that one score adds up.
fn candidates(form: &Form, scores: &[Score]) -> Vec<Vec<usize>> {
    let mut candidates: Vec<Vec<usize>> = scores.iter().map(Score::reads).collect();
    let parents = std::iter::once(None).chain((0..form.items.len()).map(Some));
    for parent in parents {
        let choices: Vec<usize> =
            siblings(form, parent).filter(|&at| form.items[at].kind == Kind::Choice).collect();
        let weighted: Vec<usize> =
            choices.iter().copied().filter(|&at| form.items[at].is_weighted()).collect();
        // With an item whose weights were forgotten there is no screen, but that should be told.
        if weighted.len() * 2 > choices.len() {
            candidates.extend([weighted, choices]);
        } else {
            candidates.push(weighted);
        }
    }
    candidates.retain(|items| {
        let parent = items.first().map(|&at| form.items[at].parent);
        !items.is_empty() && items.iter().all(|&at| Some(form.items[at].parent) == parent)
    });
    candidates
}

fn siblings(form: &Form, parent: Option<usize>) -> Box<dyn Iterator<Item = usize> + '_> {
    match parent {
        Some(parent) => Box::new(form.items[parent].children.iter().copied()),
        None => Box::new((0..form.items.len()).filter(|&at| form.items[at].parent.is_none())),
    }
}

/// The candidate as long as the screen, with the gate that is not scored in front where there is one.
fn with_gate(form: &Form, screen: &Screen, candidate: &[usize]) -> Option<Vec<usize>> {
    let missing = screen.highest.len().checked_sub(candidate.len())?;
    match (screen.gated, missing) {
        (_, 0) => Some(candidate.to_vec()),
        (true, 1) => {
            let first = *candidate.first()?;
            let before = siblings(form, form.items[first].parent)
                .filter(|&at| at < first && form.items[at].kind == Kind::Choice)
                .last()?;
            Some([&[before], candidate].concat())
        }
        _ => None,
    }
}

/// The screen's wording in a language of the form.
fn words_for<'s>(form: &Form, screen: &'s Screen) -> Option<(&'s Wording, String)> {
    form.languages.iter().find_map(|language| Some((screen.words_in(language)?, language.clone())))
}

/// A text as far as it matters: letters and digits, without the number in front.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let numbered = words.first().is_some_and(|first| first.chars().all(|c| c.is_ascii_digit()));
    words[usize::from(numbered && words.len() > 1)..].join(" ")
}

/// What differs between some items and a screen. `None`: they have little to do with one another.
fn differences(
    form: &Form,
    screen: &Screen,
    (words, language): (&Wording, String),
    items: &[usize],
) -> Option<Vec<String>> {
    let text = |at: usize| form.items[at].text(&language);
    let alike =
        |one: &str, other: &str| strsim::normalized_damerau_levenshtein(&plain(one), &plain(other)) >= 0.8;
    let close = items.iter().zip(&words.items).filter(|&(&at, item)| alike(text(at), item)).count();
    if close * 3 < items.len() * 2 {
        return None;
    }
    let mut found = Vec::new();
    for (number, (&at, words_of)) in items.iter().zip(&words.items).enumerate() {
        let item = &form.items[at];
        let gate = screen.gated && number == 0;
        let named = item.name();
        if plain(item.text(&language)) != plain(words_of) {
            found.push(format!(
                "item {} ({named}) has other words; the official ones are “{words_of}”",
                number + 1
            ));
        }
        let highest = usize::from(screen.highest[number]);
        if item.options.len() != highest + 1 {
            found.push(format!(
                "item {} ({named}) has {} answers in place of {}",
                number + 1,
                item.options.len(),
                highest + 1
            ));
            continue;
        }
        for (value, option) in item.options.iter().enumerate() {
            let label = option.texts.get(&language).map_or("", String::as_str);
            if plain(label) != plain(&words.values[value]) {
                found.push(format!(
                    "the answer “{label}” of item {} ({named}) is “{}” in the official words",
                    number + 1,
                    words.values[value]
                ));
            }
            let expected = Decimal::whole(i64::try_from(value).unwrap_or(i64::MAX));
            let right = if gate { option.weight.is_none() } else { option.weight == Some(expected) };
            if !right {
                let weight = option.weight.map_or("nothing".to_owned(), |weight| weight.to_string());
                found.push(format!(
                    "the answer “{label}” of item {} ({named}) counts {weight}, not {}",
                    number + 1,
                    if gate { "nothing".to_owned() } else { expected.to_string() }
                ));
            }
        }
        if item.kind != Kind::Choice || item.repeats {
            found.push(format!("item {} ({named}) does not take exactly one answer", number + 1));
        }
        if !asked_rightly(item, screen, number, &form.items[items[0]]) {
            found.push(format!("item {} ({named}) is not asked together with the others", number + 1));
        }
    }
    Some(found)
}

/// Whether an item is asked with the whole screen, and behind a gate exactly when that is open.
fn asked_rightly(item: &Item, screen: &Screen, number: usize, gate: &Item) -> bool {
    if item.asked_by_expression.is_some() {
        return false;
    }
    if !screen.gated || number == 0 {
        return item.enable.is_empty();
    }
    let open: Vec<&str> = gate.options.iter().skip(1).map(|option| option.code.as_str()).collect();
    let one_of = item.enable.len() == 1 || item.behavior == Some(false);
    one_of
        && item.enable.len() == open.len()
        && item.enable.iter().all(|enable| {
            enable.question == gate.link
                && enable.operator == "="
                && matches!(&enable.answer, Some(super::form::Answer::Coding { code, .. }) if open.contains(&code.as_str()))
        })
}

/// A screen with everything that belongs to it.
fn whole(form: &Form, scores: &[Score], screen: &'static Screen, items: Vec<usize>) -> Found {
    let counted = &items[usize::from(screen.gated)..];
    let totals: Vec<usize> =
        scores.iter().filter(|score| score.reads() == counted).map(|score| score.item).collect();
    let parent = form.items[items[0]].parent;
    let locked = |text: &str| {
        !text.is_empty()
            && screen
                .words
                .iter()
                .any(|words| [&words.stem, &words.after_gate].iter().any(|own| plain(own) == plain(text)))
    };
    let displays: Vec<usize> = siblings(form, parent)
        .filter(|&at| form.items[at].kind == Kind::Display && locked(form.items[at].text(form.language())))
        .collect();
    let group = parent.filter(|&parent| {
        form.items[parent].children.iter().all(|child| {
            items.contains(child) || totals.contains(child) || form.items[*child].kind == Kind::Display
        })
    });
    Found { screen, items, totals, displays, group }
}
