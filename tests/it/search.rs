//! Search and the list from A to Z, as files and as the preview serves them. What a reader finds is tried in a browser,
//! in `tests/browser/search.test.mjs`.

use serde_json::Value;
use tests::{Preview, Site, files_below, findings};

const SETTINGS: &str = "content/site.toml";
const GLOSSARY: &str = "content/en/glossary.toml";

fn files(site: &Site) -> Vec<String> {
    files_below(&site.path("public")).into_iter().map(|(path, _)| path).collect()
}

fn entry(site: &Site) -> Value {
    serde_json::from_str(&site.read("public/pagefind/pagefind-entry.json"))
        .expect("the index has a list of languages")
}

/// What stands under a letter of the list from A to Z, in order.
fn names(page: &str, letter: &str) -> Vec<String> {
    let (_, rest) = page.split_once(&format!("\">{letter}</h2>")).unwrap_or_else(|| panic!("no {letter}"));
    let (list, _) = rest.split_once("</ul>").expect("a list follows");
    let words = |line: &str| -> String {
        line.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
    };
    list.split("<li>").skip(1).map(|line| words(line).trim().to_owned()).collect()
}

#[test]
fn each_language_has_its_index_and_its_page() {
    let site = Site::small_in_two_languages();
    site.build().exits(0);
    let made = files(&site);
    for file in
        ["search/index.html", "es/search/index.html", "pagefind/pagefind.js", "pagefind/wasm.en.pagefind"]
    {
        assert!(made.iter().any(|path| path == file), "no {file}: {made:#?}");
    }
    assert!(!made.iter().any(|path| path.contains("-ui.") || path.contains("-worker.")), "{made:#?}");
    let languages = &entry(&site)["languages"];
    for code in ["en", "es"] {
        assert!(languages[code]["page_count"].as_u64() >= Some(4), "{code}: {languages}");
    }
    assert_ne!(languages["en"]["hash"], languages["es"]["hash"]);
}

#[test]
fn a_new_page_and_a_new_word_are_found_and_a_draft_is_not() {
    let count = |site: &Site| {
        site.build().exits(0);
        entry(site)["languages"]["en"]["page_count"].as_u64().expect("a number")
    };
    let before = count(&Site::small());
    let page = "=== content/en/pages/visit/parking.md\n---\ntitle: Where to park\nsummary: Where you can park.\n\
                kind: prepare\nweight: 9\n---\n\nPark behind the house.\n";
    assert_eq!(count(&Site::small().with(page)), before + 1);
    let draft = page.replace("weight: 9", "weight: 9\ndraft: true");
    assert_eq!(count(&Site::small().with(&draft)), before);
    let word = "\n[[term]]\nterm = \"vein\"\nmeaning = \"A vessel that leads blood to the heart.\"\n";
    assert_eq!(count(&Site::small().append(GLOSSARY, word)), before + 1);
}

#[test]
fn search_is_there_unless_the_site_says_otherwise() {
    let with = Site::small().edit(SETTINGS, "search = true\n", "");
    with.build().exits(0);
    assert!(files(&with).iter().any(|path| path == "search/index.html"));
    assert!(with.page("/").contains("href=\"/search/\""));

    let without = Site::small().edit(SETTINGS, "search = true", "search = false");
    without.build().exits(0);
    let made = files(&without);
    assert!(!made.iter().any(|path| path.contains("search") || path.starts_with("pagefind/")), "{made:#?}");
    for page in ["/", "/visit/prepare/", "/a-z/"] {
        let html = without.page(page);
        assert!(!html.contains("/search/") && !html.contains("pagefind/"), "{page} leads to a search");
        assert!(html.contains("href=\"/a-z/\""), "{page} has lost its way to the list");
    }
    assert!(without.read("public/404.html").contains("href=\"/a-z/\""));
}

#[test]
fn the_list_has_pages_words_and_their_other_names_in_order() {
    let words = "also = [\"infusions\"]\nsearch = [\"drip\", \"IV drip\"]\n";
    let site = Site::small().append(GLOSSARY, words);
    site.build().exits(0);
    let list = site.page("/a-z/");
    assert_eq!(names(&list, "D"), ["drip: see infusion"]);
    assert_eq!(names(&list, "I"), ["infusion", "IV drip: see infusion"], "a plural is no other name");
    assert!(names(&list, "G").contains(&"Get ready".to_owned()));
    assert!(list.contains("<a href=\"/glossary/#term-infusion\">infusion</a>"));
    assert!(list.contains("<a href=\"/visit/prepare/\">Get ready</a>"));
    let (_, entries) = list.split_once("class=\"letters\"").expect("a row of letters");
    // What stands at the foot of every page names the page itself.
    let (entries, _) = entries.split_once("<footer").expect("a foot of the page");
    assert!(!entries.contains("/search/") && !entries.contains("/a-z/"), "they are no entries of the list");
    // A word that is only typed is explained nowhere on a page.
    let page = "content/en/pages/visit/prepare.md";
    let site = site.append(page, "\nThe drip takes an hour.\n");
    site.build().exits(0);
    assert!(!site.page("/visit/prepare/").contains("term-infusion"));
}

