//! How each generator wants the same site written.

use super::prose::{GROUPS, TEAMS};
use super::{Page, Site, address, section_summary, summary};
use rayon::prelude::*;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Whose files to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Ours, with a theme that draws what the peers' templates draw, and nothing that they do not have.
    Harbor,
    /// Ours as clinics have it: the shipped theme, glossary words, facts. Search and compression are off.
    HarborFull,
    /// Hugo.
    Hugo,
    /// Zola.
    Zola,
    /// Eleventy.
    Eleventy,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Dialect; 5] =
        [Dialect::Harbor, Dialect::HarborFull, Dialect::Hugo, Dialect::Zola, Dialect::Eleventy];

    /// As it is written on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Harbor => "harbor",
            Dialect::HarborFull => "harbor-full",
            Dialect::Hugo => "hugo",
            Dialect::Zola => "zola",
            Dialect::Eleventy => "eleventy",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Dialect> {
        Dialect::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// Whether it is this repository's program that reads it.
    pub fn is_ours(self) -> bool {
        matches!(self, Dialect::Harbor | Dialect::HarborFull)
    }

    /// Where the pages lie in a site.
    pub fn pages(self) -> &'static str {
        if self.is_ours() { "content/en/pages" } else { "content" }
    }

    /// The name of a folder's own page.
    fn index(self) -> &'static str {
        match self {
            Dialect::Hugo | Dialect::Zola => "_index.md",
            _ => "index.md",
        }
    }
}

/// The address that the sites say they have.
const BASE: &str = "https://example.test";

/// Writes the site into a folder that is empty or not there, with its templates.
///
/// # Errors
/// When a file cannot be written.
pub fn write(site: &Site, dialect: Dialect, into: &Path) -> io::Result<()> {
    let benches = Path::new(env!("CARGO_MANIFEST_DIR"));
    let templates = benches.join("peers").join(dialect.name());
    if templates.is_dir() {
        copy(&templates, into)?;
    }
    let pages = into.join(dialect.pages());
    if dialect.is_ours() {
        let content = into.join("content");
        let shipped = benches.join("../content");
        put(&content.join("site.toml"), &settings(dialect))?;
        put(&content.join("en/interface.toml"), &fs::read_to_string(shipped.join("en/interface.toml"))?)?;
        put(&content.join("facts.toml"), FACTS)?;
        put(&content.join("people.toml"), &people())?;
        put(&content.join("en/tags.toml"), &tags(site))?;
        if dialect == Dialect::HarborFull {
            put(&content.join("en/glossary.toml"), GLOSSARY)?;
        }
    }
    let index = dialect.index();
    put(&pages.join(index), &home(dialect))?;
    for (number, (folder, title)) in GROUPS.iter().enumerate() {
        put(&pages.join(folder).join(index), &list(dialect, "group.njk", title, number + 1))?;
    }
    for section in &site.sections {
        let folder = pages.join(GROUPS[section.group].0).join(&section.name);
        fs::create_dir_all(&folder)?;
        put(&folder.join(index), &list(dialect, "section.njk", &section.title, section.weight))?;
    }
    site.pages
        .par_iter()
        .try_for_each(|page| fs::write(pages.join(site.file(page)), text(site, dialect, page)))
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, text)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target: PathBuf = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// A page as its generator reads it.
fn text(site: &Site, dialect: Dialect, page: &Page) -> String {
    let (title, summary, weight, date) = (&page.title, summary(page), page.weight, &page.date);
    let team = page.team;
    let topics = page.topics.iter().map(|topic| site.topics[*topic].as_str());
    let quoted = |topics: &mut dyn Iterator<Item = &str>| {
        topics.map(|topic| format!("\"{topic}\"")).collect::<Vec<_>>().join(", ")
    };
    let (head, body) = match dialect {
        Dialect::Harbor | Dialect::HarborFull => {
            let number =
                if dialect == Dialect::Harbor { "the emergency number" } else { "[[emergency_number]]" };
            let topics = topics.map(address).collect::<Vec<_>>().join(", ");
            (
                format!(
                    "---\ntitle: \"{title}\"\nsummary: \"{summary}\"\nkind: about\nweight: {weight}\ntags: [{topics}]\nauthor: team-{}\n---\n\n",
                    team.to_lowercase()
                ),
                site.text(page, |other| format!("/{}", site.file(other)), number),
            )
        }
        Dialect::Hugo => (
            yaml(title, &summary, weight, date, &quoted(&mut { topics }), team, ""),
            site.text(page, |other| format!("/{}", site.file(other)), "the emergency number"),
        ),
        Dialect::Zola => {
            let topics = quoted(&mut { topics });
            (
                format!(
                    "+++\ntitle = \"{title}\"\ndescription = \"{summary}\"\ndate = {date}\nweight = {weight}\n[taxonomies]\ntags = [{topics}]\n[extra]\nauthor = \"Writing team {team}\"\n+++\n\n"
                ),
                site.text(page, |other| format!("@/{}", site.file(other)), "the emergency number"),
            )
        }
        // Eleventy neither resolves nor checks a link to a file, so it gets addresses.
        Dialect::Eleventy => (
            yaml(title, &summary, weight, date, &quoted(&mut { topics }), team, "layout: page.njk\n"),
            site.text(page, |other| format!("{BASE}{}", site.url(other)), "the emergency number"),
        ),
    };
    head + &body
}

