//! Words that readers stumble over, with what to say instead; abbreviations; the passive voice.

use super::Formula;
use super::phrases::Phrases;
use std::ops::Range;
use std::sync::LazyLock;

/// A word to avoid.
#[derive(Clone, Copy, Debug)]
pub struct Hard {
    /// It, in small letters.
    pub say: &'static str,
    /// What to write in its place.
    pub instead: &'static str,
    /// It puts blame on a person.
    pub blames: bool,
}

const fn hard_word(say: &'static str, instead: &'static str) -> Hard {
    Hard { say, instead, blames: false }
}

const fn blame(say: &'static str, instead: &'static str) -> Hard {
    Hard { say, instead, blames: true }
}

const ENGLISH: [Hard; 56] = [
    hard_word("administer", "give"),
    hard_word("administered", "given"),
    hard_word("adverse event", "side effect"),
    hard_word("adverse events", "side effects"),
    hard_word("analgesic", "pain relief"),
    hard_word("antagonist", "blocker"),
    hard_word("anxiolytic", "calming medicine"),
    hard_word("approximately", "about"),
    hard_word("benefit-risk profile", "benefits and risks"),
    hard_word("cardiac arrhythmia", "irregular heartbeat"),
    hard_word("cognition", "thinking and memory"),
    hard_word("commence", "start"),
    hard_word("consult with", "talk with"),
    hard_word("contraindicated", "should not have"),
    hard_word("discontinue", "stop"),
    hard_word("dissociation", "feeling cut off from your body"),
    hard_word("efficacy", "how well it works"),
    hard_word("facilitate", "help"),
    hard_word("hepatic", "liver"),
    hard_word("hypertension", "high blood pressure"),
    hard_word("in order to", "to"),
    hard_word("in the event of", "if"),
    hard_word("intravenous", "by vein (IV)"),
    hard_word("intravenously", "by vein (IV)"),
    hard_word("medication", "medicine"),
    hard_word("medications", "medicines"),
    hard_word("neuropathic pain", "nerve pain"),
    hard_word("npo", "no food or drink"),
    hard_word("numerous", "many"),
    hard_word("physician", "doctor"),
    hard_word("physicians", "doctors"),
    hard_word("prior to", "before"),
    hard_word("refractory", "hard to treat"),
    hard_word("renal", "kidney"),
    hard_word("respiratory depression", "slow breathing"),
    hard_word("sedation", "being very sleepy"),
    hard_word("somnolence", "sleepiness"),
    hard_word("subanesthetic", "low dose"),
    hard_word("subsequently", "then"),
    hard_word("sufficient", "enough"),
    hard_word("suicidal ideation", "thoughts of suicide"),
    hard_word("terminate", "end"),
    hard_word("titrate", "adjust"),
    hard_word("treatment-resistant", "hard to treat"),
    hard_word("utilize", "use"),
    hard_word("utilized", "used"),
    blame("abuser", "a person who misuses it"),
    blame("addict", "a person with an addiction"),
    blame("addicts", "people with an addiction"),
    blame("committed suicide", "died by suicide"),
    blame("failed attempt", "survived an attempt"),
    blame("failed treatment", "the treatment did not help"),
    blame("noncompliant", "did not take it as planned"),
    blame("successful attempt", "died by suicide"),
    blame("suffers from", "has"),
    blame("suffering from", "who has"),
];

