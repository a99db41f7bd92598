//! What a reader would notice on the way through.

use std::rc::Rc;

use checker_rules::*;

use crate::random::{Dice, questionnaire};
use crate::support::{resolved, write};

fn start(text: &str) -> Session {
    Session::start(Rc::new(resolved(text).program().clone()))
}

/// A reader who answers by id; `a+b` for several options, `1,2` for items, `?` for unknown.
fn answer(session: &mut Session, id: &str, value: &str) -> Result<(), AnswerError> {
    let index = session.program().find_question(id).expect("a question");
    let question = session.program().question(index).expect("a question");
    let option = |id: &str| question.find_option(id).expect("an option");
    let answer = match &question.kind {
        Kind::One { .. } => Answer::One(option(value)),
        Kind::Many { .. } => Answer::Many(value.split('+').map(option).collect()),
        Kind::Number { .. } if value == "?" => Answer::Unknown,
        Kind::Number { .. } => Answer::Number(value.parse().expect("a number")),
        Kind::Instrument { .. } => Answer::Items(value.split(',').map(|item| item.parse().ok()).collect()),
    };
    session.answer(index, answer)
}

/// What is on the screen, in a word.
fn screen(session: &Session) -> String {
    let name = |evaluation: &Evaluation| session.program().outcome(evaluation.outcome).to_owned();
    match session.screen() {
        Screen::Question(index) => session.program().question(index).expect("a question").id.clone(),
        Screen::Check => "check".to_owned(),
        Screen::Outcome(evaluation) => format!("outcome {}", name(&evaluation)),
        Screen::Stop(evaluation) => format!("stop {}", name(&evaluation)),
    }
}

/// Gives answers in order and says what is on the screen after each.
fn walk(session: &mut Session, steps: &[(&str, &str)]) -> Vec<String> {
    steps
        .iter()
        .map(|(id, value)| {
            assert_eq!(answer(session, id, value), Ok(()), "{id} {value}");
            screen(session)
        })
        .collect()
}

const FORM: &str = "outcomes emergency crisis clearance consult\notherwise consult\nstop-at emergency\n\
    talk 911 988 heart sleep\n\
    many S1 chest stroke none ; alone none ; risk more\n\
    one S2 no yes prefer-not ; unknown prefer-not ; crisis yes ; risk no prefer-not yes\n\
    one S3 no yes unsure ; unknown unsure ; when S2 is yes | PHQ-9 item 2 at least 1\n\
    many H heart apnea none ; alone none ; risk more\n\
    number BP 60 260 mmHg ; unknown unsure ; risk higher ; when H includes heart\n\
    items PHQ-9 3 3 ; crisis 2 ; need higher\n\
    rule E1 emergency 911 : S1 includes chest or stroke | S3 is yes or unsure\n\
    rule K1 crisis 988 : S2 is yes | PHQ-9 item 2 at least 1\n\
    rule C1 clearance : H includes heart or apnea ; talk heart when H includes heart ; talk sleep when H includes apnea\n\
    rule C2 clearance heart : BP at least 160 mmHg | BP is unknown\n\
    rule C3 clearance : S2 is unknown\nnote N1 : PHQ-9 at least 3\n";

#[test]
fn from_the_first_question_to_the_result() {
    let mut session = start(FORM);
    assert_eq!(screen(&session), "S1");
    let seen = walk(
        &mut session,
        &[("S1", "none"), ("S2", "no"), ("H", "heart+apnea"), ("BP", "170"), ("PHQ-9", "3,0")],
    );
    assert_eq!(seen, ["S2", "H", "BP", "PHQ-9", "check"]);
    assert!(session.finish());
    let Screen::Outcome(result) = session.screen() else { panic!("no result") };
    let program = session.program();
    let rules: Vec<&str> =
        result.fired.iter().map(|&rule| program.rules()[rule.index()].id.as_str()).collect();
    assert_eq!(rules, ["C1", "C2", "N1"]);
    let talk: Vec<&str> = result.talk_to.iter().map(|&talk| program.talk(talk)).collect();
    assert_eq!(talk, ["heart", "sleep"], "in order and without repeats");
    assert_eq!((result.rank, result.crisis, result.stopped), (2, false, false));
    assert!(session.back());
    assert_eq!(screen(&session), "check");
}

