//! Units of numbers, as people write them and as health software knows them.

/// The code that every program knows a unit by.
pub(crate) fn ucum(unit: &str) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 28] = [
        ("mmHg", "mm[Hg]"),
        ("kg", "kg"),
        ("g", "g"),
        ("mg", "mg"),
        ("lb", "[lb_av]"),
        ("lbs", "[lb_av]"),
        ("cm", "cm"),
        ("m", "m"),
        ("in", "[in_i]"),
        ("ft", "[ft_i]"),
        ("C", "Cel"),
        ("°C", "Cel"),
        ("F", "[degF]"),
        ("°F", "[degF]"),
        ("%", "%"),
        ("bpm", "/min"),
        ("years", "a"),
        ("months", "mo"),
        ("weeks", "wk"),
        ("days", "d"),
        ("hours", "h"),
        ("h", "h"),
        ("minutes", "min"),
        ("min", "min"),
        ("seconds", "s"),
        ("s", "s"),
        ("mg/dL", "mg/dL"),
        ("mmol/L", "mmol/L"),
    ];
    KNOWN.iter().find(|(known, _)| *known == unit).map(|(_, code)| *code)
}
