//! Pages that appear and disappear by themselves, on the day that their authors wrote down.

use tests::{Site, TODAY, findings};

const PREPARE: &str = "content/en/pages/visit/prepare.md";

/// The small site with a page that is there from December 1 until the end of January, and a link to it.
fn winter() -> Site {
    Site::small()
        .with(
            "=== content/en/pages/visit/winter.md\n---\ntitle: Come in winter\nsummary: What is different in the cold \
             months.\nkind: prepare\npublish: 2026-12-01\nexpire: 2027-02-01\n---\n\nThe side door is closed.\n",
        )
        .append(PREPARE, "\nRead about [the cold months](/visit/winter.md).\n")
}

/// Whether readers see the page on a day, and whether the link to it leads there.
#[track_caller]
fn on(day: &str, seen: bool) {
    let site = winter();
    site.run(&["build", "--today", day]).exits(0);
    assert_eq!(site.path("public/visit/winter/index.html").exists(), seen, "the page on {day}");
    let from = site.page("/visit/prepare/");
    assert!(from.contains("the cold months"), "the words of the link stay");
    assert_eq!(from.contains("href=\"/visit/winter/\""), seen, "the link on {day}");
    for list in ["public/sitemap.xml", "public/visit/index.html"] {
        assert_eq!(site.read(list).contains("/visit/winter/"), seen, "{list} on {day}");
    }
}

#[test]
fn a_page_is_there_from_its_first_day_to_the_day_before_its_last() {
    on("2026-11-30", false);
    on("2026-12-01", true);
    on("2027-01-31", true);
    on("2027-02-01", false);
}

#[test]
fn a_page_that_goes_is_taken_out_of_the_site_that_was_built_before() {
    let site = winter();
    site.run(&["build", "--today", "2027-01-31"]).exits(0);
    assert!(site.path("public/visit/winter/index.html").exists());
    site.run(&["build", "--today", "2027-02-01"]).exits(0);
    assert!(!site.path("public/visit/winter").exists());
}

#[test]
fn the_build_says_what_it_leaves_out_and_when_the_next_page_comes() {
    let before = winter().run(&["build", "--today", TODAY]);
    assert!(before.stderr.contains("Not published: 1 page to come, on 2026-12-01"), "{}", before.stderr);
    let after = winter().run(&["build", "--today", "2027-03-01"]);
    assert!(after.stderr.contains("Not published: 1 page whose time is over"), "{}", after.stderr);
    let open = winter().run(&["build", "--today", "2026-12-24"]);
    assert!(!open.stderr.contains("Not published"), "{}", open.stderr);
}

#[test]
fn what_is_due_names_both_days_and_drafts_name_the_page() {
    let due = winter().run(&["list", "due", "--today", TODAY]).exits(0).stdout;
    for line in [
        "2026-12-01  content/en/pages/visit/winter.md: appears on that day",
        "2027-02-01  content/en/pages/visit/winter.md: is gone from that day on",
    ] {
        assert!(due.contains(line), "{line}\n{due}");
    }
    let drafts = winter().run(&["list", "drafts", "--today", TODAY]).exits(0).stdout;
    assert!(drafts.contains("winter.md: appears on that day"), "{drafts}");
    let open = winter().run(&["list", "drafts", "--today", "2026-12-24"]).exits(0).stdout;
    assert!(!open.contains("winter.md"), "{open}");
}

#[test]
fn whoever_asks_for_everything_sees_it_marked_and_out_of_search_engines() {
    let site = winter();
    site.run(&["build", "--drafts", "--today", TODAY]).exits(0);
    let page = site.page("/visit/winter/");
    assert!(page.contains("noindex") && page.contains("draft-note"), "{page}");
    assert!(!site.read("public/sitemap.xml").contains("/visit/winter/"));
}

#[test]
fn a_page_to_come_is_checked_today() {
    let site = winter().append("content/en/pages/visit/winter.md", "\nSee [parking](/visit/parkin.md).\n");
    let found = findings(&site.check().exits(1));
    assert!(found.iter().any(|finding| finding.file.ends_with("winter.md") && finding.severity == "error"));
}

#[test]
fn a_page_that_would_be_gone_before_it_comes_is_a_mistake() {
    let wrong =
        Site::small().edit(PREPARE, "weight: 1", "weight: 1\npublish: 2027-03-01\nexpire: 2027-02-01");
    let found = findings(&wrong.check().exits(1));
    let told = found.iter().find(|finding| finding.code == "expires-before-published").expect("it is told");
    assert_eq!((told.file.as_str(), told.line), (PREPARE, wrong.line_of(PREPARE, "expire:")));
    assert!(told.message.contains("2027-02-01") && told.message.contains("2027-03-01"), "{told:?}");
    Site::small()
        .edit(PREPARE, "weight: 1", "weight: 1\npublish: 2026-02-01\nexpire: 2027-03-01")
        .check()
        .exits(0);
}
