//! Small whole checkers, each with one mistake, and each again with the mistake put right.
//!
//! The first thirteen are mistakes that form tools are known to let through. Every checker is read from files as staff
//! write them; its words are made from its ids, so that a case shows nothing but what it is about.

use super::*;
use crate::source::SourceFile;

/// A checker in short. `@` stands for what is wrong in one and right in the other.
struct Case {
    /// Outcomes and what belongs to them.
    head: &'static str,
    /// A question a line: its id, then its settings.
    questions: &'static [&'static str],
    /// A rule a line: its id, its outcome or `-` for a note, then when it holds.
    rules: &'static [&'static str],
    /// safety.toml.
    safety: &'static str,
}

const HEAD: &str = "outcomes = [\"stop\", \"visit\"]\notherwise = \"visit\"\n";

const FOLDER: &str = "content/checkers/small";

impl Case {
    fn files(&self, at: &str) -> Vec<(String, String)> {
        let lines = |settings: &str| settings.replace('@', at).replace("; ", "\n");
        let mut checker = format!(
            "id = \"small\"\nversion = \"1.0.0\"\nupdated = 2026-11-22\n{}talk-to = [\"doctor\"]\n",
            lines(self.head)
        );
        for question in self.questions {
            let (id, settings) = question.split_once(' ').expect("an id and settings");
            let settings = lines(settings);
            checker += &format!("\n[[question]]\nid = \"{id}\"\n{settings}\n{}\n", need(&settings));
        }
        let mut rules = String::new();
        for rule in self.rules {
            let mut words = rule.splitn(3, ' ');
            let mut word = || words.next().expect("an id, an outcome, a condition");
            let (id, outcome, when) = (word(), word(), word());
            let outcome = if outcome == "-" { String::new() } else { format!("outcome = \"{outcome}\"\n") };
            rules += &format!(
                "\n[[rule]]\nid = \"{id}\"\n{outcome}flag = \"F-{id}\"\ntalk-to = [\"doctor\"]\nevidence = [\"EV\"]\n{}\n",
                lines(when)
            );
        }
        let file = |name: &str, text: String| (format!("{FOLDER}/{name}"), text);
        vec![
            file("checker.toml", checker),
            file("rules.toml", rules),
            file("safety.toml", lines(self.safety)),
        ]
    }

    /// The files with words in two languages for everything that has an id.
    fn sources(&self, at: &str, change: impl Fn(&str, String) -> String) -> SourceTree {
        let tree = |files: &[(String, String)]| {
            SourceTree::new(
                files
                    .iter()
                    .map(|(path, text)| SourceFile { path: path.clone(), bytes: text.as_bytes().to_vec() }),
            )
        };
        let mut files = self.files(at);
        let without_words = tree(&files);
        if let Some(read) = files::read(&without_words, "small", &mut Findings::new()) {
            for language in ["en", "es"] {
                for (name, text) in words(&read.draft).into_iter().filter(|(_, text)| !text.is_empty()) {
                    let path = format!("content/{language}/checkers/small/{name}");
                    files.push((path.clone(), change(&path, text)));
                }
            }
        }
        tree(&files)
    }
}

/// The order of a question's answers, which every question has and no case here is about.
fn need(settings: &str) -> String {
    let options = settings.lines().find_map(|line| line.strip_prefix("options = "));
    let order = match options {
        _ if settings.contains("need = ") => return String::new(),
        Some(options) if settings.contains("\"one\"") => options,
        Some(_) => "\"more\"",
        None => "\"higher\"",
    };
    format!("need = {order}")
}

