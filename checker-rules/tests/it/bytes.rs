//! Programs as bytes: the same program comes back, and no bytes do harm.

use std::rc::Rc;

use checker_rules::*;

use crate::random::{Dice, questionnaire};
use crate::support::{resolved, write};

fn shipped_size() -> Vec<u8> {
    let (_, verified) = verify(resolved(include_str!("ketamine.txt")));
    encode(&verified.expect("a proved questionnaire"))
}

#[test]
fn a_program_comes_back_as_it_was() {
    let mut kept = 0;
    for seed in 1..1_500 {
        let (text, _) = questionnaire(&mut Dice::new(seed));
        // Only a proved questionnaire is encoded; without promises to break, more of them can be proved.
        let promised = |line: &&str| ["always", "never", "careful"].iter().any(|word| line.starts_with(word));
        let text: String =
            text.lines().filter(|line| !promised(line)).map(|line| line.to_owned() + "\n").collect();
        let text = text.replace(" ; risk ", " ; need ");
        let questionnaire = resolve(&write(&text).draft).expect("a questionnaire");
        if let (_, Some(verified)) = verify(questionnaire) {
            kept += 1;
            let bytes = encode(&verified);
            assert_eq!(decode(&bytes).as_ref(), Ok(verified.program()), "{text}");
            assert_eq!(bytes, encode(&verified));
        }
    }
    assert!(kept > 20, "{kept}");
}

#[test]
fn cut_off_bytes_are_refused() {
    let bytes = shipped_size();
    for end in 0..bytes.len() {
        assert!(decode(&bytes[..end]).is_err(), "{end} of {} bytes", bytes.len());
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(decode(&longer), Err(DecodeError::WrongLength));
    assert_eq!(decode(b"hello"), Err(DecodeError::NotAProgram));
    let mut newer = bytes;
    newer[2] += 1;
    assert_eq!(decode(&newer), Err(DecodeError::OtherVersion));
}

/// Whatever decodes can also be run to its end.
fn run(program: Program, dice: &mut Dice) {
    let mut session = Session::start(Rc::new(program));
    for _ in 0..30 {
        let Screen::Question(index) = session.screen() else { break };
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
        let evaluation = session.evaluation();
        for &rule in &evaluation.fired {
            session.because(rule);
        }
        session.progress();
    }
}

#[test]
fn damaged_bytes_are_refused_or_run() {
    let bytes = shipped_size();
    let mut dice = Dice::new(7);
    let (mut refused, mut ran) = (0, 0);
    for _ in 0..3000 {
        let mut damaged = bytes.clone();
        for _ in 0..1 + dice.below(3) {
            let at = dice.below(damaged.len());
            match dice.below(3) {
                0 => damaged[at] = dice.next() as u8,
                1 => damaged[at] ^= 1 << dice.below(8),
                _ => {
                    damaged.remove(at);
                }
            }
        }
        match decode(&damaged) {
            Ok(program) => {
                ran += 1;
                run(program, &mut dice);
            }
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 500 && ran > 100, "{refused} refused, {ran} ran");
}

#[test]
fn random_bytes_are_refused() {
    let mut dice = Dice::new(11);
    for _ in 0..20_000 {
        let mut bytes: Vec<u8> = (0..dice.below(60)).map(|_| dice.next() as u8).collect();
        // Past the first check, so that the rest is reached.
        bytes.splice(0..0, *b"CR\x01");
        if let Ok(program) = decode(&bytes) {
            run(program, &mut dice);
        }
    }
}
