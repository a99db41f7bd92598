//! What the author can fix: one [`Finding`] a fault, with a place, a sentence and a cure.

use crate::source::{FileId, Place, SourceTree, line_column};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How bad a finding is. Errors stop the build; warnings do under `--deny warnings`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is published while it stands.
    Error,
    /// Published, but should be mended.
    Warning,
    /// Worth knowing.
    Note,
}

/// One thing that the author can fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Named for what it objects to: `heading-skips-level`. `site-gen explain CODE` tells more.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is. Absent only when no file can be blamed.
    pub place: Option<Place>,
    /// One sentence in the author's words, without a full stop at the end.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Finding {
    /// A finding that stops the build.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Finding { code, severity: Severity::Error, place: Some(place), message: message.into(), help: None }
    }

    /// A finding that lets the build go on.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Finding { severity: Severity::Warning, ..Finding::error(code, place, message) }
    }

    /// The same finding with its cure.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// How often one thing is told of one file. Further ones are only counted: nobody mends a thousand lines one by one, and
/// most often one slip has caused them all.
const MOST_OF_A_KIND: usize = 200;

/// All findings of a run. Every stage adds; they are sorted and printed once.
#[derive(Clone, Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// None yet.
    pub fn new() -> Self {
        Findings::default()
    }

    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// Adds all of another list.
    pub fn extend(&mut self, more: Findings) {
        self.0.extend(more.0);
    }

    /// Adds what was said before.
    pub fn repeat(&mut self, known: &[Finding]) {
        self.0.extend_from_slice(known);
    }

    /// Those with none of these codes.
    #[must_use]
    pub fn without(mut self, codes: &[&str]) -> Self {
        self.0.retain(|finding| !codes.contains(&finding.code));
        self
    }

    /// Worst first, then by file, place and code. The same faults always come in the same order.
    pub fn sorted(mut self) -> Self {
        let key = |place: &Option<Place>| {
            place.as_ref().map(|place| (place.file, place.span.start, place.span.end))
        };
        self.0.sort_by(|a, b| {
            (a.severity, key(&a.place), a.code, &a.message).cmp(&(
                b.severity,
                key(&b.place),
                b.code,
                &b.message,
            ))
        });
        self.0.dedup();
        self.without_endless_lists()
    }

    /// The first of each kind in each file, and for the others one finding with their number.
    fn without_endless_lists(mut self) -> Self {
        if self.0.len() <= MOST_OF_A_KIND {
            return self;
        }
        type Kind = (Option<FileId>, &'static str);
        let mut seen: BTreeMap<Kind, (usize, Option<Finding>)> = BTreeMap::new();
        self.0.retain(|finding| {
            let file = finding.place.as_ref().map(|place| place.file);
            let (count, first_left) = seen.entry((file, finding.code)).or_default();
            *count += 1;
            if *count > MOST_OF_A_KIND && first_left.is_none() {
                *first_left = Some(finding.clone());
            }
            *count <= MOST_OF_A_KIND
        });
        let mut more = false;
        for ((_, code), (count, first_left)) in seen {
            let Some(first) = first_left else { continue };
            more = true;
            self.0.push(Finding {
                code: "many-more",
                message: format!(
                    "From here on the same file has `{code}` {} more times",
                    count - MOST_OF_A_KIND
                ),
                help: Some("Mend the first ones and build again: often one slip causes them all".to_owned()),
                ..first
            });
        }
        if more { self.sorted() } else { self }
    }

    /// All of them.
    pub fn into_vec(self) -> Vec<Finding> {
        self.0
    }

    /// In the order of [`Findings::sorted`], if that was called.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter()
    }

    /// How many there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Those that are this bad or worse, in their order.
    #[must_use]
    pub fn down_to(&self, least: Severity) -> Findings {
        Findings(self.iter().filter(|finding| finding.severity <= least).cloned().collect())
    }

    /// The errors among them, in their order.
    #[must_use]
    pub fn errors(&self) -> Findings {
        self.down_to(Severity::Error)
    }

    /// Whether anything stops the build.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}

impl From<Vec<Finding>> for Findings {
    fn from(findings: Vec<Finding>) -> Self {
        Findings(findings)
    }
}

/// One finding as it stands in the JSON output. Line and column count from 1; 0 where there is no place.
#[derive(Clone, Debug, Serialize)]
pub struct JsonFinding<'a> {
    code: &'static str,
    severity: Severity,
    file: &'a str,
    line: usize,
    column: usize,
    message: &'a str,
    help: Option<&'a str>,
    url: String,
}

/// The JSON shape of every finding: `code`, `severity`, `file`, `line`, `column`, `message`, `help`, `url`.
pub fn to_json<'a>(findings: &'a Findings, sources: &'a SourceTree) -> Vec<JsonFinding<'a>> {
    let file_of = |id: FileId| sources.file(id);
    findings
        .iter()
        .map(|finding| {
            let (file, (line, column)) = match &finding.place {
                Some(place) => {
                    let file = file_of(place.file);
                    let text = String::from_utf8_lossy(&file.bytes);
                    (file.path.as_str(), line_column(&text, place.span.start))
                }
                None => ("", (0, 0)),
            };
            JsonFinding {
                code: finding.code,
                severity: finding.severity,
                file,
                line,
                column,
                message: &finding.message,
                help: finding.help.as_deref(),
                url: format!("site-gen explain {}", finding.code),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(count: usize, file: u32) -> Findings {
        let mut findings = Findings::new();
        for at in 0..count {
            findings.push(Finding::error("raw-html", Place::new(FileId(file), at..at + 1), "Take it out"));
        }
        findings
    }

    #[test]
    fn every_one_of_a_few_is_told() {
        let mut findings = many(MOST_OF_A_KIND, 1);
        findings.extend(many(MOST_OF_A_KIND, 2));
        let findings = findings.sorted();
        assert_eq!(findings.count(Severity::Error), 2 * MOST_OF_A_KIND);
        assert!(findings.iter().all(|finding| finding.code == "raw-html"));
    }

    #[test]
    fn of_thousands_the_first_are_told_and_the_others_counted() {
        let mut findings = many(5_000, 1);
        findings.extend(many(3, 2));
        findings.push(Finding::warning("link-says-nothing", Place::start_of(FileId(1)), "Name it"));
        let findings = findings.sorted();
        assert_eq!(findings.count(Severity::Error), MOST_OF_A_KIND + 1 + 3);
        assert_eq!(findings.count(Severity::Warning), 1);
        let more: Vec<&Finding> = findings.iter().filter(|finding| finding.code == "many-more").collect();
        let [more] = more.as_slice() else { panic!("{more:?}") };
        assert_eq!(more.message, "From here on the same file has `raw-html` 4800 more times");
        assert_eq!(more.place, Some(Place::new(FileId(1), 200..201)));
        assert_eq!(findings.clone().sorted().count(Severity::Error), findings.count(Severity::Error));
    }
}
