//! When an imported question is asked: from comparisons to the lines that staff write.
//!
//! A comparison in FHIR also says something about a missing answer, a line of a checker never does. So each comparison
//! becomes a set of answers, "none" among them, and only in the end a line.

use checker_rules::{Decimal, DraftCondition, DraftLine, DraftTest, Name, Origin, Quantity};
use std::collections::BTreeSet;

/// What an answer is compared with. Questions and options are named as in the checker that is being made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum When {
    Always,
    Never,
    All(Vec<When>),
    Any(Vec<When>),
    Not(Box<When>),
    /// The one answer is among these, or there is none.
    Of {
        subject: Subject,
        values: BTreeSet<u16>,
        absent: bool,
        origin: Origin,
    },
    /// At least one of these is ticked.
    Ticked {
        question: String,
        options: BTreeSet<String>,
        origin: Origin,
    },
    /// The number or score is at least this.
    AtLeast {
        question: String,
        value: Decimal,
        unit: Option<String>,
        origin: Origin,
    },
    /// The number or score is below this.
    Below {
        question: String,
        value: Decimal,
        unit: Option<String>,
        origin: Origin,
    },
    /// A number or score is there at all. The limit is any that divides its range: nothing else can be said in lines.
    Given {
        question: String,
        limit: Decimal,
        unit: Option<String>,
        origin: Origin,
    },
    /// A number was answered with "not sure".
    Unknown {
        question: String,
        origin: Origin,
    },
}

/// A question with one answer, or an item of a screen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subject {
    pub(crate) question: String,
    /// Counted from 1.
    pub(crate) item: Option<u32>,
    /// The options; for an item as many as it has values.
    pub(crate) names: Vec<String>,
    /// It is asked of everyone.
    pub(crate) always: bool,
}

impl Subject {
    fn all(&self) -> BTreeSet<u16> {
        (0..u16::try_from(self.names.len()).unwrap_or(u16::MAX)).collect()
    }
}

impl When {
    /// All of these, as simply as can be.
    pub(crate) fn all(parts: Vec<When>) -> When {
        join(parts, true)
    }

    /// Any of these, as simply as can be.
    pub(crate) fn any(parts: Vec<When>) -> When {
        join(parts, false)
    }

    /// All or any of these as they are written: only what is always or never so is left out.
    pub(crate) fn as_written(parts: Vec<When>, is_all: bool) -> When {
        let (needless, deciding) =
            if is_all { (When::Always, When::Never) } else { (When::Never, When::Always) };
        if parts.contains(&deciding) {
            return deciding;
        }
        let mut kept: Vec<When> = parts.into_iter().filter(|part| *part != needless).collect();
        match (kept.len(), is_all) {
            (0, _) => needless,
            (1, _) => kept.pop().unwrap_or(needless),
            (_, true) => When::All(kept),
            (_, false) => When::Any(kept),
        }
    }

    /// The opposite.
    pub(crate) fn not(self) -> When {
        match self {
            When::Always => When::Never,
            When::Never => When::Always,
            When::Not(inner) => *inner,
            When::All(parts) => When::any(parts.into_iter().map(When::not).collect()),
            When::Any(parts) => When::all(parts.into_iter().map(When::not).collect()),
            When::Of { subject, values, absent, origin } => {
                let values = subject.all().difference(&values).copied().collect();
                When::Of { subject, values, absent: !absent, origin }.settled()
            }
            other => When::Not(Box::new(other)),
        }
    }

    /// The same in the shape in which it is written down.
    pub(crate) fn tidy(self) -> When {
        match self {
            When::All(parts) => When::All(parts.into_iter().map(When::tidy).collect()),
            When::Not(inner) => When::Not(Box::new(inner.tidy())),
            When::Any(parts) => {
                let (mut parts, negative) = apart(parts.into_iter().map(When::tidy).collect());
                if !negative.is_empty() {
                    parts.push(When::Not(Box::new(When::all(negative))));
                }
                if parts.len() == 1 { parts.pop().unwrap_or(When::Never) } else { When::Any(parts) }
            }
            When::Of { absent: true, .. } => When::Not(Box::new(self.not())),
            other => other,
        }
    }

