//! Schedules: the next times of a draft, what happened while the person was away, and a clock that
//! was doubted.

use errand_protocol::{
    Failure,
    commands::{AwayList, ClockConfirm, TriggerUpcoming},
    views::{Away, Upcoming},
};

use crate::{Api, failure::Heard};

/// Times shown.
const UPCOMING: usize = 5;
/// News shown where no number is given.
const NEWS: u32 = 50;

pub(crate) async fn trigger_upcoming(
    api: &Api,
    request: TriggerUpcoming,
) -> Result<Vec<Upcoming>, Failure> {
    let times = api.engine.upcoming(&request.document, request.id, UPCOMING);
    let shown = times.await.heard()?.into_iter().map(|time| Upcoming {
        due: time.due,
        at: time.at,
        note: time.note,
    });
    Ok(shown.collect())
}

pub(crate) async fn away_list(api: &Api, request: AwayList) -> Result<Vec<Away>, Failure> {
    let news = api.engine.while_away(request.limit.unwrap_or(NEWS));
    let mut shown = Vec::new();
    for news in news.await.heard()? {
        let id = news.workflow;
        let row = api
            .engine
            .store()
            .read(move |view| view.workflow(id))
            .await
            .heard()?;
        let Some(row) = row.filter(|row| row.deleted.is_none()) else {
            continue;
        };
        shown.push(Away {
            at: news.at,
            workflow: id,
            workflow_name: row.name,
            from: news.span.map(|(from, _)| from),
            to: news.span.map(|(_, to)| to),
            slots: u32::try_from(news.slots).unwrap_or(u32::MAX),
            made_up: u32::try_from(news.made_up).unwrap_or(u32::MAX),
            sentence: news.sentence,
        });
    }
    Ok(shown)
}

pub(crate) async fn clock_confirm(api: &Api, _: ClockConfirm) -> Result<(), Failure> {
    api.engine.confirm_clock().await.heard()
}
