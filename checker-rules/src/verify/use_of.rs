//! Questions and options that nothing reads: health data asked for and never used.

use crate::fault::{Fault, FaultKind};
use crate::program::{Condition, Kind, Line, Test};
use crate::questionnaire::{Order, Questionnaire};

/// What is read of one question.
#[derive(Debug, Clone)]
struct Read {
    any: bool,
    options: Vec<bool>,
}

/// Finds options and questions that no rule, no `asked-when` and no conditional `talk-to` reads. The safest option, crisis
/// options and those listed as inert need no reader.
pub(crate) fn check(questionnaire: &Questionnaire) -> Vec<Fault> {
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

    let mut faults = Vec::new();
    for ((question, facts), read) in program.questions.iter().zip(&questionnaire.questions).zip(&reads) {
        if !read.any && !question.options().iter().any(|option| option.crisis) {
            let kind = FaultKind::QuestionNotRead { question: question.id.clone() };
            faults.push(Fault { origin: facts.origin, kind });
            continue;
        }
        let safest = match &facts.direction {
            Some((_, Order::Listed(order))) => order.first().map_or(0, |&first| usize::from(first)),
            _ => first_safe(question),
        };
        for (at, (option, own)) in question.options().iter().zip(&facts.options).enumerate() {
            let harmless = matches!(question.kind, Kind::Many { .. }) && option.exclusive && !option.unknown;
            if !read.options[at] && !own.inert && !option.crisis && !harmless && at != safest {
                let kind =
                    FaultKind::OptionNotRead { question: question.id.clone(), option: option.id.clone() };
                faults.push(Fault { origin: own.origin, kind });
            }
        }
    }
    faults
}

/// The option that is the safest where no direction is declared; none, for several options without a "none".
fn first_safe(question: &crate::program::Question) -> usize {
    match question.kind {
        Kind::Many { .. } => usize::MAX,
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