/// Words made from ids.
fn words(draft: &Draft) -> [(&'static str, String); 4] {
    let heading = |id: &str| format!("\n## About {id} {{#{id}}}\n");
    let mut questions = String::from("# Sets {#sets}\n");
    for set in &draft.sets {
        questions += &format!("- {0}: {0} holds\n", set.name.text);
    }
    for question in &draft.questions {
        questions += &heading(&question.id.text);
        let options = match &question.kind {
            checker_rules::DraftKind::One { options } | checker_rules::DraftKind::Many { options, .. } => {
                options
            }
            _ => &question.unknown,
        };
        for option in options {
            questions += &format!("- {0}: Answer {0}\n", option.text);
        }
    }
    let ids = |names: Vec<&str>| names.into_iter().map(|id| heading(id) + "A text.\n").collect::<String>();
    let reasons = ids(draft.rules.iter().map(|rule| rule.id.text.as_str()).collect());
    let outcomes = format!(
        "# Results {{#results}}\n{}\n# Parts {{#parts}}\n{}\n# Who {{#talk-to}}\n- doctor: A doctor\n",
        ids(draft.outcomes.iter().map(|name| name.text.as_str()).collect()),
        ids(PARTS.to_vec())
    );
    let promises = draft.invariants.iter().map(|promise| heading(&promise.id.text)).collect();
    [
        ("questions.md", questions),
        ("reasons.md", reasons),
        ("outcomes.md", outcomes),
        ("promises.md", promises),
    ]
}

/// The code of each finding, and the line that it stands at.
fn found(sources: &SourceTree) -> Vec<(&'static str, String)> {
    let loaded = load(sources);
    let place = |finding: &Finding| {
        let place = finding.place.as_ref().expect("a finding of a checker has a place");
        let file = sources.file(place.file);
        let text = String::from_utf8_lossy(&file.bytes);
        let (line, _) = line_column(&text, place.span.start);
        let name = file.path.trim_start_matches("content/").replace("checkers/small/", "");
        format!("{name}: {}", text.lines().nth(line - 1).unwrap_or_default())
    };
    loaded.findings.clone().sorted().iter().map(|finding| (finding.code, place(finding))).collect()
}

/// With the wrong text the checker has this one finding, on a line that starts like this; with the right text it has none.
fn check(what: &str, case: &Case, wrong: &str, right: &str, code: &'static str, line: &str) {
    let same = |_: &str, text: String| text;
    let told = found(&case.sources(wrong, same));
    assert!(
        matches!(&told[..], [(only, place)] if *only == code && place.starts_with(line)),
        "{what}: wanted {code} at {line:?}, got {told:#?}"
    );
    assert!(explain::find(code).is_some(), "{code} is explained");
    assert_eq!(found(&case.sources(right, same)), [], "{what}, put right");
}

const AGE: &str = "AGE ask = \"number\"; between = [18, 90]";
const YES: &str = "S ask = \"one\"; options = [\"no\", \"yes\"]";

#[test]
fn the_thirteen_mistakes_that_form_tools_let_through() {
    let case = |questions, rules, safety| Case { head: HEAD, questions, rules, safety };
    check(
        "1: two ages at once",
        &case(
            &[AGE, YES],
            &["S stop all = [\"S is yes\"]", "OLD stop all = [\"AGE at least 71\", \"@\"]"],
            "",
        ),
        "AGE below 30",
        "S is yes",
        "rule-never-applies",
        "rules.toml: all = [\"AGE at least 71\"",
    );
    check(
        "2: an age that the question does not take",
        &case(&["AGE ask = \"number\"; between = [18, 75]"], &["YOUNG stop all = [\"AGE below @\"]"], ""),
        "18",
        "19",
        "never-or-always",
        "rules.toml: all = [\"AGE below 18\"]",
    );
    check(
        "3: a choice that does not exist",
        &case(&[YES], &["S stop all = [\"S is @\"]"], ""),
        "yess",
        "yes",
        "unknown-name",
        "rules.toml: all = [\"S is yess\"]",
    );
    let waits = &[
        "Q1 ask = \"one\"; options = [\"a\", \"b\"]",
        "Q2 ask = \"one\"; options = [\"y\", \"x\"]; asked-when = { any = [\"Q1 is a\"] }",
        "Q3 ask = \"one\"; options = [\"no\", \"yes\"]; asked-when = { all = [\"Q2 is x\", \"Q1 is @\"] }",
    ];
    check(
        "4: a question that waits for two things which never come together",
        &case(
            waits,
            &["R2 - all = [\"Q2 is x\"]", "R3 stop all = [\"Q3 is yes\"]", "B stop all = [\"Q1 is b\"]"],
            "",
        ),
        "b",
        "a",
        "never-asked",
        "checker.toml: asked-when = { all = [\"Q2 is x\", \"Q1 is b\"] }",
    );
    let chain =
        &[AGE, "Q2 ask = \"one\"; options = [\"y\", \"x\"]; asked-when = { any = [\"AGE at least 60\"] }"];
    check(
        "5: the same through a number",
        &case(chain, &["X stop all = [\"Q2 is x\"]", "TEXT - all = [\"Q2 is x\", \"AGE below @\"]"], ""),
        "50",
        "70",
        "rule-never-applies",
        "rules.toml: all = [\"Q2 is x\", \"AGE below 50\"]",
    );
    const PHQ_9: &str = "PHQ ask = \"instrument\"; instrument = \"phq-9\"; need = \"higher\"";
    check(
        "6: a score beyond the highest",
        &case(
            &[PHQ_9],
            &["K stop all = [\"PHQ item 9 at least 1\"]", "HIGH - all = [\"PHQ at least @\"]"],
            "",
        ),
        "28",
        "27",
        "never-or-always",
        "rules.toml: all = [\"PHQ at least 28\"]",
    );
    let bands = "[[exactly-one]]; id = \"AGES\"; say = \"Everyone gets one text about age\"; of = [\"YOUNG\", \"OLD\"]";
    let ages = &[
        "S stop all = [\"S is yes\"]",
        "YOUNG - all = [\"AGE below 65\"]",
        "OLD - all = [\"AGE at least @\"]",
    ];
    check(
        "7: two texts, and nobody thought of 65",
        &case(&[AGE, YES], ages, bands),
        "66",
        "65",
        "promise-broken",
        "safety.toml: id = \"AGES\"",
    );
    let ages = &[
        "S stop all = [\"S is yes\"]",
        "YOUNG - all = [\"AGE below @\"]",
        "OLD - all = [\"AGE at least 65\"]",
    ];
    check(
        "8: two texts, both at 65",
        &case(&[AGE, YES], ages, ""),
        "66",
        "65",
        "bands-overlap",
        "rules.toml: all = [\"AGE at least 65\"]",
    );
    check(
        "9: an option that no rule reads",
        &case(&["Q ask = \"one\"; options = [\"a\", \"b\", \"c\"]"], &["B stop all = [\"Q is @\"]"], ""),
        "b",
        "b or c",
        "option-not-read",
        "checker.toml: options = [\"a\", \"b\", \"c\"]",
    );
    check(
        "10: one of two answers, and a third one as well",
        &case(
            &["A ask = \"one\"; options = [\"w\", \"x\", \"y\", \"z\"]", YES],
            &[
                "S stop any = [\"S is yes\", \"A is z\"]",
                "R stop all = [\"@\"]; any = [\"A is x\", \"A is y\"]",
            ],
            "",
        ),
        "A is z",
        "S is yes",
        "rule-never-applies",
        "rules.toml: all = [\"A is z\"]",
    );
    const PHQ_2: &str = "PHQ ask = \"instrument\"; instrument = \"phq-2\"; need = \"higher\"";
    check(
        "11: a score that the items cannot add up to",
        &case(
            &[PHQ_2, YES],
            &["S stop all = [\"S is yes\"]", "R stop all = [\"PHQ at least 5\", \"PHQ item 1 below @\"]"],
            "",
        ),
        "2",
        "3",
        "rule-never-applies",
        "rules.toml: all = [\"PHQ at least 5\"",
    );
    let spanish = case(&[YES], &["S stop all = [\"S is yes\"]"], "");
    let without = |lost: &'static str| {
        found(&spanish.sources("", move |path, text| {
            if path.starts_with("content/es/") { text.replace(lost, "") } else { text }
        }))
    };
    let question = "\n## About S {#S}\n- no: Answer no\n- yes: Answer yes\n";
    assert_eq!(
        without(question),
        [("words-missing", "es/questions.md: # Sets {#sets}".to_owned())],
        "12: no question"
    );
    assert_eq!(
        without("- yes: Answer yes\n"),
        [("words-missing", "es/questions.md: ## About S {#S}".to_owned())],
        "12: no option"
    );
    assert_eq!(without("nothing"), [], "12, put right");
    check(
        "13: results for yes and yes, and for no and no",
        &Case {
            head: "outcomes = [\"stop\", \"visit\"]\n",
            questions: &[YES, "T ask = \"one\"; options = [\"no\", \"yes\"]"],
            rules: &[
                "BOTH stop all = [\"S is yes\", \"T is yes\"]",
                "NONE visit @ = [\"S is no\", \"T is no\"]",
            ],
            safety: "",
        },
        "all",
        "any",
        "no-outcome",
        "checker.toml: id = \"small\"",
    );
}

