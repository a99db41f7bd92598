//! Checker files: what staff write about a questionnaire becomes a draft, its proof, and its words.
//!
//! ```text
//!   checker.toml rules.toml safety.toml ─▶ Files (Draft + origins) ─resolve▶ ─verify▶ Verified ─encode▶ bytes
//!   questions.md reasons.md outcomes.md ─▶ Words, one a language                                          │
//!                                                                             Checker ◀───────────────────┘
//! ```
//!
//! [`load`] does all of it and never fails: what is wrong becomes findings, and a checker that is not proved has no
//! bytes to publish. A [`Checker`] then answers what pages, `site-gen answer` and `site-gen verify` need.

mod answer;
pub mod cases;
mod checks;
mod condition;
mod core;
mod diff;
pub mod explain;
mod faults;
mod files;
mod given;
pub mod graph;
pub mod instruments;
mod letters;
mod listing;
mod origins;
pub mod pack;
mod proof;
mod units;
mod verify;
mod words;

pub use self::core::{SetAside, Thing};
pub use answer::{AnswerResult, Reason, answer};
pub use cases::Case;
pub use diff::{CheckerDiff, diff};
pub(crate) use given::given;
use listing::live_keys;
pub use listing::{INTERFACE_KEYS, Label, ListedQuestion, ListedSection, Listing};
pub use proof::{Group, Proof, Said};
pub(crate) use units::ucum;
pub(crate) use verify::about;
pub use verify::{FaultEntry, OutcomeCount, Proved, RefutedPromise, VerifyResult, verify};
pub use words::{Body, PARTS, QUESTIONS, QuestionWords, Words};

use crate::finding::{Finding, Findings};
use crate::parse::data::{Kind, Table, suggest};
use crate::source::{Place, SourceTree, line_column};
use checker_rules::{Draft, Program, Questionnaire, Report};
use faults::Teller;
use files::Files;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Instant;

/// A questionnaire with its proof and its words.
#[derive(Debug)]
pub struct Checker {
    /// Its id, which is the name of its folder.
    pub id: String,
    /// The version of its rules.
    pub version: String,
    /// When its rules were last changed.
    pub updated: Date,
    /// SHA-256 over checker.toml, rules.toml and safety.toml, one after the other, in small hexadecimal digits: what
    /// `cat checker.toml rules.toml safety.toml | sha256sum` prints.
    pub fingerprint: String,
    /// The form that runs.
    pub program: Program,
    /// The questionnaire that the proof is about: what else is asked of it (a difference, worked patients) starts here.
    pub questionnaire: Questionnaire,
    /// The program as bytes for the page, without the names that no reader sees. Empty when the proof failed: nothing unproved is published.
    pub bytes: Vec<u8>,
    /// What the proof found.
    pub report: Report,
    /// How long the proof took, in thousandths of a second.
    pub proof_millis: u64,
    /// Its words, by language.
    pub words: BTreeMap<String, Words>,
    /// Its worked patients.
    pub cases: Vec<Case>,
    /// The faults of the proof in words, for `site-gen verify`.
    pub faults: Vec<FaultEntry>,
    /// The line of each rule in rules.toml.
    rule_lines: Vec<usize>,
    /// The language whose words messages use.
    first: String,
    /// Names of those who may sign, by their ids.
    people: BTreeMap<String, String>,
    /// Who agreed with which worked patient.
    signatures: Vec<pack::Signature>,
    says: BTreeMap<String, String>,
    texts: BTreeMap<String, BTreeMap<String, String>>,
    files: Files,
}

/// Every checker of a site, and everything that is wrong with their files.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The checkers that could be read, in order of their ids.
    pub checkers: Vec<Checker>,
    /// What is wrong.
    pub findings: Findings,
}

impl Loaded {
    /// The checker with this id.
    pub fn find(&self, id: &str) -> Option<&Checker> {
        self.checkers.iter().find(|checker| checker.id == id)
    }

    /// Says that there is no checker with this id, and which there are.
    pub fn unknown(&self, id: &str) -> Finding {
        let known: Vec<&str> = self.checkers.iter().map(|checker| checker.id.as_str()).collect();
        let otherwise = if known.is_empty() {
            "There is none that can be read. Run `site-gen check`".to_owned()
        } else {
            format!("There are: {}", known.join(", "))
        };
        let help = suggest(id, known, otherwise);
        Finding {
            code: "unknown-checker",
            severity: crate::finding::Severity::Error,
            place: None,
            message: format!("There is no checker `{id}`"),
            help: Some(help),
        }
    }
}

