//! Requests without an answer: whether they may have been carried out.

use std::io;

use errand_connectors::ports::net::{Body, Request};
use errand_model::{Effect, ErrorKind, StepError};
use tokio::net::TcpListener;

use crate::{
    place::{Place, get, post, stream},
    server::{Server, Talk, ok},
};

fn proves_nothing_was_done(error: &StepError) {
    assert_eq!(error.kind, ErrorKind::Unreachable, "{error:?}");
    assert!(!error.may_have_happened, "{error:?}");
}

fn leaves_open_what_was_done(error: &StepError) {
    assert_eq!(error.kind, ErrorKind::Unreachable, "{error:?}");
    assert!(error.may_have_happened, "{error:?}");
    assert!(error.waits_for.is_none());
}

#[tokio::test]
async fn a_closed_port_refuses() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let url = format!("http://{address}/");
    let error = Place::granting(&[&url]).refused(post(&url, "x")).await;
    proves_nothing_was_done(&error);
    assert_eq!(error.message, format!("{address} refuses connections."));
}

#[tokio::test]
async fn a_server_that_hangs_up_after_the_whole_request_may_have_carried_it_out() {
    let server = Server::talking(|mut talk: Talk| async move {
        talk.hear().await;
        talk.hang_up().await;
    })
    .await;
    let place = Place::granting(&[&server.origin]);
    let streamed = Request {
        body: Body::Stream(stream(200_000, io::repeat(b'x'))),
        ..post(&server.origin, "")
    };
    let empty = Request {
        body: Body::Empty,
        ..post(&server.origin, "")
    };
    for request in [post(&server.origin, "pay"), empty, streamed] {
        let error = place.refused(request).await;
        leaves_open_what_was_done(&error);
        let expected = format!("{} broke off before it answered.", server.address);
        assert_eq!(error.message, expected);
    }
    assert_eq!(server.seen()[2].body.len(), 200_000);
}

#[tokio::test]
async fn a_server_that_hangs_up_in_the_middle_of_the_request_can_not_have_carried_it_out() {
    let server = Server::talking(|mut talk: Talk| async move {
        talk.more().await;
        talk.hang_up().await;
    })
    .await;
    let request = Request {
        body: Body::Stream(stream(100_000_000, io::repeat(b'x'))),
        ..post(&server.origin, "")
    };
    let error = Place::granting(&[&server.origin]).refused(request).await;
    proves_nothing_was_done(&error);
    let expected = format!("{} broke off before everything was sent.", server.address);
    assert_eq!(error.message, expected);
}

#[tokio::test]
async fn an_answer_that_is_cut_off_says_so() {
    let server = Server::talking(|mut talk: Talk| async move {
        talk.hear().await;
        talk.say("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
            .await;
        talk.hang_up().await;
    })
    .await;
    let place = Place::granting(&[&server.origin]);
    let mut answer = place.send(get(&server.origin)).await.unwrap();
    let error = answer.bytes(100).await.unwrap_err();
    leaves_open_what_was_done(&error);
    assert_eq!(
        error.message,
        format!("The answer of {} broke off.", server.address)
    );
}

#[tokio::test]
async fn an_answer_in_pieces_without_its_last_one_is_cut_off() {
    let server = Server::talking(|mut talk: Talk| async move {
        talk.hear().await;
        talk.say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n")
            .await;
        talk.hang_up().await;
    })
    .await;
    let place = Place::granting(&[&server.origin]);
    let mut answer = place.send(get(&server.origin)).await.unwrap();
    assert!(answer.bytes(100).await.is_err());
}

#[tokio::test]
async fn an_answer_that_is_no_http_leaves_open_what_was_done() {
    let server = Server::talking(|mut talk: Talk| async move {
        talk.hear().await;
        talk.say("220 mail.example ESMTP\r\n").await;
        talk.keep_silent().await;
    })
    .await;
    let error = Place::granting(&[&server.origin])
        .refused(post(&server.origin, "x"))
        .await;
    leaves_open_what_was_done(&error);
}

#[tokio::test]
async fn what_must_not_be_made_twice_never_uses_a_connection_that_was_kept_open() {
    let server = Server::answering(|_| ok("")).await;
    let place = Place::granting(&[&server.origin]);
    for _ in 0..3 {
        place.ask(&server.origin).await;
    }
    assert_eq!(server.connections(), 1);
    for _ in 0..3 {
        place.tell(post(&server.origin, "x")).await;
    }
    assert_eq!(server.connections(), 4);
    let again = Request {
        effect: Effect::Idempotent,
        ..post(&server.origin, "x")
    };
    place.tell(again).await;
    assert_eq!(server.connections(), 4);
}

#[tokio::test]
async fn a_file_that_becomes_shorter_or_can_not_be_read_is_not_sent() {
    let server = Server::answering(|_| ok("")).await;
    let place = Place::granting(&[&server.origin]);
    let sending = |body| Request {
        body: Body::Stream(body),
        ..post(&server.origin, "")
    };
    let shorter = place.refused(sending(stream(10, &b"short"[..]))).await;
    proves_nothing_was_done(&shorter);
    assert_eq!(shorter.message, "A file became shorter while it was sent.");

    struct Broken;
    impl io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk on fire"))
        }
    }
    let broken = place.refused(sending(stream(10, Broken))).await;
    let expected = "A file could not be read while it was sent: disk on fire.";
    assert_eq!(broken.message, expected);
    assert!(!broken.may_have_happened);
    assert!(server.seen().is_empty());
}
