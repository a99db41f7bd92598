//! A whole site to start from: everything that this program ships with, in a folder of the clinic's own.

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
    match folder.read_dir() {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return Err(SiteError::NotEmpty { folder: folder.to_path_buf() });
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(source) => return Err(SiteError::Read { folder: folder.to_path_buf(), source }),
    }
    let mut count = 0;
    for (name, bytes) in starter()? {
        create(&folder.join("content").join(name), &bytes)?;
        count += 1;
    }
    Ok(count)
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
