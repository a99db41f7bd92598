//! Tags: the pages that share one are found in one place, in their own language.

use tests::{Site, findings};

const PREPARE: &str = "content/en/pages/visit/prepare.md";
const AFTERCARE: &str = "content/en/pages/visit/aftercare.md";
const LIST: &str = "=== content/en/tags.toml\n[food]\ntitle = \"Food and drink\"\nsummary = \"What to eat, and when.\"\n\n[rest]\ntitle = \"Rest\"\n";

/// The small site with tags on two pages.
fn tagged(site: Site) -> Site {
    site.edit("content/site.toml", "search = true\n", "search = true\ntags = true\n")
        .edit(PREPARE, "weight: 1", "weight: 1\ntags: [food, rest]")
        .edit(AFTERCARE, "weight: 2", "weight: 2\ntags: [rest]")
}

/// Where the addresses stand in a page, in the order of the page.
fn in_order(page: &str, addresses: &[&str]) -> bool {
    let main = &page[page.find("<main").expect("a main part")..];
    let places: Vec<Option<usize>> =
        addresses.iter().map(|address| main.find(&format!("href=\"{address}\""))).collect();
    places.iter().all(Option::is_some) && places.is_sorted()
}

#[test]
fn a_tag_has_a_page_with_its_pages_and_stands_on_each_of_them() {
    let site = tagged(Site::small()).with(LIST);
    site.build().exits(0);
    let rest = site.page("/tags/rest/");
    assert!(rest.contains("<h1>Rest</h1>"), "{rest}");
    assert!(in_order(&rest, &["/visit/prepare/", "/visit/aftercare/"]), "{rest}");
    let food = site.page("/tags/food/");
    assert!(food.contains("<h1>Food and drink</h1>") && food.contains("What to eat, and when."), "{food}");
    assert!(food.contains("/visit/prepare/") && !food.contains("href=\"/visit/aftercare/\""), "{food}");
    assert!(in_order(&site.page("/tags/"), &["/tags/food/", "/tags/rest/"]));
    assert!(in_order(&site.page("/visit/prepare/"), &["/tags/food/", "/tags/rest/"]));
    assert!(!site.page("/visit/aftercare/").contains("/tags/food/"));
    assert!(site.read("public/sitemap.xml").contains("<loc>https://clinic.example/tags/rest/</loc>"));
}

#[test]
fn without_the_switch_there_are_no_pages_and_no_links() {
    let site = tagged(Site::small()).edit("content/site.toml", "tags = true\n", "");
    site.build().exits(0);
    assert!(!site.path("public/tags").exists());
    assert!(!site.page("/visit/prepare/").contains("/tags/"));
}

#[test]
fn each_language_has_its_own_topics_and_they_know_each_other() {
    let spanish = "content/es/pages/visit/prepare.md";
    let site = tagged(Site::small_in_two_languages())
        .with(LIST)
        .with("=== content/es/tags.toml\n[rest]\ntitle = \"Descanso\"\n")
        .edit(spanish, "weight: 1", "weight: 1\ntags: [rest]");
    site.build().exits(0);
    let page = site.page("/es/tags/rest/");
    assert!(page.contains("<h1>Descanso</h1>") && page.contains("href=\"/es/visit/prepare/\""), "{page}");
    assert!(page.contains("hreflang=\"en\" href=\"https://clinic.example/tags/rest/\""), "{page}");
    assert!(!site.path("public/es/tags/food").exists(), "no Spanish page has this tag");

    let wrong = site.edit("content/es/tags.toml", "[rest]", "[otro]");
    let found = findings(&wrong.check().exits(1));
    assert!(found.iter().any(|f| f.code == "unknown-tag" && f.file == spanish), "{found:#?}");
}

#[test]
fn a_tag_that_is_not_listed_gets_the_nearest_one() {
    let wrong = tagged(Site::small()).with(LIST).edit(AFTERCARE, "tags: [rest]", "tags: [rset]");
    let found = findings(&wrong.check().exits(1));
    let told = found.iter().find(|finding| finding.code == "unknown-tag").expect("it is told");
    assert_eq!((told.file.as_str(), told.line), (AFTERCARE, wrong.line_of(AFTERCARE, "tags:")));
    assert!(told.message.contains("`rset`") && told.help.contains("`rest`"), "{told:?}");
}

#[test]
fn without_a_list_the_words_of_the_pages_are_the_titles() {
    let site = tagged(Site::small()).edit(AFTERCARE, "tags: [rest]", "tags: [Going home]");
    site.build().exits(0);
    assert!(site.page("/tags/going-home/").contains("<h1>Going home</h1>"));
}

#[test]
fn a_page_at_the_place_of_the_topics_is_told() {
    let own = "=== content/en/pages/tags/index.md\n---\ntitle: Our words\nsummary: Words.\nkind: section\n---\n\nWords.\n";
    let found = findings(&tagged(Site::small()).with(own).check().exits(1));
    assert!(
        found.iter().any(|f| f.code == "address-twice" && f.file.ends_with("tags/index.md")),
        "{found:#?}"
    );
}
