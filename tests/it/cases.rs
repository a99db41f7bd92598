//! The shipped questionnaire: every worked patient of `cases.toml` gets the result written there, the
//! promises of `safety.toml` are proved, and a weakened rule is noticed.
//!
//! `cases.toml` was worked out on paper from the clinical rules; nothing here was copied from a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tests::{Run, Site, findings, program, read, repository, run_program};

const CHECKER: &str = "content/checkers/ketamine";

/// A worked patient.
struct Case {
    id: String,
    outcome: String,
    flags: Vec<String>,
    rules: Vec<String>,
    answers: Value,
}

fn table(path: &str) -> toml::Table {
    read(&repository().join(path)).parse().unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn words(value: &toml::Value) -> Vec<String> {
    let list = value.as_array().expect("a list");
    list.iter().map(|word| word.as_str().expect("a list of words").to_owned()).collect()
}

/// A value of `cases.toml` as `site-gen answer` reads it: "-" in an instrument is an item not asked.
fn as_answer(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(word) if word == "-" => Value::Null,
        toml::Value::String(word) => json!(word),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Array(list) => list.iter().map(as_answer).collect(),
        other => panic!("cases.toml has an answer of another kind: {other}"),
    }
}

fn cases() -> Vec<Case> {
    let file = table(&format!("{CHECKER}/cases.toml"));
    let list = file["case"].as_array().expect("cases.toml is a list of cases");
    list.iter()
        .map(|case| Case {
            id: case["id"].as_str().expect("an id").to_owned(),
            outcome: case["outcome"].as_str().expect("an outcome").to_owned(),
            flags: words(&case["flags"]),
            rules: words(&case["rules"]),
            answers: case["answers"]
                .as_table()
                .expect("answers")
                .iter()
                .map(|(question, answer)| (question.clone(), as_answer(answer)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        })
        .collect()
}

fn answer_in(language: &str, answers: &Value) -> Run {
    let arguments =
        ["answer", "--checker", "ketamine", "--answers", "-", "--lang", language, "--format", "json"];
    run_program(program(), repository(), &arguments, &answers.to_string())
}

fn answer(answers: &Value) -> Run {
    answer_in("en", answers)
}

/// The patient V01: depression, all clear.
fn all_clear() -> Value {
    let case = cases().into_iter().find(|case| case.id == "V01").expect("V01 is in cases.toml");
    assert_eq!(case.outcome, "consult");
    case.answers
}

fn with(mut answers: Value, question: &str, answer: Value) -> Value {
    answers[question] = answer;
    answers
}

fn without(mut answers: Value, question: &str) -> Value {
    answers.as_object_mut().expect("BUG: answers are an object").remove(question).expect("was answered");
    answers
}

/// Calls a function for every item on two threads and gathers what it complains about.
fn complaints<T: Sync>(items: &[T], about: impl Fn(&T) -> Vec<String> + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let more = about(item);
                    found.lock().expect("no test panics here").extend(more);
                }
            });
        }
    });
    found.into_inner().expect("no test panics here")
}

fn strings(value: &Value) -> Vec<String> {
    let list = value.as_array().unwrap_or_else(|| panic!("not a list: {value}"));
    list.iter().map(|word| word.as_str().expect("a list of words").to_owned()).collect()
}

#[test]
fn every_worked_patient_gets_the_result_of_the_clinical_rules() {
    let cases = cases();
    let faults = complaints(&cases, |case| {
        let run = answer(&case.answers);
        if run.code != 0 {
            return vec![format!("{}: exit {}: {}{}", case.id, run.code, run.stdout, run.stderr)];
        }
        let json = run.json();
        let mut faults = Vec::new();
        let mut expect = |what: &str, expected: &[String], got: &Value| {
            if strings(got) != expected {
                faults.push(format!("{}: {what} should be {expected:?}, is {got}", case.id));
            }
        };
        expect("flags", &case.flags, &json["flags"]);
        expect("rules", &case.rules, &json["rules"]);
        expect("missing", &[], &json["missing"]);
        expect("ignored", &[], &json["ignored"]);
        if json["outcome"] != case.outcome.as_str() {
            faults.push(format!("{}: outcome should be {}, is {}", case.id, case.outcome, json["outcome"]));
        }
        let ranks = ["consult", "clearance", "not-listed", "not-now", "crisis", "emergency"];
        let rank = ranks.iter().position(|name| *name == case.outcome).map(|place| place + 1);
        if json["rank"].as_u64() != rank.map(|rank| rank as u64) {
            faults.push(format!("{}: rank should be {rank:?}, is {}", case.id, json["rank"]));
        }
        let reasons = json["reasons"].as_array().map_or(0, Vec::len);
        if reasons != case.rules.len() {
            faults.push(format!("{}: {reasons} reasons for {} rules", case.id, case.rules.len()));
        }
        faults
    });
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn the_worked_patients_cover_every_rule_every_outcome_and_every_vignette() {
    let cases = cases();
    let fired: BTreeSet<&str> = cases.iter().flat_map(|case| case.rules.iter().map(String::as_str)).collect();
    let rules = table(&format!("{CHECKER}/rules.toml"));
    let rules: BTreeSet<&str> =
        rules["rule"].as_array().expect("rules").iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert!(rules.len() >= 75, "only {} rules", rules.len());
    assert_eq!(rules.difference(&fired).collect::<Vec<_>>(), Vec::<&&str>::new(), "rules without a case");
    let outcomes: BTreeSet<&str> = cases.iter().map(|case| case.outcome.as_str()).collect();
    assert_eq!(outcomes.len(), 6, "{outcomes:?}");
    for number in 1..=15 {
        let id = format!("V{number:02}");
        assert!(cases.iter().any(|case| case.id == id), "{id} is missing");
    }
    let ids: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids.len(), cases.len(), "two cases share an id");
}

