//! How long a host wants to be left alone. Pure: it is read from the heads of its answers.

use errand_model::Timestamp;
use jiff::{SignedDuration, fmt::rfc2822};

/// The longest pause that follows from used-up quotas alone.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);
/// Pauses after "too many requests" without a word about when.
const SLOWEST: SignedDuration = SignedDuration::from_secs(60);

/// The memory of one host.
#[derive(Debug, Default)]
pub(super) struct Rate {
    until: Option<Timestamp>,
    /// How often in a row it said "too many requests" without saying for how long.
    unexplained: u32,
}

impl Rate {
    /// When the pause ends, if there is one.
    pub(super) fn ask(&self, now: Timestamp) -> Option<Timestamp> {
        self.until.filter(|until| *until > now)
    }

    /// Reads the head of an answer.
    pub(super) fn note<'a>(
        &mut self,
        status: u16,
        header: &impl Fn(&str) -> Option<&'a str>,
        now: Timestamp,
    ) {
        let asked = pause(status, header, now);
        let is_unexplained = matches!(status, 429 | 529) && asked.is_none();
        self.unexplained = match is_unexplained {
            true => self.unexplained.saturating_add(1),
            false => 0,
        };
        let until = match asked {
            None if is_unexplained => Some(now + self.guess()),
            asked => asked,
        };
        // A later answer with room left doesn't shorten what another one asked for.
        self.until = self.until.max(until);
    }

    fn guess(&self) -> SignedDuration {
        let doublings = self.unexplained.saturating_sub(1).min(6);
        SignedDuration::from_secs(1_i64 << doublings).min(SLOWEST)
    }
}

/// When an answer wants to be asked again: a refusal says so in one way or another, any other answer
/// by a quota of which nothing is left.
pub(in crate::ports::net) fn pause<'a>(
    status: u16,
    header: &impl Fn(&str) -> Option<&'a str>,
    now: Timestamp,
) -> Option<Timestamp> {
    let explicit = (status >= 400).then(|| retry_after(header, now)).flatten();
    let is_limit = matches!(status, 429 | 529);
    // A guess from a quota alone shouldn't stop everything for long.
    let longest = if is_limit {
        f64::MAX
    } else {
        LONGEST.as_secs_f64()
    };
    explicit.or_else(|| moment(used_up(header, is_limit)?, longest, now))
}

/// Seconds, or a date by the server's own clock.
fn retry_after<'a>(header: &impl Fn(&str) -> Option<&'a str>, now: Timestamp) -> Option<Timestamp> {
    let text = header("retry-after")?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return seconds_from(now, seconds);
    }
    let date = |text: &str| rfc2822::parse(text).ok().map(|time| time.timestamp());
    let theirs = header("date").and_then(date).unwrap_or(now);
    let wait = date(text)?.duration_since(theirs).max(SignedDuration::ZERO);
    now.checked_add(wait).ok()
}

/// When a quota begins anew, by the headers that services use, if nothing is left of it;
/// `is_limit`: nothing is, whatever they say.
fn used_up<'a>(header: &impl Fn(&str) -> Option<&'a str>, is_limit: bool) -> Option<f64> {
    let one = header("ratelimit").and_then(|text| combined(text, is_limit));
    one.or_else(|| separate(header, is_limit))
}

/// `"default";r=0;t=30`, or the older `limit=10, remaining=0, reset=30`.
fn combined(text: &str, is_limit: bool) -> Option<f64> {
    let value = |names: [&str; 2]| {
        let mut pairs = text.split([';', ',']).filter_map(|it| it.split_once('='));
        let (_, value) = pairs.find(|(name, _)| names.contains(&name.trim()))?;
        value.trim().parse::<f64>().ok()
    };
    let is_empty = is_limit || value(["r", "remaining"])? <= 0.0;
    is_empty.then(|| value(["t", "reset"])).flatten()
}

fn separate<'a>(header: &impl Fn(&str) -> Option<&'a str>, is_limit: bool) -> Option<f64> {
    let families = ["ratelimit", "x-ratelimit", "x-rate-limit"];
    families.iter().find_map(|family| {
        let number = |what: &str| {
            let text = header(&format!("{family}-{what}"))?;
            text.trim().parse::<f64>().ok()
        };
        let is_empty = is_limit || number("remaining")? <= 0.0;
        is_empty.then(|| number("reset")).flatten()
    })
}

