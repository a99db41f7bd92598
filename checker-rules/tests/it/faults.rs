//! Every mistake that can be written, what is said of it and where; beside each the same thing written right.

use checker_rules::*;

use crate::support::write;

/// Resolves and, if that works, proves: what is wrong, and the text that it points at.
fn faults(text: &str) -> Vec<(FaultKind, String)> {
    let written = write(text);
    let found = match resolve(&written.draft) {
        Ok(questionnaire) => verify(questionnaire).0.faults,
        Err(faults) => faults,
    };
    found.into_iter().map(|fault| (fault.kind, written.at(fault.origin).to_owned())).collect()
}

/// The start of every questionnaire here. Fault-free with any rule that reads both options of `X`.
const BASE: &str = "outcomes bad poor good\notherwise good\ntalk doctor\n";

/// The bad text gives exactly this fault at this place; the good text gives none.
fn check(bad: &str, place: &str, expected: FaultKind, good: &str) {
    assert_eq!(faults(&format!("{BASE}{bad}")), [(expected, place.to_owned())], "{bad}");
    assert_eq!(faults(&format!("{BASE}{good}")), [], "{good}");
}

fn s(text: &str) -> String {
    text.to_owned()
}

fn unknown_name(what: Thing, name: &str, of: Option<&str>, nearest: Option<&str>) -> FaultKind {
    FaultKind::UnknownName { what, name: s(name), of: of.map(s), nearest: nearest.map(s) }
}

const YES_NO: &str = "one X no yes\nrule R bad : X is yes\nrule P poor : Y is yes\none Y no yes\n";

#[test]
fn names_that_nothing_carries() {
    for (bad, place, expected) in [
        ("rule A bad : Z1 is yes", "Z1", unknown_name(Thing::Question, "Z1", None, None)),
        ("rule A bad : XX is yes", "XX", unknown_name(Thing::Question, "XX", None, Some("X"))),
        ("rule A bad : X is yess", "yess", unknown_name(Thing::Option, "yess", Some("X"), Some("yes"))),
        ("rule A bda : X is yes", "bda", unknown_name(Thing::Outcome, "bda", None, Some("bad"))),
        ("rule A bad doctr : X is yes", "doctr", unknown_name(Thing::TalkTo, "doctr", None, Some("doctor"))),
        ("rule A bad : pain", "pain", unknown_name(Thing::Set, "pain", None, None)),
        ("stop-at worse", "worse", unknown_name(Thing::Outcome, "worse", None, None)),
        ("one W a b ; in intro", "intro", unknown_name(Thing::Section, "intro", None, None)),
        ("one W a b ; crisis c", "c", unknown_name(Thing::Option, "c", Some("W"), Some("a"))),
    ] {
        check(&format!("{YES_NO}{bad}"), place, expected, YES_NO);
    }
}

#[test]
fn names_given_twice() {
    let twice = |bad: &str, what, name: &str, of: Option<&str>| {
        let found = faults(&format!("{BASE}{YES_NO}{bad}"));
        let [(FaultKind::DuplicateName { what: found_what, name: found_name, of: found_of, .. }, place)] =
            &found[..]
        else {
            panic!("{bad}: {found:?}");
        };
        assert_eq!((*found_what, found_name.as_str(), found_of.as_deref()), (what, name, of));
        assert_eq!(place, name);
    };
    twice("one X a b", Thing::Question, "X", None);
    twice("one W a b a", Thing::Option, "a", Some("W"));
    twice("set t = X is yes\nset t = X is no", Thing::Set, "t", None);
    twice("always I : X is yes => bad\nalways I : X is yes => bad", Thing::Invariant, "I", None);
    // Twice the same rule id is twice the same flag as well here.
    let found = faults(&format!("{BASE}{YES_NO}rule R bad : X is yes"));
    assert!(
        matches!(&found[0].0, FaultKind::FlagUsedTwice { flag, first_rule, .. }
        if flag == "F-R" && first_rule == "R")
            || matches!(&found[0].0, FaultKind::DuplicateName { what: Thing::Rule, .. })
    );
    assert_eq!(found.len(), 2);
}

