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
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if !matches!(character, '.' | '!' | '?' | '…') {
            continue;
        }
        // Closing marks belong to the sentence that they close.
        let mut end = at + character.len_utf8();
        while let Some(&(next, mark)) = characters.peek() {
            if !matches!(mark, '.' | '!' | '?' | '…' | '"' | '\'' | '”' | '’' | '»' | ')' | ']') {
                break;
            }
            end = next + mark.len_utf8();
            characters.next();
        }
        let rest = &text[end..];
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
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '.' | ',')))
        .flat_map(|word| {
            // Full stops and commas stay inside numbers and abbreviations only.
            let inside = word.contains(|c: char| c.is_ascii_digit());
            word.split(move |c: char| !inside && matches!(c, '.' | ','))
        })
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
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
        assert_eq!(of("— … –"), [""; 0]);
    }
}
