//! Whole small sites and exactly what comes of them, in `tests/sites/<case>/expected/`.
//!
//! Record again with `GOLDEN=write cargo test -p tests golden`, and read the difference before you commit it.

use std::fs;

use tests::{Site, copy_folder, files_below, repository};

/// Names change with the program's version, not with the site; everything else must be the same byte for byte.
fn recorded(path: &str) -> bool {
    let text = [".html", ".xml", ".txt", "_redirects"];
    text.iter().any(|end| path.ends_with(end))
}

fn golden(case: &str) {
    let folder = repository().join("tests/sites").join(case);
    let site = Site::empty();
    copy_folder(&folder.join("content"), &site.path("content"));
    copy_folder(&folder.join("themes"), &site.path("themes"));
    for language in ["en", "es"] {
        // The words of the frame are not what this is about: they are the repository's own.
        let words = format!("content/{language}/interface.toml");
        site.write(&words, &tests::read(&repository().join(&words)));
    }
    site.build().exits(0);
    let made: Vec<(String, Vec<u8>)> =
        files_below(&site.path("public")).into_iter().filter(|(path, _)| recorded(path)).collect();
    let expected = folder.join("expected");
    if std::env::var_os("GOLDEN").is_some_and(|mode| mode == "write") {
        let _ = fs::remove_dir_all(&expected);
        for (path, bytes) in &made {
            let file = expected.join(path);
            fs::create_dir_all(file.parent().expect("BUG: a file has a folder"))
                .expect("folders can be made");
            fs::write(file, bytes).expect("a file can be written");
        }
        return;
    }
    let wanted = files_below(&expected);
    assert!(wanted.len() >= 5, "{} holds only {} files", expected.display(), wanted.len());
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    assert_eq!(names(&made), names(&wanted), "other files than in {}", expected.display());
    for ((path, made), (_, wanted)) in made.iter().zip(&wanted) {
        let (made, wanted) = (String::from_utf8_lossy(made), String::from_utf8_lossy(wanted));
        let difference =
            made.lines().zip(wanted.lines()).enumerate().find(|(_, (made, wanted))| made != wanted);
        if let Some((line, (made, wanted))) = difference {
            panic!("{path} line {} differs\n  expected: {wanted}\n  made:     {made}", line + 1);
        }
        assert_eq!(made.len(), wanted.len(), "{path} is longer or shorter than expected");
    }
}

#[test]
fn golden_constructs() {
    golden("constructs");
}
