//! The picture as a whole: nothing missing, nothing on top of something else, nothing that could be markup.

use super::display::{Group, Shape};
use super::measure::Face;
use super::sheet::sheet;
use super::{Mark, layout, pages, picture};
use crate::checker::{Checker, load, tests as shared};
use crate::source::{SourceFile, SourceTree};
use checker_rules::{Answers, Counterexample, QuestionIdx, evaluate};
use std::fmt::Write as _;
use std::sync::LazyLock;

/// The shipped checker, read and proved once.
fn shipped() -> &'static Checker {
    static SHIPPED: LazyLock<Checker> = LazyLock::new(read_shipped);
    &SHIPPED
}

fn read_shipped() -> Checker {
    let mut loaded = load(&SourceTree::new(shared::shipped()));
    loaded.checkers.pop().expect("the shipped checker")
}

/// A checker of one question after another, each asked after the first, with rules that look far back.
fn made(questions: usize, title: &str) -> Checker {
    let mut checker = "id = \"made\"\nversion = \"1\"\nupdated = 2026-11-22\noutcomes = [\"bad\", \"good\"]\notherwise = \"good\"\nstop-at = [\"bad\"]\ntalk-to = [\"clinic\"]\n".to_owned();
    let (mut rules, mut words, mut reasons) =
        (String::new(), "# Words {#words}\n".to_owned(), "# Reasons\n".to_owned());
    checker.push_str("[[section]]\nid = \"words\"\n");
    for at in 0..questions {
        let asked = if at == 0 { "" } else { "asked-when = { any = [\"Q0 is yes\"] }\n" };
        let _ = write!(
            checker,
            "[[question]]\nid = \"Q{at}\"\nsection = \"words\"\nask = \"one\"\noptions = [\"no\", \"yes\"]\ninert = [\"no\"]\nrisk = [\"no\", \"yes\"]\n{asked}"
        );
        let _ = write!(words, "\n## {title} {at}? {{#Q{at}}}\n- no: No\n- yes: Yes\n");
        let far = at / 2;
        let _ = write!(
            rules,
            "[[rule]]\nid = \"R{at}\"\n{}flag = \"F{at}\"\ntalk-to = [\"clinic\"]\nall = [\"Q{at} is yes\", \"Q{far} is yes\"]\nevidence = [\"E\"]\n",
            if at % 3 == 0 { "" } else { "outcome = \"bad\"\n" }
        );
        let _ = write!(reasons, "\n## Reason {at} {{#R{at}}}\nText.\n");
    }
    let outcomes = "# Results {#results}\n\n## Bad & <worse> {#bad}\nText.\n\n## Good {#good}\nText.\n";
    let files = [
        ("content/checkers/made/checker.toml", checker),
        ("content/checkers/made/rules.toml", rules),
        ("content/checkers/made/safety.toml", String::new()),
        ("content/en/checkers/made/questions.md", words),
        ("content/en/checkers/made/reasons.md", reasons),
        ("content/en/checkers/made/outcomes.md", outcomes.to_owned()),
    ];
    let files = files.map(|(path, text)| SourceFile { path: path.to_owned(), bytes: text.into_bytes() });
    let mut loaded = load(&SourceTree::new(files.to_vec()));
    loaded.checkers.pop().expect("the checker that was made can be read")
}

/// The answers of a worked patient, as something to mark.
fn worked(checker: &Checker, id: &str) -> Counterexample {
    let case = checker.cases.iter().find(|case| case.id == id).expect("the worked patient");
    let answers: Answers =
        crate::checker::answer::read_map(&checker.program, &case.answers).expect("answers");
    let result = evaluate(&checker.program, &answers);
    let answers: Vec<(QuestionIdx, _)> = answers.iter().map(|(at, answer)| (at, answer.clone())).collect();
    let differs = checker.program.find_question("S2").into_iter().collect();
    Counterexample { answers, differs, outcome: Some(result.outcome), fired: result.fired }
}

