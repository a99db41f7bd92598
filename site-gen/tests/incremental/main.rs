//! A build that takes over what earlier ones found is, byte for byte, the build that takes over nothing: after every one of
//! many random edits of a small site, for readers (the cache written down and read again each time), for the preview (which
//! remembers in memory), and for what is there to say.
//!
//! `EDITS=2000 cargo test --release --workspace --test incremental` makes more of them; `SEED` other ones.

mod ahead;
#[allow(dead_code)]
#[path = "../../../checker-rules/tests/it/random.rs"]
mod random;
mod site;

use jiff::civil::{Date, date};
use random::Dice;
use site::{Edit, Files};
use site_gen::cache::Cache;
use site_gen::cache::disk::{self, Program};
use site_gen::emit::digest;
use site_gen::progress::Progress;
use site_gen::render::{Drawing, InMemory, Take};
use site_gen::serve::{Rebuild, Rebuilt};
use site_gen::source::{SourceFile, SourceTree};
use site_gen::{Build, Choices, build, report};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

/// The program that the cache belongs to. Its real name is the digest of a file.
const PROGRAM: Program = Program { bytes: 7, looks: 70 };

/// Pages that are made anew in each build, because they are next to nothing: for what is not found in either language, and
/// for one old address.
const EACH_TIME: usize = 3;

/// An output folder in memory: what was published, and what is to be.
struct Folder {
    published: BTreeMap<String, Vec<u8>>,
    next: InMemory,
    drawn: Mutex<usize>,
}

impl Take for Folder {
    fn put(&self, name: &str, bytes: Vec<u8>) {
        *self.drawn.lock().expect("nobody panics with it") += usize::from(name.ends_with(".html"));
        self.next.put(name, bytes);
    }

    fn keep(&self, name: &str, expected: u128) -> bool {
        let there = self.published.get(name).filter(|bytes| digest(bytes) == expected);
        there.is_some_and(|bytes| {
            self.next.put(name, bytes.clone());
            true
        })
    }
}

/// A site that is built again and again.
struct Incremental {
    published: BTreeMap<String, Vec<u8>>,
    /// As it lies on disk.
    cache: Vec<u8>,
    drawn: usize,
    kept: usize,
}

impl Incremental {
    fn build(&mut self, sources: &SourceTree, choices: &Choices) -> Build {
        let cache = disk::from_bytes(&self.cache, PROGRAM).unwrap_or_default();
        let published = std::mem::take(&mut self.published);
        let folder = Folder { published, next: InMemory::default(), drawn: Mutex::new(0) };
        let built = build(sources, choices, &folder, &cache, &Progress::default());
        let Folder { published, next, drawn } = folder;
        self.published = published;
        if built.rendered.is_some() {
            self.published = next.into_inner().expect("nobody panics with it");
            let drawn = drawn.into_inner().expect("nobody panics with it");
            self.drawn += drawn;
            self.kept += self.published.keys().filter(|name| name.ends_with(".html")).count() - drawn;
            if let Some(next) = &built.cache {
                self.cache = disk::to_bytes(next, &cache, PROGRAM).expect("a cache can be written down");
            }
        }
        built
    }
}

