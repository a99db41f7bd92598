//! What the proof says about random questionnaires, against counting every answer set one by one.

use checker_rules::*;

use crate::naive::{Naive, Set, agree_but_for};
use crate::random::{Dice, questionnaire};
use crate::support::write;

#[test]
fn agrees_with_counting_every_answer_set() {
    let (mut forms, mut refuted, mut proved, mut compared) = (0, 0, 0, 0);
    for seed in 1..600 {
        let (text, order) = questionnaire(&mut Dice::new(seed));
        let written = write(&text);
        let resolved = match resolve(&written.draft) {
            Ok(resolved) => resolved,
            Err(faults) => panic!("{text}\n{faults:#?}"),
        };
        let naive = Naive { draft: &written.draft };
        let sets = naive.every_set(&order);
        if sets.len() > 250 {
            continue;
        }
        forms += 1;
        let program = resolved.program().clone();
        let (report, _) = verify(resolved);
        let context = || format!("seed {seed}\n{text}");

        assert_eq!(report.answer_sets, sets.len().to_string(), "{}", context());
        for (at, _) in program.outcomes().iter().enumerate() {
            let count = sets.iter().filter(|set| naive.outcome(set) == Some(at)).count();
            assert_eq!(report.by_outcome[at], count.to_string(), "{} outcome {at}", context());
        }
        for (at, rule) in program.rules().iter().enumerate() {
            let count = sets.iter().filter(|set| naive.fired(set).contains(&at)).count();
            assert_eq!(report.by_rule[at], count.to_string(), "{} rule {at}", context());
            let reported = report.faults.iter().any(|fault| {
                matches!(&fault.kind, FaultKind::NeverHolds { place: Place::Rule(id), whole: true, .. }
                    if *id == rule.id)
            });
            // A rule that only waits for a question that is never asked is reported with that question.
            let asked_always = program
                .questions()
                .iter()
                .all(|question| sets.iter().any(|set| naive.asked(&question.id, set)));
            assert!(reported == (count == 0) || !asked_always, "{} rule {at}", context());
        }
        let silent =
            |set: &&Set| !naive.fired(set).iter().any(|&at| written.draft.rules[at].outcome.is_some());
        assert_eq!(report.otherwise, sets.iter().filter(silent).count().to_string(), "{}", context());

        evaluate_alike(&naive, &program, &sets);
        for invariant in &written.draft.invariants {
            let broken = promise_broken(&naive, invariant, &sets);
            let found = report
                .refuted
                .iter()
                .find(|refuted| refuted.property == Property::Invariant(invariant.id.text.clone()));
            assert_eq!(found.is_some(), !broken.is_empty(), "{} {}", context(), invariant.id.text);
            if let Some(found) = found {
                refuted += 1;
                let set = as_set(&program, &found.counterexample);
                assert!(broken.contains(&&set), "{} {found:#?}", context());
                let least = broken.iter().map(|set| naive.unusual(set)).min();
                assert_eq!(Some(found.counterexample.differs.len()), least, "{} {found:#?}", context());
            } else {
                proved += 1;
            }
        }
        compared += comparisons_alike(&naive, &program, &report, &sets, &context());
    }
    let enough = forms > 300 && refuted > 100 && proved > 100 && compared > 100;
    assert!(enough, "{forms} forms, {refuted} refuted, {proved} proved, {compared} comparisons refuted");
}

fn as_set(program: &Program, example: &Counterexample) -> Set {
    let id = |question: QuestionIdx| program.question(question).expect("a question").id.clone();
    example.answers.iter().map(|(question, answer)| (id(*question), answer.clone())).collect()
}

fn promise_broken<'s>(naive: &Naive<'_>, invariant: &DraftInvariant, sets: &'s [Set]) -> Vec<&'s Set> {
    let (when, bound, always) = match &invariant.promise {
        DraftPromise::Always { when, outcome } => (when, outcome, true),
        DraftPromise::Never { when, outcome } => (when, outcome, false),
        _ => return Vec::new(),
    };
    let named = naive.draft.outcomes.iter().position(|name| name.text == bound.name.text);
    let within = |outcome: Option<usize>| {
        outcome.zip(named).is_some_and(|(outcome, named)| match bound.or {
            Reach::Worse => outcome <= named,
            Reach::Better => outcome >= named,
            Reach::Exactly => outcome == named,
        })
    };
    sets.iter().filter(|set| naive.holds(when, set) && within(naive.outcome(set)) != always).collect()
}

