//! Lists for the people who look after a site: what is due, what is a draft, what is not translated, which evidence
//! runs out, what is hard to read.

use crate::check::Subject;
use crate::link::{Page, Site};
use crate::parse::front_matter::Hidden;
use crate::source::SourceTree;
use crate::standing::{self, Translated};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use std::fmt::Write as _;

/// Which list.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reviews and evidence that somebody has to look at, and pages that come or go by themselves; the most urgent first
    Due,
    /// Pages that readers do not see yet
    Drafts,
    /// Pages that are missing or behind in a language
    Translations,
    /// Every source and claim, with the day by which it has to be looked at again
    Evidence,
    /// How hard each page is to read, the hardest first
    Reading,
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The file to open, or `evidence.toml`.
    pub file: String,
    /// The page's title, or the id of a source.
    pub what: String,
    /// The day that counts, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Date>,
    /// Why it is on the list, in a few words.
    pub why: String,
    /// Further lines: the sentences that cost most.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<String>,
}

/// The rows of a list.
pub fn list(kind: Kind, site: &Site, sources: &SourceTree, today: Date) -> Vec<Row> {
    let subject = Subject::new(site, sources, today);
    match kind {
        Kind::Due => due(&subject),
        Kind::Drafts => drafts(&subject),
        Kind::Translations => translations(&subject),
        Kind::Evidence => evidence(&subject),
        Kind::Reading => reading(&subject),
    }
}

fn file_of(subject: &Subject<'_>, page: &Page) -> Option<String> {
    Some(subject.sources.file(page.file?).path.clone())
}

fn row(file: String, what: &str, by: Option<Date>, why: impl Into<String>) -> Row {
    Row { file, what: what.to_owned(), by, why: why.into(), more: Vec::new() }
}

fn due(subject: &Subject<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for page in &subject.site.pages {
        let Some(file) = file_of(subject, page) else { continue };
        rows.extend(days(page, &file, subject.today));
        let Some(review) = standing::review(subject, page) else {
            if page.is_clinical() {
                rows.push(row(file, &page.title, None, "no clinician has reviewed it yet"));
            }
            continue;
        };
        if review.changed {
            let why = format!("changed since its review on {}", review.on);
            rows.push(row(file.clone(), &page.title, Some(review.on), why));
        }
        if let Some(next) = review.next
            && next.soon <= subject.today
        {
            let why =
                if next.due < subject.today { "the review ran out" } else { "the review runs out soon" };
            rows.push(row(file, &page.title, Some(next.due), why));
        }
    }
    let soon = subject.today.checked_add(2.months()).unwrap_or(subject.today);
    rows.extend(evidence(subject).into_iter().filter(|row| row.by.is_some_and(|by| by <= soon)));
    // What has a day comes first, by day; what was never reviewed follows.
    rows.sort_by_key(|row| (row.by.is_none(), row.by));
    rows
}

/// The days on which a page appears and disappears by itself, as far as they are to come; and that it is gone.
fn days(page: &Page, file: &str, today: Date) -> Vec<Row> {
    let days = standing::days(page, today).into_iter();
    days.map(|(day, why)| row(file.to_owned(), &page.title, Some(day), why)).collect()
}

fn drafts(subject: &Subject<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for page in &subject.site.pages {
        let (Some(file), Some(why)) = (file_of(subject, page), page.hidden) else { continue };
        let (by, why) = match why {
            Hidden::Draft => (None, "readers do not see it yet"),
            Hidden::Until(day) => (Some(day), "appears on that day"),
            Hidden::Since(day) => (Some(day), "is gone since that day"),
        };
        rows.push(row(file, &page.title, by, why));
    }
    rows
}

fn translations(subject: &Subject<'_>) -> Vec<Row> {
    let site = subject.site;
    let mut rows = Vec::new();
    for (number, language) in site.settings.languages.iter().enumerate().skip(1) {
        for page in site.pages.iter().filter(|page| page.language == 0) {
            let Some(file) = file_of(subject, page) else { continue };
            let Some((there, state)) = standing::translation(subject, page, number) else {
                let why = format!("not there in `{}`", language.code);
                rows.push(row(file, &page.title, None, why));
                continue;
            };
            let Some(own) = file_of(subject, there) else { continue };
            match state {
                Translated::Unmarked => {
                    rows.push(row(own, &there.title, None, "it does not say which wording it translates"));
                }
                Translated::Behind => {
                    rows.push(row(own, &there.title, None, format!("behind: {} has changed", page.path)));
                }
                Translated::UpToDate => {}
            }
        }
    }
    rows
}

