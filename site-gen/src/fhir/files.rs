//! The files of a checker, as staff write them, made from the questions of a form.

use super::carry::{Ask, Carried, Question, carry};
use super::condition::{Lines, Sets};
use super::form::{self, Form, Texts, Told};
use super::{analyze, json, scores, screens};
use crate::finding::{Findings, Severity};
use crate::source::{SourceFile, SourceTree};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What came of reading a form.
#[derive(Debug)]
pub struct Imported {
    /// The id of the new checker; empty when the form could not be read.
    pub id: String,
    /// The files to write, by path. Empty when nothing could be carried over.
    pub files: Vec<ImportedFile>,
    /// What is wrong with the form, and what was not carried over.
    pub findings: Findings,
    /// The form, for findings to point into.
    pub sources: SourceTree,
    /// How many questions were carried over.
    pub questions: usize,
}

/// One file of a new checker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedFile {
    /// Path from the site's root.
    pub path: String,
    /// What to write.
    pub text: String,
    /// Belongs to the site as a whole: only for a folder that is no site yet.
    pub of_site: bool,
}

/// Reads a form. `name` is the file's name, for messages; `today` is the day if the form names none.
pub fn import(bytes: Vec<u8>, name: &str, today: Date) -> Imported {
    let mut told = Told::default();
    let mut files = Vec::new();
    let mut id = String::new();
    let mut questions = 0;
    match json::read(&bytes) {
        Err(error) => {
            let at = error.at..error.at;
            told.error("fhir-not-readable", &at, error.message, error.help.to_owned());
        }
        Ok(root) => {
            if let Some(form) = form::read(&root, &mut told) {
                let carried = carried(&form, &mut told);
                questions = carried.questions.len();
                if questions == 0 {
                    told.error(
                        "fhir-nothing-to-carry",
                        &(0..0),
                        "This form has no question that a checker can ask".to_owned(),
                        "A checker asks for one answer, several answers, a number, or a screen of its library".to_owned(),
                    );
                } else {
                    id = checker_id(&form, name);
                    let mut writer =
                        Writer { form: &form, carried: &carried, id: &id, today, missing: BTreeMap::new() };
                    files = writer.files();
                    writer.tell_missing(&mut told);
                }
            }
        }
    }
    let sources = SourceTree::new([SourceFile { path: name.to_owned(), bytes }]);
    Imported { id, files, findings: told.findings.sorted(), sources, questions }
}

fn carried(form: &Form, told: &mut Told) -> Carried {
    let scores = scores::read(form);
    let screens = screens::find(form, &scores.0);
    analyze::check(form, &scores, &screens, told);
    let mut carried = carry(form, &screens.0, told);
    analyze::reach(form, &mut carried, told);
    carried
}

impl Imported {
    /// Whether the form has mistakes that somebody must mend.
    pub fn has_errors(&self) -> bool {
        self.findings.count(Severity::Error) > 0
    }
}

/// The name of the folder.
fn checker_id(form: &Form, file: &str) -> String {
    let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = stem.strip_suffix(".json").unwrap_or(stem);
    let slug = |text: &str| {
        let mut slug = String::new();
        for c in text.chars().take(48) {
            if c.is_ascii_alphanumeric() {
                slug.push(c.to_ascii_lowercase());
            } else if !slug.ends_with('-') && !slug.is_empty() {
                slug.push('-');
            }
        }
        slug.trim_matches('-').to_owned()
    };
    [form.id.as_deref(), form.name.as_deref(), Some(stem)]
        .into_iter()
        .flatten()
        .map(slug)
        .find(|slug| !slug.is_empty())
        .unwrap_or_else(|| "form".to_owned())
}

/// The words that every checker needs and no form has.
struct Fixed {
    language: &'static str,
    outcome: &'static str,
    parts: &'static str,
    talk: &'static str,
    groups: &'static str,
    /// Between the questions that a set is about.
    and: &'static str,
    fit: (&'static str, &'static str),
}

const ENGLISH: Fixed = Fixed {
    language: "en",
    outcome: "# Results {#results}\n\n## Talk with a clinician first {#talk-first}\n\
        These questions have no rules yet, so they cannot tell you more. Talk with a clinician about your answers.\n",
    parts: "# On every result {#parts}\n\n## Help is here now {#crisis-help}\n\
        If you think about suicide or hurting yourself, **[call 988](tel:988) or [text 988](sms:988)**, day or night.\n\n\
        If you are in danger now, **[call 911](tel:911)**.\n\n## Please remember {#foot}\n\
        - This is not a diagnosis. Only a clinician who examines you can tell what is right for you.\n\
        - In an emergency, [call 911](tel:911). If you think about suicide, [call 988](tel:988) or [text 988](sms:988).\n\
        - Your answers stay on this device. We do not save or send them.\n",
    talk: "# Who to talk to {#talk-to}\n- own-clinician: Your own doctor or therapist\n",
    groups: "# Groups of answers {#sets}\n",
    and: "” and “",
    fit: ("your answers to “", "” lead here"),
};

