//! Fills the holes of a page: links get addresses, facts their words, citations their numbers.

use super::glossary::{self, Glossary};
use super::routes::{GLOSSARY_PATH, Routes, Target, absolute};
use super::{Cited, LanguageSite, Page, suggest};
use crate::finding::{Finding, Findings};
use crate::html::escape;
use crate::parse::ParsedPage;
use crate::parse::containers::Container;
use crate::parse::library::{Fact, Sources};
use crate::parse::markdown::{self, Body, Citation, HoleKind, ImageUse, LinkUse, Stands};
use crate::parse::settings::Settings;
use crate::picture::Picture;
use crate::source::{FileId, Place};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

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
    pub(super) facts: &'s BTreeMap<String, Fact>,
    pub(super) sources: &'s Sources,
    pub(super) languages: &'s [LanguageSite],
    pub(super) routes: &'s Routes,
    pub(super) files: &'s BTreeMap<String, FileId>,
    pub(super) pictures: &'s BTreeMap<FileId, Option<Picture>>,
    pub(super) glossaries: Vec<Glossary>,
    pub(super) anchors: HashMap<(usize, String), Vec<String>>,
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

fn unknown_fact(name: &str, place: Place, facts: &BTreeMap<String, Fact>) -> Finding {
    let names: Vec<&str> = facts.keys().map(String::as_str).collect();
    Finding::error("unknown-fact", place, format!("There is no fact called `{name}`")).help(suggest(
        name,
        names,
        "Add it to content/facts.toml, or write the words themselves",
    ))
}

