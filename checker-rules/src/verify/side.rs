//! One questionnaire's conditions over a space: what is asked, which rules fire, which outcome they ask for.

use super::diagram::{FALSE, Full, Leaf, Node, TRUE};
use super::layout::is_safest;
use super::space::{Seat, Space};
use crate::answer::{Answer, Answers};
use crate::evaluate::evaluate;
use crate::program::{Condition, Kind, Line, Program, QuestionIdx};
use crate::questionnaire::Questionnaire;
use crate::report::Counterexample;

/// A questionnaire's side of a space. Two sides may share one space.
pub(crate) struct Side<'q> {
    pub(crate) questionnaire: &'q Questionnaire,
    /// For each question: where it sits in the space.
    pub(crate) seats: Vec<Seat>,
    /// For each question: it is asked.
    pub(crate) asked: Vec<Node>,
    /// For each question, over its own variables: it has a whole answer.
    pub(crate) answered: Vec<Node>,
    /// For each rule: it fires.
    pub(crate) fires: Vec<Node>,
    /// The rank that the fired rules ask for, 0 where none asks.
    pub(crate) asked_rank: Node,
    /// The same, or the rank of `otherwise` where none asks.
    pub(crate) total_rank: Node,
    /// Answers may stand in the space for a question that this side does not ask. They are not read.
    ghosts: bool,
    sets: Vec<Option<Node>>,
}

impl<'q> Side<'q> {
    /// A side of which nothing is built yet. `ghosts`: the space may hold answers to questions that are not asked.
    pub(crate) fn new(questionnaire: &'q Questionnaire, seats: Vec<Seat>, ghosts: bool) -> Self {
        let count = questionnaire.program.questions.len();
        Self {
            questionnaire,
            seats,
            asked: vec![FALSE; count],
            answered: vec![FALSE; count],
            fires: Vec::new(),
            asked_rank: FALSE,
            total_rank: FALSE,
            ghosts,
            sets: vec![None; questionnaire.program.sets.len()],
        }
    }

