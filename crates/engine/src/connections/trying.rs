//! Trying a connection: one question to its own address, signed in with it.

use std::{sync::Arc, time::Duration};

use errand_connectors::ports::{
    Net,
    net::{Body, HostGrants, RealNet, Request},
    secrets::Account,
};
use errand_model::{ConnectionId, ConnectionState, Effect, StepError};

use crate::{Error, Handle, runner::attempt::guarded};

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// What came of trying a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// Whether the other side accepted it; None where that can't be told.
    pub works: Option<bool>,
    /// What happened.
    pub sentence: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Handle {
    /// Asks the other side whether it accepts a connection. What waits for one that works goes on.
    pub async fn test_connection(&self, id: ConnectionId) -> Result<Tested, Error> {
        let account = self.core.vault.account_to_try(id)?;
        let Some(address) = account.fields.get("address").and_then(|it| it.as_str()) else {
            return Ok(Tested {
                works: None,
                sentence: "There is nothing to try: this secret is only used here.".to_owned(),
                hint: None,
            });
        };
        let mut tested = match self.ask_once(address, &account).await {
            Ok(status) => verdict(status, address),
            Err(error) => unanswered(error),
        };
        self.core.vault.masks.string(&mut tested.sentence);
        let (state, problem) = match tested.works {
            Some(true) => (ConnectionState::Works, None),
            Some(false) => (ConnectionState::Broken, Some(tested.sentence.clone())),
            None => return Ok(tested),
        };
        self.core.vault.mark(id, state, problem).await?;
        self.connections_changed();
        Ok(tested)
    }

    async fn ask_once(&self, address: &str, account: &Account) -> Result<u16, StepError> {
        let request = Request {
            method: "GET".to_owned(),
            url: address.to_owned(),
            headers: Vec::new(),
            body: Body::Empty,
            effect: Effect::Read,
            timeout: PATIENCE,
            host_from_data: false,
        };
        // The connection's own address is all it reaches.
        let net = RealNet::new(Arc::clone(&self.core.wire), HostGrants::none());
        let answer = guarded(net.send(request, Some(account))).await?;
        Ok(answer.status)
    }
}

fn verdict(status: u16, address: &str) -> Tested {
    let host = url::Url::parse(address).ok();
    let host = host
        .as_ref()
        .and_then(url::Url::host_str)
        .unwrap_or(address);
    let (works, sentence, hint) = match status {
        401 => (
            Some(false),
            format!("{host} refused it: it answered with 401."),
            Some("See that the secret is right and hasn't expired, then replace it."),
        ),
        403 => (
            None,
            format!("{host} answered with 403: its front page isn't for this account."),
            Some("It may work for what you need. Try it in a workflow."),
        ),
        429 | 500.. => (
            None,
            format!("{host} answered with {status}, so it can't be told."),
            Some("Try again in a while."),
        ),
        _ => (
            Some(true),
            format!("{host} answered and didn't refuse it."),
            None,
        ),
    };
    Tested {
        works,
        sentence,
        hint: hint.map(str::to_owned),
    }
}

fn unanswered(error: StepError) -> Tested {
    Tested {
        works: None,
        sentence: error.message,
        hint: error.hint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_refusal_breaks_a_connection() {
        let works = |status| verdict(status, "https://api.example.com/v1").works;
        assert_eq!(works(200), Some(true));
        assert_eq!(
            works(404),
            Some(true),
            "its front page is nothing, but it was let in"
        );
        assert_eq!(works(401), Some(false));
        assert_eq!(works(403), None);
        assert_eq!(works(503), None);
        assert!(
            verdict(401, "https://api.example.com/v1")
                .sentence
                .starts_with("api.example.com ")
        );
    }
}
