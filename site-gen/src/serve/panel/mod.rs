//! What the preview tells staff about a page: what there is to mend, how hard it is to read, who reviewed it, how its
//! translations stand. The findings are those of `site-gen check`; nothing here judges anything.
//!
//! An attempt to build leaves an [`About`], which holds what it was made from. Everything is worked out when somebody asks
//! for it, so that no save has to wait for it. The preview's script shows the part called [`PART`] of a page's panel on the
//! page itself; without a script, and for a page that holds a questionnaire, the panel is a page of its own.
//!
//! Its words are English, like the messages that it shows.

mod all;
mod broken;
mod page;
mod told;

pub(super) use all::all;
pub(super) use broken::{instead, waiting};
pub(super) use page::page;

use super::walk::Walk;
use crate::check::Subject;
use crate::finding::{Finding, Findings, Severity};
use crate::html::escape;
use crate::link::{Page, Site, page_address};
use crate::parse::front_matter::PageKind;
use crate::report::count;
use crate::source::{FileId, SourceTree};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

/// Where the panel of a page is served: the address of the page follows.
pub(super) const PAGE_ROOT: &str = "/~page/";
/// Where the list of all pages is served.
pub(super) const ALL: &str = "/~pages/";
/// The style sheet of these pages.
pub(super) const STYLE_URL: &str = "/__live/panel.css";
/// The same.
pub(super) const STYLE: &str = include_str!("panel.css");
/// What to add to the address of a page to see its last good version although the newest one is broken.
pub(super) const LAST_GOOD: &str = "last-good";
/// The id of what the preview's script takes over into a page.
const PART: &str = "panel";

/// What one attempt to build was made from, and what was found.
#[derive(Debug)]
pub struct About {
    site: Arc<Site>,
    sources: Arc<SourceTree>,
    today: Date,
    findings: Findings,
    sorted: OnceLock<Sorted>,
}

/// Findings by the pages that they belong to, as numbers.
#[derive(Debug, Default)]
struct Sorted {
    /// By the address of the page below the base path.
    pages: BTreeMap<String, Vec<usize>>,
    /// Those that belong to no page.
    rest: Vec<usize>,
}

impl About {
    /// About an attempt: what the files came to, judged or not, and every finding, worst first.
    pub fn new(site: Arc<Site>, sources: Arc<SourceTree>, today: Date, findings: Findings) -> Self {
        About { site, sources, today, findings, sorted: OnceLock::new() }
    }

    fn subject(&self) -> Subject<'_> {
        Subject::new(&self.site, &self.sources, self.today)
    }

    fn page(&self, url: &str) -> Option<&Page> {
        self.site.pages.iter().find(|page| page.url == url)
    }

    fn path(&self, file: FileId) -> &str {
        &self.sources.file(file).path
    }

    /// The path of a page's file; nothing for a page that the program makes.
    fn path_of(&self, page: &Page) -> &str {
        page.file.map_or("", |file| self.path(file))
    }

    /// The file of the page at an address, whether or not the page could be read or is shown.
    fn file_at(&self, url: &str) -> Option<FileId> {
        if let Some(page) = self.page(url) {
            return page.file;
        }
        let under = |(file, source): (FileId, &crate::source::SourceFile)| {
            (self.address_of_file(&source.path)? == url).then_some(file)
        };
        self.sources.under("content").find_map(under)
    }

    /// The address that a page's file has, or would have.
    fn address_of_file(&self, path: &str) -> Option<String> {
        let (code, inner) = path.strip_prefix("content/")?.split_once("/pages/")?;
        let language = self.site.settings.languages.iter().position(|language| language.code == code)?;
        inner.ends_with(".md").then(|| page_address(&self.site.settings, language, &format!("/{inner}")))
    }

    /// The addresses of the pages that hold a questionnaire: all, or those of one language.
    fn holders(&self, id: &str, code: Option<&str>) -> Vec<String> {
        let language = |page: &Page| self.site.settings.languages[page.language].code.as_str();
        let pages = self.site.pages.iter().filter(|page| page.kind == PageKind::Checker);
        pages
            .filter(|page| page.front.checker.as_ref().is_some_and(|named| named.value == id))
            .filter(|page| code.is_none_or(|code| code == language(page)))
            .map(|page| page.url.clone())
            .collect()
    }

    /// The addresses of the pages that a file belongs to: a page's own file, or one of its questionnaire's.
    fn owners(&self, path: &str) -> Vec<String> {
        if let Some(url) = self.address_of_file(path) {
            return vec![url];
        }
        let parts: Vec<&str> = path.split('/').collect();
        match parts[..] {
            ["content", "checkers", id, _, ..] => self.holders(id, None),
            ["content", code, "checkers", id, _, ..] => self.holders(id, Some(code)),
            _ => Vec::new(),
        }
    }

    fn sorted(&self) -> &Sorted {
        self.sorted.get_or_init(|| {
            let mut sorted = Sorted::default();
            for (number, finding) in self.findings.iter().enumerate() {
                let owners = finding.place.as_ref().map(|place| self.owners(self.path(place.file)));
                let owners = owners.unwrap_or_default();
                if owners.is_empty() {
                    sorted.rest.push(number);
                }
                for url in owners {
                    sorted.pages.entry(url).or_default().push(number);
                }
            }
            sorted
        })
    }

    /// Those of a list of numbers.
    fn these(&self, numbers: &[usize]) -> Vec<&Finding> {
        let all: Vec<&Finding> = self.findings.iter().collect();
        numbers.iter().filter_map(|number| all.get(*number).copied()).collect()
    }

    /// The findings of the page at an address, worst first.
    fn of_page(&self, url: &str) -> Vec<&Finding> {
        self.sorted().pages.get(url).map(|numbers| self.these(numbers)).unwrap_or_default()
    }

    /// The findings that belong to no page, worst first.
    fn of_no_page(&self) -> Vec<&Finding> {
        self.these(&self.sorted().rest)
    }
}

