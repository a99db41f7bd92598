//! The cache between two runs of the program: one file, read whole or not believed at all.
//!
//! It begins with the digest of the program that wrote it and the digest of everything that follows. So another program's
//! cache, one that was cut short, and one that somebody or something has changed are all told from a good one, and are
//! worth nothing: the build then works everything out again.

use super::{Cache, Judged, Made, Whole};
use crate::emit::digest;
use crate::explain;
use crate::finding::{Finding, Severity};
use crate::link::HeldBack;
use crate::parse::Read;
use crate::parse::front_matter::Hidden;
use crate::source::{FileId, Place};
use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// Where it lies below the site's root.
pub const FILE: &str = ".cache/build";

/// What stands in front: which kind of file this is, the program, the rest.
const MARK: &[u8; 16] = b"site-gen cache 1";
const HEAD: usize = 16 * 3;

/// A finding as it is written down.
#[derive(Serialize, Deserialize)]
struct Told {
    code: String,
    severity: Severity,
    place: Option<Place>,
    message: String,
    help: Option<String>,
}

impl Told {
    fn of(finding: &Finding) -> Self {
        Told {
            code: finding.code.to_owned(),
            severity: finding.severity,
            place: finding.place.clone(),
            message: finding.message.clone(),
            help: finding.help.clone(),
        }
    }

    /// `None` for a code that this program does not have.
    fn finding(self) -> Option<Finding> {
        let code = explain::find(&self.code)?.code;
        let Told { severity, place, message, help, .. } = self;
        Some(Finding { code, severity, place, message, help })
    }
}

fn told(findings: &[Finding]) -> Vec<Told> {
    findings.iter().map(Told::of).collect()
}

fn findings(told: Vec<Told>) -> Option<Vec<Finding>> {
    told.into_iter().map(Told::finding).collect()
}

/// What is written down about one page: what was read of it, and what there is to say.
#[derive(Serialize, Deserialize)]
struct Page {
    read: Read,
    read_told: Vec<Told>,
    judged: Option<(u128, Vec<Told>, Vec<Told>, bool)>,
}

#[derive(Serialize, Deserialize)]
struct WholeFile {
    /// Each page by itself, so that many can be read at once.
    pages: Vec<(String, Vec<u8>)>,
    made: Vec<(String, Made)>,
    whole: Option<(u128, usize, Vec<HeldFile>, Vec<Told>)>,
}

/// A page that is left out: its file, and why.
type HeldFile = (u32, u8, Option<Date>);

/// The bytes of a cache, for the program with this digest. `None` if something cannot be written down.
pub fn to_bytes(cache: &Cache, program: u128) -> Option<Vec<u8>> {
    let mut paths: Vec<&String> = cache.read.keys().collect();
    paths.sort_unstable();
    let pages = paths.into_par_iter().map(|path| {
        let read = cache.read.get(path)?;
        let judged = cache
            .judged
            .get(path)
            .map(|judged| (judged.key, told(&judged.linked), told(&judged.checked), judged.outdated));
        let page = Page { read: Read::clone(read), read_told: told(&read.findings), judged };
        Some((path.clone(), postcard::to_stdvec(&page).ok()?))
    });
    let clean = |made: &Made| made.seen.as_ref().is_none_or(|seen| seen.is_clean());
    let made = cache.made.iter().filter(|(_, made)| clean(made));
    let mut made: Vec<(String, Made)> = made.map(|(name, made)| (name.clone(), Made::clone(made))).collect();
    made.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let whole = cache.whole.as_ref().map(|whole| {
        let held = whole.held_back.iter().map(|held| match held.why {
            Hidden::Draft => (held.file.0, 0, None),
            Hidden::Until(day) => (held.file.0, 1, Some(day)),
            Hidden::Since(day) => (held.file.0, 2, Some(day)),
        });
        (whole.key, whole.pages, held.collect(), told(&whole.findings))
    });
    let file = WholeFile { pages: pages.collect::<Option<_>>()?, made, whole };
    let rest = postcard::to_stdvec(&file).ok()?;
    let mut bytes = Vec::with_capacity(HEAD + rest.len());
    bytes.extend_from_slice(MARK);
    bytes.extend_from_slice(&program.to_le_bytes());
    bytes.extend_from_slice(&digest(&rest).to_le_bytes());
    bytes.extend_from_slice(&rest);
    Some(bytes)
}

