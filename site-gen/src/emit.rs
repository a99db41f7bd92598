//! The only writer: an output tree becomes files, and the last good site stays until the new one is whole.
//!
//! 1. Compare: a file that already holds the right bytes is left alone, its time included.
//! 2. Stage: every other file is written below a temporary folder beside the target. A full disk or a
//!    missing right stops here, and nothing has changed.
//! 3. Record: the list of files made by this program is written before anything moves, so that a
//!    build that is killed in the next step still knows its own.
//! 4. Swap: the staged files are renamed into place, one by one. A reader sees an old page or a new
//!    page, never half a page.
//! 5. Clear: files of an earlier build that this one does not make are removed. Files that somebody
//!    else put into the folder are never touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// The finished site in memory: path below the output folder (`/` between parts) to bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OutputTree {
    /// In path order, so that two builds of one input are equal.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What the next build can take over, by path from the site's root. No reader gets it: [`keep`] writes it there.
    pub kept: BTreeMap<String, Vec<u8>>,
}

/// What a call of [`emit`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Emitted {
    /// Files that are new or have new bytes.
    pub written: usize,
    /// Files that were right already.
    pub unchanged: usize,
    /// Files of an earlier build that are gone.
    pub removed: usize,
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

/// The folders, from a site's root, in which a build leaves something for the next one.
pub const KEPT: [&str; 2] = [crate::picture::KEPT, crate::render::KEPT_HANDOUTS];

/// The list of files that an earlier build made, kept in the output folder.
const MADE: &str = ".site-gen-files";

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

/// Makes `dir` hold exactly the files of `output`, and those that were not made by this program.
///
/// # Errors
/// When the system refuses an operation, or a file of somebody else's is in the way; in both cases
/// before any published file has changed, unless the system refuses a rename half way.
pub fn emit(output: &OutputTree, dir: &Path) -> Result<Emitted, EmitError> {
    write(&output.files, dir)
}

/// Does the same for what the next build of the site at `root` can take over, in each folder of [`KEPT`]. Without any, no
/// folder is made. What cannot be kept is made again by the next build: no reason to fail.
pub fn keep(output: &OutputTree, root: &Path) {
    for folder in KEPT {
        let inside = |path: &String| path.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned);
        let files: BTreeMap<String, Vec<u8>> =
            output.kept.iter().filter_map(|(path, bytes)| Some((inside(path)?, bytes.clone()))).collect();
        let dir = root.join(folder);
        if !files.is_empty() || dir.exists() {
            let _ = write(&files, &dir);
        }
    }
}

