//! A difference for programs. Counts are texts of digits: they are too long for JSON numbers.

use super::super::verify::answers_as_json;
use super::CheckerDiff;
use checker_rules::{Affected, ByShift, Counterexample, Lists, Program, QuestionChange, RuleChange, Shift};
use serde_json::{Value, json};

impl CheckerDiff<'_> {
    /// The difference as JSON.
    pub fn to_json(&self) -> Value {
        let found = &self.found;
        let outcome_changes: Vec<Value> = found
            .outcome_changes
            .iter()
            .map(|change| {
                json!({
                    "old": change.old,
                    "new": change.new,
                    "shift": shift(change.shift),
                    "answer_sets": change.affected.answer_sets,
                    "example": self.example(&change.affected),
                })
            })
            .collect();
        let by_rule: Vec<Value> = found
            .by_rule
            .iter()
            .map(|rule| {
                let mut entry = json!({ "rule": rule.rule });
                self.add(&mut entry, &rule.outcomes);
                entry["reasons"] = self.affected(rule.reasons.as_ref());
                entry["beside"] = self.affected(rule.beside.as_ref());
                entry
            })
            .collect();
        let mut by_no_rule = json!({});
        self.add(&mut by_no_rule, &found.by_no_rule);
        let count = |affected: &Option<Affected>| {
            affected.as_ref().map_or("0".to_owned(), |affected| affected.answer_sets.clone())
        };
        let questions: Vec<Value> = found
            .questions
            .iter()
            .map(|question| {
                let changes: Vec<Value> = question.changes.iter().map(question_change).collect();
                json!({ "question": question.question, "changes": changes })
            })
            .collect();
        let rules: Vec<Value> = found
            .rules
            .iter()
            .map(|rule| {
                let changes: Vec<Value> = rule.changes.iter().map(rule_change).collect();
                json!({ "rule": rule.rule, "changes": changes })
            })
            .collect();
        let evidence: Vec<Value> = self
            .evidence
            .iter()
            .map(
                |(rule, changed)| json!({ "rule": rule, "added": changed.added, "removed": changed.removed }),
            )
            .collect();
        let otherwise = found.results.otherwise.as_ref().map(|(old, new)| json!({ "old": old, "new": new }));
        json!({
            "checker": self.new.id,
            "old": {
                "version": self.old.version,
                "updated": self.old.updated.to_string(),
                "answer_sets": found.old_answer_sets,
                "not_compared": found.old_only,
            },
            "new": {
                "version": self.new.version,
                "updated": self.new.updated.to_string(),
                "answer_sets": found.new_answer_sets,
                "not_compared": found.new_only,
            },
            "nothing_changed": found.nothing_changed(),
            "unchanged": found.unchanged,
            "better": count(&found.outcomes.better),
            "worse": count(&found.outcomes.worse),
            "other": count(&found.outcomes.other),
            "other_reasons": count(&found.other_reasons),
            "outcome_changes": outcome_changes,
            "by_rule": by_rule,
            "by_no_rule": by_no_rule,
            "questions": questions,
            "questions_moved": found.moved,
            "rules": rules,
            "evidence": evidence,
            "outcomes": {
                "added": found.results.ids.added,
                "removed": found.results.ids.removed,
                "moved": found.results.moved,
                "otherwise": otherwise,
                "stop_at": lists(&found.results.stop_at),
            },
            "promises": lists(&found.promises),
            "nodes": found.nodes,
            "millis": self.millis,
        })
    }

    fn add(&self, entry: &mut Value, outcomes: &ByShift) {
        entry["better"] = self.affected(outcomes.better.as_ref());
        entry["worse"] = self.affected(outcomes.worse.as_ref());
        entry["other"] = self.affected(outcomes.other.as_ref());
    }

    fn affected(&self, affected: Option<&Affected>) -> Value {
        affected.map_or(
            Value::Null,
            |affected| json!({ "answer_sets": affected.answer_sets, "example": self.example(affected) }),
        )
    }

    fn example(&self, affected: &Affected) -> Value {
        json!({
            "old": one_side(&self.old.program, &affected.example.old),
            "new": one_side(&self.new.program, &affected.example.new),
        })
    }
}

fn one_side(program: &Program, example: &Counterexample) -> Value {
    let differs: Vec<&str> = example
        .differs
        .iter()
        .filter_map(|&at| program.question(at))
        .map(|question| question.id.as_str())
        .collect();
    let rules: Vec<&str> =
        example.fired.iter().filter_map(|&at| program.rule(at)).map(|rule| rule.id.as_str()).collect();
    json!({
        "answers": answers_as_json(program, example),
        "differs": differs,
        "outcome": example.outcome.map(|at| program.outcome(at)),
        "rules": rules,
    })
}

fn shift(shift: Shift) -> &'static str {
    match shift {
        Shift::Worse => "worse",
        Shift::Better => "better",
        Shift::Other => "other",
    }
}

fn lists(lists: &Lists) -> Value {
    json!({ "added": lists.added, "removed": lists.removed })
}

fn question_change(change: &QuestionChange) -> Value {
    match change {
        QuestionChange::Added { answer_sets } => json!({ "change": "added", "answer_sets": answer_sets }),
        QuestionChange::Removed { answer_sets } => json!({ "change": "removed", "answer_sets": answer_sets }),
        QuestionChange::OtherKind => json!({ "change": "other-kind" }),
        QuestionChange::AskedMore { answer_sets } => {
            json!({ "change": "asked-more", "answer_sets": answer_sets })
        }
        QuestionChange::AskedLess { answer_sets } => {
            json!({ "change": "asked-less", "answer_sets": answer_sets })
        }
        QuestionChange::AnswerAdded { answer, answer_sets } => {
            json!({ "change": "answer-added", "answer": answer, "answer_sets": answer_sets })
        }
        QuestionChange::AnswerRemoved { answer, answer_sets } => {
            json!({ "change": "answer-removed", "answer": answer, "answer_sets": answer_sets })
        }
        QuestionChange::Range { old, new, added, removed } => json!({
            "change": "range",
            "old": [old.0.to_string(), old.1.to_string()],
            "new": [new.0.to_string(), new.1.to_string()],
            "added": added,
            "removed": removed,
        }),
        QuestionChange::Crisis { answer, now } => json!({ "change": "crisis", "answer": answer, "now": now }),
        QuestionChange::Unknown { answer, now } => {
            json!({ "change": "unknown", "answer": answer, "now": now })
        }
        QuestionChange::Alone { answer, now } => json!({ "change": "alone", "answer": answer, "now": now }),
        QuestionChange::Direction => json!({ "change": "direction" }),
        QuestionChange::Section { old, new } => json!({ "change": "section", "old": old, "new": new }),
    }
}

fn rule_change(change: &RuleChange) -> Value {
    match change {
        RuleChange::Added { answer_sets } => json!({ "change": "added", "answer_sets": answer_sets }),
        RuleChange::Removed { answer_sets } => json!({ "change": "removed", "answer_sets": answer_sets }),
        RuleChange::Outcome { old, new } => json!({ "change": "outcome", "old": old, "new": new }),
        RuleChange::Flag { old, new } => json!({ "change": "flag", "old": old, "new": new }),
        RuleChange::TalkTo(changed) => {
            json!({ "change": "talk-to", "added": changed.added, "removed": changed.removed })
        }
    }
}
