//! The reader's answers in words.

use checker_rules::{Answer, Because, QuestionIdx};

use crate::app::App;
use crate::entry::decimal;
use crate::words::Ui;

impl App {
    /// A question's words.
    pub(crate) fn title(&self, question: QuestionIdx) -> &'static str {
        self.words.title(question)
    }

    pub(crate) fn question_id(&self, question: QuestionIdx) -> &str {
        self.session.program().question(question).map_or("", |question| &question.id)
    }

    /// What the reader answered, one line for each thing picked.
    pub(crate) fn given(&self, at: QuestionIdx) -> Vec<String> {
        let (Some(question), Some(answer)) =
            (self.session.program().question(at), self.session.answers().get(at))
        else {
            return Vec::new();
        };
        match answer {
            Answer::One(option) => self.labels(at, &[*option]),
            Answer::Many(options) => self.labels(at, options),
            Answer::Number(value) => {
                vec![self.measured(at, &decimal(&question.kind, *value))]
            }
            Answer::Unknown => vec![self.words.option(at, 1).into()],
            Answer::Items(values) => {
                (0_u16..).zip(values).filter_map(|(item, _)| self.item(at, item, values)).collect()
            }
        }
    }

    /// A number with its unit. An unseen mark in front keeps both in this order where text runs from right to left.
    pub(crate) fn measured(&self, at: QuestionIdx, number: &str) -> String {
        let unit = self.words.option(at, 0);
        if unit.is_empty() { number.to_owned() } else { ["\u{200e}", number, " ", unit].concat() }
    }

    /// The answers behind a reason, one line for each.
    pub(crate) fn given_for(&self, because: &Because) -> Vec<String> {
        let at = because.question;
        if !because.options.is_empty() {
            return self.labels(at, &because.options);
        }
        match self.session.answers().get(at) {
            Some(Answer::Items(values)) if !because.items.is_empty() => {
                because.items.iter().filter_map(|item| self.item(at, *item, values)).collect()
            }
            // A score rests on all items together. The bare number would say less than it seems to.
            Some(Answer::Items(_)) => vec![self.words.ui(Ui::BecauseScore).into()],
            _ => self.given(at),
        }
    }

    fn labels(&self, at: QuestionIdx, options: &[u16]) -> Vec<String> {
        options.iter().map(|option| self.words.option(at, *option).to_owned()).collect()
    }

    /// One item, from 0, and the word for its value.
    fn item(&self, at: QuestionIdx, item: u16, values: &[Option<u8>]) -> Option<String> {
        let value = (*values.get(usize::from(item))?)?;
        let mut text = self.words.item(at, item).to_owned();
        text.push_str(": ");
        text.push_str(self.words.value(at, value));
        Some(text)
    }
}
