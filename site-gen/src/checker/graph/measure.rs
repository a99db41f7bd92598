//! How wide a text is when it is drawn. No font is at hand, so the widths are those of Arial, which the metric-compatible
//! faces share, with a little to spare.

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    /// The title of the picture.
    Head,
    /// A question, a section, an outcome.
    Strong,
    /// Everything else.
    Plain,
    /// The id of a rule in its mark.
    Mark,
}

impl Face {
    /// The size, in px.
    pub(super) fn size(self) -> i32 {
        match self {
            Face::Head => 18,
            Face::Strong => 13,
            Face::Plain | Face::Mark => 12,
        }
    }

    fn bold(self) -> bool {
        self != Face::Plain
    }

    /// From one line to the next, in px.
    pub(super) fn line(self) -> i32 {
        match self {
            Face::Head => 26,
            Face::Strong => 17,
            Face::Plain | Face::Mark => 16,
        }
    }
}

/// Widths of the characters from the space to `~`, in thousandths of the size.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// The width of a text on one line, in px, rounded up.
pub(super) fn width(text: &str, face: Face) -> i32 {
    let thousandths: i32 = text.chars().map(|character| i32::from(advance(character))).sum();
    // Bold letters are a tenth wider; other faces than Arial may be as well.
    let percent = if face.bold() { 113 } else { 104 };
    thousandths.saturating_mul(face.size()).saturating_mul(percent) / 100_000 + 1
}

fn advance(character: char) -> u16 {
    let place = u32::from(character).checked_sub(32).and_then(|at| usize::try_from(at).ok());
    match place.and_then(|at| WIDTHS.get(at)) {
        Some(width) => *width,
        None if u32::from(character) < 0x2000 => 620,
        // Signs and the scripts whose letters are as wide as they are high.
        None => 1000,
    }
}

/// A text in lines that are no wider than `room`. A word that is wider still is broken.
pub(super) fn wrap(text: &str, face: Face, room: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if width(&longer, face) <= room {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for character in word.chars() {
            line.push(character);
            if width(&line, face) > room && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, character.to_string()));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A text in at most so many lines; what does not fit ends in `…`.
pub(super) fn shorten(text: &str, face: Face, room: i32, most: usize) -> Vec<String> {
    let mut lines = wrap(text, face, room);
    if lines.len() <= most {
        return lines;
    }
    lines.truncate(most);
    if let Some(last) = lines.last_mut() {
        while !last.is_empty() && width(&format!("{last}…"), face) > room {
            match last.rfind(' ') {
                Some(space) => last.truncate(space),
                None => _ = last.pop(),
            }
        }
        last.push('…');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_lose_nothing() {
        let text = "Do you have a plan, or might you act on these thoughts today?";
        let lines = wrap(text, Face::Plain, 120);
        assert!(lines.len() > 2, "{lines:?}");
        assert!(lines.iter().all(|line| width(line, Face::Plain) <= 120), "{lines:?}");
        assert_eq!(lines.join(" "), text);
        assert_eq!(wrap(text, Face::Plain, 1000), [text]);
    }

    #[test]
    fn a_word_that_is_too_long_is_broken() {
        let lines = wrap("aa supercalifragilistic", Face::Plain, 40);
        assert!(lines.iter().all(|line| width(line, Face::Plain) <= 40), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), "aasupercalifragilistic");
    }

    #[test]
    fn what_is_cut_says_so() {
        let lines = shorten("one two three four five six seven", Face::Plain, 60, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'), "{lines:?}");
        assert!(lines.iter().all(|line| width(line, Face::Plain) <= 60), "{lines:?}");
        assert_eq!(shorten("one two", Face::Plain, 60, 2), ["one two"]);
    }
}