    pub(crate) fn program(&self) -> &'q Program {
        &self.questionnaire.program
    }

    /// Builds when a question is asked and answered. Questions come in the program's order.
    pub(crate) fn ask(&mut self, space: &mut Space, index: QuestionIdx) -> Result<(), Full> {
        let at = index.index();
        let question = &self.program().questions[at];
        let mut asked = match &question.asked_when {
            Some(when) => self.condition(space, when)?,
            None => TRUE,
        };
        if let Kind::Instrument { answered_by: Some(by), .. } = question.kind {
            let otherwise = space.diagram.not(self.asked[by.index()])?;
            asked = space.diagram.and(asked, otherwise)?;
        }
        self.asked[at] = asked;
        self.answered[at] = space.answered(question, &self.seats[at])?;
        Ok(())
    }

    /// Builds when each rule fires, and the rank. Every question is there already.
    pub(crate) fn decide(&mut self, space: &mut Space) -> Result<(), Full> {
        let program = self.program();
        for rule in &program.rules {
            let fires = self.condition(space, &rule.when)?;
            self.fires.push(fires);
        }
        let mut asked_for = Vec::new();
        for (rule, &fires) in program.rules.iter().zip(&self.fires) {
            if let Some(outcome) = rule.outcome {
                let rank = u8::try_from(program.rank(outcome)).unwrap_or(u8::MAX);
                asked_for.push(space.diagram.leaves(Leaf::Scale(rank), fires)?);
            }
        }
        self.asked_rank = space.greatest(asked_for)?;
        self.total_rank = match program.otherwise {
            Some(otherwise) => {
                let rank = u8::try_from(program.rank(otherwise)).unwrap_or(u8::MAX);
                space.diagram.leaves(Leaf::Fill(rank), self.asked_rank)?
            }
            None => self.asked_rank,
        };
        Ok(())
    }

    /// Where a condition holds, among complete answer sets.
    pub(crate) fn condition(&mut self, space: &mut Space, condition: &Condition) -> Result<Node, Full> {
        match condition {
            Condition::All(parts) => {
                let parts = self.conditions(space, parts)?;
                space.all(&parts)
            }
            Condition::Any(parts) => {
                let parts = self.conditions(space, parts)?;
                space.greatest(parts)
            }
            Condition::None(parts) => {
                let parts = self.conditions(space, parts)?;
                let any = space.greatest(parts)?;
                space.diagram.not(any)
            }
            Condition::AtLeast(count, parts) => {
                let parts = self.conditions(space, parts)?;
                // reached[n]: at least n of the parts so far hold.
                let count = usize::try_from(*count).unwrap_or(usize::MAX).min(parts.len() + 1);
                let mut reached = vec![FALSE; count + 1];
                reached[0] = TRUE;
                for part in parts {
                    for n in (1..=count).rev() {
                        let one_more = space.diagram.and(part, reached[n - 1])?;
                        reached[n] = space.diagram.max(reached[n], one_more)?;
                    }
                }
                Ok(reached[count])
            }
            Condition::Set(at) => {
                let at = usize::from(*at);
                if let Some(known) = self.sets[at] {
                    return Ok(known);
                }
                let program = self.program();
                let node = self.condition(space, &program.sets[at])?;
                self.sets[at] = Some(node);
                Ok(node)
            }
            Condition::Line(line) => self.line(space, line),
        }
    }

    fn conditions(&mut self, space: &mut Space, parts: &[Condition]) -> Result<Vec<Node>, Full> {
        parts.iter().map(|part| self.condition(space, part)).collect()
    }

    fn line(&self, space: &mut Space, line: &Line) -> Result<Node, Full> {
        let at = line.question;
        let question = &self.program().questions[at.index()];
        let own = self.test(space, line, at)?;
        let Kind::Instrument { answered_by: Some(by), .. } = question.kind else { return Ok(own) };
        // Of the two one at most is asked; on the other no test holds.
        let other = self.test(space, line, by)?;
        space.diagram.max(own, other)
    }

    /// A line's test on the answer to a question, the line's own or the one that answers it.
    fn test(&self, space: &mut Space, line: &Line, source: QuestionIdx) -> Result<Node, Full> {
        let question = &self.program().questions[line.question.index()];
        let holds = space.test(question, &self.seats[source.index()], &line.test)?;
        if self.ghosts { space.diagram.and(self.asked[source.index()], holds) } else { Ok(holds) }
    }

    /// The answer to a question under one value for each variable; `None` where it has none.
    pub(crate) fn answer(&self, space: &Space, index: QuestionIdx, values: &[u16]) -> Option<Answer> {
        let at = index.index();
        let facts = &self.questionnaire.questions[at];
        space.answer(&self.program().questions[at], facts, &self.seats[at], values)
    }

    /// The answer set with one value for each variable, and what it leads to.
    pub(crate) fn example(&self, space: &Space, values: &[u16]) -> Counterexample {
        let program = self.program();
        let mut answers = Answers::new(program);
        for index in program.question_indices() {
            if let Some(answer) = self.answer(space, index, values) {
                // What a question does not take, it is not asked for here.
                let _ = answers.set(program, index, answer);
            }
        }
        self.example_of(&answers)
    }

    /// A complete answer set, and what it leads to.
    pub(crate) fn example_of(&self, answers: &Answers) -> Counterexample {
        let program = self.program();
        let evaluation = evaluate(program, answers);
        let given: Vec<(QuestionIdx, Answer)> = answers
            .iter()
            .filter(|(index, _)| evaluation.shown.contains(index))
            .map(|(index, answer)| (index, answer.clone()))
            .collect();
        let differs = given
            .iter()
            .filter(|(index, answer)| {
                let question = &program.questions[index.index()];
                !is_safest(question, &self.questionnaire.questions[index.index()], answer)
            })
            .map(|&(index, _)| index)
            .collect();
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
