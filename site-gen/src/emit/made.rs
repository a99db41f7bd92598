//! The list of files that this program made, in the output folder. It is the same for the same site, wherever it is built.
//!
//! ```text
//! site-gen files 1
//! 0f3c…e2 prepare/index.html
//! …
//! whole 5be2…07
//! ```
//!
//! A line is the digest of a file's bytes and its name. The last line is the digest of all before it, so that a list that was
//! cut off or edited by hand is known as such.

use super::Digest;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const FIRST: &str = "site-gen files 1\n";
const LAST: &str = "whole ";

/// Short name of bytes. Two files that differ by chance have different names; nobody is kept from making two that agree.
pub fn digest(bytes: &[u8]) -> Digest {
    twox_hash::XxHash3_128::oneshot(bytes)
}

/// The list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Made {
    /// By name.
    pub(super) files: BTreeMap<String, Digest>,
    /// Whether it is as it was written. The lines of one that is not are believed only where the bytes of the file agree.
    pub(super) whole: bool,
}

impl Made {
    /// Reads what [`Made::written`] wrote, and of anything else the lines that make sense.
    pub(super) fn read(bytes: &[u8]) -> Made {
        let text = String::from_utf8_lossy(bytes);
        let (lines, last) = text.rsplit_once(LAST).unwrap_or((&text, ""));
        let whole = lines.starts_with(FIRST) && last == format!("{:032x}\n", digest(lines.as_bytes()));
        Made { files: lines.lines().filter_map(line).collect(), whole }
    }

    /// The list as it lies on the disk.
    pub(super) fn written(&self) -> String {
        let mut text = String::with_capacity(80 * (self.files.len() + 2));
        text.push_str(FIRST);
        for (name, digest) in &self.files {
            let _ = writeln!(text, "{digest:032x} {name}");
        }
        let end = digest(text.as_bytes());
        let _ = writeln!(text, "{LAST}{end:032x}");
        text
    }
}

fn line(line: &str) -> Option<(String, Digest)> {
    let (digest, name) = line.split_once(' ')?;
    let digest = Digest::from_str_radix(digest, 16).ok()?;
    is_below(name).then(|| (name.to_owned(), digest))
}

/// A list that somebody edited must not make this program remove files elsewhere.
fn is_below(name: &str) -> bool {
    !name.starts_with('/') && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Made {
        let files = [("a b/index.html", digest(b"a")), ("style.css", digest(b"b")), ("whole x", 7)];
        Made {
            files: files.into_iter().map(|(name, digest)| (name.to_owned(), digest)).collect(),
            whole: true,
        }
    }

    #[test]
    fn a_list_comes_back_as_it_was_written() {
        assert_eq!(Made::read(list().written().as_bytes()), list());
        let empty = Made { files: BTreeMap::new(), whole: true };
        assert_eq!(Made::read(empty.written().as_bytes()), empty);
    }

    #[test]
    fn a_list_that_was_cut_or_edited_is_known_as_such() {
        let text = list().written();
        for damaged in [
            text.replacen("style.css", "style.txt", 1),
            text.lines().skip(1).collect::<Vec<_>>().join("\n"),
            text[..text.len() / 2].to_owned(),
            text[..text.len() - 1].to_owned(),
            format!("{text}more"),
            String::new(),
        ] {
            assert!(!Made::read(damaged.as_bytes()).whole, "{damaged}");
        }
        assert!(!Made::read(&[0xff; 100]).whole);
        // What is still legible is still told.
        assert!(Made::read(&text.as_bytes()[..text.len() / 2]).files.contains_key("a b/index.html"));
    }

    #[test]
    fn names_that_lead_elsewhere_are_not_read() {
        for name in ["/etc/passwd", "../precious", "a/../../b", "", "a//b", "./a"] {
            let line = format!("{FIRST}{:032x} {name}\n", 1);
            assert!(Made::read(line.as_bytes()).files.is_empty(), "{name}");
        }
    }
}
