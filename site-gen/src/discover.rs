//! The only reader: a folder on disk becomes a [`SourceTree`].
//!
//! A site is a folder that holds `content/`. Its look comes from `themes/<name>/`, where the clinic has
//! one, laid over the theme of that name that is inside the program: a clinic that changes one
//! colour keeps one file.

use crate::cache::Cache;
use crate::cache::disk::{self, Program};
use crate::emit::{digest, looks};
use crate::new::moving::SETTINGS as OLD_SETTINGS;
use crate::picture::{KEPT, KEPT_IN_TREE};
use crate::source::{SourceFile, SourceTree, Unread};
use rayon::prelude::*;
use rust_embed::RustEmbed;
use std::io;
use std::path::{Path, PathBuf};

/// The themes that come with the program.
#[derive(RustEmbed)]
#[folder = "../themes/"]
struct BuiltInThemes;

/// The content that the program ships with, for `new site`. Inside the program only where it is built to stand alone:
/// otherwise each edit of a page would mean compiling the program again.
#[cfg(feature = "standalone")]
#[derive(RustEmbed)]
#[folder = "../content/"]
struct BuiltInContent;

/// The largest file that is read at all, in bytes. What a page or a picture may have is less, and told with its place.
const LARGEST_FILE: u64 = 100 << 20;

/// Why a site could not be read.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// The folder does not hold a site.
    #[error(
        "{} is not a site: it has no content/site.toml; go to the folder that holds content/, or name it with --root FOLDER. To start a site: site-gen new site FOLDER",
        named(root)
    )]
    NotASite {
        /// The folder that was looked into.
        root: PathBuf,
    },
    /// The folder does not hold a site of another program.
    #[error(
        "{} holds no site made with Zola or Hugo: there should be a file such as config.toml or hugo.toml in it, and a folder content/",
        root.display()
    )]
    NotAnOldSite {
        /// The folder that was looked into.
        root: PathBuf,
    },
    /// The program was not built to stand alone, and the folder that it was built from is gone.
    #[error(
        "this program was built without a site to start from; build it with `cargo build --release --features standalone`"
    )]
    NoStarter,
    /// A file that no site needs, and that would fill the memory of the machine.
    #[error(
        "{} has {megabytes} MB, and {} is the most that a file of a site may have; take it away, or save a smaller copy",
        path.display(),
        LARGEST_FILE >> 20
    )]
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// Its size.
        megabytes: u64,
    },
    /// The system refused to read.
    #[error("failed to read {}: {source}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A folder as people call it: the one that they are in has a name of its own.
fn named(root: &Path) -> String {
    match std::path::absolute(root) {
        Ok(whole) if root == Path::new(".") => format!("this folder ({})", whole.display()),
        _ => root.display().to_string(),
    }
}

/// Every file of the content that the program ships with: its path inside content/, and its bytes.
#[cfg(feature = "standalone")]
pub fn starter() -> Result<Vec<(String, Vec<u8>)>, DiscoverError> {
    let file = |name: std::borrow::Cow<'static, str>| {
        BuiltInContent::get(&name).map(|file| (name.into_owned(), file.data.into_owned()))
    };
    Ok(BuiltInContent::iter().filter_map(file).collect())
}

/// Every file of the content that the program ships with: its path inside content/, and its bytes. Read from the folder
/// that the program was built from.
#[cfg(not(feature = "standalone"))]
pub fn starter() -> Result<Vec<(String, Vec<u8>)>, DiscoverError> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../content"));
    if !root.is_dir() {
        return Err(DiscoverError::NoStarter);
    }
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(root).sort_by_file_name() {
        let refused = |path: &Path, source: io::Error| DiscoverError::Io { path: path.to_path_buf(), source };
        let entry = entry.map_err(|error| refused(root, error.into()))?;
        if !entry.file_type().is_file() {
            continue;
        }
        let bytes = std::fs::read(entry.path()).map_err(|source| refused(entry.path(), source))?;
        let name = entry.path().strip_prefix(root).unwrap_or(entry.path());
        files.push((name.to_string_lossy().replace('\\', "/"), bytes));
    }
    Ok(files)
}

