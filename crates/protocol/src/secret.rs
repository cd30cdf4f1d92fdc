//! A secret on its way from a person to the engine. It is never sent back.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Text that no log and no message shows.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "String")]
pub struct Secret(String);

impl Secret {
    /// Keeps a text from being shown.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the one who keeps it.
    pub fn into_text(self) -> String {
        self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(•••)")
    }
}
