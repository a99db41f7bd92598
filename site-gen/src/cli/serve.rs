//! `site-gen serve`.

use super::{Ended, SiteArguments, failed};
use crate::emit::keep;
use crate::finding::Severity;
use crate::parse;
use crate::report::{human, one_line, summary};
use crate::serve::{Attempt, Options, serve};
use crate::{Choices, build};
use std::net::IpAddr;
use std::time::Instant;

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// The port to listen on
    #[arg(short, long, default_value_t = 3000)]
    port: u16,
    /// The address to listen on; the default is for this machine only
    #[arg(short, long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    interface: IpAddr,
    /// Open the site in your browser
    #[arg(long)]
    open: bool,
    /// Show drafts as well
    #[arg(long)]
    drafts: bool,
}

pub(super) fn run(arguments: &Arguments) -> Ended {
    let sources = match arguments.site.discover() {
        Ok(sources) => sources,
        Err(error) => return failed(error),
    };
    let settings = parse::settings(&sources);
    if !arguments.interface.is_loopback() {
        anstream::eprintln!(
            "note: everyone who can reach this machine at {} can see the preview",
            arguments.interface
        );
    }
    let options = Options {
        interface: arguments.interface,
        port: arguments.port,
        watch: vec![arguments.site.root.join("content"), arguments.site.root.join("themes")],
        base_path: settings.base_path,
        open: arguments.open,
        site_name: settings.name,
    };
    let site = arguments.site.clone();
    let drafts = arguments.drafts;
    match serve(&options, move || attempt(&site, drafts)) {
        Ok(()) => Ended::Fine,
        Err(error) => failed(error),
    }
}

/// One build for the preview, told about at the terminal.
fn attempt(site: &SiteArguments, drafts: bool) -> Attempt {
    let started = Instant::now();
    let sources = match site.discover() {
        Ok(sources) => sources,
        Err(error) => {
            anstream::eprintln!("error: {error}");
            return Attempt { files: None, problems: vec![error.to_string()], search: None, walk: None };
        }
    };
    let choices = Choices { drafts, base_url: None, today: site.today(), preview: true };
    let built = build(&sources, &choices);
    let errors = || built.findings.iter().filter(|finding| finding.severity == Severity::Error);
    match built.output {
        Some(output) => {
            keep(&output, &site.root);
            let millis = started.elapsed().as_millis();
            anstream::eprintln!("Built {} pages in {millis} ms: {}", built.pages, summary(&built.findings));
            Attempt {
                files: Some(output.files),
                problems: Vec::new(),
                search: built.search,
                walk: built.walk,
            }
        }
        None => {
            anstream::eprint!("{}", human(&built.findings, &sources));
            anstream::eprintln!("{}. The last good version is still served.", summary(&built.findings));
            let problems = errors().map(|finding| one_line(finding, &sources)).collect();
            Attempt { files: None, problems, search: None, walk: built.walk }
        }
    }
}
