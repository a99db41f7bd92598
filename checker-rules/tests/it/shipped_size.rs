//! A questionnaire of the shipped one's size.

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
    println!(
        "{:?}\n{:?}\n{:?}\n{:?}",
        report.by_outcome, report.otherwise, report.never_alone, report.proved
    );
    assert!(report.is_clean(), "{:#?}\n{:#?}", report.refuted, report.faults);
    let verified = verified.expect("a clean report");
    let bytes = encode(&verified);
    println!("{} bytes", bytes.len());
    assert_eq!(decode(&bytes).as_ref(), Ok(verified.program()));
}
