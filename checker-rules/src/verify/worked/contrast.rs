//! Two answer sets, one on either side of something, that differ as little as possible.

use std::collections::BTreeSet;

use super::Search;
use super::fewest::{Found, Weight};
use crate::verify::diagram::{FALSE, Full, Node, Over, TRUE};
use crate::verify::model::Model;
use crate::verify::space::Shape;

/// Something to show by two answer sets that are as near to each other as possible.
pub(super) struct Contrast {
    /// In the one, among complete answer sets or beyond.
    pub(super) on: Node,
    /// In the other, among complete answer sets.
    pub(super) off: Node,
    /// The variables of which at least one changes.
    pub(super) turning: Vec<bool>,
}

/// A way for two answer sets to differ.
struct Step {
    open: Vec<bool>,
    /// What holds before the step.
    from: Node,
    /// What holds after it.
    to: Node,
}

impl Search {
    /// Two answer sets, one on either side, that differ as little as possible: in one option, number or item; else in one
    /// question; else in one question and those that hang on it; else in as few as possible. Among those the simplest.
    pub(super) fn nearest(
        &mut self,
        model: &mut Model<'_>,
        contrast: &Contrast,
    ) -> Result<Option<(Found, Found)>, Full> {
        let Some(simplest) = self.simplest(model, contrast.on)? else { return Ok(None) };
        if contrast.off == FALSE {
            return Ok(None);
        }
        let turning: BTreeSet<usize> = owners(model, &contrast.turning);
        if let Some(other) = self.one_change(model, contrast, &turning, &simplest.values) {
            return Ok(Some((simplest, other)));
        }
        let mut questions = Vec::new();
        for question in &turning {
            let open = model.space.variables_of(std::iter::once(*question));
            let step = Step { open, from: TRUE, to: TRUE };
            if self.before(model, contrast, std::slice::from_ref(&step))? != FALSE {
                let steps = single_steps(model, *question, &contrast.turning)?;
                let before = self.before(model, contrast, &steps)?;
                if let Some(one) = self.simplest(model, before)?
                    && let Some(other) = self.one_change(model, contrast, &turning, &one.values)
                {
                    return Ok(Some((one, other)));
                }
                questions.push(step);
            }
        }
        if let Some(pair) = self.across(model, contrast, &questions, &simplest)? {
            return Ok(Some(pair));
        }
        let hanging: Vec<Step> = (0..model.dependents.len())
            .filter(|&at| {
                let own = turning.contains(&at);
                own || turning.iter().any(|question| model.dependents[at].contains(question))
            })
            .map(|at| {
                let all = std::iter::once(at).chain(model.dependents[at].iter().copied());
                Step { open: model.space.variables_of(all), from: TRUE, to: TRUE }
            })
            .collect();
        if let Some(pair) = self.across(model, contrast, &hanging, &simplest)? {
            return Ok(Some(pair));
        }
        // Question by question, kept as it is where that leaves a way.
        let mut open = vec![true; model.space.diagram.variables()];
        for at in (0..model.space.groups.len()).rev() {
            let variables = model.space.groups[at].variables.clone();
            open[variables.clone()].fill(false);
            let like = model.space.like(&simplest.values, &open)?;
            if model.space.diagram.and(like, contrast.off)? == FALSE {
                open[variables].fill(true);
            }
        }
        let step = Step { open, from: TRUE, to: TRUE };
        self.across(model, contrast, std::slice::from_ref(&step), &simplest)
    }

    /// Where one side holds and one of the steps leads to the other.
    fn before(&mut self, model: &mut Model<'_>, contrast: &Contrast, steps: &[Step]) -> Result<Node, Full> {
        let mut before = FALSE;
        for step in steps {
            let after = model.space.diagram.and(step.to, contrast.off)?;
            let open = model.space.diagram.quantify(after, &step.open, Over::Greatest)?;
            let here = model.space.diagram.and(step.from, contrast.on)?;
            let here = model.space.diagram.and(here, open)?;
            before = model.space.diagram.max(before, here)?;
        }
        model.space.diagram.and(before, model.valid)
    }

    /// Two answer sets with one of the steps between them; the first is this one, if it has such a partner.
    fn across(
        &mut self,
        model: &mut Model<'_>,
        contrast: &Contrast,
        steps: &[Step],
        first: &Found,
    ) -> Result<Option<(Found, Found)>, Full> {
        if let Some(other) = self.partner(model, contrast, steps, &first.values)? {
            return Ok(Some((first.clone(), other)));
        }
        let before = self.before(model, contrast, steps)?;
        let Some(one) = self.simplest(model, before)? else { return Ok(None) };
        let other = self.partner(model, contrast, steps, &one.values)?;
        Ok(other.map(|other| (one, other)))
    }

