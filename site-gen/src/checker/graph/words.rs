//! Conditions in short plain words, with the ids of the files, so that a line of the picture can be found in them:
//! `S2 is yes, or PHQ-9 item 9 is 1 or more`.

use checker_rules::{DraftCondition, DraftLine, DraftTest, Name, Quantity};

/// A condition in short words.
pub(crate) fn condition(condition: &DraftCondition) -> String {
    said(condition, Inside::Nothing)
}

/// What a condition stands in: decides whether it needs brackets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Other,
}

fn said(condition: &DraftCondition, inside: Inside) -> String {
    let bracket = |text: String, parts: usize| {
        if inside == Inside::Other && parts > 1 { format!("({text})") } else { text }
    };
    match condition {
        DraftCondition::All(parts) => {
            let flat = flat(parts, true);
            bracket(joined(&flat, "and"), flat.len())
        }
        DraftCondition::Any(parts) => {
            let flat = flat(parts, false);
            if let Some((subjects, predicate)) = same_predicate(&flat) {
                return format!("any of {} {predicate}", listed(&subjects, "or"));
            }
            if let Some((subject, options)) = same_subject(&flat) {
                return format!("{subject} includes {}", listed(&options, "or"));
            }
            bracket(joined(&flat, "or"), flat.len())
        }
        DraftCondition::None(parts) => none(parts),
        DraftCondition::AtLeast(count, parts) => {
            let all: Vec<&DraftCondition> = parts.iter().collect();
            match same_predicate(&all) {
                Some((subjects, predicate)) => {
                    // "are" and "include", because it is said of several.
                    let predicate = match predicate.split_once(' ') {
                        Some(("is", rest)) => format!("are {rest}"),
                        Some(("includes", rest)) => format!("include {rest}"),
                        _ => predicate,
                    };
                    format!("{count} or more of {} {predicate}", listed(&subjects, "and"))
                }
                None => {
                    let parts: Vec<String> = all.iter().map(|part| said(part, Inside::Other)).collect();
                    format!("{count} or more of these: {}", parts.join("; "))
                }
            }
        }
        DraftCondition::Set(name) => format!("group “{}”", name.text),
        DraftCondition::Line(line) => format!("{} {}", line.subject.text, predicate(&line.test)),
    }
}

/// The parts of a condition, with those of the same kind inside it taken up.
fn flat(parts: &[DraftCondition], all: bool) -> Vec<&DraftCondition> {
    let mut found = Vec::new();
    for part in parts {
        match part {
            DraftCondition::All(inner) if all || inner.len() == 1 => found.extend(flat(inner, all)),
            DraftCondition::Any(inner) if !all || inner.len() == 1 => found.extend(flat(inner, all)),
            part => found.push(part),
        }
    }
    found
}

fn joined(parts: &[&DraftCondition], word: &str) -> String {
    let inside = if parts.len() > 1 { Inside::Other } else { Inside::Nothing };
    let parts: Vec<String> = parts.iter().map(|part| said(part, inside)).collect();
    parts.join(&format!(", {word} "))
}

fn none(parts: &[DraftCondition]) -> String {
    match parts {
        [DraftCondition::Line(DraftLine { subject, test: DraftTest::Includes(options), .. })] => {
            format!("{} does not include {}", subject.text, options_or(options))
        }
        [one] => format!("not {}", said(one, Inside::Other)),
        parts => {
            let parts: Vec<String> = parts.iter().map(|part| said(part, Inside::Other)).collect();
            format!("none of these: {}", parts.join("; "))
        }
    }
}

/// For lines that ask the same of several questions: the questions, and what is asked.
fn same_predicate<'c>(parts: &[&'c DraftCondition]) -> Option<(Vec<&'c str>, String)> {
    let mut subjects = Vec::new();
    let mut asked: Option<String> = None;
    for part in parts {
        let DraftCondition::Line(line) = part else { return None };
        let own = predicate(&line.test);
        if asked.as_ref().is_some_and(|asked| *asked != own) {
            return None;
        }
        asked = Some(own);
        subjects.push(line.subject.text.as_str());
    }
    let asked = asked.filter(|_| subjects.len() > 1)?;
    Some((subjects, asked))
}

/// For lines that each look for options of the same question: the question, and all the options.
fn same_subject<'c>(parts: &[&'c DraftCondition]) -> Option<(&'c str, Vec<&'c str>)> {
    let mut subject: Option<&str> = None;
    let mut options = Vec::new();
    for part in parts {
        let DraftCondition::Line(DraftLine { subject: own, test: DraftTest::Includes(more), .. }) = part
        else {
            return None;
        };
        if subject.is_some_and(|subject| subject != own.text) {
            return None;
        }
        subject = Some(&own.text);
        options.extend(more.iter().map(|option| option.text.as_str()));
    }
    Some((subject?, options))
}

