//! Pieces become a site: addresses, links, navigation, languages. Nothing is looked up by a string afterwards.
//!
//! 1. every page gets its address, and two pages may not share one;
//! 2. old addresses are given to the pages that claim them;
//! 3. pages are put in order: who is above, below, before and after whom;
//! 4. the holes of every page are filled: links, facts, citations, explained words.

mod alphabet;
mod fill;
mod glossary;
mod handouts;
mod proof;
mod routes;
mod tags;
#[cfg(test)]
mod tests;

use crate::cache::{Cache, Judged, Key};
use crate::checker::{self, Checker};
use crate::direction;
use crate::finding::{Finding, Findings};
use crate::parse::data::Written;
use crate::parse::front_matter::{FrontMatter, Hidden, PageKind};
use crate::parse::library::{Fact, Person, Sources, Term};
use crate::parse::settings::Settings;
use crate::parse::{Head, Parsed};
use crate::picture::Picture;
use crate::source::{FileId, Place, SourceTree};
use hashbrown::HashMap;
use jiff::civil::Date;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub use fill::{Fragment, Insert, Piece};
pub use glossary::anchor as explained;
pub use routes::Routes;
pub(crate) use routes::{absolute, page_address};

/// The pages that the generator makes itself.
struct Made<'s> {
    /// By language: whether there are explained words.
    glossaries: &'s [bool],
    proofs: &'s [proof::Planned],
    tags: &'s [tags::Planned],
}

/// A page of the [`Site`], by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub u32);

/// The whole site, with every name resolved.
#[derive(Debug)]
pub struct Site {
    /// `site.toml`.
    pub settings: Settings,
    /// By name.
    pub facts: BTreeMap<String, Fact>,
    /// What pages may cite.
    pub sources: Sources,
    /// By id.
    pub people: BTreeMap<String, Person>,
    /// One for each language, in the order of the settings.
    pub languages: Vec<LanguageSite>,
    /// Every page, by language and address.
    pub pages: Vec<Page>,
    /// Old addresses and the pages they lead to, by address.
    pub redirects: BTreeMap<String, PageId>,
    /// Files for readers, by their address without the base path: `/images/door.svg`.
    pub files: BTreeMap<String, FileId>,
    /// Those of them that are meant to be pictures; `None` where one cannot be shown, which is told already.
    pub pictures: BTreeMap<FileId, Option<Picture>>,
    /// The questionnaires, in order of their ids.
    pub checkers: Vec<SiteChecker>,
    /// The pages that readers get on paper as well; each has a file.
    pub handouts: Vec<PageId>,
    /// Pages that readers do not see, and that are left out for that.
    pub held_back: Vec<HeldBack>,
    /// The files that all this was read from.
    pub tree: SourceTree,
    /// Of all that is no page, and of every address.
    pub(crate) frame: Key,
    routes: Routes,
    /// By language.
    glossaries: Vec<glossary::Glossary>,
}

/// A questionnaire and the texts that its page needs.
#[derive(Debug)]
pub struct SiteChecker {
    /// What it means, and what it says.
    pub checker: Checker,
    /// Its longer texts, by language number. Absent where it has no words in a language.
    pub texts: Vec<Option<CheckerTexts>>,
}

/// The longer texts of a questionnaire in one language.
#[derive(Debug)]
pub struct CheckerTexts {
    /// Id, title and text of each outcome, the worst first.
    pub outcomes: Vec<(String, String, Fragment)>,
    /// The help that stands before everything else in a crisis.
    pub crisis: Fragment,
    /// What stands below every result: title and text.
    pub foot: (String, Fragment),
    /// What to ask at the visit, printed with a result: title and text. Not every questionnaire has it.
    pub questions: Option<(String, Fragment)>,
}

