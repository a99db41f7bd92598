//! A checked site becomes the exact bytes of every file.
//!
//! 1. what all pages share is put into the theme once;
//! 2. every page is drawn, in parallel, and handed on at once ([`Take`]): no page waits in memory for the last one;
//! 3. pictures, handouts and the files that hosts and machines look for are added;
//! 4. what each file could do to a reader's privacy was looked at on its way out, and is reported.

mod checker;
mod finish;
mod handouts;
mod hosting;
mod json_ld;
mod keys;
mod licenses;
mod machine;
mod page;
mod pictures;
mod privacy;
mod proof;
mod servers;
mod view;

pub use finish::{InMemory, Nowhere, Take};
pub(crate) use hosting::checker_policy;
pub use privacy::Seen;

use crate::cache::{Cache, Made};
use crate::check::CheckedSite;
use crate::compress::Copies;
use crate::finding::{Finding, Findings};
use crate::headers::Rules;
use crate::html::escape;
use crate::link::{Fragment, Page, PageId, Site};
use crate::parse::containers::Container;
use crate::parse::front_matter::PageKind;
use crate::progress::{Progress, Stage};
use crate::search::{self, Plan};
use crate::sheets::{Choice, GLOSSARY, LETTERS, NOTES, TABLE};
use crate::source::SourceTree;
use crate::theme::Theme;
use finish::Finish;
use hashbrown::HashMap;
use jiff::civil::Date;
use keys::Keys;
use page::assemble;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use tera::{Context, Value};
use view::Views;

/// How the site is to be drawn.
#[derive(Clone, Debug)]
pub struct Way {
    /// The day it is.
    pub today: Date,
    /// Whether this is the preview: then pages follow rebuilds, except one that holds a checker.
    pub preview: bool,
    /// What can be searched, if readers can.
    pub search: Option<Plan>,
    /// Whether smaller copies of text files are wanted.
    pub compress: bool,
}

/// A page, or what its template asks for and does not get.
pub type Drawn = Result<String, Box<Finding>>;

/// What is the same on every page of one language.
struct Shared {
    words: Value,
    site: Value,
    help: Value,
    language: Value,
    footer: Value,
    /// The menu with none of its entries marked, then with each of them marked.
    menus: Vec<Value>,
}

/// What a page shows beside its words, by the names of the theme's components: its boxes, tables, notes and lists.
type Parts = BTreeSet<&'static str>;

/// Known before a page is drawn: a page that is taken over from an earlier build is not drawn at all.
fn parts_of(page: &Page) -> Parts {
    let mut parts: Parts = page.containers.iter().map(|(container, _)| container.name()).collect();
    let made = [
        (TABLE, !page.tables.is_empty()),
        (NOTES, page.notes),
        (GLOSSARY, page.kind == PageKind::Glossary),
        (LETTERS, page.kind == PageKind::Alphabet),
    ];
    parts.extend(made.into_iter().filter(|(_, shown)| *shown).map(|(part, _)| part));
    parts
}

/// The script that narrows a list.
const FILTER_SCRIPT: &str = include_str!("filter.js");

/// Addresses of what pages load.
struct Assets {
    /// Of every style sheet that some page needs.
    styles: BTreeMap<Choice, String>,
    /// The style sheet for paper, or nothing.
    print: String,
    script: String,
    /// The script of the search page, where readers can search.
    search: String,
    /// The script of pages with a list that readers can narrow, where there is one.
    filter: String,
    icon: String,
    live: &'static str,
}

/// What a site became.
#[derive(Debug)]
pub struct Rendered {
    /// Every file that was handed on, by its path below the output folder; copies are with their file.
    pub made: Arc<HashMap<String, Arc<Made>>>,
    /// Pictures for the next build to take over. No reader gets them. Absent where those that are there are right.
    pub kept: Option<BTreeMap<String, Vec<u8>>>,
}

impl Rendered {
    /// How many files were handed on.
    pub fn files(&self) -> usize {
        self.made.values().map(|made| 1 + made.copies.len()).sum()
    }
}

/// A checked site on the drawing table: everything that is needed to draw any of its pages, at any time.
pub struct Drawing {
    checked: CheckedSite,
    sources: SourceTree,
    desk: Desk,
    way: Way,
    /// Files that pages load. Their names change with their bytes.
    hashed: Vec<(String, Vec<u8>)>,
    /// Of everything that each page is drawn from, by number.
    keys: Vec<u128>,
    /// The same for the search index.
    index_key: u128,
}

