//! Data that people write, YAML or TOML, as one tree in which every piece knows its place.
//!
//! A schema is a function that asks a [`Reader`] for the keys it knows. What is asked for is known;
//! what is left over is a mistake and gets a suggestion. So one place says what a file may hold, all
//! mistakes of a file come out at once, and none is worded by a parser.

use crate::finding::{Finding, Findings};
use crate::source::Place;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What somebody wrote, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written<T> {
    /// What it means.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

impl<T> Written<T> {
    /// The same place, another meaning.
    pub fn map<U>(self, meaning: impl FnOnce(T) -> U) -> Written<U> {
        Written { value: meaning(self.value), place: self.place }
    }
}

/// One value of a data file.
#[derive(Clone, Debug)]
pub struct Value {
    /// What kind of value, and its content.
    pub kind: Kind,
    /// Where it stands; for a group the place of its opening.
    pub place: Place,
}

/// The kinds of value a data file can hold.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Text, a number, a date or yes/no, as it was typed. What it means is for the schema to say.
    Scalar {
        /// The text without its quotes.
        text: String,
        /// What the file's own grammar takes it for.
        style: Style,
    },
    /// A list.
    List(Vec<Value>),
    /// A group of named values.
    Table(Table),
    /// A name with nothing after it.
    Empty,
}

/// What a file's own grammar takes a scalar for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// In quotes: text, whatever it looks like.
    Quoted,
    /// YAML without quotes: the schema decides.
    Plain,
    /// A TOML number.
    Number,
    /// A TOML `true` or `false`.
    Switch,
    /// A TOML date.
    Date,
}

/// A group of named values in the order they were written.
#[derive(Clone, Debug)]
pub struct Table {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Where the group begins.
    pub place: Place,
}

/// One named value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name.
    pub key: String,
    /// Where the name stands.
    pub key_place: Place,
    /// Its value.
    pub value: Value,
}

impl Table {
    /// A group with nothing in it.
    pub fn empty(place: Place) -> Self {
        Table { entries: Vec::new(), place }
    }

    /// The value with this name.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }
}

/// Reads the keys of one [`Table`] and remembers which were asked for.
///
/// Every method answers `None` (or an empty list) both when the key is absent and when its value is of
/// the wrong kind; the second case also adds a finding.
pub struct Reader<'t, 'f> {
    table: &'t Table,
    of: &'f str,
    known: Vec<&'static str>,
    findings: &'f mut Findings,
}

impl<'t, 'f> Reader<'t, 'f> {
    /// Reads `table`; `of` names it in messages: `site.toml`, `the front matter`.
    pub fn new(table: &'t Table, of: &'f str, findings: &'f mut Findings) -> Self {
        Reader { table, of, known: Vec::new(), findings }
    }

    /// Where the table begins, for what is missing from it.
    pub fn place(&self) -> Place {
        self.table.place.clone()
    }

    /// Adds a finding of the schema's own.
    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// The raw value, if there is one. An empty value counts as absent.
    pub fn value(&mut self, key: &'static str) -> Option<&'t Value> {
        self.known.push(key);
        self.table.get(key).filter(|value| !matches!(value.kind, Kind::Empty))
    }

    fn wrong(&mut self, key: &str, value: &Value, wanted: &str, example: &str) {
        let has = match &value.kind {
            Kind::Scalar { text, style: Style::Quoted } => format!("`\"{}\"`, in quotes", shorten(text)),
            Kind::Scalar { text, .. } => format!("`{}`", shorten(text)),
            Kind::List(_) => "a list".to_owned(),
            Kind::Table(_) => "a group of its own".to_owned(),
            Kind::Empty => "nothing".to_owned(),
        };
        self.findings.push(
            Finding::error(
                "wrong-kind-of-value",
                value.place.clone(),
                format!("`{key}` should be {wanted}, but here it is {has}"),
            )
            .help(format!("Write it like this: {example}")),
        );
    }

    /// One text.
    pub fn text(&mut self, key: &'static str) -> Option<Written<String>> {
        let value = self.value(key)?;
        match &value.kind {
            Kind::Scalar { text, style: Style::Quoted | Style::Plain } => {
                Some(Written { value: text.trim().to_owned(), place: value.place.clone() })
            }
            Kind::Scalar { text, .. } => {
                let example = format!("{key} = \"{text}\"");
                self.wrong(key, value, "text in quotes", &example);
                None
            }
            Kind::List(_) | Kind::Table(_) | Kind::Empty => {
                self.wrong(key, value, "one piece of text", "\"...\", without brackets");
                None
            }
        }
    }

    /// One text; absent and empty are the same.
    pub fn text_or_empty(&mut self, key: &'static str) -> String {
        self.text(key).map(|text| text.value).unwrap_or_default()
    }

    /// A list of texts. A single text counts as a list of one.
    pub fn texts(&mut self, key: &'static str) -> Vec<Written<String>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let items = match &value.kind {
            Kind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match &item.kind {
                Kind::Scalar { text, style: Style::Quoted | Style::Plain } => {
                    texts.push(Written { value: text.trim().to_owned(), place: item.place.clone() });
                }
                _ => self.wrong(key, item, "a list of texts", "[\"one\", \"two\"]"),
            }
        }
        texts
    }

