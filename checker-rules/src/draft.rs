//! A questionnaire as it was written: every name is still a string, nothing has been looked up.
//!
//! Whoever reads the files builds a [`Draft`]; [`resolve`](crate::resolve) turns it into a
//! [`Questionnaire`](crate::Questionnaire) or says everything that is wrong with it.

use crate::decimal::Decimal;

/// Where something was written. Opaque here: whoever builds the draft mints the numbers and keeps the table
/// from number to file and line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Origin(pub u32);

/// A name as written, and where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// The name itself.
    pub text: String,
    /// Where it stands.
    pub origin: Origin,
}

impl Draft {
    /// Places of the questions that a condition looks at, itself or through named conditions: ascending, each once.
    /// What names no question, or no condition, is passed over.
    pub fn questions_read(&self, condition: &DraftCondition) -> Vec<usize> {
        let mut found = Vec::new();
        self.collect_read(condition, &mut Vec::new(), &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn collect_read<'d>(
        &'d self,
        condition: &'d DraftCondition,
        sets: &mut Vec<&'d str>,
        found: &mut Vec<usize>,
    ) {
        match condition {
            DraftCondition::All(parts)
            | DraftCondition::Any(parts)
            | DraftCondition::None(parts)
            | DraftCondition::AtLeast(_, parts) => {
                for part in parts {
                    self.collect_read(part, sets, found);
                }
            }
            DraftCondition::Set(name) => {
                // A named condition is gone through once, however often it is named: it may go round in circles.
                if !sets.contains(&name.text.as_str())
                    && let Some(set) = self.sets.iter().find(|set| set.name.text == name.text)
                {
                    sets.push(&set.name.text);
                    self.collect_read(&set.condition, sets, found);
                }
            }
            DraftCondition::Line(line) => {
                found
                    .extend(self.questions.iter().position(|question| question.id.text == line.subject.text));
            }
        }
    }
}

impl Name {
    /// A name and where it stands.
    pub fn new(text: impl Into<String>, origin: Origin) -> Self {
        Self { text: text.into(), origin }
    }
}

/// A whole questionnaire as written.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The questionnaire's own id.
    pub id: Name,
    /// Section ids, in the order in which they are shown. May be empty when no question names a section.
    pub sections: Vec<Name>,
    /// Outcome ids, worst first: the worst that any rule asks for wins.
    pub outcomes: Vec<Name>,
    /// The outcome when no rule with an outcome fires. `None`: the proof fails if any answer set lands there.
    pub otherwise: Option<Name>,
    /// Outcomes that end the questions at once.
    pub stop_at: Vec<Name>,
    /// Every id that a rule's `talk_to` may name.
    pub talk_to: Vec<Name>,
    /// Questions in the order in which they are asked.
    pub questions: Vec<DraftQuestion>,
    /// Named conditions.
    pub sets: Vec<DraftSet>,
    /// Rules, in file order.
    pub rules: Vec<DraftRule>,
    /// The promises that the proof must keep.
    pub invariants: Vec<DraftInvariant>,
}

/// One question as written.
#[derive(Debug, Clone)]
pub struct DraftQuestion {
    /// Its id.
    pub id: Name,
    /// The section that it belongs to, one of [`Draft::sections`].
    pub section: Option<Name>,
    /// What kind of answer it takes.
    pub kind: DraftKind,
    /// Options that mean "I do not know" or "I would rather not say". On a number: the id of the one such choice.
    pub unknown: Vec<Name>,
    /// Options after which the very next screen opens with crisis help. For instruments see
    /// [`Instrument::crisis_items`].
    pub crisis: Vec<Name>,
    /// Options that no rule needs to read. The safest option needs no listing.
    pub inert: Vec<Name>,
    /// Which answers are more risk, or more need.
    pub direction: Option<DraftDirection>,
    /// When it is asked; `None`: always.
    pub asked_when: Option<DraftCondition>,
}

/// What kind of answer a question takes.
#[derive(Debug, Clone)]
pub enum DraftKind {
    /// Exactly one of the options.
    One {
        /// Option ids in the order shown.
        options: Vec<Name>,
    },
    /// One or more of the options.
    Many {
        /// Option ids in the order shown.
        options: Vec<Name>,
        /// Options that stand alone, such as `none`.
        exclusive: Vec<Name>,
    },
    /// A number.
    Number {
        /// Its unit, if it has one; every line about it must then name the unit.
        unit: Option<Name>,
        /// The lowest number taken.
        low: Decimal,
        /// The highest number taken.
        high: Decimal,
        /// Digits after the point that a reader may give.
        decimals: u8,
        /// Numbers that are possible but unlikely: the reader is asked once whether they are right. No rule looks at it.
        unlikely: Option<DraftUnlikely>,
    },
    /// A fixed list of items, each answered with a small number, and a score: their sum.
    Instrument {
        /// The instrument, whole.
        instrument: Instrument,
        /// Another instrument that starts with the same items. When that one is asked, this one is not,
        /// and its score is read from there.
        answered_by: Option<Name>,
    },
}

/// Which numbers are unlikely: those below the one or above the other. At least one of the two is needed.
#[derive(Debug, Clone)]
pub struct DraftUnlikely {
    /// Where it is written.
    pub origin: Origin,
    /// Numbers below this are unlikely.
    pub below: Option<Decimal>,
    /// Numbers above this are unlikely.
    pub above: Option<Decimal>,
}

/// The shape of a locked instrument. Its wording lives elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    /// The highest value of each item; the lowest is 0.
    pub items: Vec<u8>,
    /// The first item is a gate: it is not counted, and when it is 0 the score is 0 and the others are not asked.
    pub gated: bool,
    /// Items, counted from 1, for which any answer above 0 calls for crisis help.
    pub crisis_items: Vec<u32>,
}

