//! Fills the holes of a page: links get addresses, facts their words, citations their numbers.

use super::glossary::{self, Glossary};
use super::routes::{GLOSSARY_PATH, Routes, Target, absolute};
use super::{LanguageSite, Page, Site, Ties, Verdict};
use crate::cache::{Cache, Judged, Key};
use crate::direction::{self, RTL};
use crate::finding::{Finding, Findings};
use crate::html::escape;
use crate::parse::chance::{self, Chance, ChanceUse};
use crate::parse::containers::Container;
use crate::parse::data::{shorten, suggest};
use crate::parse::front_matter::{FrontMatter, Hidden, PageKind};
use crate::parse::library::{Fact, Sources};
use crate::parse::markdown::{self, Citation, Heading, HoleKind, ImageUse, LinkUse, Stands};
use crate::parse::settings::Settings;
use crate::parse::{self, Head, ParsedPage, Text};
use crate::picture::Picture;
use crate::source::{FileId, Place, SourceTree};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

/// What belongs into a page's HTML at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insert {
    /// Byte offset in [`Page::html`].
    pub at: u32,
    /// What.
    pub piece: Piece,
}

/// What an [`Insert`] puts in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Finished HTML.
    Html(Box<str>),
    /// The beginning of a container, whose template belongs to the theme.
    Open {
        /// Which.
        container: Container,
        /// The author's own label, facts filled in; may be empty.
        label: String,
        /// The level that a heading of the container should have.
        level: u8,
    },
    /// The end of the innermost container.
    Close,
    /// A number as a picture, which the theme draws.
    Chance {
        /// How many in how many.
        chance: Chance,
        /// The same in words, in the page's language.
        title: Box<str>,
    },
}

/// A finished text whose containers are still to be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fragment {
    /// Its HTML; what the inserts hold belongs into it.
    pub html: String,
    /// Ordered by place.
    pub inserts: Vec<Insert>,
}

/// Everything that filling a page needs to know of the others.
pub(super) struct Filler<'s> {
    pub(super) settings: &'s Settings,
    facts: &'s BTreeMap<String, Fact>,
    sources: &'s Sources,
    languages: &'s [LanguageSite],
    routes: &'s Routes,
    files: &'s BTreeMap<String, FileId>,
    pictures: &'s BTreeMap<FileId, Option<Picture>>,
    glossaries: &'s [Glossary],
    tree: &'s SourceTree,
}

impl<'s> Filler<'s> {
    /// With what a site has, whether or not it has its pages yet.
    pub(super) fn of(site: &'s Site) -> Self {
        Filler {
            settings: &site.settings,
            facts: &site.facts,
            sources: &site.sources,
            languages: &site.languages,
            routes: &site.routes,
            files: &site.files,
            pictures: &site.pictures,
            glossaries: &site.glossaries,
            tree: &site.tree,
        }
    }
}

/// Replaces `[[fact]]` in a text that is no Markdown.
pub(super) fn plain(
    text: &str,
    place: &Place,
    language: &str,
    facts: &BTreeMap<String, Fact>,
    findings: &mut Findings,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("[[") {
        out.push_str(&rest[..start]);
        let Some(length) = rest[start..].find("]]") else {
            rest = &rest[start..];
            break;
        };
        let name = rest[start + 2..start + length].trim();
        match facts.get(name) {
            Some(fact) => out.push_str(fact.words.get(language).map_or("", String::as_str)),
            None => findings.push(unknown_fact(name, place.clone(), facts)),
        }
        rest = &rest[start + length + 2..];
    }
    out.push_str(rest);
    out
}

/// The last sign of a piece of HTML that a reader sees.
fn last_shown(html: &str) -> Option<char> {
    let mut rest = html;
    while let Some(open) = rest.strip_suffix('>').and_then(|tag| tag.rfind('<')) {
        rest = &rest[..open];
    }
    rest.chars().next_back()
}

