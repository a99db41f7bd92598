//! A checked site becomes the exact bytes of every file.
//!
//! 1. what all pages share is put into the theme once;
//! 2. pictures are drawn, and the pages that have a handout are printed, in parallel;
//! 3. every page is drawn, in parallel;
//! 4. the files that hosts and machines look for are added;
//! 5. all of it is read again, to see what it could do to a reader's privacy, and that is reported.

mod checker;
mod handouts;
mod hosting;
mod json_ld;
mod machine;
mod page;
mod pictures;
mod privacy;
mod proof;
mod servers;
mod view;

pub(crate) use self::handouts::KEPT as KEPT_HANDOUTS;
pub(crate) use hosting::checker_policy;

use crate::check::CheckedSite;
use crate::emit::OutputTree;
use crate::finding::{Finding, Findings};
use crate::headers::Rules;
use crate::html::escape;
use crate::link::{Fragment, Page, PageId, Site};
use crate::parse::front_matter::PageKind;
use crate::search::{self, Plan};
use crate::source::SourceTree;
use crate::theme::Theme;
use jiff::civil::Date;
use page::assemble;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tera::{Context, Value};
use view::Views;

/// How the site is to be drawn.
#[derive(Clone, Copy, Debug)]
pub struct Way<'p> {
    /// The day it is.
    pub today: Date,
    /// Whether this is the preview: then pages follow rebuilds, except one that holds a checker.
    pub preview: bool,
    /// What can be searched, if readers can.
    pub search: Option<&'p Plan>,
}

/// A page's file and its bytes, or what its template asks for and does not get.
type Drawn = Result<(String, Vec<u8>), Box<Finding>>;

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

/// Addresses of what pages load.
struct Assets {
    style: String,
    /// The style sheet for paper, or nothing.
    print: String,
    /// By layout, where a layout has a sheet of its own.
    layout_styles: BTreeMap<&'static str, String>,
    script: String,
    /// The script of the search page, where readers can search.
    search: String,
    icon: String,
    live: &'static str,
}

