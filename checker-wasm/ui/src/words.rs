//! The program and the words that the page hands over.
//!
//! The page holds them as lines of text. First `program <bytes as text>`; then one text a line, without a name: which
//! text it is follows from its place. `checker_bundle::WORDS` names the first ones, those of the frame; then come the
//! address under which health software knows the questionnaire and its version, and the others in the order of the
//! program: sections, questions, rules, results, people. The widget has no word of its own, so a
//! translation or a change of wording needs no new widget.

use checker_rules::{Kind, OutcomeIdx, Program, QuestionIdx, RuleIdx, SectionIdx, TalkIdx, checksum};

macro_rules! frame {
    ($($word:ident,)*) => {
        /// A word of the frame, in the order of `words.txt`; `checker_<key>` in `interface.toml`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Ui {
            $($word,)*
        }

        /// All of them.
        const ALL: &[Ui] = &[$(Ui::$word,)*];
    };
}

frame! {
    AnswersTitle,
    Back,
    Because,
    BecauseScore,
    Change,
    ChangeAnswers,
    CheckLead,
    CheckTitle,
    Clear,
    Cleared,
    Continue,
    CrisisLabel,
    ErrorItem,
    ErrorMany,
    ErrorNumber,
    ErrorOne,
    ErrorPrefix,
    ErrorRange,
    ErrorTitle,
    ErrorWhole,
    Leave,
    Mistake,
    NextTitle,
    NotDiagnosis,
    Or,
    Print,
    Progress,
    ProgressRange,
    Result,
    Save,
    SaveFile,
    SaveRecord,
    SaveRecordFile,
    SeeResult,
    Start,
    SureNo,
    SureText,
    SureTitle,
    SureYes,
    TalkTitle,
    TalkWith,
    WhyNone,
    WhyTitle,
}

/// How many words the frame has.
const FRAME: usize = ALL.len();

/// The place of the first section's words.
const SECTIONS: usize = FRAME + 2;

/// Every word the screens show. Lives as long as the page, so that no screen copies a word.
pub(crate) struct Words {
    lines: Vec<&'static str>,
    /// For each question, the place of its first word, and how many items (of an instrument) or labels (of a number) it has.
    questions: Vec<(usize, usize)>,
    /// Places of the first words of rules, results and people.
    rules: usize,
    outcomes: usize,
    talk: usize,
}

/// Cuts the page's text into the program's bytes and its words. Nothing when the text is not of this shape, or not the
/// one that was published: after the program stand four bytes with the sum over both.
pub(crate) fn cut(text: &'static str) -> Option<(Vec<u8>, &'static str)> {
    let (program, words) = text.trim_ascii_end().split_once('\n')?;
    let mut program = bytes(program.strip_prefix("program ")?)?;
    let sum = program.split_off(program.len().checked_sub(4)?);
    (checksum(&[&program, words.as_bytes()]).to_le_bytes() == *sum).then_some((program, words))
}

impl Words {
    /// Finds the words of a program. Nothing when there are more or fewer than it needs, or one of the frame is missing:
    /// nobody meets a button without a name. That every question, reason and result has its words is checked when the
    /// site is built.
    pub(crate) fn read(text: &'static str, program: &Program) -> Option<Self> {
        let lines: Vec<&'static str> = text.split('\n').collect();
        let mut next = SECTIONS + 2 * program.sections().len();
        let mut questions = Vec::new();
        for question in program.questions() {
            let (items, more) = match &question.kind {
                Kind::One { options } | Kind::Many { options } => (0, options.len()),
                Kind::Number { unknown, .. } => {
                    let labels = 1 + usize::from(unknown.is_some());
                    (labels, labels + 1)
                }
                Kind::Instrument { items, .. } => {
                    let values = items.iter().fold(0, |most, item| most.max(usize::from(*item)));
                    (items.len(), 2 + items.len() + values + 1)
                }
            };
            questions.push((next, items));
            next += 2 + more;
        }
        let rules = next;
        let outcomes = rules + 2 * program.rules().len();
        let talk = outcomes + program.outcomes().len();
        let whole = lines.len() == talk + program.talk_to().len()
            && lines.iter().take(FRAME).all(|line| !line.is_empty());
        whole.then_some(Self { lines, questions, rules, outcomes, talk })
    }