const SPANISH: Fixed = Fixed {
    language: "es",
    outcome: "# Resultados {#results}\n\n## Hable primero con un profesional de la salud {#talk-first}\n\
        Estas preguntas todavía no tienen reglas, así que no pueden decirle más. Hable de sus respuestas con un profesional de la salud.\n",
    parts: "# En todos los resultados {#parts}\n\n## Hay ayuda ahora mismo {#crisis-help}\n\
        Si piensa en el suicidio o en hacerse daño, **[llame al 988](tel:988) y oprima el 2 para español**, de día o de noche.\n\n\
        Si está en peligro ahora, **[llame al 911](tel:911)**.\n\n## Recuerde {#foot}\n\
        - Esto no es un diagnóstico. Solo un profesional de la salud que le examine puede decir qué es adecuado para usted.\n\
        - En una emergencia, [llame al 911](tel:911). Si piensa en el suicidio, [llame al 988](tel:988) y oprima el 2 para español.\n\
        - Sus respuestas se quedan en este dispositivo. No las guardamos ni las enviamos.\n",
    talk: "# Con quién hablar {#talk-to}\n- own-clinician: Su propio médico o terapeuta\n",
    groups: "# Grupos de respuestas {#sets}\n",
    and: "” y “",
    fit: ("sus respuestas a “", "” llevan aquí"),
};

fn fixed(language: &str) -> &'static Fixed {
    if language.split('-').next() == Some("es") { &SPANISH } else { &ENGLISH }
}

struct Writer<'a> {
    form: &'a Form,
    carried: &'a Carried,
    id: &'a str,
    today: Date,
    /// By language, what has no words in it.
    missing: BTreeMap<String, Vec<String>>,
}