#[test]
fn tests_that_do_not_fit_the_question() {
    let wrong = |question: &str, kind, test| FaultKind::WrongTest { question: s(question), kind, test };
    let base = "one X no yes\nmany M a b none ; alone none\nnumber N 0 10 kg\nitems I 3 3\n\
        rule R bad : X is yes | M includes a or b\nrule P poor : N at least 5 kg | I at least 3\n";
    for (line, kind, test) in [
        ("X includes yes", QuestionKind::One, TestKind::Includes),
        ("X at least 3", QuestionKind::One, TestKind::AtLeast),
        ("M is a", QuestionKind::Many, TestKind::Is),
        ("M is not a", QuestionKind::Many, TestKind::IsNot),
        ("N is a", QuestionKind::Number, TestKind::Is),
        ("N item 1 at least 1", QuestionKind::Number, TestKind::ItemAtLeast),
        ("I includes a", QuestionKind::Instrument, TestKind::Includes),
        ("I is unknown", QuestionKind::Instrument, TestKind::IsUnknown),
    ] {
        let question = &line[..1];
        check(&format!("{base}rule W bad : {line}"), line, wrong(question, kind, test), base);
    }
    for line in ["X is unknown", "M is unknown", "N is unknown"] {
        let expected = FaultKind::NoUnknownAnswer { question: s(&line[..1]) };
        check(&format!("{base}rule W bad : {line}"), line, expected, base);
    }
}

#[test]
fn numbers_without_the_right_unit() {
    let base = "number T 60 260 mmHg ; risk higher\nitems I 3 3 ; need higher\n";
    let good = "rule R bad : T at least 160 mmHg\nrule P poor : I at least 3";
    let good = format!("{base}{good}");
    let value = Decimal::whole(160);
    let test = TestKind::AtLeast;
    check(
        &format!("{base}rule R bad : T at least 160\nrule P poor : I at least 3"),
        "T at least 160",
        FaultKind::MissingUnit { question: s("T"), value, unit: s("mmHg"), test },
        &good,
    );
    check(
        &format!("{base}rule R bad : T at least 160 kPa\nrule P poor : I at least 3"),
        "kPa",
        FaultKind::WrongUnit { question: s("T"), value, found: s("kPa"), unit: s("mmHg"), test },
        &good,
    );
    check(
        &format!("{base}rule R bad : T at least 160 mmHg\nrule P poor : I at least 3 points"),
        "points",
        FaultKind::NeedlessUnit { question: s("I"), found: s("points") },
        &good,
    );
}

#[test]
fn thresholds_that_every_answer_is_on_one_side_of() {
    let outside = |question: &str, item, value, low, high, always| {
        let (value, low, high) = (Decimal::whole(value), Decimal::whole(low), Decimal::whole(high));
        FaultKind::OutsideRange { question: s(question), item, value, low, high, always }
    };
    let base = "number A 18 75\nitems I 3 3 3 3 3 3 3 3 3\n";
    let good = format!(
        "{base}rule R bad : A at least 75 | A below 19\nrule P poor : I at least 27 | I item 9 at least 3"
    );
    for (line, expected) in [
        ("A below 18", outside("A", None, 18, 18, 75, false)),
        ("A at least 18", outside("A", None, 18, 18, 75, true)),
        ("A at least 76", outside("A", None, 76, 18, 75, false)),
        ("A below 76", outside("A", None, 76, 18, 75, true)),
        ("I at least 28", outside("I", None, 28, 0, 27, false)),
        ("I at least 0", outside("I", None, 0, 0, 27, true)),
        ("I item 9 at least 4", outside("I", Some(9), 4, 0, 3, false)),
        ("I item 9 at least 0", outside("I", Some(9), 0, 0, 3, true)),
    ] {
        check(&format!("{good}\nrule W bad : {line}"), line, expected, &good);
    }
    let expected = FaultKind::NoSuchItem { question: s("I"), item: 10, items: 9 };
    check(&format!("{good}\nrule W bad : I item 10 at least 1"), "I item 10 at least 1", expected, &good);
    let value = Decimal::parse("20.5").expect("a number");
    let expected = FaultKind::TooPrecise { question: s("A"), value, decimals: 0 };
    check(&format!("{good}\nrule W bad : A at least 20.5"), "A at least 20.5", expected, &good);
}

