//! From answers to an outcome, with any number of answers missing.

use crate::answer::{Answer, Answers, missing_item};
use crate::program::{
    Condition, Kind, Line, OutcomeIdx, Program, Question, QuestionIdx, RuleIdx, TalkIdx, Test,
};

/// What a set of answers leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The worst outcome that a fired rule asks for, else `otherwise`. With answers missing this may still get worse
    /// and never better, unless an answer is changed.
    pub outcome: OutcomeIdx,
    /// Its rank: 1 for the best outcome, the number of outcomes for the worst.
    pub rank: u16,
    /// Rules that certainly hold whatever the missing answers: worst outcome first, then file order, notes last.
    pub fired: Vec<RuleIdx>,
    /// Questions that are certainly asked, in file order.
    pub shown: Vec<QuestionIdx>,
    /// Those of them that have no whole answer, in file order.
    pub missing: Vec<QuestionIdx>,
    /// Questions that have an answer and are not asked, in file order. Their answers were not read.
    pub ignored: Vec<QuestionIdx>,
    /// An answer calls for crisis help.
    pub crisis: bool,
    /// The outcome ends the questions at once.
    pub stopped: bool,
    /// Whom to talk to, from the fired rules that ask for an outcome, in their order, without repeats.
    pub talk_to: Vec<TalkIdx>,
}

/// One answer that made a rule fire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    /// The question.
    pub question: QuestionIdx,
    /// Which of the reader's chosen options count. Empty for a number and for an instrument.
    pub options: Vec<u16>,
    /// Which items of an instrument count, from 0. Empty when its score counts.
    pub items: Vec<u16>,
}

/// True, false, or open because an answer is missing. "And" is the least, "or" the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Truth {
    False,
    Open,
    True,
}

impl Truth {
    fn of(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Open => Self::Open,
            Self::True => Self::False,
        }
    }
}

/// Works out what answers lead to. Total: any answers of any program give a result.
pub fn evaluate(program: &Program, answers: &Answers) -> Evaluation {
    Evaluator::new(program, answers).evaluation()
}

/// The answers that made a rule fire, in file order; empty if it does not certainly fire.
pub fn because(program: &Program, answers: &Answers, rule: RuleIdx) -> Vec<Because> {
    let mut evaluator = Evaluator::new(program, answers);
    let Some(rule) = program.rules.get(rule.index()) else { return Vec::new() };
    if evaluator.condition(&rule.when) != Truth::True {
        return Vec::new();
    }
    let mut explanation = Explanation { found: Vec::new(), sets: vec![[false; 2]; program.sets.len()] };
    evaluator.explain(&rule.when, true, &mut explanation);
    crate::order::sort_by_key(&mut explanation.found, |because| because.question);
    explanation.found
}

/// An explanation as it grows.
struct Explanation {
    found: Vec<Because>,
    /// For each named condition, whether why it is false, or true, is in it already.
    sets: Vec<[bool; 2]>,
}

/// Evaluates conditions over one set of answers.
pub(crate) struct Evaluator<'a> {
    program: &'a Program,
    answers: &'a Answers,
    pub(crate) asked: Vec<Truth>,
    sets: Vec<Option<Truth>>,
}

impl<'a> Evaluator<'a> {
    /// Works out which questions are asked.
    pub(crate) fn new(program: &'a Program, answers: &'a Answers) -> Self {
        let mut evaluator = Self {
            program,
            answers,
            asked: vec![Truth::Open; program.questions.len()],
            sets: vec![None; program.sets.len()],
        };
        for &at in &program.order {
            let Some(question) = program.questions.get(at.index()) else { continue };
            let mut asked =
                question.asked_when.as_ref().map_or(Truth::True, |when| evaluator.condition(when));
            if let Kind::Instrument { answered_by: Some(by), .. } = question.kind {
                asked = asked.min(evaluator.is_asked(by).not());
            }
            if let Some(slot) = evaluator.asked.get_mut(at.index()) {
                *slot = asked;
            }
        }
        evaluator
    }

    /// Whether a question is asked.
    pub(crate) fn is_asked(&self, question: QuestionIdx) -> Truth {
        self.asked.get(question.index()).copied().unwrap_or(Truth::False)
    }

    /// Whether `asked-when` alone, leaving `answered-by` out, lets a question be asked.
    pub(crate) fn wanted(&mut self, question: &Question) -> Truth {
        question.asked_when.as_ref().map_or(Truth::True, |when| self.condition(when))
    }

