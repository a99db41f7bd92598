//! What the proof found, as data and in plain sentences: what `site-gen verify` does.

use super::{Checker, Words};
use checker_rules::{Answer, Counterexample, Kind, Program, Property, Question, QuestionIdx, Refuted};
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// What was proved about a checker, and what was not.
#[derive(Clone, Debug, Serialize)]
pub struct VerifyResult {
    /// The checker's id.
    pub checker: String,
    /// How many different complete sets of answers there are, in digits: it is too long for a JSON number.
    pub answer_sets: String,
    /// How many of them get each outcome, worst first.
    pub outcomes: Vec<OutcomeCount>,
    /// What holds for every one of them.
    pub proved: Vec<Proved>,
    /// What does not.
    pub refuted: Vec<RefutedPromise>,
    /// What else is wrong; each also comes as a finding with its place.
    pub faults: Vec<FaultEntry>,
    /// How large the proof was.
    pub nodes: u32,
    /// How long it took, in thousandths of a second.
    pub millis: u64,
}

/// How many answer sets get an outcome.
#[derive(Clone, Debug, Serialize)]
pub struct OutcomeCount {
    /// The outcome's id.
    pub outcome: String,
    /// How many, in digits.
    pub answer_sets: String,
}

/// Something that holds for every answer set.
#[derive(Clone, Debug, Serialize)]
pub struct Proved {
    /// The promise's id, or the name of a property that every checker has.
    pub id: String,
    /// It in a sentence.
    pub say: String,
}

/// Something that does not hold for every answer set.
#[derive(Clone, Debug, Serialize)]
pub struct RefutedPromise {
    /// The promise's id, or the name of a property that every checker has.
    pub id: String,
    /// It in a sentence.
    pub say: String,
    /// Answers that break it, in the form that `site-gen answer` reads.
    pub counterexample: Map<String, Value>,
    /// The answers among these that are not the safest ones.
    pub differs: Vec<String>,
    /// The answers among these that are enough to break it, whatever is answered to every other question.
    pub needed: Vec<String>,
    /// The outcome that these answers get.
    pub outcome: Option<String>,
    /// The rules that apply to them, worst outcome first.
    pub fired: Vec<String>,
    /// At most three rules to look at, the likeliest first. Empty: no rule asks for what is promised.
    pub look_at: Vec<String>,
    /// The address at which the preview on this machine walks through them.
    pub walk: String,
    /// For a comparison: the other set of answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beside: Option<Map<String, Value>>,
    /// The outcome of the other set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beside_outcome: Option<String>,
}

/// Something else that is wrong.
#[derive(Clone, Debug, Serialize)]
pub struct FaultEntry {
    /// The finding's code.
    pub code: String,
    /// One sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The file.
    pub file: String,
    /// The line, from 1; 0 where there is none.
    pub line: usize,
}

/// The proof of a checker in the form that `site-gen verify` prints. The proof itself was run when the checker was
/// loaded.
pub fn verify(checker: &Checker) -> VerifyResult {
    let program = &checker.program;
    let report = &checker.report;
    let outcomes = program
        .outcomes()
        .iter()
        .zip(&report.by_outcome)
        .map(|(outcome, count)| OutcomeCount { outcome: outcome.clone(), answer_sets: count.clone() })
        .collect();
    let proved = report
        .proved
        .iter()
        .map(|property| Proved { id: id_of(program, property), say: say(checker, property) })
        .collect();
    let refuted = report
        .refuted
        .iter()
        .zip(checker.broken())
        .map(|(refuted, name)| refuted_entry(checker, refuted, &name))
        .collect();
    VerifyResult {
        checker: checker.id.clone(),
        answer_sets: report.answer_sets.clone(),
        outcomes,
        proved,
        refuted,
        faults: checker.faults.clone(),
        nodes: report.nodes,
        millis: checker.proof_millis,
    }
}

