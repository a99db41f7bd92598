//! `site-gen fhir`: what goes out is the shipped questionnaire, what comes in is looked through, and nothing gets lost
//! without a word. Every mistake of a form has a twin without it.

use std::fs;

use serde_json::{Value, json};
use tests::{Run, Site, repository};

const ORDINAL: &str = "http://hl7.org/fhir/StructureDefinition/ordinalValue";
const CALCULATED: &str =
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression";

fn shipped_form() -> (Value, Run) {
    let run = tests::run_program(tests::program(), repository(), &["fhir", "export"], "").exits(0);
    (run.json(), run)
}

/// Every item of a form, however deep.
fn items(form: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    for item in form["item"].as_array().into_iter().flatten() {
        found.push(item);
        found.extend(items(item));
    }
    found
}

fn item<'f>(form: &'f Value, link: &str) -> &'f Value {
    let found = items(form).into_iter().find(|item| item["linkId"] == link);
    found.unwrap_or_else(|| panic!("there is no item {link}"))
}

// Out.

#[test]
fn the_form_is_a_draft_with_its_address_and_its_questions() {
    let (form, _) = shipped_form();
    assert_eq!(form["resourceType"], "Questionnaire");
    assert_eq!(form["status"], "draft");
    assert_eq!(form["url"], "https://example.org/fhir/Questionnaire/ketamine");
    assert_eq!(form["language"], "en");
    let s2 = item(&form, "S2");
    assert_eq!((&s2["type"], &s2["required"]), (&json!("choice"), &json!(true)));
    let codes: Vec<&str> = s2["answerOption"]
        .as_array()
        .expect("options")
        .iter()
        .filter_map(|o| o["valueCoding"]["code"].as_str())
        .collect();
    assert_eq!(codes, ["no", "yes", "prefer-not"]);
    assert_eq!(item(&form, "C1")["repeats"], true);
    assert_eq!(item(&form, "C4")["type"], "integer");
}

#[test]
fn each_text_has_its_translation_beside_it() {
    let (form, _) = shipped_form();
    let yes = &item(&form, "S2")["answerOption"][1]["valueCoding"];
    assert_eq!(yes["display"], "Yes");
    let translation = &yes["_display"]["extension"][0];
    assert_eq!(translation["url"], "http://hl7.org/fhir/StructureDefinition/translation");
    assert_eq!(translation["extension"][0]["valueCode"], "es");
    assert_eq!(translation["extension"][1]["valueString"], "Sí");
    let untranslated: Vec<&str> = items(&form)
        .into_iter()
        .filter(|item| item["text"].is_string() && item["_text"].is_null())
        .filter_map(|item| item["linkId"].as_str())
        .filter(|link| !link.ends_with(".total"))
        .collect();
    assert!(untranslated.is_empty(), "{untranslated:?}");
}

#[test]
fn a_condition_waits_for_the_answers_of_the_rule_files() {
    let (form, _) = shipped_form();
    let literals = |link: &str| -> (String, Vec<String>) {
        let item = item(&form, link);
        let list = item["enableWhen"].as_array().expect("a condition");
        let said = list
            .iter()
            .map(|one| {
                let code = one["answerCoding"]["code"].as_str().map(str::to_owned);
                let answer = code.unwrap_or_else(|| one["answerBoolean"].to_string());
                format!(
                    "{} {} {answer}",
                    one["question"].as_str().unwrap_or(""),
                    one["operator"].as_str().unwrap_or("")
                )
            })
            .collect();
        (item["enableBehavior"].as_str().unwrap_or("").to_owned(), said)
    };
    // any = ["S2 is yes", "PHQ-9 item 9 at least 1"]
    let wanted = ["S2 = yes", "PHQ-9.9 = 1", "PHQ-9.9 = 2", "PHQ-9.9 = 3"].map(str::to_owned).to_vec();
    assert_eq!(literals("S3"), ("any".to_owned(), wanted));
    // all = ["C1 includes crps", "C2 is not yes"]: not asked is not "not yes".
    let wanted = ["C1 = crps", "C2 exists true", "C2 != yes"].map(str::to_owned).to_vec();
    assert_eq!(literals("B0"), ("all".to_owned(), wanted));
    assert_eq!(literals("C8"), (String::new(), vec!["C1 = sickle".to_owned()]));
}

