//! The network in a preview: questions are asked, everything else is refused and shown.

use std::sync::Arc;

use async_trait::async_trait;
use errand_model::{Effect, Map, StepError, Would};
use url::Url;

use super::{Answer, Body, Net, PartContent, Request};
use crate::ports::{Cards, refused, secrets::Account};

/// How much of a body is shown, in characters.
const SHOWN: usize = 2_000;

/// Changes nothing anywhere.
pub struct PreviewNet {
    real: Arc<dyn Net>,
    cards: Cards,
}

impl PreviewNet {
    /// Reads through `real`; what would have been sent becomes cards.
    pub fn new(real: Arc<dyn Net>, cards: Cards) -> Self {
        Self { real, cards }
    }
}

#[async_trait]
impl Net for PreviewNet {
    async fn send(&self, request: Request, using: Option<&Account>) -> Result<Answer, StepError> {
        if matches!(request.effect, Effect::Pure | Effect::Read) {
            return self.real.send(request, using).await;
        }
        self.cards.add(card(&request, using));
        Err(refused())
    }
}

fn card(request: &Request, using: Option<&Account>) -> Would {
    let host = Url::parse(&request.url).ok();
    let host = host
        .as_ref()
        .and_then(Url::host_str)
        .unwrap_or(&request.url);
    let mut details = Map::new();
    let mut row = |label: &str, text: String| {
        if !text.is_empty() {
            details.insert(label.into(), text.into());
        }
    };
    row("Method", request.method.clone());
    row("Address", request.url.clone());
    row(
        "Signed in as",
        using.map(|it| it.name.clone()).unwrap_or_default(),
    );
    let headers: Vec<String> = request
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    row("Headers", headers.join("\n"));
    row("Body", shown(&request.body));
    Would {
        kind: "request".into(),
        summary: format!("Would send {} to {host}", request.method),
        details,
    }
}

fn shown(body: &Body) -> String {
    match body {
        Body::Empty => String::new(),
        Body::Bytes { bytes, .. } => {
            let text = String::from_utf8_lossy(bytes);
            match text.chars().count() > SHOWN {
                true => text.chars().take(SHOWN).chain(['…']).collect(),
                false => text.into_owned(),
            }
        }
        Body::Stream(stream) => format!("{} bytes ({})", stream.size, stream.content_type),
        Body::Parts(parts) => {
            let line = |part: &super::Part| match &part.content {
                PartContent::Text(text) => format!("{}: {text}", part.name),
                PartContent::Stream(stream) => {
                    let name = part.file_name.as_deref().unwrap_or("a file");
                    format!("{}: {name}, {} bytes", part.name, stream.size)
                }
            };
            parts.iter().map(line).collect::<Vec<_>>().join("\n")
        }
    }
}
