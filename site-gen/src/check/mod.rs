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
mod pictures;
pub(crate) mod plain_language;
mod translations;

use crate::finding::Findings;
use crate::link::Site;
use crate::parse::front_matter::Reviewed;
use crate::source::SourceTree;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// What every check may look at.
pub(crate) struct Subject<'s> {
    pub(crate) site: &'s Site,
    pub(crate) sources: &'s SourceTree,
    pub(crate) today: Date,
}

impl Subject<'_> {
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
    site: Site,
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

type PageCheck = fn(&Subject<'_>, &crate::link::Page, &mut Findings);
type SiteCheck = fn(&Subject<'_>, &mut Findings);

/// Checks of one page at a time. They run in parallel.
const PAGES: [PageCheck; 8] = [
    front_matter::check,
    headings::check,
    links::check,
    evidence::check_page,
    help_lines::check_page,
    claims::check,
    facts::check,
    plain_language::check,
];

/// Checks of the site as a whole.
const SITE: [SiteCheck; 4] = [evidence::check, help_lines::check, translations::check, pictures::check];

/// Judges the site. There is a [`CheckedSite`] only when neither this stage nor an earlier one (`so_far`) has
/// found an error.
pub fn check(
    site: Site,
    sources: &SourceTree,
    today: Date,
    so_far: Findings,
) -> (Option<CheckedSite>, Findings) {
    let mut findings = so_far;
    let subject = Subject { site: &site, sources, today };
    let of_pages: Vec<Findings> = site
        .pages
        .par_iter()
        .filter(|page| page.file.is_some())
        .map(|page| {
            let mut findings = Findings::new();
            for check in PAGES {
                check(&subject, page, &mut findings);
            }
            findings
        })
        .collect();
    for more in of_pages {
        findings.extend(more);
    }
    for check in SITE {
        check(&subject, &mut findings);
    }
    let findings = findings.sorted();
    let outdated =
        site.pages.iter().filter(|page| subject.is_outdated(page)).map(|page| page.url.clone()).collect();
    let checked = (!findings.has_errors()).then_some(CheckedSite { site, outdated });
    (checked, findings)
}
