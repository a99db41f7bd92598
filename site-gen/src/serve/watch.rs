//! Tells which files below the watched folders were saved, as soon as their saving is over and not before.
//!
//! A file that its editor has closed is whole, and so is one that was put in place by a rename: a single such save is told
//! at once. Everything else is told when the folders have been quiet for a moment: a file that is still open, one that is
//! gone (many editors move the old file away before they write the new one), and many files at a time.

use super::ServeError;
use crate::discover::is_passed_over;
use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind, RenameMode};
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long the folders must be quiet before what is not known to be over counts as over.
const SETTLE: Duration = Duration::from_millis(50);
/// The longest wait for that. Somebody who never stops saving sees something all the same.
const LONGEST: Duration = Duration::from_secs(1);
/// How long nothing happens before everything is looked at once more.
const QUIET: Duration = Duration::from_millis(500);
/// How often the folders are looked through where the system does not tell of changes.
const POLL: Duration = Duration::from_secs(1);

/// What was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// The files at these paths, some of which may be gone.
    Files(BTreeSet<PathBuf>),
    /// Nobody knows: look at everything.
    Anything,
}

type Heard = notify::Result<Event>;

/// The saves below some folders, while they are watched.
pub(super) struct Saves {
    heard: Receiver<Heard>,
    _watcher: Box<dyn Watcher + Send>,
}

/// Watches until the returned value is dropped. Folders that do not exist are left out. `poll`: look again and again, for
/// drives that tell of no changes.
///
/// # Errors
/// When the system refuses to watch an existing folder.
pub(super) fn watch(folders: &[PathBuf], poll: bool) -> Result<Saves, ServeError> {
    let failed = |path: &Path, source| ServeError::Watch { path: path.to_path_buf(), source };
    let (events, heard) = channel();
    let tell = move |event: Heard| {
        // The receiver is gone only when the program ends.
        let _ = events.send(event);
    };
    let first = folders.first().map_or(Path::new(""), PathBuf::as_path);
    let mut watcher: Box<dyn Watcher + Send> = if poll {
        let config = Config::default().with_poll_interval(POLL);
        Box::new(PollWatcher::new(tell, config).map_err(|source| failed(first, source))?)
    } else {
        Box::new(RecommendedWatcher::new(tell, Config::default()).map_err(|source| failed(first, source))?)
    };
    for folder in folders.iter().filter(|folder| folder.exists()) {
        watcher.watch(folder, RecursiveMode::Recursive).map_err(|source| failed(folder, source))?;
    }
    Ok(Saves { heard, _watcher: watcher })
}

impl Saves {
    /// Waits for the next save to be over. After a save of single files a quiet moment calls for a look at everything:
    /// should the system have kept something to itself, it is seen then. `None` when nobody watches any more.
    pub(super) fn next(&self, after: &Saved) -> Option<Saved> {
        let mut burst = Burst::default();
        while burst.is_empty() {
            burst.hear(match after {
                Saved::Files(_) => match self.heard.recv_timeout(QUIET) {
                    Ok(heard) => heard,
                    Err(RecvTimeoutError::Timeout) => return Some(Saved::Anything),
                    Err(RecvTimeoutError::Disconnected) => return None,
                },
                Saved::Anything => self.heard.recv().ok()?,
            });
        }
        let started = Instant::now();
        loop {
            while let Ok(heard) = self.heard.try_recv() {
                burst.hear(heard);
            }
            if burst.is_over() || started.elapsed() > LONGEST {
                return Some(burst.saved());
            }
            match self.heard.recv_timeout(SETTLE) {
                Ok(heard) => burst.hear(heard),
                Err(RecvTimeoutError::Timeout) => return Some(burst.saved()),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }
}

/// What was heard since the last save was told.
#[derive(Debug, Default)]
struct Burst {
    /// Files that are whole.
    whole: BTreeSet<PathBuf>,
    /// Files of which that is not known: still open, or gone.
    unsure: BTreeSet<PathBuf>,
    /// Files that were not there before. One of them that goes again was never there.
    new: BTreeSet<PathBuf>,
    anything: bool,
}

impl Burst {
    fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.unsure.is_empty() && !self.anything
    }

    /// Whether there is nothing more to wait for.
    fn is_over(&self) -> bool {
        self.unsure.is_empty() && self.whole.len() <= 1 && !self.anything
    }

    fn saved(self) -> Saved {
        if self.anything {
            return Saved::Anything;
        }
        Saved::Files(self.whole.into_iter().chain(self.unsure).collect())
    }

    fn hear(&mut self, heard: Heard) {
        let event = match heard {
            Ok(event) if !event.need_rescan() => event,
            // The system lost count of what changed.
            _ => return self.anything = true,
        };
        let paths = event.paths.into_iter().filter(|path| !is_left_out(path));
        match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Modify(ModifyKind::Name(RenameMode::To)) => {
                paths.for_each(|path| self.is_whole(path));
            }
            // Reading a file is an event too; answering it with a build would never end.
            EventKind::Access(_) => {}
            EventKind::Create(CreateKind::Folder) | EventKind::Remove(RemoveKind::Folder) => {
                self.anything |= paths.count() > 0;
            }
            EventKind::Create(_) => paths.for_each(|path| {
                // One that was gone a moment ago is not new.
                if !self.unsure.contains(&path) && !self.whole.contains(&path) {
                    self.new.insert(path.clone());
                }
                self.is_unsure(path);
            }),
            EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From)) => {
                paths.for_each(|path| self.is_gone(path));
            }
            // Told once more, with both names, what was told of each.
            EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => {}
            _ => paths.for_each(|path| self.is_unsure(path)),
        }
    }

    fn is_whole(&mut self, path: PathBuf) {
        // A folder that was moved here: nobody tells of its files.
        if path.is_dir() {
            self.anything = true;
            return;
        }
        // No file of a site is without an ending: an editor only tries whether it may write.
        if path.extension().is_none() {
            return self.is_unsure(path);
        }
        self.unsure.remove(&path);
        self.whole.insert(path);
    }

    fn is_unsure(&mut self, path: PathBuf) {
        self.whole.remove(&path);
        self.unsure.insert(path);
    }

    fn is_gone(&mut self, path: PathBuf) {
        if self.new.remove(&path) {
            self.whole.remove(&path);
            self.unsure.remove(&path);
        } else if path.extension().is_none() {
            // It may have been a folder, and nobody tells of the files that went with it.
            self.anything = true;
        } else {
            self.is_unsure(path);
        }
    }
}

