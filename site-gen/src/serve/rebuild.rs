//! Builds for the preview, again and again. What has not changed since the last time is taken over: files are not read,
//! pages not understood, judged or drawn once more.

use super::watch::Saved;
use crate::cache::Cache;
use crate::discover::{DiscoverError, discover_again, discover_changed};
use crate::emit::digest;
use crate::finding::Findings;
use crate::link::Site;
use crate::progress::{Progress, Stage};
use crate::render::Take;
use crate::source::SourceTree;
use crate::{Choices, Prepared, prepare, search};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Files below the site's root, shared by all builds that have them.
pub type Files = BTreeMap<String, Arc<Vec<u8>>>;

/// What the preview remembers from one build to the next.
pub struct Rebuild {
    root: PathBuf,
    sources: Option<SourceTree>,
    cache: Cache,
    files: Files,
}

/// What a build for the preview came to.
pub struct Rebuilt {
    /// What was read.
    pub sources: SourceTree,
    /// Everything there is to say, worst first.
    pub findings: Findings,
    /// How many pages the site has.
    pub pages: usize,
    /// Every file. Absent when an error stands.
    pub files: Option<Files>,
    /// Pictures for later builds, where they differ from those that are there.
    pub kept: Option<BTreeMap<String, Vec<u8>>>,
    /// What can be searched.
    pub search: Option<search::Plan>,
    /// What was proved.
    pub walk: Option<super::walk::Walk>,
    /// What the files came to, judged or not.
    pub site: Arc<Site>,
}

impl Rebuild {
    /// For the site at `root`, of which nothing is known yet.
    pub fn new(root: &Path) -> Self {
        Rebuild {
            // As those who watch it name it.
            root: std::path::absolute(root).unwrap_or_else(|_| root.to_path_buf()),
            sources: None,
            cache: Cache::default(),
            files: Files::new(),
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

    /// Builds from files that were read.
    pub fn build(&mut self, sources: SourceTree, choices: &Choices, progress: &Progress) -> Rebuilt {
        let Prepared { drawing, mut findings, pages, walk, site, cache: mut next, .. } =
            prepare(&sources, choices, &self.cache, progress);
        let (mut files, mut kept, mut search) = (None, None, None);
        if let Some(drawing) = drawing {
            let shelf = Shelf { before: &self.files, now: Mutex::default() };
            match drawing.render(&shelf, &self.cache, progress) {
                Ok(rendered) => {
                    let now = shelf.now.into_inner().expect("BUG: nobody panics with it");
                    self.files = now.into_iter().collect();
                    files = Some(self.files.clone());
                    kept = rendered.kept;
                    search = drawing.search().cloned();
                    next.made = rendered.made;
                }
                Err(more) => {
                    findings.extend(more);
                    findings = findings.sorted();
                }
            }
        }
        self.cache = next;
        Rebuilt { sources, findings, pages, files, kept, search, walk, site }
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

    fn keep(&self, name: &str, expected: u128) -> bool {
        let there = self.before.get(name).filter(|bytes| digest(bytes) == expected);
        there.is_some_and(|bytes| {
            self.add(name, Arc::clone(bytes));
            true
        })
    }
}
