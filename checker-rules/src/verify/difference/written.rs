//! What was changed in the questions, rules and outcomes themselves.

use super::join::{Joined, Version, same_kind};
use crate::decimal::Decimal;
use crate::difference::{Lists, OutcomeList, QuestionChange, QuestionDifference, RuleChange, RuleChanges};
use crate::draft::Direction;
use crate::program::{Choice, Kind, Program, Question, TalkIdx};
use crate::questionnaire::{Order, QuestionFacts, Questionnaire};

use super::super::diagram::{FALSE, Full, Node, TRUE};
use super::super::space::Shape;

/// Everything that `difference` says beside outcomes and reasons.
pub(super) struct Written {
    pub(super) questions: Vec<QuestionDifference>,
    pub(super) moved: Vec<String>,
    pub(super) rules: Vec<RuleChanges>,
    pub(super) results: OutcomeList,
    pub(super) promises: Lists,
}

/// Works all of it out.
pub(super) fn changes(joined: &mut Joined<'_>) -> Result<Written, Full> {
    let (old, new) = (joined.old.questionnaire, joined.new.questionnaire);
    let common: Vec<(usize, usize)> =
        joined.old_of.iter().enumerate().filter_map(|(new, old)| old.map(|old| (new, old))).collect();
    let moved = moved(&common.iter().map(|&(_, old)| old).collect::<Vec<usize>>());
    Ok(Written {
        questions: questions(joined)?,
        moved: moved.into_iter().map(|at| new.program.questions[common[at].0].id.clone()).collect(),
        rules: rules(joined)?,
        results: results(&old.program, &new.program),
        promises: lists(&promises(old), &promises(new)),
    })
}

/// Every rule of either version by id: the new ones in their order, then those that are gone.
pub(super) fn rule_pairs<'p>(
    old: &'p Program,
    new: &'p Program,
) -> Vec<(&'p str, Option<usize>, Option<usize>)> {
    let place = |program: &Program, id: &str| program.rules.iter().position(|rule| rule.id == id);
    let kept =
        new.rules.iter().enumerate().map(|(at, rule)| (rule.id.as_str(), place(old, &rule.id), Some(at)));
    let gone =
        old.rules.iter().enumerate().map(|(at, rule)| (rule.id.as_str(), Some(at), place(new, &rule.id)));
    kept.chain(gone.filter(|(_, _, new)| new.is_none())).collect()
}

fn questions(joined: &mut Joined<'_>) -> Result<Vec<QuestionDifference>, Full> {
    let (old, new) = (joined.old.questionnaire, joined.new.questionnaire);
    let mut found = Vec::new();
    for (at, question) in new.program.questions.iter().enumerate() {
        let before = old.program.questions.iter().position(|before| before.id == question.id);
        let mut changes = Vec::new();
        match (joined.old_of[at], before) {
            (Some(before), _) => {
                asked(joined, before, at, &mut changes)?;
                answers(joined, before, at, &mut changes)?;
                settings((old, before), (new, at), &mut changes);
            }
            (None, Some(before)) => {
                debug_assert!(!same_kind(&old.program.questions[before], question), "else they are the same");
                changes.push(QuestionChange::OtherKind);
            }
            (None, None) => {
                let answer_sets = joined.count_where(Version::New, joined.new.asked[at])?;
                changes.push(QuestionChange::Added { answer_sets });
            }
        }
        if !changes.is_empty() {
            found.push(QuestionDifference { question: question.id.clone(), changes });
        }
    }
    for (at, question) in old.program.questions.iter().enumerate() {
        if new.program.find_question(&question.id).is_none() {
            let answer_sets = joined.count_where(Version::Old, joined.old.asked[at])?;
            let changes = vec![QuestionChange::Removed { answer_sets }];
            found.push(QuestionDifference { question: question.id.clone(), changes });
        }
    }
    Ok(found)
}

/// Who is asked the question in one version only.
fn asked(
    joined: &mut Joined<'_>,
    before: usize,
    at: usize,
    changes: &mut Vec<QuestionChange>,
) -> Result<(), Full> {
    let (old, new) = (joined.old.asked[before], joined.new.asked[at]);
    for (more, some, others) in [(true, new, old), (false, old, new)] {
        let only = joined.but(some, others)?;
        let people = joined.space.diagram.and(only, joined.people)?;
        if people != FALSE {
            let seen = joined.seen_by(Version::New, people)?;
            let answer_sets = joined.count(seen);
            changes.push(if more {
                QuestionChange::AskedMore { answer_sets }
            } else {
                QuestionChange::AskedLess { answer_sets }
            });
        }
    }
    Ok(())
}

