//! Writes a site for measuring: `cargo run --release -p benches --bin corpus -- harbor 10000 FOLDER`.

use benches::corpus::{Dialect, Site, write};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let names = Dialect::ALL.map(Dialect::name).join(" | ");
    let [dialect, pages, folder] = arguments.as_slice() else {
        eprintln!("usage: corpus {names} PAGES FOLDER");
        return ExitCode::from(2);
    };
    let (Some(dialect), Ok(pages)) = (Dialect::named(dialect), pages.parse()) else {
        eprintln!("the first word is one of {names}, the second a number");
        return ExitCode::from(2);
    };
    let folder = Path::new(folder);
    if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        eprintln!("{} is not empty; name a new folder", folder.display());
        return ExitCode::from(2);
    }
    match write(&Site::new(pages, 1), dialect, folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("failed to write {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}
