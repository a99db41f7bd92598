//! The next state of an output folder, from the first page that is drawn to the moment when readers see it.
//!
//! ```text
//! public/                       what readers see
//!   .site-gen-files             the list of files made (`made.rs`)
//!   .site-gen-work/             only while a build runs, or after one was killed
//!     lock                      held by the build that is running
//!     new/…                     files that are not published yet, where they will lie; then those that they replaced
//!     old/…                     files that the new site does not have
//!     files                     the list as it will be. From the moment this stands, the build counts as done
//! ```
//!
//! 1. Lock: one build at a time.
//! 2. Recover: what a killed build had only staged is thrown away; what it had begun to publish is finished.
//! 3. Stage: each file is compared with what is published. The same: left alone, its time included. Another: written into the
//!    work folder. A full disk or a missing right stops here, and nothing has changed.
//! 4. Commit: the new list is renamed to `files`. Killed before, the old site stands; killed after, the next run finishes
//!    the new one.
//! 5. Move: new names first, so that no page appears before its style sheet; then what replaces something changes places with
//!    it, each in one step; then files that the new site does not have are moved away. A reader sees an old file or a new
//!    one, never half of one.
//! 6. Record: the new list takes the place of the old one. What the files look like is remembered outside of the folder
//!    (`looks.rs`), so that the same site is the same bytes everywhere.
//!
//! 7. Clear: the old files are removed, when no reader waits for it. Letting go of a file takes some disks a hundred times
//!    longer than moving it (decision 004).
//!
//! Files that are not on the list are somebody else's: they are never moved, changed or removed.

use super::lock::Lock;
use super::looks::{self, Known, Looks};
use super::made::{Made, digest};
use super::{Digest, EmitError, Emitted, failed, put};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;

/// The list of files that this program made, in the output folder.
pub(super) const MADE: &str = ".site-gen-files";
/// Where a build keeps what is not published yet, in the output folder: nowhere else is sure to be on the same disk.
pub(super) const WORK: &str = ".site-gen-work";
/// Below the work folder.
const NEW: &str = "new";
const OLD: &str = "old";
const COMMITTED: &str = "files";
const DRAFT: &str = "draft";
const PROBE: &str = "now";

/// A file of the new site.
#[derive(Clone, Copy, Debug)]
enum Next {
    /// Published already.
    Kept(Digest, Looks),
    /// In the work folder.
    Staged(Digest),
}

/// What stands where a file of the new site belongs.
enum Held {
    Nothing,
    Same(Looks),
    /// An earlier version of ours; `edited` where somebody changed it by hand.
    Ours {
        edited: bool,
    },
    Foreign,
}

