//! The answer set that shows something with the fewest unusual answers.

use super::diagram::{Diagram, Node};
use super::memo::Memo;
use super::space::Space;

/// One more question that differs from its safest answer outweighs anything about how it differs.
const QUESTION: u64 = 1 << 32;

/// What is known of the current question on the way down: it is answered, and so far as on its safest answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct State {
    answered: bool,
    safest: bool,
}

const FRESH: State = State { answered: false, safest: true };

impl State {
    /// What leaving the question costs.
    fn cost(self) -> u64 {
        if self.answered && !self.safest { QUESTION } else { 0 }
    }

    fn code(self) -> u8 {
        u8::from(self.answered) | u8::from(self.safest) << 1
    }
}

/// What the best way on from a node costs; holds for every function that the node is part of.
pub(crate) type Costs = Memo<(Node, u8), Option<u64>>;

impl Space {
    /// A value for each variable, such that the function is not 0 and as few questions as possible differ from their
    /// safest answers. `None` if the function is 0 everywhere.
    pub(crate) fn cheapest(&self, function: Node) -> Option<Vec<u16>> {
        self.cheapest_with(function, &mut Memo::default()).map(|(_, values)| values)
    }

    /// The same, with what it costs; the memo may be kept from call to call.
    pub(crate) fn cheapest_with(&self, function: Node, memo: &mut Costs) -> Option<(u64, Vec<u16>)> {
        let least = self.cost(function, FRESH, memo)?;
        let mut values: Vec<u16> = (0..self.diagram.variables()).map(|v| self.default_value(v)).collect();
        let (mut node, mut state) = (function, FRESH);
        while !Diagram::is_leaf(node) {
            let variable = self.diagram.variable(node);
            let mut best: Option<(u64, u16, Node, State)> = None;
            for (value, &child) in (0u16..).zip(self.diagram.children(node)) {
                if let Some((cost, next)) = self.step(variable, value, child, state, memo)
                    && best.is_none_or(|(least, ..)| cost < least)
                {
                    best = Some((cost, value, child, next));
                }
            }
            let (_, value, child, next) = best?;
            values[variable] = value;
            (node, state) = (child, next);
        }
        Some((least, values))
    }

    /// What [`Self::cheapest_with`] would count for these values.
    pub(crate) fn cost_of(&self, values: &[u16]) -> u64 {
        let mut total = 0u64;
        for group in &self.groups {
            let mut state = FRESH;
            for variable in group.variables.clone() {
                let cost = self.costs[variable][usize::from(values[variable])];
                state =
                    State { answered: state.answered || cost.answered, safest: state.safest && cost.safest };
                total = total.saturating_add(if cost.safest { 0 } else { u64::from(cost.extra) });
            }
            total = total.saturating_add(state.cost());
        }
        total
    }

    /// The value that a variable takes where it does not matter.
    fn default_value(&self, variable: usize) -> u16 {
        let costs = &self.costs[variable];
        let safest = costs.iter().position(|cost| cost.safest && cost.answered);
        let safest = safest.or_else(|| costs.iter().position(|cost| cost.safest));
        u16::try_from(safest.unwrap_or(0)).unwrap_or(0)
    }

    fn cost(&self, node: Node, state: State, memo: &mut Costs) -> Option<u64> {
        if node == 0 {
            return None;
        }
        if Diagram::is_leaf(node) {
            return Some(state.cost());
        }
        if let Some(&known) = memo.get((node, state.code())) {
            return known;
        }
        let variable = self.diagram.variable(node);
        let best = (0u16..)
            .zip(self.diagram.children(node))
            .filter_map(|(value, &child)| self.step(variable, value, child, state, memo))
            .map(|(cost, _)| cost)
            .min();
        memo.insert((node, state.code()), best);
        best
    }

    /// The cost of giving a variable a value and of the best way on, and the state there.
    fn step(
        &self,
        variable: usize,
        value: u16,
        child: Node,
        state: State,
        memo: &mut Costs,
    ) -> Option<(u64, State)> {
        if child == 0 {
            return None;
        }
        let cost = self.costs[variable][usize::from(value)];
        let here = State { answered: state.answered || cost.answered, safest: state.safest && cost.safest };
        let extra = if cost.safest { 0 } else { u64::from(cost.extra) };
        let next_variable = self.diagram.variable(child);
        let same = self.owner.get(next_variable) == self.owner.get(variable);
        let (leaving, next) = if same { (0, here) } else { (here.cost(), FRESH) };
        let rest = self.cost(child, next, memo)?;
        Some((extra.saturating_add(leaving).saturating_add(rest), next))
    }
}
