//! Every language says the same.

use super::Subject;
use crate::finding::{Finding, Findings, Severity};
use crate::source::Place;

/// Words that the generator itself puts into pages.
const NEEDED: [&str; 35] = [
    "alert_caution",
    "alert_important",
    "alert_note",
    "alert_tip",
    "alert_warning",
    "date_long",
    "glossary_say",
    "glossary_summary",
    "glossary_title",
    "grade_a",
    "grade_b",
    "grade_c",
    "grade_d",
    "grade_x",
    "home",
    "month_1",
    "month_10",
    "month_11",
    "month_12",
    "month_2",
    "month_3",
    "month_4",
    "month_5",
    "month_6",
    "month_7",
    "month_8",
    "month_9",
    "moved_text",
    "moved_title",
    "not_found_text",
    "not_found_title",
    "note_back",
    "note_mark",
    "notes_title",
    "source_mark",
];

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let site = subject.site;
    let settings = &site.settings;
    let Some(first) = site.languages.first() else { return };
    let file_of = |number: usize| format!("content/{}/interface.toml", settings.languages[number].code);
    for (number, language) in site.languages.iter().enumerate() {
        let code = &settings.languages[number].code;
        let Some((file, _)) = subject.sources.find(&file_of(number)) else {
            findings.push(Finding {
                code: "interface-missing",
                severity: Severity::Error,
                place: Some(Place::start_of(settings.theme.place.file)),
                message: format!("The language `{code}` has no words for buttons and labels"),
                help: Some(format!(
                    "Copy content/en/interface.toml to {} and translate each text",
                    file_of(number)
                )),
            });
            continue;
        };
        // A file that could not be read has been told of.
        if language.written.place.is_none() {
            continue;
        }
        let words = &language.written.words;
        let reference = &first.written.words;
        let wanted = reference.keys().map(String::as_str).chain(NEEDED);
        let mut told: Vec<&str> = Vec::new();
        for key in wanted {
            if words.contains_key(key) || told.contains(&key) {
                continue;
            }
            told.push(key);
            let text = reference.get(key).map_or_else(String::new, |text| {
                format!(", in `{}`: {}", settings.languages[0].code, text.value)
            });
            findings.push(
                Finding::error(
                    "interface-keys-differ",
                    Place::start_of(file),
                    format!("The text `{key}` is missing{text}"),
                )
                .help(format!("Add a line: `{key} = \"...\"`")),
            );
        }
        for (key, text) in words {
            let Some(other) = reference.get(key) else {
                let finding = Finding::error(
                    "interface-keys-differ",
                    text.place.clone(),
                    format!("The text `{key}` is not in {}", file_of(0)),
                );
                findings.push(finding.help("Add it there, or take it out here"));
                continue;
            };
            if slots(&text.value) != slots(&other.value) {
                findings.push(
                    Finding::error(
                        "interface-slots-differ",
                        text.place.clone(),
                        format!(
                            "`{key}` does not hold the same {{names}} and [[facts]] as in {}",
                            file_of(0)
                        ),
                    )
                    .help(format!("There it says: {}", other.value)),
                );
            }
        }
    }
    for (number, language) in settings.languages.iter().enumerate().skip(1) {
        let missing: Vec<&str> = site
            .pages
            .iter()
            .filter(|page| page.language == 0 && page.file.is_some())
            .filter(|page| page.alternates.get(number).is_some_and(Option::is_none))
            .map(|page| page.path.as_str())
            .collect();
        if missing.is_empty() {
            continue;
        }
        let shown = missing.len().min(5);
        let more = match missing.len() - shown {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        let pages =
            if missing.len() == 1 { "1 page is".to_owned() } else { format!("{} pages are", missing.len()) };
        findings.push(Finding {
            code: "page-not-translated",
            severity: Severity::Note,
            place: Some(Place::start_of(settings.theme.place.file)),
            message: format!(
                "{pages} not there in `{}` yet: {}{more}",
                language.code,
                missing[..shown].join(", ")
            ),
            help: Some(format!("A translation has the same path, in content/{}/pages/", language.code)),
        });
    }
}

/// `{name}` and `[[fact]]` of a text, sorted.
fn slots(text: &str) -> Vec<&str> {
    let inside = |open: &'static str, close: &'static str| {
        text.split(open).skip(1).filter_map(move |rest| rest.split_once(close).map(|(name, _)| name))
    };
    let mut found: Vec<&str> = inside("{", "}").chain(inside("[[", "]]")).collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::slots;

    #[test]
    fn slots_are_names_and_facts() {
        assert_eq!(slots("Call [[crisis_number]], {count} of {all}"), ["all", "count", "crisis_number"]);
        assert!(slots("nothing to fill").is_empty());
    }
}
