//! A clinic that has a site made with Zola or Hugo comes over: the folders are written as their own guides say.

use std::collections::BTreeSet;
use tests::{Site, TODAY, copy_folder, findings, repository};

/// An old site, brought over into `new/`.
fn moved(from: &str) -> (Site, tests::Run) {
    let site = Site::empty();
    copy_folder(&repository().join("tests/sites").join(from), &site.path("old"));
    let run = site.run(&["new", "site", "new", "--from", "old"]).exits(0);
    (site, run)
}

/// What `check` objects to: file below `pages/`, and code.
fn objections(site: &Site) -> BTreeSet<(String, String)> {
    findings(&site.run(&["check", "-r", "new", "--format", "json", "--today", TODAY]))
        .into_iter()
        .map(|found| (found.file.replace("content/en/pages/", ""), found.code))
        .collect()
}

fn set(expected: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    expected.iter().map(|(file, code)| ((*file).to_owned(), (*code).to_owned())).collect()
}

fn edit(site: Site, page: &str, old: &str, new: &str) -> Site {
    site.edit(&format!("new/content/en/pages/{page}"), old, new)
}

#[test]
fn a_site_of_zola_is_refused_only_where_the_rules_are_stricter() {
    let (site, run) = moved("from-zola");
    assert!(run.stderr.contains("prepare.md:12: `extra` is left out"), "{}", run.stderr);
    assert!(run.stderr.contains("prepare.md:28: `youtube` is a shortcode"), "{}", run.stderr);
    assert!(run.stderr.contains("Pages brought over: 6. Pictures: 1. To look at: 2."), "{}", run.stderr);
    // Each page says in a sentence what it is about, and no page holds HTML.
    let stricter = [
        ("blog/index.md", "front-matter-incomplete"),
        ("blog/new-door.md", "front-matter-incomplete"),
        ("blog/new-door.md", "raw-html"),
    ];
    assert_eq!(objections(&site), set(&stricter));

    let summary = "\nsummary: What is new at the clinic.\nkind:";
    let site = edit(site, "blog/index.md", "\nkind:", summary);
    let site = edit(site, "blog/new-door.md", "\nkind:", summary);
    let site = edit(site, "blog/new-door.md", "<u>old</u>", "*old*");
    site.run(&["build", "-r", "new", "--today", TODAY]).exits(0);
    let page = site.read("new/public/visit/prepare/index.html");
    assert!(
        page.contains("href=\"/visit/the-day/#drops\"") || page.contains("href=\"../the-day/#drops\""),
        "{page}"
    );
    assert!(page.contains("A chart with letters that get smaller") && !page.contains("youtube(id"), "{page}");
    assert!(page.contains("You can wear contact lenses again the next day."));
    // The old address and the old day in a name lead where they led.
    assert!(site.path("new/public/prepare.html").exists());
    assert!(site.path("new/public/blog/new-door/index.html").exists());
    assert!(site.path("new/public/tags/getting-ready/index.html").exists());
}

#[test]
fn a_site_of_hugo_is_refused_only_where_the_rules_are_stricter() {
    let (site, run) = moved("from-hugo");
    assert!(run.stderr.contains("before.md:22: `notice` is a shortcode"), "{}", run.stderr);
    // Hugo lists a folder without a page of its own; the pages made for that have no summary yet.
    let stricter =
        [("posts/index.md", "front-matter-incomplete"), ("visit/index.md", "front-matter-incomplete")];
    assert_eq!(objections(&site), set(&stricter));
    let summary = "\nsummary: What happens at the clinic.\nkind:";
    let site = edit(site, "posts/index.md", "\nkind:", summary);
    let site = edit(site, "visit/index.md", "\nkind:", summary);
    site.run(&["build", "-r", "new", "--today", TODAY]).exits(0);
    assert!(site.read("new/public/visit/get-ready/index.html").contains("Brush your teeth as usual."));
    assert!(site.read("new/public/prepare/index.html").contains("/visit/get-ready/"));
    assert!(site.path("new/public/posts/first-visit/index.html").exists());
}

#[test]
fn nothing_is_written_over_and_no_other_folder_is_taken_for_a_site() {
    let (site, _) = moved("from-hugo");
    let before = tests::files_below(site.root());
    let again = site.run(&["new", "site", "new", "--from", "old"]).exits(2);
    assert!(again.stderr.contains("not empty"), "{}", again.stderr);
    let other = site.run(&["new", "site", "third", "--from", "old/content"]).exits(2);
    assert!(other.stderr.contains("holds no site made with Zola or Hugo"), "{}", other.stderr);
    assert!(other.stderr.contains("config.toml or hugo.toml"), "{}", other.stderr);
    assert_eq!(tests::files_below(site.root()), before);
}
