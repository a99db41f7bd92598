//! What the proof says about random questionnaires, against counting every answer set one by one.

use checker_rules::*;

use crate::naive::{Naive, Set, agree_but_for};
use crate::random::{Dice, questionnaire};
use crate::support::write;

/// How much was compared.
#[derive(Default)]
struct Compared {
    forms: usize,
    sets: usize,
    proved: usize,
    refuted: usize,
    faults: usize,
    alone: usize,
    idle: usize,
}

/// One random questionnaire: as written, as resolved, and all that there is to answer.
struct Form<'f> {
    naive: Naive<'f>,
    program: &'f Program,
    report: &'f Report,
    sets: &'f [Set],
    /// All questions, each after those that it waits for.
    order: &'f [String],
    context: String,
}

#[test]
fn agrees_with_counting_every_answer_set() {
    let mut compared = Compared::default();
    // Enough for the target even where everything is slow; more of it where it is not.
    let seeds = if cfg!(debug_assertions) { 1_250 } else { 5_000 };
    for seed in 1..seeds {
        let (text, order) = questionnaire(&mut Dice::new(seed));
        let written = write(&text);
        let resolved = match resolve(&written.draft) {
            Ok(resolved) => resolved,
            Err(faults) => panic!("{text}\n{faults:#?}"),
        };
        let naive = Naive { draft: &written.draft };
        let Some(sets) = naive.every_set(&order, 250) else { continue };
        let program = resolved.program().clone();
        let (report, verified) = verify(resolved);
        assert_eq!(verified.is_some(), report.is_clean());
        let context = format!("seed {seed}\n{text}");
        let form = Form { naive, program: &program, report: &report, sets: &sets, order: &order, context };
        compared.forms += 1;
        compared.sets += sets.len();
        form.counts();
        compared.alone += form.never_alone();
        form.gap();
        compared.faults += form.reachable();
        compared.idle += form.idle();
        form.evaluator();
        form.bounds(&mut compared);
        form.comparisons(&mut compared);
    }
    let Compared { forms, sets, proved, refuted, faults, alone, idle } = compared;
    println!(
        "{forms} random questionnaires, all their {sets} answer sets one by one: every count, every promise ({proved} \
         proved, {refuted} refuted by a real and simplest example), {faults} faults, {alone} rules never alone and {idle} \
         answers that change nothing agree."
    );
    assert!(forms >= 1_000, "{forms} questionnaires");
    let enough = proved > 1_000 && refuted > 1_000 && faults > 500 && alone > 300 && idle > 100;
    assert!(enough, "{proved} proved, {refuted} refuted, {faults} faults, {alone} never alone, {idle} idle");
}

