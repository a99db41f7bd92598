//! What the picture shows, row by row, as lines of text that fit: everything but the place on a page.

use super::Mark;
use super::lanes::{Joint, Lane, assign};
use super::measure::{Face, shorten, width, wrap};
use super::reads::asked_after;
use super::words::{condition, listed};
use crate::checker::{Checker, Words, given};
use checker_rules::{Draft, DraftKind, DraftQuestion, DraftRule, QuestionIdx, RuleIdx};
use std::collections::BTreeMap;

/// The space between two things that belong together, in px.
pub(super) const GAP: i32 = 8;
/// From one line of a bundle to the next.
pub(super) const LANE: i32 = 10;
/// The height of a rule's mark.
pub(super) const MARK: i32 = 16;
/// The width of the part of a mark that holds the letter.
pub(super) const LETTER: i32 = 16;
/// The narrowest picture: what fits on a page, letters still being legible.
const WIDTH: i32 = 1040;
/// The narrowest room for the words.
const WORDS: i32 = 340;
/// A rule that looks at so many other questions has a line of its own; with fewer it hangs on the questions' lines.
const OWN_LINE: usize = 4;

/// The picture before it is laid on pages.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) language: String,
    pub(super) title: String,
    /// Sentences under the title.
    pub(super) about: Vec<String>,
    /// How to read it, a sentence each.
    pub(super) legend: [&'static str; 4],
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
    /// At the left: what a question is asked after.
    pub(super) after: Vec<Lane>,
    /// Between words and marks: what else a rule looks at.
    pub(super) looks: Vec<Lane>,
    pub(super) grid: Grid,
}

/// Where things stand from left to right, in px.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) width: i32,
    /// The right edge of the bundle at the left.
    pub(super) after: i32,
    pub(super) ids: i32,
    pub(super) text: i32,
    pub(super) text_end: i32,
    pub(super) columns: i32,
    pub(super) column: i32,
}

/// An outcome, or the column of the notes.
#[derive(Debug)]
pub(super) struct Column {
    /// `A` for the worst; a note has none.
    pub(super) letter: String,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) title: Vec<String>,
    /// What else there is to say of it.
    pub(super) more: Vec<String>,
    /// The marked answers lead here.
    pub(super) reached: bool,
}

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) kind: RowKind,
    pub(super) height: i32,
}

#[derive(Debug)]
pub(super) enum RowKind {
    Section(String),
    Question(QuestionRow),
    /// A heading over what follows, and a rule or text without a question.
    Otherwise(RuleRow),
    /// A named group: its name, what it stands for.
    Group {
        name: String,
        lines: Vec<String>,
        first: bool,
    },
}

/// A question with the rules that are decided once it is answered. Heights are from the top of the row.
#[derive(Debug)]
pub(super) struct QuestionRow {
    pub(super) id: String,
    /// All of it, for whoever cannot see the picture or points at it.
    pub(super) spoken: String,
    pub(super) title: Vec<String>,
    pub(super) asked: Vec<String>,
    pub(super) always: bool,
    /// The marked answer.
    pub(super) answer: Vec<String>,
    /// Rules further down that look at this question too.
    pub(super) also: Vec<String>,
    pub(super) rules: Vec<RuleRow>,
    /// Whether this answer is one of those that show what the mark is about.
    pub(super) matters: bool,
}

/// A rule's line.
#[derive(Debug)]
pub(super) struct RuleRow {
    /// `rule`, or `otherwise` for what happens without one.
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) lines: Vec<String>,
    pub(super) column: usize,
    pub(super) fired: bool,
    /// The middle of its first line, from the top of the row.
    pub(super) at: i32,
}

impl QuestionRow {
    /// The middle of the title's first line.
    pub(super) fn title_at(&self) -> i32 {
        PAD + Face::Strong.line() / 2
    }

    /// The middle of the line that says when it is asked.
    pub(super) fn asked_at(&self) -> i32 {
        PAD + count(&self.title) * Face::Strong.line() + Face::Plain.line() / 2
    }
}

/// Above and below a marked answer.
pub(super) const AROUND: i32 = 3;

/// Above and below what a row holds.
pub(super) const PAD: i32 = 7;

/// How many, as a number of px can be multiplied by it.
pub(super) fn count<T>(items: &[T]) -> i32 {
    i32::try_from(items.len()).unwrap_or(i32::MAX / 100)
}

