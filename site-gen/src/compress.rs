//! Smaller copies beside the text files (`.br`, `.gz`), for hosts that serve what they find.

use std::io::Write;

/// Below this many bytes a smaller copy saves no packet.
const SMALLEST: usize = 1024;

/// The extensions whose files are text.
const TEXT: [&str; 8] = ["html", "css", "js", "json", "xml", "svg", "txt", "webmanifest"];

/// Brotli's full effort. It makes a page a tenth smaller than the next step, and takes twenty times as long.
const BROTLI_FULL: i32 = 11;
/// What the pages of a large site get instead.
const BROTLI_QUICK: i32 = 9;
/// A site with more pages than this is large.
const LARGE: usize = 400;

/// How smaller copies are made.
#[derive(Clone, Copy, Debug)]
pub struct Copies {
    of_pages: i32,
}

impl Copies {
    /// For a site with so many pages.
    pub fn for_pages(pages: usize) -> Self {
        Copies { of_pages: if pages > LARGE { BROTLI_QUICK } else { BROTLI_FULL } }
    }

    /// How hard the copies of a file are pressed.
    pub fn effort(self, name: &str) -> i32 {
        // Scripts are few, large and loaded on slow phones: they always get all of it.
        if name.ends_with(".js") { BROTLI_FULL } else { self.of_pages }
    }

    /// The copies of a file that are worth it, with what stands behind its name for each. The same bytes give the same
    /// copies.
    pub fn of(self, name: &str, bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
        if bytes.len() < SMALLEST || !is_text(name) {
            return Vec::new();
        }
        let (br, gz) = rayon::join(|| brotli(bytes, self.effort(name)), || gzip(bytes));
        [("br", br), ("gz", gz)].into_iter().filter(|(_, copy)| copy.len() < bytes.len()).collect()
    }
}

fn is_text(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| TEXT.contains(&extension))
}

fn brotli(bytes: &[u8], effort: i32) -> Vec<u8> {
    // A window that is no larger than the file: the encoder makes tables as large as its window for each file anew.
    let window = (bytes.len() + 16).next_power_of_two().ilog2().clamp(16, 22) as i32;
    let params = brotli::enc::BrotliEncoderParams {
        quality: effort,
        lgwin: window,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params)
        .expect("BUG: memory does not refuse to be written");
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("BUG: memory does not refuse to be written")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn the_copies_hold_the_same_text() {
        let page = "<p>What you can do</p>\n".repeat(100).into_bytes();
        let copies = Copies::for_pages(1).of("a/index.html", &page);
        let copy = |ending| copies.iter().find(|(end, _)| *end == ending).map(|(_, copy)| copy.as_slice());
        let mut from_gzip = Vec::new();
        flate2::read::GzDecoder::new(copy("gz").expect("a copy")).read_to_end(&mut from_gzip).expect("gzip");
        let mut from_brotli = Vec::new();
        brotli::BrotliDecompress(&mut copy("br").expect("a copy"), &mut from_brotli).expect("brotli");
        assert_eq!((from_gzip, from_brotli), (page.clone(), page));
    }

    #[test]
    fn small_files_and_pictures_get_none() {
        let copies = Copies::for_pages(1);
        assert!(copies.of("robots.txt", b"User-agent: *\n").is_empty());
        assert!(copies.of("photo.webp", &[0; 5000]).is_empty());
        assert_eq!(copies.of("page.html", &[b' '; 5000]).len(), 2);
    }
}
