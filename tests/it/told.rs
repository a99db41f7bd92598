//! Every mistake in `tests/mistakes/`, and exactly what the person who made it is told.
//!
//! One file a family, one block a mistake. Its lines, by their first sign:
//!
//! ```text
//! ## a-colon-in-a-title          the name of the case
//! # What a person did.           in words
//! ! site two                     something that is not a change of text (see `Case::special`)
//! @ content/en/pages/index.md    the file that the next lines change
//! - title: Welcome               these lines stand in it, and only once …
//! + title: Welcome: come in      … and are replaced by these; without `-` lines, a new file or more at the end of one
//! = title: "Welcome: come in"    what should stand there instead of the `+` lines: with it, the site is good
//! > error code file:2:8          what is told, worst first: place, message, cure
//! ```
//!
//! Record what is told with `GOLDEN=write cargo test -p tests --test it told`. Then read each message as somebody who
//! has never programmed, before you commit it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tests::{Site, copy_folder, files_below, findings, repository};

/// What only a programmer says. None of it may reach an author.
const PARSER_WORDS: [&str; 42] = [
    "mapping values",
    "mapping key",
    "serialize",
    "serde",
    "token",
    "expected",
    "unexpected",
    "invalid",
    "struct",
    "eof",
    "end of file",
    "end of input",
    "parse",
    "parsing",
    "syntax",
    "scalar",
    "string",
    "integer",
    "boolean",
    "float",
    "sequence",
    "array",
    "object",
    "null",
    "literal",
    "identifier",
    "delimiter",
    "escape",
    "newline",
    "line feed",
    "byte",
    "codepoint",
    "regex",
    "missing field",
    "unknown field",
    "unknown variant",
    "panicked",
    "none",
    "some(",
    "err(",
    "os error",
    "recursion",
];

/// One `@`, `-`, `+`, `=` stretch of a case.
#[derive(Default)]
struct Change {
    file: String,
    old: String,
    bad: String,
    good: Option<String>,
}

enum Step {
    Change(Change),
    Special(Vec<String>),
}

struct Case {
    name: String,
    about: String,
    steps: Vec<Step>,
    /// The block as it stands in the file, without what is told.
    written: String,
    told: String,
}

fn cases(text: &str) -> (String, Vec<Case>) {
    let mut head = String::new();
    let mut cases: Vec<Case> = Vec::new();
    let mut file = String::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            let (name, steps) = (name.to_owned(), Vec::new());
            let case =
                Case { name, about: String::new(), steps, written: String::new(), told: String::new() };
            cases.push(case);
            file.clear();
        }
        let Some(case) = cases.last_mut() else {
            head.push_str(line);
            head.push('\n');
            continue;
        };
        if line.is_empty() {
            continue;
        }
        let (sign, rest) = line.split_at(1);
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        if sign == ">" {
            case.told.push_str(rest);
            case.told.push('\n');
            continue;
        }
        case.written.push_str(line);
        case.written.push('\n');
        match sign {
            "#" if line.starts_with("##") => {}
            "#" => case.about = rest.to_owned(),
            "!" => case.steps.push(Step::Special(rest.split(' ').map(str::to_owned).collect())),
            "@" => {
                file = rest.to_owned();
                case.steps.push(Step::Change(Change { file: file.clone(), ..Change::default() }));
            }
            "-" | "+" | "=" => {
                // A `-` behind a `+` begins the next change of the same file.
                let last = match case.steps.last() {
                    Some(Step::Change(change)) => {
                        sign == "-" && !(change.bad.is_empty() && change.good.is_none())
                    }
                    _ => true,
                };
                if last {
                    case.steps.push(Step::Change(Change { file: file.clone(), ..Change::default() }));
                }
                let Some(Step::Change(change)) = case.steps.last_mut() else { unreachable!() };
                let into = match sign {
                    "-" => &mut change.old,
                    "+" => &mut change.bad,
                    _ => change.good.get_or_insert_default(),
                };
                into.push_str(rest);
                into.push('\n');
            }
            _ => panic!("{}: this line begins with no sign of a case: {line}", case.name),
        }
    }
    (head, cases)
}

impl Case {
    fn base(&self) -> Site {
        let named = self.steps.iter().find_map(|step| match step {
            Step::Special(words) if words[0] == "site" => Some(words[1].as_str()),
            _ => None,
        });
        match named {
            None => Site::small(),
            Some("two") => Site::small_in_two_languages(),
            Some("shipped") => Site::shipped(),
            Some("topics") => topics(),
            Some("visits") => visits(),
            Some("theme") => {
                let site = Site::small();
                copy_folder(&repository().join("themes/harbor"), &site.path("themes/harbor"));
                site
            }
            Some(other) => panic!("{}: there is no site `{other}`", self.name),
        }
    }

