//! What is drawn, as plain data: groups of texts, boxes and lines with their places. The layout makes it, the drawing
//! writes it out, and the tests measure it.

use super::measure::Face;

/// A group of shapes, perhaps with a meaning for whoever cannot see it.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) role: Role,
    /// `data-…` name and value, for whoever looks for a part of the picture.
    pub(super) data: Option<(&'static str, String)>,
    /// What a browser shows when it is pointed at.
    pub(super) tip: String,
    pub(super) shapes: Vec<Shape>,
    pub(super) groups: Vec<Group>,
}

/// What a group is to a screen reader.
#[derive(Debug, Default)]
pub(super) enum Role {
    /// Only a picture: what it says is said elsewhere.
    #[default]
    Silent,
    /// Part of the group around it.
    Part,
    /// A list with its name.
    List(String),
    /// An entry of a list, read as this sentence.
    Item(String),
}

/// A colour by its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Ink,
    Soft,
    /// On the letter of an outcome.
    On,
}

/// Something drawn. All in px from the left and the top.
#[derive(Debug)]
pub(super) enum Shape {
    /// A line of text around the height `middle`.
    Text {
        x: i32,
        middle: i32,
        face: Face,
        tone: Tone,
        centred: bool,
        text: String,
    },
    Rect {
        x: i32,
        y: i32,
        width: i32,
        height: i32,
        round: i32,
        class: String,
    },
    /// A line from place to place.
    Line {
        points: Vec<(i32, i32)>,
        class: &'static str,
    },
    Dot {
        x: i32,
        y: i32,
    },
    /// An arrow's head that points to the right and ends here.
    Head {
        x: i32,
        y: i32,
    },
    /// A head that points on to the next page, or back to the last.
    On {
        x: i32,
        y: i32,
        down: bool,
    },
}

impl Shape {
    pub(super) fn text(x: i32, middle: i32, face: Face, tone: Tone, text: impl Into<String>) -> Self {
        Shape::Text { x, middle, face, tone, centred: false, text: text.into() }
    }

    pub(super) fn centred(x: i32, middle: i32, face: Face, tone: Tone, text: impl Into<String>) -> Self {
        Shape::Text { x, middle, face, tone, centred: true, text: text.into() }
    }

    pub(super) fn line(class: &'static str, points: &[(i32, i32)]) -> Self {
        Shape::Line { points: points.to_vec(), class }
    }

    /// For a text: left, top, right and bottom of what it covers.
    #[cfg(test)]
    pub(super) fn covers(&self) -> Option<(i32, i32, i32, i32)> {
        let Shape::Text { x, middle, face, centred, text, .. } = self else { return None };
        let wide = super::measure::width(text, *face);
        let left = if *centred { x - wide / 2 } else { *x };
        let half = face.size() / 2;
        Some((left, middle - half, left + wide, middle + half))
    }
}
