//! One build at a time writes to a folder.
//!
//! The system lets go of the lock when the process that holds it ends, however it ends: there is no stale lock.

use super::{EmitError, failed};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

const NAME: &str = "lock";

/// Held as long as it lives.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock of a work folder, which it makes where there is none. Calls `waiting` before it waits for somebody
    /// else.
    pub(super) fn take(work: &Path, waiting: impl FnOnce()) -> Result<Lock, EmitError> {
        let path = work.join(NAME);
        let mut waiting = Some(waiting);
        loop {
            make_private(work)?;
            let file = match OpenOptions::new().create(true).truncate(false).write(true).open(&path) {
                Ok(file) => file,
                // Whoever held it took the folder away in between.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(failed("create", &path)(error)),
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    if let Some(tell) = waiting.take() {
                        tell();
                    }
                    file.lock().map_err(failed("wait for", &path))?;
                }
                // A disk that knows no locks, as some on a network: as good as it gets.
                Err(TryLockError::Error(_)) => {}
            }
            if is_still_there(&file, &path) {
                return Ok(Lock { file, path });
            }
        }
    }

    /// Takes the lock's file away, so that nothing is left when a build is done, and lets go.
    pub(super) fn remove(self) {
        let _ = fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

/// A folder that a web server which runs as somebody else cannot read: what lies in it is not published yet.
fn make_private(folder: &Path) -> Result<(), EmitError> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(failed("create", folder)(error)),
        _ => Ok(()),
    }
}

/// Whether the file that is locked is the one that the next build will find. The one before may have removed it.
#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same =
        |file: fs::Metadata, there: fs::Metadata| file.ino() == there.ino() && file.dev() == there.dev();
    file.metadata().is_ok_and(|file| fs::metadata(path).is_ok_and(|there| same(file, there)))
}

/// An open file cannot be removed here.
#[cfg(not(unix))]
fn is_still_there(_: &File, _: &Path) -> bool {
    true
}
