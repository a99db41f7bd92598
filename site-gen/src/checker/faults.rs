//! What `checker-rules` objects to, in words for staff.

use super::files::Files;
use super::words::Words;
use crate::finding::{Finding, Severity};
use crate::parse::data::did_you_mean;
use crate::source::{Place as FilePlace, SourceTree, line_column};
use checker_rules::{
    Decimal, EmptyList, Fault, FaultKind, Origin, Place, QuestionKind, Setting, TestKind, Thing,
};

/// Turns faults into findings.
pub(crate) struct Teller<'a> {
    pub(crate) files: &'a Files,
    pub(crate) sources: &'a SourceTree,
    pub(crate) words: Option<&'a Words>,
}

impl Teller<'_> {
    /// One fault as a finding.
    pub(crate) fn tell(&self, fault: &Fault) -> Finding {
        let (code, message, help) = self.words_for(fault);
        Finding {
            code,
            severity: if fault.blocks() { Severity::Error } else { Severity::Warning },
            place: self.place(fault.origin),
            message,
            help: (!help.is_empty()).then_some(help),
        }
    }

    pub(crate) fn place(&self, origin: Origin) -> Option<FilePlace> {
        self.files.origins.place(origin)
    }

    /// `rules.toml, line 14`.
    fn where_is(&self, origin: Origin) -> String {
        let Some(place) = self.place(origin) else { return "another line".to_owned() };
        let file = self.sources.file(place.file);
        let text = String::from_utf8_lossy(&file.bytes);
        let (line, _) = line_column(&text, place.span.start);
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        format!("{name}, line {line}")
    }

    /// A question's id with its own words behind it.
    fn question(&self, id: &str) -> String {
        match self.words.and_then(|words| words.questions.get(id)).filter(|words| !words.title.is_empty()) {
            Some(words) => format!("`{id}` (“{}”)", words.title),
            None => format!("`{id}`"),
        }
    }

    /// The next id of a rule's series that nothing has yet: `C31` behind `C30`.
    fn free_rule_id(&self, taken: &str) -> Option<String> {
        let letters = taken.trim_end_matches(|c: char| c.is_ascii_digit());
        let width = taken.len() - letters.len();
        let number = |id: &str| id.strip_prefix(letters)?.parse::<u32>().ok();
        let highest = self.files.draft.rules.iter().filter_map(|rule| number(&rule.id.text)).max()?;
        (width > 0).then(|| format!("{letters}{:0width$}", highest + 1))
    }

    /// The line again, with another ending.
    fn line_with(&self, question: &str, test: TestKind, value: Decimal, unit: &str) -> String {
        let verb = if test == TestKind::Below { "below" } else { "at least" };
        format!("{question} {verb} {value} {unit}").trim().to_owned()
    }

    fn words_for(&self, fault: &Fault) -> (&'static str, String, String) {
        match &fault.kind {
            FaultKind::UnknownName { what, name, of, nearest } => {
                let place = match (what, of) {
                    (Thing::Option, Some(question)) => {
                        format!("The question `{question}` has no option `{name}`")
                    }
                    (Thing::TalkTo, _) => format!("`{name}` is not in the `talk-to` list of checker.toml"),
                    (Thing::Set, _) => format!("There is no set and no question `{name}`"),
                    _ => format!("There is no {} `{name}`", thing(*what)),
                };
                let help = match nearest {
                    Some(near) => did_you_mean(near),
                    None => match (what, of) {
                        (Thing::Option, Some(question)) => {
                            format!("It has: {}", self.options_of(question).join(", "))
                        }
                        (Thing::Outcome, _) => format!("There are: {}", self.outcome_names().join(", ")),
                        _ => format!("Add it to checker.toml, or name {} that is there", a_thing(*what)),
                    },
                };
                ("unknown-name", place, help)
            }
            FaultKind::DuplicateName { what, name, of, first } => (
                "written-twice",
                match of {
                    Some(of) => format!("The {} `{name}` stands twice in `{of}`", thing(*what)),
                    None => format!("The {} `{name}` stands twice", thing(*what)),
                },
                format!(
                    "The first is at {}. Give one of them another id{}, or take it out",
                    self.where_is(*first),
                    match what {
                        Thing::Rule => self.free_rule_id(name).map_or(String::new(), |id| format!(", such as `{id}`")),
                        _ => String::new(),
                    }
                ),
            ),
            FaultKind::FlagUsedTwice { flag, first_rule, first } => (
                "written-twice",
                format!("The flag `{flag}` is already the flag of the rule `{first_rule}`"),
                format!("Each rule has a flag of its own. The other is at {}", self.where_is(*first)),
            ),
            FaultKind::EmptyName { what } => (
                "value-missing",
                format!("This {} has an empty name", thing(*what)),
                "Write a name between the quote marks".to_owned(),
            ),
            FaultKind::Empty { list, owner } => empty(*list, owner),
            FaultKind::WrongTest { question, kind, test } => self.wrong_test(fault, question, *kind, *test),
            FaultKind::NoUnknownAnswer { question } => (
                "rule-line",
                format!("The question {} has no answer that means “not sure”", self.question(question)),
                format!(
                    "Add `unknown = [\"unsure\"]` to the question in checker.toml, or take `{question} is unknown` out"
                ),
            ),
            FaultKind::MissingUnit { question, value, unit, test } => (
                "unit-missing",
                format!("`{}` has no unit. This question is in {unit}", self.written(fault)),
                format!("Write: `{}`", self.line_with(question, *test, *value, unit)),
            ),
            FaultKind::WrongUnit { question, value, found, unit, test } => (
                "unit-differs",
                format!("`{value} {found}` is in {found}. This question is in {unit}"),
                format!(
                    "Work the number out in {unit}, and write it in place of the dots: `{question} {} … {unit}`",
                    if *test == TestKind::Below { "below" } else { "at least" }
                ),
            ),
            FaultKind::NeedlessUnit { question, found } => (
                "unit-differs",
                format!("The question `{question}` has no unit, but this line says `{found}`"),
                format!("Take `{found}` out, or add `unit = \"{found}\"` to the question"),
            ),
            FaultKind::OutsideRange { question, item, value, low, high, always } => {
                let of = item.map_or(String::new(), |item| format!("Item {item} of "));
                (
                    "never-or-always",
                    if *always {
                        format!("`{}` is always so", self.written(fault))
                    } else {
                        format!("`{}` can never be so", self.written(fault))
                    },
                    format!("{of}`{question}` goes from {low} to {high}; {value} divides nothing")
                        .trim()
                        .to_owned(),
                )
            }
            FaultKind::TooPrecise { question, value, decimals } => (
                "number-too-precise",
                format!("{value} has more digits after the point than the question `{question}` takes"),
                match decimals {
                    0 => "The question takes whole numbers. Write one, or add `decimals = 1` to the question"
                        .to_owned(),
                    1 => "The question takes one digit after the point".to_owned(),
                    more => format!("The question takes {more} digits after the point"),
                },
            ),
            FaultKind::BadUnlikely { question, low, high } => (
                "unlikely-numbers",
                format!(
                    "`are-you-sure` of the question `{question}` does not fit its numbers, {low} to {high}"
                ),
                format!(
                    "Write two numbers between {low} and {high}, the lower one first: `are-you-sure = {{ below = 80, above \
                     = 220 }}`. One of the two is enough"
                ),
            ),
            FaultKind::BadRange { question, low, high } => (
                "number-without-limits",
                format!("The question `{question}` goes from {low} to {high}, which is no range"),
                "Write the lower number first: `between = [0, 10]`".to_owned(),
            ),
            FaultKind::NoSuchItem { question, item, items } => (
                "unknown-name",
                format!("`{question}` has no item {item}"),
                format!("It has the items 1 to {items}"),
            ),
            FaultKind::BadGate { question } => (
                "instrument-shape",
                format!("The first item of `{question}` cannot decide alone whether the others are asked"),
                "Use a screen of the library".to_owned(),
            ),
            FaultKind::CannotAnswer { question, by } => (
                "cannot-answer",
                format!("`{by}` does not start with the items of `{question}`"),
                "`answered-by` can only name a longer screen that begins with the same items".to_owned(),
            ),
            FaultKind::BadCount { count, of } => (
                "never-or-always",
                format!("“At least {count}” of {of} things decides nothing"),
                format!("Write a number from 1 to {of}"),
            ),
            FaultKind::RepeatedOption { question, option } => (
                "written-twice",
                format!("`{option}` stands twice in this list for `{question}`"),
                "Keep one of the two".to_owned(),
            ),
            FaultKind::SettingDoesNotFit { question, kind, setting } => (
                "setting-does-not-fit",
                format!(
                    "`{}` does not fit the question `{question}`, which asks for {}",
                    setting_name(*setting),
                    kind_words(*kind)
                ),
                setting_help(*setting, *kind).to_owned(),
            ),
            FaultKind::DirectionIncomplete { question, missing } => (
                "risk-order-incomplete",
                format!("The order of answers of `{question}` leaves out {}", list(missing)),
                "Name every option once, from least to most".to_owned(),
            ),
            FaultKind::OnlyExclusive { question } => (
                "only-exclusive",
                format!("Every option of `{question}` stands alone, so nobody can tick more than one"),
                "Write `ask = \"one\"`, or take options out of `exclusive`".to_owned(),
            ),
            FaultKind::QuestionCycle { questions } => (
                "going-round-in-circles",
                format!("These questions wait for one another: {}", round(questions)),
                "Take one of them out of the other's `asked-when`".to_owned(),
            ),
            FaultKind::SetCycle { sets } => (
                "going-round-in-circles",
                format!("These sets use one another: {}", round(sets)),
                "Write the lines out in one of them".to_owned(),
            ),
            FaultKind::TooDeep { limit } => (
                "too-much",
                format!("Sets inside sets go deeper than {limit} steps"),
                "Write some of them out".to_owned(),
            ),
            FaultKind::TooMany { what, limit } => (
                "too-much",
                format!("There are more {}s than the checker can hold ({limit})", thing(*what)),
                "Split the checker in two".to_owned(),
            ),
            FaultKind::StopBeforeWorse { outcome, worse } => (
                "stop-hides-worse",
                format!("`{outcome}` ends the questions, but {} is worse and does not", list(worse)),
                format!(
                    "Who is stopped early may never hear of the worse result. Add {} to `stop-at`, or take `{outcome}` out",
                    list(worse)
                ),
            ),
            FaultKind::NoRiskDirection { question } => (
                "risk-order-missing",
                format!("The question {} does not say which answers are more risk", self.question(question)),
                format!("Add `risk = [...]` to `{question}` in checker.toml, or take it out of this promise"),
            ),
            FaultKind::AmbiguousName { name, question } => (
                "written-twice",
                format!("`{name}` is the name of a set and of a question"),
                format!("Rename the set. The question is at {}", self.where_is(*question)),
            ),
            FaultKind::NeverHolds { place, whole, lines, because_asked_when } => {
                self.never_holds(place, *whole, lines, because_asked_when)
            }
            FaultKind::NeverAsked { question } => (
                "never-asked",
                format!("The question {} is never asked", self.question(question)),
                "Another question always answers it. Take one of the two out, or change `asked-when`"
                    .to_owned(),
            ),
            FaultKind::OutcomeNeverReached { outcome, asked_by, covered_by } => (
                "outcome-never-reached",
                format!("Nobody can get the outcome `{outcome}`"),
                match (asked_by.is_empty(), covered_by.is_empty()) {
                    (true, _) => "No rule asks for it. Add one, or take the outcome out".to_owned(),
                    (false, true) => format!("The rules that ask for it can never apply: {}", list(asked_by)),
                    (false, false) => format!(
                        "Whenever {} asks for it, a worse outcome is asked for by {}",
                        list(asked_by),
                        list(covered_by)
                    ),
                },
            ),
            FaultKind::OptionNotRead { question, option } => (
                "option-not-read",
                format!("No rule looks at the answer `{option}` of {}", self.question(question)),
                format!("Add a rule about it, or add `inert = [\"{option}\"]` to the question"),
            ),
            FaultKind::QuestionNotRead { question } => (
                "question-not-read",
                format!("No rule looks at the question {}", self.question(question)),
                "Take the question out: it asks for health facts that change nothing".to_owned(),
            ),
            FaultKind::QuestionMakesNoDifference { question } => (
                "question-no-difference",
                format!("The answer to the question {} never changes anything", self.question(question)),
                "Rules look at it, but other lines already say as much. Take the question out, or mend the rule that \
                 should need it"
                    .to_owned(),
            ),
            FaultKind::OptionMakesNoDifference { question, option } => (
                "option-no-difference",
                format!("The answer `{option}` of {} never changes anything", self.question(question)),
                format!(
                    "Rules look at it, but it always leads to the same as the safest answer. Mend the rule that should \
                     need it, or add `inert = [\"{option}\"]` to the question"
                ),
            ),
            FaultKind::NoNoneOption { question } => (
                "none-option-missing",
                format!("Nobody can say “none of these” to the question {}", self.question(question)),
                "Add an option that stands alone: `options = [..., \"none\"]` and `exclusive = [\"none\"]`".to_owned(),
            ),
            FaultKind::BandsOverlap { lower, higher, question, from, to } => (
                "bands-overlap",
                if from == to {
                    format!("The rules `{lower}` and `{higher}` both apply when `{question}` is {from}")
                } else {
                    format!("The rules `{lower}` and `{higher}` both apply when `{question}` is from {from} to {to}")
                },
                format!(
                    "Let one end where the other starts: `{question} below {from}` in `{lower}` and `{question} at least \
                     {from}` in `{higher}`"
                ),
            ),
            FaultKind::CrisisAskedLate { question, after } => (
                "crisis-asked-late",
                format!("The question {} comes after {}", self.question(question), self.question(after)),
                format!(
                    "Who needs crisis help should be asked first. Move `{question}` up in checker.toml, before \
                     `{after}`"
                ),
            ),
            FaultKind::TooEntangled { questions, .. } => (
                "not-proved",
                "The rules could not be proved: too many questions act on each other".to_owned(),
                format!(
                    "The ones that interact most: {}. Split rules that look at many of them",
                    list(questions)
                ),
            ),
        }
    }

    fn written(&self, fault: &Fault) -> String {
        self.files.origins.written(fault.origin).to_owned()
    }

    fn options_of(&self, question: &str) -> Vec<String> {
        let found = self.files.draft.questions.iter().find(|known| known.id.text == question);
        match found.map(|question| &question.kind) {
            Some(
                checker_rules::DraftKind::One { options } | checker_rules::DraftKind::Many { options, .. },
            ) => options.iter().map(|name| name.text.clone()).collect(),
            _ => Vec::new(),
        }
    }

    fn outcome_names(&self) -> Vec<String> {
        self.files.draft.outcomes.iter().map(|name| name.text.clone()).collect()
    }

    fn wrong_test(
        &self,
        fault: &Fault,
        question: &str,
        kind: QuestionKind,
        test: TestKind,
    ) -> (&'static str, String, String) {
        let line = self.written(fault);
        let example = match kind {
            QuestionKind::One => {
                let right = line.replacen(" includes ", " is ", 1);
                if right == line { format!("{question} is A") } else { right }
            }
            QuestionKind::Many => {
                let right = line.replacen(" is ", " includes ", 1);
                if right == line || test == TestKind::IsNot {
                    format!("{question} includes A")
                } else {
                    right
                }
            }
            QuestionKind::Number | QuestionKind::Instrument => format!("{question} at least 3"),
        };
        let mut help = format!("Write: `{example}`");
        if kind == QuestionKind::Many && test == TestKind::IsNot {
            help = format!("Put `{}` in a `none = [...]` list", line.replacen(" is not ", " includes ", 1));
        }
        (
            "rule-line",
            format!("`{line}` does not fit the question `{question}`, which asks for {}", kind_words(kind)),
            help,
        )
    }

    fn never_holds(
        &self,
        place: &Place,
        whole: bool,
        lines: &[Origin],
        because: &[String],
    ) -> (&'static str, String, String) {
        let (code, subject) = match place {
            Place::Rule(id) => ("rule-never-applies", format!("The rule `{id}`")),
            Place::AskedWhen(id) => ("never-asked", format!("The question {}", self.question(id))),
            Place::Set(name) => ("set-never-holds", format!("The set `{name}`")),
            Place::TalkTo(id) => ("rule-never-applies", format!("A `talk-to-when` of the rule `{id}`")),
            Place::Invariant(id) => ("promise-about-nobody", format!("The promise `{id}`")),
        };
        let what = match place {
            Place::AskedWhen(_) if whole => "can never be asked".to_owned(),
            Place::Invariant(_) if whole => "is about nobody".to_owned(),
            _ if whole => "can never apply".to_owned(),
            _ => "has a part that can never hold".to_owned(),
        };
        let mut help = match lines {
            [] => "No set of answers fits it".to_owned(),
            [one] => format!("No answer fits `{}`", self.files.origins.written(*one)),
            more => format!(
                "These lines cannot be true together: {}",
                more.iter()
                    .map(|line| format!("`{}` ({})", self.files.origins.written(*line), self.where_is(*line)))
                    .collect::<Vec<_>>()
                    .join(" and ")
            ),
        };
        if !because.is_empty() {
            help = format!("{help}. The reason is when {} is asked", list(because));
        }
        (code, format!("{subject} {what}"), help)
    }
}

