//! The command line as scripts and people rely on it: exit codes, JSON shapes, what is written and what
//! is left alone.

use std::fs;

use serde_json::Value;
use tests::{Run, Site, TODAY, files_below, findings, program, run_program};

/// A mistake that stops every build: the page links to one that is not there.
const MISTAKE: &str = "\nSee [the map](/visit/map.md).\n";
const PAGE: &str = "content/en/pages/visit/aftercare.md";

fn snapshot(site: &Site) -> Vec<(String, Vec<u8>)> {
    files_below(site.root()).into_iter().filter(|(path, _)| !path.starts_with(".cache")).collect()
}

fn published(site: &Site) -> Vec<(String, Vec<u8>)> {
    files_below(&site.path("public"))
}

fn assert_same(a: &[(String, Vec<u8>)], b: &[(String, Vec<u8>)]) {
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(a), names(b), "other files");
    for ((name, one), (_, other)) in a.iter().zip(b) {
        assert!(one == other, "{name} differs");
    }
}

fn summary(run: &Run) -> Value {
    let json = run.json();
    assert!(json["summary"].is_object(), "no `summary` in {json:#}");
    json["summary"].clone()
}

// What a run says and how it ends.

#[test]
fn a_good_site_builds_and_the_json_says_so() {
    let site = Site::small();
    let run = site.build().exits(0);
    assert!(findings(&run).iter().all(|finding| finding.severity != "error"), "{}", run.stdout);
    summary(&run);
    assert!(site.page("/").contains("Welcome to the clinic"));
    assert!(site.page("/visit/prepare/").contains("The day before"));
}

#[test]
fn check_says_the_same_and_writes_nothing() {
    let site = Site::small();
    let before = snapshot(&site);
    let run = site.check().exits(0);
    summary(&run);
    assert_same(&before, &snapshot(&site));
}

#[test]
fn a_mistake_ends_check_and_build_with_1_and_has_every_field() {
    let site = Site::small().append(PAGE, MISTAKE);
    for run in [site.check(), site.build()] {
        let run = run.exits(1);
        let json = run.json();
        let finding = &json["findings"][0];
        let keys: Vec<&String> = finding.as_object().expect("a finding is an object").keys().collect();
        assert_eq!(keys, ["code", "severity", "file", "line", "column", "message", "help", "url"]);
        assert_eq!(finding["severity"], "error");
        assert_eq!(finding["file"], PAGE);
        assert_eq!(finding["line"], site.line_of(PAGE, "the map"));
    }
    assert!(!site.path("public").exists(), "a site with a mistake was published");
}

#[test]
fn a_person_reads_the_mistake_on_stderr_with_its_line_and_a_caret() {
    let site = Site::small().append(PAGE, MISTAKE);
    let run = site.run(&["check", "--today", TODAY]).exits(1);
    let line = site.line_of(PAGE, "the map");
    assert!(run.stderr.contains(&format!("{PAGE}:{line}:")), "{}", run.stderr);
    assert!(run.stderr.contains("See [the map](/visit/map.md)."), "the line is not shown: {}", run.stderr);
    assert!(run.stderr.contains("site-gen explain "), "{}", run.stderr);
    assert!(!run.stderr.contains('\u{1b}'), "colours in a pipe: {:?}", run.stderr);
}

#[test]
fn a_github_run_gets_its_own_form() {
    let site = Site::small().append(PAGE, MISTAKE);
    let run = site.run(&["check", "--format", "github", "--today", TODAY]).exits(1);
    let line = site.line_of(PAGE, "the map");
    let all = format!("{}{}", run.stdout, run.stderr);
    let expected = format!("::error file={PAGE},line={line}");
    assert!(all.lines().any(|said| said.starts_with(&expected)), "no line starts with {expected}: {all}");
}

