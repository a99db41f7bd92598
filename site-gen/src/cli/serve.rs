//! `site-gen serve`.

use super::{Ended, SiteArguments, failed};
use crate::emit::{emit_beside, finish_killed};
use crate::finding::Severity;
use crate::parse;
use crate::report::{human, one_line, summary};
use crate::serve::{Attempt, Options, Rebuild, Saved, serve};
use crate::{Choices, picture};
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
    /// Look for changes again and again: for network drives, which tell of none
    #[arg(long)]
    poll: bool,
}

pub(super) fn run(arguments: &Arguments) -> Ended {
    let sources = match arguments.site.discover() {
        Ok(sources) => sources,
        Err(error) => return failed(error),
    };
    // A build that was killed while it published is finished by whoever comes next. The preview itself needs no folder.
    if let Err(error) = finish_killed(&arguments.site.root.join("public")) {
        anstream::eprintln!("note: a build was stopped half way, and could not be finished now: {error}");
    }
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
        poll: arguments.poll,
        base_path: settings.base_path,
        open: arguments.open,
        site_name: settings.name,
    };
    let site = arguments.site.clone();
    let drafts = arguments.drafts;
    let mut rebuild = Rebuild::new(&site.root);
    match serve(&options, move |saved| attempt(&mut rebuild, saved, &site, drafts)) {
        Ok(()) => Ended::Fine,
        Err(error) => failed(error),
    }
}

/// One build for the preview, told about at the terminal; nothing where nothing has changed.
fn attempt(rebuild: &mut Rebuild, saved: &Saved, site: &SiteArguments, drafts: bool) -> Option<Attempt> {
    let started = Instant::now();
    let choices = Choices { drafts, base_url: None, today: site.today(), preview: true };
    let built = match rebuild.run(saved, &choices) {
        Ok(built) => built?,
        Err(error) => {
            anstream::eprintln!("error: {error}");
            let problems = vec![error.to_string()];
            return Some(Attempt { files: None, problems, search: None, walk: None });
        }
    };
    let findings = &built.findings;
    let mut problems = Vec::new();
    if built.files.is_some() {
        // As in a build: what cannot be kept is made again.
        if let Some(kept) = &built.kept {
            let _ = emit_beside(kept, &site.root.join(picture::KEPT));
        }
        let millis = started.elapsed().as_millis();
        anstream::eprintln!("Built {} pages in {millis} ms: {}", built.pages, summary(findings));
    } else {
        anstream::eprint!("{}", human(findings, &built.sources));
        anstream::eprintln!("{}. The last good version is still served.", summary(findings));
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        problems.extend(errors.map(|finding| one_line(finding, &built.sources)));
    }
    Some(Attempt { files: built.files, problems, search: built.search, walk: built.walk })
}
