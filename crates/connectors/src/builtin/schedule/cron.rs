//! `schedule.cron`: for those who know cron.

use errand_model::{FieldKind, TriggerInfo, TriggerSource};

use super::{gives, sample, time_zone};
use crate::builtin::describe::{FieldExt as _, field};

pub(super) fn trigger() -> TriggerInfo {
    TriggerInfo {
        id: "schedule.cron".into(),
        name: "By a cron expression".into(),
        sentence: "At the times of {cron}".into(),
        about: "Runs at the times of a cron expression. When the clocks change, fixed times run \
                once, right after the change if they don't exist; times with `*` or `/` follow the \
                clock: left out where it jumps, twice where it goes back."
            .into(),
        source: TriggerSource::Schedule,
        using: None,
        fields: vec![
            field(
                "cron",
                "Cron expression",
                FieldKind::Cron,
                "Five fields: minute, hour, day of the month, month, weekday. Also `L` (last), `W` \
                 (nearest working day) and `#` (the nth weekday). With both kinds of days given, \
                 either counts.",
            )
            .required()
            .example("30 8 * * 1-5"),
            time_zone(),
        ],
        gives: gives(),
        sample: sample(),
    }
}
