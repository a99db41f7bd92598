//! What happens to every finished file, wherever it was made: it is looked at, smaller copies of it are made, and it is
//! handed on. Nothing of it is kept but its digest, so that a large site needs little memory.

use super::privacy::{self, Inspection, Seen};
use crate::cache::{Cache, Made};
use crate::compress::Copies;
use crate::emit::digest as digest_of;
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Takes the finished files of a site, each once, in any order and from several threads. Nothing is published by that:
/// whoever made the taker decides when all is well.
pub trait Take: Sync {
    /// Takes a file: its path below the output folder (`/` between parts), and its bytes.
    fn put(&self, name: &str, bytes: Vec<u8>);

    /// Whether a file with bytes of this digest is there from an earlier build, to be part of this one as it is.
    fn keep(&self, name: &str, digest: u128) -> bool {
        let _ = (name, digest);
        false
    }

    /// Whether anybody still waits for this build. Once nobody does, no more pages are drawn for it.
    fn is_wanted(&self) -> bool {
        true
    }
}

/// Files in memory, by path.
pub type InMemory = Mutex<BTreeMap<String, Vec<u8>>>;

impl Take for InMemory {
    fn put(&self, name: &str, bytes: Vec<u8>) {
        self.lock().expect("BUG: nobody panics with it").insert(name.to_owned(), bytes);
    }
}

/// Takes nothing down: for whoever only wants to know what there is to say.
pub struct Nowhere;

impl Take for Nowhere {
    fn put(&self, _name: &str, _bytes: Vec<u8>) {}
}

/// The way out.
pub(super) struct Finish<'o> {
    out: &'o dyn Take,
    copies: Option<Copies>,
    cache: &'o Cache,
    made: Mutex<HashMap<String, Arc<Made>>>,
    /// What was seen in them since somebody asked.
    seen: Mutex<Vec<(String, Arc<Seen>)>>,
}

impl<'o> Finish<'o> {
    pub(super) fn new(out: &'o dyn Take, copies: Option<Copies>, cache: &'o Cache) -> Self {
        Finish { out, copies, cache, made: Mutex::default(), seen: Mutex::default() }
    }

    /// A finished file that depends on nothing that is worth remembering.
    pub(super) fn put(&self, name: &str, bytes: Vec<u8>) {
        self.put_for(name, 0, bytes);
    }

    /// A finished file, with the key of everything that it was made from.
    pub(super) fn put_for(&self, name: &str, key: u128, bytes: Vec<u8>) {
        let digest = digest_of(&bytes);
        let (effort, copies) = self.copies_of(name, &bytes, digest);
        let seen = privacy::look(name, &bytes).map(Arc::new);
        self.out.put(name, bytes);
        self.note(name, Arc::new(Made { key, digest, effort, copies, seen }));
    }

    /// Whether an earlier build made this file from the very same, and it is still there: then it is part of this build as
    /// well, with its copies, and there is nothing to draw.
    pub(super) fn keep(&self, name: &str, key: u128) -> bool {
        let Some(made) = self.cache.made.get(name).filter(|made| made.key == key) else { return false };
        let kept = self.copies.map_or(0, |copies| copies.effort(name)) == made.effort
            && self.out.keep(name, made.digest)
            && made.copies.iter().all(|(ending, digest)| self.out.keep(&format!("{name}.{ending}"), *digest));
        if kept {
            self.note(name, Arc::clone(made));
        }
        kept
    }

    /// Hands the copies of a file on, new ones or those that are there.
    fn copies_of(&self, name: &str, bytes: &[u8], digest: u128) -> (i32, Vec<(String, u128)>) {
        let Some(copies) = self.copies else { return (0, Vec::new()) };
        let effort = copies.effort(name);
        if let Some(made) = self.cache.made.get(name)
            && (made.digest, made.effort) == (digest, effort)
            && made.copies.iter().all(|(ending, digest)| self.out.keep(&format!("{name}.{ending}"), *digest))
        {
            return (effort, made.copies.clone());
        }
        let made = copies.of(name, bytes).into_iter().map(|(ending, copy)| {
            let of_copy = digest_of(&copy);
            self.out.put(&format!("{name}.{ending}"), copy);
            (ending.to_owned(), of_copy)
        });
        (effort, made.collect())
    }

    fn note(&self, name: &str, made: Arc<Made>) {
        if let Some(seen) = &made.seen {
            self.seen.lock().expect("BUG: nobody panics with it").push((name.to_owned(), Arc::clone(seen)));
        }
        self.made.lock().expect("BUG: nobody panics with it").insert(name.to_owned(), made);
    }

    /// What was seen since this was last asked.
    pub(super) fn inspection(&self) -> Inspection {
        Inspection::of(std::mem::take(&mut *self.seen.lock().expect("BUG: nobody panics with it")))
    }

    /// Every file that was handed on; its copies are with it.
    pub(super) fn made(self) -> HashMap<String, Arc<Made>> {
        self.made.into_inner().expect("BUG: nobody panics with it")
    }
}
