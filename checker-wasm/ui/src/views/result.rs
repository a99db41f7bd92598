//! The result, and the page that stops the questions.

use checker_rules::{Evaluation, RuleIdx};

use super::{At, El, button, el, lines, paragraph, title};
use crate::app::{App, Msg};
use crate::words::Ui;

impl App {
    /// In this order: the result in one line, not a diagnosis, why, who to talk to, what to do next, what stands on
    /// every result, and what one can do with it.
    ///
    /// An answer that cannot wait stops the questions: then what to do comes first, and the way back for a slip of
    /// the finger.
    pub(super) fn draw_result(&self, evaluation: &Evaluation, stop: bool) -> El {
        let id = self.session.program().outcome(evaluation.outcome);
        let next = || self.part(&["outcome-", id].concat(), "checker-next");
        let result = El::new("div")
            .made(At::Class, ["checker-result checker-result--", id].concat())
            .el(title(self.words.outcome(evaluation.outcome)));
        let result = if stop {
            result.child(next()).el(el("div", "checker-actions").el(self.back_button(Ui::Mistake)))
        } else {
            result
        };
        let result = result.child(paragraph("checker-notice", self.words.ui(Ui::NotDiagnosis)));
        let result = self.draw_why(result, evaluation);
        let result = if evaluation.talk_to.is_empty() {
            result
        } else {
            let mut who = el("ul", "checker-talk");
            for talk in &evaluation.talk_to {
                who = who.el(El::new("li").text(self.words.talk(*talk)));
            }
            result.el(El::new("h2").text(self.words.ui(Ui::TalkTitle))).el(who)
        };
        let part = self.part("foot", "checker-foot");
        // On paper alone, and there only when the reader asks for it: the theme sees to both.
        let record = el("div", "checker-record")
            .el(El::new("h2").text(self.words.ui(Ui::AnswersTitle)))
            .el(self.draw_answers());
        let actions = el("div", "checker-actions")
            .el(button("button button--primary", "print", self.words.ui(Ui::Print), Msg::Print))
            .el(button("button", "save", self.words.ui(Ui::Save), Msg::Save))
            .el(button("button", "save-record", self.words.ui(Ui::SaveRecord), Msg::SaveRecord));
        if stop {
            result.child(part).el(record).el(actions.el(self.clear_button()))
        } else {
            result
                .el(El::new("h2").text(self.words.ui(Ui::NextTitle)))
                .child(next())
                .child(part)
                .el(record)
                .el(actions.el(self.back_button(Ui::ChangeAnswers)).el(self.clear_button()))
        }
    }

    fn draw_why(&self, result: El, evaluation: &Evaluation) -> El {
        let result = result.el(El::new("h2").text(self.words.ui(Ui::WhyTitle)));
        if evaluation.fired.is_empty() {
            return result.child(paragraph("checker-lead", self.words.ui(Ui::WhyNone)));
        }
        let mut reasons = el("ul", "checker-reasons");
        for rule in &evaluation.fired {
            reasons = reasons.el(self.draw_reason(*rule));
        }
        result.el(reasons)
    }

    fn draw_reason(&self, at: RuleIdx) -> El {
        let [heading, text] = self.words.reason(at);
        let mut reason = El::new("li").el(El::new("h3").text(heading)).el(El::new("p").text(text));
        if let Some(text) = self.talk_with(at) {
            reason = reason.el(el("p", "checker-with").made_text(text));
        }
        for because in self.session.because(at) {
            let question = El::new("span")
                .text(self.words.ui(Ui::Because))
                .text(" ")
                .text(self.title(because.question))
                .text(" ");
            let given = lines(El::new("strong"), self.given_for(&because));
            reason = reason.el(el("div", "checker-because").el(question).el(given));
        }
        reason
    }

    /// Whom one reason sends the reader to, in one line.
    pub(super) fn talk_with(&self, rule: RuleIdx) -> Option<String> {
        let talk = self.session.talk_to(rule);
        if talk.is_empty() {
            return None;
        }
        let mut text = self.words.ui(Ui::TalkWith).to_owned();
        for (number, who) in talk.into_iter().enumerate() {
            text.push_str(if number == 0 { " " } else { "; " });
            text.push_str(self.words.talk(who));
        }
        Some(text)
    }
}
