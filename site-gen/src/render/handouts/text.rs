//! The text of a page as a handout says it: the same pieces in the same order, read from the HTML that the page gets.
//!
//! That HTML is the program's own, so every element is known here. One that is not is a fault, never something left out.

use crate::link::{Insert, Piece};
use crate::parse::containers::Container;
use handouts::{Block, BoxKind, Cell, Inline, Mark};
use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a text needs to know of the site around it.
pub(super) struct Around<'s> {
    /// The site's words in the language of the page.
    pub(super) words: &'s BTreeMap<String, String>,
    /// Scheme and host: `https://example.org`.
    pub(super) origin: &'s str,
    /// The whole address of the page.
    pub(super) address: &'s str,
}

/// A page's text, and the addresses of the pictures in it: the picture with the name `0` is the first of them.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) blocks: Vec<Block>,
    pub(super) pictures: Vec<String>,
}

/// An element that no handout can show.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unknown(pub(super) String);

/// Reads the text of a page: its HTML, and what its inserts put in.
pub(super) fn read(html: &str, inserts: &[Insert], around: &Around<'_>) -> Result<Text, Unknown> {
    let nodes = tree(&whole(html, inserts))?;
    let mut reading = Reading { inserts, around, pictures: Vec::new() };
    let blocks = reading.blocks(&nodes)?;
    Ok(Text { blocks, pictures: reading.pictures })
}

/// The element that stands for a container until it is drawn. Its number is that of the insert that opens it.
const CONTAINER: &str = "harbor-box";

/// The page's HTML with what its inserts put in.
fn whole(html: &str, inserts: &[Insert]) -> String {
    let mut out = String::with_capacity(html.len() * 2);
    let mut done = 0;
    for (number, insert) in inserts.iter().enumerate() {
        let at = (insert.at as usize).min(html.len());
        out.push_str(&html[done..at]);
        done = at;
        match &insert.piece {
            Piece::Html(html) => out.push_str(html),
            Piece::Open { .. } => {
                let _ = write!(out, "<{CONTAINER} number=\"{number}\">");
            }
            Piece::Close => {
                let _ = write!(out, "</{CONTAINER}>");
            }
            // The picture of a number: the words beside it say the same.
            Piece::Chance { .. } => {}
        }
    }
    out.push_str(&html[done..]);
    out
}

#[derive(Debug)]
enum Node {
    Text(String),
    Element(Element),
}

#[derive(Debug)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    inner: Vec<Node>,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn is(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|all| all.split(' ').any(|one| one == class))
    }

    /// The first element of a name somewhere below.
    fn find(&self, name: &str) -> Option<&Element> {
        self.elements()
            .find_map(|element| if element.name == name { Some(element) } else { element.find(name) })
    }

    fn elements(&self) -> impl Iterator<Item = &Element> {
        self.inner.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// All its words.
    fn words(&self) -> String {
        self.inner
            .iter()
            .map(|node| match node {
                Node::Text(text) => text.clone(),
                Node::Element(element) => element.words(),
            })
            .collect()
    }
}

/// Elements that have nothing inside and no end.
const ALONE: [&str; 4] = ["br", "hr", "img", "source"];

fn tree(html: &str) -> Result<Vec<Node>, Unknown> {
    let broken = |what: &str| Unknown(what.chars().take(40).collect());
    let mut reader = Reader::from_str(html);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let root = Element { name: String::new(), attributes: Vec::new(), inner: Vec::new() };
    let mut open = vec![root];
    loop {
        let top = open.last_mut().expect("BUG: the root is never closed");
        match reader.read_event().map_err(|error| broken(&error.to_string()))? {
            Event::Start(tag) | Event::Empty(tag) => {
                let mut attributes = Vec::new();
                for attribute in tag.attributes().with_checks(false) {
                    let attribute = attribute.map_err(|error| broken(&error.to_string()))?;
                    let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                    let value = value.map_err(|error| broken(&error.to_string()))?;
                    attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
                }
                let name = tag.local_name().as_ref().to_owned();
                let element = Element { name, attributes, inner: Vec::new() };
                if ALONE.contains(&element.name.as_str()) {
                    top.inner.push(Node::Element(element));
                } else {
                    open.push(element);
                }
            }
            Event::End(tag) => {
                let name = tag.local_name();
                if open.len() < 2 || open.last().is_some_and(|last| last.name != name.as_ref()) {
                    return Err(broken(name.as_ref()));
                }
                let done = open.pop().expect("BUG: there are two");
                open.last_mut().expect("BUG: the root stays").inner.push(Node::Element(done));
            }
            Event::Text(text) => top.inner.push(Node::Text(text.to_string())),
            Event::GeneralRef(name) => {
                let text = match &*name {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    other => return Err(broken(other)),
                };
                top.inner.push(Node::Text(text.to_owned()));
            }
            Event::Eof => break,
            _ => return Err(broken("")),
        }
    }
    match open.len() {
        1 => Ok(open.pop().map(|root| root.inner).unwrap_or_default()),
        _ => Err(broken(open.last().map_or("", |last| last.name.as_str()))),
    }
}

