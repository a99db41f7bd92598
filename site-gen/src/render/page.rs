//! A text's HTML with everything filled in, containers drawn by the theme.

use super::view::id_for;
use crate::finding::Finding;
use crate::link::{Insert, Piece};
use crate::parse::chance::Chance;
use crate::theme::Theme;
use std::fmt::Write as _;
use std::ops::Range;
use tera::{Context, Value};

/// How many dots stand in a row, for pictures of 100 and of 1,000.
fn columns(of: u32) -> u32 {
    if of > 100 { 40 } else { 10 }
}

/// Draws a number as so many dots, row by row.
fn picture(theme: &Theme, chance: Chance, title: &str) -> Result<String, Box<Finding>> {
    let columns = columns(chance.of);
    let mut context = Context::new();
    context.insert_value("title", Value::from(title));
    context.insert_value("width", Value::from(u64::from(columns * DOT)));
    context.insert_value("height", Value::from(u64::from(chance.of / columns * DOT)));
    context.insert_value("full", Value::from(dots(0..chance.count, columns)));
    context.insert_value("rest", Value::from(dots(chance.count..chance.of, columns)));
    theme.render("components/chance/picture.html", &context)
}

/// The room of one dot in a picture.
const DOT: u32 = 10;

/// A path along so many dots: a line for each row. With a round line cap and a dash of no length every [`DOT`], each
/// line is a row of dots; this takes a tenth of the bytes that circles take.
fn dots(mut range: Range<u32>, columns: u32) -> String {
    let mut path = String::new();
    while !range.is_empty() {
        let (row, column) = (range.start / columns, range.start % columns);
        let here = (columns - column).min(range.end - range.start);
        // One more than to the last dot, so that no rounding leaves it out.
        let length = (here - 1) * DOT + 1;
        let _ = write!(path, "M{} {}h{length}", column * DOT + DOT / 2, row * DOT + DOT / 2);
        range.start += here;
    }
    path
}

/// Puts the inserts into the HTML. `prefix` keeps the ids of two texts on one page apart; `words` is `t`.
pub(super) fn assemble(
    theme: &Theme,
    html: &str,
    inserts: &[Insert],
    prefix: &str,
    words: &Value,
) -> Result<String, Box<Finding>> {
    let extra: usize = inserts
        .iter()
        .map(|insert| if let Piece::Html(html) = &insert.piece { html.len() } else { 400 })
        .sum();
    let mut out = String::with_capacity(html.len() + extra);
    // The container that is open: what stood before it, and how it was opened.
    let mut open: Vec<(String, &Insert)> = Vec::new();
    let mut done = 0;
    let mut number = 0;
    for insert in inserts {
        let at = (insert.at as usize).min(html.len());
        out.push_str(&html[done..at]);
        done = at;
        match &insert.piece {
            Piece::Html(piece) => out.push_str(piece),
            Piece::Chance { chance, title } => out.push_str(&picture(theme, *chance, title)?),
            Piece::Open { .. } => open.push((std::mem::take(&mut out), insert)),
            Piece::Close => {
                let Some((before, opened)) = open.pop() else { continue };
                let body = std::mem::replace(&mut out, before);
                let Piece::Open { container, label, level } = &opened.piece else { continue };
                number += 1;
                let mut context = Context::new();
                context.insert_value("label", Value::from(label.as_str()));
                context.insert_value("body", Value::safe_string(&body));
                context.insert_value("id", Value::from(id_for(prefix, number, label)));
                context.insert_value("level", Value::from(u64::from(*level)));
                context.insert_value("t", words.clone());
                let template = format!("components/{}/component.html", container.name());
                out.push_str(&theme.render(&template, &context)?);
            }
        }
    }
    out.push_str(&html[done..]);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dot_is_drawn_once() {
        assert_eq!(dots(0..12, 10), "M5 5h91M5 15h11");
        assert_eq!(dots(12..30, 10), "M25 15h71M5 25h91");
        assert_eq!(dots(99..100, 10), "M95 95h1");
        assert_eq!(dots(0..40, 40), "M5 5h391");
    }

    #[test]
    fn nothing_is_drawn_for_nobody() {
        assert_eq!(dots(0..0, 10), "");
        assert_eq!(dots(100..100, 10), "");
    }
}
