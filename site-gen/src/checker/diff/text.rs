//! A difference in plain words, for a clinician who decides whether it is right.

use super::super::verify::{about, answers_in_words};
use super::super::{Checker, faults};
use super::CheckerDiff;
use checker_rules::{
    Affected, ByShift, Counterexample, Example, Lists, QuestionChange, RuleChange, RuleDifference, RuleIdx,
    Shift,
};
use std::fmt::Write as _;

/// One part of the report: its heading, which of a rule's classes it shows, and how that stands in the totals.
struct Part {
    heading: &'static str,
    total: &'static str,
    shift: Option<Shift>,
}

/// Better first: it is what a clinician must not miss.
const PARTS: [Part; 4] = [
    Part {
        heading: "BETTER THAN BEFORE: a clinician should look at every one of these",
        total: "get a BETTER result than before",
        shift: Some(Shift::Better),
    },
    Part {
        heading: "ANOTHER RESULT, and the order of the results does not say which is better: a clinician should look",
        total: "get another result, neither better nor worse by the order of the results",
        shift: Some(Shift::Other),
    },
    Part { heading: "Worse than before", total: "get a worse result than before", shift: Some(Shift::Worse) },
    Part {
        heading: "Same result, other reasons",
        total: "get the same result for other reasons",
        shift: None,
    },
];

fn of_shift(outcomes: &ByShift, shift: Shift) -> Option<&Affected> {
    match shift {
        Shift::Better => outcomes.better.as_ref(),
        Shift::Worse => outcomes.worse.as_ref(),
        Shift::Other => outcomes.other.as_ref(),
    }
}

impl Part {
    fn in_all<'d>(&self, diff: &'d CheckerDiff<'_>) -> Option<&'d Affected> {
        match self.shift {
            Some(shift) => of_shift(&diff.found.outcomes, shift),
            None => diff.found.other_reasons.as_ref(),
        }
    }

    fn of_rule<'d>(&self, rule: &'d RuleDifference) -> Option<&'d Affected> {
        match self.shift {
            Some(shift) => of_shift(&rule.outcomes, shift),
            None => rule.reasons.as_ref(),
        }
    }
}

