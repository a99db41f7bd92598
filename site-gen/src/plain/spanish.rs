//! Syllables of Spanish words. Spanish is written as it is spoken, so rules are enough.

/// How many syllables a word has; at least 1.
pub fn syllables(word: &str) -> u32 {
    let letters: Vec<char> = word.to_lowercase().chars().collect();
    let mut count = 0;
    // What the vowel before was, if one stands right before.
    let mut before: Option<Vowel> = None;
    for (at, &letter) in letters.iter().enumerate() {
        let previous = at.checked_sub(1).map(|at| letters[at]);
        let next = letters.get(at + 1).copied();
        let silent = letter == 'u'
            && (previous == Some('q')
                || (previous == Some('g') && matches!(next, Some('e' | 'i' | 'é' | 'í'))));
        let vowel = if silent { None } else { vowel(letter, next) };
        if let Some(vowel) = vowel {
            // Two vowels are one syllable unless both are strong. An accent makes a weak vowel strong.
            let joined = match (before, vowel) {
                (None, _) | (Some(Vowel::Strong | Vowel::Closed), Vowel::Strong) => false,
                (Some(_), _) => true,
            };
            if !joined {
                count += 1;
            }
            // Of three vowels in one syllable the strong one decides what may follow.
            before = Some(match (before, vowel) {
                (Some(Vowel::Strong), Vowel::Weak) => Vowel::Closed,
                (_, vowel) => vowel,
            });
        } else {
            before = None;
        }
    }
    count.max(1)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Vowel {
    Strong,
    Weak,
    /// A weak vowel behind a strong one: another strong one begins a new syllable.
    Closed,
}

fn vowel(letter: char, next: Option<char>) -> Option<Vowel> {
    match letter {
        'a' | 'e' | 'o' | 'á' | 'é' | 'ó' | 'í' | 'ú' => Some(Vowel::Strong),
        'i' | 'u' | 'ü' => Some(Vowel::Weak),
        // `y` is a vowel at the end of a word and before a consonant.
        'y' if next.is_none_or(|next| !"aeiouáéíóúü".contains(next)) => Some(Vowel::Weak),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::syllables;

    #[test]
    fn words_have_the_syllables_that_grammars_give_them() {
        for (word, expected) in [
            ("sol", 1),
            ("y", 1),
            ("rey", 1),
            ("queso", 2),
            ("guerra", 2),
            ("ojo", 2),
            ("país", 2),
            ("ahí", 2),
            ("día", 2),
            ("pie", 1),
            ("bien", 1),
            ("agua", 2),
            ("pingüino", 3),
            ("ciudad", 2),
            ("guitarra", 3),
            ("medicina", 4),
            ("ketamina", 4),
            ("aéreo", 4),
            ("murciélago", 4),
            ("construir", 2),
            ("averiguáis", 4),
            ("farmacia", 3),
            ("energía", 4),
            ("tratamiento", 4),
            ("corazón", 3),
            ("presión", 2),
            ("leer", 2),
            ("oeste", 3),
            ("ayuda", 3),
            ("maíz", 2),
        ] {
            assert_eq!(syllables(word), expected, "{word}");
        }
    }
}
