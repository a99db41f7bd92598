//! The shipped checker, and what staff are told about wrong files.

use super::*;
use crate::finding::Severity;
use crate::source::SourceFile;

/// Every file below `content/` of this repository.
pub(super) fn shipped() -> Vec<SourceFile> {
    let root =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("BUG: a workspace").to_owned();
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(root.join("content")) {
        let entry = entry.expect("the content can be read");
        let wanted = entry.path().to_string_lossy().contains("checkers")
            || entry.path().extension().is_some_and(|extension| extension == "toml");
        if entry.file_type().is_file() && wanted {
            let path = entry.path().strip_prefix(&root).expect("BUG: below the root");
            files.push(SourceFile {
                path: path.to_string_lossy().replace('\\', "/"),
                bytes: std::fs::read(entry.path()).expect("the file can be read"),
            });
        }
    }
    files
}

/// The shipped files after one text in one file was replaced.
fn changed(path: &str, from: &str, to: &str) -> SourceTree {
    let mut files = shipped();
    let file = files.iter_mut().find(|file| file.path == path).expect("BUG: the file is there");
    let text = String::from_utf8(file.bytes.clone()).expect("text");
    assert!(text.contains(from), "{path} holds {from:?}");
    file.bytes = text.replacen(from, to, 1).into_bytes();
    SourceTree::new(files)
}

pub(super) fn told(loaded: &Loaded, sources: &SourceTree) -> Vec<String> {
    loaded
        .findings
        .clone()
        .sorted()
        .iter()
        .map(|finding| {
            let place = finding.place.as_ref().map_or(String::new(), |place| {
                let file = sources.file(place.file);
                let (line, _) = line_column(&String::from_utf8_lossy(&file.bytes), place.span.start);
                format!("{}:{line} ", file.path.trim_start_matches("content/"))
            });
            let help = finding.help.as_deref().unwrap_or_default();
            format!("{place}{}: {}. {help}", finding.code, finding.message)
        })
        .collect()
}

/// A change to a shipped file, and a finding that it must give, by its beginning. `@` stands for the place of the
/// change; another place is given by its file alone.
fn check(path: &str, from: &str, to: &str, expected: &str) {
    let sources = changed(path, from, to);
    let all = told(&load(&sources), &sources);
    let (_, file) = sources.find(path).expect("BUG: the file is there");
    let text = String::from_utf8_lossy(&file.bytes);
    let at = if to.is_empty() { 0 } else { text.find(to).expect("BUG: the change is there") };
    let (line, _) = line_column(&text, at);
    let expected = match expected.strip_prefix('@') {
        Some(rest) => format!("{}:{line}{rest}", path.trim_start_matches("content/")),
        None => expected.to_owned(),
    };
    // "file:12 code: ..." also as "file code: ...".
    let without_line = |told: &str| match (told.split_once(':'), told.split_once(' ')) {
        (Some((file, _)), Some((_, rest))) => format!("{file} {rest}"),
        _ => told.to_owned(),
    };
    let found =
        all.iter().any(|told| told.starts_with(&expected) || without_line(told).starts_with(&expected));
    assert!(found, "wanted {expected:?}, got {all:#?}");
    for line in &all {
        for jargon in ["deserialize", "token", "mapping", "parse", "newline", "EOF", "expected `"] {
            assert!(!line.contains(jargon), "a parser's word reached staff: {line}");
        }
    }
}

pub(super) const CHECKER: &str = "content/checkers/ketamine/checker.toml";
pub(super) const RULES: &str = "content/checkers/ketamine/rules.toml";
pub(super) const SAFETY: &str = "content/checkers/ketamine/safety.toml";
const CASES: &str = "content/checkers/ketamine/cases.toml";
const QUESTIONS_EN: &str = "content/en/checkers/ketamine/questions.md";
const QUESTIONS_ES: &str = "content/es/checkers/ketamine/questions.md";
const REASONS_EN: &str = "content/en/checkers/ketamine/reasons.md";
const REASONS_ES: &str = "content/es/checkers/ketamine/reasons.md";
const OUTCOMES_EN: &str = "content/en/checkers/ketamine/outcomes.md";

