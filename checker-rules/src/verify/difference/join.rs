//! Two questionnaires in one space: which questions are the same, and who is compared.

use std::collections::BTreeSet;

use crate::program::{Kind, Question};
use crate::questionnaire::Questionnaire;

use super::super::diagram::{FALSE, Full, Node, Over, TRUE};
use super::super::layout::{Cost, Values, cells, shape, thresholds, values};
use super::super::side::Side;
use super::super::space::{Entangled, Seat, Shape, Space};

/// Two versions over the answers of the same people.
///
/// One value for each variable is a person: an answer to every question that either version asks them, and none to the
/// others. Each version then reads what it asks itself.
pub(super) struct Joined<'q> {
    pub(super) space: Space,
    pub(super) old: Side<'q>,
    pub(super) new: Side<'q>,
    /// For each question of the new version the same one of the old.
    pub(super) old_of: Vec<Option<usize>>,
    /// Everybody whose answers both versions take.
    pub(super) people: Node,
    /// Complete answer sets of the old version, with nothing in what it does not ask.
    pub(super) old_valid: Node,
    /// Complete answer sets of the new version, with nothing in what it does not ask.
    pub(super) new_valid: Node,
    /// For each group who sits in it, the longest first.
    members: Vec<Members>,
    /// Groups in which somebody gives the new version an answer that the old one does not ask for.
    hidden_from_old: Vec<usize>,
    /// The same the other way round.
    hidden_from_new: Vec<usize>,
    /// The order of the groups' variables.
    order: Vec<usize>,
    /// For each group the id of the question that has all of its variables.
    ids: Vec<String>,
}

/// Questions in a group, and how many of its variables each takes: all, or the leading ones.
#[derive(Default)]
struct Members {
    old: Vec<(usize, usize)>,
    new: Vec<(usize, usize)>,
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Old,
    New,
}

impl<'q> Joined<'q> {
    /// Puts the two together, or says which questions stand in the way.
    pub(super) fn build(
        old: &'q Questionnaire,
        new: &'q Questionnaire,
        limit: usize,
    ) -> Result<Self, Vec<String>> {
        let plan = Plan::of(old, new);
        let ids = plan.ids(old, new);
        let (old_borders, new_borders) = (thresholds(old), thresholds(new));
        let groups = plan
            .groups
            .iter()
            .map(|group| group.variables((old, &old_borders), (new, &new_borders)))
            .collect();
        let space = Space::new(groups, &plan.order, limit).map_err(|too_much| names(&ids, &too_much))?;
        let mut members: Vec<Members> = plan.groups.iter().map(|_| Members::default()).collect();
        for (questionnaire, seats, is_old) in [(old, &plan.old_seats, true), (new, &plan.new_seats, false)] {
            for (at, seat) in seats.iter().enumerate() {
                let whole = space.groups[seat.group].variables.len();
                let length = match &questionnaire.program.questions[at].kind {
                    Kind::Instrument { items, .. } => items.len(),
                    _ => whole,
                };
                let own = &mut members[seat.group];
                if is_old { own.old.push((at, length)) } else { own.new.push((at, length)) }
            }
        }
        for own in &mut members {
            own.old.sort_by_key(|&(_, length)| std::cmp::Reverse(length));
            own.new.sort_by_key(|&(_, length)| std::cmp::Reverse(length));
        }
        let mut joined = Self {
            space,
            old: Side::new(old, plan.old_seats, true),
            new: Side::new(new, plan.new_seats, true),
            old_of: plan.old_of,
            people: TRUE,
            old_valid: TRUE,
            new_valid: TRUE,
            members,
            hidden_from_old: Vec::new(),
            hidden_from_new: Vec::new(),
            order: plan.order,
            ids,
        };
        match joined.fill() {
            Ok(()) => Ok(joined),
            Err(Full) => Err(joined.widest()),
        }
    }

    /// The questions with the widest levels.
    pub(super) fn widest(&self) -> Vec<String> {
        names(&self.ids, &self.space.entangled())
    }

    fn fill(&mut self) -> Result<(), Full> {
        for side in [&mut self.old, &mut self.new] {
            for &index in &side.program().order {
                side.ask(&mut self.space, index)?;
            }
        }
        // From the last variables up: each step then only adds nodes above what is there.
        for group in self.order.clone().into_iter().rev() {
            let people = self.coherent(group, &[Version::Old, Version::New])?;
            self.people = self.space.diagram.and(people, self.people)?;
            let old = self.coherent(group, &[Version::Old])?;
            self.old_valid = self.space.diagram.and(old, self.old_valid)?;
            let new = self.coherent(group, &[Version::New])?;
            self.new_valid = self.space.diagram.and(new, self.new_valid)?;
        }
        for group in self.order.clone() {
            if self.seen_in(Version::Old, group, self.people)? != self.people {
                self.hidden_from_old.push(group);
            }
            if self.seen_in(Version::New, group, self.people)? != self.people {
                self.hidden_from_new.push(group);
            }
        }
        self.old.decide(&mut self.space)?;
        self.new.decide(&mut self.space)
    }

