//! Pages written for Zola or Hugo, as the content of a site of this program.
//!
//! ```text
//!   old folder ─discover▶ SourceTree ─plan▶ where each page goes ─carry▶ Moved { files, remarks }
//! ```
//!
//! What both sides know is carried over: addresses, titles, summaries, dates, tags, old addresses, links, pictures.
//! What has no place here is told with its file and line; nothing is left out in silence.

mod front;
mod text;

use crate::finding::Findings;
use crate::html::slug;
use crate::parse::data::{Kind, Table};
use crate::parse::front_matter::fences;
use crate::parse::{toml, yaml};
use crate::source::{FileId, SourceTree, line_column};
use std::collections::{BTreeMap, BTreeSet};

/// The files in which Zola and Hugo keep their settings, the likelier ones first.
pub const SETTINGS: [&str; 8] = [
    "zola.toml",
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "config.toml",
    "config.yaml",
    "config.yml",
    "config/_default/hugo.toml",
];

/// Endings of pictures that a page can show.
const PICTURES: [&str; 6] = ["png", "jpg", "jpeg", "webp", "gif", "svg"];

/// A site of another program in the files of this one.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Path inside `content/`, and bytes: pages, pictures, `site.toml`, names of tags.
    pub files: Vec<(String, Vec<u8>)>,
    /// Tags of the languages, the site's first one in front.
    pub languages: Vec<String>,
    /// How many pages came over.
    pub pages: usize,
    /// How many pictures.
    pub pictures: usize,
    /// What its authors should look at, by file and line.
    pub remarks: Vec<Remark>,
}

/// Something that did not come over as it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// The old file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What, and what to do, in one sentence.
    pub say: String,
}

/// What a link of the old site leads to: by old file and by old address, the path of the new page.
#[derive(Default)]
struct Places {
    /// `risks/bladder.md` (below the old `content/`) to `/risks/bladder.md`.
    by_file: BTreeMap<String, String>,
    /// `/risks/bladder/` to `/risks/bladder.md`.
    by_address: BTreeMap<String, String>,
}

/// One page on its way.
struct Page<'s> {
    file: FileId,
    /// Below the old `content/`: `risks/bladder.es.md`.
    old: &'s str,
    source: &'s str,
    language: usize,
    table: Table,
    body: std::ops::Range<usize>,
    /// `/risks/bladder.md`
    path: String,
    /// Whether it stands for its folder.
    section: bool,
}

/// Turns the files of an old site into those of a new one.
pub fn carry(old: &SourceTree) -> Moved {
    let settings = settings(old);
    let mut moved = Moved { languages: settings.languages.clone(), ..Moved::default() };
    let mut remarks = settings.remarks.clone();
    let pages = plan(old, &settings.languages, &mut remarks);
    let mut places = Places::default();
    for page in &pages {
        places.by_file.entry(page.old.to_owned()).or_insert_with(|| page.path.clone());
        places.by_address.entry(address(&page.path)).or_insert_with(|| page.path.clone());
    }
    let mut tags: BTreeMap<String, String> = BTreeMap::new();
    let mut written: BTreeSet<(usize, String)> = BTreeSet::new();
    for page in &pages {
        if !written.insert((page.language, page.path.clone())) {
            remarks.push(remark(old, page.file, 0, format!("Another page has the address {} already; this one is left out. Give it another name and move it by hand", address(&page.path))));
            continue;
        }
        let mut tell = |at: usize, say: String| remarks.push(remark(old, page.file, at, say));
        let front = front::write(page, &mut tags, &mut tell);
        let text = text::write(page, &places, &mut tell);
        let language = &settings.languages[page.language];
        moved.files.push((
            format!("{language}/pages{}", page.path),
            format!("---\n{front}---\n{text}").into_bytes(),
        ));
        moved.pages += 1;
    }
    // The other programs make the list of a folder without being asked; here it is a page that somebody writes.
    for (number, language) in settings.languages.iter().enumerate() {
        let own: Vec<String> =
            written.iter().filter(|(of, _)| *of == number).map(|(_, path)| path.clone()).collect();
        if own.is_empty() {
            continue;
        }
        for folder in own.iter().flat_map(|path| folders(path)).collect::<BTreeSet<_>>() {
            let path = format!("{folder}/index.md");
            if !own.contains(&path) && !own.contains(&format!("{folder}.md")) {
                let (kind, title) = match folder.rsplit('/').next().filter(|name| !name.is_empty()) {
                    None => ("home", settings.name.clone()),
                    Some(name) => ("section", super::title(name)),
                };
                let page = format!("---\ntitle: {}\nkind: {kind}\n---\n", front::quoted(&title));
                moved.files.push((format!("{language}/pages{path}"), page.into_bytes()));
                written.insert((number, path));
            }
        }
        if !tags.is_empty() {
            let names = tags.iter().map(|(id, title)| format!("[{id}]\ntitle = {}\n", toml_text(title)));
            moved
                .files
                .push((format!("{language}/tags.toml"), names.collect::<Vec<_>>().join("\n").into_bytes()));
        }
    }
    pictures(old, &mut moved, &mut remarks);
    let nav: Vec<&String> =
        written.iter().filter(|(number, path)| *number == 0 && is_top(path)).map(|(_, path)| path).collect();
    moved.files.push(("site.toml".to_owned(), site_toml(&settings, &nav, !tags.is_empty()).into_bytes()));
    moved.files.sort();
    remarks.sort();
    moved.remarks = remarks;
    moved
}

