//! What must be true of each reader alone, whatever it is given. Small enough to be asked millions of times.

use site_gen::finding::Findings;
use site_gen::parse::{front_matter, library, markdown, settings, toml};
use site_gen::picture;
use site_gen::serve::address;
use site_gen::source::{FileId, Place};

const FILE: FileId = FileId(0);

/// Every finding points into the text.
fn told(findings: &Findings, length: usize) {
    for finding in findings.iter() {
        assert!(!finding.message.is_empty(), "{finding:?}");
        let place = finding.place.as_ref().unwrap_or_else(|| panic!("no place: {finding:?}"));
        assert!(
            place.span.start <= place.span.end && place.span.end <= length,
            "{finding:?} of {length} bytes"
        );
    }
}

/// Markdown with containers: what becomes of it can be put together, and is no HTML but our own.
pub(crate) fn text(source: &str) -> bool {
    let mut findings = Findings::new();
    let body = markdown::read(source, FILE, 0, source.len().is_multiple_of(2), &mut findings);
    told(&findings, source.len());
    let mut before = 0;
    for hole in &body.holes {
        assert!(hole.at as usize >= before && body.html.is_char_boundary(hole.at as usize), "{hole:?}");
        before = hole.at as usize;
    }
    for run in &body.prose {
        let words = body.html.get(run.start as usize..run.end as usize);
        assert!(words.is_some_and(|words| !words.contains(['<', '>'])), "{run:?} of {}", body.html);
    }
    // Inside of a tag there is only what the program writes: `<p class="…" role="…">`.
    for tag in body.html.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
        const OWN: [&str; 32] = [
            "a",
            "blockquote",
            "br",
            "code",
            "del",
            "div",
            "em",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "li",
            "ol",
            "p",
            "pre",
            "section",
            "strong",
            "sup",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
            "figure",
            "img",
            "picture",
            "source",
        ];
        assert!(OWN.contains(&name), "<{tag}> from {source:?}");
        assert!(!tag.contains(" on"), "<{tag}> from {source:?}");
    }
    !findings.has_errors()
}

/// A page's front matter, in YAML or TOML.
pub(crate) fn front(text: &str) -> bool {
    let mut findings = Findings::new();
    let fences = front_matter::fences(text, FILE, &mut findings);
    let read = fences.and_then(|fences| {
        assert!(fences.front.end <= fences.body.start && fences.body.end == text.len());
        assert!(text.is_char_boundary(fences.front.start) && text.is_char_boundary(fences.body.start));
        front_matter::read(text, &fences, FILE, &mut findings)
    });
    told(&findings, text.len());
    assert!(read.is_some() || findings.has_errors(), "neither read nor refused: {text:?}");
    read.is_some() && !findings.has_errors()
}

/// A data file, as each of those that there are.
pub(crate) fn data(text: &str) -> bool {
    let mut findings = Findings::new();
    let table = toml::read(text, FILE, 0, &mut findings);
    assert!(table.is_some() || findings.has_errors(), "neither read nor refused: {text:?}");
    if let Some(table) = &table {
        let read = settings::read(Some(table), Place::start_of(FILE), &mut findings);
        let plain = |text: &str| {
            !text.contains(|c: char| c.is_control() || c.is_whitespace() || "\"<>;{}$".contains(c))
        };
        assert!(plain(&read.origin) && plain(&read.base_path), "{} {}", read.origin, read.base_path);
        assert!(read.base_path.starts_with('/') && read.base_path.ends_with('/'), "{}", read.base_path);
        assert!(plain(&read.clinic.email), "{}", read.clinic.email);
        assert!(!read.languages.is_empty() && read.languages.iter().all(|language| plain(&language.code)));
        library::facts(table, &["en".to_owned()], &mut findings);
        let sources = library::sources(table, &mut findings);
        let web = |url: &str| url.is_empty() || url.starts_with("https://") || url.starts_with("http://");
        assert!(sources.publications.values().all(|one| web(&one.url)));
        library::people(table, &mut findings);
        library::interface(table, &mut findings);
        library::glossary(table, &mut findings);
        library::tags(table, &mut findings);
    }
    told(&findings, text.len());
    table.is_some()
}

/// A picture under any name. Small ones are drawn as well.
pub(crate) fn picture(kind: u8, bytes: &[u8]) -> bool {
    let name = ["a.svg", "a.png", "a.jpg", "a.webp", "a.gif", "a.pdf"][usize::from(kind % 6)];
    let Some(read) = picture::read(name, bytes) else { return false };
    match read {
        Ok(picture) => {
            if picture.kept_at().is_some()
                && picture.size.is_some_and(|(width, height)| width * height <= 4096)
            {
                match picture::draw(&picture, bytes) {
                    Ok(drawn) => assert!(!drawn.fallback.is_empty() && !drawn.sized.is_empty()),
                    Err(fault) => assert!(!fault.message.is_empty() && !fault.help.is_empty()),
                }
            }
            if name == "a.svg" {
                // A second look, of another kind: none of these words may stand in a tag of what is let through.
                let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
                let comments = text.contains("<!--") || text.contains("<![cdata[");
                let script = text.contains("<script") || text.contains(":script");
                assert!(!script || comments || text.contains("<!doctype") || text.contains("<?"), "{text}");
            }
            true
        }
        Err(fault) => {
            assert!(
                !fault.message.is_empty() && !fault.help.is_empty() && fault.at <= bytes.len(),
                "{fault:?}"
            );
            false
        }
    }
}

/// A path and a host that somebody asks the preview for.
pub(crate) fn request(text: &str) -> bool {
    let decoded = address::decode(text);
    if let Some(path) = &decoded {
        assert!(path.starts_with('/') && path.len() <= text.len(), "{path:?} from {text:?}");
        assert!(!path.contains(|c: char| c.is_control() || c == '\\'), "{path:?} from {text:?}");
        assert!(path.split('/').all(|part| part != "." && part != ".."), "{path:?} from {text:?}");
    }
    let served = std::net::SocketAddr::from(([127, 0, 0, 1], 3000));
    if address::is_this_machine(text, served) {
        let lower = text.to_ascii_lowercase();
        let known = lower == "localhost:3000" || lower.starts_with("127.") || lower.starts_with('[');
        assert!(known && lower.ends_with(":3000"), "{text:?} is taken for this machine");
    }
    decoded.is_some()
}
