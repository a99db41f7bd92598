//! What a proof found.

use crate::answer::Answer;
use crate::fault::Fault;
use crate::program::{OutcomeIdx, QuestionIdx, RuleIdx};

/// Everything that [`verify`](crate::verify) found out. Counts are exact, in decimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many different complete answer sets there are.
    pub answer_sets: String,
    /// How many of them get each outcome, worst outcome first.
    pub by_outcome: Vec<String>,
    /// For how many no rule with an outcome fires, so that `otherwise` decides.
    pub otherwise: String,
    /// For how many each rule fires, in file order.
    pub by_rule: Vec<String>,
    /// Rules with an outcome that never decide it alone: a rule as bad or worse fires whenever they do.
    /// No mistake: their reasons are shown all the same.
    pub never_alone: Vec<RuleIdx>,
    /// What holds for every answer set.
    pub proved: Vec<Property>,
    /// What does not, each with an example.
    pub refuted: Vec<Refuted>,
    /// What else is wrong.
    pub faults: Vec<Fault>,
    /// How many diagram nodes the proof took.
    pub nodes: u32,
}

/// Something that a proof is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    /// Every answer set gets exactly one outcome.
    OneOutcome,
    /// Every question, rule and outcome can occur, and every condition can hold.
    EverythingReachable,
    /// More risk in this question never gives a better outcome, all else equal.
    RiskMonotone(QuestionIdx),
    /// "Unknown" in this question never reaches the best outcome where a definite answer could have blocked it.
    UnknownCareful(QuestionIdx),
    /// An answer to this question that calls for crisis help never leads to the best outcome.
    CrisisNeverBest(QuestionIdx),
    /// Whatever is answered, a question with answers that call for crisis help is asked, unless the outcome ended the
    /// questions before.
    CrisisAlwaysAsked,
    /// The author's promise with this id.
    Invariant(String),
}

/// A property that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refuted {
    /// Which.
    pub property: Property,
    /// The question that the promise fails for, when it is about questions.
    pub question: Option<QuestionIdx>,
    /// Answers that break it: as few as possible differ from the safest ones.
    pub counterexample: Counterexample,
    /// For properties that compare two answer sets: the other one (less risk, or the definite answer).
    pub beside: Option<Counterexample>,
    /// The questions whose answers in the counterexample are enough: whatever is answered to all others, the property is
    /// broken; without any one of them it no longer must be. In file order.
    pub needed: Vec<QuestionIdx>,
    /// At most three rules to look at, the likeliest first. Empty: no rule asks for what is promised.
    pub look_at: Vec<RuleIdx>,
}

/// A complete answer set that shows something, and what it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterexample {
    /// Every asked question with its answer, in file order.
    pub answers: Vec<(QuestionIdx, Answer)>,
    /// Those whose answer is not the safest one. Leaving any of them at its safest answer no longer shows it.
    pub differs: Vec<QuestionIdx>,
    /// The outcome; `None` when no rule gives one and there is no `otherwise`.
    pub outcome: Option<OutcomeIdx>,
    /// The rules that fire, worst outcome first.
    pub fired: Vec<RuleIdx>,
}

impl Report {
    /// Whether nothing stands against publishing: everything proved, no fault but advice.
    pub fn is_clean(&self) -> bool {
        self.refuted.is_empty() && !self.faults.iter().any(Fault::blocks)
    }
}
