//! The simplest answer set that fulfils something: as few rules as possible fire, and as few answers as possible differ
//! from the safest ones.

use std::collections::BTreeMap;

use crate::verify::diagram::{Diagram, FALSE, Full, Node, TRUE};
use crate::verify::memo::Memo;
use crate::verify::model::Model;
use crate::verify::space::Space;
use crate::verify::witness::Costs;

/// How simple an answer set is; less is simpler: rules with an outcome that fire, notes that do, unusual answers.
pub(crate) type Weight = (usize, usize, u64);

/// An answer set by the values of its variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) values: Vec<u16>,
    pub(crate) weight: Weight,
}

/// "At most so many of these fire", built as far as it is needed.
struct AtMost {
    fires: Vec<Node>,
    /// The last row worked out: for each number of rules from the start, whether at least `known.len()` of them fire.
    row: Vec<Node>,
    known: Vec<Node>,
}

impl AtMost {
    fn new(model: &Model<'_>, mut fires: Vec<Node>) -> Self {
        // What is decided last comes first: each row then only adds nodes above what is there.
        fires.sort_by_key(|&fires| std::cmp::Reverse((model.space.diagram.variable(fires), fires)));
        let row = vec![TRUE; fires.len() + 1];
        Self { fires, row, known: Vec::new() }
    }

    fn at_most(&mut self, model: &mut Model<'_>, count: usize) -> Result<Node, Full> {
        while self.known.len() <= count {
            let mut row = vec![FALSE];
            for (at, &fires) in self.fires.iter().enumerate() {
                let with = model.space.diagram.and(fires, self.row[at])?;
                row.push(model.space.diagram.max(row[at], with)?);
            }
            let more = row.last().copied().unwrap_or(FALSE);
            self.known.push(model.space.diagram.not(more)?);
            self.row = row;
        }
        Ok(self.known[count])
    }
}

/// Looks for the simplest answer sets; keeps what the searches share.
pub(crate) struct Fewest {
    outcome_rules: AtMost,
    notes: AtMost,
    /// Complete answer sets in which at most so many rules and, if given, notes fire.
    within: BTreeMap<(usize, Option<usize>), Node>,
    costs: Costs,
}

impl Fewest {
    pub(crate) fn new(model: &Model<'_>) -> Self {
        let of = |notes: bool| -> Vec<Node> {
            let rules = model.program().rules().iter().zip(&model.side.fires);
            rules.filter(|(rule, _)| rule.outcome.is_none() == notes).map(|(_, &fires)| fires).collect()
        };
        Self {
            outcome_rules: AtMost::new(model, of(false)),
            notes: AtMost::new(model, of(true)),
            within: BTreeMap::new(),
            costs: Memo::default(),
        }
    }

    fn within(&mut self, model: &mut Model<'_>, rules: usize, notes: Option<usize>) -> Result<Node, Full> {
        if let Some(&known) = self.within.get(&(rules, notes)) {
            return Ok(known);
        }
        let node = match notes {
            None => {
                let few = self.outcome_rules.at_most(model, rules)?;
                model.space.diagram.and(few, model.valid)?
            }
            Some(count) => {
                let rules = self.within(model, rules, None)?;
                let few = self.notes.at_most(model, count)?;
                model.space.diagram.and(few, rules)?
            }
        };
        self.within.insert((rules, notes), node);
        Ok(node)
    }

    /// The simplest complete answer set where a function is true; `None` if there is none.
    pub(crate) fn simplest(&mut self, model: &mut Model<'_>, function: Node) -> Result<Option<Found>, Full> {
        if function == FALSE || !model.possible(function) {
            return Ok(None);
        }
        for rules in 0..=self.outcome_rules.fires.len() {
            let few = self.within(model, rules, None)?;
            if model.space.diagram.and(function, few)? == FALSE {
                continue;
            }
            for notes in 0..=self.notes.fires.len() {
                let few = self.within(model, rules, Some(notes))?;
                let here = model.space.diagram.and(function, few)?;
                if let Some((cost, values)) = model.space.cheapest_with(here, &mut self.costs) {
                    return Ok(Some(Found { values, weight: (rules, notes, cost) }));
                }
            }
        }
        Ok(None)
    }
}

impl Model<'_> {
    /// How simple an answer set is.
    pub(crate) fn weight(&self, values: &[u16]) -> Weight {
        let rules = self.program().rules().iter().zip(&self.side.fires);
        let fired: Vec<_> = rules.filter(|(_, fires)| self.space.holds(**fires, values)).collect();
        let notes = fired.iter().filter(|(rule, _)| rule.outcome.is_none()).count();
        (fired.len() - notes, notes, self.space.cost_of(values))
    }
}

impl Space {
    /// Whether a function is true for these values.
    pub(crate) fn holds(&self, function: Node, values: &[u16]) -> bool {
        let mut node = function;
        while !Diagram::is_leaf(node) {
            let variable = self.diagram.variable(node);
            node = self.diagram.child(node, variable, values[variable]);
        }
        node != FALSE
    }

    /// True where every variable that is not open has the value given.
    pub(crate) fn like(&mut self, values: &[u16], open: &[bool]) -> Result<Node, Full> {
        let mut like = TRUE;
        for (variable, &value) in values.iter().enumerate().rev().filter(|(variable, _)| !open[*variable]) {
            let children: Vec<Node> = (0..self.diagram.arity(variable))
                .map(|other| if other == value { like } else { FALSE })
                .collect();
            like = self.diagram.node(variable, &children)?;
        }
        Ok(like)
    }

    /// Which variables a function depends on.
    pub(crate) fn support(&self, function: Node) -> Vec<bool> {
        self.diagram.levels(function).iter().map(|nodes| !nodes.is_empty()).collect()
    }
}
