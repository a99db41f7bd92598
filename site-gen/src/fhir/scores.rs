//! What a form adds up: which weighted answers a score's FHIRPath reads.
//!
//! FHIRPath is a whole language; here only the shapes are understood in which forms add up answers. What is not
//! understood is told as such and never guessed at.

use super::form::{Form, Item};
use checker_rules::Decimal;
use std::collections::BTreeMap;

/// An item whose value is a sum of weights.
#[derive(Debug)]
pub(crate) struct Score {
    /// The item that shows it.
    pub(crate) item: usize,
    /// The weighted items of each thing that is added, in order.
    pub(crate) terms: Vec<Vec<usize>>,
    /// LinkIds that it names and that are not there.
    pub(crate) strangers: Vec<String>,
    /// It gives nothing while an answer is missing.
    pub(crate) guarded: bool,
}

impl Score {
    /// The weighted items that it reads, in form order.
    pub(crate) fn reads(&self) -> Vec<usize> {
        let mut all = self.terms.concat();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl Item {
    /// Whether any of its options adds something to a score.
    pub(crate) fn is_weighted(&self) -> bool {
        self.kind.is_choice() && self.options.iter().any(|option| option.weight.is_some())
    }

    /// The most that its answer can add.
    pub(crate) fn highest_weight(&self) -> Decimal {
        let weights = self.options.iter().filter_map(|option| option.weight);
        if self.repeats {
            // Ticks add up; what takes away is left unticked.
            let zero = Decimal::whole(0);
            return weights.filter(|weight| *weight > zero).fold(zero, plus);
        }
        weights.max().unwrap_or_default()
    }
}

/// The sum of two exact numbers.
pub(crate) fn plus(one: Decimal, other: Decimal) -> Decimal {
    let scale = one.scale.max(other.scale);
    let scaled = |value: Decimal| value.scaled(scale).unwrap_or(0);
    Decimal { digits: scaled(one).saturating_add(scaled(other)), scale }
}

/// Every score of a form that is understood, and the items whose calculation is not.
pub(crate) fn read(form: &Form) -> (Vec<Score>, Vec<usize>) {
    let mut scores = Vec::new();
    let mut unread = Vec::new();
    for (at, item) in form.items.iter().enumerate() {
        let Some((expression, _)) = &item.calculated else { continue };
        match score(form, at, expression) {
            Some(score) => scores.push(score),
            None => unread.push(at),
        }
    }
    (scores, unread)
}

fn score(form: &Form, item: usize, expression: &str) -> Option<Score> {
    let mut guarded = false;
    let mut score = Score { item, terms: Vec::new(), strangers: Vec::new(), guarded: false };
    for term in terms(expression, &form.variables, &mut guarded, 0)? {
        let found = read_by(form, item, &term, &mut score.strangers)?;
        score.terms.push(found);
    }
    score.guarded = guarded;
    let reads_weights = !score.reads().is_empty() || !score.strangers.is_empty();
    reads_weights.then_some(score)
}

/// What a sum adds up. `None`: this is no sum of answers.
fn terms(
    expression: &str,
    variables: &BTreeMap<String, String>,
    guarded: &mut bool,
    depth: usize,
) -> Option<Vec<String>> {
    let text = bare(expression);
    if depth > 16 || text.len() > 100_000 {
        return None;
    }
    let added = split(text, '+');
    if added.len() > 1 {
        let mut all = Vec::new();
        for part in added {
            all.extend(terms(part, variables, &mut false, depth + 1)?);
        }
        return Some(all);
    }
    if let Some(inner) = text.strip_prefix("iif(").and_then(|rest| rest.strip_suffix(')')) {
        let parts = split(inner, ',');
        let (condition, branches) = parts.split_first()?;
        let constant = |branch: &&str| {
            let branch = bare(branch);
            branch == "{}" || branch.is_empty() || branch.chars().all(|c| c.is_ascii_digit() || c == '.')
        };
        *guarded |= branches.get(1).is_some_and(|other| bare(other) == "{}")
            && (condition.contains("count()") || condition.contains(" and "));
        // Of two branches the longer one is the sum; the other one says what counts when there is nothing to add.
        let branch = branches.iter().filter(|branch| !constant(branch)).max_by_key(|branch| branch.len())?;
        return terms(branch, variables, guarded, depth + 1);
    }
    if let Some(name) = text.strip_prefix('%') {
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
        if let Some(meant) = variables.get(&name[..end]) {
            return terms(meant, variables, &mut false, depth + 1);
        }
    }
    Some(vec![text.to_owned()])
}

/// Without spaces and brackets around the whole.
fn bare(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let mut depth = 0i32;
        let closes_early = inner.chars().any(|c| {
            depth += match c {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth < 0
        });
        if closes_early {
            break;
        }
        text = inner.trim();
    }
    text
}

/// The parts between a sign that stands outside of brackets and quote marks.
fn split(text: &str, sign: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut quoted, mut start, mut escaped) = (0i32, false, 0, false);
    for (at, c) in text.char_indices() {
        if quoted {
            quoted = escaped || c != '\'';
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '\'' => quoted = true,
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth -= 1,
            _ if c == sign && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// The weighted items that one term reads.
fn read_by(form: &Form, item: usize, term: &str, strangers: &mut Vec<String>) -> Option<Vec<usize>> {
    let weighs = ["weight()", "ordinal()", "ordinalValue", "itemWeight", "%scoreExt"];
    if !weighs.iter().any(|word| term.contains(word)) {
        return None;
    }
    let weighted = || (0..form.items.len()).filter(|&at| form.items[at].is_weighted());
    let named = names(term);
    if term.contains("linkId!=") || term.contains("linkId !=") {
        let left_out: Vec<usize> = named.iter().filter_map(|(name, _)| form.find(name)).collect();
        return Some(weighted().filter(|at| !left_out.contains(at)).collect());
    }
    let mut found = Vec::new();
    let mut any_named = false;
    for (name, is_link) in &named {
        match form.find(name) {
            Some(at) if at == item => {}
            Some(at) => {
                any_named = true;
                found
                    .extend(weighted().filter(|&one| one == at || form.around(one).any(|above| above == at)));
            }
            None if *is_link => {
                any_named = true;
                if !strangers.contains(name) {
                    strangers.push(name.clone());
                }
            }
            None => {}
        }
    }
    if !any_named {
        found.extend(weighted());
    }
    found.sort_unstable();
    found.dedup();
    Some(found)
}

/// Every text in quote marks, and whether a linkId is compared with it.
fn names(term: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let mut rest = term;
    let mut before = String::new();
    while let Some(open) = rest.find('\'') {
        before.push_str(&rest[..open]);
        let inside = &rest[open + 1..];
        let Some(close) = inside.find('\'') else { break };
        let compact: String = before.chars().filter(|c| !c.is_whitespace()).collect();
        let in_list = compact.rfind("linkIdin(").is_some_and(|at| !compact[at + 9..].contains(')'));
        found.push((inside[..close].to_owned(), in_list || compact.ends_with("linkId=")));
        before.push('_');
        rest = &inside[close + 1..];
    }
    found
}
