//! What can be wrong with a questionnaire, as data. The words for it live with whoever speaks to the author.

use crate::decimal::Decimal;
use crate::draft::Origin;

/// Something wrong, and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub origin: Origin,
    /// What.
    pub kind: FaultKind,
}

/// What sort of thing a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// The questionnaire itself.
    Checker,
    /// A section of questions.
    Section,
    /// A question.
    Question,
    /// An option of a question.
    Option,
    /// A named condition.
    Set,
    /// An outcome.
    Outcome,
    /// Someone to talk to.
    TalkTo,
    /// A rule.
    Rule,
    /// A rule's flag.
    Flag,
    /// A promise.
    Invariant,
}

/// What kind of question is meant, without its details.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuestionKind {
    /// One of several options.
    One,
    /// Several of several options.
    Many,
    /// A number.
    Number,
    /// An instrument.
    Instrument,
}

/// Which test a line makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TestKind {
    /// `is`.
    Is,
    /// `is not`.
    IsNot,
    /// `includes`.
    Includes,
    /// `includes at least N of`.
    IncludesAtLeast,
    /// `at least`.
    AtLeast,
    /// `below`.
    Below,
    /// `is unknown`.
    IsUnknown,
    /// `item N at least`.
    ItemAtLeast,
    /// `item N below`.
    ItemBelow,
}

/// Which list is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EmptyList {
    /// The questionnaire has no outcomes.
    Outcomes,
    /// The questionnaire has no questions.
    Questions,
    /// A question has no options.
    Options,
    /// An instrument has no items.
    Items,
    /// A line names no options.
    LineOptions,
    /// `all`, `any`, `none` or `at-least` has no parts.
    Parts,
    /// A promise about questions names none.
    Promise,
    /// A promise about rules names none.
    PromiseRules,
    /// A conditional `talk-to` names nobody.
    TalkTo,
}

/// Where a condition stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The `when` of this rule.
    Rule(String),
    /// The `asked-when` of this question.
    AskedWhen(String),
    /// This named condition.
    Set(String),
    /// A conditional `talk-to` of this rule.
    TalkTo(String),
    /// The `when` of this promise.
    Invariant(String),
}

