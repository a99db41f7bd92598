//! Answers, and what makes one acceptable.

use crate::program::{Kind, Program, Question, QuestionIdx};

/// An answer to one question. Options are places in the question's list of options.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The one option chosen.
    One(u16),
    /// The options ticked. Order and repeats do not matter.
    Many(Vec<u16>),
    /// A number, as a whole count of `10^-decimals` of the unit.
    Number(i64),
    /// A number question's "I do not know".
    Unknown,
    /// The value of each item; `None` for an item left out.
    Items(Vec<Option<u8>>),
}

/// Why an answer is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerError {
    /// There is no such question.
    NoSuchQuestion,
    /// The question is not asked now.
    NotAsked,
    /// Another kind of answer is needed.
    WrongKind,
    /// There is no such option.
    NoSuchOption,
    /// Nothing is ticked.
    NothingChosen,
    /// An option that stands alone was ticked together with others.
    NotAlone,
    /// The number is below the lowest taken (scaled).
    TooLow {
        /// The lowest, scaled.
        low: i64,
    },
    /// The number is above the highest taken (scaled).
    TooHigh {
        /// The highest, scaled.
        high: i64,
    },
    /// The question has no "I do not know".
    NoUnknown,
    /// Another number of items is needed.
    WrongItems {
        /// How many.
        items: u16,
    },
    /// An item's value is above its highest.
    ItemTooHigh {
        /// Which item, from 0.
        item: u16,
    },
    /// An item that is needed has no value.
    ItemMissing {
        /// The first such item, from 0.
        item: u16,
    },
}

/// Checks an answer against its question and puts it into its one standard form: ticks sorted, without repeats;
/// items behind a closed gate left out. Items may be missing.
pub(crate) fn accept(question: &Question, answer: Answer) -> Result<Answer, AnswerError> {
    match (&question.kind, answer) {
        (Kind::One { options }, Answer::One(option)) => {
            if usize::from(option) < options.len() {
                Ok(Answer::One(option))
            } else {
                Err(AnswerError::NoSuchOption)
            }
        }
        (Kind::Many { options }, Answer::Many(mut ticks)) => {
            crate::order::ascending(&mut ticks);
            let mut alone = false;
            for &tick in &ticks {
                let option = options.get(usize::from(tick)).ok_or(AnswerError::NoSuchOption)?;
                alone |= option.exclusive;
            }
            match ticks.len() {
                0 => Err(AnswerError::NothingChosen),
                1 => Ok(Answer::Many(ticks)),
                _ if alone => Err(AnswerError::NotAlone),
                _ => Ok(Answer::Many(ticks)),
            }
        }
        (Kind::Number { low, high, .. }, Answer::Number(value)) => {
            if value < *low {
                Err(AnswerError::TooLow { low: *low })
            } else if value > *high {
                Err(AnswerError::TooHigh { high: *high })
            } else {
                Ok(Answer::Number(value))
            }
        }
        (Kind::Number { unknown, .. }, Answer::Unknown) => match unknown {
            Some(_) => Ok(Answer::Unknown),
            None => Err(AnswerError::NoUnknown),
        },
        (Kind::Instrument { items, gated, .. }, Answer::Items(mut values)) => {
            if values.len() != items.len() {
                return Err(AnswerError::WrongItems {
                    items: u16::try_from(items.len()).unwrap_or(u16::MAX),
                });
            }
            for (at, (value, highest)) in values.iter().zip(items).enumerate() {
                if value.is_some_and(|value| value > *highest) {
                    return Err(AnswerError::ItemTooHigh { item: u16::try_from(at).unwrap_or(u16::MAX) });
                }
            }
            if *gated && values.first() == Some(&Some(0)) {
                values.iter_mut().skip(1).for_each(|value| *value = None);
            }
            Ok(Answer::Items(values))
        }
        _ => Err(AnswerError::WrongKind),
    }
}

/// The first item that is needed and missing, from 0. `None`: the answer is whole.
pub(crate) fn missing_item(question: &Question, answer: &Answer) -> Option<u16> {
    let (Kind::Instrument { items, gated, .. }, Answer::Items(values)) = (&question.kind, answer) else {
        return None;
    };
    if *gated && values.first() == Some(&Some(0)) {
        return None;
    }
    let first = (0..items.len()).find(|&at| values.get(at).copied().flatten().is_none())?;
    u16::try_from(first).ok()
}

/// A set of answers, at most one for each question of a program.
///
/// An answer to a question that is not asked may be in it; it is never read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    given: Vec<Option<Answer>>,
}

impl Answers {
    /// No answers yet.
    pub fn new(program: &Program) -> Self {
        Self { given: vec![None; program.questions.len()] }
    }

    /// Sets the answer to a question. An instrument's items may be missing; it then counts as unanswered,
    /// but lines about the items that are there can hold.
    pub fn set(
        &mut self,
        program: &Program,
        question: QuestionIdx,
        answer: Answer,
    ) -> Result<(), AnswerError> {
        let asked = program.question(question).ok_or(AnswerError::NoSuchQuestion)?;
        let answer = accept(asked, answer)?;
        if self.given.len() <= question.index() {
            self.given.resize(program.questions.len(), None);
        }
        if let Some(slot) = self.given.get_mut(question.index()) {
            *slot = Some(answer);
        }
        Ok(())
    }

    /// The answer to a question, if there is one.
    pub fn get(&self, question: QuestionIdx) -> Option<&Answer> {
        self.given.get(question.index())?.as_ref()
    }

    /// Takes the answer to a question away.
    pub fn remove(&mut self, question: QuestionIdx) -> Option<Answer> {
        self.given.get_mut(question.index())?.take()
    }

    /// All answers, in file order of their questions.
    pub fn iter(&self) -> impl Iterator<Item = (QuestionIdx, &Answer)> {
        self.given
            .iter()
            .enumerate()
            .filter_map(|(at, answer)| Some((QuestionIdx(u16::try_from(at).ok()?), answer.as_ref()?)))
    }
}
