//! From names to what they name.

use crate::decimal::Decimal;
use crate::draft::{
    Direction, Draft, DraftBound, DraftCondition, DraftDirection, DraftKind, DraftLine, DraftOrder,
    DraftPromise, DraftQuestion, DraftRule, DraftTest, DraftUnlikely, Instrument, Name, Origin, Quantity,
};
use crate::fault::{EmptyList, Fault, FaultKind, QuestionKind, Setting, TestKind, Thing};
use crate::nearest::nearest;
use crate::program::{
    Choice, Condition, Kind, Line, OutcomeIdx, Program, Question, QuestionIdx, Rule, RuleIdx, SectionIdx,
    TalkIdx, Test,
};
use crate::questionnaire::{
    Bound, Invariant, OptionFacts, Order, Promise, QuestionFacts, Questionnaire, RuleFacts, SetFacts,
};

/// How deeply conditions may nest, through named conditions too. Keeps every later walk within its stack.
pub(crate) const MAX_DEPTH: u32 = 32;

/// The most questions, options, rules… of a kind.
const MAX_COUNT: usize = 10_000;

/// The most outcomes: the proof keeps an outcome in one byte.
const MAX_OUTCOMES: usize = 200;

/// The widest range of a number question, scaled: answers are counted one by one.
pub(crate) const MAX_SPAN: i64 = 1_000_000_000_000;

/// Finds everything that the draft names, or says all that is wrong with it at once.
///
/// Faults come in the order of the draft: outcomes, questions, named conditions, rules, promises.
pub fn resolve(draft: &Draft) -> Result<Questionnaire, Vec<Fault>> {
    let mut resolver = Resolver { draft, faults: Vec::new(), questions: Vec::new(), set_places: Vec::new() };
    let questionnaire = resolver.run();
    match questionnaire {
        Some(questionnaire) if resolver.faults.is_empty() => Ok(questionnaire),
        _ => Err(resolver.faults),
    }
}

struct Resolver<'a> {
    draft: &'a Draft,
    faults: Vec<Fault>,
    /// What is known of each question before any condition is read; `None` where its kind is broken.
    questions: Vec<Option<Question>>,
    /// For each set of the draft its place in the program; `None` where it is part of a cycle.
    set_places: Vec<Option<u16>>,
}

/// A condition as it is being read: where its lines stand.
struct Reading {
    owner: Name,
    lines: Vec<Origin>,
}

impl Reading {
    fn of(owner: &Name) -> Self {
        Self { owner: owner.clone(), lines: Vec::new() }
    }
}

impl<'a> Resolver<'a> {
    fn fault(&mut self, origin: Origin, kind: FaultKind) {
        self.faults.push(Fault { origin, kind });
    }

    fn run(&mut self) -> Option<Questionnaire> {
        let draft = self.draft;
        if draft.id.text.is_empty() {
            self.fault(draft.id.origin, FaultKind::EmptyName { what: Thing::Checker });
        }
        self.unique(Thing::Section, &draft.sections, None);
        self.unique(Thing::Outcome, &draft.outcomes, None);
        self.unique(Thing::TalkTo, &draft.talk_to, None);
        if draft.outcomes.is_empty() {
            let owner = draft.id.text.clone();
            self.fault(draft.id.origin, FaultKind::Empty { list: EmptyList::Outcomes, owner });
        }
        self.not_too_many(Thing::Section, draft.sections.len(), MAX_COUNT);
        self.not_too_many(Thing::Outcome, draft.outcomes.len(), MAX_OUTCOMES);
        self.not_too_many(Thing::TalkTo, draft.talk_to.len(), MAX_COUNT);
        self.not_too_many(Thing::Question, draft.questions.len(), MAX_COUNT);
        self.not_too_many(Thing::Set, draft.sets.len(), MAX_COUNT);
        self.not_too_many(Thing::Rule, draft.rules.len(), MAX_COUNT);
        if self.faults.iter().any(|fault| matches!(fault.kind, FaultKind::TooMany { .. })) {
            return None;
        }
        let otherwise = draft.otherwise.as_ref().and_then(|name| self.outcome(name));
        let mut stop_at = vec![false; draft.outcomes.len()];
        let mut ends: Vec<(&Name, OutcomeIdx)> = Vec::new();
        for name in &draft.stop_at {
            if let Some(outcome) = self.outcome(name) {
                stop_at[outcome.index()] = true;
                ends.push((name, outcome));
            }
        }
        for (name, outcome) in ends {
            let worse: Vec<String> = draft.outcomes[..outcome.index()]
                .iter()
                .zip(&stop_at)
                .filter(|(_, stops)| !**stops)
                .map(|(worse, _)| worse.text.clone())
                .collect();
            if !worse.is_empty() {
                self.fault(name.origin, FaultKind::StopBeforeWorse { outcome: name.text.clone(), worse });
            }
        }

        if draft.questions.is_empty() {
            let owner = draft.id.text.clone();
            self.fault(draft.id.origin, FaultKind::Empty { list: EmptyList::Questions, owner });
        }
        let ids: Vec<Name> = draft.questions.iter().map(|question| question.id.clone()).collect();
        self.unique(Thing::Question, &ids, None);
        let mut facts = Vec::new();
        for question in &draft.questions {
            let (resolved, fact) = self.question(question);
            self.questions.push(resolved);
            facts.push(fact);
        }
        for (at, question) in draft.questions.iter().enumerate() {
            self.answered_by(at, question);
        }

        let (sets, set_facts) = self.sets();
        for (at, question) in draft.questions.iter().enumerate() {
            let Some(when) = &question.asked_when else { continue };
            let mut reading = Reading::of(&question.id);
            let condition = self.condition(when, &mut reading, 0);
            facts[at].lines = reading.lines;
            if let Some(resolved) = &mut self.questions[at] {
                resolved.asked_when = condition;
            }
        }
        let (rules, rule_facts) = self.rules();
        let invariants = self.invariants(&facts);

        let questions = std::mem::take(&mut self.questions).into_iter().collect::<Option<Vec<Question>>>()?;
        self.deep_sets(&sets, &questions, &rules);
        let order = self.order(&questions, &sets)?;
        let text = |names: &[Name]| names.iter().map(|name| name.text.clone()).collect();
        Some(Questionnaire {
            program: Program {
                id: draft.id.text.clone(),
                outcomes: text(&draft.outcomes),
                otherwise,
                stop_at,
                talk_to: text(&draft.talk_to),
                sections: text(&draft.sections),
                questions,
                order,
                sets,
                rules,
            },
            questions: facts,
            rules: rule_facts,
            sets: set_facts,
            outcomes: draft.outcomes.iter().map(|name| name.origin).collect(),
            invariants,
            origin: draft.id.origin,
        })
    }

