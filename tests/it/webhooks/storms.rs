//! Callers that mean harm or know no better: slow ones, huge ones, broken ones. Others are heard all
//! the same, and soon.

use std::{
    io::Write,
    net::{TcpListener, TcpStream},
    time::{Duration, Instant},
};

use serde_json::json;

use super::{Called, NOTE, caller::Hook, caller::heard};

/// More than there are seats.
const MANY: usize = 100;
/// What an honest caller may have to wait while others storm.
const PATIENCE: Duration = Duration::from_secs(5);

#[track_caller]
fn is_heard(hook: &Hook, name: &str) {
    let start = Instant::now();
    let heard = hook.post(&json!({ "name": name })).unwrap();
    assert_eq!(heard.status, 200, "{name}: {heard:?}");
    assert!(
        start.elapsed() < PATIENCE,
        "{name} waited {:?}",
        start.elapsed()
    );
}

fn begin(hook: &Hook, bytes: &[u8]) -> Option<TcpStream> {
    let mut stream = hook.connect()?;
    stream.write_all(bytes).ok()?;
    Some(stream)
}

fn head(hook: &Hook, length: usize) -> String {
    let Hook { host, path } = hook;
    format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n")
}

#[test]
fn callers_that_are_slow_keep_nobody_out() {
    let called = Called::with(NOTE);
    let hook = &called.hook;
    let half_a_head = format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nX-Slow: ",
        hook.path, hook.host
    );
    let half_a_body = format!("{}{{", head(hook, 1000));
    for slow in ["", &half_a_head, &half_a_body] {
        let mut held: Vec<_> = (0..MANY)
            .filter_map(|_| begin(hook, slow.as_bytes()))
            .collect();
        for _ in 0..5 {
            is_heard(hook, "fast");
            for stream in &mut held {
                let _ = stream.write_all(b"a");
            }
        }
    }
    called.notes(&["fast"; 15]);
}

#[test]
fn long_bodies_are_taken_and_longer_ones_are_not_and_others_are_heard_meanwhile() {
    let called = Called::with(NOTE);
    let hook = &called.hook;
    let filler = "x".repeat(10 * 1024 * 1024 - 30);
    let long = json!({ "name": "long", "filler": filler }).to_string();
    assert!(long.len() <= 10 * 1024 * 1024);
    let begun: Vec<_> = (0..8)
        .filter_map(|_| {
            begin(
                hook,
                format!("{}{}", head(hook, long.len()), &long[..1000]).as_bytes(),
            )
        })
        .collect();
    is_heard(hook, "short");
    let taken = hook.send("POST", &[], &long).unwrap();
    assert_eq!(taken.status, 200, "{}", taken.head);
    let too_long = hook.send("POST", &[], format!("{long}{filler}")).unwrap();
    assert_eq!(too_long.status, 413);
    let unknown = Hook {
        path: "/h/aaaabbbbccccddddeeeeffffgggghhhh".into(),
        ..hook.clone()
    };
    assert!(
        unknown
            .send("POST", &[], &long)
            .is_none_or(|heard| heard.status == 404)
    );
    is_heard(hook, "after");
    drop(begun);
    called.notes(&["short", "long", "after"]);
}

#[test]
fn whoever_floods_one_webhook_is_told_to_slow_down_and_the_other_webhook_goes_on() {
    let called = Called::with(NOTE);
    let other = Hook::enable(&called.workspace, super::ANSWER).1;
    let heard: Vec<_> = (0..150)
        .map(|number| {
            called
                .hook
                .post(&json!({ "name": number.to_string() }))
                .unwrap()
        })
        .collect();
    let refused: Vec<_> = heard.iter().filter(|heard| heard.status == 429).collect();
    assert!(
        !refused.is_empty(),
        "a hundred at once, then twenty a second"
    );
    assert!(
        refused
            .iter()
            .all(|heard| heard.head.contains("retry-after: 1"))
    );
    is_heard(&other, "Ada");
    let taken = heard.iter().filter(|heard| heard.status == 200).count();
    assert!(taken >= 100);
    super::wait_until("what was taken is noted", super::SOON, || {
        called.log().len() == taken
    });
}

#[test]
fn callers_that_wait_for_a_result_keep_nobody_out() {
    let called = Called::with(NOTE);
    // Takes connections and never says anything.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let document = format!(
        r#"
format: 1
name: Answer late
trigger: {{ on: webhook.received, with: {{ reply: "{{{{ steps.ask.status }}}}" }} }}
steps:
  - {{ id: ask, do: http.request, with: {{ url: "http://{}/" }} }}
"#,
        silent.local_addr().unwrap()
    );
    let late = Hook::enable(&called.workspace, &document).1;
    let waiting: Vec<_> = (0..MANY)
        .filter_map(|_| begin(&late, head(&late, 0).as_bytes()))
        .collect();
    is_heard(&called.hook, "real");
    drop(waiting);
    called.notes(&["real"]);
}

#[test]
fn whoever_guesses_addresses_waits_and_nobody_waits_for_them() {
    let called = Called::with(NOTE);
    let guess = Hook {
        path: "/h/aaaabbbbccccddddeeeeffffgggghhhh".into(),
        ..called.hook.clone()
    };
    let began = Instant::now();
    for _ in 0..20 {
        assert_eq!(guess.post(&json!({})).unwrap().status, 404);
    }
    assert!(
        began.elapsed() < Duration::from_secs(1),
        "the first ones may be mistakes"
    );
    let slowed = begin(&guess, head(&guess, 0).as_bytes()).unwrap();
    let began = Instant::now();
    is_heard(&called.hook, "real");
    assert!(
        began.elapsed() < Duration::from_millis(900),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(heard(slowed).unwrap().status, 404);
    assert!(began.elapsed() >= Duration::from_millis(900));
}

#[test]
fn broken_requests_are_refused_and_nothing_else_stops() {
    let called = Called::with(NOTE);
    let hook = &called.hook;
    let Hook { host, path } = hook;
    let long_header = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nX: {}\r\n\r\n",
        "x".repeat(20_000)
    );
    let begin = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\n");
    for broken in [
        "\r\n\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1}\u{2}hello".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "POST\r\n\r\n".to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        format!("{begin}Content-Length: -1\r\n\r\n"),
        format!("{begin}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        format!("{begin}Content-Length: 99999999999999999999\r\n\r\n"),
        format!("{begin}Transfer-Encoding: gzip\r\n\r\n"),
        format!("{begin}Transfer-Encoding: chunked\r\n\r\nZZ\r\n"),
        format!("{begin}Host: other\r\nContent-Length: 0\r\n\r\n"),
        format!("{begin}Bad Header: x\r\n\r\n"),
        format!("{begin}X: a\u{0}b\r\n\r\n"),
        long_header,
        format!("{begin}{}\r\n", "A: b\r\n".repeat(2000)),
    ] {
        let mut stream = hook.connect().unwrap();
        let _ = stream.write_all(broken.as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let heard = heard(stream);
        let refused = heard.as_ref().is_none_or(|heard| heard.status >= 400);
        assert!(refused, "{broken:?}: {heard:?}");
    }
    is_heard(hook, "real");
    called.notes(&["real"]);
    assert_eq!(called.runs().len(), 1);
}
