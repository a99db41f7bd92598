//! What the benches share: measuring, questionnaires of any size, and sites of any size for every generator.

pub mod corpus;
pub mod measure;
pub mod questionnaire;
