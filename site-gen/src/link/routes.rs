//! Which address each page has, and what an author's link leads to.

use super::Made;
use crate::cache::Key;
use crate::finding::{Finding, Findings};
use crate::html::slug;
use crate::parse::data::did_you_mean;
use crate::parse::front_matter::Hidden;
use crate::parse::settings::Settings;
use crate::parse::{Head, ParsedPage};
use crate::source::{FileId, Place, composed};
use hashbrown::HashMap;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The addresses of all pages.
#[derive(Debug)]
pub struct Routes {
    codes: Vec<String>,
    /// By language: path inside `pages/` to where the page is.
    pages: Vec<HashMap<String, Route>>,
    /// Pages that could not be read, by language and path.
    unread: Vec<(usize, String)>,
    /// Pages that readers do not see, by language and path. They may be part of the site all the same.
    hidden: HashMap<(usize, String), Hidden>,
    /// Old addresses by the pages that claim them: language and path.
    pub(super) aliases: BTreeMap<String, (usize, String)>,
}

/// Where a page is, and what of it a link may lead to.
#[derive(Debug)]
pub(super) struct Route {
    /// Its address below the base path.
    pub(super) url: String,
    /// Absent for a page that the generator makes.
    pub(super) head: Option<Arc<Head>>,
    /// The digest of its file; 0 for a page that the generator makes.
    source: u128,
}

impl Route {
    /// The ids on a page that somebody wrote.
    pub(super) fn anchors(&self) -> impl Iterator<Item = &str> + Clone {
        let head = self.head.iter();
        let headings = head.clone().flat_map(|head| &head.headings).map(|heading| heading.id.as_str());
        headings.chain(head.filter(|head| !head.cited.is_empty()).map(|_| "sources"))
    }
}

/// What a link's path leads to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target<'r> {
    /// A page of this language.
    Page {
        /// Which language the page is in: the linking page's own, or the default one.
        language: usize,
        /// Where it is.
        route: &'r Route,
    },
    /// A page that is there but could not be read. Its own finding is enough.
    Unread,
    /// A page that readers cannot see yet.
    Draft,
    /// A page whose day is to come or over.
    OutOfTime,
    /// Nothing.
    Nowhere,
}

/// The path of the page that lists the explained words.
pub(super) const GLOSSARY_PATH: &str = "/glossary.md";
/// The path of the page that lists everything by letter.
pub(super) const ALPHABET_PATH: &str = "/a-z.md";
/// The path of the page where readers search.
pub(super) const SEARCH_PATH: &str = "/search.md";

impl Routes {
    /// Gives every page that somebody wrote its address. Two pages with one address are told.
    pub(super) fn of_written(
        settings: &Settings,
        pages: &[ParsedPage],
        unread: Vec<(usize, String)>,
        hidden: HashMap<(usize, String), Hidden>,
    ) -> (Self, Findings) {
        let mut findings = Findings::new();
        let codes: Vec<String> = settings.languages.iter().map(|language| language.code.clone()).collect();
        let mut by_language: Vec<HashMap<String, Route>> =
            std::iter::repeat_with(|| HashMap::with_capacity(pages.len())).take(codes.len()).collect();
        let urls: Vec<String> =
            pages.par_iter().map(|page| address(&codes, page.language, &page.path)).collect();
        let mut taken: HashMap<&str, &ParsedPage> = HashMap::with_capacity(pages.len());
        for (page, url) in pages.iter().zip(&urls) {
            if let Some(first) = taken.get(url.as_str()) {
                let (code, path) = (&codes[first.language], &first.path);
                findings.push(
                    Finding::error(
                        "address-twice",
                        page.head.front.title.place.clone(),
                        format!(
                            "This page gets the address `{url}`, which content/{code}/pages{path} has already"
                        ),
                    )
                    .help("Give one of the two files another name"),
                );
            } else {
                taken.insert(url, page);
            }
        }
        drop(taken);
        for (page, url) in pages.iter().zip(urls) {
            let route = Route { url, head: Some(Arc::clone(&page.head)), source: page.source };
            by_language[page.language].insert(page.path.clone(), route);
        }
        (Routes { codes, pages: by_language, unread, hidden, aliases: BTreeMap::new() }, findings)
    }

