//! The proof against the evaluator, answer set by answer set.

use std::collections::BTreeSet;

use checker_rules::*;

use crate::naive::{Naive, Set};
use crate::patients::Patients;
use crate::random::Dice;
use crate::{shipped, times};

/// What was seen on the way.
#[derive(Default)]
struct Seen {
    sets: usize,
    by_rule: Vec<usize>,
    by_outcome: Vec<usize>,
    read_by_name: usize,
}

#[test]
fn diagrams_and_evaluator_agree_on_random_complete_answers() {
    let checker = shipped::checker();
    let diagrams = Diagrams::build(&checker.questionnaire).expect("diagrams of the usual size");
    let patients = Patients::of(checker);
    let each = times(1_000_000).div_ceil(2);
    let run = |seed| compare(checker.draft(), &checker.program, &diagrams, &patients, seed, each);
    let seen: Vec<Seen> = std::thread::scope(|scope| {
        let other = scope.spawn(|| run(1));
        vec![run(2), other.join().expect("every answer set agrees")]
    });

    let total: usize = seen.iter().map(|seen| seen.sets).sum();
    let sum =
        |of: &dyn Fn(&Seen) -> &Vec<usize>, at: usize| seen.iter().map(|seen| of(seen)[at]).sum::<usize>();
    let rules: Vec<(usize, &str)> = checker
        .program
        .rules()
        .iter()
        .enumerate()
        .map(|(at, rule)| (sum(&|seen| &seen.by_rule, at), rule.id.as_str()))
        .collect();
    let rarest = rules.iter().min().expect("a rule");
    let outcomes: Vec<String> = checker
        .program
        .outcomes()
        .iter()
        .enumerate()
        .map(|(at, outcome)| format!("{outcome} {}", sum(&|seen| &seen.by_outcome, at)))
        .collect();
    let read_by_name: usize = seen.iter().map(|seen| seen.read_by_name).sum();
    println!(
        "{total} random complete answer sets of the shipped checker: the diagrams and the evaluator agree on the \
         outcome and on all {} rules of each; {read_by_name} of them were also read straight from the files. \
         The rarest rule, {}, fired {} times. Outcomes: {}.",
        rules.len(),
        rarest.1,
        rarest.0,
        outcomes.join(", ")
    );
    assert!(total >= times(1_000_000), "{total}");
    assert!(rarest.0 >= times(5_000), "rule {} fired only {} times", rarest.1, rarest.0);
}

fn compare(
    draft: &Draft,
    program: &Program,
    diagrams: &Diagrams<'_>,
    patients: &Patients<'_>,
    seed: u64,
    count: usize,
) -> Seen {
    let mut dice = Dice::new(seed);
    let mut seen = Seen {
        by_rule: vec![0; program.rules().len()],
        by_outcome: vec![0; program.outcomes().len()],
        ..Seen::default()
    };
    let naive = Naive { draft };
    for round in 0..count {
        let mut answers = patients.next(&mut dice);
        // With an answer to every question; those to questions that are not asked must not be read.
        let evaluation = evaluate(program, &answers);
        assert_eq!(evaluation.missing, [], "{answers:?}");
        for &ghost in &evaluation.ignored {
            answers.remove(ghost);
        }
        let verdict = diagrams.look_up(&answers);
        let verdict = verdict.unwrap_or_else(|| panic!("the diagrams ask other questions: {answers:?}"));
        let mut fired = evaluation.fired.clone();
        fired.sort_unstable();
        assert_eq!(verdict, Verdict { outcome: Some(evaluation.outcome), fired }, "{answers:?}");
        seen.sets += 1;
        seen.by_outcome[evaluation.outcome.index()] += 1;
        verdict.fired.iter().for_each(|rule| seen.by_rule[rule.index()] += 1);
        if round % 100 == 0 {
            seen.read_by_name += 1;
            let without_ghosts = evaluate(program, &answers);
            assert_eq!(without_ghosts, Evaluation { ignored: Vec::new(), ..evaluation }, "{answers:?}");
            let id = |question: QuestionIdx| program.question(question).expect("a question").id.clone();
            let set: Set = answers.iter().map(|(question, answer)| (id(question), answer.clone())).collect();
            let fired: Vec<usize> = verdict.fired.iter().map(|rule| rule.index()).collect();
            assert_eq!(naive.fired(&set), fired, "{answers:?}");
            assert_eq!(naive.outcome(&set), verdict.outcome.map(OutcomeIdx::index), "{answers:?}");
        }
    }
    seen
}

