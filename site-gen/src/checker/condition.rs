//! The grammar of a line, `S2 is yes or prefer-not`, and what a wrong line should have been.

use super::origins::Origins;
use crate::source::Place;
use checker_rules::{Decimal, DraftCondition, DraftLine, DraftTest, Name, Quantity};

/// Why a line is not understood, in words for staff.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LineFault {
    /// One sentence.
    pub(crate) message: String,
    /// The right line, or the forms that there are.
    pub(crate) help: String,
}

/// The forms of a line, for messages.
pub(crate) const FORMS: &str = "A line is one of: `X is A`, `X is A or B`, `X is not A`, `X includes A or B`, \
     `X includes at least 2 of A, B, C`, `X at least 160 mmHg`, `X below 18`, `X is unknown`, \
     `SCORE item 9 at least 1`, or the name of a set";

/// Reads one line. `place` is the place of the line with its quote marks, if it has any.
pub(crate) fn read_line(
    text: &str,
    place: &Place,
    origins: &mut Origins,
) -> Result<DraftCondition, LineFault> {
    let words = split(text);
    match parse(text, &words) {
        Ok(line) => Ok(line.mint(text, place, origins)),
        Err(reason) => {
            let help = match repair(text) {
                Some(right) => format!("Write: `{right}`"),
                None => reason.help.unwrap_or_else(|| FORMS.to_owned()),
            };
            Err(LineFault { message: reason.message, help })
        }
    }
}

/// A word of a line and where it begins.
#[derive(Clone, Copy, Debug)]
struct Word<'t> {
    text: &'t str,
    at: usize,
}

/// A comma is a word of its own.
fn split(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut close = |start: &mut Option<usize>, end: usize| {
        if let Some(at) = start.take() {
            words.push(Word { text: &text[at..end], at });
        }
    };
    let mut commas = Vec::new();
    for (at, character) in text.char_indices() {
        if character.is_whitespace() {
            close(&mut start, at);
        } else if character == ',' {
            close(&mut start, at);
            commas.push(Word { text: &text[at..at + 1], at });
        } else if start.is_none() {
            start = Some(at);
        }
    }
    close(&mut start, text.len());
    words.extend(commas);
    words.sort_by_key(|word| word.at);
    words
}

/// A line before its names have origins.
#[derive(Debug)]
enum Parsed<'t> {
    Set(Word<'t>),
    Line(Word<'t>, ParsedTest<'t>),
}

