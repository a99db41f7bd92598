//! Compiles a folder of content into a static site, in six stages.
//!
//! ```text
//!         discover      parse          link            check             render           emit
//!   disk ─────────▶ SourceTree ──▶ Parsed ──────▶ Site ─────────▶ CheckedSite ────▶ OutputTree ─────▶ disk
//!
//!   checkers             Draft ─resolve▶ Questionnaire ─verify▶ Verified ─encode▶ bytes in the page
//!   ═══════════ findings: every stage adds, sorted by file and place, printed once ═══════════
//! ```
//!
//! A stage is a verb and a function; what it yields is a noun and a type; the next stage takes that
//! noun. Only [`discover`] reads and only [`emit`] writes. Everything between is a function of values,
//! today's date among them.

pub mod check;
pub mod checker;
pub mod cli;
pub mod compress;
pub mod discover;
pub mod emit;
pub mod explain;
pub mod fhir;
pub mod finding;
mod headers;
pub mod html;
pub mod link;
pub mod list;
pub mod new;
pub mod parse;
pub mod picture;
pub mod plain;
pub mod render;
pub mod report;
pub mod review;
pub mod search;
pub mod serve;
pub mod source;
pub mod theme;

use emit::OutputTree;
use finding::{Finding, Findings};
use jiff::civil::Date;
use source::SourceTree;

/// What the person who runs the program decides about a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Whether drafts are part of the site, and pages whose day is to come or over.
    pub drafts: bool,
    /// The address the site will have, in place of the one in `site.toml`.
    pub base_url: Option<String>,
    /// The day it is.
    pub today: Date,
    /// Whether this is the preview: its pages follow rebuilds, and nothing is compressed.
    pub preview: bool,
}

/// What a build came to.
#[derive(Debug)]
pub struct Build {
    /// Every file of the site. Absent when an error stands.
    pub output: Option<OutputTree>,
    /// Everything there is to say, worst first.
    pub findings: Findings,
    /// How many pages the site has.
    pub pages: usize,
    /// Pages that are left out because readers do not see them.
    pub held_back: Vec<link::HeldBack>,
    /// What can be searched. For the preview, which makes its index when somebody asks for it; the output of a build
    /// for readers has the index already.
    pub search: Option<search::Plan>,
    /// For the preview: pages about what was proved. A site for readers has none.
    pub walk: Option<serve::walk::Walk>,
}

/// Everything between reading and writing: a function of its arguments.
pub fn build(sources: &SourceTree, choices: &Choices) -> Build {
    let (site, mut findings) = join(sources, choices);
    let asked = &site.settings.theme;
    let theme = theme::Theme::load(sources, &asked.value, site.settings.search, asked.place.clone());
    let (pages, held_back) = (site.pages.len(), site.held_back.clone());
    let compress = site.settings.compress && !choices.preview;
    let theme = match theme {
        Ok(theme) => Some(theme),
        Err(more) => {
            findings.extend(more);
            None
        }
    };
    // Before anything is judged: a promise that is broken is what stops the site.
    let walk = choices.preview.then(|| serve::walk::walk(&site, theme.as_ref()));
    let (checked, findings) = check::check(site, sources, choices.today, findings);
    let (Some(checked), Some(theme)) = (checked, theme) else {
        return Build { output: None, findings, pages, held_back, search: None, walk };
    };
    let search = search::Plan::of(checked.site());
    let way = render::Way { today: choices.today, preview: choices.preview, search: search.as_ref() };
    match render::render(&checked, sources, theme, way) {
        Ok(mut output) => {
            if compress {
                compress::compress(&mut output);
            }
            Build { output: Some(output), findings, pages, held_back, search, walk }
        }
        Err(more) => {
            let mut findings = findings;
            findings.extend(more);
            Build { output: None, findings: findings.sorted(), pages, held_back, search: None, walk }
        }
    }
}

/// The first half of a build: what is read becomes one site. Not yet judged, so not fit to be published.
pub fn join(sources: &SourceTree, choices: &Choices) -> (link::Site, Findings) {
    let ((mut parsed, mut findings), loaded) =
        rayon::join(|| parse::parse(sources), || checker::load(sources));
    findings.extend(loaded.findings);
    if let Some(address) = &choices.base_url {
        match parse::settings::split_address(address) {
            Ok((origin, path)) => {
                parsed.settings.origin = origin;
                parsed.settings.base_path = path;
            }
            Err(message) => findings.push(Finding {
                code: "not-an-address",
                severity: finding::Severity::Error,
                place: None,
                message,
                help: Some("Write it with https:// in front: `--base-url https://example.org`".to_owned()),
            }),
        }
    }
    let (site, more) = link::link(parsed, loaded.checkers, choices.drafts, choices.today);
    findings.extend(more);
    (site, findings)
}
