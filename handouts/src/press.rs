//! The press: Typst with nothing around it. It knows one template, the fonts in the program and the handout at hand; there
//! is no disk, no network and no clock behind it.

use crate::{Handout, PrintError};
use fast_qr::convert::{Builder, Shape, svg::SvgBuilder};
use fast_qr::{ECL, QRBuilder};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// How a handout looks.
const TEMPLATE: &str = include_str!("handout.typ");

/// The letters: one family for reading, and the few signs that it lacks.
const FONTS: [&[u8]; 6] = [
    include_bytes!("../fonts/AtkinsonHyperlegibleNext-Regular.ttf"),
    include_bytes!("../fonts/AtkinsonHyperlegibleNext-Bold.ttf"),
    include_bytes!("../fonts/AtkinsonHyperlegibleNext-Italic.ttf"),
    include_bytes!("../fonts/AtkinsonHyperlegibleNext-BoldItalic.ttf"),
    include_bytes!("../fonts/NotoSansSymbols2-some.ttf"),
    include_bytes!("../fonts/NotoSansMath-some.ttf"),
];

/// What is the same for every handout.
struct Press {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: FileId,
    template: Source,
}

static PRESS: LazyLock<Press> = LazyLock::new(|| {
    let fonts: Vec<Font> = FONTS.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
    let main = file("handout.typ");
    // Heads of rows are still behind this switch; without them a table's rows are not named to a screen reader.
    let library = Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build();
    Press {
        library: LazyHash::new(library),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        main,
        template: Source::new(main, TEMPLATE.to_owned()),
    }
});

fn file(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("BUG: a plain name is a path");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// All that one handout can see.
struct Desk {
    files: BTreeMap<String, Bytes>,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &PRESS.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &PRESS.book
    }

    fn main(&self) -> FileId {
        PRESS.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == PRESS.main { Ok(PRESS.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(id.vpath().get_without_slash()).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        PRESS.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

pub(crate) fn print(handout: &Handout) -> Result<Vec<u8>, PrintError> {
    let sheet = serde_json::to_vec(handout).expect("BUG: a handout is always JSON");
    let code = code(&handout.address)?;
    let mut files = BTreeMap::from([
        ("sheet.json".to_owned(), Bytes::new(sheet)),
        ("code.svg".to_owned(), Bytes::new(code.into_bytes())),
    ]);
    files.extend(
        handout.pictures.iter().map(|(name, bytes)| (format!("pictures/{name}"), Bytes::new(bytes.clone()))),
    );
    let document =
        typst::compile::<PagedDocument>(&Desk { files }).output.map_err(|faults| refused(&faults))?;
    let options = PdfOptions {
        ident: Smart::Custom(handout.address.clone()),
        standards: PdfStandards::new(&[PdfStandard::Ua_1]).expect("BUG: one standard agrees with itself"),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|faults| refused(&faults))
}

fn refused(faults: &[SourceDiagnostic]) -> PrintError {
    let told: Vec<String> = faults.iter().map(|fault| fault.message.to_string()).collect();
    PrintError::Refused(told.join("; "))
}

/// The code that leads a phone to an address: a drawing with the free margin that readers of such codes need.
fn code(address: &str) -> Result<String, PrintError> {
    let code = QRBuilder::new(address).ecl(ECL::M).build().map_err(|_| PrintError::AddressTooLong)?;
    Ok(SvgBuilder::default().shape(Shape::Square).to_str(&code))
}

pub(crate) fn letters_missing(text: &str) -> Vec<char> {
    let mut missing = Vec::new();
    for letter in text.chars().filter(|letter| !letter.is_control()) {
        let shown = PRESS.fonts.iter().any(|font| font.info().coverage.contains(u32::from(letter)));
        if !shown && !missing.contains(&letter) {
            missing.push(letter);
        }
    }
    missing
}
