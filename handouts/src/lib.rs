//! A page of the site on paper.
//!
//! A [`Handout`] says what stands on the paper, in order, with nothing about how it looks. [`print`] sets it: a tagged PDF
//! that names its language, its title, its headings, lists and tables, as PDF/UA-1 asks for. The same handout always
//! becomes the same bytes: no clock, no font of the machine, no path.
//!
//! How it looks is in `handout.typ`; the letters are in `fonts/`. Both are inside the program.

#[cfg(feature = "press")]
mod press;
mod sheet;

pub use sheet::{Block, BoxKind, Cell, Handout, Inline, Mark, Paper, Size, Sources, Words};

/// Why there is no PDF.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// This program was built without the typesetter.
    #[error("the program was built without handouts")]
    NoPress,
    /// The address is too long for a code that a phone can read.
    #[error("the address is too long for a code that a phone can read")]
    AddressTooLong,
    /// The typesetter refuses, in its own words.
    #[error("{0}")]
    Refused(String),
}

/// Whether this program can print.
pub const CAN_PRINT: bool = cfg!(feature = "press");

/// Raised whenever the same handout would become other bytes, so that no PDF of an earlier program is taken over.
pub const RECIPE: u32 = 2;

/// Sets a handout as a PDF: the bytes of the file.
///
/// # Errors
/// When the typesetter refuses, or is not there.
#[cfg(feature = "press")]
pub fn print(handout: &Handout) -> Result<Vec<u8>, PrintError> {
    press::print(handout)
}

/// Says that the typesetter is not there.
///
/// # Errors
/// Always.
#[cfg(not(feature = "press"))]
pub fn print(_handout: &Handout) -> Result<Vec<u8>, PrintError> {
    Err(PrintError::NoPress)
}

/// The letters of a text that no font here has, each once, in order of their first place. Always none without the press.
pub fn letters_missing(text: &str) -> Vec<char> {
    #[cfg(feature = "press")]
    return press::letters_missing(text);
    #[cfg(not(feature = "press"))]
    {
        let _ = text;
        Vec::new()
    }
}
