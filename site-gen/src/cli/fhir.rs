//! `site-gen fhir`.

use super::telling::Quiet;
use super::{Ended, SiteArguments, date, failed, only, print, refuse, today};
use crate::checker;
use crate::emit::{create, put};
use crate::fhir;
use crate::report::{Format, summary};
use jiff::civil::Date;
use std::io::Read;
use std::path::PathBuf;

/// More than any form has. Read no further: what is longer is refused as a whole.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

#[derive(clap::Subcommand)]
pub(super) enum Fhir {
    /// Write a questionnaire as a FHIR R4 Questionnaire, and say what FHIR has no place for
    Export(ExportArguments),
    /// Look for mistakes in a FHIR R4 Questionnaire, and start a questionnaire from it
    Import(ImportArguments),
}

#[derive(clap::Args)]
pub(super) struct ExportArguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Which checker; not needed where there is only one
    #[arg(long, value_name = "ID")]
    checker: Option<String>,
    /// The file to write; - is standard output
    #[arg(short, long, default_value = "-", value_name = "FILE")]
    output: PathBuf,
}

#[derive(clap::Args)]
pub(super) struct ImportArguments {
    /// The form, as JSON; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder to write to: a site, or a new one [default: the id of the form]
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Write the files even though the form has mistakes
    #[arg(long)]
    anyway: bool,
    /// The day to take for today, as 2026-11-22 [default: SOURCE_DATE_EPOCH, else the clock]
    #[arg(long, value_name = "DATE", value_parser = date)]
    today: Option<Date>,
    #[command(flatten)]
    quiet: Quiet,
}

pub(super) fn run(fhir: &Fhir) -> Ended {
    match fhir {
        Fhir::Export(arguments) => export(arguments),
        Fhir::Import(arguments) => import(arguments),
    }
}

fn export(arguments: &ExportArguments) -> Ended {
    let sources = match arguments.site.discover() {
        Ok(sources) => sources,
        Err(error) => return failed(error),
    };
    let loaded = checker::load(&sources);
    // A form made from files with mistakes would carry them where nobody looks for them.
    if loaded.findings.has_errors() {
        return refuse(loaded.findings, &sources, Format::Human);
    }
    let checker = match (&arguments.checker, loaded.checkers.as_slice()) {
        (Some(id), _) => match loaded.find(id) {
            Some(checker) => checker,
            None => return refuse(only(loaded.unknown(id)), &sources, Format::Human),
        },
        (None, [one]) => one,
        (None, []) => return failed("this site has no checker"),
        (None, several) => {
            let ids: Vec<&str> = several.iter().map(|checker| checker.id.as_str()).collect();
            return failed(format!("name one of the checkers with --checker: {}", ids.join(", ")));
        }
    };
    let exported = fhir::export(checker, &sources);
    let mut text = serde_json::to_string_pretty(&exported.form).expect("BUG: a form is always JSON");
    text.push('\n');
    if arguments.output.as_os_str() == "-" {
        anstream::print!("{text}");
    } else if let Err(error) = put(&arguments.output, text.as_bytes()) {
        return failed(error);
    }
    let told = exported.told();
    if !told.is_empty() {
        anstream::eprint!("FHIR has no place for these, so they are not in the form as such:\n\n{told}");
    }
    Ended::Fine
}

fn import(arguments: &ImportArguments) -> Ended {
    let name = if arguments.file.as_os_str() == "-" {
        "standard input".to_owned()
    } else {
        arguments.file.to_string_lossy().replace('\\', "/")
    };
    let mut bytes = Vec::new();
    let read = if arguments.file.as_os_str() == "-" {
        std::io::stdin().take(MOST_BYTES).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(&arguments.file).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes))
    };
    if let Err(error) = read {
        return failed(format!("failed to read {name}: {error}"));
    }
    let imported = fhir::import(bytes, &name, today(arguments.today));
    print(&imported.findings, &imported.sources, Format::Human, serde_json::Map::new());
    if imported.files.is_empty() || (imported.has_errors() && !arguments.anyway) {
        anstream::eprintln!(
            "{}. Nothing was written{}.",
            summary(&imported.findings),
            if imported.files.is_empty() { "" } else { "; mend the form, or add --anyway" }
        );
        return Ended::Findings;
    }
    let folder = arguments.output.clone().unwrap_or_else(|| PathBuf::from(&imported.id));
    // A site has its own settings.
    let is_site = folder.join("content/site.toml").exists();
    let files: Vec<_> = imported.files.iter().filter(|file| !file.of_site || !is_site).collect();
    if let Some(there) = files.iter().map(|file| folder.join(&file.path)).find(|path| path.exists()) {
        return failed(format!(
            "{} is there already and is not written over; choose another folder with --output, or move it away",
            there.display()
        ));
    }
    for file in files {
        let path = folder.join(&file.path);
        if let Err(error) = create(&path, file.text.as_bytes()) {
            return failed(error);
        }
        anstream::println!("{}", path.display());
    }
    arguments.quiet.tell(format!(
        "Started the checker `{}` with {} questions and no rules: {}. Next: site-gen verify --root {}",
        imported.id,
        imported.questions,
        summary(&imported.findings),
        folder.display()
    ));
    if imported.has_errors() { Ended::Findings } else { Ended::Fine }
}
