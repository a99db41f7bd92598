//! A Questionnaire as it was written: every item with its place. What is not shaped like a form is told here; whether
//! the form makes sense is for `analyze`.

use super::json::{Node, Value};
use super::url;
use crate::finding::{Finding, Findings, Severity};
use crate::source::{FileId, Place};
use checker_rules::Decimal;
use std::collections::BTreeMap;
use std::ops::Range;

/// The most findings that anybody reads.
const MAX_FINDINGS: usize = 200;

/// The most items of a form. The longest forms in use have some hundreds.
const MAX_ITEMS: usize = 5_000;

/// A text by language.
pub(crate) type Texts = BTreeMap<String, String>;

/// A whole form, its items in the order in which they are shown.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub(crate) items: Vec<Item>,
    /// Every language that any text is in, the form's own first.
    pub(crate) languages: Vec<String>,
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) title: Texts,
    /// Named expressions that others use.
    pub(crate) variables: BTreeMap<String, String>,
    /// What stands at the form itself and is not carried, with its place.
    pub(crate) surplus: Vec<(String, Range<usize>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Group,
    Display,
    Boolean,
    Integer,
    Decimal,
    Quantity,
    Choice,
    OpenChoice,
    /// A kind of answer that a checker cannot take: `string`, `date`, ….
    Other(String),
    /// No kind that there is.
    Wrong,
}

impl Kind {
    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Kind::Integer | Kind::Decimal | Kind::Quantity)
    }

    pub(crate) fn is_choice(&self) -> bool {
        matches!(self, Kind::Choice | Kind::OpenChoice)
    }
}

#[derive(Debug)]
pub(crate) struct Item {
    /// Empty where there is none.
    pub(crate) link: String,
    /// Where it is named.
    pub(crate) span: Range<usize>,
    /// `item[0].item[3]`.
    pub(crate) path: String,
    pub(crate) parent: Option<usize>,
    pub(crate) children: Vec<usize>,
    pub(crate) kind: Kind,
    pub(crate) texts: Texts,
    pub(crate) required: bool,
    pub(crate) repeats: bool,
    pub(crate) enable: Vec<EnableWhen>,
    /// `true`: all must hold.
    pub(crate) behavior: Option<bool>,
    pub(crate) options: Vec<Choice>,
    /// The address of a list of answers that is not in the form.
    pub(crate) value_set: Option<String>,
    pub(crate) min: Option<(Decimal, Range<usize>)>,
    pub(crate) max: Option<(Decimal, Range<usize>)>,
    pub(crate) decimals: Option<u8>,
    pub(crate) units: Vec<Unit>,
    pub(crate) calculated: Option<(String, Range<usize>)>,
    pub(crate) asked_by_expression: Option<Range<usize>>,
    /// The answers to choose from are worked out while the form is filled in.
    pub(crate) worked_out_answers: bool,
    pub(crate) control: Option<String>,
    pub(crate) hidden: bool,
    /// What else stands there and is not carried.
    pub(crate) surplus: Vec<(String, Range<usize>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) code: String,
    pub(crate) display: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) system: String,
    pub(crate) code: String,
    pub(crate) texts: Texts,
    pub(crate) weight: Option<Decimal>,
    pub(crate) exclusive: bool,
}

#[derive(Debug)]
pub(crate) struct EnableWhen {
    pub(crate) question: String,
    pub(crate) operator: String,
    pub(crate) answer: Option<Answer>,
    pub(crate) span: Range<usize>,
}

#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Switch(bool),
    Number {
        key: &'static str,
        value: Decimal,
    },
    Quantity {
        value: Decimal,
        unit: String,
        code: String,
    },
    Coding {
        system: String,
        code: String,
    },
    Text(String),
    /// A kind that nothing in a checker can be compared with.
    Other(String),
}

