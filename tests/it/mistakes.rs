//! Mistakes that people make, each beside its good twin: the mistake is refused with the file, the line,
//! the author's own words and a cure; the twin is not.

use tests::{Finding, Site, findings};

const HOME: &str = "content/en/pages/index.md";
const PREPARE: &str = "content/en/pages/visit/prepare.md";
const AFTERCARE: &str = "content/en/pages/visit/aftercare.md";
const EVIDENCE: &str = "content/evidence.toml";
const SETTINGS: &str = "content/site.toml";

const CHECKER: &str = "content/checkers/ketamine/checker.toml";
const RULES: &str = "content/checkers/ketamine/rules.toml";
const SAFETY: &str = "content/checkers/ketamine/safety.toml";
const CASES: &str = "content/checkers/ketamine/cases.toml";
const QUESTIONS: &str = "content/en/checkers/ketamine/questions.md";
const REASONS: &str = "content/en/checkers/ketamine/reasons.md";
const OUTCOMES: &str = "content/en/checkers/ketamine/outcomes.md";
const QUESTIONS_ES: &str = "content/es/checkers/ketamine/questions.md";
const REASONS_ES: &str = "content/es/checkers/ketamine/reasons.md";

/// What only a programmer understands. None of it may reach an author.
const PARSER_WORDS: &[&str] = &[
    "mapping values",
    "deserializ",
    "serde",
    "token",
    "parse error",
    "invalid type",
    "missing field",
    "unknown field",
    "unknown variant",
    "expected one of",
    "scalar",
    "panicked",
    "None",
    "Some(",
    "Err(",
    "utf-8 sequence",
    "os error",
];

fn errors(site: &Site) -> Vec<Finding> {
    let run = site.check();
    assert!(run.code == 0 || run.code == 1, "exit {}: {}{}", run.code, run.stdout, run.stderr);
    let errors: Vec<Finding> =
        findings(&run).into_iter().filter(|finding| finding.severity == "error").collect();
    assert_eq!(run.code == 1, !errors.is_empty(), "the exit code and the findings disagree");
    errors
}

/// The site is refused because of a line in a file, in words that hold all of `says`.
#[track_caller]
fn refused(site: &Site, file: &str, line: u64, says: &[&str]) -> Finding {
    let found = errors(site);
    let fits = |finding: &&Finding| {
        let words = format!("{} {}", finding.message, finding.help);
        finding.file == file && finding.line == line && says.iter().all(|part| words.contains(part))
    };
    let finding = found.iter().find(fits);
    let finding = finding.unwrap_or_else(|| {
        panic!("no error in {file} line {line} that says {says:?}; found {found:#?}");
    });
    for word in PARSER_WORDS {
        let said = format!("{} {}", finding.message, finding.help);
        assert!(!said.contains(word), "a parser speaks here ({word:?}): {finding:#?}");
    }
    assert!(!finding.help.is_empty(), "no cure: {finding:#?}");
    assert!(!finding.message.ends_with('.'), "a message has no full stop: {finding:#?}");
    assert!(finding.column >= 1, "no column: {finding:#?}");
    finding.clone()
}

#[track_caller]
fn accepted(site: &Site) {
    let found = errors(site);
    assert!(found.is_empty(), "the good twin is refused: {found:#?}");
}

/// One text in one file of the small site replaced by a bad one, and by a good one.
#[track_caller]
fn page(file: &str, old: &str, bad: &str, marker: &str, says: &[&str], good: &str) {
    let wrong = Site::small().edit(file, old, bad);
    let line = wrong.line_of(file, marker);
    refused(&wrong, file, line, says);
    accepted(&Site::small().edit(file, old, good));
}

/// The same in the repository's own content.
#[track_caller]
fn shipped(file: &str, old: &str, bad: &str, marker: &str, says: &[&str]) -> Finding {
    let wrong = Site::shipped().edit(file, old, bad);
    let line = wrong.line_of(file, marker);
    refused(&wrong, file, line, says)
}

#[test]
fn the_sites_that_the_mistakes_are_made_in_are_good() {
    accepted(&Site::small());
    accepted(&Site::small_in_two_languages());
    accepted(&Site::shipped());
}

// Front matter.

#[test]
fn a_quote_that_is_never_closed() {
    page(PREPARE, "title: Get ready", "title: \"Get ready", "title: ", &["\""], "title: \"Get ready\"");
}