/// Reads `content/` and `themes/` below `root`, and the themes inside the program under them.
///
/// Hidden files and editors' backup copies are left out. Links, and what the system does not let us read, are in the
/// tree without their bytes, so that their author is told.
///
/// # Errors
/// When `root` holds no `content/site.toml`, or a disk fails.
pub fn discover(root: &Path) -> Result<SourceTree, DiscoverError> {
    read(root, &["content", "themes"])
}

/// The same with what the last build left for the next one.
///
/// # Errors
/// As [`discover`].
pub fn discover_again(root: &Path) -> Result<SourceTree, DiscoverError> {
    read(root, &["content", "themes", KEPT])
}

fn read(root: &Path, rooms: &[&str]) -> Result<SourceTree, DiscoverError> {
    if !root.join("content/site.toml").is_file() {
        return Err(DiscoverError::NotASite { root: root.to_path_buf() });
    }
    let mut files = built_in();
    let mut unread = Vec::new();
    for room in rooms {
        let folder = root.join(room);
        let from = files.len();
        if folder.is_dir() {
            read_room(root, &folder, &mut files, &mut unread)?;
        }
        if *room == KEPT {
            for file in &mut files[from..] {
                file.path.replace_range(..KEPT.len(), KEPT_IN_TREE);
            }
        }
    }
    // What a build left is nobody's to mend.
    unread.retain(|(path, _)| !path.starts_with(KEPT));
    Ok(SourceTree::new(files).with_unread(unread))
}

/// Reads the files at `changed` below `root` once more, and leaves all others of `sources` as they were.
///
/// # Errors
/// When the system refuses to read one of them.
pub fn discover_changed(
    root: &Path,
    sources: &SourceTree,
    changed: &[PathBuf],
) -> Result<SourceTree, DiscoverError> {
    let mut read = Vec::with_capacity(changed.len());
    for path in changed {
        if !path.starts_with(root) {
            // By another name: nobody knows which file that is.
            return discover_again(root);
        }
        let name = name_of(root, path);
        if name.split('/').any(is_passed_over) {
            continue;
        }
        let file = match std::fs::symlink_metadata(path) {
            Ok(found) if found.is_file() => read_file(root, path)?,
            // Its author is told, which only reading everything does.
            Ok(found) if found.is_symlink() => Found::Refused,
            _ => Found::Nothing,
        };
        let file = match file {
            Found::File(file) => Some(file),
            Found::Refused => return discover_again(root),
            Found::Nothing => None,
        };
        let built_in = || name.strip_prefix("themes/").and_then(BuiltInThemes::get);
        // A file of the clinic's own theme is gone: the one inside the program comes back.
        let bytes = file.map(|file| file.bytes).or_else(|| built_in().map(|file| file.data.into_owned()));
        read.push((name, bytes));
    }
    let sources = sources.with(read);
    match sources.find("content/site.toml") {
        Some(_) => Ok(sources),
        None => Err(DiscoverError::NotASite { root: root.to_path_buf() }),
    }
}

/// What the last build of the site at `root` left for the next, if this very program wrote it; and a short name for this
/// program. That is made from all its bytes, which are read only where it does not look as it did when it wrote the cache.
/// `None` where the system does not show them; then nothing can be remembered.
pub fn remembered(root: &Path) -> (Cache, Option<Program>) {
    let bytes = std::fs::read(root.join(disk::FILE)).unwrap_or_default();
    let sealed = disk::sealed(&bytes);
    let program = sealed.map(|sealed| sealed.program);
    let program = program.filter(|program| looks_of_program() == Some(program.looks)).or_else(this_program);
    let ours = sealed.filter(|sealed| program.is_some_and(|program| program.bytes == sealed.program.bytes));
    (ours.and_then(disk::Sealed::open).unwrap_or_default(), program)
}

fn this_program() -> Option<Program> {
    // Looked at first: one that is replaced meanwhile looks otherwise the next time.
    let looks = looks_of_program()?;
    Some(Program { bytes: digest(&std::fs::read(std::env::current_exe().ok()?).ok()?), looks })
}

fn looks_of_program() -> Option<u128> {
    Some(looks(&std::fs::metadata(std::env::current_exe().ok()?).ok()?))
}

