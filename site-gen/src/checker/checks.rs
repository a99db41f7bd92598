//! What must hold between the files of a checker, beyond what the proof looks at: evidence, help numbers near any
//! mention of suicide, claims that must not be made, the same numbers in every language.

use super::Context;
use super::files::Files;
use super::words::{QUESTIONS, Words};
use crate::finding::{Finding, Findings};
use crate::parse::data::suggest;
use crate::source::{Place, SourceTree};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Every text of one language with a name for messages and the file that it stands in.
/// Promises that are not in it are said as in safety.toml if it is the first language.
fn texts(words: &Words, says: &BTreeMap<String, String>) -> Vec<(String, &'static str, String)> {
    let mut all = Vec::new();
    for (id, (title, intro)) in &words.sections {
        all.push((format!("section {id}"), "questions.md", format!("{title}\n{intro}")));
    }
    for (id, question) in &words.questions {
        all.push((
            format!("question {id}"),
            "questions.md",
            format!("{}\n{}", question.title, question.hint),
        ));
        // Each by itself: two options that swap their numbers between two languages are not the same.
        for (option, label) in &question.options {
            all.push((format!("option {id} {option}"), "questions.md", label.clone()));
        }
    }
    for (id, (title, text)) in &words.reasons {
        all.push((format!("reason {id}"), "reasons.md", format!("{title}\n{text}")));
    }
    for (id, body) in &words.outcomes {
        all.push((format!("outcome {id}"), "outcomes.md", format!("{}\n{}", body.title, body.markdown)));
    }
    for (id, body) in &words.parts {
        all.push((format!("part {id}"), "outcomes.md", format!("{}\n{}", body.title, body.markdown)));
    }
    for (id, label) in &words.talk {
        all.push((format!("talk-to {id}"), "outcomes.md", label.clone()));
    }
    for (id, title, intro) in &words.promise_groups {
        all.push((format!("group {id}"), "promises.md", format!("{title}\n{intro}")));
    }
    for (id, say) in says.iter().filter(|(id, _)| !words.promises.contains_key(*id)).chain(&words.promises) {
        all.push((format!("promise {id}"), "promises.md", say.clone()));
    }
    all
}

/// Where an id's heading or line stands in a words file; the start of the file if it cannot be found.
fn place_of(sources: &SourceTree, folder: &str, language: &str, file: &str, name: &str) -> Option<Place> {
    let (id, source) = sources.find(&format!("content/{language}/checkers/{folder}/{file}"))?;
    let text = std::str::from_utf8(&source.bytes).ok()?;
    let (kind, key) = name.split_once(' ')?;
    let (owner, wanted) = match kind {
        "talk-to" => (None, format!("- {key}:")),
        "option" => {
            let (question, option) = key.split_once(' ')?;
            (Some(format!("{{#{question}}}")), format!("- {option}:"))
        }
        _ => (None, format!("{{#{key}}}")),
    };
    let from = owner.and_then(|owner| text.find(&owner)).unwrap_or(0);
    Some(match text[from..].find(&wanted) {
        Some(at) => Place::new(id, from + at..from + at + wanted.len()),
        None => Place::start_of(id),
    })
}

/// All checks of this module over every language.
pub(crate) fn run(
    sources: &SourceTree,
    folder: &str,
    files: &Files,
    words: &BTreeMap<String, Words>,
    first: &str,
    context: &Context,
    findings: &mut Findings,
) {
    evidence(files, context, findings);
    for (language, own) in words {
        let mut all = texts(own, &BTreeMap::new());
        let mut tell = |name: &str, file: &str, code, message: String, help: String| {
            if let Some(place) = place_of(sources, folder, language, file, name) {
                findings.push(Finding::error(code, place, message).help(help));
            }
        };
        // Readers see a promise below the introduction of its group, so help may stand there.
        let says: BTreeMap<String, String> = all
            .iter()
            .filter_map(|(name, _, say)| Some((name.strip_prefix("promise ")?.to_owned(), say.clone())))
            .collect();
        for (name, _, text) in &mut all {
            let Some(group) = name.strip_prefix("group ") else { continue };
            let own = files.groups.iter().filter(|(_, own)| own.value == group);
            for say in own.filter_map(|(id, _)| says.get(id).or(files.says.get(id))) {
                let _ = write!(text, "\n{say}");
            }
        }
        let crisis = context.fact(language, "crisis_number").unwrap_or_default();
        let emergency = context.fact(language, "emergency_number").unwrap_or_default();
        for (name, file, text) in &all {
            let (filled, _) = super::words::fill_facts(text, &|fact| context.fact(language, fact));
            let lower = filled.to_lowercase();
            let in_a_group = name.strip_prefix("promise ").is_some_and(|id| files.groups.contains_key(id));
            if lower.contains("suicid") && !in_a_group && !crisis.is_empty() && !filled.contains(&crisis) {
                tell(
                    name,
                    file,
                    "suicide-without-help-line",
                    format!("This text speaks of suicide and does not name the help line {crisis}"),
                    format!("Add {crisis} to the same text"),
                );
            }
            if let Some(claim) = forbidden(&lower) {
                tell(
                    name,
                    file,
                    "claim-not-allowed",
                    format!("“{claim}” promises something that nobody can promise"),
                    "Say what is known and what is not. A clinician decides, and no page gives an amount"
                        .to_owned(),
                );
            }
        }
        for name in stop_outcomes(files)
            .into_iter()
            .map(|id| format!("outcome {id}"))
            .chain(["part crisis-help".to_owned(), "part foot".to_owned()])
        {
            let Some((_, file, text)) = all.iter().find(|(known, ..)| *known == name) else { continue };
            for number in [&emergency, &crisis] {
                if !number.is_empty() && !text.contains(number.as_str()) {
                    tell(
                        &name,
                        file,
                        "help-number-missing",
                        format!("This text must name {number}, and does not"),
                        format!("Write it as a link: `[Call {number}](tel:{number})`"),
                    );
                }
            }
        }
    }
    let Some(original) = words.get(first) else { return };
    let original = texts(original, &files.says);
    for (language, own) in words.iter().filter(|(language, _)| language.as_str() != first) {
        let translated: BTreeMap<String, String> =
            texts(own, &BTreeMap::new()).into_iter().map(|(name, _, text)| (name, text)).collect();
        for (name, file, text) in &original {
            let Some(other) = translated.get(name) else {
                // What a checker must have is asked for where its words are read; this it may have.
                if *name == format!("part {QUESTIONS}")
                    && let Some((at, _)) =
                        sources.find(&format!("content/{language}/checkers/{folder}/outcomes.md"))
                {
                    findings.push(
                        Finding::error(
                            "words-missing",
                            Place::start_of(at),
                            format!("The part `{QUESTIONS}` has no words in this language ({language})"),
                        )
                        .help(format!("Add a heading `## Title {{#{QUESTIONS}}}` and its text")),
                    );
                }
                continue;
            };
            let lost: Vec<String> =
                numbers(text).into_iter().filter(|number| !numbers(other).contains(number)).collect();
            if lost.is_empty() {
                continue;
            }
            if let Some(place) = place_of(sources, folder, language, file, name) {
                findings.push(
                    Finding::error(
                        "numbers-differ",
                        place,
                        format!("The text in `{first}` says {}, this one does not", lost.join(", ")),
                    )
                    .help("A number, an age or a help line must be the same in every language"),
                );
            }
        }
    }
}

