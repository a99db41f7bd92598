//! What a questionnaire means.
