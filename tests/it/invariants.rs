//! Safety invariants that no promise of safety.toml can state, because they are about pages and words. `docs/proof.md`
//! lists all of them with what holds each.

use tests::{Site, findings};

const CHECKER: &str = "content/checkers/ketamine/checker.toml";

fn shipped() -> Site {
    Site::shipped().edit("content/site.toml", "compress = true", "compress = false")
}

/// checker.toml with the options of every question in the opposite order.
fn turned(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\noptions = [") {
        let start = at + "\noptions = [".len();
        let end = start + rest[start..].find(']').expect("a list ends");
        let mut options: Vec<&str> =
            rest[start..end].split(',').map(str::trim).filter(|option| !option.is_empty()).collect();
        options.reverse();
        out.push_str(&rest[..start]);
        out.push_str(&options.join(", "));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[test]
fn the_order_of_options_changes_no_result() {
    assert_eq!(turned("a\noptions = [\n  \"b\",\n  \"c\",\n]\n"), "a\noptions = [\"c\", \"b\"]\n");
    let counts = |site: &Site| {
        let json = site.run(&["verify", "--format", "json"]).exits(0).json();
        let report = if json.is_array() { json[0].clone() } else { json };
        (report["answer_sets"].clone(), report["outcomes"].clone(), report["refuted"].clone())
    };
    let site = shipped();
    let before = counts(&site);
    let text = site.read(CHECKER);
    site.write(CHECKER, &turned(&text));
    assert_ne!(site.read(CHECKER), text);
    // Every worked patient is run again by `check`, and every outcome keeps its number of answer sets.
    let errors: Vec<_> =
        findings(&site.check()).into_iter().filter(|found| found.severity == "error").collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(counts(&site), before);
}

#[test]
fn every_result_names_help_and_says_what_it_is_not() {
    let site = shipped();
    site.build().exits(0);
    for (path, not_a_diagnosis, medicine, day) in [
        ("/check/", "This is not a diagnosis", "Do not stop any medicine on your own", "November 22, 2026"),
        (
            "/es/check/",
            "Esto no es un diagnóstico",
            "No deje ninguna medicina por su cuenta",
            "22 de noviembre de 2026",
        ),
    ] {
        let html = site.page(path);
        let between = |start: &str, end: &str| {
            let from = html.find(start).unwrap_or_else(|| panic!("{path} has no {start}"));
            html[from..].split(end).next().expect("BUG: split gives a piece").to_owned()
        };
        // The part below every live result, on the screen and in print, and the foot of the list without a script.
        let live = between("<template data-part=\"foot\">", "</template>");
        let paper = between("<div class=\"paper-foot\">", "</div>");
        for (name, part) in [("live", &live), ("paper", &paper)] {
            for wanted in
                ["tel:911", "tel:988", not_a_diagnosis, medicine, "1.0.0", "datetime=\"2026-11-22\"", day]
            {
                assert!(part.contains(wanted), "{path}: the foot ({name}) lacks {wanted:?}: {part}");
            }
        }
        for outcome in ["emergency", "crisis"] {
            let part = between(&format!("<template data-part=\"outcome-{outcome}\">"), "</template>");
            assert!(part.contains("tel:911") && part.contains("tel:988"), "{path}: {outcome}: {part}");
        }
        for outcome in ["emergency", "crisis", "not-now", "not-listed", "clearance", "consult"] {
            assert!(
                html.contains(&format!("<template data-part=\"outcome-{outcome}\">")),
                "{path} lacks {outcome}"
            );
            assert!(html.contains(&format!("paper-outcome--{outcome}")), "{path} lacks {outcome} on paper");
        }
    }
}

#[test]
fn a_page_about_a_condition_says_how_strong_the_proof_is() {
    // The list of conditions is written by hand. The one that the program would write is looked at as well.
    let site = shipped().edit("content/en/pages/conditions/index.md", "list: false\n", "");
    site.build().exits(0);
    let interface: toml::Table =
        site.read("content/en/interface.toml").parse().expect("interface.toml is TOML");
    let mut seen = 0;
    for (path, bytes) in tests::files_below(&site.path("content/en/pages/conditions")) {
        let text = String::from_utf8(bytes).expect("pages are text");
        let Some(grade) = text.lines().find_map(|line| line.strip_prefix("grade: ")) else {
            assert!(!text.contains("kind: condition"), "{path} has no grade");
            continue;
        };
        seen += 1;
        let words = interface[&format!("grade_{}", grade.to_lowercase())].as_str().expect("a text");
        let name = path.trim_end_matches(".md");
        let page = site.page(&format!("/conditions/{name}/"));
        let opening =
            page.split("<header class=\"opening\">").nth(1).and_then(|rest| rest.split("</header>").next());
        assert!(
            opening.is_some_and(|opening| opening.contains(words)),
            "{path} does not open with {words:?}"
        );
        // And in the list that leads to it.
        let list = site.page("/conditions/");
        let link = format!("<a href=\"/conditions/{name}/\">");
        let mut entries = list.split(&link).skip(1).filter_map(|rest| rest.split("</li>").next());
        assert!(entries.any(|entry| entry.contains(words)), "{path} in the list");
    }
    assert!(seen >= 5, "only {seen} pages about conditions");
    // Left out, it is told.
    let told = |site: &Site| {
        findings(&site.check()).iter().filter(|found| found.code == "condition-without-grade").count()
    };
    assert_eq!(told(&site), 0);
    assert_eq!(told(&site.edit("content/en/pages/conditions/crps.md", "grade: C\n", "")), 1);
}
