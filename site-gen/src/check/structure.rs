//! What a page is built of: the parts that readers look for, and lists and tables that can be taken in at a glance.
//! The criteria are those of PEMAT, of the Clear Communication Index and of IPDAS that a program can see
//! (`docs/quality.md`).

use super::Subject;
use crate::finding::{Finding, Findings};
use crate::link::Page;
use crate::parse::containers::Container;
use crate::parse::front_matter::PageKind;
use crate::parse::markdown::{Heading, TableUse};
use crate::source::Place;

/// The most lines of a list without a heading between them.
const LONGEST_LIST: usize = 7;
/// The most columns of a table.
const MOST_COLUMNS: usize = 4;
/// How many times as many words one choice may get as another.
const MOST_UNEQUAL: usize = 3;

/// The parts of a page about a condition, in order: how the id of the heading begins, and what readers look for there.
const PARTS: [(&str, &str); 7] = [
    ("what-it-is", "what the condition is"),
    ("what-we-know", "what experts know and do not know"),
    ("other-choices", "other choices"),
    ("possible-benefits", "possible benefits"),
    ("risks", "risks and side effects"),
    ("what-you-can-do", "what a reader can do"),
    ("when-to-get-help", "when to get help"),
];

/// The help cards, the most urgent first.
const CARDS: [Container; 3] = [Container::Emergency, Container::Urgent, Container::Contact];

/// Headings that say nothing by themselves, in small letters.
const SAY_NOTHING: [&str; 14] = [
    "overview",
    "introduction",
    "intro",
    "background",
    "information",
    "general information",
    "details",
    "more",
    "introducción",
    "información",
    "información general",
    "resumen",
    "detalles",
    "más",
];

pub(super) fn check(_subject: &Subject<'_>, page: &Page, findings: &mut Findings) {
    lists(page, findings);
    for table in &page.tables {
        table_shape(table, findings);
    }
    key_points(page, findings);
    help_cards(page, findings);
    for heading in &page.headings {
        if SAY_NOTHING.contains(&heading.text.to_lowercase().trim_end_matches(['.', ':'])) {
            findings.push(
                Finding::warning(
                    "heading-says-nothing",
                    heading.place.clone(),
                    format!("“{}” does not say what comes below it", heading.text),
                )
                .help("Write what readers find there, in their own words: `## How long a visit takes`"),
            );
        }
    }
    if page.kind == PageKind::Condition {
        parts(page, findings);
    }
}

fn lists(page: &Page, findings: &mut Findings) {
    for list in &page.lists {
        // To be ticked one by one, or to be searched for one: not to be kept in mind.
        let looked_up =
            matches!(list.inside, Some(Container::Checklist | Container::Filter | Container::Timeline));
        if list.items > LONGEST_LIST && !looked_up {
            findings.push(
                Finding::warning(
                    "list-too-long",
                    list.place.clone(),
                    format!(
                        "This list has {} lines; {LONGEST_LIST} is the most that a reader can keep in mind",
                        list.items
                    ),
                )
                .help("Make two lists of it, each below its own words, or put it into a `:::checklist`"),
            );
        }
    }
}

fn table_shape(table: &TableUse, findings: &mut Findings) {
    if table.columns > MOST_COLUMNS {
        findings.push(
            Finding::warning(
                "table-too-wide",
                table.place.clone(),
                format!(
                    "This table has {} columns; {MOST_COLUMNS} is the most that fits a phone",
                    table.columns
                ),
            )
            .help("Make two tables of it, or turn rows into columns"),
        );
    }
    if !table.led {
        findings.push(
            Finding::warning(
                "table-without-lead",
                table.place.clone(),
                "Nothing says what this table shows before it begins",
            )
            .help("Write a sentence above it: what is in the rows, and what is in the columns"),
        );
    }
    if table.inside != Some(Container::Compare) {
        return;
    }
    let longest = table.rows.iter().copied().max().unwrap_or(0);
    let shortest = table.rows.iter().copied().min().unwrap_or(0);
    if longest > shortest.max(1) * MOST_UNEQUAL {
        findings.push(
            Finding::warning(
                "choices-unequal",
                table.place.clone(),
                format!("One of these choices is told in {longest} words and another in {shortest}"),
            )
            .help("Readers take the longer one for the better one: tell each in about the same detail"),
        );
    }
}

