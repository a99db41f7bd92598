//! The proof: every answer set at once.
//!
//! 1. `space` holds the variables (`layout` says what each question becomes), `side` builds a questionnaire's conditions
//!    over them as decision diagrams (`diagram`), `model` adds which answer sets there are.
//! 2. `conditions` finds what can never hold, `use_of` what nothing reads, `matters` what is read and changes nothing,
//!    `bands` limits that overlap.
//! 3. Promises are read off the diagrams; `compare` does those about two answer sets, `crisis` those about crisis help.
//! 4. `witness` turns whatever breaks a promise into the simplest answer set that shows it, `cause` says which of these
//!    answers are enough and which rules to look at.
//! 5. `worked` picks patients that show what each rule does, for a clinician to sign.
//! 6. `difference` compares two versions of a questionnaire over one space.

mod bands;
mod cause;
mod compare;
mod conditions;
mod crisis;
mod diagram;
mod difference;
mod layout;
mod lookup;
mod matters;
mod memo;
mod model;
mod natural;
mod side;
mod space;
mod use_of;
mod witness;
mod worked;

pub use self::difference::difference;
pub use self::lookup::{Diagrams, Verdict};
pub use self::worked::{Purpose, Worked, worked};

use std::collections::BTreeMap;

use self::cause::Look;
use self::compare::{Broken, Comparisons};
use self::diagram::{Counts, FALSE, Full, Leaf, Node};
use self::model::Model;
use self::space::Entangled;
use crate::draft::Reach;
use crate::fault::{Fault, FaultKind};
use crate::program::{OutcomeIdx, QuestionIdx, RuleIdx};
use crate::questionnaire::{Bound, Promise, Questionnaire, Verified};
use crate::report::{Property, Refuted, Report};
use crate::resolve::has_unknown;

/// Diagrams beyond this size mean that too many answers act on each other. About 100 MB.
const MAX_NODES: usize = 2_000_000;

/// Proves what can be proved about every complete answer set, and shows where it cannot: with the simplest answers that
/// show it. The questionnaire is verified when every promise holds and no fault but advice is left.
pub fn verify(questionnaire: Questionnaire) -> (Report, Option<Verified>) {
    let report = verify_within(&questionnaire, MAX_NODES);
    let verified = report.is_clean().then_some(Verified { questionnaire });
    (report, verified)
}

/// The same with another limit on nodes.
pub(crate) fn verify_within(questionnaire: &Questionnaire, limit: usize) -> Report {
    let entangled = |entangled: Entangled| {
        let mut report = empty_report();
        report.nodes = entangled.nodes;
        report.faults = vec![too_entangled(questionnaire, entangled)];
        report
    };
    let mut model = match Model::build(questionnaire, limit) {
        Ok(model) => model,
        Err(too_much) => return entangled(too_much),
    };
    match prove(&mut model) {
        Ok(report) => report,
        Err(Full) => entangled(model.space.entangled()),
    }
}

/// The diagrams grew too large; which questions act on each other.
fn too_entangled(questionnaire: &Questionnaire, entangled: Entangled) -> Fault {
    let name = |question: usize| questionnaire.program.questions[question].id.clone();
    let questions = entangled.groups.into_iter().map(name).collect();
    let kind = FaultKind::TooEntangled { questions, nodes: entangled.nodes };
    Fault { origin: questionnaire.origin, kind }
}

fn empty_report() -> Report {
    Report {
        answer_sets: String::new(),
        by_outcome: Vec::new(),
        otherwise: String::new(),
        by_rule: Vec::new(),
        never_alone: Vec::new(),
        proved: Vec::new(),
        refuted: Vec::new(),
        faults: Vec::new(),
        nodes: 0,
    }
}

fn prove(model: &mut Model<'_>) -> Result<Report, Full> {
    let mut report = empty_report();
    counts(model, &mut report)?;
    one_outcome(model, &mut report)?;
    reachable(model, &mut report)?;
    let reads = use_of::reads(model.questionnaire());
    report.faults.extend(use_of::check(model.questionnaire(), &reads));
    // Where something can never happen, that is the mistake, and not what it makes useless.
    let never =
        |fault: &Fault| matches!(fault.kind, FaultKind::NeverHolds { .. } | FaultKind::NeverAsked { .. });
    if !report.faults.iter().any(never) {
        report.faults.extend(matters::check(model, &reads)?);
    }
    report.faults.extend(bands::check(model.questionnaire()));
    report.faults.extend(crisis::asked_late(model.questionnaire()));
    report.never_alone = never_alone(model)?;
    promises(model, &mut report)?;
    report.nodes = u32::try_from(model.space.diagram.size()).unwrap_or(u32::MAX);
    Ok(report)
}

