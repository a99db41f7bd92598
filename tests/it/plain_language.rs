//! Pages that are hard to read are told from plain ones, with the line and the cure.

use tests::{Site, findings};

const PREPARE: &str = "content/en/pages/visit/prepare.md";

/// The findings of one kind on the page, after its first paragraph was replaced.
fn found(code: &str, text: &str) -> Vec<(u64, String)> {
    let site = Site::small();
    let page = site.read(PREPARE);
    let end = page.match_indices("---\n").nth(1).expect("front matter").0 + 4;
    let site = site.append(PREPARE, "");
    site.write(PREPARE, &format!("{}\n{text}\n", &page[..end]));
    findings(&site.check())
        .into_iter()
        .filter(|finding| finding.file == PREPARE && finding.code == code)
        .map(|finding| {
            assert!(!finding.help.is_empty(), "no cure: {finding:?}");
            (finding.line, finding.message)
        })
        .collect()
}

#[track_caller]
fn check(code: &str, bad: &str, says: &str, good: &str) {
    let wrong = found(code, bad);
    let [(line, message)] = wrong.as_slice() else { panic!("{code}: {wrong:?}") };
    assert!(*line > 1, "no line: {message}");
    assert!(message.contains(says), "{message}");
    assert_eq!(found(code, good), [], "the plain twin");
}

const LONG: &str = "You should come to the clinic on the day before the visit so that the nurse can look at your list of \
    medicines and at your blood pressure and talk with you about both of them";

#[test]
fn a_sentence_that_nobody_can_hold() {
    check(
        "sentence-too-long",
        &format!("Short.\n\n{LONG}."),
        "words",
        "Come the day before. The nurse looks at your list.",
    );
}

#[test]
fn a_page_above_the_eighth_grade() {
    let hard =
        "Pharmacological interventions necessitate comprehensive multidisciplinary evaluation. ".repeat(4);
    check(
        "hard-to-read",
        &hard,
        "school grade",
        "A nurse checks your health first. Then you can ask all you want.",
    );
}

#[test]
fn a_hard_word_with_its_plain_twin() {
    check("hard-word", "Eat nothing prior to the visit.", "prior to", "Eat nothing before the visit.");
    check("hard-word", "You will feel sedation.", "sedation", "You will be very sleepy (sedation).");
}

#[test]
fn a_word_that_blames() {
    check("blaming-word", "Any addict can call us.", "addict", "Any person with an addiction can call us.");
}

#[test]
fn letters_that_nobody_explained() {
    check(
        "abbreviation-unexplained",
        "Ask about CRPS.",
        "CRPS",
        "Ask about complex regional pain syndrome (CRPS). CRPS hurts.",
    );
}

#[test]
fn a_paragraph_without_end() {
    let six = "You can rest. ".repeat(6);
    check("paragraph-too-long", &six, "6 sentences", &"You can rest. ".repeat(5));
}

#[test]
fn many_words_without_a_heading() {
    let words = "You can rest here.\n\n".repeat(60);
    let split = format!(
        "{}## More {{#more}}\n\n{}",
        "You can rest here.\n\n".repeat(30),
        "You can rest here.\n\n".repeat(30)
    );
    check("too-long-without-heading", &words, "240 words", &split);
}

#[test]
fn much_in_the_passive_voice() {
    let passive =
        "Your weight is checked. You are asked. A list is made. A note is written. The drip is stopped.\n\n";
    let active = "A nurse checks your weight. We ask you. We make a list. We write a note. The nurse stops the drip.\n\n";
    check("much-passive", &passive.repeat(2), "10 of 10", &active.repeat(2));
}

#[test]
fn a_part_that_is_harder_than_its_page() {
    let plain = "You can rest. We are here for you. Ask us what you like.\n\n".repeat(8);
    let hard = "Continuous cardiovascular monitoring minimizes complications. Talk to us.\n\n".repeat(5);
    check(
        "part-hard-to-read",
        &format!("{plain}## Risks\n\n{hard}"),
        "this part",
        &format!("{plain}## Risks\n\n{plain}"),
    );
}

#[test]
fn the_hardest_page_is_listed_first_with_the_sentences_that_cost_most() {
    let site = Site::small();
    let page = site.read(PREPARE);
    site.write(PREPARE, &format!("{page}\n{}", format!("{LONG}.\n\n").repeat(4)));
    let run = site.run(&["list", "reading"]).exits(0);
    let first: Vec<&str> = run.stdout.lines().take(2).collect();
    assert!(first[0].starts_with(PREPARE) && first[0].contains("grade "), "{first:?}");
    assert!(first[1].contains("You should come to the clinic"), "{first:?}");
}
