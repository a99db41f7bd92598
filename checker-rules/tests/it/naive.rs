//! A second, slow and plain reading of what a questionnaire means: straight from the draft, by name, with every
//! question answered. What the crate proves is compared with it.

use std::collections::{BTreeMap, BTreeSet};

use checker_rules::*;

/// Answers by question id.
pub(crate) type Set = BTreeMap<String, Answer>;

pub(crate) struct Naive<'d> {
    pub(crate) draft: &'d Draft,
}

impl Naive<'_> {
    pub(crate) fn question(&self, id: &str) -> &DraftQuestion {
        self.draft.questions.iter().find(|question| question.id.text == id).expect("a question")
    }

    pub(crate) fn asked(&self, id: &str, set: &Set) -> bool {
        let question = self.question(id);
        let taken_over = matches!(&question.kind, DraftKind::Instrument { answered_by: Some(by), .. }
            if self.asked(&by.text, set));
        !taken_over && question.asked_when.as_ref().is_none_or(|when| self.holds(when, set))
    }

    pub(crate) fn holds(&self, condition: &DraftCondition, set: &Set) -> bool {
        match condition {
            DraftCondition::All(parts) => parts.iter().all(|part| self.holds(part, set)),
            DraftCondition::Any(parts) => parts.iter().any(|part| self.holds(part, set)),
            DraftCondition::None(parts) => !parts.iter().any(|part| self.holds(part, set)),
            DraftCondition::AtLeast(count, parts) => {
                parts.iter().filter(|part| self.holds(part, set)).count() >= *count as usize
            }
            DraftCondition::Set(name) => {
                let named = self.draft.sets.iter().find(|set| set.name.text == name.text).expect("a set");
                self.holds(&named.condition, set)
            }
            DraftCondition::Line(line) => self.line(line, set),
        }
    }

    fn line(&self, line: &DraftLine, set: &Set) -> bool {
        let question = self.question(&line.subject.text);
        let mut source = line.subject.text.clone();
        if let DraftKind::Instrument { answered_by: Some(by), .. } = &question.kind
            && self.asked(&by.text, set)
        {
            source = by.text.clone();
        }
        if !self.asked(&source, set) {
            return false;
        }
        let ids = |names: &[Name]| names.iter().map(|name| name.text.clone()).collect::<Vec<String>>();
        let (options, unknown) = (options(question), ids(&question.unknown));
        match &set[&source] {
            Answer::One(_) | Answer::Many(_) => {
                let chosen: Vec<&String> = match &set[&source] {
                    Answer::One(at) => vec![&options[usize::from(*at)]],
                    Answer::Many(ticks) => ticks.iter().map(|&at| &options[usize::from(at)]).collect(),
                    _ => Vec::new(),
                };
                let count = |names: &[String]| chosen.iter().filter(|id| names.contains(id)).count();
                match &line.test {
                    DraftTest::Is(names) | DraftTest::Includes(names) => count(&ids(names)) > 0,
                    DraftTest::IsNot(names) => count(&ids(names)) == 0,
                    DraftTest::IncludesAtLeast(least, names) => count(&ids(names)) >= *least as usize,
                    DraftTest::IsUnknown => count(&unknown) > 0,
                    _ => false,
                }
            }
            Answer::Unknown => matches!(line.test, DraftTest::IsUnknown),
            Answer::Number(value) => match &line.test {
                DraftTest::AtLeast(least) => *value >= least.value.digits,
                DraftTest::Below(limit) => *value < limit.value.digits,
                _ => false,
            },
            Answer::Items(items) => {
                let DraftKind::Instrument { instrument, .. } = &question.kind else { return false };
                let items: Vec<i64> =
                    items[..instrument.items.len()].iter().map(|item| i64::from(item.unwrap_or(0))).collect();
                let score: i64 = items.iter().skip(usize::from(instrument.gated)).sum();
                match &line.test {
                    DraftTest::AtLeast(least) => score >= least.value.digits,
                    DraftTest::Below(limit) => score < limit.value.digits,
                    DraftTest::ItemAtLeast { item, value } => items[*item as usize - 1] >= i64::from(*value),
                    DraftTest::ItemBelow { item, value } => items[*item as usize - 1] < i64::from(*value),
                    _ => false,
                }
            }
        }
    }

    /// Every answer that a question takes.
    pub(crate) fn answers(&self, question: &DraftQuestion) -> Vec<Answer> {
        match &question.kind {
            DraftKind::One { options } => (0..options.len() as u16).map(Answer::One).collect(),
            DraftKind::Many { options, exclusive } => (1u32..1 << options.len())
                .map(|bits| (0..options.len() as u16).filter(|at| bits >> at & 1 == 1).collect::<Vec<u16>>())
                .filter(|ticks| {
                    ticks.len() == 1
                        || !ticks.iter().any(|&at| {
                            exclusive.iter().any(|name| name.text == options[usize::from(at)].text)
                        })
                })
                .map(Answer::Many)
                .collect(),
            DraftKind::Number { low, high, .. } => {
                let mut all: Vec<Answer> = (low.digits..=high.digits).map(Answer::Number).collect();
                all.extend(question.unknown.first().map(|_| Answer::Unknown));
                all
            }
            DraftKind::Instrument { instrument, .. } => {
                let mut all: Vec<Vec<Option<u8>>> = vec![Vec::new()];
                for (at, &high) in instrument.items.iter().enumerate() {
                    all = all
                        .into_iter()
                        .flat_map(|items| {
                            let shut = instrument.gated && at > 0 && items[0] == Some(0);
                            let values: Vec<Option<u8>> =
                                if shut { vec![None] } else { (0..=high).map(Some).collect() };
                            values.into_iter().map(move |value| {
                                let mut more = items.clone();
                                more.push(value);
                                more
                            })
                        })
                        .collect();
                }
                all.into_iter().map(Answer::Items).collect()
            }
        }
    }

    /// Every complete answer set; `None` if there are more than so many.
    pub(crate) fn every_set(&self, order: &[String], limit: usize) -> Option<Vec<Set>> {
        let mut all = vec![Set::new()];
        for id in order {
            all = all
                .into_iter()
                .flat_map(|set| {
                    if !self.asked(id, &set) {
                        return vec![set];
                    }
                    let with = |answer| {
                        let mut more = set.clone();
                        more.insert(id.clone(), answer);
                        more
                    };
                    self.answers(self.question(id)).into_iter().map(with).collect()
                })
                .collect();
            if all.len() > limit {
                return None;
            }
        }
        Some(all)
    }

    /// The rules that fire, in file order.
    pub(crate) fn fired(&self, set: &Set) -> Vec<usize> {
        (0..self.draft.rules.len()).filter(|&at| self.holds(&self.draft.rules[at].when, set)).collect()
    }

    /// The place of the outcome, 0 for the worst; `None` where nothing decides.
    pub(crate) fn outcome(&self, set: &Set) -> Option<usize> {
        let place = |name: &Name| self.draft.outcomes.iter().position(|outcome| outcome.text == name.text);
        let asked_for = self.fired(set).into_iter();
        let worst = asked_for.filter_map(|at| place(self.draft.rules[at].outcome.as_ref()?)).min();
        worst.or_else(|| place(self.draft.otherwise.as_ref()?))
    }

    /// Whether an answer in a set calls for crisis help.
    pub(crate) fn crisis(&self, set: &Set) -> bool {
        set.iter().any(|(id, answer)| {
            let question = self.question(id);
            let ids = options(question);
            let listed = |at: &u16| question.crisis.iter().any(|name| name.text == ids[usize::from(*at)]);
            match (&question.kind, answer) {
                (_, Answer::One(option)) => listed(option),
                (_, Answer::Many(ticks)) => ticks.iter().any(listed),
                (DraftKind::Instrument { instrument, .. }, Answer::Items(items)) => {
                    instrument.crisis_items.iter().any(|&item| items[item as usize - 1] > Some(0))
                }
                _ => false,
            }
        })
    }

    /// Whom to talk to: the worst rules' people first, nobody twice, nobody because of a note.
    pub(crate) fn talk_to(&self, set: &Set) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for outcome in &self.draft.outcomes {
            for rule in self.fired(set).into_iter().map(|at| &self.draft.rules[at]) {
                if rule.outcome.as_ref().is_none_or(|asked_for| asked_for.text != outcome.text) {
                    continue;
                }
                let more = rule.talk_to_when.iter().filter(|talk| self.holds(&talk.when, set));
                for name in rule.talk_to.iter().chain(more.flat_map(|talk| &talk.to)) {
                    if !all.contains(&name.text.as_str()) {
                        all.push(&name.text);
                    }
                }
            }
        }
        all
    }

    /// How many parts of a condition can never hold: the whole of it, or branches of it. What must hold with it is
    /// given too.
    pub(crate) fn impossible(
        &self,
        condition: &DraftCondition,
        context: &[&DraftCondition],
        sets: &[Set],
    ) -> usize {
        if !self.possible(condition, context, sets) {
            return 1;
        }
        match condition {
            DraftCondition::Line(_) | DraftCondition::Set(_) => 0,
            DraftCondition::All(parts) => {
                let around = |at: usize| {
                    let others = parts.iter().enumerate().filter(move |(other, _)| *other != at);
                    context.iter().copied().chain(others.map(|(_, part)| part)).collect::<Vec<_>>()
                };
                (0..parts.len()).map(|at| self.impossible(&parts[at], &around(at), sets)).sum()
            }
            DraftCondition::Any(parts) | DraftCondition::AtLeast(_, parts) => {
                parts.iter().map(|part| self.impossible(part, context, sets)).sum()
            }
            DraftCondition::None(parts) => parts.iter().map(|part| self.impossible(part, &[], sets)).sum(),
        }
    }

    fn possible(&self, condition: &DraftCondition, context: &[&DraftCondition], sets: &[Set]) -> bool {
        sets.iter()
            .any(|set| self.holds(condition, set) && context.iter().all(|other| self.holds(other, set)))
    }

    /// The questions whose answers are not the safest ones.
    pub(crate) fn unusual<'s>(&self, set: &'s Set) -> Vec<&'s String> {
        let unusual = set.iter().filter(|(id, answer)| !self.is_safest(self.question(id), answer));
        unusual.map(|(id, _)| id).collect()
    }

    /// Whether an answer calls for crisis help.
    pub(crate) fn calls(&self, id: &str, answer: &Answer) -> bool {
        self.crisis(&Set::from([(id.to_owned(), answer.clone())]))
    }

    /// Whether some answer to a question calls for crisis help.
    pub(crate) fn may_call(&self, id: &str) -> bool {
        self.answers(self.question(id)).iter().any(|answer| self.calls(id, answer))
    }

    /// Whether another answer to a question changes what follows: which questions are asked, which rules fire, and whom
    /// they name. `order`: all questions, each after those that it waits for.
    pub(crate) fn differ(&self, order: &[String], set: &Set, id: &str, other: &Answer) -> bool {
        let mut changed = set.clone();
        changed.insert(id.to_owned(), other.clone());
        if order.iter().any(|id| self.asked(id, set) != self.asked(id, &changed)) {
            return true;
        }
        let named = |set: &Set| -> Vec<(usize, BTreeSet<String>)> {
            let people = |rule: &DraftRule| {
                let more = rule.talk_to_when.iter().filter(|talk| self.holds(&talk.when, set));
                rule.talk_to
                    .iter()
                    .chain(more.flat_map(|talk| &talk.to))
                    .map(|name| name.text.clone())
                    .collect()
            };
            self.fired(set).into_iter().map(|at| (at, people(&self.draft.rules[at]))).collect()
        };
        named(set) != named(&changed)
    }

    /// Whether no answer to a question ever changes anything.
    pub(crate) fn idle(&self, order: &[String], sets: &[Set], id: &str) -> bool {
        let answers = self.answers(self.question(id));
        !sets
            .iter()
            .filter(|set| set.contains_key(id))
            .any(|set| answers.iter().any(|answer| self.differ(order, set, id, answer)))
    }

    /// Whether a line that decides something reads a question, or names an option of it. Who reads a short instrument reads
    /// the long one that answers it.
    pub(crate) fn reads(&self, id: &str, option: Option<&str>) -> bool {
        let draft = self.draft;
        let mut lines: Vec<&DraftLine> = Vec::new();
        let asked = draft.questions.iter().filter_map(|question| question.asked_when.as_ref());
        asked.for_each(|when| self.lines(when, &mut lines));
        for rule in &draft.rules {
            self.lines(&rule.when, &mut lines);
            rule.talk_to_when.iter().for_each(|talk| self.lines(&talk.when, &mut lines));
        }
        let answers_for_another = draft.questions.iter().any(|question| {
            matches!(&question.kind, DraftKind::Instrument { answered_by: Some(by), .. } if by.text == id)
        });
        let mut own = lines.into_iter().filter(|line| line.subject.text == id);
        let Some(option) = option else { return answers_for_another || own.next().is_some() };
        let among = |names: &[Name]| names.iter().any(|name| name.text == option);
        own.any(|line| match &line.test {
            DraftTest::Is(names) | DraftTest::Includes(names) | DraftTest::IncludesAtLeast(_, names) => {
                among(names)
            }
            DraftTest::IsNot(_) => true,
            DraftTest::IsUnknown => among(&self.question(id).unknown),
            _ => false,
        })
    }

    fn lines<'l>(&'l self, condition: &'l DraftCondition, found: &mut Vec<&'l DraftLine>) {
        match condition {
            DraftCondition::All(parts)
            | DraftCondition::Any(parts)
            | DraftCondition::None(parts)
            | DraftCondition::AtLeast(_, parts) => parts.iter().for_each(|part| self.lines(part, found)),
            DraftCondition::Set(name) => {
                let set = self.draft.sets.iter().find(|set| set.name.text == name.text).expect("a set");
                self.lines(&set.condition, found);
            }
            DraftCondition::Line(line) => found.push(line),
        }
    }

    /// Whether an option, alone, is the safest answer.
    pub(crate) fn is_safest_option(&self, question: &DraftQuestion, option: u16) -> bool {
        let alone = match question.kind {
            DraftKind::Many { .. } => Answer::Many(vec![option]),
            _ => Answer::One(option),
        };
        self.is_safest(question, &alone)
    }

    /// Whether an option that is ticked or chosen never changes anything against the safest answer, nor against the same
    /// answer without it.
    pub(crate) fn idle_option(&self, order: &[String], sets: &[Set], id: &str, option: u16) -> bool {
        let question = self.question(id);
        let safest: Vec<Answer> =
            self.answers(question).into_iter().filter(|answer| self.is_safest(question, answer)).collect();
        !sets.iter().any(|set| match set.get(id) {
            Some(Answer::One(at)) if *at == option => self.differ(order, set, id, &safest[0]),
            Some(Answer::Many(ticks)) if *ticks == [option] => self.differ(order, set, id, &safest[0]),
            Some(Answer::Many(ticks)) if ticks.contains(&option) => {
                let rest = ticks.iter().copied().filter(|&at| at != option).collect();
                self.differ(order, set, id, &Answer::Many(rest))
            }
            _ => false,
        })
    }

    pub(crate) fn is_safest(&self, question: &DraftQuestion, answer: &Answer) -> bool {
        let order = question.direction.as_ref().map(|direction| &direction.order);
        let ids = options(question);
        match (&question.kind, answer) {
            (DraftKind::Many { exclusive, .. }, Answer::Many(ticks)) => {
                let harmless = |id: &String| {
                    exclusive.iter().any(|name| name.text == *id)
                        && !question.unknown.iter().any(|name| name.text == *id)
                };
                let safest = ids.iter().position(harmless).unwrap_or(0);
                *ticks == [safest as u16]
            }
            (_, Answer::One(at)) => match order {
                Some(DraftOrder::Listed(order)) => order[0].text == ids[usize::from(*at)],
                _ => *at == 0,
            },
            (DraftKind::Number { low, high, .. }, Answer::Number(value)) => {
                *value == if matches!(order, Some(DraftOrder::Lower)) { high.digits } else { low.digits }
            }
            (DraftKind::Instrument { instrument, .. }, Answer::Items(items)) => {
                items.iter().zip(&instrument.items).all(|(value, &high)| {
                    let safest = if matches!(order, Some(DraftOrder::Lower)) { high } else { 0 };
                    value.is_none_or(|value| value == safest)
                })
            }
            _ => false,
        }
    }

    /// Whether the second answer is one step of risk above the first.
    pub(crate) fn riskier(&self, question: &DraftQuestion, less: &Answer, more: &Answer) -> bool {
        let Some(DraftDirection { of: Direction::Risk, order, .. }) = &question.direction else {
            return false;
        };
        let ids = options(question);
        match (less, more, order) {
            (Answer::One(less), Answer::One(more), DraftOrder::Listed(order)) => {
                let place = |at: u16| order.iter().position(|name| name.text == ids[usize::from(at)]);
                place(*less) < place(*more)
            }
            (Answer::Number(less), Answer::Number(more), order) => {
                if matches!(order, DraftOrder::Lower) {
                    less > more
                } else {
                    less < more
                }
            }
            (Answer::Many(less), Answer::Many(more), _) => {
                let DraftKind::Many { exclusive, .. } = &question.kind else { return false };
                let is = |names: &[Name], at: u16| names.iter().any(|n| n.text == ids[usize::from(at)]);
                let harmless = |at: u16| is(exclusive, at) && !is(&question.unknown, at);
                let one_more = more.len() == less.len() + 1
                    && less.iter().all(|at| more.contains(at))
                    && more.iter().all(|&at| !is(exclusive, at));
                let from_none = matches!((&less[..], &more[..]), ([l], [m]) if harmless(*l) && !harmless(*m));
                one_more || from_none
            }
            (Answer::Items(less), Answer::Items(more), order) => {
                let DraftKind::Instrument { instrument, .. } = &question.kind else { return false };
                let (low, high) =
                    if matches!(order, DraftOrder::Lower) { (more, less) } else { (less, more) };
                if instrument.gated && low[0] == Some(0) {
                    return high[0] == Some(1);
                }
                let step = |a: &Option<u8>, b: &Option<u8>| a.zip(*b).is_some_and(|(a, b)| a + 1 == b);
                let changed: Vec<usize> = (0..low.len()).filter(|&at| low[at] != high[at]).collect();
                matches!(changed[..], [at] if step(&low[at], &high[at]))
            }
            _ => false,
        }
    }

    /// Whether one answer is definite and the other "unknown"; of several options ticked together, the definite answer
    /// has all that are known.
    pub(crate) fn definite_and_unknown(
        &self,
        question: &DraftQuestion,
        definite: &Answer,
        unknown: &Answer,
    ) -> bool {
        let ids = options(question);
        let is = |at: u16| question.unknown.iter().any(|name| name.text == ids[usize::from(at)]);
        match (definite, unknown) {
            (Answer::One(definite), Answer::One(unknown)) => !is(*definite) && is(*unknown),
            (Answer::Many(definite), Answer::Many(unknown)) => {
                let known = |at: &&u16| !is(**at);
                !definite.iter().any(|&at| is(at))
                    && unknown.iter().any(|&at| is(at))
                    && unknown.iter().filter(known).all(|at| definite.contains(at))
            }
            (Answer::Number(_), Answer::Unknown) => true,
            _ => false,
        }
    }
}

/// Option ids of a question.
pub(crate) fn options(question: &DraftQuestion) -> Vec<String> {
    match &question.kind {
        DraftKind::One { options } | DraftKind::Many { options, .. } => {
            options.iter().map(|name| name.text.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether two answer sets agree on every question that both answer, one question left out.
pub(crate) fn agree_but_for(id: &str, one: &Set, other: &Set) -> bool {
    one.iter()
        .all(|(question, answer)| question == id || other.get(question).is_none_or(|same| same == answer))
}