/// What belongs to one language.
#[derive(Clone, Debug)]
pub struct LanguageSite {
    /// The words of buttons and labels, facts filled in.
    pub words: BTreeMap<String, String>,
    /// The same as they were written, for checks.
    pub written: crate::parse::library::Interface,
    /// The explained words, in the order of the alphabet.
    pub glossary: Vec<Term>,
    /// Its first page, if it has one.
    pub home: Option<PageId>,
    /// The menu at the top.
    pub nav: Vec<PageId>,
    /// The links at the foot.
    pub footer: Vec<PageId>,
    /// The page with all ways to get help, here or in the default language.
    pub help: Option<PageId>,
    /// The page that holds the first checker, here or in the default language.
    pub check: Option<PageId>,
}

/// One page. It has everything that its [`Head`] has: `page.front`, `page.headings`, `page.links`, ….
#[derive(Clone, Debug)]
pub struct Page {
    /// Its file. Absent for a page that the generator makes.
    pub file: Option<FileId>,
    /// The digest of its file; 0 without one.
    pub source: u128,
    /// Where its text stands in the file, in bytes.
    pub text: std::ops::Range<usize>,
    /// Its language by number.
    pub language: usize,
    /// Its path inside `pages/`: `/visit/prepare.md`.
    pub path: String,
    /// Its address below the base path: `/visit/prepare/`.
    pub url: String,
    /// What it is.
    pub kind: PageKind,
    /// Its title, facts filled in.
    pub title: String,
    /// The short title for menus.
    pub nav_title: String,
    /// The summary, or nothing.
    pub summary: String,
    /// Everything else that its author said about it, and what stands in it; facts in headings filled in.
    pub head: Arc<Head>,
    /// Why readers do not see it: it is part of the site only because somebody asked to see it all.
    pub hidden: Option<Hidden>,
    /// Its text, from when somebody needs it: [`Site::text`].
    filled: OnceLock<Fragment>,
    /// What there is to say about it.
    pub(crate) verdict: Verdict,
    /// How it stands to the others.
    pub ties: Ties,
}

/// How a page stands to the others.
#[derive(Clone, Debug, Default)]
pub struct Ties {
    /// The same page in every language, itself included, by language number.
    pub alternates: Vec<Option<PageId>>,
    /// From the language's home down to its parent.
    pub ancestors: Vec<PageId>,
    /// The pages right below it, in order; below a tag, the pages that have it.
    pub children: Vec<PageId>,
    /// The pages of its tags, in the order in which its author wrote them.
    pub tags: Vec<PageId>,
    /// The page before it in its section.
    pub previous: Option<PageId>,
    /// The page after it in its section.
    pub next: Option<PageId>,
}

/// Every page by its language and path.
type ByPath<'p> = HashMap<(usize, &'p str), PageId>;

/// What there is to say about a page.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// An earlier build found it, with the very same page among the very same others.
    Known(Arc<Judged>),
    /// The checks have still to look at it.
    Open {
        /// Of everything that decides what there is to say.
        key: u128,
        /// What was found when its holes were filled.
        linked: Vec<Finding>,
    },
}

impl Default for Verdict {
    fn default() -> Self {
        Verdict::Open { key: 0, linked: Vec::new() }
    }
}

impl Verdict {
    fn linked(&self) -> &[Finding] {
        match self {
            Verdict::Known(known) => &known.linked,
            Verdict::Open { linked, .. } => linked,
        }
    }
}

impl std::ops::Deref for Page {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

impl Page {
    /// A page that the generator makes, with nothing on it yet.
    fn made(
        language: usize,
        path: &str,
        kind: PageKind,
        title: String,
        languages: usize,
        routes: &Routes,
    ) -> Self {
        Page {
            file: None,
            source: 0,
            text: 0..0,
            language,
            path: path.to_owned(),
            url: routes.address(language, path).unwrap_or_default().to_owned(),
            kind,
            nav_title: title.clone(),
            summary: String::new(),
            head: Arc::new(Head::made(FrontMatter::made(kind, title.clone()))),
            hidden: None,
            title,
            filled: OnceLock::from(Fragment::default()),
            verdict: Verdict::default(),
            ties: Ties { alternates: vec![None; languages], ..Ties::default() },
        }
    }

