//! What a user of the crate would notice, through its public face alone.

mod changed;
mod naive;
mod random;
mod run;
mod support;

mod bytes;
mod difference;
mod faults;
mod people;
mod promises;
mod proof;
mod properties;
mod session;
mod shipped_size;
mod worked;
