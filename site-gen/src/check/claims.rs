//! Nothing is promised, no benefit stands without its risk, and use that is not approved is called so.

use super::Subject;
use crate::finding::{Finding, Findings};
use crate::link::Page;
use crate::parse::containers::Container;
use crate::parse::front_matter::PageKind;
use crate::plain::phrases::Phrases;
use crate::source::Place;
use std::sync::LazyLock;

/// Words that no honest page says, in small letters, with what to say instead.
const PROMISES: [(&str, &str); 20] = [
    ("you qualify", "Say who to talk to next; only a clinician can say whether a treatment fits"),
    ("you are eligible", "Say who to talk to next; only a clinician can say whether a treatment fits"),
    ("will cure", "Say what studies found, for how many people and for how long"),
    ("cures", "Say what studies found, for how many people and for how long"),
    ("no risk", "Every treatment has risks: name them"),
    ("risk-free", "Every treatment has risks: name them"),
    ("no side effects", "Name the side effects and how common they are"),
    ("completely safe", "Say what can go wrong and how often"),
    ("100% safe", "Say what can go wrong and how often"),
    ("guaranteed", "Say what studies found, for how many people and for how long"),
    ("miracle", "Say what studies found, for how many people and for how long"),
    ("breakthrough", "Say what is new and what is not known yet"),
    ("usted califica", "Diga con quién hablar; solo un profesional puede decir si un tratamiento conviene"),
    ("es elegible", "Diga con quién hablar; solo un profesional puede decir si un tratamiento conviene"),
    ("lo curará", "Diga qué hallaron los estudios, en cuántas personas y por cuánto tiempo"),
    ("sin riesgo", "Todo tratamiento tiene riesgos: nómbrelos"),
    ("no tiene riesgos", "Todo tratamiento tiene riesgos: nómbrelos"),
    ("sin efectos secundarios", "Nombre los efectos secundarios y qué tan comunes son"),
    ("garantizado", "Diga qué hallaron los estudios, en cuántas personas y por cuánto tiempo"),
    ("milagro", "Diga qué hallaron los estudios, en cuántas personas y por cuánto tiempo"),
];

/// A sentence that has one of these before the phrase denies it.
const DENIALS: [&str; 14] = [
    "not ", "n't ", "never ", "no ", "nobody", "none", "without ", "any ", "cannot ", "nunca ", "nadie ",
    "ningún", "ni ", "whether ",
];

pub(super) fn check(subject: &Subject<'_>, page: &Page, findings: &mut Findings) {
    let Some((text, place)) = subject.text(page) else { return };
    let lower = text.to_ascii_lowercase();
    for (at, phrase, help) in promises(&lower) {
        let start = place.span.start + at;
        findings.push(
            Finding::error(
                "promise",
                Place::new(place.file, start..start + phrase.len()),
                format!("“{}” promises what nobody can promise", &text[at..at + phrase.len()]),
            )
            .help(help),
        );
    }
    if page.kind != PageKind::Condition {
        return;
    }
    let names_risks = |text: &str| {
        ["risk", "side effect", "riesgo", "efectos secundarios"]
            .iter()
            .any(|word| text.to_lowercase().contains(word))
    };
    if !page.headings.iter().any(|heading| names_risks(&heading.text)) {
        findings.push(
            Finding::error(
                "benefit-without-risk",
                page.front.title.place.clone(),
                "This page says what a treatment can do and has no part about its risks",
            )
            .help("Add a part: `## Risks and side effects`"),
        );
    }
    let about_ketamine = lower.contains("ketamin");
    let says_off_label = page.containers.iter().any(|(container, _)| *container == Container::OffLabel)
        || ["off-label", "off label", "fuera de indicación", "no aprobad"]
            .iter()
            .any(|word| lower.contains(word));
    if about_ketamine && !says_off_label {
        findings.push(
            Finding::error(
                "off-label-not-said",
                page.front.title.place.clone(),
                "This page does not say that this use of ketamine is not approved",
            )
            .help("Add a box: `:::off-label`, one or two sentences, and `:::`"),
        );
    }
}

/// Every promise in a text of small letters that its own sentence does not deny.
fn promises(lower: &str) -> Vec<(usize, &'static str, &'static str)> {
    // One pass over the text for all phrases.
    static SEARCH: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(PROMISES.map(|(phrase, _)| phrase)));
    let bytes = lower.as_bytes();
    let mut promised = Vec::new();
    for (found, number) in SEARCH.find(lower) {
        let at = found.start;
        let goes_on = |byte: &u8| byte.is_ascii_alphanumeric();
        let begins_inside =
            lower[..at].bytes().next_back().is_some_and(|byte| goes_on(&byte) || byte >= 0x80);
        if begins_inside || bytes.get(found.end).is_some_and(goes_on) {
            continue;
        }
        let sentence = lower[..at].rfind(['.', '!', '?', ':', '\n', '"', '“']).map_or(0, |stop| stop + 1);
        let before = lower.get(sentence..at).unwrap_or_default();
        let quoted = lower[..at].ends_with(['"', '“', '\'']);
        if !quoted && !DENIALS.iter().any(|word| before.contains(word)) {
            let (phrase, help) = PROMISES[number];
            promised.push((at, phrase, help));
        }
    }
    promised
}

#[cfg(test)]
mod tests {
    use super::promises;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = promises(text).into_iter().map(|(_, phrase, _)| phrase).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn promises_are_seen() {
        check("you qualify for treatment.", &["you qualify"]);
        check("this will cure your pain.", &["will cure"]);
        check("there is no risk.", &["no risk"]);
        check("results are guaranteed.", &["guaranteed"]);
        check("es un tratamiento sin riesgo.", &["sin riesgo"]);
    }

    #[test]
    fn what_is_denied_or_quoted_is_no_promise() {
        check("we never say that you qualify.", &[]);
        check("this does not mean that there is no risk.", &[]);
        check("no result is guaranteed.", &[]);
        check("we do not write \"you qualify\".", &[]);
        check("smoking procures.", &[]);
    }
}
