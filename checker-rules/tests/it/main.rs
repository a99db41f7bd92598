//! What a user of the crate would notice, through its public face alone.

mod support;

mod shipped_size;
