//! Links, facts, sources and addresses: each mistake with its exact words, beside what is no mistake.

use super::{Piece, link};
use crate::cache::Cache;
use crate::finding::Findings;
use crate::parse::parse;
use crate::source::{SourceFile, SourceTree, line_column};
use jiff::civil::{Date, date};

const SITE: &str = "name = \"Clinic\"\nbase_url = \"https://clinic.example/guide\"\ndefault_language = \"en\"\n\
                    [languages.en]\nname = \"English\"\n[languages.es]\nname = \"Español\"\n";
const TODAY: Date = date(2026, 11, 22);
const FACTS: &str = "[crisis_number]\nen = \"988\"\nes = \"988\"\nhref = \"tel:988\"\n";
const EVIDENCE: &str = "[[source]]\nid = \"T1\"\ntitle = \"A study\"\nwho = \"A group\"\n";

fn page(kind: &str, more: &str, text: &str) -> String {
    format!("---\ntitle: T\nsummary: S.\nkind: {kind}\n{more}---\n\n{text}\n")
}

/// A small site in which `/visit/prepare.md` has the given front matter lines and text.
fn tree(more: &str, text: &str) -> SourceTree {
    let files = [
        ("content/site.toml", SITE.to_owned()),
        ("content/facts.toml", FACTS.to_owned()),
        ("content/evidence.toml", EVIDENCE.to_owned()),
        ("content/en/pages/index.md", page("home", "", "")),
        ("content/en/pages/visit/index.md", page("section", "", "")),
        ("content/en/pages/visit/prepare.md", page("prepare", more, text)),
        ("content/en/pages/visit/aftercare.md", page("aftercare", "", "## At home {#at-home}\n")),
        ("content/en/pages/visit/later.md", page("about", "draft: true\n", "")),
        ("content/en/pages/visit/flu.md", page("about", "publish: 2026-12-01\n", "")),
        ("content/en/pages/visit/heat.md", page("about", "expire: 2026-09-01\n", "")),
        (
            "content/en/pages/visit/today.md",
            page("about", "publish: 2026-11-22\naliases: [/day-of/, /day.html]\n", ""),
        ),
        ("content/es/pages/index.md", page("home", "", "[antes](/visit/prepare.md)")),
    ];
    SourceTree::new(files.map(|(path, text)| SourceFile { path: path.to_owned(), bytes: text.into_bytes() }))
}

fn told(findings: &Findings, sources: &SourceTree) -> Vec<String> {
    findings
        .iter()
        .map(|finding| {
            let place = finding.place.as_ref().expect("BUG: a place");
            let file = sources.file(place.file);
            let (line, _) = line_column(&String::from_utf8_lossy(&file.bytes), place.span.start);
            let name = file.path.rsplit('/').next().unwrap_or_default();
            let help = finding.help.as_deref().unwrap_or_default();
            format!("{name}:{line} {}: {}. {help}", finding.code, finding.message)
        })
        .collect()
}

/// What is told about a text, and the opening tag or words that its first hole gets.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let sources = tree("", text);
    let (parsed, mut findings) = parse(&sources, &Cache::default());
    let (site, more) = link(&sources, parsed, Vec::new(), false, TODAY, &Cache::default());
    findings.extend(more);
    let mut got = told(&findings, &sources);
    if got.is_empty() {
        let page = site.pages.iter().find(|page| page.path == "/visit/prepare.md").expect("BUG: it is there");
        got.extend(site.text(page).inserts.iter().filter_map(|insert| match &insert.piece {
            Piece::Html(html) => Some(html.to_string()),
            _ => None,
        }));
    }
    assert_eq!(got, expected);
}

#[test]
fn links_get_addresses() {
    check("[a](/visit/aftercare.md)", &["<a href=\"/guide/visit/aftercare/\">"]);
    check("[a](aftercare.md#at-home)", &["<a href=\"/guide/visit/aftercare/#at-home\">"]);
    check("[a](../index.md)", &["<a href=\"/guide/\">"]);
    check("[a](tel:911)", &["<a href=\"tel:911\">"]);
    check("[a](https://www.cdc.gov/)", &["<a href=\"https://www.cdc.gov/\" rel=\"noreferrer\">"]);
}

#[test]
fn links_that_lead_nowhere_get_the_nearest_page() {
    check(
        "[a](/visit/aftercar.md)",
        &[
            "prepare.md:7 link-leads-nowhere: There is no page `/visit/aftercar.md`. Did you mean `/visit/aftercare.md`?",
        ],
    );
    check(
        "[a](/aftercare.md)",
        &[
            "prepare.md:7 link-leads-nowhere: There is no page `/aftercare.md`. Did you mean `/visit/aftercare.md`?",
        ],
    );
    check(
        "[a](/visit/aftercare.md#at-hom)",
        &[
            "prepare.md:7 anchor-leads-nowhere: No heading of `/visit/aftercare.md` has the id `at-hom`. Did you mean \
           `at-home`?",
        ],
    );
    check(
        "[a](/visit/aftercare/)",
        &[
            "prepare.md:7 link-written-as-address: `/visit/aftercare/` is the address of a page, not its file. Write \
           `/visit/aftercare.md`",
        ],
    );
    check(
        "[a](/visit/later.md)",
        &[
            "prepare.md:7 link-to-draft: `/visit/later.md` is a draft, so readers of this link would find nothing. \
           Publish that page (take out `draft: true`), or take out the link",
        ],
    );
}

