//! Markdown becomes HTML with holes: what depends on the rest of the site (a link's address, a fact's
//! number, a word in the page's language) is left open for `link` to fill.
//!
//! The renderer is our own because the library's writes tables without `scope`, footnotes without a way
//! back, alerts without a title, and no heading ids. Raw HTML is refused, so no sanitiser is needed.

use super::chance::ChanceUse;
use super::containers::{Container, Marker, split};
use super::slips::slips;
use crate::finding::{Finding, Findings};
use crate::html::{escape_into, plain, slug};
use crate::source::{FileId, Place};
use memchr::memchr;
use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd,
    TextMergeWithOffset,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

/// How many things may lie inside each other: a few times what any page needs, and far below where browsers give up.
const DEEPEST: usize = 40;
/// The longest `[[fact]]` or `[@source; @source]`, in bytes.
const LONGEST_TOKEN: usize = 1000;

/// A page's text.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// HTML without what the holes stand for.
    pub html: String,
    /// Ordered by place in `html`.
    pub holes: Vec<Hole>,
    /// Stretches of `html` that are plain words where a glossary term may be linked.
    pub prose: Vec<Range<u32>>,
    /// Every heading in order.
    pub headings: Vec<Heading>,
    /// Every link in order.
    pub links: Vec<LinkUse>,
    /// Every image in order.
    pub images: Vec<ImageUse>,
    /// Every citation in order; several for `[@A; @B]`.
    pub citations: Vec<Citation>,
    /// Which containers the page has, with their places.
    pub containers: Vec<(Container, Place)>,
    /// Every list that stands in no other list, in order.
    pub lists: Vec<ListUse>,
    /// Every table in order.
    pub tables: Vec<TableUse>,
    /// Every line of a `chance` container in order.
    pub chances: Vec<ChanceUse>,
    /// Whether it has notes at its foot.
    pub notes: bool,
}

/// Something to be filled in at a place of the HTML.
#[derive(Clone, Debug)]
pub struct Hole {
    /// Byte offset in [`Body::html`].
    pub at: u32,
    /// What.
    pub kind: HoleKind,
}

/// What is to be filled in.
#[derive(Clone, Debug)]
pub enum HoleKind {
    /// The opening tag of link number so-and-so of [`Body::links`].
    Link(u32),
    /// Image number so-and-so of [`Body::images`].
    Image(u32),
    /// A fact.
    Fact {
        /// Its name.
        name: String,
        /// Where it is used.
        place: Place,
        /// Whether a link may be made of it: not inside another link or a heading.
        may_link: bool,
    },
    /// The citations with these numbers in [`Body::citations`], shown together.
    Cite(Range<u32>),
    /// A word of the interface.
    Word(&'static str),
    /// A word of the interface with a number: the key and `{number}`.
    Numbered(&'static str, u32),
    /// The beginning of a container.
    Open {
        /// Which.
        container: Container,
        /// What the author wrote behind its name.
        label: String,
        /// Where it opens.
        place: Place,
    },
    /// The end of the innermost container.
    Close,
    /// The picture of line number so-and-so of [`Body::chances`].
    Chance(u32),
    /// The words about those to whom it did not happen, of the same line.
    Rest(u32),
}

/// One heading.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its id, unique on the page.
    pub id: String,
    /// Its words. Facts are still `[[name]]`.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// Whether it stands inside a container.
    pub inside: Option<Container>,
    /// Byte offset in [`Body::html`]; meaningless inside a footnote.
    pub at: u32,
}

/// One link as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LinkUse {
    /// What stands in the parentheses.
    pub target: String,
    /// Its words, if they are few.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// One list, without those inside its items.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListUse {
    /// How many items it has.
    pub items: usize,
    /// The container it stands in, if any.
    pub inside: Option<Container>,
    /// Its first line.
    pub place: Place,
}

/// One table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TableUse {
    /// How many columns it has.
    pub columns: usize,
    /// How many words each row below the head has.
    pub rows: Vec<usize>,
    /// Whether something above it, in the same part of the page or on the line of its container, says what it shows.
    pub led: bool,
    /// The container it stands in, if any.
    pub inside: Option<Container>,
    /// Its first line.
    pub place: Place,
}

/// One image as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImageUse {
    /// What stands in the parentheses.
    pub target: String,
    /// What it shows.
    pub alt: String,
    /// The caption, if any.
    pub title: String,
    /// What stands around it.
    pub stands: Stands,
    /// Where it stands.
    pub place: Place,
}

/// What stands around an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stands {
    /// Words before or behind it, on the same line.
    InText,
    /// Nothing: it is a paragraph of its own.
    Alone,
    /// Nothing, in a `figure` container that has the caption.
    InFigure,
}

impl ImageUse {
    /// Whether the author says that it shows nothing a reader needs: `![decorative](...)`.
    pub fn is_decorative(&self) -> bool {
        let alt = self.alt.trim();
        ["decorative", "decorativa", "decorativo"].iter().any(|word| alt.eq_ignore_ascii_case(word))
    }
}

/// One `@ID` of a citation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Citation {
    /// The evidence or source id.
    pub id: String,
    /// Where it is cited.
    pub place: Place,
}

#[derive(Default)]
struct Buffer {
    html: String,
    holes: Vec<Hole>,
    prose: Vec<Range<u32>>,
}

impl Buffer {
    fn append(&mut self, other: Buffer) {
        let shift = self.html.len() as u32;
        self.html.push_str(&other.html);
        self.holes.extend(other.holes.into_iter().map(|hole| Hole { at: hole.at + shift, ..hole }));
        self.prose.extend(other.prose.into_iter().map(|run| run.start + shift..run.end + shift));
    }
}

struct HeadingState {
    outer: Buffer,
    level: u8,
    id: Option<String>,
    range: Range<usize>,
}

/// A container that is open, and what had been read when it opened.
struct OpenBox {
    /// `None` for a name that nobody knows.
    container: Option<Container>,
    place: Place,
    lists: usize,
    items: usize,
    label: bool,
    chances: usize,
    citations: usize,
}

struct TableState {
    alignments: Vec<Alignment>,
    column: usize,
    head: bool,
    body_open: bool,
    /// How the cell that is open ends.
    cell: &'static str,
    cell_start: usize,
}

