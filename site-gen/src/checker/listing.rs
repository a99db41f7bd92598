//! A checker for paper: every question as plain text, and the block of data that the page hands to the widget.

use super::words::Words;
use super::{Checker, letters, ucum};
use crate::serve::walk::Permit;
use checker_rules::{DraftCondition, DraftLine, DraftTest, Kind, Name, Question};
use serde::Serialize;

/// Everything that the printable list shows, in one language.
#[derive(Clone, Debug, Serialize)]
pub struct Listing {
    /// The sections with their questions, in order.
    pub sections: Vec<ListedSection>,
    /// Ids and names of everyone that a result may send the reader to.
    pub talk: Vec<Label>,
}

/// One section of the printable list.
#[derive(Clone, Debug, Serialize)]
pub struct ListedSection {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The line under the title; may be empty.
    pub intro: String,
    /// Its questions.
    pub questions: Vec<ListedQuestion>,
}

/// One question of the printable list.
#[derive(Clone, Debug, Serialize)]
pub struct ListedQuestion {
    /// Its id.
    pub id: String,
    /// The question.
    pub title: String,
    /// The line under it; may be empty. A screen's own words stand here.
    pub hint: String,
    /// `one`, `many`, `number` or `instrument`.
    pub kind: &'static str,
    /// The options, or the one "not sure" of a number.
    pub options: Vec<Label>,
    /// A screen's items.
    pub items: Vec<String>,
    /// A screen's answers, the same for each item.
    pub values: Vec<String>,
    /// The words between the first item and the others, for a screen that starts with a gate; else empty.
    pub after_gate: String,
    /// A number's unit; else empty.
    pub unit: String,
    /// When it is asked, in a sentence; empty if always.
    pub condition_note: String,
}

/// An id with its words.
#[derive(Clone, Debug, Serialize)]
pub struct Label {
    /// The id.
    pub id: String,
    /// The words.
    pub label: String,
}

/// Keys of interface.toml that this module needs in every language that has a checker.
pub const INTERFACE_KEYS: [&str; 29] = [
    "instrument_unofficial",
    "number_group",
    "only_if",
    "only_if_and",
    "only_if_at_least",
    "only_if_below",
    "only_if_count",
    "only_if_includes",
    "only_if_is",
    "only_if_is_not",
    "only_if_item",
    "only_if_not",
    "only_if_not_includes",
    "only_if_or",
    "only_if_unknown",
    "proof_about_number",
    "proof_aside_promise",
    "proof_aside_question",
    "proof_aside_rule",
    "proof_aside_title",
    "proof_cases_title",
    "proof_general_title",
    "proof_limits_title",
    "proof_nav",
    "proof_promises_title",
    "proof_repeat_title",
    "proof_sets_title",
    "proof_summary",
    "proof_title",
];

/// Keys of interface.toml whose words the live questions show, in the order in which the page hands them over.
pub(super) fn live_keys() -> Vec<String> {
    checker_bundle::WORDS.lines().map(|key| format!("checker_{key}")).collect()
}

impl Checker {
    /// The printable list. `None` when the checker has no words in this language.
    pub fn listing(&self, language: &str) -> Option<Listing> {
        let words = self.words.get(language)?;
        let program = &self.program;
        let questions: Vec<(&Question, ListedQuestion)> =
            program.questions().iter().map(|question| (question, self.listed(question, words))).collect();
        let mut sections: Vec<ListedSection> = program
            .sections()
            .iter()
            .map(|id| {
                let (title, intro) = words.sections.get(id).cloned().unwrap_or_default();
                ListedSection { id: id.clone(), title, intro, questions: Vec::new() }
            })
            .collect();
        for (question, listed) in questions {
            let at = question.section.map_or(0, |section| section.index());
            if sections.is_empty() {
                sections.push(ListedSection {
                    id: String::new(),
                    title: String::new(),
                    intro: String::new(),
                    questions: Vec::new(),
                });
            }
            if let Some(section) = sections.get_mut(at) {
                section.questions.push(listed);
            }
        }
        sections.retain(|section| !section.questions.is_empty());
        let talk = program
            .talk_to()
            .iter()
            .map(|id| Label { id: id.clone(), label: words.talk.get(id).cloned().unwrap_or_default() })
            .collect();
        Some(Listing { sections, talk })
    }

