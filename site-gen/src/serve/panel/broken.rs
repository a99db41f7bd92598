//! What is shown where the newest version of a page is broken: the mistakes in full, and the way to the last good version.

use super::{LAST_GOOD, PART, Seen, count, errors, told, whole};
use crate::finding::{Finding, Severity};
use crate::html::escape;
use std::fmt::Write as _;

/// The page to show in place of the one at a path of the preview, because its newest version has a mistake. `None` where it
/// has none, or somebody asked for the last good version. `good`: whether there is one.
pub(in crate::serve) fn instead(
    seen: &Seen<'_>,
    path: &str,
    query: Option<&str>,
    good: bool,
) -> Option<String> {
    let about = seen.about.as_deref().filter(|_| seen.is_broken() && query != Some(LAST_GOOD))?;
    let findings = about.of_page(seen.below(path)?);
    let errors = errors(&findings);
    if errors == 0 {
        return None;
    }
    let mut main = format!(
        "<h1>This page cannot be shown as it is now</h1>\n<p>{} to mend. Save the file, and this page shows the new \
         version by itself.</p>\n",
        count(errors, "mistake is", "mistakes are")
    );
    let _ = match good {
        true => writeln!(
            main,
            "<p class=\"panel-good\"><a href=\"{}?{LAST_GOOD}\">Show the last good version</a></p>",
            escape(path)
        ),
        false => writeln!(main, "<p>This page is new: there is no earlier version to show.</p>"),
    };
    let _ = writeln!(main, "<div id=\"{PART}\">");
    told::list(&mut main, about, &seen.walk, &findings);
    let elsewhere =
        about.findings.iter().filter(|finding| finding.severity == Severity::Error).count() - errors;
    if elsewhere > 0 {
        let _ = writeln!(
            main,
            "<p>{} in other files: <a href=\"{}\">all pages</a>.</p>",
            count(elsewhere, "more mistake stands", "more mistakes stand"),
            super::ALL
        );
    }
    main.push_str("</div>\n");
    Some(whole("This page has a mistake", "reload", seen.base_path, &main))
}

/// The page that is shown while there is no good version of anything.
pub(in crate::serve) fn waiting(seen: &Seen<'_>) -> String {
    let mut main =
        format!("<h1>There is no page to show yet</h1>\n<p>Mend this first:</p>\n<div id=\"{PART}\">\n");
    let errors: Vec<&Finding> = seen
        .about
        .iter()
        .flat_map(|about| about.findings.iter())
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    match seen.about.as_deref().filter(|_| !errors.is_empty()) {
        Some(about) => told::list(&mut main, about, &seen.walk, &errors),
        None => _ = writeln!(main, "<p>{}</p>", escape(&seen.problems.join(" "))),
    }
    main.push_str("</div>\n");
    whole("Nothing to show yet", "reload", seen.base_path, &main)
}