    /// Makes the mistake, or what should have been written instead.
    fn make(&self, site: &Site, mistake: bool) {
        for step in &self.steps {
            match step {
                Step::Change(change) => {
                    let new = match (&change.good, mistake) {
                        (Some(good), false) => good,
                        _ => &change.bad,
                    };
                    if change.old.is_empty() && new.is_empty() {
                        continue;
                    }
                    let there = site.path(&change.file).exists();
                    if change.old.is_empty() {
                        let before = if there { site.read(&change.file) } else { String::new() };
                        site.write(&change.file, &(before + new));
                        continue;
                    }
                    let text = site.read(&change.file);
                    assert_eq!(
                        text.matches(&change.old).count(),
                        1,
                        "{}: {} should hold this once:\n{}",
                        self.name,
                        change.file,
                        change.old
                    );
                    site.write(&change.file, &text.replacen(&change.old, new, 1));
                }
                Step::Special(words) if mistake => self.special(site, words),
                Step::Special(_) => {}
            }
        }
    }

    /// What is no change of a text.
    fn special(&self, site: &Site, words: &[String]) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let text = |file: &str| site.read(file);
        match words.as_slice() {
            ["site", _] => {}
            ["remove", file] => fs::remove_file(site.path(file)).expect("the file is there"),
            ["latin1", file] => {
                let bytes: Vec<u8> = text(file).chars().map(|c| c as u8).collect();
                site.write_bytes(file, &bytes);
            }
            ["utf16", file] => {
                let units: Vec<u16> = text(file).encode_utf16().collect();
                let bytes = [0xff, 0xfe].into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes));
                site.write_bytes(file, &bytes.collect::<Vec<u8>>());
            }
            ["repeat", file, count, what] => {
                let count: usize = count.parse().expect("a number");
                let what = what.replace("\\n", "\n").replace('_', " ");
                site.write(file, &(text(file) + &what.repeat(count) + "\n"));
            }
            #[cfg(unix)]
            ["link", file, to] => {
                let link = site.path(file);
                fs::create_dir_all(link.parent().expect("a folder")).expect("a folder can be made");
                std::os::unix::fs::symlink(to, link).expect("a link can be made");
            }
            ["bytes", file, words @ ..] => site.write_bytes(file, words.join(" ").as_bytes()),
            other => panic!("{}: nobody knows how to {other:?}", self.name),
        }
    }

    /// What is told about the site, notes left out: each finding with its place, its sentence and its cure.
    fn run(&self) -> String {
        let whole = |site: &Site| files_below(&site.path("public"));
        let site = self.base();
        site.build().exits(0);
        let before = whole(&site);
        self.make(&site, true);
        let run = site.build();
        assert!(run.code == 0 || run.code == 1, "{}: exit {}: {}", self.name, run.code, run.stderr);
        let mut told = String::new();
        let mut errors = 0;
        for finding in findings(&run).iter().filter(|finding| finding.severity != "note") {
            errors += usize::from(finding.severity == "error");
            let (severity, code) = (&finding.severity, &finding.code);
            let _ = writeln!(told, "{severity} {code} {}:{}:{}", finding.file, finding.line, finding.column);
            let _ = writeln!(told, "  {}", without_digest(&finding.message));
            for line in finding.help.lines() {
                let _ = writeln!(told, "  {line}");
            }
            assert!(!finding.help.is_empty(), "{}: no cure: {finding:#?}", self.name);
            assert!(!finding.file.is_empty(), "{}: no file: {finding:#?}", self.name);
            assert!(!finding.message.ends_with('.'), "{}: a full stop: {finding:#?}", self.name);
            // A file may be the first word of a sentence.
            let first = finding.message.split(' ').next().unwrap_or_default();
            let small = first.starts_with(char::is_lowercase) && !first.contains('.');
            assert!(!small, "{}: no sentence: {finding:#?}", self.name);
        }
        assert_eq!(run.code == 1, errors > 0, "{}: the exit code and what is told differ", self.name);
        if errors > 0 {
            assert!(whole(&site) == before, "{}: the last good site was touched", self.name);
        }
        if told.is_empty() { "nothing\n".to_owned() } else { told }
    }

    /// With what should have been written, nothing stops the site.
    fn cured(&self) {
        let has_cure =
            self.steps.iter().any(|step| matches!(step, Step::Change(change) if change.good.is_some()));
        if !has_cure {
            return;
        }
        let site = self.base();
        self.make(&site, false);
        let run = site.check();
        assert_eq!(run.code, 0, "{}: the cure is refused as well: {:#?}", self.name, findings(&run));
    }
}

