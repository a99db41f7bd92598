//! Answers requests from the last good build.

use super::address::decode;
use super::connections::{self, Unending};
use super::guard::{self, Refusal};
use super::{LIVE_SCRIPT_URL, Options, ServeError, Window, panel, walk};
use crate::headers::Rules;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;
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

/// How many open pages can follow at once. Each keeps a connection, and others need some too.
const MOST_FOLLOWERS: usize = 64;

struct Server {
    window: Arc<Window>,
    followers: Arc<Semaphore>,
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
    window: Arc<Window>,
) {
    let server = Arc::new(Server {
        window,
        followers: Arc::new(Semaphore::new(MOST_FOLLOWERS)),
        base_path: options.base_path.clone(),
        address,
    });
    let taking = connections::take(listener, connections::LIMITS, move |request| {
        let server = Arc::clone(&server);
        // Nothing here reads what a request brings along.
        let (asked, _) = request.into_parts();
        async move {
            let mut response = match guard::admit(&asked, server.address) {
                Ok(()) => answer(&server, &asked).await,
                Err(refusal) => refused(refusal),
            };
            guard::seal(&mut response);
            response
        }
    });
    let stopped = async {
        // A missing signal handler only means that Ctrl-C ends the process the hard way.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = taking => {}
        () = stopped => std::process::exit(0),
    }
}

