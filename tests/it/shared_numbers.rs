//! Numbers that have to be right wherever they stand: the crisis line near each mention, a shared fact by its name.

use tests::{Finding, Site, findings};

const PREPARE: &str = "content/en/pages/visit/prepare.md";

fn told(site: &Site, code: &str) -> Vec<Finding> {
    findings(&site.check()).into_iter().filter(|finding| finding.code == code).collect()
}

#[test]
fn the_crisis_line_stands_in_the_same_part_of_the_page() {
    const PART: &str = "\n## Hard days {#hard-days}\n\nSome people think about suicide.";
    // The line is on the page, but a reader of this part does not see it.
    let apart = Site::small().append(
        PREPARE,
        &format!("{PART}\n\n## Who helps {{#who-helps}}\n\nCall or text [[crisis_number]].\n"),
    );
    let found = told(&apart, "suicide-without-crisis-line");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(
        (found[0].file.as_str(), found[0].line),
        (PREPARE, apart.line_of(PREPARE, "think about suicide"))
    );
    for near in [" Call or text [[crisis_number]].\n", "\n\n### Who helps {#who-helps}\n\nCall 988.\n"] {
        let good = Site::small().append(PREPARE, &format!("{PART}{near}"));
        assert!(told(&good, "suicide-without-crisis-line").is_empty(), "{near}");
    }
}

#[test]
fn a_shared_number_written_by_hand_is_told_with_its_name() {
    let site = Site::small().append(PREPARE, "\nDo not eat for 8 hours before.\n");
    let found = told(&site, "fact-by-hand");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].severity.as_str(), found[0].line), ("note", site.line_of(PREPARE, "8 hours")));
    assert!(found[0].help.contains("`[[fasting_solids]]`"), "{found:#?}");
    for good in ["Do not eat for [[fasting_solids]] before.", "Sleep 6 to 8 hours.", "Bring 8 photographs."] {
        let site = Site::small().append(PREPARE, &format!("\n{good}\n"));
        assert!(told(&site, "fact-by-hand").is_empty(), "{good}");
    }
}
