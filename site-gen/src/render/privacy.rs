//! What the finished files could do to a reader's privacy, read from the files themselves. What must not be there stops
//! the build; what was looked at becomes `privacy-report.json` and a plain page.

use super::handouts::{self, inside};
use crate::finding::{Finding, Severity};
use crate::search;
use crate::source::{Place, SourceTree};
use memchr::{memchr, memchr3, memmem};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where the report lies in the output.
pub(super) const FILE: &str = "privacy-report.json";

/// Words with which a script could keep something on the reader's device.
const STORES: [&str; 7] =
    ["localStorage", "sessionStorage", "indexedDB", "cookie", "cookieStore", "caches", "serviceWorker"];

/// Words with which a script could send something; no script of a page with questions, or with a list that readers can
/// narrow, may have one.
const SENDS: [&str; 10] = [
    "fetch",
    "XMLHttpRequest",
    "WebSocket",
    "WebTransport",
    "EventSource",
    "RTCPeerConnection",
    "sendBeacon",
    "postMessage",
    "BroadcastChannel",
    "importScripts",
];

/// What the page with questions must forbid in its policy.
const STRICT: [&str; 6] = [
    "default-src 'none'",
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    // No text becomes a part of the page or a script, and no script can allow itself to do that.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
];

/// What the page where readers search must have in its policy: it may ask this site for the index, and no more.
const SEARCH: [&str; 5] = [
    "default-src 'none'",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
];

/// What was found in all files.
#[derive(Debug, Default)]
pub(super) struct Inspection {
    /// Pages by their policy.
    policies: BTreeMap<String, Vec<String>>,
    /// Addresses of pages that hold a questionnaire.
    questions: Vec<String>,
    /// Addresses of pages where readers search.
    searches: Vec<String>,
    /// The programs of the search engine and the hash of each.
    engine: BTreeMap<String, String>,
    /// How many files for paper were read.
    handouts: usize,
    /// Scripts that pages load, and whether a page does on which readers answer or narrow a list.
    scripts: BTreeMap<String, bool>,
    /// What a file must not have.
    faults: Vec<Fault>,
}

/// Something that a file must not have.
#[derive(Debug)]
struct Fault {
    code: &'static str,
    /// The page or file in which it was found.
    file: String,
    /// A piece of the file's text that shows it.
    shows: String,
}

/// What one page has.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PageParts {
    policy: String,
    questions: bool,
    searches: bool,
    /// Whether readers can narrow a list.
    filters: bool,
    scripts: Vec<String>,
    /// Kept in memory only: nothing with a fault is written down.
    #[serde(skip)]
    faults: Vec<(&'static str, String)>,
}

/// What one file has that matters here.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Seen {
    /// A page.
    Page(PageParts),
    /// A style sheet or drawing, with what it loads from elsewhere.
    Loads(Vec<String>),
    /// A script: its words for keeping and for sending; and the hash of a program of the search engine.
    Script {
        /// Those it has.
        words: Vec<String>,
        /// Its hash.
        program: Option<String>,
    },
    /// Another program of the search engine, by its hash.
    Program(String),
    /// A file for paper, with the names in it with which a PDF does something by itself.
    Paper(Vec<String>),
}

impl Seen {
    /// Whether nothing was seen that must not be there.
    pub(crate) fn is_clean(&self) -> bool {
        match self {
            Seen::Page(parts) => parts.faults.is_empty(),
            Seen::Loads(found) | Seen::Paper(found) => found.is_empty(),
            Seen::Script { .. } | Seen::Program(_) => true,
        }
    }
}

