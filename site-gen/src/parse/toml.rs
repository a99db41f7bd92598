//! A TOML file as a [`Table`], and a parser's complaints in words for staff.

use super::data::{Entry, Kind, Style, Table, Value};
use crate::finding::{Finding, Findings};
use crate::source::{FileId, Place};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// How much of a line a message repeats, in bytes.
const LONGEST_SHOWN: usize = 200;

/// Reads `text`, which begins at byte `base` of `file`. All faults of the file are reported; what could be
/// read is in the table. `None` when nothing could be trusted.
pub fn read(text: &str, file: FileId, base: usize, findings: &mut Findings) -> Option<Table> {
    // Windows editors put a mark in front.
    let (text, base) = match text.strip_prefix('\u{feff}') {
        Some(rest) => (rest, base + '\u{feff}'.len_utf8()),
        None => (text, base),
    };
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Some(to_table(table.into_inner(), Place::new(file, base..base), base));
    }
    // One mistake makes a parser stumble several times; the first one on a line is the one that helps.
    let mut told: Vec<usize> = Vec::new();
    let mut twice: Option<usize> = None;
    let mut errors: Vec<_> =
        errors.iter().map(|error| (error.span().unwrap_or(0..0), error.message())).collect();
    errors.sort_by_key(|(span, _)| span.start);
    let tangled = errors.iter().any(|(_, message)| message.contains("array"));
    for (span, message) in errors {
        let line = text[..span.start.min(text.len())].matches('\n').count();
        if told.contains(&line) || (tangled && !told.is_empty()) {
            continue;
        }
        told.push(line);
        // A lost heading makes every line of its block the second of its name: the first of them says it.
        let again = message.contains("duplicate key") && twice.is_some_and(|before| line - before <= 2);
        if message.contains("duplicate key") {
            twice = Some(line);
        }
        if again {
            continue;
        }
        findings.push(explain(text, span, message, file, base));
    }
    None
}

/// Whether a file has the form that it should have.
pub fn is_whole(text: &str) -> bool {
    DeTable::parse_recoverable(text.trim_start_matches('\u{feff}')).1.is_empty()
}

fn to_table(table: DeTable<'_>, place: Place, base: usize) -> Table {
    let at = |span: Range<usize>| Place::new(place.file, base + span.start..base + span.end);
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry {
            key_place: at(key.span()),
            key: key.into_inner().into_owned(),
            value: to_value(at(value.span()), value.into_inner(), base),
        })
        .collect();
    entries.sort_by_key(|entry| (entry.key_place.span.start, entry.value.place.span.start));
    Table { entries, place }
}

fn to_value(place: Place, value: DeValue<'_>, base: usize) -> Value {
    let scalar = |text: String, style| Kind::Scalar { text, style };
    let kind = match value {
        DeValue::String(text) => scalar(text.into_owned(), Style::Quoted),
        DeValue::Integer(number) => scalar(number.to_string(), Style::Number),
        DeValue::Float(number) => scalar(number.to_string(), Style::Number),
        DeValue::Boolean(switch) => scalar(switch.to_string(), Style::Switch),
        DeValue::Datetime(date) => scalar(date.to_string(), Style::Date),
        DeValue::Array(items) => Kind::List(
            items
                .into_iter()
                .map(|item| {
                    let span = item.span();
                    let place = Place::new(place.file, base + span.start..base + span.end);
                    to_value(place, item.into_inner(), base)
                })
                .collect(),
        ),
        DeValue::Table(table) => Kind::Table(to_table(table, place.clone(), base)),
    };
    Value { kind, place }
}

