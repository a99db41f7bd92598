//! Any text as a data file: settings, facts, evidence, people, words, glossary, tags.
#![no_main]

#[path = "../../site-gen/tests/any_input/pieces.rs"]
#[allow(dead_code)]
mod pieces;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    pieces::data(text);
});
