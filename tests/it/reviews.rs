//! Reviews, and the lists that keep a site from growing old.

use tests::{Site, TODAY, findings};

const PAGE: &str = "content/en/pages/visit/prepare.md";

/// The small site with somebody who may review.
fn with_a_reviewer() -> Site {
    let site = Site::small();
    let person =
        "\n[[person]]\nid = \"lee\"\nname = \"Test Reviewer\"\nrole = \"Reviewer\"\ncredentials = \"MD\"\n";
    let people = site.read("content/people.toml").replace("person = []", "");
    site.write("content/people.toml", &format!("{people}{person}"));
    site
}

fn codes(site: &Site, file: &str) -> Vec<String> {
    let found = findings(&site.run(&["check", "--format", "json", "--today", TODAY]));
    found.into_iter().filter(|finding| finding.file == file).map(|finding| finding.code).collect()
}

#[test]
fn a_review_is_marked_and_a_later_change_undoes_it() {
    let site = with_a_reviewer();
    let before = site.read(PAGE);
    site.run(&["review", "/visit/prepare.md", "--by", "lee", "--on", "2026-11-20", "--today", TODAY])
        .exits(0);
    let marked = site.read(PAGE);
    assert!(marked.contains("by: lee, on: 2026-11-20, hash: "), "{marked}");
    let rest: Vec<&str> = marked.lines().filter(|line| !line.starts_with("reviewed:")).collect();
    assert_eq!(rest, before.lines().collect::<Vec<_>>(), "nothing else may change");
    assert_eq!(codes(&site, PAGE), [""; 0]);
    site.build().exits(0);
    assert!(site.page("/visit/prepare/").contains("Test Reviewer"));

    let site = site.edit(PAGE, "Drink water and sleep well.", "Drink tea and sleep well.");
    assert_eq!(codes(&site, PAGE), ["changed-since-review"]);
    site.build().exits(0);
    assert!(!site.page("/visit/prepare/").contains("Test Reviewer"), "the page still names its reviewer");
    site.run(&["review", PAGE, "--by", "lee", "--on", "2026-11-21", "--today", TODAY]).exits(0);
    assert_eq!(codes(&site, PAGE), [""; 0]);
    assert_eq!(site.read(PAGE).matches("reviewed:").count(), 1);
}

#[test]
fn a_fact_that_changes_undoes_the_review_of_the_pages_that_state_it() {
    let site = with_a_reviewer();
    let facts = "content/facts.toml";
    let text = format!("{}\n[tea]\nen = \"two cups\"\n", site.read(facts));
    site.write(facts, &text);
    let site = site.append(PAGE, "\nDrink [[tea]].\n");
    site.run(&["review", PAGE, "--by", "lee", "--today", TODAY]).exits(0);
    assert!(!codes(&site, PAGE).contains(&"changed-since-review".to_owned()));
    let site = site.edit(facts, "two cups", "three cups");
    assert!(codes(&site, PAGE).contains(&"changed-since-review".to_owned()));
}

#[test]
fn only_people_who_are_named_review_and_not_in_the_future() {
    let site = with_a_reviewer();
    let before = site.read(PAGE);
    let run = site.run(&["review", PAGE, "--by", "leo", "--today", TODAY]).exits(1);
    assert!(run.stderr.contains("leo") && run.stderr.contains("Did you mean `lee`"), "{}", run.stderr);
    let run = site.run(&["review", PAGE, "--by", "lee", "--on", "2027-01-01", "--today", TODAY]).exits(1);
    assert!(run.stderr.contains("still to come"), "{}", run.stderr);
    let run = site.run(&["review", "/visit/prepar.md", "--by", "lee", "--today", TODAY]).exits(1);
    assert!(run.stderr.contains("/visit/prepare.md"), "{}", run.stderr);
    assert_eq!(site.read(PAGE), before, "a refused review changed the page");
}

#[test]
fn what_is_due_is_listed_with_its_day() {
    let site = with_a_reviewer();
    site.run(&["review", PAGE, "--by", "lee", "--on", "2026-01-10", "--today", TODAY]).exits(0);
    let due = |today| site.run(&["list", "due", "--today", today]).exits(0).stdout;
    assert!(!due("2026-05-01").contains(PAGE), "{}", due("2026-05-01"));
    assert!(
        due("2026-12-20").contains(&format!("2027-01-10  {PAGE}: the review runs out soon")),
        "{}",
        due("2026-12-20")
    );
    assert!(due("2027-02-01").contains("the review ran out"), "{}", due("2027-02-01"));
    let calendar =
        site.run(&["list", "due", "--format", "calendar", "--today", "2026-12-20"]).exits(0).stdout;
    assert!(calendar.contains("DTSTART;VALUE=DATE:20270110"), "{calendar}");
}

