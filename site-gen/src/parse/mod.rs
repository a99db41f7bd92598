//! Bytes become pieces with places: front matter, Markdown, data files. Never fails; bad input becomes findings.
//!
//! 1. `site.toml` says which languages there are;
//! 2. the data files are read;
//! 3. the pages are read, each by itself, in parallel;
//! 4. of the pictures only the head is read.

pub mod chance;
pub mod containers;
pub mod data;
pub mod front_matter;
pub mod library;
pub mod markdown;
pub mod settings;
mod slips;
pub mod toml;
pub mod yaml;

use crate::cache::{Cache, Key};
use crate::finding::{Finding, Findings};
use crate::picture::{self, Picture};
use crate::source::{FileId, Place, SourceFile, SourceTree, Unread, composed};
use chance::ChanceUse;
use containers::Container;
use data::Table;
use front_matter::{FrontMatter, PageKind};
use library::{Fact, Interface, Person, Sources, TagWords, Term};
use markdown::{Body, Citation, Heading, Hole, HoleKind, ImageUse, LinkUse, ListUse, TableUse};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use settings::Settings;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

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
    /// A digest of every file of the content that is no page: its path and its bytes.
    pub beside: u128,
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

/// What the other pages, and those who look for mistakes, may ask about a page: all but its text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Head {
    /// Its front matter.
    pub front: FrontMatter,
    /// Every heading in order.
    pub headings: Vec<Heading>,
    /// Every link in order, as written.
    pub links: Vec<LinkUse>,
    /// Every image in order, as written.
    pub images: Vec<ImageUse>,
    /// Every citation in order; several for `[@A; @B]`.
    pub citations: Vec<Citation>,
    /// Which containers it has, with their places.
    pub containers: Vec<(Container, Place)>,
    /// Every list that stands in no other list, in order.
    pub lists: Vec<ListUse>,
    /// Every table in order.
    pub tables: Vec<TableUse>,
    /// Every line of a `chance` container in order.
    pub chances: Vec<ChanceUse>,
    /// Whether it has notes at its foot.
    pub notes: bool,
    /// What it cites, in the order of their numbers (the first is number 1).
    pub cited: Vec<Cited>,
}

/// One entry of a page's list of sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    /// Evidence or publication id.
    pub id: String,
    /// How often the text leads to it. 0 where only the front matter names it.
    pub uses: u32,
}

/// The text of a page, with holes for what belongs to other pages.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// HTML without what the holes stand for.
    pub html: String,
    /// Ordered by place in `html`.
    pub holes: Vec<Hole>,
    /// Stretches of `html` that are plain words where a glossary term may be linked.
    pub prose: Vec<Range<u32>>,
}

impl Head {
    /// Divides what was read of a page.
    pub fn of(front: FrontMatter, body: Body) -> (Head, Text) {
        let Body { html, holes, prose, headings, links, images, citations, containers, .. } = body;
        let Body { lists, tables, chances, notes, .. } = body;
        let mut cited: Vec<Cited> = Vec::new();
        let mut cite = |id: &str, uses| match cited.iter_mut().find(|cited| cited.id == id) {
            Some(cited) => cited.uses += uses,
            None => cited.push(Cited { id: id.to_owned(), uses }),
        };
        for hole in &holes {
            if let HoleKind::Cite(range) = &hole.kind {
                let group = &citations[range.start as usize..range.end as usize];
                group.iter().for_each(|citation| cite(&citation.id, 1));
            }
        }
        front.sources.iter().for_each(|source| cite(&source.value, 0));
        let head = Head {
            front,
            headings,
            links,
            images,
            citations,
            containers,
            lists,
            tables,
            chances,
            notes,
            cited,
        };
        (head, Text { html, holes, prose })
    }

    /// The head of a page that the generator makes.
    pub fn made(front: FrontMatter) -> Self {
        Head::of(front, Body::default()).0
    }
}

/// What was read of one page file, all but its text. It depends on the file's bytes, its path, its number, and its
/// language's number and code; on nothing else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Read {
    /// The file.
    pub file: FileId,
    /// The digest of its bytes.
    pub source: u128,
    /// Its language, by number in the settings.
    pub language: usize,
    /// The code of its language.
    pub code: String,
    /// Its path inside the language's `pages/`, with a slash in front: `/visit/prepare.md`.
    pub path: String,
    /// What others may ask about it.
    #[serde(with = "shared")]
    pub head: Arc<Head>,
    /// What there is to say about its form.
    #[serde(skip)]
    pub findings: Vec<Finding>,
    /// Where the text stands in the file, in bytes.
    pub text: Range<usize>,
}
/// The largest page or data file, in bytes: as long as a thick book.
const LARGEST_TEXT: usize = 2 << 20;