#[test]
fn an_emergency_stops_at_once_and_a_mistake_can_be_taken_back() {
    let mut session = start(FORM);
    assert_eq!(walk(&mut session, &[("S1", "chest")]), ["stop emergency"]);
    assert!(session.back(), "I picked this by mistake");
    assert_eq!(screen(&session), "S1");
    let chest = session.program().find_question("S1").expect("a question");
    assert_eq!(session.offered(chest), Some(&Answer::Many(vec![0])), "shown again, and no longer counted");
    assert!(session.evaluation().fired.is_empty());
    assert_eq!(walk(&mut session, &[("S1", "none")]), ["S2"]);
}

#[test]
fn a_crisis_answer_shows_on_the_very_next_screen() {
    let mut session = start(FORM);
    walk(&mut session, &[("S1", "none")]);
    assert!(!session.evaluation().crisis);
    assert_eq!(walk(&mut session, &[("S2", "yes")]), ["S3"]);
    assert!(session.evaluation().crisis);

    let mut session = start(FORM);
    walk(&mut session, &[("S1", "none"), ("S2", "no"), ("H", "none")]);
    // The last item brings a question from further up the file.
    assert_eq!(walk(&mut session, &[("PHQ-9", "0,1")]), ["S3"]);
    assert!(session.evaluation().crisis);
    assert_eq!(walk(&mut session, &[("S3", "no")]), ["check"]);
}

#[test]
fn an_answer_left_behind_is_never_read() {
    let mut session = start(FORM);
    walk(&mut session, &[("S1", "none"), ("S2", "no"), ("H", "heart"), ("BP", "200"), ("PHQ-9", "0,0")]);
    let heart = session.program().find_question("H").expect("a question");
    let pressure = session.program().find_question("BP").expect("a question");
    assert!(session.change(heart));
    assert_eq!(screen(&session), "H");
    assert_eq!(walk(&mut session, &[("H", "none")]), ["check"]);
    assert!(session.evaluation().fired.is_empty(), "the blood pressure is not read any more");
    assert_eq!(session.answers().get(pressure), None);
    assert_eq!(session.offered(pressure), Some(&Answer::Number(200)));
    // The question comes back and has to be answered again.
    assert!(session.change(heart));
    assert_eq!(walk(&mut session, &[("H", "heart")]), ["BP"]);
    assert_eq!(walk(&mut session, &[("BP", "120")]), ["check"]);
}

#[test]
fn back_follows_the_order_in_which_answers_were_given() {
    let mut session = start(FORM);
    assert!(!session.back(), "nothing before the first question");
    walk(&mut session, &[("S1", "none"), ("S2", "no"), ("H", "none"), ("PHQ-9", "0,1"), ("S3", "no")]);
    let mut seen = Vec::new();
    while session.back() {
        seen.push(screen(&session));
    }
    assert_eq!(seen, ["S3", "PHQ-9", "H", "S2", "S1"]);
    assert_eq!(session.progress().answered, 0);
}

#[test]
fn back_from_a_change_keeps_the_answer() {
    let mut session = start(FORM);
    walk(&mut session, &[("S1", "none"), ("S2", "no"), ("H", "apnea"), ("PHQ-9", "0,0")]);
    let heart = session.program().find_question("H").expect("a question");
    assert!(session.finish());
    assert!(session.change(heart));
    assert!(session.back());
    assert_eq!(screen(&session), "check");
    assert_eq!(session.answers().get(heart), Some(&Answer::Many(vec![1])));
    session.clear();
    assert_eq!(screen(&session), "S1");
    assert_eq!(session.offered(heart), None);
}

