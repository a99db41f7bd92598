//! Tells when something below the watched folders was saved.

use super::ServeError;
use notify_debouncer_full::notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::time::Duration;

/// How long a folder must be quiet before a save counts as done. Editors write in several steps.
const SETTLE: Duration = Duration::from_millis(50);

/// Watches until the returned value is dropped. Folders that do not exist are left out.
///
/// # Errors
/// When the system refuses to watch an existing folder.
pub(super) fn watch(
    folders: &[PathBuf],
    saved: Sender<()>,
) -> Result<Debouncer<RecommendedWatcher, RecommendedCache>, ServeError> {
    let failed = |path: &PathBuf, source| ServeError::Watch { path: path.clone(), source };
    let mut debouncer = new_debouncer(SETTLE, None, move |result: DebounceEventResult| {
        // Reading a file is an event too; answering it with a build would never end.
        let changed = match result {
            Ok(events) => events.iter().any(|event| !matches!(event.kind, EventKind::Access(_))),
            // The system lost count of what changed: build to be sure.
            Err(_) => true,
        };
        if changed {
            // The receiver is gone only when the program ends.
            let _ = saved.send(());
        }
    })
    .map_err(|source| failed(folders.first().unwrap_or(&PathBuf::new()), source))?;
    for folder in folders.iter().filter(|folder| folder.exists()) {
        debouncer.watch(folder, RecursiveMode::Recursive).map_err(|source| failed(folder, source))?;
    }
    Ok(debouncer)
}
