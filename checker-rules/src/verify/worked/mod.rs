//! Worked patients: few and simple answer sets that show, one by one, what each rule and each threshold does.
//!
//! For each line of a rule there is a pair: in one patient the rule fires and hangs on that line, in the other one
//! answer is different, the line has turned, and the rule does not fire. So every line is seen to matter.

mod contrast;
mod fewest;

use std::collections::BTreeSet;

use self::contrast::Contrast;
use self::fewest::{Fewest, Found, Weight};
use super::diagram::{Full, Node};
use super::layout::each_line;
use super::model::Model;
use super::space::Shape;
use super::{MAX_NODES, too_entangled};
use crate::answer::{Answer, Answers};
use crate::fault::Fault;
use crate::program::{Condition, Line, Program, QuestionIdx, RuleIdx, Test};
use crate::questionnaire::Questionnaire;
use crate::report::Counterexample;

/// A complete answer set that is worth a clinician's look, and what it is there for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worked {
    /// The answers and what they lead to.
    pub example: Counterexample,
    /// What it shows; at least one thing. Patients name each other by their place in the list of [`worked`].
    pub purposes: Vec<Purpose>,
}

/// What a worked patient shows. A rule's lines count from 0 in the order of a walk over its condition; a named set is one
/// line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// The rule fires, with as few others as possible.
    Fires {
        /// The rule.
        rule: RuleIdx,
    },
    /// No rule with an outcome fires.
    Otherwise,
    /// The rule fires, and would not if this line turned.
    HangsOn {
        /// The rule.
        rule: RuleIdx,
        /// Which line.
        line: usize,
        /// The patient in whom the line has turned and the rule does not fire.
        beside: usize,
    },
    /// The rule just does not fire.
    JustNot {
        /// The rule.
        rule: RuleIdx,
        /// The line that turned. `None` where no line by itself can switch the rule off.
        line: Option<usize>,
        /// The patient in whom the rule fires.
        beside: usize,
    },
    /// A number, score or item stands exactly at a threshold, or at the last value below.
    Threshold {
        /// The question.
        question: QuestionIdx,
        /// The item, from 0; `None` for a number or a score.
        item: Option<u16>,
        /// The threshold (scaled).
        value: i64,
        /// Whether it is reached.
        reached: bool,
    },
}

/// Works out the patients: for each rule one that makes it fire, for each of its lines a pair, for each threshold both
/// sides, and one for whom no rule speaks. What no answers can show is left out. The same questionnaire always gives the
/// same patients in the same order.
///
/// # Errors
/// When the answers act on each other so much that the diagrams grow beyond their limit.
pub fn worked(questionnaire: &Questionnaire) -> Result<Vec<Worked>, Fault> {
    let mut model =
        Model::build(questionnaire, MAX_NODES).map_err(|stuck| too_entangled(questionnaire, stuck))?;
    let mut search = Search { fewest: Fewest::new(&model), pool: Vec::new() };
    match search.run(&mut model) {
        Ok(()) => Ok(search.finish(&model)),
        Err(Full) => Err(too_entangled(questionnaire, model.space.entangled())),
    }
}

/// Numbers that stand at another place of their stretch than an example's usually does.
type Exact = Vec<(QuestionIdx, i64)>;

/// A patient as it grows.
struct Patient {
    values: Vec<u16>,
    exact: Exact,
    weight: Weight,
    purposes: Vec<Purpose>,
}

struct Search {
    fewest: Fewest,
    pool: Vec<Patient>,
}

impl Search {
    fn run(&mut self, model: &mut Model<'_>) -> Result<(), Full> {
        let program = model.program();
        let rules: Vec<RuleIdx> =
            (0..u16::try_from(program.rules.len()).unwrap_or(u16::MAX)).map(RuleIdx).collect();
        for &rule in &rules {
            if let Some(found) = self.simplest(model, model.side.fires[rule.index()])? {
                let at = self.place(model, found, Vec::new());
                self.give(at, Purpose::Fires { rule });
            }
        }
        let outcomes: Vec<Node> = rules
            .iter()
            .filter(|rule| program.rules[rule.index()].outcome.is_some())
            .map(|rule| model.side.fires[rule.index()])
            .collect();
        let spoken = model.space.greatest(outcomes)?;
        let silent = model.space.diagram.not(spoken)?;
        if let Some(found) = self.simplest(model, silent)? {
            let at = self.place(model, found, Vec::new());
            self.give(at, Purpose::Otherwise);
        }
        for &rule in &rules {
            self.lines(model, rule)?;
        }
        self.thresholds(model)
    }

    fn finish(self, model: &Model<'_>) -> Vec<Worked> {
        let worked = |mut patient: Patient| {
            patient.purposes.sort_unstable();
            Worked { example: example(model, &patient.values, &patient.exact), purposes: patient.purposes }
        };
        self.pool.into_iter().map(worked).collect()
    }