struct Reading<'r> {
    inserts: &'r [Insert],
    around: &'r Around<'r>,
    pictures: Vec<String>,
}

impl Reading<'_> {
    fn blocks(&mut self, nodes: &[Node]) -> Result<Vec<Block>, Unknown> {
        let mut blocks = Vec::new();
        // Pieces of a line that stand among blocks, as in a list item, are a paragraph.
        let mut line: Vec<&Node> = Vec::new();
        for node in nodes {
            match node {
                Node::Element(element) if !is_inline(&element.name) => {
                    self.end_line(&mut line, &mut blocks)?;
                    self.block(element, &mut blocks)?;
                }
                node => line.push(node),
            }
        }
        self.end_line(&mut line, &mut blocks)?;
        Ok(blocks)
    }

    fn end_line(&mut self, line: &mut Vec<&Node>, blocks: &mut Vec<Block>) -> Result<(), Unknown> {
        let nodes = std::mem::take(line);
        // A picture between blocks is one itself.
        let alone: Vec<&&Node> =
            nodes.iter().filter(|node| !matches!(node, Node::Text(text) if text.trim().is_empty())).collect();
        if let [Node::Element(element)] = alone.as_slice()
            && matches!(element.name.as_str(), "img" | "picture")
        {
            let (file, alt, title) = self.picture(element);
            let caption = if title.is_empty() { Vec::new() } else { vec![Inline::Text { text: title }] };
            blocks.push(Block::Picture { file, alt, caption });
            return Ok(());
        }
        let inner = self.line(&nodes)?;
        if !inner.is_empty() {
            blocks.push(Block::Paragraph { inner });
        }
        Ok(())
    }

    fn block(&mut self, element: &Element, blocks: &mut Vec<Block>) -> Result<(), Unknown> {
        let level = |name: &str| name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok());
        match element.name.as_str() {
            "p" => {
                let mut nodes: Vec<&Node> = element.inner.iter().collect();
                self.end_line(&mut nodes, blocks)?;
            }
            "ul" => blocks.push(self.list(element, Mark::Dot)?),
            "ol" if element.is("notes-list") => blocks.push(self.list(element, Mark::Letter)?),
            "ol" => blocks.push(self.list(element, Mark::Number)?),
            "div" if element.is("table-wrap") => blocks.push(self.table(element)?),
            "div" if element.is("alert") => {
                let title = element.elements().find(|inner| inner.is("alert-title"));
                let title = title.map(Element::words).unwrap_or_default();
                let mut inner = Vec::new();
                for below in element.elements().filter(|inner| !inner.is("alert-title")) {
                    self.block(below, &mut inner)?;
                }
                blocks.push(Block::Box { kind: BoxKind::Ground, title, level: 0, inner });
            }
            "blockquote" => blocks.push(Block::Quote { inner: self.blocks(&element.inner)? }),
            "pre" => blocks.push(Block::Typed { text: element.words().trim_end().to_owned() }),
            "hr" => blocks.push(Block::Rule),
            "figure" => {
                let caption = element.elements().find(|inner| inner.name == "figcaption");
                let caption = match caption {
                    Some(caption) => self.inlines(&caption.inner)?,
                    None => Vec::new(),
                };
                let shown = element.elements().find(|inner| inner.name != "figcaption");
                let (file, alt, _) = self.picture(shown.unwrap_or(element));
                blocks.push(Block::Picture { file, alt, caption });
            }
            "section" if element.is("notes") => {
                let title = element.attribute("aria-label").unwrap_or_default().to_owned();
                let inner = self.blocks(&element.inner)?;
                blocks.push(Block::Box { kind: BoxKind::Plain, title, level: 2, inner });
            }
            CONTAINER => blocks.push(self.container(element)?),
            name => match level(name) {
                Some(level) => blocks.push(Block::Heading { level, inner: self.inlines(&element.inner)? }),
                None => return Err(Unknown(name.to_owned())),
            },
        }
        Ok(())
    }

    fn list(&mut self, element: &Element, mark: Mark) -> Result<Block, Unknown> {
        let start = element.attribute("start").and_then(|start| start.parse().ok()).unwrap_or(1);
        let items: Result<Vec<_>, _> = element.elements().map(|item| self.blocks(&item.inner)).collect();
        Ok(Block::List { mark, start, items: items? })
    }

    fn table(&mut self, element: &Element) -> Result<Block, Unknown> {
        let (mut head, mut rows) = (Vec::new(), Vec::new());
        for part in element.find("table").into_iter().flat_map(Element::elements) {
            for row in part.elements() {
                let cells: Result<Vec<Cell>, Unknown> = row
                    .elements()
                    .map(|cell| {
                        let align = if cell.is("right") {
                            "end"
                        } else if cell.is("center") {
                            "center"
                        } else {
                            "start"
                        };
                        Ok(Cell { align, inner: self.inlines(&cell.inner)? })
                    })
                    .collect();
                if part.name == "thead" { head = cells? } else { rows.push(cells?) }
            }
        }
        Ok(Block::Table { head, rows })
    }

    fn container(&mut self, element: &Element) -> Result<Block, Unknown> {
        let inserts = self.inserts;
        let number = element.attribute("number").and_then(|number| number.parse::<usize>().ok());
        let piece = number.and_then(|number| inserts.get(number)).map(|insert| &insert.piece);
        let Some(Piece::Open { container, label, level }) = piece else {
            return Err(Unknown(CONTAINER.to_owned()));
        };
        let (kind, usual, level) = match container {
            Container::KeyPoints => (BoxKind::Ground, "box_key_points", *level),
            Container::Emergency => (BoxKind::Emergency, "box_emergency", *level),
            Container::Urgent => (BoxKind::Urgent, "box_urgent", *level),
            Container::Contact => (BoxKind::Contact, "box_contact", *level),
            Container::Known => (BoxKind::Ground, "box_known", *level),
            Container::NotKnown => (BoxKind::Open, "box_not_known", *level),
            Container::OffLabel => (BoxKind::Open, "box_off_label", *level),
            Container::Checklist => (BoxKind::Plain, "box_checklist", *level),
            // On paper nothing can be pressed: the question is a heading, and its answer is there.
            Container::Details => (BoxKind::Plain, "box_details", *level),
            Container::Timeline => (BoxKind::Timeline, "", 0),
            Container::Chance => (BoxKind::Plain, "", *level),
            Container::Compare | Container::Figure | Container::Filter => (BoxKind::Plain, "", 0),
        };
        // Nobody narrows a list on paper: it stands there whole.
        let title = match label.is_empty() || *container == Container::Filter {
            true => self.around.words.get(usual).cloned().unwrap_or_default(),
            false => label.clone(),
        };
        let mut inner = self.blocks(&element.inner)?;
        if *container == Container::Checklist {
            for block in &mut inner {
                if let Block::List { mark, .. } = block {
                    *mark = Mark::Tick;
                }
            }
        }
        Ok(Block::Box { kind, title, level, inner })
    }

    fn inlines(&mut self, nodes: &[Node]) -> Result<Vec<Inline>, Unknown> {
        self.line(&nodes.iter().collect::<Vec<_>>())
    }

    /// One line or paragraph: its spaces are single, and there is none at either end.
    fn line(&mut self, nodes: &[&Node]) -> Result<Vec<Inline>, Unknown> {
        let mut line = Vec::new();
        for node in nodes {
            self.inline(node, &mut line)?;
        }
        while let Some(Inline::Text { text }) = line.first_mut() {
            *text = text.trim_start().to_owned();
            if !text.is_empty() {
                break;
            }
            line.remove(0);
        }
        while let Some(Inline::Text { text }) = line.last_mut() {
            *text = text.trim_end().to_owned();
            if !text.is_empty() {
                break;
            }
            line.pop();
        }
        Ok(line)
    }

    fn inline(&mut self, node: &Node, line: &mut Vec<Inline>) -> Result<(), Unknown> {
        let element = match node {
            Node::Text(text) => {
                push_text(line, text);
                return Ok(());
            }
            Node::Element(element) => element,
        };
        let mut inner = Vec::new();
        match element.name.as_str() {
            "strong" | "em" | "del" | "a" => {
                for node in &element.inner {
                    self.inline(node, &mut inner)?;
                }
            }
            _ => {}
        }
        match element.name.as_str() {
            "strong" => line.push(Inline::Strong { inner }),
            "em" => line.push(Inline::Emphasis { inner }),
            "del" => line.push(Inline::Struck { inner }),
            "code" => line.push(Inline::Code { text: element.words() }),
            "sup" => line.push(Inline::Mark { text: element.words(), apart: element.is("apart") }),
            "br" => line.push(Inline::Break),
            "img" | "picture" => {
                let (file, alt, _) = self.picture(element);
                line.push(Inline::Picture { file, alt });
            }
            // The way back from a note is for screens.
            "a" if element.is("note-back") => {}
            // So is the way to an explained word; underlined words all over a sheet would only be in the way.
            "a" if element.is("term") => line.extend(inner),
            "a" => match element.attribute("href") {
                Some(href) => line.push(Inline::Link { to: self.address(href), inner }),
                None => line.extend(inner),
            },
            name => return Err(Unknown(name.to_owned())),
        }
        Ok(())
    }

    /// A picture's name on the handout, what it shows, and its caption.
    fn picture(&mut self, element: &Element) -> (String, String, String) {
        let image = if element.name == "img" { Some(element) } else { element.find("img") };
        let get = |name: &str| image.and_then(|image| image.attribute(name)).unwrap_or_default().to_owned();
        let name = self.pictures.len().to_string();
        self.pictures.push(get("src"));
        (name, get("alt"), get("title"))
    }

    /// An address of a page as it has to be on paper: whole.
    fn address(&self, href: &str) -> String {
        match href.chars().next() {
            Some('/') => format!("{}{href}", self.around.origin),
            Some('#') => format!("{}{href}", self.around.address),
            _ => href.to_owned(),
        }
    }
}

