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
use jiff::civil::Date;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
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
            alternates: vec![None; languages],
            ancestors: Vec::new(),
            children: Vec::new(),
            tags: Vec::new(),
            previous: None,
            next: None,
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
        page.filled.get_or_init(|| match page.file {
            Some(_) => fill::Filler::of(self).again(page),
            None => Fragment::default(),
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
    let proofs = proof::plan(&pages, &checkers, &mut findings);
    let tags = tags::plan(&pages, &words, &settings, &mut findings);
    let made = Made { glossaries: &glossaries, proofs: &proofs, tags: &tags };
    let mut routes = Routes::new(&settings, &pages, unread, hidden, &made, &mut findings);
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
    let (mut pages, more) = filler.pages(pages, cache, &frame);
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
    let alphabets: Vec<Page> = (0..count)
        .into_par_iter()
        .map(|number| alphabet::page(number, settings, &languages[number], &pages, routes))
        .collect();
    pages.extend(alphabets);
    if settings.search {
        pages.extend((0..count).map(|number| search_page(number, count, &languages[number], routes)));
    }
    pages.par_sort_by(|a, b| (a.language, &a.url).cmp(&(b.language, &b.url)));

    // 3. The order of pages.
    order(&mut pages, count, routes, &mut findings);
    tags::tie(&mut pages);
    let Site { settings, languages, routes, .. } = &mut site;
    let by_path: HashMap<(usize, &str), PageId> = pages
        .iter()
        .enumerate()
        .map(|(number, page)| ((page.language, page.path.as_str()), PageId(number as u32)))
        .collect();
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
    (Site { pages, redirects, checkers, handouts, ..site }, findings)
}

/// The page where readers look things up.
fn search_page(number: usize, languages: usize, language: &LanguageSite, routes: &Routes) -> Page {
    let word = |key: &str| language.words.get(key).cloned().unwrap_or_default();
    let (path, title) = (routes::SEARCH_PATH, word("search_title"));
    let made = Page::made(number, path, PageKind::Search, title, languages, routes);
    made.with(word("search_summary"), String::new())
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

/// Fills in who is above, below, before and after whom, and which pages are translations of each other.
fn order(pages: &mut [Page], languages: usize, routes: &Routes, findings: &mut Findings) {
    let paths = pages.iter().enumerate();
    let index: HashMap<(usize, &str), usize> =
        paths.map(|(number, page)| ((page.language, page.path.as_str()), number)).collect();
    let find = |language: usize, path: &str| index.get(&(language, path)).copied();
    let mut told: Vec<String> = Vec::new();
    let mut above: Vec<Option<usize>> = Vec::with_capacity(pages.len());
    for page in pages.iter() {
        // `/visit/prepare.md` is below `/visit/index.md`; `/visit/index.md` is below `/index.md`.
        let inner = page
            .path
            .strip_suffix("/index.md")
            .unwrap_or_else(|| page.path.strip_suffix(".md").unwrap_or(&page.path));
        let mut folder = inner.rsplit_once('/').map(|(folder, _)| folder);
        let mut found = None;
        while let (Some(candidate), false) = (folder, page.path == "/index.md") {
            // A page that the generator makes may stand below a page that has no folder.
            let here = format!("{candidate}/index.md");
            let plain = || page.file.is_none().then(|| format!("{candidate}.md"));
            let plain = || plain().and_then(|path| find(page.language, &path));
            if let Some(parent) = find(page.language, &here).or_else(plain) {
                found = Some(parent);
                break;
            }
            let told_before = told.iter().any(|known| known == candidate)
                || routes.is_unread(0, &here)
                || routes.hidden(0, &here).is_some();
            if page.language == 0 && page.file.is_some() && !told_before {
                told.push(candidate.to_owned());
                if let Some(file) = page.file {
                    findings.push(
                        Finding::error(
                            "section-without-index",
                            Place::start_of(file),
                            format!("The folder `{candidate}/` has no page of its own"),
                        )
                        .help(format!("Write `pages{candidate}/index.md` with `kind: section`")),
                    );
                }
            }
            folder = candidate.rsplit_once('/').map(|(folder, _)| folder);
        }
        above.push(found);
    }
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); pages.len()];
    for (number, parent) in above.iter().enumerate() {
        if let Some(parent) = parent
            && !matches!(pages[number].kind, PageKind::Alphabet | PageKind::Search)
        {
            children[*parent].push(number);
        }
    }
    for list in &mut children {
        list.sort_by(|a, b| {
            let (a, b) = (&pages[*a], &pages[*b]);
            let weights = a.front.weight.cmp(&b.front.weight);
            weights.then_with(|| bare(&a.nav_title).cmp(&bare(&b.nav_title))).then_with(|| a.url.cmp(&b.url))
        });
    }
    let id = |number: usize| PageId(number as u32);
    let others = |page: &Page| (0..languages).map(|language| find(language, &page.path).map(id)).collect();
    let alternates: Vec<Vec<Option<PageId>>> = pages.par_iter().map(others).collect();
    for parent in 0..pages.len() {
        let list = &children[parent];
        // Neighbours at the top of the site have nothing to do with each other.
        if pages[parent].path != "/index.md" {
            for pair in list.windows(2) {
                pages[pair[0]].next = Some(id(pair[1]));
                pages[pair[1]].previous = Some(id(pair[0]));
            }
        }
        pages[parent].children = list.iter().map(|child| id(*child)).collect();
    }
    for (number, alternates) in alternates.into_iter().enumerate() {
        let mut ancestors = Vec::new();
        let mut at = above[number];
        while let Some(parent) = at {
            ancestors.push(id(parent));
            at = above[parent];
        }
        ancestors.reverse();
        pages[number].ancestors = ancestors;
        pages[number].alternates = alternates;
    }
}
