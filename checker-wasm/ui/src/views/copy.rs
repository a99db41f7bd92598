//! The copy of the result that a reader can keep: plain text, made on the device, only when asked for.

use checker_rules::Screen;

use crate::app::App;
use crate::words::Ui;

impl App {
    /// The result in the order of its screen, then the answers.
    pub(crate) fn copy(&self) -> String {
        let (Screen::Outcome(evaluation) | Screen::Stop(evaluation)) = &self.screen else {
            return String::new();
        };
        let program = self.session.program();
        let id = program.outcome(evaluation.outcome);
        let mut out = Text::default();
        if self.crisis {
            out.block(&crate::page::text("crisis"));
        }
        out.line(&[self.words.ui(Ui::Result), " ", self.words.outcome(evaluation.outcome)]);
        out.line(&[self.words.ui(Ui::NotDiagnosis)]);

        out.heading(self.words.ui(Ui::WhyTitle));
        for at in &evaluation.fired {
            let [heading, text] = self.words.reason(*at);
            out.line(&["* ", heading]);
            out.line(&["  ", text]);
            if let Some(talk) = self.talk_with(*at) {
                out.line(&["  ", &talk]);
            }
            for because in self.session.because(*at) {
                out.line(&["  ", self.words.ui(Ui::Because), " ", self.title(because.question)]);
                for given in self.given_for(&because) {
                    out.line(&["  - ", &given]);
                }
            }
        }
        if !evaluation.talk_to.is_empty() {
            out.heading(self.words.ui(Ui::TalkTitle));
            for who in &evaluation.talk_to {
                out.line(&["- ", self.words.talk(*who)]);
            }
        }
        out.heading(self.words.ui(Ui::NextTitle));
        out.block(&crate::page::text(&["outcome-", id].concat()));

        out.heading(self.words.ui(Ui::AnswersTitle));
        for (_, questions) in self.by_section() {
            for at in questions {
                out.line(&[self.title(at)]);
                for given in self.given(at) {
                    out.line(&["- ", &given]);
                }
            }
        }
        out.heading("");
        out.block(&crate::page::text("foot"));
        out.0
    }
}

/// Text that grows line by line.
#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.0.push_str(part));
        self.0.push_str("\r\n");
    }

    fn heading(&mut self, text: &str) {
        self.line(&[]);
        if !text.is_empty() {
            self.line(&[text]);
        }
    }

    fn block(&mut self, text: &str) {
        text.split('\n').for_each(|line| self.line(&[line]));
    }
}