fn refused(refusal: Refusal) -> Response {
    let (status, text) = refusal.told();
    let mut response = plain(status, text);
    let headers = response.headers_mut();
    match refusal {
        Refusal::NotARead => {
            headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        // What follows on this connection could be the body or a request: nobody should have to guess.
        Refusal::HasBody | Refusal::NoHost => {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Refusal::OtherHost | Refusal::OtherSite | Refusal::LongPath => {}
    }
    response
}

/// An answer that says which attempt and which build it shows. A page compares that with what it is told first: what was
/// saved between the two would be missed.
async fn answer(server: &Server, asked: &Parts) -> Response {
    let mut changed = server.window.changed.subscribe();
    loop {
        // Asked before the page is: a page that is newer than it says only looks once more.
        let shown = server.window.shown.read().map(|shown| (shown.attempts, shown.builds)).ok();
        if let Some(mut response) = answer_now(server, asked) {
            if let Some((attempts, builds)) = shown
                && let Ok(said) =
                    HeaderValue::try_from(format!("attempt;desc=\"{attempts}\", build;desc=\"{builds}\""))
            {
                response.headers_mut().insert(HeaderName::from_static("server-timing"), said);
            }
            return response;
        }
        // What is made of the whole site is on its way.
        if changed.changed().await.is_err() {
            return stopped();
        }
    }
}

/// `None` for what is still being made.
fn answer_now(server: &Server, asked: &Parts) -> Option<Response> {
    let raw = asked.uri.path();
    if raw.starts_with(walk::ROOT) || raw == walk::ROOT.trim_end_matches('/') {
        return Some(about_proofs(server, raw));
    }
    if raw.starts_with(walk::TRIAL_ROOT) {
        return Some(trial(server, raw));
    }
    if let Some(name) = raw.strip_prefix(panel::PAGE_ROOT) {
        return Some(told(server, |seen| Some(panel::page(seen, &decode(&format!("/{name}"))?))));
    }
    Some(match raw {
        panel::ALL => told(server, |seen| Some(panel::all(seen))),
        panel::STYLE_URL => bytes(StatusCode::OK, media_type(raw), panel::STYLE.into()),
        LIVE_SCRIPT_URL => bytes(StatusCode::OK, "text/javascript; charset=utf-8", LIVE_SCRIPT.into()),
        LIVE_EVENTS_URL if asked.method == Method::HEAD => {
            bytes(StatusCode::OK, "text/event-stream", Vec::new())
        }
        LIVE_EVENTS_URL => events(server),
        _ => return page(server, raw, asked.uri.query()),
    })
}

/// A page about the newest attempt, worked out now.
fn told(server: &Server, make: impl FnOnce(&panel::Seen<'_>) -> Option<String>) -> Response {
    let seen = match server.window.shown.read() {
        Ok(shown) => shown.seen(&server.base_path),
        Err(_) => return stopped(),
    };
    // Measuring a page takes a while, and others ask for pages meanwhile.
    match tokio::task::block_in_place(|| make(&seen)) {
        Some(page) => own_page(StatusCode::OK, page),
        None => plain(StatusCode::BAD_REQUEST, "That is not an address of a page.\n"),
    }
}

/// A file of the site. `None` where it is still being made.
fn page(server: &Server, raw: &str, query: Option<&str>) -> Option<Response> {
    let Ok(shown) = server.window.shown.read() else { return Some(stopped()) };
    if shown.built.files.is_empty() && shown.early.is_none() {
        let text = panel::waiting(&shown.seen(&server.base_path));
        drop(shown);
        let mut waiting = own_page(StatusCode::SERVICE_UNAVAILABLE, text);
        // Its script asks again after every save; this is for a browser that runs none.
        waiting.headers_mut().insert(header::REFRESH, HeaderValue::from_static("10"));
        return Some(waiting);
    }
    let Some(path) = decode(raw) else {
        return Some(plain(StatusCode::BAD_REQUEST, "That is not an address of a page.\n"));
    };
    if let Some(early) = shown.early.clone() {
        // What cannot be drawn by itself, or has been saved once more and is broken now, is told when all is made.
        let name = path.strip_prefix(server.base_path.as_str()).filter(|_| shown.problems.is_empty())?;
        drop(shown);
        let name = if is_folder(name) { format!("{name}index.html") } else { name.to_owned() };
        let body = tokio::task::block_in_place(|| early.drawing.file(&name))?;
        return Some(with_rules(bytes(StatusCode::OK, media_type(&name), body), &early.headers, &path));
    }
    let (built, rules) = (Arc::clone(&shown.built), Arc::clone(&shown.headers));
    let files = &built.files;
    let good = path.strip_prefix(server.base_path.as_str()).map(|rest| format!("{rest}index.html"));
    let good = good.is_some_and(|index| files.contains_key(&index));
    if let Some(mistakes) = panel::instead(&shown.seen(&server.base_path), &path, query, good) {
        return Some(own_page(StatusCode::INTERNAL_SERVER_ERROR, mistakes));
    }
    drop(shown);
    let not_found = || {
        files.get("404.html").map(|body| ("/404.html", StatusCode::NOT_FOUND, "404.html", body.as_slice()))
    };
    let found = match path.strip_prefix(server.base_path.as_str()) {
        None if path == "/" || format!("{path}/") == server.base_path => {
            return Some(redirect(&server.base_path));
        }
        None => not_found(),
        Some(rest) => {
            if is_folder(rest) {
                files
                    .get_key_value(&format!("{rest}index.html"))
                    .map(|(file, body)| (path.as_str(), StatusCode::OK, file.as_str(), body.as_slice()))
            } else if let Some((file, body)) = files.get_key_value(rest) {
                Some((path.as_str(), StatusCode::OK, file.as_str(), body.as_slice()))
            } else if files.contains_key(&format!("{rest}/index.html")) {
                return Some(redirect(&format!("{raw}/")));
            } else {
                // Making the index takes a while, and others ask for pages meanwhile.
                let indexed = tokio::task::block_in_place(|| built.indexed(rest));
                indexed.map(|(file, body)| (path.as_str(), StatusCode::OK, file, body))
            }
            .or_else(not_found)
        }
    };
    let Some((path, status, file, body)) = found else {
        return Some(plain(StatusCode::NOT_FOUND, "There is no such page.\n"));
    };
    Some(with_rules(bytes(status, media_type(file), body.to_vec()), &rules, path))
}

/// Whether a path below the base path leads to the page of a folder.
fn is_folder(rest: &str) -> bool {
    rest.is_empty() || rest.ends_with('/')
}

/// An answer with what hosts are told to say at a path.
fn with_rules(mut response: Response, rules: &Rules, path: &str) -> Response {
    for (name, value) in rules.of(path) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
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
    match server.window.shown.read() {
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
    let Ok(follower) = Arc::clone(&server.followers).try_acquire_owned() else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "Too many pages follow this preview. Close some.\n");
    };
    let window = Arc::clone(&server.window);
    // A browser drops an event without data, and there is nothing to tell when all is well: the line break is for then.
    let problems = move || window.shown.read().map(|shown| shown.told()).unwrap_or_default() + "\n";
    // From here on no change is missed; what was before, the first event tells.
    let changes = server.window.told.subscribe();
    let now = server.window.shown.read().map(|shown| format!("{} {}", shown.attempts, shown.builds));
    let first = sse::Event::default().event("state").id(now.unwrap_or_default()).data(problems());
    let later = BroadcastStream::new(changes).map(move |event| {
        // Lives as long as the stream does.
        let _ = &follower;
        let name = match event {
            // An event that was missed counts as a rebuild: the page looks again and is right.
            Ok(Event::Rebuilt) | Err(_) => "rebuilt",
            Ok(Event::Broken) => "broken",
        };
        sse::Event::default().event(name).data(problems())
    });
    let stream = tokio_stream::once(first).chain(later).map(Ok::<_, std::convert::Infallible>);
    let mut response = Sse::new(stream).keep_alive(KeepAlive::default()).into_response();
    response.extensions_mut().insert(Unending);
    response
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
    (status, [(header::CONTENT_TYPE, media_type)], body).into_response()
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
