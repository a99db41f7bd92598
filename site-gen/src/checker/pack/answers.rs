//! Answers in the words that readers see, and how two patients differ.

use crate::checker::given::given;
use crate::checker::{Checker, ListedQuestion, Words};
use checker_rules::{Answer, Counterexample, Kind, Question, QuestionIdx, Screen, Session};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The questions of a checker with their words in one language.
pub(super) struct Asked<'c> {
    checker: &'c Checker,
    words: &'c Words,
    /// What a screen says about its items.
    listed: BTreeMap<String, ListedQuestion>,
}

impl<'c> Asked<'c> {
    pub(super) fn new(checker: &'c Checker, words: &'c Words) -> Self {
        let sections = checker.listing(&words.language).into_iter().flat_map(|listing| listing.sections);
        let questions = sections.flat_map(|section| section.questions);
        let listed = questions.map(|question| (question.id.clone(), question)).collect();
        Self { checker, words, listed }
    }

    pub(super) fn question(&self, at: QuestionIdx) -> Option<&'c Question> {
        self.checker.program.question(at)
    }

    pub(super) fn id(&self, at: QuestionIdx) -> &'c str {
        self.question(at).map_or("", |question| question.id.as_str())
    }

    pub(super) fn title(&self, at: QuestionIdx) -> &str {
        let id = self.id(at);
        self.words.questions.get(id).map_or(id, |words| words.title.as_str())
    }

    /// What was answered, in the question's own words.
    pub(super) fn words(&self, at: QuestionIdx, answer: &Answer) -> String {
        let Some(question) = self.question(at) else { return String::new() };
        match (answer, self.listed.get(&question.id)) {
            (Answer::Items(values), Some(listed)) => items(question, listed, values),
            _ => given(question, Some(self.words), answer).join(" + "),
        }
    }

    /// What was answered, as it is written in the files.
    pub(super) fn short(&self, at: QuestionIdx, answer: &Answer) -> String {
        let Some(question) = self.question(at) else { return String::new() };
        match answer {
            Answer::Items(values) => {
                let values =
                    values.iter().map(|value| value.map_or("-".to_owned(), |value| value.to_string()));
                values.collect::<Vec<_>>().join(" ")
            }
            _ => given(question, None, answer).join(" + "),
        }
    }
}

/// Every item that is not at 0, then the others, then the score.
fn items(question: &Question, listed: &ListedQuestion, values: &[Option<u8>]) -> String {
    let name = |value: u8| match listed.values.get(usize::from(value)) {
        Some(name) => format!("{name} ({value})"),
        None => value.to_string(),
    };
    let mut said: Vec<String> = Vec::new();
    let mut at_0 = 0;
    for (at, value) in values.iter().enumerate() {
        match value {
            Some(0) => at_0 += 1,
            Some(value) => {
                let item = listed.items.get(at).map_or("", String::as_str);
                said.push(format!("{}. {item}: {}", at + 1, name(*value)));
            }
            None => {}
        }
    }
    match (at_0, said.is_empty()) {
        (0, _) => {}
        (1, false) => said.push(format!("the other item: {}", name(0))),
        (_, false) => said.push(format!("each other item: {}", name(0))),
        (_, true) => said.push(format!("each item: {}", name(0))),
    }
    let gated = matches!(question.kind, Kind::Instrument { gated: true, .. });
    let score: u32 = values.iter().skip(usize::from(gated)).flatten().map(|&value| u32::from(value)).sum();
    format!("{}. Score {score}", said.join("; "))
}

/// A question whose answer is not the same in two patients: the answer in the one and in the other, `None` where it is not
/// asked.
pub(super) type Difference<'a> = (QuestionIdx, Option<&'a Answer>, Option<&'a Answer>);

/// How two patients differ, in file order.
pub(super) fn differences<'a>(one: &'a Counterexample, other: &'a Counterexample) -> Vec<Difference<'a>> {
    let of = |example: &'a Counterexample, at: QuestionIdx| {
        example.answers.iter().find(|(question, _)| *question == at).map(|(_, answer)| answer)
    };
    let mut questions: Vec<QuestionIdx> =
        one.answers.iter().chain(&other.answers).map(|(at, _)| *at).collect();
    questions.sort_unstable();
    questions.dedup();
    questions
        .into_iter()
        .map(|at| (at, of(one, at), of(other, at)))
        .filter(|(_, one, other)| one != other)
        .collect()
}

/// What a reader who gives these answers sees at the end.
pub(super) struct Walk {
    /// The reader when the result stands on the screen.
    pub(super) session: Session,
    /// The question after which an emergency ends the questions; `None` if they are all asked.
    pub(super) ends_after: Option<QuestionIdx>,
}

/// Answers the questions one by one, as a reader does.
pub(super) fn walk(checker: &Checker, example: &Counterexample) -> Walk {
    let mut session = Session::start(Rc::new(checker.program.clone()));
    let mut last = None;
    while let Screen::Question(question) = session.screen() {
        let given = example.answers.iter().find(|(at, _)| *at == question).map(|(_, answer)| answer.clone());
        // A complete answer set has an answer to whatever is asked.
        let Some(Ok(())) = given.map(|answer| session.answer(question, answer)) else { break };
        last = Some(question);
    }
    let ends_after = if matches!(session.screen(), Screen::Stop(_)) { last } else { None };
    Walk { session, ends_after }
}

/// The safest answer to each question, as far as some patient gives it.
pub(super) fn safest<'a>(
    examples: impl Iterator<Item = &'a Counterexample>,
) -> BTreeMap<QuestionIdx, &'a Answer> {
    let mut safest = BTreeMap::new();
    for example in examples {
        for (at, answer) in &example.answers {
            if !example.differs.contains(at) {
                safest.insert(*at, answer);
            }
        }
    }
    safest
}
