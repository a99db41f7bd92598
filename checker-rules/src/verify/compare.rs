//! Properties that compare two answer sets which differ in one question: more risk is never better, and "unknown" is
//! never better than a definite answer could be.
//!
//! "All else equal" needs care where the answer decides what else is asked: the two sets must agree on every question
//! that both of them answer; a question asked in only one of them may have any answer there.

use std::collections::BTreeMap;

use super::diagram::{Diagram, FALSE, Full, Leaf, Node, Over};
use super::memo::Memo;
use super::model::Model;
use super::space::Shape;
use crate::program::{Condition, Line, QuestionIdx, Test};
use crate::questionnaire::Order;
use crate::report::Counterexample;
use crate::resolve::has_unknown;

/// Two answer sets that break a property: the one that should not be better, and the one it is compared with.
pub(crate) struct Broken {
    pub(crate) counterexample: Counterexample,
    pub(crate) beside: Counterexample,
    /// The answers of the first that are enough for the second to exist, whatever is answered to the rest.
    pub(crate) needed: Vec<QuestionIdx>,
}

/// Two kinds of answers to one question.
struct Comparison {
    /// The answers with less risk, or the definite ones.
    less: Node,
    /// The answers with more risk, or the unknown ones.
    more: Node,
    /// The variables in which the two may differ.
    open: Vec<bool>,
    /// Those of them that stand for ticks which the second kind of answers may only have where the first has them too.
    kept: Vec<usize>,
}

/// Works out comparisons; keeps what they share.
pub(crate) struct Comparisons {
    /// Nodes of the rank diagram by variable.
    levels: Vec<Vec<Node>>,
    /// Pairs of functions of which the first is somewhere the greater.
    above: Memo<(Node, Node), bool>,
    /// Pairs of functions of which the second is somewhere the best outcome and the first another one.
    opens: Memo<(Node, Node), bool>,
    /// Answer sets with the best outcome.
    best: Node,
    /// Every answer set has an outcome.
    gapless: bool,
}

impl Comparisons {
    pub(crate) fn new(model: &mut Model<'_>) -> Result<Self, Full> {
        let best = model.space.diagram.leaves(Leaf::AtMost(1), model.rank)?;
        let outcome = model.space.diagram.leaves(Leaf::AtLeast(1), model.rank)?;
        let gapless = outcome == model.valid;
        Ok(Self {
            levels: model.space.diagram.levels(model.rank),
            above: Memo::default(),
            opens: Memo::default(),
            best,
            gapless,
        })
    }

    /// Whether the first function is somewhere greater than the second, where both are answer sets.
    fn above(&mut self, diagram: &Diagram, one: Node, other: Node) -> bool {
        diagram.both(one, other, &|one, other| other != 0 && one > other, &mut self.above)
    }

    /// More risk in this question never gives a better outcome; `None` if that holds.
    pub(crate) fn risk(
        &mut self,
        model: &mut Model<'_>,
        question: QuestionIdx,
    ) -> Result<Option<Broken>, Full> {
        // Across an answer without an outcome neighbours say nothing of those on either side of it.
        if self.gapless
            && model.dependents[question.index()].is_empty()
            && self.risk_holds_level_by_level(model, question)
        {
            return Ok(None);
        }
        let comparisons = model.risk_comparisons(question)?;
        let mut worst: Option<Broken> = None;
        for comparison in &comparisons {
            if self.holds_at_a_distance(model, question, comparison)? {
                continue;
            }
            let outcomes = u8::try_from(model.program().outcomes().len()).unwrap_or(u8::MAX);
            for rank in 2..=outcomes {
                let less = model.space.diagram.and(comparison.less, model.rank)?;
                let less = model.space.diagram.leaves(Leaf::AtLeast(rank), less)?;
                let more = model.space.diagram.and(comparison.more, model.rank)?;
                let more = model.space.diagram.leaves(Leaf::AtMost(rank - 1), more)?;
                let broken = model.broken(question, less, more, comparison)?;
                keep_simpler(&mut worst, broken);
            }
        }
        Ok(worst)
    }