#[test]
fn spanish_words_stand_where_spanish_readers_look() {
    let words = ["ñandú", "nuez", "óvulo", "oído"]
        .map(|word| format!("[[term]]\nterm = \"{word}\"\nmeaning = \"Una palabra.\"\n\n"));
    let site = Site::small_in_two_languages();
    site.write("content/es/glossary.toml", &words.concat());
    site.build().exits(0);
    let list = site.page("/es/a-z/");
    assert_eq!(names(&list, "N"), ["nuez"]);
    assert_eq!(names(&list, "Ñ"), ["ñandú"]);
    assert_eq!(names(&list, "O"), ["oído", "óvulo"]);
    let letter = |letter: &str| list.find(&format!("\">{letter}</h2>")).expect("a letter");
    assert!(letter("N") < letter("Ñ") && letter("Ñ") < letter("O"));
}

#[test]
fn a_page_cannot_take_the_address_of_the_search() {
    let page = "=== content/en/pages/search.md\n---\ntitle: Looking for something\nsummary: How to look.\nkind: about\n---\n\nLook.\n";
    let run = Site::small().with(page).build().exits(1);
    let errors: Vec<_> = findings(&run).into_iter().filter(|one| one.severity == "error").collect();
    let [one] = errors.as_slice() else { panic!("{errors:#?}") };
    assert_eq!(
        (one.code.as_str(), one.file.as_str(), one.line),
        ("address-twice", "content/en/pages/search.md", 2)
    );
    assert!(one.message.contains("/search/"), "{one:#?}");
    Site::small().with(page).edit(SETTINGS, "search = true", "search = false").build().exits(0);
}

#[test]
fn the_search_page_has_a_policy_of_its_own_and_the_report_names_what_runs_there() {
    let site = Site::small();
    site.build().exits(0);
    let page = site.page("/search/");
    assert!(page.contains("connect-src &#x27;self&#x27;") || page.contains("connect-src 'self'"), "{page}");
    assert!(page.contains("require-trusted-types-for"));
    let headers = site.read("public/_headers");
    let (_, own) = headers.split_once("\n/search/\n").expect("hosts are told of the page");
    assert!(own.lines().take(2).any(|line| line.contains("require-trusted-types-for 'script'")), "{own}");
    let report: Value = serde_json::from_str(&site.read("public/privacy-report.json")).expect("JSON");
    assert_eq!(report["pages_with_search"][0], "search/index.html");
    let programs = report["search_engine"]["sha256"].as_object().expect("a list of programs");
    assert!(
        programs.contains_key("pagefind/pagefind.js") && programs.contains_key("pagefind/wasm.en.pagefind")
    );

    let without = Site::small().edit(SETTINGS, "search = true", "search = false");
    without.build().exits(0);
    let report: Value = serde_json::from_str(&without.read("public/privacy-report.json")).expect("JSON");
    assert!(report.get("search_engine").is_none());
}

#[test]
fn the_preview_searches_what_was_saved_last() {
    let site = Site::small();
    let preview = Preview::start(&site);
    assert_eq!(preview.get("/search/").status, 200);
    let pages = |body: &str| -> Option<u64> {
        let entry: Value = serde_json::from_str(body).ok()?;
        entry["languages"]["en"]["page_count"].as_u64()
    };
    let first = preview.get("/pagefind/pagefind-entry.json");
    assert_eq!(first.status, 200, "{}", first.body);
    assert_eq!(
        preview.get("/pagefind/pagefind.js").header("content-type"),
        Some("text/javascript; charset=utf-8")
    );
    assert_eq!(preview.get("/pagefind/no-such-file").status, 404);
    let before = pages(&first.body).expect("a number of pages");
    site.write(
        "content/en/pages/visit/parking.md",
        "---\ntitle: Where to park\nsummary: Where you can park.\nkind: prepare\nweight: 9\n---\n\nPark behind the house.\n",
    );
    let later =
        preview.get_until("/pagefind/pagefind-entry.json", |answer| pages(&answer.body) > Some(before));
    assert_eq!(pages(&later.body), Some(before + 1));
}
