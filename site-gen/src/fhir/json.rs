//! JSON with places. A number keeps the digits that were written, because a threshold must not be rounded, and every
//! value keeps its place, because a finding without a line helps nobody.

use std::ops::Range;

/// The most bytes of a form. The longest forms in use are a tenth of that.
pub(crate) const MAX_BYTES: usize = 8 * 1024 * 1024;

/// How deeply values may stand inside one another.
pub(crate) const MAX_DEPTH: usize = 100;

/// A value and where it stands, in bytes.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) span: Range<usize>,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Switch(bool),
    /// As written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    /// Members in order, each with the place of its key. A key may come twice.
    Table(Vec<(String, Range<usize>, Node)>),
}

/// Why a text is no JSON, in words for staff, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) at: usize,
    pub(crate) message: String,
    pub(crate) help: &'static str,
}

impl Node {
    /// A member of a table.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(members) => members.iter().find(|(name, ..)| name == key).map(|(.., node)| node),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The switch, if it is one.
    pub(crate) fn switch(&self) -> Option<bool> {
        match self.value {
            Value::Switch(switch) => Some(switch),
            _ => None,
        }
    }

    /// The entries of a list; nothing for any other value.
    pub(crate) fn list(&self) -> &[Node] {
        match &self.value {
            Value::List(entries) => entries,
            _ => &[],
        }
    }

    /// A text member of a table.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// The entries of a list member of a table.
    pub(crate) fn list_of(&self, key: &str) -> &[Node] {
        self.get(key).map_or(&[], Node::list)
    }

    /// Keys that stand twice in one table, here and below, each with the place of the second.
    pub(crate) fn keys_twice(&self, found: &mut Vec<(String, Range<usize>)>) {
        match &self.value {
            Value::List(entries) => entries.iter().for_each(|entry| entry.keys_twice(found)),
            Value::Table(members) => {
                let mut seen = std::collections::BTreeSet::new();
                for (name, span, node) in members {
                    if !seen.insert(name) {
                        found.push((name.clone(), span.clone()));
                    }
                    node.keys_twice(found);
                }
            }
            _ => {}
        }
    }
}

/// Reads a whole text as one value.
pub(crate) fn read(bytes: &[u8]) -> Result<Node, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable {
            at: 0,
            message: format!("This file is larger than {} MB, which no form is", MAX_BYTES / 1024 / 1024),
            help: "Export the form by itself, without answers or pictures",
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| Unreadable {
        at: error.valid_up_to(),
        message: "This file holds characters that cannot be read".to_owned(),
        help: "Save it again as UTF-8 text",
    })?;
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut reader = Reader { text, at: start };
    let node = reader.value(0)?;
    reader.skip_space();
    if reader.at < text.len() {
        return Err(reader.unreadable("Something stands behind the end of the form"));
    }
    Ok(node)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

const CURE: &str = "Export the form again from the program that made it, as JSON";