impl Writer<'_> {
    fn files(&mut self) -> Vec<ImportedFile> {
        let id = self.id;
        let mut sets = Sets::default();
        let conditions: Vec<Option<Lines>> =
            self.carried.questions.iter().map(|question| sets.lines(&question.id, &question.when)).collect();
        let file = |path: String, text: String| ImportedFile { path, text, of_site: false };
        let room = format!("content/checkers/{id}");
        let mut files = vec![
            file(format!("{room}/checker.toml"), self.checker(&conditions, &sets)),
            file(format!("{room}/rules.toml"), RULES.replace("CHECKER", id)),
            file(format!("{room}/safety.toml"), SAFETY.replace("CHECKER", id)),
            file(format!("{room}/cases.toml"), CASES.to_owned()),
            ImportedFile { path: "content/site.toml".to_owned(), text: self.site(), of_site: true },
        ];
        for language in self.form.languages.clone() {
            let room = format!("content/{language}/checkers/{id}");
            let questions = self.questions(&language, &conditions, &sets);
            let words = fixed(&language);
            if !language.starts_with(words.language) {
                self.missing.entry(language.clone()).or_default().push("outcomes.md".to_owned());
            }
            files.extend([
                file(format!("{room}/questions.md"), questions),
                file(format!("{room}/reasons.md"), REASONS.replace("CHECKER", id)),
                file(
                    format!("{room}/outcomes.md"),
                    format!("{OUTCOMES}\n{}\n{}\n{}", words.outcome, words.parts, words.talk)
                        .replace("CHECKER", id),
                ),
            ]);
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    /// A folder with a checker alone is enough for `site-gen verify`.
    fn site(&self) -> String {
        let title = self.form.title.get(self.form.language()).cloned().unwrap_or_else(|| self.id.to_owned());
        let mut text = String::from("# Enough for `site-gen verify`. A whole site says more here.\n\n");
        let _ = writeln!(text, "name = {}", quoted(&title));
        let _ = writeln!(text, "base_url = \"https://example.org\"");
        let _ = writeln!(text, "default_language = {}", quoted(self.form.language()));
        for language in &self.form.languages {
            let _ = writeln!(text, "\n[languages.{language}]\nname = {}", quoted(language));
        }
        text
    }

    fn checker(&self, conditions: &[Option<Lines>], sets: &Sets) -> String {
        let updated = self
            .form
            .date
            .as_deref()
            .and_then(|date| date.get(..10))
            .and_then(|date| date.parse::<Date>().ok())
            .unwrap_or(self.today);
        let version =
            self.form.version.as_deref().filter(|version| !version.trim().is_empty()).unwrap_or("0.1.0");
        let mut text = CHECKER.replace("CHECKER", self.id);
        let _ = writeln!(text, "id = \"{}\"", self.id);
        let _ = writeln!(text, "version = {}", quoted(version));
        let _ = writeln!(text, "updated = {updated}");
        text.push_str(OUTCOME_LINES);
        for section in &self.carried.sections {
            let _ = writeln!(text, "\n[[section]]\nid = \"{}\"", section.id);
        }
        if !sets.made.is_empty() {
            text.push_str("\n# Conditions that take more than one list of lines.\n[sets]\n");
            for (name, lines) in &sets.made {
                let _ = writeln!(text, "\"{name}\" = {}", lines.toml());
            }
        }
        for (question, condition) in self.carried.questions.iter().zip(conditions) {
            self.question(&mut text, question, condition.as_ref());
        }
        text
    }

    fn question(&self, text: &mut String, question: &Question, condition: Option<&Lines>) {
        let list = |ids: &mut dyn Iterator<Item = &str>| {
            let ids: Vec<String> = ids.map(|id| format!("\"{id}\"")).collect();
            format!("[{}]", ids.join(", "))
        };
        let link = &self.form.items[question.item].link;
        text.push('\n');
        if *link != question.id && !link.is_empty() {
            let _ = writeln!(text, "# linkId {}", quoted(link));
        }
        let _ = writeln!(text, "[[question]]\nid = \"{}\"", question.id);
        if let Some(section) = question.section.and_then(|at| self.carried.sections.get(at)) {
            let _ = writeln!(text, "section = \"{}\"", section.id);
        }
        match &question.ask {
            Ask::One(options) => {
                text.push_str("ask = \"one\"\n");
                let _ = writeln!(
                    text,
                    "options = {}",
                    list(&mut options.iter().map(|option| option.id.as_str()))
                );
            }
            Ask::Many { options, exclusive } => {
                text.push_str("ask = \"many\"\n");
                let _ = writeln!(
                    text,
                    "options = {}",
                    list(&mut options.iter().map(|option| option.id.as_str()))
                );
                if !exclusive.is_empty() {
                    let _ = writeln!(text, "exclusive = {}", list(&mut exclusive.iter().map(String::as_str)));
                }
            }
            Ask::Number { unit, low, high, decimals, unknown } => {
                text.push_str("ask = \"number\"\n");
                if let Some(unit) = unit {
                    let _ = writeln!(text, "unit = {}", quoted(unit));
                }
                let _ = writeln!(text, "between = [{low}, {high}]");
                if *decimals > 0 {
                    let _ = writeln!(text, "decimals = {decimals}");
                }
                if let Some(unknown) = unknown {
                    let _ = writeln!(text, "unknown = [\"{}\"]", unknown.id);
                }
            }
            Ask::Screen(screen) => {
                let _ = writeln!(text, "ask = \"instrument\"\ninstrument = \"{}\"", screen.id);
            }
        }
        if let Some(lines) = condition {
            let _ = writeln!(text, "asked-when = {}", lines.toml());
        }
    }

    fn questions(&mut self, language: &str, conditions: &[Option<Lines>], sets: &Sets) -> String {
        let carried = self.carried;
        let mut text = QUESTIONS.replace("CHECKER", self.id);
        for (at, section) in carried.sections.iter().enumerate() {
            let title = self.say(&section.title, language, &section.id);
            let _ = writeln!(text, "\n# {title} {{#{}}}", section.id);
            for intro in &section.intro {
                let line = self.say(intro, language, &section.id);
                let _ = writeln!(text, "{line}");
            }
            for question in carried.questions.iter().filter(|question| question.section == Some(at)) {
                self.words(&mut text, question, language);
            }
        }
        let used: Vec<&String> = conditions
            .iter()
            .flatten()
            .flat_map(Lines::each)
            .filter(|line| sets.made.iter().any(|(name, _)| name == *line))
            .collect();
        let told: Vec<&(String, Lines)> = sets.made.iter().filter(|(name, _)| used.contains(&name)).collect();
        if !told.is_empty() {
            let words = fixed(language);
            let _ = write!(text, "\n{}", words.groups);
            for (name, lines) in told {
                let about = about(carried, sets, lines);
                let titles: Vec<String> =
                    about.iter().map(|question| self.say(&question.title, language, &question.id)).collect();
                let _ = writeln!(text, "- {name}: {}{}{}", words.fit.0, titles.join(words.and), words.fit.1);
            }
        }
        text
    }

    fn words(&mut self, text: &mut String, question: &Question, language: &str) {
        let title = self.say(&question.title, language, &question.id);
        let _ = writeln!(text, "\n## {title} {{#{}}}", question.id);
        for hint in &question.hint {
            let line = self.say(hint, language, &question.id);
            let _ = writeln!(text, "{line}");
        }
        let options = match &question.ask {
            Ask::One(options) | Ask::Many { options, .. } => options.as_slice(),
            Ask::Number { unknown, .. } => unknown.as_slice(),
            Ask::Screen(_) => &[],
        };
        for option in options {
            let label = self.say(&option.texts, language, &question.id);
            let label = if label.is_empty() { option.id.clone() } else { label };
            let _ = writeln!(text, "- {}: {label}", option.id);
        }
    }

    /// A text in a language; in the form's own language where it has none.
    fn say(&mut self, texts: &Texts, language: &str, of: &str) -> String {
        if let Some(text) = texts.get(language) {
            return plain(text);
        }
        let missing = self.missing.entry(language.to_owned()).or_default();
        if !missing.iter().any(|known| known == of) {
            missing.push(of.to_owned());
        }
        plain(texts.get(self.form.language()).or_else(|| texts.values().next()).map_or("", String::as_str))
    }

    fn tell_missing(&self, told: &mut Told) {
        for (language, ids) in &self.missing {
            let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
            told.note(
                "fhir-not-translated",
                &(0..0),
                format!("The form has no words in `{language}` for some texts of {}", ids.join(", ")),
                format!(
                    "Words of another language stand there for now. Translate them in content/{language}/"
                ),
            );
        }
    }
}

/// The questions that a set looks at.
fn about<'c>(carried: &'c Carried, sets: &Sets, lines: &Lines) -> Vec<&'c Question> {
    let mut found: Vec<&Question> = Vec::new();
    for line in lines.each() {
        let more = match sets.made.iter().find(|(name, _)| name == line) {
            Some((_, inner)) => about(carried, sets, inner),
            None => {
                let subject = line.split(' ').next().unwrap_or_default();
                carried.questions.iter().filter(|question| question.id == subject).collect()
            }
        };
        for question in more {
            if !found.iter().any(|known| known.id == question.id) {
                found.push(question);
            }
        }
    }
    found
}

