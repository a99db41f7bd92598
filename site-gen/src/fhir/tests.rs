//! Out and in again: the same questions, asked of the same people.

use super::{export, import};
use crate::checker::{self, Checker};
use crate::source::{SourceFile, SourceTree};
use checker_rules::{Answer, Answers, Kind, Program, Question, evaluate};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40).expect("24 bits") % limit.max(1)
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

const DAY: jiff::civil::Date = jiff::civil::date(2026, 11, 22);

fn tree(files: &[(String, String)]) -> SourceTree {
    let file =
        |(path, text): &(String, String)| SourceFile { path: path.clone(), bytes: text.clone().into_bytes() };
    SourceTree::new(files.iter().map(file))
}

/// Every file below `content/` of this repository that checkers are made from.
fn shipped() -> SourceTree {
    let root =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("BUG: a workspace").to_owned();
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(root.join("content")) {
        let entry = entry.expect("the content can be read");
        let path = entry.path().strip_prefix(&root).expect("BUG: below the root");
        let path = path.to_string_lossy().replace('\\', "/");
        if entry.file_type().is_file() && (path.contains("/checkers/") || path.ends_with(".toml")) {
            files.push((path, std::fs::read_to_string(entry.path()).expect("text")));
        }
    }
    tree(&files)
}

fn only(loaded: checker::Loaded) -> Checker {
    let told: Vec<String> = loaded.findings.iter().map(|finding| finding.message.clone()).collect();
    loaded.checkers.into_iter().next().unwrap_or_else(|| panic!("no checker: {told:#?}"))
}

/// The checker after it went out and came in, and what was told on the way in.
fn there_and_back(checker: &Checker, sources: &SourceTree) -> (Checker, Vec<String>) {
    let mut form = export(checker, sources).form;
    // Under its own name the shipped checker must have its core rules.
    form["id"] = "again".into();
    let text = serde_json::to_string_pretty(&form).expect("JSON");
    let imported = import(text.clone().into_bytes(), "form.json", DAY);
    let told: Vec<String> = imported
        .findings
        .iter()
        .map(|finding| {
            format!("{}: {} ({})", finding.code, finding.message, finding.help.clone().unwrap_or_default())
        })
        .collect();
    assert!(!imported.has_errors(), "{told:#?}\n{text}");
    let files: Vec<(String, String)> =
        imported.files.into_iter().map(|file| (file.path, file.text)).collect();
    let sources = tree(&files);
    let loaded = checker::load(&sources);
    let broken: Vec<&str> = loaded
        .findings
        .iter()
        .filter(|finding| finding.severity == crate::finding::Severity::Error)
        // A form does not say which answers call for crisis help; staff have to, and are told so.
        .filter(|finding| finding.code != "crisis-question-skipped")
        .map(|finding| finding.message.as_str())
        .collect();
    assert!(broken.is_empty(), "{broken:#?}\n{}", files[1].1);
    (only(loaded), told)
}

/// A random answer of its question.
fn answer(dice: &mut Dice, question: &Question) -> Answer {
    match &question.kind {
        Kind::One { options } => Answer::One(u16::try_from(dice.below(options.len())).expect("few")),
        Kind::Many { options } => {
            let first = dice.below(options.len());
            let mut ticks = vec![u16::try_from(first).expect("few")];
            if !options[first].exclusive {
                for (at, option) in (0u16..).zip(options) {
                    if !option.exclusive && dice.chance(40) {
                        ticks.push(at);
                    }
                }
            }
            Answer::Many(ticks)
        }
        Kind::Number { unknown: Some(_), .. } if dice.chance(20) => Answer::Unknown,
        Kind::Number { low, high, .. } => {
            let span = usize::try_from(high - low + 1).expect("a small range");
            Answer::Number(low + i64::try_from(dice.below(span)).expect("a small range"))
        }
        Kind::Instrument { items, .. } => Answer::Items(
            items.iter().map(|&high| u8::try_from(dice.below(usize::from(high) + 1)).ok()).collect(),
        ),
    }
}

/// The same answer to the same question of another program, whose options may stand elsewhere.
fn same(answer: &Answer, from: &Question, to: &Question) -> Answer {
    let option = |at: u16| to.find_option(&from.options()[usize::from(at)].id).expect("the same options");
    match answer {
        Answer::One(at) => Answer::One(option(*at)),
        Answer::Many(ticks) => Answer::Many(ticks.iter().map(|&at| option(at)).collect()),
        other => other.clone(),
    }
}

