//! The data files beside the pages: facts, evidence, people, glossaries, interface words.

use super::data::{Kind, Reader, Style, Table, Written, shorten};
use super::settings;
use crate::finding::{Finding, Findings};
use crate::html::slug;
use crate::source::Place;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A number or word that several pages state.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its words, by language.
    pub words: BTreeMap<String, String>,
    /// What it links to: `tel:988`.
    pub href: Option<String>,
    /// Evidence ids.
    pub sources: Vec<Written<String>>,
    /// Where it is declared.
    pub place: Place,
}

/// A publication.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Its title.
    pub title: String,
    /// The tag of the language in which it is written, and named here. Absent where that is the site's first one.
    pub language: Option<String>,
    /// Authors or body.
    pub who: String,
    /// Year, 0 where none is given.
    pub year: i64,
    /// Journal, volume, doi.
    pub place_published: String,
    /// Its address.
    pub url: String,
    /// The day somebody last compared our words with it.
    pub checked_on: Option<Written<Date>>,
    /// By when somebody should do so again.
    pub review_by: Option<Written<Date>>,
    /// Where it is declared.
    pub place: Place,
}

/// One claim and what it rests on.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The claim in our own words.
    pub says: String,
    /// A, B, C, D or X.
    pub grade: Option<Written<String>>,
    /// Publication ids.
    pub sources: Vec<Written<String>>,
    /// The day somebody last compared it with its sources.
    pub checked_on: Option<Written<Date>>,
    /// By when somebody should do so again.
    pub review_by: Option<Written<Date>>,
    /// Where it is declared.
    pub place: Place,
}

/// Everything pages may cite.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// By id.
    pub publications: BTreeMap<String, Publication>,
    /// By id.
    pub evidence: BTreeMap<String, Evidence>,
}

/// Somebody who writes or reviews.
#[derive(Clone, Debug)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// What readers should know about them.
    pub role: String,
    /// Degrees and boards.
    pub credentials: String,
}

/// A word that a page explains.
#[derive(Clone, Debug)]
pub struct Term {
    /// As it stands in a text.
    pub term: String,
    /// In plain words.
    pub meaning: String,
    /// How to say it; may be empty.
    pub say: String,
    /// Other spellings. They are explained where a page uses them, and found by search.
    pub also: Vec<String>,
    /// What people type who look for it; only for search and the list from A to Z.
    pub search: Vec<String>,
    /// Where it is declared.
    pub place: Place,
}

/// A tag in the words of one language.
#[derive(Clone, Debug)]
pub struct TagWords {
    /// What its page is called.
    pub title: String,
    /// What stands below the title; may be empty.
    pub summary: String,
}

/// The words of one language's buttons, labels and messages.
#[derive(Clone, Debug, Default)]
pub struct Interface {
    /// Text and place by key.
    pub words: BTreeMap<String, Written<String>>,
    /// Start of the file, where there is one.
    pub place: Option<Place>,
}