impl Answer {
    /// What the member is called.
    pub(crate) fn key(&self) -> String {
        match self {
            Answer::Switch(_) => "answerBoolean".to_owned(),
            Answer::Number { key, .. } => (*key).to_owned(),
            Answer::Quantity { .. } => "answerQuantity".to_owned(),
            Answer::Coding { .. } => "answerCoding".to_owned(),
            Answer::Text(_) => "answerString".to_owned(),
            Answer::Other(key) => key.clone(),
        }
    }
}

/// What is told about a form.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) findings: Findings,
    count: usize,
}

impl Told {
    fn push(&mut self, finding: Finding) {
        self.count += 1;
        if self.count <= MAX_FINDINGS {
            self.findings.push(finding);
        } else if self.count == MAX_FINDINGS + 1 {
            let place = finding.place.unwrap_or_else(|| Place::start_of(FileId(0)));
            self.findings.push(
                Finding::warning(
                    "fhir-too-many-findings",
                    place,
                    format!("There are more than {MAX_FINDINGS} findings"),
                )
                .help("Mend these first, and read the form again"),
            );
        }
    }

    pub(crate) fn error(&mut self, code: &'static str, span: &Range<usize>, message: String, help: String) {
        self.push(Finding::error(code, Place::new(FileId(0), span.clone()), message).help(help));
    }

    pub(crate) fn warning(&mut self, code: &'static str, span: &Range<usize>, message: String, help: String) {
        self.push(Finding::warning(code, Place::new(FileId(0), span.clone()), message).help(help));
    }

    pub(crate) fn note(&mut self, code: &'static str, span: &Range<usize>, message: String, help: String) {
        let finding = Finding::warning(code, Place::new(FileId(0), span.clone()), message).help(help);
        self.push(Finding { severity: Severity::Note, ..finding });
    }
}

impl Form {
    /// The item with this linkId.
    pub(crate) fn find(&self, link: &str) -> Option<usize> {
        self.items.iter().position(|item| item.link == link)
    }

    /// The item's groups and questions around it, the nearest first.
    pub(crate) fn around(&self, item: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.items[item].parent, |&at| self.items[at].parent)
    }

    /// The form's own language.
    pub(crate) fn language(&self) -> &str {
        self.languages.first().map_or("en", String::as_str)
    }
}

impl Item {
    /// How messages name it.
    pub(crate) fn name(&self) -> String {
        if self.link.is_empty() { format!("the item at {}", self.path) } else { format!("`{}`", self.link) }
    }

    /// The text in a language.
    pub(crate) fn text(&self, language: &str) -> &str {
        self.texts.get(language).map_or("", String::as_str)
    }
}

/// Reads a form. `None` when it is no Questionnaire of a release that is understood.
pub(crate) fn read(root: &Node, told: &mut Told) -> Option<Form> {
    let mut twice = Vec::new();
    root.keys_twice(&mut twice);
    for (key, span) in twice {
        told.error(
            "fhir-key-twice",
            &span,
            format!("`{key}` stands twice in the same place, and only one of the two can count"),
            "Take one of them out".to_owned(),
        );
    }
    let start = root.span.start..root.span.start;
    let kind = root.text_of("resourceType");
    if kind != Some("Questionnaire") {
        let what = match kind {
            Some("QuestionnaireResponse") => "These are answers to a form, not the form itself".to_owned(),
            Some("Bundle") => "This is a bundle of several things, not one form".to_owned(),
            Some(other) => format!("This is a `{other}`, not a form"),
            None => "This is no FHIR form: it does not say `\"resourceType\": \"Questionnaire\"`".to_owned(),
        };
        let span = root.get("resourceType").map_or(start, |node| node.span.clone());
        told.error(
            "fhir-not-a-form",
            &span,
            what,
            "Export the Questionnaire by itself, as FHIR R4 JSON".to_owned(),
        );
        return None;
    }
    if let Some((span, why)) = other_release(root) {
        told.error(
            "fhir-other-release",
            &span,
            format!("This form is written in another release of FHIR: {why}"),
            "Export it as FHIR R4 (4.0.1). R4B is read as well".to_owned(),
        );
        return None;
    }
    let mut reader = Reader { root, told, form: Form::default() };
    reader.root();
    Some(reader.form)
}

