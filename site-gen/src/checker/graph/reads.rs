//! Which questions a condition looks at.

use checker_rules::{Draft, DraftCondition, DraftKind, DraftQuestion};

/// Places of the questions that a condition looks at, named groups included: ascending, each once.
pub(super) fn reads(draft: &Draft, condition: &DraftCondition) -> Vec<usize> {
    let mut found = Vec::new();
    collect(draft, condition, &mut Vec::new(), &mut found);
    found.sort_unstable();
    found.dedup();
    found
}

/// Places of the questions on which it depends whether one is asked: ascending, each once.
pub(super) fn asked_after(draft: &Draft, question: &DraftQuestion) -> Vec<usize> {
    let mut found = question.asked_when.as_ref().map(|when| reads(draft, when)).unwrap_or_default();
    if let DraftKind::Instrument { answered_by: Some(by), .. } = &question.kind {
        found.extend(place(draft, &by.text));
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn place(draft: &Draft, id: &str) -> Option<usize> {
    draft.questions.iter().position(|question| question.id.text == id)
}

fn collect<'d>(
    draft: &'d Draft,
    condition: &'d DraftCondition,
    sets: &mut Vec<&'d str>,
    found: &mut Vec<usize>,
) {
    match condition {
        DraftCondition::All(parts)
        | DraftCondition::Any(parts)
        | DraftCondition::None(parts)
        | DraftCondition::AtLeast(_, parts) => {
            for part in parts {
                collect(draft, part, sets, found);
            }
        }
        DraftCondition::Set(name) => {
            // A group is gone through once, however often it is named.
            if !sets.contains(&name.text.as_str())
                && let Some(set) = draft.sets.iter().find(|set| set.name.text == name.text)
            {
                sets.push(&set.name.text);
                collect(draft, &set.condition, sets, found);
            }
        }
        DraftCondition::Line(line) => found.extend(place(draft, &line.subject.text)),
    }
}
