//! Promises that hold, and promises that do not with the answers that show it.

use checker_rules::*;

use crate::support::resolved;

/// The property, the answers that are not the safest ones, the outcome.
type Shown = (Property, Vec<(String, Answer)>, String);

/// What is refuted.
fn refuted(text: &str) -> Vec<Shown> {
    let questionnaire = resolved(text);
    let program = questionnaire.program().clone();
    let (report, verified) = verify(questionnaire);
    assert_eq!(verified.is_some(), report.is_clean());
    report
        .refuted
        .iter()
        .map(|refuted| {
            let example = &refuted.counterexample;
            let unusual = example
                .answers
                .iter()
                .filter(|(question, _)| example.differs.contains(question))
                .map(|(question, answer)| (program.questions()[question.index()].id.clone(), answer.clone()))
                .collect();
            let outcome =
                example.outcome.map_or(String::new(), |outcome| program.outcome(outcome).to_owned());
            (refuted.property.clone(), unusual, outcome)
        })
        .collect()
}

const CRISIS: &str = "outcomes emergency crisis clearance consult\notherwise consult\n\
    one S2 no yes prefer-not ; unknown prefer-not ; risk no prefer-not yes\n\
    one S4 no yes prefer-not ; unknown prefer-not ; risk no prefer-not yes\n\
    many S1 chest stroke none ; alone none ; risk more\n\
    one P1 yes no unsure ; unknown unsure ; risk yes unsure no\n\
    rule E1 emergency : S1 includes chest or stroke\n\
    rule C1 clearance : P1 is not yes\n\
    rule C2 clearance : S2 is prefer-not | S4 is prefer-not\n";

#[test]
fn a_forgotten_crisis_answer_is_shown_alone() {
    let promise = "always INV-02 : S2 is yes | S4 is yes => crisis or worse\n";
    let half = format!("{CRISIS}rule K1 crisis : S2 is yes\nnote K2 : S4 is yes\n{promise}");
    let found = refuted(&half);
    let expected =
        (Property::Invariant("INV-02".into()), vec![("S4".into(), Answer::One(1))], "consult".into());
    assert_eq!(found[0], expected);

    let whole = format!("{CRISIS}rule K1 crisis : S2 is yes | S4 is yes\n{promise}");
    assert_eq!(refuted(&whole), []);
}

#[test]
fn a_threshold_off_by_one_is_shown_at_the_threshold() {
    let form = |limit: u32| {
        format!(
            "outcomes not-now consult\notherwise consult\nnumber TOP 60 260 mmHg ; unknown unsure ; risk higher\n\
            rule N not-now : TOP at least {limit} mmHg | TOP is unknown\n\
            never INV : TOP at least 160 mmHg => consult\n"
        )
    };
    let expected =
        (Property::Invariant("INV".into()), vec![("TOP".into(), Answer::Number(160))], "consult".into());
    assert_eq!(refuted(&form(161)), [expected]);
    assert_eq!(refuted(&form(160)), []);
}

#[test]
fn the_ninth_item_counts_however_low_the_score() {
    let form = |rule: &str| {
        format!(
            "outcomes crisis consult\notherwise consult\nitems PHQ-9 3 3 3 3 3 3 3 3 3 ; crisis 9 ; need higher\n\
            rule K crisis : {rule}\nalways INV : PHQ-9 item 9 at least 1 => crisis\n"
        )
    };
    let items = |last| Answer::Items([0, 0, 0, 0, 0, 0, 0, 0, last].map(Some).to_vec());
    let broken = |property: Property| (property, vec![("PHQ-9".into(), items(1))], "consult".into());
    let expected = [Property::Invariant("INV".into()), Property::CrisisNeverBest(QuestionIdx(0))];
    assert_eq!(refuted(&form("PHQ-9 at least 10")), expected.map(broken));
    assert_eq!(refuted(&form("PHQ-9 item 9 at least 1")), []);
}

#[test]
fn more_risk_is_never_better() {
    let form = |bad: &str| {
        format!(
            "outcomes not-now clearance consult\notherwise consult\n\
            many H a b c none ; alone none ; risk more\n\
            rule N not-now : {bad}\nrule C clearance : H includes a or b or c\n"
        )
    };
    // A third condition makes it better again.
    let (report, _) =
        verify(resolved(&form("H includes at least 2 of a, b, c & !(H includes at least 3 of a, b, c)")));
    let [broken] = &report.refuted[..] else { panic!("{:#?}", report.refuted) };
    assert_eq!(broken.property, Property::RiskMonotone(QuestionIdx(0)));
    let beside = broken.beside.as_ref().expect("two answer sets side by side");
    assert_eq!(broken.counterexample.answers, [(QuestionIdx(0), Answer::Many(vec![0, 1, 2]))]);
    assert_eq!(beside.answers.len(), 1);
    assert!(matches!(&beside.answers[0].1, Answer::Many(ticks) if ticks.len() == 2));
    assert!(beside.outcome < broken.counterexample.outcome);

    assert_eq!(refuted(&form("H includes at least 2 of a, b, c")), []);
}

