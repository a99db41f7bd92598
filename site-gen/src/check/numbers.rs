//! A page and its translation name the same numbers: ages, limits, counts, help lines.

use super::Subject;
use crate::finding::{Finding, Findings};
use crate::link::Page;
use crate::parse::library::Fact;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(subject: &Subject<'_>, page: &Page, findings: &mut Findings) {
    let site = subject.site;
    let Some(original) = page.ties.alternates.first().copied().flatten() else { return };
    let original = site.page(original);
    if original.language == page.language {
        return;
    }
    // A translation of an older wording is told by itself, and may well have the older numbers.
    let is_behind = page.front.translates.as_ref().is_some_and(|translates| {
        subject.wording(original).is_some_and(|wording| wording != translates.value)
    });
    let (Some((text, _)), Some((own, _)), false) = (subject.text(original), subject.text(page), is_behind)
    else {
        return;
    };
    let code = |page: &Page| site.settings.languages[page.language].code.as_str();
    let wanted = numbers(text, &site.facts, code(original));
    let there = numbers(own, &site.facts, code(page));
    let lost: Vec<&str> = wanted.difference(&there).map(String::as_str).collect();
    if lost.is_empty() {
        return;
    }
    findings.push(
        Finding::warning(
            "page-numbers-differ",
            page.front.title.place.clone(),
            format!(
                "The page in `{}` says {}, and this translation does not",
                code(original),
                lost.join(", ")
            ),
        )
        .help(
            "Compare the two. A number, an age or a help line is the same in every language, and stands in digits",
        ),
    );
}

/// The numbers of ten and more that a reader of the text sees, facts filled in. Smaller ones are often written in words.
fn numbers(text: &str, facts: &BTreeMap<String, Fact>, language: &str) -> BTreeSet<String> {
    let text = seen(text, facts, language);
    let mut found = BTreeSet::new();
    let mut number = String::new();
    let mut chars = text.chars().peekable();
    let mut line_start = true;
    while let Some(character) = chars.next() {
        if let Some(digit) = digit(character) {
            number.push(digit);
            if chars.peek().is_some_and(|next| digit_or_part(*next)) {
                continue;
            }
        } else if matches!(character, '.' | ',')
            && !number.is_empty()
            && chars.peek().copied().and_then(digit).is_some()
        {
            number.push('.');
            continue;
        }
        if !number.is_empty() {
            let is_item = line_start && (character == '.' || chars.peek() == Some(&')'));
            let plain = without_thousands(&number);
            if !is_item && (plain.contains('.') || plain.len() > 1) {
                found.insert(plain);
            }
            number.clear();
        }
        line_start = character == '\n' || (line_start && character == ' ');
    }
    found
}

/// The digit of any script.
fn digit(character: char) -> Option<char> {
    let value = match character {
        '0'..='9' => return Some(character),
        '\u{660}'..='\u{669}' => u32::from(character) - 0x660,
        '\u{6f0}'..='\u{6f9}' => u32::from(character) - 0x6f0,
        '\u{966}'..='\u{96f}' => u32::from(character) - 0x966,
        _ => return None,
    };
    char::from_digit(value, 10)
}

fn digit_or_part(character: char) -> bool {
    digit(character).is_some() || matches!(character, '.' | ',')
}

/// `1.000` and `1,000` are both `1000`; `3,5` is `3.5`. What has three digits behind its last point counts thousands.
fn without_thousands(number: &str) -> String {
    let parts: Vec<&str> = number.split('.').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => String::new(),
        [first, rest @ ..] if rest.iter().all(|part| part.len() == 3) => {
            [*first].into_iter().chain(rest.iter().copied()).collect()
        }
        parts => parts.join("."),
    }
}

/// The text without what readers do not see as words: remarks, ids, sources, targets of links.
fn seen(text: &str, facts: &BTreeMap<String, Fact>, language: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let hidden = [("<!--", "-->"), ("{#", "}"), ("[@", "]"), ("](", ")"), ("[[", "]]")];
    loop {
        let next = hidden
            .iter()
            .filter_map(|(open, close)| Some((rest.find(open)?, *open, *close)))
            .min_by_key(|(at, ..)| *at);
        let Some((at, open, close)) = next else { break };
        out.push_str(&rest[..at]);
        let inside = &rest[at + open.len()..];
        let Some(end) = inside.find(close) else {
            rest = inside;
            continue;
        };
        if open == "[[" {
            let words = facts.get(inside[..end].trim()).and_then(|fact| fact.words.get(language));
            out.push_str(words.map_or("", String::as_str));
        }
        out.push(' ');
        rest = &inside[end + close.len()..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = numbers(text, &BTreeMap::new(), "en").into_iter().collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        check("76 in 100 people, aged 18-64.", &["100", "18", "64", "76"]);
        check("1,000 people, 3.5 hours.", &["1000", "3.5"]);
        check("1.000 personas, 3,5 horas.", &["1000", "3.5"]);
        check("Call 1-800-222-1222.", &["1222", "222", "800"]);
        check("٧٦ من ١٠٠", &["100", "76"]);
    }

    #[test]
    fn what_is_no_number_for_readers_is_left_out() {
        check("One of 5. [see](/a/2024.md) [@EV-2024] {#part-12} <!-- 77 -->", &[]);
        check("10. tenth step\n11) another", &[]);
    }
}