/// Which answers to a question are worse, and in which sense.
#[derive(Debug, Clone)]
pub struct DraftDirection {
    /// Where it is written.
    pub origin: Origin,
    /// More of it is more risk, or more need.
    pub of: Direction,
    /// The order of the answers.
    pub order: DraftOrder,
}

/// What "more" means for a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More risk: must never give a better outcome.
    Risk,
    /// More need (symptoms): may change the outcome either way.
    Need,
}

/// The order of a question's answers, least first.
#[derive(Debug, Clone)]
pub enum DraftOrder {
    /// One of several options: every option, least to most.
    Listed(Vec<Name>),
    /// A number or an instrument: the higher, the more.
    Higher,
    /// A number or an instrument: the lower, the more.
    Lower,
    /// Several options: the more ticks, the more.
    More,
}

/// A named condition.
#[derive(Debug, Clone)]
pub struct DraftSet {
    /// Its name.
    pub name: Name,
    /// What it stands for.
    pub condition: DraftCondition,
}

/// When something holds.
#[derive(Debug, Clone)]
pub enum DraftCondition {
    /// Every part holds.
    All(Vec<DraftCondition>),
    /// At least one part holds.
    Any(Vec<DraftCondition>),
    /// No part holds.
    None(Vec<DraftCondition>),
    /// At least so many parts hold.
    AtLeast(u32, Vec<DraftCondition>),
    /// A named condition holds.
    Set(Name),
    /// A line about one question holds.
    Line(DraftLine),
}

/// One line about one question.
#[derive(Debug, Clone)]
pub struct DraftLine {
    /// Where it is written.
    pub origin: Origin,
    /// The question.
    pub subject: Name,
    /// What is asked of its answer.
    pub test: DraftTest,
}

/// What a line asks of an answer. On a question that is not asked every test is false, `is not` too.
#[derive(Debug, Clone)]
pub enum DraftTest {
    /// `X is A or B`, on a question that takes one option.
    Is(Vec<Name>),
    /// `X is not A or B`, on a question that takes one option.
    IsNot(Vec<Name>),
    /// `X includes A or B`, on a question that takes several options.
    Includes(Vec<Name>),
    /// `X includes at least 2 of A, B, C`.
    IncludesAtLeast(u32, Vec<Name>),
    /// `X at least 160 mmHg`, on a number or an instrument's score.
    AtLeast(Quantity),
    /// `X below 160 mmHg`, on a number or an instrument's score.
    Below(Quantity),
    /// `X is unknown`.
    IsUnknown,
    /// `X item 9 at least 1`; items count from 1.
    ItemAtLeast {
        /// Which item, counted from 1.
        item: u32,
        /// The least value.
        value: u32,
    },
    /// `X item 9 below 1`; items count from 1.
    ItemBelow {
        /// Which item, counted from 1.
        item: u32,
        /// The value that it stays under.
        value: u32,
    },
}

/// A number with the unit that was written after it.
#[derive(Debug, Clone)]
pub struct Quantity {
    /// The number.
    pub value: Decimal,
    /// The unit, if one was written.
    pub unit: Option<Name>,
}

/// One rule as written.
#[derive(Debug, Clone)]
pub struct DraftRule {
    /// Its id.
    pub id: Name,
    /// The outcome that it asks for; `None` makes it a note.
    pub outcome: Option<Name>,
    /// The flag that it raises; each flag belongs to one rule.
    pub flag: Name,
    /// Who to talk to, whenever it fires.
    pub talk_to: Vec<Name>,
    /// Who else to talk to, depending on the answers.
    pub talk_to_when: Vec<DraftTalkToWhen>,
    /// When it fires.
    pub when: DraftCondition,
    /// Ids of the evidence that it rests on. Not looked at here.
    pub evidence: Vec<Name>,
}

/// People to talk to under a condition.
#[derive(Debug, Clone)]
pub struct DraftTalkToWhen {
    /// Who.
    pub to: Vec<Name>,
    /// When.
    pub when: DraftCondition,
}

/// A promise about every answer set.
#[derive(Debug, Clone)]
pub struct DraftInvariant {
    /// Its id.
    pub id: Name,
    /// What is promised.
    pub promise: DraftPromise,
}

/// What a promise says.
#[derive(Debug, Clone)]
pub enum DraftPromise {
    /// Whenever `when` holds, the outcome is within `outcome`.
    Always {
        /// For which answer sets.
        when: DraftCondition,
        /// Which outcomes are right.
        outcome: DraftBound,
    },
    /// Whenever `when` holds, the outcome is outside `outcome`.
    Never {
        /// For which answer sets.
        when: DraftCondition,
        /// Which outcomes are wrong.
        outcome: DraftBound,
    },
    /// More risk in these questions never gives a better outcome, all else equal.
    NeverBetter {
        /// The questions; each must declare a risk direction.
        with: Vec<Name>,
    },
    /// If some definite answer to the question would block the best outcome, "unknown" blocks it too.
    UnknownIsCareful {
        /// The questions; each must have an unknown answer.
        with: Vec<Name>,
    },
    /// Whenever `when` holds, one of these rules fires and no other of them.
    ExactlyOne {
        /// The rules.
        of: Vec<Name>,
        /// For which answer sets; `None`: for all.
        when: Option<DraftCondition>,
    },
}

/// A stretch of the ordered outcomes: `crisis or worse`, `clearance or better`, `consult`.
#[derive(Debug, Clone)]
pub struct DraftBound {
    /// The outcome named.
    pub name: Name,
    /// How far it stretches.
    pub or: Reach,
}

/// How far a bound stretches from the outcome it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// That outcome or a worse one.
    Worse,
    /// That outcome or a better one.
    Better,
    /// That outcome alone.
    Exactly,
}
