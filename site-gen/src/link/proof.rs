//! The page beside a checker's page that says what was proved about it. Made only for a checker that is proved.

use super::{LanguageSite, Page, Routes};
use crate::checker::Checker;
use crate::finding::{Finding, Findings};
use crate::parse::data::Written;
use crate::parse::front_matter::{FrontMatter, PageKind};
use crate::parse::markdown::Heading;
use crate::parse::{Head, ParsedPage};
use crate::source::{FileId, Place};
use std::sync::Arc;

/// The parts of the page: their ids, and the words of their titles.
const PARTS: [(&str, &str); 7] = [
    ("sets", "proof_sets_title"),
    ("promises", "proof_promises_title"),
    ("aside", "proof_aside_title"),
    ("general", "proof_general_title"),
    ("cases", "proof_cases_title"),
    ("limits", "proof_limits_title"),
    ("repeat", "proof_repeat_title"),
];

/// A page about a proof that the site is to have, or would have if its checker were proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    pub(super) language: usize,
    /// Path of the page about the proof: `/check/proof.md`.
    pub(super) path: String,
    /// Path of the page that holds the checker.
    pub(super) beside: String,
    pub(super) checker: String,
    /// Whether there is something to say.
    pub(super) proved: bool,
}

/// The pages about proofs: one beside each page that holds a checker.
pub(super) fn plan(pages: &[ParsedPage], checkers: &[Checker], findings: &mut Findings) -> Vec<Planned> {
    let mut planned = Vec::new();
    for page in pages.iter().filter(|page| page.head.front.kind.value == PageKind::Checker) {
        let Some(wanted) = &page.head.front.checker else { continue };
        let inner = page.path.strip_suffix("/index.md").or_else(|| page.path.strip_suffix(".md"));
        let path = format!("{}/proof.md", inner.unwrap_or(&page.path));
        let taken = pages.iter().find(|other| other.language == page.language && other.path == path);
        if let Some(taken) = taken {
            findings.push(
                Finding::error(
                    "address-twice",
                    taken.head.front.title.place.clone(),
                    "This page stands where the page about the proof of the checker belongs",
                )
                .help("Give the file another name"),
            );
            continue;
        }
        let checker = checkers.iter().find(|known| known.id == wanted.value);
        planned.push(Planned {
            language: page.language,
            path,
            beside: page.path.clone(),
            checker: wanted.value.clone(),
            proved: checker.is_some_and(|checker| !checker.bytes.is_empty()),
        });
    }
    planned
}

/// One of them.
pub(super) fn page(
    planned: &Planned,
    name: &str,
    checker: &Checker,
    languages: usize,
    language: &LanguageSite,
    routes: &Routes,
) -> Page {
    let word = |key: &str| language.words.get(key).cloned().unwrap_or_default();
    let nowhere = Place::start_of(FileId(0));
    let title = word("proof_title").replace("{name}", name);
    let is_there = |id: &str| id != "aside" || !checker.set_aside().is_empty();
    let headings = PARTS
        .into_iter()
        .filter(|(id, _)| is_there(id))
        .map(|(id, key)| Heading {
            level: 2,
            id: id.to_owned(),
            text: word(key),
            place: nowhere.clone(),
            inside: None,
            at: 0,
        })
        .collect();
    let mut page = Page::made(planned.language, &planned.path, PageKind::Proof, title, languages, routes);
    page.nav_title = word("proof_nav");
    page.summary = word("proof_summary");
    let mut front = FrontMatter::made(PageKind::Proof, page.title.clone());
    front.checker = Some(Written { value: planned.checker.clone(), place: nowhere });
    page.head = Arc::new(Head { headings, ..Head::made(front) });
    page
}
