//! The index that readers search: made by Pagefind from the pages as they were drawn, run in the reader's browser.
//!
//! Everything in `<main>` is found, save for what stands in a `nav`, `footer` or `form`, or in something that says
//! `data-pagefind-ignore`. An explained word of the glossary is found by itself, and so is each page that uses it, by
//! all the names that the glossary has for it.

use crate::html::{escape, plain};
use crate::link::{Site, explained};
use crate::parse::front_matter::PageKind;
use crate::render::file_of;
use hashbrown::HashMap;
use pagefind::api::{PagefindIndex, SyntheticFile};
use pagefind::options::PagefindServiceConfig;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The folder of the index in the output.
pub const FOLDER: &str = "pagefind/";
/// The script of the search page.
pub const SCRIPT: &str = include_str!("search.js");

/// What finds the words, for the privacy report.
pub const ENGINE: &str = "Pagefind 1.6.0";
/// What its programs may do, for the privacy report.
pub const MAY: &str = "ask this site, and nobody else, for the files of its index (connect-src 'self')";
/// On which terms it is given on.
pub const LICENSE: &str = include_str!("license.txt");
/// The programs of the engine that somebody has read, with what was found.
const REVIEWED: &str = include_str!("reviewed.txt");

/// Marks that belong to the text and are no words of it: the numbers of sources and notes.
const NO_WORDS: [&str; 2] = [".cite", ".note-mark"];

/// What of a site can be searched. Small: the texts are taken from the drawn pages.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pages: Vec<Searched>,
    /// Their numbers, by file.
    by_file: HashMap<String, usize>,
    words: Vec<Word>,
    /// The numbers of explained words, by language and id.
    by_id: HashMap<(String, String), usize>,
}

/// A page to be found.
#[derive(Clone, Debug)]
struct Searched {
    /// Its file in the output.
    file: String,
    /// Its address below the base path.
    url: String,
    language: String,
    /// The title of the page above it, or nothing.
    section: String,
}

/// An explained word to be found.
#[derive(Clone, Debug)]
struct Word {
    language: String,
    /// The page that lists such words.
    list: String,
    /// Its address below the base path.
    url: String,
    term: String,
    meaning: String,
    /// Every name for it.
    names: Vec<String>,
}

/// What the index takes from a drawn page.
#[derive(Debug)]
pub struct Text {
    /// Number of the page in the plan.
    page: usize,
    html: String,
}

impl Plan {
    /// What can be searched on a site. `None` where search is switched off.
    pub fn of(site: &Site) -> Option<Plan> {
        if !site.settings.search {
            return None;
        }
        let (pages, words) = (pages(site), words(site));
        let by_file = pages.iter().enumerate().map(|(number, page)| (page.file.clone(), number)).collect();
        // Of two words with one id the first is meant, so the later ones are put in first.
        let id = |word: &Word| word.url.rsplit_once('#').map_or(String::new(), |(_, id)| id.to_owned());
        let by_id = words.iter().enumerate().rev();
        let by_id = by_id.map(|(number, word)| ((word.language.clone(), id(word)), number)).collect();
        Some(Plan { pages, by_file, words, by_id })
    }

    /// What the index needs of a drawn page; nothing where the page is not to be found.
    pub fn text(&self, file: &str, html: &str) -> Option<Text> {
        let number = *self.by_file.get(file)?;
        let page = &self.pages[number];
        let start = html.find("<main").unwrap_or(0);
        let end = html[start..].find("</main>").map_or(html.len(), |end| start + end + "</main>".len());
        let main = &html[start..end];
        let names: Vec<&str> = uses(main)
            .filter_map(|id| self.by_id.get(&(page.language.clone(), id.to_owned())))
            .flat_map(|word| self.words[*word].names.iter().map(String::as_str))
            .collect();
        let html = format!(
            "<html lang=\"{}\"><body>{main}{}{}</body></html>",
            escape(&page.language),
            about("section", &page.section),
            about("also", &names.join(", "))
        );
        Some(Text { page: number, html })
    }

    /// Makes the files of the index, by their path in the output, from what [`Plan::text`] took from all pages that were
    /// drawn. Each language has an index of its own, and they are made side by side.
    pub fn index(&self, texts: Vec<Text>) -> BTreeMap<String, Vec<u8>> {
        let mut texts = texts;
        texts.sort_by_key(|text| text.page);
        let mut languages: BTreeMap<String, (Vec<Text>, Vec<&Word>)> = BTreeMap::new();
        let key = |language: &str| language.to_lowercase();
        for text in texts {
            languages.entry(key(&self.pages[text.page].language)).or_default().0.push(text);
        }
        for word in &self.words {
            languages.entry(key(&word.language)).or_default().1.push(word);
        }
        if languages.is_empty() {
            languages.insert(String::new(), (Vec::new(), Vec::new()));
        }
        // Threads of their own: the caller may be a task of the preview's server, which must not wait inside itself.
        let made = std::thread::scope(|scope| {
            let running: Vec<_> = languages
                .into_values()
                .map(|(texts, words)| scope.spawn(|| self.index_of_one(texts, words)))
                .collect();
            let made = running.into_iter().map(|thread| thread.join());
            made.collect::<Result<Vec<_>, _>>().expect("BUG: an index in memory can always be made")
        });
        let mut files = BTreeMap::new();
        for (name, bytes) in made.into_iter().flatten() {
            match files.entry(name) {
                Entry::Vacant(entry) => _ = entry.insert(bytes),
                Entry::Occupied(mut entry) if entry.key() == ENTRY => {
                    let both =
                        joined(entry.get(), &bytes).expect("BUG: the engine lists its languages as JSON");
                    entry.insert(both);
                }
                // The programs of the engine, the same for every language.
                Entry::Occupied(_) => {}
            }
        }
        let needed = files.into_iter().filter(|(name, _)| is_needed(name));
        needed.map(|(name, bytes)| (format!("{FOLDER}{name}"), bytes)).collect()
    }