    fn not_too_many(&mut self, what: Thing, count: usize, limit: usize) {
        if count > limit {
            let limit = u32::try_from(limit).unwrap_or(u32::MAX);
            self.fault(self.draft.id.origin, FaultKind::TooMany { what, limit });
        }
    }

    /// Names of one kind: none empty, none twice.
    fn unique(&mut self, what: Thing, names: &[Name], of: Option<&str>) {
        for (at, name) in names.iter().enumerate() {
            if name.text.is_empty() {
                self.fault(name.origin, FaultKind::EmptyName { what });
            } else if let Some(first) = names[..at].iter().find(|earlier| earlier.text == name.text) {
                let (name_text, of) = (name.text.clone(), of.map(str::to_owned));
                self.fault(
                    name.origin,
                    FaultKind::DuplicateName { what, name: name_text, of, first: first.origin },
                );
            }
        }
    }

    /// The place of a name in a list; a fault if it is not there.
    fn find<'n>(
        &mut self,
        what: Thing,
        name: &Name,
        known: impl Iterator<Item = &'n str> + Clone,
        of: Option<&str>,
    ) -> Option<u16> {
        if let Some(at) = known.clone().position(|known| known == name.text) {
            return u16::try_from(at).ok();
        }
        let nearest = nearest(&name.text, known).map(str::to_owned);
        let kind =
            FaultKind::UnknownName { what, name: name.text.clone(), of: of.map(str::to_owned), nearest };
        self.fault(name.origin, kind);
        None
    }

    fn outcome(&mut self, name: &Name) -> Option<OutcomeIdx> {
        let draft = self.draft;
        let known = draft.outcomes.iter().map(|outcome| outcome.text.as_str());
        self.find(Thing::Outcome, name, known, None).map(OutcomeIdx)
    }

    fn talk(&mut self, names: &[Name]) -> Vec<TalkIdx> {
        let draft = self.draft;
        let known = draft.talk_to.iter().map(|talk| talk.text.as_str());
        let mut all = Vec::new();
        for name in names {
            if let Some(talk) = self.find(Thing::TalkTo, name, known.clone(), None).map(TalkIdx)
                && !all.contains(&talk)
            {
                all.push(talk);
            }
        }
        all
    }

    fn find_question(&mut self, name: &Name) -> Option<QuestionIdx> {
        let draft = self.draft;
        let known = draft.questions.iter().map(|question| question.id.text.as_str());
        self.find(Thing::Question, name, known, None).map(QuestionIdx)
    }

    /// Options of a question by name; a fault for each that is unknown or repeated. Ascending.
    fn options(&mut self, question: &str, options: &[Choice], names: &[Name]) -> Vec<u16> {
        let mut found = Vec::new();
        for name in names {
            let known = options.iter().map(|option| option.id.as_str());
            let Some(at) = self.find(Thing::Option, name, known, Some(question)) else { continue };
            if found.contains(&at) {
                let kind =
                    FaultKind::RepeatedOption { question: question.to_owned(), option: name.text.clone() };
                self.fault(name.origin, kind);
            } else {
                found.push(at);
            }
        }
        found.sort_unstable();
        found
    }

    fn question(&mut self, question: &DraftQuestion) -> (Option<Question>, QuestionFacts) {
        let id = &question.id;
        let draft = self.draft;
        let known = draft.sections.iter().map(|section| section.text.as_str());
        let section = question.section.as_ref().and_then(|name| self.find(Thing::Section, name, known, None));
        let (kind, options) = self.kind(question);
        let direction = match (&question.direction, &kind) {
            (Some(direction), Some(kind)) => {
                self.direction(id, direction, kind).map(|order| (direction.of, order))
            }
            _ => None,
        };
        let facts = QuestionFacts { origin: id.origin, options, direction, lines: Vec::new() };
        let resolved = kind.map(|kind| Question {
            id: id.text.clone(),
            section: section.map(SectionIdx),
            kind,
            asked_when: None,
        });
        (resolved, facts)
    }

    fn kind(&mut self, question: &DraftQuestion) -> (Option<Kind>, Vec<OptionFacts>) {
        let id = &question.id;
        match &question.kind {
            DraftKind::One { options } => {
                let Some((options, facts)) = self.choices(question, options, &[]) else {
                    return (None, Vec::new());
                };
                (Some(Kind::One { options }), facts)
            }
            DraftKind::Many { options, exclusive } => {
                let Some((options, facts)) = self.choices(question, options, exclusive) else {
                    return (None, Vec::new());
                };
                if options.iter().all(|option| option.exclusive) {
                    self.fault(id.origin, FaultKind::OnlyExclusive { question: id.text.clone() });
                }
                (Some(Kind::Many { options }), facts)
            }
            DraftKind::Number { unit, low, high, decimals, unlikely } => {
                self.fits_not(id, QuestionKind::Number, Setting::Crisis, &question.crisis, 0);
                self.fits_not(id, QuestionKind::Number, Setting::Inert, &question.inert, 0);
                self.fits_not(id, QuestionKind::Number, Setting::Unknown, &question.unknown, 1);
                let scaled = |value: Decimal| {
                    if *decimals <= Decimal::MAX_SCALE { value.scaled(*decimals) } else { None }
                };
                let range = scaled(*low)
                    .zip(scaled(*high))
                    .filter(|(low, high)| low < high && high.checked_sub(*low).is_some_and(|s| s < MAX_SPAN));
                let Some((lowest, highest)) = range else {
                    let kind = FaultKind::BadRange { question: id.text.clone(), low: *low, high: *high };
                    self.fault(id.origin, kind);
                    return (None, Vec::new());
                };
                let mut usual = (lowest, highest);
                if let Some(DraftUnlikely { origin, below, above }) = unlikely {
                    let from = below.map_or(Some(lowest), scaled);
                    let to = above.map_or(Some(highest), scaled);
                    match from.zip(to) {
                        // Something is unlikely, and something is not.
                        Some((from, to))
                            if lowest <= from && from <= to && to <= highest && (from, to) != usual =>
                        {
                            usual = (from, to);
                        }
                        _ => {
                            let kind =
                                FaultKind::BadUnlikely { question: id.text.clone(), low: *low, high: *high };
                            self.fault(*origin, kind);
                        }
                    }
                }
                let kind = Kind::Number {
                    usual,
                    unit: unit.as_ref().map(|unit| unit.text.clone()),
                    low: lowest,
                    high: highest,
                    decimals: *decimals,
                    unknown: question.unknown.first().map(|name| name.text.clone()),
                };
                (Some(kind), Vec::new())
            }
            DraftKind::Instrument { instrument, .. } => {
                self.fits_not(id, QuestionKind::Instrument, Setting::Unknown, &question.unknown, 0);
                self.fits_not(id, QuestionKind::Instrument, Setting::Crisis, &question.crisis, 0);
                self.fits_not(id, QuestionKind::Instrument, Setting::Inert, &question.inert, 0);
                (self.instrument(id, instrument), Vec::new())
            }
        }
    }

    fn fits_not(&mut self, id: &Name, kind: QuestionKind, setting: Setting, names: &[Name], allowed: usize) {
        if let Some(extra) = names.get(allowed) {
            let kind = FaultKind::SettingDoesNotFit { question: id.text.clone(), kind, setting };
            self.fault(extra.origin, kind);
        }
    }

    fn choices(
        &mut self,
        question: &DraftQuestion,
        names: &[Name],
        exclusive: &[Name],
    ) -> Option<(Vec<Choice>, Vec<OptionFacts>)> {
        let id = &question.id;
        if names.is_empty() {
            let owner = id.text.clone();
            self.fault(id.origin, FaultKind::Empty { list: EmptyList::Options, owner });
            return None;
        }
        if names.len() > MAX_COUNT {
            self.not_too_many(Thing::Option, names.len(), MAX_COUNT);
            return None;
        }
        self.unique(Thing::Option, names, Some(&id.text));
        let mut choices: Vec<Choice> = names
            .iter()
            .map(|name| Choice { id: name.text.clone(), exclusive: false, unknown: false, crisis: false })
            .collect();
        let mut facts: Vec<OptionFacts> =
            names.iter().map(|name| OptionFacts { origin: name.origin, inert: false }).collect();
        for at in self.options(&id.text, &choices.clone(), exclusive) {
            choices[usize::from(at)].exclusive = true;
        }
        for at in self.options(&id.text, &choices.clone(), &question.unknown) {
            choices[usize::from(at)].unknown = true;
        }
        for at in self.options(&id.text, &choices.clone(), &question.crisis) {
            choices[usize::from(at)].crisis = true;
        }
        for at in self.options(&id.text, &choices, &question.inert) {
            facts[usize::from(at)].inert = true;
        }
        Some((choices, facts))
    }

    fn instrument(&mut self, id: &Name, instrument: &Instrument) -> Option<Kind> {
        let items = &instrument.items;
        if items.is_empty() || items.contains(&0) || items.len() > MAX_COUNT {
            let owner = id.text.clone();
            self.fault(id.origin, FaultKind::Empty { list: EmptyList::Items, owner });
            return None;
        }
        if instrument.gated && items.len() < 2 {
            self.fault(id.origin, FaultKind::BadGate { question: id.text.clone() });
            return None;
        }
        let mut crisis_items = Vec::new();
        for &item in &instrument.crisis_items {
            match self.item(id, item, items.len(), id.origin) {
                Some(at) if !crisis_items.contains(&at) => crisis_items.push(at),
                _ => {}
            }
        }
        Some(Kind::Instrument {
            items: items.clone(),
            gated: instrument.gated,
            crisis_items,
            answered_by: None,
        })
    }

    /// An item counted from 1 as a place counted from 0.
    fn item(&mut self, id: &Name, item: u32, items: usize, origin: Origin) -> Option<u16> {
        let at = item.checked_sub(1).and_then(|at| u16::try_from(at).ok());
        let at = at.filter(|&at| usize::from(at) < items);
        if at.is_none() {
            let items = u32::try_from(items).unwrap_or(u32::MAX);
            self.fault(origin, FaultKind::NoSuchItem { question: id.text.clone(), item, items });
        }
        at
    }

    fn answered_by(&mut self, at: usize, question: &DraftQuestion) {
        let DraftKind::Instrument { answered_by: Some(name), .. } = &question.kind else { return };
        let Some(by) = self.find_question(name) else { return };
        let own = match self.questions.get(at) {
            Some(Some(Question { kind: Kind::Instrument { items, gated: false, .. }, .. })) => items.clone(),
            Some(None) | None => return,
            _ => Vec::new(),
        };
        let starts_alike = match self.questions.get(by.index()) {
            Some(Some(Question { kind: Kind::Instrument { items, gated: false, .. }, .. })) => {
                !own.is_empty() && by.index() != at && items.starts_with(&own)
            }
            Some(None) => return,
            _ => false,
        };
        if !starts_alike {
            let (question, by) = (question.id.text.clone(), name.text.clone());
            self.fault(name.origin, FaultKind::CannotAnswer { question, by });
        } else if let Some(Some(Question { kind: Kind::Instrument { answered_by, .. }, .. })) =
            self.questions.get_mut(at)
        {
            *answered_by = Some(by);
        }
    }

    fn direction(&mut self, id: &Name, direction: &DraftDirection, kind: &Kind) -> Option<Order> {
        let question = id.text.clone();
        match (&direction.order, kind) {
            (DraftOrder::Listed(names), Kind::One { options }) => {
                // `options` sorts; the order of the list is what counts here.
                let found = self.options(&id.text, options, names);
                let missing: Vec<String> = (0u16..)
                    .zip(options)
                    .filter(|(at, _)| !found.contains(at))
                    .map(|(_, option)| option.id.clone())
                    .collect();
                if !missing.is_empty() {
                    self.fault(direction.origin, FaultKind::DirectionIncomplete { question, missing });
                    return None;
                }
                let place = |name: &Name| {
                    let at = options.iter().position(|option| option.id == name.text)?;
                    u16::try_from(at).ok()
                };
                Some(Order::Listed(names.iter().filter_map(place).collect()))
            }
            (DraftOrder::Higher, Kind::Number { .. } | Kind::Instrument { .. }) => Some(Order::Higher),
            (DraftOrder::Lower, Kind::Number { .. } | Kind::Instrument { .. }) => Some(Order::Lower),
            (DraftOrder::More, Kind::Many { .. }) => Some(Order::More),
            _ => {
                let (kind, setting) = (question_kind(kind), Setting::Direction);
                self.fault(direction.origin, FaultKind::SettingDoesNotFit { question, kind, setting });
                None
            }
        }
    }

    /// Named conditions, each after those that it uses.
    fn sets(&mut self) -> (Vec<Condition>, Vec<SetFacts>) {
        let draft = self.draft;
        let names: Vec<Name> = draft.sets.iter().map(|set| set.name.clone()).collect();
        self.unique(Thing::Set, &names, None);
        for name in &names {
            if let Some(question) = draft.questions.iter().find(|question| question.id.text == name.text) {
                let kind = FaultKind::AmbiguousName { name: name.text.clone(), question: question.id.origin };
                self.fault(name.origin, kind);
            }
        }
        let uses: Vec<Vec<usize>> = draft
            .sets
            .iter()
            .map(|set| {
                let mut used = Vec::new();
                sets_used(&set.condition, &mut |name: &Name| {
                    used.extend(names.iter().position(|known| known.text == name.text));
                });
                used
            })
            .collect();
        let (order, cycle) = topological(&uses);
        self.set_places = vec![None; names.len()];
        for (place, &at) in order.iter().enumerate() {
            self.set_places[at] = u16::try_from(place).ok();
        }
        if let Some(&first) = cycle.first() {
            let sets = cycle.iter().map(|&at| names[at].text.clone()).collect();
            self.fault(names[first].origin, FaultKind::SetCycle { sets });
        }
        let mut sets = Vec::new();
        let mut facts = Vec::new();
        for at in order {
            let set = &draft.sets[at];
            let mut reading = Reading::of(&set.name);
            // A broken set holds its place; its fault keeps everything from being used.
            let condition = self.condition(&set.condition, &mut reading, 0);
            sets.push(condition.unwrap_or(Condition::Any(Vec::new())));
            facts.push(SetFacts {
                name: set.name.text.clone(),
                origin: set.name.origin,
                lines: reading.lines,
            });
        }
        (sets, facts)
    }

    fn condition(
        &mut self,
        condition: &DraftCondition,
        reading: &mut Reading,
        depth: u32,
    ) -> Option<Condition> {
        if depth > MAX_DEPTH {
            self.fault(reading.owner.origin, FaultKind::TooDeep { limit: MAX_DEPTH });
            return None;
        }
        match condition {
            DraftCondition::All(parts) => self.parts(parts, reading, depth).map(Condition::All),
            DraftCondition::Any(parts) => self.parts(parts, reading, depth).map(Condition::Any),
            DraftCondition::None(parts) => self.parts(parts, reading, depth).map(Condition::None),
            DraftCondition::AtLeast(count, parts) => {
                let resolved = self.parts(parts, reading, depth);
                let of = u32::try_from(parts.len()).unwrap_or(u32::MAX);
                if *count == 0 || (*count > of && of > 0) {
                    self.fault(reading.owner.origin, FaultKind::BadCount { count: *count, of });
                    return None;
                }
                resolved.map(|parts| Condition::AtLeast(*count, parts))
            }
            DraftCondition::Set(name) => {
                let draft = self.draft;
                let known = draft.sets.iter().map(|set| set.name.text.as_str());
                let at = self.find(Thing::Set, name, known, None)?;
                self.set_places.get(usize::from(at)).copied().flatten().map(Condition::Set)
            }
            DraftCondition::Line(line) => {
                let resolved = self.line(line)?;
                reading.lines.push(line.origin);
                Some(Condition::Line(resolved))
            }
        }
    }

    fn parts(
        &mut self,
        parts: &[DraftCondition],
        reading: &mut Reading,
        depth: u32,
    ) -> Option<Vec<Condition>> {
        if parts.is_empty() {
            let owner = reading.owner.text.clone();
            self.fault(reading.owner.origin, FaultKind::Empty { list: EmptyList::Parts, owner });
            return None;
        }
        // Every part is read before giving up, so that all faults are found.
        let read: Vec<Option<Condition>> =
            parts.iter().map(|part| self.condition(part, reading, depth + 1)).collect();
        read.into_iter().collect()
    }

    fn line(&mut self, line: &DraftLine) -> Option<Line> {
        let question = self.find_question(&line.subject)?;
        // A question that is broken itself has its own fault.
        let kind = self.questions.get(question.index())?.as_ref()?.kind.clone();
        let test = self.test(line, &kind)?;
        Some(Line { question, test })
    }

    fn test(&mut self, line: &DraftLine, kind: &Kind) -> Option<Test> {
        let id = &line.subject;
        match (&line.test, kind) {
            (DraftTest::Is(names), Kind::One { options })
            | (DraftTest::Includes(names), Kind::Many { options }) => {
                let of = self.line_options(line, options, names)?;
                Some(Test::Chosen { at_least: 1, of })
            }
            (DraftTest::IsNot(names), Kind::One { options }) => {
                let of = self.line_options(line, options, names)?;
                Some(Test::NotChosen { of })
            }
            (DraftTest::IncludesAtLeast(count, names), Kind::Many { options }) => {
                let of = self.line_options(line, options, names)?;
                let known = u32::try_from(of.len()).unwrap_or(u32::MAX);
                match u16::try_from(*count) {
                    Ok(at_least) if at_least > 0 && *count <= known => Some(Test::Chosen { at_least, of }),
                    _ => {
                        self.fault(line.origin, FaultKind::BadCount { count: *count, of: known });
                        None
                    }
                }
            }
            (DraftTest::IsUnknown, Kind::One { options } | Kind::Many { options }) => {
                let of: Vec<u16> =
                    (0u16..).zip(options).filter(|(_, option)| option.unknown).map(|(at, _)| at).collect();
                if of.is_empty() {
                    self.fault(line.origin, FaultKind::NoUnknownAnswer { question: id.text.clone() });
                    return None;
                }
                Some(Test::Chosen { at_least: 1, of })
            }
            (DraftTest::IsUnknown, Kind::Number { unknown, .. }) => {
                if unknown.is_none() {
                    self.fault(line.origin, FaultKind::NoUnknownAnswer { question: id.text.clone() });
                    return None;
                }
                Some(Test::Unknown)
            }
            (DraftTest::AtLeast(quantity), Kind::Number { .. } | Kind::Instrument { .. }) => {
                self.threshold(line, quantity, kind, TestKind::AtLeast).map(Test::AtLeast)
            }
            (DraftTest::Below(quantity), Kind::Number { .. } | Kind::Instrument { .. }) => {
                self.threshold(line, quantity, kind, TestKind::Below).map(Test::Below)
            }
            (DraftTest::ItemAtLeast { item, value }, Kind::Instrument { items, .. }) => {
                let (item, value) = self.item_threshold(line, items, *item, *value, TestKind::ItemAtLeast)?;
                Some(Test::ItemAtLeast { item, value })
            }
            (DraftTest::ItemBelow { item, value }, Kind::Instrument { items, .. }) => {
                let (item, value) = self.item_threshold(line, items, *item, *value, TestKind::ItemBelow)?;
                Some(Test::ItemBelow { item, value })
            }
            (test, kind) => {
                let (question, kind, test) = (id.text.clone(), question_kind(kind), test_kind(test));
                self.fault(line.origin, FaultKind::WrongTest { question, kind, test });
                None
            }
        }
    }

    /// The options that a line names; `None`, with a fault, unless all are known and there is one.
    fn line_options(&mut self, line: &DraftLine, options: &[Choice], names: &[Name]) -> Option<Vec<u16>> {
        if names.is_empty() {
            let owner = line.subject.text.clone();
            self.fault(line.origin, FaultKind::Empty { list: EmptyList::LineOptions, owner });
            return None;
        }
        let found = self.options(&line.subject.text, options, names);
        (found.len() == names.len()).then_some(found)
    }

    fn threshold(
        &mut self,
        line: &DraftLine,
        quantity: &Quantity,
        kind: &Kind,
        test: TestKind,
    ) -> Option<i64> {
        let question = line.subject.text.clone();
        let value = quantity.value;
        let (unit, low, high, decimals) = match kind {
            Kind::Number { unit, low, high, decimals, .. } => (unit.as_deref(), *low, *high, *decimals),
            Kind::Instrument { items, gated, .. } => (None, 0, highest_score(items, *gated), 0),
            Kind::One { .. } | Kind::Many { .. } => return None,
        };
        match (unit, &quantity.unit) {
            (Some(unit), None) => {
                let unit = unit.to_owned();
                self.fault(line.origin, FaultKind::MissingUnit { question, value, unit, test });
                return None;
            }
            (Some(unit), Some(found)) if unit != found.text => {
                let (unit, found_text) = (unit.to_owned(), found.text.clone());
                let kind = FaultKind::WrongUnit { question, value, found: found_text, unit, test };
                self.fault(found.origin, kind);
                return None;
            }
            (None, Some(found)) => {
                let kind = FaultKind::NeedlessUnit { question, found: found.text.clone() };
                self.fault(found.origin, kind);
                return None;
            }
            _ => {}
        }
        let (lowest, highest) =
            (Decimal { digits: low, scale: decimals }, Decimal { digits: high, scale: decimals });
        if value <= lowest || value > highest {
            let always = (value <= lowest) == (test == TestKind::AtLeast);
            let kind =
                FaultKind::OutsideRange { question, item: None, value, low: lowest, high: highest, always };
            self.fault(line.origin, kind);
            return None;
        }
        let scaled = value.scaled(decimals);
        if scaled.is_none() {
            self.fault(line.origin, FaultKind::TooPrecise { question, value, decimals });
        }
        scaled
    }

    fn item_threshold(
        &mut self,
        line: &DraftLine,
        items: &[u8],
        item: u32,
        value: u32,
        test: TestKind,
    ) -> Option<(u16, u8)> {
        let at = self.item(&line.subject, item, items.len(), line.origin)?;
        let high = items.get(usize::from(at)).copied()?;
        match u8::try_from(value) {
            Ok(value) if value > 0 && value <= high => Some((at, value)),
            _ => {
                let always = (value == 0) == (test == TestKind::ItemAtLeast);
                let kind = FaultKind::OutsideRange {
                    question: line.subject.text.clone(),
                    item: Some(item),
                    value: Decimal::whole(i64::from(value)),
                    low: Decimal::whole(0),
                    high: Decimal::whole(i64::from(high)),
                    always,
                };
                self.fault(line.origin, kind);
                None
            }
        }
    }

    fn rules(&mut self) -> (Vec<Rule>, Vec<RuleFacts>) {
        let draft = self.draft;
        let ids: Vec<Name> = draft.rules.iter().map(|rule| rule.id.clone()).collect();
        self.unique(Thing::Rule, &ids, None);
        let mut rules = Vec::new();
        let mut facts = Vec::new();
        for (at, rule) in draft.rules.iter().enumerate() {
            if rule.flag.text.is_empty() {
                self.fault(rule.flag.origin, FaultKind::EmptyName { what: Thing::Flag });
            } else if let Some(first) =
                draft.rules[..at].iter().find(|earlier| earlier.flag.text == rule.flag.text)
            {
                let kind = FaultKind::FlagUsedTwice {
                    flag: rule.flag.text.clone(),
                    first_rule: first.id.text.clone(),
                    first: first.flag.origin,
                };
                self.fault(rule.flag.origin, kind);
            }
            let (resolved, fact) = self.rule(rule);
            rules.extend(resolved);
            facts.push(fact);
        }
        (rules, facts)
    }

    fn rule(&mut self, rule: &DraftRule) -> (Option<Rule>, RuleFacts) {
        let outcome = rule.outcome.as_ref().and_then(|name| self.outcome(name));
        let talk_to = self.talk(&rule.talk_to);
        let mut reading = Reading::of(&rule.id);
        let when = self.condition(&rule.when, &mut reading, 0);
        let mut talk_to_when = Vec::new();
        let mut talk_lines = Vec::new();
        for talk in &rule.talk_to_when {
            if talk.to.is_empty() {
                let owner = rule.id.text.clone();
                self.fault(rule.id.origin, FaultKind::Empty { list: EmptyList::TalkTo, owner });
            }
            let to = self.talk(&talk.to);
            let mut reading = Reading::of(&rule.id);
            if let Some(when) = self.condition(&talk.when, &mut reading, 0) {
                talk_to_when.push((to, when));
                talk_lines.push(reading.lines);
            }
        }
        let resolved = when.map(|when| Rule {
            id: rule.id.text.clone(),
            flag: rule.flag.text.clone(),
            outcome,
            talk_to,
            talk_to_when,
            when,
        });
        (resolved, RuleFacts { origin: rule.id.origin, lines: reading.lines, talk_lines })
    }

    fn invariants(&mut self, facts: &[QuestionFacts]) -> Vec<Invariant> {
        let draft = self.draft;
        let ids: Vec<Name> = draft.invariants.iter().map(|invariant| invariant.id.clone()).collect();
        self.unique(Thing::Invariant, &ids, None);
        let mut invariants = Vec::new();
        for invariant in &draft.invariants {
            let id = &invariant.id;
            let promise = match &invariant.promise {
                DraftPromise::Always { when, outcome } => self
                    .bounded(id, when, outcome)
                    .map(|(when, lines, outcome)| Promise::Always { when, lines, outcome }),
                DraftPromise::Never { when, outcome } => self
                    .bounded(id, when, outcome)
                    .map(|(when, lines, outcome)| Promise::Never { when, lines, outcome }),
                DraftPromise::NeverBetter { with } => {
                    let with = self.promised(id, with);
                    for &(question, origin) in &with {
                        let declared = facts.get(question.index()).and_then(|fact| fact.direction.as_ref());
                        if !matches!(declared, Some((Direction::Risk, _))) {
                            let question = draft.questions[question.index()].id.text.clone();
                            self.fault(origin, FaultKind::NoRiskDirection { question });
                        }
                    }
                    let with = with.into_iter().map(|(question, _)| question).collect();
                    Some(Promise::NeverBetter { with })
                }
                DraftPromise::UnknownIsCareful { with } => {
                    let with = self.promised(id, with);
                    for &(question, origin) in &with {
                        let known = self.questions.get(question.index()).and_then(Option::as_ref);
                        if known.is_some_and(|question| !has_unknown(question)) {
                            let question = draft.questions[question.index()].id.text.clone();
                            self.fault(origin, FaultKind::NoUnknownAnswer { question });
                        }
                    }
                    let with = with.into_iter().map(|(question, _)| question).collect();
                    Some(Promise::UnknownIsCareful { with })
                }
                DraftPromise::ExactlyOne { of, when } => self.exactly_one(id, of, when.as_ref()),
            };
            if let Some(promise) = promise {
                invariants.push(Invariant { id: id.text.clone(), origin: id.origin, promise });
            }
        }
        invariants
    }

    fn bounded(
        &mut self,
        id: &Name,
        when: &DraftCondition,
        outcome: &DraftBound,
    ) -> Option<(Condition, Vec<Origin>, Bound)> {
        let mut reading = Reading::of(id);
        let condition = self.condition(when, &mut reading, 0);
        let named = self.outcome(&outcome.name);
        Some((condition?, reading.lines, Bound { outcome: named?, or: outcome.or }))
    }

    fn exactly_one(&mut self, id: &Name, of: &[Name], when: Option<&DraftCondition>) -> Option<Promise> {
        if of.is_empty() {
            let owner = id.text.clone();
            self.fault(id.origin, FaultKind::Empty { list: EmptyList::PromiseRules, owner });
        }
        self.unique(Thing::Rule, of, Some(&id.text));
        let draft = self.draft;
        let known = draft.rules.iter().map(|rule| rule.id.text.as_str());
        let of = of.iter().filter_map(|name| self.find(Thing::Rule, name, known.clone(), None).map(RuleIdx));
        let of = of.collect();
        let mut reading = Reading::of(id);
        let when = match when {
            Some(when) => Some(self.condition(when, &mut reading, 0)?),
            None => None,
        };
        Some(Promise::ExactlyOne { of, when, lines: reading.lines })
    }

    fn promised(&mut self, id: &Name, with: &[Name]) -> Vec<(QuestionIdx, Origin)> {
        if with.is_empty() {
            let owner = id.text.clone();
            self.fault(id.origin, FaultKind::Empty { list: EmptyList::Promise, owner });
        }
        with.iter().filter_map(|name| Some((self.find_question(name)?, name.origin))).collect()
    }

    /// Depth counted through named conditions.
    fn deep_sets(&mut self, sets: &[Condition], questions: &[Question], rules: &[Rule]) {
        let Some(depths) = set_depths(sets) else {
            self.fault(self.draft.id.origin, FaultKind::TooDeep { limit: MAX_DEPTH });
            return;
        };
        let asked = questions.iter().filter_map(|question| question.asked_when.as_ref());
        let fires = rules.iter().flat_map(|rule| {
            std::iter::once(&rule.when).chain(rule.talk_to_when.iter().map(|(_, when)| when))
        });
        if asked.chain(fires).any(|condition| depth(condition, &depths).is_none()) {
            self.fault(self.draft.id.origin, FaultKind::TooDeep { limit: MAX_DEPTH });
        }
    }

    /// Every question once, each after those that its being asked depends on, else in file order.
    fn order(&mut self, questions: &[Question], sets: &[Condition]) -> Option<Vec<QuestionIdx>> {
        let reads = set_reads(questions, sets);
        let needs: Vec<Vec<usize>> = (0..questions.len())
            .map(|at| needs(questions, &reads, at).into_iter().map(QuestionIdx::index).collect())
            .collect();
        let (order, cycle) = topological(&needs);
        if let Some(&first) = cycle.first() {
            let ids = cycle.iter().map(|&at| questions[at].id.clone()).collect();
            self.fault(self.draft.questions[first].id.origin, FaultKind::QuestionCycle { questions: ids });
            return None;
        }
        Some(order.into_iter().filter_map(|at| u16::try_from(at).ok().map(QuestionIdx)).collect())
    }
}

