//! Writes a page as SVG: no script, no font from elsewhere, light and dark, and lists that can be read in order.

use super::display::{Group, Role, Shape, Tone};
use super::layout::Page;
use super::measure::Face;
use crate::html::escape;
use std::fmt::Write as _;

/// The style that every picture carries. Its rules reach nothing outside of a picture, and its classes (`q-…`) are known
/// to no theme.
pub const STYLE: &str = "\
.questionnaire-picture{background:#fff;color:#14242a}\
.questionnaire-picture text{font:12px Arial,'Liberation Sans',Arimo,Helvetica,sans-serif;fill:#14242a;dominant-baseline:central}\
.questionnaire-picture .q-head{font-size:18px;font-weight:700}\
.questionnaire-picture .q-strong{font-size:13px;font-weight:700}\
.questionnaire-picture .q-mark{font-weight:700}\
.questionnaire-picture .q-soft{fill:#4a5a60}\
.questionnaire-picture .q-on{fill:#fff}\
.questionnaire-picture .q-centred{text-anchor:middle}\
.questionnaire-picture path{fill:none;stroke:#14242a;stroke-width:1}\
.questionnaire-picture .q-hair{stroke:#c3ced1}\
.questionnaire-picture .q-leader{stroke:#7d8d93;stroke-dasharray:1 3}\
.questionnaire-picture .q-leader.q-fired{stroke:#14242a;stroke-width:2;stroke-dasharray:none}\
.questionnaire-picture .q-bundle{stroke:#3a6b7a;stroke-width:1.5}\
.questionnaire-picture .q-tip{fill:#3a6b7a;stroke:none}\
.questionnaire-picture .q-band{fill:#f1f5f6}\
.questionnaire-picture .q-section{fill:#dbe7ea}\
.questionnaire-picture .q-rule{fill:#fff;stroke:#14242a}\
.questionnaire-picture .q-note{fill:#fff;stroke:#14242a;stroke-dasharray:3 2}\
.questionnaire-picture .q-fired{stroke-width:3;stroke-dasharray:none}\
.questionnaire-picture .q-answer{fill:none;stroke:#7d8d93}\
.questionnaire-picture .q-answer.q-fired{fill:#fff3c4;stroke:#14242a;stroke-width:2.5}\
.questionnaire-picture .q-reached{fill:none;stroke:#14242a;stroke-width:3}\
.questionnaire-picture .q-outcome-0{fill:#8c1230}\
.questionnaire-picture .q-outcome-1{fill:#a63a12}\
.questionnaire-picture .q-outcome-2{fill:#7d5200}\
.questionnaire-picture .q-outcome-3{fill:#565b63}\
.questionnaire-picture .q-outcome-4{fill:#1c5a85}\
.questionnaire-picture .q-outcome-5{fill:#1a6640}\
.questionnaire-picture .q-outcome-6{fill:#5a3f8f}\
.questionnaire-picture .q-outcome-7{fill:#3d3d3d}\
@media screen and (prefers-color-scheme:dark){\
.questionnaire-picture{background:#101a1e;color:#e8f0f1}\
.questionnaire-picture text{fill:#e8f0f1}\
.questionnaire-picture .q-soft{fill:#b3c3c8}\
.questionnaire-picture .q-on{fill:#fff}\
.questionnaire-picture path{stroke:#e8f0f1}\
.questionnaire-picture .q-hair{stroke:#3a4b51}\
.questionnaire-picture .q-leader{stroke:#8fa1a7}\
.questionnaire-picture .q-leader.q-fired{stroke:#e8f0f1}\
.questionnaire-picture .q-bundle{stroke:#8cc3d3}\
.questionnaire-picture .q-tip{fill:#8cc3d3;stroke:none}\
.questionnaire-picture .q-band{fill:#18252a}\
.questionnaire-picture .q-section{fill:#24393f}\
.questionnaire-picture .q-rule,.questionnaire-picture .q-note{fill:#101a1e;stroke:#e8f0f1}\
.questionnaire-picture .q-answer{stroke:#8fa1a7}\
.questionnaire-picture .q-answer.q-fired{fill:#43390f;stroke:#e8f0f1}\
.questionnaire-picture .q-reached{stroke:#e8f0f1}\
}";

