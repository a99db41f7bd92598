//! The register of checks, and the only maker of a [`CheckedSite`].
//!
//! One file a family. A check looks at the site and adds findings; it changes nothing. What a finding means is
//! explained in `explain.rs`, and a test sees to it that every code is.

mod claims;
mod evidence;
mod facts;
mod front_matter;
mod headings;
mod help_lines;
mod links;
mod numbers;
mod pictures;
pub(crate) mod plain_language;
mod structure;
mod translations;

use crate::cache::{Cache, Judged};
use crate::finding::Findings;
use crate::link::{LanguageSite, Page, Site, Verdict};
use crate::parse::front_matter::Reviewed;
use crate::parse::settings::Language;
use crate::parse::toml;
use crate::source::SourceTree;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What every check may look at.
pub(crate) struct Subject<'s> {
    pub(crate) site: &'s Site,
    pub(crate) sources: &'s SourceTree,
    pub(crate) today: Date,
    /// By language.
    explained: Vec<plain_language::Explained>,
    stated: Vec<facts::Stated<'s>>,
}

impl<'s> Subject<'s> {
    pub(crate) fn new(site: &'s Site, sources: &'s SourceTree, today: Date) -> Self {
        let explained = |language: &LanguageSite| plain_language::Explained::new(&language.glossary);
        let stated = |language: &Language| facts::Stated::new(&site.facts, &language.code);
        Subject {
            site,
            sources,
            today,
            explained: site.languages.iter().map(explained).collect(),
            stated: site.settings.languages.iter().map(stated).collect(),
        }
    }

    /// What the glossary of a page's language explains.
    fn explained(&self, language: usize) -> &plain_language::Explained {
        &self.explained[language]
    }

    /// The facts that somebody might write by hand in a language.
    fn stated(&self, language: usize) -> &facts::Stated<'s> {
        &self.stated[language]
    }

    /// The text of a page as its author wrote it, and where it begins in the file.
    pub(crate) fn text<'p>(&'p self, page: &crate::link::Page) -> Option<(&'p str, crate::source::Place)> {
        let file = page.file?;
        let bytes = self.sources.file(file).bytes.get(page.text.clone())?;
        let text = std::str::from_utf8(bytes).ok()?;
        Some((text, crate::source::Place::new(file, page.text.clone())))
    }
}

impl Subject<'_> {
    /// The short name of a page's wording, as `site-gen review` writes it down.
    pub(crate) fn wording(&self, page: &crate::link::Page) -> Option<String> {
        let bytes = &self.sources.file(page.file?).bytes;
        let language = &self.site.settings.languages.get(page.language)?.code;
        Some(crate::review::hash(std::str::from_utf8(bytes).ok()?, &self.site.facts, language))
    }

    /// Whether the page was changed after its review.
    pub(crate) fn is_outdated(&self, page: &crate::link::Page) -> bool {
        let Some(reviewed) = &page.front.reviewed else { return false };
        !reviewed.hash.is_empty() && self.wording(page).is_some_and(|wording| wording != reviewed.hash)
    }
}

/// A site that may be published. Only [`check`] makes one.
#[derive(Debug)]
pub struct CheckedSite {
    site: Arc<Site>,
    /// Addresses of pages that were changed after their review.
    outdated: BTreeSet<String>,
}

impl CheckedSite {
    /// The site.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The review of a page, if it is one of the page's present wording.
    pub fn review<'p>(&self, page: &'p crate::link::Page) -> Option<&'p Reviewed> {
        page.front.reviewed.as_ref().filter(|_| !self.outdated.contains(&page.url))
    }
}

/// What is told only because a file of data could not be read: its own mistake is told, and enough.
const ECHOES: [(&str, &[&str]); 5] = [
    ("content/site.toml", &["file-in-no-place"]),
    ("content/facts.toml", &["unknown-fact", "help-line-missing", "help-lines-of-another-country"]),
    ("content/evidence.toml", &["unknown-source", "unknown-evidence"]),
    ("content/people.toml", &["unknown-person", "signature-unknown-person"]),
    ("tags.toml", &["unknown-tag"]),
];

fn without_echoes(findings: Findings, sources: &SourceTree) -> Findings {
    if !findings.has_errors() {
        return findings;
    }
    let unread: Vec<&str> = sources
        .under("content")
        .filter(|(_, file)| file.path.ends_with(".toml"))
        .filter(|(id, file)| {
            let text = std::str::from_utf8(&file.bytes).ok();
            sources.is_unread(*id) || text.is_none_or(|text| !toml::is_whole(text))
        })
        .map(|(_, file)| file.path.as_str())
        .collect();
    let echoes: Vec<&str> = ECHOES
        .iter()
        .filter(|(name, _)| unread.iter().any(|path| path.ends_with(name)))
        .flat_map(|(_, codes)| codes.iter().copied())
        .collect();
    if echoes.is_empty() { findings } else { findings.without(&echoes) }
}

type PageCheck = fn(&Subject<'_>, &crate::link::Page, &mut Findings);
type SiteCheck = fn(&Subject<'_>, &mut Findings);

/// Checks of one page at a time. They run in parallel.
const PAGES: [PageCheck; 10] = [
    front_matter::check,
    headings::check,
    links::check,
    evidence::check_page,
    help_lines::check_page,
    claims::check,
    facts::check,
    numbers::check,
    structure::check,
    plain_language::check,
];

/// Checks of the site as a whole.
const SITE: [SiteCheck; 4] = [evidence::check, help_lines::check, translations::check, pictures::check];

/// Judges the site. There is a [`CheckedSite`] only when neither this stage nor an earlier one (`so_far`) has
/// found an error. What was found on each page is written into `cache`.
pub fn check(
    site: Arc<Site>,
    sources: &SourceTree,
    today: Date,
    so_far: Findings,
    cache: &mut Cache,
) -> (Option<CheckedSite>, Findings) {
    let mut findings = so_far;
    let subject = Subject::new(&site, sources, today);
    let written: Vec<&Page> = site.pages.iter().filter(|page| page.file.is_some()).collect();
    let judged: Vec<Arc<Judged>> = written.par_iter().map(|page| judge(&subject, page)).collect();
    let mut outdated = BTreeSet::new();
    cache.pages_mut().judged.reserve(judged.len());
    for (page, judged) in written.iter().zip(&judged) {
        findings.repeat(&judged.checked);
        if judged.outdated {
            outdated.insert(page.url.clone());
        }
        let known = &mut cache.pages_mut().judged;
        known.extend(page.file.map(|file| (file, Arc::clone(judged))));
    }
    for check in SITE {
        check(&subject, &mut findings);
    }
    let findings = without_echoes(findings, sources).sorted();
    drop(subject);
    let checked = (!findings.has_errors()).then_some(CheckedSite { site, outdated });
    (checked, findings)
}

/// What there is to say about one page, by itself.
fn judge(subject: &Subject<'_>, page: &Page) -> Arc<Judged> {
    match &page.verdict {
        Verdict::Known(known) => Arc::clone(known),
        Verdict::Open { key, linked } => {
            let mut findings = Findings::new();
            for check in PAGES {
                check(subject, page, &mut findings);
            }
            let outdated = subject.is_outdated(page);
            let (linked, checked) = (linked.clone(), findings.into_vec());
            Arc::new(Judged { key: *key, linked, checked, outdated })
        }
    }
}
