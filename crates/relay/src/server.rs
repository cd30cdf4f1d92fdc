//! The relay: takes calls, keeps them sealed on disk, hands them to the device that proves itself.

mod channels;
mod doors;
mod nonces;
mod store;

pub use channels::Channels;
pub use doors::router;
pub use store::Trouble;

/// The longest call, in bytes.
pub const LONGEST_CALL: usize = 10 * 1024 * 1024;
/// What may wait in one channel, in bytes.
pub const CHANNEL_BYTES: u64 = 100 * 1024 * 1024;
/// How long a message may wait, in milliseconds.
pub const CHANNEL_AGE: i64 = 7 * 24 * 60 * 60 * 1000;
