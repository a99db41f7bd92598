//! Answers requests from the last good build.

use super::{LIVE_SCRIPT_URL, Options, ServeError, Shown, panel, walk};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;
use std::sync::{Arc, RwLock};
use tokio::sync::broadcast;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

/// What open pages are told.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// A new build is served.
    Rebuilt,
    /// The newest attempt failed; the last good build is still served.
    Broken,
}

const LIVE_EVENTS_URL: &str = "/__live/events";
/// One script of three parts, with no name that a page could see.
const LIVE_SCRIPT: &str = concat!(
    "\"use strict\";\n{\n",
    include_str!("live/morph.js"),
    include_str!("live/panel.js"),
    include_str!("live/follow.js"),
    "}\n"
);

/// Longer paths belong to no page of any site.
const LONGEST_PATH: usize = 2048;

struct Server {
    shown: Arc<RwLock<Shown>>,
    changes: broadcast::Sender<Event>,
    base_path: String,
    address: SocketAddr,
}

pub(super) async fn listen(options: &Options) -> Result<tokio::net::TcpListener, ServeError> {
    let address = SocketAddr::new(options.interface, options.port);
    tokio::net::TcpListener::bind(address).await.map_err(|source| match source.kind() {
        std::io::ErrorKind::AddrInUse => {
            ServeError::PortInUse { port: options.port, next: options.port.checked_add(1).unwrap_or(3001) }
        }
        _ => ServeError::Listen { address, source },
    })
}

pub(super) async fn run(
    listener: tokio::net::TcpListener,
    address: SocketAddr,
    options: &Options,
    shown: Arc<RwLock<Shown>>,
    changes: broadcast::Sender<Event>,
) -> std::io::Result<()> {
    let server = Arc::new(Server { shown, changes, base_path: options.base_path.clone(), address });
    let app = axum::Router::new().fallback(answer).with_state(server);
    axum::serve(listener, app)
        .with_graceful_shutdown(async {
            // A missing signal handler only means that Ctrl-C ends the process the hard way.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            std::process::exit(0);
        })
        .await
}

async fn answer(State(server): State<Arc<Server>>, request: Request) -> Response {
    // A page on the web can point its own name at this machine and read what the browser is given;
    // it cannot forge the Host header.
    if !is_this_machine(&request, server.address) {
        return plain(
            StatusCode::MISDIRECTED_REQUEST,
            "This preview answers only to the address it was started with.\n",
        );
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refusal = plain(StatusCode::METHOD_NOT_ALLOWED, "This preview can only be read.\n");
        refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refusal;
    }
    let raw = request.uri().path();
    if raw.len() > LONGEST_PATH {
        return plain(StatusCode::URI_TOO_LONG, "That address is too long.\n");
    }
    if raw.starts_with(walk::ROOT) || raw == walk::ROOT.trim_end_matches('/') {
        return about_proofs(&server, raw);
    }
    if raw.starts_with(walk::TRIAL_ROOT) {
        return trial(&server, raw);
    }
    if let Some(asked) = raw.strip_prefix(panel::PAGE_ROOT) {
        return told(&server, |seen| Some(panel::page(seen, &decode(&format!("/{asked}"))?)));
    }
    match raw {
        panel::ALL => return told(&server, |seen| Some(panel::all(seen))),
        panel::STYLE_URL => return bytes(StatusCode::OK, media_type(raw), panel::STYLE.into()),
        LIVE_SCRIPT_URL => {
            return bytes(StatusCode::OK, "text/javascript; charset=utf-8", LIVE_SCRIPT.into());
        }
        LIVE_EVENTS_URL => return events(&server),
        _ => {}
    }
    page(&server, raw, request.uri().query())
}

