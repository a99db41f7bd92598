//! The copies of one picture that readers get.

use super::{Fault, Picture, damaged, height_at};
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader};
use sha2::{Digest, Sha256};
use std::io::Cursor;

/// Quality of the copies for browsers of today, from 0 to 100.
const WEBP_QUALITY: f32 = 78.0;
/// Quality of the one copy for older browsers.
const JPEG_QUALITY: u8 = 82;

/// The copies of one picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// For older browsers, in the picture's own format.
    pub fallback: Vec<u8>,
    /// Width and bytes of each WebP, the smallest first.
    pub sized: Vec<(u32, Vec<u8>)>,
}

impl Drawn {
    /// All copies in one file, with a sum over them in front, for the next build.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut parts = Vec::new();
        for (width, bytes) in
            std::iter::once((0, &self.fallback)).chain(self.sized.iter().map(|(w, b)| (*w, b)))
        {
            parts.extend_from_slice(&width.to_le_bytes());
            parts.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
            parts.extend_from_slice(bytes);
        }
        let mut all = Sha256::digest(&parts).to_vec();
        all.append(&mut parts);
        all
    }

    /// What [`Drawn::to_bytes`] wrote; `None` if a byte of it was lost or changed.
    pub fn from_bytes(bytes: &[u8]) -> Option<Drawn> {
        let (sum, mut rest) = bytes.split_at_checked(32)?;
        if Sha256::digest(rest).as_slice() != sum {
            return None;
        }
        let mut parts = Vec::new();
        while !rest.is_empty() {
            let (width, after) = rest.split_first_chunk::<4>()?;
            let (length, after) = after.split_first_chunk::<4>()?;
            let (part, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            parts.push((u32::from_le_bytes(*width), part.to_vec()));
            rest = after;
        }
        let mut parts = parts.into_iter();
        let (_, fallback) = parts.next()?;
        Some(Drawn { fallback, sized: parts.collect() })
    }
}

/// Pixels without anything else: 3 or 4 bytes each.
struct Pixels {
    size: (u32, u32),
    bytes: Vec<u8>,
    alpha: bool,
}

/// Makes all copies of a picture. The same bytes give the same copies.
///
/// # Errors
/// When the picture is damaged behind its head.
pub fn draw(picture: &Picture, bytes: &[u8]) -> Result<Drawn, Box<Fault>> {
    let format = image::guess_format(bytes).map_err(|error| damaged(&error))?;
    let pixels = upright(format, bytes)?;
    let mut sized = Vec::new();
    let mut fallback = Vec::new();
    let widths = picture.widths();
    for width in &widths {
        let copy = pixels.at(*width);
        if Some(width) == widths.last() {
            fallback = copy.encode(format)?;
        }
        sized.push((*width, copy.webp(format == ImageFormat::Png)));
    }
    Ok(Drawn { fallback, sized })
}

/// Whether the picture is whole.
///
/// # Errors
/// When it is damaged behind its head.
pub fn examine(bytes: &[u8]) -> Result<(), Box<Fault>> {
    let format = image::guess_format(bytes).map_err(|error| damaged(&error))?;
    upright(format, bytes).map(drop)
}

/// The pixels as a person sees them: turned the right way round, in the colors of the web.
fn upright(format: ImageFormat, bytes: &[u8]) -> Result<Pixels, Box<Fault>> {
    let cut_off = |error: image::ImageError| damaged(&error);
    if format == ImageFormat::Jpeg && !jpeg_ends(bytes) {
        return Err(damaged(&image::ImageError::IoError(std::io::ErrorKind::UnexpectedEof.into())));
    }
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format).into_decoder().map_err(cut_off)?;
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let mut image = DynamicImage::from_decoder(decoder).map_err(cut_off)?;
    image.apply_orientation(orientation);
    let size = (image.width(), image.height());
    let alpha = image.color().has_alpha() && image.to_rgba8().pixels().any(|pixel| pixel.0[3] != u8::MAX);
    let bytes = if alpha { image.into_rgba8().into_raw() } else { image.into_rgb8().into_raw() };
    let mut pixels = Pixels { size, bytes, alpha };
    if let Some(profile) = profile {
        pixels.show_in_srgb(&profile);
    }
    Ok(pixels)
}

