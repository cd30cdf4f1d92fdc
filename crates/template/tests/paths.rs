//! Paths from data never leave the folder a person chose.

use errand_model::Map;
use errand_template::{PathBeginning, Scope, literal_beginning, render_path};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value, json};

fn scope(x: &str, y: &str) -> Scope {
    let root: Map = [("x".to_owned(), json!(x)), ("y".to_owned(), json!(y))]
        .into_iter()
        .collect();
    Scope::in_zone(
        root,
        "2026-11-24T21:03:59Z".parse().expect("a time"),
        TimeZone::UTC,
    )
}

fn rendered(text: &str, x: &str) -> String {
    render_path(text, &scope(x, "b")).unwrap_or_else(|error| format!("ERROR {error}"))
}

#[test]
fn rendered_parts_are_single_components() {
    for (text, x, wanted) in [
        ("~/In/{{ now | date('%Y-%m') }}/", "", "~/In/2026-11/"),
        ("~/In/{{ x }}.pdf", "a/../../b", "~/In/a_.._.._b.pdf"),
        ("~/In/{{ x }}/{{ y }}", "..", "~/In/_/b"),
        ("~/In/.{{ x }}/y", ".", "~/In/_/y"),
        ("~/In/{{ x }}", "con.txt", "~/In/_con.txt"),
        ("~/In/{{ x }}", "a\u{0}b\nc", "~/In/a_b_c"),
        ("~/In/{{ x }}", " Re: Offer? ", "~/In/Re: Offer?"),
        ("~/In/../{{ x }}", "n", "~/In/../n"),
        ("{{ x }}", "/home/kim/a b.pdf", "/home/kim/a b.pdf"),
        ("~/In/", "", "~/In/"),
        (
            "~/In/{{ x }}/y",
            " ",
            "ERROR `{{ x }}` is empty, so a part of the path would have no name; add `| default(\"unknown\", true)`",
        ),
        ("~/In/{{ x }}", "a\u{202e}fdp.exe", "~/In/a_fdp.exe"),
        (
            "~/In/{{ x }}.txt",
            " ",
            "ERROR `{{ x }}` is empty, so only “.txt” would be left of the name; add `| default(\"unknown\", true)`",
        ),
        (
            "~/In/Invoice {{ x }}.pdf",
            "",
            "ERROR `{{ x }}` is empty, so only “Invoice .pdf” would be left of the name; add `| default(\"unknown\", true)`",
        ),
        (
            "~/In/{{ x | upper }}.txt",
            "",
            "ERROR `{{ x | upper }}` is empty, so only “.txt” would be left of the name; add `| default(\"unknown\", true)`",
        ),
        ("~/In/a{{ '-' ~ x if x else '' }}.txt", "", "~/In/a.txt"),
        (
            "{{ x }}",
            "",
            "ERROR `{{ x }}` is empty, so there is no path",
        ),
    ] {
        assert_eq!(rendered(text, x), wanted, "{text} with {x:?}");
    }
}

#[test]
fn long_names_keep_their_extension() {
    let path = rendered("/d/{{ x }}.pdf", &"ä".repeat(300));
    let name = path.strip_prefix("/d/").unwrap();
    assert!(name.len() <= 255 && name.ends_with("ä.pdf"), "{name}");
}

#[test]
fn the_literal_beginning_is_what_was_granted() {
    let folder = |text: &str| PathBeginning::Folder(text.to_owned());
    assert_eq!(literal_beginning("~/In/{{ x }}/"), folder("~/In"));
    assert_eq!(literal_beginning("~/In/a-{{ x }}/b"), folder("~/In"));
    assert_eq!(literal_beginning("/{{ x }}"), folder("/"));
    assert_eq!(
        literal_beginning("~/In"),
        PathBeginning::Whole("~/In".to_owned())
    );
    assert_eq!(literal_beginning(" {{ x }} "), PathBeginning::Reference);
    assert_eq!(literal_beginning("{{ x }}/b"), PathBeginning::Nowhere);
    assert_eq!(literal_beginning("a{{ x }}"), PathBeginning::Nowhere);
    assert_eq!(literal_beginning("~/In/{{ x"), PathBeginning::Nowhere);
}

fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[./\\\\ :\u{0}\n~a]{0,12}",
        "(con|NUL|com1|LPT9|aux|prn)(\\.[a-z]{0,3})?[ .]{0,2}",
        "[.a\u{e4}\u{1f600}]{200,400}",
    ]
}

fn harmless(component: &str) -> bool {
    let stem = component
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_uppercase();
    let device = ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str())
        || (stem.chars().count() == 4
            && (stem.starts_with("COM") || stem.starts_with("LPT"))
            && stem.ends_with(|last: char| last.is_ascii_digit()));
    !component.is_empty()
        && component.len() <= 255
        && component != "."
        && component != ".."
        && !device
        && !component.contains(['/', '\\', '\0'])
        && !component.chars().any(errand_model::text::is_unseen)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_value_escapes_its_component(x in nasty(), y in nasty()) {
        for text in ["/g/{{ x }}", "/g/{{ x }}{{ y }}/z", "/g/.{{ x }}/{{ y }}/", "/g/co{{ x }}n.{{ y }}"] {
            let Ok(path) = render_path(text, &scope(&x, &y)) else { continue };
            prop_assert_eq!(path.matches('/').count(), text.matches('/').count());
            let inside = path.strip_prefix("/g/").map(|inside| inside.strip_suffix('/').unwrap_or(inside));
            for component in inside.unwrap_or_default().split('/') {
                prop_assert!(harmless(component), "{text} gave {path:?}");
            }
        }
    }

    #[test]
    fn numbers_lists_and_records_are_harmless_too(value in prop_oneof![Just(json!(null)), Just(json!(["../a", "b/c"])), Just(json!({ "..": "/" })), any::<f64>().prop_map(Value::from)]) {
        let root: Map = [("x".to_owned(), value)].into_iter().collect();
        let scope = Scope::in_zone(root, "2026-11-24T21:03:59Z".parse().expect("a time"), TimeZone::UTC);
        if let Ok(path) = render_path("/g/{{ x }}", &scope) {
            prop_assert!(harmless(path.strip_prefix("/g/").unwrap_or_default()), "{path:?}");
        }
    }
}