fn all_shapes<'g>(groups: &'g [Group], into: &mut Vec<&'g Shape>) {
    for group in groups {
        into.extend(&group.shapes);
        all_shapes(&group.groups, into);
    }
}

type Rect = (i32, i32, i32, i32);

fn meet(a: Rect, b: Rect) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}

/// Asserts that on each page every text is inside, covers no other and has no line through it.
fn legible(checker: &Checker, mark: Option<&Mark<'_>>, height: Option<i32>) {
    let sheet = sheet(checker, "en", mark);
    for page in layout::pages(&sheet, height) {
        let mut shapes = Vec::new();
        all_shapes(&page.groups, &mut shapes);
        let texts: Vec<(Rect, &Shape)> =
            shapes.iter().filter_map(|shape| Some((shape.covers()?, *shape))).collect();
        assert!(texts.len() > 10);
        for (at, (one, shape)) in texts.iter().enumerate() {
            assert!(
                one.0 >= 0 && one.1 >= 0 && one.2 <= page.width && one.3 <= page.height,
                "{shape:?} leaves the page"
            );
            if let Shape::Text { face, .. } = shape {
                assert!(face.size() >= 11, "{shape:?} is too small to read");
            }
            for (other, beside) in &texts[at + 1..] {
                assert!(!meet(*one, *other), "{shape:?} lies on {beside:?}");
            }
        }
        for shape in &shapes {
            let Shape::Line { points, .. } = shape else { continue };
            for way in points.windows(2) {
                let ((x, y), (to_x, to_y)) = (way[0], way[1]);
                let way = (x.min(to_x), y.min(to_y), x.max(to_x) + 1, y.max(to_y) + 1);
                for (text, label) in &texts {
                    assert!(!meet(way, *text), "{shape:?} goes through {label:?}");
                }
            }
        }
    }
}

#[test]
fn the_shipped_picture_can_be_read() {
    let checker = shipped();
    legible(checker, None, None);
    legible(checker, None, Some(1400));
    legible(checker, None, Some(690));
}

#[test]
fn a_marked_picture_can_be_read() {
    let checker = shipped();
    let example = worked(checker, "V04");
    let mark = Mark { title: "a patient with thoughts of suicide", example: &example };
    legible(checker, Some(&mark), None);
    legible(checker, Some(&mark), Some(690));
}

#[test]
fn a_hundred_questions_can_be_read() {
    let checker = made(
        100,
        "A question with a rather long title that has to be cut off somewhere before it reaches the lines that stand beside it",
    );
    legible(&checker, None, None);
    legible(&checker, None, Some(690));
}

/// How often an attribute stands in a picture.
fn times(svg: &str, attribute: &str) -> usize {
    svg.matches(attribute).count()
}

#[test]
fn every_question_rule_and_outcome_is_there_once() {
    let checker = shipped();
    let whole = picture(checker, "en", None);
    let parts = pages(checker, "en", None, 690).concat();
    assert_eq!(checker.program.questions().len(), 42);
    assert_eq!(checker.program.rules().len(), 75);
    for svg in [&whole, &parts] {
        for question in checker.program.questions() {
            assert_eq!(times(svg, &format!("data-question=\"{}\"", question.id)), 1, "{}", question.id);
        }
        for rule in checker.program.rules() {
            assert_eq!(times(svg, &format!("data-rule=\"{}\"", rule.id)), 1, "{}", rule.id);
        }
    }
    for outcome in checker.program.outcomes() {
        assert_eq!(times(&whole, &format!("data-outcome=\"{outcome}\"")), 1, "{outcome}");
    }
}

#[test]
fn the_picture_says_what_leads_where() {
    let svg = picture(shipped(), "en", None);
    for said in [
        "Asked if S2 is yes, or PHQ-9 item 9 is 1 or more. If S1 includes self-harm, or S3 is yes or unsure: leads to emergency by E04.",
        "S4. In the past 3 months, have you tried to end your life? Asked of everyone. If S4 is yes: leads to crisis by K02.",
        "If A1 is 65plus: adds the note I01.",
        "A, emergency (“Get help now”): ends the questions at once.",
        "otherwise: when no rule asks for a result, the result is consult",
    ] {
        assert!(svg.contains(said), "nobody is told: {said}");
    }
    assert!(!svg.contains('◆'), "nothing is marked");
}

