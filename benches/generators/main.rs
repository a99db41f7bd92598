//! The generator beside its peers: `cargo bench -p benches --bench generators -- builds 1000 10000`. README.md says more.

mod builds;
mod floor;
mod outputs;
mod serving;
mod tools;

use benches::measure::{exponent, machine, middle, quiet};
use std::io;
use std::process::ExitCode;
use tools::Tool;

const USAGE: &str =
    "usage: cargo bench -p benches --bench generators -- WHAT [PAGES...] [--tools NAME,NAME] [--rounds N]

    builds   cold builds, the tools in turn; then whether they did the same work; then the floor
    again    builds over the old output: nothing changed, one page changed
    growth   cold builds of ours at each size, with the exponent of growth and the memory
    serve    from a save to the page in the preview
    all      builds and again at 1000 and 10000 pages, serve at 10000, growth from 100 to 100000

Tools: harbor, harbor-full, hugo, zola, eleventy. Those that are not here are left out by name.";

fn main() -> ExitCode {
    // `cargo bench` adds this word of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let mut sizes = Vec::new();
    let mut wanted = ["harbor", "harbor-full", "zola", "hugo", "eleventy"].map(str::to_owned).to_vec();
    let mut rounds = 5;
    let mut what = None;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match (word.as_str(), word.parse()) {
            ("--tools", _) => {
                let names = words.next().map_or("", String::as_str);
                wanted = names.split(',').map(str::to_owned).collect();
            }
            ("--rounds", _) => rounds = words.next().and_then(|number| number.parse().ok()).unwrap_or(rounds),
            (_, Ok(pages)) => sizes.push(pages),
            (name, _) => what = Some(name.to_owned()),
        }
    }
    // With no words this is `cargo bench`, which runs everything there is: the large comparison is asked for by name.
    let Some(what) = what else {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    };
    let tools = tools::find(&wanted);
    println!("On {}.", machine());
    for tool in &tools {
        println!("* {}: {}", tool.name, tool.version);
    }
    match measure(&what, &tools, &sizes, rounds) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures one thing. `false`: there is no such thing.
fn measure(what: &str, tools: &[Tool], sizes: &[usize], rounds: usize) -> io::Result<bool> {
    let sizes = |otherwise: &[usize]| if sizes.is_empty() { otherwise.to_vec() } else { sizes.to_vec() };
    match what {
        "builds" => {
            for pages in sizes(&[1000]) {
                builds::cold(tools, pages, rounds)?;
                outputs::compare(tools, pages)?;
                if let Some(first) = tools.first() {
                    floor::floor(first, pages, rounds)?;
                }
            }
        }
        "again" => {
            for pages in sizes(&[1000]) {
                builds::again(tools, pages, rounds)?;
            }
        }
        "serve" => {
            for pages in sizes(&[1000]) {
                serving::serve(tools, pages, rounds)?;
            }
        }
        "growth" => growth(tools, &sizes(&[100, 1000, 10_000, 100_000]), rounds)?,
        "all" => {
            for pages in [1000, 10_000] {
                measure("builds", tools, &[pages], rounds)?;
                measure("again", tools, &[pages], rounds)?;
            }
            measure("serve", tools, &[10_000], rounds)?;
            let ours: Vec<&Tool> = tools.iter().filter(|tool| tool.dialect.is_ours()).collect();
            for tool in ours {
                growth(std::slice::from_ref(tool), &[100, 1000, 10_000, 100_000], rounds.min(3))?;
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Time and memory of each tool by the size of the site.
fn growth(tools: &[Tool], sizes: &[usize], rounds: usize) -> io::Result<()> {
    println!("\nGrowth, cold builds.\n");
    println!("| tool | pages | seconds | least–greatest | memory MB |");
    println!("|---|---|---|---|---|");
    for tool in tools {
        let mut points = Vec::new();
        for pages in sizes {
            let site = builds::site(tool, *pages)?;
            let (mut walls, mut memory) = (Vec::new(), Vec::new());
            // One round is enough where it takes long; a round that warms up where it does not.
            let rounds = if *pages >= 50_000 { 1 } else { rounds + 1 };
            for round in 0..rounds {
                let into = tools::work().join(format!("output/{}-{pages}.growth{round}", tool.name));
                let _ = std::fs::remove_dir_all(&into);
                quiet();
                let run = builds::run(tool.build(&site, &into, false))?;
                if round > 0 || rounds == 1 {
                    walls.push(run.wall);
                    memory.push(run.memory);
                }
            }
            let (wall, memory) = (middle(&walls), middle(&memory));
            println!(
                "| {} | {pages} | {:.3} | {:.3}–{:.3} | {:.0} |",
                tool.name, wall.middle, wall.least, wall.greatest, memory.greatest
            );
            points.push((*pages as f64, wall.least));
            for round in 0..rounds {
                let into = tools::work().join(format!("output/{}-{pages}.growth{round}", tool.name));
                let _ = std::fs::remove_dir_all(into);
            }
        }
        for pair in points.windows(2) {
            println!("| {} | {} to {} | pages^{:.2} | | |", tool.name, pair[0].0, pair[1].0, exponent(pair));
        }
    }
    println!("\nLoad of the machine at the end: {}", benches::measure::load());
    Ok(())
}
