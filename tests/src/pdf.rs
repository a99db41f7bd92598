//! A PDF as its readers meet it: what a screen reader is told, what stands on the paper.

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object};

/// A PDF file.
pub struct Pdf {
    document: Document,
}

/// One element of the structure that a screen reader follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagged {
    /// `H1`, `P`, `L`, `TH` and so on.
    pub kind: String,
    /// How deep it lies below the root.
    pub depth: usize,
    /// What is said in place of a picture.
    pub alt: String,
    /// Of a head of a table: `Row` or `Column`.
    pub scope: String,
}

impl Pdf {
    /// Reads a file.
    pub fn read(bytes: &[u8]) -> Self {
        Pdf { document: Document::load_mem(bytes).expect("a PDF that can be read") }
    }

    fn follow<'d>(&'d self, object: &'d Object) -> &'d Object {
        self.document.dereference(object).expect("a reference leads somewhere").1
    }

    fn catalog(&self) -> &Dictionary {
        self.document.catalog().expect("a catalog")
    }

    fn get<'d>(&'d self, of: &'d Dictionary, key: &str) -> Option<&'d Object> {
        of.get(key.as_bytes()).ok().map(|object| self.follow(object))
    }

    /// The language of the whole.
    pub fn language(&self) -> String {
        text(self.get(self.catalog(), "Lang").expect("a language"))
    }

    /// Whether it says that its content is tagged.
    pub fn is_tagged(&self) -> bool {
        let mark = self.get(self.catalog(), "MarkInfo").and_then(|mark| mark.as_dict().ok());
        mark.and_then(|mark| self.get(mark, "Marked"))
            .is_some_and(|marked| matches!(marked, Object::Boolean(true)))
    }

    /// Whether a reader's program shows the title and not the name of the file.
    pub fn shows_its_title(&self) -> bool {
        let view = self.get(self.catalog(), "ViewerPreferences").and_then(|view| view.as_dict().ok());
        view.and_then(|view| self.get(view, "DisplayDocTitle"))
            .is_some_and(|show| matches!(show, Object::Boolean(true)))
    }

    /// What it says about itself, as XML.
    pub fn metadata(&self) -> String {
        let metadata = self.get(self.catalog(), "Metadata").expect("metadata");
        let stream = metadata.as_stream().expect("metadata are a stream");
        let bytes = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        String::from_utf8(bytes).expect("metadata are text")
    }

    /// The titles of its bookmarks, from the first to the last, with how deep each lies.
    pub fn bookmarks(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        if let Some(Ok(outlines)) = self.get(self.catalog(), "Outlines").map(Object::as_dict) {
            self.bookmarks_below(outlines, 1, &mut found);
        }
        found
    }

    fn bookmarks_below(&self, above: &Dictionary, depth: usize, found: &mut Vec<(usize, String)>) {
        let mut next = self.get(above, "First");
        while let Some(Ok(entry)) = next.map(Object::as_dict) {
            found.push((depth, text(self.get(entry, "Title").expect("a bookmark has a title"))));
            self.bookmarks_below(entry, depth + 1, found);
            next = self.get(entry, "Next");
        }
    }

    /// Every element of the structure, in the order in which it is read.
    pub fn tags(&self) -> Vec<Tagged> {
        let mut found = Vec::new();
        if let Some(Ok(root)) = self.get(self.catalog(), "StructTreeRoot").map(Object::as_dict) {
            self.tags_below(root, 0, &mut found);
        }
        found
    }

    fn tags_below(&self, above: &Dictionary, depth: usize, found: &mut Vec<Tagged>) {
        let Some(kids) = self.get(above, "K") else { return };
        let kids = match kids {
            Object::Array(kids) => kids.iter().map(|kid| self.follow(kid)).collect(),
            one => vec![one],
        };
        for kid in kids {
            let Ok(kid) = kid.as_dict() else { continue };
            let Some(Ok(kind)) = self.get(kid, "S").map(Object::as_name) else { continue };
            let attributes = match self.get(kid, "A") {
                Some(Object::Array(all)) => {
                    all.iter().filter_map(|one| self.follow(one).as_dict().ok()).collect()
                }
                Some(Object::Dictionary(one)) => vec![one],
                _ => Vec::new(),
            };
            let scope =
                attributes.iter().find_map(|attributes| self.get(attributes, "Scope")?.as_name().ok());
            found.push(Tagged {
                kind: String::from_utf8_lossy(kind).into_owned(),
                depth,
                alt: self.get(kid, "Alt").map(text).unwrap_or_default(),
                scope: scope.map(|scope| String::from_utf8_lossy(scope).into_owned()).unwrap_or_default(),
            });
            self.tags_below(kid, depth + 1, found);
        }
    }

    /// How many pages it has.
    pub fn pages(&self) -> usize {
        self.document.get_pages().len()
    }

    /// Width and height of the first page in points.
    pub fn paper(&self) -> (f32, f32) {
        let first = self.document.get_pages().into_values().next().expect("a page");
        let page = self.document.get_dictionary(first).expect("a page");
        let sides = self.get(page, "MediaBox").and_then(|sides| sides.as_array().ok()).expect("a paper");
        let side = |at: usize| sides[at].as_float().expect("a number");
        (side(2) - side(0), side(3) - side(1))
    }

    /// The words on the paper, page after page.
    pub fn text(&self) -> String {
        let numbers: Vec<u32> = self.document.get_pages().into_keys().collect();
        self.document.extract_text(&numbers).expect("text")
    }

    /// Every size in which letters are set, in points, each once, the smallest first.
    pub fn letter_sizes(&self) -> Vec<f32> {
        let mut sizes: Vec<f32> = Vec::new();
        for page in self.document.get_pages().into_values() {
            let bytes = self.document.get_page_content(page);
            let mut scales = vec![1.0_f32];
            let (mut font, mut line) = (0.0_f32, 1.0_f32);
            for operation in Content::decode(&bytes).expect("content").operations {
                let number = |at: usize| operation.operands[at].as_float().expect("a number");
                match operation.operator.as_str() {
                    "q" => scales.push(*scales.last().expect("a scale")),
                    "Q" => drop(scales.pop()),
                    "cm" => *scales.last_mut().expect("a scale") *= number(3).abs(),
                    "BT" => line = 1.0,
                    "Tm" => line = number(3).abs(),
                    "Tf" => font = number(1),
                    "Tj" | "TJ" => {
                        let size = font * line * scales.last().expect("a scale");
                        if sizes.iter().all(|known| (known - size).abs() > 0.01) {
                            sizes.push(size);
                        }
                    }
                    _ => {}
                }
            }
        }
        sizes.sort_by(f32::total_cmp);
        sizes
    }

    /// Every address that a link leads to.
    pub fn addresses(&self) -> Vec<String> {
        let mut found = Vec::new();
        for page in self.document.get_pages().into_values() {
            let page = self.document.get_dictionary(page).expect("a page");
            let Some(Ok(notes)) = self.get(page, "Annots").map(Object::as_array) else { continue };
            for note in notes {
                let note = self.follow(note).as_dict().expect("a note is a dictionary");
                let Some(Ok(action)) = self.get(note, "A").map(Object::as_dict) else { continue };
                found.extend(self.get(action, "URI").map(text));
            }
        }
        found
    }
}

/// A text of a PDF: UTF-16 with a mark in front, or Latin letters.
fn text(object: &Object) -> String {
    let bytes = object.as_str().expect("a text");
    match bytes.strip_prefix(&[0xfe, 0xff]) {
        Some(wide) => {
            let units: Vec<u16> =
                wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).expect("letters")
        }
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}
