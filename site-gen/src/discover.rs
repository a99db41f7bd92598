//! The only reader: a folder on disk becomes a [`SourceTree`].
//!
//! A site is a folder that holds `content/`. Its look comes from `themes/<name>/`, where the clinic has
//! one, laid over the theme of that name that is inside the program: a clinic that changes one
//! colour keeps one file.

use crate::new::moving::SETTINGS as OLD_SETTINGS;
use crate::source::{SourceFile, SourceTree};
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

/// Why a site could not be read.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// The folder does not hold a site.
    #[error(
        "{} is not a site: it has no content/site.toml; go to the folder that holds content/, or name it with --root FOLDER",
        root.display()
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
    /// The system refused to read.
    #[error("failed to read {}: {source}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
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
/// Hidden files, editors' backup copies and links that lead out of the site are left out.
///
/// # Errors
/// When `root` holds no `content/site.toml`, or the system refuses to read a file.
pub fn discover(root: &Path) -> Result<SourceTree, DiscoverError> {
    read(root, &["content", "themes"])
}

/// The same with what the last build left for the next one.
///
/// # Errors
/// As [`discover`].
pub fn discover_again(root: &Path) -> Result<SourceTree, DiscoverError> {
    read(root, &[&["content", "themes"][..], &crate::emit::KEPT[..]].concat())
}

fn read(root: &Path, rooms: &[&str]) -> Result<SourceTree, DiscoverError> {
    if !root.join("content/site.toml").is_file() {
        return Err(DiscoverError::NotASite { root: root.to_path_buf() });
    }
    let mut files: Vec<SourceFile> = BuiltInThemes::iter()
        .filter_map(|name| {
            let bytes = BuiltInThemes::get(&name)?.data.into_owned();
            Some(SourceFile { path: format!("themes/{name}"), bytes })
        })
        .filter(|file| !is_passed_over(file.path.rsplit('/').next().unwrap_or_default()))
        .collect();
    for room in rooms {
        let folder = root.join(room);
        if folder.is_dir() {
            read_room(root, &folder, &mut files)?;
        }
    }
    Ok(SourceTree::new(files))
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
    for room in ["content", "static"] {
        let folder = root.join(room);
        if folder.is_dir() {
            read_room(root, &folder, &mut files)?;
        }
    }
    Ok(SourceTree::new(files))
}

fn read_room(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) -> Result<(), DiscoverError> {
    let walk = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_passed_over(&entry.file_name().to_string_lossy()));
    for entry in walk {
        let entry = entry.map_err(|error| DiscoverError::Io {
            path: error.path().unwrap_or(folder).to_path_buf(),
            source: error.into(),
        })?;
        // A link could lead to a file that was never meant to be published.
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry.path();
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            // Gone since the folder was listed: an editor was saving. The next build sees the new file.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(source) => return Err(DiscoverError::Io { path: path.to_path_buf(), source }),
        };
        let below = path.strip_prefix(root).unwrap_or(path);
        let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        files.push(SourceFile { path: parts.join("/"), bytes });
    }
    Ok(())
}

/// Hidden files, and the copies that editors leave beside a file.
fn is_passed_over(name: &str) -> bool {
    name.starts_with('.')
        || name.starts_with('#')
        || name.ends_with('~')
        || [".swp", ".swx", ".tmp", ".bak", ".orig"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

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
