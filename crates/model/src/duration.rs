//! Lengths of time as people write them in documents: `15m`, `2h`, `3d`.

use jiff::SignedDuration;

/// Reads a positive length of time; a day is 24 hours.
pub fn duration(text: &str) -> Option<SignedDuration> {
    let span: jiff::Span = text.trim().parse().ok()?;
    let relative = jiff::SpanRelativeTo::days_are_24_hours();
    span.to_duration(relative)
        .ok()
        .filter(|duration| duration.is_positive())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_write_them() {
        assert_eq!(duration("2d"), Some(SignedDuration::from_hours(48)));
        assert_eq!(duration("90 m"), Some(SignedDuration::from_mins(90)));
        assert_eq!(duration("soon"), None);
    }
}
