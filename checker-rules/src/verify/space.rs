//! The variables of a proof: what can be answered, what the values of each variable stand for, and what they weigh.
//!
//! One option of several is one variable, with "not asked" as a value of its own. Several options are one yes-or-no
//! variable each; none of them chosen means not asked. A number is the stretches between all thresholds in use, then
//! unknown, then not asked. An instrument is one variable for each item.
//!
//! A space knows no conditions. It may be shared by two questionnaires: where a question of each sits in it says its
//! [`Seat`].

use std::ops::Range;

use super::diagram::{Counts, Diagram, FALSE, Full, Node, TRUE};
use super::layout::{Cost, Values, shape, thresholds, values};
use crate::answer::Answer;
use crate::program::{Kind, Question, Test};
use crate::questionnaire::{Order, QuestionFacts, Questionnaire};

/// The most variables: keeps recursion within any stack.
const MAX_VARIABLES: usize = 4_000;

/// The variables that belong together: a question's, as a rule.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) variables: Range<usize>,
    pub(crate) shape: Shape,
}

/// How the values of a group's variables stand for answers.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    /// Value = place of an option; one more for "not asked".
    One { options: u16 },
    /// One variable for each place of an option: 0 or 1.
    Many,
    /// Value = stretch of numbers, then unknown if there is one, then "not asked".
    Number { cells: Vec<(i64, i64)>, unknown: bool },
    /// One variable for each item: its value; one more for "not asked".
    Items { highest: Vec<u8>, gated: bool },
}

/// Where a question of one questionnaire sits in a space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) group: usize,
    /// For each of its options the place in the group. A number or an instrument has none.
    pub(crate) places: Vec<u16>,
}

/// Variables, and the diagrams over them.
pub(crate) struct Space {
    pub(crate) diagram: Diagram,
    pub(crate) groups: Vec<Group>,
    /// For each variable its group.
    pub(crate) owner: Vec<usize>,
    /// For each variable and value, how many answers it stands for.
    pub(crate) weights: Vec<Vec<u64>>,
    /// For each variable and value.
    pub(crate) costs: Vec<Vec<Cost>>,
}

/// The diagrams grew too large; which groups were widest.
pub(crate) struct Entangled {
    pub(crate) groups: Vec<usize>,
    pub(crate) nodes: u32,
}

impl Space {
    /// The space of one questionnaire, a group for each question in its place.
    pub(crate) fn of(questionnaire: &Questionnaire, limit: usize) -> Result<Self, Entangled> {
        let program = &questionnaire.program;
        let borders = thresholds(questionnaire);
        let groups = program.questions.iter().zip(&questionnaire.questions).zip(&borders);
        let groups = groups
            .map(|((question, facts), borders)| {
                let shape = shape(question, borders);
                let values = values(question, facts, &shape);
                (shape, values)
            })
            .collect();
        let order: Vec<usize> = program.order.iter().map(|index| index.index()).collect();
        Self::new(groups, &order, limit)
    }

    /// A space of these groups; their variables follow each other in `order`, which names each group once.
    pub(crate) fn new(
        groups: Vec<(Shape, Vec<Values>)>,
        order: &[usize],
        limit: usize,
    ) -> Result<Self, Entangled> {
        let mut starts = vec![0; groups.len()];
        let (mut owner, mut weights, mut costs, mut arity) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for &at in order {
            starts[at] = arity.len();
            for values in &groups[at].1 {
                arity.push(u16::try_from(values.len()).unwrap_or(u16::MAX));
                weights.push(values.iter().map(|&(weight, _)| weight).collect());
                costs.push(values.iter().map(|&(_, cost)| cost).collect());
                owner.push(at);
            }
        }
        let groups = groups
            .into_iter()
            .zip(starts)
            .map(|((shape, variables), start)| Group { variables: start..start + variables.len(), shape })
            .collect();
        let space = Self { diagram: Diagram::new(arity, limit), groups, owner, weights, costs };
        if space.diagram.variables() > MAX_VARIABLES {
            let widths: Vec<u32> = space
                .groups
                .iter()
                .map(|group| u32::try_from(group.variables.len()).unwrap_or(u32::MAX))
                .collect();
            return Err(space.worst(&widths));
        }
        Ok(space)
    }

    /// The groups with the widest levels.
    pub(crate) fn entangled(&self) -> Entangled {
        let mut widths = vec![0u32; self.groups.len()];
        for (variable, width) in self.diagram.widths().into_iter().enumerate() {
            let slot = &mut widths[self.owner[variable]];
            *slot = slot.saturating_add(width);
        }
        self.worst(&widths)
    }

