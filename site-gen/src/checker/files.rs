//! `checker.toml`, `rules.toml` and `safety.toml` become a draft, and what is said beside it.

use super::condition::read_line;
use super::core::{Kept, Locked, LockedQuestion, Override, SetAside, Thing};
use super::instruments;
use super::origins::Origins;
use crate::finding::{Finding, Findings};
use crate::parse::data::{Kind, Reader, Table, Value, Written, did_you_mean, nearest};
use crate::parse::{text_of, toml};
use crate::source::{FileId, Place, SourceTree};
use checker_rules::{
    Decimal, Direction, Draft, DraftBound, DraftCondition, DraftDirection, DraftInvariant, DraftKind,
    DraftOrder, DraftPromise, DraftQuestion, DraftRule, DraftSet, DraftTalkToWhen, DraftUnlikely, Name,
    Origin, Reach,
};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A checker's structure as written, and everything beside the draft.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) draft: Draft,
    pub(crate) origins: Origins,
    pub(crate) version: String,
    pub(crate) updated: Date,
    /// The screen behind each instrument question.
    pub(crate) screens: BTreeMap<String, &'static instruments::Screen>,
    /// The sentence of each promise.
    pub(crate) says: BTreeMap<String, String>,
    /// The group of each promise that names one: a heading of promises.md.
    pub(crate) groups: BTreeMap<String, Written<String>>,
    /// What safety.toml says about setting parts of the core aside.
    pub(crate) overrides: Vec<Override>,
    /// The parts of the core that a clinician did set aside: those overrides that are signed.
    pub(crate) set_aside: Vec<SetAside>,
    pub(crate) checker_file: FileId,
    pub(crate) rules_file: FileId,
    pub(crate) safety_file: FileId,
}

/// Reads the three files of one checker. `None` when one is absent or cannot be read at all.
pub(crate) fn read(sources: &SourceTree, folder: &str, findings: &mut Findings) -> Option<Files> {
    let open = |name: &str, findings: &mut Findings| -> Option<(FileId, Table)> {
        let path = format!("content/checkers/{folder}/{name}");
        let Some((file, _)) = sources.find(&path) else {
            findings.push(Finding {
                code: "checker-file-missing",
                severity: crate::finding::Severity::Error,
                place: sources
                    .under(&format!("content/checkers/{folder}"))
                    .next()
                    .map(|(file, _)| Place::start_of(file)),
                message: format!("The checker `{folder}` has no {name}"),
                help: Some(format!("Add the file {path}")),
            });
            return None;
        };
        let text = text_of(sources, file, findings)?;
        toml::read(text, file, 0, findings).map(|table| (file, table))
    };
    // All three are opened before giving up, so that every file's mistakes come out at once.
    let checker = open("checker.toml", findings);
    let rules = open("rules.toml", findings);
    let safety = open("safety.toml", findings);
    let ((checker_file, checker), (rules_file, rules), (safety_file, safety)) = (checker?, rules?, safety?);

    let mut build = Build { origins: Origins::default(), findings, draft: Draft::default() };
    let before = build.findings.count(crate::finding::Severity::Error);
    let (version, updated, screens) = build.checker(&checker, folder, Place::start_of(checker_file));
    build.rules(&rules);
    let (said, overrides) = build.safety(&safety);
    let unread = build.findings.count(crate::finding::Severity::Error) > before;
    let Build { origins, draft, .. } = build;
    // A part that could not be read is left out of the draft, and what is left would be judged wrongly.
    if unread {
        return None;
    }
    Some(Files {
        draft,
        origins,
        version,
        updated: updated.unwrap_or_default(),
        screens,
        says: said.says,
        groups: said.groups,
        overrides,
        set_aside: Vec::new(),
        checker_file,
        rules_file,
        safety_file,
    })
}

