//! Pins the expression language: what an expression gives, and the exact sentence of each refusal.

use errand_model::Value;
use errand_template::{Scope, render};
use jiff::tz::TimeZone;
use serde_json::json;

fn scope() -> Scope {
    let root = json!({
        "trigger": {
            "path": "/home/kim/Downloads/a.pdf", "name": "a.pdf", "size": 1_500_000, "big": 12_345_678_901_234_567_u64,
            "modified": "2026-03-29T23:30:00Z", "note": null, "Größe": "XL", "a key": 1, "zero": 0,
            "rows": [{ "name": "Bo", "city": "Rom" }, { "name": "al", "city": "Oslo" }],
        },
        "steps": { "content": { "text": "Invoice 7\n\nTotal: 1.234,50 €\n" }, "order": { "total": 12.5 } },
        "line": "x",
    });
    let Value::Object(root) = root else {
        panic!("a record")
    };
    let zone = TimeZone::get("Europe/Berlin").expect("a zone");
    Scope::in_zone(root, "2026-11-24T21:03:59Z".parse().expect("a time"), zone)
}

fn shown(text: &str) -> Value {
    match render(&json!(text), &scope()) {
        Ok(value) => value,
        Err(error) => Value::String(format!("ERROR {error}")),
    }
}

fn table(rows: &[(&str, Value)]) {
    for (text, wanted) in rows {
        pretty_assertions::assert_eq!(&shown(text), wanted, "{text}");
    }
}

#[test]
fn values_keep_their_type_when_alone_and_become_text_otherwise() {
    table(&[
        ("{{ trigger.size }}", json!(1_500_000)),
        ("{{trigger.size}} bytes", json!("1500000 bytes")),
        ("{{ trigger.big }}", json!(12_345_678_901_234_567_u64)),
        (
            "{{ trigger.rows }}",
            json!([{ "name": "Bo", "city": "Rom" }, { "name": "al", "city": "Oslo" }]),
        ),
        (
            "{{ trigger.rows[0].name }}{{ trigger.rows.1.city }}",
            json!("BoOslo"),
        ),
        ("{{ trigger.rows[-1]['name'] }}", json!("al")),
        ("{{ trigger.note }}", json!(null)),
        ("[{{ trigger.note }}]", json!("[]")),
        ("{{ trigger.Größe }}", json!("XL")),
        ("{{ trigger.Größe | lower }}", json!("xl")),
        ("{{ trigger['a key'] + 1 }}", json!(2)),
        ("{{ line }}", json!("x")),
        (
            "{{ {'a': {'b': trigger.size}} }}",
            json!({ "a": { "b": 1_500_000 } }),
        ),
        ("{{ '}}' }}", json!("}}")),
        ("plain { text } }}", json!("plain { text } }}")),
        ("{{ now }}", json!("2026-11-24T22:03:59+01:00")),
    ]);
}

#[test]
fn operators_and_tests_work_as_written() {
    table(&[
        ("{{ trigger.size > 1000000 }}", json!(true)),
        (
            "{{ trigger.size > 10 and not trigger.name == 'b' }}",
            json!(true),
        ),
        (
            "{{ 'big' if trigger.size > 10 else trigger.nope }}",
            json!("big"),
        ),
        (
            "{{ 10 / 4 }} {{ 10 / 5 }} {{ 7 // 2 }} {{ 7 % 4 }} {{ 2 ** 3 }} {{ -trigger.size }}",
            json!("2.5 2 3 3 8 -1500000"),
        ),
        ("{{ trigger.name ~ '!' }}", json!("a.pdf!")),
        ("{{ 'pdf' in trigger.name }}", json!(true)),
        ("{{ 'x' not in [1, 'y'] }}", json!(true)),
        ("{{ trigger.name[:1] }}", json!("a")),
        ("{{ range(3) }}", json!([0, 1, 2])),
        ("{{ range(3, 0, -1) }}", json!([3, 2, 1])),
        ("{{ trigger.nope is defined }}", json!(false)),
        ("{{ steps.gone.text is not defined }}", json!(true)),
        (
            "{{ trigger.nope is defined and trigger.nope > 3 }}",
            json!(false),
        ),
        (
            "{{ trigger.rows is list and trigger is record and trigger.size is number }}",
            json!(true),
        ),
        ("{{ trigger.note is none and '' is empty }}", json!(true)),
        ("{{ trigger.zero is even }}", json!(true)),
    ]);
}