    /// The same page with a summary and a text.
    fn with(self, summary: String, html: String) -> Self {
        Page { summary, filled: OnceLock::from(Fragment { html, inserts: Vec::new() }), ..self }
    }

    /// Whether it makes claims about health, so that a clinician ought to have reviewed it: by its kind, or because it names
    /// sources.
    pub fn is_clinical(&self) -> bool {
        self.kind.is_clinical() || !self.cited.is_empty()
    }

    /// Whether it helps to find other pages and says nothing itself.
    pub fn is_finder(&self) -> bool {
        matches!(self.kind, PageKind::Alphabet | PageKind::Search | PageKind::Tags)
    }
}

/// A page that is left out of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBack {
    /// Its file.
    pub file: FileId,
    /// Why.
    pub why: Hidden,
}

impl Site {
    /// The page with this number.
    pub fn page(&self, id: PageId) -> &Page {
        &self.pages[id.0 as usize]
    }

    /// The text of a page, with what belongs into its holes.
    pub fn text<'p>(&self, page: &'p Page) -> &'p Fragment {
        page.filled.get_or_init(|| match page.kind {
            PageKind::Alphabet => {
                let language = &self.languages[page.language];
                let html = alphabet::html(page.language, &self.settings, language, &self.pages, &self.routes);
                Fragment { html, inserts: Vec::new() }
            }
            _ => fill::Filler::of(self).again(page),
        })
    }

    /// How strong the proof on a page is, or nothing.
    pub fn page_grade<'p>(&self, page: &'p Page) -> &'p str {
        page.front.grade.as_ref().map_or("", |grade| grade.value.as_str())
    }
}