#[test]
fn a_screen_has_its_weights_and_a_score_that_waits_for_every_answer() {
    let (form, _) = shipped_form();
    for (screen, count) in [("PHQ-9", 9), ("PHQ-2", 2), ("GAD-2", 2)] {
        for number in 1..=count {
            let options = &item(&form, &format!("{screen}.{number}"))["answerOption"];
            let weights: Vec<Option<i64>> = options
                .as_array()
                .expect("options")
                .iter()
                .map(|option| {
                    option["extension"].as_array()?.iter().find(|e| e["url"] == ORDINAL)?["valueDecimal"]
                        .as_i64()
                })
                .collect();
            assert_eq!(weights, [Some(0), Some(1), Some(2), Some(3)], "{screen}.{number}");
        }
        let total = item(&form, &format!("{screen}.total"));
        assert_eq!(total["readOnly"], true);
        let expression =
            total["extension"].as_array().expect("extensions").iter().find(|e| e["url"] == CALCULATED);
        let expression =
            expression.and_then(|e| e["valueExpression"]["expression"].as_str()).expect("an expression");
        assert!(expression.contains(&format!("count() = {count}")), "{expression}");
    }
    // The first item of the PC-PTSD-5 opens the others and is not counted.
    let gate = &item(&form, "PC-PTSD-5.1")["answerOption"][1];
    assert!(gate["extension"].is_null(), "{gate}");
    assert_eq!(item(&form, "PC-PTSD-5.2")["enableWhen"][0]["question"], "PC-PTSD-5.1");
}

#[test]
fn what_stays_behind_is_named_in_groups() {
    let (_, run) = shipped_form();
    for part in [
        "rules with their reasons (75): E01 to E06",
        "outcomes with their words (6): emergency",
        "crisis help (5): S1 to S4, PHQ-9",
        "PHQ-2",
    ] {
        assert!(run.stderr.contains(part), "{part} is not in\n{}", run.stderr);
    }
    assert!(run.stderr.lines().count() < 40, "too long to be read:\n{}", run.stderr);
}

#[test]
fn a_file_is_written_only_where_it_is_asked_for() {
    let site = Site::shipped();
    let run = site.run(&["fhir", "export", "-o", "out/form.json"]).exits(0);
    assert!(run.stdout.is_empty());
    let form: Value = serde_json::from_str(&site.read("out/form.json")).expect("JSON");
    assert_eq!(form, shipped_form().0);
    site.run(&["fhir", "export", "--checker", "ketamin"]).exits(1);
    let broken = site.edit(
        "content/checkers/ketamine/checker.toml",
        "otherwise = \"consult\"",
        "otherwise = \"consul\"",
    );
    assert!(broken.run(&["fhir", "export"]).exits(1).stdout.is_empty(), "a broken checker must not go out");
}

// In.

/// A folder with one form in it.
fn with_form(form: &str) -> Site {
    let site = Site::empty();
    site.write("form.json", form);
    site
}

fn import(form: &Value) -> (Site, Run) {
    let site = with_form(&format!("{form:#}"));
    let run = site.run(&["fhir", "import", "form.json", "-o", "new", "--today", tests::TODAY]);
    (site, run)
}

/// A form with these items.
fn form(items: Value) -> Value {
    json!({ "resourceType": "Questionnaire", "id": "clinic-form", "status": "draft", "title": "Before your visit", "item": items })
}

fn yes_no(link: &str) -> Value {
    json!({ "linkId": link, "text": format!("Question {link}?"), "type": "boolean", "required": true })
}

fn choice(link: &str, codes: &[&str]) -> Value {
    let options: Vec<Value> = codes
        .iter()
        .map(|code| json!({ "valueCoding": { "system": "https://clinic.example/codes", "code": code, "display": format!("The answer {code}") } }))
        .collect();
    json!({ "linkId": link, "text": format!("Question {link}?"), "type": "choice", "required": true, "answerOption": options })
}

fn number(link: &str, low: i64, high: i64) -> Value {
    json!({
        "linkId": link, "text": format!("Question {link}?"), "type": "integer", "required": true,
        "extension": [
            { "url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": low },
            { "url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": high },
        ],
    })
}

