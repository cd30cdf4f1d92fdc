//! Reads a cURL command into the fields of `http.request`. Secrets don't come along: it says which
//! connection is needed instead.

mod data;
mod options;
mod secrets;
mod words;

use errand_model::{ErrorKind, Map, StepError, Value};
use url::Url;

use self::{
    data::Data,
    options::Given,
    secrets::{Secret, is_secret_header, is_secret_parameter},
};
use crate::Pasted;

/// Reads the command.
pub(super) fn read(text: &str) -> Result<Pasted, StepError> {
    let line = words::read(text)?;
    let at = line.words.iter().position(|word| is_curl(word));
    let at = at.filter(|at| line.words[..*at].iter().all(|word| is_prompt(word)));
    let at = at.ok_or_else(|| not_curl(text))?;
    let mut command = Command::default();
    for given in options::read(&line.words[at + 1..])? {
        command.take(given);
    }
    if let Some(sign) = line.cut_at {
        let sign = if sign == '\n' {
            "the first line".into()
        } else {
            format!("`{sign}`")
        };
        command.note(format!(
            "What follows {sign} belongs to another command and was left out."
        ));
    }
    if line.has_variables {
        command
            .note("It names variables of your shell, such as $TOKEN. Put their values in.".into());
    }
    command.finish()
}

fn is_curl(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    name.eq_ignore_ascii_case("curl") || name.eq_ignore_ascii_case("curl.exe")
}

/// What may stand before the command: the sign of a prompt, or settings for it.
fn is_prompt(word: &str) -> bool {
    matches!(word, "$" | "%" | ">" | "#") || word.contains('=')
}

fn not_curl(text: &str) -> StepError {
    let error = StepError::new(ErrorKind::BadInput, "That isn't a cURL command.");
    if text.contains("^\n") || text.contains("^\r\n") {
        return error.hint("It looks like the form for Windows: choose “Copy as cURL (bash)”.");
    }
    error.hint("It begins with `curl`. Browsers give one under “Copy as cURL”.")
}

/// What was read so far.
#[derive(Default)]
struct Command {
    url: Option<String>,
    method: Option<String>,
    headers: Vec<(String, String)>,
    data: Data,
    with: Map,
    secret: Option<Secret>,
    notes: Vec<String>,
    is_head: bool,
    in_query: bool,
}

impl Command {
    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn put(&mut self, field: &str, value: impl Into<Value>) {
        self.with.insert(field.to_owned(), value.into());
    }

    fn take(&mut self, Given { name, value }: Given) {
        match name.as_str() {
            "" | "url" if self.url.is_none() => self.url = Some(value),
            "" | "url" => self.note(format!("Only the first address was taken, not {value}.")),
            "request" => self.method = Some(value.to_ascii_uppercase()),
            "header" => self.header(&value),
            "user-agent" => self.headers.push(("User-Agent".into(), value)),
            "referer" => self.headers.push(("Referer".into(), value)),
            "head" => self.is_head = true,
            "get" => self.in_query = true,
            "user" => self.secret = Some(Secret::basic(&value)),
            "oauth2-bearer" => self.secret = Some(Secret::bearer()),
            "cookie" => self.secret = Some(Secret::header("Cookie")),
            "cert" | "key" => self.secret = Some(Secret::certificate()),
            "max-time" => self.max_time(&value),
            "output" => self.save(&value),
            "remote-name" => self.put("save_to", "~/Downloads/"),
            _ => self.take_data(&name, &value),
        }
    }

    fn take_data(&mut self, name: &str, value: &str) {
        let note = match name {
            "data" | "data-ascii" | "data-binary" => self.data.add(value),
            "data-raw" => self.data.add_raw(value),
            "data-urlencode" => self.data.add_encoded(value),
            "json" => self.data.add_json(value),
            "form" => self.data.add_part(value),
            "form-string" => self.data.add_text_part(value),
            "upload-file" => self.data.upload(value),
            _ => return self.other(name),
        };
        if let Some(note) = note {
            self.note(note);
        }
    }

    /// Options that the request does without.
    fn other(&mut self, name: &str) {
        let note = match name {
            "insecure" => {
                "-k was left out: it would let anybody between here and the server read and change \
                 everything. Errand always checks who answers."
            }
            "proxy" | "proxy-user" => "The proxy was left out: Errand uses the one of your system.",
            "cacert" | "capath" => {
                "The certificate authority was left out: Errand trusts those of your system."
            }
            "config" | "netrc" => "Settings from another file were left out.",
            "retry" => "--retry was left out: Errand tries again by itself where that is safe.",
            _ => return,
        };
        self.note(note.into());
    }

