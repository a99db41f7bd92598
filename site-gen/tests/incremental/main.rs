//! A build that takes over what earlier ones found is, byte for byte, the build that takes over nothing: after every one of
//! many random edits of a small site, both for readers (the cache written down and read again each time) and for what is
//! there to say.
//!
//! `EDITS=2000 cargo test --release --workspace --test incremental` makes more of them; `SEED` other ones.

#[allow(dead_code)]
#[path = "../../../checker-rules/tests/it/random.rs"]
mod random;
mod site;

use jiff::civil::{Date, date};
use random::Dice;
use site::{Edit, Files};
use site_gen::cache::{Cache, disk};
use site_gen::emit::digest;
use site_gen::progress::Progress;
use site_gen::render::{InMemory, Take};
use site_gen::source::{SourceFile, SourceTree};
use site_gen::{Build, Choices, build, report};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// The program that the cache belongs to. Its real name is the digest of a file.
const PROGRAM: u128 = 7;

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
                self.cache = disk::to_bytes(next, PROGRAM).expect("a cache can be written down");
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

#[test]
fn a_build_with_a_cache_is_the_build_without() {
    let edits = number("EDITS", 120);
    let mut dice = Dice::new(number("SEED", 1) as u64);
    let mut files = site::files();
    let mut choices = Choices { drafts: false, base_url: None, today: date(2026, 11, 22), preview: false };
    let mut incremental = Incremental { published: BTreeMap::new(), cache: Vec::new(), drawn: 0, kept: 0 };
    let (mut good, mut history) = (0, Vec::new());
    for round in 0..=edits {
        // The first build is of the site as it is.
        let before = files.clone();
        let edit = if round == 0 { Edit::None } else { site::edit(&mut dice, &mut files, &mut choices) };
        history.push(format!("{edit:?}"));
        if dice.chance(3) {
            damage(&mut dice, &mut incremental);
        }
        let sources = tree(&files);
        let with = incremental.build(&sources, &choices);
        let clean = InMemory::default();
        let without = build(&tree(&files), &choices, &clean, &Cache::default(), &Progress::default());
        let recent = &history[history.len().saturating_sub(4)..];
        assert_eq!(said(&with, &sources), said(&without, &sources), "edit {round}, the last: {recent:?}");
        assert_eq!(with.rendered.is_some(), without.rendered.is_some(), "edit {round}: {recent:?}");
        if without.rendered.is_some() {
            good += 1;
            let clean = clean.into_inner().expect("nobody panics with it");
            same(&incremental.published, &clean, &format!("edit {round}, the last: {recent:?}"));
        } else if dice.chance(60) {
            // A mistake is mended, or it hides what comes after it.
            files = before;
        }
    }
    println!(
        "{edits} edits: {good} builds went well; {} pages were drawn and {} kept. All were as clean builds are.",
        incremental.drawn, incremental.kept
    );
    assert!(
        good > edits / 3,
        "only {good} of {edits} sites could be built: the edits are too wild to tell much"
    );
    assert!(incremental.kept > incremental.drawn / 2, "next to nothing was taken over");
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
    let choices = Choices { drafts: false, base_url: None, today: date(2026, 11, 22), preview: false };
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