/// A page about the newest attempt, worked out now.
fn told(server: &Server, make: impl FnOnce(&panel::Seen<'_>) -> Option<String>) -> Response {
    let seen = match server.shown.read() {
        Ok(shown) => shown.seen(&server.base_path),
        Err(_) => return stopped(),
    };
    // Measuring a page takes a while, and others ask for pages meanwhile.
    match tokio::task::block_in_place(|| make(&seen)) {
        Some(page) => own_page(StatusCode::OK, page),
        None => plain(StatusCode::BAD_REQUEST, "That is not an address of a page.\n"),
    }
}

fn page(server: &Server, raw: &str, query: Option<&str>) -> Response {
    let Ok(shown) = server.shown.read() else { return stopped() };
    let (built, rules) = (Arc::clone(&shown.built), Arc::clone(&shown.headers));
    let files = &built.files;
    if files.is_empty() {
        let text = panel::waiting(&shown.seen(&server.base_path));
        drop(shown);
        let mut waiting = own_page(StatusCode::SERVICE_UNAVAILABLE, text);
        // Its script asks again after every save; this is for a browser that runs none.
        waiting.headers_mut().insert(header::REFRESH, HeaderValue::from_static("10"));
        return waiting;
    }
    let Some(path) = decode(raw) else {
        return plain(StatusCode::BAD_REQUEST, "That is not an address of a page.\n");
    };
    let good = path.strip_prefix(server.base_path.as_str()).map(|rest| format!("{rest}index.html"));
    let good = good.is_some_and(|index| files.contains_key(&index));
    if let Some(mistakes) = panel::instead(&shown.seen(&server.base_path), &path, query, good) {
        return own_page(StatusCode::INTERNAL_SERVER_ERROR, mistakes);
    }
    drop(shown);
    let not_found = || {
        files.get("404.html").map(|body| ("/404.html", StatusCode::NOT_FOUND, "404.html", body.as_slice()))
    };
    let found = match path.strip_prefix(server.base_path.as_str()) {
        None if path == "/" || format!("{path}/") == server.base_path => return redirect(&server.base_path),
        None => not_found(),
        Some(rest) => {
            let index = format!("{rest}index.html");
            if rest.is_empty() || rest.ends_with('/') {
                files
                    .get_key_value(&index)
                    .map(|(file, body)| (path.as_str(), StatusCode::OK, file.as_str(), body.as_slice()))
            } else if let Some((file, body)) = files.get_key_value(rest) {
                Some((path.as_str(), StatusCode::OK, file.as_str(), body.as_slice()))
            } else if files.contains_key(&format!("{rest}/index.html")) {
                return redirect(&format!("{raw}/"));
            } else {
                // Making the index takes a while, and others ask for pages meanwhile.
                let indexed = tokio::task::block_in_place(|| built.indexed(rest));
                indexed.map(|(file, body)| (path.as_str(), StatusCode::OK, file, body))
            }
            .or_else(not_found)
        }
    };
    let Some((path, status, file, body)) = found else {
        return plain(StatusCode::NOT_FOUND, "There is no such page.\n");
    };
    let mut response = bytes(status, media_type(file), body.to_vec());
    for (name, value) in rules.of(path) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    // A preview must never show yesterday's page.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().remove(header::STRICT_TRANSPORT_SECURITY);
    response
}

/// A page about what was proved, of the newest attempt, whether or not it could be built.
fn about_proofs(server: &Server, raw: &str) -> Response {
    let walk = match newest(server) {
        Ok(walk) => walk,
        Err(stopped) => return *stopped,
    };
    let Some(path) = decode(raw) else {
        return plain(StatusCode::BAD_REQUEST, "That is not an address of a page.\n");
    };
    let name = path.strip_prefix(walk::ROOT).unwrap_or_default();
    let name = name.strip_suffix('/').unwrap_or(name);
    match walk.pages.get(name) {
        // A questionnaire's pages stand in a folder of its own; what they share stands beside these.
        Some(file) if name.contains('.') && !name.contains('/') => {
            bytes(StatusCode::OK, media_type(name), file.clone().into_bytes())
        }
        Some(page) => own_page(StatusCode::OK, page.clone()),
        None => own_page(StatusCode::NOT_FOUND, walk.absent.clone()),
    }
}

/// A questionnaire that is not proved, live. It runs under the policy of the page for readers.
fn trial(server: &Server, raw: &str) -> Response {
    if raw == walk::WIDGET {
        return bytes(StatusCode::OK, media_type(raw), checker_bundle::SCRIPT.into());
    }
    let walk = match newest(server) {
        Ok(walk) => walk,
        Err(stopped) => return *stopped,
    };
    let Some(path) = decode(raw) else {
        return plain(StatusCode::BAD_REQUEST, "That is not an address of a page.\n");
    };
    match walk.trial(path.strip_prefix(walk::TRIAL_ROOT).unwrap_or_default()) {
        Some(page) => under(StatusCode::OK, page, &crate::render::checker_policy()),
        None => own_page(StatusCode::NOT_FOUND, walk.no_trial.clone()),
    }
}

/// What the newest attempt tells about proofs.
fn newest(server: &Server) -> Result<Arc<walk::Walk>, Box<Response>> {
    match server.shown.read() {
        Ok(shown) => Ok(Arc::clone(&shown.walk)),
        Err(_) => Err(Box::new(stopped())),
    }
}

/// A page of the preview's own, under a policy as strict as the site's.
fn own_page(status: StatusCode, html: String) -> Response {
    under(status, html, &walk::policy())
}

fn under(status: StatusCode, html: String, policy: &str) -> Response {
    let mut response = bytes(status, "text/html; charset=utf-8", html.into_bytes());
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

fn events(server: &Server) -> Response {
    let shown = Arc::clone(&server.shown);
    // A browser drops an event without data, and there is nothing to tell when all is well: the line break is for then.
    let problems = move || shown.read().map(|shown| shown.told()).unwrap_or_default() + "\n";
    let first = sse::Event::default().event("state").data(problems());
    let later = BroadcastStream::new(server.changes.subscribe()).map(move |event| {
        let name = match event {
            // An event that was missed counts as a rebuild: the page looks again and is right.
            Ok(Event::Rebuilt) | Err(_) => "rebuilt",
            Ok(Event::Broken) => "broken",
        };
        sse::Event::default().event(name).data(problems())
    });
    let stream = tokio_stream::once(first).chain(later).map(Ok::<_, std::convert::Infallible>);
    Sse::new(stream).keep_alive(KeepAlive::default()).into_response()
}

/// Whether the request was sent to the address that is served, by that address or a loopback name.
fn is_this_machine(request: &Request, address: SocketAddr) -> bool {
    let Some(host) = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()) else {
        return false;
    };
    let Some((name, port)) = host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')) else {
        return false;
    };
    if port.parse() != Ok(address.port()) {
        return false;
    }
    let name = name.trim_start_matches('[').trim_end_matches(']');
    match name.parse::<std::net::IpAddr>() {
        // Listening on every address was asked for by hand; then any of them may be named, by number.
        Ok(ip) => ip == address.ip() || ip.is_loopback() || address.ip().is_unspecified(),
        Err(_) => name.eq_ignore_ascii_case("localhost"),
    }
}

