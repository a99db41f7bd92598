//! A checker's questions as a FHIR R4 Questionnaire, and the list of what FHIR has no place for.

use super::enable::{Asker, Enable, Links, expression, number, score_path};
use super::url;
use crate::cache::Cache;
use crate::checker::instruments::Screen;
use crate::checker::{Checker, ucum};
use crate::parse::{self, settings::Settings};
use crate::source::SourceTree;
use checker_rules::{Draft, DraftKind, DraftQuestion};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A Questionnaire and what is not in it.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The Questionnaire.
    pub form: Value,
    /// What has no place in it, in groups.
    pub left_out: Vec<LeftOut>,
}

/// A group of things that have no place in FHIR, or that not every program reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What they are: `rules`.
    pub what: &'static str,
    /// Their ids.
    pub names: Vec<String>,
    /// What that means for whoever uses the form.
    pub so: &'static str,
}

impl Exported {
    /// What is left out, in a few lines.
    pub fn told(&self) -> String {
        let mut text = String::new();
        for group in &self.left_out {
            let _ = writeln!(
                text,
                "{} ({}): {}\n    {}",
                group.what,
                group.names.len(),
                in_runs(&group.names).join(", "),
                group.so
            );
        }
        text
    }
}

/// Names that differ in a number counted up, as first and last: `C01 to C29`.
fn in_runs(names: &[String]) -> Vec<String> {
    let parts = |name: &str| -> Option<(String, u32, usize)> {
        let front = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &name[front.len()..];
        Some((front.to_owned(), digits.parse().ok()?, digits.len()))
    };
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for at in 0..names.len() {
        let follows = runs.last().is_some_and(|&(_, last)| {
            let (Some(before), Some(this)) = (parts(&names[last]), parts(&names[at])) else { return false };
            before.0 == this.0 && before.1.checked_add(1) == Some(this.1) && before.2 <= this.2
        });
        match runs.last_mut() {
            Some((_, last)) if follows => *last = at,
            _ => runs.push((at, at)),
        }
    }
    runs.into_iter()
        .flat_map(|(first, last)| match last - first {
            0 => vec![names[first].clone()],
            1 => vec![names[first].clone(), names[last].clone()],
            _ => vec![format!("{} to {}", names[first], names[last])],
        })
        .collect()
}

/// Turns a proved checker into a Questionnaire.
pub fn export(checker: &Checker, sources: &SourceTree) -> Exported {
    let settings = parse::settings(sources);
    let draft = checker.draft();
    let base = format!("{}{}", settings.origin, settings.base_path);
    let base = base.trim_end_matches('/');
    let mut out = Writer {
        checker,
        draft,
        language: checker.first_words().map_or("en", |words| words.language.as_str()).to_owned(),
        systems: format!("{base}/fhir/CodeSystem/{}", checker.id),
        links: Links::default(),
        taken: BTreeSet::new(),
        expressions: Vec::new(),
        units: Vec::new(),
    };
    out.name_everything();
    let items = out.items();

    let mut form = Map::new();
    form.insert("resourceType".into(), "Questionnaire".into());
    if is_id(&checker.id) {
        form.insert("id".into(), checker.id.clone().into());
    }
    form.insert("language".into(), out.language.clone().into());
    form.insert("url".into(), format!("{base}/fhir/Questionnaire/{}", checker.id).into());
    form.insert(
        "identifier".into(),
        json!([{ "system": format!("{base}/fhir/checkers"), "value": checker.id }]),
    );
    form.insert("version".into(), checker.version.clone().into());
    form.insert("name".into(), computer_name(&checker.id).into());
    out.title(&mut form, &settings, sources);
    form.insert("status".into(), "draft".into());
    form.insert("subjectType".into(), json!(["Patient"]));
    form.insert("date".into(), checker.updated.to_string().into());
    if !settings.clinic.name.is_empty() {
        form.insert("publisher".into(), settings.clinic.name.clone().into());
    }
    let licences: Vec<String> = out.licences();
    if !licences.is_empty() {
        form.insert("copyright".into(), licences.join("\n\n").into());
    }
    form.insert("item".into(), Value::Array(items));
    let left_out = out.left_out();
    Exported { form: Value::Object(form), left_out }
}

