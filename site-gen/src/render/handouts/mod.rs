//! Pages on paper: for each page that `site.toml` names a PDF in normal and one in large print, in every language.
//!
//! A handout is taken over from an earlier build as a page is: when nothing that it is made from has changed.

pub(super) mod inside;
mod text;

use super::finish::Finish;
use super::pictures;
use super::view::Views;
use crate::cache::Key;
use crate::finding::{Finding, Findings, Severity};
use crate::link::{Page, PageId};
use crate::source::{Place, SourceTree};
use ::handouts::{Handout, Inline, Paper, PrintError, Size, Sources, Words};
use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use text::Around;

/// The folder of all handouts below the output folder.
pub(super) const FOLDER: &str = "handouts/";

/// A handout as its page's layout sees it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct OnPaper {
    url: String,
    /// Whether it is in large print.
    large: bool,
}

const SIZES: [Size; 2] = [Size::Normal, Size::Large];

/// The handouts of a page; none of most pages.
pub(super) fn on_paper(views: &Views<'_>, page: &Page) -> Vec<OnPaper> {
    let wanted = views.site.handouts.iter().any(|id| std::ptr::eq(views.site.page(*id), page));
    let link = |size| OnPaper { url: views.href(&file_of(views, page, size)), large: size == Size::Large };
    if wanted { SIZES.map(link).into() } else { Vec::new() }
}

/// Prints every handout that an earlier build did not print just so, and hands it on. `keys`: of each page, by number.
pub(super) fn add(
    views: &Views<'_>,
    sources: &SourceTree,
    keys: &[u128],
    today: Date,
    finish: &Finish<'_>,
    findings: &mut Findings,
) {
    let wanted: Vec<(PageId, Size)> =
        views.site.handouts.iter().flat_map(|id| SIZES.map(|size| (*id, size))).collect();
    let faults: Vec<Box<Finding>> = wanted
        .into_par_iter()
        .filter_map(|(id, size)| {
            let page = views.site.page(id);
            let name = file_of(views, page, size);
            let key = key(keys[id.0 as usize], size, today);
            if finish.keep(&name, key) {
                return None;
            }
            match print(views, sources, today, page, size) {
                Ok(pdf) => finish.put_for(&name, key, pdf),
                Err(fault) => return Some(fault),
            }
            None
        })
        .collect();
    for fault in faults {
        findings.push(*fault);
    }
}

/// `handouts/visit/prepare-en-large.pdf`.
fn file_of(views: &Views<'_>, page: &Page, size: Size) -> String {
    let code = &views.site.settings.languages[page.language].code;
    let end = if size == Size::Large { "-large" } else { "" };
    let stem = page.path.trim_start_matches('/').trim_end_matches(".md");
    format!("{FOLDER}{stem}-{code}{end}.pdf")
}

/// Of all that decides a handout's bytes: that of its page, and the day that stands on it.
fn key(page: u128, size: Size, today: Date) -> u128 {
    let mut key = Key::new("handout");
    key.number(u128::from(::handouts::RECIPE))
        .number(page)
        .flag(size == Size::Large)
        .text(&today.to_string());
    key.done()
}

fn print(
    views: &Views<'_>,
    sources: &SourceTree,
    today: Date,
    page: &Page,
    size: Size,
) -> Result<Vec<u8>, Box<Finding>> {
    let place = || Place::start_of(page.file.expect("BUG: only pages with a file have a handout"));
    let handout = handout(views, sources, today, page, size)?;
    let sheet = serde_json::to_string(&handout).expect("BUG: a handout is always JSON");
    if let Some(letter) = ::handouts::letters_missing(&sheet).first() {
        return Err(Box::new(letter_missing(views, sources, page, *letter)));
    }
    ::handouts::print(&handout).map_err(|error| {
        let title = &page.title;
        Box::new(match error {
            PrintError::AddressTooLong => Finding::error(
                "handout-address-too-long",
                place(),
                format!("The address of this page is too long for the code on its handout: {}", handout.address),
            )
            .help("Give the file and its folders shorter names"),
            PrintError::NoPress | PrintError::Refused(_) => Finding::error(
                "handout-not-printed",
                place(),
                format!("The handout of “{title}” could not be printed"),
            )
            .help(format!(
                "Take the page out of the handouts in content/site.toml, and report this with the page: {error}"
            )),
        })
    })
}

/// The words that stand on a handout or lead to one.
const WORDS: [&str; 8] = [
    "handout_title",
    "handout_normal",
    "handout_large",
    "handout_file",
    "handout_page",
    "handout_code",
    "handout_code_alt",
    "handout_from",
];

/// One finding for each language that has a handout and not the words for it. Asked before pages are drawn, whose links to
/// handouts need these words too.
pub(super) fn words_missing(views: &Views<'_>, sources: &SourceTree) -> Vec<Finding> {
    let languages: BTreeSet<usize> =
        views.site.handouts.iter().map(|id| views.site.page(*id).language).collect();
    let told = |language: usize| {
        let missing: Vec<&str> =
            WORDS.into_iter().filter(|key| views.word(language, key).is_empty()).collect();
        let path = format!("content/{}/interface.toml", views.site.settings.languages[language].code);
        let place = sources.find(&path).map(|(file, _)| Place::start_of(file));
        (!missing.is_empty()).then(|| Finding {
            code: "handout-words-missing",
            severity: Severity::Error,
            place: place.or_else(|| Some(views.site.settings.handouts.first()?.place.clone())),
            message: format!("There are handouts, and {path} has no words for them: {}", missing.join(", ")),
            help: Some("Copy these lines from content/en/interface.toml of the site that comes with the program, and translate each text".to_owned()),
        })
    };
    languages.into_iter().filter_map(told).collect()
}

