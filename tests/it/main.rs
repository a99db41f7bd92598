//! End-to-end tests in one binary: the program as people run it, and the rules of the house.

mod cases;
mod cli;
mod coming_and_going;
mod coverage;
mod diff;
mod fhir;
mod forty_mistakes;
mod golden;
mod graph;
mod invariants;
mod mistakes;
mod moving;
mod pack;
mod pictures;
mod plain_language;
mod privacy;
mod proof_page;
mod publishing;
mod reviews;
mod rust_source;
mod search;
mod serve;
mod shared_numbers;
mod tags;
mod terminal;
mod tidy;
