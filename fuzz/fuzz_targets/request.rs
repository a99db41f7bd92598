//! Any text as a path or a host that the preview is asked for.
#![no_main]

#[path = "../../site-gen/tests/any_input/pieces.rs"]
#[allow(dead_code)]
mod pieces;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    pieces::request(text);
});
