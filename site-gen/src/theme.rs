//! A theme: its templates compiled, its style sheets joined.
//!
//! A template's name is its path below the theme's folder: `layouts/page.html`,
//! `components/emergency/component.html`.

use crate::finding::{Finding, Findings};
use crate::parse::data::{did_you_mean, nearest};
use crate::source::{FileId, Place, SourceTree};
use std::collections::BTreeMap;
use tera::{Context, ErrorKind, Tera};

/// A theme that compiles.
pub struct Theme {
    /// All style sheets but that for paper in one: tokens, base, layouts, the components by name.
    pub style: String,
    /// The style sheet for paper. A sheet of its own, so that no browser waits for it to show a page; it comes last.
    pub print: String,
    /// The same with a layout's own sheet (`layouts/checker.css`), by the layout's name. Only pages of that layout
    /// load it, so that no other reader pays for it.
    pub layout_styles: BTreeMap<&'static str, String>,
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
        let common: Vec<&str> = SHEETS.into_iter().chain(components.map(String::as_str)).collect();
        let join = |sheets: &mut dyn Iterator<Item = &str>| {
            let mut style = String::new();
            for sheet in sheets.filter_map(|path| texts.get(path)) {
                compact(sheet, &mut style);
                style.push('\n');
            }
            style
        };
        let style = join(&mut common.iter().copied());
        let print = join(&mut [PRINT_SHEET].into_iter());
        let layout_styles = layouts()
            .filter_map(|layout| {
                let own = format!("layouts/{layout}.css");
                texts
                    .contains_key(&own)
                    .then(|| (layout, join(&mut common.iter().copied().chain([own.as_str()]))))
            })
            .collect();
        let icon = sources.find(&format!("{folder}/icon.svg")).map(|(_, file)| file.bytes.clone());
        Ok(Theme { style, print, layout_styles, icon, files, tera })
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

/// Adds a style sheet without its comments and without the space that only a person needs: what is left is
/// a fifth smaller once compressed. Strings stay as they are, and so does every space that can mean something
/// (`a :is(b)`, `1px + 2px`).
fn compact(sheet: &str, into: &mut String) {
    let start = into.len();
    let mut rest = sheet;
    let mut space = false;
    while let Some(next) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
            space = true;
            continue;
        }
        if next.is_ascii_whitespace() {
            rest = rest.trim_ascii_start();
            space = true;
            continue;
        }
        let tight = |c: char| matches!(c, '{' | '}' | ';' | ',');
        let before = into[start..].chars().next_back();
        // No selector has a space right behind a colon, so there it belongs to a declaration.
        if space && before.is_some_and(|before| !tight(before) && before != ':') && !tight(next) {
            into.push(' ');
        }
        space = false;
        if next == '}' && before == Some(';') {
            into.pop();
        }
        let length = if matches!(next, '"' | '\'') { string_length(rest, next) } else { next.len_utf8() };
        into.push_str(&rest[..length]);
        rest = &rest[length..];
    }
}

/// How many bytes the string at the start of `text` takes, with its quotes; all of it if it never ends.
fn string_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
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
        let message = &in_words(message);
        let (message, known) = message.split_once(". Available ").unwrap_or((message, ""));
        let known = known.split_once(": ").map_or("", |(_, names)| names);
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
        let theme = load(&tree(&[]), "plain").expect("a theme");
        assert_eq!((theme.style.as_str(), theme.print.as_str()), ("t\nb\nl\nc\n", "p\n"));
    }

    #[test]
    fn a_layouts_own_sheet_is_for_its_pages_only() {
        let theme = load(&tree(&[("themes/plain/layouts/checker.css", "q")]), "plain").expect("a theme");
        assert_eq!(theme.style, "t\nb\nl\nc\n");
        assert_eq!(
            theme.layout_styles.into_iter().collect::<Vec<_>>(),
            [("checker", "t\nb\nl\nc\nq\n".to_owned())]
        );
    }

    #[test]
    fn style_sheets_lose_what_only_people_need() {
        let check = |sheet: &str, expected: &str| {
            let mut out = String::new();
            compact(sheet, &mut out);
            assert_eq!(out, expected);
        };
        check("/* why */\n.a,\n.b {\n  color: red;\n}\n", ".a,.b{color:red}");
        check("a :is(b, c) > d { margin: calc(1px + 2px) }", "a :is(b,c) > d{margin:calc(1px + 2px)}");
        check("a/**/b { }", "a b{}");
        check("a::after { content: \" /* { ;  \\\" } \"; }", "a::after{content:\" /* { ;  \\\" } \"}");
        check("a { content: \"never closed", "a{content:\"never closed");
        check("/* never closed", "");
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
        assert_eq!(missing(true), Some(vec!["the theme `plain` has no `layouts/search.html`".to_owned()]));
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
        assert_eq!(finding.message, "Unknown filter `shout`");
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
