//! The compact form that runs: what [`decode`](crate::decode) yields and [`evaluate`](crate::evaluate) reads.

use crate::decimal::Decimal;

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);

        impl $name {
            /// The place in its list.
            pub fn index(self) -> usize {
                usize::from(self.0)
            }
        }
    };
}

index! {
    /// Which question, in file order.
    QuestionIdx
}
index! {
    /// Which rule, in file order.
    RuleIdx
}
index! {
    /// Which outcome; 0 is the worst.
    OutcomeIdx
}
index! {
    /// Which person or place to talk to.
    TalkIdx
}
index! {
    /// Which section, in the order shown.
    SectionIdx
}

/// A questionnaire that can be run. Made by [`decode`](crate::decode), or read from a
/// [`Questionnaire`](crate::Questionnaire).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    pub(crate) id: String,
    pub(crate) outcomes: Vec<String>,
    pub(crate) otherwise: Option<OutcomeIdx>,
    /// One entry for each outcome.
    pub(crate) stop_at: Vec<bool>,
    pub(crate) talk_to: Vec<String>,
    pub(crate) sections: Vec<String>,
    pub(crate) questions: Vec<Question>,
    /// Every question once; each comes after all that its being asked depends on.
    pub(crate) order: Vec<QuestionIdx>,
    /// Named conditions; each uses only those before it.
    pub(crate) sets: Vec<Condition>,
    pub(crate) rules: Vec<Rule>,
}

/// One question of a [`Program`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its id.
    pub id: String,
    /// Its section, if the questionnaire has sections.
    pub section: Option<SectionIdx>,
    /// What kind of answer it takes.
    pub kind: Kind,
    pub(crate) asked_when: Option<Condition>,
}

/// What kind of answer a question takes, with everything needed to show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Exactly one of the options.
    One {
        /// The options in the order shown.
        options: Vec<Choice>,
    },
    /// One or more of the options.
    Many {
        /// The options in the order shown.
        options: Vec<Choice>,
    },
    /// A number. Values are whole counts of `10^-decimals` of the unit.
    Number {
        /// The unit, if it has one.
        unit: Option<String>,
        /// The lowest value, scaled.
        low: i64,
        /// The highest value, scaled.
        high: i64,
        /// Digits after the point.
        decimals: u8,
        /// The id of the "I do not know" choice, if there is one.
        unknown: Option<String>,
        /// The lowest and the highest value, scaled, that are taken without asking whether they are right.
        usual: (i64, i64),
    },
    /// An instrument.
    Instrument {
        /// The highest value of each item; the lowest is 0.
        items: Vec<u8>,
        /// The first item is a gate.
        gated: bool,
        /// Items, counted from 0, for which any answer above 0 calls for crisis help.
        crisis_items: Vec<u16>,
        /// The longer instrument that this one's score is read from when that is asked.
        answered_by: Option<QuestionIdx>,
    },
}

/// One option of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its id.
    pub id: String,
    /// It stands alone: picking it clears the others.
    pub exclusive: bool,
    /// It means "I do not know" or "I would rather not say".
    pub unknown: bool,
    /// The very next screen opens with crisis help.
    pub crisis: bool,
}

/// One rule of a [`Program`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// The flag that it raises.
    pub flag: String,
    /// The outcome that it asks for; `None`: a note.
    pub outcome: Option<OutcomeIdx>,
    pub(crate) talk_to: Vec<TalkIdx>,
    pub(crate) talk_to_when: Vec<(Vec<TalkIdx>, Condition)>,
    pub(crate) when: Condition,
}

/// When something holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    None(Vec<Condition>),
    AtLeast(u32, Vec<Condition>),
    /// One of [`Program::sets`].
    Set(u16),
    Line(Line),
}

/// A line about one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) question: QuestionIdx,
    pub(crate) test: Test,
}

/// What a line asks of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    /// At least so many of these options are chosen. Options ascend.
    Chosen { at_least: u16, of: Vec<u16> },
    /// None of these options is chosen, and the question is answered. Options ascend.
    NotChosen { of: Vec<u16> },
    /// The number or score is at least this (scaled).
    AtLeast(i64),
    /// The number or score is below this (scaled).
    Below(i64),
    /// The number is not known.
    Unknown,
    /// The item (from 0) is at least this.
    ItemAtLeast { item: u16, value: u8 },
    /// The item (from 0) is below this.
    ItemBelow { item: u16, value: u8 },
}

impl Program {
    /// The questionnaire's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Outcome ids, worst first.
    pub fn outcomes(&self) -> &[String] {
        &self.outcomes
    }

