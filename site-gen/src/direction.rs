//! Which way a text runs, and phone numbers inside text that runs from right to left.
//!
//! In an Arabic or Hebrew sentence the groups of `1-800-222-1222` would be shown in the wrong order, and a reader would call
//! somebody else. Authors cannot see the marks that keep them in order, so the program sets them.

use std::borrow::Cow;
use std::ops::Range;

/// From left to right.
pub const LTR: &str = "ltr";
/// From right to left.
pub const RTL: &str = "rtl";

/// Which way a language runs, by its tag: `ltr` or `rtl`.
pub fn of(tag: &str) -> &'static str {
    // Scripts that run from right to left, by the languages that use them unless the tag names another.
    const LANGUAGES: [&str; 13] =
        ["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"];
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    let rtl = match parts.find(|part| part.len() == 4) {
        Some(script) => ["Arab", "Hebr", "Thaa", "Syrc"].iter().any(|s| s.eq_ignore_ascii_case(script)),
        None => LANGUAGES.contains(&language),
    };
    if rtl { RTL } else { LTR }
}

/// The fewest digits of a number that people call; fewer are a range or a time, which runs with its sentence.
const FEWEST_DIGITS: usize = 5;

/// The numbers in groups that a text holds: phone numbers and dates. One group alone keeps its order by itself.
pub fn numbers(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        // One sign between two groups, and two where a bracket closes: `(800) 222-1222`.
        let mut start = at;
        let mut end = at;
        let (mut digits, mut groups) = (0, 0);
        while end < bytes.len() && bytes[end].is_ascii_digit() {
            let group = bytes[end..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            digits += group;
            groups += 1;
            end += group;
            let rest = &bytes[end..];
            let signs = match rest {
                [b')', b' ' | b'-', next, ..] if next.is_ascii_digit() => 2,
                [b'-' | b'.' | b'/' | b')' | b' ', next, ..] if next.is_ascii_digit() => 1,
                _ => 0,
            };
            if signs == 0 {
                break;
            }
            end += signs;
        }
        while start > 0 && matches!(bytes[start - 1], b'+' | b'(') {
            start -= 1;
        }
        if groups > 1 && digits >= FEWEST_DIGITS {
            found.push(start..end);
        }
        at = end;
    }
    found
}

/// A text without markup whose numbers in groups keep their order whatever stands around them.
pub fn isolated(text: &str) -> Cow<'_, str> {
    /// LEFT-TO-RIGHT ISOLATE and POP DIRECTIONAL ISOLATE.
    const MARKS: [char; 2] = ['\u{2066}', '\u{2069}'];
    let numbers = numbers(text);
    if numbers.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut marked = String::with_capacity(text.len() + 6 * numbers.len());
    let mut done = 0;
    for number in numbers {
        // Somebody has set the marks already.
        let by_hand = text[..number.start].ends_with(MARKS[0]);
        marked.push_str(&text[done..number.start]);
        if !by_hand {
            marked.push(MARKS[0]);
        }
        marked.push_str(&text[number.clone()]);
        if !by_hand {
            marked.push(MARKS[1]);
        }
        done = number.end;
    }
    marked.push_str(&text[done..]);
    Cow::Owned(marked)
}

/// The numbers in groups of a piece of HTML, those in its tags left out.
pub fn numbers_in_html(html: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < html.len() {
        let text_end = html[at..].find('<').map_or(html.len(), |tag| at + tag);
        found.extend(numbers(&html[at..text_end]).into_iter().map(|n| at + n.start..at + n.end));
        at = html[text_end..].find('>').map_or(html.len(), |end| text_end + end + 1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_says_which_way_a_language_runs() {
        assert_eq!((of("ar"), of("he-IL"), of("pa-Arab"), of("yi")), (RTL, RTL, RTL, RTL));
        assert_eq!((of("ar-Latn"), of("es"), of("zh-Hans"), of("")), (LTR, LTR, LTR, LTR));
    }

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = numbers(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn phone_numbers_and_dates_are_found_whole() {
        check("اتصل على 555-0100.", &["555-0100"]);
        check("1-800-222-1222 أو +1 800 222 1222", &["1-800-222-1222", "+1 800 222 1222"]);
        check("(800) 222-1222", &["(800) 222-1222"]);
        check("2026-11-22", &["2026-11-22"]);
    }

    #[test]
    fn numbers_that_keep_their_order_by_themselves_are_left_alone() {
        for text in ["911", "838255", "6-8 ساعات", "10:30", "3.5", "من 24 إلى 48", ""] {
            check(text, &[]);
        }
    }

    #[test]
    fn marks_stand_around_the_number_and_nothing_else() {
        assert_eq!(isolated("على 555-0100."), "على \u{2066}555-0100\u{2069}.");
        assert_eq!(isolated("على \u{2066}555-0100\u{2069}."), "على \u{2066}555-0100\u{2069}.");
        assert_eq!(isolated("911"), "911");
        let html = "<a href=\"tel:555-0100\">555-0100</a> 911";
        let found: Vec<&str> = numbers_in_html(html).into_iter().map(|range| &html[range]).collect();
        assert_eq!(found, ["555-0100"]);
        assert!(numbers_in_html("<img width=\"100-200\" alt=\"555-0100\"").is_empty());
    }
}