/// Reads `facts.toml`.
pub fn facts(table: &Table, languages: &[String], findings: &mut Findings) -> BTreeMap<String, Fact> {
    let mut facts = BTreeMap::new();
    for entry in &table.entries {
        let Kind::Table(fact) = &entry.value.kind else {
            findings.push(
                Finding::error(
                    "wrong-kind-of-value",
                    entry.key_place.clone(),
                    format!("The fact `{}` needs a line for each language", entry.key),
                )
                .help(format!("Write `[{}]`, and below it `en = \"...\"`", entry.key)),
            );
            continue;
        };
        let mut words = BTreeMap::new();
        let mut rest = Table::empty(fact.place.clone());
        for line in &fact.entries {
            match &line.value.kind {
                Kind::Scalar { text, style: Style::Quoted } if languages.contains(&line.key) => {
                    words.insert(line.key.clone(), text.trim().to_owned());
                }
                _ if languages.contains(&line.key) => findings.push(
                    Finding::error(
                        "wrong-kind-of-value",
                        line.value.place.clone(),
                        format!("The fact `{}` should be text in quotes", entry.key),
                    )
                    .help(format!("Write `{} = \"...\"`", line.key)),
                ),
                // Words in a language that this site does not have are no mistake: facts are copied around.
                Kind::Scalar { style: Style::Quoted, .. } if is_tag(&line.key) => {}
                _ => rest.entries.push(line.clone()),
            }
        }
        let of = format!("The fact `{}`", entry.key);
        let mut reader = Reader::new(&rest, &of, findings);
        let href = reader.text("href");
        let sources = reader.texts("sources");
        reader.finish();
        for language in languages {
            if !words.contains_key(language) {
                findings.push(
                    Finding::error(
                        "fact-not-translated",
                        entry.key_place.clone(),
                        format!("The fact `{}` has no words in `{language}`", entry.key),
                    )
                    .help(format!("Add a line below it: `{language} = \"...\"`")),
                );
            }
        }
        if let Some(href) = &href
            && !["tel:", "sms:", "https://", "mailto:"].iter().any(|start| href.value.starts_with(start))
        {
            findings.push(
                Finding::error(
                    "link-scheme",
                    href.place.clone(),
                    format!("`{}` is not an address that a fact may link to", href.value),
                )
                .help("Begin it with tel:, sms:, mailto: or https://"),
            );
        }
        agree(&entry.key, fact, &words, languages, href.as_ref(), findings);
        facts.insert(
            entry.key.clone(),
            Fact { words, href: href.map(|href| href.value), sources, place: entry.key_place.clone() },
        );
    }
    facts
}

/// A fact says the same in each language, and its link calls the number that readers see.
fn agree(
    name: &str,
    fact: &Table,
    words: &BTreeMap<String, String>,
    languages: &[String],
    href: Option<&Written<String>>,
    findings: &mut Findings,
) {
    // `1,000` and `1.000` are the same number, so only the digits count.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let Some((first, original)) = languages.iter().find_map(|code| Some((code, words.get(code)?))) else {
        return;
    };
    for (code, own) in words.iter().filter(|(code, _)| *code != first) {
        if digits(own) == digits(original) {
            continue;
        }
        let line = fact.entries.iter().find(|line| line.key == *code);
        let place = line.map_or_else(|| fact.place.clone(), |line| line.value.place.clone());
        findings.push(
            Finding::error(
                "fact-numbers-differ",
                place,
                format!("The fact `{name}` is “{own}” in `{code}` and “{original}” in `{first}`"),
            )
            .help("Write the same number in both, in digits"),
        );
    }
    let called = href.filter(|href| href.value.starts_with("tel:") || href.value.starts_with("sms:"));
    if let Some(href) = called
        && let seen = digits(original)
        && !seen.is_empty()
        && !digits(&href.value).ends_with(&seen)
    {
        findings.push(
            Finding::error(
                "fact-calls-another-number",
                href.place.clone(),
                format!("Readers see “{original}”, and `{}` calls another number", href.value),
            )
            .help("Put the number that readers see behind tel: or sms:"),
        );
    }
}

/// Whether a key can only be the tag of a language: two letters, or more parts.
fn is_tag(key: &str) -> bool {
    key.split('-').next().is_some_and(|first| first.len() == 2) && oxilangtag::LanguageTag::parse(key).is_ok()
}