fn refuted_entry(checker: &Checker, refuted: &Refuted, name: &str) -> RefutedPromise {
    let program = &checker.program;
    let questions = |all: &[QuestionIdx]| {
        all.iter().filter_map(|&at| program.question(at).map(|question| question.id.clone())).collect()
    };
    let rules = |all: &[checker_rules::RuleIdx]| {
        all.iter().filter_map(|&at| program.rule(at).map(|rule| rule.id.clone())).collect()
    };
    let outcome = |example: &Counterexample| example.outcome.map(|at| program.outcome(at).to_owned());
    RefutedPromise {
        id: id_of(program, &refuted.property),
        say: say(checker, &refuted.property),
        counterexample: answers_as_json(program, &refuted.counterexample),
        differs: questions(&refuted.counterexample.differs),
        needed: questions(&refuted.needed),
        fired: rules(&refuted.counterexample.fired),
        look_at: rules(&refuted.look_at),
        walk: walk(checker, name),
        outcome: outcome(&refuted.counterexample),
        beside: refuted.beside.as_ref().map(|beside| answers_as_json(program, beside)),
        beside_outcome: refuted.beside.as_ref().and_then(outcome),
    }
}

/// A short name for a property: a promise's own id, or one that names the property and the question.
pub(crate) fn id_of(program: &Program, property: &Property) -> String {
    let question =
        |at: &QuestionIdx| program.question(*at).map_or(String::new(), |question| question.id.clone());
    match property {
        Property::OneOutcome => "one-outcome".to_owned(),
        Property::EverythingReachable => "everything-reachable".to_owned(),
        Property::RiskMonotone(at) => format!("more-risk-never-better:{}", question(at)),
        Property::UnknownCareful(at) => format!("unknown-is-careful:{}", question(at)),
        Property::CrisisNeverBest(at) => format!("crisis-never-best:{}", question(at)),
        Property::CrisisAlwaysAsked => "crisis-always-asked".to_owned(),
        Property::Invariant(id) => id.clone(),
    }
}

/// A property in a sentence.
pub(crate) fn say(checker: &Checker, property: &Property) -> String {
    let title = |at: &QuestionIdx| {
        let id = checker.program.question(*at).map_or("", |question| question.id.as_str());
        match checker.first_words().and_then(|words| words.questions.get(id)) {
            Some(words) => format!("“{}”", words.title),
            None => id.to_owned(),
        }
    };
    match property {
        Property::OneOutcome => "Every set of answers gets exactly one outcome".to_owned(),
        Property::EverythingReachable => {
            "Every question, rule and outcome can occur, and every condition can hold".to_owned()
        }
        Property::RiskMonotone(at) => {
            format!("More risk in {} never gives a better outcome", title(at))
        }
        Property::UnknownCareful(at) => {
            format!("“Not sure” in {} never opens a door that a known answer could have closed", title(at))
        }
        Property::CrisisNeverBest(at) => {
            format!("An answer to {} that calls for crisis help never leads to the best outcome", title(at))
        }
        Property::CrisisAlwaysAsked => {
            "Everyone is asked about a crisis, whatever they answer, unless they are told to get help before"
                .to_owned()
        }
        Property::Invariant(id) => checker.says.get(id).cloned().unwrap_or_else(|| id.clone()),
    }
}

/// A set of answers in the form that `site-gen answer` reads.
pub(crate) fn answers_as_json(program: &Program, example: &Counterexample) -> Map<String, Value> {
    let mut map = Map::new();
    for (at, answer) in &example.answers {
        let Some(question) = program.question(*at) else { continue };
        map.insert(question.id.clone(), answer_as_json(question, answer));
    }
    map
}