    /// A whole number.
    pub fn integer(&mut self, key: &'static str) -> Option<Written<i64>> {
        let value = self.value(key)?;
        if let Kind::Scalar { text, style: Style::Plain | Style::Number } = &value.kind
            && let Ok(number) = text.replace('_', "").parse()
        {
            return Some(Written { value: number, place: value.place.clone() });
        }
        self.wrong(key, value, "a whole number", "10, without quotes");
        None
    }

    /// Yes or no.
    pub fn switch(&mut self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        if let Kind::Scalar { text, style: Style::Plain | Style::Switch } = &value.kind {
            match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => return Some(true),
                "false" | "no" | "off" => return Some(false),
                _ => {}
            }
        }
        self.wrong(key, value, "true or false", "true, without quotes");
        None
    }

    /// A date.
    pub fn date(&mut self, key: &'static str) -> Option<Written<Date>> {
        let value = self.value(key)?;
        let Kind::Scalar { text, .. } = &value.kind else {
            self.wrong(key, value, "a date", "2026-11-22");
            return None;
        };
        match read_date(text) {
            Ok(date) => Some(Written { value: date, place: value.place.clone() }),
            Err(fault) => {
                self.findings
                    .push(Finding::error(fault.code, value.place.clone(), fault.message).help(fault.help));
                None
            }
        }
    }

    /// A group of named values.
    pub fn table(&mut self, key: &'static str) -> Option<&'t Table> {
        let value = self.value(key)?;
        match &value.kind {
            Kind::Table(table) => Some(table),
            _ => {
                self.wrong(key, value, "a group of named values", &format!("[{key}]"));
                None
            }
        }
    }

    /// Several groups: `[[key]]` in TOML.
    pub fn tables(&mut self, key: &'static str) -> Vec<&'t Table> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Kind::List(items) = &value.kind else {
            self.wrong(key, value, "a list of groups", &format!("[[{key}]]"));
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            match &item.kind {
                Kind::Table(table) => tables.push(table),
                _ => self.wrong(key, item, "a list of groups", &format!("[[{key}]]")),
            }
        }
        tables
    }

    /// Reports every key that was never asked for.
    pub fn finish(self) {
        for entry in &self.table.entries {
            if self.known.contains(&entry.key.as_str()) {
                continue;
            }
            let finding = Finding::error(
                "unknown-key",
                entry.key_place.clone(),
                format!("{} has no `{}`", self.of, entry.key),
            );
            let mut known = self.known.clone();
            known.sort_unstable();
            known.dedup();
            let all = format!("It can hold: {}", known.join(", "));
            // A word processor may have put its own quotation marks around the name.
            let meant = entry.key.trim_matches(['“', '”', '„', '‘', '’', '"', '\'']);
            self.findings.push(finding.help(suggest(meant, known, all)));
        }
    }
}

/// The candidate most like `word`, if any is near enough to be a slip of the hand.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count() / 3).max(1))
        .min_by_key(|(distance, candidate)| (*distance, candidate.len()))
        .map(|(_, candidate)| candidate)
}

/// The one sentence in which this program guesses what was meant.
pub fn did_you_mean(near: &str) -> String {
    format!("Did you mean `{near}`?")
}

/// `Did you mean ...?`, where one of the candidates is near enough; the other advice where none is.
pub fn suggest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
    otherwise: impl Into<String>,
) -> String {
    nearest(word, candidates).map_or_else(|| otherwise.into(), did_you_mean)
}

/// At most 40 characters of a text, for a message.
pub fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= 40 && line.len() == text.trim_end().len() {
        line.to_owned()
    } else {
        format!("{}…", line.chars().take(40).collect::<String>())
    }
}