/// The next state of an output folder. Files may be handed over by several threads, in any order.
///
/// Dropped without [`Stage::publish`], it leaves everything as it was.
#[derive(Debug)]
pub struct Stage {
    dir: PathBuf,
    work: PathBuf,
    /// Taken when the stage is closed.
    lock: Option<Lock>,
    made: Made,
    /// Where to remember what files look like.
    memory: Option<PathBuf>,
    known: Known,
    /// Whether a file had to be read because its looks were not known.
    reread: AtomicBool,
    /// Folders that were made for this build, the innermost first.
    created: Vec<PathBuf>,
    /// Whether there is nothing in it that a file could be compared with.
    empty: bool,
    /// Whether what is staged is promised: then it stays for the next run to finish, whatever happens.
    committed: bool,
    next: Mutex<BTreeMap<String, Next>>,
    edited: Mutex<BTreeSet<String>>,
    /// Folders of the output that were looked at: none of them leads elsewhere.
    folders: Mutex<HashSet<String>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A thread that panicked while it held the lock has not left half an entry behind.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stage {
    /// Opens a folder for the next state, and finishes what a killed build had begun there. While another build writes to
    /// the folder, this one calls `waiting` once and waits.
    ///
    /// Call it before the sources are read: then the build that publishes later has also read later.
    ///
    /// `memory` names a file outside of the folder, where the build remembers what its files look like: with it, a file that
    /// nobody touched need not be read to be compared.
    ///
    /// # Errors
    /// When the system refuses the folder, or refuses to finish what was begun.
    pub fn open(dir: &Path, memory: Option<&Path>, waiting: impl FnOnce(&Path)) -> Result<Stage, EmitError> {
        let named = dir.ancestors().filter(|above| !above.as_os_str().is_empty());
        let created: Vec<PathBuf> =
            named.take_while(|above| !above.exists()).map(Path::to_path_buf).collect();
        fs::create_dir_all(dir).map_err(failed("create", dir))?;
        let work = dir.join(WORK);
        let lock = Lock::take(&work, || waiting(dir))?;
        let mut stage = Stage {
            dir: dir.to_path_buf(),
            work,
            lock: Some(lock),
            made: Made::default(),
            memory: memory.map(Path::to_path_buf),
            // What cannot be read is not known.
            known: memory
                .and_then(|memory| fs::read_to_string(memory).ok())
                .map_or_else(Known::new, |text| looks::read(&text)),
            reread: AtomicBool::new(false),
            created,
            empty: false,
            committed: false,
            next: Mutex::default(),
            edited: Mutex::default(),
            folders: Mutex::default(),
        };
        stage.recover()?;
        Ok(stage)
    }

    /// Whether the published file of this name has these bytes already. If so, it is a file of the new site as well.
    /// Nothing is read unless somebody touched the file.
    pub fn keep(&self, name: &str, digest: Digest) -> bool {
        match self.held(name, digest) {
            Ok(Held::Same(looks)) => {
                locked(&self.next).insert(name.to_owned(), Next::Kept(digest, looks));
                true
            }
            _ => false,
        }
    }

    /// Takes one file of the new site: its path below the folder, with `/` between the parts, and its bytes. Gives back the
    /// short name of the bytes. What an earlier [`Stage::keep`] said of the name no longer counts.
    ///
    /// # Errors
    /// When a file of somebody else's is in the way, or the system refuses an operation. Nothing is published then.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<Digest, EmitError> {
        let digest = digest(bytes);
        let next = match self.held(name, digest)? {
            Held::Same(looks) => Next::Kept(digest, looks),
            Held::Foreign => return Err(self.foreign(self.dir.join(name))),
            Held::Nothing => Next::Staged(digest),
            Held::Ours { edited } => {
                if edited {
                    locked(&self.edited).insert(name.to_owned());
                }
                Next::Staged(digest)
            }
        };
        if let Next::Staged(_) = next {
            write_new(&self.work.join(NEW).join(name), bytes)?;
        }
        locked(&self.next).insert(name.to_owned(), next);
        Ok(digest)
    }

    /// Publishes: what was put or kept is the site from now on, and other files of earlier builds are removed.
    ///
    /// # Errors
    /// When the system refuses an operation. Before the commit nothing has changed; after it the next run goes on where
    /// this one stopped.
    pub fn publish(mut self) -> Result<Emitted, EmitError> {
        let next = std::mem::take(&mut *locked(&self.next));
        let edited = std::mem::take(&mut *locked(&self.edited));
        let files = next.iter().map(|(name, next)| {
            let (Next::Kept(digest, _) | Next::Staged(digest)) = *next;
            (name.clone(), digest)
        });
        let new = Made { files: files.collect(), whole: true };
        let written = next.values().filter(|next| matches!(next, Next::Staged(_))).count();
        let gone = self.gone(&new);
        let done = Emitted {
            written,
            unchanged: new.files.len() - written,
            removed: gone.len(),
            edited: edited.into_iter().collect(),
        };
        let same_names = self.made.whole && self.made.files.keys().eq(new.files.keys());
        if written == 0 && same_names {
            if self.reread.load(Ordering::Relaxed) {
                self.remember(&next);
            }
            return Ok(done);
        }
        self.write_list(&new, &self.work.join(COMMITTED))?;
        self.committed = true;
        let unfinished = |source| EmitError::Unfinished { source: Box::new(source) };
        let in_the_way = self.finish(new, &gone, false).map_err(unfinished)?;
        self.remember(&next);
        match in_the_way {
            Some(path) => Err(self.foreign(path)),
            None => Ok(done),
        }
    }

    /// Files of earlier builds that the new site does not have. A name on a damaged list may be anybody's: then only the bytes
    /// can prove that the file is ours.
    fn gone(&self, new: &Made) -> Vec<String> {
        let ours = |name: &str, made: Digest| {
            self.made.whole || fs::read(self.dir.join(name)).is_ok_and(|bytes| digest(&bytes) == made)
        };
        let gone = self
            .made
            .files
            .iter()
            .filter(|(name, made)| !new.files.contains_key(*name) && ours(name, **made));
        gone.map(|(name, _)| name.clone()).collect()
    }

