//! What a clinic cannot switch off silently.
//!
//! * [`general`] holds for every checker, whatever its id.
//! * A shipped checker has a kept copy, `ketamine.toml`: its core rules, its promises, and what its questions say about
//!   risk, "not sure" and crisis. The files that staff edit may be stricter than the copy; what is taken out or made
//!   weaker stops the build, unless safety.toml holds an override that names a clinician, a day and a reason.
//! * [`strength`] decides what "weaker" is.

mod general;
mod strength;

use super::files::{self, Files};
use crate::finding::{Finding, Findings};
use crate::parse::data::Written;
use crate::source::Place;
use checker_rules::{
    Direction, DraftBound, DraftCondition, DraftDirection, DraftInvariant, DraftOrder, DraftPromise,
    DraftQuestion, Name,
};
use jiff::civil::Date;
use std::collections::BTreeSet;
use strength::{Cut, weaker};

/// The kept copies, by the id of the checker.
const SHIPPED: [(&str, &str); 1] = [("ketamine", include_str!("ketamine.toml"))];

/// The kept copy of a shipped checker. Sets are written out in its conditions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Locked {
    /// Worst first.
    pub(crate) outcomes: Vec<String>,
    pub(crate) stop_at: Vec<String>,
    pub(crate) questions: Vec<LockedQuestion>,
    pub(crate) rules: Vec<Kept>,
    pub(crate) promises: Vec<Kept>,
}

/// What a question must go on saying about itself.
#[derive(Clone, Debug)]
pub(crate) struct LockedQuestion {
    pub(crate) id: String,
    pub(crate) unknown: Vec<String>,
    pub(crate) crisis: Vec<String>,
    pub(crate) risk: Option<DraftDirection>,
    /// `None`: always asked.
    pub(crate) asked_when: Option<DraftCondition>,
}

/// A core rule or a promise: its sentence, and what must hold.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) id: String,
    pub(crate) say: String,
    pub(crate) promise: DraftPromise,
}

impl Locked {
    /// The same with every set in a condition replaced by what it stands for in the copy.
    pub(crate) fn with_sets_written_out(mut self, sets: &[(String, DraftCondition)]) -> Self {
        let out = |when: &mut DraftCondition| *when = strength::written_out(when, sets);
        let kept = self.rules.iter_mut().chain(&mut self.promises);
        for promise in kept.map(|kept| &mut kept.promise) {
            if let DraftPromise::Always { when, .. } | DraftPromise::Never { when, .. } = promise {
                out(when);
            }
        }
        self.questions.iter_mut().filter_map(|question| question.asked_when.as_mut()).for_each(out);
        self
    }
}

/// What an override can set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A core rule.
    Rule,
    /// A promise of safety.toml.
    Promise,
    /// What a question says about risk, "not sure" and crisis, and who is asked it.
    Question,
}

impl Thing {
    pub(crate) const ALL: [Thing; 3] = [Thing::Rule, Thing::Promise, Thing::Question];

    /// As it is written in an override.
    pub fn key(self) -> &'static str {
        match self {
            Thing::Rule => "rule",
            Thing::Promise => "promise",
            Thing::Question => "question",
        }
    }

    /// In a sentence.
    fn words(self) -> &'static str {
        match self {
            Thing::Rule => "core rule",
            Thing::Promise => "promise",
            Thing::Question => "question",
        }
    }

    fn set_aside_code(self) -> &'static str {
        match self {
            Thing::Rule => "core-rule-set-aside",
            Thing::Promise => "core-promise-set-aside",
            Thing::Question => "core-question-set-aside",
        }
    }

    /// The prefix of the promises that this module adds to the draft.
    fn prefix(self) -> &'static str {
        match self {
            Thing::Rule => "core-rule-",
            Thing::Promise => "core-promise-",
            Thing::Question => "core-question-",
        }
    }
}

/// An override as written in safety.toml.
#[derive(Debug)]
pub(crate) struct Override {
    pub(crate) thing: Thing,
    pub(crate) id: Written<String>,
    pub(crate) by: Option<Written<String>>,
    pub(crate) on: Option<Date>,
    pub(crate) why: Option<String>,
}

/// A part of the core that a clinician set aside, with a name, a day and a reason.
#[derive(Clone, Debug)]
pub struct SetAside {
    /// What kind of part.
    pub thing: Thing,
    /// Its id.
    pub id: String,
    /// The clinician's id in content/people.toml.
    pub by: String,
    /// When.
    pub on: Date,
    /// Why, in the clinician's words.
    pub why: String,
}