impl Checker {
    /// The words of a language, or of the first language if it has none.
    pub fn words_or_first(&self, language: &str) -> Option<&Words> {
        self.words.get(language).or_else(|| self.first_words())
    }

    /// The words that messages to staff use.
    pub(crate) fn first_words(&self) -> Option<&Words> {
        self.words.get(&self.first).or_else(|| self.words.values().next())
    }

    /// A text of interface.toml with its facts filled in.
    pub(crate) fn text(&self, language: &str, key: &str) -> Option<String> {
        self.texts.get(language)?.get(key).cloned()
    }

    /// Parts of the core that a clinician set aside.
    pub fn set_aside(&self) -> &[SetAside] {
        &self.files.set_aside
    }

    /// The questionnaire as it was written, names and all.
    pub fn draft(&self) -> &Draft {
        &self.files.draft
    }

    /// A name for each broken promise, in the order of the report: its id, and behind that the question where one promise
    /// is broken for several.
    pub fn broken(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for refuted in &self.report.refuted {
            let mut name = verify::id_of(&self.program, &refuted.property);
            if names.contains(&name)
                && let Some(question) = refuted.question.and_then(|at| self.program.question(at))
            {
                name = format!("{name}:{}", question.id);
            }
            names.push(name);
        }
        names
    }

    /// The locked screen that a question asks, if it asks one.
    pub fn screen(&self, question: &str) -> Option<&'static instruments::Screen> {
        self.files.screens.get(question).copied()
    }

    /// Ids of the evidence that a rule rests on.
    pub fn evidence_of(&self, rule: &str) -> Vec<&str> {
        let rule = self.files.draft.rules.iter().find(|known| known.id.text == rule);
        rule.map(|rule| rule.evidence.iter().map(|name| name.text.as_str()).collect()).unwrap_or_default()
    }
}

/// What checker files lean on and other parts of the program own: facts, interface words, evidence ids. Read here
/// without complaint; who owns the files complains about them.
#[derive(Debug, Default)]
pub(crate) struct Context {
    facts: BTreeMap<String, BTreeMap<String, String>>,
    pub(crate) evidence: BTreeSet<String>,
    people: BTreeMap<String, String>,
    default_language: Option<String>,
}

impl Context {
    fn read(sources: &SourceTree) -> Self {
        let mut context = Context::default();
        if let Some(site) = quietly(sources, "content/site.toml") {
            context.default_language = scalar(&site, "default_language");
        }
        for entry in quietly(sources, "content/facts.toml").iter().flat_map(|facts| &facts.entries) {
            if let Kind::Table(table) = &entry.value.kind {
                let values = table.entries.iter().filter_map(|own| match &own.value.kind {
                    Kind::Scalar { text, .. } => Some((own.key.clone(), text.clone())),
                    _ => None,
                });
                context.facts.insert(entry.key.clone(), values.collect());
            }
        }
        if let Some(evidence) = quietly(sources, "content/evidence.toml") {
            for kind in ["source", "evidence"] {
                if let Some(Kind::List(items)) = evidence.get(kind).map(|value| &value.kind) {
                    context.evidence.extend(items.iter().filter_map(|item| match &item.kind {
                        Kind::Table(table) => scalar(table, "id"),
                        _ => None,
                    }));
                }
            }
        }
        if let Some(people) = quietly(sources, "content/people.toml")
            && let Some(Kind::List(items)) = people.get("person").map(|value| &value.kind)
        {
            context.people.extend(items.iter().filter_map(|item| match &item.kind {
                Kind::Table(table) => Some((scalar(table, "id")?, scalar(table, "name").unwrap_or_default())),
                _ => None,
            }));
        }
        context
    }

    /// A fact in a language.
    pub(crate) fn fact(&self, language: &str, name: &str) -> Option<String> {
        self.facts.get(name)?.get(language).cloned()
    }
}

fn scalar(table: &Table, key: &str) -> Option<String> {
    match &table.get(key)?.kind {
        Kind::Scalar { text, .. } => Some(text.clone()),
        _ => None,
    }
}

