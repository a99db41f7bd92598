//! What the files of the site looked like when they were known to be right, so that the next build need not read them.
//!
//! A page that nobody touched has the same size, the same times and the same number on its disk; only then is it taken
//! for what it was. Nothing else rests on this: without it, or with a damaged one, files are read and compared.
//!
//! A line is: digest of the bytes, size, time of the last change of the bytes, time of the last change of the file (its bytes,
//! name or owner), number of the file on its disk, name.

use super::Digest;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::Metadata;
use std::time::{Duration, UNIX_EPOCH};

/// How one file looks. Compared for equality only, so that a clock that was set back means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Looks {
    size: u64,
    modified: Duration,
    changed: Duration,
    inode: u64,
}

impl Looks {
    pub(super) fn of(file: &Metadata) -> Looks {
        let modified = file.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let (changed, inode) = changed(file);
        Looks { size: file.len(), modified: modified.unwrap_or_default(), changed, inode }
    }

    /// The same in short.
    pub(super) fn digest(&self) -> Digest {
        super::digest(format!("{self:?}").as_bytes())
    }

    /// Whether somebody could still change the file without changing its looks: the clocks of disks tick only a few hundred
    /// times a second. `now` is by the clock of the same disk.
    fn may_lie(&self, now: Duration) -> bool {
        const TICK: Duration = Duration::from_millis(20);
        self.changed.max(self.modified) + TICK > now
    }
}

#[cfg(unix)]
fn changed(file: &Metadata) -> (Duration, u64) {
    use std::os::unix::fs::MetadataExt;
    let seconds = u64::try_from(file.ctime()).unwrap_or_default();
    let nanos = u32::try_from(file.ctime_nsec()).unwrap_or_default();
    (Duration::new(seconds, nanos), file.ino())
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> (Duration, u64) {
    (Duration::ZERO, 0)
}

/// Files by name: the digest of their bytes when they looked like this.
pub(super) type Known = BTreeMap<String, (Digest, Looks)>;

/// Reads what [`written`] wrote; a line that makes no sense is a file that is not known.
pub(super) fn read(text: &str) -> Known {
    text.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<(String, (Digest, Looks))> {
    let mut parts = line.splitn(6, ' ');
    let digest = Digest::from_str_radix(parts.next()?, 16).ok()?;
    let size = parts.next()?.parse().ok()?;
    let mut time = || {
        let (seconds, nanos) = parts.next()?.split_once('.')?;
        let nanos = nanos.parse().ok().filter(|nanos| *nanos < 1_000_000_000)?;
        Some(Duration::new(seconds.parse().ok()?, nanos))
    };
    let (modified, changed) = (time()?, time()?);
    let inode = parts.next()?.parse().ok()?;
    Some((parts.next()?.to_owned(), (digest, Looks { size, modified, changed, inode })))
}

/// The lines of all files whose looks can be relied on. `now` is the time by the clock of their disk.
pub(super) fn written(known: &Known, now: Duration) -> String {
    let mut text = String::with_capacity(140 * known.len());
    for (name, (digest, looks)) in known {
        if !looks.may_lie(now) {
            let time = |time: Duration| format!("{}.{:09}", time.as_secs(), time.subsec_nanos());
            let (size, inode) = (looks.size, looks.inode);
            let (modified, changed) = (time(looks.modified), time(looks.changed));
            let _ = writeln!(text, "{digest:032x} {size} {modified} {changed} {inode} {name}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_come_back_as_they_were_written_unless_they_may_lie() {
        let looks = |changed| Looks { size: 3, modified: Duration::new(1000, 5), changed, inode: 12 };
        let (old, fresh) = (looks(Duration::new(1000, 70)), looks(Duration::new(2000, 0)));
        let known: Known = [("a b/index.html", old), ("fresh.css", fresh)]
            .into_iter()
            .map(|(name, looks)| (name.to_owned(), (7, looks)))
            .collect();
        let text = written(&known, Duration::new(2000, 1));
        assert_eq!(read(&text), BTreeMap::from([("a b/index.html".to_owned(), (7, old))]));
        assert_eq!(read(&written(&known, Duration::new(2001, 0))), known);
        // A clock that was set back.
        assert_eq!(written(&known, Duration::new(10, 0)), "");
    }

    #[test]
    fn what_makes_no_sense_is_not_known() {
        for text in ["", "x", "7 3 1.0 1.0 12", "7 3 1.9999999999 1.0 12 a", "7 -3 1.0 1.0 12 a", "\u{fffd}"]
        {
            assert!(read(text).is_empty(), "{text}");
        }
        assert_eq!(read("7 3 1.0 1.0 12 a").len(), 1);
    }
}