#[test]
fn default_stands_in_for_what_is_missing() {
    table(&[
        ("{{ trigger.nope | default('none') }}", json!("none")),
        ("{{ steps.gone.deep.er | default(0) }}", json!(0)),
        ("{{ trigger.note | default('none') }}", json!("none")),
        ("{{ '' | default('none') }}", json!("")),
        ("{{ '' | default('none', true) }}", json!("none")),
        (
            "{{ trigger.nope | default(trigger.name) | upper }}",
            json!("A.PDF"),
        ),
        ("{{ [] | first | default('nobody') }}", json!("nobody")),
        ("{{ (trigger.rows | first).nope | default(1) }}", json!(1)),
        ("{{ 'a=b' | after(':') | default('?') }}", json!("?")),
    ]);
}

#[test]
fn text_filters_shape_text() {
    table(&[
        (
            "{{ 'aB' | upper }} {{ 'aB' | lower }} {{ 'élan vital' | title }}",
            json!("AB ab Élan Vital"),
        ),
        ("{{ '  a ' | trim }}|", json!("a|")),
        ("{{ 'a-b' | replace('-', '_') }}", json!("a_b")),
        ("{{ 'a,b' | split(',') }}", json!(["a", "b"])),
        ("{{ 'a  b' | split }}", json!(["a", "b"])),
        (
            "{{ steps.content.text | lines }}",
            json!(["Invoice 7", "Total: 1.234,50 €"]),
        ),
        ("{{ 'abcdef' | truncate(4) }}", json!("abc…")),
        ("{{ 'abcdef' | truncate(4, end='') }}", json!("abcd")),
        (
            "{{ 'Müller & Söhne: Re. 7' | slug }}",
            json!("mueller-soehne-re-7"),
        ),
        ("{{ 'Invoice' | contains('VOICE') }}", json!(true)),
        ("{{ 'No: 17' | after(':') }}", json!("17")),
        ("{{ 'kim@example.org' | before('@') }}", json!("kim")),
        ("{{ 7 | text }}", json!("7")),
        (
            "{{ trigger.rows | first | json }}",
            json!("{\"name\":\"Bo\",\"city\":\"Rom\"}"),
        ),
        ("{{ 'äb' | length }}", json!(2)),
    ]);
}

#[test]
fn number_filters_read_and_write_numbers() {
    table(&[
        ("{{ '1.234,50 €' | number('de') }}", json!(1234.5)),
        (
            "{{ steps.content.text | after('Total:') | number('de') }}",
            json!(1234.5),
        ),
        ("{{ '$1,234.50' | number }}", json!(1234.5)),
        ("{{ '12' | number + 1 }}", json!(13)),
        ("{{ 2.567 | round(2) }} {{ 2.5 | round }}", json!("2.57 3")),
        ("{{ -3 | abs }}", json!(3)),
        ("{{ 1234567.5 | format(2) }}", json!("1,234,567.50")),
        ("{{ 1234567.5 | format(2, 'de') }}", json!("1.234.567,50")),
        ("{{ -1234 | format }}", json!("-1,234")),
        (
            "{{ [1, '2', 3.5] | sum }} {{ [3, 1] | min }} {{ [3, 10] | max }}",
            json!("6.5 1 10"),
        ),
    ]);
}

#[test]
fn date_filters_use_the_zone_of_the_scope() {
    table(&[
        ("{{ now | date('%Y-%m') }}", json!("2026-11")),
        (
            "{{ trigger.modified | date('%Y-%m-%d %H:%M') }}",
            json!("2026-03-30 01:30"),
        ),
        (
            "{{ trigger.modified | date('%H:%M', 'UTC') }}",
            json!("23:30"),
        ),
        ("{{ '2026-02-28' | plus(1) }}", json!("2026-03-01")),
        (
            "{{ now | plus(days=1, hours=2) | date('%d. %H:%M') }}",
            json!("26. 00:03"),
        ),
        ("{{ now | minus(months=1) | date }}", json!("2026-10-24")),
        (
            "{{ '24.12.2026' | parse('%d.%m.%Y') }}",
            json!("2026-12-24"),
        ),
        (
            "{{ '24.12.2026 18:00' | parse('%d.%m.%Y %H:%M') }}",
            json!("2026-12-24T18:00:00+01:00"),
        ),
        (
            "{{ 'Tue, 24 Nov 2026 21:00:00 +0000' | date('%H') }}",
            json!("22"),
        ),
    ]);
}

