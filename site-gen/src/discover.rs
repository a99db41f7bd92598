//! The only reader: a folder on disk becomes a [`crate::source::SourceTree`].
