//! Smaller copies beside the text files (`.br`, `.gz`), for hosts that serve what they find.

use crate::emit::OutputTree;
use rayon::prelude::*;
use std::io::Write;

/// Below this many bytes a smaller copy saves no packet.
const SMALLEST: usize = 1024;

/// The extensions whose files are text.
const TEXT: [&str; 8] = ["html", "css", "js", "json", "xml", "svg", "txt", "webmanifest"];

/// Brotli's full effort. It makes a page a tenth smaller than the next step, and takes twenty times as long.
const BROTLI_FULL: i32 = 11;
/// What the pages of a large site get instead.
const BROTLI_QUICK: i32 = 9;
/// A site with more bytes of text than this is large.
const LARGE: usize = 8 << 20;

/// Adds `NAME.br` and `NAME.gz` for every text file that is worth it. The same bytes give the same copies.
pub fn compress(output: &mut OutputTree) {
    let text: usize =
        output.files.iter().filter(|(name, _)| is_text(name)).map(|(_, bytes)| bytes.len()).sum();
    let of_pages = if text > LARGE { BROTLI_QUICK } else { BROTLI_FULL };
    let smaller: Vec<(String, Vec<u8>)> = output
        .files
        .par_iter()
        .filter(|(name, bytes)| bytes.len() >= SMALLEST && is_text(name))
        .flat_map_iter(|(name, bytes)| {
            // Scripts are few, large and loaded on slow phones: they always get all of it.
            let effort = if name.ends_with(".js") { BROTLI_FULL } else { of_pages };
            [(format!("{name}.br"), brotli(bytes, effort)), (format!("{name}.gz"), gzip(bytes))]
                .into_iter()
                .filter(|(_, copy)| copy.len() < bytes.len())
        })
        .collect();
    output.files.extend(smaller);
}

fn is_text(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| TEXT.contains(&extension))
}

fn brotli(bytes: &[u8], effort: i32) -> Vec<u8> {
    let params = brotli::enc::BrotliEncoderParams { quality: effort, ..Default::default() };
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
        let mut output = OutputTree::default();
        output.files.insert("a/index.html".into(), page.clone());
        compress(&mut output);
        let mut from_gzip = Vec::new();
        flate2::read::GzDecoder::new(output.files["a/index.html.gz"].as_slice())
            .read_to_end(&mut from_gzip)
            .expect("gzip");
        let mut from_brotli = Vec::new();
        brotli::BrotliDecompress(&mut output.files["a/index.html.br"].as_slice(), &mut from_brotli)
            .expect("brotli");
        assert_eq!((from_gzip, from_brotli), (page.clone(), page));
    }

    #[test]
    fn small_files_and_pictures_get_none() {
        let mut output = OutputTree::default();
        output.files.insert("robots.txt".into(), b"User-agent: *\n".to_vec());
        output.files.insert("photo.webp".into(), vec![0; 5000]);
        compress(&mut output);
        assert_eq!(output.files.len(), 2);
    }
}