#[test]
fn a_link_to_a_page_that_comes_or_goes_by_itself_is_told_with_the_day() {
    check("[a](/visit/today.md)", &["<a href=\"/guide/visit/today/\">"]);
    check(
        "[a](/visit/flu.md)",
        &[
            "prepare.md:7 link-to-page-to-come: This link leads to `/visit/flu.md`, which appears on 2026-12-01. Until \
             that day readers see no link here. Nothing to do, if that is what you want",
        ],
    );
    check(
        "[a](/visit/heat.md)",
        &[
            "prepare.md:7 link-to-expired-page: This link leads to `/visit/heat.md`, which is gone since 2026-09-01. \
             Readers see no link here. Take it out, or give that page a later `expire`",
        ],
    );
}

#[test]
fn a_link_to_an_old_address_gets_the_page_that_is_there_now() {
    for old in ["/day-of.md", "/day-of/", "/day-of", "../day-of/"] {
        check(
            &format!("[a]({old}#when)"),
            &[&format!(
                "prepare.md:7 link-to-moved-page: `{}` has moved: it is `/visit/today.md` now. Write \
                 `/visit/today.md#when`",
                old
            )],
        );
    }
    check(
        "[a](/day.html)",
        &[
            "prepare.md:7 link-to-moved-page: `/day.html` has moved: it is `/visit/today.md` now. Write `/visit/today.md`",
        ],
    );
}

#[test]
fn facts_and_sources_are_filled_in() {
    check("Call [[crisis_number]].", &["<a href=\"tel:988\">988</a>"]);
    check("[call [[crisis_number]]](/visit/index.md)", &["<a href=\"/guide/visit/\">", "988"]);
    check(
        "So it is [@T1].",
        &["<sup class=\"cite\"><a id=\"cite-1-1\" href=\"#source-1\" aria-label=\"\">1</a></sup>"],
    );
}

#[test]
fn unknown_names_get_the_nearest_one() {
    check(
        "Call [[crisis_numbr]].",
        &["prepare.md:7 unknown-fact: There is no fact called `crisis_numbr`. Did you mean `crisis_number`?"],
    );
    check(
        "So it is [@T2].",
        &["prepare.md:7 unknown-source: There is no source called `T2`. Did you mean `T1`?"],
    );
    check(
        "![A door](/images/door.png)",
        &[
            "prepare.md:7 image-missing: There is no image `/images/door.png`. Put the picture into content/images/ \
           and write `/images/name.png`",
        ],
    );
}

#[test]
fn old_addresses_lead_to_one_page_that_is_not_there_already() {
    let aliases = |written: &str| {
        let sources = tree(&format!("aliases: {written}\n"), "");
        let (parsed, mut findings) = parse(&sources, &Cache::default());
        let (site, more) = link(&sources, parsed, Vec::new(), false, TODAY, &Cache::default());
        findings.extend(more);
        (site.redirects.keys().cloned().collect::<Vec<_>>(), told(&findings, &sources))
    };
    assert_eq!(
        aliases("[/old/, older.html]"),
        (["/day-of/", "/day.html", "/old/", "/older.html"].map(str::to_owned).to_vec(), Vec::new())
    );
    let (_, told) = aliases("[/visit/aftercare/]");
    assert_eq!(
        told,
        [
            "prepare.md:5 alias-is-a-page: `/visit/aftercare/` cannot lead here: the page `/visit/aftercare.md` lives at \
          that address. Take the line out, or move the other page"
        ]
    );
    let (_, told) = aliases("[/visit/prepare/]");
    assert_eq!(
        told,
        [
            "prepare.md:5 alias-is-a-page: `/visit/prepare/` is where this page lives now, so it is no old address of it. \
             Take the line out"
        ]
    );
    let (_, told) = aliases("[/es/feed.xml]");
    assert_eq!(
        told,
        [
            "prepare.md:5 alias-is-a-page: `/es/feed.xml` cannot lead here: this site has a file of that name. Take the \
             line out"
        ]
    );
}

#[test]
fn a_page_that_a_language_lacks_is_linked_in_the_default_language() {
    let sources = tree("", "");
    let (site, findings) =
        link(&sources, parse(&sources, &Cache::default()).0, Vec::new(), false, TODAY, &Cache::default());
    assert!(!findings.has_errors(), "{:?}", told(&findings, &sources));
    let home = site.pages.iter().find(|page| page.url == "/es/").expect("BUG: it is there");
    let link = &site.text(home).inserts.first().expect("BUG: one link").piece;
    assert_eq!(*link, Piece::Html("<a href=\"/guide/visit/prepare/\" hreflang=\"en\">".into()));
    assert_eq!(home.ties.alternates.len(), 2);
}

#[test]
fn two_pages_that_claim_each_others_address_are_told_that_it_goes_round() {
    let mut files: Vec<SourceFile> =
        tree("aliases: [/visit/aftercare/]\n", "").iter().map(|(_, file)| file.clone()).collect();
    let other = page("aftercare", "aliases: [/visit/prepare/]\n", "");
    files.push(SourceFile { path: "content/en/pages/visit/aftercare.md".into(), bytes: other.into_bytes() });
    let sources = SourceTree::new(files);
    let told = told(
        &link(&sources, parse(&sources, &Cache::default()).0, Vec::new(), false, TODAY, &Cache::default()).1,
        &sources,
    );
    assert_eq!(told.len(), 2, "{told:#?}");
    for (file, there, here) in [
        ("prepare", "/visit/aftercare", "/visit/prepare"),
        ("aftercare", "/visit/prepare", "/visit/aftercare"),
    ] {
        let expected = format!(
            "{file}.md:5 alias-is-a-page: `{there}/` and `{here}/` would lead to each other for ever: \
             content/en/pages{there}.md lives at the one and claims the other. Decide which page has moved, and take the \
             line out of the other"
        );
        assert!(told.contains(&expected), "{expected}\n{told:#?}");
    }
}