#[test]
fn all_mistakes_are_told_in_one_run_worst_first() {
    let site = Site::small()
        .append(PAGE, MISTAKE)
        .edit("content/en/pages/visit/prepare.md", "weight: 1", "wieght: 1")
        .append("content/en/pages/index.md", "\n<div>raw</div>\n");
    let run = site.check().exits(1);
    let found = findings(&run);
    for file in [PAGE, "content/en/pages/visit/prepare.md", "content/en/pages/index.md"] {
        assert!(
            found.iter().any(|finding| finding.severity == "error" && finding.file == file),
            "nothing about {file}: {found:#?}"
        );
    }
    let rank = |severity: &str| ["error", "warning", "note"].iter().position(|known| *known == severity);
    assert!(found.is_sorted_by_key(|finding| rank(&finding.severity)), "not worst first: {found:#?}");
}

#[test]
fn warnings_stop_only_who_asks_for_it() {
    // A source past its review date is worth a warning, and no more.
    let late = ["check", "--format", "json", "--today", "2031-01-01"];
    let site = Site::small();
    let run = site.run(&late).exits(0);
    let found = findings(&run);
    assert!(
        found.iter().any(|finding| finding.severity == "warning" && finding.file == "content/evidence.toml"),
        "{found:#?}"
    );
    let strict: Vec<&str> = late.iter().copied().chain(["--deny", "warnings"]).collect();
    site.run(&strict).exits(1);
    site.run(&["check", "--today", TODAY, "--deny", "warnings"]).exits(0);
}

#[test]
fn wrong_usage_ends_with_2() {
    let site = Site::small();
    for wrong in [
        &["biuld"][..],
        &["build", "--colour"],
        &["check", "--format", "xml"],
        &["check", "--today", "22/11/2026"],
        &["explain"],
        &["serve", "-p", "many"],
    ] {
        let run = site.run(wrong).exits(2);
        assert!(!run.stderr.is_empty() && run.stdout.is_empty(), "{wrong:?}: {run:?}");
    }
    let version = site.run(&["--version"]).exits(0);
    assert!(version.stdout.starts_with("site-gen "), "{}", version.stdout);
    let help = site.run(&["--help"]).exits(0);
    for command in "build serve check verify answer new explain completions".split(' ') {
        assert!(help.stdout.contains(command), "--help does not name {command}");
    }
}

#[test]
fn a_folder_that_is_not_a_site_is_named() {
    let site = Site::empty().with("=== notes/readme.txt\nnothing here\n");
    for command in ["build", "check", "serve", "verify"] {
        let run = site.run(&[command, "-r", "notes"]).exits(2);
        assert!(run.stderr.contains("notes") && run.stderr.contains("content"), "{command}: {}", run.stderr);
    }
    assert!(!site.path("notes/public").exists());
    let run = site.run(&["build", "-r", "no/such/folder"]).exits(2);
    assert!(run.stderr.contains("no/such/folder"), "{}", run.stderr);
}

// What is written.

#[test]
fn the_last_good_site_stays_as_it_was_when_a_mistake_is_made() {
    let site = Site::small();
    site.build().exits(0);
    let good = published(&site);
    assert!(good.len() > 8, "the site has only {} files", good.len());
    let site = site.edit("content/en/pages/index.md", "Welcome", "A new welcome").append(PAGE, MISTAKE);
    site.build().exits(1);
    assert_same(&good, &published(&site));
    let site = site.edit(PAGE, MISTAKE, "");
    site.build().exits(0);
    assert!(site.page("/").contains("A new welcome"));
}

#[test]
fn a_page_that_was_taken_away_is_gone_after_the_next_build() {
    let site = Site::small();
    site.build().exits(0);
    assert!(site.path("public/visit/aftercare/index.html").exists());
    let site = site.without(PAGE);
    site.build().exits(0);
    assert!(!site.path("public/visit/aftercare").exists());
    assert!(site.path("public/visit/prepare/index.html").exists());
}

#[test]
fn two_builds_of_one_site_are_the_same_bytes() {
    let (one, other) = (Site::shipped(), Site::shipped());
    one.build().exits(0);
    other.run(&["build", "--today", TODAY, "--no-cache"]).exits(0);
    assert_same(&published(&one), &published(&other));
    // Again over the old output, with whatever is remembered from the first time.
    one.build().exits(0);
    assert_same(&published(&one), &published(&other));
}

