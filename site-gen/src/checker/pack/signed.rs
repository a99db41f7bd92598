//! `signed.toml`: which worked patients a clinician has agreed with. A signature holds for what the patient was on that
//! day; when an answer, the result or a rule that it stands for changes, it is out of date.

use super::super::Checker;
use super::super::faults::list;
use super::{Patient, Signed, patients};
use crate::finding::{Finding, Findings};
use crate::parse::data::{Reader, Table, Written, did_you_mean, nearest, suggest};
use crate::parse::{text_of, toml};
use crate::source::SourceTree;
use jiff::civil::Date;

/// One entry of signed.toml.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    patient: Written<String>,
    fingerprint: Written<String>,
    /// The fingerprint of each rule that the patient stood for: `C19:77aa01`.
    rules: Vec<String>,
    by: Written<String>,
    on: Date,
}

/// Reads signed.toml. A checker without the file has no signatures.
pub(crate) fn read(sources: &SourceTree, folder: &str, findings: &mut Findings) -> Vec<Signature> {
    let Some((file, _)) = sources.find(&format!("content/checkers/{folder}/signed.toml")) else {
        return Vec::new();
    };
    let Some(text) = text_of(sources, file, findings) else { return Vec::new() };
    let Some(table) = toml::read(text, file, 0, findings) else { return Vec::new() };
    let mut reader = Reader::new(&table, "signed.toml", findings);
    let tables = reader.tables("signed");
    reader.finish();
    tables.into_iter().filter_map(|table| signature(table, findings)).collect()
}

fn signature(table: &Table, findings: &mut Findings) -> Option<Signature> {
    let mut reader = Reader::new(table, "A signature", findings);
    let patient = reader.text("patient");
    let fingerprint = reader.text("fingerprint");
    let rules = reader.texts("rules").into_iter().map(|rule| rule.value).collect();
    let by = reader.text("by");
    let on = reader.date("on");
    for (key, example) in [
        ("patient", "patient = \"C19\""),
        ("fingerprint", "fingerprint = \"0a1b2c3d4e5f\""),
        ("by", "by = \"jdoe\""),
        ("on", "on = 2026-11-22"),
    ] {
        if table.get(key).is_none() {
            reader.report(
                Finding::error(
                    "value-missing",
                    table.place.clone(),
                    format!("This signature has no `{key}`"),
                )
                .help(format!("Write it like this: `{example}`")),
            );
        }
    }
    reader.finish();
    Some(Signature { patient: patient?, fingerprint: fingerprint?, rules, by: by?, on: on?.value })
}

/// Reports signatures that are out of date, or that name a patient or a person who is not there.
pub(crate) fn check(checker: &Checker, findings: &mut Findings) {
    if checker.signatures.is_empty() {
        return;
    }
    for signature in &checker.signatures {
        let by = &signature.by;
        if !checker.people.contains_key(&by.value) {
            let help = suggest(
                &by.value,
                checker.people.keys().map(String::as_str),
                "Add them to content/people.toml, if they have signed and have agreed to be named",
            );
            findings.push(
                Finding::error(
                    "signature-unknown-person",
                    by.place.clone(),
                    format!("There is no person with the id `{}`", by.value),
                )
                .help(help),
            );
        }
    }
    // A questionnaire too large for this has an error of its own.
    let Ok(patients) = patients(checker) else { return };
    for signature in &checker.signatures {
        let id = &signature.patient;
        let Some(patient) = patients.iter().find(|patient| patient.id == id.value) else {
            let help = match nearest(&id.value, patients.iter().map(|patient| patient.id.as_str())) {
                Some(near) => {
                    format!("{} If the patient is gone, take this signature out", did_you_mean(near))
                }
                None => "Take this signature out. `site-gen verify --pack FILE.html` prints the patients"
                    .to_owned(),
            };
            findings.push(
                Finding::warning(
                    "signature-unknown",
                    id.place.clone(),
                    format!("There is no worked patient `{}`", id.value),
                )
                .help(help),
            );
            continue;
        };
        // Who signed again has said all there is to say.
        if signature.fingerprint.value == patient.fingerprint || matches!(patient.signed, Signed::By { .. }) {
            continue;
        }
        findings.push(stale(signature, patient));
    }
}

fn stale(signature: &Signature, patient: &Patient) -> Finding {
    Finding::warning(
        "signature-stale",
        signature.fingerprint.place.clone(),
        format!("The signature of the patient `{}` is out of date: {}", patient.id, change(signature, patient)),
    )
    .help(
        "Print the pack again with `site-gen verify --pack FILE.html`. A clinician looks at this patient and signs again; \
         then put the new lines here",
    )
}

/// Whether a patient is signed; the latest signature counts, and one that still holds before all others.
pub(super) fn state(checker: &Checker, patient: &Patient) -> Signed {
    let who = |signature: &Signature| {
        let name = checker.people.get(&signature.by.value).filter(|name| !name.is_empty());
        name.unwrap_or(&signature.by.value).clone()
    };
    let own = checker.signatures.iter().filter(|signature| {
        signature.patient.value == patient.id && checker.people.contains_key(&signature.by.value)
    });
    let holds = |signature: &Signature| signature.fingerprint.value == patient.fingerprint;
    let latest = own.max_by_key(|signature| (holds(signature), signature.on));
    match latest {
        None => Signed::NotYet,
        Some(signature) if holds(signature) => Signed::By { who: who(signature), on: signature.on },
        Some(signature) => {
            Signed::OutOfDate { who: who(signature), on: signature.on, change: change(signature, patient) }
        }
    }
}

/// What changed since a signature, in a clause.
fn change(signature: &Signature, patient: &Patient) -> String {
    let mut parts = Vec::new();
    if !signature.rules.is_empty() {
        let old: Vec<(&str, &str)> =
            signature.rules.iter().filter_map(|rule| rule.rsplit_once(':')).collect();
        let was = |rule: &str| old.iter().find(|(id, _)| *id == rule).map(|(_, print)| *print);
        let those = |wanted: &dyn Fn(Option<&str>, &str) -> bool| -> Vec<String> {
            let rules = patient.rules.iter().filter(|(rule, print)| wanted(was(rule), print));
            rules.map(|(rule, _)| rule.clone()).collect()
        };
        let changed = those(&|old, print| old.is_some_and(|old| old != print));
        let new = those(&|old, _| old.is_none());
        let gone: Vec<String> = old
            .iter()
            .filter(|(rule, _)| !patient.rules.iter().any(|(own, _)| own == rule))
            .map(|(rule, _)| (*rule).to_owned())
            .collect();
        for (rules, one, many) in [
            (changed, "changed since", "changed since"),
            (new, "is new here", "are new here"),
            (gone, "no longer belongs to it", "no longer belong to it"),
        ] {
            match rules.as_slice() {
                [] => {}
                [_] => parts.push(format!("the rule {} {one}", list(&rules))),
                _ => parts.push(format!("the rules {} {many}", list(&rules))),
            }
        }
    }
    if parts.is_empty() {
        parts.push("its answers, its result or its rules changed since".to_owned());
    }
    parts.join("; ")
}
