//! Harness of the end-to-end tests: a whole site in one string, the real program run on it, and what
//! came of it.
//!
//! The tests use no part of the generator as a library. What they see is what a person at a
//! terminal sees: files, an exit code, messages and pages.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

mod http;
pub mod pdf;
mod small;
mod tags;

pub use http::{Preview, Response};
pub use tags::{Tag, tags};

/// The day on which every test happens, so that no test turns red because a year has passed.
pub const TODAY: &str = "2026-11-28";

const FACTS: &str = "content/facts.toml";

/// The repository's own folder.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("BUG: tests/ is inside the repository")
}

/// The `site-gen` program: the one named in `SITE_GEN`, or built now in the profile of the tests.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        if let Some(named) = std::env::var_os("SITE_GEN") {
            return PathBuf::from(named);
        }
        let this = std::env::current_exe().expect("a running test knows its own file");
        // target/release/deps/it-1234 -> target/release
        let profile_dir = this.ancestors().nth(2).expect("a test lies in target/PROFILE/deps").to_owned();
        let target_dir = profile_dir.parent().expect("a profile's folder lies in the target folder");
        let mut cargo = Command::new(env!("CARGO"));
        // The whole workspace with its tests, as `cargo test` builds it: for less, cargo would choose fewer features for
        // shared crates and compile hundreds of them again.
        let all = ["--workspace", "--bins", "--lib", "--tests"];
        cargo.current_dir(repository()).args(["build", "--quiet", "--locked"]).args(all);
        cargo.arg("--target-dir").arg(target_dir);
        if profile_dir.ends_with("release") {
            cargo.arg("--release");
        }
        assert!(cargo.status().expect("cargo starts").success(), "site-gen does not compile");
        profile_dir.join(format!("site-gen{}", std::env::consts::EXE_SUFFIX))
    })
}

/// What a run of the program left behind.
#[derive(Debug)]
pub struct Run {
    /// The exit code; -1 where a signal ended it.
    pub code: i32,
    /// Results.
    pub stdout: String,
    /// Messages.
    pub stderr: String,
}

impl Run {
    /// The results as JSON.
    ///
    /// # Panics
    /// If they are not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("the results are not JSON ({error}):\n{self:#?}"))
    }

    /// This run, if it ended with `code`.
    ///
    /// # Panics
    /// If it did not.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "wrong exit code\n--- stdout\n{}\n--- stderr\n{}",
            self.stdout, self.stderr
        );
        self
    }
}

/// Runs a program in a folder with a text on its standard input.
pub fn run_program(program: &Path, folder: &Path, arguments: &[&str], input: &str) -> Run {
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUST_BACKTRACE")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
    // A program that has seen enough may close its end first; what it says then is what counts.
    let _ = child.stdin.take().expect("BUG: stdin is piped").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("the program ends");
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("results are UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
    }
}

/// A finding as `--format json` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it objects to.
    pub code: String,
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// Path from the site's root; empty where no file is to blame.
    pub file: String,
    /// Counted from 1; 0 where there is no place.
    pub line: u64,
    /// Counted from 1; 0 where there is no place.
    pub column: u64,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// The findings of a run with `--format json`.
///
/// # Panics
/// If the results have another shape.
pub fn findings(run: &Run) -> Vec<Finding> {
    let json = run.json();
    let list = json["findings"].as_array().unwrap_or_else(|| panic!("no `findings` in {json:#}"));
    list.iter()
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
            let number = |key: &str| finding[key].as_u64().unwrap_or_default();
            Finding {
                code: text("code"),
                severity: text("severity"),
                file: text("file"),
                line: number("line"),
                column: number("column"),
                message: text("message"),
                help: text("help"),
            }
        })
        .collect()
}

/// A site in a folder of its own that is gone when the test ends.
pub struct Site {
    folder: TempDir,
}

impl Site {
    /// An empty folder.
    pub fn empty() -> Self {
        Site { folder: tempfile::Builder::new().prefix("site-").tempdir().expect("a temporary folder") }
    }

    /// A small, complete site without a checker: a home page, a section with two pages, and help.
    /// English only. The words of the frame are the repository's own.
    pub fn small() -> Self {
        let site = Site::empty().with(small::SITE);
        for file in ["content/en/interface.toml", "content/people.toml"] {
            site.write(file, &read(&repository().join(file)));
        }
        // A fact in a language that the site has not would be a mistake.
        let facts = read(&repository().join(FACTS));
        let english: Vec<&str> = facts.lines().filter(|line| !line.starts_with("es = ")).collect();
        site.write(FACTS, &english.join("\n"));
        site
    }

