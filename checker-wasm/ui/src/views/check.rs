//! Check your answers.

use checker_rules::{QuestionIdx, SectionIdx};

use super::{At, El, button, el, lines, paragraph, title};
use crate::app::{App, Msg};
use crate::words::Ui;

impl App {
    /// The reader's answers, to look at once more.
    pub(super) fn draw_check(&self) -> El {
        El::new("div")
            .el(title(self.words.ui(Ui::CheckTitle)))
            .child(paragraph("checker-lead", self.words.ui(Ui::CheckLead)))
            .el(self.draw_answers())
            .el(el("div", "checker-actions")
                .el(button("button button--primary", "continue", self.words.ui(Ui::SeeResult), Msg::Continue))
                .el(self.back_button(Ui::Back))
                .el(self.clear_button()))
    }

    /// The reader's answers by section, with a way to change each.
    pub(super) fn draw_answers(&self) -> El {
        let mut answers = El::new("div");
        for (section, questions) in self.by_section() {
            if let Some(section) = section {
                let name = self.words.section(section);
                answers = answers.el(El::new("h3").text(name));
            }
            let mut list = el("dl", "checker-answers");
            for at in questions {
                list = list.el(self.draw_answer(at));
            }
            answers = answers.el(list);
        }
        answers
    }

    /// Asked and answered questions in file order, grouped by section.
    pub(super) fn by_section(&self) -> Vec<(Option<SectionIdx>, Vec<QuestionIdx>)> {
        let mut groups: Vec<(Option<SectionIdx>, Vec<QuestionIdx>)> = Vec::new();
        for at in self.session.evaluation().shown {
            if self.session.answers().get(at).is_none() {
                continue;
            }
            let section = self.session.program().question(at).and_then(|question| question.section);
            match groups.last_mut() {
                Some((last, questions)) if *last == section => questions.push(at),
                _ => groups.push((section, vec![at])),
            }
        }
        groups
    }

    fn draw_answer(&self, at: QuestionIdx) -> El {
        let title = self.title(at);
        let text = self.words.ui(Ui::Change);
        let change = button("button button--quiet", "change", text, Msg::Change(at))
            .made(At::Question, self.question_id(at).to_owned())
            .made(At::Label, [text, ": ", title].concat());
        El::new("div")
            .el(El::new("dt").text(title))
            .el(lines(El::new("dd"), self.given(at)))
            .el(El::new("dd").el(change))
    }
}
