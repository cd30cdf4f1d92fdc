//! What a status means: which kind of failure it is, whether the request may have been carried out
//! all the same, and when to come back.

use errand_model::{ErrorKind, StepError, Timestamp, WaitsFor};
use jiff::SignedDuration;

use crate::{builtin::http::draft::Draft, ports::net::Answer};

/// Statuses that prove nothing: the request may have been carried out before it failed.
const AMBIGUOUS: [u16; 5] = [500, 502, 504, 520, 524];
/// Somebody else works on it: no use in asking at once.
const LOCKED: SignedDuration = SignedDuration::from_secs(30);

/// The failure that an unwelcome answer stands for. `sentence` names server and status.
pub(super) fn failure(
    answer: &Answer,
    draft: &Draft,
    sentence: String,
    now: Timestamp,
) -> StepError {
    let status = answer.status;
    if status == 401 {
        return signed_out(draft, sentence);
    }
    let (kind, hint) = meaning(answer);
    let error = StepError::new(kind, sentence).hint(hint);
    let error = match come_back(answer, now) {
        Some(time) if kind.is_temporary() => error.not_before(time),
        _ => error,
    };
    let is_overloaded = status == 503 && answer.header("retry-after").is_none();
    match status {
        // The network wants somebody to sign in; the service never saw the request.
        511 => error.waits_for(WaitsFor::Network),
        _ if is_overloaded || AMBIGUOUS.contains(&status) => error.ambiguous(),
        _ => error,
    }
}

/// Nobody was signed in, or not as somebody the service knows.
fn signed_out(draft: &Draft, sentence: String) -> StepError {
    match &draft.signed_in_as {
        Some(name) => {
            let hint =
                format!("Check the connection “{name}”: its secret may be wrong or too old.");
            StepError::new(ErrorKind::Reconnect, sentence).hint(hint)
        }
        None => StepError::new(ErrorKind::Rejected, sentence)
            .hint("The service wants to know who asks: add a connection and use it here."),
    }
}

/// The status in words, ready to follow it.
pub(super) fn word(status: u16) -> &'static str {
    match status {
        400 | 422 => " (not understood)",
        401 => " (not signed in)",
        403 => " (not allowed)",
        404 => " (not found)",
        409 => " (conflict)",
        410 => " (gone)",
        413 => " (too large)",
        429 => " (too many requests)",
        500 => " (fault in the service)",
        502..=504 => " (out of order for now)",
        _ => "",
    }
}

fn meaning(answer: &Answer) -> (ErrorKind, &'static str) {
    match answer.status {
        402 => (
            ErrorKind::Rejected,
            "The service wants to be paid, or your plan has run out.",
        ),
        403 if is_used_up(answer) => (ErrorKind::RateLimited, SLOW),
        403 => (
            ErrorKind::Rejected,
            "The account may not do this. Ask who runs the service.",
        ),
        404 | 410 => (
            ErrorKind::NotFound,
            "Check the address and what is put into it.",
        ),
        405 => (
            ErrorKind::Rejected,
            "The service doesn't take this method at this address.",
        ),
        408 | 421 | 425 | 423 => (ErrorKind::Unreachable, AGAIN),
        409 | 412 | 428 => (
            ErrorKind::Conflict,
            "It was changed meanwhile, or is there already.",
        ),
        413 => (ErrorKind::TooLarge, "Send less at once."),
        400 | 406 | 411 | 414 | 415 | 422 | 431 | 451 => (
            ErrorKind::Rejected,
            "Check what is sent against what the service expects.",
        ),
        429 | 529 => (ErrorKind::RateLimited, SLOW),
        511 => (
            ErrorKind::Unreachable,
            "Sign in to the network you are in, then try again.",
        ),
        501 | 505 => (ErrorKind::Rejected, "The service can't do this."),
        500..=599 => (ErrorKind::Unreachable, AGAIN),
        304 => (
            ErrorKind::Rejected,
            "Nothing has changed. Expect 304 too if that is fine.",
        ),
        300..=399 => (
            ErrorKind::Rejected,
            "The service has moved: use the new address.",
        ),
        _ => (ErrorKind::Rejected, "Check the address and what is sent."),
    }
}

