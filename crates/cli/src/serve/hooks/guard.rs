//! Who may call: not those who think that this computer has another name, and no page in a browser
//! unless the person wants it. Pure.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, Method, Uri, header};

/// Whether the request is for this computer by one of its own names. A name that somebody else
/// controls could be made to lead here.
pub(super) fn is_for(here: SocketAddr, headers: &HeaderMap, uri: &Uri) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let is_ours = |host: &str| {
        names(here)
            .iter()
            .any(|name| name.eq_ignore_ascii_case(host))
    };
    host.to_str().is_ok_and(is_ours) && uri.authority().is_none_or(|it| is_ours(it.as_str()))
}

fn names(here: SocketAddr) -> Vec<String> {
    let port = here.port();
    let mut names = vec![here.to_string()];
    if matches!(here.ip(), IpAddr::V4(ip) if ip.is_loopback()) {
        names.push(format!("localhost:{port}"));
    }
    names
}

/// Whether a page in a browser made the request, going by what no page can leave out.
pub(super) fn is_from_page(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(|site| site.as_bytes());
    headers.contains_key(header::ORIGIN) || site.is_some_and(|site| site != b"none")
}

/// Methods that ask about an address instead of calling it.
pub(super) fn is_call(method: &Method) -> bool {
    !matches!(
        *method,
        Method::OPTIONS | Method::HEAD | Method::TRACE | Method::CONNECT
    )
}

/// Token and rest of `/h/TOKEN/more/path`.
pub(super) fn parts(path: &str) -> Option<(&str, &str)> {
    let path = path.strip_prefix("/h/")?;
    let token = path.split('/').next().unwrap_or_default();
    Some((token, path.strip_prefix(token).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn with(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(
            header::HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )])
    }

    #[test]
    fn only_names_that_nobody_else_controls_lead_here() {
        let here = SocketAddr::from(([127, 0, 0, 1], 4567));
        let uri = Uri::from_static("/h/x");
        for (host, expected) in [
            ("127.0.0.1:4567", true),
            ("localhost:4567", true),
            ("LOCALHOST:4567", true),
            ("localhost", false),
            ("localhost.:4567", false),
            ("127.0.0.1:80", false),
            ("0.0.0.0:4567", false),
            ("[::1]:4567", false),
            ("evil.test:4567", false),
            ("", false),
        ] {
            assert_eq!(is_for(here, &with("host", host), &uri), expected, "{host}");
        }
        assert!(!is_for(here, &HeaderMap::new(), &uri));
        let other = Uri::from_static("http://evil.test/h/x");
        assert!(!is_for(here, &with("host", "127.0.0.1:4567"), &other));
        let lan = SocketAddr::from(([192, 168, 1, 5], 4567));
        assert!(is_for(lan, &with("host", "192.168.1.5:4567"), &uri));
        assert!(!is_for(lan, &with("host", "localhost:4567"), &uri));
    }

    #[test]
    fn pages_are_known_by_what_they_cannot_leave_out() {
        assert!(is_from_page(&with("origin", "null")));
        assert!(is_from_page(&with("sec-fetch-site", "cross-site")));
        assert!(is_from_page(&with("sec-fetch-site", "same-site")));
        assert!(
            !is_from_page(&with("sec-fetch-site", "none")),
            "typed by a person"
        );
        assert!(!is_from_page(&with("user-agent", "curl")));
    }

    #[test]
    fn the_path_behind_the_address_is_kept() {
        assert_eq!(parts("/h/abc"), Some(("abc", "")));
        assert_eq!(parts("/h/abc/orders/1"), Some(("abc", "/orders/1")));
        assert_eq!(parts("/h/"), Some(("", "")));
        assert_eq!(parts("/other"), None);
    }
}