impl Drawing {
    /// Puts what all pages share into the theme.
    pub fn new(checked: CheckedSite, sources: &SourceTree, theme: Theme, way: Way) -> Self {
        let mut hashed = Vec::new();
        let views = Views { site: checked.site(), checked: &checked };
        let desk = Desk::new(&views, theme, &way, &mut |stem, extension, bytes| {
            let name = format!("{stem}-{}.{extension}", hash(&bytes));
            let url = views.href(&name);
            hashed.push((name, bytes));
            url
        });
        let site = checked.site();
        let all = Keys::new(site, sources, &way);
        let numbers = (0..site.pages.len()).into_par_iter();
        let keys: Vec<u128> = numbers.map(|number| all.of(site, PageId(number as u32))).collect();
        let index_key = all.of_index(&keys);
        Drawing { checked, sources: sources.clone(), desk, way, hashed, keys, index_key }
    }

    fn views(&self) -> Views<'_> {
        Views { site: self.checked.site(), checked: &self.checked }
    }

    /// What can be searched, if readers can.
    pub fn search(&self) -> Option<&Plan> {
        self.way.search.as_ref()
    }

    /// One file of the site, drawn now: a page, or what pages load. `None` for what is made of the whole site, for what there
    /// is not, and for what must not be published: [`Drawing::render`] tells why.
    pub fn file(&self, name: &str) -> Option<Vec<u8>> {
        if let Some((_, bytes)) = self.hashed.iter().find(|(hashed, _)| hashed == name) {
            return Some(bytes.clone());
        }
        let url = name.strip_suffix("index.html")?;
        let pages = &self.checked.site().pages;
        let number = pages.iter().position(|page| page.url.strip_prefix('/') == Some(url))?;
        let html = self.page(number).ok()?.into_bytes();
        let clean = privacy::look(name, &html).is_none_or(|seen| seen.is_clean());
        clean.then_some(html)
    }

    /// What hosts are told to say with each file.
    pub fn headers(&self) -> String {
        hosting::headers(&self.views(), &self.hashed_names())
    }

    /// Whether a few pages that between them ask for every layout in every language can be drawn. What is wrong with a
    /// template shows in one of them, nearly always. The list from A to Z is none of them: it takes longer than all the
    /// others, and its layout is that of a page.
    pub fn draws_samples(&self) -> bool {
        let mut kinds = BTreeSet::new();
        let pages = self.checked.site().pages.iter().enumerate();
        let first: Vec<usize> = pages
            .filter(|(_, page)| page.kind != PageKind::Alphabet && kinds.insert((page.language, page.kind)))
            .map(|(number, _)| number)
            .collect();
        first.into_par_iter().all(|number| self.page(number).is_ok())
    }

    fn page(&self, number: usize) -> Drawn {
        self.desk.draw(&self.views(), PageId(number as u32))
    }

    fn hashed_names(&self) -> Vec<String> {
        self.hashed.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Draws every file that `cache` and `out` do not have already, and hands each on as soon as it is finished.
    ///
    /// # Errors
    /// What a template asks for and does not get, and what must not be in a published file. Some files have been handed on
    /// all the same; they must not be published then.
    pub fn render(&self, out: &dyn Take, cache: &Cache, progress: &Progress) -> Result<Rendered, Findings> {
        let site = self.checked.site();
        progress.enter(Stage::Draw, site.pages.len());
        let views = self.views();
        let copies = self.way.compress.then(|| Copies::for_pages(site.pages.len()));
        let finish = Finish::new(out, copies, cache);
        let mut findings = Findings::from(handouts::words_missing(&views, &self.sources));
        if findings.has_errors() {
            return Err(findings);
        }

        // The pages, and beside them the few other files that take long. The preview makes its index when somebody
        // searches: no save has to wait for it.
        let plan = self.search().filter(|_| !self.way.preview);
        let plan = plan.filter(|_| !keeps_index(&finish, cache, self.index_key));
        // An index is made of all pages at once, so each has to be drawn for it.
        let texts: Vec<OnceLock<search::Text>> = match plan {
            Some(_) => std::iter::repeat_with(OnceLock::new).take(site.pages.len()).collect(),
            None => Vec::new(),
        };
        let taken_over = AtomicUsize::new(0);
        let draw = |number: usize| {
            let (name, key) = (file_of(&site.pages[number].url), self.keys[number]);
            if !out.is_wanted() {
                return None;
            }
            progress.step();
            if plan.is_none() && finish.keep(&name, key) {
                taken_over.fetch_add(1, Ordering::Relaxed);
                return None;
            }
            let html = match self.page(number) {
                Ok(html) => html,
                Err(fault) => return Some(fault),
            };
            if let (Some(plan), Some(text)) = (plan, texts.get(number)) {
                // Each page is drawn once, so nothing is set twice.
                _ = plan.text(&name, &html).map(|words| text.set(words));
            }
            finish.put_for(&name, key, html.into_bytes());
            None
        };
        let (faults, ()) = rayon::join(
            || (0..site.pages.len()).into_par_iter().filter_map(draw).collect::<Vec<_>>(),
            || {
                self.hashed.par_iter().for_each(|(name, bytes)| finish.put(name, bytes.clone()));
                let files = for_hosts(&views, &self.hashed_names(), self.way.today);
                files.into_par_iter().for_each(|(name, bytes)| finish.put(&name, bytes));
            },
        );
        let taken_over = taken_over.into_inner();
        let anew = site.pages.len() - taken_over;
        for (what, number) in [("pages drawn", anew), ("pages from an earlier build", taken_over)] {
            if number > 0 {
                progress.count(what, number);
            }
        }
        for fault in faults {
            findings.push(*fault);
        }
        for number in 0..site.languages.len() {
            match self.desk.not_found(&views, number) {
                Ok((name, html)) => finish.put(&name, html.into_bytes()),
                Err(finding) => findings.push(*finding),
            }
        }
        if findings.has_errors() {
            return Err(findings.sorted());
        }

        // What leads on from old addresses; pictures and the index.
        for (address, id) in &site.redirects {
            let html = hosting::moved(&views, *id, self.desk.plain_style());
            finish.put(&file_of(address), html.into_bytes());
        }
        let kept = pictures::add(site, &self.sources, &finish, &mut findings, progress);
        handouts::add(&views, &self.sources, &self.keys, self.way.today, &finish, &mut findings);
        if let Some(plan) = plan {
            progress.enter(Stage::Search, 0);
            let texts = texts.into_iter().map(OnceLock::into_inner);
            let index = plan.index(texts.flatten().collect());
            index.into_par_iter().for_each(|(name, bytes)| finish.put_for(&name, self.index_key, bytes));
        }

        // What readers can rely on.
        let mut inspection = finish.inspection();
        if inspection.holds_questions() {
            for number in 0..site.languages.len() {
                match self.desk.privacy_page(&views, number, &inspection) {
                    Ok((name, html)) => finish.put(&name, html.into_bytes()),
                    Err(finding) => findings.push(*finding),
                }
            }
            inspection.add(finish.inspection());
        }
        for finding in inspection.findings(&self.sources, &site.settings.theme.value) {
            findings.push(finding);
        }
        if findings.has_errors() {
            return Err(findings.sorted());
        }
        let report = serde_json::to_vec_pretty(&inspection.report()).expect("BUG: a report is always JSON");
        finish.put(privacy::FILE, report);
        Ok(Rendered { kept: Some(kept), made: Arc::new(finish.made()) })
    }
}

