//! `{{ references }}`, filters and conditions: reads them, lists what they refer to, and renders them
//! to typed values. Pure: what is in scope, the time and the time zone are handed in.
//!
//! The language is minijinja's *expressions*, nothing more; `tests/language.rs` pins it. Reading order:
//! `pieces` (text into literals and expressions), `expression` (what an expression refers to), `render`,
//! `path`, `condition`, `filters`.

mod condition;
mod error;
mod expression;
mod filters;
mod moment;
mod path;
mod pieces;
mod render;
mod scope;
mod walk;

pub use condition::{check_condition, condition_references, holds};
pub use error::Error;
pub use path::{PathBeginning, literal_beginning, render_path};
pub use render::{render, render_text};
pub use scope::Scope;
pub use walk::{check, references};
