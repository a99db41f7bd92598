//! Everything that clinics' pages claim, name or leave out has a place on this site, or a reason why not:
//! `tests/coverage.toml`, and `docs/coverage.md` made from it.
//!
//! Write that page again with `GOLDEN=write cargo test -p tests coverage`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use tests::{Site, findings, read, repository};
use toml::{Table, Value};

const LIST: &str = "tests/coverage.toml";
const PAGE: &str = "docs/coverage.md";
const PROBE: &str = "content/en/pages/about/coverage-probe.md";

/// What a row says of its place.
enum Treated {
    /// `/page.md#heading`, or the id of a claim.
    At(Vec<String>),
    LeftOut(String),
}

struct Row {
    id: String,
    topic: String,
    treated: Treated,
}

/// The parts of the list in their order, with their titles for readers.
const PARTS: [(&str, &str); 4] = [
    ("facts", "What clinics' pages claim"),
    ("conditions", "Conditions they name"),
    ("conflicts", "Where they contradict each other or the evidence"),
    ("missing", "What they leave out"),
];

fn rows(list: &Table, part: &str) -> Vec<Row> {
    let table = list.get(part).and_then(Value::as_table).unwrap_or_else(|| panic!("{LIST} has no [{part}]"));
    let row = |(id, value): (&String, &Value)| {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let at = value.get("at").and_then(Value::as_array);
        let at = at.map(|at| at.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>());
        let treated = match (at, text("left-out")) {
            (Some(at), None) if !at.is_empty() => Treated::At(at),
            (None, Some(reason)) if reason.len() > 20 => Treated::LeftOut(reason),
            _ => panic!("{LIST}: {id} needs either `at` with a place or `left-out` with a reason"),
        };
        let topic = text("topic").filter(|topic| !topic.is_empty());
        Row { id: id.clone(), topic: topic.unwrap_or_else(|| panic!("{LIST}: {id} has no topic")), treated }
    };
    table.iter().map(row).collect()
}

/// The list as it stands. A name that stands twice is refused by TOML itself.
fn list() -> Vec<(&'static str, Vec<Row>)> {
    let list: Table = read(&repository().join(LIST)).parse().expect("a table");
    assert_eq!(list.len(), PARTS.len(), "{LIST} has other parts than {PARTS:?}");
    PARTS.iter().map(|(part, title)| (*title, rows(&list, part))).collect()
}

/// Every id that the list has to hold. Two claims of the third page were split in two.
fn expected() -> BTreeSet<String> {
    let run = |prefix: &str, last: u32| (1..=last).map(|n| format!("{prefix}-{n:02}")).collect::<Vec<_>>();
    let mut all: BTreeSet<String> =
        [("S0", 38), ("S1", 33), ("S2", 29), ("S3", 54), ("S4", 35), ("C", 36), ("K", 30), ("M", 14)]
            .iter()
            .flat_map(|(prefix, last)| run(prefix, *last))
            .collect();
    for split in ["S2-21", "S2-25"] {
        assert!(all.remove(split));
        all.extend([format!("{split}a"), format!("{split}b")]);
    }
    all
}

/// What the program's own check of links and sources says against these places.
fn faults(places: &BTreeSet<String>) -> Vec<String> {
    let mut page =
        "---\ntitle: Probe\nsummary: Links to every place of the list.\nkind: about\n---\n".to_owned();
    for place in places {
        match place.strip_prefix('/') {
            Some(_) => writeln!(page, "\n- [Place {place}]({place})"),
            None => writeln!(page, "\n- Claim {place} [@{place}]"),
        }
        .expect("BUG: a text can be written to");
    }
    let site = Site::shipped();
    site.write(PROBE, &page);
    findings(&site.check())
        .into_iter()
        .filter(|finding| finding.file == PROBE)
        .filter(|finding| {
            ["link-leads-nowhere", "anchor-leads-nowhere", "unknown-source"].contains(&finding.code.as_str())
        })
        .map(|finding| finding.message)
        .collect()
}

