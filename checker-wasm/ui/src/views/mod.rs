//! What each screen looks like, in elements and class names. The theme dresses them.
//!
//! Two habits keep this right. A list that can grow stands alone in its element, because Yew 0.23 forgets inputs beside
//! an unkeyed list that grows. And every screen's root has a key of its own, so nothing of it is used again.

mod check;
mod copy;
mod el;
mod question;
mod record;
mod result;

use checker_rules::Screen;
use yew::Html;

use crate::app::{App, Msg, TITLE};
use crate::words::{Ui, digits, fill};
pub(crate) use el::{At, El, row};

/// A button that does not submit.
#[inline(never)]
pub(crate) fn button(class: &'static str, action: &'static str, text: &'static str, msg: Msg) -> El {
    El::new("button")
        .at(At::Type, "button")
        .at(At::Class, class)
        .at(At::Action, action)
        .on(At::Click, msg)
        .text(text)
}

/// The heading of a screen.
#[inline(never)]
pub(crate) fn title(text: &'static str) -> El {
    El::new("h2").at(At::Id, TITLE).at(At::TabIndex, "-1").text(text)
}

/// A paragraph, or nothing when there is no text for it.
#[inline(never)]
pub(crate) fn paragraph(class: &'static str, text: &'static str) -> Html {
    if text.is_empty() { Html::default() } else { El::new("p").at(At::Class, class).text(text).html() }
}

/// Any element of this class.
#[inline(never)]
pub(crate) fn el(tag: &'static str, class: &'static str) -> El {
    El::new(tag).at(At::Class, class)
}

/// Puts lines of text into an element: one as it is, several as a list.
pub(crate) fn lines(into: El, lines: Vec<String>) -> El {
    if lines.len() == 1 {
        return lines.into_iter().fold(into, El::made_text);
    }
    into.el(lines.into_iter().fold(El::new("ul"), |list, line| list.el(El::new("li").made_text(line))))
}

impl App {
    /// The whole widget.
    pub(crate) fn draw(&self) -> Html {
        let root = el("div", "checker-screen").key(self.visit).el(self.draw_bar()).child(self.draw_crisis());
        let program = self.session.program();
        let root = match &self.screen {
            _ if !self.started => root.at(At::Screen, "start").el(self.draw_start()),
            Screen::Question(at) => {
                let root =
                    root.at(At::Screen, "question").made(At::Question, self.question_id(*at).to_owned());
                if self.unsure {
                    root.at(At::Confirm, "").el(self.draw_unsure(*at))
                } else {
                    root.el(self.draw_question(*at))
                }
            }
            Screen::Check => root.at(At::Screen, "check").el(self.draw_check()),
            Screen::Outcome(evaluation) | Screen::Stop(evaluation) => {
                let stop = matches!(self.screen, Screen::Stop(_));
                root.at(At::Screen, if stop { "stop" } else { "outcome" })
                    .made(At::Outcome, program.outcome(evaluation.outcome).to_owned())
                    .el(self.draw_result(evaluation, stop))
            }
        };
        root.html()
    }

    fn draw_start(&self) -> El {
        // The focus comes here when the reader comes back to the start: to the news that all is cleared, or to it all.
        let start = El::new("div");
        let start = if self.cleared {
            let notice = el("p", "checker-notice").at(At::Id, TITLE).at(At::TabIndex, "-1");
            start.el(notice.text(self.words.ui(Ui::Cleared)))
        } else {
            start.at(At::Id, TITLE).at(At::TabIndex, "-1")
        };
        start.child(self.part("start", "checker-start")).el(el("div", "checker-actions")
            .el(button("button button--primary", "continue", self.words.ui(Ui::Start), Msg::Continue))
            .el(self.clear_button()))
    }

    /// How far the reader is, and the way out.
    fn draw_bar(&self) -> El {
        let progress = match &self.screen {
            // At the start it says how long this will take.
            Screen::Question(_) => self.draw_progress(),
            _ => El::new("div"),
        };
        el("div", "checker-bar").el(progress).el(button(
            "button button--leave",
            "leave",
            self.words.ui(Ui::Leave),
            Msg::Leave,
        ))
    }

    fn draw_progress(&self) -> El {
        let progress = self.session.progress();
        let answered = digits(progress.answered);
        let fewest = digits(progress.fewest_left);
        let most = digits(progress.most_left);
        let key = if fewest == most { Ui::Progress } else { Ui::ProgressRange };
        let values = [("answered", answered.as_str()), ("fewest", &fewest), ("most", &most)];
        let text = fill(self.words.ui(key), &values);
        let all = digits(progress.answered.saturating_add(progress.most_left).max(1));
        // The line above the bar says all of it; a screen reader need not read it twice.
        let bar = el("progress", "checker-progress").at(At::Unread, "true");
        El::new("div").el(El::new("p").made_text(text)).el(bar.made(At::Max, all).made(At::Value, answered))
    }

    /// Crisis help, first on every screen once an answer calls for it.
    fn draw_crisis(&self) -> Html {
        if !self.crisis || !self.started {
            return Html::default();
        }
        El::new("div")
            .at(At::Role, if self.crisis_new { "alert" } else { "region" })
            .at(At::Label, self.words.ui(Ui::CrisisLabel))
            .child(self.part("crisis", "checker-crisis"))
            .html()
    }

    pub(crate) fn clear_button(&self) -> El {
        button("button button--quiet", "clear", self.words.ui(Ui::Clear), Msg::Clear)
    }

    pub(crate) fn back_button(&self, text: Ui) -> El {
        button("button", "back", self.words.ui(text), Msg::Back)
    }

    /// A copy of one of the page's templates. One copy for each screen: drawing the screen again keeps it.
    pub(crate) fn part(&self, name: &str, class: &str) -> Html {
        let mut parts = self.parts.borrow_mut();
        let known = parts.iter().find(|(known, _)| known == name).map(|(_, node)| node.clone());
        Html::VRef(known.unwrap_or_else(|| {
            let node = crate::page::part(name, class);
            parts.push((name.to_owned(), node.clone()));
            node
        }))
    }
}
