//! Rows onto pages: every thing gets its place.

use super::display::{Group, Role, Shape, Tone};
use super::lanes::{JointKind, Lane};
use super::measure::{Face, width, wrap};
use super::sheet::{
    AROUND, Column, GAP, LANE, LETTER, MARK, PAD, QuestionRow, Row, RowKind, RuleRow, Sheet, count,
};
use std::ops::Range;

/// One page with all that is drawn on it.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) groups: Vec<Group>,
}

/// The whole picture on pages that are at most so high; without a height, on one. A row that is higher than a page makes
/// its page higher.
pub(super) fn pages(sheet: &Sheet, highest: Option<i32>) -> Vec<Page> {
    let highest = highest.unwrap_or(i32::MAX);
    let mut pages = Vec::new();
    let mut first = 0;
    while first < sheet.rows.len() || pages.is_empty() {
        let mut groups = Vec::new();
        let mut top = GAP;
        if pages.is_empty() {
            opening(sheet, &mut top, &mut groups);
        }
        let head = columns(sheet, &mut top);
        let mut end = first;
        let mut bottom = top;
        while let Some(row) = sheet.rows.get(end) {
            // The heading of a section goes with its first question.
            let with_next = match (&row.kind, sheet.rows.get(end + 1)) {
                (RowKind::Section(_), Some(next)) => next.height,
                _ => 0,
            };
            if end > first && bottom.saturating_add(row.height).saturating_add(with_next) > highest - GAP {
                break;
            }
            bottom += row.height;
            end += 1;
        }
        body(sheet, first..end, top, bottom, head, &mut groups);
        pages.push(Page { width: sheet.grid.width, height: bottom + GAP, groups });
        first = end;
    }
    pages
}

/// Title and how to read it.
fn opening(sheet: &Sheet, top: &mut i32, groups: &mut Vec<Group>) {
    let left = 2 * GAP;
    let room = sheet.grid.width - 2 * left;
    let mut title = Group { role: Role::Part, ..Group::default() };
    lines(&mut title.shapes, left, top, Face::Head, Tone::Ink, &wrap(&sheet.title, Face::Head, room));
    for about in &sheet.about {
        lines(&mut title.shapes, left, top, Face::Plain, Tone::Ink, &wrap(about, Face::Plain, room));
    }
    *top += GAP;
    groups.push(title);
    let mut legend = Group { role: Role::List("How to read this picture".to_owned()), ..Group::default() };
    let text = left + 56;
    for (at, sentence) in sheet.legend.iter().enumerate() {
        let mut item = Group { role: Role::Item((*sentence).to_owned()), ..Group::default() };
        let middle = *top + Face::Plain.line() / 2;
        match at {
            0 => {
                item.shapes.push(Shape::line("bundle", &[(left, middle), (left + 36, middle)]));
                item.shapes.push(Shape::Head { x: left + 42, y: middle });
            }
            1 => mark(&mut item.shapes, left, middle, 42, Some((0, "A")), "id", false),
            2 => {
                item.shapes.push(Shape::line("bundle", &[(left + 12, middle - 7), (left + 12, middle + 8)]));
                item.shapes.push(Shape::line("leader", &[(left, middle), (left + 42, middle)]));
                item.shapes.push(Shape::Dot { x: left + 12, y: middle });
            }
            _ => {
                for (number, letter) in sheet.columns.iter().take(3).enumerate() {
                    let x = left + i32::try_from(number).unwrap_or(0) * LETTER;
                    if !letter.letter.is_empty() {
                        swatch(&mut item.shapes, x, middle, number, &letter.letter);
                    }
                }
            }
        }
        let said = wrap(sentence, Face::Plain, room - 56);
        lines(&mut item.shapes, text, top, Face::Plain, Tone::Ink, &said);
        *top += 3;
        legend.groups.push(item);
    }
    *top += GAP;
    groups.push(legend);
}

fn lines(shapes: &mut Vec<Shape>, x: i32, top: &mut i32, face: Face, tone: Tone, lines: &[String]) {
    for line in lines {
        shapes.push(Shape::text(x, *top + face.line() / 2, face, tone, line));
        *top += face.line();
    }
}

fn middle_of(sheet: &Sheet, column: usize) -> i32 {
    sheet.grid.columns + i32::try_from(column).unwrap_or(0) * sheet.grid.column + sheet.grid.column / 2
}

