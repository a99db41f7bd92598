//! A questionnaire in which every name has been found.

use crate::draft::{Direction, Origin, Reach};
use crate::program::{Condition, OutcomeIdx, Program, QuestionIdx, RuleIdx};

/// A questionnaire without loose ends. Only [`resolve`](crate::resolve) makes one.
///
/// Nothing is proved about it yet: [`verify`](crate::verify) does that.
#[derive(Debug, Clone)]
pub struct Questionnaire {
    pub(crate) program: Program,
    pub(crate) questions: Vec<QuestionFacts>,
    pub(crate) rules: Vec<RuleFacts>,
    pub(crate) sets: Vec<SetFacts>,
    pub(crate) outcomes: Vec<Origin>,
    pub(crate) invariants: Vec<Invariant>,
    pub(crate) origin: Origin,
}

/// What the proof needs to know of a question beyond the program.
#[derive(Debug, Clone)]
pub(crate) struct QuestionFacts {
    pub(crate) origin: Origin,
    pub(crate) options: Vec<OptionFacts>,
    pub(crate) direction: Option<(Direction, Order)>,
    /// Origins of the lines of `asked-when`, in the order of a walk over the condition.
    pub(crate) lines: Vec<Origin>,
}

#[derive(Debug, Clone)]
pub(crate) struct OptionFacts {
    pub(crate) origin: Origin,
    pub(crate) inert: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Order {
    /// Every option, least first.
    Listed(Vec<u16>),
    Higher,
    Lower,
    More,
}

#[derive(Debug, Clone)]
pub(crate) struct RuleFacts {
    pub(crate) origin: Origin,
    pub(crate) lines: Vec<Origin>,
    /// For each conditional `talk-to`.
    pub(crate) talk_lines: Vec<Vec<Origin>>,
}

#[derive(Debug, Clone)]
pub(crate) struct SetFacts {
    pub(crate) name: String,
    pub(crate) origin: Origin,
    pub(crate) lines: Vec<Origin>,
}

#[derive(Debug, Clone)]
pub(crate) struct Invariant {
    pub(crate) id: String,
    pub(crate) origin: Origin,
    pub(crate) promise: Promise,
}

#[derive(Debug, Clone)]
pub(crate) enum Promise {
    Always { when: Condition, lines: Vec<Origin>, outcome: Bound },
    Never { when: Condition, lines: Vec<Origin>, outcome: Bound },
    NeverBetter { with: Vec<QuestionIdx> },
    UnknownIsCareful { with: Vec<QuestionIdx> },
    ExactlyOne { of: Vec<RuleIdx>, when: Option<Condition>, lines: Vec<Origin> },
}

impl Promise {
    /// For which answer sets it is made, and the lines that say so; `None` for all of them.
    pub(crate) fn when(&self) -> Option<(&Condition, &[Origin])> {
        match self {
            Self::Always { when, lines, .. } | Self::Never { when, lines, .. } => Some((when, lines)),
            Self::ExactlyOne { when, lines, .. } => when.as_ref().map(|when| (when, lines.as_slice())),
            Self::NeverBetter { .. } | Self::UnknownIsCareful { .. } => None,
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Bound {
    pub(crate) outcome: OutcomeIdx,
    pub(crate) or: Reach,
}

impl Questionnaire {
    /// The form that runs. Before it is proved it is encoded only [to try it](crate::encode_to_try).
    pub fn program(&self) -> &Program {
        &self.program
    }
}

/// A questionnaire that has been proved. Only [`verify`](crate::verify) makes one: holding it is the proof.
#[derive(Debug, Clone)]
pub struct Verified {
    pub(crate) questionnaire: Questionnaire,
}

impl Verified {
    /// The form that runs.
    pub fn program(&self) -> &Program {
        &self.questionnaire.program
    }

    /// The questionnaire that was proved.
    pub fn questionnaire(&self) -> &Questionnaire {
        &self.questionnaire
    }
}
