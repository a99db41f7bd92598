//! Any text as a page, down to the end of its front matter.
#![no_main]

#[path = "../../site-gen/tests/any_input/pieces.rs"]
#[allow(dead_code)]
mod pieces;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    pieces::front(text);
});