    /// Gives the pages that the generator makes their addresses. One that somebody wrote in such a place is told.
    pub(super) fn add_made(&mut self, settings: &Settings, made: &Made<'_>, findings: &mut Findings) {
        let made_at = |url| Route { url, head: None, source: 0 };
        for (language, has) in made.glossaries.iter().enumerate() {
            if *has {
                let url = address(&self.codes, language, GLOSSARY_PATH);
                self.pages[language].entry(GLOSSARY_PATH.to_owned()).or_insert(made_at(url));
            }
        }
        for path in std::iter::once(ALPHABET_PATH).chain(settings.search.then_some(SEARCH_PATH)) {
            for language in 0..self.codes.len() {
                let url = address(&self.codes, language, path);
                let there = self.pages.iter().flat_map(HashMap::values).find(|route| route.url == url);
                if let Some(head) = there.and_then(|route| route.head.as_ref()) {
                    findings.push(
                        Finding::error(
                            "address-twice",
                            head.front.title.place.clone(),
                            format!(
                                "This page gets the address `{url}`, where the site makes a page of its own"
                            ),
                        )
                        .help("Give the file another name"),
                    );
                }
                self.pages[language].insert(path.to_owned(), made_at(url));
            }
        }
        for planned in made.tags {
            let url = address(&self.codes, planned.language, &planned.path);
            self.pages[planned.language].insert(planned.path.clone(), made_at(url));
        }
        for planned in made.proofs {
            let (language, path) = (planned.language, planned.path.clone());
            if planned.proved {
                let url = address(&self.codes, language, &path);
                self.pages[language].insert(path, made_at(url));
            } else {
                // Why it is not there is told with the proof.
                self.unread.push((language, path));
            }
        }
    }

    /// The address of a page of this very language.
    pub fn address(&self, language: usize, path: &str) -> Option<&str> {
        self.pages[language].get(path).map(|route| route.url.as_str())
    }

    /// The digest of the file of a page of this very language.
    pub(super) fn source(&self, language: usize, path: &str) -> Option<u128> {
        self.pages[language].get(path).map(|route| route.source)
    }

    /// Adds every address there is to a key, with why some pages have none.
    pub(super) fn add_to(&self, key: &mut Key) {
        for (code, pages) in self.codes.iter().zip(&self.pages) {
            // In whatever order they lie: a sum knows of none.
            let of_one = |(path, route): (&String, &Route)| {
                Key::new("address").text(path).text(&route.url).flag(route.head.is_some()).done()
            };
            key.text(code).number(pages.len() as u128);
            key.number(pages.iter().map(of_one).fold(0, u128::wrapping_add));
        }
        key.number(self.unread.len() as u128);
        for (language, path) in &self.unread {
            key.number(*language as u128).text(path);
        }
        let mut hidden: Vec<_> = self.hidden.iter().collect();
        hidden.sort_unstable_by_key(|(page, _)| *page);
        key.number(hidden.len() as u128);
        for ((language, path), why) in hidden {
            key.number(*language as u128).text(path).text(&format!("{why:?}"));
        }
        for (address, (language, path)) in &self.aliases {
            key.text(address).number(*language as u128).text(path);
        }
    }

    /// Whether the page is there but could not be read.
    pub fn is_unread(&self, language: usize, path: &str) -> bool {
        self.unread.iter().any(|(in_language, unread)| *in_language == language && unread == path)
    }

