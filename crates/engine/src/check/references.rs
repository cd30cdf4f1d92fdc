//! Checks that every reference of a step leads somewhere: to the trigger's values or to an earlier
//! step's.

use std::collections::{HashMap, HashSet};

use errand_connectors::Registry;
use errand_model::{Output, Step, StepKind, TriggerSource, Value, Workflow, suggest::closest};

use super::Problem;

/// So many problems get a suggestion; looking for more would only take time.
const SUGGESTIONS: usize = 100;

/// What there is to refer to, found out once for all steps.
pub(super) struct Known<'a> {
    workflow: &'a Workflow,
    registry: &'a Registry,
    /// Where a step of that id stands first.
    steps: HashMap<&'a str, usize>,
    /// None: nothing is known of the trigger.
    trigger: Option<HashSet<&'a str>>,
}

impl<'a> Known<'a> {
    pub(super) fn of(workflow: &'a Workflow, registry: &'a Registry) -> Self {
        let mut steps = HashMap::new();
        for (index, step) in workflow.steps.iter().enumerate() {
            steps.entry(step.id.as_str()).or_insert(index);
        }
        Self {
            workflow,
            registry,
            steps,
            trigger: trigger_values(workflow, registry),
        }
    }

    /// Whether an earlier step already has this step's id.
    pub(super) fn is_taken(&self, index: usize) -> bool {
        let id = self.workflow.steps[index].id.as_str();
        self.steps.get(id).is_some_and(|first| *first < index)
    }

    /// What is wrong with a reference at this step.
    fn problem(&self, index: usize, reference: &[String], suggest: bool) -> Option<Problem> {
        match reference.first().map(String::as_str) {
            Some("trigger") => self.of_trigger(reference, suggest),
            Some("steps") => self.of_steps(index, reference, suggest),
            _ => None,
        }
    }

    fn of_trigger(&self, reference: &[String], suggest: bool) -> Option<Problem> {
        let (known, name) = (self.trigger.as_ref()?, reference.get(1)?);
        let is_there = known.contains(name.as_str());
        (!is_there).then(|| {
            let close = suggest.then(|| closest(name, known.iter().copied()));
            missing(&format!("trigger.{name}"), name, close.flatten())
        })
    }

    fn of_steps(&self, index: usize, reference: &[String], suggest: bool) -> Option<Problem> {
        let id = reference.get(1)?;
        let Some(step) = self.steps.get(id.as_str()).filter(|at| **at < index) else {
            let earlier = self.workflow.steps[..index].iter();
            let close = suggest.then(|| closest(id, earlier.map(|step| step.id.as_str())));
            return Some(missing(&format!("steps.{id}"), id, close.flatten()));
        };
        let name = reference.get(2)?;
        let known: Vec<&str> = match &self.workflow.steps[*step].kind {
            StepKind::Set(values) if values.contains_key(name) => return None,
            StepKind::Set(values) if suggest => values.keys().map(String::as_str).collect(),
            StepKind::Set(_) => Vec::new(),
            StepKind::Do(action) => {
                ids(&self.registry.action_info(&action.action)?.gives).collect()
            }
            _ => return None,
        };
        (!known.contains(&name.as_str()))
            .then(|| missing(&reference[..3].join("."), name, closest(name, known)))
    }
}

fn trigger_values<'a>(workflow: &'a Workflow, registry: &'a Registry) -> Option<HashSet<&'a str>> {
    let trigger = workflow.trigger.as_ref()?;
    let info = registry.trigger_info(&trigger.on)?;
    // The fields of an item from elsewhere: only a real answer tells them.
    if info.source == TriggerSource::Poll {
        return None;
    }
    let gives = &info.gives;
    let inputs = trigger.with.get("inputs").and_then(Value::as_array);
    let inputs = inputs
        .into_iter()
        .flatten()
        .filter_map(|input| input["name"].as_str());
    Some(ids(gives).chain(inputs).collect())
}

pub(super) fn check(known: &Known<'_>, index: usize, problems: &mut Vec<Problem>) {
    let step = &known.workflow.steps[index];
    for (place, reference) in references_of(step) {
        let suggest = problems.len() < SUGGESTIONS;
        if let Some(problem) = known.problem(index, &reference, suggest) {
            let place = format!("steps.{}{place}", step.id);
            problems.push(Problem { place, ..problem });
        }
    }
}

/// The same for a field of the trigger that is filled in when a run has ended.
pub(super) fn check_at_end(known: &Known<'_>, field: &str, problems: &mut Vec<Problem>) {
    let trigger = known.workflow.trigger.as_ref();
    let value = trigger.and_then(|trigger| trigger.with.get(field));
    let end = known.workflow.steps.len();
    for reference in value.map(errand_template::references).unwrap_or_default() {
        let suggest = problems.len() < SUGGESTIONS;
        if let Some(problem) = known.problem(end, &reference, suggest) {
            let place = format!("trigger.with.{field}");
            problems.push(Problem { place, ..problem });
        }
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

fn ids(gives: &[Output]) -> impl Iterator<Item = &str> {
    gives.iter().map(|output| output.id.as_str())
}

fn missing(reference: &str, word: &str, close: Option<&str>) -> Problem {
    let problem = Problem::at("", format!("There is no value `{reference}` at this step."));
    match close {
        Some(close) => {
            let whole = reference.strip_suffix(word).unwrap_or_default();
            problem.hint(format!("Did you mean `{whole}{close}`?"))
        }
        None => problem.hint("Use a value of the trigger or of a step above."),
    }
}