/// What shows that a form is not R4, and where.
fn other_release(root: &Node) -> Option<(Range<usize>, String)> {
    fn of_items(items: &[Node], found: &mut Option<(Range<usize>, String)>) {
        for item in items {
            let r5 = ["disabledDisplay", "answerConstraint"]
                .into_iter()
                .find_map(|key| Some((key, item.get(key)?)));
            if let Some((key, node)) = r5 {
                found.get_or_insert((node.span.clone(), format!("`{key}` is from R5")));
            }
            if let Some(node) = item.get("type").filter(|node| node.text() == Some("coding")) {
                found.get_or_insert((
                    node.span.clone(),
                    "the type `coding` is from R5; R4 says `choice`".to_owned(),
                ));
            }
            if let Some(node) = item.get("option").or_else(|| item.get("options")) {
                let why = "`option` is from STU3; R4 says `answerOption`".to_owned();
                found.get_or_insert((node.span.clone(), why));
            }
            of_items(item.list_of("item"), found);
        }
    }
    for key in ["versionAlgorithmString", "versionAlgorithmCoding", "copyrightLabel"] {
        if let Some(node) = root.get(key) {
            return Some((node.span.clone(), format!("`{key}` is from R5")));
        }
    }
    let mut found = None;
    of_items(root.list_of("item"), &mut found);
    found
}

struct Reader<'n, 't> {
    root: &'n Node,
    told: &'t mut Told,
    form: Form,
}

/// An exact number. A form may write 1e2 or more digits than count; both are beyond what a checker holds.
fn decimal(node: &Node) -> Option<Decimal> {
    match &node.value {
        Value::Number(digits) => Decimal::parse(digits),
        _ => None,
    }
}

impl Reader<'_, '_> {
    fn shape(&mut self, span: &Range<usize>, message: String) {
        let help = "Export the form again from the program that made it".to_owned();
        self.told.error("fhir-shape", span, message, help);
    }

    fn root(&mut self) {
        let root = self.root;
        let language = root.text_of("language").filter(|tag| is_tag(tag)).unwrap_or("en").to_owned();
        self.form.languages.push(language);
        let own = |key: &str| root.text_of(key).map(str::to_owned);
        self.form.id = own("id");
        self.form.name = own("name");
        self.form.version = own("version");
        self.form.date = own("date");
        self.form.title = self.texts(root, "title");
        self.form.variables = variables(root);
        const KNOWN: [&str; 14] = [
            "resourceType",
            "id",
            "meta",
            "language",
            "url",
            "identifier",
            "version",
            "name",
            "title",
            "_title",
            "status",
            "date",
            "subjectType",
            "item",
        ];
        if let Value::Table(members) = &root.value {
            for (key, span, node) in members {
                if key == "extension" {
                    for extension in node.list() {
                        let name = extension.text_of("url").unwrap_or_default();
                        if name != url::VARIABLE {
                            self.form.surplus.push((last_part(name), extension.span.clone()));
                        }
                    }
                } else if key != "contained" && !KNOWN.contains(&key.as_str()) {
                    self.form.surplus.push((key.clone(), span.clone()));
                }
            }
        }
        match root.get("item") {
            Some(node) if matches!(node.value, Value::List(_)) => self.items(node, None, ""),
            Some(node) => self.shape(&node.span.clone(), "`item` should be a list".to_owned()),
            None => {}
        }
        if self.form.items.is_empty() {
            let span = root.span.start..root.span.start;
            self.told.error(
                "fhir-empty-group",
                &span,
                "This form has no questions".to_owned(),
                "Export the form with its items".to_owned(),
            );
        }
    }