/// Joins what was read of `sources` into one site. What readers do not see on the day `today`, drafts among it, is part
/// of it only if asked for. What `cache` knows to say about a page is said again, and its text is left for later.
pub fn link(
    sources: &SourceTree,
    parsed: Parsed,
    checkers: Vec<Checker>,
    with_hidden: bool,
    today: Date,
    cache: &Cache,
) -> (Site, Findings) {
    let mut findings = Findings::new();
    let tree = sources.clone();
    let Parsed { settings, facts, sources, people, words, mut pages, unread, files, pictures, beside } =
        parsed;
    let count = settings.languages.len();
    let files: BTreeMap<String, FileId> =
        files.into_iter().map(|(path, id)| (routes::file_address(&path), id)).collect();

    let mut held_back = Vec::new();
    let mut hidden = HashMap::new();
    pages.retain(|page| {
        let Some(why) = page.head.front.hidden(today) else { return true };
        hidden.insert((page.language, page.path.clone()), why);
        if !with_hidden {
            held_back.push(HeldBack { file: page.file, why });
        }
        with_hidden
    });

    // 1. and 2. Addresses, old and new.
    let glossaries: Vec<bool> = words.iter().map(|words| !words.glossary.is_empty()).collect();
    let ((mut routes, more), (proofs, tags)) = rayon::join(
        || Routes::of_written(&settings, &pages, unread, hidden),
        || {
            (
                proof::plan(&pages, &checkers, &mut findings),
                tags::plan(&pages, &words, &settings, &mut findings),
            )
        },
    );
    findings.extend(more);
    let made = Made { glossaries: &glossaries, proofs: &proofs, tags: &tags };
    routes.add_made(&settings, &made, &mut findings);
    routes.take_aliases(&pages, &files, &mut findings);

    // The words of the frame may hold facts.
    let languages: Vec<LanguageSite> = words
        .into_iter()
        .enumerate()
        .map(|(number, words)| {
            let code = &settings.languages[number].code;
            let filled = words
                .interface
                .words
                .iter()
                .map(|(key, text)| {
                    let filled = fill::plain(&text.value, &text.place, code, &facts, &mut findings);
                    let filled = match settings.languages[number].dir == direction::RTL {
                        true => direction::isolated(&filled).into_owned(),
                        false => filled,
                    };
                    (key.clone(), filled)
                })
                .collect();
            let mut glossary = words.glossary;
            glossary.sort_by_cached_key(|term| (crate::html::slug(&term.term), term.term.clone()));
            LanguageSite {
                words: filled,
                written: words.interface,
                glossary,
                home: None,
                nav: Vec::new(),
                footer: Vec::new(),
                help: None,
                check: None,
            }
        })
        .collect();

    // 4. The holes (before 3., which needs nothing of them).
    let searched = languages.iter().map(|language| glossary::Glossary::new(&language.glossary)).collect();
    let mut site = Site {
        settings,
        facts,
        sources,
        people,
        languages,
        pages: Vec::new(),
        redirects: BTreeMap::new(),
        files,
        pictures,
        checkers: Vec::new(),
        handouts: Vec::new(),
        held_back,
        tree,
        frame: Key::new("frame"),
        routes,
        glossaries: searched,
    };
    // All that is no page, and every address. The site's own may be given on the command line.
    let mut frame = Key::new("frame");
    frame.number(beside).text(&site.settings.origin).text(&site.settings.base_path);
    site.routes.add_to(&mut frame);
    site.frame = frame.clone();
    frame.text(&today.to_string()).flag(with_hidden);
    let filler = fill::Filler::of(&site);
    let (mut pages, more) = filler.pages(pages, cache, frame.done());
    findings.extend(more);
    let Site { settings, languages, routes, .. } = &site;
    for planned in proofs.iter().filter(|planned| planned.proved) {
        let beside =
            pages.iter().find(|page| page.language == planned.language && page.path == planned.beside);
        let checker = checkers.iter().find(|checker| checker.id == planned.checker);
        if let (Some(beside), Some(checker)) = (beside, checker) {
            let language = &languages[planned.language];
            pages.push(proof::page(planned, &beside.nav_title, checker, count, language, routes));
        }
    }
    let checkers: Vec<SiteChecker> =
        checkers.into_iter().map(|checker| texts(checker, &filler, &mut findings)).collect();
    for (number, has) in glossaries.iter().enumerate() {
        if *has {
            pages.push(glossary::page(number, settings, &languages[number], routes));
        }
    }
    pages.extend(tags.iter().map(|planned| tags::page(planned, count, routes)));
    let empty = |number: usize, path: &str, kind, title: &str, summary: &str| {
        let language = &languages[number];
        let word = |key: &str| language.words.get(key).cloned().unwrap_or_default();
        Page { summary: word(summary), ..Page::made(number, path, kind, word(title), count, routes) }
    };
    for number in 0..count {
        let (path, kind) = (routes::ALPHABET_PATH, PageKind::Alphabet);
        // Its text is made when somebody needs it: it is that of a site with all its pages.
        pages.push(Page { filled: OnceLock::new(), ..empty(number, path, kind, "a_z_title", "a_z_summary") });
        if settings.search {
            let (path, kind) = (routes::SEARCH_PATH, PageKind::Search);
            pages.push(empty(number, path, kind, "search_title", "search_summary"));
        }
    }
    pages.par_sort_by(|a, b| (a.language, &a.url).cmp(&(b.language, &b.url)));

    // 3. The order of pages.
    let by_path: ByPath<'_> = pages
        .iter()
        .enumerate()
        .map(|(number, page)| ((page.language, page.path.as_str()), PageId(number as u32)))
        .collect();
    let mut ties = order(&pages, &by_path, count, routes, &mut findings);
    tags::tie(&pages, &mut ties, &by_path, &tags);
    let Site { settings, languages, routes, .. } = &mut site;
    let find = |language: usize, path: &str| {
        by_path.get(&(language, path)).or_else(|| by_path.get(&(0, path))).copied()
    };
    let checker_path = pages.iter().find(|page| page.kind == PageKind::Checker).map(|page| page.path.clone());
    for (number, language) in languages.iter_mut().enumerate() {
        language.home = by_path.get(&(number, "/index.md")).copied();
        language.help = find(number, "/get-help.md");
        language.check = checker_path.as_deref().and_then(|path| find(number, path));
        let here = |written: &[Written<String>]| -> Vec<PageId> {
            written.iter().filter_map(|page| by_path.get(&(number, page.value.as_str())).copied()).collect()
        };
        language.nav = here(&settings.nav);
        language.footer = if settings.footer.is_empty() {
            pages
                .iter()
                .enumerate()
                .filter(|(_, page)| page.language == number && page.path.starts_with("/about/"))
                .map(|(id, _)| PageId(id as u32))
                .collect()
        } else {
            here(&settings.footer)
        };
    }
    for entry in settings.nav.iter().chain(&settings.footer) {
        if let Some(finding) = routes.out_of_time(0, &entry.value, "The menu names", &entry.place) {
            findings.push(finding);
        } else if !by_path.contains_key(&(0, entry.value.as_str())) && !routes.is_unread(0, &entry.value) {
            findings.push(
                Finding::error(
                    "menu-without-page",
                    entry.place.clone(),
                    format!("The menu names `{}`, and there is no such page", entry.value),
                )
                .help(routes.suggest(0, &entry.value)),
            );
        }
    }
    let handouts = handouts::wanted(&settings.handouts, &pages, &by_path, routes, &mut findings);
    for (number, language) in languages.iter().enumerate() {
        if language.home.is_none() && !routes.is_unread(number, "/index.md") {
            let code = &settings.languages[number].code;
            findings.push(Finding {
                code: "home-missing",
                severity: crate::finding::Severity::Error,
                place: Some(settings.theme.place.clone()).map(|place| Place::start_of(place.file)),
                message: format!("The language `{code}` has no first page"),
                help: Some(format!("Write content/{code}/pages/index.md with `kind: home`")),
            });
        }
    }
    let old = routes.aliases.iter();
    let redirects = old.filter_map(|(address, (language, path))| {
        let page = by_path.get(&(*language, path.as_str()))?;
        Some((address.clone(), *page))
    });
    let redirects = redirects.collect();
    drop(by_path);
    pages.par_iter_mut().zip(ties).for_each(|(page, ties)| page.ties = ties);
    (Site { pages, redirects, checkers, handouts, ..site }, findings)
}