struct Renderer<'t, 'f> {
    source: &'t str,
    file: FileId,
    base: usize,
    findings: &'f mut Findings,
    body: Body,
    out: Buffer,
    heading: Option<HeadingState>,
    /// Every id given out, with how often its stem was used.
    ids: HashMap<String, u32>,
    link_start: Option<usize>,
    image: Option<ImageUse>,
    /// How many images are open in the words of that one.
    inner_images: usize,
    /// Where the last paragraph begins in `out`.
    paragraph: usize,
    table: Option<TableState>,
    html_block: Option<(String, Range<usize>)>,
    /// Whether the text is shown as it is.
    in_code: bool,
    /// Footnotes by label: number and how often they were referred to.
    notes: HashMap<String, (u32, u32)>,
    note_order: Vec<String>,
    definitions: HashMap<String, Buffer>,
    /// The footnotes that are being written, the innermost last, each with what was being written around it.
    open_definitions: Vec<(String, Buffer)>,
    /// How many blocks and marks are open around the place that is being read.
    depth: usize,
    containers: Vec<OpenBox>,
    /// How many lists are open around each other.
    lists: usize,
    /// How many items of lists have been read.
    items: usize,
    /// Whether words other than a table's have been read since the last heading.
    led: bool,
    /// How the open block quotes end.
    quotes: Vec<&'static str>,
}

/// Renders the Markdown that begins at byte `base` of `file`. `english` turns straight quotes and dots into
/// typographic ones; the library knows only the English form of them.
pub fn read(source: &str, file: FileId, base: usize, english: bool, findings: &mut Findings) -> Body {
    let split = split(source, file, base, findings);
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM;
    if english {
        options |= Options::ENABLE_SMART_PUNCTUATION;
    }
    let mut renderer = Renderer {
        source,
        file,
        base,
        findings,
        body: Body::default(),
        out: Buffer { html: String::with_capacity(source.len() + source.len() / 2), ..Buffer::default() },
        heading: None,
        ids: HashMap::new(),
        link_start: None,
        image: None,
        inner_images: 0,
        paragraph: 0,
        table: None,
        html_block: None,
        in_code: false,
        notes: HashMap::new(),
        note_order: Vec::new(),
        definitions: HashMap::new(),
        open_definitions: Vec::new(),
        depth: 0,
        containers: Vec::new(),
        lists: 0,
        items: 0,
        led: false,
        quotes: Vec::new(),
    };
    let mut markers = split.markers.iter().peekable();
    let events = TextMergeWithOffset::new(Parser::new_ext(&split.text, options).into_offset_iter());
    for (event, range) in events {
        if matches!(event, Event::Rule)
            && let Some((_, marker)) = markers.next_if(|(at, _)| *at == range.start)
        {
            renderer.marker(marker);
        } else {
            renderer.event(event, range);
        }
    }
    for (_, marker) in markers {
        renderer.marker(marker);
    }
    renderer.finish()
}

impl Renderer<'_, '_> {
    fn place(&self, range: Range<usize>) -> Place {
        Place::new(self.file, self.base + range.start..self.base + range.end)
    }

    fn hole(&mut self, kind: HoleKind) {
        self.out.holes.push(Hole { at: self.out.html.len() as u32, kind });
    }

    fn put(&mut self, html: &str) {
        self.out.html.push_str(html);
    }

    /// One more thing is open. No reader can tell what belongs to what in a text that goes too deep, and browsers give up.
    fn deeper(&mut self, range: &Range<usize>) {
        self.depth += 1;
        if self.depth == DEEPEST + 1 {
            let place = self.place(first_line(self.source, range.clone()));
            self.findings.push(
                Finding::error(
                    "nested-too-deep",
                    place,
                    format!("Here more than {DEEPEST} lists, quotes, boxes or marks lie inside each other"),
                )
                .help("End some of them first. A list inside a list is as deep as most readers can follow"),
            );
        }
    }

