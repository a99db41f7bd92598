//! `site-gen verify`.

mod graph;
mod pack;

use super::{Ended, SiteArguments, failed, only, print, refuse};
use crate::checker;
use crate::report::Format;
use serde_json::Map;

#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("made").args(["graph", "pack"]).multiple(true)))]
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
    #[command(flatten)]
    pack: pack::Printing,
    /// The language of the words for readers in a picture or a pack [default: the first language of the site]
    #[arg(long, value_name = "TAG", requires = "made")]
    lang: Option<String>,
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
    let lang = arguments.lang.as_deref();
    let made =
        graph::run(&arguments.graph, &chosen, lang).and_then(|()| pack::run(&arguments.pack, &chosen, lang));
    if let Err(ended) = made {
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
                if let Some(signed) = signed(checker) {
                    anstream::println!("{signed}");
                }
            }
            if broken {
                print(&loaded.findings.errors().sorted(), &sources, Format::Human, Map::new());
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

/// How far the clinicians are. Nothing to say where the rules are not proved: nobody should sign those.
fn signed(checker: &checker::Checker) -> Option<String> {
    if checker.bytes.is_empty() {
        return None;
    }
    let (signed, all) = checker::pack::count(&checker::pack::patients(checker).ok()?);
    Some(format!("{signed} of {all} worked patients signed"))
}

/// The one questionnaire that a file is made of, and the language of its words.
fn subject<'a>(
    chosen: &[&'a checker::Checker],
    lang: Option<&'a str>,
) -> Result<(&'a checker::Checker, &'a str), Ended> {
    let checker = match chosen {
        [one] => *one,
        [] => {
            return Err(failed(
                "there is no questionnaire that can be read, so there is nothing to show; run site-gen check",
            ));
        }
        many => {
            let ids: Vec<&str> = many.iter().map(|checker| checker.id.as_str()).collect();
            return Err(failed(format!(
                "there are several questionnaires ({}); name one of them: --checker {}",
                ids.join(", "),
                ids[0]
            )));
        }
    };
    match lang {
        None => Ok((checker, checker.first_words().map_or("en", |words| &words.language))),
        Some(tag) if checker.words.contains_key(tag) => Ok((checker, tag)),
        Some(tag) => {
            let known: Vec<&str> = checker.words.keys().map(String::as_str).collect();
            Err(failed(format!(
                "`{}` has no words in the language `{tag}`; it has: {}",
                checker.id,
                known.join(", ")
            )))
        }
    }
}