/// What the program with this digest wrote down; `None` where that is anything else.
pub fn from_bytes(bytes: &[u8], program: u128) -> Option<Cache> {
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let expected = [MARK.as_slice(), &program.to_le_bytes(), &digest(rest).to_le_bytes()].concat();
    if head != expected {
        return None;
    }
    let file: WholeFile = postcard::from_bytes(rest).ok()?;
    // Whoever made it up: no name in it leads out of the output folder.
    let stays = |(name, made): &(String, Made)| {
        let inside = name.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.contains('\\'));
        inside && made.copies.iter().all(|(ending, _)| matches!(ending.as_str(), "br" | "gz"))
    };
    if !file.made.iter().all(stays) {
        return None;
    }
    let pages = file.pages.into_par_iter().map(|(path, bytes)| {
        let page: Page = postcard::from_bytes(&bytes).ok()?;
        let read = Read { findings: findings(page.read_told)?, ..page.read };
        let judged = match page.judged {
            Some((key, linked, checked, outdated)) => {
                let (linked, checked) = (findings(linked)?, findings(checked)?);
                Some(Arc::new(Judged { key, linked, checked, outdated }))
            }
            None => None,
        };
        Some((path, Arc::new(read), judged))
    });
    let pages = pages.collect::<Option<Vec<_>>>()?;
    let mut cache = Cache {
        read: HashMap::with_capacity(pages.len()),
        judged: HashMap::with_capacity(pages.len()),
        made: file.made.into_iter().map(|(name, made)| (name, Arc::new(made))).collect(),
        whole: None,
    };
    for (path, read, judged) in pages {
        if let Some(judged) = judged {
            cache.judged.insert(path.clone(), judged);
        }
        cache.read.insert(path, read);
    }
    if let Some((key, pages, held, told)) = file.whole {
        let held = held.into_iter().map(|(file, why, day)| {
            let why = match (why, day) {
                (0, None) => Hidden::Draft,
                (1, Some(day)) => Hidden::Until(day),
                (2, Some(day)) => Hidden::Since(day),
                _ => return None,
            };
            Some(HeldBack { file: FileId(file), why })
        });
        let held_back = held.collect::<Option<Vec<_>>>()?;
        cache.whole = Some(Whole { key, pages, held_back, findings: findings(told)? });
    }
    Some(cache)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache() -> Cache {
        let finding = Finding {
            code: "link-says-nothing",
            severity: Severity::Warning,
            place: Some(Place::new(FileId(3), 4..9)),
            message: "“here” does not say where this link leads".to_owned(),
            help: None,
        };
        let held_back =
            vec![HeldBack { file: FileId(1), why: Hidden::Until(jiff::civil::date(2026, 12, 1)) }];
        let made = Made { key: 7, digest: 8, effort: 11, copies: vec![("br".to_owned(), 9)], seen: None };
        Cache {
            made: HashMap::from([("index.html".to_owned(), Arc::new(made))]),
            whole: Some(Whole { key: 1, pages: 2, held_back, findings: vec![finding] }),
            ..Cache::default()
        }
    }

    #[test]
    fn a_cache_is_read_as_it_was_written() {
        let bytes = to_bytes(&cache(), 5).expect("bytes");
        let read = from_bytes(&bytes, 5).expect("a cache");
        let (before, after) = (cache().whole.expect("BUG: given"), read.whole.expect("the whole"));
        assert_eq!((before.findings, before.held_back), (after.findings, after.held_back));
        assert_eq!(read.made["index.html"].copies, [("br".to_owned(), 9)]);
    }

    #[test]
    fn a_cache_whose_names_lead_out_of_the_folder_is_worth_nothing() {
        for name in ["../index.html", "/etc/passwd", "a/../../b", "a\\..\\b", ""] {
            let mut cache = cache();
            let made = cache.made.remove("index.html").expect("BUG: given");
            cache.made.insert(name.to_owned(), made);
            assert!(from_bytes(&to_bytes(&cache, 5).expect("bytes"), 5).is_none(), "{name}");
        }
    }

    #[test]
    fn another_programs_cache_and_a_damaged_one_are_worth_nothing() {
        let bytes = to_bytes(&cache(), 5).expect("bytes");
        assert!(from_bytes(&bytes, 6).is_none());
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(from_bytes(&damaged, 5).is_none(), "byte {at}");
            assert!(from_bytes(&bytes[..at], 5).is_none(), "cut at {at}");
        }
        assert!(from_bytes(&[], 5).is_none());
    }
}
