//! Rust source taken apart just far enough to look for words: code, strings, comments.

/// A stretch of source.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Code on a line (counted from 1), strings replaced by `""`.
    Code(usize, String),
    /// The inside of a string literal that starts on a line.
    Text(usize, String),
}

/// The code and the strings of a source text, comments left out, in order, one code piece a line.
pub(crate) fn pieces(source: &str) -> Vec<Piece> {
    let chars: Vec<char> = source.chars().collect();
    let mut found = Vec::new();
    let mut code = String::new();
    let mut line = 1;
    let mut at = 0;
    let starts = |at: usize, what: &str| what.chars().enumerate().all(|(n, c)| chars.get(at + n) == Some(&c));
    while at < chars.len() {
        let previous_is_name =
            at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_') && chars[at - 1] != 'b';
        if starts(at, "//") {
            while at < chars.len() && chars[at] != '\n' {
                at += 1;
            }
        } else if starts(at, "/*") {
            let mut depth = 0;
            while at < chars.len() {
                if starts(at, "/*") {
                    depth += 1;
                    at += 2;
                } else if starts(at, "*/") {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        break;
                    }
                } else {
                    line += usize::from(chars[at] == '\n');
                    at += 1;
                }
            }
        } else if let Some(hashes) = raw_string_hashes(&chars, at).filter(|_| !previous_is_name) {
            let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            let start = at + hashes + 2;
            let mut stop = start;
            while stop < chars.len() && !chars[stop..].starts_with(&end) {
                stop += 1;
            }
            let text: String = chars[start.min(chars.len())..stop].iter().collect();
            code.push_str("\"\"");
            let lines = text.matches('\n').count();
            found.push(Piece::Text(line, text));
            line += lines;
            at = stop + end.len();
        } else if chars[at] == '"' {
            let first_line = line;
            let mut text = String::new();
            at += 1;
            while at < chars.len() && chars[at] != '"' {
                if chars[at] == '\\' {
                    text.push('\\');
                    at += 1;
                }
                if let Some(&c) = chars.get(at) {
                    line += usize::from(c == '\n');
                    text.push(c);
                }
                at += 1;
            }
            at += 1;
            code.push_str("\"\"");
            found.push(Piece::Text(first_line, text));
        } else if chars[at] == '\'' && chars.get(at + 1) == Some(&'\\') {
            at += 3;
            while at < chars.len() && chars[at] != '\'' {
                at += 1;
            }
            at += 1;
            code.push_str("''");
        } else if chars[at] == '\'' && chars.get(at + 2) == Some(&'\'') {
            at += 3;
            code.push_str("''");
        } else {
            if chars[at] == '\n' {
                found.push(Piece::Code(line, std::mem::take(&mut code)));
                line += 1;
            } else {
                code.push(chars[at]);
            }
            at += 1;
        }
    }
    found.push(Piece::Code(line, code));
    found
}

/// How many `#` stand between `r` and the quote of a raw string that starts here.
fn raw_string_hashes(chars: &[char], at: usize) -> Option<usize> {
    if chars.get(at) != Some(&'r') {
        return None;
    }
    let hashes = chars[at + 1..].iter().take_while(|&&c| c == '#').count();
    (chars.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

/// The part of a source text that is no test: everything before `#[cfg(test)]` in front of a module.
pub(crate) fn without_tests(source: &str) -> &str {
    let end = source.match_indices("#[cfg(test)]").map(|(at, _)| at).find(|&at| {
        let after = source[at..].trim_start_matches("#[cfg(test)]").trim_start();
        after.starts_with("mod ") || after.starts_with("pub(crate) mod ")
    });
    &source[..end.unwrap_or(source.len())]
}

#[test]
fn source_is_taken_apart() {
    let source = "let a = \"x \\\" y\"; // no \"z\"\nlet b = r#\"raw \"q\" \"#; let c = '\"'; /* fs:: */ f::<'a>(b\"w\");";
    let texts: Vec<String> = pieces(source)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Text(_, text) => Some(text),
            Piece::Code(..) => None,
        })
        .collect();
    assert_eq!(texts, ["x \\\" y", "raw \"q\" ", "w"]);
    let code: Vec<String> = pieces(source)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Code(_, code) => Some(code),
            Piece::Text(..) => None,
        })
        .collect();
    assert_eq!(code, ["let a = \"\"; ", "let b = \"\"; let c = '';  f::<'a>(b\"\");"]);
}

#[test]
fn tests_do_not_count() {
    assert_eq!(without_tests("a\n#[cfg(test)]\nmod tests {}\n"), "a\n");
    assert_eq!(without_tests("a\n#[cfg(test)]\nuse b;\n"), "a\n#[cfg(test)]\nuse b;\n");
}
