//! A theme: its templates compiled, its style sheets joined.
//!
//! A template's name is its path below the theme's folder: `layouts/page.html`,
//! `components/emergency/component.html`.

use crate::finding::{Finding, Findings};
use crate::parse::data::{Reader, did_you_mean, nearest};
use crate::parse::toml;
use crate::sheets::{self, Sheets};
use crate::source::{FileId, Place, SourceTree};
use std::collections::{BTreeMap, BTreeSet};
use tera::{Context, ErrorKind, Tera};

/// A theme that compiles.
pub struct Theme {
    /// The style sheets for the screen: tokens, base, layouts for every page, the components by name, and a layout's
    /// own (`layouts/checker.css`).
    pub sheets: Sheets,
    /// The style sheet for paper. A sheet of its own, so that no browser waits for it to show a page; it comes last.
    pub print: String,
    /// The picture that a browser shows in the tab, an SVG.
    pub icon: Option<Vec<u8>>,
    /// Number of each template's file, to name the right one when drawing fails.
    files: BTreeMap<String, FileId>,
    tera: Tera,
}

/// The style sheets that are not a component's, in the order of the cascade; the components come after them.
const SHEETS: [&str; 3] = ["tokens.css", "base.css", "layouts.css"];
/// The one for paper, which overrides all others.
const PRINT_SHEET: &str = "print.css";

/// The layouts that every theme has, because the generator asks for them by name.
const LAYOUTS: [&str; 6] = ["page", "home", "section", "checker", "proof", "not-found"];
/// The one that only a site with search needs.
const SEARCH_LAYOUT: &str = "search";

impl Theme {
    /// Compiles the theme called `name`; with `search` it must have a layout for the search page.
    ///
    /// # Errors
    /// Every template that does not compile, or that there is no such theme; `asked_at` is the place
    /// where the site asks for it.
    pub fn load(sources: &SourceTree, name: &str, search: bool, asked_at: Place) -> Result<Theme, Findings> {
        let folder = format!("themes/{name}");
        let mut findings = Findings::new();
        let mut texts = BTreeMap::new();
        let mut files = BTreeMap::new();
        for (id, file) in sources.under(&folder) {
            let below = &file.path[folder.len() + 1..];
            if below.ends_with(".html") || below.ends_with(".css") {
                match std::str::from_utf8(&file.bytes) {
                    Ok(text) => {
                        texts.insert(below.to_string(), text);
                        files.insert(below.to_string(), id);
                    }
                    Err(_) => findings.push(
                        Finding::error(
                            "theme-file-unreadable",
                            Place::start_of(id),
                            format!("`{below}` is not plain text"),
                        )
                        .help("Save the file again as UTF-8 text"),
                    ),
                }
            }
        }
        if files.is_empty() && !findings.has_errors() {
            findings.push(missing(sources, name, asked_at));
            return Err(findings);
        }
        let layouts = || LAYOUTS.into_iter().chain(search.then_some(SEARCH_LAYOUT));
        for layout in layouts() {
            if !files.contains_key(&format!("layouts/{layout}.html")) {
                findings.push(
                    Finding::error(
                        "theme-layout-missing",
                        asked_at.clone(),
                        format!("The theme `{name}` has no `layouts/{layout}.html`"),
                    )
                    .help(format!("Copy that file from the theme `harbor` to {folder}/layouts/")),
                );
            }
        }
        if findings.has_errors() {
            return Err(findings);
        }

        let mut tera = Tera::new();
        let templates = texts.iter().filter(|(path, _)| path.ends_with(".html"));
        if let Err(error) = tera.add_raw_templates(templates.map(|(path, text)| (path.as_str(), *text))) {
            findings.push(worded(&error, &files, &texts, asked_at));
            return Err(findings);
        }

        let components =
            texts.keys().filter(|path| path.starts_with("components/") && path.ends_with(".css"));
        let text = |path: &str| texts.get(path).copied();
        let own = layouts().filter_map(|layout| Some((layout, text(&format!("layouts/{layout}.css"))?)));
        let always = always(sources, &folder, &mut findings);
        if findings.has_errors() {
            return Err(findings);
        }
        let components =
            components.filter_map(|path| Some((path.split('/').nth(1).unwrap_or_default(), text(path)?)));
        let sheets = Sheets::new(SHEETS.into_iter().filter_map(text), components, &always, own);
        let print = text(PRINT_SHEET).map(|sheet| sheets::join([sheet])).unwrap_or_default();
        let icon = sources.find(&format!("{folder}/icon.svg")).map(|(_, file)| file.bytes.clone());
        Ok(Theme { sheets, print, icon, files, tera })
    }