fn evidence(subject: &Subject<'_>) -> Vec<Row> {
    let sources = &subject.site.sources;
    let published = sources.publications.iter().map(|(id, source)| (id, &source.review_by, "a source"));
    let claims = sources.evidence.iter().map(|(id, claim)| (id, &claim.review_by, "a claim"));
    let mut rows: Vec<Row> = published
        .chain(claims)
        .map(|(id, review_by, kind)| {
            let by = review_by.as_ref().map(|date| date.value);
            let why = match by {
                None => format!("{kind}, without a day to look at it again"),
                Some(by) if by < subject.today => format!("{kind}, past its day"),
                Some(_) => format!("{kind}, to be looked at again by then"),
            };
            row("content/evidence.toml".to_owned(), id, by, why)
        })
        .collect();
    rows.sort_by(|a, b| (a.by, &a.what).cmp(&(b.by, &b.what)));
    rows
}

fn reading(subject: &Subject<'_>) -> Vec<Row> {
    let mut rows: Vec<(f64, Row)> = Vec::new();
    for page in &subject.site.pages {
        let Some(file) = file_of(subject, page) else { continue };
        let Some(reading) = standing::reading(subject, page) else { continue };
        let row = Row { more: reading.costly, ..row(file, &page.title, None, reading.figures) };
        rows.push((reading.hardness, row));
    }
    rows.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// For reading at a terminal.
pub fn human(kind: Kind, rows: &[Row]) -> String {
    if rows.is_empty() {
        return match kind {
            Kind::Due => "Nothing is due.\n",
            Kind::Drafts => "There are no drafts.\n",
            Kind::Translations => "Every page is there in every language, and up to date.\n",
            Kind::Evidence => "There is no evidence yet.\n",
            Kind::Reading => "There is nothing to read yet.\n",
        }
        .to_owned();
    }
    let mut out = String::new();
    for row in rows {
        let by = row.by.map_or_else(|| " ".repeat(10), |by| by.to_string());
        let by = if rows.iter().any(|row| row.by.is_some()) { format!("{by}  ") } else { String::new() };
        let name = if row.file.ends_with(".toml") { &row.what } else { &row.file };
        let _ = writeln!(out, "{by}{name}: {}", row.why);
        for line in &row.more {
            let _ = writeln!(out, "    {line}");
        }
    }
    out
}

/// What has a day, as a calendar file (RFC 5545) that calendar programs can read.
pub fn calendar(rows: &[Row], site_name: &str, today: Date) -> String {
    let text = |text: &str| text.replace('\\', "\\\\").replace([';', ','], " ").replace('\n', " ");
    let day = |date: Date| date.strftime("%Y%m%d").to_string();
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        format!("PRODID:-//site-gen//{}//EN", text(site_name)),
    ];
    for row in rows {
        let Some(by) = row.by else { continue };
        let name = if row.file.ends_with(".toml") { &row.what } else { &row.file };
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}@site-gen", text(&format!("{name}-{by}")).replace([' ', '/'], "-")),
            format!("DTSTAMP:{}T000000Z", day(today)),
            format!("DTSTART;VALUE=DATE:{}", day(by)),
            format!("SUMMARY:{}", text(&format!("{}: {}", row.what, row.why))),
            format!("DESCRIPTION:{}", text(&row.file)),
            "END:VEVENT".to_owned(),
        ]);
    }
    lines.push("END:VCALENDAR".to_owned());
    let mut out = String::new();
    for line in lines {
        fold(&mut out, &line);
    }
    out
}

/// A line of a calendar holds 75 bytes at most; what is longer goes on behind a space.
fn fold(out: &mut String, line: &str) {
    let mut length = 0;
    for character in line.chars() {
        if length + character.len_utf8() > 73 {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(character);
        length += character.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_calendar_holds_what_has_a_day_in_short_lines() {
        let long = "A very long title that goes on and on, so that its line is longer than a calendar allows";
        let rows = [
            row(
                "content/en/pages/a.md".to_owned(),
                long,
                Some(date(2026, 12, 1)),
                "the review runs out soon",
            ),
            row("content/en/pages/b.md".to_owned(), "B", None, "no clinician has reviewed it yet"),
        ];
        let calendar = calendar(&rows, "Guide", date(2026, 11, 22));
        assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 1);
        assert!(calendar.contains("DTSTART;VALUE=DATE:20261201\r\n"), "{calendar}");
        assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "{calendar}");
        assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n") && calendar.ends_with("END:VCALENDAR\r\n"));
    }
}