/// Seconds from now, or since 1970, or milliseconds since 1970.
fn moment(reset: f64, longest: f64, now: Timestamp) -> Option<Timestamp> {
    let seconds = match reset {
        since if since > 1e12 => since / 1000.0 - now.as_second() as f64,
        since if since > 1e9 => since - now.as_second() as f64,
        seconds => seconds,
    };
    seconds_from(now, seconds.clamp(0.0, longest))
}

fn seconds_from(now: Timestamp, seconds: f64) -> Option<Timestamp> {
    let wait = SignedDuration::try_from_secs_f64(seconds.max(0.0)).ok()?;
    now.checked_add(wait).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_800_000_000)
    }

    fn seconds(status: u16, headers: &[(&str, &str)]) -> Option<i64> {
        let find = |name: &str| {
            headers
                .iter()
                .find(|(known, _)| *known == name)
                .map(|it| it.1)
        };
        let mut rate = Rate::default();
        rate.note(status, &find, now());
        rate.ask(now())
            .map(|until| until.duration_since(now()).as_secs())
    }

    #[test]
    fn a_pause_is_read_in_the_ways_services_ask_for_it() {
        for (status, headers, expected) in [
            (429, &[("retry-after", "120")][..], Some(120)),
            (503, &[("retry-after", "7")], Some(7)),
            (200, &[("retry-after", "7")], None),
            (429, &[("x-ratelimit-reset", "8")], Some(8)),
            (503, &[], None),
            (429, &[], Some(1)),
            (
                429,
                &[
                    ("retry-after", "Fri, 15 Jan 2027 08:10:00 GMT"),
                    ("date", "Fri, 15 Jan 2027 08:09:00 GMT"),
                ],
                Some(60),
            ),
            (
                429,
                &[("retry-after", "Thu, 01 Jan 1970 00:00:00 GMT")],
                None,
            ),
            (
                200,
                &[("ratelimit-remaining", "0"), ("ratelimit-reset", "30")],
                Some(30),
            ),
            (
                200,
                &[("ratelimit-remaining", "1"), ("ratelimit-reset", "30")],
                None,
            ),
            (
                200,
                &[
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "1800000045"),
                ],
                Some(45),
            ),
            (
                403,
                &[
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "1800009999"),
                ],
                Some(3600),
            ),
            (200, &[("ratelimit", "\"default\";r=0;t=12")], Some(12)),
            (200, &[("ratelimit", "\"default\";r=3;t=12")], None),
            (
                200,
                &[("ratelimit", "limit=10, remaining=0, reset=9")],
                Some(9),
            ),
            (429, &[("retry-after", "soon")], Some(1)),
            (429, &[("retry-after", "-5")], None),
            (429, &[("retry-after", "1e300")], Some(1)),
        ] {
            assert_eq!(seconds(status, headers), expected, "{status} {headers:?}");
        }
    }

    #[test]
    fn a_host_that_never_says_how_long_is_asked_ever_more_slowly() {
        let mut rate = Rate::default();
        let nothing = |_: &str| None;
        let mut waits = Vec::new();
        for _ in 0..9 {
            rate.until = None;
            rate.note(429, &nothing, now());
            waits.push(rate.ask(now()).map(|it| it.duration_since(now()).as_secs()));
        }
        let expected = [1, 2, 4, 8, 16, 32, 60, 60, 60].map(Some);
        assert_eq!(waits, expected);
        rate.note(200, &nothing, now());
        assert_eq!(rate.unexplained, 0);
    }

    #[test]
    fn an_answer_with_room_left_does_not_end_a_pause_asked_for_by_another() {
        let mut rate = Rate::default();
        rate.note(
            429,
            &|name: &str| (name == "retry-after").then_some("60"),
            now(),
        );
        rate.note(200, &|_: &str| None, now());
        assert!(rate.ask(now()).is_some());
        assert!(rate.ask(now() + SignedDuration::from_secs(61)).is_none());
    }
}
