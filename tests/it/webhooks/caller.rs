//! Somebody who calls webhooks: plain HTTP over a socket, one call a connection, bytes as a test
//! wants them.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use errand_testkit::Workspace;
use serde_json::Value;

/// Longer than any answer takes.
const LIMIT: Duration = Duration::from_secs(60);

/// An address of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hook {
    /// `127.0.0.1:PORT`
    pub(crate) host: String,
    /// `/h/TOKEN`
    pub(crate) path: String,
}

/// What a caller heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Hook {
    pub(crate) fn of(address: &str) -> Self {
        let rest = address.strip_prefix("http://").unwrap();
        let (host, path) = rest.split_once('/').unwrap();
        Self {
            host: host.to_owned(),
            path: format!("/{path}"),
        }
    }

    /// Imports and switches on a document whose trigger is a webhook; gives the workflow's id too.
    #[track_caller]
    pub(crate) fn enable(workspace: &Workspace, document: &str) -> (String, Self) {
        let file = workspace.document(document);
        let imported = workspace.errand(&["workflow", "import", &file, "--enable"]);
        let imported = imported.ok().json();
        let address = imported["hook_urls"][0].as_str().unwrap();
        let id = imported["id"].as_str().unwrap();
        (id.to_owned(), Self::of(address))
    }

    /// Sends JSON.
    pub(crate) fn post(&self, body: &Value) -> Option<Heard> {
        self.send(
            "POST",
            &[("Content-Type", "application/json")],
            body.to_string(),
        )
    }

    /// None when the connection ended without an answer.
    pub(crate) fn send(
        &self,
        method: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Option<Heard> {
        let body = body.as_ref();
        let mut head = format!(
            "{method} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n",
            self.path,
            self.host,
            body.len()
        );
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        self.raw(&[head.as_bytes(), b"\r\n", body].concat())
    }

    /// Sends these bytes and listens to the end.
    pub(crate) fn raw(&self, bytes: &[u8]) -> Option<Heard> {
        let mut stream = self.connect()?;
        // An answer may come, and the connection end, before everything is said.
        let _ = stream.write_all(bytes);
        heard(stream)
    }

    pub(crate) fn connect(&self) -> Option<TcpStream> {
        let stream = TcpStream::connect(&self.host).ok()?;
        stream.set_read_timeout(Some(LIMIT)).ok()?;
        stream.set_write_timeout(Some(LIMIT)).ok()?;
        Some(stream)
    }
}

/// The answer, if there is a whole one.
pub(crate) fn heard(mut stream: TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n")?;
    Some(Heard {
        status: head.split(' ').nth(1)?.parse().ok()?,
        head: head.to_ascii_lowercase(),
        body: body.to_owned(),
    })
}

impl Heard {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}
