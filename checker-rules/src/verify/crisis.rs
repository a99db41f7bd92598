//! Crisis first: answers that call for crisis help are asked for, asked for early, and never lead to the best outcome.

use super::cause::Look;
use super::diagram::{FALSE, Full, Leaf, Node, TRUE};
use super::model::Model;
use super::rank;
use crate::fault::{Fault, FaultKind};
use crate::program::{Condition, Kind, Line, OutcomeIdx, QuestionIdx, Test};
use crate::questionnaire::Questionnaire;
use crate::report::{Property, Report};
use crate::resolve::{questions_read, set_reads};

/// Proves, for questionnaires that have answers which call for crisis help, that such an answer never leads to the best
/// outcome and that nobody is spared every question that has one.
pub(crate) fn check(model: &mut Model<'_>, report: &mut Report) -> Result<(), Full> {
    let program = model.program();
    let asking: Vec<QuestionIdx> =
        program.question_indices().filter(|at| program.questions[at.index()].has_crisis_answers()).collect();
    if asking.is_empty() {
        return Ok(());
    }
    // With a single outcome there is no better one to keep away.
    if program.outcomes.len() > 1 {
        let best = model.space.diagram.leaves(Leaf::AtMost(1), model.rank)?;
        for &question in &asking {
            let calls = calls(model, question)?;
            let bad = model.space.diagram.and(calls, best)?;
            model.settle(
                Property::CrisisNeverBest(question),
                Some(question),
                bad,
                &Look::Answer(question),
                report,
            );
        }
    }
    let mut spared = TRUE;
    for &question in &asking {
        let not_asked = model.space.diagram.not(model.side.asked[question.index()])?;
        spared = model.space.diagram.and(not_asked, spared)?;
    }
    let mut bad = if spared == FALSE { FALSE } else { model.space.diagram.and(spared, model.valid)? };
    for outcome in (0..).take(program.outcomes.len()).map(OutcomeIdx) {
        if program.stops_at(outcome) && bad != FALSE {
            let rank = rank(model, outcome);
            let stopped = model.space.diagram.leaves(Leaf::Exactly(rank), model.rank)?;
            let open = model.space.diagram.not(stopped)?;
            bad = model.space.diagram.and(open, bad)?;
        }
    }
    model.settle(Property::CrisisAlwaysAsked, None, bad, &Look::Nowhere, report);
    Ok(())
}

/// Where an answer to the question calls for crisis help.
fn calls(model: &mut Model<'_>, question: QuestionIdx) -> Result<Node, Full> {
    let line = |test: Test| Condition::Line(Line { question, test });
    let program = model.program();
    let lines: Vec<Condition> = match &program.questions[question.index()].kind {
        Kind::One { options } | Kind::Many { options } => {
            let of = (0u16..).zip(options).filter(|(_, option)| option.crisis).map(|(at, _)| at).collect();
            vec![line(Test::Chosen { at_least: 1, of })]
        }
        Kind::Instrument { crisis_items, .. } => {
            crisis_items.iter().map(|&item| line(Test::ItemAtLeast { item, value: 1 })).collect()
        }
        Kind::Number { .. } => Vec::new(),
    };
    let calls = model.condition(&Condition::Any(lines))?;
    // An item read from a longer screen is that screen's own affair.
    model.space.diagram.and(model.side.asked[question.index()], calls)
}

/// The first question with crisis answers that everyone is asked belongs before all that has nothing to do with safety:
/// whoever needs help now should not have to answer the rest first. A question has to do with safety when it has crisis
/// answers itself or when a rule reads it that ends the questions or asks for the worst outcome. Later questions with
/// crisis answers (an item in a screen on mood) are one more chance, wherever they stand.
pub(crate) fn asked_late(questionnaire: &Questionnaire) -> Option<Fault> {
    let program = &questionnaire.program;
    let sets = set_reads(&program.questions, &program.sets);
    let mut safety = Vec::new();
    for rule in &program.rules {
        if rule.outcome.is_some_and(|outcome| outcome.index() == 0 || program.stops_at(outcome)) {
            questions_read(&program.questions, &sets, &rule.when, &mut safety);
        }
    }
    let everyone = || program.question_indices().zip(&program.questions).filter(|(_, q)| q.always_asked());
    let (first, question) = everyone().find(|(_, question)| question.has_crisis_answers())?;
    let (_, after) = everyone().find(|(at, _)| *at < first && !safety.contains(at))?;
    let kind = FaultKind::CrisisAskedLate { question: question.id.clone(), after: after.id.clone() };
    Some(Fault { origin: questionnaire.questions[first.index()].origin, kind })
}
