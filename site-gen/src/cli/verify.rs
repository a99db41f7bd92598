//! `site-gen verify`.

mod graph;

use super::{Ended, SiteArguments, failed, only, print, refuse};
use crate::checker;
use crate::finding::Severity;
use crate::report::Format;
use serde_json::Map;

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Only this checker
    #[arg(long, value_name = "ID")]
    checker: Option<String>,
    /// How to print the proof
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    #[command(flatten)]
    graph: graph::Drawing,
}

pub(super) fn run(arguments: &Arguments) -> Ended {
    let sources = match arguments.site.discover() {
        Ok(sources) => sources,
        Err(error) => return failed(error),
    };
    let loaded = checker::load(&sources);
    let chosen: Vec<&checker::Checker> = match &arguments.checker {
        None => loaded.checkers.iter().collect(),
        Some(id) => match loaded.find(id) {
            Some(checker) => vec![checker],
            // A checker that cannot be read has its own findings; those are the answer then.
            None if loaded.findings.has_errors() => {
                return refuse(loaded.findings, &sources, arguments.format);
            }
            None => return refuse(only(loaded.unknown(id)), &sources, arguments.format),
        },
    };
    if let Err(ended) = graph::run(&arguments.graph, &chosen) {
        return ended;
    }
    let results: Vec<_> = chosen.iter().map(|checker| checker::verify(checker)).collect();
    let broken = loaded.findings.has_errors();
    match arguments.format {
        Format::Json => {
            let text = match results.as_slice() {
                [one] => serde_json::to_string_pretty(one),
                many => serde_json::to_string_pretty(many),
            };
            anstream::println!("{}", text.expect("BUG: a proof is always JSON"));
        }
        Format::Human => {
            for (checker, result) in chosen.iter().zip(&results) {
                anstream::println!("{}", result.to_text(checker).trim_end());
            }
            if broken {
                let mut errors = crate::finding::Findings::new();
                let all = loaded.findings.iter().filter(|finding| finding.severity == Severity::Error);
                all.cloned().for_each(|finding| errors.push(finding));
                print(&errors.sorted(), &sources, Format::Human, Map::new());
            }
        }
        Format::Github => print(&loaded.findings.clone().sorted(), &sources, Format::Github, Map::new()),
    }
    if broken || results.iter().any(|result| !result.refuted.is_empty()) {
        Ended::Findings
    } else {
        Ended::Fine
    }
}
