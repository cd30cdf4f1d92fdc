//! Conditions: every operator, and how two sides compare.

use errand_model::Condition;
use errand_template::{Scope, check_condition, condition_references, holds};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

fn scope() -> Scope {
    let root = json!({ "trigger": { "name": "Invoice.PDF", "size": 10, "on": "2026-03-01T10:00:00Z", "empty": "", "tags": ["Red", "5"], "yes": true } });
    let Value::Object(root) = root else {
        panic!("a record")
    };
    Scope::in_zone(
        root,
        "2026-11-24T21:03:59Z".parse().expect("a time"),
        TimeZone::UTC,
    )
}

fn condition(value: Value) -> Condition {
    serde_json::from_value(value).expect("a condition")
}

fn row(left: &str, is: &str, right: Value) -> Result<bool, String> {
    let condition = condition(json!({ "all": [{ "left": left, "is": is, "right": right }] }));
    holds(&condition, &scope()).map_err(|error| error.to_string())
}

#[test]
fn every_operator_compares_as_described() {
    let rows: &[(&str, &str, Value, bool)] = &[
        ("{{ trigger.name }}", "equal to", json!("invoice.pdf"), true),
        (
            "{{ trigger.name }}",
            "not equal to",
            json!("invoice.pdf"),
            false,
        ),
        ("5", "equal to", json!(5), true),
        ("5.0", "equal to", json!("5"), true),
        ("-0", "equal to", json!("0.0"), true),
        (
            "12345678901234567890",
            "equal to",
            json!("12345678901234567891"),
            false,
        ),
        ("5 ", "equal to", json!("five"), false),
        ("{{ trigger.name }}", "contains", json!("VOICE"), true),
        ("{{ trigger.tags }}", "contains", json!("red"), true),
        ("{{ trigger.tags }}", "contains", json!(5), true),
        (
            "{{ trigger.tags }}",
            "does not contain",
            json!("blue"),
            true,
        ),
        ("{{ trigger.name }}", "starts with", json!("inv"), true),
        ("{{ trigger.name }}", "ends with", json!(".pdf"), true),
        (
            "{{ trigger.name }}",
            "matches",
            json!("^inv.*\\.pdf$"),
            true,
        ),
        (
            "{{ trigger.name }}",
            "is one of",
            json!(["a", "invoice.pdf"]),
            true,
        ),
        (
            "{{ trigger.name }}",
            "is one of",
            json!("a, invoice.pdf"),
            true,
        ),
        ("{{ trigger.empty }}", "is empty", json!(null), true),
        ("{{ trigger.gone }}", "is empty", json!(null), true),
        ("{{ trigger.gone }}", "is not empty", json!(null), false),
        ("{{ trigger.size }}", "greater than", json!("9"), true),
        ("{{ trigger.size }}", "at least", json!(10), true),
        ("{{ trigger.size }}", "less than", json!(10), false),
        ("{{ trigger.size }}", "at most", json!(10), true),
        ("{{ trigger.on }}", "before", json!("2026-03-02"), true),
        (
            "{{ trigger.on }}",
            "after",
            json!("2026-03-01 11:00:00+02:00"),
            true,
        ),
        ("{{ now }}", "after", json!("{{ trigger.on }}"), true),
        ("{{ trigger.yes }}", "is true", json!(null), true),
        ("no", "is false", json!(null), true),
        ("banana", "is true", json!(null), false),
    ];
    for (left, is, right, wanted) in rows {
        assert_eq!(
            row(left, is, right.clone()),
            Ok(*wanted),
            "{left} {is} {right}"
        );
    }
}

#[test]
fn case_matters_only_where_the_row_says_so() {
    let strict = condition(
        json!({ "all": [{ "left": "{{ trigger.name }}", "is": "contains", "right": "pdf", "match_case": true }] }),
    );
    assert_eq!(holds(&strict, &scope()), Ok(false));
}

#[test]
fn groups_nest() {
    let row =
        |right: &str| json!({ "left": "{{ trigger.name }}", "is": "contains", "right": right });
    let nested = |inner: Value| condition(json!({ "all": [row("inv"), { "any": inner }] }));
    assert_eq!(
        holds(&nested(json!([row("x"), row("pdf")])), &scope()),
        Ok(true)
    );
    assert_eq!(
        holds(&nested(json!([row("x"), row("y")])), &scope()),
        Ok(false)
    );
    assert_eq!(holds(&nested(json!([])), &scope()), Ok(false));
}

#[test]
fn expressions_hold_when_they_say_yes() {
    for (text, wanted) in [
        ("{{ trigger.size > 5 }}", true),
        ("{{ trigger.empty }}", false),
        ("{{ 'no' }}", false),
        (" {{ trigger.tags }} ", true),
    ] {
        assert_eq!(
            holds(&condition(json!(text)), &scope()),
            Ok(wanted),
            "{text}"
        );
    }
}

#[test]
fn what_cannot_be_compared_is_said() {
    let refusal = |left, is, right| row(left, is, right).unwrap_err();
    assert_eq!(
        refusal("1,5", "greater than", json!(1)),
        "“1,5” isn't a number; for a decimal comma add `| number('de')`; to compare dates use “before” or “after”"
    );
    assert_eq!(
        refusal("soon", "before", json!("2026-01-01")),
        "“soon” isn't a date; read other forms with `| parse('%d.%m.%Y')`"
    );
    assert_eq!(
        refusal("a", "matches", json!("(")),
        "“(” isn't a pattern (regular expression); to look for a plain text, use “contains”"
    );
    assert_eq!(
        refusal("{{ trigger.nam }}", "contains", json!("x")),
        "there is nothing called `trigger.nam`; did you mean `trigger.name`?"
    );
    let bare = check_condition(&condition(json!("trigger.size > 3")));
    assert_eq!(
        bare[0].to_string(),
        "the condition “trigger.size > 3” must be one expression; write it as `{{ trigger.size > 1000 }}`"
    );
}

#[test]
fn references_of_conditions_are_listed() {
    let condition = condition(
        json!({ "any": [{ "left": "{{ steps.a.b }}", "is": "equal to", "right": "{{ trigger.x[0]['y z'] }} {{ now }}" }, { "all": [] }] }),
    );
    assert_eq!(
        condition_references(&condition),
        [
            vec!["steps", "a", "b"],
            vec!["trigger", "x", "0", "y z"],
            vec!["now"]
        ]
    );
}
