//! What a question by itself becomes: its shape as variables, how many answers each value stands for, and which answers
//! are unusual.

use std::collections::BTreeSet;

use super::space::Shape;
use crate::answer::Answer;
use crate::program::{Condition, Kind, Line, Question, Test};
use crate::questionnaire::{Order, QuestionFacts, Questionnaire};

/// What a variable's value means for telling unusual answers from the safest ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    /// The question is answered.
    pub(crate) answered: bool,
    /// The answer may still be the safest one.
    pub(crate) safest: bool,
    /// Among answers that differ, the lower the better.
    pub(crate) extra: u32,
}

/// For each value of a variable: how many answers it stands for, and how unusual it is.
pub(crate) type Values = Vec<(u64, Cost)>;

/// The shape of a question by itself, numbers split where something begins.
pub(crate) fn shape(question: &Question, borders: &BTreeSet<i64>) -> Shape {
    match &question.kind {
        Kind::One { options } => Shape::One { options: u16::try_from(options.len()).unwrap_or(u16::MAX - 1) },
        Kind::Many { .. } => Shape::Many,
        Kind::Number { low, high, unknown, .. } => {
            Shape::Number { cells: cells(*low, *high, borders), unknown: unknown.is_some() }
        }
        Kind::Instrument { items, gated, .. } => Shape::Items { highest: items.clone(), gated: *gated },
    }
}

/// The numbers from `low` to `high` in stretches; a new one begins at each border.
pub(crate) fn cells(low: i64, high: i64, borders: &BTreeSet<i64>) -> Vec<(i64, i64)> {
    let mut cells = Vec::new();
    let mut start = low;
    for &border in borders {
        if border > start && border <= high {
            cells.push((start, border - 1));
            start = border;
        }
    }
    cells.push((start, high));
    cells
}

/// For each variable of a question and each of its values: how many answers it stands for, and how unusual it is.
pub(crate) fn values(question: &Question, facts: &QuestionFacts, shape: &Shape) -> Vec<Values> {
    let gone = (1u64, Cost { answered: false, safest: true, extra: 0 });
    let ranked = |safest: bool, extra: usize| Cost {
        answered: true,
        safest,
        extra: u32::try_from(extra).unwrap_or(u32::MAX),
    };
    let order = facts.direction.as_ref().map(|(_, order)| order);
    match shape {
        Shape::One { options } => {
            let place = |option: u16| match order {
                Some(Order::Listed(order)) => order.iter().position(|&at| at == option).unwrap_or(0),
                _ => usize::from(option),
            };
            let mut values: Values =
                (0..*options).map(|option| (1, ranked(place(option) == 0, place(option)))).collect();
            values.push(gone);
            vec![values]
        }
        Shape::Many => {
            let options = question.options();
            let safest = safest_tick(question);
            options
                .iter()
                .enumerate()
                .map(|(at, _)| {
                    let unticked = Cost { answered: false, safest: at != safest, extra: 0 };
                    let ticked = ranked(at == safest, if at == safest { 0 } else { 1 });
                    vec![(1, unticked), (1, ticked)]
                })
                .collect()
        }
        Shape::Number { cells, unknown } => {
            let lowest_is_safest = !matches!(order, Some(Order::Lower));
            let mut values: Values = Vec::new();
            for (at, (low, high)) in cells.iter().enumerate() {
                let place = if lowest_is_safest { at } else { cells.len() - 1 - at };
                let weight = u64::try_from(high - low + 1).unwrap_or(1);
                values.push((weight, ranked(place == 0, place)));
            }
            if *unknown {
                values.push((1, ranked(false, cells.len())));
            }
            values.push(gone);
            vec![values]
        }
        Shape::Items { highest, .. } => {
            let highest_is_safest = matches!(order, Some(Order::Lower));
            highest
                .iter()
                .map(|&high| {
                    let mut values: Values = (0..=high)
                        .map(|value| {
                            let place = usize::from(if highest_is_safest { high - value } else { value });
                            (1, ranked(place == 0, place))
                        })
                        .collect();
                    values.push(gone);
                    values
                })
                .collect()
        }
    }
}

/// The option whose tick, alone, is the safest answer: the first that stands alone and is no "unknown", else the first.
pub(crate) fn safest_tick(question: &Question) -> usize {
    question.options().iter().position(|option| option.exclusive && !option.unknown).unwrap_or(0)
}

/// For each question the numbers at which some line anywhere changes.
pub(crate) fn thresholds(questionnaire: &Questionnaire) -> Vec<BTreeSet<i64>> {
    let mut found = vec![BTreeSet::new(); questionnaire.program.questions.len()];
    each_line(questionnaire, &mut |line| {
        if let Test::AtLeast(value) | Test::Below(value) = &line.test {
            found[line.question.index()].insert(*value);
        }
    });
    found
}

/// Every line of every set, question, rule and promise.
pub(crate) fn each_line(questionnaire: &Questionnaire, see: &mut impl FnMut(&Line)) {
    fn walk(condition: &Condition, see: &mut impl FnMut(&Line)) {
        match condition {
            Condition::All(parts)
            | Condition::Any(parts)
            | Condition::None(parts)
            | Condition::AtLeast(_, parts) => parts.iter().for_each(|part| walk(part, see)),
            Condition::Set(_) => {}
            Condition::Line(line) => see(line),
        }
    }
    let program = &questionnaire.program;
    program.sets.iter().for_each(|set| walk(set, see));
    program.questions.iter().filter_map(|q| q.asked_when.as_ref()).for_each(|when| walk(when, see));
    for rule in &program.rules {
        walk(&rule.when, see);
        rule.talk_to_when.iter().for_each(|(_, when)| walk(when, see));
    }
    for invariant in &questionnaire.invariants {
        if let Some((when, _)) = invariant.promise.when() {
            walk(when, see);
        }
    }
}

/// Whether an answer is the safest one to its question: the least risk or need; where no direction is declared, the
/// first option, the exclusive option, the lowest number, every item at 0.
pub(crate) fn is_safest(question: &Question, facts: &QuestionFacts, answer: &Answer) -> bool {
    let order = facts.direction.as_ref().map(|(_, order)| order);
    match (&question.kind, answer) {
        (Kind::One { .. }, Answer::One(option)) => match order {
            Some(Order::Listed(order)) => order.first() == Some(option),
            _ => *option == 0,
        },
        (Kind::Many { .. }, Answer::Many(ticks)) => {
            matches!(ticks.as_slice(), [tick] if usize::from(*tick) == safest_tick(question))
        }
        (Kind::Number { low, high, .. }, Answer::Number(value)) => {
            if matches!(order, Some(Order::Lower)) {
                value == high
            } else {
                value == low
            }
        }
        (Kind::Instrument { items, .. }, Answer::Items(values)) => {
            values.iter().zip(items).all(|(value, &high)| {
                let safest = if matches!(order, Some(Order::Lower)) { high } else { 0 };
                value.is_none_or(|value| value == safest)
            })
        }
        _ => false,
    }
}
