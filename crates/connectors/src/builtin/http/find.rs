//! Finds the lists in a real answer, what makes their items themselves, and which of their fields
//! tell the time, for the builder to offer.

use std::collections::BTreeSet;

use errand_model::{Map, Value};

use super::{list, moment};
use crate::poll::FoundList;

/// How deep lists are looked for.
const DEPTH: usize = 6;
/// How many items are looked at.
const LOOKED_AT: usize = 200;
/// How many of each are offered.
const OFFERED: usize = 5;

/// The lists in an answer: those of records first, then the longest, then those nearest the top.
pub(super) fn lists(answer: &Value) -> Vec<FoundList> {
    let mut found = Vec::new();
    search(answer, &mut Vec::new(), &mut found);
    found.sort_by_key(|(depth, holds_records, list)| {
        (!holds_records, std::cmp::Reverse(list.count), *depth)
    });
    found.into_iter().map(|(_, _, list)| list).collect()
}

fn search<'a>(
    value: &'a Value,
    path: &mut Vec<&'a str>,
    found: &mut Vec<(usize, bool, FoundList)>,
) {
    match value {
        Value::Array(items) => {
            let records: Vec<&Map> = items.iter().filter_map(Value::as_object).collect();
            let holds_records = !items.is_empty() && records.len() == items.len();
            let list = FoundList {
                path: path.join("."),
                count: items.len(),
                keys: keys(&records),
                newest: times(&records),
            };
            found.push((path.len(), holds_records, list));
        }
        // A name with a dot in it could not be said in a path.
        Value::Object(record) if path.len() < DEPTH => {
            for (name, value) in record.iter().filter(|(name, _)| !name.contains('.')) {
                path.push(name);
                search(value, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Fields that every item has and no two share.
fn keys(items: &[&Map]) -> Vec<String> {
    let items = &items[..items.len().min(LOOKED_AT)];
    let is_key = |name: &String| {
        let mut seen = BTreeSet::new();
        items.iter().all(|item| {
            let Some(text) = item.get(name).and_then(list::plain) else {
                return false;
            };
            seen.insert(text)
        })
    };
    offer(items, is_key, |name| key_rank(&name.to_lowercase()))
}

fn key_rank(name: &str) -> Option<usize> {
    const LIKELY: [&str; 8] = ["id", "@id", "uuid", "guid", "key", "number", "code", "sku"];
    let exact = LIKELY.iter().position(|likely| *likely == name);
    let alike = || {
        let ends = [
            "_id", "-id", "id", "uuid", "key", "number", "no", "url", "link", "href",
        ];
        let at = ends.iter().position(|end| name.ends_with(end))?;
        Some(LIKELY.len() + at)
    };
    // Times and amounts may happen to differ; they make nothing itself.
    exact.or_else(alike)
}

/// Fields that hold a time in every item.
fn times(items: &[&Map]) -> Vec<String> {
    let items = &items[..items.len().min(LOOKED_AT)];
    let is_time = |name: &String| {
        let time = |item: &&Map| {
            item.get(name)
                .is_some_and(|value| moment::read(value).is_some())
        };
        items.iter().all(time)
    };
    offer(items, is_time, |name| time_rank(&name.to_lowercase()))
}

fn time_rank(name: &str) -> Option<usize> {
    const LIKELY: [&str; 9] = [
        "updated",
        "modified",
        "changed",
        "created",
        "published",
        "pubdate",
        "date",
        "time",
        "_at",
    ];
    LIKELY.iter().position(|likely| name.contains(likely))
}

fn offer(
    items: &[&Map],
    fits: impl Fn(&String) -> bool,
    rank: impl Fn(&str) -> Option<usize>,
) -> Vec<String> {
    let Some(first) = items.first() else {
        return Vec::new();
    };
    let likely = first.keys().filter(|name| !name.contains('.'));
    let likely = likely.filter_map(|name| Some((rank(name)?, name)));
    let mut fitting: Vec<_> = likely.filter(|(_, name)| fits(name)).collect();
    fitting.sort_by_key(|(rank, _)| *rank);
    let names = fitting.into_iter().map(|(_, name)| name.clone());
    names.take(OFFERED).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_list_its_key_and_its_times_are_found_in_a_real_answer() {
        let answer = json!({
            "meta": { "tags": ["a", "b", "c"] },
            "data": { "orders": [
                { "order_id": 7, "id": "x1", "shop": 1, "created_at": "2026-11-01T10:00:00Z", "total": 9.5 },
                { "order_id": 8, "id": "x2", "shop": 1, "created_at": "2026-11-02T10:00:00Z", "total": 3 },
            ] },
        });
        let lists = lists(&answer);
        assert_eq!(lists[0].path, "data.orders");
        assert_eq!(lists[0].count, 2);
        assert_eq!(lists[0].keys, ["id", "order_id"]);
        assert_eq!(lists[0].newest, ["created_at"]);
        assert_eq!(lists[1].path, "meta.tags");
    }

    #[test]
    fn what_is_shared_or_missing_is_no_key() {
        let answer =
            json!([{ "id": 1, "key": "a" }, { "id": 1, "key": "b" }, { "id": 2, "key": "c" }]);
        assert_eq!(lists(&answer)[0].keys, ["key"]);
        let answer = json!([{ "id": 1 }, { "name": "x" }]);
        assert!(lists(&answer)[0].keys.is_empty());
    }
}