/// The questions that being asked depends on directly, ascending.
pub(crate) fn needs(questions: &[Question], set_reads: &[Vec<QuestionIdx>], at: usize) -> Vec<QuestionIdx> {
    let mut found = Vec::new();
    let Some(question) = questions.get(at) else { return found };
    if let Kind::Instrument { answered_by: Some(by), .. } = question.kind {
        found.push(by);
    }
    if let Some(when) = &question.asked_when {
        questions_read(questions, set_reads, when, &mut found);
    }
    crate::order::ascending(&mut found);
    found
}

/// For each set the questions that it reads, ascending. Each set uses only those before it.
pub(crate) fn set_reads(questions: &[Question], sets: &[Condition]) -> Vec<Vec<QuestionIdx>> {
    let mut reads: Vec<Vec<QuestionIdx>> = Vec::new();
    for set in sets {
        let mut found = Vec::new();
        questions_read(questions, &reads, set, &mut found);
        crate::order::ascending(&mut found);
        reads.push(found);
    }
    reads
}

/// Adds the questions that a condition reads; some may come more than once.
pub(crate) fn questions_read(
    questions: &[Question],
    set_reads: &[Vec<QuestionIdx>],
    condition: &Condition,
    found: &mut Vec<QuestionIdx>,
) {
    match condition {
        Condition::All(parts)
        | Condition::Any(parts)
        | Condition::None(parts)
        | Condition::AtLeast(_, parts) => {
            for part in parts {
                questions_read(questions, set_reads, part, found);
            }
        }
        Condition::Set(at) => found.extend(set_reads.get(usize::from(*at)).into_iter().flatten()),
        Condition::Line(line) => {
            found.push(line.question);
            // A score may be read from the longer instrument.
            if let Some(Question { kind: Kind::Instrument { answered_by: Some(by), .. }, .. }) =
                questions.get(line.question.index())
            {
                found.push(*by);
            }
        }
    }
}

