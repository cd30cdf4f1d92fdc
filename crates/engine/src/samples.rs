//! Events a workflow's trigger could give right now, for trying things out.

use errand_model::{Map, TriggerSource, Value, Workflow};

use crate::{
    core::Core,
    triggers::{
        folder::{self, FolderWatch},
        schedule,
    },
};

/// At most this many.
const SAMPLES: usize = 10;

/// Newest first; the trigger's own example where there is nothing real.
pub(crate) fn of(core: &Core, workflow: &Workflow) -> Vec<Value> {
    let Some(trigger) = &workflow.trigger else {
        return Vec::new();
    };
    let Some(info) = core.registry.trigger_info(&trigger.on) else {
        return Vec::new();
    };
    let real = match info.source {
        TriggerSource::Folder | TriggerSource::FolderChanges => {
            files(core, &trigger.with, &info.sample)
        }
        TriggerSource::Manual => vec![inputs(&trigger.with, core)],
        TriggerSource::Schedule => schedule::upcoming::sample(core, workflow)
            .into_iter()
            .collect(),
        TriggerSource::Webhook | TriggerSource::Poll => vec![info.sample.clone()],
    };
    if real.is_empty() {
        vec![info.sample.clone()]
    } else {
        real
    }
}

/// Files that would count; else an example of one in the chosen folder.
fn files(core: &Core, with: &Map, example: &Value) -> Vec<Value> {
    let config = Value::Object(with.clone());
    let Ok(watch) = FolderWatch::of(&config, &core.home) else {
        return Vec::new();
    };
    let real = folder::samples(&watch, &*watch.files(core.ports.trash_folder()), SAMPLES);
    if real.is_empty() {
        let name = example["name"].as_str().unwrap_or("example");
        return vec![folder::example(&watch, name, core.now())];
    }
    real
}

/// An example value for each input a person will be asked for.
fn inputs(with: &Map, core: &Core) -> Value {
    let inputs = with.get("inputs").and_then(Value::as_array);
    let pairs = inputs.into_iter().flatten().filter_map(|input| {
        let name = input["name"].as_str()?;
        Some((name.to_owned(), example(input, core)))
    });
    Value::Object(pairs.collect())
}

fn example(input: &Value, core: &Core) -> Value {
    let today = core.now().to_zoned(jiff::tz::TimeZone::system());
    match input["kind"].as_str().unwrap_or("text") {
        "number" => 1.into(),
        "yes_no" => true.into(),
        "date" => today.strftime("%Y-%m-%d").to_string().into(),
        "time" => today.strftime("%H:%M").to_string().into(),
        "file" => "~/example.txt".into(),
        "folder" => "~/".into(),
        "choice" => input["choices"][0].clone(),
        "list" => Value::Array(Vec::new()),
        "record" => Value::Object(Map::new()),
        _ => "some text".into(),
    }
}