    /// Where no other question is asked because of this one, it is enough to compare neighbouring branches.
    fn risk_holds_level_by_level(&mut self, model: &Model<'_>, question: QuestionIdx) -> bool {
        let group = &model.space.groups[question.index()];
        let Some(order) = model.questionnaire().questions[question.index()].risk() else { return true };
        let first = group.variables.start;
        match (&group.shape, order) {
            (Shape::One { .. }, Order::Listed(order)) => order
                .windows(2)
                .all(|pair| matches!(*pair, [less, more] if self.branches(model, first, less, more))),
            (Shape::Number { cells, .. }, order) => {
                let last = u16::try_from(cells.len()).unwrap_or(u16::MAX);
                (1..last).all(|cell| {
                    if *order == Order::Lower {
                        self.branches(model, first, cell, cell - 1)
                    } else {
                        self.branches(model, first, cell - 1, cell)
                    }
                })
            }
            (Shape::Items { highest, gated: false }, order) => {
                group.variables.clone().zip(highest).all(|(variable, &high)| {
                    (1..=u16::from(high)).all(|value| {
                        if *order == Order::Lower {
                            self.branches(model, variable, value, value - 1)
                        } else {
                            self.branches(model, variable, value - 1, value)
                        }
                    })
                })
            }
            (Shape::Many, _) => {
                let options = model.program().questions()[question.index()].options();
                let ticks_add_risk = group
                    .variables
                    .clone()
                    .zip(options)
                    .filter(|(_, option)| !option.exclusive)
                    .all(|(variable, _)| self.branches(model, variable, 0, 1));
                if !ticks_add_risk {
                    return false;
                }
                let entries = self.levels[first].clone();
                let pairs = exclusive_pairs(options);
                entries.iter().all(|&entry| {
                    pairs.iter().all(|&(less, more)| {
                        let only = |ticked: usize| {
                            group.variables.clone().enumerate().fold(entry, |node, (at, variable)| {
                                model.space.diagram.child(node, variable, u16::from(at == ticked))
                            })
                        };
                        !self.above(&model.space.diagram, only(less), only(more))
                    })
                })
            }
            _ => false,
        }
    }

    /// Whether, at every node of a variable, one value's branch is nowhere above another's.
    fn branches(&mut self, model: &Model<'_>, variable: usize, less: u16, more: u16) -> bool {
        let nodes = self.levels[variable].clone();
        nodes.iter().all(|&node| {
            let one = model.space.diagram.child(node, variable, less);
            let other = model.space.diagram.child(node, variable, more);
            !self.above(&model.space.diagram, one, other)
        })
    }

    /// A shortcut that never errs on the wrong side, for a question whose answer one variable holds: at every node of that
    /// variable, no two branches show what `bad` looks for. Builds nothing.
    fn branches_hold(
        &mut self,
        model: &Model<'_>,
        question: QuestionIdx,
        less: &[u16],
        more: &[u16],
        bad: &impl Fn(Node, Node) -> bool,
        known: impl Fn(&mut Self) -> &mut Memo<(Node, Node), bool>,
    ) -> bool {
        let space = &model.space;
        let variable = space.groups[question.index()].variables.start;
        let apart = model.apart(question);
        let mut memo = Memo::default();
        for node in self.levels[variable].clone() {
            for &one in less {
                for &other in more {
                    let (one, other) = (
                        space.diagram.child(node, variable, one),
                        space.diagram.child(node, variable, other),
                    );
                    if space.diagram.both_apart(one, other, &apart, bad, &mut memo, known(self)) {
                        return false;
                    }
                }
            }
        }
        true
    }

    /// Whether "unknown" nowhere reaches the best outcome where a definite answer would not; `false`: perhaps it does.
    fn unknown_holds(&mut self, model: &Model<'_>, question: QuestionIdx) -> bool {
        let options = model.program().questions()[question.index()].options();
        let (definite, unknown): (Vec<u16>, Vec<u16>) = match &model.space.groups[question.index()].shape {
            Shape::One { .. } => {
                (0u16..).zip(options).map(|(at, _)| at).partition(|&at| !options[usize::from(at)].unknown)
            }
            Shape::Number { cells, unknown: true } => {
                let cells = u16::try_from(cells.len()).unwrap_or(u16::MAX);
                ((0..cells).collect(), vec![cells])
            }
            _ => return false,
        };
        let opens = |one, other| one > 1 && other == 1;
        self.branches_hold(model, question, &definite, &unknown, &opens, |own| &mut own.opens)
    }