    pub(super) fn target(&self, language: usize, path: &str) -> Target<'_> {
        for language in [language, 0] {
            if let Some(route) = self.pages[language].get(path) {
                return Target::Page { language, route };
            }
            if self.is_unread(language, path) {
                return Target::Unread;
            }
        }
        match self.hidden(language, path) {
            Some(Hidden::Draft) => Target::Draft,
            Some(_) => Target::OutOfTime,
            None => Target::Nowhere,
        }
    }

    /// Why readers do not see a page of this very language.
    pub(super) fn hidden_here(&self, language: usize, path: &str) -> Option<Hidden> {
        if self.hidden.is_empty() {
            return None;
        }
        self.hidden.get(&(language, path.to_owned())).copied()
    }

    /// Why readers do not see a page of this language, or of the default one where this has none.
    pub(super) fn hidden(&self, language: usize, path: &str) -> Option<Hidden> {
        let fallback = || self.address(language, path).is_none().then(|| self.hidden_here(0, path)).flatten();
        self.hidden_here(language, path).or_else(fallback)
    }

    /// What to tell whoever names a page whose day is to come or over. `who` begins the sentence.
    pub(super) fn out_of_time(
        &self,
        language: usize,
        path: &str,
        who: &str,
        place: &Place,
    ) -> Option<Finding> {
        match self.hidden(language, path)? {
            Hidden::Draft => None,
            Hidden::Until(day) => Some(
                Finding::warning(
                    "link-to-page-to-come",
                    place.clone(),
                    format!("{who} `{path}`, which appears on {day}"),
                )
                .help("Until that day readers see no link here. Nothing to do, if that is what you want"),
            ),
            Hidden::Since(day) => Some(
                Finding::warning(
                    "link-to-expired-page",
                    place.clone(),
                    format!("{who} `{path}`, which is gone since {day}"),
                )
                .help("Readers see no link here. Take it out, or give that page a later `expire`"),
            ),
        }
    }

    /// The page that an old address, or the path of a page that has moved, leads to now.
    pub(super) fn moved_to(&self, language: usize, path: &str) -> Option<&str> {
        if self.aliases.is_empty() {
            return None;
        }
        let of = |language| match path.ends_with(".md") {
            true => address(&self.codes, language, path),
            false => old_address(path),
        };
        let found = self.aliases.get(&of(language)).or_else(|| self.aliases.get(&of(0)));
        found.map(|(_, path)| path.as_str())
    }

    /// The page that has this address, as a path an author can write.
    pub(super) fn path_of_address(&self, language: usize, url: &str) -> Option<&str> {
        let wanted = format!("/{}/", url.trim_matches('/'));
        let wanted = if wanted == "//" { "/" } else { &wanted };
        [language, 0].into_iter().find_map(|language| {
            let found = self.pages[language].iter().find(|(_, route)| route.url == wanted);
            found.map(|(path, _)| path.as_str())
        })
    }

    /// A cure for a path that leads nowhere.
    pub(super) fn suggest(&self, language: usize, path: &str) -> String {
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let mut paths: Vec<&str> =
            self.pages[language].keys().chain(self.pages[0].keys()).map(String::as_str).collect();
        paths.sort_unstable();
        paths.dedup();
        let best = paths
            .iter()
            .map(|candidate| {
                let moved = name(candidate) == name(path) && name(path) != "index.md";
                (if moved { 1 } else { strsim::damerau_levenshtein(path, candidate) }, *candidate)
            })
            .min();
        match best {
            Some((distance, near)) if distance <= (path.len() / 3).max(3) => did_you_mean(near),
            _ => format!(
                "Write the path of a file in content/{}/pages/, such as `/index.md`",
                self.codes[language]
            ),
        }
    }

    /// Takes down which page claims which old address. A claim on an address that is in use is told, and so are two
    /// claims on one.
    pub(super) fn take_aliases(
        &mut self,
        pages: &[ParsedPage],
        files: &BTreeMap<String, FileId>,
        findings: &mut Findings,
    ) {
        if pages.iter().all(|page| page.head.front.aliases.is_empty()) {
            return;
        }
        let mut aliases: BTreeMap<String, (usize, String)> = BTreeMap::new();
        let mut addresses: HashMap<&str, (usize, &str)> = HashMap::new();
        for (language, pages) in self.pages.iter().enumerate() {
            addresses
                .extend(pages.iter().map(|(path, route)| (route.url.as_str(), (language, path.as_str()))));
        }
        let claims = |claimed: (usize, &str), url: &str| {
            let page = pages.iter().find(|page| (page.language, page.path.as_str()) == claimed);
            page.is_some_and(|page| {
                page.head.front.aliases.iter().any(|alias| old_address(&alias.value) == url)
            })
        };
        for page in pages {
            let own = self.address(page.language, &page.path).unwrap_or_default();
            for alias in &page.head.front.aliases {
                let inner = alias.value.trim().trim_matches('/');
                let odd =
                    |c: char| c.is_whitespace() || c.is_control() || "<>\"'?#*:\\%;{}$`|^&,()".contains(c);
                if inner.is_empty()
                    || inner.contains(odd)
                    || inner.split('/').any(|part| part.starts_with('.'))
                {
                    findings.push(
                        Finding::error(
                            "alias-not-an-address",
                            alias.place.clone(),
                            format!("`{}` cannot be an old address of a page", alias.value),
                        )
                        .help("Write the part after the site's name, such as `/old/page/`"),
                    );
                    continue;
                }
                let url = old_address(&alias.value);
                let in_use = |message: String, help: &str| {
                    Finding::error("alias-is-a-page", alias.place.clone(), message).help(help)
                };
                if url == own {
                    findings.push(in_use(
                        format!("`{url}` is where this page lives now, so it is no old address of it"),
                        "Take the line out",
                    ));
                } else if let Some(&(language, path)) = addresses.get(url.as_str()) {
                    let code = &self.codes[language];
                    findings.push(if claims((language, path), own) {
                        in_use(
                            format!(
                                "`{url}` and `{own}` would lead to each other for ever: content/{code}/pages{path} lives \
                                 at the one and claims the other"
                            ),
                            "Decide which page has moved, and take the line out of the other",
                        )
                    } else {
                        in_use(
                            format!("`{url}` cannot lead here: the page `{path}` lives at that address"),
                            "Take the line out, or move the other page",
                        )
                    });
                } else if above(&url).any(|part| files.contains_key(part) || self.is_made(part)) {
                    findings.push(in_use(
                        format!("`{url}` cannot lead here: this site has a file of that name"),
                        "Take the line out",
                    ));
                } else if let Some((_, first)) = aliases.get(&url) {
                    findings.push(
                        Finding::error(
                            "alias-twice",
                            alias.place.clone(),
                            format!("`{url}` leads to `{first}` already"),
                        )
                        .help("An old address can lead to one page only: take it out of one of the two"),
                    );
                } else {
                    aliases.insert(url, (page.language, page.path.clone()));
                }
            }
        }
        self.aliases = aliases;
    }

    /// Whether the generator writes a file of its own at this address.
    fn is_made(&self, url: &str) -> bool {
        let below = self
            .codes
            .iter()
            .skip(1)
            .find_map(|code| url.strip_prefix('/')?.strip_prefix(code.to_ascii_lowercase().as_str()));
        let of_each = |url: &str| matches!(url, "/404.html" | "/feed.xml" | "/privacy-report/");
        let once = [
            "/robots.txt",
            "/licenses.txt",
            "/sitemap.xml",
            "/_headers",
            "/_redirects",
            "/_nginx.conf",
            "/_Caddyfile",
            "/privacy-report.json",
        ];
        let of_search = url.starts_with(&format!("/{}", crate::search::FOLDER));
        of_each(url) || below.is_some_and(of_each) || once.contains(&url) || of_search
    }
}

