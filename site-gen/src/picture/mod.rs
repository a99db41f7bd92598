//! Pictures: what a file shows of itself, which copies of it readers get, and what no reader may get.
//!
//! A photograph from a phone is larger than any page shows it, lies on its side, and tells where it was taken. Readers get
//! copies of their own: upright, in a few widths, and with nothing in them but the picture.

mod draw;
mod svg;

pub use draw::{Drawn, draw, examine};

use crate::finding::Finding;
use crate::source::{FileId, Place};
use image::{ImageDecoder, ImageError, ImageFormat, ImageReader};
use sha2::{Digest, Sha256};
use std::io::Cursor;

/// Raised whenever the same file would become other bytes, so that no copy of an earlier program is taken over.
const RECIPE: u32 = 1;
/// The widths of the copies, in pixels: a phone, a phone with a fine screen, the text of a page, the same on a fine screen.
const WIDTHS: [u32; 4] = [480, 800, 1200, 1600];
/// The largest file, in bytes.
const LARGEST_FILE: usize = 40 << 20;
/// The largest drawing, in bytes. A phone takes seconds to show one of a tenth of that.
const LARGEST_DRAWING: usize = 4 << 20;
/// The most pixels: more than phones take, and as much as a small machine can hold.
const MOST_PIXELS: u64 = 64_000_000;
/// The longest side in pixels. The WebP format ends soon above it.
const LONGEST_SIDE: u32 = 16_000;

/// What is known of a picture without drawing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels as readers see it, turned upright; nothing for a drawing that does not say.
    pub size: Option<(u32, u32)>,
    /// Short name of the bytes and of how copies are made of them. Empty for a drawing, which has no copies.
    pub key: String,
}

impl Picture {
    /// Widths of the copies, the smallest first: never wider than the picture. None for a drawing.
    pub fn widths(&self) -> Vec<u32> {
        match self.size {
            Some((width, _)) if !self.key.is_empty() => widths(width),
            _ => Vec::new(),
        }
    }

    /// Width and height of the largest copy, which is the one that a page's layout goes by.
    pub fn shown(&self) -> Option<(u32, u32)> {
        let (width, height) = self.size?;
        let widest = self.widths().last().copied().unwrap_or(width);
        Some((widest, height_at((width, height), widest)))
    }

    /// Where the copy of a width lies, for the picture at `address`: `/images/door.jpg` has `/images/sized/door-1a2b3c4d5e-480.webp`.
    pub fn copy_at(&self, address: &str, width: u32) -> String {
        let name = address.rsplit('/').next().unwrap_or_default();
        let stem = crate::html::slug(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
        let key = self.key.get(..10).unwrap_or(&self.key);
        format!("{FOLDER}{stem}-{key}-{width}.webp")
    }

    /// Where an earlier build left the copies, from the site's root; nothing for a drawing.
    pub fn kept_at(&self) -> Option<String> {
        (!self.key.is_empty()).then(|| format!("{KEPT_IN_TREE}/{}", self.key))
    }
}

/// The folder of all copies. Their names change with their bytes, so browsers may keep them for ever.
pub const FOLDER: &str = "/images/sized/";
/// The folder in which a build leaves the copies for the next one.
pub const KEPT: &str = ".cache/pictures";
/// The same folder in a tree of sources: behind all that people wrote, so that the numbers of their files do not depend on
/// how many copies there are.
pub const KEPT_IN_TREE: &str = "~/.cache/pictures";

fn widths(width: u32) -> Vec<u32> {
    let mut all: Vec<u32> = WIDTHS.into_iter().filter(|step| *step < width).collect();
    let largest = WIDTHS[WIDTHS.len() - 1];
    if width <= largest {
        all.push(width);
    }
    all
}

/// The height that belongs to a width, at least one pixel.
fn height_at((width, height): (u32, u32), at: u32) -> u32 {
    let scaled = (u64::from(height) * u64::from(at) + u64::from(width) / 2) / u64::from(width.max(1));
    u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
}

/// Why a file is no picture for readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The code of its finding.
    pub code: &'static str,
    /// What is wrong, without the file's name.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where in the file, in bytes; 0 where that says nothing.
    pub at: usize,
}

