//! Style sheets, cut to what a page shows.
//!
//! A page loads one sheet: the frame that all pages have, then the sheets of components, then its layout's own. A
//! component that is named like a box ([`Container`]), or like something that the generator writes ([`MADE`]), is left
//! out where a page has no such thing; so no reader waits for the clothes of another page. Pages that show the same
//! parts share one file.

use crate::parse::containers::Container;
use std::collections::{BTreeMap, BTreeSet};

/// The part of a page that is a table.
pub const TABLE: &str = "table";
/// The notes at the foot of a text.
pub const NOTES: &str = "notes";
/// The list of explained words.
pub const GLOSSARY: &str = "glossary";
/// The list of everything from A to Z.
pub const LETTERS: &str = "letters";
/// What the generator writes on few pages, beside boxes.
const MADE: [&str; 4] = [TABLE, NOTES, GLOSSARY, LETTERS];

/// The style sheets of a theme for the screen.
pub struct Sheets {
    /// What every page has.
    frame: String,
    /// One for each component, in the order of the cascade, with its name where a page may have to do without it.
    parts: Vec<(Option<String>, String)>,
    /// A layout's own sheet, by the layout's name.
    layouts: BTreeMap<&'static str, String>,
}

/// Which sheets a page needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// Where the layout has a sheet of its own.
    layout: Option<&'static str>,
    parts: Vec<bool>,
}

impl Sheets {
    /// From sheets as themers write them; a component's with its name. `always` names components that every page gets.
    pub fn new<'t>(
        frame: impl IntoIterator<Item = &'t str>,
        components: impl IntoIterator<Item = (&'t str, &'t str)>,
        always: &[String],
        layouts: impl IntoIterator<Item = (&'static str, &'t str)>,
    ) -> Sheets {
        let is_part = |name: &str| {
            MADE.contains(&name) || Container::ALL.iter().any(|(_, container)| *container == name)
        };
        let parts = components.into_iter().map(|(name, sheet)| {
            let may_lack = is_part(name) && !always.iter().any(|always| always == name);
            (may_lack.then(|| name.to_owned()), join([sheet]))
        });
        let layouts = layouts.into_iter().map(|(layout, sheet)| (layout, join([sheet]))).collect();
        Sheets { frame: join(frame), parts: parts.collect(), layouts }
    }

    /// What a page of a layout needs that shows these parts.
    pub fn for_page(&self, layout: &'static str, shown: &BTreeSet<&'static str>) -> Choice {
        let needed = |name: &Option<String>| name.as_deref().is_none_or(|name| shown.contains(name));
        self.choice(layout, self.parts.iter().map(|(name, _)| needed(name)).collect())
    }

    /// For a page that shows these parts, and beside them what nobody can foresee: everything but the lists that are pages of
    /// their own, and the one that has a script of its own.
    pub fn whole(&self, layout: &'static str, shown: &BTreeSet<&'static str>) -> Choice {
        let foreseen = [GLOSSARY, LETTERS, Container::Filter.name()];
        let needed = |name: &Option<String>| {
            name.as_deref().is_none_or(|name| shown.contains(name) || !foreseen.contains(&name))
        };
        self.choice(layout, self.parts.iter().map(|(name, _)| needed(name)).collect())
    }

    fn choice(&self, layout: &'static str, parts: Vec<bool>) -> Choice {
        Choice { layout: self.layouts.contains_key(layout).then_some(layout), parts }
    }

    /// The text of a choice.
    pub fn text(&self, choice: &Choice) -> String {
        let chosen = self.parts.iter().zip(&choice.parts).filter(|(_, wanted)| **wanted);
        let own = choice.layout.and_then(|layout| self.layouts.get(layout));
        let mut text = self.frame.clone();
        for sheet in chosen.map(|((_, sheet), _)| sheet).chain(own) {
            text.push_str(sheet);
        }
        text
    }
}

/// Sheets in one, each without what only people need.
pub fn join<'t>(sheets: impl IntoIterator<Item = &'t str>) -> String {
    let mut text = String::new();
    for sheet in sheets {
        compact(sheet, &mut text);
        text.push('\n');
    }
    text
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(layout: &'static str, shown: &[&'static str], expected: &str) {
        let components = [("card", ".card{}"), ("details", "dt{}"), ("key-points", "k{}"), ("table", "td{}")];
        let always = ["key-points".to_owned()];
        let sheets = Sheets::new(["frame{}"], components, &always, [("home", "own")]);
        let choice = sheets.for_page(layout, &shown.iter().copied().collect());
        assert_eq!(sheets.text(&choice), expected, "{shown:?}");
    }

    #[test]
    fn a_page_gets_the_sheets_of_its_parts() {
        check("page", &["details"], "frame{}\n.card{}\ndt{}\nk{}\n");
        check("page", &["table", "details"], "frame{}\n.card{}\ndt{}\nk{}\ntd{}\n");
        check("home", &["table"], "frame{}\n.card{}\nk{}\ntd{}\nown\n");
    }

    #[test]
    fn a_page_gets_no_other_part() {
        check("page", &[], "frame{}\n.card{}\nk{}\n");
        check("page", &["timeline", "glossary"], "frame{}\n.card{}\nk{}\n");
    }

    #[test]
    fn a_page_of_which_nobody_knows_what_it_shows_gets_all_but_what_has_a_page_or_a_script() {
        let components = [("card", ".card{}"), ("filter", "f{}"), ("letters", "l{}"), ("table", "td{}")];
        let sheets = Sheets::new(["frame{}"], components, &[], [("checker", "own")]);
        let with =
            |shown: &[&'static str]| sheets.text(&sheets.whole("checker", &shown.iter().copied().collect()));
        assert_eq!(with(&[]), "frame{}\n.card{}\ntd{}\nown\n");
        assert_eq!(with(&["filter"]), "frame{}\n.card{}\nf{}\ntd{}\nown\n");
    }

    #[test]
    fn pages_that_load_the_same_share_a_sheet() {
        let sheets = Sheets::new(["frame{}"], [("table", "td{}")], &[], [("home", "own")]);
        let shown = BTreeSet::new();
        assert_eq!(sheets.for_page("page", &shown), sheets.for_page("section", &shown));
        assert_ne!(sheets.for_page("page", &shown), sheets.for_page("home", &shown));
        assert_ne!(sheets.for_page("page", &shown), sheets.whole("page", &shown));
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
}