#[test]
fn a_colon_in_a_title() {
    page(
        PREPARE,
        "title: Get ready",
        "title: Get ready: what to do",
        "title: ",
        &["quotes"],
        "title: \"Get ready: what to do\"",
    );
}

#[test]
fn front_matter_without_an_end() {
    let wrong = Site::small().edit(AFTERCARE, "weight: 2\n---\n", "weight: 2\n");
    refused(&wrong, AFTERCARE, 1, &["---"]);
}

#[test]
fn an_unknown_key() {
    page(PREPARE, "summary: ", "sumary: ", "sumary", &["sumary", "summary"], "summary: ");
}

#[test]
fn a_key_written_twice() {
    page(PREPARE, "weight: 1", "weight: 1\nweight: 2", "weight: 2", &["weight"], "weight: 2");
}

#[test]
fn a_word_where_a_number_belongs() {
    page(PREPARE, "weight: 1", "weight: heavy", "weight", &["weight", "number"], "weight: 12");
}

#[test]
fn an_unknown_kind_of_page() {
    page(PREPARE, "kind: prepare", "kind: preparation", "kind", &["preparation", "prepare"], "kind: faq");
}

#[test]
fn a_page_without_a_title() {
    let wrong = Site::small().edit(PREPARE, "title: Get ready\n", "");
    let found = errors(&wrong);
    assert!(found.iter().any(|f| f.file == PREPARE && f.message.contains("title")), "{found:#?}");
}

#[test]
fn a_page_without_front_matter() {
    let wrong = Site::small().with("=== content/en/pages/visit/plain.md\nNo front matter here.\n");
    refused(&wrong, "content/en/pages/visit/plain.md", 1, &["---"]);
}

#[test]
fn an_empty_page() {
    let wrong = Site::small().with("=== content/en/pages/visit/empty.md\n");
    refused(&wrong, "content/en/pages/visit/empty.md", 1, &["empty"]);
}

#[test]
fn a_summary_that_is_too_long() {
    let words = |count: usize| format!("summary: {}.", vec!["word"; count].join(" "));
    let old = "summary: What to do on the day before your visit.";
    page(PREPARE, old, &words(61), "summary", &["61", "60"], "summary: What to do before you come.");
}

#[test]
fn a_date_that_can_be_read_in_two_ways() {
    let old = "review-by = 2027-11-22\n\n[[evidence]]";
    for bad in ["review-by = \"12/03/2027\"", "review-by = 12/03/2027"] {
        page(
            EVIDENCE,
            old,
            &format!("{bad}\n\n[[evidence]]"),
            "12/03/2027",
            &["2027-12-03", "2027-03-12"],
            "review-by = 2027-12-03\n\n[[evidence]]",
        );
    }
}

#[test]
fn a_day_that_is_not_in_the_calendar() {
    let old = "review-by = 2027-11-22\n\n[[evidence]]";
    page(
        EVIDENCE,
        old,
        "review-by = 2027-02-30\n\n[[evidence]]",
        "2027-02-30",
        &["2027-02-30"],
        "review-by = 2027-02-28\n\n[[evidence]]",
    );
}

// Markdown.

#[test]
fn raw_html_is_refused_and_what_to_write_is_named() {
    for (bad, cure) in [
        ("<div class=\"warning\">Stop.</div>", ":::"),
        ("Stop <b>now</b>.", "**bold**"),
        ("<script>alert(1)</script>", "take it out"),
        ("<img src=\"x\" onerror=\"alert(1)\">", "!["),
        ("<details>\nMore.\n</details>", ":::details"),
    ] {
        page(
            AFTERCARE,
            "Rest for the evening.",
            &format!("Rest for the evening.\n\n{bad}\n\n"),
            bad.lines().next().expect("BUG: not empty"),
            &["HTML", cure],
            "Rest for the evening.\n\n:::urgent\nStop now.\n:::\n\n",
        );
    }
    accepted(&Site::small().edit(AFTERCARE, "Rest for", "Rest (less < 3 hours) for"));
}

