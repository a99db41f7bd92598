//! Any bytes as a picture. The first byte says under which name.
#![no_main]

#[path = "../../site-gen/tests/any_input/pieces.rs"]
#[allow(dead_code)]
mod pieces;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&kind, bytes)) = input.split_first() else { return };
    pieces::picture(kind, bytes);
});
