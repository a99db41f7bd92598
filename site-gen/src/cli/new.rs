//! `site-gen new`.

use super::review::find;
use super::telling::Quiet;
use super::{Ended, Offered, SiteArguments, failed, only, refuse};
use crate::discover::{discover, discover_old};
use crate::finding::{Finding, Severity};
use crate::parse::data::suggest;
use crate::report::Format;
use crate::{emit, new};
use std::path::{Path, PathBuf};

#[derive(clap::Subcommand)]
pub(super) enum New {
    /// Start a page, as a draft with headings and tips
    Page(PageArguments),
    /// Start the translation of a page, or mark one as up to date
    Translation(TranslationArguments),
    /// Start a whole site in a new folder
    Site(NewSiteArguments),
}

#[derive(clap::Args)]
pub(super) struct TranslationArguments {
    /// The language to translate into: es
    #[arg(value_name = "LANG")]
    language: String,
    /// The page: /visit/prepare.md
    #[arg(value_name = "PAGE", value_hint = clap::ValueHint::FilePath)]
    page: String,
    #[command(flatten)]
    site: SiteArguments,
    #[command(flatten)]
    quiet: Quiet,
}

#[derive(clap::Args)]
pub(super) struct NewSiteArguments {
    /// The folder to make
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Bring over the pages of a site made with Zola or Hugo, instead of the ones that this program ships with
    #[arg(long, value_name = "OLD FOLDER")]
    from: Option<PathBuf>,
    #[command(flatten)]
    quiet: Quiet,
}

#[derive(clap::Args)]
pub(super) struct PageArguments {
    /// Its address: section/name
    #[arg(value_name = "SECTION/NAME")]
    address: String,
    /// What it is: condition, treatment, risk, prepare, aftercare, cost, faq, about, section, home or checker
    #[arg(long, value_parser = Offered(new::kinds), hide_possible_values = true)]
    kind: String,
    /// Its language
    #[arg(long, default_value = "en", value_name = "TAG")]
    lang: String,
    /// The folder that holds content/
    #[arg(short, long, default_value = ".", value_name = "FOLDER")]
    root: PathBuf,
    #[command(flatten)]
    quiet: Quiet,
}

pub(super) fn run(new: &New) -> Ended {
    match new {
        New::Page(arguments) => page(arguments),
        New::Translation(arguments) => translation(arguments),
        New::Site(arguments) => site(arguments),
    }
}

fn page(arguments: &PageArguments) -> Ended {
    match new::page(&arguments.root, &arguments.lang, &arguments.address, &arguments.kind) {
        Ok(path) => {
            anstream::println!("{}", path.display());
            arguments.quiet.tell(
                "It is a draft: see it with `site-gen serve --drafts`, and take out `draft: true` when it is ready.",
            );
            Ended::Fine
        }
        Err(error) => failed(error),
    }
}

fn moved(folder: &Path, from: &Path) -> Ended {
    let old = match discover_old(from) {
        Ok(old) => old,
        Err(error) => return failed(error),
    };
    let moved = new::moving::carry(&old);
    let (pages, pictures) = (moved.pages, moved.pictures);
    let remarks: Vec<String> = moved
        .remarks
        .iter()
        .map(|remark| format!("{}:{}: {}\n", from.join(&remark.file).display(), remark.line, remark.say))
        .collect();
    if let Err(error) = new::site::moved(folder, moved) {
        return failed(error);
    }
    let folder = folder.display();
    anstream::println!("{folder}");
    anstream::eprintln!(
        "{}Pages brought over: {pages}. Pictures: {pictures}. To look at: {}.\n\
         What each page is (`kind`) was guessed from its name; look at it. The next step: site-gen check -r {folder}",
        remarks.concat(),
        remarks.len(),
    );
    Ended::Fine
}

fn site(arguments: &NewSiteArguments) -> Ended {
    if let Some(from) = &arguments.from {
        return moved(&arguments.folder, from);
    }
    match new::site::site(&arguments.folder) {
        Ok(count) => {
            let folder = arguments.folder.display();
            anstream::println!("{folder}");
            let settings = match discover(&arguments.folder) {
                Ok(sources) => crate::parse::settings(&sources),
                Err(error) => return failed(error),
            };
            let empty = settings.clinic.empty();
            let slots = match empty.is_empty() {
                true => String::new(),
                false => format!(
                    "Still empty in {folder}/content/site.toml, under [clinic]: {}.\n",
                    empty.join(", ")
                ),
            };
            arguments.quiet.tell(format!(
                "{count} files. {slots}`name` and `base_url` in the same file are those of an example: put in your own.\n\
                 Look at it: site-gen serve -r {folder}\n\
                 How to go on: {folder}/content/README.md"
            ));
            Ended::Fine
        }
        Err(error) => failed(error),
    }
}

fn translation(arguments: &TranslationArguments) -> Ended {
    let (sources, site, _) = match arguments.site.join() {
        Ok(joined) => joined,
        Err(error) => return failed(error),
    };
    let refused = |code, message: String, help: String| {
        let finding = Finding { code, severity: Severity::Error, place: None, message, help: Some(help) };
        refuse(only(finding), &sources, Format::Human)
    };
    let codes: Vec<&str> = site.settings.languages.iter().map(|language| language.code.as_str()).collect();
    let Some(number) = codes.iter().position(|code| *code == arguments.language) else {
        let otherwise = "Name it in content/site.toml first: `[languages.fr]` and `name = \"Français\"`";
        return refused(
            "unknown-language",
            format!("This site has no language `{}`", arguments.language),
            suggest(&arguments.language, codes, otherwise),
        );
    };
    if number == 0 {
        return refused(
            "unknown-language",
            format!("`{}` is the language that pages are translated from", arguments.language),
            "Name one of the other languages".to_owned(),
        );
    }
    // A page may be named by the file of its translation as well.
    let own = format!("content/{}/pages", arguments.language);
    let asked = arguments.page.strip_prefix(own.as_str()).unwrap_or(&arguments.page);
    let original = match find(&site, &sources, asked, None) {
        Ok(page) => page,
        Err(finding) => return refuse(only(*finding), &sources, Format::Human),
    };
    let text = |file| std::str::from_utf8(&sources.file(file).bytes).ok();
    let Some(source) = original.file.and_then(text) else {
        return failed("this page has no file that can be read as text");
    };
    let target = format!("{own}{}", original.path);
    let path = arguments.site.root.join(&target);
    let done = match sources.find(&target) {
        Some((file, _)) => {
            let marked = text(file).and_then(|known| new::translation::mark(&site, original, source, known));
            let Some(marked) = marked else {
                return failed(format!("{target} has no front matter to write the mark into"));
            };
            emit::replace(&path, marked.as_bytes()).map(|()| {
                "It was there already, and is now marked as a translation of the page as it stands today."
            })
        }
        None => {
            let Some(start) = new::translation::start(&site, original, source) else {
                return failed(format!("the front matter of {} cannot be read", original.path));
            };
            emit::create(&path, start.as_bytes()).map(|()| {
                "Translate the title, the summary and the text. Leave what stands in {#...}, [[...]] and [@...] as it \
                 is. It is a draft: take out `draft: true` when it is ready."
            })
        }
    };
    match done {
        Ok(told) => {
            anstream::println!("{target}");
            arguments.quiet.tell(told);
            Ended::Fine
        }
        Err(error) => failed(error),
    }
}