impl Form<'_> {
    fn rules(&self) -> impl Iterator<Item = (usize, &DraftRule)> {
        self.naive.draft.rules.iter().enumerate()
    }

    fn outcome_of(&self, rule: usize) -> Option<usize> {
        let asked_for = self.naive.draft.rules[rule].outcome.as_ref()?;
        self.naive.draft.outcomes.iter().position(|outcome| outcome.text == asked_for.text)
    }

    /// Whether no rule with an outcome fires.
    fn silent(&self, set: &Set) -> bool {
        !self.naive.fired(set).iter().any(|&at| self.outcome_of(at).is_some())
    }

    fn how_many(&self, wanted: impl Fn(&Set) -> bool) -> String {
        self.sets.iter().filter(|set| wanted(set)).count().to_string()
    }

    fn counts(&self) {
        let (naive, report, context) = (&self.naive, self.report, &self.context);
        assert_eq!(report.answer_sets, self.sets.len().to_string(), "{context}");
        for at in 0..self.program.outcomes().len() {
            let count = self.how_many(|set| naive.outcome(set) == Some(at));
            assert_eq!(report.by_outcome[at], count, "{context} outcome {at}");
        }
        for (at, _) in self.rules() {
            let count = self.how_many(|set| naive.fired(set).contains(&at));
            assert_eq!(report.by_rule[at], count, "{context} rule {at}");
        }
        assert_eq!(report.otherwise, self.how_many(|set| self.silent(set)), "{context}");
    }

    /// Returns how many rules never decide alone.
    fn never_alone(&self) -> usize {
        let decides_alone = |rule: usize, outcome: usize, set: &Set| {
            let fired = self.naive.fired(set);
            let others = fired.iter().filter(|&&other| other != rule);
            fired.contains(&rule)
                && others.filter_map(|&other| self.outcome_of(other)).all(|other| other > outcome)
        };
        let never: Vec<usize> = self
            .rules()
            .filter_map(|(at, _)| Some((at, self.outcome_of(at)?)))
            .filter(|&(at, outcome)| !self.sets.iter().any(|set| decides_alone(at, outcome, set)))
            .map(|(at, _)| at)
            .collect();
        let found: Vec<usize> = self.report.never_alone.iter().map(|rule| rule.index()).collect();
        assert_eq!(found, never, "{}", self.context);
        never.len()
    }

    /// Where some answer sets have no outcome, the example has none; that it is one of them is looked at with the promises.
    fn gap(&self) {
        let gap = self.naive_gap();
        let found = self.report.refuted.iter().find(|refuted| refuted.property == Property::OneOutcome);
        assert_eq!(found.is_some(), !gap.is_empty(), "{}", self.context);
        if let Some(refuted) = found {
            assert_eq!(self.report.otherwise, gap.len().to_string(), "{}", self.context);
            assert_eq!(refuted.counterexample.outcome, None, "{}", self.context);
        }
    }

    /// The answer sets without an outcome.
    fn naive_gap(&self) -> Vec<&Set> {
        self.sets.iter().filter(|set| self.naive.outcome(set).is_none()).collect()
    }

    /// The example is one of these answer sets, and none of them has fewer unusual answers.
    fn simplest(&self, example: &Counterexample, of: &[&Set]) {
        let set = as_set(self.program, example);
        assert!(of.contains(&&set), "{} {example:#?}", self.context);
        self.differing(example, of);
        let least = of.iter().map(|set| self.naive.unusual(set).len()).min();
        assert_eq!(Some(example.differs.len()), least, "{} {example:#?}", self.context);
        let mut fired: Vec<usize> = example.fired.iter().map(|rule| rule.index()).collect();
        fired.sort_unstable();
        assert_eq!(fired, self.naive.fired(&set), "{} {example:#?}", self.context);
        assert_eq!(example.outcome.map(OutcomeIdx::index), self.naive.outcome(&set), "{}", self.context);
    }

    /// The answers said to differ from the safest ones are those, and without any one of them nothing is broken.
    fn differing(&self, example: &Counterexample, of: &[&Set]) {
        let set = as_set(self.program, example);
        let unusual = self.naive.unusual(&set);
        let differs = example.differs.iter().map(|&at| self.id(at));
        assert!(differs.eq(self.in_file_order(&unusual)), "{} {example:#?}", self.context);
        for left_out in &unusual {
            let simpler = |other: &&&Set| {
                self.naive.unusual(other).iter().all(|id| id != left_out && unusual.contains(id))
            };
            assert_eq!(of.iter().find(simpler), None, "{} {example:#?}", self.context);
        }
    }

    fn id(&self, at: QuestionIdx) -> &str {
        &self.program.question(at).expect("a question").id
    }

    fn in_file_order<'i>(&self, ids: &'i [&String]) -> impl Iterator<Item = &'i str> + use<'i, '_> {
        let questions = self.program.questions().iter();
        questions.filter_map(|question| ids.iter().find(|id| ***id == question.id).map(|id| id.as_str()))
    }

    /// Whatever is answered beside the needed answers, it is broken; without any one of them it may hold.
    fn enough(&self, found: &Refuted, broken: &[&Set]) {
        let shown = as_set(self.program, &found.counterexample);
        let needed: Vec<&str> = found.needed.iter().map(|&at| self.id(at)).collect();
        let open_without = |left_out: &str| {
            self.sets.iter().any(|set| {
                let mut kept = needed.iter().filter(|&&id| id != left_out);
                kept.all(|&id| set.get(id) == shown.get(id)) && !broken.contains(&set)
            })
        };
        assert!(!open_without(""), "{} {found:#?}", self.context);
        // What breaks a comparison is enough for one pair of answers; another pair may need less.
        if found.beside.is_none() {
            for left_out in &needed {
                assert!(open_without(left_out), "{} {left_out} {found:#?}", self.context);
            }
        }
    }

    /// Questions and options that are read and change nothing. Returns how many there are.
    fn idle(&self) -> usize {
        let (naive, faults) = (&self.naive, &self.report.faults);
        // Where something can never happen, that is the mistake.
        let never =
            |kind: &FaultKind| matches!(kind, FaultKind::NeverHolds { .. } | FaultKind::NeverAsked { .. });
        if faults.iter().any(|fault| never(&fault.kind)) {
            return 0;
        }
        let says = |wanted: &FaultKind| faults.iter().any(|fault| fault.kind == *wanted);
        let mut found = 0;
        for question in naive.draft.questions.iter().filter(|question| !naive.may_call(&question.id.text)) {
            let id = &question.id.text;
            let idle = naive.idle(self.order, self.sets, id);
            let said = says(&FaultKind::QuestionMakesNoDifference { question: id.clone() });
            assert_eq!(said, idle && naive.reads(id, None), "{} {id}", self.context);
            found += usize::from(said);
            let (DraftKind::One { options } | DraftKind::Many { options, .. }) = &question.kind else {
                continue;
            };
            for (option, at) in options.iter().zip(0..) {
                let (question_id, option) = (id.clone(), option.text.clone());
                let read = naive.reads(id, Some(&option)) && !naive.is_safest_option(question, at);
                let expected = !idle && read && naive.idle_option(self.order, self.sets, id, at);
                let kind = FaultKind::OptionMakesNoDifference { question: question_id, option };
                assert_eq!(says(&kind), expected, "{} {kind:?}", self.context);
                found += usize::from(expected);
            }
        }
        found
    }

    /// Everything that can never happen. Returns how many faults there are.
    fn reachable(&self) -> usize {
        let (naive, sets, faults) = (&self.naive, self.sets, &self.report.faults);
        let asked = |question: &DraftQuestion| sets.iter().any(|set| naive.asked(&question.id.text, set));
        let all_asked = naive.draft.questions.iter().all(asked);
        let mut found = 0;
        // A part that only waits for a question that is never asked is reported with that question.
        let mut holds = |place: Place, expected: usize| {
            let told = faults.iter().filter(
                |fault| matches!(&fault.kind, FaultKind::NeverHolds { place: other, .. } if *other == place),
            );
            let told = told.count();
            let fits = if all_asked { told == expected } else { told <= expected };
            assert!(fits, "{} {place:?}: {told}, not {expected}", self.context);
            found += told;
            told
        };
        for question in &naive.draft.questions {
            let id = &question.id.text;
            let condition = question.asked_when.as_ref();
            let told = holds(
                Place::AskedWhen(id.clone()),
                condition.map_or(0, |when| naive.impossible(when, &[], sets)),
            );
            let taken_over =
                faults.iter().any(|fault| fault.kind == FaultKind::NeverAsked { question: id.clone() });
            assert!(asked(question) || told > 0 || taken_over || !all_asked, "{} {id}", self.context);
            assert!(!taken_over || !asked(question), "{} {id}", self.context);
        }
        for set in &naive.draft.sets {
            holds(Place::Set(set.name.text.clone()), naive.impossible(&set.condition, &[], sets));
        }
        for rule in &naive.draft.rules {
            let fires = sets.iter().any(|set| naive.holds(&rule.when, set));
            holds(Place::Rule(rule.id.text.clone()), naive.impossible(&rule.when, &[], sets));
            let talks = rule.talk_to_when.iter().filter(|_| fires);
            let talks = talks.map(|talk| naive.impossible(&talk.when, &[&rule.when], sets)).sum();
            holds(Place::TalkTo(rule.id.text.clone()), talks);
        }
        for invariant in &naive.draft.invariants {
            if let DraftPromise::Always { when, .. }
            | DraftPromise::Never { when, .. }
            | DraftPromise::ExactlyOne { when: Some(when), .. } = &invariant.promise
            {
                holds(Place::Invariant(invariant.id.text.clone()), naive.impossible(when, &[], sets));
            }
        }
        found += self.outcomes_reached();
        let clean = found == 0 && all_asked;
        let proved = self.report.proved.contains(&Property::EverythingReachable);
        assert_eq!(proved, clean, "{} {:#?}", self.context, self.report.faults);
        found
    }

    /// Returns how many outcomes nobody gets.
    fn outcomes_reached(&self) -> usize {
        let mut missing = 0;
        for (at, name) in self.naive.draft.outcomes.iter().enumerate() {
            let reached = self.sets.iter().any(|set| self.naive.outcome(set) == Some(at));
            let told = self.report.faults.iter().find_map(|fault| match &fault.kind {
                FaultKind::OutcomeNeverReached { outcome, covered_by, .. } if *outcome == name.text => {
                    Some(covered_by)
                }
                _ => None,
            });
            assert_eq!(told.is_none(), reached, "{} outcome {at}", self.context);
            let Some(covered_by) = told else { continue };
            missing += 1;
            let fires = |set: &Set, id: &String| {
                let rule = self.naive.draft.rules.iter().find(|rule| rule.id.text == *id).expect("a rule");
                self.naive.holds(&rule.when, set)
            };
            let asks =
                |set: &&Set| self.naive.fired(set).iter().any(|&rule| self.outcome_of(rule) == Some(at));
            let asking: Vec<&Set> = self.sets.iter().filter(asks).collect();
            let covers = |rules: &[&String]| asking.iter().all(|set| rules.iter().any(|id| fires(set, id)));
            let all: Vec<&String> = covered_by.iter().collect();
            assert!(covers(&all), "{} {covered_by:?}", self.context);
            for needless in 0..all.len() {
                let mut fewer = all.clone();
                fewer.remove(needless);
                assert!(!covers(&fewer), "{} {covered_by:?}", self.context);
            }
        }
        missing
    }

    fn bounds(&self, compared: &mut Compared) {
        for (property, broken) in self.promises() {
            let own = || self.report.refuted.iter().filter(|refuted| refuted.property == property);
            // A promise about exactly one rule can be broken in two ways, each with an example of its own.
            let mut shown =
                own().filter(|refuted| broken.contains(&&as_set(self.program, &refuted.counterexample)));
            let found = shown.next();
            assert_eq!(found.is_some(), !broken.is_empty(), "{} {property:?}", self.context);
            assert_eq!(self.report.proved.contains(&property), own().next().is_none(), "{}", self.context);
            match found {
                Some(found) => {
                    compared.refuted += 1;
                    self.simplest(&found.counterexample, &broken);
                    self.enough(found, &broken);
                }
                None => compared.proved += 1,
            }
        }
    }

    /// Everything promised about single answer sets, and the sets that break it. A promise about exactly one rule comes
    /// once for the gaps and once for the overlaps, if there are any.
    fn promises(&self) -> Vec<(Property, Vec<&Set>)> {
        let (naive, draft, sets) = (&self.naive, self.naive.draft, self.sets);
        let mut all = vec![(Property::OneOutcome, self.naive_gap())];
        for invariant in &draft.invariants {
            let property = Property::Invariant(invariant.id.text.clone());
            match &invariant.promise {
                DraftPromise::Always { .. } | DraftPromise::Never { .. } => {
                    all.push((property, promise_broken(naive, invariant, sets)));
                }
                DraftPromise::ExactlyOne { of, when } => {
                    let listed = |at: &usize| of.iter().any(|name| name.text == draft.rules[*at].id.text);
                    let fires = |set: &Set| naive.fired(set).into_iter().filter(listed).count();
                    let meant = |set: &Set| when.as_ref().is_none_or(|when| naive.holds(when, set));
                    let gaps = sets.iter().filter(|set| meant(set) && fires(set) == 0).collect::<Vec<_>>();
                    let overlaps = sets.iter().filter(|set| meant(set) && fires(set) > 1).collect::<Vec<_>>();
                    if gaps.is_empty() && overlaps.is_empty() {
                        all.push((property.clone(), Vec::new()));
                    }
                    let broken = [gaps, overlaps].into_iter().filter(|broken| !broken.is_empty());
                    all.extend(broken.map(|broken| (property.clone(), broken)));
                }
                DraftPromise::NeverBetter { .. } | DraftPromise::UnknownIsCareful { .. } => {}
            }
        }
        let best = draft.outcomes.len() - 1;
        let asking: Vec<&String> = draft.questions.iter().map(|question| &question.id.text).collect();
        let asking: Vec<&String> = asking.into_iter().filter(|id| naive.may_call(id)).collect();
        for &id in &asking {
            let calls = |set: &&Set| set.get(id).is_some_and(|answer| naive.calls(id, answer));
            let broken = sets.iter().filter(calls).filter(|set| naive.outcome(set) == Some(best)).collect();
            let question = self.program.find_question(id).expect("a question");
            all.push((Property::CrisisNeverBest(question), broken));
        }
        if !asking.is_empty() {
            let stops = |set: &Set| {
                let outcome = naive.outcome(set).map(|at| &draft.outcomes[at].text);
                outcome.is_some_and(|outcome| draft.stop_at.iter().any(|stop| stop.text == *outcome))
            };
            let spared = |set: &&Set| !asking.iter().any(|id| set.contains_key(*id)) && !stops(set);
            all.push((Property::CrisisAlwaysAsked, sets.iter().filter(spared).collect()));
        }
        all
    }
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
impl Form<'_> {
    fn evaluator(&self) {
        let (naive, program, sets) = (&self.naive, self.program, self.sets);
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
            let people: Vec<&str> = whole.talk_to.iter().map(|&talk| program.talk(talk)).collect();
            assert_eq!(people, naive.talk_to(set), "{set:?}");
            assert_eq!(whole.crisis, naive.crisis(set), "{set:?}");
            let stops = |name: &Name| {
                naive.draft.stop_at.iter().any(|stop| stop.text == name.text) && !self.silent(set)
            };
            let stopped = naive.outcome(set).is_some_and(|outcome| stops(&naive.draft.outcomes[outcome]));
            assert_eq!(whole.stopped, stopped, "{set:?}");
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
}

