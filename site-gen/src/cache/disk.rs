//! The cache between two runs of the program: one file, read whole or not believed at all.
//!
//! It begins with the digest of everything that follows, and that begins with the program that wrote it. So another
//! program's cache, one that was cut short, and one that somebody or something has changed are all told from a good one,
//! and are worth nothing: the build then works everything out again.

use super::{Cache, Judged, Made, Pages, Whole};
use crate::emit::digest;
use crate::explain;
use crate::finding::{Finding, Severity};
use crate::link::HeldBack;
use crate::parse::Read;
use crate::parse::front_matter::Hidden;
use crate::source::{FileId, Place};
use hashbrown::HashMap;
use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_bytes::{ByteBuf, Bytes};
use std::borrow::Cow;
use std::sync::Arc;

/// Where it lies below the site's root.
pub const FILE: &str = ".cache/build";

/// What stands in front of the rest's digest: which kind of file this is.
const MARK: &[u8; 16] = b"site-gen cache 3";
const HEAD: usize = MARK.len() + size_of::<u128>();

/// The program that wrote a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// A digest of its bytes.
    pub bytes: u128,
    /// How its file looked, in short. A file that looks the same is not read again, as with a published page.
    pub looks: u128,
}

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

/// What is remembered of pages, each by itself, so that many can be read at once: the number of its file, and a [`Page`].
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Packed(Vec<(FileId, ByteBuf)>);

#[derive(Deserialize)]
struct WholeFile {
    pages: Packed,
    made: Vec<(String, Made)>,
    whole: Option<WholeTold>,
}

/// The same on its way to the disk: what is there already is not copied first.
#[derive(Serialize)]
struct WholeOut<'c> {
    pages: Vec<(FileId, Cow<'c, Bytes>)>,
    made: Vec<(&'c str, &'c Made)>,
    whole: Option<WholeTold>,
}

/// A whole build: its key, how many pages it has, which are left out, and what there was to say.
type WholeTold = (u128, usize, Vec<HeldFile>, Vec<Told>);

/// A page that is left out: its file, and why.
type HeldFile = (u32, u8, Option<Date>);

/// The bytes of a cache that this program writes, after one in which many pages may be the same. `None` if something cannot
/// be written down.
pub fn to_bytes(cache: &Cache, before: &Cache, program: Program) -> Option<Vec<u8>> {
    let known = cache.pages();
    let mut files: Vec<FileId> = known.read.keys().copied().collect();
    files.sort_unstable();
    let pages = files.into_par_iter().map(|file| {
        let (read, judged) = (known.read.get(&file)?, known.judged.get(&file));
        if let Some(packed) = before.packed(file, read, judged) {
            return Some((file, Cow::Borrowed(Bytes::new(packed))));
        }
        let judged =
            judged.map(|judged| (judged.key, told(&judged.linked), told(&judged.checked), judged.outdated));
        let page = Page { read: Read::clone(read), read_told: told(&read.findings), judged };
        Some((file, Cow::Owned(ByteBuf::from(postcard::to_stdvec(&page).ok()?))))
    });
    let clean = |made: &Made| made.seen.as_ref().is_none_or(|seen| seen.is_clean());
    let made = cache.made.iter().filter(|(_, made)| clean(made));
    let mut made: Vec<(&str, &Made)> = made.map(|(name, made)| (name.as_str(), made.as_ref())).collect();
    made.par_sort_unstable_by_key(|(name, _)| *name);
    let whole = cache.whole.as_ref().map(|whole| {
        let held = whole.held_back.iter().map(|held| match held.why {
            Hidden::Draft => (held.file.0, 0, None),
            Hidden::Until(day) => (held.file.0, 1, Some(day)),
            Hidden::Since(day) => (held.file.0, 2, Some(day)),
        });
        (whole.key, whole.pages, held.collect(), told(&whole.findings))
    });
    let file = WholeOut { pages: pages.collect::<Option<_>>()?, made, whole };
    // Room for about all of it, so that it is not moved as it grows.
    let packed: usize = file.pages.iter().map(|(_, bytes)| bytes.len() + 16).sum();
    let mut bytes = Vec::with_capacity(HEAD + packed + 256 * file.made.len());
    bytes.resize(HEAD, 0);
    bytes[..MARK.len()].copy_from_slice(MARK);
    let bytes = postcard::to_extend(&program, bytes).ok()?;
    let mut bytes = postcard::to_extend(&file, bytes).ok()?;
    let (head, rest) = bytes.split_at_mut(HEAD);
    head[MARK.len()..].copy_from_slice(&digest(rest).to_le_bytes());
    Some(bytes)
}

/// A cache that is as some program wrote it.
#[derive(Clone, Copy, Debug)]
pub struct Sealed<'b> {
    /// That program.
    pub program: Program,
    rest: &'b [u8],
}

