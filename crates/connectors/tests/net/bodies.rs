use std::io;

use errand_connectors::ports::net::{Body, Part, PartContent, Request};

use crate::{
    place::{Place, get, post, stream},
    server::{Server, Talk, answer, ok},
};

#[tokio::test]
async fn a_stream_arrives_whole_with_its_length_and_no_more_than_was_announced() {
    let server = Server::answering(|_| ok("")).await;
    let place = Place::granting(&[&server.origin]);
    let request = Request {
        body: Body::Stream(stream(300_000, io::repeat(b'y'))),
        ..post(&server.origin, "")
    };
    place.tell(request).await;
    let seen = server.last();
    assert_eq!(seen.header("content-length"), "300000");
    assert_eq!(seen.header("content-type"), "application/x-test");
    assert_eq!(seen.body, vec![b'y'; 300_000]);
}

#[tokio::test]
async fn an_empty_file_and_no_body_at_all_are_two_things() {
    let server = Server::answering(|_| ok("")).await;
    let place = Place::granting(&[&server.origin]);
    let request = Request {
        body: Body::Stream(stream(0, io::empty())),
        ..post(&server.origin, "")
    };
    place.tell(request).await;
    assert_eq!(server.last().header("content-length"), "0");
    assert_eq!(server.last().header("content-type"), "application/x-test");
    let nothing = Request {
        body: Body::Empty,
        ..post(&server.origin, "")
    };
    place.tell(nothing).await;
    assert_eq!(server.last().header("content-length"), "0");
    assert_eq!(server.last().header("content-type"), "");
    place.ask(&server.origin).await;
    assert_eq!(server.last().header("content-length"), "");
}

fn part(name: &str, file_name: Option<&str>, content: PartContent) -> Part {
    Part {
        name: name.into(),
        file_name: file_name.map(str::to_owned),
        content,
    }
}

#[tokio::test]
async fn a_form_with_files_is_written_as_browsers_do_and_names_can_not_break_out() {
    let server = Server::answering(|_| ok("")).await;
    let place = Place::granting(&[&server.origin]);
    let parts = vec![
        part("title", None, PartContent::Text("Größe".into())),
        part(
            "do\"c\r\nX: y",
            Some("ä\".txt"),
            PartContent::Stream(stream(7, &b"content"[..])),
        ),
    ];
    let request = Request {
        body: Body::Parts(parts),
        ..post(&server.origin, "")
    };
    place.tell(request).await;
    let seen = server.last();
    let kind = seen.header("content-type");
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nGröße\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"do%22c%0D%0AX: y\"; \
         filename=\"ä%22.txt\"\r\nContent-Type: application/x-test\r\n\r\ncontent\r\n\
         --{boundary}--\r\n"
    );
    assert_eq!(String::from_utf8(seen.body.clone()).unwrap(), expected);
    assert_eq!(seen.header("content-length"), expected.len().to_string());
}

const GZIPPED: &[u8] = &[
    31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 203, 72, 205, 201, 201, 215, 81, 40, 72, 76, 206, 78, 77, 81,
    40, 207, 47, 202, 73, 1, 0, 72, 239, 46, 204, 19, 0, 0, 0,
];
const BROTLIED: &[u8] = &[
    11, 9, 128, 104, 101, 108, 108, 111, 44, 32, 112, 97, 99, 107, 101, 100, 32, 119, 111, 114,
    108, 100, 3,
];

/// A server that answers with a packed body.
async fn packing(encoding: &'static str, bytes: &'static [u8]) -> Server {
    Server::talking(move |mut talk: Talk| async move {
        talk.hear().await;
        let length = bytes.len();
        let head = format!(
            "HTTP/1.1 200 X\r\ncontent-encoding: {encoding}\r\ncontent-length: {length}\r\n\r\n"
        );
        talk.say(head).await;
        talk.say(bytes).await;
        talk.keep_silent().await;
    })
    .await
}

#[tokio::test]
async fn packed_answers_are_unpacked_and_broken_ones_are_named() {
    for (encoding, bytes) in [("gzip", GZIPPED), ("br", BROTLIED)] {
        let server = packing(encoding, bytes).await;
        let place = Place::granting(&[&server.origin]);
        assert_eq!(
            place.ask(&server.origin).await.1,
            "hello, packed world",
            "{encoding}"
        );
    }
    let server = packing("gzip", b"this is not gzip at all").await;
    let place = Place::granting(&[&server.origin]);
    let mut answer = place.send(get(&server.origin)).await.unwrap();
    let error = answer.bytes(1000).await.unwrap_err();
    let expected = format!(
        "The answer of {} is packed in a way that can't be read.",
        server.address
    );
    assert_eq!(error.message, expected);
}

#[tokio::test]
async fn an_answer_longer_than_wanted_is_not_taken_in() {
    let server = Server::answering(|_| ok(&"x".repeat(100_000))).await;
    let place = Place::granting(&[&server.origin]);
    let mut answer = place.send(get(&server.origin)).await.unwrap();
    assert!(answer.bytes(99_999).await.is_err());
}

#[tokio::test]
async fn answers_keep_their_headers_and_an_unwelcome_status_is_an_answer() {
    let server = Server::answering(|_| answer(418, &[("X-A", "1"), ("x-a", "2")], "tea")).await;
    let place = Place::granting(&[&server.origin]);
    let answer = place.send(get(&server.at("/pot?a=b"))).await.unwrap();
    assert_eq!(answer.status, 418);
    let found: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "x-a")
        .collect();
    assert_eq!(found.len(), 2);
    assert_eq!(answer.url, server.at("/pot?a=b"));
    assert!(server.last().header("user-agent").starts_with("Errand/"));
}

#[tokio::test]
async fn a_server_that_the_workflow_does_not_name_is_never_asked() {
    let server = Server::answering(|_| ok("")).await;
    let place = Place::granting(&["https://other.example"]);
    let error = place.failure(&server.origin).await;
    let expected = format!(
        "{} isn't a server that this workflow names.",
        server.address
    );
    assert_eq!(error.message, expected);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn what_can_not_stand_in_a_request_is_said_before_anything_is_sent() {
    let server = Server::answering(|_| ok("")).await;
    let place = Place::granting(&[&server.origin]);
    let broken = Request {
        headers: vec![("x".into(), "a\r\nevil: yes".into())],
        ..get(&server.origin)
    };
    let error = place.refused(broken).await;
    assert_eq!(
        error.message,
        format!("That can't be sent to {}.", server.address)
    );
    let error = place
        .refused(Request {
            method: "GE T".into(),
            ..get(&server.origin)
        })
        .await;
    assert_eq!(error.message, "“GE T” isn't a method.");
    assert_eq!(server.connections(), 0);
}