/// What stands on a page's handout.
fn handout(
    views: &Views<'_>,
    sources: &SourceTree,
    today: Date,
    page: &Page,
    size: Size,
) -> Result<Handout, Box<Finding>> {
    let site = views.site;
    let language = page.language;
    let word = |key: &str| views.word(language, key).to_owned();
    let address = views.absolute(&page.url);
    let around =
        Around { words: &site.languages[language].words, origin: &site.settings.origin, address: &address };
    let file = page.file.expect("BUG: only pages with a file have a handout");
    let filled = site.text(page);
    let read = text::read(&filled.html, &filled.inserts, &around).map_err(|unknown| {
        Finding::error(
            "handout-cannot-show",
            Place::start_of(file),
            format!("The handout of this page cannot show a part of it: `{}`", unknown.0),
        )
        .help("Take the page out of the handouts in content/site.toml, and report this with the page")
    })?;
    let mut shown = BTreeMap::new();
    for (number, address) in read.pictures.iter().enumerate() {
        let name = address.strip_prefix(&site.settings.base_path).unwrap_or(address).replace("%20", " ");
        let Some(bytes) = pictures::at(site, sources, &name) else {
            let place = page.images.get(number).map_or(Place::start_of(file), |image| image.place.clone());
            return Err(Box::new(
                Finding::error(
                    "handout-cannot-show",
                    place,
                    format!("The handout of this page cannot show the picture `{address}`"),
                )
                .help("Show another picture here, or take the page out of the handouts in content/site.toml"),
            ));
        };
        shown.insert(number.to_string(), bytes);
    }
    let reviewed = page.is_clinical().then(|| match views.reviewed(page) {
        Some((who, on)) => format!("{} {who}, {on}", word("reviewed_by")),
        None => word("not_reviewed_short"),
    });
    let from = word("handout_from").replace("{date}", &views.date(language, today));
    Ok(Handout {
        language: site.settings.languages[language].code.clone(),
        paper: paper(&site.settings.country.value),
        size,
        title: page.title.clone(),
        summary: page.summary.clone(),
        site: site.settings.name.clone(),
        help: help(views, language),
        record: reviewed.into_iter().chain([from]).collect(),
        blocks: read.blocks,
        sources: Sources {
            title: word("sources_title"),
            lead: word("sources_lead"),
            entries: views.sources_in_words(page),
        },
        words: Words {
            page: word("handout_page"),
            code: word("handout_code"),
            code_alt: word("handout_code_alt"),
        },
        address,
        pictures: shown,
    })
}

/// The two lines that every page begins with.
fn help(views: &Views<'_>, language: usize) -> Vec<Vec<Inline>> {
    let help = views.help(language);
    let words = |key: &str| Inline::Text { text: format!("{} ", views.word(language, key)) };
    let call = |key: &str, href: &str| Inline::Strong {
        inner: vec![Inline::Link {
            to: help.get(href).cloned().unwrap_or_default(),
            inner: vec![Inline::Text { text: views.word(language, key).to_owned() }],
        }],
    };
    let gap = || Inline::Text { text: " ".to_owned() };
    vec![
        vec![words("help_danger"), call("help_danger_call", "emergency_href")],
        vec![
            words("help_crisis"),
            call("help_crisis_call", "crisis_href"),
            gap(),
            words("help_or"),
            call("help_crisis_text", "crisis_text_href"),
        ],
    ]
}

/// The paper that a country's printers hold.
fn paper(country: &str) -> Paper {
    const LETTER: [&str; 13] = ["US", "CA", "MX", "PR", "GT", "SV", "HN", "NI", "CR", "PA", "CO", "VE", "PH"];
    if LETTER.iter().any(|known| known.eq_ignore_ascii_case(country)) { Paper::Letter } else { Paper::A4 }
}

/// The finding about a sign that no font has, at the place where it was written.
fn letter_missing(views: &Views<'_>, sources: &SourceTree, page: &Page, letter: char) -> Finding {
    let code = &views.site.settings.languages[page.language].code;
    let words = format!("content/{code}/interface.toml");
    let others = [words.as_str(), "content/facts.toml", "content/evidence.toml", "content/site.toml"];
    let files = page.file.into_iter().chain(others.iter().filter_map(|path| Some(sources.find(path)?.0)));
    let written = files.into_iter().find_map(|file| {
        let text = std::str::from_utf8(&sources.file(file).bytes).ok()?;
        let at = text.find(letter)?;
        Some(Place::new(file, at..at + letter.len_utf8()))
    });
    let place =
        written.or(page.file.map(Place::start_of)).expect("BUG: only pages with a file have a handout");
    Finding::error(
        "handout-letter-missing",
        place,
        format!("The letters for handouts lack `{letter}`, which stands on the page “{}”", page.title),
    )
    .help("Write it in another way, or take the page out of the handouts in content/site.toml")
}
