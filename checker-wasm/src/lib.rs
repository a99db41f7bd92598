//! The WASM module.
