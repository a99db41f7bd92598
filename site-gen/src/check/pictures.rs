//! Every picture is whole, to its last pixel.

use super::Subject;
use crate::finding::Findings;
use crate::picture::{Picture, examine};
use crate::source::FileId;
use rayon::prelude::*;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let new: Vec<FileId> = subject
        .site
        .pictures
        .iter()
        .filter(|(_, picture)| {
            let kept = picture.as_ref().and_then(Picture::kept_at);
            // One that a build has drawn before was whole.
            kept.is_some_and(|kept| subject.sources.find(&kept).is_none())
        })
        .map(|(file, _)| *file)
        .collect();
    let faults: Vec<_> = new
        .into_par_iter()
        .filter_map(|file| Some(examine(&subject.sources.file(file).bytes).err()?.finding(file)))
        .collect();
    for fault in faults {
        findings.push(fault);
    }
}
