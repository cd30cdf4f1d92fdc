//! Checks that every reference of a step leads somewhere: to the trigger's values or to an earlier
//! step's.

use errand_connectors::Registry;
use errand_model::{Output, Step, StepKind, TriggerSource, Value, Workflow};

use super::Problem;

pub(super) fn check(
    workflow: &Workflow,
    index: usize,
    registry: &Registry,
    problems: &mut Vec<Problem>,
) {
    let step = &workflow.steps[index];
    for (place, reference) in references_of(step) {
        let place = format!("steps.{}{place}", step.id);
        let problem = match reference.first().map(String::as_str) {
            Some("trigger") => of_trigger(workflow, &reference, registry),
            Some("steps") => of_steps(workflow, index, &reference, registry),
            _ => None,
        };
        problems.extend(problem.map(|problem| Problem { place, ..problem }));
    }
}

/// The same for a field of the trigger that is filled in when a run has ended.
pub(super) fn check_at_end(
    workflow: &Workflow,
    field: &str,
    registry: &Registry,
    problems: &mut Vec<Problem>,
) {
    let value = workflow.trigger.as_ref().and_then(|it| it.with.get(field));
    for reference in value.map(errand_template::references).unwrap_or_default() {
        let problem = match reference.first().map(String::as_str) {
            Some("trigger") => of_trigger(workflow, &reference, registry),
            Some("steps") => of_steps(workflow, workflow.steps.len(), &reference, registry),
            _ => None,
        };
        let place = format!("trigger.with.{field}");
        problems.extend(problem.map(|problem| Problem { place, ..problem }));
    }
}

/// Every reference of a step with the place it stands at, relative to the step.
fn references_of(step: &Step) -> Vec<(String, Vec<String>)> {
    let within = |place: String, value: &Value| {
        let found = errand_template::references(value);
        found
            .into_iter()
            .map(move |reference| (place.clone(), reference))
            .collect::<Vec<_>>()
    };
    match &step.kind {
        StepKind::Do(action) => {
            let fields = action.with.iter();
            fields
                .flat_map(|(id, value)| within(format!(".with.{id}"), value))
                .collect()
        }
        StepKind::Set(values) => {
            let values = values.iter();
            values
                .flat_map(|(name, value)| within(format!(".set.{name}"), value))
                .collect()
        }
        StepKind::Stop(stop) => within(".stop.reason".into(), &stop.reason.clone().into()),
        StepKind::OnlyIf(condition) => {
            let found = errand_template::condition_references(condition);
            found
                .into_iter()
                .map(|reference| (".only_if".into(), reference))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn of_trigger(workflow: &Workflow, reference: &[String], registry: &Registry) -> Option<Problem> {
    let trigger = workflow.trigger.as_ref()?;
    let info = registry.trigger_info(&trigger.on)?;
    // What an item of a polled list holds is the source's affair.
    if info.source == TriggerSource::Poll {
        return None;
    }
    let gives = &info.gives;
    let inputs = trigger.with.get("inputs").and_then(Value::as_array);
    let inputs = inputs
        .into_iter()
        .flatten()
        .filter_map(|input| input["name"].as_str());
    let known: Vec<&str> = ids(gives).chain(inputs).collect();
    let name = reference.get(1)?;
    (!known.contains(&name.as_str())).then(|| missing(&format!("trigger.{name}"), name, &known))
}

fn of_steps(
    workflow: &Workflow,
    index: usize,
    reference: &[String],
    registry: &Registry,
) -> Option<Problem> {
    let id = reference.get(1)?;
    let earlier = &workflow.steps[..index];
    let Some(step) = earlier.iter().find(|step| step.id == *id) else {
        let known: Vec<&str> = earlier.iter().map(|step| step.id.as_str()).collect();
        return Some(missing(&format!("steps.{id}"), id, &known));
    };
    let known: Vec<&str> = match &step.kind {
        StepKind::Do(action) => ids(&registry.action_info(&action.action)?.gives).collect(),
        StepKind::Set(values) => values.keys().map(String::as_str).collect(),
        _ => return None,
    };
    let name = reference.get(2)?;
    (!known.contains(&name.as_str())).then(|| missing(&reference[..3].join("."), name, &known))
}

fn ids(gives: &[Output]) -> impl Iterator<Item = &str> {
    gives.iter().map(|output| output.id.as_str())
}

fn missing(reference: &str, word: &str, known: &[&str]) -> Problem {
    let problem = Problem::at("", format!("There is no value `{reference}` at this step."));
    match errand_model::suggest::closest(word, known.iter().copied()) {
        Some(close) => {
            let whole = reference.strip_suffix(word).unwrap_or_default();
            problem.hint(format!("Did you mean `{whole}{close}`?"))
        }
        None => problem.hint("Use a value of the trigger or of a step above."),
    }
}
