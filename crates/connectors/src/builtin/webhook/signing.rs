//! The signing secret that a service and Errand share, by which real calls are told from forged ones.

use errand_model::{ConnectionType, FieldKind};

use crate::builtin::describe::{FieldExt as _, field};

pub(super) fn signing_secret() -> ConnectionType {
    ConnectionType {
        id: "signing_secret".into(),
        name: "Signing secret".into(),
        about: "The service shows it where you enter the webhook's address. Calls that aren't \
                signed with it are refused."
            .into(),
        fields: vec![
            field(
                "profile",
                "Who signs",
                FieldKind::Choice,
                "The service that calls, or how it signs.",
            )
            .required()
            .default("standard_webhooks")
            .choices(&[
                ("standard_webhooks", "Standard Webhooks (Svix and others)"),
                ("github", "GitHub"),
                ("stripe", "Stripe"),
                ("shopify", "Shopify"),
                ("slack", "Slack"),
                ("generic", "Another: HMAC-SHA256 in a header"),
            ]),
            field(
                "secret",
                "Signing secret",
                FieldKind::Secret,
                "Exactly as the service shows it.",
            )
            .required(),
            field(
                "old_secret",
                "The secret before it",
                FieldKind::Secret,
                "While the service changes over, calls signed with either are taken.",
            )
            .advanced(),
            field(
                "header",
                "Header with the signature",
                FieldKind::Text,
                "Only for “Another”.",
            )
            .example("X-Signature"),
            field(
                "encoding",
                "How the signature is written",
                FieldKind::Choice,
                "Only for “Another”.",
            )
            .default("hex")
            .choices(&[("hex", "Hexadecimal"), ("base64", "Base64")])
            .advanced(),
            field(
                "prefix",
                "What stands before the signature",
                FieldKind::Text,
                "Only for “Another”; often nothing.",
            )
            .example("sha256=")
            .advanced(),
        ],
    }
}
