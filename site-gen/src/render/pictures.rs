//! The files for readers beside the pages: pictures as copies, everything else as it is.

use super::file_of;
use super::finish::Finish;
use crate::finding::Findings;
use crate::link::Site;
use crate::picture::{Drawn, Picture, draw};
use crate::progress::Progress;
use crate::source::SourceTree;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Hands all of them on, and gives what the next build can take over.
pub(super) fn add(
    site: &Site,
    sources: &SourceTree,
    finish: &Finish<'_>,
    findings: &mut Findings,
    progress: &Progress,
) -> BTreeMap<String, Vec<u8>> {
    let mut pictures = Vec::new();
    let mut kept_for_next = BTreeMap::new();
    // A page and a file of one name: the page has it.
    let is_page = |name: &str| site.pages.iter().any(|page| file_of(&page.url) == name);
    let clashes = |address: &str| address.ends_with(".html") && is_page(&name_of(address));
    for (address, file) in site.files.iter().filter(|(address, _)| !clashes(address)) {
        match site.pictures.get(file).and_then(Option::as_ref) {
            Some(picture) if picture.kept_at().is_some() => pictures.push((address, *file, picture)),
            _ => {
                finish.put(&name_of(address), sources.file(*file).bytes.clone());
            }
        }
    }
    let drawn: Vec<_> = pictures
        .into_par_iter()
        .map(|(address, file, picture)| {
            let bytes = &sources.file(file).bytes;
            let kept = picture.kept_at().and_then(|path| sources.find(&path));
            let kept = kept.and_then(|(_, kept)| Drawn::from_bytes(&kept.bytes));
            let kept = kept.filter(|kept| is_for(kept, picture));
            let anew = kept.is_none();
            (address, file, picture, anew, kept.map_or_else(|| draw(picture, bytes), Ok))
        })
        .collect();
    let anew = drawn.iter().filter(|(_, _, _, anew, _)| *anew).count();
    for (what, number) in [("pictures drawn", anew), ("pictures from an earlier build", drawn.len() - anew)] {
        if number > 0 {
            progress.count(what, number);
        }
    }
    for (address, file, picture, _, drawn) in drawn {
        match drawn {
            Ok(drawn) => {
                kept_for_next.insert(picture.key.clone(), drawn.to_bytes());
                finish.put(&name_of(address), drawn.fallback);
                for (width, bytes) in drawn.sized {
                    finish.put(&name_of(&picture.copy_at(address, width)), bytes);
                }
            }
            Err(fault) => findings.push(fault.finding(file)),
        }
    }
    kept_for_next
}

/// The bytes that readers get at a path below the output folder, where a picture is.
pub(super) fn at(site: &Site, sources: &SourceTree, name: &str) -> Option<Vec<u8>> {
    let (_, file) = site.files.iter().find(|(address, _)| name_of(address) == name)?;
    let bytes = &sources.file(*file).bytes;
    let Some(picture) = site.pictures.get(file).and_then(Option::as_ref) else { return Some(bytes.clone()) };
    let Some(path) = picture.kept_at() else { return Some(bytes.clone()) };
    let kept = sources.find(&path).and_then(|(_, kept)| Drawn::from_bytes(&kept.bytes));
    let kept = kept.filter(|kept| is_for(kept, picture));
    kept.map_or_else(|| draw(picture, bytes).ok(), Some).map(|drawn| drawn.fallback)
}

fn is_for(kept: &Drawn, picture: &Picture) -> bool {
    kept.sized.iter().map(|(width, _)| *width).eq(picture.widths())
}

/// The file at an address.
fn name_of(address: &str) -> String {
    address.trim_start_matches('/').replace("%20", " ")
}