fn is_inline(name: &str) -> bool {
    matches!(name, "strong" | "em" | "del" | "a" | "code" | "sup" | "br" | "img" | "picture" | "source")
}

/// Adds words to a line. A run of spaces and line ends is one space.
fn push_text(line: &mut Vec<Inline>, text: &str) {
    let mut words = String::with_capacity(text.len());
    for letter in text.chars() {
        // A space that does not break is no gap between words.
        match letter.is_whitespace() && letter != '\u{a0}' && letter != '\u{202f}' {
            true if words.ends_with(' ') => {}
            true => words.push(' '),
            false => words.push(letter),
        }
    }
    match line.last_mut() {
        // A new line begins with a word.
        Some(Inline::Break) if words.trim_start_matches(' ').is_empty() => {}
        Some(Inline::Break) => line.push(Inline::Text { text: words.trim_start_matches(' ').to_owned() }),
        Some(Inline::Text { text: before }) => {
            let more = if before.ends_with(' ') { words.trim_start_matches(' ') } else { &words };
            before.push_str(more);
        }
        _ if words.is_empty() => {}
        _ => line.push(Inline::Text { text: words }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(html: &str, inserts: &[Insert]) -> Result<Text, Unknown> {
        let words = BTreeMap::from([("box_checklist".to_owned(), "Checklist".to_owned())]);
        let around = Around {
            words: &words,
            origin: "https://a.example",
            address: "https://a.example/visit/prepare/",
        };
        read(html, inserts, &around)
    }

    fn text(text: &str) -> Inline {
        Inline::Text { text: text.to_owned() }
    }

    fn paragraph(words: &str) -> Block {
        Block::Paragraph { inner: vec![text(words)] }
    }

    #[track_caller]
    fn check(html: &str, expected: &[Block]) {
        assert_eq!(reading(html, &[]).map(|text| text.blocks).as_deref(), Ok(expected), "{html}");
    }

    #[test]
    fn a_line_has_single_spaces_and_its_pieces_in_order() {
        let link = Inline::Link { to: "https://a.example/visit/".to_owned(), inner: vec![text("there")] };
        check(
            "<p>One &amp;\n<strong>two</strong><sup class=\"cite\"><a href=\"#s\">1</a>, <a href=\"#s\">2</a></sup>. \
             <a href=\"/visit/\">there</a><br>\nend</p>\n",
            &[Block::Paragraph {
                inner: vec![
                    text("One & "),
                    Inline::Strong { inner: vec![text("two")] },
                    Inline::Mark { text: "1, 2".to_owned(), apart: false },
                    text(". "),
                    link,
                    Inline::Break,
                    text("end"),
                ],
            }],
        );
    }

    #[test]
    fn what_is_for_screens_only_leaves_its_words_or_nothing() {
        check(
            "<p>The <a class=\"term\" href=\"/g/#i\">drip</a></p>",
            &[Block::Paragraph { inner: vec![text("The "), text("drip")] }],
        );
        check("<p>Note. <a class=\"note-back\" href=\"#m\">\u{21a9}</a></p>", &[paragraph("Note.")]);
        check("<p><a>nowhere</a></p>", &[paragraph("nowhere")]);
    }

    #[test]
    fn addresses_on_paper_are_whole() {
        for (href, whole) in [
            ("#food", "https://a.example/visit/prepare/#food"),
            ("/es/", "https://a.example/es/"),
            ("tel:911", "tel:911"),
            ("https://b.example/", "https://b.example/"),
        ] {
            let link = Inline::Link { to: whole.to_owned(), inner: vec![text("x")] };
            check(&format!("<p><a href=\"{href}\">x</a></p>"), &[Block::Paragraph { inner: vec![link] }]);
        }
    }

    #[test]
    fn lists_keep_their_numbers_and_what_is_inside() {
        let inside = Block::List { mark: Mark::Dot, start: 1, items: vec![vec![paragraph("b")]] };
        check(
            "<ol start=\"3\">\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ol>\n",
            &[Block::List { mark: Mark::Number, start: 3, items: vec![vec![paragraph("a"), inside]] }],
        );
    }

    #[test]
    fn only_the_list_of_a_checklist_is_for_ticking() {
        let open = Piece::Open { container: Container::Checklist, label: String::new(), level: 3 };
        let inserts = [Insert { at: 0, piece: open }, Insert { at: 22, piece: Piece::Close }];
        let list = |mark| Block::List { mark, start: 1, items: vec![vec![paragraph("a")]] };
        let read = reading("<ul><li>a</li></ul>\n\n\n<ul><li>a</li></ul>", &inserts).expect("it is known");
        assert_eq!(
            read.blocks,
            [
                Block::Box {
                    kind: BoxKind::Plain,
                    title: "Checklist".to_owned(),
                    level: 3,
                    inner: vec![list(Mark::Tick)],
                },
                list(Mark::Dot),
            ]
        );
    }

    #[test]
    fn a_table_has_its_head_and_an_empty_corner() {
        let cell = |align, words: &str| Cell {
            align,
            inner: if words.is_empty() { Vec::new() } else { vec![text(words)] },
        };
        check(
            "<div class=\"table-wrap\"><table><thead><tr><td></td><th class=\"right\">B</th></tr></thead>\
             <tbody><tr><th>r</th><td class=\"right\">1 &lt; 2</td></tr></tbody></table></div>",
            &[Block::Table {
                head: vec![cell("start", ""), cell("end", "B")],
                rows: vec![vec![cell("start", "r"), cell("end", "1 < 2")]],
            }],
        );
    }

    #[test]
    fn pictures_come_with_what_they_show() {
        let html = "<p>a</p><figure><picture><source srcset=\"x\"><img src=\"/images/a.png\" alt=\"A door\"></picture>\
                    <figcaption>Ours</figcaption></figure><p class=\"figure\"><img src=\"/images/b.svg\" alt=\"\"></p>";
        let read = reading(html, &[]).expect("it is known");
        assert_eq!(read.pictures, ["/images/a.png", "/images/b.svg"]);
        let shown = |file: &str, alt: &str, caption| Block::Picture {
            file: file.to_owned(),
            alt: alt.to_owned(),
            caption,
        };
        assert_eq!(read.blocks[1..], [shown("0", "A door", vec![text("Ours")]), shown("1", "", Vec::new())]);
    }

    #[test]
    fn what_is_not_known_is_a_fault_and_never_left_out() {
        for (html, unknown) in [
            ("<p>a</p><video>b</video>", "video"),
            ("<p>a <kbd>b</kbd></p>", "kbd"),
            ("<div class=\"new\"><p>a</p></div>", "div"),
            ("<p>a</p></div>", "div"),
            ("<p>a", "p"),
        ] {
            assert_eq!(
                reading(html, &[]).map(|text| text.blocks),
                Err(Unknown(unknown.to_owned())),
                "{html}"
            );
        }
    }
}
