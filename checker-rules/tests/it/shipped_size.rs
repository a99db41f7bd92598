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
