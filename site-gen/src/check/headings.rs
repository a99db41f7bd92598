//! The order of headings.

use super::Subject;
use crate::finding::{Finding, Findings};
use crate::link::Page;

pub(super) fn check(_subject: &Subject<'_>, page: &Page, findings: &mut Findings) {
    // The title is the first level.
    let mut before = 1;
    for heading in &page.headings {
        if heading.level == 1 {
            findings.push(
                Finding::error(
                    "second-title",
                    heading.place.clone(),
                    "This page has its title already, in the line `title:` at the top",
                )
                .help("Begin this line with ##"),
            );
            before = 1;
            continue;
        }
        if heading.level > before + 1 {
            let marks = "#".repeat(usize::from(before) + 1);
            findings.push(
                Finding::error(
                    "heading-skips-level",
                    heading.place.clone(),
                    format!("This heading skips a level: there is no {marks} above it"),
                )
                .help(format!("Begin this line with {marks}")),
            );
        }
        before = heading.level;
        if heading.text.is_empty() {
            findings.push(
                Finding::error("heading-empty", heading.place.clone(), "This heading has no words")
                    .help("Write what comes below it, or take the line out"),
            );
        }
    }
}