    /// The whole answer to a question that is certainly asked.
    fn counted(&self, question: QuestionIdx) -> Option<&'a Answer> {
        if self.is_asked(question) == Truth::True { self.answers.get(question) } else { None }
    }

    /// Whether a certainly asked question still needs an answer, or the rest of one.
    pub(crate) fn is_missing(&self, question: QuestionIdx) -> bool {
        match (self.program.questions.get(question.index()), self.answers.get(question)) {
            (Some(asked), Some(answer)) => missing_item(asked, answer).is_some(),
            (Some(_), None) => true,
            (None, _) => false,
        }
    }

    pub(crate) fn evaluation(&mut self) -> Evaluation {
        let program = self.program;
        let mut fired: Vec<RuleIdx> = Vec::new();
        for (at, rule) in program.rules.iter().enumerate() {
            if self.condition(&rule.when) == Truth::True {
                fired.extend(u16::try_from(at).ok().map(RuleIdx));
            }
        }
        let asks_for = |rule: &RuleIdx| program.rules.get(rule.index()).and_then(|rule| rule.outcome);
        // A stable sort: equal outcomes keep file order; notes ask for nothing and come last.
        crate::order::sort_by_key(&mut fired, |rule| {
            asks_for(rule).map_or(u32::MAX, |outcome| u32::from(outcome.0))
        });
        let worst = fired.first().and_then(asks_for);
        let best = u16::try_from(program.outcomes.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let outcome = worst.or(program.otherwise).unwrap_or(OutcomeIdx(best));

        let mut talk_to: Vec<TalkIdx> = Vec::new();
        for index in fired.iter().filter(|rule| asks_for(rule).is_some()) {
            let Some(rule) = program.rules.get(index.index()) else { continue };
            for talk in self.rule_talk_to(rule) {
                if !talk_to.contains(&talk) {
                    talk_to.push(talk);
                }
            }
        }

        let shown: Vec<QuestionIdx> =
            program.question_indices().filter(|&question| self.is_asked(question) == Truth::True).collect();
        Evaluation {
            outcome,
            rank: program.rank(outcome),
            missing: shown.iter().copied().filter(|&question| self.is_missing(question)).collect(),
            ignored: self
                .answers
                .iter()
                .map(|(question, _)| question)
                .filter(|&question| self.is_asked(question) != Truth::True)
                .collect(),
            crisis: shown.iter().any(|&question| self.is_crisis(question)),
            stopped: worst.is_some_and(|worst| program.stops_at(worst)),
            fired,
            shown,
            talk_to,
        }
    }

    /// Everyone whom a rule sends the reader to under these answers, without repeats.
    pub(crate) fn rule_talk_to(&mut self, rule: &crate::program::Rule) -> Vec<TalkIdx> {
        let mut all = rule.talk_to.clone();
        for (to, when) in &rule.talk_to_when {
            if self.condition(when) == Truth::True {
                for &talk in to {
                    if !all.contains(&talk) {
                        all.push(talk);
                    }
                }
            }
        }
        all
    }

    fn is_crisis(&self, question: QuestionIdx) -> bool {
        let Some(asked) = self.program.questions.get(question.index()) else { return false };
        match (&asked.kind, self.counted(question)) {
            (Kind::One { options } | Kind::Many { options }, Some(answer)) => {
                chosen(answer).iter().any(|&at| options.get(usize::from(at)).is_some_and(|o| o.crisis))
            }
            (Kind::Instrument { crisis_items, .. }, Some(Answer::Items(values))) => crisis_items
                .iter()
                .any(|&at| values.get(usize::from(at)).copied().flatten().is_some_and(|value| value > 0)),
            _ => false,
        }
    }

    pub(crate) fn condition(&mut self, condition: &Condition) -> Truth {
        match condition {
            Condition::All(parts) => {
                parts.iter().map(|part| self.condition(part)).min().unwrap_or(Truth::True)
            }
            Condition::Any(parts) => {
                parts.iter().map(|part| self.condition(part)).max().unwrap_or(Truth::False)
            }
            Condition::None(parts) => {
                parts.iter().map(|part| self.condition(part)).max().unwrap_or(Truth::False).not()
            }
            Condition::AtLeast(count, parts) => {
                let (mut yes, mut open) = (0u32, 0u32);
                for part in parts {
                    match self.condition(part) {
                        Truth::True => yes = yes.saturating_add(1),
                        Truth::Open => open = open.saturating_add(1),
                        Truth::False => {}
                    }
                }
                if yes >= *count {
                    Truth::True
                } else if yes.saturating_add(open) >= *count {
                    Truth::Open
                } else {
                    Truth::False
                }
            }
            Condition::Set(at) => {
                let at = usize::from(*at);
                if let Some(known) = self.sets.get(at).copied().flatten() {
                    return known;
                }
                let program = self.program;
                let Some(set) = program.sets.get(at) else { return Truth::False };
                let truth = self.condition(set);
                if let Some(slot) = self.sets.get_mut(at) {
                    *slot = Some(truth);
                }
                truth
            }
            Condition::Line(line) => self.line(line),
        }
    }

    /// The question whose answer a line reads, and how many of its leading items (all for its own).
    fn source(&self, question: QuestionIdx) -> (Truth, QuestionIdx, usize) {
        if let Some(Question { kind: Kind::Instrument { items, answered_by, .. }, .. }) =
            self.program.questions.get(question.index())
        {
            if let Some(by) = *answered_by {
                match self.is_asked(by) {
                    Truth::True => return (Truth::True, by, items.len()),
                    Truth::Open => return (Truth::Open, question, items.len()),
                    Truth::False => {}
                }
            }
            return (self.is_asked(question), question, items.len());
        }
        (self.is_asked(question), question, 0)
    }

    fn line(&self, line: &Line) -> Truth {
        let (asked, source, count) = self.source(line.question);
        if asked != Truth::True {
            return asked;
        }
        let Some(answer) = self.answers.get(source) else { return Truth::Open };
        let Some(question) = self.program.questions.get(line.question.index()) else { return Truth::False };
        match (&line.test, answer) {
            (Test::Chosen { at_least, of }, Answer::One(_) | Answer::Many(_)) => {
                let count = chosen(answer).iter().filter(|at| of.contains(at)).count();
                Truth::of(count >= usize::from(*at_least))
            }
            (Test::NotChosen { of }, Answer::One(_) | Answer::Many(_)) => {
                Truth::of(!chosen(answer).iter().any(|at| of.contains(at)))
            }
            (Test::AtLeast(threshold), Answer::Number(value)) => Truth::of(value >= threshold),
            (Test::Below(threshold), Answer::Number(value)) => Truth::of(value < threshold),
            (Test::AtLeast(_) | Test::Below(_), Answer::Unknown) => Truth::False,
            (Test::Unknown, Answer::Unknown) => Truth::True,
            (Test::Unknown, Answer::Number(_)) => Truth::False,
            (test, Answer::Items(values)) => {
                let gated = matches!(question.kind, Kind::Instrument { gated: true, .. });
                let values = values.get(..count).unwrap_or(values);
                let reached = match test {
                    Test::AtLeast(threshold) => score(values, gated).map(|score| score >= *threshold),
                    Test::Below(threshold) => score(values, gated).map(|score| score < *threshold),
                    Test::ItemAtLeast { item, value } => {
                        item_value(values, gated, *item).map(|v| v >= *value)
                    }
                    Test::ItemBelow { item, value } => item_value(values, gated, *item).map(|v| v < *value),
                    _ => Some(false),
                };
                reached.map_or(Truth::Open, Truth::of)
            }
            _ => Truth::False,
        }
    }

    /// Collects the answers that make a condition true (or false).
    fn explain(&mut self, condition: &Condition, wanted: bool, into: &mut Explanation) {
        let truth = self.condition(condition);
        if truth != Truth::of(wanted) {
            return;
        }
        match condition {
            Condition::All(parts) | Condition::Any(parts) | Condition::AtLeast(_, parts) => {
                for part in parts {
                    self.explain(part, wanted, into);
                }
            }
            Condition::None(parts) => {
                for part in parts {
                    self.explain(part, !wanted, into);
                }
            }
            Condition::Set(at) => {
                let at = usize::from(*at);
                let program = self.program;
                if let (Some(set), Some(done)) = (program.sets.get(at), into.sets.get_mut(at))
                    && !std::mem::replace(&mut done[usize::from(wanted)], true)
                {
                    self.explain(set, wanted, into);
                }
            }
            Condition::Line(line) => {
                let (asked, source, _) = self.source(line.question);
                let (Truth::True, Some(answer)) = (asked, self.answers.get(source)) else { return };
                let options = match &line.test {
                    Test::Chosen { of, .. } if wanted => {
                        chosen(answer).iter().copied().filter(|at| of.contains(at)).collect()
                    }
                    _ => chosen(answer).to_vec(),
                };
                let items = match &line.test {
                    Test::ItemAtLeast { item, .. } | Test::ItemBelow { item, .. } => vec![*item],
                    _ => Vec::new(),
                };
                match into.found.iter_mut().find(|because| because.question == source) {
                    Some(known) => {
                        merge(&mut known.options, options);
                        // The whole score counts as soon as one line reads it.
                        if known.items.is_empty() || items.is_empty() {
                            known.items.clear();
                        } else {
                            merge(&mut known.items, items);
                        }
                    }
                    None => into.found.push(Because { question: source, options, items }),
                }
            }
        }
    }
}

fn merge(into: &mut Vec<u16>, more: Vec<u16>) {
    into.extend(more);
    crate::order::ascending(into);
}

/// The options chosen by an answer.
fn chosen(answer: &Answer) -> &[u16] {
    match answer {
        Answer::One(option) => std::slice::from_ref(option),
        Answer::Many(options) => options,
        Answer::Number(_) | Answer::Unknown | Answer::Items(_) => &[],
    }
}

/// An instrument's score; `None` while an item that it needs is missing.
pub(crate) fn score(values: &[Option<u8>], gated: bool) -> Option<i64> {
    let counted = if gated {
        let (gate, rest) = values.split_first()?;
        if (*gate)? == 0 {
            return Some(0);
        }
        rest
    } else {
        values
    };
    counted.iter().try_fold(0i64, |sum, value| Some(sum.saturating_add(i64::from((*value)?))))
}

/// One item's value; behind a closed gate it is 0.
fn item_value(values: &[Option<u8>], gated: bool, item: u16) -> Option<u8> {
    if gated && item > 0 && values.first() == Some(&Some(0)) {
        return Some(0);
    }
    values.get(usize::from(item)).copied().flatten()
}
