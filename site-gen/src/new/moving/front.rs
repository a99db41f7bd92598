//! The lines at the top of a page: what both sides know, under the names of this one.

use super::{Page, scalar};
use crate::html::slug;
use crate::parse::data::{Kind, Table, Value, read_date};
use crate::parse::front_matter::PageKind;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Keys that are read under another name or are only about the look of a page.
const UNDERSTOOD: [&str; 27] = [
    "aliases",
    "categories",
    "date",
    "description",
    "draft",
    "expiryDate",
    "keywords",
    "lastmod",
    "linkTitle",
    "nav_title",
    "path",
    "publishDate",
    "slug",
    "sort_by",
    "summary",
    "tags",
    "taxonomies",
    "template",
    "page_template",
    "layout",
    "title",
    "toc",
    "type",
    "updated",
    "url",
    "weight",
    "insert_anchor_links",
];

/// Parts of names that say what a page is, the plainer ones first.
const KINDS: [(&str, PageKind); 17] = [
    ("condition", PageKind::Condition),
    ("aftercare", PageKind::Aftercare),
    ("after", PageKind::Aftercare),
    ("recover", PageKind::Aftercare),
    ("prepar", PageKind::Prepare),
    ("before", PageKind::Prepare),
    ("cost", PageKind::Cost),
    ("price", PageKind::Cost),
    ("pricing", PageKind::Cost),
    ("insurance", PageKind::Cost),
    ("faq", PageKind::Faq),
    ("question", PageKind::Faq),
    ("side-effect", PageKind::Risk),
    ("risk", PageKind::Risk),
    ("safety", PageKind::Risk),
    ("treatment", PageKind::Treatment),
    ("therap", PageKind::Treatment),
];

/// The new lines, without the fences. Tags are noted with their words.
pub(super) fn write(
    page: &Page<'_>,
    tags: &mut BTreeMap<String, String>,
    tell: &mut dyn FnMut(usize, String),
) -> String {
    let table = &page.table;
    let mut out = String::new();
    let mut line = |key: &str, value: String| {
        let _ = writeln!(out, "{key}: {value}");
    };
    let title = scalar(table, "title").unwrap_or_else(|| {
        tell(0, "This page has no title; give it one".to_owned());
        super::super::title(page.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".md"))
    });
    line("title", quoted(&title));
    if let Some(short) = scalar(table, "linkTitle") {
        line("nav_title", quoted(&short));
    }
    if let Some(summary) = scalar(table, "description").or_else(|| scalar(table, "summary")) {
        line("summary", quoted(&summary));
    }
    line("kind", kind(page).name().to_owned());
    if let Some(weight) = scalar(table, "weight").filter(|weight| weight.parse::<i64>().is_ok()) {
        line("weight", weight);
    }
    let mut own: Vec<String> = Vec::new();
    let taxonomies = match table.get("taxonomies").map(|value| &value.kind) {
        Some(Kind::Table(taxonomies)) => Some(taxonomies),
        _ => None,
    };
    for (group, key) in
        [(Some(table), "tags"), (Some(table), "categories"), (taxonomies, "tags"), (taxonomies, "categories")]
    {
        for name in group.and_then(|group| group.get(key)).into_iter().flat_map(texts) {
            let id = slug(&name);
            if !id.is_empty() && !own.contains(&id) {
                tags.entry(id.clone()).or_insert(name);
                own.push(id);
            }
        }
    }
    if !own.is_empty() {
        line("tags", format!("[{}]", own.join(", ")));
    }
    let aliases: Vec<String> =
        table.get("aliases").into_iter().flat_map(texts).map(|alias| alias_of(&alias)).collect();
    if !aliases.is_empty() {
        line("aliases", format!("[{}]", aliases.join(", ")));
    }
    if scalar(table, "draft").as_deref() == Some("true") {
        line("draft", "true".to_owned());
    }
    let mut day = |to: &str, keys: &[&str]| {
        let Some((key, text)) = keys.iter().find_map(|key| Some((key, scalar(table, key)?))) else { return };
        // A time of day has no meaning here: a page comes or goes for a whole day.
        match text.get(..10).map(read_date) {
            Some(Ok(date)) => line(to, date.to_string()),
            _ => tell(
                at(table, key),
                format!("`{key}` is not a day that can be read; write `{to}: 2026-11-22` if it matters"),
            ),
        }
    };
    day("publish", &["publishDate", "date"]);
    day("expire", &["expiryDate"]);
    let left: Vec<String> = table
        .entries
        .iter()
        .filter(|entry| !UNDERSTOOD.contains(&entry.key.as_str()))
        .map(|entry| format!("`{}`", entry.key))
        .collect();
    if let Some(first) = table.entries.iter().find(|entry| !UNDERSTOOD.contains(&entry.key.as_str())) {
        tell(first.key_place.span.start, format!("{} left out: there is no such thing here", list(&left)));
    }
    out
}

/// What a page is: what it says itself, else what its name says, else a page about the site.
fn kind(page: &Page<'_>) -> PageKind {
    if page.path == "/index.md" {
        return PageKind::Home;
    }
    if page.section {
        return PageKind::Section;
    }
    let said = scalar(&page.table, "type");
    let named = PageKind::WRITTEN.iter().find(|(_, name)| said.as_deref() == Some(name));
    // The page's own name says more than its folder's.
    let by_name =
        || page.path.rsplit('/').find_map(|part| KINDS.iter().find(|(name, _)| part.contains(name)));
    named
        .copied()
        .map(|(kind, _)| kind)
        .or_else(|| by_name().map(|(_, kind)| *kind))
        .unwrap_or(PageKind::About)
}

/// An old address as `aliases` wants it: from the root, with a slash at its end.
fn alias_of(alias: &str) -> String {
    let path = alias.trim_matches('/').trim_end_matches("index.html");
    quoted(&if path.ends_with(".html") {
        format!("/{path}")
    } else {
        format!("/{}/", path.trim_matches('/'))
    })
}

fn texts(value: &Value) -> Vec<String> {
    let text = |value: &Value| match &value.kind {
        Kind::Scalar { text, .. } if !text.trim().is_empty() => Some(text.clone()),
        _ => None,
    };
    match &value.kind {
        Kind::List(values) => values.iter().filter_map(text).collect(),
        _ => text(value).into_iter().collect(),
    }
}

fn at(table: &Table, key: &str) -> usize {
    table.entries.iter().find(|entry| entry.key == key).map_or(0, |entry| entry.key_place.span.start)
}

fn list(names: &[String]) -> String {
    match names {
        [one] => format!("{one} is"),
        [most @ .., last] => format!("{} and {last} are", most.join(", ")),
        [] => String::new(),
    }
}

/// A text as YAML takes it: in quotes where it would mean something else without.
pub(super) fn quoted(text: &str) -> String {
    let harmless = |c: char| c.is_alphanumeric() || " -/.,()’".contains(c);
    let plain = text.starts_with(char::is_alphabetic)
        && text.chars().all(harmless)
        && !text.ends_with(' ')
        && !["true", "false", "yes", "no", "null", "on", "off"].contains(&text.to_lowercase().as_str());
    if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}
