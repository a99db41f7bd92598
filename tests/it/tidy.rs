//! The rules of the house (docs/ARCHITECTURE.md, "Invariants"), as far as reading the source can hold
//! them. Each test has a control that shows that it can fail.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use tests::{files_below, read, repository};

use crate::rust_source::{Piece, pieces, without_tests};

/// Rust files of a room (a folder of the repository), by path from the repository. A module of tests in a
/// file of its own is left out.
fn rust_files(room: &str) -> Vec<(String, String)> {
    let files: Vec<(String, String)> = files_below(&repository().join(room))
        .into_iter()
        .filter(|(path, _)| path.ends_with(".rs") && !path.starts_with("target/"))
        .filter(|(path, _)| !path.ends_with("/tests.rs"))
        .map(|(path, bytes)| (format!("{room}/{path}"), String::from_utf8(bytes).expect("source is UTF-8")))
        .collect();
    assert!(!files.is_empty(), "{room} holds no Rust source");
    files
}

/// Where a name stands in code: a whole word, not a part of one.
fn places_of(source: &str, name: &str) -> Vec<usize> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    pieces(source)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Code(line, code) => Some((line, code)),
            Piece::Text(..) => None,
        })
        .filter(|(_, code)| {
            code.match_indices(name).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                let after = code[at + name.len()..].chars().next();
                !before.is_some_and(is_name) && !after.is_some_and(is_name)
            })
        })
        .map(|(line, _)| line)
        .collect()
}

fn complain(what: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{what}:\n  {}", faults.join("\n  "));
}

#[test]
fn names_are_found_in_code_only() {
    let source = "// std::fs\nlet s = \"std::fs\";\nuse std::fs;\nmyfs::x();\n";
    assert_eq!(places_of(source, "fs"), [3]);
}

// 1. Only `discover` reads and only `emit` writes.

/// Files outside discover and emit that may touch the disk, each with its reason.
const MAY_TOUCH_THE_DISK: &[(&str, &str)] = &[
    ("site-gen/src/discover.rs", "the only reader of a site"),
    ("site-gen/src/emit/lock.rs", "one build at a time writes"),
    ("site-gen/src/emit/looks.rs", "the only writer of a site: what its files look like"),
    ("site-gen/src/emit/one.rs", "single files that somebody names"),
    ("site-gen/src/emit/stage.rs", "the only writer of a site"),
    ("site-gen/src/cli/answer.rs", "reads the file of answers that the caller names"),
    ("site-gen/src/cli/fhir.rs", "reads the form that the caller names"),
];

#[test]
fn only_discover_reads_and_only_emit_writes() {
    let mut faults = Vec::new();
    for (path, source) in rust_files("site-gen/src") {
        if MAY_TOUCH_THE_DISK.iter().any(|(allowed, _)| *allowed == path) {
            continue;
        }
        for name in ["fs", "walkdir", "WalkDir", "tempfile"] {
            for line in places_of(without_tests(&source), name) {
                faults.push(format!("{path}:{line} names `{name}`"));
            }
        }
    }
    complain("these files touch the disk, and only discover.rs and emit/ may", &faults);
}

#[test]
fn the_list_of_files_that_touch_the_disk_has_no_dead_entry() {
    let faults: Vec<String> = MAY_TOUCH_THE_DISK
        .iter()
        .filter(|(path, _)| {
            let file = repository().join(path);
            !file.exists() || places_of(without_tests(&read(&file)), "fs").is_empty()
        })
        .map(|(path, _)| (*path).to_owned())
        .collect();
    complain("take these from the list, they do not touch the disk", &faults);
}

// 2. `checker-rules` depends on nothing and knows nothing of the world.

fn manifest(folder: &str) -> toml::Table {
    read(&repository().join(folder).join("Cargo.toml")).parse().expect("a manifest is TOML")
}

