//! Addresses of webhooks: made once, and what is counted about them.
#![allow(clippy::unwrap_used)]

mod common;

use common::{World, at};
use serde_json::json;

const FIRST: &str = "abcdefghijkmnpqrabcdefghijkmnpqr";
const SECOND: &str = "zyxwvutsrqpnmkjizyxwvutsrqpnmkji";

#[tokio::test]
async fn an_address_is_made_once_and_stays() {
    let world = World::new().await;
    let trigger = world.trigger;
    let made = world.store.write(move |tx| {
        tx.ensure_hook(trigger, FIRST, at(1))?;
        tx.ensure_hook(trigger, SECOND, at(2))
    });
    assert_eq!(made.await.unwrap().token, FIRST);
    let world = world.reopened().await;
    let kept = world.store.read(move |view| view.hook(trigger)).await;
    assert_eq!(kept.unwrap().unwrap().token, FIRST);
}

#[tokio::test]
async fn refusals_are_counted_until_a_call_is_accepted() {
    let world = World::new().await;
    let trigger = world.trigger;
    let counted = world.store.write(move |tx| {
        tx.ensure_hook(trigger, FIRST, at(1))?;
        tx.count_refusal(trigger, "it was wrong", at(2))?;
        tx.count_refusal(trigger, "it was late", at(3))?;
        tx.hook(trigger)
    });
    let hook = counted.await.unwrap().unwrap();
    let refusal = (hook.refused, hook.refusal.as_deref(), hook.refused_at);
    assert_eq!(refusal, (2, Some("it was late"), Some(at(3))));
    let accepted = world.store.write(move |tx| {
        tx.forget_refusals(trigger)?;
        tx.hook(trigger)
    });
    let hook = accepted.await.unwrap().unwrap();
    assert_eq!(
        (hook.refused, hook.refusal, hook.refused_at),
        (0, None, None)
    );
}

#[tokio::test]
async fn what_is_unfinished_are_events_without_a_run_and_runs_that_go_on() {
    let world = World::new().await;
    let (trigger, workflow) = (world.trigger, world.workflow);
    world.run("a run that goes on", at(1)).await;
    let waiting = ["one", "two", "three"].map(common::item);
    let accept = world
        .store
        .write(move |tx| tx.accept(Some(trigger), workflow, &waiting, at(2)));
    let last = accept.await.unwrap().events[2].seq;
    let read = world.store.read(move |view| {
        let counts = [10, 2].map(|limit| view.unfinished(trigger, workflow, limit));
        Ok((
            counts,
            view.payloads_of(trigger, 2)?,
            view.run_of_event(last)?,
        ))
    });
    let ([all, limited], payloads, run) = read.await.unwrap();
    assert_eq!((all.unwrap(), limited.unwrap()), (4, 3));
    assert_eq!(
        payloads,
        [json!({ "name": "three" }), json!({ "name": "two" })]
    );
    assert_eq!(run, None);
}