/// What is wrong. Names are given as written, so that a message can quote them.
///
/// The first part comes from [`resolve`](crate::resolve), the second from [`verify`](crate::verify).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// A name that nothing carries.
    UnknownName {
        /// What was looked for.
        what: Thing,
        /// The name as written.
        name: String,
        /// For an option: its question.
        of: Option<String>,
        /// The nearest name that exists, if one is near.
        nearest: Option<String>,
    },
    /// A name given twice. The fault stands at the second place.
    DuplicateName {
        /// What is named.
        what: Thing,
        /// The name.
        name: String,
        /// For an option: its question.
        of: Option<String>,
        /// Where it was first.
        first: Origin,
    },
    /// A flag raised by two rules. The fault stands at the second.
    FlagUsedTwice {
        /// The flag.
        flag: String,
        /// The rule that raised it first.
        first_rule: String,
        /// Where.
        first: Origin,
    },
    /// A name that is the empty string.
    EmptyName {
        /// What has no name.
        what: Thing,
    },
    /// A list that needs at least one entry.
    Empty {
        /// Which list.
        list: EmptyList,
        /// The name of its owner.
        owner: String,
    },
    /// A test that does not fit the kind of question.
    WrongTest {
        /// The question.
        question: String,
        /// Its kind.
        kind: QuestionKind,
        /// The test that was written.
        test: TestKind,
    },
    /// `is unknown` on a question that has no unknown answer.
    NoUnknownAnswer {
        /// The question.
        question: String,
    },
    /// A number without its unit.
    MissingUnit {
        /// The question.
        question: String,
        /// The number as written.
        value: Decimal,
        /// The unit to add.
        unit: String,
        /// The test, to write the right line.
        test: TestKind,
    },
    /// A number in another unit than the question's.
    WrongUnit {
        /// The question.
        question: String,
        /// The number as written.
        value: Decimal,
        /// The unit as written.
        found: String,
        /// The question's unit.
        unit: String,
        /// The test.
        test: TestKind,
    },
    /// A unit where the question has none.
    NeedlessUnit {
        /// The question.
        question: String,
        /// The unit as written.
        found: String,
    },
    /// A threshold that every possible number is on one side of.
    OutsideRange {
        /// The question.
        question: String,
        /// For an item of an instrument: which, counted from 1.
        item: Option<u32>,
        /// The threshold.
        value: Decimal,
        /// The lowest possible number.
        low: Decimal,
        /// The highest possible number.
        high: Decimal,
        /// Whether the line would hold for every number, or for none.
        always: bool,
    },
    /// A number with more digits after the point than the question takes.
    TooPrecise {
        /// The question.
        question: String,
        /// The number as written.
        value: Decimal,
        /// How many digits after the point the question takes.
        decimals: u8,
    },
    /// The limits of what is unlikely do not lie within the range, or leave nothing unlikely or nothing likely.
    BadUnlikely {
        /// The question.
        question: String,
        /// The lowest number taken.
        low: Decimal,
        /// The highest number taken.
        high: Decimal,
    },
    /// A number question whose lowest is not below its highest, or whose limits do not fit its decimals.
    BadRange {
        /// The question.
        question: String,
        /// Its lowest number.
        low: Decimal,
        /// Its highest number.
        high: Decimal,
    },
    /// An item that the instrument does not have.
    NoSuchItem {
        /// The question.
        question: String,
        /// The item as written.
        item: u32,
        /// How many items there are.
        items: u32,
    },
    /// Items of a gated instrument: at least a gate and one more item are needed, and only the gate decides.
    BadGate {
        /// The question.
        question: String,
    },
    /// `answered-by` names something that does not start with the same items.
    CannotAnswer {
        /// The question.
        question: String,
        /// The question named.
        by: String,
    },
    /// A count that can never be reached or is always reached: `at least 5 of` three things, or `at least 0 of`.
    BadCount {
        /// The count as written.
        count: u32,
        /// How many there are.
        of: u32,
    },
    /// The same option twice in one list.
    RepeatedOption {
        /// The question.
        question: String,
        /// The option.
        option: String,
    },
    /// A setting that this kind of question does not have (crisis or inert on a number, a second unknown choice…).
    SettingDoesNotFit {
        /// The question.
        question: String,
        /// Its kind.
        kind: QuestionKind,
        /// Which setting: `unknown`, `crisis`, `inert` or `direction`.
        setting: Setting,
    },
    /// A risk or need list that leaves options out.
    DirectionIncomplete {
        /// The question.
        question: String,
        /// The options left out.
        missing: Vec<String>,
    },
    /// Every option of the question stands alone, or none but exclusive ones are left.
    OnlyExclusive {
        /// The question.
        question: String,
    },
    /// Questions that wait for one another. In order; the last waits for the first.
    QuestionCycle {
        /// Their ids.
        questions: Vec<String>,
    },
    /// Named conditions that use one another. In order; the last uses the first.
    SetCycle {
        /// Their names.
        sets: Vec<String>,
    },
    /// Conditions nested too deeply.
    TooDeep {
        /// The depth allowed.
        limit: u32,
    },
    /// More of something than fits.
    TooMany {
        /// What there is too much of.
        what: Thing,
        /// How many are allowed.
        limit: u32,
    },
    /// An outcome ends the questions at once although a worse one does not: finishing early could hide the worse one.
    StopBeforeWorse {
        /// The outcome that ends the questions.
        outcome: String,
        /// Worse outcomes that do not.
        worse: Vec<String>,
    },
    /// A promise of no use: its question declares no risk direction (`never-better`).
    NoRiskDirection {
        /// The question.
        question: String,
    },
    /// The name of a set is also the name of a question.
    AmbiguousName {
        /// The name.
        name: String,
        /// Where the question is.
        question: Origin,
    },

    /// A condition that no answer set fulfils.
    NeverHolds {
        /// Where it stands.
        place: Place,
        /// The whole condition, or one branch of it.
        whole: bool,
        /// The lines that cannot hold together, none of them needless. Empty if it could not be narrowed down.
        lines: Vec<Origin>,
        /// Questions whose `asked-when` stands in the way. Empty: the lines contradict each other by themselves.
        because_asked_when: Vec<String>,
    },
    /// A question that is never asked because another one always answers it.
    NeverAsked {
        /// The question.
        question: String,
    },
    /// An outcome that no answer set gets.
    OutcomeNeverReached {
        /// The outcome.
        outcome: String,
        /// The rules that ask for it.
        asked_by: Vec<String>,
        /// Worse rules that fire whenever those do.
        covered_by: Vec<String>,
    },
    /// An option that no line reads, that is not the safest one and not listed as inert.
    OptionNotRead {
        /// The question.
        question: String,
        /// The option.
        option: String,
    },
    /// A question that no line reads.
    QuestionNotRead {
        /// The question.
        question: String,
    },
    /// A question that lines read, and whose answer nevertheless changes nothing: no rule that fires, nobody to talk to, no
    /// question that is asked.
    QuestionMakesNoDifference {
        /// The question.
        question: String,
    },
    /// An option that lines read, and that nevertheless never changes anything compared with the safest answer.
    OptionMakesNoDifference {
        /// The question.
        question: String,
        /// The option.
        option: String,
    },
    /// A question with several options that lines read, none of which says "none of these".
    NoNoneOption {
        /// The question.
        question: String,
    },
    /// Two rules with the same condition but for the limits on one number or score, which overlap without one lying
    /// within the other: both fire in between. The fault stands at the second rule's limit.
    BandsOverlap {
        /// The rule with the lower numbers.
        lower: String,
        /// The rule with the higher numbers.
        higher: String,
        /// The question.
        question: String,
        /// The lowest number for which both fire.
        from: Decimal,
        /// The highest number for which both fire.
        to: Decimal,
    },
    /// The first question with crisis answers that everyone is asked comes after questions that have nothing to do with
    /// safety and that everyone is asked too.
    CrisisAskedLate {
        /// The question with crisis answers.
        question: String,
        /// The first question that should come later.
        after: String,
    },
    /// The proof was given up: too many answers act on each other.
    TooEntangled {
        /// The questions that interact most, worst first.
        questions: Vec<String>,
        /// How many nodes were built before giving up.
        nodes: u32,
    },
}

/// A setting of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    /// `unknown`.
    Unknown,
    /// `crisis`.
    Crisis,
    /// `inert`.
    Inert,
    /// `risk` or `need`.
    Direction,
    /// `exclusive`.
    Exclusive,
}

impl Fault {
    /// Whether this keeps the questionnaire from being published. The others are advice.
    pub fn blocks(&self) -> bool {
        !matches!(
            self.kind,
            FaultKind::OptionNotRead { .. }
                | FaultKind::QuestionNotRead { .. }
                | FaultKind::QuestionMakesNoDifference { .. }
                | FaultKind::OptionMakesNoDifference { .. }
                | FaultKind::NoNoneOption { .. }
                | FaultKind::BandsOverlap { .. }
                | FaultKind::CrisisAskedLate { .. }
        )
    }
}
