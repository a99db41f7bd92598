//! Plain language: how hard a text is to read, measured on what readers read.
//!
//! ```text
//!   Markdown ─prose▶ blocks of plain words, each with its place ─sentences▶ sentences ─▶ Measure ─▶ grade
//! ```
//!
//! A formula is a screen, not a proof. It counts the length of sentences and of words; it cannot tell whether they are
//! understood. Words that the site explains (the glossary) count as two syllables at most: a page about ketamine cannot
//! do without the word. English pages get a school grade, Spanish pages an ease of reading; for other languages there is
//! no formula here, and none is pretended.

pub mod english;
pub(crate) mod phrases;
pub mod prose;
pub mod sentences;
pub mod spanish;
pub mod words;

use std::collections::BTreeSet;

/// A language whose texts can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula {
    /// Flesch-Kincaid grade and SMOG.
    English,
    /// Szigriszt-Pazos, read on the INFLESZ scale.
    Spanish,
}

impl Formula {
    /// The formula for a language tag; `None` where there is none.
    pub fn of(language: &str) -> Option<Self> {
        match language.split('-').next() {
            Some("en") => Some(Formula::English),
            Some("es") => Some(Formula::Spanish),
            _ => None,
        }
    }

    /// Of a word with only the letters a to z.
    fn syllables_of_plain(self, word: &str) -> u32 {
        match self {
            Formula::English => english::syllables_of_plain(word),
            Formula::Spanish => spanish::syllables(word),
        }
    }

    fn syllables(self, word: &str) -> u32 {
        // A number is read digit by digit: 911 is "nine one one".
        let digits = word.bytes().filter(u8::is_ascii_digit).count() as u32;
        if digits > 0 {
            return digits;
        }
        match self {
            Formula::English => english::syllables(word),
            Formula::Spanish => spanish::syllables(word),
        }
    }
}

/// A word in small letters; `space` holds them where they are not those of the text.
fn in_small_letters<'t>(word: &str, space: &'t mut String) -> &'t str {
    space.clear();
    if word.is_ascii() {
        space.push_str(word);
        space.make_ascii_lowercase();
    } else {
        space.push_str(&word.to_lowercase());
    }
    space
}

/// What was counted in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// Words.
    pub words: u32,
    /// Sentences. An item of a list is one, even without a full stop.
    pub sentences: u32,
    /// Syllables, with explained words counted as two at most.
    pub syllables: u32,
    /// Syllables as they are.
    pub raw_syllables: u32,
    /// Words of three syllables or more, without numbers and explained words.
    pub long_words: u32,
}

impl Measure {
    /// Counts a sentence and says how many words it has. `explained` holds the words of the glossary, in small letters.
    pub fn add(&mut self, formula: Formula, sentence: &str, explained: &BTreeSet<String>) -> u32 {
        self.add_aloud(formula, sentence, explained, &mut |_| {})
    }

    /// The same, and `hear` gets each word in small letters: to cut a sentence into words takes as long as all the rest.
    pub fn add_aloud(
        &mut self,
        formula: Formula,
        sentence: &str,
        explained: &BTreeSet<String>,
        hear: &mut impl FnMut(&str),
    ) -> u32 {
        let before = self.words;
        let mut lower = String::new();
        for word in sentences::words(sentence) {
            // Nearly every word is plain small letters already.
            let plain = word.bytes().all(|byte| byte.is_ascii_lowercase());
            let word = if plain { word } else { in_small_letters(word, &mut lower) };
            hear(word);
            let syllables = if plain { formula.syllables_of_plain(word) } else { formula.syllables(word) };
            // Short words count the same, explained or not.
            let known = syllables > 2 && explained.contains(word);
            self.words += 1;
            self.raw_syllables += syllables;
            self.syllables += if known { 2 } else { syllables };
            self.long_words +=
                u32::from(syllables > 2 && !known && !word.bytes().any(|byte| byte.is_ascii_digit()));
        }
        self.sentences += u32::from(self.words > before);
        self.words - before
    }

    /// Adds what was counted elsewhere.
    pub fn extend(&mut self, other: Measure) {
        self.words += other.words;
        self.sentences += other.sentences;
        self.syllables += other.syllables;
        self.raw_syllables += other.raw_syllables;
        self.long_words += other.long_words;
    }

    fn words_in_a_sentence(&self) -> f64 {
        f64::from(self.words) / f64::from(self.sentences.max(1))
    }

    /// The mean number of words in a sentence; 0 without words.
    pub fn sentence_length(&self) -> f64 {
        if self.words == 0 { 0.0 } else { self.words_in_a_sentence() }
    }