    fn items(&mut self, list: &Node, parent: Option<usize>, path: &str) {
        for (at, node) in list.list().iter().enumerate() {
            let path = if path.is_empty() { format!("item[{at}]") } else { format!("{path}.item[{at}]") };
            if !matches!(node.value, Value::Table(_)) {
                self.shape(&node.span, format!("{path} should be an item"));
                continue;
            }
            if self.form.items.len() >= MAX_ITEMS {
                if self.form.items.len() == MAX_ITEMS {
                    self.told.error(
                        "fhir-not-readable",
                        &node.span,
                        format!("This form has more than {MAX_ITEMS} items; what comes after is not read"),
                        "Split the form".to_owned(),
                    );
                }
                return;
            }
            let item = self.item(node, parent, &path);
            let number = self.form.items.len();
            if let Some(parent) = parent {
                self.form.items[parent].children.push(number);
            }
            self.form.items.push(item);
            match node.get("item") {
                Some(inner) if matches!(inner.value, Value::List(_)) => {
                    self.items(inner, Some(number), &path)
                }
                Some(inner) => self.shape(&inner.span, format!("`item` of {path} should be a list")),
                None => {}
            }
        }
    }

    fn item(&mut self, node: &Node, parent: Option<usize>, path: &str) -> Item {
        let link = node.get("linkId");
        let name = link.and_then(Node::text).unwrap_or_default().trim().to_owned();
        let span = link.map_or(node.span.start..node.span.start + 1, |link| link.span.clone());
        if name.is_empty() {
            self.told.error(
                "fhir-no-link-id",
                &span,
                format!("The item at {path} has no linkId"),
                "Give it a linkId of its own: `\"linkId\": \"sleep-1\"`".to_owned(),
            );
        }
        let named = if name.is_empty() { format!("the item at {path}") } else { format!("`{name}`") };
        let kind = self.kind(node, &named, &span);
        let mut item = Item {
            link: name,
            span,
            path: path.to_owned(),
            parent,
            children: Vec::new(),
            kind,
            texts: self.texts(node, "text"),
            required: node.get("required").and_then(Node::switch).unwrap_or(false),
            repeats: node.get("repeats").and_then(Node::switch).unwrap_or(false),
            enable: Vec::new(),
            behavior: node.text_of("enableBehavior").map(|behavior| behavior == "all"),
            options: Vec::new(),
            value_set: None,
            min: None,
            max: None,
            decimals: None,
            units: Vec::new(),
            calculated: None,
            asked_by_expression: None,
            worked_out_answers: false,
            control: None,
            hidden: false,
            surplus: Vec::new(),
        };
        for (at, entry) in node.list_of("enableWhen").iter().enumerate() {
            let enable = self.enable(entry, &named, at);
            item.enable.extend(enable);
        }
        if let Some(behavior) = node.get("enableBehavior")
            && !matches!(behavior.text(), Some("all" | "any"))
        {
            self.shape(&behavior.span, format!("`enableBehavior` of {named} should be `all` or `any`"));
        }
        for option in node.list_of("answerOption") {
            let choice = self.choice(option, &named, &mut item.surplus);
            item.options.extend(choice);
        }
        if let Some(set) = node.get("answerValueSet") {
            let address = set.text().unwrap_or_default();
            match self.contained(address) {
                Some(options) => item.options.extend(options),
                None => item.value_set = Some(address.to_owned()),
            }
        }
        for extension in node.list_of("extension") {
            self.extension(extension, &mut item);
        }
        self.form.variables.extend(variables(node));
        const KNOWN: [&str; 14] = [
            "id",
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
            "answerValueSet",
            "item",
        ];
        if let Value::Table(members) = &node.value {
            for (key, span, _) in members {
                if !KNOWN.contains(&key.as_str()) {
                    item.surplus.push((key.clone(), span.clone()));
                }
            }
        }
        let calculated = item.calculated.is_some();
        if node.get("readOnly").and_then(Node::switch) == Some(true)
            && !calculated
            && item.kind != Kind::Display
        {
            item.surplus.push(("readOnly".to_owned(), item.span.clone()));
        }
        item
    }

