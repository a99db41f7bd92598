//! The result page as a reader would see it: the same order, words and classes as the questionnaire's own.

use super::path::{Listed, Way, title};
use super::{drawn, said};
use crate::checker::{AnswerResult, ListedQuestion, answer};
use crate::html::escape;
use checker_rules::{Answer, Answers, Because, Question, evaluate};
use std::fmt::Write as _;

/// Appends what the answers that break the promise lead to.
pub(super) fn result(way: &Way<'_>, main: &mut String, listed: &Listed) {
    let checker = &way.held.checker;
    let language = way.language();
    if way.refuted.counterexample.outcome.is_none() {
        main.push_str("<p>Nothing: these answers have no result.</p>\n");
        return;
    }
    let mut answers = Answers::new(&checker.program);
    for (question, answer) in &way.refuted.counterexample.answers {
        // The proof gave only answers that fit.
        let _ = answers.set(&checker.program, *question, answer.clone());
    }
    let evaluation = evaluate(&checker.program, &answers);
    let given = serde_json::Value::Object(way.entry.counterexample.clone()).to_string();
    let Ok(found) = answer(checker, &given, language) else { return };

    let number = way.site.settings.languages.iter().position(|own| own.code == language).unwrap_or(0);
    let texts = way.held.texts.get(number).and_then(Option::as_ref);
    let text = |key: &str| checker.text(language, &format!("checker_{key}")).unwrap_or_default();
    let draw = |fragment, prefix: &str| drawn(way.site, way.theme, number, fragment, prefix);

    let _ = writeln!(
        main,
        "<div class=\"walk-screen\" lang=\"{}\">\n<div class=\"checker-screen\">",
        escape(language)
    );
    if evaluation.crisis
        && let Some(texts) = texts
    {
        let label = text("crisis_label");
        let _ = writeln!(
            main,
            "<div class=\"checker-crisis\" role=\"region\" aria-label=\"{}\">{}</div>",
            escape(&label),
            draw(&texts.crisis, "walk-crisis")
        );
    }
    let own = texts.and_then(|texts| texts.outcomes.iter().find(|(id, ..)| *id == found.outcome));
    let body = own.map_or(String::new(), |(_, _, body)| draw(body, "walk-outcome"));
    let next = format!("<div class=\"checker-next\">{body}</div>\n");
    let _ = writeln!(
        main,
        "<div class=\"checker-result checker-result--{}\">\n{}",
        escape(&found.outcome),
        said(language, "h3", "walk-outcome", own.map_or(found.outcome.as_str(), |(_, title, _)| title))
    );
    if evaluation.stopped {
        main.push_str(&next);
    }
    let _ = writeln!(main, "<p class=\"checker-notice\">{}</p>", escape(&text("not_diagnosis")));
    reasons(way, main, listed, &found, &answers, &text);
    if !found.talk_to.is_empty() {
        let _ = writeln!(main, "<h4>{}</h4>\n<ul class=\"checker-talk\">", escape(&text("talk_title")));
        for who in &found.talk_to {
            let _ = writeln!(main, "<li>{}</li>", escape(talk(way, who)));
        }
        main.push_str("</ul>\n");
    }
    if !evaluation.stopped {
        let _ = writeln!(main, "<h4>{}</h4>", escape(&text("next_title")));
        main.push_str(&next);
    }
    if let Some(texts) = texts {
        let _ = writeln!(main, "<div class=\"checker-foot\">{}</div>", draw(&texts.foot.1, "walk-foot"));
    }
    main.push_str("</div>\n</div>\n</div>\n");
}

/// Someone to talk to, in words.
fn talk<'w>(way: &'w Way<'_>, who: &'w str) -> &'w str {
    way.held.checker.first_words().and_then(|words| words.talk.get(who)).map_or(who, String::as_str)
}

fn reasons(
    way: &Way<'_>,
    main: &mut String,
    listed: &Listed,
    found: &AnswerResult,
    answers: &Answers,
    text: &dyn Fn(&str) -> String,
) {
    let program = &way.held.checker.program;
    let _ = writeln!(main, "<h4>{}</h4>", escape(&text("why_title")));
    if found.reasons.is_empty() {
        let _ = writeln!(main, "<p class=\"checker-lead\">{}</p>", escape(&text("why_none")));
        return;
    }
    main.push_str("<ul class=\"checker-reasons\">\n");
    for reason in &found.reasons {
        let _ = writeln!(
            main,
            "<li><h4>{} <code>{}</code></h4><p>{}</p>",
            escape(&reason.title),
            escape(&reason.rule),
            escape(&reason.text)
        );
        if !reason.talk_to.is_empty() {
            let who: Vec<&str> = reason.talk_to.iter().map(|who| talk(way, who)).collect();
            let _ = writeln!(
                main,
                "<p class=\"checker-with\">{} {}</p>",
                escape(&text("talk_with")),
                escape(&who.join("; "))
            );
        }
        let because =
            program.find_rule(&reason.rule).map(|rule| checker_rules::because(program, answers, rule));
        for because in because.unwrap_or_default() {
            let Some(question) = program.question(because.question) else { continue };
            let _ = writeln!(
                main,
                "<div class=\"checker-because\">{} {} <strong>{}</strong></div>",
                escape(&text("because")),
                escape(title(listed, &question.id)),
                escape(&counted(way, question, listed.get(&question.id), &because, answers, text))
            );
        }
        main.push_str("</li>\n");
    }
    main.push_str("</ul>\n");
}

/// The part of an answer that made a rule apply.
fn counted(
    way: &Way<'_>,
    question: &Question,
    own: Option<&ListedQuestion>,
    because: &Because,
    answers: &Answers,
    text: &dyn Fn(&str) -> String,
) -> String {
    let Some(own) = own else { return String::new() };
    let label = |at: &u16| own.options.get(usize::from(*at)).map_or("", |label| label.label.as_str());
    match answers.get(because.question) {
        Some(Answer::Items(values)) if !because.items.is_empty() => {
            let said = because.items.iter().filter_map(|item| {
                let at = usize::from(*item);
                let value = values.get(at).copied().flatten()?;
                Some(format!("{}: {}", own.items.get(at)?, own.values.get(usize::from(value))?))
            });
            said.collect::<Vec<_>>().join("; ")
        }
        Some(Answer::Items(_)) => text("because_score"),
        Some(answer @ (Answer::Number(_) | Answer::Unknown)) => way.in_words(question, answer),
        _ => because.options.iter().map(label).collect::<Vec<_>>().join("; "),
    }
}
