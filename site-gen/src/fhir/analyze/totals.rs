//! Scores that do not add up.

use crate::fhir::form::{Answer, Form, Item, Told};
use crate::fhir::scores::{Score, plus};
use crate::fhir::screens::{Found, Near};
use checker_rules::Decimal;

pub(crate) fn check(form: &Form, scores: &[Score], unread: &[usize], told: &mut Told) {
    for item in &form.items {
        let without: Vec<&str> = item
            .options
            .iter()
            .filter(|option| option.weight.is_none())
            .map(|option| option.code.as_str())
            .collect();
        if item.is_weighted() && !without.is_empty() {
            told.error(
                "fhir-weight-missing",
                &item.span,
                format!(
                    "Some answers of {} count in a score, and these do not: {}",
                    item.name(),
                    without.join(", ")
                ),
                "Give each answer its weight, 0 if it adds nothing".to_owned(),
            );
        }
    }
    for &at in unread {
        let item = &form.items[at];
        let span = item.calculated.as_ref().map_or(&item.span, |(_, span)| span);
        told.note(
            "fhir-score-not-read",
            span,
            format!("How {} is worked out could not be checked", item.name()),
            "Only sums of the weights of answers are understood. Check it by hand".to_owned(),
        );
    }
    for score in scores {
        one(form, score, told);
    }
}

fn one(form: &Form, score: &Score, told: &mut Told) {
    let item = &form.items[score.item];
    let span = item.calculated.as_ref().map_or(&item.span, |(_, span)| span);
    let name = item.name();
    let list = |items: &[usize]| {
        let names: Vec<String> = items.iter().map(|&at| form.items[at].name()).collect();
        names.join(", ")
    };
    for stranger in &score.strangers {
        told.error(
            "fhir-score-unknown-item",
            span,
            format!("The score {name} adds up `{stranger}`, which is not in the form"),
            "Name the linkId of an item that is there".to_owned(),
        );
    }
    let reads = score.reads();
    let twice: Vec<usize> = reads
        .iter()
        .copied()
        .filter(|at| score.terms.iter().filter(|term| term.contains(at)).count() > 1)
        .collect();
    if !twice.is_empty() {
        told.error(
            "fhir-score-counts-twice",
            span,
            format!("The score {name} adds up more than once: {}", list(&twice)),
            "Add each answer once".to_owned(),
        );
    }
    // Items that stand beside those that count, and are scored like them.
    let left_out: Vec<usize> = (0..form.items.len())
        .filter(|at| form.items[*at].is_weighted() && !reads.contains(at))
        .filter(|&at| reads.iter().any(|&read| form.items[read].parent == form.items[at].parent))
        // Another score may be theirs.
        .filter(|&at| !is_shared(form, at, score))
        .collect();
    if !left_out.is_empty() {
        told.error(
            "fhir-score-leaves-out",
            span,
            format!("The score {name} leaves out items that are scored like the others: {}", list(&left_out)),
            "Add them to the sum, or take their weights out".to_owned(),
        );
    }
    let highest = reads.iter().map(|&at| form.items[at].highest_weight()).fold(Decimal::whole(0), plus);
    if let Some((stated, span)) = &item.max
        && *stated != highest
    {
        told.error(
            "fhir-score-maximum",
            span,
            format!("The score {name} is said to go up to {stated}, but its answers add up to {highest}"),
            "Correct the maximum, or the weights".to_owned(),
        );
    }
    thresholds(form, item, highest, told);
    let optional: Vec<usize> = reads.iter().copied().filter(|&at| !form.items[at].required).collect();
    if !score.guarded && !optional.is_empty() {
        told.warning(
            "fhir-score-optional",
            span,
            format!("The score {name} counts items that may be left out: {}", list(&optional)),
            "A missing answer lowers the score without a word. Make them required, or give no score while one is missing"
                .to_owned(),
        );
    }
}

/// Whether an item belongs to another score that stands beside this one.
fn is_shared(form: &Form, at: usize, score: &Score) -> bool {
    form.items.iter().enumerate().any(|(other, item)| {
        other != score.item
            && item
                .calculated
                .as_ref()
                .is_some_and(|(expression, _)| expression.contains(&format!("'{}'", form.items[at].link)))
    })
}

/// What waits for a score that nobody can have.
fn thresholds(form: &Form, score: &Item, highest: Decimal, told: &mut Told) {
    for item in &form.items {
        for enable in item.enable.iter().filter(|enable| enable.question == score.link) {
            let value = match &enable.answer {
                Some(Answer::Number { value, .. } | Answer::Quantity { value, .. }) => *value,
                _ => continue,
            };
            let never = match enable.operator.as_str() {
                ">=" | "=" => value > highest,
                ">" => value >= highest,
                _ => false,
            };
            if never {
                told.error(
                    "fhir-score-threshold",
                    &enable.span,
                    format!(
                        "{} waits for a score {} {} {value}, but the highest there is is {highest}",
                        item.name(),
                        score.name(),
                        enable.operator
                    ),
                    "Correct the number".to_owned(),
                );
            }
        }
    }
}

/// Which scored groups are screens of the library, which nearly, and which scores are left behind.
pub(crate) fn screens(form: &Form, found: &[Found], near: &[Near], told: &mut Told) {
    for near in near {
        let item = &form.items[near.item];
        told.warning(
            "fhir-screen-differs",
            &item.span,
            format!("From {} on this is nearly the {}, but not quite", item.name(), near.screen.name),
            format!(
                "A score is valid only with the official words and weights, so these items are plain questions here. What differs: {}",
                near.differences.join("; ")
            ),
        );
    }
    let known = |at: &usize| found.iter().any(|found| found.totals.contains(at));
    let items = form.items.iter().enumerate();
    for (_, item) in items.filter(|(at, item)| item.calculated.is_some() && !known(at)) {
        told.warning(
            "fhir-score-not-carried",
            &item.span,
            format!("The score {} is not carried over", item.name()),
            "A checker has scores for the screens of its library only. Rules can look at the answers themselves".to_owned(),
        );
    }
    let loose: Vec<&Item> = form
        .items
        .iter()
        .enumerate()
        .filter(|(at, item)| item.is_weighted() && !found.iter().any(|found| found.items.contains(at)))
        .map(|(_, item)| item)
        .collect();
    if let Some(first) = loose.first() {
        let names: Vec<String> = loose.iter().map(|item| item.name()).collect();
        told.note(
            "fhir-not-carried",
            &first.span,
            format!("Not carried over: the weights of answers ({})", names.join(", ")),
            "These are plain questions in the checker".to_owned(),
        );
    }
}