    /// Without what is always or never so.
    pub(crate) fn settled(self) -> When {
        match self {
            When::Of { subject, values, absent, origin } => {
                let absent = absent && !subject.always;
                let every = values.len() == subject.names.len();
                if values.is_empty() && !absent {
                    When::Never
                } else if every && (absent || subject.always) {
                    When::Always
                } else {
                    When::Of { subject, values, absent, origin }
                }
            }
            When::Ticked { options, .. } if options.is_empty() => When::Never,
            other => other,
        }
    }

    /// For the proof: exactly what was written, with its places.
    pub(crate) fn draft(&self) -> Option<DraftCondition> {
        let name = |text: &str, origin: &Origin| Name::new(text, *origin);
        let line = |question: &str, origin: &Origin, test: DraftTest| {
            DraftCondition::Line(DraftLine { origin: *origin, subject: name(question, origin), test })
        };
        let quantity = |value: &Decimal, unit: &Option<String>, origin: &Origin| Quantity {
            value: *value,
            unit: unit.as_ref().map(|unit| name(unit, origin)),
        };
        Some(match self {
            When::Always => return None,
            When::Never => DraftCondition::Any(Vec::new()),
            When::All(parts) => DraftCondition::All(parts.iter().filter_map(When::draft).collect()),
            When::Any(parts) => DraftCondition::Any(parts.iter().filter_map(When::draft).collect()),
            When::Not(inner) => DraftCondition::None(inner.draft().into_iter().collect()),
            When::Of { subject, values, absent: false, origin } => of(subject, values, origin),
            When::Of { subject, values, absent: true, origin } => {
                let others = subject.all().difference(values).copied().collect();
                DraftCondition::None(vec![of(subject, &others, origin)])
            }
            When::Ticked { question, options, origin } => {
                let names = options.iter().map(|option| name(option, origin)).collect();
                line(question, origin, DraftTest::Includes(names))
            }
            When::AtLeast { question, value, unit, origin } => {
                line(question, origin, DraftTest::AtLeast(quantity(value, unit, origin)))
            }
            When::Below { question, value, unit, origin } => {
                line(question, origin, DraftTest::Below(quantity(value, unit, origin)))
            }
            When::Given { question, limit, unit, origin } => DraftCondition::Any(vec![
                line(question, origin, DraftTest::Below(quantity(limit, unit, origin))),
                line(question, origin, DraftTest::AtLeast(quantity(limit, unit, origin))),
            ]),
            When::Unknown { question, origin } => line(question, origin, DraftTest::IsUnknown),
        })
    }
}

/// The lines for some of the values.
fn of(subject: &Subject, values: &BTreeSet<u16>, origin: &Origin) -> DraftCondition {
    let question = Name::new(&*subject.question, *origin);
    let line = |test| DraftCondition::Line(DraftLine { origin: *origin, subject: question.clone(), test });
    let Some(item) = subject.item else {
        let names = values.iter().filter_map(|&at| subject.names.get(usize::from(at)));
        return line(DraftTest::Is(names.map(|text| Name::new(&**text, *origin)).collect()));
    };
    let runs: Vec<DraftCondition> = runs(values)
        .into_iter()
        .map(|(low, high)| {
            let highest = subject.names.len().saturating_sub(1);
            let from = (low > 0).then(|| line(DraftTest::ItemAtLeast { item, value: u32::from(low) }));
            let to = (usize::from(high) < highest)
                .then(|| line(DraftTest::ItemBelow { item, value: u32::from(high) + 1 }));
            match (from, to) {
                (Some(from), Some(to)) => DraftCondition::All(vec![from, to]),
                (Some(one), None) | (None, Some(one)) => one,
                // Every value: answered at all.
                (None, None) => DraftCondition::Any(vec![
                    line(DraftTest::ItemAtLeast { item, value: 1 }),
                    line(DraftTest::ItemBelow { item, value: 1 }),
                ]),
            }
        })
        .collect();
    match runs.as_slice() {
        [one] => one.clone(),
        _ => DraftCondition::Any(runs),
    }
}