    pub(super) fn side(&self, version: Version) -> &Side<'q> {
        match version {
            Version::Old => &self.old,
            Version::New => &self.new,
        }
    }

    fn members(&self, group: usize, version: Version) -> &[(usize, usize)] {
        match version {
            Version::Old => &self.members[group].old,
            Version::New => &self.members[group].new,
        }
    }

    /// Over a group: every version that asks something of it gets an answer that it takes; what none asks is absent.
    fn coherent(&mut self, group: usize, versions: &[Version]) -> Result<Node, Full> {
        let mut parts = Vec::new();
        // For each length the conditions under which so many variables are asked.
        let mut asked_up_to: Vec<(usize, Node)> = Vec::new();
        for &version in versions {
            for (question, length) in self.members(group, version).to_vec() {
                let (asked, answered) =
                    (self.side(version).asked[question], self.side(version).answered[question]);
                let not_asked = self.space.diagram.not(asked)?;
                parts.push(self.space.diagram.max(not_asked, answered)?);
                asked_up_to.push((length, asked));
            }
        }
        asked_up_to.sort_by_key(|&(length, _)| std::cmp::Reverse(length));
        let mut lengths: Vec<usize> = asked_up_to.iter().map(|&(length, _)| length).collect();
        lengths.push(0);
        lengths.dedup();
        let whole = self.space.groups[group].variables.len();
        lengths.retain(|&length| length < whole);
        // From a length on nothing is there, unless somebody asks for more.
        for shorter in lengths {
            let mut more = FALSE;
            for &(_, asked) in asked_up_to.iter().filter(|(length, _)| *length > shorter) {
                more = self.space.diagram.max(more, asked)?;
            }
            let absent = self.space.absent(group, shorter)?;
            parts.push(self.space.diagram.max(more, absent)?);
        }
        self.space.all(&parts)
    }

    /// The answer sets of a version that stand for some of the people: what it does not ask is taken away.
    pub(super) fn seen_by(&mut self, version: Version, people: Node) -> Result<Node, Full> {
        let hidden = match version {
            Version::Old => self.hidden_from_old.clone(),
            Version::New => self.hidden_from_new.clone(),
        };
        hidden.into_iter().try_fold(people, |seen, group| self.seen_in(version, group, seen))
    }

    /// The same, in one group only. What is taken away never decides what this version asks, so groups can be done one
    /// after the other.
    fn seen_in(&mut self, version: Version, group: usize, people: Node) -> Result<Node, Full> {
        let (mut seen, mut rest) = (FALSE, people);
        for (question, length) in self.members(group, version).to_vec() {
            let asked = self.side(version).asked[question];
            let here = self.space.diagram.and(asked, rest)?;
            let here = self.without(group, length, here)?;
            seen = self.space.diagram.max(seen, here)?;
            let not_asked = self.space.diagram.not(asked)?;
            rest = self.space.diagram.and(not_asked, rest)?;
        }
        let rest = self.without(group, 0, rest)?;
        self.space.diagram.max(seen, rest)
    }

    /// With nothing in a group from this place on, whatever was there.
    fn without(&mut self, group: usize, from: usize, people: Node) -> Result<Node, Full> {
        if people == FALSE {
            return Ok(FALSE);
        }
        let variables = self.space.groups[group].variables.clone();
        if from == variables.len() {
            return Ok(people);
        }
        let absent = self.space.absent(group, from)?;
        let mut gone = vec![false; self.space.diagram.variables()];
        gone[variables.start + from..variables.end].fill(true);
        let anything = self.space.diagram.quantify(people, &gone, Over::Greatest)?;
        self.space.diagram.and(absent, anything)
    }
}

/// Which questions share which group.
struct Plan {
    groups: Vec<Shared>,
    order: Vec<usize>,
    old_seats: Vec<Seat>,
    new_seats: Vec<Seat>,
    old_of: Vec<Option<usize>>,
}

/// The question of each version that has all of a group's variables.
struct Shared {
    old: Option<usize>,
    new: Option<usize>,
}

