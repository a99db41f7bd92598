//! When a question is asked, in the two ways that FHIR can say it.
//!
//! `enableWhen` is one list of comparisons of which all or any must hold. Most conditions fit into one list once every
//! line is written as comparisons. What does not fit is split over groups, each with a list of its own: an item is asked
//! when its groups are. What would need too many groups is written in FHIRPath, which not every program can read.
//!
//! Nothing here is nearly right: what comes out holds for exactly the same complete answers as what goes in.

use super::url;
use checker_rules::{
    Decimal, Draft, DraftCondition, DraftKind, DraftLine, DraftQuestion, DraftTest, Instrument,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The most comparisons in one list, and the most lists on top of one another, before FHIRPath is the lesser evil.
const MAX_LITERALS: usize = 80;
const MAX_LEVELS: usize = 6;

/// One comparison with the answer to one item.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Literal {
    /// The item's linkId.
    pub(crate) question: String,
    /// `=`, `!=`, `exists`, `>=` or `<`.
    pub(crate) operator: &'static str,
    /// `answerCoding`, `answerBoolean`, …
    pub(crate) key: &'static str,
    /// What the answer is compared with.
    pub(crate) answer: Value,
    /// The item takes one answer at most.
    pub(crate) lone: bool,
}

impl Literal {
    /// What follows for another comparison once this one holds: that it holds, that it does not, or nothing.
    fn decides(&self, other: &Literal) -> Option<bool> {
        if self.question != other.question {
            return None;
        }
        let number = |literal: &Literal| {
            let value = &literal.answer;
            value.get("value").unwrap_or(value).as_f64()
        };
        let same = self.answer == other.answer;
        match (self.operator, other.operator) {
            ("exists", "exists") => Some(same),
            ("exists", operator) => (self.answer == false).then_some(operator == "!="),
            ("=" | ">=" | "<", "exists") => Some(other.answer == true),
            ("=", "=") if same => Some(true),
            ("=", "=") => self.lone.then_some(false),
            ("=", "!=") if same => Some(false),
            ("=", "!=") => self.lone.then_some(true),
            ("!=", "=") => same.then_some(false),
            ("!=", "!=") => same.then_some(true),
            (">=", ">=") => (number(other)? <= number(self)?).then_some(true),
            (">=", "<") => (number(other)? <= number(self)?).then_some(false),
            ("<", "<") => (number(other)? >= number(self)?).then_some(true),
            ("<", ">=") => (number(other)? >= number(self)?).then_some(false),
            _ => None,
        }
    }
}

/// One `enableWhen` list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Level {
    /// All of them must hold; else any is enough.
    pub(crate) all: bool,
    pub(crate) literals: Vec<Literal>,
}

/// When an item is asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Enable {
    Always,
    /// Lists that must all hold, each on an item or group of its own, the innermost last.
    Levels(Vec<Level>),
    /// FHIRPath that says the same.
    Expression(String),
}

/// What the items of a form are called.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// Items of an instrument, in order.
    pub(crate) items: BTreeMap<String, Vec<String>>,
    /// The score of an instrument.
    pub(crate) totals: BTreeMap<String, String>,
    /// The item that stands for "I do not know" beside a number.
    pub(crate) unknowns: BTreeMap<String, String>,
    /// The code system of each question's options, and of each instrument's values.
    pub(crate) systems: BTreeMap<String, String>,
    /// How a unit is coded: what stands in `answerQuantity`, without the value.
    pub(crate) units: BTreeMap<String, Value>,
}

/// A condition while it is being taken apart.
#[derive(Clone, Debug)]
enum Formula {
    True,
    False,
    /// The same thing in two ways, where both are possible: any of these is enough, all of these are needed.
    Leaf {
        any: Option<Vec<Literal>>,
        all: Option<Vec<Literal>>,
    },
    All(Vec<Formula>),
    Any(Vec<Formula>),
    /// `enableWhen` has no words for it.
    Beyond,
}

/// Turns conditions of a draft into FHIR.
pub(crate) struct Asker<'a> {
    pub(crate) draft: &'a Draft,
    pub(crate) links: &'a Links,
}