fn evidence(files: &Files, context: &Context, findings: &mut Findings) {
    if context.evidence.is_empty() {
        return;
    }
    for name in files.draft.rules.iter().flat_map(|rule| &rule.evidence) {
        if context.evidence.contains(&name.text) {
            continue;
        }
        let Some(place) = files.origins.place(name.origin) else { continue };
        let help = suggest(
            &name.text,
            context.evidence.iter().map(String::as_str),
            "Add it to content/evidence.toml, or name an entry that is there",
        );
        findings.push(
            Finding::error("unknown-evidence", place, format!("There is no evidence `{}`", name.text))
                .help(help),
        );
    }
}

fn stop_outcomes(files: &Files) -> Vec<String> {
    files.draft.stop_at.iter().map(|name| name.text.clone()).collect()
}

/// Runs of digits, a telephone number as one, without repeats.
fn numbers(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut run = String::new();
    for character in text.chars().chain([' ']) {
        if character.is_ascii_digit() || (character == '-' && !run.is_empty()) {
            run.push(character);
            continue;
        }
        let number = run.trim_end_matches('-').to_owned();
        if !number.is_empty() && !found.contains(&number) {
            found.push(number);
        }
        run.clear();
    }
    found
}

/// A claim that no text of a checker may make, in any of the languages shipped.
fn forbidden(lower: &str) -> Option<&'static str> {
    const PHRASES: [&str; 27] = [
        "you qualify",
        "you are eligible",
        "you're eligible",
        "approved for you",
        "fda-approved for",
        "safe for everyone",
        "cures",
        "cured",
        "no risk",
        "risk-free",
        "without risk",
        "not addictive",
        "non-addictive",
        "guarantee",
        "guaranteed",
        "no side effects",
        "usted califica",
        "es elegible",
        "sin riesgo",
        "no es adictiva",
        "no causa adicción",
        "garantizado",
        "garantizada",
        "garantizamos",
        "sin efectos secundarios",
        "se cura",
        "aprobada para usted",
    ];
    // "The FDA has not approved it for this" is said on purpose; the phrases are about promises.
    let found = PHRASES.into_iter().find(|phrase| {
        lower.match_indices(phrase).any(|(at, _)| {
            let before = lower[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let after = lower[at + phrase.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
            before && after
        })
    });
    if found.is_some() {
        return found;
    }
    let mut before: Option<&str> = None;
    for word in lower.split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
        let digits = word.trim_end_matches(|c: char| c.is_alphabetic() || c == '/');
        let unit = &word[digits.len()..];
        let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.');
        let of_dose = |unit: &str| matches!(unit, "mg" | "mcg" | "mg/kg" | "mg/kg/h");
        if (is_number(digits) && of_dose(unit)) || (of_dose(word) && before.is_some_and(is_number)) {
            return Some("an amount in mg");
        }
        before = Some(word);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promises_are_found() {
        for (text, found) in [
            ("good news: you qualify.", "you qualify"),
            ("it is guaranteed", "guaranteed"),
            ("take 35 mg once", "an amount in mg"),
            ("take 0.5mg/kg", "an amount in mg"),
            ("no es adictiva", "no es adictiva"),
        ] {
            assert_eq!(forbidden(text), Some(found), "{text}");
        }
    }

    #[test]
    fn honest_words_pass() {
        for text in [
            "this does not mean ketamine is right or safe for you",
            "the fda has not approved it for this",
            "160 mmhg or more",
            "it is not secure or obscured",
            "ask how long to go without food",
        ] {
            assert_eq!(forbidden(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_whole() {
        assert_eq!(numbers("Call 988, or 1-800-662-4357. Ages 18-64."), ["988", "1-800-662-4357", "18-64"]);
        assert_eq!(numbers("none here"), [""; 0]);
    }
}