impl Plan {
    fn of(old: &Questionnaire, new: &Questionnaire) -> Self {
        let (old_questions, new_questions) = (&old.program.questions, &new.program.questions);
        let old_of: Vec<Option<usize>> = new_questions
            .iter()
            .map(|question| {
                let at = old_questions.iter().position(|before| before.id == question.id)?;
                same_kind(&old_questions[at], question).then_some(at)
            })
            .collect();
        let mut groups: Vec<Shared> =
            old_of.iter().enumerate().map(|(at, &old)| Shared { old, new: Some(at) }).collect();
        let gone = (0..old_questions.len()).filter(|at| !old_of.contains(&Some(*at)));
        groups.extend(gone.map(|at| Shared { old: Some(at), new: None }));

        let mut taken: BTreeSet<usize> = BTreeSet::new();
        let group_of: Vec<usize> = (0..groups.len())
            .map(|at| leader(&groups, old, new, at).filter(|&long| taken.insert(long)).unwrap_or(at))
            .collect();
        // Groups that moved in with another are left out; the rest close ranks.
        let mut number = vec![0; groups.len()];
        let kept: Vec<usize> = (0..groups.len()).filter(|&at| group_of[at] == at).collect();
        kept.iter().enumerate().for_each(|(place, &at)| number[at] = place);

        let mut old_seats = vec![Seat { group: 0, places: Vec::new() }; old_questions.len()];
        let mut new_seats = vec![Seat { group: 0, places: Vec::new() }; new_questions.len()];
        for (at, shared) in groups.iter().enumerate() {
            let group = number[group_of[at]];
            if let Some(new) = shared.new {
                new_seats[new] = Seat::alone(group, &new_questions[new]);
            }
            if let Some(old) = shared.old {
                let before = &old_questions[old];
                old_seats[old] = match shared.new {
                    Some(new) => Seat { group, places: places(before, &new_questions[new]) },
                    None => Seat::alone(group, before),
                };
            }
        }
        // In the order of the new version; what is gone stands behind what it stood behind.
        let mut order: Vec<usize> = Vec::new();
        for &index in &new.program.order {
            let group = new_seats[index.index()].group;
            if !order.contains(&group) {
                order.push(group);
            }
        }
        let mut behind = 0;
        for &index in &old.program.order {
            let group = old_seats[index.index()].group;
            match order.iter().position(|&at| at == group) {
                Some(place) => behind = place + 1,
                None => {
                    order.insert(behind, group);
                    behind += 1;
                }
            }
        }
        let mut all: Vec<Option<Shared>> = groups.into_iter().map(Some).collect();
        let groups = kept.into_iter().filter_map(|at| all[at].take()).collect();
        Self { groups, order, old_seats, new_seats, old_of }
    }

    fn ids(&self, old: &Questionnaire, new: &Questionnaire) -> Vec<String> {
        let id = |group: &Shared| match *group {
            Shared { new: Some(at), .. } => new.program.questions[at].id.clone(),
            Shared { old: Some(at), .. } => old.program.questions[at].id.clone(),
            Shared { .. } => String::new(),
        };
        self.groups.iter().map(id).collect()
    }
}

fn names(ids: &[String], too_much: &Entangled) -> Vec<String> {
    too_much.groups.iter().map(|&group| ids[group].clone()).collect()
}

/// The group of the longer instrument that a short one starts, when every version that has the short one reads it from
/// there: a person then gives the same answers to the same items, whichever of the two is asked.
fn leader(groups: &[Shared], old: &Questionnaire, new: &Questionnaire, short: usize) -> Option<usize> {
    let long_of = |questionnaire: &Questionnaire, at: usize| match questionnaire.program.questions[at].kind {
        Kind::Instrument { answered_by: Some(by), .. } => Some(by.index()),
        _ => None,
    };
    let own_leader = |questionnaire: &Questionnaire, at: Option<usize>| {
        at.and_then(|at| long_of(questionnaire, at)).is_some()
    };
    let in_old = groups[short].old.map(|at| {
        let long = long_of(old, at)?;
        groups.iter().position(|group| group.old == Some(long))
    });
    let in_new = groups[short].new.map(|at| {
        let long = long_of(new, at)?;
        groups.iter().position(|group| group.new == Some(long))
    });
    let long = match (in_old, in_new) {
        (Some(old), Some(new)) if old == new => old,
        (Some(only), None) | (None, Some(only)) => only,
        _ => None,
    }?;
    (!own_leader(old, groups[long].old) && !own_leader(new, groups[long].new)).then_some(long)
}