/// Whether the search index of an earlier build is the index of this one, and still there. Then it is kept.
fn keeps_index(finish: &Finish<'_>, cache: &Cache, key: u128) -> bool {
    let mut known =
        cache.made.iter().filter(|(name, made)| made.key == key && name.starts_with(search::FOLDER));
    known.clone().next().is_some() && known.all(|(name, _)| finish.keep(name, key))
}

/// The files that hosts and machines look for. `hashed`: files that never change under their name.
fn for_hosts(views: &Views<'_>, hashed: &[String], today: Date) -> Vec<(String, Vec<u8>)> {
    let site = views.site;
    let mut files = Vec::new();
    let mut put = |name: &str, bytes: Vec<u8>| files.push((name.to_owned(), bytes));
    let headers = hosting::headers(views, hashed);
    let redirects = hosting::redirects(views);
    let others: Vec<String> = (1..site.languages.len()).map(|number| folder_of(site, number)).collect();
    let served = servers::Served {
        base: &site.settings.base_path,
        headers: &Rules::parse(&headers),
        redirects: &redirects,
        languages: &others,
    };
    put("_nginx.conf", servers::nginx(&served).into_bytes());
    put("_Caddyfile", servers::caddy(&served).into_bytes());
    put("_headers", headers.into_bytes());
    put("_redirects", redirects.into_bytes());
    put("robots.txt", hosting::robots(views).into_bytes());
    put("sitemap.xml", machine::sitemap(views));
    let asks = site.pages.iter().any(|page| page.kind == PageKind::Checker);
    if let Some(text) = licenses::text(asks, site.settings.search) {
        put(licenses::FILE, text.into_bytes());
    }
    if let Some(text) = hosting::security(views, today) {
        put(".well-known/security.txt", text.into_bytes());
    }
    for number in 0..site.languages.len() {
        let folder = folder_of(site, number);
        let feed = machine::feed(views, number, &format!("/{folder}feed.xml"), today);
        put(&format!("{folder}feed.xml"), feed);
    }
    files
}

