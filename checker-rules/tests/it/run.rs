//! A program asked everything that a reader's browser can ask it, and more. Nothing may panic.

use std::rc::Rc;

use checker_rules::*;

use crate::random::Dice;

/// Whatever decodes can be asked anything, with any answers, and walked to its end, there and back.
pub(crate) fn run(program: Program, dice: &mut Dice) {
    ask_anything(&program, dice);
    let mut session = Session::start(Rc::new(program));
    for _ in 0..30 {
        let evaluation = session.evaluation();
        for &rule in &evaluation.fired {
            session.because(rule);
            session.talk_to(rule);
        }
        session.progress();
        let index = match session.screen() {
            Screen::Question(index) => index,
            _ if dice.chance(50) && session.back() => continue,
            _ => break,
        };
        if dice.chance(10) {
            session.back();
            continue;
        }
        let question = session.program().question(index).expect("a question").clone();
        let answer = match &question.kind {
            Kind::One { options } => Answer::One(dice.below(options.len()) as u16),
            Kind::Many { options } => Answer::Many(vec![dice.below(options.len()) as u16]),
            Kind::Number { low, .. } => Answer::Number(*low),
            Kind::Instrument { items, .. } => Answer::Items(
                items.iter().map(|&high| Some(dice.below(usize::from(high) + 1) as u8)).collect(),
            ),
        };
        assert_eq!(session.answer(index, answer), Ok(()));
    }
}

/// Answers of every kind to every question, most of them wrong, and every question about what they lead to.
fn ask_anything(program: &Program, dice: &mut Dice) {
    let mut answers = Answers::new(program);
    for question in program.question_indices().chain([QuestionIdx(u16::MAX)]) {
        let number = |dice: &mut Dice| match dice.below(3) {
            0 => dice.next() as i64,
            1 => i64::MIN,
            _ => dice.below(20) as i64,
        };
        let answer = match dice.below(5) {
            0 => Answer::One(dice.below(6) as u16),
            1 => Answer::Many((0..dice.below(5)).map(|_| dice.below(6) as u16).collect()),
            2 => Answer::Number(number(dice)),
            3 => Answer::Unknown,
            _ => {
                let length = match program.question(question).map(|question| &question.kind) {
                    Some(Kind::Instrument { items, .. }) => items.len(),
                    _ => dice.below(12),
                };
                let item = |dice: &mut Dice| dice.chance(80).then(|| dice.below(4) as u8);
                Answer::Items((0..length).map(|_| item(dice)).collect())
            }
        };
        let taken = answers.set(program, question, answer.clone());
        assert_eq!(taken.is_ok(), answers.get(question).is_some());
    }
    let evaluation = evaluate(program, &answers);
    assert!(evaluation.rank >= 1);
    for (at, rule) in (0u16..).zip(program.rules()) {
        let reasons = because(program, &answers, RuleIdx(at));
        assert!(reasons.is_empty() || evaluation.fired.contains(&RuleIdx(at)), "{}", rule.id);
        rule.may_talk_to();
    }
}