fn weighed(link: &str, weights: &[i64]) -> Value {
    let codes: Vec<String> = (0..weights.len()).map(|at| format!("a{at}")).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let mut item = choice(link, &codes);
    for (at, weight) in weights.iter().enumerate() {
        item["answerOption"][at]["extension"] = json!([{ "url": ORDINAL, "valueDecimal": weight }]);
    }
    item
}

fn total(link: &str, expression: &str) -> Value {
    json!({
        "linkId": link, "text": "Score", "type": "integer", "readOnly": true,
        "extension": [{ "url": CALCULATED, "valueExpression": { "language": "text/fhirpath", "expression": expression } }],
    })
}

/// An item with more members, or others.
fn with(mut item: Value, more: Value) -> Value {
    for (key, value) in more.as_object().expect("members") {
        item[key.as_str()] = value.clone();
    }
    item
}

fn when(item: Value, list: Value) -> Value {
    with(item, json!({ "enableWhen": list }))
}

fn coding(code: &str) -> Value {
    json!({ "system": "https://clinic.example/codes", "code": code })
}

const SUM: &str = "%resource.repeat(item).where(linkId in ('w1' | 'w2')).answer.value.weight().sum()";

/// A form with a mistake gets the finding, with the linkId in its words and the exit code; its twin does not.
#[track_caller]
fn twins(code: &str, link: &str, wrong: Value, right: Value) {
    let (_, run) = import(&form(wrong));
    let found =
        ["error", "warning", "note"].iter().find(|level| run.stderr.contains(&format!("{level}[{code}]")));
    let level = found.unwrap_or_else(|| panic!("no {code}:\n{}", run.stderr));
    assert_eq!(run.code, i32::from(*level == "error"), "{}", run.stderr);
    let told = run.stderr.split("\n\n").find(|part| part.contains(&format!("[{code}]"))).unwrap_or_default();
    assert!(told.contains(&format!("`{link}`")), "`{link}` is not named:\n{told}");
    assert!(told.contains("form.json:") && told.contains("help:"), "no place or no cure:\n{told}");
    let (site, run) = import(&form(right));
    assert!(!run.stderr.contains(&format!("[{code}]")), "the right twin gets {code}, too:\n{}", run.stderr);
    assert_eq!(run.code, 0, "the right twin has errors:\n{}", run.stderr);
    site.run(&["verify", "--root", "new"]).exits(0);
}

#[test]
fn items_need_a_link_id_of_their_own() {
    let mut nameless = yes_no("a");
    nameless.as_object_mut().expect("an item").remove("linkId");
    let (_, run) = import(&form(json!([nameless, yes_no("b")])));
    assert!(
        run.stderr.contains("error[fhir-no-link-id]") && run.stderr.contains("item[0]"),
        "{}",
        run.stderr
    );
    twins("fhir-link-id-twice", "a", json!([yes_no("a"), yes_no("a")]), json!([yes_no("a"), yes_no("b")]));
}

#[test]
fn a_condition_names_a_question_that_is_there() {
    let wait = |question: &str| {
        json!([
            yes_no("smoker"),
            when(yes_no("b"), json!([{ "question": question, "operator": "=", "answerBoolean": true }]))
        ])
    };
    twins("fhir-unknown-question", "smokre", wait("smokre"), wait("smoker"));
}

#[test]
fn an_answer_is_of_the_kind_that_the_question_asks_for() {
    let wait = |first: Value, operator: &str, answer: Value| {
        let mut condition = json!({ "question": "a", "operator": operator });
        condition.as_object_mut().expect("members").extend(answer.as_object().expect("an answer").clone());
        json!([first, when(yes_no("b"), json!([condition]))])
    };
    let one = || choice("a", &["low", "high"]);
    twins(
        "fhir-answer-type",
        "a",
        wait(one(), "=", json!({ "answerString": "high" })),
        wait(one(), "=", json!({ "answerCoding": coding("high") })),
    );
    twins(
        "fhir-answer-type",
        "a",
        wait(one(), "=", json!({ "answerBoolean": true })),
        wait(one(), "!=", json!({ "answerCoding": coding("low") })),
    );
    twins(
        "fhir-answer-type",
        "a",
        wait(one(), "exists", json!({ "answerCoding": coding("low") })),
        wait(one(), "exists", json!({ "answerBoolean": true })),
    );
    twins(
        "fhir-operator",
        "a",
        wait(one(), ">", json!({ "answerCoding": coding("low") })),
        wait(one(), "=", json!({ "answerCoding": coding("low") })),
    );
    twins(
        "fhir-no-such-option",
        "a",
        wait(one(), "=", json!({ "answerCoding": coding("hihg") })),
        wait(one(), "=", json!({ "answerCoding": coding("high") })),
    );
    twins(
        "fhir-never-or-always",
        "a",
        wait(number("a", 0, 10), ">", json!({ "answerInteger": 10 })),
        wait(number("a", 0, 10), ">", json!({ "answerInteger": 9 })),
    );
    twins(
        "fhir-condition-incomplete",
        "a",
        wait(yes_no("a"), "=", json!({})),
        wait(yes_no("a"), "=", json!({ "answerBoolean": false })),
    );
}