/// Whether a JPEG is there to its end. The library fills what is missing with gray, and a reader would see half a door.
fn jpeg_ends(bytes: &[u8]) -> bool {
    // Blocks with their length up to the one before the pixels; a small picture inside one of them ends too, so they are
    // stepped over and not searched.
    let mut at = 2;
    while let Some(&[0xff, kind, high, low]) = bytes.get(at..at + 4).and_then(|head| head.first_chunk()) {
        if kind == 0xda {
            return bytes[at..].windows(2).any(|pair| pair == [0xff, 0xd9]);
        }
        // Bytes of 255 may fill the space between two blocks.
        at += if kind == 0xff { 1 } else { 2 + usize::from(u16::from_be_bytes([high, low])) };
    }
    false
}

impl Pixels {
    fn color(&self) -> ExtendedColorType {
        if self.alpha { ExtendedColorType::Rgba8 } else { ExtendedColorType::Rgb8 }
    }

    /// Phones take pictures in colors that few screens have, and say so in a profile. The copies carry no profile, so the
    /// colors become those that every browser takes for granted. A profile that makes no sense changes nothing.
    fn show_in_srgb(&mut self, profile: &[u8]) {
        use moxcms::{ColorProfile, Layout, TransformOptions};
        let Ok(from) = ColorProfile::new_from_slice(profile) else { return };
        let layout = if self.alpha { Layout::Rgba } else { Layout::Rgb };
        let to = ColorProfile::new_srgb();
        let Ok(change) = from.create_transform_8bit(layout, &to, layout, TransformOptions::default()) else {
            return;
        };
        let mut changed = vec![0; self.bytes.len()];
        if change.transform(&self.bytes, &mut changed).is_ok() {
            self.bytes = changed;
        }
    }

    /// A copy of this width.
    fn at(&self, width: u32) -> Pixels {
        let size = (width, height_at(self.size, width));
        if size == self.size {
            return Pixels { size, bytes: self.bytes.clone(), alpha: self.alpha };
        }
        let kind = if self.alpha { PixelType::U8x4 } else { PixelType::U8x3 };
        let source = ImageRef::new(self.size.0, self.size.1, &self.bytes, kind)
            .expect("BUG: there are as many bytes as pixels ask for");
        let mut copy = Image::new(size.0, size.1, kind);
        Resizer::new().resize(&source, &mut copy, None).expect("BUG: both have the same kind of pixels");
        Pixels { size, bytes: copy.into_vec(), alpha: self.alpha }
    }

