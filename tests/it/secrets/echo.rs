//! A server that repeats what it is sent, also in its errors, as some services do.

use std::sync::{Arc, Mutex};

use errand_testkit::site::{Asked, Reply, site};
use serde_json::json;

/// It, until the test ends.
pub(super) struct Echo {
    address: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Echo {
    pub(super) fn start() -> Self {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let memory = Arc::clone(&heard);
        let address = site(move |asked| {
            let request = written(asked);
            memory.lock().unwrap().push(request.clone());
            let body = json!({ "you": "sent", "request": request }).to_string();
            let kind = ("content-type".to_owned(), "application/json".to_owned());
            let repeated = ("x-asked".to_owned(), asked.target.clone());
            Reply::Full(status(asked), vec![kind, repeated], body.into_bytes())
        });
        Self { address, heard }
    }

    pub(super) fn address(&self) -> String {
        self.address.clone()
    }

    /// How many requests came.
    pub(super) fn requests(&self) -> usize {
        self.heard.lock().unwrap().len()
    }

    /// What stood behind `?` in each request, in the order in which they came.
    pub(super) fn queries(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        let targets = heard.iter().filter_map(|request| request.split(' ').nth(1));
        let queries = targets.filter_map(|target| target.lines().next()?.split_once('?'));
        queries.map(|(_, query)| query.to_owned()).collect()
    }

    /// Whether a request held this text.
    pub(super) fn heard(&self, text: &str) -> bool {
        let heard = self.heard.lock().unwrap();
        heard.iter().any(|request| request.contains(text))
    }
}

/// `/accepts/TOKEN` wants that token, `/fails` and `/rejects` are errors.
fn status(asked: &Asked) -> u16 {
    let path = asked.target.split('?').next().unwrap_or_default();
    let token = path.strip_prefix("/accepts/");
    let given = asked.header("authorization").unwrap_or_default();
    match (token, path) {
        (Some(token), _) if given != format!("Bearer {token}") => 401,
        (_, "/fails") => 500,
        (_, "/rejects") => 400,
        _ => 200,
    }
}

fn written(asked: &Asked) -> String {
    let headers = asked.headers.iter();
    let headers: Vec<String> = headers
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let body = String::from_utf8_lossy(&asked.body);
    format!(
        "{} {}\n{}\n\n{body}",
        asked.method,
        asked.target,
        headers.join("\n")
    )
}
