//! Where sentences and words begin and end.

use std::ops::Range;

/// Words that end in a full stop without ending a sentence, in small letters, English and Spanish.
const ABBREVIATIONS: [&str; 34] = [
    "dr", "mr", "mrs", "ms", "prof", "st", "jr", "sr", "vs", "e.g", "i.e", "etc", "approx", "no", "fig", "p",
    "pp", "a.m", "p.m", "u.s", "u.k", "ph.d", "m.d", "inc", "dra", "sra", "ud", "uds", "ee", "uu", "ej",
    "pág", "núm", "aprox",
];

/// Where each sentence of a paragraph stands, in bytes. What follows the last full stop is one as well.
pub fn split(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut from) = (0, 0);
    while let Some((at, character)) = next_stop(text, from) {
        // Closing marks belong to the sentence that they close.
        let behind = &text[at + character.len_utf8()..];
        let rest = behind.trim_start_matches(['.', '!', '?', '…', '"', '\'', '”', '’', '»', ')', ']']);
        let end = text.len() - rest.len();
        from = end;
        let next = rest.trim_start().chars().next();
        let spaced = rest.starts_with(char::is_whitespace);
        let ends = match next {
            None => true,
            // 0.5, example.org
            Some(_) if !spaced => false,
            Some(_) if character != '.' => !next.is_some_and(char::is_lowercase),
            Some(next) => !next.is_lowercase() && !is_abbreviation(&text[start..at], next),
        };
        if ends {
            push(text, start..end, &mut found);
            start = end;
        }
    }
    push(text, start..text.len(), &mut found);
    found
}

/// The next mark that can end a sentence. Most bytes are looked at once and let go.
fn next_stop(text: &str, from: usize) -> Option<(usize, char)> {
    // The ellipsis begins with a byte that other marks begin with, too.
    const ELLIPSIS: u8 = 0xe2;
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += bytes[at..].iter().position(|&byte| matches!(byte, b'.' | b'!' | b'?' | ELLIPSIS))?;
        match text[at..].chars().next() {
            Some(stop @ ('.' | '!' | '?' | '…')) => return Some((at, stop)),
            other => at += other.map_or(1, char::len_utf8),
        }
    }
}

/// Whether what stands before a full stop is an abbreviation or an initial, so that the sentence goes on.
fn is_abbreviation(before: &str, next: char) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let mut letters = word.chars();
    if let (Some(only), None) = (letters.next(), letters.next()) {
        return only.is_uppercase();
    }
    let word = word.to_lowercase();
    // "No." before a number is an abbreviation, "No." before a word an answer; "at 5 p.m. Then" ends a sentence.
    match word.as_str() {
        "no" | "p" | "fig" => next.is_ascii_digit(),
        "a.m" | "p.m" | "etc" | "inc" => false,
        word => ABBREVIATIONS.contains(&word),
    }
}

fn push(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let part = &text[range.clone()];
    let lead = part.len() - part.trim_start().len();
    let end = range.start + part.trim_end().len();
    if range.start + lead < end && words(part).next().is_some() {
        found.push(range.start + lead..end);
    }
}

/// The words of a text: letters and digits, with what holds them together inside (`don't`, `0.5`). A hyphen parts words.
pub fn words(text: &str) -> Words<'_> {
    Words { rest: text }
}

/// See [`words`].
#[derive(Clone, Debug)]
pub struct Words<'t> {
    rest: &'t str,
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let text = self.rest;
        let mut at = 0;
        let start = loop {
            match kind(text, at)? {
                (Kind::Letter | Kind::Digit, _) => break at,
                (_, length) => at += length,
            }
        };
        // The end of the last letter so far; the same at the first full stop or comma.
        let (mut end, mut stop) = (at, None);
        let mut digits = false;
        while let Some((kind, length)) = kind(text, at) {
            match kind {
                Kind::Other => break,
                Kind::Joint => {
                    if length == 1 && text.as_bytes()[at] != b'\'' {
                        stop = stop.or(Some((at, end)));
                    }
                }
                Kind::Letter => end = at + length,
                Kind::Digit => {
                    digits = true;
                    end = at + length;
                }
            }
            at += length;
        }
        // Full stops and commas stay inside numbers and abbreviations only: where the run holds a digit.
        if let Some((stop, before)) = stop.filter(|_| !digits) {
            (at, end) = (stop, before);
        }
        self.rest = &text[at..];
        Some(&text[start..end])
    }
}

/// What a character is to a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    /// Holds a word together: `don't`, `0.5`.
    Joint,
    Other,
}

/// By byte, for characters of one byte.
const KINDS: [Kind; 128] = {
    let mut kinds = [Kind::Other; 128];
    let mut byte: u8 = 0;
    while byte < 128 {
        kinds[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => Kind::Letter,
            b'0'..=b'9' => Kind::Digit,
            b'\'' | b'.' | b',' => Kind::Joint,
            _ => Kind::Other,
        };
        byte += 1;
    }
    kinds
};

/// The kind of the character at a byte, and its length; `None` at the end.
#[inline]
fn kind(text: &str, at: usize) -> Option<(Kind, usize)> {
    let byte = *text.as_bytes().get(at)?;
    if let Some(kind) = KINDS.get(usize::from(byte)) {
        return Some((*kind, 1));
    }
    long_kind(&text[at..])
}

/// The same for the first character of a text, of more than one byte.
#[cold]
fn long_kind(text: &str) -> Option<(Kind, usize)> {
    let character = text.chars().next()?;
    let kind = match character {
        '’' => Kind::Joint,
        letter if letter.is_alphanumeric() => Kind::Letter,
        _ => Kind::Other,
    };
    Some((kind, character.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = split(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn sentences_end_where_readers_stop() {
        check("Call us. We are here! Are you well?", &["Call us.", "We are here!", "Are you well?"]);
        check("She said “stop.” Then she left.", &["She said “stop.”", "Then she left."]);
        check("No full stop at the end", &["No full stop at the end"]);
        check("¿Está bien? Llame.", &["¿Está bien?", "Llame."]);
        check("We close at 5 p.m. Come early.", &["We close at 5 p.m.", "Come early."]);
        check("Is it safe? No. Ask first.", &["Is it safe?", "No.", "Ask first."]);
    }

    #[test]
    fn sentences_go_on_behind_abbreviations_and_inside_numbers() {
        check("Ask Dr. Smith about it.", &["Ask Dr. Smith about it."]);
        check("It took 0.5 hours in the U.S. Army study.", &["It took 0.5 hours in the U.S. Army study."]);
        check("Some foods, e.g. Milk, are fine.", &["Some foods, e.g. Milk, are fine."]);
        check("J. R. Smith wrote it.", &["J. R. Smith wrote it."]);
        check("Wait … and see.", &["Wait … and see."]);
        check("See no. 5 below.", &["See no. 5 below."]);
        check("… . !", &[]);
    }

    #[test]
    fn words_are_what_readers_say() {
        let of = |text| words(text).collect::<Vec<_>>();
        assert_eq!(of("Don't wait: call 911, or 1-800."), ["Don't", "wait", "call", "911", "or", "1", "800"]);
        assert_eq!(of("half-life (0.5 hours)"), ["half", "life", "0.5", "hours"]);
        assert_eq!(
            of("It ended.Then, niños’ ‘café’,e.g. 5 p.m."),
            ["It", "ended", "Then", "niños", "café", "e", "g", "5", "p", "m"]
        );
        assert_eq!(of("— … –"), [""; 0]);
    }
}