fn answer_as_json(question: &Question, answer: &Answer) -> Value {
    let option = |at: &u16| {
        Value::from(question.options().get(usize::from(*at)).map_or("", |option| option.id.as_str()))
    };
    match answer {
        Answer::One(at) => option(at),
        Answer::Many(ticks) => Value::Array(ticks.iter().map(option).collect()),
        Answer::Number(value) => {
            let text = question.decimal(*value).to_string();
            text.parse::<i64>()
                .map(Value::from)
                .or_else(|_| text.parse::<f64>().map(Value::from))
                .unwrap_or(Value::Null)
        }
        Answer::Unknown => match &question.kind {
            Kind::Number { unknown: Some(unknown), .. } => Value::from(unknown.as_str()),
            _ => Value::Null,
        },
        Answer::Items(values) => {
            Value::Array(values.iter().map(|value| value.map_or(Value::Null, Value::from)).collect())
        }
    }
}

/// Answers in the questions' own words: `“How old are you?” Under 18; …`. With `only_differing`, those that are not the
/// safest ones.
pub(crate) fn answers_in_words(
    program: &Program,
    words: Option<&Words>,
    example: &Counterexample,
    only_differing: bool,
) -> String {
    let told = |at: &QuestionIdx| !only_differing || example.differs.contains(at);
    let said: Vec<String> = example
        .answers
        .iter()
        .filter(|(at, _)| told(at))
        .filter_map(|(at, answer)| Some(answer_in_words(program.question(*at)?, words, answer)))
        .collect();
    if said.is_empty() { "the safest answer to every question".to_owned() } else { said.join("; ") }
}

fn answer_in_words(question: &Question, words: Option<&Words>, answer: &Answer) -> String {
    let own = words.and_then(|words| words.questions.get(&question.id));
    let title = own.map_or(question.id.as_str(), |own| own.title.as_str());
    let option = |at: &u16| {
        let id = question.options().get(usize::from(*at)).map_or("", |option| option.id.as_str());
        own.and_then(|own| own.options.get(id)).cloned().unwrap_or_else(|| id.to_owned())
    };
    let said = match answer {
        Answer::One(at) => option(at),
        Answer::Many(ticks) => ticks.iter().map(option).collect::<Vec<_>>().join(" + "),
        Answer::Number(value) => match &question.kind {
            Kind::Number { unit: Some(unit), .. } => {
                let said = own.map(|own| own.unit.as_str()).filter(|said| !said.is_empty()).unwrap_or(unit);
                format!("{} {said}", question.decimal(*value))
            }
            _ => question.decimal(*value).to_string(),
        },
        Answer::Unknown => "not sure".to_owned(),
        Answer::Items(values) => {
            let values: Vec<String> =
                values.iter().map(|value| value.map_or("-".to_owned(), |value| value.to_string())).collect();
            format!("items {}", values.join(" "))
        }
    };
    format!("{} “{title}”: {said}", question.id)
}

impl VerifyResult {
    /// The proof for reading at a terminal.
    pub fn to_text(&self, checker: &Checker) -> String {
        let program = &checker.program;
        let mut out = String::new();
        let _ = writeln!(
            out,
            "{}: {} questions, {} rules, {} different sets of answers",
            self.checker,
            program.questions().len(),
            program.rules().len(),
            about(&self.answer_sets)
        );
        for count in &self.outcomes {
            let _ = writeln!(out, "  {:<12} {}", count.outcome, about(&count.answer_sets));
        }
        if !self.proved.is_empty() {
            let _ = writeln!(out, "\nProved for every one of them ({}):", self.proved.len());
        }
        for proved in &self.proved {
            let _ = writeln!(out, "  {}  {}", proved.id, proved.say);
        }
        if !self.refuted.is_empty() {
            let _ = writeln!(out, "\nNot true ({}):", self.refuted.len());
        }
        let refuted = checker.report.refuted.iter().zip(checker.broken());
        for (entry, (refuted, name)) in self.refuted.iter().zip(refuted) {
            let _ = writeln!(out, "  {}  {}", entry.id, entry.say);
            for line in broken_by(checker, refuted, &name).lines() {
                let _ = writeln!(out, "    {line}");
            }
        }
        if !self.faults.is_empty() {
            let _ = writeln!(out, "\nAlso wrong ({}):", self.faults.len());
        }
        for fault in &self.faults {
            let _ = writeln!(out, "  {}:{}  {}", fault.file, fault.line, fault.message);
            if let Some(help) = &fault.help {
                let _ = writeln!(out, "    {help}");
            }
        }
        let _ = writeln!(out, "\n{} steps, {} ms", self.nodes, self.millis);
        let _ = writeln!(
            out,
            "This proves that the rules do what the files say. It does not prove that the medicine in them is right."
        );
        out
    }
}

