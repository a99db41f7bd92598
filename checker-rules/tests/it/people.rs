//! What differs between two versions, against trying every person in both.

use std::collections::{BTreeMap, BTreeSet};

use checker_rules::*;

use crate::changed::pair;
use crate::naive::{Naive, Set, options};
use crate::random::Dice;
use crate::support::write;

/// One person in both versions, read the slow way.
struct Person {
    old: Set,
    new: Set,
    outcomes: [Option<String>; 2],
    /// For each rule that fires in a version the outcome that it asks for.
    says: [BTreeMap<String, Option<String>>; 2],
    /// How many answers are unusual.
    unusual: usize,
}

/// An answer to a question of either version by the names of options, so that both can read it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Options(Vec<String>),
    Number(i64),
    Unknown,
    Items(Vec<Option<u8>>),
}

fn said(question: &DraftQuestion, answer: &Answer) -> Said {
    let ids = options(question);
    match answer {
        Answer::One(at) => Said::Options(vec![ids[usize::from(*at)].clone()]),
        Answer::Many(ticks) => {
            let mut said: Vec<String> = ticks.iter().map(|&at| ids[usize::from(at)].clone()).collect();
            said.sort();
            Said::Options(said)
        }
        Answer::Number(value) => Said::Number(*value),
        Answer::Unknown => Said::Unknown,
        Answer::Items(items) => Said::Items(items.clone()),
    }
}

/// What two versions share of a question: nothing, or everything but some answers.
fn same(old: &DraftQuestion, new: &DraftQuestion) -> bool {
    match (&old.kind, &new.kind) {
        (DraftKind::One { .. }, DraftKind::One { .. }) | (DraftKind::Many { .. }, DraftKind::Many { .. }) => {
            true
        }
        (DraftKind::Number { .. }, DraftKind::Number { .. }) => true,
        (DraftKind::Instrument { instrument: old, .. }, DraftKind::Instrument { instrument: new, .. }) => {
            old == new
        }
        _ => false,
    }
}

/// Where the answers to a question of a version come from: itself, or the longer instrument that it starts.
fn source<'d>(of: [&'d Draft; 2], version: usize, question: &'d DraftQuestion) -> &'d str {
    let own = question.id.text.as_str();
    let find = |draft: &'d Draft, id: &str| draft.questions.iter().find(|question| question.id.text == id);
    let by = |question: &'d DraftQuestion| match &question.kind {
        DraftKind::Instrument { answered_by: Some(by), .. } => Some(by.text.as_str()),
        _ => None,
    };
    let Some(long) = by(question) else { return own };
    let other = 1 - version;
    let (here, there) = (find(of[version], long), find(of[other], long));
    let longs_are_same = here.zip(there).is_some_and(|(here, there)| same(here, there));
    let leads = |draft: &'d Draft| find(draft, long).is_some_and(|question| by(question).is_some());
    let alone = match find(of[other], own) {
        Some(twin) if same(question, twin) => by(twin) != Some(long) || !longs_are_same,
        _ => false,
    };
    // Of several short ones only the first leans on the long one's answers.
    let first = |draft: &'d Draft| {
        draft.questions.iter().find(|other| by(other) == Some(long)).map(|q| q.id.text.as_str())
    };
    let crowded = first(of[1]).or_else(|| first(of[0])) != Some(own);
    if alone || crowded || leads(of[version]) || (longs_are_same && leads(of[other])) { own } else { long }
}