fn shown<'p>(program: &'p Program, answers: &Answers) -> Vec<&'p str> {
    let evaluation = evaluate(program, answers);
    evaluation
        .shown
        .iter()
        .filter_map(|&at| program.question(at))
        .map(|question| question.id.as_str())
        .collect()
}

/// Whether both ask the same people the same things, over so many complete sets of answers.
fn assert_same(dice: &mut Dice, one: &Program, other: &Program, rounds: usize, about: &dyn Fn() -> String) {
    let ids = |program: &Program| -> Vec<String> {
        program.questions().iter().map(|question| question.id.clone()).collect()
    };
    assert_eq!(ids(one), ids(other), "{}", about());
    for (ours, theirs) in one.questions().iter().zip(other.questions()) {
        let options = |question: &Question| -> Vec<(String, bool)> {
            question.options().iter().map(|option| (option.id.clone(), option.exclusive)).collect()
        };
        assert_eq!(options(ours), options(theirs), "{} {}", ours.id, about());
        match (&ours.kind, &theirs.kind) {
            (
                Kind::Number { unit, low, high, decimals, unknown, usual: _ },
                Kind::Number {
                    unit: unit2,
                    low: low2,
                    high: high2,
                    decimals: decimals2,
                    unknown: unknown2,
                    usual: _,
                },
            ) => assert_eq!(
                (unit, low, high, decimals, unknown),
                (unit2, low2, high2, decimals2, unknown2),
                "{} {}",
                ours.id,
                about()
            ),
            (
                Kind::Instrument { items, gated, .. },
                Kind::Instrument { items: items2, gated: gated2, .. },
            ) => {
                assert_eq!((items, gated), (items2, gated2), "{} {}", ours.id, about());
            }
            (Kind::One { .. }, Kind::One { .. }) | (Kind::Many { .. }, Kind::Many { .. }) => {}
            _ => panic!("{} is of another kind now: {}", ours.id, about()),
        }
    }
    for _ in 0..rounds {
        let (mut ours, mut theirs) = (Answers::new(one), Answers::new(other));
        for (at, question) in one.question_indices().zip(one.questions()) {
            let given = answer(dice, question);
            let to = other.find_question(&question.id).expect("the same questions");
            let again = same(&given, question, other.question(to).expect("a question"));
            ours.set(one, at, given).expect("an answer that fits");
            theirs.set(other, to, again).expect("an answer that fits");
        }
        assert_eq!(shown(one, &ours), shown(other, &theirs), "{ours:?}\n{}", about());
    }
}

#[test]
fn the_shipped_questionnaire_asks_the_same_people_after_a_round_trip() {
    let sources = shipped();
    let checker = only(checker::load(&sources));
    let (again, told) = there_and_back(&checker, &sources);
    assert!(!told.iter().any(|told| told.starts_with("fhir-condition")), "{told:#?}");
    assert_same(&mut Dice(7), &checker.program, &again.program, 2000, &|| "the shipped checker".to_owned());
    for language in ["en", "es"] {
        let (ours, theirs) = (&checker.words[language], &again.words[language]);
        assert_eq!(ours.sections, theirs.sections, "{language}");
        for (id, words) in &ours.questions {
            let again = &theirs.questions[id];
            assert_eq!(
                (&words.title, &words.hint, &words.options),
                (&again.title, &again.hint, &again.options),
                "{id}"
            );
        }
    }
}

