//! YAML front matter as a [`Table`], and a parser's complaints in words for staff.

use super::data::{Entry, Kind, Style, Table, Value, shorten};
use crate::finding::{Finding, Findings};
use crate::source::{FileId, Place};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use std::ops::Range;

/// How many lists and groups may lie inside each other. Front matter needs two; each one more needs room on the stack.
const DEEPEST: usize = 16;

/// Reads `text`, which begins at byte `base` of `file`. A fault becomes one finding and no table.
pub fn read(text: &str, file: FileId, base: usize, findings: &mut Findings) -> Option<Table> {
    let here = Place::new(file, base..base);
    let limits = serde_saphyr::options! { budget: serde_saphyr::budget! { max_depth: DEEPEST } };
    match serde_saphyr::from_str_with_options::<Spanned<Node>>(text, limits) {
        Ok(node) => match to_value(node, text, file, base).kind {
            Kind::Table(table) => Some(table),
            Kind::Empty => Some(Table::empty(here)),
            _ => {
                let line = first_line_with_text(text);
                findings.push(no_colon(text, line, file, base));
                None
            }
        },
        Err(error) => {
            let error = error.without_snippet();
            let at = error
                .location()
                .map_or(0, |location| offset_of(text, location.line() as usize, location.column() as usize));
            findings.push(explain(text, at, &error.to_string(), file, base));
            None
        }
    }
}

enum Node {
    Scalar(String),
    List(Vec<Spanned<Node>>),
    Map(Vec<(Spanned<String>, Spanned<Node>)>),
    Empty,
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Node, E> {
        Ok(Node::Scalar(value))
    }

    fn visit_bytes<E>(self, value: &[u8]) -> Result<Node, E> {
        Ok(Node::Scalar(String::from_utf8_lossy(value).into_owned()))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Empty)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Empty)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Node, D::Error> {
        inner.deserialize_any(NodeVisitor)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Node::Map(map))
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

fn span_of<T>(spanned: &Spanned<T>, text: &str) -> Range<usize> {
    let span = spanned.referenced.span();
    let start = span.byte_offset().map_or(0, |offset| offset as usize).min(text.len());
    let end = (start + span.byte_len().map_or(0, |length| length as usize)).min(text.len());
    if text.is_char_boundary(start) && text.is_char_boundary(end) { start..end } else { 0..0 }
}

fn to_value(node: Spanned<Node>, text: &str, file: FileId, base: usize) -> Value {
    let span = span_of(&node, text);
    let raw = &text[span.clone()];
    let place = Place::new(file, base + span.start..base + span.end);
    let kind = match node.value {
        Node::Empty => Kind::Empty,
        Node::List(items) => {
            Kind::List(items.into_iter().map(|item| to_value(item, text, file, base)).collect())
        }
        Node::Map(entries) => Kind::Table(Table {
            entries: entries
                .into_iter()
                .map(|(key, value)| {
                    let start = base + span_of(&key, text).start;
                    let key_place = Place::new(file, start..start + key.value.len());
                    Entry { key: key.value, key_place, value: to_value(value, text, file, base) }
                })
                .collect(),
            place: place.clone(),
        }),
        // The library has its own idea of numbers (`1.50` is 1.5, `no` is false). Ours is the schema's.
        Node::Scalar(value) => match raw.as_bytes().first() {
            Some(b'"' | b'\'') => Kind::Scalar { text: value, style: Style::Quoted },
            _ if raw.contains('\n') || raw.is_empty() => Kind::Scalar { text: value, style: Style::Plain },
            _ => Kind::Scalar { text: raw.trim().to_owned(), style: Style::Plain },
        },
    };
    Value { kind, place }
}

fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text[start..].split('\n').next().unwrap_or_default();
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
}

fn first_line_with_text(text: &str) -> Range<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            return start..start + line.trim_end().len();
        }
        start += line.len();
    }
    0..0
}