#[test]
fn a_remark_for_other_authors_never_reaches_a_reader() {
    let site = Site::small().edit(AFTERCARE, "Rest for", "<!-- ask Dr. Lee -->\n\nRest for");
    accepted(&site);
    site.build().exits(0);
    let page = site.page("/visit/aftercare/");
    assert!(page.contains("Rest for the evening") && !page.contains("Dr. Lee"), "{page}");
}

#[test]
fn a_container_that_is_never_closed() {
    page(
        AFTERCARE,
        "Rest for the evening.",
        ":::key-points\n\nRest for the evening.",
        ":::key-points",
        &["key-points", ":::"],
        ":::key-points\n- Rest for the evening.\n:::\n\nNext.",
    );
}

#[test]
fn a_container_with_an_unknown_name() {
    page(
        AFTERCARE,
        "Rest for the evening.",
        ":::keypoints\n- Rest.\n:::\n\nNext.",
        ":::keypoints",
        &["keypoints", "key-points"],
        ":::key-points\n- Rest.\n:::\n\nNext.",
    );
}

#[test]
fn an_end_without_a_container() {
    page(AFTERCARE, "Rest for the evening.", "Rest.\n\n:::\n\nMore.", ":::", &[":::"], "Rest.\n\nMore.");
}

#[test]
fn a_heading_that_skips_a_level() {
    let finding = {
        let wrong = Site::small().append(AFTERCARE, "\n#### Food {#food}\n\nEat what you like.\n");
        let line = wrong.line_of(AFTERCARE, "#### Food");
        refused(&wrong, AFTERCARE, line, &["###"])
    };
    assert_eq!(finding.code, "heading-skips-level");
    accepted(&Site::small().append(AFTERCARE, "\n### Food {#food}\n\nEat what you like.\n"));
}

#[test]
fn a_second_title() {
    let wrong = Site::small().append(AFTERCARE, "\n# Food\n\nEat what you like.\n");
    let line = wrong.line_of(AFTERCARE, "# Food");
    refused(&wrong, AFTERCARE, line, &["##"]);
    accepted(&Site::small().append(AFTERCARE, "\n## Food\n\nEat what you like.\n"));
}

#[test]
fn two_headings_with_one_address() {
    page(
        PREPARE,
        "## What to bring {#what-to-bring}",
        "## What to bring {#the-day-before}",
        "## What to bring",
        &["the-day-before"],
        "## What to bring {#what-to-bring}\n\n### Food {#food}\n\nSome fruit.\n",
    );
}

#[test]
fn a_footnote_that_is_not_there() {
    page(
        AFTERCARE,
        "Rest for the evening.",
        "Rest for the evening.[^9]",
        "[^9]",
        &["[^9]"],
        "Rest for the evening.[^9]\n\n[^9]: Or longer.\n\n",
    );
}

// Links, images, facts and sources.

#[test]
fn a_link_to_a_page_that_is_not_there() {
    page(
        AFTERCARE,
        "(/visit/prepare.md#what-to-bring)",
        "(/visit/prepair.md)",
        "prepair.md",
        &["/visit/prepair.md", "/visit/prepare.md"],
        "(/visit/prepare.md)",
    );
}

#[test]
fn a_link_to_a_heading_that_is_not_there() {
    page(
        AFTERCARE,
        "(/visit/prepare.md#what-to-bring)",
        "(/visit/prepare.md#what-to-brin)",
        "what-to-brin)",
        &["what-to-brin", "what-to-bring"],
        "(/visit/prepare.md#the-day-before)",
    );
    page(HOME, "(/visit/prepare.md)", "(#strat)", "#strat", &["strat", "start"], "(#start)");
}

#[test]
fn a_link_written_as_an_address() {
    page(
        HOME,
        "(/visit/prepare.md)",
        "(/visit/prepare/)",
        "/visit/prepare/",
        &["/visit/prepare.md"],
        "(https://www.cdc.gov/)",
    );
}

#[test]
fn a_link_that_would_run_code() {
    page(HOME, "(/visit/prepare.md)", "(javascript:alert(1))", "javascript:", &["javascript"], "(tel:911)");
}

#[test]
fn a_link_that_says_nothing() {
    let wrong = Site::small().append(HOME, "\nFor food, [](/visit/aftercare.md).\n");
    let line = wrong.line_of(HOME, "For food");
    refused(&wrong, HOME, line, &[]);
    accepted(&Site::small().append(HOME, "\nFor food, see [after your visit](/visit/aftercare.md).\n"));
}