#[test]
fn answers_without_a_result_are_shown_with_the_cure() {
    let told = |otherwise: &str| {
        let case = Case {
            head: "outcomes = [\"stop\", \"visit\"]\n@",
            questions: &[YES, "T ask = \"one\"; options = [\"no\", \"yes\"]"],
            rules: &[
                "BOTH stop all = [\"S is yes\", \"T is yes\"]",
                "NONE visit all = [\"S is no\", \"T is no\"]",
            ],
            safety: "",
        };
        let loaded = load(&case.sources(otherwise, |_, text| text));
        loaded.findings.iter().find(|finding| finding.code == "no-outcome").cloned()
    };
    let gap = told("").expect("yes and no has no result");
    assert_eq!(gap.message, "There is no outcome for 2 of 4 sets of answers");
    let help = gap.help.expect("a cure");
    for said in [
        // One yes is enough; which one makes no difference.
        "”: Answer yes\nThey lead to",
        "They lead to no result at all, because no rule asks for one.",
        "Add `otherwise = \"...\"` to checker.toml, or a rule to rules.toml",
        "http://127.0.0.1:3000/~walk/small/one-outcome",
    ] {
        assert!(help.contains(said), "{said:?} is not in:\n{help}");
    }
    assert!(told("otherwise = \"visit\"\n").is_none(), "with `otherwise` there is no gap");
}

