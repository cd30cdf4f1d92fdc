//! Filters for lists (some take texts and records too).

use std::{cmp::Ordering, collections::HashSet};

use minijinja::{
    Environment, Error, Value,
    value::{Kwargs, ValueKind},
};

use super::{field, is_list, items, kind_of, no_more, numbers, option, plain, text, words, wrong};
use crate::{condition::compare, render::as_text};

pub(super) fn add(language: &mut Environment<'static>) {
    language.add_filter("length", length);
    language.add_filter("first", |value: Value| end("first", &value));
    language.add_filter("last", |value: Value| end("last", &value));
    language.add_filter("join", join);
    language.add_filter("sort", sort);
    language.add_filter("unique", unique);
    language.add_filter("reverse", reverse);
    language.add_filter("map", map);
    language.add_filter("filter", filter);
    language.add_filter("limit", |value: Value, most: usize| {
        Ok::<_, Error>(
            items("limit", &value)?
                .into_iter()
                .take(most)
                .collect::<Value>(),
        )
    });
    language.add_filter("sum", sum);
    language.add_filter("min", |value: Value, name: Option<String>| {
        extreme("min", &value, name, Ordering::Less)
    });
    language.add_filter("max", |value: Value, name: Option<String>| {
        extreme("max", &value, name, Ordering::Greater)
    });
    language.add_filter("keys", |value: Value| {
        record("keys", &value).map(|pairs| column(pairs, |(key, _)| key))
    });
    language.add_filter("values", |value: Value| {
        record("values", &value).map(|pairs| column(pairs, |(_, item)| item))
    });
}

fn length(value: Value) -> Result<usize, Error> {
    match value.kind() {
        ValueKind::String => Ok(value.as_str().unwrap_or_default().chars().count()),
        _ => value.len().ok_or_else(|| {
            wrong(format!(
                "`length` needs a text or a list, but this is {}",
                kind_of(&value)
            ))
        }),
    }
}

/// The first or last item of a list, or character of a text; nothing when there is none.
fn end(filter: &str, value: &Value) -> Result<Value, Error> {
    if let Some(text) = value.as_str() {
        let mut all = text.chars();
        let found = if filter == "first" {
            all.next()
        } else {
            all.next_back()
        };
        return Ok(found.map_or(Value::UNDEFINED, |found| Value::from(found.to_string())));
    }
    let mut all = items(filter, value)?;
    Ok(match filter {
        "first" => all.into_iter().next().unwrap_or(Value::UNDEFINED),
        _ => all.pop().unwrap_or(Value::UNDEFINED),
    })
}

fn join(value: Value, separator: Option<Value>) -> Result<String, Error> {
    let separator = separator.map_or(Ok(", ".to_owned()), |separator| words("join", &separator))?;
    let parts: Vec<String> = items("join", &value)?
        .iter()
        .map(|item| words("join", item))
        .collect::<Result<_, _>>()?;
    text::join(&parts, &separator)
}

/// What items are sorted by: numbers before texts, texts without regard to case.
enum Rank {
    Number(f64),
    Text(String),
}

impl Rank {
    fn of(value: &Value) -> Result<Self, Error> {
        match numbers::float("sort", value) {
            Ok(number) => Ok(Self::Number(number)),
            Err(_) => Ok(Self::Text(as_text(&plain(value)?).to_lowercase())),
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(left), Self::Number(right)) => left.total_cmp(right),
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
        }
    }
}

fn by(item: &Value, name: Option<&String>) -> Value {
    name.map_or_else(|| item.clone(), |name| field(item, name))
}

fn sort(value: Value, name: Option<String>, kwargs: Kwargs) -> Result<Value, Error> {
    let name = option(&kwargs, "attribute", name)?;
    let reverse = option::<bool>(&kwargs, "reverse", None)?.unwrap_or_default();
    no_more(&kwargs)?;
    let ranked = items("sort", &value)?
        .into_iter()
        .map(|item| Ok((Rank::of(&by(&item, name.as_ref()))?, item)));
    let mut ranked: Vec<(Rank, Value)> = ranked.collect::<Result<_, Error>>()?;
    ranked.sort_by(|(left, _), (right, _)| {
        if reverse {
            right.order(left)
        } else {
            left.order(right)
        }
    });
    Ok(ranked.into_iter().map(|(_, item)| item).collect())
}