#[test]
fn an_image_that_is_not_there_or_says_nothing() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"/>";
    let wrong = Site::small().append(HOME, "\n![The door of the clinic](/images/door.svg)\n");
    let line = wrong.line_of(HOME, "door.svg");
    refused(&wrong, HOME, line, &["door.svg"]);

    let wrong = Site::small().append(HOME, "\n![](/images/door.svg)\n");
    wrong.write("content/images/door.svg", svg);
    let line = wrong.line_of(HOME, "door.svg");
    refused(&wrong, HOME, line, &["door.svg"]);

    let good = Site::small().append(HOME, "\n![The door of the clinic](/images/door.svg)\n");
    good.write("content/images/door.svg", svg);
    accepted(&good);
}

#[test]
fn an_unknown_fact() {
    page(
        AFTERCARE,
        "Rest for the evening.",
        "Rest. In danger, call [[emergncy_number]].",
        "emergncy_number",
        &["emergncy_number", "emergency_number"],
        "Rest. In danger, call [[emergency_number]].",
    );
}

#[test]
fn an_unknown_source() {
    page(PREPARE, "[@EV-REST]", "[@EV-RESST]", "EV-RESST", &["EV-RESST", "EV-REST"], "[@T1]");
    page(
        EVIDENCE,
        "sources = [\"T1\"]",
        "sources = [\"T11\"]",
        "T11",
        &["T11", "T1"],
        "sources = [ \"T1\" ]",
    );
}

#[test]
fn two_sources_with_one_id() {
    page(EVIDENCE, "id = \"EV-REST\"", "id = \"T1\"", "[[evidence]]", &[], "id = \"EV-REST\"");
}

#[test]
fn one_old_address_for_two_pages() {
    let aliased = |site: Site, prepare: &str, aftercare: &str| {
        site.edit(PREPARE, "weight: 1", &format!("weight: 1\naliases: [\"{prepare}\"]")).edit(
            AFTERCARE,
            "weight: 2",
            &format!("weight: 2\naliases: [\"{aftercare}\"]"),
        )
    };
    let wrong = aliased(Site::small(), "/old/", "/old/");
    let found = errors(&wrong);
    assert!(found.iter().any(|f| f.message.contains("/old/")), "{found:#?}");
    accepted(&aliased(Site::small(), "/old/", "/older/"));

    let wrong = aliased(Site::small(), "/visit/aftercare/", "/older/");
    let line = wrong.line_of(PREPARE, "aliases");
    refused(&wrong, PREPARE, line, &["/visit/aftercare/"]);
}

// Files as they come from other programs.

#[test]
fn a_file_in_another_encoding() {
    let text = Site::small().read(AFTERCARE).replace("Rest for", "Caf\u{e9}: rest for");
    let latin1: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let wrong = Site::small();
    wrong.write_bytes(AFTERCARE, &latin1);
    let found = errors(&wrong);
    assert!(found.iter().any(|f| f.file == AFTERCARE && f.help.contains("UTF-8")), "{found:#?}");

    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let wrong = Site::small();
    wrong.write_bytes(AFTERCARE, &utf16);
    let found = errors(&wrong);
    assert!(found.iter().any(|f| f.file == AFTERCARE && f.help.contains("UTF-8")), "{found:#?}");

    // The marks of a Windows editor are no mistake.
    let good = Site::small();
    good.write_bytes(AFTERCARE, format!("\u{feff}{}", text.replace('\n', "\r\n")).as_bytes());
    accepted(&good);
}

#[cfg(unix)]
#[test]
fn links_of_the_file_system_that_lead_in_a_circle_or_nowhere() {
    let site = Site::small();
    std::os::unix::fs::symlink("..", site.path("content/en/pages/visit/loop")).expect("a link");
    std::os::unix::fs::symlink("/no/such/file.md", site.path("content/en/pages/visit/gone.md"))
        .expect("a link");
    let run = site.check();
    assert!((0..=2).contains(&run.code), "no orderly end: {run:?}");
    let said = format!("{}{}", run.stdout, run.stderr);
    assert!(run.code == 0 || said.contains("gone.md") || said.contains("loop"), "{said}");
}

// Settings, the menu, the words of the frame.

