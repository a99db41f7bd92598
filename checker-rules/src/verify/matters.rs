//! Answers that change nothing although lines read them: another line says the same, or more, each time.
//!
//! Two answers to a question come to the same when, all else equal, the same rules fire, the same people are named and
//! the same questions are asked. Each answer is compared with the safest one; a question is of no use when all of its
//! answers come to the same.

use super::diagram::{Diagram, FALSE, Full, Node, TRUE};
use super::layout::safest_tick;
use super::memo::Memo;
use super::model::Model;
use super::space::Shape;
use super::use_of::{Read, safest_option};
use crate::fault::{Fault, FaultKind};
use crate::program::{Kind, Question};
use crate::questionnaire::QuestionFacts;

/// Another answer in place of one, all else equal.
struct Change {
    /// The option that is given up, where it is one option.
    option: Option<usize>,
    /// Over the question's variables: the answers that are replaced.
    from: Node,
    /// The values that these variables then have.
    to: Vec<(usize, u16)>,
}

/// Finds the questions and options that are read and make no difference.
pub(crate) fn check(model: &mut Model<'_>, reads: &[Read]) -> Result<Vec<Fault>, Full> {
    let consequences = consequences(model)?;
    let questionnaire = model.questionnaire();
    let mut faults = Vec::new();
    for (at, (question, facts)) in
        questionnaire.program.questions.iter().zip(&questionnaire.questions).enumerate()
    {
        if !reads[at].any || question.has_crisis_answers() {
            continue;
        }
        let changes = changes(model, at)?;
        let own: Vec<Node> = consequences
            .iter()
            .filter(|consequence| consequence.0[at])
            .map(|consequence| consequence.1)
            .collect();
        let mut idle: Vec<Option<usize>> = Vec::new();
        for change in &changes {
            if !own.iter().any(|&consequence| model.changes(consequence, at, change)) {
                idle.push(change.option);
            }
        }
        if idle.len() == changes.len() {
            let kind = FaultKind::QuestionMakesNoDifference { question: question.id.clone() };
            faults.push(Fault { origin: facts.origin, kind });
            continue;
        }
        for (place, (option, own)) in question.options().iter().zip(&facts.options).enumerate() {
            let all = changes.iter().filter(|change| change.option == Some(place)).count();
            let harmless = own.inert || place == safest(question, facts) || !reads[at].options[place];
            if all > 0 && !harmless && idle.iter().filter(|&&idle| idle == Some(place)).count() == all {
                let (question, option) = (question.id.clone(), option.id.clone());
                let kind = FaultKind::OptionMakesNoDifference { question, option };
                faults.push(Fault { origin: own.origin, kind });
            }
        }
    }
    Ok(faults)
}

/// The option that, alone, is what the others are compared with.
fn safest(question: &Question, facts: &QuestionFacts) -> usize {
    match question.kind {
        Kind::Many { .. } => safest_tick(question),
        _ => safest_option(question, facts),
    }
}

/// Everything that an answer can change, and which questions it reads.
fn consequences(model: &mut Model<'_>) -> Result<Vec<(Vec<bool>, Node)>, Full> {
    let mut all = model.side.fires.clone();
    let program = model.program();
    for (rule, at) in program.rules.iter().zip(0..) {
        // Each person by themselves: two conditions may name the same one.
        for talk in rule.may_talk_to().into_iter().filter(|talk| !rule.talk_to.contains(talk)) {
            let mut named = FALSE;
            for (_, when) in rule.talk_to_when.iter().filter(|(to, _)| to.contains(&talk)) {
                let when = model.condition(when)?;
                named = model.space.diagram.max(named, when)?;
            }
            all.push(model.space.diagram.and(model.side.fires[at], named)?);
        }
    }
    all.extend(&model.side.asked);
    let reads = |node: Node| {
        let mut reads = vec![false; program.questions.len()];
        for (variable, nodes) in model.space.diagram.levels(node).iter().enumerate() {
            reads[model.space.owner[variable]] |= !nodes.is_empty();
        }
        reads
    };
    Ok(all.into_iter().map(|node| (reads(node), node)).collect())
}

