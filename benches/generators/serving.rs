//! From a save to the new page in the preview.

use super::builds::site;
use super::tools::{Tool, work};
use benches::corpus::{Dialect, Site};
use benches::measure::{load, middle, quiet};
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// Nobody waits longer.
const LIMIT: Duration = Duration::from_secs(60);

/// A running preview, stopped when it is dropped.
struct Preview {
    child: Child,
    port: u16,
    /// Answers other than the page, and answers that ended early.
    bad: usize,
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Preview {
    /// The body at an address; empty unless it is a whole page.
    fn get(&mut self, path: &str) -> String {
        let answer = || -> io::Result<Vec<u8>> {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.set_read_timeout(Some(LIMIT))?;
            write!(
                stream,
                "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
                self.port
            )?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer)?;
            Ok(answer)
        };
        let answer = answer().unwrap_or_default();
        let text = String::from_utf8_lossy(&answer);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        let whole = length.is_none_or(|length| length == body.len());
        if !head.starts_with("HTTP/1.1 200") || !whole {
            self.bad += 1;
            return String::new();
        }
        body.to_owned()
    }
}

/// Puts a mark into a text.
type Change = Box<dyn Fn(&str, &str) -> String>;

/// One kind of change: its name, the file, the text with a mark in it, and the address where the mark must appear.
struct Edit {
    what: &'static str,
    file: PathBuf,
    change: Change,
    shown_at: String,
}

fn edits(tool: &Tool, folder: &std::path::Path, corpus: &Site) -> Vec<Edit> {
    let page = &corpus.pages[corpus.pages.len() / 2];
    let file = folder.join(tool.dialect.pages()).join(corpus.file(page));
    let replace = |old: &'static str, new: &'static str| -> Change {
        Box::new(move |text, mark| text.replacen(old, &new.replace("MARK", mark), 1))
    };
    let title = |equals: &'static str| -> Change {
        Box::new(move |text, mark| {
            let lines = text.lines().map(|line| match line.starts_with("title") {
                true => format!("title{equals}\"Title {mark}\"\n"),
                false => format!("{line}\n"),
            });
            lines.collect()
        })
    };
    let mut edits = vec![Edit {
        what: "text",
        file: file.clone(),
        change: replace("## Signs", "Saved MARK.\n\n## Signs"),
        shown_at: corpus.url(page),
    }];
    edits.push(Edit {
        what: "title, in its list",
        file,
        change: title(if tool.dialect == Dialect::Zola { " = " } else { ": " }),
        shown_at: corpus.list_url(page),
    });
    if tool.dialect == Dialect::HarborFull {
        edits.push(Edit {
            what: "fact",
            file: folder.join("content/facts.toml"),
            change: replace("en = \"911\"", "en = \"911 MARK\""),
            shown_at: corpus.url(page),
        });
    }
    let template = match tool.dialect {
        Dialect::Harbor => Some("themes/measured/layouts/base.html"),
        // The shipped theme is inside the program.
        Dialect::HarborFull => None,
        Dialect::Hugo => Some("layouts/baseof.html"),
        Dialect::Zola => Some("templates/base.html"),
        Dialect::Eleventy => Some("_includes/base.njk"),
    };
    if let Some(template) = template {
        edits.push(Edit {
            what: "template",
            file: folder.join(template),
            change: replace("</footer>", "<p>MARK</p></footer>"),
            shown_at: corpus.url(page),
        });
    }
    edits
}

/// Measures each kind of change for each tool.
///
/// # Errors
/// When a preview does not start or a file cannot be changed.
pub(super) fn serve(tools: &[Tool], pages: usize, saves: usize) -> io::Result<()> {
    println!(
        "\nFrom a save to the page served, {pages} pages, {saves} saves of each kind, asked for every 2 ms.\n"
    );
    println!(
        "| {:<12} | {:<18} | {:>9} | {:>17} | {:>9} | bad answers |",
        "tool", "change", "middle ms", "least–greatest", "p95 ms"
    );
    println!("|---|---|---|---|---|---|");
    for tool in tools {
        let folder = site(tool, pages)?;
        let into = work().join(format!("output/{}-{pages}.serve", tool.name));
        let _ = fs::remove_dir_all(&into);
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = tool
            .serve(&folder, &into, port)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut preview = Preview { child, port, bad: 0 };
        let corpus = Site::new(pages, 1);
        let started = Instant::now();
        let first = corpus.url(&corpus.pages[0]);
        while preview.get(&first).is_empty() {
            if started.elapsed() > 4 * LIMIT {
                return Err(io::Error::other(format!("{} does not serve {first}", tool.name)));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let ready = started.elapsed().as_secs_f64();
        for edit in edits(tool, &folder, &corpus) {
            let original = fs::read_to_string(&edit.file)?;
            std::thread::sleep(Duration::from_secs(1));
            preview.bad = 0;
            let mut times = Vec::new();
            for save in 0..=saves {
                quiet();
                let mark = format!("mark{save}x{}", port);
                fs::write(&edit.file, (edit.change)(&original, &mark))?;
                let saved = Instant::now();
                while !preview.get(&edit.shown_at).contains(&mark) && saved.elapsed() < LIMIT {
                    std::thread::sleep(Duration::from_millis(2));
                }
                if save > 0 {
                    times.push(saved.elapsed().as_secs_f64() * 1000.0);
                }
                std::thread::sleep(Duration::from_millis(500));
                if saved.elapsed() >= LIMIT {
                    break;
                }
            }
            fs::write(&edit.file, &original)?;
            let late = {
                let mut sorted = times.clone();
                sorted.sort_by(f64::total_cmp);
                sorted.get((sorted.len() * 95).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
            };
            let spread = middle(&times);
            let never =
                if spread.greatest >= LIMIT.as_secs_f64() * 1000.0 { " (not within a minute)" } else { "" };
            println!(
                "| {:<12} | {:<18} | {:>9.1} | {:>17} | {late:>9.1} | {}{never} |",
                tool.name,
                edit.what,
                spread.middle,
                format!("{:.1}–{:.1}", spread.least, spread.greatest),
                preview.bad
            );
        }
        println!("| {:<12} | ready after {ready:.2} s |", tool.name);
        drop(preview);
        let _ = fs::remove_dir_all(&into);
    }
    println!("\nLoad of the machine at the end: {}", load());
    Ok(())
}
