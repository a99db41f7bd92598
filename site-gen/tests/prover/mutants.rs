//! The shipped rules, each changed in one place: what a slip of the hand, or of judgement, would make of them.

use checker_rules::*;

/// How a rule is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// The rule is gone.
    Deleted,
    /// It fires less often: one alternative, or one option of a line, is gone; one more of several lines is needed.
    Weakened,
    /// It fires more often: a line that must hold as well is gone; one fewer of several lines is enough.
    Strengthened,
    /// A number in a line is one higher or one lower.
    Shifted,
    /// It asks for the next better outcome.
    Better,
    /// It asks for the next worse outcome.
    Worse,
}

impl Change {
    /// What it does to the whole where the part must not hold.
    fn turned(self) -> Self {
        match self {
            Self::Weakened => Self::Strengthened,
            Self::Strengthened => Self::Weakened,
            other => other,
        }
    }
}

/// A changed questionnaire.
pub(crate) struct Mutant {
    pub(crate) change: Change,
    /// Which rule, and what was done to it.
    pub(crate) name: String,
    pub(crate) draft: Draft,
}

/// Every rule with every change.
pub(crate) fn all(draft: &Draft) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (at, rule) in draft.rules.iter().enumerate() {
        let id = &rule.id.text;
        let mut add = |change, what: String, edit: &dyn Fn(&mut Draft)| {
            let mut draft = draft.clone();
            edit(&mut draft);
            mutants.push(Mutant { change, name: format!("{id} {what}"), draft });
        };
        add(Change::Deleted, "deleted".to_owned(), &|draft| drop(draft.rules.remove(at)));
        for (change, what, when) in changed(&rule.when) {
            add(change, what, &|draft| draft.rules[at].when = when.clone());
        }
        let Some(outcome) = &rule.outcome else { continue };
        let place = draft.outcomes.iter().position(|name| name.text == outcome.text).expect("an outcome");
        let neighbours = [(Change::Better, Some(place + 1)), (Change::Worse, place.checked_sub(1))];
        for (change, other) in neighbours {
            let Some(other) = other.and_then(|other| draft.outcomes.get(other)) else { continue };
            add(change, format!("asks for {}", other.text), &|draft| {
                draft.rules[at].outcome = Some(Name::new(other.text.clone(), outcome.origin));
            });
        }
    }
    mutants
}

/// A condition with each single change to it.
fn changed(condition: &DraftCondition) -> Vec<(Change, String, DraftCondition)> {
    let mut all = Vec::new();
    match condition {
        DraftCondition::All(parts) => {
            fewer(parts, Change::Strengthened, &DraftCondition::All, &mut all);
            inside(parts, false, &DraftCondition::All, &mut all);
        }
        DraftCondition::Any(parts) => {
            fewer(parts, Change::Weakened, &DraftCondition::Any, &mut all);
            inside(parts, false, &DraftCondition::Any, &mut all);
        }
        DraftCondition::None(parts) => {
            fewer(parts, Change::Strengthened, &DraftCondition::None, &mut all);
            inside(parts, true, &DraftCondition::None, &mut all);
        }
        DraftCondition::AtLeast(count, parts) => {
            let count = *count;
            inside(parts, false, &move |parts| DraftCondition::AtLeast(count, parts), &mut all);
            let counts = [(Change::Weakened, count + 1), (Change::Strengthened, count - 1)];
            for (change, other) in counts {
                let what = format!("at least {other} of {}", parts.len());
                all.push((change, what, DraftCondition::AtLeast(other, parts.clone())));
            }
        }
        DraftCondition::Set(_) => {}
        DraftCondition::Line(line) => {
            for (change, what, test) in changed_test(&line.test) {
                let what = format!("{}: {what}", line.subject.text);
                all.push((change, what, DraftCondition::Line(DraftLine { test, ..line.clone() })));
            }
        }
    }
    all
}

type Make<'m> = &'m dyn Fn(Vec<DraftCondition>) -> DraftCondition;

/// Without one of the parts.
fn fewer(
    parts: &[DraftCondition],
    change: Change,
    make: Make<'_>,
    into: &mut Vec<(Change, String, DraftCondition)>,
) {
    for at in (0..parts.len()).filter(|_| parts.len() > 1) {
        let mut left = parts.to_vec();
        let gone = left.remove(at);
        into.push((change, format!("without \"{}\"", words(&gone)), make(left)));
    }
}

