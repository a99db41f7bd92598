//! Any bytes as a program: refused, or run with any answers to its end, there and back.
#![no_main]

#[allow(dead_code)]
#[path = "../../checker-rules/tests/it/random.rs"]
mod random;
#[path = "../../checker-rules/tests/it/run.rs"]
mod run;

use checker_rules::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(program) = decode(bytes) {
        // The same bytes always lead to the same answers.
        let seed = bytes.iter().fold(1u64, |seed, &byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
        run::run(program, &mut random::Dice::new(seed));
    }
});