    /// An outcome's id; empty for an index of another program.
    pub fn outcome(&self, outcome: OutcomeIdx) -> &str {
        self.outcomes.get(outcome.index()).map_or("", String::as_str)
    }

    /// The rank of an outcome: 1 for the best, the number of outcomes for the worst.
    pub fn rank(&self, outcome: OutcomeIdx) -> u16 {
        u16::try_from(self.outcomes.len()).unwrap_or(u16::MAX).saturating_sub(outcome.0).max(1)
    }

    /// The outcome when no rule with an outcome fires.
    pub fn otherwise(&self) -> Option<OutcomeIdx> {
        self.otherwise
    }

    /// Whether reaching this outcome ends the questions at once.
    pub fn stops_at(&self, outcome: OutcomeIdx) -> bool {
        self.stop_at.get(outcome.index()).copied().unwrap_or(false)
    }

    /// Ids of those whom a result may send the reader to.
    pub fn talk_to(&self) -> &[String] {
        &self.talk_to
    }

    /// The id of someone to talk to; empty for an index of another program.
    pub fn talk(&self, talk: TalkIdx) -> &str {
        self.talk_to.get(talk.index()).map_or("", String::as_str)
    }

    /// Section ids in the order shown.
    pub fn sections(&self) -> &[String] {
        &self.sections
    }

    /// A section's id; empty for an index of another program.
    pub fn section(&self, section: SectionIdx) -> &str {
        self.sections.get(section.index()).map_or("", String::as_str)
    }

    /// All questions, in file order.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// Every question's index, in file order.
    pub fn question_indices(&self) -> impl Iterator<Item = QuestionIdx> + use<> {
        (0..u16::try_from(self.questions.len()).unwrap_or(u16::MAX)).map(QuestionIdx)
    }

    /// One question; `None` for an index of another program.
    pub fn question(&self, question: QuestionIdx) -> Option<&Question> {
        self.questions.get(question.index())
    }

    /// The question with this id.
    pub fn find_question(&self, id: &str) -> Option<QuestionIdx> {
        let at = self.questions.iter().position(|question| question.id == id)?;
        u16::try_from(at).ok().map(QuestionIdx)
    }

    /// All rules, in file order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// One rule; `None` for an index of another program.
    pub fn rule(&self, rule: RuleIdx) -> Option<&Rule> {
        self.rules.get(rule.index())
    }

    /// The rule with this id.
    pub fn find_rule(&self, id: &str) -> Option<RuleIdx> {
        let at = self.rules.iter().position(|rule| rule.id == id)?;
        u16::try_from(at).ok().map(RuleIdx)
    }

    /// The outcome with this id.
    pub fn find_outcome(&self, id: &str) -> Option<OutcomeIdx> {
        let at = self.outcomes.iter().position(|outcome| outcome == id)?;
        u16::try_from(at).ok().map(OutcomeIdx)
    }
}

impl Question {
    /// The options, or an empty list for a number or an instrument.
    pub fn options(&self) -> &[Choice] {
        match &self.kind {
            Kind::One { options } | Kind::Many { options } => options,
            Kind::Number { .. } | Kind::Instrument { .. } => &[],
        }
    }

    /// The place of the option with this id.
    pub fn find_option(&self, id: &str) -> Option<u16> {
        let at = self.options().iter().position(|option| option.id == id)?;
        u16::try_from(at).ok()
    }

    /// Whether it has answers that call for crisis help.
    pub fn has_crisis_answers(&self) -> bool {
        match &self.kind {
            Kind::Instrument { crisis_items, .. } => !crisis_items.is_empty(),
            _ => self.options().iter().any(|option| option.crisis),
        }
    }

    /// Whether it is asked of everyone.
    pub fn always_asked(&self) -> bool {
        self.asked_when.is_none() && !matches!(self.kind, Kind::Instrument { answered_by: Some(_), .. })
    }

    /// A scaled value of this number question as a decimal, to show it.
    pub fn decimal(&self, value: i64) -> Decimal {
        let scale = match self.kind {
            Kind::Number { decimals, .. } => decimals,
            _ => 0,
        };
        Decimal { digits: value, scale }
    }
}

impl Rule {
    /// Everyone whom this rule may send the reader to, without repeats: the unconditional ones first.
    pub fn may_talk_to(&self) -> Vec<TalkIdx> {
        let mut all: Vec<TalkIdx> = Vec::new();
        for &talk in self.talk_to.iter().chain(self.talk_to_when.iter().flat_map(|(to, _)| to)) {
            if !all.contains(&talk) {
                all.push(talk);
            }
        }
        all
    }
}
