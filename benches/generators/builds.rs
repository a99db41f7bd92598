//! Whole builds: tools in turn, A B A B, each round a ratio.

use super::tools::{Tool, work};
use benches::corpus::{Site, write};
use benches::measure::{load, middle, quiet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use wait4::Wait4;

/// What one run took.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run {
    /// Seconds by the clock.
    pub(super) wall: f64,
    /// Seconds of work of all its threads, in the program and in the system.
    pub(super) cpu: f64,
    /// The most memory it held, in megabytes.
    pub(super) memory: f64,
}

/// Runs a command to its end.
///
/// # Errors
/// When it cannot be started, or fails.
pub(super) fn run(mut command: Command) -> io::Result<Run> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let started = Instant::now();
    let mut child = command.spawn()?;
    // Read while it runs, so that it never waits for us.
    let mut messages = child.stderr.take().expect("BUG: stderr is piped");
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = io::Read::read_to_end(&mut messages, &mut text);
        text
    });
    let ended = child.wait4()?;
    let wall = started.elapsed().as_secs_f64();
    let said = reader.join().unwrap_or_default();
    if !ended.status.success() {
        let said = String::from_utf8_lossy(&said);
        return Err(io::Error::other(format!("{command:?} failed:\n{said}")));
    }
    let usage = ended.rusage;
    Ok(Run {
        wall,
        cpu: (usage.utime + usage.stime).as_secs_f64(),
        memory: usage.maxrss as f64 / 1024.0 / 1024.0,
    })
}

/// The site of a tool, written now if it is not there yet.
///
/// # Errors
/// When it cannot be written.
pub(super) fn site(tool: &Tool, pages: usize) -> io::Result<PathBuf> {
    let folder = work().join(format!("sites/{}-{pages}", tool.dialect.name()));
    let done = folder.with_extension("done");
    if !done.exists() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        write(&Site::new(pages, 1), tool.dialect, &folder)?;
        fs::write(done, "")?;
    }
    Ok(folder)
}

/// Where a tool's last cold build at this size lies.
pub(super) fn output(tool: &Tool, pages: usize) -> PathBuf {
    work().join(format!("output/{}-{pages}", tool.name))
}

/// Cold builds, each into a new folder, the tools in turn. The first round warms up and does not count. Ratios are to the
/// first tool.
///
/// # Errors
/// When a build fails.
pub(super) fn cold(tools: &[Tool], pages: usize, rounds: usize) -> io::Result<()> {
    println!(
        "\nCold builds of {pages} pages, {rounds} rounds. Ratios: the tool's time by ours, round by round.\n"
    );
    let sites: Vec<PathBuf> = tools.iter().map(|tool| site(tool, pages)).collect::<io::Result<_>>()?;
    let mut runs: Vec<Vec<Run>> = vec![Vec::new(); tools.len()];
    // Old folders stay until the end: on some disks a build just after a large removal pays for it.
    let mut old = Vec::new();
    for round in 0..=rounds {
        for (number, tool) in tools.iter().enumerate() {
            let into = work().join(format!("output/{}-{pages}.{round}", tool.name));
            let _ = fs::remove_dir_all(&into);
            fs::create_dir_all(work().join("output"))?;
            quiet();
            let run = run(tool.build(&sites[number], &into, false))?;
            if round > 0 {
                runs[number].push(run);
            }
            old.push(into);
        }
    }
    for tool in tools {
        let kept = output(tool, pages);
        let _ = fs::remove_dir_all(&kept);
        fs::rename(work().join(format!("output/{}-{pages}.{rounds}", tool.name)), kept)?;
    }
    for folder in old {
        let _ = fs::remove_dir_all(folder);
    }
    table(tools, &runs);
    Ok(())
}

/// Prints one line a tool.
fn table(tools: &[Tool], runs: &[Vec<Run>]) {
    println!(
        "| {:<12} | {:>8} | {:>17} | {:>8} | {:>9} | {:>20} |",
        "tool", "seconds", "least–greatest", "cpu s", "memory MB", "ratio, least–greatest"
    );
    println!("|---|---|---|---|---|---|");
    for (number, tool) in tools.iter().enumerate() {
        let of = |part: fn(&Run) -> f64| runs[number].iter().map(part).collect::<Vec<_>>();
        let wall = middle(&of(|run| run.wall));
        let ratios: Vec<f64> =
            runs[number].iter().zip(&runs[0]).map(|(run, ours)| run.wall / ours.wall).collect();
        let ratio = middle(&ratios);
        println!(
            "| {:<12} | {:>8.3} | {:>17} | {:>8.2} | {:>9.0} | {:>20} |",
            tool.name,
            wall.middle,
            format!("{:.3}–{:.3}", wall.least, wall.greatest),
            middle(&of(|run| run.cpu)).middle,
            middle(&of(|run| run.memory)).greatest,
            format!("{:.2} ({:.2}–{:.2})", ratio.middle, ratio.least, ratio.greatest)
        );
    }
    println!("\nLoad of the machine at the end: {}", load());
}

/// Builds over the old output: nothing changed, then one page changed, in turn.
///
/// # Errors
/// When a build fails, or touches a file that did not change.
pub(super) fn again(tools: &[Tool], pages: usize, rounds: usize) -> io::Result<()> {
    println!("\nBuilds of {pages} pages over the old output, a new process each, {rounds} rounds.\n");
    println!(
        "| {:<12} | {:>16} | {:>24} | {:>16} | {:>24} |",
        "tool", "nothing changed", "least–greatest", "one page", "least–greatest"
    );
    println!("|---|---|---|---|---|");
    for tool in tools {
        let folder = site(tool, pages)?;
        let into = work().join(format!("output/{}-{pages}.again", tool.name));
        let _ = fs::remove_dir_all(&into);
        run(tool.build(&folder, &into, true))?;
        let corpus = Site::new(pages, 1);
        let page = folder.join(tool.dialect.pages()).join(corpus.file(&corpus.pages[pages / 2]));
        let text = fs::read_to_string(&page)?;
        let (mut nothing, mut one) = (Vec::new(), Vec::new());
        for round in 0..=rounds {
            quiet();
            let before = newest(&into)?;
            let same = run(tool.build(&folder, &into, true))?;
            if tool.dialect.is_ours() && newest(&into)? != before {
                return Err(io::Error::other("a file was touched although nothing had changed"));
            }
            fs::write(
                &page,
                text.replacen("## Signs", &format!("Round {round} of measuring.\n\n## Signs"), 1),
            )?;
            quiet();
            let changed = run(tool.build(&folder, &into, true));
            fs::write(&page, &text)?;
            if round > 0 {
                nothing.push(same.wall);
                one.push(changed?.wall);
            }
            run(tool.build(&folder, &into, true))?;
        }
        let (nothing, one) = (middle(&nothing), middle(&one));
        println!(
            "| {:<12} | {:>16.3} | {:>24} | {:>16.3} | {:>24} |",
            tool.name,
            nothing.middle,
            format!("{:.3}–{:.3}", nothing.least, nothing.greatest),
            one.middle,
            format!("{:.3}–{:.3}", one.least, one.greatest)
        );
        let _ = fs::remove_dir_all(&into);
    }
    println!("\nLoad of the machine at the end: {}", load());
    Ok(())
}

/// The newest time of any file below a folder.
fn newest(folder: &Path) -> io::Result<std::time::SystemTime> {
    let mut newest = std::time::UNIX_EPOCH;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let time = if entry.file_type()?.is_dir() {
            self::newest(&entry.path())?
        } else {
            entry.metadata()?.modified()?
        };
        newest = newest.max(time);
    }
    Ok(newest)
}