/// With a change inside one of the parts.
fn inside(
    parts: &[DraftCondition],
    turned: bool,
    make: Make<'_>,
    into: &mut Vec<(Change, String, DraftCondition)>,
) {
    for at in 0..parts.len() {
        for (change, what, part) in changed(&parts[at]) {
            let mut with = parts.to_vec();
            with[at] = part;
            into.push((if turned { change.turned() } else { change }, what, make(with)));
        }
    }
}

fn changed_test(test: &DraftTest) -> Vec<(Change, String, DraftTest)> {
    let without = |names: &[Name], change: Change, make: &dyn Fn(Vec<Name>) -> DraftTest| {
        let places = (0..names.len()).filter(|_| names.len() > 1);
        let one = |at: usize| {
            let mut left = names.to_vec();
            let gone = left.remove(at);
            (change, format!("without {}", gone.text), make(left))
        };
        places.map(one).collect::<Vec<_>>()
    };
    let near = |value: &Quantity, word: &str, make: &dyn Fn(Quantity) -> DraftTest| {
        let one = |step: i64| {
            let digits = value.value.digits + step;
            let value = Quantity { value: Decimal { digits, ..value.value }, unit: value.unit.clone() };
            (Change::Shifted, format!("{word} {digits}"), make(value))
        };
        [1, -1].map(one).to_vec()
    };
    let near_item = |item: u32, value: u32, word: &str, make: &dyn Fn(u32) -> DraftTest| {
        let one = |value: u32| (Change::Shifted, format!("item {item} {word} {value}"), make(value));
        [value.checked_add(1), value.checked_sub(1)].into_iter().flatten().map(one).collect::<Vec<_>>()
    };
    match test {
        DraftTest::Is(names) => without(names, Change::Weakened, &DraftTest::Is),
        DraftTest::IsNot(names) => without(names, Change::Strengthened, &DraftTest::IsNot),
        DraftTest::Includes(names) => without(names, Change::Weakened, &DraftTest::Includes),
        DraftTest::IncludesAtLeast(count, names) => {
            let count = *count;
            let mut all = without(names, Change::Weakened, &|names| DraftTest::IncludesAtLeast(count, names));
            for (change, other) in [(Change::Weakened, count + 1), (Change::Strengthened, count - 1)] {
                let test = DraftTest::IncludesAtLeast(other, names.clone());
                all.push((change, format!("at least {other} of {}", names.len()), test));
            }
            all
        }
        DraftTest::AtLeast(value) => near(value, "at least", &DraftTest::AtLeast),
        DraftTest::Below(value) => near(value, "below", &DraftTest::Below),
        DraftTest::IsUnknown => Vec::new(),
        DraftTest::ItemAtLeast { item, value } => {
            let item = *item;
            near_item(item, *value, "at least", &|value| DraftTest::ItemAtLeast { item, value })
        }
        DraftTest::ItemBelow { item, value } => {
            let item = *item;
            near_item(item, *value, "below", &|value| DraftTest::ItemBelow { item, value })
        }
    }
}

/// A condition in a few words, to name what is gone.
fn words(condition: &DraftCondition) -> String {
    let list = |names: &[Name]| names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(" or ");
    match condition {
        DraftCondition::All(parts) => format!("all of {}", parts.len()),
        DraftCondition::Any(parts) => format!("any of {}", parts.len()),
        DraftCondition::None(parts) => format!("none of {}", parts.len()),
        DraftCondition::AtLeast(count, parts) => format!("{count} of {}", parts.len()),
        DraftCondition::Set(name) => name.text.clone(),
        DraftCondition::Line(line) => {
            let subject = &line.subject.text;
            match &line.test {
                DraftTest::Is(names) => format!("{subject} is {}", list(names)),
                DraftTest::IsNot(names) => format!("{subject} is not {}", list(names)),
                DraftTest::Includes(names) => format!("{subject} includes {}", list(names)),
                DraftTest::IsUnknown => format!("{subject} is unknown"),
                _ => format!("a line about {subject}"),
            }
        }
    }
}
