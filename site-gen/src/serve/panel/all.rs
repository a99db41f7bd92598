//! The list of all pages: what there is to mend in each and how it stands, and what belongs to no page.

use super::{PART, Seen, count, foreign, summary, told, whole};
use crate::check::Subject;
use crate::finding::Severity;
use crate::html::escape;
use crate::link::Page;
use crate::parse::front_matter::Hidden;
use crate::standing::{self, Reading, Translated};
use rayon::prelude::*;
use std::fmt::Write as _;

/// The whole page.
pub(in crate::serve) fn all(seen: &Seen<'_>) -> String {
    let mut main = String::from("<h1>All pages</h1>\n");
    let Some(about) = seen.about.as_deref() else {
        main.push_str("<p>No file could be read yet.</p>\n");
        return whole("All pages", "every-attempt", seen.base_path, &main);
    };
    let _ = writeln!(main, "<div id=\"{PART}\">");
    if seen.is_broken() {
        main.push_str(
            "<p class=\"panel-broken\"><strong>The preview shows the last good version.</strong> Mistakes stop the newest \
             one. Mend the errors below and save.</p>\n",
        );
        if !about.findings.has_errors() {
            let _ = writeln!(main, "<p>{}</p>", escape(&seen.problems.join(" ")));
        }
    }
    let rest = about.of_no_page();
    main.push_str("<h2>To mend outside the pages</h2>\n");
    if rest.is_empty() {
        main.push_str("<p>Nothing.</p>\n");
    }
    told::list(&mut main, about, &seen.walk, &rest);

    // A page that could not be read has its findings all the same.
    let shown = |url: &str| about.page(url).is_some();
    let unread: Vec<&String> = about.sorted().pages.keys().filter(|url| !shown(url)).collect();
    if !unread.is_empty() {
        main.push_str("<h2>Pages that could not be read, or are not shown</h2>\n<ul>\n");
        for url in unread {
            let _ = writeln!(
                main,
                "<li><a href=\"{}\">{}</a>: {}</li>",
                escape(&seen.panel(url)),
                escape(url),
                summary(&about.of_page(url))
            );
        }
        main.push_str("</ul>\n");
    }
    if !about.site.held_back.is_empty() {
        main.push_str(
            "<h2>Not shown</h2>\n<p>Start the preview with <code>site-gen serve --drafts</code> to see these.</p>\n<ul>\n",
        );
        for held in &about.site.held_back {
            let why = match held.why {
                Hidden::Draft => "a draft".to_owned(),
                Hidden::Until(day) => format!("appears on {day}"),
                Hidden::Since(day) => format!("gone since {day}"),
            };
            let _ = writeln!(main, "<li><code>{}</code>: {why}</li>", escape(about.path(held.file)));
        }
        main.push_str("</ul>\n");
    }

    let subject = about.subject();
    let mut rows: Vec<Row<'_>> = about
        .site
        .pages
        .par_iter()
        .filter(|page| page.file.is_some())
        .map(|page| {
            let findings = about.of_page(&page.url);
            let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
            Row {
                page,
                counts: [Severity::Error, Severity::Warning, Severity::Note].map(of),
                say: if findings.is_empty() { "nothing".to_owned() } else { summary(&findings) },
                reading: standing::reading(&subject, page),
            }
        })
        .collect();
    // The worst first; among equals the order of the site.
    rows.sort_by_key(|row| std::cmp::Reverse(row.counts));
    let _ = writeln!(
        main,
        "<h2>{}</h2>\n<p>The worst first. A page's name leads to what is told about it.</p>\n\
         <div class=\"panel-table\" role=\"region\" aria-label=\"All pages\" tabindex=\"0\">\n<table>\n<thead><tr>\
         <th scope=\"col\">Page</th><th scope=\"col\">To mend</th><th scope=\"col\">Reading</th><th scope=\"col\">Review</th>\
         <th scope=\"col\">Translation</th></tr></thead>\n<tbody>",
        count(rows.len(), "page", "pages")
    );
    for row in &rows {
        let page = row.page;
        let language = &about.site.settings.languages[page.language];
        let reading =
            row.reading.as_ref().map_or("", |reading| reading.judged.split(',').next().unwrap_or_default());
        let hard = row.reading.as_ref().is_some_and(|reading| reading.hard);
        let review = match standing::review(&subject, page) {
            Some(review) if review.changed => "changed since".to_owned(),
            Some(review) if review.next.is_some_and(|next| next.due < about.today) => "ran out".to_owned(),
            Some(review) => review.on.to_string(),
            None if page.is_clinical() => "none yet".to_owned(),
            None => "not needed".to_owned(),
        };
        let _ = writeln!(
            main,
            "<tr><th scope=\"row\"><a href=\"{}\">{}</a></th><td>{}</td><td>{}{}</td><td>{review}</td><td>{}</td></tr>",
            escape(&seen.panel(&page.url)),
            foreign("span", &language.code, language.dir, &page.title),
            row.say,
            escape(reading),
            if hard { ", <strong>too hard</strong>" } else { "" },
            translations(&subject, page)
        );
    }
    main.push_str("</tbody>\n</table>\n</div>\n</div>\n");
    whole("All pages", "every-attempt", seen.base_path, &main)
}

struct Row<'p> {
    page: &'p Page,
    /// Errors, warnings, notes.
    counts: [usize; 3],
    say: String,
    reading: Option<Reading>,
}

/// What lags behind, for a page of the first language; for a translation whether it does.
fn translations(subject: &Subject<'_>, page: &Page) -> String {
    let languages = &subject.site.settings.languages;
    let say = |state: Option<Translated>| match state {
        None => "missing",
        Some(Translated::Behind) => "behind",
        Some(Translated::Unmarked) => "not marked",
        Some(Translated::UpToDate) => "up to date",
    };
    if page.language > 0 {
        let original = page.ties.alternates.first().copied().flatten().map(|id| subject.site.page(id));
        let state = original.and_then(|original| standing::translation(subject, original, page.language));
        return match original {
            Some(_) => say(state.map(|(_, state)| state)).to_owned(),
            None => "no original".to_owned(),
        };
    }
    let parts: Vec<String> = languages
        .iter()
        .enumerate()
        .skip(1)
        .map(|(number, language)| {
            let state = standing::translation(subject, page, number).map(|(_, state)| state);
            format!("{} {}", escape(&language.code), say(state))
        })
        .collect();
    parts.join(", ")
}
