//! The real network port against real servers on this computer, honest and otherwise.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bodies;
mod from_data;
mod lookups;
mod lost;
mod place;
mod proxies;
mod redirects;
mod secure;
mod server;
mod signing_in;
mod times;
mod traffic;