const SPANISH: [Hard; 28] = [
    hard_word("administrar", "dar"),
    hard_word("administrado", "dado"),
    hard_word("analgésico", "medicina para el dolor"),
    hard_word("arritmia cardíaca", "latidos irregulares"),
    hard_word("aproximadamente", "cerca de"),
    hard_word("contraindicado", "que no debe recibir"),
    hard_word("contraindicada", "que no debe recibir"),
    hard_word("discontinuar", "dejar de tomar"),
    hard_word("efecto adverso", "efecto secundario"),
    hard_word("efectos adversos", "efectos secundarios"),
    hard_word("eficacia", "qué tan bien funciona"),
    hard_word("facultativo", "doctor"),
    hard_word("hepático", "del hígado"),
    hard_word("hepática", "del hígado"),
    hard_word("hipertensión", "presión alta"),
    hard_word("ideación suicida", "pensamientos de suicidio"),
    hard_word("intravenosa", "por la vena"),
    hard_word("intravenoso", "por la vena"),
    hard_word("previo a", "antes de"),
    hard_word("previamente", "antes"),
    hard_word("refractario", "difícil de tratar"),
    hard_word("renal", "del riñón"),
    hard_word("somnolencia", "sueño"),
    hard_word("utilizar", "usar"),
    blame("adicto", "persona con una adicción"),
    blame("adicta", "persona con una adicción"),
    blame("cometió suicidio", "murió por suicidio"),
    blame("sufre de", "tiene"),
];

/// The words to avoid in a language.
pub fn hard(formula: Formula) -> &'static [Hard] {
    match formula {
        Formula::English => &ENGLISH,
        Formula::Spanish => &SPANISH,
    }
}

/// Every place where a word to avoid stands in a text of small letters. All of them are looked for at once.
pub fn hard_in<'t>(
    formula: Formula,
    text: &'t str,
) -> impl Iterator<Item = (Range<usize>, &'static Hard)> + 't {
    static ENGLISH_WORDS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(ENGLISH.map(|hard| hard.say)));
    static SPANISH_WORDS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(SPANISH.map(|hard| hard.say)));
    let words = match formula {
        Formula::English => &ENGLISH_WORDS,
        Formula::Spanish => &SPANISH_WORDS,
    };
    words
        .find(text)
        .map(move |(range, number)| (range, &hard(formula)[number]))
        .filter(move |(range, _)| is_whole(text, range))
}

/// Every place where `phrase` stands as whole words.
pub fn find<'t>(text: &'t str, phrase: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
    let found = text.match_indices(phrase).map(|(at, found)| at..at + found.len());
    found.filter(move |range| is_whole(text, range))
}

fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let apart = |next: Option<char>| next.is_none_or(|c| !c.is_alphanumeric());
    apart(text[..range.start].chars().next_back()) && apart(text[range.end..].chars().next())
}

/// Letters that everybody knows, or that are names.
const KNOWN: [&str; 15] =
    ["US", "USA", "UK", "OK", "AM", "PM", "TV", "ID", "PDF", "QR", "AA", "AAA", "II", "III", "EE"];

/// Before the letters that another language uses: `los imanes (EMT, en inglés TMS)`.
const ABROAD: [&str; 2] = ["en inglés ", "en inglés, "];

/// Calls `found` for every abbreviation (two capitals or more) in order: with `true` where the words stand beside it, as in
/// `the words (ABC)` and `ABC (the words)`.
pub fn abbreviations<'t>(text: &'t str, found: &mut impl FnMut(&'t str, bool)) {
    // Most texts have none, and that is soon seen.
    if !text.as_bytes().windows(2).any(|pair| pair[0].is_ascii_uppercase() && pair[1].is_ascii_uppercase()) {
        return;
    }
    let mut at = 0;
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        debug_assert!(start >= at, "words are in order");
        at = start;
        let letters = word.strip_suffix('s').unwrap_or(word);
        let all_capitals = letters.len() >= 2 && letters.bytes().all(|byte| byte.is_ascii_uppercase());
        if !all_capitals || KNOWN.contains(&letters) || letters.len() > 6 {
            continue;
        }
        let (before, after) = (&text[..start], &text[start + word.len()..]);
        // A name with a number (GLP-1) and a word to type ("HELP") stand for nothing longer.
        let numbered =
            after.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if numbered || before.ends_with(['"', '“', '«']) {
            continue;
        }
        let words_before = before.ends_with('(')
            || before.rsplit(['(', ' ']).next().is_some_and(|part| part.ends_with('/'))
            || ABROAD.iter().any(|lead| before.ends_with(lead));
        let words_after = [" (", " is the ", " is a ", " es la ", " es el ", ", the ", ", a "]
            .iter()
            .any(|lead| after.strip_prefix(lead).is_some_and(|rest| rest.starts_with(char::is_alphabetic)));
        found(letters, words_before || words_after);
    }
}

