//! The words of a checker in one language: `questions.md`, `reasons.md`, `outcomes.md`, `promises.md`.
//!
//! One heading an id, `## Question {#S2}`; a paragraph; one `- option: Label` a line. What is missing from a
//! language, or there without belonging to anything, is a finding with its file, line and id.

use super::files::Files;
use crate::direction;
use crate::finding::{Finding, Findings};
use crate::parse::data::{Written, suggest};
use crate::parse::text_of;
use crate::source::{FileId, Place, SourceTree};
use checker_rules::{DraftCondition, DraftKind};
use std::collections::{BTreeMap, BTreeSet};

/// Everything a checker says in one language. Facts are filled in.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The language tag.
    pub language: String,
    /// Title and introduction of each section.
    pub sections: BTreeMap<String, (String, String)>,
    /// The words of each question.
    pub questions: BTreeMap<String, QuestionWords>,
    /// For sets of answers that decide whether a question is asked: a clause, "you chose a pain condition".
    pub sets: BTreeMap<String, String>,
    /// Title and text of the reason of each rule.
    pub reasons: BTreeMap<String, (String, String)>,
    /// Title and Markdown of each outcome.
    pub outcomes: BTreeMap<String, Body>,
    /// Title and Markdown of what stands on every result: `crisis-help`, `foot` and, where there is one, `questions`.
    pub parts: BTreeMap<String, Body>,
    /// What each id of `talk-to` is called.
    pub talk: BTreeMap<String, String>,
    /// Id, title and introduction of each group of promises, in the order of the file.
    pub promise_groups: Vec<(String, String, String)>,
    /// The sentence of each promise. In the first language only where it differs from the one in safety.toml.
    pub promises: BTreeMap<String, String>,
}

/// The words of one question.
#[derive(Clone, Debug, Default)]
pub struct QuestionWords {
    /// The question.
    pub title: String,
    /// The line under it; may be empty.
    pub hint: String,
    /// The label of each option.
    pub options: BTreeMap<String, String>,
    /// The unit of a number in the words of this language; empty where it is the same as in checker.toml.
    pub unit: String,
}

/// A title and a Markdown text with its place. Facts are not filled in: that is for who renders it.
#[derive(Clone, Debug)]
pub struct Body {
    /// The title, with facts filled in.
    pub title: String,
    /// The Markdown as written.
    pub markdown: String,
    /// Where it stands.
    pub place: Place,
}

/// The two parts that stand on every result.
pub const PARTS: [&str; 2] = ["crisis-help", "foot"];

/// A part that a checker may have: what to ask at the visit. It is printed with a result.
pub const QUESTIONS: &str = "questions";

/// Fills in `[[fact]]`.
pub(crate) type Fill<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A heading with what is under it.
#[derive(Debug)]
struct Block {
    level: usize,
    title: Written<String>,
    id: Written<String>,
    items: Vec<(Written<String>, Written<String>)>,
    text: Written<String>,
    body: Place,
    markdown: String,
}

/// Reads the words of one language. `None` when it has no words for this checker at all.
pub(crate) fn read(
    sources: &SourceTree,
    folder: &str,
    language: &str,
    files: &Files,
    fill: Fill<'_>,
    findings: &mut Findings,
) -> Option<Words> {
    let root = format!("content/{language}/checkers/{folder}");
    sources.under(&root).next()?;
    let open = |name: &str, findings: &mut Findings| -> Option<(FileId, Vec<Block>)> {
        let path = format!("{root}/{name}");
        let Some((file, _)) = sources.find(&path) else {
            findings.push(Finding {
                code: "words-missing",
                severity: crate::finding::Severity::Error,
                place: sources.under(&root).next().map(|(file, _)| Place::start_of(file)),
                message: format!("The checker `{folder}` has no {name} in this language ({language})"),
                help: Some(format!("Add the file {path}")),
            });
            return None;
        };
        let text = text_of(sources, file, findings)?;
        Some((file, blocks(text, file, findings)))
    };
    let questions = open("questions.md", findings);
    let reasons = open("reasons.md", findings);
    let outcomes = open("outcomes.md", findings);
    let mut words = Words { language: language.to_owned(), ..Words::default() };
    let mut take = Take { language, fill, findings };
    if let Some((file, blocks)) = questions {
        take.questions(file, &blocks, files, &mut words);
    }
    if let Some((file, blocks)) = reasons {
        take.reasons(file, &blocks, files, &mut words);
    }
    if let Some((file, blocks)) = outcomes {
        take.outcomes(file, &blocks, files, &mut words);
    }
    // Without it the page about the proof is in the first language's words.
    if let Some((file, _)) = sources.find(&format!("{root}/promises.md"))
        && let Some(text) = text_of(sources, file, findings)
    {
        let blocks = blocks(text, file, findings);
        Take { language, fill, findings }.promises(&blocks, files, &mut words);
    }
    Some(words)
}