/// What the old settings say that a new site can keep.
struct OldSettings {
    name: String,
    base_url: String,
    languages: Vec<String>,
    remarks: Vec<Remark>,
}

fn settings(old: &SourceTree) -> OldSettings {
    let mut found = OldSettings {
        name: "Our guide".to_owned(),
        base_url: "https://example.org".to_owned(),
        languages: Vec::new(),
        remarks: Vec::new(),
    };
    let mut codes: Vec<String> = Vec::new();
    if let Some((file, source)) = SETTINGS.iter().find_map(|name| old.find(name)) {
        let text = String::from_utf8_lossy(&source.bytes);
        let mut findings = Findings::new();
        let read = if source.path.ends_with("toml") { toml::read } else { yaml::read };
        match read(&text, file, 0, &mut findings) {
            None => found.remarks.push(remark(
                old,
                file,
                0,
                "This file cannot be read; fill in content/site.toml by hand".to_owned(),
            )),
            Some(table) => {
                let text = |keys: &[&str]| keys.iter().find_map(|key| scalar(&table, key));
                found.name = text(&["title"]).unwrap_or(found.name);
                found.base_url = text(&["base_url", "baseURL", "baseurl"]).unwrap_or(found.base_url);
                codes.extend(text(&["default_language", "defaultContentLanguage"]));
                if let Some(Kind::Table(languages)) = table.get("languages").map(|value| &value.kind) {
                    codes.extend(languages.entries.iter().map(|entry| entry.key.clone()));
                }
            }
        }
    }
    if codes.is_empty() {
        codes.push("en".to_owned());
    }
    for code in codes {
        if oxilangtag::LanguageTag::parse(code.as_str()).is_ok() && !found.languages.contains(&code) {
            found.languages.push(code);
        }
    }
    found
}

/// Reads every page and decides where it goes.
fn plan<'s>(old: &'s SourceTree, languages: &[String], remarks: &mut Vec<Remark>) -> Vec<Page<'s>> {
    let mut pages = Vec::new();
    for (file, source) in old.under("content") {
        let below = source.path.strip_prefix("content/").unwrap_or(&source.path);
        let Some(stem) = below.strip_suffix(".md").or_else(|| below.strip_suffix(".markdown")) else {
            continue;
        };
        let mut tell = |say: &str| remarks.push(remark(old, file, 0, say.to_owned()));
        let Ok(text) = std::str::from_utf8(&source.bytes) else {
            tell("This file is not UTF-8 text and is left out. Save it as UTF-8 and move it by hand");
            continue;
        };
        let mut findings = Findings::new();
        let fenced = fences(text, file, &mut findings);
        let table = fenced.as_ref().and_then(|fenced| {
            let lines = text.get(fenced.front.clone())?;
            let read = if fenced.toml { toml::read } else { yaml::read };
            read(lines, file, fenced.front.start, &mut findings)
        });
        let (Some(fenced), Some(table)) = (fenced, table) else {
            tell(
                "The lines at the top of this page cannot be read, so it is left out. Mend them, or move it by hand",
            );
            continue;
        };
        let (language, stem) = language(stem, languages);
        let (path, section) = path(&stem, &table);
        pages.push(Page {
            file,
            old: below,
            source: text,
            language,
            table,
            body: fenced.body,
            path,
            section,
        });
    }
    pages
}

/// The language of a page, and its name without it: `about.es` or `es/about`.
fn language(stem: &str, languages: &[String]) -> (usize, String) {
    let by_code = |code: &str| languages.iter().position(|known| known == code);
    let (folder, name) = stem.rsplit_once('/').map_or(("", stem), |(folder, name)| (folder, name));
    if let Some((plain, code)) = name.rsplit_once('.')
        && let Some(number) = by_code(code)
    {
        return (number, format!("{folder}/{plain}").trim_start_matches('/').to_owned());
    }
    match stem.split_once('/') {
        Some((first, rest)) if by_code(first).is_some() => (by_code(first).unwrap_or(0), rest.to_owned()),
        _ => (0, stem.to_owned()),
    }
}