/// Looks whether these bytes are a cache, and whole.
pub fn sealed(bytes: &[u8]) -> Option<Sealed<'_>> {
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let expected = [MARK.as_slice(), &digest(rest).to_le_bytes()].concat();
    if head != expected {
        return None;
    }
    let (program, rest) = postcard::take_from_bytes(rest).ok()?;
    Some(Sealed { program, rest })
}

/// What this program wrote down; `None` where that is anything else.
pub fn from_bytes(bytes: &[u8], program: Program) -> Option<Cache> {
    sealed(bytes).filter(|sealed| sealed.program.bytes == program.bytes)?.open()
}

impl Cache {
    /// A page as it was written down, if that is still all that there is to be written.
    fn packed(&self, file: FileId, read: &Arc<Read>, judged: Option<&Arc<Judged>>) -> Option<&ByteBuf> {
        let at = self.packed.0.binary_search_by_key(&file, |(known, _)| *known).ok()?;
        let known = self.pages();
        let same = Arc::ptr_eq(known.read.get(&file)?, read)
            && match (known.judged.get(&file), judged) {
                (Some(known), Some(judged)) => Arc::ptr_eq(known, judged),
                (None, None) => true,
                _ => false,
            };
        same.then(|| &self.packed.0[at].1)
    }
}

impl Packed {
    /// All of it, or nothing where a part makes no sense.
    pub(super) fn open(&self) -> Pages {
        let pages = self.0.par_iter().map(|(file, bytes)| {
            let page: Page = postcard::from_bytes(bytes).ok()?;
            let read = Read { findings: findings(page.read_told)?, ..page.read };
            let judged = match page.judged {
                Some((key, linked, checked, outdated)) => {
                    let (linked, checked) = (findings(linked)?, findings(checked)?);
                    Some(Arc::new(Judged { key, linked, checked, outdated }))
                }
                None => None,
            };
            Some((*file, Arc::new(read), judged))
        });
        let mut all = Pages::default();
        let pages = pages.collect::<Option<Vec<_>>>().unwrap_or_default();
        all.read.reserve(pages.len());
        all.judged.reserve(pages.len());
        for (file, read, judged) in pages {
            all.judged.extend(judged.map(|judged| (file, judged)));
            all.read.insert(file, read);
        }
        all
    }
}

impl Sealed<'_> {
    /// What was written down.
    pub fn open(self) -> Option<Cache> {
        let file: WholeFile = postcard::from_bytes(self.rest).ok()?;
        // Whoever made it up: no name in it leads out of the output folder.
        let stays = |(name, made): &(String, Made)| {
            let inside = name.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.contains('\\'));
            inside && made.copies.iter().all(|(ending, _)| matches!(ending.as_str(), "br" | "gz"))
        };
        if !file.made.iter().all(stays) {
            return None;
        }
        let made =
            file.made.into_iter().map(|(name, made)| (name, Arc::new(made))).collect::<HashMap<_, _>>();
        let mut cache = Cache { packed: file.pages, ..Cache::of_files(Arc::new(made)) };
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
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: Program = Program { bytes: 5, looks: 50 };

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
            made: Arc::new(HashMap::from([("index.html".to_owned(), Arc::new(made))])),
            whole: Some(Whole { key: 1, pages: 2, held_back, findings: vec![finding] }),
            ..Cache::default()
        }
    }

    #[test]
    fn a_cache_is_read_as_it_was_written() {
        let bytes = to_bytes(&cache(), &Cache::default(), OURS).expect("bytes");
        let read = from_bytes(&bytes, OURS).expect("a cache");
        let (before, after) = (cache().whole.expect("BUG: given"), read.whole.expect("the whole"));
        assert_eq!((before.findings, before.held_back), (after.findings, after.held_back));
        assert_eq!(read.made["index.html"].copies, [("br".to_owned(), 9)]);
    }

    #[test]
    fn a_cache_whose_names_lead_out_of_the_folder_is_worth_nothing() {
        for name in ["../index.html", "/etc/passwd", "a/../../b", "a\\..\\b", ""] {
            let mut cache = cache();
            let made = Arc::make_mut(&mut cache.made).remove("index.html").expect("BUG: given");
            Arc::make_mut(&mut cache.made).insert(name.to_owned(), made);
            assert!(
                from_bytes(&to_bytes(&cache, &Cache::default(), OURS).expect("bytes"), OURS).is_none(),
                "{name}"
            );
        }
    }

    #[test]
    fn another_programs_cache_and_a_damaged_one_are_worth_nothing() {
        let bytes = to_bytes(&cache(), &Cache::default(), OURS).expect("bytes");
        assert!(from_bytes(&bytes, Program { bytes: 6, ..OURS }).is_none());
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(from_bytes(&damaged, OURS).is_none(), "byte {at}");
            assert!(from_bytes(&bytes[..at], OURS).is_none(), "cut at {at}");
        }
        assert!(from_bytes(&[], OURS).is_none());
    }
}