/// The heads of the columns.
fn columns(sheet: &Sheet, top: &mut i32) -> Group {
    let mut list = Group {
        role: Role::List("The results, the worst first, and the notes".to_owned()),
        ..Group::default()
    };
    let high = |column: &Column| {
        (count(&column.title) + i32::from(column.reached)) * Face::Strong.line()
            + (count(&column.more) + 1) * Face::Plain.line()
    };
    let height = 22 + sheet.columns.iter().map(high).max().unwrap_or(0) + PAD;
    for (number, column) in sheet.columns.iter().enumerate() {
        let x = middle_of(sheet, number);
        let reached = if column.reached { " The marked answers lead here." } else { "" };
        let more =
            if column.more.is_empty() { String::new() } else { format!(": {}", column.more.join(" ")) };
        let named = if column.letter.is_empty() {
            "Notes".to_owned()
        } else {
            format!("{}, {}", column.letter, column.name)
        };
        let mut item = Group {
            role: Role::Item(format!("{named}{more}.{reached}")),
            data: Some(("outcome", column.id.clone())),
            ..Group::default()
        };
        let mut y = *top;
        if column.letter.is_empty() {
            item.shapes.push(frame(x - LETTER / 2, y + 1, LETTER, MARK, 2, "note"));
        } else {
            swatch(&mut item.shapes, x - LETTER / 2, y + 1 + MARK / 2, number, &column.letter);
        }
        y += 22;
        for (face, tone, texts) in [
            (Face::Strong, Tone::Ink, &column.title),
            (Face::Plain, Tone::Soft, &vec![column.id.clone()]),
            (Face::Plain, Tone::Ink, &column.more),
        ] {
            // An id that is the title, or nobody's, needs no saying.
            let said = column.letter.is_empty() || column.title.concat() == column.id;
            if tone == Tone::Soft && said {
                continue;
            }
            for text in texts {
                item.shapes.push(Shape::centred(x, y + face.line() / 2, face, tone, text));
                y += face.line();
            }
        }
        if column.reached {
            item.shapes.push(Shape::centred(
                x,
                y + Face::Strong.line() / 2,
                Face::Strong,
                Tone::Ink,
                "◆ result",
            ));
            item.shapes.push(frame(
                x - sheet.grid.column / 2 + 2,
                *top - 4,
                sheet.grid.column - 4,
                height,
                4,
                "reached",
            ));
        }
        list.groups.push(item);
    }
    *top += height;
    list
}

fn frame(x: i32, y: i32, width: i32, height: i32, round: i32, class: &str) -> Shape {
    Shape::Rect { x, y, width, height, round, class: class.to_owned() }
}

/// The letter of an outcome on its colour.
fn swatch(shapes: &mut Vec<Shape>, x: i32, middle: i32, outcome: usize, letter: &str) {
    // Colours repeat after eight; the letters do not.
    shapes.push(frame(x, middle - MARK / 2, LETTER, MARK, 2, &format!("outcome-{}", outcome % 8)));
    shapes.push(Shape::centred(x + LETTER / 2, middle, Face::Mark, Tone::On, letter));
}

/// A rule's mark: the letter of its outcome and its id.
fn mark(
    shapes: &mut Vec<Shape>,
    x: i32,
    middle: i32,
    wide: i32,
    outcome: Option<(usize, &str)>,
    id: &str,
    fired: bool,
) {
    let class = match (outcome, fired) {
        (_, true) => "rule fired",
        (Some(_), false) => "rule",
        (None, false) => "rule note",
    };
    shapes.push(frame(x, middle - MARK / 2, wide, MARK, 3, class));
    let left = match outcome {
        Some((outcome, letter)) => {
            swatch(shapes, x, middle, outcome, letter);
            LETTER
        }
        None => 0,
    };
    shapes.push(Shape::centred(x + left + (wide - left) / 2, middle, Face::Mark, Tone::Ink, id));
}

