//! Takes the generated JavaScript apart, keeps what is used, and takes away what the widget has no need for.

use std::collections::{BTreeMap, BTreeSet};

/// One top-level piece of the generated JavaScript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The name it defines; empty for a statement that defines none.
    pub(crate) name: String,
    /// For a function `(args) { … }`; for anything else the whole statement.
    pub(crate) text: String,
    /// Whether it is a function.
    pub(crate) function: bool,
}

/// Cuts the generated module into its top-level pieces.
///
/// # Errors
/// A sentence for the developer when the text is not of the expected shape, which can only happen when
/// wasm-bindgen changes.
pub(crate) fn pieces(glue: &str) -> Result<Vec<Piece>, String> {
    let mut found = Vec::new();
    let mut current = String::new();
    let mut depth = 0_i32;
    let mut comment = false;
    for line in glue.lines() {
        let line = line.trim();
        comment |= line.starts_with("/*");
        if comment {
            comment = !line.ends_with("*/");
            continue;
        }
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        if depth == 0 && !current.is_empty() && starts_a_piece(line) {
            found.push(piece(&current));
            current.clear();
        }
        current.push_str(line);
        current.push('\n');
        depth += braces(line);
        if depth < 0 {
            return Err(format!("unbalanced braces in the generated JavaScript near `{line}`"));
        }
    }
    if depth != 0 {
        return Err("unbalanced braces at the end of the generated JavaScript".into());
    }
    if !current.is_empty() {
        found.push(piece(&current));
    }
    Ok(found)
}

fn starts_a_piece(line: &str) -> bool {
    ["export ", "function ", "const ", "let ", "if ", "cached"].iter().any(|start| line.starts_with(start))
}

fn braces(line: &str) -> i32 {
    line.bytes().map(|byte| i32::from(byte == b'{') - i32::from(byte == b'}')).sum()
}

fn piece(text: &str) -> Piece {
    let text = text.trim();
    let bare = text.strip_prefix("export ").unwrap_or(text);
    if let Some(rest) = bare.strip_prefix("function ") {
        let end = rest.find('(').unwrap_or(rest.len());
        return Piece { name: rest[..end].trim().into(), text: rest[end..].into(), function: true };
    }
    let name = ["const ", "let "]
        .iter()
        .find_map(|keyword| bare.strip_prefix(keyword))
        .map(|rest| rest.split(|c: char| !is_word(c)).next().unwrap_or_default().to_owned())
        .unwrap_or_default();
    Piece { name, text: text.into(), function: false }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// The plain name of an import: `__wbg_createElement_de4a31ed2fb252be` is `createElement`.
pub(crate) fn plain_name(import: &str) -> String {
    let name = crate::record::stable(import);
    let name = name.strip_prefix("__wbg_").unwrap_or(&name);
    name.trim_start_matches("__wbindgen_").to_owned()
}

/// The body that an import gets instead of the generated one, if the widget must not have the generated one.
///
/// Yew can make any element, set any attribute and parse HTML. The widget makes a few kinds of element and sets a
/// few attributes, none of which can name an address; so the script cannot load one, whatever the WASM asks.
pub(crate) fn replacement(plain: &str, generated: &str) -> Option<&'static str> {
    match plain {
        "createElement" => {
            Some("(a, b, c) { return handleError(createElement, [getStringFromWasm0(b, c)]); }")
        }
        "setAttribute" => Some(
            "(a, b, c, d, e) { return handleError(setAttribute, [a, getStringFromWasm0(b, c), getStringFromWasm0(d, e)]); }",
        ),
        "createElementNS" | "set_innerHTML" | "set_defaultValue" | "host" | "debug_string" | "stack" => {
            Some(REFUSE)
        }
        "error" => Some("() { page_failed(); }"),
        "set" if generated.contains("Reflect.set") => Some(REFUSE),
        // `globalThis` is asked for first, and every browser that runs this has it.
        "static_accessor_GLOBAL" | "static_accessor_SELF" | "static_accessor_WINDOW" => {
            Some("() { return 0; }")
        }
        "instanceof_ShadowRoot" => Some("() { return false; }"),
        _ => None,
    }
}

const REFUSE: &str = "() { return refuse(); }";

/// Keeps the pieces that the given roots lead to, by name, in their order; nameless statements stay with the
/// first name that they mention.
pub(crate) fn reachable<'p>(helpers: &'p [Piece], roots: &[&str]) -> Vec<&'p Piece> {
    let mut wanted: BTreeSet<&str> = roots.iter().flat_map(|text| words(text)).collect();
    loop {
        let before = wanted.len();
        for helper in helpers {
            if wanted.contains(anchor(helper, helpers)) {
                wanted.extend(words(&helper.text));
            }
        }
        if wanted.len() == before {
            break;
        }
    }
    helpers.iter().filter(|helper| wanted.contains(anchor(helper, helpers))).collect()
}

