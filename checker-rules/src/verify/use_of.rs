//! Questions and options that nothing reads: health data asked for and never used.

use crate::fault::{Fault, FaultKind};
use crate::program::{Condition, Kind, Line, Question, Test};
use crate::questionnaire::{Order, QuestionFacts, Questionnaire};

/// What is read of one question.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    /// Some line is about it.
    pub(crate) any: bool,
    /// For each option: some line names it.
    pub(crate) options: Vec<bool>,
}

/// What the rules, every `asked-when` and every conditional `talk-to` read of each question.
pub(crate) fn reads(questionnaire: &Questionnaire) -> Vec<Read> {
    let program = &questionnaire.program;
    let mut reads: Vec<Read> = program
        .questions
        .iter()
        .map(|question| Read { any: false, options: vec![false; question.options().len()] })
        .collect();
    let mut sets = vec![false; program.sets.len()];
    let asked = program.questions.iter().filter_map(|question| question.asked_when.as_ref());
    let fires = program
        .rules
        .iter()
        .flat_map(|rule| std::iter::once(&rule.when).chain(rule.talk_to_when.iter().map(|(_, when)| when)));
    for condition in asked.chain(fires) {
        walk(condition, &program.sets, &mut sets, &mut reads);
    }
    // Whoever reads a short instrument reads the long one that answers it.
    for question in &program.questions {
        if let Kind::Instrument { answered_by: Some(by), .. } = question.kind {
            reads[by.index()].any = true;
        }
    }
    reads
}

/// Finds options and questions that nothing reads, and questions with several options that offer no way to say "none". The
/// safest option, crisis options and those listed as inert need no reader.
pub(crate) fn check(questionnaire: &Questionnaire, reads: &[Read]) -> Vec<Fault> {
    let program = &questionnaire.program;
    let mut faults = Vec::new();
    for ((question, facts), read) in program.questions.iter().zip(&questionnaire.questions).zip(reads) {
        if !read.any && !question.options().iter().any(|option| option.crisis) {
            let kind = FaultKind::QuestionNotRead { question: question.id.clone() };
            faults.push(Fault { origin: facts.origin, kind });
            continue;
        }
        let harmless = |option: &crate::program::Choice| option.exclusive && !option.unknown;
        let several = matches!(question.kind, Kind::Many { .. });
        if several && !question.options().iter().any(harmless) {
            let kind = FaultKind::NoNoneOption { question: question.id.clone() };
            faults.push(Fault { origin: facts.origin, kind });
        }
        let safest = safest_option(question, facts);
        for (at, (option, own)) in question.options().iter().zip(&facts.options).enumerate() {
            let harmless = several && harmless(option);
            if !read.options[at] && !own.inert && !option.crisis && !harmless && at != safest {
                let kind =
                    FaultKind::OptionNotRead { question: question.id.clone(), option: option.id.clone() };
                faults.push(Fault { origin: own.origin, kind });
            }
        }
    }
    faults
}

/// The safest of one question's options: the least risk or need, or the first where no direction is declared. Of several
/// options that can be ticked together, none.
pub(crate) fn safest_option(question: &Question, facts: &QuestionFacts) -> usize {
    match (&question.kind, &facts.direction) {
        (_, Some((_, Order::Listed(order)))) => order.first().map_or(0, |&first| usize::from(first)),
        (Kind::Many { .. }, _) => usize::MAX,
        _ => 0,
    }
}

fn walk(condition: &Condition, sets: &[Condition], seen: &mut [bool], reads: &mut [Read]) {
    match condition {
        Condition::All(parts)
        | Condition::Any(parts)
        | Condition::None(parts)
        | Condition::AtLeast(_, parts) => parts.iter().for_each(|part| walk(part, sets, seen, reads)),
        Condition::Set(at) => {
            let at = usize::from(*at);
            if let (Some(set), Some(false)) = (sets.get(at), seen.get(at)) {
                seen[at] = true;
                walk(set, sets, seen, reads);
            }
        }
        Condition::Line(Line { question, test }) => {
            let read = &mut reads[question.index()];
            read.any = true;
            match test {
                Test::Chosen { of, .. } => {
                    for &option in of {
                        read.options[usize::from(option)] = true;
                    }
                }
                // "is not A" tells A from all the others, and so reads them all.
                Test::NotChosen { .. } => read.options.fill(true),
                _ => {}
            }
        }
    }
}