/// Values without gaps between them, lowest and highest.
fn runs(values: &BTreeSet<u16>) -> Vec<(u16, u16)> {
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for &value in values {
        match runs.last_mut() {
            Some((_, high)) if *high + 1 == value => *high = value,
            _ => runs.push((value, value)),
        }
    }
    runs
}

fn join(parts: Vec<When>, is_all: bool) -> When {
    let mut kept: Vec<When> = Vec::new();
    for part in parts {
        let inner = match part {
            When::All(inner) if is_all => inner,
            When::Any(inner) if !is_all => inner,
            other => vec![other],
        };
        for part in inner {
            match (&part, is_all) {
                (When::Always, true) | (When::Never, false) => continue,
                (When::Never, true) => return When::Never,
                (When::Always, false) => return When::Always,
                _ => {}
            }
            match kept.iter_mut().find_map(|known| merged(known, &part, is_all).map(|joined| (known, joined)))
            {
                Some((known, joined)) => match joined {
                    When::Never if is_all => return When::Never,
                    When::Always if !is_all => return When::Always,
                    joined => *known = joined,
                },
                None => kept.push(part),
            }
        }
    }
    kept.retain(|part| !matches!((part, is_all), (When::Always, true) | (When::Never, false)));
    match kept.len() {
        0 if is_all => When::Always,
        0 => When::Never,
        1 => kept.pop().unwrap_or(When::Always),
        _ if is_all => When::All(kept),
        _ => When::Any(kept),
    }
}

/// Two comparisons of the same answer as one.
fn merged(one: &When, other: &When, is_all: bool) -> Option<When> {
    if one == other {
        return Some(one.clone());
    }
    match (one, other) {
        (
            When::Of { subject, values, absent, origin },
            When::Of { subject: same, values: more, absent: there, .. },
        ) if subject.question == same.question && subject.item == same.item => {
            let (values, absent) = if is_all {
                (values.intersection(more).copied().collect(), *absent && *there)
            } else {
                (values.union(more).copied().collect(), *absent || *there)
            };
            Some(When::Of { subject: subject.clone(), values, absent, origin: *origin }.settled())
        }
        (When::Ticked { question, options, origin }, When::Ticked { question: same, options: more, .. })
            if !is_all && question == same =>
        {
            Some(When::Ticked {
                question: question.clone(),
                options: options.union(more).cloned().collect(),
                origin: *origin,
            })
        }
        (When::Not(none), side) | (side, When::Not(none)) if !is_all => one_side_or_none(none, side),
        _ => None,
    }
}

/// A number below a limit, or no number, is what is left when it is not at least the limit; and the other way round.
fn one_side_or_none(none: &When, side: &When) -> Option<When> {
    let When::Given { question: of, .. } = none else { return None };
    let other = match side {
        When::Below { question, value, unit, origin } if question == of => {
            When::AtLeast { question: question.clone(), value: *value, unit: unit.clone(), origin: *origin }
        }
        When::AtLeast { question, value, unit, origin } if question == of => {
            When::Below { question: question.clone(), value: *value, unit: unit.clone(), origin: *origin }
        }
        _ => return None,
    };
    Some(When::Not(Box::new(other)))
}

/// What stands in `asked-when`, or in a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    pub(crate) all: Vec<String>,
    pub(crate) any: Vec<String>,
    pub(crate) none: Vec<String>,
    /// A second list of which one is enough.
    pub(crate) or: Vec<String>,
}

impl Lines {
    /// As TOML, on one line: `{ all = ["S2 is yes"] }`.
    pub(crate) fn toml(&self) -> String {
        let list = |lines: &[String]| {
            let lines: Vec<String> = lines.iter().map(|line| format!("\"{line}\"")).collect();
            format!("[{}]", lines.join(", "))
        };
        let mut parts = Vec::new();
        for (key, lines) in [("all", &self.all), ("any", &self.any), ("none", &self.none)] {
            if !lines.is_empty() {
                parts.push(format!("{key} = {}", list(lines)));
            }
        }
        if !self.or.is_empty() {
            parts.push(format!("at-least = 1, of = {}", list(&self.or)));
        }
        format!("{{ {} }}", parts.join(", "))
    }

