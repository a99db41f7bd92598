//! The pack as one HTML file: for paper first, without a script and without a request.

use super::answers::{Asked, safest};
use super::{Patient, count, definition};
use crate::checker::{Checker, Words};
use crate::html::escape;
use checker_rules::{OutcomeIdx, Purpose, QuestionIdx, RuleIdx};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a file that holds a pack starts with: whoever writes one may replace such a file.
pub const START: &str = "<!doctype html>\n<!-- sign-off pack made by site-gen -->";

const STYLE: &str = include_str!("pack.css");

/// The pack in the words of one language, or of the first if the checker has none in it. `pictures` are SVGs of the
/// questionnaire, one a page; there may be none.
pub fn page(checker: &Checker, language: &str, patients: &[Patient], pictures: &[String]) -> String {
    let none = Words::default();
    let words = checker.words_or_first(language).unwrap_or(&none);
    let asked = Asked::new(checker, words);
    let page = Page { checker, words, asked, patients, shows: Shows::new(patients) };
    let mut out = String::new();
    page.whole(&mut out, pictures);
    out
}

/// Which patients show what about a rule.
#[derive(Default)]
struct Shows {
    fires: BTreeMap<RuleIdx, Vec<usize>>,
    just_not: BTreeMap<RuleIdx, Vec<usize>>,
    /// Question, item and threshold to the patients below and at it.
    thresholds: BTreeMap<(QuestionIdx, Option<u16>, i64), [Option<usize>; 2]>,
}

impl Shows {
    fn new(patients: &[Patient]) -> Self {
        let mut shows = Self::default();
        for (at, patient) in patients.iter().enumerate() {
            for purpose in &patient.purposes {
                match *purpose {
                    Purpose::Fires { rule } | Purpose::HangsOn { rule, .. } => {
                        once(shows.fires.entry(rule).or_default(), at);
                    }
                    Purpose::JustNot { rule, .. } => once(shows.just_not.entry(rule).or_default(), at),
                    Purpose::Threshold { question, item, value, reached } => {
                        shows.thresholds.entry((question, item, value)).or_default()[usize::from(reached)] =
                            Some(at);
                    }
                    Purpose::Otherwise => {}
                }
            }
        }
        shows
    }
}

pub(super) fn once(list: &mut Vec<usize>, at: usize) {
    if !list.contains(&at) {
        list.push(at);
    }
}

/// A pack as it is written.
pub(super) struct Page<'c> {
    pub(super) checker: &'c Checker,
    pub(super) words: &'c Words,
    pub(super) asked: Asked<'c>,
    pub(super) patients: &'c [Patient],
    shows: Shows,
}

