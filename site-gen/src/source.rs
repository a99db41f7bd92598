//! What was read from disk: every input file in memory, in path order, with no trace of the disk.

use crate::emit::digest;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A file of the [`SourceTree`], by number. Numbers follow path order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileId(pub u32);

/// One input file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path from the site's root with `/` between parts: `content/en/pages/prepare/before.md`.
    pub path: String,
    /// The bytes as they are on disk.
    pub bytes: Vec<u8>,
}

/// Why a file or folder that is there was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It leads to another place. What lies there may never have been meant for readers.
    Link,
    /// The system does not let this program read it.
    Refused,
}

/// Every input file, sorted by path. A copy shares the files and costs next to nothing.
#[derive(Clone, Debug, Default)]
pub struct SourceTree {
    files: Vec<Arc<Held>>,
}

/// One file, and the digest of its bytes from when somebody asks for it.
#[derive(Debug)]
struct Held {
    file: SourceFile,
    digest: OnceLock<u128>,
    /// Why it has no bytes, if it was found and not read.
    unread: Option<Unread>,
}

impl SourceTree {
    /// Takes files in any order. Of two files with the same path the later one wins, so that a
    /// clinic's own theme file can stand in for one that is inside the program.
    pub fn new(files: impl IntoIterator<Item = SourceFile>) -> Self {
        let by_path: std::collections::BTreeMap<String, Vec<u8>> =
            files.into_iter().map(|file| (file.path, file.bytes)).collect();
        SourceTree { files: by_path.into_iter().map(|(path, bytes)| Held::new(path, bytes)).collect() }
    }

    /// The same files but for those at `paths`, which are as `read` has them now; `None` where there is none any more.
    #[must_use]
    pub fn with(&self, read: impl IntoIterator<Item = (String, Option<Vec<u8>>)>) -> Self {
        let mut files = self.files.clone();
        for (path, bytes) in read {
            let at = files.binary_search_by(|held| held.file.path.as_str().cmp(&path));
            match (at, bytes) {
                (Ok(at), Some(bytes)) if files[at].file.bytes == bytes && files[at].unread.is_none() => {}
                (Ok(at), Some(bytes)) => files[at] = Held::new(path, bytes),
                (Ok(at), None) => _ = files.remove(at),
                (Err(at), Some(bytes)) => files.insert(at, Held::new(path, bytes)),
                (Err(_), None) => {}
            }
        }
        SourceTree { files }
    }

    /// The same tree with what was found and not read, by path.
    #[must_use]
    pub fn with_unread(mut self, unread: Vec<(String, Unread)>) -> Self {
        for (path, why) in unread {
            let at = self.files.binary_search_by(|held| held.file.path.as_str().cmp(&path));
            let held = Arc::new(Held {
                file: SourceFile { path, bytes: Vec::new() },
                digest: OnceLock::new(),
                unread: Some(why),
            });
            match at {
                Ok(at) => self.files[at] = held,
                Err(at) => self.files.insert(at, held),
            }
        }
        self
    }

    /// What was found and not read.
    pub fn unread(&self) -> impl Iterator<Item = (FileId, Unread)> {
        let held = self.files.iter().enumerate();
        held.filter_map(|(number, held)| Some((FileId(number as u32), held.unread?)))
    }

    /// Whether a file was found and not read. Its bytes say nothing then.
    pub fn is_unread(&self, id: FileId) -> bool {
        self.files[id.0 as usize].unread.is_some()
    }

    /// A short name for the bytes of a file.
    pub fn digest(&self, id: FileId) -> u128 {
        let held = &self.files[id.0 as usize];
        *held.digest.get_or_init(|| digest(&held.file.bytes))
    }

    /// Works out the short names of all files at once.
    pub fn digest_all(&self) {
        self.files.par_iter().for_each(|held| _ = held.digest.get_or_init(|| digest(&held.file.bytes)));
    }

    /// Whether two trees hold the same files with the same bytes. Quick where one was made from the other.
    pub fn is_like(&self, other: &SourceTree) -> bool {
        let same = |(one, other): (&Arc<Held>, &Arc<Held>)| {
            Arc::ptr_eq(one, other)
                || (&one.file.path, one.unread, &one.file.bytes)
                    == (&other.file.path, other.unread, &other.file.bytes)
        };
        self.files.len() == other.files.len() && self.files.iter().zip(&other.files).all(same)
    }

