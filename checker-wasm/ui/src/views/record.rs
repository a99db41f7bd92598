//! The copy of the answers that health software can read: a FHIR R4 `QuestionnaireResponse`, made on the device, only
//! when asked for. It says nothing about the reader but the answers: no name, no number, no time.
//!
//! Its items are those of the questionnaire that `site-gen fhir export` writes: a group for each section, a question by
//! its id, an instrument as a group of `<id>.1`, `<id>.2`, and a number that may be unknown as a group of both.

use checker_rules::{Answer, Kind, Question, QuestionIdx, Screen};

use crate::app::App;
use crate::entry::decimal;
use crate::words::digits;

impl App {
    /// The answers as JSON.
    pub(crate) fn record(&self) -> String {
        // A result that ended the questions at once leaves the rest unasked.
        let status = if matches!(self.screen, Screen::Stop(_)) { "stopped" } else { "completed" };
        let mut out = Json::default();
        out.raw("{\"resourceType\":\"QuestionnaireResponse\"");
        out.text("questionnaire", &[self.words.fhir(), "Questionnaire/", self.words.version()]);
        out.text("status", &[status]);
        out.open("item");
        for (section, questions) in self.by_section() {
            if let Some(section) = section {
                out.item(&[self.session.program().section(section)], self.words.section(section));
                out.open("item");
            }
            for at in questions {
                if let (Some(question), Some(answer)) =
                    (self.session.program().question(at), self.session.answers().get(at))
                {
                    self.record_question(&mut out, at, question, answer);
                }
            }
            if section.is_some() {
                out.raw("]}");
            }
        }
        out.raw("]}");
        out.0
    }

    fn record_question(&self, out: &mut Json, at: QuestionIdx, question: &Question, answer: &Answer) {
        let (id, title) = (question.id.as_str(), self.words.title(at));
        let coding = |out: &mut Json, system: &str, code: &str, display: &str| {
            out.raw(",{\"valueCoding\":{");
            out.text("system", &[self.words.fhir(), "CodeSystem/", self.session.program().id(), "/", system]);
            out.text("code", &[code]);
            out.text("display", &[display]);
            out.raw("}}");
        };
        let chosen = match answer {
            Answer::One(option) => std::slice::from_ref(option),
            Answer::Many(options) => options,
            _ => &[],
        };
        let unknown = match &question.kind {
            Kind::Number { unknown: Some(unknown), .. } => {
                out.item(&[id, ".group"], "");
                out.open("item");
                Some(unknown.as_str())
            }
            _ => None,
        };
        match (answer, unknown) {
            (Answer::Unknown, Some(unknown)) => out.item(&[id, ".", unknown], title),
            _ => out.item(&[id], title),
        }
        if let Answer::Items(values) = answer {
            out.open("item");
            for (item, value) in (0_u16..).zip(values) {
                let Some(value) = *value else { continue };
                out.item(&[id, ".", &digits(u32::from(item) + 1)], self.words.item(at, item));
                out.open("answer");
                coding(out, self.words.screen(at), &digits(value.into()), self.words.value(at, value));
                out.raw("]}");
            }
        } else {
            out.open("answer");
            for option in chosen {
                if let Some(choice) = question.options().get(usize::from(*option)) {
                    coding(out, id, &choice.id, self.words.option(at, *option));
                }
            }
            match (answer, &question.kind) {
                (Answer::Number(value), Kind::Number { decimals, .. }) => {
                    let value = decimal(&question.kind, *value);
                    let unit = self.words.option(at, 0);
                    if !unit.is_empty() {
                        out.raw(",{\"valueQuantity\":{\"value\":");
                        out.raw(&value);
                        out.text("unit", &[unit]);
                        let code = self.words.unit_code(at);
                        if !code.is_empty() {
                            out.text("system", &["http://unitsofmeasure.org"]);
                            out.text("code", &[code]);
                        }
                        out.raw("}}");
                    } else {
                        out.raw(if *decimals > 0 { ",{\"valueDecimal\":" } else { ",{\"valueInteger\":" });
                        out.raw(&value);
                        out.raw("}");
                    }
                }
                (Answer::Unknown, _) => {
                    coding(out, id, unknown.unwrap_or_default(), self.words.option(at, 1))
                }
                _ => {}
            }
        }
        out.raw("]}");
        if unknown.is_some() {
            out.raw("]}");
        }
    }
}

/// JSON that grows piece by piece. A comma before the first entry of a list or object is left out.
#[derive(Default)]
struct Json(String);

impl Json {
    #[inline(never)]
    fn raw(&mut self, text: &str) {
        let text = if self.0.ends_with(['[', '{']) { text.strip_prefix(',').unwrap_or(text) } else { text };
        self.0.push_str(text);
    }

    /// A member whose value is these texts one after the other.
    #[inline(never)]
    fn text(&mut self, name: &str, parts: &[&str]) {
        self.raw(",\"");
        self.0.push_str(name);
        self.0.push_str("\":\"");
        for part in parts {
            for sign in part.chars() {
                if matches!(sign, '"' | '\\') {
                    self.0.push('\\');
                }
                self.0.push(sign);
            }
        }
        self.0.push('"');
    }

    /// A member that is a list.
    #[inline(never)]
    fn open(&mut self, name: &str) {
        self.raw(",\"");
        self.0.push_str(name);
        self.0.push_str("\":[");
    }

    /// The head of an item.
    #[inline(never)]
    fn item(&mut self, link: &[&str], text: &str) {
        self.raw(",{");
        self.text("linkId", link);
        if !text.is_empty() {
            self.text("text", &[text]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_objects_have_commas_only_between_their_entries() {
        let mut out = Json::default();
        out.raw("{\"a\":1");
        out.open("item");
        for link in ["x", "y"] {
            out.item(&[link, ".1"], "");
            out.raw("}");
        }
        out.raw("]}");
        assert_eq!(out.0, r#"{"a":1,"item":[{"linkId":"x.1"},{"linkId":"y.1"}]}"#);
    }

    #[test]
    fn what_would_end_a_text_is_written_as_an_escape() {
        let mut out = Json::default();
        out.raw("{");
        out.text("text", &["say \"no\"", "\\"]);
        out.raw("}");
        assert_eq!(out.0, r#"{"text":"say \"no\"\\"}"#);
    }
}
