//! What links and images say to somebody who cannot see the page.

use super::Subject;
use crate::finding::{Finding, Findings};
use crate::link::{Page, absolute};
use std::collections::BTreeSet;

/// Words that say nothing about where a link leads, as screen readers list them.
const SAY_NOTHING: [&str; 14] = [
    "click here",
    "here",
    "link",
    "more",
    "read more",
    "this",
    "this page",
    "learn more",
    "haga clic aquí",
    "aquí",
    "más",
    "leer más",
    "este enlace",
    "esta página",
];

/// A section that lists its pages in its own words leaves none out.
fn listed(subject: &Subject<'_>, page: &Page, findings: &mut Findings) {
    if page.front.list {
        return;
    }
    let target = |written: &str| absolute(&page.path, written.split('#').next().unwrap_or_default());
    let named: BTreeSet<String> = page.links.iter().map(|link| target(link.target.trim())).collect();
    // Pages that the generator makes are in the menu at the foot and in the list from A to Z. A draft is on no list yet:
    // readers would be led to nothing.
    let children = page.ties.children.iter().map(|id| subject.site.page(*id));
    for child in children.filter(|child| child.file.is_some() && child.hidden.is_none()) {
        if !named.contains(&child.path) {
            findings.push(
                Finding::error(
                    "page-not-listed",
                    page.front.title.place.clone(),
                    // By its path: what is said of this page must not depend on what stands in another.
                    format!(
                        "This page lists its pages itself (`list: false`), and `{}` is not among them",
                        child.path
                    ),
                )
                .help(format!("Add a line with a link: `- [Words for it]({})`", child.path)),
            );
        }
    }
}

pub(super) fn check(subject: &Subject<'_>, page: &Page, findings: &mut Findings) {
    listed(subject, page, findings);
    for link in &page.links {
        let words = link.text.trim();
        if words.is_empty() {
            findings.push(
                Finding::error("link-without-words", link.place.clone(), "This link has no words to select")
                    .help(
                        "Write what the reader finds there: `[Get ready for your visit](/visit/prepare.md)`",
                    ),
            );
        } else if SAY_NOTHING.contains(&words.to_lowercase().trim_end_matches(['.', '!', ':'])) {
            findings.push(
                Finding::warning(
                    "link-says-nothing",
                    link.place.clone(),
                    format!("“{words}” does not say where this link leads"),
                )
                .help("Use the title of the page it leads to"),
            );
        }
    }
    for image in &page.images {
        let alt = image.alt.trim();
        if says_nothing(alt, &image.target) {
            findings.push(
                Finding::warning(
                    "image-text-says-nothing",
                    image.place.clone(),
                    format!("“{alt}” does not say what this image shows"),
                )
                .help("Write what somebody would miss who cannot see it, as you would tell it on the phone"),
            );
        }
        if alt.is_empty() {
            findings.push(
                Finding::error(
                    "image-without-text",
                    image.place.clone(),
                    "This image says nothing to somebody who cannot see it",
                )
                .help(format!(
                    "Write what it shows: `![What it shows]({0})`. If it adds nothing to the words: `![decorative]({0})`",
                    image.target
                )),
            );
        }
    }
}

/// Whether a text only says that there is an image, or what its file is called.
fn says_nothing(alt: &str, target: &str) -> bool {
    const EMPTY: [&str; 10] = [
        "image",
        "picture",
        "photo",
        "photograph",
        "drawing",
        "graphic",
        "imagen",
        "foto",
        "dibujo",
        "gráfico",
    ];
    let file = target.rsplit('/').next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let lower = alt.to_lowercase();
    EMPTY.contains(&lower.as_str()) || (!alt.is_empty() && (alt == file || alt == stem))
}
