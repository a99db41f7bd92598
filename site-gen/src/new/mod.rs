//! Starting points: a page of each kind with its headings and one-line tips, a translation, a whole site.
//!
//! The tips are Markdown comments, so they never reach a reader, not even when one is forgotten.

pub mod moving;
pub mod site;
pub mod translation;

use crate::discover::checkers_below;
use crate::emit::{CreateError, create};
use crate::parse::front_matter::PageKind;
use std::path::{Path, PathBuf};

/// Why no page was started.
#[derive(Debug, thiserror::Error)]
pub enum NewError {
    /// The folder does not hold a site.
    #[error("{} is not a site: it has no content/site.toml; name the site's folder with --root", root.display())]
    NotASite {
        /// The folder that was looked into.
        root: PathBuf,
    },
    /// No such language.
    #[error("there is no language `{language}` in this site; its folder would be content/{language}/")]
    NoLanguage {
        /// The tag that was asked for.
        language: String,
    },
    /// The address cannot be an address.
    #[error(
        "`{address}` cannot be a page's address; use lower-case letters, digits and hyphens, as in risks/side-effects"
    )]
    Address {
        /// What was asked for.
        address: String,
    },
    /// There is no starting point for this kind.
    #[error("there is no starting point for pages of kind `{kind}`; there is one for each of: {known}")]
    Kind {
        /// What was asked for.
        kind: String,
        /// The kinds there are.
        known: String,
    },
    /// The file could not be made.
    #[error(transparent)]
    Create(#[from] CreateError),
}

/// The kinds that have a starting point, with it.
const PAGES: [(PageKind, &str); 11] = [
    (PageKind::Condition, include_str!("pages/condition.md")),
    (PageKind::Treatment, include_str!("pages/treatment.md")),
    (PageKind::Risk, include_str!("pages/risk.md")),
    (PageKind::Prepare, include_str!("pages/prepare.md")),
    (PageKind::Aftercare, include_str!("pages/aftercare.md")),
    (PageKind::Cost, include_str!("pages/cost.md")),
    (PageKind::Faq, include_str!("pages/faq.md")),
    (PageKind::About, include_str!("pages/about.md")),
    (PageKind::Section, include_str!("pages/section.md")),
    (PageKind::Home, include_str!("pages/home.md")),
    (PageKind::Checker, include_str!("pages/checker.md")),
];

/// The names of the kinds that have a starting point.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|(kind, _)| kind.name())
}

/// Writes a draft of the page at `address` (`risks/bladder`) in a language's room, and returns its path.
///
/// # Errors
/// When the site, the language or the kind does not exist, the address cannot be one, or there is such
/// a page already; nothing is written then.
pub fn page(root: &Path, language: &str, address: &str, kind: &str) -> Result<PathBuf, NewError> {
    if !root.join("content/site.toml").is_file() {
        return Err(NewError::NotASite { root: root.to_path_buf() });
    }
    let room = root.join("content").join(language);
    if !is_slug(language) || !room.is_dir() {
        return Err(NewError::NoLanguage { language: language.to_string() });
    }
    let parts: Vec<&str> = address.trim_matches('/').trim_end_matches(".md").split('/').collect();
    if !parts.iter().all(|part| is_slug(part)) {
        return Err(NewError::Address { address: address.to_string() });
    }
    let Some((kind, start)) = PAGES.iter().find(|(known, _)| known.name() == kind) else {
        let known = kinds().collect::<Vec<_>>().join(", ");
        return Err(NewError::Kind { kind: kind.to_string(), known });
    };
    let mut path = room.join("pages");
    path.extend(&parts);
    if *kind == PageKind::Section && parts.last() != Some(&"index") {
        path.push("index");
    }
    path.set_extension("md");
    let title = title(parts.iter().rev().find(|part| **part != "index").unwrap_or(&""));
    let checker = match kind {
        PageKind::Checker => first_checker(root).unwrap_or_default(),
        _ => String::new(),
    };
    // A page that says less than its archetype is better than one that says something untrue.
    let text = start.replace("NAV_TITLE", &title).replace("TITLE", &title).replace("CHECKER", &checker);
    create(&path, text.as_bytes())?;
    Ok(path)
}

/// The first checker of the site, by the name of its folder.
fn first_checker(root: &Path) -> Option<String> {
    let folders = checkers_below(root).ok()?;
    folders.into_iter().next()
}

fn is_slug(part: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !part.is_empty() && part.chars().all(plain) && !part.starts_with('-') && !part.ends_with('-')
}

/// `side-effects` becomes `Side effects`: a first title that its author will better.
fn title(slug: &str) -> String {
    let mut letters = slug.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters.map(|letter| if letter == '-' { ' ' } else { letter })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(root.path().join("content/en/pages")).expect("folders");
        std::fs::write(root.path().join("content/site.toml"), "").expect("a file");
        root
    }

    #[test]
    fn a_page_of_each_kind_starts_as_a_draft_with_its_title() {
        for kind in kinds() {
            let root = site();
            let path = page(root.path(), "en", "risks/side-effects", kind).expect(kind);
            let text = std::fs::read_to_string(path).expect("the page");
            assert!(text.contains("title: Side effects\n"), "{kind}");
            assert!(text.contains(&format!("kind: {kind}\n")) && text.contains("draft: true\n"), "{kind}");
        }
    }

    #[test]
    fn a_section_is_a_folder_with_an_index() {
        let root = site();
        let path = page(root.path(), "en", "/research/", "section").expect("a section");
        assert!(path.ends_with("content/en/pages/research/index.md"));
    }

    #[test]
    fn a_page_that_exists_stays() {
        let root = site();
        let path = page(root.path(), "en", "a", "faq").expect("the first");
        std::fs::write(&path, "mine").expect("an edit");
        assert!(matches!(page(root.path(), "en", "a", "faq"), Err(NewError::Create(_))));
        assert_eq!(std::fs::read_to_string(&path).expect("the page"), "mine");
    }

    #[test]
    fn what_cannot_be_is_refused_with_the_cure() {
        let root = site();
        let told = |language, address, kind| {
            page(root.path(), language, address, kind).expect_err("refused").to_string()
        };
        assert!(told("en", "../../etc/passwd", "faq").contains("lower-case letters"));
        assert!(told("en", "Side Effects", "faq").contains("lower-case letters"));
        assert!(told("en", "a", "novel").contains("condition, treatment"));
        assert!(told("fr", "a", "faq").contains("content/fr/"));
    }
}
