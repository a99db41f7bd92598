//! The files for readers beside the pages: pictures as copies, everything else as it is.

use crate::emit::OutputTree;
use crate::finding::Findings;
use crate::link::Site;
use crate::picture::{Drawn, Picture, draw};
use crate::source::SourceTree;
use rayon::prelude::*;

/// Adds all of them to the output, and what the next build can take over.
pub(super) fn add(site: &Site, sources: &SourceTree, output: &mut OutputTree, findings: &mut Findings) {
    let mut pictures = Vec::new();
    for (address, file) in &site.files {
        match site.pictures.get(file).and_then(Option::as_ref) {
            Some(picture) if picture.kept_at().is_some() => pictures.push((address, *file, picture)),
            _ => {
                output.files.insert(name_of(address), sources.file(*file).bytes.clone());
            }
        }
    }
    let drawn: Vec<_> = pictures
        .into_par_iter()
        .map(|(address, file, picture)| {
            let bytes = &sources.file(file).bytes;
            let kept = picture.kept_at().and_then(|path| sources.find(&path));
            let kept = kept.and_then(|(_, kept)| Drawn::from_bytes(&kept.bytes));
            let drawn = kept.filter(|kept| is_for(kept, picture)).map_or_else(|| draw(picture, bytes), Ok);
            (address, file, picture, drawn)
        })
        .collect();
    for (address, file, picture, drawn) in drawn {
        match drawn {
            Ok(drawn) => {
                if let Some(path) = picture.kept_at() {
                    output.kept.insert(path, drawn.to_bytes());
                }
                output.files.insert(name_of(address), drawn.fallback);
                for (width, bytes) in drawn.sized {
                    output.files.insert(name_of(&picture.copy_at(address, width)), bytes);
                }
            }
            Err(fault) => findings.push(fault.finding(file)),
        }
    }
}

fn is_for(kept: &Drawn, picture: &Picture) -> bool {
    kept.sized.iter().map(|(width, _)| *width).eq(picture.widths())
}

/// The file at an address.
fn name_of(address: &str) -> String {
    address.trim_start_matches('/').replace("%20", " ")
}
