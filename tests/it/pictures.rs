//! Pictures on pages: staff put in what their phones made, and readers get small upright copies that tell nothing.

use image::{ImageFormat, RgbImage};
use std::io::Cursor;
use tests::{Site, files_below, findings};

const PREPARE: &str = "content/en/pages/visit/prepare.md";
const PHOTO: &str = "content/images/door.jpg";

/// A photograph as a phone makes it: of this size, with the place where it was taken.
fn photograph(width: u32, height: u32) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, (x * y % 97) as u8])
    });
    let mut jpeg = Cursor::new(Vec::new());
    image.write_to(&mut jpeg, ImageFormat::Jpeg).expect("a JPEG");
    let jpeg = jpeg.into_inner();
    // Big-endian TIFF with one entry, the pointer to the GPS block, which holds the latitude's letter.
    let mut block = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0".to_vec();
    block.extend(b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0 GPSLatitude 40.4461");
    let length = u16::try_from(block.len() + 2).expect("a short block");
    [&jpeg[..2], &[0xff, 0xe1], &length.to_be_bytes(), &block, &jpeg[2..]].concat()
}

/// The small site with the photograph and these lines at the end of a page.
fn showing(lines: &str) -> Site {
    let site = Site::small().append(PREPARE, &format!("\n{lines}\n"));
    site.write_bytes(PHOTO, &photograph(1000, 750));
    site
}

const WITH_CAPTION: &str = "![Two steps and a ramp](/images/door.jpg \"The door on Oak Street\")";

/// The value of an attribute behind a place in a page.
fn attribute<'p>(page: &'p str, after: &str, name: &str) -> &'p str {
    let from = page.find(after).unwrap_or_else(|| panic!("no {after} in {page}"));
    let rest = &page[from..];
    let at = rest.find(&format!(" {name}=\"")).unwrap_or_else(|| panic!("no {name} behind {after}"));
    rest[at + name.len() + 3..].split('"').next().expect("a value")
}

#[test]
fn a_photograph_becomes_a_figure_with_copies_for_every_screen() {
    let site = showing(WITH_CAPTION);
    site.build().exits(0);
    let page = site.page("/visit/prepare/");
    assert!(page.contains("<figcaption>The door on Oak Street</figcaption></figure>"), "{page}");
    assert_eq!(attribute(&page, "<img src=\"/images", "alt"), "Two steps and a ramp");
    assert_eq!(attribute(&page, "<img src=\"/images", "width"), "1000");
    assert_eq!(attribute(&page, "<img src=\"/images", "height"), "750");
    let set = attribute(&page, "<source", "srcset");
    let copies: Vec<(&str, &str)> =
        set.split(", ").map(|entry| entry.rsplit_once(' ').expect("an address and a width")).collect();
    assert_eq!(copies.iter().map(|(_, width)| *width).collect::<Vec<_>>(), ["480w", "800w", "1000w"]);
    for (address, width) in copies {
        let bytes =
            std::fs::read(site.path("public").join(address.trim_start_matches('/'))).expect("the copy");
        let image = image::load_from_memory_with_format(&bytes, ImageFormat::WebP).expect("a WebP");
        assert_eq!(format!("{}w", image.width()), width);
    }
    let headers = site.read("public/_headers");
    assert!(headers.contains(
        "\n/images/sized/*\n  ! Cache-Control\n  Cache-Control: public, max-age=31536000, immutable"
    ));
}

#[test]
fn no_file_of_the_site_tells_where_a_photograph_was_taken() {
    let site = showing(WITH_CAPTION);
    assert!(String::from_utf8_lossy(&std::fs::read(site.path(PHOTO)).expect("it")).contains("GPSLatitude"));
    site.build().exits(0);
    let public = files_below(&site.path("public"));
    assert!(public.iter().filter(|(path, _)| path.starts_with("images/")).count() >= 4, "no copies");
    for (path, bytes) in public {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("GPSLatitude") && !text.contains("Exif"), "{path} tells it");
    }
}

#[test]
fn only_the_first_picture_of_a_page_is_loaded_at_once() {
    let site = showing(&format!("{WITH_CAPTION}\n\n![The same door at night](/images/door.jpg)"));
    site.build().exits(0);
    let page = site.page("/visit/prepare/");
    let images: Vec<&str> =
        page.split("<img ").skip(1).map(|rest| rest.split('>').next().unwrap_or("")).collect();
    assert_eq!(images.len(), 2, "{images:?}");
    assert!(!images[0].contains("loading=") && images[1].contains("loading=\"lazy\""), "{images:?}");
}

