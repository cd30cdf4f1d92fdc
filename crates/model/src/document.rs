//! Text to [`Workflow`](crate::Workflow) and back. The text (YAML 1.2, of which JSON is a part) becomes
//! a tree of nodes with positions (`tree`); the strict reading of the types walks over that tree
//! (`reading`), so every refusal has a line and a column.

mod mistake;
mod place;
mod reading;
mod tree;
mod words;

use serde::Deserialize;

use crate::{Value, Workflow, workflow::FORMAT};
use mistake::Mistake;
use tree::Kind;

pub use place::{locate, locate_all};

/// Largest text of a document, in bytes.
pub const LARGEST: usize = 5 * 1024 * 1024;

/// Why a text isn't a workflow, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DocumentError {
    /// One sentence.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Line, counted from 1.
    pub line: Option<u32>,
    /// Column, counted from 1.
    pub column: Option<u32>,
}

/// Reads a workflow from YAML 1.2 or JSON text, strictly.
pub fn parse(text: &str) -> Result<Workflow, DocumentError> {
    let node = nodes(text)?;
    check_format(&node)?;
    Workflow::deserialize(reading::Reader(&node)).map_err(Mistake::into_error)
}

/// The document as readable YAML in block style.
pub fn to_yaml(workflow: &Workflow) -> String {
    serde_saphyr::to_string_with_options(workflow, style())
        .expect("plain data can be written to memory")
}

fn style() -> serde_saphyr::SerializerOptions {
    serde_saphyr::ser_options! {
        yaml_12: true,
        no_lang_directive: true,
        compact_list_indent: false,
        min_fold_chars: usize::MAX,
    }
}

/// The JSON Schema of the document, made from the types.
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(Workflow).to_value();
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), Value::from("Errand workflow, format 1"));
    }
    schema
}

fn nodes(text: &str) -> Result<tree::Node, DocumentError> {
    if text.len() > LARGEST {
        return Err(DocumentError {
            message: "the file is larger than 5 MB".to_owned(),
            hint: Some("a workflow is a short text; is this the right file?".to_owned()),
            line: None,
            column: None,
        });
    }
    tree::read(text).map_err(Mistake::into_error)
}

/// Looked at first, because a newer format may have words this build doesn't know.
fn check_format(root: &tree::Node) -> Result<(), DocumentError> {
    let Kind::Record(entries) = &root.kind else {
        let mistake = Mistake::new("this isn't a workflow")
            .hint("a workflow begins with `format: 1` and `name: …`");
        return Err(mistake.at(root.at).into_error());
    };
    let format = entries.iter().find(|(key, _)| key.name == "format");
    let Some((_, node)) = format else {
        let mistake =
            Mistake::new("`format` is missing").hint("begin the document with `format: 1`");
        return Err(mistake.at(root.at).into_error());
    };
    match &node.kind {
        Kind::Number(number) if number.as_u64() == Some(u64::from(FORMAT)) => Ok(()),
        Kind::Number(number)
            if number
                .as_u64()
                .is_some_and(|format| format > u64::from(FORMAT)) =>
        {
            let message = format!(
                "this document has format {number}, but this version of Errand reads format {FORMAT}"
            );
            Err(Mistake::new(message)
                .hint("update Errand, then try again")
                .at(node.at)
                .into_error())
        }
        _ => Err(Mistake::new("`format` must be 1").at(node.at).into_error()),
    }
}
