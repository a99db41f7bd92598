//! Worked patients: `cases.toml`. Each is run at every build; a result that differs is a finding.

use super::answer::read_map;
use crate::finding::{Finding, Findings};
use crate::parse::data::{Kind, Reader, Style, Table, Value, Written};
use crate::parse::{text_of, toml};
use crate::source::{Place, SourceTree};
use checker_rules::Program;
use serde_json::{Map, Value as Json};

/// One worked patient.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its id: `V01`, `P-C19`.
    pub id: String,
    /// Who it is, in a sentence.
    pub say: String,
    /// Answers in the form that `site-gen answer` reads.
    pub answers: Map<String, Json>,
    /// The expected outcome.
    pub outcome: String,
    /// The expected flags, all of them, in order.
    pub flags: Vec<String>,
    /// The expected rules, all of them, in order.
    pub rules: Vec<String>,
    /// The rule that the case is there for, if it is one of the cases of single rules.
    pub fires: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// Reads the cases of one checker. A checker without the file has none.
pub fn read(sources: &SourceTree, folder: &str, findings: &mut Findings) -> Vec<Case> {
    let Some((file, _)) = sources.find(&format!("content/checkers/{folder}/cases.toml")) else {
        return Vec::new();
    };
    let Some(text) = text_of(sources, file, findings) else { return Vec::new() };
    let Some(table) = toml::read(text, file, 0, findings) else { return Vec::new() };
    let mut reader = Reader::new(&table, "cases.toml", findings);
    let tables = reader.tables("case");
    reader.finish();
    tables.into_iter().filter_map(|table| case(table, findings)).collect()
}

/// Ids one behind the other, for a sentence.
fn named(ids: &[impl AsRef<str>]) -> String {
    if ids.is_empty() {
        return "an empty list".to_owned();
    }
    ids.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(" ")
}

fn case(table: &Table, findings: &mut Findings) -> Option<Case> {
    let mut reader = Reader::new(table, "A case", findings);
    let id = reader.text("id");
    let say = reader.text_or_empty("say");
    let outcome = reader.text("outcome");
    let flags = reader.texts("flags");
    let rules = reader.texts("rules");
    let fires = reader.text("fires").map(|fires| fires.value);
    let answers = reader.table("answers");
    for (absent, key, example) in [
        (id.is_none(), "id", "id = \"V01\""),
        (outcome.is_none(), "outcome", "outcome = \"consult\""),
        (answers.is_none(), "answers", "[case.answers]"),
    ] {
        if absent && table.get(key).is_none() {
            reader.report(
                Finding::error("value-missing", table.place.clone(), format!("This case has no `{key}`"))
                    .help(format!("Write it like this: `{example}`")),
            );
        }
    }
    reader.finish();
    let id = id?;
    let plain = |written: Vec<Written<String>>| written.into_iter().map(|written| written.value).collect();
    Some(Case {
        place: id.place.clone(),
        id: id.value,
        say,
        answers: answers?.entries.iter().map(|entry| (entry.key.clone(), json(&entry.value))).collect(),
        outcome: outcome?.value,
        flags: plain(flags),
        rules: plain(rules),
        fires,
    })
}

/// A list may hold "-" for an item that was not asked.
fn json(value: &Value) -> Json {
    match &value.kind {
        Kind::Scalar { text, style: Style::Number } => {
            serde_json::from_str(text).unwrap_or_else(|_| Json::from(text.as_str()))
        }
        Kind::Scalar { text, .. } => Json::from(text.as_str()),
        Kind::List(items) => Json::Array(
            items
                .iter()
                .map(|item| match &item.kind {
                    Kind::Scalar { text, style: Style::Quoted } if text == "-" => Json::Null,
                    _ => json(item),
                })
                .collect(),
        ),
        Kind::Table(_) | Kind::Empty => Json::Null,
    }
}

/// Runs every case and reports those that do not get what they expect.
pub(crate) fn run(program: &Program, cases: &[Case], findings: &mut Findings) {
    for case in cases {
        let mut tell = |code, message: String, help: String| {
            findings.push(Finding::error(code, case.place.clone(), message).help(help));
        };
        let answers = match read_map(program, &case.answers) {
            Ok(answers) => answers,
            Err(faults) => {
                for fault in faults.iter() {
                    tell(
                        "case-answers",
                        format!("The case `{}`: {}", case.id, fault.message),
                        fault.help.clone().unwrap_or_default(),
                    );
                }
                continue;
            }
        };
        let evaluation = checker_rules::evaluate(program, &answers);
        let ids = |list: &[checker_rules::QuestionIdx]| {
            list.iter()
                .filter_map(|&at| program.question(at).map(|question| question.id.clone()))
                .collect::<Vec<_>>()
        };
        if !evaluation.missing.is_empty() || !evaluation.ignored.is_empty() {
            let missing = ids(&evaluation.missing);
            let ignored = ids(&evaluation.ignored);
            let mut help = Vec::new();
            if !missing.is_empty() {
                help.push(format!("Add an answer to {}", super::faults::list(&missing)));
            }
            if !ignored.is_empty() {
                help.push(format!("Take out {}, which is not asked here", super::faults::list(&ignored)));
            }
            tell(
                "case-incomplete",
                format!("The case `{}` does not answer exactly the questions that are asked", case.id),
                help.join(". "),
            );
            continue;
        }
        let outcome = program.outcome(evaluation.outcome);
        let fired: Vec<&checker_rules::Rule> =
            evaluation.fired.iter().filter_map(|&at| program.rule(at)).collect();
        let rules: Vec<&str> = fired.iter().map(|rule| rule.id.as_str()).collect();
        let flags: Vec<&str> = fired.iter().map(|rule| rule.flag.as_str()).collect();
        let mut differs = Vec::new();
        if outcome != case.outcome {
            differs.push(format!("the outcome is `{outcome}`, not `{}`", case.outcome));
        }
        if rules != case.rules {
            differs.push(format!("the rules are {}, not {}", named(&rules), named(&case.rules)));
        }
        if flags != case.flags {
            differs.push(format!("the flags are {}, not {}", named(&flags), named(&case.flags)));
        }
        if let Some(fires) = &case.fires
            && !rules.contains(&fires.as_str())
        {
            differs.push(format!("the rule `{fires}` does not apply"));
        }
        if !differs.is_empty() {
            tell(
                "case-differs",
                format!("The case `{}` gets another result: {}", case.id, differs.join("; ")),
                "Mend the rule. Change the case only if a clinician says that the new result is right"
                    .to_owned(),
            );
        }
    }
}
