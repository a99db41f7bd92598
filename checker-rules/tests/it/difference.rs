//! Two versions of a questionnaire side by side: what a clinician must be told, and what not.

use std::time::Instant;

use checker_rules::*;

use crate::support::resolved;

fn between(old: &str, new: &str) -> Difference {
    difference(&resolved(old), &resolved(new)).expect("small enough")
}

/// The outcomes before and after of an example, and its answers in the new version.
fn shown(new: &str, affected: &Affected) -> Vec<(String, Answer)> {
    let program = resolved(new).program().clone();
    let answers = affected.example.new.answers.iter();
    answers.map(|(at, answer)| (program.questions()[at.index()].id.clone(), answer.clone())).collect()
}

const FORM: &str = "outcomes emergency not-now clearance consult\notherwise consult\n\
    one A no yes unsure ; unknown unsure ; risk no unsure yes\n\
    number TOP 60 260 mmHg ; unknown unsure ; risk higher\n\
    many MEDS opioid benzo sleep none ; alone none ; risk more\n\
    rule N not-now : TOP at least 160 mmHg\n\
    rule C clearance : A is unsure | MEDS includes opioid\n\
    rule E emergency : A is yes & MEDS includes opioid\n\
    note W : MEDS includes sleep\n";

#[test]
fn the_same_rules_in_other_words_are_the_same() {
    let reworded = FORM
        .replace("A is unsure | MEDS includes opioid", "!(!(A is unknown) & !(MEDS includes opioid))")
        .replace("rule N not-now : TOP at least 160 mmHg\n", "")
        .replace("note W", "rule N not-now : !(TOP below 160 mmHg | TOP is unknown)\nnote W");
    for other in [FORM, &reworded] {
        let found = between(FORM, other);
        assert!(found.nothing_changed(), "{found:#?}");
        assert_eq!(found.unchanged, found.new_answer_sets);
        assert_eq!((found.by_rule, found.outcome_changes, found.rules), (vec![], vec![], vec![]));
    }
    // The smallest real change is none of that.
    let found = between(FORM, &FORM.replace("at least 160", "at least 161"));
    assert!(!found.nothing_changed());
}

#[test]
fn a_threshold_that_moved_up_is_better_for_those_on_it() {
    let new = FORM.replace("at least 160 mmHg", "at least 165 mmHg");
    let found = between(FORM, &new);
    // 3 answers to A, 8 to MEDS, five numbers: the worst outcome stays where A and MEDS give it.
    assert_eq!(found.new_answer_sets, (3 * 202 * 8).to_string());
    let better = found.outcomes.better.expect("somebody gets a better outcome");
    assert_eq!(found.outcomes.worse, None);
    // Not with A yes and an opioid: four sets of ticks hold one.
    assert_eq!(better.answer_sets, (5 * (3 * 8 - 4)).to_string());
    let [rule] = &found.by_rule[..] else { panic!("{:#?}", found.by_rule) };
    assert_eq!((rule.rule.as_str(), rule.outcomes.better.as_ref()), ("N", Some(&better)));
    assert_eq!(rule.reasons.as_ref().expect("an emergency either way").answer_sets, (5 * 4).to_string());
    let answers = shown(&new, &better);
    assert!(answers.contains(&("TOP".into(), Answer::Number(160))), "on the old threshold: {answers:?}");
    assert!(answers.contains(&("A".into(), Answer::One(0))), "everything else at its safest: {answers:?}");

    // The other way round it is worse, and nobody's is better.
    let back = between(&new, FORM);
    assert_eq!(back.outcomes.better, None);
    assert_eq!(back.outcomes.worse.expect("worse").answer_sets, better.answer_sets);
}