/// The evaluator and the slow reading say the same, on whole answer sets and, as far as it is sure, on partial ones.
fn evaluate_alike(naive: &Naive<'_>, program: &Program, sets: &[Set]) {
    let mut dice = Dice::new(sets.len() as u64);
    for set in sets {
        let mut answers = Answers::new(program);
        for (id, answer) in set {
            let question = program.find_question(id).expect("a question");
            assert_eq!(answers.set(program, question, answer.clone()), Ok(()));
        }
        let whole = evaluate(program, &answers);
        assert_eq!(whole.missing, [], "{set:?}");
        assert_eq!(whole.ignored, [], "{set:?}");
        let mut fired: Vec<usize> = whole.fired.iter().map(|rule| rule.index()).collect();
        fired.sort_unstable();
        assert_eq!(fired, naive.fired(set), "{set:?}");
        if let Some(outcome) = naive.outcome(set) {
            assert_eq!(whole.outcome.index(), outcome, "{set:?}");
        }
        // An answer to a question that is not asked changes nothing.
        let mut haunted = answers.clone();
        for question in program.question_indices() {
            let asked = program.question(question).expect("a question");
            let ghost = match &asked.kind {
                Kind::One { .. } => Answer::One(0),
                Kind::Many { .. } => Answer::Many(vec![0]),
                Kind::Number { high, .. } => Answer::Number(*high),
                Kind::Instrument { items, .. } => Answer::Items(items.iter().map(|&i| Some(i)).collect()),
            };
            if answers.get(question).is_none() {
                assert_eq!(haunted.set(program, question, ghost), Ok(()));
            }
        }
        let with_ghosts = evaluate(program, &haunted);
        assert_eq!((&with_ghosts.fired, with_ghosts.outcome), (&whole.fired, whole.outcome), "{set:?}");
        // What fires with an answer missing fires whatever the answer is.
        let gone = *dice.pick(&program.question_indices().collect::<Vec<_>>());
        answers.remove(gone);
        let partial = evaluate(program, &answers);
        assert!(partial.fired.iter().all(|rule| whole.fired.contains(rule)), "{set:?} without {gone:?}");
    }
}

/// Returns how many comparisons were refuted.
fn comparisons_alike(
    naive: &Naive<'_>,
    program: &Program,
    report: &Report,
    sets: &[Set],
    context: &str,
) -> usize {
    let mut refuted = 0;
    let best = program.outcomes().len() - 1;
    for question in program.question_indices() {
        let id = &program.question(question).expect("a question").id;
        let asked = naive.question(id);
        let mut better = false;
        let mut laundered = false;
        let ranks: Vec<Option<usize>> = sets.iter().map(|set| naive.outcome(set)).collect();
        for (x, less) in sets.iter().enumerate() {
            let Some(before) = less.get(id) else { continue };
            for (y, more) in sets.iter().enumerate() {
                let (Some(after), Some(worse), Some(rank)) = (more.get(id), ranks[x], ranks[y]) else {
                    continue;
                };
                if rank <= worse || !agree_but_for(id, less, more) {
                    continue;
                }
                better |= naive.riskier(asked, before, after);
                laundered |= rank == best && naive.definite_and_unknown(asked, before, after);
            }
        }
        for (property, broken) in
            [(Property::RiskMonotone(question), better), (Property::UnknownCareful(question), laundered)]
        {
            let found = report.refuted.iter().find(|refuted| refuted.property == property);
            assert_eq!(found.is_some(), broken, "{context} {property:?} {found:#?}");
            if let Some(found) = found {
                refuted += 1;
                let beside = found.beside.as_ref().expect("two answer sets side by side");
                let (more, less) = (as_set(program, &found.counterexample), as_set(program, beside));
                assert!(agree_but_for(id, &less, &more), "{context} {found:#?}");
                assert!(naive.outcome(&more) > naive.outcome(&less), "{context} {found:#?}");
                let fits = match property {
                    Property::RiskMonotone(_) => naive.riskier(asked, &less[id], &more[id]),
                    _ => naive.definite_and_unknown(asked, &less[id], &more[id]),
                };
                assert!(fits, "{context} {found:#?}");
            }
        }
    }
    refuted
}