impl Asker<'_> {
    /// When a question is asked, `answered-by` included.
    pub(crate) fn asked(&self, question: &DraftQuestion) -> Enable {
        let Some(condition) = self.whole(question, 0) else { return Enable::Always };
        let formula = simple(self.formula(&condition, true));
        match levels(&formula) {
            Some(levels) if levels.is_empty() => Enable::Always,
            Some(levels) => Enable::Levels(levels),
            None => Enable::Expression(self.path(&condition)),
        }
    }

    /// `asked-when`, and that no longer screen is asked in its place.
    fn whole(&self, question: &DraftQuestion, depth: usize) -> Option<DraftCondition> {
        let mut parts: Vec<DraftCondition> = question.asked_when.iter().cloned().collect();
        if let DraftKind::Instrument { answered_by: Some(by), .. } = &question.kind
            && let Some(by) = self.question(&by.text)
            && depth < 8
        {
            let instead = self.whole(by, depth + 1).unwrap_or(DraftCondition::All(Vec::new()));
            parts.push(DraftCondition::None(vec![instead]));
        }
        if parts.len() > 1 { Some(DraftCondition::All(parts)) } else { parts.pop() }
    }

    fn question(&self, id: &str) -> Option<&DraftQuestion> {
        self.draft.questions.iter().find(|question| question.id.text == id)
    }

    fn formula(&self, condition: &DraftCondition, holds: bool) -> Formula {
        let each = |parts: &[DraftCondition], holds| -> Vec<Formula> {
            parts.iter().map(|part| self.formula(part, holds)).collect()
        };
        match condition {
            DraftCondition::All(parts) if holds => Formula::All(each(parts, true)),
            DraftCondition::All(parts) => Formula::Any(each(parts, false)),
            DraftCondition::Any(parts) if holds => Formula::Any(each(parts, true)),
            DraftCondition::Any(parts) => Formula::All(each(parts, false)),
            DraftCondition::None(parts) if holds => Formula::All(each(parts, false)),
            DraftCondition::None(parts) => Formula::Any(each(parts, true)),
            DraftCondition::AtLeast(count, parts) => {
                let count = usize::try_from(*count).unwrap_or(usize::MAX);
                let needed = if holds { count } else { (parts.len() + 1).saturating_sub(count) };
                some_of(needed, &each(parts, holds))
            }
            DraftCondition::Set(name) => {
                match self.draft.sets.iter().find(|set| set.name.text == name.text) {
                    Some(set) => self.formula(&set.condition, holds),
                    None => Formula::Beyond,
                }
            }
            DraftCondition::Line(line) => self.line(line, holds),
        }
    }

    fn line(&self, line: &DraftLine, holds: bool) -> Formula {
        let Some(question) = self.question(&line.subject.text) else { return Formula::Beyond };
        let own = self.test(question, &line.test, holds);
        // A short screen's answers may stand in a longer one.
        let DraftKind::Instrument { answered_by: Some(by), instrument } = &question.kind else { return own };
        let Some(by) = self.question(&by.text) else { return Formula::Beyond };
        let other = match &line.test {
            DraftTest::ItemAtLeast { .. } | DraftTest::ItemBelow { .. } => self.test(by, &line.test, holds),
            _ if instrument.items.len() == 1 => {
                // The score of one item is that item.
                match one_item(&line.test) {
                    Some(test) => self.test(by, &test, holds),
                    None => Formula::Beyond,
                }
            }
            _ => Formula::Beyond,
        };
        if holds { Formula::Any(vec![own, other]) } else { Formula::All(vec![own, other]) }
    }

    fn test(&self, question: &DraftQuestion, test: &DraftTest, holds: bool) -> Formula {
        let id = &question.id.text;
        let always = question.asked_when.is_none()
            && !matches!(question.kind, DraftKind::Instrument { answered_by: Some(_), .. });
        match (&question.kind, test) {
            (DraftKind::One { options }, test) => {
                let all: Vec<&str> = options.iter().map(|option| option.text.as_str()).collect();
                let named = match test {
                    DraftTest::Is(names) | DraftTest::IsNot(names) => names,
                    DraftTest::IsUnknown => &question.unknown,
                    _ => return Formula::Beyond,
                };
                let named: Vec<&str> = named.iter().map(|name| name.text.as_str()).collect();
                let chosen = |option: &&str| named.contains(option) != matches!(test, DraftTest::IsNot(_));
                self.one_of(id, &self.system(id), &all, &chosen, always, holds)
            }
            (DraftKind::Many { .. }, test) => {
                let (count, names) = match test {
                    DraftTest::Includes(names) => (1, names),
                    DraftTest::IncludesAtLeast(count, names) => (usize::try_from(*count).unwrap_or(0), names),
                    DraftTest::IsUnknown => (1, &question.unknown),
                    _ => return Formula::Beyond,
                };
                let system = self.system(id);
                let operator = if holds { "=" } else { "!=" };
                let each: Vec<Formula> = names
                    .iter()
                    .map(|name| {
                        let literal = Literal { lone: false, ..coded(id, operator, &system, &name.text) };
                        // Not ticked is also what is not answered yet: nothing should be asked before that is known.
                        if always && !holds {
                            let all = vec![exists(id, true), literal.clone()];
                            Formula::Leaf { any: Some(vec![literal]), all: Some(all) }
                        } else {
                            lone(literal)
                        }
                    })
                    .collect();
                some_of(if holds { count } else { (each.len() + 1).saturating_sub(count) }, &each)
            }
            (DraftKind::Number { .. }, DraftTest::IsUnknown) => {
                let Some(link) = self.links.unknowns.get(id) else { return Formula::Beyond };
                let code = question.unknown.first().map_or("", |name| name.text.as_str());
                lone(coded(link, if holds { "=" } else { "!=" }, &self.system(id), code))
            }
            (
                DraftKind::Number { unit, decimals, .. },
                DraftTest::AtLeast(limit) | DraftTest::Below(limit),
            ) => {
                let at_least = matches!(test, DraftTest::AtLeast(_));
                let (key, answer) = match unit {
                    Some(unit) => {
                        let mut quantity =
                            json!({ "value": number(limit.value) }).as_object().cloned().unwrap_or_default();
                        if let Some(Value::Object(coding)) = self.links.units.get(&unit.text) {
                            quantity.extend(coding.clone());
                        }
                        ("answerQuantity", Value::Object(quantity))
                    }
                    None if *decimals == 0 => ("answerInteger", number(limit.value)),
                    None => ("answerDecimal", number(limit.value)),
                };
                compared(id, at_least, key, answer, always && question.unknown.is_empty(), holds)
            }
            (DraftKind::Instrument { .. }, DraftTest::AtLeast(limit) | DraftTest::Below(limit)) => {
                let Some(total) = self.links.totals.get(id) else { return Formula::Beyond };
                let at_least = matches!(test, DraftTest::AtLeast(_));
                compared(total, at_least, "answerInteger", number(limit.value), always, holds)
            }
            (DraftKind::Instrument { instrument, .. }, DraftTest::ItemAtLeast { item, value }) => {
                self.item(id, instrument, *item, (*value, u32::MAX), always, holds)
            }
            (DraftKind::Instrument { instrument, .. }, DraftTest::ItemBelow { item, value }) => {
                self.item(id, instrument, *item, (0, value.saturating_sub(1)), always, holds)
            }
            _ => Formula::Beyond,
        }
    }

    /// Whether an item of an instrument lies within two values.
    fn item(
        &self,
        id: &str,
        instrument: &Instrument,
        item: u32,
        (low, high): (u32, u32),
        always: bool,
        holds: bool,
    ) -> Formula {
        let at = usize::try_from(item).unwrap_or(0).wrapping_sub(1);
        let links = self.links.items.get(id).map(Vec::as_slice).unwrap_or_default();
        let (Some(link), Some(&highest)) = (links.get(at), instrument.items.get(at)) else {
            return Formula::Beyond;
        };
        let values: Vec<String> = (0..=highest).map(|value| value.to_string()).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let within = |value: &&str| value.parse::<u32>().is_ok_and(|value| value >= low && value <= high);
        let behind_gate = instrument.gated && at > 0;
        let own = self.one_of(link, &self.system(id), &values, &within, always && !behind_gate, holds);
        // Behind a closed gate an item counts as 0 although nobody was asked.
        let (Some(gate), true) = (links.first(), behind_gate && low == 0) else { return own };
        let shut = lone(coded(gate, if holds { "=" } else { "!=" }, &self.system(id), "0"));
        if holds { Formula::Any(vec![own, shut]) } else { Formula::All(vec![own, shut]) }
    }

    /// Whether the one answer is among some of the options.
    fn one_of(
        &self,
        link: &str,
        system: &str,
        all: &[&str],
        chosen: &dyn Fn(&&str) -> bool,
        always: bool,
        holds: bool,
    ) -> Formula {
        let literals = |operator, wanted: bool| -> Vec<Literal> {
            all.iter()
                .filter(|option| chosen(option) == wanted)
                .map(|option| coded(link, operator, system, option))
                .collect()
        };
        // An answer that differs may also be none at all. An item that is always asked is answered in the end.
        let with = |there: bool, mut literals: Vec<Literal>| {
            literals.insert(0, exists(link, there));
            literals
        };
        let (any, all) = match (holds, always) {
            (true, _) => (literals("=", true), with(true, literals("!=", false))),
            (false, true) => (literals("=", false), with(true, literals("!=", true))),
            (false, false) => (with(false, literals("=", false)), literals("!=", true)),
        };
        if any.is_empty() {
            return Formula::False;
        }
        if all.is_empty() {
            return Formula::True;
        }
        Formula::Leaf { any: Some(any), all: Some(all) }
    }

    fn system(&self, id: &str) -> String {
        self.links.systems.get(id).cloned().unwrap_or_default()
    }

    /// The condition in FHIRPath. Every part of it is true or false, never empty.
    fn path(&self, condition: &DraftCondition) -> String {
        let joined = |parts: &[DraftCondition], with: &str| {
            let parts: Vec<String> = parts.iter().map(|part| self.path(part)).collect();
            if parts.is_empty() { (with == " and ").to_string() } else { format!("({})", parts.join(with)) }
        };
        match condition {
            DraftCondition::All(parts) => joined(parts, " and "),
            DraftCondition::Any(parts) => joined(parts, " or "),
            DraftCondition::None(parts) => format!("{}.not()", joined(parts, " or ")),
            DraftCondition::AtLeast(count, parts) => {
                let counted: Vec<String> =
                    parts.iter().map(|part| format!("iif({}, 1, 0)", self.path(part))).collect();
                format!("({} >= {count})", counted.join(" + "))
            }
            DraftCondition::Set(name) => {
                match self.draft.sets.iter().find(|set| set.name.text == name.text) {
                    Some(set) => self.path(&set.condition),
                    None => "false".to_owned(),
                }
            }
            DraftCondition::Line(line) => self.line_path(line),
        }
    }

    fn line_path(&self, line: &DraftLine) -> String {
        let Some(question) = self.question(&line.subject.text) else { return "false".to_owned() };
        let own = self.test_path(question, question, &line.test);
        let DraftKind::Instrument { answered_by: Some(by), .. } = &question.kind else { return own };
        match self.question(&by.text) {
            Some(by) => format!("({own} or {})", self.test_path(question, by, &line.test)),
            None => own,
        }
    }

    /// What a line about `question` says of the answers to `source`, which starts with the same items.
    fn test_path(&self, question: &DraftQuestion, source: &DraftQuestion, test: &DraftTest) -> String {
        let id = &source.id.text;
        let value = |link: &str| format!("{}.answer.value", item_path(link));
        let codes = |names: &[checker_rules::Name]| {
            let quoted: Vec<String> = names.iter().map(|name| quoted(&name.text)).collect();
            format!("({})", quoted.join(" | "))
        };
        match (&question.kind, test) {
            (_, DraftTest::Is(names) | DraftTest::Includes(names)) => {
                format!("{}.where(code in {}).exists()", value(id), codes(names))
            }
            (_, DraftTest::IsNot(names)) => {
                format!("{}.where((code in {}).not()).exists()", value(id), codes(names))
            }
            (_, DraftTest::IncludesAtLeast(count, names)) => {
                format!("({}.where(code in {}).count() >= {count})", value(id), codes(names))
            }
            (DraftKind::Number { .. }, DraftTest::IsUnknown) => {
                let link = self.links.unknowns.get(id).map_or("", String::as_str);
                format!("{}.exists()", value(link))
            }
            (_, DraftTest::IsUnknown) => {
                format!("{}.where(code in {}).exists()", value(id), codes(&question.unknown))
            }
            (DraftKind::Number { unit, .. }, DraftTest::AtLeast(limit) | DraftTest::Below(limit)) => {
                let operator = if matches!(test, DraftTest::AtLeast(_)) { ">=" } else { "<" };
                let number = if unit.is_some() { "value" } else { "$this" };
                format!("{}.where({number} {operator} {}).exists()", value(id), limit.value)
            }
            (
                DraftKind::Instrument { instrument, .. },
                DraftTest::AtLeast(limit) | DraftTest::Below(limit),
            ) => {
                let operator = if matches!(test, DraftTest::AtLeast(_)) { ">=" } else { "<" };
                let links = self.links.items.get(id).map(Vec::as_slice).unwrap_or_default();
                let links = links.get(..instrument.items.len()).unwrap_or(links);
                let score = score_path(links, instrument.gated);
                format!("({score}).where($this {operator} {}).exists()", limit.value)
            }
            (
                DraftKind::Instrument { instrument, .. },
                DraftTest::ItemAtLeast { item, value: limit } | DraftTest::ItemBelow { item, value: limit },
            ) => {
                let at_least = matches!(test, DraftTest::ItemAtLeast { .. });
                let links = self.links.items.get(id).map(Vec::as_slice).unwrap_or_default();
                let at = usize::try_from(*item).unwrap_or(0).wrapping_sub(1);
                let link = links.get(at).map_or("", String::as_str);
                let operator = if at_least { ">=" } else { "<" };
                let own = format!("{}.weight().where($this {operator} {limit}).exists()", value(link));
                match links.first() {
                    Some(gate) if instrument.gated && at == 0 => {
                        // The gate adds nothing to the score, so it has no weight: its codes are its values.
                        format!("{}.where(code.toInteger() {operator} {limit}).exists()", value(gate))
                    }
                    Some(gate) if instrument.gated && !at_least => {
                        format!("({own} or {}.where(code = '0').exists())", value(gate))
                    }
                    _ => own,
                }
            }
            _ => "false".to_owned(),
        }
    }
}