    /// What every template of every page can see, set once: cheaper than once a page.
    pub fn shared(&mut self) -> &mut Context {
        self.tera.global_context()
    }

    /// Whether the theme has a template of this name.
    pub fn has(&self, template: &str) -> bool {
        self.files.contains_key(template)
    }

    /// Draws a template.
    ///
    /// # Errors
    /// What the template asks for and does not get, at its place in the template.
    pub fn render(&self, template: &str, context: &Context) -> Result<String, Box<Finding>> {
        let place = || Place::start_of(self.files.get(template).copied().unwrap_or(FileId(0)));
        self.tera
            .render(template, context)
            .map_err(|error| Box::new(worded(&error, &self.files, &BTreeMap::new(), place())))
    }
}

/// The components whose style every page gets, from `theme.toml`: those that most pages show, so that pages share a file.
fn always(sources: &SourceTree, folder: &str, findings: &mut Findings) -> Vec<String> {
    let Some((id, file)) = sources.find(&format!("{folder}/theme.toml")) else { return Vec::new() };
    let Ok(words) = std::str::from_utf8(&file.bytes) else { return Vec::new() };
    let Some(table) = toml::read(words, id, 0, findings) else { return Vec::new() };
    let mut reader = Reader::new(&table, "theme.toml", findings);
    let (_, _, always) = (reader.text("name"), reader.text("description"), reader.texts("always"));
    reader.finish();
    let below = format!("{folder}/components");
    let name = |path: &'_ str| {
        let (name, file) = path.get(below.len() + 1..)?.split_once('/')?;
        (file == "component.css").then(|| name.to_owned())
    };
    let there: BTreeSet<String> = sources.under(&below).filter_map(|(_, file)| name(&file.path)).collect();
    for part in always.iter().filter(|part| !there.contains(&part.value)) {
        let help = match nearest(&part.value, there.iter().map(String::as_str)) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "Write the name of a folder in components/ that has a component.css".to_owned(),
        };
        findings.push(
            Finding::error(
                "theme-part-missing",
                part.place.clone(),
                format!("The theme has no style sheet for a component `{}`", part.value),
            )
            .help(help),
        );
    }
    always.into_iter().map(|part| part.value).collect()
}

fn missing(sources: &SourceTree, name: &str, asked_at: Place) -> Finding {
    let mut there: Vec<&str> = sources
        .under("themes")
        .filter_map(|(_, file)| file.path["themes/".len()..].split_once('/').map(|(theme, _)| theme))
        .collect();
    there.dedup();
    Finding::error("theme-missing", asked_at, format!("There is no theme `{name}`")).help(format!(
        "Themes that exist: {}. A theme of your own is a folder themes/{name}/",
        there.join(", ")
    ))
}

/// A template's fault in a themer's words. The template language's own message is kept, up to its list of
/// everything that is known: it is made for the person who writes templates.
fn worded(
    error: &tera::Error,
    files: &BTreeMap<String, FileId>,
    texts: &BTreeMap<String, &str>,
    otherwise: Place,
) -> Finding {
    let broken = |place: Place, message: &str| {
        let (message, known) = message.split_once(". Available ").unwrap_or((message, ""));
        let known = known.split_once(": ").map_or("", |(_, names)| names);
        let message = &in_words(message);
        let wrong = message.split('`').nth(1).unwrap_or_default();
        let help = match nearest(wrong, known.split(", ").filter(|name| !name.is_empty())) {
            Some(near) => {
                format!("{} themes/harbor/README.md lists what a template can use", did_you_mean(near))
            }
            None => "Compare with the theme `harbor`; themes/harbor/README.md lists what a template can use"
                .to_owned(),
        };
        Finding::error("template-broken", place, message.trim_end_matches('.')).help(help)
    };
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let place = match files.get(report.filename()) {
                Some(id) => Place::new(*id, report.span().range.clone()),
                None => otherwise,
            };
            broken(place, report.message())
        }
        // Some faults come as a drawing of the place, meant for a terminal: `error: what`, `--> file:line:column`.
        kind => {
            let drawing = kind.to_string();
            let message = drawing.lines().next().unwrap_or_default().trim_start_matches("error: ");
            broken(drawn_place(&drawing, files, texts).unwrap_or(otherwise), message)
        }
    }
}

