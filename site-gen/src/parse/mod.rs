//! Bytes become pieces with places: front matter, Markdown, data files. Never fails; bad input becomes findings.
