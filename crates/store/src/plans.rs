//! Proof that the questions asked all the time are answered from an index.

use rusqlite::Connection;

use crate::{inbox, migrate, runs, runs::RunFilter, triggers};
use errand_model::{RunId, RunState, Timestamp, WorkflowId};

fn plan(sql: &str) -> String {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(migrate::STEPS[0]).unwrap();
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap();
    let lines = statement
        .raw_query()
        .mapped(|row| row.get::<_, String>("detail"));
    lines.map(Result::unwrap).collect::<Vec<_>>().join("; ")
}

fn plan_of_page(filter: &RunFilter) -> String {
    plan(&format!("SELECT * FROM runs {}", runs::page(filter).0))
}

#[track_caller]
fn assert_uses(plan: &str, index: &str) {
    assert!(plan.contains(index), "{plan}");
    assert!(
        !plan.contains("TEMP B-TREE"),
        "sorted instead of read in order: {plan}"
    );
}

#[test]
fn open_events_come_from_their_index_in_order() {
    assert_uses(
        &plan(&inbox::pending_sql()),
        "SEARCH events USING INDEX events_pending",
    );
}

#[test]
fn due_runs_come_from_their_index_in_order() {
    let sql = format!("SELECT * FROM runs {}", runs::DUE);
    assert_uses(&plan(&sql), "SEARCH runs USING INDEX runs_due");
}

#[test]
fn live_runs_and_enabled_triggers_come_from_their_indexes() {
    let live = plan(&format!("SELECT * FROM runs {}", runs::LIVE));
    assert!(live.contains("USING INDEX runs_live"), "{live}");
    assert_uses(
        &plan(&triggers::enabled_sql()),
        "SEARCH triggers USING INDEX triggers_enabled",
    );
}

#[test]
fn the_number_of_things_that_need_attention_comes_from_indexes_alone() {
    let plan = plan(runs::ATTENTION);
    assert_uses(&plan, "runs USING COVERING INDEX runs_attention");
    assert_uses(&plan, "events USING COVERING INDEX events_attention");
}

#[test]
fn every_page_of_runs_is_read_in_order_from_an_index() {
    let now = Timestamp::UNIX_EPOCH;
    let newest = RunFilter {
        limit: 50,
        ..RunFilter::default()
    };
    assert_uses(&plan_of_page(&newest), "SCAN runs USING INDEX runs_newest");
    let next = RunFilter {
        before: Some(RunId::at(now)),
        ..newest
    };
    assert_uses(
        &plan_of_page(&next),
        "SEARCH runs USING INDEX runs_newest (created<?",
    );
    let workflow = RunFilter {
        workflow: Some(WorkflowId::at(now)),
        ..next
    };
    assert_uses(
        &plan_of_page(&workflow),
        "SEARCH runs USING INDEX runs_newest_of_workflow",
    );
    let attention = RunFilter {
        state: Some(RunState::Attention),
        ..newest
    };
    assert_uses(&plan_of_page(&attention), "runs USING INDEX runs_attention");
}