/// The short answer comes first.
fn key_points(page: &Page, findings: &mut Findings) {
    if !matches!(page.kind, PageKind::Condition | PageKind::Treatment | PageKind::Risk) {
        return;
    }
    let at = |container: Container| page.containers.iter().find(|(found, _)| *found == container);
    let Some((_, place)) = at(Container::KeyPoints) else {
        findings.push(
            Finding::warning(
                "key-points-missing",
                page.front.title.place.clone(),
                "This page has no short answer at its top",
            )
            .help("Begin the text with `:::key-points`, two to five lines, and `:::`"),
        );
        return;
    };
    let first_part = page.headings.iter().find(|heading| heading.level == 2 && heading.inside.is_none());
    if first_part.is_some_and(|part| part.place.span.start < place.span.start) {
        findings.push(
            Finding::warning(
                "key-points-late",
                place.clone(),
                "The short answer comes after a part of the page",
            )
            .help("Move this box above the first `##`: many readers see only the top"),
        );
    }
}

/// From the most urgent card to the least, wherever cards stand together.
fn help_cards(page: &Page, findings: &mut Findings) {
    let rank = |container: Container| CARDS.iter().position(|card| *card == container);
    let mut before: Option<(usize, &Place)> = None;
    for (container, place) in &page.containers {
        let Some(rank) = rank(*container) else { continue };
        if let Some((last, at)) = before
            && rank < last
            && !page.headings.iter().any(|heading| is_between(heading, at, place))
        {
            findings.push(
                Finding::warning(
                    "help-cards-out-of-order",
                    place.clone(),
                    format!("The box `{}` comes after a box that is less urgent", container.name()),
                )
                .help("Put `emergency` first, then `urgent`, then `contact`, as on every page"),
            );
        }
        before = Some((rank, place));
    }
}

fn is_between(heading: &Heading, after: &Place, before: &Place) -> bool {
    (after.span.start..before.span.start).contains(&heading.place.span.start) && heading.inside.is_none()
}

/// What every page about a condition has, in the same order.
fn parts(page: &Page, findings: &mut Findings) {
    let title = || page.front.title.place.clone();
    let mut last: Option<(&Heading, &str)> = None;
    for (id, what) in PARTS {
        let mut headings = page.headings.iter().filter(|heading| heading.level == 2);
        let Some(heading) = headings.find(|heading| heading.id.starts_with(id)) else {
            findings.push(
                Finding::warning(
                    "condition-part-missing",
                    title(),
                    format!("This page has no part about {what}"),
                )
                .help(format!("Add a part with a heading of your own words and this id: `## … {{#{id}}}`")),
            );
            continue;
        };
        if let Some((above, name)) = last
            && heading.place.span.start < above.place.span.start
        {
            findings.push(
                Finding::warning(
                    "condition-parts-out-of-order",
                    heading.place.clone(),
                    format!("The part about {what} stands before the one about {name}"),
                )
                .help("Keep the order of the other pages: readers learn where to look"),
            );
        }
        last = Some((heading, what));
    }
    for (container, what) in [(Container::Known, "know"), (Container::NotKnown, "do not know")] {
        if !page.containers.iter().any(|(found, _)| *found == container) {
            findings.push(
                Finding::warning(
                    "condition-part-missing",
                    title(),
                    format!("This page does not say in a box what experts {what}"),
                )
                .help(format!("Add a box: `:::{}`, one to four lines, and `:::`", container.name())),
            );
        }
    }
    // What to do comes as steps, one thing a line.
    let mut after = page.headings.iter().skip_while(|heading| !heading.id.starts_with("what-you-can-do"));
    if let Some(part) = after.next() {
        let end = after.find(|heading| heading.level <= 2).map_or(usize::MAX, |next| next.place.span.start);
        let inside = part.place.span.start..end;
        if !page.lists.iter().any(|list| inside.contains(&list.place.span.start)) {
            findings.push(
                Finding::warning(
                    "steps-missing",
                    part.place.clone(),
                    "This part does not say what to do in steps",
                )
                .help("Write a list, one thing a line, each beginning with what to do: `1. **Ask** …`"),
            );
        }
    }
}