impl CheckerDiff<'_> {
    /// The difference for reading at a terminal.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.totals(&mut out);
        for part in &PARTS {
            self.part(&mut out, part);
        }
        self.beside(&mut out);
        let written = self.written();
        if !written.is_empty() {
            let _ = writeln!(out, "\nWhat was changed");
            for line in written {
                let _ = writeln!(out, "  {line}");
            }
        }
        let _ = writeln!(
            out,
            "\nCounts are sets of answers, not patients. Words that readers see are not compared."
        );
        if !self.nothing_changed() && self.old.version == self.new.version {
            let _ = writeln!(
                out,
                "Both say that they are version {}. Raise `version` in checker.toml.",
                self.new.version
            );
        }
        out
    }

    fn totals(&self, out: &mut String) {
        let found = &self.found;
        let versions =
            format!("{}: version {}, compared with {}", self.new.id, self.new.version, self.old.version);
        let all = about(&found.new_answer_sets);
        if found.nothing_changed() {
            let _ = writeln!(
                out,
                "{versions}. Nothing changed: the same result, for the same reasons, for every one of the {all} sets of answers."
            );
            return;
        }
        let _ = writeln!(out, "{versions}. Of {all} different sets of answers:");
        let mut line = |count: &str, what: &str| {
            if count != "0" {
                let _ = writeln!(out, "  {:>18}  {what}", about(count));
            }
        };
        for part in &PARTS {
            line(part.in_all(self).map_or("0", |affected| &affected.answer_sets), part.total);
        }
        line(&found.unchanged, "get the same result for the same reasons");
        line(&found.new_only, "hold an answer that nobody could give before, and are not compared");
        line(&found.old_only, "were possible before and hold an answer that nobody can give now");
        for change in &found.outcome_changes {
            let id = |outcome: &Option<String>| outcome.clone().unwrap_or_else(|| "no outcome".to_owned());
            let how = match change.shift {
                Shift::Better => "BETTER",
                Shift::Worse => "worse",
                Shift::Other => "another",
            };
            let way = format!("{} -> {}", id(&change.old), id(&change.new));
            let _ = writeln!(out, "    {way:<26} {how:<8} {}", about(&change.affected.answer_sets));
        }
    }

    fn part(&self, out: &mut String, part: &Part) {
        if part.in_all(self).is_none() {
            return;
        }
        let _ = writeln!(out, "\n{}", part.heading);
        for rule in &self.found.by_rule {
            if let Some(affected) = part.of_rule(rule) {
                let _ = writeln!(out, "\n  {}", self.rule_changed(&rule.rule));
                let _ = writeln!(out, "    {}", sets_of_answers(&affected.answer_sets));
                self.say_example(out, &affected.example);
            }
        }
        if let Some(affected) = part.shift.and_then(|shift| of_shift(&self.found.by_no_rule, shift)) {
            let _ = writeln!(
                out,
                "\n  No rule: the order of the results, or the result where no rule applies, changed"
            );
            let _ = writeln!(out, "    {}", sets_of_answers(&affected.answer_sets));
            self.say_example(out, &affected.example);
        }
    }

    /// Rules that changed, and only where something else changed the result.
    fn beside(&self, out: &mut String) {
        let only = |rule: &&RuleDifference| rule.outcomes.is_empty() && rule.reasons.is_none();
        let rules: Vec<String> =
            self.found.by_rule.iter().filter(only).map(|rule| rule.rule.clone()).collect();
        if !rules.is_empty() {
            let _ = writeln!(
                out,
                "\nChanged only where another rule has changed the result already: {}",
                rules.join(", ")
            );
        }
    }

    /// A rule with its title, and what happened to it.
    fn rule_changed(&self, id: &str) -> String {
        let changes = self.found.rules.iter().find(|rule| rule.rule == id);
        let changes = changes.map_or(&[][..], |rule| &rule.changes);
        let gone = self.new.program.find_rule(id).is_none();
        let title = rule_title(if gone { self.old } else { self.new }, id);
        let asks = |outcome: &Option<String>| match outcome {
            Some(outcome) => format!("asks for `{outcome}`"),
            None => "is a note".to_owned(),
        };
        let how = changes.iter().find_map(|change| match change {
            RuleChange::Added { .. } => Some("is new".to_owned()),
            RuleChange::Removed { .. } => Some("was taken out".to_owned()),
            RuleChange::Outcome { old, new } => {
                Some(format!("now {}; before, it {}", asks(new), was(&asks(old))))
            }
            _ => None,
        });
        format!(
            "Rule {id}{title} {}",
            how.unwrap_or_else(|| "now applies to other sets of answers".to_owned())
        )
    }

    fn say_example(&self, out: &mut String, example: &Example) {
        let said = answers_in_words(&self.new.program, self.new.first_words(), &example.new, true);
        let _ = writeln!(out, "    For example  {said}");
        let before = answers_elsewhere((self.old, &example.old), (self.new, &example.new));
        if let Some(before) = before {
            let _ = writeln!(out, "                 and, where only the old version asks, {before}");
        }
        let _ = writeln!(out, "      before     {}", given(self.old, &example.old, self.new, &example.new));
        let _ = writeln!(out, "      now        {}", given(self.new, &example.new, self.old, &example.old));
    }

    /// What was changed in the files themselves, one line each.
    fn written(&self) -> Vec<String> {
        let found = &self.found;
        let mut lines = Vec::new();
        for question in &found.questions {
            let gone = self.new.program.find_question(&question.question).is_none();
            let checker = if gone { self.old } else { self.new };
            let title = question_title(checker, &question.question);
            let named = format!("Question {}{title}", question.question);
            lines.extend(
                question
                    .changes
                    .iter()
                    .map(|change| format!("{named} {}", self.question_changed(&question.question, change))),
            );
        }
        if !found.moved.is_empty() {
            lines.push(format!("Asked at another place: {}", found.moved.join(", ")));
        }
        for rule in &found.rules {
            let gone = self.new.program.find_rule(&rule.rule).is_none();
            let title = rule_title(if gone { self.old } else { self.new }, &rule.rule);
            let named = format!("Rule {}{title}", rule.rule);
            lines.extend(rule.changes.iter().map(|change| format!("{named} {}", rule_changed(change))));
        }
        for (rule, changed) in &self.evidence {
            lines.push(format!("Rule {rule} rests on other evidence: {}", came_and_went(changed)));
        }
        let results = &found.results;
        if !results.ids.is_empty() {
            lines.push(format!("Results: {}", came_and_went(&results.ids)));
        }
        if !results.moved.is_empty() {
            lines.push(format!(
                "Results at another place between worst and best: {}",
                faults::list(&results.moved)
            ));
        }
        if let Some((old, new)) = &results.otherwise {
            let id = |outcome: &Option<String>| {
                outcome.as_ref().map_or("no result".to_owned(), |id| format!("`{id}`"))
            };
            lines.push(format!("Where no rule applies, it is {} now; before, it was {}", id(new), id(old)));
        }
        if !results.stop_at.added.is_empty() {
            lines.push(format!("The questions now end at once at {}", faults::list(&results.stop_at.added)));
        }
        if !results.stop_at.removed.is_empty() {
            lines.push(format!(
                "The questions NO LONGER end at once at {}",
                faults::list(&results.stop_at.removed)
            ));
        }
        if !found.promises.is_empty() {
            lines.push(format!("Promises: {}", came_and_went(&found.promises)));
        }
        lines
    }

    fn question_changed(&self, question: &str, change: &QuestionChange) -> String {
        let sets = |count: &String| sets_of_answers(count);
        let label = |answer: &String| {
            let of = |checker: &Checker| {
                checker.first_words()?.questions.get(question)?.options.get(answer).cloned()
            };
            match of(self.new).or_else(|| of(self.old)) {
                Some(label) => format!("“{label}” (`{answer}`)"),
                None => format!("`{answer}`"),
            }
        };
        match change {
            QuestionChange::Added { answer_sets } => format!("is new: asked in {}", sets(answer_sets)),
            QuestionChange::Removed { answer_sets } => {
                format!("is gone: it was asked in {}", sets(answer_sets))
            }
            QuestionChange::OtherKind => {
                "takes another kind of answer now, and counts as a new question".to_owned()
            }
            QuestionChange::AskedMore { answer_sets } => {
                format!("is now asked in {} where it was not asked", sets(answer_sets))
            }
            QuestionChange::AskedLess { answer_sets } => {
                format!("is NO LONGER asked in {} where it was asked", sets(answer_sets))
            }
            QuestionChange::AnswerAdded { answer, answer_sets } => {
                format!("has a new answer {}, in {}", label(answer), sets(answer_sets))
            }
            QuestionChange::AnswerRemoved { answer, answer_sets } => {
                format!("no longer has the answer {}, which was in {}", label(answer), sets(answer_sets))
            }
            QuestionChange::Range { old, new, .. } => {
                format!("takes {} to {} now; before, it took {} to {}", new.0, new.1, old.0, old.1)
            }
            QuestionChange::Crisis { answer, now: true } => {
                format!("brings crisis help on the next screen after {} now", label(answer))
            }
            QuestionChange::Crisis { answer, now: false } => {
                format!("NO LONGER brings crisis help on the next screen after {}", label(answer))
            }
            QuestionChange::Unknown { answer, now: true } => {
                format!("now takes {} as “not sure”", label(answer))
            }
            QuestionChange::Unknown { answer, now: false } => {
                format!("no longer takes {} as “not sure”", label(answer))
            }
            QuestionChange::Alone { answer, now: true } => {
                format!("now takes {} only by itself", label(answer))
            }
            QuestionChange::Alone { answer, now: false } => {
                format!("now takes {} together with other answers", label(answer))
            }
            QuestionChange::Direction => {
                "says something else about which answers are more risk or need".to_owned()
            }
            QuestionChange::Section { new, .. } => format!("stands in the section `{new}` now"),
        }
    }
}

