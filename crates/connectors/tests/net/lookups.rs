use std::sync::atomic::Ordering;

use errand_connectors::ports::net::NoAddress;
use errand_model::{ErrorKind, WaitsFor};
use jiff::SignedDuration;

use crate::{
    place::{HERE, Place},
    server::{Server, ok},
};

#[tokio::test]
async fn a_name_that_does_not_exist_is_asked_for_again_for_a_quarter_of_an_hour() {
    let place = Place::granting(&["https://nobody.example"]);
    let error = place.failure("https://nobody.example/x").await;
    assert_eq!(error.message, "There is no server called nobody.example.");
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(!error.may_have_happened && error.waits_for.is_none());
    let wait = error.not_before.unwrap().duration_since(place.now());
    // Eight tries are made in all.
    assert!((13..=16).contains(&(wait.as_mins() * 7)), "{wait}");
}

#[tokio::test]
async fn one_name_that_nobody_can_look_up_is_not_taken_for_being_offline() {
    let place = Place::granting(&["https://a.example"]);
    place.name("a.example", &[Err(NoAddress::NoAnswer)]);
    for _ in 0..3 {
        let error = place.failure("https://a.example/x").await;
        let expected = "The address of a.example could not be looked up: no name server answers.";
        assert_eq!(error.message, expected);
        assert_eq!(
            (error.kind, error.waits_for),
            (ErrorKind::Unreachable, None)
        );
    }
}

#[tokio::test]
async fn when_nothing_can_be_looked_up_everything_waits_for_the_network_without_asking() {
    let server = Server::answering(|_| ok("back")).await;
    let back = server.called("b.example");
    let place = Place::granting(&["http://a.example", &back, "http://127.0.0.1"]);
    place.name("a.example", &[Err(NoAddress::NoAnswer)]);
    place.name("b.example", &[Err(NoAddress::NoAnswer), Ok(vec![HERE])]);
    place.failure("http://a.example/").await;
    let error = place.failure(&back).await;
    assert_eq!(error.message, "This computer seems to be offline.");
    assert_eq!(error.waits_for, Some(WaitsFor::Network));
    assert!(!error.may_have_happened);
    let soon = place.now() + SignedDuration::from_secs(10);
    assert_eq!(error.not_before, Some(soon));

    let asked = place.around.looked_up.lock().unwrap().len();
    for _ in 0..20 {
        let error = place.failure(&back).await;
        assert_eq!(error.waits_for, Some(WaitsFor::Network));
    }
    assert_eq!(place.around.looked_up.lock().unwrap().len(), asked);

    place.pass(SignedDuration::from_secs(10));
    assert_eq!(place.ask(&back).await, (200, "back".into()));
    place.wire.returned().await;
    assert_eq!(place.ask(&back).await.0, 200);
}

#[tokio::test]
async fn without_a_route_one_failure_is_enough_and_this_computer_stays_reachable() {
    let server = Server::answering(|_| ok("here")).await;
    let place = Place::granting(&["https://a.example", &server.origin]);
    place.around.is_cut_off.store(true, Ordering::Relaxed);
    let error = place.failure("https://a.example/").await;
    assert_eq!(error.waits_for, Some(WaitsFor::Network), "{error:?}");
    assert_eq!(place.ask(&server.origin).await, (200, "here".into()));
}

#[tokio::test]
async fn the_next_address_is_tried_where_the_first_one_is_dead() {
    let server = Server::answering(|_| ok("second")).await;
    let url = server.called("two.example");
    let place = Place::granting(&[&url]);
    place.name("two.example", &[Ok(vec![[127, 0, 0, 9].into(), HERE])]);
    assert_eq!(place.ask(&url).await, (200, "second".into()));
}