/// How deeply each set nests; `None` if one is too deep or uses a later one.
pub(crate) fn set_depths(sets: &[Condition]) -> Option<Vec<u32>> {
    let mut depths: Vec<u32> = Vec::new();
    for set in sets {
        let depth = depth(set, &depths)?;
        depths.push(depth);
    }
    Some(depths)
}

/// How deeply a condition nests; `None` if it is too deep or uses a set that is not among `sets`.
pub(crate) fn depth(condition: &Condition, sets: &[u32]) -> Option<u32> {
    fn walk(condition: &Condition, sets: &[u32], above: u32) -> Option<u32> {
        if above > MAX_DEPTH {
            return None;
        }
        match condition {
            Condition::All(parts)
            | Condition::Any(parts)
            | Condition::None(parts)
            | Condition::AtLeast(_, parts) => {
                let mut deepest = 0;
                for part in parts {
                    deepest = deepest.max(walk(part, sets, above + 1)?);
                }
                Some(deepest + 1)
            }
            Condition::Set(at) => Some(sets.get(usize::from(*at))? + 1),
            Condition::Line(_) => Some(1),
        }
    }
    walk(condition, sets, 0).filter(|&depth| depth <= MAX_DEPTH + 1)
}

fn sets_used(condition: &DraftCondition, found: &mut dyn FnMut(&Name)) {
    fn walk(condition: &DraftCondition, found: &mut dyn FnMut(&Name), depth: u32) {
        if depth > MAX_DEPTH {
            return;
        }
        match condition {
            DraftCondition::All(parts)
            | DraftCondition::Any(parts)
            | DraftCondition::None(parts)
            | DraftCondition::AtLeast(_, parts) => {
                for part in parts {
                    walk(part, found, depth + 1);
                }
            }
            DraftCondition::Set(name) => found(name),
            DraftCondition::Line(_) => {}
        }
    }
    walk(condition, found, 0);
}

