//! A questionnaire as diagrams: what can be answered, when each condition holds, which outcome follows.
//!
//! One option of several is one variable, with "not asked" as a value of its own where the question can be skipped.
//! Several options are one yes-or-no variable each; none of them chosen means not asked. A number is the stretches
//! between all thresholds in use, then unknown, then not asked. An instrument is one variable for each item.
//! Skip logic is part of what is valid, so that each complete answer set is exactly one path.

use std::collections::BTreeSet;
use std::ops::Range;

use super::diagram::{Diagram, FALSE, Full, Leaf, Node, TRUE};
use super::memo::Memo;
use crate::answer::Answer;
use crate::draft::Direction;
use crate::program::{Condition, Kind, Line, Program, Question, QuestionIdx, Test};
use crate::questionnaire::{Order, Promise, QuestionFacts, Questionnaire};
use crate::resolve::{needs, set_reads};

/// The most variables: keeps recursion within any stack.
const MAX_VARIABLES: usize = 4_000;

/// A question's variables.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) variables: Range<usize>,
    pub(crate) shape: Shape,
}

/// How the values of a question's variables stand for answers.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    /// Value = option; one more for "not asked".
    One { options: u16 },
    /// One variable for each option: 0 or 1.
    Many,
    /// Value = stretch of numbers, then unknown if the question has it, then "not asked".
    Number { cells: Vec<(i64, i64)>, unknown: bool },
    /// One variable for each item: its value; one more for "not asked".
    Items { highest: Vec<u8>, gated: bool },
}

/// What a variable's value means for telling unusual answers from the safest ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    /// The question is answered.
    pub(crate) answered: bool,
    /// The answer may still be the safest one.
    pub(crate) safest: bool,
    /// Among answers that differ, the lower the better.
    pub(crate) extra: u32,
}

/// Everything that the properties are read from.
pub(crate) struct Model<'q> {
    pub(crate) questionnaire: &'q Questionnaire,
    pub(crate) diagram: Diagram,
    pub(crate) groups: Vec<Group>,
    /// For each variable its question.
    pub(crate) owner: Vec<QuestionIdx>,
    /// For each variable and value, how many answers it stands for.
    pub(crate) weights: Vec<Vec<u64>>,
    /// For each variable and value.
    pub(crate) costs: Vec<Vec<Cost>>,
    /// For each question: it is asked.
    pub(crate) asked: Vec<Node>,
    /// For each question, over its own variables: it has a whole answer.
    pub(crate) answered: Vec<Node>,
    /// For each question, over its own variables: it has none.
    pub(crate) absent: Vec<Node>,
    /// For each question: answered if asked, else not.
    pub(crate) coherent: Vec<Node>,
    /// Complete answer sets.
    pub(crate) valid: Node,
    /// For each rule: it fires.
    pub(crate) fires: Vec<Node>,
    /// The rank that the fired rules ask for, 0 where none asks; not limited to complete answer sets.
    pub(crate) asked_rank: Node,
    /// The rank of each complete answer set; 0 where there is no such answer set or no outcome.
    pub(crate) rank: Node,
    /// For each question the questions whose being asked depends on its answer, near and far.
    pub(crate) dependents: Vec<BTreeSet<usize>>,
    sets: Vec<Option<Node>>,
    pub(crate) meets: Memo<(Node, Node), bool>,
}

/// The diagram grew too large; which variables were widest.
pub(crate) struct Entangled {
    pub(crate) questions: Vec<QuestionIdx>,
    pub(crate) nodes: u32,
}

impl<'q> Model<'q> {
    /// Builds everything, or says which questions stand in the way.
    pub(crate) fn build(questionnaire: &'q Questionnaire, limit: usize) -> Result<Self, Entangled> {
        let mut model = Self::variables(questionnaire, limit);
        if model.diagram.variables() > MAX_VARIABLES {
            return Err(model.most_variables());
        }
        match model.fill() {
            Ok(()) => Ok(model),
            Err(Full) => Err(model.entangled()),
        }
    }

