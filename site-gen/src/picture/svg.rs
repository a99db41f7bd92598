//! Drawings (SVG) are small programs: only a harmless one is shown to readers.

use super::{Fault, Picture, fault};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Elements that run something, load something, or hold another document.
const HARMFUL: [&str; 8] =
    ["script", "foreignObject", "iframe", "object", "embed", "handler", "listener", "audio"];

/// The name of the language of web pages. Elements of it do in a drawing what they do in a page.
const PAGES: &str = "http://www.w3.org/1999/xhtml";

/// What loads something by a string alone, without `url(`.
const LOADERS: [&str; 5] = ["image-set(", "image(", "cross-fade(", "src(", "@import"];

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
    if bytes.len() > super::LARGEST_DRAWING {
        return Err(fault(
            "picture-too-large",
            format!(
                "This drawing has {} MB, and {} is the most",
                bytes.len() >> 20,
                super::LARGEST_DRAWING >> 20
            ),
            "Save it with fewer details, or as PNG",
        ));
    }
    let mut reader = Reader::from_str(text);
    let mut size = None;
    let mut depth = 0usize;
    let mut seen = false;
    // The words of the style that is open, and where it begins. A browser puts them together from all that stands in it.
    let mut style: Option<(usize, String)> = None;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(0);
        match reader.read_event().map_err(|_| damaged())? {
            Event::Start(tag) => {
                if !seen {
                    size = Some(dimensions(&tag).ok_or_else(damaged)?);
                }
                seen = true;
                depth += 1;
                // A style holds words only: what stands behind an element in it is read as a style all the same.
                if style.is_some() {
                    return Err(harmful(at, "<style><"));
                }
                harmless(&tag).map_err(|shows| harmful(at, &shows))?;
                if tag.local_name().as_ref() == "style" {
                    style = Some((at, String::new()));
                }
            }
            Event::Empty(tag) => {
                if !seen {
                    size = Some(dimensions(&tag).ok_or_else(damaged)?);
                }
                seen = true;
                if style.is_some() {
                    return Err(harmful(at, "<style><"));
                }
                harmless(&tag).map_err(|shows| harmful(at, &shows))?;
            }
            Event::End(_) => {
                depth = depth.checked_sub(1).ok_or_else(damaged)?;
                if let Some((at, words)) = style.take() {
                    loads(&words).map_or(Ok(()), |shows| Err(harmful(at, &shows)))?;
                }
            }
            Event::Text(text) => {
                if let Some((_, words)) = &mut style {
                    words.push_str(&text);
                }
            }
            Event::CData(text) => {
                if let Some((_, words)) = &mut style {
                    words.push_str(&text);
                }
            }
            // Nothing in a style needs one, and it could hide what the style loads.
            Event::GeneralRef(_) if style.is_some() => return Err(harmful(at, "&")),
            // In another encoding the same bytes could be another drawing.
            Event::Decl(declared) => {
                if let Some(encoding) = declared.encoding() {
                    let encoding = encoding.map_err(|_| damaged())?;
                    if !["utf-8", "utf8", "us-ascii"]
                        .iter()
                        .any(|known| known.eq_ignore_ascii_case(&encoding))
                    {
                        return Err(harmful(at, &format!("encoding=\"{encoding}\"")));
                    }
                }
            }
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
        // An animation could lead away later, and a base would turn every `#` into another address.
        let changes_that = key == "attributename" && (plain.ends_with("href") || plain.ends_with("style"));
        let moves_all = key == "base" || plain.contains(PAGES);
        if key.starts_with("on")
            || key == "src"
            || leads_away
            || changes_that
            || moves_all
            || plain.contains("javascript:")
        {
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
    let shows = |at: usize| style[at..].chars().take(30).collect::<String>();
    // `\75rl(` is `url(` too. What a style can say with a backslash it can say without.
    let hidden = lower.find('\\').filter(|_| lower.contains(['(', '@']));
    if let Some(at) = hidden.or_else(|| LOADERS.iter().find_map(|loader| lower.find(loader))) {
        return Some(shows(at));
    }
    lower.match_indices("url(").find_map(|(at, _)| {
        let value = lower[at + 4..].trim_start_matches(['"', '\'', ' ', '\n', '\t']);
        let inner = value.starts_with('#') || is_inner_picture(value);
        (!inner).then(|| shows(at))
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
            "<style>.a { /* a note */ fill: red }</style>",
            "<style/><g><style>.b{}</style></g>",
            "<animate attributeName=\"opacity\" values=\"0;1\" dur=\"2s\"/>",
            "<text>C:\\drawings (old)</text>",
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
            ("<animate attributeName=\"href\" to=\"javascript:x()\"/>", "href"),
            ("<image><set attributeName=\"xlink:href\" to=\"//example.org/a\"/></image>", "href"),
            ("<a xml:base=\"//example.org/\" href=\"#a\"/>", "base="),
            // What the words of a style become when a browser has put them together.
            ("<style>.a { fill: \\75rl(//example.org/a) }</style>", "\\75rl("),
            ("<style>@\\69mport '//example.org/a';</style>", "\\69mport"),
            ("<style>@im<!-- -->port '//example.org/a';</style>", "@import"),
            ("<style>@im<![CDATA[port '//example.org/a';]]></style>", "@import"),
            ("<style><g></g>@import '//example.org/a';</style>", "<style>"),
            ("<style><g/>@import '//example.org/a';</style>", "<style>"),
            ("<style>.a { background: image-set('//example.org/a' 1x) }</style>", "image-set("),
            ("<rect fill=\"\\75 rl(//example.org/a)\"/>", "\\75"),
            // Parts of a web page in a drawing.
            ("<h:video xmlns:h=\"http://www.w3.org/1999/xhtml\" poster=\"//example.org/a\"/>", "xhtml"),
            ("<meta xmlns=\"http://www.w3.org/1999/xhtml\" http-equiv=\"refresh\"/>", "xhtml"),
        ] {
            let fault = inside(bad).expect_err(bad);
            assert_eq!(fault.code, "svg-not-harmless", "{bad}");
            assert!(fault.message.contains(shows), "{bad}: {}", fault.message);
        }
        // In this encoding the comment is none, and the script is one.
        let other =
            format!("<?xml version=\"1.0\" encoding=\"ISO-2022-JP\"?><svg {NS}><!--\u{1b}$B--></svg>");
        assert_eq!(read(other.as_bytes()).expect_err("an encoding").code, "svg-not-harmless");
        let same = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><svg {NS}/>");
        assert!(read(same.as_bytes()).is_ok());
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
