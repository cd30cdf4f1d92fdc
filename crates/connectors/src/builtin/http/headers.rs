//! The headers a person fills in: checked, so that no value from outside can smuggle in another one.

use errand_model::{Map, StepError};

use super::address;

/// Those that follow from the rest of the request.
const OURS: [&str; 6] = [
    "connection",
    "content-length",
    "host",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// The headers in order.
pub(super) fn read(record: &Map) -> Result<Vec<(String, String)>, StepError> {
    let headers = address::pairs(record, "headers")?;
    for (name, value) in &headers {
        check_name(name)?;
        check_value(name, value)?;
    }
    Ok(headers)
}

/// Takes a header out, by its name in lower case.
pub(super) fn take(headers: &mut Vec<(String, String)>, wanted: &str) -> Option<String> {
    let at = headers
        .iter()
        .position(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
    Some(headers.remove(at).1)
}

/// Whether there is one of that name.
pub(super) fn has(headers: &[(String, String)], wanted: &str) -> bool {
    headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case(wanted))
}

fn check_name(name: &str) -> Result<(), StepError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(fits) {
        let message = format!("“{name}” can't be the name of a header.");
        return Err(StepError::bad_input("headers", message)
            .hint("Names are letters, digits and hyphens, such as X-Request-Id."));
    }
    if OURS.contains(&name.to_ascii_lowercase().as_str()) {
        let message = format!("Errand sets the header “{name}” itself.");
        return Err(StepError::bad_input("headers", message).hint("Take it out."));
    }
    Ok(())
}

fn check_value(name: &str, value: &str) -> Result<(), StepError> {
    if value.chars().any(|c| c.is_control() && c != '\t') {
        let message = format!("The header “{name}” contains a line break or a control character.");
        return Err(StepError::bad_input("headers", message)
            .hint("A header is one line. Check the value it takes from an earlier step."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(value: serde_json::Value) -> Result<Vec<(String, String)>, StepError> {
        read(value.as_object().unwrap())
    }

    #[test]
    fn a_value_from_outside_can_not_begin_another_header() {
        for value in ["a\r\nBcc: x", "a\nb", "a\rb", "a\0b"] {
            let error = of(json!({ "X-Note": value })).unwrap_err();
            assert!(error.message.contains("X-Note"), "{error:?}");
        }
        assert!(of(json!({ "X-A\r\nX-B": "1" })).is_err());
        assert!(of(json!({ "Content-Length": "1" })).is_err());
    }

    #[test]
    fn a_list_sends_a_header_several_times() {
        let headers = of(json!({ "X-Tag": ["a", "b"], "X-Count": 3, "X-None": null })).unwrap();
        let read: Vec<_> = headers.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(read, ["a", "b", "3"]);
    }
}
