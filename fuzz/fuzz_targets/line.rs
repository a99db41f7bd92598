//! Any text as a line of a rule.
#![no_main]

#[path = "../../site-gen/tests/any_input/judge.rs"]
#[allow(dead_code)]
mod judge;
#[path = "../small.rs"]
#[allow(dead_code)]
mod small;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &str| {
    let rules = String::from_utf8(small::file("rules.toml")).expect("text");
    let line = format!("\"C1 is unknown\", {}", small::quoted(line));
    let rules = rules.replacen("\"C1 is unknown\"", &line, 1);
    judge::checkers(&judge::with(small::files(), small::path("rules.toml"), rules.into_bytes()));
});
