//! One channel on disk: who it belongs to, how far it was acknowledged, and a file for each message
//! that waits. Every change is synced before anybody hears of it.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{CHANNEL_AGE, CHANNEL_BYTES};
use crate::{Delivery, PublicKeys, Sealed, seal};

/// What stands in a channel's `channel.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Owner {
    pub(super) keys: PublicKeys,
    /// BLAKE3 of the token in the address that senders call, as hexadecimal digits.
    pub(super) ingest: String,
}

/// Why a call wasn't kept.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// More waits than a channel may hold.
    #[error("the channel is full")]
    Full,
    /// The disk refused.
    #[error("the message could not be kept: {0}")]
    Disk(#[from] io::Error),
    /// The device's key isn't one.
    #[error("the device's key is unusable")]
    Key,
}

/// A message that waits, without its content.
struct Waiting {
    seq: u64,
    at: i64,
    size: u64,
}

pub(super) struct Channel {
    pub(super) id: String,
    pub(super) owner: Owner,
    folder: PathBuf,
    waiting: Vec<Waiting>,
    last: u64,
    /// Bytes that wait, and how many may.
    held: u64,
    most: u64,
}

impl Channel {
    pub(super) fn create(folders: &Path, id: &str, owner: Owner) -> io::Result<Self> {
        let folder = folders.join(id);
        fs::create_dir_all(folder.join("messages"))?;
        write_synced(&folder, "channel.json", &serde_json::to_vec(&owner)?)?;
        sync(folders)?;
        Ok(Self {
            id: id.to_owned(),
            owner,
            folder,
            waiting: Vec::new(),
            last: 0,
            held: 0,
            most: CHANNEL_BYTES,
        })
    }