impl Page<'_> {
    fn whole(&self, out: &mut String, pictures: &[String]) {
        let id = escape(&self.checker.id);
        let _ = write!(
            out,
            "{START}\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=\"robots\" content=\"noindex\">\n\
             <title>Sign-off pack: {id} {version}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
            version = escape(&self.checker.version),
        );
        self.head(out);
        out.push_str("<main>\n");
        self.how_to(out);
        self.contents(out, !pictures.is_empty());
        self.rules(out);
        self.thresholds(out);
        if !pictures.is_empty() {
            out.push_str("<section id=\"picture\">\n<h2>The questionnaire as a picture</h2>\n");
            for picture in pictures {
                let _ = writeln!(out, "<div class=\"picture\">{picture}</div>");
            }
            out.push_str("</section>\n");
        }
        for outcome in self.outcomes() {
            self.outcome(out, outcome);
        }
        self.whole_pack(out);
        self.safest(out);
        self.every_answer(out);
        out.push_str("</main>\n</body>\n</html>\n");
    }

    fn head(&self, out: &mut String) {
        let (signed, all) = count(self.patients);
        let checker = self.checker;
        let _ = write!(
            out,
            "<header>\n<h1>Sign-off pack: {}</h1>\n<dl class=\"facts\">\n\
             <div><dt>Version of the rules</dt><dd>{}</dd></div>\n\
             <div><dt>Last changed</dt><dd>{}</dd></div>\n\
             <div><dt>Fingerprint of the rules</dt><dd><code>{}</code></dd></div>\n\
             <div><dt>Rules</dt><dd>{}</dd></div>\n<div><dt>Worked patients</dt><dd>{all}</dd></div>\n\
             <div><dt>Signed</dt><dd>{signed} of {all}</dd></div>\n\
             <div><dt>Words for readers</dt><dd>{}</dd></div>\n</dl>\n</header>\n",
            escape(&checker.id),
            escape(&checker.version),
            checker.updated,
            definition::of_all(&checker.files),
            checker.program.rules().len(),
            escape(&self.words.language),
        );
    }

    fn how_to(&self, out: &mut String) {
        out.push_str(
            "<section id=\"about\">\n<h2>What this is</h2>\n\
             <p>The questionnaire gives each reader a result by fixed rules. The build has proved that the rules do what \
             they say, for every set of answers. It cannot prove that the medicine in them is right. Only a clinician \
             can say that, and this pack is made for it.</p>\n\
             <p>Each patient here is made up by the program. Nobody is real. Together they show each rule once when it \
             applies and once when it just does not, each line of each rule on its own, and each number that a rule looks \
             at from both sides.</p>\n<h3>How to use it</h3>\n<ol>\n\
             <li>Read the answers of a patient. Decide what the reader should be told.</li>\n\
             <li>Compare with the result and the reasons that are printed.</li>\n\
             <li>Mark “I agree” or “I do not agree”. If you do not agree, say why. Write your name and the date.</li>\n\
             <li>Give the pack back to whoever looks after the site. They change the rules where you did not agree, and \
             note your signature in <code>signed.toml</code>.</li>\n</ol>\n\
             <p>A signature holds for that patient as printed. When a rule that the patient stands for changes, the \
             signature is out of date and the patient is printed for you again. You then look at those patients only.</p>\n\
             </section>\n",
        );
    }

    fn contents(&self, out: &mut String, picture: bool) {
        out.push_str("<nav aria-label=\"Contents\">\n<h2>Contents</h2>\n<ul>\n");
        let mut entry = |id: &str, text: &str| {
            let _ = writeln!(out, "<li><a href=\"#{id}\">{text}</a></li>");
        };
        entry("rules", "Rules, and the patients that show them");
        if !self.shows.thresholds.is_empty() {
            entry("thresholds", "Numbers that rules look at");
        }
        if picture {
            entry("picture", "The questionnaire as a picture");
        }
        for outcome in self.outcomes() {
            let many = self.with(outcome).count();
            let text = format!("Patients: {} ({many})", escape(&self.outcome_title(outcome)));
            entry(&format!("outcome-{}", self.outcome_id(outcome)), &text);
        }
        entry("whole", "Sign-off of the whole pack");
        entry("safest", "The safest answer to each question");
        entry("all", "Every answer of every patient");
        out.push_str("</ul>\n</nav>\n");
    }

    fn rules(&self, out: &mut String) {
        out.push_str(
            "<section id=\"rules\">\n<h2>Rules, and the patients that show them</h2>\n<table class=\"wide rules\">\n<thead><tr>\
             <th scope=\"col\">Rule</th><th scope=\"col\">Result it asks for</th><th scope=\"col\">Applies in</th>\
             <th scope=\"col\">Just does not apply in</th></tr></thead>\n<tbody>\n",
        );
        for (at, rule) in (0u16..).zip(self.checker.program.rules()) {
            let index = RuleIdx(at);
            let none = Vec::new();
            let asks = match rule.outcome {
                Some(outcome) => self.said(&self.outcome_title(Some(outcome))),
                None => "none, a note".to_owned(),
            };
            let _ = writeln!(
                out,
                "<tr><th scope=\"row\">{} {}</th><td>{asks}</td><td>{}</td><td>{}</td></tr>",
                escape(&rule.id),
                self.said(&self.reason(index).0),
                self.links(self.shows.fires.get(&index).unwrap_or(&none)),
                self.links(self.shows.just_not.get(&index).unwrap_or(&none)),
            );
        }
        out.push_str("</tbody>\n</table>\n</section>\n");
    }

    fn thresholds(&self, out: &mut String) {
        if self.shows.thresholds.is_empty() {
            return;
        }
        out.push_str(
            "<section id=\"thresholds\">\n<h2>Numbers that rules look at</h2>\n<table class=\"wide\">\n<thead><tr>\
             <th scope=\"col\">Question</th><th scope=\"col\">From here on</th><th scope=\"col\">Patient just below</th>\
             <th scope=\"col\">Patient exactly there</th></tr></thead>\n<tbody>\n",
        );
        for ((question, item, value), [below, at]) in &self.shows.thresholds {
            let _ = writeln!(
                out,
                "<tr><th scope=\"row\">{} {}{}</th><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(self.asked.id(*question)),
                self.said(self.asked.title(*question)),
                item.map_or(String::new(), |item| format!(", item {}", item + 1)),
                self.number(*question, *value),
                below.map_or("cannot occur".to_owned(), |at| self.link(at)),
                at.map_or("cannot occur".to_owned(), |at| self.link(at)),
            );
        }
        out.push_str("</tbody>\n</table>\n</section>\n");
    }

    /// Outcomes that some patient gets, worst first; `None` where nothing decides.
    fn outcomes(&self) -> Vec<Option<OutcomeIdx>> {
        let mut all: Vec<Option<OutcomeIdx>> =
            self.patients.iter().map(|patient| patient.example.outcome).collect();
        all.sort_unstable_by_key(|outcome| outcome.map_or(u32::MAX, |outcome| u32::from(outcome.0)));
        all.dedup();
        all
    }

    fn with(&self, outcome: Option<OutcomeIdx>) -> impl Iterator<Item = (usize, &Patient)> {
        self.patients.iter().enumerate().filter(move |(_, patient)| patient.example.outcome == outcome)
    }

    fn outcome(&self, out: &mut String, outcome: Option<OutcomeIdx>) {
        let _ = writeln!(
            out,
            "<section class=\"outcome\" id=\"outcome-{}\">\n<h2>Patients: {}</h2>",
            self.outcome_id(outcome),
            self.said(&self.outcome_title(outcome)),
        );
        for (at, patient) in self.with(outcome) {
            self.patient(out, at, patient);
        }
        out.push_str("</section>\n");
    }

    fn whole_pack(&self, out: &mut String) {
        let _ = write!(
            out,
            "<section id=\"whole\">\n<h2>Sign-off of the whole pack</h2>\n\
             <p>Rules {} of {}, fingerprint <code>{}</code>, {} worked patients. I have looked at every patient above. Where I \
             do not agree, it says so there.</p>\n<table class=\"whole\">\n<thead><tr><th scope=\"col\">Name</th>\
             <th scope=\"col\">Role and licence</th><th scope=\"col\">Date</th><th scope=\"col\">Signature</th></tr></thead>\n\
             <tbody>\n",
            escape(&self.checker.version),
            self.checker.updated,
            definition::of_all(&self.checker.files),
            self.patients.len(),
        );
        for _ in 0..3 {
            out.push_str("<tr><td></td><td></td><td></td><td></td></tr>\n");
        }
        out.push_str("</tbody>\n</table>\n<p class=\"line long\">Comment on the whole</p>\n</section>\n");
    }

    fn safest(&self, out: &mut String) {
        out.push_str(
            "<section id=\"safest\">\n<h2>The safest answer to each question</h2>\n<p>This is what “the safest answer” means \
             above. A question that depends on others is asked only when it applies.</p>\n<table class=\"wide\">\n<thead><tr>\
             <th scope=\"col\">Question</th><th scope=\"col\">Safest answer</th></tr></thead>\n<tbody>\n",
        );
        for (question, answer) in safest(self.patients.iter().map(|patient| &patient.example)) {
            let _ = writeln!(
                out,
                "<tr><th scope=\"row\">{} {}</th><td>{}</td></tr>",
                escape(self.asked.id(question)),
                self.said(self.asked.title(question)),
                self.said(&self.asked.words(question, answer)),
            );
        }
        out.push_str("</tbody>\n</table>\n</section>\n");
    }

    fn every_answer(&self, out: &mut String) {
        out.push_str(
            "<section id=\"all\">\n<h2>Every answer of every patient</h2>\n<p>With the ids of the files. A screen has the \
             value of each item in order. What is not the safest answer is in bold. Where an emergency ends the questions, \
             the answers after it are those that the proof looks at; readers never get to them.</p>\n<table class=\"wide every\">\n<thead>\
             <tr><th scope=\"col\">Patient</th><th scope=\"col\">Answers</th><th scope=\"col\">Fingerprint</th></tr></thead>\n\
             <tbody>\n",
        );
        for (at, patient) in self.patients.iter().enumerate() {
            let answers: Vec<String> = patient
                .example
                .answers
                .iter()
                .map(|(question, answer)| {
                    let said = escape(&format!(
                        "{} {}",
                        self.asked.id(*question),
                        self.asked.short(*question, answer)
                    ));
                    if patient.example.differs.contains(question) {
                        format!("<strong>{said}</strong>")
                    } else {
                        said
                    }
                })
                .collect();
            let _ = writeln!(
                out,
                "<tr id=\"all-{}\"><th scope=\"row\">{}</th><td>{}</td><td><code>{}</code></td></tr>",
                anchor(at),
                self.link(at),
                answers.join(", "),
                patient.fingerprint,
            );
        }
        out.push_str("</tbody>\n</table>\n</section>\n");
    }

    /// Words for readers, marked with their language where it is not the page's.
    pub(super) fn said(&self, text: &str) -> String {
        if self.words.language == "en" {
            escape(text)
        } else {
            format!("<span lang=\"{}\">{}</span>", escape(&self.words.language), escape(text))
        }
    }

    pub(super) fn reason(&self, rule: RuleIdx) -> (String, String) {
        let id = self.checker.program.rule(rule).map_or("", |rule| rule.id.as_str());
        self.words.reasons.get(id).cloned().unwrap_or_default()
    }

    pub(super) fn rule_id(&self, rule: RuleIdx) -> String {
        escape(self.checker.program.rule(rule).map_or("", |rule| rule.id.as_str()))
    }

    fn outcome_id(&self, outcome: Option<OutcomeIdx>) -> &str {
        outcome.map_or("none", |outcome| self.checker.program.outcome(outcome))
    }

    pub(super) fn outcome_title(&self, outcome: Option<OutcomeIdx>) -> String {
        let id = self.outcome_id(outcome);
        self.words.outcomes.get(id).map_or(id, |body| body.title.as_str()).to_owned()
    }

    pub(super) fn number(&self, question: QuestionIdx, value: i64) -> String {
        let Some(asked) = self.asked.question(question) else { return String::new() };
        let unit = match &asked.kind {
            checker_rules::Kind::Number { unit: Some(unit), .. } => unit.as_str(),
            _ => "",
        };
        escape(format!("{} {unit}", asked.decimal(value)).trim())
    }

    pub(super) fn link(&self, at: usize) -> String {
        let id = self.patients.get(at).map_or("", |patient| patient.id.as_str());
        format!("<a href=\"#{}\">{}</a>", anchor(at), escape(id))
    }

    pub(super) fn links(&self, patients: &[usize]) -> String {
        patients.iter().map(|&at| self.link(at)).collect::<Vec<_>>().join(", ")
    }
}

/// A place in the page that no patient's name can spoil.
pub(super) fn anchor(at: usize) -> String {
    format!("patient-{}", at + 1)
}