/// The themes inside the program.
fn built_in() -> Vec<SourceFile> {
    BuiltInThemes::iter()
        .filter_map(|name| {
            let bytes = BuiltInThemes::get(&name)?.data.into_owned();
            Some(SourceFile { path: format!("themes/{name}"), bytes })
        })
        .filter(|file| !is_passed_over(file.path.rsplit('/').next().unwrap_or_default()))
        .collect()
}

/// Reads the settings, pages and pictures of a site that was made with Zola or Hugo.
///
/// # Errors
/// When `root` holds no settings or no `content/`, or the system refuses to read a file.
pub fn discover_old(root: &Path) -> Result<SourceTree, DiscoverError> {
    let mut files = Vec::new();
    for name in OLD_SETTINGS {
        let path = root.join(name);
        if path.is_file() {
            let bytes = std::fs::read(&path).map_err(|source| DiscoverError::Io { path, source })?;
            files.push(SourceFile { path: name.to_owned(), bytes });
        }
    }
    if files.is_empty() || !root.join("content").is_dir() {
        return Err(DiscoverError::NotAnOldSite { root: root.to_path_buf() });
    }
    let mut unread = Vec::new();
    for room in ["content", "static"] {
        let folder = root.join(room);
        if folder.is_dir() {
            read_room(root, &folder, &mut files, &mut unread)?;
        }
    }
    // Nobody can be told of them later: what is brought over is another tree.
    if let Some((path, _)) = unread.into_iter().find(|(_, why)| *why == Unread::Refused) {
        let source = io::ErrorKind::PermissionDenied.into();
        return Err(DiscoverError::Io { path: root.join(path), source });
    }
    Ok(SourceTree::new(files))
}

/// The names of the folders in `content/checkers/`, in the order of the alphabet.
///
/// # Errors
/// When the system refuses to look.
pub fn checkers_below(root: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root.join("content/checkers"))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn read_room(
    root: &Path,
    folder: &Path,
    files: &mut Vec<SourceFile>,
    unread: &mut Vec<(String, Unread)>,
) -> Result<(), DiscoverError> {
    let walk = walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_passed_over(&entry.file_name().to_string_lossy()));
    let mut paths = Vec::new();
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_path_buf();
                let source: io::Error = error.into();
                if source.kind() == io::ErrorKind::PermissionDenied {
                    unread.push((name_of(root, &path), Unread::Refused));
                    continue;
                }
                return Err(DiscoverError::Io { path, source });
            }
        };
        // A link could lead to a file that was never meant to be published.
        if entry.file_type().is_symlink() {
            unread.push((name_of(root, entry.path()), Unread::Link));
        } else if entry.file_type().is_file() {
            paths.push(entry.into_path());
        }
    }
    let read: Vec<Found> = paths.par_iter().map(|path| read_file(root, path)).collect::<Result<_, _>>()?;
    for (path, found) in paths.iter().zip(read) {
        match found {
            Found::File(file) => files.push(file),
            Found::Refused => unread.push((name_of(root, path), Unread::Refused)),
            Found::Nothing => {}
        }
    }
    Ok(())
}

/// What lies at a path.
enum Found {
    File(SourceFile),
    /// The system does not let this program read it.
    Refused,
    Nothing,
}

/// One file.
fn read_file(root: &Path, path: &Path) -> Result<Found, DiscoverError> {
    if let Ok(about) = std::fs::metadata(path)
        && about.len() > LARGEST_FILE
    {
        return Err(DiscoverError::TooLarge { path: path.to_path_buf(), megabytes: about.len() >> 20 });
    }
    match std::fs::read(path) {
        Ok(bytes) => Ok(Found::File(SourceFile { path: name_of(root, path), bytes })),
        // Gone since the folder was listed: an editor was saving. The next build sees the new file.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(Found::Refused),
        Err(source) => Err(DiscoverError::Io { path: path.to_path_buf(), source }),
    }
}

/// A path from the root, with `/` between its parts.
fn name_of(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let mut name = String::with_capacity(below.as_os_str().len());
    for part in below.components() {
        if !name.is_empty() {
            name.push('/');
        }
        name.push_str(&part.as_os_str().to_string_lossy());
    }
    name
}