#[test]
fn a_mistake_in_the_settings() {
    let name = "name = \"River Clinic\"";
    page(SETTINGS, name, "name = \"River Clinic", "River", &["\""], name);
    page(SETTINGS, name, "nmae = \"River Clinic\"", "nmae", &["nmae", "name"], name);
    page(SETTINGS, name, "name = River Clinic", "River", &["quote", "name = \"River Clinic\""], name);
    page(
        SETTINGS,
        "page = \"/visit/index.md\"",
        "page = \"/visits/index.md\"",
        "/visits/index.md",
        &["/visits/index.md", "/visit/index.md"],
        "page = \"/visit/prepare.md\"",
    );
    page(
        SETTINGS,
        "theme = \"harbor\"",
        "theme = \"harbour\"",
        "harbour",
        &["harbour", "harbor"],
        "theme = 'harbor'",
    );
    page(
        SETTINGS,
        "base_url = \"https://clinic.example\"",
        "base_url = \"clinic.example\"",
        "base_url",
        &["https://"],
        "base_url = \"https://clinic.example/guide\"",
    );
}

#[test]
fn a_site_without_settings_is_named() {
    let run = Site::small().without(SETTINGS).check();
    assert!(run.code == 1 || run.code == 2, "{run:?}");
    assert!(format!("{}{}", run.stdout, run.stderr).contains("site.toml"), "{run:?}");
}

#[test]
fn help_numbers_of_another_country() {
    page(SETTINGS, "country = \"US\"", "country = \"DE\"", "country", &["DE"], "country = 'US'");
}

#[test]
fn a_word_of_the_frame_that_one_language_lacks() {
    let file = "content/es/interface.toml";
    let site = Site::small_in_two_languages();
    let text = site.read(file);
    let line =
        text.lines().find(|line| line.starts_with("skip_to_content")).expect("the word is there").to_owned();
    let wrong = Site::small_in_two_languages().edit(file, &format!("{line}\n"), "");
    let found = errors(&wrong);
    assert!(found.iter().any(|f| f.file == file && f.message.contains("skip_to_content")), "{found:#?}");
    let wrong = Site::small_in_two_languages().append(file, "\nno_such_word = \"algo\"\n");
    let line = wrong.line_of(file, "no_such_word");
    refused(&wrong, file, line, &["no_such_word"]);
}

#[test]
fn a_page_that_one_language_lacks_is_listed_but_stops_nothing() {
    let site = Site::small_in_two_languages().without("content/es/pages/visit/aftercare.md");
    let found = errors(&site);
    // A link to a page that this language lacks leads to the page in the default language.
    assert!(found.is_empty(), "{found:#?}");
    let all = findings(&site.check());
    assert!(
        all.iter().any(|f| f.severity == "note"
            && f.message.contains("aftercare")
            && f.help.contains("content/es/")),
        "{all:#?}"
    );
}

#[test]
fn suicide_named_without_the_crisis_line() {
    page(
        AFTERCARE,
        "Rest for the evening.",
        "Some people think about suicide after a visit.",
        "suicide",
        &["988"],
        "If you think about suicide, call or text [[crisis_number]].",
    );
}

#[test]
fn a_promise_that_no_honest_page_makes() {
    for bad in [
        "You qualify for treatment.",
        "This will cure your pain.",
        "There is no risk.",
        "Results are guaranteed.",
    ] {
        page(
            AFTERCARE,
            "Rest for the evening.",
            &format!("{bad} Rest."),
            bad,
            &[],
            "Ask your own clinician. Rest.",
        );
    }
}

// The theme.

#[test]
fn a_mistake_in_a_template() {
    let own_theme = |page: &str| {
        let site = Site::small();
        tests::copy_folder(&tests::repository().join("themes/harbor"), &site.path("themes/harbor"));
        let file = "themes/harbor/layouts/page.html";
        let text = site.read(file);
        let (start, end) = text.split_once("{% endblock").expect("the layout fills a block");
        site.write(file, &format!("{start}\n{page}\n{{% endblock{end}"));
        site
    };
    accepted(&own_theme("<p>{{ page.title }}</p>"));
    let file = "themes/harbor/layouts/page.html";
    for (bad, marker) in [
        ("<p>{{ page.titel }}</p>", "page.titel"),
        ("<p>{{ page.title | shout }}</p>", "shout"),
        ("{% if page.title }<p>", "{% if page.title }<p>"),
        ("<p>{{ t.no_such_word }}</p>", "no_such_word"),
    ] {
        let wrong = own_theme(bad);
        let line = wrong.line_of(file, marker);
        let run = wrong.build();
        assert_eq!(run.code, 1, "{bad}: {run:?}");
        let found = findings(&run);
        assert!(found.iter().any(|f| f.file == file && f.line == line), "{bad}: {found:#?}");
    }
}

