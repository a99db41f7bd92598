//! `site-gen review`.

use super::telling::Quiet;
use super::{Ended, SiteArguments, failed, only, print, refuse};
use crate::emit;
use crate::finding::{Finding, Severity};
use crate::link::{Page, Site};
use crate::parse::data::suggest;
use crate::report::Format;
use crate::review;
use crate::source::SourceTree;
use jiff::civil::Date;
use serde_json::Map;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The page: /visit/prepare.md, or its file
    #[arg(value_name = "PAGE", value_hint = clap::ValueHint::FilePath)]
    page: String,
    /// Who read the whole page: an id from content/people.toml
    #[arg(long, value_name = "PERSON")]
    by: String,
    /// When [default: today]
    #[arg(long, value_name = "DATE", value_parser = super::date)]
    on: Option<Date>,
    /// The page's language, where PAGE does not say it [default: the site's first language]
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,
    #[command(flatten)]
    site: SiteArguments,
    #[command(flatten)]
    quiet: Quiet,
}

pub(super) fn run(arguments: &Arguments) -> Ended {
    let (sources, site, findings) = match arguments.site.join() {
        Ok(joined) => joined,
        Err(error) => return failed(error),
    };
    let today = arguments.site.today();
    let page = match find(&site, &sources, &arguments.page, arguments.lang.as_deref()) {
        Ok(page) => page,
        Err(finding) => {
            // A page that cannot be read is the likelier trouble.
            if findings.has_errors() {
                print(&findings.sorted(), &sources, Format::Human, Map::new());
            }
            return refuse(only(*finding), &sources, Format::Human);
        }
    };
    let on = arguments.on.unwrap_or(today);
    let wrong = |code, message: String, help: String| {
        only(Finding { code, severity: Severity::Error, place: None, message, help: Some(help) })
    };
    let Some(person) = site.people.get(&arguments.by) else {
        let known = site.people.keys().map(String::as_str).collect::<Vec<_>>();
        let help = suggest(&arguments.by, known, "Add them to content/people.toml, if they have agreed");
        let message = format!("There is no person with the id `{}`", arguments.by);
        return refuse(wrong("unknown-person", message, help), &sources, Format::Human);
    };
    if on > today {
        let message = format!("{on} is still to come");
        let help = "Write the day on which somebody read the whole page".to_owned();
        return refuse(wrong("review-in-the-future", message, help), &sources, Format::Human);
    }
    let Some(file) = page.file.map(|id| sources.file(id)) else {
        return failed("this page is made by the program and has no file to mark");
    };
    let Ok(source) = std::str::from_utf8(&file.bytes) else {
        return failed(format!("{} is not UTF-8 text", file.path));
    };
    let language = &site.settings.languages[page.language].code;
    let hash = review::hash(source, &site.facts, language);
    let Some(marked) = review::mark(source, &arguments.by, on, &hash) else {
        return failed(format!("{} has no front matter to write the review into", file.path));
    };
    if let Err(error) = emit::replace(&arguments.site.root.join(&file.path), marked.as_bytes()) {
        return failed(error);
    }
    anstream::println!("{}", file.path);
    let next = on.checked_add(jiff::Span::new().months(page.front.review_every));
    arguments.quiet.tell(format!(
        "Reviewed by {} on {on}. {}Any change to the page from now on asks for another review.",
        person.name,
        next.map_or(String::new(), |next| format!("The next review is due by {next}. "))
    ));
    Ended::Fine
}

/// The page that somebody means by its path inside pages/ or by its file.
pub(super) fn find<'s>(
    site: &'s Site,
    sources: &SourceTree,
    asked: &str,
    language: Option<&str>,
) -> Result<&'s Page, Box<Finding>> {
    let wanted = asked.trim_start_matches("./");
    let by_file = |page: &&Page| page.file.is_some_and(|id| sources.file(id).path == wanted);
    let code = |page: &Page| site.settings.languages[page.language].code.as_str();
    let first = site.settings.languages.first().map_or("", |language| language.code.as_str());
    let path = format!("/{}", wanted.trim_start_matches('/'));
    let path = if path.ends_with(".md") { path } else { format!("{}.md", path.trim_end_matches('/')) };
    let by_path =
        |page: &&Page| page.file.is_some() && page.path == path && code(page) == language.unwrap_or(first);
    let found = site.pages.iter().find(by_file).or_else(|| site.pages.iter().find(by_path));
    found.ok_or_else(|| {
        let known: Vec<&str> = site.pages.iter().map(|page| page.path.as_str()).collect();
        Box::new(Finding {
            code: "no-such-page",
            severity: Severity::Error,
            place: None,
            message: format!("There is no page `{asked}`"),
            help: Some(suggest(&path, known, "Name it by its path inside pages/, such as /visit/prepare.md")),
        })
    })
}
