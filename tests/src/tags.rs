//! Reads a page the way a browser does, as far as tags go: to see what a page could load, run or lead to. It shares no code
//! with the program's own reader of its pages.

/// A start tag with its attributes, as a browser understands them: entities undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// In small letters.
    pub name: String,
    /// Name in small letters, and value.
    pub attributes: Vec<(String, String)>,
    /// What stands between this tag and the next one, entities left as they are; all of it for a script or style.
    pub after: String,
}

impl Tag {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// Every start tag of a page in order. Comments are passed over.
pub fn tags(html: &str) -> Vec<Tag> {
    let mut found: Vec<Tag> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        if let Some(last) = found.last_mut() {
            last.after.push_str(&rest[..at]);
        }
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if rest.starts_with(['/', '!', '?']) {
            rest = rest.split_once('>').map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            if let Some(last) = found.last_mut() {
                last.after.push('<');
            }
            continue;
        }
        let (mut tag, after) = start_tag(rest);
        rest = after;
        if ["script", "style", "title", "textarea"].contains(&tag.name.as_str()) {
            let close = format!("</{}", tag.name);
            let end = rest.to_ascii_lowercase().find(&close).unwrap_or(rest.len());
            tag.after = rest[..end].to_owned();
            rest = &rest[end..];
        }
        found.push(tag);
    }
    found
}

fn start_tag(text: &str) -> (Tag, &str) {
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(text.len());
    let name = text[..end].to_ascii_lowercase();
    let mut rest = &text[end..];
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with('>') {
            return (Tag { name, attributes, after: String::new() }, rest.get(1..).unwrap_or_default());
        }
        // A name may hold quotes and even begin with `=`: a browser takes them in.
        let ends = |c: char| c.is_ascii_whitespace() || c == '/' || c == '>' || c == '=';
        let end = rest.char_indices().skip(1).find(|(_, c)| ends(*c)).map_or(rest.len(), |(at, _)| at);
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_ascii_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            rest = after.trim_ascii_start();
            (value, rest) = match rest.chars().next() {
                Some(quote @ ('"' | '\'')) => rest[1..].split_once(quote).unwrap_or((&rest[1..], "")),
                _ => rest
                    .split_at(rest.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(rest.len())),
            };
        }
        attributes.push((name, unescaped(value)));
    }
}

/// The five entities that the program writes, and numbers.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = [
            ("&lt;", '<'),
            ("&gt;", '>'),
            ("&quot;", '"'),
            ("&amp;", '&'),
            ("&#x27;", '\''),
            ("&#39;", '\''),
        ];
        let numbered = || {
            let (number, _) = rest.strip_prefix("&#")?.split_once(';')?;
            let (digits, radix) = number.strip_prefix(['x', 'X']).map_or((number, 10), |hex| (hex, 16));
            let letter = char::from_u32(u32::from_str_radix(digits, radix).ok()?)?;
            Some((number.len() + 3, letter))
        };
        let (length, letter) = known
            .iter()
            .find(|(entity, _)| rest.starts_with(entity))
            .map(|(entity, letter)| (entity.len(), *letter))
            .or_else(numbered)
            .unwrap_or((1, '&'));
        out.push(letter);
        rest = &rest[length..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_a_browser_reads_them() {
        let found = tags(
            "<!-- <b> --><p class=\"a &amp; b\" hidden>1 < 2</p><IMG SRC=x onerror='y()'/><script>if (a<b) {}</script><i>",
        );
        let names: Vec<&str> = found.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["p", "img", "script", "i"]);
        assert_eq!(found[0].get("class"), Some("a & b"));
        assert_eq!(found[0].get("hidden"), Some(""));
        assert_eq!(found[0].after, "1 < 2");
        assert_eq!(found[1].get("onerror"), Some("y()"));
        assert_eq!(found[2].after, "if (a<b) {}");
    }

    #[test]
    fn an_attribute_that_was_broken_open_is_seen() {
        let found = tags("<a title=\"x\" onclick=\"y()\" \"=\"\">");
        let names: Vec<&str> = found[0].attributes.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["title", "onclick", "\""]);
    }
}
