//! `schedule.every`: again and again, always the same length apart.

use errand_model::{FieldKind, TriggerInfo, TriggerSource};

use super::{gives, sample, time_zone};
use crate::builtin::describe::{FieldExt as _, field};

pub(super) fn trigger() -> TriggerInfo {
    TriggerInfo {
        id: "schedule.every".into(),
        name: "Every few minutes or hours".into(),
        sentence: "Every {every}".into(),
        about: "Runs again and again, always the same length apart, counted from midnight: `15m` \
                means each quarter of an hour."
            .into(),
        source: TriggerSource::Schedule,
        using: None,
        fields: vec![
            field(
                "every",
                "How often",
                FieldKind::Duration,
                "A minute or more, in whole minutes: `15m`, `2h`.",
            )
            .required()
            .example("15m"),
            time_zone(),
        ],
        gives: gives(),
        sample: sample(),
    }
}