/// Why a text is no date.
#[derive(Debug, PartialEq, Eq)]
pub struct DateFault {
    /// The finding's code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: String,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Reads `2026-11-22`, also with a time behind it as forms write it. Anything else is refused with what
/// to write instead; `12/03/2026` with both of its readings.
///
/// # Errors
/// A [`DateFault`] in words for staff.
pub fn read_date(text: &str) -> Result<Date, DateFault> {
    let text = text.trim();
    let day_part = match text.find(['T', ' ']) {
        Some(at) if text.is_char_boundary(at) && at == 10 => &text[..at],
        _ => text,
    };
    let numbers: Vec<&str> = day_part.split(['-', '/', '.']).collect();
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty();
    if numbers.len() == 3 && numbers.iter().all(|part| digits(part) && part.len() <= 4) {
        let number = |at: usize| numbers[at].parse::<i16>().expect("BUG: at most four digits fit");
        let small = |value: i16| i8::try_from(value).unwrap_or(i8::MAX);
        if numbers[0].len() == 4 {
            let (year, month, day) = (number(0), small(number(1)), small(number(2)));
            let Ok(date) = Date::new(year, month, day) else {
                return Err(impossible(text, month, day));
            };
            if day_part.contains(['/', '.']) || day_part.len() != 10 {
                return Err(DateFault {
                    code: "date-in-another-form",
                    message: format!("`{text}` is a date in another form"),
                    help: format!("Write {date}"),
                });
            }
            return Ok(date);
        }
        if numbers[2].len() == 4 {
            let (first, second, year) = (small(number(0)), small(number(1)), number(2));
            let month_first = Date::new(year, first, second);
            let day_first = Date::new(year, second, first);
            return Err(match (month_first, day_first) {
                (Ok(us), Ok(other)) if us != other => DateFault {
                    code: "ambiguous-date",
                    message: format!("`{text}` can be read in two ways"),
                    help: format!("Write {us} for {}, or {other} for {}", in_words(us), in_words(other)),
                },
                (Ok(date), _) | (_, Ok(date)) => DateFault {
                    code: "date-in-another-form",
                    message: format!("`{text}` is a date in another form"),
                    help: format!("Write {date}"),
                },
                _ => impossible(text, first, second),
            });
        }
    }
    Err(DateFault {
        code: "not-a-date",
        message: format!("`{}` is not a date", shorten(text)),
        help: "Write year, month, day with hyphens: 2026-11-22".to_owned(),
    })
}

fn impossible(text: &str, month: i8, day: i8) -> DateFault {
    let help = match usize::try_from(month).ok().and_then(|month| MONTHS.get(month.wrapping_sub(1))) {
        Some(name) => format!("{name} has no day {day}. Write year, month, day: 2026-11-22"),
        None => format!("There is no month {month}. Write year, month, day: 2026-11-22"),
    };
    DateFault { code: "not-a-date", message: format!("`{text}` is not in the calendar"), help }
}

/// `March 12, 2026`: for messages only; pages take their month names from the interface file.
fn in_words(date: Date) -> String {
    let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    format!("{month} {}, {}", date.day(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_date(text: &str, expected: &str) {
        let got = match read_date(text) {
            Ok(date) => date.to_string(),
            Err(fault) => format!("{}: {}. {}", fault.code, fault.message, fault.help),
        };
        assert_eq!(got, expected);
    }

    #[test]
    fn dates_in_the_agreed_form_are_read() {
        check_date("2026-03-12", "2026-03-12");
        check_date(" 2024-02-29 ", "2024-02-29");
        check_date("2026-03-12T00:00:00.000Z", "2026-03-12");
        check_date("2026-03-12 10:00:00", "2026-03-12");
    }

    #[test]
    fn other_dates_are_refused_with_what_to_write() {
        check_date(
            "12/03/2026",
            "ambiguous-date: `12/03/2026` can be read in two ways. Write 2026-12-03 for December 3, 2026, \
             or 2026-03-12 for March 12, 2026",
        );
        check_date(
            "25/03/2026",
            "date-in-another-form: `25/03/2026` is a date in another form. Write 2026-03-25",
        );
        check_date(
            "2026-02-30",
            "not-a-date: `2026-02-30` is not in the calendar. February has no day 30. Write year, month, \
             day: 2026-11-22",
        );
        check_date(
            "2024-13-45",
            "not-a-date: `2024-13-45` is not in the calendar. There is no month 13. Write year, month, \
             day: 2026-11-22",
        );
        check_date(
            "next week",
            "not-a-date: `next week` is not a date. Write year, month, day with hyphens: 2026-11-22",
        );
    }

    #[test]
    fn the_same_day_twice_is_not_ambiguous() {
        check_date(
            "05/05/2026",
            "date-in-another-form: `05/05/2026` is a date in another form. Write 2026-05-05",
        );
    }

    #[test]
    fn suggestions_are_near_or_absent() {
        assert_eq!(nearest("titel", ["title", "summary"]), Some("title"));
        assert_eq!(nearest("wieght", ["title", "weight"]), Some("weight"));
        assert_eq!(nearest("colour", ["title", "summary"]), None);
        assert_eq!(suggest("titel", ["title"], "Write it"), "Did you mean `title`?");
        assert_eq!(suggest("colour", ["title"], "Write it"), "Write it");
    }
}
