//! A second way to what a questionnaire means, which shares nothing with the first but the draft: another library's
//! diagrams, over bits. An answer is written as numbers in binary (an option's place, a tick, a number counted from the
//! lowest, an item's value); a question that is not asked has zeros. Codes that stand for no answer are left out.

use std::collections::BTreeMap;

use biodivine_lib_bdd::{Bdd, BddVariable, BddVariableSet};
use checker_rules::*;

/// The bits of one number, the highest first.
type Digit = Vec<BddVariable>;

/// A questionnaire over bits.
pub(crate) struct Bits<'d> {
    draft: &'d Draft,
    set: BddVariableSet,
    digits: BTreeMap<&'d str, Vec<Digit>>,
    asked: BTreeMap<&'d str, Bdd>,
    sets: BTreeMap<&'d str, Bdd>,
    /// Complete answer sets.
    pub(crate) valid: Bdd,
}

impl<'d> Bits<'d> {
    pub(crate) fn of(draft: &'d Draft) -> Self {
        let sizes = draft.questions.iter().map(|question| (question.id.text.as_str(), numbers(question)));
        let sizes: Vec<(&str, Vec<u64>)> = sizes.collect();
        let width = |count: u64| (u64::BITS - (count - 1).leading_zeros()).max(1) as usize;
        let total: usize = sizes.iter().flat_map(|(_, counts)| counts).map(|&count| width(count)).sum();
        let set = BddVariableSet::new_anonymous(total as u16);
        let mut variables = set.variables().into_iter();
        let digits = sizes
            .into_iter()
            .map(|(id, counts)| {
                let digit = |count| variables.by_ref().take(width(count)).collect();
                (id, counts.into_iter().map(digit).collect())
            })
            .collect();
        let valid = set.mk_true();
        let mut bits = Self { draft, set, digits, asked: BTreeMap::new(), sets: BTreeMap::new(), valid };
        for question in draft.questions.iter().rev() {
            let asked = bits.asked(&question.id.text);
            let whole = asked.and(&bits.answered(question));
            let zeros = bits.digits[question.id.text.as_str()].iter().map(|digit| bits.equals(digit, 0));
            let nothing = all(&bits.set, zeros.collect()).and_not(&asked);
            bits.valid = bits.valid.and(&whole.or(&nothing));
        }
        bits
    }

    /// For each rule: where it fires, among complete answer sets.
    pub(crate) fn fires(&mut self) -> Vec<Bdd> {
        let draft = self.draft;
        draft.rules.iter().map(|rule| self.holds(&rule.when).and(&self.valid)).collect()
    }

    /// For each outcome: who gets it; then: for whom no rule has one.
    pub(crate) fn outcomes(&self, fires: &[Bdd]) -> (Vec<Bdd>, Bdd) {
        let mut left = self.valid.clone();
        let mut gets: Vec<Bdd> = Vec::new();
        for outcome in &self.draft.outcomes {
            let asking = self.draft.rules.iter().zip(fires);
            let asking = asking
                .filter(|(rule, _)| rule.outcome.as_ref().is_some_and(|name| name.text == outcome.text))
                .map(|(_, fires)| fires.clone());
            let asked_for = any(&self.set, asking.collect());
            gets.push(left.and(&asked_for));
            left = left.and_not(&asked_for);
        }
        if let Some(otherwise) = &self.draft.otherwise {
            let at = self.draft.outcomes.iter().position(|outcome| outcome.text == otherwise.text);
            let at = at.expect("an outcome");
            gets[at] = gets[at].or(&left);
        }
        (gets, left)
    }

    /// Where a promise about the outcome is broken; `None` for another promise.
    pub(crate) fn broken(&mut self, promise: &'d DraftPromise, outcomes: &[Bdd]) -> Option<Bdd> {
        let (when, bound, always) = match promise {
            DraftPromise::Always { when, outcome } => (when, outcome, true),
            DraftPromise::Never { when, outcome } => (when, outcome, false),
            _ => return None,
        };
        let named = self.draft.outcomes.iter().position(|outcome| outcome.text == bound.name.text);
        let named = named.expect("an outcome");
        let within = |at: usize| match bound.or {
            Reach::Worse => at <= named,
            Reach::Better => at >= named,
            Reach::Exactly => at == named,
        };
        let inside = (0..outcomes.len()).filter(|&at| within(at)).map(|at| outcomes[at].clone());
        let inside = any(&self.set, inside.collect());
        let concerned = self.holds(when).and(&self.valid);
        Some(if always { concerned.and_not(&inside) } else { concerned.and(&inside) })
    }