#[derive(Debug)]
enum ParsedTest<'t> {
    Is(Vec<Word<'t>>),
    IsNot(Vec<Word<'t>>),
    Includes(Vec<Word<'t>>),
    IncludesAtLeast(u32, Vec<Word<'t>>),
    AtLeast(Decimal, Option<Word<'t>>),
    Below(Decimal, Option<Word<'t>>),
    IsUnknown,
    ItemAtLeast(u32, u32),
    ItemBelow(u32, u32),
}

impl Parsed<'_> {
    fn mint(self, text: &str, place: &Place, origins: &mut Origins) -> DraftCondition {
        // Inside plain quote marks each word has a place of its own; otherwise the whole line stands for it.
        let exact = place.span.len() == text.len() + 2;
        let name = |word: Word<'_>, origins: &mut Origins| -> Name {
            let own = if exact {
                let start = place.span.start + 1 + word.at;
                Place::new(place.file, start..start + word.text.len())
            } else {
                place.clone()
            };
            origins.name(&own, word.text)
        };
        let names = |words: Vec<Word<'_>>, origins: &mut Origins| -> Vec<Name> {
            words.into_iter().map(|word| name(word, origins)).collect()
        };
        let (subject, test) = match self {
            Parsed::Set(word) => return DraftCondition::Set(name(word, origins)),
            Parsed::Line(subject, test) => (subject, test),
        };
        let origin = origins.mint(place, text);
        let subject = name(subject, origins);
        let quantity = |value, unit: Option<Word<'_>>, origins: &mut Origins| Quantity {
            value,
            unit: unit.map(|unit| name(unit, origins)),
        };
        let test = match test {
            ParsedTest::Is(options) => DraftTest::Is(names(options, origins)),
            ParsedTest::IsNot(options) => DraftTest::IsNot(names(options, origins)),
            ParsedTest::Includes(options) => DraftTest::Includes(names(options, origins)),
            ParsedTest::IncludesAtLeast(count, options) => {
                DraftTest::IncludesAtLeast(count, names(options, origins))
            }
            ParsedTest::AtLeast(value, unit) => DraftTest::AtLeast(quantity(value, unit, origins)),
            ParsedTest::Below(value, unit) => DraftTest::Below(quantity(value, unit, origins)),
            ParsedTest::IsUnknown => DraftTest::IsUnknown,
            ParsedTest::ItemAtLeast(item, value) => DraftTest::ItemAtLeast { item, value },
            ParsedTest::ItemBelow(item, value) => DraftTest::ItemBelow { item, value },
        };
        DraftCondition::Line(DraftLine { origin, subject, test })
    }
}

/// Why a line is refused.
#[derive(Debug)]
struct Reason {
    message: String,
    help: Option<String>,
}

fn reason(message: impl Into<String>) -> Reason {
    Reason { message: message.into(), help: None }
}

fn parse<'t>(text: &str, words: &[Word<'t>]) -> Result<Parsed<'t>, Reason> {
    let shapes: Vec<&str> = words.iter().map(|word| word.text).collect();
    match shapes.as_slice() {
        [] => Err(reason("This line is empty")),
        [_] => Ok(Parsed::Set(words[0])),
        [_, "is", "unknown"] => Ok(Parsed::Line(words[0], ParsedTest::IsUnknown)),
        [_, "is", "at", "least", ..] | [_, "is", "below", ..] => {
            Err(reason(format!("`{text}` has an `is` too many")))
        }
        [_, "is", "not"] => Err(reason(format!("`{text}` does not say which answer"))),
        [_, "is", "not", ..] => Ok(Parsed::Line(words[0], ParsedTest::IsNot(options(text, &words[3..])?))),
        [_, "is", _, ..] => Ok(Parsed::Line(words[0], ParsedTest::Is(options(text, &words[2..])?))),
        [_, "includes", "at", "least", count, "of", _, ..] => {
            let count = count.parse().map_err(|_| reason(format!("`{count}` is not a whole number")))?;
            let list = comma_list(text, &words[6..])?;
            Ok(Parsed::Line(words[0], ParsedTest::IncludesAtLeast(count, list)))
        }
        [_, "includes", "at", "least", ..] => Err(Reason {
            message: format!("`{text}` does not say of which answers"),
            help: Some("Write it like this: `X includes at least 2 of A, B, C`".to_owned()),
        }),
        [_, "includes", _, ..] => {
            Ok(Parsed::Line(words[0], ParsedTest::Includes(options(text, &words[2..])?)))
        }
        [_, "item", item, "at", "least", value] => {
            Ok(Parsed::Line(words[0], ParsedTest::ItemAtLeast(whole(item)?, whole(value)?)))
        }
        [_, "item", item, "below", value] => {
            Ok(Parsed::Line(words[0], ParsedTest::ItemBelow(whole(item)?, whole(value)?)))
        }
        [_, "at", "least", value, unit @ ..] if unit.len() <= 1 => {
            Ok(Parsed::Line(words[0], ParsedTest::AtLeast(number(value)?, words.get(4).copied())))
        }
        [_, "below", value, unit @ ..] if unit.len() <= 1 => {
            Ok(Parsed::Line(words[0], ParsedTest::Below(number(value)?, words.get(3).copied())))
        }
        _ => Err(reason(format!("`{text}` is not a line that the rules understand"))),
    }
}

fn whole(text: &str) -> Result<u32, Reason> {
    text.parse().map_err(|_| reason(format!("`{text}` is not a whole number")))
}

fn number(text: &str) -> Result<Decimal, Reason> {
    Decimal::parse(text).ok_or_else(|| Reason {
        message: format!("`{text}` is not a number"),
        help: Some("Write digits, with a point if needed, and the unit after a space: `160 mmHg`".to_owned()),
    })
}

/// `A`, `A or B`, `A or B or C`.
fn options<'t>(text: &str, words: &[Word<'t>]) -> Result<Vec<Word<'t>>, Reason> {
    if words.iter().any(|word| word.text == "and") {
        return Err(Reason {
            message: format!("`{text}` holds more than one fact"),
            help: Some("Give each fact a line of its own, in `all = [...]`".to_owned()),
        });
    }
    listed(text, words, "or", "Put `or` between the answers: `X is A or B`")
}

/// `A, B, C`.
fn comma_list<'t>(text: &str, words: &[Word<'t>]) -> Result<Vec<Word<'t>>, Reason> {
    listed(text, words, ",", "Put a comma between the answers: `X includes at least 2 of A, B, C`")
}

fn listed<'t>(text: &str, words: &[Word<'t>], between: &str, help: &str) -> Result<Vec<Word<'t>>, Reason> {
    let mut names = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let joins = word.text == "or" || word.text == ",";
        let right = if at % 2 == 0 { !joins } else { word.text == between };
        if !right {
            return Err(Reason {
                message: format!("The list of answers in `{text}` is not whole"),
                help: Some(help.to_owned()),
            });
        }
        if at % 2 == 0 {
            names.push(*word);
        }
    }
    if words.len().is_multiple_of(2) {
        return Err(Reason {
            message: format!("The list of answers in `{text}` is not whole"),
            help: Some(help.to_owned()),
        });
    }
    Ok(names)
}