    fn kind(&mut self, node: &Node, named: &str, span: &Range<usize>) -> Kind {
        match node.text_of("type") {
            Some("group") => Kind::Group,
            Some("display") => Kind::Display,
            Some("boolean") => Kind::Boolean,
            Some("integer") => Kind::Integer,
            Some("decimal") => Kind::Decimal,
            Some("quantity") => Kind::Quantity,
            Some("choice") => Kind::Choice,
            Some("open-choice") => Kind::OpenChoice,
            Some(
                other @ ("date" | "dateTime" | "time" | "string" | "text" | "url" | "attachment"
                | "reference"),
            ) => Kind::Other(other.to_owned()),
            other => {
                let span = node.get("type").map_or(span.clone(), |node| node.span.clone());
                let message = match other {
                    Some(other) => format!("`{other}`, the type of {named}, is none that FHIR R4 has"),
                    None => format!("It is not said what {named} asks for: it has no `type`"),
                };
                let help =
                    "Write one of: group, display, boolean, integer, decimal, quantity, choice".to_owned();
                self.told.error("fhir-unknown-type", &span, message, help);
                Kind::Wrong
            }
        }
    }

    fn enable(&mut self, entry: &Node, named: &str, at: usize) -> Option<EnableWhen> {
        let question = entry.text_of("question");
        let operator = entry.text_of("operator");
        let answer = match &entry.value {
            Value::Table(members) => members
                .iter()
                .find(|(key, ..)| key.starts_with("answer"))
                .map(|(key, _, node)| answer(key, node).unwrap_or_else(|| Answer::Other(key.clone()))),
            _ => None,
        };
        let (Some(question), Some(operator)) = (question, operator) else {
            self.told.error(
                "fhir-condition-incomplete",
                &entry.span,
                format!("enableWhen[{at}] of {named} does not say which question, or how to compare"),
                "Write `question`, `operator` and an answer, or take the entry out".to_owned(),
            );
            return None;
        };
        Some(EnableWhen {
            question: question.to_owned(),
            operator: operator.to_owned(),
            answer,
            span: entry.span.clone(),
        })
    }

    fn choice(
        &mut self,
        option: &Node,
        named: &str,
        surplus: &mut Vec<(String, Range<usize>)>,
    ) -> Option<Choice> {
        let mut choice = if let Some(coding) = option.get("valueCoding") {
            let mut choice = coding_choice(coding, self.texts(coding, "display"));
            choice.weight = choice.weight.or_else(|| weight(option));
            choice
        } else if let Some(text) = option.get("valueString") {
            let words = text.text().unwrap_or_default().to_owned();
            let mut texts = self.texts(option, "valueString");
            texts.entry(self.form.language().to_owned()).or_insert_with(|| words.clone());
            Choice { system: String::new(), code: words, texts, weight: weight(option), exclusive: false }
        } else if let Some(Value::Number(digits)) = option.get("valueInteger").map(|node| &node.value) {
            let texts = Texts::from([(self.form.language().to_owned(), digits.clone())]);
            Choice {
                system: String::new(),
                code: digits.clone(),
                texts,
                weight: weight(option),
                exclusive: false,
            }
        } else {
            surplus.push(("answerOption of another kind".to_owned(), option.span.clone()));
            return None;
        };
        if choice.code.is_empty() {
            // An option without a code can still be told by its words.
            choice.code = choice.texts.get(self.form.language()).cloned().unwrap_or_default();
        }
        if choice.code.is_empty() {
            self.shape(&option.span, format!("An option of {named} has neither a code nor words"));
            return None;
        }
        for extension in option.list_of("extension") {
            match extension.text_of("url") {
                Some(url::EXCLUSIVE) => {
                    choice.exclusive = extension.get("valueBoolean").and_then(Node::switch).unwrap_or(false);
                }
                Some(url::ORDINAL | url::WEIGHT) => {}
                other => surplus.push((last_part(other.unwrap_or_default()), extension.span.clone())),
            }
        }
        if option.get("initialSelected").and_then(Node::switch) == Some(true) {
            surplus.push(("initialSelected".to_owned(), option.span.clone()));
        }
        Some(choice)
    }

