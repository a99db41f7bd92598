//! The text of a page: links and pictures under their new names, shortcodes told and taken out of sight.

use super::{Page, Places, picture};

/// The new text. What could not be carried over stays as a comment, which readers never see.
pub(super) fn write(page: &Page<'_>, places: &Places, tell: &mut dyn FnMut(usize, String)) -> String {
    let mut out = String::new();
    let mut fence: Option<&str> = None;
    let mut offset = page.body.start;
    let mut first = true;
    let title = super::scalar(&page.table, "title").unwrap_or_default();
    for line in page.source[page.body.clone()].split_inclusive('\n') {
        let at = offset;
        offset += line.len();
        let bare = line.trim_start();
        match fence {
            Some(mark) => {
                if bare.starts_with(mark) {
                    fence = None;
                }
                out.push_str(line);
                continue;
            }
            None => fence = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark)),
        }
        if fence.is_some() {
            out.push_str(line);
            continue;
        }
        let words = bare.trim_end();
        // The title stands above the text already.
        if first && words.strip_prefix("# ").is_some_and(|heading| heading.trim() == title) {
            continue;
        }
        if words == "<!-- more -->" || words == "<!--more-->" {
            continue;
        }
        first &= words.is_empty();
        let line = shortcodes(line, at, page, places, tell);
        out.push_str(&links(&line, page, places));
    }
    out
}

/// Takes the shortcodes out of a line: those that say a link or a picture become one.
fn shortcodes(
    line: &str,
    at: usize,
    page: &Page<'_>,
    places: &Places,
    tell: &mut dyn FnMut(usize, String),
) -> String {
    const MARKS: [(&str, &str); 4] = [("{{<", ">}}"), ("{{%", "%}}"), ("{{", "}}"), ("{%", "%}")];
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let (before, from) = rest.split_at(start);
        let mark = MARKS.into_iter().find(|(open, _)| from.starts_with(open));
        let Some((inner, end)) = mark.and_then(|(open, close)| {
            let inner = &from[open.len()..];
            let length = inner.find(close)?;
            Some((inner[..length].trim(), open.len() + length + close.len()))
        }) else {
            break;
        };
        out.push_str(before);
        let whole = &from[..end];
        let name =
            inner.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').find(|part| !part.is_empty());
        match name.unwrap_or_default() {
            "ref" | "relref" => {
                let target =
                    argument(inner, "path").or_else(|| inner.split(['"', '`']).nth(1)).unwrap_or_default();
                out.push_str(&destination(target, page, places));
            }
            "figure" | "image" | "img" if argument(inner, "src").is_some() => {
                let src = argument(inner, "src").unwrap_or_default();
                let alt = argument(inner, "alt").or_else(|| argument(inner, "caption")).unwrap_or_default();
                out.push_str(&format!("![{alt}]({src})"));
            }
            other => {
                let line_start = at + (line.len() - rest.len()) + start;
                tell(
                    line_start,
                    format!(
                        "`{other}` is a shortcode of the old site; say the same in plain words, or with a container such as `:::details`"
                    ),
                );
                out.push_str(&format!("<!-- {} -->", whole.replace("--", "- -")));
            }
        }
        rest = &from[end..];
    }
    out + rest
}

/// `alt="A door"` in a shortcode.
fn argument<'t>(inner: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = inner;
    while let Some(found) = rest.find(name) {
        let (before, after) = (&rest[..found], &rest[found + name.len()..]);
        let value = after.trim_start().strip_prefix('=').map(str::trim_start);
        if !before.ends_with(char::is_alphanumeric)
            && let Some(value) = value
            && let Some(quote) = value.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'))
        {
            return value[1..].split(quote).next();
        }
        rest = after;
    }
    None
}

/// The targets of a line's links and pictures, under their new names.
fn links(line: &str, page: &Page<'_>, places: &Places) -> String {
    let mut out = String::new();
    let mut rest = line;
    // `[id]: target`
    if rest.starts_with('[')
        && let Some((label, target)) = rest.split_once("]: ")
        && !label.starts_with("[^")
    {
        let end = target.find([' ', '\n', '\r']).unwrap_or(target.len());
        return format!("{label}]: {}{}", destination(&target[..end], page, places), &target[end..]);
    }
    while let Some(start) = rest.find("](") {
        let (before, from) = rest.split_at(start + 2);
        out.push_str(before);
        let end = from.find([')', ' ', '\n']).unwrap_or(from.len());
        out.push_str(&destination(&from[..end], page, places));
        rest = &from[end..];
    }
    out + rest
}

/// Where a link leads now. What is not of this site, or is not found, stays as it is: `check` then tells it.
fn destination(target: &str, page: &Page<'_>, places: &Places) -> String {
    let (path, part) = target.split_at(target.find('#').unwrap_or(target.len()));
    if path.is_empty() || path.contains(':') || path.starts_with("//") {
        return target.to_owned();
    }
    let folder = page.old.rsplit_once('/').map_or("", |(folder, _)| folder);
    let old = match path.strip_prefix("@/") {
        Some(from_top) => from_top.to_owned(),
        None if path.starts_with('/') => path.trim_start_matches('/').to_owned(),
        None => plain(&format!("{folder}/{path}")),
    };
    let ending = path.rsplit('.').next().unwrap_or_default().to_lowercase();
    if super::PICTURES.contains(&ending.as_str()) {
        return picture(&old);
    }
    let stem = old.trim_end_matches('/');
    let candidates =
        [stem.to_owned(), format!("{stem}.md"), format!("{stem}/_index.md"), format!("{stem}/index.md")];
    let by_file = candidates.iter().find_map(|name| places.by_file.get(name));
    // A relative address counts from the address of the page, not from its file.
    let from_here = plain(&format!("{}/{path}", super::address(&page.path)));
    let by_address = || {
        let asked = [stem, from_here.as_str()];
        asked.into_iter().find_map(|path| places.by_address.get(&format!("/{path}/").replace("//", "/")))
    };
    by_file.or_else(by_address).map_or_else(|| target.to_owned(), |new| format!("{new}{part}"))
}

/// A path without `.` and `..`.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