    fn listed(&self, question: &Question, words: &Words) -> ListedQuestion {
        let own = words.questions.get(&question.id).cloned().unwrap_or_default();
        let label =
            |id: &str| Label { id: id.to_owned(), label: own.options.get(id).cloned().unwrap_or_default() };
        let mut listed = ListedQuestion {
            id: question.id.clone(),
            title: own.title.clone(),
            hint: own.hint.clone(),
            kind: "one",
            options: question.options().iter().map(|option| label(&option.id)).collect(),
            items: Vec::new(),
            values: Vec::new(),
            after_gate: String::new(),
            unit: String::new(),
            condition_note: self.condition_note(&question.id, words),
        };
        match &question.kind {
            Kind::One { .. } => {}
            Kind::Many { .. } => listed.kind = "many",
            Kind::Number { unit, unknown, .. } => {
                listed.kind = "number";
                listed.unit = match own.unit.is_empty() {
                    true => unit.clone().unwrap_or_default(),
                    false => own.unit.clone(),
                };
                listed.options = unknown.iter().map(|id| label(id)).collect();
            }
            Kind::Instrument { .. } => {
                listed.kind = "instrument";
                let screen = self.files.screens.get(&question.id);
                // Without a wording of its own a language shows the English one rather than none.
                let wording = screen
                    .and_then(|screen| screen.words_in(&words.language).or_else(|| screen.words.first()));
                if let Some(wording) = wording {
                    let unofficial = if wording.confirmed {
                        String::new()
                    } else {
                        self.text(&words.language, "instrument_unofficial").unwrap_or_default()
                    };
                    let parts = [own.hint.as_str(), &unofficial, &wording.stem];
                    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                    listed.hint = parts.join(" ");
                    listed.items.clone_from(&wording.items);
                    listed.values.clone_from(&wording.values);
                    listed.after_gate.clone_from(&wording.after_gate);
                }
            }
        }
        listed
    }

    /// The text of the page's `checker-data` block: the program, then one text a line, each known by its place: the words
    /// of the frame, the address `base` below which health software knows the questionnaire, then those of sections, questions, reasons, results and people, in the order of the program. The
    /// widget reads them in the same order (`checker-wasm/ui/src/words.rs`). `None` when the checker has no words in this
    /// language or is not proved.
    pub fn data(&self, language: &str, base: &str) -> Option<String> {
        if self.bytes.is_empty() {
            return None;
        }
        self.data_of(&self.bytes, &self.version, language, base)
    }

    /// The same of the questionnaire as it stands, proved or not: [`Permit`] is what only the preview has. Whatever is saved
    /// from it carries a version that says what it is.
    pub(crate) fn data_to_try(&self, _permit: &Permit, language: &str, base: &str) -> Option<String> {
        let bytes = checker_rules::encode_to_try(&self.questionnaire);
        self.data_of(&bytes, &format!("{}-unproved", self.version), language, base)
    }

    fn data_of(&self, bytes: &[u8], version: &str, language: &str, base: &str) -> Option<String> {
        let words = self.words.get(language)?;
        let frame = self.texts.get(language)?;
        let mut lines: Vec<String> = Vec::new();
        let mut line = |text: &str| lines.push(text.replace(['\n', '\r', '\t'], " "));
        for key in live_keys() {
            line(frame.get(&key).map_or("", String::as_str));
        }
        line(&format!("{}/fhir/", base.trim_end_matches('/')));
        line(&format!("{}|{version}", self.id));
        let pair = |pair: Option<&(String, String)>| pair.cloned().unwrap_or_default();
        for section in self.program.sections() {
            let (title, intro) = pair(words.sections.get(section));
            line(&title);
            line(&intro);
        }
        for question in self.program.questions() {
            let listed = self.listed(question, words);
            line(&listed.title);
            line(&listed.hint);
            match &question.kind {
                Kind::One { .. } | Kind::Many { .. } => {}
                Kind::Number { .. } => line(&listed.unit),
                Kind::Instrument { .. } => {
                    line(&listed.after_gate);
                    line(self.files.screens.get(&question.id).map_or("", |screen| &screen.id));
                }
            }
            let options = listed.options.iter().map(|option| &option.label);
            options.chain(&listed.items).chain(&listed.values).for_each(|text| line(text));
            if let Kind::Number { unit, .. } = &question.kind {
                line(unit.as_deref().and_then(ucum).unwrap_or_default());
            }
        }
        for rule in self.program.rules() {
            let (title, text) = pair(words.reasons.get(&rule.id));
            line(&title);
            line(&text);
        }
        for outcome in self.program.outcomes() {
            line(words.outcomes.get(outcome).map_or("", |body| &body.title));
        }
        for talk in self.program.talk_to() {
            line(words.talk.get(talk).map_or("", String::as_str));
        }
        // What the widget reads ends with the last text, so an empty one at the end would be lost.
        let said = lines.join("\n");
        let said = said.trim_ascii_end();
        let sum = checker_rules::checksum(&[bytes, said.as_bytes()]).to_le_bytes();
        Some(format!("program {}\n{said}", letters::encode(&[bytes, &sum].concat())))
    }

    /// When a question is asked, in a sentence; empty if always.
    fn condition_note(&self, question: &str, words: &Words) -> String {
        let Some(draft) = self.files.draft.questions.iter().find(|draft| draft.id.text == question) else {
            return String::new();
        };
        let Some(when) = &draft.asked_when else { return String::new() };
        let note = Note { checker: self, words };
        match note.condition(when) {
            Some(when) => note.fill("only_if", &[("when", &when)]).unwrap_or_default(),
            None => String::new(),
        }
    }
}