    /// Every line.
    pub(crate) fn each(&self) -> impl Iterator<Item = &String> {
        self.all.iter().chain(&self.any).chain(&self.none).chain(&self.or)
    }
}

/// Named conditions, made where lines alone do not say it.
#[derive(Debug, Default)]
pub(crate) struct Sets {
    pub(crate) made: Vec<(String, Lines)>,
}

impl Sets {
    /// The lines for a condition; nothing for one that always holds.
    pub(crate) fn lines(&mut self, question: &str, when: &When) -> Option<Lines> {
        let mut lines = Lines::default();
        match when {
            When::Always => return None,
            When::All(parts) => parts.iter().for_each(|part| self.add(question, part, &mut lines)),
            other => self.add(question, other, &mut lines),
        }
        Some(lines)
    }

    /// Adds something that must hold.
    fn add(&mut self, question: &str, when: &When, lines: &mut Lines) {
        if let Some(line) = plain(when) {
            lines.all.push(line);
            return;
        }
        match when {
            When::All(parts) => parts.iter().for_each(|part| self.add(question, part, lines)),
            When::Any(parts) => {
                let any: Vec<String> = parts.iter().map(|part| self.line(question, part)).collect();
                if lines.any.is_empty() {
                    lines.any = any;
                } else if lines.or.is_empty() {
                    lines.or = any;
                } else {
                    let set = self.set(question, Lines { any, ..Lines::default() });
                    lines.all.push(set);
                }
            }
            When::Of { .. } => {
                let inner = spread(when);
                self.add(question, &inner, lines);
            }
            When::Given { .. } => {
                let inner = sides(when);
                self.add(question, &inner, lines);
            }
            // Not ticked, of several: one line for each reads best.
            When::Not(inner) => match inner.as_ref() {
                When::Ticked { question: subject, options, .. } => {
                    lines.none.extend(options.iter().map(|option| format!("{subject} includes {option}")));
                }
                When::Given { .. } => {
                    if let When::Any(parts) = sides(inner) {
                        lines.none.extend(parts.iter().filter_map(plain));
                    }
                }
                When::All(parts) => {
                    let line = self.together(question, parts);
                    lines.none.push(line);
                }
                When::Any(parts) => {
                    for part in parts {
                        let line = self.line(question, part);
                        lines.none.push(line);
                    }
                }
                inner => {
                    let line = self.line(question, inner);
                    lines.none.push(line);
                }
            },
            _ => {}
        }
    }

    /// One line for things that must not all hold.
    fn together(&mut self, question: &str, parts: &[When]) -> String {
        let ticked = |part: &When| match part {
            When::Ticked { question, options, .. } if options.len() == 1 => {
                Some((question.clone(), options.first().cloned()?))
            }
            _ => None,
        };
        let ticks: Option<Vec<(String, String)>> = parts.iter().map(ticked).collect();
        if let Some(ticks) = ticks.filter(|ticks| ticks.len() > 1)
            && ticks.iter().all(|(of, _)| *of == ticks[0].0)
        {
            let options: Vec<&str> = ticks.iter().map(|(_, option)| option.as_str()).collect();
            return format!("{} includes at least {} of {}", ticks[0].0, options.len(), options.join(", "));
        }
        self.line(question, &When::All(parts.to_vec()))
    }

    /// One line that says it; a set's name if it takes more.
    fn line(&mut self, question: &str, when: &When) -> String {
        if let Some(line) = plain(when) {
            return line;
        }
        let lines = self.lines(question, when).unwrap_or_default();
        self.set(question, lines)
    }

