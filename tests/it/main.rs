//! Whole-product tests, through the doors that people use: programs, files, the socket.
#![allow(
    clippy::unwrap_used,
    reason = "a test that finds something else than it expects fails"
)]

mod architecture;
mod bad_input;
mod burst;
mod changes;
mod cli;
mod crashes;
mod documents;
mod files;
mod full_disk;
mod hosts;
mod polling;
mod preview;
mod relay;
mod schedules;
mod secrets;
mod together;
mod unknown;
mod webhooks;
mod window;
