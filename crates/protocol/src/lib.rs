//! Everything a screen may ask or hear. One list of commands ([`commands`]), one enum of events
//! ([`AppEvent`]), the shapes made for screens ([`views`]), and the client of the engine's private
//! socket ([`client`]). The TypeScript types come from here (`cargo xtask bindings`).

pub mod client;
pub mod commands;
pub mod error;
pub mod event;
pub mod secret;
pub mod views;
pub mod wire;

pub use client::Client;
pub use commands::Command;
pub use errand_model::system_words;
pub use error::{Failure, FailureKind};
pub use event::AppEvent;
pub use secret::Secret;