/// Holds a checker to what cannot be switched off: reports what was taken out or made weaker, and adds to the draft what
/// is to be proved whatever the files say.
pub(crate) fn add(files: &mut Files, people: &[String], findings: &mut Findings) {
    general::check(files, findings);
    let kept = SHIPPED.iter().find(|(id, _)| *id == files.draft.id.text);
    let at = Place::start_of(files.safety_file);
    let locked = kept.map(|(_, text)| files::read_locked(text, at, &mut files.origins)).unwrap_or_default();
    let overrides = std::mem::take(&mut files.overrides);
    files.set_aside = overrides.iter().filter_map(|given| signed(given, &locked, people, findings)).collect();
    let mut core = Core { files, locked: &locked, findings, told: BTreeSet::new() };
    core.outcomes();
    core.questions();
    core.rules();
    core.promises();
}

/// An override that names a part of the core, a clinician, a day and a reason.
fn signed(given: &Override, locked: &Locked, people: &[String], findings: &mut Findings) -> Option<SetAside> {
    let (thing, id) = (given.thing, given.id.value.as_str());
    let there = match thing {
        Thing::Rule => locked.rules.iter().any(|kept| kept.id == id),
        Thing::Promise => locked.promises.iter().any(|kept| kept.id == id),
        Thing::Question => locked.questions.iter().any(|kept| kept.id == id),
    };
    if !there {
        let what = match thing {
            Thing::Rule => "no core rule",
            Thing::Promise => "no promise that the program keeps",
            Thing::Question => "no question that the program keeps",
        };
        findings.push(
            Finding::error(
                "override-unknown",
                given.id.place.clone(),
                format!("`{id}` is {what}, so there is nothing to set aside"),
            )
            .help("Take the override out: other rules, promises and questions can simply be changed"),
        );
        return None;
    }
    let by = given.by.as_ref().filter(|by| people.contains(&by.value));
    let why = given.why.as_ref().filter(|why| !why.trim().is_empty());
    let (Some(by), Some(on), Some(why)) = (by, given.on, why) else {
        findings.push(
            Finding::error(
                "override-not-signed",
                given.id.place.clone(),
                format!(
                    "The override of the {} `{id}` does not name a clinician, a day and a reason",
                    thing.words()
                ),
            )
            .help(
                "Write `by` with an id from content/people.toml, `on = 2026-11-22` and `why = \"...\"`. Only a clinician \
                 may set a part of the core aside",
            ),
        );
        return None;
    };
    findings.push(
        Finding::warning(
            thing.set_aside_code(),
            given.id.place.clone(),
            format!("The {} `{id}` is set aside, signed by `{}`", thing.words(), by.value),
        )
        .help(format!("Take the override out as soon as the {} is back", thing.key())),
    );
    Some(SetAside { thing, id: id.to_owned(), by: by.value.clone(), on, why: why.clone() })
}

/// Holds the files of one checker to its kept copy.
struct Core<'a> {
    files: &'a mut Files,
    locked: &'a Locked,
    findings: &'a mut Findings,
    /// Lines that cannot be asked any more and have been told once.
    told: BTreeSet<String>,
}

impl<'a> Core<'a> {
    fn is_set_aside(&self, thing: Thing, id: &str) -> bool {
        self.files.set_aside.iter().any(|aside| aside.thing == thing && aside.id == id)
    }

    fn question(&self, id: &str) -> Option<&DraftQuestion> {
        self.files.draft.questions.iter().find(|draft| draft.id.text == id)
    }

    /// "Or worse" and "or better" mean what they meant as long as the outcomes keep their order.
    fn outcomes(&mut self) {
        let draft = &self.files.draft;
        let known = |name: &&Name| self.locked.outcomes.contains(&name.text);
        let now: Vec<&str> = draft.outcomes.iter().filter(known).map(|name| name.text.as_str()).collect();
        let stops = |id: &String| draft.stop_at.iter().any(|name| name.text == *id);
        let place = draft.outcomes.first().and_then(|name| self.files.origins.place(name.origin));
        let place = place.unwrap_or_else(|| Place::start_of(self.files.checker_file));
        if now != self.locked.outcomes {
            self.findings.push(
                Finding::error(
                    "core-outcomes-changed",
                    place,
                    "An outcome of the shipped checker was taken out or moved",
                )
                .help(format!(
                    "Keep them in this order, worst first: {}. Others may stand between them",
                    self.locked.outcomes.join(", ")
                )),
            );
        } else if let Some(gone) = self.locked.stop_at.iter().find(|id| !stops(id)) {
            self.findings.push(
                Finding::error(
                    "core-outcomes-changed",
                    place,
                    format!("The outcome `{gone}` does not end the questions any more"),
                )
                .help(format!("Write `stop-at = [\"{gone}\"]`")),
            );
        }
    }