// The questionnaire.

#[test]
fn a_rule_that_names_an_unknown_option() {
    shipped(
        RULES,
        "S1 includes chest-pain\"",
        "S1 includes chest-pian\"",
        "chest-pian",
        &["chest-pian", "chest-pain"],
    );
}

#[test]
fn a_rule_that_names_an_unknown_question() {
    shipped(RULES, "all = [\"A1 is under18\"]", "all = [\"AA1 is under18\"]", "AA1", &["AA1", "A1"]);
}

#[test]
fn a_rule_in_words_that_are_no_grammar() {
    shipped(RULES, "S1 includes overdose\"", "S1 contains overdose\"", "contains", &["contains", "includes"]);
    shipped(RULES, "S1 includes spine\"", "S1 is spine\"", "S1 is spine", &["includes"]);
    shipped(RULES, "\"A1 is under18\"", "\"A1 at least 18\"", "A1 at least 18", &["A1"]);
}

#[test]
fn a_number_with_a_unit_that_the_question_has_not() {
    shipped(RULES, "C4 below 4", "C4 below 4 mmHg", "mmHg", &["mmHg", "C4", "no unit"]);
}

#[test]
fn a_rule_with_an_unknown_outcome_person_or_source() {
    let e01 = "id = \"E01\"\noutcome = \"emergency\"";
    shipped(RULES, e01, "id = \"E01\"\noutcome = \"emergancy\"", "emergancy", &["emergancy", "emergency"]);
    let talk = "talk-to = [\"911\", \"poison-help\"]";
    shipped(
        RULES,
        talk,
        "talk-to = [\"911\", \"poison-hlep\"]",
        "poison-hlep",
        &["poison-hlep", "poison-help"],
    );
    let source = "evidence = [\"EV-RED-05\"]";
    shipped(RULES, source, "evidence = [\"EV-RED-99\"]", "EV-RED-99", &["EV-RED-99"]);
    shipped(RULES, source, "evidence = []", "id = \"E02\"", &["E02", "evidence"]);
}

#[test]
fn two_rules_with_one_id() {
    let first = Site::shipped().line_of(RULES, "id = \"E01\"");
    let second = Site::shipped().line_of(RULES, "id = \"E02\"");
    let wrong = Site::shipped().edit(RULES, "id = \"E02\"", "id = \"E01\"");
    refused(&wrong, RULES, second, &["E01", &first.to_string()]);
}

#[test]
fn a_rule_that_can_never_hold() {
    let wrong = Site::shipped().edit(
        RULES,
        "all = [\"A1 is under18\"]",
        "all = [\"A1 is under18\", \"A1 is 65plus\"]",
    );
    let found = errors(&wrong);
    assert!(found.iter().any(|f| f.file == RULES && f.message.contains("N01")), "{found:#?}");
}

#[test]
fn questions_that_wait_for_each_other() {
    let wrong = Site::shipped().edit(
        CHECKER,
        "crisis = [\"yes\", \"prefer-not\"]       # any answer but \"no\" puts 988 at the top of the result",
        "asked-when = { any = [\"S3 is yes\"] }",
    );
    let found = errors(&wrong);
    assert!(
        found.iter().any(|f| f.file == CHECKER && f.message.contains("S2") && f.message.contains("S3")),
        "{found:#?}"
    );
}

#[test]
fn an_unknown_instrument() {
    shipped(CHECKER, "instrument = \"phq-2\"", "instrument = \"phq-3\"", "phq-3", &["phq-3", "phq-2"]);
}

