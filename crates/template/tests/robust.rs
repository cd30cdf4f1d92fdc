//! No text makes rendering panic, run on, or give more than it may.

use errand_template::{Scope, check, references, render};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value, json};

fn scope() -> Scope {
    let root = json!({
        "trigger": { "path": "/a/b", "size": 3, "list": [1, "two", null, { "a": [] }], "big": u64::MAX, "text": "x".repeat(2000), "when": "2026-01-01T00:00:00Z" },
        "steps": { "a": { "b": -1.5e300 } },
    });
    let Value::Object(root) = root else {
        panic!("a record")
    };
    Scope::in_zone(
        root,
        "2026-11-24T21:03:59Z".parse().expect("a time"),
        TimeZone::UTC,
    )
}

/// Words of the language in any order.
fn expression() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => prop::sample::select(vec!["trigger", "steps", "now", "trigger.list", "trigger.text", "trigger.big", "steps.a.b", "trigger.when", ".a", "[0]", "[-1]", "[1:]", "['b']"]).prop_map(str::to_owned),
        3 => prop::sample::select(vec!["+", "-", "*", "/", "//", "%", "**", "~", "==", "<", ">=", " and ", " or ", " not ", " in ", " is ", " if ", " else ", "(", ")", "[", "]", "{", "}", ",", ":", "=", "|", "."]).prop_map(str::to_owned),
        3 => prop::sample::select(vec!["|upper", "|first", "|join('x')", "|replace('x', 'yyyyyyyy')", "|replace('','')", "|split", "|split('')", "|truncate(3)", "|slug", "|number", "|number('de')", "|round(99)", "|format(9)", "|date('%Y')", "|date('%')", "|date('%999d')", "|plus(99999999999)", "|minus(months=-5)", "|parse('%d')", "|sort", "|unique", "|map('a')", "|filter('a', 1)", "|limit(2)", "|keys", "|sum", "|max", "|json", "|text", "|lines", "|length", "|default(1)", "|title", "|before('x')", " is defined", " is even", "|__must(0)"]).prop_map(str::to_owned),
        2 => prop::sample::select(vec!["1", "0", "-1", "1e308", "9223372036854775807", "170141183460469231731687303715884105727", "'a'", "\"\\u0000\"", "'ä'", "''", "true", "none", "range(5)", "range(99999)", "range(", "1_000"]).prop_map(str::to_owned),
        1 => "\\PC",
    ];
    prop::collection::vec(word, 0..14).prop_map(|words| words.concat())
}

fn sound(text: &str) -> Result<(), TestCaseError> {
    let value = Value::from(text);
    let _ = check(&value);
    let _ = references(&value);
    if let Ok(rendered) = render(&value, &scope()) {
        // One megabyte of content; as JSON its escapes and brackets come on top.
        prop_assert!(rendered.to_string().len() <= 8 * 1024 * 1024);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn expressions_never_panic(expression in expression()) {
        sound(&format!("{{{{ {expression} }}}}"))?;
        sound(&format!("a {{{{{expression}}}}} b"))?;
    }

    #[test]
    fn texts_never_panic(text in "(\\{\\{|\\}\\}|\\{%|[{}'\"\\\\.|()\\[\\]]|trigger|\\PC| ){0,40}") {
        sound(&text)?;
    }
}

#[test]
fn what_would_grow_without_end_is_stopped() {
    let nested = format!("{{{{ {}1{} }}}}", "(".repeat(5000), ")".repeat(5000));
    let power = format!("{{{{ {}0 }}}}", "2 ** ".repeat(2000));
    let blow_up = format!(
        "{{{{ 'xx'{} }}}}",
        "|replace('x', 'xxxxxxxxxxxxxxxx')".repeat(20)
    );
    let sums = format!("{{{{ trigger.text{} }}}}", " ~ trigger.text".repeat(900));
    let not = format!("{{{{ {}1 }}}}", "not ".repeat(4000));
    let minus = format!("{{{{ {}1 }}}}", "-".repeat(4000));
    let ifs = format!("{{{{ {}1 }}}}", "1 if 0 else ".repeat(1500));
    let ands = format!("{{{{ 1{} }}}}", " and 1".repeat(3000));
    let filters = format!("{{{{ 'a'{} }}}}", "|upper".repeat(3000));
    let subscripts = format!("{{{{ trigger{} }}}}", ".a".repeat(9000));
    for text in [
        nested, power, blow_up, sums, not, minus, ifs, ands, filters, subscripts,
    ] {
        let start: String = text.chars().take(40).collect();
        if let Ok(rendered) = render(&Value::from(text), &scope()) {
            assert!(rendered.to_string().len() <= 2 * 1024 * 1024, "{start}");
        }
    }
    for filter in [
        "json",
        "unique",
        "sort",
        "max",
        "filter('a', 1)",
        "contains(1)",
        "text",
        "length",
        "reverse",
        "join",
    ] {
        let endless = format!(
            "{{{{ [[1] * 4000000000] | {filter} }}}} {{{{ [1] * 4000000000 | {filter} }}}}"
        );
        let _ = render(&Value::from(endless), &scope());
        let _ = render(
            &Value::from(format!("{{{{ ([1] * 4000000000) | {filter} }}}}")),
            &scope(),
        );
    }
    for text in [
        "{{ [1] * 4000000000 ~ 'a' }}",
        "{{ [1] * 4000000000 == [1] * 4000000000 }}",
        "{{ 2 in [1] * 4000000000 }}",
    ] {
        let _ = render(&Value::from(text), &scope());
    }
    let mut deep = json!("{{ 1 }}");
    for _ in 0..110 {
        deep = json!([deep]);
    }
    assert!(render(&deep, &scope()).is_err());
}

#[test]
fn references_are_listed_once_and_as_far_as_they_are_known() {
    let value = json!({
        "a": "{{ steps.content.text }} {{ trigger.path | default(steps.x.y) }}",
        "b": ["{{ steps.content.text }}", { "c": "{{ trigger.rows[loop.index].name if now is defined else 'z' }}" }],
        "d": "{{ broken", "e": "{{ range(trigger.size) }} {{ {'k': run.id} }}",
    });
    let found: Vec<String> = references(&value)
        .into_iter()
        .map(|way| way.join("/"))
        .collect();
    assert_eq!(
        found,
        [
            "steps/content/text",
            "trigger/path",
            "steps/x/y",
            "loop/index",
            "trigger/rows",
            "now",
            "trigger/size",
            "run/id"
        ]
    );
    assert_eq!(check(&value).len(), 1);
}