    /// The simplest answer set on the other side that one of the steps leads to.
    fn partner(
        &mut self,
        model: &mut Model<'_>,
        contrast: &Contrast,
        steps: &[Step],
        values: &[u16],
    ) -> Result<Option<Found>, Full> {
        let mut best: Option<Found> = None;
        for step in steps {
            let like = model.space.like(values, &step.open)?;
            let after = model.space.diagram.and(like, contrast.off)?;
            if let Some(found) = self.simplest(model, after)?
                && best.as_ref().is_none_or(|best| found.weight < best.weight)
            {
                best = Some(found);
            }
        }
        Ok(best)
    }

    /// The best answer set on the other side that differs in one option, number or item: the nearest number, then the
    /// simplest, then one that is there already.
    fn one_change(
        &self,
        model: &Model<'_>,
        contrast: &Contrast,
        questions: &BTreeSet<usize>,
        values: &[u16],
    ) -> Option<Found> {
        let mut best: Option<((u16, Weight, bool), Found)> = None;
        for &question in questions {
            for (distance, changes) in changes(model, question, values) {
                let mut changed = values.to_vec();
                for (variable, value) in changes {
                    changed[variable] = value;
                }
                if !model.space.holds(contrast.off, &changed) {
                    continue;
                }
                let weight = model.weight(&changed);
                let new = !self.pool.iter().any(|patient| patient.values == changed);
                let key = (distance, weight, new);
                if best.as_ref().is_none_or(|(least, _)| key < *least) {
                    best = Some((key, Found { values: changed, weight }));
                }
            }
        }
        best.map(|(_, found)| found)
    }
}

/// The questions of some variables.
fn owners(model: &Model<'_>, variables: &[bool]) -> BTreeSet<usize> {
    variables.iter().zip(&model.space.owner).filter(|(chosen, _)| **chosen).map(|(_, &owner)| owner).collect()
}

/// Every answer to a question that differs in one option, number or item: how far it is, and what changes.
fn changes(model: &Model<'_>, question: usize, values: &[u16]) -> Vec<(u16, Vec<(usize, u16)>)> {
    let group = &model.space.groups[question];
    let first = group.variables.start;
    let others = |variable: usize, count: u16| {
        (0..count).filter(move |&value| value != values[variable]).map(move |value| (variable, value))
    };
    let far = |(variable, value): (usize, u16)| (value.abs_diff(values[variable]), vec![(variable, value)]);
    match &group.shape {
        Shape::One { options } => others(first, *options).map(|change| (0, vec![change])).collect(),
        Shape::Number { cells, unknown } => {
            let count = cells.len() + usize::from(*unknown);
            others(first, u16::try_from(count).unwrap_or(u16::MAX)).map(far).collect()
        }
        Shape::Items { highest, .. } => {
            let items = group.variables.clone().zip(highest);
            items.flat_map(|(variable, &high)| others(variable, u16::from(high) + 1)).map(far).collect()
        }
        Shape::Many => {
            let toggle = |variable: usize| (variable, 1 - values[variable].min(1));
            let mut all: Vec<_> =
                group.variables.clone().map(|variable| (0, vec![toggle(variable)])).collect();
            for gone in group.variables.clone().filter(|&variable| values[variable] == 1) {
                for new in group.variables.clone().filter(|&variable| values[variable] == 0) {
                    all.push((0, vec![toggle(gone), toggle(new)]));
                }
            }
            all
        }
    }
}

/// The ways to differ in one option or item of a question, as far as they touch one of the variables.
fn single_steps(model: &mut Model<'_>, question: usize, touching: &[bool]) -> Result<Vec<Step>, Full> {
    let group = model.space.groups[question].clone();
    let open = |model: &Model<'_>, variables: &[usize]| {
        let mut open = vec![false; model.space.diagram.variables()];
        variables.iter().for_each(|&variable| open[variable] = true);
        open
    };
    let mut steps = Vec::new();
    for variable in group.variables.clone().filter(|&variable| touching[variable]) {
        steps.push(Step { open: open(model, &[variable]), from: TRUE, to: TRUE });
    }
    if matches!(group.shape, Shape::Many) {
        for gone in group.variables.clone() {
            for new in group.variables.clone() {
                if gone == new || !(touching[gone] || touching[new]) {
                    continue;
                }
                let ticked = |model: &mut Model<'_>, one: usize, other: usize| {
                    let one = model.space.diagram.literal(one, |value| value == 1)?;
                    let other = model.space.diagram.literal(other, |value| value == 0)?;
                    model.space.diagram.and(one, other)
                };
                let (from, to) = (ticked(model, gone, new)?, ticked(model, new, gone)?);
                steps.push(Step { open: open(model, &[gone, new]), from, to });
            }
        }
    }
    Ok(steps)
}
