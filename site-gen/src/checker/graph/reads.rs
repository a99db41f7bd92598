//! Which questions decide whether another is asked.

use checker_rules::{Draft, DraftKind, DraftQuestion};

/// Places of the questions on which it depends whether one is asked: ascending, each once.
pub(super) fn asked_after(draft: &Draft, question: &DraftQuestion) -> Vec<usize> {
    let mut found = question.asked_when.as_ref().map(|when| draft.questions_read(when)).unwrap_or_default();
    if let DraftKind::Instrument { answered_by: Some(by), .. } = &question.kind {
        found.extend(draft.questions.iter().position(|question| question.id.text == by.text));
    }
    found.sort_unstable();
    found.dedup();
    found
}
