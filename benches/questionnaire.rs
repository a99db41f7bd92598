//! Questionnaires of any size, of the mixture that clinics ask: long screens with scores, three-way questions with "not
//! sure", readings with thresholds, ticks, follow-up questions, and rules over one, two and several of them.

use checker_rules::*;

/// A questionnaire with so many questions and as many rules. From 8 questions on; three of them are the PHQ-9, the GAD-7
/// and the PCL-5, by the number of their items and their range.
pub fn sized(questions: usize) -> Draft {
    let mut draft = Draft {
        id: name("size"),
        outcomes: ["emergency", "crisis", "not-now", "clearance", "consult"].map(name).to_vec(),
        otherwise: Some(name("consult")),
        stop_at: vec![name("emergency")],
        talk_to: ["primary-care", "cardiology", "psychiatry"].map(name).to_vec(),
        ..Draft::default()
    };
    draft.questions.push(screen("PHQ-9", &[3; 9], None));
    draft.questions.push(screen("GAD-7", &[3; 7], Some(any(vec![is_not("Q4", "no"), is_not("Q7", "no")]))));
    draft.questions.push(screen("PCL-5", &[4; 20], Some(is_not("Q4", "no"))));
    for at in 3..questions {
        draft.questions.push(question(at));
    }

    add_rule(&mut draft, Some("crisis"), item("PHQ-9", 9, 1));
    add_rule(&mut draft, Some("emergency"), all(vec![item("PHQ-9", 9, 3), item("PCL-5", 20, 1)]));
    for (id, threshold) in [("PHQ-9", 10), ("PHQ-9", 20), ("GAD-7", 10), ("PCL-5", 31)] {
        add_rule(&mut draft, None, score(id, threshold));
    }
    add_rule(&mut draft, Some("not-now"), all(vec![score("PCL-5", 60), score("GAD-7", 15)]));
    // Few rules reach from one end to the other, as few do in life.
    let last = questions - 1;
    add_rule(&mut draft, Some("clearance"), all(vec![risk(4), risk(last)]));
    let spread = [5, questions / 3, questions / 2, last].map(risk).to_vec();
    add_rule(&mut draft, Some("clearance"), DraftCondition::AtLeast(3, spread));
    let mut at = 3;
    while draft.rules.len() < questions {
        let here = 3 + (at - 3) % (questions - 3);
        let near = 3 + (at - 2) % (questions - 3);
        match at % 4 {
            0 => add_rule(&mut draft, Some("clearance"), all(vec![risk(here), risk(near)])),
            1 => add_rule(&mut draft, Some("not-now"), worst(here)),
            2 => add_rule(&mut draft, Some("clearance"), any(vec![risk(here), risk(near)])),
            _ => add_rule(&mut draft, Some("clearance"), other(here)),
        }
        at += 1;
    }
    promises(&mut draft, questions);
    draft
}

fn question(at: usize) -> DraftQuestion {
    let id = id(at);
    // Two of twenty are follow-ups to the three-way question before them.
    let asked_when = (at % 20 == 7 || at % 20 == 15).then(|| is_not(&format!("Q{}", at - 3), "no"));
    match kind(at) {
        Form::Ticks => {
            let options = ["a", "b", "c", "d", "e", "f", "none"].map(name).to_vec();
            let kind = DraftKind::Many { options, exclusive: vec![name("none")] };
            DraftQuestion { asked_when, ..made(&id, kind, DraftOrder::More, Direction::Risk) }
        }
        Form::Reading => {
            let kind = DraftKind::Number {
                unit: Some(name("mmHg")),
                low: Decimal::whole(60),
                high: Decimal::whole(260),
                decimals: 0,
                unlikely: None,
            };
            let unknown = vec![name("unsure")];
            DraftQuestion { unknown, asked_when, ..made(&id, kind, DraftOrder::Higher, Direction::Risk) }
        }
        Form::ThreeWay => {
            let options = ["no", "unsure", "yes"].map(name).to_vec();
            let order = DraftOrder::Listed(options.clone());
            let unknown = vec![name("unsure")];
            DraftQuestion {
                unknown,
                asked_when,
                ..made(&id, DraftKind::One { options }, order, Direction::Risk)
            }
        }
    }
}

/// The form of each question: of five, three are three-way, one is a reading, and one has ticks.
enum Form {
    ThreeWay,
    Reading,
    Ticks,
}

fn kind(at: usize) -> Form {
    match at % 5 {
        1 => Form::Reading,
        3 => Form::Ticks,
        _ => Form::ThreeWay,
    }
}

fn made(id: &str, kind: DraftKind, order: DraftOrder, of: Direction) -> DraftQuestion {
    DraftQuestion {
        id: name(id),
        section: None,
        kind,
        unknown: Vec::new(),
        crisis: Vec::new(),
        inert: Vec::new(),
        direction: Some(DraftDirection { origin: Origin(0), of, order }),
        asked_when: None,
    }
}