fn tree(files: &Files) -> SourceTree {
    SourceTree::new(files.iter().map(|(path, bytes)| SourceFile { path: path.clone(), bytes: bytes.clone() }))
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Everything that a build says and makes, to be compared.
fn said(built: &Build, sources: &SourceTree) -> String {
    let held: Vec<String> = built.held_back.iter().map(|held| format!("{held:?}")).collect();
    format!("{} pages; {held:?}\n{}", built.pages, report::human(&built.findings, sources))
}

/// A site under many hands: edit after edit, good ones and mistakes.
struct Desk {
    dice: Dice,
    files: Files,
    choices: Choices,
    good: (Files, Choices),
    /// How many sites in a row could not be built.
    bad: usize,
    history: Vec<String>,
}

impl Desk {
    fn new(choices: Choices) -> Self {
        let files = site::files();
        Desk {
            dice: Dice::new(number("SEED", 1) as u64),
            good: (files.clone(), choices.clone()),
            files,
            choices,
            bad: 0,
            history: Vec::new(),
        }
    }

    /// The site after one more edit. The first is the site as it is.
    fn next(&mut self) -> SourceTree {
        let edit = if self.history.is_empty() {
            Edit::None
        } else if self.dice.below(400) == 0 {
            // Another branch, with none of what was done.
            self.files = site::files();
            Edit::Undo("everything".to_owned())
        } else {
            site::edit(&mut self.dice, &mut self.files, &mut self.choices)
        };
        self.history.push(format!("{edit:?}"));
        tree(&self.files)
    }

    /// Somebody mends what could not be built, sooner or later: a mistake that stays hides all that comes after it.
    fn judged(&mut self, went_well: bool) {
        if went_well {
            self.bad = 0;
            self.good = (self.files.clone(), self.choices.clone());
            return;
        }
        self.bad += 1;
        if self.bad == 3 || self.dice.chance(50) {
            (self.files, self.choices) = self.good.clone();
        }
    }

    fn when(&self) -> String {
        let last = self.history.len().saturating_sub(4);
        format!("edit {}, the last: {:?}", self.history.len() - 1, &self.history[last..])
    }
}

fn choices(preview: bool) -> Choices {
    Choices { drafts: false, base_url: None, today: date(2026, 11, 22), preview }
}

/// What is built from nothing.
fn clean(desk: &Desk) -> (Build, BTreeMap<String, Vec<u8>>) {
    let out = InMemory::default();
    let built = build(&tree(&desk.files), &desk.choices, &out, &Cache::default(), &Progress::default());
    (built, out.into_inner().expect("nobody panics with it"))
}

#[test]
fn a_build_with_a_cache_is_the_build_without() {
    let edits = number("EDITS", 500);
    let mut desk = Desk::new(choices(false));
    let mut incremental = Incremental { published: BTreeMap::new(), cache: Vec::new(), drawn: 0, kept: 0 };
    let mut good = 0;
    for _ in 0..=edits {
        let sources = desk.next();
        if desk.dice.chance(3) {
            damage(&mut desk.dice, &mut incremental);
        }
        let with = incremental.build(&sources, &desk.choices);
        let (without, files) = clean(&desk);
        assert_eq!(said(&with, &sources), said(&without, &sources), "{}", desk.when());
        assert_eq!(with.rendered.is_some(), without.rendered.is_some(), "{}", desk.when());
        if without.rendered.is_some() {
            good += 1;
            same(&incremental.published, &files, &desk.when());
        }
        desk.judged(without.rendered.is_some());
    }
    println!(
        "{edits} edits: {good} builds went well; {} pages were drawn and {} kept. All were as clean builds are.",
        incremental.drawn, incremental.kept
    );
    assert!(
        good > edits / 2,
        "only {good} of {edits} sites could be built: the edits are too wild to tell much"
    );
    assert!(incremental.kept > incremental.drawn / 2, "next to nothing was taken over");
}

#[test]
fn a_preview_shows_after_every_save_what_a_fresh_start_shows() {
    let edits = number("EDITS", 500);
    let mut desk = Desk::new(choices(true));
    let mut preview = Rebuild::new(Path::new("."));
    let (mut good, mut drawn) = (0, 0);
    for _ in 0..=edits {
        let sources = desk.next();
        let Rebuilt { mut findings, pages, drawing, .. } =
            preview.build(sources.clone(), &desk.choices, &Progress::default());
        let (fresh, files) = clean(&desk);
        let mut shown = None;
        if let Some(drawing) = drawing {
            let early = (early(&drawing, &files), drawing.headers());
            match preview.finish(&drawing, &Progress::default()) {
                Ok(finished) => shown = Some((early, finished.files)),
                Err(more) => {
                    findings.extend(more);
                    findings = findings.sorted();
                }
            }
        }
        let told = |findings| report::human(findings, &sources);
        assert_eq!(told(&findings), told(&fresh.findings), "{}", desk.when());
        assert_eq!((pages, shown.is_some()), (fresh.pages, fresh.rendered.is_some()), "{}", desk.when());
        if let Some(((early, headers), shown)) = shown {
            good += 1;
            drawn += early.len();
            assert_eq!(headers.as_bytes(), files["_headers"], "{}", desk.when());
            for (name, bytes) in early {
                assert_eq!(Some(&bytes), files.get(&name), "{name} drawn ahead, {}", desk.when());
            }
            let shown = shown.iter().map(|(name, bytes)| (name.clone(), bytes.to_vec())).collect();
            same(&shown, &files, &desk.when());
        }
        desk.judged(fresh.rendered.is_some());
    }
    println!(
        "{edits} saves: {good} could be shown, {drawn} files ahead of the rest. All were as fresh starts are."
    );
    assert!(good > edits / 2, "only {good} of {edits} sites could be shown");
    assert!(drawn > good * 5, "next to nothing was drawn ahead");
}

/// What the preview shows of a site before its files are made, under the names that they will have.
fn early(drawing: &Drawing, files: &BTreeMap<String, Vec<u8>>) -> Vec<(String, Vec<u8>)> {
    files.keys().filter_map(|name| Some((name.clone(), drawing.file(name)?))).collect()
}

/// Something happens to what lies on disk.
fn damage(dice: &mut Dice, incremental: &mut Incremental) {
    if dice.chance(50) && !incremental.cache.is_empty() {
        let at = dice.below(incremental.cache.len());
        incremental.cache[at] ^= 1 << dice.below(8);
        return;
    }
    let names: Vec<String> = incremental.published.keys().cloned().collect();
    if let Some(name) = names.get(dice.below(names.len())) {
        if dice.chance(50) {
            incremental.published.remove(name);
        } else {
            incremental.published.insert(name.clone(), b"somebody was here".to_vec());
        }
    }
}

fn same(got: &BTreeMap<String, Vec<u8>>, expected: &BTreeMap<String, Vec<u8>>, when: &str) {
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(got), names(expected), "{when}");
    for (name, bytes) in expected {
        let got = &got[name];
        if got != bytes {
            let at = got.iter().zip(bytes).position(|(a, b)| a != b).unwrap_or(got.len().min(bytes.len()));
            let around = |bytes: &[u8]| {
                let part = &bytes[at.saturating_sub(80)..(at + 80).min(bytes.len())];
                String::from_utf8_lossy(part).into_owned()
            };
            panic!(
                "{name} is not that of a clean build, {when}\nis     {}\nshould {}",
                around(got),
                around(bytes)
            );
        }
    }
}

#[test]
fn nothing_is_drawn_where_nothing_changed_and_one_page_where_one_did() {
    let mut files = site::files();
    let choices = choices(false);
    let mut incremental = Incremental { published: BTreeMap::new(), cache: Vec::new(), drawn: 0, kept: 0 };
    assert!(incremental.build(&tree(&files), &choices).rendered.is_some());
    incremental.drawn = 0;
    incremental.build(&tree(&files), &choices);
    assert_eq!(incremental.drawn, 0, "nothing changed");

    let page = files.get_mut("content/en/pages/visit/prepare.md").expect("a page");
    page.extend_from_slice(b"\nCome rested.\n");
    incremental.build(&tree(&files), &choices);
    assert_eq!(incremental.drawn, EACH_TIME + 1, "one text changed");

    incremental.drawn = 0;
    let tomorrow = Choices { today: choices.today.tomorrow().unwrap_or(Date::MAX), ..choices.clone() };
    incremental.build(&tree(&files), &tomorrow);
    assert_eq!(incremental.drawn, EACH_TIME, "another day, the same pages");
}
