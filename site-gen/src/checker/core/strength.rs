//! When one promise is weaker than another.
//!
//! A promise is a set of answer sets and a stretch of outcomes that are wrong for them. It is at least as strong as another
//! one if it speaks of all the answer sets of the other, and calls wrong all that the other does. The second is a look at
//! the order of outcomes. The first is decided by the proof itself: a rule that fires for what one promise speaks of and
//! the other does not must never fire. What is written alike is not proved again.

use super::Locked;
use crate::checker::origins::Origins;
use checker_rules::{
    Draft, DraftBound, DraftCondition, DraftKind, DraftLine, DraftPromise, DraftRule, DraftTest, Name, Reach,
};
use std::collections::BTreeSet;

/// A condition with its sets replaced by what they stand for.
pub(super) fn written_out(condition: &DraftCondition, sets: &[(String, DraftCondition)]) -> DraftCondition {
    let all = |parts: &[DraftCondition]| parts.iter().map(|part| written_out(part, sets)).collect();
    match condition {
        DraftCondition::All(parts) => DraftCondition::All(all(parts)),
        DraftCondition::Any(parts) => DraftCondition::Any(all(parts)),
        DraftCondition::None(parts) => DraftCondition::None(all(parts)),
        DraftCondition::AtLeast(count, parts) => DraftCondition::AtLeast(*count, all(parts)),
        DraftCondition::Line(line) => DraftCondition::Line(line.clone()),
        DraftCondition::Set(name) => {
            let set = sets.iter().find(|(known, _)| *known == name.text);
            written_out(&set.expect("BUG: the kept file names its own sets").1, sets)
        }
    }
}

/// Cuts away what nobody can answer any more.
pub(super) struct Cut<'a> {
    pub(super) draft: &'a Draft,
    pub(super) locked: &'a Locked,
    pub(super) origins: &'a Origins,
}