/// Looks at a finished file. Nothing where it cannot do anything.
pub(super) fn look(name: &str, bytes: &[u8]) -> Option<Seen> {
    let program = search::is_program(name).then(|| search::hash(bytes));
    // To look for bytes that are no text takes longer than to see that there are none.
    let text = || std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
    if name.ends_with(".html") {
        Some(Seen::Page(page(&text())))
    } else if name.ends_with(".css") || name.ends_with(".svg") {
        Some(Seen::Loads(loads(&text())))
    } else if name.ends_with(".js") {
        let all: BTreeSet<&[u8]> =
            bytes.split(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))).collect();
        let has = |word: &&&'static str| all.contains(word.as_bytes());
        let words = STORES.iter().chain(&SENDS).filter(has).map(|word| (*word).to_owned()).collect();
        Some(Seen::Script { words, program })
    } else if name.starts_with(handouts::FOLDER) && name.ends_with(".pdf") {
        Some(Seen::Paper(inside::acts(bytes).into_iter().map(str::to_owned).collect()))
    } else {
        program.map(Seen::Program)
    }
}

impl Inspection {
    /// Puts together what was seen in all files.
    pub(super) fn of(mut files: Vec<(String, Arc<Seen>)>) -> Inspection {
        files.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut found = Inspection::default();
        let mut scripts = Vec::new();
        for (name, seen) in files {
            match &*seen {
                Seen::Page(parts) => found.page(name, parts),
                Seen::Loads(loads) => {
                    let fault = |shows: &String| Fault {
                        code: "address-elsewhere",
                        file: name.clone(),
                        shows: shows.clone(),
                    };
                    found.faults.extend(loads.iter().map(fault));
                }
                Seen::Script { words, program } => {
                    if let Some(hash) = program {
                        found.program(&name, hash);
                    }
                    scripts.push((name, words.clone()));
                }
                Seen::Program(hash) => found.program(&name, hash),
                Seen::Paper(acts) => {
                    found.handouts += 1;
                    let fault = |shows: &String| Fault {
                        code: "handout-acts",
                        file: name.clone(),
                        shows: shows.clone(),
                    };
                    found.faults.extend(acts.iter().map(fault));
                }
            }
        }
        // Those that a page names, and those that a script brings in later.
        for (name, words) in scripts {
            let questions =
                found.scripts.iter().any(|(script, questions)| *questions && script.ends_with(name.as_str()));
            for word in words.into_iter().filter(|word| questions || STORES.contains(&word.as_str())) {
                found.faults.push(Fault { code: "script-keeps-or-sends", file: name.clone(), shows: word });
            }
        }
        found
    }

    fn page(&mut self, name: String, parts: &PageParts) {
        for (code, shows) in &parts.faults {
            self.faults.push(Fault { code, file: name.clone(), shows: shows.clone() });
        }
        // The preview follows saves on every page that holds no answers.
        let live = parts.scripts.iter().any(|script| script == crate::serve::LIVE_SCRIPT_URL);
        let filters = parts.filters && !live;
        let needs = [(parts.questions || filters, STRICT.as_slice()), (parts.searches, &SEARCH)];
        let loose = needs.iter().any(|(holds, policy)| {
            *holds && !policy.iter().all(|part| parts.policy.split("; ").any(|said| said == *part))
        });
        if parts.policy.is_empty() || loose || parts.policy.contains("'unsafe-inline'") {
            self.faults.push(Fault {
                code: "policy-too-loose",
                file: name.clone(),
                shows: parts.policy.clone(),
            });
        }
        for script in &parts.scripts {
            *self.scripts.entry(script.clone()).or_default() |= parts.questions || filters;
        }
        if parts.questions {
            self.questions.push(name.clone());
        }
        if parts.searches {
            self.searches.push(name.clone());
        }
        match self.policies.get_mut(&parts.policy) {
            Some(pages) => pages.push(name),
            None => drop(self.policies.insert(parts.policy.clone(), vec![name])),
        }
    }

    fn program(&mut self, name: &str, hash: &str) {
        if !search::is_reviewed(hash) {
            self.faults.push(Fault {
                code: "script-not-reviewed",
                file: name.to_owned(),
                shows: hash.to_owned(),
            });
        }
        self.engine.insert(name.to_owned(), hash.to_owned());
    }