/// Cuts a file into its headings. Remarks between `<!--` and `-->` are left out.
fn blocks(text: &str, file: FileId, findings: &mut Findings) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut at = 0;
    let mut remark = false;
    let mut outside_told = false;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        // Windows editors put a mark in front of a file.
        let content = line.trim_start_matches('\u{feff}').trim_end();
        let trimmed = content.trim_start();
        let place = |range: std::ops::Range<usize>| Place::new(file, range);
        let whole = start..start + content.len();
        if remark || trimmed.starts_with("<!--") {
            remark = !trimmed.contains("-->");
            continue;
        }
        if content.starts_with('#') {
            let level = content.bytes().take_while(|&byte| byte == b'#').count();
            let rest = content[level..].trim();
            let (title, id) = match rest.rsplit_once("{#") {
                Some((title, id)) if id.ends_with('}') => (title.trim(), id.trim_end_matches('}').trim()),
                _ => (rest, ""),
            };
            if id.is_empty() || level > 2 {
                let (code, message, help) = if level > 2 {
                    (
                        "heading-level",
                        "This heading has too many `#`".to_owned(),
                        format!("Write `## {rest}`: `#` is a section, `##` one thing in it"),
                    )
                } else {
                    (
                        "heading-without-id",
                        "This heading has no id".to_owned(),
                        format!("Write the id behind it: `{} {title} {{#ID}}`", "#".repeat(level)),
                    )
                };
                findings.push(Finding::error(code, place(whole.clone()), message).help(help));
            }
            let id_at = content
                .rfind("{#")
                .map_or(whole.clone(), |found| start + found + 2..start + found + 2 + id.len());
            let title_at = content.find(title).map_or(whole.start, |found| start + found);
            blocks.push(Block {
                level,
                title: Written { value: title.to_owned(), place: place(title_at..title_at + title.len()) },
                id: Written { value: id.to_owned(), place: place(id_at) },
                items: Vec::new(),
                text: Written { value: String::new(), place: place(whole.end..whole.end) },
                body: place(at..at),
                markdown: String::new(),
            });
            continue;
        }
        let Some(block) = blocks.last_mut() else {
            if !trimmed.is_empty() && !outside_told {
                outside_told = true;
                findings.push(
                    Finding::error(
                        "words-outside",
                        place(whole),
                        "This text stands before the first heading",
                    )
                    .help("Move it under a heading with an id, or make it a remark: `<!-- ... -->`"),
                );
            }
            continue;
        };
        block.body.span.end = at;
        block.markdown.push_str(line);
        if trimmed.is_empty() {
            continue;
        }
        if let Some(item) = trimmed.strip_prefix("- ") {
            if let Some((id, label)) = item.split_once(':')
                && !id.trim().contains(' ')
            {
                let id_at = start + content.find(id).unwrap_or(0);
                let label = label.trim();
                let label_at = start + content.len() - label.len();
                block.items.push((
                    Written { value: id.trim().to_owned(), place: place(id_at..id_at + id.len()) },
                    Written { value: label.to_owned(), place: place(label_at..label_at + label.len()) },
                ));
                continue;
            }
            // Not an option; in a list of options that is a mistake, in a longer text it is a list.
            block.items.push((
                Written { value: String::new(), place: place(whole.clone()) },
                Written { value: item.trim().to_owned(), place: place(whole) },
            ));
            continue;
        }
        if content.starts_with(' ')
            && block.text.place.span.end < block.items.last().map_or(0, |(_, label)| label.place.span.start)
            && let Some((_, label)) = block.items.last_mut()
        {
            label.value = format!("{} {trimmed}", label.value);
            label.place.span.end = whole.end;
            continue;
        }
        if block.text.value.is_empty() {
            block.text = Written { value: trimmed.to_owned(), place: place(whole) };
        } else {
            block.text.value = format!("{} {trimmed}", block.text.value);
            block.text.place.span.end = whole.end;
        }
    }
    blocks
}

