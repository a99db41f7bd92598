//! One question.

use checker_rules::{Choice, Kind, Question, QuestionIdx};
use yew::Html;

use super::{At, El, button, el, paragraph, row, title};
use crate::app::{App, ERRORS, Msg, NUMBER, TITLE};
use crate::entry::{Problem, decimal};
use crate::words::{Ui, digits, fill};

const HINT: &str = "checker-hint";
const ERROR: &str = "checker-error";
const UNIT: &str = "checker-unit";
/// What stands beside an input, whichever of these there is: read with it.
const BESIDE: &str = "checker-hint checker-error checker-unit";

impl App {
    pub(super) fn draw_question(&self, at: QuestionIdx) -> El {
        let form = El::new("form").at(At::Autocomplete, "off").on(At::Submit, Msg::Continue);
        let Some(question) = self.session.program().question(at) else { return form };
        let hint = self.words.hint(at);
        // An instrument's messages stand at its items.
        let whole = self.problems.first().filter(|problem| !matches!(problem, Problem::Item(_)));
        let hint =
            if hint.is_empty() { Html::default() } else { el("p", HINT).at(At::Id, HINT).text(hint).html() };
        let fieldset = el("fieldset", "checker-question")
            .el(el("legend", "checker-legend").el(title(self.title(at))))
            .child(hint)
            .child(whole.map_or_else(Html::default, |problem| {
                self.draw_error(at, question, *problem).at(At::Id, ERROR).html()
            }));
        let fieldset = match &question.kind {
            Kind::Number { .. } => fieldset,
            _ => fieldset.at(At::DescribedBy, BESIDE),
        };
        let fieldset = match &question.kind {
            Kind::One { options } => fieldset.el(self.draw_options(at, question, options, "radio")),
            Kind::Many { options } => fieldset.el(self.draw_options(at, question, options, "checkbox")),
            Kind::Number { unknown, decimals, .. } => {
                let mode = if *decimals > 0 { "decimal" } else { "numeric" };
                fieldset.child(self.draw_number(at, question, unknown.as_deref(), mode))
            }
            Kind::Instrument { items, .. } => fieldset.el(self.draw_items(at, question, items)),
        };
        let send = el("button", "button button--primary").at(At::Type, "submit").at(At::Action, "continue");
        form.child(self.draw_problems(at, question)).child(self.draw_section(at)).el(fieldset).el(el(
            "div",
            "checker-actions",
        )
        .el(send.text(self.words.ui(Ui::Continue)))
        .el(self.back_button(Ui::Back))
        .el(self.clear_button()))
    }

    /// Is this number right? The question and what was typed, a yes and a no.
    pub(super) fn draw_unsure(&self, at: QuestionIdx) -> El {
        let number = self.measured(at, self.entry.text.trim_ascii());
        let text = fill(self.words.ui(Ui::SureText), &[("number", &number)]);
        El::new("div")
            .child(paragraph("checker-section", self.title(at)))
            .el(title(self.words.ui(Ui::SureTitle)))
            .el(el("p", "checker-lead").made_text(text))
            .el(el("div", "checker-actions")
                .el(button("button button--primary", "continue", self.words.ui(Ui::SureYes), Msg::Continue))
                .el(self.back_button(Ui::SureNo))
                .el(self.clear_button()))
    }

    /// The name of the question's section; at its first question with what the section is about.
    fn draw_section(&self, at: QuestionIdx) -> Html {
        let program = self.session.program();
        let section = |at: &QuestionIdx| program.question(*at).and_then(|question| question.section);
        let Some(here) = section(&at) else { return Html::default() };
        let shown = self.session.evaluation().shown;
        let first = shown.iter().find(|other| section(other) == Some(here)) == Some(&at);
        let intro = if first { self.words.intro(here) } else { "" };
        row(vec![paragraph("checker-section", self.words.section(here)), paragraph("checker-intro", intro)])
    }

    /// Everything that is wrong, each leading to its input. Buttons, not links: a link would change the address.
    fn draw_problems(&self, at: QuestionIdx, question: &Question) -> Html {
        if self.problems.is_empty() {
            return Html::default();
        }
        let mut list = El::new("ul").at(At::Id, "checker-problems");
        for problem in &self.problems {
            let input = match problem {
                Problem::PickOne | Problem::PickSome => input_id(0),
                Problem::Number | Problem::Digits | Problem::Range => NUMBER.into(),
                Problem::Item(item) => item_id(*item, 0),
            };
            let button = El::new("button").at(At::Type, "button").on(At::Click, Msg::Focus(input));
            list = list.el(El::new("li").el(button.made_text(self.message(at, question, *problem))));
        }
        // It takes the focus, and is read then with its list: spoken once. As an alert it would be spoken a second time.
        let title = self.words.ui(Ui::ErrorTitle);
        el("div", "checker-errors")
            .at(At::Id, ERRORS)
            .at(At::Role, "group")
            .at(At::Label, title)
            .at(At::DescribedBy, "checker-problems")
            .at(At::TabIndex, "-1")
            .el(El::new("h2").text(title))
            .el(list)
            .html()
    }

    fn draw_error(&self, at: QuestionIdx, question: &Question, problem: Problem) -> El {
        el("p", ERROR)
            .text(self.words.ui(Ui::ErrorPrefix))
            .text(" ")
            .made_text(self.message(at, question, problem))
    }