/// A name that is also shown where it has no words.
fn outcome_title<'w>(words: Option<&'w Words>, id: &'w str) -> &'w str {
    words.and_then(|words| words.outcomes.get(id)).map_or(id, |body| body.title.as_str())
}

/// `A`, `B`, …, `Z`, `AA`.
fn letter(at: usize) -> String {
    let own = char::from(b'A' + u8::try_from(at % 26).unwrap_or_default());
    if at < 26 { own.to_string() } else { format!("{}{own}", letter(at / 26 - 1)) }
}

/// Everything that is looked up while rows are made.
struct Maker<'a> {
    checker: &'a Checker,
    draft: &'a Draft,
    words: Option<&'a Words>,
    mark: Option<&'a Mark<'a>>,
    grid: Grid,
    /// For each rule, the questions that it looks at.
    reads: Vec<Vec<usize>>,
}

/// The picture of a checker.
pub(super) fn sheet(checker: &Checker, language: &str, mark: Option<&Mark<'_>>) -> Sheet {
    let draft = checker.draft();
    let words = checker.words_or_first(language);
    let reads: Vec<Vec<usize>> = draft.rules.iter().map(|rule| draft.questions_read(&rule.when)).collect();

    // Lines first: how many there are side by side decides how much room is left for words.
    let bundles = bundles(draft, &reads);
    let deep = |lanes: &[(usize, usize, usize)]| lanes.iter().map(|lane| lane.2 + 1).max().unwrap_or(0);
    let after_lanes = assign(&bundles.after.iter().map(|(from, to)| span(*from, to)).collect::<Vec<_>>());
    let looks_lanes = assign(&bundles.looks.iter().map(Bundle::span).collect::<Vec<_>>());
    let grid = grid(draft, words, deep(&after_lanes), deep(&looks_lanes));

    let maker = Maker { checker, draft, words, mark, grid, reads };
    let mut rows = Vec::new();
    // Where each question's row is.
    let mut row_of = vec![0; draft.questions.len()];
    let mut section: Option<&str> = None;
    for (at, question) in draft.questions.iter().enumerate() {
        let own = question.section.as_ref().map(|name| name.text.as_str());
        if own != section
            && let Some(id) = own
        {
            let title = words.and_then(|words| words.sections.get(id)).map_or(id, |(title, _)| title);
            let title = shorten(title, Face::Strong, grid.text_end - grid.ids - 2 * GAP, 1).concat();
            rows.push(Row { kind: RowKind::Section(title), height: 30 });
        }
        section = own;
        row_of[at] = rows.len();
        rows.push(maker.question(at, question));
    }
    rows.extend(maker.end());

    let after = bundles.after.iter().zip(&after_lanes).map(|((from, to), (_, _, lane))| {
        let mut joints = vec![Joint::out(row_of[*from], question_row(&rows, row_of[*from]).title_at())];
        joints.extend(
            to.iter().map(|to| Joint::arrow(row_of[*to], question_row(&rows, row_of[*to]).asked_at())),
        );
        Lane { lane: *lane, joints }
    });
    let after = after.collect();
    let looks = bundles.looks.iter().zip(&looks_lanes).map(|(bundle, (_, _, lane))| {
        let mut joints: Vec<Joint> = bundle
            .questions
            .iter()
            .map(|from| Joint::out(row_of[*from], question_row(&rows, row_of[*from]).title_at()))
            .collect();
        joints.extend(bundle.rules.iter().filter_map(|rule| {
            let row = row_of[*maker.reads[*rule].last()?];
            let id = &draft.rules[*rule].id.text;
            let at = question_row(&rows, row).rules.iter().find(|known| known.id == *id)?.at;
            Some(Joint::dot(row, at))
        }));
        Lane { lane: *lane, joints }
    });
    let looks = looks.collect();
    Sheet {
        language: words.map_or(language, |words| &words.language).to_owned(),
        title: format!("{}: what is asked, and what the answers lead to", checker.id),
        about: maker.about(),
        legend: [
            "Questions stand in the order in which they are asked. An arrow at the left comes from a question that must \
             be answered first; its condition is written beside it.",
            "Below a question stand the rules that are decided by it. The mark at the right stands in the column of the \
             result that the rule asks for.",
            "A dot on a line between words and marks: the rule looks at that earlier question as well.",
            "Every rule that applies gives its reason. The worst result that one of them asks for is the result; the \
             worst stands at the left.",
        ],
        columns: maker.columns(),
        rows,
        after,
        looks,
        grid,
    }
}

