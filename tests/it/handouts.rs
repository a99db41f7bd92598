//! Pages on paper: the PDFs of the pages that `site.toml` names.

use image::GrayImage;
use tests::pdf::{Pdf, Tagged};
use tests::{Site, copy_folder, files_below, findings, read, repository};

const SETTINGS: &str = "content/site.toml";
const PREPARE: &str = "content/en/pages/visit/prepare.md";

/// The small site with a handout of each of these pages.
fn printing(site: Site, pages: &[&str]) -> Site {
    let blocks: String = pages.iter().map(|page| format!("\n[[handout]]\npage = \"{page}\"\n")).collect();
    site.append(SETTINGS, &blocks)
}

fn small() -> Site {
    printing(Site::small(), &["/visit/prepare.md"])
}

fn bytes(site: &Site, path: &str) -> Vec<u8> {
    let file = site.path("public").join(path);
    std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn pdf(site: &Site, path: &str) -> Pdf {
    Pdf::read(&bytes(site, path))
}

/// A text without spaces: where a line ends is nobody's business.
fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// The first of these pieces that does not stand in a text behind the piece before it.
fn out_of_order<'p>(text: &str, pieces: &[&'p str]) -> Option<&'p str> {
    let text = squeezed(text);
    let mut from = 0;
    pieces.iter().copied().find(|piece| match text[from..].find(&squeezed(piece)) {
        Some(at) => {
            from += at + squeezed(piece).len();
            false
        }
        None => true,
    })
}

#[test]
fn what_is_missing_or_out_of_order_is_seen() {
    assert_eq!(out_of_order("One, t wo and three", &["One", "two", "three"]), None);
    assert_eq!(out_of_order("One and three", &["One", "two", "three"]), Some("two"));
    assert_eq!(out_of_order("two and One", &["One", "two"]), Some("two"));
}

#[test]
fn a_handout_says_what_its_page_says_in_its_order() {
    let site = small().append(
        PREPARE,
        "\n## The day {#the-day}\n\n:::checklist Pack\n- Water\n- Your *book*\n:::\n\n| When | What |\n|---|--:|\n| \
         Before | Sleep |\n\n:::details May I read?\nYes, you may.\n:::\n",
    );
    site.build().exits(0);
    for (file, size) in [("prepare-en.pdf", "normal"), ("prepare-en-large.pdf", "large")] {
        let text = pdf(&site, &format!("handouts/visit/{file}")).text();
        let missing = out_of_order(
            &text,
            &[
                "In danger? Call 911",
                "Call 988",
                "text 988",
                "Get ready",
                "What to do on the day before your visit.",
                "https://clinic.example/visit/prepare/",
                "Not yet reviewed by a clinician",
                "November 28, 2026",
                "The day before",
                "Drink water and sleep well. A short rest helps most people feel steady",
                "What to bring",
                "Your list of medicines",
                "The name of the person who takes you home",
                "The day",
                "Pack",
                "☐",
                "Water",
                "☐",
                "Your book",
                "When",
                "What",
                "Before",
                "Sleep",
                "May I read?",
                "Yes, you may.",
                "Sources",
                "1.",
                "Example group (2024). A study of rest",
            ],
        );
        assert_eq!(missing, None, "{size}: {text}");
        assert!(!squeezed(&text).contains("☐Yourlist"), "a plain list has no boxes: {text}");
    }
}

fn kinds(tags: &[Tagged]) -> Vec<&str> {
    tags.iter().map(|tag| tag.kind.as_str()).collect()
}