/// What the template language objects to, in the words of somebody who writes templates and no compilers.
fn in_words(message: &str) -> String {
    let thing = |written: &str| match written.trim() {
        "identifier" => "a name".to_owned(),
        "end of template" | "end of input" => "the end of the file".to_owned(),
        sign => format!("`{}`", sign.trim_matches(['`', '\''])),
    };
    let message = message.trim_end_matches('.');
    if let Some((found, wanted)) =
        message.strip_prefix("Found ").and_then(|rest| rest.split_once(" but expected "))
    {
        let wanted: Vec<String> = wanted.trim_start_matches("one of ").split(" or ").map(thing).collect();
        return format!("Here stands {}, and it should be {}", thing(found), wanted.join(" or "));
    }
    if message == "Unknown tag" {
        return "There is no such tag here. A block that is open ends first: `{% endif %}`, `{% endfor %}`"
            .to_owned();
    }
    if let Some((inner, outer)) = message
        .strip_prefix("Template '")
        .and_then(|rest| rest.split_once("' is inheriting from '"))
        .and_then(|(inner, rest)| Some((inner, rest.split_once('\'')?.0)))
    {
        return format!("`{inner}` extends `{outer}`, and there is no such file");
    }
    let mut words = message.split(' ');
    match (words.next(), words.next(), words.next()) {
        (Some("Field"), Some(name), _) => format!("There is no {name} here"),
        (Some("Unknown"), Some(what), Some(name)) => format!("There is no {what} {name}"),
        _ => message.to_owned(),
    }
}

