//! What two versions of a questionnaire give to the same people, for every one of them.
//!
//! 1. `join` puts both into one space, and says who is compared.
//! 2. Here: whose outcome changed, and which rule did it.
//! 3. `written` says what was changed in questions, rules and outcomes, whoever it touches.

mod join;
mod written;

use self::join::{Joined, Version};
use super::MAX_NODES;
use super::diagram::{FALSE, Full, Leaf, Node};
use crate::difference::{Affected, ByShift, Difference, Example, OutcomeChange, RuleDifference, Shift};
use crate::fault::{Fault, FaultKind};
use crate::program::Program;
use crate::questionnaire::Questionnaire;

/// Compares two versions of a questionnaire over every possible set of answers. Neither needs to be proved.
///
/// # Errors
/// [`FaultKind::TooEntangled`] when too many answers act on each other to compare them all.
pub fn difference(old: &Questionnaire, new: &Questionnaire) -> Result<Difference, Box<Fault>> {
    difference_within(old, new, MAX_NODES)
}

/// The same with another limit on nodes.
fn difference_within(
    old: &Questionnaire,
    new: &Questionnaire,
    limit: usize,
) -> Result<Difference, Box<Fault>> {
    let too_much = |questions: Vec<String>, nodes: usize| {
        let kind = FaultKind::TooEntangled { questions, nodes: u32::try_from(nodes).unwrap_or(u32::MAX) };
        Box::new(Fault { origin: new.origin, kind })
    };
    let mut joined = Joined::build(old, new, limit).map_err(|questions| too_much(questions, limit))?;
    compare(&mut joined).map_err(|Full| too_much(joined.widest(), limit))
}

/// People with a certain outcome in one version.
struct Given {
    /// The outcome's id; `None` where there is none.
    id: Option<String>,
    people: Node,
}

/// People by how their outcome changed.
#[derive(Debug, Clone, Copy, Default)]
struct Shifted {
    worse: Node,
    better: Node,
    other: Node,
}

/// Who got which outcome, and whose outcome changed.
struct Outcomes {
    old: Vec<Given>,
    new: Vec<Given>,
    same: Node,
    shifted: Shifted,
}

fn compare(joined: &mut Joined<'_>) -> Result<Difference, Full> {
    let (outcomes, outcome_changes) = outcomes(joined)?;
    let (by_rule, explained, touched) = rules(joined, &outcomes)?;
    let mut by_no_rule = outcomes.shifted;
    for (rest, explained) in [
        (&mut by_no_rule.worse, explained.worse),
        (&mut by_no_rule.better, explained.better),
        (&mut by_no_rule.other, explained.other),
    ] {
        *rest = joined.but(*rest, explained)?;
    }
    let other_reasons = joined.space.diagram.and(touched, outcomes.same)?;
    let Shifted { worse, better, other } = outcomes.shifted;
    let changed = joined.space.greatest(vec![worse, better, other, other_reasons])?;

    let compared = joined.seen_by(Version::New, joined.people)?;
    let changed = joined.seen_by(Version::New, changed)?;
    let unchanged = joined.but(compared, changed)?;
    let new_only = joined.but(joined.new_valid, compared)?;
    let compared_before = joined.seen_by(Version::Old, joined.people)?;
    let old_only = joined.but(joined.old_valid, compared_before)?;
    let written = written::changes(joined)?;
    Ok(Difference {
        old_answer_sets: joined.count(joined.old_valid),
        new_answer_sets: joined.count(joined.new_valid),
        old_only: joined.count(old_only),
        new_only: joined.count(new_only),
        unchanged: joined.count(unchanged),
        outcomes: joined.by_shift(outcomes.shifted)?,
        other_reasons: joined.affected(other_reasons)?,
        outcome_changes,
        by_rule,
        by_no_rule: joined.by_shift(by_no_rule)?,
        questions: written.questions,
        moved: written.moved,
        rules: written.rules,
        results: written.results,
        promises: written.promises,
        nodes: u32::try_from(joined.space.diagram.size()).unwrap_or(u32::MAX),
    })
}