fn no_colon(text: &str, line: Range<usize>, file: FileId, base: usize) -> Finding {
    let words = text[line.clone()].trim();
    let help = match words.split_once(':') {
        Some((key, value)) if !key.contains(' ') => {
            format!("Put a space after the colon: `{}: {}`", key, shorten(value))
        }
        _ if words.contains('=') => {
            let (key, value) = words.split_once('=').unwrap_or((words, ""));
            format!("Write a colon in place of the equals sign: `{}: {}`", key.trim(), shorten(value.trim()))
        }
        _ => "Write a name, a colon, a space and the text: `title: What to expect`".to_owned(),
    };
    Finding::error(
        "front-matter-line",
        Place::new(file, base + line.start..base + line.end),
        "This line of the front matter is not a name and a value",
    )
    .help(help)
}

/// Looks at the lines themselves, because the place where a parser gives up is often a line after the
/// mistake, and its reason is in its own language.
fn explain(text: &str, at: usize, complaint: &str, file: FileId, base: usize) -> Finding {
    let place = |range: Range<usize>| Place::new(file, base + range.start..base + range.end);
    let error =
        |code, range, message: &str, help: String| Finding::error(code, place(range), message).help(help);
    let last_line = text[at.min(text.len())..].find('\n').map_or(text.len(), |end| at + end);

    if complaint.contains("breached: Depth") {
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        return Finding::error(
            "nested-too-deep",
            place(start..start + text[start..last_line.max(start)].trim_end().len()),
            format!("Here more than {DEEPEST} lists or groups lie inside each other"),
        )
        .help("Front matter has names and values, and now and then a list: `tags: [pain, cost]`");
    }
    if complaint.contains("duplicate mapping key") {
        let end = text[at..].find(':').map_or(at, |colon| at + colon);
        let key = &text[at..end];
        return Finding::error("written-twice", place(at..end), format!("`{key}` is written twice"))
            .help("Keep one of the two lines");
    }

    let mut start = 0;
    for line in text[..last_line].split('\n') {
        let whole = start..start + line.trim_end().len();
        start += line.len() + 1;
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if line.starts_with('\t') || (line.starts_with(' ') && line.trim_start_matches(' ').starts_with('\t'))
        {
            return error(
                "front-matter-line",
                whole,
                "This line begins with a tab",
                "Use spaces in front of a line, never tabs".to_owned(),
            );
        }
        let (key, value) = match trimmed.split_once(": ") {
            Some((key, value)) => (key, value.trim()),
            None if trimmed.starts_with("- ") => ("-", trimmed[2..].trim()),
            None if line.starts_with([' ', '\t']) || trimmed.ends_with(':') => continue,
            // The parser stumbles on the line behind it.
            None => return no_colon(text, whole, file, base),
        };
        let written = if key == "-" { "- ".to_owned() } else { format!("{key}: ") };
        let value_at = whole.start + line.find(value).unwrap_or(0);
        let value_range = value_at..value_at + value.len();
        match value.as_bytes().first() {
            Some(&quote @ (b'"' | b'\'')) => {
                let quote = char::from(quote);
                let inner = &value[1..];
                let Some(end) = closing_quote(inner, quote) else {
                    let fixed = format!("{written}{quote}{inner}{quote}");
                    return error(
                        "unclosed-quote",
                        value_range,
                        "This text opens with a quote mark but does not close",
                        format!("Add the closing quote mark: `{fixed}`"),
                    );
                };
                let rest = inner[end + 1..].trim();
                if !rest.is_empty() && !rest.starts_with('#') {
                    let plain: String = value.chars().filter(|c| *c != quote).collect();
                    let other = if quote == '"' { '\'' } else { '"' };
                    let fixed =
                        if value.contains(other) { plain.replace(other, "’") } else { value.to_owned() };
                    return error(
                        "text-after-quote",
                        value_range,
                        "The quote marks end before the text does",
                        format!("Put the whole text in quotes: `{written}{other}{fixed}{other}`"),
                    );
                }
            }
            Some(
                b'@' | b'`' | b'%' | b'*' | b'&' | b'!' | b'|' | b'>' | b'{' | b'[' | b',' | b'?' | b':',
            ) => {
                let list = value.starts_with('[') && value.ends_with(']') && !value.starts_with("[[");
                let group = value.starts_with('{') && value.ends_with('}');
                if value.starts_with('[') && !value.contains(']') {
                    return error(
                        "unclosed-list",
                        value_range,
                        "This list opens with `[` but does not close",
                        format!("Add the closing bracket: `{written}{value}]`"),
                    );
                }
                let block = matches!(value, "|" | ">" | "|-" | ">-");
                if !list && !group && !block && whole.contains(&at.min(whole.end.saturating_sub(1))) {
                    return error(
                        "text-needs-quotes",
                        value_range,
                        "This text begins with a character that has a meaning of its own here",
                        format!("Put the text in quotes: `{written}{}`", in_quotes(value)),
                    );
                }
            }
            _ => {
                if value.contains(": ") || value.ends_with(':') {
                    return error(
                        "text-needs-quotes",
                        value_range,
                        "This text has a colon in it",
                        format!("Put the text in quotes: `{written}{}`", in_quotes(value)),
                    );
                }
            }
        }
    }
    // The line behind the place where a parser gives up is often the one that it could not join to it.
    let next = last_line + 1;
    if let Some(line) =
        text.get(next..).and_then(|rest| rest.lines().next()).filter(|line| line.starts_with('\t'))
    {
        return error(
            "front-matter-line",
            next..next + line.trim_end().len(),
            "This line begins with a tab",
            "Use spaces in front of a line, never tabs".to_owned(),
        );
    }
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = line_start..line_start + text[line_start..last_line.max(line_start)].trim_end().len();
    if complaint.contains("unclosed bracket") {
        return error(
            "unclosed-list",
            line,
            "A bracket opens on this line and does not close",
            "Add the closing bracket, as in `tags: [pain, cost]`. A text with brackets stands in quotes"
                .to_owned(),
        );
    }
    if !text[line.clone()].contains(':') {
        return no_colon(text, line, file, base);
    }
    error(
        "front-matter-line",
        line,
        "This line of the front matter cannot be read",
        "Start each name at the left edge, and put texts in quotes: `title: \"What to expect\"`".to_owned(),
    )
}

