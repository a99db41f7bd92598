//! FHIR R4 (4.0.1) Questionnaires: the questions of a checker go out, the questions of a form come in.
//!
//! ```text
//!   Checker ─export▶ Questionnaire (JSON)         what FHIR has no place for is told by name
//!   JSON ─json::read▶ Node ─form::read▶ Form ─analyze▶ findings
//!                                         └─carry▶ Carried ─files▶ checker.toml, questions.md …
//! ```
//!
//! FHIR knows questions, options, scores and when a question is asked. It knows no outcomes, rules, reasons or promises:
//! these stay behind on the way out, and have to be written after the way in.

mod analyze;
mod carry;
mod condition;
mod enable;
pub mod explain;
mod export;
mod files;
mod form;
mod json;
mod scores;
mod screens;
#[cfg(test)]
mod tests;

pub use export::{Exported, LeftOut, export};
pub use files::{Imported, ImportedFile, import};

/// URLs of the extensions and code systems in use.
pub(crate) mod url {
    /// Another language's words for a text.
    pub(crate) const TRANSLATION: &str = "http://hl7.org/fhir/StructureDefinition/translation";
    /// What an option adds to a score; FHIR R4's own.
    pub(crate) const ORDINAL: &str = "http://hl7.org/fhir/StructureDefinition/ordinalValue";
    /// The same under the name that took its place.
    pub(crate) const WEIGHT: &str = "http://hl7.org/fhir/StructureDefinition/itemWeight";
    /// An option that stands alone.
    pub(crate) const EXCLUSIVE: &str =
        "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive";
    /// How an item is shown.
    pub(crate) const CONTROL: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl";
    /// The codes for that.
    pub(crate) const CONTROLS: &str = "http://hl7.org/fhir/questionnaire-item-control";
    /// An item that nobody sees.
    pub(crate) const HIDDEN: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden";
    /// The unit of an integer or decimal.
    pub(crate) const UNIT: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit";
    /// A unit that a quantity may be given in.
    pub(crate) const UNIT_OPTION: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption";
    /// The lowest number.
    pub(crate) const MIN_VALUE: &str = "http://hl7.org/fhir/StructureDefinition/minValue";
    /// The highest number.
    pub(crate) const MAX_VALUE: &str = "http://hl7.org/fhir/StructureDefinition/maxValue";
    /// The lowest quantity.
    pub(crate) const MIN_QUANTITY: &str =
        "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-minQuantity";
    /// The highest quantity.
    pub(crate) const MAX_QUANTITY: &str =
        "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-maxQuantity";
    /// How many digits after the point.
    pub(crate) const MAX_DECIMALS: &str = "http://hl7.org/fhir/StructureDefinition/maxDecimalPlaces";
    /// A value that is worked out.
    pub(crate) const CALCULATED: &str =
        "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression";
    /// When an item is asked, in FHIRPath.
    pub(crate) const ENABLE_WHEN: &str =
        "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression";
    /// A named expression that others use.
    pub(crate) const VARIABLE: &str = "http://hl7.org/fhir/StructureDefinition/variable";
    /// Units of measure.
    pub(crate) const UCUM: &str = "http://unitsofmeasure.org";
}