    /// The small site with its pages in Spanish as well.
    pub fn small_in_two_languages() -> Self {
        let site = Site::small().with(small::SPANISH);
        for file in ["content/es/interface.toml", FACTS] {
            site.write(file, &read(&repository().join(file)));
        }
        site.edit(
            "content/site.toml",
            "name = \"English\"\n",
            "name = \"English\"\n\n[languages.es]\nname = \"Español\"\n",
        )
    }

    /// The repository's own content, to make one change in.
    pub fn shipped() -> Self {
        let site = Site::empty();
        copy_folder(&repository().join("content"), &site.path("content"));
        site
    }

    /// Adds or replaces files, all of them in one string: a line `=== path` before each.
    pub fn with(self, files: &str) -> Self {
        for (path, text) in split_files(files) {
            self.write(path, &text);
        }
        self
    }

    /// Takes a file away.
    pub fn without(self, path: &str) -> Self {
        fs::remove_file(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        self
    }

    /// Changes a text that stands exactly once in a file.
    #[track_caller]
    pub fn edit(self, path: &str, old: &str, new: &str) -> Self {
        let text = self.read(path);
        assert_eq!(text.matches(old).count(), 1, "{path} should hold this once: {old:?}");
        self.write(path, &text.replacen(old, new, 1));
        self
    }

    /// Adds a text at the end of a file.
    pub fn append(self, path: &str, more: &str) -> Self {
        self.write(path, &format!("{}{more}", self.read(path)));
        self
    }

    /// A path inside the site's folder.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The site's folder.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, and its folders.
    pub fn write(&self, path: &str, text: &str) {
        self.write_bytes(path, text.as_bytes());
    }

    /// Writes a file that need not be text.
    pub fn write_bytes(&self, path: &str, bytes: &[u8]) {
        let file = self.path(path);
        fs::create_dir_all(file.parent().expect("BUG: a file has a folder")).expect("folders can be made");
        fs::write(&file, bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Reads a file.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        read(&self.path(path))
    }

    /// The number of the first line that holds `text`, counted from 1.
    #[track_caller]
    pub fn line_of(&self, path: &str, text: &str) -> u64 {
        let found = self.read(path).lines().position(|line| line.contains(text));
        found.unwrap_or_else(|| panic!("{path} has no line with {text:?}")) as u64 + 1
    }

    /// Runs the program in the site's folder.
    pub fn run(&self, arguments: &[&str]) -> Run {
        run_program(program(), self.root(), arguments, "")
    }

    /// Runs the program in the site's folder with a text on its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        run_program(program(), self.root(), arguments, input)
    }

    /// `site-gen check`.
    pub fn check(&self) -> Run {
        self.run(&["check", "--format", "json", "--today", TODAY])
    }

    /// `site-gen build` into `public`.
    pub fn build(&self) -> Run {
        self.run(&["build", "--format", "json", "--today", TODAY])
    }

    /// A page of the built site.
    #[track_caller]
    pub fn page(&self, path: &str) -> String {
        self.read(&format!("public{path}index.html"))
    }
}

/// Reads a text file.
#[track_caller]
pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file below a folder with its bytes, by path from that folder, sorted.
pub fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("a readable folder"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).expect("BUG: below the folder");
            let name = path.to_str().expect("paths are UTF-8").replace('\\', "/");
            (name, fs::read(entry.path()).expect("a readable file"))
        })
        .collect()
}

/// Copies a folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) {
    for (path, bytes) in files_below(from) {
        let file = to.join(path);
        fs::create_dir_all(file.parent().expect("BUG: a file has a folder")).expect("folders can be made");
        fs::write(file, bytes).expect("a file can be written");
    }
}

/// Takes `=== path` apart from what follows it.
fn split_files(files: &str) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for line in files.lines() {
        if let Some(path) = line.strip_prefix("=== ") {
            found.push((path.trim(), String::new()));
        } else if let Some((_, text)) = found.last_mut() {
            text.push_str(line);
            text.push('\n');
        } else {
            assert!(line.trim().is_empty(), "text before the first `=== path`: {line:?}");
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_files_stand_in_one_string() {
        let files = split_files("\n=== a/b.md\none\n\ntwo\n=== c.toml\nthree\n");
        assert_eq!(files, [("a/b.md", "one\n\ntwo\n".into()), ("c.toml", "three\n".into())]);
    }

    #[test]
    #[should_panic(expected = "should hold this once")]
    fn an_edit_that_changes_nothing_is_a_mistake_of_the_test() {
        let _ = Site::empty().with("=== a.md\ntext\n").edit("a.md", "not there", "x");
    }

    #[test]
    fn lines_count_from_one() {
        let site = Site::empty().with("=== a.md\nfirst\nsecond\n");
        assert_eq!(site.line_of("a.md", "second"), 2);
    }
}
