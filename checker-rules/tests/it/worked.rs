//! Worked patients: every purpose that answers can serve is served, and every patient does what is claimed.

use std::collections::{BTreeMap, BTreeSet};

use checker_rules::*;

use crate::naive::{Naive, Set};
use crate::random::{Dice, questionnaire};
use crate::support::{resolved, write};

/// How far two answer sets are from each other, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    OneChange,
    OneQuestion,
    OneQuestionAndThoseThatHangOnIt,
    Further,
}

/// A random questionnaire with every answer set counted out.
struct Counted<'d> {
    naive: Naive<'d>,
    sets: Vec<Set>,
    fired: Vec<Vec<usize>>,
    /// For each question those that are asked, or not, because of it.
    hanging: BTreeMap<String, BTreeSet<String>>,
}

impl<'d> Counted<'d> {
    /// `None` where there are too many to count.
    fn new(draft: &'d Draft, order: &[String]) -> Option<Self> {
        let naive = Naive { draft };
        let sets = naive.every_set(order, 120)?;
        let fired = sets.iter().map(|set| naive.fired(set)).collect();
        let mut hanging: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        // In an order in which each question comes after all that it waits for.
        for id in order {
            let mut waits = BTreeSet::new();
            let question = naive.question(id);
            if let DraftKind::Instrument { answered_by: Some(by), .. } = &question.kind {
                waits.insert(by.text.clone());
            }
            question.asked_when.iter().for_each(|when| read(draft, when, &mut waits));
            let far: Vec<String> = hanging
                .iter()
                .filter(|(_, hang)| hang.iter().any(|id| waits.contains(id)))
                .map(|(above, _)| above.clone())
                .collect();
            waits.extend(far);
            for above in waits {
                hanging.entry(above).or_default().insert(id.clone());
            }
        }
        Some(Self { naive, sets, fired, hanging })
    }

    fn distance(&self, one: &Set, other: &Set) -> Distance {
        let ids: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
        let differ: Vec<&String> = ids.into_iter().filter(|id| one.get(*id) != other.get(*id)).collect();
        if let [id] = differ[..]
            && let (Some(one), Some(other)) = (one.get(id), other.get(id))
        {
            return if one_change(one, other) { Distance::OneChange } else { Distance::OneQuestion };
        }
        let around = |top: &String| {
            let none = BTreeSet::new();
            let hang = self.hanging.get(top).unwrap_or(&none);
            differ.iter().all(|id| *id == top || hang.contains(*id))
        };
        if self.naive.draft.questions.iter().any(|question| around(&question.id.text)) {
            Distance::OneQuestionAndThoseThatHangOnIt
        } else {
            Distance::Further
        }
    }

    /// Fewer rules with an outcome first, then fewer notes, then fewer unusual answers.
    fn weight(&self, set: &Set) -> (usize, usize, usize) {
        let fired = self.naive.fired(set);
        let notes = fired.iter().filter(|&&at| self.naive.draft.rules[at].outcome.is_none()).count();
        (fired.len() - notes, notes, self.naive.unusual(set).len())
    }
}

fn one_change(one: &Answer, other: &Answer) -> bool {
    match (one, other) {
        (Answer::Many(one), Answer::Many(other)) => {
            let lost = one.iter().filter(|at| !other.contains(at)).count();
            let new = other.iter().filter(|at| !one.contains(at)).count();
            lost <= 1 && new <= 1
        }
        (Answer::Items(one), Answer::Items(other)) => {
            one.iter().zip(other).filter(|(one, other)| one != other).count() == 1
        }
        _ => true,
    }
}

/// The questions that a condition reads.
fn read(draft: &Draft, condition: &DraftCondition, into: &mut BTreeSet<String>) {
    for leaf in leaves(condition) {
        match leaf {
            DraftCondition::Set(name) => {
                let set = draft.sets.iter().find(|set| set.name.text == name.text).expect("a set");
                read(draft, &set.condition, into);
            }
            DraftCondition::Line(line) => {
                into.insert(line.subject.text.clone());
                let question = draft.questions.iter().find(|q| q.id.text == line.subject.text);
                if let Some(DraftKind::Instrument { answered_by: Some(by), .. }) = question.map(|q| &q.kind) {
                    into.insert(by.text.clone());
                }
            }
            _ => {}
        }
    }
}

fn leaves(condition: &DraftCondition) -> Vec<&DraftCondition> {
    match condition {
        DraftCondition::All(parts)
        | DraftCondition::Any(parts)
        | DraftCondition::None(parts)
        | DraftCondition::AtLeast(_, parts) => parts.iter().flat_map(leaves).collect(),
        leaf => vec![leaf],
    }
}