/// `12 sets of answers`.
fn sets_of_answers(count: &str) -> String {
    format!("{} {}", about(count), if count == "1" { "set of answers" } else { "sets of answers" })
}

/// The past of `asks for` and `is`.
fn was(asks: &str) -> String {
    asks.replacen("asks", "asked", 1).replacen("is a", "was a", 1)
}

fn rule_changed(change: &RuleChange) -> String {
    let outcome = |outcome: &Option<String>| match outcome {
        Some(outcome) => format!("asks for `{outcome}`"),
        None => "is a note".to_owned(),
    };
    match change {
        RuleChange::Added { answer_sets } => {
            format!("is new: it applies to {}", sets_of_answers(answer_sets))
        }
        RuleChange::Removed { answer_sets } => {
            format!("was taken out: it applied to {}", sets_of_answers(answer_sets))
        }
        RuleChange::Outcome { old, new } => {
            format!("now {}; before, it {}", outcome(new), was(&outcome(old)))
        }
        RuleChange::Flag { old, new } => format!("now has the flag {new}; before, it had {old}"),
        RuleChange::TalkTo(changed) => format!("sends to others now: {}", came_and_went(changed)),
    }
}

/// `new: a, b; gone: c`.
fn came_and_went(lists: &Lists) -> String {
    let mut parts = Vec::new();
    if !lists.added.is_empty() {
        parts.push(format!("new: {}", lists.added.join(", ")));
    }
    if !lists.removed.is_empty() {
        parts.push(format!("gone: {}", lists.removed.join(", ")));
    }
    parts.join("; ")
}