impl Cut<'_> {
    /// A promise about the answers that are still there; `None` if none are left that it speaks of.
    ///
    /// # Errors
    /// The first line whose question must stay and cannot be asked any more.
    pub(super) fn promise(&self, promise: &DraftPromise) -> Result<Option<DraftPromise>, String> {
        let still = |with: &[Name], fits: &dyn Fn(&Name) -> bool| {
            let with: Vec<Name> = with.iter().filter(|name| fits(name)).cloned().collect();
            (!with.is_empty()).then_some(with)
        };
        let question = |name: &Name| self.draft.questions.iter().find(|draft| draft.id.text == name.text);
        // No line can say "everybody". It is left only where every answer is gone that a promise made an exception of.
        let speaks_of = |when| Ok::<_, String>(self.condition(when)?.filter(|when| !always(when)));
        Ok(match promise {
            DraftPromise::Always { when, outcome } => {
                speaks_of(when)?.map(|when| DraftPromise::Always { when, outcome: outcome.clone() })
            }
            DraftPromise::Never { when, outcome } => {
                speaks_of(when)?.map(|when| DraftPromise::Never { when, outcome: outcome.clone() })
            }
            // Questions that lost their order or their unknown answers are told as questions.
            DraftPromise::NeverBetter { with } => {
                let fits = |name: &Name| question(name).is_some_and(|draft| draft.direction.is_some());
                still(with, &fits).map(|with| DraftPromise::NeverBetter { with })
            }
            DraftPromise::UnknownIsCareful { with } => {
                let fits = |name: &Name| question(name).is_some_and(|draft| !draft.unknown.is_empty());
                still(with, &fits).map(|with| DraftPromise::UnknownIsCareful { with })
            }
            // Rules that are gone are told as rules.
            DraftPromise::ExactlyOne { of, when } => {
                let fits = |name: &Name| self.draft.rules.iter().any(|rule| rule.id.text == name.text);
                let when = match when {
                    Some(when) => speaks_of(when)?.map(Some),
                    None => Some(None),
                };
                still(of, &fits).zip(when).map(|(of, when)| DraftPromise::ExactlyOne { of, when })
            }
        })
    }

    /// The same for a condition.
    pub(super) fn condition(&self, condition: &DraftCondition) -> Result<Option<DraftCondition>, String> {
        let each = |parts: &[DraftCondition]| -> Result<Vec<Option<DraftCondition>>, String> {
            parts.iter().map(|part| self.condition(part)).collect()
        };
        Ok(match condition {
            DraftCondition::All(parts) => {
                let parts: Option<Vec<DraftCondition>> = each(parts)?.into_iter().collect();
                parts.map(|mut parts| {
                    parts.retain(|part| !always(part));
                    DraftCondition::All(parts)
                })
            }
            DraftCondition::Any(parts) => {
                let parts: Vec<DraftCondition> = each(parts)?.into_iter().flatten().collect();
                (!parts.is_empty()).then_some(DraftCondition::Any(parts))
            }
            DraftCondition::None(parts) => {
                let parts: Vec<DraftCondition> = each(parts)?.into_iter().flatten().collect();
                Some(DraftCondition::None(parts))
            }
            DraftCondition::AtLeast(count, parts) => {
                let parts: Vec<DraftCondition> = each(parts)?.into_iter().flatten().collect();
                let enough = usize::try_from(*count).is_ok_and(|count| count <= parts.len());
                enough.then_some(DraftCondition::AtLeast(*count, parts))
            }
            DraftCondition::Line(line) => self.line(line)?.map(DraftCondition::Line),
            DraftCondition::Set(name) => Some(DraftCondition::Set(name.clone())),
        })
    }

    fn line(&self, line: &DraftLine) -> Result<Option<DraftLine>, String> {
        let id = &line.subject.text;
        let question = self.draft.questions.iter().find(|draft| draft.id.text == *id);
        let kept = |names: &[Name], options: &[Name]| -> Vec<Name> {
            let there = |name: &&Name| options.iter().any(|option| option.text == name.text);
            names.iter().filter(there).cloned().collect()
        };
        let left = question.and_then(|question| {
            let test = match (&question.kind, &line.test) {
                (DraftKind::One { options }, DraftTest::Is(names)) => DraftTest::Is(kept(names, options)),
                (DraftKind::Many { options, .. }, DraftTest::Includes(names)) => {
                    DraftTest::Includes(kept(names, options))
                }
                (DraftKind::One { options }, DraftTest::IsNot(names)) => {
                    DraftTest::IsNot(kept(names, options))
                }
                (DraftKind::Instrument { instrument, .. }, DraftTest::ItemAtLeast { item, .. })
                    if usize::try_from(*item).is_ok_and(|item| item <= instrument.items.len()) =>
                {
                    line.test.clone()
                }
                (_, DraftTest::IsUnknown) if !question.unknown.is_empty() => line.test.clone(),
                _ => return None,
            };
            Some(DraftLine { test, ..line.clone() })
        });
        let names = |test: &DraftTest| match test {
            DraftTest::Is(names) | DraftTest::IsNot(names) | DraftTest::Includes(names) => names.len(),
            _ => 1,
        };
        match left {
            Some(left) if names(&left.test) == names(&line.test) => Ok(Some(left)),
            _ if self.must_stay(id) => Err(self.origins.written(line.origin).to_owned()),
            Some(left) if names(&left.test) > 0 => Ok(Some(left)),
            _ => Ok(None),
        }
    }

    /// Whether a question and its answers may not go: the copy keeps it, and there is somebody to ask it of. The list of
    /// conditions, say, may become shorter: nobody can then pick what is gone.
    fn must_stay(&self, id: &str) -> bool {
        let Some(kept) = self.locked.questions.iter().find(|kept| kept.id == id) else { return false };
        let there = self.draft.questions.iter().any(|draft| draft.id.text == id);
        // `S3` waits for `S2`, never for itself: the copy goes round in no circle.
        let asked = kept.asked_when.as_ref().map(|when| self.condition(when));
        there || !matches!(asked, Some(Ok(None)))
    }
}