impl Filler<'_> {
    /// Fills every page, in parallel.
    pub(super) fn pages(&self, pages: Vec<ParsedPage>) -> (Vec<Page>, Findings) {
        let done: Vec<(Page, Findings)> = pages
            .into_par_iter()
            .map(|page| {
                let mut findings = Findings::new();
                (self.page(page, &mut findings), findings)
            })
            .collect();
        let mut all = Findings::new();
        let mut pages = Vec::with_capacity(done.len());
        for (page, findings) in done {
            all.extend(findings);
            pages.push(page);
        }
        (pages, all)
    }

    fn word(&self, language: usize, key: &str) -> &str {
        self.languages[language].words.get(key).map_or("", String::as_str)
    }

    /// An address below the base path as it stands in a page.
    fn href(&self, url: &str) -> String {
        format!("{}{}", self.settings.base_path, url.trim_start_matches('/'))
    }

    fn page(&self, page: ParsedPage, findings: &mut Findings) -> Page {
        let ParsedPage { file, language, path, front, body, text: range } = page;
        let hidden = self.routes.hidden_here(language, &path);
        let code = self.settings.languages[language].code.as_str();
        let mut cited: Vec<Cited> = Vec::new();
        let inserts = self.body(&body, language, &path, &mut cited, findings);
        for id in &front.sources {
            self.known_source(&id.value, &id.place, findings);
            if !cited.iter().any(|entry| entry.id == id.value) {
                cited.push(Cited { id: id.value.clone(), uses: 0 });
            }
        }
        let mut text = |written: &str, place: &Place| plain(written, place, code, self.facts, findings);
        let title = text(&front.title.value, &front.title.place);
        let nav_title = if front.nav_title == front.title.value {
            title.clone()
        } else {
            text(&front.nav_title, &front.title.place)
        };
        let summary =
            front.summary.as_ref().map(|summary| text(&summary.value, &summary.place)).unwrap_or_default();
        let mut headings = body.headings;
        for heading in headings.iter_mut().filter(|heading| heading.text.contains("[[")) {
            // An unknown fact in a heading is told at its hole already.
            heading.text = plain(&heading.text, &heading.place, code, self.facts, &mut Findings::new());
        }
        Page {
            file: Some(file),
            text: range,
            url: self.routes.address(language, &path).unwrap_or("/").to_owned(),
            language,
            path,
            kind: front.kind.value,
            title,
            nav_title,
            summary,
            front,
            hidden,
            html: body.html,
            inserts,
            headings,
            links: body.links,
            images: body.images,
            containers: body.containers,
            cited,
            alternates: Vec::new(),
            ancestors: Vec::new(),
            children: Vec::new(),
            tags: Vec::new(),
            previous: None,
            next: None,
        }
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
        let english = code.split('-').next() == Some("en");
        let body = markdown::read(markdown, place.file, place.span.start, english, findings);
        let mut cited = Vec::new();
        let inserts = self.body(&body, language, path, &mut cited, findings);
        if let Some(citation) = body.citations.first() {
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
        body: &Body,
        language: usize,
        path: &str,
        cited: &mut Vec<Cited>,
        findings: &mut Findings,
    ) -> Vec<Insert> {
        let code = self.settings.languages[language].code.as_str();
        // The order at one place: what ends, what stands there, what begins.
        let mut inserts: Vec<(u32, u8, Piece)> = Vec::with_capacity(body.holes.len());
        let html_piece = |html: String| Piece::Html(html.into_boxed_str());
        let mut headings = body.headings.iter().peekable();
        let mut level = 1;
        for hole in &body.holes {
            // A box takes its heading one step below the heading it stands under.
            while let Some(heading) = headings.next_if(|heading| heading.at < hole.at) {
                if heading.inside.is_none() {
                    level = heading.level;
                }
            }
            let piece = match &hole.kind {
                HoleKind::Link(number) => {
                    html_piece(self.link(&body.links[*number as usize], language, path, findings))
                }
                HoleKind::Image(number) => {
                    let first = *number == 0;
                    html_piece(self.image(&body.images[*number as usize], first, language, path, findings))
                }
                HoleKind::Fact { name, place, may_link } => match self.facts.get(name) {
                    Some(fact) => {
                        let words = escape(fact.words.get(code).map_or("", String::as_str));
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
                    let group = &body.citations[range.start as usize..range.end as usize];
                    html_piece(self.citation(group, language, cited, findings))
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
        inserts.sort_by_key(|(at, order, _)| (*at, *order));
        inserts.into_iter().map(|(at, _, piece)| Insert { at, piece }).collect()
    }

    /// The marks of one `[@A; @B]`.
    fn citation(
        &self,
        group: &[Citation],
        language: usize,
        cited: &mut Vec<Cited>,
        findings: &mut Findings,
    ) -> String {
        let mut html = String::from("<sup class=\"cite\">");
        for (position, citation) in group.iter().enumerate() {
            self.known_source(&citation.id, &citation.place, findings);
            let number = match cited.iter().position(|entry| entry.id == citation.id) {
                Some(at) => at,
                None => {
                    cited.push(Cited { id: citation.id.clone(), uses: 0 });
                    cited.len() - 1
                }
            };
            cited[number].uses += 1;
            let (uses, number) = (cited[number].uses, number + 1);
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
            Finding::error("unknown-source", place.clone(), format!("There is no source called `{id}`"))
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
                    Finding::error("link-leads-nowhere", place(), format!("`{target}` leads nowhere"))
                        .help(self.routes.suggest(language, &guess))
                }
            };
            findings.push(finding);
            return "<a>".to_owned();
        }
        let (url, in_language) = match self.routes.target(language, &full) {
            Target::Page { language, url } => (url, language),
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
        let mut href = if page.is_empty() { String::new() } else { self.href(url) };
        if let Some(anchor) = anchor {
            let ids = self.anchors.get(&(in_language, full.clone())).map_or(&[][..], Vec::as_slice);
            if !ids.iter().any(|id| id == anchor) {
                let here = if page.is_empty() { "this page".to_owned() } else { format!("`{full}`") };
                let names = ids.iter().map(String::as_str);
                findings.push(
                    Finding::error(
                        "anchor-leads-nowhere",
                        place(),
                        format!("No heading of {here} has the id `{anchor}`"),
                    )
                    .help(suggest(
                        anchor,
                        names.clone(),
                        &format!("Its headings have these: {}", names.clone().collect::<Vec<_>>().join(", ")),
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
        if self.routes.hidden_here(language, from).is_none()
            && let Some(finding) = self.routes.out_of_time(language, to, "This link leads to", &link.place)
        {
            findings.push(finding);
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
