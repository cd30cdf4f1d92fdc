use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use errand_model::{ErrorKind, WaitsFor};
use jiff::SignedDuration;
use tokio::sync::Semaphore;

use crate::{
    place::{Place, get, post},
    redirects::bearer,
    server::{Seen, Server, Talk, answer, ok},
};

/// A server that fails until it is told to work.
async fn ailing(status: u16) -> (Server, Arc<AtomicBool>) {
    let works = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&works);
    let server = Server::answering(move |_| match told.load(Ordering::Relaxed) {
        true => ok("well again"),
        false => answer(status, &[], ""),
    })
    .await;
    (server, works)
}

#[tokio::test]
async fn a_server_that_keeps_failing_gets_a_rest_and_is_noticed_when_it_is_back() {
    let (server, works) = ailing(500).await;
    let place = Place::granting(&[&server.origin]);
    for _ in 0..5 {
        assert_eq!(place.ask(&server.origin).await.0, 500);
    }
    let error = place.failure(&server.origin).await;
    assert_eq!(error.waits_for, Some(WaitsFor::Host));
    let host = server.address;
    assert_eq!(
        error.message,
        format!("{host} has failed several times lately, so it gets a rest.")
    );
    let half_a_minute = SignedDuration::from_secs(30);
    assert_eq!(error.not_before, Some(place.now() + half_a_minute));
    let next = place.failure(&server.origin).await;
    assert_eq!(next.not_before, Some(place.now() + half_a_minute * 2));

    place.pass(half_a_minute);
    assert_eq!(place.ask(&server.origin).await.0, 500);
    assert_eq!(
        place.failure(&server.origin).await.waits_for,
        Some(WaitsFor::Host)
    );
    assert_eq!(server.seen().len(), 6);

    works.store(true, Ordering::Relaxed);
    place.pass(half_a_minute);
    assert_eq!(place.ask(&server.origin).await.1, "well again");
    place.wire.returned().await;
    assert_eq!(place.ask(&server.origin).await.1, "well again");
}

#[tokio::test]
async fn refused_connections_count_and_what_a_server_says_no_to_does_not() {
    let place = Place::granting(&["http://127.0.0.1:9"]);
    for _ in 0..5 {
        assert_eq!(place.failure("http://127.0.0.1:9/").await.waits_for, None);
    }
    let error = place.failure("http://127.0.0.1:9/").await;
    assert_eq!(error.waits_for, Some(WaitsFor::Host));

    let (server, _) = ailing(404).await;
    let place = Place::granting(&[&server.origin]);
    for _ in 0..30 {
        assert_eq!(place.ask(&server.origin).await.0, 404);
    }
}

#[tokio::test]
async fn a_pause_that_one_answer_asks_for_holds_for_the_whole_server() {
    let server = Server::answering(|seen: &Seen| match seen.target.as_str() {
        "/busy" => answer(429, &[("retry-after", "120")], ""),
        _ => ok(""),
    })
    .await;
    let place = Place::granting(&[&server.origin]);
    assert_eq!(place.ask(&server.at("/busy")).await.0, 429);
    let error = place.refused(post(&server.at("/other"), "x")).await;
    assert_eq!(
        (error.kind, error.waits_for),
        (ErrorKind::RateLimited, Some(WaitsFor::Host))
    );
    assert_eq!(
        error.not_before,
        Some(place.now() + SignedDuration::from_secs(120))
    );
    assert!(!error.may_have_happened);
    assert_eq!(server.seen().len(), 1);
    // Somebody else's connection isn't meant.
    let account = bearer(&server.origin);
    let answer = place
        .send_as(get(&server.at("/other")), Some(&account))
        .await;
    assert_eq!(answer.unwrap().status, 200);
    place.pass(SignedDuration::from_secs(121));
    assert_eq!(place.ask(&server.at("/other")).await.0, 200);
}

#[tokio::test]
async fn a_pause_of_more_than_a_day_is_for_a_person_to_know() {
    let server = Server::answering(|_| answer(429, &[("retry-after", "200000")], "")).await;
    let place = Place::granting(&[&server.origin]);
    place.ask(&server.origin).await;
    let error = place.failure(&server.origin).await;
    assert_eq!(
        (error.kind, error.waits_for),
        (ErrorKind::RateLimited, None)
    );
    assert!(error.not_before.is_some());
}

#[tokio::test]
async fn no_more_than_four_requests_are_under_way_at_once() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let go_on = Arc::new(Semaphore::new(0));
    let (count, top, wait) = (Arc::clone(&now), Arc::clone(&most), Arc::clone(&go_on));
    let server = Server::talking(move |mut talk: Talk| {
        let (now, most, go_on) = (Arc::clone(&count), Arc::clone(&top), Arc::clone(&wait));
        async move {
            while talk.hear().await.is_some() {
                let under_way = now.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(under_way, Ordering::SeqCst);
                go_on.acquire().await.unwrap().forget();
                now.fetch_sub(1, Ordering::SeqCst);
                talk.say(ok("done")).await;
            }
        }
    })
    .await;
    let place = Arc::new(Place::granting(&[&server.origin]));
    let asking: Vec<_> = (0..12)
        .map(|_| {
            let (place, url) = (Arc::clone(&place), server.origin.clone());
            tokio::spawn(async move { place.ask(&url).await })
        })
        .collect();
    for _ in 0..4 {
        server_reaches(&server, 4).await;
    }
    go_on.add_permits(12);
    for ask in asking {
        assert_eq!(ask.await.unwrap(), (200, "done".into()));
    }
    assert_eq!(most.load(Ordering::SeqCst), 4);
    assert_eq!(server.seen().len(), 12);
}

async fn server_reaches(server: &Server, requests: usize) {
    while server.seen().len() < requests {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn an_answer_that_is_dropped_gives_its_place_back() {
    let server = Server::answering(|_| ok(&"x".repeat(100_000))).await;
    let place = Place::granting(&[&server.origin]);
    for _ in 0..10 {
        let answer = place.send(get(&server.origin)).await.unwrap();
        drop(answer);
    }
}

#[tokio::test]
async fn a_full_queue_is_left_and_nothing_was_sent() {
    let server = Server::answering(|_| ok("x")).await;
    let place = Place::granting(&[&server.origin]);
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(place.send(get(&server.origin)).await.unwrap());
    }
    let mut fifth = get(&server.origin);
    fifth.timeout = Duration::from_millis(50);
    let error = place.refused(fifth).await;
    assert_eq!(error.waits_for, Some(WaitsFor::Host));
    assert_eq!(server.seen().len(), 4);
    held.pop();
    assert_eq!(place.ask(&server.origin).await.0, 200);
}

#[tokio::test]
async fn connections_do_not_stand_in_each_others_way() {
    let server = Server::answering(|_| ok("x")).await;
    let place = Place::granting(&[&server.origin]);
    let mut accounts = BTreeMap::new();
    for name in ["one", "two"] {
        let mut account = bearer(&server.origin);
        account.name = name.into();
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(
                place
                    .send_as(get(&server.origin), Some(&account))
                    .await
                    .unwrap(),
            );
        }
        accounts.insert(name, held);
    }
    assert_eq!(server.seen().len(), 8);
}
