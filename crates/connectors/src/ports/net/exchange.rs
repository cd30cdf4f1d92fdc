//! One request and its answer, with limits on every part of the time it takes: to connect, until
//! the answer begins, between two pieces of it, and in all.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use errand_model::StepError;
use reqwest::{Client, Response};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::{
    AnswerBody,
    stage::Stage,
    traffic::Pass,
    trouble::{self, Trouble},
};

/// Nothing may take longer; clocks can't count beyond all bounds.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The limits of a whole exchange.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    at: Instant,
    given: Duration,
    /// How long nothing at all may happen.
    silence: Duration,
}

impl Deadline {
    pub(super) fn after(given: Duration, silence: Duration) -> Self {
        let given = given.min(LONGEST);
        Self {
            at: Instant::now() + given,
            given,
            silence,
        }
    }

    /// Time spent in the queue is nobody's fault.
    pub(super) fn put_off(&mut self, by: Duration) {
        self.at += by.min(LONGEST);
    }

    /// The time when silence lasts too long or time is up, and how people call that span.
    fn or_silence(self) -> (Instant, String) {
        let silence = Instant::now() + self.silence;
        match silence < self.at {
            true => (silence, spelled(self.silence)),
            false => (self.at, spelled(self.given)),
        }
    }
}

/// Sends, and waits for the head of the answer.
pub(super) async fn send(
    client: &Client,
    request: reqwest::Request,
    stage: &Stage,
    host: &str,
    deadline: Deadline,
) -> Result<Response, Trouble> {
    tokio::select! {
        sent = stage.follow(client.execute(request)) => {
            sent.map_err(|error| trouble::of(&error, host, stage))
        }
        () = silent(stage, deadline.silence) => {
            Err(trouble::too_slow(host, &spelled(deadline.silence), stage))
        }
        () = sleep_until(deadline.at) => {
            Err(trouble::too_slow(host, &spelled(deadline.given), stage))
        }
    }
}

/// Ends when nothing has got on for too long.
async fn silent(stage: &Stage, silence: Duration) {
    loop {
        let moved = stage.moved();
        sleep_until(moved + silence).await;
        if stage.moved() == moved {
            return;
        }
    }
}

/// A body as it comes in; its request is under way until it is dropped.
pub(super) struct Incoming {
    /// Never locked: that only makes it shareable.
    response: Mutex<Response>,
    host: String,
    deadline: Deadline,
    _pass: Pass,
}

impl Incoming {
    pub(super) fn new(response: Response, host: String, deadline: Deadline, pass: Pass) -> Self {
        Self {
            response: Mutex::new(response),
            host,
            deadline,
            _pass: pass,
        }
    }
}

#[async_trait]
impl AnswerBody for Incoming {
    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, StepError> {
        let response = self
            .response
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let (until, within) = self.deadline.or_silence();
        match timeout_at(until, response.chunk()).await {
            Ok(Ok(chunk)) => Ok(chunk.map(Vec::from)),
            Ok(Err(error)) => Err(trouble::of_body(&error, &self.host)),
            Err(_) => Err(trouble::unfinished(&self.host, &within)),
        }
    }
}

/// A span as people say it.
fn spelled(span: Duration) -> String {
    let one_or_many = |count: u64, unit: &str| match count {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    };
    match span.as_secs() {
        seconds if seconds >= 120 && seconds % 60 == 0 => one_or_many(seconds / 60, "minute"),
        0 => format!("{} milliseconds", span.as_millis()),
        seconds => one_or_many(seconds, "second"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_people_say_them() {
        for (span, words) in [
            (Duration::from_secs(60), "60 seconds"),
            (Duration::from_secs(1), "1 second"),
            (Duration::from_secs(300), "5 minutes"),
            (Duration::from_millis(200), "200 milliseconds"),
        ] {
            assert_eq!(spelled(span), words);
        }
    }
}