impl Shared {
    /// The group's shape, and its variables with their values. With each version go the borders of its numbers.
    fn variables(&self, old: Bordered<'_>, new: Bordered<'_>) -> (Shape, Vec<Values>) {
        match *self {
            Self { old: Some(before), new: Some(at) } => {
                let borders = &old.1[before] | &new.1[at];
                both(&old.0.program.questions[before], new.0, at, borders)
            }
            Self { new: Some(at), .. } => alone(new.0, at, &new.1[at]),
            Self { old: Some(at), .. } => alone(old.0, at, &old.1[at]),
            Self { .. } => (Shape::Many, Vec::new()),
        }
    }
}

/// A questionnaire, and for each of its questions where its numbers are split.
type Bordered<'a> = (&'a Questionnaire, &'a [BTreeSet<i64>]);

fn alone(questionnaire: &Questionnaire, at: usize, borders: &BTreeSet<i64>) -> (Shape, Vec<Values>) {
    let question = &questionnaire.program.questions[at];
    let shape = shape(question, borders);
    let values = values(question, &questionnaire.questions[at], &shape);
    (shape, values)
}

/// One group for a question of both versions: everything that either takes. What is unusual says the new version.
fn both(
    old: &Question,
    questionnaire: &Questionnaire,
    at: usize,
    mut borders: BTreeSet<i64>,
) -> (Shape, Vec<Values>) {
    let new = &questionnaire.program.questions[at];
    let gone = old.options().iter().filter(|option| new.find_option(&option.id).is_none()).count();
    let unusual = (1, Cost { answered: true, safest: false, extra: 1 });
    match (&old.kind, &new.kind) {
        (
            Kind::Number { low, high, unknown, .. },
            Kind::Number { low: new_low, high: new_high, unknown: new_unknown, .. },
        ) => {
            borders.extend([*low, high.saturating_add(1), *new_low, new_high.saturating_add(1)]);
            let cells = cells((*low).min(*new_low), (*high).max(*new_high), &borders);
            let taken = |cell: &(i64, i64)| cell.0 >= *new_low && cell.1 <= *new_high;
            let own: Vec<(i64, i64)> = cells.iter().copied().filter(taken).collect();
            let unknown = unknown.is_some() || new_unknown.is_some();
            let own = Shape::Number { cells: own, unknown };
            let mut variables = values(new, &questionnaire.questions[at], &own);
            for values in &mut variables {
                for (place, cell) in cells.iter().enumerate().filter(|(_, cell)| !taken(cell)) {
                    let weight = u64::try_from(cell.1 - cell.0 + 1).unwrap_or(1);
                    values.insert(place, (weight, unusual.1));
                }
            }
            (Shape::Number { cells, unknown }, variables)
        }
        (_, Kind::One { options }) => {
            let (_, mut variables) = alone(questionnaire, at, &borders);
            for values in &mut variables {
                // Before "not asked", which stays the last.
                let last = values.len().saturating_sub(1);
                values.splice(last..last, std::iter::repeat_n(unusual, gone));
            }
            (Shape::One { options: u16::try_from(options.len() + gone).unwrap_or(u16::MAX - 1) }, variables)
        }
        (_, Kind::Many { .. }) => {
            let (shape, mut variables) = alone(questionnaire, at, &borders);
            let unticked = (1, Cost { answered: false, safest: true, extra: 0 });
            variables.extend(std::iter::repeat_n(vec![unticked, unusual], gone));
            (shape, variables)
        }
        _ => alone(questionnaire, at, &borders),
    }
}

/// The place of each option of the old question: that of the same option in the new one, or behind all of those.
fn places(old: &Question, new: &Question) -> Vec<u16> {
    let mut next = u16::try_from(new.options().len()).unwrap_or(u16::MAX);
    old.options()
        .iter()
        .map(|option| {
            new.find_option(&option.id).unwrap_or_else(|| {
                let place = next;
                next = next.saturating_add(1);
                place
            })
        })
        .collect()
}

/// Whether two questions take answers that can be compared.
pub(super) fn same_kind(old: &Question, new: &Question) -> bool {
    match (&old.kind, &new.kind) {
        (Kind::One { .. }, Kind::One { .. }) | (Kind::Many { .. }, Kind::Many { .. }) => {
            old.options().iter().any(|option| new.find_option(&option.id).is_some())
        }
        (
            Kind::Number { unit, low, high, decimals, .. },
            Kind::Number { unit: new_unit, low: new_low, high: new_high, decimals: new_decimals, .. },
        ) => unit == new_unit && decimals == new_decimals && low <= new_high && new_low <= high,
        (
            Kind::Instrument { items, gated, .. },
            Kind::Instrument { items: new_items, gated: new_gated, .. },
        ) => items == new_items && gated == new_gated,
        _ => false,
    }
}
