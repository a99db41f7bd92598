//! The only writer: files that are drawn become the site that readers see, all of them or none.
//!
//! [`Stage`] does it, and `stage.rs` says how. Single files that somebody names go through [`write_one`] and its
//! neighbours.

mod lock;
mod looks;
mod made;
mod one;
mod stage;
#[cfg(test)]
mod tests;

pub use made::digest;
pub use one::{CreateError, create, put, replace, write_one};
pub use stage::{Stage, finish_killed};

use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Where a build remembers what the files of its site look like, below the site's folder.
pub const PUBLISHED: &str = ".cache/published";

/// The short name of a file's bytes; [`digest`] makes it.
pub type Digest = u128;

/// How a file looks, in short: its size, its times and its number on the disk. One that looks the same is the same.
pub(crate) fn looks(file: &std::fs::Metadata) -> Digest {
    looks::Looks::of(file).digest()
}

/// What publishing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emitted {
    /// Files that are new or have new bytes.
    pub written: usize,
    /// Files that were right already.
    pub unchanged: usize,
    /// Files of an earlier build that are gone.
    pub removed: usize,
    /// Files of an earlier build that somebody changed by hand. They are as they should be again.
    pub edited: Vec<String>,
}

/// Why the site could not be written. The last good output stands.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// The system refused an operation.
    #[error("failed to {verb} {}: {source}", path.display())]
    Io {
        /// What was tried: `create`, `write`, ….
        verb: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The output would land among the files it is made from.
    #[error("the site cannot be written to {}: that is where its own {room}/ lies; choose another folder with --output", path.display())]
    OverItsSource {
        /// The folder that was asked for.
        path: PathBuf,
        /// `content` or `themes`.
        room: &'static str,
    },
    /// A file that this program did not make is where a page should go.
    #[error(
        "{} was not made by site-gen and would be overwritten; move it away, or choose another folder with --output",
        path.display()
    )]
    Foreign {
        /// The file in the way.
        path: PathBuf,
    },
    /// A file is where a page should go, and the list that would say whether this program made it is damaged.
    #[error(
        "{} would be overwritten, and nothing says whether site-gen made it: the list {} is damaged. If the folder holds nothing of your own, remove the folder and build again; otherwise move this file away",
        path.display(), list.display()
    )]
    DamagedList {
        /// The file in the way.
        path: PathBuf,
        /// The list.
        list: PathBuf,
    },
    /// The system refused an operation when publishing had begun.
    #[error(
        "{source}; a part of the new site is published already, and the next build publishes the rest first"
    )]
    Unfinished {
        /// What was refused.
        source: Box<EmitError>,
    },
    /// The one file to write is there, and this program did not make it.
    #[error("{} was not made by site-gen and would be overwritten; move it away, or name another file", path.display())]
    ForeignFile {
        /// The file in the way.
        path: PathBuf,
    },
    /// The folder that one file should go into is not there.
    #[error("there is no folder {} to write {} into; make it first, or name another file", folder.display(), path.display())]
    NoFolder {
        /// The file.
        path: PathBuf,
        /// Its folder.
        folder: PathBuf,
    },
}

fn failed(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> EmitError {
    let path = path.to_path_buf();
    move |source| EmitError::Io { verb, path, source }
}

/// Refuses an output folder that is a room of the site at `root` or lies in one.
///
/// # Errors
/// When it is.
pub fn keep_off_sources(root: &Path, dir: &Path) -> Result<(), EmitError> {
    let real = |path: &Path| {
        let mut plain = PathBuf::new();
        for part in std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()).components() {
            match part {
                Component::ParentDir => _ = plain.pop(),
                part => plain.push(part),
            }
        }
        // A folder that is not there yet is judged by the nearest one above it that is.
        plain.ancestors().find_map(|above| above.canonicalize().ok()).unwrap_or(plain)
    };
    let target = real(dir);
    for room in ["content", "themes"] {
        let source = root.join(room);
        if source.is_dir() && target.starts_with(real(&source)) {
            return Err(EmitError::OverItsSource { path: dir.to_path_buf(), room });
        }
    }
    Ok(())
}

/// Makes a folder of their own hold exactly the files that belong beside the site. Without any, no folder is made for them.
///
/// # Errors
/// When the system refuses an operation, or a file of somebody else's is in the way.
pub fn emit_beside(files: &BTreeMap<String, Vec<u8>>, dir: &Path) -> Result<Emitted, EmitError> {
    if files.is_empty() && !dir.exists() {
        return Ok(Emitted::default());
    }
    write(files, Stage::open(dir, None, |_| {})?)
}

fn write(files: &BTreeMap<String, Vec<u8>>, stage: Stage) -> Result<Emitted, EmitError> {
    files.par_iter().try_for_each(|(name, bytes)| stage.put(name, bytes).map(drop))?;
    stage.publish()
}
