//! What travels: a call as it arrived, and the sealed form in which it waits.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A call as it arrived at the relay. Sealed before it touches the disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// `POST` and so on.
    pub method: String,
    /// Behind the channel's own address, without a leading `/`: begins with the hook's token.
    pub path: String,
    /// What stood behind `?`; may be empty.
    pub query: String,
    /// In order; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The bytes, untouched, so that signatures over them can be checked.
    #[serde(serialize_with = "to_text", deserialize_with = "from_text")]
    pub body: Vec<u8>,
}

/// A message as it waits and travels. Number and time are part of what is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Its number in the channel: 1 for the first, without gaps.
    pub seq: u64,
    /// When it arrived, in milliseconds since 1970.
    pub at: i64,
    /// The sealed [`Delivery`].
    #[serde(serialize_with = "to_text", deserialize_with = "from_text")]
    pub sealed: Vec<u8>,
}

fn to_text<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

fn from_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    STANDARD.decode(text).map_err(serde::de::Error::custom)
}
