//! A short way to write a questionnaire in a test. Not the format that staff write.
//!
//! ```text
//! outcomes stop check fine
//! otherwise fine
//! stop-at stop
//! talk doctor nurse
//! one A no yes unsure ; unknown unsure ; crisis yes ; risk no unsure yes
//! many B x y z none ; alone none ; risk more ; when A is yes
//! number C 0 10 mmHg ; unknown unsure ; risk higher
//! items D 3 3 3 ; by LONG ; crisis 3
//! gate E 1 1 1
//! set near = B includes x or y
//! rule R1 stop : (A is yes | near) & !(C at least 5 mmHg)
//! note R2 : 2 of (A is yes / B includes x / C is unknown)
//! always P1 : A is yes => check or worse
//! never P2 : A is yes => fine
//! never-better P3 : A B
//! careful P4 : A
//! exactly P5 : R1 R2 when A is yes
//! ```

use checker_rules::*;

/// A draft, and the text that stands at each origin.
pub(crate) struct Written {
    pub(crate) draft: Draft,
    pub(crate) texts: Vec<String>,
}

impl Written {
    /// What stands at an origin.
    pub(crate) fn at(&self, origin: Origin) -> &str {
        &self.texts[origin.0 as usize]
    }
}

pub(crate) fn write(text: &str) -> Written {
    let mut reader = Reader { texts: vec!["id".to_owned()] };
    let mut draft = Draft { id: Name::new("test", Origin(0)), ..Draft::default() };
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "outcomes" => draft.outcomes = reader.names(rest),
            "otherwise" => draft.otherwise = Some(reader.name(rest)),
            "stop-at" => draft.stop_at = reader.names(rest),
            "talk" => draft.talk_to = reader.names(rest),
            "sections" => draft.sections = reader.names(rest),
            "one" | "many" | "number" | "items" | "gate" => draft.questions.push(reader.question(word, rest)),
            "set" => {
                let (name, condition) = rest.split_once(" = ").expect("set name = condition");
                let name = reader.name(name);
                draft.sets.push(DraftSet { name, condition: reader.condition(condition) });
            }
            "rule" | "note" => draft.rules.push(reader.rule(word, rest)),
            _ => draft.invariants.push(reader.invariant(word, rest)),
        }
    }
    Written { draft, texts: reader.texts }
}

/// Resolved, or the faults as text.
pub(crate) fn resolved(text: &str) -> Questionnaire {
    match resolve(&write(text).draft) {
        Ok(questionnaire) => questionnaire,
        Err(faults) => panic!("does not resolve: {faults:#?}"),
    }
}

struct Reader {
    texts: Vec<String>,
}

impl Reader {
    fn origin(&mut self, text: &str) -> Origin {
        self.texts.push(text.to_owned());
        Origin(self.texts.len() as u32 - 1)
    }

    fn name(&mut self, text: &str) -> Name {
        let text = text.trim();
        let origin = self.origin(text);
        Name::new(text, origin)
    }

    fn names(&mut self, text: &str) -> Vec<Name> {
        text.split_whitespace().map(|word| self.name(word)).collect()
    }

    fn question(&mut self, word: &str, rest: &str) -> DraftQuestion {
        let mut parts = rest.split(';').map(str::trim);
        let head = parts.next().unwrap_or_default();
        let (id, body) = head.split_once(' ').unwrap_or((head, ""));
        let id = self.name(id);
        let kind = match word {
            "one" => DraftKind::One { options: self.names(body) },
            "many" => DraftKind::Many { options: self.names(body), exclusive: Vec::new() },
            "number" => {
                let mut words = body.split_whitespace();
                let mut decimal = || Decimal::parse(words.next().expect("a limit")).expect("a number");
                let (low, high) = (decimal(), decimal());
                let unit = words.next().map(|unit| self.name(unit));
                DraftKind::Number { unit, low, high, decimals: low.scale.max(high.scale), unlikely: None }
            }
            _ => DraftKind::Instrument {
                instrument: Instrument {
                    items: body.split_whitespace().map(|high| high.parse().expect("an item")).collect(),
                    gated: word == "gate",
                    crisis_items: Vec::new(),
                },
                answered_by: None,
            },
        };
        let mut question = DraftQuestion {
            id,
            section: None,
            kind,
            unknown: Vec::new(),
            crisis: Vec::new(),
            inert: Vec::new(),
            direction: None,
            asked_when: None,
        };
        for part in parts {
            let (setting, value) = part.split_once(' ').expect("setting value");
            match (setting, &mut question.kind) {
                ("unknown", _) => question.unknown = self.names(value),
                ("crisis", DraftKind::Instrument { instrument, .. }) => {
                    instrument.crisis_items =
                        value.split_whitespace().map(|n| n.parse().expect("an item")).collect();
                }
                ("crisis", _) => question.crisis = self.names(value),
                ("inert", _) => question.inert = self.names(value),
                ("in", _) => question.section = Some(self.name(value)),
                ("when", _) => question.asked_when = Some(self.condition(value)),
                ("alone", DraftKind::Many { exclusive, .. }) => *exclusive = self.names(value),
                ("by", DraftKind::Instrument { answered_by, .. }) => *answered_by = Some(self.name(value)),
                ("sure", DraftKind::Number { unlikely, .. }) => {
                    let origin = self.origin(part);
                    let (below, above) = value.split_once(' ').expect("two limits, or - for none");
                    *unlikely = Some(DraftUnlikely {
                        origin,
                        below: Decimal::parse(below),
                        above: Decimal::parse(above),
                    });
                }
                ("risk" | "need", _) => {
                    let origin = self.origin(part);
                    let of = if setting == "risk" { Direction::Risk } else { Direction::Need };
                    let order = match value {
                        "higher" => DraftOrder::Higher,
                        "lower" => DraftOrder::Lower,
                        "more" => DraftOrder::More,
                        list => DraftOrder::Listed(self.names(list)),
                    };
                    question.direction = Some(DraftDirection { origin, of, order });
                }
                _ => panic!("setting {part:?}"),
            }
        }
        question
    }

