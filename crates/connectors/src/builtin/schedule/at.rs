//! `schedule.at`: at times of the day, daily or on chosen days.

use errand_model::{FieldKind, TriggerInfo, TriggerSource};

use super::{gives, sample, time_zone};
use crate::builtin::describe::{FieldExt as _, field};

pub(super) fn trigger() -> TriggerInfo {
    TriggerInfo {
        id: "schedule.at".into(),
        name: "At a time of day".into(),
        sentence: "At {at} on {on}".into(),
        about: "Runs at a time of day: daily, on weekdays you choose or on days of the month. When \
                the clocks change, a time that doesn't exist is made up for right after the change, \
                and one that comes twice counts once."
            .into(),
        source: TriggerSource::Schedule,
        using: None,
        fields: vec![
            field(
                "at",
                "At",
                FieldKind::Time,
                "A time such as `08:30`, or a list of them.",
            )
            .required()
            .example("08:30"),
            field(
                "on",
                "On",
                FieldKind::Days,
                "Weekdays (`monday`), days of the month (1 to 31) or `last`, the month's last day. \
                 Empty: every day. A month without a 31st is left out; `last` never is.",
            )
            .example("monday, friday"),
            time_zone(),
        ],
        gives: gives(),
        sample: sample(),
    }
}
