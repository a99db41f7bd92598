//! Drawings (SVG) are small programs: only a harmless one is shown to readers.

use super::{Fault, Picture, fault};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Elements that run something, load something, or hold another document.
const HARMFUL: [&str; 8] =
    ["script", "foreignObject", "iframe", "object", "embed", "handler", "listener", "audio"];

/// Looks through a drawing.
///
/// # Errors
/// What it would do to a reader, or that it is no drawing.
pub(super) fn read(bytes: &[u8]) -> Result<Picture, Box<Fault>> {
    let damaged = || {
        fault(
            "picture-damaged",
            "This drawing is cut off or damaged",
            "Save it again from the program it was made with, as plain SVG",
        )
    };
    let text = std::str::from_utf8(bytes).map_err(|_| damaged())?;
    let mut reader = Reader::from_str(text);
    let mut size = None;
    let mut depth = 0usize;
    let mut seen = false;
    let mut in_style = false;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(0);
        match reader.read_event().map_err(|_| damaged())? {
            Event::Start(tag) => {
                if !seen {
                    size = Some(dimensions(&tag).ok_or_else(damaged)?);
                }
                seen = true;
                depth += 1;
                in_style = tag.local_name().as_ref() == "style";
                harmless(&tag).map_err(|shows| harmful(at, &shows))?;
            }
            Event::Empty(tag) => {
                if !seen {
                    size = Some(dimensions(&tag).ok_or_else(damaged)?);
                }
                seen = true;
                harmless(&tag).map_err(|shows| harmful(at, &shows))?;
            }
            Event::End(_) => {
                depth = depth.checked_sub(1).ok_or_else(damaged)?;
                in_style = false;
            }
            Event::Text(text) if in_style => no_load(at, &text)?,
            Event::CData(text) if in_style => no_load(at, &text)?,
            // Nothing in a style needs one, and it could hide what the style loads.
            Event::GeneralRef(_) if in_style => return Err(harmful(at, "&")),
            // A word list of the document's own can blow up to any size, and a style sheet by name is loaded.
            Event::DocType(text) if text.contains('[') => return Err(harmful(at, "<!DOCTYPE [")),
            Event::PI(text) if text.starts_with("xml-stylesheet") => {
                return Err(harmful(at, "<?xml-stylesheet"));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !seen || depth != 0 {
        return Err(damaged());
    }
    Ok(Picture { size: size.flatten(), key: String::new() })
}

fn no_load(at: usize, style: &str) -> Result<(), Box<Fault>> {
    loads(style).map_or(Ok(()), |shows| Err(harmful(at, &shows)))
}

fn harmful(at: usize, shows: &str) -> Box<Fault> {
    let mut found = fault(
        "svg-not-harmless",
        format!("This drawing could run or load something when a reader opens it: `{shows}`"),
        "Save it as plain SVG without scripts and links, or as PNG",
    );
    found.at = at;
    found
}

/// What a tag must not have, if it has it.
fn harmless(tag: &BytesStart<'_>) -> Result<(), String> {
    let name = tag.local_name();
    let name = name.as_ref();
    if HARMFUL.iter().any(|harmful| harmful.eq_ignore_ascii_case(name)) {
        return Err(format!("<{name}>"));
    }
    for attribute in tag.attributes().with_checks(false) {
        let Ok(attribute) = attribute else { return Err(format!("<{name}>")) };
        let key = attribute.key.local_name().as_ref().to_ascii_lowercase();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| format!("{key}="))?;
        let shown = || {
            let short: String = value.chars().take(30).collect();
            format!("{key}=\"{short}\"")
        };
        let plain: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        let plain = plain.to_ascii_lowercase();
        let leads_away = key == "href" && !plain.starts_with('#') && !is_inner_picture(&plain);
        if key.starts_with("on") || key == "src" || leads_away || plain.contains("javascript:") {
            return Err(shown());
        }
        if loads(&value).is_some() {
            return Err(shown());
        }
    }
    Ok(())
}

/// A picture of pixels inside the drawing.
fn is_inner_picture(value: &str) -> bool {
    ["data:image/png;", "data:image/jpeg;", "data:image/webp;"].iter().any(|start| value.starts_with(start))
}

/// A piece of a style that loads something which is not in the drawing itself.
fn loads(style: &str) -> Option<String> {
    let lower = style.to_ascii_lowercase();
    if let Some(at) = lower.find("@import") {
        return Some(style[at..].chars().take(30).collect());
    }
    lower.match_indices("url(").find_map(|(at, _)| {
        let value = lower[at + 4..].trim_start_matches(['"', '\'', ' ', '\n', '\t']);
        let inner = value.starts_with('#') || is_inner_picture(value);
        (!inner).then(|| style[at..].chars().take(30).collect())
    })
}

/// Width and height in whole pixels, if the drawing says. Nothing at all if this is no drawing.
#[expect(clippy::option_option, reason = "no drawing, and a drawing without a size, are two things")]
fn dimensions(tag: &BytesStart<'_>) -> Option<Option<(u32, u32)>> {
    if tag.local_name().as_ref() != "svg" {
        return None;
    }
    let value = |name: &str| {
        tag.try_get_attribute(name).ok().flatten()?.normalized_value(XmlVersion::Implicit1_0).ok()
    };
    let pixels = |text: &str| {
        let number: f64 = text.trim().trim_end_matches("px").parse().ok()?;
        // Sizes beyond this are no sizes.
        (1.0..=100_000.0).contains(&number).then_some(number.round() as u32)
    };
    let own = || Some((pixels(&value("width")?)?, pixels(&value("height")?)?));
    let view = || {
        let text = value("viewBox")?;
        let numbers: Vec<&str> = text.split([' ', ',']).filter(|part| !part.is_empty()).collect();
        Some((pixels(numbers.get(2)?)?, pixels(numbers.get(3)?)?))
    };
    Some(own().or_else(view))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NS: &str = "xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"";

    fn inside(what: &str) -> Result<Picture, Box<Fault>> {
        read(format!("<svg {NS} viewBox=\"0 0 40 30\">{what}</svg>").as_bytes())
    }

    #[test]
    fn harmless_drawings_are_shown_with_their_size() {
        for good in [
            "<rect width=\"9\" height=\"9\" style=\"fill: red\"/>",
            "<style>.a { fill: url(#shade) }</style><use href=\"#shade\"/>",
            "<image xlink:href=\"data:image/png;base64,AAAA\"/>",
            "<text>on load = javascript is only a word here</text>",
            "<!-- <script> -->",
        ] {
            let picture = inside(good).unwrap_or_else(|fault| panic!("{good}: {fault:?}"));
            assert_eq!(picture.size, Some((40, 30)));
            assert!(picture.widths().is_empty(), "a drawing needs no copies");
        }
        let sized = read(
            format!("<?xml version=\"1.0\"?><!DOCTYPE svg><svg {NS} width=\"12px\" height=\"8\"/>")
                .as_bytes(),
        );
        assert_eq!(sized.expect("a drawing").size, Some((12, 8)));
        assert_eq!(read(format!("<svg {NS} width=\"100%\"/>").as_bytes()).expect("a drawing").size, None);
    }

    #[test]
    fn what_runs_or_loads_something_is_refused_and_shown() {
        for (bad, shows) in [
            ("<script>alert(1)</script>", "<script>"),
            ("<svg:script xmlns:svg=\"http://www.w3.org/2000/svg\"/>", "<script>"),
            ("<rect onload=\"x()\"/>", "onload"),
            ("<rect OnClick=\"x()\"/>", "onclick"),
            ("<a href=\"https://example.org\"><path/></a>", "https://example.org"),
            ("<a xlink:href=\"java&#x09;script:x()\"><path/></a>", "href"),
            ("<use href=\"other.svg#a\"/>", "other.svg"),
            ("<image href=\"//example.org/a.png\"/>", "//example.org"),
            ("<image href=\"data:image/svg+xml,...\"/>", "data:image/svg"),
            ("<foreignObject><p/></foreignObject>", "foreignObject"),
            ("<style>@import 'x.css';</style>", "@import"),
            ("<style>.a { fill: url( \"https://example.org/a\") }</style>", "url("),
            ("<style><![CDATA[.a{fill:url(//e.org/a)}]]></style>", "url("),
            ("<rect style=\"fill: url(http://example.org)\"/>", "url("),
            ("<rect fill=\"url(http://example.org/#a)\"/>", "url("),
            ("<style>.a { fill: u&#114;l(//example.org/a) }</style>", "&"),
            ("<animate attributeName=\"href\" to=\"javascript:x()\"/>", "javascript:"),
        ] {
            let fault = inside(bad).expect_err(bad);
            assert_eq!(fault.code, "svg-not-harmless", "{bad}");
            assert!(fault.message.contains(shows), "{bad}: {}", fault.message);
        }
        let bomb = format!("<!DOCTYPE svg [<!ENTITY a \"aaaa\">]><svg {NS}>&a;</svg>");
        assert_eq!(read(bomb.as_bytes()).expect_err("a bomb").code, "svg-not-harmless");
        let sheet = format!("<?xml-stylesheet href=\"x.css\"?><svg {NS}/>");
        assert_eq!(read(sheet.as_bytes()).expect_err("a sheet").code, "svg-not-harmless");
    }

    #[test]
    fn what_is_no_whole_drawing_is_told() {
        for broken in ["", "text", "<html></html>", "<svg", "<svg><g></svg>", "<svg>", "<svg></svg></svg>"] {
            assert_eq!(read(broken.as_bytes()).expect_err(broken).code, "picture-damaged", "{broken}");
        }
        assert_eq!(read(b"\xff\xfe<\0s\0").expect_err("another encoding").code, "picture-damaged");
    }
}