    /// Everything that must not be there, for the person who builds the site.
    pub(super) fn findings(&self, sources: &SourceTree, theme: &str) -> Vec<Finding> {
        let mut told = BTreeSet::new();
        self.faults
            .iter()
            // A layout draws many pages; its mistake is one mistake.
            .filter(|fault| told.insert((fault.code, &fault.shows)))
            .map(|fault| fault.tell(sources, theme))
            .collect()
    }

    /// How many pages were read.
    pub(super) fn pages(&self) -> usize {
        self.policies.values().map(Vec::len).sum()
    }

    /// Whether a page holds a questionnaire.
    pub(super) fn holds_questions(&self) -> bool {
        !self.questions.is_empty()
    }

    /// Whether readers can search.
    pub(super) fn holds_search(&self) -> bool {
        !self.searches.is_empty()
    }

    /// How many files for paper were read.
    pub(super) fn handouts(&self) -> usize {
        self.handouts
    }

    /// Adds what was found in other files.
    pub(super) fn add(&mut self, other: Inspection) {
        for (policy, pages) in other.policies {
            self.policies.entry(policy).or_default().extend(pages);
        }
        self.faults.extend(other.faults);
    }

    /// The report for programs.
    pub(super) fn report(&self) -> Value {
        let policies: Vec<Value> = self
            .policies
            .iter()
            .map(|(policy, pages)| {
                let holds = pages.iter().any(|page| self.questions.contains(page));
                json!({ "policy": policy, "pages": pages.len(), "with_questions": holds })
            })
            .collect();
        let asks: Vec<Value> = asks().map(|(name, does)| json!({ "name": name, "does": does })).collect();
        let none = |what: &str| json!({ "searched_for": what, "found": 0 });
        let mut report = json!({
            "pages": self.pages(),
            "pages_with_questions": self.questions,
            "policies": policies,
            "scripts": self.scripts.keys().collect::<Vec<_>>(),
            "checks": [
                none("pages without a policy, or with one that allows scripts inside the page"),
                none("pages with questions, or with a list to narrow, whose policy allows a connection or a form"),
                none("pages with search whose policy allows more than to ask this site for files"),
                none("programs of the search engine that nobody reviewed"),
                none("scripts inside a page, and attributes that run one"),
                none("addresses of other hosts from which a page or style sheet would load something"),
                none("frames and plug-ins"),
                json!({ "searched_for": "words in scripts that could keep something on the device", "words": STORES, "found": 0 }),
                json!({ "searched_for": "words in the scripts of the questions and of lists to narrow that could send something", "words": SENDS, "found": 0 }),
            ],
        });
        if !self.questions.is_empty() {
            report["the_questions_may_ask_of_the_browser"] = Value::Array(asks);
        }
        if self.handouts > 0 {
            report["handouts"] = json!({
                "files": self.handouts,
                "searched_for": "names with which a PDF runs, sends or opens something by itself, or holds another file",
                "names": inside::ACTS,
                "found": 0,
            });
        }
        if self.holds_search() {
            report["pages_with_search"] = json!(self.searches);
            report["search_engine"] =
                json!({ "name": search::ENGINE, "may": search::MAY, "sha256": self.engine });
        }
        report
    }
}

/// What the questions may ask of the browser: a name, and the code that does it.
pub(super) fn asks() -> impl Iterator<Item = (&'static str, &'static str)> {
    let own = |line: &&str| !line.starts_with('#') && !line.starts_with("helper");
    checker_bundle::REVIEWED.lines().filter(own).filter_map(|line| line.split_once('\t'))
}