fn screen(id: &str, items: &[u8], asked_when: Option<DraftCondition>) -> DraftQuestion {
    let instrument = Instrument { items: items.to_vec(), gated: false, crisis_items: Vec::new() };
    let kind = DraftKind::Instrument { instrument, answered_by: None };
    DraftQuestion { asked_when, ..made(id, kind, DraftOrder::Higher, Direction::Need) }
}

fn add_rule(draft: &mut Draft, outcome: Option<&str>, when: DraftCondition) {
    let id = format!("R{}", draft.rules.len());
    draft.rules.push(DraftRule {
        flag: name(&format!("F-{id}")),
        id: name(&id),
        outcome: outcome.map(name),
        talk_to: vec![name("primary-care")],
        talk_to_when: Vec::new(),
        when,
        evidence: Vec::new(),
    });
}

/// Promises over single answers, over scores, and over every question that has a direction or an "unsure".
fn promises(draft: &mut Draft, questions: usize) {
    let bound = |outcome: &str, or| DraftBound { name: name(outcome), or };
    let mut add = |id: &str, promise| draft.invariants.push(DraftInvariant { id: name(id), promise });
    let (when, outcome) = (item("PHQ-9", 9, 1), bound("crisis", Reach::Worse));
    add("CRISIS", DraftPromise::Always { when, outcome });
    for at in (3..questions - 6).filter(|at| at % 4 == 1) {
        let (when, outcome) = (worst(at), bound("not-now", Reach::Worse));
        add(&format!("WORST-{at}"), DraftPromise::Always { when, outcome });
    }
    let own = |wanted: fn(&Form) -> bool| -> Vec<Name> {
        (3..questions).filter(|&at| wanted(&kind(at))).map(|at| name(&format!("Q{at}"))).collect()
    };
    add("RISK", DraftPromise::NeverBetter { with: own(|_| true) });
}

/// An answer with some risk, or none known.
fn risk(at: usize) -> DraftCondition {
    match kind(at) {
        Form::Ticks => includes(&id(at), &["a", "b", "c"]),
        _ => risk_from(at, 140),
    }
}

/// An answer with much risk, or none known.
fn worst(at: usize) -> DraftCondition {
    match kind(at) {
        Form::Ticks => {
            let options = ["a", "b", "c", "d", "e", "f"].map(name).to_vec();
            line(&id(at), DraftTest::IncludesAtLeast(3, options))
        }
        _ => risk_from(at, 180),
    }
}

/// Another sign than those of [`risk`] where there is one.
fn other(at: usize) -> DraftCondition {
    match kind(at) {
        Form::Ticks => includes(&id(at), &["d", "e", "f"]),
        _ => risk_from(at, 160),
    }
}

/// For a reading: from this value on, or not known. For three-way questions: any answer but "no".
fn risk_from(at: usize, value: i64) -> DraftCondition {
    let id = id(at);
    match kind(at) {
        Form::Reading => any(vec![reading(&id, value), line(&id, DraftTest::IsUnknown)]),
        _ => is_not(&id, "no"),
    }
}

fn id(at: usize) -> String {
    format!("Q{at}")
}

fn name(text: &str) -> Name {
    Name::new(text, Origin(0))
}

fn line(id: &str, test: DraftTest) -> DraftCondition {
    DraftCondition::Line(DraftLine { origin: Origin(0), subject: name(id), test })
}

fn is_not(id: &str, option: &str) -> DraftCondition {
    line(id, DraftTest::IsNot(vec![name(option)]))
}

fn includes(id: &str, options: &[&str]) -> DraftCondition {
    line(id, DraftTest::Includes(options.iter().map(|option| name(option)).collect()))
}

fn reading(id: &str, value: i64) -> DraftCondition {
    line(id, DraftTest::AtLeast(Quantity { value: Decimal::whole(value), unit: Some(name("mmHg")) }))
}

fn score(id: &str, value: i64) -> DraftCondition {
    line(id, DraftTest::AtLeast(Quantity { value: Decimal::whole(value), unit: None }))
}

fn item(id: &str, item: u32, value: u32) -> DraftCondition {
    line(id, DraftTest::ItemAtLeast { item, value })
}

fn all(parts: Vec<DraftCondition>) -> DraftCondition {
    DraftCondition::All(parts)
}

fn any(parts: Vec<DraftCondition>) -> DraftCondition {
    DraftCondition::Any(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_is_proved() {
        for size in [25, 40] {
            let draft = sized(size);
            assert_eq!((draft.questions.len(), draft.rules.len()), (size, size));
            let (report, _) = verify(resolve(&draft).expect("a questionnaire"));
            assert!(report.is_clean(), "{size}: {:#?}\n{:#?}", report.refuted, report.faults);
            assert!(report.answer_sets.len() > size / 2, "{}", report.answer_sets);
        }
    }
}
