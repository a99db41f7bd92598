//! The preview shows a page before the rest of its site is made.

use crate::{choices, site};
use site_gen::progress::Progress;
use site_gen::serve::{Attempt, Finished, Options, Rebuild, Shows, serve};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

/// Serves the site at `root`. Each build but the first makes its files only when `go` says so.
fn preview(root: &Path, port: u16, go: Receiver<()>) {
    let mut rebuild = Rebuild::new(root);
    let options = Options {
        interface: Ipv4Addr::LOCALHOST.into(),
        port,
        watch: vec![root.join("content")],
        poll: false,
        base_path: "/guide/".to_owned(),
        open: false,
        site_name: String::new(),
    };
    let mut is_first = true;
    std::thread::spawn(move || {
        serve(&options, move |saved, show| {
            // At the end of the test its folder goes away.
            let built = rebuild.run(saved, &choices(true), &Progress::default()).ok().flatten();
            let Some(drawing) = built.and_then(|built| built.drawing) else { return };
            let attempt = |shows| Attempt { shows, problems: Vec::new(), walk: None, about: None };
            show(attempt(Shows::Pages(Arc::clone(&drawing))));
            if !std::mem::take(&mut is_first) {
                go.recv().expect("the test goes on");
            }
            let Finished { files, search, .. } =
                rebuild.finish(&drawing, &Progress::default()).expect("a good site");
            show(attempt(Shows::Files { files, search }));
        })
    });
}

/// The status line and the rest of an answer; nothing where nobody listens yet.
fn get(port: u16, path: &str) -> Option<(String, String)> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer);
    let (status, rest) = answer.split_once("\r\n")?;
    Some((status.to_owned(), rest.to_owned()))
}

/// Asks until the page is there.
fn shown(port: u16, path: &str) -> String {
    let started = Instant::now();
    loop {
        if let Some((status, text)) = get(port, path).filter(|(status, _)| status.contains(" 200 ")) {
            assert!(
                text.contains("content-security-policy"),
                "{path} comes without the site's headers: {status}"
            );
            return text;
        }
        assert!(started.elapsed() < PATIENCE, "{path} is not shown");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_page_is_shown_ahead_and_what_is_made_of_all_pages_waits_for_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, bytes).expect("a file");
    };
    for (path, bytes) in site::files() {
        write(&path, &bytes);
    }
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = free.local_addr().expect("its number").port();
    drop(free);
    let (go, wait) = channel();
    preview(folder.path(), port, wait);
    assert!(!shown(port, "/guide/sitemap.xml").contains("/visit/parking/"));

    let page = "---\ntitle: Where to park\nsummary: Behind the house.\nkind: prepare\n---\n\nPark there.\n";
    write("content/en/pages/visit/parking.md", page.as_bytes());
    // Of the new build, whose files nobody has made yet: a page that is new, and one that lists it.
    assert!(shown(port, "/guide/visit/parking/").contains("Where to park"));
    assert!(shown(port, "/guide/visit/").contains("Where to park"));

    let (answers, answered) = channel();
    for path in ["/guide/sitemap.xml", "/guide/visit/parking", "/guide/nowhere/"] {
        let answers = answers.clone();
        std::thread::spawn(move || answers.send((path, get(port, path))));
    }
    let early = answered.recv_timeout(Duration::from_millis(500)).ok();
    assert!(early.is_none(), "answered without its files: {early:?}");
    go.send(()).expect("the preview runs");
    for _ in 0..3 {
        let (path, answer) = answered.recv_timeout(PATIENCE).expect("an answer once all is made");
        let (status, text) = answer.expect("a whole answer");
        let (expected, part) = match path {
            "/guide/sitemap.xml" => (" 200 ", "/visit/parking/"),
            "/guide/nowhere/" => (" 404 ", "<html"),
            _ => (" 308 ", "location: /guide/visit/parking/"),
        };
        assert!(status.contains(expected) && text.contains(part), "{path}: {status} {text}");
    }
}
