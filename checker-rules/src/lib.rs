//! What a questionnaire means: one crate proves it on the build machine and runs it in the reader's browser.
//!
//! ```text
//!   Draft ──resolve──▶ Questionnaire ──verify──▶ Verified ──encode──▶ bytes ──decode──▶ Program ──▶ Session
//!   names are strings   no loose ends            proved                                  runs        answers
//! ```
//!
//! No dependency, no file, no clock, no random number, no sentence: whatever is wrong is a [`Fault`], which is data
//! with an opaque [`Origin`]; whoever built the [`Draft`] turns it into words. Nothing here panics, whatever the input.

mod answer;
mod code;
mod decimal;
mod difference;
mod draft;
mod evaluate;
mod fault;
mod nearest;
mod order;
mod program;
mod questionnaire;
mod report;
mod resolve;
mod session;
mod verify;

pub use answer::{Answer, AnswerError, Answers};
pub use code::{DecodeError, checksum, decode, encode, encode_for_page, encode_to_try};
pub use decimal::Decimal;
pub use difference::{
    Affected, ByShift, Difference, Example, Lists, OutcomeChange, OutcomeList, QuestionChange,
    QuestionDifference, RuleChange, RuleChanges, RuleDifference, Shift,
};
pub use draft::{
    Direction, Draft, DraftBound, DraftCondition, DraftDirection, DraftInvariant, DraftKind, DraftLine,
    DraftOrder, DraftPromise, DraftQuestion, DraftRule, DraftSet, DraftTalkToWhen, DraftTest, DraftUnlikely,
    Instrument, Name, Origin, Quantity, Reach,
};
pub use evaluate::{Because, Evaluation, because, evaluate};
pub use fault::{EmptyList, Fault, FaultKind, Place, QuestionKind, Setting, TestKind, Thing};
pub use program::{
    Choice, Kind, OutcomeIdx, Program, Question, QuestionIdx, Rule, RuleIdx, SectionIdx, TalkIdx,
};
pub use questionnaire::{Questionnaire, Verified};
pub use report::{Counterexample, Property, Refuted, Report};
pub use resolve::resolve;
pub use session::{Progress, Screen, Session};
pub use verify::{Diagrams, Purpose, Verdict, Worked, difference, verify, worked};