/// The line that was probably meant, if putting right the usual slips gives one.
fn repair(text: &str) -> Option<String> {
    // Signs may stand without spaces around them.
    let mut spaced = text.to_owned();
    for sign in ["≥", "≤", "≠", ">=", "<=", "=>", "!=", "==", ">", "<", "="] {
        if spaced.contains(sign) {
            spaced = spaced.replacen(sign, &format!(" {sign} "), 1);
            break;
        }
    }
    let (subject, rest) = spaced.trim().split_once(char::is_whitespace)?;
    let lower = rest.trim().to_lowercase();
    // What staff write, and the words for it. "+" says that the number goes up by one.
    const MEANT: [(&str, &str); 31] = [
        ("is at least ", "at least "),
        ("is below ", "below "),
        ("is more than ", "at least +"),
        ("is less than ", "below "),
        ("is above ", "at least +"),
        ("is over ", "at least +"),
        ("is under ", "below "),
        ("is not one of ", "is not "),
        ("is one of ", "is "),
        ("is either ", "is "),
        ("is equal to ", "is "),
        ("isn't ", "is not "),
        ("does not equal ", "is not "),
        ("equals ", "is "),
        ("more than ", "at least +"),
        ("above ", "at least +"),
        ("over ", "at least +"),
        ("less than ", "below "),
        ("lower than ", "below "),
        ("under ", "below "),
        ("at most ", "below +"),
        ("up to ", "below +"),
        ("has ", "includes "),
        ("contains ", "includes "),
        ("include ", "includes "),
        ("≥ ", "at least "),
        (">= ", "at least "),
        ("=> ", "at least "),
        ("> ", "at least +"),
        ("< ", "below "),
        ("≤ ", "below +"),
    ];
    let mut fixed = None;
    for (meant, right) in MEANT {
        if let Some(tail) = lower.strip_prefix(meant) {
            let tail = tail.trim();
            fixed = Some(match right.strip_suffix('+') {
                Some(right) => {
                    let (value, unit) = tail.split_once(' ').unwrap_or((tail, ""));
                    let value: i64 = value.parse().ok()?;
                    format!("{right}{} {unit}", value.checked_add(1)?)
                }
                None => format!("{right}{tail}"),
            });
            break;
        }
    }
    for (meant, right) in
        [("<= ", "below +"), ("== ", "is "), ("= ", "is "), ("!= ", "is not "), ("≠ ", "is not ")]
    {
        if fixed.is_none()
            && let Some(tail) = lower.strip_prefix(meant)
        {
            fixed = Some(match right.strip_suffix('+') {
                Some(right) => format!("{right}{}", tail.trim().parse::<i64>().ok()?.checked_add(1)?),
                None => format!("{right}{}", tail.trim()),
            });
        }
    }
    let mut line = format!("{subject} {}", fixed.unwrap_or(lower));
    if !line.contains(" at least ") {
        line = line.replace(", or ", " or ").replace(", ", " or ");
    }
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    // A unit keeps the capitals that it was written with.
    let line = match (line.rsplit_once(' '), text.trim().rsplit_once(' ')) {
        (Some((front, last)), Some((_, written))) if written.to_lowercase() == last => {
            format!("{front} {written}")
        }
        _ => line,
    };
    (line != text && parse(&line, &split(&line)).is_ok()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    /// What a line means, written back; or what staff are told.
    fn check(line: &str, expected: &str) {
        let mut origins = Origins::default();
        let place = Place::new(FileId(0), 0..line.len() + 2);
        let got = match read_line(line, &place, &mut origins) {
            Ok(condition) => show(&condition),
            Err(fault) => format!("{}. {}", fault.message, fault.help),
        };
        assert_eq!(got, expected, "{line}");
    }

    fn show(condition: &DraftCondition) -> String {
        let list = |names: &[Name]| names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join("|");
        let quantity = |quantity: &Quantity| {
            let unit = quantity.unit.as_ref().map_or("none", |unit| unit.text.as_str());
            format!("{} [{unit}]", quantity.value)
        };
        match condition {
            DraftCondition::Set(name) => format!("set {}", name.text),
            DraftCondition::Line(line) => {
                let test = match &line.test {
                    DraftTest::Is(names) => format!("is {}", list(names)),
                    DraftTest::IsNot(names) => format!("is-not {}", list(names)),
                    DraftTest::Includes(names) => format!("includes {}", list(names)),
                    DraftTest::IncludesAtLeast(count, names) => {
                        format!("includes {count} of {}", list(names))
                    }
                    DraftTest::AtLeast(value) => format!("at-least {}", quantity(value)),
                    DraftTest::Below(value) => format!("below {}", quantity(value)),
                    DraftTest::IsUnknown => "unknown".to_owned(),
                    DraftTest::ItemAtLeast { item, value } => format!("item {item} at-least {value}"),
                    DraftTest::ItemBelow { item, value } => format!("item {item} below {value}"),
                };
                format!("{} {test}", line.subject.text)
            }
            _ => "more than a line".to_owned(),
        }
    }

    #[test]
    fn every_form_of_the_grammar_is_read() {
        check("S2 is yes", "S2 is yes");
        check("S2 is yes or prefer-not", "S2 is yes|prefer-not");
        check("C7 is not yes-knows", "C7 is-not yes-knows");
        check("C7 is not no or yes-not-told", "C7 is-not no|yes-not-told");
        check("R1 includes benzo or sedative", "R1 includes benzo|sedative");
        check("R1 includes at least 2 of benzo, opioid, sedative", "R1 includes 2 of benzo|opioid|sedative");
        check("H1-top at least 160 mmHg", "H1-top at-least 160 [mmHg]");
        check("C4 below 4", "C4 below 4 [none]");
        check("T below 36.6 C", "T below 36.6 [C]");
        check("H1 is unknown", "H1 unknown");
        check("PHQ-9 item 9 at least 1", "PHQ-9 item 9 at-least 1");
        check("PHQ-9 item 9 below 1", "PHQ-9 item 9 below 1");
        check("mental-health", "set mental-health");
        check("  S2   is  yes ", "S2 is yes");
    }

    #[test]
    fn a_wrong_line_is_answered_with_the_right_one() {
        let strange = |line: &str, right: &str| {
            check(line, &format!("`{line}` is not a line that the rules understand. Write: `{right}`"));
        };
        strange("H1-top >= 160 mmHg", "H1-top at least 160 mmHg");
        strange("H1-top>=160 mmHg", "H1-top at least 160 mmHg");
        strange("C4 > 3", "C4 at least 4");
        strange("C4 <= 3", "C4 below 4");
        strange("S2 = yes", "S2 is yes");
        strange("S2 != no", "S2 is not no");
        strange("S1 has spine", "S1 includes spine");
        strange("S1 contains spine, stroke", "S1 includes spine or stroke");
        strange("C4 at most 3", "C4 below 4");
        strange("S2 Is yes", "S2 is yes");
        check("PHQ-2 is at least 3", "`PHQ-2 is at least 3` has an `is` too many. Write: `PHQ-2 at least 3`");
        check(
            "S2 is yes, prefer-not",
            "The list of answers in `S2 is yes, prefer-not` is not whole. Write: `S2 is yes or prefer-not`",
        );
    }

    #[test]
    fn what_cannot_be_guessed_is_explained() {
        check("", &format!("This line is empty. {FORMS}"));
        check(
            "R1 includes opioid and benzo",
            "`R1 includes opioid and benzo` holds more than one fact. Give each fact a line of its own, in \
             `all = [...]`",
        );
        check(
            "H1 at least high",
            "`high` is not a number. Write digits, with a point if needed, and the unit after a space: `160 mmHg`",
        );
        check("S2 is", &format!("`S2 is` is not a line that the rules understand. {FORMS}"));
        check("S2 is not", &format!("`S2 is not` does not say which answer. {FORMS}"));
        check(
            "if S2 then stop",
            &format!("`if S2 then stop` is not a line that the rules understand. {FORMS}"),
        );
        check(
            "S2 is yes or",
            "The list of answers in `S2 is yes or` is not whole. Put `or` between the answers: `X is A or B`",
        );
        check(
            "R1 includes at least 2",
            "`R1 includes at least 2` does not say of which answers. Write it like this: `X includes at least 2 of \
             A, B, C`",
        );
        check(
            "PHQ-9 item nine at least 1",
            "`nine` is not a whole number. A line is one of: `X is A`, `X is A or B`, `X is not A`, `X includes A or B`, `X includes at least 2 of A, B, C`, `X at least 160 mmHg`, `X below 18`, `X is unknown`, `SCORE item 9 at least 1`, or the name of a set",
        );
    }

    #[test]
    fn each_word_of_a_line_has_its_own_place() {
        let mut origins = Origins::default();
        let place = Place::new(FileId(3), 100..111);
        let read = read_line("S2 is yes", &place, &mut origins);
        let Ok(DraftCondition::Line(line)) = read else { panic!("a line") };
        assert_eq!(origins.place(line.subject.origin), Some(Place::new(FileId(3), 101..103)));
        let DraftTest::Is(options) = &line.test else { panic!("is") };
        assert_eq!(origins.place(options[0].origin), Some(Place::new(FileId(3), 107..110)));
        assert_eq!(origins.written(line.origin), "S2 is yes");
    }
}