fn quietly(sources: &SourceTree, path: &str) -> Option<Table> {
    let (file, _) = sources.find(path)?;
    let text = crate::parse::text_of(sources, file, &mut Findings::new())?;
    crate::parse::toml::read(text, file, 0, &mut Findings::new())
}

/// The ids of a site's checkers, which are the names of their folders, whether they can be read or not.
pub fn folders(sources: &SourceTree) -> BTreeSet<String> {
    let parts = |path: &str| match path.split('/').collect::<Vec<&str>>().as_slice() {
        ["content", "checkers", folder, _, ..] => Some((*folder).to_owned()),
        _ => None,
    };
    sources.under("content").filter_map(|(_, file)| parts(&file.path)).collect()
}

/// Reads, proves and words every checker of a site.
pub fn load(sources: &SourceTree) -> Loaded {
    let folders = folders(sources);
    let mut languages: BTreeSet<String> = BTreeSet::new();
    for (_, file) in sources.under("content") {
        let parts: Vec<&str> = file.path.split('/').collect();
        if let [_, language, "checkers", _, _, ..] = parts.as_slice() {
            languages.insert((*language).to_owned());
        }
    }
    let context = Context::read(sources);
    let first = context.default_language.clone().unwrap_or_else(|| "en".to_owned());
    let mut loaded = Loaded::default();
    let mut texts = BTreeMap::new();
    for language in &languages {
        texts.insert(language.clone(), interface(sources, language, &context));
    }
    for folder in &folders {
        let checker = load_one(sources, folder, &first, &languages, &context, &texts, &mut loaded.findings);
        loaded.checkers.extend(checker);
    }
    loaded
}

fn interface(sources: &SourceTree, language: &str, context: &Context) -> BTreeMap<String, String> {
    let table = quietly(sources, &format!("content/{language}/interface.toml"));
    let fill = |name: &str| context.fact(language, name);
    table
        .iter()
        .flat_map(|table| &table.entries)
        .filter_map(|entry| match &entry.value.kind {
            Kind::Scalar { text, .. } => Some((entry.key.clone(), words::fill_facts(text, &fill).0)),
            _ => None,
        })
        .collect()
}

fn load_one(
    sources: &SourceTree,
    folder: &str,
    first: &str,
    languages: &BTreeSet<String>,
    context: &Context,
    texts: &BTreeMap<String, BTreeMap<String, String>>,
    findings: &mut Findings,
) -> Option<Checker> {
    let mut files = files::read(sources, folder, findings)?;
    let people: Vec<String> = context.people.keys().cloned().collect();
    core::add(&mut files, &people, findings);
    let mut words = BTreeMap::new();
    for language in languages {
        let fill = |name: &str| context.fact(language, name);
        if let Some(own) = words::read(sources, folder, language, &files, &fill, findings) {
            let live = live_keys();
            for key in INTERFACE_KEYS.into_iter().chain(live.iter().map(String::as_str)) {
                let known = texts.get(language).filter(|texts| !texts.is_empty());
                if known.is_some_and(|texts| !texts.contains_key(key))
                    && let Some((file, _)) = sources.find(&format!("content/{language}/interface.toml"))
                {
                    findings.push(
                        Finding::error(
                            "interface-key-missing",
                            Place::start_of(file),
                            format!("The checker needs the text `{key}`, and this file does not have it"),
                        )
                        .help(format!("Add a line: {key} = \"...\"")),
                    );
                }
            }
            words.insert(language.clone(), own);
        }
    }
    words::check_promises(sources, folder, first, &files, &words, findings);
    checks::run(sources, folder, &files, &words, first, context, findings);

    let own = words.get(first).or_else(|| words.values().next());
    let teller = Teller { files: &files, sources, words: own };
    let questionnaire = match checker_rules::resolve(&files.draft) {
        Ok(questionnaire) => questionnaire,
        Err(faults) => {
            for fault in &faults {
                findings.push(teller.tell(fault));
            }
            return None;
        }
    };
    let program = questionnaire.program().clone();
    let kept = questionnaire.clone();
    let started = Instant::now();
    let (report, verified) = checker_rules::verify(questionnaire);
    let proof_millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let told: Vec<Finding> = report.faults.iter().map(|fault| teller.tell(fault)).collect();
    let faults = told.iter().map(|finding| fault_entry(finding, sources)).collect();
    let cases = cases::read(sources, folder, findings);
    cases::run(&program, &cases, findings);
    let checker = Checker {
        id: files.draft.id.text.clone(),
        version: files.version.clone(),
        updated: files.updated,
        fingerprint: fingerprint(sources, &files),
        bytes: verified.as_ref().map(checker_rules::encode_for_page).unwrap_or_default(),
        report,
        proof_millis,
        cases,
        faults,
        people: context.people.clone(),
        signatures: pack::read(sources, folder, findings),
        rule_lines: rule_lines(sources, &files),
        first: first.to_owned(),
        says: files.says.clone(),
        texts: texts.clone(),
        program,
        questionnaire: kept,
        words,
        files,
    };
    for finding in told {
        findings.push(finding);
    }
    for (refuted, name) in checker.report.refuted.iter().zip(checker.broken()) {
        findings.push(refuted_finding(&checker, refuted, &name));
    }
    pack::check(&checker, findings);
    Some(checker)
}

