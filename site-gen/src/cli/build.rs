//! `site-gen build`.

use super::telling::{Bar, Telling, stages, table, time};
use super::{Ended, SiteArguments, failed, tell};
use crate::cache::disk;
use crate::discover::{discover, discover_again, remembered};
use crate::emit::{self, EmitError, Emitted, PUBLISHED, emit_beside, keep_off_sources, put};
use crate::finding::{Findings, Severity};
use crate::link::HeldBack;
use crate::parse::front_matter::Hidden;
use crate::progress::{Progress, Stage};
use crate::render::Take;
use crate::report::{Format, count, summary};
use crate::{Choices, build, picture};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Where to write the site [default: FOLDER/public]
    #[arg(short, long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    output: Option<PathBuf>,
    /// The address the site will have, in place of the one in site.toml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Publish drafts as well, and pages whose day is to come or over
    #[arg(long)]
    drafts: bool,
    /// Take nothing over from earlier builds
    #[arg(long)]
    no_cache: bool,
    /// How to print findings
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    #[command(flatten)]
    telling: Telling,
}

pub(super) fn run(arguments: &Arguments) -> Ended {
    let started = Instant::now();
    let root = &arguments.site.root;
    let dir = arguments.output.clone().unwrap_or_else(|| root.join("public"));
    if let Err(error) = keep_off_sources(root, &dir) {
        return failed(error);
    }
    // Before anything is read: of two builds at once, the one that publishes last has then also read last.
    let memory = (!arguments.no_cache).then(|| root.join(PUBLISHED));
    let stage = match emit::Stage::open(&dir, memory.as_deref(), told_to_wait) {
        Ok(stage) => stage,
        Err(error) => return failed(error),
    };
    let telling = arguments.telling;
    let progress = Arc::new(Progress::default());
    let bar = Bar::watch(&progress, telling);
    progress.enter(Stage::Read, 0);
    let (sources, (cache, program)) = match arguments.no_cache {
        true => (discover(root), Default::default()),
        false => rayon::join(|| discover_again(root), || remembered(root)),
    };
    let sources = match sources {
        Ok(sources) => sources,
        Err(error) => {
            drop(bar);
            return failed(error);
        }
    };
    progress.count("files", sources.iter().count());
    let choices = Choices {
        drafts: arguments.drafts,
        base_url: arguments.base_url.clone(),
        today: arguments.site.today(),
        preview: false,
    };
    let out = Out { stage, failed: Mutex::default() };
    let built = build(&sources, &choices, &out, &cache, &progress);
    let Some(rendered) = built.rendered else {
        drop(bar);
        tell(&built.findings, &sources, arguments.format, telling, Map::new());
        if arguments.format == Format::Human {
            anstream::eprintln!(
                "Nothing was published: {}. The last good site stays as it was.",
                summary(&built.findings)
            );
        }
        return Ended::Findings;
    };
    progress.enter(Stage::Write, 0);
    let done = match out.publish() {
        Ok(done) => done,
        Err(error) => {
            drop(bar);
            return failed(error);
        }
    };
    // What cannot be kept for the next build is made again by it: no reason to fail.
    if let Some(kept) = &rendered.kept {
        let _ = emit_beside(kept, &root.join(picture::KEPT));
    }
    let next = program.zip(built.cache.as_ref());
    let next = next.and_then(|(program, next)| disk::to_bytes(next, &cache, program));
    if let Some(next) = next {
        let _ = put(&root.join(disk::FILE), &next);
    }
    progress.count("files new or changed", done.written);
    progress.count("unchanged", done.unchanged);
    progress.end();
    drop(bar);
    let took = started.elapsed();
    let mut more = Map::new();
    for (name, count) in [("pages", built.pages), ("files", rendered.files()), ("written", done.written)] {
        more.insert(name.into(), count.into());
    }
    more.insert("removed".into(), done.removed.into());
    more.insert("held_back".into(), built.held_back.len().into());
    more.insert("millis".into(), u64::try_from(took.as_millis()).unwrap_or(u64::MAX).into());
    more.insert("output".into(), Value::String(dir.display().to_string()));
    // Notes would hide the line below; it counts them.
    let told = match arguments.format {
        Format::Human if !telling.verbose => built.findings.down_to(Severity::Warning),
        _ => built.findings.clone(),
    };
    tell(&told, &sources, arguments.format, telling, more);
    if arguments.format == Format::Human
        && let Some(line) = put_right(&done.edited, &dir)
    {
        anstream::eprintln!("{line}");
    }
    if arguments.format == Format::Human && !telling.quiet {
        if telling.verbose {
            anstream::eprint!("{}", table(&progress));
        }
        let stages = Some(stages(&progress)).filter(|stages| !stages.is_empty());
        anstream::eprintln!(
            "Built {} in {} into {}: {} written, {} unchanged, {} removed{}. {}",
            count(built.pages, "page", "pages"),
            time(took),
            dir.display(),
            count(done.written, "file", "files"),
            done.unchanged,
            done.removed,
            stages.map_or(String::new(), |stages| format!(" ({stages})")),
            attention(&built.findings, &built.held_back)
        );
    }
    // The program ends here. To give back page by page what it knows would take a while that nobody has a use for.
    std::mem::forget((built.findings, built.held_back, built.cache, rendered, sources, cache));
    Ended::Fine
}

