//! Would a wrong rule be noticed? Every shipped rule is changed for the worse in every small way, and the proof and the
//! list of differences are asked what they say.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use checker_rules::*;

use crate::mutants::{Change, Mutant, all};
use crate::patients::Patients;
use crate::random::Dice;
use crate::shipped;

/// What became of a mutant; the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// A promise of safety.toml, or of the core rules, is broken.
    Promise,
    /// More risk gives a better result somewhere, or "not sure" opens a door.
    General,
    /// Something else is wrong: a line that makes no sense, an outcome that nobody gets.
    Fault,
    /// Nothing is wrong, and the difference to the version before lists who gets another result or other reasons.
    Listed,
    /// Nobody's result or reasons change.
    Same,
}

fn fate(mutant: &Mutant, shipped: &Questionnaire) -> Fate {
    let Ok(questionnaire) = resolve(&mutant.draft) else { return Fate::Fault };
    let (report, _) = verify(questionnaire.clone());
    let promise = |refuted: &Refuted| matches!(refuted.property, Property::Invariant(_));
    if report.refuted.iter().any(promise) {
        Fate::Promise
    } else if !report.refuted.is_empty() {
        Fate::General
    } else if report.faults.iter().any(Fault::blocks) {
        Fate::Fault
    } else if listed(shipped, &questionnaire) {
        Fate::Listed
    } else {
        Fate::Same
    }
}

#[test]
#[cfg_attr(debug_assertions, ignore = "proves hundreds of questionnaires: too slow without optimisation")]
fn changed_rules_are_noticed() {
    let checker = shipped::checker();
    let mutants = all(checker.draft());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found: Vec<(usize, Fate)> = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(mutant) = mutants.get(at) else { return found };
            found.push((at, fate(mutant, &checker.questionnaire)));
        }
    };
    let mut fates: Vec<(usize, Fate)> = std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let mut own = work();
        own.extend(other.join().expect("every mutant is judged"));
        own
    });
    fates.sort_unstable();

    let mut table: BTreeMap<(Change, Fate), usize> = BTreeMap::new();
    for &(at, fate) in &fates {
        *table.entry((mutants[at].change, fate)).or_default() += 1;
    }
    let kinds = [
        Change::Deleted,
        Change::Weakened,
        Change::Strengthened,
        Change::Shifted,
        Change::Better,
        Change::Worse,
    ];
    let all_fates = [Fate::Promise, Fate::General, Fate::Fault, Fate::Listed, Fate::Same];
    let count = |kind: Option<Change>, fate: Option<Fate>| -> usize {
        let wanted = |(change, found): &(Change, Fate)| {
            kind.is_none_or(|kind| kind == *change) && fate.is_none_or(|fate| fate == *found)
        };
        table.iter().filter(|(key, _)| wanted(key)).map(|(_, count)| count).sum()
    };
    println!(
        "\n{:<14}{:>9}{:>10}{:>10}{:>8}{:>8}{:>10}",
        "rules", "changes", "promise", "general", "fault", "diff", "the same"
    );
    for kind in kinds.into_iter().map(Some).chain([None]) {
        let name = kind.map_or("all".to_owned(), |kind| format!("{kind:?}").to_lowercase());
        let row = all_fates.map(|fate| count(kind, Some(fate)));
        println!(
            "{name:<14}{:>9}{:>10}{:>10}{:>8}{:>8}{:>10}",
            count(kind, None),
            row[0],
            row[1],
            row[2],
            row[3],
            row[4]
        );
    }
    for (title, wanted) in
        [("Seen by the difference alone", Fate::Listed), ("The same for everybody", Fate::Same)]
    {
        println!("{title}:");
        for &(at, _) in fates.iter().filter(|(_, fate)| *fate == wanted) {
            println!("  {}", mutants[at].name);
        }
    }

    let patients = Patients::of(checker);
    for &(at, _) in fates.iter().filter(|(_, fate)| *fate == Fate::Same) {
        really_the_same(&mutants[at], &checker.program, &patients);
    }

    let total = mutants.len();
    let same = count(None, Some(Fate::Same));
    let promised = count(None, Some(Fate::Promise));
    println!("Refuted or listed: {} of {total}. By promises alone: {promised}.", total - same);
    assert!(total > 200, "{total} changes");
    assert!((total - same) * 100 >= total * 95, "{same} of {total} changes are not noticed");
    // Promises are there for rules that ask for something stricter than the best: without such a rule, or with it
    // asking for less, somebody would be told too good a result. Notes change nobody's result.
    let lost = |at: usize| {
        let id = mutants[at].name.split(' ').next().expect("a rule id");
        let rule = checker.program.find_rule(id).and_then(|rule| checker.program.rule(rule)).expect("a rule");
        rule.outcome.is_some() && matches!(mutants[at].change, Change::Deleted | Change::Better)
    };
    let lost: Vec<Fate> = fates.iter().filter(|(at, _)| lost(*at)).map(|&(_, fate)| fate).collect();
    let kept = lost.iter().filter(|&&fate| fate == Fate::Promise).count();
    println!("Rules taken out, or asking for a better outcome: {kept} of {} break a promise.", lost.len());
    assert!(kept * 10 >= lost.len() * 9, "{kept} of {}", lost.len());
    assert!(promised * 100 >= total * 45, "{promised} of {total}");
}

/// Whether the difference lists somebody whose result, or whose reasons, are others than before.
fn listed(before: &Questionnaire, after: &Questionnaire) -> bool {
    let found = difference(before, after).expect("two versions of the usual size");
    let ByShift { worse, better, other } = found.outcomes;
    let people = worse.is_some() || better.is_some() || other.is_some() || found.other_reasons.is_some();
    people || !found.by_rule.is_empty() || !found.rules.is_empty()
}

/// A change of which nobody notices anything: then no random patient does either.
fn really_the_same(mutant: &Mutant, shipped: &Program, patients: &Patients<'_>) {
    let questionnaire = resolve(&mutant.draft).expect("it was proved");
    let after = questionnaire.program();
    let mut dice = Dice::new(9);
    for _ in 0..2_000 {
        let answers = patients.next(&mut dice);
        let (old, new) = (evaluate(shipped, &answers), evaluate(after, &answers));
        let ids = |program: &Program, evaluation: &Evaluation| -> Vec<String> {
            let rule = |rule: &RuleIdx| program.rule(*rule).expect("a rule").id.clone();
            evaluation.fired.iter().map(rule).collect()
        };
        assert_eq!(ids(shipped, &old), ids(after, &new), "{} {answers:?}", mutant.name);
        assert_eq!(old.outcome, new.outcome, "{} {answers:?}", mutant.name);
    }
}
