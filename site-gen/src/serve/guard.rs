//! Who may ask the preview what, decided before anything is looked up, and what every answer tells the browser.
//!
//! The preview shows drafts, and other sites run in the same browser. Their pages can send requests here, so each request must
//! name this preview as its host, and must come from the preview's own pages or from the person at this machine.

use super::address::is_this_machine;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use std::net::SocketAddr;

/// Longer paths belong to no page of any site.
const LONGEST_PATH: usize = 2048;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Why a request gets no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It names no host, or several.
    NoHost,
    /// It names another host.
    OtherHost,
    /// Another site sent it.
    OtherSite,
    /// It wants something done.
    NotARead,
    /// It brings something along.
    HasBody,
    /// Its path is too long.
    LongPath,
}

impl Refusal {
    /// Its status, and what a person is told.
    pub(super) fn told(self) -> (StatusCode, &'static str) {
        match self {
            Refusal::NoHost => (StatusCode::BAD_REQUEST, "A request must name one host.\n"),
            Refusal::OtherHost => (
                StatusCode::MISDIRECTED_REQUEST,
                "This preview answers only to the address it was started with.\n",
            ),
            Refusal::OtherSite => (StatusCode::FORBIDDEN, "Other sites cannot use this preview.\n"),
            Refusal::NotARead => (StatusCode::METHOD_NOT_ALLOWED, "This preview can only be read.\n"),
            Refusal::HasBody => (StatusCode::PAYLOAD_TOO_LARGE, "This preview takes nothing in.\n"),
            Refusal::LongPath => (StatusCode::URI_TOO_LONG, "That address is too long.\n"),
        }
    }
}

/// Judges a request by its head alone.
///
/// # Errors
/// Why it must not be answered.
pub(super) fn admit(asked: &Parts, address: SocketAddr) -> Result<(), Refusal> {
    let host = only(asked, &header::HOST).ok_or(Refusal::NoHost)?;
    let meant = |host: &str| is_this_machine(host, address);
    // `GET http://host/path`, as a proxy is asked: both names must be ours.
    if !meant(host) || !asked.uri.authority().is_none_or(|named| meant(named.as_str())) {
        return Err(Refusal::OtherHost);
    }
    if !is_own(asked, host) {
        return Err(Refusal::OtherSite);
    }
    if !matches!(asked.method, Method::GET | Method::HEAD) {
        return Err(Refusal::NotARead);
    }
    let mut lengths = asked.headers.get_all(header::CONTENT_LENGTH).iter();
    if asked.headers.contains_key(header::TRANSFER_ENCODING) || lengths.any(|length| length != "0") {
        return Err(Refusal::HasBody);
    }
    if asked.uri.path().len() > LONGEST_PATH {
        return Err(Refusal::LongPath);
    }
    Ok(())
}

/// The value of a header that must be there once.
fn only<'a>(asked: &'a Parts, name: &HeaderName) -> Option<&'a str> {
    let mut values = asked.headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Whether no other site has a hand in the request. Programs that are no browsers say nothing about that, and are believed:
/// no web page can hide in them.
fn is_own(asked: &Parts, host: &str) -> bool {
    let same_origin = || {
        only(asked, &header::ORIGIN)
            .and_then(|origin| origin.strip_prefix("http://"))
            .is_some_and(|origin| origin.eq_ignore_ascii_case(host))
    };
    if asked.headers.contains_key(header::ORIGIN) && !same_origin() {
        return false;
    }
    if !asked.headers.contains_key(FETCH_SITE) {
        return true;
    }
    // A link somewhere else may open the preview in a window of its own, where the other site sees nothing of it.
    let in_own_window =
        || only(asked, &FETCH_MODE) == Some("navigate") && only(asked, &FETCH_DEST) == Some("document");
    match only(asked, &FETCH_SITE) {
        Some("same-origin" | "none") => true,
        Some(_) => in_own_window(),
        None => false,
    }
}