/// Everybody by their outcome before and after.
fn outcomes(joined: &mut Joined<'_>) -> Result<(Outcomes, Vec<OutcomeChange>), Full> {
    let old = joined.given(Version::Old)?;
    let new = joined.given(Version::New)?;
    let (old_program, new_program) = (joined.old.program(), joined.new.program());
    let (mut same, mut shifted) = (Vec::new(), [Vec::new(), Vec::new(), Vec::new()]);
    let mut changes = Vec::new();
    for before in &old {
        for after in &new {
            let people = joined.space.diagram.and(before.people, after.people)?;
            if before.id == after.id {
                same.push(people);
                continue;
            }
            let Some(affected) = joined.affected(people)? else { continue };
            let shift = shift(old_program, new_program, before.id.as_deref(), after.id.as_deref());
            shifted[shift as usize].push(people);
            // The evaluator agrees with the diagrams.
            debug_assert_eq!(
                (
                    affected.example.old.outcome.map(|at| old_program.outcome(at)),
                    affected.example.new.outcome.map(|at| new_program.outcome(at)),
                ),
                (before.id.as_deref(), after.id.as_deref()),
            );
            changes.push(OutcomeChange { old: before.id.clone(), new: after.id.clone(), shift, affected });
        }
    }
    let [worse, better, other] = shifted;
    let shifted = Shifted {
        worse: joined.space.greatest(worse)?,
        better: joined.space.greatest(better)?,
        other: joined.space.greatest(other)?,
    };
    let same = joined.space.greatest(same)?;
    Ok((Outcomes { old, new, same, shifted }, changes))
}

/// Which of two different outcomes is worse. The new version's order decides; an outcome that is gone stands between
/// those neighbours of its old place that are left.
fn shift(old: &Program, new: &Program, before: Option<&str>, after: Option<&str>) -> Shift {
    let (Some(before), Some(after)) = (before, after) else { return Shift::Other };
    let place = |id: &str| new.outcomes.iter().position(|outcome| outcome == id);
    let Some(after) = place(after) else { return Shift::Other };
    if let Some(before) = place(before) {
        return if after < before { Shift::Worse } else { Shift::Better };
    }
    let Some(gone) = old.outcomes.iter().position(|outcome| outcome == before) else { return Shift::Other };
    let worse = old.outcomes[..gone].iter().rev().find_map(|outcome| place(outcome));
    let better = old.outcomes[gone + 1..].iter().find_map(|outcome| place(outcome));
    match (worse.is_some_and(|worse| after <= worse), better.is_some_and(|better| after >= better)) {
        (true, false) => Shift::Worse,
        (false, true) => Shift::Better,
        _ => Shift::Other,
    }
}

