//! The only writer: an output tree becomes files, and the last good site stays until the new one is whole.