/// Which answers the question takes in one version only.
fn answers(
    joined: &mut Joined<'_>,
    before: usize,
    at: usize,
    changes: &mut Vec<QuestionChange>,
) -> Result<(), Full> {
    let (old, new) = (joined.old.program(), joined.new.program());
    let (old, new) = (&old.questions[before], &new.questions[at]);
    for option in new.options().iter().filter(|option| old.find_option(&option.id).is_none()) {
        let answer_sets = joined.count_option(Version::New, at, &option.id)?;
        changes.push(QuestionChange::AnswerAdded { answer: option.id.clone(), answer_sets });
    }
    for option in old.options().iter().filter(|option| new.find_option(&option.id).is_none()) {
        let answer_sets = joined.count_option(Version::Old, before, &option.id)?;
        changes.push(QuestionChange::AnswerRemoved { answer: option.id.clone(), answer_sets });
    }
    let (
        Kind::Number { low, high, unknown, .. },
        Kind::Number { low: new_low, high: new_high, unknown: new_unknown, decimals, .. },
    ) = (&old.kind, &new.kind)
    else {
        return Ok(());
    };
    let group = joined.new.seats[at].group;
    let Shape::Number { cells, .. } = joined.space.groups[group].shape.clone() else { return Ok(()) };
    let variable = joined.space.groups[group].variables.start;
    match (unknown, new_unknown) {
        (None, Some(id)) => {
            let is_unknown =
                joined.space.diagram.literal(variable, |value| usize::from(value) == cells.len())?;
            let answer_sets = joined.count_where(Version::New, is_unknown)?;
            changes.push(QuestionChange::AnswerAdded { answer: id.clone(), answer_sets });
        }
        (Some(id), None) => {
            let is_unknown =
                joined.space.diagram.literal(variable, |value| usize::from(value) == cells.len())?;
            let answer_sets = joined.count_where(Version::Old, is_unknown)?;
            changes.push(QuestionChange::AnswerRemoved { answer: id.clone(), answer_sets });
        }
        _ => {}
    }
    if (low, high) != (new_low, new_high) {
        let limits = |low: &i64, high: &i64| {
            (Decimal { digits: *low, scale: *decimals }, Decimal { digits: *high, scale: *decimals })
        };
        let mut outside = |version, low: i64, high: i64| {
            let beyond =
                |value: u16| cells.get(usize::from(value)).is_some_and(|cell| cell.1 < low || cell.0 > high);
            let beyond = joined.space.diagram.literal(variable, beyond)?;
            joined.count_where(version, beyond)
        };
        changes.push(QuestionChange::Range {
            old: limits(low, high),
            new: limits(new_low, new_high),
            added: outside(Version::New, *low, *high)?,
            removed: outside(Version::Old, *new_low, *new_high)?,
        });
    }
    Ok(())
}

/// What else is set differently.
fn settings(
    (old, before): (&Questionnaire, usize),
    (new, at): (&Questionnaire, usize),
    changes: &mut Vec<QuestionChange>,
) {
    let (was, is) = (&old.program.questions[before], &new.program.questions[at]);
    for option in is.options() {
        let Some(old) = was.options().iter().find(|old| old.id == option.id) else { continue };
        let answer = || option.id.clone();
        let differs = |read: fn(&Choice) -> bool| (read(old) != read(option)).then(|| read(option));
        changes.extend(
            differs(|option| option.crisis).map(|now| QuestionChange::Crisis { answer: answer(), now }),
        );
        changes.extend(
            differs(|option| option.unknown).map(|now| QuestionChange::Unknown { answer: answer(), now }),
        );
        changes.extend(
            differs(|option| option.exclusive).map(|now| QuestionChange::Alone { answer: answer(), now }),
        );
    }
    if let (Kind::Instrument { crisis_items: old, .. }, Kind::Instrument { crisis_items: new, .. }) =
        (&was.kind, &is.kind)
    {
        for (items, others, now) in [(new, old, true), (old, new, false)] {
            for item in items.iter().filter(|item| !others.contains(item)) {
                let answer = (u32::from(*item) + 1).to_string();
                changes.push(QuestionChange::Crisis { answer, now });
            }
        }
    }
    if direction(was, &old.questions[before]) != direction(is, &new.questions[at]) {
        changes.push(QuestionChange::Direction);
    }
    let section = |program: &Program, question: &Question| {
        question.section.map_or(String::new(), |section| program.section(section).to_owned())
    };
    let (old, new) = (section(&old.program, was), section(&new.program, is));
    if old != new {
        changes.push(QuestionChange::Section { old, new });
    }
}

