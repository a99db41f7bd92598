//! Reviews: somebody named has read the whole page, on a day, in a wording that can be told from a later one.

use crate::parse::library::Fact;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::ops::Range;

/// The lines of the front matter that hold the review itself, in bytes of the file: they are no part of what was read.
fn review_lines(source: &str) -> Option<Range<usize>> {
    let mut fences = 0;
    let mut start = None;
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let here = at;
        at += line.len();
        let trimmed = line.trim_end();
        if trimmed == "---" || trimmed == "+++" {
            fences += 1;
            if fences == 2 {
                return start.map(|start| start..here);
            }
            continue;
        }
        let begins = !line.starts_with([' ', '\t']);
        match start {
            None if begins && is_review(trimmed) => start = Some(here),
            Some(start) if begins && !trimmed.is_empty() => return Some(start..here),
            _ => {}
        }
    }
    None
}

fn is_review(line: &str) -> bool {
    line.strip_prefix("reviewed").is_some_and(|rest| rest.trim_start().starts_with([':', '=']))
        || line.starts_with("[reviewed]")
}

/// A short name for the wording of a page: the first 16 hexadecimal digits of a SHA-256 over its file and the facts that it
/// states, without its own review. Line ends and the language of the system do not matter.
pub fn hash(source: &str, facts: &BTreeMap<String, Fact>, language: &str) -> String {
    let mut text = source.to_owned();
    if let Some(lines) = review_lines(source) {
        text.replace_range(lines, "");
    }
    let text = text.replace("\r\n", "\n");
    let mut digest = Sha256::new();
    digest.update(text.trim().as_bytes());
    let mut rest = text.as_str();
    let mut stated = BTreeMap::new();
    while let Some((_, after)) = rest.split_once("[[") {
        let Some((name, behind)) = after.split_once("]]") else { break };
        if let Some(words) = facts.get(name.trim()).and_then(|fact| fact.words.get(language)) {
            stated.insert(name.trim().to_owned(), words);
        }
        rest = behind;
    }
    for (name, words) in stated {
        digest.update(format!("\n[[{name}]]={words}").as_bytes());
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The file with this review in place of the one that it had. `None` if it has no front matter.
pub fn mark(source: &str, by: &str, on: jiff::civil::Date, hash: &str) -> Option<String> {
    let (fence, value) = match source.trim_start_matches('\u{feff}').lines().next()?.trim_end() {
        "---" => ("---", format!("reviewed: {{by: {by}, on: {on}, hash: {hash}}}\n")),
        "+++" => ("+++", format!("reviewed = {{ by = \"{by}\", on = {on}, hash = \"{hash}\" }}\n")),
        _ => return None,
    };
    let mut text = source.to_owned();
    if let Some(lines) = review_lines(source) {
        // A TOML table of its own has to go to the end of the front matter, where this line must not stand.
        text.replace_range(lines, "");
    }
    let first = text.find('\n')? + 1;
    let close = first + line_that_is(&text[first..], fence)?;
    // TOML: before the first table, or the line would belong to it.
    let table = (fence == "+++").then(|| first + table_start(&text[first..close]));
    text.insert_str(table.unwrap_or(close), &value);
    Some(text)
}

fn line_that_is(text: &str, wanted: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == wanted {
            return Some(at);
        }
        at += line.len();
    }
    None
}

fn table_start(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            return at;
        }
        at += line.len();
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn of(source: &str) -> String {
        hash(source, &BTreeMap::new(), "en")
    }

    #[test]
    fn a_review_goes_into_the_front_matter_and_replaces_the_last_one() {
        let page = "---\ntitle: A\nkind: faq\n---\n\nText.\n";
        let once = mark(page, "lee", date(2026, 11, 20), "ab").expect("front matter");
        assert_eq!(
            once,
            "---\ntitle: A\nkind: faq\nreviewed: {by: lee, on: 2026-11-20, hash: ab}\n---\n\nText.\n"
        );
        let twice = mark(&once, "kim", date(2026, 11, 21), "cd").expect("front matter");
        assert_eq!(twice.matches("reviewed").count(), 1);
        assert!(twice.contains("by: kim"));
        let block = "---\ntitle: A\nreviewed:\n  by: old\n  on: 2020-01-01\nkind: faq\n---\nText.\n";
        let marked = mark(block, "kim", date(2026, 11, 21), "cd").expect("front matter");
        assert!(!marked.contains("old") && marked.contains("kind: faq\nreviewed: {by: kim"), "{marked}");
    }

    #[test]
    fn a_review_in_toml_stands_above_the_tables() {
        let page = "+++\ntitle = \"A\"\n[condition]\nname = \"B\"\n+++\nText.\n";
        let marked = mark(page, "lee", date(2026, 11, 20), "ab").expect("front matter");
        assert_eq!(
            marked,
            "+++\ntitle = \"A\"\nreviewed = { by = \"lee\", on = 2026-11-20, hash = \"ab\" }\n[condition]\nname = \"B\"\n+++\nText.\n"
        );
    }

    #[test]
    fn a_file_without_front_matter_cannot_be_marked() {
        assert_eq!(mark("Text.\n", "lee", date(2026, 11, 20), "ab"), None);
        assert_eq!(mark("---\ntitle: A\n", "lee", date(2026, 11, 20), "ab"), None);
    }

    #[test]
    fn the_wording_decides_and_the_review_does_not() {
        let page = "---\ntitle: A\nkind: faq\n---\n\nText.\n";
        let marked = mark(page, "lee", date(2026, 11, 20), &of(page)).expect("front matter");
        assert_eq!(of(page), of(&marked));
        assert_eq!(of(page), of(&page.replace('\n', "\r\n")));
        assert_ne!(of(page), of(&page.replace("Text", "Other text")));
        assert_ne!(of(page), of(&page.replace("title: A", "title: B")));
    }
}
