//! A text's HTML with everything filled in, containers drawn by the theme.

use super::view::id_for;
use crate::finding::Finding;
use crate::link::{Insert, Piece};
use crate::theme::Theme;
use tera::{Context, Value};

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
