//! What was read from disk: every input file in memory, in path order, with no trace of the disk.

use std::ops::Range;

/// A file of the [`SourceTree`], by number. Numbers follow path order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// One input file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path from the site's root with `/` between parts: `content/en/pages/prepare/before.md`.
    pub path: String,
    /// The bytes as they are on disk.
    pub bytes: Vec<u8>,
}

/// Every input file, sorted by path.
#[derive(Clone, Debug, Default)]
pub struct SourceTree {
    files: Vec<SourceFile>,
}

impl SourceTree {
    /// Takes files in any order. Of two files with the same path the later one wins, so that a
    /// clinic's own theme file can stand in for one that is inside the program.
    pub fn new(files: impl IntoIterator<Item = SourceFile>) -> Self {
        let by_path: std::collections::BTreeMap<String, Vec<u8>> =
            files.into_iter().map(|file| (file.path, file.bytes)).collect();
        let files = by_path.into_iter().map(|(path, bytes)| SourceFile { path, bytes }).collect();
        SourceTree { files }
    }

    /// All files with their numbers, in path order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(number, file)| (FileId(number as u32), file))
    }

    /// The files below a folder (`"content/en/pages"`), in path order.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (FileId, &'a SourceFile)> {
        self.iter()
            .filter(move |(_, file)| file.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    }

    /// The file at exactly this path.
    pub fn find(&self, path: &str) -> Option<(FileId, &SourceFile)> {
        let number = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        Some((FileId(number as u32), &self.files[number]))
    }

    /// The file with this number.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }
}

/// A stretch of one file, in bytes from its start. Lines and columns are computed when a finding is
/// printed, because most places are never printed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

    #[test]
    fn a_folder_does_not_own_its_neighbours() {
        let file = |path: &str| SourceFile { path: path.into(), bytes: Vec::new() };
        let tree = SourceTree::new([file("content/en-gb/a.md"), file("content/en/a.md")]);
        let found: Vec<_> = tree.under("content/en").map(|(_, file)| file.path.as_str()).collect();
        assert_eq!(found, ["content/en/a.md"]);
    }
}
