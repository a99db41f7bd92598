//! Pages on paper: for each page that `site.toml` names a PDF in normal and one in large print, in every language.
//!
//! What the next build needs to take one over is kept under the sum of all that stands on it.

pub(super) mod inside;
mod text;

use super::view::Views;
use crate::emit::OutputTree;
use crate::finding::{Finding, Findings, Severity};
use crate::link::{Page, PageId};
use crate::source::{Place, SourceTree};
use handouts::{Handout, Inline, Paper, PrintError, Printed, Size, Sources, Words};
use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use text::Around;

/// The folder of all handouts below the output folder.
pub(super) const FOLDER: &str = "handouts/";
/// The folder in which a build leaves the handouts for the next one, from the site's root.
pub(crate) const KEPT: &str = ".cache/handouts";

/// A handout as its page's layout sees it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct OnPaper {
    url: String,
    /// Whether it is in large print.
    large: bool,
    /// What it is, in words: `PDF, 2 pages, 45 kB`.
    file: String,
}

/// A finished handout with what is to be done with it.
struct Made {
    name: String,
    key: String,
    printed: Printed,
    large: bool,
}

/// Prints every handout and adds it to the output, which holds the pictures already.
pub(super) fn add(
    views: &Views<'_>,
    sources: &SourceTree,
    today: Date,
    output: &mut OutputTree,
    findings: &mut Findings,
) -> BTreeMap<PageId, Vec<OnPaper>> {
    let site = views.site;
    let unsaid = words_missing(views, sources);
    if !unsaid.is_empty() {
        unsaid.into_iter().for_each(|finding| findings.push(finding));
        return BTreeMap::new();
    }
    let made: Vec<(PageId, Result<Vec<Made>, Box<Finding>>)> = site
        .handouts
        .par_iter()
        .map(|id| {
            let page = site.page(*id);
            let both = [Size::Normal, Size::Large];
            (*id, both.into_par_iter().map(|size| make(views, sources, today, output, page, size)).collect())
        })
        .collect();
    let mut of_pages = BTreeMap::new();
    for (id, made) in made {
        let made = match made {
            Ok(made) => made,
            Err(finding) => {
                findings.push(*finding);
                continue;
            }
        };
        let mut on_paper = Vec::new();
        for Made { name, key, printed, large } in made {
            let url = views.href(&name);
            let file = file_words(views, site.page(id).language, &printed);
            on_paper.push(OnPaper { url, large, file });
            output.kept.insert(format!("{KEPT}/{key}"), to_bytes(&printed));
            output.files.insert(name, printed.pdf);
        }
        of_pages.insert(id, on_paper);
    }
    of_pages
}

fn make(
    views: &Views<'_>,
    sources: &SourceTree,
    today: Date,
    output: &OutputTree,
    page: &Page,
    size: Size,
) -> Result<Made, Box<Finding>> {
    let place = || Place::start_of(page.file.expect("BUG: only pages with a file have a handout"));
    let handout = handout(views, today, output, page, size)?;
    let sheet = serde_json::to_string(&handout).expect("BUG: a handout is always JSON");
    if let Some(letter) = handouts::letters_missing(&sheet).first() {
        return Err(Box::new(letter_missing(views, sources, page, *letter)));
    }
    let key = key(&handout, &sheet);
    let kept = sources.find(&format!("{KEPT}/{key}")).and_then(|(_, kept)| from_bytes(&kept.bytes));
    let printed = kept.map_or_else(|| handouts::print(&handout), Ok).map_err(|error| {
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
    })?;
    let code = &views.site.settings.languages[page.language].code;
    let large = size == Size::Large;
    let end = if large { "-large" } else { "" };
    let stem = page.path.trim_start_matches('/').trim_end_matches(".md");
    Ok(Made { name: format!("{FOLDER}{stem}-{code}{end}.pdf"), key, printed, large })
}

/// The words that stand on a handout or lead to one.
const WORDS: [&str; 9] = [
    "handout_title",
    "handout_normal",
    "handout_large",
    "handout_file_one",
    "handout_file_many",
    "handout_page",
    "handout_code",
    "handout_code_alt",
    "handout_from",
];

/// One finding for each language that has a handout and not the words for it.
fn words_missing(views: &Views<'_>, sources: &SourceTree) -> Vec<Finding> {
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
    today: Date,
    output: &OutputTree,
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
    let read = text::read(&page.html, &page.inserts, &around).map_err(|unknown| {
        Finding::error(
            "handout-cannot-show",
            Place::start_of(file),
            format!("The handout of this page cannot show a part of it: `{}`", unknown.0),
        )
        .help("Take the page out of the handouts in content/site.toml, and report this with the page")
    })?;
    let mut pictures = BTreeMap::new();
    for (number, address) in read.pictures.iter().enumerate() {
        let name = address.strip_prefix(&site.settings.base_path).unwrap_or(address).replace("%20", " ");
        let Some(bytes) = output.files.get(&name) else {
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
        pictures.insert(number.to_string(), bytes.clone());
    }
    let reviewed = page.kind.is_clinical().then(|| match views.reviewed(page) {
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
        pictures,
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

/// `PDF, 2 pages, 45 kB`.
fn file_words(views: &Views<'_>, language: usize, printed: &Printed) -> String {
    let key = if printed.pages == 1 { "handout_file_one" } else { "handout_file_many" };
    views
        .word(language, key)
        .replace("{pages}", &printed.pages.to_string())
        .replace("{size}", &printed.pdf.len().div_ceil(1000).to_string())
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

/// The name under which a handout is kept: a sum of all that decides its bytes.
fn key(handout: &Handout, sheet: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(handouts::RECIPE.to_le_bytes());
    digest.update(sheet);
    for bytes in handout.pictures.values() {
        digest.update(Sha256::digest(bytes));
    }
    digest.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}

/// How a handout is kept: the number of its pages, a sum over the rest, the PDF.
fn to_bytes(printed: &Printed) -> Vec<u8> {
    let pages = u32::try_from(printed.pages).unwrap_or(u32::MAX);
    [&pages.to_le_bytes()[..], &Sha256::digest(&printed.pdf)[..], &printed.pdf].concat()
}

/// A kept handout. Nothing if it was damaged.
fn from_bytes(bytes: &[u8]) -> Option<Printed> {
    let (pages, rest) = bytes.split_first_chunk::<4>()?;
    let (sum, pdf) = rest.split_first_chunk::<32>()?;
    let whole = Sha256::digest(pdf)[..] == sum[..];
    let pages = usize::try_from(u32::from_le_bytes(*pages)).ok()?;
    whole.then(|| Printed { pdf: pdf.to_vec(), pages })
}