#[test]
fn list_filters_shape_lists() {
    table(&[
        ("{{ [10, 9, '8'] | sort }}", json!(["8", 9, 10])),
        (
            "{{ trigger.rows | sort('name') | map('name') | join('+') }}",
            json!("al+Bo"),
        ),
        (
            "{{ trigger.rows | sort(attribute='name', reverse=true) | map(attribute='name') }}",
            json!(["Bo", "al"]),
        ),
        ("{{ [1, 1, 2] | unique }}", json!([1, 2])),
        (
            "{{ trigger.rows | filter('city', 'rom') | map('name') }}",
            json!(["Bo"]),
        ),
        ("{{ trigger.rows | filter('nope') }}", json!([])),
        (
            "{{ trigger.rows | map('nope', default='-') }}",
            json!(["-", "-"]),
        ),
        ("{{ [1, 2, 3] | limit(2) | reverse }}", json!([2, 1])),
        ("{{ [1, 2] | first }}{{ [1, 2] | last }}", json!("12")),
        ("{{ trigger.rows | length }}", json!(2)),
        (
            "{{ steps.order | keys }} {{ {'a': 1} | values }}",
            json!("[\"total\"] [1]"),
        ),
    ]);
}

/// Expressions and why they are refused.
const REFUSALS: &[(&str, &str)] = &[
    (
        "{{ trigger.pth }}",
        "there is nothing called `trigger.pth`; did you mean `trigger.path`?",
    ),
    (
        "{{ triger.path }}",
        "there is nothing called `triger.path`; did you mean `trigger.path`?",
    ),
    (
        "{{ trigger.pth | upper }}",
        "there is nothing called `trigger.pth`; did you mean `trigger.path`?",
    ),
    (
        "{{ trigger.pth == 1 }}",
        "there is nothing called `trigger.pth`; did you mean `trigger.path`?",
    ),
    (
        "{{ steps.order.price }}",
        "there is nothing called `steps.order.price`; `steps.order` has: total",
    ),
    (
        "{{ trigger.rows[7].name }}",
        "there is nothing called `trigger.rows[7].name`; add `| default(\"\")` if it may be missing",
    ),
    (
        "{{ [] | first }}",
        "`{{ [] | first }}` gives nothing; add `| default(\"\")` if that may happen",
    ),
    (
        "{{ 'a' if false }}",
        "`{{ 'a' if false }}` gives nothing; add `| default(\"\")` if that may happen",
    ),
    (
        "{{ trigger.name | uper }}",
        "there is no filter called `uper`; did you mean `upper`?",
    ),
    (
        "{{ trigger.name is nothin }}",
        "there is no test called `nothin`; there are: defined, undefined, none, empty, text, number, list, record, even, odd",
    ),
    (
        "{{ open('/etc/passwd') }}",
        "there is no function called `open`; there are: range",
    ),
    (
        "{{ trigger.name.upper() }}",
        "`{{ trigger.name.upper() }}` can't be read: values can't be called; use a filter, such as `| upper`",
    ),
    (
        "{{ __root }}",
        "`{{ __root }}` can't be read: a name can't begin with two underscores, as `__root` does",
    ),
    (
        "{% for a in b %}",
        "`{% %}` isn't part of Errand's language; use `{{ … }}` for values, and the steps “Only if”, “Choose” and “For each” for decisions and loops",
    ),
    (
        "{# note #}",
        "`{# #}` isn't part of Errand's language; use `{{ … }}` for values, and the steps “Only if”, “Choose” and “For each” for decisions and loops",
    ),
    (
        "{{ trigger.name",
        "`{{ trigger.name` has no `}}` at its end; close it with `}}`",
    ),
    (
        "{{ }}",
        "there is nothing between `{{` and `}}`; name a value, such as `{{ trigger.name }}`",
    ),
    (
        "{{ 1 + }}",
        "`{{ 1 + }}` can't be read: something is missing at its end; write it like `{{ trigger.name }}` or `{{ trigger.size > 1000 }}`",
    ),
    (
        "{{ 'abc' | round }}",
        "`{{ 'abc' | round }}`: `round` needs a number, but this is “abc”",
    ),
    (
        "{{ 'a' | number }}",
        "`{{ 'a' | number }}`: “a” isn't a number; for a decimal comma write `number('de')`",
    ),
    (
        "{{ 'soon' | date }}",
        "`{{ 'soon' | date }}`: `date` needs a date, but this is “soon”; read other forms with `| parse('%d.%m.%Y')`",
    ),
    (
        "{{ 'a b' | first | join }}",
        "`{{ 'a b' | first | join }}`: `join` needs a list, but this is a text; `| lines` or `| split` makes one",
    ),
    (
        "{{ trigger.rows | map('age') }}",
        "`{{ trigger.rows | map('age') }}`: an item has no `age`; write map('age', default='')",
    ),
    (
        "{{ 1 / 0 }}",
        "`{{ 1 / 0 }}`: a number can't be divided by zero; say what to take then, such as `… if trigger.count else 0`",
    ),
    (
        "{{ 'x' * 100000000 }}",
        "`{{ 'x' * 100000000 }}`: it is too much work; use a shorter list or text, or do it in several steps",
    ),
    (
        "{{ range(100000000) }}",
        "`{{ range(100000000) }}`: `range` can't count that far",
    ),
    (
        "{{ [1] * 100000000 }}",
        "the result is larger than 1 MB; keep large content in a file and pass its path",
    ),
];

