//! Core rules: what the shipped emergency, crisis and "not now" rules must at least do, kept outside the files that
//! staff edit. A core rule may be made stricter; taken out or made weaker it stops the build, unless safety.toml holds an
//! override that names a clinician, a day and a reason.

use super::condition::read_line;
use super::files::Files;
use crate::finding::{Finding, Findings};
use crate::parse::data::Written;
use crate::source::Place;
use checker_rules::{
    DraftBound, DraftCondition, DraftInvariant, DraftKind, DraftPromise, DraftTest, Name, Reach,
};
use jiff::civil::Date;

/// A core rule: its id, the lines of which any is enough, and the outcome that follows or a worse one.
struct Core {
    id: &'static str,
    any: &'static [&'static str],
    outcome: &'static str,
}

const fn core(id: &'static str, any: &'static [&'static str], outcome: &'static str) -> Core {
    Core { id, any, outcome }
}

/// The core of the shipped checker. Other checkers have none.
const KETAMINE: [Core; 25] = [
    core(
        "E01",
        &[
            "S1 includes chest-pain",
            "S1 includes breathing",
            "S1 includes stroke",
            "S1 includes worst-headache",
            "S1 includes collapse",
            "S1 includes allergy-now",
        ],
        "emergency",
    ),
    core("E02", &["S1 includes overdose"], "emergency"),
    core("E03", &["S1 includes spine"], "emergency"),
    core("E04", &["S1 includes self-harm", "S3 is yes or unsure"], "emergency"),
    core("E05", &["S1 includes harm-others"], "emergency"),
    core("E06", &["C8 is yes"], "emergency"),
    core("K01", &["S2 is yes", "PHQ-9 item 9 at least 1"], "crisis"),
    core("K02", &["S4 is yes"], "crisis"),
    core("N01", &["A1 is under18"], "not-now"),
    core("N02", &["A2 is yes"], "not-now"),
    core("N03", &["M1 is current"], "not-now"),
    core("N04", &["M2 is now"], "not-now"),
    core("N05", &["H10 includes ketamine-allergy"], "not-now"),
    core("N06", &["H3 includes aneurysm"], "not-now"),
    core("N07", &["H3 includes brain-bleed"], "not-now"),
    core("N08", &["H1 is high"], "not-now"),
    core("N09", &["H2 includes recent-event"], "not-now"),
    core("N10", &["H2 includes unstable"], "not-now"),
    core("N11", &["H5 includes severe-liver"], "not-now"),
    core("N12", &["H4 includes pressure"], "not-now"),
    core("N13", &["U1 is active"], "not-now"),
    core("N14", &["U2 is now"], "not-now"),
    core("N15", &["R1 includes theophylline"], "not-now"),
    core("N16", &["H9 includes thyroid-high"], "not-now"),
    core("N17", &["H8 is ketamine-bladder"], "not-now"),
];

/// The prefix of the promises that this module adds.
const PREFIX: &str = "core-rule-";

/// A core rule that a clinician set aside, from safety.toml.
#[derive(Debug)]
pub(crate) struct Override {
    pub(crate) rule: Written<String>,
    pub(crate) by: Option<Written<String>>,
    pub(crate) on: Option<Date>,
    pub(crate) why: Option<String>,
}

/// Adds a promise for each core rule to the draft, and reports those that cannot even be asked any more.
pub(crate) fn add(files: &mut Files, people: &[String], findings: &mut Findings) {
    let core: &[Core] = if files.draft.id.text == "ketamine" { &KETAMINE } else { &[] };
    let overrides = std::mem::take(&mut files.overrides);
    let mut set_aside: Vec<&str> = Vec::new();
    for given in &overrides {
        let rule = given.rule.value.as_str();
        if !core.iter().any(|core| core.id == rule) {
            findings.push(
                Finding::error(
                    "override-unknown",
                    given.rule.place.clone(),
                    format!("`{rule}` is no core rule, so there is nothing to set aside"),
                )
                .help("Take the override out, or name a rule of emergency, crisis or not-now"),
            );
            continue;
        }
        let named = given.by.as_ref().is_some_and(|by| people.contains(&by.value));
        if !named || given.on.is_none() || given.why.as_ref().is_none_or(|why| why.trim().is_empty()) {
            findings.push(
                Finding::error(
                    "override-not-signed",
                    given.rule.place.clone(),
                    format!("The override of the core rule `{rule}` does not name a clinician, a day and a reason"),
                )
                .help(
                    "Write `by` with an id from content/people.toml, `on = 2026-11-22` and `why = \"...\"`. Only a \
                     clinician may set a core rule aside",
                ),
            );
            continue;
        }
        findings.push(
            Finding::warning(
                "core-rule-set-aside",
                given.rule.place.clone(),
                format!("The core rule `{rule}` is set aside, signed by `{}`", by_of(given)),
            )
            .help("Take the override out as soon as the rule is back"),
        );
        set_aside.push(rule);
    }
    let start = Place::start_of(files.rules_file);
    for core in core.iter().filter(|core| !set_aside.contains(&core.id)) {
        let place = files
            .draft
            .rules
            .iter()
            .find(|rule| rule.id.text == core.id)
            .and_then(|rule| files.origins.place(rule.id.origin))
            .unwrap_or_else(|| start.clone());
        let mut lines = Vec::new();
        let mut lost = None;
        for line in core.any {
            let read = read_line(line, &start, &mut files.origins).expect("BUG: a core line is right");
            if asks(files, &read) {
                lines.push(read);
            } else {
                lost = Some(*line);
            }
        }
        let outcome_known = files.draft.outcomes.iter().any(|name| name.text == core.outcome);
        if let Some(line) = lost.or((!outcome_known).then_some(core.outcome)) {
            findings.push(weakened(
                place.clone(),
                core.id,
                &format!("`{line}` is not in checker.toml any more"),
            ));
        }
        if lines.is_empty() || !outcome_known {
            continue;
        }
        let id = format!("{PREFIX}{}", core.id);
        let name = |files: &mut Files, text: &str| -> Name { files.origins.name(&place, text) };
        let outcome = DraftBound { name: name(files, core.outcome), or: Reach::Worse };
        let invariant = DraftInvariant {
            id: name(files, &id),
            promise: DraftPromise::Always { when: DraftCondition::Any(lines), outcome },
        };
        let reach = if core.outcome == "emergency" { "" } else { " or a worse one" };
        files.says.insert(
            id,
            format!("The core rule {} is whole: it always leads to `{}`{reach}", core.id, core.outcome),
        );
        files.draft.invariants.push(invariant);
    }
}

fn by_of(given: &Override) -> &str {
    given.by.as_ref().map_or("", |by| by.value.as_str())
}

/// Whether the question and the options of a line are still there.
fn asks(files: &Files, line: &DraftCondition) -> bool {
    let DraftCondition::Line(line) = line else { return false };
    let Some(question) = files.draft.questions.iter().find(|draft| draft.id.text == line.subject.text) else {
        return false;
    };
    match (&question.kind, &line.test) {
        (DraftKind::One { options }, DraftTest::Is(wanted))
        | (DraftKind::Many { options, .. }, DraftTest::Includes(wanted)) => {
            wanted.iter().all(|want| options.iter().any(|option| option.text == want.text))
        }
        (DraftKind::Instrument { instrument, .. }, DraftTest::ItemAtLeast { item, .. }) => {
            usize::try_from(*item).is_ok_and(|item| item <= instrument.items.len())
        }
        _ => false,
    }
}

/// The core rule that a promise stands for, if it is one of this module's.
pub(crate) fn rule_of(invariant: &str) -> Option<&str> {
    invariant.strip_prefix(PREFIX)
}

/// A core rule that was taken out or made weaker.
pub(crate) fn weakened(place: Place, rule: &str, how: &str) -> Finding {
    Finding::error(
        "core-rule-weakened",
        place,
        format!("The core rule `{rule}` was taken out or made weaker: {how}"),
    )
    .help(
        "Put it back. It may be made stricter. Only a clinician may set it aside: see content/checkers/README.md, \
         \"Core rules\"",
    )
}
