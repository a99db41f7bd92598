//! The register of checks, and the only maker of a `CheckedSite`.
