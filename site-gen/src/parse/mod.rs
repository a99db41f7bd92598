//! Bytes become pieces with places: front matter, Markdown, data files. Never fails; bad input becomes findings.

pub mod data;
pub mod toml;
pub mod yaml;