impl Fault {
    fn tell(&self, sources: &SourceTree, theme: &str) -> Finding {
        let (file, shows) = (&self.file, &self.shows);
        let (message, help) = match self.code {
            "inline-script" => (
                format!("The page {file} has a script inside it: `{shows}`"),
                "Take it out. Pages may only load the program's own script files",
            ),
            "address-elsewhere" => (
                format!("{file} would load something from another host: `{shows}`"),
                "Put the file into this site and use its address here. Another host would learn who reads the page",
            ),
            "frame-or-plugin" => (
                format!("The page {file} holds a part of another page or program: `{shows}`"),
                "Take it out. It could see or send what a reader does",
            ),
            "script-not-reviewed" => (
                format!(
                    "{file} is a program of the search engine that nobody has reviewed (SHA-256 {shows})"
                ),
                "Read what it asks of the browser, then add its line to site-gen/src/search/reviewed.txt",
            ),
            "handout-acts" => (
                format!("The handout {file} could do something by itself (`{shows}`)"),
                "A handout only shows its text. Report this with the page it belongs to",
            ),
            "script-keeps-or-sends" => (
                format!(
                    "The script {file} has the word `{shows}`, with which it could keep or send something"
                ),
                "Find what brought it in and do without",
            ),
            _ => (
                format!(
                    "The page {file} has no rule for its browser, or one that allows too much: `{shows}`"
                ),
                "Keep the line with `csp` in the head of the theme's layouts as it is",
            ),
        };
        Finding {
            code: self.code,
            severity: Severity::Error,
            // A handout is made by the program: nothing that somebody wrote is to blame.
            place: if self.code == "handout-acts" { None } else { self.origin(sources, theme) },
            message,
            help: Some(help.to_owned()),
        }
    }

    /// Where the theme or the content has this piece of text.
    fn origin(&self, sources: &SourceTree, theme: &str) -> Option<Place> {
        let shows = self.shows.as_bytes();
        let folders = [format!("themes/{theme}"), "content".to_owned()];
        // What a theme says about itself draws no page.
        let draws = |path: &str| [".html", ".css", ".svg", ".md"].iter().any(|end| path.ends_with(end));
        let mut files = folders
            .iter()
            .flat_map(|folder| sources.under(folder))
            .filter(|(_, file)| draws(&file.path) && !file.path.ends_with("README.md"));
        files.find_map(|(id, file)| {
            let at = file.bytes.windows(shows.len().max(1)).position(|window| window == shows)?;
            Some(Place::new(id, at..at + shows.len()))
        })
    }
}

/// What a page has that matters here.
fn page(html: &str) -> PageParts {
    let mut parts = PageParts::default();
    // Few pages have such an attribute, and that is soon seen.
    let has = |attribute: &str| memmem::find(html.as_bytes(), attribute.as_bytes()).is_some();
    let (questions, searches, filters) = (has(" data-checker="), has(" data-search="), has(" data-filter"));
    let mut rest = html;
    while let Some(tag) = next_tag(&mut rest) {
        parts.questions |= questions && tag.text.contains(" data-checker=");
        parts.searches |= searches && tag.text.contains(" data-search=");
        parts.filters |= filters && tag.text.contains(" data-filter");
        let mut fault = |code| parts.faults.push((code, format!("<{}>", tag.text)));
        if tag.may_run()
            && tag.attributes().any(|(name, _)| name.len() > 2 && name[..2].eq_ignore_ascii_case("on"))
        {
            fault("inline-script");
        }
        match tag.name {
            "script" => {
                match tag.attribute("src") {
                    Some(src) if elsewhere(src) => fault("address-elsewhere"),
                    Some(src) => parts.scripts.push(src.to_owned()),
                    None if is_data(tag.attribute("type")) => {}
                    None => fault("inline-script"),
                }
                rest = rest.find("</script").map_or("", |end| &rest[end..]);
            }
            "meta" if tag.attribute("http-equiv") == Some("Content-Security-Policy") => {
                parts.policy =
                    tag.attribute("content").unwrap_or_default().replace("&#x27;", "'").replace("&#39;", "'");
            }
            "iframe" | "frame" | "object" | "embed" | "portal" => fault("frame-or-plugin"),
            "a" if tag.attribute("href").is_some_and(|href| href.trim_start().starts_with("javascript:")) => {
                fault("inline-script");
            }
            // Only these links are loaded; the others say something to search engines.
            "link" => {
                let loaded = |rel: &str| {
                    rel.split_whitespace()
                        .any(|rel| !matches!(rel, "canonical" | "alternate" | "license" | "author"))
                };
                if tag.attribute("rel").is_none_or(loaded) && tag.attribute("href").is_some_and(elsewhere) {
                    fault("address-elsewhere");
                }
            }
            "img" | "source" | "video" | "audio" | "track" | "input" | "image" | "use" | "form"
            | "button" | "base" => {
                let names = ["src", "srcset", "poster", "href", "xlink:href", "action", "formaction"];
                let value = |name: &&str| tag.attribute(name).is_some_and(elsewhere);
                if names.iter().any(value) || tag.attribute("srcset").is_some_and(|set| set.contains("//")) {
                    fault("address-elsewhere");
                }
            }
            _ => {}
        }
    }
    parts
}

