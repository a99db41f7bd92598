//! Random answer sets to the shipped checker, such that rare rules fire too.

use checker_rules::*;
use site_gen::checker::Checker;

use crate::random::Dice;

/// Makes answer sets.
pub(crate) struct Patients<'c> {
    program: &'c Program,
    /// For each question the usual answer: together they lead to the best outcome.
    usual: Vec<Answer>,
    /// For each rule the simplest answer set in which it fires.
    examples: Vec<Vec<(QuestionIdx, Answer)>>,
}

impl<'c> Patients<'c> {
    pub(crate) fn of(checker: &'c Checker) -> Self {
        let draft = checker.draft();
        let fires = |rule: &DraftRule| never(&rule.id, rule.when.clone(), &draft.outcomes[0], Reach::Better);
        let examples = examples(draft, draft.rules.iter().map(fires).collect());
        let mut usual: Vec<Answer> = draft.questions.iter().map(safest).collect();
        for (question, answer) in simplest_best(draft) {
            usual[question.index()] = answer;
        }
        Self { program: &checker.program, usual, examples }
    }

    /// An answer to every question, whether it is asked or not. A fifth are any answers at all; two fifths are mostly
    /// usual ones; two fifths start from the simplest answer set in which some rule fires and differ here and there.
    pub(crate) fn next(&self, dice: &mut Dice) -> Answers {
        let mut answers = Answers::new(self.program);
        let kind = dice.below(5);
        let any = if kind == 0 { 100 } else { *dice.pick(&[0, 2, 5, 10, 25]) };
        for question in self.program.question_indices() {
            let answer = if dice.chance(any) {
                self.answer(question, dice)
            } else {
                self.usual[question.index()].clone()
            };
            self.put(&mut answers, question, answer);
        }
        if kind > 2 {
            let example = dice.pick(&self.examples);
            let changes = dice.below(5);
            let kept: Vec<bool> = example.iter().map(|_| !dice.chance(changes * 4)).collect();
            for ((question, answer), _) in example.iter().zip(kept).filter(|(_, kept)| *kept) {
                self.put(&mut answers, *question, answer.clone());
            }
        }
        answers
    }

    fn put(&self, answers: &mut Answers, question: QuestionIdx, answer: Answer) {
        assert_eq!(answers.set(self.program, question, answer), Ok(()));
    }

    /// Any answer to one question.
    fn answer(&self, question: QuestionIdx, dice: &mut Dice) -> Answer {
        let question = self.program.question(question).expect("a question");
        match &question.kind {
            Kind::One { options } => Answer::One(dice.below(options.len()) as u16),
            Kind::Many { options } => {
                let alone = |at: &usize| options[*at].exclusive;
                let ticks = match dice.below(3) {
                    0 => vec![dice.below(options.len())],
                    1 => (0..options.len()).filter(|at| !alone(at) && dice.chance(50)).collect(),
                    _ => (0..options.len()).filter(|at| !alone(at) && dice.chance(10)).collect(),
                };
                let ticks = if ticks.is_empty() { vec![dice.below(options.len())] } else { ticks };
                Answer::Many(ticks.into_iter().map(|tick| tick as u16).collect())
            }
            Kind::Number { unknown: Some(_), .. } if dice.chance(20) => Answer::Unknown,
            Kind::Number { low, high, .. } => {
                Answer::Number(low + dice.below((high - low + 1) as usize) as i64)
            }
            Kind::Instrument { items, .. } => {
                let ceiling = *dice.pick(&[1usize, 2, 9]);
                let item = |&high: &u8| Some(dice.below(ceiling.min(usize::from(high)) + 1) as u8);
                Answer::Items(items.iter().map(item).collect())
            }
        }
    }
}

/// The answer with the least risk or need.
fn safest(question: &DraftQuestion) -> Answer {
    match (&question.kind, question.direction.as_ref().map(|direction| &direction.order)) {
        (DraftKind::One { options }, Some(DraftOrder::Listed(order))) => {
            let place = options.iter().position(|option| option.text == order[0].text);
            Answer::One(place.expect("a listed option") as u16)
        }
        (DraftKind::One { .. }, _) => Answer::One(0),
        (DraftKind::Many { options, exclusive }, _) => {
            let alone = |at: &usize| exclusive.iter().any(|name| name.text == options[*at].text);
            Answer::Many(vec![(0..options.len()).find(alone).unwrap_or(0) as u16])
        }
        (DraftKind::Number { low, .. }, _) => Answer::Number(low.digits),
        (DraftKind::Instrument { instrument, .. }, _) => Answer::Items(vec![Some(0); instrument.items.len()]),
    }
}

fn never(id: &Name, when: DraftCondition, outcome: &Name, or: Reach) -> DraftInvariant {
    let outcome = DraftBound { name: outcome.clone(), or };
    DraftInvariant { id: id.clone(), promise: DraftPromise::Never { when, outcome } }
}

/// The simplest answer set that breaks each of these promises.
fn examples(draft: &Draft, promises: Vec<DraftInvariant>) -> Vec<Vec<(QuestionIdx, Answer)>> {
    let draft = Draft { invariants: promises, ..draft.clone() };
    let (report, _) = verify(resolve(&draft).expect("the shipped checker"));
    let broken =
        report.refuted.into_iter().filter(|refuted| matches!(refuted.property, Property::Invariant(_)));
    broken.map(|refuted| refuted.counterexample.answers).collect()
}

/// The simplest answer set with the best outcome.
fn simplest_best(draft: &Draft) -> Vec<(QuestionIdx, Answer)> {
    // A question that is always asked has some answer: that any of them is given is no condition.
    let whatever = draft.questions.iter().find_map(|question| match (&question.kind, &question.asked_when) {
        (DraftKind::One { options }, None) => {
            let test = DraftTest::Is(options.clone());
            Some(DraftLine { origin: question.id.origin, subject: question.id.clone(), test })
        }
        _ => None,
    });
    let when = DraftCondition::Line(whatever.expect("a question that is always asked"));
    let best = draft.outcomes.last().expect("an outcome");
    examples(draft, vec![never(best, when, best, Reach::Exactly)])
        .pop()
        .expect("someone gets the best outcome")
}
