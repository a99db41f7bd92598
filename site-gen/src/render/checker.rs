//! The page that holds a questionnaire: the paper version for everybody, and what the live one needs.

use super::page::assemble;
use super::view::Views;
use crate::checker::Label;
use crate::finding::Finding;
use crate::link::{Fragment, Page, SiteChecker};
use crate::theme::Theme;
use serde::Serialize;
use tera::Value;

#[derive(Serialize)]
struct CheckerView<'s> {
    id: &'s str,
    version: &'s str,
    updated: String,
    updated_words: String,
    sections: Vec<crate::checker::ListedSection>,
    outcomes: Vec<Outcome<'s>>,
    talk: Vec<Label>,
    parts: Parts,
    /// Where the page about the proof is.
    proof_url: String,
    data: Value,
    /// The address of the page that says what was checked about the reader's privacy.
    privacy_url: String,
}

#[derive(Serialize)]
struct Outcome<'s> {
    id: &'s str,
    title: &'s str,
    /// For paper.
    body: Value,
    /// For the live screen: the same text with ids of its own.
    screen: Value,
}

#[derive(Serialize)]
struct Parts {
    start: Value,
    crisis: Value,
    foot_title: String,
    foot: Value,
    /// What to ask at the visit; both empty where there is nothing.
    questions_title: String,
    questions: Value,
}

/// What `checker` is on the page that holds it. `None` when it has no words in the page's language or no proof,
/// both of which have been told and stop the build.
pub(super) fn view(
    views: &Views<'_>,
    theme: &Theme,
    page: &Page,
    held: &SiteChecker,
    words: &Value,
) -> Result<Option<Value>, Box<Finding>> {
    let code = &views.site.settings.languages[page.language].code;
    let (Some(texts), Some(listing), Some(data)) = (
        &held.texts[page.language],
        held.checker.listing(code),
        held.checker.data(code, &views.absolute("/")),
    ) else {
        return Ok(None);
    };
    let draw = |text: &Fragment, prefix: &str| {
        assemble(theme, &text.html, &text.inserts, prefix, words).map(|html| Value::safe_string(&html))
    };
    let mut outcomes = Vec::with_capacity(texts.outcomes.len());
    for (id, title, text) in &texts.outcomes {
        outcomes.push(Outcome {
            id,
            title,
            body: draw(text, &format!("paper-{id}"))?,
            screen: draw(text, &format!("screen-{id}"))?,
        });
    }
    let text = views.site.text(page);
    let start = assemble(theme, &text.html, &text.inserts, "screen-start", words)?;
    let (questions_title, questions) = match &texts.questions {
        Some((title, text)) => (title.clone(), draw(text, "print-questions")?),
        None => (String::new(), Value::from("")),
    };
    let view = CheckerView {
        id: &held.checker.id,
        version: &held.checker.version,
        updated: held.checker.updated.to_string(),
        updated_words: views.date(page.language, held.checker.updated),
        sections: listing.sections,
        outcomes,
        talk: listing.talk,
        parts: Parts {
            start: Value::safe_string(&without_ids(&start)),
            crisis: draw(&texts.crisis, "screen-crisis")?,
            foot_title: texts.foot.0.clone(),
            foot: draw(&texts.foot.1, "screen-foot")?,
            questions_title,
            questions,
        },
        proof_url: super::proof::url(views, page).unwrap_or_default(),
        // Words that could end the block are refused when they are read; the program holds none.
        data: Value::safe_string(&data),
        privacy_url: views.href(&super::privacy_url(views.site, page.language)),
    };
    Ok(Some(Value::from_serializable(&view)))
}

/// The start page stands in the paper version too. Its copy must not repeat the ids of headings and citations:
/// an id may stand once on a page.
fn without_ids(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(" id=\"") {
        let value = &rest[at + 5..];
        let end = value.find('"').unwrap_or(value.len());
        out.push_str(&rest[..at]);
        // The boxes are named by their titles, so these ids are needed and have a prefix of their own.
        if value.starts_with("screen-") {
            out.push_str(&rest[at..at + 5 + end + 1]);
        }
        rest = value.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::without_ids;

    #[test]
    fn only_ids_of_this_copy_stay() {
        assert_eq!(
            without_ids("<h2 id=\"what\">A</h2><p id=\"screen-start-1\">B</p>"),
            "<h2>A</h2><p id=\"screen-start-1\">B</p>"
        );
        assert_eq!(without_ids("<p>C</p>"), "<p>C</p>");
    }
}
