//! The browser's door: nothing without the token, nothing for other pages or other names.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
    time::Duration,
};

use errand_testkit::Workspace;
use serde_json::Value;

/// An engine with a web server, ended when dropped.
struct Server {
    child: Child,
    host: String,
    token: String,
}

impl Server {
    fn start(space: &Workspace) -> Self {
        let mut command = space.command(&["serve", "--web", "127.0.0.1:0"]);
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("a test's surroundings work");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a test's surroundings work"))
            .read_line(&mut line)
            .expect("a test's surroundings work");
        let ready: Value = serde_json::from_str(&line).expect("a test's surroundings work");
        assert_eq!(
            (&ready["ready"], &ready["hooks"]),
            (&Value::Bool(true), &Value::Null)
        );
        let url = ready["web"].as_str().expect("a test's surroundings work");
        let (host, token) = url
            .strip_prefix("http://")
            .expect("a test's surroundings work")
            .split_once("/#token=")
            .expect("a test's surroundings work");
        Self {
            child,
            host: host.to_owned(),
            token: token.to_owned(),
        }
    }

    /// Sends a request with these headers; gives the status and everything that came.
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.host).expect("a test's surroundings work");
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("a test's surroundings work");
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        stream
            .write_all(request.as_bytes())
            .expect("a test's surroundings work");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .expect("a test's surroundings work");
        (
            answer[9..12].parse().expect("a test's surroundings work"),
            answer,
        )
    }

    /// Asks for the engine's status with these headers besides those of our own screens.
    fn status(&self, host: &str, token: &str, more: &[(&str, &str)]) -> u16 {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![
            ("Host", host),
            ("Authorization", &bearer),
            ("Content-Type", "application/json"),
        ];
        headers.extend(more);
        self.ask("POST", "/rpc", &headers, r#"{"cmd":"engine_status"}"#)
            .0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn only_our_own_screens_with_the_token_are_answered() {
    let space = Workspace::new();
    let server = Server::start(&space);
    let (host, token) = (server.host.as_str(), server.token.as_str());
    let origin = format!("http://{host}");
    let by_name = host.replace("127.0.0.1", "localhost");

    assert_eq!(server.status(host, token, &[]), 200);
    assert_eq!(server.status(&by_name, token, &[]), 200);
    assert_eq!(server.status(host, token, &[("Origin", &origin)]), 200);
    assert_eq!(server.status(host, "", &[]), 401);
    assert_eq!(server.status(host, &token[1..], &[]), 401);
    assert_eq!(server.status("evil.test", token, &[]), 421);
    assert_eq!(server.status("evil.test:80", token, &[]), 421);
    assert_eq!(
        server.status(host, token, &[("Origin", "http://evil.test")]),
        403
    );
    assert_eq!(server.status(host, token, &[("Origin", "null")]), 403);
    assert_eq!(
        server.status(host, token, &[("Sec-Fetch-Site", "cross-site")]),
        403
    );
    assert_eq!(server.ask("GET", "/events", &[("Host", host)], "").0, 401);
    assert_eq!(
        server
            .ask("OPTIONS", "/rpc", &[("Host", host), ("Origin", "null")], "")
            .0,
        403
    );
}

#[test]
fn every_answer_is_strict_and_none_lets_other_pages_read_it() {
    let space = Workspace::new();
    let server = Server::start(&space);
    for path in ["/", "/rpc", "/nothing"] {
        let (_, answer) = server.ask("GET", path, &[("Host", &server.host)], "");
        let head = answer.split("\r\n\r\n").next().unwrap().to_lowercase();
        assert!(
            head.contains("content-security-policy: default-src 'none'"),
            "{head}"
        );
        assert!(head.contains("cache-control: no-store"), "{head}");
        assert!(!head.contains("access-control-allow"), "{head}");
    }
}

#[test]
fn other_computers_are_kept_out() {
    let space = Workspace::new();
    space
        .errand(&["serve", "--web", "0.0.0.0:0"])
        .exits(1)
        .says(&["other computers"]);
    space.errand(&["serve", "--web", "here"]).exits(64);
}