    /// All files with their numbers, in path order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(number, held)| (FileId(number as u32), &held.file))
    }

    /// The files below a folder (`"content/en/pages"`), in path order.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (FileId, &'a SourceFile)> {
        // In path order they stand together.
        let start = self.files.partition_point(|held| held.file.path.as_str() <= folder);
        let from = self.files[start..].iter().enumerate();
        from.map(move |(number, held)| (FileId((start + number) as u32), &held.file))
            .take_while(move |(_, file)| file.path.starts_with(folder))
            .filter(move |(_, file)| file.path[folder.len()..].starts_with('/'))
    }

    /// The file at exactly this path.
    pub fn find(&self, path: &str) -> Option<(FileId, &SourceFile)> {
        let number = self.files.binary_search_by(|held| held.file.path.as_str().cmp(path)).ok()?;
        Some((FileId(number as u32), &self.files[number].file))
    }

    /// The file with this number.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize].file
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl Held {
    fn new(path: String, bytes: Vec<u8>) -> Arc<Self> {
        Arc::new(Held { file: SourceFile { path, bytes }, digest: OnceLock::new(), unread: None })
    }
}

/// A path with each accented letter as one sign. Some systems store `é` as two, which looks the same to whoever writes a
/// link to it.
pub fn composed(path: &str) -> std::borrow::Cow<'_, str> {
    use unicode_normalization::{UnicodeNormalization, is_nfc};
    match path.is_ascii() || is_nfc(path) {
        true => path.into(),
        false => path.nfc().collect::<String>().into(),
    }
}

/// A stretch of one file, in bytes from its start. Lines and columns are computed when a finding is
/// printed, because most places are never printed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Which file.
    pub file: FileId,
    /// From byte up to (not including) byte.
    pub span: Range<usize>,
}

impl Place {
    /// The stretch `span` of `file`.
    pub fn new(file: FileId, span: Range<usize>) -> Self {
        Place { file, span }
    }

    /// The start of a file, for what is wrong with the file as a whole.
    pub fn start_of(file: FileId) -> Self {
        Place { file, span: 0..0 }
    }
}

/// Line and column of a byte offset, both counted from 1; columns count characters, not bytes.
/// An offset past the end counts as the end.
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        assert_eq!(line_column("uno\nniño x", 10), (2, 6));
        assert_eq!(line_column("", 0), (1, 1));
        assert_eq!(line_column("a\n", 99), (2, 1));
    }

    fn file(path: &str) -> SourceFile {
        SourceFile { path: path.into(), bytes: Vec::new() }
    }

    #[test]
    fn a_file_that_changed_is_read_again_and_one_that_is_gone_is_gone() {
        let before = SourceTree::new([file("a"), file("b"), file("d")]);
        let after = before.with([
            ("b".to_owned(), Some(b"new".to_vec())),
            ("c".to_owned(), Some(Vec::new())),
            ("d".to_owned(), None),
            ("e".to_owned(), None),
        ]);
        let paths: Vec<&str> = after.iter().map(|(_, file)| file.path.as_str()).collect();
        assert_eq!(paths, ["a", "b", "c"]);
        assert_eq!(after.find("b").map(|(_, file)| file.bytes.as_slice()), Some(&b"new"[..]));
        assert_ne!(before.digest(FileId(1)), after.digest(FileId(1)));
        assert_eq!(
            before.find("b").map(|(_, file)| file.bytes.len()),
            Some(0),
            "the old tree stays as it was"
        );
        assert!(before.is_like(&before.clone()) && !before.is_like(&after));
    }

    #[test]
    fn a_folder_does_not_own_its_neighbours() {
        let tree =
            SourceTree::new([file("content/en-gb/a.md"), file("content/en.md"), file("content/en/a.md")]);
        let found: Vec<_> = tree.under("content/en").map(|(_, file)| file.path.as_str()).collect();
        assert_eq!(found, ["content/en/a.md"]);
    }
}
