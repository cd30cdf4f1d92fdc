//! Rendered values are checked and brought into one form.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use errand_connectors::{Registry, check_input};
use errand_model::{ErrorKind, Map, StepError, Value};
use serde_json::json;

fn check(action: &str, with: Value) -> Result<Map, StepError> {
    let registry = Registry::builtin();
    let fields = &registry.action_info(action).unwrap().fields;
    check_input(
        fields,
        with.as_object().unwrap().clone(),
        Path::new("/home/ada"),
    )
}

#[test]
fn paths_become_absolute_and_keep_their_slash() {
    let checked = check(
        "files.move",
        json!({ "file": "~/a//b.pdf", "to": "~/Out/./x/" }),
    )
    .unwrap();
    assert_eq!(checked["file"], "/home/ada/a/b.pdf");
    assert_eq!(checked["to"], "/home/ada/Out/x/");
    assert_eq!(checked["if_exists"], "keep_both");
}

#[test]
fn what_does_not_fit_is_named_by_its_label() {
    for (with, field, says) in [
        (json!({ "to": "~/x" }), "file", "“File” is empty."),
        (
            json!({ "file": " ", "to": "~/x" }),
            "file",
            "“File” is empty.",
        ),
        (
            json!({ "file": "a.pdf", "to": "~/x" }),
            "file",
            "“File” is “a.pdf”",
        ),
        (json!({ "file": "~/a\0", "to": "~/x" }), "file", "(NUL)"),
        (json!({ "file": "~/../bob/a", "to": "~/x" }), "file", "“..”"),
        (json!({ "file": "~/a", "to": ["~/x"] }), "to", "a list"),
        (
            json!({ "file": "~/a", "to": "~/x", "if_exists": "keep" }),
            "if_exists",
            "“keep”",
        ),
        (
            json!({ "file": "~/a", "to": "~/x", "tto": "~/x" }),
            "tto",
            "no field called “tto”",
        ),
    ] {
        let error = check("files.move", with).unwrap_err();
        assert_eq!(error.kind, ErrorKind::BadInput);
        assert_eq!(error.field.as_deref(), Some(field));
        assert!(error.message.contains(says), "{}", error.message);
        assert!(error.hint.is_some());
    }
}

#[test]
fn numbers_become_text_where_text_is_wanted_and_lists_do_not() {
    let checked = check("notify.show", json!({ "title": 7, "text": true })).unwrap();
    assert_eq!(json!(checked), json!({ "title": "7", "text": "true" }));
    assert!(check("notify.show", json!({ "title": { "a": 1 } })).is_err());
}

#[test]
fn every_description_is_complete() {
    let registry = Registry::builtin();
    for connector in registry.connectors() {
        for action in &connector.actions {
            assert!(action.id.starts_with(&format!("{}.", connector.id)));
            assert!(
                !action.about.is_empty() && action.sample.is_object(),
                "{}",
                action.id
            );
            for output in &action.gives {
                assert!(
                    action.sample.get(&output.id).is_some(),
                    "{} gives {}",
                    action.id,
                    output.id
                );
            }
            for field in &action.fields {
                let shown = !field.example.is_empty() || !field.default.is_null();
                assert!(
                    shown && !field.label.is_empty(),
                    "{} {}",
                    action.id,
                    field.id
                );
            }
            for word in action.sentence.split('{').skip(1) {
                let id = word.split('}').next().unwrap();
                assert!(
                    action.fields.iter().any(|field| field.id == id),
                    "{} {id}",
                    action.id
                );
            }
        }
    }
}