/// What the unit of a number is called among the lines below a question.
const UNIT: &str = "unit";

struct Take<'a, 'f> {
    language: &'a str,
    fill: Fill<'a>,
    findings: &'f mut Findings,
}

impl Take<'_, '_> {
    /// A plain text: facts filled in, no markup.
    fn plain(&mut self, written: &Written<String>) -> String {
        if written.value.contains('<') || written.value.contains("**") || written.value.contains("](") {
            self.findings.push(
                Finding::error(
                    "words-with-markup",
                    written.place.clone(),
                    "This text is shown as it is, so it cannot hold links, bold text or `<`",
                )
                .help("Use plain words only. Links and bold text can stand in the texts of outcomes.md"),
            );
        }
        let (text, unknown) = fill_facts(&written.value, self.fill);
        for name in unknown {
            self.findings.push(
                Finding::error("unknown-fact", written.place.clone(), format!("There is no fact `{name}`"))
                    .help("Add it to content/facts.toml, or write one that is there"),
            );
        }
        let text = text.replace('\t', " ");
        // Nobody can see the marks that keep a phone number in order, so nobody should have to set them.
        match direction::of(self.language) == direction::RTL {
            true => direction::isolated(&text).into_owned(),
            false => text,
        }
    }

    fn missing(&mut self, place: Place, message: String, help: String) {
        let message = format!("{message} ({})", self.language);
        self.findings.push(Finding::error("words-missing", place, message).help(help));
    }