#[test]
fn a_build_after_a_change_is_the_same_as_a_clean_one() {
    let change = |site: Site| {
        site.edit("content/en/pages/visit/prepare.md", "title: Get ready", "title: Make ready").edit(
            "content/evidence.toml",
            "A study of rest",
            "A large study of rest",
        )
    };
    let warm = Site::small();
    warm.build().exits(0);
    let warm = change(warm);
    warm.build().exits(0);
    let clean = change(Site::small());
    clean.build().exits(0);
    assert!(warm.page("/visit/").contains("Make ready"));
    assert_same(&published(&warm), &published(&clean));
}

#[test]
fn nothing_changed_means_no_file_is_touched() {
    let site = Site::small();
    site.build().exits(0);
    let times = |site: &Site| -> Vec<_> {
        published(site)
            .into_iter()
            .map(|(path, _)| {
                let meta = fs::metadata(site.path("public").join(&path)).expect("a published file");
                (path, meta.modified().expect("files have a time"))
            })
            .collect()
    };
    let before = times(&site);
    site.build().exits(0);
    assert_eq!(before, times(&site));
}

#[test]
fn the_output_folder_can_be_named_and_strangers_files_are_left_alone() {
    let site = Site::small();
    site.run(&["build", "-o", "out/site", "--today", TODAY]).exits(0);
    assert!(site.path("out/site/index.html").exists() && !site.path("public").exists());

    // A folder that holds somebody's work is no place for a build that clears what it did not write.
    let site = site.with("=== thesis/chapter.txt\nten years of work\n");
    let run = site.run(&["build", "-o", "thesis", "--today", TODAY]);
    assert_eq!(site.read("thesis/chapter.txt"), "ten years of work\n", "{run:?}");
    let run = site.run(&["build", "-o", "content", "--today", TODAY]);
    assert_ne!(run.code, 0, "a site was written over its own content");
    assert!(site.path("content/site.toml").exists() && site.path(PAGE).exists());
}