    /// Every file that the engine makes for one language.
    fn index_of_one(&self, texts: Vec<Text>, words: Vec<&Word>) -> Vec<(String, Vec<u8>)> {
        const CANNOT_FAIL: &str = "BUG: memory does not refuse to be written";
        let runtime =
            tokio::runtime::Builder::new_current_thread().build().expect("BUG: no driver is asked for");
        let files = runtime.block_on(async {
            let options = PagefindServiceConfig::builder()
                .exclude_selectors(NO_WORDS.map(str::to_owned).to_vec())
                .build();
            let mut index = PagefindIndex::new(Some(options)).expect("BUG: the options are right");
            for text in texts {
                let url = self.pages[text.page].url.clone();
                index.add_html_file(None, Some(url), text.html).await.expect(CANNOT_FAIL);
            }
            for word in words {
                let about = BTreeMap::from([
                    ("title".to_owned(), word.term.clone()),
                    ("section".to_owned(), word.list.clone()),
                    // A field of its own: the word itself comes before the pages that use it by another name.
                    ("names".to_owned(), word.names.join(", ")),
                ]);
                let (url, meaning) = (word.url.clone(), word.meaning.clone());
                let language = word.language.to_lowercase();
                index
                    .add_custom_record(url, meaning, language, Some(about), None, None)
                    .await
                    .expect(CANNOT_FAIL);
            }
            index.get_files().await.expect(CANNOT_FAIL)
        });
        let named = |file: SyntheticFile| (file.filename.to_string_lossy().replace('\\', "/"), file.contents);
        files.into_iter().map(named).collect()
    }
}

/// The engine's list of languages.
const ENTRY: &str = "pagefind-entry.json";

/// Two such lists in one; nothing if one is none.
fn joined(one: &[u8], other: &[u8]) -> Option<Vec<u8>> {
    let (mut one, other): (Value, Value) =
        (serde_json::from_slice(one).ok()?, serde_json::from_slice(other).ok()?);
    let all = one.get_mut("languages")?.as_object_mut()?;
    all.extend(other.get("languages")?.as_object()?.clone());
    all.sort_keys();
    serde_json::to_vec(&one).ok()
}

/// Something that is said about a page and stands nowhere in it.
fn about(name: &str, value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    format!("<p data-pagefind-ignore data-pagefind-meta=\"{name}\">{}</p>", escape(value))
}

/// The ids of the explained words that a page uses, from its links to them.
fn uses(main: &str) -> impl Iterator<Item = &str> {
    main.split("<a class=\"term\" href=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"')?.0.split_once('#'))
        .map(|(_, id)| id)
}

/// Whether our own search page asks for a file; the others belong to Pagefind's own pages.
fn is_needed(name: &str) -> bool {
    let extra = ["-ui.", "-highlight.", "-worker."];
    !extra.iter().any(|part| name.contains(part))
}

/// Whether a file of the output is a program of the engine.
pub fn is_program(file: &str) -> bool {
    file.strip_prefix(FOLDER).is_some_and(|name| name.ends_with(".js") || name.starts_with("wasm."))
}

/// The SHA-256 of a program, as the list of reviewed programs has it.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether somebody has read this very program.
pub fn is_reviewed(hash: &str) -> bool {
    REVIEWED.lines().filter_map(|line| line.split_once("  ")).any(|(known, _)| known == hash)
}

fn pages(site: &Site) -> Vec<Searched> {
    let found = site.pages.iter().filter(|page| !page.is_finder() && page.kind != PageKind::Glossary);
    found
        .map(|page| Searched {
            file: file_of(&page.url),
            url: page.url.clone(),
            language: site.settings.languages[page.language].code.clone(),
            section: match page.ties.ancestors.last() {
                Some(above) if site.page(*above).kind != PageKind::Home => {
                    site.page(*above).nav_title.clone()
                }
                _ => String::new(),
            },
        })
        .collect()
}

fn words(site: &Site) -> Vec<Word> {
    let lists = site.pages.iter().filter(|page| page.kind == PageKind::Glossary);
    lists
        .flat_map(|list| {
            site.languages[list.language].glossary.iter().map(|term| Word {
                language: site.settings.languages[list.language].code.clone(),
                list: list.title.clone(),
                url: format!("{}#{}", list.url, explained(term)),
                term: term.term.clone(),
                meaning: plain(&term.meaning),
                names: std::iter::once(&term.term).chain(&term.also).chain(&term.search).cloned().collect(),
            })
        })
        .collect()
}
