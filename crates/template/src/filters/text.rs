//! Filters for text.

use minijinja::{Environment, Error, Value, value::Kwargs};

use super::{no_more, option, plain, words, wrong};
use crate::condition::compare;

pub(super) fn add(language: &mut Environment<'static>) {
    language.add_filter("upper", |value: Value| {
        Ok::<_, Error>(words("upper", &value)?.to_uppercase())
    });
    language.add_filter("lower", |value: Value| {
        Ok::<_, Error>(words("lower", &value)?.to_lowercase())
    });
    language.add_filter("trim", |value: Value| {
        Ok::<_, Error>(words("trim", &value)?.trim().to_owned())
    });
    language.add_filter("title", title);
    language.add_filter("replace", replace);
    language.add_filter("split", split);
    language.add_filter("lines", lines);
    language.add_filter("truncate", truncate);
    language.add_filter("slug", slug);
    language.add_filter("contains", contains);
    language.add_filter("before", before);
    language.add_filter("after", after);
    language.add_filter("text", |value: Value| {
        Ok::<_, Error>(crate::render::as_text(&plain(&value)?))
    });
    language.add_filter("json", |value: Value| {
        Ok::<_, Error>(plain(&value)?.to_string())
    });
}

fn title(value: Value) -> Result<String, Error> {
    let mut begins = true;
    let mut out = String::new();
    for next in words("title", &value)?.chars() {
        match begins {
            true => out.extend(next.to_uppercase()),
            false => out.extend(next.to_lowercase()),
        }
        begins = !next.is_alphanumeric() && next != '\'' && next != '’';
    }
    Ok(out)
}

fn replace(value: Value, old: Value, new: Value) -> Result<String, Error> {
    let (text, old, new) = (
        words("replace", &value)?,
        words("replace", &old)?,
        words("replace", &new)?,
    );
    if old.is_empty() {
        return Err(wrong("`replace` needs a text to look for"));
    }
    let found = text.matches(&old).count();
    if found.saturating_mul(new.len()) > super::LARGEST {
        return Err(wrong("the text would be larger than 4 MB"));
    }
    Ok(text.replace(&old, &new))
}

fn split(value: Value, separator: Option<Value>) -> Result<Vec<String>, Error> {
    let text = words("split", &value)?;
    let Some(separator) = separator else {
        return Ok(text.split_whitespace().map(str::to_owned).collect());
    };
    let separator = words("split", &separator)?;
    if separator.is_empty() {
        return Err(wrong("`split` needs a text to split at"));
    }
    Ok(text.split(&separator).map(str::to_owned).collect())
}

/// The lines that aren't blank.
fn lines(value: Value) -> Result<Vec<String>, Error> {
    Ok(words("lines", &value)?
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(str::to_owned)
        .collect())
}

fn truncate(value: Value, length: Option<usize>, kwargs: Kwargs) -> Result<String, Error> {
    let length = option(&kwargs, "length", length)?.unwrap_or(80);
    let end = option::<String>(&kwargs, "end", None)?.unwrap_or_else(|| "…".to_owned());
    no_more(&kwargs)?;
    let text = words("truncate", &value)?;
    if text.chars().count() <= length {
        return Ok(text);
    }
    let kept: String = text
        .chars()
        .take(length.saturating_sub(end.chars().count()))
        .collect();
    Ok(kept.trim_end().to_owned() + &end)
}

fn slug(value: Value) -> Result<String, Error> {
    let mut out = String::new();
    for next in words("slug", &value)?.to_lowercase().chars() {
        match next {
            'ä' | 'æ' => out.push_str("ae"),
            'ö' | 'œ' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'à'..='å' => out.push('a'),
            'è'..='ë' => out.push('e'),
            'ì'..='ï' => out.push('i'),
            'ò'..='ø' => out.push('o'),
            'ù'..='û' => out.push('u'),
            'ç' => out.push('c'),
            'ñ' => out.push('n'),
            '\'' | '’' => {}
            next if next.is_alphanumeric() => out.push(next),
            _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    Ok(out.trim_end_matches('-').to_owned())
}

fn contains(value: Value, wanted: Value) -> Result<bool, Error> {
    Ok(compare::contains(&plain(&value)?, &plain(&wanted)?, false))
}

/// What stands before the first place of a text; nothing if it isn't there.
fn before(value: Value, mark: Value) -> Result<Value, Error> {
    let text = words("before", &value)?;
    let mark = words("before", &mark)?;
    Ok(text
        .split_once(&mark)
        .map_or(Value::UNDEFINED, |(before, _)| Value::from(before.trim())))
}

/// What stands after the first place of a text; nothing if it isn't there.
fn after(value: Value, mark: Value) -> Result<Value, Error> {
    let text = words("after", &value)?;
    let mark = words("after", &mark)?;
    Ok(text
        .split_once(&mark)
        .map_or(Value::UNDEFINED, |(_, after)| Value::from(after.trim())))
}

pub(super) fn join(parts: &[String], separator: &str) -> Result<String, Error> {
    let size = parts
        .iter()
        .map(|part| part.len() + separator.len())
        .fold(0, usize::saturating_add);
    if size > super::LARGEST {
        return Err(wrong("the text would be larger than 4 MB"));
    }
    Ok(parts.join(separator))
}
