//! Pages that tired people can read: short sentences, everyday words, a school grade of 8 at most.

use super::Subject;
use crate::finding::{Finding, Findings};
use crate::link::Page;
use crate::parse::containers::{self, Container, Marker};
use crate::parse::library::Term;
use crate::parse::markdown::Heading;
use crate::plain::prose::{self, Block};
use crate::plain::{Formula, Measure, sentences, words};
use crate::source::Place;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

/// The highest school grade of a page or of a part of it.
pub(crate) const HIGHEST_GRADE: f64 = 8.0;
/// The lowest ease of a Spanish text: the middle of "normal" on the INFLESZ scale.
pub(crate) const LOWEST_EASE: f64 = 60.0;
/// The most words in a sentence.
const LONGEST_SENTENCE: usize = 25;
/// The most sentences in a paragraph.
const LONGEST_PARAGRAPH: usize = 5;
/// The most words between two headings.
const LONGEST_STRETCH: usize = 200;
/// A part with fewer sentences tells too little about its grade.
const FEWEST_SENTENCES: u32 = 8;
/// How many times as many words the benefits may have as the risks.
const MOST_UNEVEN: u32 = 2;
/// The highest share of passive sentences, in a hundred.
const MOST_PASSIVE: usize = 10;

/// How hard a page is to read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Everything.
    pub(crate) whole: Measure,
    /// By part: what stands above the first `##` heading, then one for each.
    pub(crate) parts: Vec<Measure>,
    /// Every sentence: where it stands in the page's text, in bytes, and its number of words.
    pub(crate) sentences: Vec<(Range<usize>, usize)>,
    blocks: Vec<Block>,
    /// By block: its sentences, and its words as they are written.
    counts: Vec<(usize, usize)>,
    /// Where there is something to tick, line by line, in bytes of the page's text: nobody reads that in one go.
    ticked: Vec<Range<usize>>,
    /// How many sentences are in the passive voice.
    passive: usize,
}

/// How hard a page is in figures.
pub(crate) struct Figures {
    /// For people.
    pub(crate) words: String,
    /// For sorting: the higher the harder, in school grades or their like.
    pub(crate) hardness: f64,
}

/// The figures of a page.
pub(crate) fn figures(formula: Formula, reading: &Reading) -> Option<Figures> {
    let whole = &reading.whole;
    let length = format!("{:.0} words a sentence", whole.sentence_length());
    Some(match formula {
        Formula::English => {
            let (grade, raw) = (whole.grade()?, whole.raw_grade()?);
            let smog = whole.smog().map_or(String::new(), |smog| format!(", SMOG {smog:.1}"));
            let passive = reading.passive * 100 / reading.sentences.len().max(1);
            Figures {
                words: format!(
                    "grade {grade:.1} ({raw:.1} with explained words{smog}), {length}, {passive} in 100 passive"
                ),
                hardness: grade,
            }
        }
        Formula::Spanish => {
            let ease = whole.spanish_ease()?;
            Figures { words: format!("INFLESZ ease {ease:.0}, {length}"), hardness: (100.0 - ease) / 5.0 }
        }
    })
}

