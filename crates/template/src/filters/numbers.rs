//! Filters for numbers.

use minijinja::{Environment, Error, Value, value::ValueKind};

use super::{words, wrong};

pub(super) fn add(language: &mut Environment<'static>) {
    language.add_filter("number", number);
    language.add_filter("round", round);
    language.add_filter("abs", |value: Value| {
        Ok::<_, Error>(give(float("abs", &value)?.abs()))
    });
    language.add_filter("format", format_number);
}

/// A number as a value: whole where it is whole; nothing when it isn't finite.
pub(crate) fn number_value(number: f64) -> Option<serde_json::Value> {
    if number.fract() == 0.0 && number.abs() < 9.0e15 {
        return Some(serde_json::Value::from(number as i64));
    }
    serde_json::Number::from_f64(number).map(serde_json::Value::Number)
}

/// A text that reads as a number with a decimal point: `12`, `-0.5`, `+3`.
pub(crate) fn read_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    text.parse().ok()
}

pub(super) fn give(number: f64) -> Value {
    match number_value(number) {
        Some(serde_json::Value::Number(whole)) if whole.is_i64() => Value::from(whole.as_i64()),
        _ => Value::from(number),
    }
}

/// A number, or a text that reads as one.
pub(super) fn float(filter: &str, value: &Value) -> Result<f64, Error> {
    let read = match value.kind() {
        ValueKind::Number => f64::try_from(value.clone()).ok(),
        ValueKind::String => value.as_str().and_then(read_number),
        _ => None,
    };
    read.ok_or_else(|| {
        let shown = words(filter, value).map_or_else(
            |_| super::kind_of(value).to_owned(),
            |text| format!("“{text}”"),
        );
        wrong(format!(
            "`{filter}` needs a number, but this is {}",
            crate::expression::shorten(&shown)
        ))
    })
}

/// A number from a text such as `1,234.50 $`, or `1.234,50 €` with `number('de')`.
fn number(value: Value, language: Option<String>) -> Result<Value, Error> {
    if value.kind() == ValueKind::Number {
        return Ok(value);
    }
    let text = words("number", &value)?;
    let comma = decimal_comma(language.as_deref())?;
    let cleaned: String = text
        .trim_matches(|next: char| !next.is_ascii_digit() && !matches!(next, '-' | '+'))
        .chars()
        .collect();
    let read = ungrouped(&cleaned, if comma { '.' } else { ',' })
        .map(|plain| {
            if comma {
                plain.replace(',', ".")
            } else {
                plain
            }
        })
        .and_then(|plain| read_number(&plain));
    read.map(give).ok_or_else(|| {
        let hint = if comma {
            ""
        } else {
            "; for a decimal comma write `number('de')`"
        };
        wrong(format!(
            "“{}” isn't a number{hint}",
            crate::expression::shorten(&text)
        ))
    })
}

/// Without the marks between thousands, which must stand before groups of three.
fn ungrouped(text: &str, mark: char) -> Option<String> {
    let text: String = text
        .chars()
        .filter(|next| !matches!(next, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’'))
        .collect();
    let decimal = if mark == ',' { '.' } else { ',' };
    let (whole, fraction) = match text.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text.as_str(), None),
    };
    let mut groups = whole.split(mark);
    let first = groups.next().unwrap_or_default().to_owned();
    let rest: Vec<&str> = groups.collect();
    if rest.iter().any(|group| group.len() != 3)
        || fraction.is_some_and(|digits| digits.contains(mark))
    {
        return None;
    }
    let whole = first + &rest.concat();
    Some(fraction.map_or(whole.clone(), |digits| format!("{whole}{decimal}{digits}")))
}

/// Whether a language writes a decimal comma.
fn decimal_comma(language: Option<&str>) -> Result<bool, Error> {
    match language.unwrap_or("en") {
        "en" | "ch" | "zh" | "ja" | "ko" | "he" | "th" => Ok(false),
        "de" | "at" | "fr" | "es" | "it" | "nl" | "pt" | "pl" | "cs" | "da" | "fi" | "nb"
        | "sv" | "ru" | "tr" | "uk" => Ok(true),
        other => Err(wrong(format!(
            "there is no way of writing numbers called “{other}”; use 'en' or 'de'"
        ))),
    }
}

/// Rounded half away from zero.
fn round(value: Value, places: Option<i32>) -> Result<Value, Error> {
    let factor = 10f64.powi(places.unwrap_or(0).clamp(-15, 15));
    let number = float("round", &value)?;
    let rounded = (number * factor).round() / factor;
    Ok(give(if rounded.is_finite() { rounded } else { number }))
}

/// With marks between thousands: `1,234.50`, or `1.234,50` with `format(2, 'de')`.
fn format_number(
    value: Value,
    places: Option<usize>,
    language: Option<String>,
) -> Result<String, Error> {
    let comma = decimal_comma(language.as_deref())?;
    let number = float("format", &value)?;
    let plain = match places {
        Some(places) => format!("{number:.*}", places.min(15)),
        None => number.to_string(),
    };
    let (sign, digits) = plain
        .strip_prefix('-')
        .map_or(("", plain.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(if comma { '.' } else { ',' });
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push(if comma { ',' } else { '.' });
        out.push_str(fraction);
    }
    Ok(out)
}