fn write(files: &BTreeMap<String, Vec<u8>>, dir: &Path) -> Result<Emitted, EmitError> {
    fs::create_dir_all(dir).map_err(failed("create", dir))?;
    let made = read_made(dir)?;

    let mut changed = Vec::new();
    for (name, bytes) in files {
        let path = dir.join(name);
        match holds(&path, bytes) {
            Held::Same => {}
            Held::Nothing => changed.push((name, bytes)),
            Held::Other if made.contains(name) => changed.push((name, bytes)),
            Held::Other => return Err(EmitError::Foreign { path }),
        }
    }
    let stale: Vec<&String> = made.iter().filter(|name| !files.contains_key(*name)).collect();
    let done =
        Emitted { written: changed.len(), unchanged: files.len() - changed.len(), removed: stale.len() };
    let new: BTreeSet<&String> = files.keys().collect();
    if changed.is_empty() && stale.is_empty() && made.iter().eq(new.iter().copied()) {
        return Ok(done);
    }

    // Beside the target, because only then is a rename a rename and not a copy.
    let beside = dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let staging = tempfile::Builder::new()
        .prefix(".site-gen-")
        .tempdir_in(beside)
        .map_err(failed("create a folder in", beside))?;
    for (number, (_, bytes)) in changed.iter().enumerate() {
        let path = staging.path().join(number.to_string());
        fs::write(&path, bytes).map_err(failed("write", &path))?;
    }

    let both: BTreeSet<&String> = made.iter().chain(new.iter().copied()).collect();
    write_made(dir, &both)?;
    let mut last_folder = None;
    for (number, (name, _)) in changed.iter().enumerate() {
        let path = dir.join(name);
        let folder = path.parent().unwrap_or(dir);
        if last_folder.as_deref() != Some(folder) {
            fs::create_dir_all(folder).map_err(failed("create", folder))?;
            last_folder = Some(folder.to_path_buf());
        }
        fs::rename(staging.path().join(number.to_string()), &path).map_err(failed("replace", &path))?;
    }
    for name in stale {
        remove(dir, name)?;
    }
    write_made(dir, &new)?;
    Ok(done)
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

enum Held {
    Same,
    Other,
    Nothing,
}

fn holds(path: &Path, bytes: &[u8]) -> Held {
    match fs::symlink_metadata(path) {
        Err(_) => Held::Nothing,
        Ok(found) if found.is_file() && found.len() == bytes.len() as u64 => match fs::read(path) {
            Ok(there) if there == bytes => Held::Same,
            _ => Held::Other,
        },
        Ok(_) => Held::Other,
    }
}

fn read_made(dir: &Path) -> Result<BTreeSet<String>, EmitError> {
    let path = dir.join(MADE);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(text.lines().filter(|name| is_below(name)).map(str::to_string).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(failed("read", &path)(error)),
    }
}

/// A list that somebody edited must not make this program remove files elsewhere.
fn is_below(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('/') && name.split('/').all(|part| !part.is_empty() && part != "..")
}

fn write_made(dir: &Path, names: &BTreeSet<&String>) -> Result<(), EmitError> {
    let path = dir.join(MADE);
    let text: String = names.iter().flat_map(|name| [name.as_str(), "\n"]).collect();
    // Written whole or not at all: a shortened list would turn our own files into somebody else's.
    let mut file = tempfile::NamedTempFile::new_in(dir).map_err(failed("write a file in", dir))?;
    io::Write::write_all(&mut file, text.as_bytes()).map_err(failed("write", &path))?;
    file.persist(&path).map_err(|error| failed("replace", &path)(error.error))?;
    Ok(())
}

/// Removes a file of an earlier build and the folders that are empty without it.
fn remove(dir: &Path, name: &str) -> Result<(), EmitError> {
    let path = dir.join(name);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed("remove", &path)(error)),
        _ => {}
    }
    let mut folder = path.parent();
    while let Some(inside) = folder.filter(|inside| *inside != dir && inside.starts_with(dir)) {
        // Not empty: somebody else's file, or another page of ours. Either way it stays.
        if fs::remove_dir(inside).is_err() {
            break;
        }
        folder = inside.parent();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> OutputTree {
        OutputTree {
            files: files.iter().map(|(path, text)| (path.to_string(), text.as_bytes().to_vec())).collect(),
            ..OutputTree::default()
        }
    }

    fn text(dir: &Path, name: &str) -> Option<String> {
        fs::read_to_string(dir.join(name)).ok()
    }

    #[test]
    fn a_page_that_is_gone_leaves_no_folder_behind() {
        let home = tempfile::tempdir().expect("a folder");
        let dir = home.path().join("public");
        emit(&tree(&[("index.html", "a"), ("old/page/index.html", "b")]), &dir).expect("first");
        let done = emit(&tree(&[("index.html", "a2")]), &dir).expect("second");
        assert_eq!(done, Emitted { written: 1, unchanged: 0, removed: 1 });
        assert_eq!(text(&dir, "index.html").as_deref(), Some("a2"));
        assert!(!dir.join("old").exists());
    }

    #[test]
    fn files_of_others_stay() {
        let home = tempfile::tempdir().expect("a folder");
        let dir = home.path().join("public");
        emit(&tree(&[("old/index.html", "b")]), &dir).expect("first");
        fs::write(dir.join("old/CNAME"), "clinic").expect("a foreign file");
        emit(&tree(&[("index.html", "a")]), &dir).expect("second");
        assert_eq!(text(&dir, "old/CNAME").as_deref(), Some("clinic"));
        assert!(!dir.join("old/index.html").exists());
    }

    #[test]
    fn a_file_of_others_is_never_overwritten() {
        let home = tempfile::tempdir().expect("a folder");
        let dir = home.path().join("public");
        fs::create_dir(&dir).expect("a folder");
        fs::write(dir.join("index.html"), "mine").expect("a foreign file");
        let error = emit(&tree(&[("a.html", "x"), ("index.html", "ours")]), &dir).expect_err("in the way");
        assert!(error.to_string().contains("index.html was not made by site-gen"), "{error}");
        assert_eq!(text(&dir, "index.html").as_deref(), Some("mine"));
        assert_eq!(text(&dir, "a.html"), None);
    }

    #[test]
    fn what_is_right_is_not_touched() {
        let home = tempfile::tempdir().expect("a folder");
        let dir = home.path().join("public");
        let site = tree(&[("index.html", "a"), ("b/index.html", "b")]);
        emit(&site, &dir).expect("first");
        let before = fs::metadata(dir.join("index.html")).and_then(|file| file.modified()).expect("a time");
        let done = emit(&site, &dir).expect("second");
        assert_eq!(done, Emitted { written: 0, unchanged: 2, removed: 0 });
        assert_eq!(
            fs::metadata(dir.join("index.html")).and_then(|file| file.modified()).expect("a time"),
            before
        );
    }

    #[test]
    fn a_list_that_points_elsewhere_removes_nothing() {
        let home = tempfile::tempdir().expect("a folder");
        let dir = home.path().join("public");
        emit(&tree(&[("index.html", "a")]), &dir).expect("first");
        fs::write(home.path().join("precious"), "x").expect("a file outside");
        fs::write(dir.join(MADE), "index.html\n../precious\n").expect("an edited list");
        emit(&tree(&[("index.html", "b")]), &dir).expect("second");
        assert!(home.path().join("precious").exists());
    }

    #[test]
    fn the_rooms_of_a_site_are_no_place_for_its_output() {
        let root = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(root.path().join("content/en")).expect("folders");
        for dir in ["content", "content/en", "content/new/folder", "public/../content"] {
            assert!(keep_off_sources(root.path(), &root.path().join(dir)).is_err(), "{dir}");
        }
        for dir in ["public", "content-of-the-site", "out/site"] {
            assert!(keep_off_sources(root.path(), &root.path().join(dir)).is_ok(), "{dir}");
        }
    }

    #[test]
    fn nothing_is_left_beside_the_output() {
        let home = tempfile::tempdir().expect("a folder");
        emit(&tree(&[("index.html", "a")]), &home.path().join("public")).expect("first");
        let names: Vec<_> =
            fs::read_dir(home.path()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(names, ["public"]);
    }

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
