//! The result, and the page that stops the questions.

use checker_rules::{Evaluation, RuleIdx, TalkIdx};

use super::{At, El, Link, button, el, lines, paragraph, title};
use crate::app::{App, Msg};

impl App {
    /// In this order: the result in one line, not a diagnosis, why, who to talk to, what to do next, what stands on
    /// every result, and what one can do with it.
    ///
    /// An answer that cannot wait stops the questions: then what to do comes first, and the way back for a slip of
    /// the finger.
    pub(super) fn draw_result(&self, link: &Link, evaluation: &Evaluation, stop: bool) -> El {
        let id = self.session.program().outcome(evaluation.outcome);
        let next = || self.part(&["outcome-", id].concat(), "checker-next");
        let result = El::new("div")
            .made(At::Class, ["checker-result checker-result--", id].concat())
            .el(title(self.words.get(&["outcome.", id, ".title"])));
        let result = if stop {
            result.child(next()).el(el("div", "checker-actions").el(self.back_button(link, "mistake")))
        } else {
            result
        };
        let result = result.child(paragraph("checker-notice", self.words.ui("not_diagnosis")));
        let result = self.draw_why(result, evaluation);
        let result = if evaluation.talk_to.is_empty() {
            result
        } else {
            let mut who = el("ul", "checker-talk");
            for talk in &evaluation.talk_to {
                who = who.el(El::new("li").text(self.talk(*talk)));
            }
            result.el(El::new("h2").text(self.words.ui("talk_title"))).el(who)
        };
        let part = self.part("foot", "checker-foot");
        let actions = el("div", "checker-actions")
            .el(button(link, "button button--primary", "print", self.words.ui("print"), Msg::Print))
            .el(button(link, "button", "save", self.words.ui("save"), Msg::Save));
        if stop {
            result.child(part).el(actions.el(self.clear_button(link)))
        } else {
            result
                .el(El::new("h2").text(self.words.ui("next_title")))
                .child(next())
                .child(part)
                .el(actions.el(self.back_button(link, "change_answers")).el(self.clear_button(link)))
        }
    }

    fn draw_why(&self, result: El, evaluation: &Evaluation) -> El {
        let result = result.el(El::new("h2").text(self.words.ui("why_title")));
        if evaluation.fired.is_empty() {
            return result.child(paragraph("checker-lead", self.words.ui("why_none")));
        }
        let mut reasons = el("ul", "checker-reasons");
        for rule in &evaluation.fired {
            reasons = reasons.el(self.draw_reason(*rule));
        }
        result.el(reasons)
    }

    fn draw_reason(&self, at: RuleIdx) -> El {
        let reason = El::new("li");
        let Some(rule) = self.session.program().rule(at) else { return reason };
        let mut reason = reason
            .el(El::new("h3").text(self.words.get(&["reason.", &rule.id, ".title"])))
            .el(El::new("p").text(self.words.get(&["reason.", &rule.id])));
        if let Some(text) = self.talk_with(at) {
            reason = reason.el(el("p", "checker-with").made_text(text));
        }
        for because in self.session.because(at) {
            let question = El::new("span")
                .text(self.words.ui("because"))
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
        let mut text = self.words.ui("talk_with").to_owned();
        for (number, who) in talk.into_iter().enumerate() {
            text.push_str(if number == 0 { " " } else { "; " });
            text.push_str(self.talk(who));
        }
        Some(text)
    }

    /// Someone to talk to, in words.
    pub(super) fn talk(&self, who: TalkIdx) -> &'static str {
        self.words.get(&["talk.", self.session.program().talk(who)])
    }
}
