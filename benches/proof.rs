//! How long the proof takes, and what it needs: `cargo bench -p benches --bench proof`.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use benches::measure::{Times, exponent, machine, millis, peak_memory, time};
use benches::questionnaire::sized;
use checker_rules::{Draft, Report, resolve, verify};
use site_gen::checker::load;
use site_gen::discover::discover;

/// Set for the process that proves one questionnaire, so that the memory is that of one proof alone.
const ONE: &str = "PROVE_ONE";

const SIZES: [usize; 5] = [25, 50, 100, 200, 400];

fn main() {
    if let Ok(one) = std::env::var(ONE) {
        prove_one(&one);
        return;
    }
    println!("The proof, on {}.", machine());
    println!(
        "Each line: least, middle and greatest time of several proofs in one process; the memory is the most that"
    );
    println!("a process of its own held while it proved this one questionnaire.\n");
    println!(
        "{:<34}{:>11}{:>11}{:>11}{:>10}{:>10}",
        "questionnaire", "least", "middle", "greatest", "nodes", "memory"
    );
    line("shipped", "the shipped checker", &shipped(), 20);
    let mut growth = Vec::new();
    for size in SIZES {
        let name = format!("{size} questions and {size} rules");
        let runs = if size > 100 { 5 } else { 10 };
        let times = line(&size.to_string(), &name, &sized(size), runs);
        growth.push((size as f64, times.min.as_secs_f64()));
    }
    println!(
        "\nGrowth from {} to {} questions: time ~ size^{:.2}.",
        SIZES[0],
        SIZES[SIZES.len() - 1],
        exponent(&growth)
    );
}

/// The checker of this repository.
fn shipped() -> Draft {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("BUG: a workspace");
    let loaded = load(&discover(root).expect("the repository is a site"));
    loaded.find("ketamine").expect("the checker is there").draft().clone()
}

fn prove(draft: &Draft) -> Report {
    verify(resolve(draft).expect("BUG: a questionnaire without loose ends")).0
}

/// Measures one questionnaire and prints its line.
fn line(which: &str, name: &str, draft: &Draft, runs: usize) -> Times {
    let questionnaire = resolve(draft).expect("BUG: a questionnaire without loose ends");
    let times = time(runs, || verify(black_box(questionnaire.clone())));
    let report = prove(draft);
    let memory = memory_of(which).map_or("-".to_owned(), |megabytes| format!("{megabytes:.0} MB"));
    println!(
        "{name:<34}{:>11}{:>11}{:>11}{:>10}{memory:>10}",
        millis(times.min),
        millis(times.median),
        millis(times.max),
        report.nodes
    );
    times
}

/// Proves one questionnaire in a process of its own and asks for its memory.
fn memory_of(which: &str) -> Option<f64> {
    let this = std::env::current_exe().ok()?;
    let output = Command::new(this).env(ONE, which).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn prove_one(which: &str) {
    let draft = which.parse().map_or_else(|_| shipped(), sized);
    black_box(prove(&draft));
    if let Some(megabytes) = peak_memory() {
        println!("{megabytes}");
    }
}