/// Every rule that says something else to somebody; whose changed outcome is explained by one; and who is touched at all.
fn rules(joined: &mut Joined<'_>, outcomes: &Outcomes) -> Result<(Vec<RuleDifference>, Shifted, Node), Full> {
    let (old, new) = (joined.old.program(), joined.new.program());
    let mut found = Vec::new();
    let (mut explained, mut touched) = ([Vec::new(), Vec::new(), Vec::new()], Vec::new());
    for (id, before, after) in written::rule_pairs(old, new) {
        let fired = before.map_or(FALSE, |at| joined.old.fires[at]);
        let fires = after.map_or(FALSE, |at| joined.new.fires[at]);
        let asked_for = before.and_then(|at| old.rules[at].outcome).map(|outcome| old.outcome(outcome));
        let asks_for = after.and_then(|at| new.rules[at].outcome).map(|outcome| new.outcome(outcome));
        let (mut stopped, mut started) = (fired, fires);
        if asked_for == asks_for {
            if fired == fires {
                continue;
            }
            stopped = joined.but(fired, fires)?;
            started = joined.but(fires, fired)?;
        }
        let stopped = joined.space.diagram.and(stopped, joined.people)?;
        let started = joined.space.diagram.and(started, joined.people)?;
        let changed = joined.space.diagram.max(stopped, started)?;
        if changed == FALSE {
            continue;
        }
        // Where this rule asked for what was given, and where it now asks for what is given.
        let gave = joined.where_given(&outcomes.old, asked_for, stopped)?;
        let gives = joined.where_given(&outcomes.new, asks_for, started)?;
        let either = joined.space.diagram.max(gave, gives)?;
        let because = Shifted {
            worse: joined.space.diagram.and(gives, outcomes.shifted.worse)?,
            better: joined.space.diagram.and(gave, outcomes.shifted.better)?,
            other: joined.space.diagram.and(either, outcomes.shifted.other)?,
        };
        let reasons = joined.space.diagram.and(changed, outcomes.same)?;
        let accounted = joined.space.greatest(vec![because.worse, because.better, because.other, reasons])?;
        let beside = joined.but(changed, accounted)?;
        explained[0].push(because.worse);
        explained[1].push(because.better);
        explained[2].push(because.other);
        touched.push(changed);
        found.push(RuleDifference {
            rule: id.to_owned(),
            outcomes: joined.by_shift(because)?,
            reasons: joined.affected(reasons)?,
            beside: joined.affected(beside)?,
        });
    }
    let [worse, better, other] = explained;
    let explained = Shifted {
        worse: joined.space.greatest(worse)?,
        better: joined.space.greatest(better)?,
        other: joined.space.greatest(other)?,
    };
    let touched = joined.space.greatest(touched)?;
    Ok((found, explained, touched))
}

impl Joined<'_> {
    /// Everybody by the outcome that a version gives, worst first, then those without one.
    fn given(&mut self, version: Version) -> Result<Vec<Given>, Full> {
        let (program, rank) = (self.side(version).program(), self.side(version).total_rank);
        let mut given = Vec::new();
        for (at, id) in (0u16..).zip(&program.outcomes) {
            let own = u8::try_from(program.rank(crate::program::OutcomeIdx(at))).unwrap_or(u8::MAX);
            let exactly = self.space.diagram.leaves(Leaf::Exactly(own), rank)?;
            let people = self.space.diagram.and(exactly, self.people)?;
            given.push(Given { id: Some(id.clone()), people });
        }
        let none = self.space.diagram.leaves(Leaf::IsZero, rank)?;
        given.push(Given { id: None, people: self.space.diagram.and(none, self.people)? });
        given.retain(|given| given.people != FALSE);
        Ok(given)
    }

    /// Those of some people who are given this outcome.
    fn where_given(&mut self, given: &[Given], outcome: Option<&str>, people: Node) -> Result<Node, Full> {
        match given.iter().find(|given| given.id.is_some() && given.id.as_deref() == outcome) {
            Some(given) => self.space.diagram.and(people, given.people),
            None => Ok(FALSE),
        }
    }

    /// Those of some who are not among others.
    fn but(&mut self, some: Node, others: Node) -> Result<Node, Full> {
        let not = self.space.diagram.not(others)?;
        self.space.diagram.and(not, some)
    }

    /// How many answer sets there are; everything that none of them asks must be absent.
    fn count(&self, answer_sets: Node) -> String {
        self.space.count(answer_sets)
    }

    fn by_shift(&mut self, shifted: Shifted) -> Result<ByShift, Full> {
        Ok(ByShift {
            worse: self.affected(shifted.worse)?,
            better: self.affected(shifted.better)?,
            other: self.affected(shifted.other)?,
        })
    }

    /// The new answer sets of some people, and an example; `None` for nobody.
    fn affected(&mut self, people: Node) -> Result<Option<Affected>, Full> {
        let Some(values) = self.space.cheapest(people) else { return Ok(None) };
        let example = Example {
            old: self.old.example(&self.space, &values),
            new: self.new.example(&self.space, &values),
        };
        let answer_sets = self.seen_by(Version::New, people)?;
        Ok(Some(Affected { answer_sets: self.count(answer_sets), example }))
    }
}
