//! One set of answers in, the result with its reasons out: what `site-gen answer` does.

use super::{Checker, Words};
use crate::finding::{Finding, Findings, Severity};
use crate::parse::data::suggest;
use checker_rules::{Answer, AnswerError, Answers, Decimal, Kind, Program, Question, QuestionIdx, Session};
use serde::Serialize;
use serde_json::Value;
use std::fmt::Write as _;
use std::rc::Rc;

/// What one set of answers leads to, with the reasons in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerResult {
    /// The outcome's id.
    pub outcome: String,
    /// 1 for the best outcome, the number of outcomes for the worst.
    pub rank: u16,
    /// Flags of the rules that apply, in their order.
    pub flags: Vec<String>,
    /// Ids of the rules that apply: worst outcome first, then file order, notes last.
    pub rules: Vec<String>,
    /// Whom to talk to, from the rules that ask for an outcome, without repeats.
    pub talk_to: Vec<String>,
    /// Every rule that applies with its words.
    pub reasons: Vec<Reason>,
    /// Ids of the questions that are asked.
    pub shown: Vec<String>,
    /// Those of them that have no whole answer.
    pub missing: Vec<String>,
    /// Questions that were answered but are not asked; their answers were not read.
    pub ignored: Vec<String>,
}

/// One rule that applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The rule's id.
    pub rule: String,
    /// Its flag.
    pub flag: String,
    /// Its short title.
    pub title: String,
    /// Its reason.
    pub text: String,
    /// Ids of those whom it sends the reader to.
    pub talk_to: Vec<String>,
}

/// Works out what answers lead to.
///
/// `answers` is a JSON object: question id to a list (several options), a text (one option), a number or the
/// id of the unknown choice, or a list of item values with `null` for an item not answered. An absent language
/// falls back to the first one that the checker has.
///
/// # Errors
/// One finding for each thing in `answers` that does not fit; none has a place, because the answers are no
/// file of the site.
pub fn answer(checker: &Checker, answers: &str, language: &str) -> Result<AnswerResult, Findings> {
    let given = read_json(&checker.program, answers)?;
    Ok(result(checker, &given, checker.words_or_first(language)))
}

/// What answers lead to, with the words of one language.
pub(crate) fn result(checker: &Checker, answers: &Answers, words: Option<&Words>) -> AnswerResult {
    let program = &checker.program;
    let evaluation = checker_rules::evaluate(program, answers);
    let ids = |questions: &[QuestionIdx]| -> Vec<String> {
        questions.iter().filter_map(|&at| program.question(at)).map(|question| question.id.clone()).collect()
    };
    let talk = |talk: &[checker_rules::TalkIdx]| -> Vec<String> {
        talk.iter().map(|&at| program.talk(at).to_owned()).collect()
    };
    let session = session_of(program, answers);
    let fired: Vec<_> = evaluation.fired.iter().filter_map(|&at| Some((at, program.rule(at)?))).collect();
    let reasons = fired
        .iter()
        .map(|(at, rule)| {
            let (title, text) =
                words.and_then(|words| words.reasons.get(&rule.id)).cloned().unwrap_or_default();
            Reason {
                rule: rule.id.clone(),
                flag: rule.flag.clone(),
                title,
                text,
                talk_to: talk(&session.talk_to(*at)),
            }
        })
        .collect();
    AnswerResult {
        outcome: program.outcome(evaluation.outcome).to_owned(),
        rank: evaluation.rank,
        flags: fired.iter().map(|(_, rule)| rule.flag.clone()).collect(),
        rules: fired.iter().map(|(_, rule)| rule.id.clone()).collect(),
        talk_to: talk(&evaluation.talk_to),
        reasons,
        shown: ids(&evaluation.shown),
        missing: ids(&evaluation.missing),
        ignored: ids(&evaluation.ignored),
    }
}

/// A reader who has given these answers, as far as their questions are asked.
fn session_of(program: &Program, answers: &Answers) -> Session {
    let mut session = Session::start(Rc::new(program.clone()));
    // A question may wait for a later one, so rounds go on until one adds nothing.
    let mut left: Vec<_> = answers.iter().collect();
    loop {
        let before = left.len();
        left.retain(|(question, answer)| session.answer(*question, (*answer).clone()).is_err());
        if left.len() == before {
            return session;
        }
    }
}

