//! What a rule says, as one text in a fixed form, and its fingerprint. Two texts are equal exactly when nothing changed
//! that a signature is about: remarks, order of lines, names of sets, and words for readers are left out.

use super::super::files::Files;
use checker_rules::{
    Answer, Counterexample, DraftCondition, DraftKind, DraftLine, DraftQuestion, DraftRule, DraftTest, Name,
    Program,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The first digits of a text's SHA-256, in hexadecimal.
pub(super) fn short_hash(text: &str, digits: usize) -> String {
    let mut hash = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(hash, "{byte:02x}");
    }
    hash.truncate(digits);
    hash
}

/// The fingerprint of all rules and questions.
pub(super) fn of_all(files: &Files) -> String {
    let draft = &files.draft;
    let mut text = format!("outcomes {}\n", listed(&draft.outcomes));
    let _ = writeln!(text, "otherwise {}", draft.otherwise.as_ref().map_or("", |name| &name.text));
    let _ = writeln!(text, "stop-at {}", listed(&draft.stop_at));
    for question in &draft.questions {
        text += &question_text(files, question);
        if let Some(when) = &question.asked_when {
            let _ = writeln!(text, "asked-when {}", condition(files, when));
        }
    }
    for rule in &draft.rules {
        text += &rule_text(files, rule);
    }
    short_hash(&text, 12)
}

/// The fingerprint of one rule: its id, when it applies, what it asks for, and the options of the questions that it reads.
pub(super) fn of_rule(files: &Files, rule: &DraftRule) -> String {
    let mut text = rule_text(files, rule);
    let mut questions = BTreeSet::new();
    read(files, &rule.when, &mut questions);
    rule.talk_to_when.iter().for_each(|talk| read(files, &talk.when, &mut questions));
    for question in files.draft.questions.iter().filter(|question| questions.contains(&question.id.text)) {
        text += &question_text(files, question);
    }
    short_hash(&text, 6)
}

/// The answers of a patient, the result and the rules that apply.
pub(super) fn patient_text(program: &Program, example: &Counterexample) -> String {
    let mut text = String::new();
    for (at, answer) in &example.answers {
        let Some(question) = program.question(*at) else { continue };
        let option = |at: &u16| question.options().get(usize::from(*at)).map_or("", |option| &option.id);
        let said = match answer {
            Answer::One(at) => option(at).to_owned(),
            Answer::Many(ticks) => ticks.iter().map(option).collect::<Vec<_>>().join(" "),
            Answer::Number(value) => question.decimal(*value).to_string(),
            Answer::Unknown => "unknown".to_owned(),
            Answer::Items(items) => {
                let items = items.iter().map(|item| item.map_or("-".to_owned(), |item| item.to_string()));
                items.collect::<Vec<_>>().join(" ")
            }
        };
        let _ = writeln!(text, "{} {said}", question.id);
    }
    let _ = writeln!(text, "outcome {}", example.outcome.map_or("", |outcome| program.outcome(outcome)));
    let fired: Vec<&str> =
        example.fired.iter().filter_map(|&rule| Some(program.rule(rule)?.id.as_str())).collect();
    let _ = writeln!(text, "rules {}", fired.join(" "));
    text
}

fn rule_text(files: &Files, rule: &DraftRule) -> String {
    let outcome = rule.outcome.as_ref().map_or("", |outcome| &outcome.text);
    let mut text = format!("rule {} {outcome} {}\n", rule.id.text, rule.flag.text);
    let _ = writeln!(text, "talk-to {}", listed(&rule.talk_to));
    for talk in &rule.talk_to_when {
        let _ = writeln!(text, "talk-to {} when {}", listed(&talk.to), condition(files, &talk.when));
    }
    let _ = writeln!(text, "when {}", condition(files, &rule.when));
    text
}

