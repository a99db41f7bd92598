//! Why a property is broken: which of the answers are enough, and which rules to look at.

use super::diagram::{Diagram, FALSE, Node};
use super::memo::Memo;
use super::model::Model;
use crate::draft::Reach;
use crate::program::{Condition, OutcomeIdx, QuestionIdx, Rule, RuleIdx};
use crate::questionnaire::Bound;
use crate::report::{Counterexample, Property, Refuted, Report};
use crate::resolve::{questions_read, set_reads};

/// The most rules to look at.
const MOST: usize = 3;

/// Where to look for the rules that break a property.
pub(crate) enum Look<'a> {
    /// The outcome should have been within this bound under this condition.
    Within(&'a Condition, Bound),
    /// The outcome should have been outside this bound under this condition.
    Outside(&'a Condition, Bound),
    /// An answer to this question should have kept the best outcome away.
    Answer(QuestionIdx),
    /// Exactly one of these rules should have fired.
    Among(&'a [RuleIdx]),
    /// No rule is at fault.
    Nowhere,
}

impl Model<'_> {
    /// Proved where the function is false everywhere; else refuted by the simplest answer set for which it is true.
    pub(crate) fn settle(
        &self,
        property: Property,
        question: Option<QuestionIdx>,
        bad: Node,
        look: &Look<'_>,
        report: &mut Report,
    ) {
        let Some(values) = self.space.cheapest(bad) else {
            report.proved.push(property);
            return;
        };
        let counterexample = self.counterexample(&values);
        let needed = self.needed(&values, bad, &counterexample);
        // An answer that is not the safest one says most; the safest answers alone may break something too.
        let telling = if counterexample.differs.is_empty() { &needed } else { &counterexample.differs };
        let look_at = self.look_at(look, &counterexample, telling);
        report.refuted.push(Refuted { property, question, counterexample, beside: None, needed, look_at });
    }

    /// Of the answers in an answer set where the function is true, those that are enough for it to be true, none of them
    /// needless. The usual answers are tried first: what is left is mostly what is unusual.
    pub(crate) fn needed(&self, values: &[u16], bad: Node, example: &Counterexample) -> Vec<QuestionIdx> {
        let mut needed: Vec<QuestionIdx> = example.answers.iter().map(|(at, _)| *at).collect();
        let mut order = needed.clone();
        order.sort_by_key(|at| (example.differs.contains(at), std::cmp::Reverse(*at)));
        for question in order {
            let without: Vec<usize> =
                needed.iter().filter(|&&kept| kept != question).map(|kept| kept.index()).collect();
            let kept = self.space.variables_of(without.iter().copied());
            if !self.escapes(self.valid, bad, &kept, values, &mut Memo::default()) {
                needed.retain(|&kept| kept != question);
            }
        }
        needed
    }

    /// Whether some complete answer set with these values of the variables kept makes the function false.
    fn escapes(
        &self,
        valid: Node,
        bad: Node,
        kept: &[bool],
        values: &[u16],
        memo: &mut Memo<(Node, Node), bool>,
    ) -> bool {
        if valid == FALSE || (Diagram::is_leaf(bad) && bad != FALSE) {
            return false;
        }
        if Diagram::is_leaf(valid) && Diagram::is_leaf(bad) {
            return true;
        }
        if let Some(&known) = memo.get((valid, bad)) {
            return known;
        }
        let variable = self.space.diagram.variable(valid).min(self.space.diagram.variable(bad));
        let follows = |value: u16, memo: &mut Memo<(Node, Node), bool>| {
            let valid = self.space.diagram.child(valid, variable, value);
            self.escapes(valid, self.space.diagram.child(bad, variable, value), kept, values, memo)
        };
        let found = if kept[variable] {
            follows(values[variable], memo)
        } else {
            (0..self.space.diagram.arity(variable)).any(|value| follows(value, memo))
        };
        memo.insert((valid, bad), found);
        found
    }

    fn look_at(&self, look: &Look<'_>, example: &Counterexample, telling: &[QuestionIdx]) -> Vec<RuleIdx> {
        let program = self.program();
        let decides = |rule: &Rule| rule.outcome.is_some() && rule.outcome == example.outcome;
        let deciding: Vec<RuleIdx> =
            example.fired.iter().copied().filter(|at| decides(&program.rules[at.index()])).collect();
        let first = |mut rules: Vec<RuleIdx>| {
            rules.truncate(MOST);
            rules
        };
        match look {
            Look::Nowhere => Vec::new(),
            Look::Within(when, bound) => {
                let too_bad = example.outcome.is_some_and(|outcome| outcome < bound.outcome);
                if too_bad && bound.or != Reach::Worse && !deciding.is_empty() {
                    return first(deciding);
                }
                let wanted = |at: RuleIdx| {
                    let outcome = program.rules[at.index()].outcome;
                    !example.fired.contains(&at) && outcome.is_some_and(|outcome| within(outcome, *bound))
                };
                self.readers(&self.reads(when), telling, wanted)
            }
            Look::Outside(when, bound) if deciding.is_empty() => {
                // A note that fires here may have lost its outcome.
                let wanted = |at: RuleIdx| {
                    let fires = example.fired.contains(&at);
                    program.rules[at.index()]
                        .outcome
                        .map_or(fires, |outcome| !fires && !within(outcome, *bound))
                };
                self.readers(&self.reads(when), telling, wanted)
            }
            Look::Outside(..) => first(deciding),
            Look::Answer(_) if !deciding.is_empty() => first(deciding),
            Look::Answer(question) => self.readers(&[*question], telling, |_| true),
            Look::Among(rules) => {
                let fired: Vec<RuleIdx> =
                    rules.iter().copied().filter(|rule| example.fired.contains(rule)).collect();
                if fired.is_empty() {
                    let mut reads = Vec::new();
                    rules.iter().for_each(|rule| reads.extend(self.reads(&program.rules[rule.index()].when)));
                    self.readers(&reads, telling, |at| rules.contains(&at))
                } else {
                    first(fired)
                }
            }
        }
    }

    /// Of two answer sets, one with less risk or with definite answers, that should not have the worse outcome: the rules
    /// that decide there and do not fire here, or, if there is none, those that decide here alone.
    pub(crate) fn look_at_both(&self, example: &Counterexample, beside: &Counterexample) -> Vec<RuleIdx> {
        let program = self.program();
        let only = |one: &Counterexample, other: &Counterexample| -> Vec<RuleIdx> {
            let decides = |at: &RuleIdx| {
                let outcome = program.rules[at.index()].outcome;
                outcome.is_some() && outcome == one.outcome && !other.fired.contains(at)
            };
            one.fired.iter().copied().filter(decides).take(MOST).collect()
        };
        let found = only(beside, example);
        if found.is_empty() { only(example, beside) } else { found }
    }

    /// Rules that read one of these questions: those that read a telling one first, then those that read most.
    fn readers(
        &self,
        questions: &[QuestionIdx],
        telling: &[QuestionIdx],
        wanted: impl Fn(RuleIdx) -> bool,
    ) -> Vec<RuleIdx> {
        let mut found: Vec<(bool, usize, RuleIdx)> = Vec::new();
        for (rule, at) in self.program().rules.iter().zip((0..).map(RuleIdx)) {
            let reads = self.reads(&rule.when);
            let shared: Vec<&QuestionIdx> = reads.iter().filter(|read| questions.contains(read)).collect();
            if !shared.is_empty() && wanted(at) {
                found.push((shared.iter().any(|read| telling.contains(read)), shared.len(), at));
            }
        }
        found.sort_by_key(|&(telling, shared, at)| (!telling, std::cmp::Reverse(shared), at));
        found.into_iter().map(|(.., at)| at).take(MOST).collect()
    }

    /// The questions that a condition reads, ascending.
    fn reads(&self, condition: &Condition) -> Vec<QuestionIdx> {
        let program = self.program();
        let sets = set_reads(&program.questions, &program.sets);
        let mut found = Vec::new();
        questions_read(&program.questions, &sets, condition, &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Whether an outcome lies within a bound.
fn within(outcome: OutcomeIdx, bound: Bound) -> bool {
    match bound.or {
        Reach::Worse => outcome <= bound.outcome,
        Reach::Better => outcome >= bound.outcome,
        Reach::Exactly => outcome == bound.outcome,
    }
}