const SLOW: &str = "The service wants fewer requests. Errand waits, then goes on.";
const AGAIN: &str = "Errand tries again by itself where that is safe.";

/// Some services say "forbidden" when they mean "too often".
fn is_used_up(answer: &Answer) -> bool {
    let none_left = ["x-ratelimit-remaining", "ratelimit-remaining"];
    let none_left = none_left
        .iter()
        .any(|name| answer.header(name) == Some("0"));
    none_left || answer.header("retry-after").is_some()
}

/// When to ask again, where the service says so in one way or another.
fn come_back(answer: &Answer, now: Timestamp) -> Option<Timestamp> {
    let locked = || {
        (answer.status == 423)
            .then(|| now.checked_add(LOCKED).ok())
            .flatten()
    };
    answer.pause(now).or_else(locked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::net::AnswerBody;

    struct Nothing;

    #[async_trait::async_trait]
    impl AnswerBody for Nothing {
        async fn chunk(&mut self) -> Result<Option<Vec<u8>>, StepError> {
            Ok(None)
        }
    }

    fn failed(status: u16, headers: &[(&str, &str)]) -> StepError {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let answer = Answer {
            status,
            headers: headers.iter().map(own).collect(),
            url: "https://x.example/".into(),
            body: Box::new(Nothing),
        };
        let url = url::Url::parse("https://x.example/").unwrap();
        let draft = Draft::to(url);
        failure(&answer, &draft, "said".into(), Timestamp::UNIX_EPOCH)
    }

    fn wait(status: u16, headers: &[(&str, &str)]) -> Option<i64> {
        failed(status, headers).not_before.map(Timestamp::as_second)
    }

    #[test]
    fn only_what_proves_nothing_may_have_happened() {
        for status in [500, 502, 503, 504, 520, 524] {
            assert!(failed(status, &[]).may_have_happened, "{status}");
        }
        for status in [
            400, 401, 403, 404, 408, 409, 421, 425, 429, 501, 521, 522, 523,
        ] {
            assert!(!failed(status, &[]).may_have_happened, "{status}");
        }
        assert!(!failed(503, &[("retry-after", "5")]).may_have_happened);
        assert_eq!(failed(511, &[]).waits_for, Some(WaitsFor::Network));
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for status in [408, 421, 423, 425, 429, 500, 502, 503, 504, 521, 522, 529] {
            assert!(failed(status, &[]).kind.is_temporary(), "{status}");
        }
        for status in [
            301, 304, 400, 401, 402, 403, 404, 409, 412, 413, 422, 451, 501, 505,
        ] {
            assert!(!failed(status, &[]).kind.is_temporary(), "{status}");
        }
        let used_up = failed(403, &[("x-ratelimit-remaining", "0")]);
        assert_eq!(used_up.kind, ErrorKind::RateLimited);
    }

    #[test]
    fn the_service_says_when_to_come_back_by_its_own_clock() {
        assert_eq!(wait(429, &[("retry-after", "120")]), Some(120));
        let by_date = [
            ("date", "Tue, 24 Nov 2026 12:00:00 GMT"),
            ("retry-after", "Tue, 24 Nov 2026 12:01:30 GMT"),
        ];
        assert_eq!(wait(503, &by_date), Some(90));
        assert_eq!(wait(429, &[("ratelimit-reset", "30")]), Some(30));
        assert_eq!(
            wait(429, &[("x-ratelimit-reset", "1795608000")]),
            Some(1_795_608_000)
        );
        assert_eq!(wait(423, &[]), Some(30));
        assert_eq!(wait(429, &[("retry-after", "soon")]), None);
        assert_eq!(wait(404, &[("retry-after", "5")]), None);
    }
}
