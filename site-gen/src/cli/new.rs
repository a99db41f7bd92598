//! `site-gen new`.

use super::{Ended, failed};
use crate::new;
use std::path::PathBuf;

#[derive(clap::Subcommand)]
pub(super) enum New {
    /// Start a page, as a draft with headings and tips
    Page(PageArguments),
}

#[derive(clap::Args)]
pub(super) struct PageArguments {
    /// Its address: section/name
    #[arg(value_name = "SECTION/NAME")]
    address: String,
    /// What it is: condition, treatment, risk, prepare, aftercare, cost, faq, about or section
    #[arg(long)]
    kind: String,
    /// Its language
    #[arg(long, default_value = "en", value_name = "TAG")]
    lang: String,
    /// The folder that holds content/
    #[arg(short, long, default_value = ".", value_name = "FOLDER")]
    root: PathBuf,
}

pub(super) fn run(new: &New) -> Ended {
    let New::Page(arguments) = new;
    match new::page(&arguments.root, &arguments.lang, &arguments.address, &arguments.kind) {
        Ok(path) => {
            anstream::println!("{}", path.display());
            anstream::eprintln!(
                "It is a draft: see it with `site-gen serve --drafts`, and take out `draft: true` when it is ready."
            );
            Ended::Fine
        }
        Err(error) => failed(error),
    }
}