/// Reads the longer texts of a questionnaire in every language of the site.
fn texts(checker: Checker, filler: &fill::Filler<'_>, findings: &mut Findings) -> SiteChecker {
    let texts = filler
        .settings
        .languages
        .iter()
        .enumerate()
        .map(|(number, language)| {
            let words = checker.words.get(&language.code)?;
            // Links in these texts start from the root: they are not tied to one page.
            let mut read = |body: &checker::Body| {
                filler.fragment(&body.markdown, &body.place, number, "/index.md", findings)
            };
            let mut part = |id| words.parts.get(id).map(|body| (body.title.clone(), read(body)));
            let [(_, crisis), foot] = checker::PARTS.map(|id| part(id).unwrap_or_default());
            let questions = part(checker::QUESTIONS);
            let outcomes = checker
                .program
                .outcomes()
                .iter()
                .filter_map(|id| {
                    let body = words.outcomes.get(id)?;
                    Some((id.clone(), body.title.clone(), read(body)))
                })
                .collect();
            Some(CheckerTexts { outcomes, crisis, foot, questions })
        })
        .collect();
    SiteChecker { checker, texts }
}

/// A title without the marks on its letters: `Ánimo` stands before `Bebés`.
fn bare(title: &str) -> Cow<'_, str> {
    match title.is_ascii() {
        true => title.into(),
        false => title.nfd().filter(|sign| !is_combining_mark(*sign)).collect::<String>().into(),
    }
}

