//! A questionnaire of the shipped one's size: 43 questions, 79 rules, one of them with 30 options.

use std::time::Instant;

use checker_rules::*;

use crate::support::resolved;

const TEXT: &str = include_str!("ketamine.txt");

#[test]
fn is_proved_within_the_budget() {
    let questionnaire = resolved(TEXT);
    let start = Instant::now();
    let (report, verified) = verify(questionnaire);
    let millis = start.elapsed().as_millis();
    println!("{} answer sets, {} nodes, {millis} ms", report.answer_sets, report.nodes);
    assert!(report.is_clean(), "{:#?}\n{:#?}", report.refuted, report.faults);
    assert!(report.nodes < 100_000, "{} nodes", report.nodes);
    // Without optimisation it takes some ten times as long; on a busy machine a little more.
    let budget = if cfg!(debug_assertions) { 10_000 } else { 1_000 };
    assert!(millis < budget, "{millis} ms");
    let bytes = encode(&verified.expect("a clean report"));
    assert!(bytes.len() < 4_000, "{} bytes", bytes.len());
}

#[test]
fn every_deleted_rule_is_noticed() {
    // What a rule is there for is promised in the same file, or something else shows that it is gone.
    let mut missed = Vec::new();
    let clinical = |line: &str| line.starts_with("rule E") || line.starts_with("rule K");
    for (at, rule) in TEXT.lines().enumerate().filter(|(_, line)| clinical(line)) {
        let text: String = TEXT
            .lines()
            .enumerate()
            .filter(|&(line, _)| line != at)
            .map(|(_, line)| format!("{line}\n"))
            .collect();
        let (report, verified) = verify(resolved(&text));
        if verified.is_some() && report.faults.is_empty() {
            missed.push(rule);
        }
    }
    assert_eq!(missed, Vec::<&str>::new());
}

/// A hundred questions: long instruments, three-way questions, numbers and medicines, with rules across them.
fn hundred_questions() -> String {
    let mut text = String::from(
        "outcomes emergency crisis not-now clearance consult\notherwise consult\nstop-at emergency\n\
        items PHQ-9 3 3 3 3 3 3 3 3 3 ; crisis 9 ; need higher\n\
        items GAD-7 3 3 3 3 3 3 3 ; need higher ; when F00 is yes | F01 is not no\n\
        items PCL-5 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 ; need higher ; when F02 is yes\n\
        many MEDS a b c d e f g h none ; alone none ; risk more\n\
        rule S emergency : PHQ-9 item 9 at least 3\nrule K crisis : PHQ-9 item 9 at least 1\n\
        rule M clearance : MEDS includes at least 2 of a, b, c, d\nrule M2 not-now : MEDS includes e & F03 is yes\n\
        note P : PHQ-9 at least 10\nnote P2 : PHQ-9 at least 20\nnote G : GAD-7 at least 10\nnote C : PCL-5 at least 31\n\
        rule X not-now : PCL-5 at least 60 & GAD-7 at least 15\n\
        always INV : PHQ-9 item 9 at least 1 => crisis or worse\n",
    );
    for at in 0..60 {
        let when = if at % 7 == 6 { format!(" ; when F{:02} is not no", at - 3) } else { String::new() };
        text += &format!("one F{at:02} no unsure yes ; unknown unsure ; risk no unsure yes{when}\n");
        let outcome = if at % 3 == 0 { "not-now" } else { "clearance" };
        text += &format!("rule F{at:02}y {outcome} : F{at:02} is yes\n");
        text += &format!("rule F{at:02}u clearance : F{at:02} is unsure\n");
    }
    for at in 0..36 {
        text += &format!("number N{at:02} 0 300 mmHg ; unknown unsure ; risk higher\n");
        text += &format!("rule N{at:02}h not-now : N{at:02} at least 180 mmHg\n");
        text += &format!("rule N{at:02}m clearance : N{at:02} at least 140 mmHg | N{at:02} is unknown\n");
    }
    text
}

#[test]
fn a_hundred_questions_are_proved() {
    let start = Instant::now();
    let (report, verified) = verify(resolved(&hundred_questions()));
    let millis = start.elapsed().as_millis();
    println!("{} answer sets, {} nodes, {millis} ms", report.answer_sets, report.nodes);
    assert!(verified.is_some(), "{:#?}\n{:#?}", report.refuted, report.faults);
    assert!(report.answer_sets.len() > 80, "{} answer sets", report.answer_sets);
}