/// A text as one line of plain words: questions.md shows texts as they are.
fn plain(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line
        .replace("<=", "≤")
        .replace("**", "")
        .replace("](", "] (")
        .replace("[[", "[ [")
        .replace("{#", "{ #")
        .replace('<', "‹");
    line.trim_start_matches(['-', '#', '>', ' ']).trim().to_owned()
}

/// A text as TOML writes it, which is as JSON does.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("BUG: a text is always JSON")
}

const CHECKER: &str = "\
# The questions of the CHECKER checker: what is asked, in which order, and when. Made from a FHIR form.
# No wording here: the words are in content/<language>/checkers/CHECKER/questions.md.
# How to change this file: content/checkers/README.md, section \"FHIR\".
#
# A form says nothing of these; for each question a clinician says:
#   risk or need   which answers are worse
#   unknown        which answers mean \"not sure\"
#   crisis         after which answers crisis help comes at once

";

const OUTCOME_LINES: &str = "
# Worst first. One careful result for everybody, until there are rules: write the others here and in outcomes.md.
outcomes = [\"talk-first\"]
otherwise = \"talk-first\"

# Everyone that a rule may name. Their plain names are in outcomes.md.
talk-to = [\"own-clinician\"]
";

const RULES: &str = "\
# The rules of the CHECKER checker. A form has none, so there are none yet: everybody is told to talk with a clinician.
#
# Write one for each finding that matters, with its reason in reasons.md and its evidence:
#
#   [[rule]]
#   id = \"N01\"
#   outcome = \"not-now\"
#   flag = \"F-AGE\"
#   talk-to = [\"own-clinician\"]
#   all = [\"A1 is under18\"]
#   evidence = [\"EV-AGE\"]
#
# How to: content/checkers/README.md.
";

const SAFETY: &str = "\
# What must stay true of the CHECKER checker, whatever the answers. A form promises nothing, so nothing stands here yet.
#
# Write the promises before the rules: who must get help at once, and who must never be told to book a visit.
#
#   [[never]]
#   id = \"INV-01\"
#   say = \"Nobody under 18 is told to ask for a visit\"
#   when-all = [\"A1 is under18\"]
#   outcome = \"consult\"
#
# How to: content/checkers/README.md.
";

const CASES: &str = "\
# Worked patients: complete answers, and the result that a clinician expects. None yet.
# Write one for each rule, and some that no rule should catch.
";

const QUESTIONS: &str = "\
<!--
The words of the questions, in the order of content/checkers/CHECKER/checker.toml. Made from a FHIR form.
\"# Section {#id}\", \"## Question {#ID}\", then a hint if there is one, then one \"- option: Label\" a line.
-->
";

const REASONS: &str = "\
<!--
One reason for each rule of content/checkers/CHECKER/rules.toml: \"## Short title {#rule}\", then one paragraph.
-->
";

const OUTCOMES: &str = "\
<!--
What each result says. \"## Title {#id}\" then the text. The ids belong to content/checkers/CHECKER/checker.toml.
The help-line numbers are those of the United States: put in those of your country.
-->
";
