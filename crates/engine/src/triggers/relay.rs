//! Fetches calls that wait at a relay, if the person chose one: opens them, hands them to the same
//! door as calls on this computer, and acknowledges what the inbox has. What arrives twice is known
//! by its number.

mod client;
mod events;
mod link;

use std::{sync::Arc, time::Duration};

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

/// Why fetching ended.
enum Ended {
    /// The relay, or the way to it, in a sentence.
    Trouble(String),
    /// This computer can't take more now.
    Later(String),
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
            ended = fetch(&core, row) => core.relay.note(Some(sentence(ended))),
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

fn sentence(ended: Ended) -> String {
    match ended {
        Ended::Trouble(sentence) | Ended::Later(sentence) => sentence,
    }
}

/// One stream of messages, until something ends it.
async fn fetch(core: &Arc<Core>, row: RelayRow) -> Ended {
    match Fetching::open(core, row).await {
        Ok(mut fetching) => match fetching.go_on().await {
            Ok(never) => match never {},
            Err(ended) => ended,
        },
        Err(ended) => ended,
    }
}

enum Never {}

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
        let keys = link::keys(core, &row).map_err(|error| Ended::Later(error.message))?;
        let client = Client::of(core, &row.address);
        let stream = client.messages(&keys, &row.channel, row.after).await;
        let answer = stream.map_err(|error| Ended::Trouble(error.message))?;
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

    async fn go_on(&mut self) -> Result<Never, Ended> {
        let mut events = Events::default();
        loop {
            let chunk = timeout(SILENCE, self.body.chunk()).await;
            let chunk = chunk.map_err(|_| Ended::Trouble(GONE.to_owned()))?;
            let chunk = chunk.map_err(|error| Ended::Trouble(error.message))?;
            let chunk = chunk.ok_or_else(|| Ended::Trouble(GONE.to_owned()))?;
            let arrived = events.push(&chunk);
            let arrived = arrived.map_err(|_| Ended::Trouble(NOT_A_RELAY.to_owned()))?;
            for data in arrived {
                let message = serde_json::from_str(&data);
                let message = message.map_err(|_| Ended::Trouble(NOT_A_RELAY.to_owned()))?;
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
            Verdict::Later(sentence) => Err(Ended::Later(sentence)),
        }
    }

    /// First this computer notes how far it is, then the relay forgets.
    async fn acknowledge(&mut self) -> Result<(), Ended> {
        if self.after == self.acknowledged {
            return Ok(());
        }
        self.note_position()
            .await
            .map_err(|error| Ended::Later(error.message))?;
        errand_store::faults::hit("engine.relay_before_acknowledge");
        let acknowledged = self
            .client
            .acknowledge(&self.keys, &self.channel, self.after)
            .await;
        acknowledged.map_err(|error| Ended::Trouble(error.message))?;
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

const GONE: &str = "The relay doesn't answer any more.";
const NOT_A_RELAY: &str = "What answers at the relay's address isn't a relay.";