/// A page as a picture of its own.
pub(super) fn svg(page: &Page, language: &str, title: &str, description: &str) -> String {
    let mut out = String::with_capacity(64 * 1024);
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"questionnaire-picture\" viewBox=\"0 0 {w} {h}\" \
         width=\"{w}\" height=\"{h}\" role=\"group\" aria-label=\"{title}\" lang=\"{language}\" data-made-by=\"site-gen\">",
        w = page.width,
        h = page.height,
        title = escape(title),
        language = escape(language),
    );
    let _ = writeln!(out, "<title>{}</title>\n<desc>{}</desc>", escape(title), escape(description));
    let _ = writeln!(out, "<style>{STYLE}</style>");
    let _ = writeln!(
        out,
        "<rect width=\"{}\" height=\"{}\" fill=\"none\" aria-hidden=\"true\"/>",
        page.width, page.height
    );
    for one in &page.groups {
        group(&mut out, one);
    }
    out.push_str("</svg>\n");
    out
}

fn group(out: &mut String, group: &Group) {
    out.push_str("<g");
    let mut closing = "</g>\n";
    let attribute = |out: &mut String, name: &str, value: &str| {
        let _ = write!(out, " {name}=\"{}\"", escape(value));
    };
    match &group.role {
        Role::Silent => attribute(out, "aria-hidden", "true"),
        Role::Part => {}
        Role::List(name) => {
            attribute(out, "role", "list");
            attribute(out, "aria-label", name);
        }
        Role::Item(_) => attribute(out, "role", "listitem"),
    }
    if let Some((name, value)) = &group.data {
        attribute(out, &format!("data-{name}"), value);
    }
    if let Role::Item(sentence) = &group.role {
        // Drawn text is cut into lines and out of order. A picture with a name is read as one sentence by every screen
        // reader; a name on the entry itself is not.
        out.push_str("><g role=\"img\"");
        attribute(out, "aria-label", sentence);
        out.push_str("><g aria-hidden=\"true\"");
        closing = "</g></g></g>\n";
    }
    out.push('>');
    if !group.tip.is_empty() {
        let _ = write!(out, "<title>{}</title>", escape(&group.tip));
    }
    for one in &group.shapes {
        shape(out, one);
    }
    for inner in &group.groups {
        self::group(out, inner);
    }
    out.push_str(closing);
}

fn shape(out: &mut String, shape: &Shape) {
    let _ = match shape {
        Shape::Text { x, middle, face, tone, centred, text } => {
            let face = match face {
                Face::Head => "head",
                Face::Strong => "strong",
                Face::Mark => "mark",
                Face::Plain => "",
            };
            let tone = match tone {
                Tone::Ink => "",
                Tone::Soft => "soft",
                Tone::On => "on",
            };
            let classes: Vec<&str> = [face, tone, if *centred { "centred" } else { "" }]
                .into_iter()
                .filter(|class| !class.is_empty())
                .collect();
            let class = match classes.as_slice() {
                [] => String::new(),
                classes => format!(" class=\"q-{}\"", classes.join(" q-")),
            };
            write!(out, "<text{class} x=\"{x}\" y=\"{middle}\">{}</text>", escape(text))
        }
        Shape::Rect { x, y, width, height, round, class } => write!(
            out,
            "<rect class=\"{}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\"/>",
            own(class)
        ),
        Shape::Line { points, class } => {
            let mut way = String::new();
            for (at, (x, y)) in points.iter().enumerate() {
                let _ = write!(way, "{}{x} {y}", if at == 0 { 'M' } else { 'L' });
            }
            write!(out, "<path class=\"{}\" d=\"{way}\"/>", own(class))
        }
        Shape::Dot { x, y } => write!(out, "<circle class=\"q-tip\" cx=\"{x}\" cy=\"{y}\" r=\"3\"/>"),
        Shape::Head { x, y } => {
            write!(out, "<path class=\"q-tip\" d=\"M{x} {y}l-8 -4v8z\"/>")
        }
        Shape::On { x, y, down } => {
            let tip = if *down { 6 } else { -6 };
            write!(out, "<path class=\"q-tip\" d=\"M{} {y}h8l-4 {tip}z\"/>", x - 4)
        }
    };
}

/// Class names as the style knows them.
fn own(classes: &str) -> String {
    format!("q-{}", classes.replace(' ', " q-"))
}
