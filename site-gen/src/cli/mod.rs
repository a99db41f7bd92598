//! The command line: arguments, one function a command, exit codes. Results go to stdout, messages to
//! stderr; colours only where a person reads them.

mod answer;
mod build;
mod check;
mod completions;
mod diff;
mod explain;
mod fhir;
mod list;
mod man;
mod new;
mod review;
mod serve;
mod telling;
mod verify;

use crate::discover::{DiscoverError, discover_again};
use crate::finding::{Finding, Findings, Severity};
use crate::link::Site;
use crate::report::{self, Format};
use crate::source::SourceTree;
use crate::{Choices, join};
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueHint};
use jiff::civil::Date;
use std::fmt::Display;
use std::path::PathBuf;
use std::process::ExitCode;
use telling::Telling;

/// How a run ended, as its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// Nothing stands in the way. Exit code 0.
    Fine,
    /// The author has something to mend. Exit code 1.
    Findings,
    /// Wrong usage, or the machine failed. Exit code 2.
    Failed,
}

/// Each exit code with its meaning.
const EXIT_CODES: [(u8, &str); 3] = [
    (0, "Nothing stands in the way."),
    (1, "There is something to mend: an error in the content, or a warning under --deny warnings."),
    (2, "The command was written wrongly, or the machine failed; the message says which file or folder."),
];

/// What stands below the list of commands.
const FIRST_STEPS: &str = "\
First steps:
  site-gen new site my-clinic     start a site in a new folder
  site-gen serve -r my-clinic     see it in a browser while you write
  site-gen check -r my-clinic     what needs mending, worst first
  site-gen build -r my-clinic     write it to my-clinic/public, ready for any web host

Exit codes: 0 fine; 1 something to mend in the content; 2 wrong usage, or the machine failed.";

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> Self {
        ExitCode::from(match ended {
            Ended::Fine => 0,
            Ended::Findings => 1,
            Ended::Failed => 2,
        })
    }
}

/// Turns a folder of content into an honest, private, checked patient-education site.
#[derive(Parser)]
#[command(
    name = "site-gen",
    version,
    max_term_width = 100,
    arg_required_else_help = true,
    subcommand_required = true,
    after_help = FIRST_STEPS
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the site into a folder that any web host can serve
    Build(build::Arguments),
    /// Preview the site on this machine, rebuilt at every save
    Serve(serve::Arguments),
    /// Say what needs mending; nothing is written
    Check(check::Arguments),
    /// Say what is proved about the questionnaires, and over how many sets of answers
    Verify(verify::Arguments),
    /// Work out the result of one set of answers
    Answer(answer::Arguments),
    /// Exchange questionnaires with other programs, as FHIR R4
    #[command(subcommand)]
    Fhir(fhir::Fhir),
    /// Compare two versions of the questionnaires: which sets of answers now get another result
    Diff(diff::Arguments),
    /// Start something new
    #[command(subcommand)]
    New(new::New),
    /// Mark a whole page as reviewed: by whom, when, and in which wording
    Review(review::Arguments),
    /// List what is due, drafts, translations, evidence, or how hard pages are to read
    List(list::Arguments),
    /// Explain a finding's code: why it matters, a wrong and a right example
    Explain(explain::Arguments),
    /// Print completions for a shell
    Completions(completions::Arguments),
    /// Print the manual page, or write one for each command
    Man(man::Arguments),
}

/// Which site, and which day it is.
#[derive(Args, Clone, Debug)]
struct SiteArguments {
    /// The folder that holds content/ (and themes/, where the clinic has one)
    #[arg(short, long, default_value = ".", value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    root: PathBuf,
    /// The day to take for today, as 2026-11-22 [default: SOURCE_DATE_EPOCH, else the clock]
    #[arg(long, value_name = "DATE", value_parser = date)]
    today: Option<Date>,
}

impl SiteArguments {
    fn discover(&self) -> Result<SourceTree, DiscoverError> {
        discover_again(&self.root)
    }

