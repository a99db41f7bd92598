//! What holds for every checker: a question that can make a result stricter says which of its answers are more risk.
//!
//! That more risk is never better, and that "not sure" is treated with care, is proved for each question that declares
//! an order or an unknown answer. So the one way to switch it off is to leave the line out; that is what is told here.

use crate::checker::files::Files;
use crate::finding::{Finding, Findings};
use std::collections::BTreeSet;

pub(super) fn check(files: &Files, findings: &mut Findings) {
    let draft = &files.draft;
    let rules = draft.rules.iter().filter(|rule| rule.outcome.is_some());
    let read: BTreeSet<usize> = rules.flat_map(|rule| draft.questions_read(&rule.when)).collect();
    for (at, question) in draft.questions.iter().enumerate() {
        if question.direction.is_some() || !read.contains(&at) {
            continue;
        }
        let Some(place) = files.origins.place(question.id.origin) else { continue };
        findings.push(
            Finding::warning(
                "risk-or-need-missing",
                place,
                format!(
                    "A rule with an outcome looks at the question `{}`, which does not say which answers are more risk",
                    question.id.text
                ),
            )
            .help(
                "Add `risk` with the answers from least to most. It is then proved that more risk is never better. If more \
                 of it is not more danger, write `need` in its place",
            ),
        );
    }
}