fn explain(text: &str, span: Range<usize>, complaint: &str, file: FileId, base: usize) -> Finding {
    let start = span.start.min(text.len());
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |end| start + end);
    let whole_line = text[line_start..line_end].trim_end();
    // Enough of it for a message that somebody reads.
    let line = &whole_line[..whole_line.floor_char_boundary(LONGEST_SHOWN)];
    let place = |range: Range<usize>| Place::new(file, base + range.start..base + range.end);
    let whole = line_start..line_start + whole_line.len();
    let value_of = |line: &str| line.split_once('=').map(|(_, value)| value.trim().to_owned());
    let key_of = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
    let (key, value) = (key_of(line), value_of(line).unwrap_or_default());

    let (code, message, help) = if complaint.contains("duplicate key") {
        let key = super::data::shorten(text[span.clone()].trim());
        // The usual reason in a file of blocks: the heading between two blocks was lost.
        let block = text[..line_start].lines().rev().find(|line| line.starts_with("[["));
        let help = match block {
            Some(block) => {
                format!(
                    "Keep one of the two. If a new block begins here, put its heading above it: `{}`",
                    block.trim()
                )
            }
            None => "Keep one of the two".to_owned(),
        };
        ("written-twice", format!("`{key}` is written twice"), help)
    } else if value.starts_with('"') && value.ends_with('"') && value.contains('\\') {
        (
            "text-needs-quotes",
            "A backslash has a meaning of its own between double quote marks".to_owned(),
            format!("Write the text between single ones: `{key} = '{}'`", value.trim_matches(QUOTES)),
        )
    } else if (complaint.contains("date") || complaint.contains("time")) && looks_like_a_date(&value) {
        let fault = super::data::read_date(&value);
        match fault {
            Err(fault) => (fault.code, fault.message, fault.help),
            Ok(_) => {
                ("not-a-date", format!("`{value}` is not a date"), "Write it like 2026-11-22".to_owned())
            }
        }
    } else if value.ends_with('"') && !value.starts_with(['"', '[', '{']) && line.contains('=') {
        (
            "unclosed-quote",
            "This text ends with a quote mark but does not open with one".to_owned(),
            format!("Add the opening quote mark: `{key} = \"{value}`"),
        )
    } else if value.starts_with('[') && value.ends_with(']') && !value.contains(['"', '\'']) {
        let inner = value.trim_matches(['[', ']']);
        let quoted: Vec<String> =
            inner.split(',').map(|item| format!("\"{}\"", item.trim().trim_matches(QUOTES))).collect();
        (
            "text-needs-quotes",
            "The texts in this list need quote marks".to_owned(),
            format!("Write `{key} = [{}]`", quoted.join(", ")),
        )
    } else if complaint.contains("must be quoted") && value.is_empty() {
        (
            "value-missing",
            format!("There is nothing after `{key} =`"),
            format!("Write `{key} = \"\"` to leave it empty"),
        )
    } else if complaint.contains("must be quoted")
        || complaint.contains("date")
        || complaint.contains("time")
        || value.starts_with(['“', '”', '„'])
    {
        match super::data::read_date(&value) {
            Err(fault) if fault.code != "not-a-date" => (fault.code, fault.message, fault.help),
            _ => (
                "text-needs-quotes",
                "This text needs quote marks".to_owned(),
                format!(
                    "Write `{key} = \"{}\"`: texts stand in straight quote marks",
                    value.trim_matches(QUOTES)
                ),
            ),
        }
    } else if complaint.contains("string") {
        (
            "unclosed-quote",
            "This text opens with a quote mark but does not close".to_owned(),
            format!("Add the closing quote mark: `{line}\"`"),
        )
    } else if complaint.contains("array") || complaint.contains("comma") {
        // Where the next text begins, a comma is missing; anywhere else, the bracket that ends the list above.
        match text[start..].starts_with(['"', '\'']) {
            true => (
                "unclosed-list",
                "A comma is missing in front of this text".to_owned(),
                "Write the list like this: `[\"one\", \"two\"]`".to_owned(),
            ),
            false => (
                "unclosed-list",
                "The list above this line does not close".to_owned(),
                "Put the closing bracket behind its last text: `[\"one\", \"two\"]`".to_owned(),
            ),
        }
    } else if complaint.contains("unclosed table") || line.trim_start().starts_with('[') {
        (
            "data-line",
            "This heading has no closing bracket".to_owned(),
            format!("Write `{}`", close_heading(line.trim())),
        )
    } else if complaint.contains("unexpected key or value") {
        (
            "text-after-quote",
            "There is something after the value".to_owned(),
            "Put the whole text in one pair of quote marks, and one value on a line".to_owned(),
        )
    } else if line.contains(": ") && !line.contains('=') {
        let (key, value) = line.split_once(": ").unwrap_or((line, ""));
        (
            "data-line",
            "This file uses `=` between a name and its value, not a colon".to_owned(),
            format!("Write `{} = \"{}\"`", key.trim(), value.trim().trim_matches('"')),
        )
    } else if !line.contains('=') {
        (
            "data-line",
            "This line is not a name and a value".to_owned(),
            "Write `name = \"text\"`, or put # in front to make it a remark".to_owned(),
        )
    } else {
        (
            "data-line",
            "This line cannot be read".to_owned(),
            "Write `name = \"text\"`: a name of letters, digits, - and _, an equals sign, and text in quotes"
                .to_owned(),
        )
    };
    let range = if code == "written-twice" && span.end <= text.len() { span } else { whole };
    Finding::error(code, place(range), message).help(help)
}

