//! `site-gen check`.

use super::{Deny, Ended, SiteArguments, ended, failed, print};
use crate::cache::Cache;
use crate::render::Nowhere;
use crate::report::{Format, summary};
use crate::{Choices, build};
use serde_json::Map;

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// How to print findings
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// End with exit code 1 for these as well
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Option<Deny>,
}

pub(super) fn run(arguments: &Arguments) -> Ended {
    let sources = match arguments.site.discover() {
        Ok(sources) => sources,
        Err(error) => return failed(error),
    };
    // Everything but writing: what `check` passes, `build` publishes. Drafts are looked at, too,
    // because their author wants to know.
    let choices = Choices { drafts: true, base_url: None, today: arguments.site.today(), preview: false };
    let built = build(&sources, &choices, &Nowhere, &Cache::default());
    let mut more = Map::new();
    more.insert("pages".into(), built.pages.into());
    print(&built.findings, &sources, arguments.format, more);
    if arguments.format == Format::Human {
        anstream::eprintln!("Checked {} pages: {}.", built.pages, summary(&built.findings));
    }
    ended(&built.findings, arguments.deny)
}
