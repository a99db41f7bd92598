//! The reader's answers in words.

use checker_rules::{Answer, Because, Kind, QuestionIdx};

use crate::app::App;
use crate::entry::decimal;
use crate::words::digits;

impl App {
    /// A question's words.
    pub(crate) fn title(&self, question: QuestionIdx) -> &'static str {
        self.words.question(self.question_id(question), ".title")
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
                let mut text = decimal(&question.kind, *value);
                if let Some(unit) = self.words.find(&["q.", &question.id, ".unit"]) {
                    text.push(' ');
                    text.push_str(unit);
                }
                vec![text]
            }
            Answer::Unknown => match &question.kind {
                Kind::Number { unknown: Some(id), .. } => {
                    vec![self.words.part(&question.id, ".unknown.", id).into()]
                }
                _ => Vec::new(),
            },
            Answer::Items(values) => {
                (0_u16..).zip(values).filter_map(|(item, _)| self.item(&question.id, item, values)).collect()
            }
        }
    }

    /// The answers behind a reason, one line for each.
    pub(crate) fn given_for(&self, because: &Because) -> Vec<String> {
        let at = because.question;
        if !because.options.is_empty() {
            return self.labels(at, &because.options);
        }
        match self.session.answers().get(at) {
            Some(Answer::Items(values)) if !because.items.is_empty() => because
                .items
                .iter()
                .filter_map(|item| self.item(self.question_id(at), *item, values))
                .collect(),
            // A score rests on all items together. The bare number would say less than it seems to.
            Some(Answer::Items(_)) => vec![self.words.ui("because_score").into()],
            _ => self.given(at),
        }
    }

    fn labels(&self, at: QuestionIdx, options: &[u16]) -> Vec<String> {
        let Some(question) = self.session.program().question(at) else { return Vec::new() };
        options
            .iter()
            .filter_map(|option| question.options().get(usize::from(*option)))
            .map(|option| self.words.part(&question.id, ".opt.", &option.id).to_owned())
            .collect()
    }

    /// One item, from 0, and the word for its value.
    fn item(&self, id: &str, item: u16, values: &[Option<u8>]) -> Option<String> {
        let value = (*values.get(usize::from(item))?)?;
        let mut text = self.words.part(id, ".item.", &digits(u32::from(item) + 1)).to_owned();
        text.push_str(": ");
        text.push_str(self.words.part(id, ".value.", &digits(value.into())));
        Some(text)
    }
}
