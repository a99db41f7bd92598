//! A program as bytes, and back. Both directions live here, so that they cannot drift apart.
//!
//! Layout: two magic bytes, a version, a table of strings (each once), then the program in the order of its fields.
//! Whole numbers are base-128 with the low bits first; signed ones zigzag; ascending lists are kept as steps.

use std::collections::BTreeMap;

use crate::decimal::Decimal;
use crate::program::{
    Choice, Condition, Kind, Line, OutcomeIdx, Program, Question, QuestionIdx, Rule, SectionIdx, TalkIdx,
    Test,
};
use crate::questionnaire::{Questionnaire, Verified};
use crate::resolve::{MAX_DEPTH, MAX_SPAN, depth, highest_score, needs, set_depths, set_reads};

const MAGIC: [u8; 2] = *b"CR";

/// Raised by one whenever the layout or the meaning changes.
const VERSION: u8 = 1;

/// Why bytes are not a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecodeError {
    /// They are not a program at all.
    NotAProgram,
    /// They were made by another version of this crate.
    OtherVersion,
    /// They end too early or go on too long.
    WrongLength,
    /// They name something that is not there, contradict themselves, or nest too deeply.
    Malformed,
}

/// The proved program as bytes; the same program gives the same bytes.
pub fn encode(verified: &Verified) -> Vec<u8> {
    encode_program(verified.program())
}

/// The same without the names that no reader's browser needs: of rules, of flags, of those to talk to. What the program
/// asks and gives is the same.
pub fn encode_for_page(verified: &Verified) -> Vec<u8> {
    without_names(verified.program())
}

/// A questionnaire that may well be unproved, in the form of [`encode_for_page`]: for the machine of whoever writes it, to
/// see what it would do to a reader. Never for a page that readers see.
pub fn encode_to_try(questionnaire: &Questionnaire) -> Vec<u8> {
    without_names(questionnaire.program())
}

fn without_names(program: &Program) -> Vec<u8> {
    let mut program = program.clone();
    for rule in &mut program.rules {
        rule.id.clear();
        rule.flag.clear();
    }
    program.talk_to.iter_mut().for_each(String::clear);
    encode_program(&program)
}