    /// The options of a list that stands in the form itself.
    fn contained(&mut self, address: &str) -> Option<Vec<Choice>> {
        let id = address.strip_prefix('#')?;
        let set = self.root.list_of("contained").iter().find(|node| node.text_of("id") == Some(id))?;
        let mut options = Vec::new();
        let expansion = set.get("expansion").map_or(&[][..], |expansion| expansion.list_of("contains"));
        for concept in expansion {
            options.push(coding_choice(concept, self.texts(concept, "display")));
        }
        if options.is_empty() {
            for include in set.get("compose")?.list_of("include") {
                // A filter says what belongs to the list only to a server that knows the whole code system.
                if !include.list_of("filter").is_empty() || include.list_of("concept").is_empty() {
                    return None;
                }
                for concept in include.list_of("concept") {
                    let mut choice = coding_choice(concept, self.texts(concept, "display"));
                    choice.system = include.text_of("system").unwrap_or_default().to_owned();
                    options.push(choice);
                }
            }
        }
        options.retain(|choice| !choice.code.is_empty());
        (!options.is_empty()).then_some(options)
    }

    fn extension(&mut self, extension: &Node, item: &mut Item) {
        let address = extension.text_of("url").unwrap_or_default();
        let limit = |keys: &[&str]| {
            keys.iter().find_map(|key| {
                let node = extension.get(key)?;
                decimal(node).map(|value| (value, node.span.clone()))
            })
        };
        let quantity = || {
            let node = extension.get("valueQuantity")?.get("value")?;
            decimal(node).map(|value| (value, node.span.clone()))
        };
        match address {
            url::MIN_VALUE => item.min = limit(&["valueInteger", "valueDecimal"]).or(item.min.take()),
            url::MAX_VALUE => item.max = limit(&["valueInteger", "valueDecimal"]).or(item.max.take()),
            url::MIN_QUANTITY if item.min.is_none() => item.min = quantity(),
            url::MAX_QUANTITY if item.max.is_none() => item.max = quantity(),
            url::MIN_QUANTITY | url::MAX_QUANTITY => {}
            url::MAX_DECIMALS => {
                item.decimals = limit(&["valueInteger"])
                    .and_then(|(value, _)| value.scaled(0))
                    .and_then(|value| u8::try_from(value).ok())
                    .filter(|decimals| *decimals <= Decimal::MAX_SCALE);
            }
            url::UNIT | url::UNIT_OPTION => {
                if let Some(coding) = extension.get("valueCoding") {
                    let code = coding.text_of("code").unwrap_or_default().to_owned();
                    let display = coding.text_of("display").unwrap_or(&code).to_owned();
                    item.units.push(Unit { code, display });
                }
            }
            url::CALCULATED => {
                let expression = extension.get("valueExpression").and_then(|node| node.text_of("expression"));
                item.calculated = Some((expression.unwrap_or_default().to_owned(), extension.span.clone()));
            }
            url::ENABLE_WHEN => item.asked_by_expression = Some(extension.span.clone()),
            url::CONTROL => {
                let coding =
                    extension.get("valueCodeableConcept").map_or(&[][..], |node| node.list_of("coding"));
                item.control = coding.first().and_then(|coding| coding.text_of("code")).map(str::to_owned);
            }
            url::HIDDEN => {
                item.hidden = extension.get("valueBoolean").and_then(Node::switch).unwrap_or(false)
            }
            url::VARIABLE => {}
            other => {
                let name = last_part(other);
                item.worked_out_answers |= ["answerExpression", "candidateExpression", "referenceResource"]
                    .iter()
                    .any(|end| name.ends_with(end));
                item.surplus.push((name, extension.span.clone()));
            }
        }
    }

