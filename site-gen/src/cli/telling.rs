//! How much a command says, and how a build is told of: a bar while it runs, a line when it is over.

use crate::progress::{Progress, Stage};
use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How much to say.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub(super) struct Telling {
    /// Say nothing but what is wrong
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Also say how long each stage took, how much there was to do, and what came from an earlier build
    #[arg(short, long)]
    pub(super) verbose: bool,
}

/// For commands that have little to tell.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub(super) struct Quiet {
    /// Say nothing but what is wrong
    #[arg(short, long)]
    pub(super) quiet: bool,
}

impl Quiet {
    /// A message that nobody needs.
    pub(super) fn tell(self, what: impl std::fmt::Display) {
        if !self.quiet {
            anstream::eprintln!("{what}");
        }
    }
}

/// `12 ms`, `1.2 s`, `2 min 5 s`.
pub(super) fn time(took: Duration) -> String {
    let millis = took.as_millis();
    match millis {
        0..1_000 => format!("{millis} ms"),
        1_000..60_000 => format!("{:.1} s", took.as_secs_f64()),
        _ => format!("{} min {} s", millis / 60_000, millis % 60_000 / 1_000),
    }
}

/// The stages that took a reader's notice, in one line: `read 12 ms, drew 1.2 s`. Nothing where none did.
pub(super) fn stages(progress: &Progress) -> String {
    let noticed = Duration::from_millis(10);
    let parts: Vec<String> = progress
        .stages()
        .iter()
        .filter(|span| span.took >= noticed)
        .map(|span| format!("{} {}", span.stage.done(), time(span.took)))
        .collect();
    parts.join(", ")
}

/// Every stage with what was counted in it, a line each.
pub(super) fn table(progress: &Progress) -> String {
    let mut out = String::new();
    for span in progress.stages() {
        let counts: Vec<String> =
            span.counts.iter().map(|(what, number)| format!("{what}: {number}")).collect();
        let line = format!("  {:<11}{:>9}  {}", span.stage.done(), time(span.took), counts.join(", "));
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// How long somebody waits before they wonder.
const PATIENCE: Duration = Duration::from_secs(1);
const BETWEEN: Duration = Duration::from_millis(100);

/// A bar on standard error, from a second after the start until it is dropped. There is none where nobody could see it
/// move: in a pipe or a file, or at a terminal that cannot go back in a line.
pub(super) struct Bar {
    stop: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Bar {
    /// Shows how far a build is, unless it is to be quiet.
    pub(super) fn watch(progress: &Arc<Progress>, telling: Telling) -> Self {
        let (stop, stopped) = channel();
        let terminal = std::io::stderr().is_terminal();
        if !is_shown(terminal, std::env::var("TERM").ok().as_deref(), telling.quiet) {
            return Bar { stop, thread: None };
        }
        let progress = Arc::clone(progress);
        let thread = std::thread::spawn(move || {
            let started = Instant::now();
            let mut wait = PATIENCE;
            let mut wide = 0;
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                wait = BETWEEN;
                if let Some(now) = progress.now() {
                    let line = line(now, started.elapsed());
                    // Spaces over what the last line was longer; no colour, and no code but the way back.
                    eprint!("\r{line:<wide$}");
                    wide = line.chars().count();
                }
            }
            if wide > 0 {
                eprint!("\r{:wide$}\r", "");
            }
            let _ = std::io::stderr().flush();
        });
        Bar { stop, thread: Some(thread) }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        // Only a thread that has ended cannot be told.
        let _ = self.stop.send(());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn is_shown(terminal: bool, term: Option<&str>, quiet: bool) -> bool {
    terminal && term != Some("dumb") && !quiet
}

/// `[######              ]  3 s  drawing pages: 560 of 1000`. Each stage is as long as the others: what a stage takes is
/// known only when it is over.
fn line((stage, done, all): (Stage, usize, usize), since: Duration) -> String {
    const WIDE: usize = 20;
    let before = Stage::ALL.iter().position(|known| *known == stage).unwrap_or_default();
    let within = (WIDE * done.min(all)).checked_div(all).unwrap_or(0);
    let full = (before * WIDE + within) / Stage::ALL.len();
    let steps = if all > 0 { format!(": {done} of {all}") } else { String::new() };
    format!(
        "[{}{}] {:>2} s  {}{steps}",
        "#".repeat(full),
        " ".repeat(WIDE - full),
        since.as_secs(),
        stage.doing()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_people_say_them() {
        for (millis, text) in [(0, "0 ms"), (999, "999 ms"), (1_240, "1.2 s"), (59_900, "59.9 s")] {
            assert_eq!(time(Duration::from_millis(millis)), text);
        }
        assert_eq!(time(Duration::from_secs(125)), "2 min 5 s");
    }

    #[test]
    fn a_bar_is_for_people_at_a_terminal() {
        assert!(is_shown(true, Some("xterm-256color"), false));
        assert!(is_shown(true, None, false));
        assert!(!is_shown(false, Some("xterm-256color"), false), "in a pipe");
        assert!(!is_shown(true, Some("dumb"), false), "at a terminal that cannot go back");
        assert!(!is_shown(true, Some("xterm"), true), "when it is to be quiet");
    }

    #[test]
    fn a_bar_only_ever_grows_and_fits_a_narrow_terminal() {
        let mut last = 0;
        for stage in Stage::ALL {
            for done in [0, 500, 1000, 1001] {
                let line = line((stage, done, 1000), Duration::from_secs(75));
                let full = line.matches('#').count();
                assert!(full >= last, "{line}");
                assert!(line.chars().count() < 80 && line.is_ascii(), "{line}");
                last = full;
            }
        }
        assert_eq!(last, 20);
        assert!(line((Stage::Read, 0, 0), PATIENCE).ends_with("  1 s  reading files"));
    }
}