#[test]
fn refusals_say_what_to_do() {
    for (text, wanted) in REFUSALS {
        pretty_assertions::assert_eq!(shown(text), format!("ERROR {wanted}"), "{text}");
    }
}

/// What goes wrong with an expression, at check or at run time.
fn complaint(expression: &str) -> String {
    let value = json!({ "it": format!("{{{{ {expression} }}}}") });
    match errand_template::check(&value).into_iter().next() {
        Some(error) => error.to_string(),
        None => match errand_template::render(&value, &scope()) {
            Err(error) => error.to_string(),
            Ok(rendered) => panic!("`{expression}` is fine: {rendered}"),
        },
    }
}

#[test]
fn whatever_goes_wrong_is_said_in_plain_words_with_what_to_do() {
    for (expression, words) in [
        ("1 // 0", "divided by zero"),
        ("1 % 0", "divided by zero"),
        ("2 ** 9999", "too large"),
        ("'a' + 1", "`+` doesn't work with a text and a number"),
        ("[1] / 2", "`/` doesn't work with a list and a number"),
        ("'a' * 'b'", "a whole number of times"),
        ("-'a'", "can't be worked out"),
        ("(5)[1:]", "but this is a number"),
        (
            "'a' | truncate('b')",
            "it needs a number, but this is a text",
        ),
        ("'a' | truncate(1, 2, 3)", "too much between the brackets"),
        ("'a' | truncate(wide=1)", "`wide` means nothing there"),
        ("'a' | replace('b')", "missing between the brackets"),
        ("1 in 5", "`in` looks into"),
        ("1 +", "missing at its end"),
        ("1 2", "two values follow each other"),
        ("now now", "two values follow each other"),
        ("'a' | ", "the name of a filter is missing"),
        ("1 && 2", "means nothing there"),
        ("(1", "a bracket isn't closed"),
    ] {
        let said = complaint(expression);
        assert!(said.contains(words), "`{expression}`: {said}");
        for raw in [
            "unable to",
            "operator on",
            "cannot ",
            "expected",
            "sequence",
            "argument",
            "input",
        ] {
            assert!(
                !said.contains(raw),
                "`{expression}` speaks of “{raw}”: {said}"
            );
        }
    }
}