    /// Steps 5 and 6, for this build or for one that was killed after its commit (`again`). Gives back a file of somebody
    /// else's that came in between and was left where it is.
    fn finish(&mut self, mut new: Made, gone: &[String], again: bool) -> Result<Option<PathBuf>, EmitError> {
        // A file where a folder is to be, or a folder where a file is to be, goes first.
        self.move_away(gone.iter().filter(|name| is_in_the_way(name, &new)))?;
        let mut moving = Moving { made: &self.made, new: &new, again, in_the_way: None };
        let staged = self.work.join(NEW);
        if staged.exists() {
            moving.new_names(&staged, &self.dir)?;
            moving.replacements(&staged, &self.dir, "")?;
        }
        let in_the_way = moving.in_the_way;
        self.move_away(gone.iter().filter(|name| !is_in_the_way(name, &new)))?;
        if let Some(path) = &in_the_way
            && let Ok(name) = path.strip_prefix(&self.dir)
        {
            new.files.remove(&*name.to_string_lossy());
        }
        self.write_list(&new, &self.dir.join(MADE))?;
        let committed = self.work.join(COMMITTED);
        fs::remove_file(&committed).map_err(failed("remove", &committed))?;
        self.committed = false;
        self.made = new;
        Ok(in_the_way)
    }

