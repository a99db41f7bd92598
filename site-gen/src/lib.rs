//! Compiles a folder of content into a static site, in six stages.
//!
//! ```text
//!         discover      parse          link            check             render          emit
//!   disk ─────────▶ SourceTree ──▶ Parsed ──────▶ Site ─────────▶ CheckedSite ────▶ file by file ──▶ disk
//!
//!   checkers             Draft ─resolve▶ Questionnaire ─verify▶ Verified ─encode▶ bytes in the page
//!   ═══════════ findings: every stage adds, sorted by file and place, printed once ═══════════
//! ```
//!
//! A stage is a verb and a function; what it yields is a noun and a type; the next stage takes that
//! noun. Only [`discover`] reads and only [`emit`] writes. Everything between is a function of values,
//! today's date among them.

pub mod cache;
pub mod check;
pub mod checker;
pub mod cli;
pub mod compress;
pub mod direction;
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
pub mod progress;
pub mod render;
pub mod report;
pub mod review;
pub mod search;
pub mod serve;
pub mod sheets;
pub mod source;
mod standing;
pub mod theme;

use cache::{Cache, Made, Whole};
use finding::{Finding, Findings};
use jiff::civil::Date;
use progress::{Progress, Stage};
use rayon::prelude::*;
use render::{Drawing, Rendered, Take};
use source::SourceTree;
use std::sync::Arc;

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
    /// What the site became. Absent when an error stands: nothing that was handed on may be published then.
    pub rendered: Option<Rendered>,
    /// Everything there is to say, worst first.
    pub findings: Findings,
    /// How many pages the site has.
    pub pages: usize,
    /// Pages that are left out because readers do not see them.
    pub held_back: Vec<link::HeldBack>,
    /// What the next build can take over. Absent where that is what this one was given.
    pub cache: Option<Cache>,
}

/// A site that was read, joined and judged, and is ready to be drawn.
pub struct Prepared {
    /// It, ready to be drawn. Absent when an error stands.
    pub drawing: Option<Drawing>,
    /// Everything there is to say so far, worst first.
    pub findings: Findings,
    /// How many pages the site has.
    pub pages: usize,
    /// Pages that are left out because readers do not see them.
    pub held_back: Vec<link::HeldBack>,
    /// For the preview: pages about what was proved. A site for readers has none.
    pub walk: Option<serve::walk::Walk>,
    /// What the files came to, judged or not.
    pub site: Arc<link::Site>,
    /// What the next build can take over, as far as this one has come.
    pub cache: Cache,
}

/// Everything between reading and drawing: a function of its arguments. What `cache` knows is not worked out again.
/// `progress` is told how far it is.
pub fn prepare(sources: &SourceTree, choices: &Choices, cache: &Cache, progress: &Progress) -> Prepared {
    sources.digest_all();
    let mut next = Cache::of_files(Arc::clone(&cache.made));
    let (site, mut findings) = join_with(sources, choices, cache, &mut next, progress);
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
    let site = Arc::new(site);
    progress.enter(Stage::Check, 0);
    progress.count("pages", pages);
    let (checked, findings) = check::check(Arc::clone(&site), sources, choices.today, findings, &mut next);
    let drawing = checked.zip(theme).map(|(checked, theme)| {
        let search = search::Plan::of(checked.site());
        let way = render::Way { today: choices.today, preview: choices.preview, search, compress };
        Drawing::new(checked, sources, theme, way)
    });
    Prepared { drawing, findings, pages, held_back, walk, site, cache: next }
}

/// Everything between reading and writing: a function of its arguments, but that each file is handed to `out` as soon as
/// it is finished. What `cache` knows is not worked out again; with an empty one the result is the same, and later.
/// `progress` is told how far it is.
pub fn build(
    sources: &SourceTree,
    choices: &Choices,
    out: &dyn Take,
    cache: &Cache,
    progress: &Progress,
) -> Build {
    sources.digest_all();
    let key = Whole::key(sources, choices);
    if let Some(build) = unchanged(key, choices, out, cache, progress) {
        return build;
    }
    let Prepared { drawing, mut findings, pages, held_back, cache: mut next, .. } =
        prepare(sources, choices, cache, progress);
    let rendered = drawing.map(|drawing| {
        let rendered = drawing.render(out, cache, progress);
        // A large site takes a while to be let go of, and nobody has to wait for that.
        rayon::spawn(move || drop(drawing));
        rendered
    });
    let rendered = match rendered {
        Some(Ok(rendered)) => {
            next.made = Arc::clone(&rendered.made);
            let told = findings.clone().into_vec();
            next.whole = Some(Whole { key, pages, held_back: held_back.clone(), findings: told });
            Some(rendered)
        }
        Some(Err(more)) => {
            findings.extend(more);
            findings = findings.sorted();
            None
        }
        None => None,
    };
    Build { rendered, findings, pages, held_back, cache: Some(next) }
}

/// The build of before, if everything that it was made from is as it was and every file that it made is still there.
fn unchanged(
    key: u128,
    choices: &Choices,
    out: &dyn Take,
    cache: &Cache,
    progress: &Progress,
) -> Option<Build> {
    // The preview needs the site itself.
    let whole = cache.whole.as_ref().filter(|whole| whole.key == key && !choices.preview)?;
    let there = |(name, made): (&String, &Arc<Made>)| {
        let mut copies = made.copies.iter();
        out.keep(name, made.digest)
            && copies.all(|(ending, digest)| out.keep(&format!("{name}.{ending}"), *digest))
    };
    progress.enter(Stage::Compare, 0);
    if !cache.made.par_iter().all(there) {
        return None;
    }
    let rendered = Rendered { made: Arc::clone(&cache.made), kept: None };
    progress.count("files from an earlier build", rendered.files());
    Some(Build {
        rendered: Some(rendered),
        findings: whole.findings.clone().into(),
        pages: whole.pages,
        held_back: whole.held_back.clone(),
        cache: None,
    })
}

/// The first half of a build: what is read becomes one site. Not yet judged, so not fit to be published.
pub fn join(sources: &SourceTree, choices: &Choices) -> (link::Site, Findings) {
    join_with(sources, choices, &Cache::default(), &mut Cache::default(), &Progress::default())
}

/// The same without what `cache` knows; what was read is written into `next`.
fn join_with(
    sources: &SourceTree,
    choices: &Choices,
    cache: &Cache,
    next: &mut Cache,
    progress: &Progress,
) -> (link::Site, Findings) {
    progress.enter(Stage::Understand, 0);
    let ((mut parsed, mut findings), loaded) =
        rayon::join(|| parse::parse(sources, cache), || checker::load(sources));
    findings.extend(loaded.findings);
    let read = |page: &parse::ParsedPage| (page.file, Arc::clone(&page.read));
    next.pages_mut().read.reserve(parsed.pages.len());
    next.pages_mut().read.extend(parsed.pages.iter().map(read));
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
    progress.count("pages", parsed.pages.len());
    progress.count("questionnaires", loaded.checkers.len());
    progress.enter(Stage::Link, 0);
    let (site, more) = link::link(sources, parsed, loaded.checkers, choices.drafts, choices.today, cache);
    findings.extend(more);
    (site, findings)
}