impl Fault {
    /// As a finding about a file.
    pub fn finding(self, file: FileId) -> Finding {
        Finding::error(self.code, Place::new(file, self.at..self.at), self.message).help(self.help)
    }
}

fn fault(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Box<Fault> {
    Box::new(Fault { code, message: message.into(), help: help.into(), at: 0 })
}

/// Looks at the head of a file. `None` for a file that is not meant to be a picture, by its name.
///
/// # Errors
/// Why it cannot be shown to readers.
pub fn read(path: &str, bytes: &[u8]) -> Option<Result<Picture, Box<Fault>>> {
    let extension = path.rsplit('/').next()?.rsplit_once('.').map(|(_, extension)| extension)?;
    let extension = extension.to_ascii_lowercase();
    let named = match extension.as_str() {
        "svg" => return Some(svg::read(bytes)),
        "jpg" | "jpeg" => Some(ImageFormat::Jpeg),
        "png" => Some(ImageFormat::Png),
        "webp" => Some(ImageFormat::WebP),
        "heic" | "heif" | "avif" | "gif" | "bmp" | "tif" | "tiff" | "dng" => None,
        "mov" | "mp4" | "m4v" | "avi" | "webm" => {
            return Some(Err(fault(
                "picture-not-for-pages",
                "This file is a video, and videos tell where they were taken",
                "Put it on a host for videos, and link to it from a page",
            )));
        }
        _ => return None,
    };
    let looks = looks_like(bytes);
    Some(match (named, looks) {
        (Some(named), Looks::A(found)) if named == found => head(found, bytes),
        (_, Looks::A(found)) => {
            let right = name_of(found);
            Err(fault(
                "picture-of-another-kind",
                format!("This file is named .{extension}, and it is a {} picture", right.to_uppercase()),
                format!("Change the end of its name to .{right}, here and where pages show it"),
            ))
        }
        (_, Looks::Other(kind)) => Err(fault(
            "picture-not-for-pages",
            format!("This is a {kind} picture, which not every browser can show"),
            "Open it in a picture program and save a copy as JPEG (a photograph) or PNG (a drawing). On an iPhone: Settings, \
             Camera, Formats, Most Compatible",
        )),
        (_, Looks::Nothing) => Err(fault(
            "picture-damaged",
            format!("This file is named .{extension}, and there is no picture in it"),
            "Save the picture again from the program it was made with, or take the file away",
        )),
    })
}

/// What the first bytes of a file say.
enum Looks {
    A(ImageFormat),
    Other(&'static str),
    Nothing,
}

fn looks_like(bytes: &[u8]) -> Looks {
    let brand = bytes.get(8..12).unwrap_or_default();
    let starts = |with: &[u8]| bytes.starts_with(with);
    if starts(b"\xff\xd8\xff") {
        Looks::A(ImageFormat::Jpeg)
    } else if starts(b"\x89PNG\r\n\x1a\n") {
        Looks::A(ImageFormat::Png)
    } else if starts(b"RIFF") && brand == b"WEBP" {
        Looks::A(ImageFormat::WebP)
    } else if bytes.get(4..8) == Some(b"ftyp") {
        Looks::Other(if brand.starts_with(b"avi") { "AVIF" } else { "HEIC" })
    } else if starts(b"GIF8") {
        Looks::Other("GIF")
    } else if starts(b"II*\0") || starts(b"MM\0*") {
        Looks::Other("TIFF")
    } else if starts(b"BM") {
        Looks::Other("BMP")
    } else {
        Looks::Nothing
    }
}

fn name_of(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Jpeg => "jpg",
        ImageFormat::Png => "png",
        _ => "webp",
    }
}

/// Size and key of a picture of pixels.
fn head(format: ImageFormat, bytes: &[u8]) -> Result<Picture, Box<Fault>> {
    if bytes.len() > LARGEST_FILE {
        return Err(fault(
            "picture-too-large",
            format!("This picture has {} MB, and {} is the most", bytes.len() >> 20, LARGEST_FILE >> 20),
            "Save a smaller copy: 2000 pixels on the long side are enough for any page",
        ));
    }
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format)
        .into_decoder()
        .map_err(|error| damaged(&error))?;
    let (width, height) = decoder.dimensions();
    if width > LONGEST_SIDE || height > LONGEST_SIDE || u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(fault(
            "picture-too-large",
            format!(
                "This picture is {width} pixels wide and {height} high; {LONGEST_SIDE} on a side and {} million in all \
                 are the most",
                MOST_PIXELS / 1_000_000
            ),
            "Save a smaller copy: 2000 pixels on the long side are enough for any page",
        ));
    }
    let turned = matches!(
        decoder.orientation(),
        Ok(image::metadata::Orientation::Rotate90
            | image::metadata::Orientation::Rotate270
            | image::metadata::Orientation::Rotate90FlipH
            | image::metadata::Orientation::Rotate270FlipH)
    );
    let size = if turned { (height, width) } else { (width, height) };
    let mut digest = Sha256::new();
    digest.update(RECIPE.to_le_bytes());
    digest.update(bytes);
    let key = digest.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect();
    Ok(Picture { size: Some(size), key })
}

