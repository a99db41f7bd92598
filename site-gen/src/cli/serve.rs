//! `site-gen serve`.

use super::telling::{Bar, Telling, table, time};
use super::{Ended, SiteArguments, failed};
use crate::emit::{emit_beside, finish_killed};
use crate::parse;
use crate::progress::Progress;
use crate::report::{count, human, one_line, summary};
use crate::serve::{Attempt, Options, Rebuild, Saved, panel, serve};
use crate::{Choices, picture};
use std::net::IpAddr;
use std::sync::Arc;
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
    #[command(flatten)]
    telling: Telling,
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
    let (site, drafts, telling) = (arguments.site.clone(), arguments.drafts, arguments.telling);
    let mut rebuild = Rebuild::new(&site.root);
    let mut good = false;
    let build = move |saved: &Saved| {
        let attempt = attempt(&mut rebuild, saved, &site, drafts, telling, good);
        good |= attempt.as_ref().is_some_and(|attempt| attempt.files.is_some());
        attempt
    };
    match serve(&options, build) {
        Ok(()) => Ended::Fine,
        Err(error) => failed(error),
    }
}

/// One build for the preview, told about at the terminal; nothing where nothing has changed. `good`: whether an earlier
/// one can be shown.
fn attempt(
    rebuild: &mut Rebuild,
    saved: &Saved,
    site: &SiteArguments,
    drafts: bool,
    telling: Telling,
    good: bool,
) -> Option<Attempt> {
    let started = Instant::now();
    let progress = Arc::new(Progress::default());
    let bar = Bar::watch(&progress, telling);
    let choices = Choices { drafts, base_url: None, today: site.today(), preview: true };
    let built = match rebuild.run(saved, &choices, &progress) {
        Ok(built) => built?,
        Err(error) => {
            drop(bar);
            anstream::eprintln!("error: {error}");
            let problems = vec![error.to_string()];
            return Some(Attempt { files: None, problems, search: None, walk: None, about: None });
        }
    };
    progress.end();
    drop(bar);
    let findings = &built.findings;
    let errors = findings.errors();
    let problems = errors.iter().map(|finding| one_line(finding, &built.sources)).collect();
    if telling.verbose {
        anstream::eprint!("{}", table(&progress));
    }
    if built.files.is_some() {
        // As in a build: what cannot be kept is made again.
        if let Some(kept) = &built.kept {
            let _ = emit_beside(kept, &site.root.join(picture::KEPT));
        }
        if !telling.quiet {
            let (took, said) = (time(started.elapsed()), summary(findings));
            anstream::eprintln!("Built {} in {took}: {said}.", count(built.pages, "page", "pages"));
        }
    } else {
        anstream::eprint!("{}", human(&errors, &built.sources));
        let shown = match good {
            true => "The preview shows the last good version until they are mended",
            false => "The preview shows the site as soon as they are mended",
        };
        anstream::eprintln!("{}. {shown}.", summary(findings));
    }
    let about = panel::About::new(built.site, Arc::new(built.sources), choices.today, built.findings);
    Some(Attempt { files: built.files, problems, search: built.search, walk: built.walk, about: Some(about) })
}
