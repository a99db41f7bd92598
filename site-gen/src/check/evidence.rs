//! Every claim rests on a source, and somebody looks at the sources again in time.

use super::Subject;
use crate::finding::{Finding, Findings, Severity};
use crate::link::Page;
use crate::parse::data::{Written, suggest};
use crate::parse::front_matter::PageKind;
use jiff::civil::Date;

pub(super) fn check_page(_subject: &Subject<'_>, page: &Page, findings: &mut Findings) {
    let claims = matches!(page.kind, PageKind::Condition | PageKind::Treatment | PageKind::Risk);
    if claims && page.cited.is_empty() {
        findings.push(
            Finding::error(
                "page-without-sources",
                page.front.title.place.clone(),
                format!(
                    "A page of kind `{}` makes claims about health, and this one cites no source",
                    page.kind.name()
                ),
            )
            .help("Put `[@ID]` behind each claim; the ids are in content/evidence.toml"),
        );
    }
}

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let sources = &subject.site.sources;
    let ids: Vec<&str> = sources.publications.keys().map(String::as_str).collect();
    for (id, evidence) in &sources.evidence {
        for source in &evidence.sources {
            if !sources.publications.contains_key(&source.value) {
                findings.push(
                    Finding::error(
                        "unknown-source",
                        source.place.clone(),
                        format!("`{id}` rests on `{}`, and there is no such source", source.value),
                    )
                    .help(suggest(
                        &source.value,
                        ids.iter().copied(),
                        "Add a [[source]] with this id",
                    )),
                );
            }
        }
        if let Some(grade) = &evidence.grade
            && !["A", "B", "C", "D", "X"].contains(&grade.value.as_str())
        {
            findings.push(
                Finding::error(
                    "unknown-grade",
                    grade.place.clone(),
                    format!("`{}` is not a grade", grade.value),
                )
                .help("The grades are A, B, C, D and X; the top of this file says what they mean"),
            );
        }
        dates(id, evidence.checked_on.as_ref(), evidence.review_by.as_ref(), subject.today, findings);
    }
    for (id, publication) in &sources.publications {
        dates(id, publication.checked_on.as_ref(), publication.review_by.as_ref(), subject.today, findings);
    }
    for (name, fact) in &subject.site.facts {
        for source in &fact.sources {
            if !sources.evidence.contains_key(&source.value)
                && !sources.publications.contains_key(&source.value)
            {
                // A note only: a clinic that starts with its own evidence.toml keeps the shared facts.
                findings.push(Finding {
                    code: "unknown-source",
                    severity: Severity::Note,
                    place: Some(source.place.clone()),
                    message: format!(
                        "The fact `{name}` rests on `{}`, and there is no such source",
                        source.value
                    ),
                    help: Some("Add it to content/evidence.toml, or name another".to_owned()),
                });
            }
        }
    }
}

fn dates(
    id: &str,
    checked: Option<&Written<Date>>,
    review: Option<&Written<Date>>,
    today: Date,
    findings: &mut Findings,
) {
    if let Some(checked) = checked.filter(|checked| checked.value > today) {
        findings.push(
            Finding::error(
                "checked-in-the-future",
                checked.place.clone(),
                format!("`{id}` is said to have been checked on {}, which is still to come", checked.value),
            )
            .help("Write the day on which somebody compared our words with the source"),
        );
    }
    if let Some(review) = review.filter(|review| review.value < today) {
        findings.push(
            Finding::warning(
                "source-past-review",
                review.place.clone(),
                format!("`{id}` should have been looked at again by {}", review.value),
            )
            .help("Compare our words with the source, then set `checked-on` to today and `review-by` to a later day"),
        );
    }
}