    fn header(&mut self, text: &str) {
        if text.starts_with('@') {
            return self.note("Headers from a file were left out.".into());
        }
        let Some((name, value)) = text.split_once(':').or_else(|| text.split_once(';')) else {
            return self.note(format!(
                "The header “{text}” has no value and was left out."
            ));
        };
        let (name, value) = (name.trim(), value.trim());
        if is_secret_header(name) {
            self.secret = Some(Secret::of_header(name, value));
        } else if !value.is_empty() && !name.starts_with(':') {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
    }

    fn max_time(&mut self, seconds: &str) {
        if let Ok(seconds) = seconds.parse::<f64>() {
            let whole = seconds.ceil().clamp(1.0, 3600.0);
            self.put("timeout", format!("{whole}s"));
        }
    }

    fn save(&mut self, path: &str) {
        let path = match path {
            "-" | "/dev/null" => return,
            path if path.starts_with(['/', '~']) => path.to_owned(),
            path => format!("~/Downloads/{}", path.trim_start_matches("./")),
        };
        self.put("save_to", path);
    }

    fn finish(mut self) -> Result<Pasted, StepError> {
        let url = self.url.take().filter(|url| !url.is_empty());
        let url = url.ok_or_else(|| {
            StepError::new(ErrorKind::BadInput, "The command names no address.")
                .hint("Copy the whole command, then paste it again.")
        })?;
        let url = self.address(&url)?;
        let method = self.method();
        let mut with = Map::new();
        with.insert("method".into(), method.into());
        with.insert("url".into(), literal(&url));
        let kind = self.content_type();
        let data = std::mem::take(&mut self.data);
        if self.in_query {
            data.into_query(&mut with);
        } else {
            let note = data.into_body(kind, &mut with);
            self.notes.extend(note);
        }
        self.put_headers(&mut with);
        with.append(&mut self.with);
        let connection = self.secret.take().map(|secret| {
            self.notes.insert(0, secret.note);
            secret.kind.to_owned()
        });
        Ok(Pasted {
            with,
            connection,
            notes: self.notes,
        })
    }

    fn method(&mut self) -> String {
        let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
        let usual = match &self.data {
            _ if self.is_head => "HEAD",
            _ if self.in_query => "GET",
            data if data.is_upload() => "PUT",
            data if data.is_empty() => "GET",
            _ => "POST",
        };
        match self.method.take() {
            Some(method) if known.contains(&method.as_str()) => method,
            Some(method) => {
                self.note(format!(
                    "Errand doesn't send {method}; choose another method."
                ));
                usual.to_owned()
            }
            None => usual.to_owned(),
        }
    }

    /// The address without what is secret in it.
    fn address(&mut self, text: &str) -> Result<String, StepError> {
        let whole = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let mut url = Url::parse(&whole).map_err(|error| {
            let message = format!("“{text}” can't be read as an address: {error}.");
            StepError::new(ErrorKind::BadInput, message)
                .hint("Check the command, or fill in the address by hand.")
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            self.secret = Some(Secret::basic(url.username()));
            let _ = url.set_username("");
            let _ = url.set_password(None);
        }
        let pairs: Vec<_> = url
            .query_pairs()
            .map(|(n, v)| (n.into_owned(), v.into_owned()))
            .collect();
        let secret = pairs.iter().find(|(name, _)| is_secret_parameter(name));
        if let Some((name, _)) = secret {
            self.secret = Some(Secret::parameter(name));
            let rest: Vec<_> = pairs
                .iter()
                .filter(|(name, _)| !is_secret_parameter(name))
                .collect();
            url.set_query(None);
            if !rest.is_empty() {
                url.query_pairs_mut().extend_pairs(rest);
            }
            return Ok(url.into());
        }
        // As it was typed: the person knows it again.
        Ok(
            if url.as_str().trim_end_matches('/') == whole.trim_end_matches('/') {
                whole
            } else {
                url.into()
            },
        )
    }

    fn content_type(&mut self) -> Option<String> {
        super::headers::take(&mut self.headers, "content-type")
    }

    fn put_headers(&mut self, with: &mut Map) {
        let mut record = Map::new();
        for (name, value) in self.headers.drain(..).filter(|(name, _)| !is_noise(name)) {
            data::add(&mut record, &name, literal(&value));
        }
        if !record.is_empty() {
            with.insert("headers".into(), record.into());
        }
    }
}

/// What Errand sets itself, and what a browser says about itself and its page.
fn is_noise(header: &str) -> bool {
    const NOISE: [&str; 8] = [
        "accept-encoding",
        "connection",
        "content-length",
        "dnt",
        "host",
        "priority",
        "te",
        "upgrade-insecure-requests",
    ];
    let name = header.to_ascii_lowercase();
    name.starts_with("sec-") || NOISE.contains(&name.as_str())
}

/// Text as it stands; braces that a document would take for a reference are kept from it.
fn literal(text: &str) -> Value {
    let mut whole = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let end = at + 1 + usize::from(rest[at + 1..].starts_with(['{', '%', '#']));
        whole.push_str(&rest[..at]);
        match &rest[at..end] {
            "{" => whole.push('{'),
            sign => whole.push_str(&format!("{{{{ '{sign}' }}}}")),
        }
        rest = &rest[end..];
    }
    (whole + rest).into()
}

#[cfg(test)]
mod tests;