    /// Takes files of an earlier build away from readers, and the folders that are empty without them.
    fn move_away<'n>(&self, names: impl Iterator<Item = &'n String>) -> Result<(), EmitError> {
        for name in names {
            let path = self.dir.join(name);
            match path.symlink_metadata() {
                // Its place is taken already.
                Ok(found) if found.is_dir() => continue,
                Err(error) if is_missing(&error) => continue,
                _ => {}
            }
            let away = self.work.join(OLD).join(name);
            if let Some(folder) = away.parent() {
                fs::create_dir_all(folder).map_err(failed("create", folder))?;
            }
            fs::rename(&path, &away).map_err(failed("remove", &path))?;
            let mut folder = path.parent();
            while let Some(inside) = folder.filter(|inside| *inside != self.dir) {
                // Not empty: somebody else's file, or another page of ours. Either way it stays.
                if fs::remove_dir(inside).is_err() {
                    break;
                }
                folder = inside.parent();
            }
        }
        Ok(())
    }

    /// Step 2.
    fn recover(&mut self) -> Result<(), EmitError> {
        if let Some(list) = read_if_there(&self.dir.join(MADE))? {
            self.made = Made::read(&list);
        } else {
            self.made.whole = true;
            self.empty = entries(&self.dir)?.iter().all(|(name, _)| name == WORK);
        }
        if let Some(list) = read_if_there(&self.work.join(COMMITTED))? {
            self.empty = false;
            self.committed = true;
            let new = Made::read(&list);
            let gone = self.gone(&new);
            self.finish(new, &gone, true)?;
        }
        for folder in [NEW, OLD].map(|name| self.work.join(name)) {
            if folder.exists() {
                remove_all(&folder).map_err(failed("remove", &folder))?;
            }
        }
        Ok(())
    }

    /// Writes down what the files of the new site look like, for the next build. Not being able to is no reason to fail.
    fn remember(&self, next: &BTreeMap<String, Next>) {
        let Some(memory) = &self.memory else { return };
        // The time by the clock of the disk itself, which may be another machine's.
        let probe = self.work.join(PROBE);
        let now = fs::write(&probe, b"").and_then(|()| fs::metadata(&probe)?.modified());
        let Some(now) = now.ok().and_then(|now| now.duration_since(UNIX_EPOCH).ok()) else { return };
        let looks = |name: &str| fs::symlink_metadata(self.dir.join(name)).ok().map(|file| Looks::of(&file));
        let known = next.par_iter().filter_map(|(name, next)| match *next {
            Next::Kept(digest, looks) => Some((name.clone(), (digest, looks))),
            Next::Staged(digest) => Some((name.clone(), (digest, looks(name)?))),
        });
        let _ = put(memory, looks::written(&known.collect(), now).as_bytes());
    }

    fn held(&self, name: &str, wanted: Digest) -> Result<Held, EmitError> {
        if self.empty {
            return Ok(Held::Nothing);
        }
        let path = self.dir.join(name);
        if let Some(folder) = path.parent()
            && self.leads_elsewhere(folder, name.rfind('/').map_or("", |end| &name[..end]))?
        {
            return Ok(Held::Foreign);
        }
        let found = match fs::symlink_metadata(&path) {
            Ok(found) => found,
            Err(error) if is_missing(&error) => return Ok(Held::Nothing),
            Err(error) => return Err(failed("look at", &path)(error)),
        };
        let made = self.made.files.get(name).copied();
        if found.is_dir() {
            // A folder of pages that are gone makes room; one with a file of somebody else's does not.
            return Ok(if self.holds_only_ours(&path, name)? { Held::Nothing } else { Held::Foreign });
        }
        if !found.is_file() {
            // A link that somebody put where a page of ours was.
            let ours = made.is_some() && self.made.whole;
            return Ok(if ours { Held::Ours { edited: true } } else { Held::Foreign });
        }
        let looks = Looks::of(&found);
        if let Some(made) = made
            && self.known.get(name) == Some(&(made, looks))
        {
            return Ok(if made == wanted { Held::Same(looks) } else { Held::Ours { edited: false } });
        }
        self.reread.store(true, Ordering::Relaxed);
        let there = digest(&fs::read(&path).map_err(failed("read", &path))?);
        Ok(match made {
            _ if there == wanted => Held::Same(looks),
            Some(made) if made == there => Held::Ours { edited: false },
            Some(_) if self.made.whole => Held::Ours { edited: true },
            _ => Held::Foreign,
        })
    }

    /// Whether a folder of the output is no folder, or lies elsewhere: then what it holds is not ours. A file of an earlier
    /// build makes room for a folder.
    fn leads_elsewhere(&self, folder: &Path, name: &str) -> Result<bool, EmitError> {
        if name.is_empty() || locked(&self.folders).contains(name) {
            return Ok(false);
        }
        if let Some(above) = folder.parent()
            && self.leads_elsewhere(above, name.rfind('/').map_or("", |end| &name[..end]))?
        {
            return Ok(true);
        }
        match fs::symlink_metadata(folder) {
            Ok(found) if found.is_dir() || self.made.files.contains_key(name) => {}
            Ok(_) => return Ok(true),
            Err(error) if is_missing(&error) => {}
            Err(error) => return Err(failed("look at", folder)(error)),
        }
        locked(&self.folders).insert(name.to_owned());
        Ok(false)
    }

    fn holds_only_ours(&self, folder: &Path, name: &str) -> Result<bool, EmitError> {
        for (below, is_folder) in entries(folder)? {
            let (path, name) = (folder.join(&below), format!("{name}/{below}"));
            let ours = match is_folder {
                true => self.holds_only_ours(&path, &name)?,
                false => self.made.files.contains_key(&name),
            };
            if !ours {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn foreign(&self, path: PathBuf) -> EmitError {
        match self.made.whole {
            true => EmitError::Foreign { path },
            false => EmitError::DamagedList { path, list: self.dir.join(MADE) },
        }
    }

    /// Writes a list whole or not at all.
    fn write_list(&self, list: &Made, path: &Path) -> Result<(), EmitError> {
        let draft = self.work.join(DRAFT);
        fs::write(&draft, list.written()).map_err(failed("write", &draft))?;
        fs::rename(&draft, path).map_err(failed("replace", path))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let Some(lock) = self.lock.take() else { return };
        // What cannot be taken away now is taken away by the next build.
        if !self.committed {
            for folder in [NEW, OLD] {
                let _ = remove_all(&self.work.join(folder));
            }
            for file in [DRAFT, PROBE] {
                let _ = fs::remove_file(self.work.join(file));
            }
            lock.remove();
            let _ = fs::remove_dir(&self.work);
            // They are empty where nothing was published, and stay otherwise.
            for folder in &self.created {
                let _ = fs::remove_dir(folder);
            }
        }
    }
}

/// Finishes what a killed build had begun to publish in a folder, if there is anything.
///
/// # Errors
/// When the system refuses an operation.
pub fn finish_killed(dir: &Path) -> Result<(), EmitError> {
    match dir.join(WORK).join(COMMITTED).exists() {
        true => Stage::open(dir, None, |_| {}).map(drop),
        false => Ok(()),
    }
}

/// Moving staged files to where readers see them.
struct Moving<'m> {
    made: &'m Made,
    new: &'m Made,
    /// Whether an earlier run may have moved some of them already.
    again: bool,
    in_the_way: Option<PathBuf>,
}

impl Moving<'_> {
    /// Moves what has no namesake, a whole folder at once where it is new. Files come before folders: style sheets lie at the
    /// top, and pages need them.
    fn new_names(&mut self, from: &Path, to: &Path) -> Result<(), EmitError> {
        let mut folders = Vec::new();
        for (name, is_folder) in entries(from)? {
            let (source, target) = (from.join(&name), to.join(&name));
            match fs::symlink_metadata(&target) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && !is_folder => {
                    rename(&source, &target)?
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => folders.push((source, target, true)),
                Ok(found) if is_folder && found.is_dir() => folders.push((source, target, false)),
                Ok(found) if !is_folder && !found.is_dir() => {}
                Ok(_) => self.in_the_way = Some(target),
                Err(error) => return Err(failed("look at", &target)(error)),
            }
        }
        for (source, target, whole) in folders {
            match whole {
                true => rename(&source, &target)?,
                false => self.new_names(&source, &target)?,
            }
        }
        Ok(())
    }

    /// Whether the new file lies where readers see it.
    fn is_done(&self, target: &Path, name: &str) -> Result<bool, EmitError> {
        let there = fs::read(target).map_err(failed("read", target))?;
        Ok(self.new.files.get(name) == Some(&digest(&there)))
    }

    /// Lets each file change places with the one of an earlier build that it replaces.
    fn replacements(&mut self, from: &Path, to: &Path, prefix: &str) -> Result<(), EmitError> {
        for (name, is_folder) in entries(from)? {
            let (source, target) = (from.join(&name), to.join(&name));
            let below = format!("{prefix}{name}");
            if is_folder {
                self.replacements(&source, &target, &format!("{below}/"))?;
            } else if self.again && self.is_done(&target, &below)? {
                // What lies in the stage is the old file.
            } else if self.made.files.contains_key(&below) {
                exchange(&source, &target)?;
            } else {
                // It was not there when the page was compared. Somebody else's file stays.
                self.in_the_way = Some(target);
            }
        }
        Ok(())
    }
}