/// Puts `0..needs.len()` into an order in which each comes after all that it needs, the smallest first where there is
/// a choice; and one cycle, in order, if that is not possible for all.
fn topological(needs: &[Vec<usize>]) -> (Vec<usize>, Vec<usize>) {
    let mut done = vec![false; needs.len()];
    let mut order = Vec::with_capacity(needs.len());
    loop {
        let ready = (0..needs.len()).find(|&at| !done[at] && needs[at].iter().all(|&need| done[need]));
        let Some(at) = ready else { break };
        done[at] = true;
        order.push(at);
    }
    let Some(mut at) = done.iter().position(|done| !done) else { return (order, Vec::new()) };
    let mut path: Vec<usize> = Vec::new();
    loop {
        if let Some(start) = path.iter().position(|&seen| seen == at) {
            let mut cycle = path.split_off(start);
            // Start at the first in the file, so that the same mistake always reads the same.
            if let Some(first) = (0..cycle.len()).min_by_key(|&place| cycle[place]) {
                cycle.rotate_left(first);
            }
            return (order, cycle);
        }
        path.push(at);
        // The long way round says more than "it waits for itself".
        let open = || needs[at].iter().copied().filter(|&need| !done[need]);
        match open().find(|&need| need != at).or_else(|| open().next()) {
            Some(next) => at = next,
            None => return (order, path),
        }
    }
}

