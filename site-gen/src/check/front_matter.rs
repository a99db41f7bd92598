//! What a page says about itself.

use super::Subject;
use crate::finding::{Finding, Findings};
use crate::link::Page;
use crate::parse::data::suggest;
use crate::parse::front_matter::PageKind;
use crate::source::Place;

/// The longest summary, in words.
const SUMMARY_WORDS: usize = 60;

pub(super) fn check(subject: &Subject<'_>, page: &Page, findings: &mut Findings) {
    let front = &page.front;
    let site = subject.site;
    match &front.summary {
        None => {
            findings.push(
                Finding::error(
                    "front-matter-incomplete",
                    front.title.place.clone(),
                    "This page has no summary",
                )
                .help("Add a line below the title: `summary: One or two plain sentences about the page`"),
            );
        }
        Some(summary) => {
            let words = page.summary.split_whitespace().count();
            if words > SUMMARY_WORDS {
                findings.push(
                    Finding::error(
                        "summary-too-long",
                        summary.place.clone(),
                        format!("This summary has {words} words, and it may have {SUMMARY_WORDS}"),
                    )
                    .help("Keep what a reader in a hurry must know, and move the rest into the page"),
                );
            }
        }
    }

    let people = || site.people.keys().map(String::as_str).collect::<Vec<_>>();
    let reviewer = front.reviewed.as_ref().map(|reviewed| &reviewed.by);
    for person in front.author.iter().chain(reviewer) {
        if !site.people.contains_key(&person.value) {
            findings.push(
                Finding::error(
                    "unknown-person",
                    person.place.clone(),
                    format!("There is no person with the id `{}`", person.value),
                )
                .help(suggest(
                    &person.value,
                    people(),
                    "Add them to content/people.toml, if they have agreed",
                )),
            );
        }
    }
    if let Some(reviewed) = &front.reviewed {
        let due = reviewed.on.value.checked_add(jiff::Span::new().months(front.review_every));
        if reviewed.on.value > subject.today {
            findings.push(
                Finding::error(
                    "review-in-the-future",
                    reviewed.on.place.clone(),
                    format!(
                        "This page is said to have been reviewed on {}, which is still to come",
                        reviewed.on.value
                    ),
                )
                .help("Write the day on which somebody read the whole page"),
            );
        } else if let Ok(due) = due
            && due < subject.today
        {
            findings.push(
                Finding::warning(
                    "review-overdue",
                    reviewed.on.place.clone(),
                    format!("The review of this page ran out on {due}"),
                )
                .help("Ask a clinician to read the whole page again, then run `site-gen review`"),
            );
        }
        if subject.is_outdated(page) {
            findings.push(
                Finding::warning(
                    "changed-since-review",
                    reviewed.on.place.clone(),
                    format!("This page was changed after it was reviewed on {}", reviewed.on.value),
                )
                .help("Ask a clinician to read the whole page again, then run `site-gen review`"),
            );
        }
    }
    if let Some(translates) = &front.translates
        && let Some(original) = page.ties.alternates.first().copied().flatten()
        && let original = &site.pages[original.0 as usize]
        && original.language != page.language
        && subject.wording(original).is_some_and(|wording| wording != translates.value)
    {
        findings.push(
            Finding::warning(
                "translation-behind",
                translates.place.clone(),
                format!("The page that this one translates has changed: {}", original.path),
            )
            .help("Compare the two, mend this one, then run `site-gen new translation` with this page to mark it"),
        );
    }
    if let Some(grade) = &front.grade
        && !["A", "B", "C", "D", "X"].contains(&grade.value.as_str())
    {
        findings.push(
            Finding::error("unknown-grade", grade.place.clone(), format!("`{}` is not a grade", grade.value))
                .help("The grades are A, B, C, D and X; content/evidence.toml says what they mean"),
        );
    }
    if page.kind == PageKind::Condition && front.grade.is_none() {
        findings.push(
            Finding::warning(
                "condition-without-grade",
                front.kind.place.clone(),
                "This page is about a condition and does not say how strong the proof is",
            )
            .help(
                "Add `grade: C`, with a letter of content/evidence.toml. Readers see it in words at the top",
            ),
        );
    }
    // A list of pages, and a questionnaire, say something by themselves.
    let needs_text = !matches!(page.kind, PageKind::Section | PageKind::Checker);
    if needs_text && subject.text(page).is_some_and(|(text, _)| text.trim().is_empty()) {
        findings.push(
            Finding::error("page-empty", front.title.place.clone(), "This page has a title and no text")
                .help(
                    "Write the text below the second line of ---. Not ready yet? Add `draft: true` above it",
                ),
        );
    }
    kind(subject, page, findings);
}

fn kind(subject: &Subject<'_>, page: &Page, findings: &mut Findings) {
    let front = &page.front;
    let at_home = page.path == "/index.md";
    if at_home != (page.kind == PageKind::Home) {
        let (message, help) = if at_home {
            ("The first page of a language is of kind `home`", "Write `kind: home`")
        } else {
            ("Only pages/index.md can be of kind `home`", "Write another kind, such as `kind: section`")
        };
        findings.push(Finding::error("kind-in-wrong-place", front.kind.place.clone(), message).help(help));
    }
    match (&front.checker, page.kind == PageKind::Checker) {
        (None, true) => findings.push(
            Finding::error(
                "checker-not-named",
                front.kind.place.clone(),
                "This page does not say which checker it holds",
            )
            .help("Add a line: `checker: ketamine`, the name of a folder in content/checkers/"),
        ),
        (Some(checker), false) => findings.push(
            Finding::error(
                "checker-not-named",
                checker.place.clone(),
                "Only a page of kind `checker` can hold a checker",
            )
            .help("Write `kind: checker`, or take this line out"),
        ),
        (Some(written), true) => {
            let checkers = &subject.site.checkers;
            let folder_of = |id: &str| {
                subject
                    .sources
                    .under("content/checkers")
                    .any(|(_, file)| file.path.split('/').nth(2) == Some(id))
            };
            match checkers.iter().find(|known| known.checker.id == written.value) {
                // A checker that could not be read has findings of its own.
                None if folder_of(&written.value) => {}
                None => {
                    let ids: Vec<&str> = checkers.iter().map(|known| known.checker.id.as_str()).collect();
                    findings.push(
                        Finding::error(
                            "unknown-checker",
                            written.place.clone(),
                            format!("There is no checker `{}`", written.value),
                        )
                        .help(suggest(
                            &written.value,
                            ids,
                            "Its folder would be in content/checkers/",
                        )),
                    );
                }
                Some(known) => {
                    if known.texts.get(page.language).is_none_or(Option::is_none) {
                        let code = &subject.site.settings.languages[page.language].code;
                        findings.push(
                            Finding::error(
                                "words-missing",
                                Place::clone(&written.place),
                                format!("The checker `{}` has no words in `{code}`", written.value),
                            )
                            .help(format!(
                                "Translate the files of content/{code}/checkers/{}/",
                                written.value
                            )),
                        );
                    }
                }
            }
        }
        (None, false) => {}
    }
}
