//! The proof against another library's diagrams, built from the draft with another encoding.

use std::time::Instant;

use checker_rules::*;

use crate::bits::Bits;
use crate::random::{Dice, questionnaire};
use crate::support::write;
use crate::{shipped, times};

/// What was compared.
#[derive(Default)]
struct Compared {
    questionnaires: usize,
    counts: usize,
    proved: usize,
    refuted: usize,
}

impl Compared {
    fn add(&mut self, draft: &Draft, report: &Report, context: &str) {
        let mut bits = Bits::of(draft);
        let fires = bits.fires();
        let (outcomes, otherwise) = bits.outcomes(&fires);
        let counts = |of: &[biodivine_lib_bdd::Bdd]| -> Vec<String> {
            of.iter().map(|set| set.exact_cardinality().to_string()).collect()
        };
        assert_eq!(report.answer_sets, bits.valid.exact_cardinality().to_string(), "{context}");
        assert_eq!(report.by_outcome, counts(&outcomes), "{context}");
        assert_eq!(report.by_rule, counts(&fires), "{context}");
        assert_eq!(report.otherwise, otherwise.exact_cardinality().to_string(), "{context}");
        self.counts += 2 + outcomes.len() + fires.len();
        for invariant in &draft.invariants {
            let Some(broken) = bits.broken(&invariant.promise, &outcomes) else { continue };
            let property = Property::Invariant(invariant.id.text.clone());
            let refuted = report.refuted.iter().any(|refuted| refuted.property == property);
            assert_eq!(refuted, !broken.is_false(), "{} {context}", invariant.id.text);
            assert_eq!(
                report.proved.contains(&property),
                broken.is_false(),
                "{} {context}",
                invariant.id.text
            );
            *(if refuted { &mut self.refuted } else { &mut self.proved }) += 1;
        }
        self.questionnaires += 1;
    }
}

#[test]
fn another_library_counts_the_same_on_the_shipped_checker() {
    let checker = shipped::checker();
    let started = Instant::now();
    let mut compared = Compared::default();
    compared.add(checker.draft(), &checker.report, "");
    println!(
        "The shipped checker over bits, in another library: {} answer sets; {} counts and {} promises agree ({:.1} s).",
        checker.report.answer_sets,
        compared.counts,
        compared.proved,
        started.elapsed().as_secs_f32()
    );
    assert_eq!(compared.refuted, 0);
    assert!(compared.proved > 40, "{} promises", compared.proved);

    // Would it be noticed? The same draft without one of its rules has other counts.
    let mut fewer = checker.draft().clone();
    fewer.rules.remove(30);
    let mut bits = Bits::of(&fewer);
    let fires = bits.fires();
    let (outcomes, _) = bits.outcomes(&fires);
    let counts: Vec<String> = outcomes.iter().map(|set| set.exact_cardinality().to_string()).collect();
    assert_ne!(checker.report.by_outcome, counts);
}

#[test]
fn another_library_counts_the_same_on_random_questionnaires() {
    let mut compared = Compared::default();
    for seed in 10_000..10_000 + times(1_000).max(200) as u64 {
        let (text, _) = questionnaire(&mut Dice::new(seed));
        let draft = write(&text).draft;
        let (report, _) = verify(resolve(&draft).expect("a questionnaire"));
        compared.add(&draft, &report, &text);
    }
    println!(
        "{} random questionnaires over bits, in another library: {} counts and {} promises agree ({} of them refuted).",
        compared.questionnaires,
        compared.counts,
        compared.proved + compared.refuted,
        compared.refuted
    );
    assert!(compared.questionnaires >= 200 && compared.refuted > 50 && compared.proved > 50);
}
