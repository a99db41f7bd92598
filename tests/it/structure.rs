//! How a page is built: what is too long, too wide, missing or in the wrong order is told with its line and the cure; a
//! page that is built well is left alone.

use tests::{Site, findings};

const PREPARE: &str = "content/en/pages/visit/prepare.md";
const CONDITION: &str = "content/en/pages/visit/weakness.md";

/// The findings of one kind on a page.
fn told(site: &Site, page: &str, code: &str) -> Vec<(u64, String)> {
    findings(&site.check())
        .into_iter()
        .filter(|finding| finding.file == page && finding.code == code)
        .map(|finding| {
            assert!(!finding.help.is_empty(), "no cure: {finding:?}");
            (finding.line, finding.message)
        })
        .collect()
}

/// The small site with another text on a page for which nothing special is asked.
fn with_text(text: &str) -> Site {
    let site = Site::small();
    let page = site.read(PREPARE);
    let end = page.match_indices("---\n").nth(1).expect("front matter").0 + 4;
    site.write(PREPARE, &format!("{}\n{text}\n", &page[..end]));
    site
}

/// The bad text is told once, in words that hold `says`, at the line that begins with `at`; the good one is not.
#[track_caller]
fn check(code: &str, bad: &str, at: &str, says: &str, good: &str) {
    let site = with_text(bad);
    let found = told(&site, PREPARE, code);
    let [(line, message)] = found.as_slice() else { panic!("{code}: {found:?}") };
    assert!(message.contains(says), "{message}");
    assert_eq!(*line, site.line_of(PREPARE, at), "{message}");
    assert_eq!(told(&with_text(good), PREPARE, code), [], "the good twin");
}

#[test]
fn a_list_that_nobody_keeps_in_mind() {
    let lines = |count: usize| "- Rest well\n".repeat(count);
    check("list-too-long", &format!("Do this:\n\n{}", lines(8)), "- Rest well", "8 lines", &lines(7));
    for good in
        [format!(":::checklist Before\n{}:::\n", lines(11)), format!(":::filter Find\n{}:::\n", lines(11))]
    {
        assert_eq!(told(&with_text(&good), PREPARE, "list-too-long"), [], "{good}");
    }
    let nested = format!("- One\n  - a\n  - b\n  - c\n  - d\n{}", lines(6));
    assert_eq!(told(&with_text(&nested), PREPARE, "list-too-long"), [], "seven lines, with four inside one");
}

#[test]
fn a_table_that_no_phone_shows() {
    let table = |columns: usize| {
        let row = |cell: &str| format!("|{}\n", format!(" {cell} |").repeat(columns));
        format!("The table shows it.\n\n{}{}{}", row("Head"), row("---"), row("cell"))
    };
    check("table-too-wide", &table(5), "| Head", "5 columns", &table(4));
}

#[test]
fn a_table_that_nobody_announces() {
    let table = "| Before | You can have |\n|---|---|\n| 2 hours | Water |\n";
    check(
        "table-without-lead",
        &format!("Words.\n\n## Food\n\n{table}"),
        "| Before",
        "Nothing says what this table shows",
        &format!("## Food\n\nThe table shows what you can still have.\n\n{table}"),
    );
    let boxed = format!("## Food\n\n:::compare What you can have\n{table}:::\n");
    assert_eq!(told(&with_text(&boxed), PREPARE, "table-without-lead"), []);
}

#[test]
fn a_choice_that_is_told_at_more_length() {
    let table = |second: &str| {
        format!(
            ":::compare Two ways\n| Way | What it is like |\n|---|---|\n| Walk | A slow walk each day |\n| Rest | {second} |\n:::\n"
        )
    };
    let long =
        "A long rest in a quiet room with a view of the river, a cup of tea and a good book beside you";
    check(
        "choices-unequal",
        &table(long),
        "| Way",
        "another in 6",
        &table("A rest in a quiet room each day"),
    );
}

#[test]
fn a_heading_that_says_nothing() {
    check(
        "heading-says-nothing",
        "## Overview\n\nRest.\n",
        "## Overview",
        "Overview",
        "## How to rest\n\nRest.\n",
    );
}

#[test]
fn a_number_that_has_to_be_worked_out() {
    check("number-in-percent", "It helps 12% of people.", "It helps", "12%", "It helps 12 in 100 people.");
    check(
        "dose-named",
        "People got 0.5 mg/kg of it.",
        "People got",
        "0.5 mg/kg",
        "A pressure of 120 mmHg is fine.",
    );
}

#[test]
fn help_cards_in_another_order() {
    let card = |name: &str| format!(":::{name}\nCall [[emergency_number]].\n:::\n\n");
    let (emergency, urgent, contact) = (card("emergency"), card("urgent"), card("contact"));
    check(
        "help-cards-out-of-order",
        &format!("{urgent}{emergency}"),
        ":::emergency",
        "`emergency` comes after a box that is less urgent",
        &format!("{emergency}{urgent}{contact}## Later\n\n{emergency}"),
    );
}

/// The small site with a page about a condition, all its parts there.
fn condition(change: impl FnOnce(String) -> String) -> Site {
    let part = |id: &str, text: &str| format!("## About {id} {{#{id}}}\n\n{text}\n\n");
    let rest = "Rest helps some people, and it has risks too [@EV-REST].";
    let page = [
        "---\ntitle: Weakness\nsummary: What to do.\nkind: condition\ngrade: C\n---\n\n".to_owned(),
        ":::key-points\n- Rest.\n:::\n\n".to_owned(),
        part("what-it-is", rest),
        part("what-we-know", ":::known\n- It helps.\n:::\n\n:::not-known\n- How long.\n:::"),
        part("other-choices", "Walk."),
        part("possible-benefits", rest),
        part("risks", rest),
        part("what-you-can-do", "1. **Ask** your doctor."),
        part("when-to-get-help", "Call [[emergency_number]]."),
    ]
    .concat();
    let site = Site::small();
    site.write(CONDITION, &change(page));
    site
}