#[test]
fn a_promise_that_does_not_hold() {
    let wrong = Site::shipped().append(
        SAFETY,
        "\n[[always]]\nid = \"INV-99\"\nsay = \"Everyone over 65 needs a check first\"\nwhen-any = [\"A1 is 65plus\"]\noutcome = \"clearance or worse\"\n",
    );
    let line = wrong.line_of(SAFETY, "INV-99");
    let found = errors(&wrong);
    let broken = found
        .iter()
        .find(|f| f.file == SAFETY && f.line >= line - 1 && f.line <= line + 3)
        .unwrap_or_else(|| panic!("{found:#?}"));
    // In the question's own words, not in ids alone.
    let words = format!("{} {}", broken.message, broken.help);
    assert!(words.contains("65 or older"), "the answers are not told in the reader's words: {broken:#?}");
}

#[test]
fn a_worked_patient_with_another_result() {
    let wrong = Site::shipped();
    let text = wrong.read(CASES);
    let at = text.find("id = \"V01\"").expect("V01 is there");
    let rest = text[at..].replacen("outcome = \"consult\"", "outcome = \"clearance\"", 1);
    wrong.write(CASES, &format!("{}{rest}", &text[..at]));
    let found = errors(&wrong);
    assert!(
        found.iter().any(|f| f.file == CASES && f.message.contains("V01") && f.message.contains("consult")),
        "{found:#?}"
    );
}

#[test]
fn a_hard_stop_that_was_taken_away() {
    let wrong = Site::shipped();
    let text = wrong.read(RULES);
    let start = text.find("[[rule]]\nid = \"N02\"").expect("N02 is there");
    let end = start + 1 + text[start + 1..].find("[[rule]]").expect("N02 is not the last");
    wrong.write(RULES, &format!("{}{}", &text[..start], &text[end..]));
    let found = errors(&wrong);
    assert!(found.iter().any(|f| format!("{} {}", f.message, f.help).contains("N02")), "{found:#?}");
}

#[test]
fn words_that_are_missing() {
    // The label of an option, the reason of a rule, the title of an outcome; in one language or the other.
    let gone = |file: &str, start: &str| {
        let site = Site::shipped();
        let text = site.read(file);
        let line =
            text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{file}: no {start}"));
        site.write(file, &text.replacen(&format!("{line}\n"), "", 1));
        errors(&site)
    };
    for (file, start, named) in [
        (QUESTIONS, "- worst-headache:", "worst-headache"),
        (QUESTIONS_ES, "- worst-headache:", "worst-headache"),
    ] {
        let found = gone(file, start);
        assert!(found.iter().any(|f| f.file == file && f.message.contains(named)), "{found:#?}");
    }
    for (file, id) in [(REASONS, "C19"), (REASONS_ES, "C19"), (OUTCOMES, "clearance")] {
        let site = Site::shipped();
        let text = site.read(file);
        let renamed = text.replacen(&format!("{{#{id}}}"), "{#nothing-like-it}", 1);
        assert_ne!(text, renamed, "{file} has no {id}");
        site.write(file, &renamed);
        let found = errors(&site);
        assert!(found.iter().any(|f| f.file == file && f.message.contains(id)), "{id}: {found:#?}");
        assert!(found.iter().any(|f| f.file == file && f.message.contains("nothing-like-it")), "{found:#?}");
    }
}

#[test]
fn a_number_that_differs_between_the_languages() {
    let site = Site::shipped();
    let text = site.read(QUESTIONS_ES);
    let changed = text.replacen("140", "150", 1);
    assert_ne!(text, changed, "the Spanish questions name no 140");
    site.write(QUESTIONS_ES, &changed);
    let found = errors(&site);
    assert!(found.iter().any(|f| f.file == QUESTIONS_ES && f.message.contains("140")), "{found:#?}");
}

#[test]
fn a_result_that_promises() {
    let site = Site::shipped();
    let text = site.read(REASONS);
    let at = text.find("{#I09}").expect("I09 has a reason");
    let body = at + text[at..].find('\n').expect("a line ends") + 1;
    site.write(REASONS, &format!("{}You qualify for treatment. {}", &text[..body], &text[body..]));
    let found = errors(&site);
    assert!(found.iter().any(|f| f.file == REASONS), "{found:#?}");
}

#[test]
fn markup_in_the_words_of_a_question() {
    let wrong = Site::shipped().edit(QUESTIONS, "- worst-headache: ", "- worst-headache: </script><b> ");
    let line = wrong.line_of(QUESTIONS, "</script>");
    refused(&wrong, QUESTIONS, line, &["<"]);
}