#[test]
fn checker_rules_depends_on_nothing() {
    let manifest = manifest("checker-rules");
    for kind in ["dependencies", "build-dependencies", "target"] {
        let empty = manifest.get(kind).and_then(|table| table.as_table()).is_none_or(toml::Table::is_empty);
        assert!(empty, "checker-rules has [{kind}]; what runs in the reader's browser is ours alone");
    }
    assert!(manifest["package"].get("name").is_some(), "this is no manifest");
}

#[test]
fn checker_rules_knows_no_disk_clock_network_chance_or_float() {
    let mut faults = Vec::new();
    for (path, source) in rust_files("checker-rules/src") {
        let mut names = vec!["fs", "net", "env", "process", "SystemTime", "Path", "PathBuf"];
        names.extend(["HashMap", "HashSet", "RandomState", "f32", "f64", "println", "eprintln"]);
        // The proof is timed on the build machine; nothing else may look at a clock.
        if !path.contains("/verify") {
            names.push("Instant");
        }
        for name in names {
            for line in places_of(without_tests(&source), name) {
                faults.push(format!("{path}:{line} names `{name}`"));
            }
        }
    }
    complain("the meaning of an answer rests on nothing outside the answers", &faults);
}

// 3. Who depends on whom.

/// Crate name to the crates it needs, from the lock file. Two versions of a crate count as one.
fn lock_file() -> BTreeMap<String, BTreeSet<String>> {
    let lock: toml::Table = read(&repository().join("Cargo.lock")).parse().expect("the lock file is TOML");
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in lock["package"].as_array().expect("the lock file lists packages") {
        let name = package["name"].as_str().expect("a package has a name").to_owned();
        let list = package.get("dependencies").and_then(|list| list.as_array()).cloned().unwrap_or_default();
        let names = list
            .iter()
            .filter_map(|entry| entry.as_str())
            .filter_map(|entry| entry.split(' ').next())
            .map(str::to_owned);
        needs.entry(name).or_default().extend(names);
    }
    needs
}