#[test]
fn answers_about_a_crisis() {
    let case = |questions, rules| Case { head: HEAD, questions, rules, safety: "" };
    const CRISIS: &str =
        "K ask = \"one\"; options = [\"no\", \"yes\", \"unsure\"]; crisis = [\"yes\", \"unsure\"]";
    check(
        "a crisis answer that leads to the best result",
        &case(&[CRISIS], &["K stop all = [\"K is @\"]"]),
        "yes",
        "yes or unsure",
        "crisis-answer-best-result",
        "checker.toml: id = \"K\"",
    );
    check(
        "a gate that skips the only question about a crisis",
        &case(
            &[YES, "K ask = \"one\"; options = [\"no\", \"yes\"]; crisis = [\"yes\"]; @"],
            &["K stop all = [\"K is yes\"]", "S stop all = [\"S is yes\"]"],
        ),
        "asked-when = { any = [\"S is no\"] }",
        "",
        "crisis-question-skipped",
        "checker.toml: id = \"K\"",
    );
    check(
        "a question about age before the one about a crisis",
        &case(
            &["P @", AGE, CRISIS],
            &[
                "K stop all = [\"K is yes or unsure\"]",
                "AGE - all = [\"AGE at least 65\"]",
                "P stop all = [\"P is yes\"]",
            ],
        ),
        "ask = \"one\"; options = [\"no\", \"yes\"]",
        "ask = \"one\"; options = [\"no\", \"yes\"]; crisis = [\"yes\"]",
        "crisis-asked-late",
        "checker.toml: id = \"K\"",
    );
}

#[test]
fn questions_that_end_too_early_or_change_nothing() {
    let three = "outcomes = [\"stop\", \"check\", \"visit\"]\notherwise = \"visit\"\nstop-at = [@]\n";
    check(
        "a result that ends the questions before a worse one",
        &Case {
            head: three,
            questions: &[YES, "T ask = \"one\"; options = [\"no\", \"yes\"]"],
            rules: &["S stop all = [\"S is yes\"]", "T check all = [\"T is yes\"]"],
            safety: "",
        },
        "\"check\"",
        "\"stop\", \"check\"",
        "stop-hides-worse",
        "checker.toml: stop-at = [\"check\"]",
    );
    let case = |questions, rules| Case { head: HEAD, questions, rules, safety: "" };
    const T: &str = "T ask = \"one\"; options = [\"no\", \"yes\"]";
    check(
        "a question whose answer never matters",
        &case(&[YES, T], &["S stop all = [\"S is yes\"]", "T stop all = [\"S is yes\", \"T is @\"]"]),
        "no or yes",
        "yes",
        "question-no-difference",
        "checker.toml: id = \"T\"",
    );
    const THREE: &str = "Q ask = \"one\"; options = [\"a\", \"b\", \"c\"]";
    check(
        "an answer that is the same as the safest one",
        &case(&[YES, THREE], &["B stop all = [\"Q is b\"]", "S stop all = [\"S is yes\", \"Q is @\"]"]),
        "a or b or c",
        "b or c",
        "option-no-difference",
        "checker.toml: options = [\"a\", \"b\", \"c\"]",
    );
    check(
        "no way to say none of these",
        &case(
            &["M ask = \"many\"; options = [\"a\", \"b\", \"none\"]; exclusive = [@]", YES],
            &[
                "A stop all = [\"M includes a\"]",
                "B - any = [\"M includes b\"]",
                "N - any = [\"M includes none\"]",
                "S stop all = [\"S is yes\"]",
            ],
        ),
        "",
        "\"none\"",
        "none-option-missing",
        "checker.toml: id = \"M\"",
    );
}
