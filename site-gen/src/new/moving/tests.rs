use super::*;
use crate::source::SourceFile;

/// Brings over a site and says what became of it: each file that is named, and the remarks.
fn carried(files: &[(&str, &str)]) -> Moved {
    carry(&SourceTree::new(
        files
            .iter()
            .map(|(path, text)| SourceFile { path: (*path).to_owned(), bytes: text.as_bytes().to_vec() }),
    ))
}

fn file(moved: &Moved, path: &str) -> String {
    let found = moved.files.iter().find(|(name, _)| name == path);
    let names: Vec<&String> = moved.files.iter().map(|(name, _)| name).collect();
    let (_, bytes) = found.unwrap_or_else(|| panic!("no {path} in {names:?}"));
    String::from_utf8(bytes.clone()).expect("text")
}

fn remarks(moved: &Moved) -> Vec<String> {
    moved.remarks.iter().map(|remark| format!("{}:{} {}", remark.file, remark.line, remark.say)).collect()
}

#[test]
fn a_page_of_zola_keeps_what_both_sides_know() {
    let moved = carried(&[
        ("config.toml", "base_url = \"https://old.example\"\ntitle = \"Old: guide\"\n"),
        ("content/_index.md", "+++\ntitle = \"Home\"\n+++\nWelcome.\n"),
        ("content/risks/_index.md", "+++\ntitle = \"Risks\"\nweight = 2\nsort_by = \"weight\"\n+++\n"),
        (
            "content/risks/2024-05-01-Bladder.md",
            "+++\ntitle = \"Bladder: what we know\"\ndescription = \"What is known.\"\ndate = 2024-05-01\ndraft = true\n\
             aliases = [\"old/bladder\"]\n[taxonomies]\ntags = [\"Long Term\"]\n+++\n# Bladder: what we know\n\nSee \
             [the risks](@/risks/_index.md#a) and [home](/).\n",
        ),
    ]);
    assert_eq!(
        file(&moved, "en/pages/risks/bladder.md"),
        "---\ntitle: \"Bladder: what we know\"\nsummary: What is known.\nkind: risk\ntags: [long-term]\naliases: \
         [\"/old/bladder/\"]\ndraft: true\npublish: 2024-05-01\n---\n\nSee [the risks](/risks/index.md#a) and [home](/index.md).\n"
    );
    assert_eq!(file(&moved, "en/pages/risks/index.md"), "---\ntitle: Risks\nkind: section\nweight: 2\n---\n");
    assert_eq!(file(&moved, "en/tags.toml"), "[long-term]\ntitle = \"Long Term\"\n");
    let settings = file(&moved, "site.toml");
    assert!(settings.contains("name = \"Old: guide\"\nbase_url = \"https://old.example\"\n"), "{settings}");
    assert!(
        settings.contains("[[nav]]\npage = \"/risks/index.md\"\n") && !settings.contains("bladder"),
        "{settings}"
    );
    assert_eq!((moved.pages, remarks(&moved)), (3, vec![]));
}

#[test]
fn a_page_of_hugo_keeps_what_both_sides_know() {
    let moved = carried(&[
        ("hugo.yaml", "baseURL: https://old.example/\ntitle: Old\n"),
        (
            "content/care/before.md",
            "---\ntitle: Before you come\nlinkTitle: Before\ndate: 2024-05-01T10:00:00Z\npublishDate: 2030-01-02\ntags: \
             [eating]\ncategories: [eating, Rides]\nslug: get-ready\n---\n{{< figure src=\"cup.png\" alt=\"A cup\" >}}\n\
             Read [this]({{< ref \"after.md#drive\" >}}).\n\n[after]: after.md\n",
        ),
        ("content/care/after.md", "---\ntitle: Afterwards\n---\n```\n[code](after.md) {{< x >}}\n```\n"),
        ("content/care/cup.png", "picture"),
        ("static/img/door.svg", "picture"),
    ]);
    assert_eq!(
        file(&moved, "en/pages/care/get-ready.md"),
        "---\ntitle: Before you come\nnav_title: Before\nkind: about\ntags: [eating, rides]\npublish: 2030-01-02\n---\n\
         ![A cup](/images/care/cup.png)\nRead [this](/care/after.md#drive).\n\n[after]: /care/after.md\n"
    );
    // Code is shown as it is.
    assert!(file(&moved, "en/pages/care/after.md").ends_with("```\n[code](after.md) {{< x >}}\n```\n"));
    // Hugo lists a folder by itself; here somebody can write the page.
    assert_eq!(file(&moved, "en/pages/care/index.md"), "---\ntitle: Care\nkind: section\n---\n");
    assert_eq!(file(&moved, "en/pages/index.md"), "---\ntitle: Old\nkind: home\n---\n");
    assert_eq!(
        (file(&moved, "images/care/cup.png"), file(&moved, "images/img/door.svg")),
        ("picture".into(), "picture".into())
    );
    assert_eq!((moved.pages, moved.pictures, remarks(&moved)), (2, 2, vec![]));
}

#[test]
fn languages_stand_in_their_own_rooms() {
    let moved = carried(&[
        ("config.toml", "default_language = \"en\"\n[languages.es]\n"),
        ("content/about.md", "+++\ntitle = \"About\"\n+++\n"),
        ("content/about.es.md", "+++\ntitle = \"Sobre\"\n+++\n"),
        ("content/es/costs.md", "+++\ntitle = \"Costos\"\n+++\n"),
        ("content/v1.2.md", "+++\ntitle = \"Version\"\n+++\n"),
    ]);
    assert_eq!(moved.languages, ["en", "es"]);
    for (path, title) in [
        ("en/pages/about.md", "About"),
        ("es/pages/about.md", "Sobre"),
        ("es/pages/costs.md", "Costos"),
        ("en/pages/v1-2.md", "Version"),
    ] {
        assert!(file(&moved, path).starts_with(&format!("---\ntitle: {title}\n")), "{path}");
    }
}

#[test]
fn what_cannot_come_over_is_told_with_its_line() {
    let moved = carried(&[
        ("config.toml", "title = \"x\""),
        ("content/a.md", "+++\ntitle = \"A\"\n[extra]\nhero = true\n+++\n\nLook: {{ youtube(id=\"x\") }}\n"),
        ("content/b.md", "No lines at the top\n"),
        ("content/c.md", "+++\ndate = 2024-05-01\npath = \"a\"\n+++\n"),
        ("static/paper.pdf", "x"),
    ]);
    let told = remarks(&moved);
    let expected = [
        "content/a.md:3 `extra` is left out",
        "content/a.md:7 `youtube` is a shortcode of the old site",
        "content/b.md:1 The lines at the top of this page cannot be read",
        "content/c.md:1 Another page has the address /a/ already",
        "static/paper.pdf:1 This file is no page and no picture",
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told}");
    }
    assert!(file(&moved, "en/pages/a.md").contains("Look: <!-- {{ youtube(id=\"x\") }} -->\n"));
    assert_eq!(moved.pages, 1);
}

#[test]
fn a_text_is_quoted_where_it_would_mean_something_else() {
    for (text, expected) in
        [("What to expect", "What to expect"), ("Costs: what we ask", "\"Costs: what we ask\"")]
    {
        assert_eq!(front::quoted(text), expected);
    }
    for text in ["no", "# a", "- b", "3", "say \"x\"", "a ", "[a]", "*a*"] {
        assert!(front::quoted(text).starts_with('"'), "{text}");
    }
}