/// A page about a condition with one text changed is told of; as it was, it is not.
#[track_caller]
fn check_condition(code: &str, old: &str, new: &str, says: &str) {
    assert_eq!(told(&condition(|page| page), CONDITION, code), [], "the good twin");
    let bad = condition(|page| {
        assert!(page.contains(old), "{old} is not there");
        page.replacen(old, new, 1)
    });
    let found = told(&bad, CONDITION, code);
    let [(_, message)] = found.as_slice() else { panic!("{code}: {found:?}") };
    assert!(message.contains(says), "{message}");
}

#[test]
fn a_page_about_a_condition_without_one_of_its_parts() {
    check_condition("condition-part-missing", "{#other-choices}", "{#others}", "no part about other choices");
    check_condition(
        "condition-part-missing",
        ":::not-known\n- How long.\n:::",
        "",
        "what experts do not know",
    );
    check_condition("steps-missing", "1. **Ask** your doctor.", "Ask your doctor.", "in steps");
}

#[test]
fn a_page_about_a_condition_in_another_order() {
    check_condition(
        "condition-parts-out-of-order",
        "## About other-choices {#other-choices}\n\nWalk.\n\n## About possible-benefits {#possible-benefits}",
        "## About possible-benefits {#possible-benefits}\n\nWalk.\n\n## About other-choices {#other-choices}",
        "stands before the one about other choices",
    );
}

#[test]
fn a_page_without_its_short_answer_at_the_top() {
    let answer = ":::key-points\n- Rest.\n:::\n\n";
    check_condition("key-points-missing", answer, "", "no short answer");
    check_condition(
        "key-points-late",
        &format!("{answer}## About what-it-is {{#what-it-is}}"),
        &format!("## About what-it-is {{#what-it-is}}\n\n{answer}"),
        "after a part",
    );
}

#[test]
fn risks_in_brief_beside_benefits_at_length() {
    let part = "## About possible-benefits {#possible-benefits}\n\n";
    check_condition(
        "risks-told-short",
        part,
        &format!("{part}{}", "It may help you rest at night. ".repeat(5)),
        "the risks 9",
    );
}

#[test]
fn a_section_that_lists_its_pages_leaves_none_out() {
    let section = "content/en/pages/visit/index.md";
    let listing = |text: &str| {
        Site::small().edit(section, "weight: 1\n", "weight: 1\nlist: false\n").append(section, text)
    };
    let found = told(&listing("\nRead how to [get ready](/visit/prepare.md).\n"), section, "page-not-listed");
    assert_eq!(found.len(), 1);
    assert!(found[0].1.contains("`/visit/aftercare.md`"), "{found:?}");
    // A draft is on no list yet.
    let draft = listing("\nRead how to [get ready](/visit/prepare.md).\n").edit(
        "content/en/pages/visit/aftercare.md",
        "kind: aftercare\n",
        "kind: aftercare\ndraft: true\n",
    );
    assert_eq!(told(&draft, section, "page-not-listed"), []);
    let both =
        "\nRead how to [get ready](prepare.md), and about [the time after](/visit/aftercare.md#at-home).\n";
    assert_eq!(told(&listing(both), section, "page-not-listed"), []);
}

#[test]
fn a_number_to_see_is_drawn_only_if_it_is_right() {
    let chance = |line: &str| format!("Words.\n\n:::chance Steady after a rest\n- {line}\n:::\n");
    let good = chance("**7 in 100** with a rest [@EV-REST]");
    for (code, line, says) in [
        ("chance-without-number", "Many with a rest [@EV-REST]", "one number in 100"),
        ("chance-without-number", "0 of 0 with a rest [@EV-REST]", "counts in 0"),
        ("chance-without-number", "120 in 100 with a rest [@EV-REST]", "more than all of them"),
        ("chance-compared", "12 more in 100 with a rest [@EV-REST]", "how many more"),
        ("chance-without-words", "**7 in 100** [@EV-REST]", "what happened"),
    ] {
        check(code, &chance(line), "- ", says, &good);
    }
    check("chance-without-source", &chance("**7 in 100** with a rest"), ":::chance", "no source", &good);
    check("chance-without-words", &good.replace(" Steady after a rest", ""), ":::chance", "no title", &good);
    let mixed =
        |of: &str| good.replace(":::\n\n", "") + &chance(&format!("3 in {of} without one [@EV-REST]"));
    check("chance-mixed-bases", &mixed("1,000"), "- 3 in", "counts in 1000", &mixed("100"));
}

#[test]
fn a_number_to_see_and_a_list_to_narrow_reach_the_page() {
    let site = with_text(
        "## What to bring {#what-to-bring}\n\n:::chance Steady after a rest\n- 7 in 100 with one [@EV-REST]\n:::\n\n\
         :::filter Find a thing\n- Tea\n:::",
    );
    let run = site.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let page = site.read("public/visit/prepare/index.html");
    assert!(page.contains("M5 5h61") && page.contains("Not so for the other 93."), "{page}");
    assert!(page.contains("data-filter") && page.contains("connect-src 'none'"), "{page}");
    assert!(page.contains("/filter-"), "the script of the field: {page}");
    let other = site.read("public/visit/aftercare/index.html");
    assert!(
        !other.contains("/filter-") && !other.contains("connect-src 'none'"),
        "a page without a field: {other}"
    );
}
