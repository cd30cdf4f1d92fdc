//! Whole-product tests, through the doors that people use: programs, files, the socket.
#![allow(
    clippy::unwrap_used,
    reason = "a test that finds something else than it expects fails"
)]

mod architecture;
mod bad_input;
mod burst;
mod cli;
mod crashes;
mod documents;
mod files;
mod polling;
mod preview;
mod secrets;
mod together;
mod unknown;
mod webhooks;
mod window;
