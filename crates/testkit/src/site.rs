//! A web server for tests, as simple as one can be: one request a connection, answered by a
//! function. Ends with the test.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
};

/// What was asked.
pub struct Asked {
    /// `GET` and so on.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Asked {
    /// A number in the query.
    pub fn number(&self, name: &str) -> Option<usize> {
        let query = self.target.split_once('?')?.1;
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(known, _)| *known == name)?.1.parse().ok()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What is answered.
pub enum Reply {
    /// A status, headers and a body.
    Full(u16, Vec<(String, String)>, Vec<u8>),
    /// The connection is cut without a word.
    Cut,
}

impl Reply {
    /// JSON with status 200.
    pub fn json(value: &serde_json::Value) -> Self {
        Self::Full(
            200,
            vec![("content-type".into(), "application/json".into())],
            value.to_string().into_bytes(),
        )
    }

    /// A bare status.
    pub fn status(status: u16) -> Self {
        Self::Full(status, Vec::new(), Vec::new())
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(self, name: &str, value: &str) -> Self {
        match self {
            Self::Full(status, mut headers, body) => {
                headers.push((name.into(), value.into()));
                Self::Full(status, headers, body)
            }
            Self::Cut => Self::Cut,
        }
    }
}

/// The server's address, without a `/` at the end.
pub fn site(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let answer: Arc<dyn Fn(&Asked) -> Reply + Send + Sync> = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || serve(stream, &*answer));
        }
    });
    format!("http://{address}")
}

fn serve(mut stream: TcpStream, answer: &dyn Fn(&Asked) -> Reply) -> Option<()> {
    let asked = read(&mut stream)?;
    let Reply::Full(status, headers, body) = answer(&asked) else {
        return None;
    };
    let mut head = format!("HTTP/1.1 {status} Answer\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!(
        "content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    // Whoever asked may be gone: they were killed by the test.
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&body).ok()
}

fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_lowercase(), value.trim().to_owned())),
            None => break,
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked {
        method,
        target,
        headers,
        body,
    })
}