/// Pieces of a style sheet or drawing that load something from another host.
fn loads(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    // An import by `url(` is met as such.
    for (start, mark) in ["url(", "@import ", "href=\""].iter().flat_map(|mark| text.match_indices(mark)) {
        let value = text[start + mark.len()..].trim_start_matches(['"', '\'', ' ']);
        if elsewhere(value) {
            let end = value.find(['"', '\'', ')', ';', '\n']).unwrap_or(value.len());
            found.push(value[..end].to_owned());
        }
    }
    found
}

/// Whether an address leads to another host.
fn elsewhere(address: &str) -> bool {
    let address = address.trim_start().as_bytes();
    let starts = |with: &str| {
        address.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with.as_bytes()))
    };
    starts("//") || starts("http:") || starts("https:") || starts("ws:") || starts("wss:")
}

/// Whether a script block is only data.
fn is_data(kind: Option<&str>) -> bool {
    matches!(kind, Some("application/ld+json" | "application/json" | "text/plain"))
}

struct Tag<'t> {
    name: &'t str,
    /// The whole tag without its brackets.
    text: &'t str,
}

impl<'t> Tag<'t> {
    /// Whether an attribute could be one that runs a script: one look at each byte of every tag there is.
    fn may_run(&self) -> bool {
        self.text.as_bytes().windows(3).any(|three| {
            matches!(three[0], b' ' | b'\t' | b'\n' | b'\r' | b'/' | b'"' | b'\'')
                && three[1].eq_ignore_ascii_case(&b'o')
                && three[2].eq_ignore_ascii_case(&b'n')
        })
    }

    fn attributes(&self) -> impl Iterator<Item = (&'t str, &'t str)> + use<'t> {
        let mut rest = self.text.get(self.name.len()..).unwrap_or_default();
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
            let name = &rest[..end];
            rest = rest[end..].trim_start();
            let Some(value) = rest.strip_prefix('=') else { return Some((name, "")) };
            let value = value.trim_start();
            let (value, after) = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
                _ => value.split_once(char::is_whitespace).unwrap_or((value, "")),
            };
            rest = after;
            Some((name, value))
        })
    }

    fn attribute(&self, wanted: &str) -> Option<&'t str> {
        self.attributes().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    }
}

/// Where the `>` of a tag stands. All marks of interest are single bytes, and no byte of a longer character is like them.
fn end_of_tag(inner: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr3(b'>', b'"', b'\'', &inner[at..])?;
        if inner[at] == b'>' {
            return Some(at);
        }
        at += 1 + memchr(inner[at], &inner[at + 1..])? + 1;
    }
}