fn predicate(test: &DraftTest) -> String {
    match test {
        DraftTest::Is(options) => format!("is {}", options_or(options)),
        DraftTest::IsNot(options) => format!("is not {}", options_or(options)),
        DraftTest::Includes(options) => format!("includes {}", options_or(options)),
        DraftTest::IncludesAtLeast(count, options) => {
            let options: Vec<&str> = options.iter().map(|option| option.text.as_str()).collect();
            format!("includes {count} or more of {}", listed(&options, "and"))
        }
        DraftTest::AtLeast(value) => format!("is {} or more", number(value)),
        DraftTest::Below(value) => format!("is below {}", number(value)),
        DraftTest::IsUnknown => "is unknown".to_owned(),
        DraftTest::ItemAtLeast { item, value } => format!("item {item} is {value} or more"),
        DraftTest::ItemBelow { item, value } => format!("item {item} is below {value}"),
    }
}

fn number(quantity: &Quantity) -> String {
    match &quantity.unit {
        Some(unit) => format!("{} {}", quantity.value, unit.text),
        None => quantity.value.to_string(),
    }
}

fn options_or(options: &[Name]) -> String {
    let options: Vec<&str> = options.iter().map(|option| option.text.as_str()).collect();
    listed(&options, "or")
}

/// `a, b or c`.
pub(super) fn listed(items: &[&str], word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} {word} {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use checker_rules::Origin;

    fn name(text: &str) -> Name {
        Name::new(text, Origin(0))
    }

    fn names(texts: &[&str]) -> Vec<Name> {
        texts.iter().map(|text| name(text)).collect()
    }

    fn line(subject: &str, test: DraftTest) -> DraftCondition {
        DraftCondition::Line(DraftLine { origin: Origin(0), subject: name(subject), test })
    }

    #[test]
    fn lines_read_like_the_files() {
        let yes = line("S2", DraftTest::Is(names(&["yes"])));
        let item = line("PHQ-9", DraftTest::ItemAtLeast { item: 9, value: 1 });
        let either = DraftCondition::Any(vec![yes.clone(), item]);
        assert_eq!(condition(&either), "S2 is yes, or PHQ-9 item 9 is 1 or more");
        let set = DraftCondition::Set(name("pain"));
        assert_eq!(
            condition(&DraftCondition::All(vec![set, either])),
            "group “pain”, and (S2 is yes, or PHQ-9 item 9 is 1 or more)"
        );
        assert_eq!(condition(&DraftCondition::All(vec![yes])), "S2 is yes");
    }

    #[test]
    fn what_is_asked_of_many_is_said_once() {
        let unknown = |id: &str| line(id, DraftTest::IsUnknown);
        let any = DraftCondition::Any(vec![unknown("H1"), unknown("H2"), unknown("H3")]);
        assert_eq!(condition(&any), "any of H1, H2 or H3 is unknown");
        let yes = |id: &str| line(id, DraftTest::Is(names(&["yes"])));
        let count = DraftCondition::AtLeast(2, vec![yes("B1"), yes("B2"), yes("B3")]);
        assert_eq!(condition(&count), "2 or more of B1, B2 and B3 are yes");
        let includes = |option: &str| line("S1", DraftTest::Includes(names(&[option])));
        let any = DraftCondition::Any(vec![includes("stroke"), includes("collapse")]);
        assert_eq!(condition(&any), "S1 includes stroke or collapse");
    }

    #[test]
    fn what_must_not_be_is_never_read_as_what_must() {
        let includes = line("C1", DraftTest::Includes(names(&["ptsd"])));
        assert_eq!(condition(&DraftCondition::None(vec![includes])), "C1 does not include ptsd");
        let set = DraftCondition::Set(name("listed"));
        assert_eq!(condition(&DraftCondition::None(vec![set.clone()])), "not group “listed”");
        let yes = line("S2", DraftTest::Is(names(&["yes"])));
        let two = DraftCondition::None(vec![set, yes.clone()]);
        assert_eq!(condition(&two), "none of these: group “listed”; S2 is yes");
        let all = DraftCondition::None(vec![DraftCondition::All(vec![yes.clone(), yes])]);
        assert_eq!(condition(&all), "not (S2 is yes, and S2 is yes)");
    }
}
