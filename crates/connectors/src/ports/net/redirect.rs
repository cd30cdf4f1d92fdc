//! Where an answer sends a request on to, and whether it may go there. Pure. To the same server
//! everything goes along; to another one only a question, and without what signs it in.

use errand_model::{ErrorKind, StepError};
use reqwest::Method;
use url::Url;

/// The server as people read it: its name, with the port where it is an unusual one.
pub(crate) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// A redirect that is followed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Redirect {
    pub(super) to: Url,
    pub(super) method: Method,
    /// The body is sent once more.
    pub(super) keeps_body: bool,
    /// It stays at the same server.
    pub(super) is_same: bool,
}

/// What an answer of that status to `method` at `from` asks for; None if it is no redirect.
pub(super) fn of(
    status: u16,
    location: Option<&str>,
    method: &Method,
    from: &Url,
) -> Result<Option<Redirect>, StepError> {
    let Some(to) = location.and_then(|location| target(status, location, from)) else {
        return Ok(None);
    };
    let keeps_method = matches!(status, 307 | 308);
    // By 301 and 302 some servers mean "do it there", others "it is done, look there".
    if matches!(status, 301 | 302) && !is_question(method) {
        return Err(moved(from, &to));
    }
    let method = match keeps_method || is_question(method) {
        true => method.clone(),
        false => Method::GET,
    };
    let is_same = to.origin() == from.origin();
    let is_less_secure = from.scheme() == "https" && to.scheme() != "https";
    if !is_same && (!is_question(&method) || is_less_secure) {
        return Err(moved(from, &to));
    }
    let keeps_body = keeps_method;
    Ok(Some(Redirect {
        to,
        method,
        keeps_body,
        is_same,
    }))
}

fn target(status: u16, location: &str, from: &Url) -> Option<Url> {
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let mut to = from.join(location).ok()?;
    // Nobody else says how this signs in.
    to.set_username("").ok()?;
    to.set_password(None).ok()?;
    (matches!(to.scheme(), "http" | "https") && to.has_host()).then_some(to)
}

/// Whether a method only asks.
pub(super) fn is_question(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Whether a header may go along to another server.
pub(super) fn may_go_along(name: &str) -> bool {
    const HARMLESS: [&str; 4] = ["accept", "accept-language", "range", "user-agent"];
    HARMLESS
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// It isn't followed.
pub(super) fn moved(from: &Url, to: &Url) -> StepError {
    let place = match from.origin() == to.origin() {
        true => to.path().to_owned(),
        false => format!("{}://{}", to.scheme(), host(to)),
    };
    let message = format!("{} sends this on to {place}.", host(from));
    StepError::new(ErrorKind::Rejected, message)
        .hint("If that is right, write the new address into the step.")
}

/// It never ends.
pub(super) fn circles(host: &str) -> StepError {
    StepError::new(
        ErrorKind::Rejected,
        format!("{host} sends this on again and again."),
    )
    .hint("Check the address; perhaps the service wants you to be signed in.")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    const FROM: &str = "https://a.example/x/y?z";

    fn follow(status: u16, method: &str, location: &str) -> Option<String> {
        let (from, method) = (FROM.parse().unwrap(), method.parse().unwrap());
        match of(status, Some(location), &method, &from) {
            Ok(None) => Some("stays".into()),
            Err(_) => None,
            Ok(Some(to)) => {
                let body = if to.keeps_body { " with body" } else { "" };
                let same = if to.is_same { "" } else { " elsewhere" };
                Some(format!("{} {}{body}{same}", to.method, to.to))
            }
        }
    }

    #[test]
    fn a_redirect_is_followed_as_its_status_and_the_method_allow() {
        for (status, method, location, expected) in [
            (301, "GET", "/b", Some("GET https://a.example/b")),
            (302, "HEAD", "b", Some("HEAD https://a.example/x/b")),
            (303, "POST", "/b", Some("GET https://a.example/b")),
            (301, "POST", "/b", None),
            (302, "PUT", "/b", None),
            (
                307,
                "POST",
                "/b",
                Some("POST https://a.example/b with body"),
            ),
            (
                308,
                "DELETE",
                "/b",
                Some("DELETE https://a.example/b with body"),
            ),
            (307, "POST", "https://b.example/", None),
            (
                307,
                "GET",
                "https://b.example/",
                Some("GET https://b.example/ with body elsewhere"),
            ),
            (
                303,
                "POST",
                "https://b.example/",
                Some("GET https://b.example/ elsewhere"),
            ),
            (
                302,
                "GET",
                "https://a.example:8443/",
                Some("GET https://a.example:8443/ elsewhere"),
            ),
            (302, "GET", "http://a.example/", None),
            (
                302,
                "GET",
                "//b.example/c",
                Some("GET https://b.example/c elsewhere"),
            ),
            (
                302,
                "GET",
                "https://u:p@b.example/",
                Some("GET https://b.example/ elsewhere"),
            ),
            (302, "GET", "file:///etc/passwd", Some("stays")),
            (302, "GET", "javascript:alert(1)", Some("stays")),
            (304, "GET", "/b", Some("stays")),
            (200, "GET", "/b", Some("stays")),
        ] {
            let followed = follow(status, method, location);
            assert_eq!(
                followed.as_deref(),
                expected,
                "{status} {method} {location}"
            );
        }
    }

    #[test]
    fn only_harmless_headers_go_along() {
        assert!(may_go_along("Accept"));
        for name in [
            "authorization",
            "Cookie",
            "X-Api-Key",
            "content-type",
            "host",
        ] {
            assert!(!may_go_along(name), "{name}");
        }
    }
}