/// The highest score of an instrument.
pub(crate) fn highest_score(items: &[u8], gated: bool) -> i64 {
    items.iter().skip(usize::from(gated)).map(|&item| i64::from(item)).sum()
}

/// Whether a question has an unknown answer.
pub(crate) fn has_unknown(question: &Question) -> bool {
    match &question.kind {
        Kind::One { options } | Kind::Many { options } => options.iter().any(|option| option.unknown),
        Kind::Number { unknown, .. } => unknown.is_some(),
        Kind::Instrument { .. } => false,
    }
}

fn question_kind(kind: &Kind) -> QuestionKind {
    match kind {
        Kind::One { .. } => QuestionKind::One,
        Kind::Many { .. } => QuestionKind::Many,
        Kind::Number { .. } => QuestionKind::Number,
        Kind::Instrument { .. } => QuestionKind::Instrument,
    }
}

fn test_kind(test: &DraftTest) -> TestKind {
    match test {
        DraftTest::Is(_) => TestKind::Is,
        DraftTest::IsNot(_) => TestKind::IsNot,
        DraftTest::Includes(_) => TestKind::Includes,
        DraftTest::IncludesAtLeast(..) => TestKind::IncludesAtLeast,
        DraftTest::AtLeast(_) => TestKind::AtLeast,
        DraftTest::Below(_) => TestKind::Below,
        DraftTest::IsUnknown => TestKind::IsUnknown,
        DraftTest::ItemAtLeast { .. } => TestKind::ItemAtLeast,
        DraftTest::ItemBelow { .. } => TestKind::ItemBelow,
    }
}
