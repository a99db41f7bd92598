//! Checker files: what staff write about a questionnaire becomes a draft, and its words.
