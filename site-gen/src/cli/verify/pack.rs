//! `site-gen verify --pack`: worked patients on paper, for clinicians to sign.

use super::super::{Ended, failed};
use super::subject;
use crate::checker::Checker;
use crate::checker::graph;
use crate::checker::pack::{START, page, patients};
use crate::emit;
use std::path::PathBuf;

/// How high a picture 1000 px wide may be to fit on a page of A4 or Letter, heading and margins left out.
const PAGE_HEIGHT: u16 = 1_200;

#[derive(clap::Args)]
pub(super) struct Printing {
    /// Also write a sign-off pack: worked patients to print, for clinicians to agree with or not
    #[arg(long, value_name = "FILE.html")]
    pack: Option<PathBuf>,
}

/// Writes the pack that was asked for, if one was.
pub(super) fn run(arguments: &Printing, chosen: &[&Checker], lang: Option<&str>) -> Result<(), Ended> {
    let Some(path) = &arguments.pack else { return Ok(()) };
    let (checker, language) = subject(chosen, lang)?;
    if checker.bytes.is_empty() {
        anstream::eprintln!(
            "No pack was written: nobody should sign rules of `{}` that are not proved. Mend what stands below, then print \
             the pack.",
            checker.id
        );
        return Ok(());
    }
    let patients = patients(checker).map_err(failed)?;
    let pictures = graph::pages(checker, language, None, PAGE_HEIGHT);
    let html = page(checker, language, &patients, &pictures);
    emit::write_one(path, html.as_bytes(), START).map_err(failed)?;
    anstream::eprintln!(
        "wrote {}: {} patients, {} rules",
        path.display(),
        patients.len(),
        checker.program.rules().len()
    );
    Ok(())
}