const PARTICIPLES: [&str; 39] = [
    "given",
    "taken",
    "made",
    "seen",
    "known",
    "found",
    "told",
    "kept",
    "put",
    "shown",
    "written",
    "held",
    "sent",
    "brought",
    "bought",
    "built",
    "caught",
    "chosen",
    "cut",
    "drawn",
    "felt",
    "forgotten",
    "gotten",
    "heard",
    "hurt",
    "led",
    "left",
    "lost",
    "meant",
    "paid",
    "read",
    "said",
    "sold",
    "spoken",
    "taught",
    "thought",
    "thrown",
    "worn",
    "understood",
];
/// Words in `-ed` that say how somebody is, not what was done to them.
const STATES: [&str; 17] = [
    "worried",
    "scared",
    "tired",
    "confused",
    "pleased",
    "interested",
    "excited",
    "depressed",
    "stressed",
    "ashamed",
    "need",
    "used",
    "supposed",
    "allowed",
    "married",
    "red",
    "approved",
];

/// Listens to the words of an English sentence for the passive voice, as far as its form tells: a form of "be", at most one
/// word, a participle.
#[derive(Clone, Copy, Debug, Default)]
pub struct Voice {
    expects: Expects,
    passive: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Expects {
    #[default]
    Nothing,
    /// Behind a form of "be".
    ParticipleOrShortWord,
    /// Behind that and a short word.
    Participle,
}

impl Voice {
    /// Takes the next word, in small letters.
    pub fn hear(&mut self, word: &str) {
        if self.expects != Expects::Nothing {
            self.passive |= is_participle(word);
        }
        self.expects = match word {
            "am" | "is" | "are" | "was" | "were" | "be" | "been" | "being" => Expects::ParticipleOrShortWord,
            _ if self.expects == Expects::ParticipleOrShortWord && is_short(word) => Expects::Participle,
            _ => Expects::Nothing,
        };
    }

    /// Whether what was heard is passive.
    pub fn is_passive(self) -> bool {
        self.passive
    }
}

fn is_participle(word: &str) -> bool {
    (word.ends_with("ed") && word.len() > 4 && !STATES.contains(&word)) || PARTICIPLES.contains(&word)
}

fn is_short(word: &str) -> bool {
    word.ends_with("ly") || matches!(word, "not" | "also" | "often" | "never" | "still")
}

/// What stands behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A percent sign.
    Percent,
    /// A weight of medicine.
    Dose,
}