/// The library's own words are for programmers; where it stopped reading says enough.
fn damaged(error: &ImageError) -> Box<Fault> {
    match error {
        ImageError::Limits(_) => fault(
            "picture-too-large",
            "This picture needs more memory than any picture of a page should",
            "Save a smaller copy: 2000 pixels on the long side are enough for any page",
        ),
        _ => fault(
            "picture-damaged",
            "This picture is cut off or damaged",
            "Copy the file here once more, or save it again from the program it was made with",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_never_wider_than_the_picture() {
        assert_eq!(widths(4000), [480, 800, 1200, 1600]);
        assert_eq!(widths(1600), [480, 800, 1200, 1600]);
        assert_eq!(widths(1000), [480, 800, 1000]);
        assert_eq!(widths(480), [480]);
        assert_eq!(widths(90), [90]);
    }

    #[test]
    fn the_shape_stays() {
        assert_eq!(height_at((4000, 3000), 1600), 1200);
        assert_eq!(height_at((3, 2), 2), 1);
        assert_eq!(height_at((10_000, 1), 480), 1);
    }

    #[test]
    fn only_names_of_pictures_are_looked_at() {
        assert!(read("images/price-list.pdf", b"%PDF").is_none());
        assert!(read("images/README", b"").is_none());
        assert!(read("images/a.PNG", b"text").is_some());
    }

    #[test]
    fn what_is_no_picture_is_told_by_what_it_is() {
        let told = |path: &str, bytes: &[u8]| match read(path, bytes) {
            Some(Err(fault)) => format!("{}: {}", fault.code, fault.message),
            other => panic!("{path}: {other:?}"),
        };
        for (path, bytes, expected) in [
            (
                "a.png",
                &b"Dear all, the picture"[..],
                "picture-damaged: This file is named .png, and there is no picture in it",
            ),
            ("a.png", b"", "picture-damaged: This file is named .png, and there is no picture in it"),
            ("a.jpg", b"\xff\xd8\xff\xe0", "picture-damaged: This picture is cut off or damaged"),
            (
                "a.jpg",
                b"\x89PNG\r\n\x1a\n",
                "picture-of-another-kind: This file is named .jpg, and it is a PNG picture",
            ),
            (
                "a.HEIC",
                b"\0\0\0\x18ftypheic",
                "picture-not-for-pages: This is a HEIC picture, which not every browser can show",
            ),
            (
                "a.jpg",
                b"\0\0\0\x18ftypheic",
                "picture-not-for-pages: This is a HEIC picture, which not every browser can show",
            ),
            (
                "a.gif",
                b"GIF89a",
                "picture-not-for-pages: This is a GIF picture, which not every browser can show",
            ),
            (
                "a.mov",
                b"",
                "picture-not-for-pages: This file is a video, and videos tell where they were taken",
            ),
        ] {
            assert_eq!(told(path, bytes), expected, "{path}");
        }
    }
}