/// A random checker: its files, with words for everything.
fn random(dice: &mut Dice) -> Vec<(String, String)> {
    struct Made {
        id: String,
        kind: &'static str,
        options: Vec<&'static str>,
        unknown: Option<&'static str>,
        screen: &'static str,
    }
    fn line(dice: &mut Dice, question: &Made) -> String {
        let id = &question.id;
        match question.kind {
            "one" => match dice.below(4) {
                0 if question.unknown.is_some() => format!("{id} is unknown"),
                1 => format!("{id} is not {}", dice.pick(&question.options)),
                2 => format!("{id} is {}", question.options[..2].join(" or ")),
                _ => format!("{id} is {}", dice.pick(&question.options)),
            },
            "many" => match dice.below(4) {
                0 => format!("{id} includes at least 2 of {}", question.options.join(", ")),
                1 => format!("{id} includes {}", question.options[..2].join(" or ")),
                _ => format!("{id} includes {}", dice.pick(&question.options)),
            },
            "number" => match dice.below(3) {
                0 if question.unknown.is_some() => format!("{id} is unknown"),
                1 => format!("{id} below {}.5 kg", 1 + dice.below(8)),
                _ => format!("{id} at least {} kg", 1 + dice.below(8)),
            },
            "whole" => format!("{id} {} {}", dice.pick(&["at least", "below"]), 1 + dice.below(9)),
            _ => {
                let (items, high, top) = match question.screen {
                    "phq-9" => (9, 3, 27),
                    "pc-ptsd-5" => (6, 1, 5),
                    _ => (2, 3, 6),
                };
                let test = *dice.pick(&["at least", "below"]);
                if dice.chance(60) {
                    format!("{id} item {} {test} {}", 1 + dice.below(items), 1 + dice.below(high))
                } else {
                    format!("{id} {test} {}", 1 + dice.below(top))
                }
            }
        }
    }
    let mut made: Vec<Made> = Vec::new();
    let mut structure = String::from(
        "id = \"random\"\nversion = \"1\"\nupdated = 2026-11-22\noutcomes = [\"talk\"]\notherwise = \"talk\"\ntalk-to = [\"d\"]\n\
         [[section]]\nid = \"first\"\n[[section]]\nid = \"second\"\n",
    );
    let mut words = String::from("# First {#first}\n# Second {#second}\nIntroduction.\n");
    let mut questions = String::new();
    let mut sets: Vec<String> = Vec::new();
    let count = 3 + dice.below(5);
    for at in 0..count {
        let kind = *dice.pick(&["one", "one", "many", "many", "number", "whole", "screen"]);
        let id = format!("Q{at}");
        let screen = *dice.pick(&["phq-2", "phq-9", "gad-2", "pc-ptsd-5"]);
        let mut options: Vec<&str> = Vec::new();
        let mut unknown = None;
        let section = if at < count / 2 { "first" } else { "second" };
        let _ = writeln!(questions, "[[question]]\nid = \"{id}\"\nsection = \"{section}\"");
        let _ = writeln!(words, "## Question {at} {{#{id}}}");
        match kind {
            "one" | "many" => {
                options = ["a", "b", "c", "d"][..2 + dice.below(3)].to_vec();
                let _ = writeln!(questions, "ask = \"{kind}\"\noptions = {options:?}");
                if kind == "many" && options.len() > 2 && dice.chance(60) {
                    let _ = writeln!(questions, "exclusive = [{:?}]", options[options.len() - 1]);
                }
                if kind == "one" && dice.chance(40) {
                    unknown = Some("b");
                    questions.push_str("unknown = [\"b\"]\n");
                }
                for option in &options {
                    let _ = writeln!(words, "- {option}: Answer {option}");
                }
            }
            "number" => {
                questions.push_str("ask = \"number\"\nunit = \"kg\"\nbetween = [0, 9.5]\ndecimals = 1\n");
                if dice.chance(50) {
                    unknown = Some("unsure");
                    questions.push_str("unknown = [\"unsure\"]\n");
                    words.push_str("- unsure: I do not know\n");
                }
            }
            "whole" => questions.push_str("ask = \"number\"\nbetween = [0, 10]\n"),
            _ => {
                let _ = writeln!(questions, "ask = \"instrument\"\ninstrument = \"{screen}\"");
                let long = made.iter().find(|known| known.screen == "phq-9" && known.kind == "screen");
                if let Some(long) = long.filter(|_| screen == "phq-2") {
                    let _ = writeln!(questions, "answered-by = \"{}\"", long.id);
                }
            }
        }
        if !made.is_empty() && dice.chance(70) {
            let lines = |dice: &mut Dice, least: usize| -> Vec<String> {
                (0..least + dice.below(2))
                    .map(|_| {
                        let question = dice.pick(&made);
                        line(dice, question)
                    })
                    .collect()
            };
            let group = |dice: &mut Dice| match dice.below(5) {
                0 => format!("{{ all = {:?} }}", lines(dice, 2)),
                1 => format!("{{ any = {:?} }}", lines(dice, 2)),
                2 => format!("{{ none = {:?} }}", lines(dice, 1)),
                3 => format!("{{ at-least = 2, of = {:?} }}", lines(dice, 3)),
                _ => format!(
                    "{{ all = {:?}, any = {:?}, none = {:?} }}",
                    lines(dice, 1),
                    lines(dice, 2),
                    lines(dice, 1)
                ),
            };
            let condition = if dice.chance(30) {
                let (one, other) = (group(dice), group(dice));
                sets.push(format!("\"s{at}\" = {one}\n\"t{at}\" = {other}\n"));
                format!("{{ {} = [\"s{at}\", \"t{at}\"] }}", dice.pick(&["all", "any", "none"]))
            } else {
                group(dice)
            };
            let _ = writeln!(questions, "asked-when = {condition}");
        }
        made.push(Made { id, kind, options, unknown, screen });
    }
    if !sets.is_empty() {
        let _ = writeln!(structure, "[sets]\n{}", sets.concat());
        words.push_str("# Groups {#sets}\n");
        for set in sets.iter().flat_map(|set| set.lines()) {
            let _ = writeln!(words, "- {}: you said so", set.split('"').nth(1).unwrap_or_default());
        }
    }
    structure.push_str(&questions);
    let room = |file: &str| format!("content/checkers/random/{file}");
    let outcomes = "# R {#results}\n## T {#talk}\ntext\n# P {#parts}\n## H {#crisis-help}\ntext\n## F {#foot}\ntext\n# W {#talk-to}\n- d: D\n";
    vec![
        (room("checker.toml"), structure),
        (room("rules.toml"), String::new()),
        (room("safety.toml"), String::new()),
        (room("cases.toml"), String::new()),
        ("content/en/checkers/random/questions.md".to_owned(), words),
        ("content/en/checkers/random/reasons.md".to_owned(), String::new()),
        ("content/en/checkers/random/outcomes.md".to_owned(), outcomes.to_owned()),
    ]
}

