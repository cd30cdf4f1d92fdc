//! Editors check workflow files against a JSON Schema that comes from this crate. This test fails
//! when the committed file differs from what the types say; `UPDATE=1` writes it.

use std::{fs, path::PathBuf};

#[test]
fn the_committed_schema_says_what_the_types_say() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../assets/workflow.schema.json");
    let schema = errand_model::document::json_schema();
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &text).expect("written");
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == text,
        "run `cargo xtask schema` and commit {}",
        file.display()
    );
}
