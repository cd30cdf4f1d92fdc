//! The kinds of account at a web service. How each signs a request in is the Net port's business.

use errand_model::{ConnectionType, Field, FieldKind, Using};

use crate::builtin::describe::{FieldExt as _, field};

/// Any connection of this connector, if one is needed at all.
pub(super) fn using() -> Option<Using> {
    Some(Using {
        connector: "http".into(),
        types: Vec::new(),
        required: false,
    })
}

/// All of them, the usual ones first.
pub(super) fn types() -> Vec<ConnectionType> {
    vec![
        of(
            "bearer",
            "Bearer token",
            "A token that you make in the service's settings, often called access token.",
            vec![secret(
                "token",
                "Token",
                "The token as the service shows it.",
            )],
        ),
        of(
            "api_key",
            "API key",
            "A key that you make in the service's settings, sent in a header or in the address.",
            vec![
                text(
                    "name",
                    "Its name",
                    "What the service calls it, such as X-Api-Key.",
                    "X-Api-Key",
                ),
                place(),
                secret("key", "Key", "The key as the service shows it."),
            ],
        ),
        of(
            "basic",
            "User name and password",
            "The name and password (or app password) that you sign in with.",
            vec![
                text(
                    "user",
                    "User name",
                    "The name you sign in with.",
                    "ada@example.com",
                ),
                secret("password", "Password", "The password, or an app password."),
            ],
        ),
        of(
            "header",
            "Secret header",
            "Any other header that must stay secret.",
            vec![
                text(
                    "name",
                    "Its name",
                    "The header's name, as the service says.",
                    "X-Auth-Token",
                ),
                secret("value", "Value", "What stands after the colon."),
            ],
        ),
        of(
            "client_certificate",
            "Client certificate",
            "A certificate and its private key, as companies give them out.",
            vec![
                field(
                    "certificate",
                    "Certificate",
                    FieldKind::LongText,
                    "In PEM form: it begins with -----BEGIN CERTIFICATE-----.",
                )
                .required(),
                secret(
                    "key",
                    "Private key",
                    "In PEM form: it begins with -----BEGIN.",
                ),
            ],
        ),
    ]
}

fn of(id: &str, name: &str, about: &str, own: Vec<Field>) -> ConnectionType {
    let address = field(
        "address",
        "Address of the server",
        FieldKind::Url,
        "The secret is only ever sent there. Steps may then begin their address with /.",
    );
    let address = address.required().example("https://api.example.com");
    ConnectionType {
        id: id.into(),
        name: name.into(),
        about: about.into(),
        fields: std::iter::once(address).chain(own).collect(),
    }
}

fn secret(id: &str, label: &str, help: &str) -> Field {
    field(id, label, FieldKind::Secret, help).required()
}

fn text(id: &str, label: &str, help: &str, example: &str) -> Field {
    field(id, label, FieldKind::Text, help)
        .required()
        .example(example)
}

fn place() -> Field {
    field(
        "place",
        "Where it is sent",
        FieldKind::Choice,
        "As the service says.",
    )
    .default("header")
    .choices(&[("header", "In a header"), ("query", "In the address")])
}
