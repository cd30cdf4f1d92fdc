//! Random documents survive YAML and JSON; random texts never make the reader panic.

use errand_model::{
    Map, Value, Workflow,
    document::{locate, parse, to_yaml},
};
use proptest::prelude::*;
use serde_json::json;

/// Texts that YAML is known to stumble over, and any others.
fn text() -> BoxedStrategy<String> {
    prop_oneof![
        3 => "[a-z ~:#*&!|>'\"{}%@`,?\\[\\]-]{0,12}",
        2 => "\\PC{0,40}",
        1 => "[ \t\r\nab:#]{0,30}",
        1 => "-?[0-9+._eEx]{1,8}",
        1 => prop::sample::select(vec!["on", "yes", "null", "~", "true", "1_000", "0x1F", "0o7", "007", "+49", ".inf", "<<", "=", "1e3", "---", "- a", "a: b", "2026-11-24", "\u{feff}", "\u{85}", "\u{2028}"]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "(line [a-z]{0,90}\n){1,4}",
    ]
    .boxed()
}

fn value() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map>())),
        ]
    })
    .boxed()
}

fn map() -> BoxedStrategy<Map> {
    prop::collection::vec((text(), value()), 1..4)
        .prop_map(|pairs| pairs.into_iter().collect())
        .boxed()
}

fn condition() -> BoxedStrategy<Value> {
    prop_oneof![
        text().prop_map(Value::from),
        (value(), text()).prop_map(|(left, right)| json!({ "all": [{ "left": left, "is": "contains", "right": right }, { "any": [] }] })),
    ]
    .boxed()
}

/// What a step does, as its keys.
fn doing(inner: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let steps = prop::collection::vec(inner, 0..3).boxed();
    prop_oneof![
        (text(), map()).prop_map(|(action, with)| json!({ "do": action, "with": with })),
        condition().prop_map(|condition| json!({ "only_if": condition })),
        (text(), condition(), steps.clone()).prop_map(|(name, when, steps)| json!({ "choose": [{ "name": name, "when": when, "steps": steps }], "every_match": true })),
        (text(), steps).prop_map(|(list, steps)| json!({ "for_each": list, "as": "item", "at_once": 3, "steps": steps })),
        (text(), map()).prop_map(|(question, fields)| json!({ "ask": { "question": question, "answers": [question], "fields": fields } })),
        map().prop_map(|values| json!({ "set": values })),
        text().prop_map(|reason| json!({ "stop": { "reason": reason, "as": "failed" } })),
        (text(), condition()).prop_map(|(every, condition)| json!({ "wait_for": { "condition": condition, "every": every } })),
    ]
    .boxed()
}

fn step() -> BoxedStrategy<Value> {
    let leaf = text()
        .prop_map(|wait| json!({ "id": "w", "wait": wait }))
        .boxed();
    leaf.prop_recursive(2, 8, 3, |inner| {
        (text(), doing(inner)).prop_map(|(id, keys)| {
            let mut step = json!({ "id": id, "on_error": "continue" });
            if let (Value::Object(step), Value::Object(keys)) = (&mut step, keys) {
                step.extend(keys);
            }
            step
        })
    })
    .boxed()
}

fn workflow() -> impl Strategy<Value = Workflow> {
    (text(), text(), map(), prop::collection::vec(step(), 0..4)).prop_map(|(name, about, with, steps)| {
        let document = json!({ "format": 1, "name": name, "about": about, "trigger": { "on": "a.b", "with": with }, "steps": steps, "samples": [{ "event": with }] });
        serde_json::from_value(document).expect("a well-formed document")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn yaml_and_json_lose_nothing(workflow in workflow()) {
        let yaml = to_yaml(&workflow);
        let read = parse(&yaml).map_err(|error| TestCaseError::fail(format!("{error:?}\n{yaml}")))?;
        prop_assert_eq!(&read, &workflow, "{}", yaml);
        let json = serde_json::to_string(&read).expect("plain data");
        prop_assert_eq!(parse(&json).map_err(|error| TestCaseError::fail(format!("{error:?}\n{json}")))?, workflow);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "(format: 1\n|name: |steps:|- |  |[a-z]{1,4}|: |[{}\\[\\],'\"&*!|>#%-]|\n|\\PC){0,60}") {
        let _ = parse(&text);
        let _ = locate(&text, "steps.a.b");
    }
}