/// A path with its `%xx` turned into characters; nothing if it is not text, or could mean another folder.
fn decode(raw: &str) -> Option<String> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw.as_bytes();
    while let Some((&first, more)) = rest.split_first() {
        rest = more;
        if first != b'%' {
            out.push(first);
            continue;
        }
        let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
        out.push(u8::from_str_radix(digits, 16).ok()?);
        rest = rest.get(2..)?;
    }
    let path = String::from_utf8(out).ok()?;
    let odd = path.contains(['\0', '\\']) || path.split('/').any(|part| part == "." || part == "..");
    (!odd && path.starts_with('/')).then_some(path)
}

fn media_type(file: &str) -> &'static str {
    match file.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        _ if file.starts_with('_') => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn bytes(status: StatusCode, media_type: &'static str, body: Vec<u8>) -> Response {
    (
        status,
        [
            (header::CONTENT_TYPE, media_type),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        body,
    )
        .into_response()
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    bytes(status, "text/plain; charset=utf-8", text.into())
}

fn stopped() -> Response {
    plain(StatusCode::INTERNAL_SERVER_ERROR, "The preview stopped. Start it again.\n")
}

fn redirect(to: &str) -> Response {
    match HeaderValue::try_from(to) {
        Ok(to) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response(),
        Err(_) => plain(StatusCode::BAD_REQUEST, "That is not an address of a page.\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn plain_paths_are_read_as_they_stand() {
        assert_eq!(decode("/visit/prepare/").as_deref(), Some("/visit/prepare/"));
        assert_eq!(decode("/es/preparaci%C3%B3n/").as_deref(), Some("/es/preparación/"));
        assert_eq!(decode("/a..b").as_deref(), Some("/a..b"));
    }

    #[test]
    fn paths_that_could_leave_the_site_are_refused() {
        for path in ["/../x", "/a/%2e%2e/x", "/a/./x", "/a%00", "/a%5c..", "/%zz", "/%f", "/%ff", "x"] {
            assert_eq!(decode(path), None, "{path}");
        }
    }

    fn asked_as(host: &str, served_at: &str) -> bool {
        let request =
            Request::builder().uri("/").header("host", host).body(Body::empty()).expect("a request");
        is_this_machine(&request, served_at.parse().expect("an address"))
    }

    #[test]
    fn this_machine_is_served() {
        for host in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "LOCALHOST:3000"] {
            assert!(asked_as(host, "127.0.0.1:3000"), "{host}");
        }
        assert!(asked_as("192.168.1.9:3000", "0.0.0.0:3000"));
    }

    #[test]
    fn other_names_are_not_served() {
        for host in [
            "evil.example:3000",
            "localhost:3001",
            "localhost",
            "192.168.1.9:3000",
            "localhost.evil.example:3000",
            "",
        ] {
            assert!(!asked_as(host, "127.0.0.1:3000"), "{host}");
        }
        assert!(!asked_as("evil.example:3000", "0.0.0.0:3000"));
    }
}