    fn marker(&mut self, marker: &Marker) {
        match marker {
            Marker::Open { container, label, place } => {
                let start = place.span.start.saturating_sub(self.base);
                self.deeper(&(start..start + place.span.len()));
                self.containers.push(OpenBox {
                    container: *container,
                    place: place.clone(),
                    lists: self.lists,
                    items: self.items,
                    label: !label.is_empty(),
                    chances: self.body.chances.len(),
                    citations: self.body.citations.len(),
                });
                if let Some(container) = *container {
                    self.body.containers.push((container, place.clone()));
                    self.hole(HoleKind::Open { container, label: label.clone(), place: place.clone() });
                }
            }
            Marker::Close => {
                self.depth = self.depth.saturating_sub(1);
                let Some(closed) = self.containers.pop() else { return };
                if closed.container.is_some() {
                    self.hole(HoleKind::Close);
                }
                self.findings_of(closed);
            }
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if let Some(image) = &mut self.image {
            match event {
                Event::Text(text) | Event::Code(text) => image.alt.push_str(&text),
                Event::SoftBreak | Event::HardBreak => image.alt.push(' '),
                Event::Start(Tag::Image { .. }) => self.inner_images += 1,
                Event::End(TagEnd::Image) if self.inner_images > 0 => self.inner_images -= 1,
                Event::End(TagEnd::Image) => {
                    self.depth = self.depth.saturating_sub(1);
                    let image = self.image.take().expect("BUG: the image is open");
                    self.hole(HoleKind::Image(self.body.images.len() as u32));
                    self.body.images.push(image);
                }
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => {
                self.deeper(&range);
                self.start(tag, range);
            }
            Event::End(tag) => {
                self.depth = self.depth.saturating_sub(1);
                self.end(tag, range);
            }
            Event::Text(text) => match &mut self.html_block {
                Some((block, _)) => block.push_str(&text),
                None => self.text(&text, range),
            },
            Event::Code(code) => {
                self.put("<code>");
                escape_into(&mut self.out.html, &code);
                self.put("</code>");
            }
            Event::SoftBreak => self.put("\n"),
            Event::HardBreak => self.put("<br>\n"),
            Event::Rule => self.put("<hr>\n"),
            Event::Html(html) => match &mut self.html_block {
                Some((block, _)) => block.push_str(&html),
                None => self.raw_html(&html, range),
            },
            Event::InlineHtml(html) => self.raw_html(&html, range),
            Event::FootnoteReference(label) => self.reference(&label),
            // These need options that are off.
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text, range),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => {
                self.paragraph = self.out.html.len();
                self.led = true;
                self.put("<p>");
            }
            Tag::Heading { level, id, classes, attrs } => {
                if !classes.is_empty() || !attrs.is_empty() {
                    let finding = Finding::error(
                        "heading-with-class",
                        self.place(first_line(self.source, range.clone())),
                        "A heading can be given an id, but no class or other attribute",
                    );
                    self.findings
                        .push(finding.help("Keep only the id, without a space in it: `## Title {#my-id}`"));
                }
                self.heading = Some(HeadingState {
                    outer: std::mem::take(&mut self.out),
                    level: level as u8,
                    id: id.map(|id| id.into_string()),
                    range,
                });
            }
            Tag::BlockQuote(kind) => {
                let alert = match kind {
                    None => {
                        self.put("<blockquote>\n");
                        self.quotes.push("</blockquote>\n");
                        return;
                    }
                    Some(BlockQuoteKind::Note) => ("note", "alert_note"),
                    Some(BlockQuoteKind::Tip) => ("tip", "alert_tip"),
                    Some(BlockQuoteKind::Important) => ("important", "alert_important"),
                    Some(BlockQuoteKind::Warning) => ("warning", "alert_warning"),
                    Some(BlockQuoteKind::Caution) => ("caution", "alert_caution"),
                };
                self.put("<div class=\"alert alert--");
                self.put(alert.0);
                self.put("\" role=\"note\">\n<p class=\"alert-title\">");
                self.hole(HoleKind::Word(alert.1));
                self.put("</p>\n");
                self.quotes.push("</div>\n");
            }
            Tag::CodeBlock(kind) => {
                let _ = kind as CodeBlockKind<'_>;
                self.put("<pre><code>");
                self.in_code = true;
            }
            Tag::HtmlBlock => self.html_block = Some((String::new(), range)),
            Tag::List(first) => {
                self.lists += 1;
                if self.lists == 1 {
                    let inside = self.inside();
                    let place = self.place(first_line(self.source, range));
                    self.body.lists.push(ListUse { items: 0, inside, place });
                }
                match first {
                    None => self.put("<ul>\n"),
                    Some(1) => self.put("<ol>\n"),
                    Some(first) => {
                        let _ = writeln!(self.out.html, "<ol start=\"{first}\">");
                    }
                }
            }
            Tag::Item => {
                self.items += 1;
                self.led = true;
                if let (1, Some(list)) = (self.lists, self.body.lists.last_mut()) {
                    list.items += 1;
                }
                self.put("<li>");
                if self.is_chance() {
                    self.hole(HoleKind::Chance(self.body.chances.len() as u32));
                    let words = without_bullet(&self.source[range.clone()]).to_owned();
                    let place = self.place(first_line(self.source, range));
                    self.body.chances.push(ChanceUse { words, place });
                }
            }
            Tag::FootnoteDefinition(label) => {
                self.open_definitions.push((label.into_string(), std::mem::take(&mut self.out)));
            }
            Tag::Table(alignments) => {
                let inside = self.inside();
                let led =
                    self.led || self.containers.iter().any(|open| open.label && open.container == inside);
                let place = self.place(first_line(self.source, range));
                self.body.tables.push(TableUse {
                    columns: alignments.len(),
                    rows: Vec::new(),
                    led,
                    inside,
                    place,
                });
                self.put("<div class=\"table-wrap\" role=\"group\" tabindex=\"0\" aria-label=\"");
                self.hole(HoleKind::Word("table_label"));
                self.put("\">\n<table>\n");
                self.table = Some(TableState {
                    alignments,
                    column: 0,
                    head: false,
                    body_open: false,
                    cell: "",
                    cell_start: 0,
                });
            }
            Tag::TableHead => {
                self.put("<thead>\n<tr>");
                if let Some(table) = &mut self.table {
                    table.head = true;
                    table.column = 0;
                }
            }
            Tag::TableRow => {
                let Some(table) = &mut self.table else { return };
                table.column = 0;
                if let Some(table) = self.body.tables.last_mut() {
                    table.rows.push(words_in(&self.source[range.clone()]));
                }
                self.row_shape(range);
                let Some(table) = &mut self.table else { return };
                let open = if table.body_open { "<tr>" } else { "<tbody>\n<tr>" };
                table.body_open = true;
                self.put(open);
            }
            Tag::TableCell => {
                let Some(table) = &mut self.table else { return };
                let align = match table.alignments.get(table.column) {
                    Some(Alignment::Center) => " class=\"center\"",
                    Some(Alignment::Right) => " class=\"right\"",
                    _ => "",
                };
                let (tag, scope, end) = match (table.head, table.column) {
                    (true, _) => ("<th", " scope=\"col\"", "</th>"),
                    (false, 0) => ("<th", " scope=\"row\"", "</th>"),
                    (false, _) => ("<td", "", "</td>"),
                };
                table.cell = end;
                table.cell_start = self.out.html.len();
                self.out.html.push_str(tag);
                self.out.html.push_str(scope);
                self.out.html.push_str(align);
                self.out.html.push('>');
            }
            Tag::Emphasis => self.put("<em>"),
            Tag::Strong => self.put("<strong>"),
            Tag::Strikethrough => self.put("<del>"),
            Tag::Link { link_type, dest_url, .. } => {
                let target = match link_type {
                    LinkType::Email => format!("mailto:{dest_url}"),
                    _ => dest_url.into_string(),
                };
                let place = self.place(range);
                self.hole(HoleKind::Link(self.body.links.len() as u32));
                self.body.links.push(LinkUse { target, text: String::new(), place });
                self.link_start = Some(self.out.html.len());
            }
            Tag::Image { dest_url, title, .. } => {
                self.image = Some(ImageUse {
                    target: dest_url.into_string(),
                    alt: String::new(),
                    title: title.into_string(),
                    stands: Stands::InText,
                    place: self.place(range),
                });
            }
            Tag::Superscript
            | Tag::Subscript
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd, _range: Range<usize>) {
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(_) => {
                let end = self.quotes.pop().unwrap_or_default();
                self.put(end);
            }
            TagEnd::CodeBlock => {
                self.put("</code></pre>\n");
                self.in_code = false;
            }
            TagEnd::HtmlBlock => {
                if let Some((html, range)) = self.html_block.take() {
                    self.raw_html(&html, range);
                }
            }
            TagEnd::List(ordered) => {
                self.lists = self.lists.saturating_sub(1);
                self.put(if ordered { "</ol>\n" } else { "</ul>\n" });
            }
            TagEnd::Item => {
                if self.is_chance() {
                    self.hole(HoleKind::Rest(self.body.chances.len() as u32 - 1));
                }
                self.put("</li>\n");
            }
            TagEnd::FootnoteDefinition => {
                if let Some((label, outer)) = self.open_definitions.pop() {
                    let note = std::mem::replace(&mut self.out, outer);
                    self.definitions.insert(label, note);
                }
            }
            TagEnd::Table => {
                let table = self.table.take();
                if table.is_some_and(|table| table.body_open) {
                    self.put("</tbody>\n");
                }
                self.put("</table>\n</div>\n");
            }
            TagEnd::TableHead => {
                self.put("</tr>\n</thead>\n");
                if let Some(table) = &mut self.table {
                    table.head = false;
                }
            }
            TagEnd::TableRow => self.put("</tr>\n"),
            TagEnd::TableCell => {
                let Some(table) = &mut self.table else { return };
                table.column += 1;
                let (end, start) = (table.cell, table.cell_start);
                // A heading cell with nothing in it announces nothing: make it a plain cell.
                if end == "</th>"
                    && self.out.html.ends_with('>')
                    && self.out.html[start..].matches('<').count() == 1
                    && self.out.holes.last().is_none_or(|hole| (hole.at as usize) < start)
                {
                    self.out.html.truncate(start);
                    self.put("<td></td>");
                } else {
                    self.put(end);
                }
            }
            TagEnd::Emphasis => self.put("</em>"),
            TagEnd::Strong => self.put("</strong>"),
            TagEnd::Strikethrough => self.put("</del>"),
            TagEnd::Link => {
                if let Some(start) = self.link_start.take() {
                    let html = &self.out.html[start..];
                    // Only short texts are of interest: they are the ones that may say nothing.
                    let has_hole = self.out.holes.last().is_some_and(|hole| {
                        hole.at as usize >= start && !matches!(hole.kind, HoleKind::Link(_))
                    });
                    let text = if has_hole || html.len() > 48 { "…".to_owned() } else { plain(html) };
                    if let Some(link) = self.body.links.last_mut() {
                        link.text = text;
                    }
                }
                self.put("</a>");
            }
            TagEnd::Image
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// The innermost container.
    fn inside(&self) -> Option<Container> {
        self.containers.iter().rev().find_map(|open| open.container)
    }

    /// Whether an item is a line of a `chance` container, and not one of a list inside a line.
    fn is_chance(&self) -> bool {
        let innermost = self.containers.last();
        innermost.is_some_and(|open| {
            open.container == Some(Container::Chance)
                && open.lists + 1 == self.lists
                && self.open_definitions.is_empty()
        })
    }

    /// What is told of a container when it ends.
    fn findings_of(&mut self, closed: OpenBox) {
        let mut tell = |code, message, help| {
            self.findings.push(Finding::error(code, closed.place.clone(), message).help(help));
        };
        match closed.container {
            Some(Container::Chance) if self.body.chances.len() == closed.chances => tell(
                "chance-without-number",
                "There is nothing to draw in this box",
                "Write a list, one number a line: `- **7 in 100** had a headache [@ID]`",
            ),
            Some(Container::Chance) if self.body.citations.len() == closed.citations => tell(
                "chance-without-source",
                "These numbers have no source",
                "Put `[@ID]` behind each of them; the ids are in content/evidence.toml",
            ),
            Some(Container::Filter) if self.items == closed.items => tell(
                "filter-without-list",
                "There is no list to narrow in this box",
                "Put the list between this line and its `:::`, one thing a line, each line beginning with `- `",
            ),
            _ => {}
        }
    }

    /// A paragraph that holds one image and nothing else is no paragraph but a figure.
    fn end_paragraph(&mut self) {
        let inner = self.paragraph + "<p>".len();
        let in_figure = self.inside() == Some(Container::Figure);
        if self.out.html.len() == inner
            && let [.., hole] = self.out.holes.as_mut_slice()
            && let HoleKind::Image(number) = hole.kind
            && hole.at as usize == inner
        {
            let image = &mut self.body.images[number as usize];
            // Two images side by side are two holes at one place.
            if self.out.holes.iter().rev().nth(1).is_none_or(|before| (before.at as usize) < inner) {
                let captioned = !image.title.trim().is_empty();
                image.stands = if in_figure && !captioned { Stands::InFigure } else { Stands::Alone };
                self.out.html.truncate(self.paragraph);
                if let Some(hole) = self.out.holes.last_mut() {
                    hole.at = self.paragraph as u32;
                }
                self.put("\n");
                return;
            }
        }
        self.put("</p>\n");
    }

    /// A row with another number of cells than the head: what is too much never reaches a reader.
    fn row_shape(&mut self, range: Range<usize>) {
        let Some(wanted) = self.table.as_ref().map(|table| table.alignments.len()) else { return };
        let row = first_line(self.source, range);
        let cells = cells(&self.source[row.clone()]);
        if cells == wanted {
            return;
        }
        let noun = if cells == 1 { "cell" } else { "cells" };
        let message = format!("This row has {cells} {noun}, and the head of the table has {wanted}");
        let place = self.place(row);
        self.findings.push(if cells > wanted {
            Finding::error("table-row-too-long", place, message)
                .help("Readers would not see the last ones. Take a `|` out, write `\\|` for one that is text, or give the head more cells")
        } else {
            Finding::warning("table-row-too-short", place, message)
                .help("Add the cells that are missing; one that is empty on purpose is ` | `")
        });
    }

    fn end_heading(&mut self) {
        let Some(heading) = self.heading.take() else { return };
        let inner = std::mem::replace(&mut self.out, heading.outer);
        let mut text = String::new();
        let mut done = 0;
        for hole in &inner.holes {
            let at = hole.at as usize;
            text.push_str(&inner.html[done..at]);
            done = at;
            if let HoleKind::Fact { name, .. } = &hole.kind {
                let _ = write!(text, "[[{name}]]");
            }
        }
        text.push_str(&inner.html[done..]);
        let text = plain(&text).trim().to_owned();
        let place = self.place(first_line(self.source, heading.range));
        let id = match heading.id {
            Some(id) => {
                let clean = slug(&id);
                if clean != id.to_ascii_lowercase().replace('_', "-") || id.is_empty() {
                    self.findings.push(
                        Finding::error(
                            "heading-id",
                            place.clone(),
                            format!("`{id}` cannot be a heading's id"),
                        )
                        .help("Use small letters, digits and hyphens: `{#what-it-is}`"),
                    );
                } else if self.ids.contains_key(&id) {
                    self.findings.push(
                        Finding::error(
                            "heading-id-twice",
                            place.clone(),
                            format!("The id `{id}` is used twice on this page"),
                        )
                        .help("Give this heading another id"),
                    );
                }
                self.ids.entry(id.clone()).or_insert(1);
                id
            }
            None => {
                let stem = slug(&text);
                let stem = if stem.is_empty() { "section".to_owned() } else { stem };
                self.free_id(stem)
            }
        };
        let level = heading.level.clamp(1, 6);
        let at = self.out.html.len() as u32;
        let _ = write!(self.out.html, "<h{level} id=\"{id}\">");
        self.out.append(inner);
        let _ = writeln!(self.out.html, "</h{level}>");
        let inside = self.inside();
        self.led = false;
        self.body.headings.push(Heading { level, id, text, place, inside, at });
    }

    /// The stem itself if it is free, else with the next number behind it.
    fn free_id(&mut self, stem: String) -> String {
        let Some(used) = self.ids.get(&stem).copied() else {
            self.ids.insert(stem.clone(), 1);
            return stem;
        };
        let mut number = used + 1;
        let mut id = format!("{stem}-{number}");
        while self.ids.contains_key(&id) {
            number += 1;
            id = format!("{stem}-{number}");
        }
        self.ids.insert(stem, number);
        self.ids.insert(id.clone(), 1);
        id
    }

    /// Words, with the three things in square brackets that are ours: `[[fact]]`, `[@citation]`, `[^note]`.
    fn text(&mut self, text: &str, range: Range<usize>) {
        let mut done = 0;
        let mut searched = range.start;
        let opens = memchr(b'{', text.as_bytes()).is_some();
        if opens && (text.contains("{{") || text.contains("{%")) {
            let place = self.place(range.clone());
            self.findings.push(
                Finding::error("template-code", place, "A page holds words, and no code such as `{{ … }}`")
                    .help("For a shared number write its name, as in `[[emergency_number]]`. For a box write `:::key-points`"),
            );
        }
        if !self.in_code {
            self.slips(&range);
        }
        let mut look = 0;
        while let Some(bracket) = memchr(b'[', &text.as_bytes()[look..]) {
            let at = look + bracket;
            look = at + 1;
            let rest = &text[at..];
            let near = &rest[..rest.floor_char_boundary(LONGEST_TOKEN)];
            let Some(close) = near.find(']') else { continue };
            let token_end = if rest.starts_with("[[") { close + 2 } else { close + 1 };
            let Some(token) = rest.get(..token_end) else { continue };
            let ours = match token.as_bytes().get(1) {
                Some(b'[') => token.ends_with("]]"),
                Some(b'@' | b'^') => true,
                _ => false,
            };
            if !ours {
                continue;
            }
            // Where the token stands in the file: the text may have been changed (quotes), so look for it.
            let found = self.source.get(searched..range.end).and_then(|rest| rest.find(token));
            let place = match found {
                Some(offset) => {
                    let start = searched + offset;
                    searched = start + token.len();
                    start..start + token.len()
                }
                // Written with a backslash, `\[[x]]`: the author wants the brackets.
                None => continue,
            };
            if place.start > 0 && self.source.as_bytes()[place.start - 1] == b'\\' {
                continue;
            }
            let place = self.place(place);
            match token.as_bytes()[1] {
                b'[' => {
                    self.words(&text[done..at]);
                    let name = token[2..token.len() - 2].trim().to_owned();
                    let may_link = self.link_start.is_none() && self.heading.is_none();
                    self.hole(HoleKind::Fact { name, place, may_link });
                }
                b'@' => {
                    // The mark belongs to the word before it.
                    self.words(text[done..at].trim_end_matches(' '));
                    let first = self.body.citations.len() as u32;
                    for id in token[1..token.len() - 1].split([';', ',']) {
                        let id = id.trim().trim_start_matches('@').to_owned();
                        self.body.citations.push(Citation { id, place: place.clone() });
                    }
                    let last = self.body.citations.len() as u32;
                    self.hole(HoleKind::Cite(first..last));
                }
                _ => {
                    self.findings.push(
                        Finding::error(
                            "footnote-undefined",
                            place,
                            format!("The note `{token}` is nowhere on this page"),
                        )
                        .help(format!("Write the note on a line of its own: `{token}: ...`")),
                    );
                    continue;
                }
            }
            done = at + token.len();
            look = done;
        }
        self.words(&text[done..]);
    }

    /// Tells of signs that readers would see as they stand.
    fn slips(&mut self, range: &Range<usize>) {
        let Some(written) = self.source.get(range.clone()) else { return };
        let starts_line = range.start == 0 || self.source.as_bytes()[range.start - 1] == b'\n';
        for slip in slips(written, starts_line) {
            let place = self.place(range.start + slip.range.start..range.start + slip.range.end);
            self.findings.push(Finding::error(slip.code, place, slip.message).help(slip.help));
        }
    }

    fn words(&mut self, text: &str) {
        let start = self.out.html.len() as u32;
        escape_into(&mut self.out.html, text);
        if self.link_start.is_none() && self.heading.is_none() && !text.is_empty() {
            self.out.prose.push(start..self.out.html.len() as u32);
        }
    }

    fn reference(&mut self, label: &str) {
        let next = self.note_order.len() as u32 + 1;
        let entry = self.notes.entry(label.to_owned()).or_insert_with(|| {
            self.note_order.push(label.to_owned());
            (next, 0)
        });
        entry.1 += 1;
        let (number, use_) = *entry;
        let _ = write!(
            self.out.html,
            "<sup class=\"note-mark\"><a id=\"note-mark-{number}-{use_}\" href=\"#note-{number}\" role=\"doc-noteref\" aria-label=\""
        );
        self.hole(HoleKind::Numbered("note_mark", number));
        let _ = write!(self.out.html, "\">{}</a></sup>", letter(number));
    }

    /// Comments are for writers and are left out; everything else is refused with what to write instead.
    fn raw_html(&mut self, html: &str, range: Range<usize>) {
        let mut shown = String::new();
        let mut rest = html;
        while let Some(start) = rest.find("<!--") {
            shown.push_str(&rest[..start]);
            rest = rest[start..].find("-->").map_or("", |end| &rest[start + end + 3..]);
        }
        shown.push_str(rest);
        let shown = shown.trim();
        if shown.is_empty() || shown.starts_with("</") {
            return;
        }
        let place = self.place(first_line(self.source, range));
        let tag: String = shown
            .trim_start_matches(['<', '!', '?'])
            .chars()
            .take_while(|character| character.is_ascii_alphanumeric())
            .collect();
        let tag = tag.to_ascii_lowercase();
        let finding =
            Finding::error("raw-html", place, format!("HTML such as `<{tag}>` cannot be used in a page"));
        self.findings.push(finding.help(instead_of(&tag)));
    }

    fn finish(mut self) -> Body {
        let mut unused: Vec<&String> =
            self.definitions.keys().filter(|label| !self.notes.contains_key(*label)).collect();
        unused.sort();
        for label in unused {
            let at = self.source.find(&format!("[^{label}]:")).unwrap_or(0);
            let finding = Finding::warning(
                "footnote-unused",
                self.place(at..at + label.len() + 4),
                format!("Nothing on this page refers to the note `[^{label}]`"),
            );
            self.findings.push(
                finding.help(format!("Put `[^{label}]` behind the words it belongs to, or take it out")),
            );
        }
        if !self.note_order.is_empty() {
            self.body.notes = true;
            self.put("<section class=\"notes\" role=\"doc-endnotes\" aria-label=\"");
            self.hole(HoleKind::Word("notes_title"));
            self.put("\">\n<ol class=\"notes-list\">\n");
            for label in std::mem::take(&mut self.note_order) {
                let (number, uses) = self.notes[&label];
                let _ = write!(self.out.html, "<li id=\"note-{number}\">");
                let mut note = self.definitions.remove(&label).unwrap_or_default();
                // The way back belongs into the last paragraph.
                let paragraph = note.html.ends_with("</p>\n");
                if paragraph {
                    note.html.truncate(note.html.len() - "</p>\n".len());
                }
                self.out.append(note);
                for use_ in 1..=uses {
                    let _ = write!(
                        self.out.html,
                        " <a class=\"note-back\" href=\"#note-mark-{number}-{use_}\" role=\"doc-backlink\" aria-label=\""
                    );
                    self.hole(HoleKind::Numbered("note_back", number));
                    self.put("\">↩</a>");
                }
                self.put(if paragraph { "</p></li>\n" } else { "</li>\n" });
            }
            self.put("</ol>\n</section>\n");
        }
        // These stay in memory as long as the site does, for each of its pages.
        self.body.html = self.out.html.as_str().to_owned();
        self.body.holes = exact(self.out.holes);
        self.body.prose = exact(self.out.prose);
        self.body.headings = exact(self.body.headings);
        self.body.links = exact(self.body.links);
        self.body.citations = exact(self.body.citations);
        self.body.lists = exact(self.body.lists);
        self.body.tables = exact(self.body.tables);
        self.body
    }
}

/// The same in just as much memory as it needs. To shrink what is there would leave it where it is, with its room.
fn exact<T>(mut list: Vec<T>) -> Vec<T> {
    let mut exact = Vec::with_capacity(list.len());
    exact.append(&mut list);
    exact
}

/// How many words a row of a table has, roughly: citations are none.
fn words_in(row: &str) -> usize {
    let is_word = |word: &&str| {
        word.chars().any(char::is_alphanumeric) && !word.starts_with("[@") && !word.starts_with('@')
    };
    row.split(|c: char| c.is_whitespace() || c == '|').filter(is_word).count()
}

/// An item of a list without what makes it one: `- ` or `3. `.
fn without_bullet(item: &str) -> &str {
    let item = item.trim_start();
    let number = item.trim_start_matches(|c: char| c.is_ascii_digit());
    let after = number.strip_prefix(['.', ')', '-', '*', '+']);
    after.filter(|rest| rest.starts_with(char::is_whitespace)).unwrap_or(item)
}

/// How many cells a line of a table has.
fn cells(row: &str) -> usize {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let mut escaped = false;
    let mut bars = 0;
    let mut open = false;
    for character in row.chars() {
        let bar = character == '|' && !escaped;
        bars += usize::from(bar);
        open = !bar;
        escaped = character == '\\' && !escaped;
    }
    bars + usize::from(open)
}

/// Footnotes are lettered, so that nobody takes them for the numbered sources.
fn letter(number: u32) -> String {
    match u8::try_from(number) {
        Ok(small @ 1..=26) => char::from(b'a' + small - 1).to_string(),
        _ => format!("n{number}"),
    }
}

fn first_line(source: &str, range: Range<usize>) -> Range<usize> {
    let line = source[range.clone()].lines().next().unwrap_or_default();
    range.start..range.start + line.trim_end().len()
}

fn instead_of(tag: &str) -> String {
    let boxes =
        "For a box use a container: `:::key-points`, `:::urgent`, `:::checklist` and others, closed by `:::`";
    let text = match tag {
        "details" | "summary" => return "Write `:::details Your question`, the answer, and `:::`".to_owned(),
        "b" | "strong" => "Write `**bold**`",
        "i" | "em" | "u" => "Write `*emphasis*`",
        "a" => "Write `[words](/visit/prepare.md)`",
        "img" | "picture" | "figure" | "svg" => "Write `![What it shows](/images/name.png)`",
        "table" | "tr" | "td" | "th" => "Write a table with lines of `| one | two |`",
        "ul" | "ol" | "li" => "Start each line with `- `",
        "h1" | "h2" | "h3" | "h4" => "Start the line with `## `",
        "br" => "End the line with a backslash, or leave an empty line",
        "hr" => "Write `***` on a line of its own",
        "sup" | "sub" => "Use the characters ² or ₂ themselves",
        "script" | "style" | "iframe" | "form" | "input" | "button" | "video" | "audio" | "embed"
        | "object" => "Pages run nothing and load nothing from elsewhere: take it out",
        _ => return boxes.to_owned(),
    };
    format!("{text}. {boxes}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HTML with its holes shown in braces, then the findings.
    fn show(source: &str) -> String {
        let mut findings = Findings::new();
        let body = read(source, FileId(0), 0, true, &mut findings);
        let mut out = String::new();
        let mut done = 0;
        for hole in &body.holes {
            out.push_str(&body.html[done..hole.at as usize]);
            done = hole.at as usize;
            match &hole.kind {
                HoleKind::Link(number) => {
                    let _ = write!(out, "{{link {}}}", body.links[*number as usize].target);
                }
                HoleKind::Image(number) => {
                    let image = &body.images[*number as usize];
                    let _ = write!(out, "{{image {} {:?} {:?}}}", image.target, image.alt, image.stands);
                }
                HoleKind::Fact { name, .. } => {
                    let _ = write!(out, "{{fact {name}}}");
                }
                HoleKind::Cite(range) => {
                    let ids: Vec<_> =
                        (range.start..range.end).map(|at| body.citations[at as usize].id.as_str()).collect();
                    let _ = write!(out, "{{cite {}}}", ids.join(" "));
                }
                HoleKind::Word(key) => {
                    let _ = write!(out, "{{{key}}}");
                }
                HoleKind::Numbered(key, number) => {
                    let _ = write!(out, "{{{key} {number}}}");
                }
                HoleKind::Open { container, label, .. } => {
                    let _ = write!(out, "{{open {} {label}}}", container.name());
                }
                HoleKind::Close => out.push_str("{close}"),
                HoleKind::Chance(number) => {
                    let _ = write!(out, "{{chance {number}}}");
                }
                HoleKind::Rest(number) => {
                    let _ = write!(out, "{{rest {number}}}");
                }
            }
        }
        out.push_str(&body.html[done..]);
        for finding in findings.iter() {
            let place = finding.place.as_ref().expect("BUG: a place");
            let (line, _) = crate::source::line_column(source, place.span.start);
            let _ = write!(out, "!{} line {line}: {}", finding.code, finding.message);
            if let Some(help) = &finding.help {
                let _ = write!(out, ". {help}");
            }
        }
        out
    }

    fn check(source: &str, expected: &str) {
        assert_eq!(show(source), expected);
    }

    #[test]
    fn headings_get_stable_unique_ids() {
        check("## What it is\n", "<h2 id=\"what-it-is\">What it is</h2>\n");
        check("## A {#x}\n## B\n## B\n", "<h2 id=\"x\">A</h2>\n<h2 id=\"b\">B</h2>\n<h2 id=\"b-2\">B</h2>\n");
        check("## Wait [[h]] *now*\n", "<h2 id=\"wait-h-now\">Wait {fact h} <em>now</em></h2>\n");
    }

    #[test]
    fn facts_citations_and_links_are_left_open() {
        check("Stop [[fasting_solids]] before.\n", "<p>Stop {fact fasting_solids} before.</p>\n");
        check("It helps [@EV-A; @EV-B].\n", "<p>It helps{cite EV-A EV-B}.</p>\n");
        check("See [this](/a.md#b).\n", "<p>See {link /a.md#b}this</a>.</p>\n");
        check("`[[x]]` \\[[x]]\n", "<p><code>[[x]]</code> [[x]]</p>\n");
    }

    #[test]
    fn an_image_alone_is_a_figure() {
        check("![A cup](/c.png)\n", "{image /c.png \"A cup\" Alone}\n");
        check(
            "a\n\n![A cup](/c.png \"Ours\")\n\nb\n",
            "<p>a</p>\n{image /c.png \"A cup\" Alone}\n<p>b</p>\n",
        );
        check(
            ":::figure Ours\n![A cup](/c.png)\n\nIt is blue.\n:::\n",
            "{open figure Ours}{image /c.png \"A cup\" InFigure}\n<p>It is blue.</p>\n{close}",
        );
    }

    #[test]
    fn an_image_among_words_or_others_stays_in_its_line() {
        check("See ![A cup](/c.png)\n", "<p>See {image /c.png \"A cup\" InText}</p>\n");
        check(
            "![A](/a.png) ![B](/b.png)\n",
            "<p>{image /a.png \"A\" InText} {image /b.png \"B\" InText}</p>\n",
        );
        check(
            "![A](/a.png)![B](/b.png)\n",
            "<p>{image /a.png \"A\" InText}{image /b.png \"B\" InText}</p>\n",
        );
        check("[![A](/a.png)](/b.md)\n", "<p>{link /b.md}{image /a.png \"A\" InText}</a></p>\n");
    }

    #[test]
    fn an_image_in_the_words_of_another_is_part_of_them() {
        check(
            "![A ![cup](/c.png) here](/d.png) **b**\n",
            "<p>{image /d.png \"A cup here\" InText} <strong>b</strong></p>\n",
        );
    }

    #[test]
    fn a_note_inside_a_note_loses_no_text() {
        let shown = show("Before[^a].\n\n[^a]: One.\n\n    [^b]: Two.\n\nAfter[^b].\n");
        for words in ["Before", "One.", "Two.", "After"] {
            assert_eq!(shown.matches(words).count(), 1, "{words}: {shown}");
        }
    }

    #[test]
    fn what_goes_too_deep_is_told_once() {
        let told = |source: &str| show(source).matches("!nested-too-deep").count();
        let open = |deep: usize| format!("{}{}", ":::known\n".repeat(deep), ":::\n".repeat(deep));
        for deep in [
            "> ".repeat(500) + "a\n",
            "- ".repeat(500) + "a\n",
            "1. ".repeat(500) + "a\n",
            "> - ".repeat(200) + "a\n",
            open(500),
        ] {
            assert_eq!(told(&deep), 1, "{}", deep.get(..40).unwrap_or_default());
        }
        let images = "![A](/a.png) ".repeat(100) + "\n";
        let lists = "- a\n  - b\n    - c\n".repeat(100);
        for fine in [images, lists, "> > - **a** *b*\n".repeat(100), open(8), "[a](b.md) `c` ".repeat(300)] {
            assert_eq!(told(&fine), 0, "{}", fine.get(..40).unwrap_or_default());
        }
    }

    #[test]
    fn containers_end_what_stands_before_them() {
        check(
            ":::checklist\n- a\n:::\n- b\n",
            "{open checklist }<ul>\n<li>a</li>\n</ul>\n{close}<ul>\n<li>b</li>\n</ul>\n",
        );
        check("text\n:::known Yes\nmore\n:::\n", "<p>text</p>\n{open known Yes}<p>more</p>\n{close}");
        check("***\n", "<hr>\n");
    }

    #[test]
    fn the_lines_of_a_chance_are_drawn() {
        check(
            ":::chance In a study\nOf 100 people:\n\n- [[a]] with it [@E]\n- **5 in 100** without\n  - or so\n:::\n- x\n",
            "{open chance In a study}<p>Of 100 people:</p>\n<ul>\n<li>{chance 0}{fact a} with it{cite E}{rest 0}</li>\n\
             <li>{chance 1}<strong>5 in 100</strong> without<ul>\n<li>or so</li>\n</ul>\n{rest 1}</li>\n</ul>\n{close}\
             <ul>\n<li>x</li>\n</ul>\n",
        );
    }

    #[test]
    fn the_mark_of_an_item_is_none_of_its_words() {
        for item in ["- 5 in 100", "5 in 100", "12. 5 in 100", "1) 5 in 100", "*   5 in 100"] {
            assert_eq!(without_bullet(item).trim(), "5 in 100", "{item}");
        }
        assert_eq!(without_bullet("-5 in 100"), "-5 in 100");
    }

    #[test]
    fn a_chance_without_lines_or_without_a_source_is_told() {
        let told = show(":::chance In a study\nMany had it [@E].\n:::\n");
        assert!(
            told.contains("!chance-without-number line 1: There is nothing to draw in this box"),
            "{told}"
        );
        let told = show("Before [@E].\n\n:::chance In a study\n- 5 in 100 had it\n:::\n");
        assert!(told.contains("!chance-without-source line 3: These numbers have no source"), "{told}");
        let told = show(":::chance\n- 5 in 100 had it [@E]\n:::\n");
        assert!(told.contains("!chance-without-words line 1: These numbers have no title"), "{told}");
    }

    #[test]
    fn a_list_to_narrow_has_items_and_a_name() {
        check(
            ":::filter Find a fruit\n## A\n- apple\n:::\n",
            "{open filter Find a fruit}<h2 id=\"a\">A</h2>\n<ul>\n<li>apple</li>\n</ul>\n{close}",
        );
        let told = show("- apple\n\n:::filter Find a fruit\napple\n:::\n");
        assert!(told.contains("!filter-without-list line 3"), "{told}");
        let told = show(":::filter\n- apple\n:::\n");
        assert!(told.contains("!filter-without-label line 1"), "{told}");
    }

    #[test]
    fn tables_say_what_heads_what() {
        check(
            "| | B |\n|---|--:|\n| r | 1 |\n",
            "<div class=\"table-wrap\" role=\"group\" tabindex=\"0\" aria-label=\"{table_label}\">\n<table>\n<thead>\n\
             <tr><td></td><th scope=\"col\" class=\"right\">B</th></tr>\n</thead>\n<tbody>\n\
             <tr><th scope=\"row\">r</th><td class=\"right\">1</td></tr>\n</tbody>\n</table>\n</div>\n",
        );
    }

    #[test]
    fn rows_have_as_many_cells_as_the_head() {
        for (row, expected) in
            [("| a | b |", 2), ("a | b", 2), ("| a | |", 2), (r"| a \| b | c |", 2), ("|a|", 1)]
        {
            assert_eq!(cells(row), expected, "{row}");
        }
        let told = show("| A | B |\n|---|---|\n| a | b | c |\n");
        assert!(
            told.contains(
                "!table-row-too-long line 3: This row has 3 cells, and the head of the table has 2"
            ),
            "{told}"
        );
        let told = show("| A | B |\n|---|---|\n| a |\n");
        assert!(told.contains("!table-row-too-short line 3: This row has 1 cell, and"), "{told}");
        for good in ["| A | B |\n|---|---|\n| a | |\n", "| A | B |\n|---|---|\n| a \\| c | b |\n"] {
            assert!(!show(good).contains("!table"), "{good}");
        }
    }

    #[test]
    fn notes_have_a_way_back() {
        check(
            "A[^x].\n\n[^x]: Note.\n",
            "<p>A<sup class=\"note-mark\"><a id=\"note-mark-1-1\" href=\"#note-1\" role=\"doc-noteref\" \
             aria-label=\"{note_mark 1}\">a</a></sup>.</p>\n<section class=\"notes\" role=\"doc-endnotes\" \
             aria-label=\"{notes_title}\">\n<ol class=\"notes-list\">\n<li id=\"note-1\"><p>Note. \
             <a class=\"note-back\" href=\"#note-mark-1-1\" role=\"doc-backlink\" aria-label=\"{note_back 1}\">↩</a>\
             </p></li>\n</ol>\n</section>\n",
        );
    }

    #[test]
    fn alerts_have_a_title() {
        check(
            "> [!WARNING]\n> Stop.\n",
            "<div class=\"alert alert--warning\" role=\"note\">\n<p class=\"alert-title\">{alert_warning}</p>\n\
             <p>Stop.</p>\n</div>\n",
        );
    }

    #[test]
    fn raw_html_is_refused_with_what_to_write() {
        let boxes = "For a box use a container: `:::key-points`, `:::urgent`, `:::checklist` and others, closed by `:::`";
        check(
            "<details>\n",
            "!raw-html line 1: HTML such as `<details>` cannot be used in a page. Write `:::details Your question`, \
             the answer, and `:::`",
        );
        check(
            "a\n\nb <b>c</b>\n",
            &format!(
                "<p>a</p>\n<p>b c</p>\n!raw-html line 3: HTML such as `<b>` cannot be used in a page. Write \
                 `**bold**`. {boxes}"
            ),
        );
        check(
            "<script>alert(1)</script>\n",
            &format!(
                "!raw-html line 1: HTML such as `<script>` cannot be used in a page. Pages run nothing and load \
                 nothing from elsewhere: take it out. {boxes}"
            ),
        );
    }

    #[test]
    fn comments_are_for_writers() {
        check("<!-- tip\nmore -->\n\ntext <!-- x --> end\n", "<p>text  end</p>\n");
    }

    #[test]
    fn notes_that_lead_nowhere_are_told() {
        check(
            "A claim.[^9]\n",
            "<p>A claim.[^9]</p>\n!footnote-undefined line 1: The note `[^9]` is nowhere on this page. Write the \
             note on a line of its own: `[^9]: ...`",
        );
        check(
            "A.\n\n[^x]: Note.\n",
            "<p>A.</p>\n!footnote-unused line 3: Nothing on this page refers to the note `[^x]`. Put `[^x]` behind \
             the words it belongs to, or take it out",
        );
    }

    #[test]
    fn code_of_other_tools_is_refused() {
        let told = show("{{< callout >}}\n");
        assert!(told.contains("!template-code line 1: A page holds words, and no code"), "{told}");
        let told = show("## T {.big}\n");
        assert!(told.contains("!heading-with-class line 1"), "{told}");
        let told = show("## A {#x}\n## B {#x}\n");
        assert!(told.contains("!heading-id-twice line 2: The id `x` is used twice on this page"), "{told}");
    }

    #[test]
    fn anything_at_all_can_be_read() {
        for text in
            ["[[", "[@", "[^", ":::", "|", "> ", "# ", "<", "\u{0}", "[[]]", "[@]", "::: [", "![", "```"]
        {
            let _ = show(text);
            let _ = show(&format!("a{text}\n{text}ñ"));
        }
    }
}