/// Whether a file is none of the site's: hidden, or the copy of an editor.
fn is_left_out(path: &Path) -> bool {
    path.file_name().is_some_and(|name| is_passed_over(&name.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: EventKind, path: &str) -> Heard {
        Ok(Event::new(kind).add_path(PathBuf::from(path)))
    }

    const CREATED: EventKind = EventKind::Create(CreateKind::File);
    const CHANGED: EventKind = EventKind::Modify(ModifyKind::Any);
    const CLOSED: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));
    const AWAY: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::From));
    const HERE: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::To));
    const REMOVED: EventKind = EventKind::Remove(RemoveKind::File);

    /// Whether a save is told at once, and what is told.
    fn check(events: &[(EventKind, &str)], at_once: bool, files: &[&str]) {
        let mut burst = Burst::default();
        for (kind, path) in events {
            burst.hear(event(*kind, path));
        }
        assert_eq!(burst.is_over() && !burst.is_empty(), at_once, "{events:?}");
        let files = files.iter().map(PathBuf::from).collect();
        assert_eq!(burst.saved(), Saved::Files(files), "{events:?}");
    }

    #[test]
    fn one_whole_file_is_told_at_once() {
        check(&[(CHANGED, "a.md"), (CLOSED, "a.md")], true, &["a.md"]);
        // An editor that writes beside the file and renames.
        check(&[(CREATED, ".a.tmp"), (CLOSED, ".a.tmp"), (AWAY, ".a.tmp"), (HERE, "a.md")], true, &["a.md"]);
        // One that tries whether it may write, and moves the old file away.
        let vim = [(CREATED, "4913"), (CLOSED, "4913"), (REMOVED, "4913"), (AWAY, "a.md"), (HERE, "a.md~")];
        let then = [(CREATED, "a.md"), (CHANGED, "a.md"), (CLOSED, "a.md"), (REMOVED, "a.md~")];
        check(&[&vim[..], &then].concat(), true, &["a.md"]);
    }

    #[test]
    fn what_may_not_be_over_waits() {
        check(&[(CHANGED, "a.md")], false, &["a.md"]);
        check(&[(CLOSED, "a.md"), (CHANGED, "a.md")], false, &["a.md"]);
        check(&[(REMOVED, "a.md")], false, &["a.md"]);
        check(&[(AWAY, "a.md"), (HERE, "a.md~")], false, &["a.md"]);
        check(&[(CLOSED, "a.md"), (CLOSED, "b.md")], false, &["a.md", "b.md"]);
    }

    #[test]
    fn what_is_no_file_of_the_site_is_not_told() {
        check(&[(CLOSED, ".a.md.swp"), (CLOSED, "a.md~")], false, &[]);
        check(&[(EventKind::Access(AccessKind::Read), "a.md")], false, &[]);
    }

    #[test]
    fn where_nobody_knows_everything_is_looked_at() {
        let mut burst = Burst::default();
        burst.hear(event(EventKind::Create(CreateKind::Folder), "new"));
        assert_eq!(burst.saved(), Saved::Anything);
        let mut burst = Burst::default();
        burst.hear(Err(notify::Error::generic("too many")));
        assert!(!burst.is_over());
        assert_eq!(burst.saved(), Saved::Anything);
    }
}