#[test]
fn random_questionnaires_ask_the_same_people_after_a_round_trip() {
    let mut dice = Dice(0x5eed_cafe);
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..550 {
        let files = random(&mut dice);
        let sources = tree(&files);
        let loaded = checker::load(&sources);
        // A question that can never be asked, or a condition that says nothing, stops the checker itself.
        if loaded.findings.has_errors() {
            *seen.entry("refused").or_default() += 1;
            continue;
        }
        let checker = only(loaded);
        let exported = export(&checker, &sources);
        let about = || format!("{}\n{:#}", files[0].1, exported.form);
        if exported.left_out.iter().any(|group| group.what.contains("FHIRPath")) {
            // Not lost without a word on the way in either.
            let text = serde_json::to_vec(&exported.form).expect("JSON");
            let told = import(text, "form.json", DAY).findings;
            assert!(told.iter().any(|finding| finding.code == "fhir-condition-not-carried"), "{}", about());
            *seen.entry("in FHIRPath").or_default() += 1;
            continue;
        }
        let (again, _) = there_and_back(&checker, &sources);
        assert_same(&mut dice, &checker.program, &again.program, 150, &about);
        *seen.entry("the same").or_default() += 1;
    }
    assert!(seen["the same"] >= 150, "too few were compared: {seen:?}");
    assert!(seen["in FHIRPath"] * 4 <= seen["the same"], "FHIRPath is the exception: {seen:?}");
}

#[test]
fn a_damaged_form_is_told_or_read_and_never_ends_in_a_panic() {
    let sources = shipped();
    let form = export(&only(checker::load(&sources)), &sources).form;
    let whole = serde_json::to_vec(&form).expect("JSON");
    let words: [&[u8]; 12] = [
        b"{",
        b"}",
        b"[",
        b"]",
        b"\"",
        b"null",
        b"-1",
        b"1e99",
        b"\"linkId\"",
        b"\"enableWhen\"",
        b"\\ud800",
        b"\xff",
    ];
    let mut dice = Dice(0x5eed);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..if cfg!(debug_assertions) { 60 } else { 600 } {
        let mut bytes = whole.clone();
        for _ in 0..=dice.below(3) {
            let (at, end) = (dice.below(bytes.len()), dice.below(40));
            let end = (at + end).min(bytes.len());
            match dice.below(4) {
                0 => bytes[at] = u8::try_from(dice.below(256)).expect("a byte"),
                1 => drop(bytes.drain(at..end)),
                2 => {
                    let piece = bytes[at..end].to_vec();
                    let to = dice.below(bytes.len());
                    bytes.splice(to..to, piece);
                }
                _ => drop(bytes.splice(at..at, dice.pick(&words).iter().copied())),
            }
        }
        let imported = import(bytes, "form.json", DAY);
        if imported.has_errors() {
            refused += 1;
        } else {
            read += 1;
        }
    }
    println!("{read} damaged forms were read all the same, {refused} refused with a reason.");
    assert!(refused > 0, "no form was damaged enough to be refused");
}