/// Quote marks that people type, and those that a word processor makes of them.
const QUOTES: [char; 6] = ['"', '“', '”', '„', '‘', '’'];

/// Three groups of digits: somebody meant a day. `555-0100` is a phone number.
fn looks_like_a_date(value: &str) -> bool {
    let groups: Vec<&str> = value.split(['-', '/', '.']).collect();
    groups.len() == 3
        && groups.iter().all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()))
}

fn close_heading(line: &str) -> String {
    let name = line.trim_matches(['[', ']']).trim();
    if line.starts_with("[[") { format!("[[{name}]]") } else { format!("[{name}]") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &[&str]) {
        let mut findings = Findings::new();
        let table = read(input, FileId(0), 0, &mut findings);
        let mut got: Vec<String> = findings
            .iter()
            .map(|finding| {
                let place = finding.place.as_ref().expect("BUG: a place");
                let (line, _) = crate::source::line_column(input, place.span.start);
                format!("line {line}: {}. {}", finding.message, finding.help.as_deref().unwrap_or_default())
            })
            .collect();
        if let Some(table) = table {
            got.extend(
                table
                    .entries
                    .iter()
                    .map(|entry| format!("{} @{}", entry.key, &input[entry.value.place.span.clone()])),
            );
        }
        assert_eq!(got, expected);
    }

    #[test]
    fn good_files_keep_their_order_and_places() {
        check("b = 1\na = \"x\"\n", &["b @1", "a @\"x\""]);
        check("on = 2026-11-22\nlist = [\"a\"]\n", &["on @2026-11-22", "list @[\"a\"]"]);
        check("# only a remark\n", &[]);
        check("[[r]]\nid = 'x'\n", &["r @[[r]]"]);
    }

    #[test]
    fn mistakes_are_told_in_plain_words() {
        check(
            "name = \"Clinic\nbase_url = \"https://example.org\"\n",
            &["line 1: This text opens with a quote mark but does not close. Add the closing quote mark: \
               `name = \"Clinic\"`"],
        );
        check(
            "name = Clinic\n",
            &[
                "line 1: This text needs quote marks. Write `name = \"Clinic\"`: texts stand in straight quote marks",
            ],
        );
        check("a = 1\na = 2\n", &["line 2: `a` is written twice. Keep one of the two"]);
        check(
            "name: Clinic\n",
            &[
                "line 1: This file uses `=` between a name and its value, not a colon. Write `name = \"Clinic\"`",
            ],
        );
        check(
            "on = 12/03/2026\nx = y\n",
            &[
                "line 1: `12/03/2026` can be read in two ways. Write 2026-12-03 for December 3, 2026, or \
                 2026-03-12 for March 12, 2026",
                "line 2: This text needs quote marks. Write `x = \"y\"`: texts stand in straight quote marks",
            ],
        );
        check(
            "list = [\"a\" \"b\"]\nz = 1\n",
            &[
                "line 1: A comma is missing in front of this text. Write the list like this: `[\"one\", \"two\"]`",
            ],
        );
    }
}