    /// Something with words that belongs to nothing.
    fn surplus<'c>(
        &mut self,
        id: &Written<String>,
        what: &str,
        of: &str,
        known: impl IntoIterator<Item = &'c str>,
    ) {
        let known: Vec<&str> = known.into_iter().collect();
        let otherwise = if known.len() <= 12 && !known.is_empty() {
            format!("There are: {}", known.join(", "))
        } else {
            format!("Take it out, or add it to {of}")
        };
        let help = suggest(&id.value, known, otherwise);
        self.findings.push(
            Finding::error("words-surplus", id.place.clone(), format!("{of} has no {what} `{}`", id.value))
                .help(help),
        );
    }

    /// Reports ids that stand twice.
    fn twice(&mut self, blocks: &[Block]) {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for block in blocks.iter().filter(|block| !block.id.value.is_empty()) {
            if !seen.insert(&block.id.value) {
                self.findings.push(
                    Finding::error(
                        "written-twice",
                        block.id.place.clone(),
                        format!("`{}` has words twice in this file", block.id.value),
                    )
                    .help("Keep one of the two"),
                );
            }
        }
    }

    fn title(&mut self, block: &Block) -> String {
        if block.title.value.is_empty() {
            self.missing(
                block.id.place.clone(),
                format!("`{}` has no title", block.id.value),
                format!("Write it before the id: `## Title {{#{}}}`", block.id.value),
            );
        }
        self.plain(&block.title)
    }

    fn questions(&mut self, file: FileId, blocks: &[Block], files: &Files, words: &mut Words) {
        self.twice(blocks);
        let draft = &files.draft;
        let sections: Vec<&str> = draft.sections.iter().map(|name| name.text.as_str()).collect();
        for block in blocks.iter().filter(|block| block.level == 1 && !block.id.value.is_empty()) {
            if block.id.value == "sets" {
                self.sets(block, files, words);
            } else if sections.contains(&block.id.value.as_str()) {
                let entry = (self.title(block), self.plain(&block.text));
                words.sections.insert(block.id.value.clone(), entry);
            } else {
                self.surplus(&block.id, "section", "checker.toml", sections.iter().copied());
            }
        }
        for block in blocks.iter().filter(|block| block.level == 2 && !block.id.value.is_empty()) {
            let Some(question) = draft.questions.iter().find(|question| question.id.text == block.id.value)
            else {
                let known = draft.questions.iter().map(|question| question.id.text.as_str());
                self.surplus(&block.id, "question", "checker.toml", known);
                continue;
            };
            let mut expected: Vec<&str> = match &question.kind {
                DraftKind::One { options } | DraftKind::Many { options, .. } => {
                    options.iter().map(|name| name.text.as_str()).collect()
                }
                DraftKind::Number { .. } => question.unknown.iter().map(|name| name.text.as_str()).collect(),
                DraftKind::Instrument { .. } => Vec::new(),
            };
            let title = self.title(block);
            let hint = self.plain(&block.text);
            // `- unit: degrees` names the unit in this language; without it readers see the unit of checker.toml.
            let has_unit = matches!(question.kind, DraftKind::Number { unit: Some(_), .. })
                && !expected.contains(&UNIT)
                && block.items.iter().any(|(id, _)| id.value == UNIT);
            expected.extend(has_unit.then_some(UNIT));
            let mut options =
                self.list(block, &expected, "option", &format!("The question `{}`", block.id.value));
            let unit = has_unit.then(|| options.remove(UNIT)).flatten().unwrap_or_default();
            words.questions.insert(block.id.value.clone(), QuestionWords { title, hint, options, unit });
        }
        for section in &sections {
            if !words.sections.contains_key(*section) {
                self.missing(
                    Place::start_of(file),
                    format!("The section `{section}` has no words in this language"),
                    format!("Add a heading: `# Title {{#{section}}}`"),
                );
            }
        }
        for question in &draft.questions {
            if !words.questions.contains_key(&question.id.text) {
                self.missing(
                    Place::start_of(file),
                    format!("The question `{}` has no words in this language", question.id.text),
                    format!(
                        "Add a heading `## Question {{#{}}}` with one `- option: Label` a line",
                        question.id.text
                    ),
                );
            }
        }
        for set in sets_in_use(files) {
            if !words.sets.contains_key(&set) {
                self.missing(
                    Place::start_of(file),
                    format!("The set `{set}` decides whether a question is asked, and has no words in this language"),
                    format!("Add `- {set}: you chose ...` under a heading `# Groups of answers {{#sets}}`"),
                );
            }
        }
    }

    fn sets(&mut self, block: &Block, files: &Files, words: &mut Words) {
        let known: Vec<&str> = files.draft.sets.iter().map(|set| set.name.text.as_str()).collect();
        for (id, label) in &block.items {
            if known.contains(&id.value.as_str()) {
                let label = self.plain(label);
                words.sets.insert(id.value.clone(), label);
            } else {
                self.surplus(id, "set", "checker.toml", known.iter().copied());
            }
        }
    }

    /// The `- id: Label` lines under a heading, each expected id once.
    fn list(&mut self, block: &Block, expected: &[&str], what: &str, of: &str) -> BTreeMap<String, String> {
        let mut labels = BTreeMap::new();
        for (id, label) in &block.items {
            if id.value.is_empty() {
                let guess = expected.iter().find(|&&known| {
                    label
                        .value
                        .split_whitespace()
                        .next()
                        .is_some_and(|first| first.trim_matches(':') == known)
                });
                let example = guess.copied().or(expected.first().copied()).unwrap_or("id");
                self.findings.push(
                    Finding::error("option-line", id.place.clone(), "This line has no id before a colon")
                        .help(format!("Write it like this: `- {example}: Label`")),
                );
            } else if !expected.contains(&id.value.as_str()) {
                self.surplus(id, what, of, expected.iter().copied());
            } else {
                let text = self.plain(label);
                if text.is_empty() {
                    self.missing(
                        id.place.clone(),
                        format!("`{}` has no label", id.value),
                        format!("Write it behind the colon: `- {}: Label`", id.value),
                    );
                }
                if labels.insert(id.value.clone(), text).is_some() {
                    self.findings.push(
                        Finding::error(
                            "written-twice",
                            id.place.clone(),
                            format!("{of} has a label for `{}` twice", id.value),
                        )
                        .help("Keep one of the two"),
                    );
                }
            }
        }
        for id in expected {
            if !labels.contains_key(*id) {
                self.missing(
                    block.id.place.clone(),
                    format!("{of} has no label for `{id}`"),
                    format!("Add a line: `- {id}: Label`"),
                );
            }
        }
        labels
    }

    fn reasons(&mut self, file: FileId, blocks: &[Block], files: &Files, words: &mut Words) {
        self.twice(blocks);
        for block in blocks.iter().filter(|block| !block.id.value.is_empty()) {
            let id = &block.id.value;
            if block.level != 2 || !files.draft.rules.iter().any(|rule| rule.id.text == *id) {
                let known = files.draft.rules.iter().map(|rule| rule.id.text.as_str());
                self.surplus(&block.id, "rule", "rules.toml", known);
                continue;
            }
            let entry = (self.title(block), self.plain(&block.text));
            if entry.1.is_empty() {
                self.missing(
                    block.id.place.clone(),
                    format!("The reason of the rule `{id}` has no text"),
                    "Write one paragraph under the heading".to_owned(),
                );
            }
            words.reasons.insert(id.clone(), entry);
        }
        for rule in &files.draft.rules {
            if !words.reasons.contains_key(&rule.id.text) {
                self.missing(
                    Place::start_of(file),
                    format!("The rule `{}` has no reason in this language", rule.id.text),
                    format!("Add a heading `## Short title {{#{}}}` and one paragraph", rule.id.text),
                );
            }
        }
    }

    fn promises(&mut self, blocks: &[Block], files: &Files, words: &mut Words) {
        self.twice(blocks);
        for block in blocks.iter().filter(|block| !block.id.value.is_empty()) {
            let id = &block.id.value;
            if block.level == 1 {
                if files.groups.values().any(|group| group.value == *id) {
                    let entry = (id.clone(), self.title(block), self.plain(&block.text));
                    words.promise_groups.push(entry);
                } else {
                    let known: BTreeSet<&str> =
                        files.groups.values().map(|group| group.value.as_str()).collect();
                    self.surplus(&block.id, "group", "safety.toml", known);
                }
            } else if files.says.contains_key(id) && super::core::kept_of(id).is_none() {
                let sentence = self.title(block);
                words.promises.insert(id.clone(), sentence);
            } else {
                let known = files.says.keys().map(String::as_str);
                self.surplus(&block.id, "promise", "safety.toml", known);
            }
        }
    }

    fn outcomes(&mut self, file: FileId, blocks: &[Block], files: &Files, words: &mut Words) {
        self.twice(blocks);
        let outcomes: Vec<&str> = files.draft.outcomes.iter().map(|name| name.text.as_str()).collect();
        let talk: Vec<&str> = files.draft.talk_to.iter().map(|name| name.text.as_str()).collect();
        let mut talk_seen = false;
        let mut under = "";
        for block in blocks.iter().filter(|block| !block.id.value.is_empty()) {
            let id = block.id.value.as_str();
            if block.level == 1 {
                under = id;
                if id == "talk-to" {
                    talk_seen = true;
                    words.talk = self.list(block, &talk, "person to talk to", "`talk-to` in checker.toml");
                } else if id != "results" && id != "parts" {
                    self.surplus(&block.id, "part", "outcomes.md", ["results", "parts", "talk-to"]);
                }
                continue;
            }
            let known: &[&str] = if under == "parts" { &[PARTS[0], PARTS[1], QUESTIONS] } else { &outcomes };
            if !known.contains(&id) {
                self.surplus(&block.id, "outcome", "checker.toml", known.iter().copied());
                continue;
            }
            let body = Body {
                title: self.title(block),
                markdown: block.markdown.clone(),
                place: block.body.clone(),
            };
            if block.text.value.is_empty() && block.items.is_empty() {
                self.missing(
                    block.id.place.clone(),
                    format!("`{id}` has no text"),
                    "Write what the result says under the heading".to_owned(),
                );
            }
            let map = if under == "parts" { &mut words.parts } else { &mut words.outcomes };
            map.insert(id.to_owned(), body);
        }
        for (id, present, what) in outcomes
            .iter()
            .map(|id| (*id, words.outcomes.contains_key(*id), "The outcome"))
            .chain(PARTS.map(|id| (id, words.parts.contains_key(id), "The part")))
            .collect::<Vec<_>>()
        {
            if !present {
                self.missing(
                    Place::start_of(file),
                    format!("{what} `{id}` has no words in this language"),
                    format!("Add a heading `## Title {{#{id}}}` and its text"),
                );
            }
        }
        if !talk_seen && !talk.is_empty() {
            self.missing(
                Place::start_of(file),
                "Nobody of `talk-to` has a name in this language".to_owned(),
                "Add a heading `# Who to talk to {#talk-to}` with one `- id: Name` a line".to_owned(),
            );
        }
    }
}