/// The place that a drawing of a fault names in its line `--> file:line:column`.
fn drawn_place(
    drawing: &str,
    files: &BTreeMap<String, FileId>,
    texts: &BTreeMap<String, &str>,
) -> Option<Place> {
    let place = drawing.lines().find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let mut parts = place.trim_end().rsplitn(3, ':');
    let column: usize = parts.next()?.parse().ok()?;
    let line: usize = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let line_start: usize =
        texts.get(name)?.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let at = line_start + column.checked_sub(1)?;
    Some(Place::new(*files.get(name)?, at..at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, line_column};

    fn tree(change: &[(&str, &str)]) -> SourceTree {
        let file = |path: &str, text: &str| SourceFile { path: path.into(), bytes: text.into() };
        let whole = LAYOUTS
            .iter()
            .map(|layout| file(&format!("themes/plain/layouts/{layout}.html"), "<p>{{ t.hello }}</p>"));
        let sheets = [("print", "p"), ("tokens", "t"), ("base", "b"), ("layouts", "l")]
            .map(|(name, text)| file(&format!("themes/plain/{name}.css"), text));
        let component = file("themes/plain/components/card/component.css", "c");
        let changes = change.iter().map(|(path, text)| file(path, text));
        SourceTree::new(whole.chain(sheets).chain([component]).chain(changes))
    }

    fn load(tree: &SourceTree, name: &str) -> Result<Theme, Findings> {
        Theme::load(tree, name, false, Place::start_of(FileId(0)))
    }

    fn context(text: &str) -> Context {
        Context::from_serialize(&serde_json::json!({ "t": { "hello": text } })).expect("a context")
    }

    #[test]
    fn sheets_come_in_the_order_of_the_cascade() {
        let change = [
            ("themes/plain/components/card/component.css", ".card{}"),
            ("themes/plain/layouts/page.css", "own"),
        ];
        let theme = load(&tree(&change), "plain").expect("a theme");
        let text = |layout| theme.sheets.text(&theme.sheets.whole(layout, &BTreeSet::new()));
        assert_eq!((text("page").as_str(), theme.print.as_str()), ("t\nb\nl\n.card{}\nown\n", "p\n"));
        assert_eq!(text("home"), "t\nb\nl\n.card{}\n", "a layout's own sheet is for its pages only");
    }

    #[test]
    fn a_theme_says_whose_style_every_page_gets() {
        let with = |always: &str| {
            let component = ("themes/plain/components/details/component.css", ".more{}");
            load(
                &tree(&[component, ("themes/plain/theme.toml", &format!("name = \"P\"\n{always}\n"))]),
                "plain",
            )
        };
        let style = |always| {
            let theme = with(always).expect("a theme");
            theme.sheets.text(&theme.sheets.for_page("page", &BTreeSet::new()))
        };
        assert_eq!(style(""), "t\nb\nl\nc\n");
        assert_eq!(style("always = [\"details\"]"), "t\nb\nl\nc\n.more{}\n");
        let findings = with("always = [\"detials\"]").err().expect("findings");
        let finding = findings.iter().next().expect("one");
        assert_eq!(finding.code, "theme-part-missing");
        assert_eq!(finding.help.as_deref(), Some("Did you mean `details`?"));
    }

    #[test]
    fn words_are_escaped() {
        let theme = load(&tree(&[]), "plain").expect("a theme");
        assert_eq!(theme.render("layouts/page.html", &context("a < b")).expect("a page"), "<p>a &lt; b</p>");
    }

    #[test]
    fn a_theme_that_is_not_there_names_those_that_are() {
        let findings = load(&tree(&[]), "plian").err().expect("findings");
        let finding = findings.iter().next().expect("one");
        assert_eq!(finding.code, "theme-missing");
        assert!(finding.help.as_deref().unwrap_or_default().contains("plain"));
    }

    #[test]
    fn a_missing_layout_is_named() {
        let file = |path: &str| SourceFile { path: path.into(), bytes: Vec::new() };
        let tree = SourceTree::new([file("themes/bare/layouts/page.html")]);
        let findings = load(&tree, "bare").err().expect("findings");
        assert!(findings.iter().any(|finding| finding.message.contains("layouts/home.html")));
    }

    #[test]
    fn only_a_site_with_search_needs_a_layout_for_it() {
        let missing = |search| {
            let theme = Theme::load(&tree(&[]), "plain", search, Place::start_of(FileId(0)));
            theme
                .err()
                .map(|findings| findings.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>())
        };
        assert_eq!(missing(false), None);
        assert_eq!(missing(true), Some(vec!["The theme `plain` has no `layouts/search.html`".to_owned()]));
    }

    #[test]
    fn a_broken_template_is_told_at_its_line() {
        let tree = tree(&[("themes/plain/layouts/home.html", "<p>\n{% if %}\n")]);
        let findings = load(&tree, "plain").err().expect("findings");
        let finding = findings.iter().next().expect("one");
        let place = finding.place.as_ref().expect("a place");
        assert_eq!(tree.file(place.file).path, "themes/plain/layouts/home.html");
        assert_eq!(line_column("<p>\n{% if %}\n", place.span.start).0, 2);
    }

    #[test]
    fn an_unknown_filter_is_told_at_its_line() {
        let text = "<p>\n{{ t.hello | shout }}\n";
        let tree = tree(&[("themes/plain/layouts/home.html", text)]);
        let findings = load(&tree, "plain").err().expect("findings");
        let finding = findings.iter().next().expect("one");
        let place = finding.place.as_ref().expect("a place");
        assert_eq!(tree.file(place.file).path, "themes/plain/layouts/home.html");
        assert_eq!(line_column(text, place.span.start).0, 2);
        assert_eq!(finding.message, "There is no filter `shout`");
    }

    #[test]
    fn a_word_that_is_not_given_is_told_at_its_template() {
        let tree = tree(&[("themes/plain/layouts/home.html", "<p>{{ t.helo }}</p>")]);
        let theme = load(&tree, "plain").expect("a theme");
        let finding = theme.render("layouts/home.html", &context("x")).expect_err("a fault");
        assert_eq!(finding.code, "template-broken");
        assert!(finding.message.contains("helo"), "{}", finding.message);
        let help = finding.help.as_deref().unwrap_or_default();
        assert!(help.contains("hello"), "no `did you mean`: {help}");
    }
}
