//! Bytes as text: how a program stands in a page.
//!
//! A program is half ids and half numbers. Here a byte that is a plain sign stays that sign, and any other becomes a
//! letter from U+0100 on. Compressed, a page is 1 kB smaller than with Base64, which hides the ids from the compressor,
//! although the same ids stand in the words below.

/// The first of the 256 letters for bytes that are not plain signs.
const FIRST: u32 = 0x100;

/// The text for some bytes: no space, no line break, and nothing that could end a block of the page.
pub(crate) fn encode(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| letter(*byte)).collect()
}

fn letter(byte: u8) -> char {
    match byte {
        b'<' | b'&' => {}
        b'!'..=b'~' => return char::from(byte),
        _ => {}
    }
    char::from_u32(FIRST + u32::from(byte)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn plain_signs_stay_and_the_rest_become_letters() {
        assert_eq!(encode(b"chest-pain\x00\x0a\xff"), "chest-pain\u{100}\u{10a}\u{1ff}");
        assert_eq!(encode(b""), "");
    }

    #[test]
    fn nothing_can_end_a_block_or_a_line() {
        let every: Vec<u8> = (0..=255).collect();
        let text = encode(&every);
        assert!(!text.contains(['<', '&', ' ', '\n', '\r', '\t']));
        assert!(text.chars().all(|sign| !sign.is_whitespace() && !sign.is_control()));
    }

    #[test]
    fn no_two_bytes_share_a_letter() {
        let every: Vec<u8> = (0..=255).collect();
        let letters: std::collections::BTreeSet<char> = encode(&every).chars().collect();
        assert_eq!(letters.len(), 256);
    }
}