/// An old address as it is compared and written: a slash in front, and one behind unless it names a file.
fn old_address(written: &str) -> String {
    let inner = written.trim().trim_matches('/');
    let file_like = inner.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if file_like { format!("/{inner}") } else { format!("/{inner}/") }
}

/// An address with all that lies above it, as the names of files: `/a/b/` is in `/a` and would make a folder of it.
fn above(url: &str) -> impl Iterator<Item = &str> {
    let ends = url.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0);
    std::iter::once(url).chain(ends.map(|at| &url[..at]))
}

/// The address below the base path of a page by its language and its path inside `pages/`, whether or not it is there.
pub(crate) fn page_address(settings: &Settings, language: usize, path: &str) -> String {
    let codes: Vec<String> = settings.languages.iter().map(|language| language.code.clone()).collect();
    address(&codes, language, path)
}

/// `/visit/prepare.md` in the second language `es` becomes `/es/visit/prepare/`. File names may be anything;
/// addresses hold small letters, digits and hyphens.
fn address(codes: &[String], language: usize, path: &str) -> String {
    let mut url = String::from("/");
    if language > 0 {
        url.push_str(&codes[language].to_ascii_lowercase());
        url.push('/');
    }
    let inner = path.strip_suffix(".md").unwrap_or(path);
    let inner = inner.strip_suffix("index").filter(|rest| rest.ends_with('/')).unwrap_or(inner);
    for part in inner.split('/').filter(|part| !part.is_empty()) {
        let clean = slug(part);
        url.push_str(if clean.is_empty() { "page" } else { &clean });
        url.push('/');
    }
    url
}

/// The address of a file for readers: its path with what an address cannot hold made harmless.
pub(super) fn file_address(path: &str) -> String {
    let mut url = String::from("/");
    for character in path.chars() {
        match character {
            ' ' => url.push_str("%20"),
            '"' | '<' | '>' | '%' | '?' | '#' | '\\' => url.push('-'),
            _ if character.is_control() => url.push('-'),
            _ => url.push(character),
        }
    }
    url
}

/// Joins a path as an author wrote it to the folder of the page it stands on: `../a.md` on `/b/c.md` is `/a.md`.
pub(crate) fn absolute(from: &str, written: &str) -> String {
    let written = composed(written);
    let written = written.as_ref();
    if written.starts_with('/') {
        return written.to_owned();
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in written.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if joined.starts_with('/') { joined } else { format!("/{joined}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_in_a_slash_and_hold_plain_letters() {
        let codes = ["en".to_owned(), "es".to_owned()];
        let check = |language, path: &str, expected: &str| {
            assert_eq!(address(&codes, language, path), expected);
        };
        check(0, "/index.md", "/");
        check(0, "/visit/index.md", "/visit/");
        check(0, "/visit/prepare.md", "/visit/prepare/");
        check(1, "/index.md", "/es/");
        check(1, "/visit/prepare.md", "/es/visit/prepare/");
        check(0, "/what is   A&E? 100% été.md", "/what-is-a-e-100-ete/");
        check(0, "/reindex.md", "/reindex/");
        check(0, "/日本.md", "/page/");
    }

    #[test]
    fn relative_paths_are_joined() {
        assert_eq!(absolute("/visit/prepare.md", "aftercare.md"), "/visit/aftercare.md");
        assert_eq!(absolute("/visit/prepare.md", "../index.md"), "/index.md");
        assert_eq!(absolute("/a.md", "/b.md"), "/b.md");
        assert_eq!(absolute("/a.md", "/cafe\u{301}.md"), "/café.md");
        assert_eq!(absolute("/a.md", "../../b.md"), "/b.md");
    }
}