#[test]
fn lists_are_json_when_asked_for() {
    let site = Site::small_in_two_languages().without("content/es/pages/visit/aftercare.md");
    for list in ["due", "drafts", "translations", "evidence", "reading"] {
        let run = site.run(&["list", list, "--format", "json", "--today", TODAY]).exits(0);
        assert!(run.json().is_array(), "{}", run.stdout);
        site.run(&["list", list, "--today", TODAY]).exits(0);
    }
    let translations = site.run(&["list", "translations", "--today", TODAY]).exits(0);
    assert!(translations.stdout.contains("aftercare"), "{}", translations.stdout);
    let evidence = site.run(&["list", "evidence", "--today", "2031-01-01"]).exits(0);
    assert!(evidence.stdout.contains("past its day"), "{}", evidence.stdout);
}

#[test]
fn a_translation_that_is_behind_is_told() {
    let site = Site::small_in_two_languages();
    let spanish = "content/es/pages/visit/prepare.md";
    let page = site.read(spanish);
    let end = page.match_indices("---\n").nth(1).expect("front matter").0;
    site.write(spanish, &format!("{}translates: 0123456789abcdef\n{}", &page[..end], &page[end..]));
    assert!(codes(&site, spanish).contains(&"translation-behind".to_owned()));
    let list = site.run(&["list", "translations"]).exits(0).stdout;
    assert!(list.contains(&format!("{spanish}: behind")), "{list}");
    // Without a mark nobody knows; that is listed and is no warning.
    site.write(spanish, &page);
    assert!(!codes(&site, spanish).contains(&"translation-behind".to_owned()));
    let list = site.run(&["list", "translations"]).exits(0).stdout;
    assert!(list.contains("does not say which wording"), "{list}");
}

#[test]
fn a_translation_starts_with_the_ids_and_the_structure_of_its_original() {
    let site = Site::small_in_two_languages().without("content/es/pages/visit/prepare.md");
    let run = site.run(&["new", "translation", "es", "/visit/prepare.md"]).exits(0);
    assert_eq!(run.stdout.trim(), "content/es/pages/visit/prepare.md");
    let started = site.read("content/es/pages/visit/prepare.md");
    let original = site.read(PAGE);
    assert!(started.contains("draft: true\n") && started.contains("translates: "), "{started}");
    for heading in original.lines().filter(|line| line.starts_with("##")) {
        let words = heading.split("{#").next().expect("words").trim();
        let own = started.lines().find(|line| line.starts_with(words)).expect("the heading");
        assert!(own.contains("{#"), "{own} has no id");
    }
    // Whoever only wants to see it builds it as a draft, and nothing is wrong with it.
    site.run(&["check"]).exits(0);
    assert!(!codes(&site, "content/es/pages/visit/prepare.md").contains(&"translation-behind".to_owned()));

    let site = site.edit(PAGE, "Drink water and sleep well.", "Drink tea and sleep well.");
    assert!(codes(&site, "content/es/pages/visit/prepare.md").contains(&"translation-behind".to_owned()));
    site.write("content/es/pages/visit/prepare.md", &started.replace("Drink water", "Beba agua"));
    site.run(&["new", "translation", "es", "/visit/prepare.md"]).exits(0);
    let marked = site.read("content/es/pages/visit/prepare.md");
    assert!(marked.contains("Beba agua"), "the translation was lost: {marked}");
    assert!(!codes(&site, "content/es/pages/visit/prepare.md").contains(&"translation-behind".to_owned()));
}

#[test]
fn only_languages_and_pages_of_the_site_can_be_translated() {
    let site = Site::small_in_two_languages();
    let run = site.run(&["new", "translation", "fr", "/visit/prepare.md"]).exits(1);
    assert!(run.stderr.contains("no language `fr`"), "{}", run.stderr);
    site.run(&["new", "translation", "en", "/visit/prepare.md"]).exits(1);
    let run = site.run(&["new", "translation", "es", "/visit/prepar.md"]).exits(1);
    assert!(run.stderr.contains("/visit/prepare.md"), "{}", run.stderr);
}

#[test]
fn a_new_site_is_a_good_site() {
    let site = Site::empty();
    site.run(&["new", "site", "mine"]).exits(0);
    site.run(&["check", "-r", "mine", "--deny", "warnings", "--today", TODAY]).exits(0);
    site.run(&["build", "-r", "mine", "--today", TODAY]).exits(0);
    assert!(site.path("mine/public/index.html").exists());
    let run = site.run(&["new", "site", "mine"]).exits(2);
    assert!(run.stderr.contains("not empty"), "{}", run.stderr);
}