#[test]
fn questions_that_are_not_whole() {
    let good = "one X no yes\nrule R bad : X is yes\nmany M a b none ; alone none\nrule P poor : M includes a or b\n";
    let empty = |list, owner: &str| FaultKind::Empty { list, owner: s(owner) };
    check(&format!("{good}one W"), "W", empty(EmptyList::Options, "W"), good);
    check(&format!("{good}items W"), "W", empty(EmptyList::Items, "W"), good);
    check(&format!("{good}gate W 1"), "W", FaultKind::BadGate { question: s("W") }, good);
    let (low, high) = (Decimal::whole(5), Decimal::whole(5));
    check(&format!("{good}number W 5 5"), "W", FaultKind::BadRange { question: s("W"), low, high }, good);
    // What is unlikely lies within the range and leaves something that is likely.
    let (low, high) = (Decimal::whole(0), Decimal::whole(9));
    for sure in ["-1 5", "2 10", "7 3", "- -", "0 9"] {
        let fault = FaultKind::BadUnlikely { question: s("W"), low, high };
        check(&format!("{good}number W 0 9 ; sure {sure}"), &format!("sure {sure}"), fault, good);
    }
    for sure in ["2 7", "- 7", "2 -"] {
        let found =
            resolve(&write(&format!("{good}number W 0 9 ; sure {sure}")).draft).err().unwrap_or_default();
        let unlikely = |fault: &Fault| matches!(fault.kind, FaultKind::BadUnlikely { .. });
        assert!(!found.iter().any(unlikely), "sure {sure}");
    }
    check(&format!("{good}many W a ; alone a"), "W", FaultKind::OnlyExclusive { question: s("W") }, good);
    check(
        &format!("{good}one W a b c ; risk a b"),
        "risk a b",
        FaultKind::DirectionIncomplete { question: s("W"), missing: vec![s("c")] },
        good,
    );
    check(
        &format!("{good}one W a b ; risk a b a"),
        "a",
        FaultKind::RepeatedOption { question: s("W"), option: s("a") },
        good,
    );
    let (kind, setting) = (QuestionKind::One, Setting::Direction);
    check(
        &format!("{good}one W a b ; risk higher"),
        "risk higher",
        FaultKind::SettingDoesNotFit { question: s("W"), kind, setting },
        good,
    );
    let (kind, setting) = (QuestionKind::Number, Setting::Crisis);
    check(
        &format!("{good}number W 0 5 ; crisis high"),
        "high",
        FaultKind::SettingDoesNotFit { question: s("W"), kind, setting },
        good,
    );
    check(
        &format!("{good}items L 3 3\nitems W 3 2 ; by L"),
        "L",
        FaultKind::CannotAnswer { question: s("W"), by: s("L") },
        &format!(
            "{good}one USE no yes\nitems L 3 3 ; when USE is yes\nitems W 3 ; by L\nnote N : W at least 2"
        ),
    );
}

