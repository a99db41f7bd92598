//! Which pages staff want on paper, in every language that has them.

use super::{ByPath, Page, PageId, Routes};
use crate::finding::{Finding, Findings};
use crate::parse::data::Written;
use crate::parse::front_matter::PageKind;

/// The pages that `site.toml` names, by language and in the order of its lines.
pub(super) fn wanted(
    asked: &[Written<String>],
    pages: &[Page],
    by_path: &ByPath<'_>,
    routes: &Routes,
    findings: &mut Findings,
) -> Vec<PageId> {
    if let Some(first) = asked.first().filter(|_| !handouts::CAN_PRINT) {
        findings.push(
            Finding::warning(
                "handouts-not-in-program",
                first.place.clone(),
                "The site has handouts, and this program was built without what prints them",
            )
            .help("Build it with `cargo build --release`, without `--no-default-features`. Until then pages have no link to a handout"),
        );
        return Vec::new();
    }
    let mut found: Vec<PageId> = Vec::new();
    for entry in asked {
        let here: Vec<PageId> =
            by_path.iter().filter(|((_, path), _)| *path == entry.value).map(|(_, id)| *id).collect();
        let Some(first) = here.first() else {
            if let Some(finding) = routes.out_of_time(0, &entry.value, "The handouts name", &entry.place) {
                findings.push(finding);
            } else if !routes.is_unread(0, &entry.value) && routes.hidden(0, &entry.value).is_none() {
                findings.push(
                    Finding::error(
                        "handout-without-page",
                        entry.place.clone(),
                        format!("The handouts name `{}`, and there is no such page", entry.value),
                    )
                    .help(routes.suggest(0, &entry.value)),
                );
            }
            continue;
        };
        if found.contains(first) {
            findings.push(
                Finding::error(
                    "handout-twice",
                    entry.place.clone(),
                    format!("The handouts name `{}` twice", entry.value),
                )
                .help("Take one of the two out"),
            );
            continue;
        }
        let page = &pages[first.0 as usize];
        if page.file.is_none() || !has_text(page.kind) {
            findings.push(
                Finding::error(
                    "handout-of-no-text",
                    entry.place.clone(),
                    format!(
                        "The page `{}` cannot be a handout: it leads to other pages or asks questions",
                        entry.value
                    ),
                )
                .help("Name a page that has a text of its own, such as `/visit/prepare.md`"),
            );
            continue;
        }
        found.extend(here);
    }
    found
}

/// Whether pages of a kind say something that is worth having on paper.
fn has_text(kind: PageKind) -> bool {
    !matches!(
        kind,
        PageKind::Home
            | PageKind::Section
            | PageKind::Tags
            | PageKind::Checker
            | PageKind::Proof
            | PageKind::Search
            | PageKind::Alphabet
            | PageKind::NotFound
    )
}
