//! The alphabetical list of connectors written in Rust.

mod append;
mod csv;
mod decode;
mod describe;
mod files;
mod http;
mod input;
mod manual;
mod notify;
mod schedule;
mod target;
#[cfg(feature = "testing")]
mod testing;
mod webhook;

use crate::registry::Builtin;

pub(crate) fn all() -> Vec<Builtin> {
    vec![
        csv::connector(),
        files::connector(),
        http::connector(),
        manual::connector(),
        notify::connector(),
        schedule::connector(),
        webhook::connector(),
        #[cfg(feature = "testing")]
        testing::connector(),
    ]
}
