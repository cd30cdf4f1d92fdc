//! `errand-witness LOG [--lose-first-reply]`: an HTTP server that appends every request to a file and
//! waits for the disk before it answers. Prints its address. Only for tests.

use std::{
    env,
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use serde_json::{Map, Value, json};

struct Witness {
    log: Mutex<File>,
    loses_next: AtomicBool,
}

fn main() -> io::Result<()> {
    let mut words = env::args().skip(1);
    let log = words.next().ok_or(io::ErrorKind::InvalidInput)?;
    let witness = Witness {
        log: Mutex::new(OpenOptions::new().create(true).append(true).open(log)?),
        loses_next: AtomicBool::new(words.next().as_deref() == Some("--lose-first-reply")),
    };
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let mut out = io::stdout();
    writeln!(out, "http://{}", listener.local_addr()?)?;
    out.flush()?;
    thread::scope(|scope| {
        for stream in listener.incoming().flatten() {
            // Whoever hangs up early is seen no more; what was written stays.
            let witness = &witness;
            scope.spawn(move || witness.serve(stream).ok());
        }
    });
    Ok(())
}

impl Witness {
    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        while let Some(seen) = request(&mut reader)? {
            self.write_down(&seen)?;
            if self.loses_next.swap(false, Ordering::SeqCst) {
                return Ok(());
            }
            answer(&stream, &seen)?;
        }
        Ok(())
    }

    fn write_down(&self, seen: &Value) -> io::Result<()> {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.write_all(format!("{seen}\n").as_bytes())?;
        log.sync_data()
    }
}

/// The next request of a connection; None at its end.
fn request(reader: &mut BufReader<TcpStream>) -> io::Result<Option<Value>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (method, path) = (words.next(), words.next());
    let headers = headers(reader)?;
    let length = headers.get("content-length").and_then(Value::as_str);
    let length = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body);
    Ok(Some(
        json!({ "method": method, "path": path, "headers": headers, "body": body }),
    ))
}

fn headers(reader: &mut BufReader<TcpStream>) -> io::Result<Map<String, Value>> {
    let mut headers = Map::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            return Ok(headers);
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().into());
    }
}

fn answer(mut stream: &TcpStream, seen: &Value) -> io::Result<()> {
    let body = json!({ "ok": true, "path": seen["path"] }).to_string();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes())
}