fn yaml(
    title: &str,
    summary: &str,
    weight: usize,
    date: &str,
    topics: &str,
    team: &str,
    more: &str,
) -> String {
    format!(
        "---\ntitle: \"{title}\"\ndescription: \"{summary}\"\ndate: {date}\nweight: {weight}\ntags: [{topics}]\nauthor: \"Writing team {team}\"\n{more}---\n\n"
    )
}

fn home(dialect: Dialect) -> String {
    const TEXT: &str = "Plain pages about health, made up for measuring.\n";
    let head = match dialect {
        Dialect::Harbor | Dialect::HarborFull => {
            "---\ntitle: Patient education\nsummary: Plain pages about health.\nkind: home\n---\n"
        }
        Dialect::Hugo => "---\ntitle: Patient education\n---\n",
        Dialect::Zola => "+++\ntitle = \"Patient education\"\nsort_by = \"weight\"\n+++\n",
        Dialect::Eleventy => "---\ntitle: Patient education\nlayout: home.njk\n---\n",
    };
    format!("{head}\n{TEXT}")
}

/// The page of a folder.
fn list(dialect: Dialect, layout: &str, title: &str, weight: usize) -> String {
    let summary = section_summary(title);
    match dialect {
        Dialect::Harbor | Dialect::HarborFull => {
            format!("---\ntitle: \"{title}\"\nsummary: \"{summary}\"\nkind: section\nweight: {weight}\n---\n")
        }
        Dialect::Hugo => {
            format!("---\ntitle: \"{title}\"\ndescription: \"{summary}\"\nweight: {weight}\n---\n")
        }
        Dialect::Zola => format!(
            "+++\ntitle = \"{title}\"\ndescription = \"{summary}\"\nweight = {weight}\nsort_by = \"weight\"\npage_template = \"page.html\"\n+++\n"
        ),
        Dialect::Eleventy => format!(
            "---\ntitle: \"{title}\"\ndescription: \"{summary}\"\nweight: {weight}\nlayout: {layout}\n---\n"
        ),
    }
}

fn settings(dialect: Dialect) -> String {
    let theme = if dialect == Dialect::Harbor { "measured" } else { "harbor" };
    let menu: String =
        GROUPS.iter().map(|(folder, _)| format!("\n[[nav]]\npage = \"/{folder}/index.md\"\n")).collect();
    format!(
        "name = \"Patient education\"\nbase_url = \"{BASE}\"\ndefault_language = \"en\"\ntheme = \"{theme}\"\ncountry = \"US\"\n\n[languages.en]\nname = \"English\"\n\n[build]\nsearch = false\ncompress = false\ntags = true\n{menu}"
    )
}

fn people() -> String {
    TEAMS
        .iter()
        .map(|team| {
            format!(
                "[[person]]\nid = \"team-{}\"\nname = \"Writing team {team}\"\nrole = \"\"\ncredentials = \"\"\n\n",
                team.to_lowercase()
            )
        })
        .collect()
}

fn tags(site: &Site) -> String {
    site.topics.iter().map(|topic| format!("[{}]\ntitle = \"{topic}\"\n\n", address(topic))).collect()
}

const FACTS: &str = r#"[emergency_number]
en = "911"
href = "tel:911"

[crisis_number]
en = "988"
href = "tel:988"

[crisis_text]
en = "988"
href = "sms:988"
"#;

const GLOSSARY: &str = r#"[[term]]
term = "blood thinner"
meaning = "A medicine that makes blood clot more slowly."

[[term]]
term = "diabetes"
meaning = "An illness in which there is too much sugar in the blood."

[[term]]
term = "inhaler"
meaning = "A small device that puts medicine into your lungs as you breathe in."

[[term]]
term = "interpreter"
meaning = "A person who says in your language what others say in theirs."

[[term]]
term = "pharmacist"
meaning = "A person who prepares medicines and knows how they work together."

[[term]]
term = "side effects"
meaning = "What a medicine does that it should not do."
"#;
