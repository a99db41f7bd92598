//! Rules that cut one number or score into bands: limits that overlap by mistake.

use crate::draft::Origin;
use crate::fault::{Fault, FaultKind};
use crate::program::{Condition, Kind, Line, Question, QuestionIdx, Rule, Test};
use crate::questionnaire::Questionnaire;
use crate::resolve::highest_score;

/// The part of a rule that limits one number or score, and the rest of what it asks for.
struct Band<'q> {
    rule: usize,
    question: QuestionIdx,
    /// The lowest and the highest number that fit.
    from: i64,
    to: i64,
    /// Where the first of the limits is written.
    origin: Origin,
    rest: Vec<&'q Condition>,
}

/// Finds pairs of rules that differ in the limits on one number alone, and whose limits overlap at one end each. Where one
/// lies within the other ("at least 10" and "at least 20") the rules are meant to add up.
pub(crate) fn check(questionnaire: &Questionnaire) -> Vec<Fault> {
    let program = &questionnaire.program;
    let bands: Vec<Band<'_>> = program
        .rules
        .iter()
        .zip(&questionnaire.rules)
        .enumerate()
        .flat_map(|(at, (rule, facts))| of_rule(&program.questions, at, rule, facts.origin, &facts.lines))
        .collect();
    let mut faults = Vec::new();
    for (at, second) in bands.iter().enumerate() {
        for first in &bands[..at] {
            let alike = first.rule != second.rule
                && first.question == second.question
                && first.rest.len() == second.rest.len()
                && first.rest.iter().all(|part| second.rest.contains(part));
            let (low, high) = if first.from < second.from { (first, second) } else { (second, first) };
            let overlap = low.from < high.from && high.from <= low.to && low.to < high.to;
            if !alike || !overlap {
                continue;
            }
            let question = &program.questions[second.question.index()];
            let kind = FaultKind::BandsOverlap {
                lower: program.rules[low.rule].id.clone(),
                higher: program.rules[high.rule].id.clone(),
                question: question.id.clone(),
                from: question.decimal(high.from),
                to: question.decimal(low.to),
            };
            faults.push(Fault { origin: second.origin, kind });
        }
    }
    faults
}

/// A band for each number or score that a rule's lines limit, when every one of them must hold.
fn of_rule<'q>(
    questions: &[Question],
    at: usize,
    rule: &'q Rule,
    origin: Origin,
    lines: &[Origin],
) -> Vec<Band<'q>> {
    let whole = std::slice::from_ref(&rule.when);
    let parts = if let Condition::All(parts) = &rule.when { parts.as_slice() } else { whole };
    let mut limited: Vec<QuestionIdx> = parts.iter().filter_map(|part| Some(limit(part)?.0)).collect();
    limited.sort_unstable();
    limited.dedup();
    let of_question = |question: QuestionIdx| {
        let (mut from, mut to) = range(&questions[question.index()])?;
        let mut rest = Vec::new();
        let mut written = None;
        // Only where every part is one line do parts and lines go together.
        let lines = if lines.len() == parts.len() { lines } else { &[] };
        for (place, part) in parts.iter().enumerate() {
            match limit(part) {
                Some((own, test)) if own == question => {
                    match test {
                        Test::AtLeast(value) => from = from.max(*value),
                        Test::Below(value) => to = to.min(value - 1),
                        _ => {}
                    }
                    written = written.or(lines.get(place).copied());
                }
                _ => rest.push(part),
            }
        }
        Some(Band { rule: at, question, from, to, origin: written.unwrap_or(origin), rest })
    };
    limited.into_iter().filter_map(of_question).collect()
}

fn limit(part: &Condition) -> Option<(QuestionIdx, &Test)> {
    match part {
        Condition::Line(Line { question, test: test @ (Test::AtLeast(_) | Test::Below(_)) }) => {
            Some((*question, test))
        }
        _ => None,
    }
}

/// The lowest and the highest number or score.
fn range(question: &Question) -> Option<(i64, i64)> {
    match &question.kind {
        Kind::Number { low, high, .. } => Some((*low, *high)),
        Kind::Instrument { items, gated, .. } => Some((0, highest_score(items, *gated))),
        _ => None,
    }
}
