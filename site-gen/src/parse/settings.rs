//! `content/site.toml`: the site as a whole.

use super::data::{Reader, Table, Written, shorten};
use crate::finding::{Finding, Findings};
use crate::source::Place;

/// What `site.toml` says.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Shown at the top of every page.
    pub name: String,
    /// Scheme and host, without a slash at the end: `https://example.org`.
    pub origin: String,
    /// The path the site lives below, with slashes at both ends: `/`, `/clinic/guide/`.
    pub base_path: String,
    /// All languages, the default one first, the others in the order of their tags.
    pub languages: Vec<Language>,
    /// The theme's folder name.
    pub theme: Written<String>,
    /// Whose help-line numbers these are.
    pub country: Written<String>,
    /// The clinic's own slots; empty where nothing was filled in.
    pub clinic: Clinic,
    /// Whether readers can search. They can unless the site says otherwise.
    pub search: bool,
    /// Whether `.br` and `.gz` files are wanted.
    pub compress: bool,
    /// Whether each tag gets a page.
    pub tags: bool,
    /// Page paths of the menu at the top, in order.
    pub nav: Vec<Written<String>>,
    /// Page paths of the links at the foot, in order.
    pub footer: Vec<Written<String>>,
    /// Page paths of the pages that readers get on paper as well, in order.
    pub handouts: Vec<Written<String>>,
}

/// One language of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    /// BCP 47 tag, as in `content/<tag>/`.
    pub code: String,
    /// Its name in itself.
    pub name: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
}

/// The clinic's slots. Any may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clinic {
    /// The clinic's name.
    pub name: String,
    /// Its phone number as people write it.
    pub phone: String,
    /// Its address on one line.
    pub address: String,
    /// When it is open.
    pub hours: String,
    /// Where it reads mail.
    pub email: String,
}

impl Clinic {
    /// The names of the slots that nobody has filled in.
    pub fn empty(&self) -> Vec<&'static str> {
        let slots = [
            ("name", &self.name),
            ("phone", &self.phone),
            ("address", &self.address),
            ("hours", &self.hours),
            ("email", &self.email),
        ];
        slots.into_iter().filter(|(_, text)| text.is_empty()).map(|(name, _)| name).collect()
    }
}

impl Settings {
    /// Stands in when `site.toml` cannot be read, so that the other files are looked at all the same.
    fn fallback(place: Place) -> Self {
        let written = |text: &str| Written { value: text.to_owned(), place: place.clone() };
        Settings {
            name: String::new(),
            origin: "https://example.org".to_owned(),
            base_path: "/".to_owned(),
            languages: vec![language("en", "English".to_owned())],
            theme: written("harbor"),
            country: written("US"),
            clinic: Clinic::default(),
            search: true,
            compress: false,
            tags: false,
            nav: Vec::new(),
            footer: Vec::new(),
            handouts: Vec::new(),
        }
    }
}

fn language(code: &str, name: String) -> Language {
    Language { code: code.to_owned(), name, dir: crate::direction::of(code) }
}

/// Splits `https://example.org/clinic/` into origin and path, or says what is wrong with it.
///
/// # Errors
/// One sentence for staff.
pub fn split_address(address: &str) -> Result<(String, String), String> {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"))
        .ok_or_else(|| format!("`{}` is not a web address", shorten(address)))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    // The address goes into files for servers, line by line: a sign that means something there has no place in it.
    let plain = |c: char| c.is_alphanumeric() || "-._~/".contains(c);
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    if name.is_empty()
        || !name.chars().all(|c| plain(c) && c != '/')
        || port.parse::<u16>().is_err()
        || !path.chars().all(plain)
        || path.split('/').any(|part| part.starts_with('.'))
    {
        return Err(format!("`{}` is not a web address", shorten(address)));
    }
    let origin = &address[..address.len() - rest.len() + host.len()];
    let path = path.trim_matches('/');
    let base_path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
    Ok((origin.to_owned(), base_path))
}