#[test]
fn a_quantity_is_compared_in_its_own_unit() {
    let weight = json!({
        "linkId": "weight", "text": "How much do you weigh?", "type": "quantity", "required": true,
        "extension": [
            { "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption",
              "valueCoding": { "system": "http://unitsofmeasure.org", "code": "kg", "display": "kg" } },
            { "url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueDecimal": 30 },
            { "url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueDecimal": 250.5 },
        ],
    });
    let wait = |value: f64, unit: &str, code: &str| {
        let answer =
            json!({ "value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": code });
        let list = json!([{ "question": "weight", "operator": ">=", "answerQuantity": answer }]);
        json!([weight, when(yes_no("b"), list)])
    };
    twins("fhir-unit-differs", "lb", wait(330.0, "lb", "[lb_av]"), wait(149.5, "kg", "kg"));
    let (site, _) = import(&form(wait(149.5, "kg", "kg")));
    let checker = site.read("new/content/checkers/clinic-form/checker.toml");
    assert!(checker.contains("unit = \"kg\"\nbetween = [30.0, 250.5]\ndecimals = 1\n"), "{checker}");
    assert!(checker.contains("asked-when = { all = [\"weight at least 149.5 kg\"] }"), "{checker}");
}

#[test]
fn several_conditions_say_whether_all_or_any_are_needed() {
    let both = |more: Value| {
        let list = json!([
            { "question": "a", "operator": "=", "answerBoolean": true },
            { "question": "b", "operator": "=", "answerBoolean": true },
        ]);
        json!([yes_no("a"), yes_no("b"), with(when(yes_no("c"), list), more)])
    };
    twins("fhir-no-behavior", "c", both(json!({})), both(json!({ "enableBehavior": "any" })));
    let (site, _) = import(&form(both(json!({ "enableBehavior": "all" }))));
    let checker = site.read("new/content/checkers/clinic-form/checker.toml");
    assert!(checker.contains("asked-when = { all = [\"a is yes\", \"b is yes\"] }"), "{checker}");
}

#[test]
fn items_must_not_wait_for_one_another() {
    let wait = |item: &str, question: &str| {
        when(yes_no(item), json!([{ "question": question, "operator": "=", "answerBoolean": true }]))
    };
    twins("fhir-circle", "a", json!([wait("a", "b"), wait("b", "a")]), json!([yes_no("a"), wait("b", "a")]));
    // A group that waits for a question inside of it.
    let inside = json!({ "linkId": "g", "text": "Group", "type": "group", "item": [yes_no("a")],
        "enableWhen": [{ "question": "a", "operator": "=", "answerBoolean": true }] });
    let around = json!({ "linkId": "g", "text": "Group", "type": "group", "item": [yes_no("a")] });
    twins("fhir-circle", "g", json!([inside]), json!([around]));
    // Waiting for what comes later works, and is told.
    twins("fhir-asks-later", "a", json!([wait("b", "a"), yes_no("a")]), json!([yes_no("a"), wait("b", "a")]));
}

