//! What is said at the terminal: one line about a build, more or less of it when asked, help that the shell and `man` can
//! show, and messages for whoever starts the program for the first time.

use tests::{Run, Site, TODAY};

const PREPARE: &str = "content/en/pages/visit/prepare.md";
const MISTAKE: &str = "\nSee [the map](/visit/map.md).\n";
/// Worth a warning, and no more.
const HARD_WORD: &str = "\nEat nothing prior to the visit.\n";

fn build(site: &Site, more: &[&str]) -> Run {
    let arguments: Vec<&str> = ["build", "--today", TODAY].into_iter().chain(more.iter().copied()).collect();
    site.run(&arguments)
}

#[test]
fn a_build_is_told_in_one_line_with_what_needs_attention() {
    let site = Site::small();
    let good = build(&site, &[]).exits(0);
    let lines: Vec<&str> = good.stderr.lines().collect();
    let [line] = lines[..] else { panic!("not one line: {}", good.stderr) };
    assert!(
        line.starts_with("Built ") && line.contains(" pages in ") && line.contains("into ./public"),
        "{line}"
    );
    // The facts that the small site borrows rest on sources that it has not: notes, which are counted and not told.
    assert!(line.ends_with(" notes: site-gen check tells more."), "{line}");
    assert!(good.stdout.is_empty(), "results are files: {}", good.stdout);

    let site = site.append(PREPARE, HARD_WORD);
    let warned = build(&site, &[]).exits(0);
    let last = warned.stderr.lines().last().unwrap_or_default();
    assert!(
        last.contains("1 warning, ") && last.ends_with("site-gen check tells more."),
        "{}",
        warned.stderr
    );
    assert!(warned.stderr.contains("“prior to” is a hard word"), "{}", warned.stderr);
}

#[test]
fn a_second_build_says_that_nothing_was_written() {
    let site = Site::small();
    build(&site, &[]).exits(0);
    let again = build(&site, &[]).exits(0);
    assert!(again.stderr.contains(": 0 files written, "), "{}", again.stderr);
}

#[test]
fn quiet_says_nothing_but_what_is_wrong() {
    let site = Site::small().append(PREPARE, HARD_WORD);
    for command in ["build", "check"] {
        for quiet in ["--quiet", "-q"] {
            let run = site.run(&[command, quiet, "--today", TODAY]).exits(0);
            assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""), "{command} {quiet}");
        }
    }
    // What ends the run with 1 is said to everybody.
    let denied = site.run(&["check", "-q", "--deny", "warnings", "--today", TODAY]).exits(1);
    assert!(denied.stderr.contains("prior to"), "{}", denied.stderr);
    let site = site.append(PREPARE, MISTAKE);
    for command in ["build", "check"] {
        let run = site.run(&[command, "--quiet", "--today", TODAY]).exits(1);
        assert!(run.stderr.contains("/visit/map.md"), "{command}: {}", run.stderr);
        assert!(!run.stderr.contains("prior to"), "{command} tells a warning: {}", run.stderr);
    }
    // A program gets all of it.
    let json = site.run(&["check", "-q", "--format", "json", "--today", TODAY]).exits(1).json();
    assert!(json["findings"].as_array().is_some_and(|all| all.len() >= 2), "{json:#}");

    let new = site.run(&["new", "page", "visit/parking", "--kind", "prepare", "-q"]).exits(0);
    assert_eq!(new.stdout.trim().replace('\\', "/"), "./content/en/pages/visit/parking.md");
    assert_eq!(new.stderr, "");
    assert!(!site.run(&["new", "page", "visit/maps", "--kind", "prepare"]).exits(0).stderr.is_empty());
}