/// What `promises.md` of one language lacks. A group without a title in the first language is an error; what is not
/// translated is shown in the first language, and noted.
pub(crate) fn check_promises(
    sources: &SourceTree,
    folder: &str,
    first: &str,
    files: &Files,
    words: &BTreeMap<String, Words>,
    findings: &mut Findings,
) {
    let Some(original) = words.get(first) else { return };
    let path = |language: &str| format!("content/{language}/checkers/{folder}/promises.md");
    let titled = |words: &Words, id: &str| words.promise_groups.iter().any(|(known, ..)| known == id);
    let mut told = BTreeSet::new();
    for group in files.groups.values() {
        if !titled(original, &group.value) && told.insert(&group.value) {
            let known = original.promise_groups.iter().map(|(id, ..)| id.as_str());
            let heading = format!("Add a heading to {}: `# Title {{#{}}}`", path(first), group.value);
            let help = suggest(&group.value, known, heading);
            findings.push(
                Finding::error(
                    "words-missing",
                    group.place.clone(),
                    format!(
                        "The group of promises `{}` has no title in this language ({first})",
                        group.value
                    ),
                )
                .help(help),
            );
        }
    }
    for (language, own) in words.iter().filter(|(language, _)| *language != first) {
        let mut gone: Vec<&str> = files
            .says
            .keys()
            .map(String::as_str)
            .filter(|id| super::core::kept_of(id).is_none() && !own.promises.contains_key(*id))
            .collect();
        gone.extend(original.promise_groups.iter().map(|(id, ..)| id.as_str()).filter(|id| !titled(own, id)));
        if gone.is_empty() {
            continue;
        }
        let there = sources.find(&path(language)).map(|(file, _)| file);
        let file = there.unwrap_or(files.safety_file);
        let named: Vec<String> = gone.iter().take(4).map(|id| format!("`{id}`")).collect();
        let more = if gone.len() > 4 { ", …" } else { "" };
        findings.push(Finding {
            code: "promise-not-translated",
            severity: crate::finding::Severity::Note,
            place: Some(Place::start_of(file)),
            message: format!(
                "The page about the proof shows {} of its sentences in another language ({language}): {}{more}",
                gone.len(),
                named.join(", ")
            ),
            help: Some(format!(
                "Add them to {}: `## Sentence {{#{}}}`",
                path(language),
                gone.first().copied().unwrap_or("ID")
            )),
        });
    }
}