impl Reading {
    /// The three sentences that make the page hardest, each with its own figure.
    pub(crate) fn costly(&self, text: &str, formula: Formula) -> Vec<String> {
        let mut all: Vec<(f64, &Range<usize>)> = Vec::new();
        for (range, count) in &self.sentences {
            let Some(words) = text.get(range.clone()) else { continue };
            let mut own = Measure::default();
            own.add(formula, words, &BTreeSet::new());
            let hard = match formula {
                Formula::English => own.grade(),
                Formula::Spanish => own.spanish_ease().map(|ease| 100.0 - ease),
            };
            if let Some(hard) = hard
                && *count > 4
            {
                // A long hard sentence costs the page more than a short one.
                all.push((hard * f64::from(own.words), range));
            }
        }
        all.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        all.iter()
            .take(3)
            .map(|(_, range)| text[(*range).clone()].split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }
}

/// Reads a page; `None` if its language has no formula, or it has no text.
pub(crate) fn read(subject: &Subject<'_>, page: &Page) -> Option<Reading> {
    let language = subject.site.settings.languages.get(page.language)?;
    let formula = Formula::of(&language.code)?;
    let (text, place) = subject.text(page)?;
    // Whatever is wrong with the containers was said when the page was parsed.
    let split = containers::split(text, place.file, place.span.start, &mut Findings::new());
    let explained = &subject.explained(page.language).words;
    let ticked = checklists(&split.markers);
    let mut reading = Reading { blocks: prose::blocks(&split.text), ticked, ..Reading::default() };
    for block in &reading.blocks {
        if reading.parts.len() <= block.part {
            reading.parts.resize(block.part + 1, Measure::default());
        }
        let (mut count, mut written) = (0, 0);
        for range in sentences::split(&block.text) {
            let raw = &block.text[range.clone()];
            let sentence = fill_facts(subject, &language.code, raw);
            let mut voice = words::Voice::default();
            let part = &mut reading.parts[block.part];
            let words = part.add_aloud(formula, &sentence, explained, &mut |word| voice.hear(word)) as usize;
            reading.passive += usize::from(formula == Formula::English && voice.is_passive());
            reading.sentences.push((block.place(range), words));
            count += 1;
            written += match sentence {
                Cow::Borrowed(_) => words,
                Cow::Owned(_) => sentences::words(raw).count(),
            };
        }
        reading.counts.push((count, written));
    }
    for part in &reading.parts {
        reading.whole.extend(*part);
    }
    (reading.whole.words > 0).then_some(reading)
}

/// Where the checklists of a text stand.
fn checklists(markers: &[(usize, Marker)]) -> Vec<Range<usize>> {
    let mut open: Vec<(usize, Option<Container>)> = Vec::new();
    let mut found = Vec::new();
    for (at, marker) in markers {
        match marker {
            Marker::Open { container, .. } => open.push((*at, *container)),
            Marker::Close => {
                if let Some((start, Some(Container::Checklist))) = open.pop() {
                    found.push(start..*at);
                }
            }
        }
    }
    found
}

/// What the glossary of one language explains, in small letters.
#[derive(Debug, Default)]
pub(crate) struct Explained {
    /// Word by word.
    words: BTreeSet<String>,
    /// Every spelling of every term.
    terms: Vec<String>,
}

impl Explained {
    pub(crate) fn new(glossary: &[Term]) -> Self {
        let terms = || glossary.iter().flat_map(|term| std::iter::once(&term.term).chain(&term.also));
        Explained {
            words: terms().flat_map(|term| sentences::words(term)).map(str::to_lowercase).collect(),
            terms: terms().map(|term| term.to_lowercase()).collect(),
        }
    }

