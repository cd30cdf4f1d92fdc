//! Store and forward for webhooks of computers behind a router. A relay takes calls from the
//! internet, seals each to the device's key, keeps it on disk and answers only then; the device
//! fetches it when it is awake and acknowledges it once its own inbox has it. What both sides need
//! is here; the relay itself is [`server`].
//!
//! What the relay's operator can read: a call while it arrives, before it is sealed. What stands on
//! its disk only the device can open. Nobody but the device can fetch or acknowledge: both need a
//! signature over a number that the relay just made up.

pub mod keys;
pub mod message;
pub mod proof;
pub mod seal;
#[cfg(feature = "server")]
pub mod server;

pub use keys::{DeviceKeys, PublicKeys};
pub use message::{Delivery, Sealed};
pub use seal::{NotOpened, open, seal};
