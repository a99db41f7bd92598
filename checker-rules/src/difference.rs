//! What two versions of a questionnaire give to the same people.

use crate::decimal::Decimal;
use crate::report::Counterexample;

/// Everything that [`difference`](crate::difference()) found out. Counts are exact, in decimal digits.
///
/// The two versions are compared *person by person*. A person has one answer to every question that either version asks
/// them, and each version reads the answers to what it asks itself. So skip logic that changed, and questions that came
/// or went, need no exception. Questions are the same when id and kind of answer are; options, rules and outcomes when
/// their ids are.
///
/// What is counted are answer sets of the new version: those that stand for at least one such person. Where the new
/// version no longer asks a question that mattered, one of its answer sets stands for several people; it may then be
/// counted as worse for one and as better for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// How many different complete answer sets the old version has.
    pub old_answer_sets: String,
    /// How many the new version has.
    pub new_answer_sets: String,
    /// How many old ones hold an answer that the new version no longer takes. They are not compared.
    pub old_only: String,
    /// How many new ones hold an answer that the old version did not take. They are not compared.
    pub new_only: String,
    /// For how many of the others nothing differs: same outcome, same rules.
    pub unchanged: String,
    /// Answer sets with another outcome.
    pub outcomes: ByShift,
    /// Answer sets with the same outcome by other rules.
    pub other_reasons: Option<Affected>,
    /// From which outcome to which, worst old outcome first.
    pub outcome_changes: Vec<OutcomeChange>,
    /// Every rule that now says something else to somebody, in the order of the new version; rules that are gone last.
    pub by_rule: Vec<RuleDifference>,
    /// Another outcome that no rule accounts for: `otherwise` or the order of the outcomes changed.
    pub by_no_rule: ByShift,
    /// What was changed in the questions, in the order of the new version; questions that are gone last.
    pub questions: Vec<QuestionDifference>,
    /// Questions that stand at another place among those that both versions have: the fewest that explain the order.
    pub moved: Vec<String>,
    /// What was changed in the rules beside what they do, in the same order as `by_rule`.
    pub rules: Vec<RuleChanges>,
    /// What was changed in the list of outcomes.
    pub results: OutcomeList,
    /// Ids of promises that came and went. A promise with the same id may have been changed all the same.
    pub promises: Lists,
    /// How many diagram nodes the comparison took.
    pub nodes: u32,
}

/// How an outcome compares with the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shift {
    /// A worse one, in the order of the new version.
    Worse,
    /// A better one.
    Better,
    /// Another one, and neither version's order says which is worse.
    Other,
}

/// Answer sets by how their outcome changed; `None` where there are none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ByShift {
    /// A worse outcome.
    pub worse: Option<Affected>,
    /// A better outcome.
    pub better: Option<Affected>,
    /// An outcome of which neither can be said.
    pub other: Option<Affected>,
}

/// Answer sets that something holds for. There is at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affected {
    /// How many.
    pub answer_sets: String,
    /// One of them, with the fewest unusual answers.
    pub example: Example,
}

/// One person in both versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What the old version asks, and what it leads to. Indices are those of the old program.
    pub old: Counterexample,
    /// What the new version asks, and what it leads to. Indices are those of the new program.
    pub new: Counterexample,
}

/// Answer sets that went from one outcome to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeChange {
    /// The outcome's id in the old version; `None`: no rule gave one, and there was no `otherwise`.
    pub old: Option<String>,
    /// The outcome's id in the new version.
    pub new: Option<String>,
    /// Whether that is worse.
    pub shift: Shift,
    /// Who is affected.
    pub affected: Affected,
}

/// A rule that fires for somebody in one version only, or asks for another outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDifference {
    /// The rule's id.
    pub rule: String,
    /// Another outcome because of this rule. Worse: the rule now asks for the outcome that is given, and did not before.
    /// Better: it asked for the outcome that was given, and no longer does.
    pub outcomes: ByShift,
    /// The outcome is the same; this rule is, or was, one of the reasons.
    pub reasons: Option<Affected>,
    /// The outcome changed because of something else; this rule changed beside it.
    pub beside: Option<Affected>,
}