#[test]
fn what_nobody_is_asked_is_found_across_questions() {
    let is = |question: &str, answer: bool| json!({ "question": question, "operator": "=", "answerBoolean": answer });
    // b is asked if a is no; c if a is yes and b is yes.
    let chain = |of_c: Value| {
        json!([
            yes_no("a"),
            when(yes_no("b"), json!([is("a", false)])),
            with(when(yes_no("c"), of_c), json!({ "enableBehavior": "all" })),
        ])
    };
    twins(
        "fhir-never-asked",
        "c",
        chain(json!([is("a", true), is("b", true)])),
        chain(json!([is("b", true)])),
    );
    // By way of numbers.
    let numbers = |limit: i64| {
        json!([
            number("age", 0, 110),
            when(yes_no("b"), json!([{ "question": "age", "operator": ">", "answerInteger": 60 }])),
            with(
                when(
                    yes_no("c"),
                    json!([is("b", true), { "question": "age", "operator": "<", "answerInteger": limit }])
                ),
                json!({ "enableBehavior": "all" }),
            ),
        ])
    };
    twins("fhir-never-asked", "c", numbers(50), numbers(70));
    // Inside a group that waits for the opposite.
    let grouped = |answer: bool| {
        json!([yes_no("a"), { "linkId": "g", "text": "Group", "type": "group", "enableWhen": [is("a", true)],
            "item": [when(yes_no("c"), json!([is("a", answer)])), yes_no("d")] }])
    };
    twins("fhir-never-asked", "c", grouped(false), grouped(true));
    // One of two ways cannot be.
    let ways = |answer: bool| {
        json!([
            yes_no("a"),
            when(yes_no("b"), json!([is("a", false)])),
            when(
                json!({ "linkId": "g", "text": "Group", "type": "group", "item": [
                    with(when(yes_no("c"), json!([is("b", true), is("a", true)])), json!({ "enableBehavior": "any" })), yes_no("d")] }),
                json!([is("a", answer)]),
            ),
        ])
    };
    twins("fhir-part-never-holds", "c", ways(true), chain(json!([is("b", true)])));
}

#[test]
fn each_item_has_what_its_type_needs() {
    twins("fhir-no-options", "a", json!([choice("a", &[])]), json!([choice("a", &["x", "y"])]));
    twins("fhir-option-twice", "a", json!([choice("a", &["x", "x"])]), json!([choice("a", &["x", "y"])]));
    let group = |items: Value| json!([yes_no("a"), { "linkId": "g", "text": "Group", "type": "group", "item": items }]);
    twins("fhir-empty-group", "g", group(json!([])), group(json!([yes_no("b")])));
    let text = |more: Value| {
        json!([with(json!({ "linkId": "t", "text": "Hello", "type": "display" }), more), yes_no("a")])
    };
    let options = choice("x", &["x"])["answerOption"].clone();
    twins("fhir-display-with-answers", "t", text(json!({ "answerOption": options })), text(json!({})));
    twins(
        "fhir-range",
        "a",
        json!([number("a", 10, 0), yes_no("b")]),
        json!([number("a", 0, 10), yes_no("b")]),
    );
    twins(
        "fhir-unknown-type",
        "radio",
        json!([with(yes_no("a"), json!({ "type": "radio" }))]),
        json!([yes_no("a")]),
    );
    let expression = json!([{ "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression",
        "valueExpression": { "language": "text/fhirpath", "expression": "true" } }]);
    let list = json!([{ "question": "a", "operator": "=", "answerBoolean": true }]);
    twins(
        "fhir-two-conditions",
        "b",
        json!([yes_no("a"), with(when(yes_no("b"), list.clone()), json!({ "extension": expression }))]),
        json!([yes_no("a"), when(yes_no("b"), list)]),
    );
    twins(
        "fhir-no-text",
        "b",
        json!([yes_no("a"), { "linkId": "b", "type": "boolean", "required": true }]),
        json!([yes_no("a")]),
    );
    let mut unlimited = number("a", 0, 1);
    unlimited.as_object_mut().expect("an item").remove("extension");
    twins("fhir-no-limits", "a", json!([unlimited]), json!([number("a", 0, 1)]));
}

