//! What a schedule adds to `errand workflow show`: its next times and what happened while nobody
//! could see to it.

use errand_protocol::{
    Failure,
    commands::{AwayList, TriggerUpcoming},
    views::{Away, Upcoming, WorkflowDetail},
};
use serde::Serialize;

use crate::{door::Door, print};

/// The times and the news of one workflow.
#[derive(Serialize)]
pub(super) struct Times {
    #[serde(skip)]
    is_live: bool,
    upcoming: Vec<Upcoming>,
    away: Vec<Away>,
}

impl Times {
    pub(super) async fn of(door: &Door, workflow: &WorkflowDetail) -> Result<Self, Failure> {
        let live = workflow.published.as_ref().filter(|_| workflow.enabled);
        let upcoming = TriggerUpcoming {
            id: Some(workflow.id),
            document: live.unwrap_or(&workflow.draft).clone(),
        };
        let mut away = door.call(&AwayList { limit: None }).await?;
        away.retain(|news| news.workflow == workflow.id);
        Ok(Self {
            is_live: live.is_some(),
            upcoming: door.call(&upcoming).await?,
            away,
        })
    }

    pub(super) fn print(&self) {
        let label = if self.is_live {
            "next at"
        } else {
            "would be next at"
        };
        for time in &self.upcoming {
            let note = time.note.as_ref().map(|note| format!("  ({note})"));
            let note = note.unwrap_or_default();
            print::line(format_args!("  {label} {}{note}", time.at));
        }
        if let Some(latest) = self.away.first() {
            print::line(format_args!("  {}", latest.sentence));
        }
    }
}