/// The name a piece hangs on: its own, or for `cachedX.decode();` the first helper it mentions.
fn anchor<'p>(helper: &'p Piece, helpers: &'p [Piece]) -> &'p str {
    if helper.name.is_empty() {
        words(&helper.text).find(|word| helpers.iter().any(|other| other.name == *word)).unwrap_or_default()
    } else {
        &helper.name
    }
}

/// The words of a piece of JavaScript.
pub(crate) fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c| !is_word(c)).filter(|word| !word.is_empty())
}

/// Gives names new, shorter ones: `names` for free-standing words, `exports` for members of `wasm`.
pub(crate) fn rename(
    code: &str,
    names: &BTreeMap<String, String>,
    exports: &BTreeMap<String, String>,
) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        if !is_word(first) {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let new = if out.ends_with("wasm.") {
            exports.get(word)
        } else if out.ends_with('.') && !out.ends_with("...") {
            None
        } else {
            names.get(word)
        };
        out.push_str(new.map_or(word, String::as_str));
        rest = after;
    }
    out
}

/// Short names in order: `$a`, `$b`, … `$z`, `$aa`, …
pub(crate) fn short_name(prefix: &str, index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index;
    loop {
        letters.push(b'a' + u8::try_from(rest % 26).expect("BUG: below 26"));
        rest /= 26;
        if rest == 0 {
            break;
        }
        rest -= 1;
    }
    letters.reverse();
    let mut name = String::from(prefix);
    name.push_str(&String::from_utf8(letters).expect("BUG: letters are ASCII"));
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "/**\n * start it { now\n */\nexport function start() {\nwasm.start();\n}\n\
        export function __wbg_then_e3f7f2d365708be8(arg0, arg1) {\n// a note with a brace {\nconst ret = arg0.then(arg1);\nreturn ret;\n}\n\
        let cached = null;\nfunction view() {\nif (cached === null) {\ncached = make();\n}\nreturn cached;\n}\n\
        function lonely() {\n}\nlet decoder = new TextDecoder('utf-8', { ignoreBOM: true });\ndecoder.decode();\n";

    #[test]
    fn the_glue_falls_into_its_pieces() {
        let found = pieces(GLUE).expect("well formed");
        let names: Vec<_> = found.iter().map(|piece| piece.name.as_str()).collect();
        assert_eq!(names, ["start", "__wbg_then_e3f7f2d365708be8", "cached", "view", "lonely", "decoder"]);
        assert_eq!(found[1].text, "(arg0, arg1) {\nconst ret = arg0.then(arg1);\nreturn ret;\n}");
        assert!(found[1].function && !found[2].function);
    }

    #[test]
    fn a_torn_glue_is_refused() {
        assert!(pieces("export function a() {\n").is_err());
        assert!(pieces("}\n").is_err());
    }

    #[test]
    fn only_what_is_used_is_kept() {
        let found = pieces(GLUE).expect("well formed");
        let kept: Vec<_> = reachable(&found, &["return view();"]).iter().map(|p| p.name.clone()).collect();
        assert_eq!(kept, ["cached", "view"]);
    }

    #[test]
    fn names_lose_prefix_and_hash() {
        assert_eq!(plain_name("__wbg_createElement_de4a31ed2fb252be"), "createElement");
        assert_eq!(plain_name("__wbg___wbindgen_throw_4c88d8bf264fd984"), "throw");
        assert_eq!(plain_name("__wbindgen_generic_0000000000000001"), "generic");
        assert_eq!(plain_name("__wbg_set_listener_id_fc5a5a59311dcc63"), "set_listener_id");
    }

    #[test]
    fn members_are_not_renamed_but_exports_are() {
        let names = BTreeMap::from([("view".to_owned(), "$a".to_owned()), ("f".to_owned(), "$b".to_owned())]);
        let exports = BTreeMap::from([("malloc".to_owned(), "m".to_owned())]);
        assert_eq!(
            rename("view(x.view, wasm.malloc, ...f, viewer)", &names, &exports),
            "$a(x.view, wasm.m, ...$b, viewer)"
        );
    }

    #[test]
    fn short_names_do_not_repeat() {
        let names: BTreeSet<_> = (0..2000).map(|index| short_name("", index)).collect();
        assert_eq!(names.len(), 2000);
        assert_eq!(
            (short_name("$", 0), short_name("$", 25), short_name("$", 26)),
            ("$a".into(), "$z".into(), "$aa".into())
        );
    }

    #[test]
    fn needless_powers_are_taken_away() {
        assert_eq!(replacement("set_innerHTML", ""), Some(REFUSE));
        assert_eq!(replacement("set", "{ Reflect.set(a, b, c) }"), Some(REFUSE));
    }

    #[test]
    fn needed_powers_stay() {
        assert_eq!(replacement("then", "{ arg0.then(arg1) }"), None);
        assert_eq!(replacement("set", "{ arg0.set(b) }"), None);
    }
}
