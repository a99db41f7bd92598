//! `site-gen build`.

use super::{Ended, SiteArguments, failed, print};
use crate::cache::disk;
use crate::discover::{discover, discover_again, program, remembered};
use crate::emit::{EmitError, Emitted, PUBLISHED, Stage, emit_beside, keep_off_sources, put};
use crate::finding::Severity;
use crate::link::HeldBack;
use crate::parse::front_matter::Hidden;
use crate::render::Take;
use crate::report::{Format, summary};
use crate::{Choices, build, picture};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Where to write the site [default: FOLDER/public]
    #[arg(short, long, value_name = "DIR")]
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
}

pub(super) fn run(arguments: &Arguments) -> Ended {
    let started = Instant::now();
    let root = &arguments.site.root;
    let dir = arguments.output.clone().unwrap_or_else(|| arguments.site.root.join("public"));
    if let Err(error) = keep_off_sources(&arguments.site.root, &dir) {
        return failed(error);
    }
    // Before anything is read: of two builds at once, the one that publishes last has then also read last.
    let memory = (!arguments.no_cache).then(|| root.join(PUBLISHED));
    let stage = match Stage::open(&dir, memory.as_deref(), told_to_wait) {
        Ok(stage) => stage,
        Err(error) => return failed(error),
    };
    let program = if arguments.no_cache { None } else { program() };
    let (sources, cache) = rayon::join(
        || if arguments.no_cache { discover(root) } else { discover_again(root) },
        || program.map(|program| remembered(root, program)).unwrap_or_default(),
    );
    let sources = match sources {
        Ok(sources) => sources,
        Err(error) => return failed(error),
    };
    let choices = Choices {
        drafts: arguments.drafts,
        base_url: arguments.base_url.clone(),
        today: arguments.site.today(),
        preview: false,
    };
    let out = Out { stage, failed: Mutex::default() };
    let built = build(&sources, &choices, &out, &cache);
    let Some(rendered) = built.rendered else {
        print(&built.findings, &sources, arguments.format, Map::new());
        if arguments.format == Format::Human {
            anstream::eprintln!(
                "Nothing was published: {}. The last good site stays as it was.",
                summary(&built.findings)
            );
        }
        return Ended::Findings;
    };
    let done = match out.publish() {
        Ok(done) => done,
        Err(error) => return failed(error),
    };
    // What cannot be kept for the next build is made again by it: no reason to fail.
    if let Some(kept) = &rendered.kept {
        let _ = emit_beside(kept, &root.join(picture::KEPT));
    }
    let next = program.zip(built.cache.as_ref()).and_then(|(program, cache)| disk::to_bytes(cache, program));
    if let Some(next) = next {
        let _ = put(&root.join(disk::FILE), &next);
    }
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut more = Map::new();
    for (name, count) in [("pages", built.pages), ("files", rendered.files()), ("written", done.written)] {
        more.insert(name.into(), count.into());
    }
    more.insert("removed".into(), done.removed.into());
    more.insert("held_back".into(), built.held_back.len().into());
    more.insert("millis".into(), millis.into());
    more.insert("output".into(), Value::String(dir.display().to_string()));
    print(&built.findings, &sources, arguments.format, more);
    if arguments.format == Format::Human {
        let warnings = match built.findings.count(Severity::Warning) {
            0 => String::new(),
            _ => format!("; {}: site-gen check tells more", summary(&built.findings)),
        };
        anstream::eprintln!(
            "Built {} pages in {millis} ms into {} ({} files written, {} unchanged, {} removed){warnings}",
            built.pages,
            dir.display(),
            done.written,
            done.unchanged,
            done.removed,
        );
        if let Some(line) = put_right(&done.edited, &dir) {
            anstream::eprintln!("{line}");
        }
        if let Some(line) = held_back(&built.held_back) {
            anstream::eprintln!("{line}");
        }
    }
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
    stage: Stage,
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

/// What readers do not see today, in one line: `Not published: 1 draft; 2 pages to come, the next on 2026-12-01`.
fn held_back(pages: &[HeldBack]) -> Option<String> {
    let count = |number: usize, one: &str, many: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {many}")),
    };
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
