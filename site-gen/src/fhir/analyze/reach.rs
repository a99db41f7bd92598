//! Questions that nobody is ever asked: the form becomes a draft without rules, and the proof looks at it.

use crate::fhir::carry::{Ask, Carried, Question};
use crate::fhir::condition::When;
use crate::fhir::form::{Form, Told};
use checker_rules::{
    Draft, DraftKind, DraftQuestion, FaultKind, Instrument, Name, Origin, Place, resolve, verify,
};

/// Beyond this the proof would take longer than anybody waits.
const MAX_QUESTIONS: usize = 1_500;

/// Where the origins of questions begin; below are those of conditions.
const QUESTIONS: u32 = 1 << 24;

/// Looks for questions that can never be asked.
pub(crate) fn check(form: &Form, carried: &mut Carried, told: &mut Told) {
    if carried.questions.is_empty() {
        return;
    }
    for question in carried.questions.iter().filter(|question| question.written == When::Never) {
        // A comparison that is never so has been told already, with the number that is wrong.
        let told_already = std::iter::once(question.item).chain(form.around(question.item)).any(|at| {
            form.items[at].enable.iter().any(|enable| {
                told.findings.iter().any(|finding| {
                    finding.code != "fhir-asks-later"
                        && finding.place.as_ref().is_some_and(|place| place.span == enable.span)
                })
            })
        });
        if !told_already {
            never(form, question.item, &[], told);
        }
    }
    if carried.questions.len() > MAX_QUESTIONS {
        let span = form.items.first().map_or(0..0, |item| item.span.clone());
        told.note(
            "fhir-not-proved",
            &span,
            format!("With more than {MAX_QUESTIONS} questions it is not looked at whether each can be asked"),
            "Split the form".to_owned(),
        );
        return;
    }
    let draft = draft(carried, |question| &question.written);
    // Circles and wrong comparisons have been told by their items.
    let Ok(questionnaire) = resolve(&draft) else { return };
    let (report, _) = verify(questionnaire);
    for fault in &report.faults {
        match &fault.kind {
            FaultKind::NeverHolds { place: Place::AskedWhen(id), whole, lines, .. } => {
                let Some(number) = carried.questions.iter().position(|question| question.id == *id) else {
                    continue;
                };
                let question = &carried.questions[number];
                if *whole {
                    never(form, question.item, &spans(carried, lines), told);
                } else {
                    let spans = spans(carried, lines);
                    let item = &form.items[question.item];
                    let span = spans.first().map_or(&item.span, |(_, span)| span);
                    told.warning(
                        "fhir-part-never-holds",
                        span,
                        format!("A part of the condition of {} can never hold", item.name()),
                        format!("{} Take it out, or correct it", together(form, &spans)),
                    );
                }
            }
            FaultKind::NeverAsked { question: id } => {
                if let Some(question) = carried.questions.iter().find(|question| question.id == *id) {
                    never(form, question.item, &[], told);
                }
            }
            FaultKind::TooEntangled { .. } => {
                let span = form.items.first().map_or(0..0, |item| item.span.clone());
                told.note(
                    "fhir-not-proved",
                    &span,
                    "Whether each question can be asked could not be worked out: too many conditions act on each other"
                        .to_owned(),
                    "Split the form".to_owned(),
                );
            }
            _ => {}
        }
    }
    take_out_the_impossible(carried);
}

/// Takes out of the conditions what decides nothing: a checker with an alternative that can never hold is refused.
fn take_out_the_impossible(carried: &mut Carried) {
    let Ok(questionnaire) = resolve(&draft(carried, |question| &question.when)) else { return };
    let (report, _) = verify(questionnaire);
    let mut numbers: Vec<usize> = report
        .faults
        .iter()
        .filter_map(|fault| match &fault.kind {
            FaultKind::NeverHolds { place: Place::AskedWhen(id), whole: false, .. } => {
                carried.questions.iter().position(|question| question.id == *id)
            }
            _ => None,
        })
        .collect();
    numbers.dedup();
    for number in numbers {
        let parts = match std::mem::replace(&mut carried.questions[number].when, When::Always) {
            When::All(parts) => parts,
            other => vec![other],
        };
        let kept = (0..parts.len()).map(|at| possible_part(carried, number, &parts, at)).collect();
        carried.questions[number].when = When::all(kept).tidy();
    }
}

/// One of several things that must hold, without what cannot.
fn possible_part(carried: &Carried, number: usize, parts: &[When], at: usize) -> When {
    let beside = || parts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, part)| part.clone());
    match &parts[at] {
        When::Any(ways) => {
            let with_the_rest = |way: &&When| {
                can_hold(carried, number, &When::all(beside().chain([(*way).clone()]).collect()))
            };
            When::any(ways.iter().filter(with_the_rest).cloned().collect())
        }
        When::Not(inner) => {
            let ways = match inner.as_ref() {
                When::Any(ways) => ways.clone(),
                one => vec![one.clone()],
            };
            When::any(ways.into_iter().filter(|way| can_hold(carried, number, way)).collect()).not()
        }
        other => other.clone(),
    }
}