/// Reads what the program keeps of a shipped checker. Everything in it stands at `place`, and sets are written out.
pub(crate) fn read_locked(text: &str, place: Place, origins: &mut Origins) -> Locked {
    let mut findings = Findings::new();
    let table = toml::read(text, place.file, 0, &mut findings).expect("BUG: the kept file is read");
    origins.pin(Some(place));
    let mut build =
        Build { origins: std::mem::take(origins), findings: &mut findings, draft: Draft::default() };
    let locked = build.locked(&table);
    *origins = build.origins;
    origins.pin(None);
    let wrong: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(wrong.is_empty(), "BUG: the kept file is right: {wrong:?}");
    locked
}

/// What is said of promises beside what they promise, by their ids.
#[derive(Default)]
struct Said {
    says: BTreeMap<String, String>,
    groups: BTreeMap<String, Written<String>>,
}

struct Build<'f> {
    origins: Origins,
    findings: &'f mut Findings,
    draft: Draft,
}

impl Build<'_> {
    fn name(&mut self, written: &Written<String>) -> Name {
        self.origins.name(&written.place, &written.value)
    }

    fn names(&mut self, written: &[Written<String>]) -> Vec<Name> {
        written.iter().map(|written| self.name(written)).collect()
    }

    /// A text that must be there.
    fn needed(
        &mut self,
        reader: &mut Reader<'_, '_>,
        key: &'static str,
        of: &str,
        example: &str,
    ) -> Option<Written<String>> {
        let place = reader.place();
        let absent = reader.value(key).is_none();
        let text = reader.text(key);
        if absent {
            self.findings_of(reader, "value-missing", place, format!("{of} has no `{key}`"), example);
        }
        text
    }

    fn findings_of(
        &mut self,
        reader: &mut Reader<'_, '_>,
        code: &'static str,
        place: Place,
        message: String,
        example: &str,
    ) {
        reader.report(Finding::error(code, place, message).help(format!("Write it like this: `{example}`")));
    }

    fn checker(
        &mut self,
        table: &Table,
        folder: &str,
        start: Place,
    ) -> (String, Option<Date>, BTreeMap<String, &'static instruments::Screen>) {
        let mut local = Findings::new();
        let mut reader = Reader::new(table, "checker.toml", &mut local);
        let id = self.needed(&mut reader, "id", "checker.toml", &format!("id = \"{folder}\""));
        if let Some(id) = &id
            && id.value != folder
        {
            reader.report(
                Finding::error(
                    "checker-id-differs",
                    id.place.clone(),
                    format!("The id `{}` is not the name of the folder, `{folder}`", id.value),
                )
                .help(format!("Write `id = \"{folder}\"`")),
            );
        }
        let version = self
            .needed(&mut reader, "version", "checker.toml", "version = \"1.0.0\"")
            .map(|version| version.value)
            .unwrap_or_default();
        let updated = reader.date("updated").map(|date| date.value);
        if updated.is_none() && reader.value("updated").is_none() {
            self.findings_of(
                &mut reader,
                "value-missing",
                start.clone(),
                "checker.toml does not say when it was last changed".to_owned(),
                "updated = 2026-11-22",
            );
        }
        let outcomes = reader.texts("outcomes");
        let otherwise = reader.text("otherwise");
        let stop_at = reader.texts("stop-at");
        let talk_to = reader.texts("talk-to");
        let sections = reader.tables("section");
        let sets = reader.table("sets");
        let questions = reader.tables("question");
        reader.finish();
        self.findings.extend(local);

        self.draft.id = match &id {
            Some(id) => self.name(id),
            None => self.origins.name(&start, folder),
        };
        self.draft.outcomes = self.names(&outcomes);
        self.draft.otherwise = otherwise.as_ref().map(|otherwise| self.name(otherwise));
        self.draft.stop_at = self.names(&stop_at);
        self.draft.talk_to = self.names(&talk_to);
        for section in sections {
            let mut local = Findings::new();
            let mut reader = Reader::new(section, "A section", &mut local);
            let id = self.needed(&mut reader, "id", "This section", "id = \"safety\"");
            reader.finish();
            self.findings.extend(local);
            if let Some(id) = id {
                let name = self.name(&id);
                self.draft.sections.push(name);
            }
        }
        for entry in sets.map(|table| table.entries.as_slice()).unwrap_or_default() {
            let condition = self.when(&entry.value, "The set", &entry.key);
            let name = self.origins.name(&entry.key_place, &entry.key);
            if let Some(condition) = condition {
                self.draft.sets.push(DraftSet { name, condition });
            }
        }
        let mut screens = BTreeMap::new();
        for question in questions {
            if let Some((question, screen)) = self.question(question) {
                if let Some(screen) = screen {
                    screens.insert(question.id.text.clone(), screen);
                }
                self.draft.questions.push(question);
            }
        }
        (version, updated, screens)
    }

    fn question(&mut self, table: &Table) -> Option<(DraftQuestion, Option<&'static instruments::Screen>)> {
        let mut local = Findings::new();
        let mut reader = Reader::new(table, "A question", &mut local);
        let id = self.needed(&mut reader, "id", "This question", "id = \"S2\"");
        let of = id.as_ref().map_or("This question".to_owned(), |id| format!("The question `{}`", id.value));
        let ask = self.needed(&mut reader, "ask", &of, "ask = \"one\"");
        let section = reader.text("section");
        let options = reader.texts("options");
        let exclusive = reader.texts("exclusive");
        let unit = reader.text("unit");
        let between = reader.value("between");
        let decimals = reader.integer("decimals");
        let unlikely = reader.table("are-you-sure");
        let screen_id = reader.text("instrument");
        let answered_by = reader.text("answered-by");
        let unknown = reader.texts("unknown");
        let crisis = reader.texts("crisis");
        let inert = reader.texts("inert");
        let risk = reader.value("risk");
        let need = reader.value("need");
        let asked_when = reader.value("asked-when");
        reader.finish();
        self.findings.extend(local);

        let mut screen = None;
        let kind = match ask.as_ref().map(|ask| ask.value.as_str()) {
            Some("one") => Some(DraftKind::One { options: self.names(&options) }),
            Some("many") => {
                let options = self.names(&options);
                Some(DraftKind::Many { options, exclusive: self.names(&exclusive) })
            }
            Some("number") => {
                let unlikely = unlikely.and_then(|table| self.unlikely(table, &of));
                self.number(table, &of, between, unit, decimals.map(|decimals| decimals.value), unlikely)
            }
            Some("instrument") => {
                screen = self.screen(table, &of, screen_id.as_ref());
                screen.map(|screen| DraftKind::Instrument {
                    instrument: screen.shape(),
                    answered_by: answered_by.as_ref().map(|by| self.name(by)),
                })
            }
            Some(other) => {
                let kinds = ["one", "many", "number", "instrument"];
                let meant = match other {
                    "multi" | "multiple" | "checkbox" | "checkboxes" | "several" => Some("many"),
                    "single" | "radio" | "choice" => Some("one"),
                    "screen" | "score" => Some("instrument"),
                    other => nearest(other, kinds),
                };
                let near = meant.map(|near| did_you_mean(near) + " ");
                let place = ask.as_ref().map_or(table.place.clone(), |ask| ask.place.clone());
                self.findings.push(
                    Finding::error(
                        "unknown-kind-of-question",
                        place,
                        format!("{of} cannot ask for `{other}`"),
                    )
                    .help(format!("{}It can be: one, many, number, instrument", near.unwrap_or_default())),
                );
                None
            }
            None => None,
        };
        let direction = match (risk, need) {
            (Some(risk), Some(_)) => {
                self.findings.push(
                    Finding::error(
                        "risk-and-need",
                        risk.place.clone(),
                        format!("{of} has both `risk` and `need`"),
                    )
                    .help("Keep the one that fits: more of it is more danger (risk), or more need for help"),
                );
                None
            }
            (Some(risk), None) => self.direction(Direction::Risk, "risk", risk),
            (None, Some(need)) => self.direction(Direction::Need, "need", need),
            (None, None) => None,
        };
        let asked_when = match asked_when {
            Some(value) => Some(self.when(value, "`asked-when` of", &of)?),
            None => None,
        };
        let question = DraftQuestion {
            id: self.name(&id?),
            section: section.as_ref().map(|section| self.name(section)),
            kind: kind?,
            unknown: self.names(&unknown),
            crisis: self.names(&crisis),
            inert: self.names(&inert),
            direction,
            asked_when,
        };
        Some((question, screen))
    }

    fn number(
        &mut self,
        table: &Table,
        of: &str,
        between: Option<&Value>,
        unit: Option<Written<String>>,
        decimals: Option<i64>,
        unlikely: Option<DraftUnlikely>,
    ) -> Option<DraftKind> {
        let limits = between.and_then(|between| match &between.kind {
            Kind::List(items) => match items.as_slice() {
                [low, high] => Some((decimal(low)?, decimal(high)?)),
                _ => None,
            },
            _ => None,
        });
        let place = between.map_or(table.place.clone(), |between| between.place.clone());
        let Some((low, high)) = limits else {
            self.findings.push(
                Finding::error(
                    "number-without-limits",
                    place,
                    format!("{of} does not say between which numbers the answer lies"),
                )
                .help("Write it like this: `between = [60, 260]`"),
            );
            return None;
        };
        Some(DraftKind::Number {
            unit: unit.as_ref().map(|unit| self.name(unit)),
            low,
            high,
            decimals: u8::try_from(decimals.unwrap_or(0)).unwrap_or(u8::MAX),
            unlikely,
        })
    }

    /// `are-you-sure`: below and above which numbers the reader is asked once more.
    fn unlikely(&mut self, table: &Table, of: &str) -> Option<DraftUnlikely> {
        let name = format!("`are-you-sure` of {}", lower_first(of));
        let mut local = Findings::new();
        let mut reader = Reader::new(table, &name, &mut local);
        let [below, above] = ["below", "above"].map(|key| reader.value(key));
        reader.finish();
        self.findings.extend(local);
        for value in [below, above].into_iter().flatten() {
            if decimal(value).is_none() {
                self.findings.push(
                    Finding::error("unlikely-numbers", value.place.clone(), format!("{name} needs numbers"))
                        .help("Write it like this: `are-you-sure = { below = 80, above = 220 }`"),
                );
                return None;
            }
        }
        Some(DraftUnlikely {
            origin: self.origins.mint(&table.place, "are-you-sure"),
            below: below.and_then(decimal),
            above: above.and_then(decimal),
        })
    }

    fn screen(
        &mut self,
        table: &Table,
        of: &str,
        id: Option<&Written<String>>,
    ) -> Option<&'static instruments::Screen> {
        let known = || instruments::library().iter().map(|screen| screen.id.as_str());
        let list = known().collect::<Vec<_>>().join(", ");
        let Some(id) = id else {
            self.findings.push(
                Finding::error(
                    "unknown-instrument",
                    table.place.clone(),
                    format!("{of} does not say which instrument it is"),
                )
                .help(format!("Add `instrument = \"phq-2\"`. There are: {list}")),
            );
            return None;
        };
        let found = instruments::find(&id.value);
        if found.is_none() {
            let near = nearest(&id.value, known()).map(|near| did_you_mean(near) + " ");
            self.findings.push(
                Finding::error(
                    "unknown-instrument",
                    id.place.clone(),
                    format!("There is no instrument `{}`", id.value),
                )
                .help(format!("{}There are: {list}", near.unwrap_or_default())),
            );
        }
        found
    }

    fn direction(&mut self, of: Direction, key: &str, value: &Value) -> Option<DraftDirection> {
        let order = match &value.kind {
            Kind::Scalar { text, .. } => match text.trim() {
                "higher" => DraftOrder::Higher,
                "lower" => DraftOrder::Lower,
                "more" => DraftOrder::More,
                other => {
                    self.findings.push(
                        Finding::error(
                            "unknown-direction",
                            value.place.clone(),
                            format!("`{key}` cannot be `{other}`"),
                        )
                        .help(format!(
                            "Write `{key} = \"higher\"` or \"lower\" for a number, \"more\" for several ticks, or \
                             the list of answers from least to most"
                        )),
                    );
                    return None;
                }
            },
            Kind::List(items) => {
                let mut names = Vec::new();
                for item in items {
                    if let Kind::Scalar { text, .. } = &item.kind {
                        names.push(self.origins.name(&item.place, text));
                    }
                }
                DraftOrder::Listed(names)
            }
            Kind::Table(_) | Kind::Empty => return None,
        };
        let origin = self.origins.mint(&value.place, key);
        Some(DraftDirection { origin, of, order })
    }

    /// A condition: one line, a list of lines of which any may hold, or a group with `all`, `any`, `none`.
    fn when(&mut self, value: &Value, what: &str, of: &str) -> Option<DraftCondition> {
        match &value.kind {
            Kind::Scalar { text, .. } => self.line(text, &value.place),
            Kind::List(_) => Some(DraftCondition::Any(self.lines(value)?)),
            Kind::Table(table) => {
                let name = format!("{what} {of}");
                let mut local = Findings::new();
                let mut reader = Reader::new(table, &name, &mut local);
                let condition = self.joined(&mut reader, ["all", "any", "none", "at-least", "of"], &name);
                reader.finish();
                self.findings.extend(local);
                condition
            }
            Kind::Empty => None,
        }
    }

    /// `all`, `any`, `none`, and `at-least` with `of`, all of which must hold. The keys differ between files.
    fn joined(
        &mut self,
        reader: &mut Reader<'_, '_>,
        keys: [&'static str; 5],
        of: &str,
    ) -> Option<DraftCondition> {
        let [all, any, none, at_least, some_of] = keys;
        let mut parts = Vec::new();
        let mut whole = true;
        if let Some(value) = reader.value(all) {
            match self.lines(value) {
                Some(lines) => parts.extend(lines),
                None => whole = false,
            }
        }
        if let Some(value) = reader.value(any) {
            match self.lines(value) {
                Some(lines) => parts.push(DraftCondition::Any(lines)),
                None => whole = false,
            }
        }
        if let Some(value) = reader.value(none) {
            match self.lines(value) {
                Some(lines) => parts.push(DraftCondition::None(lines)),
                None => whole = false,
            }
        }
        let count = reader.integer(at_least);
        let lines = reader.value(some_of).map(|value| self.lines(value));
        match (count, lines) {
            (Some(count), Some(Some(lines))) => {
                let count = u32::try_from(count.value).unwrap_or(0);
                parts.push(DraftCondition::AtLeast(count, lines));
            }
            (Some(count), None) => {
                reader.report(
                    Finding::error(
                        "condition-missing",
                        count.place,
                        format!("{of} says `{at_least}` but not of which lines"),
                    )
                    .help(format!("Add `{some_of} = [\"...\", \"...\"]`")),
                );
                whole = false;
            }
            (None, Some(_)) => {
                reader.report(
                    Finding::error(
                        "condition-missing",
                        reader.place(),
                        format!("{of} says `{some_of}` but not how many of the lines"),
                    )
                    .help(format!("Add `{at_least} = 2`")),
                );
                whole = false;
            }
            (Some(_), Some(None)) => whole = false,
            (None, None) => {}
        }
        if !whole {
            return None;
        }
        match parts.len() {
            0 => {
                reader.report(
                    Finding::error("condition-missing", reader.place(), format!("{of} does not say when it holds"))
                        .help(format!(
                            "Add `{all} = [\"...\"]` (every line holds), `{any}` (at least one) or `{none}` (not one)"
                        )),
                );
                None
            }
            1 => parts.pop(),
            _ => Some(DraftCondition::All(parts)),
        }
    }

    /// Every line of a list. `None` if one of them is wrong.
    fn lines(&mut self, value: &Value) -> Option<Vec<DraftCondition>> {
        let items = match &value.kind {
            Kind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let mut lines = Vec::with_capacity(items.len());
        let mut whole = true;
        for item in items {
            match &item.kind {
                Kind::Scalar { text, .. } => match self.line(text, &item.place) {
                    Some(line) => lines.push(line),
                    None => whole = false,
                },
                Kind::List(_) | Kind::Table(_) | Kind::Empty => {
                    whole = false;
                    self.findings.push(
                        Finding::error(
                            "rule-line",
                            item.place.clone(),
                            "A list of lines holds something that is not a line",
                        )
                        .help("Write each line in quotes: `all = [\"S2 is yes\", \"A1 is 18-64\"]`. Give lines that \
                               belong together a name under [sets]"),
                    );
                }
            }
        }
        whole.then_some(lines)
    }

    fn line(&mut self, text: &str, place: &Place) -> Option<DraftCondition> {
        match read_line(text, place, &mut self.origins) {
            Ok(line) => Some(line),
            Err(fault) => {
                self.findings
                    .push(Finding::error("rule-line", place.clone(), fault.message).help(fault.help));
                None
            }
        }
    }

    fn rules(&mut self, table: &Table) {
        let mut local = Findings::new();
        let mut reader = Reader::new(table, "rules.toml", &mut local);
        let rules = reader.tables("rule");
        reader.finish();
        self.findings.extend(local);
        for rule in rules {
            if let Some(rule) = self.rule(rule) {
                self.draft.rules.push(rule);
            }
        }
    }

    fn rule(&mut self, table: &Table) -> Option<DraftRule> {
        let mut local = Findings::new();
        let mut reader = Reader::new(table, "A rule", &mut local);
        let id = self.needed(&mut reader, "id", "This rule", "id = \"C19\"");
        let of = id.as_ref().map_or("This rule".to_owned(), |id| format!("The rule `{}`", id.value));
        let flag = self.needed(&mut reader, "flag", &of, "flag = \"F-MED-COMBO\"");
        let outcome = reader.text("outcome");
        let talk_to = reader.texts("talk-to");
        let mut talk_to_when = Vec::new();
        let mut whole = true;
        for table in reader.tables("talk-to-when") {
            let mut inner = Findings::new();
            let name = format!("`talk-to-when` of {}", lower_first(&of));
            let mut entry = Reader::new(table, &name, &mut inner);
            let to = entry.texts("to");
            let when = entry.value("when").map(|value| self.when(value, "`when` of", &of));
            if when.is_none() {
                entry.report(
                    Finding::error(
                        "condition-missing",
                        table.place.clone(),
                        format!("{name} does not say when"),
                    )
                    .help("Write it like this: `{ to = [\"neurology\"], when = \"C1 includes headache\" }`"),
                );
            }
            entry.finish();
            self.findings.extend(inner);
            match when.flatten() {
                Some(when) => talk_to_when.push(DraftTalkToWhen { to: self.names(&to), when }),
                None => whole = false,
            }
        }
        if talk_to.is_empty() && talk_to_when.is_empty() && whole {
            let place = id.as_ref().map_or(table.place.clone(), |id| id.place.clone());
            reader.report(
                Finding::error("rule-without-talk-to", place, format!("{of} does not say who to talk to"))
                    .help("Add `talk-to = [\"primary-care\"]`, with ids from the list in checker.toml"),
            );
        }
        let evidence = reader.texts("evidence");
        if evidence.is_empty() {
            let place = id.as_ref().map_or(table.place.clone(), |id| id.place.clone());
            reader.report(
                Finding::error("rule-without-evidence", place, format!("{of} names no evidence"))
                    .help("Add `evidence = [\"EV-...\"]`, with an id from content/evidence.toml"),
            );
        }
        let when = self.joined(&mut reader, ["all", "any", "none", "at-least", "of"], &of);
        reader.finish();
        self.findings.extend(local);
        if !whole {
            return None;
        }
        Some(DraftRule {
            id: self.name(&id?),
            outcome: outcome.as_ref().map(|outcome| self.name(outcome)),
            flag: self.name(&flag?),
            talk_to: self.names(&talk_to),
            talk_to_when,
            when: when?,
            evidence: self.names(&evidence),
        })
    }

    fn safety(&mut self, table: &Table) -> (Said, Vec<Override>) {
        let mut local = Findings::new();
        let mut reader = Reader::new(table, "safety.toml", &mut local);
        let said = self.promises(&mut reader);
        let set_aside = reader.tables("override");
        reader.finish();
        self.findings.extend(local);
        let mut overrides = Vec::new();
        for table in set_aside {
            let mut local = Findings::new();
            let mut reader = Reader::new(table, "An override", &mut local);
            let named = Thing::ALL.map(|thing| (thing, reader.text(thing.key())));
            let mut named: Vec<(Thing, Written<String>)> =
                named.into_iter().filter_map(|(thing, id)| Some((thing, id?))).collect();
            if named.len() != 1 {
                reader.report(
                    Finding::error(
                        "override-unknown",
                        reader.place(),
                        "An override names one core rule, one promise or one question",
                    )
                    .help("Write one of `rule = \"N08\"`, `promise = \"INV-04\"` and `question = \"H1\"`"),
                );
            }
            let by = reader.text("by");
            let on = reader.date("on").map(|on| on.value);
            let why = reader.text("why").map(|why| why.value);
            reader.finish();
            self.findings.extend(local);
            if let (Some((thing, id)), true) = (named.pop(), named.is_empty()) {
                overrides.push(Override { thing, id, by, on, why });
            }
        }
        (said, overrides)
    }

    /// The promises of a file, in the order in which they stand; returns what is said of them.
    fn promises(&mut self, reader: &mut Reader<'_, '_>) -> Said {
        let always = reader.tables("always");
        let never = reader.tables("never");
        let never_better = reader.tables("never-better");
        let unknown_is_careful = reader.tables("unknown-is-careful");
        let exactly_one = reader.tables("exactly-one");
        let mut said = Said::default();
        let mut promises: Vec<(usize, &Table, &str)> = Vec::new();
        for (tables, kind) in [
            (always, "always"),
            (never, "never"),
            (never_better, "never-better"),
            (unknown_is_careful, "unknown-is-careful"),
            (exactly_one, "exactly-one"),
        ] {
            promises.extend(tables.into_iter().map(|table| (table.place.span.start, table, kind)));
        }
        promises.sort_by_key(|(start, ..)| *start);
        for (_, table, kind) in promises {
            let mut local = Findings::new();
            let mut reader = Reader::new(table, "A promise", &mut local);
            let id = self.needed(&mut reader, "id", "This promise", "id = \"INV-02\"");
            let of =
                id.as_ref().map_or("This promise".to_owned(), |id| format!("The promise `{}`", id.value));
            let say =
                self.needed(&mut reader, "say", &of, "say = \"Nobody under 18 is told to ask for a visit\"");
            let group = reader.text("group");
            let keys = ["when-all", "when-any", "when-none", "when-at-least", "when-of"];
            let promise = match kind {
                "exactly-one" => {
                    let of_rules = reader.texts("of");
                    let of_rules = self.names(&of_rules);
                    // Without lines it is meant for everyone.
                    let when = if keys.iter().any(|key| reader.value(key).is_some()) {
                        self.joined(&mut reader, keys, &of).map(Some)
                    } else {
                        Some(None)
                    };
                    when.map(|when| DraftPromise::ExactlyOne { of: of_rules, when })
                }
                "always" | "never" => {
                    let when = self.joined(&mut reader, keys, &of);
                    let outcome = self.bound(&mut reader, &of);
                    when.zip(outcome).map(|(when, outcome)| {
                        if kind == "always" {
                            DraftPromise::Always { when, outcome }
                        } else {
                            DraftPromise::Never { when, outcome }
                        }
                    })
                }
                _ => {
                    let with = reader.texts("with");
                    let with = self.names(&with);
                    Some(if kind == "never-better" {
                        DraftPromise::NeverBetter { with }
                    } else {
                        DraftPromise::UnknownIsCareful { with }
                    })
                }
            };
            reader.finish();
            self.findings.extend(local);
            if let (Some(id), Some(promise)) = (id, promise) {
                said.says.insert(id.value.clone(), say.map(|say| say.value).unwrap_or_default());
                said.groups.extend(group.map(|group| (id.value.clone(), group)));
                let id = self.name(&id);
                self.draft.invariants.push(DraftInvariant { id, promise });
            }
        }
        said
    }

    /// What the program keeps of a shipped checker, in one file: parts of all three.
    fn locked(&mut self, table: &Table) -> Locked {
        let mut local = Findings::new();
        let mut reader = Reader::new(table, "The kept file", &mut local);
        let plain = |written: Vec<Written<String>>| written.into_iter().map(|text| text.value).collect();
        let outcomes = plain(reader.texts("outcomes"));
        let stop_at = plain(reader.texts("stop-at"));
        let mut sets = Vec::new();
        for entry in reader.table("sets").map(|table| table.entries.as_slice()).unwrap_or_default() {
            sets.extend(self.when(&entry.value, "The set", &entry.key).map(|when| (entry.key.clone(), when)));
        }
        let mut questions = Vec::new();
        for table in reader.tables("question") {
            let mut inner = Findings::new();
            let mut reader = Reader::new(table, "A question", &mut inner);
            let id = reader.text_or_empty("id");
            let asked_when = reader.value("asked-when");
            let risk = reader.value("risk");
            questions.push(LockedQuestion {
                unknown: plain(reader.texts("unknown")),
                crisis: plain(reader.texts("crisis")),
                risk: risk.and_then(|risk| self.direction(Direction::Risk, "risk", risk)),
                asked_when: asked_when.and_then(|value| self.when(value, "`asked-when` of", &id)),
                id,
            });
            reader.finish();
            self.findings.extend(inner);
        }
        let mut rules = Vec::new();
        for table in reader.tables("rule") {
            let mut inner = Findings::new();
            let mut reader = Reader::new(table, "A rule", &mut inner);
            let id = reader.text_or_empty("id");
            let when = self.joined(&mut reader, ["all", "any", "none", "at-least", "of"], &id);
            let outcome = self.bound(&mut reader, &id);
            reader.finish();
            self.findings.extend(inner);
            if let (Some(when), Some(outcome)) = (when, outcome) {
                let reach = if outcome.name.text == outcomes[0] { "" } else { " or a worse one" };
                let say =
                    format!("The core rule {id} is whole: it always leads to `{}`{reach}", outcome.name.text);
                let outcome = DraftBound { or: Reach::Worse, ..outcome };
                rules.push(Kept { id, say, promise: DraftPromise::Always { when, outcome } });
            }
        }
        let says = self.promises(&mut reader).says;
        reader.finish();
        self.findings.extend(local);
        let promises = std::mem::take(&mut self.draft.invariants)
            .into_iter()
            .map(|kept| Kept {
                say: says.get(&kept.id.text).cloned().unwrap_or_default(),
                id: kept.id.text,
                promise: kept.promise,
            })
            .collect();
        Locked { outcomes, stop_at, questions, rules, promises }.with_sets_written_out(&sets)
    }

    /// `consult`, `crisis or worse`, `clearance or better`.
    fn bound(&mut self, reader: &mut Reader<'_, '_>, of: &str) -> Option<DraftBound> {
        let text = self.needed(reader, "outcome", of, "outcome = \"crisis or worse\"")?;
        let words: Vec<&str> = text.value.split_whitespace().collect();
        let (name, or) = match words.as_slice() {
            [name] => (*name, Reach::Exactly),
            [name, "or", "worse"] => (*name, Reach::Worse),
            [name, "or", "better"] => (*name, Reach::Better),
            _ => {
                reader.report(
                    Finding::error(
                        "promise-outcome",
                        text.place.clone(),
                        format!("`{}` is not an outcome", text.value),
                    )
                    .help("Write `crisis`, `crisis or worse` or `clearance or better`"),
                );
                return None;
            }
        };
        Some(DraftBound { name: self.origins.name(&text.place, name), or })
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    match &value.kind {
        Kind::Scalar { text, .. } => Decimal::parse(text),
        _ => None,
    }
}

/// A sentence as the end of another one.
pub(crate) fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// The origin of nothing in particular, for faults about the whole.
pub(crate) fn whole(files: &Files) -> Origin {
    files.draft.id.origin
}