fn told_to_wait(dir: &Path) {
    anstream::eprintln!(
        "Another build is writing to {}. This one waits until that is done (Ctrl-C stops it).",
        dir.display()
    );
}

/// Published pages that somebody had changed: `Changed by hand since the last build, and put right: public/index.html`.
fn put_right(edited: &[String], dir: &Path) -> Option<String> {
    const SHOWN: usize = 3;
    let shown: Vec<String> =
        edited.iter().take(SHOWN).map(|name| dir.join(name).display().to_string()).collect();
    let more = match edited.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!edited.is_empty()).then(|| {
        format!(
            "Changed by hand since the last build, and put right: {}{more}. Change the files in content/ or themes/ instead",
            shown.join(", ")
        )
    })
}

/// The way of finished files to the output folder, where nothing changes before all is well.
struct Out {
    stage: emit::Stage,
    /// Why the first file that could not be written could not.
    failed: Mutex<Option<EmitError>>,
}

impl Out {
    fn failed(&self) -> MutexGuard<'_, Option<EmitError>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(self) -> Result<Emitted, EmitError> {
        let failed = self.failed().take();
        failed.map_or(Ok(()), Err)?;
        self.stage.publish()
    }
}

impl Take for Out {
    fn put(&self, name: &str, bytes: Vec<u8>) {
        if self.is_wanted()
            && let Err(error) = self.stage.put(name, &bytes)
        {
            self.failed().get_or_insert(error);
        }
    }

    fn keep(&self, name: &str, digest: u128) -> bool {
        self.stage.keep(name, digest)
    }

    fn is_wanted(&self) -> bool {
        self.failed().is_none()
    }
}

/// What needs a person, at the end of the line: `Nothing to mend.`, `2 warnings: site-gen check tells more. Not published: …`
fn attention(findings: &Findings, held_back: &[HeldBack]) -> String {
    let mut said = match findings.iter().next() {
        None => "Nothing to mend.".to_owned(),
        Some(_) => format!("{}: site-gen check tells more.", summary(findings)),
    };
    if let Some(hidden) = hidden(held_back) {
        said.push_str(&format!(" {hidden}."));
    }
    said
}

/// What readers do not see today, in one line: `Not published: 1 draft; 2 pages to come, the next on 2026-12-01`.
fn hidden(pages: &[HeldBack]) -> Option<String> {
    let count = |number: usize, one: &str, many: &str| (number > 0).then(|| count(number, one, many));
    let to_come = || {
        pages.iter().filter_map(|page| match page.why {
            Hidden::Until(day) => Some(day),
            _ => None,
        })
    };
    let drafts = pages.iter().filter(|page| page.why == Hidden::Draft).count();
    let over = pages.iter().filter(|page| matches!(page.why, Hidden::Since(_))).count();
    let parts = [
        count(drafts, "draft", "drafts"),
        to_come().min().and_then(|next| {
            let pages = count(to_come().count(), "page to come, on", "pages to come, the next on")?;
            Some(format!("{pages} {next}"))
        }),
        count(over, "page whose time is over", "pages whose time is over"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("Not published: {}", parts.join("; ")))
}