/// Reads answers in the form of [`answer`].
pub(crate) fn read_json(program: &Program, text: &str) -> Result<Answers, Findings> {
    let mut findings = Findings::new();
    let object = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(object)) => object,
        Ok(_) => {
            findings.push(fault(
                "answers-unreadable",
                "The answers are not a list of questions with their answers",
                "Write them like this: {\"S1\": [\"none\"], \"S2\": \"no\", \"C4\": 7, \"PHQ-2\": [1, 1]}",
            ));
            return Err(findings);
        }
        Err(error) => {
            findings.push(fault(
                "answers-unreadable",
                format!(
                    "The answers cannot be read: something is wrong near line {}, column {}",
                    error.line(),
                    error.column()
                ),
                "Write them like this: {\"S1\": [\"none\"], \"S2\": \"no\", \"C4\": 7, \"PHQ-2\": [1, 1]}",
            ));
            return Err(findings);
        }
    };
    read_map(program, &object)
}

/// Reads answers that are already taken apart.
pub(crate) fn read_map(
    program: &Program,
    object: &serde_json::Map<String, Value>,
) -> Result<Answers, Findings> {
    let mut findings = Findings::new();
    let mut answers = Answers::new(program);
    for (id, value) in object {
        match read_answer(program, id, value) {
            Ok((question, given)) => {
                if let Err(error) = answers.set(program, question, given)
                    && let Some(asked) = program.question(question)
                {
                    findings.push(refused(asked, error));
                }
            }
            Err(finding) => findings.push(finding),
        }
    }
    if findings.has_errors() { Err(findings) } else { Ok(answers) }
}

