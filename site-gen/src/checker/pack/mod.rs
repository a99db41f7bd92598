//! The sign-off pack: worked patients on paper, for a clinician to agree with or not, and what was signed already.
//!
//! ```text
//!   Questionnaire ─worked▶ patients ─▶ each with a name and a fingerprint ─page▶ HTML for paper
//!   signed.toml ───────────────────────▶ signed · out of date · not signed
//! ```

mod answers;
mod card;
mod definition;
mod page;
mod signed;

pub use page::{START, page};
pub(crate) use signed::{Signature, check, read};

use super::Checker;
use checker_rules::{Counterexample, Program, Purpose, RuleIdx, worked};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// One worked patient of the pack.
#[derive(Clone, Debug)]
pub struct Patient {
    /// Its name, which stays as long as it shows the same: `C19` is the patient in whom rule C19 applies, `C19.2` one in
    /// whom its second line decides, `not-C19.2` one in whom that line is off.
    pub id: String,
    /// Its answers and what they lead to.
    pub example: Counterexample,
    /// What it shows.
    pub purposes: Vec<Purpose>,
    /// Hexadecimal digits that change with its answers, its result, and every rule that it stands for.
    pub fingerprint: String,
    /// The rules that it stands for, those that apply and those that just do not: id and fingerprint of each.
    pub rules: Vec<(String, String)>,
    /// Whether somebody signed it.
    pub signed: Signed,
}

/// Whether somebody signed a patient as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// Nobody has.
    NotYet,
    /// Somebody has.
    By {
        /// Their name, or their id where people.toml does not know them.
        who: String,
        /// When.
        on: Date,
    },
    /// Somebody had, and something changed since.
    OutOfDate {
        /// Their name, or their id where people.toml does not know them.
        who: String,
        /// When.
        on: Date,
        /// What changed, in a clause.
        change: String,
    },
}

/// How many patients there are, and how many of them are signed as they are now.
pub fn count(patients: &[Patient]) -> (usize, usize) {
    let signed = patients.iter().filter(|patient| matches!(patient.signed, Signed::By { .. }));
    (signed.count(), patients.len())
}

/// Which of the worked patients of a checker are signed as they are now.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    /// How many are signed.
    pub done: usize,
    /// How many there are. 0 where nobody has signed any: then they are not worked out.
    pub all: usize,
    /// Who signed, each once, in the order of their names.
    pub by: Vec<String>,
}

/// Counts the signatures of a checker that hold. One that is out of date is none.
pub fn tally(checker: &Checker) -> Tally {
    if checker.signatures.is_empty() {
        return Tally::default();
    }
    let Ok(patients) = patients(checker) else { return Tally::default() };
    let (done, all) = count(&patients);
    let who = patients.into_iter().filter_map(|patient| match patient.signed {
        Signed::By { who, .. } => Some(who),
        Signed::NotYet | Signed::OutOfDate { .. } => None,
    });
    let by: BTreeSet<String> = who.collect();
    Tally { done, all, by: by.into_iter().collect() }
}

/// The worked patients of a checker, with who signed them. Their order is that of the rules.
///
/// # Errors
/// One sentence, when the questionnaire is too large to work them out.
pub fn patients(checker: &Checker) -> Result<Vec<Patient>, String> {
    let program = &checker.program;
    let worked = worked(&checker.questionnaire).map_err(|_| {
        "too many answers of this questionnaire act on each other, so that no patients can be worked out"
            .to_owned()
    })?;
    let prints: Vec<String> =
        checker.files.draft.rules.iter().map(|rule| definition::of_rule(&checker.files, rule)).collect();
    let mut taken = BTreeSet::new();
    let mut patients: Vec<Patient> = Vec::with_capacity(worked.len());
    for one in worked {
        let stands_for: BTreeSet<RuleIdx> =
            one.example.fired.iter().copied().chain(one.purposes.iter().filter_map(just_not)).collect();
        let rules: Vec<(String, String)> = stands_for
            .iter()
            .filter_map(|rule| Some((program.rule(*rule)?.id.clone(), prints.get(rule.index())?.clone())))
            .collect();
        let mut text = definition::patient_text(program, &one.example);
        rules.iter().for_each(|(rule, print)| text += &format!("{rule}:{print}\n"));
        let mut id = one.purposes.first().map_or(String::new(), |purpose| name(program, purpose));
        while !taken.insert(id.clone()) {
            id.push('+');
        }
        patients.push(Patient {
            id,
            example: one.example,
            purposes: one.purposes,
            fingerprint: definition::short_hash(&text, 12),
            rules,
            signed: Signed::NotYet,
        });
    }
    for patient in &mut patients {
        patient.signed = signed::state(checker, patient);
    }
    Ok(patients)
}

fn just_not(purpose: &Purpose) -> Option<RuleIdx> {
    match purpose {
        Purpose::JustNot { rule, .. } => Some(*rule),
        _ => None,
    }
}

/// What a patient is called after: the first thing that it shows.
fn name(program: &Program, purpose: &Purpose) -> String {
    let rule = |rule: RuleIdx| program.rule(rule).map_or("", |rule| rule.id.as_str());
    match *purpose {
        Purpose::Fires { rule: at } => rule(at).to_owned(),
        Purpose::Otherwise => "otherwise".to_owned(),
        Purpose::HangsOn { rule: at, line, .. } => format!("{}.{}", rule(at), line + 1),
        Purpose::JustNot { rule: at, line: Some(line), .. } => format!("not-{}.{}", rule(at), line + 1),
        Purpose::JustNot { rule: at, line: None, .. } => format!("not-{}", rule(at)),
        Purpose::Threshold { question, item, value, reached } => {
            let Some(asked) = program.question(question) else { return String::new() };
            let item = item.map_or(String::new(), |item| format!("-item-{}", item + 1));
            let side = if reached { "at" } else { "below" };
            format!("{}{item}-{side}-{}", asked.id, asked.decimal(value))
        }
    }
}

/// A line of a rule as it is written in rules.toml; a set by its name.
fn line_of(checker: &Checker, rule: RuleIdx, line: usize) -> String {
    let files = &checker.files;
    let leaves = files.draft.rules.get(rule.index()).map(|rule| definition::leaves(&rule.when));
    match leaves.as_ref().and_then(|leaves| leaves.get(line)) {
        Some(checker_rules::DraftCondition::Line(line)) => files.origins.written(line.origin).to_owned(),
        Some(checker_rules::DraftCondition::Set(name)) => name.text.clone(),
        _ => String::new(),
    }
}
