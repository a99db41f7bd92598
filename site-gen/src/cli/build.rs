//! `site-gen build`.

use super::{Ended, SiteArguments, failed, print};
use crate::discover::{discover, discover_again};
use crate::emit::{emit, keep, keep_off_sources};
use crate::finding::Severity;
use crate::link::HeldBack;
use crate::parse::front_matter::Hidden;
use crate::report::{Format, summary};
use crate::{Choices, build};
use serde_json::{Map, Value};
use std::path::PathBuf;
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
    let sources = match if arguments.no_cache { discover(root) } else { discover_again(root) } {
        Ok(sources) => sources,
        Err(error) => return failed(error),
    };
    let dir = arguments.output.clone().unwrap_or_else(|| arguments.site.root.join("public"));
    if let Err(error) = keep_off_sources(&arguments.site.root, &dir) {
        return failed(error);
    }
    let choices = Choices {
        drafts: arguments.drafts,
        base_url: arguments.base_url.clone(),
        today: arguments.site.today(),
        preview: false,
    };
    let built = build(&sources, &choices);
    let Some(output) = &built.output else {
        print(&built.findings, &sources, arguments.format, Map::new());
        if arguments.format == Format::Human {
            anstream::eprintln!(
                "Nothing was published: {}. The last good site stays as it was.",
                summary(&built.findings)
            );
        }
        return Ended::Findings;
    };
    let done = match emit(output, &dir) {
        Ok(done) => done,
        Err(error) => return failed(error),
    };
    keep(output, root);
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut more = Map::new();
    for (name, count) in [("pages", built.pages), ("files", output.files.len()), ("written", done.written)] {
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
        if let Some(line) = held_back(&built.held_back) {
            anstream::eprintln!("{line}");
        }
    }
    Ended::Fine
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