    pub(crate) fn program(&self) -> &'q Program {
        &self.questionnaire.program
    }

    /// The questions with the widest levels.
    pub(crate) fn entangled(&self) -> Entangled {
        let mut widths = vec![0u32; self.groups.len()];
        for (variable, width) in self.diagram.widths().into_iter().enumerate() {
            let slot = &mut widths[self.owner[variable].index()];
            *slot = slot.saturating_add(width);
        }
        self.worst(&widths)
    }

    fn most_variables(&self) -> Entangled {
        let widths: Vec<u32> = self
            .groups
            .iter()
            .map(|group| u32::try_from(group.variables.len()).unwrap_or(u32::MAX))
            .collect();
        self.worst(&widths)
    }

    fn worst(&self, widths: &[u32]) -> Entangled {
        let mut order: Vec<QuestionIdx> = self.program().question_indices().collect();
        order.sort_by_key(|question| std::cmp::Reverse(widths.get(question.index()).copied().unwrap_or(0)));
        order.truncate(5);
        Entangled { questions: order, nodes: u32::try_from(self.diagram.size()).unwrap_or(u32::MAX) }
    }

    fn variables(questionnaire: &'q Questionnaire, limit: usize) -> Self {
        let program = &questionnaire.program;
        let thresholds = thresholds(questionnaire);
        let mut groups = vec![Group { variables: 0..0, shape: Shape::Many }; program.questions.len()];
        let (mut owner, mut weights, mut costs, mut arity) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for &index in &program.order {
            let question = &program.questions[index.index()];
            let facts = &questionnaire.questions[index.index()];
            let start = arity.len();
            let shape = shape(question, &thresholds[index.index()]);
            for values in values(question, facts, &shape) {
                arity.push(u16::try_from(values.len()).unwrap_or(u16::MAX));
                weights.push(values.iter().map(|&(weight, _)| weight).collect());
                costs.push(values.iter().map(|&(_, cost)| cost).collect());
                owner.push(index);
            }
            groups[index.index()] = Group { variables: start..arity.len(), shape };
        }
        let count = program.questions.len();
        Self {
            questionnaire,
            diagram: Diagram::new(arity, limit),
            groups,
            owner,
            weights,
            costs,
            asked: vec![FALSE; count],
            answered: vec![FALSE; count],
            absent: vec![FALSE; count],
            coherent: vec![FALSE; count],
            valid: TRUE,
            fires: Vec::new(),
            asked_rank: FALSE,
            rank: FALSE,
            dependents: dependents(program),
            sets: vec![None; program.sets.len()],
            meets: Memo::default(),
        }
    }

    fn fill(&mut self) -> Result<(), Full> {
        let program = self.program();
        for &index in &program.order {
            let at = index.index();
            let question = &program.questions[at];
            let mut asked = match &question.asked_when {
                Some(when) => self.condition(when)?,
                None => TRUE,
            };
            if let Kind::Instrument { answered_by: Some(by), .. } = question.kind {
                let otherwise = self.diagram.not(self.asked[by.index()])?;
                asked = self.diagram.and(asked, otherwise)?;
            }
            self.asked[at] = asked;
            self.answered[at] = self.answered_diagram(question, at)?;
            self.absent[at] = self.absent_diagram(at)?;
            let not_asked = self.diagram.not(asked)?;
            let here = self.diagram.and(asked, self.answered[at])?;
            let gone = self.diagram.and(not_asked, self.absent[at])?;
            self.coherent[at] = self.diagram.max(here, gone)?;
        }
        // From the last question up: each step then only adds nodes above what is there.
        for &index in program.order.iter().rev() {
            self.valid = self.diagram.and(self.coherent[index.index()], self.valid)?;
        }
        for rule in &program.rules {
            let fires = self.condition(&rule.when)?;
            self.fires.push(fires);
        }
        let mut asked_for = Vec::new();
        for (rule, &fires) in program.rules.iter().zip(&self.fires) {
            if let Some(outcome) = rule.outcome {
                let rank = u8::try_from(program.rank(outcome)).unwrap_or(u8::MAX);
                asked_for.push(self.diagram.leaves(Leaf::Scale(rank), fires)?);
            }
        }
        self.asked_rank = self.greatest(asked_for)?;
        let total = match program.otherwise {
            Some(otherwise) => {
                let rank = u8::try_from(program.rank(otherwise)).unwrap_or(u8::MAX);
                self.diagram.leaves(Leaf::Fill(rank), self.asked_rank)?
            }
            None => self.asked_rank,
        };
        self.rank = self.diagram.and(self.valid, total)?;
        Ok(())
    }

    /// The greatest of many functions; neighbours first, so that what is alike is put together early.
    pub(crate) fn greatest(&mut self, mut functions: Vec<Node>) -> Result<Node, Full> {
        functions.sort_by_key(|&function| (self.diagram.variable(function), function));
        while functions.len() > 1 {
            let mut next = Vec::with_capacity(functions.len().div_ceil(2));
            for pair in functions.chunks(2) {
                next.push(match *pair {
                    [one, other] => self.diagram.max(one, other)?,
                    [one] => one,
                    _ => FALSE,
                });
            }
            functions = next;
        }
        Ok(functions.first().copied().unwrap_or(FALSE))
    }

    /// Where every function is true.
    pub(crate) fn all(&mut self, functions: &[Node]) -> Result<Node, Full> {
        let mut order = functions.to_vec();
        order.sort_by_key(|&function| std::cmp::Reverse(self.diagram.variable(function)));
        let mut all = TRUE;
        for function in order {
            all = self.diagram.and(function, all)?;
        }
        Ok(all)
    }

    /// Whether some complete answer set fulfils a condition.
    pub(crate) fn possible(&mut self, condition: Node) -> bool {
        self.diagram.meet(condition, self.valid, &mut self.meets)
    }

    fn answered_diagram(&mut self, question: &Question, at: usize) -> Result<Node, Full> {
        let group = self.groups[at].clone();
        let first = group.variables.start;
        match &group.shape {
            Shape::One { options } => {
                let options = *options;
                self.diagram.literal(first, |value| value < options)
            }
            Shape::Number { cells, unknown } => {
                let answers = cells.len() + usize::from(*unknown);
                self.diagram.literal(first, |value| usize::from(value) < answers)
            }
            Shape::Many => {
                // What may still come below, by what is chosen so far: nothing, something, something that stands alone.
                let (mut nothing, mut some, mut alone) = (FALSE, TRUE, TRUE);
                for variable in group.variables.clone().rev() {
                    let exclusive = question.options()[variable - first].exclusive;
                    let chosen = if exclusive { (alone, FALSE) } else { (some, some) };
                    let next_nothing = self.diagram.node(variable, &[nothing, chosen.0])?;
                    let next_some = self.diagram.node(variable, &[some, chosen.1])?;
                    let next_alone = self.diagram.node(variable, &[alone, FALSE])?;
                    (nothing, some, alone) = (next_nothing, next_some, next_alone);
                }
                Ok(nothing)
            }
            Shape::Items { highest, gated } => {
                let mut below = TRUE;
                let mut closed = TRUE;
                for (variable, &high) in group.variables.clone().zip(highest).rev() {
                    let high = u16::from(high);
                    let is_gate = *gated && variable == first;
                    let children: Vec<Node> = (0..self.diagram.arity(variable))
                        .map(|value| match value {
                            0 if is_gate => closed,
                            value if value <= high => below,
                            _ => FALSE,
                        })
                        .collect();
                    let shut: Vec<Node> = (0..self.diagram.arity(variable))
                        .map(|value| if value > high { closed } else { FALSE })
                        .collect();
                    below = self.diagram.node(variable, &children)?;
                    if !is_gate {
                        closed = self.diagram.node(variable, &shut)?;
                    }
                }
                Ok(below)
            }
        }
    }

    fn absent_diagram(&mut self, at: usize) -> Result<Node, Full> {
        let group = self.groups[at].clone();
        let mut absent = TRUE;
        for (place, variable) in group.variables.clone().enumerate().rev() {
            let gone = group.shape.absent(place);
            let children: Vec<Node> = (0..self.diagram.arity(variable))
                .map(|value| if value == gone { absent } else { FALSE })
                .collect();
            absent = self.diagram.node(variable, &children)?;
        }
        Ok(absent)
    }

    /// Where a condition holds, among complete answer sets.
    pub(crate) fn condition(&mut self, condition: &Condition) -> Result<Node, Full> {
        match condition {
            Condition::All(parts) => {
                let parts = self.conditions(parts)?;
                self.all(&parts)
            }
            Condition::Any(parts) => {
                let parts = self.conditions(parts)?;
                self.greatest(parts)
            }
            Condition::None(parts) => {
                let parts = self.conditions(parts)?;
                let any = self.greatest(parts)?;
                self.diagram.not(any)
            }
            Condition::AtLeast(count, parts) => {
                let parts = self.conditions(parts)?;
                // reached[n]: at least n of the parts so far hold.
                let count = usize::try_from(*count).unwrap_or(usize::MAX).min(parts.len() + 1);
                let mut reached = vec![FALSE; count + 1];
                reached[0] = TRUE;
                for part in parts {
                    for n in (1..=count).rev() {
                        let one_more = self.diagram.and(part, reached[n - 1])?;
                        reached[n] = self.diagram.max(reached[n], one_more)?;
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
                let node = self.condition(&program.sets[at])?;
                self.sets[at] = Some(node);
                Ok(node)
            }
            Condition::Line(line) => self.line(line),
        }
    }

    fn conditions(&mut self, parts: &[Condition]) -> Result<Vec<Node>, Full> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn line(&mut self, line: &Line) -> Result<Node, Full> {
        let group = self.groups[line.question.index()].clone();
        let first = group.variables.start;
        match (&group.shape, &line.test) {
            (Shape::One { .. }, Test::Chosen { at_least, of }) => {
                let possible = *at_least <= 1;
                self.diagram.literal(first, |value| possible && of.contains(&value))
            }
            (Shape::One { options }, Test::NotChosen { of }) => {
                let options = *options;
                self.diagram.literal(first, |value| value < options && !of.contains(&value))
            }
            (Shape::Many, Test::Chosen { at_least, of }) => self.ticks(&group, usize::from(*at_least), of),
            (Shape::Many, Test::NotChosen { of }) => {
                let any = self.ticks(&group, 1, of)?;
                let none = self.diagram.not(any)?;
                self.diagram.and(none, self.answered[line.question.index()])
            }
            (Shape::Number { cells, .. }, test) => {
                let holds = |value: u16| match (test, cells.get(usize::from(value))) {
                    (Test::AtLeast(threshold), Some((low, _))) => low >= threshold,
                    (Test::Below(threshold), Some((_, high))) => high < threshold,
                    (Test::Unknown, None) => usize::from(value) == cells.len(),
                    _ => false,
                };
                let unknown = matches!(&group.shape, Shape::Number { unknown: true, .. });
                self.diagram
                    .literal(first, |value| holds(value) && (unknown || usize::from(value) < cells.len()))
            }
            (Shape::Items { highest, gated }, test) => {
                let own = self.items(&group, highest, *gated, test)?;
                let program = self.program();
                let Kind::Instrument { answered_by: Some(by), .. } =
                    program.questions[line.question.index()].kind
                else {
                    return Ok(own);
                };
                // Of the two one at most is asked; the other's variables say so, and no test holds on them.
                let long = self.groups[by.index()].variables.start;
                let leading = Group { variables: long..long + highest.len(), shape: group.shape.clone() };
                let other = self.items(&leading, highest, *gated, test)?;
                self.diagram.max(own, other)
            }
            _ => Ok(FALSE),
        }
    }

    /// At least so many of these options are ticked.
    fn ticks(&mut self, group: &Group, at_least: usize, of: &[u16]) -> Result<Node, Full> {
        if at_least > of.len() {
            return Ok(FALSE);
        }
        // From the last option up; missing[n]: n more are needed.
        let mut missing = vec![FALSE; at_least + 1];
        missing[0] = TRUE;
        for &option in of.iter().rev() {
            let variable = group.variables.start + usize::from(option);
            for n in (1..=at_least).rev() {
                missing[n] = self.diagram.node(variable, &[missing[n], missing[n - 1]])?;
            }
        }
        Ok(missing[at_least])
    }

    /// A test on an instrument's items or score.
    fn items(&mut self, group: &Group, highest: &[u8], gated: bool, test: &Test) -> Result<Node, Full> {
        let first = group.variables.start;
        match test {
            Test::AtLeast(threshold) | Test::Below(threshold) => {
                let wants = matches!(test, Test::AtLeast(_));
                let threshold = usize::try_from(*threshold).unwrap_or(0);
                // From the last item up; sums[n]: what holds below when the items above add up to n.
                // From the threshold on the rest no longer matters.
                let reached = u32::from(wants);
                let mut sums = vec![1 - reached; threshold];
                let counted = group.variables.clone().zip(highest).skip(usize::from(gated));
                for (variable, &high) in counted.rev() {
                    let arity = usize::from(self.diagram.arity(variable));
                    let mut above = Vec::with_capacity(threshold);
                    for sum in 0..threshold {
                        let children: Vec<Node> = (0..arity)
                            .map(|value| {
                                if value > usize::from(high) {
                                    FALSE
                                } else {
                                    sums.get(sum + value).copied().unwrap_or(reached)
                                }
                            })
                            .collect();
                        above.push(self.diagram.node(variable, &children)?);
                    }
                    sums = above;
                }
                let open = sums.first().copied().unwrap_or(reached);
                if !gated {
                    return Ok(open);
                }
                let high = highest.first().copied().map_or(0, u16::from);
                let closed = if threshold > 0 { 1 - reached } else { reached };
                let children: Vec<Node> = (0..self.diagram.arity(first))
                    .map(|value| match value {
                        0 => closed,
                        value if value <= high => open,
                        _ => FALSE,
                    })
                    .collect();
                self.diagram.node(first, &children)
            }
            Test::ItemAtLeast { item, value: least } => {
                let (variable, high) = (first + usize::from(*item), self.high(highest, *item));
                let least = u16::from(*least);
                self.diagram.literal(variable, |value| value >= least && value <= high)
            }
            Test::ItemBelow { item, value: limit } => {
                let (variable, high) = (first + usize::from(*item), self.high(highest, *item));
                let limit = u16::from(*limit);
                let below = self.diagram.literal(variable, |value| value < limit && value <= high)?;
                if !gated || *item == 0 {
                    return Ok(below);
                }
                // Behind a closed gate every item counts as 0.
                let shut = self.diagram.literal(first, |value| value == 0)?;
                self.diagram.max(shut, below)
            }
            _ => Ok(FALSE),
        }
    }

    fn high(&self, highest: &[u8], item: u16) -> u16 {
        highest.get(usize::from(item)).copied().map_or(0, u16::from)
    }

    /// Which of the questions' variables belong to any of these questions.
    pub(crate) fn variables_of(&self, questions: impl Iterator<Item = usize>) -> Vec<bool> {
        let mut chosen = vec![false; self.diagram.variables()];
        for question in questions {
            for variable in self.groups[question].variables.clone() {
                chosen[variable] = true;
            }
        }
        chosen
    }

    /// One value for each variable as answers, `None` for a question that is not asked.
    pub(crate) fn answer(&self, question: QuestionIdx, values: &[u16]) -> Option<Answer> {
        let group = &self.groups[question.index()];
        let own = &values[group.variables.clone()];
        match &group.shape {
            Shape::One { options } => own.first().filter(|&&value| value < *options).map(|&v| Answer::One(v)),
            Shape::Many => {
                let ticks: Vec<u16> =
                    (0u16..).zip(own).filter(|&(_, &value)| value == 1).map(|(at, _)| at).collect();
                (!ticks.is_empty()).then_some(Answer::Many(ticks))
            }
            Shape::Number { cells, unknown } => {
                let value = usize::from(*own.first()?);
                match cells.get(value) {
                    Some(&(low, high)) => {
                        // The end that is nearest to the safest number: the example sits on the threshold.
                        let facts = &self.questionnaire.questions[question.index()];
                        let safest_is_lowest = !matches!(facts.direction, Some((_, Order::Lower)));
                        Some(Answer::Number(if safest_is_lowest { low } else { high }))
                    }
                    None if *unknown && value == cells.len() => Some(Answer::Unknown),
                    None => None,
                }
            }
            Shape::Items { highest, .. } => {
                let items: Vec<Option<u8>> = own
                    .iter()
                    .zip(highest)
                    .map(|(&value, &high)| u8::try_from(value).ok().filter(|&value| value <= high))
                    .collect();
                items.first().copied().flatten().is_some().then_some(Answer::Items(items))
            }
        }
    }
}

impl Shape {
    /// The value of the variable at this place of the group when the question is not asked.
    pub(crate) fn absent(&self, place: usize) -> u16 {
        match self {
            Self::One { options } => *options,
            Self::Many => 0,
            Self::Number { cells, unknown } => {
                u16::try_from(cells.len() + usize::from(*unknown)).unwrap_or(u16::MAX)
            }
            Self::Items { highest, .. } => highest.get(place).map_or(0, |&high| u16::from(high) + 1),
        }
    }
}

fn shape(question: &Question, thresholds: &BTreeSet<i64>) -> Shape {
    match &question.kind {
        Kind::One { options } => Shape::One { options: u16::try_from(options.len()).unwrap_or(u16::MAX - 1) },
        Kind::Many { .. } => Shape::Many,
        Kind::Number { low, high, unknown, .. } => {
            let mut cells = Vec::new();
            let mut start = *low;
            for &threshold in thresholds {
                if threshold > start && threshold <= *high {
                    cells.push((start, threshold - 1));
                    start = threshold;
                }
            }
            cells.push((start, *high));
            Shape::Number { cells, unknown: unknown.is_some() }
        }
        Kind::Instrument { items, gated, .. } => Shape::Items { highest: items.clone(), gated: *gated },
    }
}

/// For each variable of a question and each of its values: how many answers it stands for, and how unusual it is.
fn values(question: &Question, facts: &QuestionFacts, shape: &Shape) -> Vec<Vec<(u64, Cost)>> {
    let gone = (1u64, Cost { answered: false, safest: true, extra: 0 });
    let ranked = |safest: bool, extra: usize| Cost {
        answered: true,
        safest,
        extra: u32::try_from(extra).unwrap_or(u32::MAX),
    };
    let order = facts.direction.as_ref().map(|(_, order)| order);
    match shape {
        Shape::One { options } => {
            let place = |option: u16| match order {
                Some(Order::Listed(order)) => order.iter().position(|&at| at == option).unwrap_or(0),
                _ => usize::from(option),
            };
            let mut values: Vec<(u64, Cost)> =
                (0..*options).map(|option| (1, ranked(place(option) == 0, place(option)))).collect();
            values.push(gone);
            vec![values]
        }
        Shape::Many => {
            let options = question.options();
            let safest = safest_tick(question);
            options
                .iter()
                .enumerate()
                .map(|(at, _)| {
                    let unticked = Cost { answered: false, safest: at != safest, extra: 0 };
                    let ticked = ranked(at == safest, if at == safest { 0 } else { 1 });
                    vec![(1, unticked), (1, ticked)]
                })
                .collect()
        }
        Shape::Number { cells, unknown } => {
            let lowest_is_safest = !matches!(order, Some(Order::Lower));
            let mut values: Vec<(u64, Cost)> = Vec::new();
            for (at, (low, high)) in cells.iter().enumerate() {
                let place = if lowest_is_safest { at } else { cells.len() - 1 - at };
                let weight = u64::try_from(high - low + 1).unwrap_or(1);
                values.push((weight, ranked(place == 0, place)));
            }
            if *unknown {
                values.push((1, ranked(false, cells.len())));
            }
            values.push(gone);
            vec![values]
        }
        Shape::Items { highest, .. } => {
            let highest_is_safest = matches!(order, Some(Order::Lower));
            highest
                .iter()
                .map(|&high| {
                    let mut values: Vec<(u64, Cost)> = (0..=high)
                        .map(|value| {
                            let place = usize::from(if highest_is_safest { high - value } else { value });
                            (1, ranked(place == 0, place))
                        })
                        .collect();
                    values.push(gone);
                    values
                })
                .collect()
        }
    }
}

/// The option whose tick, alone, is the safest answer: the first that stands alone and is no "unknown", else the first.
pub(crate) fn safest_tick(question: &Question) -> usize {
    question.options().iter().position(|option| option.exclusive && !option.unknown).unwrap_or(0)
}

/// For each question the numbers at which some line anywhere changes.
fn thresholds(questionnaire: &Questionnaire) -> Vec<BTreeSet<i64>> {
    fn walk(condition: &Condition, found: &mut [BTreeSet<i64>]) {
        match condition {
            Condition::All(parts)
            | Condition::Any(parts)
            | Condition::None(parts)
            | Condition::AtLeast(_, parts) => parts.iter().for_each(|part| walk(part, found)),
            Condition::Set(_) => {}
            Condition::Line(Line { question, test: Test::AtLeast(value) | Test::Below(value) }) => {
                found[question.index()].insert(*value);
            }
            Condition::Line(_) => {}
        }
    }
    let program = &questionnaire.program;
    let mut found = vec![BTreeSet::new(); program.questions.len()];
    program.sets.iter().for_each(|set| walk(set, &mut found));
    program.questions.iter().filter_map(|q| q.asked_when.as_ref()).for_each(|when| walk(when, &mut found));
    for rule in &program.rules {
        walk(&rule.when, &mut found);
        rule.talk_to_when.iter().for_each(|(_, when)| walk(when, &mut found));
    }
    for invariant in &questionnaire.invariants {
        if let Promise::Always { when, .. } | Promise::Never { when, .. } = &invariant.promise {
            walk(when, &mut found);
        }
    }
    found
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