/// Words a condition in one language.
struct Note<'a> {
    checker: &'a Checker,
    words: &'a Words,
}

impl Note<'_> {
    fn fill(&self, key: &str, values: &[(&str, &str)]) -> Option<String> {
        let mut text = self.checker.text(&self.words.language, key)?;
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        Some(text)
    }

    fn join(&self, parts: &[DraftCondition], key: &str) -> Option<String> {
        let said: Option<Vec<String>> = parts.iter().map(|part| self.condition(part)).collect();
        let between = format!(" {} ", self.checker.text(&self.words.language, key)?.trim());
        Some(said?.join(&between))
    }

    fn condition(&self, condition: &DraftCondition) -> Option<String> {
        match condition {
            DraftCondition::All(parts) => self.join(parts, "only_if_and"),
            DraftCondition::Any(parts) => self.join(parts, "only_if_or"),
            DraftCondition::None(parts) => match parts.as_slice() {
                [DraftCondition::Line(DraftLine { subject, test: DraftTest::Includes(options), .. })] => {
                    self.about(subject, "only_if_not_includes", options)
                }
                [DraftCondition::Line(DraftLine { subject, test: DraftTest::Is(options), .. })] => {
                    self.about(subject, "only_if_is_not", options)
                }
                parts => self.fill("only_if_not", &[("when", &self.join(parts, "only_if_or")?)]),
            },
            DraftCondition::AtLeast(count, parts) => self.fill(
                "only_if_count",
                &[("count", &count.to_string()), ("when", &self.join(parts, "only_if_or")?)],
            ),
            DraftCondition::Set(name) => match self.words.sets.get(&name.text) {
                Some(clause) => Some(clause.clone()),
                None => {
                    let set = self.checker.files.draft.sets.iter().find(|set| set.name.text == name.text)?;
                    self.condition(&set.condition)
                }
            },
            DraftCondition::Line(line) => self.line(line),
        }
    }

    fn title<'n>(&'n self, question: &'n str) -> &'n str {
        self.words.questions.get(question).map_or(question, |words| words.title.as_str())
    }

    fn about(&self, subject: &Name, key: &str, options: &[Name]) -> Option<String> {
        let own = self.words.questions.get(&subject.text);
        let labels: Vec<String> = options
            .iter()
            .map(|option| {
                let label = own.and_then(|own| own.options.get(&option.text)).unwrap_or(&option.text);
                format!("“{label}”")
            })
            .collect();
        let between = format!(" {} ", self.checker.text(&self.words.language, "only_if_or")?.trim());
        self.fill(key, &[("answers", &labels.join(&between)), ("question", self.title(&subject.text))])
    }

    fn line(&self, line: &DraftLine) -> Option<String> {
        let question = self.title(&line.subject.text);
        let number = |quantity: &checker_rules::Quantity| {
            let unit = quantity.unit.as_ref().map_or("", |unit| unit.text.as_str());
            format!("{} {unit}", quantity.value).trim().to_owned()
        };
        match &line.test {
            DraftTest::Is(options) => self.about(&line.subject, "only_if_is", options),
            DraftTest::IsNot(options) => self.about(&line.subject, "only_if_is_not", options),
            DraftTest::Includes(options) => self.about(&line.subject, "only_if_includes", options),
            DraftTest::IncludesAtLeast(count, options) => {
                let all = self.about(&line.subject, "only_if_includes", options)?;
                self.fill("only_if_count", &[("count", &count.to_string()), ("when", &all)])
            }
            DraftTest::AtLeast(value) => {
                self.fill("only_if_at_least", &[("question", question), ("value", &number(value))])
            }
            DraftTest::Below(value) => {
                self.fill("only_if_below", &[("question", question), ("value", &number(value))])
            }
            DraftTest::IsUnknown => self.fill("only_if_unknown", &[("question", question)]),
            DraftTest::ItemAtLeast { item, value } => self.fill(
                "only_if_item",
                &[
                    ("question", question),
                    ("item", &item.to_string()),
                    ("answer", &self.value(&line.subject.text, *value)),
                ],
            ),
            DraftTest::ItemBelow { item, value } => {
                let inner = self.fill(
                    "only_if_item",
                    &[
                        ("question", question),
                        ("item", &item.to_string()),
                        ("answer", &self.value(&line.subject.text, *value)),
                    ],
                )?;
                self.fill("only_if_not", &[("when", &inner)])
            }
        }
    }

    /// What a value of a screen is called.
    fn value(&self, question: &str, value: u32) -> String {
        let screen = self.checker.files.screens.get(question);
        screen
            .and_then(|screen| screen.words_in(&self.words.language).or_else(|| screen.words.first()))
            .and_then(|words| words.values.get(usize::try_from(value).ok()?))
            .cloned()
            .unwrap_or_else(|| value.to_string())
    }
}