/// What may lie in `content/images/`, by the end of its name: pictures, those among them that are refused with what to do,
/// and documents. No browser runs any of these as part of the site.
const FOR_READERS: [&str; 34] = [
    "svg", "png", "jpg", "jpeg", "webp", "heic", "heif", "avif", "gif", "bmp", "tif", "tiff", "dng", "mov",
    "mp4", "m4v", "avi", "webm", "pdf", "txt", "csv", "ics", "vcf", "rtf", "docx", "xlsx", "pptx", "odt",
    "ods", "odp", "epub", "mp3", "m4a", "ogg",
];

/// One page file.
#[derive(Clone, Debug)]
pub struct ParsedPage {
    /// What was read of it.
    pub read: Arc<Read>,
    /// Its text. Absent where nobody has needed it yet: [`text_again`] reads it.
    pub body: Option<Text>,
}

impl std::ops::Deref for ParsedPage {
    type Target = Read;

    fn deref(&self) -> &Read {
        &self.read
    }
}

/// A head is written down like any other value.
mod shared {
    use super::{Arc, Deserialize, Head, Serialize};

    pub(super) fn serialize<S: serde::Serializer>(head: &Arc<Head>, to: S) -> Result<S::Ok, S::Error> {
        Head::serialize(head, to)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Arc<Head>, D::Error> {
        Head::deserialize(from).map(Arc::new)
    }
}

/// Reads `site.toml` alone, without complaint.
pub fn settings(sources: &SourceTree) -> Settings {
    let mut ignored = Findings::new();
    let (table, start) = data_file(sources, "content/site.toml", &mut ignored);
    settings::read(table.as_ref(), start.unwrap_or(Place::start_of(FileId(0))), &mut ignored)
}

/// Reads every file of the site; of a page that `cache` knows, nothing.
pub fn parse(sources: &SourceTree, cache: &Cache) -> (Parsed, Findings) {
    let mut findings = Findings::new();

    // 1. Which languages.
    let settings = {
        let (table, start) = data_file(sources, "content/site.toml", &mut findings);
        settings::read(table.as_ref(), start.unwrap_or(Place::start_of(FileId(0))), &mut findings)
    };
    let codes: Vec<String> = settings.languages.iter().map(|language| language.code.clone()).collect();

    // 2. The data files.
    let (facts, _) = data_file(sources, "content/facts.toml", &mut findings);
    // A language without a folder has one finding of its own; that each fact is missing would hide it.
    let begun: Vec<String> = codes
        .iter()
        .filter(|code| sources.under(&format!("content/{code}")).next().is_some())
        .cloned()
        .collect();
    let facts = facts.map(|table| library::facts(&table, &begun, &mut findings)).unwrap_or_default();
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
    let mut beside = Key::new("beside");
    let mut unread = Vec::new();
    for (id, why) in sources.unread() {
        findings.push(not_read(id, why));
        beside.text(&sources.file(id).path);
        // Links to them are not broken.
        match place_of(&sources.file(id).path, &codes) {
            Room::Page(language, path) => unread.push((language, path)),
            Room::File(path) => files.push((path, id)),
            Room::Data | Room::Nowhere(_) => {}
        }
    }
    let content: Vec<(FileId, &SourceFile)> =
        sources.under("content").filter(|(id, _)| !sources.is_unread(*id)).collect();
    let rooms: Vec<Room> = content.par_iter().map(|(_, file)| place_of(&file.path, &codes)).collect();
    for ((id, file), room) in content.into_iter().zip(rooms) {
        if !matches!(room, Room::Page(..)) {
            beside.text(&file.path).number(sources.digest(id));
        }
        match room {
            Room::Page(language, path) => page_files.push((id, language, path)),
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
    let read: Vec<Result<ParsedPage, (usize, String, Findings)>> = page_files
        .into_par_iter()
        .map(|(id, language, path)| {
            let (source, code) = (sources.digest(id), &codes[language]);
            let same = |known: &&Arc<Read>| {
                (known.file, known.source, known.language) == (id, source, language)
                    && (&known.path, &known.code) == (&path, code)
            };
            if let Some(known) = cache.pages().read.get(&id).filter(same) {
                return Ok(ParsedPage { read: Arc::clone(known), body: None });
            }
            let mut findings = Findings::new();
            let Some((head, body, text)) = page(sources, id, code, &mut findings) else {
                return Err((language, path, findings));
            };
            let (head, findings, code) = (Arc::new(head), findings.into_vec(), code.clone());
            let read = Read { file: id, source, language, code, path, head, findings, text };
            Ok(ParsedPage { read: Arc::new(read), body: Some(body) })
        })
        .collect();
    let mut pages = Vec::with_capacity(read.len());
    for page in read {
        match page {
            Ok(page) => {
                findings.repeat(&page.findings);
                pages.push(page);
            }
            Err((language, path, more)) => {
                findings.extend(more);
                unread.push((language, path));
            }
        }
    }
    pages.sort_by(|a, b| (a.language, &a.path).cmp(&(b.language, &b.path)));

    // 4. The heads of the pictures.
    let heads: Vec<_> = files
        .par_iter()
        .filter(|(_, id)| !sources.is_unread(*id))
        .filter_map(|(path, id)| Some((*id, picture::read(path, &sources.file(*id).bytes)?)))
        .collect();
    let mut pictures: BTreeMap<FileId, Option<Picture>> =
        sources.unread().map(|(id, _)| (id, None)).collect();
    for (id, head) in heads {
        pictures.insert(id, head.map_err(|fault| findings.push(fault.finding(id))).ok());
    }

    let beside = beside.done();
    let parsed =
        Parsed { settings, facts, sources: library, people, words, pages, unread, files, pictures, beside };
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
    let path = composed(path);
    let rest = path.strip_prefix("content/").unwrap_or(&path);
    let name = rest.rsplit('/').next().unwrap_or(rest);
    // Files in capitals, such as README.md, are for those who work here.
    let for_staff = name
        .strip_suffix(".md")
        .is_some_and(|stem| !stem.is_empty() && stem.chars().all(|c| c.is_ascii_uppercase() || c == '-'));
    if name.starts_with('.') || for_staff || name.ends_with('~') {
        return Room::Data;
    }
    let (top, below) = rest.split_once('/').unwrap_or(("", rest));
    match top {
        "" => match below {
            "site.toml" | "facts.toml" | "evidence.toml" | "people.toml" => Room::Data,
            _ => Room::Nowhere("Pages belong into a language's folder: `content/en/pages/`".to_owned()),
        },
        "checkers" => Room::Data,
        "images" => {
            let kind = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
            if FOR_READERS.contains(&kind.as_str()) {
                return Room::File(rest.to_owned());
            }
            Room::Nowhere(
                "`content/images/` holds pictures (svg, png, jpg, webp) and documents such as pdf. Other files could do \
                 something in a reader's browser and are not published: take this one away"
                    .to_owned(),
            )
        }
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

/// What to say of a file that nobody can have meant to be a text of the site.
pub(crate) fn too_large(id: FileId, file: &SourceFile) -> Option<Finding> {
    (file.bytes.len() > LARGEST_TEXT).then(|| {
        let megabytes = file.bytes.len().div_ceil(1 << 20);
        Finding::error(
            "file-too-large",
            Place::start_of(id),
            format!("This file has {megabytes} MB, and {} is the most", LARGEST_TEXT >> 20),
        )
        .help("Is it what you meant to put here? Divide what is too long for one page into several pages")
    })
}

/// Why a file or a folder has nothing in it for readers.
fn not_read(id: FileId, why: Unread) -> Finding {
    match why {
        Unread::Link => Finding::error(
            "file-is-a-link",
            Place::start_of(id),
            "This is a link to another place on this computer, and links are not followed",
        )
        .help("Put the file or the folder itself here, or take the link out"),
        Unread::Refused => Finding::error(
            "file-unreadable",
            Place::start_of(id),
            "This computer does not let the program read this file or folder",
        )
        .help("Give yourself the right to read it, or ask whoever looks after the computer"),
    }
}

/// The text of a file, or why it cannot be read as text. What was not read at all is told already.
pub(crate) fn text_of<'s>(sources: &'s SourceTree, id: FileId, findings: &mut Findings) -> Option<&'s str> {
    if sources.is_unread(id) {
        return None;
    }
    let file = sources.file(id);
    if let Some(finding) = too_large(id, file) {
        findings.push(finding);
        return None;
    }
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
    let Some((id, _)) = sources.find(path) else { return (None, None) };
    let start = Place::start_of(id);
    let Some(text) = text_of(sources, id, findings) else { return (None, Some(start)) };
    (toml::read(text, id, 0, findings), Some(start))
}

fn page(
    sources: &SourceTree,
    id: FileId,
    code: &str,
    findings: &mut Findings,
) -> Option<(Head, Text, Range<usize>)> {
    let text = text_of(sources, id, findings)?;
    let fences = front_matter::fences(text, id, findings)?;
    let front = front_matter::read(text, &fences, id, findings);
    // The text is looked at even when the front matter is wrong: all mistakes in one run.
    let english = is_english(code);
    let body = markdown::read(&text[fences.body.clone()], id, fences.body.start, english, findings);
    let (head, body) = Head::of(front?, body);
    Some((head, body, fences.body))
}

/// Reads the text of a page once more: `text` says where it stands in the file. What is wrong with it was told the first
/// time.
pub fn text_again(id: FileId, file: &SourceFile, text: Range<usize>, code: &str) -> Text {
    let source = file.bytes.get(text.clone()).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let front = FrontMatter::made(PageKind::About, String::new());
    let source = source.unwrap_or_default();
    Head::of(front, markdown::read(source, id, text.start, is_english(code), &mut Findings::new())).1
}

/// Whether straight quotes become English ones.
pub fn is_english(code: &str) -> bool {
    code.split('-').next() == Some("en")
}