/// The rows of one page, with the lines behind them.
fn body(sheet: &Sheet, rows: Range<usize>, top: i32, bottom: i32, head: Group, groups: &mut Vec<Group>) {
    let mut tops = Vec::with_capacity(rows.len());
    let mut y = top;
    for row in &sheet.rows[rows.clone()] {
        tops.push(y);
        y += row.height;
    }
    // Behind everything: the columns, then the lines.
    let mut behind = Group::default();
    let last =
        rows.clone().zip(&tops).filter(|(row, _)| !matches!(sheet.rows[*row].kind, RowKind::Group { .. }));
    let end = last.map(|(row, top)| top + sheet.rows[row].height).max().unwrap_or(bottom);
    for number in (0..sheet.columns.len()).step_by(2) {
        let x = middle_of(sheet, number) - sheet.grid.column / 2;
        behind.shapes.push(frame(x, top, sheet.grid.column, end - top, 0, "band"));
    }
    for (row, y) in sheet.rows[rows.clone()].iter().zip(&tops) {
        if let RowKind::Section(_) = row.kind {
            let wide = sheet.grid.width - GAP - sheet.grid.ids;
            behind.shapes.push(frame(sheet.grid.ids, y + 4, wide, row.height - 4, 3, "section"));
        }
    }
    for (lanes, left) in [(&sheet.after, true), (&sheet.looks, false)] {
        for lane in lanes {
            line(sheet, lane, left, &rows, &tops, (top, end), &mut behind.shapes);
        }
    }
    groups.push(behind);
    groups.push(head);
    let mut list: Option<Group> = None;
    for (row, y) in sheet.rows[rows].iter().zip(tops) {
        let named = match &row.kind {
            RowKind::Section(title) => Some(title.clone()),
            RowKind::Question(_) => None,
            RowKind::Otherwise(_) => Some("When no rule asks for a result".to_owned()),
            RowKind::Group { .. } => Some("Named groups of answers".to_owned()),
        };
        let known = |list: &Option<Group>, name: &str| {
            list.as_ref().is_some_and(|list| matches!(&list.role, Role::List(known) if known == name))
        };
        if let Some(name) = named
            && !known(&list, &name)
        {
            groups.extend(list.replace(Group { role: Role::List(name), ..Group::default() }));
        }
        let list = list
            .get_or_insert_with(|| Group { role: Role::List("Questions".to_owned()), ..Group::default() });
        match &row.kind {
            RowKind::Section(title) => section(sheet, title, y, row, list),
            RowKind::Question(question) => list.groups.push(one_question(sheet, question, y)),
            RowKind::Otherwise(rule) => {
                let mut item = Group { role: Role::Item(rule.title.clone()), ..Group::default() };
                item.shapes.push(hair(sheet, y));
                item.groups.push(one_rule(sheet, rule, y));
                list.groups.push(item);
            }
            RowKind::Group { name, lines: said, first } => {
                let mut item = Group {
                    role: Role::Item(said.join(" ")),
                    data: Some(("group", name.clone())),
                    ..Group::default()
                };
                let mut y = y;
                if *first {
                    item.shapes.push(hair(sheet, y));
                    y += GAP;
                    let head = ["Named groups".to_owned()];
                    lines(&mut item.shapes, sheet.grid.text, &mut y, Face::Strong, Tone::Ink, &head);
                }
                lines(&mut item.shapes, sheet.grid.text, &mut y, Face::Plain, Tone::Ink, said);
                list.groups.push(item);
            }
        }
    }
    groups.extend(list);
}

fn hair(sheet: &Sheet, y: i32) -> Shape {
    Shape::line("hair", &[(sheet.grid.ids, y), (sheet.grid.width - GAP, y)])
}

/// A section's title, and the columns' names once more for who has lost sight of their heads.
fn section(sheet: &Sheet, title: &str, y: i32, row: &Row, list: &mut Group) {
    let middle = y + 4 + (row.height - 4) / 2;
    let mut head = Group::default();
    head.shapes.push(Shape::text(sheet.grid.ids + GAP, middle, Face::Strong, Tone::Ink, title));
    for (number, column) in sheet.columns.iter().enumerate() {
        if width(&column.id, Face::Plain) < sheet.grid.column {
            head.shapes.push(Shape::centred(
                middle_of(sheet, number),
                middle,
                Face::Plain,
                Tone::Ink,
                &column.id,
            ));
        }
    }
    list.groups.push(head);
}

