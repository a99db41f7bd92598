//! Is the prover itself right? The checker of this repository, as it is shipped, is proved, and what the proof says is
//! held against other ways to find it out: the evaluator that runs in the reader's browser (`evaluator`), another
//! library's diagrams with another encoding (`second_method`), and rules changed for the worse on purpose (`mutation`).
//!
//! What small questionnaires mean, counted answer set by answer set, is in `checker-rules/tests/it/proof.rs`.
//! Each test says what it compared: `cargo test --release -p site-gen --test prover -- --nocapture`.

mod bits;
mod evaluator;
mod mutants;
mod mutation;
#[allow(dead_code)]
#[path = "../../../checker-rules/tests/it/naive.rs"]
mod naive;
mod patients;
#[allow(dead_code)]
#[path = "../../../checker-rules/tests/it/random.rs"]
mod random;
mod second_method;
mod shipped;
#[allow(dead_code)]
#[path = "../../../checker-rules/tests/it/support.rs"]
mod support;

/// How often to try: so often with optimisation, a fiftieth of it without, where everything is slow.
fn times(optimised: usize) -> usize {
    if cfg!(debug_assertions) { optimised / 50 } else { optimised }
}
