//! Findings as people and programs read them: with the line and a caret at a terminal, as lines that a
//! code host shows beside the change, or as JSON.

use crate::finding::{Finding, Findings, Severity, to_json};
use crate::source::{SourceTree, line_column};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};
use serde_json::json;
use std::fmt::Write;

/// How findings are to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a person, with colours; drop them where they are not wanted.
    Human,
    /// One JSON object: `findings` and `summary`.
    Json,
    /// The lines that GitHub turns into notes beside a change.
    Github,
}

/// Every finding with its line, a caret and the cure, and how many there are. Holds colour codes.
pub fn human(findings: &Findings, sources: &SourceTree) -> String {
    let renderer = Renderer::styled();
    let mut text = String::new();
    for finding in findings.iter() {
        text.push_str(&drawn(finding, sources, &renderer));
        text.push_str("\n\n");
    }
    text
}

/// Text of one line or more, with nothing in it that a terminal would obey.
fn lines(text: &str) -> String {
    text.lines().map(normalize_untrusted_str).collect::<Vec<_>>().join("\n")
}

fn drawn(finding: &Finding, sources: &SourceTree, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(normalize_untrusted_str(&finding.message)).id(finding.code);
    let mut group = Group::with_title(title);
    let place = finding.place.as_ref();
    let text = place.map(|place| String::from_utf8_lossy(&sources.file(place.file).bytes));
    if let (Some(place), Some(text)) = (place, &text) {
        // A caret under one line tells where to look; a drawing of thirty lines does not.
        let mut start = place.span.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let mut end = place.span.end.clamp(start, line_end);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let path = sources.file(place.file).path.as_str();
        if text.contains('\0') {
            // A picture: its bytes say nothing to anybody.
            group = group.element(Origin::path(path));
        } else {
            group = group.element(
                Snippet::source(text.as_ref())
                    .path(path)
                    .annotation(AnnotationKind::Primary.span(start..end)),
            );
        }
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(lines(help)));
    }
    renderer.render(&[group])
}

/// `path:line:column message`, one line: for the preview's notice and the log.
pub fn one_line(finding: &Finding, sources: &SourceTree) -> String {
    let mut line = String::new();
    if let Some(place) = &finding.place {
        let file = sources.file(place.file);
        let (row, column) = line_column(&String::from_utf8_lossy(&file.bytes), place.span.start);
        let _ = write!(line, "{}:{row}:{column}: ", file.path);
    }
    line.push_str(&finding.message);
    if let Some(help) = &finding.help {
        let _ = write!(line, ". {help}");
    }
    line
}

/// `1 page`, `2 pages`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// `3 errors, 1 warning`; `nothing to mend` when there is nothing.
pub fn summary(findings: &Findings) -> String {
    let parts: Vec<String> =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")]
            .into_iter()
            .filter_map(|(severity, name)| match findings.count(severity) {
                0 => None,
                1 => Some(format!("1 {name}")),
                count => Some(format!("{count} {name}s")),
            })
            .collect();
    if parts.is_empty() { "nothing to mend".to_string() } else { parts.join(", ") }
}

/// `{"findings": [...], "summary": {"errors", "warnings", "notes", ...}}`; `more` is added to the summary.
pub fn json(
    findings: &Findings,
    sources: &SourceTree,
    more: serde_json::Map<String, serde_json::Value>,
) -> String {
    let mut summary = serde_json::Map::new();
    summary.insert("errors".into(), findings.count(Severity::Error).into());
    summary.insert("warnings".into(), findings.count(Severity::Warning).into());
    summary.insert("notes".into(), findings.count(Severity::Note).into());
    summary.extend(more);
    let whole = json!({ "findings": to_json(findings, sources), "summary": summary });
    format!("{whole:#}\n")
}

/// Workflow commands: `::error file=…,line=…,col=…,title=CODE::message`.
pub fn github(findings: &Findings, sources: &SourceTree) -> String {
    let mut text = String::new();
    for finding in findings.iter() {
        let name = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let at = finding.place.as_ref().map(|place| {
            let file = sources.file(place.file);
            let (line, column) = line_column(&String::from_utf8_lossy(&file.bytes), place.span.start);
            format!("file={},line={line},col={column},", property(&file.path))
        });
        let help = finding.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
        let message = data(&format!("{}{help}", finding.message));
        let _ = writeln!(text, "::{name} {}title={}::{message}", at.unwrap_or_default(), finding.code);
    }
    text
}

/// What a workflow command's message must not hold as it stands.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The same for its properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Place, SourceFile};

    const TEXT: &str = "---\ntitel: Niño\n---\nText\n";

    fn tree() -> SourceTree {
        SourceTree::new([SourceFile { path: "content/en/pages/a.md".into(), bytes: TEXT.into() }])
    }

    fn findings(span: std::ops::Range<usize>) -> Findings {
        let mut findings = Findings::new();
        findings.push(
            Finding::error("front-matter-key-unknown", Place::new(FileId(0), span), "there is no `titel`")
                .help("Did you mean `title`?"),
        );
        findings
    }

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn a_person_sees_the_line_a_caret_and_the_cure() {
        let drawn = plain(&human(&findings(4..9), &tree()));
        for part in [
            "error[front-matter-key-unknown]: there is no `titel`",
            "content/en/pages/a.md:2:1",
            "titel: Niño",
            "^^^^^",
            "help: Did you mean `title`?",
        ] {
            assert!(drawn.contains(part), "{part} is not in\n{drawn}");
        }
    }

    #[test]
    fn odd_places_are_drawn_all_the_same() {
        for span in [0..0, 0..TEXT.len(), TEXT.len()..TEXT.len(), 13..14, 500..600] {
            assert!(plain(&human(&findings(span.clone()), &tree())).contains("a.md"), "{span:?}");
        }
    }

    #[test]
    fn a_code_host_gets_one_line_each() {
        let text = github(&findings(4..9), &tree());
        assert_eq!(
            text,
            "::error file=content/en/pages/a.md,line=2,col=1,title=front-matter-key-unknown::there is no `titel`%0ADid you mean `title`?\n"
        );
    }

    #[test]
    fn a_program_gets_places_that_count_from_one() {
        let value: serde_json::Value =
            serde_json::from_str(&json(&findings(4..9), &tree(), serde_json::Map::new())).expect("JSON");
        assert_eq!(value["findings"][0]["line"], 2);
        assert_eq!(value["findings"][0]["column"], 1);
        assert_eq!(value["findings"][0]["help"], "Did you mean `title`?");
        assert_eq!(value["summary"]["errors"], 1);
    }

    #[test]
    fn the_summary_counts_in_words() {
        assert_eq!(summary(&findings(0..1)), "1 error");
        assert_eq!(summary(&Findings::new()), "nothing to mend");
    }
}