fn unique(value: Value, name: Option<String>, kwargs: Kwargs) -> Result<Value, Error> {
    let name = option(&kwargs, "attribute", name)?;
    no_more(&kwargs)?;
    let mut seen = HashSet::new();
    let mut kept = Vec::new();
    for item in items("unique", &value)? {
        if seen.insert(plain(&by(&item, name.as_ref()))?.to_string()) {
            kept.push(item);
        }
    }
    Ok(kept.into_iter().collect())
}

fn reverse(value: Value) -> Result<Value, Error> {
    Ok(match value.as_str() {
        Some(text) => Value::from(text.chars().rev().collect::<String>()),
        None => items("reverse", &value)?.into_iter().rev().collect(),
    })
}

/// One field of each item; an item without it is an error unless there is a `default`.
fn map(value: Value, name: Option<String>, kwargs: Kwargs) -> Result<Value, Error> {
    let name = option(&kwargs, "attribute", name)?
        .ok_or_else(|| wrong("`map` needs the name of a field: map('name')"))?;
    let instead = option::<Value>(&kwargs, "default", None)?;
    no_more(&kwargs)?;
    let fields = items("map", &value)?.into_iter().map(|item| {
        let found = field(&item, &name);
        match (found.is_undefined(), &instead) {
            (false, _) => Ok(found),
            (true, Some(instead)) => Ok(instead.clone()),
            (true, None) => Err(wrong(format!(
                "an item has no `{name}`; write map('{name}', default='')"
            ))),
        }
    });
    fields
        .collect::<Result<Vec<_>, _>>()
        .map(|fields| fields.into_iter().collect())
}

/// The items whose field is the same as a value, or, without a value, isn't empty, zero or no.
fn filter(
    value: Value,
    name: Option<String>,
    wanted: Option<Value>,
    kwargs: Kwargs,
) -> Result<Value, Error> {
    let name = option(&kwargs, "attribute", name)?;
    let wanted = option(&kwargs, "value", wanted)?;
    no_more(&kwargs)?;
    let wanted = wanted.map(|wanted| plain(&wanted)).transpose()?;
    let mut kept = Vec::new();
    for item in items("filter", &value)? {
        let found = by(&item, name.as_ref());
        let keeps = match &wanted {
            Some(wanted) => compare::equal(&plain(&found)?, wanted, false),
            None => found.is_true(),
        };
        if keeps {
            kept.push(item);
        }
    }
    Ok(kept.into_iter().collect())
}

fn sum(value: Value, name: Option<String>) -> Result<Value, Error> {
    let all = items("sum", &value)?;
    let total = all
        .iter()
        .map(|item| numbers::float("sum", &by(item, name.as_ref())))
        .sum::<Result<f64, _>>()?;
    Ok(numbers::give(total))
}

fn extreme(
    filter: &str,
    value: &Value,
    name: Option<String>,
    wanted: Ordering,
) -> Result<Value, Error> {
    let mut best: Option<(Rank, Value)> = None;
    for item in items(filter, value)? {
        let item = by(&item, name.as_ref());
        let rank = Rank::of(&item)?;
        if best
            .as_ref()
            .is_none_or(|(best, _)| rank.order(best) == wanted)
        {
            best = Some((rank, item));
        }
    }
    Ok(best.map_or(Value::UNDEFINED, |(_, item)| item))
}

fn record(filter: &str, value: &Value) -> Result<Vec<(Value, Value)>, Error> {
    if value.kind() != ValueKind::Map || is_list(value) {
        return Err(wrong(format!(
            "`{filter}` needs a record, but this is {}",
            kind_of(value)
        )));
    }
    value
        .try_iter()?
        .map(|key| Ok((key.clone(), value.get_item(&key)?)))
        .collect()
}

fn column(pairs: Vec<(Value, Value)>, part: fn((Value, Value)) -> Value) -> Value {
    pairs.into_iter().map(part).collect()
}
