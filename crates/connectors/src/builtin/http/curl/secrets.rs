//! Which parts of a command are secrets, and which connection takes their place.

/// A secret that was left out.
pub(super) struct Secret {
    /// The connection type that takes its place.
    pub(super) kind: &'static str,
    /// What the person should know.
    pub(super) note: String,
}

impl Secret {
    fn of(kind: &'static str, what: &str, named: &str) -> Self {
        let note = format!(
            "{what} was left out, for secrets don't stand in a workflow. Add a connection of the \
             kind “{named}” and use it here."
        );
        Self { kind, note }
    }

    pub(super) fn basic(user: &str) -> Self {
        let user = user.split(':').next().unwrap_or_default();
        let what = format!("The password of “{user}”");
        Self::of("basic", &what, "User name and password")
    }

    pub(super) fn bearer() -> Self {
        Self::of("bearer", "The token", "Bearer token")
    }

    pub(super) fn header(name: &str) -> Self {
        Self::of("header", &format!("The header “{name}”"), "Secret header")
    }

    pub(super) fn parameter(name: &str) -> Self {
        let what = format!("“{name}” in the address");
        Self::of("api_key", &what, "API key")
    }

    pub(super) fn certificate() -> Self {
        Self::of(
            "client_certificate",
            "The certificate",
            "Client certificate",
        )
    }

    /// What signs in by a header.
    pub(super) fn of_header(name: &str, value: &str) -> Self {
        let scheme = value.split_whitespace().next().unwrap_or_default();
        let is_standard = name.eq_ignore_ascii_case("authorization");
        match scheme.to_ascii_lowercase().as_str() {
            "bearer" if is_standard => Self::bearer(),
            "basic" if is_standard => Self::of("basic", "The password", "User name and password"),
            _ if is_standard || name.eq_ignore_ascii_case("cookie") => Self::header(name),
            _ => Self::of("api_key", &format!("The header “{name}”"), "API key"),
        }
    }
}

/// Whether a header of that name signs in.
pub(super) fn is_secret_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let telling = [
        "authorization",
        "cookie",
        "api-key",
        "apikey",
        "token",
        "secret",
        "password",
    ];
    telling.iter().any(|word| name.contains(word))
}

/// Whether a parameter of that name signs in.
pub(super) fn is_secret_parameter(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let telling = ["api_key", "apikey", "token", "secret", "password"];
    let pages = [
        "page_token",
        "next_token",
        "pagetoken",
        "nexttoken",
        "continuation_token",
    ];
    (telling.iter().any(|word| name.contains(word)) || name == "key" || name == "appid")
        && !pages.contains(&name.as_str())
}
