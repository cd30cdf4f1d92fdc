//! Requests to the network, one at a time, with a classified error for everything that can go wrong
//! on the way. What a status means is the action's business.

mod certificate;
mod exchange;
mod grants;
mod hop;
mod lookup;
mod multipart;
mod outgoing;
mod preview;
mod real;
mod redirect;
mod sign_in;
mod stage;
mod surroundings;
mod traffic;
mod trouble;
mod wire;

use std::time::Duration;

use async_trait::async_trait;
use errand_model::{Effect, ErrorKind, StepError, Timestamp};

pub(crate) use self::redirect::host;
pub use self::{
    grants::HostGrants,
    preview::PreviewNet,
    real::RealNet,
    surroundings::{NoAddress, Surroundings, ThisComputer},
    wire::Wire,
};
use super::secrets::Account;

/// The network within a workflow's grants.
#[async_trait]
pub trait Net: Send + Sync {
    /// Sends one request and waits for the head of the answer. `using` adds what signs the request
    /// in, and is only ever sent to the connection's own address. An error says whether the
    /// request may have been carried out ([`StepError::may_have_happened`]); an answer of any
    /// status isn't an error.
    async fn send(&self, request: Request, using: Option<&Account>) -> Result<Answer, StepError>;
}

/// One request.
pub struct Request {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// In order; a name may come twice.
    pub headers: Vec<(String, String)>,
    /// What is sent.
    pub body: Body,
    /// What repeating it would mean; in preview only `pure` and `read` are sent.
    pub effect: Effect,
    /// For the whole exchange.
    pub timeout: Duration,
    /// Whether the host may come from data. Then only public addresses are reached.
    pub host_from_data: bool,
}

/// What a request sends.
pub enum Body {
    /// Nothing.
    Empty,
    /// These bytes.
    Bytes {
        /// Its `Content-Type`.
        content_type: String,
        /// What is sent.
        bytes: Vec<u8>,
    },
    /// A stream, such as a file.
    Stream(Stream),
    /// `multipart/form-data`.
    Parts(Vec<Part>),
}

/// Bytes read while they are sent.
pub struct Stream {
    /// Its `Content-Type`.
    pub content_type: String,
    /// How many bytes there are.
    pub size: u64,
    /// Where they come from; read on a thread that may wait.
    pub read: Box<dyn std::io::Read + Send>,
}

/// One part of a multipart body.
pub struct Part {
    /// The field's name.
    pub name: String,
    /// The name of the file, for files.
    pub file_name: Option<String>,
    /// What it holds.
    pub content: PartContent,
}

/// What a part holds.
pub enum PartContent {
    /// Text.
    Text(String),
    /// A file.
    Stream(Stream),
}

/// The head of an answer, and the way to its body.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names in lower case, in order; a name may come twice.
    pub headers: Vec<(String, String)>,
    /// Where it came from, after redirects.
    pub url: String,
    /// The rest.
    pub body: Box<dyn AnswerBody>,
}

impl Answer {
    /// The first header of that name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// When the service wants to be asked again, where it says so: a refusal by `Retry-After`, any
    /// answer by a quota of which nothing is left.
    pub fn pause(&self, now: Timestamp) -> Option<Timestamp> {
        traffic::rate::pause(self.status, &|name| self.header(name), now)
    }

    /// The whole body, refused where it is longer than `limit` bytes.
    pub async fn bytes(&mut self, limit: u64) -> Result<Vec<u8>, StepError> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.body.chunk().await? {
            if bytes.len() as u64 + chunk.len() as u64 > limit {
                let message = format!("The answer is longer than {} MB.", limit / 1_000_000);
                return Err(StepError::new(ErrorKind::TooLarge, message)
                    .hint("Ask for less at once, or save the answer to a file."));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

/// A body as it arrives.
#[async_trait]
pub trait AnswerBody: Send + Sync {
    /// The next bytes; None at the end.
    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, StepError>;
}

/// No network at all, for actions that need none.
pub struct NoNet;

#[async_trait]
impl Net for NoNet {
    async fn send(&self, _request: Request, _using: Option<&Account>) -> Result<Answer, StepError> {
        Err(StepError::bug("no network was handed to this step"))
    }
}