/// A direction by ids, for comparing two versions.
fn direction(question: &Question, facts: &QuestionFacts) -> Option<(Direction, String)> {
    let (of, order) = facts.direction.as_ref()?;
    let order = match order {
        Order::Listed(order) => {
            let id =
                |at: &u16| question.options().get(usize::from(*at)).map_or("", |option| option.id.as_str());
            order.iter().map(id).collect::<Vec<&str>>().join(" ")
        }
        other => format!("{other:?}"),
    };
    Some((*of, order))
}

fn rules(joined: &mut Joined<'_>) -> Result<Vec<RuleChanges>, Full> {
    let (old, new) = (joined.old.program(), joined.new.program());
    let mut found = Vec::new();
    for (id, before, after) in rule_pairs(old, new) {
        let mut changes = Vec::new();
        match (before, after) {
            (None, Some(at)) => {
                let answer_sets = joined.count_where(Version::New, joined.new.fires[at])?;
                changes.push(RuleChange::Added { answer_sets });
            }
            (Some(at), None) => {
                let answer_sets = joined.count_where(Version::Old, joined.old.fires[at])?;
                changes.push(RuleChange::Removed { answer_sets });
            }
            (Some(before), Some(at)) => {
                let (was, is) = (&old.rules[before], &new.rules[at]);
                let outcome =
                    |program: &Program, outcome: Option<_>| outcome.map(|at| program.outcome(at).to_owned());
                let (asked_for, asks_for) = (outcome(old, was.outcome), outcome(new, is.outcome));
                if asked_for != asks_for {
                    changes.push(RuleChange::Outcome { old: asked_for, new: asks_for });
                }
                if was.flag != is.flag {
                    changes.push(RuleChange::Flag { old: was.flag.clone(), new: is.flag.clone() });
                }
                let talk_to = talk_to(joined, before, at)?;
                if !talk_to.is_empty() {
                    changes.push(RuleChange::TalkTo(talk_to));
                }
            }
            (None, None) => {}
        }
        if !changes.is_empty() {
            found.push(RuleChanges { rule: id.to_owned(), changes });
        }
    }
    Ok(found)
}