#[test]
fn a_picture_that_only_decorates_is_silent() {
    let site = showing("![decorative](/images/door.jpg)");
    site.build().exits(0);
    let page = site.page("/visit/prepare/");
    assert_eq!(attribute(&page, "<img src=\"/images", "alt"), "");
    assert!(!page.contains("<figure"), "nothing to announce: {page}");
}

#[test]
fn a_figure_has_what_it_shows_in_words() {
    let site =
        showing(":::figure The way in\n![The door](/images/door.jpg)\n\nTake the ramp on the left.\n:::");
    site.build().exits(0);
    let page = site.page("/visit/prepare/");
    let figure = &page[page.find("<figure").expect("a figure")..page.find("</figure>").expect("its end")];
    assert!(
        figure.contains(">The way in</figcaption>") && figure.contains("Take the ramp on the left."),
        "{figure}"
    );
    assert_eq!(figure.matches("<figure").count(), 1, "no figure inside the figure");
}

#[test]
fn the_next_build_takes_the_copies_over_and_comes_to_the_same() {
    let site = showing(WITH_CAPTION);
    site.build().exits(0);
    let first = files_below(&site.path("public"));
    let kept = files_below(&site.path(".cache/pictures"));
    assert!(kept.iter().any(|(_, bytes)| bytes.len() > 1000), "nothing was kept");
    for how in [&["build"][..], &["build", "--no-cache"]] {
        std::fs::remove_dir_all(site.path("public")).expect("it is there");
        site.run(&[how, &["--today", tests::TODAY]].concat()).exits(0);
        assert!(files_below(&site.path("public")) == first, "{how:?} comes to something else");
    }
    // A copy that was damaged on the disk is made again.
    for (path, mut bytes) in kept {
        bytes.truncate(bytes.len() / 2);
        site.write_bytes(&format!(".cache/pictures/{path}"), &bytes);
    }
    std::fs::remove_dir_all(site.path("public")).expect("it is there");
    site.build().exits(0);
    assert!(files_below(&site.path("public")) == first, "a damaged copy was taken over");
}

#[test]
fn a_mistaken_file_is_named_with_what_to_do() {
    let whole = photograph(300, 200);
    for (name, bytes, code, cure) in [
        ("door.heic", &b"\0\0\0\x18ftypheic\0\0\0\0"[..], "picture-not-for-pages", "JPEG"),
        ("letter.png", b"Dear all,\nhere is the picture.\n", "picture-damaged", "again"),
        ("half.jpg", &whole[..whole.len() / 2], "picture-damaged", "again"),
        ("door.png", &whole, "picture-of-another-kind", "door.jpg or .jpg"),
        (
            "run.svg",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>x()</script></svg>",
            "svg-not-harmless",
            "PNG",
        ),
    ] {
        let site = Site::small();
        site.write_bytes(&format!("content/images/{name}"), bytes);
        let found = findings(&site.check().exits(1));
        let told =
            found.iter().find(|f| f.file.ends_with(name)).unwrap_or_else(|| panic!("{name}: {found:#?}"));
        assert_eq!(told.code, code, "{name}");
        let cured = cure.split(" or ").any(|cure| told.help.contains(cure));
        assert!(cured, "{name}: {told:?}");
        // A person reads it without the bytes of the picture.
        let read = site.run(&["check", "--today", tests::TODAY]).stderr;
        assert!(read.contains(name) && !read.contains('\u{fffd}'), "{read}");
    }
    let good = Site::small();
    good.write_bytes("content/images/small.jpg", &whole);
    good.write_bytes("content/images/prices.pdf", b"%PDF-1.4");
    good.build().exits(0);
    assert_eq!(good.read("public/images/prices.pdf"), "%PDF-1.4");
}

#[test]
fn a_text_that_only_names_the_picture_is_told() {
    let found = findings(&showing("![door](/images/door.jpg)").check());
    assert!(found.iter().any(|finding| finding.code == "image-text-says-nothing"), "{found:#?}");
    let found = findings(&showing("![A door with a ramp](/images/door.jpg)").check());
    assert!(found.iter().all(|finding| finding.code != "image-text-says-nothing"), "{found:#?}");
}

#[test]
fn what_is_no_picture_is_not_shown_as_one() {
    let site = Site::small().append(PREPARE, "\n![Our prices](/images/prices.pdf)\n");
    site.write("content/images/prices.pdf", "%PDF-1.4");
    let found = findings(&site.check().exits(1));
    let told = found.iter().find(|finding| finding.code == "image-not-a-picture").expect("it is told");
    assert!(told.help.contains("[what readers find there](/images/prices.pdf)"), "{told:?}");
}
