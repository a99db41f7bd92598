//! Every item by itself, and the questions that its conditions name.

use crate::fhir::carry::{at_least, chosen};
use crate::fhir::form::{Answer, EnableWhen, Form, Item, Kind, Told};
use crate::parse::data::{did_you_mean, nearest};
use checker_rules::Decimal;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn check(form: &Form, told: &mut Told) {
    let mut by_link: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, item) in form.items.iter().enumerate() {
        if item.link.is_empty() {
            continue;
        }
        match by_link.get(item.link.as_str()) {
            None => {
                by_link.insert(&item.link, at);
            }
            Some(&first) => told.error(
                "fhir-link-id-twice",
                &item.span,
                format!("Two items have the linkId `{}`", item.link),
                format!(
                    "Give one of them another. The first is at {}, this one at {}",
                    form.items[first].path, item.path
                ),
            ),
        }
    }
    for (at, item) in form.items.iter().enumerate() {
        shape(item, told);
        conditions(form, at, &by_link, told);
    }
    circles(form, &by_link, told);
}

/// What an item must and must not have.
fn shape(item: &Item, told: &mut Told) {
    let name = item.name();
    if item.kind == Kind::Group && item.children.is_empty() {
        told.error(
            "fhir-empty-group",
            &item.span,
            format!("The group {name} has no items"),
            format!("Put questions into it, or take it out. It is at {}", item.path),
        );
    }
    if item.kind == Kind::Display
        && (!item.options.is_empty() || item.value_set.is_some() || !item.children.is_empty())
    {
        told.error(
            "fhir-display-with-answers",
            &item.span,
            format!("{name} is a text (`display`), and has answers or items below it"),
            "Make it a `choice` or a `group`, or take those out".to_owned(),
        );
    }
    let elsewhere = item.value_set.is_some() || item.worked_out_answers;
    if item.kind == Kind::Choice && item.options.is_empty() && !elsewhere {
        told.error(
            "fhir-no-options",
            &item.span,
            format!("The question {name} has no answers to choose from"),
            "Add `answerOption`, one entry for each answer".to_owned(),
        );
    }
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    for option in &item.options {
        if !seen.insert((&option.system, &option.code)) {
            told.error(
                "fhir-option-twice",
                &item.span,
                format!("The question {name} has the answer `{}` twice", option.code),
                "Give one of the two another code, or take it out".to_owned(),
            );
        }
    }
    if let (Some((low, _)), Some((high, span))) = (&item.min, &item.max)
        && low > high
    {
        told.error(
            "fhir-range",
            span,
            format!("No number fits {name}: its lowest is {low}, its highest is {high}"),
            "Write the lower number as minValue and the higher as maxValue".to_owned(),
        );
    }
    if item.enable.len() > 1 && item.behavior.is_none() {
        told.error(
            "fhir-no-behavior",
            &item.span,
            format!("{name} has several conditions, and does not say whether all or any of them must hold"),
            "Add `\"enableBehavior\": \"all\"` or `\"any\"`".to_owned(),
        );
    }
    if !item.enable.is_empty()
        && let Some(span) = &item.asked_by_expression
    {
        told.error(
            "fhir-two-conditions",
            span,
            format!("{name} has both `enableWhen` and an enableWhenExpression"),
            "Keep one of the two".to_owned(),
        );
    }
}

fn conditions(form: &Form, at: usize, by_link: &BTreeMap<&str, usize>, told: &mut Told) {
    let item = &form.items[at];
    for (number, enable) in item.enable.iter().enumerate() {
        let here = format!("{}.enableWhen[{number}]", item.path);
        let Some(&target) = by_link.get(enable.question.as_str()) else {
            let near = nearest(&enable.question, by_link.keys().copied());
            told.error(
                "fhir-unknown-question",
                &enable.span,
                format!("{} waits for `{}`, which is not in the form", item.name(), enable.question),
                match near {
                    Some(near) => format!("{} It is at {here}", did_you_mean(near)),
                    None => format!("Name the linkId of a question that is there. It is at {here}"),
                },
            );
            continue;
        };
        comparison(item, &form.items[target], enable, &here, told);
        // Once for each question that is waited for.
        let first = item.enable[..number].iter().all(|other| other.question != enable.question);
        if target > at && first {
            told.warning(
                "fhir-asks-later",
                &enable.span,
                format!("{} waits for {}, which comes after it", item.name(), form.items[target].name()),
                format!("That works, but people see the question appear above. Put it behind the other. It is at {here}"),
            );
        }
    }
}

