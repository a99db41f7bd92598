//! One finding for reading: what is wrong, where, the line with a mark, what to do, and why the rule exists.

use super::About;
use crate::explain;
use crate::finding::{Finding, Severity};
use crate::html::escape;
use crate::serve::walk::{Broken, Walk};
use crate::source::{Place, line_column};
use std::fmt::Write as _;

/// The most characters of a line before and behind what is marked.
const AROUND: usize = 160;

/// A list of findings in their order; nothing for none.
pub(super) fn list(out: &mut String, about: &About, walk: &Walk, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    out.push_str("<ol class=\"told-list\">\n");
    for finding in findings {
        one(out, about, walk, finding);
    }
    out.push_str("</ol>\n");
}

fn one(out: &mut String, about: &About, walk: &Walk, finding: &Finding) {
    let (class, name) = match finding.severity {
        Severity::Error => ("error", "Error"),
        Severity::Warning => ("warning", "Warning"),
        Severity::Note => ("note", "Note"),
    };
    let _ = writeln!(
        out,
        "<li class=\"told told--{class}\">\n<p class=\"told-what\"><strong>{name}:</strong> {}</p>",
        escape(&finding.message)
    );
    if let Some(place) = &finding.place {
        let file = about.sources.file(place.file);
        let text = String::from_utf8_lossy(&file.bytes);
        let (line, column) = line_column(&text, place.span.start);
        let _ =
            writeln!(out, "<p class=\"told-where\"><code>{}:{line}:{column}</code></p>", escape(&file.path));
        // The bytes of a picture say nothing to anybody.
        if !text.contains('\0') {
            marked(out, &text, place, line);
        }
    }
    let broken = promise(walk, finding);
    if let Some(help) = &finding.help {
        let lines = help.lines().filter(|line| broken.is_none_or(|broken| !line.ends_with(&broken.address)));
        let lines: Vec<String> = lines.map(escape).collect();
        let _ = writeln!(out, "<p class=\"told-help\">{}</p>", lines.join("<br>\n"));
    }
    if let Some(broken) = broken {
        let tries = match broken.tries.as_str() {
            "" => String::new(),
            tries => format!(" Try it in the questionnaire: {tries}"),
        };
        let _ = writeln!(
            out,
            "<p class=\"told-promise\"><a href=\"{}\">See the answers that break it</a>.{tries}</p>",
            escape(&broken.address)
        );
    }
    if let Some(explained) = explain::find(finding.code) {
        let _ = writeln!(
            out,
            "<details class=\"told-why\"><summary>Why? <code>{}</code></summary>\n<p>{}</p>\n<p>Instead of</p>\n\
             <pre>{}</pre>\n<p>write</p>\n<pre>{}</pre>\n</details>",
            explained.code,
            escape(explained.why),
            escape(explained.wrong),
            escape(explained.right)
        );
    }
    out.push_str("</li>\n");
}

/// The broken promise that a finding is about. Its help ends with the address where the promise is walked.
fn promise<'w>(walk: &'w Walk, finding: &Finding) -> Option<&'w Broken> {
    let help = finding.help.as_deref()?;
    walk.broken.iter().find(|broken| help.lines().any(|line| line.ends_with(&broken.address)))
}

/// The line that a place begins in, with a mark from there to the end of the place or of the line.
fn marked(out: &mut String, text: &str, place: &Place, number: usize) {
    let down = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = down(place.span.start);
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let end = down(place.span.end.clamp(start, line_end)).max(start);
    let before = &text[line_start..start];
    let cut = before.char_indices().rev().nth(AROUND).map_or(0, |(at, _)| at);
    let before = if cut > 0 { format!("… {}", &before[cut..]) } else { before.to_owned() };
    let behind = text[end..line_end].trim_end();
    let behind = match behind.char_indices().nth(AROUND) {
        Some((cut, _)) => format!("{} …", &behind[..cut]),
        None => behind.to_owned(),
    };
    // A place without length is where something is missing.
    let mark = if start == end { "‸" } else { text[start..end].trim_end() };
    let _ = writeln!(
        out,
        "<pre class=\"told-line\"><span class=\"told-number\">{number}</span> {}<mark>{}</mark>{}</pre>",
        escape(&before),
        escape(mark),
        escape(&behind)
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn drawn(text: &str, span: std::ops::Range<usize>) -> String {
        let mut out = String::new();
        let place = Place::new(FileId(0), span);
        let (line, _) = line_column(text, place.span.start);
        marked(&mut out, text, &place, line);
        out
    }

    #[test]
    fn the_line_is_shown_with_a_mark_and_its_number() {
        assert_eq!(
            drawn("---\ntitel: a < b\n---\n", 4..9),
            "<pre class=\"told-line\"><span class=\"told-number\">2</span> <mark>titel</mark>: a &lt; b</pre>\n"
        );
        assert!(drawn("año\nniño y más\n", 5..10).contains("> <mark>niño</mark> y más<"));
    }

    #[test]
    fn odd_places_are_drawn_all_the_same() {
        let text = "a\nmañana\r\n";
        for span in [0..0, 0..text.len(), text.len()..text.len(), 5..5, 6..400, 500..600] {
            let drawn = drawn(text, span.clone());
            assert!(drawn.contains("<mark>") && drawn.ends_with("</pre>\n"), "{span:?}: {drawn}");
        }
        assert!(drawn("", 0..0).contains("<mark>‸</mark>"));
    }

    #[test]
    fn a_very_long_line_is_shown_around_its_mark() {
        let long = format!("{}HERE{}", "é".repeat(5_000), "ü".repeat(5_000));
        let drawn = drawn(&long, 10_000..10_004);
        assert!(drawn.contains("… é") && drawn.contains("<mark>HERE</mark>ü") && drawn.contains("ü …"));
        assert!(drawn.chars().count() < 500, "{}", drawn.len());
    }
}
