//! What the disk asks for the same bytes, with no generator at all: read every source, write every file.

use super::builds::{output, site};
use super::tools::{Tool, work};
use benches::measure::{load, middle, quiet};
use rayon::prelude::*;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Measures against the last cold build of a tool at this size.
///
/// # Errors
/// When there is none, or a file cannot be read or written.
pub(super) fn floor(tool: &Tool, pages: usize, rounds: usize) -> io::Result<()> {
    let made = output(tool, pages);
    let mut files = Vec::new();
    list(&made, &mut files)?;
    let mut sources = Vec::new();
    list(&site(tool, pages)?.join("content"), &mut sources)?;
    let bytes: Vec<(PathBuf, Vec<u8>)> = files
        .par_iter()
        .map(|file| Ok((file.strip_prefix(&made).unwrap_or(file).to_path_buf(), fs::read(file)?)))
        .collect::<io::Result<_>>()?;
    let size: usize = bytes.iter().map(|(_, bytes)| bytes.len()).sum();
    println!(
        "\nThe floor at {pages} pages: {} sources read, {} files with {:.1} MB, two threads.\n",
        sources.len(),
        files.len(),
        size as f64 / 1e6
    );

    let root = work().join(format!("output/floor-{pages}"));
    let mut folders: Vec<PathBuf> =
        bytes.iter().filter_map(|(name, _)| name.parent().map(Path::to_path_buf)).collect();
    folders.sort_unstable();
    folders.dedup();
    let mut fresh = Vec::new();
    for round in 0..=rounds {
        let into = root.join(round.to_string());
        let _ = fs::remove_dir_all(&into);
        quiet();
        let started = Instant::now();
        read_all(&sources)?;
        for folder in &folders {
            fs::create_dir_all(into.join(folder))?;
        }
        bytes.par_iter().try_for_each(|(name, bytes)| fs::write(into.join(name), bytes))?;
        if round > 0 {
            fresh.push(started.elapsed().as_secs_f64());
        }
    }
    let timed = |work: &dyn Fn() -> io::Result<()>| -> io::Result<Vec<f64>> {
        (0..rounds)
            .map(|_| {
                quiet();
                let started = Instant::now();
                work()?;
                Ok(started.elapsed().as_secs_f64())
            })
            .collect()
    };
    let compared = timed(&|| {
        read_all(&sources)?;
        read_all(&files)
    })?;
    let looked = timed(&|| {
        sources.par_iter().chain(&files).try_for_each(|file| fs::symlink_metadata(file).map(drop))
    })?;
    println!("| what | seconds | least–greatest |");
    println!("|---|---|---|");
    for (what, times) in [
        ("read the sources, write the files into a new folder", fresh),
        ("read the sources and the old files", compared),
        ("ask for size and time of each", looked),
    ] {
        let times = middle(&times);
        println!("| {what} | {:.3} | {:.3}–{:.3} |", times.middle, times.least, times.greatest);
    }
    println!("\nLoad of the machine at the end: {}", load());
    fs::remove_dir_all(root)
}

fn read_all(files: &[PathBuf]) -> io::Result<()> {
    files.par_iter().try_for_each(|file| fs::read(file).map(|bytes| drop(std::hint::black_box(bytes))))
}

fn list(folder: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => list(&entry.path(), into)?,
            false => into.push(entry.path()),
        }
    }
    Ok(())
}
