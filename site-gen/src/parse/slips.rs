//! Signs that an author meant as Markdown and that readers would see as they stand.
//!
//! Markdown refuses nothing: what is not quite a link or a heading is text. So the text itself is looked at for what it was
//! meant to be.

use std::ops::Range;

/// One slip, with its place in the text that was looked at.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slip {
    pub(super) range: Range<usize>,
    pub(super) code: &'static str,
    pub(super) message: &'static str,
    pub(super) help: String,
}

/// No link has more bytes than this, neither in its words nor in its address.
const LONGEST_LINK: usize = 2_000;

/// The slips of a stretch of text as it was written. `starts_line`: nothing stands before it on its line.
pub(super) fn slips(written: &str, starts_line: bool) -> Vec<Slip> {
    let mut found = Vec::new();
    // Most texts hold none of these signs, and are let go after one look.
    if !written.bytes().any(|byte| matches!(byte, b']' | b'[' | b'*' | b'#')) {
        return found;
    }
    let marks = written.bytes().take_while(|byte| *byte == b'#').count();
    if starts_line && (2..=6).contains(&marks) && written[marks..].starts_with(char::is_alphanumeric) {
        let line = written.lines().next().unwrap_or_default();
        found.push(Slip {
            range: 0..line.trim_end().len(),
            code: "heading-without-space",
            message: "This heading has no space behind its signs, so readers see the signs",
            help: format!("Write `{} {}`", &line[..marks], line[marks..].trim_end()),
        });
    }
    found.extend(links(written));
    for (open, close, what) in [("[[", "]]", "[[driving_wait]]"), ("[@", "]", "[@EV-SE-01]")] {
        let mut start = 0;
        for line in written.split_inclusive('\n') {
            // Behind the last that closes; one for a line is enough.
            let behind = line.rfind(close).map_or(0, |at| at + close.len());
            let mut opens = line[behind..].match_indices(open).map(|(at, _)| start + behind + at);
            if let Some(at) = opens.find(|at| !is_escaped(written, *at)) {
                let rest = &written[at..start + line.len()];
                let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
                found.push(Slip {
                    range: at..at + word.max(open.len()),
                    code: "bracket-not-closed",
                    message: "This opens with square brackets and does not close, so readers see the brackets",
                    help: format!("Close it on the same line, as in `{what}`"),
                });
            }
            start += line.len();
        }
    }
    let stars: Vec<usize> = written
        .match_indices("**")
        .map(|(at, _)| at)
        .filter(|at| !is_escaped(written, *at) && !written[*at..].starts_with("***"))
        .collect();
    if let Some(&first) = stars.first() {
        found.push(Slip {
            range: first..first + 2,
            code: "bold-not-made",
            message: "These two stars make nothing bold, so readers see the stars",
            help: "Put them right before the first and right behind the last word: `**two words**`. For stars that readers \
                   should see, write `\\*\\*`"
                .to_owned(),
        });
    }
    found
}

/// `[words] (/page.md)` and `[words](/my page.md)`: links that are none because of a space.
fn links(written: &str) -> Vec<Slip> {
    let mut found = Vec::new();
    for (at, _) in written.match_indices(']').filter(|(at, _)| !is_escaped(written, *at)) {
        let rest = &written[at + 1..];
        let gap = rest.len() - rest.trim_start_matches(' ').len();
        let Some(target) = rest[gap..].strip_prefix('(') else { continue };
        // Looked at no further than that, a text full of brackets costs no more than any other.
        let target = &target[..target.floor_char_boundary(LONGEST_LINK)];
        let leads = ["/", "#", "./", "../", "http://", "https://", "mailto:", "tel:", "sms:"];
        let is_page = target.split([')', '\n']).next().is_some_and(|target| target.trim().ends_with(".md"));
        if !is_page && !leads.iter().any(|start| target.trim_start().starts_with(start)) {
            continue;
        }
        let Some(end) = target.find([')', '\n']) else { continue };
        let target_text = target[..end].trim();
        let words_from = written.floor_char_boundary(at.saturating_sub(LONGEST_LINK));
        let start = written[words_from..at].rfind('[').map_or(at, |found| words_from + found);
        let help = if target_text.contains(' ') {
            let fixed = target_text.replace(' ', "%20");
            format!("Give the file a name without spaces, or write `({fixed})`")
        } else {
            format!("Write the brackets side by side: `{}({target_text})`", &written[start..=at])
        };
        found.push(Slip {
            range: start..at + 1 + gap + 1 + end + usize::from(target[end..].starts_with(')')),
            code: "link-with-space",
            message: "A space keeps this from being a link, so readers see the brackets",
            help,
        });
    }
    found
}

/// Whether an author wrote a backslash in front, and so wants the sign itself.
fn is_escaped(written: &str, at: usize) -> bool {
    written[..at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, expected: &[(&str, &str)]) {
        let found = slips(written, true);
        let got: Vec<(&str, &str)> =
            found.iter().map(|slip| (slip.code, &written[slip.range.clone()])).collect();
        assert_eq!(got, expected, "{written}");
    }

    #[test]
    fn what_was_meant_is_seen() {
        check("##Food", &[("heading-without-space", "##Food")]);
        check("See [this] (/a.md) now", &[("link-with-space", "[this] (/a.md)")]);
        check("See [this](/a b.md) now", &[("link-with-space", "[this](/a b.md)")]);
        check("Call [[emergency_number] now", &[("bracket-not-closed", "[[emergency_number]")]);
        check("It helps [@EV-A.", &[("bracket-not-closed", "[@EV-A.")]);
        check("** bold ** words", &[("bold-not-made", "**")]);
    }

    #[test]
    fn what_was_not_meant_is_left_alone() {
        for text in [
            "",
            "plain words",
            "#1 of 3",
            "A list [a] (see below)",
            "[[fact]] and [@EV-A; @EV-B]",
            "\\[this] (/a.md",
            "2 * 3 * 4",
            "\\*\\*\\* three stars",
            "`code`",
        ] {
            check(text, &[]);
        }
        assert!(slips("##Food", false).is_empty());
    }
}