/// Everybody; `None` if there are too many to try.
fn everybody(old: &Naive<'_>, new: &Naive<'_>) -> Option<Vec<Person>> {
    let of = [old.draft, new.draft];
    let naive = [old, new];
    // Every question that has answers of its own, by version where they are not the same.
    let mut answers: BTreeMap<(String, usize), Vec<Said>> = BTreeMap::new();
    let mut keys: [BTreeMap<String, (String, usize)>; 2] = Default::default();
    for version in [1, 0] {
        for question in &of[version].questions {
            let from = source(of, version, question);
            let long =
                of[version].questions.iter().find(|question| question.id.text == from).expect("a question");
            let twin = of[1 - version].questions.iter().find(|question| question.id.text == from);
            let own = if twin.is_some_and(|twin| same(twin, long)) { 2 } else { version };
            let key = (from.to_owned(), own);
            keys[version].insert(question.id.text.clone(), key.clone());
            let all = answers.entry(key).or_default();
            for answer in naive[version].answers(long) {
                let said = said(long, &answer);
                if !all.contains(&said) {
                    all.push(said);
                }
            }
        }
    }
    let count: usize = answers.values().map(Vec::len).product();
    if count > 4_000 {
        return None;
    }
    let mut everybody: Vec<BTreeMap<(String, usize), Said>> = vec![BTreeMap::new()];
    for (key, all) in &answers {
        everybody = everybody
            .into_iter()
            .flat_map(|person| {
                all.iter().map(move |said| {
                    let mut more = person.clone();
                    more.insert(key.clone(), said.clone());
                    more
                })
            })
            .collect();
    }
    Some(everybody.iter().filter_map(|person| read(naive, &keys, person)).collect())
}

/// A person as both versions see them; `None` if one of them asks something that it has no such answer to.
fn read(
    naive: [&Naive<'_>; 2],
    keys: &[BTreeMap<String, (String, usize)>; 2],
    person: &BTreeMap<(String, usize), Said>,
) -> Option<Person> {
    let mut sets = [Set::new(), Set::new()];
    let mut asked: [BTreeSet<String>; 2] = Default::default();
    for version in [0, 1] {
        let mut whole = Set::new();
        for question in &naive[version].draft.questions {
            let mut told = person[&keys[version][&question.id.text]].clone();
            if let (DraftKind::Instrument { instrument, .. }, Said::Items(items)) =
                (&question.kind, &mut told)
            {
                items.truncate(instrument.items.len());
            }
            let fitting =
                naive[version].answers(question).into_iter().find(|answer| said(question, answer) == told);
            whole.extend(fitting.map(|answer| (question.id.text.clone(), answer)));
        }
        // In an order in which each question comes after what it waits for, a missing answer is never read by chance.
        let mut left: Vec<&DraftQuestion> = naive[version].draft.questions.iter().collect();
        left.sort_by_key(|question| question.id.text[1..].parse::<usize>().expect("a number"));
        for question in left {
            let id = &question.id.text;
            if naive[version].asked(id, &whole) {
                sets[version].insert(id.clone(), whole.get(id)?.clone());
                asked[version].insert(id.clone());
            }
        }
    }
    let outcomes = [0, 1].map(|version| {
        let at = naive[version].outcome(&sets[version])?;
        Some(naive[version].draft.outcomes[at].text.clone())
    });
    let says = [0, 1].map(|version| {
        let rules = &naive[version].draft.rules;
        let fired = naive[version].fired(&sets[version]).into_iter();
        fired
            .map(|at| (rules[at].id.text.clone(), rules[at].outcome.as_ref().map(|name| name.text.clone())))
            .collect()
    });
    let mut unusual = BTreeSet::new();
    for version in [0, 1] {
        for id in &asked[version] {
            let key = &keys[version][id];
            let judge = if key.1 == 2 { 1 } else { version };
            let question = naive[judge].question(&key.0);
            let safest = naive[judge].answers(question).into_iter().any(|answer| {
                said(question, &answer) == person[key] && naive[judge].is_safest(question, &answer)
            });
            if !safest {
                unusual.insert(key.clone());
            }
        }
    }
    let [old, new] = sets;
    Some(Person { old, new, outcomes, says, unusual: unusual.len() })
}

/// The slow way to say which outcome is worse.
fn shift(old: &Draft, new: &Draft, before: &Option<String>, after: &Option<String>) -> Option<Shift> {
    if before == after {
        return None;
    }
    let names = |draft: &Draft| draft.outcomes.iter().map(|name| name.text.clone()).collect::<Vec<String>>();
    let (old, new) = (names(old), names(new));
    let (Some(before), Some(after)) = (before, after) else { return Some(Shift::Other) };
    let rank = |id: &String| new.iter().position(|other| other == id);
    let after = rank(after).expect("an outcome of the new version");
    Some(match rank(before) {
        Some(before) if after < before => Shift::Worse,
        Some(_) => Shift::Better,
        None => {
            let place = old.iter().position(|other| other == before).expect("an outcome of the old version");
            let worse = old[..place].iter().filter_map(rank).next_back();
            let better = old[place + 1..].iter().filter_map(rank).next();
            match (worse.is_some_and(|at| after <= at), better.is_some_and(|at| after >= at)) {
                (true, false) => Shift::Worse,
                (false, true) => Shift::Better,
                _ => Shift::Other,
            }
        }
    })
}

fn as_set(program: &Program, example: &Counterexample) -> Set {
    let id = |question: QuestionIdx| program.question(question).expect("a question").id.clone();
    example.answers.iter().map(|(question, answer)| (id(*question), answer.clone())).collect()
}

/// Compares one class of people.
struct Judge<'p> {
    people: &'p [Person],
    programs: [Program; 2],
    context: String,
    classes: usize,
}