fn question_row(rows: &[Row], at: usize) -> &QuestionRow {
    match rows.get(at).map(|row| &row.kind) {
        Some(RowKind::Question(row)) => row,
        _ => unreachable!("BUG: the row of a question"),
    }
}

/// Questions and rules that one line joins.
#[derive(Debug)]
struct Bundle {
    questions: Vec<usize>,
    rules: Vec<usize>,
    last: usize,
}

impl Bundle {
    fn span(&self) -> (usize, usize) {
        let first = self.questions.iter().copied().min().unwrap_or(self.last);
        (first, self.last)
    }
}

struct Bundles {
    /// A question, and those asked after it.
    after: Vec<(usize, Vec<usize>)>,
    looks: Vec<Bundle>,
}

fn span(from: usize, to: &[usize]) -> (usize, usize) {
    let all = || to.iter().copied().chain([from]);
    (all().min().unwrap_or(from), all().max().unwrap_or(from))
}

fn bundles(draft: &Draft, reads: &[Vec<usize>]) -> Bundles {
    let mut after: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, question) in draft.questions.iter().enumerate() {
        for from in asked_after(draft, question) {
            after.entry(from).or_default().push(at);
        }
    }
    let mut looks = Vec::new();
    let mut by_question: BTreeMap<usize, Bundle> = BTreeMap::new();
    for (rule, questions) in reads.iter().enumerate() {
        let Some((&last, others)) = questions.split_last() else { continue };
        if others.len() >= OWN_LINE {
            looks.push(Bundle { questions: others.to_vec(), rules: vec![rule], last });
            continue;
        }
        for from in others {
            let bundle = by_question.entry(*from).or_insert_with(|| Bundle {
                questions: vec![*from],
                rules: Vec::new(),
                last,
            });
            bundle.rules.push(rule);
            bundle.last = bundle.last.max(last);
        }
    }
    looks.extend(by_question.into_values());
    Bundles { after: after.into_iter().collect(), looks }
}

fn grid(draft: &Draft, words: Option<&Words>, after_lanes: usize, looks_lanes: usize) -> Grid {
    let lanes = |lanes: usize| i32::try_from(lanes).unwrap_or(0) * LANE;
    let widest = |texts: &mut dyn Iterator<Item = &str>, face| texts.map(|text| width(text, face)).max();
    let ids = widest(&mut draft.questions.iter().map(|question| question.id.text.as_str()), Face::Strong);
    // The widest word of the titles, so that no word of theirs is broken.
    let mut titles =
        draft.outcomes.iter().flat_map(|outcome| outcome_title(words, &outcome.text).split_whitespace());
    let words = widest(&mut titles, Face::Strong).unwrap_or(0);
    let mark = widest(&mut draft.rules.iter().map(|rule| rule.id.text.as_str()), Face::Mark).unwrap_or(0);
    let column = (LETTER + mark + 3 * GAP).max(words + GAP + 2).clamp(68, 140);
    let columns = (count(&draft.outcomes) + 1) * column;
    let after = GAP + lanes(after_lanes);
    let ids_at = after + 2 * GAP;
    let text = ids_at + ids.unwrap_or(0).clamp(30, 140) + 2 * GAP;
    let gutter = 2 * GAP + lanes(looks_lanes);
    let total = WIDTH.max(text + WORDS + gutter + columns + GAP);
    let columns_at = total - GAP - columns;
    Grid {
        width: total,
        after,
        ids: ids_at,
        text,
        text_end: columns_at - gutter,
        columns: columns_at,
        column,
    }
}