/// `style-375a0f81d2.css` as `style-….css`: every change of a theme gives its sheet another name.
fn without_digest(message: &str) -> String {
    let Some((front, rest)) = message.split_once("style-") else { return message.to_owned() };
    format!("{front}style-…{}", rest.trim_start_matches(|c: char| c.is_ascii_hexdigit()))
}

/// The small site with its pages sorted by topic.
fn topics() -> Site {
    Site::small()
        .edit("content/site.toml", "compress = false\n", "compress = false\ntags = true\n")
        .with("=== content/en/tags.toml\n[rest]\ntitle = \"Rest\"\n")
}

/// A small site with two questionnaires, in two languages.
fn visits() -> Site {
    let site = Site::empty();
    copy_folder(&repository().join("tests/sites/visits/content"), &site.path("content"));
    for language in ["en", "es"] {
        let words = format!("content/{language}/interface.toml");
        site.write(&words, &tests::read(&repository().join(&words)));
    }
    site
}

fn files() -> Vec<PathBuf> {
    let folder = repository().join("tests/mistakes");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    files.sort();
    files
}

fn check(path: &Path) {
    let text = tests::read(path);
    let (head, cases) = cases(&text);
    let mut recorded = head;
    let mut wrong = Vec::new();
    for case in &cases {
        let told = case.run();
        case.cured();
        recorded.push_str(&case.written);
        for line in told.lines() {
            let _ = writeln!(recorded, "> {line}");
        }
        recorded.push('\n');
        if told != case.told {
            wrong.push(format!("## {}\nshould tell\n{}tells\n{told}", case.name, case.told));
        }
    }
    if std::env::var_os("GOLDEN").is_some_and(|mode| mode == "write") {
        fs::write(path, recorded.trim_end().to_owned() + "\n").expect("a file can be written");
        return;
    }
    assert!(wrong.is_empty(), "{}:\n{}", path.display(), wrong.join("\n"));
}

/// One test a family, so that they run beside each other.
macro_rules! families {
    ($($test:ident $file:literal,)*) => {
        $(#[test]
        fn $test() {
            check(&repository().join("tests/mistakes").join($file));
        })*

        #[test]
        fn told_every_family_is_tried() {
            let tried = [$($file),*];
            let there = files();
            assert!(there.iter().all(|path| tried.iter().any(|file| path.ends_with(file))), "{there:?}");
            assert_eq!(there.len(), tried.len());
        }
    };
}

families! {
    told_addresses "addresses.txt",
    told_data "data.txt",
    told_files "files.txt",
    told_front_matter "front-matter.txt",
    told_honesty "honesty.txt",
    told_languages "languages.txt",
    told_links "links.txt",
    told_markdown "markdown.txt",
    told_questionnaire "questionnaire.txt",
    told_settings "settings.txt",
    told_theme "theme.txt",
}

/// Root reads everything, so somebody else has to try. Where nobody else can run the program, this is passed over.
#[cfg(unix)]
#[test]
fn told_what_this_computer_does_not_let_it_read() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let site = Site::small();
    let allow = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode can be set");
    };
    let root = fs::metadata(site.root()).expect("the folder").uid() == 0;
    let program = site.path("program");
    fs::copy(tests::program(), &program).expect("the program can be copied");
    let mut command = std::process::Command::new(&program);
    command.current_dir(site.root()).args(["check", "--format", "json", "--today", tests::TODAY]);
    if root {
        allow(site.root(), 0o755);
        command.uid(65534).gid(65534);
    }
    let run = |command: &mut std::process::Command| command.output().ok();
    let Some(good) = run(&mut command) else {
        eprintln!("passed over: nobody else can run the program here");
        return;
    };
    assert_eq!(good.status.code(), Some(0), "{good:?}");
    site.write("content/images/plan/door.svg", "<svg/>");
    let shut = ["content/images/plan", "content/en/pages/visit/aftercare.md", "content/people.toml"];
    for path in shut {
        allow(&site.path(path), 0o000);
    }
    let refused = run(&mut command).expect("it ran before");
    for path in shut {
        allow(&site.path(path), 0o755);
    }
    let run = tests::Run {
        code: refused.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&refused.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&refused.stderr).into_owned(),
    };
    let told = findings(&run.exits(1));
    let errors: Vec<(&str, &str)> = told
        .iter()
        .filter(|finding| finding.severity == "error")
        .map(|finding| (finding.code.as_str(), finding.file.as_str()))
        .collect();
    let mut wanted = shut.map(|path| ("file-unreadable", path));
    wanted.sort_unstable();
    assert_eq!(errors, wanted, "{told:#?}");
}