fn fingerprint(sources: &SourceTree, files: &Files) -> String {
    let mut hash = Sha256::new();
    for file in [files.checker_file, files.rules_file, files.safety_file] {
        hash.update(&sources.file(file).bytes);
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The line of each rule in rules.toml, in file order; 0 where it is not known.
fn rule_lines(sources: &SourceTree, files: &Files) -> Vec<usize> {
    let text = String::from_utf8_lossy(&sources.file(files.rules_file).bytes);
    let line = |rule: &checker_rules::DraftRule| {
        files.origins.place(rule.id.origin).map_or(0, |place| line_column(&text, place.span.start).0)
    };
    files.draft.rules.iter().map(line).collect()
}

fn fault_entry(finding: &Finding, sources: &SourceTree) -> FaultEntry {
    let (file, line) = match &finding.place {
        Some(place) => {
            let file = sources.file(place.file);
            let (line, _) = line_column(&String::from_utf8_lossy(&file.bytes), place.span.start);
            (file.path.clone(), line)
        }
        None => (String::new(), 0),
    };
    FaultEntry {
        code: finding.code.to_owned(),
        message: finding.message.clone(),
        help: finding.help.clone(),
        file,
        line,
    }
}

/// A promise that does not hold, as a finding at the place where it is made.
fn refuted_finding(checker: &Checker, refuted: &checker_rules::Refuted, name: &str) -> Finding {
    use checker_rules::Property;
    let files = &checker.files;
    let question = |at: &checker_rules::QuestionIdx| {
        let id = checker.program.question(*at).map_or("", |question| question.id.as_str());
        files.draft.questions.iter().find(|draft| draft.id.text == id).map(|draft| draft.id.origin)
    };
    let (code, origin) = match &refuted.property {
        Property::OneOutcome => ("no-outcome", None),
        Property::EverythingReachable => ("never-reached", None),
        Property::RiskMonotone(at) => ("more-risk-better-result", question(at)),
        Property::UnknownCareful(at) => ("not-sure-opens-a-door", question(at)),
        Property::CrisisNeverBest(at) => ("crisis-answer-best-result", question(at)),
        Property::CrisisAlwaysAsked => (
            "crisis-question-skipped",
            checker
                .program
                .question_indices()
                .find(|&at| {
                    checker.program.question(at).is_some_and(checker_rules::Question::has_crisis_answers)
                })
                .and_then(|at| question(&at)),
        ),
        Property::Invariant(id) => (
            "promise-broken",
            files.draft.invariants.iter().find(|draft| draft.id.text == *id).map(|draft| draft.id.origin),
        ),
    };
    let place = files
        .origins
        .place(origin.unwrap_or_else(|| files::whole(files)))
        .unwrap_or_else(|| Place::start_of(files.checker_file));
    if let Property::Invariant(id) = &refuted.property
        && let Some((thing, id)) = core::kept_of(id)
    {
        let how = verify::broken_by(checker, refuted, name);
        return core::weakened(place, thing, id, &how);
    }
    let message = match refuted.property {
        Property::OneOutcome => {
            let (none, all) = (&checker.report.otherwise, &checker.report.answer_sets);
            format!(
                "There is no outcome for {} of {} sets of answers",
                verify::about(none),
                verify::about(all)
            )
        }
        _ => {
            let say = verify::say(checker, &refuted.property);
            format!("This is not true for every set of answers: {}", files::lower_first(&say))
        }
    };
    Finding::error(code, place, message).help(verify::broken_by(checker, refuted, name))
}

#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod tests;