    /// The simplest answer set where a function is true: one that is there already, if it is as simple.
    fn simplest(&mut self, model: &mut Model<'_>, function: Node) -> Result<Option<Found>, Full> {
        let Some(found) = self.fewest.simplest(model, function)? else { return Ok(None) };
        let known = self
            .pool
            .iter()
            .find(|patient| patient.weight == found.weight && model.space.holds(function, &patient.values));
        Ok(Some(match known {
            Some(patient) => Found { values: patient.values.clone(), weight: found.weight },
            None => found,
        }))
    }

    /// The place of a patient, who joins the others if not among them.
    fn place(&mut self, model: &Model<'_>, found: Found, mut exact: Exact) -> usize {
        exact.retain(|(question, value)| {
            model.side.answer(&model.space, *question, &found.values) != Some(Answer::Number(*value))
        });
        let same = |patient: &Patient| patient.values == found.values && patient.exact == exact;
        self.pool.iter().position(same).unwrap_or_else(|| {
            let Found { values, weight } = found;
            self.pool.push(Patient { values, exact, weight, purposes: Vec::new() });
            self.pool.len() - 1
        })
    }

    fn give(&mut self, at: usize, purpose: Purpose) {
        let purposes = &mut self.pool[at].purposes;
        if !purposes.contains(&purpose) {
            purposes.push(purpose);
        }
    }

    /// A pair for each line of a rule; for the rule as a whole where no line by itself decides.
    fn lines(&mut self, model: &mut Model<'_>, rule: RuleIdx) -> Result<(), Full> {
        let program = model.program();
        let when = &program.rules[rule.index()].when;
        let fires = model.side.fires[rule.index()];
        let silent = model.space.diagram.not(fires)?;
        let silent = model.space.diagram.and(silent, model.valid)?;
        let mut any = false;
        for (line, (leaf, negated)) in leaves(when).into_iter().enumerate() {
            let holds = model.condition(leaf)?;
            let fails = model.space.diagram.not(holds)?;
            let (here, there) = if negated { (fails, holds) } else { (holds, fails) };
            let turned = model.condition(&forced(when, leaf, negated))?;
            let turned = model.space.diagram.not(turned)?;
            let on = model.space.diagram.and(here, fires)?;
            let on = model.space.diagram.and(turned, on)?;
            let off = model.space.diagram.and(there, silent)?;
            let turning = model.space.support(holds);
            any |= self.pair(model, rule, Some(line), &Contrast { on, off, turning })?;
        }
        if !any {
            let turning = model.space.support(fires);
            self.pair(model, rule, None, &Contrast { on: fires, off: silent, turning })?;
        }
        Ok(())
    }

    fn pair(
        &mut self,
        model: &mut Model<'_>,
        rule: RuleIdx,
        line: Option<usize>,
        contrast: &Contrast,
    ) -> Result<bool, Full> {
        let Some((one, other)) = self.nearest(model, contrast)? else { return Ok(false) };
        let (exact_one, exact_other) = facing(model, &one.values, &other.values);
        let one = self.place(model, one, exact_one);
        let other = self.place(model, other, exact_other);
        self.give(
            one,
            match line {
                Some(line) => Purpose::HangsOn { rule, line, beside: other },
                None => Purpose::Fires { rule },
            },
        );
        self.give(other, Purpose::JustNot { rule, line, beside: one });
        Ok(true)
    }

    /// Both sides of each threshold.
    fn thresholds(&mut self, model: &mut Model<'_>) -> Result<(), Full> {
        let all = thresholds(model.questionnaire());
        for &(question, item, value) in &all {
            let of_number = matches!(model.space.groups[question.index()].shape, Shape::Number { .. });
            let others = || all.iter().filter(|other| other.0 == question).map(|other| other.2);
            for reached in [false, true] {
                let wanted = if reached { value } else { value - 1 };
                // A number: the whole stretch of numbers that begins or ends here.
                let (from, to) = match (of_number, reached) {
                    (false, _) => (Some(wanted), Some(wanted + 1)),
                    (true, true) => (Some(value), others().filter(|&other| other > value).min()),
                    (true, false) => (others().filter(|&other| other < value).max(), Some(value)),
                };
                let function = between(model, question, item, from, to)?;
                let purpose = Purpose::Threshold { question, item, value, reached };
                let shown = |patient: &Patient| {
                    model.space.holds(function, &patient.values)
                        && (!of_number
                            || number(model, question, &patient.values, &patient.exact) == Some(wanted))
                };
                let known = (0..self.pool.len()).filter(|&at| shown(&self.pool[at]));
                if let Some(at) = known.min_by_key(|&at| (self.pool[at].weight, at)) {
                    self.give(at, purpose);
                } else if let Some(found) = self.simplest(model, function)? {
                    let exact = if of_number { vec![(question, wanted)] } else { Vec::new() };
                    let at = self.place(model, found, exact);
                    self.give(at, purpose);
                }
            }
        }
        Ok(())
    }
}