/// A text of a site with its inserts and containers, as a page would hold it; nothing where the theme cannot draw it.
/// `prefix` keeps its ids apart from others on the page.
pub(crate) fn fragment(
    site: &Site,
    theme: &Theme,
    language: usize,
    text: &Fragment,
    prefix: &str,
) -> Option<String> {
    let words = Value::from_serializable(&site.languages.get(language)?.words);
    assemble(theme, &text.html, &text.inserts, prefix, &words).ok()
}

/// The folder of a language below the output folder: nothing for the default one.
fn folder_of(site: &Site, language: usize) -> String {
    match language {
        0 => String::new(),
        number => format!("{}/", site.settings.languages[number].code.to_ascii_lowercase()),
    }
}

/// The file at an address: `/visit/` is `visit/index.html`.
pub(crate) fn file_of(url: &str) -> String {
    let inner = url.trim_start_matches('/');
    if inner.is_empty() || inner.ends_with('/') { format!("{inner}index.html") } else { inner.to_owned() }
}

/// The first ten hexadecimal digits of a file's hash: enough to tell two versions of one file apart.
fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().take(5).fold(String::with_capacity(10), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn shared(views: &Views<'_>, number: usize) -> Shared {
    let site = views.site;
    let language = &site.languages[number];
    let settings = &site.settings.languages[number];
    let menu = |current| Value::from_serializable(&views.menu(&language.nav, current));
    Shared {
        words: Value::from_serializable(&language.words),
        site: Value::from_serializable(&views.about_site(number)),
        help: Value::from_serializable(&views.help(number)),
        language: Value::from_serializable(&serde_json::json!({
            "code": settings.code, "name": settings.name, "dir": settings.dir,
        })),
        footer: Value::from_serializable(&views.menu(&language.footer, None)),
        menus: std::iter::once(None).chain((0..language.nav.len()).map(Some)).map(menu).collect(),
    }
}

/// The layout that draws a kind of page.
fn layout_of(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Home => "home",
        PageKind::Section | PageKind::Tags => "section",
        PageKind::Checker => "checker",
        PageKind::Proof => "proof",
        PageKind::Search => "search",
        PageKind::NotFound => "not-found",
        _ => "page",
    }
}

/// Where pages are drawn: the theme, and what is the same on all of them.
struct Desk {
    theme: Theme,
    assets: Assets,
    shared: Vec<Shared>,
    /// What only the kind and the parts of a page decide: its policy, and what it loads.
    kinds: BTreeMap<(PageKind, Parts), (Value, Value)>,
    today: Date,
}