/// Reads `evidence.toml`.
pub fn sources(table: &Table, findings: &mut Findings) -> Sources {
    let mut reader = Reader::new(table, "evidence.toml", findings);
    let publications = reader.tables("source");
    let evidence = reader.tables("evidence");
    reader.finish();
    let mut read = Sources::default();
    for table in publications {
        let mut reader = Reader::new(table, "A source", findings);
        let id = reader.text("id");
        let mut publication = Publication {
            title: reader.text_or_empty("title"),
            language: None,
            who: reader.text_or_empty("who"),
            year: reader.integer("year").map_or(0, |year| year.value),
            place_published: reader.text_or_empty("where"),
            url: String::new(),
            checked_on: reader.date("checked-on"),
            review_by: reader.date("review-by"),
            place: table.place.clone(),
        };
        if let Some(url) = reader.text("url")
            && !url.value.is_empty()
        {
            if ["https://", "http://"].iter().any(|start| url.value.starts_with(start)) {
                publication.url = url.value;
            } else {
                reader.report(
                    Finding::error(
                        "link-scheme",
                        url.place,
                        format!("`{}` is not an address that a source can have", shorten(&url.value)),
                    )
                    .help("Begin it with https://, as it stands in the browser's address line"),
                );
            }
        }
        if let Some(language) = reader.text("language") {
            if settings::is_tag(&language.value) {
                publication.language = Some(language.value);
            } else {
                reader.report(settings::no_tag(&language.value, language.place));
            }
        }
        reader.switch("confirmed");
        reader.text("note");
        reader.finish();
        let needed = [("title", publication.title.is_empty()), ("who", publication.who.is_empty())];
        report_missing(id.as_ref(), "source", table, &needed, findings);
        if let Some(id) = id {
            insert(&mut read.publications, id, publication, table, findings);
        }
    }
    for table in evidence {
        let mut reader = Reader::new(table, "A block of evidence", findings);
        let id = reader.text("id");
        let entry = Evidence {
            says: reader.text_or_empty("says"),
            grade: reader.text("grade"),
            sources: reader.texts("sources"),
            checked_on: reader.date("checked-on"),
            review_by: reader.date("review-by"),
            place: table.place.clone(),
        };
        reader.switch("confirmed");
        reader.text("note");
        reader.finish();
        let needed = [("says", entry.says.is_empty()), ("sources", entry.sources.is_empty())];
        report_missing(id.as_ref(), "evidence", table, &needed, findings);
        if let Some(id) = id {
            if read.publications.contains_key(&id.value) {
                findings.push(twice(&id.value, table));
            }
            insert(&mut read.evidence, id, entry, table, findings);
        }
    }
    read
}

fn report_missing(
    id: Option<&Written<String>>,
    what: &str,
    table: &Table,
    needed: &[(&str, bool)],
    findings: &mut Findings,
) {
    let name = id.map_or_else(|| format!("This [[{what}]]"), |id| format!("`{}`", id.value));
    let missing = needed.iter().filter(|(_, empty)| *empty).map(|(key, _)| *key);
    for key in id.is_none().then_some("id").into_iter().chain(missing) {
        findings.push(
            Finding::error("entry-incomplete", table.place.clone(), format!("{name} has no `{key}`"))
                .help(format!("Add a line: `{key} = ...`")),
        );
    }
}

fn insert<T>(
    map: &mut BTreeMap<String, T>,
    id: Written<String>,
    value: T,
    table: &Table,
    findings: &mut Findings,
) {
    match map.entry(id.value) {
        Entry::Vacant(free) => {
            free.insert(value);
        }
        Entry::Occupied(taken) => findings.push(twice(taken.key(), table)),
    }
}

fn twice(id: &str, table: &Table) -> Finding {
    Finding::error("id-twice", table.place.clone(), format!("The id `{id}` is given out twice"))
        .help("Give this entry another id, or take it out")
}

/// Reads `people.toml`.
pub fn people(table: &Table, findings: &mut Findings) -> BTreeMap<String, Person> {
    let mut reader = Reader::new(table, "people.toml", findings);
    let entries = reader.tables("person");
    reader.finish();
    let mut people = BTreeMap::new();
    for table in entries {
        let mut reader = Reader::new(table, "A person", findings);
        let id = reader.text("id");
        let person = Person {
            name: reader.text_or_empty("name"),
            role: reader.text_or_empty("role"),
            credentials: reader.text_or_empty("credentials"),
        };
        reader.finish();
        report_missing(id.as_ref(), "person", table, &[("name", person.name.is_empty())], findings);
        if let Some(id) = id {
            insert(&mut people, id, person, table, findings);
        }
    }
    people
}