/// Where a number, score or item is at least one value and below another.
fn between(
    model: &mut Model<'_>,
    question: QuestionIdx,
    item: Option<u16>,
    from: Option<i64>,
    to: Option<i64>,
) -> Result<Node, Full> {
    let byte = |value: i64| u8::try_from(value).unwrap_or(u8::MAX);
    let least = from.map(|from| match item {
        None => Test::AtLeast(from),
        Some(item) => Test::ItemAtLeast { item, value: byte(from) },
    });
    let limit = to.map(|to| match item {
        None => Test::Below(to),
        Some(item) => Test::ItemBelow { item, value: byte(to) },
    });
    let tests = [least, limit].into_iter().flatten();
    let lines = tests.map(|test| Condition::Line(Line { question, test })).collect();
    model.condition(&Condition::All(lines))
}

/// The lines and sets of a condition in the order of a walk, and whether each stands under an odd number of "none".
fn leaves(condition: &Condition) -> Vec<(&Condition, bool)> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) | Condition::AtLeast(_, parts) => {
            parts.iter().flat_map(leaves).collect()
        }
        Condition::None(parts) => {
            parts.iter().flat_map(leaves).map(|(leaf, negated)| (leaf, !negated)).collect()
        }
        Condition::Set(_) | Condition::Line(_) => vec![(condition, false)],
    }
}

/// The condition with one of its leaves held at true or false.
fn forced(condition: &Condition, leaf: &Condition, held: bool) -> Condition {
    let all = |parts: &[Condition]| parts.iter().map(|part| forced(part, leaf, held)).collect();
    match condition {
        Condition::All(parts) => Condition::All(all(parts)),
        Condition::Any(parts) => Condition::Any(all(parts)),
        Condition::None(parts) => Condition::None(all(parts)),
        Condition::AtLeast(count, parts) => Condition::AtLeast(*count, all(parts)),
        // This very one: the same line may be written twice.
        line if std::ptr::eq(line, leaf) && held => Condition::All(Vec::new()),
        line if std::ptr::eq(line, leaf) => Condition::Any(Vec::new()),
        line => line.clone(),
    }
}

/// Numbers in which two answer sets differ, each at the end of its stretch that faces the other.
fn facing(model: &Model<'_>, one: &[u16], other: &[u16]) -> (Exact, Exact) {
    let mut exact = (Vec::new(), Vec::new());
    for question in model.program().question_indices() {
        let group = &model.space.groups[question.index()];
        let Shape::Number { cells, .. } = &group.shape else { continue };
        let (a, b) = (one[group.variables.start], other[group.variables.start]);
        if let (Some(first), Some(second)) = (cells.get(usize::from(a)), cells.get(usize::from(b)))
            && a != b
        {
            let (here, there) = if a < b { (first.1, second.0) } else { (first.0, second.1) };
            exact.0.push((question, here));
            exact.1.push((question, there));
        }
    }
    exact
}

/// The number that answers a question.
fn number(
    model: &Model<'_>,
    question: QuestionIdx,
    values: &[u16],
    exact: &[(QuestionIdx, i64)],
) -> Option<i64> {
    if let Some((_, value)) = exact.iter().find(|(other, _)| *other == question) {
        return Some(*value);
    }
    match model.side.answer(&model.space, question, values)? {
        Answer::Number(value) => Some(value),
        _ => None,
    }
}

/// The answer set with these values and exact numbers, and what it leads to.
fn example(model: &Model<'_>, values: &[u16], exact: &[(QuestionIdx, i64)]) -> Counterexample {
    let program: &Program = model.program();
    let mut answers = Answers::new(program);
    for question in program.question_indices() {
        let exact = exact.iter().find(|(other, _)| *other == question);
        let answer = match exact {
            Some((_, value)) => Some(Answer::Number(*value)),
            None => model.side.answer(&model.space, question, values),
        };
        if let Some(answer) = answer {
            // What the model yields is always an answer to its question.
            let _ = answers.set(program, question, answer);
        }
    }
    model.side.example_of(&answers)
}

/// Every threshold in use: the question, its item where one is meant, the first value that reaches it.
fn thresholds(questionnaire: &Questionnaire) -> BTreeSet<(QuestionIdx, Option<u16>, i64)> {
    let mut found = BTreeSet::new();
    each_line(questionnaire, &mut |line| match line.test {
        Test::AtLeast(value) | Test::Below(value) => _ = found.insert((line.question, None, value)),
        Test::ItemAtLeast { item, value } | Test::ItemBelow { item, value } => {
            found.insert((line.question, Some(item), i64::from(value)));
        }
        Test::Chosen { .. } | Test::NotChosen { .. } | Test::Unknown => {}
    });
    found
}
