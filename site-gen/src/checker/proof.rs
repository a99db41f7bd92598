//! What was proved about a checker, in the words of one language: for the page that tells readers.

use super::{Checker, core, verify};
use checker_rules::Property;

/// A sentence, and the language that it is in: the page's own or, where it is not translated, the first one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The sentence.
    pub text: String,
    /// The language tag.
    pub language: String,
}

/// Promises that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its id, empty for the promises that name no group.
    pub id: String,
    /// Its title; `None` for the promises that name no group.
    pub title: Option<Said>,
    /// What stands before its promises.
    pub intro: Option<Said>,
    /// Id and sentence of each promise.
    pub promises: Vec<(String, Said)>,
}

/// Everything that was proved about one checker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The promises of safety.toml, in the order of the first language's promises.md.
    pub groups: Vec<Group>,
    /// What is proved of every checker: the name of a property, and a sentence of the first language for each place that
    /// it holds for.
    pub general: Vec<(String, Vec<String>)>,
}

impl Checker {
    /// What was proved, in a language. `None` if the proof did not succeed.
    pub fn proof(&self, language: &str) -> Option<Proof> {
        if self.bytes.is_empty() {
            return None;
        }
        let own = self.words.get(language);
        let first = self.words.get(&self.first);
        let in_first = |text: String| Said { text, language: self.first.clone() };
        let here = |text: &String| Said { text: text.clone(), language: language.to_owned() };
        let mut groups: Vec<Group> = Vec::new();
        for (id, title, intro) in first.iter().flat_map(|words| &words.promise_groups) {
            let translated = own.and_then(|own| own.promise_groups.iter().find(|(known, ..)| known == id));
            let (title, intro) = match translated {
                Some((_, title, intro)) => (here(title), here(intro)),
                None => (in_first(title.clone()), in_first(intro.clone())),
            };
            let intro = (!intro.text.is_empty()).then_some(intro);
            groups.push(Group { id: id.clone(), title: Some(title), intro, promises: Vec::new() });
        }
        groups.push(Group { id: String::new(), title: None, intro: None, promises: Vec::new() });
        let mut general: Vec<(String, Vec<String>)> = Vec::new();
        for property in &self.report.proved {
            let promise = match property {
                Property::Invariant(id) if core::kept_of(id).is_none() => Some(id),
                _ => None,
            };
            let Some(id) = promise else {
                let name = match property {
                    Property::Invariant(_) => "core-rule".to_owned(),
                    other => {
                        let id = verify::id_of(&self.program, other);
                        id.split(':').next().unwrap_or_default().to_owned()
                    }
                };
                let say = verify::say(self, property);
                match general.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, says)) => says.push(say),
                    None => general.push((name, vec![say])),
                }
                continue;
            };
            let said = own.and_then(|own| own.promises.get(id)).map(here).unwrap_or_else(|| {
                let own = first.and_then(|words| words.promises.get(id)).or_else(|| self.says.get(id));
                in_first(own.cloned().unwrap_or_default())
            });
            let group = self.files.groups.get(id).map_or("", |group| group.value.as_str());
            let at = groups.iter().position(|known| known.id == group).unwrap_or(groups.len() - 1);
            groups[at].promises.push((id.clone(), said));
        }
        groups.retain(|group| !group.promises.is_empty());
        Some(Proof { groups, general })
    }
}
