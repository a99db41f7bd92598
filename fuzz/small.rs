//! The sites that the targets change one file of.

use std::path::Path;
use std::sync::LazyLock;

use site_gen::discover::discover;
use site_gen::source::SourceFile;

fn read(folder: &str) -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder above").join(folder);
    discover(&root).expect("a site").iter().map(|(_, file)| file.clone()).collect()
}

/// A checker with every kind of question, rule and promise.
pub fn files() -> &'static [SourceFile] {
    static FILES: LazyLock<Vec<SourceFile>> = LazyLock::new(|| {
        let mut files = read("site-gen/tests/any_input/small");
        files.retain(|file| file.path.starts_with("content/"));
        files
    });
    &FILES
}

/// A site with every construct that a page can hold.
pub fn constructs() -> &'static [SourceFile] {
    static FILES: LazyLock<Vec<SourceFile>> = LazyLock::new(|| {
        let mut files = read("tests/sites/constructs");
        // The words of the frame are the repository's own.
        files.extend(read(".").into_iter().filter(|file| file.path.ends_with("/interface.toml")));
        files
    });
    &FILES
}

/// The path of one of the small checker's files.
pub fn path(name: &str) -> &'static str {
    let file = files().iter().find(|file| file.path.ends_with(&format!("small/{name}")));
    &file.expect("a file of the small checker").path
}

/// What one of the small checker's files holds.
pub fn file(name: &str) -> Vec<u8> {
    let path = path(name);
    files().iter().find(|file| file.path == path).expect("a file of the small checker").bytes.clone()
}

/// A text in TOML.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter < ' ' || letter == '\u{7f}' => quoted += &format!("\\u{:04x}", u32::from(letter)),
            letter => quoted.push(letter),
        }
    }
    quoted + "\""
}
