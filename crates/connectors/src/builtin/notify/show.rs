//! `notify.show`: shows a notification. Where there is no desktop it says so and doesn't fail.

use async_trait::async_trait;
use errand_model::{ActionInfo, Effect, FieldKind, StepError, Value, ValueKind};
use serde::Deserialize;
use serde_json::json;

use crate::{
    Action, Call, Plan,
    builtin::{
        describe::{FieldExt as _, field, output},
        input,
    },
};

pub(super) struct Show;

#[derive(Deserialize)]
struct Input {
    title: String,
    #[serde(default)]
    text: String,
}

#[async_trait]
impl Action for Show {
    fn info(&self) -> ActionInfo {
        let title = field(
            "title",
            "Title",
            FieldKind::Text,
            "One short line, in bold.",
        );
        let text = field(
            "text",
            "Text",
            FieldKind::LongText,
            "What there is to know, if more.",
        );
        ActionInfo {
            id: "notify.show".into(),
            name: "Show a notification".into(),
            sentence: "Show the message “{title}”".into(),
            about: "Shows a message in a corner of your screen.".into(),
            effect: Effect::Idempotent,
            reaches_people: false,
            pastes: String::new(),
            using: None,
            fields: vec![
                title.required().example("A new invoice has been filed"),
                text.example("It is in your Invoices folder."),
            ],
            gives: vec![output("shown", "Whether it was shown", ValueKind::YesNo)],
            sample: json!({ "shown": true }),
        }
    }

    async fn plan(&self, call: &Call<'_>) -> Result<Plan, StepError> {
        input::read::<Input>(call.input)?;
        Ok(Plan {
            note: Value::Null,
            expected: json!({ "shown": true }),
        })
    }

    async fn run(&self, call: &Call<'_>, _plan: &Plan) -> Result<Value, StepError> {
        let input: Input = input::read(call.input)?;
        let shown = call.ports.desktop.notify(&input.title, &input.text)?;
        Ok(json!({ "shown": shown }))
    }
}