fn counts(model: &mut Model<'_>, report: &mut Report) -> Result<(), Full> {
    let outcomes = model.program().outcomes().len();
    let ranks: Vec<u8> =
        (0..outcomes).map(|at| rank(model, OutcomeIdx(u16::try_from(at).unwrap_or(u16::MAX)))).collect();
    let diagram = &mut model.space.diagram;
    let mut counts = Counts::new(&model.space.weights);
    report.answer_sets = diagram.count(model.valid, &mut counts).to_decimal();
    for rank in ranks {
        let there = diagram.leaves(Leaf::Exactly(rank), model.rank)?;
        report.by_outcome.push(diagram.count(there, &mut counts).to_decimal());
    }
    let ways = diagram.ways(model.valid, &counts);
    for &fires in &model.side.fires {
        report.by_rule.push(diagram.count_both(fires, &ways, &mut counts).to_decimal());
    }
    Ok(())
}

fn rank(model: &Model<'_>, outcome: OutcomeIdx) -> u8 {
    u8::try_from(model.program().rank(outcome)).unwrap_or(u8::MAX)
}

fn one_outcome(model: &mut Model<'_>, report: &mut Report) -> Result<(), Full> {
    let silent = model.space.diagram.leaves(Leaf::IsZero, model.side.asked_rank)?;
    let silent = model.space.diagram.and(silent, model.valid)?;
    report.otherwise = model.space.count(silent);
    let gap = if model.program().otherwise().is_none() { silent } else { FALSE };
    model.settle(Property::OneOutcome, None, gap, &Look::Nowhere, report);
    Ok(())
}

fn reachable(model: &mut Model<'_>, report: &mut Report) -> Result<(), Full> {
    let mut faults = conditions::check(model)?;
    for at in 0..model.program().outcomes().len() {
        let outcome = OutcomeIdx(u16::try_from(at).unwrap_or(u16::MAX));
        if report.by_outcome[at] != "0" {
            continue;
        }
        let program = model.program();
        let asked_by: Vec<usize> = (0..program.rules().len())
            .filter(|&rule| program.rules()[rule].outcome == Some(outcome))
            .filter(|&rule| report.by_rule[rule] != "0")
            .collect();
        let covered_by = covering(model, outcome, &asked_by)?;
        let names = |rules: &[usize]| rules.iter().map(|&rule| program.rules()[rule].id.clone()).collect();
        let all_asking: Vec<usize> = (0..program.rules().len())
            .filter(|&rule| program.rules()[rule].outcome == Some(outcome))
            .collect();
        let kind = FaultKind::OutcomeNeverReached {
            outcome: program.outcome(outcome).to_owned(),
            asked_by: names(&all_asking),
            covered_by: names(&covered_by),
        };
        faults.push(Fault { origin: model.questionnaire().outcomes[at], kind });
    }
    if faults.is_empty() {
        report.proved.push(Property::EverythingReachable);
    }
    report.faults.extend(faults);
    Ok(())
}

/// A set of worse rules, none of them needless, of which one fires whenever one of these does.
fn covering(model: &mut Model<'_>, outcome: OutcomeIdx, rules: &[usize]) -> Result<Vec<usize>, Full> {
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let asking: Vec<Node> = rules.iter().map(|&rule| model.side.fires[rule]).collect();
    let asking = model.space.greatest(asking)?;
    let program = model.program();
    let mut worse: Vec<usize> = (0..program.rules().len())
        .filter(|&rule| program.rules()[rule].outcome.is_some_and(|other| other < outcome))
        .collect();
    let mut at = 0;
    while at < worse.len() {
        let rule = worse.remove(at);
        let fires: Vec<Node> = worse.iter().map(|&rule| model.side.fires[rule]).collect();
        let covered = model.space.greatest(fires)?;
        let open = model.space.diagram.not(covered)?;
        let left = model.space.diagram.and(asking, open)?;
        if model.possible(left) {
            worse.insert(at, rule);
            at += 1;
        }
    }
    Ok(worse)
}