#[test]
fn a_handout_is_tagged_for_those_who_cannot_see_it() {
    let site = printing(Site::small_in_two_languages(), &["/visit/prepare.md"])
        .append(PREPARE, "\n| When | What |\n|---|---|\n| Before | Sleep |\n");
    site.build().exits(0);
    for (file, language, title) in [
        ("prepare-en.pdf", "en", "Get ready"),
        ("prepare-en-large.pdf", "en", "Get ready"),
        ("prepare-es.pdf", "es", "Prepárese"),
        ("prepare-es-large.pdf", "es", "Prepárese"),
    ] {
        let pdf = pdf(&site, &format!("handouts/visit/{file}"));
        assert!(pdf.is_tagged() && pdf.shows_its_title(), "{file}");
        assert_eq!(pdf.language(), language, "{file}");
        let about = pdf.metadata();
        assert!(about.contains(title), "{file}: {about}");
        assert!(about.contains("pdfuaid:part>1<"), "{file} does not claim PDF/UA-1: {about}");
        let tags = pdf.tags();
        let kinds = kinds(&tags);
        assert_eq!(kinds.iter().filter(|kind| **kind == "H1").count(), 1, "{file}: {kinds:?}");
        for kind in ["H2", "P", "L", "LI", "Lbl", "LBody", "Link", "Figure"] {
            assert!(kinds.contains(&kind), "{file} has no {kind}: {kinds:?}");
        }
        let code = tags.iter().find(|tag| tag.kind == "Figure").expect("the code is a picture");
        assert!(!code.alt.is_empty(), "{file}: the code says nothing");
        let (first, bookmark) = &pdf.bookmarks()[0];
        assert_eq!((*first, bookmark.as_str()), (1, title), "{file}");
        assert!(pdf.bookmarks().iter().any(|(depth, _)| *depth == 2), "{file}: {:?}", pdf.bookmarks());
    }
    let tags = pdf(&site, "handouts/visit/prepare-en.pdf").tags();
    let heads: Vec<&str> = tags.iter().filter(|tag| tag.kind == "TH").map(|tag| tag.scope.as_str()).collect();
    assert_eq!(heads, ["Column", "Column", "Row"], "{tags:?}");
}