/// The page above a page, and the folders in between that have no page. `find`: the page of a language that has a path.
fn above<'p>(
    page: &'p Page,
    find: &impl Fn(usize, &str) -> Option<PageId>,
) -> (Option<PageId>, Vec<&'p str>) {
    // `/visit/prepare.md` is below `/visit/index.md`; `/visit/index.md` is below `/index.md`.
    let inner = page.path.strip_suffix("/index.md").or_else(|| page.path.strip_suffix(".md"));
    let inner = if page.path == "/index.md" { "" } else { inner.unwrap_or(&page.path) };
    let mut without = Vec::new();
    let mut folder = inner.rsplit_once('/').map(|(folder, _)| folder);
    while let Some(candidate) = folder {
        // A page that the generator makes may stand below a page that has no folder.
        let plain = || page.file.is_none().then(|| find(page.language, &format!("{candidate}.md")))?;
        if let Some(parent) = find(page.language, &format!("{candidate}/index.md")).or_else(plain) {
            return (Some(parent), without);
        }
        without.push(candidate);
        folder = candidate.rsplit_once('/').map(|(folder, _)| folder);
    }
    (None, without)
}

/// Who is above, below, before and after whom, and which pages are translations of each other.
fn order(
    pages: &[Page],
    by_path: &ByPath<'_>,
    languages: usize,
    routes: &Routes,
    findings: &mut Findings,
) -> Vec<Ties> {
    let find = |language: usize, path: &str| by_path.get(&(language, path)).copied();
    let above: Vec<(Option<PageId>, Vec<&str>)> = pages.par_iter().map(|page| above(page, &find)).collect();
    let mut told: Vec<&str> = Vec::new();
    for (page, (_, without)) in pages.iter().zip(&above).filter(|(page, _)| page.language == 0) {
        let Some(file) = page.file else { continue };
        for folder in without {
            let index = format!("{folder}/index.md");
            if told.contains(folder) || routes.is_unread(0, &index) || routes.hidden(0, &index).is_some() {
                continue;
            }
            told.push(folder);
            findings.push(
                Finding::error(
                    "section-without-index",
                    Place::start_of(file),
                    format!("The folder `{folder}/` has no page of its own"),
                )
                .help(format!("Write `pages{folder}/index.md` with `kind: section`")),
            );
        }
    }

    let mut ties = vec![Ties::default(); pages.len()];
    for (number, (parent, _)) in above.iter().enumerate() {
        if let Some(parent) = parent
            && !matches!(pages[number].kind, PageKind::Alphabet | PageKind::Search)
        {
            ties[parent.0 as usize].children.push(PageId(number as u32));
        }
    }
    ties.par_iter_mut().for_each(|ties| {
        ties.children.sort_by(|a, b| {
            let (a, b) = (&pages[a.0 as usize], &pages[b.0 as usize]);
            let weights = a.front.weight.cmp(&b.front.weight);
            weights.then_with(|| bare(&a.nav_title).cmp(&bare(&b.nav_title))).then_with(|| a.url.cmp(&b.url))
        });
    });
    for parent in 0..pages.len() {
        // Neighbours at the top of the site have nothing to do with each other.
        if pages[parent].path == "/index.md" {
            continue;
        }
        for at in 1..ties[parent].children.len() {
            let (one, next) = (ties[parent].children[at - 1], ties[parent].children[at]);
            ties[one.0 as usize].next = Some(next);
            ties[next.0 as usize].previous = Some(one);
        }
    }
    pages.par_iter().zip(&mut ties).enumerate().for_each(|(number, (page, ties))| {
        let mut at = above[number].0;
        while let Some(parent) = at {
            ties.ancestors.push(parent);
            at = above[parent.0 as usize].0;
        }
        ties.ancestors.reverse();
        ties.alternates = (0..languages).map(|language| find(language, &page.path)).collect();
    });
    ties
}