impl Judge<'_> {
    fn count<'s>(&self, some: impl Iterator<Item = &'s Person>) -> usize {
        some.map(|person| format!("{:?}", person.new)).collect::<BTreeSet<String>>().len()
    }

    fn class(&mut self, what: &str, found: Option<&Affected>, belongs: impl Fn(&Person) -> bool) {
        let members: Vec<&Person> = self.people.iter().filter(|person| belongs(person)).collect();
        let count = self.count(members.iter().copied());
        let context = format!("{} {what}\n{found:#?}", self.context);
        let Some(found) = found else {
            assert_eq!(count, 0, "{context}");
            return;
        };
        assert_eq!(found.answer_sets, count.to_string(), "{context}");
        let (old, new) =
            (as_set(&self.programs[0], &found.example.old), as_set(&self.programs[1], &found.example.new));
        let shown = members.iter().filter(|person| person.old == old && person.new == new);
        let shown = shown.map(|person| person.unusual).min();
        assert_eq!(shown, members.iter().map(|person| person.unusual).min(), "{context}");
        self.classes += 1;
    }

    fn by_shift(&mut self, what: &str, found: &ByShift, belongs: impl Fn(&Person, Shift) -> bool) {
        for (shift, found) in
            [(Shift::Worse, &found.worse), (Shift::Better, &found.better), (Shift::Other, &found.other)]
        {
            self.class(&format!("{what} {shift:?}"), found.as_ref(), |person| belongs(person, shift));
        }
    }
}