    /// Flesch-Kincaid school grade: 0.39 words a sentence + 11.8 syllables a word − 15.59. `None` without words.
    pub fn grade(&self) -> Option<f64> {
        self.grade_from(self.syllables)
    }

    /// The same with every syllable counted, explained words as well.
    pub fn raw_grade(&self) -> Option<f64> {
        self.grade_from(self.raw_syllables)
    }

    fn grade_from(&self, syllables: u32) -> Option<f64> {
        (self.words > 0).then(|| {
            0.39 * self.words_in_a_sentence() + 11.8 * f64::from(syllables) / f64::from(self.words) - 15.59
        })
    }

    /// Flesch reading ease: 206.835 − 1.015 words a sentence − 84.6 syllables a word. `None` without words.
    pub fn ease(&self) -> Option<f64> {
        (self.words > 0).then(|| {
            206.835
                - 1.015 * self.words_in_a_sentence()
                - 84.6 * f64::from(self.syllables) / f64::from(self.words)
        })
    }

    /// SMOG grade: 1.0430 √(30 long words / sentences) + 3.1291. `None` below 30 sentences, for which it was not made.
    pub fn smog(&self) -> Option<f64> {
        (self.sentences >= 30)
            .then(|| 1.0430 * (f64::from(self.long_words) * 30.0 / f64::from(self.sentences)).sqrt() + 3.1291)
    }

    /// Szigriszt-Pazos ease for Spanish: 206.835 − 62.3 syllables a word − words a sentence. Above 65 is "quite easy" on
    /// the INFLESZ scale, 55 to 65 "normal". `None` without words.
    pub fn spanish_ease(&self) -> Option<f64> {
        (self.words > 0).then(|| {
            206.835 - 62.3 * f64::from(self.syllables) / f64::from(self.words) - self.words_in_a_sentence()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(words: u32, sentences: u32, syllables: u32, long_words: u32) -> Measure {
        Measure { words, sentences, syllables, raw_syllables: syllables, long_words }
    }

    fn near(found: Option<f64>, expected: f64) {
        let found = found.expect("a figure");
        assert!((found - expected).abs() < 0.05, "{found} is not {expected}");
    }

    fn ease(text: &str) -> Option<f64> {
        let mut measure = Measure::default();
        for sentence in sentences::split(text) {
            measure.add(Formula::English, &text[sentence], &BTreeSet::new());
        }
        measure.ease()
    }

    #[test]
    fn the_formulas_give_their_published_values() {
        near(measure(9, 2, 9, 0).grade(), -2.04);
        near(measure(9, 2, 9, 0).ease(), 117.67);
        near(measure(200, 30, 300, 30).smog(), 8.84);
        // 100 words, 200 syllables, 8 sentences.
        near(measure(100, 8, 200, 0).spanish_ease(), 206.835 - 124.6 - 12.5);
    }

    #[test]
    fn sentences_with_a_published_ease_get_it() {
        near(ease("The cat sat on the mat."), 116.145);
        near(
            ease("This sentence, taken as a reading passage unto itself, is being used to prove a point."),
            68.98,
        );
        near(
            ease("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."),
            37.46,
        );
    }

    #[test]
    fn smog_is_not_told_for_short_texts() {
        assert_eq!(measure(100, 29, 150, 10).smog(), None);
        assert_eq!(Measure::default().grade(), None);
    }

    #[test]
    fn explained_words_count_as_two_syllables_at_most() {
        let explained = BTreeSet::from(["ketamine".to_owned()]);
        let mut neutral = Measure::default();
        neutral.add(Formula::English, "Ketamine is a medicine", &explained);
        assert_eq!((neutral.raw_syllables, neutral.syllables, neutral.long_words), (8, 7, 1));
        let mut plain = Measure::default();
        plain.add(Formula::English, "Ketamine is a medicine", &BTreeSet::new());
        assert_eq!((plain.raw_syllables, plain.syllables, plain.long_words), (8, 8, 2));
    }

    #[test]
    fn a_number_is_read_digit_by_digit_and_is_no_long_word() {
        let mut found = Measure::default();
        found.add(Formula::English, "Call 911 now", &BTreeSet::new());
        assert_eq!((found.words, found.syllables, found.long_words), (3, 5, 0));
    }

    #[test]
    fn only_languages_with_a_formula_are_measured() {
        assert_eq!(Formula::of("en-US"), Some(Formula::English));
        assert_eq!(Formula::of("es"), Some(Formula::Spanish));
        assert_eq!(Formula::of("ar"), None);
    }
}
