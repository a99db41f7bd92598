//! A questionnaire as a picture: what is asked, after what, and which answers lead to which result by which rule.
//!
//! ```text
//!   Checker ─sheet▶ rows of text that fit ─layout▶ pages of boxes and lines ─svg▶ text of an SVG
//! ```
//!
//! Questions stand in order from top to bottom, results in columns at the right. There is nothing to arrange, so there is
//! no search for an arrangement: the same questionnaire always gives the same picture.

mod display;
mod lanes;
mod layout;
mod measure;
mod reads;
mod sheet;
mod svg;
#[cfg(test)]
mod tests;
mod words;

pub use svg::STYLE;

use super::Checker;
use checker_rules::Counterexample;
pub(crate) use words::condition;

/// A set of answers to mark in a picture.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// What the answers show, in a sentence.
    pub title: &'a str,
    /// The answers, and what they lead to.
    pub example: &'a Counterexample,
}

/// What a file that holds a picture starts with: whoever writes one may replace such a file.
pub const START: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"questionnaire-picture\"";

/// The questionnaire as one SVG: self-contained, 1000 px wide or more, as high as it needs.
///
/// Questions, sections and results have the words of `language`, or of the first language if the checker has none in it.
/// Conditions name things by the ids of the files. Two calls with the same arguments give the same bytes.
pub fn picture(checker: &Checker, language: &str, mark: Option<&Mark<'_>>) -> String {
    drawn(checker, language, mark, None).concat()
}

/// The same picture in parts that are at most `height` px high, for pages of paper: for A4 upright 1400 px, for A4 or
/// Letter lying on its side 690 px. Each part is an SVG of its own with the heads of the columns; a line that goes on in
/// the next part ends in an arrow.
pub fn pages(checker: &Checker, language: &str, mark: Option<&Mark<'_>>, height: u16) -> Vec<String> {
    drawn(checker, language, mark, Some(i32::from(height)))
}

fn drawn(checker: &Checker, language: &str, mark: Option<&Mark<'_>>, height: Option<i32>) -> Vec<String> {
    let sheet = sheet::sheet(checker, language, mark);
    let pages = layout::pages(&sheet, height);
    let about = sheet.about.join(" ");
    let many = pages.len();
    pages
        .iter()
        .enumerate()
        .map(|(at, page)| {
            let title = match many {
                1 => sheet.title.clone(),
                _ => format!("{}, part {} of {many}", sheet.title, at + 1),
            };
            svg::svg(page, &sheet.language, &title, &about)
        })
        .collect()
}
