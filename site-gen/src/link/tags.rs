//! A page for each tag that pages share, and one that lists them all.

use super::{ByPath, Page, PageId, Routes, Ties};
use crate::finding::{Finding, Findings};
use crate::html::slug;
use crate::parse::data::{did_you_mean, nearest};
use crate::parse::front_matter::PageKind;
use crate::parse::settings::Settings;
use crate::parse::{ParsedPage, Words};
use hashbrown::HashMap;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The path of the page that lists all tags.
const LIST: &str = "/tags/index.md";

/// The path of the page about one tag.
fn path(id: &str) -> String {
    format!("/tags/{id}.md")
}

/// A page about tags that the site is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    pub(super) language: usize,
    pub(super) path: String,
    title: String,
    summary: String,
    /// The tag as pages write it, in every spelling; none for the list of all.
    spellings: Vec<String>,
}

/// One page for each tag in use, and before them the list of all. Nothing where the settings do not ask for it.
pub(super) fn plan(
    pages: &[ParsedPage],
    words: &[Words],
    settings: &Settings,
    findings: &mut Findings,
) -> Vec<Planned> {
    let mut planned = Vec::new();
    if !settings.tags {
        return planned;
    }
    for (language, own) in words.iter().enumerate() {
        let word = |key: &str| own.interface.words.get(key).map_or("", |text| text.value.as_str());
        // By id, with its spellings, that of the first page first.
        let mut used: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let list = own.tags.as_ref().or(words[0].tags.as_ref());
        let code = &settings.languages[language].code;
        // Many pages share a few spellings: whether each of them is a tag.
        let mut seen: HashMap<&str, Known> = HashMap::new();
        for page in pages.iter().filter(|page| page.language == language) {
            for tag in &page.head.front.tags {
                let known = *seen.entry(&tag.value).or_insert_with(|| {
                    let id = slug(&tag.value);
                    let known = match list {
                        _ if id.is_empty() => return Known::Nothing,
                        Some(list) if !list.contains_key(&id) => Known::Nowhere,
                        Some(_) if own.tags.is_none() => Known::Elsewhere,
                        _ => Known::Here,
                    };
                    used.entry(id).or_default().push(&tag.value);
                    known
                });
                match known {
                    Known::Nothing | Known::Here => {}
                    Known::Nowhere => findings.push(unknown(&tag.value, tag.place.clone(), own, code)),
                    Known::Elsewhere => findings.push(no_words(&tag.value, tag.place.clone(), code)),
                }
            }
        }
        if used.is_empty() {
            continue;
        }
        planned.push(Planned {
            language,
            path: LIST.to_owned(),
            title: word("tags_title").to_owned(),
            summary: word("tags_summary").to_owned(),
            spellings: Vec::new(),
        });
        for (id, spellings) in used {
            let written = own.tags.as_ref().and_then(|list| list.get(&id));
            let title = written.map_or_else(|| capital(spellings[0]), |words| words.title.clone());
            let summary = written.map(|words| words.summary.clone()).filter(|summary| !summary.is_empty());
            let summary = summary.unwrap_or_else(|| word("tag_summary").replace("{tag}", &title));
            let spellings = spellings.into_iter().map(str::to_owned).collect();
            planned.push(Planned { language, path: path(&id), title, summary, spellings });
        }
    }
    let below = |page: &&ParsedPage| page.path.starts_with("/tags/");
    let rivals: Vec<&ParsedPage> = pages.iter().filter(below).collect();
    planned.retain(|made| {
        let taken = rivals.iter().find(|page| page.language == made.language && page.path == made.path);
        if let Some(taken) = taken {
            findings.push(
                Finding::error(
                    "address-twice",
                    taken.head.front.title.place.clone(),
                    "This page stands where a page about tags belongs",
                )
                .help("Give the file another name, or write `tags = false` below [build] in site.toml"),
            );
        }
        taken.is_none()
    });
    planned
}

/// Where a spelling is known as a tag.
#[derive(Clone, Copy)]
enum Known {
    /// It has no letters.
    Nothing,
    Here,
    /// Only in the first language.
    Elsewhere,
    Nowhere,
}

fn unknown(tag: &str, place: crate::source::Place, words: &Words, code: &str) -> Finding {
    let ids = words.tags.iter().flat_map(BTreeMap::keys).map(String::as_str);
    let help = match nearest(&slug(tag), ids.clone()) {
        Some(near) => {
            format!("{} The tags of this site are in content/{code}/tags.toml", did_you_mean(near))
        }
        None => format!(
            "The tags are: {}. A new one needs a block in content/{code}/tags.toml: `[{}]`",
            ids.collect::<Vec<_>>().join(", "),
            slug(tag)
        ),
    };
    Finding::error("unknown-tag", place, format!("There is no tag `{tag}`")).help(help)
}

fn no_words(tag: &str, place: crate::source::Place, code: &str) -> Finding {
    Finding::error("unknown-tag", place, format!("The tag `{tag}` has no words in `{code}`")).help(format!(
        "Write content/{code}/tags.toml, with a block for each tag: `[{}]`, and below it `title = \"...\"`",
        slug(tag)
    ))
}

/// The text with a capital letter in front.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// One of the planned pages.
pub(super) fn page(planned: &Planned, languages: usize, routes: &Routes) -> Page {
    let title = planned.title.clone();
    let mut page = Page::made(planned.language, &planned.path, PageKind::Tags, title, languages, routes);
    page.summary.clone_from(&planned.summary);
    page
}

/// Ties pages and the pages of their tags together, once all have their place. Pages stand below a tag in the order in which
/// somebody meets who reads the site from its first page on.
pub(super) fn tie(pages: &[Page], ties: &mut [Ties], by_path: &ByPath<'_>, planned: &[Planned]) {
    if planned.is_empty() {
        return;
    }
    // The page of each tag as it is written: a few spellings that many pages share.
    let mut written: HashMap<(usize, &str), PageId> = HashMap::new();
    for planned in planned {
        if let Some(id) = by_path.get(&(planned.language, planned.path.as_str())) {
            written.extend(planned.spellings.iter().map(|tag| ((planned.language, tag.as_str()), *id)));
        }
    }
    pages.par_iter().zip(&mut *ties).for_each(|(page, ties)| {
        for tag in &page.front.tags {
            let found = written.get(&(page.language, tag.value.as_str()));
            ties.tags.extend(found.filter(|found| !ties.tags.contains(found)));
        }
    });
    let mut open: Vec<PageId> = (0..pages.len() as u32)
        .rev()
        .map(PageId)
        .filter(|id| ties[id.0 as usize].ancestors.is_empty())
        .collect();
    let mut order = Vec::with_capacity(pages.len());
    while let Some(id) = open.pop() {
        order.push(id);
        open.extend(ties[id.0 as usize].children.iter().rev());
    }
    for id in order {
        for at in 0..ties[id.0 as usize].tags.len() {
            let tag = ties[id.0 as usize].tags[at];
            ties[tag.0 as usize].children.push(id);
        }
    }
}
