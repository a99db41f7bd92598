//! A whole site to start from: everything that this program ships with, in a folder of the clinic's own.

use super::moving::Moved;
use crate::discover::{DiscoverError, starter};
use crate::emit::{CreateError, create};
use std::io;
use std::path::{Path, PathBuf};

/// Why no site was started.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// There is something in the folder already.
    #[error("{} is not empty; name a new folder", folder.display())]
    NotEmpty {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder could not be looked into.
    #[error("failed to read {}: {source}", folder.display())]
    Read {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What the program ships with could not be read.
    #[error(transparent)]
    Starter(#[from] DiscoverError),
    /// A file could not be made.
    #[error(transparent)]
    Create(#[from] CreateError),
}

/// Writes a site into `folder` and returns how many files it has.
///
/// # Errors
/// When the folder holds anything already, or a file cannot be written. Only new files are ever made.
pub fn site(folder: &Path) -> Result<usize, SiteError> {
    let files = starter()?;
    write(folder, files)
}

/// Writes the pages of another site into `folder`, with what this program's own site has beside its pages: the words
/// of buttons and labels, the help lines, the sources. Returns how many files it has.
///
/// # Errors
/// As for [`site`].
pub fn moved(folder: &Path, moved: Moved) -> Result<usize, SiteError> {
    let starter = starter()?;
    let mut files = moved.files;
    let shared = ["README.md", "facts.toml", "evidence.toml", "people.toml"];
    files.extend(starter.iter().filter(|(name, _)| shared.contains(&name.as_str())).cloned());
    let words = |language: &str| {
        let path = format!("{language}/interface.toml");
        starter.iter().find(|(name, _)| *name == path).map(|(_, bytes)| bytes.clone())
    };
    for language in &moved.languages {
        // Words in English are better than none; `check` tells what is still to translate.
        let own = words(language).or_else(|| words("en")).unwrap_or_default();
        files.push((format!("{language}/interface.toml"), own));
    }
    write(folder, files)
}

fn write(folder: &Path, files: Vec<(String, Vec<u8>)>) -> Result<usize, SiteError> {
    match folder.read_dir() {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return Err(SiteError::NotEmpty { folder: folder.to_path_buf() });
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(source) => return Err(SiteError::Read { folder: folder.to_path_buf(), source }),
    }
    for (name, bytes) in &files {
        create(&folder.join("content").join(name), bytes)?;
    }
    Ok(files.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_written_once_and_never_over_another() {
        let root = tempfile::tempdir().expect("a folder");
        let mine = root.path().join("mine");
        assert!(site(&mine).expect("a new site") > 40);
        assert!(mine.join("content/en/pages/index.md").is_file());
        assert!(matches!(site(&mine), Err(SiteError::NotEmpty { .. })));
    }
}
