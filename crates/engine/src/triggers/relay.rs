//! Fetches calls that wait at a relay, if the person chose one: opens them, hands them to the same
//! door as calls on this computer, and acknowledges what the inbox has. What arrives twice is known
//! by its number.

mod client;
mod events;
mod link;

use std::{convert::Infallible, sync::Arc, time::Duration};

use errand_model::StepError;
use errand_relay::{DeviceKeys, Sealed};
use errand_store::RelayRow;
use tokio::time::{sleep, timeout};

pub(crate) use self::link::Link;
pub use self::link::RelayStatus;
use self::{client::Client, events::Events};
use super::webhook::{self, Call, Verdict};
use crate::{Error, core::Core};

/// A relay gives a sign of life every twenty seconds; after this long it is gone.
const SILENCE: Duration = Duration::from_secs(45);
/// First and longest pause after trouble.
const SOON: Duration = Duration::from_secs(1);
const LATER: Duration = Duration::from_secs(60);
/// Messages are acknowledged together, at most so many.
const TOGETHER: u64 = 200;

/// Why fetching ended, in a sentence.
struct Ended(String);

impl From<StepError> for Ended {
    fn from(error: StepError) -> Self {
        Self(error.message)
    }
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self(error.message)
    }
}

/// Fetches until the engine stops.
pub(crate) async fn run(core: Arc<Core>) {
    let mut pause = SOON;
    while !core.stopping.is_cancelled() {
        let changed = core.relay.changed.notified();
        let row = core.store.read(|view| view.relay()).await.ok().flatten();
        let Some(row) = row else {
            core.relay.note(None);
            tokio::select! {
                () = changed => {}
                () = core.stopping.cancelled() => return,
            }
            continue;
        };
        let began = tokio::time::Instant::now();
        tokio::select! {
            Ended(why) = fetch(&core, row) => core.relay.note(Some(why)),
            () = changed => { pause = SOON; continue }
            () = core.stopping.cancelled() => return,
        }
        pause = if began.elapsed() > SILENCE {
            SOON
        } else {
            (pause * 2).min(LATER)
        };
        tokio::select! {
            () = sleep(pause) => {}
            () = core.stopping.cancelled() => return,
        }
    }
}

/// One stream of messages, until something ends it.
async fn fetch(core: &Arc<Core>, row: RelayRow) -> Ended {
    let fetched = async { Fetching::open(core, row).await?.go_on().await };
    match fetched.await {
        Ok(never) => match never {},
        Err(ended) => ended,
    }
}

struct Fetching<'a> {
    core: &'a Arc<Core>,
    keys: DeviceKeys,
    client: Client,
    body: Box<dyn errand_connectors::ports::net::AnswerBody>,
    channel: String,
    after: u64,
    acknowledged: u64,
}

impl<'a> Fetching<'a> {
    async fn open(core: &'a Arc<Core>, row: RelayRow) -> Result<Self, Ended> {
        let keys = link::keys(core, &row)?;
        let client = Client::of(core, &row.address);
        let answer = client.messages(&keys, &row.channel, row.after).await?;
        core.relay.note_connected();
        Ok(Self {
            core,
            keys,
            client,
            body: answer.body,
            channel: row.channel,
            after: row.after,
            acknowledged: row.after,
        })
    }

    async fn go_on(&mut self) -> Result<Infallible, Ended> {
        let mut events = Events::default();
        loop {
            let chunk = timeout(SILENCE, self.body.chunk()).await;
            let chunk = chunk.map_err(|_| gone())??.ok_or_else(gone)?;
            let arrived = events.push(&chunk).map_err(|_| no_relay())?;
            for data in arrived {
                let message = serde_json::from_str(&data).map_err(|_| no_relay())?;
                self.take(message).await?;
            }
            self.acknowledge().await?;
        }
    }

    /// Brings one message into the inbox. What can't be opened, or what no workflow takes, is
    /// counted and let go: asking for it again would change nothing.
    async fn take(&mut self, message: Sealed) -> Result<(), Ended> {
        if message.seq <= self.after {
            return Ok(());
        }
        if message.seq > self.after + 1 {
            self.core.relay.note_lost(message.seq - self.after - 1);
        }
        match errand_relay::open(&self.keys, &self.channel, &message) {
            Ok(delivery) => self.deliver(&message, delivery).await?,
            Err(_) => self.core.relay.note_refused(),
        }
        self.after = message.seq;
        match self.after - self.acknowledged >= TOGETHER {
            true => self.acknowledge().await,
            false => Ok(()),
        }
    }

    async fn deliver(
        &self,
        message: &Sealed,
        delivery: errand_relay::Delivery,
    ) -> Result<(), Ended> {
        let call = Call::from_relay(delivery, &self.channel, message);
        match webhook::receive(self.core, call).await {
            Verdict::Accepted | Verdict::Duplicate => Ok(()),
            Verdict::Refused => {
                self.core.relay.note_refused();
                Ok(())
            }
            Verdict::Later(sentence) => Err(Ended(sentence)),
        }
    }

    /// First this computer notes how far it is, then the relay forgets.
    async fn acknowledge(&mut self) -> Result<(), Ended> {
        if self.after == self.acknowledged {
            return Ok(());
        }
        self.note_position().await?;
        errand_store::faults::hit("engine.relay_before_acknowledge");
        self.client
            .acknowledge(&self.keys, &self.channel, self.after)
            .await?;
        self.acknowledged = self.after;
        Ok(())
    }

    async fn note_position(&self) -> Result<(), Error> {
        let (channel, after) = (self.channel.clone(), self.after);
        let moved = self
            .core
            .store
            .write(move |tx| tx.move_relay(&channel, after));
        Ok(moved.await?)
    }
}

fn gone() -> Ended {
    Ended("The relay doesn't answer any more.".to_owned())
}

fn no_relay() -> Ended {
    Ended("What answers at the relay's address isn't a relay.".to_owned())
}
