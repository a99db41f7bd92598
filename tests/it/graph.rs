//! The picture of a questionnaire, as somebody asks for it at a terminal.

use tests::Site;

const RULES: &str = "content/checkers/ketamine/rules.toml";

/// The shipped site without the rule about a possible pregnancy, so that promises are broken.
fn broken() -> Site {
    Site::shipped().edit(RULES, "all = [\"A2 is maybe\"]", "all = [\"A2 is maybe\", \"A3 is yes\"]")
}

#[test]
fn a_picture_is_written_and_replaced_but_never_over_another_file() {
    let site = Site::shipped();
    let run = site.run(&["verify", "--graph", "rules.svg"]).exits(0);
    assert!(run.stderr.contains("rules.svg"), "{}", run.stderr);
    assert!(run.stdout.contains("Proved"), "the proof is still told: {}", run.stdout);
    let first = site.read("rules.svg");
    assert!(first.contains("Do you have any of these right now?"), "the first question");
    site.run(&["verify", "--graph", "rules.svg", "--lang", "es"]).exits(0);
    let second = site.read("rules.svg");
    assert!(second.contains("lang=\"es\"") && !second.contains("Do you have any of these right now?"));

    site.write("mine.svg", "<svg>my own drawing</svg>");
    let run = site.run(&["verify", "--graph", "mine.svg"]).exits(2);
    assert!(run.stderr.contains("mine.svg") && run.stderr.contains("not made by site-gen"), "{}", run.stderr);
    assert_eq!(site.read("mine.svg"), "<svg>my own drawing</svg>");
    let run = site.run(&["verify", "--graph", "nowhere/rules.svg"]).exits(2);
    assert!(run.stderr.contains("there is no folder nowhere"), "{}", run.stderr);
}

#[test]
fn the_answers_that_break_a_promise_can_be_marked() {
    let site = broken();
    // The picture is drawn, and the broken promise still ends the run as one.
    site.run(&["verify", "--graph", "broken.svg", "--mark", "CHECK-BABY"]).exits(1);
    let svg = site.read("broken.svg");
    assert!(svg.contains("Nobody who might be pregnant, or is breastfeeding"), "the promise");
    assert!(svg.contains("Maybe, I am trying, or I am not sure (this answer matters)"), "the answer");
    assert!(svg.contains(">◆ result<"), "the result");
}

#[test]
fn what_cannot_be_drawn_is_said_with_what_can() {
    let site = broken();
    for (arguments, said) in [
        (["--mark", "CHECK-BABI"], "did you mean `CHECK-BABY`?"),
        (["--mark", "INV-02"], "`INV-02` is proved"),
        (["--lang", "tlh"], "it has: en, es"),
    ] {
        let run = site.run(&[&["verify", "--graph", "a.svg"], arguments.as_slice()].concat());
        assert!(run.code > 0 && run.stderr.contains(said), "{arguments:?}: {}", run.stderr);
        assert!(!site.path("a.svg").exists(), "{arguments:?}: a picture was drawn");
    }
    let run = Site::shipped().run(&["verify", "--graph", "a.svg", "--checker", "ketamin"]).exits(1);
    assert!(run.stderr.contains("Did you mean `ketamine`?"), "{}", run.stderr);
    let run = Site::small().run(&["verify", "--graph", "a.svg"]).exits(2);
    assert!(run.stderr.contains("no questionnaire"), "{}", run.stderr);
    site.run(&["verify", "--mark", "CHECK-BABY"]).exits(2);
}
