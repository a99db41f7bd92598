//! Programs as bytes: the same program comes back, and no bytes do harm.

use checker_rules::*;

use crate::random::{Dice, questionnaire};
use crate::run::run;
use crate::support::{resolved, write};

fn shipped_size() -> Vec<u8> {
    let (_, verified) = verify(resolved(include_str!("ketamine.txt")));
    encode(&verified.expect("a proved questionnaire"))
}

#[test]
fn a_program_comes_back_as_it_was() {
    let mut kept = 0;
    for seed in 1..2_500 {
        let (text, _) = questionnaire(&mut Dice::new(seed));
        // Only a proved questionnaire is encoded; without promises to break, more of them can be proved.
        let promised =
            |line: &&str| ["always", "never", "careful", "exactly"].iter().any(|word| line.starts_with(word));
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
fn a_page_gets_the_same_rules_without_their_names() {
    let (_, verified) = verify(resolved(include_str!("ketamine.txt")));
    let verified = verified.expect("a proved questionnaire");
    let (whole, page) = (encode(&verified), encode_for_page(&verified));
    assert!(page.len() < whole.len());
    let (whole, page) = (decode(&whole).expect("whole"), decode(&page).expect("for a page"));
    assert!(whole.rules().iter().all(|rule| !rule.id.is_empty()));
    assert!(page.rules().iter().all(|rule| rule.id.is_empty() && rule.flag.is_empty()));
    assert_eq!(page.questions(), whole.questions());
    let mut dice = Dice::new(7);
    for _ in 0..300 {
        let (mut one, mut other) = (Answers::new(&whole), Answers::new(&page));
        for (question, index) in whole.questions().iter().zip(whole.question_indices()) {
            let answer = match &question.kind {
                Kind::One { options } => Answer::One(dice.below(options.len()) as u16),
                Kind::Many { options } => Answer::Many(vec![dice.below(options.len()) as u16]),
                Kind::Number { low, .. } => Answer::Number(*low),
                Kind::Instrument { items, .. } => Answer::Items(vec![Some(1); items.len()]),
            };
            one.set(&whole, index, answer.clone()).expect("an answer");
            other.set(&page, index, answer).expect("an answer");
        }
        assert_eq!(evaluate(&whole, &one), evaluate(&page, &other));
    }
}

#[test]
fn a_sum_changes_with_every_byte_and_with_none_it_stays() {
    let bytes = shipped_size();
    let sum = checksum(&[&bytes]);
    assert_eq!(sum, checksum(&[&bytes[..100], &bytes[100..]]), "it does not matter where it is cut");
    for at in 0..bytes.len() {
        let mut other = bytes.clone();
        other[at] ^= 1 << (at % 8);
        assert_ne!(checksum(&[&other]), sum, "byte {at}");
    }
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

#[test]
fn damaged_bytes_are_refused_or_run() {
    let mut dice = Dice::new(7);
    let (mut refused, mut ran) = (0, 0);
    let mut whole = vec![shipped_size()];
    // Small ones too: in those more of the damage hits what matters.
    for seed in 1..600 {
        let (text, _) = questionnaire(&mut Dice::new(seed));
        if let (_, Some(verified)) = verify(resolve(&write(&text).draft).expect("a questionnaire")) {
            whole.push(encode(&verified));
        }
    }
    let rounds = if cfg!(debug_assertions) { 2_000 } else { 20_000 };
    for round in 0..rounds {
        let mut damaged = if round % 2 == 0 { whole[0].clone() } else { dice.pick(&whole).clone() };
        for _ in 0..1 + dice.below(3) {
            let at = dice.below(damaged.len());
            match dice.below(5) {
                0 => damaged[at] = dice.next() as u8,
                1 => damaged[at] ^= 1 << dice.below(8),
                2 => damaged[at] = *dice.pick(&[0, 1, 0x7f, 0x80, 0xff]),
                3 => {
                    let end = (at + 1 + dice.below(20)).min(damaged.len());
                    let copy = damaged[at..end].to_vec();
                    let to = dice.below(damaged.len());
                    damaged.splice(to..to, copy);
                }
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
    println!("{refused} damaged programs were refused, {ran} ran to their end.");
    assert!(refused > rounds / 2 && ran > rounds / 20, "{refused} refused, {ran} ran");
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