/// Rules with an outcome that never decide it by themselves: wherever they fire, another rule asks for the same or worse.
fn never_alone(model: &mut Model<'_>) -> Result<Vec<RuleIdx>, Full> {
    let program = model.program();
    let mut found = Vec::new();
    for at in 0..program.outcomes().len() {
        let outcome = OutcomeIdx(u16::try_from(at).unwrap_or(u16::MAX));
        let rules: Vec<usize> = (0..program.rules().len())
            .filter(|&rule| program.rules()[rule].outcome == Some(outcome))
            .collect();
        if rules.is_empty() {
            continue;
        }
        let exactly = model.space.diagram.leaves(Leaf::Exactly(rank(model, outcome)), model.rank)?;
        let fires = rules.iter().map(|&rule| model.side.fires[rule]).collect();
        let (_, two) = model.space.one_and_two(fires)?;
        let one = model.space.diagram.not(two)?;
        let one = model.space.diagram.and(one, exactly)?;
        for rule in rules {
            if !model.space.diagram.meet(model.side.fires[rule], one, &mut model.meets) {
                found.extend(u16::try_from(rule).ok().map(RuleIdx));
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

fn promises(model: &mut Model<'_>, report: &mut Report) -> Result<(), Full> {
    let questionnaire = model.questionnaire();
    let mut comparisons = Comparisons::new(model)?;
    let mut risk: BTreeMap<QuestionIdx, Option<Broken>> = BTreeMap::new();
    let mut unknown: BTreeMap<QuestionIdx, Option<Broken>> = BTreeMap::new();
    for question in questionnaire.program.question_indices() {
        if questionnaire.questions[question.index()].risk().is_some() {
            risk.insert(question, comparisons.risk(model, question)?);
        }
        if has_unknown(&questionnaire.program.questions[question.index()]) {
            unknown.insert(question, comparisons.unknown(model, question)?);
        }
    }
    // The author's own promises first, in file order; the general ones about a question only where no promise of the
    // author's has said the same already.
    for invariant in &questionnaire.invariants {
        let property = Property::Invariant(invariant.id.clone());
        match &invariant.promise {
            Promise::Always { when, outcome, .. } => {
                let within = bound(model, *outcome)?;
                let outside = model.space.diagram.not(within)?;
                bounded(model, when, outside, property, &Look::Within(when, *outcome), report)?;
            }
            Promise::Never { when, outcome, .. } => {
                let within = bound(model, *outcome)?;
                bounded(model, when, within, property, &Look::Outside(when, *outcome), report)?;
            }
            Promise::ExactlyOne { of, when, .. } => exactly_one(model, of, when.as_ref(), property, report)?,
            Promise::NeverBetter { with } => compared(model, property, with, &mut risk, report),
            Promise::UnknownIsCareful { with } => compared(model, property, with, &mut unknown, report),
        }
    }
    crisis::check(model, report)?;
    for (all, name) in [(risk, true), (unknown, false)] {
        for (question, broken) in all {
            let property =
                if name { Property::RiskMonotone(question) } else { Property::UnknownCareful(question) };
            match broken {
                Some(broken) => report.refuted.push(refuted(model, property, question, broken)),
                None => report.proved.push(property),
            }
        }
    }
    Ok(())
}

/// Where the outcome is within a bound, among complete answer sets and beyond.
fn bound(model: &mut Model<'_>, bound: Bound) -> Result<Node, Full> {
    let rank = rank(model, bound.outcome);
    let leaf = match bound.or {
        Reach::Worse => Leaf::AtLeast(rank),
        Reach::Better => Leaf::AtMost(rank),
        Reach::Exactly => Leaf::Exactly(rank),
    };
    model.space.diagram.leaves(leaf, model.rank)
}

/// A promise is broken where `when` holds and the outcome is wrong.
fn bounded(
    model: &mut Model<'_>,
    when: &crate::program::Condition,
    wrong: Node,
    property: Property,
    look: &Look<'_>,
    report: &mut Report,
) -> Result<(), Full> {
    let when = model.condition(when)?;
    let wrong = model.space.diagram.and(wrong, model.valid)?;
    // Most promises hold: then nothing needs to be built to see it.
    let broken = model.space.diagram.meet(when, wrong, &mut model.meets);
    let bad = if broken { model.space.diagram.and(when, wrong)? } else { FALSE };
    model.settle(property, None, bad, look, report);
    Ok(())
}

/// Broken where `when` holds and none of the rules fires, or more than one: each is shown by itself.
fn exactly_one(
    model: &mut Model<'_>,
    of: &[RuleIdx],
    when: Option<&crate::program::Condition>,
    property: Property,
    report: &mut Report,
) -> Result<(), Full> {
    let when = match when {
        Some(when) => model.condition(when)?,
        None => diagram::TRUE,
    };
    let (mut one, mut two) = (FALSE, FALSE);
    for rule in of {
        let fires = model.side.fires[rule.index()];
        let again = model.space.diagram.and(fires, one)?;
        two = model.space.diagram.max(two, again)?;
        one = model.space.diagram.max(one, fires)?;
    }
    let none = model.space.diagram.not(one)?;
    let when = model.space.diagram.and(when, model.valid)?;
    let (gap, overlap) = (model.space.diagram.and(none, when)?, model.space.diagram.and(two, when)?);
    let wrong = [gap, overlap];
    if wrong == [FALSE, FALSE] {
        report.proved.push(property);
        return Ok(());
    }
    for bad in wrong.into_iter().filter(|&bad| bad != FALSE) {
        model.settle(property.clone(), None, bad, &Look::Among(of), report);
    }
    Ok(())
}

fn compared(
    model: &Model<'_>,
    property: Property,
    with: &[QuestionIdx],
    results: &mut BTreeMap<QuestionIdx, Option<Broken>>,
    report: &mut Report,
) {
    let mut all_hold = true;
    for &question in with {
        // A result that holds stays for the general property; one that fails is reported once.
        if let Some(Some(broken)) = results.get_mut(&question).map(Option::take) {
            all_hold = false;
            results.remove(&question);
            report.refuted.push(refuted(model, property.clone(), question, broken));
        }
    }
    if all_hold {
        report.proved.push(property);
    }
}

fn refuted(model: &Model<'_>, property: Property, question: QuestionIdx, broken: Broken) -> Refuted {
    Refuted {
        property,
        question: Some(question),
        look_at: model.look_at_both(&broken.counterexample, &broken.beside),
        counterexample: broken.counterexample,
        beside: Some(broken.beside),
        needed: broken.needed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{
        Draft, DraftCondition, DraftKind, DraftLine, DraftQuestion, DraftRule, DraftTest, Name, Origin,
    };

    #[test]
    fn a_proof_that_grows_too_large_names_the_questions() {
        let name = |text: &str| Name::new(text, Origin(7));
        let question = |id: &str| DraftQuestion {
            id: name(id),
            section: None,
            kind: DraftKind::One { options: vec![name("no"), name("yes")] },
            unknown: Vec::new(),
            crisis: Vec::new(),
            inert: Vec::new(),
            direction: None,
            asked_when: None,
        };
        let yes = |id: &str| {
            let test = DraftTest::Is(vec![name("yes")]);
            DraftCondition::Line(DraftLine { origin: Origin(8), subject: name(id), test })
        };
        let draft = Draft {
            id: name("form"),
            outcomes: vec![name("bad"), name("good")],
            otherwise: Some(name("good")),
            questions: vec![question("A"), question("B")],
            rules: vec![DraftRule {
                id: name("R"),
                outcome: Some(name("bad")),
                flag: name("F"),
                talk_to: Vec::new(),
                talk_to_when: Vec::new(),
                when: DraftCondition::All(vec![yes("A"), yes("B")]),
                evidence: Vec::new(),
            }],
            ..Draft::default()
        };
        let questionnaire = crate::resolve(&draft).expect("a questionnaire");
        let report = verify_within(&questionnaire, 3);
        assert!(!report.is_clean());
        let [Fault { kind: FaultKind::TooEntangled { questions, nodes: 3 }, .. }] = &report.faults[..] else {
            panic!("{:?}", report.faults)
        };
        assert_eq!(questions.len(), 2);
        assert!(verify_within(&questionnaire, 100).is_clean());
    }
}
