//! Single files: what somebody asked for by name, and the sources that `new` and `review` write.

use super::{EmitError, failed};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Writes one file that somebody asked for by name. What is there already is replaced only if it starts as this program's
/// own files of the kind do; a reader sees the old file or the new one, never half a file.
///
/// # Errors
/// When another file is in the way, its folder is missing, or the system refuses an operation; the old file stands then.
pub fn write_one(path: &Path, bytes: &[u8], own_start: &str) -> Result<(), EmitError> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(EmitError::NoFolder { path: path.to_path_buf(), folder: folder.to_path_buf() });
    }
    match fs::read(path) {
        Ok(old) if old.starts_with(own_start.as_bytes()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Ok(_) => return Err(EmitError::ForeignFile { path: path.to_path_buf() }),
        Err(error) => return Err(failed("read", path)(error)),
    }
    let staging = tempfile::Builder::new()
        .prefix(".site-gen-")
        .tempdir_in(folder)
        .map_err(failed("create a folder in", folder))?;
    let staged = staging.path().join("0");
    fs::write(&staged, bytes).map_err(failed("write", path))?;
    fs::rename(&staged, path).map_err(failed("write", path))
}

/// Why a new file was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// There is one already.
    #[error("{} exists already; it was left as it is", path.display())]
    Exists {
        /// The file that stays.
        path: PathBuf,
    },
    /// The system refused.
    #[error("failed to create {}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Puts other bytes into a file of the site's content: whole or not at all.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), CreateError> {
    let refused = |source: io::Error| CreateError::Io { path: path.to_path_buf(), source };
    let folder = path.parent().unwrap_or(Path::new("."));
    // In the same folder, so that renaming it cannot cross a disk; the old file's permissions are kept.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(refused)?;
    io::Write::write_all(&mut file, bytes).map_err(refused)?;
    file.as_file().set_permissions(fs::metadata(path).map_err(refused)?.permissions()).map_err(refused)?;
    file.persist(path).map_err(|error| refused(error.error))?;
    Ok(())
}

/// Makes a new source file with its folders.
///
/// # Errors
/// When there is one already, or the system refuses.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), CreateError> {
    let refused = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => CreateError::Exists { path: path.to_path_buf() },
        _ => CreateError::Io { path: path.to_path_buf(), source },
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(refused)?;
    }
    let mut file = fs::File::create_new(path).map_err(refused)?;
    io::Write::write_all(&mut file, bytes).map_err(refused)
}

/// Writes a file that somebody named, over the one that is there. A reader sees the old file or the new one.
///
/// # Errors
/// When the system refuses.
pub fn put(path: &Path, bytes: &[u8]) -> Result<(), EmitError> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed("create", folder))?;
    let staging = tempfile::Builder::new()
        .prefix(".site-gen-")
        .tempdir_in(folder)
        .map_err(failed("create a folder in", folder))?;
    let staged = staging.path().join("0");
    fs::write(&staged, bytes).map_err(failed("write", &staged))?;
    fs::rename(&staged, path).map_err(failed("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_is_written_and_written_again() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("a.svg");
        write_one(&path, b"<svg 1", "<svg").expect("a new file");
        write_one(&path, b"<svg 2", "<svg").expect("our own file");
        assert_eq!(fs::read(&path).expect("the file"), b"<svg 2");
        assert_eq!(fs::read_dir(home.path()).expect("the folder").count(), 1, "something was left behind");
    }

    #[test]
    fn one_file_never_replaces_somebody_elses() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("a.svg");
        fs::write(&path, "my drawing").expect("a foreign file");
        assert!(matches!(write_one(&path, b"<svg 1", "<svg"), Err(EmitError::ForeignFile { .. })));
        assert_eq!(fs::read(&path).expect("the file"), b"my drawing");
        let nowhere = home.path().join("no/a.svg");
        assert!(matches!(write_one(&nowhere, b"<svg 1", "<svg"), Err(EmitError::NoFolder { .. })));
        assert!(write_one(home.path(), b"<svg 1", "<svg").is_err(), "a folder is no file");
    }
}