/// Reads one language's `glossary.toml`.
pub fn glossary(table: &Table, findings: &mut Findings) -> Vec<Term> {
    let mut reader = Reader::new(table, "glossary.toml", findings);
    let entries = reader.tables("term");
    reader.finish();
    let mut terms: Vec<Term> = Vec::new();
    for table in entries {
        let mut reader = Reader::new(table, "A term", findings);
        let term = reader.text("term");
        let meaning = reader.text_or_empty("meaning");
        let say = reader.text_or_empty("say");
        let mut words = |key| reader.texts(key).into_iter().map(|word| word.value).collect();
        let also = words("also");
        let search = words("search");
        reader.finish();
        report_missing(term.as_ref(), "term", table, &[("meaning", meaning.is_empty())], findings);
        let Some(term) = term else { continue };
        if terms.iter().any(|known| known.term.eq_ignore_ascii_case(&term.value)) {
            findings.push(
                Finding::error(
                    "id-twice",
                    table.place.clone(),
                    format!("The word `{}` is explained twice", term.value),
                )
                .help("Keep one of the two"),
            );
            continue;
        }
        terms.push(Term { term: term.value, meaning, say, also, search, place: table.place.clone() });
    }
    terms
}

/// Reads one language's `tags.toml`: words by id.
pub fn tags(table: &Table, findings: &mut Findings) -> BTreeMap<String, TagWords> {
    let mut tags = BTreeMap::new();
    for entry in &table.entries {
        let id = slug(&entry.key);
        let Kind::Table(words) = &entry.value.kind else {
            findings.push(
                Finding::error(
                    "wrong-kind-of-value",
                    entry.key_place.clone(),
                    format!("The tag `{}` needs a title", entry.key),
                )
                .help(format!("Write `[{id}]`, and below it `title = \"...\"`")),
            );
            continue;
        };
        if id != entry.key {
            findings.push(
                Finding::error(
                    "tag-id",
                    entry.key_place.clone(),
                    format!("`{}` cannot be the id of a tag", entry.key),
                )
                .help(format!(
                    "Use small letters, digits and hyphens: `[{id}]`. Pages may go on writing it their way"
                )),
            );
        }
        let of = format!("The tag `{}`", entry.key);
        let mut reader = Reader::new(words, &of, findings);
        let read =
            TagWords { title: reader.text_or_empty("title"), summary: reader.text_or_empty("summary") };
        reader.finish();
        if read.title.is_empty() {
            findings.push(
                Finding::error(
                    "entry-incomplete",
                    entry.key_place.clone(),
                    format!("The tag `{}` has no `title`", entry.key),
                )
                .help("Add a line below it: `title = \"...\"`, as readers see it"),
            );
        }
        tags.insert(id, read);
    }
    tags
}

/// Reads one language's `interface.toml`.
pub fn interface(table: &Table, findings: &mut Findings) -> Interface {
    let mut words = BTreeMap::new();
    for entry in &table.entries {
        match &entry.value.kind {
            Kind::Scalar { text, style: Style::Quoted } => {
                let text = Written { value: text.trim().to_owned(), place: entry.value.place.clone() };
                words.insert(entry.key.clone(), text);
            }
            _ => findings.push(
                Finding::error(
                    "wrong-kind-of-value",
                    entry.value.place.clone(),
                    format!("`{}` should be text in quotes", entry.key),
                )
                .help(format!("Write `{} = \"...\"`", entry.key)),
            ),
        }
    }
    Interface { words, place: Some(table.place.clone()) }
}
