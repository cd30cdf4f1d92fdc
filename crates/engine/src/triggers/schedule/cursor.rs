//! What is remembered of a schedule: how far it has come, and the zone it keeps to.

use errand_model::{Timestamp, Value};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::spec::{Spec, Zone};

/// The memory of one schedule. `last` is the last time that was dealt with, or when it was switched
/// on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    pub(crate) last: Timestamp,
    /// This computer's zone when it was switched on.
    #[serde(default)]
    pub(crate) zone: Option<String>,
    /// The computer's zone that the person was last told of.
    #[serde(default)]
    pub(crate) told: Option<String>,
}

impl Cursor {
    /// Begins now: nothing before counts.
    pub(crate) fn begin(now: Timestamp) -> Self {
        let zone = TimeZone::system().iana_name().map(str::to_owned);
        Self {
            last: now,
            told: zone.clone(),
            zone,
        }
    }

    pub(crate) fn read(stored: Value) -> Option<Self> {
        serde_json::from_value(stored).ok()
    }

    pub(crate) fn value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// Whose clocks a schedule goes by; None when its zone is unknown on this computer.
pub(crate) fn zone_of(spec: &Spec, cursor: Option<&Cursor>) -> Option<TimeZone> {
    let named = match &spec.zone {
        Zone::Named(name) => Some(name),
        Zone::Computer => None,
        Zone::Frozen => cursor.and_then(|cursor| cursor.zone.as_ref()),
    };
    match named {
        Some(name) => TimeZone::get(name).ok(),
        None => Some(TimeZone::system()),
    }
}