/// A test of a score as a test of the only item.
fn one_item(test: &DraftTest) -> Option<DraftTest> {
    let whole = |value: Decimal| value.scaled(0).and_then(|value| u32::try_from(value).ok());
    match test {
        DraftTest::AtLeast(limit) => Some(DraftTest::ItemAtLeast { item: 1, value: whole(limit.value)? }),
        DraftTest::Below(limit) => Some(DraftTest::ItemBelow { item: 1, value: whole(limit.value)? }),
        _ => None,
    }
}

/// The item with a linkId, wherever it stands.
fn item_path(link: &str) -> String {
    format!("%resource.repeat(item).where(linkId = {})", quoted(link))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// The score in FHIRPath: the sum of the weights, and nothing while an item that counts is missing.
pub(crate) fn score_path(links: &[String], gated: bool) -> String {
    let counted = &links[usize::from(gated).min(links.len())..];
    let list: Vec<String> = counted.iter().map(|link| quoted(link)).collect();
    let answers = format!("%resource.repeat(item).where(linkId in ({})).answer.value", list.join(" | "));
    let sum = format!("iif({answers}.count() = {}, {answers}.weight().sum(), {{}})", counted.len());
    match links.first() {
        Some(gate) if gated => {
            format!("iif({}.answer.value.where(code = '0').exists(), 0, {sum})", item_path(gate))
        }
        _ => sum,
    }
}

/// An exact number for JSON.
pub(crate) fn number(value: Decimal) -> Value {
    let text = value.to_string();
    match text.parse::<i64>() {
        Ok(whole) => whole.into(),
        Err(_) => text.parse::<f64>().map_or(Value::Null, Value::from),
    }
}

fn coded(link: &str, operator: &'static str, system: &str, code: &str) -> Literal {
    let answer = json!({ "system": system, "code": code });
    Literal { question: link.to_owned(), operator, key: "answerCoding", answer, lone: true }
}

fn exists(link: &str, there: bool) -> Literal {
    Literal {
        question: link.to_owned(),
        operator: "exists",
        key: "answerBoolean",
        answer: there.into(),
        lone: true,
    }
}

fn lone(literal: Literal) -> Formula {
    Formula::Leaf { any: Some(vec![literal.clone()]), all: Some(vec![literal]) }
}

/// A number against a limit. Without a number neither side holds, so that what is left when the one side does not hold
/// is the other side or no number at all.
fn compared(
    link: &str,
    at_least: bool,
    key: &'static str,
    answer: Value,
    always: bool,
    holds: bool,
) -> Formula {
    let operator = if at_least == holds { ">=" } else { "<" };
    let side = Literal { question: link.to_owned(), operator, key, answer, lone: true };
    if holds || always {
        return lone(side);
    }
    Formula::Leaf { any: Some(vec![side, exists(link, false)]), all: None }
}

/// At least so many of these hold: of every choice of the others and one more, one holds.
fn some_of(count: usize, parts: &[Formula]) -> Formula {
    if count == 0 {
        return Formula::True;
    }
    if count > parts.len() {
        return Formula::False;
    }
    let size = parts.len() - count + 1;
    let mut choices: Vec<Vec<usize>> = vec![Vec::new()];
    for at in 0..parts.len() {
        let more: Vec<Vec<usize>> = choices
            .iter()
            .filter(|choice| choice.len() < size)
            .map(|choice| choice.iter().copied().chain([at]).collect())
            .collect();
        choices.extend(more);
        if choices.len() > 4096 {
            return Formula::Beyond;
        }
    }
    choices.retain(|choice| choice.len() == size);
    Formula::All(
        choices
            .into_iter()
            .map(|choice| Formula::Any(choice.into_iter().map(|at| parts[at].clone()).collect()))
            .collect(),
    )
}

/// Without constants, needless layers and repeats.
fn simple(formula: Formula) -> Formula {
    let (parts, is_all) = match formula {
        Formula::All(parts) => (parts, true),
        Formula::Any(parts) => (parts, false),
        other => return other,
    };
    let mut kept = Vec::new();
    for part in parts.into_iter().map(simple) {
        match (part, is_all) {
            (Formula::True, true) | (Formula::False, false) => {}
            (Formula::False, true) => return Formula::False,
            (Formula::True, false) => return Formula::True,
            (Formula::All(inner), true) | (Formula::Any(inner), false) => kept.extend(inner),
            (part, _) => kept.push(part),
        }
    }
    match (kept.len(), is_all) {
        (0, true) => Formula::True,
        (0, false) => Formula::False,
        (1, _) => kept.pop().unwrap_or(Formula::True),
        (_, true) => Formula::All(kept),
        (_, false) => Formula::Any(kept),
    }
}

/// One list of comparisons of which any is enough.
fn as_any(formula: &Formula) -> Option<Vec<Literal>> {
    match formula {
        Formula::Leaf { all: Some(all), .. } if all.len() == 1 => Some(all.clone()),
        Formula::Leaf { any: Some(any), .. } => Some(any.clone()),
        Formula::Any(parts) => Some(parts.iter().map(as_any).collect::<Option<Vec<_>>>()?.concat()),
        _ => None,
    }
}

/// One list of comparisons that are all needed.
fn as_all(formula: &Formula) -> Option<Vec<Literal>> {
    match formula {
        Formula::Leaf { any: Some(any), .. } if is_plain(any) => Some(any.clone()),
        Formula::Leaf { all: Some(all), .. } => Some(all.clone()),
        Formula::All(parts) => Some(parts.iter().map(as_all).collect::<Option<Vec<_>>>()?.concat()),
        _ => None,
    }
}

/// One comparison that no missing answer fulfils.
fn is_plain(any: &[Literal]) -> bool {
    matches!(any, [one] if matches!(one.operator, "=" | ">=" | "<"))
}

/// Lists that must all hold; each is enough with any of its comparisons.
fn clauses(formula: &Formula) -> Option<Vec<Vec<Literal>>> {
    let found = match formula {
        Formula::True => Vec::new(),
        Formula::False => vec![Vec::new()],
        Formula::Leaf { any: Some(any), all: None } => vec![any.clone()],
        Formula::Leaf { .. } => as_all(formula)?.into_iter().map(|literal| vec![literal]).collect(),
        Formula::Beyond => return None,
        Formula::All(parts) => parts.iter().map(clauses).collect::<Option<Vec<_>>>()?.concat(),
        Formula::Any(parts) => {
            let mut product: Vec<Vec<Literal>> = vec![Vec::new()];
            for part in parts {
                let lists = match as_any(part) {
                    Some(any) => vec![any],
                    None => clauses(part)?,
                };
                product = product
                    .iter()
                    .flat_map(|front| {
                        lists.iter().map(move |list| without_repeats([front.as_slice(), list].concat()))
                    })
                    .collect();
                if product.len() > 64 {
                    return None;
                }
            }
            product
        }
    };
    Some(found)
}

fn without_repeats(literals: Vec<Literal>) -> Vec<Literal> {
    let mut kept: Vec<Literal> = Vec::with_capacity(literals.len());
    for literal in literals {
        if !kept.contains(&literal) {
            kept.push(literal);
        }
    }
    kept
}

/// The lists that say it; `None`: too many, or none can.
fn levels(formula: &Formula) -> Option<Vec<Level>> {
    if matches!(formula, Formula::True) {
        return Some(Vec::new());
    }
    let all = as_all(formula).map(without_repeats).filter(|list| list.len() <= MAX_LITERALS);
    let any = as_any(formula).map(without_repeats).filter(|list| list.len() <= MAX_LITERALS);
    // Comparisons that a missing answer fulfils would ask too early, so the other list is better where there is one.
    let early = |list: &Vec<Literal>| list.iter().any(|literal| literal.operator == "!=");
    match (all, any) {
        (Some(all), any) if any.as_ref().is_none_or(|any| early(any) || any.len() > all.len()) => {
            return Some(vec![Level { all: true, literals: all }]);
        }
        (_, Some(any)) => return Some(vec![Level { all: false, literals: any }]),
        (_, None) => {}
    }
    let mut lists = clauses(formula)?;
    propagate(&mut lists);
    // A list that asks for more than another needs no saying: it holds whenever the other does.
    let mut at = 0;
    while at < lists.len() {
        let covered = lists.iter().enumerate().any(|(other, list)| {
            other != at
                && list.iter().all(|literal| lists[at].contains(literal))
                && (list.len() < lists[at].len() || other < at)
        });
        if covered {
            lists.remove(at);
        } else {
            at += 1;
        }
    }
    let (single, several): (Vec<_>, Vec<_>) = lists.into_iter().partition(|list| list.len() == 1);
    let mut levels: Vec<Level> = several.into_iter().map(|literals| Level { all: false, literals }).collect();
    let single = single.concat();
    if !single.is_empty() {
        levels.push(Level { all: true, literals: single });
    }
    let fits = levels.len() <= MAX_LEVELS
        && levels.iter().all(|level| !level.literals.is_empty() && level.literals.len() <= MAX_LITERALS);
    fits.then_some(levels)
}

/// Takes out of each list what cannot hold beside the comparisons that must, and each list that then holds anyway.
fn propagate(lists: &mut Vec<Vec<Literal>>) {
    loop {
        let needed: Vec<Literal> = lists.iter().filter(|list| list.len() == 1).flatten().cloned().collect();
        let decided = |literal: &Literal| needed.iter().find_map(|needed| needed.decides(literal));
        let before: usize = lists.iter().map(Vec::len).sum();
        lists.retain(|list| list.len() == 1 || !list.iter().any(|literal| decided(literal) == Some(true)));
        for list in lists.iter_mut().filter(|list| list.len() > 1) {
            list.retain(|literal| decided(literal) != Some(false));
        }
        if lists.iter().map(Vec::len).sum::<usize>() == before {
            return;
        }
    }
}

impl Level {
    /// `enableWhen` and `enableBehavior` of an item.
    pub(crate) fn write(&self, item: &mut serde_json::Map<String, Value>) {
        let list: Vec<Value> = self
            .literals
            .iter()
            .map(|literal| {
                let mut entry = serde_json::Map::new();
                entry.insert("question".into(), literal.question.clone().into());
                entry.insert("operator".into(), literal.operator.into());
                entry.insert(literal.key.into(), literal.answer.clone());
                Value::Object(entry)
            })
            .collect();
        if list.len() > 1 {
            item.insert("enableBehavior".into(), if self.all { "all" } else { "any" }.into());
        }
        item.insert("enableWhen".into(), Value::Array(list));
    }
}

/// The extension that says in FHIRPath when an item is asked.
pub(crate) fn expression(path: &str) -> Value {
    json!({
        "url": url::ENABLE_WHEN,
        "valueExpression": { "language": "text/fhirpath", "expression": path },
    })
}