#[test]
fn a_rule_that_is_gone_takes_its_outcome_or_only_its_reason_along() {
    let without = |rule: &str| {
        FORM.lines()
            .filter(|line| !line.starts_with(rule))
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    let found = between(FORM, &without("rule E"));
    // With a high pressure it is still "not now"; with a normal one the opioid alone asks for clearance.
    let changes: Vec<_> =
        found.outcome_changes.iter().map(|change| (change.new.as_deref(), change.shift)).collect();
    assert_eq!(changes, [(Some("not-now"), Shift::Better), (Some("clearance"), Shift::Better)]);
    assert!(found.outcome_changes.iter().all(|change| change.old.as_deref() == Some("emergency")));
    assert_eq!(found.rules[0].rule, "E");
    assert!(matches!(found.rules[0].changes[..], [RuleChange::Removed { .. }]));

    let found = between(FORM, &without("note W"));
    assert!(found.outcomes.is_empty() && found.outcome_changes.is_empty());
    assert_eq!(found.other_reasons.expect("a reason less").answer_sets, (3 * 202 * 4).to_string());
}

#[test]
fn an_emergency_that_becomes_two_outcomes_is_shown_for_each() {
    let found =
        between(FORM, &FORM.replace("A is yes & MEDS includes opioid", "A is yes & MEDS includes benzo"));
    let worse: Vec<&str> = found
        .outcome_changes
        .iter()
        .filter(|change| change.shift == Shift::Worse)
        .filter_map(|change| change.old.as_deref())
        .collect();
    assert_eq!(worse, ["not-now", "consult"]);
    let better: Vec<&str> = found
        .outcome_changes
        .iter()
        .filter(|change| change.shift == Shift::Better)
        .filter_map(|change| change.new.as_deref())
        .collect();
    assert_eq!(better, ["not-now", "clearance"]);
}

#[test]
fn a_new_answer_is_no_difference_but_is_counted() {
    let new = FORM.replace("opioid benzo sleep none", "opioid benzo sleep kratom none");
    let found = between(FORM, &new);
    assert!(found.outcomes.is_empty() && found.other_reasons.is_none(), "{found:#?}");
    assert!(!found.nothing_changed(), "nobody has said what the new answer leads to");
    let sets = 3 * 202 * 8;
    assert_eq!((found.new_only, found.old_only), (sets.to_string(), "0".to_owned()));
    let change = QuestionChange::AnswerAdded { answer: "kratom".into(), answer_sets: sets.to_string() };
    assert_eq!(found.questions, [QuestionDifference { question: "MEDS".into(), changes: vec![change] }]);

    let back = between(&new, FORM);
    assert_eq!((back.new_only, back.old_only), ("0".to_owned(), sets.to_string()));
    let change = QuestionChange::AnswerRemoved { answer: "kratom".into(), answer_sets: sets.to_string() };
    assert_eq!(back.questions[0].changes, [change]);
}

#[test]
fn options_in_another_order_are_the_same_options() {
    let new = FORM
        .replace("one A no yes unsure", "one A unsure yes no")
        .replace("opioid benzo sleep none", "none sleep opioid benzo");
    assert!(between(FORM, &new).nothing_changed());
}

#[test]
fn a_question_that_is_no_longer_asked_is_found_in_who_was_asked() {
    let old = "outcomes bad good\notherwise good\none A no yes\none B no yes\n\
        rule R bad : B is yes\nrule S bad : A is yes\n";
    let new = old.replace("one B no yes", "one B no yes ; when A is yes");
    let found = between(old, &new);
    // Whoever says no to A was asked B, and one of the two answers was bad; now both are one answer set.
    assert_eq!((found.new_answer_sets.as_str(), found.old_answer_sets.as_str()), ("3", "4"));
    assert_eq!(found.outcomes.better.expect("B is no longer asked").answer_sets, "1");
    assert_eq!(found.unchanged, "2", "the one answer set stands for somebody who changed");
    let less = QuestionChange::AskedLess { answer_sets: "1".into() };
    assert_eq!(found.questions, [QuestionDifference { question: "B".into(), changes: vec![less] }]);

    let back = between(&new, old);
    assert_eq!(back.outcomes.worse.expect("B is asked now").answer_sets, "1");
    let more = QuestionChange::AskedMore { answer_sets: "2".into() };
    assert_eq!(back.questions[0].changes, [more]);
}

#[test]
fn a_question_that_came_or_went_is_said_with_how_often() {
    let more = FORM.replace("rule N", "one K no yes ; when A is unsure\nrule K clearance : K is yes\nrule N");
    let found = between(FORM, &more);
    let change = QuestionChange::Added { answer_sets: (202 * 8 * 2).to_string() };
    assert_eq!(found.questions, [QuestionDifference { question: "K".into(), changes: vec![change] }]);
    // Whoever is asked gets "clearance" by C anyway.
    assert!(found.outcomes.is_empty());
    let back = between(&more, FORM);
    let change = QuestionChange::Removed { answer_sets: (202 * 8 * 2).to_string() };
    assert_eq!(back.questions[0].changes, [change]);
    assert!(back.outcomes.is_empty() && back.other_reasons.is_some());
}

#[test]
fn the_leading_items_are_the_same_answers_in_the_short_and_the_long_screen() {
    let form = |when: &str| {
        format!(
            "outcomes bad good\notherwise good\none A no yes\nitems LONG 3 3 3 ; when {when}\n\
            items SHORT 3 3 ; by LONG\nrule R bad : SHORT at least 3\n"
        )
    };
    let found = between(&form("A is yes"), &form("A is no | A is yes"));
    assert!(found.nothing_changed(), "two items are asked either way: {found:#?}");
    assert_eq!(found.questions.len(), 2, "one screen more, the other less often: {:#?}", found.questions);
    // Reading the third item is another matter.
    let new = form("A is no | A is yes").replace("SHORT at least 3", "LONG at least 3");
    let found = between(&form("A is yes"), &new);
    assert!(found.outcomes.worse.is_some() && found.outcomes.better.is_none());
}

#[test]
fn outcomes_in_another_order_or_by_another_name_are_placed() {
    let (old, new) = ("outcomes bad poor good\notherwise good\n", "outcomes poor bad good\notherwise good\n");
    let rest = "one A a b c\nrule P poor : A is a | A is b\nrule B bad : A is b\n";
    let found = between(&format!("{old}{rest}"), &format!("{new}{rest}"));
    let [change] = &found.outcome_changes[..] else { panic!("{:#?}", found.outcome_changes) };
    assert_eq!(
        (change.old.as_deref(), change.new.as_deref(), change.shift),
        (Some("bad"), Some("poor"), Shift::Worse)
    );
    assert!(found.by_rule.is_empty(), "no rule says anything else");
    assert!(found.by_no_rule.worse.is_some());
    assert_eq!(found.results.moved.len(), 1);

    // An outcome that is gone stands where it stood.
    let renamed = new_names(rest);
    let found =
        between(&format!("{old}{rest}"), &format!("outcomes bad check good\notherwise good\n{renamed}"));
    assert_eq!(found.outcome_changes.len(), 1);
    assert_eq!(found.outcome_changes[0].shift, Shift::Other, "a new name at the same place");
    let found = between(
        &format!("{old}{rest}"),
        &format!("outcomes bad good\notherwise good\n{}", renamed.replace("check", "good")),
    );
    assert_eq!(found.outcome_changes[0].shift, Shift::Better);
    assert_eq!(found.results.ids.removed, ["poor"]);
}

fn new_names(rules: &str) -> String {
    rules.replace("rule P poor", "rule P check")
}

#[test]
fn otherwise_is_no_rule() {
    let found = between(FORM, &FORM.replace("otherwise consult", "otherwise clearance"));
    assert!(found.by_rule.is_empty());
    assert_eq!(found.by_no_rule.worse, found.outcomes.worse);
    assert!(found.outcomes.worse.is_some());
    assert_eq!(found.results.otherwise, Some((Some("consult".into()), Some("clearance".into()))));
}

#[test]
fn marks_that_no_rule_reads_are_told_all_the_same() {
    let old = "outcomes bad good\notherwise good\nstop-at bad\ntalk doctor nurse\n\
        one A no yes ; crisis yes\nnumber N 0 10\nrule R bad doctor : A is yes\n";
    let new = "outcomes bad good\notherwise good\ntalk doctor nurse\n\
        number N 0 12\none A no yes\nrule R bad nurse : A is yes\n";
    let found = between(old, new);
    assert!(found.outcomes.is_empty() && found.other_reasons.is_none());
    assert_eq!(found.moved.len(), 1);
    assert_eq!(found.results.stop_at.removed, ["bad"]);
    let decimal = |digits| Decimal { digits, scale: 0 };
    let expected = [
        QuestionChange::Range {
            old: (decimal(0), decimal(10)),
            new: (decimal(0), decimal(12)),
            added: "4".into(),
            removed: "0".into(),
        },
        QuestionChange::Crisis { answer: "yes".into(), now: false },
    ];
    let changes: Vec<&QuestionChange> =
        found.questions.iter().flat_map(|question| &question.changes).collect();
    assert_eq!(changes, expected.iter().collect::<Vec<_>>());
    let talk = RuleChange::TalkTo(Lists { added: vec!["nurse".into()], removed: vec!["doctor".into()] });
    assert_eq!(found.rules, [RuleChanges { rule: "R".into(), changes: vec![talk] }]);
}

#[test]
fn the_size_of_the_shipped_one_is_compared_within_the_budget() {
    let text = include_str!("ketamine.txt");
    // Every other rule asks for something else, and a question that decides much is asked of fewer people.
    let mut new = String::new();
    for (at, line) in text.lines().enumerate() {
        let line = if at % 2 == 0 { line.replacen(" not-now ", " clearance ", 1) } else { line.to_owned() };
        new += &line;
        new.push('\n');
    }
    assert_ne!(text, new);
    for (what, other) in [("itself", text), ("another", &new)] {
        let (old, new) = (resolved(text), resolved(other));
        let start = Instant::now();
        let found = difference(&old, &new).expect("small enough");
        let millis = start.elapsed().as_millis();
        println!("{what}: {} nodes, {millis} ms", found.nodes);
        assert_eq!(found.nothing_changed(), text == other);
        let budget = if cfg!(debug_assertions) { 20_000 } else { 1_000 };
        assert!(millis < budget, "{millis} ms");
    }
}
