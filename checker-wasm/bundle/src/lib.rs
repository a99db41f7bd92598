//! The finished widget as one script.
//!
//! `build.rs` compiles `checker-wasm`, writes the JavaScript around it, checks what the result is able to do
//! against the reviewed record in `imports.txt`, and puts everything into one classic script: no second
//! file, no request, works under `connect-src 'none'` and from a USB stick. Decision 002 says why.

/// The script, ready to be served as `text/javascript; charset=utf-8` and loaded with `defer`.
///
/// It must be served byte for byte as UTF-8: the WASM module is inside, one character for each byte.
pub const SCRIPT: &str = include_str!(concat!(env!("OUT_DIR"), "/checker.js"));

/// Everything the WASM module can ask of the browser, one name a line, sorted, without hashes.
///
/// The build has already refused any name or body that is not in the reviewed record.
pub const IMPORTS: &str = include_str!(concat!(env!("OUT_DIR"), "/imports.txt"));

/// The reviewed record that the build was compared with: a name, a tab, the code, one a line; remarks start with `#`.
pub const REVIEWED: &str = include_str!("../imports.txt");

/// The words of the frame that the screens show, one key a line, in the order in which the page hands them over: `back`
/// is `checker_back` in `interface.toml`.
pub const WORDS: &str = include_str!("../../ui/words.txt");

/// The crates of others that are inside the script, one a line with its terms, and then the texts of those terms.
pub const LICENSES: &str = include_str!(concat!(env!("OUT_DIR"), "/licenses.txt"));

/// For people: how many bytes the module and the script have, and the import list.
pub const REPORT: &str = include_str!(concat!(env!("OUT_DIR"), "/report.txt"));

#[cfg(test)]
#[path = "../make/cut.rs"]
mod cut;
#[cfg(test)]
#[path = "../make/data.rs"]
mod data;
#[cfg(test)]
#[path = "../make/glue.rs"]
mod glue;
#[cfg(test)]
#[path = "../make/licenses.rs"]
mod licenses;
#[cfg(test)]
#[path = "../make/record.rs"]
mod record;
#[cfg(test)]
#[path = "../make/script.rs"]
mod script;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finished_script_holds_the_module_and_calls_nothing_it_must_not() {
        let (_, module) = SCRIPT.split_once("Uint8Array.from(\"").expect("the module is inside the script");
        // `\0` has changed places with a rare byte, so only the letters of the magic number can be read here.
        assert_eq!(&module.chars().skip(1).take(3).collect::<String>(), "asm");
        for name in
            ["fetch", "XMLHttpRequest", "WebSocket", "sendBeacon", "localStorage", "indexedDB", "cookie"]
        {
            assert!(!SCRIPT.contains(name), "the script names `{name}`");
        }
        assert_eq!(SCRIPT.matches("location").count(), 1, "one way to leave, in the loader");
    }

    #[test]
    fn the_parts_of_others_are_named_with_terms_that_allow_giving_them_on() {
        let (parts, _) = LICENSES.split_once("\n\n").expect("a list, and then the texts");
        assert!(parts.lines().any(|line| line.starts_with("yew 0.23")), "{parts}");
        assert!(parts.lines().any(|line| line.starts_with("wasm-bindgen ")), "{parts}");
        for line in parts.lines() {
            // These ask for no more than that their text goes along, which the list does.
            let simple = ["MIT", "Apache-2.0"].iter().any(|terms| line.contains(terms));
            assert!(simple && !line.contains("GPL"), "what else does it ask of those who give it on? {line}");
        }
        // What works on this machine only, while the widget is built.
        for not in ["checker-", "syn ", "yew-macro ", "wasm-bindgen-cli-support "] {
            assert!(!parts.lines().any(|line| line.starts_with(not)), "{not}");
        }
    }

    #[test]
    fn the_import_list_names_what_the_widget_needs_and_no_way_out() {
        let names: Vec<_> = IMPORTS.lines().collect();
        assert!(names.contains(&"createElement") && names.contains(&"page_leave"));
        assert!(!names.iter().any(|name| ["fetch", "location", "localStorage", "open"].contains(name)));
        assert!(names.is_sorted());
    }
}