/// Whom a rule that fires in both versions sends somebody to in one of them only.
fn talk_to(joined: &mut Joined<'_>, before: usize, at: usize) -> Result<Lists, Full> {
    let (old, new) = (joined.old.program(), joined.new.program());
    let mut lists = Lists::default();
    let mut ids: Vec<String> = Vec::new();
    let of_old = old.rules[before].may_talk_to().into_iter().map(|talk| old.talk(talk));
    let of_new = new.rules[at].may_talk_to().into_iter().map(|talk| new.talk(talk));
    for id in of_new.chain(of_old) {
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    if ids.is_empty() {
        return Ok(lists);
    }
    let both = joined.space.diagram.and(joined.old.fires[before], joined.new.fires[at])?;
    let both = joined.space.diagram.and(both, joined.people)?;
    for id in ids {
        let was = joined.sends_to(Version::Old, before, &id)?;
        let is = joined.sends_to(Version::New, at, &id)?;
        for (list, some, others) in [(&mut lists.added, is, was), (&mut lists.removed, was, is)] {
            let only = joined.but(some, others)?;
            if joined.space.diagram.and(only, both)? != FALSE {
                list.push(id.clone());
            }
        }
    }
    Ok(lists)
}

impl Joined<'_> {
    /// Where a rule, if it fires, sends somebody to this person.
    fn sends_to(&mut self, version: Version, rule: usize, id: &str) -> Result<Node, Full> {
        let side = match version {
            Version::Old => &mut self.old,
            Version::New => &mut self.new,
        };
        let program = side.program();
        let named = |talks: &[TalkIdx]| talks.iter().any(|&talk| program.talk(talk) == id);
        let rule = &program.rules[rule];
        if named(&rule.talk_to) {
            return Ok(TRUE);
        }
        let mut sends = Vec::new();
        for (_, when) in rule.talk_to_when.iter().filter(|(talks, _)| named(talks)) {
            sends.push(side.condition(&mut self.space, when)?);
        }
        self.space.greatest(sends)
    }

    /// How many complete answer sets of a version fulfil a condition.
    fn count_where(&mut self, version: Version, condition: Node) -> Result<String, Full> {
        let valid = match version {
            Version::Old => self.old_valid,
            Version::New => self.new_valid,
        };
        let there = self.space.diagram.and(condition, valid)?;
        Ok(self.count(there))
    }

    /// How many complete answer sets of a version hold an option of a question.
    fn count_option(&mut self, version: Version, question: usize, option: &str) -> Result<String, Full> {
        let side = self.side(version);
        let (asked, seat) = (&side.program().questions[question], &side.seats[question]);
        let place = asked.find_option(option).map_or(0, |at| seat.places[usize::from(at)]);
        let group = &self.space.groups[seat.group];
        let first = group.variables.start;
        let holds = match asked.kind {
            Kind::Many { .. } => {
                self.space.diagram.literal(first + usize::from(place), |value| value == 1)?
            }
            _ => self.space.diagram.literal(first, |value| value == place)?,
        };
        self.count_where(version, holds)
    }
}

fn results(old: &Program, new: &Program) -> OutcomeList {
    let id = |program: &Program, outcome: Option<_>| outcome.map(|at| program.outcome(at).to_owned());
    let otherwise = (id(old, old.otherwise), id(new, new.otherwise));
    let stops = |program: &Program| -> Vec<String> {
        let all = program.outcomes.iter().zip(&program.stop_at);
        all.filter(|(_, stops)| **stops).map(|(outcome, _)| outcome.clone()).collect()
    };
    let common: Vec<(&String, usize)> = new
        .outcomes
        .iter()
        .filter_map(|outcome| Some((outcome, old.outcomes.iter().position(|before| before == outcome)?)))
        .collect();
    let moved = moved(&common.iter().map(|&(_, place)| place).collect::<Vec<usize>>());
    OutcomeList {
        ids: lists(&old.outcomes, &new.outcomes),
        moved: moved.into_iter().map(|at| common[at].0.clone()).collect(),
        otherwise: (otherwise.0 != otherwise.1).then_some(otherwise),
        stop_at: lists(&stops(old), &stops(new)),
    }
}

fn promises(questionnaire: &Questionnaire) -> Vec<String> {
    questionnaire.invariants.iter().map(|invariant| invariant.id.clone()).collect()
}

fn lists(old: &[String], new: &[String]) -> Lists {
    let only = |some: &[String], others: &[String]| {
        some.iter().filter(|id| !others.contains(id)).cloned().collect::<Vec<String>>()
    };
    Lists { added: only(new, old), removed: only(old, new) }
}

/// Which entries, by their place here, are out of order: all but a longest ascending run.
fn moved(places: &[usize]) -> Vec<usize> {
    // For each entry the longest run that ends with it, and the entry before it in that run.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::new();
    for (at, place) in places.iter().enumerate() {
        let before =
            (0..at).filter(|&other| places[other] < *place).max_by_key(|&other| (runs[other].0, at - other));
        runs.push((before.map_or(1, |other| runs[other].0 + 1), before));
    }
    let mut in_order = vec![false; places.len()];
    let mut next = (0..places.len()).max_by_key(|&at| runs[at].0);
    while let Some(at) = next {
        in_order[at] = true;
        next = runs[at].1;
    }
    (0..places.len()).filter(|&at| !in_order[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn the_fewest_that_explain_an_order_are_named() {
        assert_eq!(moved(&[0, 1, 2, 3]), []);
        assert_eq!(moved(&[3, 0, 1, 2]), [0], "the first was the last");
        assert_eq!(moved(&[1, 2, 3, 0]), [3]);
        assert_eq!(moved(&[0, 2, 1]).len(), 1);
        assert_eq!(moved(&[]), []);
    }
}