/// A sum over bytes that changes with any one of them: a page that was damaged on its way is told from a whole one.
pub fn checksum(parts: &[&[u8]]) -> u32 {
    let mut sum = 0x811c_9dc5_u32;
    for part in parts {
        for byte in *part {
            sum = (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
    }
    sum
}

/// Reads a program. Total: any bytes give a program or an error, and whatever program they give can be run.
pub fn decode(bytes: &[u8]) -> Result<Program, DecodeError> {
    let mut reader = Reader { bytes, strings: Vec::new() };
    if reader.take(2)? != MAGIC {
        return Err(DecodeError::NotAProgram);
    }
    if reader.byte()? != VERSION {
        return Err(DecodeError::OtherVersion);
    }
    let program = reader.program()?;
    if !reader.bytes.is_empty() {
        return Err(DecodeError::WrongLength);
    }
    check(&program)?;
    Ok(program)
}

pub(crate) fn encode_program(program: &Program) -> Vec<u8> {
    let mut writer = Writer { body: Vec::new(), strings: BTreeMap::new(), table: Vec::new() };
    writer.program(program);
    let mut bytes = Vec::with_capacity(writer.body.len() + 16 * writer.table.len());
    bytes.extend(MAGIC);
    bytes.push(VERSION);
    put_number(&mut bytes, writer.table.len() as u64);
    for string in &writer.table {
        put_number(&mut bytes, string.len() as u64);
        bytes.extend(string.as_bytes());
    }
    bytes.extend(writer.body);
    bytes
}

fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

struct Writer<'p> {
    body: Vec<u8>,
    strings: BTreeMap<&'p str, u64>,
    table: Vec<&'p str>,
}

impl<'p> Writer<'p> {
    fn byte(&mut self, byte: u8) {
        self.body.push(byte);
    }

    fn number(&mut self, number: impl Into<u64>) {
        put_number(&mut self.body, number.into());
    }

    fn count(&mut self, count: usize) {
        put_number(&mut self.body, count as u64);
    }

    fn signed(&mut self, number: i64) {
        put_number(&mut self.body, ((number << 1) ^ (number >> 63)) as u64);
    }

    fn string(&mut self, string: &'p str) {
        let next = self.table.len() as u64;
        let at = *self.strings.entry(string).or_insert(next);
        if at == next {
            self.table.push(string);
        }
        put_number(&mut self.body, at);
    }

    fn strings(&mut self, strings: &'p [String]) {
        self.count(strings.len());
        for string in strings {
            self.string(string);
        }
    }

    /// 0 for none, else one more than the value.
    fn maybe(&mut self, value: Option<u16>) {
        self.number(value.map_or(0, |value| u32::from(value) + 1));
    }

    /// Ascending places, as steps.
    fn ascending(&mut self, places: &[u16]) {
        self.count(places.len());
        let mut next = 0u16;
        for &place in places {
            self.number(place.saturating_sub(next));
            next = place.saturating_add(1);
        }
    }

    fn program(&mut self, program: &'p Program) {
        self.string(&program.id);
        self.strings(&program.outcomes);
        self.maybe(program.otherwise.map(|outcome| outcome.0));
        for &stops in &program.stop_at {
            self.byte(u8::from(stops));
        }
        self.strings(&program.talk_to);
        self.strings(&program.sections);
        self.count(program.questions.len());
        for question in &program.questions {
            self.question(question);
        }
        for &question in &program.order {
            self.number(question.0);
        }
        self.count(program.sets.len());
        for set in &program.sets {
            self.condition(set);
        }
        self.count(program.rules.len());
        for rule in &program.rules {
            self.rule(rule);
        }
    }

    fn question(&mut self, question: &'p Question) {
        self.string(&question.id);
        self.maybe(question.section.map(|section| section.0));
        match &question.kind {
            Kind::One { options } => {
                self.byte(0);
                self.choices(options);
            }
            Kind::Many { options } => {
                self.byte(1);
                self.choices(options);
            }
            Kind::Number { unit, low, high, decimals, unknown, usual } => {
                self.byte(2);
                let all = *usual == (*low, *high);
                self.byte(u8::from(unit.is_some()) | u8::from(unknown.is_some()) << 1 | u8::from(!all) << 2);
                for string in [unit, unknown].into_iter().flatten() {
                    self.string(string);
                }
                self.signed(*low);
                self.signed(*high);
                self.byte(*decimals);
                if !all {
                    self.signed(usual.0);
                    self.signed(usual.1);
                }
            }
            Kind::Instrument { items, gated, crisis_items, answered_by } => {
                self.byte(3);
                self.count(items.len());
                self.body.extend(items);
                self.byte(u8::from(*gated));
                self.count(crisis_items.len());
                for &item in crisis_items {
                    self.number(item);
                }
                self.maybe(answered_by.map(|by| by.0));
            }
        }
        self.byte(u8::from(question.asked_when.is_some()));
        if let Some(when) = &question.asked_when {
            self.condition(when);
        }
    }

    fn choices(&mut self, options: &'p [Choice]) {
        self.count(options.len());
        for option in options {
            self.string(&option.id);
            self.byte(
                u8::from(option.exclusive) | u8::from(option.unknown) << 1 | u8::from(option.crisis) << 2,
            );
        }
    }

    fn talk(&mut self, talk: &[TalkIdx]) {
        self.count(talk.len());
        for talk in talk {
            self.number(talk.0);
        }
    }

    fn rule(&mut self, rule: &'p Rule) {
        self.string(&rule.id);
        self.string(&rule.flag);
        self.maybe(rule.outcome.map(|outcome| outcome.0));
        self.talk(&rule.talk_to);
        self.count(rule.talk_to_when.len());
        for (to, when) in &rule.talk_to_when {
            self.talk(to);
            self.condition(when);
        }
        self.condition(&rule.when);
    }

    fn condition(&mut self, condition: &Condition) {
        let (tag, parts) = match condition {
            Condition::All(parts) => (0, parts),
            Condition::Any(parts) => (1, parts),
            Condition::None(parts) => (2, parts),
            Condition::AtLeast(count, parts) => {
                self.byte(3);
                self.number(*count);
                self.parts(parts);
                return;
            }
            Condition::Set(at) => {
                self.byte(4);
                self.number(*at);
                return;
            }
            Condition::Line(line) => {
                self.line(line);
                return;
            }
        };
        self.byte(tag);
        self.parts(parts);
    }

    fn parts(&mut self, parts: &[Condition]) {
        self.count(parts.len());
        for part in parts {
            self.condition(part);
        }
    }

    fn line(&mut self, line: &Line) {
        let tag = match &line.test {
            Test::Chosen { at_least: 1, .. } => 5,
            Test::Chosen { .. } => 6,
            Test::NotChosen { .. } => 7,
            Test::AtLeast(_) => 8,
            Test::Below(_) => 9,
            Test::Unknown => 10,
            Test::ItemAtLeast { .. } => 11,
            Test::ItemBelow { .. } => 12,
        };
        self.byte(tag);
        self.number(line.question.0);
        match &line.test {
            Test::Chosen { at_least, of } => {
                if *at_least != 1 {
                    self.number(*at_least);
                }
                self.ascending(of);
            }
            Test::NotChosen { of } => self.ascending(of),
            Test::AtLeast(value) | Test::Below(value) => self.signed(*value),
            Test::Unknown => {}
            Test::ItemAtLeast { item, value } | Test::ItemBelow { item, value } => {
                self.number(*item);
                self.byte(*value);
            }
        }
    }
}

struct Reader<'b> {
    bytes: &'b [u8],
    strings: Vec<&'b str>,
}