    /// A text with its translations.
    fn texts(&mut self, node: &Node, key: &str) -> Texts {
        let mut texts = Texts::new();
        if let Some(text) = node.text_of(key).filter(|text| !text.trim().is_empty()) {
            texts.insert(self.form.language().to_owned(), text.to_owned());
        }
        let beside = node.get(&format!("_{key}"));
        for extension in beside.map_or(&[][..], |beside| beside.list_of("extension")) {
            if extension.text_of("url") != Some(url::TRANSLATION) {
                continue;
            }
            let part = |name: &str| {
                let part =
                    extension.list_of("extension").iter().find(|part| part.text_of("url") == Some(name))?;
                ["valueCode", "valueString", "valueMarkdown"].iter().find_map(|key| part.text_of(key))
            };
            if let (Some(language), Some(text)) = (part("lang"), part("content"))
                && is_tag(language)
            {
                if !self.form.languages.iter().any(|known| known == language) {
                    self.form.languages.push(language.to_owned());
                }
                texts.insert(language.to_owned(), text.to_owned());
            }
        }
        texts
    }
}

fn coding_choice(coding: &Node, texts: Texts) -> Choice {
    Choice {
        system: coding.text_of("system").unwrap_or_default().to_owned(),
        code: coding.text_of("code").unwrap_or_default().trim().to_owned(),
        texts,
        weight: weight(coding),
        exclusive: false,
    }
}

/// What an option adds to a score.
fn weight(node: &Node) -> Option<Decimal> {
    node.list_of("extension")
        .iter()
        .find(|extension| matches!(extension.text_of("url"), Some(url::ORDINAL | url::WEIGHT)))
        .and_then(|extension| decimal(extension.get("valueDecimal")?))
}

fn answer(key: &str, node: &Node) -> Option<Answer> {
    Some(match key {
        "answerBoolean" => Answer::Switch(node.switch()?),
        "answerInteger" => Answer::Number { key: "answerInteger", value: decimal(node)? },
        "answerDecimal" => Answer::Number { key: "answerDecimal", value: decimal(node)? },
        "answerString" => Answer::Text(node.text()?.to_owned()),
        "answerCoding" => Answer::Coding {
            system: node.text_of("system").unwrap_or_default().to_owned(),
            code: node.text_of("code").or(node.text_of("display")).unwrap_or_default().trim().to_owned(),
        },
        "answerQuantity" => Answer::Quantity {
            value: decimal(node.get("value")?)?,
            unit: node.text_of("unit").unwrap_or_default().to_owned(),
            code: node.text_of("code").unwrap_or_default().to_owned(),
        },
        _ => return None,
    })
}

fn variables(node: &Node) -> BTreeMap<String, String> {
    node.list_of("extension")
        .iter()
        .filter(|extension| extension.text_of("url") == Some(url::VARIABLE))
        .filter_map(|extension| {
            let value = extension.get("valueExpression")?;
            Some((value.text_of("name")?.to_owned(), value.text_of("expression")?.to_owned()))
        })
        .collect()
}

/// The name at the end of an address.
fn last_part(address: &str) -> String {
    let name = address.rsplit('/').next().unwrap_or(address);
    if name.is_empty() { "an extension without an address".to_owned() } else { name.to_owned() }
}

/// Whether a text is a language tag that can be the name of a folder.
fn is_tag(text: &str) -> bool {
    text.len() <= 35 && oxilangtag::LanguageTag::parse(text).is_ok()
}
