//! The page that says what was proved about a questionnaire.

use super::view::{Link, Views};
use crate::checker::{self, Said, pack};
use crate::link::{Page, SiteChecker};
use crate::parse::front_matter::PageKind;
use crate::parse::is_english;
use jiff::civil::Date;
use serde::Serialize;
use tera::Value;

#[derive(Serialize)]
struct ProofView<'s> {
    id: &'s str,
    /// Whether the page is in the language that the promises are written in.
    original: bool,
    version: &'s str,
    updated: String,
    updated_words: String,
    fingerprint: &'s str,
    /// Enough of it to tell two versions apart by eye.
    fingerprint_short: &'s str,
    on: String,
    on_words: String,
    sets: Count,
    outcomes: Vec<Outcome<'s>>,
    groups: Vec<Group>,
    general: Vec<SaidView>,
    aside: Vec<Aside<'s>>,
    cases: usize,
    /// The worked patients that clinicians have signed as they are now.
    signed: pack::Tally,
    /// The page that holds the questions.
    check: Option<Link<'s>>,
    /// The page about how the site is written.
    how: Option<Link<'s>>,
}

/// A number too long to be read out.
#[derive(Serialize)]
struct Count {
    /// Its digits.
    digits: String,
    /// With marks between each three.
    grouped: String,
    /// In words that people know.
    about: String,
}

#[derive(Serialize)]
struct Outcome<'s> {
    id: &'s str,
    title: &'s str,
    sets: Count,
}

#[derive(Serialize)]
struct Group {
    id: String,
    title: Option<SaidView>,
    intro: Option<SaidView>,
    promises: Vec<PromiseView>,
}

#[derive(Serialize)]
struct PromiseView {
    id: String,
    say: SaidView,
}

/// A text; `lang` is empty where it is in the page's own language.
#[derive(Serialize)]
struct SaidView {
    text: String,
    lang: String,
}

#[derive(Serialize)]
struct Aside<'s> {
    what: String,
    name: &'s str,
    credentials: &'s str,
    on: String,
    on_words: String,
    why: &'s str,
}

/// What `proof` is on the page about a proof. `None` without a proof; then there is no such page.
pub(super) fn view(views: &Views<'_>, page: &Page, held: &SiteChecker, today: Date) -> Option<Value> {
    let site = views.site;
    let language = page.language;
    let code = &site.settings.languages[language].code;
    let checker = &held.checker;
    let proof = checker.proof(code)?;
    let word = |key: &str| views.word(language, key);
    let said = |said: Said| SaidView {
        text: if is_english(&said.language) { curled(&said.text) } else { said.text },
        lang: if said.language == *code { String::new() } else { said.language },
    };
    let count = |digits: &str| count(digits, word("number_group"), word("proof_about_number"));
    let report = checker::verify(checker);
    let words = checker.words_or_first(code)?;
    let outcomes = checker
        .program
        .outcomes()
        .iter()
        .zip(&report.outcomes)
        .map(|(id, counted)| Outcome {
            id,
            title: words.outcomes.get(id).map_or(id.as_str(), |body| body.title.as_str()),
            sets: count(&counted.answer_sets),
        })
        .collect();
    let groups = proof
        .groups
        .into_iter()
        .map(|group| Group {
            id: group.id,
            title: group.title.map(&said),
            intro: group.intro.map(&said),
            promises: group
                .promises
                .into_iter()
                .map(|(id, sentence)| PromiseView { id, say: said(sentence) })
                .collect(),
        })
        .collect();
    let mut general = Vec::new();
    for (name, says) in proof.general {
        let text = word(&format!("proof_general_{}", name.replace('-', "_")));
        if text.is_empty() {
            let first = site.settings.languages[0].code.clone();
            general.extend(says.into_iter().map(|text| said(Said { text, language: first.clone() })));
        } else {
            let text = text.replace("{count}", &says.len().to_string());
            general.push(SaidView { text, lang: String::new() });
        }
    }
    let aside = checker
        .set_aside()
        .iter()
        .map(|aside| {
            let person = site.people.get(&aside.by);
            Aside {
                what: word(&format!("proof_aside_{}", aside.thing.key())).replace("{id}", &aside.id),
                name: person.map_or(aside.by.as_str(), |person| person.name.as_str()),
                credentials: person.map_or("", |person| person.credentials.as_str()),
                on: aside.on.to_string(),
                on_words: views.date(language, aside.on),
                why: &aside.why,
            }
        })
        .collect();
    let link = |page| views.link_to(page);
    let beside = page.ties.ancestors.last().map(|id| site.page(*id));
    let how = |in_language: usize| {
        site.pages.iter().find(|page| page.language == in_language && page.path == "/about/how-we-write.md")
    };
    let view = ProofView {
        id: &checker.id,
        original: language == 0,
        version: &checker.version,
        updated: checker.updated.to_string(),
        updated_words: views.date(language, checker.updated),
        fingerprint: &checker.fingerprint,
        fingerprint_short: checker.fingerprint.get(..12).unwrap_or_default(),
        on: today.to_string(),
        on_words: views.date(language, today),
        sets: count(&report.answer_sets),
        outcomes,
        groups,
        general,
        aside,
        cases: checker.cases.len(),
        signed: pack::tally(checker),
        check: beside.filter(|page| page.kind == PageKind::Checker).map(link),
        how: how(language).map(link),
    };
    Some(Value::from_serializable(&view))
}

