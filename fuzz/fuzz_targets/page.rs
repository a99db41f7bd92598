//! Any bytes as a page of a small site: front matter, Markdown, links, and the finished site.
#![no_main]

#[path = "../../site-gen/tests/any_input/judge.rs"]
#[allow(dead_code)]
mod judge;
#[path = "../small.rs"]
#[allow(dead_code)]
mod small;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    judge::site(&judge::with(small::constructs(), "content/en/pages/guide/text.md", bytes.to_vec()));
});
