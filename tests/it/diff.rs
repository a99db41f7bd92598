//! Two versions of the shipped questionnaire: `site-gen diff` names who now gets another result, and by which rule.

use std::path::Path;

use serde_json::Value;
use tests::{Run, Site, findings};

const CHECKER: &str = "content/checkers/ketamine/checker.toml";
const RULES: &str = "content/checkers/ketamine/rules.toml";

fn path(root: &Path) -> &str {
    root.to_str().expect("paths are UTF-8")
}

fn diff(old: &Site, new: &Site, more: &[&str]) -> Run {
    let mut arguments = vec!["diff", path(old.root()), path(new.root())];
    arguments.extend(more);
    new.run(&arguments)
}

/// The difference of the one checker as JSON.
fn json(old: &Site, new: &Site) -> Value {
    let whole = diff(old, new, &["--checker", "ketamine", "--format", "json"]).exits(0).json();
    whole["checkers"][0].clone()
}

/// The shipped site with a rule's lines put through `change`.
fn with_rule(id: &str, change: impl Fn(&str) -> String) -> Site {
    let site = Site::shipped();
    let text = site.read(RULES);
    let at = text.find(&format!("id = \"{id}\"\n")).unwrap_or_else(|| panic!("no rule {id}"));
    let start = text[..at].rfind("[[rule]]").expect("a rule starts");
    let end = text[at..].find("[[rule]]").map_or(text.len(), |length| at + length);
    let changed = change(&text[start..end]);
    assert_ne!(changed, text[start..end], "the rule {id} is as it was");
    site.write(RULES, &format!("{}{changed}{}", &text[..start], &text[end..]));
    site
}

/// The entry of a rule.
fn of_rule<'j>(json: &'j Value, id: &str) -> &'j Value {
    let rules = json["by_rule"].as_array().expect("rules");
    rules.iter().find(|rule| rule["rule"] == id).unwrap_or_else(|| panic!("nothing about {id}: {json:#}"))
}

/// What the program says that these answers lead to.
fn answer(site: &Site, answers: &Value) -> Value {
    let arguments = ["answer", "--checker", "ketamine", "--answers", "-", "--format", "json"];
    site.run_with_input(&arguments, &answers.to_string()).exits(0).json()
}

/// Both sides of an example are what `site-gen answer` says of the same answers.
fn assert_true(old: &Site, new: &Site, affected: &Value) {
    for (site, side) in [(old, "old"), (new, "new")] {
        let example = &affected["example"][side];
        let result = answer(site, &example["answers"]);
        assert_eq!(result["outcome"], example["outcome"], "{side}: {affected:#}");
        assert_eq!(result["rules"], example["rules"], "{side}: {affected:#}");
        assert_eq!(result["missing"], Value::Array(Vec::new()), "{side}: {affected:#}");
        assert_eq!(result["ignored"], Value::Array(Vec::new()), "{side}: {affected:#}");
    }
}

