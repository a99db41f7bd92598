//! The widget as one script.
