//! What holds for every checker: a question that can make a result stricter says which of its answers are more risk.
//!
//! That more risk is never better, and that "not sure" is treated with care, is proved for each question that declares
//! an order or an unknown answer. So the one way to switch it off is to leave the line out; that is what is told here.

use crate::checker::files::Files;
use crate::finding::{Finding, Findings};
use checker_rules::{Draft, DraftCondition};
use std::collections::BTreeSet;

pub(super) fn check(files: &Files, findings: &mut Findings) {
    let draft = &files.draft;
    let mut read = BTreeSet::new();
    for rule in draft.rules.iter().filter(|rule| rule.outcome.is_some()) {
        questions_of(&rule.when, draft, 0, &mut read);
    }
    for question in &draft.questions {
        if question.direction.is_some() || !read.contains(question.id.text.as_str()) {
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

/// The questions that a condition reads, itself or through sets.
fn questions_of<'d>(
    condition: &'d DraftCondition,
    draft: &'d Draft,
    depth: u32,
    found: &mut BTreeSet<&'d str>,
) {
    // Sets that go round in circles are told elsewhere.
    if depth > 16 {
        return;
    }
    match condition {
        DraftCondition::All(parts)
        | DraftCondition::Any(parts)
        | DraftCondition::None(parts)
        | DraftCondition::AtLeast(_, parts) => {
            parts.iter().for_each(|part| questions_of(part, draft, depth + 1, found));
        }
        DraftCondition::Set(name) => {
            if let Some(set) = draft.sets.iter().find(|set| set.name.text == name.text) {
                questions_of(&set.condition, draft, depth + 1, found);
            }
        }
        DraftCondition::Line(line) => {
            found.insert(&line.subject.text);
        }
    }
}
