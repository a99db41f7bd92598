//! No input does harm. Files of the shipped checker and of a site with every construct are damaged at random, the same
//! way in every run, and everything that reads them has to cope (`judge` says what that means).
//!
//! The folder `fuzz/` of the repository does the same for hours, with inputs that a fuzzer finds.

mod damage;
mod judge;
mod pieces;
#[allow(dead_code)]
#[path = "../../../checker-rules/tests/it/random.rs"]
mod random;

use std::path::{Path, PathBuf};

use site_gen::discover::discover;
use site_gen::source::SourceFile;

use crate::random::Dice;

/// How often each file is damaged: a tenth of it without optimisation, where everything is slow.
fn times(optimised: usize) -> usize {
    if cfg!(debug_assertions) { optimised.div_ceil(10) } else { optimised }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("BUG: a workspace").to_owned()
}

fn files_of(root: &Path, wanted: impl Fn(&str) -> bool) -> Vec<SourceFile> {
    let sources = discover(root).expect("a site");
    sources.iter().map(|(_, file)| file.clone()).filter(|file| wanted(&file.path)).collect()
}

/// Damages each of these files so often and lets it be judged; returns how many were still fit to publish.
fn damage_each(
    files: &[SourceFile],
    wanted: impl Fn(&str) -> bool,
    rounds: usize,
    judge: impl Fn(&site_gen::source::SourceTree) -> bool + Sync,
) -> (usize, usize) {
    let paths: Vec<&SourceFile> = files.iter().filter(|file| wanted(&file.path)).collect();
    assert!(!paths.is_empty());
    let half = |which: usize| {
        let (mut tried, mut fit) = (0, 0);
        for (number, file) in paths.iter().enumerate() {
            for round in (0..rounds).filter(|round| round % 2 == which) {
                let mut dice = Dice::new(((number as u64) << 32) + round as u64 + 1);
                let bytes = damage::damaged(&file.bytes, &mut dice);
                tried += 1;
                fit += usize::from(judge(&judge::with(files, &file.path, bytes)));
            }
        }
        (tried, fit)
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| half(0));
        let own = half(1);
        let other = other.join().expect("every input is read to its end");
        (own.0 + other.0, own.1 + other.1)
    })
}

/// A checker with every kind of question, rule and promise, small enough to be proved in no time.
fn small() -> Vec<SourceFile> {
    files_of(&repository().join("site-gen/tests/any_input/small"), |path| path.starts_with("content/"))
}

#[test]
fn the_small_checker_is_proved_as_it_stands() {
    assert!(judge::checkers(&site_gen::source::SourceTree::new(small())));
}

#[test]
fn damaged_checker_files_are_told_or_harmless() {
    let (tried, fit) =
        damage_each(&small(), |path| path.contains("/checkers/"), times(2_000), judge::checkers);
    println!("{tried} damaged checker files: {fit} still proved, the others refused with a place.");
    assert!(fit > tried / 50 && fit < tried, "{fit} of {tried}");
}

#[test]
fn damaged_files_of_the_shipped_checker_are_told_or_harmless() {
    let files = files_of(&repository(), |path| path.contains("/checkers/") || path.ends_with(".toml"));
    let (tried, fit) =
        damage_each(&files, |path| path.contains("/checkers/ketamine/"), times(10), judge::checkers);
    println!(
        "{tried} damaged files of the shipped checker: {fit} still proved, the others refused with a place."
    );
    assert!(fit > 0 && fit < tried, "{fit} of {tried}");
}

#[test]
fn lines_of_any_words_are_told_or_harmless() {
    let files = small();
    let path = "content/checkers/small/rules.toml";
    let words = [
        "A1",
        "B1",
        "C1",
        "LONG",
        "SHORT",
        "tired",
        "is",
        "is not",
        "includes",
        "at least",
        "below",
        "item",
        "unknown",
        "or",
        "of",
        ",",
        "yes",
        "no",
        "sleep",
        "work",
        "2",
        "9",
        "1",
        "-1",
        "0.5",
        "mmHg",
        "  ",
        "A1 A1",
        "é",
        "\t",
        "99999999999999999999",
        "includes at least 2 of",
        "item 9 at least 1",
        "is unknown",
        "at",
        "least",
        "NOT",
        "=",
        "A1 is yes",
        "C1 at least 160 mmHg",
    ];
    let (mut lines, mut understood) = (0, 0);
    for round in 0..times(4_000) {
        let mut dice = Dice::new(round as u64 + 77);
        let rules = files.iter().find(|file| file.path == path).expect("the rules");
        let count = 1 + dice.below(6);
        let line: Vec<&str> = (0..count).map(|_| *dice.pick(&words)).collect();
        let line = line.join(" ").replace('\t', "\\t");
        let text = String::from_utf8(rules.bytes.clone()).expect("text");
        let text = text.replacen("\"C1 is unknown\"", &format!("\"C1 is unknown\", \"{line}\""), 1);
        assert!(text.contains(&line));
        lines += 1;
        understood += usize::from(judge::checkers(&judge::with(&files, path, text.into_bytes())));
    }
    println!("{lines} lines of random words: {understood} made sense, the others were refused with a place.");
    assert!(understood > 0 && understood < lines / 2, "{understood} of {lines}");
}

/// A site with every construct that a page can hold, in the words of this repository's own frame.
fn constructs() -> Vec<SourceFile> {
    let mut files = files_of(&repository().join("tests/sites/constructs"), |_| true);
    files.extend(files_of(&repository(), |path| path.ends_with("/interface.toml")));
    files
}

