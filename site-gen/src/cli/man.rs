//! `site-gen man`.

use super::telling::Quiet;
use super::{EXIT_CODES, Ended, failed};
use crate::emit;
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Write a page for each command into this folder, such as /usr/local/share/man/man1
    #[arg(short, long, value_name = "FOLDER", value_hint = clap::ValueHint::DirPath)]
    output: Option<PathBuf>,
    #[command(flatten)]
    quiet: Quiet,
}

pub(super) fn run(arguments: &Arguments) -> Ended {
    let pages = pages();
    let Some(folder) = &arguments.output else {
        let (_, page) = &pages[0];
        anstream::print!("{page}");
        return Ended::Fine;
    };
    for (name, page) in &pages {
        let path = folder.join(name);
        if let Err(error) = emit::put(&path, page.as_bytes()) {
            return failed(error);
        }
        anstream::println!("{}", path.display());
    }
    arguments.quiet.tell(format!(
        "{} pages. Read one: man {}",
        pages.len(),
        folder.join(&pages[0].0).display()
    ));
    Ended::Fine
}

/// The file name and text of every page: first the program's own, then one for each command.
fn pages() -> Vec<(String, String)> {
    let mut command = super::Arguments::command().disable_help_subcommand(true);
    // Gives every command its full name: `site-gen new page`.
    command.build();
    let mut pages = Vec::new();
    add(&command, &mut pages);
    pages
}

fn add(command: &Command, pages: &mut Vec<(String, String)>) {
    let man =
        Man::new(command.clone()).source(concat!("site-gen ", env!("CARGO_PKG_VERSION"))).manual("Harbor");
    let mut exit = Roff::new();
    exit.control("SH", ["EXIT STATUS"]);
    for (code, meaning) in EXIT_CODES {
        exit.control("TP", []).text([roman(code.to_string())]).text([roman(meaning)]);
    }
    let mut text = Vec::new();
    man.render(&mut text).and_then(|()| exit.to_writer(&mut text)).expect("BUG: memory takes a page");
    pages.push((man.get_filename(), String::from_utf8(text).expect("BUG: a page is text")));
    command.get_subcommands().filter(|inner| !inner.is_hide_set()).for_each(|inner| add(inner, pages));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page() {
        let pages = pages();
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        for name in ["site-gen.1", "site-gen-build.1", "site-gen-new-page.1", "site-gen-fhir-export.1"] {
            assert!(names.contains(&name), "{name} is not among {names:?}");
        }
        for (name, page) in &pages {
            assert!(page.contains(".SH NAME") && page.contains("EXIT STATUS"), "{name}: {page}");
        }
    }
}
