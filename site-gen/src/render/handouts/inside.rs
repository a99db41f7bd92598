//! What a finished PDF could do to a reader. It should do nothing but show itself and lead where a link says.

use flate2::read::ZlibDecoder;
use std::io::Read;

/// Names with which a PDF runs something, sends something, opens something by itself, or holds another file.
pub(in crate::render) const ACTS: [&str; 16] = [
    "AA",
    "AcroForm",
    "EmbeddedFile",
    "GoToE",
    "GoToR",
    "ImportData",
    "JS",
    "JavaScript",
    "Launch",
    "Movie",
    "OpenAction",
    "Rendition",
    "RichMedia",
    "Sound",
    "SubmitForm",
    "XFA",
];

/// The names of [`ACTS`] that a PDF has.
pub(in crate::render) fn acts(pdf: &[u8]) -> Vec<&'static str> {
    let objects = objects(pdf);
    ACTS.into_iter().filter(|name| has_name(&objects, name)).collect()
}

fn has_name(objects: &[u8], name: &str) -> bool {
    let mut starts =
        objects.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| &objects[at + 1..]);
    starts.any(|rest| {
        rest.strip_prefix(name.as_bytes())
            .is_some_and(|after| after.first().is_none_or(|byte| !byte.is_ascii_alphanumeric()))
    })
}

/// The objects of a PDF as text: what stands outside its streams, and the streams that hold objects, unpacked. What only
/// holds letters and pictures is left out: any name can stand in it by chance.
fn objects(pdf: &[u8]) -> Vec<u8> {
    let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|window| window == what);
    let mut out = Vec::new();
    let mut rest = pdf;
    while let Some(at) = find(rest, b"stream") {
        let (head, stream) = rest.split_at(at + "stream".len());
        out.extend_from_slice(head);
        let begun = stream.strip_prefix(b"\r\n").or_else(|| stream.strip_prefix(b"\n"));
        let Some(data) = begun.filter(|_| !head.ends_with(b"endstream")) else {
            rest = stream;
            continue;
        };
        let end = find(data, b"endstream").unwrap_or(data.len());
        let dictionary = &head[head.windows(4).rposition(|four| four == b" obj").unwrap_or(0)..];
        if has_name(dictionary, "ObjStm") {
            let mut unpacked = Vec::new();
            // A stream that cannot be unpacked shows nothing to a reader's program either.
            let _ = ZlibDecoder::new(&data[..end]).read_to_end(&mut unpacked);
            out.extend(unpacked);
        }
        rest = &data[end..];
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    #[test]
    fn what_acts_is_found_also_where_it_is_packed() {
        assert_eq!(
            acts(b"1 0 obj\n<</OpenAction<</S/JavaScript/JS(x)>>>>\nendobj"),
            ["JS", "JavaScript", "OpenAction"]
        );
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(b"4 0 <</S/Launch/F(x)>>").expect("memory takes it");
        let packed = packed.finish().expect("memory takes it");
        let file = [&b"3 0 obj\n<</Type/ObjStm>>\nstream\n"[..], &packed, b"\nendstream\nendobj"].concat();
        assert_eq!(acts(&file), ["Launch"]);
    }

    #[test]
    fn what_only_shows_is_no_act() {
        assert_eq!(acts(b"1 0 obj\n<</S/URI/URI(https://a.example)/JSX 1/Type/Annot>>\nendobj"), [""; 0]);
        // The letters of a font can look like anything.
        assert_eq!(acts(b"3 0 obj\n<</Length 9>>\nstream\n/JS /AA x\nendstream\nendobj"), [""; 0]);
    }
}