#[test]
fn answers_that_do_not_fit_are_refused_and_change_nothing() {
    let mut session = start(FORM);
    let index = |id: &str| resolved(FORM).program().find_question(id).expect("a question");
    let refused = |session: &mut Session, id: &str, answer: Answer| session.answer(index(id), answer);
    assert_eq!(refused(&mut session, "BP", Answer::Number(100)), Err(AnswerError::NotAsked));
    assert_eq!(refused(&mut session, "S1", Answer::Many(vec![])), Err(AnswerError::NothingChosen));
    assert_eq!(refused(&mut session, "S1", Answer::Many(vec![0, 2])), Err(AnswerError::NotAlone));
    assert_eq!(refused(&mut session, "S1", Answer::Many(vec![7])), Err(AnswerError::NoSuchOption));
    assert_eq!(refused(&mut session, "S1", Answer::One(0)), Err(AnswerError::WrongKind));
    assert_eq!(refused(&mut session, "S2", Answer::One(3)), Err(AnswerError::NoSuchOption));
    let items = |items: &[Option<u8>]| Answer::Items(items.to_vec());
    let missing = Err(AnswerError::ItemMissing { item: 1 });
    assert_eq!(refused(&mut session, "PHQ-9", items(&[Some(0), None])), missing);
    assert_eq!(refused(&mut session, "PHQ-9", items(&[Some(0)])), Err(AnswerError::WrongItems { items: 2 }));
    let too_high = Err(AnswerError::ItemTooHigh { item: 0 });
    assert_eq!(refused(&mut session, "PHQ-9", items(&[Some(4), Some(0)])), too_high);
    assert_eq!(session.order(), []);

    walk(&mut session, &[("S1", "none"), ("S2", "no"), ("H", "heart")]);
    assert_eq!(refused(&mut session, "BP", Answer::Number(59)), Err(AnswerError::TooLow { low: 60 }));
    assert_eq!(refused(&mut session, "BP", Answer::Number(261)), Err(AnswerError::TooHigh { high: 260 }));
    assert_eq!(refused(&mut session, "BP", Answer::Unknown), Ok(()));
    assert_eq!(refused(&mut session, "S1", Answer::Many(vec![2, 2])), Ok(()), "a repeated tick is one tick");
}

#[test]
fn a_score_with_a_missing_item_has_no_total() {
    let program = resolved(
        "outcomes bad good\notherwise good\nitems I 3 3 3\nrule L bad : I below 5\nrule H bad : I at least 5\nrule T bad : I item 1 at least 3\n",
    );
    let program = program.program();
    let mut answers = Answers::new(program);
    let question = QuestionIdx(0);
    assert_eq!(answers.set(program, question, Answer::Items(vec![Some(3), Some(3), None])), Ok(()));
    let evaluation = evaluate(program, &answers);
    assert_eq!(evaluation.fired, [RuleIdx(2)], "six points so far, and still no total");
    assert_eq!(evaluation.missing, [question]);
}

#[test]
fn a_closed_gate_scores_nothing() {
    let program = resolved(
        "outcomes bad good\notherwise good\ngate G 1 1 1 1 1 1\nrule H bad : G at least 3\nnote L : G below 3\n",
    );
    let program = program.program();
    let mut answers = Answers::new(program);
    let question = QuestionIdx(0);
    let mut fired = |items: [Option<u8>; 6]| {
        assert_eq!(answers.set(program, question, Answer::Items(items.to_vec())), Ok(()));
        let evaluation = evaluate(program, &answers);
        (evaluation.fired.len(), program.outcome(evaluation.outcome).to_owned(), evaluation.missing.len())
    };
    let (no, yes) = (Some(0), Some(1));
    assert_eq!(fired([no, None, None, None, None, None]), (1, "good".to_owned(), 0));
    assert_eq!(
        fired([yes, yes, yes, yes, no, no]),
        (1, "bad".to_owned(), 0),
        "the gate itself is not counted"
    );
    assert_eq!(fired([yes, yes, yes, no, no, no]), (1, "good".to_owned(), 0));
    assert_eq!(fired([yes, yes, yes, yes, None, no]), (0, "good".to_owned(), 1));
}