/// What was changed in one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionDifference {
    /// Its id.
    pub question: String,
    /// What was changed; never empty.
    pub changes: Vec<QuestionChange>,
}

/// One thing that was changed in a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionChange {
    /// It is new.
    Added {
        /// In how many new answer sets it is asked.
        answer_sets: String,
    },
    /// It is gone.
    Removed {
        /// In how many old answer sets it was asked.
        answer_sets: String,
    },
    /// It takes answers of another kind, so that it counts as another question: removed and added.
    OtherKind,
    /// It is asked of people of whom it was not asked before.
    AskedMore {
        /// In how many new answer sets.
        answer_sets: String,
    },
    /// It is no longer asked of people of whom it was asked.
    AskedLess {
        /// In how many new answer sets.
        answer_sets: String,
    },
    /// It takes an answer that it did not take.
    AnswerAdded {
        /// The option's id.
        answer: String,
        /// How many new answer sets hold it.
        answer_sets: String,
    },
    /// It no longer takes an answer.
    AnswerRemoved {
        /// The option's id.
        answer: String,
        /// How many old answer sets held it.
        answer_sets: String,
    },
    /// It takes other numbers.
    Range {
        /// The lowest and the highest before.
        old: (Decimal, Decimal),
        /// The lowest and the highest now.
        new: (Decimal, Decimal),
        /// How many new answer sets hold a number that was not taken before.
        added: String,
        /// How many old answer sets held a number that is no longer taken.
        removed: String,
    },
    /// An answer that called for crisis help on the next screen and does not now, or the other way round.
    Crisis {
        /// The option's id, or the number of the item.
        answer: String,
        /// Whether it does now.
        now: bool,
    },
    /// An answer means "I do not know" in one version only.
    Unknown {
        /// The option's id.
        answer: String,
        /// Whether it does now.
        now: bool,
    },
    /// An answer stands alone in one version only.
    Alone {
        /// The option's id.
        answer: String,
        /// Whether it does now.
        now: bool,
    },
    /// Another order of risk or need among its answers.
    Direction,
    /// Another section.
    Section {
        /// Its id before; empty where there was none.
        old: String,
        /// Its id now.
        new: String,
    },
}

/// What was changed in a rule, beside whom it applies to and which outcome it asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleChanges {
    /// The rule's id.
    pub rule: String,
    /// What was changed; never empty.
    pub changes: Vec<RuleChange>,
}

/// One thing that was changed in a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleChange {
    /// It is new.
    Added {
        /// In how many new answer sets it fires.
        answer_sets: String,
    },
    /// It is gone.
    Removed {
        /// In how many old answer sets it fired.
        answer_sets: String,
    },
    /// It asks for another outcome.
    Outcome {
        /// The outcome's id before; `None`: it was a note.
        old: Option<String>,
        /// The outcome's id now.
        new: Option<String>,
    },
    /// It raises another flag.
    Flag {
        /// The flag before.
        old: String,
        /// The flag now.
        new: String,
    },
    /// Where it fires in both versions, it now sends somebody to others.
    TalkTo(Lists),
}

/// Ids that came and went.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lists {
    /// Those that are new.
    pub added: Vec<String>,
    /// Those that are gone.
    pub removed: Vec<String>,
}

/// What was changed in the list of outcomes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutcomeList {
    /// Outcomes that came and went.
    pub ids: Lists,
    /// Outcomes at another place among those that both versions have.
    pub moved: Vec<String>,
    /// The outcome where no rule gives one, before and now, if it changed.
    pub otherwise: Option<(Option<String>, Option<String>)>,
    /// Outcomes that now end the questions at once, and those that no longer do.
    pub stop_at: Lists,
}

impl Difference {
    /// Whether every new answer set gets the same outcome by the same rules as before, and can be compared.
    pub fn nothing_changed(&self) -> bool {
        let none = |count: &String| count == "0";
        self.outcomes.is_empty()
            && self.other_reasons.is_none()
            && none(&self.old_only)
            && none(&self.new_only)
    }
}

impl ByShift {
    /// Whether there are no such answer sets.
    pub fn is_empty(&self) -> bool {
        self.worse.is_none() && self.better.is_none() && self.other.is_none()
    }
}

impl Lists {
    /// Whether nothing came or went.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }
}
