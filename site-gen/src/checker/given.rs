//! An answer in the words that its reader picked.

use super::Words;
use checker_rules::{Answer, Kind, Question};

/// What was answered, one entry an option: labels where the language has them, else ids.
pub(crate) fn given(question: &Question, words: Option<&Words>, answer: &Answer) -> Vec<String> {
    let own = words.and_then(|words| words.questions.get(&question.id));
    let label = |id: &str| {
        let label = own.and_then(|own| own.options.get(id)).filter(|label| !label.is_empty());
        label.cloned().unwrap_or_else(|| id.to_owned())
    };
    let option =
        |at: &u16| label(question.options().get(usize::from(*at)).map_or("", |option| option.id.as_str()));
    match (answer, &question.kind) {
        (Answer::One(at), _) => vec![option(at)],
        (Answer::Many(ticks), _) => ticks.iter().map(option).collect(),
        (Answer::Number(value), Kind::Number { unit: Some(unit), .. }) => {
            let said = own.map(|own| own.unit.as_str()).filter(|said| !said.is_empty()).unwrap_or(unit);
            vec![format!("{} {said}", question.decimal(*value))]
        }
        (Answer::Number(value), _) => vec![question.decimal(*value).to_string()],
        (Answer::Unknown, Kind::Number { unknown: Some(unknown), .. }) => vec![label(unknown)],
        (Answer::Unknown, _) => vec!["not sure".to_owned()],
        (Answer::Items(values), _) => {
            let values: Vec<String> =
                values.iter().map(|value| value.map_or("–".to_owned(), |value| value.to_string())).collect();
            vec![format!("items answered {}", values.join(", "))]
        }
    }
}
