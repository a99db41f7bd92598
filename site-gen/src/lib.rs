//! Compiles a folder of content into a static site, in six stages.
pub mod finding;
pub mod source;