fn unknown_fact(name: &str, place: Place, facts: &BTreeMap<String, Fact>) -> Finding {
    let names: Vec<&str> = facts.keys().map(String::as_str).collect();
    let shown = shorten(name);
    Finding::error("unknown-fact", place, format!("There is no fact called `{shown}`")).help(suggest(
        name,
        names,
        "Add it to content/facts.toml, or write the words themselves",
    ))
}

impl Filler<'_> {
    /// Fills every page, in parallel; not one of which `cache` knows what there is to say. `frame`: a key of all that is no
    /// page, and of every address.
    pub(super) fn pages(&self, pages: Vec<ParsedPage>, cache: &Cache, frame: u128) -> (Vec<Page>, Findings) {
        let done: Vec<Page> = pages
            .into_par_iter()
            .map(|page| {
                let key = self.key(&page, frame);
                let known = cache.pages().judged.get(&page.file).filter(|known| known.key == key);
                self.page(page, key, known)
            })
            .collect();
        let mut all = Findings::new();
        for page in &done {
            all.repeat(page.verdict.linked());
        }
        (done, all)
    }

    /// A key of everything that decides what there is to say about a page: its own bytes, the page that it may be a
    /// translation of, all that is no page, every address, and what its links to parts of other pages come to.
    fn key(&self, page: &ParsedPage, frame: u128) -> u128 {
        let mut key = Key::new("judged");
        key.number(frame)
            .text(&page.path)
            .number(page.language as u128)
            .number(page.file.0.into())
            .number(page.source);
        key.number(self.routes.source(0, &page.path).unwrap_or_default());
        for link in page.head.links.iter().filter(|link| link.target.contains('#')) {
            let mut said = Findings::new();
            key.text(&self.link(link, page.language, &page.path, &mut said));
            for finding in said.iter() {
                key.text(finding.code)
                    .text(&finding.message)
                    .text(finding.help.as_deref().unwrap_or_default());
            }
        }
        key.done()
    }

    fn word(&self, language: usize, key: &str) -> &str {
        self.languages[language].words.get(key).map_or("", String::as_str)
    }

    /// Words without markup, their phone numbers in the right order in a text that runs from right to left.
    fn own_way<'t>(&self, words: &'t str, language: usize) -> Cow<'t, str> {
        match self.settings.languages[language].dir == RTL {
            true => direction::isolated(words),
            false => Cow::Borrowed(words),
        }
    }

    /// An address below the base path as it stands in a page.
    fn href(&self, url: &str) -> String {
        format!("{}{}", self.settings.base_path, url.trim_start_matches('/'))
    }

    fn page(&self, page: ParsedPage, key: u128, known: Option<&Arc<Judged>>) -> Page {
        let mut findings = Findings::new();
        let ParsedPage { read, body } = page;
        let (file, language, path) = (read.file, read.language, read.path.clone());
        let mut head = Arc::clone(&read.head);
        let hidden = self.routes.hidden_here(language, &path);
        let code = self.settings.languages[language].code.as_str();
        let again = || parse::text_again(file, self.tree.file(file), read.text.clone(), code);
        let filled = if known.is_some() {
            // Drawn only if somebody asks for it.
            OnceLock::new()
        } else {
            let body = body.unwrap_or_else(again);
            let inserts = self.body(&body, &head, language, &path, &mut findings);
            OnceLock::from(Fragment { html: body.html, inserts })
        };
        let front = &head.front;
        for id in &front.sources {
            self.known_source(&id.value, &id.place, &mut findings);
        }
        let mut text = |written: &str, place: &Place| plain(written, place, code, self.facts, &mut findings);
        let title = text(&front.title.value, &front.title.place);
        let nav_title = if front.nav_title == front.title.value {
            title.clone()
        } else {
            text(&front.nav_title, &front.title.place)
        };
        let summary =
            front.summary.as_ref().map(|summary| text(&summary.value, &summary.place)).unwrap_or_default();
        let kind = front.kind.value;
        let stated = |heading: &Heading| heading.text.contains("[[");
        if head.headings.iter().any(stated) {
            let head = Arc::make_mut(&mut head);
            for heading in head.headings.iter_mut().filter(|heading| stated(heading)) {
                // An unknown fact in a heading is told at its hole already.
                heading.text = plain(&heading.text, &heading.place, code, self.facts, &mut Findings::new());
            }
        }
        // What is known was found by just this.
        let verdict = match known {
            Some(known) => Verdict::Known(Arc::clone(known)),
            None => Verdict::Open { key, linked: findings.into_vec() },
        };
        Page {
            file: Some(file),
            source: read.source,
            text: read.text.clone(),
            url: self.routes.address(language, &path).unwrap_or("/").to_owned(),
            language,
            path,
            kind,
            title,
            nav_title,
            summary,
            head,
            hidden,
            filled,
            verdict,
            ties: Ties::default(),
        }
    }

    /// Reads and fills a page whose text nobody has needed yet. What there is to say about it was said.
    pub(super) fn again(&self, page: &Page) -> Fragment {
        let Some(file) = page.file else { return Fragment::default() };
        let code = &self.settings.languages[page.language].code;
        let body = parse::text_again(file, self.tree.file(file), page.text.clone(), code);
        let inserts = self.body(&body, &page.head, page.language, &page.path, &mut Findings::new());
        Fragment { html: body.html, inserts }
    }

    /// A text that is part of a page made from elsewhere: the page of a checker's outcome.
    pub(super) fn fragment(
        &self,
        markdown: &str,
        place: &Place,
        language: usize,
        path: &str,
        findings: &mut Findings,
    ) -> Fragment {
        let code = self.settings.languages[language].code.as_str();
        let english = parse::is_english(code);
        let body = markdown::read(markdown, place.file, place.span.start, english, findings);
        let (head, body) = Head::of(FrontMatter::made(PageKind::About, String::new()), body);
        let inserts = self.body(&body, &head, language, path, findings);
        if let Some(citation) = head.citations.first() {
            findings.push(
                Finding::error(
                    "citation-without-list",
                    citation.place.clone(),
                    "A result cannot cite sources: it has no list of them",
                )
                .help("Cite the source on a page, and name the evidence in the rule"),
            );
        }
        Fragment { html: body.html, inserts }
    }

    /// What belongs into the holes of one text. `path` is where relative links start from.
    fn body(
        &self,
        body: &Text,
        head: &Head,
        language: usize,
        path: &str,
        findings: &mut Findings,
    ) -> Vec<Insert> {
        // Which use of each source comes next.
        let mut uses = vec![0; head.cited.len()];
        let code = self.settings.languages[language].code.as_str();
        // The order at one place: what ends, what stands there, what begins.
        let mut inserts: Vec<(u32, u8, Piece)> = Vec::with_capacity(body.holes.len());
        let html_piece = |html: String| Piece::Html(html.into_boxed_str());
        let mut headings = head.headings.iter().peekable();
        let mut level = 1;
        let chances = self.chances(head, code, findings);
        // Where the last fact stands, and whether it ends with a digit.
        let mut last_fact = None;
        for hole in &body.holes {
            // A box takes its heading one step below the heading it stands under.
            while let Some(heading) = headings.next_if(|heading| heading.at < hole.at) {
                if heading.inside.is_none() {
                    level = heading.level;
                }
            }
            let piece = match &hole.kind {
                HoleKind::Link(number) => {
                    html_piece(self.link(&head.links[*number as usize], language, path, findings))
                }
                HoleKind::Image(number) => {
                    let first = *number == 0;
                    html_piece(self.image(&head.images[*number as usize], first, language, path, findings))
                }
                HoleKind::Fact { name, place, may_link } => match self.facts.get(name) {
                    Some(fact) => {
                        let words =
                            escape(&self.own_way(fact.words.get(code).map_or("", String::as_str), language));
                        last_fact = Some((hole.at, words.ends_with(|last: char| last.is_ascii_digit())));
                        html_piece(match &fact.href {
                            Some(href) if *may_link => format!("<a href=\"{}\">{words}</a>", escape(href)),
                            _ => words,
                        })
                    }
                    None => {
                        findings.push(unknown_fact(name, place.clone(), self.facts));
                        continue;
                    }
                },
                HoleKind::Cite(range) => {
                    let group = &head.citations[range.start as usize..range.end as usize];
                    let (from, after_fact) = last_fact.unwrap_or_default();
                    let before = &body.html[from as usize..hole.at as usize];
                    let apart = last_shown(before).map_or(after_fact, |last| last.is_ascii_digit());
                    html_piece(self.citation(group, apart, head, &mut uses, language, findings))
                }
                HoleKind::Word(key) => html_piece(escape(self.word(language, key))),
                HoleKind::Numbered(key, number) => {
                    html_piece(escape(&self.word(language, key).replace("{number}", &number.to_string())))
                }
                HoleKind::Open { container, label, place } => Piece::Open {
                    container: *container,
                    label: plain(label, place, code, self.facts, findings),
                    level: (level + 1).clamp(2, 6),
                },
                HoleKind::Close => Piece::Close,
                HoleKind::Chance(number) => {
                    let Some(chance) = chances[*number as usize] else { continue };
                    let title = self.counted("chance_picture", language, chance);
                    Piece::Chance { chance, title: title.into_boxed_str() }
                }
                HoleKind::Rest(number) => match chances[*number as usize] {
                    Some(chance) if chance.rest() > 0 => html_piece(format!(
                        " <span class=\"chance-rest\">{}</span>",
                        escape(&self.counted("chance_rest", language, chance))
                    )),
                    _ => continue,
                },
            };
            inserts.push((hole.at, 1, piece));
        }
        if let Some(list) = self.routes.address(language, GLOSSARY_PATH) {
            let list = self.href(list);
            for found in self.glossaries[language].uses(&body.html, &body.prose) {
                let term = &self.languages[language].glossary[found.term];
                let open = format!("<a class=\"term\" href=\"{list}#{}\">", glossary::anchor(term));
                inserts.push((found.range.start as u32, 2, html_piece(open)));
                inserts.push((found.range.end as u32, 0, html_piece("</a>".to_owned())));
            }
        }
        if self.settings.languages[language].dir == RTL {
            for number in direction::numbers_in_html(&body.html) {
                let (start, end) = (number.start as u32, number.end as u32);
                inserts.push((start, 3, html_piece("<bdi dir=\"ltr\">".to_owned())));
                inserts.push((end, 0, html_piece("</bdi>".to_owned())));
            }
        }
        inserts.sort_by_key(|(at, order, _)| (*at, *order));
        inserts.into_iter().map(|(at, _, piece)| Insert { at, piece }).collect()
    }

    /// The numbers to be drawn, line by line; `None` where one cannot be, which is told.
    fn chances(&self, head: &Head, code: &str, findings: &mut Findings) -> Vec<Option<Chance>> {
        let mut base = None;
        let mut read = |written: &ChanceUse| {
            // An unknown fact is told at its hole.
            let words = plain(&written.words, &written.place, code, self.facts, &mut Findings::new());
            match chance::read(&words) {
                Ok(chance) => {
                    if *base.get_or_insert(chance.of) != chance.of {
                        findings.push(mixed(chance, written.place.clone()));
                    }
                    Some(chance)
                }
                Err(fault) => {
                    findings.push(fault.finding(written.place.clone()));
                    None
                }
            }
        };
        head.chances.iter().map(&mut read).collect()
    }

    /// Words of the interface about a number that is drawn.
    fn counted(&self, key: &str, language: usize, chance: Chance) -> String {
        let words = self.word(language, key).replace("{count}", &chance.count.to_string());
        words.replace("{rest}", &chance.rest().to_string()).replace("{of}", &chance.of.to_string())
    }

    /// The marks of one `[@A; @B]`. `apart`: behind a digit, where nobody may read them as one number, such as one to call.
    fn citation(
        &self,
        group: &[Citation],
        apart: bool,
        head: &Head,
        uses: &mut [u32],
        language: usize,
        findings: &mut Findings,
    ) -> String {
        let apart = if apart { " apart" } else { "" };
        let mut html = format!("<sup class=\"cite{apart}\">");
        for (position, citation) in group.iter().enumerate() {
            self.known_source(&citation.id, &citation.place, findings);
            let number = head.cited.iter().position(|entry| entry.id == citation.id);
            let number = number.expect("BUG: a head lists every source that its page cites");
            uses[number] += 1;
            let (uses, number) = (uses[number], number + 1);
            let label = self.word(language, "source_mark").replace("{number}", &number.to_string());
            let comma = if position > 0 { ", " } else { "" };
            let _ = write!(
                html,
                "{comma}<a id=\"cite-{number}-{uses}\" href=\"#source-{number}\" aria-label=\"{}\">{number}</a>",
                escape(&label)
            );
        }
        html.push_str("</sup>");
        html
    }

    fn known_source(&self, id: &str, place: &Place, findings: &mut Findings) {
        let sources = self.sources;
        if sources.evidence.contains_key(id) || sources.publications.contains_key(id) {
            return;
        }
        let ids: Vec<&str> =
            sources.evidence.keys().chain(sources.publications.keys()).map(String::as_str).collect();
        findings.push(
            Finding::error(
                "unknown-source",
                place.clone(),
                format!("There is no source called `{}`", shorten(id)),
            )
            .help(suggest(id, ids, "Add it to content/evidence.toml")),
        );
    }

    /// The opening tag of a link. One that leads nowhere keeps its words and loses its address.
    fn link(&self, link: &LinkUse, language: usize, path: &str, findings: &mut Findings) -> String {
        let target = link.target.trim();
        let place = || link.place.clone();
        if let Some((scheme, rest)) = target.split_once(':')
            && !scheme.is_empty()
            && !scheme.contains(['/', '#', '?', '.'])
        {
            let known = ["https", "http", "mailto", "tel", "sms"];
            let scheme = scheme.to_ascii_lowercase();
            if !known.contains(&scheme.as_str()) || rest.is_empty() {
                findings.push(
                    Finding::error(
                        "link-scheme",
                        place(),
                        format!("A link cannot begin with `{scheme}:`"),
                    )
                    .help("Link to a page (`/visit/prepare.md`), or begin with https://, mailto:, tel: or sms:"),
                );
                return "<a>".to_owned();
            }
            let foreign = if scheme.starts_with("http") { " rel=\"noreferrer\"" } else { "" };
            return format!("<a href=\"{}\"{foreign}>", escape(target));
        }
        let (page, anchor) = match target.split_once('#') {
            Some((page, anchor)) => (page, Some(anchor)),
            None => (target, None),
        };
        let full = if page.is_empty() { path.to_owned() } else { absolute(path, &decode(page)) };
        if page.is_empty() && anchor.is_none_or(str::is_empty) {
            findings.push(
                Finding::error("link-leads-nowhere", place(), "This link has no target")
                    .help("Write `[words](/visit/prepare.md)`"),
            );
            return "<a>".to_owned();
        }
        if let Some(now) = self.routes.moved_to(language, &full).filter(|_| !page.is_empty()) {
            let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
            findings.push(
                Finding::error(
                    "link-to-moved-page",
                    place(),
                    format!("`{page}` has moved: it is `{now}` now"),
                )
                .help(format!("Write `{now}{anchor}`")),
            );
            return "<a>".to_owned();
        }
        if !page.is_empty() && !full.ends_with(".md") {
            if let Some(file) = self.file(&full) {
                return format!("<a href=\"{}\">", escape(&self.href(&file)));
            }
            let finding = match self.routes.path_of_address(language, &full) {
                Some(real) => Finding::error(
                    "link-written-as-address",
                    place(),
                    format!("`{target}` is the address of a page, not its file"),
                )
                .help(format!("Write `{real}`")),
                None => {
                    let guess = format!("/{}.md", full.trim_matches('/'));
                    let help = match target.starts_with("www.") {
                        true => {
                            format!("A link to another site begins with https://. Write `https://{target}`")
                        }
                        false => self.routes.suggest(language, &guess),
                    };
                    Finding::error("link-leads-nowhere", place(), format!("`{target}` leads nowhere"))
                        .help(help)
                }
            };
            findings.push(finding);
            return "<a>".to_owned();
        }
        let (route, in_language) = match self.routes.target(language, &full) {
            Target::Page { language, route } => (route, language),
            Target::Unread => return "<a>".to_owned(),
            Target::Draft => {
                findings.push(
                    Finding::error(
                        "link-to-draft",
                        place(),
                        format!("`{full}` is a draft, so readers of this link would find nothing"),
                    )
                    .help("Publish that page (take out `draft: true`), or take out the link"),
                );
                return "<a>".to_owned();
            }
            // The words stay, and the link comes by itself when the page does.
            Target::OutOfTime => {
                self.tell_time(link, language, path, &full, findings);
                return "<a>".to_owned();
            }
            Target::Nowhere => {
                findings.push(
                    Finding::error("link-leads-nowhere", place(), format!("There is no page `{full}`"))
                        .help(self.routes.suggest(language, &full)),
                );
                return "<a>".to_owned();
            }
        };
        // It may be part of the site only because somebody asked to see everything.
        self.tell_time(link, language, path, &full, findings);
        let mut href = if page.is_empty() { String::new() } else { self.href(&route.url) };
        if let Some(anchor) = anchor {
            // Every id on the page that the link leads to; only explained words have some on a page that nobody wrote.
            let terms: Vec<String> = match full.as_str() {
                GLOSSARY_PATH if route.head.is_none() => {
                    self.languages[in_language].glossary.iter().map(glossary::anchor).collect()
                }
                _ => Vec::new(),
            };
            let names = route.anchors().chain(terms.iter().map(String::as_str));
            if !names.clone().any(|id| id == anchor) {
                let here = if page.is_empty() { "this page".to_owned() } else { format!("`{full}`") };
                findings.push(
                    Finding::error(
                        "anchor-leads-nowhere",
                        place(),
                        format!("No heading of {here} has the id `{anchor}`"),
                    )
                    .help(suggest(
                        anchor,
                        names.clone(),
                        format!(
                            "Its headings have these: {}",
                            names.clone().take(30).collect::<Vec<_>>().join(", ")
                        ),
                    )),
                );
            }
            let _ = write!(href, "#{anchor}");
        }
        let foreign = if in_language == language {
            String::new()
        } else {
            let code = &self.settings.languages[in_language].code;
            format!(" hreflang=\"{code}\"")
        };
        format!("<a href=\"{}\"{foreign}>", escape(&href))
    }

    /// Tells of a link to a page whose day is to come or over. What readers do not see themselves may link to anything.
    fn tell_time(&self, link: &LinkUse, language: usize, from: &str, to: &str, findings: &mut Findings) {
        if self.routes.hidden_here(language, from).is_some() {
            return;
        }
        if let Some(finding) = self.routes.out_of_time(language, to, "This link leads to", &link.place) {
            findings.push(finding);
        }
        // Drafts are part of the site when somebody asks to see them; the readers' site would refuse this link.
        if self.routes.hidden(language, to) == Some(Hidden::Draft) {
            findings.push(
                Finding::warning(
                    "link-to-draft",
                    link.place.clone(),
                    format!("`{to}` is a draft, so `site-gen build` refuses this link"),
                )
                .help("Publish that page (take out `draft: true`), or take out the link"),
            );
        }
    }

    /// The address of a file for readers that an author named by its path.
    fn file(&self, path: &str) -> Option<String> {
        let url = super::routes::file_address(path.trim_start_matches('/'));
        self.files.contains_key(&url).then_some(url)
    }

    fn image(
        &self,
        image: &ImageUse,
        first: bool,
        language: usize,
        path: &str,
        findings: &mut Findings,
    ) -> String {
        let target = image.target.trim();
        let full = absolute(path, &decode(target));
        let Some(url) = self.file(&full) else {
            let (message, help) = if target.contains("://") {
                (
                    format!("The image `{target}` lies on another site"),
                    "Save it in content/images/ (if you may) and write `/images/name.png`".to_owned(),
                )
            } else {
                let names: Vec<&str> = self.files.keys().map(String::as_str).collect();
                (
                    format!("There is no image `{full}`"),
                    suggest(
                        &full,
                        names,
                        "Put the picture into content/images/ and write `/images/name.png`",
                    ),
                )
            };
            findings.push(Finding::error("image-missing", image.place.clone(), message).help(help));
            return String::new();
        };
        let Some(picture) = self.files.get(&url).and_then(|file| self.pictures.get(file)) else {
            findings.push(
                Finding::error(
                    "image-not-a-picture",
                    image.place.clone(),
                    format!("`{full}` is no picture, so a page cannot show it"),
                )
                .help(format!("Link to it: `[what readers find there]({full})`")),
            );
            return String::new();
        };
        let code = self.settings.languages[language].code.as_str();
        let mut words = |text: &str| plain(text, &image.place, code, self.facts, findings);
        let alt = if image.is_decorative() { String::new() } else { words(&image.alt) };
        let caption = words(image.title.trim());
        let mut html = String::new();
        match image.stands {
            Stands::InText | Stands::InFigure => {
                self.picture(&mut html, &url, picture.as_ref(), first, &alt, &caption)
            }
            Stands::Alone if alt.is_empty() && caption.is_empty() => {
                html.push_str("<p class=\"figure\">");
                self.picture(&mut html, &url, picture.as_ref(), first, &alt, "");
                html.push_str("</p>");
            }
            Stands::Alone => {
                html.push_str("<figure class=\"figure\">");
                self.picture(&mut html, &url, picture.as_ref(), first, &alt, "");
                if !caption.is_empty() {
                    let _ = write!(html, "<figcaption>{}</figcaption>", escape(&caption));
                }
                html.push_str("</figure>");
            }
        }
        html
    }

    /// The picture itself: the copy that fits the reader's screen, and one for browsers that know no WebP. Its size is said,
    /// so that the text below does not jump when it arrives. Only the first of a page is loaded at once.
    fn picture(
        &self,
        html: &mut String,
        url: &str,
        picture: Option<&Picture>,
        first: bool,
        alt: &str,
        title: &str,
    ) {
        let widths = picture.map(Picture::widths).unwrap_or_default();
        if let (Some(picture), Some(widest)) = (picture, widths.last()) {
            html.push_str("<picture><source type=\"image/webp\" srcset=\"");
            for (position, width) in widths.iter().enumerate() {
                let comma = if position > 0 { ", " } else { "" };
                let copy = escape(&self.href(&picture.copy_at(url, *width)));
                let _ = write!(html, "{comma}{copy} {width}w");
            }
            let shown = widest.min(&TEXT_WIDTH);
            let _ = write!(html, "\" sizes=\"(min-width: {shown}px) {shown}px, 100vw\">");
        }
        let _ = write!(html, "<img src=\"{}\" alt=\"{}\"", escape(&self.href(url)), escape(alt));
        if let Some((width, height)) = picture.and_then(Picture::shown) {
            let _ = write!(html, " width=\"{width}\" height=\"{height}\"");
        }
        if !first {
            html.push_str(" loading=\"lazy\"");
        }
        if !title.is_empty() {
            let _ = write!(html, " title=\"{}\"", escape(title));
        }
        html.push('>');
        if !widths.is_empty() {
            html.push_str("</picture>");
        }
    }
}

/// What is told of a picture that counts in another number than those above it.
fn mixed(chance: Chance, place: Place) -> Finding {
    let other = if chance.of == 100 { "1,000" } else { "100" };
    Finding::warning(
        "chance-mixed-bases",
        place,
        format!("This line counts in {}, and a line above it in {other}", chance.of),
    )
    .help("Readers compare pictures by eye: count everything on a page in the same number")
}

/// How wide the text of a page is on a large screen, in pixels. A theme with wider text still shows every picture; its
/// readers then get one that is a little less sharp.
const TEXT_WIDTH: u32 = 640;

/// `%20` and the like undone, as a Markdown link may hold them.
fn decode(path: &str) -> String {
    if !path.contains('%') {
        return path.to_owned();
    }
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = path.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| path.to_owned())
}