    fn today(&self) -> Date {
        today(self.today)
    }

    /// The site with its drafts, unchecked: what the commands about single pages look at.
    fn join(&self) -> Result<(SourceTree, Site, Findings), DiscoverError> {
        let sources = self.discover()?;
        let choices = Choices { drafts: true, base_url: None, today: self.today(), preview: false };
        let (site, findings) = join(&sources, &choices);
        Ok((sources, site, findings))
    }
}

/// The day that was given, else the one of the environment, else the clock's. The only place that asks the clock.
fn today(given: Option<Date>) -> Date {
    given
        .or_else(|| {
            let seconds = std::env::var("SOURCE_DATE_EPOCH").ok()?.parse().ok()?;
            let moment = jiff::Timestamp::from_second(seconds).ok()?;
            Some(moment.to_zoned(jiff::tz::TimeZone::UTC).date())
        })
        .unwrap_or_else(|| jiff::Zoned::now().date())
}

/// Takes any text and names these to a shell's completions. What does not fit is told by the command, in its own words.
#[derive(Clone)]
struct Offered<F>(F);

impl<F, I> TypedValueParser for Offered<F>
where
    F: Fn() -> I + Clone + Send + Sync + 'static,
    I: Iterator<Item = &'static str> + 'static,
{
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.0)().map(PossibleValue::new)))
    }
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write the date as year, month, day: 2026-11-22".to_string())
}

/// Runs the program and says how it ended.
pub fn run() -> ExitCode {
    let ended = match Arguments::parse().command {
        Command::Build(arguments) => build::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Answer(arguments) => answer::run(&arguments),
        Command::Fhir(fhir) => fhir::run(&fhir),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::New(new) => new::run(&new),
        Command::Review(arguments) => review::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    };
    ended.into()
}

/// Says why the machine could not do its work.
fn failed(why: impl Display) -> Ended {
    anstream::eprintln!("error: {why}");
    Ended::Failed
}

/// Prints findings in their form. People read them on stderr, programs on stdout.
fn print(
    findings: &Findings,
    sources: &SourceTree,
    format: Format,
    more: serde_json::Map<String, serde_json::Value>,
) {
    match format {
        Format::Human => {
            anstream::eprint!("{}", report::human(findings, sources));
            if let Some(worst) = findings.iter().next() {
                anstream::eprintln!("More about a finding: site-gen explain {}", worst.code);
            }
        }
        Format::Json => anstream::print!("{}", report::json(findings, sources, more)),
        Format::Github => anstream::print!("{}", report::github(findings, sources)),
    }
}

/// Prints the findings of a whole site. Who wants quiet reads of errors only; a program always gets all of them.
fn tell(
    findings: &Findings,
    sources: &SourceTree,
    format: Format,
    telling: Telling,
    more: serde_json::Map<String, serde_json::Value>,
) {
    if format == Format::Human && telling.quiet {
        print(&findings.errors(), sources, format, more);
    } else {
        print(findings, sources, format, more);
    }
}

/// Findings that have no site around them: a wrong id, an answer that does not fit.
fn refuse(findings: Findings, sources: &SourceTree, format: Format) -> Ended {
    print(&findings.sorted(), sources, format, serde_json::Map::new());
    Ended::Findings
}

/// One finding as a list.
fn only(finding: Finding) -> Findings {
    let mut findings = Findings::new();
    findings.push(finding);
    findings
}

/// What to treat as an error.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Deny {
    /// Warnings end the run like errors do
    Warnings,
}

fn ended(findings: &Findings, deny: Option<Deny>) -> Ended {
    let denied = deny == Some(Deny::Warnings) && findings.count(Severity::Warning) > 0;
    if findings.has_errors() || denied { Ended::Findings } else { Ended::Fine }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn dates_are_read_in_one_way_only() {
        assert_eq!(date("2026-11-22"), Ok(jiff::civil::date(2026, 11, 22)));
        assert!(date("22/11/2026").is_err());
        assert!(date("2026-02-30").is_err());
    }
}