    fn set(&mut self, question: &str, lines: Lines) -> String {
        if let Some((name, _)) = self.made.iter().find(|(_, known)| *known == lines) {
            return name.clone();
        }
        let count =
            self.made.iter().filter(|(name, _)| name.starts_with(&format!("for-{question}-"))).count();
        let name = format!("for-{question}-{}", count + 1);
        self.made.push((name.clone(), lines));
        name
    }
}

/// What must hold, and the opposites of what must not: of the latter "not all of these" says the same as "not this, or
/// not that", and reads better.
fn apart(parts: Vec<When>) -> (Vec<When>, Vec<When>) {
    let mut positive = Vec::new();
    let mut negative = Vec::new();
    for part in parts {
        match part {
            When::Not(inner) => negative.push(*inner),
            other => positive.push(other),
        }
    }
    (positive, negative)
}

/// A condition that is one line.
fn plain(when: &When) -> Option<String> {
    let with_unit = |value: &Decimal, unit: &Option<String>| match unit {
        Some(unit) => format!("{value} {unit}"),
        None => value.to_string(),
    };
    match when {
        When::Of { subject, values, absent: false, .. } => match subject.item {
            None => Some(one(subject, values)),
            Some(item) => {
                let question = &subject.question;
                let highest = subject.names.len().saturating_sub(1);
                match runs(values).as_slice() {
                    [(low, high)] if *low > 0 && usize::from(*high) == highest => {
                        Some(format!("{question} item {item} at least {low}"))
                    }
                    [(0, high)] if usize::from(*high) < highest => {
                        Some(format!("{question} item {item} below {}", high + 1))
                    }
                    _ => None,
                }
            }
        },
        When::Ticked { question, options, .. } => {
            let names: Vec<&str> = options.iter().map(String::as_str).collect();
            Some(format!("{question} includes {}", names.join(" or ")))
        }
        When::AtLeast { question, value, unit, .. } => {
            Some(format!("{question} at least {}", with_unit(value, unit)))
        }
        When::Below { question, value, unit, .. } => {
            Some(format!("{question} below {}", with_unit(value, unit)))
        }
        When::Unknown { question, .. } => Some(format!("{question} is unknown")),
        _ => None,
    }
}

/// `X is a or b`, or `X is not c` where that is shorter.
fn one(subject: &Subject, values: &BTreeSet<u16>) -> String {
    let names = |values: &BTreeSet<u16>| -> String {
        let names: Vec<&str> =
            values.iter().filter_map(|&at| subject.names.get(usize::from(at))).map(String::as_str).collect();
        names.join(" or ")
    };
    let others: BTreeSet<u16> = subject.all().difference(values).copied().collect();
    if !others.is_empty() && others.len() < values.len() {
        format!("{} is not {}", subject.question, names(&others))
    } else {
        format!("{} is {}", subject.question, names(values))
    }
}

/// That a number is there: it lies on one side of a limit or on the other.
fn sides(given: &When) -> When {
    let When::Given { question, limit, unit, origin } = given else { return given.clone() };
    let (question, value, unit, origin) = (question.clone(), *limit, unit.clone(), *origin);
    When::Any(vec![
        When::Below { question: question.clone(), value, unit: unit.clone(), origin },
        When::AtLeast { question, value, unit, origin },
    ])
}

/// Values of an item that no single line names, as several.
fn spread(when: &When) -> When {
    let When::Of { subject, values, absent, origin } = when else { return when.clone() };
    let part = |values: BTreeSet<u16>| When::Of {
        subject: subject.clone(),
        values,
        absent: *absent,
        origin: *origin,
    };
    let top = u16::try_from(subject.names.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let parts: Vec<When> = runs(values)
        .into_iter()
        .flat_map(|(low, high)| match (low, high) {
            (0, high) if high == top => vec![part((0..1).collect()), part((1..=top).collect())],
            (low, high) if low > 0 && high < top => {
                vec![When::All(vec![part((low..=top).collect()), part((0..=high).collect())])]
            }
            (low, high) => vec![part((low..=high).collect())],
        })
        .collect();
    match <[When; 1]>::try_from(parts) {
        Ok([one]) => one,
        Err(parts) => When::Any(parts),
    }
}
