//! Conditions: one expression, or rows under `all` / `any` that screens can edit.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::Value;
use ts_rs::TS;

/// When a step or path applies.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema, TS)]
#[serde(untagged)]
pub enum Condition {
    /// An expression such as `{{ trigger.size > 1000 }}`.
    Expression(String),
    /// Rows.
    Rows(Group),
}

/// Rows that must all, or of which any must, hold. Exactly one of the two is given.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Every entry must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<Vec<Entry>>,
    /// One entry is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub any: Option<Vec<Entry>>,
}

/// A row or a nested group.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema, TS)]
#[serde(untagged)]
pub enum Entry {
    /// One comparison.
    Row(Row),
    /// A nested group.
    Group(Group),
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Left side, usually a reference.
    #[ts(type = "unknown")]
    pub left: Value,
    /// How to compare.
    pub is: Operator,
    /// Right side; not used by `is empty` and the like.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    #[ts(type = "unknown")]
    pub right: Value,
    /// Text compares with regard to case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub match_case: bool,
}

/// How two sides are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Operator {
    #[serde(rename = "equal to")]
    EqualTo,
    #[serde(rename = "not equal to")]
    NotEqualTo,
    Contains,
    #[serde(rename = "does not contain")]
    DoesNotContain,
    #[serde(rename = "starts with")]
    StartsWith,
    #[serde(rename = "ends with")]
    EndsWith,
    Matches,
    #[serde(rename = "is one of")]
    IsOneOf,
    #[serde(rename = "is empty")]
    IsEmpty,
    #[serde(rename = "is not empty")]
    IsNotEmpty,
    #[serde(rename = "greater than")]
    GreaterThan,
    #[serde(rename = "at least")]
    AtLeast,
    #[serde(rename = "less than")]
    LessThan,
    #[serde(rename = "at most")]
    AtMost,
    Before,
    After,
    #[serde(rename = "is true")]
    IsTrue,
    #[serde(rename = "is false")]
    IsFalse,
}

// Read by hand instead of as untagged enums, whose errors would lose the place and the reason.

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ConditionVisitor)
    }
}

struct ConditionVisitor;

impl<'de> de::Visitor<'de> for ConditionVisitor {
    type Value = Condition;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a condition: an expression, or rows under `all` or `any`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Condition, E> {
        Ok(Condition::Expression(text.to_owned()))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Condition, A::Error> {
        Group::deserialize(de::value::MapAccessDeserializer::new(map)).map(Condition::Rows)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupKeys {
    #[serde(default)]
    all: Option<Vec<Entry>>,
    #[serde(default)]
    any: Option<Vec<Entry>>,
}

impl<'de> Deserialize<'de> for Group {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(GroupKeys::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl TryFrom<GroupKeys> for Group {
    type Error = &'static str;

    fn try_from(keys: GroupKeys) -> Result<Self, Self::Error> {
        match (&keys.all, &keys.any) {
            (Some(_), Some(_)) => Err("a condition has either `all` or `any`, not both"),
            (None, None) => Err("a condition needs rows under `all` or `any`"),
            _ => Ok(Self {
                all: keys.all,
                any: keys.any,
            }),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryKeys {
    left: Option<Value>,
    is: Option<Operator>,
    right: Option<Value>,
    match_case: Option<bool>,
    all: Option<Vec<Entry>>,
    any: Option<Vec<Entry>>,
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let keys = EntryKeys::deserialize(deserializer)?;
        if keys.all.is_some() || keys.any.is_some() {
            let row = keys.left.is_some() || keys.is.is_some() || keys.right.is_some();
            if row || keys.match_case.is_some() {
                return Err(de::Error::custom(
                    "a row of a condition is either a comparison or a group, not both",
                ));
            }
            let group = Group::try_from(GroupKeys {
                all: keys.all,
                any: keys.any,
            });
            return group.map(Self::Group).map_err(de::Error::custom);
        }
        Ok(Self::Row(Row {
            left: keys.left.unwrap_or_default(),
            is: keys.is.ok_or_else(|| de::Error::missing_field("is"))?,
            right: keys.right.unwrap_or_default(),
            match_case: keys.match_case.unwrap_or_default(),
        }))
    }
}
