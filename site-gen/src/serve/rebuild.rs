//! Builds for the preview, again and again. What has not changed since the last time is taken over: files are not read,
//! pages not understood, judged or drawn once more.
//!
//! A build has two halves. After the first, any page can be drawn, and is shown to whoever asks for it; only the second
//! makes all files.

use super::watch::Saved;
use crate::cache::Cache;
use crate::discover::{DiscoverError, discover_again, discover_changed};
use crate::finding::Findings;
use crate::link::Site;
use crate::progress::{Progress, Stage};
use crate::render::{Drawing, Take};
use crate::source::SourceTree;
use crate::{Choices, Prepared, prepare, search};
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Files below the site's root, shared by all who show them.
pub type Files = Arc<BTreeMap<String, Arc<Vec<u8>>>>;

/// What the preview remembers from one build to the next.
pub struct Rebuild {
    root: PathBuf,
    sources: Option<SourceTree>,
    cache: Cache,
    files: Files,
}

/// What a build for the preview came to, as far as any page can be drawn.
pub struct Rebuilt {
    /// What was read.
    pub sources: SourceTree,
    /// Everything there is to say so far, worst first.
    pub findings: Findings,
    /// How many pages the site has.
    pub pages: usize,
    /// The site, of which any page can be drawn now. Absent when an error stands.
    pub drawing: Option<Arc<Drawing>>,
    /// What was proved.
    pub walk: Option<super::walk::Walk>,
    /// What the files came to, judged or not.
    pub site: Arc<Site>,
}

/// Every file of a build.
pub struct Finished {
    /// They.
    pub files: Files,
    /// Pictures for later builds, where they differ from those that are there.
    pub kept: Option<BTreeMap<String, Vec<u8>>>,
    /// What can be searched.
    pub search: Option<search::Plan>,
}

impl Rebuild {
    /// For the site at `root`, of which nothing is known yet.
    pub fn new(root: &Path) -> Self {
        Rebuild {
            // As those who watch it name it.
            root: std::path::absolute(root).unwrap_or_else(|_| root.to_path_buf()),
            sources: None,
            cache: Cache::default(),
            files: Files::default(),
        }
    }

    /// Builds after a save. `None` when nothing is other than it was.
    ///
    /// # Errors
    /// When the system refuses to read a file, or there is no site any more.
    pub fn run(
        &mut self,
        saved: &Saved,
        choices: &Choices,
        progress: &Progress,
    ) -> Result<Option<Rebuilt>, DiscoverError> {
        progress.enter(Stage::Read, 0);
        let sources = match (saved, &self.sources) {
            (Saved::Files(paths), Some(before)) => {
                let paths: Vec<PathBuf> = paths.iter().cloned().collect();
                discover_changed(&self.root, before, &paths)
            }
            _ => discover_again(&self.root),
        };
        let sources = match sources {
            Ok(sources) => sources,
            Err(error) => {
                // Whatever comes next is read from the beginning.
                self.sources = None;
                return Err(error);
            }
        };
        if self.sources.as_ref().is_some_and(|before| before.is_like(&sources)) {
            return Ok(None);
        }
        progress.count("files", sources.iter().count());
        self.sources = Some(sources.clone());
        Ok(Some(self.build(sources, choices, progress)))
    }

    /// Builds from files that were read, as far as any page can be drawn. [`Rebuild::finish`] does the rest.
    pub fn build(&mut self, sources: SourceTree, choices: &Choices, progress: &Progress) -> Rebuilt {
        let Prepared { drawing, findings, pages, walk, site, cache, .. } =
            prepare(&sources, choices, &self.cache, progress);
        self.cache = cache;
        Rebuilt { sources, findings, pages, drawing: drawing.map(Arc::new), walk, site }
    }

    /// Makes every file of the site that was built last.
    ///
    /// # Errors
    /// What a template asks for and does not get, and what must not be in a published file.
    pub fn finish(&mut self, drawing: &Drawing, progress: &Progress) -> Result<Finished, Findings> {
        let shelf = Shelf { before: &self.files, now: Mutex::default() };
        let rendered = drawing.render(&shelf, &self.cache, progress)?;
        let now = shelf.now.into_inner().expect("BUG: nobody panics with it");
        self.files = Arc::new(now.into_iter().collect());
        self.cache.made = rendered.made;
        let files = Arc::clone(&self.files);
        Ok(Finished { files, kept: rendered.kept, search: drawing.search().cloned() })
    }
}

/// The files of the last good build, and those of the next.
struct Shelf<'f> {
    before: &'f Files,
    now: Mutex<HashMap<String, Arc<Vec<u8>>>>,
}

impl Shelf<'_> {
    fn add(&self, name: &str, bytes: Arc<Vec<u8>>) {
        self.now.lock().expect("BUG: nobody panics with it").insert(name.to_owned(), bytes);
    }
}

impl Take for Shelf<'_> {
    fn put(&self, name: &str, bytes: Vec<u8>) {
        self.add(name, Arc::new(bytes));
    }

    // What was made is what is remembered of it: both are of the same build, and nobody else can write here.
    fn keep(&self, name: &str, _: u128) -> bool {
        self.before.get(name).is_some_and(|bytes| {
            self.add(name, Arc::clone(bytes));
            true
        })
    }
}