fn closing_quote(inner: &str, quote: char) -> Option<usize> {
    let mut skip = false;
    let mut chars = inner.char_indices().peekable();
    while let Some((at, character)) = chars.next() {
        if skip {
            skip = false;
        } else if character == '\\' && quote == '"' {
            skip = true;
        } else if character == quote {
            // Two single quotes stand for one.
            if quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
            } else {
                return Some(at);
            }
        }
    }
    None
}

/// A text in quotation marks that count; those of a word processor around it do not.
fn in_quotes(value: &str) -> String {
    let value = value.trim_matches(['“', '”', '„', '‘', '’']);
    if value.contains('"') { format!("'{}'", value.replace('\'', "''")) } else { format!("\"{value}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &str) {
        let mut findings = Findings::new();
        let got = match read(input, FileId(0), 0, &mut findings) {
            Some(table) => show(&Kind::Table(table)),
            None => {
                let finding = findings.iter().next().expect("BUG: no table means a finding");
                let place = finding.place.as_ref().expect("BUG: a place");
                let (line, _) = crate::source::line_column(input, place.span.start);
                let help = finding.help.as_deref().unwrap_or_default();
                format!("line {line}: {}. {help}", finding.message)
            }
        };
        assert_eq!(got, expected);
    }

    fn show(kind: &Kind) -> String {
        match kind {
            Kind::Scalar { text, style: Style::Quoted } => format!("\"{text}\""),
            Kind::Scalar { text, .. } => text.clone(),
            Kind::List(items) => {
                format!("[{}]", items.iter().map(|item| show(&item.kind)).collect::<Vec<_>>().join(", "))
            }
            Kind::Table(table) => {
                let entry = |entry: &Entry| format!("{}={}", entry.key, show(&entry.value.kind));
                format!("{{{}}}", table.entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
            Kind::Empty => "-".to_owned(),
        }
    }

    #[test]
    fn what_goes_too_deep_is_told() {
        let closed = |open: &str, close: &str| format!("{}x{}", open.repeat(50), close.repeat(50));
        for (deep, code) in [
            (closed("[", "]"), "nested-too-deep"),
            (closed("{a: ", "}"), "nested-too-deep"),
            ("- ".repeat(50), "nested-too-deep"),
            ("[".repeat(50), "unclosed-list"),
            // Nobody means a group here: a text that begins like one stands in quotes.
            ("{a: ".repeat(50), "text-needs-quotes"),
        ] {
            let mut findings = Findings::new();
            assert!(read(&format!("a: b\ntitle:\n  {deep}"), FileId(0), 0, &mut findings).is_none());
            let told = findings.iter().next().expect("a finding");
            assert_eq!(told.code, code, "{deep}: {}", told.message);
        }
        for far_too_deep in ["[".repeat(9_000), "{a: ".repeat(9_000), "- ".repeat(9_000), "? ".repeat(9_000)]
        {
            let mut findings = Findings::new();
            assert!(read(&far_too_deep, FileId(0), 0, &mut findings).is_none() && findings.has_errors());
        }
        check("title: [[[[a]]]]\n", "{title=[[[[a]]]]}");
    }

    #[test]
    fn values_stay_as_they_were_typed() {
        check("title: no\nweight: 10\n", "{title=no, weight=10}");
        check("code: 1.50\non: 2026-11-22\n", "{code=1.50, on=2026-11-22}");
        check("title: \"a: b\"\ntags: [a, 'b c']\n", "{title=\"a: b\", tags=[a, \"b c\"]}");
        check("r: {by: x, on: 2026-01-02}\ne:\n", "{r={by=x, on=2026-01-02}, e=-}");
        check("s: >\n  one\n  two\nt: ñandú\n", "{s=one two\n, t=ñandú}");
        check("title: x\r\nsummary: y\r\n", "{title=x, summary=y}");
        check("", "{}");
    }

    #[test]
    fn mistakes_are_told_in_plain_words() {
        check(
            "title: Ketamine: what to expect\n",
            "line 1: This text has a colon in it. Put the text in quotes: `title: \"Ketamine: what to expect\"`",
        );
        check(
            "title: \"What is\nsummary: \"x\"\n",
            "line 1: This text opens with a quote mark but does not close. Add the closing quote mark: \
             `title: \"What is\"`",
        );
        check(
            "a: 1\ntitle: \"What\" is it\n",
            "line 2: The quote marks end before the text does. Put the whole text in quotes: \
             `title: '\"What\" is it'`",
        );
        check("a: 1\na: 2\n", "line 2: `a` is written twice. Keep one of the two lines");
        check(
            "tags: [a, b\ndraft: true\n",
            "line 1: This list opens with `[` but does not close. Add the closing bracket: `tags: [a, b]`",
        );
        check(
            "title: @home\n",
            "line 1: This text begins with a character that has a meaning of its own here. Put the text in \
             quotes: `title: \"@home\"`",
        );
        check(
            "title: x\nno colon here\nsummary: y\n",
            "line 2: This line of the front matter is not a name and a value. Write a name, a colon, a \
             space and the text: `title: What to expect`",
        );
        check(
            "title:x\n",
            "line 1: This line of the front matter is not a name and a value. Put a space after the colon: \
             `title: x`",
        );
    }
}