/// Whether nothing is asked any more, so that it holds for everybody.
fn always(condition: &DraftCondition) -> bool {
    matches!(condition, DraftCondition::All(parts) | DraftCondition::None(parts) if parts.is_empty())
}

/// How a promise is weaker than the one wanted; `None` if it is not.
pub(super) fn weaker(
    draft: &Draft,
    origins: &Origins,
    wanted: &DraftPromise,
    theirs: &DraftPromise,
) -> Option<String> {
    match (wanted, theirs) {
        (DraftPromise::NeverBetter { with: wanted }, DraftPromise::NeverBetter { with: theirs })
        | (
            DraftPromise::UnknownIsCareful { with: wanted },
            DraftPromise::UnknownIsCareful { with: theirs },
        ) => {
            let gone: Vec<String> = wanted
                .iter()
                .filter(|name| !theirs.iter().any(|known| known.text == name.text))
                .map(|name| name.text.clone())
                .collect();
            (!gone.is_empty())
                .then(|| format!("it does not speak of {} any more", crate::checker::faults::list(&gone)))
        }
        (
            DraftPromise::Always { when, .. } | DraftPromise::Never { when, .. },
            DraftPromise::Always { when: their_when, .. } | DraftPromise::Never { when: their_when, .. },
        ) => {
            let allowed = |promise: &DraftPromise| right_outcomes(draft, promise);
            let (right, their_right) = (allowed(wanted), allowed(theirs));
            if let Some(more) = their_right.iter().find(|outcome| !right.contains(*outcome)) {
                return Some(format!("it allows the outcome `{more}`, which it ruled out"));
            }
            fewer_answers(draft, origins, when, their_when)
        }
        (
            DraftPromise::ExactlyOne { of, when },
            DraftPromise::ExactlyOne { of: their_of, when: their_when },
        ) => {
            let ids = |names: &[Name]| names.iter().map(|name| name.text.clone()).collect::<BTreeSet<_>>();
            match (when, their_when) {
                _ if ids(of) != ids(their_of) => Some("it speaks of other rules".to_owned()),
                (_, None) => None,
                (None, Some(_)) => Some("it does not hold for everyone any more".to_owned()),
                (Some(when), Some(their_when)) => fewer_answers(draft, origins, when, their_when),
            }
        }
        _ => Some("it is a promise of another kind".to_owned()),
    }
}

/// How a condition leaves out answers for which another one holds; `None` if it does not.
fn fewer_answers(
    draft: &Draft,
    origins: &Origins,
    when: &DraftCondition,
    their_when: &DraftCondition,
) -> Option<String> {
    let gone = cases(when).into_iter().find(|case| implied(draft, Some(case), their_when) == Some(false))?;
    Some(match gone {
        DraftCondition::Line(line) => {
            format!("it does not hold for `{}` any more", origins.written(line.origin))
        }
        _ => "it does not hold for all the answers any more that it held for".to_owned(),
    })
}

/// The outcomes that a promise allows where it speaks, worst first. An outcome that is not there allows nothing: that is told elsewhere.
fn right_outcomes<'d>(draft: &'d Draft, promise: &DraftPromise) -> Vec<&'d str> {
    let (bound, inside) = match promise {
        DraftPromise::Always { outcome, .. } => (outcome, true),
        DraftPromise::Never { outcome, .. } => (outcome, false),
        DraftPromise::NeverBetter { .. }
        | DraftPromise::UnknownIsCareful { .. }
        | DraftPromise::ExactlyOne { .. } => return Vec::new(),
    };
    let Some(named) = draft.outcomes.iter().position(|name| name.text == bound.name.text) else {
        return Vec::new();
    };
    let within = |at: usize| match bound.or {
        Reach::Worse => at <= named,
        Reach::Better => at >= named,
        Reach::Exactly => at == named,
    };
    let outcomes = draft.outcomes.iter().enumerate();
    outcomes.filter(|(at, _)| within(*at) == inside).map(|(_, name)| name.text.as_str()).collect()
}

