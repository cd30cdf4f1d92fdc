//! What connectors say about themselves (their triggers, actions and fields), for screens, checks and the command line alike.

use crate::{Effect, Value};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An app or a part of the computer.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ConnectorInfo {
    /// Permanent: documents name it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// One sentence.
    pub about: String,
    /// Colour of its tile, `#rrggbb`.
    pub color: String,
    /// Name of a line icon of the screens' icon set (lucide), such as `folder`.
    pub icon: String,
    /// The kinds of account a person can have there; empty: none is needed.
    pub connections: Vec<ConnectionType>,
    /// What can start a workflow.
    pub triggers: Vec<TriggerInfo>,
    /// What a step can do.
    pub actions: Vec<ActionInfo>,
}

/// Something that can start a workflow.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct TriggerInfo {
    /// `connector.trigger`.
    pub id: String,
    /// Short name: "New file".
    pub name: String,
    /// Sentence with fields in braces: "A file matching {matching} appears in {folder}".
    pub sentence: String,
    /// One sentence of help.
    pub about: String,
    /// How the engine listens.
    pub source: TriggerSource,
    /// The connection it can use.
    pub using: Option<Using>,
    /// What the person fills in.
    pub fields: Vec<Field>,
    /// What later steps can reference.
    pub gives: Vec<Output>,
    /// An example of an event, before anything real happened.
    #[ts(type = "Record<string, unknown>")]
    pub sample: Value,
}

/// How the engine listens for a trigger. Closed: each has its file in `engine/src/triggers`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TriggerSource {
    /// Watches the folder named by the fields `folder, matching, subfolders, existing`.
    Folder,
    /// Watches the same way for changes of the files in it.
    FolderChanges,
    /// A person starts it, asked for the inputs listed in the field `inputs`.
    Manual,
    /// The clock, by the fields `every`, or `at` and `on`, or `cron`, and `timezone`.
    Schedule,
    /// Somebody calls an address of its own; the field `reply` says what they hear.
    Webhook,
    /// A list that is asked for again and again, as often as the field `every` says.
    Poll,
}

impl TriggerSource {
    /// Fields that are filled in when a run has ended, so that they may use its results.
    pub fn rendered_at_end(self) -> &'static [&'static str] {
        match self {
            Self::Webhook => &["reply"],
            Self::Folder | Self::FolderChanges | Self::Manual | Self::Schedule | Self::Poll => &[],
        }
    }

    /// Whether each event is about a file in a watched folder.
    pub fn is_folder(self) -> bool {
        matches!(self, Self::Folder | Self::FolderChanges)
    }
}

/// Something a step can do.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ActionInfo {
    /// `connector.action`.
    pub id: String,
    /// Short name: "Move a file".
    pub name: String,
    /// Sentence with fields in braces: "Move {file} to {to}".
    pub sentence: String,
    /// One sentence of help.
    pub about: String,
    /// What repeating it would mean.
    pub effect: Effect,
    /// Whether it sends something to other people or costs money.
    pub reaches_people: bool,
    /// What can be pasted to fill it in, such as "a cURL command"; empty: nothing.
    pub pastes: String,
    /// The connection it can use.
    pub using: Option<Using>,
    /// What the person fills in.
    pub fields: Vec<Field>,
    /// What later steps can reference.
    pub gives: Vec<Output>,
    /// An example of a result.
    #[ts(type = "Record<string, unknown>")]
    pub sample: Value,
}

/// One thing to fill in.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Field {
    /// Its key in `with`.
    pub id: String,
    /// What people read.
    pub label: String,
    /// One sentence of help; may be empty.
    pub help: String,
    /// Which component shows it, and how its value is checked.
    pub kind: FieldKind,
    /// Whether it must be filled in; an empty value stops the step.
    pub required: bool,
    /// Used when nothing is filled in.
    #[ts(type = "unknown")]
    pub default: Value,
    /// Shown greyed in an empty box.
    pub example: String,
    /// The choices, for `choice`.
    pub choices: Vec<Choice>,
    /// A reference that usually fits, put in when the step is added: `trigger.path`. Only used
    /// where the trigger gives it.
    pub suggest: String,
    /// Hidden behind "More options".
    pub advanced: bool,
}

/// One kind of account at an app.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ConnectionType {
    /// Its key, such as `bearer`.
    pub id: String,
    /// What people call it: "Bearer token".
    pub name: String,
    /// One sentence: where to find what is asked for.
    pub about: String,
    /// What the person fills in; those of kind `secret` are kept sealed.
    pub fields: Vec<Field>,
}

/// Which connections fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Using {
    /// The connector whose connections fit.
    pub connector: String,
    /// Only those types; empty: all of them.
    pub types: Vec<String>,
    /// Whether it can't do without.
    pub required: bool,
}

/// One choice of a `choice` field.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Choice {
    /// What stands in the document.
    pub value: String,
    /// What people read.
    pub label: String,
}

/// The kinds of fields; each has its component in the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line, references allowed.
    Text,
    /// Several lines, references allowed.
    LongText,
    /// A number, references allowed.
    Number,
    /// A switch.
    YesNo,
    /// One of the choices.
    Choice,
    /// A folder that exists: picked in a dialog, no references.
    Folder,
    /// An existing file: usually a reference, or picked in a dialog.
    File,
    /// Where something shall go: a literal folder to begin with, then references.
    Destination,
    /// One glob or a list of globs.
    Patterns,
    /// Column or key names to values, references allowed in values.
    Record,
    /// The inputs a person is asked for.
    Inputs,
    /// A length of time such as `15m`.
    Duration,
    /// A time of day such as `08:30`.
    Time,
    /// Weekdays (`monday`) or days of the month (1 to 31, `last`); empty: every day.
    Days,
    /// A cron expression of five fields.
    Cron,
    /// An IANA time zone such as `Europe/Berlin`; empty: this computer's.
    TimeZone,
    /// A web address; its host must be literal, or the connection's.
    Url,
    /// Any value: text, a record, a list; references allowed.
    Json,
    /// One value or a list of them.
    List,
    /// Where something stands in an answer: names joined by dots, such as `data.orders`.
    ItemPath,
    /// How a long list is cut into pages: a record with `style` and what belongs to it.
    Paging,
    /// A secret of a connection: shown never, kept sealed.
    Secret,
}

impl FieldKind {
    /// Whether the field names a place on disk.
    pub fn is_path(self) -> bool {
        matches!(self, Self::Folder | Self::File | Self::Destination)
    }
}

/// One value that later steps can reference.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Output {
    /// Its key.
    pub id: String,
    /// What people read.
    pub label: String,
    /// What kind of value.
    pub kind: ValueKind,
}

/// Kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ValueKind {
    Text,
    Number,
    YesNo,
    Date,
    File,
    Folder,
    Record,
    List,
}