/// How a promise is broken, a line for each thing to know: the answers in the questions' own words, what the rules make of
/// them, which rule to look at, where to see it. `name` is the promise's name in the preview, from [`Checker::broken`].
pub(crate) fn broken_by(checker: &Checker, refuted: &Refuted, name: &str) -> String {
    let mut lines = example_lines(checker, &refuted.counterexample, "These answers break it");
    if let Some(beside) = &refuted.beside {
        lines.extend(example_lines(checker, beside, "Compare them with these"));
    }
    lines.push(look_at(checker, refuted));
    lines.push(format!("See it answer by answer: run `site-gen serve`, then open {}", walk(checker, name)));
    lines.join("\n")
}

/// The address at which the preview walks a broken promise to its end.
fn walk(checker: &Checker, name: &str) -> String {
    format!("http://127.0.0.1:3000/~walk/{}/{name}", checker.id)
}

fn example_lines(checker: &Checker, example: &Counterexample, lead: &str) -> Vec<String> {
    let (program, words) = (&checker.program, checker.first_words());
    let mut lines = Vec::new();
    if example.differs.is_empty() {
        lines.push(format!("{lead}: the safest answer to every question"));
    } else {
        lines.push(format!("{lead}, with the safest answer to every other question:"));
    }
    let unusual = example.answers.iter().filter(|(at, _)| example.differs.contains(at));
    lines.extend(unusual.filter_map(|(at, answer)| {
        Some(format!("  {}", answer_in_words(program.question(*at)?, words, answer)))
    }));
    let decided: Vec<String> = example
        .fired
        .iter()
        .filter_map(|&rule| program.rule(rule))
        .filter(|rule| rule.outcome.is_some() && rule.outcome == example.outcome)
        .map(|rule| rule.id.clone())
        .collect();
    let why = match (decided.is_empty(), example.outcome) {
        (false, _) => format!("asked for by {}", super::faults::list(&decided)),
        (true, Some(_)) => "because no rule asks for another".to_owned(),
        (true, None) => "because no rule asks for one".to_owned(),
    };
    let result = match example.outcome.map(|at| program.outcome(at)) {
        None => "no result at all".to_owned(),
        Some(id) => match words.and_then(|words| words.outcomes.get(id)) {
            Some(body) => format!("`{id}` (“{}”)", body.title),
            None => format!("`{id}`"),
        },
    };
    lines.push(format!("They lead to {result}, {why}."));
    lines
}

/// Which rules to look at, with their lines.
fn look_at(checker: &Checker, refuted: &Refuted) -> String {
    let rules: Vec<String> = refuted
        .look_at
        .iter()
        .filter_map(|&rule| {
            let line = checker.rule_lines.get(rule.index()).filter(|&&line| line > 0)?;
            Some(format!("`{}` (rules.toml, line {line})", checker.program.rule(rule)?.id))
        })
        .collect();
    if refuted.property == Property::OneOutcome {
        "Add `otherwise = \"...\"` to checker.toml, or a rule to rules.toml".to_owned()
    } else if rules.is_empty() {
        "No rule asks for what is promised when these answers are given: add one to rules.toml".to_owned()
    } else {
        format!("Look at {}", rules.join(", "))
    }
}

/// `about 4.2 × 10^25`, or the number itself when it is short.
pub(crate) fn about(digits: &str) -> String {
    if digits.len() <= 9 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.to_owned();
    }
    format!("about {}.{} × 10^{}", &digits[..1], &digits[1..2], digits.len() - 1)
}
