//! Servers that take their time, before somebody with little patience.

use std::{io, sync::Arc, time::Duration};

use errand_connectors::ports::net::{Body, Request, Surroundings as _, ThisComputer};
use errand_model::ErrorKind;
use tokio::{
    net::{TcpSocket, TcpStream},
    sync::Notify,
    time,
};

use crate::{
    place::{Around, Place, get, post, stream},
    server::{Server, Talk, ok},
};

async fn silent() -> Server {
    Server::talking(|mut talk: Talk| async move {
        talk.hear().await;
        talk.keep_silent().await;
    })
    .await
}

const PATIENCE: Duration = Duration::from_millis(200);

/// A place where silence is borne for a moment only.
fn impatient(server: &Server) -> Place {
    let around = Around {
        patience: Some(PATIENCE),
        ..Around::default()
    };
    Place::within(around, &[&server.origin])
}

#[test]
fn a_minute_of_silence_is_borne() {
    assert_eq!(ThisComputer.patience(), Duration::from_secs(60));
}

#[tokio::test]
async fn a_server_that_never_answers_is_left() {
    let server = silent().await;
    let error = impatient(&server).refused(post(&server.origin, "x")).await;
    let host = server.address;
    let expected = format!("{host} took the request but gave no answer within 200 milliseconds.");
    assert_eq!(error.message, expected);
    assert!(error.may_have_happened);
}

#[tokio::test]
async fn a_head_that_comes_drop_by_drop_is_no_answer() {
    let server = Server::talking(|mut talk: Talk| async move {
        talk.hear().await;
        loop {
            talk.say("HTTP/1.1 200 OK\r\nx-drop: a\r\n").await;
            time::sleep(PATIENCE / 10).await;
        }
    })
    .await;
    let error = impatient(&server).refused(post(&server.origin, "x")).await;
    assert!(error.message.contains("gave no answer within"), "{error}");
    assert!(error.may_have_happened);
}

#[tokio::test]
async fn a_server_that_takes_no_connection_can_not_have_carried_anything_out() {
    // Nobody ever takes what is queued here, so that the system soon lets nobody queue any more.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queued = Vec::new();
    while let Ok(Ok(one)) = time::timeout(PATIENCE, TcpStream::connect(address)).await {
        queued.push(one);
    }
    silence_of(&format!("http://{address}")).await;
}

#[tokio::test]
async fn a_server_that_never_begins_to_speak_securely_can_not_have_carried_anything_out() {
    let server = Server::talking(Talk::keep_silent).await;
    silence_of(&format!("https://{}", server.address)).await;
}

async fn silence_of(url: &str) {
    let around = Around {
        patience: Some(PATIENCE),
        ..Around::default()
    };
    let error = Place::within(around, &[url]).refused(post(url, "x")).await;
    let host = url.split_once("://").unwrap().1;
    assert_eq!(
        error.message,
        format!("{host} doesn't take the connection: it is silent.")
    );
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(!error.may_have_happened);
}

#[tokio::test]
async fn the_time_that_a_step_allows_is_the_limit_of_everything() {
    let server = silent().await;
    let request = Request {
        timeout: Duration::from_millis(100),
        ..post(&server.origin, "x")
    };
    let error = Place::granting(&[&server.origin]).refused(request).await;
    let host = server.address;
    let expected = format!("{host} took the request but gave no answer within 100 milliseconds.");
    assert_eq!(error.message, expected);
    assert!(error.may_have_happened);
}

#[tokio::test]
async fn a_body_that_drips_for_ever_ends_with_the_time_allowed() {
    let server = Server::talking(|mut talk: Talk| async move {
        talk.hear().await;
        talk.say("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")
            .await;
        loop {
            talk.say(".").await;
            time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    let place = Place::granting(&[&server.origin]);
    let request = Request {
        timeout: Duration::from_millis(200),
        ..get(&server.origin)
    };
    let mut answer = place.send(request).await.unwrap();
    let error = answer.bytes(1_000_000).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    let host = server.address;
    let expected = format!("The answer of {host} didn't go on or end within 200 milliseconds.");
    assert_eq!(error.message, expected);
}

#[tokio::test]
async fn a_body_that_stops_is_left() {
    let server = Server::talking(|mut talk: Talk| async move {
        talk.hear().await;
        talk.say("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
            .await;
        talk.keep_silent().await;
    })
    .await;
    let place = impatient(&server);
    let mut answer = place.send(get(&server.origin)).await.unwrap();
    let error = answer.bytes(100).await.unwrap_err();
    let host = server.address;
    let expected = format!("The answer of {host} didn't go on or end within 200 milliseconds.");
    assert_eq!(error.message, expected);
}

#[tokio::test]
async fn an_upload_that_takes_its_time_but_goes_on_is_not_silence() {
    let server = Server::talking(|mut talk: Talk| async move {
        talk.hear().await;
        talk.say(ok("got it")).await;
        talk.keep_silent().await;
    })
    .await;
    struct Slow(u32);
    impl io::Read for Slow {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            std::thread::sleep(PATIENCE / 4);
            self.0 -= 1;
            bytes[0] = b'x';
            Ok(1)
        }
    }
    let request = Request {
        body: Body::Stream(stream(8, Slow(8))),
        ..post(&server.origin, "")
    };
    assert_eq!(
        impatient(&server).tell(request).await,
        (200, "got it".into())
    );
}

#[tokio::test]
async fn a_server_that_stops_taking_what_is_sent_can_not_have_carried_it_out() {
    let begun = Arc::new(Notify::new());
    let telling = Arc::clone(&begun);
    let server = Server::talking(move |mut talk: Talk| {
        let begun = Arc::clone(&telling);
        async move {
            talk.more().await;
            begun.notify_one();
            time::sleep(Duration::from_secs(10_000)).await;
        }
    })
    .await;
    let place = Place::granting(&[&server.origin]);
    let request = Request {
        body: Body::Stream(stream(500_000_000, io::repeat(b'x'))),
        timeout: Duration::from_millis(500),
        ..post(&server.origin, "")
    };
    let error = place.refused(request).await;
    begun.notified().await;
    let host = server.address;
    let expected = format!("{host} didn't take all that was sent to it within 500 milliseconds.");
    assert_eq!(error.message, expected);
    assert!(!error.may_have_happened);
}
