//! Which servers a workflow may speak to: those that its document names, and those of its
//! connections.

use url::{Origin, Url};

/// Servers by scheme, host and port.
#[derive(Debug, Clone, Default)]
pub struct HostGrants(Vec<Origin>);

impl HostGrants {
    /// No server at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// Grants the server of an address as it stands in a document. Data behind `{{` can't move it:
    /// without a `/`, `?` or `#` between host and data nothing is granted.
    pub fn add(&mut self, text: &str) {
        let (literal, is_whole) = match text.split_once("{{") {
            Some((literal, _)) => (literal, false),
            None => (text, true),
        };
        let behind_scheme = literal.split_once("://").map(|(_, rest)| rest);
        let host_ends = behind_scheme.is_some_and(|rest| rest.contains(['/', '?', '#']));
        if let Ok(url) = Url::parse(literal.trim())
            && (is_whole || host_ends)
            && url.has_host()
        {
            self.0.push(url.origin());
        }
    }

    pub(super) fn allow(&self, url: &Url) -> bool {
        self.0.contains(&url.origin())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn allowed(text: &str, url: &str) -> bool {
        let mut grants = HostGrants::none();
        grants.add(text);
        grants.allow(&Url::parse(url).unwrap())
    }

    #[test]
    fn a_literal_server_is_granted_with_all_its_pages() {
        assert!(allowed("https://a.example/x", "https://a.example/y?z"));
        assert!(allowed(
            "https://a.example/{{ trigger.id }}",
            "https://a.example/7"
        ));
        assert!(!allowed("https://a.example/x", "http://a.example/x"));
        assert!(!allowed("https://a.example/x", "https://a.example:8443/x"));
    }

    #[test]
    fn data_can_not_choose_the_server() {
        assert!(!allowed("https://a.example{{ x }}/", "https://a.example/"));
        assert!(!allowed(
            "https://a.example{{ x }}/",
            "https://a.example.evil.test/"
        ));
        assert!(!allowed("{{ trigger.url }}", "https://a.example/"));
        assert!(!allowed("https://{{ x }}/", "https://a.example/"));
    }
}