fn can_hold(carried: &Carried, number: usize, when: &When) -> bool {
    let mut draft = draft(carried, |question| &question.when);
    draft.questions[number].asked_when = when.draft();
    let Ok(questionnaire) = resolve(&draft) else { return *when != When::Never };
    let id = &carried.questions[number].id;
    let (report, _) = verify(questionnaire);
    !report.faults.iter().any(|fault| {
        matches!(&fault.kind, FaultKind::NeverHolds { place: Place::AskedWhen(of), whole: true, .. } if of == id)
    })
}

type Span = (usize, std::ops::Range<usize>);

fn spans(carried: &Carried, lines: &[Origin]) -> Vec<Span> {
    lines.iter().filter_map(|line| carried.origins.get(usize::try_from(line.0).ok()?).cloned()).collect()
}

fn together(form: &Form, spans: &[Span]) -> String {
    let parts: Vec<String> = spans
        .iter()
        .map(|(at, span)| {
            let item = &form.items[*at];
            let number = item.enable.iter().position(|enable| enable.span == *span).unwrap_or(0);
            let enable = &item.enable[number];
            let answer = match &enable.answer {
                Some(crate::fhir::form::Answer::Coding { code, .. }) => code.clone(),
                Some(crate::fhir::form::Answer::Switch(switch)) => switch.to_string(),
                Some(
                    crate::fhir::form::Answer::Number { value, .. }
                    | crate::fhir::form::Answer::Quantity { value, .. },
                ) => value.to_string(),
                Some(crate::fhir::form::Answer::Text(text)) => text.clone(),
                _ => String::new(),
            };
            format!("`{} {} {answer}` ({}.enableWhen[{number}])", enable.question, enable.operator, item.path)
        })
        .collect();
    match parts.as_slice() {
        [] => "No answers fit it.".to_owned(),
        [one] => format!("No answers fit {one}."),
        several => format!("These cannot hold together: {}.", several.join(" and ")),
    }
}

fn never(form: &Form, at: usize, spans: &[Span], told: &mut Told) {
    let item = &form.items[at];
    let span = spans.first().map_or(&item.span, |(_, span)| span);
    told.error(
        "fhir-never-asked",
        span,
        format!("Nobody is ever asked {}", item.name()),
        format!(
            "{} Correct the conditions, or take the item out. It is at {}",
            together(form, spans),
            item.path
        ),
    );
}

/// The questions as a draft: one outcome, no rules.
fn draft(carried: &Carried, when: impl Fn(&Question) -> &When) -> Draft {
    let name = |text: &str, origin: Origin| Name::new(text, origin);
    let questions = carried
        .questions
        .iter()
        .zip(QUESTIONS..)
        .map(|(question, number)| {
            let origin = Origin(number);
            let mut unknown = Vec::new();
            let names = |options: &[crate::fhir::carry::Choice]| {
                options.iter().map(|option| name(&option.id, origin)).collect()
            };
            let kind = match &question.ask {
                Ask::One(options) => DraftKind::One { options: names(options) },
                Ask::Many { options, exclusive } => DraftKind::Many {
                    options: names(options),
                    exclusive: exclusive.iter().map(|option| name(option, origin)).collect(),
                },
                Ask::Number { unit, low, high, decimals, unknown: option } => {
                    unknown.extend(option.iter().map(|option| name(&option.id, origin)));
                    DraftKind::Number {
                        unit: unit.as_ref().map(|unit| name(unit, origin)),
                        low: *low,
                        high: *high,
                        decimals: *decimals,
                        unlikely: None,
                    }
                }
                Ask::Screen(screen) => DraftKind::Instrument {
                    instrument: Instrument {
                        items: screen.highest.clone(),
                        gated: screen.gated,
                        crisis_items: Vec::new(),
                    },
                    answered_by: None,
                },
            };
            DraftQuestion {
                id: name(&question.id, origin),
                section: None,
                kind,
                unknown,
                crisis: Vec::new(),
                inert: Vec::new(),
                direction: None,
                // A question that is never asked has been told; what waits for it is looked at as if it were asked.
                asked_when: match when(question) {
                    When::Never => None,
                    when => when.draft(),
                },
            }
        })
        .collect();
    Draft {
        id: name("form", Origin(QUESTIONS)),
        outcomes: vec![name("talk-first", Origin(QUESTIONS))],
        otherwise: Some(name("talk-first", Origin(QUESTIONS))),
        questions,
        ..Draft::default()
    }
}