fn rule_title(checker: &Checker, id: &str) -> String {
    let title = checker.first_words().and_then(|words| words.reasons.get(id)).map(|(title, _)| title);
    title.map_or(String::new(), |title| format!(" “{title}”"))
}

fn question_title(checker: &Checker, id: &str) -> String {
    let words = checker.first_words().and_then(|words| words.questions.get(id));
    words.map_or(String::new(), |words| format!(" “{}”", words.title))
}

/// Unusual answers to questions that only the first of two sides asks; `None` if there are none.
fn answers_elsewhere(
    (checker, example): (&Checker, &Counterexample),
    (other, beside): (&Checker, &Counterexample),
) -> Option<String> {
    let id = |checker: &Checker, at| checker.program.question(at).map(|question| question.id.clone());
    let asked: Vec<Option<String>> = beside.answers.iter().map(|(at, _)| id(other, *at)).collect();
    let mut only = example.clone();
    only.differs.retain(|at| !asked.contains(&id(checker, *at)));
    (!only.differs.is_empty()).then(|| answers_in_words(&checker.program, checker.first_words(), &only, true))
}

/// An outcome with the rules that ask for it, and the rules that the other side does not have.
fn given(checker: &Checker, example: &Counterexample, other: &Checker, beside: &Counterexample) -> String {
    let Some(outcome) = example.outcome else { return "no outcome".to_owned() };
    let program = &checker.program;
    let name = program.outcome(outcome);
    let title = checker.first_words().and_then(|words| words.outcomes.get(name));
    let title = title.map_or(String::new(), |body| format!(" “{}”", body.title));
    let id = |checker: &Checker, at: RuleIdx| {
        checker.program.rule(at).map_or("", |rule| rule.id.as_str()).to_owned()
    };
    let elsewhere: Vec<String> = beside.fired.iter().map(|&at| id(other, at)).collect();
    let told = |at: RuleIdx| {
        let asks_for = program.rule(at).and_then(|rule| rule.outcome);
        asks_for == Some(outcome) || !elsewhere.contains(&id(checker, at))
    };
    let rules: Vec<String> =
        example.fired.iter().filter(|&&at| told(at)).map(|&at| id(checker, at)).collect();
    let because = match rules.as_slice() {
        [] => "no rule asks for another".to_owned(),
        [one] => format!("rule {one}"),
        several => format!("rules {}", several.join(", ")),
    };
    format!("{name}{title}: {because}")
}
