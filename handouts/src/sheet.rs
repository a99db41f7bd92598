//! What stands on a handout, without a word about how it looks. `handout.typ` reads these types as JSON.

use serde::Serialize;
use std::collections::BTreeMap;

/// One handout.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Handout {
    /// BCP 47 tag of the language of all that has no other: `en`, `es`, `zh-Hans`.
    pub language: String,
    /// The paper.
    pub paper: Paper,
    /// How large the letters are.
    pub size: Size,
    /// The title of the page.
    pub title: String,
    /// What the page is for, in a sentence or two; may be empty.
    pub summary: String,
    /// The name of the site.
    pub site: String,
    /// The whole address of the page; the code leads to it.
    pub address: String,
    /// Where to get help now, before everything else: one paragraph each.
    pub help: Vec<Vec<Inline>>,
    /// Who reviewed the text, or that nobody did, and from when the text is; one line each, on every page.
    pub record: Vec<String>,
    /// The text.
    pub blocks: Vec<Block>,
    /// What the text rests on.
    pub sources: Sources,
    /// The words that are not part of the text.
    pub words: Words,
    /// The files of the pictures in the text, by the names they have there. PNG, JPEG, WebP and SVG.
    #[serde(skip)]
    pub pictures: BTreeMap<String, Vec<u8>>,
}

/// The paper a handout is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Paper {
    /// 8.5 by 11 inches.
    #[serde(rename = "us-letter")]
    Letter,
    /// 210 by 297 mm.
    #[serde(rename = "a4")]
    A4,
}

/// How large the letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Size {
    /// The text in 12 points, notes in 10.
    Normal,
    /// Everything in at least 18 points.
    Large,
}

/// The words of a handout that are not part of its text, in its language.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Words {
    /// `Page {number} of {count}`.
    pub page: String,
    /// What stands beside the code: what it leads to.
    pub code: String,
    /// The code for somebody who cannot see it.
    pub code_alt: String,
}

/// The list of sources.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sources {
    /// Its heading.
    pub title: String,
    /// What stands above it; may be empty.
    pub lead: String,
    /// The sources, by number; the first is number 1. Without any there is no heading either.
    pub entries: Vec<Vec<Inline>>,
}

/// A piece of the text that stands on lines of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Block {
    /// A heading below the title.
    Heading {
        /// 2 to 6; the title is 1.
        level: u8,
        /// Its words.
        inner: Vec<Inline>,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        inner: Vec<Inline>,
    },
    /// A list with dots, numbers or boxes to tick.
    List {
        /// How its items begin.
        mark: Mark,
        /// The number of the first item.
        start: u32,
        /// Its items. One that is a single paragraph without more is set close to its neighbours.
        items: Vec<Vec<Block>>,
    },
    /// A table. Every row has as many cells as the head.
    Table {
        /// The head of each column.
        head: Vec<Cell>,
        /// The rows; the first cell of each is its head.
        rows: Vec<Vec<Cell>>,
    },
    /// Words of somebody else.
    Quote {
        /// Them.
        inner: Vec<Block>,
    },
    /// Lines that stay as they were typed.
    Typed {
        /// Them, with their ends.
        text: String,
    },
    /// A line across the page.
    Rule,
    /// A picture.
    Picture {
        /// Its name in [`Handout::pictures`].
        file: String,
        /// What it shows. Empty for one that only decorates.
        alt: String,
        /// Its caption; may be empty.
        caption: Vec<Inline>,
    },
    /// Some text that stands apart.
    Box {
        /// What it is for.
        kind: BoxKind,
        /// Its heading; empty where it has none.
        title: String,
        /// The level of the heading. 0 where it is no heading but a title.
        level: u8,
        /// What stands in it.
        inner: Vec<Block>,
    },
}

/// How the items of a list begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// A dot.
    Dot,
    /// 1, 2, 3.
    Number,
    /// a, b, c.
    Letter,
    /// A box to tick.
    Tick,
}

/// What a box is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BoxKind {
    /// Life is in danger.
    Emergency,
    /// Help is needed today.
    Urgent,
    /// Something for the clinic.
    Contact,
    /// What to take along even if nothing else is read; what is known.
    Ground,
    /// What is not known, or not approved.
    Open,
    /// Steps in time.
    Timeline,
    /// Nothing but its title.
    Plain,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// `start`, `center` or `end`.
    pub align: &'static str,
    /// Its words; may be none.
    pub inner: Vec<Inline>,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Inline {
    /// Words.
    Text {
        /// Them.
        text: String,
    },
    /// Words that weigh more.
    Strong {
        /// Them.
        inner: Vec<Inline>,
    },
    /// Words said with another voice.
    Emphasis {
        /// Them.
        inner: Vec<Inline>,
    },
    /// Words of another language.
    Foreign {
        /// Its tag.
        lang: String,
        /// Them.
        inner: Vec<Inline>,
    },
    /// Words that no longer hold.
    Struck {
        /// Them.
        inner: Vec<Inline>,
    },
    /// Words as they are typed.
    Code {
        /// Them.
        text: String,
    },
    /// Words that lead somewhere.
    Link {
        /// The whole address: `https://…`, `tel:…`, `mailto:…`.
        to: String,
        /// Them.
        inner: Vec<Inline>,
    },
    /// The numbers of sources, or the letter of a note.
    Mark {
        /// `1, 4`.
        text: String,
        /// Whether they follow a digit and must not be read as one number with it.
        apart: bool,
    },
    /// A small picture in a line.
    Picture {
        /// Its name in [`Handout::pictures`].
        file: String,
        /// What it shows. Empty for one that only decorates.
        alt: String,
    },
    /// The line ends here.
    Break,
}
