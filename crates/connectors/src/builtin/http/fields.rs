//! What `http.request` says about itself.

use errand_model::{ActionInfo, Effect, Field, FieldKind, ValueKind};
use serde_json::json;

use super::connections;
use crate::builtin::describe::{FieldExt as _, field, output};

pub(super) fn info() -> ActionInfo {
    ActionInfo {
        id: "http.request".into(),
        name: "Call a web API".into(),
        sentence: "{method} {url}".into(),
        about:
            "Sends a request to a web service and gives what it answers. Can fetch and send files."
                .into(),
        effect: Effect::Unsafe,
        reaches_people: false,
        pastes: "a cURL command".into(),
        using: connections::using(),
        fields: fields(),
        gives: vec![
            output("status", "Status of the answer", ValueKind::Number),
            output("headers", "Headers of the answer", ValueKind::Record),
            output("body", "What the answer says", ValueKind::Record),
            output("count", "Number of items, with pages", ValueKind::Number),
            output("path", "The saved file", ValueKind::File),
            output("size", "Size of the saved file in bytes", ValueKind::Number),
        ],
        sample: json!({
            "status": 200,
            "headers": { "content-type": "application/json" },
            "body": { "id": 4711, "state": "open" },
            "count": 25,
            "path": "~/Downloads/orders.json",
            "size": 12_800,
        }),
    }
}

fn fields() -> Vec<Field> {
    let mut fields = vec![method(), url(), query(), headers()];
    fields.extend(sent());
    fields.push(repeat());
    fields.extend(answered());
    fields
}

fn method() -> Field {
    field(
        "method",
        "Method",
        FieldKind::Choice,
        "GET asks, POST sends something new, PUT and PATCH change, DELETE removes.",
    )
    .default("GET")
    .choices(&[
        ("GET", "GET"),
        ("POST", "POST"),
        ("PUT", "PUT"),
        ("PATCH", "PATCH"),
        ("DELETE", "DELETE"),
        ("HEAD", "HEAD"),
        ("OPTIONS", "OPTIONS"),
    ])
}

fn url() -> Field {
    field(
        "url",
        "Address",
        FieldKind::Url,
        "The whole address, or with a connection what follows its server, such as /orders.",
    )
    .required()
    .example("https://api.example.com/orders")
}

pub(super) fn query() -> Field {
    field(
        "query",
        "Parameters in the address",
        FieldKind::Record,
        "What stands behind the ? in the address, written safely.",
    )
    .example("state, limit")
    .advanced()
}

pub(super) fn headers() -> Field {
    field(
        "headers",
        "Headers",
        FieldKind::Record,
        "Further headers. Secrets belong into a connection, not here.",
    )
    .example("Accept, X-Request-Id")
    .advanced()
}

/// What is sent.
fn sent() -> Vec<Field> {
    vec![
        field(
            "json",
            "Send as JSON",
            FieldKind::Json,
            "A record, a list or a value. Numbers stay numbers.",
        )
        .example("name, amount"),
        field(
            "form",
            "Send as a form",
            FieldKind::Record,
            "Names and values, as a web form sends them.",
        )
        .example("name, e-mail")
        .advanced(),
        field(
            "parts",
            "Send as a form with files",
            FieldKind::Record,
            "Names and values; a value that is a record with “file” sends that file.",
        )
        .example("title, document")
        .advanced(),
        field("body", "Send as text", FieldKind::LongText, "Any text.")
            .example("Order 4711 has arrived.")
            .advanced(),
        field("file", "Send a file", FieldKind::File, "The file as it is.")
            .example("~/Documents/Invoice.pdf")
            .advanced(),
        field(
            "content_type",
            "Kind of what is sent",
            FieldKind::Text,
            "For text and files. Left empty, it follows from what is sent.",
        )
        .example("application/xml")
        .advanced(),
    ]
}

fn repeat() -> Field {
    field(
        "repeat",
        "If no answer comes, may it be sent again?",
        FieldKind::Choice,
        "When the connection breaks after sending, nobody knows whether the service did it. \
         Only POST and PATCH ask; the others may always be sent again.",
    )
    .default("ask")
    .choices(&[
        ("ask", "Ask me: sending it twice could do it twice"),
        ("safe", "Yes: sending it twice does no harm"),
    ])
}

/// What is done with the answer.
fn answered() -> Vec<Field> {
    vec![
        field(
            "save_to",
            "Save the answer as a file",
            FieldKind::Destination,
            "For files and long answers. A path ending in / keeps the name from the address.",
        )
        .example("~/Downloads/")
        .advanced(),
        field(
            "if_exists",
            "If that file is there",
            FieldKind::Choice,
            "What to do when a file of that name is already there.",
        )
        .default("keep_both")
        .choices(&[
            ("keep_both", "Keep both: add (2) to the new one's name"),
            ("replace", "Replace what is there"),
            ("fail", "Stop and ask me"),
        ])
        .advanced(),
        field(
            "paging",
            "Pages",
            FieldKind::Paging,
            "When the service gives a long list in pages: how to ask for the next one. All are joined.",
        )
        .example("next_link")
        .advanced(),
        field(
            "expect",
            "Expected statuses",
            FieldKind::List,
            "Which statuses count as success: 2xx for all of them, or 200, 404 and so on.",
        )
        .example("2xx")
        .advanced(),
        field(
            "timeout",
            "Give up after",
            FieldKind::Duration,
            "How long the whole exchange may take; 5 minutes if empty, an hour at most.",
        )
        .example("30s")
        .advanced(),
        field(
            "host_from_data",
            "The address comes from data",
            FieldKind::YesNo,
            "Switch this on if the server itself comes from an earlier step. Then only public \
             servers are reached, never ones in your own network.",
        )
        .default(false)
        .advanced(),
    ]
}
