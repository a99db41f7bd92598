//! The reviewed record of everything the WASM module can ask of the browser, and the check against it.

/// Words that generated code must not contain, whatever the record says: ways to send, keep or show an
/// answer outside the page, and ways to run text as code.
///
/// They are searched as whole words in the glue only. The loader is written by hand and reviewed as source.
const FORBIDDEN: &[&str] = &[
    "Audio",
    "BroadcastChannel",
    "EventSource",
    "FontFace",
    "Function",
    "Image",
    "Notification",
    "RTCPeerConnection",
    "SharedWorker",
    "WebSocket",
    "WebTransport",
    "Worker",
    "XMLHttpRequest",
    "action",
    "caches",
    "cookie",
    "cookieStore",
    "eval",
    "fetch",
    "formAction",
    "history",
    "href",
    "import",
    "indexedDB",
    "innerHTML",
    "insertAdjacentHTML",
    "localStorage",
    "location",
    "navigator",
    "open",
    "outerHTML",
    "postMessage",
    "pushState",
    "replaceState",
    "requestSubmit",
    "sendBeacon",
    "serviceWorker",
    "sessionStorage",
    "src",
    "srcdoc",
    "srcset",
    "submit",
    "title",
    "write",
];

/// Finds the forbidden words in generated code.
pub(crate) fn forbidden_words(code: &str) -> Vec<&'static str> {
    FORBIDDEN.iter().copied().filter(|word| words(code).any(|found| found == *word)).collect()
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$')).filter(|word| !word.is_empty())
}

/// One line of the record: a stable name and a body, both without hashes and numbering, in one line.
pub(crate) fn record_line(name: &str, signature_and_body: &str) -> String {
    let mut line = String::from(name);
    line.push('\t');
    let body: Vec<String> = signature_and_body.split_whitespace().map(stable).collect();
    line.push_str(&body.join(" "));
    line
}

/// Cuts what changes from compiler to compiler: hashes and the numbers of generated closures.
pub(crate) fn stable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars().chain(std::iter::once('\n')) {
        if c.is_ascii_alphanumeric() || c == '_' || c == '$' {
            word.push(c);
            continue;
        }
        out.push_str(stable_word(&word));
        word.clear();
        if c != '\n' {
            out.push(c);
        }
    }
    out
}

fn stable_word(word: &str) -> &str {
    match word.rsplit_once('_') {
        Some((head, tail))
            if tail.trim_start_matches('h').len() == 16
                && tail.trim_start_matches('h').bytes().all(|b| b.is_ascii_hexdigit()) =>
        {
            head.trim_end_matches('_')
        }
        _ => word,
    }
}

/// What the comparison with the record found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Lines of the build that nobody has reviewed.
    pub(crate) unreviewed: Vec<String>,
    /// Lines of the record that the build no longer needs.
    pub(crate) stale: Vec<String>,
}

/// Compares the lines of this build with the checked-in record; comments and empty lines do not count.
pub(crate) fn compare(built: &[String], record: &str) -> Difference {
    let record: Vec<&str> =
        record.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    Difference {
        unreviewed: built.iter().filter(|line| !record.contains(&line.as_str())).cloned().collect(),
        stale: record
            .iter()
            .filter(|line| !built.iter().any(|b| b == *line))
            .map(|l| (*l).to_owned())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn a_reviewed_import_passes() {
        let found = compare(&built(&["then\t(arg0) { }"]), "# a comment\n\nthen\t(arg0) { }\n");
        assert_eq!(found, Difference::default());
    }

    #[test]
    fn a_new_import_is_named() {
        let found = compare(&built(&["sendBeacon\t(arg0) { }", "then\t(arg0) { }"]), "then\t(arg0) { }\n");
        assert_eq!(found.unreviewed, ["sendBeacon\t(arg0) { }"]);
    }

    #[test]
    fn a_known_name_with_another_body_is_new() {
        let found = compare(&built(&["new\t() { new Image() }"]), "new\t() { new Error() }\n");
        assert_eq!(found.unreviewed.len(), 1);
        assert_eq!(found.stale.len(), 1);
    }

    #[test]
    fn an_import_that_is_gone_is_told() {
        assert_eq!(compare(&[], "then\t(arg0) { }\n").stale, ["then\t(arg0) { }"]);
    }

    #[test]
    fn hashes_do_not_count() {
        assert_eq!(
            record_line(
                "then",
                "(arg0) {\n  const ret = wasm_bindgen__convert____invoke__h29512c9966f0c800(arg0);\n}"
            ),
            record_line(
                "then",
                "(arg0) { const ret = wasm_bindgen__convert____invoke__h0000c9966f0c8001(arg0); }"
            ),
        );
        assert_eq!(stable("__wbg_then_e3f7f2d365708be8(x)"), "__wbg_then(x)");
    }

    #[test]
    fn a_name_without_a_hash_keeps_its_end() {
        assert_eq!(stable("__wbg_set_listener_id"), "__wbg_set_listener_id");
        assert_eq!(stable("getStringFromWasm0"), "getStringFromWasm0");
    }

    #[test]
    fn ways_out_are_found_as_whole_words() {
        assert_eq!(forbidden_words("const ret = arg0.fetch(arg1);"), ["fetch"]);
        assert_eq!(forbidden_words("arg0.location = x; window.open(y)"), ["location", "open"]);
    }

    #[test]
    fn each_planted_way_to_lose_an_answer_is_named() {
        for (planted, word) in [
            ("(arg0, arg1) { const ret = arg0.fetch(arg1); return ret; }", "fetch"),
            ("(arg0, arg1) { localStorage.setItem(arg0, arg1); }", "localStorage"),
            ("(arg0) { document.cookie = arg0; }", "cookie"),
            ("(arg0) { history.pushState(null, '', arg0); }", "history"),
            ("(arg0) { arg0.location.hash = 'yes'; }", "location"),
            ("(arg0) { document.title = arg0; }", "title"),
            ("(arg0) { new Image().src = arg0; }", "Image"),
            ("(arg0) { caches.open('answers'); }", "caches"),
        ] {
            assert!(forbidden_words(planted).contains(&word), "{planted}");
            // Even under a known name the new body is not the one that was reviewed.
            let line = record_line("parentNode", planted);
            let found =
                compare(std::slice::from_ref(&line), "parentNode\t(arg0) { return arg0.parentNode; }\n");
            assert_eq!(found.unreviewed, [line]);
        }
    }

    #[test]
    fn words_that_only_contain_one_pass() {
        assert!(forbidden_words("arg0.openness; prefetched; relocation; arg0.cookies_eaten").is_empty());
    }
}
