//! Explained words: found at their first use on each page, and listed on a page of their own.

use super::{LanguageSite, Page, Routes, routes::GLOSSARY_PATH};
use crate::html::{escape, escape_into, slug};
use crate::parse::front_matter::PageKind;
use crate::parse::library::Term;
use crate::parse::settings::Settings;
use hashbrown::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

/// One language's explained words, ready to be searched for.
#[derive(Debug)]
pub(super) struct Glossary {
    /// Spellings by their first word in small letters, the longest first.
    by_first: HashMap<String, Vec<Spelling>>,
    terms: usize,
    longest_first: usize,
}

#[derive(Debug)]
struct Spelling {
    /// All its words as they are written.
    words: Vec<String>,
    /// `AVM` is not `avm`.
    exact: bool,
    term: usize,
}

/// A term's first use on a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) range: Range<usize>,
    pub(super) term: usize,
}

impl Glossary {
    pub(super) fn new(terms: &[Term]) -> Self {
        let mut by_first: HashMap<String, Vec<Spelling>> = HashMap::new();
        let mut longest_first = 0;
        for (number, term) in terms.iter().enumerate() {
            for text in std::iter::once(&term.term).chain(&term.also) {
                let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
                let Some(first) = words.first() else { continue };
                let exact = text.chars().skip(1).any(char::is_uppercase);
                let first = first.to_lowercase();
                longest_first = longest_first.max(first.len());
                by_first.entry(first).or_default().push(Spelling { words, exact, term: number });
            }
        }
        for spellings in by_first.values_mut() {
            spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.words.len()));
        }
        Glossary { by_first, terms: terms.len(), longest_first }
    }

    /// The first use of each term in the plain stretches of a page.
    pub(super) fn uses(&self, html: &str, prose: &[Range<u32>]) -> Vec<Use> {
        let mut uses = Vec::new();
        if self.terms == 0 {
            return uses;
        }
        let mut seen = vec![false; self.terms];
        let mut lower = String::new();
        for run in prose {
            let text = &html[run.start as usize..run.end as usize];
            let mut at = 0;
            while let Some(word) = next_word(text, at) {
                at = word.end;
                if word.len() > self.longest_first {
                    continue;
                }
                lower.clear();
                lower.extend(text[word.clone()].chars().flat_map(char::to_lowercase));
                let Some(spellings) = self.by_first.get(lower.as_str()) else { continue };
                let fit = spellings.iter().find_map(|spelling| {
                    let end = spelling.fits(text, &word)?;
                    Some((spelling.term, end))
                });
                if let Some((term, end)) = fit {
                    if !seen[term] {
                        seen[term] = true;
                        let start = run.start as usize + word.start;
                        uses.push(Use { range: start..run.start as usize + end, term });
                    }
                    at = end;
                }
            }
        }
        uses
    }
}

impl Spelling {
    /// Where the spelling ends if it begins with this word.
    fn fits(&self, text: &str, first: &Range<usize>) -> Option<usize> {
        let same = |written: &str, wanted: &str| {
            if self.exact { written == wanted } else { written.to_lowercase() == wanted.to_lowercase() }
        };
        let mut word = first.clone();
        for (number, wanted) in self.words.iter().enumerate() {
            if number > 0 {
                let next = next_word(text, word.end)?;
                if !text[word.end..next.start].chars().all(|c| c == ' ' || c == '\n') {
                    return None;
                }
                word = next;
            }
            if !same(&text[word.clone()], wanted) {
                return None;
            }
        }
        Some(word.end)
    }
}

/// The next run of letters, digits, and hyphens or apostrophes between them. Entities are skipped.
fn next_word(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let letter = |at: usize| bytes[at].is_ascii_alphanumeric() || bytes[at] >= 0x80 && !is_mark(text, at);
    let mut start = from;
    loop {
        while start < bytes.len() && !letter(start) {
            if bytes[start] == b'&' {
                start += text[start..].find(';').unwrap_or(0);
            }
            start += 1;
        }
        if start >= bytes.len() {
            return None;
        }
        let mut end = start;
        while end < bytes.len()
            && (letter(end) || (bytes[end] == b'-' && end + 1 < bytes.len() && letter(end + 1)))
        {
            end += 1;
        }
        if text.is_char_boundary(start) && text.is_char_boundary(end) && end > start {
            return Some(start..end);
        }
        start = end.max(start + 1);
    }
}

/// Whether a byte of a longer character belongs to a quotation mark, a dash or the like.
fn is_mark(text: &str, at: usize) -> bool {
    let mut start = at;
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    text[start..].chars().next().is_some_and(|character| !character.is_alphanumeric())
}

/// The id of a term on the glossary page.
pub fn anchor(term: &Term) -> String {
    format!("term-{}", slug(&term.term))
}

/// The page that lists the explained words.
pub(super) fn page(number: usize, settings: &Settings, language: &LanguageSite, routes: &Routes) -> Page {
    let word = |key: &str| language.words.get(key).cloned().unwrap_or_default();
    let mut html = String::from("<dl class=\"glossary\">\n");
    for term in &language.glossary {
        let _ = write!(html, "<div id=\"{}\"><dt><dfn>{}</dfn></dt><dd>", anchor(term), escape(&term.term));
        escape_into(&mut html, &term.meaning);
        if !term.say.is_empty() {
            let say = word("glossary_say").replace("{say}", &term.say);
            let _ = write!(html, " <span class=\"say\">{}</span>", escape(&say));
        }
        html.push_str("</dd></div>\n");
    }
    html.push_str("</dl>\n");
    let title = word("glossary_title");
    let summary = word("glossary_summary");
    let made = Page::made(number, GLOSSARY_PATH, PageKind::Glossary, title, settings.languages.len(), routes);
    made.with(summary, html)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Place};

    fn check(terms: &[&str], text: &str, expected: &[&str]) {
        let terms: Vec<Term> = terms
            .iter()
            .map(|term| Term {
                term: (*term).to_owned(),
                meaning: String::new(),
                say: String::new(),
                also: Vec::new(),
                search: Vec::new(),
                place: Place::start_of(FileId(0)),
            })
            .collect();
        let whole = 0..text.len() as u32;
        let uses = Glossary::new(&terms).uses(text, std::slice::from_ref(&whole));
        let got: Vec<&str> = uses.iter().map(|found| &text[found.range.clone()]).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn the_first_use_of_a_whole_word_is_found() {
        check(&["ketamine"], "Ketamine and ketamine", &["Ketamine"]);
        check(&["side effect", "effect"], "A side effect, an effect", &["side effect", "effect"]);
        check(&["off-label"], "use (off-label) is", &["off-label"]);
        check(&["infusión"], "la infusión.", &["infusión"]);
        check(&["vein"], "“vein”", &["vein"]);
    }

    #[test]
    fn parts_of_words_and_other_cases_are_not() {
        check(&["ketamine"], "esketamine ketamines", &[]);
        check(&["AVM"], "avm", &[]);
        check(&["AVM"], "AVM", &["AVM"]);
        check(&["quot"], "&quot;x&quot;", &[]);
        check(&["side effect"], "side, effect", &[]);
    }
}