/// Whether a comparison can be made at all, and whether it decides anything.
fn comparison(item: &Item, target: &Item, enable: &EnableWhen, here: &str, told: &mut Told) {
    let (name, other) = (item.name(), target.name());
    let Some(answer) = &enable.answer else {
        return told.error(
            "fhir-condition-incomplete",
            &enable.span,
            format!("{name} waits for {other}, and does not say for which answer"),
            format!("Add the answer, such as `answerBoolean` or `answerCoding`. It is at {here}"),
        );
    };
    let order = matches!(enable.operator.as_str(), ">" | "<" | ">=" | "<=");
    if !order && !matches!(enable.operator.as_str(), "=" | "!=" | "exists") {
        return told.error(
            "fhir-operator",
            &enable.span,
            format!("{name} compares with `{}`, which is no comparison", enable.operator),
            format!("Write one of: exists, =, !=, >, <, >=, <=. It is at {here}"),
        );
    }
    if matches!(target.kind, Kind::Group | Kind::Display) {
        return told.error(
            "fhir-answer-type",
            &enable.span,
            format!("{name} waits for {other}, which nobody answers: it is a {}", kind_word(&target.kind)),
            format!("Name a question. It is at {here}"),
        );
    }
    if enable.operator == "exists" {
        if !matches!(answer, Answer::Switch(_)) {
            told.error(
                "fhir-answer-type",
                &enable.span,
                format!("{name} asks whether {other} is answered, and gives `{}`", answer.key()),
                format!("`exists` needs `answerBoolean`: true or false. It is at {here}"),
            );
        }
        return;
    }
    if order && (target.kind.is_choice() || target.kind == Kind::Boolean) {
        return told.error(
            "fhir-operator",
            &enable.span,
            format!("{name} compares {other} by `{}`, but its answers have no order", enable.operator),
            format!("Use `=` or `!=`, one entry for each answer. It is at {here}"),
        );
    }
    let (wanted, fits) = match &target.kind {
        Kind::Boolean => ("answerBoolean", matches!(answer, Answer::Switch(_))),
        Kind::Integer => ("answerInteger", matches!(answer, Answer::Number { key: "answerInteger", .. })),
        // A whole number is a decimal as well.
        Kind::Decimal => ("answerDecimal", matches!(answer, Answer::Number { .. })),
        Kind::Quantity => ("answerQuantity", matches!(answer, Answer::Quantity { .. })),
        Kind::Choice | Kind::OpenChoice => {
            let coded =
                target.options.iter().any(|option| !option.system.is_empty()) || target.value_set.is_some();
            let fits = match answer {
                Answer::Coding { .. } => true,
                Answer::Text(_) | Answer::Number { key: "answerInteger", .. } => !coded,
                _ => false,
            };
            ("answerCoding", fits)
        }
        Kind::Other(kind) => {
            let wanted = match kind.as_str() {
                "date" => "answerDate",
                "dateTime" => "answerDateTime",
                "time" => "answerTime",
                "reference" => "answerReference",
                _ => "answerString",
            };
            (wanted, answer.key() == wanted)
        }
        Kind::Group | Kind::Display | Kind::Wrong => return,
    };
    if !fits {
        return told.error(
            "fhir-answer-type",
            &enable.span,
            format!(
                "{name} compares {other}, which asks for {}, with `{}`",
                kind_word(&target.kind),
                answer.key()
            ),
            format!("Write `{wanted}`. It is at {here}"),
        );
    }
    if target.kind.is_choice() && target.value_set.is_none() && !target.options.is_empty() {
        option(item, target, answer, enable, here, told);
    }
    number(item, target, answer, enable, here, told);
}

fn option(item: &Item, target: &Item, answer: &Answer, enable: &EnableWhen, here: &str, told: &mut Told) {
    // Somebody may write in what is asked for.
    if target.kind == Kind::OpenChoice || chosen(target, answer).is_some() {
        return;
    }
    let (code, system) = match answer {
        Answer::Coding { code, system } => (code.clone(), system.as_str()),
        Answer::Text(text) => (text.clone(), ""),
        Answer::Number { value, .. } => (value.to_string(), ""),
        _ => return,
    };
    let codes = || target.options.iter().map(|option| option.code.as_str());
    let help = if let Some(known) = target.options.iter().find(|option| option.code == code) {
        format!("It has `{code}` from another code system: {}, not {system}", known.system)
    } else if let Some(near) = nearest(&code, codes()) {
        did_you_mean(near)
    } else {
        format!("It has: {}", codes().take(12).collect::<Vec<_>>().join(", "))
    };
    told.error(
        "fhir-no-such-option",
        &enable.span,
        format!("{} waits for the answer `{code}` to {}, which it does not have", item.name(), target.name()),
        format!("{help}. It is at {here}"),
    );
}

