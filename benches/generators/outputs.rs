//! Whether the tools did the same work: what they wrote, side by side.

use super::builds::output;
use super::tools::Tool;
use benches::corpus::Site;
use std::fs;
use std::io;
use std::path::Path;

/// Prints how much each tool wrote, and the parts of twenty pages, and complains where they differ too much to be compared.
///
/// # Errors
/// When an output cannot be read, or is not comparable.
pub(super) fn compare(tools: &[Tool], pages: usize) -> io::Result<()> {
    println!("\nWhat was written at {pages} pages, and what stands in twenty of them:\n");
    println!("| tool | HTML files | MB of HTML | words | headings | cells | links | footnotes |");
    println!("|---|---|---|---|---|---|---|---|");
    let corpus = Site::new(pages, 1);
    let step = (pages / 20).max(1);
    let mut rows = Vec::new();
    for tool in tools {
        let made = output(tool, pages);
        let (mut files, mut bytes) = (0, 0);
        count(&made, &mut files, &mut bytes)?;
        let mut parts = [0usize; 5];
        for page in corpus.pages.iter().step_by(step).take(20) {
            let html = fs::read_to_string(made.join(corpus.url(page).trim_matches('/')).join("index.html"))?;
            let own = [
                words(main_part(&html)),
                html.matches("<h2").count() + html.matches("<h3").count(),
                ["<td", "<th ", "<th>"].iter().map(|cell| html.matches(cell).count()).sum(),
                html.matches("href=\"").count(),
                html.matches("https://doi.example/").count(),
            ];
            for (sum, own) in parts.iter_mut().zip(own) {
                *sum += own;
            }
        }
        println!(
            "| {} | {files} | {:.1} | {} | {} | {} | {} | {} |",
            tool.name,
            bytes as f64 / 1e6,
            parts[0],
            parts[1],
            parts[2],
            parts[3],
            parts[4]
        );
        rows.push((tool, files, parts));
    }
    // The full site has more on each page; only those that claim to do the same work must agree.
    let peers: Vec<_> = rows.iter().filter(|(tool, ..)| tool.name != "harbor-full").collect();
    let Some((_, ours, parts)) = peers.first() else { return Ok(()) };
    for (tool, files, others) in &peers {
        let near = |a: usize, b: usize, share: f64| (a as f64 - b as f64).abs() <= share * b as f64;
        let same = near(*files, *ours, 0.01)
            && near(others[0], parts[0], 0.03)
            && others[1..3] == parts[1..3]
            && others[4] == parts[4];
        if !same {
            return Err(io::Error::other(format!("{} did other work than {}", tool.name, peers[0].0.name)));
        }
    }
    Ok(())
}

fn count(folder: &Path, files: &mut usize, bytes: &mut u64) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            count(&entry.path(), files, bytes)?;
        } else if entry.file_name().to_string_lossy().ends_with(".html") {
            *files += 1;
            *bytes += entry.metadata()?.len();
        }
    }
    Ok(())
}

fn main_part(html: &str) -> &str {
    let start = html.find("<main").unwrap_or_default();
    &html[start..html.find("</main>").unwrap_or(html.len())]
}

fn words(html: &str) -> usize {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().count()
}
