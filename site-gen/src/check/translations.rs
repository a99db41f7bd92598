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
    let file_of = |number: usize| format!("content/{}/interface.toml", settings.languages[number].code);
    let there = |number: usize| subject.sources.find(&file_of(number)).is_some();
    // The words of the first language are the measure; where it has none, those of the first that has.
    let model = (0..site.languages.len()).find(|number| there(*number)).unwrap_or_default();
    let Some(first) = site.languages.get(model) else { return };
    for (number, language) in site.languages.iter().enumerate() {
        let code = &settings.languages[number].code;
        if subject.sources.under(&format!("content/{code}")).next().is_none() {
            findings.push(Finding {
                code: "language-without-folder",
                severity: Severity::Error,
                place: Some(Place::start_of(settings.theme.place.file)),
                message: format!("site.toml names the language `{code}`, and there is no folder content/{code}/"),
                help: Some(format!(
                    "Copy content/{}/ to content/{code}/ and keep in it what you translate, or take the block [languages.{code}] out",
                    settings.languages[model].code
                )),
            });
            continue;
        }
        let Some((file, _)) = subject.sources.find(&file_of(number)) else {
            findings.push(Finding {
                code: "interface-missing",
                severity: Severity::Error,
                place: Some(Place::start_of(settings.theme.place.file)),
                message: format!("The language `{code}` has no words for buttons and labels"),
                help: Some(match there(model) {
                    true => format!(
                        "Copy {} to {}, and translate each text",
                        file_of(model),
                        file_of(number)
                    ),
                    // Nothing to copy from in this site: the words that come with the program are the start.
                    false => format!(
                        "Start from the words that come with this program: `site-gen new site example` makes a site in a \
                         folder of its own. Copy example/content/en/interface.toml to {}, and translate each text",
                        file_of(number)
                    ),
                }),
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
                format!(", in `{}`: {}", settings.languages[model].code, text.value)
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
                    format!("The text `{key}` is not in {}", file_of(model)),
                );
                findings.push(finding.help("Add it there, or take it out here"));
                continue;
            };
            if !keeps_slots(&text.value, &other.value) {
                findings.push(
                    Finding::error(
                        "interface-slots-differ",
                        text.place.clone(),
                        format!(
                            "`{key}` does not hold the {{names}} and [[facts]] that it has in {}",
                            file_of(model)
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
            .filter(|page| page.ties.alternates.get(number).is_some_and(Option::is_none))
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

/// Whether a text has the `{names}` of another and no others, and all its `[[facts]]`. It may have more facts: on a help
/// line, a language may name the key to press for it.
fn keeps_slots(own: &str, other: &str) -> bool {
    let facts = slots(own, "[[", "]]");
    slots(own, "{", "}") == slots(other, "{", "}")
        && slots(other, "[[", "]]").iter().all(|fact| facts.contains(fact))
}

/// What stands between `open` and `close`, sorted.
fn slots<'t>(text: &'t str, open: &str, close: &str) -> Vec<&'t str> {
    let found = text.split(open).skip(1).filter_map(|rest| Some(rest.split_once(close)?.0));
    let mut found: Vec<&str> = found.collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::keeps_slots;

    #[test]
    fn a_translation_keeps_every_name_and_fact_in_any_order() {
        assert!(keeps_slots("Llame al [[number]]: {all} de {count}", "Call [[number]], {count} of {all}"));
        assert!(keeps_slots("nada", "nothing to fill"));
        assert!(!keeps_slots("Llame", "Call [[number]]"));
        assert!(!keeps_slots("Llame al [[other]]", "Call [[number]]"));
        assert!(!keeps_slots("{count}", "{count} of {all}"));
    }

    #[test]
    fn a_translation_may_add_a_fact_and_no_name() {
        assert!(keeps_slots("Llame al [[number]] y oprima el [[key]]", "Call [[number]]"));
        assert!(!keeps_slots("{count} de {all}", "{count}"));
    }
}
