//! Ways to lose a reader's privacy, each planted in a site and caught, with its harmless twin beside it.

use tests::{Finding, Run, Site, copy_folder, findings, repository};

const BASE: &str = "themes/harbor/layouts/base.html";
const STYLE: &str = "themes/harbor/base.css";

/// The small site with a theme of its own to plant something in.
fn with_theme() -> Site {
    let site = Site::small();
    copy_folder(&repository().join("themes"), &site.path("themes"));
    site
}

/// The build is refused, and nothing was published.
#[track_caller]
fn caught(site: &Site, code: &str, file: &str, says: &str) {
    let run: Run = site.build().exits(1);
    let found: Vec<Finding> = findings(&run).into_iter().filter(|one| one.severity == "error").collect();
    let [one] = found.as_slice() else { panic!("one mistake is told once: {found:#?}") };
    assert_eq!((one.code.as_str(), one.file.as_str()), (code, file), "{one:#?}");
    assert!(one.message.contains(says), "{one:#?}");
    assert!(!one.help.is_empty(), "{one:#?}");
    if !file.is_empty() {
        assert!(one.line > 0, "{one:#?}");
    }
    assert!(!site.path("public/index.html").exists(), "nothing is published");
}

#[test]
fn a_script_inside_a_layout_is_caught() {
    let site = with_theme().edit(BASE, "<body ", "<script>track()</script>\n<body ");
    caught(&site, "inline-script", BASE, "<script>");
    let site = with_theme().edit(BASE, "<main ", "<main onclick=\"track()\" ");
    caught(&site, "inline-script", BASE, "track()");
}

#[test]
fn something_from_another_host_in_a_theme_is_caught() {
    let image = "<img src=\"https://pictures.example/a.png\" alt=\"\">";
    caught(
        &with_theme().edit(BASE, "</body>", &format!("{image}</body>")),
        "address-elsewhere",
        BASE,
        "pictures.example",
    );
    let fonts = "@import url(\"https://fonts.example/a.css\");\n";
    let site = with_theme();
    let style = site.read(STYLE);
    site.write(STYLE, &format!("{fonts}{style}"));
    caught(&site, "address-elsewhere", STYLE, "fonts.example");
    let script = "<script src=\"//count.example/a.js\"></script>";
    caught(
        &with_theme().edit(BASE, "</body>", &format!("{script}</body>")),
        "address-elsewhere",
        BASE,
        "count.example",
    );
}

#[test]
fn a_frame_is_caught() {
    let site = with_theme().edit(BASE, "</body>", "<iframe title=\"x\" src=\"/other/\"></iframe></body>");
    caught(&site, "frame-or-plugin", BASE, "iframe");
}

#[test]
fn a_layout_that_lost_its_policy_is_caught() {
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"{{ csp | safe }}\">\n";
    let run = with_theme().edit(BASE, policy, "").build().exits(1);
    let errors: Vec<Finding> = findings(&run).into_iter().filter(|one| one.severity == "error").collect();
    assert!(!errors.is_empty());
    assert!(
        errors.iter().all(|one| one.code == "policy-too-loose" && one.help.contains("csp")),
        "{errors:#?}"
    );
}

#[test]
fn a_picture_from_another_host_in_a_page_is_caught() {
    let site =
        Site::small().append("content/en/pages/index.md", "\n![A boat](https://pictures.example/a.png)\n");
    let run = site.build().exits(1);
    let found = findings(&run);
    assert!(found.iter().any(|one| one.file == "content/en/pages/index.md" && one.line > 0), "{found:#?}");
}

#[test]
fn links_pictures_and_data_of_the_site_itself_are_left_alone() {
    let site = with_theme()
        .edit(BASE, "</body>", "<p><a href=\"https://example.org\">x</a></p><!-- <script> --></body>")
        .append(STYLE, "\n/* https://example.org */ .x { background: url(/images/a.svg); }\n");
    site.build().exits(0);
    let report: serde_json::Value =
        serde_json::from_str(&site.read("public/privacy-report.json")).expect("the report is JSON");
    assert_eq!(report["pages_with_questions"].as_array().map(Vec::len), Some(0));
    assert!(report["pages"].as_u64() > Some(3));
    assert!(!site.path("public/privacy-report").exists(), "a site without questions has no page about them");
}

#[test]
fn the_report_names_what_the_shipped_questions_may_ask_and_is_the_same_twice() {
    let site = Site::shipped();
    site.build().exits(0);
    let first = site.read("public/privacy-report.json");
    let report: serde_json::Value = serde_json::from_str(&first).expect("the report is JSON");
    let policies = report["policies"].as_array().expect("a list");
    let strict = policies.iter().find(|one| one["with_questions"] == true).expect("pages with questions");
    for part in [
        "default-src 'none'",
        "connect-src 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ] {
        assert!(strict["policy"].as_str().is_some_and(|policy| policy.contains(part)), "{part}");
    }
    let asks = report["the_questions_may_ask_of_the_browser"].as_array().expect("a list");
    let names: Vec<&str> = asks.iter().filter_map(|one| one["name"].as_str()).collect();
    assert!(names.contains(&"createElement") && !names.contains(&"fetch"), "{names:?}");
    assert!(asks.iter().all(|one| one["does"].as_str().is_some_and(|does| does.contains('{'))));
    for (page, link) in [("/check/", "/privacy-report/"), ("/es/check/", "/es/privacy-report/")] {
        assert!(site.page(page).contains(link), "{page} leads to what was checked");
    }
    let (here, there) = (site.page("/privacy-report/"), site.page("/es/privacy-report/"));
    assert!(here.contains("privacy-report.json"));
    assert!(here.contains("href=\"/es/privacy-report/\"") && there.contains("href=\"/privacy-report/\""));
    assert!(here.contains("hreflang=\"es\" href=\"https://example.org/es/privacy-report/\""));
    std::fs::remove_dir_all(site.path("public")).expect("the output can go");
    site.build().exits(0);
    assert_eq!(site.read("public/privacy-report.json"), first);
}