/// The next start tag of a page, and what is left after it.
fn next_tag<'t>(rest: &mut &'t str) -> Option<Tag<'t>> {
    loop {
        let at = memchr(b'<', rest.as_bytes())?;
        let inner = &rest[at + 1..];
        if let Some(after) = inner.strip_prefix("!--") {
            *rest = after.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
            *rest = inner;
            continue;
        }
        let end = end_of_tag(inner.as_bytes()).unwrap_or(inner.len());
        let text = &inner[..end];
        *rest = inner.get(end..).unwrap_or_default();
        let name = text.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        return Some(Tag { name, text });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self'; \
                          connect-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; \
                          trusted-types 'none'\">";

    fn site(files: &[(&str, &str)]) -> Inspection {
        let all = files.iter().map(|(name, text)| {
            let text = if name.ends_with(".html") { format!("{POLICY}{text}") } else { (*text).to_owned() };
            (*name, text)
        });
        inspect(all)
    }

    fn inspect<'n>(files: impl IntoIterator<Item = (&'n str, String)>) -> Inspection {
        let look =
            |(name, text): (&'n str, String)| Some((name.to_owned(), Arc::new(look(name, text.as_bytes())?)));
        Inspection::of(files.into_iter().filter_map(look).collect())
    }

    fn faults(files: &[(&str, &str)]) -> Vec<(&'static str, String)> {
        site(files).faults.into_iter().map(|fault| (fault.code, fault.shows)).collect()
    }

    #[test]
    fn what_must_not_be_in_a_page_is_found() {
        for (html, code) in [
            ("<script>alert(1)</script>", "inline-script"),
            ("<p onclick=\"go()\">x</p>", "inline-script"),
            ("<a href=\"javascript:go()\">x</a>", "inline-script"),
            ("<script src=\"https://cdn.example/a.js\"></script>", "address-elsewhere"),
            ("<img alt=\"\" src='//cdn.example/a.png'>", "address-elsewhere"),
            ("<img srcset=\"/a.png, https://cdn.example/b.png 2x\">", "address-elsewhere"),
            ("<link rel=\"stylesheet\" href=\"HTTPS://cdn.example/a.css\">", "address-elsewhere"),
            ("<link rel=preconnect href=https://cdn.example>", "address-elsewhere"),
            ("<form action=\"https://elsewhere.example/\"></form>", "address-elsewhere"),
            ("<iframe src=\"/a/\"></iframe>", "frame-or-plugin"),
        ] {
            let found = faults(&[("index.html", html)]);
            assert_eq!(found.len(), 1, "{html}: {found:?}");
            assert_eq!(found[0].0, code, "{html}");
        }
    }

    #[test]
    fn what_a_page_may_have_is_left_alone() {
        for html in [
            "<script src=\"/checker.js\" defer></script>",
            "<script type=\"application/ld+json\">{\"url\": \"https://example.org\", \"x\": \"<img src=//a>\"}</script>",
            "<a href=\"https://doi.org/1\">a source</a>",
            "<link rel=\"canonical\" href=\"https://example.org/\"><link rel=\"stylesheet\" href=\"/style.css\">",
            "<!-- <script>old</script> --><p>on = off</p>",
            "<img src=\"/images/a.png\" alt=\"a > b\">",
        ] {
            assert!(faults(&[("index.html", html)]).is_empty(), "{html}");
        }
    }

    #[test]
    fn style_sheets_load_only_from_here() {
        for css in
            ["a { background: url(\"https://cdn.example/a.png\") }", "@import url(//cdn.example/a.css);"]
        {
            let found = faults(&[("index.html", ""), ("style.css", css)]);
            assert_eq!(found.len(), 1, "{css}");
            assert_eq!(found[0].0, "address-elsewhere");
        }
        for css in ["a { background: url(/a.png) }", "/* https://example.org */"] {
            assert!(faults(&[("index.html", ""), ("style.css", css)]).is_empty(), "{css}");
        }
    }

    #[test]
    fn scripts_that_keep_or_send_are_found_by_the_word() {
        let page = "<div data-checker=\"x\"></div><script src=\"/checker-1.js\"></script>";
        let other = "<script src=\"/checker-1.js\"></script>";
        let with = |html: &str, js: &str| faults(&[("index.html", html), ("checker-1.js", js)]);
        assert_eq!(with(page, "localStorage.x = 1"), [("script-keeps-or-sends", "localStorage".to_owned())]);
        assert_eq!(with(page, "await fetch('/')"), [("script-keeps-or-sends", "fetch".to_owned())]);
        assert!(with(other, "await fetch('/')").is_empty(), "only the script of questions must not fetch");
        assert!(with(page, "prefetched = 1; cookies_eaten()").is_empty());
    }

    #[test]
    fn a_page_with_questions_needs_the_narrow_policy() {
        for (part, instead) in [
            ("connect-src 'none'", "connect-src 'self'"),
            ("require-trusted-types-for 'script';", ""),
            ("; trusted-types 'none'", ""),
        ] {
            let loose = POLICY.replace(part, instead);
            let html = format!("{loose}<div data-checker=\"x\"></div>");
            assert_eq!(inspect([("check.html", html)]).faults[0].code, "policy-too-loose", "{part}");
        }
        let right = ("check.html", format!("{POLICY}<div data-checker=\"x\"></div>"));
        assert!(inspect([right.clone()]).faults.is_empty());
        let bare = ("bare.html", "<p>no policy</p>".to_owned());
        assert_eq!(inspect([right, bare]).faults[0].code, "policy-too-loose");
    }

    #[test]
    fn a_page_with_search_may_ask_this_site_and_nobody_else() {
        let page = |policy: &str| {
            let html = format!(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\"><div data-search=\"/pagefind/\"></div>"
            );
            inspect([("search/index.html", html)])
                .faults
                .into_iter()
                .map(|fault| fault.code)
                .collect::<Vec<_>>()
        };
        let right = SEARCH.join("; ");
        assert!(page(&right).is_empty());
        for (part, other) in [
            ("connect-src 'self'", "connect-src 'self' https://search.example"),
            ("connect-src 'self'", "connect-src *"),
            ("form-action 'none'", "form-action 'self'"),
            ("; require-trusted-types-for 'script'", ""),
        ] {
            assert_eq!(page(&right.replace(part, other)), ["policy-too-loose"], "{other}");
        }
    }

    #[test]
    fn a_search_engine_that_nobody_reviewed_is_found() {
        let found = faults(&[("index.html", ""), ("pagefind/pagefind.js", "export const search = 1")]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "script-not-reviewed");
        let keeps = "caches.open('x')";
        let found = faults(&[("index.html", ""), ("pagefind/pagefind.js", keeps)]);
        assert!(
            found.iter().any(|(code, shows)| (*code, shows.as_str()) == ("script-keeps-or-sends", "caches"))
        );
        assert!(faults(&[("index.html", ""), ("pagefind/index/en_1.pf_index", "words")]).is_empty());
    }

    #[test]
    fn the_report_says_what_was_read_and_is_the_same_each_time() {
        let files = [("index.html", "<p>x</p>"), ("check.html", "<div data-checker=\"x\"></div>")];
        let (one, other) = (site(&files).report(), site(&files).report());
        assert_eq!(one.to_string(), other.to_string());
        assert_eq!(
            (one["pages"].as_u64(), one["pages_with_questions"][0].as_str()),
            (Some(2), Some("check.html"))
        );
        let asks = one["the_questions_may_ask_of_the_browser"].as_array().expect("a list");
        assert!(asks.iter().any(|ask| ask["name"] == "createElement" && ask["does"].as_str().is_some()));
        assert!(site(&files[..1]).report().get("the_questions_may_ask_of_the_browser").is_none());
    }
}