/// Hidden files, and the copies that editors leave beside a file.
pub(crate) fn is_passed_over(name: &str) -> bool {
    name.starts_with('.')
        || name.starts_with('#')
        || name.ends_with('~')
        || [".swp", ".swx", ".tmp", ".bak", ".orig"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn site(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            std::fs::write(path, text).expect("a file");
        }
        root
    }

    #[test]
    fn a_clinics_file_stands_in_for_the_one_inside_the_program() {
        let root = site(&[("content/site.toml", ""), ("themes/harbor/tokens.css", "/* ours */")]);
        let tree = discover(root.path()).expect("a site");
        assert_eq!(
            tree.find("themes/harbor/tokens.css").map(|(_, file)| file.bytes.as_slice()),
            Some(&b"/* ours */"[..])
        );
        assert!(tree.find("themes/harbor/layouts/base.html").is_some());
    }

    #[test]
    fn what_changed_is_read_again_as_if_everything_was() {
        let root = site(&[
            ("content/site.toml", ""),
            ("content/en/pages/a.md", "old"),
            ("content/en/pages/b.md", "b"),
            ("themes/harbor/tokens.css", "/* ours */"),
        ]);
        let before = discover(root.path()).expect("a site");
        let path = |name: &str| root.path().join(name);
        std::fs::write(path("content/en/pages/a.md"), "new").expect("a file");
        std::fs::write(path("content/en/pages/c.md"), "c").expect("a file");
        std::fs::write(path("content/en/pages/c.md~"), "c").expect("a backup copy");
        std::fs::remove_file(path("content/en/pages/b.md")).expect("a file to remove");
        std::fs::remove_file(path("themes/harbor/tokens.css")).expect("a file to remove");
        let names = ["a.md", "b.md", "c.md", "c.md~"].map(|name| format!("content/en/pages/{name}"));
        let mut changed: Vec<PathBuf> = names.iter().map(|name| path(name)).collect();
        changed.push(path("themes/harbor/tokens.css"));
        let after = discover_changed(root.path(), &before, &changed).expect("a site");
        assert!(!after.is_like(&before));
        assert!(after.is_like(&discover(root.path()).expect("a site")));
    }

    #[test]
    fn a_cache_is_believed_where_the_program_looks_the_same_or_is_the_same() {
        let root = site(&[("content/site.toml", "")]);
        let this = this_program().expect("the program of this test");
        let written_by = |program: Program| {
            let cache = Cache::of_files(Arc::new([("index.html".to_owned(), Arc::default())].into()));
            let bytes = disk::to_bytes(&cache, &Cache::default(), program).expect("bytes");
            std::fs::create_dir_all(root.path().join(".cache")).expect("a folder");
            std::fs::write(root.path().join(disk::FILE), bytes).expect("a file");
            let (cache, program) = remembered(root.path());
            assert_eq!(program.map(|program| program.looks), Some(this.looks));
            cache.made.len()
        };
        assert_eq!(written_by(this), 1);
        // Copied to another place.
        assert_eq!(written_by(Program { looks: 1, ..this }), 1);
        // Another one.
        assert_eq!(written_by(Program { bytes: 1, looks: 1 }), 0);
        std::fs::remove_file(root.path().join(disk::FILE)).expect("a file to remove");
        assert!(remembered(root.path()).0.made.is_empty());
    }

    #[test]
    fn backup_copies_are_not_pages() {
        let root = site(&[
            ("content/site.toml", ""),
            ("content/en/pages/a.md~", ""),
            ("content/en/pages/.a.md.swp", ""),
        ]);
        let tree = discover(root.path()).expect("a site");
        assert_eq!(tree.under("content").count(), 1);
    }

    #[test]
    fn a_folder_without_a_site_is_named_with_the_cure() {
        let root = site(&[("notes.txt", "")]);
        let error = discover(root.path()).expect_err("no site").to_string();
        assert!(error.contains("is not a site: it has no content/site.toml"), "{error}");
        assert!(error.contains("--root"), "{error}");
    }
}