impl Reader<'_> {
    fn unreadable(&self, message: impl Into<String>) -> Unreadable {
        Unreadable { at: self.at, message: message.into(), help: CURE }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Unreadable> {
        if depth > MAX_DEPTH {
            return Err(Unreadable {
                at: self.at,
                message: format!("Things stand inside one another more than {MAX_DEPTH} deep"),
                help: "Export the form with fewer groups inside groups",
            });
        }
        self.skip_space();
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.table(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b't') => self.word("true", Value::Switch(true))?,
            Some(b'f') => self.word("false", Value::Switch(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(_) => return Err(self.unreadable("This is not JSON")),
            None => return Err(self.unreadable("The file ends in the middle of the form")),
        };
        Ok(Node { value, span: start..self.at })
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Unreadable> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.unreadable("This is not JSON"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn table(&mut self, depth: usize) -> Result<Value, Unreadable> {
        self.at += 1;
        let mut members = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b'}') if members.is_empty() => break,
                Some(b'"') => {}
                None => return Err(self.unreadable("The file ends in the middle of the form")),
                Some(_) => return Err(self.unreadable("A name in quote marks should stand here")),
            }
            let start = self.at;
            let key = self.string()?;
            let span = start..self.at;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.unreadable("A colon is missing here"));
            }
            self.at += 1;
            members.push((key, span, self.value(depth + 1)?));
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                None => return Err(self.unreadable("The file ends in the middle of the form")),
                Some(_) => return Err(self.unreadable("A comma is missing here")),
            }
        }
        self.at += 1;
        Ok(Value::Table(members))
    }

    fn list(&mut self, depth: usize) -> Result<Value, Unreadable> {
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            self.skip_space();
            if self.peek() == Some(b']') && entries.is_empty() {
                break;
            }
            entries.push(self.value(depth + 1)?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                None => return Err(self.unreadable("The file ends in the middle of the form")),
                Some(_) => return Err(self.unreadable("A comma is missing here")),
            }
        }
        self.at += 1;
        Ok(Value::List(entries))
    }

    fn number(&mut self) -> Result<String, Unreadable> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        let written = &self.text[start..self.at];
        if written.parse::<f64>().is_err() {
            self.at = start;
            return Err(self.unreadable("This number cannot be read"));
        }
        Ok(written.to_owned())
    }

    fn string(&mut self) -> Result<String, Unreadable> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let Some(stop) = rest.find(['"', '\\', '\n']) else {
                return Err(self.unreadable("A text has no closing quote mark"));
            };
            text.push_str(&rest[..stop]);
            self.at += stop;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                _ => return Err(self.unreadable("A text has no closing quote mark")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Unreadable> {
        let wrong = |reader: &Self| reader.unreadable("This sign behind `\\` has no meaning");
        let letter = self.text.as_bytes().get(self.at + 1).copied();
        let plain = match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.unit(self.at + 2).ok_or_else(|| wrong(self))?;
                self.at += 6;
                if !(0xd800..0xdc00).contains(&first) {
                    return Ok(char::from_u32(first).unwrap_or('\u{fffd}'));
                }
                // A sign beyond the first 65 536 is written as two halves.
                let second =
                    if self.text[self.at..].starts_with("\\u") { self.unit(self.at + 2) } else { None };
                let Some(second) = second.filter(|second| (0xdc00..0xe000).contains(second)) else {
                    return Ok('\u{fffd}');
                };
                self.at += 6;
                let joined = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(joined).unwrap_or('\u{fffd}'));
            }
            _ => return Err(wrong(self)),
        };
        self.at += 2;
        Ok(plain)
    }

    fn unit(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 4)?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        read(text.as_bytes()).expect_err(text).message
    }

    #[test]
    fn what_is_json_is_read_as_serde_reads_it() {
        for text in [
            "{}",
            " [1, -2.50, 1e3, true, false, null] ",
            r#"{"a": "x\n\u00e9\ud83d\ude00\"\\\/", "b": {"c": []}}"#,
            "\u{feff}\"é\"",
        ] {
            let node = read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            let expected: serde_json::Value =
                serde_json::from_str(text.trim_start_matches('\u{feff}')).expect("JSON");
            assert_eq!(plain(&node), expected, "{text}");
        }
    }

    fn plain(node: &Node) -> serde_json::Value {
        match &node.value {
            Value::Null => serde_json::Value::Null,
            Value::Switch(switch) => (*switch).into(),
            Value::Number(number) => serde_json::from_str(number).expect("a number"),
            Value::Text(text) => text.as_str().into(),
            Value::List(entries) => entries.iter().map(plain).collect(),
            Value::Table(members) => {
                members.iter().map(|(key, _, node)| (key.clone(), plain(node))).collect()
            }
        }
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        for text in [
            "",
            "{",
            "[1,",
            "{\"a\" 1}",
            "{\"a\":1 \"b\":2}",
            "{a:1}",
            "\"open",
            "<html>",
            "1 2",
            "\"\\x\"",
            "tru",
            "--1",
            "[1,]",
        ] {
            let message = refused(text);
            assert!(!message.is_empty(), "{text}");
        }
        assert_eq!(read(b"{\"a\": nil}").expect_err("refused").at, 6);
    }

    #[test]
    fn depth_and_size_have_limits() {
        assert!(refused(&"[".repeat(100_000)).contains("more than 100 deep"));
        assert!(read("[".repeat(90).as_bytes()).expect_err("open").message.contains("ends in the middle"));
        assert!(read(&vec![b' '; MAX_BYTES + 1]).expect_err("large").message.contains("larger than 8 MB"));
    }

    #[test]
    fn a_number_keeps_its_digits_and_a_key_its_place() {
        let node = read(br#"{"a": 36.60, "a": 1}"#).expect("JSON");
        assert!(matches!(&node.get("a").expect("a").value, Value::Number(digits) if digits == "36.60"));
        let mut twice = Vec::new();
        node.keys_twice(&mut twice);
        assert_eq!(twice, [("a".to_owned(), 13..16)]);
    }
}