/// Reads the settings. `None` for the table when the file could not be read at all, which is told already.
pub fn read(table: Option<&Table>, start: Place, findings: &mut Findings) -> Settings {
    let mut settings = Settings::fallback(start);
    let Some(table) = table else { return settings };
    let mut reader = Reader::new(table, "site.toml", findings);
    match reader.text("name") {
        Some(name) if !name.value.is_empty() => settings.name = name.value,
        _ => {
            let place = reader.place();
            if table.get("name").is_none() {
                reader.report(
                    Finding::error("setting-missing", place, "site.toml does not name the site")
                        .help("Add a line: `name = \"Our clinic's guide\"`"),
                );
            }
        }
    }
    if let Some(address) = reader.text("base_url") {
        match split_address(&address.value) {
            Ok((origin, path)) => (settings.origin, settings.base_path) = (origin, path),
            Err(message) => reader.report(
                Finding::error("not-an-address", address.place, message)
                    .help("Write it with https:// in front: `base_url = \"https://example.org\"`"),
            ),
        }
    } else if table.get("base_url").is_none() {
        let place = reader.place();
        reader.report(
            Finding::error("setting-missing", place, "site.toml does not say where the site will live")
                .help("Add a line: `base_url = \"https://example.org\"`"),
        );
    }
    let default = reader.text("default_language");
    if let Some(theme) = reader.text("theme") {
        settings.theme = theme;
    }
    if let Some(country) = reader.text("country") {
        settings.country = country;
    }
    let languages = reader.table("languages");
    let clinic = reader.table("clinic");
    let build = reader.table("build");
    let nav = reader.tables("nav");
    let footer = reader.tables("footer");
    let handouts = reader.tables("handout");
    reader.finish();

    if let Some(languages) = languages {
        read_languages(languages, default.as_ref(), &mut settings, findings);
    } else if let Some(default) = default {
        match is_tag(&default.value) {
            true => settings.languages = vec![language(&default.value, default.value.clone())],
            false => findings.push(no_tag(&default.value, default.place)),
        }
    }
    if let Some(clinic) = clinic {
        let mut reader = Reader::new(clinic, "[clinic]", findings);
        let email = reader.text("email");
        let is_address = |text: &str| {
            let Some((who, host)) = text.split_once('@') else { return false };
            let who = !who.is_empty() && !who.contains(|c: char| !c.is_alphanumeric() && !".+-_".contains(c));
            who && host.contains('.') && !host.contains(|c: char| !c.is_alphanumeric() && !".-".contains(c))
        };
        let email = email.filter(|email| !email.value.is_empty()).and_then(|email| {
            if is_address(&email.value) {
                return Some(email.value);
            }
            reader.report(
                Finding::error(
                    "not-an-address",
                    email.place,
                    format!("`{}` is not an e-mail address", shorten(&email.value)),
                )
                .help("Write it like this: `email = \"desk@clinic.example\"`, or `\"\"` for none"),
            );
            None
        });
        settings.clinic = Clinic {
            name: reader.text_or_empty("name"),
            phone: reader.text_or_empty("phone"),
            address: reader.text_or_empty("address"),
            hours: reader.text_or_empty("hours"),
            email: email.unwrap_or_default(),
        };
        reader.finish();
    }
    if let Some(build) = build {
        let mut reader = Reader::new(build, "[build]", findings);
        settings.search = reader.switch("search").unwrap_or(true);
        settings.compress = reader.switch("compress").unwrap_or(false);
        settings.tags = reader.switch("tags").unwrap_or(false);
        reader.finish();
    }
    let mut menu = |tables: Vec<&Table>, name: &str| -> Vec<Written<String>> {
        tables
            .into_iter()
            .filter_map(|table| {
                let mut reader = Reader::new(table, name, findings);
                let page = reader.text("page");
                reader.finish();
                page
            })
            .collect()
    };
    settings.nav = menu(nav, "[[nav]]");
    settings.footer = menu(footer, "[[footer]]");
    settings.handouts = menu(handouts, "[[handout]]");
    settings
}

/// Longer words pass as tags, and are names of languages that somebody typed.
pub(super) fn is_tag(code: &str) -> bool {
    let short = code.split('-').next().is_some_and(|first| first.len() <= 3);
    short && oxilangtag::LanguageTag::parse(code).is_ok()
}

pub(super) fn no_tag(code: &str, place: Place) -> Finding {
    Finding::error("not-a-language", place, format!("`{}` is not the tag of a language", shorten(code)))
        .help("Write a tag such as en, es, vi or zh-Hans")
}

fn read_languages(
    languages: &Table,
    default: Option<&Written<String>>,
    settings: &mut Settings,
    findings: &mut Findings,
) {
    let mut read = Vec::new();
    for entry in &languages.entries {
        let code = entry.key.as_str();
        if !is_tag(code) {
            findings.push(no_tag(code, entry.key_place.clone()));
            continue;
        }
        let name = match &entry.value.kind {
            super::data::Kind::Table(table) => {
                let mut reader = Reader::new(table, "A language", findings);
                let name = reader.text("name");
                reader.finish();
                name.map(|name| name.value)
            }
            _ => None,
        };
        read.push(language(code, name.unwrap_or_else(|| code.to_owned())));
    }
    read.sort_by(|a, b| a.code.cmp(&b.code));
    if let Some(default) = default {
        match read.iter().position(|language| language.code == default.value) {
            Some(at) => {
                let first = read.remove(at);
                read.insert(0, first);
            }
            None => findings.push(
                Finding::error(
                    "not-a-language",
                    default.place.clone(),
                    format!("The default language `{}` is not among the languages", default.value),
                )
                .help(format!("Add a block: `[languages.{}]`", default.value)),
            ),
        }
    }
    if !read.is_empty() {
        settings.languages = read;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_split_at_the_host() {
        let check = |address: &str, origin: &str, path: &str| {
            assert_eq!(split_address(address), Ok((origin.to_owned(), path.to_owned())));
        };
        check("https://example.org", "https://example.org", "/");
        check("https://example.org/", "https://example.org", "/");
        check("https://host.example/clinic/guide", "https://host.example", "/clinic/guide/");
        check("http://localhost:8080/~clinic", "http://localhost:8080", "/~clinic/");
        check("https://clínica.example", "https://clínica.example", "/");
    }

    #[test]
    fn other_texts_are_no_addresses() {
        for wrong in [
            "clinic.example",
            "ftp://a.b",
            "https://",
            "https://a b",
            "",
            // What would mean something in a file for a server, or lead out of its folder.
            "https://a.b/c\n  X-Header: d",
            "https://a.b/c;}",
            "https://a.b/$uri",
            "https://a.b/../c",
            "https://user@a.b",
            "https://a.b:port",
            "https://:80",
        ] {
            assert!(split_address(wrong).is_err(), "{wrong}");
        }
    }
}
