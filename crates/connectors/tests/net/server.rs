//! Servers that do exactly what a test says, byte by byte.

use std::{
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};

use crate::place::HERE;

/// One request as it arrived.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

trait Pipe: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Pipe for T {}

/// One connection, from the server's side.
pub(crate) struct Talk {
    pipe: Box<dyn Pipe>,
    read: Vec<u8>,
    notes: Arc<Notes>,
}

/// What the server noticed.
#[derive(Default)]
pub(crate) struct Notes {
    seen: Mutex<Vec<Seen>>,
    pub(crate) connections: AtomicUsize,
}

/// A server that runs as long as the test.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) origin: String,
    pub(crate) notes: Arc<Notes>,
}

type Talking = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Server {
    /// Talks on every connection as that function says.
    pub(crate) async fn talking<F>(talk: impl Fn(Talk) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self::start(HERE, None, move |it| Box::pin(talk(it))).await
    }

    /// Answers every request by that function, as many as come.
    pub(crate) async fn answering(
        answer: impl Fn(&Seen) -> String + Send + Sync + 'static,
    ) -> Self {
        Self::answering_at(HERE, answer).await
    }

    pub(crate) async fn answering_at(
        ip: IpAddr,
        answer: impl Fn(&Seen) -> String + Send + Sync + 'static,
    ) -> Self {
        let answer = Arc::new(answer);
        let talk = move |talk: Talk| -> Talking { Box::pin(talk.answer_all(Arc::clone(&answer))) };
        Self::start(ip, None, talk).await
    }

    /// The same over TLS.
    pub(crate) async fn secure(
        config: ServerConfig,
        answer: impl Fn(&Seen) -> String + Send + Sync + 'static,
    ) -> Self {
        let answer = Arc::new(answer);
        let talk = move |talk: Talk| -> Talking { Box::pin(talk.answer_all(Arc::clone(&answer))) };
        Self::start(HERE, Some(TlsAcceptor::from(Arc::new(config))), talk).await
    }

    async fn start(
        ip: IpAddr,
        tls: Option<TlsAcceptor>,
        talk: impl Fn(Talk) -> Talking + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let notes = Arc::new(Notes::default());
        let (noting, talk) = (Arc::clone(&notes), Arc::new(talk));
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                noting.connections.fetch_add(1, Ordering::Relaxed);
                let (notes, talk) = (Arc::clone(&noting), Arc::clone(&talk));
                tokio::spawn(converse(socket, tls.clone(), notes, talk));
            }
        });
        Self {
            address,
            origin: format!("{scheme}://{address}"),
            notes,
        }
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Its address under a name.
    pub(crate) fn called(&self, name: &str) -> String {
        let scheme = self.origin.split_once("://").unwrap().0;
        format!("{scheme}://{name}:{}", self.address.port())
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.notes.seen.lock().unwrap().clone()
    }

    pub(crate) fn last(&self) -> Seen {
        self.seen().pop().expect("a request arrived")
    }

    pub(crate) fn connections(&self) -> usize {
        self.notes.connections.load(Ordering::Relaxed)
    }
}

async fn converse(
    socket: TcpStream,
    tls: Option<TlsAcceptor>,
    notes: Arc<Notes>,
    talk: Arc<impl Fn(Talk) -> Talking + Send + Sync + 'static>,
) {
    let pipe: Box<dyn Pipe> = match tls {
        None => Box::new(socket),
        Some(acceptor) => match acceptor.accept(socket).await {
            Ok(secured) => Box::new(secured),
            // The other side didn't like it.
            Err(_) => return,
        },
    };
    talk(Talk {
        pipe,
        read: Vec::new(),
        notes,
    })
    .await;
}

impl Talk {
    /// The next request; None when the other side has hung up.
    pub(crate) async fn hear(&mut self) -> Option<Seen> {
        let head = loop {
            if let Some(end) = self.read.windows(4).position(|it| it == b"\r\n\r\n") {
                break self.read.drain(..end + 4).collect::<Vec<_>>();
            }
            self.more().await?;
        };
        let mut seen = parsed(&String::from_utf8(head).unwrap());
        let size = seen.header("content-length").parse().unwrap_or(0);
        while self.read.len() < size {
            self.more().await?;
        }
        seen.body = self.read.drain(..size).collect();
        self.notes.seen.lock().unwrap().push(seen.clone());
        Some(seen)
    }

    /// Whatever comes next; None when the other side has hung up.
    pub(crate) async fn more(&mut self) -> Option<()> {
        let mut piece = [0; 4096];
        match self.pipe.read(&mut piece).await {
            Ok(0) | Err(_) => None,
            Ok(length) => {
                self.read.extend_from_slice(&piece[..length]);
                Some(())
            }
        }
    }

    pub(crate) async fn say(&mut self, text: impl AsRef<[u8]>) {
        // Whoever has hung up doesn't hear it.
        self.pipe.write_all(text.as_ref()).await.ok();
        self.pipe.flush().await.ok();
    }

    pub(crate) async fn hang_up(mut self) {
        self.pipe.shutdown().await.ok();
    }

    /// Says nothing until the other side hangs up.
    pub(crate) async fn keep_silent(mut self) {
        while self.more().await.is_some() {}
    }

    async fn answer_all(mut self, answer: Arc<impl Fn(&Seen) -> String>) {
        while let Some(seen) = self.hear().await {
            let text = answer(&seen);
            self.say(text).await;
        }
    }
}

fn parsed(head: &str) -> Seen {
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let headers = lines.filter_map(|line| line.split_once(':'));
    let pair = |(name, value): (&str, &str)| (name.to_lowercase(), value.trim().to_owned());
    Seen {
        method: first.next().unwrap().into(),
        target: first.next().unwrap().into(),
        headers: headers.map(pair).collect(),
        body: Vec::new(),
    }
}

/// A whole answer.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> String {
    let mut text = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    text + "\r\n" + body
}

pub(crate) fn ok(body: &str) -> String {
    answer(200, &[], body)
}
