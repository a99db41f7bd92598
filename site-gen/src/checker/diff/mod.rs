//! What two versions of a checker give to the same people: what `site-gen diff` does.
//!
//! `checker-rules` compares; here the result gets words (`text`) and a form for programs (`json`).

mod json;
mod text;

use super::Checker;
use crate::finding::{Finding, Severity};
use checker_rules::{Difference, Fault, FaultKind, Lists};
use std::time::Instant;

/// Two versions of a checker, compared over every set of answers.
#[derive(Debug)]
pub struct CheckerDiff<'c> {
    old: &'c Checker,
    new: &'c Checker,
    found: Difference,
    /// Rules that rest on other evidence now, with what came and went.
    evidence: Vec<(String, Lists)>,
    /// How long the comparison took, in thousandths of a second.
    pub millis: u64,
}

/// Compares two versions of a checker. Words that readers see are not compared.
///
/// # Errors
/// A finding when the two act on too many answers at once to be compared.
pub fn diff<'c>(old: &'c Checker, new: &'c Checker) -> Result<CheckerDiff<'c>, Finding> {
    let started = Instant::now();
    let found = checker_rules::difference(&old.questionnaire, &new.questionnaire)
        .map_err(|fault| not_compared(&new.id, &fault))?;
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let evidence = new
        .program
        .rules()
        .iter()
        .filter(|rule| old.program.find_rule(&rule.id).is_some())
        .map(|rule| (rule.id.clone(), lists(&old.evidence_of(&rule.id), &new.evidence_of(&rule.id))))
        .filter(|(_, lists)| !lists.is_empty())
        .collect();
    Ok(CheckerDiff { old, new, found, evidence, millis })
}

impl CheckerDiff<'_> {
    /// Whether every set of answers gets the same result for the same reasons.
    pub fn nothing_changed(&self) -> bool {
        self.found.nothing_changed()
    }

    /// Says so if some set of answers gets a better result than before, or one that cannot be told from a better one.
    pub fn better(&self) -> Option<Finding> {
        if self.found.outcomes.better.is_none() && self.found.outcomes.other.is_none() {
            return None;
        }
        Some(Finding {
            code: "better-result",
            severity: Severity::Error,
            place: None,
            message: format!("Some sets of answers get a better result in the new version of `{}`", self.new.id),
            help: Some(
                "Ask a clinician to look at each example. If the change is right, run this without --deny better"
                    .to_owned(),
            ),
        })
    }
}

fn not_compared(id: &str, fault: &Fault) -> Finding {
    let questions = match &fault.kind {
        FaultKind::TooEntangled { questions, .. } => super::faults::list(questions),
        _ => String::new(),
    };
    Finding {
        code: "not-compared",
        severity: Severity::Error,
        place: None,
        message: format!(
            "The two versions of `{id}` could not be compared: too many questions act on each other"
        ),
        help: Some(format!("The ones that interact most: {questions}. Compare smaller steps")),
    }
}

fn lists(old: &[&str], new: &[&str]) -> Lists {
    let only = |some: &[&str], others: &[&str]| {
        some.iter().filter(|id| !others.contains(id)).map(|id| (*id).to_owned()).collect()
    };
    Lists { added: only(new, old), removed: only(old, new) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use checker_rules::Origin;

    #[test]
    fn what_cannot_be_compared_names_the_questions() {
        let kind = FaultKind::TooEntangled { questions: vec!["A".into(), "B".into()], nodes: 9 };
        let finding = not_compared("ketamine", &Fault { origin: Origin(0), kind });
        assert_eq!(finding.code, "not-compared");
        assert!(finding.message.contains("ketamine"));
        assert!(finding.help.is_some_and(|help| help.contains('A') && help.contains('B')));
    }

    #[test]
    fn lists_say_what_came_and_what_went() {
        let found = lists(&["a", "b"], &["b", "c"]);
        assert_eq!((found.added, found.removed), (vec!["c".to_owned()], vec!["a".to_owned()]));
        assert!(lists(&["a"], &["a"]).is_empty());
    }
}