#[test]
fn another_language_changes_the_words_and_nothing_else() {
    let cases: Vec<Case> = cases().into_iter().filter(|case| case.id.starts_with('V')).collect();
    let faults = complaints(&cases, |case| {
        let (english, spanish) =
            (answer_in("en", &case.answers).json(), answer_in("es", &case.answers).json());
        let mut faults = Vec::new();
        for key in ["outcome", "rank", "flags", "rules", "talk_to", "shown", "missing", "ignored"] {
            if english[key] != spanish[key] {
                faults.push(format!("{}: {key} differs: {} and {}", case.id, english[key], spanish[key]));
            }
        }
        if english["reasons"] == spanish["reasons"] {
            faults.push(format!("{}: the Spanish reasons are in English", case.id));
        }
        faults
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_order_in_which_answers_are_given_does_not_matter() {
    for case in cases().into_iter().filter(|case| case.id.starts_with('V')).take(5) {
        let turned: serde_json::Map<String, Value> = case
            .answers
            .as_object()
            .expect("BUG: an object")
            .iter()
            .rev()
            .map(|(question, answer)| (question.clone(), answer.clone()))
            .collect();
        assert_eq!(answer(&turned.into()).json(), answer(&case.answers).json(), "{}", case.id);
    }
}

#[test]
fn an_answer_to_a_question_that_is_not_asked_is_never_read() {
    // S3 is asked only of those who answer yes to S2. Left behind by a change of mind, it must not count.
    let ghost = with(all_clear(), "S3", json!("yes"));
    let json = answer(&ghost).exits(0).json();
    assert_eq!(json["outcome"], "consult");
    assert_eq!(json["ignored"], json!(["S3"]));
    assert!(!strings(&json["shown"]).contains(&"S3".to_owned()));

    let asked = with(with(all_clear(), "S2", json!("yes")), "S3", json!("yes"));
    let json = answer(&asked).exits(0).json();
    assert_eq!(json["outcome"], "emergency");
    assert_eq!(json["ignored"], json!([]));
    assert!(strings(&json["shown"]).contains(&"S3".to_owned()));
}

#[test]
fn a_question_without_an_answer_is_named() {
    let json = answer(&without(all_clear(), "H1")).exits(0).json();
    assert_eq!(json["missing"], json!(["H1"]));
    // One item of the mood screen left out: the score has no total, and no rule rests on it.
    let json = answer(&with(all_clear(), "PHQ-2", json!([0, null]))).exits(0).json();
    assert_eq!(json["missing"], json!(["PHQ-2"]));
    assert!(
        !strings(&json["rules"]).contains(&"I16".to_owned()),
        "a score was made of half a screen: {json:#}"
    );
    let json = answer(&with(all_clear(), "PHQ-2", json!([0, 0]))).exits(0).json();
    assert_eq!(json["missing"], json!([]));
    assert!(strings(&json["rules"]).contains(&"I16".to_owned()), "{json:#}");
}

#[test]
fn wrong_answers_are_refused_by_name() {
    for (question, wrong, named) in [
        ("H11", json!("ok"), "H11"),
        ("H1", json!("okay"), "okay"),
        ("C1", json!(["depresion"]), "depresion"),
        ("C1", json!(["depression", "none"]), "none"),
        ("C4", json!(11), "C4"),
        ("PHQ-2", json!([3]), "PHQ-2"),
        ("PHQ-2", json!([3, 4]), "PHQ-2"),
        ("S2", json!(["no"]), "S2"),
    ] {
        let run = answer(&with(all_clear(), question, wrong.clone())).exits(1);
        let said = findings(&run);
        assert!(
            said.iter().any(|finding| format!("{} {}", finding.message, finding.help).contains(named)),
            "{question} = {wrong}: {said:#?}"
        );
    }
    let arguments = ["answer", "--checker", "ketamine", "--answers", "-", "--format", "json"];
    let run = run_program(program(), repository(), &arguments, "{\"C1\": [");
    assert!(matches!(run.code, 1 | 2), "half a JSON text is taken for answers: {run:?}");
    let run =
        run_program(program(), repository(), &["answer", "--checker", "ketamin", "--answers", "-"], "{}");
    assert!(run.code != 0 && run.stderr.contains("ketamine"), "no `did you mean`: {run:?}");
}

// The proofs.

fn ids_of_safety() -> BTreeSet<String> {
    table(&format!("{CHECKER}/safety.toml"))
        .values()
        .filter_map(toml::Value::as_array)
        .flatten()
        .filter_map(|promise| promise.get("id"))
        .map(|id| id.as_str().expect("an id is a word").to_owned())
        .collect()
}

#[test]
fn every_promise_is_proved() {
    let run = run_program(program(), repository(), &["verify", "--format", "json"], "").exits(0);
    let json = run.json();
    let report = if json.is_array() { json[0].clone() } else { json };
    assert_eq!(report["checker"], "ketamine");
    let proved: BTreeSet<String> = report["proved"]
        .as_array()
        .expect("proved")
        .iter()
        .map(|promise| promise["id"].as_str().expect("an id").to_owned())
        .collect();
    let promised = ids_of_safety();
    assert!(promised.len() >= 10, "safety.toml promises little: {promised:?}");
    assert_eq!(promised.difference(&proved).collect::<Vec<_>>(), Vec::<&String>::new(), "not proved");
    assert_eq!(report["refuted"], json!([]));
    // More answer sets than anybody could try one by one.
    let sets = report["answer_sets"].to_string();
    let digits = sets.trim_matches('"').chars().filter(char::is_ascii_digit).count();
    assert!(digits > 15 || sets.contains("10^") || sets.contains('e'), "only {sets} answer sets");
}

/// The shipped site with the outcome of one rule made milder.
fn weakened(rule: &str) -> Site {
    let site = Site::shipped();
    let path = format!("{CHECKER}/rules.toml");
    let text = site.read(&path);
    let start = text.find(&format!("id = \"{rule}\"")).unwrap_or_else(|| panic!("no rule {rule}"));
    let outcome = start + text[start..].find("outcome = ").expect("the rule names an outcome");
    let end = outcome + text[outcome..].find('\n').expect("a line ends");
    site.write(&path, &format!("{}outcome = \"clearance\"{}", &text[..outcome], &text[end..]));
    site
}

#[test]
fn a_weakened_hard_stop_is_noticed() {
    let rules = table(&format!("{CHECKER}/rules.toml"));
    let core: Vec<String> = rules["rule"]
        .as_array()
        .expect("rules")
        .iter()
        .filter_map(|rule| rule["id"].as_str())
        .filter(|id| ["E", "K", "N"].iter().any(|letter| id.starts_with(letter)))
        .map(str::to_owned)
        .collect();
    assert_eq!(core.len(), 6 + 2 + 17, "{core:?}");
    let faults = complaints(&core, |rule| {
        let run = weakened(rule).run(&["verify", "--format", "json"]);
        if run.code == 1 { vec![] } else { vec![format!("{rule} can be weakened: exit {}", run.code)] }
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_broken_promise_is_shown_with_answers_that_break_it() {
    let site = weakened("K01");
    let run = site.run(&["verify", "--format", "json"]).exits(1);
    let json = run.json();
    let report = if json.is_array() { json[0].clone() } else { json };
    let refuted = report["refuted"].as_array().expect("refuted");
    let broken = refuted.iter().find(|promise| promise["id"] == "INV-02").expect("INV-02 rests on K01");
    // The answers shown must really give that result, in the program that people run.
    let input = broken["counterexample"].to_string();
    let arguments = ["answer", "--checker", "ketamine", "--answers", "-", "--format", "json"];
    let run = site.run_with_input(&arguments, &input).exits(0);
    let unproved = "the rules of ketamine are not proved";
    assert!(run.stderr.contains(unproved), "nobody is told: {}", run.stderr);
    assert!(!answer(&all_clear()).stderr.contains(unproved), "the shipped rules are proved");
    let result = run.json();
    assert_eq!(result["outcome"], broken["outcome"], "the counterexample gives another result");
    assert!(!["emergency", "crisis"].contains(&result["outcome"].as_str().unwrap_or_default()), "{result:#}");
}

// What a result may say.

#[test]
fn every_reason_is_said_in_full_and_names_its_rule() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for case in cases() {
        let json = answer(&case.answers).exits(0).json();
        for reason in json["reasons"].as_array().expect("reasons") {
            let rule = reason["rule"].as_str().expect("a reason names its rule").to_owned();
            let text = reason["text"].as_str().expect("a reason has a text").to_owned();
            assert!(text.split_whitespace().count() >= 4, "{rule} says only {text:?}");
            seen.insert(rule, text);
        }
    }
    assert!(seen.len() >= 75, "only {} reasons were seen", seen.len());
    for (rule, text) in &seen {
        let lower = text.to_lowercase();
        for banned in
            ["you qualify", "eligible", "approved for", "safe for you", "no risk", "guarantee", " mg"]
        {
            assert!(!lower.contains(banned), "{rule} says {banned:?}: {text}");
        }
        if lower.contains("suicide") {
            assert!(text.contains("988"), "{rule} names suicide without 988: {text}");
        }
    }
    let medicines = ["N15", "C18", "C19", "I02", "I03", "I04", "I05", "I06"];
    for rule in medicines {
        assert!(seen[rule].contains("Do not stop"), "{rule} lets a reader stop a medicine: {}", seen[rule]);
    }
}