fn thing(what: Thing) -> &'static str {
    match what {
        Thing::Checker => "checker",
        Thing::Section => "section",
        Thing::Question => "question",
        Thing::Option => "option",
        Thing::Set => "set",
        Thing::Outcome => "outcome",
        Thing::TalkTo => "person to talk to",
        Thing::Rule => "rule",
        Thing::Flag => "flag",
        Thing::Invariant => "promise",
    }
}

fn a_thing(what: Thing) -> String {
    match what {
        Thing::Option | Thing::Outcome => format!("an {}", thing(what)),
        _ => format!("a {}", thing(what)),
    }
}

fn kind_words(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::One => "one answer",
        QuestionKind::Many => "all answers that apply",
        QuestionKind::Number => "a number",
        QuestionKind::Instrument => "the items of a screen",
    }
}

fn setting_name(setting: Setting) -> &'static str {
    match setting {
        Setting::Unknown => "unknown",
        Setting::Crisis => "crisis",
        Setting::Inert => "inert",
        Setting::Direction => "risk` or `need",
        Setting::Exclusive => "exclusive",
    }
}

fn setting_help(setting: Setting, kind: QuestionKind) -> &'static str {
    match (setting, kind) {
        (Setting::Direction, QuestionKind::One) => {
            "Write the answers in order, least first: `risk = [\"no\", \"yes\"]`"
        }
        (Setting::Direction, QuestionKind::Many) => "Write `risk = \"more\"`: the more ticks, the more risk",
        (Setting::Direction, _) => "Write `risk = \"higher\"` or `need = \"higher\"`",
        (Setting::Crisis, QuestionKind::Instrument) => {
            "The library knows which items call for crisis help. Take the setting out"
        }
        (Setting::Unknown, QuestionKind::Number) => {
            "A number has one answer for “not sure”: `unknown = [\"unsure\"]`"
        }
        _ => "Take the setting out",
    }
}

