//! A questionnaire over its own space: which answer sets there are, and which outcome each gets.
//!
//! Skip logic is part of what is valid, so that each complete answer set is exactly one path.

use std::collections::BTreeSet;

use super::diagram::{FALSE, Full, Node, TRUE};
use super::memo::Memo;
use super::side::Side;
use super::space::{Entangled, Seat, Space};
use crate::draft::Direction;
use crate::program::{Condition, Program};
use crate::questionnaire::{Order, QuestionFacts, Questionnaire};
use crate::report::Counterexample;
use crate::resolve::{needs, set_reads};

/// Everything that the properties are read from. Question and group are the same number here.
pub(crate) struct Model<'q> {
    pub(crate) space: Space,
    pub(crate) side: Side<'q>,
    /// For each question, over its own variables: it has no answer.
    pub(crate) absent: Vec<Node>,
    /// For each question: answered if asked, else not.
    pub(crate) coherent: Vec<Node>,
    /// Complete answer sets.
    pub(crate) valid: Node,
    /// The rank of each complete answer set; 0 where there is no such answer set or no outcome.
    pub(crate) rank: Node,
    /// For each question the questions whose being asked depends on its answer, near and far.
    pub(crate) dependents: Vec<BTreeSet<usize>>,
    pub(crate) meets: Memo<(Node, Node), bool>,
}

impl<'q> Model<'q> {
    /// Builds everything, or says which questions stand in the way.
    pub(crate) fn build(questionnaire: &'q Questionnaire, limit: usize) -> Result<Self, Entangled> {
        let program = &questionnaire.program;
        let seats = (0..).zip(&program.questions).map(|(at, question)| Seat::alone(at, question)).collect();
        let count = program.questions.len();
        let mut model = Self {
            space: Space::of(questionnaire, limit)?,
            side: Side::new(questionnaire, seats, false),
            absent: vec![FALSE; count],
            coherent: vec![FALSE; count],
            valid: TRUE,
            rank: FALSE,
            dependents: dependents(program),
            meets: Memo::default(),
        };
        match model.fill() {
            Ok(()) => Ok(model),
            Err(Full) => Err(model.space.entangled()),
        }
    }

    pub(crate) fn program(&self) -> &'q Program {
        self.side.program()
    }

    pub(crate) fn questionnaire(&self) -> &'q Questionnaire {
        self.side.questionnaire
    }

    fn fill(&mut self) -> Result<(), Full> {
        let program = self.program();
        let (space, side) = (&mut self.space, &mut self.side);
        for &index in &program.order {
            let at = index.index();
            side.ask(space, index)?;
            let (asked, answered) = (side.asked[at], side.answered[at]);
            self.absent[at] = space.absent(at, 0)?;
            let not_asked = space.diagram.not(asked)?;
            let here = space.diagram.and(asked, answered)?;
            let gone = space.diagram.and(not_asked, self.absent[at])?;
            self.coherent[at] = space.diagram.max(here, gone)?;
        }
        // From the last question up: each step then only adds nodes above what is there.
        for &index in program.order.iter().rev() {
            self.valid = space.diagram.and(self.coherent[index.index()], self.valid)?;
        }
        side.decide(space)?;
        self.rank = space.diagram.and(self.valid, side.total_rank)?;
        Ok(())
    }

    /// Where a condition holds, among complete answer sets.
    pub(crate) fn condition(&mut self, condition: &Condition) -> Result<Node, Full> {
        self.side.condition(&mut self.space, condition)
    }

    /// Whether some complete answer set fulfils a condition.
    pub(crate) fn possible(&mut self, condition: Node) -> bool {
        self.space.diagram.meet(condition, self.valid, &mut self.meets)
    }

    /// The answer set with these values, and what it leads to.
    pub(crate) fn counterexample(&self, values: &[u16]) -> Counterexample {
        self.side.example(&self.space, values)
    }
}

/// For each question the questions whose being asked depends on its answer, near and far.
fn dependents(program: &Program) -> Vec<BTreeSet<usize>> {
    let reads = set_reads(&program.questions, &program.sets);
    let mut dependents = vec![BTreeSet::new(); program.questions.len()];
    // In dependency order: what a question needs already has all its own needs.
    let mut all_needs: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); program.questions.len()];
    for &index in &program.order {
        let mut all = BTreeSet::new();
        for need in needs(&program.questions, &reads, index.index()) {
            all.insert(need.index());
            all.extend(all_needs[need.index()].iter().copied());
        }
        for &need in &all {
            dependents[need].insert(index.index());
        }
        all_needs[index.index()] = all;
    }
    dependents
}

impl QuestionFacts {
    /// The order of a question that declares risk.
    pub(crate) fn risk(&self) -> Option<&Order> {
        match &self.direction {
            Some((Direction::Risk, order)) => Some(order),
            _ => None,
        }
    }
}
