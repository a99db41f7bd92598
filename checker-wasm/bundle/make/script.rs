//! Puts loader, glue and module into one classic script.

/// The place in the loader where the generated part goes.
const GLUE_MARK: &str = "/* GLUE */";
/// The place in the loader where the module goes.
const MODULE_MARK: &str = "\"MODULE\"";
/// The place in the loader where the swapped bytes are listed.
const SWAPS_MARK: &str = "\"SWAPS\"";
/// Bytes that a JavaScript string can only hold as an escape of two characters.
const ESCAPED: [u8; 5] = [0, b'\n', b'\r', b'"', b'\\'];

/// Writes the script: the loader without its comments, with the glue and the module in their places.
///
/// # Errors
/// A sentence for the developer when the loader has lost one of its marks.
pub(crate) fn assemble(loader: &str, glue: &str, module: &[u8]) -> Result<String, String> {
    let mut lines = String::with_capacity(loader.len());
    for line in loader.lines().map(str::trim) {
        if !line.is_empty() && !line.starts_with("//") {
            lines.push_str(line);
            lines.push('\n');
        }
    }
    let swaps = swaps(module);
    let (head, rest) = lines.split_once(GLUE_MARK).ok_or("loader.js has lost its line `/* GLUE */`")?;
    let (middle, rest) = rest.split_once(SWAPS_MARK).ok_or("loader.js has lost its `\"SWAPS\"`")?;
    let (before, tail) = rest.split_once(MODULE_MARK).ok_or("loader.js has lost its `\"MODULE\"`")?;
    let pairs: Vec<String> =
        swaps.iter().flat_map(|(a, b)| [format!("{a}:{b}"), format!("{b}:{a}")]).collect();
    let swapped: Vec<u8> = module.iter().map(|byte| swap(&swaps, *byte)).collect();
    let list = ["{", &pairs.join(","), "}"].concat();
    Ok([head, glue, middle.trim_start_matches('\n'), &list, before, &js_string(&swapped), tail].concat())
}

/// Pairs of bytes that change places: each that needs an escape with one of the rarest that do not. A module is full of
/// zeros, and `\0` is two characters: this alone takes 3 % off the compressed script.
fn swaps(module: &[u8]) -> Vec<(u8, u8)> {
    let mut counts = [0_usize; 128];
    for byte in module.iter().filter(|byte| byte.is_ascii()) {
        counts[usize::from(*byte)] += 1;
    }
    let mut plain: Vec<u8> = (0..128).filter(|byte| !ESCAPED.contains(byte)).collect();
    plain.sort_by_key(|byte| counts[usize::from(*byte)]);
    ESCAPED.into_iter().zip(plain).collect()
}

fn swap(swaps: &[(u8, u8)], byte: u8) -> u8 {
    let other = |&(a, b): &(u8, u8)| if byte == a { Some(b) } else { (byte == b).then_some(a) };
    swaps.iter().find_map(other).unwrap_or(byte)
}

/// Writes bytes as a JavaScript string literal with one character for each byte.
///
/// In UTF-8 a byte above 127 takes two bytes, which a compressor undoes almost wholly: measured +3.4 % after
/// Brotli, where base64 costs +36 %.
pub(crate) fn js_string(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 3 / 2);
    out.push('"');
    for (index, &byte) in bytes.iter().enumerate() {
        match byte {
            // `\0` before a digit would be read as an octal escape.
            0 if bytes.get(index + 1).is_some_and(u8::is_ascii_digit) => out.push_str("\\x00"),
            0 => out.push_str("\\0"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            _ => out.push(char::from(byte)),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a browser reads back from the literal, one number for each character.
    fn read_back(literal: &str) -> Vec<u8> {
        let mut out = Vec::new();
        let inner = &literal[1..literal.len() - 1];
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            let value = match c {
                '\\' => match chars.next().expect("an escape has a second half") {
                    '0' => 0,
                    'n' => 10,
                    'r' => 13,
                    'x' => {
                        assert_eq!((chars.next(), chars.next()), (Some('0'), Some('0')));
                        0
                    }
                    other => u32::from(other),
                },
                other => u32::from(other),
            };
            out.push(u8::try_from(value).expect("one byte"));
        }
        out
    }

    #[test]
    fn every_pair_of_bytes_comes_back() {
        let mut bytes = Vec::new();
        for first in 0..=255_u8 {
            for second in [0, b'0', b'9', b'n', b'"', b'\\', 127, 128, 255] {
                bytes.extend([first, second]);
            }
        }
        assert_eq!(read_back(&js_string(&bytes)), bytes);
    }

    #[test]
    fn the_marks_are_filled_and_comments_are_gone() {
        let loader = "// note\n(() => {\n/* GLUE */\nconst swaps = \"SWAPS\";\nrun(\"MODULE\");\n})();\n";
        let script = assemble(loader, "glue();\n", b"ab").expect("all marks are there");
        let swaps = "{0:1,1:0,10:2,2:10,13:3,3:13,34:4,4:34,92:5,5:92}";
        assert_eq!(script, format!("(() => {{\nglue();\nconst swaps = {swaps};\nrun(\"ab\");\n}})();\n"));
    }

    #[test]
    fn a_lost_mark_is_refused() {
        for loader in ["run(\"SWAPS\", \"MODULE\")", "/* GLUE */ \"SWAPS\"", "/* GLUE */ \"MODULE\""] {
            assert!(assemble(loader, "", b"").is_err(), "{loader}");
        }
    }

    #[test]
    fn swapping_twice_changes_nothing() {
        let module: Vec<u8> = (0..=255).chain([0, 0, 7, 7, 9, 9, 9]).collect();
        let swaps = swaps(&module);
        for byte in 0..=255 {
            assert_eq!(swap(&swaps, swap(&swaps, byte)), byte);
        }
    }

    #[test]
    fn what_needs_an_escape_changes_places_with_what_is_rare() {
        let module = [vec![0; 50], vec![7; 40], (1..128).collect()].concat();
        assert!(swaps(&module).iter().all(|(_, rare)| *rare != 7));
        assert!(
            !js_string(&module.iter().map(|b| swap(&swaps(&module), *b)).collect::<Vec<_>>())
                .contains("\\0\\0")
        );
    }
}