    fn has(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        self.terms.iter().any(|term| words::find(term, &word).next().is_some())
    }
}

fn fill_facts<'t>(subject: &Subject<'_>, language: &str, text: &'t str) -> Cow<'t, str> {
    if !text.contains("[[") {
        return Cow::Borrowed(text);
    }
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[[") {
        let Some((name, behind)) = after.split_once("]]") else { break };
        filled.push_str(before);
        let fact = subject.site.facts.get(name.trim());
        filled.push_str(fact.and_then(|fact| fact.words.get(language)).map_or("", String::as_str));
        rest = behind;
    }
    Cow::Owned(filled + rest)
}

pub(super) fn check(subject: &Subject<'_>, page: &Page, findings: &mut Findings) {
    let Some(language) = subject.site.settings.languages.get(page.language) else { return };
    let Some(formula) = Formula::of(&language.code) else { return };
    let Some(reading) = read(subject, page) else { return };
    let Some((text, place)) = subject.text(page) else { return };
    let at = |range: Range<usize>| {
        Place::new(place.file, place.span.start + range.start..place.span.start + range.end)
    };
    grades(page, formula, &reading, findings);
    for (range, count) in &reading.sentences {
        if *count > LONGEST_SENTENCE {
            findings.push(
                Finding::warning(
                    "sentence-too-long",
                    at(first_line(text, range)),
                    format!("This sentence has {count} words; {LONGEST_SENTENCE} is the most that a tired reader can hold"),
                )
                .help("Make two sentences of it, or a list"),
            );
        }
    }
    for (block, &(count, _)) in reading.blocks.iter().zip(&reading.counts) {
        if !block.item && count > LONGEST_PARAGRAPH {
            findings.push(
                Finding::warning(
                    "paragraph-too-long",
                    at(first_line(text, &block.place(0..block.text.len()))),
                    format!("This paragraph has {count} sentences; {LONGEST_PARAGRAPH} is the most"),
                )
                .help("Put an empty line where a new thought begins"),
            );
        }
    }
    stretches(page, &reading, &at, findings);
    balance(page, &reading, findings);
    numbers(&reading, &at, findings);
    passive(page, &reading, findings);
    word_findings(subject, page, formula, &reading, &at, findings);
}

fn grades(page: &Page, formula: Formula, reading: &Reading, findings: &mut Findings) {
    let Some((figure, hard)) = judge(formula, &reading.whole) else { return };
    let cure = "Shorten the longest sentences and take everyday words: `site-gen list reading` shows which cost most";
    if hard {
        findings.push(
            Finding::error(
                "hard-to-read",
                page.front.title.place.clone(),
                format!("This page is too hard to read: {figure}"),
            )
            .help(cure),
        );
        // The parts would say the same again.
        return;
    }
    for (heading, figure) in hard_parts(page, formula, reading) {
        findings.push(
            Finding::warning(
                "part-hard-to-read",
                heading.place.clone(),
                format!("The page is plain, but this part is hard to read: {figure}"),
            )
            .help(cure),
        );
    }
}

/// The parts of a page that are beyond the limit by themselves, each with its heading and its figure.
pub(crate) fn hard_parts<'p>(
    page: &'p Page,
    formula: Formula,
    reading: &Reading,
) -> Vec<(&'p Heading, String)> {
    let titles = page.headings.iter().filter(|heading| heading.level == 2);
    let parts = reading.parts.iter().skip(1).zip(titles);
    parts
        .filter(|(part, _)| part.sentences >= FEWEST_SENTENCES)
        .filter_map(|(part, heading)| {
            let (figure, hard) = judge(formula, part)?;
            hard.then_some((heading, figure))
        })
        .collect()
}

/// The figure in words, and whether it is beyond the limit.
pub(crate) fn judge(formula: Formula, measure: &Measure) -> Option<(String, bool)> {
    Some(match formula {
        Formula::English => {
            let grade = measure.grade()?;
            (format!("school grade {grade:.1}, and {HIGHEST_GRADE:.0} is the highest"), grade > HIGHEST_GRADE)
        }
        Formula::Spanish => {
            let ease = measure.spanish_ease()?;
            (format!("INFLESZ ease {ease:.0}, and {LOWEST_EASE:.0} is the lowest"), ease < LOWEST_EASE)
        }
    })
}

/// Long stretches without a heading.
fn stretches(page: &Page, reading: &Reading, at: &impl Fn(Range<usize>) -> Place, findings: &mut Findings) {
    let mut counts = vec![0usize; page.headings.len() + 1];
    for (block, &(_, words)) in reading.blocks.iter().zip(&reading.counts) {
        let start = block.place(0..1).start;
        if reading.ticked.iter().any(|list| list.contains(&start)) {
            continue;
        }
        if let Some(count) = counts.get_mut(block.heading) {
            *count += words;
        }
    }
    for (heading, &count) in counts.iter().enumerate() {
        if count <= LONGEST_STRETCH {
            continue;
        }
        let place = match heading.checked_sub(1).and_then(|above| page.headings.get(above)) {
            Some(heading) => heading.place.clone(),
            None => at(0..1),
        };
        findings.push(
            Finding::warning(
                "too-long-without-heading",
                place,
                format!("{count} words follow without a heading; {LONGEST_STRETCH} is the most"),
            )
            .help("Add a heading where a new thought begins, or take words out"),
        );
    }
}

/// Risks are told in about the same detail as benefits.
fn balance(page: &Page, reading: &Reading, findings: &mut Findings) {
    let titles = page.headings.iter().filter(|heading| heading.level == 2);
    let parts: Vec<(&crate::parse::markdown::Heading, u32)> =
        titles.zip(reading.parts.iter().skip(1)).map(|(heading, part)| (heading, part.words)).collect();
    let part = |id: &str| parts.iter().find(|(heading, _)| heading.id.starts_with(id));
    if let (Some((_, benefits)), Some((heading, risks))) = (part("possible-benefits"), part("risks"))
        && risks * MOST_UNEVEN < *benefits
    {
        findings.push(
            Finding::warning(
                "risks-told-short",
                heading.place.clone(),
                format!("The possible benefits have {benefits} words, and the risks {risks}"),
            )
            .help("Tell both in about the same detail: a reader weighs what there is to read"),
        );
    }
}

/// Numbers that a tired reader has to work out, and amounts that only a clinician may choose.
fn numbers(reading: &Reading, at: &impl Fn(Range<usize>) -> Place, findings: &mut Findings) {
    for block in &reading.blocks {
        for (found, unit) in words::units(&block.text) {
            let shown = &block.text[found.clone()];
            let place = at(block.place(found.clone()));
            findings.push(match unit {
                words::Unit::Percent => Finding::warning(
                    "number-in-percent",
                    place,
                    format!("“{shown}” is harder to picture than so many in 100"),
                )
                .help("Write it as people: `12 in 100`"),
                words::Unit::Dose => {
                    Finding::warning("dose-named", place, format!("“{shown}” reads like an amount to take"))
                        .help("Take it out: only a clinician who knows the reader can choose an amount")
                }
            });
        }
    }
}

fn passive(page: &Page, reading: &Reading, findings: &mut Findings) {
    let all = reading.sentences.len();
    let share = reading.passive * 100 / all.max(1);
    if all >= 10 && share > MOST_PASSIVE {
        findings.push(
            Finding::warning(
                "much-passive",
                page.front.title.place.clone(),
                format!(
                    "{} of {all} sentences are passive, more than {MOST_PASSIVE} in 100",
                    reading.passive
                ),
            )
            .help(
                "Say who does it: “a nurse checks your blood pressure”, not “your blood pressure is checked”",
            ),
        );
    }
}

fn word_findings(
    subject: &Subject<'_>,
    page: &Page,
    formula: Formula,
    reading: &Reading,
    at: &impl Fn(Range<usize>) -> Place,
    findings: &mut Findings,
) {
    let explained = subject.explained(page.language);
    let mut told = BTreeSet::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    words::abbreviations(&page.title, &mut |word, explained| {
        if explained {
            known.insert(word.to_owned());
        }
    });
    for block in &reading.blocks {
        let lower = block.text.to_lowercase();
        // Small letters may be longer than capitals; then the places would be wrong.
        if lower.len() == block.text.len() {
            for (found, hard) in words::hard_in(formula, &lower) {
                // "very sleepy (sedation)" teaches the word.
                let taught = lower[..found.start].ends_with('(') && !hard.blames;
                if taught || explained.has(hard.say) || !told.insert(hard.say) {
                    continue;
                }
                let (code, message) = if hard.blames {
                    ("blaming-word", format!("“{}” blames the person", &block.text[found.clone()]))
                } else {
                    ("hard-word", format!("“{}” is a hard word", &block.text[found.clone()]))
                };
                let place = at(block.place(found));
                findings
                    .push(Finding::warning(code, place, message).help(format!("Write: {}", hard.instead)));
            }
        }
        words::abbreviations(&block.text, &mut |word, said| {
            if said {
                known.insert(word.to_owned());
            } else if !known.contains(word) && !explained.has(word) && known.insert(word.to_owned()) {
                let start = word.as_ptr() as usize - block.text.as_ptr() as usize;
                findings.push(
                    Finding::warning(
                        "abbreviation-unexplained",
                        at(block.place(start..start + word.len())),
                        format!("`{word}` is used here for the first time without saying what it stands for"),
                    )
                    .help(format!("Write the words first, then the letters: `the words ({word})`, or add it to glossary.toml")),
                );
            }
        });
    }
}

/// The part of a range on its first line: a caret under one line is easier to see than under three.
fn first_line(text: &str, range: &Range<usize>) -> Range<usize> {
    let end =
        text[range.start..range.end.min(text.len())].find('\n').map_or(range.end, |at| range.start + at);
    range.start..end
}