/// Where a page goes so that its address stays what it was, and whether it stands for its folder.
fn path(stem: &str, table: &Table) -> (String, bool) {
    let mut parts: Vec<&str> = stem.split('/').collect();
    let name = parts.pop().unwrap_or_default();
    let (section, bundle) = (name == "_index", name == "index");
    let given = ["path", "url"].iter().find_map(|key| scalar(table, key));
    let mut address: Vec<String> = match given {
        Some(given) => given.split('/').map(slug).collect(),
        None => {
            let mut address: Vec<String> = parts.into_iter().map(slug).collect();
            if !section && !bundle {
                address.push(slug(without_date(name)));
            }
            if let (Some(own), false) = (scalar(table, "slug"), section) {
                address.pop();
                address.push(slug(&own));
            }
            address
        }
    };
    address.retain(|part| !part.is_empty());
    let address = address.join("/");
    let section = section || address.is_empty();
    (
        if section { format!("/{address}/index.md").replace("//", "/") } else { format!("/{address}.md") },
        section,
    )
}

/// Zola leaves a day in front of a file's name out of the address.
fn without_date(name: &str) -> &str {
    let day = |text: &str| text.parse::<jiff::civil::Date>().is_ok();
    match name.get(..10).zip(name.get(10..)) {
        Some((date, rest)) if day(date) && rest.len() > 1 => rest.trim_start_matches(['-', '_']),
        _ => name,
    }
}

/// The address of a page: `/risks/bladder.md` is read at `/risks/bladder/`.
fn address(path: &str) -> String {
    let stem = path.strip_suffix("index.md").or_else(|| path.strip_suffix(".md")).unwrap_or(path);
    if stem.ends_with('/') { stem.to_owned() } else { format!("{stem}/") }
}

/// The folders above a page, the first one empty: `/a/b/c.md` is in "", `/a` and `/a/b`.
fn folders(path: &str) -> Vec<String> {
    path.match_indices('/').map(|(at, _)| path[..at].to_owned()).collect()
}

/// Whether a page is one step below the home page.
fn is_top(path: &str) -> bool {
    path != "/index.md"
        && path.trim_start_matches('/').trim_end_matches("/index.md").matches('/').count() == 0
}

fn pictures(old: &SourceTree, moved: &mut Moved, remarks: &mut Vec<Remark>) {
    for (file, source) in old.under("static").chain(old.under("content")) {
        let (room, below) = source.path.split_once('/').unwrap_or(("", &source.path));
        let ending = below.rsplit('.').next().unwrap_or_default().to_lowercase();
        if PICTURES.contains(&ending.as_str()) {
            moved.files.push((picture(below).trim_start_matches('/').to_owned(), source.bytes.clone()));
            moved.pictures += 1;
        } else if room == "static" || !matches!(ending.as_str(), "md" | "markdown") {
            remarks.push(remark(
                old,
                file,
                0,
                "This file is no page and no picture, and is left out".to_owned(),
            ));
        }
    }
}

/// Where a picture goes, as pages name it.
fn picture(below: &str) -> String {
    format!("/images/{}", below.strip_prefix("images/").unwrap_or(below))
}

fn site_toml(settings: &OldSettings, nav: &[&String], tags: bool) -> String {
    let mut text = format!(
        "# The site as a whole. Every line is safe to edit; run `site-gen check` afterwards.\n\n\
         name = {}\nbase_url = {}\ndefault_language = \"{}\"\ntheme = \"harbor\"\ncountry = \"US\"\n",
        toml_text(&settings.name),
        toml_text(&settings.base_url),
        settings.languages[0]
    );
    for language in &settings.languages {
        text += &format!("\n[languages.{language}]\nname = \"{language}\"\n");
    }
    text += "\n# Your clinic. Leave a slot empty (\"\") and the page says that it is not filled in yet.\n[clinic]\n\
             name = \"\"\nphone = \"\"\naddress = \"\"\nhours = \"\"\nemail = \"\"\n";
    text += &format!(
        "\n[build]\nsearch = true\ncompress = true\ntags = {tags}\n\n# The menu at the top, in this order.\n"
    );
    for page in nav {
        text += &format!("[[nav]]\npage = \"{page}\"\n\n");
    }
    text.trim_end().to_owned() + "\n"
}

fn toml_text(text: &str) -> String {
    ::toml::Value::String(text.to_owned()).to_string()
}

/// The text of one value; nothing for a list, a group or an empty text.
fn scalar(table: &Table, key: &str) -> Option<String> {
    match &table.get(key)?.kind {
        Kind::Scalar { text, .. } if !text.is_empty() => Some(text.clone()),
        _ => None,
    }
}

fn remark(old: &SourceTree, file: FileId, at: usize, say: String) -> Remark {
    let source = old.file(file);
    let line = std::str::from_utf8(&source.bytes).map_or(1, |text| line_column(text, at).0);
    Remark { file: source.path.clone(), line, say }
}

#[cfg(test)]
mod tests;