/// Fills `[[name]]` in; what is unknown stays as it is and is named.
pub(crate) fn fill_facts(text: &str, fill: Fill<'_>) -> (String, Vec<String>) {
    let mut out = String::with_capacity(text.len());
    let mut unknown = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find("[[") {
        let Some(length) = rest[open..].find("]]") else { break };
        let name = rest[open + 2..open + length].trim();
        out.push_str(&rest[..open]);
        match fill(name) {
            Some(fact) => out.push_str(&fact),
            None => {
                out.push_str(&rest[open..open + length + 2]);
                unknown.push(name.to_owned());
            }
        }
        rest = &rest[open + length + 2..];
    }
    out.push_str(rest);
    (out, unknown)
}

/// The sets that the `asked-when` of a question names itself: these are told to readers.
fn sets_in_use(files: &Files) -> BTreeSet<String> {
    fn walk(condition: &DraftCondition, found: &mut BTreeSet<String>) {
        match condition {
            DraftCondition::All(parts)
            | DraftCondition::Any(parts)
            | DraftCondition::None(parts)
            | DraftCondition::AtLeast(_, parts) => parts.iter().for_each(|part| walk(part, found)),
            DraftCondition::Set(name) => {
                found.insert(name.text.clone());
            }
            DraftCondition::Line(_) => {}
        }
    }
    let mut found = BTreeSet::new();
    for question in &files.draft.questions {
        if let Some(when) = &question.asked_when {
            walk(when, &mut found);
        }
    }
    found.retain(|name| files.draft.sets.iter().any(|set| set.name.text == *name));
    found
}