/// The parts of which any is enough.
fn cases(when: &DraftCondition) -> Vec<&DraftCondition> {
    match when {
        DraftCondition::Any(parts) => parts.iter().flat_map(cases).collect(),
        DraftCondition::All(parts) if parts.len() == 1 => cases(&parts[0]),
        _ => vec![when],
    }
}

/// Whether the second condition holds wherever the first does (`None`: everywhere). `None` if the questions cannot be
/// judged because something else is wrong with them, which is told elsewhere.
pub(super) fn implied(
    draft: &Draft,
    first: Option<&DraftCondition>,
    second: &DraftCondition,
) -> Option<bool> {
    if let Some(first) = first {
        let (first, second) = (Shape::of(first, draft, 0), Shape::of(second, draft, 0));
        let among = matches!(&second, Shape::Any(parts) if parts.contains(&first));
        let below = matches!((&first, &second), (Shape::Any(some), Shape::Any(all)) if some.is_subset(all));
        if first == second || among || below {
            return Some(true);
        }
    }
    let beyond = DraftCondition::None(vec![second.clone()]);
    let parts = first.cloned().into_iter().chain([beyond]).collect();
    let mut probe = draft.clone();
    let outcome = probe.outcomes.first().cloned();
    let name = outcome.clone()?;
    probe.invariants.clear();
    probe.rules = vec![DraftRule {
        id: name.clone(),
        outcome,
        flag: name,
        talk_to: Vec::new(),
        talk_to_when: Vec::new(),
        when: DraftCondition::All(parts),
        evidence: Vec::new(),
    }];
    let questionnaire = checker_rules::resolve(&probe).ok()?;
    let (report, _) = checker_rules::verify(questionnaire);
    // A proof that was given up shows nothing.
    Some(report.by_rule.first().is_some_and(|fires| fires == "0"))
}

/// A condition without its places, in a form in which what means the same for plain reasons looks the same: sets written
/// out, `is A or B` taken apart, lists in order and without repeats.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    Line(String),
    All(BTreeSet<Shape>),
    Any(BTreeSet<Shape>),
    None(BTreeSet<Shape>),
    AtLeast(u32, Vec<Shape>),
}

impl Shape {
    fn of(condition: &DraftCondition, draft: &Draft, depth: u32) -> Shape {
        let each = |parts: &[DraftCondition]| -> Vec<Shape> {
            parts.iter().map(|part| Shape::of(part, draft, depth + 1)).collect()
        };
        match condition {
            DraftCondition::All(parts) => Shape::all(each(parts)),
            DraftCondition::Any(parts) => Shape::any(each(parts)),
            DraftCondition::None(parts) => match Shape::any(each(parts)) {
                Shape::Any(parts) => Shape::None(parts),
                one => Shape::None(BTreeSet::from([one])),
            },
            DraftCondition::AtLeast(count, parts) => Shape::AtLeast(*count, each(parts)),
            DraftCondition::Set(name) => match draft.sets.iter().find(|set| set.name.text == name.text) {
                // Sets that go round in circles are told elsewhere.
                Some(set) if depth <= 32 => Shape::of(&set.condition, draft, depth + 1),
                _ => Shape::Line(name.text.clone()),
            },
            DraftCondition::Line(line) => {
                let id = &line.subject.text;
                let any = |verb: &str, names: &[Name]| {
                    let line = |name: &Name| Shape::Line(format!("{id} {verb} {}", name.text));
                    Shape::any(names.iter().map(line).collect())
                };
                match &line.test {
                    DraftTest::Is(names) => any("is", names),
                    DraftTest::Includes(names) => any("includes", names),
                    DraftTest::IsNot(names) => {
                        let mut names: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
                        names.sort_unstable();
                        Shape::Line(format!("{id} is not {}", names.join(" or ")))
                    }
                    DraftTest::IsUnknown => Shape::Line(format!("{id} is unknown")),
                    DraftTest::ItemAtLeast { item, value } => {
                        Shape::Line(format!("{id} item {item} at least {value}"))
                    }
                    DraftTest::ItemBelow { item, value } => {
                        Shape::Line(format!("{id} item {item} below {value}"))
                    }
                    DraftTest::AtLeast(quantity) => Shape::Line(format!("{id} at least {}", quantity.value)),
                    DraftTest::Below(quantity) => Shape::Line(format!("{id} below {}", quantity.value)),
                    DraftTest::IncludesAtLeast(count, names) => {
                        let mut names: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
                        names.sort_unstable();
                        Shape::Line(format!("{id} includes at least {count} of {}", names.join(", ")))
                    }
                }
            }
        }
    }

