//! `:::chance`: numbers that a reader can see. Each line of the box's list says how many in 100 (or in 1,000), and
//! becomes a picture of that many dots beside its words.
//!
//! The words always say the same as the picture. The number may be a fact, so lines are read when facts are known.

use crate::finding::Finding;
use crate::source::Place;
use serde::{Deserialize, Serialize};

/// One line of such a box, as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChanceUse {
    /// Its words. Facts are still `[[name]]`.
    pub words: String,
    /// Where it stands.
    pub place: Place,
}

/// How many in how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    /// To how many it happened.
    pub count: u32,
    /// Among how many: 100 or 1,000.
    pub of: u32,
}

/// Why a line cannot be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It does not say "7 in 100".
    NoNumbers,
    /// It counts in something else than 100 or 1,000.
    Base(u32),
    /// More of them than there are.
    TooMany(Chance),
    /// It says how many more, and the others are not those to whom it did not happen.
    Compared,
    /// It does not say what happened.
    NoWords,
}

/// Words between two numbers that make them a difference, in small letters.
const COMPARED: [&str; 8] = ["more", "fewer", "less", "extra", "más", "menos", "mas", "adicionales"];
/// Words that belong to a number and say nothing about what happened.
const ROUGH: [&str; 16] = [
    "about",
    "around",
    "nearly",
    "almost",
    "roughly",
    "over",
    "under",
    "people",
    "unas",
    "unos",
    "cerca",
    "casi",
    "alrededor",
    "aproximadamente",
    "personas",
    "some",
];

/// Reads a line whose facts are filled in.
///
/// # Errors
/// Why it cannot be drawn.
pub fn read(words: &str) -> Result<Chance, Fault> {
    let words = without_marks(words);
    let mut numbers = numbers(&words).into_iter();
    let (Some(count), Some(of)) = (numbers.next(), numbers.next()) else { return Err(Fault::NoNumbers) };
    let between = &words[count.1..of.0];
    if between.split_whitespace().count() > 2 && !between.trim().eq_ignore_ascii_case("out of every") {
        let compared = between.split_whitespace().any(is_compared);
        return Err(if compared { Fault::Compared } else { Fault::NoNumbers });
    }
    if between.split_whitespace().any(is_compared) {
        return Err(Fault::Compared);
    }
    if ![100, 1000].contains(&of.2) {
        return Err(Fault::Base(of.2));
    }
    let chance = Chance { count: count.2, of: of.2 };
    if chance.count > chance.of {
        return Err(Fault::TooMany(chance));
    }
    let says = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .any(|word| word.chars().count() > 2 && !ROUGH.contains(&word.to_lowercase().as_str()))
    };
    if says(&words[..count.0]) || says(&words[of.1..]) { Ok(chance) } else { Err(Fault::NoWords) }
}

fn is_compared(word: &str) -> bool {
    COMPARED.contains(&word.to_lowercase().as_str())
}

impl Chance {
    /// The other ones.
    pub fn rest(self) -> u32 {
        self.of - self.count
    }
}

impl Fault {
    /// What the author is told.
    pub fn finding(self, place: Place) -> Finding {
        let (code, message, help) = match self {
            Fault::NoNumbers => (
                "chance-without-number",
                "This line cannot be drawn: it does not say one number in 100".to_owned(),
                "Write how many, and what happened: `- **7 in 100** had a headache [@ID]`",
            ),
            Fault::Base(of) => (
                "chance-without-number",
                format!("This line counts in {of}, and a picture counts in 100 or in 1,000"),
                "Write the same number in 100: 1 in 4 is `25 in 100`",
            ),
            Fault::TooMany(Chance { count, of }) => (
                "chance-without-number",
                format!("{count} in {of} is more than all of them"),
                "Look the number up again",
            ),
            Fault::Compared => (
                "chance-compared",
                "This line says how many more or fewer, and the picture would show it as how many".to_owned(),
                "Give both numbers a line of their own, or write the difference as text outside the box",
            ),
            Fault::NoWords => (
                "chance-without-words",
                "This line does not say what happened to them".to_owned(),
                "Write it behind the number: `- **7 in 100** had a headache [@ID]`",
            ),
        };
        Finding::error(code, place, message).help(help)
    }
}

/// The line without its sources and without the signs of Markdown.
fn without_marks(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(start) = rest.find("[@") {
        text.push_str(&rest[..start]);
        rest = rest[start..].find(']').map_or("", |end| &rest[start + end + 1..]);
    }
    text.push_str(rest);
    text.retain(|c| !matches!(c, '*' | '_' | '`'));
    text
}

/// Every whole number with where it begins and ends. `1,000`, `1.000` and `1 000` are one number; `2.5` is none.
fn numbers(text: &str) -> Vec<(usize, usize, u32)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        let mut digits = String::new();
        loop {
            while at < bytes.len() && bytes[at].is_ascii_digit() {
                digits.push(bytes[at] as char);
                at += 1;
            }
            // A separator, and exactly three more digits.
            let separator =
                text[at..].chars().next().filter(|c| matches!(c, ',' | '.' | '\u{a0}' | '\u{202f}'));
            let Some(separator) = separator else { break };
            let after = at + separator.len_utf8();
            let group = bytes[after..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if group != 3 {
                break;
            }
            at = after;
        }
        if let Ok(number) = digits.parse() {
            found.push((start, at, number));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_many_in_how_many() {
        for (words, count, of) in [
            ("**7 in 100** had a headache [@EV-1]", 7, 100),
            ("About 30 in 100 had a side effect", 30, 100),
            ("Headache: 7 in 100", 7, 100),
            ("76 de cada 100 con ketamina", 76, 100),
            ("3 in 1,000 passed out", 3, 1000),
            ("3 de cada 1.000 se desmayaron", 3, 1000),
            ("0 in 100 had it in 2024", 0, 100),
            ("100 out of 100 were asked", 100, 100),
        ] {
            assert_eq!(read(words), Ok(Chance { count, of }), "{words}");
        }
    }

    #[test]
    fn a_line_that_would_draw_something_wrong_is_refused() {
        for (words, fault) in [
            ("many had a headache", Fault::NoNumbers),
            ("7 had a headache, and 3 had none", Fault::NoNumbers),
            ("0 of 0 had a headache", Fault::Base(0)),
            ("1 in 4 had a headache", Fault::Base(4)),
            ("48 to 61 in 100 were sleepy", Fault::Base(61)),
            ("120 in 100 had a headache", Fault::TooMany(Chance { count: 120, of: 100 })),
            ("12 more in 100 had a headache", Fault::Compared),
            ("12 más de cada 100 tuvieron dolor", Fault::Compared),
            ("**7 in 100** [@EV-1]", Fault::NoWords),
            ("about 7 in 100 people", Fault::NoWords),
        ] {
            assert_eq!(read(words), Err(fault), "{words}");
        }
    }

    #[test]
    fn anything_at_all_can_be_read() {
        for words in [
            "",
            "[@",
            "9999999999999 in 100 a",
            "1,00",
            "1,0000 in 100 ones",
            "٣ in 100 x",
            "\u{a0}1\u{a0}000 in",
        ] {
            let _ = read(words);
        }
    }
}