/// Whether a condition would hold if one of its leaves did (or did not), all else as it is.
fn would_hold(naive: &Naive<'_>, condition: &DraftCondition, leaf: usize, held: bool, set: &Set) -> bool {
    fn go(
        naive: &Naive<'_>,
        at: &DraftCondition,
        left: &mut usize,
        forced: (usize, bool),
        set: &Set,
    ) -> bool {
        let mut all = |parts: &[DraftCondition]| -> Vec<bool> {
            parts.iter().map(|part| go(naive, part, left, forced, set)).collect()
        };
        match at {
            DraftCondition::All(parts) => all(parts).iter().all(|&holds| holds),
            DraftCondition::Any(parts) => all(parts).iter().any(|&holds| holds),
            DraftCondition::None(parts) => !all(parts).iter().any(|&holds| holds),
            DraftCondition::AtLeast(count, parts) => {
                all(parts).iter().filter(|&&holds| holds).count() >= *count as usize
            }
            leaf => {
                *left += 1;
                if *left - 1 == forced.0 { forced.1 } else { naive.holds(leaf, set) }
            }
        }
    }
    go(naive, condition, &mut 0, (leaf, held), set)
}

fn as_set(program: &Program, example: &Counterexample) -> Set {
    let id = |question: QuestionIdx| program.question(question).expect("a question").id.clone();
    example.answers.iter().map(|(question, answer)| (id(*question), answer.clone())).collect()
}

#[test]
fn every_possible_purpose_is_served_and_every_patient_does_what_is_claimed() {
    let (mut forms, mut pairs, mut without, mut thresholds) = (0, 0, 0, 0);
    let mut distances = BTreeSet::new();
    for seed in 1..400 {
        let (text, order) = questionnaire(&mut Dice::new(seed));
        let written = write(&text);
        let Ok(questionnaire) = resolve(&written.draft) else { panic!("{text}") };
        let Some(counted) = Counted::new(&written.draft, &order) else { continue };
        forms += 1;
        let context = format!("seed {seed}\n{text}");
        let program = questionnaire.program();
        let patients = worked(&questionnaire).expect("within the limit");
        let sets: Vec<Set> = patients.iter().map(|patient| as_set(program, &patient.example)).collect();
        for (patient, set) in patients.iter().zip(&sets) {
            assert!(counted.sets.contains(set), "no complete answer set: {set:?}\n{context}");
            assert_eq!(sets.iter().filter(|other| *other == set).count(), 1, "twice: {set:?}\n{context}");
            let mut fired: Vec<usize> = patient.example.fired.iter().map(|rule| rule.index()).collect();
            fired.sort_unstable();
            assert_eq!(fired, counted.naive.fired(set), "{context}");
            let outcome = patient.example.outcome.map(|outcome| outcome.index());
            assert_eq!(outcome, counted.naive.outcome(set), "{context}");
            assert!(!patient.purposes.is_empty(), "{set:?} shows nothing\n{context}");
        }
        for rule in 0..written.draft.rules.len() {
            fires(&counted, &patients, &sets, rule, &context);
            let (some, none) = lines(&counted, &patients, &sets, rule, &mut distances, &context);
            pairs += some;
            without += none;
        }
        let spoken = |fired: &&Vec<usize>| !fired.iter().any(|&at| written.draft.rules[at].outcome.is_some());
        let silent = patients.iter().position(|patient| patient.purposes.contains(&Purpose::Otherwise));
        assert_eq!(silent.is_some(), counted.fired.iter().any(|fired| spoken(&fired)), "{context}");
        if let Some(at) = silent {
            assert!(spoken(&&counted.naive.fired(&sets[at])), "{context}");
        }
        thresholds += both_sides(&counted, program, &patients, &sets, &context);
        if seed < 50 {
            assert_eq!(worked(&questionnaire).expect("within the limit"), patients, "{context}");
        }
    }
    let enough = forms > 150 && pairs > 400 && without > 20 && thresholds > 150 && distances.len() == 4;
    assert!(enough, "{forms} forms, {pairs} pairs, {without} lines without, {thresholds}, {distances:?}");
}

fn fires(counted: &Counted<'_>, patients: &[Worked], sets: &[Set], rule: usize, context: &str) {
    let purpose = Purpose::Fires { rule: RuleIdx(rule as u16) };
    let shown: Vec<&Set> = patients
        .iter()
        .zip(sets)
        .filter(|(patient, _)| patient.purposes.contains(&purpose))
        .map(|(_, set)| set)
        .collect();
    assert!(shown.iter().all(|set| counted.naive.fired(set).contains(&rule)), "{context}");
    let firing = counted.sets.iter().zip(&counted.fired).filter(|(_, fired)| fired.contains(&rule));
    let least = firing.map(|(set, _)| counted.weight(set)).min();
    assert_eq!(shown.iter().map(|set| counted.weight(set)).min(), least, "rule {rule}\n{context}");
}