#[test]
fn verbose_tells_every_stage_and_quiet_and_verbose_together_are_refused() {
    let site = Site::small();
    let run = build(&site, &["--verbose"]).exits(0);
    let mut from = 0;
    for stage in ["read", "understood", "linked", "checked", "drew", "indexed", "wrote"] {
        let at = run.stderr[from..]
            .find(&format!("\n  {stage} "))
            .or_else(|| (from == 0).then(|| run.stderr.find(&format!("  {stage} "))).flatten());
        from += at.unwrap_or_else(|| panic!("{stage} is not told, or not in its turn: {}", run.stderr));
    }
    assert!(
        run.stderr.contains(" pages: ") && run.stderr.contains(", questionnaires: 0\n"),
        "{}",
        run.stderr
    );
    let checked = site.run(&["check", "-v", "--today", TODAY]).exits(0);
    assert!(
        checked.stderr.contains("  checked ") && !checked.stderr.contains("  wrote "),
        "{}",
        checked.stderr
    );
    assert!(!build(&site, &[]).exits(0).stderr.contains("  understood "), "nobody asked");
    build(&site, &["-v", "-q"]).exits(2);
}

#[test]
fn a_pipe_gets_no_bar_and_no_code_that_only_a_terminal_obeys() {
    let site = Site::small();
    for arguments in [&["build"][..], &["build", "-v"], &["check"], &["build", "--no-cache"]] {
        let run = site.run(arguments).exits(0);
        let all = format!("{}{}", run.stdout, run.stderr);
        assert!(!all.contains(['\r', '\u{1b}', '#']), "{arguments:?}: {all:?}");
    }
}

#[test]
fn every_shell_completes_commands_and_values() {
    let site = Site::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = site.run(&["completions", shell]).exits(0).stdout;
        // A command, an option, a kind of page.
        for word in ["verify", "no-cache", "aftercare"] {
            assert!(script.contains(word), "{shell} lacks {word}");
        }
    }
    // Codes of findings, where the script of a shell can hold the values of an argument without a name.
    for shell in ["bash", "zsh"] {
        let script = site.run(&["completions", shell]).exits(0).stdout;
        assert!(script.contains("heading-skips-level"), "{shell}");
    }
    // What is offered is not all that is taken: the command has a better answer than the list.
    let run = site.run(&["explain", "heading-skip-level"]).exits(2);
    assert!(run.stderr.contains("did you mean `heading-skips-level`"), "{}", run.stderr);
    let help = site.run(&["explain", "--help"]).exits(0).stdout;
    assert!(!help.contains("address-twice"), "two hundred codes in the help: {help}");
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let site = Site::empty();
    let whole = site.run(&["man"]).exits(0).stdout;
    assert!(whole.contains(".TH site-gen 1"), "{whole}");
    let run = site.run(&["man", "--output", "man1"]).exits(0);
    let pages: Vec<&str> = run.stdout.lines().collect();
    for command in
        "build serve check verify answer diff new new-page new-site new-translation review list explain fhir-export \
         fhir-import completions man"
            .split_whitespace()
    {
        let path = format!("man1/site-gen-{command}.1");
        assert!(pages.contains(&path.as_str()), "{path} is not among {pages:?}");
        let page = site.read(&path);
        for part in [".SH NAME", ".SH SYNOPSIS", "EXIT STATUS"] {
            assert!(page.contains(part), "{path} has no {part}");
        }
    }
    let build = site.read("man1/site-gen-build.1");
    assert!(build.contains("no\\-cache") || build.contains("no-cache"), "{build}");
    // Somebody's file is in the way of the folder.
    let site = site.with("=== taken\nmine\n");
    let run = site.run(&["man", "-o", "taken"]).exits(2);
    assert!(run.stderr.contains("taken"), "{}", run.stderr);
    assert_eq!(site.read("taken"), "mine\n");
}

#[test]
fn whoever_starts_the_program_for_the_first_time_is_shown_the_way() {
    let site = Site::empty();
    let bare = site.run(&[]).exits(2);
    for step in ["site-gen new site my-clinic", "site-gen serve", "Exit codes: 0 fine"] {
        assert!(bare.stderr.contains(step), "{step}: {}", bare.stderr);
    }
    for command in ["serve", "build", "check"] {
        let run = site.run(&[command]).exits(2);
        assert!(
            run.stderr.contains("this folder (") && run.stderr.contains("is not a site"),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains("site-gen new site FOLDER"), "{command}: {}", run.stderr);
    }
    // Once there is a site, nobody is sent away.
    let site = Site::small();
    let run = site.run(&["check", "--today", TODAY]).exits(0);
    assert!(!run.stderr.contains("new site"), "{}", run.stderr);
}