/// Draws every file.
///
/// # Errors
/// What a template asks for and does not get.
pub fn render(
    checked: &CheckedSite,
    sources: &SourceTree,
    theme: Theme,
    way: Way<'_>,
) -> Result<OutputTree, Findings> {
    let site = checked.site();
    let views = Views { site, checked };
    let mut theme = theme;
    let mut output = OutputTree::default();

    // 1. What all pages share.
    let mut hashed = Vec::new();
    let mut add = |output: &mut OutputTree, stem: &str, extension: &str, bytes: Vec<u8>| {
        let name = format!("{stem}-{}.{extension}", hash(&bytes));
        output.files.insert(name.clone(), bytes);
        let url = views.href(&name);
        hashed.push(name);
        url
    };
    let style = add(&mut output, "style", "css", std::mem::take(&mut theme.style).into_bytes());
    let print = match std::mem::take(&mut theme.print) {
        sheet if sheet.is_empty() => String::new(),
        sheet => add(&mut output, "print", "css", sheet.into_bytes()),
    };
    let layout_styles = std::mem::take(&mut theme.layout_styles)
        .into_iter()
        .map(|(layout, style)| {
            (layout, add(&mut output, &format!("style-{layout}"), "css", style.into_bytes()))
        })
        .collect();
    let icon = match theme.icon.take() {
        Some(icon) => add(&mut output, "icon", "svg", icon),
        None => String::new(),
    };
    let holds_checker = site.pages.iter().any(|page| page.kind == PageKind::Checker);
    let script = if holds_checker && !checker_bundle::SCRIPT.is_empty() {
        add(&mut output, "checker", "js", checker_bundle::SCRIPT.as_bytes().to_vec())
    } else {
        String::new()
    };
    let search = match way.search {
        Some(_) => add(&mut output, "search", "js", search::SCRIPT.as_bytes().to_vec()),
        None => String::new(),
    };
    let live = if way.preview { crate::serve::LIVE_SCRIPT_URL } else { "" };
    let assets = Assets { style, print, layout_styles, script, search, icon, live };
    let shared: Vec<Shared> = (0..site.languages.len()).map(|number| shared(&views, number)).collect();

    // 2. What pages show or lead to beside other pages.
    let mut findings = Findings::new();
    pictures::add(site, sources, &mut output, &mut findings);
    let on_paper = handouts::add(&views, sources, way.today, &mut output, &mut findings);
    if findings.has_errors() {
        return Err(findings.sorted());
    }

    // 3. The pages.
    let drawn: Vec<Drawn> = site
        .pages
        .par_iter()
        .enumerate()
        .map(|(number, page)| {
            let id = PageId(number as u32);
            let printed = on_paper.get(&id).map_or(&[][..], Vec::as_slice);
            let html = draw(&views, &theme, &shared[page.language], &assets, (id, page, printed), way.today)?;
            Ok((file_of(&page.url), html.into_bytes()))
        })
        .collect();
    for result in drawn {
        match result {
            Ok((name, bytes)) => {
                output.files.insert(name, bytes);
            }
            Err(finding) => findings.push(*finding),
        }
    }
    for (number, shared) in shared.iter().enumerate() {
        match not_found(&views, &theme, shared, &assets, number) {
            Ok((name, html)) => {
                output.files.insert(name, html.into_bytes());
            }
            Err(finding) => findings.push(*finding),
        }
    }
    if findings.has_errors() {
        return Err(findings.sorted());
    }

    // 4. Files for hosts and machines.
    for (address, id) in &site.redirects {
        let html = hosting::moved(&views, *id, &assets.style);
        output.files.entry(file_of(address)).or_insert_with(|| html.into_bytes());
    }
    let mut put = |name: &str, bytes: Vec<u8>| output.files.insert(name.to_owned(), bytes);
    let headers = hosting::headers(&views, &hashed);
    let redirects = hosting::redirects(&views);
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
    put("robots.txt", hosting::robots(&views).into_bytes());
    put("sitemap.xml", machine::sitemap(&views));
    if let Some(text) = hosting::security(&views, way.today) {
        put(".well-known/security.txt", text.into_bytes());
    }
    for number in 0..site.languages.len() {
        let folder = folder_of(site, number);
        put(
            &format!("{folder}feed.xml"),
            machine::feed(&views, number, &format!("/{folder}feed.xml"), way.today),
        );
    }

    // The preview makes its index when somebody searches: no save has to wait for it.
    if let Some(plan) = way.search.filter(|_| !way.preview) {
        let mut index = plan.index(&output.files);
        output.files.append(&mut index);
    }

    // 5. What readers can rely on.
    let mut inspection = privacy::inspect(&output);
    if inspection.holds_questions() {
        let mut reports = OutputTree::default();
        for (number, shared) in shared.iter().enumerate() {
            match privacy_page(&views, &theme, shared, &assets, number, &inspection) {
                Ok((name, html)) => reports.files.insert(name, html.into_bytes()),
                Err(finding) => {
                    findings.push(*finding);
                    None
                }
            };
        }
        inspection.add(privacy::inspect(&reports));
        output.files.append(&mut reports.files);
    }
    for finding in inspection.findings(sources, &site.settings.theme.value) {
        findings.push(finding);
    }
    if findings.has_errors() {
        return Err(findings.sorted());
    }
    let report = serde_json::to_vec_pretty(&inspection.report()).expect("BUG: a report is always JSON");
    output.files.insert(privacy::FILE.to_owned(), report);
    Ok(output)
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

/// What every layout gets, whatever the page.
fn context(shared: &Shared, assets: &Assets, kind: PageKind, menu: usize) -> Context {
    let script = match kind {
        PageKind::Checker => Some(&assets.script),
        PageKind::Search => Some(&assets.search),
        _ => None,
    };
    let mut context = Context::new();
    context.insert_value("t", shared.words.clone());
    context.insert_value("site", shared.site.clone());
    context.insert_value("help", shared.help.clone());
    context.insert_value("lang", shared.language.clone());
    context.insert_value("footer_nav", shared.footer.clone());
    context.insert_value("nav", shared.menus[menu].clone());
    context.insert_value("csp", Value::from(hosting::policy(kind)));
    context.insert(
        "assets",
        &serde_json::json!({
            "css": assets.layout_styles.get(layout_of(kind)).unwrap_or(&assets.style),
            "print": assets.print,
            "icon": assets.icon,
            "script": script.map_or("", String::as_str),
            // Where a script of the site's own runs, the preview's must not.
            "live": if script.is_some() { "" } else { assets.live },
        }),
    );
    context
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

fn draw(
    views: &Views<'_>,
    theme: &Theme,
    shared: &Shared,
    assets: &Assets,
    (id, page, printed): (PageId, &Page, &[handouts::OnPaper]),
    today: Date,
) -> Result<String, Box<Finding>> {
    let language = &views.site.languages[page.language];
    let menu = language
        .nav
        .iter()
        .position(|entry| *entry == id)
        .or_else(|| language.nav.iter().position(|entry| page.ancestors.contains(entry)));
    let mut context = context(shared, assets, page.kind, menu.map_or(0, |at| at + 1));
    context.insert("languages", &views.languages(page.language, &views.addresses(&page.alternates)));
    let body = assemble(theme, &page.html, &page.inserts, "box", &shared.words)?;
    context.insert("page", &views.page(page, body, printed.to_vec()));
    if page.kind == PageKind::Search {
        context.insert("search", &serde_json::json!({ "index": views.href(search::FOLDER) }));
    }
    if let Some(wanted) = &page.front.checker
        && let Some(held) = views.site.checkers.iter().find(|known| known.checker.id == wanted.value)
    {
        if page.kind == PageKind::Proof {
            let view = proof::view(views, page, held, today);
            context.insert_value("proof", view.expect("BUG: the page is made only for what is proved"));
        } else if let Some(view) = checker::view(views, theme, page, held, &shared.words)? {
            context.insert_value("checker", view);
        }
    }
    theme.render(&format!("layouts/{}.html", layout_of(page.kind)), &context)
}

fn not_found(
    views: &Views<'_>,
    theme: &Theme,
    shared: &Shared,
    assets: &Assets,
    number: usize,
) -> Result<(String, String), Box<Finding>> {
    let name = format!("{}404.html", folder_of(views.site, number));
    let mut context = context(shared, assets, PageKind::NotFound, 0);
    context.insert("languages", &views.languages(number, &[]));
    let title = views.word(number, "not_found_title");
    context.insert("page", &views.made(number, PageKind::NotFound, title, &format!("/{name}")));
    Ok((name, theme.render("layouts/not-found.html", &context)?))
}

/// The plain page beside the report. `inspection`: what was read, without the reports themselves.
fn privacy_page(
    views: &Views<'_>,
    theme: &Theme,
    shared: &Shared,
    assets: &Assets,
    number: usize,
    inspection: &privacy::Inspection,
) -> Result<(String, String), Box<Finding>> {
    let url = privacy_url(views.site, number);
    let word = |key: &str| views.word(number, key);
    let count = |key: &str, count: usize| word(key).replace("{count}", &count.to_string());
    let search = views.site.settings.search.then(|| word("privacy_report_search").to_owned());
    let handouts =
        (inspection.handouts() > 0).then(|| count("privacy_report_handouts", inspection.handouts()));
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
    let mut context = context(shared, assets, PageKind::About, 0);
    let addresses = privacy_urls(views.site);
    context.insert("languages", &views.languages(number, &addresses));
    let title = word("privacy_report_title");
    context.insert("page", &views.report(number, title, word("privacy_report_summary"), &addresses, &body));
    Ok((file_of(&url), theme.render("layouts/page.html", &context)?))
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
