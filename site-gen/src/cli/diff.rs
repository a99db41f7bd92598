//! `site-gen diff`.

use super::{Ended, failed, only, print};
use crate::checker::{self, CheckerDiff, Loaded};
use crate::discover::discover;
use crate::finding::{Finding, Findings, Severity};
use crate::report;
use crate::source::SourceTree;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The folder of the site as it was (it holds content/)
    #[arg(value_name = "OLD_ROOT")]
    old: PathBuf,
    /// The folder of the site as it is now
    #[arg(value_name = "NEW_ROOT")]
    new: PathBuf,
    /// Only this checker
    #[arg(long, value_name = "ID")]
    checker: Option<String>,
    /// What ends the run with exit code 1
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Option<Deny>,
    /// How to print the difference
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// What must not be in a difference.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Deny {
    /// A set of answers that gets a better result than before, or one that cannot be told from a better one
    Better,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// For a person
    Human,
    /// One JSON object
    Json,
}

impl From<Format> for report::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Human => report::Format::Human,
            Format::Json => report::Format::Json,
        }
    }
}

/// One of the two sites.
struct Version<'a> {
    root: &'a Path,
    sources: SourceTree,
    loaded: Loaded,
}

impl<'a> Version<'a> {
    fn read(root: &'a Path) -> Result<Self, Ended> {
        let sources = discover(root).map_err(failed)?;
        let loaded = checker::load(&sources);
        Ok(Version { root, sources, loaded })
    }

    /// Ids of all its checkers, readable or not.
    fn ids(&self) -> BTreeSet<String> {
        checker::folders(&self.sources)
    }

    /// Prints the errors of this site. They are the answer when a checker cannot be read.
    fn refuse(&self, format: Format) -> Ended {
        let errors = self.loaded.findings.errors();
        if format == Format::Human {
            anstream::eprintln!("{} cannot be compared before this is mended:\n", self.root.display());
        }
        let more = Map::from_iter([("root".to_owned(), Value::from(self.root.display().to_string()))]);
        print(&errors.sorted(), &self.sources, format.into(), more);
        Ended::Findings
    }
}

pub(super) fn run(arguments: &Arguments) -> Ended {
    let versions = Version::read(&arguments.old).and_then(|old| Ok((old, Version::read(&arguments.new)?)));
    match versions {
        Ok((old, new)) => compare(arguments, &old, &new),
        Err(ended) => ended,
    }
}

fn compare(arguments: &Arguments, old: &Version<'_>, new: &Version<'_>) -> Ended {
    let format = arguments.format;
    let wanted = |id: &String| arguments.checker.as_ref().is_none_or(|wanted| wanted == id);
    let chosen =
        |version: &Version<'_>| -> BTreeSet<String> { version.ids().into_iter().filter(wanted).collect() };
    let (before, after) = (chosen(old), chosen(new));
    if before.is_empty() && after.is_empty() {
        let finding = match &arguments.checker {
            Some(id) => new.loaded.unknown(id),
            None => no_checker(),
        };
        print(&only(finding), &new.sources, format.into(), Map::new());
        return Ended::Findings;
    }
    for (version, ids) in [(old, &before), (new, &after)] {
        if ids.iter().any(|id| version.loaded.find(id).is_none()) {
            return version.refuse(format);
        }
    }
    let mut diffs: Vec<CheckerDiff<'_>> = Vec::new();
    let mut findings = Findings::new();
    for id in before.intersection(&after) {
        let (Some(old), Some(new)) = (old.loaded.find(id), new.loaded.find(id)) else { continue };
        match checker::diff(old, new) {
            Ok(diff) => diffs.push(diff),
            Err(finding) => findings.push(finding),
        }
    }
    if findings.has_errors() {
        print(&findings, &new.sources, format.into(), Map::new());
        return Ended::Findings;
    }
    let added: Vec<&String> = after.difference(&before).collect();
    let removed: Vec<&String> = before.difference(&after).collect();
    match format {
        Format::Json => {
            let diffs: Vec<Value> = diffs.iter().map(CheckerDiff::to_json).collect();
            let whole = json!({ "checkers": diffs, "added": added, "removed": removed });
            anstream::println!("{whole:#}");
        }
        Format::Human => {
            let mut texts: Vec<String> = diffs.iter().map(CheckerDiff::to_text).collect();
            texts.extend(
                added
                    .iter()
                    .map(|id| format!("{id}: this checker is new. There is nothing to compare it with.\n")),
            );
            texts.extend(removed.iter().map(|id| format!("{id}: this checker is gone.\n")));
            anstream::print!("{}", texts.join("\n"));
        }
    }
    if arguments.deny == Some(Deny::Better) {
        diffs.iter().filter_map(CheckerDiff::better).for_each(|finding| findings.push(finding));
    }
    if !findings.has_errors() {
        return Ended::Fine;
    }
    // The JSON has said it already, and must stay one object.
    if format == Format::Human {
        anstream::println!();
        print(&findings, &new.sources, format.into(), Map::new());
    }
    Ended::Findings
}

fn no_checker() -> Finding {
    Finding {
        code: "unknown-checker",
        severity: Severity::Error,
        place: None,
        message: "Neither folder has a checker".to_owned(),
        help: Some("Name two folders that hold content/checkers/".to_owned()),
    }
}