    fn rule(&mut self, word: &str, rest: &str) -> DraftRule {
        let (head, condition) = rest.split_once(" : ").expect("rule … : condition");
        let mut words = head.split_whitespace();
        let id = words.next().expect("a rule id");
        let outcome = (word == "rule").then(|| self.name(words.next().expect("an outcome")));
        let talk_to = words.map(|word| self.name(word)).collect();
        let (condition, talks) = condition.split_once(" ; talk ").unwrap_or((condition, ""));
        let talk_to_when = talks
            .split(" ; talk ")
            .filter(|talk| !talk.is_empty())
            .map(|talk| {
                let (to, when) = talk.split_once(" when ").expect("who when condition");
                DraftTalkToWhen { to: self.names(to), when: self.condition(when) }
            })
            .collect();
        DraftRule {
            id: self.name(id),
            outcome,
            flag: self.name(&format!("F-{id}")),
            talk_to,
            talk_to_when,
            when: self.condition(condition),
            evidence: Vec::new(),
        }
    }

    fn invariant(&mut self, word: &str, rest: &str) -> DraftInvariant {
        let (id, body) = rest.split_once(" :").expect("promise : …");
        let (id, body) = (self.name(id), body.trim());
        let bounded = |reader: &mut Self| {
            let (when, bound) = body.split_once(" => ").expect("condition => outcome");
            let (name, reach) = bound.split_once(" or ").unwrap_or((bound, ""));
            let or = match reach {
                "worse" => Reach::Worse,
                "better" => Reach::Better,
                _ => Reach::Exactly,
            };
            (reader.condition(when), DraftBound { name: reader.name(name), or })
        };
        let promise = match word {
            "always" => {
                let (when, outcome) = bounded(self);
                DraftPromise::Always { when, outcome }
            }
            "never" => {
                let (when, outcome) = bounded(self);
                DraftPromise::Never { when, outcome }
            }
            "never-better" => DraftPromise::NeverBetter { with: self.names(body) },
            "careful" => DraftPromise::UnknownIsCareful { with: self.names(body) },
            "exactly" => {
                let (of, when) = body.split_once(" when ").unwrap_or((body, ""));
                let when = (!when.is_empty()).then(|| self.condition(when));
                DraftPromise::ExactlyOne { of: self.names(of), when }
            }
            _ => panic!("unknown word {word:?}"),
        };
        DraftInvariant { id, promise }
    }

    fn condition(&mut self, text: &str) -> DraftCondition {
        let text = text.trim();
        for (operator, make) in [
            ('|', DraftCondition::Any as fn(Vec<DraftCondition>) -> DraftCondition),
            ('&', DraftCondition::All),
        ] {
            let parts = split(text, operator);
            if parts.len() > 1 {
                return make(parts.into_iter().map(|part| self.condition(part)).collect());
            }
        }
        if let Some(inner) = text.strip_prefix('!') {
            return DraftCondition::None(vec![self.condition(inner)]);
        }
        if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
            return self.condition(inner);
        }
        if let Some((count, list)) = text.split_once(" of (") {
            let list = list.strip_suffix(')').expect("closed list");
            let parts = split(list, '/').into_iter().map(|part| self.condition(part)).collect();
            return DraftCondition::AtLeast(count.parse().expect("a count"), parts);
        }
        let Some((subject, test)) = text.split_once(' ') else { return DraftCondition::Set(self.name(text)) };
        let origin = self.origin(text);
        let subject = self.name(subject);
        let list = |reader: &mut Self, text: &str| {
            text.split(" or ").flat_map(|part| part.split(", ")).map(|word| reader.name(word)).collect()
        };
        let words: Vec<&str> = test.split_whitespace().collect();
        let test = match words.as_slice() {
            ["is", "unknown"] => DraftTest::IsUnknown,
            ["is", "not", ..] => DraftTest::IsNot(list(self, &test["is not ".len()..])),
            ["is", ..] => DraftTest::Is(list(self, &test["is ".len()..])),
            ["includes", "at", "least", count, "of", ..] => {
                let names = test.split_once(" of ").expect("of").1;
                DraftTest::IncludesAtLeast(count.parse().expect("a count"), list(self, names))
            }
            ["includes", ..] => DraftTest::Includes(list(self, &test["includes ".len()..])),
            ["at", "least", value, unit @ ..] => DraftTest::AtLeast(self.quantity(value, unit)),
            ["below", value, unit @ ..] => DraftTest::Below(self.quantity(value, unit)),
            ["item", item, "at", "least", value] => DraftTest::ItemAtLeast {
                item: item.parse().expect("an item"),
                value: value.parse().expect("a value"),
            },
            ["item", item, "below", value] => DraftTest::ItemBelow {
                item: item.parse().expect("an item"),
                value: value.parse().expect("a value"),
            },
            _ => panic!("line {text:?}"),
        };
        DraftCondition::Line(DraftLine { origin, subject, test })
    }

    fn quantity(&mut self, value: &str, unit: &[&str]) -> Quantity {
        Quantity {
            value: Decimal::parse(value).expect("a number"),
            unit: unit.first().map(|unit| self.name(unit)),
        }
    }
}

/// Splits at an operator outside parentheses.
fn split(text: &str, operator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if letter == operator && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}