impl<'b> Reader<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8], DecodeError> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(DecodeError::WrongLength)?;
        self.bytes = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, DecodeError> {
        let (&byte, rest) = self.bytes.split_first().ok_or(DecodeError::WrongLength)?;
        self.bytes = rest;
        Ok(byte)
    }

    /// A byte whose bits above `mask` are clear.
    fn flags(&mut self, mask: u8) -> Result<u8, DecodeError> {
        let byte = self.byte()?;
        if byte & !mask == 0 { Ok(byte) } else { Err(DecodeError::Malformed) }
    }

    fn flag(&mut self) -> Result<bool, DecodeError> {
        Ok(self.flags(1)? == 1)
    }

    fn number(&mut self) -> Result<u64, DecodeError> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(DecodeError::Malformed);
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(DecodeError::Malformed)
    }

    fn small<T: TryFrom<u64>>(&mut self) -> Result<T, DecodeError> {
        T::try_from(self.number()?).map_err(|_| DecodeError::Malformed)
    }

    fn signed(&mut self) -> Result<i64, DecodeError> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// How many entries follow. Each takes at least one byte, so no more than there are bytes: a wrong count cannot
    /// ask for more memory than the input itself takes.
    fn count(&mut self) -> Result<usize, DecodeError> {
        let count: usize = self.small()?;
        if count <= self.bytes.len() && count <= usize::from(u16::MAX) {
            Ok(count)
        } else {
            Err(DecodeError::WrongLength)
        }
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Result<T, DecodeError>) -> Result<Vec<T>, DecodeError> {
        let count = self.count()?;
        self.times(count, read)
    }

    /// So many entries. A loop and not a chain of adapters, which would be several times the code to download.
    fn times<T>(
        &mut self,
        count: usize,
        mut read: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let mut list = Vec::with_capacity(count);
        for _ in 0..count {
            list.push(read(self)?);
        }
        Ok(list)
    }

    fn string(&mut self) -> Result<String, DecodeError> {
        let at: usize = self.small()?;
        self.strings.get(at).map(|&string| string.to_owned()).ok_or(DecodeError::Malformed)
    }

    fn maybe(&mut self) -> Result<Option<u16>, DecodeError> {
        match self.number()? {
            0 => Ok(None),
            more => u16::try_from(more - 1).map(Some).map_err(|_| DecodeError::Malformed),
        }
    }

    fn ascending(&mut self) -> Result<Vec<u16>, DecodeError> {
        let count = self.count()?;
        let mut next = 0u32;
        self.times(count, |reader| {
            let step: u16 = reader.small()?;
            let place = u16::try_from(next + u32::from(step)).map_err(|_| DecodeError::Malformed)?;
            next = u32::from(place) + 1;
            Ok(place)
        })
    }

    fn program(&mut self) -> Result<Program, DecodeError> {
        let strings = self.count()?;
        for _ in 0..strings {
            let length = self.small()?;
            let string = std::str::from_utf8(self.take(length)?).map_err(|_| DecodeError::Malformed)?;
            self.strings.push(string);
        }
        let id = self.string()?;
        let outcomes = self.list(Self::string)?;
        let otherwise = self.maybe()?.map(OutcomeIdx);
        let stop_at = self.times(outcomes.len(), Self::flag)?;
        let talk_to = self.list(Self::string)?;
        let sections = self.list(Self::string)?;
        let questions = self.list(Self::question)?;
        let order = self.times(questions.len(), |reader| reader.small().map(QuestionIdx))?;
        let sets = self.list(|reader| reader.condition(0))?;
        let rules = self.list(Self::rule)?;
        Ok(Program { id, outcomes, otherwise, stop_at, talk_to, sections, questions, order, sets, rules })
    }

    fn question(&mut self) -> Result<Question, DecodeError> {
        let id = self.string()?;
        let section = self.maybe()?.map(SectionIdx);
        let kind = match self.byte()? {
            0 => Kind::One { options: self.list(Self::choice)? },
            1 => Kind::Many { options: self.list(Self::choice)? },
            2 => {
                let has = self.flags(7)?;
                let unit = if has & 1 != 0 { Some(self.string()?) } else { None };
                let unknown = if has & 2 != 0 { Some(self.string()?) } else { None };
                let (low, high, decimals) = (self.signed()?, self.signed()?, self.byte()?);
                let usual = if has & 4 != 0 { (self.signed()?, self.signed()?) } else { (low, high) };
                Kind::Number { unit, low, high, decimals, unknown, usual }
            }
            3 => {
                let count = self.count()?;
                let items = self.take(count)?.to_vec();
                let gated = self.flag()?;
                let crisis_items = self.list(Self::small::<u16>)?;
                let answered_by = self.maybe()?.map(QuestionIdx);
                Kind::Instrument { items, gated, crisis_items, answered_by }
            }
            _ => return Err(DecodeError::Malformed),
        };
        let asked_when = if self.flag()? { Some(self.condition(0)?) } else { None };
        Ok(Question { id, section, kind, asked_when })
    }

    fn choice(&mut self) -> Result<Choice, DecodeError> {
        let id = self.string()?;
        let flags = self.flags(7)?;
        Ok(Choice { id, exclusive: flags & 1 != 0, unknown: flags & 2 != 0, crisis: flags & 4 != 0 })
    }

    fn talk(&mut self) -> Result<Vec<TalkIdx>, DecodeError> {
        self.list(|reader| reader.small().map(TalkIdx))
    }

    fn rule(&mut self) -> Result<Rule, DecodeError> {
        let id = self.string()?;
        let flag = self.string()?;
        let outcome = self.maybe()?.map(OutcomeIdx);
        let talk_to = self.talk()?;
        let talk_to_when = self.list(|reader| Ok((reader.talk()?, reader.condition(0)?)))?;
        let when = self.condition(0)?;
        Ok(Rule { id, flag, outcome, talk_to, talk_to_when, when })
    }

    fn condition(&mut self, depth: u32) -> Result<Condition, DecodeError> {
        if depth > MAX_DEPTH {
            return Err(DecodeError::Malformed);
        }
        let tag = self.byte()?;
        match tag {
            0..=3 => {
                let count = if tag == 3 { self.small()? } else { 0 };
                let parts = self.list(|reader| reader.condition(depth + 1))?;
                Ok(match tag {
                    0 => Condition::All(parts),
                    1 => Condition::Any(parts),
                    2 => Condition::None(parts),
                    _ => Condition::AtLeast(count, parts),
                })
            }
            4 => Ok(Condition::Set(self.small()?)),
            _ => {
                let question = self.small().map(QuestionIdx)?;
                let test = match tag {
                    5 => Test::Chosen { at_least: 1, of: self.ascending()? },
                    6 => Test::Chosen { at_least: self.small()?, of: self.ascending()? },
                    7 => Test::NotChosen { of: self.ascending()? },
                    8 => Test::AtLeast(self.signed()?),
                    9 => Test::Below(self.signed()?),
                    10 => Test::Unknown,
                    11 => Test::ItemAtLeast { item: self.small()?, value: self.byte()? },
                    12 => Test::ItemBelow { item: self.small()?, value: self.byte()? },
                    _ => return Err(DecodeError::Malformed),
                };
                Ok(Condition::Line(Line { question, test }))
            }
        }
    }
}

