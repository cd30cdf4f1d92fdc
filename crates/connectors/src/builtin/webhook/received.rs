//! `webhook.received`: somebody calls the workflow's address.

use errand_model::{FieldKind, TriggerInfo, TriggerSource, Using, ValueKind};
use serde_json::json;

use crate::builtin::describe::{FieldExt as _, field, output};

pub(super) fn trigger() -> TriggerInfo {
    TriggerInfo {
        id: "webhook.received".into(),
        name: "A webhook is called".into(),
        sentence: "Somebody calls the webhook address".into(),
        about: "Gives the workflow a secret address. Whenever a program or service calls it, the \
                workflow runs with what was sent."
            .into(),
        source: TriggerSource::Webhook,
        using: Some(Using {
            connector: "webhook".into(),
            types: vec!["signing_secret".into()],
            required: false,
        }),
        fields: fields(),
        gives: vec![
            output("body", "What was sent", ValueKind::Record),
            output("query", "Values in the address", ValueKind::Record),
            output("headers", "Headers", ValueKind::Record),
            output("method", "Method", ValueKind::Text),
            output("path", "Path behind the address", ValueKind::Text),
            output("raw", "What was sent, as text", ValueKind::Text),
        ],
        sample: json!({
            "body": { "id": 1042, "customer": "Ada", "total": 49.9 },
            "query": {},
            "headers": { "content-type": "application/json" },
            "method": "POST",
            "path": "/",
            "raw": "{\"id\":1042,\"customer\":\"Ada\",\"total\":49.9}",
        }),
    }
}

fn fields() -> Vec<errand_model::Field> {
    vec![
        field(
            "reply",
            "Answer",
            FieldKind::Json,
            "What the caller hears. “now” answers at once that the call has arrived. Anything else \
             is filled in with the workflow's results and sent when it ends, after 25 seconds at \
             most.",
        )
        .default("now")
        .example("{{ steps.order.number }}"),
        field(
            "browsers",
            "Web pages may call it",
            FieldKind::YesNo,
            "Otherwise calls that come from a page in a browser are refused.",
        )
        .default(false)
        .advanced(),
    ]
}