#[test]
fn no_heading_is_left_out_between_two_levels() {
    let site = Site::shipped();
    site.build().exits(0);
    let mut seen = 0;
    for (name, bytes) in files_below(&site.path("public/handouts")) {
        let mut before = 0;
        for tag in Pdf::read(&bytes).tags() {
            if let Some(level) = tag.kind.strip_prefix('H').and_then(|level| level.parse::<u8>().ok()) {
                assert!(level <= before + 1, "{name}: H{level} follows H{before}");
                before = level;
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "only {seen} headings");
}

#[test]
fn the_code_on_the_paper_leads_to_the_page() {
    let site = small();
    for (arguments, address) in [
        (vec![], "https://clinic.example/visit/prepare/"),
        (vec!["--base-url", "https://other.example/a"], "https://other.example/a/visit/prepare/"),
    ] {
        site.run(&[&["build", "--today", tests::TODAY], &arguments[..]].concat()).exits(0);
        for file in ["prepare-en.pdf", "prepare-en-large.pdf"] {
            let codes = codes(&bytes(&site, &format!("handouts/visit/{file}")));
            assert_eq!(codes, [address], "{file}");
        }
    }
}

/// What the codes on the first page say to a camera.
fn codes(pdf: &[u8]) -> Vec<String> {
    let paper = first_page(pdf);
    let mut image = rqrr::PreparedImage::prepare(paper);
    image.detect_grids().iter().map(|grid| grid.decode().expect("a code that can be read").1).collect()
}

#[test]
fn large_print_has_no_small_letters() {
    let site = Site::shipped();
    site.build().exits(0);
    let mut seen = 0;
    for (name, bytes) in files_below(&site.path("public/handouts")) {
        let smallest = Pdf::read(&bytes).letter_sizes()[0];
        if name.ends_with("-large.pdf") {
            seen += 1;
            assert!(smallest >= 17.99, "{name} has letters of {smallest} points");
        } else {
            assert!(smallest < 12.0, "{name}: this measure sees no small letters, smallest {smallest}");
        }
    }
    assert!(seen >= 10, "only {seen} handouts in large print");
}

#[test]
fn pages_lead_to_their_handouts_and_only_they() {
    let site = printing(Site::small_in_two_languages(), &["/visit/prepare.md"]);
    site.build().exits(0);
    for (page, code, words) in [
        ("/visit/prepare/", "en", "Handout in large print"),
        ("/es/visit/prepare/", "es", "Hoja en letra grande"),
    ] {
        let html = site.page(page);
        assert!(html.contains(words), "{html}");
        for end in ["", "-large"] {
            let name = format!("handouts/visit/prepare-{code}{end}.pdf");
            assert!(Pdf::read(&bytes(&site, &name)).pages() > 0);
            let link =
                html.split(&format!("href=\"/{name}\"")).nth(1).and_then(|rest| rest.split("</a>").next());
            let link = link.unwrap_or_else(|| panic!("{page} has no link to {name}"));
            assert!(link.contains("(PDF)"), "{link} does not say what it leads to");
        }
    }
    for page in ["/visit/aftercare/", "/es/visit/aftercare/", "/"] {
        assert!(!site.page(page).contains("/handouts/"), "{page} has no handout");
    }
    let headers = site.read("public/_headers");
    assert!(headers.contains("\n/handouts/*\n  X-Robots-Tag: noindex\n"), "{headers}");
}

#[test]
fn a_site_that_asks_for_none_has_none() {
    let site = Site::small();
    site.build().exits(0);
    assert!(!site.path("public/handouts").exists());
    assert!(!site.read("public/_headers").contains("handouts"));
    assert!(!site.page("/visit/prepare/").contains("Handout"));
}

#[test]
fn every_handout_of_the_shipped_site_is_there_and_claims_to_be_accessible() {
    let settings: toml::Table = read(&repository().join(SETTINGS)).parse().expect("site.toml is TOML");
    let wanted = settings["handout"].as_array().expect("the shipped site has handouts");
    assert!(wanted.len() >= 4, "{wanted:?}");
    let site = Site::shipped();
    site.build().exits(0);
    let made = files_below(&site.path("public/handouts"));
    assert_eq!(made.len(), wanted.len() * 4, "two languages, two sizes");
    for page in wanted {
        let page = page["page"].as_str().expect("a path").trim_start_matches('/').trim_end_matches(".md");
        for end in ["en", "en-large", "es", "es-large"] {
            assert!(made.iter().any(|(name, _)| *name == format!("{page}-{end}.pdf")), "no {page}-{end}.pdf");
        }
    }
    for (name, bytes) in &made {
        let pdf = Pdf::read(bytes);
        assert!(pdf.metadata().contains("pdfuaid:part>1<"), "{name}");
        assert_eq!(pdf.paper(), (612.0, 792.0), "{name} is for Letter");
        let text = squeezed(&pdf.text());
        assert!(text.contains("911") && text.contains("988"), "{name} has no help numbers");
        for address in pdf.addresses() {
            let known =
                ["https://", "tel:", "sms:", "mailto:"].iter().any(|start| address.starts_with(start));
            assert!(known, "{name} leads to {address}");
        }
    }
}

#[test]
fn every_tick_of_a_checklist_is_a_box_on_paper() {
    let site = Site::shipped();
    site.build().exits(0);
    for (page, language) in [("visit/questions-to-ask", "en"), ("visit/prepare", "es")] {
        let source = site.read(&format!("content/{language}/pages/{page}.md"));
        let mut inside = false;
        let items = source
            .lines()
            .filter(|line| {
                inside = line.starts_with(":::checklist") || (inside && *line != ":::");
                inside && line.starts_with("- ")
            })
            .count();
        assert!(items >= 5, "{page} has {items} things to tick");
        let text = pdf(&site, &format!("handouts/{page}-{language}.pdf")).text();
        assert_eq!(text.matches('☐').count(), items, "{page}");
    }
}

#[test]
fn every_construct_can_be_printed() {
    let site = Site::empty();
    copy_folder(&repository().join("tests/sites/constructs/content"), &site.path("content"));
    copy_folder(&repository().join("tests/sites/constructs/themes"), &site.path("themes"));
    for language in ["en", "es"] {
        let words = format!("content/{language}/interface.toml");
        site.write(&words, &read(&repository().join(&words)));
    }
    let site = printing(site, &["/guide/text.md", "/guide/boxes.md"]);
    site.build().exits(0);
    let pdf = pdf(&site, "handouts/guide/text-en.pdf");
    let text = pdf.text();
    let missing = out_of_order(
        &text,
        &[
            "Words",
            "Soft",
            "strong",
            "as typed",
            "Less < more &",
            "Lists",
            "1.",
            "First",
            "2.",
            "Second",
            "inside",
            "Loose",
            "Table",
            "When",
            "Day before",
            "Rest | sleep",
            "Links",
            "Here",
            "outside",
            "Notes",
            "A claim with a note.",
            "Good to know.",
            "Said by somebody.",
            "Notes",
            "a.",
            "The first note.",
            "b.",
            "The second note.",
        ],
    );
    assert_eq!(missing, None, "{text}");
    assert!(
        pdf.tags().iter().any(|tag| tag.kind == "Figure" && tag.alt == "A blue square"),
        "{:?}",
        pdf.tags()
    );
    let addresses = pdf.addresses();
    for address in [
        "https://guide.example/site/guide/text/#words",
        "https://guide.example/site/guide/boxes/",
        "https://www.cdc.gov/",
        "tel:911",
    ] {
        assert!(addresses.iter().any(|known| known == address), "no link to {address}: {addresses:?}");
    }
    let boxes = self::pdf(&site, "handouts/guide/boxes-en.pdf").text();
    let missing = out_of_order(
        &boxes,
        &[
            "Call 911 now",
            "Call today",
            "What we know",
            "What we do not know yet",
            "The day before",
            "Why is that?",
            "A box in a box.",
        ],
    );
    assert_eq!(missing, None, "{boxes}");
}

#[test]
fn a_picture_comes_along_with_what_it_shows() {
    let picture = image::RgbImage::from_fn(300, 200, |x, y| image::Rgb([x as u8, y as u8, 9]));
    let mut jpeg = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("a JPEG");
    let site =
        small().append(PREPARE, "\n![Two steps and a ramp](/images/door.jpg \"The door on Oak Street\")\n");
    site.write_bytes("content/images/door.jpg", &jpeg.into_inner());
    site.build().exits(0);
    let shown = pdf(&site, "handouts/visit/prepare-en.pdf");
    assert!(shown.tags().iter().any(|tag| tag.alt == "Two steps and a ramp"), "{:?}", shown.tags());
    assert!(squeezed(&shown.text()).contains("ThedooronOakStreet"));
    // One that only decorates is nothing to a screen reader.
    let site = site.edit(
        PREPARE,
        "![Two steps and a ramp](/images/door.jpg \"The door on Oak Street\")",
        "![decorative](/images/door.jpg)",
    );
    site.build().exits(0);
    let silent = pdf(&site, "handouts/visit/prepare-en.pdf");
    assert_eq!(silent.tags().iter().filter(|tag| tag.kind == "Figure").count(), 1, "the code alone");
}

#[test]
fn two_builds_come_to_the_same_bytes_and_name_nothing_of_this_machine() {
    let site = small();
    site.build().exits(0);
    let first = files_below(&site.path("public/handouts"));
    assert_eq!(first.len(), 2);
    // Taken over as it stands: a second build writes none of them again.
    let when = |site: &Site| {
        std::fs::metadata(site.path("public/handouts/visit/prepare-en.pdf"))
            .and_then(|about| about.modified())
            .expect("it is there")
    };
    let before = when(&site);
    site.build().exits(0);
    assert_eq!(when(&site), before, "a handout was written again");
    for how in [&["build"][..], &["build", "--no-cache"]] {
        std::fs::remove_dir_all(site.path("public")).expect("it is there");
        site.run(&[how, &["--today", tests::TODAY]].concat()).exits(0);
        assert!(files_below(&site.path("public/handouts")) == first, "{how:?} comes to something else");
    }
    // Damaged since, one is printed anew.
    let (name, mut bytes) = first[0].clone();
    bytes.truncate(bytes.len() / 2);
    site.write_bytes(&format!("public/handouts/{name}"), &bytes);
    site.build().exits(0);
    assert!(files_below(&site.path("public/handouts")) == first, "a damaged handout was taken over");
    let place = site.root().display().to_string();
    for (name, bytes) in &first {
        assert!(!String::from_utf8_lossy(bytes).contains(&place), "{name} names {place}");
        assert!(!Pdf::read(bytes).metadata().contains(&place), "{name} names {place}");
    }
    // Another day is another handout: it says so.
    site.run(&["build", "--today", "2026-11-29"]).exits(0);
    let next = pdf(&site, "handouts/visit/prepare-en.pdf").text();
    assert!(squeezed(&next).contains("November29,2026"), "{next}");
}

#[test]
fn the_paper_is_that_of_the_country() {
    let site = small();
    site.build().exits(0);
    assert_eq!(pdf(&site, "handouts/visit/prepare-en.pdf").paper(), (612.0, 792.0));
    // Another country has other numbers to call.
    let facts = "content/facts.toml";
    let numbers = site.read(facts).replace("911\"", "112\"").replace("988\"", "024\"");
    site.write(facts, &numbers);
    let site = site.edit(SETTINGS, "country = \"US\"", "country = \"ES\"");
    site.build().exits(0);
    let (width, height) = pdf(&site, "handouts/visit/prepare-en.pdf").paper();
    assert!((width - 595.28).abs() < 0.1 && (height - 841.89).abs() < 0.1, "{width} x {height}");
}

/// The one error of a build that is refused, and that nothing was published.
#[track_caller]
fn refused(site: &Site, code: &str, file: &str, line: u64, says: &str) {
    let found: Vec<_> =
        findings(&site.check().exits(1)).into_iter().filter(|one| one.severity == "error").collect();
    let [one] = found.as_slice() else { panic!("one mistake is told once: {found:#?}") };
    assert_eq!((one.code.as_str(), one.file.as_str(), one.line), (code, file, line), "{one:#?}");
    assert!(one.message.contains(says), "{one:#?}");
    assert!(!one.help.is_empty(), "{one:#?}");
    site.build().exits(1);
    assert!(!site.path("public/index.html").exists(), "nothing is published");
}

#[test]
fn a_handout_of_no_page_is_told_at_its_line() {
    let site = printing(Site::small(), &["/visit/prepair.md"]);
    let line = site.line_of(SETTINGS, "prepair");
    refused(&site, "handout-without-page", SETTINGS, line, "/visit/prepair.md");
    let help = findings(&site.check())[0].help.clone();
    assert!(help.contains("/visit/prepare.md"), "{help}");
}

#[test]
fn a_page_that_only_leads_on_is_no_handout() {
    for page in ["/visit/index.md", "/index.md"] {
        let site = printing(Site::small(), &[page]);
        let line = site.line_of(SETTINGS, "[[handout]]") + 1;
        refused(&site, "handout-of-no-text", SETTINGS, line, page);
    }
}

#[test]
fn the_same_handout_twice_is_told() {
    let site = printing(Site::small(), &["/visit/aftercare.md", "/visit/prepare.md", "/visit/aftercare.md"]);
    let last = site.read(SETTINGS).lines().count() as u64;
    refused(&site, "handout-twice", SETTINGS, last, "/visit/aftercare.md");
}

#[test]
fn a_sign_that_the_letters_lack_is_told_where_it_stands() {
    let site = small().append(PREPARE, "\nRest \u{1f634} a while.\n");
    let line = site.line_of(PREPARE, "\u{1f634}");
    refused(&site, "handout-letter-missing", PREPARE, line, "\u{1f634}");
    // The same sign on a page without a handout hurts nobody.
    Site::small().append(PREPARE, "\nRest \u{1f634} a while.\n").build().exits(0);
    // Accents, signs of mathematics and arrows of the text are there.
    small().append(PREPARE, "\nCafé, niño, Łódź, “so” – ≥ 5 → 6, ½, ✓.\n").build().exits(0);
}

#[test]
fn words_that_a_handout_needs_are_asked_for() {
    let words = "content/en/interface.toml";
    let site = small();
    let text: String = site
        .read(words)
        .lines()
        .filter(|line| !line.starts_with("handout_"))
        .fold(String::new(), |all, line| all + line + "\n");
    site.write(words, &text);
    refused(&site, "handout-words-missing", words, 1, "handout_page");
    // A site without handouts needs none of them.
    let site = Site::small();
    site.write(words, &text);
    site.build().exits(0);
}

#[test]
fn the_privacy_report_tells_of_handouts() {
    let site = Site::shipped();
    site.build().exits(0);
    let report: serde_json::Value =
        serde_json::from_str(&site.read("public/privacy-report.json")).expect("a report");
    let count = files_below(&site.path("public/handouts")).len();
    assert_eq!(report["handouts"]["files"], count);
    let names = report["handouts"]["names"].as_array().expect("a list");
    assert!(names.iter().any(|name| name == "JavaScript"), "{names:?}");
    assert!(site.page("/privacy-report/").contains(&format!("{count} handouts were read")));
}

/// The first page as a camera sees it, dark on light.
fn first_page(pdf: &[u8]) -> GrayImage {
    let pdf = hayro::hayro_syntax::Pdf::new(pdf.to_vec()).expect("a PDF that can be drawn");
    let settings = hayro::RenderSettings { x_scale: 2.0, y_scale: 2.0, ..Default::default() };
    let page = &pdf.pages()[0];
    let drawn = hayro::render(page, &hayro::RenderCache::new(), &Default::default(), &settings);
    let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
    let pixels = drawn.data_as_u8_slice();
    GrayImage::from_fn(width, height, |x, y| {
        let at = (y * width + x) as usize * 4;
        // What is not drawn on is white paper.
        let (dark, there) = (u16::from(pixels[at]), u16::from(pixels[at + 3]));
        image::Luma([u8::try_from(dark + (255 - there)).unwrap_or(255)])
    })
}