/// Gives an answer what every answer has: nothing is kept, nothing is guessed, and no other site may show or read it. What
/// the site itself says for a page is left as it is, as long as it is no weaker.
pub(super) fn seal(response: &mut Response) {
    let headers = response.headers_mut();
    // A preview must never show yesterday's page, nor may another preview at the same address.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    // The browser would go on asking for https at this address, where there is none.
    headers.remove(header::STRICT_TRANSPORT_SECURITY);
    // What opens the preview to other sites has no place here, wherever it comes from.
    let opening: Vec<HeaderName> =
        headers.keys().filter(|name| name.as_str().starts_with("access-control-")).cloned().collect();
    for name in opening {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;

    const ADDRESS: &str = "127.0.0.1:3000";

    fn judge(method: &str, uri: &str, headers: &[(&str, &str)]) -> Result<(), Refusal> {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, _) = request.body(Body::empty()).expect("a request").into_parts();
        admit(&parts, ADDRESS.parse().expect("an address"))
    }

    fn asked(headers: &[(&str, &str)]) -> Result<(), Refusal> {
        judge("GET", "/", &[&[("host", ADDRESS)], headers].concat())
    }

    #[test]
    fn the_persons_own_browser_is_answered() {
        for headers in [
            &[][..],
            &[("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "style")],
            &[("origin", "http://127.0.0.1:3000"), ("sec-fetch-site", "same-origin")],
            // A link in somebody's mail, in the browser.
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
            ],
            &[("content-length", "0")],
        ] {
            assert_eq!(asked(headers), Ok(()), "{headers:?}");
        }
        assert_eq!(judge("HEAD", "/", &[("host", "localhost:3000")]), Ok(()));
        assert_eq!(judge("GET", "http://127.0.0.1:3000/a", &[("host", ADDRESS)]), Ok(()));
    }

    #[test]
    fn other_sites_are_refused() {
        for headers in [
            &[("origin", "http://evil.example")][..],
            &[("origin", "null")],
            &[("origin", "https://127.0.0.1:3000")],
            &[("origin", "http://127.0.0.1:3001")],
            &[("origin", "http://localhost:3000")],
            &[("origin", ADDRESS)],
            &[("origin", "http://127.0.0.1:3000"), ("origin", "http://evil.example")],
            &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "script")],
            &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")],
            // Another program's page on this machine.
            &[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")],
            &[("sec-fetch-site", "none"), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "")],
        ] {
            assert_eq!(asked(headers), Err(Refusal::OtherSite), "{headers:?}");
        }
    }

    #[test]
    fn what_is_no_plain_reading_is_refused() {
        let host = ("host", ADDRESS);
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"] {
            assert_eq!(judge(method, "/", &[host]), Err(Refusal::NotARead), "{method}");
        }
        for body in [("content-length", "1"), ("transfer-encoding", "chunked"), ("content-length", "0, 0")] {
            assert_eq!(judge("GET", "/", &[host, body]), Err(Refusal::HasBody), "{body:?}");
        }
        assert_eq!(judge("GET", "/", &[]), Err(Refusal::NoHost));
        assert_eq!(judge("GET", "/", &[host, host]), Err(Refusal::NoHost));
        assert_eq!(judge("GET", "http://evil.example/", &[host]), Err(Refusal::OtherHost));
        assert_eq!(judge("GET", "/", &[("host", "evil.example")]), Err(Refusal::OtherHost));
        let long = format!("/{}", "a".repeat(LONGEST_PATH));
        assert_eq!(judge("GET", &long, &[host]), Err(Refusal::LongPath));
    }

    #[test]
    fn no_answer_is_kept_or_open_to_others() {
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        for (name, value) in [
            ("access-control-allow-origin", "*"),
            ("access-control-allow-private-network", "true"),
            ("strict-transport-security", "max-age=31536000"),
            ("cache-control", "public, max-age=31536000"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("content-security-policy", "default-src 'self'"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        seal(&mut response);
        let mut said: Vec<String> = response
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
            .collect();
        said.sort_unstable();
        assert_eq!(
            said,
            [
                "cache-control: no-store",
                "content-security-policy: default-src 'self'",
                "cross-origin-resource-policy: same-origin",
                "referrer-policy: no-referrer",
                "x-content-type-options: nosniff",
            ]
        );
    }
}
