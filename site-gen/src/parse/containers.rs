//! `:::name Label` … `:::`. Split out before the Markdown parser sees the text.
//!
//! A marker line is replaced, byte for byte, by a thematic break. That ends any paragraph, list or table
//! before it just as a reader expects, the parser reports it at a known offset, and every other offset of
//! the file stays true, so that footnotes and link definitions work across containers.

use super::data::{did_you_mean, nearest};
use crate::finding::{Finding, Findings};
use crate::source::{FileId, Place};
use memchr::memmem;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The boxes an author can put text in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Container {
    /// The short answer at the top of a page.
    KeyPoints,
    /// Help card: call 911.
    Emergency,
    /// Help card: call today.
    Urgent,
    /// Help card: tell the clinic.
    Contact,
    /// What experts know.
    Known,
    /// What experts do not know.
    NotKnown,
    /// Steps in order.
    Timeline,
    /// Things to tick off.
    Checklist,
    /// Choices side by side.
    Compare,
    /// A question whose answer opens.
    Details,
    /// Not approved for this use.
    OffLabel,
    /// A picture with a caption, and what it shows in words.
    Figure,
    /// Numbers as pictures of that many dots.
    Chance,
    /// A long list that readers can narrow.
    Filter,
}

impl Container {
    /// Every container with the name authors write and its theme component's folder.
    pub const ALL: [(Container, &'static str); 14] = [
        (Container::KeyPoints, "key-points"),
        (Container::Emergency, "emergency"),
        (Container::Urgent, "urgent"),
        (Container::Contact, "contact"),
        (Container::Known, "known"),
        (Container::NotKnown, "not-known"),
        (Container::Timeline, "timeline"),
        (Container::Checklist, "checklist"),
        (Container::Compare, "compare"),
        (Container::Details, "details"),
        (Container::OffLabel, "off-label"),
        (Container::Figure, "figure"),
        (Container::Chance, "chance"),
        (Container::Filter, "filter"),
    ];

    /// The name authors write, which is also its component's folder in a theme.
    pub fn name(self) -> &'static str {
        Container::ALL.iter().find(|(container, _)| *container == self).expect("BUG: all are listed").1
    }

    fn named(name: &str) -> Option<Self> {
        Container::ALL.iter().find(|(_, known)| *known == name).map(|(container, _)| *container)
    }
}

/// One `:::` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marker {
    /// Opens a container.
    Open {
        /// Which one. `None` for a name nobody knows, which is reported here already.
        container: Option<Container>,
        /// What stands behind the name.
        label: String,
        /// The line.
        place: Place,
    },
    /// Closes the innermost one.
    Close,
}

/// The body with its marker lines turned into breaks, and the markers by byte offset in the body.
#[derive(Debug)]
pub struct Split<'t> {
    /// As long as the body, byte for byte.
    pub text: Cow<'t, str>,
    /// In order. Opening and closing markers are balanced.
    pub markers: Vec<(usize, Marker)>,
}