#[test]
fn a_score_counts_each_item_once_and_all_of_them() {
    let two = |sum: &str| json!([weighed("w1", &[0, 1, 2]), weighed("w2", &[0, 1, 2]), total("sum", sum)]);
    let one = "%resource.item.where(linkId = 'w1').answer.value.weight()";
    let other = "%resource.item.where(linkId = 'w2').answer.value.weight()";
    twins("fhir-score-leaves-out", "w2", two(&format!("{one}.sum()")), two(SUM));
    twins(
        "fhir-score-counts-twice",
        "w1",
        two(&format!("{one} + {other} + {one}")),
        two(&format!("{one} + {other}")),
    );
    twins("fhir-score-unknown-item", "w3", two(&SUM.replace("'w2'", "'w2' | 'w3'")), two(SUM));
    twins("fhir-score-not-read", "sum", two("today().toString().length()"), two(SUM));
}

#[test]
fn a_score_reaches_what_the_form_says() {
    let limited = |highest: i64| {
        let mut sum = total("sum", SUM);
        let limit =
            json!({ "url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": highest });
        sum["extension"].as_array_mut().expect("extensions").push(limit);
        json!([weighed("w1", &[0, 1, 2]), weighed("w2", &[0, 1, 2]), sum])
    };
    twins("fhir-score-maximum", "sum", limited(5), limited(4));
    let band = |from: i64| {
        json!([
            weighed("w1", &[0, 1, 2]),
            weighed("w2", &[0, 1, 2]),
            total("sum", SUM),
            when(yes_no("b"), json!([{ "question": "sum", "operator": ">=", "answerInteger": from }])),
        ])
    };
    twins("fhir-score-threshold", "sum", band(5), band(4));
    let mut gap = weighed("w2", &[0, 1, 2]);
    gap["answerOption"][1].as_object_mut().expect("an option").remove("extension");
    twins(
        "fhir-weight-missing",
        "w2",
        json!([weighed("w1", &[0, 1, 2]), gap, total("sum", SUM)]),
        json!([weighed("w1", &[0, 1, 2]), weighed("w2", &[0, 1, 2]), total("sum", SUM)]),
    );
    let optional = |required: bool| {
        json!([
            weighed("w1", &[0, 1, 2]),
            with(weighed("w2", &[0, 1, 2]), json!({ "required": required })),
            total("sum", SUM)
        ])
    };
    twins("fhir-score-optional", "w2", optional(false), optional(true));
    // A sum that gives nothing while an answer is missing may have optional items.
    let guarded = SUM.replace(".weight().sum()", "");
    let guarded = format!("iif({guarded}.count() = 2, {SUM}, {{}})");
    let items = json!([
        weighed("w1", &[0, 1]),
        with(weighed("w2", &[0, 1]), json!({ "required": false })),
        total("sum", &guarded)
    ]);
    let (_, run) = import(&form(items));
    assert!(!run.stderr.contains("fhir-score-optional"), "{}", run.stderr);
}

#[test]
fn a_locked_screen_is_known_by_its_words_and_weights() {
    let (shipped, _) = shipped_form();
    let group = |change: &dyn Fn(&mut Value)| {
        let mut group = item(&shipped, "PHQ-9").clone();
        group.as_object_mut().expect("a group").remove("enableWhen");
        change(&mut group);
        json!([group])
    };
    let weight = |group: &mut Value| {
        for item in group["item"].as_array_mut().expect("items") {
            if item["linkId"] == "PHQ-9.4" {
                item["answerOption"][3]["extension"][0]["valueDecimal"] = json!(2);
            }
            // The stated maximum would be wrong as well.
            if item["linkId"] == "PHQ-9.total" {
                item["extension"].as_array_mut().expect("extensions").truncate(1);
            }
        }
    };
    twins("fhir-screen-differs", "PHQ-9.4", group(&weight), group(&|_| {}));
    let (site, run) = import(&form(group(&|_| {})));
    assert!(!run.stderr.contains("fhir-score-not-carried"), "{}", run.stderr);
    let checker = site.read("new/content/checkers/clinic-form/checker.toml");
    assert!(checker.contains("ask = \"instrument\"\ninstrument = \"phq-9\""), "{checker}");
    let (site, run) = import(&form(group(&weight)));
    assert!(
        run.stderr.contains("counts 2, not 3") && run.stderr.contains("fhir-score-not-carried"),
        "{}",
        run.stderr
    );
    assert!(!site.read("new/content/checkers/clinic-form/checker.toml").contains("instrument"));
}