fn fault(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Finding {
    Finding { code, severity: Severity::Error, place: None, message: message.into(), help: Some(help.into()) }
}

fn read_answer(program: &Program, id: &str, value: &Value) -> Result<(QuestionIdx, Answer), Finding> {
    let Some(at) = program.find_question(id) else {
        let known = program.questions().iter().map(|question| question.id.as_str());
        let help = suggest(id, known, "Question ids stand in checker.toml");
        return Err(fault("unknown-question", format!("There is no question `{id}`"), help));
    };
    let question = program.question(at).expect("BUG: found by its id");
    let answer = match (&question.kind, value) {
        (Kind::One { .. }, Value::String(option)) => Answer::One(option_of(question, option)?),
        (Kind::Many { .. }, Value::Array(items)) => {
            let mut ticks = Vec::with_capacity(items.len());
            for item in items {
                let Value::String(option) = item else { return Err(wrong_kind(question)) };
                ticks.push(option_of(question, option)?);
            }
            Answer::Many(ticks)
        }
        (Kind::Number { unknown, .. }, Value::String(text)) => match unknown {
            Some(unknown) if unknown == text => Answer::Unknown,
            _ => return Err(wrong_kind(question)),
        },
        (Kind::Number { decimals, .. }, Value::Number(number)) => {
            let scaled = Decimal::parse(&number.to_string()).and_then(|number| number.scaled(*decimals));
            match scaled {
                Some(scaled) => Answer::Number(scaled),
                None => return Err(wrong_kind(question)),
            }
        }
        (Kind::Instrument { .. }, Value::Array(items)) => {
            let mut values = Vec::with_capacity(items.len());
            for item in items {
                values.push(match item {
                    Value::Null => None,
                    item => match item.as_u64().and_then(|value| u8::try_from(value).ok()) {
                        Some(value) => Some(value),
                        None => return Err(wrong_kind(question)),
                    },
                });
            }
            Answer::Items(values)
        }
        _ => return Err(wrong_kind(question)),
    };
    Ok((at, answer))
}

fn option_of(question: &Question, id: &str) -> Result<u16, Finding> {
    question.find_option(id).ok_or_else(|| {
        let known: Vec<&str> = question.options().iter().map(|option| option.id.as_str()).collect();
        let all = format!("It has: {}", known.join(", "));
        let help = suggest(id, known, all);
        fault("unknown-option", format!("The question `{}` has no option `{id}`", question.id), help)
    })
}

fn wrong_kind(question: &Question) -> Finding {
    let id = &question.id;
    let first = |at: usize| question.options().get(at).map_or("", |option| option.id.as_str());
    let help = match &question.kind {
        Kind::One { .. } => format!("Write one answer: \"{id}\": \"{}\"", first(0)),
        Kind::Many { .. } => format!("Write a list of answers: \"{id}\": [\"{}\"]", first(0)),
        Kind::Number { unknown, decimals, low, high, .. } => {
            let limit = |value: i64| Decimal { digits: value, scale: *decimals };
            let or = unknown.as_ref().map_or(String::new(), |unknown| format!(", or \"{unknown}\""));
            format!("Write a number from {} to {}{or}", limit(*low), limit(*high))
        }
        Kind::Instrument { items, .. } => format!(
            "Write the value of each of the {} items, and null for one that was not answered: \"{id}\": [{}]",
            items.len(),
            vec!["0"; items.len()].join(", ")
        ),
    };
    fault("answer-does-not-fit", format!("This is no answer to the question `{id}`"), help)
}

fn refused(question: &Question, error: AnswerError) -> Finding {
    let id = &question.id;
    let (message, help) = match error {
        AnswerError::NothingChosen => (
            format!("Nothing is chosen for `{id}`"),
            format!("Choose at least one answer, or leave `{id}` out to show that it was not answered"),
        ),
        AnswerError::NotAlone => {
            let alone: Vec<String> = question
                .options()
                .iter()
                .filter(|option| option.exclusive)
                .map(|option| option.id.clone())
                .collect();
            (
                format!(
                    "{} of `{id}` cannot be chosen together with another answer",
                    super::faults::list(&alone)
                ),
                "Choose it alone, or leave it out".to_owned(),
            )
        }
        AnswerError::TooLow { low } => {
            (format!("The number for `{id}` is too low"), format!("The lowest is {}", question.decimal(low)))
        }
        AnswerError::TooHigh { high } => (
            format!("The number for `{id}` is too high"),
            format!("The highest is {}", question.decimal(high)),
        ),
        AnswerError::WrongItems { items } => (
            format!("`{id}` has another number of items"),
            format!("Write {items} values, with null for an item that was not answered"),
        ),
        AnswerError::ItemTooHigh { item } => {
            let highest = match &question.kind {
                Kind::Instrument { items, .. } => items.get(usize::from(item)).copied().unwrap_or_default(),
                _ => 0,
            };
            (
                format!("Item {} of `{id}` is too high", item.saturating_add(1)),
                format!("The highest is {highest}"),
            )
        }
        _ => return wrong_kind(question),
    };
    fault("answer-does-not-fit", message, help)
}

impl AnswerResult {
    /// The result for reading at a terminal.
    pub fn to_text(&self, checker: &Checker, language: &str) -> String {
        let words = checker.words_or_first(language);
        let title = words
            .and_then(|words| words.outcomes.get(&self.outcome))
            .map_or(String::new(), |body| format!(": {}", body.title));
        let mut out = String::new();
        let _ = writeln!(out, "Result: {}{title}", self.outcome);
        let _ = writeln!(
            out,
            "Rank {} of {} (the highest is the worst)",
            self.rank,
            checker.program.outcomes().len()
        );
        if !self.talk_to.is_empty() {
            let name = |id: &String| {
                words.and_then(|words| words.talk.get(id)).cloned().unwrap_or_else(|| id.clone())
            };
            let _ =
                writeln!(out, "Talk to: {}", self.talk_to.iter().map(name).collect::<Vec<_>>().join("; "));
        }
        if !self.reasons.is_empty() {
            let _ = writeln!(out, "\nWhy");
        }
        for reason in &self.reasons {
            let _ =
                writeln!(out, "  {} {}  {}\n      {}", reason.rule, reason.flag, reason.title, reason.text);
        }
        if !self.missing.is_empty() {
            let _ = writeln!(
                out,
                "\nNot answered yet: {}. The result can still get worse.",
                self.missing.join(", ")
            );
        }
        if !self.ignored.is_empty() {
            let _ = writeln!(
                out,
                "\nNot read, because these questions are not asked: {}",
                self.ignored.join(", ")
            );
        }
        let _ = writeln!(out, "\nThis is not a diagnosis. Rules {} of {}.", checker.version, checker.updated);
        out
    }
}