fn empty(which: EmptyList, owner: &str) -> (&'static str, String, String) {
    let (message, help) = match which {
        EmptyList::Outcomes => (
            "The checker has no outcomes".to_owned(),
            "Add `outcomes = [...]` to checker.toml, worst first".to_owned(),
        ),
        EmptyList::Questions => {
            ("The checker has no questions".to_owned(), "Add a `[[question]]` to checker.toml".to_owned())
        }
        EmptyList::Options => {
            (format!("The question `{owner}` has no options"), "Add `options = [\"no\", \"yes\"]`".to_owned())
        }
        EmptyList::Items => {
            (format!("The screen `{owner}` has no items"), "Use a screen of the library".to_owned())
        }
        EmptyList::LineOptions => {
            (format!("A line about `{owner}` names no answer"), "Write `X is A` or `X includes A`".to_owned())
        }
        EmptyList::Parts => (
            format!("A list of lines of `{owner}` is empty"),
            "Write at least one line in it, or take the list out".to_owned(),
        ),
        EmptyList::Promise => {
            (format!("The promise `{owner}` names no questions"), "Add `with = [\"H1\", \"H2\"]`".to_owned())
        }
        EmptyList::PromiseRules => {
            (format!("The promise `{owner}` names no rules"), "Add `of = [\"A01\", \"A02\"]`".to_owned())
        }
        EmptyList::TalkTo => (
            format!("A `talk-to-when` of `{owner}` names nobody"),
            "Add `to = [\"primary-care\"]`".to_owned(),
        ),
    };
    ("list-empty", message, help)
}

/// `` `A`, `B` and `C` ``.
pub(crate) fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [front @ .., last] => format!("{} and {last}", front.join(", ")),
    }
}

fn round(names: &[String]) -> String {
    let mut walk: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    if let Some(first) = walk.first().cloned() {
        walk.push(first);
    }
    walk.join(" waits for ")
}