#[test]
fn more_need_may_be_better() {
    let form = |direction: &str| {
        format!(
            "outcomes poor good\notherwise good\nitems PHQ-2 3 3 ; {direction} higher\nrule R poor : PHQ-2 below 3\n"
        )
    };
    assert_eq!(refuted(&form("need")), []);
    assert_eq!(refuted(&form("risk")).len(), 1);
}

#[test]
fn risk_is_followed_through_the_questions_that_it_brings() {
    // Answering yes brings a question; a "no" there must not lead to a better outcome than not having been asked.
    let form = |after: &str| {
        format!(
            "outcomes emergency crisis clearance consult\notherwise consult\none S2 no unsure yes ; unknown unsure ; risk no unsure yes\n\
            one S3 no yes ; risk no yes ; when S2 is yes\n\
            rule E emergency : S3 is yes\nrule C clearance : S2 is unsure\n{after}"
        )
    };
    let bad = form("rule K crisis : S2 is yes & S3 is yes\n");
    let found = refuted(&bad);
    assert!(
        found.iter().any(|(property, ..)| *property == Property::RiskMonotone(QuestionIdx(0))),
        "{found:?}"
    );
    assert_eq!(refuted(&form("rule K crisis : S2 is yes\n")), []);
}

#[test]
fn not_knowing_opens_no_door() {
    let form = |rule: &str| {
        format!(
            "outcomes not-now clearance consult\notherwise consult\none H1 ok high unsure ; unknown unsure ; risk ok unsure high\n\
            rule N not-now : H1 is high\n{rule}careful INV-04 : H1\n"
        )
    };
    let expected =
        (Property::Invariant("INV-04".into()), vec![("H1".into(), Answer::One(2))], "consult".into());
    assert_eq!(refuted(&form("note I : H1 is unknown\nrule X clearance : H1 is high\n"))[0], expected);
    assert_eq!(refuted(&form("rule C clearance : H1 is unknown\n")), []);
}

#[test]
fn what_is_proved_is_listed() {
    let (report, _) = verify(resolved(&format!(
        "{CRISIS}rule K1 crisis : S2 is yes | S4 is yes\nnever-better INV-03 : S1 S2\n"
    )));
    for property in [
        Property::OneOutcome,
        Property::EverythingReachable,
        Property::Invariant("INV-03".into()),
        Property::RiskMonotone(QuestionIdx(0)),
        Property::UnknownCareful(QuestionIdx(3)),
    ] {
        assert!(report.proved.contains(&property), "{property:?}");
    }
    // S1 takes 4 answers, the others 3 each.
    assert_eq!(report.answer_sets, (4 * 3 * 3 * 3).to_string());
    assert_eq!(report.otherwise, "1");
}

#[test]
fn a_rule_that_never_decides_is_named_without_blame() {
    let (report, verified) = verify(resolved(
        "outcomes bad good\notherwise good\none A x y z\nrule R bad : A is y or z\nrule S bad : A is z\n",
    ));
    assert_eq!(report.never_alone, [RuleIdx(1)]);
    assert!(verified.is_some());
}

#[test]
fn more_risk_is_compared_across_an_answer_without_an_outcome() {
    let rules = "outcomes bad good\nnumber N 0 3 ; risk higher\nrule R bad : N below 1\n";
    // From 0 to 3 the outcome gets better; between them there is none, and `otherwise` is missing.
    let found = refuted(&format!("{rules}rule G good : N at least 3\n"));
    let [(Property::OneOutcome, ..), (Property::RiskMonotone(QuestionIdx(0)), differs, outcome)] = &found[..]
    else {
        panic!("{found:?}")
    };
    assert_eq!((differs.as_slice(), outcome.as_str()), (&[("N".to_owned(), Answer::Number(3))][..], "good"));
    let kept = refuted(&format!("{rules}rule G bad : N at least 3\n"));
    assert!(matches!(&kept[..], [(Property::OneOutcome, ..)]), "{kept:?}");
}