/// The page for people.
fn page(parts: &[(&str, Vec<Row>)]) -> String {
    let mut page = format!(
        "# What is treated where\n\nMade from `{LIST}` by `tests/it/coverage.rs`; write it again with \
         `GOLDEN=write cargo test -p tests coverage`.\n\nA row names a claim by its topic. What the site says \
         about it stands at the place named, and often it is the opposite.\n"
    );
    for (title, rows) in parts {
        let left_out = rows.iter().filter(|row| matches!(row.treated, Treated::LeftOut(_))).count();
        let treated = rows.len() - left_out;
        write!(
            page,
            "\n## {title}\n\n{treated} treated, {left_out} left out.\n\n| | Topic | Where |\n|---|---|---|\n"
        )
        .expect("BUG: a text can be written to");
        for row in rows {
            let place = match &row.treated {
                Treated::At(at) => at.iter().map(|place| format!("`{place}`")).collect::<Vec<_>>().join(", "),
                Treated::LeftOut(reason) => format!("Left out: {reason}"),
            };
            writeln!(page, "| {} | {} | {place} |", row.id, row.topic)
                .expect("BUG: a text can be written to");
        }
    }
    page
}

#[test]
fn coverage_names_every_row_once_and_every_place_is_there() {
    let parts = list();
    let rows = || parts.iter().flat_map(|(_, rows)| rows);
    let ids: BTreeSet<String> = rows().map(|row| row.id.clone()).collect();
    assert_eq!(ids, expected(), "{LIST} has other rows than it should");
    assert_eq!(ids.len(), rows().count(), "{LIST} names a row in two parts");
    let places: BTreeSet<String> = rows()
        .filter_map(|row| match &row.treated {
            Treated::At(at) => Some(at),
            Treated::LeftOut(_) => None,
        })
        .flatten()
        .cloned()
        .collect();
    for place in &places {
        let is_claim = place.starts_with("EV-");
        assert!(
            is_claim || (place.starts_with('/') && place.contains(".md#")),
            "{LIST}: {place} is no place"
        );
    }
    // Three that are not there go along: a check that tells nothing would be noticed.
    let gone = ["/visit/prepare.md#no-such-part", "/visit/no-such-page.md#part", "EV-NO-SUCH-CLAIM"];
    let told = faults(&places.into_iter().chain(gone.map(str::to_owned)).collect());
    for part in ["no-such-part", "no-such-page", "EV-NO-SUCH-CLAIM"] {
        assert!(told.iter().any(|message| message.contains(part)), "{part}: {told:?}");
    }
    assert_eq!(told.len(), gone.len(), "{told:#?}");
}

#[test]
fn coverage_page_is_what_the_list_says() {
    let made = page(&list());
    let file = repository().join(PAGE);
    if std::env::var_os("GOLDEN").is_some_and(|mode| mode == "write") {
        fs::write(&file, &made).expect("a file can be written");
    }
    assert_eq!(read(&file), made, "{PAGE} is not what {LIST} says; {PAGE} can be written again, see there");
}

#[test]
fn coverage_of_sources_names_each_source_on_the_two_pages_of_sources() {
    let evidence: Table = read(&repository().join("content/evidence.toml")).parse().expect("a table");
    let sources = evidence["source"].as_array().expect("a list of sources");
    assert!(sources.len() > 50, "only {} sources", sources.len());
    for language in ["en", "es"] {
        let folder = format!("content/{language}/pages/about");
        let page = ["sources", "studies"]
            .map(|name| read(&repository().join(&folder).join(format!("{name}.md"))))
            .concat();
        let named: BTreeSet<&str> = page
            .split('@')
            .skip(1)
            .filter_map(|rest| rest.split(|end: char| !end.is_ascii_alphanumeric() && end != '-').next())
            .collect();
        let missing: Vec<&str> = sources
            .iter()
            .filter_map(|source| source["id"].as_str())
            .filter(|id| !named.contains(id))
            .collect();
        assert!(
            missing.is_empty(),
            "sources.md and studies.md in {folder} leave out {missing:?}: add them to a group"
        );
    }
}