#[test]
fn everything_that_is_not_carried_is_named() {
    let items = json!([
        yes_no("a"),
        { "linkId": "free", "text": "Anything else?", "type": "text" },
        { "linkId": "photo", "text": "A picture", "type": "attachment" },
        with(choice("open", &["x", "y"]), json!({ "type": "open-choice" })),
        { "linkId": "listed", "text": "Country", "type": "choice", "answerValueSet": "http://hl7.org/fhir/ValueSet/jurisdiction" },
        { "linkId": "visits", "text": "Visits", "type": "group", "repeats": true, "item": [yes_no("v")] },
        with(yes_no("first"), json!({ "initial": [{ "valueBoolean": true }], "prefix": "1." })),
        with(yes_no("parent"), json!({ "item": [yes_no("child")] })),
        when(json!({ "linkId": "shown", "text": "Ask for help", "type": "display" }), json!([{ "question": "a", "operator": "=", "answerBoolean": true }])),
        with(yes_no("b"), json!({ "required": false })),
        when(yes_no("after-free"), json!([{ "question": "free", "operator": "exists", "answerBoolean": true }])),
        yes_no("x/y z"),
    ]);
    let (site, run) = import(&form(items));
    assert_eq!(run.code, 0, "{}", run.stderr);
    for (what, link) in [
        ("type `text`", "free"),
        ("type `attachment`", "photo"),
        ("own words", "open"),
        ("ValueSet/jurisdiction", "listed"),
        ("a group repeats", "visits"),
        ("`initial`", "first"),
        ("`prefix`", "first"),
        ("below a question", "child"),
        ("shown under a condition", "shown"),
        ("may be left out", "b"),
        ("is called `x-y-z`", "x/y z"),
        ("asked depends on something", "after-free"),
    ] {
        let told =
            run.stderr.split("\n\n").any(|part| part.contains(what) && part.contains(&format!("`{link}`")));
        assert!(told, "{what} of {link} is not told:\n{}", run.stderr);
    }
    site.run(&["verify", "--root", "new"]).exits(0);
    let questions = site.read("new/content/en/checkers/clinic-form/questions.md");
    for link in ["a", "open", "v", "parent", "child", "b", "after-free", "x-y-z"] {
        assert!(questions.contains(&format!("{{#{link}}}")), "{link} was not carried:\n{questions}");
    }
}

#[test]
fn a_form_with_mistakes_is_written_only_if_wanted() {
    let site = with_form(&form(json!([choice("a", &[]), yes_no("b")])).to_string());
    let run = site.run(&["fhir", "import", "form.json"]).exits(1);
    assert!(
        run.stderr.contains("Nothing was written") && !site.path("clinic-form").exists(),
        "{}",
        run.stderr
    );
    site.run(&["fhir", "import", "form.json", "--anyway"]).exits(1);
    assert!(site.path("clinic-form/content/checkers/clinic-form/checker.toml").exists());
}

#[test]
fn files_that_are_there_stay() {
    let (site, run) = import(&form(json!([yes_no("a")])));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let path = "new/content/checkers/clinic-form/rules.toml";
    site.write(path, "# mine\n");
    let run = site.run(&["fhir", "import", "form.json", "-o", "new"]).exits(2);
    assert!(run.stderr.contains("is not written over"), "{}", run.stderr);
    assert_eq!(site.read(path), "# mine\n");
}

#[test]
fn a_site_gets_the_questionnaire_beside_its_own() {
    let site = Site::small();
    let settings = site.read("content/site.toml");
    site.write("form.json", &form(json!([yes_no("a"), choice("b", &["x", "y"])])).to_string());
    site.run(&["fhir", "import", "form.json", "-o", ".", "--today", tests::TODAY]).exits(0);
    assert_eq!(site.read("content/site.toml"), settings);
    site.run(&["verify"]).exits(0);
    let answers = r#"{"a": "yes", "b": "x"}"#;
    let run = site.run_with_input(
        &["answer", "--checker", "clinic-form", "--answers", "-", "--format", "json"],
        answers,
    );
    assert_eq!(run.exits(0).json()["outcome"], "talk-first");
    site.check().exits(0);
}