    /// What is wrong, in words; the same above and beside the input.
    fn message(&self, at: QuestionIdx, question: &Question, problem: Problem) -> String {
        let (key, values) = match problem {
            Problem::PickOne => (Ui::ErrorOne, Default::default()),
            Problem::PickSome => (Ui::ErrorMany, Default::default()),
            Problem::Number => (Ui::ErrorNumber, Default::default()),
            Problem::Digits => (Ui::ErrorWhole, Default::default()),
            Problem::Range => {
                let Kind::Number { low, high, .. } = question.kind else { return String::new() };
                (Ui::ErrorRange, (decimal(&question.kind, low), decimal(&question.kind, high)))
            }
            Problem::Item(item) => (Ui::ErrorItem, (self.words.item(at, item).into(), String::new())),
        };
        fill(self.words.ui(key), &[("low", &values.0), ("item", &values.0), ("high", &values.1)])
    }

    fn draw_options(
        &self,
        at: QuestionIdx,
        question: &Question,
        options: &[Choice],
        kind: &'static str,
    ) -> El {
        let mut list = el("div", "checker-options");
        let mut alone = false;
        for (option, choice) in (0_u16..).zip(options) {
            if choice.exclusive && !alone && option > 0 {
                list = list.child(paragraph("checker-divider", self.words.ui(Ui::Or)));
            }
            alone |= choice.exclusive;
            let label = self.words.option(at, option);
            let input = input(kind, question.id.clone(), choice.id.clone())
                .checked(self.entry.picked.contains(&option))
                .on(At::Change, Msg::Pick(option));
            list = list.el(labelled(input_id(option), input, label));
        }
        list
    }

    fn draw_number(
        &self,
        at: QuestionIdx,
        question: &Question,
        unknown: Option<&str>,
        mode: &'static str,
    ) -> Html {
        let field = El::new("input")
            .at(At::Type, "text")
            .at(At::Id, NUMBER)
            .made(At::Name, question.id.clone())
            .at(At::LabelledBy, TITLE)
            .at(At::DescribedBy, BESIDE)
            .at(At::InputMode, mode)
            .at(At::Autocomplete, "off")
            .at(At::MaxLength, "12")
            .value(self.entry.text.clone())
            .on(At::Input, Msg::Write);
        let unit = self.words.option(at, 0);
        let number = el("div", NUMBER).el(field);
        let number =
            if unit.is_empty() { number } else { number.el(el("span", UNIT).at(At::Id, UNIT).text(unit)) };
        let unknown = unknown.map_or_else(Html::default, |id| {
            let input = input("checkbox", question.id.clone(), id.to_owned())
                .checked(self.entry.unknown)
                .on(At::Change, Msg::Unknown);
            el("div", "checker-options")
                .child(paragraph("checker-divider", self.words.ui(Ui::Or)))
                .el(labelled(input_id(0), input, self.words.option(at, 1)))
                .html()
        });
        row(vec![number.html(), unknown])
    }

    fn draw_items(&self, at: QuestionIdx, question: &Question, items: &[u8]) -> El {
        let mut rows = el("div", "checker-items");
        let shown = self.entry.items_shown(&question.kind);
        for (item, highest) in (0_u16..).zip(items) {
            // What an opened gate asks about stands before the items behind it.
            let gate = if item == 1 { self.words.gate(at) } else { "" };
            let number = digits(u32::from(item) + 1);
            let error_id = [ERROR, "-", &number].concat();
            let wrong = self.problems.contains(&Problem::Item(item));
            let mut values = el("div", "checker-options");
            for value in 0..=*highest {
                let text = digits(value.into());
                let label = self.words.value(at, value);
                let picked = self.entry.items.get(usize::from(item)) == Some(&Some(value));
                let input = input("radio", [&question.id, ".", &number].concat(), text)
                    .checked(picked)
                    .on(At::Change, Msg::Item(item, value));
                values = values.el(labelled(item_id(item, value), input, label));
            }
            let row = el("fieldset", "checker-item");
            let (row, error) = if wrong {
                // The item itself stands just above; only the list of all problems has to name it.
                let error = self.draw_error(at, question, Problem::PickOne).made(At::Id, error_id.clone());
                (row.made(At::DescribedBy, error_id), error.html())
            } else {
                (row, Html::default())
            };
            let row = row.el(El::new("legend").text(self.words.item(at, item))).child(error).el(values);
            let row = El::new("div").child(paragraph(HINT, gate)).el(row);
            rows = rows.el(if usize::from(item) < shown { row } else { row.at(At::Hidden, "") });
        }
        rows
    }
}

/// A radio button or a checkbox.
fn input(kind: &'static str, name: String, value: String) -> El {
    El::new("input").at(At::Type, kind).made(At::Name, name).at(At::Autocomplete, "off").value(value)
}

/// An input inside its label.
fn labelled(id: String, input: El, label: &'static str) -> El {
    el("label", "checker-option")
        .made(At::For, id.clone())
        .el(input.made(At::Id, id))
        .el(El::new("span").text(label))
}

fn input_id(option: u16) -> String {
    ["checker-option-", &digits(option.into())].concat()
}

fn item_id(item: u16, value: u8) -> String {
    ["checker-item-", &digits(item.into()), "-", &digits(value.into())].concat()
}
