//! Bytes become pieces with places: front matter, Markdown, data files. Never fails; bad input becomes findings.
//!
//! 1. `site.toml` says which languages there are;
//! 2. the data files are read;
//! 3. the pages are read, each by itself, in parallel;
//! 4. of the pictures only the head is read.

pub mod containers;
pub mod data;
pub mod front_matter;
pub mod library;
pub mod markdown;
pub mod settings;
pub mod toml;
pub mod yaml;

use crate::finding::{Finding, Findings};
use crate::picture::{self, Picture};
use crate::source::{FileId, Place, SourceFile, SourceTree};
use data::Table;
use front_matter::FrontMatter;
use library::{Fact, Interface, Person, Sources, TagWords, Term};
use markdown::Body;
use rayon::prelude::*;
use settings::Settings;
use std::collections::BTreeMap;

/// Every input file, understood by itself. Nothing here knows of anything else here.
#[derive(Debug)]
pub struct Parsed {
    /// `site.toml`.
    pub settings: Settings,
    /// `facts.toml`, by name.
    pub facts: BTreeMap<String, Fact>,
    /// `evidence.toml`.
    pub sources: Sources,
    /// `people.toml`, by id.
    pub people: BTreeMap<String, Person>,
    /// One for each language of the settings, in their order.
    pub words: Vec<Words>,
    /// Every page that could be read, by language and path.
    pub pages: Vec<ParsedPage>,
    /// Pages that could not be read. They are told of already; links to them are not broken.
    pub unread: Vec<(usize, String)>,
    /// Pictures and other files for readers, by their path below `content/`: `images/door.svg`.
    pub files: Vec<(String, FileId)>,
    /// Those of them that are meant to be pictures; `None` where one cannot be shown, which is told already.
    pub pictures: BTreeMap<FileId, Option<Picture>>,
}

/// What belongs to one language.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// `interface.toml`.
    pub interface: Interface,
    /// `glossary.toml`.
    pub glossary: Vec<Term>,
    /// `tags.toml`, by id. Absent where there is no such file.
    pub tags: Option<BTreeMap<String, TagWords>>,
}

/// One page file.
#[derive(Clone, Debug)]
pub struct ParsedPage {
    /// The file.
    pub file: FileId,
    /// Its language, by number in the settings.
    pub language: usize,
    /// Its path inside the language's `pages/`, with a slash in front: `/visit/prepare.md`.
    pub path: String,
    /// Its front matter.
    pub front: FrontMatter,
    /// Its text.
    pub body: Body,
    /// Where the text stands in the file, in bytes.
    pub text: std::ops::Range<usize>,
}

/// Reads `site.toml` alone, without complaint.
pub fn settings(sources: &SourceTree) -> Settings {
    let mut ignored = Findings::new();
    let (table, start) = data_file(sources, "content/site.toml", &mut ignored);
    settings::read(table.as_ref(), start.unwrap_or(Place::start_of(FileId(0))), &mut ignored)
}

/// Reads every file of the site.
pub fn parse(sources: &SourceTree) -> (Parsed, Findings) {
    let mut findings = Findings::new();

    // 1. Which languages.
    let settings = {
        let (table, start) = data_file(sources, "content/site.toml", &mut findings);
        settings::read(table.as_ref(), start.unwrap_or(Place::start_of(FileId(0))), &mut findings)
    };
    let codes: Vec<String> = settings.languages.iter().map(|language| language.code.clone()).collect();

    // 2. The data files.
    let (facts, _) = data_file(sources, "content/facts.toml", &mut findings);
    let facts = facts.map(|table| library::facts(&table, &codes, &mut findings)).unwrap_or_default();
    let (evidence, _) = data_file(sources, "content/evidence.toml", &mut findings);
    let library = evidence.map(|table| library::sources(&table, &mut findings)).unwrap_or_default();
    let (people, _) = data_file(sources, "content/people.toml", &mut findings);
    let people = people.map(|table| library::people(&table, &mut findings)).unwrap_or_default();
    let words = codes
        .iter()
        .map(|code| {
            let (table, _) = data_file(sources, &format!("content/{code}/interface.toml"), &mut findings);
            let interface = table.map(|table| library::interface(&table, &mut findings)).unwrap_or_default();
            let (table, _) = data_file(sources, &format!("content/{code}/glossary.toml"), &mut findings);
            let glossary = table.map(|table| library::glossary(&table, &mut findings)).unwrap_or_default();
            let (table, _) = data_file(sources, &format!("content/{code}/tags.toml"), &mut findings);
            let tags = table.map(|table| library::tags(&table, &mut findings));
            Words { interface, glossary, tags }
        })
        .collect();

    // 3. The pages.
    let mut files = Vec::new();
    let mut page_files = Vec::new();
    for (id, file) in sources.under("content") {
        match place_of(&file.path, &codes) {
            Room::Page(language, path) => page_files.push((id, file, language, path)),
            Room::File(path) => files.push((path, id)),
            Room::Data => {}
            Room::Nowhere(help) => findings.push(
                Finding::warning(
                    "file-in-no-place",
                    Place::start_of(id),
                    "This file lies where nothing reads it",
                )
                .help(help),
            ),
        }
    }
    let read: Vec<(usize, String, Option<ParsedPage>, Findings)> = page_files
        .into_par_iter()
        .map(|(id, file, language, path)| {
            let mut findings = Findings::new();
            let english = codes[language].split('-').next() == Some("en");
            let page = page(id, file, language, &path, english, &mut findings);
            (language, path, page, findings)
        })
        .collect();
    let mut pages = Vec::with_capacity(read.len());
    let mut unread = Vec::new();
    for (language, path, page, more) in read {
        findings.extend(more);
        match page {
            Some(page) => pages.push(page),
            None => unread.push((language, path)),
        }
    }
    pages.sort_by(|a, b| (a.language, &a.path).cmp(&(b.language, &b.path)));

    // 4. The heads of the pictures.
    let heads: Vec<_> = files
        .par_iter()
        .filter_map(|(path, id)| Some((*id, picture::read(path, &sources.file(*id).bytes)?)))
        .collect();
    let mut pictures = BTreeMap::new();
    for (id, head) in heads {
        pictures.insert(id, head.map_err(|fault| findings.push(fault.finding(id))).ok());
    }

    let parsed = Parsed { settings, facts, sources: library, people, words, pages, unread, files, pictures };
    (parsed, findings)
}