/// Lets a new file change places with the one that it replaces, in one step.
fn exchange(new: &Path, old: &Path) -> Result<(), EmitError> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    // Not every system and disk can do that. Then the old file is let go of here and now.
    rename(new, old)
}

/// Removes a folder with all that is in it, by many threads: some disks make each of them wait.
fn remove_all(folder: &Path) -> io::Result<()> {
    fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            match entry.file_type()?.is_dir() {
                true => list(&entry.path(), files)?,
                false => files.push(entry.path()),
            }
        }
        Ok(())
    }
    const THREADS: usize = 16;
    let mut files = Vec::new();
    list(folder, &mut files)?;
    std::thread::scope(|scope| {
        for part in files.chunks(files.len().div_ceil(THREADS).max(8)) {
            // What is left goes with the folder.
            scope.spawn(move || part.iter().for_each(|file| _ = fs::remove_file(file)));
        }
    });
    fs::remove_dir_all(folder)
}

/// Nothing of this name, or a file where its folder would be.
fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Whether a file that the new site does not have stands where a folder of it will be, or below a file of it.
fn is_in_the_way(name: &str, new: &Made) -> bool {
    let folder = format!("{name}/");
    let below = new.files.range(folder.clone()..).next().is_some_and(|(first, _)| first.starts_with(&folder));
    below || name.match_indices('/').any(|(end, _)| new.files.contains_key(&name[..end]))
}

/// What lies in a folder, and whether each is a folder.
fn entries(folder: &Path) -> Result<Vec<(String, bool)>, EmitError> {
    let read = || -> io::Result<Vec<(String, bool)>> {
        fs::read_dir(folder)?
            .map(|entry| {
                let entry = entry?;
                Ok((entry.file_name().to_string_lossy().into_owned(), entry.file_type()?.is_dir()))
            })
            .collect()
    };
    read().map_err(failed("read", folder))
}

fn rename(from: &Path, to: &Path) -> Result<(), EmitError> {
    fs::rename(from, to).map_err(failed("replace", to))
}

/// Writes a new file. Folders are made when they turn out to be missing, which is rare.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), EmitError> {
    let mut written = fs::write(path, bytes);
    if let Err(error) = &written
        && error.kind() == io::ErrorKind::NotFound
        && let Some(folder) = path.parent()
    {
        fs::create_dir_all(folder).map_err(failed("create", folder))?;
        written = fs::write(path, bytes);
    }
    written.map_err(failed("write", path))
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, EmitError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path)(error)),
    }
}