impl Desk {
    /// `add` takes a file that pages load (the start of its name, its ending, its bytes) and gives its address.
    fn new(
        views: &Views<'_>,
        mut theme: Theme,
        way: &Way,
        add: &mut dyn FnMut(&str, &str, Vec<u8>) -> String,
    ) -> Self {
        let site = views.site;
        let made = [PageKind::NotFound, PageKind::About].map(|kind| (kind, Parts::new()));
        let kinds = site.pages.par_iter().map(|page| (page.kind, parts_of(page))).chain(made.into_par_iter());
        let kinds = kinds.fold(BTreeSet::new, |mut some: BTreeSet<(PageKind, Parts)>, kind| {
            some.insert(kind);
            some
        });
        let kinds = kinds.reduce(BTreeSet::new, |mut some, mut more| {
            some.append(&mut more);
            some
        });
        let mut styles = BTreeMap::new();
        for choice in kinds.iter().map(|(kind, parts)| choice(&theme, *kind, parts)) {
            styles
                .entry(choice)
                .or_insert_with_key(|choice| add("style", "css", theme.sheets.text(choice).into_bytes()));
        }
        let print = match std::mem::take(&mut theme.print) {
            sheet if sheet.is_empty() => String::new(),
            sheet => add("print", "css", sheet.into_bytes()),
        };
        let icon = match theme.icon.take() {
            Some(icon) => add("icon", "svg", icon),
            None => String::new(),
        };
        let holds_checker = site.pages.iter().any(|page| page.kind == PageKind::Checker);
        let script = if holds_checker && !checker_bundle::SCRIPT.is_empty() {
            add("checker", "js", checker_bundle::SCRIPT.as_bytes().to_vec())
        } else {
            String::new()
        };
        let search = match way.search {
            Some(_) => add("search", "js", search::SCRIPT.as_bytes().to_vec()),
            None => String::new(),
        };
        let filter = match kinds.iter().any(|(_, parts)| parts.contains(Container::Filter.name())) {
            true => add("filter", "js", FILTER_SCRIPT.as_bytes().to_vec()),
            false => String::new(),
        };
        let live = if way.preview { crate::serve::LIVE_SCRIPT_URL } else { "" };
        let assets = Assets { styles, print, script, search, filter, icon, live };
        let loaded = |(kind, parts): (PageKind, Parts)| {
            let value = (Value::from(assets.policy(kind, &parts)), assets.of(&theme, kind, &parts));
            ((kind, parts), value)
        };
        let kinds = kinds.into_iter().map(loaded).collect();
        let shared = (0..site.languages.len()).map(|number| shared(views, number)).collect();
        Desk { theme, assets, shared, kinds, today: way.today }
    }

    /// The style sheet of a page that shows nothing beside its words.
    fn plain_style(&self) -> &str {
        &self.assets.styles[&choice(&self.theme, PageKind::About, &Parts::new())]
    }

    /// What every layout gets, whatever the page.
    fn context(&self, language: usize, kind: PageKind, parts: Parts, menu: usize) -> Context {
        let shared = &self.shared[language];
        let (policy, assets) = &self.kinds[&(kind, parts)];
        let mut context = Context::new();
        context.insert_value("t", shared.words.clone());
        context.insert_value("site", shared.site.clone());
        context.insert_value("help", shared.help.clone());
        context.insert_value("lang", shared.language.clone());
        context.insert_value("footer_nav", shared.footer.clone());
        context.insert_value("nav", shared.menus[menu].clone());
        context.insert_value("csp", policy.clone());
        context.insert_value("assets", assets.clone());
        context
    }

    fn draw(&self, views: &Views<'_>, id: PageId) -> Drawn {
        let page = views.site.page(id);
        let language = &views.site.languages[page.language];
        let words = &self.shared[page.language].words;
        let menu = language
            .nav
            .iter()
            .position(|entry| *entry == id)
            .or_else(|| language.nav.iter().position(|entry| page.ties.ancestors.contains(entry)));
        let mut context = self.context(page.language, page.kind, parts_of(page), menu.map_or(0, |at| at + 1));
        context.insert("languages", &views.languages(page.language, &views.addresses(&page.ties.alternates)));
        let text = views.site.text(page);
        let body = assemble(&self.theme, &text.html, &text.inserts, "box", words)?;
        context.insert("page", &views.page(page, &body));
        drop(body);
        if page.kind == PageKind::Search {
            context.insert("search", &serde_json::json!({ "index": views.href(search::FOLDER) }));
        }
        if let Some(wanted) = &page.front.checker
            && let Some(held) = views.site.checkers.iter().find(|known| known.checker.id == wanted.value)
        {
            if page.kind == PageKind::Proof {
                let view = proof::view(views, page, held, self.today);
                context.insert_value("proof", view.expect("BUG: the page is made only for what is proved"));
            } else if let Some(view) = checker::view(views, &self.theme, page, held, words)? {
                context.insert_value("checker", view);
            }
        }
        self.theme.render(&format!("layouts/{}.html", layout_of(page.kind)), &context)
    }

    fn not_found(&self, views: &Views<'_>, number: usize) -> Result<(String, String), Box<Finding>> {
        let name = format!("{}404.html", folder_of(views.site, number));
        let mut context = self.context(number, PageKind::NotFound, Parts::new(), 0);
        context.insert("languages", &views.languages(number, &[]));
        let title = views.word(number, "not_found_title");
        context.insert("page", &views.made(number, PageKind::NotFound, title, &format!("/{name}")));
        Ok((name, self.theme.render("layouts/not-found.html", &context)?))
    }