/// How many lines have a pair, and how many can have none.
fn lines(
    counted: &Counted<'_>,
    patients: &[Worked],
    sets: &[Set],
    rule: usize,
    distances: &mut BTreeSet<Distance>,
    context: &str,
) -> (usize, usize) {
    let naive = &counted.naive;
    let when = &naive.draft.rules[rule].when;
    let index = RuleIdx(rule as u16);
    let (mut pairs, mut without) = (0, 0);
    let count = leaves(when).len();
    for at in 0..count + 1 {
        // One round more than there are lines: the rule as a whole, where no line has a pair.
        let line = (at < count).then_some(at);
        if line.is_none() && pairs > 0 {
            continue;
        }
        let holds = |set: &Set| line.is_none_or(|at| naive.holds(leaves(when)[at], set));
        let hangs = |set: &Set| {
            naive.holds(when, set) && line.is_none_or(|at| !would_hold(naive, when, at, !holds(set), set))
        };
        let silent: Vec<(&Set, bool)> = counted
            .sets
            .iter()
            .zip(&counted.fired)
            .filter(|(_, fired)| !fired.contains(&rule))
            .map(|(set, _)| (set, holds(set)))
            .collect();
        let mut least = None;
        for one in counted.sets.iter().filter(|set| hangs(set)) {
            let held = holds(one);
            for (other, _) in silent.iter().filter(|(_, holds)| line.is_none() || *holds != held) {
                if least == Some(Distance::OneChange) {
                    break;
                }
                let distance = counted.distance(one, other);
                least = Some(least.map_or(distance, |least: Distance| least.min(distance)));
            }
        }
        let mut shown = Vec::new();
        for (place, patient) in patients.iter().enumerate() {
            for purpose in &patient.purposes {
                match *purpose {
                    Purpose::JustNot { rule, line: shows, beside } if rule == index && shows == line => {
                        shown.push((beside, place));
                        if let Some(line) = line {
                            let back = Purpose::HangsOn { rule, line, beside: place };
                            assert!(patients[beside].purposes.contains(&back), "{context}");
                        }
                    }
                    _ => {}
                }
            }
        }
        assert_eq!(shown.len(), usize::from(least.is_some()), "rule {rule} line {line:?}\n{context}");
        match (shown.first(), least) {
            (Some(&(one, other)), Some(least)) => {
                let (one, other) = (&sets[one], &sets[other]);
                assert!(hangs(one), "rule {rule} line {line:?} {one:?}\n{context}");
                assert!(!naive.holds(when, other), "rule {rule} line {line:?} {other:?}\n{context}");
                assert!(line.is_none() || holds(one) != holds(other), "{context}");
                let distance = counted.distance(one, other);
                assert_eq!(distance, least, "rule {rule} line {line:?} {one:?} {other:?}\n{context}");
                distances.insert(distance);
                pairs += 1;
            }
            _ => without += 1,
        }
    }
    (pairs, without)
}

/// How many sides of thresholds are shown.
fn both_sides(
    counted: &Counted<'_>,
    program: &Program,
    patients: &[Worked],
    sets: &[Set],
    context: &str,
) -> usize {
    let draft = counted.naive.draft;
    let mut conditions: Vec<&DraftCondition> = draft.sets.iter().map(|set| &set.condition).collect();
    conditions.extend(draft.questions.iter().filter_map(|question| question.asked_when.as_ref()));
    for rule in &draft.rules {
        conditions.push(&rule.when);
        conditions.extend(rule.talk_to_when.iter().map(|talk| &talk.when));
    }
    conditions.extend(draft.invariants.iter().filter_map(|invariant| match &invariant.promise {
        DraftPromise::Always { when, .. } | DraftPromise::Never { when, .. } => Some(when),
        DraftPromise::ExactlyOne { when, .. } => when.as_ref(),
        _ => None,
    }));
    let mut shown = 0;
    let mut named = BTreeSet::new();
    for line in conditions.into_iter().flat_map(leaves) {
        let DraftCondition::Line(line) = line else { continue };
        let (item, value) = match &line.test {
            DraftTest::AtLeast(value) | DraftTest::Below(value) => (None, value.value.digits),
            DraftTest::ItemAtLeast { item, value } | DraftTest::ItemBelow { item, value } => {
                (Some(*item), i64::from(*value))
            }
            _ => continue,
        };
        for reached in [true, false] {
            let wanted = if reached { value } else { value - 1 };
            let at_least = |value: i64| {
                let test = match item {
                    None => DraftTest::AtLeast(Quantity { value: Decimal::whole(value), unit: None }),
                    Some(item) => DraftTest::ItemAtLeast { item, value: value as u32 },
                };
                DraftCondition::Line(DraftLine { test, ..line.clone() })
            };
            let (least, more) = (at_least(wanted), at_least(wanted + 1));
            let stands = |set: &Set| counted.naive.holds(&least, set) && !counted.naive.holds(&more, set);
            let question = program.find_question(&line.subject.text).expect("a question");
            let item = item.map(|item| item as u16 - 1);
            let purpose = Purpose::Threshold { question, item, value, reached };
            let by: Vec<&Set> = patients
                .iter()
                .zip(sets)
                .filter(|(patient, _)| patient.purposes.contains(&purpose))
                .map(|(_, set)| set)
                .collect();
            assert_eq!(by.len(), usize::from(counted.sets.iter().any(stands)), "{purpose:?}\n{context}");
            assert!(by.iter().all(|set| stands(set)), "{purpose:?} {by:?}\n{context}");
            shown += by.len();
            named.insert(purpose);
        }
    }
    let claimed = patients.iter().flat_map(|patient| &patient.purposes);
    let claimed = claimed.filter(|purpose| matches!(purpose, Purpose::Threshold { .. }));
    assert!(claimed.into_iter().all(|purpose| named.contains(purpose)), "{context}");
    shown
}

