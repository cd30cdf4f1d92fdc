//! What apps can do: descriptions people see, actions that act, and the ports through which they
//! reach the world. Knows nothing of workflows' runs or of the database. Reading order:
//! [`ports`], [`action`], [`registry`], `builtin`.

pub mod action;
mod builtin;
pub mod check;
mod names;
pub mod poll;
pub mod ports;
pub mod registry;

pub use action::{Action, Call, Looked, Pasted, Plan};
pub use check::check_input;
pub use poll::Poll;
pub use registry::Registry;