#[test]
fn agrees_with_trying_every_person() {
    let (mut pairs, mut classes, mut same) = (0, 0, 0);
    for seed in 1..700 {
        let (old_text, new_text) = pair(&mut Dice::new(seed));
        let (old, new) = (write(&old_text).draft, write(&new_text).draft);
        let context = format!("seed {seed}\n{old_text}\n{new_text}");
        let (Ok(old_form), Ok(new_form)) = (resolve(&old), resolve(&new)) else { panic!("{context}") };
        let (old_naive, new_naive) = (Naive { draft: &old }, Naive { draft: &new });
        let Some(people) = everybody(&old_naive, &new_naive) else { continue };
        pairs += 1;
        let found = difference(&old_form, &new_form).expect("small enough");
        let programs = [old_form.program().clone(), new_form.program().clone()];
        let mut judge = Judge { people: &people, programs, context, classes: 0 };
        let shifted = |person: &Person| shift(&old, &new, &person.outcomes[0], &person.outcomes[1]);

        // Totals.
        let (old_report, _) = verify(old_form);
        let (new_report, _) = verify(new_form);
        assert_eq!(found.old_answer_sets, old_report.answer_sets, "{}", judge.context);
        assert_eq!(found.new_answer_sets, new_report.answer_sets, "{}", judge.context);
        let total: usize = new_report.answer_sets.parse().expect("a number");
        assert_eq!(found.new_only, (total - judge.count(people.iter())).to_string(), "{}", judge.context);
        let olds: BTreeSet<String> = people.iter().map(|person| format!("{:?}", person.old)).collect();
        let total: usize = old_report.answer_sets.parse().expect("a number");
        assert_eq!(found.old_only, (total - olds.len()).to_string(), "{}", judge.context);
        let differs =
            |person: &&Person| person.outcomes[0] != person.outcomes[1] || person.says[0] != person.says[1];
        let changed: BTreeSet<String> =
            people.iter().filter(differs).map(|person| format!("{:?}", person.new)).collect();
        let unchanged =
            judge.count(people.iter().filter(|person| !changed.contains(&format!("{:?}", person.new))));
        assert_eq!(found.unchanged, unchanged.to_string(), "{}", judge.context);
        let nothing = changed.is_empty() && found.old_only == "0" && found.new_only == "0";
        assert_eq!(found.nothing_changed(), nothing, "{}", judge.context);
        same += usize::from(nothing);

        // Outcomes.
        judge.by_shift("in all", &found.outcomes, |person, shift| shifted(person) == Some(shift));
        judge.class("other reasons", found.other_reasons.as_ref(), |person| {
            shifted(person).is_none() && person.says[0] != person.says[1]
        });
        let pairs_of_outcomes: BTreeSet<_> = people
            .iter()
            .filter(|person| shifted(person).is_some())
            .map(|person| person.outcomes.clone())
            .collect();
        assert_eq!(found.outcome_changes.len(), pairs_of_outcomes.len(), "{}", judge.context);
        for change in &found.outcome_changes {
            let outcomes = [change.old.clone(), change.new.clone()];
            assert_eq!(
                shift(&old, &new, &outcomes[0], &outcomes[1]),
                Some(change.shift),
                "{}",
                judge.context
            );
            judge.class("matrix", Some(&change.affected), |person| person.outcomes == outcomes);
        }

        // Rules.
        let changes = |person: &Person, rule: &str| person.says[0].get(rule) != person.says[1].get(rule);
        let decides = |person: &Person, rule: &str, version: usize| {
            let outcome = &person.outcomes[version];
            changes(person, rule) && outcome.is_some() && person.says[version].get(rule) == Some(outcome)
        };
        let because = |person: &Person, rule: &str, by: Shift| {
            shifted(person) == Some(by)
                && match by {
                    Shift::Worse => decides(person, rule, 1),
                    Shift::Better => decides(person, rule, 0),
                    Shift::Other => decides(person, rule, 0) || decides(person, rule, 1),
                }
        };
        let all = [Shift::Worse, Shift::Better, Shift::Other];
        let ids: BTreeSet<String> =
            old.rules.iter().chain(&new.rules).map(|rule| rule.id.text.clone()).collect();
        for id in &ids {
            let rule = found.by_rule.iter().find(|rule| rule.rule == *id);
            let touched = people.iter().any(|person| changes(person, id));
            assert_eq!(rule.is_some(), touched, "{} {id}", judge.context);
            let Some(rule) = rule else { continue };
            judge.by_shift(id, &rule.outcomes, |person, shift| because(person, id, shift));
            judge.class(&format!("{id} reasons"), rule.reasons.as_ref(), |person| {
                changes(person, id) && shifted(person).is_none()
            });
            judge.class(&format!("{id} beside"), rule.beside.as_ref(), |person| {
                changes(person, id)
                    && shifted(person).is_some()
                    && !all.iter().any(|&by| because(person, id, by))
            });
        }
        judge.by_shift("no rule", &found.by_no_rule, |person, by| {
            shifted(person) == Some(by) && !ids.iter().any(|id| because(person, id, by))
        });
        classes += judge.classes;
    }
    println!("{pairs} pairs, {classes} classes, {same} the same");
    assert!(pairs > 300 && classes > 1_500 && same > 20, "{pairs} pairs, {classes} classes, {same} the same");
}
