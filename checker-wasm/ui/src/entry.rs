//! What the reader has put into the current question and not yet sent off with Continue.

use checker_rules::{Answer, Choice, Decimal, Kind};

/// The state of a question's inputs. Nothing is chosen before the reader chooses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The options picked, ascending.
    pub(crate) picked: Vec<u16>,
    /// What stands in a number's field.
    pub(crate) text: String,
    /// A number question's "I do not know" is picked.
    pub(crate) unknown: bool,
    /// The value of each item of an instrument.
    pub(crate) items: Vec<Option<u8>>,
}

/// What is wrong with an entry, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// One option is needed.
    PickOne,
    /// At least one option is needed.
    PickSome,
    /// A number is needed.
    Number,
    /// The number has more digits after the point than are taken.
    Digits,
    /// The number is outside what is taken.
    Range,
    /// This item, from 0, needs a value.
    Item(u16),
}

impl Entry {
    /// The inputs of a question, filled with an answer that was given before.
    pub(crate) fn new(kind: &Kind, before: Option<&Answer>) -> Self {
        let mut entry = Self::default();
        if let Kind::Instrument { items, .. } = kind {
            entry.items = vec![None; items.len()];
        }
        match before {
            Some(Answer::One(option)) => entry.picked.push(*option),
            Some(Answer::Many(options)) => entry.picked.clone_from(options),
            Some(Answer::Number(value)) => entry.text = decimal(kind, *value),
            Some(Answer::Unknown) => entry.unknown = true,
            Some(Answer::Items(values)) if values.len() == entry.items.len() => {
                entry.items.clone_from(values)
            }
            _ => {}
        }
        entry
    }

    /// Picks an option; of a question that takes several, picks or drops it. An option that stands alone clears the
    /// others, and any other clears those.
    pub(crate) fn pick(&mut self, kind: &Kind, option: u16) {
        match kind {
            Kind::Many { options } => {
                if let Some(at) = self.picked.iter().position(|&picked| picked == option) {
                    self.picked.remove(at);
                    return;
                }
                let alone =
                    |at: u16| options.get(usize::from(at)).is_some_and(|choice: &Choice| choice.exclusive);
                let new = alone(option);
                self.picked.retain(|&picked| !new && !alone(picked));
                let at = self.picked.iter().position(|&picked| picked > option).unwrap_or(self.picked.len());
                self.picked.insert(at, option);
            }
            _ => self.picked = vec![option],
        }
    }

    /// Takes what was typed; a number takes the place of "I do not know".
    pub(crate) fn write(&mut self, text: String) {
        self.unknown &= text.is_empty();
        self.text = text;
    }

    /// Picks or drops "I do not know"; it takes the place of a number.
    pub(crate) fn toggle_unknown(&mut self) {
        self.unknown = !self.unknown;
        if self.unknown {
            self.text.clear();
        }
    }

    /// Sets the value of an item, from 0.
    pub(crate) fn set_item(&mut self, item: u16, value: u8) {
        if let Some(slot) = self.items.get_mut(usize::from(item)) {
            *slot = Some(value);
        }
    }

    /// How many items are to be seen: only the first while it is a gate that nobody has opened.
    pub(crate) fn items_shown(&self, kind: &Kind) -> usize {
        match kind {
            Kind::Instrument { gated: true, .. } if !matches!(self.items.first(), Some(Some(1..))) => 1,
            _ => self.items.len(),
        }
    }

    /// The answer, or everything that is still wrong, in the order of the screen.
    pub(crate) fn answer(&self, kind: &Kind) -> Result<Answer, Vec<Problem>> {
        let one = |problem| Err(vec![problem]);
        match kind {
            Kind::One { .. } => self.picked.first().map(|&at| Answer::One(at)).ok_or(vec![Problem::PickOne]),
            Kind::Many { .. } if self.picked.is_empty() => one(Problem::PickSome),
            Kind::Many { .. } => Ok(Answer::Many(self.picked.clone())),
            Kind::Number { unknown: Some(_), .. } if self.unknown => Ok(Answer::Unknown),
            Kind::Number { low, high, decimals, .. } => {
                let typed = self.text.trim_ascii().replace(',', ".");
                match Decimal::parse(&typed) {
                    None => one(Problem::Number),
                    Some(number) => match number.scaled(*decimals) {
                        None => one(Problem::Digits),
                        Some(value) if value < *low || value > *high => one(Problem::Range),
                        Some(value) => Ok(Answer::Number(value)),
                    },
                }
            }
            Kind::Instrument { .. } => {
                let shown = self.items_shown(kind);
                let missing = |(at, value): (usize, &Option<u8>)| match value {
                    None => u16::try_from(at).ok().map(Problem::Item),
                    Some(_) => None,
                };
                let problems: Vec<Problem> =
                    self.items.iter().take(shown).enumerate().filter_map(missing).collect();
                if !problems.is_empty() {
                    return Err(problems);
                }
                let kept = |(at, value): (usize, &Option<u8>)| if at < shown { *value } else { None };
                Ok(Answer::Items(self.items.iter().enumerate().map(kept).collect()))
            }
        }
    }
}