/// Everything that a program names is there, and every line fits its question.
fn check(program: &Program) -> Result<(), DecodeError> {
    let right = |holds: bool| if holds { Ok(()) } else { Err(DecodeError::Malformed) };
    let outcome = |outcome: Option<OutcomeIdx>| outcome.is_none_or(|o| o.index() < program.outcomes.len());
    right(!program.outcomes.is_empty() && !program.questions.is_empty() && outcome(program.otherwise))?;

    let mut place = vec![None; program.questions.len()];
    for (at, question) in program.order.iter().enumerate() {
        let slot = place.get_mut(question.index()).ok_or(DecodeError::Malformed)?;
        right(slot.is_none())?;
        *slot = Some(at);
    }

    let depths = set_depths(&program.sets).ok_or(DecodeError::Malformed)?;
    let condition = |condition: &Condition| {
        right(depth(condition, &depths).is_some())?;
        lines_fit(program, condition)
    };
    program.sets.iter().try_for_each(condition)?;
    let reads = set_reads(&program.questions, &program.sets);
    for (at, question) in program.questions.iter().enumerate() {
        right(question.section.is_none_or(|section| section.index() < program.sections.len()))?;
        right(kind_is_whole(program, at, &question.kind))?;
        question.asked_when.iter().try_for_each(condition)?;
        for need in needs(&program.questions, &reads, at) {
            right(place.get(need.index()) < place.get(at))?;
        }
    }
    let talk = |to: &[TalkIdx]| to.iter().all(|talk| talk.index() < program.talk_to.len());
    for rule in &program.rules {
        right(outcome(rule.outcome) && talk(&rule.talk_to))?;
        condition(&rule.when)?;
        for (to, when) in &rule.talk_to_when {
            right(talk(to))?;
            condition(when)?;
        }
    }
    Ok(())
}