#[test]
fn what_is_no_form_is_refused_in_words() {
    let deep = format!("{}{}", r#"{"resourceType":"Questionnaire","item":["#, "[".repeat(200_000));
    let huge = " ".repeat(9 * 1024 * 1024);
    for (text, told) in [
        ("", "ends in the middle"),
        ("not a form", "not JSON"),
        ("{\"resourceType\": \"Questionnaire\",", "ends in the middle"),
        ("[1, 2]", "no FHIR form"),
        ("{\"resourceType\": \"QuestionnaireResponse\"}", "answers to a form"),
        ("{\"resourceType\": \"Bundle\"}", "bundle"),
        ("{\"resourceType\": \"Questionnaire\", \"status\": \"draft\"}", "no questions"),
        ("{\"resourceType\": \"Questionnaire\", \"item\": 7}", "should be a list"),
        (
            "{\"resourceType\": \"Questionnaire\", \"item\": [{\"linkId\": \"a\", \"type\": \"coding\"}]}",
            "R5",
        ),
        (deep.as_str(), "more than 100 deep"),
        (huge.as_str(), "larger than 8 MB"),
    ] {
        let run = with_form(text).run(&["fhir", "import", "form.json"]).exits(1);
        assert!(run.stderr.contains(told), "{told}:\n{}", run.stderr);
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    }
    let twice = r#"{"resourceType": "Questionnaire", "item": [{"linkId": "a", "linkId": "b", "type": "boolean", "text": "A?"}]}"#;
    let run = with_form(twice).run(&["fhir", "import", "form.json"]).exits(1);
    assert!(run.stderr.contains("error[fhir-key-twice]"), "{}", run.stderr);
    Site::empty().run(&["fhir", "import", "nowhere.json"]).exits(2);
}

#[test]
fn r4b_and_forms_without_a_release_are_read() {
    let mut form = form(json!([yes_no("a")]));
    form["meta"] = json!({ "profile": ["http://hl7.org/fhir/4.3/StructureDefinition/Questionnaire"] });
    let (_, run) = import(&form);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn words_come_in_every_language_of_the_form() {
    let spanish = |text: &str| {
        json!({ "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": [
            { "url": "lang", "valueCode": "es" }, { "url": "content", "valueString": text },
        ] }] })
    };
    let mut first = choice("a", &["x", "y"]);
    first["_text"] = spanish("¿Pregunta a?");
    first["answerOption"][0]["valueCoding"]["_display"] = spanish("La respuesta x");
    let (site, run) = import(&form(json!([first])));
    let questions = site.read("new/content/es/checkers/clinic-form/questions.md");
    assert!(
        questions.contains("## ¿Pregunta a? {#a}") && questions.contains("- x: La respuesta x"),
        "{questions}"
    );
    // The second answer has no Spanish words, and that is told.
    assert!(questions.contains("- y: The answer y"), "{questions}");
    assert!(run.stderr.contains("note[fhir-not-translated]"), "{}", run.stderr);
    site.run(&["verify", "--root", "new"]).exits(0);
}

#[test]
fn the_shipped_questionnaire_comes_back_with_its_words() {
    let (form, _) = shipped_form();
    let (site, run) = import(&with(form, json!({ "id": "again" })));
    assert_eq!(run.code, 0, "{}", run.stderr);
    // A form does not say which answers call for crisis help. This one holds the PHQ-9, which asks some readers about
    // suicide and not others, so staff are told to say what asks everybody; nothing else is wrong.
    let proof = site.run(&["verify", "--root", "new", "--format", "json"]).exits(1).json();
    let refuted: Vec<&str> = proof["refuted"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|entry| entry["id"].as_str())
        .collect();
    assert_eq!(refuted, ["crisis-always-asked"], "{proof}");
    let lines = |text: String| -> Vec<String> {
        let text = text.split("-->").nth(1).unwrap_or_default().to_owned();
        let text = text.split("# Groups of answers").next().unwrap_or_default().to_owned();
        let text = text.split("# Grupos de respuestas").next().unwrap_or_default().to_owned();
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    for language in ["en", "es"] {
        let ours = repository().join(format!("content/{language}/checkers/ketamine/questions.md"));
        let again = site.path(&format!("new/content/{language}/checkers/again/questions.md"));
        let read = |path| fs::read_to_string(path).expect("words");
        assert_eq!(lines(read(again)), lines(read(ours)), "{language}");
    }
}