fn one_question(sheet: &Sheet, question: &QuestionRow, top: i32) -> Group {
    let grid = &sheet.grid;
    let mut group = Group {
        role: Role::Item(question.spoken.clone()),
        data: Some(("question", question.id.clone())),
        tip: question.spoken.clone(),
        ..Group::default()
    };
    let shapes = &mut group.shapes;
    shapes.push(hair(sheet, top));
    shapes.push(Shape::text(grid.ids, top + question.title_at(), Face::Strong, Tone::Ink, &question.id));
    let mut y = top + PAD;
    lines(shapes, grid.text, &mut y, Face::Strong, Tone::Ink, &question.title);
    let tone = if question.always { Tone::Soft } else { Tone::Ink };
    lines(shapes, grid.text, &mut y, Face::Plain, tone, &question.asked);
    if !question.answer.is_empty() {
        let height = count(&question.answer) * Face::Strong.line();
        let class = if question.matters { "answer fired" } else { "answer" };
        shapes.push(frame(
            grid.text - 5,
            y + 1,
            grid.text_end - grid.text,
            height + 2 * AROUND - 2,
            3,
            class,
        ));
        y += AROUND;
        lines(shapes, grid.text, &mut y, Face::Strong, Tone::Ink, &question.answer);
        y += AROUND;
    }
    lines(shapes, grid.text, &mut y, Face::Plain, Tone::Soft, &question.also);
    for rule in &question.rules {
        group.groups.push(one_rule(sheet, rule, top));
    }
    group
}

fn one_rule(sheet: &Sheet, rule: &RuleRow, top: i32) -> Group {
    let grid = &sheet.grid;
    let y = top + rule.at;
    let column = &sheet.columns[rule.column];
    let mut group = Group {
        role: Role::Part,
        data: Some((rule.kind, rule.id.clone())),
        tip: rule.title.clone(),
        ..Group::default()
    };
    let left = grid.text + GAP;
    let wide = grid.column - 6;
    let at = middle_of(sheet, rule.column) - wide / 2;
    let first = rule.lines.first().map_or(0, |line| width(line, Face::Plain));
    group.shapes.push(Shape::line(
        if rule.fired { "leader fired" } else { "leader" },
        &[(left + first + 4, y), (at, y)],
    ));
    let mut text = y - Face::Plain.line() / 2;
    lines(&mut group.shapes, left, &mut text, Face::Plain, Tone::Ink, &rule.lines);
    let outcome = (!column.letter.is_empty()).then_some((rule.column, column.letter.as_str()));
    mark(&mut group.shapes, at, y, wide, outcome, &rule.id, rule.fired);
    group
}

/// The part of a line that is on this page. Where it goes on, an arrow says so.
fn line(
    sheet: &Sheet,
    lane: &Lane,
    left: bool,
    rows: &Range<usize>,
    tops: &[i32],
    (top, end): (i32, i32),
    shapes: &mut Vec<Shape>,
) {
    let grid = &sheet.grid;
    let across = i32::try_from(lane.lane).unwrap_or(0) * LANE;
    let x = if left { grid.after - across } else { grid.text_end + GAP + across };
    let mut from: Option<i32> = None;
    let mut to: Option<i32> = None;
    let (mut before, mut behind) = (false, false);
    for joint in &lane.joints {
        if joint.row < rows.start {
            before = true;
        } else if joint.row >= rows.end {
            behind = true;
        } else {
            let y = tops[joint.row - rows.start] + joint.at;
            from = Some(from.map_or(y, |from| from.min(y)));
            to = Some(to.map_or(y, |to| to.max(y)));
            match (joint.kind, left) {
                (JointKind::Out, true) => shapes.push(Shape::line("bundle", &[(x, y), (grid.ids - 4, y)])),
                (JointKind::Arrow, _) => {
                    shapes.push(Shape::line("bundle", &[(x, y), (grid.text - 12, y)]));
                    shapes.push(Shape::Head { x: grid.text - 5, y });
                }
                (JointKind::Out, false) => {
                    shapes.push(Shape::line("bundle", &[(grid.text_end - 2, y), (x, y)]));
                }
                (JointKind::Dot, _) => {}
            }
            shapes.push(Shape::Dot { x, y });
        }
    }
    if before {
        from = Some(top + 6);
    }
    if behind {
        to = Some(end - 2);
    }
    // A line that only passes this page by has no part in it but the way.
    let (Some(from), Some(to)) = (from.or(before.then_some(top + 6)), to.or(behind.then_some(end - 2)))
    else {
        return;
    };
    shapes.push(Shape::line("bundle", &[(x, from), (x, to)]));
    if before {
        shapes.push(Shape::On { x, y: top + 2, down: false });
    }
    if behind {
        shapes.push(Shape::On { x, y: end + 2, down: true });
    }
}
