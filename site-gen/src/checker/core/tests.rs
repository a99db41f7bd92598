//! What is caught when a part of the core is taken out or made weaker, and what may be changed freely.

use crate::checker::load;
use crate::checker::tests::{CHECKER, RULES, SAFETY, shipped, told};
use crate::source::{SourceFile, SourceTree};

/// The findings after texts in the shipped files were replaced (`from` stands exactly once) and a text was added to
/// safety.toml. The list of people has one clinician, `jdoe`.
fn findings(edits: &[(&str, &str, &str)], more_safety: &str) -> Vec<String> {
    let mut files = shipped();
    for (path, from, to) in edits {
        let file = files.iter_mut().find(|file| file.path == *path).expect("BUG: the file is there");
        let text = String::from_utf8(file.bytes.clone()).expect("text");
        assert_eq!(text.matches(from).count(), 1, "{path} should hold this once: {from:?}");
        file.bytes = text.replacen(from, to, 1).into_bytes();
    }
    for file in &mut files {
        match file.path.as_str() {
            SAFETY => file.bytes.extend_from_slice(more_safety.as_bytes()),
            "content/people.toml" => file.bytes.extend_from_slice(
                b"\n[[person]]\nid = \"jdoe\"\nname = \"J\"\nrole = \"r\"\ncredentials = \"c\"\n",
            ),
            _ => {}
        }
    }
    let sources = SourceTree::new(files);
    let mut all = told(&load(&sources), &sources);
    // The sentences of a promise in other languages come and go with it: that is looked at elsewhere.
    all.retain(|told| !told.contains("/promises.md:"));
    all
}

fn about_the_core(all: &[String]) -> Vec<&String> {
    let codes = ["core-", "promise-missing", "override-"];
    all.iter().filter(|told| codes.iter().any(|code| told.contains(&format!(" {code}")))).collect()
}

/// One of the findings says all of this.
#[track_caller]
fn caught(edits: &[(&str, &str, &str)], says: &[&str]) {
    let all = findings(edits, "");
    let found = all.iter().any(|told| says.iter().all(|part| told.contains(part)));
    assert!(found, "no finding says {says:?}: {all:#?}");
}

/// Nothing at all is said.
#[track_caller]
fn passes(edits: &[(&str, &str, &str)], more_safety: &str) {
    assert_eq!(findings(edits, more_safety), Vec::<String>::new());
}

const HOME: &str = "when-all = [\"P1 is not yes\"]";

