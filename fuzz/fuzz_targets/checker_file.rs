//! Any bytes in place of one of the files of a small checker. The first byte says which.
#![no_main]

#[path = "../../site-gen/tests/any_input/judge.rs"]
#[allow(dead_code)]
mod judge;
#[path = "../small.rs"]
#[allow(dead_code)]
mod small;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&which, bytes)) = input.split_first() else { return };
    let files = ["checker.toml", "rules.toml", "safety.toml", "cases.toml", "questions.md", "reasons.md", "outcomes.md"];
    let path = small::path(files[usize::from(which) % files.len()]);
    judge::checkers(&judge::with(small::files(), path, bytes.to_vec()));
});
