//! Help is named wherever it may be needed, and it is the help of the reader's country.

use super::Subject;
use crate::finding::{Finding, Findings};
use crate::link::Page;
use crate::source::Place;

/// How words for suicide begin, in the languages this program knows.
const SUICIDE: [&str; 2] = ["suicid", "kill yourself"];

pub(super) fn check_page(subject: &Subject<'_>, page: &Page, findings: &mut Findings) {
    let Some((text, place)) = subject.text(page) else { return };
    if !text.contains("uicid") && !text.contains("kill yourself") {
        return;
    }
    let crisis = subject
        .site
        .facts
        .get("crisis_number")
        .and_then(|fact| fact.words.values().next())
        .map_or("988", String::as_str);
    let lower = text.to_ascii_lowercase();
    for part in parts(page, text.len(), place.span.start) {
        let Some(words) = lower.get(part.clone()) else { continue };
        if words.contains(crisis) || words.contains("[[crisis_") {
            continue;
        }
        if let Some(at) = SUICIDE.iter().filter_map(|word| words.find(word)).min() {
            let at = place.span.start + part.start + at;
            findings.push(
                Finding::error(
                    "suicide-without-crisis-line",
                    Place::new(place.file, at..at + "suicide".len()),
                    format!("This part of the page speaks of suicide and does not name {crisis}"),
                )
                .help(
                    "Add a sentence near it: `If you think about suicide, call or text [[crisis_number]].`",
                ),
            );
        }
    }
}

/// The parts of a page as a reader sees them, from one `##` heading to the next, in bytes of its text.
fn parts(page: &Page, length: usize, base: usize) -> Vec<std::ops::Range<usize>> {
    let titles = page.headings.iter().filter(|heading| heading.level <= 2 && heading.inside.is_none());
    let mut edges: Vec<usize> = titles.map(|heading| heading.place.span.start.saturating_sub(base)).collect();
    edges.extend([0, length]);
    edges.sort_unstable();
    edges.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let site = subject.site;
    let country = &site.settings.country;
    let number =
        |fact: &str| site.facts.get(fact).and_then(|fact| fact.words.values().next()).map(String::as_str);
    // The numbers this program ships with are those of one country.
    if country.value != "US"
        && (number("emergency_number") == Some("911") || number("crisis_number") == Some("988"))
    {
        findings.push(
            Finding::error(
                "help-lines-of-another-country",
                country.place.clone(),
                format!(
                    "The help lines of this site are those of the US, and its country is {}",
                    country.value
                ),
            )
            .help("Put the numbers of your country into content/facts.toml"),
        );
    }
    for fact in ["emergency_number", "crisis_number"] {
        if number(fact).is_none_or(str::is_empty) {
            let place = subject.sources.find("content/facts.toml").map(|(id, _)| Place::start_of(id));
            findings.push(Finding {
                code: "help-line-missing",
                severity: crate::finding::Severity::Error,
                place: Some(place.unwrap_or_else(|| Place::start_of(country.place.file))),
                message: format!("content/facts.toml has no `{fact}`, which stands on every page"),
                help: Some(format!(
                    "Add a block: `[{fact}]` with a line for each language and `href = \"tel:...\"`"
                )),
            });
        }
    }
}
