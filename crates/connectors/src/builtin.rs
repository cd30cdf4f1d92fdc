//! The alphabetical list of connectors written in Rust.

mod append;
mod csv;
mod describe;
mod files;
mod input;
mod manual;
mod notify;
#[cfg(feature = "testing")]
mod testing;

use crate::registry::Builtin;

pub(crate) fn all() -> Vec<Builtin> {
    vec![
        csv::connector(),
        files::connector(),
        manual::connector(),
        notify::connector(),
        #[cfg(feature = "testing")]
        testing::connector(),
    ]
}