    /// What an earlier relay kept. A file that was being written when it ended was promised to
    /// nobody, and is left out.
    pub(super) fn load(folder: PathBuf) -> io::Result<Self> {
        let owner = serde_json::from_slice(&fs::read(folder.join("channel.json"))?)?;
        let acknowledged = match fs::read_to_string(folder.join("acknowledged")) {
            Ok(text) => text.trim().parse().unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        let id = folder.file_name().unwrap_or_default();
        let mut channel = Self {
            id: id.to_string_lossy().into_owned(),
            owner,
            folder,
            waiting: Vec::new(),
            last: acknowledged,
            held: 0,
            most: CHANNEL_BYTES,
        };
        for seq in channel.numbers()? {
            let message = channel.read(seq)?;
            channel.note(&message);
        }
        channel.acknowledge(acknowledged)?;
        Ok(channel)
    }

    fn numbers(&self) -> io::Result<Vec<u64>> {
        let entries = fs::read_dir(self.folder.join("messages"))?;
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let names = names.collect::<io::Result<Vec<String>>>()?;
        let mut numbers: Vec<u64> = names.iter().filter_map(|name| name.parse().ok()).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn note(&mut self, message: &Sealed) {
        self.last = self.last.max(message.seq);
        self.held += message.sealed.len() as u64;
        self.waiting.push(Waiting {
            seq: message.seq,
            at: message.at,
            size: message.sealed.len() as u64,
        });
    }

    /// Seals and keeps a call; its number once the disk has it.
    pub(super) fn keep(&mut self, delivery: &Delivery, now: i64) -> Result<u64, Trouble> {
        self.forget_old(now)?;
        if self.held + delivery.body.len() as u64 > self.most {
            return Err(Trouble::Full);
        }
        let seq = self.last + 1;
        let sealed = seal(&self.owner.keys, &self.id, seq, now, delivery).ok_or(Trouble::Key)?;
        let bytes = serde_json::to_vec(&sealed).map_err(io::Error::from)?;
        write_synced(&self.folder.join("messages"), &file_name(seq), &bytes)?;
        self.note(&sealed);
        Ok(seq)
    }

    /// What is too old goes, oldest first; the numbers stay used.
    fn forget_old(&mut self, now: i64) -> io::Result<()> {
        let old = |message: &&Waiting| now - message.at > CHANNEL_AGE;
        match self.waiting.iter().take_while(old).last() {
            Some(message) => self.acknowledge(message.seq),
            None => Ok(()),
        }
    }

    /// The next message after this number.
    pub(super) fn after(&self, seq: u64) -> io::Result<Option<Sealed>> {
        let place = self.waiting.partition_point(|message| message.seq <= seq);
        let next = self.waiting.get(place);
        next.map(|message| self.read(message.seq)).transpose()
    }

    fn read(&self, seq: u64) -> io::Result<Sealed> {
        let path = self.folder.join("messages").join(file_name(seq));
        Ok(serde_json::from_slice(&fs::read(path)?)?)
    }

    /// Forgets the messages up to this number. The number is kept first: it is never given again.
    pub(super) fn acknowledge(&mut self, upto: u64) -> io::Result<()> {
        let upto = upto.min(self.last);
        let count = self.waiting.iter().take_while(|it| it.seq <= upto).count();
        if count == 0 {
            return Ok(());
        }
        write_synced(&self.folder, "acknowledged", upto.to_string().as_bytes())?;
        for message in self.waiting.drain(..count) {
            self.held = self.held.saturating_sub(message.size);
            let path = self.folder.join("messages").join(file_name(message.seq));
            // What can't be removed now is skipped at the next start.
            let _ = fs::remove_file(path);
        }
        Ok(())
    }
}

fn file_name(seq: u64) -> String {
    format!("{seq:020}")
}

/// Appears whole or not at all, and lasts.
pub(super) fn write_synced(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let part = folder.join(format!(".{name}.part"));
    let mut file = File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, folder.join(name))?;
    sync(folder)
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::{DeviceKeys, open};

    fn delivery(text: &str) -> Delivery {
        Delivery {
            method: "POST".into(),
            path: String::new(),
            query: String::new(),
            headers: Vec::new(),
            body: text.as_bytes().to_vec(),
        }
    }

    fn channel(folder: &Path) -> (DeviceKeys, Channel) {
        let keys = DeviceKeys::random().unwrap();
        let owner = Owner {
            keys: keys.public(),
            ingest: String::new(),
        };
        let channel = Channel::create(folder, "one", owner).unwrap();
        (keys, channel)
    }

    #[test]
    fn messages_outlive_the_relay_and_their_numbers_are_never_given_again() {
        let folder = tempfile::tempdir().unwrap();
        let (keys, mut channel) = channel(folder.path());
        for text in ["a", "b", "c"] {
            channel.keep(&delivery(text), 0).unwrap();
        }
        channel.acknowledge(2).unwrap();
        let mut channel = Channel::load(folder.path().join("one")).unwrap();
        let left = channel.after(0).unwrap().unwrap();
        assert_eq!(left.seq, 3);
        assert_eq!(open(&keys, "one", &left).unwrap(), delivery("c"));
        channel.acknowledge(3).unwrap();
        let mut channel = Channel::load(folder.path().join("one")).unwrap();
        assert!(channel.after(0).unwrap().is_none());
        assert_eq!(channel.keep(&delivery("d"), 0).unwrap(), 4);
    }

    #[test]
    fn a_message_that_was_being_written_when_the_relay_ended_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let (_, mut channel) = channel(folder.path());
        channel.keep(&delivery("a"), 0).unwrap();
        let part = format!(".{}.part", file_name(2));
        fs::write(folder.path().join("one/messages").join(part), "{\"seq").unwrap();
        let mut channel = Channel::load(folder.path().join("one")).unwrap();
        assert_eq!(channel.keep(&delivery("b"), 0).unwrap(), 2);
    }

    #[test]
    fn a_full_channel_refuses_and_an_old_message_makes_room() {
        let folder = tempfile::tempdir().unwrap();
        let (_, mut channel) = channel(folder.path());
        channel.most = 1_000;
        let large = delivery(&"x".repeat(600));
        channel.keep(&large, 0).unwrap();
        assert!(matches!(channel.keep(&large, 1), Err(Trouble::Full)));
        assert_eq!(channel.keep(&large, CHANNEL_AGE + 1).unwrap(), 2);
    }
}
