//! The program and the words that the page hands over.
//!
//! The page holds them as lines of text: first `program <bytes as text>`, then `key<TAB>text`, one a line. The widget has
//! no word of its own, so a translation or a change of wording needs no new widget.

/// Every word the screens show, by key. Lives as long as the page, so that no screen copies a word.
pub(crate) struct Words {
    lines: Vec<(&'static str, &'static str)>,
}

impl Words {
    /// Reads the page's text. Gives the program's bytes and the words, or nothing when the text is not of this
    /// shape.
    pub(crate) fn read(text: &'static str) -> Option<(Vec<u8>, Self)> {
        let (program, rest) = text.trim_ascii_start().split_once('\n')?;
        let bytes = bytes(program.strip_prefix("program ")?.trim_ascii_end())?;
        Some((bytes, Self { lines: rest.split('\n').filter_map(|line| line.split_once('\t')).collect() }))
    }

    /// The word whose key is these parts one after the other, if the page has it.
    #[inline(never)]
    pub(crate) fn find(&self, key: &[&str]) -> Option<&'static str> {
        let is = |found: &str| {
            let mut rest = found;
            key.iter().all(|part| {
                rest.strip_prefix(part).is_some_and(|after| {
                    rest = after;
                    true
                })
            }) && rest.is_empty()
        };
        self.lines.iter().find(|(found, _)| is(found)).map(|(_, text)| *text)
    }

    /// The same, and nothing where the page has none.
    #[inline(never)]
    pub(crate) fn get(&self, key: &[&str]) -> &'static str {
        self.find(key).unwrap_or_default()
    }

    /// A word of a question.
    #[inline(never)]
    pub(crate) fn question(&self, id: &str, what: &str) -> &'static str {
        self.get(&["q.", id, what])
    }

    /// A word of one of a question's options, items or values.
    #[inline(never)]
    pub(crate) fn part(&self, id: &str, what: &str, which: &str) -> &'static str {
        self.get(&["q.", id, what, which])
    }

    /// A word of the frame: a button, a heading, a message.
    #[inline(never)]
    pub(crate) fn ui(&self, key: &str) -> &'static str {
        self.get(&["ui.", key])
    }

    /// Whether every word of the frame is there. The widget does not start without, so nobody meets a button without
    /// a name. That every question, reason and result has its words is checked when the site is built.
    pub(crate) fn complete(&self) -> bool {
        UI.iter().all(|key| !self.ui(key).is_empty())
    }
}

/// The words of the frame that the screens use, as `ui.<key>` in the page's text and `checker_<key>` in
/// `interface.toml`.
pub(crate) const UI: &[&str] = &[
    "answers_title",
    "back",
    "because",
    "because_score",
    "change",
    "change_answers",
    "check_lead",
    "check_title",
    "clear",
    "cleared",
    "continue",
    "crisis_label",
    "error_item",
    "error_many",
    "error_number",
    "error_one",
    "error_prefix",
    "error_range",
    "error_title",
    "error_whole",
    "leave",
    "mistake",
    "next_title",
    "not_diagnosis",
    "or",
    "print",
    "progress",
    "progress_range",
    "result",
    "save",
    "save_file",
    "see_result",
    "start",
    "talk_title",
    "talk_with",
    "why_none",
    "why_title",
];

/// Puts values into the places `{name}` of a text.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            out.push_str(value);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A whole number in digits. The standard way brings all of text formatting with it.
pub(crate) fn digits(mut number: u32) -> String {
    let mut text = String::new();
    loop {
        text.insert(0, char::from(b'0' + (number % 10) as u8));
        number /= 10;
        if number == 0 {
            return text;
        }
    }
}

/// Reads bytes written as text: a plain sign is its own byte, the others stand from U+0100 on. Nothing for any other
/// text.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    for sign in text.chars() {
        let number = u32::from(sign);
        let byte = if number < 0x80 { number } else { number.wrapping_sub(0x100) };
        out.push(u8::try_from(byte).ok()?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        "program hello\nq.S1.title\tAny of these?\nq.S1.opt.none\tNone of these\nui.start\tStart\n";

    #[test]
    fn a_page_gives_its_program_and_its_words() {
        let (program, words) = Words::read(PAGE).expect("well formed");
        assert_eq!(program, b"hello");
        assert_eq!(words.get(&["q.", "S1", ".title"]), "Any of these?");
        assert_eq!(words.get(&["q.", "S1", ".opt.", "none"]), "None of these");
        assert_eq!(words.ui("start"), "Start");
    }

    #[test]
    fn a_key_is_met_whole_or_not_at_all() {
        let (_, words) = Words::read(PAGE).expect("well formed");
        assert_eq!(words.find(&["q.", "S1"]), None);
        assert_eq!(words.find(&["q.", "S1", ".title", ".more"]), None);
    }

    #[test]
    fn a_torn_page_gives_nothing() {
        for text in ["", "program hello", "words\nui.start\tStart\n", "program \u{80}\nx\ty\n"] {
            assert!(Words::read(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn bytes_stand_as_text() {
        assert_eq!(
            bytes("chest-pain\u{100}\u{10a}\u{1ff}").as_deref(),
            Some(b"chest-pain\x00\x0a\xff".as_slice())
        );
        assert_eq!(bytes(""), Some(vec![]));
    }

    #[test]
    fn other_letters_are_refused() {
        for text in ["\u{80}", "\u{ff}", "\u{200}", "a\u{1f600}"] {
            assert_eq!(bytes(text), None, "{text:?}");
        }
    }

    #[test]
    fn numbers_are_written_in_digits() {
        for (number, text) in [(0, "0"), (9, "9"), (10, "10"), (4_294_967_295, "4294967295")] {
            assert_eq!(digits(number), text);
        }
    }

    #[test]
    fn places_are_filled() {
        assert_eq!(fill("{a} answered, {b} left", &[("a", "3"), ("b", "9")]), "3 answered, 9 left");
        assert_eq!(fill("{a}{a}", &[("a", "x")]), "xx");
    }

    #[test]
    fn text_without_places_stays() {
        assert_eq!(fill("Nothing here", &[("a", "3")]), "Nothing here");
        assert_eq!(fill("An open { brace", &[]), "An open { brace");
    }

    #[test]
    fn a_value_is_not_filled_again() {
        assert_eq!(fill("{a}", &[("a", "{b}"), ("b", "no")]), "{b}");
    }
}