/// Changes that lead, one after the other, from every answer of a question to its safest one.
fn changes(model: &mut Model<'_>, at: usize) -> Result<Vec<Change>, Full> {
    let questionnaire = model.questionnaire();
    let question = &questionnaire.program.questions[at];
    let group = model.space.groups[at].clone();
    let first = group.variables.start;
    let mut changes = Vec::new();
    match &group.shape {
        Shape::One { options } => {
            let safest = safest_option(question, &questionnaire.questions[at]);
            let to = u16::try_from(safest).unwrap_or(0);
            for option in (0..*options).filter(|&option| option != to) {
                let from = model.space.diagram.literal(first, |value| value == option)?;
                changes.push(Change { option: Some(usize::from(option)), from, to: vec![(first, to)] });
            }
        }
        Shape::Number { cells, unknown } => {
            let last = u16::try_from(cells.len() + usize::from(*unknown)).unwrap_or(u16::MAX);
            for cell in 1..last {
                let from = model.space.diagram.literal(first, |value| value == cell)?;
                changes.push(Change { option: None, from, to: vec![(first, 0)] });
            }
        }
        Shape::Many => {
            let safest = safest_tick(question);
            let alone = |ticked: usize| {
                let values = (0..question.options().len()).map(|place| u16::from(place == ticked));
                group.variables.clone().zip(values).collect::<Vec<(usize, u16)>>()
            };
            for (place, option) in question.options().iter().enumerate() {
                if place != safest {
                    let from = exactly(model, &alone(place))?;
                    changes.push(Change { option: Some(place), from, to: alone(safest) });
                }
                if !option.exclusive {
                    // One tick less, as long as something stays ticked.
                    let ticked = model.space.diagram.literal(first + place, |value| value == 1)?;
                    let nothing_else: Vec<(usize, u16)> =
                        alone(place).into_iter().filter(|&(variable, _)| variable != first + place).collect();
                    let nothing_else = exactly(model, &nothing_else)?;
                    let more = model.space.diagram.not(nothing_else)?;
                    let from = model.space.diagram.and(more, ticked)?;
                    changes.push(Change { option: Some(place), from, to: vec![(first + place, 0)] });
                }
            }
        }
        Shape::Items { highest, gated } => {
            for ((variable, &high), place) in group.variables.clone().zip(highest).zip(0..) {
                // Behind a gate, the lowest value that keeps it open.
                let lowest = u16::from(*gated && place == 0);
                for item in lowest + 1..=u16::from(high) {
                    let from = model.space.diagram.literal(variable, |value| value == item)?;
                    changes.push(Change { option: None, from, to: vec![(variable, lowest)] });
                }
            }
            if *gated {
                let from = model.space.diagram.literal(first, |value| value == 1)?;
                let shut = group.variables.clone().enumerate().map(|(place, variable)| {
                    (variable, if place == 0 { 0 } else { group.shape.absent(place) })
                });
                changes.push(Change { option: None, from, to: shut.collect() });
            }
        }
    }
    Ok(changes)
}

/// These variables have these values.
fn exactly(model: &mut Model<'_>, values: &[(usize, u16)]) -> Result<Node, Full> {
    let mut all = TRUE;
    for &(variable, wanted) in values.iter().rev() {
        let literal = model.space.diagram.literal(variable, |value| value == wanted)?;
        all = model.space.diagram.and(literal, all)?;
    }
    Ok(all)
}

/// What is followed down at once: a function before and after the change, which answers are replaced, complete sets.
type Step = (Node, Node, Node, Node);

impl Model<'_> {
    /// Whether some complete answer set gives a function another value when the question's answer is changed.
    fn changes(&self, function: Node, question: usize, change: &Change) -> bool {
        let end = self.space.groups[question].variables.end;
        let among = |sets: Node| {
            let step = (function, function, change.from, sets);
            self.changes_from(step, end, &change.to, &mut Memo::default())
        };
        // Most changes leave most functions alone whatever else is answered; that is quickly seen.
        among(TRUE) && among(self.valid)
    }

    fn changes_from(&self, step: Step, end: usize, to: &[(usize, u16)], memo: &mut Memo<Step, bool>) -> bool {
        let (before, after, from, valid) = step;
        let diagram = &self.space.diagram;
        if from == FALSE || valid == FALSE || (before == after && diagram.variable(before) >= end) {
            return false;
        }
        let nodes = [before, after, from, valid];
        if nodes.iter().all(|&node| Diagram::is_leaf(node)) {
            return before != after;
        }
        if let Some(&known) = memo.get(step) {
            return known;
        }
        let variable = nodes.iter().map(|&node| diagram.variable(node)).min().unwrap_or(end);
        let changed = to.iter().find(|&&(changed, _)| changed == variable).map(|&(_, value)| value);
        let found = (0..diagram.arity(variable)).any(|value| {
            let next = (
                diagram.child(before, variable, value),
                diagram.child(after, variable, changed.unwrap_or(value)),
                diagram.child(from, variable, value),
                diagram.child(valid, variable, value),
            );
            self.changes_from(next, end, to, memo)
        });
        memo.insert(step, found);
        found
    }
}