/// Marks in front of a file and other ends of lines, as Windows editors write them, are no mistake.
#[test]
fn told_nothing_about_files_from_windows() {
    let site = visits();
    for (path, bytes) in files_below(&site.path("content")) {
        if let Ok(text) = String::from_utf8(bytes)
            && (path.ends_with(".md") || path.ends_with(".toml"))
        {
            let text = format!("\u{feff}{}", text.replace('\n', "\r\n"));
            site.write(&format!("content/{path}"), &text);
        }
    }
    let run = site.build();
    let told: Vec<_> = findings(&run).into_iter().filter(|finding| finding.severity != "note").collect();
    assert!(told.is_empty(), "{told:#?}");
    for (path, bytes) in files_below(&site.path("public")) {
        assert!(!path.ends_with(".html") || !bytes.contains(&b'\r'), "{path} holds the ends of lines");
    }
}

/// The same name, stored in two ways: `é` as one letter, and as an e with a stroke over it.
#[test]
fn told_nothing_about_names_from_a_mac() {
    let site = Site::small()
        .with("=== content/en/pages/visit/cafe\u{301}.md\n---\ntitle: The café\nsummary: Where to eat.\nkind: about\n---\n\nIt is open.\n")
        .append("content/en/pages/visit/prepare.md", "\nEat at [the café](/visit/caf\u{e9}.md).\n");
    let run = site.build();
    assert_eq!(run.code, 0, "{:#?}", findings(&run));
    assert!(site.page("/visit/prepare/").contains("href=\"/visit/cafe/\""));
    assert!(site.page("/visit/cafe/").contains("It is open."));
}

/// Nobody writes a page of this size; somebody saves the wrong file under the name of one.
#[test]
fn told_of_a_file_of_fifty_megabytes_within_seconds() {
    let site = Site::small();
    let mut page = String::from("---\ntitle: A log\nsummary: Lines.\nkind: about\n---\n\n");
    let line = "2026-11-22 10:00:00 the door was opened and closed again by somebody\n\n";
    while page.len() < 50_000_000 {
        page.push_str(line);
    }
    site.write("content/en/pages/visit/log.md", &page);
    let started = std::time::Instant::now();
    let run = site.check();
    assert!(run.code == 0 || run.code == 1, "exit {}: {}", run.code, run.stderr);
    assert!(started.elapsed().as_secs() < 60, "it took {:?}", started.elapsed());
    let about_it = findings(&run).iter().any(|finding| finding.file.ends_with("log.md"));
    assert!(about_it, "nothing is said about it: {}", run.stdout.len());
}

#[test]
fn told_of_enough_mistakes_and_each_in_a_sentence() {
    let all: Vec<Case> = files().iter().flat_map(|path| cases(&tests::read(path)).1).collect();
    assert!(all.len() >= 60, "only {} mistakes", all.len());
    let mut names: Vec<&str> = all.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    let before = names.len();
    names.dedup();
    assert_eq!(names.len(), before, "two cases have one name");
    for case in &all {
        assert!(case.about.ends_with(['.', '?']), "{}: say in a sentence what was done", case.name);
        assert!(!case.told.is_empty(), "{}: record what is told, and read it", case.name);
    }
}

#[test]
fn told_in_the_words_of_the_reader_never_in_those_of_a_parser() {
    for path in files() {
        for case in cases(&tests::read(&path)).1 {
            for line in case.told.lines().filter(|line| line.starts_with("  ")) {
                // What the author wrote is theirs to say: it stands in marks.
                let said = without_marked(line).to_lowercase();
                let words: Vec<&str> = said.split(|c: char| !c.is_alphabetic()).collect();
                for word in PARSER_WORDS {
                    let found = match word.chars().all(char::is_alphabetic) {
                        true => words.iter().any(|said| said == &word || said == &format!("{word}s")),
                        false => said.contains(word),
                    };
                    assert!(!found, "{}: a parser speaks here ({word:?}): {line}", case.name);
                }
            }
        }
    }
}

/// A line without what stands between backticks or quotation marks.
fn without_marked(line: &str) -> String {
    let mut text = String::new();
    let mut close = None;
    for c in line.chars() {
        match (close, c) {
            (None, '`') => close = Some('`'),
            (None, '“') => close = Some('”'),
            (None, c) => text.push(c),
            (Some(end), c) if c == end => close = None,
            (Some(_), _) => {}
        }
    }
    text
}
