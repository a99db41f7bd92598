//! The preview server as a browser meets it: a running `site-gen serve` and plain HTTP requests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::{Site, TODAY, program};

/// As long as a first build may take in an unoptimised program on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A running preview. It ends with the test.
pub struct Preview {
    child: Child,
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// 200, 404 and so on.
    pub status: u16,
    /// The header lines.
    pub headers: Vec<(String, String)>,
    /// What came after them.
    pub body: String,
}

impl Response {
    /// A header by name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl Preview {
    /// Starts `site-gen serve` on a free port and waits until it answers.
    pub fn start(site: &Site) -> Self {
        let port = free_port();
        let mut child = Command::new(program())
            .args(["serve", "-p", &port.to_string(), "--today", TODAY])
            .current_dir(site.root())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // Both streams are read to their end, so that the program never waits for a full pipe.
        let (lines, said) = mpsc::channel::<String>();
        let stdout: Box<dyn Read + Send> = Box::new(child.stdout.take().expect("BUG: piped"));
        let stderr: Box<dyn Read + Send> = Box::new(child.stderr.take().expect("BUG: piped"));
        for stream in [stdout, stderr] {
            let lines = lines.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let _ = lines.send(line);
                }
            });
        }
        let mut preview = Preview { child, port };
        // The port is listened on before the first build. What a test saves next must not be part of that.
        let (started, mut words) = (Instant::now(), Vec::new());
        while !words.iter().any(|line: &String| line.starts_with("Serving ")) {
            let ended = preview.child.try_wait().expect("a child can be asked");
            words.extend(said.recv_timeout(Duration::from_millis(20)));
            assert!(ended.is_none(), "serve ended at once: {ended:?}\n{}", words.join("\n"));
            assert!(started.elapsed() < PATIENCE, "serve has no first build\n{}", words.join("\n"));
        }
        preview
    }

    /// Asks for a path as a browser on this machine does.
    pub fn get(&self, path: &str) -> Response {
        self.get_from(path, &format!("127.0.0.1:{}", self.port))
    }

    /// Asks for a path with another `Host` header.
    pub fn get_from(&self, path: &str, host: &str) -> Response {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the preview listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
            .expect("a request can be sent");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer comes");
        parse(&bytes)
    }

    /// Opens a connection and sends these very bytes, whether or not they are a request.
    pub fn open(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the preview listens");
        stream.set_read_timeout(Some(Duration::from_millis(400))).expect("a timeout can be set");
        // What is refused early may be refused before all of it is sent.
        let _ = stream.write_all(bytes);
        stream
    }

    /// What comes in answer to these very bytes, until the preview closes or has nothing more to say.
    pub fn exchange(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.open(bytes);
        let started = Instant::now();
        let mut heard = Vec::new();
        let mut some = [0; 65536];
        loop {
            match stream.read(&mut some) {
                Ok(0) => return heard,
                Ok(count) => heard.extend_from_slice(&some[..count]),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return heard,
                Err(_) if !heard.is_empty() || started.elapsed() > PATIENCE => return heard,
                // Nothing yet.
                Err(_) => {}
            }
        }
    }

    /// Listens to an answer that has no end until it holds a text; all that was heard if it never does.
    pub fn listen_for(&self, path: &str, text: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the preview listens");
        stream.set_read_timeout(Some(Duration::from_millis(200))).expect("a timeout can be set");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port)
            .expect("a request can be sent");
        let started = Instant::now();
        let mut heard = Vec::new();
        while started.elapsed() < PATIENCE && !String::from_utf8_lossy(&heard).contains(text) {
            let mut some = [0; 4096];
            match stream.read(&mut some) {
                Ok(0) => break,
                Ok(count) => heard.extend_from_slice(&some[..count]),
                // Nothing yet.
                Err(_) => {}
            }
        }
        String::from_utf8_lossy(&heard).into_owned()
    }

    /// Asks for a path again and again until the answer pleases; the last answer if it never does.
    pub fn get_until(&self, path: &str, pleases: impl Fn(&Response) -> bool) -> Response {
        let started = Instant::now();
        loop {
            let response = self.get(path);
            if pleases(&response) || started.elapsed() > PATIENCE {
                return response;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("BUG: a bound socket has an address").port()
}

impl Response {
    /// Reads one answer.
    ///
    /// # Panics
    /// If it is none.
    pub fn read(bytes: &[u8]) -> Self {
        parse(bytes)
    }
}

fn parse(bytes: &[u8]) -> Response {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has a head");
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
        .collect();
    let rest = &bytes[end + 4..];
    let chunked = headers
        .iter()
        .any(|(key, value)| key.eq_ignore_ascii_case("transfer-encoding") && value.contains("chunked"));
    let body = if chunked { unchunk(rest) } else { rest.to_vec() };
    Response {
        status: status.expect("an answer has a status"),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(String::from_utf8_lossy(&rest[..end]).trim(), 16).unwrap_or(0);
        let start = end + 2;
        if size == 0 || rest.len() < start + size {
            break;
        }
        body.extend_from_slice(&rest[start..start + size]);
        rest = rest.get(start + size + 2..).unwrap_or_default();
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_pieces_is_put_together() {
        let answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        let response = parse(answer);
        assert_eq!(
            (response.status, response.body.as_str(), response.header("x-a")),
            (200, "abcde", Some("b"))
        );
    }
}
