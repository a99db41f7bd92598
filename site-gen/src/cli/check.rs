//! `site-gen check`.

use super::telling::{Bar, Telling, table, time};
use super::{Deny, Ended, SiteArguments, ended, failed, tell};
use crate::cache::Cache;
use crate::progress::{Progress, Stage};
use crate::render::Nowhere;
use crate::report::{Format, count, summary};
use crate::{Choices, build};
use serde_json::Map;
use std::sync::Arc;
use std::time::Instant;

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
    #[command(flatten)]
    telling: Telling,
}

pub(super) fn run(arguments: &Arguments) -> Ended {
    let started = Instant::now();
    let telling = arguments.telling;
    let progress = Arc::new(Progress::default());
    let bar = Bar::watch(&progress, telling);
    progress.enter(Stage::Read, 0);
    let sources = match arguments.site.discover() {
        Ok(sources) => sources,
        Err(error) => {
            drop(bar);
            return failed(error);
        }
    };
    progress.count("files", sources.iter().count());
    // Everything but writing: what `check` passes, `build` publishes. Drafts are looked at, too,
    // because their author wants to know.
    let choices = Choices { drafts: true, base_url: None, today: arguments.site.today(), preview: false };
    let built = build(&sources, &choices, &Nowhere, &Cache::default(), &progress);
    progress.end();
    drop(bar);
    let mut more = Map::new();
    more.insert("pages".into(), built.pages.into());
    // What ends the run is told even to whoever wants quiet.
    let told = Telling { quiet: telling.quiet && arguments.deny.is_none(), ..telling };
    tell(&built.findings, &sources, arguments.format, told, more);
    if arguments.format == Format::Human && !telling.quiet {
        if telling.verbose {
            anstream::eprint!("{}", table(&progress));
        }
        let took = time(started.elapsed());
        let pages = count(built.pages, "page", "pages");
        anstream::eprintln!("Checked {pages} in {took}: {}.", summary(&built.findings));
    }
    ended(&built.findings, arguments.deny)
}
