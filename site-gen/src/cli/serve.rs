//! `site-gen serve`.

use super::telling::{Bar, Telling, table, time};
use super::{Ended, SiteArguments, failed};
use crate::emit::{emit_beside, finish_killed};
use crate::finding::Findings;
use crate::parse;
use crate::progress::Progress;
use crate::report::{count, human, one_line, summary};
use crate::serve::{Attempt, Finished, Options, Rebuild, Rebuilt, Saved, Shows, panel, serve};
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
    let rebuild = Rebuild::new(&arguments.site.root);
    let (site, telling) = (arguments.site.clone(), arguments.telling);
    let mut desk = Desk { rebuild, site, drafts: arguments.drafts, telling, good: false };
    match serve(&options, move |saved, show| desk.attempt(saved, show)) {
        Ok(()) => Ended::Fine,
        Err(error) => failed(error),
    }
}

/// Where the builds for the preview are made.
struct Desk {
    rebuild: Rebuild,
    site: SiteArguments,
    drafts: bool,
    telling: Telling,
    /// Whether an earlier build can be shown.
    good: bool,
}

impl Desk {
    /// One build, told about at the terminal, and shown as soon as any of its pages can be drawn; nothing where nothing has
    /// changed.
    fn attempt(&mut self, saved: &Saved, show: &dyn Fn(Attempt)) {
        let started = Instant::now();
        let progress = Arc::new(Progress::default());
        let bar = Bar::watch(&progress, self.telling);
        let choices =
            Choices { drafts: self.drafts, base_url: None, today: self.site.today(), preview: true };
        let built = match self.rebuild.run(saved, &choices, &progress) {
            Ok(Some(built)) => built,
            Ok(None) => return,
            Err(error) => {
                drop(bar);
                anstream::eprintln!("error: {error}");
                let problems = vec![error.to_string()];
                return show(Attempt { shows: Shows::Nothing, problems, walk: None, about: None });
            }
        };
        let Rebuilt { sources, mut findings, pages, drawing, walk, site } = built;
        let (sources, mut walk) = (Arc::new(sources), Some(walk));
        let mut tell = |shows: Shows, findings: &Findings| {
            let problems = findings.errors().iter().map(|finding| one_line(finding, &sources)).collect();
            let (site, sources) = (Arc::clone(&site), Arc::clone(&sources));
            let about = panel::About::new(site, sources, choices.today, findings.clone());
            show(Attempt { shows, problems, walk: walk.take().flatten(), about: Some(about) });
        };
        let finished = drawing.map(|drawing| {
            // What is wrong with a template is told with all that it spoils, and before anything is shown.
            if drawing.draws_samples() {
                tell(Shows::Pages(Arc::clone(&drawing)), &findings);
            }
            self.rebuild.finish(&drawing, &progress)
        });
        progress.end();
        drop(bar);
        if self.telling.verbose {
            anstream::eprint!("{}", table(&progress));
        }
        let finished = match finished {
            Some(Ok(finished)) => Some(finished),
            Some(Err(more)) => {
                findings.extend(more);
                findings = findings.sorted();
                None
            }
            None => None,
        };
        match finished {
            Some(Finished { files, kept, search }) => {
                self.good = true;
                tell(Shows::Files { files, search }, &findings);
                // As in a build: what cannot be kept is made again.
                if let Some(kept) = &kept {
                    let _ = emit_beside(kept, &self.site.root.join(picture::KEPT));
                }
                if !self.telling.quiet {
                    let (took, said) = (time(started.elapsed()), summary(&findings));
                    anstream::eprintln!("Built {} in {took}: {said}.", count(pages, "page", "pages"));
                }
            }
            None => {
                tell(Shows::Nothing, &findings);
                anstream::eprint!("{}", human(&findings.errors(), &sources));
                let shown = match self.good {
                    true => "The preview shows the last good version until they are mended",
                    false => "The preview shows the site as soon as they are mended",
                };
                anstream::eprintln!("{}. {shown}.", summary(&findings));
            }
        }
    }
}