/// Every crate that a crate needs, by any way.
fn all_needs(of: &str) -> BTreeSet<String> {
    let lock = lock_file();
    let mut found = BTreeSet::new();
    let mut open = vec![of.to_owned()];
    while let Some(name) = open.pop() {
        for next in lock.get(&name).unwrap_or_else(|| panic!("{name} is not in the lock file")) {
            if found.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    found
}

#[test]
fn the_generator_has_no_yew_and_the_widget_no_generator() {
    assert!(all_needs("checker-wasm").contains("yew"), "this way of asking finds nothing");
    assert!(!all_needs("site-gen").contains("yew"), "site-gen depends on yew");
    let widget = all_needs("checker-wasm");
    for unwanted in ["site-gen", "pulldown-cmark", "tera", "serde-saphyr"] {
        assert!(!widget.contains(unwanted), "the widget depends on {unwanted}");
    }
}

#[test]
fn the_lock_file_holds_no_unwanted_crate() {
    let rules: toml::Table = read(&repository().join("deny.toml")).parse().expect("deny.toml is TOML");
    let unwanted = rules["bans"]["deny"].as_array().expect("deny.toml lists unwanted crates");
    assert!(unwanted.len() >= 5, "the list of unwanted crates has shrunk");
    let lock = lock_file();
    for entry in unwanted {
        let name = entry["crate"].as_str().expect("an entry names a crate");
        let reason = entry["reason"].as_str().expect("an entry has a reason");
        let wrappers = entry.get("wrappers").and_then(|list| list.as_array()).cloned().unwrap_or_default();
        for (of, needs) in &lock {
            let known = wrappers.iter().any(|wrapper| wrapper.as_str() == Some(of));
            assert!(known || !needs.contains(name), "{of} brings in {name}: {reason}");
        }
    }
}

// 8 and the copy rule: words live in content/.

/// What a reader of the page would read in a template: text between tags, and spoken attributes.
fn words_of_a_template(template: &str) -> Vec<(usize, String)> {
    let mut text = String::new();
    let mut rest = template;
    // Template code, comments, scripts and styles become blanks; line breaks stay, for line numbers.
    let holes = [("{#", "#}"), ("{%", "%}"), ("{{", "}}"), ("<!--", "-->")];
    while !rest.is_empty() {
        let hole = holes.iter().find(|(open, _)| rest.starts_with(open));
        if let Some((_, close)) = hole {
            let end = rest.find(close).map_or(rest.len(), |at| at + close.len());
            text.extend(rest[..end].chars().map(|c| if c == '\n' { '\n' } else { '\u{1}' }));
            rest = &rest[end..];
        } else {
            let c = rest.chars().next().expect("BUG: not empty");
            text.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    let is_word = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    let mut found = Vec::new();
    let mut line = 1;
    let mut inside_tag = false;
    let mut piece = String::new();
    let mut note = |piece: &mut String, inside_tag: bool, line: usize| {
        if inside_tag {
            for attribute in ["aria-label=\"", "alt=\"", "title=\"", "placeholder=\"", "content=\""] {
                for (at, _) in piece.match_indices(attribute) {
                    let value = piece[at + attribute.len()..].split('"').next().unwrap_or_default();
                    // `content` of a <meta> is machine talk unless it has words in a row.
                    let spoken =
                        attribute != "content=\"" || value.split(' ').filter(|w| is_word(w)).count() > 3;
                    if spoken && value.split('\u{1}').any(is_word) {
                        found.push((line, value.replace('\u{1}', "")));
                    }
                }
            }
        } else if piece.split('\u{1}').any(|part| part.split_whitespace().any(is_word)) {
            found.push((line, piece.replace('\u{1}', "").trim().to_owned()));
        }
        piece.clear();
    };
    for c in text.chars() {
        match c {
            '<' if !inside_tag => {
                note(&mut piece, false, line);
                inside_tag = true;
            }
            '>' if inside_tag => {
                note(&mut piece, true, line);
                inside_tag = false;
            }
            _ => piece.push(c),
        }
        line += usize::from(c == '\n');
    }
    note(&mut piece, inside_tag, line);
    found
}

#[test]
fn a_sentence_in_a_template_is_seen() {
    let bad = "<p>{{ t.a }}\nCall us</p><a aria-label=\"Go home\" class=\"the nice class\">{{ t.b }}</a>";
    let words: Vec<String> = words_of_a_template(bad).into_iter().map(|(_, words)| words).collect();
    assert_eq!(words, ["Call us", "Go home"]);
    let good = "<!doctype html>\n{# note for themers #}<p lang=\"{{ lang.code }}\">{% if a %}{{ t.a }}: {% endif %}·</p>";
    assert_eq!(words_of_a_template(good), []);
}

#[test]
fn themes_hold_no_sentence() {
    let mut faults = Vec::new();
    let mut seen = 0;
    for (path, bytes) in files_below(&repository().join("themes")) {
        if path.ends_with(".html") {
            seen += 1;
            for (line, words) in words_of_a_template(&String::from_utf8(bytes).expect("templates are UTF-8"))
            {
                faults.push(format!("themes/{path}:{line} says {words:?}"));
            }
        }
    }
    assert!(seen >= 6, "the themes hold only {seen} templates");
    complain("words belong into interface.toml, not into a template", &faults);
}

/// Strings that look like something said to a person: three words or more.
fn sentences(source: &str) -> Vec<(usize, String)> {
    let is_word =
        |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_alphabetic() || ",.;:!?'’".contains(c));
    let found = pieces(without_tests(source));
    let mut code_on_line: BTreeMap<usize, String> = BTreeMap::new();
    for piece in &found {
        if let Piece::Code(line, code) = piece {
            write!(code_on_line.entry(*line).or_default(), "{code}").expect("BUG: a string takes text");
        }
    }
    found
        .iter()
        .filter_map(|piece| match piece {
            Piece::Text(line, text) => Some((*line, text.clone())),
            Piece::Code(..) => None,
        })
        // What only a programmer can ever see.
        .filter(|(line, text)| {
            let code = code_on_line.get(line).map(String::as_str).unwrap_or_default();
            let for_programmers = ["expect(", "panic!(", "assert", "unreachable!(", "#[", "#!["];
            !text.starts_with("BUG:") && !for_programmers.iter().any(|name| code.contains(name))
        })
        .filter(|(_, text)| text.split_whitespace().filter(is_word).count() >= 3)
        .collect()
}

#[test]
fn a_sentence_in_rust_is_seen() {
    let source = "let a = \"Call 911 right now\";\nlet b = \"checker-option checker-hint\";\nc.expect(\"BUG: this has four words\");\n";
    assert_eq!(sentences(source), [(1, "Call 911 right now".to_owned())]);
}

#[test]
fn the_widget_and_the_rules_hold_no_sentence() {
    let mut faults = Vec::new();
    let rooms = ["checker-rules/src", "checker-wasm/ui/src", "checker-wasm/src"];
    for (path, source) in rooms.into_iter().flat_map(rust_files) {
        for (line, text) in sentences(&source) {
            faults.push(format!("{path}:{line} says {text:?}"));
        }
    }
    complain("words that a reader can meet belong into content/", &faults);
}

// Every language has every word.

fn interface(language: &str) -> toml::Table {
    let path = repository().join("content").join(language).join("interface.toml");
    read(&path).parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn languages() -> Vec<String> {
    let site: toml::Table = read(&repository().join("content/site.toml")).parse().expect("site.toml is TOML");
    site["languages"].as_table().expect("site.toml has languages").keys().cloned().collect()
}

/// What stands between `open` and `close`, sorted.
fn slots<'t>(text: &'t str, open: &str, close: &str) -> Vec<&'t str> {
    let mut found: Vec<&str> = text.split(open).skip(1).filter_map(|rest| rest.split(close).next()).collect();
    found.sort_unstable();
    found
}

#[test]
fn every_language_has_the_same_interface_words() {
    let english = interface("en");
    assert!(languages().len() >= 2 && english.len() > 50, "this would compare nothing");
    let mut faults = Vec::new();
    for language in languages() {
        let words = interface(&language);
        for key in english.keys().filter(|key| !words.contains_key(*key)) {
            faults.push(format!("{language} lacks {key}"));
        }
        for (key, text) in &words {
            match english.get(key) {
                None => faults.push(format!("{language} has {key}, English has not")),
                Some(other) => {
                    let (text, other) =
                        (text.as_str().unwrap_or_default(), other.as_str().unwrap_or_default());
                    // A language may name one fact more: the key to press for it on a help line.
                    let facts = slots(text, "[[", "]]");
                    if slots(text, "{", "}") != slots(other, "{", "}")
                        || !slots(other, "[[", "]]").iter().all(|fact| facts.contains(fact))
                    {
                        faults.push(format!("{language} fills {key} from other slots than English"));
                    }
                    if text.trim().is_empty() != other.trim().is_empty() {
                        faults.push(format!("{key} is empty in one language only"));
                    }
                }
            }
        }
    }
    complain("the languages differ", &faults);
}

// 6. What is not proved runs in the preview only.

/// Where an unproved questionnaire may be named, from the bytes to the page: each file with what it needs of that.
const MAY_TRY_WHAT_IS_NOT_PROVED: &[(&str, &[&str])] = &[
    ("site-gen/src/checker/listing.rs", &["encode_to_try", "data_to_try", "Permit"]),
    ("site-gen/src/serve/walk/mod.rs", &["Permit"]),
    ("site-gen/src/serve/walk/trial.rs", &["data_to_try", "Permit"]),
];

#[test]
fn only_the_preview_runs_what_is_not_proved() {
    let mut faults = Vec::new();
    for (path, source) in rust_files("site-gen/src") {
        let known = MAY_TRY_WHAT_IS_NOT_PROVED.iter().find(|(allowed, _)| *allowed == path);
        for name in ["encode_to_try", "data_to_try", "Permit"] {
            let there = places_of(without_tests(&source), name);
            let may = known.is_some_and(|(_, names)| names.contains(&name));
            match there.first() {
                Some(line) if !may => faults.push(format!("{path}:{line} names `{name}`")),
                None if may => faults.push(format!("{path} no longer names `{name}`: take it from the list")),
                _ => {}
            }
        }
        // Only the file that draws the page makes the permit, and nobody else can: its field is private.
        if path != "site-gen/src/serve/walk/trial.rs" && source.contains("Permit(())") {
            faults.push(format!("{path} makes a permit"));
        }
    }
    complain("an unproved questionnaire goes further than the preview", &faults);
}

// 12. Every finding can be explained.

/// The codes that the generator's source gives to findings: what stands right after one of these.
fn finding_codes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for (_, source) in rust_files("site-gen/src") {
        let source = without_tests(&source);
        for call in ["error(", "warning(", "note(", "code:", "fault("] {
            for (at, _) in source.match_indices(call) {
                let argument = source[at + call.len()..].trim_start();
                let code = argument.strip_prefix('"').and_then(|rest| rest.split('"').next()).unwrap_or("");
                // Named for what it objects to: words with hyphens between them.
                let kebab = code.contains('-') && code.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                // The one hyphenated `code` of a language.
                if kebab && code != "x-default" {
                    codes.insert(code.to_owned());
                }
            }
        }
    }
    codes
}

#[test]
fn every_finding_has_an_explanation() {
    let codes = finding_codes();
    assert!(codes.len() >= 20, "only {} codes were found in the source: {codes:?}", codes.len());
    let mut faults = Vec::new();
    for code in &codes {
        let run = tests::run_program(tests::program(), repository(), &["explain", code], "");
        if run.code != 0 || run.stdout.split_whitespace().count() < 12 {
            faults.push(format!("`site-gen explain {code}` explains nothing (exit {})", run.code));
        }
    }
    complain("these findings leave the author alone", &faults);
}

#[test]
fn a_code_that_does_not_exist_is_not_explained() {
    let run = tests::run_program(tests::program(), repository(), &["explain", "heading-skips-levle"], "");
    assert_ne!(run.code, 0);
    assert!(run.stderr.contains("heading-skips-level"), "no `did you mean`: {}", run.stderr);
}

// 13. No `unsafe`.

#[test]
fn nothing_is_unsafe() {
    let control = "// unsafe\nlet a = \"unsafe\"; #![deny(unsafe_code)]\nunsafe { b() }\n";
    assert_eq!(places_of(control, "unsafe"), [3]);
    let mut faults = Vec::new();
    let rooms = ["checker-rules", "checker-wasm", "handouts", "site-gen", "tests", "benches"];
    for room in rooms.into_iter().filter(|room| repository().join(room).join("Cargo.toml").exists()) {
        for (path, source) in rust_files(room) {
            faults.extend(places_of(&source, "unsafe").into_iter().map(|line| format!("{path}:{line}")));
        }
    }
    complain("`unsafe` is used", &faults);
}

// The pages for people who work here.

/// Links of a Markdown text that lead to a file of the repository.
fn local_links(markdown: &str) -> Vec<String> {
    markdown
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .map(|link| link.split('#').next().unwrap_or_default().to_owned())
        .filter(|link| !link.is_empty() && !link.contains(':') && !link.contains(' '))
        .collect()
}

#[test]
fn links_between_the_repositorys_own_pages_lead_somewhere() {
    assert_eq!(local_links("[a](b/c.md#d) [e](https://f) [g](#h)"), ["b/c.md"]);
    let mut faults = Vec::new();
    let root = repository();
    let mut pages: Vec<String> =
        ["README.md", "content/README.md", "CHANGELOG.md"].map(str::to_owned).to_vec();
    pages.extend(
        files_below(&root.join("docs"))
            .into_iter()
            .map(|(path, _)| format!("docs/{path}"))
            .filter(|path| path.ends_with(".md")),
    );
    for page in pages {
        let folder = root.join(&page).parent().map(Path::to_owned).unwrap_or_default();
        for link in local_links(&read(&root.join(&page))) {
            // Examples of links between pages of the site start with a slash.
            if !link.starts_with('/') && !folder.join(&link).exists() {
                faults.push(format!("{page} links to {link}"));
            }
        }
    }
    complain("these links lead nowhere", &faults);
}

/// What the table of safety invariants in docs/proof.md says holds them: `ID` of a promise, or a file and a test in it.
fn held_by(cell: &str) -> Vec<(String, Option<String>)> {
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    for (at, piece) in cell.split('`').enumerate() {
        if at % 2 == 1 {
            found.push((piece.to_owned(), None));
            continue;
        }
        // A test's name may hold commas; what ends it is a semicolon.
        let name = piece.split(';').next().unwrap_or_default().trim_matches([' ', ',']);
        if let Some((_, test)) = found.last_mut().filter(|_| !name.is_empty()) {
            *test = Some(name.to_owned());
        }
    }
    found
}

#[test]
fn what_holds_each_safety_invariant_is_there() {
    let cell = "`INV-02`, `INV-03`; `a/b.rs` one_test; `c.mjs` a test, with: signs; and a person";
    let named = |file: &str, test: &str| (file.to_owned(), Some(test.to_owned()));
    let promise = |id: &str| (id.to_owned(), None);
    assert_eq!(
        held_by(cell),
        [
            promise("INV-02"),
            promise("INV-03"),
            named("a/b.rs", "one_test"),
            named("c.mjs", "a test, with: signs")
        ]
    );
    let page = read(&repository().join("docs/proof.md"));
    let promises = read(&repository().join("content/checkers/ketamine/safety.toml"));
    let kept = read(&repository().join("site-gen/src/checker/core/ketamine.toml"));
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for line in page.lines().filter(|line| line.starts_with("| INV-")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [id, _, held] = cells[..] else { panic!("not three cells: {line}") };
        rows.push(id.trim().to_owned());
        let held = held_by(held.trim_end_matches(" |"));
        if held.is_empty() {
            faults.push(format!("{id} is held by nothing"));
        }
        for (what, test) in held {
            let there = match &test {
                None => {
                    let line = format!("id = \"{what}\"");
                    [&promises, &kept].iter().all(|file| file.lines().any(|own| own == line))
                }
                Some(test) => {
                    let file = repository().join(&what);
                    let text = if file.is_file() { read(&file) } else { String::new() };
                    let rust = text.contains(&format!("#[test]\n    fn {test}()"))
                        || text.contains(&format!("#[test]\nfn {test}()"));
                    rust || text.contains(&format!("test(\"{test}\""))
                        || text.contains(&format!("test(`{test} ("))
                }
            };
            if !there {
                faults.push(format!("{id} names `{what}` {}", test.unwrap_or_default()));
            }
        }
    }
    let all: Vec<String> = (1..=25).map(|number| format!("INV-{number:02}")).collect();
    assert_eq!(rows, all);
    complain("docs/proof.md names promises or tests that are not there", &faults);
    // The tests named in the running text as well: "(`file` test)".
    let pieces: Vec<&str> = page.split('`').collect();
    let mut named = 0;
    for pair in pieces.windows(2).filter(|pair| pair[0].ends_with(".rs") && pair[1].contains(')')) {
        let test = pair[1].split(')').next().unwrap_or_default().trim();
        if !test.is_empty() {
            named += 1;
            let file = repository().join(pair[0]);
            assert!(read(&file).contains(&format!("fn {test}()")), "{} has no test {test}", pair[0]);
        }
    }
    assert!(named >= 3, "only {named} tests are named in the text");
}

#[test]
fn the_readme_starts_with_the_two_commands() {
    let readme = read(&repository().join("README.md"));
    let commands: Vec<&str> = readme
        .split("```")
        .skip(1)
        .step_by(2)
        .flat_map(|block| block.lines().skip(1))
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .collect();
    assert!(commands.first().is_some_and(|first| first.contains("cargo run")), "first command: {commands:?}");
    assert!(
        commands.get(1).is_some_and(|second| second.trim().starts_with("./test")),
        "second command: {commands:?}"
    );
}