#[test]
fn damaged_pages_and_settings_are_told_or_harmless() {
    let files = constructs();
    let (tried, fit) = damage_each(
        &files,
        |path| path.starts_with("content/") && !path.ends_with(".svg"),
        times(60),
        judge::site,
    );
    println!("{tried} damaged pages and settings: {fit} still fit to publish, the others refused.");
    assert!(fit > 0 && fit < tried, "{fit} of {tried}");
}

#[test]
fn damaged_templates_and_styles_are_told_or_harmless() {
    let files = constructs();
    let wanted = |path: &str| path.starts_with("themes/") && !path.contains("/fonts/");
    let (tried, fit) = damage_each(&files, wanted, times(10), judge::site);
    println!("{tried} damaged files of a theme: {fit} still fit to publish, the others refused.");
    assert!(fit > 0 && fit < tried, "{fit} of {tried}");
}

/// Damages each text so often; returns how many were tried, and how many of them were still good.
fn damage_texts(texts: &[Vec<u8>], rounds: usize, judge: impl Fn(&[u8]) -> bool) -> (usize, usize) {
    let (mut tried, mut good) = (0, 0);
    for (number, text) in texts.iter().enumerate() {
        assert!(judge(text), "as it stands it is good: {}", String::from_utf8_lossy(text));
        for round in 0..rounds {
            let mut dice = Dice::new(((number as u64) << 32) + round as u64 + 1);
            tried += 1;
            good += usize::from(judge(&damage::damaged(text, &mut dice)));
        }
    }
    (tried, good)
}

fn pages() -> Vec<Vec<u8>> {
    constructs()
        .into_iter()
        .filter(|file| file.path.ends_with(".md") && file.path.contains("/pages/"))
        .map(|file| file.bytes)
        .collect()
}

#[test]
fn damaged_texts_become_no_html_but_our_own() {
    let bodies: Vec<Vec<u8>> = pages()
        .into_iter()
        .map(|page| {
            let text = String::from_utf8(page).expect("text");
            text.splitn(3, "---\n").nth(2).unwrap_or_default().as_bytes().to_vec()
        })
        .collect();
    let judge = |bytes: &[u8]| pieces::text(&String::from_utf8_lossy(bytes));
    let (tried, good) = damage_texts(&bodies, times(2_000), judge);
    println!("{tried} damaged texts: {good} without a mistake.");
    assert!(good > 0 && good < tried, "{good} of {tried}");
}

#[test]
fn damaged_front_matter_is_read_or_refused() {
    let judge = |bytes: &[u8]| pieces::front(&String::from_utf8_lossy(bytes));
    let (tried, good) = damage_texts(&pages(), times(1_000), judge);
    println!("{tried} pages with damage: {good} with good front matter.");
    assert!(good > 0 && good < tried, "{good} of {tried}");
}

#[test]
fn damaged_data_files_are_read_or_refused() {
    let files: Vec<Vec<u8>> = constructs()
        .into_iter()
        .filter(|file| file.path.ends_with(".toml") && file.bytes.len() < 20_000)
        .map(|file| file.bytes)
        .collect();
    let judge = |bytes: &[u8]| pieces::data(&String::from_utf8_lossy(bytes));
    let (tried, good) = damage_texts(&files, times(1_000), judge);
    println!("{tried} damaged data files: {good} still readable.");
    assert!(good > 0 && good < tried, "{good} of {tried}");
}

#[test]
fn damaged_pictures_are_shown_or_refused() {
    let mut pictures: Vec<(u8, Vec<u8>)> = Vec::new();
    let pixels = image::RgbImage::from_fn(9, 7, |x, y| image::Rgb([(x * 25) as u8, (y * 30) as u8, 90]));
    for (kind, format) in
        [(1, image::ImageFormat::Png), (2, image::ImageFormat::Jpeg), (3, image::ImageFormat::WebP)]
    {
        let mut bytes = std::io::Cursor::new(Vec::new());
        pixels.write_to(&mut bytes, format).expect("a picture");
        pictures.push((kind, bytes.into_inner()));
    }
    let drawing = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 7\">\
                   <style>.a { fill: url(#b) }</style><g class=\"a\"><path d=\"M0 0h9v7z\" style=\"fill: red\"/>\
                   <use href=\"#c\"/></g><!-- a note --></svg>";
    pictures.push((0, drawing.as_bytes().to_vec()));
    let (mut tried, mut good) = (0, 0);
    for (kind, bytes) in pictures {
        let (more, shown) = damage_texts(&[bytes], times(4_000), |bytes| pieces::picture(kind, bytes));
        assert!(shown < more, "every one of kind {kind} is shown");
        tried += more;
        good += shown;
    }
    println!("{tried} damaged pictures: {good} can still be shown.");
    assert!(good > 0, "{good} of {tried}");
}

#[test]
fn whatever_is_asked_of_the_preview_stays_in_the_site() {
    const PIECES: [&str; 30] = [
        "/",
        "..",
        ".",
        "%2e",
        "%2E",
        "%2f",
        "%5c",
        "\\",
        "%00",
        "%0d%0a",
        "%25",
        "%c0%ae",
        "%e0%80%ae",
        "%",
        "%2",
        "a",
        "é",
        "%c3%b3",
        "index.html",
        "//",
        ":3000",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "@",
        "?",
        "#",
        ";",
        "\u{202e}",
        " ",
    ];
    let (mut tried, mut good) = (0, 0);
    for round in 0..times(200_000) {
        let mut dice = Dice::new(round as u64 + 5);
        let count = 1 + dice.below(8);
        let text: String = (0..count).map(|_| *dice.pick(&PIECES)).collect();
        tried += 1;
        good += usize::from(pieces::request(&text));
    }
    println!("{tried} addresses: {good} could be the path of a file of the site.");
    assert!(good > tried / 100 && good < tried, "{good} of {tried}");
}