#[test]
fn an_answer_set_with_one_answer_too_few_or_too_many_is_not_complete() {
    let checker = shipped::checker();
    let diagrams = Diagrams::build(&checker.questionnaire).expect("diagrams of the usual size");
    let patients = Patients::of(checker);
    let mut dice = Dice::new(5);
    let mut ghosts = 0;
    for _ in 0..times(5_000) {
        let everything = patients.next(&mut dice);
        let evaluation = evaluate(&checker.program, &everything);
        let mut answers = everything.clone();
        evaluation.ignored.iter().for_each(|&ghost| drop(answers.remove(ghost)));
        assert!(diagrams.look_up(&answers).is_some());
        for &ghost in &evaluation.ignored {
            let mut haunted = answers.clone();
            let answer = everything.get(ghost).expect("an answer").clone();
            assert_eq!(haunted.set(&checker.program, ghost, answer), Ok(()));
            assert_eq!(diagrams.look_up(&haunted), None, "{haunted:?}");
            ghosts += 1;
        }
        for &asked in &evaluation.shown {
            let mut fewer = answers.clone();
            fewer.remove(asked);
            assert_eq!(diagrams.look_up(&fewer), None, "{fewer:?}");
        }
    }
    assert!(ghosts > times(5_000), "{ghosts} answers to questions that are not asked");
}

/// What is certain with answers missing stays so, however the rest is answered.
#[test]
fn what_is_certain_with_answers_missing_holds_however_they_are_given() {
    let checker = shipped::checker();
    let program = &checker.program;
    let diagrams = Diagrams::build(&checker.questionnaire).expect("diagrams of the usual size");
    let patients = Patients::of(checker);
    let mut dice = Dice::new(3);
    let (mut tried, mut certain, mut gained) = (0usize, 0usize, 0usize);
    for _ in 0..times(200_000) {
        let mut some = patients.next(&mut dice);
        let gone = *dice.pick(&[5, 20, 50, 90]);
        for question in program.question_indices() {
            match some.get(question) {
                _ if !dice.chance(gone) => {}
                // A screen may be left half answered.
                Some(Answer::Items(items)) if dice.chance(50) => {
                    let left = items.iter().map(|item| item.filter(|_| dice.chance(70))).collect();
                    assert_eq!(some.set(program, question, Answer::Items(left)), Ok(()));
                }
                _ => drop(some.remove(question)),
            }
        }
        let early = evaluate(program, &some);
        for _ in 0..2 {
            let mut whole = patients.next(&mut dice);
            for (question, answer) in some.iter() {
                let answer = match (answer, whole.get(question)) {
                    (Answer::Items(known), Some(Answer::Items(others))) => {
                        let item = |(known, other): (&Option<u8>, &Option<u8>)| known.or(*other).or(Some(0));
                        Answer::Items(known.iter().zip(others).map(item).collect())
                    }
                    _ => answer.clone(),
                };
                assert_eq!(whole.set(program, question, answer), Ok(()));
            }
            let late = evaluate(program, &whole);
            late.ignored.iter().for_each(|&ghost| drop(whole.remove(ghost)));
            let verdict = diagrams.look_up(&whole).expect("a complete answer set");
            let fired: BTreeSet<RuleIdx> = verdict.fired.iter().copied().collect();
            let context = || format!("{some:?}\n{whole:?}");
            assert!(early.fired.iter().all(|rule| fired.contains(rule)), "{}", context());
            assert!(early.shown.iter().all(|question| late.shown.contains(question)), "{}", context());
            assert!(early.rank <= late.rank, "{}", context());
            assert!(!early.crisis || late.crisis, "{}", context());
            assert!(!early.stopped || late.stopped, "{}", context());
            tried += 1;
            certain += early.fired.len();
            gained += late.fired.len() - early.fired.len();
        }
    }
    println!(
        "{tried} completions of random incomplete answer sets: all {certain} rules that were certain early fire in \
         the end; {gained} more fire only then."
    );
    assert!(certain > tried && gained > tried, "{certain} certain, {gained} gained of {tried}");
}