fn question_text(files: &Files, question: &DraftQuestion) -> String {
    let kind = match &question.kind {
        DraftKind::One { options } => format!("one {}", listed(options)),
        DraftKind::Many { options, exclusive } => {
            format!("many {} exclusive {}", listed(options), listed(exclusive))
        }
        // What is unlikely is asked once more and changes no result, so no signature rests on it.
        DraftKind::Number { unit, low, high, decimals, unlikely: _ } => {
            let unit = unit.as_ref().map_or("", |unit| &unit.text);
            format!("number {low} {high} {decimals} {unit}")
        }
        DraftKind::Instrument { answered_by, .. } => {
            let screen = files.screens.get(&question.id.text).map_or("", |screen| &screen.id);
            format!("instrument {screen} {}", answered_by.as_ref().map_or("", |by| &by.text))
        }
    };
    format!("question {} {kind} unknown {}\n", question.id.text, listed(&question.unknown))
}

fn listed(names: &[Name]) -> String {
    names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Names in an order of their own: "A or B" is "B or A".
fn any_of(names: &[Name]) -> String {
    let mut names: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
    names.sort_unstable();
    names.join("|")
}

fn condition(files: &Files, of: &DraftCondition) -> String {
    let all = |parts: &[DraftCondition]| {
        let mut parts: Vec<String> = parts.iter().map(|part| condition(files, part)).collect();
        parts.sort_unstable();
        parts.join("; ")
    };
    match of {
        DraftCondition::All(parts) => format!("all({})", all(parts)),
        DraftCondition::Any(parts) => format!("any({})", all(parts)),
        DraftCondition::None(parts) => format!("none({})", all(parts)),
        DraftCondition::AtLeast(count, parts) => format!("at-least({count}: {})", all(parts)),
        DraftCondition::Set(name) => match set(files, name) {
            Some(set) => condition(files, set),
            None => name.text.clone(),
        },
        DraftCondition::Line(line) => line_text(line),
    }
}

fn line_text(line: &DraftLine) -> String {
    let number = |quantity: &checker_rules::Quantity| {
        let unit = quantity.unit.as_ref().map_or("", |unit| &unit.text);
        format!("{} {unit}", quantity.value)
    };
    let test = match &line.test {
        DraftTest::Is(names) => format!("is {}", any_of(names)),
        DraftTest::IsNot(names) => format!("is not {}", any_of(names)),
        DraftTest::Includes(names) => format!("includes {}", any_of(names)),
        DraftTest::IncludesAtLeast(count, names) => format!("includes {count} of {}", any_of(names)),
        DraftTest::AtLeast(value) => format!("at least {}", number(value)),
        DraftTest::Below(value) => format!("below {}", number(value)),
        DraftTest::IsUnknown => "is unknown".to_owned(),
        DraftTest::ItemAtLeast { item, value } => format!("item {item} at least {value}"),
        DraftTest::ItemBelow { item, value } => format!("item {item} below {value}"),
    };
    format!("{} {test}", line.subject.text)
}

fn set<'f>(files: &'f Files, name: &Name) -> Option<&'f DraftCondition> {
    let set = files.draft.sets.iter().find(|set| set.name.text == name.text)?;
    Some(&set.condition)
}

fn read(files: &Files, condition: &DraftCondition, into: &mut BTreeSet<String>) {
    for leaf in leaves(condition) {
        match leaf {
            DraftCondition::Line(line) => _ = into.insert(line.subject.text.clone()),
            DraftCondition::Set(name) => {
                if let Some(set) = set(files, name) {
                    read(files, set, into);
                }
            }
            _ => {}
        }
    }
}

/// The lines and sets of a condition, in the order in which [`checker_rules::Purpose`] counts them.
pub(super) fn leaves(condition: &DraftCondition) -> Vec<&DraftCondition> {
    match condition {
        DraftCondition::All(parts)
        | DraftCondition::Any(parts)
        | DraftCondition::None(parts)
        | DraftCondition::AtLeast(_, parts) => parts.iter().flat_map(leaves).collect(),
        leaf => vec![leaf],
    }
}