#[test]
fn waiting_for_one_another() {
    check(
        "one X no yes ; when Y is yes\none Y no yes ; when X is yes\nrule R bad : X is yes",
        "X",
        FaultKind::QuestionCycle { questions: vec![s("X"), s("Y")] },
        // A question may wait for a later one.
        "one X no yes ; when Y is yes\none Y no yes\nrule R bad : X is yes\nrule P poor : Y is yes",
    );
    check(
        "one X no yes\nset a = b | X is yes\nset b = a\nrule R bad : X is yes",
        "a",
        FaultKind::SetCycle { sets: vec![s("a"), s("b")] },
        "one X no yes maybe\nset a = b\nset b = X is yes\nrule R bad : a\nrule P poor : X is maybe",
    );
    check(
        "items L 3 3 ; when W at least 2\nitems W 3 ; by L\nrule R bad : W at least 2",
        "L",
        FaultKind::QuestionCycle { questions: vec![s("L"), s("W")] },
        "one X no yes\nitems L 3 3 ; when X is yes\nitems W 3 ; by L\nrule R bad : W at least 2\nrule P poor : X is yes",
    );
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let found =
        faults("outcomes bad good\notherwise god\none X no yes ; crisis si\nrule R bed : X is ja & Y is no");
    let places: Vec<&str> = found.iter().map(|(_, place)| place.as_str()).collect();
    assert_eq!(places, ["god", "si", "bed", "ja", "Y"]);
}

fn never_holds(place: Place, whole: bool, because: &[&str]) -> impl Fn(&FaultKind) -> bool {
    let because: Vec<String> = because.iter().map(|&id| s(id)).collect();
    move |kind| {
        matches!(kind, FaultKind::NeverHolds { place: found, whole: part, because_asked_when, .. }
            if *found == place && *part == whole && *because_asked_when == because)
    }
}

/// The one fault that a text has, and the texts of the lines that it blames.
fn blamed(text: &str) -> (FaultKind, Vec<String>) {
    let written = write(&format!("{BASE}{text}"));
    let questionnaire = match resolve(&written.draft) {
        Ok(questionnaire) => questionnaire,
        Err(faults) => panic!("{faults:?}"),
    };
    let (report, verified) = verify(questionnaire);
    assert!(verified.is_none(), "{text}");
    let blocking: Vec<Fault> = report.faults.into_iter().filter(Fault::blocks).collect();
    let [Fault { kind, .. }] = &blocking[..] else { panic!("{text}: {blocking:#?}") };
    let lines = match kind {
        FaultKind::NeverHolds { lines, .. } => {
            lines.iter().map(|&line| written.at(line).to_owned()).collect()
        }
        _ => Vec::new(),
    };
    (kind.clone(), lines)
}

#[test]
fn lines_that_contradict_each_other() {
    let rule = |id: &str| Place::Rule(s(id));
    let base = "number AGE 18 90\none S no yes\nrule P poor : AGE at least 65\n";
    let (kind, lines) = blamed(&format!(
        "{base}rule R bad : AGE at least 70 & S is yes & AGE below 30\nrule Q bad : S is yes"
    ));
    assert!(never_holds(rule("R"), true, &[])(&kind), "{kind:?}");
    assert_eq!(lines, ["AGE at least 70", "AGE below 30"]);

    let base = "one A x y z\nrule P poor : A is y\nrule Q bad : A is z\n";
    let (kind, lines) = blamed(&format!("{base}rule R bad : (A is x | A is y) & A is z"));
    assert!(never_holds(rule("R"), true, &[])(&kind), "{kind:?}");
    assert_eq!(lines, ["A is x", "A is y", "A is z"]);

    // One branch of several.
    let (kind, lines) = blamed(&format!("{base}rule R bad : (A is y | A is z) & A is not y"));
    assert!(never_holds(rule("R"), false, &[])(&kind), "{kind:?}");
    assert_eq!(lines, ["A is y", "A is not y"]);

    // A promise about nobody.
    let (kind, _) = blamed(&format!("{base}always I : A is y & A is z => bad"));
    assert!(never_holds(Place::Invariant(s("I")), true, &[])(&kind), "{kind:?}");

    // Several options with one that stands alone.
    let base = "many M a b none ; alone none\nrule P poor : M includes a\nrule Q bad : M includes b\n";
    let (kind, lines) = blamed(&format!("{base}rule R bad : M includes at least 2 of a, none"));
    assert!(never_holds(rule("R"), true, &[])(&kind), "{kind:?}");
    assert_eq!(lines, ["M includes at least 2 of a, none"]);
}