#[test]
fn the_shipped_checker_is_whole_and_proved() {
    let sources = SourceTree::new(shipped());
    let loaded = load(&sources);
    assert_eq!(told(&loaded, &sources), Vec::<String>::new());
    let checker = loaded.find("ketamine").expect("the checker is there");
    assert!(!checker.bytes.is_empty(), "it is proved");
    let languages: Vec<&str> = checker.words.keys().map(String::as_str).collect();
    assert_eq!(languages, ["en", "es"]);
    assert_eq!(checker.updated.to_string(), "2026-11-22");
}

#[test]
fn every_worked_patient_gets_what_clinicians_expect() {
    let sources = SourceTree::new(shipped());
    let loaded = load(&sources);
    let checker = loaded.find("ketamine").expect("the checker is there");
    assert_eq!(checker.cases.len(), 114, "cases were added or lost: count them again");
    let mut wrong = Vec::new();
    for case in &checker.cases {
        let answers = serde_json::Value::Object(case.answers.clone()).to_string();
        let Ok(result) = answer(checker, &answers, "en") else {
            wrong.push(format!("{}: the answers do not fit", case.id));
            continue;
        };
        let got = (&result.outcome, &result.flags, &result.rules);
        if got != (&case.outcome, &case.flags, &case.rules) {
            wrong.push(format!("{}: {got:?}", case.id));
        }
        if !result.missing.is_empty() || !result.ignored.is_empty() {
            wrong.push(format!("{}: missing {:?}, ignored {:?}", case.id, result.missing, result.ignored));
        }
        if case.fires.as_ref().is_some_and(|fires| !result.rules.contains(fires)) {
            wrong.push(format!("{}: its rule does not apply", case.id));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    let probed: BTreeSet<&str> = checker.cases.iter().filter_map(|case| case.fires.as_deref()).collect();
    for rule in checker.program.rules() {
        assert!(probed.contains(rule.id.as_str()), "no worked patient for the rule {}", rule.id);
    }
}

#[test]
fn an_answer_comes_with_reasons_and_whom_to_talk_to() {
    let sources = SourceTree::new(shipped());
    let loaded = load(&sources);
    let checker = loaded.find("ketamine").expect("the checker is there");
    let case = checker.cases.iter().find(|case| case.id == "V13").expect("V13");
    let answers = serde_json::Value::Object(case.answers.clone()).to_string();
    let english = answer(checker, &answers, "en").expect("the answers fit");
    assert_eq!(english.rank, 6);
    assert_eq!(english.talk_to, ["911", "emergency-room", "hematology"]);
    let specialist = english.reasons.iter().find(|reason| reason.rule == "C25").expect("C25 applies");
    assert_eq!(specialist.talk_to, ["hematology"]);
    assert_eq!(
        specialist.text,
        "There is little proof that ketamine helps this. A specialist can tell you what works best."
    );
    let spanish = answer(checker, &answers, "es").expect("the answers fit");
    assert_eq!(spanish.reasons[0].title, "Crisis de células falciformes o fiebre");
    let text = english.to_text(checker, "en");
    assert!(text.starts_with("Result: emergency: Get help now\nRank 6 of 6"), "{text}");
    assert!(text.contains("This is not a diagnosis."), "{text}");
}

#[test]
fn answers_left_behind_are_named_and_not_read() {
    let sources = SourceTree::new(shipped());
    let loaded = load(&sources);
    let checker = loaded.find("ketamine").expect("the checker is there");
    let given = r#"{"S1":["none"],"S2":"no","S3":"yes","C1":["depression"],"C8":"yes"}"#;
    let result = answer(checker, given, "en").expect("the answers fit");
    assert_eq!(result.ignored, ["S3", "C8"]);
    assert_eq!(result.outcome, "consult");
    assert!(result.missing.contains(&"S4".to_owned()));
}

#[test]
fn wrong_answers_are_told_in_plain_words() {
    let sources = SourceTree::new(shipped());
    let loaded = load(&sources);
    let checker = loaded.find("ketamine").expect("the checker is there");
    let check = |given: &str, expected: &str| {
        let findings = answer(checker, given, "en").expect_err("the answers do not fit");
        let got: Vec<String> = findings
            .iter()
            .map(|finding| {
                format!(
                    "{}: {}. {}",
                    finding.code,
                    finding.message,
                    finding.help.as_deref().unwrap_or_default()
                )
            })
            .collect();
        assert_eq!(got.join("\n"), expected);
    };
    check(r#"{"s2":"no"}"#, "unknown-question: There is no question `s2`. Did you mean `S2`?");
    check(r#"{"S2":"yess"}"#, "unknown-option: The question `S2` has no option `yess`. Did you mean `yes`?");
    check(
        r#"{"S2":["no"]}"#,
        "answer-does-not-fit: This is no answer to the question `S2`. Write one answer: \"S2\": \"no\"",
    );
    check(
        r#"{"S1":["none","stroke"]}"#,
        "answer-does-not-fit: `none` of `S1` cannot be chosen together with another answer. Choose it alone, or leave \
         it out",
    );
    check(r#"{"C4":11}"#, "answer-does-not-fit: The number for `C4` is too high. The highest is 10");
    check(
        r#"{"C4":"seven"}"#,
        "answer-does-not-fit: This is no answer to the question `C4`. Write a number from 0 to 10",
    );
    check(
        r#"{"PHQ-2":[3]}"#,
        "answer-does-not-fit: `PHQ-2` has another number of items. Write 2 values, with null for an item that was not \
         answered",
    );
    check(r#"{"PHQ-2":[4,0]}"#, "answer-does-not-fit: Item 1 of `PHQ-2` is too high. The highest is 3");
    check(
        r#"{"S2": no}"#,
        "answers-unreadable: The answers cannot be read: something is wrong near line 1, column 9. Write them like this: \
         {\"S1\": [\"none\"], \"S2\": \"no\", \"C4\": 7, \"PHQ-2\": [1, 1]}",
    );
}

#[test]
fn the_printable_list_says_when_a_question_is_asked() {
    let sources = SourceTree::new(shipped());
    let loaded = load(&sources);
    let checker = loaded.find("ketamine").expect("the checker is there");
    let note = |language: &str, id: &str| {
        let listing = checker.listing(language).expect("words");
        let all = listing.sections.into_iter().flat_map(|section| section.questions);
        all.into_iter().find(|question| question.id == id).expect("the question").condition_note
    };
    assert_eq!(note("en", "S2"), "");
    assert_eq!(note("en", "C4"), "Asked only if you chose a pain condition.");
    assert_eq!(
        note("en", "C8"),
        "Asked only if you chose “Sickle cell pain” at “What do you want help with?”."
    );
    assert_eq!(
        note("en", "S3"),
        "Asked only if you answered “Yes” to “In the past 2 weeks, have you had thoughts of ending your life or hurting \
         yourself?” or you answered “Several days” or more to item 9 of “Your mood in the last 2 weeks, in more detail”."
    );
    assert_eq!(
        note("en", "PHQ-2"),
        "Asked only if you did not choose “Mood, in 9 questions (PHQ-9)” at “Would you like to add any of these short \
         checks?”."
    );
    assert_eq!(note("es", "C4"), "Solo se pregunta si eligió un problema de dolor.");
}

#[test]
fn unofficial_translations_say_so() {
    let sources = SourceTree::new(shipped());
    let loaded = load(&sources);
    let checker = loaded.find("ketamine").expect("the checker is there");
    let hint = |language: &str, id: &str| {
        let listing = checker.listing(language).expect("words");
        let all = listing.sections.into_iter().flat_map(|section| section.questions);
        all.into_iter().find(|question| question.id == id).expect("the question").hint
    };
    let note = "Estas preguntas no son una traducción oficial.";
    assert!(hint("es", "PC-PTSD-5").contains(note));
    assert!(hint("es", "GAD-2").contains(note));
    assert!(!hint("es", "PHQ-9").contains(note));
    assert!(!hint("en", "PC-PTSD-5").contains("official"));
}

#[test]
fn the_data_for_the_widget_is_one_line_a_text() {
    let sources = SourceTree::new(shipped());
    let loaded = load(&sources);
    let checker = loaded.find("ketamine").expect("the checker is there");
    let data = checker.data("es", "https://example.org/clinic/").expect("proved, with words");
    let lines: Vec<&str> = data.split('\n').collect();
    assert!(lines[0].starts_with("program ") && !data.contains('\t'));
    let keys: Vec<&str> = checker_bundle::WORDS.lines().collect();
    let place =
        |text: &str| lines.iter().position(|line| *line == text).unwrap_or_else(|| panic!("no {text}"));
    assert_eq!(lines[1 + keys.iter().position(|key| *key == "continue").expect("a key")], "Continuar");
    assert_eq!(lines[1 + keys.len()], "https://example.org/clinic/fhir/");
    assert_eq!(lines[2 + keys.len()], "ketamine|1.0.0");
    // A question, its hint and its answers follow each other, and so do the parts of the whole.
    let s2 = checker.listing("es").expect("words").sections.remove(0).questions.remove(1);
    let at = place(&s2.title);
    assert_eq!(lines[at + 1], s2.hint);
    assert_eq!(
        lines[at + 2..at + 5],
        s2.options.iter().map(|option| option.label.as_str()).collect::<Vec<_>>()
    );
    assert_eq!(lines[at + 4], "Prefiero no decirlo");
    let phq = place("Poco interés o placer en hacer cosas");
    assert!(phq > at && place("En el último mes:") > at);
    assert!(lines[phq..].contains(&"Casi todos los días"));
    assert_eq!(place("Hable con alguien hoy") + checker.program.talk_to().len() + 5, lines.len());
    assert!(
        place("Línea de ayuda por intoxicaciones (Poison Help), 1-800-222-1222")
            > place("Hable con alguien hoy")
    );
    assert!(!data.contains('<'), "nothing can close the block");
    assert_eq!(checker.data("fr", ""), None);
}

#[test]
fn wrong_rules_are_told_with_the_right_line() {
    let say = |from: &str, to: &str, expected: &str| check(RULES, from, to, expected);
    say(
        "\"C4 below 4\"",
        "\"C4 < 4\"",
        "@ rule-line: `C4 < 4` is not a line that the rules understand. Write: `C4 below 4`",
    );
    say(
        "\"A1 is under18\"",
        "\"A1 is under-18\"",
        "@ unknown-name: The question `A1` has no option `under-18`. Did you mean `under18`?",
    );
    say(
        "talk-to = [\"hepatology\"]",
        "talk-to = [\"hepatologist\"]",
        "@ unknown-name: `hepatologist` is not in the `talk-to` list of checker.toml. Did you mean `hepatology`?",
    );
    say(
        "\"S3 is yes or unsure\"",
        "\"S3 includes yes or unsure\"",
        "@ rule-line: `S3 includes yes or unsure` does not fit the question `S3`, which asks for one answer. Write: `S3 \
         is yes or unsure`",
    );
    say(
        "flag = \"F-OVERDOSE\"",
        "flags = \"F-OVERDOSE\"",
        "@ unknown-key: A rule has no `flags`. Did you mean `flag`?",
    );
    say(
        "evidence = [\"EV-RED-05\"]",
        "evidence = [\"EV-RED-055\"]",
        "@ unknown-evidence: There is no evidence `EV-RED-055`. Did you mean `EV-RED-05`?",
    );
    say(
        "outcome = \"crisis\"",
        "outcome = \"crises\"",
        "@ unknown-name: There is no outcome `crises`. Did you mean `crisis`?",
    );
    say(
        "flag = \"F-SPINE\"",
        "flag = \"F-OVERDOSE\"",
        "checkers/ketamine/rules.toml written-twice: The flag `F-OVERDOSE` is already the flag of the rule `E02`. Each rule \
         has a flag of its own. The other is at rules.toml, line ",
    );
    say(
        "all = [\"S1 includes overdose\"]\n",
        "",
        "checkers/ketamine/rules.toml condition-missing: The rule `E02` does not say when it holds. Add `all = [",
    );
    say("id = \"E02\"", "id = E02", "@ text-needs-quotes: This text needs quote marks. Write `id = \"E02\"`");
}

#[test]
fn each_rule_names_somebody_to_talk_to_and_what_it_rests_on() {
    let say = |from: &str, to: &str, expected: &str| check(RULES, from, to, expected);
    say(
        "talk-to = [\"hepatology\"]\n",
        "",
        "checkers/ketamine/rules.toml rule-without-talk-to: The rule `N11` does not say who to talk to",
    );
    say(
        "evidence = [\"EV-RED-05\"]\n",
        "",
        "checkers/ketamine/rules.toml rule-without-evidence: The rule `E02` names no evidence",
    );
    say(
        "flag = \"F-SPINE\"\n",
        "",
        "checkers/ketamine/rules.toml value-missing: The rule `E03` has no `flag`",
    );
}

/// The school grade of a text, with ketamine and its like counted as readers of these pages know them.
fn grade(text: &str) -> f64 {
    use crate::plain::{Formula, Measure, sentences};
    let known = ["ketamine", "infusion", "depression", "medicine", "medicines", "emergency", "clinician"];
    let known = known.map(str::to_owned).into();
    let mut measure = Measure::default();
    for sentence in sentences::split(text) {
        measure.add(Formula::English, &text[sentence], &known);
    }
    measure.grade().expect("a text has words")
}

#[test]
fn questions_and_reasons_can_be_read_at_the_eighth_grade() {
    assert!(
        grade("Pharmacological interventions necessitate multidisciplinary cardiovascular assessment.") > 8.0
    );
    let sources = SourceTree::new(shipped());
    let loaded = load(&sources);
    let words = &loaded.find("ketamine").expect("the checker is there").words["en"];
    let mut hard = Vec::new();
    for (rule, (_, text)) in &words.reasons {
        if grade(text).round() > 8.0 {
            hard.push(format!("{rule}: {:.1}: {text}", grade(text)));
        }
    }
    let all = |texts: Vec<&str>| texts.join(" ");
    let reasons = all(words.reasons.values().map(|(_, text)| text.as_str()).collect());
    let questions = all(words.questions.values().map(|question| question.title.as_str()).collect());
    assert!(grade(&reasons) <= 6.0 && grade(&questions) <= 6.0, "{} {}", grade(&reasons), grade(&questions));
    assert_eq!(hard, Vec::<String>::new());
}

#[test]
fn rules_that_are_put_differently_but_right_pass() {
    let passes = |from: &str, to: &str| {
        let sources = changed(RULES, from, to);
        assert_eq!(told(&load(&sources), &sources), Vec::<String>::new(), "{to}");
    };
    passes(
        "any = [\"S2 is prefer-not\", \"S4 is prefer-not\"]",
        "any = [\"S2 is unknown\", \"S4 is unknown\"]",
    );
    passes(
        "all = [\"R1 includes opioid\", \"R1 includes benzo or sedative\"]",
        "all = [\"R1 includes opioid\", \"R1 includes at least 1 of benzo, sedative\"]",
    );
    passes("all = [\"A3 is yes\"]", "any = [\"A3 is not no\"]");
    passes("talk-to = [\"hepatology\"]", "talk-to = [\"hepatology\", \"primary-care\"]");
}

#[test]
fn a_number_without_its_unit_is_answered_with_the_right_line() {
    let mut files = shipped();
    let add = |files: &mut Vec<SourceFile>, path: &str, text: &str| {
        let file = files.iter_mut().find(|file| file.path == path).expect("BUG: the file is there");
        file.bytes.extend_from_slice(text.as_bytes());
    };
    add(
        &mut files,
        CHECKER,
        "\n[[question]]\nid = \"H1-top\"\nsection = \"health\"\nask = \"number\"\nunit = \"mmHg\"\nbetween = [60, 260]\nunknown = [\"unsure\"]\nrisk = \"higher\"\n",
    );
    add(
        &mut files,
        RULES,
        "\n[[rule]]\nid = \"N18\"\noutcome = \"not-now\"\nflag = \"F-TOP\"\ntalk-to = [\"primary-care\"]\nall = [\"H1-top at least 180\"]\nevidence = [\"EV-CI-BP\"]\n",
    );
    let sources = SourceTree::new(files);
    let all = told(&load(&sources), &sources);
    let wanted = "unit-missing: `H1-top at least 180` has no unit. This question is in mmHg. Write: `H1-top at least 180 mmHg`";
    assert!(all.iter().any(|line| line.ends_with(wanted)), "{all:#?}");
}

#[test]
fn wrong_structure_is_told_at_its_line() {
    let say = |from: &str, to: &str, expected: &str| check(CHECKER, from, to, expected);
    say(
        "ask = \"many\"",
        "ask = \"multi\"",
        "@ unknown-kind-of-question: The question `S1` cannot ask for `multi`. Did you mean `many`?",
    );
    say(
        "instrument = \"phq-2\"",
        "instrument = \"phq2\"",
        "@ unknown-instrument: There is no instrument `phq2`. Did you mean `phq-2`?",
    );
    say("updated = 2026-11-22", "updated = 11/22/2026", "@ date-in-another-form: `11/22/2026");
    say(
        "risk = [\"no\", \"prefer-not\", \"yes\"]",
        "risk = [\"no\", \"yes\"]",
        "checkers/ketamine/checker.toml risk-order-incomplete: The order of answers of `S2` leaves out `prefer-not`",
    );
    say(
        "between = [0, 10]\n",
        "",
        "checkers/ketamine/checker.toml number-without-limits: The question `C4` does not say between which numbers",
    );
    for wrong in ["{ below = 11 }", "{ above = -1 }", "{ below = 8, above = 2 }", "{}"] {
        say(
            "between = [0, 10]\n",
            &format!("between = [0, 10]\nare-you-sure = {wrong}\n"),
            "checkers/ketamine/checker.toml unlikely-numbers: `are-you-sure` of the question `C4` does not fit",
        );
    }
    say(
        "between = [0, 10]\n",
        "between = [0, 10]\nare-you-sure = { below = \"two\" }\n",
        "checkers/ketamine/checker.toml unlikely-numbers: `are-you-sure` of the question `C4` needs numbers",
    );
    say(
        "id = \"ketamine\"",
        "id = \"ketamin\"",
        "@ checker-id-differs: The id `ketamin` is not the name of the folder, `ketamine`",
    );
    say(
        "asked-when = { any = [\"listed\"] }",
        "asked-when = { all = [\"C1 includes none\", \"listed\"] }",
        "checkers/ketamine/checker.toml never-asked: The question `C2` (“Has a doctor or other clinician told you",
    );
    say(
        "inert = [\"one\"] ",
        "inert = []",
        "checkers/ketamine/checker.toml option-not-read: No rule looks at the answer `one` of `C6`",
    );
}

#[test]
fn a_rule_that_is_weakened_breaks_a_promise() {
    check(
        RULES,
        "any = [\"S2 is yes\", \"PHQ-9 item 9 at least 1\"]",
        "any = [\"S2 is yes\", \"PHQ-9 item 9 at least 2\"]",
        "checkers/ketamine/safety.toml promise-broken: This is not true for every set of answers: anyone who reports \
         thoughts of suicide or a recent attempt gets crisis help first. These answers break it, ",
    );
    check(
        RULES,
        "all = [\"P1 is not yes\"]",
        "all = [\"P1 is no\"]",
        "checkers/ketamine/safety.toml promise-broken: This is not true for every set of answers: not knowing never opens a \
         door that knowing could have closed. These answers break it, ",
    );
    check(
        SAFETY,
        "outcome = \"crisis or worse\"",
        "outcome = \"crisis and worse\"",
        "@ promise-outcome: `crisis and worse` is not an outcome. Write `crisis`, `crisis or worse`",
    );
}

#[test]
fn core_rules_can_be_made_stricter_and_not_weaker() {
    check(
        RULES,
        "all = [\"A1 is under18\"]",
        "all = [\"A1 is under18\", \"A2 is no\"]",
        "checkers/ketamine/rules.toml core-rule-weakened: The core rule `N01` was taken out or made weaker. Put it back",
    );
    check(
        CHECKER,
        "\"overdose\", \"spine\",",
        "\"overdose\",",
        "checkers/ketamine/rules.toml core-rule-weakened: The core rule `E03` was taken out or made weaker: `S1 includes \
         spine` is not in checker.toml any more",
    );
    let stricter = changed(
        RULES,
        "outcome = \"not-now\"\nflag = \"F-MANIA\"",
        "outcome = \"crisis\"\nflag = \"F-MANIA\"",
    );
    let all = told(&load(&stricter), &stricter);
    assert!(all.iter().all(|line| !line.contains("core-rule")), "{all:#?}");
}

#[test]
fn a_core_rule_is_set_aside_by_a_named_clinician_only() {
    let aside = |override_lines: &str, person: bool| -> Vec<String> {
        let mut files = shipped();
        for file in &mut files {
            let add = |file: &mut SourceFile, text: &str| file.bytes.extend_from_slice(text.as_bytes());
            match file.path.as_str() {
                SAFETY => add(file, override_lines),
                "content/people.toml" if person => {
                    add(
                        file,
                        "\n[[person]]\nid = \"jdoe\"\nname = \"J\"\nrole = \"r\"\ncredentials = \"c\"\n",
                    );
                }
                _ => {}
            }
        }
        let sources = SourceTree::new(files);
        let all = told(&load(&sources), &sources);
        all.into_iter().filter(|line| line.contains("override") || line.contains("core-rule")).collect()
    };
    let signed =
        "\n[[override]]\nrule = \"N08\"\nby = \"jdoe\"\non = 2026-11-22\nwhy = \"Local guideline\"\n";
    let told = aside(signed, true);
    assert!(
        told.len() == 1 && told[0].contains("core-rule-set-aside: The core rule `N08` is set aside"),
        "{told:?}"
    );
    let told = aside(signed, false);
    assert!(told.len() == 1 && told[0].contains("override-not-signed"), "{told:?}");
    let told = aside("\n[[override]]\nrule = \"N08\"\nby = \"jdoe\"\n", true);
    assert!(told.len() == 1 && told[0].contains("override-not-signed"), "{told:?}");
    let told = aside("\n[[override]]\nrule = \"C03\"\nby = \"jdoe\"\non = 2026-11-22\nwhy = \"x\"\n", true);
    assert!(told.len() == 1 && told[0].contains("override-unknown"), "{told:?}");
}

#[test]
fn a_worked_patient_that_changes_is_reported() {
    let say = |from: &str, to: &str, expected: &str| check(CASES, from, to, expected);
    say(
        "outcome = \"emergency\"",
        "outcome = \"crisis\"",
        "checkers/ketamine/cases.toml case-differs: The case `P-E01` gets another result: the outcome is `emergency`, not \
         `crisis`. Mend the rule.",
    );
    say(
        "S4 = \"no\"\n",
        "",
        "checkers/ketamine/cases.toml case-incomplete: The case `P-E01` does not answer exactly the questions that are \
         asked. Add an answer to `S4`",
    );
    say(
        "S2 = \"no\"",
        "S2 = \"nope\"",
        "checkers/ketamine/cases.toml case-answers: The case `P-E01`: The question `S2` has no option `nope`",
    );
}

#[test]
fn words_that_are_missing_or_left_over_are_named_in_every_language() {
    check(
        QUESTIONS_ES,
        "{#H7}",
        "{#H77}",
        "es/checkers/ketamine/questions.md words-missing: The question `H7` has no words in this language (es)",
    );
    check(
        QUESTIONS_ES,
        "{#H7}",
        "{#H77}",
        "@ words-surplus: checker.toml has no question `H77`. Did you mean `H7`?",
    );
    check(
        QUESTIONS_EN,
        "- worst-headache:",
        "- worst-headach:",
        "@ words-surplus: The question `S1` has no option `worst-headach`. Did you mean `worst-headache`?",
    );
    check(
        QUESTIONS_EN,
        "- under18: Under 18",
        "- Under 18",
        "@ option-line: This line has no id before a colon. Write it like this: `- under18: Label`",
    );
    check(
        QUESTIONS_EN,
        "{#S2}",
        "",
        "en/checkers/ketamine/questions.md heading-without-id: This heading has no id",
    );
    check(
        QUESTIONS_EN,
        "## Are you pregnant?",
        "### Are you pregnant?",
        "@ heading-level: This heading has too many `#`",
    );
    check(
        REASONS_ES,
        "{#C19}",
        "{#C91}",
        "es/checkers/ketamine/reasons.md words-missing: The rule `C19` has no reason in this language (es)",
    );
    check(
        OUTCOMES_EN,
        "- sleep: Sleep clinic\n",
        "",
        "en/checkers/ketamine/outcomes.md words-missing: `talk-to` in checker.toml has no label for `sleep` (en)",
    );
    check(
        "content/es/checkers/ketamine/outcomes.md",
        "{#questions}",
        "{#question}",
        "es/checkers/ketamine/outcomes.md words-missing: The part `questions` has no words in this language (es)",
    );
    check(
        OUTCOMES_EN,
        "[[poison_help]]",
        "[[poison_hlep]]",
        "@ unknown-fact: There is no fact `poison_hlep`",
    );
    check(QUESTIONS_EN, "- yes: Yes", "- yes: **Yes**", "@ words-with-markup: This text is shown as it is");
}

#[test]
fn help_lines_and_numbers_are_kept_in_every_language() {
    check(
        REASONS_EN,
        "If you ever think about suicide, call or text 988.",
        "If you ever think about suicide, tell someone.",
        "en/checkers/ketamine/reasons.md suicide-without-help-line: This text speaks of suicide and does not name the help \
         line 988",
    );
    check(
        REASONS_ES,
        "Una gran revisión de 2025",
        "Una gran revisión",
        "es/checkers/ketamine/reasons.md numbers-differ: The text in `en` says 2025, this one does not",
    );
    check(
        QUESTIONS_ES,
        "- ok: Menos de 140 sobre 90",
        "- ok: Menos de 150 sobre 90",
        "es/checkers/ketamine/questions.md numbers-differ: The text in `en` says 140, this one does not",
    );
    check(
        OUTCOMES_EN,
        "**[Call 911](tel:911) now.**",
        "**Get help now.**",
        "en/checkers/ketamine/outcomes.md help-number-missing: This text must name 911, and does not",
    );
    check(
        REASONS_EN,
        "You need a pregnancy test first.",
        "You qualify after a pregnancy test.",
        "en/checkers/ketamine/reasons.md claim-not-allowed: “you qualify” promises something",
    );
}

#[test]
fn the_proof_is_told_in_plain_sentences() {
    let sources = SourceTree::new(shipped());
    let loaded = load(&sources);
    let checker = loaded.find("ketamine").expect("the checker is there");
    let result = verify(checker);
    assert_eq!((result.checker.as_str(), result.refuted.len(), result.faults.len()), ("ketamine", 0, 0));
    assert!(result.answer_sets.len() > 20, "every question counts: {}", result.answer_sets);
    let proved: Vec<&str> = result.proved.iter().map(|proved| proved.id.as_str()).collect();
    for id in ["one-outcome", "INV-01", "INV-02", "INV-20", "core-rule-N17"] {
        assert!(proved.contains(&id), "{id} is proved: {proved:?}");
    }
    assert!(result.proved.iter().all(|proved| !proved.say.is_empty()));
    let text = result.to_text(checker);
    assert!(
        text.contains("INV-20  Nobody under 18 is sent for a check or told to ask for a visit"),
        "{text}"
    );
    assert!(text.contains("It does not prove that the medicine in them is right."), "{text}");
}

#[test]
fn a_broken_promise_is_told_with_answers_that_break_it() {
    let sources = changed(RULES, "outcome = \"clearance\"\nflag = \"F-RIDE\"", "flag = \"F-RIDE\"");
    let loaded = load(&sources);
    let checker = loaded.find("ketamine").expect("the checker is there");
    assert!(checker.bytes.is_empty(), "nothing unproved is published");
    let result = verify(checker);
    let broken = result.refuted.iter().find(|refuted| refuted.id == "CHECK-HOME").expect("it is refuted");
    assert_eq!(broken.outcome.as_deref(), Some("consult"));
    // The counterexample can be put to the test as it stands.
    let given = serde_json::Value::Object(broken.counterexample.clone()).to_string();
    let again = answer(checker, &given, "en").expect("a counterexample is a set of answers");
    assert_eq!(again.outcome, "consult");
    assert_ne!(broken.counterexample["P1"], "yes");
    let text = result.to_text(checker);
    assert!(
        text.contains("P1 “Can an adult you trust take you home and stay with you overnight?”: "),
        "{text}"
    );
}

#[test]
fn every_code_is_explained() {
    let mut codes: Vec<&str> = explain::EXPLANATIONS.iter().map(|explanation| explanation.0).collect();
    assert!(codes.is_sorted(), "in order of the alphabet");
    codes.dedup();
    assert_eq!(codes.len(), explain::EXPLANATIONS.len(), "each code once");
    assert!(explain::find("rule-line").is_some() && explain::find("nonsense").is_none());
}

#[test]
fn an_unknown_checker_is_answered_with_the_nearest() {
    let sources = SourceTree::new(shipped());
    let finding = load(&sources).unknown("ketamin");
    assert_eq!(
        (finding.severity, finding.help.as_deref()),
        (Severity::Error, Some("Did you mean `ketamine`?"))
    );
}

#[test]
fn no_checker_is_no_mistake() {
    let loaded = load(&SourceTree::default());
    assert!(loaded.checkers.is_empty() && loaded.findings.iter().next().is_none());
}
