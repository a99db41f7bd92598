//! Forty mistakes that authors of static sites really make, one by one in a site that was published before: 37 are refused
//! with the file and the line, 3 are no mistakes here and simply work, and what readers see stays as it was.
//!
//! The same list was put to other generators; `docs/comparison.md` says what they answered.

use std::collections::BTreeMap;
use std::fs;

use tests::{Finding, Site, files_below, findings};

const A: &str = "content/en/pages/visit/prepare.md";
const B: &str = "content/en/pages/visit/aftercare.md";
const C: &str = "content/en/pages/get-help.md";
const LAYOUT: &str = "themes/harbor/layouts/page.html";
const SETTINGS: &str = "content/site.toml";

/// What must come of a mistake.
enum Expected {
    /// A finding at each of these: a file, and a text that stands on its line (empty: any line).
    Refused(&'static [(&'static str, &'static str)]),
    /// The program cannot even begin; it names the file.
    Named(&'static str),
    /// A build that is fine.
    Works,
}
use Expected::{Named, Refused, Works};

struct Case {
    name: &'static str,
    make: fn(&Site),
    expected: Expected,
}

fn swap(site: &Site, file: &str, old: &str, new: &str) {
    let text = site.read(file);
    assert!(text.contains(old), "{file} should hold {old:?}");
    site.write(file, &text.replacen(old, new, 1));
}

fn add(site: &Site, file: &str, more: &str) {
    site.write(file, &format!("{}{more}", site.read(file)));
}

fn add_bytes(site: &Site, file: &str, more: &[u8]) {
    let mut bytes = fs::read(site.path(file)).expect("a file");
    bytes.extend_from_slice(more);
    site.write_bytes(file, &bytes);
}

fn link(site: &Site, to: &str, name: &str) {
    #[cfg(unix)]
    std::os::unix::fs::symlink(to, site.path(name)).expect("a link");
    #[cfg(not(unix))]
    let _ = (site, to, name);
}

const CASES: [Case; 40] = [
    Case {
        name: "front matter that is no YAML",
        make: |site| swap(site, A, "summary: What", "summary: \"What\" is"),
        expected: Refused(&[(A, "summary:")]),
    },
    Case {
        name: "a quote that is never closed",
        make: |site| swap(site, A, "title: Get ready", "title: \"Get ready"),
        expected: Refused(&[(A, "title:")]),
    },
    Case {
        name: "front matter that never ends",
        make: |site| swap(site, A, "\n---\n\n", "\n\n"),
        expected: Refused(&[(A, "---")]),
    },
    Case {
        name: "a word where a number belongs",
        make: |site| swap(site, A, "weight: 1", "weight: heavy"),
        expected: Refused(&[(A, "weight:")]),
    },
    Case {
        name: "a day that is not in the calendar",
        make: |site| swap(site, A, "weight: 1", "publish: 2024-13-45"),
        expected: Refused(&[(A, "publish:")]),
    },
    Case {
        name: "a key that is misspelt",
        make: |site| swap(site, A, "title:", "titel:"),
        expected: Refused(&[(A, "titel:")]),
    },
    Case {
        name: "a list of topics that nobody knows",
        make: |site| swap(site, A, "weight: 1", "tagz: [rest]"),
        expected: Refused(&[(A, "tagz:")]),
    },
    Case {
        name: "a link to a page that is not there",
        make: |site| add(site, A, "\nSee [other](/visit/prepair.md).\n"),
        expected: Refused(&[(A, "prepair")]),
    },
    Case {
        name: "a link to a heading of another page that is not there",
        make: |site| add(site, A, "\nSee [other](/visit/aftercare.md#at-hom).\n"),
        expected: Refused(&[(A, "at-hom")]),
    },
    Case {
        name: "a link to a heading of the same page that is not there",
        make: |site| add(site, A, "\nSee [above](#the-day).\n"),
        expected: Refused(&[(A, "(#the-day)")]),
    },
    Case {
        name: "a link to an address that is not there",
        make: |site| add(site, A, "\nSee [other](/conditions/no-such-page/).\n"),
        expected: Refused(&[(A, "no-such-page")]),
    },
    Case {
        name: "a picture that is not there",
        make: |site| add(site, A, "\n![A map of the house](/images/map.png)\n"),
        expected: Refused(&[(A, "map.png")]),
    },
    Case {
        name: "a footnote that is not there",
        make: |site| add(site, A, "\nA claim with no source.[^9]\n"),
        expected: Refused(&[(A, "[^9]")]),
    },
    Case {
        name: "a box that nobody knows",
        make: |site| add(site, A, "\n:::calout Note\nCall us.\n:::\n"),
        expected: Refused(&[(A, ":::calout")]),
    },
    Case {
        name: "a box that never ends",
        make: |site| add(site, A, "\n:::details More\nCall us.\n"),
        expected: Refused(&[(A, ":::details")]),
    },
    Case {
        name: "a template with a sign missing",
        make: |site| swap(site, LAYOUT, "{%- if page.summary %}", "{%- if page.summary }"),
        expected: Refused(&[(LAYOUT, "")]),
    },
    Case {
        name: "a template with a wrong word",
        make: |site| swap(site, LAYOUT, "<h1>", "{% for x on page.children %}{% endfor %}<h1>"),
        expected: Refused(&[(LAYOUT, "for x on")]),
    },
    Case {
        name: "a template that asks for what is not there",
        make: |site| swap(site, LAYOUT, "{{ page.title }}", "{{ page.titel }}"),
        expected: Refused(&[(LAYOUT, "page.titel")]),
    },
    Case {
        name: "a template that asks for a filter that is not there",
        make: |site| swap(site, LAYOUT, "{{ page.title }}", "{{ page.title | titlecase }}"),
        expected: Refused(&[(LAYOUT, "titlecase")]),
    },
    Case {
        name: "a kind of page that has no template",
        make: |site| swap(site, A, "kind: prepare", "kind: pgae"),
        expected: Refused(&[(A, "kind:")]),
    },
    Case {
        name: "a template that fails on one page only",
        make: |site| {
            let fails = "{% if page.title == \"Get ready\" %}{{ page.title | round }}{% endif %}<h1>";
            swap(site, LAYOUT, "<h1>", fails);
        },
        expected: Refused(&[(LAYOUT, "| round")]),
    },
    Case {
        name: "a text in the encoding of old Windows",
        make: |site| add_bytes(site, A, b"\nM\xe9ni\xe8re disease caf\xe9\n"),
        expected: Refused(&[(A, "")]),
    },
    Case {
        name: "front matter in the encoding of old Windows",
        make: |site| {
            let text = site.read(A).replacen("Get ready", "M@ni@re", 1);
            let bytes: Vec<u8> = text.bytes().map(|byte| if byte == b'@' { 0xe9 } else { byte }).collect();
            site.write_bytes(A, &bytes);
        },
        expected: Refused(&[(A, "")]),
    },
    Case {
        name: "a page saved as UTF-16",
        make: |site| {
            let units = std::iter::once(0xfeff).chain(site.read(A).encode_utf16().collect::<Vec<_>>());
            let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
            site.write_bytes(A, &bytes);
        },
        expected: Refused(&[(A, "")]),
    },
    Case {
        name: "a page saved by an editor of Windows",
        make: |site| {
            let text = format!("\u{feff}{}", site.read(A).replace('\n', "\r\n"));
            site.write(A, &text);
        },
        expected: Works,
    },
    Case {
        name: "two pages with one address",
        make: |site| {
            site.write("content/en/pages/visit/prepare/index.md", &site.read(A).replace("{#", "{#x-"))
        },
        expected: Refused(&[("content/en/pages/visit/prepare/index.md", "")]),
    },
    Case {
        name: "one old address for two pages",
        make: |site| {
            swap(site, A, "weight: 1", "aliases: [/old/page/]");
            swap(site, B, "weight: 2", "aliases: [/old/page/]");
        },
        expected: Refused(&[(A, "aliases:")]),
    },
    Case {
        name: "an old address that is the address of a page",
        make: |site| swap(site, A, "weight: 1", "aliases: [/visit/aftercare/]"),
        expected: Refused(&[(A, "aliases:")]),
    },
    Case {
        name: "a link of the file system that leads in a circle",
        make: |site| link(site, "..", "content/en/pages/visit/loop"),
        expected: Refused(&[("content/en/pages/visit/loop", "")]),
    },
    Case {
        name: "a link of the file system that leads nowhere",
        make: |site| link(site, "/nonexistent/file.md", "content/en/pages/visit/gone.md"),
        expected: Refused(&[("content/en/pages/visit/gone.md", "")]),
    },
    Case {
        name: "a folder without its own page",
        make: |site| {
            fs::remove_file(site.path("content/en/pages/visit/index.md")).expect("it is there");
            swap(site, SETTINGS, "[[nav]]\npage = \"/visit/index.md\"\n", "");
        },
        expected: Refused(&[(B, "")]),
    },
    Case {
        name: "settings with a quote that is never closed",
        make: |site| swap(site, SETTINGS, "name = \"River Clinic\"", "name = \"River Clinic"),
        expected: Refused(&[(SETTINGS, "River Clinic")]),
    },
    Case {
        name: "settings with a key that is misspelt",
        make: |site| swap(site, SETTINGS, "base_url", "base_ulr"),
        expected: Refused(&[(SETTINGS, "base_ulr")]),
    },
    Case {
        name: "settings that are not there",
        make: |site| fs::remove_file(site.path(SETTINGS)).expect("it is there"),
        expected: Named("content/site.toml"),
    },
    Case {
        name: "an empty file",
        make: |site| site.write("content/en/pages/visit/empty.md", ""),
        expected: Refused(&[("content/en/pages/visit/empty.md", "")]),
    },
    Case {
        name: "a page without front matter",
        make: |site| site.write("content/en/pages/visit/plain.md", "# Plain\n\nNo front matter here.\n"),
        expected: Refused(&[("content/en/pages/visit/plain.md", "# Plain")]),
    },
    Case {
        name: "a file with an odd name",
        make: |site| {
            site.write(
                "content/en/pages/visit/what is   A&E? 100% été.md",
                &site.read(A).replace("{#", "{#x-"),
            );
        },
        expected: Works,
    },
    Case {
        name: "a page for a day that is far away",
        make: |site| swap(site, A, "weight: 1", "publish: 2099-01-01"),
        expected: Works,
    },
    Case {
        name: "three mistakes in three files",
        make: |site| {
            swap(site, A, "summary: What", "summary: \"What\" is");
            add(site, B, "\nSee [other](/visit/none.md).\n");
            add(site, C, "\nSee [other](/visit/none2.md).\n");
        },
        expected: Refused(&[(A, "summary:"), (B, "none.md"), (C, "none2.md")]),
    },
    Case {
        name: "headings, pictures and links that nobody can follow",
        make: |site| {
            add(
                site,
                A,
                "\n##### Skipped level\n\n# Second title\n\n![](/images/x.svg)\n\n[click here](/visit/aftercare.md)\n",
            );
            site.write(
                "content/images/x.svg",
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>",
            );
        },
        expected: Refused(&[(A, "##### Skipped"), (A, "# Second"), (A, "![]"), (A, "[click here]")]),
    },
];

fn published(site: &Site) -> BTreeMap<String, Vec<u8>> {
    files_below(&site.path("public")).into_iter().collect()
}

fn site() -> Site {
    let site = Site::small();
    tests::copy_folder(&tests::repository().join("themes/harbor"), &site.path("themes/harbor"));
    site
}

/// What is missing from the answer to a mistake; nothing where all is as it should be.
fn missing(case: &Case) -> Option<String> {
    let site = site();
    site.build().exits(0);
    let before = published(&site);
    (case.make)(&site);
    let run = site.build();
    if let Works = case.expected {
        return (run.code != 0).then(|| format!("exit {}", run.code));
    }
    if published(&site) != before {
        return Some("the published site changed".to_owned());
    }
    let places = match case.expected {
        Named(file) => {
            let named = run.code == 2 && run.stderr.contains(file);
            return (!named).then(|| format!("exit {}: {}", run.code, run.stderr));
        }
        Refused(places) => places,
        Works => return None,
    };
    if run.code != 1 {
        return Some(format!("exit {}", run.code));
    }
    let found = findings(&run);
    let told = |(file, text): &(&str, &str)| {
        let lines = String::from_utf8_lossy(&fs::read(site.path(file)).unwrap_or_default()).into_owned();
        let line = |finding: &Finding| {
            lines.lines().nth(finding.line.saturating_sub(1) as usize).unwrap_or_default().to_owned()
        };
        found.iter().any(|finding| {
            finding.severity != "note"
                && finding.file == *file
                && finding.line > 0
                && line(finding).contains(text)
        })
    };
    let untold: Vec<_> = places.iter().filter(|place| !told(place)).collect();
    let said: Vec<String> = found
        .iter()
        .filter(|finding| finding.severity != "note")
        .map(|finding| format!("{}:{} {}", finding.file, finding.line, finding.message))
        .collect();
    (!untold.is_empty()).then(|| format!("nothing is said at {untold:?}; found {said:#?}"))
}

#[test]
fn mistakes_are_refused_with_file_and_line_and_readers_see_nothing_of_them() {
    let refused = CASES.iter().filter(|case| !matches!(case.expected, Works)).count();
    assert_eq!((CASES.len(), refused), (40, 37));
    let missed: Vec<(&str, String)> =
        CASES.iter().filter_map(|case| Some((case.name, missing(case)?))).collect();
    assert!(missed.is_empty(), "not as they should be: {missed:#?}");
}

/// So that the test above can fail: a site without a mistake is not refused, and one with it is not accepted.
#[test]
fn the_judge_of_the_mistakes_sees_both_kinds_of_wrong_answer() {
    let nothing = Case { name: "nothing", make: |_| {}, expected: Refused(&[(A, "")]) };
    assert!(missing(&nothing).is_some());
    let accepted =
        Case { name: "a bad link", make: |site| add(site, A, "\n[x y](/no.md)\n"), expected: Works };
    assert!(missing(&accepted).is_some());
    let elsewhere = Case {
        name: "another line",
        make: |site| add(site, A, "\nSee [the other](/no.md).\n"),
        expected: Refused(&[(A, "title:")]),
    };
    assert!(missing(&elsewhere).is_some());
}