#[test]
fn a_rule_that_was_taken_out_stands_out_as_better() {
    let (old, new) = (Site::shipped(), with_rule("C14", |_| String::new()));
    let found = json(&old, &new);
    let rule = of_rule(&found, "C14");
    assert_true(&old, &new, &rule["better"]);
    assert_eq!(rule["better"]["example"]["old"]["outcome"], "clearance");
    assert_eq!(rule["better"]["example"]["new"]["outcome"], "consult");
    assert_eq!(rule["better"]["example"]["old"]["answers"]["M1"], "past", "C14 is about M1");
    assert_eq!((&rule["worse"], &found["worse"]), (&Value::Null, &Value::from("0")));

    let text = diff(&old, &new, &[]).exits(0).stdout;
    for part in
        ["BETTER THAN BEFORE", "Rule C14", "was taken out", "Yes, in the past", "You need a check first"]
    {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    assert!(!text.contains("Worse than before"), "{text}");
    // The better ones come first.
    let places =
        ["BETTER THAN BEFORE", "Same result, other reasons", "What was changed"].map(|part| text.find(part));
    assert!(places.is_sorted() && places[0].is_some(), "{text}");

    let denied = diff(&old, &new, &["--deny", "better"]).exits(1);
    assert!(
        denied.stderr.contains("better-result") && denied.stderr.contains("clinician"),
        "{}",
        denied.stderr
    );
    // Put back, it is worse for the same ones, and nothing stands against that.
    let back = diff(&new, &old, &["--deny", "better", "--format", "json"]).exits(0).json();
    assert_eq!(back["checkers"][0]["worse"], found["better"]);
    assert_eq!(back["checkers"][0]["better"], "0");
}

#[test]
fn a_rule_made_stricter_is_worse_and_not_denied() {
    let stricter = |rule: &str| rule.replacen("outcome = \"clearance\"", "outcome = \"not-now\"", 1);
    let (old, new) = (Site::shipped(), with_rule("C03", stricter));
    let found = json(&old, &new);
    let rule = of_rule(&found, "C03");
    assert_true(&old, &new, &rule["worse"]);
    assert_eq!(rule["better"], Value::Null);
    let ways: Vec<(&str, &str)> = found["outcome_changes"]
        .as_array()
        .expect("outcomes")
        .iter()
        .map(|change| {
            (change["old"].as_str().expect("an outcome"), change["new"].as_str().expect("an outcome"))
        })
        .collect();
    assert!(ways.contains(&("clearance", "not-now")), "{ways:?}");
    assert!(ways.iter().all(|&(_, new)| new == "not-now"), "{ways:?}");
    let text = diff(&old, &new, &["--deny", "better"]).exits(0).stdout;
    assert!(text.contains("now asks for `not-now`; before, it asked for `clearance`"), "{text}");
    assert!(text.contains("Raise `version`"), "the version is as it was\n{text}");
}

#[test]
fn a_threshold_that_moved_is_shown_on_the_threshold() {
    let (old, new) = (Site::shipped(), with_rule("I18", |rule| rule.replace("at least 3", "at least 4")));
    let found = json(&old, &new);
    assert_eq!((&found["better"], &found["worse"], &found["other"]), (&"0".into(), &"0".into(), &"0".into()));
    let reasons = &of_rule(&found, "I18")["reasons"];
    assert_true(&old, &new, reasons);
    let items = reasons["example"]["new"]["answers"]["PC-PTSD-5"].as_array().expect("items");
    // The first item opens the others and is not counted.
    assert_eq!(items[1..].iter().filter_map(Value::as_u64).sum::<u64>(), 3, "{items:?}");
    let text = diff(&old, &new, &[]).exits(0).stdout;
    assert!(text.contains("Same result, other reasons") && !text.contains("BETTER THAN"), "{text}");
}

#[test]
fn a_rule_in_other_words_is_the_same() {
    let old = Site::shipped();
    let reworded = with_rule("C11", |rule| {
        rule.replace(
            "any = [\"H8 is symptoms\", \"C1 includes ic\"]",
            "any = [\"C1 includes ic\", \"H8 is symptoms\"]",
        )
    });
    for new in [&old, &reworded] {
        let found = json(&old, new);
        assert_eq!(found["nothing_changed"], true, "{found:#}");
        assert_eq!(found["unchanged"], found["new"]["answer_sets"]);
        assert_eq!(found["by_rule"], Value::Array(Vec::new()));
        let text = diff(&old, new, &["--deny", "better"]).exits(0).stdout;
        assert!(
            text.contains("Nothing changed: the same result, for the same reasons, for every one of"),
            "{text}"
        );
        assert!(!text.contains("What was changed"), "{text}");
    }
    // One word less is another rule.
    let other = with_rule("C11", |rule| rule.replace(", \"C1 includes ic\"", ""));
    assert_eq!(json(&old, &other)["nothing_changed"], false);
}

#[test]
fn a_new_answer_is_counted_and_not_called_better() {
    let old = Site::shipped();
    let new = Site::shipped()
        .edit(
            CHECKER,
            "id = \"A3\"\nsection = \"about\"\nask = \"one\"\noptions = [\"no\", \"yes\"]\nrisk = [\"no\", \"yes\"]",
            "id = \"A3\"\nsection = \"about\"\nask = \"one\"\noptions = [\"no\", \"stopping\", \"yes\"]\nrisk = [\"no\", \"stopping\", \"yes\"]\ninert = [\"stopping\"]",
        )
        .edit(
            "content/en/checkers/ketamine/questions.md",
            "milk? {#A3}\n- no: No\n",
            "milk? {#A3}\n- no: No\n- stopping: I am about to stop\n",
        );
    let found = json(&old, &new);
    assert_eq!(
        (&found["better"], &found["worse"], &found["other_reasons"]),
        (&"0".into(), &"0".into(), &"0".into())
    );
    assert_eq!(found["nothing_changed"], false);
    assert_eq!(found["new"]["not_compared"], found["questions"][0]["changes"][0]["answer_sets"]);
    assert_ne!(found["new"]["not_compared"], "0");
    assert_eq!(found["old"]["not_compared"], "0");
    let text = diff(&old, &new, &[]).exits(0).stdout;
    assert!(text.contains("has a new answer “I am about to stop” (`stopping`)"), "{text}");
    assert!(text.contains("are not compared"), "{text}");
    // The other way round the answer is gone.
    let text = diff(&new, &old, &[]).exits(0).stdout;
    assert!(text.contains("no longer has the answer “I am about to stop” (`stopping`)"), "{text}");
}

#[test]
fn marks_that_change_no_result_are_told_all_the_same() {
    let (old, new) = (
        Site::shipped(),
        Site::shipped().edit(CHECKER, "crisis = [\"self-harm\"]\n", "").edit(
            CHECKER,
            "stop-at = [\"emergency\"]",
            "stop-at = [\"emergency\", \"crisis\"]",
        ),
    );
    let text = diff(&old, &new, &[]).exits(0).stdout;
    assert!(text.contains("NO LONGER brings crisis help on the next screen after “"), "{text}");
    assert!(text.contains("The questions now end at once at `crisis`"), "{text}");
    let text = diff(&new, &old, &[]).exits(0).stdout;
    assert!(
        text.contains("brings crisis help on the next screen after “") && !text.contains("NO LONGER brings"),
        "{text}"
    );
    assert!(text.contains("The questions NO LONGER end at once at `crisis`"), "{text}");
}

#[test]
fn a_checker_that_cannot_be_read_is_a_finding_in_its_own_site() {
    let good = Site::shipped();
    let bad = with_rule("C11", |rule| rule.replace("H8 is symptoms", "H8 is symptom"));
    let line = bad.line_of(RULES, "H8 is symptom\"");
    for (old, new) in [(&good, &bad), (&bad, &good)] {
        let run = diff(old, new, &["--format", "json"]).exits(1);
        let found = findings(&run);
        assert!(found.iter().any(|finding| finding.file == RULES && finding.line == line), "{found:#?}");
        assert_eq!(run.json()["summary"]["root"], path(bad.root()));
        let run = diff(old, new, &[]).exits(1);
        assert!(
            run.stderr.contains(path(bad.root())) && run.stderr.contains("H8 is symptom"),
            "{}",
            run.stderr
        );
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn a_checker_that_only_one_of_the_two_has_is_named() {
    let (with, without) = (Site::shipped(), Site::small());
    let text = diff(&without, &with, &[]).exits(0).stdout;
    assert!(text.contains("ketamine: this checker is new"), "{text}");
    let json = diff(&with, &without, &["--format", "json"]).exits(0).json();
    assert_eq!(json["removed"], Value::from(vec!["ketamine"]));
    assert_eq!(json["checkers"], Value::Array(Vec::new()));

    let run = diff(&with, &with, &["--checker", "ketamin"]).exits(1);
    assert!(run.stderr.contains("unknown-checker") && run.stderr.contains("`ketamine`"), "{}", run.stderr);
    diff(&without, &without, &[]).exits(1);
    // A folder that is not there is no finding.
    let gone = with.path("nowhere");
    with.run(&["diff", path(&gone), path(with.root())]).exits(2);
}