/// Whether an answer is a number that few people have.
pub(crate) fn unlikely(kind: &Kind, answer: &Answer) -> bool {
    match (kind, answer) {
        (Kind::Number { usual: (low, high), .. }, Answer::Number(value)) => value < low || value > high,
        _ => false,
    }
}

/// A number question's value as people write it.
pub(crate) fn decimal(kind: &Kind, value: i64) -> String {
    let scale = match kind {
        Kind::Number { decimals, .. } => usize::from(*decimals),
        _ => 0,
    };
    let mut left = value.unsigned_abs();
    let mut text = String::new();
    let mut written = 0;
    while left > 0 || written <= scale {
        if scale > 0 && written == scale {
            text.insert(0, '.');
        }
        text.insert(0, char::from(b'0' + (left % 10) as u8));
        left /= 10;
        written += 1;
    }
    if value < 0 {
        text.insert(0, '-');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(id: &str, exclusive: bool) -> Choice {
        Choice { id: id.into(), exclusive, unknown: false, crisis: false }
    }

    fn many() -> Kind {
        Kind::Many {
            options: vec![
                choice("a", false),
                choice("b", false),
                choice("none", true),
                choice("unsure", true),
            ],
        }
    }

    fn one() -> Kind {
        Kind::One { options: vec![choice("no", false), choice("yes", false)] }
    }

    fn number(decimals: u8, unknown: bool) -> Kind {
        Kind::Number {
            unit: None,
            low: 0,
            high: 100,
            decimals,
            unknown: unknown.then(|| "unsure".into()),
            usual: (5, 90),
        }
    }

    fn instrument(gated: bool) -> Kind {
        Kind::Instrument { items: vec![3; 3], gated, crisis_items: vec![], answered_by: None }
    }

    fn typed(kind: &Kind, text: &str) -> Result<Answer, Vec<Problem>> {
        let mut entry = Entry::new(kind, None);
        entry.write(text.into());
        entry.answer(kind)
    }

    #[test]
    fn nothing_is_chosen_at_first_and_nothing_chosen_is_no_answer() {
        assert_eq!(Entry::new(&one(), None).answer(&one()), Err(vec![Problem::PickOne]));
        assert_eq!(Entry::new(&many(), None).answer(&many()), Err(vec![Problem::PickSome]));
        assert_eq!(Entry::new(&number(0, true), None).answer(&number(0, true)), Err(vec![Problem::Number]));
        let all = vec![Problem::Item(0), Problem::Item(1), Problem::Item(2)];
        assert_eq!(Entry::new(&instrument(false), None).answer(&instrument(false)), Err(all));
    }

    #[test]
    fn of_one_the_last_pick_counts() {
        let mut entry = Entry::new(&one(), None);
        entry.pick(&one(), 0);
        entry.pick(&one(), 1);
        assert_eq!(entry.answer(&one()), Ok(Answer::One(1)));
    }

    #[test]
    fn of_many_each_pick_counts_and_a_second_drops_it() {
        let mut entry = Entry::new(&many(), None);
        entry.pick(&many(), 1);
        entry.pick(&many(), 0);
        assert_eq!(entry.answer(&many()), Ok(Answer::Many(vec![0, 1])));
        entry.pick(&many(), 1);
        assert_eq!(entry.answer(&many()), Ok(Answer::Many(vec![0])));
    }

    #[test]
    fn none_of_these_clears_the_others_and_is_cleared_by_them() {
        let mut entry = Entry::new(&many(), None);
        entry.pick(&many(), 0);
        entry.pick(&many(), 1);
        entry.pick(&many(), 2);
        assert_eq!(entry.picked, [2]);
        entry.pick(&many(), 3);
        assert_eq!(entry.picked, [3], "two that stand alone do not stand together");
        entry.pick(&many(), 1);
        assert_eq!(entry.picked, [1]);
    }

    #[test]
    fn numbers_are_taken_as_people_write_them() {
        assert_eq!(typed(&number(0, false), " 7 "), Ok(Answer::Number(7)));
        assert_eq!(typed(&number(1, false), "7.5"), Ok(Answer::Number(75)));
        assert_eq!(typed(&number(1, false), "7,5"), Ok(Answer::Number(75)));
        assert_eq!(typed(&number(0, false), "100"), Ok(Answer::Number(100)));
    }

    #[test]
    fn what_is_no_such_number_is_told() {
        assert_eq!(typed(&number(0, false), "seven"), Err(vec![Problem::Number]));
        assert_eq!(typed(&number(0, false), "7.5"), Err(vec![Problem::Digits]));
        assert_eq!(typed(&number(0, false), "101"), Err(vec![Problem::Range]));
        assert_eq!(typed(&number(0, false), "-1"), Err(vec![Problem::Range]));
        assert_eq!(typed(&number(0, false), "99999999999999999999"), Err(vec![Problem::Number]));
    }

    #[test]
    fn numbers_that_few_people_have_are_unlikely() {
        let kind = number(0, true);
        for (value, expected) in [(4, true), (5, false), (50, false), (90, false), (91, true)] {
            assert_eq!(unlikely(&kind, &Answer::Number(value)), expected, "{value}");
        }
    }

    #[test]
    fn what_is_no_number_is_not_unlikely() {
        assert!(!unlikely(&number(0, true), &Answer::Unknown));
        assert!(!unlikely(&one(), &Answer::One(1)));
    }

    #[test]
    fn not_knowing_and_a_number_take_each_others_place() {
        let kind = number(0, true);
        let mut entry = Entry::new(&kind, None);
        entry.write("7".into());
        entry.toggle_unknown();
        assert_eq!((entry.text.as_str(), entry.answer(&kind)), ("", Ok(Answer::Unknown)));
        entry.write("8".into());
        assert_eq!(entry.answer(&kind), Ok(Answer::Number(8)));
    }

    #[test]
    fn not_knowing_counts_only_where_it_is_offered() {
        let kind = number(0, false);
        let mut entry = Entry::new(&kind, None);
        entry.toggle_unknown();
        assert_eq!(entry.answer(&kind), Err(vec![Problem::Number]));
    }

    #[test]
    fn an_instrument_needs_every_item() {
        let kind = instrument(false);
        let mut entry = Entry::new(&kind, None);
        entry.set_item(0, 1);
        entry.set_item(2, 3);
        assert_eq!(entry.answer(&kind), Err(vec![Problem::Item(1)]));
        entry.set_item(1, 0);
        assert_eq!(entry.answer(&kind), Ok(Answer::Items(vec![Some(1), Some(0), Some(3)])));
    }

    #[test]
    fn a_gate_hides_the_other_items_until_it_is_opened() {
        let kind = instrument(true);
        let mut entry = Entry::new(&kind, None);
        assert_eq!((entry.items_shown(&kind), entry.answer(&kind)), (1, Err(vec![Problem::Item(0)])));
        entry.set_item(0, 1);
        assert_eq!(entry.items_shown(&kind), 3);
        entry.set_item(1, 1);
        entry.set_item(0, 0);
        assert_eq!(entry.answer(&kind), Ok(Answer::Items(vec![Some(0), None, None])));
    }

    #[test]
    fn numbers_are_shown_as_people_write_them() {
        for (decimals, value, text) in [
            (0, 0, "0"),
            (0, 120, "120"),
            (0, -7, "-7"),
            (1, 75, "7.5"),
            (1, 5, "0.5"),
            (2, 1230, "12.30"),
            (2, -5, "-0.05"),
        ] {
            assert_eq!(decimal(&number(decimals, false), value), text);
        }
    }

    #[test]
    fn an_answer_given_before_is_offered_again() {
        for (kind, answer) in [
            (one(), Answer::One(1)),
            (many(), Answer::Many(vec![0, 1])),
            (number(1, false), Answer::Number(75)),
            (number(0, true), Answer::Unknown),
            (instrument(true), Answer::Items(vec![Some(0), None, None])),
        ] {
            assert_eq!(Entry::new(&kind, Some(&answer)).answer(&kind), Ok(answer));
        }
    }
}
