//! The list from A to Z: every page, explained word and other name for it, in the order of the language's own alphabet.
//! It needs no script, so it is what search falls back on.

use super::routes::{GLOSSARY_PATH, Routes};
use super::{LanguageSite, Page, glossary};
use crate::html::{escape, slug};
use crate::parse::front_matter::PageKind;
use crate::parse::settings::Settings;
use hashbrown::HashSet;
use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::Locale;
use std::cmp::Ordering;
use std::fmt::Write as _;
use unicode_normalization::UnicodeNormalization;

/// Where everything stands that does not begin with a letter.
const NO_LETTER: &str = "#";

/// One line of the list.
#[derive(Debug)]
struct Entry<'s> {
    /// What a reader looks for.
    name: &'s str,
    /// Its address below the base path.
    url: String,
    /// The explained word that it is another name for.
    see: Option<&'s str>,
}

/// How one language orders its words.
struct Order {
    words: CollatorBorrowed<'static>,
    /// Sees only what makes another letter: é is e, and in Spanish ñ is not n.
    letters: CollatorBorrowed<'static>,
}

impl Order {
    fn of(code: &str) -> Order {
        let locale: Locale = code.parse().unwrap_or(Locale::UNKNOWN);
        let collator = |strength| {
            let mut options = CollatorOptions::default();
            options.strength = Some(strength);
            Collator::try_new((&locale).into(), options)
                .expect("BUG: the order of every language is inside the program")
        };
        Order { words: collator(Strength::Tertiary), letters: collator(Strength::Primary) }
    }

    /// The letter under which a name stands.
    fn letter(&self, name: &str) -> String {
        let Some(first) = start(name).chars().next().filter(|first| first.is_alphabetic()) else {
            return NO_LETTER.to_owned();
        };
        let whole: String = first.to_uppercase().collect();
        let bare: String = whole.nfd().take(1).collect();
        if self.letters.compare(&whole, &bare) == Ordering::Equal { bare } else { whole }
    }
}

/// A name from its first letter or digit on: `¿Qué…` stands under Q.
fn start(name: &str) -> &str {
    name.trim_start_matches(|first: char| !first.is_alphanumeric())
}

/// The text of the page that lists everything in one language.
pub(super) fn html(
    number: usize,
    settings: &Settings,
    language: &LanguageSite,
    pages: &[Page],
    routes: &Routes,
) -> String {
    let word = |key: &str| language.words.get(key).cloned().unwrap_or_default();
    let order = Order::of(&settings.languages[number].code);
    let letters = by_letter(entries(number, language, pages, routes), &order);
    let href = |url: &str| escape(&format!("{}{}", settings.base_path, url.trim_start_matches('/')));
    let id = |at: usize| format!("letter-{}", at + 1);

    let mut html = format!("<nav class=\"letters\" aria-label=\"{}\"><ul>\n", escape(&word("a_z_letters")));
    for (at, (letter, _)) in letters.iter().enumerate() {
        let _ = writeln!(html, "<li><a href=\"#{}\">{}</a></li>", id(at), escape(letter));
    }
    html.push_str("</ul></nav>\n");
    let see = escape(&word("a_z_see"));
    for (at, (letter, entries)) in letters.iter().enumerate() {
        let _ = writeln!(html, "<h2 id=\"{}\">{}</h2>\n<ul class=\"letter\">", id(at), escape(letter));
        for entry in entries {
            let name = escape(entry.name);
            let _ = match entry.see {
                None => writeln!(html, "<li><a href=\"{}\">{name}</a></li>", href(&entry.url)),
                Some(term) => {
                    let link = format!("<a href=\"{}\">{}</a>", href(&entry.url), escape(term));
                    writeln!(html, "<li>{name}: {}</li>", see.replace("{term}", &link))
                }
            };
        }
        html.push_str("</ul>\n");
    }
    html
}

/// Everything there is to be found in a language, in no order.
fn entries<'s>(
    number: usize,
    language: &'s LanguageSite,
    pages: &'s [Page],
    routes: &Routes,
) -> Vec<Entry<'s>> {
    // Nobody looks for the pages where things are looked up.
    let left_out = |kind| matches!(kind, PageKind::Home | PageKind::Alphabet | PageKind::Search);
    let here = pages.iter().filter(|page| page.language == number && !left_out(page.kind));
    let names = |page: &'s Page| {
        let short = Some(&page.nav_title).filter(|short| !begin_alike(short, &page.title));
        let names = [Some(&page.title), short].into_iter().flatten();
        names.map(|name| Entry { name, url: page.url.clone(), see: None })
    };
    let mut entries: Vec<Entry<'_>> = here.flat_map(names).collect();
    let Some(list) = routes.address(number, GLOSSARY_PATH) else { return entries };
    // A whole page about a word says more than the word's own line, and nothing would tell the two apart.
    let told: HashSet<String> = entries.iter().map(|entry| slug(entry.name)).collect();
    for term in &language.glossary {
        let url = format!("{list}#{}", glossary::anchor(term));
        if !told.contains(&slug(&term.term)) {
            entries.push(Entry { name: &term.term, url: url.clone(), see: None });
        }
        let others = term.also.iter().chain(&term.search).filter(|name| !is_a_form_of(name, &term.term));
        entries.extend(others.map(|name| Entry { name, url: url.clone(), see: Some(&term.term) }));
    }
    entries
}

