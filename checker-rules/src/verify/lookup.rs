//! What the diagrams say about one set of answers. The tests hold it against [`evaluate`](crate::evaluate), which
//! reads the same questionnaire in another way.

use super::MAX_NODES;
use super::diagram::{Diagram, Node, TRUE};
use super::model::Model;
use super::space::{Shape, Space};
use crate::answer::{Answer, Answers};
use crate::program::{OutcomeIdx, RuleIdx};
use crate::questionnaire::Questionnaire;

/// The diagrams that a proof is read from, kept to look answer sets up in.
pub struct Diagrams<'q> {
    model: Model<'q>,
}

/// What the diagrams say about one complete answer set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The outcome; `None` when no rule gives one and there is no `otherwise`.
    pub outcome: Option<OutcomeIdx>,
    /// The rules that fire, in file order.
    pub fired: Vec<RuleIdx>,
}

impl<'q> Diagrams<'q> {
    /// Builds the diagrams of a questionnaire; `None` if they grow beyond what a proof may take.
    pub fn build(questionnaire: &'q Questionnaire) -> Option<Self> {
        Model::build(questionnaire, MAX_NODES).ok().map(|model| Self { model })
    }

    /// Looks an answer set up; `None` unless it is complete: a whole answer to each question that is asked, and none
    /// to the others.
    pub fn look_up(&self, answers: &Answers) -> Option<Verdict> {
        let model = &self.model;
        let program = model.program();
        let mut values = vec![0u16; model.space.diagram.variables()];
        for index in program.question_indices() {
            model.space.put(index.index(), answers.get(index), &mut values)?;
        }
        if self.leaf(model.valid, &values) != TRUE {
            return None;
        }
        let rank = self.leaf(model.rank, &values);
        let best = program.outcomes().len();
        let outcome = usize::try_from(rank).ok().filter(|&rank| rank > 0);
        let outcome = outcome.and_then(|rank| u16::try_from(best.checked_sub(rank)?).ok()).map(OutcomeIdx);
        let fires = |&(_, &rule): &(u16, &Node)| self.leaf(rule, &values) == TRUE;
        let fired = (0u16..).zip(&model.side.fires).filter(fires).map(|(at, _)| RuleIdx(at)).collect();
        Some(Verdict { outcome, fired })
    }

    fn leaf(&self, mut node: Node, values: &[u16]) -> Node {
        while !Diagram::is_leaf(node) {
            let variable = self.model.space.diagram.variable(node);
            node = self.model.space.diagram.child(node, variable, values[variable]);
        }
        node
    }
}

impl Space {
    /// Writes an answer, or that there is none, as the values of a group's variables; `None` if it is no answer there.
    /// The group is one question's own.
    fn put(&self, group: usize, answer: Option<&Answer>, values: &mut [u16]) -> Option<()> {
        let group = self.groups.get(group)?;
        let own = values.get_mut(group.variables.clone())?;
        let Some(answer) = answer else {
            own.iter_mut().enumerate().for_each(|(place, value)| *value = group.shape.absent(place));
            return Some(());
        };
        match (&group.shape, answer) {
            (Shape::One { options }, Answer::One(option)) if option < options => own[0] = *option,
            (Shape::Many, Answer::Many(ticks)) => {
                for &tick in ticks {
                    *own.get_mut(usize::from(tick))? = 1;
                }
            }
            (Shape::Number { cells, .. }, Answer::Number(value)) => {
                let cell = cells.iter().position(|(low, high)| (low..=high).contains(&value))?;
                own[0] = u16::try_from(cell).ok()?;
            }
            (Shape::Number { cells, unknown: true }, Answer::Unknown) => {
                own[0] = u16::try_from(cells.len()).ok()?;
            }
            (Shape::Items { highest, .. }, Answer::Items(items)) if items.len() == highest.len() => {
                for (place, (value, item)) in own.iter_mut().zip(items).enumerate() {
                    *value = match item {
                        Some(item) if *item <= highest[place] => u16::from(*item),
                        Some(_) => return None,
                        None => group.shape.absent(place),
                    };
                }
            }
            _ => return None,
        }
        Some(())
    }
}