#[test]
fn a_number_is_tried_on_both_sides_of_its_threshold() {
    for (direction, safest) in [("higher", 60), ("lower", 260)] {
        let questionnaire = resolved(&format!(
            "outcomes not-now consult\notherwise consult\n\
            number TOP 60 260 mmHg ; unknown unsure ; risk {direction}\n\
            rule R not-now : TOP at least 160 mmHg\n"
        ));
        let patients = worked(&questionnaire).expect("within the limit");
        let value = |patient: &Worked| match patient.example.answers[..] {
            [(_, Answer::Number(value))] => value,
            ref other => panic!("{other:?}"),
        };
        let fires = |patient: &&Worked| !patient.example.fired.is_empty();
        let at_160 = patients.iter().find(|patient| value(patient) == 160).expect("160");
        let at_159 = patients.iter().find(|patient| value(patient) == 159).expect("159");
        assert!(fires(&at_160) && !fires(&at_159), "{direction}");
        let line = |purpose: &Purpose| matches!(purpose, Purpose::HangsOn { line: 0, .. });
        assert!(at_160.purposes.iter().any(line), "{:?}", at_160.purposes);
        let simple = |patient: &&Worked| patient.example.differs.is_empty();
        assert_eq!(patients.iter().find(simple).map(value), Some(safest), "{direction}");
    }
}

#[test]
fn a_rule_that_always_fires_has_nobody_in_whom_it_does_not() {
    let questionnaire = resolved(
        "outcomes bad good\notherwise good\none A no yes\nrule ALL bad : A is no | A is yes\nrule ONE bad : A is yes\n",
    );
    let patients = worked(&questionnaire).expect("within the limit");
    let just_not = |rule: u16| {
        let purposes = patients.iter().flat_map(|patient| &patient.purposes);
        purposes.filter(|p| matches!(p, Purpose::JustNot { rule: r, .. } if r.0 == rule)).count()
    };
    assert_eq!((just_not(0), just_not(1)), (0, 1));
}

#[test]
fn a_large_questionnaire_takes_few_patients() {
    let questionnaire = resolved(include_str!("ketamine.txt"));
    let program = questionnaire.program();
    let patients = worked(&questionnaire).expect("within the limit");
    for (at, rule) in program.rules().iter().enumerate() {
        let index = RuleIdx(at as u16);
        let shows = |wanted: &dyn Fn(&Purpose) -> bool| {
            patients.iter().any(|patient| patient.purposes.iter().any(wanted))
        };
        assert!(shows(&|purpose| *purpose == Purpose::Fires { rule: index }), "{} never fires", rule.id);
        let just_not = |purpose: &Purpose| matches!(purpose, Purpose::JustNot { rule, .. } if *rule == index);
        assert!(shows(&just_not), "{} always fires", rule.id);
    }
    // Two for each rule would be the least without sharing.
    assert!(patients.len() < 2 * program.rules().len(), "{} patients", patients.len());
    // A patient that nobody can take in at a glance is no help: almost all differ in few answers.
    let plain = patients.iter().filter(|patient| patient.example.differs.len() <= 4).count();
    assert!(plain * 10 > patients.len() * 9, "{plain} of {}", patients.len());
}