fn kind_is_whole(program: &Program, at: usize, kind: &Kind) -> bool {
    match kind {
        Kind::One { options } | Kind::Many { options } => !options.is_empty(),
        Kind::Number { low, high, decimals, usual, .. } => {
            low < high
                && low <= &usual.0
                && usual.0 <= usual.1
                && &usual.1 <= high
                && high.checked_sub(*low).is_some_and(|span| span < MAX_SPAN)
                && *decimals <= Decimal::MAX_SCALE
        }
        Kind::Instrument { items, gated, crisis_items, answered_by } => {
            let starts_alike = answered_by.is_none_or(|by| {
                by.index() != at
                    && !gated
                    && program.questions.get(by.index()).is_some_and(|question| match &question.kind {
                        Kind::Instrument { items: all, gated: false, .. } => all.starts_with(items),
                        _ => false,
                    })
            });
            !items.is_empty()
                && !items.contains(&0)
                && (!gated || items.len() > 1)
                && crisis_items.iter().all(|&item| usize::from(item) < items.len())
                && starts_alike
        }
    }
}

fn lines_fit(program: &Program, condition: &Condition) -> Result<(), DecodeError> {
    match condition {
        Condition::All(parts)
        | Condition::Any(parts)
        | Condition::None(parts)
        | Condition::AtLeast(_, parts) => parts.iter().try_for_each(|part| lines_fit(program, part)),
        Condition::Set(_) => Ok(()),
        Condition::Line(line) => {
            let question = program.questions.get(line.question.index()).ok_or(DecodeError::Malformed)?;
            let fits = match (&line.test, &question.kind) {
                (
                    Test::Chosen { of, .. } | Test::NotChosen { of },
                    Kind::One { options } | Kind::Many { options },
                ) => of.last().is_none_or(|&last| usize::from(last) < options.len()),
                (Test::AtLeast(value) | Test::Below(value), Kind::Number { low, high, .. }) => {
                    value > low && value <= high
                }
                (Test::Unknown, Kind::Number { unknown, .. }) => unknown.is_some(),
                (Test::AtLeast(value) | Test::Below(value), Kind::Instrument { items, gated, .. }) => {
                    *value > 0 && *value <= highest_score(items, *gated)
                }
                (
                    Test::ItemAtLeast { item, value } | Test::ItemBelow { item, value },
                    Kind::Instrument { items, .. },
                ) => *value > 0 && items.get(usize::from(*item)).is_some_and(|high| value <= high),
                _ => false,
            };
            if fits { Ok(()) } else { Err(DecodeError::Malformed) }
        }
    }
}