    fn questions(&mut self) {
        let locked = self.locked;
        for kept in &locked.questions {
            if self.is_set_aside(Thing::Question, &kept.id) {
                continue;
            }
            let asked_when = kept.asked_when.as_ref().map(|when| self.cut().condition(when));
            let Some(draft) = self.question(&kept.id).cloned() else {
                // A question that nobody would be asked is not missed.
                if !matches!(asked_when, Some(Ok(None))) {
                    let place = Place::start_of(self.files.checker_file);
                    self.question_weakened(place, &kept.id, "it is not in checker.toml any more", "");
                }
                continue;
            };
            let place = self.files.origins.place(draft.id.origin);
            let place = place.unwrap_or_else(|| Place::start_of(self.files.checker_file));
            for (key, kept_options, options) in
                [("unknown", &kept.unknown, &draft.unknown), ("crisis", &kept.crisis, &draft.crisis)]
            {
                let gone: Vec<&str> = kept_options
                    .iter()
                    .map(String::as_str)
                    .filter(|id| !options.iter().any(|name| name.text == *id))
                    .collect();
                if !gone.is_empty() {
                    let gone = gone.join("`, `");
                    let how = format!("`{key}` does not name `{gone}` any more");
                    let right =
                        kept_options.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", ");
                    let right = format!("Write `{key} = [{right}]` for this question. ");
                    self.question_weakened(place.clone(), &kept.id, &how, &right);
                }
            }
            if let Some(risk) = &kept.risk
                && !keeps_order(risk, draft.direction.as_ref())
            {
                let how = "its order of risk was taken out or changed";
                let right = format!("Write `{}` for this question. ", order_in_words(risk));
                self.question_weakened(place.clone(), &kept.id, how, &right);
            }
            // Lines that nobody can fulfil any more are told with the rules.
            let still_asked = match (asked_when, &draft.asked_when) {
                (Some(Err(_)), _) | (_, None) => true,
                (Some(Ok(None)), Some(_)) => true,
                (Some(Ok(Some(kept))), Some(now)) => {
                    strength::implied(&self.files.draft, Some(&kept), now).is_none_or(|holds| holds)
                }
                (None, Some(now)) => {
                    strength::implied(&self.files.draft, None, now).is_none_or(|holds| holds)
                }
            };
            if !still_asked {
                let how = "it is not asked of everybody any more who should answer it";
                self.question_weakened(place, &kept.id, how, "Ask it as it was asked before. ");
            }
        }
    }

    fn question_weakened(&mut self, place: Place, id: &str, how: &str, right: &str) {
        self.findings.push(
            Finding::error(
                "core-question-weakened",
                place,
                format!("The question `{id}` was taken out or made weaker: {how}"),
            )
            .help(format!(
                "{right}Promises about risk, “not sure” and crisis rest on it. Only a clinician may set it aside: see \
                 content/checkers/README.md, \"Core rules\""
            )),
        );
    }

    fn rules(&mut self) {
        let locked = self.locked;
        for kept in &locked.rules {
            if self.is_set_aside(Thing::Rule, &kept.id) {
                continue;
            }
            let rule = self.files.draft.rules.iter().find(|rule| rule.id.text == kept.id);
            let place = rule.and_then(|rule| self.files.origins.place(rule.id.origin));
            let place = place.unwrap_or_else(|| Place::start_of(self.files.rules_file));
            match self.cut().promise(&kept.promise) {
                Ok(Some(promise)) => self.add(Thing::Rule, kept, promise, place),
                Ok(None) => {}
                Err(line) => {
                    self.findings.push(rule_weakened(place, &kept.id, &gone(&line)));
                    self.told.insert(line);
                }
            }
        }
    }

    fn promises(&mut self) {
        let locked = self.locked;
        for kept in &locked.promises {
            if self.is_set_aside(Thing::Promise, &kept.id) {
                continue;
            }
            let theirs = self.files.draft.invariants.iter().find(|draft| draft.id.text == kept.id).cloned();
            let place = theirs.as_ref().and_then(|draft| self.files.origins.place(draft.id.origin));
            let place = place.unwrap_or_else(|| Place::start_of(self.files.safety_file));
            let wanted = match self.cut().promise(&kept.promise) {
                Ok(Some(wanted)) => wanted,
                // Nobody can give such an answer any more.
                Ok(None) => continue,
                Err(line) => {
                    if self.told.insert(line.clone()) {
                        self.findings.push(promise_weakened(place, &kept.id, &gone(&line)));
                    }
                    continue;
                }
            };
            match theirs {
                None => self.findings.push(
                    Finding::error(
                        "promise-missing",
                        place.clone(),
                        format!(
                            "safety.toml does not hold the promise `{}` any more: {}",
                            kept.id,
                            files::lower_first(&kept.say)
                        ),
                    )
                    .help(format!(
                        "Put it back: {}. Only a clinician may set it aside: see content/checkers/README.md, \"Core rules\"",
                        strength::in_words(&kept.promise, &self.files.origins)
                    )),
                ),
                Some(theirs) => match weaker(&self.files.draft, &self.files.origins, &wanted, &theirs.promise) {
                    None => continue,
                    Some(how) => self.findings.push(promise_weakened(place.clone(), &kept.id, &how)),
                },
            }
            // Proved all the same, so that `verify` shows whether the rules still keep it.
            self.add(Thing::Promise, kept, wanted, place);
        }
    }

    fn cut(&self) -> Cut<'_> {
        Cut { draft: &self.files.draft, locked: self.locked, origins: &self.files.origins }
    }

    /// Adds a kept promise to what is proved.
    fn add(&mut self, thing: Thing, kept: &Kept, promise: DraftPromise, place: Place) {
        let outcome = match &promise {
            DraftPromise::Always { outcome, .. } | DraftPromise::Never { outcome, .. } => Some(outcome),
            DraftPromise::NeverBetter { .. }
            | DraftPromise::UnknownIsCareful { .. }
            | DraftPromise::ExactlyOne { .. } => None,
        };
        let known = |outcome: &DraftBound| {
            self.files.draft.outcomes.iter().any(|name| name.text == outcome.name.text)
        };
        // A missing outcome has been told.
        if !outcome.is_none_or(known) {
            return;
        }
        let id = format!("{}{}", thing.prefix(), kept.id);
        self.files.says.insert(id.clone(), kept.say.clone());
        let id = self.files.origins.name(&place, &id);
        self.files.draft.invariants.push(DraftInvariant { id, promise });
    }
}