    fn all(parts: Vec<Shape>) -> Shape {
        let mut set = BTreeSet::new();
        for part in parts {
            match part {
                Shape::All(more) => set.extend(more),
                one => {
                    set.insert(one);
                }
            }
        }
        if set.len() == 1 { set.pop_first().expect("BUG: one part") } else { Shape::All(set) }
    }

    fn any(parts: Vec<Shape>) -> Shape {
        let mut set = BTreeSet::new();
        for part in parts {
            match part {
                Shape::Any(more) => set.extend(more),
                one => {
                    set.insert(one);
                }
            }
        }
        if set.len() == 1 { set.pop_first().expect("BUG: one part") } else { Shape::Any(set) }
    }
}

/// What a promise says, for a message.
pub(super) fn in_words(promise: &DraftPromise, origins: &Origins) -> String {
    let names = |with: &[Name]| with.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(", ");
    let bound = |bound: &DraftBound| match bound.or {
        Reach::Worse => format!("`{} or worse`", bound.name.text),
        Reach::Better => format!("`{} or better`", bound.name.text),
        Reach::Exactly => format!("`{}`", bound.name.text),
    };
    match promise {
        DraftPromise::Always { when, outcome } => {
            format!("the outcome is always {} {}", bound(outcome), when_in_words(when, origins))
        }
        DraftPromise::Never { when, outcome } => {
            format!("the outcome is never {} {}", bound(outcome), when_in_words(when, origins))
        }
        DraftPromise::NeverBetter { with } => format!("[[never-better]] with {}", names(with)),
        DraftPromise::UnknownIsCareful { with } => format!("[[unknown-is-careful]] with {}", names(with)),
        DraftPromise::ExactlyOne { of, when } => {
            let when =
                when.as_ref().map_or(String::new(), |when| format!(" {}", when_in_words(when, origins)));
            format!("[[exactly-one]] of {}{when}", names(of))
        }
    }
}

fn when_in_words(when: &DraftCondition, origins: &Origins) -> String {
    let lines = |parts: &[DraftCondition]| -> String {
        let written = |part: &DraftCondition| match part {
            DraftCondition::Line(line) => format!("`{}`", origins.written(line.origin)),
            _ => "…".to_owned(),
        };
        let mut said: Vec<String> = parts.iter().take(6).map(written).collect();
        if parts.len() > 6 {
            said.push(format!("{} more lines", parts.len() - 6));
        }
        said.join(", ")
    };
    match when {
        DraftCondition::Line(_) => format!("when {}", lines(std::slice::from_ref(when))),
        DraftCondition::Any(parts) => format!("when any of these holds: {}", lines(parts)),
        DraftCondition::None(parts) => format!("when none of these holds: {}", lines(parts)),
        DraftCondition::All(parts) | DraftCondition::AtLeast(_, parts) => {
            format!("when these hold: {}", lines(parts))
        }
        DraftCondition::Set(name) => format!("when `{}` holds", name.text),
    }
}