/// Takes the markers out of `body`, which begins at byte `base` of `file`.
pub fn split<'t>(body: &'t str, file: FileId, base: usize, findings: &mut Findings) -> Split<'t> {
    if !["```", "~~~", ":::"].iter().any(|mark| memmem::find(body.as_bytes(), mark.as_bytes()).is_some()) {
        return Split { text: Cow::Borrowed(body), markers: Vec::new() };
    }
    let mut text = String::with_capacity(body.len() + 8);
    let mut markers = Vec::new();
    let mut open: Vec<Place> = Vec::new();
    let mut fence: Option<(&str, Place)> = None;
    let mut start = 0;
    for line in body.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let content = line.trim_end();
        let trimmed = content.trim_start();
        let indent = content.len() - trimmed.len();
        if let Some((mark, _)) = fence {
            if trimmed.starts_with(mark) && trimmed.trim_start_matches(&mark[..1]).is_empty() {
                fence = None;
            }
            text.push_str(line);
            continue;
        }
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            let mark = if trimmed.starts_with('`') { "```" } else { "~~~" };
            fence = Some((mark, Place::new(file, base + at + indent..base + at + content.len())));
            text.push_str(line);
            continue;
        }
        let place = Place::new(file, base + at + indent..base + at + content.len());
        if !trimmed.starts_with(":::") || indent > 3 {
            if trimmed.trim_start_matches(['>', ' ', '-', '*', '\t']).starts_with(":::") {
                findings.push(
                    Finding::error(
                        "container-in-wrong-place",
                        place,
                        "A ::: line must stand at the left edge, not inside a list or a quote",
                    )
                    .help("Move it to the left edge"),
                );
            }
            text.push_str(line);
            continue;
        }
        let words = trimmed.trim_start_matches(':').trim();
        if words.is_empty() {
            if open.pop().is_none() {
                findings.push(
                    Finding::error("container-not-open", place, "This ::: closes nothing")
                        .help("Take the line out, or open a container above it: `:::key-points`"),
                );
            } else {
                markers.push((at, Marker::Close));
            }
        } else {
            let (name, label) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
            let (name, label) = match name.find('[') {
                Some(bracket) => (&name[..bracket], words[bracket..].trim()),
                None => (name, label.trim()),
            };
            let label = match label.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
                Some(inner) => inner,
                None => label,
            };
            let container = Container::named(name);
            if container.is_none() {
                let names = Container::ALL.map(|(_, name)| name);
                let help = match nearest(name, names) {
                    Some(near) => did_you_mean(&format!(":::{near}")),
                    None => format!("There are: {}", names.join(", ")),
                };
                findings.push(
                    Finding::error(
                        "unknown-container",
                        place.clone(),
                        format!("There is no container `{name}`"),
                    )
                    .help(help),
                );
            }
            if label.is_empty()
                && let Some(finding) = container.and_then(|container| label_missing(container, &place))
            {
                findings.push(finding);
            }
            open.push(place.clone());
            markers.push((at, Marker::Open { container, label: label.to_owned(), place }));
        }
        // `___` is as long as the shortest marker, and spaces behind a break are allowed.
        text.push_str("___");
        text.extend(std::iter::repeat_n(' ', content.len() - 3));
        text.push_str(&line[content.len()..]);
    }
    if let Some((mark, place)) = fence {
        findings.push(
            Finding::error(
                "code-not-closed",
                place,
                format!("The text from {mark} on is shown as it is typed, because nothing ends it"),
            )
            .help(format!("Put a line with {mark} where it ends, or take this line out")),
        );
    }
    for place in open {
        let name = &body[place.span.start - base..place.span.end - base];
        findings.push(
            Finding::error("unclosed-container", place, format!("`{name}` is never closed"))
                .help("Put a line with ::: where it ends"),
        );
        markers.push((body.len(), Marker::Close));
    }
    Split { text: Cow::Owned(text), markers }
}

/// What is told of a box that says nothing without its label.
fn label_missing(container: Container, place: &Place) -> Option<Finding> {
    let (code, message, help) = match container {
        Container::Details => (
            "details-without-question",
            "This details box has no question",
            "Write the question behind the name: `:::details How long does it take?`",
        ),
        Container::Chance => (
            "chance-without-words",
            "These numbers have no title",
            "Write behind the name what they count, and where: `:::chance Headache, in a study of 400 people`",
        ),
        Container::Filter => (
            "filter-without-label",
            "This list has a field to narrow it, and the field has no name",
            "Write behind the name what can be found: `:::filter Find a condition`",
        ),
        _ => return None,
    };
    Some(Finding::error(code, place.clone(), message).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &[&str]) {
        let mut findings = Findings::new();
        let split = split(body, FileId(0), 0, &mut findings);
        assert_eq!(split.text.len(), body.len(), "offsets must stay true");
        let mut got: Vec<String> = split
            .markers
            .iter()
            .map(|(at, marker)| match marker {
                Marker::Open { container, label, .. } => {
                    format!("{at} {} {label}", container.map_or("?", Container::name))
                }
                Marker::Close => format!("{at} close"),
            })
            .collect();
        got.extend(findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)));
        assert_eq!(got, expected);
    }

    #[test]
    fn containers_open_close_and_nest() {
        check(":::key-points\na\n:::\n", &["0 key-points ", "16 close"]);
        check(":::details How long?\na\n:::\n", &["0 details How long?", "23 close"]);
        check(
            ":::timeline\n:::urgent [Call]\nx\n:::\n:::\n",
            &["0 timeline ", "12 urgent Call", "31 close", "35 close"],
        );
        check("```\n:::key-points\n```\n", &[]);
        check("no colons", &[]);
    }

    #[test]
    fn slips_are_told() {
        check(
            ":::keypoints\n:::\n",
            &["0 ? ", "13 close", "unknown-container: There is no container `keypoints`"],
        );
        check(
            "a\n:::known\nb\n",
            &["2 known ", "13 close", "unclosed-container: `:::known` is never closed"],
        );
        check("a\n:::\n", &["container-not-open: This ::: closes nothing"]);
        check(
            "- a\n  > :::known\n",
            &[
                "container-in-wrong-place: A ::: line must stand at the left edge, not inside a list or a quote",
            ],
        );
        check(
            ":::details\n:::\n",
            &["0 details ", "11 close", "details-without-question: This details box has no question"],
        );
    }
}
