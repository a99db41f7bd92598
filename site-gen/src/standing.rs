//! How a page stands: how hard it is to read, who reviewed it and until when that holds, whether its translations keep up,
//! on which days it comes and goes. The lists and the preview tell it; the checks object to what is wrong with it.

use crate::check::{Subject, plain_language};
use crate::link::Page;
use crate::plain::Formula;
use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// How hard a page is to read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    /// Its grade or ease, and what else was measured, in words.
    pub(crate) figures: String,
    /// In school grades or their like: the higher the harder.
    pub(crate) hardness: f64,
    /// The grade or ease beside its limit, in words.
    pub(crate) judged: String,
    /// Whether that is beyond the limit.
    pub(crate) hard: bool,
    /// Id, words and figure of each part that is beyond the limit by itself.
    pub(crate) hard_parts: Vec<(String, String, String)>,
    /// The three sentences that make the page hardest, the worst first.
    pub(crate) costly: Vec<String>,
}

/// `None` for a page without text, or in a language without a formula.
pub(crate) fn reading(subject: &Subject<'_>, page: &Page) -> Option<Reading> {
    let formula = Formula::of(&subject.site.settings.languages.get(page.language)?.code)?;
    let read = plain_language::read(subject, page)?;
    let figures = plain_language::figures(formula, &read)?;
    let (judged, hard) = plain_language::judge(formula, &read.whole)?;
    let hard_parts = plain_language::hard_parts(page, formula, &read);
    Some(Reading {
        figures: figures.words,
        hardness: figures.hardness,
        judged,
        hard,
        hard_parts: hard_parts
            .into_iter()
            .map(|(heading, figure)| (heading.id.clone(), heading.text.clone(), figure))
            .collect(),
        costly: subject.text(page).map(|(text, _)| read.costly(text, formula)).unwrap_or_default(),
    })
}

/// The last review of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Review {
    /// Who read it: the name, or the id where nobody has it.
    pub(crate) by: String,
    /// When.
    pub(crate) on: Date,
    /// When it has to be read again.
    pub(crate) next: Option<Next>,
    /// Whether the page was changed after it.
    pub(crate) changed: bool,
}

/// When a page has to be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Next {
    /// From this day on it is announced.
    pub(crate) soon: Date,
    /// On this day the review runs out.
    pub(crate) due: Date,
}

/// `None` where nobody has reviewed the page.
pub(crate) fn review(subject: &Subject<'_>, page: &Page) -> Option<Review> {
    let reviewed = page.front.reviewed.as_ref()?;
    let by = &reviewed.by.value;
    Some(Review {
        by: subject.site.people.get(by).map_or_else(|| by.clone(), |person| person.name.clone()),
        on: reviewed.on.value,
        next: next(reviewed.on.value, page.front.review_every),
        changed: subject.is_outdated(page),
    })
}

/// A review is announced when four fifths of its time are over.
fn next(reviewed: Date, months: i64) -> Option<Next> {
    let due = reviewed.checked_add(Span::new().months(months)).ok()?;
    let days = reviewed.until(due).ok()?.get_days();
    Some(Next { soon: reviewed.checked_add((days * 4 / 5).days()).ok()?, due })
}

/// Whether a translation keeps up with its original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Translated {
    /// It is marked as a translation of the wording of today.
    UpToDate,
    /// The original has changed since.
    Behind,
    /// It does not say which wording it translates.
    Unmarked,
}

/// The translation of a page of the first language into the language `number`; `None` where it is not there.
pub(crate) fn translation<'s>(
    subject: &Subject<'s>,
    original: &Page,
    number: usize,
) -> Option<(&'s Page, Translated)> {
    let there = original.ties.alternates.get(number).copied().flatten().map(|id| subject.site.page(id));
    let there = there.filter(|there| there.language == number)?;
    let state = match &there.front.translates {
        None => Translated::Unmarked,
        Some(hash) if subject.wording(original).is_some_and(|wording| wording != hash.value) => {
            Translated::Behind
        }
        Some(_) => Translated::UpToDate,
    };
    Some((there, state))
}

/// The days on which a page appears and disappears by itself, as far as they are to come; and that it is gone.
pub(crate) fn days(page: &Page, today: Date) -> Vec<(Date, &'static str)> {
    let mut days = Vec::new();
    let publish = page.front.publish.as_ref().map(|day| day.value).filter(|day| *day > today);
    days.extend(publish.map(|day| (day, "appears on that day")));
    let expire = page.front.expire.as_ref().map(|day| day.value);
    days.extend(
        expire.map(|day| {
            (day, if day > today { "is gone from that day on" } else { "is gone since that day" })
        }),
    );
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_review_is_announced_before_it_runs_out() {
        let next = next(date(2026, 1, 1), 12).expect("days");
        assert_eq!(next.due, date(2027, 1, 1));
        assert!(next.soon > date(2026, 10, 1) && next.soon < date(2026, 11, 1), "{next:?}");
    }
}
