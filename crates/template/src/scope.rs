//! What expressions can refer to: the values, the time and the time zone, all handed in.

use std::fmt;

use errand_model::{Map, Timestamp, Value, suggest::closest};
use jiff::tz::TimeZone;
use minijinja::value::{Object, Serde};

use crate::{
    Error,
    expression::{Failure, Reference, Segment, shorten},
    moment,
};

/// The values in scope: `trigger`, `steps`, `workflow`, `run`, a loop's names, and `now`.
#[derive(Debug, Clone)]
pub struct Scope {
    root: Map,
    context: minijinja::Value,
    zone: TimeZone,
}

/// The time zone, where filters find it.
#[derive(Debug)]
pub(crate) struct Zone(pub(crate) TimeZone);

impl Object for Zone {}

/// Raised by the guard around a reference that leads nowhere: which one.
#[derive(Debug)]
pub(crate) struct Missing(pub(crate) usize);

impl fmt::Display for Missing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value is missing")
    }
}

impl std::error::Error for Missing {}

impl Scope {
    /// These values at this time, in the computer's time zone.
    pub fn new(root: Map, now: Timestamp) -> Self {
        Self::in_zone(root, now, TimeZone::system())
    }

    /// These values at this time, in a given time zone.
    pub fn in_zone(mut root: Map, now: Timestamp, zone: TimeZone) -> Self {
        root.insert(
            "now".to_owned(),
            Value::String(moment::text(&now.to_zoned(zone.clone()))),
        );
        let held = minijinja::Value::from_object(Zone(zone.clone()));
        let names = root
            .iter()
            .map(|(name, value)| (name.clone(), minijinja::Value::from(Serde(value))));
        let names: Vec<_> = names.collect();
        let all = minijinja::Value::from_pairs(names.iter().cloned());
        let hidden = [("__zone".to_owned(), held), ("__root".to_owned(), all)];
        let context = minijinja::Value::from_pairs(names.into_iter().chain(hidden));
        Self {
            root,
            context,
            zone,
        }
    }

    pub(crate) fn zone(&self) -> TimeZone {
        self.zone.clone()
    }

    pub(crate) fn context(&self) -> &minijinja::Value {
        &self.context
    }

    /// The value a fixed reference leads to, exactly as it is.
    pub(crate) fn find(&self, segments: &[Segment]) -> Option<&Value> {
        let (first, rest) = segments.split_first()?;
        let Segment::Name(name) = first else {
            return None;
        };
        rest.iter().try_fold(self.root.get(name)?, step)
    }

    /// Says what a reference that leads nowhere should perhaps have been.
    pub(crate) fn explain(&self, failure: Failure) -> Error {
        match failure {
            Failure::Missing(reference) => self.missing(&reference),
            Failure::Nothing(text) => {
                Error::new(format!("`{{{{ {} }}}}` gives nothing", shorten(&text)))
                    .hint("add `| default(\"\")` if that may happen")
                    .about(text)
            }
            Failure::Other(error) => error,
        }
    }

    pub(crate) fn missing(&self, reference: &Reference) -> Error {
        let error = Error::new(format!(
            "there is nothing called `{}`",
            shorten(&reference.text)
        ))
        .about(reference.text.clone());
        match self.suggestion(&reference.segments) {
            Some(hint) => error.hint(hint),
            None => error.hint("add `| default(\"\")` if it may be missing"),
        }
    }

    fn suggestion(&self, segments: &[Segment]) -> Option<String> {
        let known = (0..segments.len())
            .take_while(|end| *end == 0 || self.find(&segments[..*end]).is_some())
            .last()?;
        let parent = match known {
            0 => &self.root,
            _ => self.find(&segments[..known])?.as_object()?,
        };
        let Segment::Name(wanted) = segments.get(known)? else {
            return None;
        };
        let before = dotted(&segments[..known]);
        if let Some(meant) = closest(wanted, parent.keys().map(String::as_str)) {
            let mut path = segments.to_vec();
            path[known] = Segment::Name(meant.to_owned());
            return Some(format!("did you mean `{}`?", dotted(&path)));
        }
        if parent.is_empty() {
            return None;
        }
        let names: Vec<&str> = parent.keys().map(String::as_str).take(12).collect();
        let owner = if known == 0 {
            "in scope are".to_owned()
        } else {
            format!("`{before}` has")
        };
        Some(format!("{owner}: {}", names.join(", ")))
    }
}

fn step<'a>(value: &'a Value, segment: &Segment) -> Option<&'a Value> {
    match (value, segment) {
        (Value::Object(map), Segment::Name(name)) => map.get(name),
        (Value::Object(map), Segment::Index(index)) => map.get(&index.to_string()),
        (Value::Array(list), Segment::Index(index)) => {
            let len = i64::try_from(list.len()).ok()?;
            let index = if *index < 0 {
                index.checked_add(len)?
            } else {
                *index
            };
            list.get(usize::try_from(index).ok()?)
        }
        _ => None,
    }
}

/// A way as people write it.
fn dotted(segments: &[Segment]) -> String {
    let mut out = String::new();
    for segment in segments {
        match segment {
            Segment::Name(name)
                if name
                    .chars()
                    .all(|next| next == '_' || next.is_alphanumeric()) =>
            {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(name);
            }
            Segment::Name(name) => out.push_str(&format!("[{}]", Value::from(name.as_str()))),
            Segment::Index(index) => out.push_str(&format!("[{index}]")),
        }
    }
    out
}