    /// The plain page beside the report. `inspection`: what was read, without the reports themselves.
    fn privacy_page(
        &self,
        views: &Views<'_>,
        number: usize,
        inspection: &privacy::Inspection,
    ) -> Result<(String, String), Box<Finding>> {
        let url = privacy_url(views.site, number);
        let word = |key: &str| views.word(number, key);
        let count = |key: &str, count: usize| word(key).replace("{count}", &count.to_string());
        let search = views.site.settings.search.then(|| word("privacy_report_search").to_owned());
        let printed = inspection.handouts();
        let handouts = (printed > 0).then(|| count("privacy_report_handouts", printed));
        let lines = [
            count("privacy_report_pages", inspection.pages() + views.site.languages.len()),
            word("privacy_report_connect").to_owned(),
        ]
        .into_iter()
        .chain(search)
        .chain([
            word("privacy_report_elsewhere").to_owned(),
            word("privacy_report_inline").to_owned(),
            word("privacy_report_store").to_owned(),
            count("privacy_report_asks", privacy::asks().count()),
        ])
        .chain(handouts);
        let mut body = format!("<p>{}</p>\n<ul>\n", escape(word("privacy_report_lead")));
        for line in lines {
            let _ = writeln!(body, "<li>{}</li>", escape(&line));
        }
        let _ = write!(
            body,
            "</ul>\n<p>{}</p>\n<p><a href=\"{}\">{}</a></p>",
            escape(word("privacy_report_limits")),
            escape(&views.href(privacy::FILE)),
            escape(word("privacy_report_file")),
        );
        let mut context = self.context(number, PageKind::About, Parts::new(), 0);
        let addresses = privacy_urls(views.site);
        context.insert("languages", &views.languages(number, &addresses));
        let title = word("privacy_report_title");
        let summary = word("privacy_report_summary");
        context.insert("page", &views.report(number, title, summary, &addresses, &body));
        Ok((file_of(&url), self.theme.render("layouts/page.html", &context)?))
    }
}

impl Assets {
    /// The script that a kind of page is made for.
    fn script(&self, kind: PageKind) -> Option<&str> {
        match kind {
            PageKind::Checker => Some(&self.script),
            PageKind::Search => Some(&self.search),
            _ => None,
        }
    }

    /// What a kind of page with these parts may do.
    fn policy(&self, kind: PageKind, parts: &Parts) -> &'static str {
        // The preview's own script has to hear of changes.
        let narrow = self.live.is_empty() && self.script(kind).is_none();
        match narrow && parts.contains(Container::Filter.name()) {
            true => hosting::FILTER_POLICY,
            false => hosting::policy(kind),
        }
    }

    /// What a kind of page with these parts loads.
    fn of(&self, theme: &Theme, kind: PageKind, parts: &Parts) -> Value {
        let script = self.script(kind);
        let filter = parts.contains(Container::Filter.name()).then_some(self.filter.as_str());
        Value::from_serializable(&serde_json::json!({
            "css": self.styles[&choice(theme, kind, parts)],
            "print": self.print,
            "icon": self.icon,
            "script": script.unwrap_or_default(),
            "filter": filter.unwrap_or_default(),
            // Where a script of the site's own runs, the preview's must not.
            "live": if script.is_some() { "" } else { self.live },
        }))
    }
}

/// The style sheets of a kind of page with these parts.
fn choice(theme: &Theme, kind: PageKind, parts: &Parts) -> Choice {
    match kind {
        // The layout of a proof, and the script of a questionnaire, draw whatever they need.
        PageKind::Checker | PageKind::Proof => theme.sheets.whole(layout_of(kind), parts),
        _ => theme.sheets.for_page(layout_of(kind), parts),
    }
}

/// The address of the plain page of the privacy report.
fn privacy_url(site: &Site, language: usize) -> String {
    format!("/{}privacy-report/", folder_of(site, language))
}

/// The same in every language.
fn privacy_urls(site: &Site) -> Vec<Option<String>> {
    (0..site.languages.len()).map(|language| Some(privacy_url(site, language))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_file() {
        assert_eq!(file_of("/"), "index.html");
        assert_eq!(file_of("/es/visit/"), "es/visit/index.html");
        assert_eq!(file_of("/old.html"), "old.html");
    }

    #[test]
    fn a_changed_file_gets_another_name() {
        assert_eq!(hash(b"a"), hash(b"a"));
        assert_ne!(hash(b"a"), hash(b"b"));
    }
}
