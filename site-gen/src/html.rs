//! Small helpers for writing HTML by hand.

/// Appends `text` with `&`, `<`, `>` and `"` made harmless: safe between tags and inside double quotes.
pub fn escape_into(out: &mut String, text: &str) {
    let mut clean = 0;
    for (at, byte) in text.bytes().enumerate() {
        let replacement = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        out.push_str(&text[clean..at]);
        out.push_str(replacement);
        clean = at + 1;
    }
    out.push_str(&text[clean..]);
}

/// [`escape_into`] a new string.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    escape_into(&mut out, text);
    out
}

/// The words of a stretch of HTML that this program wrote: tags dropped, the five entities undone.
pub fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut in_tag = false;
    for character in html.chars() {
        match character {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if !in_tag => out.push(character),
            _ => {}
        }
    }
    if out.contains('&') {
        out = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    }
    out
}

/// A heading or a file name as part of an address: small ASCII letters, digits and single hyphens.
/// Letters lose their accents. Empty when nothing is left.
pub fn slug(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |character: char| {
        if character.is_ascii_alphanumeric() {
            if gap && !out.is_empty() {
                out.push('-');
            }
            gap = false;
            out.push(character.to_ascii_lowercase());
        } else if !matches!(character, '\'' | '’' | '\u{300}'..='\u{36f}') {
            gap = true;
        }
    };
    if text.is_ascii() {
        text.chars().for_each(&mut push);
    } else {
        text.nfkd().for_each(&mut push);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_markup_is_made_harmless() {
        assert_eq!(escape("a < b & \"c\" > d"), "a &lt; b &amp; &quot;c&quot; &gt; d");
        assert_eq!(escape("año"), "año");
        assert_eq!(plain("<b>a</b> &lt;b&gt; &amp;lt;"), "a <b> &lt;");
    }

    #[test]
    fn addresses_hold_plain_letters_only() {
        assert_eq!(slug("What you can do?"), "what-you-can-do");
        assert_eq!(slug("Qué es la ketamina"), "que-es-la-ketamina");
        assert_eq!(slug("  It’s 100% OK "), "its-100-ok");
        assert_eq!(slug("日本"), "");
    }
}