    /// A shortcut that never errs on the wrong side: the greatest rank with less risk against the least with more,
    /// over all answers to the questions whose being asked may change.
    fn holds_at_a_distance(
        &mut self,
        model: &mut Model<'_>,
        question: QuestionIdx,
        comparison: &Comparison,
    ) -> Result<bool, Full> {
        let group = model.space.groups[question.index()].clone();
        if let Shape::One { .. } | Shape::Number { .. } = group.shape {
            let first = group.variables.start;
            let values = |of: Node| -> Vec<u16> {
                (0..model.space.diagram.arity(first))
                    .filter(|&value| model.space.diagram.child(of, first, value) != FALSE)
                    .collect()
            };
            let (less, more) = (values(comparison.less), values(comparison.more));
            let above = |one, other| other != 0 && one > other;
            return Ok(self.branches_hold(model, question, &less, &more, &above, |own| &mut own.above));
        }
        let mut gone = model.space.variables_of(model.dependents[question.index()].iter().copied());
        gone.iter_mut().zip(&comparison.open).for_each(|(gone, &open)| *gone |= open);
        let less = model.space.diagram.and(comparison.less, model.rank)?;
        let less = model.space.diagram.quantify(less, &gone, Over::Greatest)?;
        let more = model.space.diagram.and(comparison.more, model.rank)?;
        let more = model.space.diagram.quantify(more, &gone, Over::LeastButZero)?;
        Ok(!self.above(&model.space.diagram, less, more))
    }

    /// Where a definite answer could block the best outcome, "unknown" does not reach it; `None` if that holds.
    pub(crate) fn unknown(
        &mut self,
        model: &mut Model<'_>,
        question: QuestionIdx,
    ) -> Result<Option<Broken>, Full> {
        if self.unknown_holds(model, question) {
            return Ok(None);
        }
        let Some(comparison) = model.unknown_comparison(question)? else { return Ok(None) };
        let more = model.space.diagram.and(comparison.more, self.best)?;
        if more == FALSE {
            return Ok(None);
        }
        let less = model.space.diagram.leaves(Leaf::AtLeast(2), model.rank)?;
        let less = model.space.diagram.and(comparison.less, less)?;
        model.broken(question, less, more, &comparison)
    }
}

/// Of two examples the one with fewer unusual answers, or with fewer beside it.
fn keep_simpler(kept: &mut Option<Broken>, found: Option<Broken>) {
    let size = |broken: &Broken| (broken.counterexample.differs.len(), broken.beside.differs.len());
    if let Some(found) = found
        && kept.as_ref().is_none_or(|kept| size(&found) < size(kept))
    {
        *kept = Some(found);
    }
}

/// Pairs of options ticked alone of which the second is never less risk: from one that stands alone and is known
/// ("none") to every other that is not of that kind.
fn exclusive_pairs(options: &[crate::program::Choice]) -> Vec<(usize, usize)> {
    let harmless = |option: &crate::program::Choice| option.exclusive && !option.unknown;
    let mut pairs = Vec::new();
    for (less, _) in options.iter().enumerate().filter(|(_, option)| harmless(option)) {
        for (more, _) in options.iter().enumerate().filter(|(_, option)| !harmless(option)) {
            pairs.push((less, more));
        }
    }
    pairs
}

