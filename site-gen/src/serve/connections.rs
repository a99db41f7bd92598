//! Takes connections in and ends those that last too long, so that no client can use up the preview: not by sending its
//! request a letter at a time, not by never reading the answer, not by opening hundreds of connections.

use axum::body::Body;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

/// How many bytes the head of a request may have. Other programs on this machine leave cookies for its name.
const LARGEST_HEAD: usize = 32 << 10;
/// How many lines the head of a request may have.
const MOST_LINES: usize = 64;

/// What a client may take of the preview.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// How many connections are served at once. One browser opens six; further ones wait for their turn.
    most: usize,
    /// How long a client may take for the head of a request, and do nothing between two requests.
    head: Duration,
    /// After this time a connection gets one more request answered. Browsers open a new one.
    life: Duration,
    /// How long the last answer of a connection may still take.
    last_answer: Duration,
}

/// The limits of every preview.
pub(super) const LIMITS: Limits = Limits {
    most: 256,
    head: Duration::from_secs(5),
    life: Duration::from_secs(60),
    last_answer: Duration::from_secs(15),
};

/// Marks an answer that has no end, in its extensions: its connection may last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unending;

/// Answers requests until the program ends.
pub(super) async fn take<F, Answer>(listener: TcpListener, limits: Limits, answer: F)
where
    F: Fn(Request<Incoming>) -> Answer + Clone + Send + Sync + 'static,
    Answer: Future<Output = Response<Body>> + Send,
{
    let free = Arc::new(Semaphore::new(limits.most));
    loop {
        let Ok(place) = Arc::clone(&free).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let answer = answer.clone();
                tokio::spawn(async move {
                    serve(stream, limits, answer).await;
                    drop(place);
                });
            }
            // The client is gone already, or the system has no more files to give: others will end.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn serve<F, Answer>(stream: TcpStream, limits: Limits, answer: F)
where
    F: Fn(Request<Incoming>) -> Answer,
    Answer: Future<Output = Response<Body>>,
{
    let (unending, old) = (AtomicBool::new(false), AtomicBool::new(false));
    let service = service_fn(|request| {
        let answer = answer(request);
        let (unending, old) = (&unending, &old);
        async move {
            let mut response = answer.await;
            if response.extensions().get::<Unending>().is_some() {
                unending.store(true, Ordering::Relaxed);
            }
            if old.load(Ordering::Relaxed) {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(response)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(MOST_LINES)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // How a connection fails is the client's affair: what it could be told, it was told.
    if timeout(limits.life, connection.as_mut()).await.is_ok() {
        return;
    }
    if unending.load(Ordering::Relaxed) {
        let _ = connection.await;
        return;
    }
    // It is not closed at once: a request could be on its way, and would be lost. The next answer says that it is the last;
    // without a next request the connection ends as every idle one does.
    old.store(true, Ordering::Relaxed);
    let _ = timeout(limits.head + limits.last_answer, connection).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const SHORT: Limits = Limits {
        most: 4,
        head: Duration::from_millis(150),
        life: Duration::from_millis(300),
        last_answer: Duration::from_millis(150),
    };
    /// More than the buffers of the system take in.
    const LARGE: usize = 64 << 20;

    /// Answers `/large` with many bytes, `/stream` without an end, and everything else with `ok`.
    async fn started(limits: Limits) -> std::net::SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(take(listener, limits, |request| async move {
            match request.uri().path() {
                "/large" => Response::new(Body::from(vec![0; LARGE])),
                "/stream" => {
                    let mut response = Response::new(Body::from_stream(tokio_stream::pending::<
                        Result<Vec<u8>, Infallible>,
                    >()));
                    response.extensions_mut().insert(Unending);
                    response
                }
                _ => Response::new(Body::from("ok")),
            }
        }));
        address
    }

    async fn opened(address: std::net::SocketAddr, sends: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.expect("the server listens");
        stream.write_all(sends.as_bytes()).await.expect("bytes can be sent");
        stream
    }

    /// What comes until the server closes, if it does within a time that is far longer than every limit above.
    async fn until_closed(stream: &mut TcpStream) -> Option<String> {
        let mut heard = Vec::new();
        let closed = timeout(Duration::from_secs(5), stream.read_to_end(&mut heard)).await;
        closed.is_ok().then(|| String::from_utf8_lossy(&heard).into_owned())
    }

    const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    #[tokio::test]
    async fn a_request_that_comes_too_slowly_is_not_waited_for() {
        let address = started(SHORT).await;
        for beginning in ["", "GET", "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "] {
            let mut stream = opened(address, beginning).await;
            assert_eq!(until_closed(&mut stream).await.as_deref(), Some(""), "{beginning:?}");
        }
        // A letter now and then does not gain time.
        let mut stream = opened(address, "GET / HTTP/1.1\r\nX: ").await;
        let begun = Instant::now();
        while stream.write_all(b"a").await.is_ok() && begun.elapsed() < Duration::from_secs(5) {
            sleep(Duration::from_millis(30)).await;
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "it goes on for ever");
    }

    #[tokio::test]
    async fn requests_in_time_are_answered_one_after_the_other_on_one_connection() {
        let address = started(SHORT).await;
        let mut stream = opened(address, &GET.repeat(2)).await;
        let mut heard = String::new();
        while heard.matches("\r\n\r\nok").count() < 2 {
            let mut some = [0; 1024];
            let count = stream.read(&mut some).await.expect("an answer");
            assert!(count > 0, "closed after {heard:?}");
            heard.push_str(&String::from_utf8_lossy(&some[..count]));
        }
        assert_eq!(heard.matches("HTTP/1.1 200 OK").count(), 2, "{heard}");
    }

    #[tokio::test]
    async fn an_old_connection_ends_with_an_answer_that_says_so() {
        // Nothing happens on it when its time is over, and the next request is on its way.
        let address = started(Limits { head: Duration::from_secs(4), ..SHORT }).await;
        let mut stream = opened(address, GET).await;
        sleep(SHORT.life + Duration::from_millis(150)).await;
        stream.write_all(GET.as_bytes()).await.expect("it is open");
        let heard = until_closed(&mut stream).await.expect("it ends");
        assert_eq!(heard.matches("HTTP/1.1 200 OK").count(), 2, "{heard}");
        let (first, last) = heard.split_once("ok").expect("two answers");
        assert!(!first.contains("connection: close") && last.contains("connection: close"), "{heard}");
    }

    #[tokio::test]
    async fn a_client_that_never_reads_its_answer_is_left() {
        let address = started(SHORT).await;
        let mut stream = opened(address, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n").await;
        sleep(SHORT.life + SHORT.last_answer * 3).await;
        // What the system still holds comes, and then the end: a good deal too early.
        let mut heard = Vec::new();
        let _ = timeout(Duration::from_secs(5), stream.read_to_end(&mut heard)).await.expect("an end");
        assert!(heard.len() < LARGE, "{} bytes", heard.len());
        let address = started(Limits { life: Duration::from_secs(60), ..SHORT }).await;
        let ask = "GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        let mut heard = Vec::new();
        opened(address, ask).await.read_to_end(&mut heard).await.expect("an end");
        assert!(heard.len() > LARGE, "a client that reads gets all: {} bytes", heard.len());
    }

    #[tokio::test]
    async fn an_answer_without_an_end_may_last() {
        let address = started(SHORT).await;
        let mut stream = opened(address, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n").await;
        let mut heard = Vec::new();
        let ended = timeout(SHORT.life * 4, stream.read_to_end(&mut heard)).await;
        assert!(ended.is_err(), "closed after {:?}", String::from_utf8_lossy(&heard));
        assert!(heard.starts_with(b"HTTP/1.1 200 OK"));
    }

    #[tokio::test]
    async fn whoever_takes_every_place_keeps_nobody_out_for_long() {
        let address = started(SHORT).await;
        let mut idle = Vec::new();
        for _ in 0..SHORT.most * 3 {
            idle.push(opened(address, "GET / HT").await);
        }
        let mut stream = opened(address, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        let heard = until_closed(&mut stream).await.expect("its turn comes");
        assert!(heard.ends_with("ok"), "{heard}");
    }

    #[tokio::test]
    async fn a_head_has_its_largest_size() {
        let address = started(SHORT).await;
        let with = |lines: String| format!("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{lines}\r\n");
        for (lines, expected) in [
            (format!("Cookie: {}\r\n", "a".repeat(LARGEST_HEAD / 2)), "200"),
            (format!("Cookie: {}\r\n", "a".repeat(LARGEST_HEAD * 2)), "431"),
            ("X: a\r\n".repeat(MOST_LINES - 2), "200"),
            ("X: a\r\n".repeat(MOST_LINES), "431"),
        ] {
            let mut stream = TcpStream::connect(address).await.expect("the server listens");
            // It may be refused before it is all sent.
            let _ = stream.write_all(with(lines).as_bytes()).await;
            let mut first = [0; 12];
            stream.read_exact(&mut first).await.expect("an answer");
            assert_eq!(&first[9..], expected.as_bytes());
        }
    }
}
