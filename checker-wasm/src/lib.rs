//! The questionnaire widget as one WASM module.
//!
//! Nothing happens here but the start: the screens are in `checker-ui`, the meaning of the answers in
//! `checker-rules`, and the script around this module (its capabilities and its fallback) in
//! `checker-bundle`. It is a crate of its own because a `cdylib` with an `rlib` beside it loses
//! link-time optimisation, and the widget grows by a quarter.

use wasm_bindgen::prelude::wasm_bindgen;

/// Small rather than fast: the standard allocator is 7 kB of code, this one 2 kB.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Puts the questionnaire into its place on the page. Called by the loader, once.
#[wasm_bindgen]
pub fn start() {
    checker_ui::start();
}

/// Does what an element stands for. Called by the loader when it is clicked, changed or sent off.
#[wasm_bindgen]
pub fn hear(number: u32) {
    checker_ui::hear(number);
}

/// Forgets every answer and goes back to the start page. Called by the loader when the page is left.
#[wasm_bindgen]
pub fn clear() {
    checker_ui::clear();
}