#[test]
fn lines_that_contradict_what_is_asked() {
    // Q3 needs Q2 is x and Q1 is b, but Q2 is asked only when Q1 is a.
    let base = "one Q1 a b\none Q2 x y ; when Q1 is a\nrule R bad : Q2 is x\nrule P poor : Q2 is y\n";
    let (kind, lines) =
        blamed(&format!("{base}one Q3 no yes ; when Q2 is x & Q1 is b\nrule S bad : Q3 is yes"));
    assert!(never_holds(Place::AskedWhen(s("Q3")), true, &["Q2"])(&kind), "{kind:?}");
    assert_eq!(lines, ["Q2 is x", "Q1 is b"]);

    // The same through a number.
    let base =
        "number AGE 18 90\none Q2 x y ; when AGE at least 60\nrule R bad : Q2 is x\nrule P poor : Q2 is y\n";
    let (kind, lines) = blamed(&format!("{base}rule S bad : Q2 is x & AGE below 50"));
    assert!(never_holds(Place::Rule(s("S")), true, &["Q2"])(&kind), "{kind:?}");
    assert_eq!(lines, ["Q2 is x", "AGE below 50"]);
}

#[test]
fn outcomes_that_nobody_gets() {
    let base = "one A x y\nrule R bad : A is x\nrule Q bad : A is not x\nrule P poor : A is y\n";
    let found: Vec<FaultKind> = faults(&format!("{BASE}{base}")).into_iter().map(|(kind, _)| kind).collect();
    let unreached = |outcome: &str, asked_by: &[&str], covered_by: &[&str]| {
        let names = |ids: &[&str]| ids.iter().map(|&id| s(id)).collect();
        FaultKind::OutcomeNeverReached {
            outcome: s(outcome),
            asked_by: names(asked_by),
            covered_by: names(covered_by),
        }
    };
    assert_eq!(found, [unreached("poor", &["P"], &["Q"]), unreached("good", &[], &[])]);
    assert_eq!(
        faults(&format!("{BASE}one A x y z\nrule R bad : A is x\nrule P poor : A is y")),
        [(FaultKind::OptionNotRead { question: s("A"), option: s("z") }, s("z"))]
    );
}

#[test]
fn answers_without_an_outcome() {
    let gap = |text: &str| {
        let text = format!("outcomes bad good\n{text}");
        let (report, verified) = verify(crate::support::resolved(&text));
        assert!(verified.is_none());
        let gap = report.refuted.into_iter().find(|refuted| refuted.property == Property::OneOutcome);
        (report.otherwise, gap.unwrap_or_else(|| panic!("no gap: {text}")).counterexample.answers)
    };
    // Two rules for ages below 65 and from 66: nobody thought of 65.
    let (count, answers) = gap("number AGE 18 90\nrule A bad : AGE at least 66\nrule B good : AGE below 65");
    assert_eq!((count.as_str(), answers), ("1", vec![(QuestionIdx(0), Answer::Number(65))]));
    // Rules for yes and yes, and for no and no.
    let (count, answers) =
        gap("one A no yes\none B no yes\nrule R bad : A is yes & B is yes\nrule S good : A is no & B is no");
    assert_eq!(count, "2");
    assert_eq!(answers.len(), 2);

    let whole =
        "outcomes bad good\nnumber AGE 18 90\nrule A bad : AGE at least 65\nrule B good : AGE below 65";
    let (report, verified) = verify(crate::support::resolved(whole));
    assert_eq!((report.faults, report.refuted), (vec![], vec![]));
    assert!(verified.is_some() && report.proved.contains(&Property::OneOutcome));
}