const HOME_WHOLE: &str = "[[never]]
id = \"CHECK-HOME\"
say = \"Nobody without an adult to help at home is told that they can ask for a visit\"
group = \"check\"
when-all = [\"P1 is not yes\"]
outcome = \"consult\"
";

#[test]
fn a_promise_that_is_taken_out_is_missed() {
    caught(
        &[(SAFETY, HOME_WHOLE, "")],
        &[
            "checkers/ketamine/safety.toml:1 promise-missing: safety.toml does not hold the promise `CHECK-HOME` any \
             more: nobody without an adult to help at home is told that they can ask for a visit",
            "Put it back: the outcome is never `consult` when `P1 is not yes`",
        ],
    );
    // Another id is another promise.
    caught(&[(SAFETY, "id = \"INV-20\"", "id = \"INV-20-OLD\"")], &["promise-missing", "`INV-20`"]);
}

#[test]
fn a_promise_that_is_made_weaker_is_told_with_what_is_gone() {
    let weakened = |from: &str, to: &str, says: &[&str]| {
        let mut all = vec!["core-promise-weakened", "was made weaker: "];
        all.extend_from_slice(says);
        caught(&[(SAFETY, from, to)], &all);
    };
    weakened(
        "  \"H1 is unknown\",\n",
        "",
        &["The promise `INV-04-ASK`", "it does not hold for `H1 is unknown` any more", "safety.toml:"],
    );
    weakened("  \"S1 includes spine\",\n", "", &["`INV-01`", "`S1 includes spine`"]);
    weakened(
        "when-all = [\"A1 is under18\"]\noutcome = \"not-now or worse\"",
        "when-all = [\"A1 is under18\"]\noutcome = \"clearance or worse\"",
        &["`INV-06-N01`", "it allows the outcome `not-listed`, which it ruled out"],
    );
    weakened(HOME, "when-all = [\"P1 is not yes\", \"A3 is no\"]", &["`CHECK-HOME`", "`P1 is not yes`"]);
    weakened(
        "  \"S1\", \"S2\", \"S3\", \"S4\", \"A1\",",
        "  \"S1\", \"S3\", \"S4\",",
        &["`INV-03`", "`S2` and `A1`"],
    );
    weakened("when-none = [\"listed\"]", "when-none = [\"listed\", \"C1 includes sud\"]", &["`LISTED`"]);
    // The list behind a promise counts as well as its lines.
    let sickle = "  \"C1 includes sickle\",\n  \"C1 includes trigeminal\",\n]\n# Everything";
    caught(
        &[(CHECKER, sickle, "  \"C1 includes trigeminal\",\n]\n# Everything")],
        &["core-promise-weakened", "`SPECIALIST`", "`C1 includes sickle`"],
    );
}

#[test]
fn a_promise_may_be_made_stricter_or_be_written_in_another_way() {
    passes(&[(SAFETY, HOME, "when-any = [\"P1 is not yes\", \"A3 is yes\"]")], "");
    passes(&[(SAFETY, "  \"A2 is maybe\",\n", "  \"A2 is unknown\",\n")], "");
    passes(
        &[(
            SAFETY,
            "  \"S1 includes chest-pain\",\n  \"S1 includes breathing\",\n",
            "  \"S1 includes breathing or chest-pain\",\n",
        )],
        "",
    );
    passes(&[(SAFETY, HOME, "when-any = [\"P1 is no\", \"P1 is unknown\"]")], "");
    passes(
        &[],
        "\n[[never]]\nid = \"OURS\"\nsay = \"Nobody who breastfeeds is told that they can ask for a visit\"\n\
         when-all = [\"A3 is yes\"]\noutcome = \"consult\"\n",
    );
}

#[test]
fn a_promise_is_set_aside_by_a_named_clinician_only() {
    let gone = [(SAFETY, HOME_WHOLE, "")];
    let aside = |lines: &str| findings(&gone, &format!("\n[[override]]\n{lines}"));
    let signed =
        aside("promise = \"CHECK-HOME\"\nby = \"jdoe\"\non = 2026-11-22\nwhy = \"We have a ward\"\n");
    assert_eq!(signed.len(), 1, "{signed:#?}");
    assert!(
        signed[0].contains("core-promise-set-aside: The promise `CHECK-HOME` is set aside, signed by `jdoe`"),
        "{signed:#?}"
    );
    for unsigned in [
        "promise = \"CHECK-HOME\"\n",
        "promise = \"CHECK-HOME\"\nby = \"nobody\"\non = 2026-11-22\nwhy = \"x\"\n",
        "promise = \"CHECK-HOME\"\nby = \"jdoe\"\nwhy = \"x\"\n",
        "promise = \"CHECK-HOME\"\nby = \"jdoe\"\non = 2026-11-22\nwhy = \" \"\n",
    ] {
        let all = aside(unsigned);
        for code in ["override-not-signed", "promise-missing"] {
            assert!(all.iter().any(|told| told.contains(code)), "{unsigned}: {all:#?}");
        }
    }
    for unknown in
        ["promise = \"OURS\"\n", "question = \"C4\"\n", "rule = \"N08\"\npromise = \"INV-20\"\n", ""]
    {
        let all = aside(&format!("{unknown}by = \"jdoe\"\non = 2026-11-22\nwhy = \"x\"\n"));
        assert!(all.iter().any(|told| told.contains("override-unknown")), "{unknown}: {all:#?}");
    }
}

#[test]
fn a_rule_that_is_weakened_is_caught_whatever_its_promise_says() {
    // The rule and its promise are weakened together, as somebody would who wants the build to pass.
    let all = findings(
        &[
            (RULES, "all = [\"P1 is not yes\"]", "all = [\"P1 is no\"]"),
            (SAFETY, HOME, "when-all = [\"P1 is no\"]"),
            (SAFETY, "\"R1\", \"P1\",\n]\n\n[[never]]", "\"R1\",\n]\n\n[[never]]"),
            (SAFETY, "  \"P1 is unknown\",\n", ""),
        ],
        "",
    );
    for id in ["CHECK-HOME", "INV-04", "INV-04-ASK"] {
        let told = format!("core-promise-weakened: The promise `{id}` was made weaker: ");
        assert!(all.iter().any(|line| line.contains(&told)), "{id}: {all:#?}");
    }
    // The kept promise is proved beside them, and shown with answers that break it and with the rule to look at.
    let shown = |line: &&String| {
        line.contains("`CHECK-HOME` was made weaker. ")
            && line.contains("These answers break it")
            && line.contains("stay with you overnight?”: I am not sure")
            && line.contains("Look at `C26` (rules.toml, line ")
    };
    assert!(all.iter().any(|line| shown(&line)), "{all:#?}");
}

#[test]
fn a_question_goes_on_saying_what_is_risk_unknown_and_crisis() {
    let weakened = |from: &str, to: &str, says: &[&str]| {
        let mut all = vec!["core-question-weakened: The question", "was taken out or made weaker: "];
        all.extend_from_slice(says);
        caught(&[(CHECKER, from, to)], &all);
    };
    weakened(
        "unknown = [\"maybe\"]\n",
        "",
        &["`A2`", "`unknown` does not name `maybe` any more", "Write `unknown = [\"maybe\"]`"],
    );
    weakened("crisis = [\"self-harm\"]\n", "", &["`S1`", "`crisis` does not name `self-harm` any more"]);
    weakened("crisis = [\"yes\", \"unsure\"]\n", "crisis = [\"yes\"]\n", &["`S3`", "`unsure`"]);
    let order = "risk = [\"18-64\", \"65plus\", \"under18\"]\n";
    weakened(order, "", &["`A1`", "its order of risk was taken out or changed", "Write `risk = [\"18-64\""]);
    weakened(order, "need = [\"18-64\", \"65plus\", \"under18\"]\n", &["`A1`", "its order of risk"]);
    weakened(order, "risk = [\"under18\", \"65plus\", \"18-64\"]\n", &["`A1`", "its order of risk"]);
    // A question that fewer people are asked keeps its promises for fewer people.
    weakened(
        "id = \"M1\"\n",
        "id = \"M1\"\nasked-when = { any = [\"mental-health\"] }\n",
        &["`M1`", "it is not asked of everybody any more who should answer it"],
    );
    weakened(
        "asked-when = { any = [\"S2 is yes\", \"PHQ-9 item 9 at least 1\"] }",
        "asked-when = { any = [\"S2 is yes\"] }",
        &["`S3`", "it is not asked of everybody"],
    );
}

#[test]
fn a_question_may_say_more_and_be_asked_more_often() {
    let passes_the_core = |from: &str, to: &str| {
        let all = findings(&[(CHECKER, from, to)], "");
        assert_eq!(about_the_core(&all), Vec::<&String>::new(), "{to}: {all:#?}");
    };
    passes_the_core("crisis = [\"self-harm\"]\n", "crisis = [\"self-harm\", \"overdose\"]\n");
    passes_the_core(
        "asked-when = { any = [\"S2 is yes\", \"PHQ-9 item 9 at least 1\"] }",
        "asked-when = { any = [\"PHQ-9 item 9 at least 1\", \"S2 is yes\", \"S4 is yes\"] }",
    );
    passes_the_core("asked-when = { any = [\"C1 includes sickle\"] }\n", "");
    // A clinic that does not cover a condition may take it from the list: nobody can pick it then.
    passes_the_core("\"sickle\", \"lyme\", \"mcas\",", "\"sickle\", \"mcas\",");
}

#[test]
fn a_question_is_set_aside_by_a_named_clinician_only() {
    let change = [(CHECKER, "crisis = [\"self-harm\"]\n", "")];
    let aside = |lines: &str| findings(&change, &format!("\n[[override]]\nquestion = \"S1\"\n{lines}"));
    let signed = aside("by = \"jdoe\"\non = 2026-11-22\nwhy = \"x\"\n");
    let core = about_the_core(&signed);
    assert_eq!(core.len(), 1, "{signed:#?}");
    assert!(core[0].contains("core-question-set-aside: The question `S1` is set aside"), "{core:#?}");
    let unsigned = aside("by = \"jdoe\"\n");
    for code in ["override-not-signed", "core-question-weakened"] {
        assert!(unsigned.iter().any(|told| told.contains(code)), "{unsigned:#?}");
    }
}

#[test]
fn outcomes_keep_their_order() {
    let order = "\"not-now\", \"not-listed\", \"clearance\"";
    caught(
        &[(CHECKER, order, "\"clearance\", \"not-now\", \"not-listed\"")],
        &["core-outcomes-changed: An outcome of the shipped checker was taken out or moved"],
    );
    caught(
        &[(CHECKER, "stop-at = [\"emergency\"]", "stop-at = []")],
        &["core-outcomes-changed: The outcome `emergency` does not end the questions any more"],
    );
    let more =
        findings(&[(CHECKER, order, "\"not-now\", \"not-listed\", \"call-first\", \"clearance\"")], "");
    assert_eq!(about_the_core(&more), Vec::<&String>::new(), "{more:#?}");
}

/// A checker of a clinic's own, with one question about smoking.
fn own_checker(question: &str, outcome: &str) -> Vec<String> {
    let file = |name: &str, text: &str| SourceFile {
        path: format!("content/checkers/smoking/{name}"),
        bytes: text.as_bytes().to_vec(),
    };
    let checker = format!(
        "id = \"smoking\"\nversion = \"1.0.0\"\nupdated = 2026-11-22\noutcomes = [\"wait\", \"go\"]\n\
         otherwise = \"go\"\ntalk-to = [\"clinic\"]\n\n[sets]\nsmokes = [\"Q is yes\"]\n\n\
         [[question]]\nid = \"Q\"\nask = \"one\"\noptions = [\"no\", \"yes\"]\n{question}"
    );
    let rules = format!(
        "[[rule]]\nid = \"R\"\n{outcome}flag = \"F\"\ntalk-to = [\"clinic\"]\nall = [\"smokes\"]\nevidence = [\"E\"]\n"
    );
    let sources = SourceTree::new([
        file("checker.toml", &checker),
        file("rules.toml", &rules),
        file("safety.toml", ""),
    ]);
    told(&load(&sources), &sources)
}

#[test]
fn every_checker_says_which_answers_are_more_risk() {
    let wait = "outcome = \"wait\"\n";
    let missing = |all: &[String]| all.iter().filter(|told| told.contains("risk-or-need-missing")).count();
    assert_eq!(missing(&own_checker("", wait)), 1);
    assert_eq!(missing(&own_checker("risk = [\"no\", \"yes\"]\n", wait)), 0);
    assert_eq!(missing(&own_checker("need = [\"no\", \"yes\"]\n", wait)), 0);
    // What is on the record only, changes no outcome.
    assert_eq!(missing(&own_checker("", "")), 0);
    // And where it says so, it is proved, with no promise in safety.toml.
    let turned = own_checker("risk = [\"yes\", \"no\"]\n", wait);
    assert!(turned.iter().any(|told| told.contains("more-risk-better-result")), "{turned:#?}");
}