/// Where the page about a checker's proof is, as it stands in the page that holds the checker.
pub(super) fn url(views: &Views<'_>, page: &Page) -> Option<String> {
    let children = page.ties.children.iter().map(|id| views.site.page(*id));
    let found = children.into_iter().find(|child| child.kind == PageKind::Proof)?;
    Some(views.href(&found.url))
}

/// A number for readers: as it is up to six digits, in round words beyond.
fn count(digits: &str, mark: &str, about: &str) -> Count {
    let grouped = grouped(digits, mark);
    let about = if digits.len() <= 6 {
        grouped.clone()
    } else {
        let (digit, zeros) = rounded(digits);
        about.replace("{digits}", &digit.to_string()).replace("{zeros}", &zeros.to_string())
    };
    Count { digits: digits.to_owned(), grouped, about }
}

/// The first digit after rounding, and how many zeros follow it.
fn rounded(digits: &str) -> (u8, usize) {
    let digit = |at: usize| digits.as_bytes().get(at).map_or(0, |byte| byte.saturating_sub(b'0'));
    match digit(0) + u8::from(digit(1) >= 5) {
        10 => (1, digits.len()),
        first => (first, digits.len() - 1),
    }
}

/// A mark between each three digits, from the right.
fn grouped(digits: &str, mark: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push_str(mark);
        }
        text.push(digit);
    }
    text
}

/// A sentence of safety.toml as it stands on a page: “not now”, where the file has 'not now' because its own quotes are the
/// double ones.
fn curled(say: &str) -> String {
    let mut curled = String::with_capacity(say.len());
    let mut before = ' ';
    let mut signs = say.chars().peekable();
    while let Some(sign) = signs.next() {
        let in_word = signs.peek().is_some_and(|next| next.is_alphanumeric());
        curled.push(match sign {
            '\'' if !before.is_alphanumeric() && in_word => '“',
            '\'' if in_word => '’',
            '\'' => '”',
            _ => sign,
        });
        before = sign;
    }
    curled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_rounded_and_short_ones_are_not() {
        let about = |digits: &str| count(digits, ",", "about {digits} followed by {zeros} zeros").about;
        assert_eq!(about("0"), "0");
        assert_eq!(about("960"), "960");
        assert_eq!(about("123456"), "123,456");
        assert_eq!(about("1234567"), "about 1 followed by 6 zeros");
        assert_eq!(about("1500000"), "about 2 followed by 6 zeros");
        assert_eq!(about("9499999"), "about 9 followed by 6 zeros");
        assert_eq!(about("9500000"), "about 1 followed by 7 zeros");
    }

    #[test]
    fn digits_are_grouped_from_the_right() {
        for (digits, expected) in [("1", "1"), ("999", "999"), ("1000", "1,000"), ("1234567", "1,234,567")] {
            assert_eq!(grouped(digits, ","), expected);
        }
    }

    #[test]
    fn quotes_of_a_sentence_are_those_of_the_page_and_apostrophes_stay() {
        assert_eq!(curled("Anyone gets 'not now' or worse"), "Anyone gets “not now” or worse");
        assert_eq!(curled("'Not now', or 'get help'."), "“Not now”, or “get help”.");
        assert_eq!(curled("It isn't 'now'"), "It isn’t “now”");
        assert_eq!(curled("Nobody under 18"), "Nobody under 18");
    }
}