#[test]
fn data_that_is_asked_for_and_never_used() {
    let good = "one X no yes\nrule R bad : X is yes\nmany M a b none ; alone none\nrule P poor : M includes a or b\n";
    let question = |id: &str| FaultKind::QuestionNotRead { question: s(id) };
    check(&format!("{good}one W a b"), "W", question("W"), good);
    let option = FaultKind::OptionNotRead { question: s("W"), option: s("c") };
    check(
        &format!("{good}one W a b c\nnote N : W is b"),
        "c",
        option,
        &format!("{good}one W a b c ; inert c\nnote N : W is b"),
    );
    // Advice, no reason to hold a questionnaire back.
    let advised = crate::support::resolved(&format!("{BASE}{good}one W a b"));
    assert!(verify(advised).1.is_some());
}

#[test]
fn data_that_is_read_and_never_used() {
    let good = "one X no yes\nrule R bad : X is yes\nmany M a b none ; alone none\nrule P poor : M includes a or b\n";
    let question = |id: &str| FaultKind::QuestionMakesNoDifference { question: s(id) };
    let option = |question: &str, option: &str| FaultKind::OptionMakesNoDifference {
        question: s(question),
        option: s(option),
    };
    // A rule that says the same twice: what W adds, X covers.
    check(
        &format!("{good}one W no yes\nrule C bad : X is yes | X is yes & W is yes"),
        "W",
        question("W"),
        &format!("{good}one W no yes\nrule C bad : X is yes & W is yes"),
    );
    check(
        &format!("{good}number W 0 10\nnote N : W at least 3 | W below 3"),
        "W",
        question("W"),
        &format!("{good}number W 0 10 ; unknown unsure\nnote N : W at least 3 | W below 3"),
    );
    check(
        &format!("{good}items W 3 3\nnote N : X is no & W at least 2 | X is no"),
        "W",
        question("W"),
        &format!("{good}items W 3 3\nnote N : X is no & W at least 2 | X is yes"),
    );
    check(
        &format!("{good}gate W 1 1\nnote N : W at least 1 | W below 1"),
        "W",
        question("W"),
        &format!("{good}gate W 1 1\nnote N : W at least 1 | W item 1 below 1"),
    );
    // Of several options, one that never counts.
    check(
        &format!("{good}one W no yes maybe\nnote N : W is yes | X is yes & W is no or maybe"),
        "maybe",
        option("W", "maybe"),
        &format!("{good}one W no yes maybe\nnote N : W is yes | X is yes & W is maybe"),
    );
    check(
        &format!(
            "{good}many W a b c none ; alone none\nnote N : W includes a or b | W includes at least 2 of b, c & W includes b\n"
        ),
        "c",
        option("W", "c"),
        &format!(
            "{good}many W a b c none ; alone none\nnote N : W includes a or b | W includes at least 2 of b, c & W includes c | W includes c & X is yes\n"
        ),
    );
    // Whom to talk to, what is asked next and crisis help are uses too.
    for fine in [
        "talk nurse\none W no yes\nnote N : X is yes | X is no & W is no or yes ; talk nurse when W is yes",
        "one W no yes\none V no yes ; when W is yes\nnote N : V is yes",
        "one W no yes ; crisis yes\nrule N poor : X is yes | X is yes & W is yes",
    ] {
        let text = format!("outcomes bad poor good\notherwise good\n{good}{fine}");
        let unused: Vec<FaultKind> = faults(&text)
            .into_iter()
            .map(|(kind, _)| kind)
            .filter(|kind| !matches!(kind, FaultKind::CrisisAskedLate { .. }))
            .collect();
        assert_eq!(unused, [], "{fine}");
    }
}

#[test]
fn several_answers_and_no_way_to_say_none() {
    let form = |alone: &str| {
        format!(
            "many M a b none unsure ; unknown unsure ; alone {alone}\nrule R bad : M includes a\nrule P poor : M includes b or unsure\nnote N : M includes none"
        )
    };
    let fault = FaultKind::NoNoneOption { question: s("M") };
    check(&form("unsure"), "M", fault, &form("unsure none"));
}