/// Whether FHIR takes this for the id of a resource.
fn is_id(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    !text.is_empty() && text.len() <= 64 && text.chars().all(plain)
}

/// `pre-visit` becomes `PreVisit`: a name as programs like it.
fn computer_name(id: &str) -> String {
    let mut name = String::new();
    for part in id.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()) {
        let mut letters = part.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    if name.starts_with(|c: char| c.is_ascii_uppercase()) { name } else { format!("Checker{name}") }
}

struct Writer<'a> {
    checker: &'a Checker,
    draft: &'a Draft,
    language: String,
    systems: String,
    links: Links,
    taken: BTreeSet<String>,
    /// Questions whose condition only FHIRPath can say.
    expressions: Vec<String>,
    /// Units without a code that every program knows.
    units: Vec<String>,
}

impl Writer<'_> {
    /// A linkId that nothing else has.
    fn free(&mut self, wanted: String) -> String {
        let mut link = wanted;
        while !self.taken.insert(link.clone()) {
            link.push('+');
        }
        link
    }

    fn name_everything(&mut self) {
        // Questions keep their ids; everything that is made up finds a name beside them.
        self.taken.extend(self.draft.questions.iter().map(|question| question.id.text.clone()));
        for question in &self.draft.questions {
            let id = &question.id.text;
            self.links.systems.insert(id.clone(), format!("{}/{id}", self.systems));
            match &question.kind {
                DraftKind::Instrument { instrument, .. } => {
                    if let Some(screen) = self.checker.screen(id) {
                        self.links.systems.insert(id.clone(), format!("{}/{}", self.systems, screen.id));
                    }
                    let items: Vec<String> =
                        (1..=instrument.items.len()).map(|at| self.free(format!("{id}.{at}"))).collect();
                    self.links.items.insert(id.clone(), items);
                    let total = self.free(format!("{id}.total"));
                    self.links.totals.insert(id.clone(), total);
                }
                DraftKind::Number { unit, .. } => {
                    if let Some(unknown) = question.unknown.first() {
                        let link = self.free(format!("{id}.{}", unknown.text));
                        self.links.unknowns.insert(id.clone(), link);
                    }
                    if let Some(unit) = unit {
                        let coding = self.unit(&unit.text);
                        self.links.units.insert(unit.text.clone(), coding);
                    }
                }
                DraftKind::One { .. } | DraftKind::Many { .. } => {}
            }
        }
    }

    /// What `answerQuantity` says of a unit.
    fn unit(&mut self, unit: &str) -> Value {
        match ucum(unit) {
            Some(code) => json!({ "unit": unit, "system": url::UCUM, "code": code }),
            None => {
                if !self.units.iter().any(|known| known == unit) {
                    self.units.push(unit.to_owned());
                }
                json!({ "unit": unit, "system": format!("{}/units", self.systems), "code": unit })
            }
        }
    }

    fn title(&self, form: &mut Map<String, Value>, settings: &Settings, sources: &SourceTree) {
        let (parsed, _) = parse::parse(sources, &Cache::default());
        let own = |language: &str| {
            let page = parsed.pages.iter().find(|page| {
                settings.languages.get(page.language).is_some_and(|known| known.code == language)
                    && page
                        .head
                        .front
                        .checker
                        .as_ref()
                        .is_some_and(|checker| checker.value == self.checker.id)
            })?;
            Some(page.head.front.title.value.clone()).filter(|title| !title.is_empty())
        };
        let first = own(&self.language).unwrap_or_else(|| self.checker.id.clone());
        let others = self.others().filter_map(|language| Some((language, own(language)?)));
        text(form, "title", &first, others);
    }

    fn others(&self) -> impl Iterator<Item = &str> {
        self.checker.words.keys().map(String::as_str).filter(|language| *language != self.language)
    }

    /// A text in the form's language, with the others beside it.
    fn say(&self, item: &mut Map<String, Value>, key: &str, words: &dyn Fn(&str) -> Option<String>) {
        let first = words(&self.language).unwrap_or_default();
        if !first.is_empty() {
            let others = self.others().filter_map(|language| Some((language, words(language)?)));
            text(item, key, &first, others);
        }
    }

    fn items(&mut self) -> Vec<Value> {
        let draft = self.draft;
        let mut top: Vec<Value> = Vec::new();
        let mut at = 0;
        while at < draft.questions.len() {
            let section = draft.questions[at].section.as_ref().map(|name| name.text.clone());
            let same = |question: &&DraftQuestion| {
                question.section.as_ref().map(|name| &name.text) == section.as_ref()
            };
            let run: Vec<&DraftQuestion> = draft.questions[at..].iter().take_while(same).collect();
            at += run.len();
            let mut items: Vec<Value> = Vec::new();
            let group = section.as_ref().map(|section| self.free(section.clone()));
            if let (Some(section), Some(group)) = (&section, &group) {
                let intro =
                    |language: &str| Some(self.checker.words.get(language)?.sections.get(section)?.1.clone());
                items.extend(self.display(&format!("{group}.intro"), None, &intro));
            }
            for question in run {
                let item = self.question(question);
                items.push(item);
            }
            match (section, group) {
                (Some(section), Some(group)) => {
                    let mut item = Map::new();
                    item.insert("linkId".into(), group.into());
                    self.say(&mut item, "text", &|language| {
                        Some(self.checker.words.get(language)?.sections.get(&section)?.0.clone())
                    });
                    item.insert("type".into(), "group".into());
                    item.insert("item".into(), Value::Array(items));
                    top.push(Value::Object(item));
                }
                _ => top.extend(items),
            }
        }
        top
    }

    /// A display item; nothing if there is nothing to say.
    fn display(
        &self,
        link: &str,
        control: Option<&str>,
        words: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Value> {
        words(&self.language).filter(|text| !text.is_empty())?;
        let mut item = Map::new();
        if let Some(code) = control {
            let coding = json!({ "coding": [{ "system": url::CONTROLS, "code": code }] });
            item.insert("extension".into(), json!([{ "url": url::CONTROL, "valueCodeableConcept": coding }]));
        }
        item.insert("linkId".into(), link.into());
        self.say(&mut item, "text", words);
        item.insert("type".into(), "display".into());
        Some(Value::Object(item))
    }

    fn question(&mut self, question: &DraftQuestion) -> Value {
        let checker = self.checker;
        let id = question.id.text.as_str();
        let title = |language: &str| Some(checker.words.get(language)?.questions.get(id)?.title.clone());
        let hint = |language: &str| Some(checker.words.get(language)?.questions.get(id)?.hint.clone());
        let help = self.display(&format!("{id}.hint"), Some("help"), &hint);
        let mut item = Map::new();
        let extension: Vec<Value>;
        let mut inside: Vec<Value> = help.into_iter().collect();
        let mut unknown = None;
        match &question.kind {
            DraftKind::One { options } => {
                extension = Vec::new();
                item.insert("type".into(), "choice".into());
                item.insert("required".into(), true.into());
                let options: Vec<Value> =
                    options.iter().map(|option| self.option(id, &option.text, false)).collect();
                item.insert("answerOption".into(), Value::Array(options));
            }
            DraftKind::Many { options, exclusive } => {
                extension = Vec::new();
                item.insert("type".into(), "choice".into());
                item.insert("required".into(), true.into());
                item.insert("repeats".into(), true.into());
                let alone = |option: &str| exclusive.iter().any(|name| name.text == option);
                let options: Vec<Value> =
                    options.iter().map(|option| self.option(id, &option.text, alone(&option.text))).collect();
                item.insert("answerOption".into(), Value::Array(options));
            }
            DraftKind::Number { unit, low, high, decimals, .. } => {
                let kind = match (unit, decimals) {
                    (Some(_), _) => "quantity",
                    (None, 0) => "integer",
                    (None, _) => "decimal",
                };
                extension = self.limits(unit.as_ref().map(|unit| unit.text.as_str()), *low, *high, *decimals);
                item.insert("type".into(), kind.into());
                item.insert("required".into(), question.unknown.is_empty().into());
                unknown = question.unknown.first().map(|option| option.text.clone());
            }
            DraftKind::Instrument { .. } => {
                extension = Vec::new();
                item.insert("type".into(), "group".into());
                if let Some(screen) = checker.screen(id) {
                    inside.extend(self.screen(id, screen));
                }
            }
        }
        self.say(&mut item, "text", &title);
        item.insert("linkId".into(), id.into());
        let enable = Asker { draft: self.draft, links: &self.links }.asked(question);
        let mut all_extensions = extension;
        let mut levels = Vec::new();
        match enable {
            Enable::Always => {}
            Enable::Levels(lists) => levels = lists,
            Enable::Expression(path) => {
                self.expressions.push(id.to_owned());
                all_extensions.push(expression(&path));
            }
        }
        if !inside.is_empty() {
            item.insert("item".into(), Value::Array(inside));
        }
        // The number and its "I do not know" stand and fall together, so a group around both says when.
        let beside = unknown.map(|option| self.unknown(id, &option, &title));
        if beside.is_none()
            && let Some(level) = levels.pop()
        {
            level.write(&mut item);
        }
        let mut around = Map::new();
        if beside.is_some()
            && let Some(at) = all_extensions.iter().position(|extension| extension["url"] == url::ENABLE_WHEN)
        {
            around.insert("extension".into(), Value::Array(vec![all_extensions.remove(at)]));
        }
        if !all_extensions.is_empty() {
            item.insert("extension".into(), Value::Array(all_extensions));
        }
        let item = Value::Object(in_order(item));
        let mut whole = match beside {
            None => item,
            Some(beside) => {
                if let Some(level) = levels.pop() {
                    level.write(&mut around);
                }
                self.group(id, around, vec![item, beside])
            }
        };
        while let Some(level) = levels.pop() {
            let mut around = Map::new();
            level.write(&mut around);
            whole = self.group(id, around, vec![whole]);
        }
        whole
    }

    /// A group without words.
    fn group(&mut self, id: &str, mut group: Map<String, Value>, items: Vec<Value>) -> Value {
        group.insert("linkId".into(), self.free(format!("{id}.group")).into());
        group.insert("type".into(), "group".into());
        group.insert("item".into(), Value::Array(items));
        Value::Object(in_order(group))
    }

    fn option(&self, id: &str, option: &str, alone: bool) -> Value {
        let label = |language: &str| {
            self.checker.words.get(language)?.questions.get(id)?.options.get(option).cloned()
        };
        let mut coding = Map::new();
        coding.insert("system".into(), self.links.systems.get(id).cloned().unwrap_or_default().into());
        coding.insert("code".into(), option.into());
        self.say(&mut coding, "display", &label);
        let mut entry = Map::new();
        if alone {
            entry.insert("extension".into(), json!([{ "url": url::EXCLUSIVE, "valueBoolean": true }]));
        }
        entry.insert("valueCoding".into(), Value::Object(coding));
        Value::Object(entry)
    }

    /// "I do not know" beside a number: one option, offered while there is no number.
    fn unknown(&self, id: &str, option: &str, title: &dyn Fn(&str) -> Option<String>) -> Value {
        let mut item = Map::new();
        item.insert("linkId".into(), self.links.unknowns.get(id).cloned().unwrap_or_default().into());
        self.say(&mut item, "text", title);
        item.insert("type".into(), "choice".into());
        item.insert(
            "enableWhen".into(),
            json!([{ "question": id, "operator": "exists", "answerBoolean": false }]),
        );
        item.insert("answerOption".into(), json!([self.option(id, option, false)]));
        Value::Object(in_order(item))
    }

    fn limits(
        &self,
        unit: Option<&str>,
        low: checker_rules::Decimal,
        high: checker_rules::Decimal,
        decimals: u8,
    ) -> Vec<Value> {
        let key = if decimals == 0 { "valueInteger" } else { "valueDecimal" };
        let mut extensions = vec![
            json!({ "url": url::MIN_VALUE, key: number(low) }),
            json!({ "url": url::MAX_VALUE, key: number(high) }),
        ];
        if unit.is_some() || decimals > 0 {
            extensions.push(json!({ "url": url::MAX_DECIMALS, "valueInteger": decimals }));
        }
        let Some(unit) = unit else { return extensions };
        let coding = self.links.units.get(unit).cloned().unwrap_or(Value::Null);
        extensions.push(json!({
            "url": url::UNIT_OPTION,
            "valueCoding": { "system": coding["system"], "code": coding["code"], "display": unit },
        }));
        for (url, limit) in [(url::MIN_QUANTITY, low), (url::MAX_QUANTITY, high)] {
            let mut quantity = Map::new();
            quantity.insert("value".into(), number(limit));
            quantity.extend(coding.as_object().cloned().unwrap_or_default());
            extensions.push(json!({ "url": url, "valueQuantity": quantity }));
        }
        extensions
    }

    /// The items of a locked screen with what each answer adds, and the score.
    fn screen(&self, id: &str, screen: &Screen) -> Vec<Value> {
        let links = self.links.items.get(id).map(Vec::as_slice).unwrap_or_default();
        let system = self.links.systems.get(id).cloned().unwrap_or_default();
        let stem = |language: &str| Some(screen.words_in(language)?.stem.clone());
        let after_gate = |language: &str| Some(screen.words_in(language)?.after_gate.clone());
        let mut items: Vec<Value> = self.display(&format!("{id}.stem"), None, &stem).into_iter().collect();
        for (at, (link, &highest)) in links.iter().zip(&screen.highest).enumerate() {
            let gate = screen.gated && at == 0;
            let mut item = Map::new();
            item.insert("linkId".into(), link.clone().into());
            self.say(&mut item, "text", &|language| screen.words_in(language)?.items.get(at).cloned());
            item.insert("type".into(), "choice".into());
            item.insert("required".into(), true.into());
            if screen.gated && !gate {
                let open: Vec<Value> = (1..=screen.highest.first().copied().unwrap_or(1))
                    .map(|value| {
                        let answer = json!({ "system": system, "code": value.to_string() });
                        json!({ "question": links[0], "operator": "=", "answerCoding": answer })
                    })
                    .collect();
                if open.len() > 1 {
                    item.insert("enableBehavior".into(), "any".into());
                }
                item.insert("enableWhen".into(), Value::Array(open));
            }
            let options: Vec<Value> = (0..=highest)
                .map(|value| {
                    let mut coding = Map::new();
                    coding.insert("system".into(), system.clone().into());
                    coding.insert("code".into(), value.to_string().into());
                    self.say(&mut coding, "display", &|language| {
                        screen.words_in(language)?.values.get(usize::from(value)).cloned()
                    });
                    let mut option = Map::new();
                    // The gate is not counted, so its answers weigh nothing.
                    if !gate {
                        let weight = |url: &str| json!({ "url": url, "valueDecimal": value });
                        option.insert("extension".into(), json!([weight(url::ORDINAL), weight(url::WEIGHT)]));
                    }
                    option.insert("valueCoding".into(), Value::Object(coding));
                    Value::Object(option)
                })
                .collect();
            item.insert("answerOption".into(), Value::Array(options));
            items.push(Value::Object(in_order(item)));
            if gate {
                items.extend(self.display(&format!("{id}.after-gate"), None, &after_gate));
            }
        }
        let mut total = Map::new();
        total.insert(
            "extension".into(),
            json!([
                { "url": url::CALCULATED, "valueExpression": {
                    "language": "text/fhirpath",
                    "expression": score_path(links, screen.gated),
                } },
                { "url": url::MIN_VALUE, "valueInteger": 0 },
                { "url": url::MAX_VALUE, "valueInteger": screen.highest_score() },
            ]),
        );
        total.insert("linkId".into(), self.links.totals.get(id).cloned().unwrap_or_default().into());
        total.insert("text".into(), screen.name.clone().into());
        total.insert("type".into(), "integer".into());
        total.insert("readOnly".into(), true.into());
        items.push(Value::Object(total));
        items
    }

    fn licences(&self) -> Vec<String> {
        let mut licences: Vec<String> = Vec::new();
        for question in &self.draft.questions {
            if let Some(screen) = self.checker.screen(&question.id.text) {
                let licence = format!("{}: {}", screen.name, screen.licence);
                if !licences.contains(&licence) {
                    licences.push(licence);
                }
            }
        }
        licences
    }

    fn left_out(&self) -> Vec<LeftOut> {
        let draft = self.draft;
        let asked = |wanted: &dyn Fn(&DraftQuestion) -> bool| -> Vec<String> {
            draft
                .questions
                .iter()
                .filter(|question| wanted(question))
                .map(|question| question.id.text.clone())
                .collect()
        };
        let texts = |names: &[checker_rules::Name]| names.iter().map(|name| name.text.clone()).collect();
        let groups = [
            LeftOut {
                what: "rules with their reasons",
                names: draft.rules.iter().map(|rule| rule.id.text.clone()).collect(),
                so: "The form asks, and does not judge. A program that reads it gives no result.",
            },
            LeftOut {
                what: "outcomes with their words",
                names: texts(&draft.outcomes),
                so: "They belong to the rules.",
            },
            LeftOut {
                what: "promises",
                names: draft.invariants.iter().map(|promise| promise.id.text.clone()).collect(),
                so: "What is proved here is proved of the checker, not of another program that shows the form.",
            },
            LeftOut {
                what: "worked patients",
                names: self.checker.cases.iter().map(|case| case.id.clone()).collect(),
                so: "They test the rules.",
            },
            LeftOut {
                what: "questions whose answers open crisis help",
                names: asked(&|question| {
                    !question.crisis.is_empty()
                        || matches!(&question.kind, DraftKind::Instrument { instrument, .. } if !instrument.crisis_items.is_empty())
                }),
                so: "Another program will not show crisis help after these answers by itself. See to that before anybody uses the form.",
            },
            LeftOut {
                what: "questions with an order of risk or need",
                names: asked(&|question| question.direction.is_some()),
                so: "FHIR has no word for which answer is worse.",
            },
            LeftOut {
                what: "questions with answers marked as “not sure” or as not looked at",
                names: asked(&|question| !question.unknown.is_empty() || !question.inert.is_empty()),
                so: "The answers themselves are in the form.",
            },
            LeftOut {
                what: "questions that ask once more about an unlikely number",
                names: asked(&|question| {
                    matches!(&question.kind, DraftKind::Number { unlikely: Some(_), .. })
                }),
                so: "Another program takes every number between the limits without asking.",
            },
            LeftOut {
                what: "screens that a longer screen answers",
                names: asked(&|question| {
                    matches!(&question.kind, DraftKind::Instrument { answered_by: Some(_), .. })
                }),
                so: "The form asks one of the two, never both. That the score of the short one can be read from the long one is not in it.",
            },
            LeftOut {
                what: "numbers that may be answered with “not sure”",
                names: self.links.unknowns.keys().cloned().collect(),
                so: "“Not sure” is an item of its own, offered while there is no number. FHIR cannot say that one of the two is needed.",
            },
            LeftOut {
                what: "units without a code of their own",
                names: self.units.clone(),
                so: "The form names them as this site does. Other programs may not know them.",
            },
            LeftOut {
                what: "questions whose condition is written in FHIRPath",
                names: self.expressions.clone(),
                so: "Plain FHIR cannot say when these are asked. A program that does not know enableWhenExpression asks them always.",
            },
        ];
        groups.into_iter().filter(|group| !group.names.is_empty()).collect()
    }
}

/// The members of an item in the order in which people read them.
fn in_order(mut item: Map<String, Value>) -> Map<String, Value> {
    const ORDER: [&str; 11] = [
        "extension",
        "linkId",
        "text",
        "_text",
        "type",
        "enableWhen",
        "enableBehavior",
        "required",
        "repeats",
        "readOnly",
        "answerOption",
    ];
    let mut sorted = Map::new();
    for key in ORDER {
        if let Some(value) = item.remove(key) {
            sorted.insert(key.into(), value);
        }
    }
    sorted.extend(item);
    sorted
}

/// A text and its translations.
fn text<'l>(
    into: &mut Map<String, Value>,
    key: &str,
    first: &str,
    others: impl Iterator<Item = (&'l str, String)>,
) {
    into.insert(key.into(), first.into());
    let translations: Vec<Value> = others
        .filter(|(_, text)| !text.is_empty())
        .map(|(language, text)| {
            json!({
                "url": url::TRANSLATION,
                "extension": [
                    { "url": "lang", "valueCode": language },
                    { "url": "content", "valueString": text },
                ],
            })
        })
        .collect();
    if !translations.is_empty() {
        into.insert(format!("_{key}"), json!({ "extension": translations }));
    }
}
