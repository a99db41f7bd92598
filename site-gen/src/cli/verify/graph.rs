//! `site-gen verify --graph`: the questionnaire as a picture, in a file.

use super::super::{Ended, failed};
use super::subject;
use crate::checker::graph::{Mark, START, picture};
use crate::checker::{Checker, VerifyResult, verify};
use crate::emit;
use crate::parse::data::nearest;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct Drawing {
    /// Also draw the questionnaire: a picture that says what is asked and what leads to which result
    #[arg(long, value_name = "FILE.svg")]
    graph: Option<PathBuf>,
    /// Mark in the picture the answers that break this promise
    #[arg(long, value_name = "PROMISE", requires = "graph")]
    mark: Option<String>,
}

/// Draws what was asked for, if it was.
pub(super) fn run(arguments: &Drawing, chosen: &[&Checker], lang: Option<&str>) -> Result<(), Ended> {
    let Some(path) = &arguments.graph else { return Ok(()) };
    let (checker, language) = subject(chosen, lang)?;
    let result = verify(checker);
    let marked = match &arguments.mark {
        Some(id) => Some(find(checker, &result, id).map_err(failed)?),
        None => None,
    };
    let mark = marked
        .as_ref()
        .map(|(title, at)| Mark { title, example: &checker.report.refuted[*at].counterexample });
    let svg = picture(checker, language, mark.as_ref());
    emit::write_one(path, svg.as_bytes(), START).map_err(failed)?;
    anstream::eprintln!("Drew {} in {}", checker.id, path.display());
    Ok(())
}

/// The promise that is to be marked, in a sentence, and its place among those that are broken.
fn find(checker: &Checker, result: &VerifyResult, id: &str) -> Result<(String, usize), String> {
    let names = checker.broken();
    if let Some(at) = names.iter().position(|name| name == id) {
        return Ok((format!("answers that break {id}, “{}”", result.refuted[at].say), at));
    }
    if result.proved.iter().any(|proved| proved.id == id) {
        return Err(format!("`{id}` is proved: no set of answers breaks it, so there is nothing to mark"));
    }
    let broken: Vec<&str> = names.iter().map(String::as_str).collect();
    let all = broken.iter().copied().chain(result.proved.iter().map(|proved| proved.id.as_str()));
    Err(match nearest(id, all) {
        Some(near) => format!("`{}` makes no promise `{id}`; did you mean `{near}`?", checker.id),
        None if broken.is_empty() => {
            format!("`{}` makes no promise `{id}`, and every promise that it makes is kept", checker.id)
        }
        None => {
            format!("`{}` makes no promise `{id}`; those that are broken: {}", checker.id, broken.join(", "))
        }
    })
}