    #[inline(never)]
    fn line(&self, at: usize) -> &'static str {
        self.lines.get(at).copied().unwrap_or_default()
    }

    #[inline(never)]
    fn of(&self, question: QuestionIdx, at: usize) -> &'static str {
        let (first, _) = self.questions.get(question.index()).copied().unwrap_or_default();
        self.line(first + at)
    }

    /// A word of the frame: a button, a heading, a message.
    #[inline(never)]
    pub(crate) fn ui(&self, word: Ui) -> &'static str {
        self.line(word as usize)
    }

    /// The address below which health software knows the questionnaire and its codes.
    pub(crate) fn fhir(&self) -> &'static str {
        self.line(FRAME)
    }

    /// The questionnaire's id and version, with a bar between.
    pub(crate) fn version(&self) -> &'static str {
        self.line(FRAME + 1)
    }

    /// The title of a section.
    pub(crate) fn section(&self, section: SectionIdx) -> &'static str {
        self.line(SECTIONS + 2 * section.index())
    }

    /// What a section is about; may be empty.
    pub(crate) fn intro(&self, section: SectionIdx) -> &'static str {
        self.line(SECTIONS + 2 * section.index() + 1)
    }

    /// A question.
    pub(crate) fn title(&self, question: QuestionIdx) -> &'static str {
        self.of(question, 0)
    }

    /// The line under a question; may be empty.
    pub(crate) fn hint(&self, question: QuestionIdx) -> &'static str {
        self.of(question, 1)
    }

    /// An option, from 0; of a number, its unit (0, may be empty) and its "I do not know" (1).
    pub(crate) fn option(&self, question: QuestionIdx, option: u16) -> &'static str {
        self.of(question, 2 + usize::from(option))
    }

    /// The code by which health software knows the unit of a number; may be empty.
    pub(crate) fn unit_code(&self, question: QuestionIdx) -> &'static str {
        let (_, labels) = self.questions.get(question.index()).copied().unwrap_or_default();
        self.of(question, 2 + labels)
    }

    /// What an instrument says between its first item and the others; may be empty.
    pub(crate) fn gate(&self, question: QuestionIdx) -> &'static str {
        self.of(question, 2)
    }

    /// What the library calls an instrument.
    pub(crate) fn screen(&self, question: QuestionIdx) -> &'static str {
        self.of(question, 3)
    }

    /// An item of an instrument, from 0.
    pub(crate) fn item(&self, question: QuestionIdx, item: u16) -> &'static str {
        self.of(question, 4 + usize::from(item))
    }

    /// A value of an instrument's items.
    pub(crate) fn value(&self, question: QuestionIdx, value: u8) -> &'static str {
        let (_, items) = self.questions.get(question.index()).copied().unwrap_or_default();
        self.of(question, 4 + items + usize::from(value))
    }

    /// The title of a rule's reason, and its text.
    pub(crate) fn reason(&self, rule: RuleIdx) -> [&'static str; 2] {
        let at = self.rules + 2 * rule.index();
        [self.line(at), self.line(at + 1)]
    }

    /// The title of a result.
    pub(crate) fn outcome(&self, outcome: OutcomeIdx) -> &'static str {
        self.line(self.outcomes + outcome.index())
    }

    /// Someone to talk to.
    pub(crate) fn talk(&self, talk: TalkIdx) -> &'static str {
        self.line(self.talk + talk.index())
    }
}

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

    /// A page's text as the generator writes it.
    fn page(program: &str, words: &str) -> &'static str {
        let sum = checksum(&[program.as_bytes(), words.as_bytes()]).to_le_bytes();
        let letters: String =
            sum.iter().filter_map(|byte| char::from_u32(0x100 + u32::from(*byte))).collect();
        format!("program {program}{letters}\n{words}\n").leak()
    }

    #[test]
    fn the_words_of_the_frame_stand_in_the_order_of_their_list() {
        let mut text = String::new();
        for (at, key) in include_str!("../words.txt").lines().enumerate() {
            text.push_str(key);
            text.push('\n');
            let name: String = key
                .split('_')
                .flat_map(|part| {
                    part[..1].to_ascii_uppercase().chars().chain(part[1..].chars()).collect::<Vec<_>>()
                })
                .collect();
            assert_eq!(format!("{:?}", ALL[at]), name);
        }
        assert_eq!(text.lines().count(), FRAME);
    }

    #[test]
    fn a_page_gives_its_program_and_its_words() {
        let (program, words) = cut(page("hello", "Start\nBack")).expect("well formed");
        assert_eq!((program.as_slice(), words), (b"hello".as_slice(), "Start\nBack"));
    }

    #[test]
    fn a_torn_page_gives_nothing() {
        for text in ["", "program hello", "program abc\nx", "words\nStart\n", "program \u{80}\nx\n"] {
            assert!(cut(text).is_none(), "{text:?}");
        }
        let whole = page("hello", "Start\nBack");
        for (from, to) in [("hello", "hallo"), ("Start", "Stars"), ("Start\n", ""), ("Back", "Back\nMore")] {
            let torn: &'static str = whole.replace(from, to).leak();
            assert!(cut(torn).is_none(), "{from} {to}");
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