/// Whether a reader who looks for one name finds the other in the same place: `Get ready` beside `Get ready for your visit`, but
/// not `Depression` beside `Ketamine infusions for depression`.
fn begin_alike(one: &str, other: &str) -> bool {
    let (one, other) = (slug(one), slug(other));
    one.split('-').next() == other.split('-').next()
}

/// Whether a reader who looks for `name` finds `term` in the same place: `infusions` beside `infusion`.
fn is_a_form_of(name: &str, term: &str) -> bool {
    let (name, term) = (slug(name), slug(term));
    name.strip_prefix(&term).is_some_and(|ending| ending.len() <= 2)
}

/// The letters in order, each with its entries in order.
fn by_letter<'s>(entries: Vec<Entry<'s>>, order: &Order) -> Vec<(String, Vec<Entry<'s>>)> {
    let mut entries = entries;
    // By one thread: this runs while others wait for the page, and one that helped out elsewhere could come to wait for it too.
    entries.sort_by_cached_key(|entry| {
        let (name, mut key) = (start(entry.name), Vec::new());
        let Ok(()) = order.words.write_sort_key_to(name, &mut key);
        (!name.starts_with(char::is_alphabetic), key, entry.url.clone())
    });
    entries.dedup_by(|a, b| a.name == b.name && a.url == b.url);
    let mut letters: Vec<(String, Vec<Entry<'_>>)> = Vec::new();
    for entry in entries {
        let letter = order.letter(entry.name);
        match letters.last_mut() {
            Some((last, entries)) if *last == letter => entries.push(entry),
            _ => letters.push((letter, vec![entry])),
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `names` in the language, each letter before its names.
    fn check(code: &str, names: &[&str], expected: &[&str]) {
        let entries = names.iter().map(|name| Entry { name, url: format!("/{name}"), see: None }).collect();
        let letters = by_letter(entries, &Order::of(code));
        let got: Vec<&str> = letters
            .iter()
            .flat_map(|(letter, entries)| {
                std::iter::once(letter.as_str()).chain(entries.iter().map(|entry| entry.name))
            })
            .collect();
        assert_eq!(got, expected, "{code}");
    }

    #[test]
    fn each_language_has_its_own_alphabet() {
        let names = ["ñame", "nuez", "Ácido", "adulto", "oso", "uva", "¿Qué es?", "últimas"];
        check(
            "es",
            &names,
            &[
                "A",
                "Ácido",
                "adulto",
                "N",
                "nuez",
                "Ñ",
                "ñame",
                "O",
                "oso",
                "Q",
                "¿Qué es?",
                "U",
                "últimas",
                "uva",
            ],
        );
        // English has no such letter: it is an n.
        check("en", &["ñame", "nuez"], &["N", "ñame", "nuez"]);
        check("sv", &["ärta", "zebra", "apa"], &["A", "apa", "Z", "zebra", "Ä", "ärta"]);
        check("de", &["Ärzte", "Zahn", "Arm"], &["A", "Arm", "Ärzte", "Z", "Zahn"]);
    }

    #[test]
    fn capitals_and_signs_change_no_place_and_numbers_come_last() {
        check("en", &["IV", "“infusion”", "ivy", "988"], &["I", "“infusion”", "IV", "ivy", "#", "988"]);
        check("no-such-language!", &["b", "a"], &["A", "a", "B", "b"]);
    }

    #[test]
    fn a_page_also_stands_where_its_short_title_is_looked_for() {
        assert!(!begin_alike("Depression", "Ketamine infusions for depression"));
        assert!(!begin_alike("Índice", "De la A a la Z"));
        assert!(begin_alike("Get ready", "Get ready for your visit"));
        assert!(begin_alike("FAQ", "FAQ"));
    }

    #[test]
    fn only_another_name_gets_a_line_of_its_own() {
        assert!(is_a_form_of("infusions", "infusion"));
        assert!(is_a_form_of("alucinaciones", "alucinación"));
        assert!(!is_a_form_of("drip", "infusion"));
        assert!(!is_a_form_of("intravenous", "IV"));
        assert!(!is_a_form_of("esketamine nasal spray", "esketamine"));
    }
}