/// Values of an attribute in a page.
fn attribute<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let opening = format!(" {name}=\"");
    page.split(opening.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn a_site_can_live_below_a_path() {
    let site = Site::small_in_two_languages();
    site.run(&["build", "--base-url", "https://host.example/clinic/guide", "--today", TODAY]).exits(0);
    let mut seen = 0;
    for (path, bytes) in published(&site) {
        if !path.ends_with(".html") {
            continue;
        }
        let page = String::from_utf8(bytes).expect("pages are UTF-8");
        for link in attribute(&page, "href").into_iter().chain(attribute(&page, "src")) {
            if link.starts_with('/') {
                seen += 1;
                assert!(link.starts_with("/clinic/guide/"), "{path} leads to {link}");
            }
        }
    }
    assert!(seen > 40, "only {seen} links were seen");
    let sitemap = site.read("public/sitemap.xml");
    assert!(sitemap.contains("https://host.example/clinic/guide/es/visit/prepare/"), "{sitemap}");
    assert!(!sitemap.contains("clinic.example"), "{sitemap}");
}

#[test]
fn drafts_are_published_only_when_asked_for() {
    let draft = "=== content/en/pages/visit/parking.md\n---\ntitle: Parking\nsummary: Where to leave your car.\nkind: prepare\ndraft: true\n---\n\nThere is room behind the house.\n";
    let site = Site::small().with(draft);
    site.build().exits(0);
    assert!(!site.path("public/visit/parking").exists());
    for (path, bytes) in published(&site) {
        assert!(!String::from_utf8_lossy(&bytes).contains("Parking"), "{path} names the draft");
    }
    site.run(&["build", "--drafts", "--today", TODAY]).exits(0);
    assert!(site.page("/visit/parking/").contains("behind the house"));
}

#[test]
fn an_old_address_leads_to_the_new_one() {
    let site = Site::small().edit(PAGE, "weight: 2", "weight: 2\naliases: [\"/after/\"]");
    site.build().exits(0);
    let redirects = site.read("public/_redirects");
    assert!(
        redirects.lines().any(|line| {
            let parts: Vec<&str> = line.split_whitespace().collect();
            matches!(parts[..], ["/after/" | "/after", "/visit/aftercare/", ..])
        }),
        "{redirects}"
    );
    assert!(site.page("/after/").contains("/visit/aftercare/"), "a host without redirects is left out");
}

#[test]
fn a_site_has_the_files_that_hosts_and_machines_look_for() {
    let site = Site::small_in_two_languages();
    site.build().exits(0);
    // A contact that does not exist helps nobody: the file comes with the clinic's address.
    assert!(!site.path("public/.well-known/security.txt").exists());
    let site = site.edit("content/site.toml", "email = \"\"", "email = \"web@clinic.example\"");
    site.build().exits(0);
    assert!(site.read("public/.well-known/security.txt").contains("mailto:web@clinic.example"));
    for file in ["404.html", "sitemap.xml", "robots.txt", "_headers", "_redirects"] {
        assert!(site.path("public").join(file).exists(), "{file} is missing");
    }
    let sitemap = site.read("public/sitemap.xml");
    assert!(sitemap.contains("<loc>https://clinic.example/es/visit/prepare/</loc>"), "{sitemap}");
    assert!(sitemap.contains("hreflang=\"es\"") && sitemap.contains("hreflang=\"x-default\""), "{sitemap}");
    assert!(site.read("public/robots.txt").contains("https://clinic.example/sitemap.xml"));
    let headers = site.read("public/_headers");
    for policy in [
        "Content-Security-Policy",
        "default-src 'none'",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy",
    ] {
        assert!(headers.contains(policy), "_headers lacks {policy}: {headers}");
    }
    let feeds = published(&site).into_iter().filter(|(path, bytes)| {
        path.ends_with(".xml") && String::from_utf8_lossy(bytes).contains("http://www.w3.org/2005/Atom")
    });
    assert!(feeds.count() >= 1, "no Atom feed");
}

#[test]
fn the_program_alone_beside_a_content_folder_builds_the_whole_site() {
    // Copied away from the repository, so that nothing there can be read by accident.
    let site = Site::shipped();
    let copy = site.path("the-program");
    fs::copy(program(), &copy).expect("the program can be copied");
    run_program(&copy, site.root(), &["build", "--today", TODAY], "").exits(0);
    let files = published(&site);
    let find = |start: &str, end: &str| {
        files
            .iter()
            .find(|(path, _)| path.starts_with(start) && path.ends_with(end))
            .map(|(_, bytes)| bytes.len())
    };
    assert!(find("checker-", ".js").is_some_and(|size| size > 30_000), "no widget");
    assert!(find("style-", ".css").is_some_and(|size| size > 3_000), "no theme");
    assert!(site.page("/check/").contains("data-checker=\"ketamine\""));
}

// The commands that help an author.

#[test]
fn a_new_page_can_be_filled_in_at_once_and_never_replaces_one() {
    let site = Site::small();
    site.run(&["new", "page", "visit/parking", "--kind", "prepare"]).exits(0);
    let page = "content/en/pages/visit/parking.md";
    let text = site.read(page);
    assert!(text.contains("kind: prepare") && text.starts_with("---\n"), "{text}");
    let found = findings(&site.check());
    assert!(!found.iter().any(|finding| finding.code.contains("unknown-key")), "{found:#?}");
    let run = site.run(&["new", "page", "visit/prepare", "--kind", "prepare"]);
    assert_ne!(run.code, 0);
    assert!(run.stderr.contains("prepare.md"), "{}", run.stderr);
    assert!(site.read("content/en/pages/visit/prepare.md").contains("The day before"));
    let run = site.run(&["new", "page", "../outside", "--kind", "prepare"]);
    assert_ne!(run.code, 0, "a page was made outside the site");
}

#[test]
fn completions_are_made_for_every_shell() {
    let site = Site::empty();
    for shell in ["bash", "zsh", "fish"] {
        let run = site.run(&["completions", shell]).exits(0);
        assert!(run.stdout.contains("site-gen"), "{shell}");
    }
    site.run(&["completions", "tcl"]).exits(2);
}