/// What a panel is made from: the newest attempt and the site that is served, as they were when somebody asked.
pub(super) struct Seen<'a> {
    /// The newest attempt that could be read; `None` before there was one.
    pub(super) about: Option<Arc<About>>,
    /// What stopped the newest attempt, one line each. Empty when it is the one that is served.
    pub(super) problems: Arc<[String]>,
    /// What was proved.
    pub(super) walk: Arc<Walk>,
    /// The path part of the site's address, with slashes at both ends.
    pub(super) base_path: &'a str,
}

impl Seen<'_> {
    fn is_broken(&self) -> bool {
        !self.problems.is_empty()
    }

    /// The address of a page in the preview.
    fn href(&self, url: &str) -> String {
        format!("{}{}", self.base_path, url.trim_start_matches('/'))
    }

    /// The address of the panel of a page.
    fn panel(&self, url: &str) -> String {
        format!("{}{}", PAGE_ROOT.trim_end_matches('/'), self.href(url))
    }

    /// The address of a page below the base path, from one in the preview.
    fn below<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(self.base_path.trim_end_matches('/')).filter(|rest| rest.starts_with('/'))
    }
}

fn errors(findings: &[&Finding]) -> usize {
    findings.iter().filter(|finding| finding.severity == Severity::Error).count()
}

/// `2 errors, 1 warning`.
fn summary(findings: &[&Finding]) -> String {
    let mut list = Findings::new();
    findings.iter().for_each(|finding| list.push((*finding).clone()));
    crate::report::summary(&list)
}

/// Text in another language than the panel's own.
fn foreign(tag: &str, language: &str, dir: &str, text: &str) -> String {
    format!("<{tag} lang=\"{}\" dir=\"{dir}\">{}</{tag}>", escape(language), escape(text))
}

/// A whole page; `follows` tells the preview's script how, as in [`super::walk`]. `main` is finished HTML.
fn whole(title: &str, follows: &str, site: &str, main: &str) -> String {
    let mut out = String::with_capacity(main.len() + 1024);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{}</title>\n<link rel=\"stylesheet\" href=\"{STYLE_URL}\">\n\
         <link rel=\"icon\" type=\"image/svg+xml\" href=\"{walk}icon.svg\">\n</head>\n\
         <body class=\"panel-page\" data-follows=\"{follows}\">\n<a class=\"skip\" href=\"#main\">Skip to the page</a>\n\
         <nav aria-label=\"Preview\"><a href=\"{ALL}\">All pages</a> <a href=\"{walk}\">All promises</a> \
         <a href=\"{}\">The site</a> <span>Only on this machine. Never published.</span></nav>\n\
         <main id=\"main\" tabindex=\"-1\">\n{main}</main>\n<script src=\"{}\" defer></script>\n</body>\n</html>\n",
        escape(title),
        escape(site),
        super::LIVE_SCRIPT_URL,
        walk = super::walk::ROOT
    );
    out
}
