//! Any text as the Markdown of a page, with containers.
#![no_main]

#[path = "../../site-gen/tests/any_input/pieces.rs"]
#[allow(dead_code)]
mod pieces;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    pieces::text(text);
});