/// Where a file of `content/` belongs.
enum Room {
    Page(usize, String),
    File(String),
    Data,
    Nowhere(String),
}

fn place_of(path: &str, languages: &[String]) -> Room {
    let rest = path.strip_prefix("content/").unwrap_or(path);
    let name = rest.rsplit('/').next().unwrap_or(rest);
    if name.starts_with('.') || name == "README.md" || name.ends_with('~') {
        return Room::Data;
    }
    let (top, below) = rest.split_once('/').unwrap_or(("", rest));
    match top {
        "" => match below {
            "site.toml" | "facts.toml" | "evidence.toml" | "people.toml" => Room::Data,
            _ => Room::Nowhere("Pages belong into a language's folder: `content/en/pages/`".to_owned()),
        },
        "checkers" => Room::Data,
        "images" => Room::File(rest.to_owned()),
        language => match languages.iter().position(|code| code == language) {
            Some(number) => {
                if let Some(page) = below.strip_prefix("pages/") {
                    if page.ends_with(".md") {
                        return Room::Page(number, format!("/{page}"));
                    }
                    return Room::Nowhere(
                        "Pages end in `.md`; pictures belong into `content/images/`".to_owned(),
                    );
                }
                match below {
                    "interface.toml" | "glossary.toml" | "tags.toml" => Room::Data,
                    _ if below.starts_with("checkers/") => Room::Data,
                    _ => Room::Nowhere(format!("Pages belong into `content/{language}/pages/`")),
                }
            }
            None => Room::Nowhere(format!(
                "If `{language}` is a language, add it to site.toml: `[languages.{language}]`"
            )),
        },
    }
}

/// The text of a file, or why it cannot be read as text.
fn text_of<'s>(id: FileId, file: &'s SourceFile, findings: &mut Findings) -> Option<&'s str> {
    match std::str::from_utf8(&file.bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let utf16 = file.bytes.starts_with(&[0xff, 0xfe]) || file.bytes.starts_with(&[0xfe, 0xff]);
            let at = if utf16 { 0 } else { error.valid_up_to() };
            findings.push(
                Finding::error(
                    "not-utf8",
                    Place::new(id, at..at),
                    "This file was saved in an old text encoding, so letters such as é or ñ cannot be read",
                )
                .help("In your editor choose Save As, encoding UTF-8"),
            );
            None
        }
    }
}

fn data_file(sources: &SourceTree, path: &str, findings: &mut Findings) -> (Option<Table>, Option<Place>) {
    let Some((id, file)) = sources.find(path) else { return (None, None) };
    let start = Place::start_of(id);
    let Some(text) = text_of(id, file, findings) else { return (None, Some(start)) };
    let base = if text.starts_with('\u{feff}') { 3 } else { 0 };
    (toml::read(&text[base..], id, base, findings), Some(start))
}

fn page(
    id: FileId,
    file: &SourceFile,
    language: usize,
    path: &str,
    english: bool,
    findings: &mut Findings,
) -> Option<ParsedPage> {
    let text = text_of(id, file, findings)?;
    let fences = front_matter::fences(text, id, findings)?;
    let front = front_matter::read(text, &fences, id, findings);
    // The text is looked at even when the front matter is wrong: all mistakes in one run.
    let body = markdown::read(&text[fences.body.clone()], id, fences.body.start, english, findings);
    Some(ParsedPage { file: id, language, path: path.to_owned(), front: front?, body, text: fences.body })
}
