//! The card of one patient: answers, what the reader is told, what it shows, a place to sign.

use super::answers::{differences, walk};
use super::page::{Page, anchor, once};
use super::{Patient, Signed, line_of};
use crate::html::escape;
use checker_rules::{Answer, Evaluation, Purpose, QuestionIdx, RuleIdx, Screen};
use std::collections::BTreeMap;
use std::fmt::Write as _;

impl Page<'_> {
    /// The card of one patient.
    pub(super) fn patient(&self, out: &mut String, at: usize, patient: &Patient) {
        let id = escape(&patient.id);
        let _ = write!(
            out,
            "<article class=\"patient\" id=\"{anchor}\" aria-labelledby=\"{anchor}-name\">\n\
             <div class=\"top\"><h3 id=\"{anchor}-name\">Patient {id}</h3>\n<p class=\"state\">{}</p></div>\n\
             <div class=\"columns\">\n<div>\n",
            self.state(patient),
            anchor = anchor(at),
        );
        self.answers(out, at, patient);
        out.push_str("</div>\n<div>\n");
        self.told(out, patient);
        out.push_str("</div>\n</div>\n");
        self.purposes(out, patient);
        let _ = write!(
            out,
            "<div class=\"sign\">\n<p class=\"choice\"><span><span class=\"box\"></span> I agree</span> \
             <span><span class=\"box\"></span> I do not agree</span></p>\n\
             <p class=\"line\">Name</p><p class=\"line\">Date</p><p class=\"line long\">Comment</p>\n</div>\n\
             <details class=\"screen\"><summary>Lines for signed.toml, once {id} is signed</summary>\n<pre>{}</pre></details>\n\
             </article>\n",
            escape(&lines(patient)),
        );
    }

    fn state(&self, patient: &Patient) -> String {
        match &patient.signed {
            Signed::NotYet => "Not signed yet".to_owned(),
            Signed::By { who, on } => format!("Signed by {}, {on}", escape(who)),
            Signed::OutOfDate { who, on, change } => {
                format!(
                    "Signature out of date: {} signed on {on}, and {}",
                    escape(who),
                    escape(&change.replace('`', ""))
                )
            }
        }
    }

    fn answers(&self, out: &mut String, at: usize, patient: &Patient) {
        let ends_after = walk(self.checker, &patient.example).ends_after;
        // What comes after an emergency is not asked, so nobody needs to weigh it.
        let counts = |question: &QuestionIdx| {
            patient.example.differs.contains(question) && ends_after.is_none_or(|end| *question <= end)
        };
        let told: Vec<&(QuestionIdx, Answer)> =
            patient.example.answers.iter().filter(|(question, _)| counts(question)).collect();
        out.push_str("<h4>Answers</h4>\n");
        if !told.is_empty() {
            out.push_str("<ul class=\"answers\">\n");
            for (question, answer) in &told {
                let _ = writeln!(
                    out,
                    "<li>{} {} <strong>{}</strong></li>",
                    escape(self.asked.id(*question)),
                    self.said(self.asked.title(*question)),
                    self.said(&self.asked.words(*question, answer)),
                );
            }
            out.push_str("</ul>\n");
        }
        let others = if told.is_empty() { "To each question" } else { "To each other question" };
        let _ = write!(
            out,
            "<p>{others}: the safest answer. <a class=\"screen\" href=\"#all-{}\">All answers</a>",
            anchor(at)
        );
        if let Some(end) = ends_after {
            let id = escape(self.asked.id(end));
            let _ = write!(out, " The questions end after {id}: the reader sees the result at once.");
        }
        out.push_str("</p>\n");
    }

    fn told(&self, out: &mut String, patient: &Patient) {
        let walk = walk(self.checker, &patient.example);
        let evaluation: Evaluation = match walk.session.screen() {
            Screen::Stop(evaluation) | Screen::Outcome(evaluation) => evaluation,
            Screen::Question(_) | Screen::Check => walk.session.evaluation(),
        };
        let _ = writeln!(
            out,
            "<h4>What the reader is told</h4>\n<p class=\"result\">{}</p>",
            self.said(&self.outcome_title(patient.example.outcome))
        );
        if evaluation.fired.is_empty() {
            out.push_str("<p>No reasons.</p>\n");
        } else {
            out.push_str("<ul class=\"reasons\">\n");
        }
        for &rule in &evaluation.fired {
            let (title, text) = self.reason(rule);
            let Some(own) = self.checker.program.rule(rule) else { continue };
            let talk: Vec<String> = walk
                .session
                .talk_to(rule)
                .iter()
                .map(|&talk| {
                    let id = self.checker.program.talk(talk);
                    self.words.talk.get(id).map_or(id, String::as_str).to_owned()
                })
                .collect();
            let _ = writeln!(
                out,
                "<li><strong>{}</strong> {} <span class=\"small\">Rule {}{}. Talk to: {}. Evidence: {}</span></li>",
                self.said(&title),
                self.said(&text),
                escape(&own.id),
                if own.outcome.is_none() { ", a note" } else { "" },
                self.said(&talk.join(", ")),
                escape(&self.checker.evidence_of(&own.id).join(", ")),
            );
        }
        if !evaluation.fired.is_empty() {
            out.push_str("</ul>\n");
        }
    }

    fn purposes(&self, out: &mut String, patient: &Patient) {
        out.push_str("<h4>What this shows</h4>\n<ul class=\"shows\">\n");
        // One entry for each rule that just does not fire, however many lines of it turn here.
        let mut just_not: BTreeMap<RuleIdx, Vec<usize>> = BTreeMap::new();
        let hangs = |of: RuleIdx| {
            patient
                .purposes
                .iter()
                .any(|purpose| matches!(purpose, Purpose::HangsOn { rule, .. } if *rule == of))
        };
        for purpose in &patient.purposes {
            match *purpose {
                // Said better by the line that it hangs on.
                Purpose::Fires { rule } if hangs(rule) => {}
                Purpose::Fires { rule } => {
                    let _ = writeln!(out, "<li>Rule {} applies.</li>", self.rule_id(rule));
                }
                Purpose::Otherwise => {
                    out.push_str(
                        "<li>No rule asks for a result. The result is then the one that <code>otherwise</code> in \
                         checker.toml names.</li>\n",
                    );
                }
                Purpose::HangsOn { rule, line, beside } => {
                    let _ = writeln!(
                        out,
                        "<li>Rule {} applies because of <code>{}</code>. In patient {} it does not: {}.</li>",
                        self.rule_id(rule),
                        escape(&line_of(self.checker, rule, line)),
                        self.link(beside),
                        self.instead(patient, beside),
                    );
                }
                Purpose::JustNot { rule, beside, .. } => once(just_not.entry(rule).or_default(), beside),
                Purpose::Threshold { question, item, value, reached } => {
                    let of = item.map_or(String::new(), |item| format!(" item {}", item + 1));
                    let side = if reached { "is exactly" } else { "is just below" };
                    let _ = writeln!(
                        out,
                        "<li>{}{of} {side} {}, where a rule or a question looks.</li>",
                        escape(self.asked.id(question)),
                        self.number(question, value),
                    );
                }
            }
        }
        if !just_not.is_empty() {
            let each: Vec<String> = just_not
                .iter()
                .map(|(&rule, beside)| match beside.as_slice() {
                    // A patient of the rule's own name says it all.
                    [one] if self.link(*one).contains(&format!(">{}<", self.rule_id(rule))) => {
                        self.link(*one)
                    }
                    many => format!("{} (compare {})", self.rule_id(rule), self.links(many)),
                })
                .collect();
            let _ = writeln!(out, "<li>Just does not apply: {}.</li>", each.join(", "));
        }
        out.push_str("</ul>\n");
    }

    /// How another patient differs, question by question.
    fn instead(&self, patient: &Patient, beside: usize) -> String {
        let Some(other) = self.patients.get(beside) else { return String::new() };
        let say = |question: QuestionIdx, answer: &Answer| {
            format!("“{}”", self.said(&self.asked.words(question, answer)))
        };
        let (mut changed, mut more, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for (question, here, there) in differences(&patient.example, &other.example) {
            let id = escape(self.asked.id(question));
            match (here, there) {
                (Some(here), Some(there)) => {
                    changed.push(format!(
                        "{id} is {} there, not {}",
                        say(question, there),
                        say(question, here)
                    ));
                }
                (None, Some(there)) => more.push(format!("{id} {}", say(question, there))),
                (_, None) => gone.push(id),
            }
        }
        if !more.is_empty() {
            changed.push(format!("asked there as well: {}", more.join(", ")));
        }
        if !gone.is_empty() {
            changed.push(format!("not asked there: {}", gone.join(", ")));
        }
        changed.join("; ")
    }
}

/// What to put into signed.toml once a patient is signed. It does not pass as it is: who and when are left to fill in.
fn lines(patient: &Patient) -> String {
    let mut out =
        format!("[[signed]]\npatient = \"{}\"\nfingerprint = \"{}\"\n", patient.id, patient.fingerprint);
    let rules: Vec<String> =
        patient.rules.iter().map(|(rule, print)| format!("\"{rule}:{print}\"")).collect();
    if rules.len() <= 6 {
        let _ = writeln!(out, "rules = [{}]", rules.join(", "));
    } else {
        out.push_str("rules = [\n");
        for row in rules.chunks(6) {
            let _ = writeln!(out, "  {},", row.join(", "));
        }
        out.push_str("]\n");
    }
    out.push_str("by = \"...\"            # an id from content/people.toml\non = ...              # the day, as 2026-11-22\n");
    out
}