/// Every number with a percent sign or a weight of medicine behind it.
pub fn units(text: &str) -> Vec<(Range<usize>, Unit)> {
    const DOSES: [&str; 5] = ["mg", "mcg", "µg", "mg/kg", "mcg/kg"];
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|more| at + more) {
        let end = text[start..]
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '–')))
            .map_or(text.len(), |length| start + length);
        at = end;
        // `Q1mg` is no number.
        if start > 0 && bytes[start - 1].is_ascii_alphanumeric() {
            continue;
        }
        let behind = text[end..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        let unit_start = text.len() - behind.len();
        if behind.starts_with('%') {
            found.push((start..unit_start + 1, Unit::Percent));
            continue;
        }
        let length = behind.find(|c: char| !(c.is_alphabetic() || c == '/')).unwrap_or(behind.len());
        let unit = behind[..length].to_lowercase();
        if DOSES.contains(&unit.trim_end_matches('/')) {
            found.push((start..unit_start + length, Unit::Dose));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::sentences;
    use super::*;

    fn heard(sentence: &str) -> bool {
        let mut voice = Voice::default();
        sentences::words(&sentence.to_lowercase()).for_each(|word| voice.hear(word));
        voice.is_passive()
    }

    #[test]
    fn hard_words_are_found_beside_and_inside_each_other() {
        let said =
            |text: &str| -> Vec<&str> { hard_in(Formula::English, text).map(|(_, hard)| hard.say).collect() };
        assert_eq!(
            said("prior to an adverse event, prior to adverse events"),
            ["prior to", "adverse event", "prior to", "adverse events"]
        );
        assert_eq!(said("a failed treatment-resistant case"), ["failed treatment", "treatment-resistant"]);
        assert_eq!(said("he administers adrenal tests and readdicts"), [""; 0]);
    }

    #[test]
    fn phrases_are_found_as_whole_words() {
        let found = |text: &'static str, phrase| find(text, phrase).count();
        assert_eq!(found("no addict here", "addict"), 1);
        assert_eq!(found("addiction is not an addict's fault", "addict"), 1);
        assert_eq!(found("prior tool", "prior to"), 0);
        assert_eq!(found("the kidney, or renal, unit", "renal"), 1);
        assert_eq!(found("adrenal", "renal"), 0);
    }

    #[test]
    fn abbreviations_are_seen_with_and_without_their_words() {
        let of = |text: &str| {
            let mut all = Vec::new();
            abbreviations(text, &mut |word, explained| all.push((word.to_owned(), explained)));
            all
        };
        assert_eq!(
            of("Complex regional pain syndrome (CRPS) is rare. CRPS hurts."),
            [("CRPS".to_owned(), true), ("CRPS".to_owned(), false)]
        );
        assert_eq!(of("MAOIs (a kind of older medicine)"), [("MAOI".to_owned(), true)]);
        assert_eq!(of("SAMHSA is the US agency for this."), [("SAMHSA".to_owned(), true)]);
        assert_eq!(
            of("El estrés tras un trauma (TEPT, en inglés PTSD) dura. Otros dicen PTSD, o TPT."),
            [("TEPT", true), ("PTSD", true), ("PTSD", false), ("TPT", false)]
                .map(|(word, explained)| (word.to_owned(), explained))
        );
        assert_eq!(of("Call 911 in the US. I am A. Smith, OK? Text \"HELP\" about GLP-1 medicines."), []);
    }

    #[test]
    fn passive_sentences_are_told_from_active_ones() {
        for passive in [
            "Your blood pressure is checked.",
            "The drip was slowly stopped.",
            "You will be given a list.",
            "It has not been shown to help.",
        ] {
            assert!(heard(passive), "{passive}");
        }
        for active in [
            "A nurse checks your blood pressure.",
            "You are tired.",
            "It is a need that many people have.",
            "You are here because they asked you.",
            "They gave it to you.",
        ] {
            assert!(!heard(active), "{active}");
        }
    }

    #[test]
    fn lists_are_in_small_letters_and_say_each_word_once() {
        for formula in [Formula::English, Formula::Spanish] {
            let mut seen = std::collections::BTreeSet::new();
            for hard in hard(formula) {
                assert_eq!(hard.say, hard.say.to_lowercase());
                assert!(seen.insert(hard.say), "{}", hard.say);
            }
        }
    }

    #[test]
    fn amounts_and_percents_are_seen() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = units(text).into_iter().map(|(range, _)| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("Give 0.5 mg/kg, or 50mg.", &["0.5 mg/kg", "50mg"]);
        check("About 12% or 12\u{a0}% of them", &["12%", "12\u{a0}%"]);
        check("5-10 mcg", &["5-10 mcg"]);
    }

    #[test]
    fn other_numbers_are_none() {
        for text in
            ["12 in 100", "140 mmHg", "40 minutes", "3 meg", "mg 5", "T25mg", "5 m g", "100 per cent", ""]
        {
            assert_eq!(units(text), [], "{text}");
        }
    }
}