    fn worst(&self, widths: &[u32]) -> Entangled {
        let mut order: Vec<usize> = (0..self.groups.len()).collect();
        order.sort_by_key(|&group| std::cmp::Reverse(widths.get(group).copied().unwrap_or(0)));
        order.truncate(5);
        Entangled { groups: order, nodes: u32::try_from(self.diagram.size()).unwrap_or(u32::MAX) }
    }

    /// How many answer sets lead to a leaf other than 0, in decimal digits.
    pub(crate) fn count(&self, function: Node) -> String {
        self.diagram.count(function, &mut Counts::new(&self.weights)).to_decimal()
    }

    /// Where at least one of these functions is true, and where at least two are.
    pub(crate) fn one_and_two(&mut self, mut functions: Vec<Node>) -> Result<(Node, Node), Full> {
        functions.sort_by_key(|&function| (self.diagram.variable(function), function));
        let mut all: Vec<(Node, Node)> = functions.into_iter().map(|function| (function, FALSE)).collect();
        while all.len() > 1 {
            let mut next = Vec::with_capacity(all.len().div_ceil(2));
            for pair in all.chunks(2) {
                next.push(match *pair {
                    [(one, two), (other_one, other_two)] => {
                        let both = self.diagram.and(one, other_one)?;
                        let two = self.diagram.max(two, other_two)?;
                        (self.diagram.max(one, other_one)?, self.diagram.max(two, both)?)
                    }
                    [alone] => alone,
                    _ => (FALSE, FALSE),
                });
            }
            all = next;
        }
        Ok(all.first().copied().unwrap_or((FALSE, FALSE)))
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

    /// Which variables belong to any of these groups.
    pub(crate) fn variables_of(&self, groups: impl Iterator<Item = usize>) -> Vec<bool> {
        let mut chosen = vec![false; self.diagram.variables()];
        for group in groups {
            for variable in self.groups[group].variables.clone() {
                chosen[variable] = true;
            }
        }
        chosen
    }

    /// Over the variables of a group from this place on: they say that nothing was asked.
    pub(crate) fn absent(&mut self, group: usize, from: usize) -> Result<Node, Full> {
        let group = self.groups[group].clone();
        let mut absent = TRUE;
        for (place, variable) in group.variables.clone().enumerate().skip(from).rev() {
            let gone = group.shape.absent(place);
            let children: Vec<Node> = (0..self.diagram.arity(variable))
                .map(|value| if value == gone { absent } else { FALSE })
                .collect();
            absent = self.diagram.node(variable, &children)?;
        }
        Ok(absent)
    }

    /// Over the variables of a question: they hold a whole answer that it takes.
    pub(crate) fn answered(&mut self, question: &Question, seat: &Seat) -> Result<Node, Full> {
        let group = self.groups[seat.group].clone();
        let first = group.variables.start;
        match (&group.shape, &question.kind) {
            (Shape::One { .. }, _) => self.diagram.literal(first, |value| seat.places.contains(&value)),
            (Shape::Number { cells, .. }, Kind::Number { low, high, unknown, .. }) => {
                let takes_unknown = unknown.is_some();
                self.diagram.literal(first, |value| match cells.get(usize::from(value)) {
                    Some((from, to)) => from >= low && to <= high,
                    None => usize::from(value) == cells.len() && takes_unknown,
                })
            }
            (Shape::Many, _) => {
                // What may still come below, by what is chosen so far: nothing, something, something that stands alone.
                let (mut nothing, mut some, mut alone) = (FALSE, TRUE, TRUE);
                for variable in group.variables.clone().rev() {
                    let place = variable - first;
                    let option = seat.places.iter().position(|&own| usize::from(own) == place);
                    let chosen = match option.map(|option| question.options()[option].exclusive) {
                        Some(true) => (alone, FALSE),
                        Some(false) => (some, some),
                        None => (FALSE, FALSE),
                    };
                    let next_nothing = self.diagram.node(variable, &[nothing, chosen.0])?;
                    let next_some = self.diagram.node(variable, &[some, chosen.1])?;
                    let next_alone = self.diagram.node(variable, &[alone, FALSE])?;
                    (nothing, some, alone) = (next_nothing, next_some, next_alone);
                }
                Ok(nothing)
            }
            (Shape::Items { .. }, Kind::Instrument { items: highest, gated, .. }) => {
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
            _ => Ok(FALSE),
        }
    }

    /// Over the variables of a question that is asked: a test holds on its answer.
    pub(crate) fn test(&mut self, question: &Question, seat: &Seat, test: &Test) -> Result<Node, Full> {
        let group = self.groups[seat.group].clone();
        let first = group.variables.start;
        let places = |of: &[u16]| -> Vec<u16> {
            let mut places: Vec<u16> =
                of.iter().filter_map(|&option| seat.places.get(usize::from(option)).copied()).collect();
            places.sort_unstable();
            places
        };
        match (&group.shape, test) {
            (Shape::One { .. }, Test::Chosen { at_least, of }) => {
                let (possible, of) = (*at_least <= 1, places(of));
                self.diagram.literal(first, |value| possible && of.contains(&value))
            }
            (Shape::One { .. }, Test::NotChosen { of }) => {
                let of = places(of);
                self.diagram.literal(first, |value| seat.places.contains(&value) && !of.contains(&value))
            }
            (Shape::Many, Test::Chosen { at_least, of }) => {
                self.ticks(&group, usize::from(*at_least), &places(of))
            }
            (Shape::Many, Test::NotChosen { of }) => {
                let any = self.ticks(&group, 1, &places(of))?;
                let none = self.diagram.not(any)?;
                let answered = self.answered(question, seat)?;
                self.diagram.and(none, answered)
            }
            (Shape::Number { cells, unknown }, test) => {
                let holds = |value: u16| match (test, cells.get(usize::from(value))) {
                    (Test::AtLeast(threshold), Some((low, _))) => low >= threshold,
                    (Test::Below(threshold), Some((_, high))) => high < threshold,
                    (Test::Unknown, None) => *unknown && usize::from(value) == cells.len(),
                    _ => false,
                };
                self.diagram.literal(first, holds)
            }
            (Shape::Items { .. }, test) => match &question.kind {
                Kind::Instrument { items, gated, .. } => self.items(&group, items, *gated, test),
                _ => Ok(FALSE),
            },
            _ => Ok(FALSE),
        }
    }

    /// At least so many of these places are ticked. Places ascend.
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
                let (variable, high) = (first + usize::from(*item), high_of(highest, *item));
                let least = u16::from(*least);
                self.diagram.literal(variable, |value| value >= least && value <= high)
            }
            Test::ItemBelow { item, value: limit } => {
                let (variable, high) = (first + usize::from(*item), high_of(highest, *item));
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

    /// A question's answer under one value for each variable; `None` where it has none.
    pub(crate) fn answer(
        &self,
        question: &Question,
        facts: &QuestionFacts,
        seat: &Seat,
        values: &[u16],
    ) -> Option<Answer> {
        let group = &self.groups[seat.group];
        let own = &values[group.variables.clone()];
        let option = |place: u16| {
            let at = seat.places.iter().position(|&own| own == place)?;
            u16::try_from(at).ok()
        };
        match (&group.shape, &question.kind) {
            (Shape::One { .. }, _) => own.first().and_then(|&value| option(value)).map(Answer::One),
            (Shape::Many, _) => {
                let ticked = (0u16..).zip(own).filter(|&(_, &value)| value == 1);
                let ticks: Vec<u16> = ticked.filter_map(|(place, _)| option(place)).collect();
                (!ticks.is_empty()).then_some(Answer::Many(ticks))
            }
            (Shape::Number { cells, .. }, Kind::Number { low: least, high: most, unknown, .. }) => {
                let value = usize::from(*own.first()?);
                match cells.get(value) {
                    Some((low, high)) if low < least || high > most => None,
                    Some(&(low, high)) => {
                        // The end that is nearest to the safest number: the example sits on the threshold.
                        let safest_is_lowest = !matches!(facts.direction, Some((_, Order::Lower)));
                        Some(Answer::Number(if safest_is_lowest { low } else { high }))
                    }
                    None if unknown.is_some() && value == cells.len() => Some(Answer::Unknown),
                    None => None,
                }
            }
            (Shape::Items { .. }, Kind::Instrument { items: highest, .. }) => {
                let items: Vec<Option<u8>> = own
                    .iter()
                    .zip(highest)
                    .map(|(&value, &high)| u8::try_from(value).ok().filter(|&value| value <= high))
                    .collect();
                items.first().copied().flatten().is_some().then_some(Answer::Items(items))
            }
            _ => None,
        }
    }
}

fn high_of(highest: &[u8], item: u16) -> u16 {
    highest.get(usize::from(item)).copied().map_or(0, u16::from)
}

impl Seat {
    /// A question alone in its group: every option in its own place.
    pub(crate) fn alone(group: usize, question: &Question) -> Self {
        Self { group, places: (0u16..).take(question.options().len()).collect() }
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
