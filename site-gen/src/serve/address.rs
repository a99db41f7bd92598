//! What an address in a request means: a file's path inside the site, and whether it is this preview that is meant.
//!
//! Nothing here looks at a disk. A path is looked up among the files of a build, so that one which could mean another
//! folder is refused only to give it a clear answer.

use std::net::{IpAddr, SocketAddr};

/// A path with its `%xx` turned into characters, once; nothing if it is not text, does not begin with a slash, or holds what
/// could mean another folder or another line: `.` and `..`, backslashes, control characters.
pub fn decode(raw: &str) -> Option<String> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw.as_bytes();
    while let Some((&first, more)) = rest.split_first() {
        rest = more;
        if first != b'%' {
            out.push(first);
            continue;
        }
        let (digits, more) = rest.split_at_checked(2)?;
        out.push(hex(digits[0])? << 4 | hex(digits[1])?);
        rest = more;
    }
    let path = String::from_utf8(out).ok()?;
    let odd = path.contains(|c: char| c.is_control() || c == '\\')
        || path.split('/').any(|part| part == "." || part == "..");
    (!odd && path.starts_with('/')).then_some(path)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Whether `host`, as a `Host` header or the front of an address has it, names the preview that listens at `address`: by that
/// address, or by a loopback name. A page of another site can point a name of its own at this machine; it cannot make the
/// browser send another name.
pub fn is_this_machine(host: &str, address: SocketAddr) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port),
        // Browsers leave out the port that is every web server's own.
        _ => (host, "80"),
    };
    // As text: a number can be written in more ways than browsers write it.
    if port != address.port().to_string() {
        return false;
    }
    let ip = match name.strip_prefix('[') {
        Some(inner) => inner.strip_suffix(']').and_then(|ip| ip.parse().ok()).map(IpAddr::V6),
        None => name.parse().ok().map(IpAddr::V4),
    };
    match ip {
        // Listening on every address was asked for by hand; then any of them may be named, by number.
        Some(ip) => ip == address.ip() || ip.is_loopback() || address.ip().is_unspecified(),
        None => name.eq_ignore_ascii_case("localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_are_read_as_they_stand() {
        assert_eq!(decode("/visit/prepare/").as_deref(), Some("/visit/prepare/"));
        assert_eq!(decode("/es/preparaci%C3%B3n/").as_deref(), Some("/es/preparación/"));
        assert_eq!(decode("/images/front%20door.png").as_deref(), Some("/images/front door.png"));
        assert_eq!(decode("/a..b/.well-known/").as_deref(), Some("/a..b/.well-known/"));
        // Once and not twice.
        assert_eq!(decode("/%252e%252e/").as_deref(), Some("/%2e%2e/"));
    }

    #[test]
    fn paths_that_could_leave_the_site_are_refused() {
        for path in [
            "/../x",
            "/a/%2e%2e/x",
            "/a/./x",
            "/a%00",
            "/a%5c..",
            "/a%0d%0ax",
            "/%zz",
            "/%f",
            "/%+f",
            "/%",
            "/%ff",
            "/%c0%ae%c0%ae/x",
            "/%e0%80%af",
            "x",
            "*",
            "",
        ] {
            assert_eq!(decode(path), None, "{path}");
        }
    }

    fn asked_as(host: &str, served_at: &str) -> bool {
        is_this_machine(host, served_at.parse().expect("an address"))
    }

    #[test]
    fn this_machine_is_served() {
        for host in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "LOCALHOST:3000"] {
            assert!(asked_as(host, "127.0.0.1:3000"), "{host}");
        }
        assert!(asked_as("192.168.1.9:3000", "0.0.0.0:3000"));
        assert!(asked_as("localhost", "127.0.0.1:80"));
        assert!(asked_as("[::1]", "[::1]:80"));
    }

    #[test]
    fn other_names_are_not_served() {
        for host in [
            "evil.example:3000",
            "localhost:3001",
            "localhost:+3000",
            "localhost:0003000",
            "localhost:",
            "localhost",
            "localhost.:3000",
            "192.168.1.9:3000",
            "0x7f000001:3000",
            "[[::1]]:3000",
            "[127.0.0.1]:3000",
            "::1:3000",
            "localhost.evil.example:3000",
            "127.0.0.1:3000@evil.example",
            "user@localhost:3000",
            "",
        ] {
            assert!(!asked_as(host, "127.0.0.1:3000"), "{host}");
        }
        assert!(!asked_as("evil.example:3000", "0.0.0.0:3000"));
    }
}