    /// In the picture's own format.
    fn encode(&self, format: ImageFormat) -> Result<Vec<u8>, Box<Fault>> {
        let mut out = Vec::new();
        let (width, height) = self.size;
        match format {
            ImageFormat::Jpeg => JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY).write_image(
                &self.bytes,
                width,
                height,
                self.color(),
            ),
            ImageFormat::Png => {
                PngEncoder::new_with_quality(&mut out, CompressionType::Best, FilterType::Adaptive)
                    .write_image(&self.bytes, width, height, self.color())
            }
            _ => return Ok(self.webp(false)),
        }
        .map_err(|error| damaged(&error))?;
        Ok(out)
    }

    /// As WebP. Drawings and pictures of a screen are often smaller when not a pixel is lost, so both ways are tried.
    fn webp(&self, try_lossless: bool) -> Vec<u8> {
        let (width, height) = self.size;
        let encoder = if self.alpha {
            webp::Encoder::from_rgba(&self.bytes, width, height)
        } else {
            webp::Encoder::from_rgb(&self.bytes, width, height)
        };
        let lossy = encoder.encode(WEBP_QUALITY).to_vec();
        if !try_lossless {
            return lossy;
        }
        let lossless = encoder.encode_lossless().to_vec();
        if lossless.len() <= lossy.len() { lossless } else { lossy }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::read;

    /// A picture in which each quarter has a color of its own, in the given format.
    fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let colors = [[200u8, 30, 30], [30, 200, 30], [30, 30, 200], [220, 220, 40]];
        let image = image::RgbImage::from_fn(width, height, |x, y| {
            image::Rgb(colors[usize::from(x >= width / 2) + 2 * usize::from(y >= height / 2)])
        });
        let mut out = Cursor::new(Vec::new());
        image.write_to(&mut out, format).expect("a picture");
        out.into_inner()
    }

    /// An EXIF block that says how the picture is turned, and where on earth it was taken.
    fn exif(orientation: u16) -> Vec<u8> {
        let mut tiff = b"MM\0*\0\0\0\x08".to_vec();
        let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
            let mut entry = [tag.to_be_bytes(), kind.to_be_bytes()].concat();
            entry.extend(count.to_be_bytes());
            entry.extend(value);
            entry
        };
        let [high, low] = orientation.to_be_bytes();
        tiff.extend(2u16.to_be_bytes());
        tiff.extend(entry(0x0112, 3, 1, [high, low, 0, 0]));
        tiff.extend(entry(0x8825, 4, 1, 38u32.to_be_bytes()));
        tiff.extend(0u32.to_be_bytes());
        // Latitude 40 degrees 26 minutes 46 seconds north.
        tiff.extend(2u16.to_be_bytes());
        tiff.extend(entry(1, 2, 2, *b"N\0\0\0"));
        tiff.extend(entry(2, 5, 3, 68u32.to_be_bytes()));
        tiff.extend(0u32.to_be_bytes());
        for number in [40u32, 1, 26, 1, 46, 1] {
            tiff.extend(number.to_be_bytes());
        }
        tiff.extend(b"GPSLatitude PLANTED");
        tiff
    }

    /// The JPEG with the block behind its first two bytes.
    fn with_exif(jpeg: &[u8], orientation: u16) -> Vec<u8> {
        let mut block = b"Exif\0\0".to_vec();
        block.extend(exif(orientation));
        let mut out = jpeg[..2].to_vec();
        out.extend([0xff, 0xe1]);
        out.extend(u16::try_from(block.len() + 2).expect("a short block").to_be_bytes());
        out.extend(block);
        out.extend(&jpeg[2..]);
        out
    }

    fn drawn(name: &str, bytes: &[u8]) -> (Picture, Drawn) {
        let picture = read(name, bytes).expect("a picture by its name").expect("a good picture");
        let drawn = draw(&picture, bytes).expect("a whole picture");
        (picture, drawn)
    }

    fn copies(drawn: &Drawn) -> impl Iterator<Item = &Vec<u8>> {
        std::iter::once(&drawn.fallback).chain(drawn.sized.iter().map(|(_, bytes)| bytes))
    }

    #[test]
    fn no_copy_tells_where_a_photograph_was_taken() {
        let planted = with_exif(&picture(ImageFormat::Jpeg, 900, 600), 1);
        assert!(planted.windows(11).any(|window| window == b"GPSLatitude"), "nothing was planted");
        let (_, drawn) = drawn("a.jpg", &planted);
        for copy in copies(&drawn) {
            for mark in [&b"Exif"[..], b"EXIF", b"GPSLatitude", b"PLANTED", b"MM\0*"] {
                assert!(!copy.windows(mark.len()).any(|window| window == mark), "{mark:?} is left");
            }
            let mut decoder = ImageReader::new(Cursor::new(copy))
                .with_guessed_format()
                .expect("memory can be read")
                .into_decoder()
                .expect("a picture");
            assert_eq!(decoder.exif_metadata().ok().flatten(), None);
        }
    }

    #[test]
    fn a_photograph_that_lies_on_its_side_stands_upright_in_every_copy() {
        // Turned by a quarter to the right: what is on the left below comes to the left above.
        let (picture, drawn) = drawn("a.jpg", &with_exif(&picture(ImageFormat::Jpeg, 900, 600), 6));
        assert_eq!(picture.size, Some((600, 900)));
        assert_eq!(picture.shown(), Some((600, 900)));
        for copy in copies(&drawn) {
            let image = image::load_from_memory(copy).expect("a picture").into_rgb8();
            assert!(image.height() > image.width());
            let above = image.get_pixel(image.width() / 4, image.height() / 4).0;
            assert!(above[2] > 150 && above[0] < 90 && above[1] < 90, "not blue: {above:?}");
        }
    }

    #[test]
    fn copies_have_the_widths_that_pages_name() {
        for (format, name) in
            [(ImageFormat::Jpeg, "a.jpg"), (ImageFormat::Png, "a.png"), (ImageFormat::WebP, "a.webp")]
        {
            let (picture, drawn) = drawn(name, &picture(format, 1000, 500));
            let widths: Vec<u32> = drawn.sized.iter().map(|(width, _)| *width).collect();
            assert_eq!(widths, [480, 800, 1000], "{name}");
            assert_eq!(picture.widths(), widths);
            for (width, bytes) in &drawn.sized {
                let image = image::load_from_memory_with_format(bytes, ImageFormat::WebP).expect("a WebP");
                assert_eq!((image.width(), image.height()), (*width, width / 2), "{name}");
            }
            assert_eq!(image::guess_format(&drawn.fallback).expect("a picture"), format);
        }
    }

    #[test]
    fn what_can_be_seen_through_stays_so() {
        let image = image::RgbaImage::from_fn(600, 60, |x, _| {
            image::Rgba([10, 20, 30, if x < 300 { 0 } else { 255 }])
        });
        let mut png = Cursor::new(Vec::new());
        image.write_to(&mut png, ImageFormat::Png).expect("a picture");
        let (_, drawn) = drawn("a.png", png.get_ref());
        for copy in copies(&drawn) {
            let copy = image::load_from_memory(copy).expect("a picture").into_rgba8();
            assert_eq!(copy.get_pixel(1, 1).0[3], 0);
            assert_eq!(copy.get_pixel(copy.width() - 2, 1).0[3], 255);
        }
    }

    #[test]
    fn the_same_file_gives_the_same_bytes() {
        let jpeg = picture(ImageFormat::Jpeg, 700, 400);
        assert_eq!(drawn("a.jpg", &jpeg).1, drawn("b.jpg", &jpeg).1);
    }

    #[test]
    fn a_picture_that_ends_too_soon_is_told() {
        for (format, name) in
            [(ImageFormat::Png, "a.png"), (ImageFormat::WebP, "a.webp"), (ImageFormat::Jpeg, "a.jpg")]
        {
            let whole = picture(format, 400, 300);
            let half = &whole[..whole.len() / 2];
            let told = match read(name, half).expect("a picture by its name") {
                Ok(head) => draw(&head, half).expect_err("half a picture"),
                Err(fault) => fault,
            };
            assert_eq!(told.code, "picture-damaged", "{name}");
        }
    }

    #[test]
    fn a_small_file_that_claims_to_be_huge_is_not_drawn() {
        let mut png = picture(ImageFormat::Png, 8, 8);
        png[16..20].copy_from_slice(&60_000u32.to_be_bytes());
        png[20..24].copy_from_slice(&60_000u32.to_be_bytes());
        // The sum over the head has to be right, or the file counts as damaged.
        let sum = crc(&png[12..29]);
        png[29..33].copy_from_slice(&sum.to_be_bytes());
        let fault = read("a.png", &png).expect("a picture by its name").expect_err("too large");
        assert_eq!(fault.code, "picture-too-large");
        assert!(fault.message.contains("60000") || fault.message.contains("memory"), "{}", fault.message);
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 }
            })
        })
    }

    #[test]
    fn what_is_kept_for_the_next_build_is_taken_over_whole_or_not_at_all() {
        let drawn = Drawn { fallback: vec![1, 2, 3], sized: vec![(480, vec![4]), (800, vec![])] };
        let kept = drawn.to_bytes();
        assert_eq!(Drawn::from_bytes(&kept), Some(drawn));
        for at in 0..kept.len() {
            let mut changed = kept.clone();
            changed[at] ^= 1;
            assert_eq!(Drawn::from_bytes(&changed), None, "byte {at}");
        }
        assert_eq!(Drawn::from_bytes(&kept[..kept.len() - 1]), None);
        assert_eq!(Drawn::from_bytes(b""), None);
    }
}