/// Whether the order of risk is still the kept one, among the answers that are still there.
fn keeps_order(kept: &DraftDirection, now: Option<&DraftDirection>) -> bool {
    let Some(now) = now.filter(|now| now.of == Direction::Risk) else { return false };
    match (&kept.order, &now.order) {
        (DraftOrder::Listed(kept), DraftOrder::Listed(now)) => {
            let both = |list: &[Name], other: &[Name]| -> Vec<String> {
                let shared = |name: &&Name| other.iter().any(|known| known.text == name.text);
                list.iter().filter(shared).map(|name| name.text.clone()).collect()
            };
            both(kept, now) == both(now, kept)
        }
        (DraftOrder::Higher, DraftOrder::Higher)
        | (DraftOrder::Lower, DraftOrder::Lower)
        | (DraftOrder::More, DraftOrder::More) => true,
        _ => false,
    }
}

fn order_in_words(risk: &DraftDirection) -> String {
    match &risk.order {
        DraftOrder::Listed(names) => {
            let names: Vec<String> = names.iter().map(|name| format!("\"{}\"", name.text)).collect();
            format!("risk = [{}]", names.join(", "))
        }
        DraftOrder::Higher => "risk = \"higher\"".to_owned(),
        DraftOrder::Lower => "risk = \"lower\"".to_owned(),
        DraftOrder::More => "risk = \"more\"".to_owned(),
    }
}

/// What a promise of this module stands for: a core rule or a promise of the copy, and its id.
pub(crate) fn kept_of(invariant: &str) -> Option<(Thing, &str)> {
    Thing::ALL.into_iter().find_map(|thing| Some((thing, invariant.strip_prefix(thing.prefix())?)))
}

fn gone(line: &str) -> String {
    format!("`{line}` is not in checker.toml any more")
}

/// A part of the core that the rules do not keep any more.
pub(crate) fn weakened(place: Place, thing: Thing, id: &str, how: &str) -> Finding {
    if thing == Thing::Rule { rule_weakened(place, id, how) } else { promise_weakened(place, id, how) }
}

fn rule_weakened(place: Place, rule: &str, how: &str) -> Finding {
    Finding::error(
        "core-rule-weakened",
        place,
        first_line(&format!("The core rule `{rule}` was taken out or made weaker"), how),
    )
    .help(more_lines(
        how,
        "Put it back. It may be made stricter. Only a clinician may set it aside: see content/checkers/README.md, \
         \"Core rules\"",
    ))
}

fn promise_weakened(place: Place, promise: &str, how: &str) -> Finding {
    let message = first_line(&format!("The promise `{promise}` was made weaker"), how);
    Finding::error("core-promise-weakened", place, message).help(more_lines(
        how,
        "Put it back as it was. It may be made stricter. Only a clinician may set it aside: see \
         content/checkers/README.md, \"Core rules\"",
    ))
}

/// A reason of one line belongs to the sentence.
fn first_line(sentence: &str, how: &str) -> String {
    if how.contains('\n') { sentence.to_owned() } else { format!("{sentence}: {how}") }
}

/// A reason of several lines stands below the cure.
fn more_lines(how: &str, cure: &str) -> String {
    if how.contains('\n') { format!("{cure}\n{how}") } else { cure.to_owned() }
}

#[cfg(test)]
mod tests;