fn number(item: &Item, target: &Item, answer: &Answer, enable: &EnableWhen, here: &str, told: &mut Told) {
    let (name, other) = (item.name(), target.name());
    let value = match answer {
        Answer::Number { value, .. } if target.kind.is_number() => *value,
        Answer::Quantity { value, unit, code } => {
            let said = if unit.is_empty() { code } else { unit };
            let known = target.units.iter().any(|known| {
                (!code.is_empty() && known.code == *code)
                    || (!unit.is_empty() && (known.display == *unit || known.code == *unit))
            });
            if !known && !target.units.is_empty() && !said.is_empty() {
                return told.error(
                    "fhir-unit-differs",
                    &enable.span,
                    format!(
                        "{name} compares {other} in `{said}`, but that is asked in `{}`",
                        target.units[0].display
                    ),
                    format!("Work the number out in the unit of the question. It is at {here}"),
                );
            }
            *value
        }
        _ => return,
    };
    // A score is looked at where scores are.
    if target.calculated.is_some() {
        return;
    }
    let decimals = if target.kind == Kind::Integer { 0 } else { value.scale };
    let whole = value.scaled(decimals).is_some();
    let (low, high) = (target.min.as_ref().map(|(low, _)| *low), target.max.as_ref().map(|(high, _)| *high));
    let from = |above: bool| at_least(value, above, decimals);
    let under = |limit: Decimal| low.is_some_and(|low| limit <= low);
    let over = |limit: Decimal| high.is_some_and(|high| limit > high);
    // `true`: always so; `false`: never so.
    let constant = match enable.operator.as_str() {
        ">=" | ">" => {
            let limit = from(enable.operator == ">");
            if under(limit) { Some(true) } else { over(limit).then_some(false) }
        }
        "<" | "<=" => {
            let limit = from(enable.operator == "<=");
            if under(limit) { Some(false) } else { over(limit).then_some(true) }
        }
        operator => {
            let outside =
                !whole || low.is_some_and(|low| value < low) || high.is_some_and(|high| value > high);
            outside.then_some(operator == "!=")
        }
    };
    let Some(constant) = constant else { return };
    let limits = match (low, high) {
        (Some(low), Some(high)) => format!("{other} goes from {low} to {high}"),
        (Some(low), None) => format!("{other} starts at {low}"),
        (None, Some(high)) => format!("{other} ends at {high}"),
        (None, None) => format!("{other} takes whole numbers"),
    };
    told.error(
        "fhir-never-or-always",
        &enable.span,
        format!(
            "{name} waits for {other} {} {value}, which is {} so",
            enable.operator,
            if constant { "always" } else { "never" }
        ),
        format!("{limits}. Change the number, or take the condition out. It is at {here}"),
    );
}

pub(crate) fn kind_word(kind: &Kind) -> &str {
    match kind {
        Kind::Group => "group",
        Kind::Display => "text",
        Kind::Boolean => "yes or no",
        Kind::Integer => "a whole number",
        Kind::Decimal => "a number",
        Kind::Quantity => "a number with a unit",
        Kind::Choice | Kind::OpenChoice => "a choice of answers",
        Kind::Other(kind) => kind,
        Kind::Wrong => "something unknown",
    }
}

/// Items that wait for one another.
fn circles(form: &Form, by_link: &BTreeMap<&str, usize>, told: &mut Told) {
    let needs: Vec<Vec<usize>> = (0..form.items.len())
        .map(|at| {
            let mut needs: Vec<usize> = form.items[at]
                .enable
                .iter()
                .filter_map(|enable| by_link.get(enable.question.as_str()).copied())
                .collect();
            // What stands in a group waits with it.
            needs.extend(form.items[at].parent);
            needs
        })
        .collect();
    // 0: not seen, 1: on the way, 2: done.
    let mut state = vec![0u8; form.items.len()];
    let mut reported: BTreeSet<usize> = BTreeSet::new();
    for start in 0..form.items.len() {
        let mut way: Vec<(usize, usize)> = vec![(start, 0)];
        if state[start] != 0 {
            continue;
        }
        state[start] = 1;
        while let Some((at, next)) = way.last_mut() {
            let at = *at;
            let Some(&need) = needs[at].get(*next) else {
                state[at] = 2;
                way.pop();
                continue;
            };
            *next += 1;
            match state[need] {
                0 => {
                    state[need] = 1;
                    way.push((need, 0));
                }
                1 => {
                    let from = way.iter().position(|&(known, _)| known == need).unwrap_or(0);
                    let circle: Vec<usize> = way[from..].iter().map(|&(known, _)| known).collect();
                    if circle.iter().any(|known| reported.contains(known)) {
                        continue;
                    }
                    reported.extend(&circle);
                    let mut names: Vec<String> =
                        circle.iter().map(|&known| form.items[known].name()).collect();
                    names.push(form.items[need].name());
                    let who =
                        circle.iter().find(|&&known| !form.items[known].enable.is_empty()).unwrap_or(&need);
                    let span =
                        form.items[*who].enable.first().map_or(&form.items[*who].span, |enable| &enable.span);
                    told.error(
                        "fhir-circle",
                        span,
                        format!("These items wait for one another, so none is ever asked: {}", names.join(" waits for ")),
                        "Take one of them out of the other's `enableWhen`. An item in a group also waits for the group".to_owned(),
                    );
                }
                _ => {}
            }
        }
    }
}