    fn question(&self, id: &str) -> &'d DraftQuestion {
        self.draft.questions.iter().find(|question| question.id.text == id).expect("a question")
    }

    fn asked(&mut self, id: &str) -> Bdd {
        let question = self.question(id);
        if let Some(known) = self.asked.get(id) {
            return known.clone();
        }
        let mut asked = match &question.asked_when {
            Some(when) => self.holds(when),
            None => self.set.mk_true(),
        };
        if let DraftKind::Instrument { answered_by: Some(by), .. } = &question.kind {
            asked = asked.and_not(&self.asked(&by.text));
        }
        self.asked.insert(&question.id.text, asked.clone());
        asked
    }

    /// The bits are a whole answer to the question.
    fn answered(&self, question: &DraftQuestion) -> Bdd {
        let digits = &self.digits[question.id.text.as_str()];
        let counts = numbers(question);
        match &question.kind {
            DraftKind::Many { options, exclusive } => {
                let alone = |at: usize| exclusive.iter().any(|name| name.text == options[at].text);
                let tick = |at: usize| self.equals(&digits[at], 1);
                let (single, free): (Vec<usize>, Vec<usize>) = (0..options.len()).partition(|&at| alone(at));
                let no_single = any(&self.set, single.iter().map(|&at| tick(at)).collect()).not();
                let some = any(&self.set, free.iter().map(|&at| tick(at)).collect());
                let only = |&at: &usize| {
                    let others = (0..options.len()).filter(|&other| other != at).map(tick);
                    tick(at).and_not(&any(&self.set, others.collect()))
                };
                some.and(&no_single).or(&any(&self.set, single.iter().map(only).collect()))
            }
            DraftKind::Instrument { instrument, .. } => {
                let in_range =
                    digits.iter().zip(&counts).map(|(digit, &count)| self.at_least(digit, count).not());
                let in_range = all(&self.set, in_range.collect());
                if !instrument.gated {
                    return in_range;
                }
                let open = self.at_least(&digits[0], 1);
                let zeros = all(&self.set, digits[1..].iter().map(|digit| self.equals(digit, 0)).collect());
                in_range.and(&open.or(&zeros))
            }
            _ => self.at_least(&digits[0], counts[0]).not(),
        }
    }

    fn holds(&mut self, condition: &'d DraftCondition) -> Bdd {
        match condition {
            DraftCondition::All(parts) => {
                let parts = parts.iter().map(|part| self.holds(part)).collect();
                all(&self.set, parts)
            }
            DraftCondition::Any(parts) => {
                let parts = parts.iter().map(|part| self.holds(part)).collect();
                any(&self.set, parts)
            }
            DraftCondition::None(parts) => {
                let parts = parts.iter().map(|part| self.holds(part)).collect();
                any(&self.set, parts).not()
            }
            DraftCondition::AtLeast(count, parts) => {
                // exactly[n]: n of the parts so far hold.
                let mut exactly = vec![self.set.mk_true()];
                for part in parts {
                    let part = self.holds(part);
                    let mut next = vec![self.set.mk_false(); exactly.len() + 1];
                    for (n, so_far) in exactly.iter().enumerate() {
                        next[n] = next[n].or(&so_far.and_not(&part));
                        next[n + 1] = next[n + 1].or(&so_far.and(&part));
                    }
                    exactly = next;
                }
                any(&self.set, exactly.into_iter().skip(*count as usize).collect())
            }
            DraftCondition::Set(name) => {
                if let Some(known) = self.sets.get(name.text.as_str()) {
                    return known.clone();
                }
                let draft = self.draft;
                let named = draft.sets.iter().find(|set| set.name.text == name.text).expect("a set");
                let holds = self.holds(&named.condition);
                self.sets.insert(&named.name.text, holds.clone());
                holds
            }
            DraftCondition::Line(line) => self.line(line),
        }
    }

    fn line(&mut self, line: &DraftLine) -> Bdd {
        let question = self.question(&line.subject.text);
        let own = self.test(question, &question.id.text, &line.test);
        let own = own.and(&self.asked(&question.id.text));
        match &question.kind {
            DraftKind::Instrument { answered_by: Some(by), .. } => {
                let read = self.test(question, &by.text, &line.test);
                own.or(&read.and(&self.asked(&by.text)))
            }
            _ => own,
        }
    }

    /// A test on the answer that is written in the digits of `source`, where that is asked.
    fn test(&self, question: &DraftQuestion, source: &str, test: &DraftTest) -> Bdd {
        let digits = &self.digits[source];
        let place = |name: &Name, of: &[Name]| of.iter().position(|other| other.text == name.text);
        match &question.kind {
            DraftKind::One { options } => {
                let one_of = |names: &[Name]| {
                    let picks = names.iter().map(|name| place(name, options).expect("an option"));
                    any(&self.set, picks.map(|at| self.equals(&digits[0], at as u64)).collect())
                };
                match test {
                    DraftTest::Is(names) => one_of(names),
                    DraftTest::IsNot(names) => one_of(names).not(),
                    DraftTest::IsUnknown => one_of(&question.unknown),
                    _ => panic!("{test:?}"),
                }
            }
            DraftKind::Many { options, .. } => {
                let ticks = |names: &[Name]| -> Vec<Bdd> {
                    let picks = names.iter().map(|name| place(name, options).expect("an option"));
                    picks.map(|at| self.equals(&digits[at], 1)).collect()
                };
                match test {
                    DraftTest::Includes(names) => any(&self.set, ticks(names)),
                    DraftTest::IsUnknown => any(&self.set, ticks(&question.unknown)),
                    DraftTest::IncludesAtLeast(count, names) => {
                        let ones = names.iter().map(|name| &digits[place(name, options).expect("an option")]);
                        self.sum_at_least(&ones.collect::<Vec<_>>(), u64::from(*count))
                    }
                    _ => panic!("{test:?}"),
                }
            }
            DraftKind::Number { low, high, decimals, .. } => {
                let scaled = |value: Decimal| scaled(value, *decimals);
                let unknown = (scaled(*high) - scaled(*low) + 1) as u64;
                let reaches = |value: Decimal| {
                    let number = self.at_least(&digits[0], (scaled(value) - scaled(*low)).max(0) as u64);
                    number.and_not(&self.at_least(&digits[0], unknown))
                };
                let known = self.at_least(&digits[0], unknown).not();
                match test {
                    DraftTest::AtLeast(least) => reaches(least.value),
                    DraftTest::Below(limit) => known.and_not(&reaches(limit.value)),
                    DraftTest::IsUnknown => self.equals(&digits[0], unknown),
                    _ => panic!("{test:?}"),
                }
            }
            DraftKind::Instrument { instrument, .. } => {
                let own = &digits[..instrument.items.len()];
                let counted: Vec<&Digit> = own.iter().skip(usize::from(instrument.gated)).collect();
                match test {
                    DraftTest::AtLeast(least) => self.sum_at_least(&counted, least.value.digits as u64),
                    DraftTest::Below(limit) => self.sum_at_least(&counted, limit.value.digits as u64).not(),
                    DraftTest::ItemAtLeast { item, value } => {
                        self.at_least(&own[*item as usize - 1], u64::from(*value))
                    }
                    DraftTest::ItemBelow { item, value } => {
                        self.at_least(&own[*item as usize - 1], u64::from(*value)).not()
                    }
                    _ => panic!("{test:?}"),
                }
            }
        }
    }

    fn equals(&self, digit: &Digit, value: u64) -> Bdd {
        if digit.len() < 64 && value >> digit.len() != 0 {
            return self.set.mk_false();
        }
        let bits = digit.iter().rev().enumerate();
        let bits = bits.map(|(at, &bit)| self.set.mk_literal(bit, value >> at & 1 == 1));
        all(&self.set, bits.collect())
    }

    fn at_least(&self, digit: &Digit, value: u64) -> Bdd {
        if value >> digit.len() != 0 {
            return self.set.mk_false();
        }
        // From the lowest bit up.
        let mut reached = self.set.mk_true();
        for (at, &bit) in digit.iter().rev().enumerate() {
            let one = self.set.mk_var(bit);
            reached = if value >> at & 1 == 1 { one.and(&reached) } else { one.or(&reached) };
        }
        reached
    }

    fn sum_at_least(&self, digits: &[&Digit], least: u64) -> Bdd {
        // From the last digit up; reached[n]: the digits so far add up to at least n.
        let least = least as usize;
        let mut reached = vec![self.set.mk_false(); least + 1];
        reached[0] = self.set.mk_true();
        for digit in digits.iter().rev() {
            let values: Vec<Bdd> = (0..1 << digit.len()).map(|value| self.equals(digit, value)).collect();
            reached = (0..=least)
                .map(|n| {
                    let ways = values.iter().enumerate();
                    let ways = ways.map(|(value, here)| here.and(&reached[n.saturating_sub(value)]));
                    any(&self.set, ways.collect())
                })
                .collect();
        }
        reached.pop().expect("one for each sum")
    }
}

/// For each number that an answer is written as: how many values it has.
fn numbers(question: &DraftQuestion) -> Vec<u64> {
    match &question.kind {
        DraftKind::One { options } => vec![options.len() as u64],
        DraftKind::Many { options, .. } => vec![2; options.len()],
        DraftKind::Number { low, high, decimals, .. } => {
            let known = scaled(*high, *decimals) - scaled(*low, *decimals) + 1;
            vec![known as u64 + u64::from(!question.unknown.is_empty())]
        }
        DraftKind::Instrument { instrument, .. } => {
            instrument.items.iter().map(|&high| u64::from(high) + 1).collect()
        }
    }
}

/// A decimal as a count of the last digit that the question takes.
fn scaled(value: Decimal, decimals: u8) -> i64 {
    value.digits * 10i64.pow(u32::from(decimals - value.scale))
}

fn all(set: &BddVariableSet, parts: Vec<Bdd>) -> Bdd {
    parts.iter().rev().fold(set.mk_true(), |all, part| part.and(&all))
}

fn any(set: &BddVariableSet, parts: Vec<Bdd>) -> Bdd {
    parts.iter().rev().fold(set.mk_false(), |any, part| part.or(&any))
}
