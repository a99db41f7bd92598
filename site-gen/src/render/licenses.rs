//! `licenses.txt`: whose work is inside the programs that the site gives its readers, and on which terms. Most of those terms
//! ask that they go along with every copy. Pages do not load the file.

/// Where it lies in the output.
pub(super) const FILE: &str = "licenses.txt";

const HEAD: &str = "\
The scripts of this site hold work of others, which may be given on under these terms.
The pages' words and pictures are the site's own and are not meant here.
";

const WIDGET: &str = "\
=== The questionnaire (checker-*.js)

The program itself: MIT OR Apache-2.0
The Rust standard library: MIT OR Apache-2.0; The Rust Project Developers; https://github.com/rust-lang/rust
";

const SEARCH: &str = "\
=== Search (search-*.js, pagefind/)

The script itself: MIT OR Apache-2.0
";

/// The file's text. `None` for a site that gives its readers no program.
pub(super) fn text(questionnaire: bool, search: bool) -> Option<String> {
    let widget = [WIDGET, checker_bundle::LICENSES].concat();
    let finder = [SEARCH, crate::search::LICENSE].concat();
    let parts = [questionnaire.then_some(widget), search.then_some(finder)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("{HEAD}\n{}", parts.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn only_what_is_on_the_site_is_named() {
        let questionnaire = text(true, false).expect("a list");
        assert!(questionnaire.contains("\nyew 0.") && !questionnaire.contains("Pagefind"));
        let search = text(false, true).expect("a list");
        assert!(search.contains("Copyright 2022 CloudCannon") && !search.contains("\nyew 0."));
        let both = text(true, true).expect("a list");
        assert!(both.contains("\nyew 0.") && both.contains("Pagefind"));
        assert_eq!(text(false, false), None);
    }

    #[test]
    fn terms_that_must_go_along_as_a_whole_do() {
        let search = text(false, true).expect("a list");
        assert!(search.contains("pagefind_microjson 0.1.4: GPL-3.0-only"));
        assert!(
            search.contains("END OF TERMS AND CONDITIONS")
                && search.contains("17. Interpretation of Sections 15 and 16.")
        );
        assert!(!text(true, false).expect("a list").contains("GNU"), "the questionnaire holds nothing of it");
    }
}