impl Model<'_> {
    fn risk_comparisons(&mut self, question: QuestionIdx) -> Result<Vec<Comparison>, Full> {
        let at = question.index();
        let questionnaire = self.questionnaire();
        let Some(order) = questionnaire.questions[at].risk() else { return Ok(Vec::new()) };
        let group = self.space.groups[at].clone();
        let first = group.variables.start;
        let whole = self.space.variables_of(std::iter::once(at));
        let mut comparisons = Vec::new();
        match &group.shape {
            Shape::One { .. } | Shape::Number { .. } => {
                let values: Vec<u16> = match (&group.shape, order) {
                    (Shape::Number { cells, .. }, order) => {
                        let cells = 0..u16::try_from(cells.len()).unwrap_or(u16::MAX);
                        if *order == Order::Lower { cells.rev().collect() } else { cells.collect() }
                    }
                    (_, Order::Listed(order)) => order.clone(),
                    _ => Vec::new(),
                };
                // Every pair, not only neighbours: with other questions asked, "all else equal" does not chain.
                for (place, &less) in values.iter().enumerate() {
                    for &more in &values[place + 1..] {
                        comparisons.push(Comparison {
                            less: self.space.diagram.literal(first, |value| value == less)?,
                            more: self.space.diagram.literal(first, |value| value == more)?,
                            open: whole.clone(),
                            kept: Vec::new(),
                        });
                    }
                }
            }
            Shape::Items { highest, gated } => {
                for (variable, &high) in group.variables.clone().zip(highest) {
                    for value in 1..=u16::from(high) {
                        let (less, more) =
                            if *order == Order::Lower { (value, value - 1) } else { (value - 1, value) };
                        // Opening or closing the gate brings or takes the other items.
                        let opens = *gated && variable == first && value == 1;
                        let open = if opens { whole.clone() } else { self.single(variable) };
                        comparisons.push(Comparison {
                            less: self.space.diagram.literal(variable, |value| value == less)?,
                            more: self.space.diagram.literal(variable, |value| value == more)?,
                            open,
                            kept: Vec::new(),
                        });
                    }
                }
            }
            Shape::Many => {
                let options = questionnaire.program.questions()[at].options();
                for (variable, option) in group.variables.clone().zip(options) {
                    if !option.exclusive {
                        comparisons.push(Comparison {
                            less: self.space.diagram.literal(variable, |value| value == 0)?,
                            more: self.space.diagram.literal(variable, |value| value == 1)?,
                            open: self.single(variable),
                            kept: Vec::new(),
                        });
                    }
                }
                for (less, more) in exclusive_pairs(options) {
                    let less = self.only(at, less)?;
                    let more = self.only(at, more)?;
                    comparisons.push(Comparison { less, more, open: whole.clone(), kept: Vec::new() });
                }
            }
        }
        Ok(comparisons)
    }

    /// For each variable up to the last in which two answer sets may differ beside the question compared, because its
    /// answer decides what else is asked: the value that says that nothing was asked. There one of the two may have
    /// this value while the other has any.
    fn apart(&self, question: QuestionIdx) -> Vec<Option<u16>> {
        let mut apart = Vec::new();
        for &dependent in &self.dependents[question.index()] {
            let group = &self.space.groups[dependent];
            for (place, variable) in group.variables.clone().enumerate() {
                apart.resize(apart.len().max(variable + 1), None);
                apart[variable] = Some(group.shape.absent(place));
            }
        }
        apart
    }

    fn single(&self, variable: usize) -> Vec<bool> {
        let mut single = vec![false; self.space.diagram.variables()];
        single[variable] = true;
        single
    }

    /// Exactly this option of the question is ticked.
    fn only(&mut self, at: usize, option: usize) -> Result<Node, Full> {
        let mut only = 1;
        for (place, variable) in self.space.groups[at].variables.clone().enumerate().rev() {
            let children = if place == option { [FALSE, only] } else { [only, FALSE] };
            only = self.space.diagram.node(variable, &children)?;
        }
        Ok(only)
    }

    /// Definite answers against unknown ones; `None` where the question has no unknown answer. Of several options that are
    /// ticked together with an unknown one, a definite answer has at least those that are known.
    fn unknown_comparison(&mut self, question: QuestionIdx) -> Result<Option<Comparison>, Full> {
        let at = question.index();
        let questionnaire = self.questionnaire();
        let asked = &questionnaire.program.questions()[at];
        if !has_unknown(asked) {
            return Ok(None);
        }
        let group = self.space.groups[at].clone();
        let first = group.variables.start;
        let is_unknown = |option: usize| asked.options().get(option).is_some_and(|option| option.unknown);
        let mut kept = Vec::new();
        let (less, more) = match &group.shape {
            Shape::One { options } => {
                let options = *options;
                let less = self
                    .space
                    .diagram
                    .literal(first, |value| value < options && !is_unknown(usize::from(value)))?;
                let more = self
                    .space
                    .diagram
                    .literal(first, |value| value < options && is_unknown(usize::from(value)))?;
                (less, more)
            }
            Shape::Number { cells, .. } => {
                let cells = cells.len();
                let less = self.space.diagram.literal(first, |value| usize::from(value) < cells)?;
                let more = self.space.diagram.literal(first, |value| usize::from(value) == cells)?;
                (less, more)
            }
            Shape::Many => {
                let of = (0u16..).zip(asked.options()).filter(|(_, option)| option.unknown);
                let test = Test::Chosen { at_least: 1, of: of.map(|(at, _)| at).collect() };
                let unknown = self.condition(&Condition::Line(Line { question, test }))?;
                let definite = self.space.diagram.not(unknown)?;
                let answered = self.side.answered[at];
                kept = group.variables.clone().filter(|variable| !is_unknown(variable - first)).collect();
                (self.space.diagram.and(definite, answered)?, self.space.diagram.and(unknown, answered)?)
            }
            Shape::Items { .. } => return Ok(None),
        };
        Ok(Some(Comparison { less, more, open: self.space.variables_of(std::iter::once(at)), kept }))
    }

    /// The simplest two answer sets, one from each side, that agree on all questions that both of them answer, the
    /// one compared left out.
    fn broken(
        &mut self,
        question: QuestionIdx,
        less: Node,
        more: Node,
        comparison: &Comparison,
    ) -> Result<Option<Broken>, Full> {
        if less == FALSE || more == FALSE {
            return Ok(None);
        }
        let dependents: Vec<usize> = self.dependents[question.index()].iter().copied().collect();
        // What the other side may look like: the same, but for questions that only one of the two is asked.
        let mut free = comparison.open.clone();
        comparison.kept.iter().for_each(|&variable| free[variable] = false);
        let mut reach = self.space.diagram.quantify(less, &free, Over::Greatest)?;
        for &variable in &comparison.kept {
            let either = self.space.diagram.quantify(reach, &self.single(variable), Over::Greatest)?;
            let unticked = self.space.diagram.literal(variable, |value| value == 0)?;
            let unticked = self.space.diagram.and(unticked, either)?;
            reach = self.space.diagram.max(unticked, reach)?;
        }
        for &dependent in &dependents {
            let gone = self.space.variables_of(std::iter::once(dependent));
            let absent = self.absent[dependent];
            let anything = self.space.diagram.quantify(reach, &gone, Over::Greatest)?;
            let only_here = self.space.diagram.and(absent, anything)?;
            let not_asked = self.space.diagram.and(absent, reach)?;
            let only_there = self.space.diagram.quantify(not_asked, &gone, Over::Greatest)?;
            let either = self.space.diagram.max(only_here, only_there)?;
            reach = self.space.diagram.max(reach, either)?;
        }
        let found = self.space.diagram.and(reach, more)?;
        let Some(values) = self.space.cheapest(found) else { return Ok(None) };
        let ticked = |variable: &usize| comparison.kept.contains(variable) && values[*variable] == 1;
        let mut open = comparison.open.clone();
        (0..open.len()).filter(ticked).for_each(|variable| open[variable] = false);
        let same = self.agreeing(&values, &dependents, &open)?;
        let other = self.space.diagram.and(same, less)?;
        let Some(beside) = self.space.cheapest(other) else { return Ok(None) };
        let counterexample = self.counterexample(&values);
        let needed = self.needed(&values, found, &counterexample);
        Ok(Some(Broken { beside: self.counterexample(&beside), counterexample, needed }))
    }

    /// Answer sets that agree with these values, but for open variables and questions only one of the two is asked.
    fn agreeing(&mut self, values: &[u16], dependents: &[usize], open: &[bool]) -> Result<Node, Full> {
        let mut own: BTreeMap<usize, Node> = BTreeMap::new();
        for (at, group) in self.space.groups.clone().iter().enumerate() {
            let absent_here = group
                .variables
                .clone()
                .enumerate()
                .all(|(place, variable)| values[variable] == group.shape.absent(place));
            let depends = dependents.contains(&at);
            if depends && absent_here {
                continue;
            }
            let mut same = 1;
            for variable in group.variables.clone().rev().filter(|&variable| !open[variable]) {
                let wanted = values[variable];
                let children: Vec<Node> = (0..self.space.diagram.arity(variable))
                    .map(|value| if value == wanted { same } else { FALSE })
                    .collect();
                same = self.space.diagram.node(variable, &children)?;
            }
            if depends {
                same = self.space.diagram.max(same, self.absent[at])?;
            }
            own.insert(at, same);
        }
        let parts: Vec<Node> = own.into_values().collect();
        self.space.all(&parts)
    }
}
