//! Starting points: each can be published once what only its author knows is written.

use tests::{Finding, Site, findings};

/// The kinds, and the codes of what is still to be written on each of them.
const KINDS: [(&str, &[&str]); 11] = [
    ("condition", &["page-without-sources"]),
    ("treatment", &["page-without-sources"]),
    ("risk", &["page-without-sources"]),
    ("prepare", &[]),
    ("aftercare", &[]),
    ("cost", &[]),
    ("faq", &[]),
    ("about", &[]),
    ("section", &[]),
    ("home", &["kind-in-wrong-place"]),
    ("checker", &[]),
];

/// A site with a questionnaire, in two languages.
fn site() -> Site {
    Site::shipped()
}

fn errors(site: &Site) -> Vec<Finding> {
    findings(&site.check()).into_iter().filter(|finding| finding.severity == "error").collect()
}

#[test]
fn a_page_of_each_kind_needs_only_what_its_author_knows() {
    let kinds = site().run(&["new", "page", "visit/x", "--kind", "nothing-like-it"]).exits(2).stderr;
    for (kind, missing) in KINDS {
        assert!(kinds.contains(kind), "{kind} is not offered: {kinds}");
        let site = site();
        site.run(&["new", "page", "visit/side-door", "--kind", kind]).exits(0);
        let file = match kind {
            "section" => "content/en/pages/visit/side-door/index.md",
            _ => "content/en/pages/visit/side-door.md",
        };
        let text = site.read(file);
        assert!(text.contains("title: Side door\n") && text.contains("draft: true\n"), "{kind}: {text}");
        // A tip is a remark, so a forgotten one reaches no reader.
        assert!(kind == "prepare" || text.contains("<!-- Tip: ") || text.contains("## "), "{kind}: {text}");
        site.write(file, &text.replace("draft: true\n", ""));
        let errors = errors(&site);
        let codes: Vec<&str> = errors.iter().map(|error| error.code.as_str()).collect();
        assert_eq!(codes, missing, "{kind}: {errors:#?}");
        assert!(errors.iter().all(|error| error.file == file), "{kind}: {errors:#?}");
    }
}

#[test]
fn a_page_without_a_starting_point_is_refused() {
    let site = site();
    for (arguments, says) in [
        (["new", "page", "visit/x", "--kind", "novel"], "condition"),
        (["new", "page", "Visit/My Page", "--kind", "faq"], "lower-case"),
        (["new", "page", "visit/prepare", "--kind", "faq"], "exists already"),
    ] {
        let run = site.run(&arguments);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(says), "{run:?}");
    }
}

#[test]
fn a_new_site_builds_at_once_and_names_its_empty_slots() {
    let root = Site::empty();
    let said = root.run(&["new", "site", "clinic"]).exits(0);
    assert_eq!(said.stdout.trim(), "clinic");
    for slot in ["name, phone, address, hours, email", "clinic/content/site.toml", "clinic/content/README.md"]
    {
        assert!(said.stderr.contains(slot), "{slot}: {}", said.stderr);
    }
    root.run(&["build", "-r", "clinic", "--today", tests::TODAY]).exits(0);
    assert!(root.path("clinic/public/index.html").exists());
    let again = root.run(&["new", "site", "clinic"]);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.stderr.contains("not empty"), "{again:?}");
}