impl Maker<'_> {
    fn room(&self) -> i32 {
        self.grid.text_end - self.grid.text - GAP
    }

    fn about(&self) -> Vec<String> {
        let mut about = vec![format!(
            "Version {} of {}: {} questions, {} rules, {} results.",
            self.checker.version,
            self.checker.updated,
            self.draft.questions.len(),
            self.draft.rules.len(),
            self.draft.outcomes.len()
        )];
        if let Some(mark) = self.mark {
            about.push(format!("Marked with ◆, numbered as they are given: {}", mark.title));
        }
        about
    }

    fn columns(&self) -> Vec<Column> {
        let room = self.grid.column - GAP;
        let reached = self.mark.and_then(|mark| mark.example.outcome).map(|outcome| outcome.index());
        let mut columns: Vec<Column> = self
            .draft
            .outcomes
            .iter()
            .enumerate()
            .map(|(at, outcome)| {
                let id = outcome.text.as_str();
                let mut more = Vec::new();
                if self.draft.stop_at.iter().any(|name| name.text == id) {
                    more.push("ends the questions at once");
                }
                if self.draft.otherwise.as_ref().is_some_and(|name| name.text == id) {
                    more.push("also when no rule asks for a result");
                }
                let title = outcome_title(self.words, id);
                Column {
                    letter: letter(at),
                    id: id.to_owned(),
                    name: if title == id { id.to_owned() } else { format!("{id} (“{title}”)") },
                    title: wrap(title, Face::Strong, room),
                    more: more.iter().flat_map(|more| wrap(more, Face::Plain, room)).collect(),
                    reached: reached == Some(at),
                }
            })
            .collect();
        columns.push(Column {
            letter: String::new(),
            id: "note".to_owned(),
            name: "note".to_owned(),
            title: wrap("Notes", Face::Strong, room),
            more: wrap("a reason that changes no result", Face::Plain, room),
            reached: false,
        });
        columns
    }

    fn question(&self, at: usize, question: &DraftQuestion) -> Row {
        let id = question.id.text.as_str();
        let title = self.words.and_then(|words| words.questions.get(id)).map_or(id, |own| own.title.as_str());
        let asked = asked(question);
        let asked_words = asked.as_deref().unwrap_or("asked of everyone");
        let (given, matters) = self.given(at);
        let also: Vec<&str> = self
            .reads
            .iter()
            .zip(&self.draft.rules)
            .filter(|(reads, _)| reads.contains(&at) && reads.last() != Some(&at))
            .map(|(_, rule)| rule.id.text.as_str())
            .collect();
        let also_words = format!("also looked at by {} below", listed(&also, "and"));
        let mut row = QuestionRow {
            id: id.to_owned(),
            spoken: String::new(),
            title: shorten(title, Face::Strong, self.room(), 2),
            asked: Vec::new(),
            always: asked.is_none(),
            answer: given.iter().flat_map(|given| wrap(given, Face::Strong, self.room())).collect(),
            also: Vec::new(),
            rules: Vec::new(),
            matters,
        };
        let plain = |text: &str| wrap(text, Face::Plain, self.room());
        match (row.always, also.is_empty()) {
            (_, true) => row.asked = plain(asked_words),
            // Two short remarks share a line.
            (true, false) => row.asked = plain(&format!("{asked_words}; {also_words}")),
            (false, false) => (row.asked, row.also) = (plain(asked_words), plain(&also_words)),
        }
        let mut y = row.asked_at() - Face::Plain.line() / 2
            + (count(&row.asked) + count(&row.also)) * Face::Plain.line()
            + count(&row.answer) * Face::Strong.line()
            + if row.answer.is_empty() { 0 } else { 2 * AROUND };
        let mut spoken = format!("{id}. {title} {}. ", capital(asked_words));
        if let Some(given) = &given {
            spoken.push_str(&format!("{given}. "));
        }
        for (reads, (number, rule)) in self.reads.iter().zip(self.draft.rules.iter().enumerate()) {
            if reads.last() == Some(&at) {
                let (rule, height, words) = self.rule(number, rule, y);
                spoken.push_str(&words);
                y += height;
                row.rules.push(rule);
            }
        }
        if !also.is_empty() {
            spoken.push_str(&format!("{}. ", capital(&also_words)));
        }
        row.spoken = spoken.trim_end().to_owned();
        Row { kind: RowKind::Question(row), height: y + PAD }
    }

    /// A rule's line from `y` on, its height, and it in a sentence.
    fn rule(&self, number: usize, rule: &DraftRule, y: i32) -> (RuleRow, i32, String) {
        let fired = self.mark.is_some_and(|mark| {
            mark.example.fired.contains(&RuleIdx(u16::try_from(number).unwrap_or(u16::MAX)))
        });
        let when = condition(&rule.when);
        let shown = if fired { format!("◆ applies: {when}") } else { format!("if {when}") };
        let lines = wrap(&shown, Face::Plain, self.room() - GAP);
        let outcomes = &self.draft.outcomes;
        let asks = rule.outcome.as_ref().map(|name| name.text.as_str());
        let column = asks
            .and_then(|asks| outcomes.iter().position(|outcome| outcome.text == asks))
            .unwrap_or(outcomes.len());
        let id = &rule.id.text;
        let own_title = self.words.and_then(|words| words.reasons.get(id)).map_or("", |(title, _)| title);
        let leads = match asks {
            Some(asks) => format!("leads to {asks} by {id}"),
            None => format!("adds the note {id}"),
        };
        let applies = if fired { " This applies here." } else { "" };
        let spoken = format!("If {when}: {leads}.{applies} ");
        let height = count(&lines) * Face::Plain.line() + 3;
        let row = RuleRow {
            kind: "rule",
            id: id.clone(),
            title: format!("{id} {own_title}: if {when}, it {leads}"),
            lines,
            column,
            fired,
            at: y + Face::Plain.line() / 2,
        };
        (row, height, spoken)
    }

    /// The marked answer to a question, and whether it is one of those that matter.
    fn given(&self, at: usize) -> (Option<String>, bool) {
        let Some(mark) = self.mark else { return (None, false) };
        let index = QuestionIdx(u16::try_from(at).unwrap_or(u16::MAX));
        let place = mark.example.answers.iter().position(|(question, _)| *question == index);
        let Some(place) = place else { return (Some("◇ not asked with these answers".to_owned()), false) };
        let (_, answer) = &mark.example.answers[place];
        let said = self.checker.program.question(index).map(|question| given(question, self.words, answer));
        let said = said.unwrap_or_default().join("; ");
        let matters = mark.example.differs.contains(&index);
        let why = if matters { " (this answer matters)" } else { "" };
        (Some(format!("◆ {}: {said}{why}", place + 1)), matters)
    }

    /// What stands below the questions: rules that look at none, what happens without a rule, named groups.
    fn end(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for (number, rule) in self.draft.rules.iter().enumerate().filter(|(at, _)| self.reads[*at].is_empty())
        {
            let (rule, height, _) = self.rule(number, rule, PAD);
            rows.push(Row { kind: RowKind::Otherwise(rule), height: height + 2 * PAD });
        }
        if let Some(otherwise) = &self.draft.otherwise {
            let column = self.draft.outcomes.iter().position(|outcome| outcome.text == otherwise.text);
            let fired = self.mark.is_some_and(|mark| {
                let rules = self.checker.program.rules();
                let mut asks = mark.example.fired.iter().filter_map(|rule| rules.get(rule.index()));
                mark.example.outcome.is_some() && !asks.any(|rule| rule.outcome.is_some())
            });
            let said = format!(
                "{}otherwise: when no rule asks for a result, the result is {}",
                if fired { "◆ " } else { "" },
                otherwise.text
            );
            let lines = wrap(&said, Face::Plain, self.room() - GAP);
            let height = count(&lines) * Face::Plain.line() + 2 * PAD + 2;
            let rule = RuleRow {
                kind: "otherwise",
                id: "else".to_owned(),
                title: said,
                lines,
                column: column.unwrap_or(self.draft.outcomes.len()),
                fired,
                at: PAD + Face::Plain.line() / 2,
            };
            rows.push(Row { kind: RowKind::Otherwise(rule), height });
        }
        let room = self.grid.width - self.grid.text - 2 * GAP;
        for (at, set) in self.draft.sets.iter().enumerate() {
            let lines =
                wrap(&format!("group “{}”: {}", set.name.text, condition(&set.condition)), Face::Plain, room);
            let head = if at == 0 { Face::Strong.line() + GAP } else { 0 };
            let height = head + count(&lines) * Face::Plain.line() + GAP;
            rows.push(Row {
                kind: RowKind::Group { name: set.name.text.clone(), lines, first: at == 0 },
                height,
            });
        }
        rows
    }
}

/// When a question is asked; nothing if of everyone.
fn asked(question: &DraftQuestion) -> Option<String> {
    let by = match &question.kind {
        DraftKind::Instrument { answered_by: Some(by), .. } => Some(&by.text),
        _ => None,
    };
    let when = question.asked_when.as_ref().map(|when| format!("asked if {}", condition(when)));
    match (when, by) {
        (None, None) => None,
        (Some(when), None) => Some(when),
        (None, Some(by)) => Some(format!("asked if {by} is not; else {by} gives its score")),
        (Some(when), Some(by)) => Some(format!("{when}; if {by} is asked, {by} gives its score")),
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}
