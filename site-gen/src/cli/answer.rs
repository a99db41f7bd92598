//! `site-gen answer`.

use super::{Ended, SiteArguments, failed, only, refuse};
use crate::checker;
use crate::report::Format;
use serde_json::Value;
use std::io::Read;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Which checker
    #[arg(long, value_name = "ID")]
    checker: String,
    /// A JSON file of answers, question id to answer, or a list of such; - reads standard input
    #[arg(long, value_name = "FILE")]
    answers: PathBuf,
    /// The language of the reasons
    #[arg(long, default_value = "en", value_name = "TAG")]
    lang: String,
    /// How to print the result
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Ended {
    let sources = match arguments.site.discover() {
        Ok(sources) => sources,
        Err(error) => return failed(error),
    };
    let answers = if arguments.answers.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(&arguments.answers)
    };
    let answers = match answers {
        Ok(answers) => answers,
        Err(error) => return failed(format!("failed to read {}: {error}", arguments.answers.display())),
    };
    let loaded = checker::load(&sources);
    let Some(checker) = loaded.find(&arguments.checker) else {
        if loaded.findings.has_errors() {
            return refuse(loaded.findings, &sources, arguments.format);
        }
        let unknown = loaded.unknown(&arguments.checker);
        return refuse(only(unknown), &sources, arguments.format);
    };
    if checker.bytes.is_empty() {
        anstream::eprintln!(
            "note: the rules of {} are not proved, so no page for readers holds them; site-gen verify says why",
            checker.id
        );
    }
    // What is not a list is one set of answers, or a mistake that is told there.
    let list: Option<Vec<Value>> = serde_json::from_str(&answers).ok();
    let all = list.is_some();
    let sets = list.map_or_else(|| vec![answers], |list| list.iter().map(Value::to_string).collect());
    let mut results = Vec::new();
    for set in sets {
        match checker::answer(checker, &set, &arguments.lang) {
            Err(findings) => return refuse(findings, &sources, arguments.format),
            Ok(result) => results.push(result),
        }
    }
    if arguments.format == Format::Json {
        let text = match results.as_slice() {
            [one] if !all => serde_json::to_string_pretty(one),
            _ => serde_json::to_string_pretty(&results),
        };
        anstream::println!("{}", text.expect("BUG: a result is always JSON"));
    } else {
        let texts: Vec<String> = results
            .iter()
            .map(|result| result.to_text(checker, &arguments.lang).trim_end().to_owned())
            .collect();
        anstream::println!("{}", texts.join("\n\n"));
    }
    Ended::Fine
}
