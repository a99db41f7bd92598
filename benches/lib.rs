//! What the benches share: measuring, and questionnaires of any size.

pub mod measure;
pub mod questionnaire;