#[test]
fn bands_that_overlap() {
    let form = |low: &str, high: &str| {
        format!(
            "number AGE 18 90 years\nitems I 3 3 3\nnote A : {low}\nnote B : {high}\nrule R bad : AGE below 20 years\nrule P poor : AGE at least 80 years\nnote N : I at least 2 | AGE at least 20 years"
        )
    };
    let fault = |question: &str, lower: &str, higher: &str, from, to| FaultKind::BandsOverlap {
        lower: s(lower),
        higher: s(higher),
        question: s(question),
        from: Decimal::whole(from),
        to: Decimal::whole(to),
    };
    check(
        &form("AGE below 66 years", "AGE at least 65 years"),
        "AGE at least 65 years",
        fault("AGE", "A", "B", 65, 65),
        &form("AGE below 65 years", "AGE at least 65 years & I at least 2"),
    );
    check(
        &form("I at least 5 & AGE at least 30 years", "AGE at least 30 years & I below 7 & I at least 2"),
        "I below 7",
        fault("I", "B", "A", 5, 6),
        // One within the other, or another condition beside it: both are meant to fire.
        &form("I at least 5 & AGE at least 30 years", "AGE at least 31 years & I below 7 & I at least 2"),
    );
    assert_eq!(faults(&format!("{BASE}{}", form("I at least 5", "I at least 3"))), []);
}

#[test]
fn questions_that_are_stopped_too_early() {
    let form = |stop: &str| format!("{YES_NO}stop-at {stop}\n");
    let fault = FaultKind::StopBeforeWorse { outcome: s("poor"), worse: vec![s("bad")] };
    check(&form("poor"), "poor", fault, &form("poor bad"));
}

#[test]
fn crisis_questions_that_come_late() {
    let (crisis, other, end) = ("one S no yes ; crisis yes\n", "one O no yes\n", "one E no yes\n");
    let rules = "rule K poor : S is yes\nnote N : O is yes\nrule E bad : E is yes\n";
    check(
        &format!("{end}{other}{crisis}{rules}"),
        "S",
        FaultKind::CrisisAskedLate { question: s("S"), after: s("O") },
        // A question about an emergency may come first; so may one that only some are asked.
        &format!("{end}{crisis}{other}{rules}"),
    );
    let some = format!("{end}one O no yes ; when E is no\n{crisis}{rules}");
    assert_eq!(faults(&format!("{BASE}{some}")), []);
    // A screen with an item about suicide further down is one more chance.
    let screen =
        format!("{end}{crisis}{other}items I 3 3 ; crisis 2\n{rules}rule K2 poor : I item 2 at least 1\n");
    assert_eq!(faults(&format!("{BASE}{screen}")), []);
}

#[test]
fn rules_that_a_promise_names() {
    let promise = |of: &str| format!("{YES_NO}note Q : X is no\nexactly P :{of}\n");
    check(&promise(" R QQ"), "QQ", unknown_name(Thing::Rule, "QQ", None, Some("Q")), &promise(" R Q"));
    let found = faults(&format!("{BASE}{}", promise(" R R")));
    assert!(
        matches!(&found[..], [(FaultKind::DuplicateName { what: Thing::Rule, of: Some(of), .. }, _)] if of == "P")
    );
    let found = faults(&format!("{BASE}{}", promise(" ")));
    assert_eq!(found, [(FaultKind::Empty { list: EmptyList::PromiseRules, owner: s("P") }, s("P"))]);
}

#[test]
fn a_question_that_another_one_always_answers() {
    let text =
        format!("{BASE}items L 3 3\nitems W 3 ; by L\nrule R bad : W at least 2\nrule P poor : L at least 4");
    assert_eq!(faults(&text), [(FaultKind::NeverAsked { question: s("W") }, s("W"))]);
}
