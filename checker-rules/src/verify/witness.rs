//! The answer set that shows something with the fewest unusual answers.

use super::diagram::{Diagram, Node};
use super::memo::Memo;
use super::model::Model;
use crate::answer::{Answer, Answers};
use crate::evaluate::evaluate;
use crate::program::{Kind, Question, QuestionIdx};
use crate::questionnaire::{Order, QuestionFacts};
use crate::report::Counterexample;

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

impl Model<'_> {
    /// A value for each variable, such that the function is not 0 and as few questions as possible differ from their
    /// safest answers. `None` if the function is 0 everywhere.
    pub(crate) fn cheapest(&self, function: Node) -> Option<Vec<u16>> {
        let mut memo = Memo::default();
        self.cost(function, FRESH, &mut memo)?;
        let mut values: Vec<u16> = (0..self.diagram.variables()).map(|v| self.default_value(v)).collect();
        let (mut node, mut state) = (function, FRESH);
        while !Diagram::is_leaf(node) {
            let variable = self.diagram.variable(node);
            let mut best: Option<(u64, u16, Node, State)> = None;
            for (value, &child) in (0u16..).zip(self.diagram.children(node)) {
                if let Some((cost, next)) = self.step(variable, value, child, state, &mut memo)
                    && best.is_none_or(|(least, ..)| cost < least)
                {
                    best = Some((cost, value, child, next));
                }
            }
            let (_, value, child, next) = best?;
            values[variable] = value;
            (node, state) = (child, next);
        }
        Some(values)
    }

    /// The value that a variable takes where it does not matter.
    fn default_value(&self, variable: usize) -> u16 {
        let costs = &self.costs[variable];
        let safest = costs.iter().position(|cost| cost.safest && cost.answered);
        let safest = safest.or_else(|| costs.iter().position(|cost| cost.safest));
        u16::try_from(safest.unwrap_or(0)).unwrap_or(0)
    }

    fn cost(&self, node: Node, state: State, memo: &mut Memo<(Node, u8), Option<u64>>) -> Option<u64> {
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
        memo: &mut Memo<(Node, u8), Option<u64>>,
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

    /// The answer set with these values, and what it leads to.
    pub(crate) fn counterexample(&self, values: &[u16]) -> Counterexample {
        let program = self.program();
        let mut answers = Answers::new(program);
        let mut given: Vec<(QuestionIdx, Answer)> = Vec::new();
        for index in program.question_indices() {
            if let Some(answer) = self.answer(index, values)
                && answers.set(program, index, answer).is_ok()
                && let Some(answer) = answers.get(index)
            {
                given.push((index, answer.clone()));
            }
        }
        let differs = given
            .iter()
            .filter(|(index, answer)| {
                let question = &program.questions[index.index()];
                !is_safest(question, &self.questionnaire.questions[index.index()], answer)
            })
            .map(|&(index, _)| index)
            .collect();
        let evaluation = evaluate(program, &answers);
        let decided = program.otherwise.is_some()
            || evaluation.fired.iter().any(|rule| program.rules[rule.index()].outcome.is_some());
        Counterexample {
            answers: given,
            differs,
            outcome: decided.then_some(evaluation.outcome),
            fired: evaluation.fired,
        }
    }
}

/// Whether an answer is the safest one to its question: the least risk or need; where no direction is declared, the
/// first option, the exclusive option, the lowest number, every item at 0.
fn is_safest(question: &Question, facts: &QuestionFacts, answer: &Answer) -> bool {
    let order = facts.direction.as_ref().map(|(_, order)| order);
    match (&question.kind, answer) {
        (Kind::One { .. }, Answer::One(option)) => match order {
            Some(Order::Listed(order)) => order.first() == Some(option),
            _ => *option == 0,
        },
        (Kind::Many { .. }, Answer::Many(ticks)) => {
            matches!(ticks.as_slice(), [tick] if usize::from(*tick) == super::model::safest_tick(question))
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