#[test]
fn a_mark_shows_the_answers_the_rules_and_the_result_by_more_than_a_colour() {
    let checker = shipped();
    let example = worked(checker, "V04");
    let svg = picture(checker, "en", Some(&Mark { title: "a patient", example: &example }));
    let fired: Vec<&str> =
        example.fired.iter().map(|rule| checker.program.rules()[rule.index()].id.as_str()).collect();
    let (said, tips) = (times(&svg, "This applies here."), tips(&svg));
    assert_eq!(said - tips, fired.len(), "{fired:?}");
    assert_eq!(times(&svg, "class=\"q-rule q-fired\"") + times(&svg, ">◆ applies"), 2 * fired.len());
    assert_eq!(times(&svg, ">◆ result<"), 1);
    assert!(svg.contains(">◆ 1: None of these<"), "the first answer is numbered");
    assert!(svg.contains(">◆ 2: Yes (this answer matters)<"), "the second answer is numbered");
    let asked = example.answers.len();
    assert_eq!(times(&svg, ">◇ not asked with these answers<"), checker.program.questions().len() - asked);
    assert_eq!(times(&svg, "(this answer matters)<"), 1, "S2 alone differs from what is safest");
}

/// The sentences of questions stand in what a pointer shows as well.
fn tips(svg: &str) -> usize {
    svg.split("<title>")
        .skip(1)
        .filter_map(|rest| rest.split("</title>").next())
        .map(|tip| times(tip, "This applies here."))
        .sum()
}

#[test]
fn words_cannot_become_markup() {
    let checker = made(3, "Is 1 &lt; 2 \"or\" 'not' & <b>");
    let svg = picture(&checker, "en", None);
    assert!(!svg.contains("<b>") && !svg.contains("<worse>"), "{svg}");
    assert!(svg.contains("&amp; &lt;worse&gt;"));
    let mut reader = quick_xml::Reader::from_str(&svg);
    loop {
        match reader.read_event().expect("it is well-formed XML") {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                assert_ne!(tag.name().as_ref(), "script");
                for attribute in tag.attributes() {
                    let attribute = attribute.expect("an attribute");
                    assert!(!attribute.key.as_ref().starts_with("on"), "{tag:?}");
                }
            }
            _ => {}
        }
    }
    assert!(
        !svg.contains("url(") && !svg.contains("href") && !svg.contains("@import"),
        "it asks for nothing"
    );
}

#[test]
fn the_same_questionnaire_gives_the_same_picture() {
    assert_eq!(picture(shipped(), "en", None), picture(&read_shipped(), "en", None));
}

#[test]
fn questions_speak_the_language_asked_for() {
    let checker = shipped();
    let spanish = picture(checker, "es", None);
    let title = &checker.words["es"].questions["A2"].title;
    assert!(spanish.contains(title.as_str()) && spanish.contains("lang=\"es\""));
    assert!(!picture(checker, "en", None).contains(title.as_str()));
    // A language that it does not have is no reason to show nothing.
    assert_eq!(picture(checker, "tlh", None), picture(checker, "en", None));
}

#[test]
fn parts_are_as_high_as_paper() {
    let checker = shipped();
    let parts = pages(checker, "en", None, 690);
    assert!(parts.len() > 3, "{}", parts.len());
    for part in &parts {
        let height = part.split(" height=\"").nth(1).and_then(|rest| rest.split('"').next());
        let height: u16 = height.and_then(|height| height.parse().ok()).expect("a height");
        assert!(height <= 690, "{height}");
        assert!(part.contains("Get help now"), "every part has the heads of the columns");
    }
    assert_eq!(pages(checker, "en", None, u16::MAX), [picture(checker, "en", None)]);
    assert!(Face::Plain.size() >= 11);
}
