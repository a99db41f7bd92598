//! What people expect of a site generator and no other test looks at by itself: docs/comparison.md names each.

use tests::Site;

/// The small site with a section inside a section.
fn nested() -> Site {
    let page = |title: &str, kind: &str, weight: u8, text: &str| {
        format!(
            "---\ntitle: {title}\nsummary: What to know.\nkind: {kind}\nweight: {weight}\n---\n\n{text}\n"
        )
    };
    let site = Site::small();
    site.write("content/en/pages/visit/day/index.md", &page("The day", "section", 3, "Step by step."));
    site.write("content/en/pages/visit/day/morning.md", &page("The morning", "prepare", 1, "Get up early."));
    let long = "## Come\n\nCome in.\n\n## Sit\n\nSit down.\n\n## Wait\n\nWait a bit.\n\n## Go\n\nGo home.";
    site.write("content/en/pages/visit/day/noon.md", &page("Noon", "prepare", 2, long));
    site.write("content/en/pages/visit/day/evening.md", &page("The evening", "aftercare", 3, "Rest."));
    site
}

/// Where the links of one part of a page lead, in order: from `start` to the next `end`.
fn links(page: &str, start: &str, end: &str) -> Vec<String> {
    let Some((_, part)) = page.split_once(start) else { return Vec::new() };
    let part = part.split(end).next().unwrap_or_default();
    part.split("href=\"").skip(1).filter_map(|rest| Some(rest.split('"').next()?.to_owned())).collect()
}

#[test]
fn a_section_can_lie_inside_a_section() {
    let site = nested();
    site.build().exits(0);
    let above = site.page("/visit/");
    assert!(above.contains("href=\"/visit/day/\""), "the section above lists it");
    let section = site.page("/visit/day/");
    for page in ["/visit/day/morning/", "/visit/day/noon/", "/visit/day/evening/"] {
        assert!(section.contains(&format!("href=\"{page}\"")), "{page} is not in the list of its section");
    }
    let order: Vec<usize> = ["morning", "noon", "evening"]
        .map(|name| section.find(&format!("/visit/day/{name}/")))
        .map(|at| at.expect("listed"))
        .to_vec();
    assert!(order.is_sorted(), "not in the order of their weights: {order:?}");
}

#[test]
fn a_page_knows_what_is_above_before_and_after_it() {
    let site = nested();
    site.build().exits(0);
    let noon = site.page("/visit/day/noon/");
    assert_eq!(links(&noon, "class=\"breadcrumbs", "</nav>"), ["/", "/visit/", "/visit/day/"]);
    assert_eq!(links(&noon, "class=\"pager", "</nav>"), ["/visit/day/morning/", "/visit/day/evening/"]);
    // The first of a section has nothing before it, the last nothing after it.
    assert_eq!(links(&site.page("/visit/day/morning/"), "class=\"pager", "</nav>"), ["/visit/day/noon/"]);
    assert_eq!(links(&site.page("/visit/day/evening/"), "class=\"pager", "</nav>"), ["/visit/day/noon/"]);
}

#[test]
fn a_page_of_four_parts_lists_them_and_a_short_one_does_not() {
    let site = nested();
    site.build().exits(0);
    let contents = |page: &str| links(page, "class=\"contents--wide", "</nav>");
    assert_eq!(contents(&site.page("/visit/day/noon/")), ["#come", "#sit", "#wait", "#go"]);
    assert!(contents(&site.page("/visit/day/morning/")).is_empty());
}

/// The lines about sources on a page.
fn sources(page: &str) -> &str {
    page.split_once("class=\"sources\"")
        .expect("it has sources")
        .1
        .split("</section>")
        .next()
        .expect("their end")
}

#[test]
fn a_source_in_another_language_says_so_to_those_who_listen() {
    let site = Site::small_in_two_languages();
    site.build().exits(0);
    assert!(!sources(&site.page("/visit/prepare/")).contains("lang="), "English among English words");
    assert!(sources(&site.page("/es/visit/prepare/")).contains("<p lang=\"en\">Example group (2024)"));

    let site = site.edit("content/evidence.toml", "year = 2024", "year = 2024\nlanguage = \"es-MX\"");
    site.build().exits(0);
    assert!(sources(&site.page("/visit/prepare/")).contains("<p lang=\"es-MX\">Example group (2024)"));
    assert!(!sources(&site.page("/es/visit/prepare/")).contains("lang="), "Spanish among Spanish words");

    let site = site.edit("content/evidence.toml", "es-MX", "ar");
    site.build().exits(0);
    assert!(sources(&site.page("/visit/prepare/")).contains("<p lang=\"ar\" dir=\"rtl\">Example group"));
}

#[test]
fn a_mark_behind_a_number_is_set_apart_from_it() {
    let prepare = "content/en/pages/visit/prepare.md";
    let apart = "<sup class=\"cite apart\">";
    let together = "<sup class=\"cite\">";
    for (text, expected) in [
        ("Call [[crisis_number]] [@EV-REST].", apart),
        ("Call **[[crisis_number]]** [@EV-REST].", apart),
        ("Veterans can press 1 [@EV-REST].", apart),
        ("It was so for *18 in 100* [@EV-REST].", apart),
        ("Call [[crisis_number]] now [@EV-REST].", together),
        ("It was so for 18 in 100 people [@EV-REST].", together),
        ("Stay for the [[driving_wait]] after it [@EV-REST].", together),
    ] {
        let site = Site::small().edit(
            prepare,
            "Drink water and sleep well. A short rest helps most people feel steady [@EV-REST].",
            text,
        );
        site.build().exits(0);
        let page = site.page("/visit/prepare/");
        let marks: Vec<&str> = [apart, together].into_iter().filter(|mark| page.contains(mark)).collect();
        assert_eq!(marks, [expected], "{text}");
    }
}

#[test]
fn a_page_that_makes_claims_says_that_nobody_has_reviewed_it_and_no_other_does() {
    let section = "content/en/pages/visit/index.md";
    let site = Site::small();
    site.build().exits(0);
    let (title, said) = ("Who checked this page", "No clinician has reviewed this page yet");
    let page = site.page("/visit/");
    assert!(!page.contains(title) && !page.contains(said), "a list of pages claims nothing");
    assert!(page.contains("print this page"), "it can be printed all the same");

    let site = site.append(section, "\nA short rest helps most people [@EV-REST].\n");
    site.build().exits(0);
    let page = site.page("/visit/");
    assert!(page.contains(title) && page.contains(said), "a section with a claim");
    let due = site.run(&["list", "due"]).exits(0);
    assert!(due.stdout.contains("visit/index.md"), "its review is due: {}", due.stdout);
}

#[test]
fn the_list_from_a_to_z_has_a_page_under_its_short_title_too() {
    let site = Site::small().edit(
        "content/en/pages/visit/aftercare.md",
        "title: After your visit",
        "title: After your visit\nnav_title: Home again",
    );
    site.build().exits(0);
    let list = site.page("/a-z/");
    let entries = links(&list, "<h2", "</main>");
    assert_eq!(entries.iter().filter(|url| url.as_str() == "/visit/aftercare/").count(), 2, "{entries:?}");
    assert!(list.contains(">Home again</a>") && list.contains(">After your visit</a>"));
    assert_eq!(
        entries.iter().filter(|url| url.as_str() == "/visit/prepare/").count(),
        1,
        "one name, one line"
    );
}