impl Form<'_> {
    /// Properties about two answer sets that differ in one question.
    fn comparisons(&self, compared: &mut Compared) {
        let (naive, context) = (&self.naive, &self.context);
        let best = self.program.outcomes().len() - 1;
        let ranks: Vec<Option<usize>> = self.sets.iter().map(|set| naive.outcome(set)).collect();
        for question in self.program.question_indices() {
            let id = &self.program.question(question).expect("a question").id;
            let asked = naive.question(id);
            let mut better: Vec<(&Set, &Set)> = Vec::new();
            let mut laundered: Vec<(&Set, &Set)> = Vec::new();
            for (x, less) in self.sets.iter().enumerate() {
                let Some(before) = less.get(id) else { continue };
                for (y, more) in self.sets.iter().enumerate() {
                    let (Some(after), Some(worse), Some(rank)) = (more.get(id), ranks[x], ranks[y]) else {
                        continue;
                    };
                    if rank <= worse || !agree_but_for(id, less, more) {
                        continue;
                    }
                    if naive.riskier(asked, before, after) {
                        better.push((less, more));
                    }
                    if rank == best && naive.definite_and_unknown(asked, before, after) {
                        laundered.push((less, more));
                    }
                }
            }
            let risk = matches!(&asked.direction, Some(direction) if direction.of == Direction::Risk);
            let unknown = !asked.unknown.is_empty();
            for (property, author, due, broken) in [
                (Property::RiskMonotone(question), "B", risk, better),
                (Property::UnknownCareful(question), "U", unknown, laundered),
            ] {
                // What an author's promise says of a question is not said again.
                let author = Property::Invariant(author.to_owned());
                let found = self.report.refuted.iter().find(|refuted| {
                    refuted.property == property
                        || refuted.property == author && refuted.question == Some(question)
                });
                assert_eq!(found.is_some(), !broken.is_empty(), "{context} {property:?} {found:#?}");
                assert_eq!(
                    self.report.proved.contains(&property),
                    due && broken.is_empty(),
                    "{context} {property:?}"
                );
                match found {
                    Some(found) => {
                        compared.refuted += 1;
                        self.simplest_pair(found, &broken);
                    }
                    None => compared.proved += usize::from(due),
                }
            }
        }
        for (id, question_of) in [("B", true), ("U", false)] {
            let Some(promise) = naive.draft.invariants.iter().find(|promise| promise.id.text == id) else {
                continue;
            };
            let (DraftPromise::NeverBetter { with } | DraftPromise::UnknownIsCareful { with }) =
                &promise.promise
            else {
                panic!("{context}");
            };
            let property = Property::Invariant(id.to_owned());
            let own = |name: &Name| {
                let question = self.program.find_question(&name.text).expect("a question");
                let general = if question_of {
                    Property::RiskMonotone(question)
                } else {
                    Property::UnknownCareful(question)
                };
                self.report.proved.contains(&general)
            };
            let proved = self.report.proved.contains(&property);
            assert_eq!(proved, with.iter().all(own), "{context} {property:?}");
        }
    }

    /// The two answer sets break the property. No simpler one breaks it, and nothing simpler can stand beside it.
    fn simplest_pair(&self, found: &Refuted, broken: &[(&Set, &Set)]) {
        let beside = found.beside.as_ref().expect("two answer sets side by side");
        let (more, less) = (as_set(self.program, &found.counterexample), as_set(self.program, beside));
        assert!(broken.contains(&(&less, &more)), "{} {found:#?}", self.context);
        let beside_this = broken.iter().filter(|(_, other)| **other == more);
        let least = beside_this.map(|(less, _)| self.naive.unusual(less).len()).min();
        assert_eq!(Some(self.naive.unusual(&less).len()), least, "{} {found:#?}", self.context);
        let all: Vec<&Set> = broken.iter().map(|(_, more)| *more).collect();
        self.simplest(&found.counterexample, &all);
        self.enough(found, &all);
    }
}
