//! Compiles a folder of content into a static site, in six stages.
//!
//! ```text
//!         discover      parse          link            check             render           emit
//!   disk ─────────▶ SourceTree ──▶ Parsed ──────▶ Site ─────────▶ CheckedSite ────▶ OutputTree ─────▶ disk
//!
//!   checkers             Draft ─resolve▶ Questionnaire ─verify▶ Verified ─encode▶ bytes in the page
//!   ═══════════ findings: every stage adds, sorted by file and place, printed once ═══════════
//! ```
//!
//! A stage is a verb and a function; what it yields is a noun and a type; the next stage takes that
//! noun. Only [`discover`] reads and only [`emit`] writes. Everything between is a function of values,
//! today's date among them.

pub mod check;
pub mod checker;
pub mod compress;
pub mod discover;
pub mod emit;
pub mod finding;
pub mod html;
pub mod link;
pub mod new;
pub mod parse;
pub mod render;
pub mod report;
pub mod serve;
pub mod source;
pub mod theme;