#[test]
fn a_short_instrument_is_read_from_the_long_one() {
    let mut session = start(
        "outcomes bad good\notherwise good\none MORE no yes\nitems PHQ-2 3 3 ; by PHQ-9\nitems PHQ-9 3 3 3 ; when MORE is yes\nrule R bad : PHQ-2 at least 3\n",
    );
    assert_eq!(walk(&mut session, &[("MORE", "yes"), ("PHQ-9", "2,1,0")]), ["PHQ-9", "check"]);
    let result = session.evaluation();
    assert_eq!(session.program().outcome(result.outcome), "bad");
    let because = session.because(result.fired[0]);
    let id = |because: &Because| session.program().question(because.question).expect("a question").id.clone();
    assert_eq!(because.iter().map(id).collect::<Vec<_>>(), ["PHQ-9"]);
}

#[test]
fn reasons_name_the_answers_behind_them() {
    let mut session = start(FORM);
    walk(&mut session, &[("S1", "none"), ("S2", "no"), ("H", "heart+apnea"), ("BP", "?"), ("PHQ-9", "3,0")]);
    let rule = |id: &str| session.program().find_rule(id).expect("a rule");
    let question = |id: &str| session.program().find_question(id).expect("a question");
    let because = |id: &str| session.because(rule(id));
    assert_eq!(because("C1"), [Because { question: question("H"), options: vec![0, 1], items: vec![] }]);
    assert_eq!(because("C2"), [Because { question: question("BP"), options: vec![], items: vec![] }]);
    assert_eq!(because("K1"), [], "it does not fire");
    let talk: Vec<&str> =
        session.talk_to(rule("C1")).iter().map(|&talk| session.program().talk(talk)).collect();
    assert_eq!(talk, ["heart", "sleep"]);
}

#[test]
fn the_number_of_questions_left_is_true() {
    let mut session = start(FORM);
    let left = |session: &Session| {
        let progress = session.progress();
        (progress.answered, progress.fewest_left, progress.most_left)
    };
    assert_eq!(left(&session), (0, 4, 6));
    walk(&mut session, &[("S1", "none"), ("S2", "yes")]);
    assert_eq!(left(&session), (2, 3, 4));
    walk(&mut session, &[("S3", "no"), ("H", "none")]);
    assert_eq!(left(&session), (4, 1, 1));

    // Of a short instrument and the long one, one is asked.
    let session = start(
        "outcomes bad good\notherwise good\none MORE no yes\nitems PHQ-2 3 3 ; by PHQ-9\nitems PHQ-9 3 3 3 ; when MORE is yes\nrule R bad : PHQ-2 at least 3\n",
    );
    assert_eq!(left(&session), (0, 2, 2));
}

/// Any answer that a question takes.
fn any_answer(dice: &mut Dice, question: &Question) -> Answer {
    match &question.kind {
        Kind::One { options } => Answer::One(dice.below(options.len()) as u16),
        Kind::Many { options } => {
            let first = dice.below(options.len());
            let more: Vec<u16> = (0..options.len())
                .filter(|&at| {
                    at == first || !options[first].exclusive && !options[at].exclusive && dice.chance(40)
                })
                .map(|at| at as u16)
                .collect();
            Answer::Many(more)
        }
        Kind::Number { unknown: Some(_), .. } if dice.chance(20) => Answer::Unknown,
        Kind::Number { low, high, .. } => Answer::Number(low + dice.below((high - low + 1) as usize) as i64),
        Kind::Instrument { items, .. } => {
            Answer::Items(items.iter().map(|&high| Some(dice.below(usize::from(high) + 1) as u8)).collect())
        }
    }
}

