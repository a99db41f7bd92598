//! `site-gen list`.

use super::{Ended, SiteArguments, failed, print};
use crate::list::{self, Kind};
use crate::report::Format;
use serde_json::Map;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// What to list
    #[arg(value_enum)]
    kind: Kind,
    #[command(flatten)]
    site: SiteArguments,
    /// How to print it
    #[arg(long, value_enum, default_value = "human")]
    format: ListFormat,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum ListFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// For calendars (iCalendar): what has a day
    Calendar,
}

pub(super) fn run(arguments: &Arguments) -> Ended {
    let (sources, site, findings) = match arguments.site.join() {
        Ok(joined) => joined,
        Err(error) => return failed(error),
    };
    let today = arguments.site.today();
    if findings.has_errors() && site.pages.iter().all(|page| page.file.is_none()) {
        // Nothing could be read: the list would be empty, and say that all is well.
        print(&findings.sorted(), &sources, Format::Human, Map::new());
        return Ended::Findings;
    }
    let rows = list::list(arguments.kind, &site, &sources, today);
    match arguments.format {
        ListFormat::Human => anstream::print!("{}", list::human(arguments.kind, &rows)),
        ListFormat::Json => {
            anstream::println!("{}", serde_json::to_string_pretty(&rows).expect("BUG: rows are always JSON"))
        }
        ListFormat::Calendar => anstream::print!("{}", list::calendar(&rows, &site.settings.name, today)),
    }
    Ended::Fine
}