#[test]
fn no_walk_leaves_a_trace_but_its_last_answers() {
    let mut finished = 0;
    for seed in 1..400 {
        let mut dice = Dice::new(seed);
        let (text, _) = questionnaire(&mut dice);
        let program = resolve(&write(&text).draft).expect("a questionnaire").program().clone();
        let program = Rc::new(program);
        let mut session = Session::start(Rc::clone(&program));
        // Changes of mind, then straight to the end.
        for step in 0..60 {
            let before = session.progress();
            assert!(before.fewest_left <= before.most_left, "seed {seed}\n{text}");
            match session.screen() {
                Screen::Question(index) => {
                    let question = program.question(index).expect("a question of this program");
                    if step < 30 && dice.chance(25) && session.back() {
                        continue;
                    }
                    let answer = any_answer(&mut dice, question);
                    assert_eq!(session.answer(index, answer), Ok(()), "seed {seed}\n{text}");
                }
                Screen::Check if step < 30 => {
                    let given = session.order().to_vec();
                    assert!(session.change(*dice.pick(&given)), "seed {seed}");
                }
                Screen::Check => {
                    finished += 1;
                    assert!(session.finish());
                }
                Screen::Stop(_) if step < 30 => assert!(session.back()),
                Screen::Outcome(_) | Screen::Stop(_) => break,
            }
        }
        let mut fresh = Answers::new(&program);
        for question in session.evaluation().shown {
            if let Some(answer) = session.answers().get(question) {
                assert_eq!(fresh.set(&program, question, answer.clone()), Ok(()));
            }
        }
        let (walked, direct) = (session.evaluation(), evaluate(&program, &fresh));
        assert_eq!((walked.fired, walked.outcome), (direct.fired, direct.outcome), "seed {seed}\n{text}");

        // Progress: from any point on, the questions that really follow are within the bounds.
        let mut session = Session::start(Rc::clone(&program));
        let mut promised = Vec::new();
        while let Screen::Question(index) = session.screen() {
            let progress = session.progress();
            promised.push((progress.fewest_left, progress.most_left));
            let answer = any_answer(&mut dice, program.question(index).expect("a question"));
            assert_eq!(session.answer(index, answer), Ok(()));
        }
        if session.screen() == Screen::Check {
            let total = promised.len() as u32;
            for (done, (fewest, most)) in (0u32..).zip(promised) {
                assert!((fewest..=most).contains(&(total - done)), "seed {seed} after {done}\n{text}");
            }
        }
    }
    assert!(finished > 100, "{finished}");
}

#[test]
fn no_result_comes_before_every_question_asked_is_answered() {
    let (mut results, mut refused) = (0, 0);
    for seed in 1..300 {
        let mut dice = Dice::new(seed);
        let (text, _) = questionnaire(&mut dice);
        let program = resolve(&write(&text).draft).expect("a questionnaire").program().clone();
        let program = Rc::new(program);
        let mut session = Session::start(Rc::clone(&program));
        for _ in 0..80 {
            // Asking for the result at any moment must not give one early.
            let early = matches!(session.screen(), Screen::Question(_));
            if early && dice.chance(30) {
                assert!(!session.finish(), "seed {seed}\n{text}");
                refused += 1;
            }
            match session.screen() {
                Screen::Question(index) => {
                    let answer = any_answer(&mut dice, program.question(index).expect("a question"));
                    assert_eq!(session.answer(index, answer), Ok(()), "seed {seed}\n{text}");
                }
                Screen::Check if dice.chance(40) => {
                    let given = session.order().to_vec();
                    assert!(session.change(*dice.pick(&given)), "seed {seed}");
                }
                Screen::Check => assert!(session.finish()),
                Screen::Outcome(evaluation) => {
                    results += 1;
                    assert!(evaluation.missing.is_empty(), "seed {seed}\n{text}");
                    break;
                }
                Screen::Stop(_) => break,
            }
        }
    }
    assert!(results > 100 && refused > 100, "{results} results, {refused} refused");
}
