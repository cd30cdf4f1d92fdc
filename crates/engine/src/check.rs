//! What stands in the way of publishing a document: places, sentences and what to do. Pure; the
//! command line, the builder and `publish` all ask here.

mod connections;
mod fields;
mod references;
mod schedule;

use errand_connectors::Registry;
use errand_model::{
    Connection, Step, StepKind, TriggerSource, Workflow,
    workflow::{Mode, OnError},
};

use references::Known;

/// Something to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path such as `steps.file_it.with.to`.
    pub place: String,
    /// One sentence.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Problem {
    fn at(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            message: message.into(),
            hint: None,
        }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }
}

/// Everything to mend as far as it can be told without knowing a person's connections.
pub fn problems(workflow: &Workflow, registry: &Registry) -> Vec<Problem> {
    problems_among(workflow, registry, None)
}

/// Everything to mend, from top to bottom, for a person with these connections.
pub(crate) fn problems_among(
    workflow: &Workflow,
    registry: &Registry,
    connections: Option<&[Connection]>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let known = Known::of(workflow, registry);
    if workflow.name.trim().is_empty() {
        problems.push(Problem::at("name", "The workflow has no name.").hint("Give it one."));
    }
    problems.extend(unfit_name("name", &workflow.name));
    check_trigger(workflow, registry, &known, &mut problems);
    check_settings(workflow, &mut problems);
    if workflow.steps.iter().all(|step| step.disabled) {
        let problem = Problem::at("steps", "There is no step yet.");
        problems.push(problem.hint("Add what shall be done."));
    }
    for (index, step) in workflow.steps.iter().enumerate() {
        check_id(step, known.is_taken(index), &mut problems);
        check_step(step, registry, &mut problems);
        references::check(&known, index, &mut problems);
    }
    connections::check(workflow, registry, connections, &mut problems);
    problems
}

/// What makes a name unfit to be kept at all, complete or not.
pub(crate) fn unfit_names(workflow: &Workflow) -> Option<Problem> {
    let steps = workflow.steps.iter();
    let of_step = |step: &Step| step_name(step).and_then(|(place, name)| unfit_name(&place, name));
    unfit_name("name", &workflow.name).or_else(|| steps.filter_map(of_step).next())
}

fn step_name(step: &Step) -> Option<(String, &str)> {
    let name = step.name.as_deref()?;
    Some((format!("steps.{}.name", step.id), name))
}

fn unfit_name(place: &str, name: &str) -> Option<Problem> {
    let (what, hint) = errand_model::text::unfit_name(name)?;
    Some(Problem::at(place, format!("The name {what}.")).hint(hint))
}

fn check_trigger(
    workflow: &Workflow,
    registry: &Registry,
    known: &Known<'_>,
    problems: &mut Vec<Problem>,
) {
    let Some(trigger) = &workflow.trigger else {
        let problem = Problem::at("trigger", "Nothing starts this workflow yet.");
        return problems.push(problem.hint("Choose what starts it."));
    };
    let Some(info) = registry.trigger_info(&trigger.on) else {
        let known = registry
            .connectors()
            .iter()
            .flat_map(|connector| &connector.triggers);
        let known: Vec<&str> = known.map(|info| info.id.as_str()).collect();
        return problems.push(unknown("trigger.on", "trigger", &trigger.on, &known));
    };
    if trigger.same_item.is_some() {
        problems.push(unavailable("trigger.same_item", "`same_item`"));
    }
    fields::check(&info.fields, &trigger.with, "trigger.with", problems);
    let at_end = info.source.rendered_at_end();
    fields::check_literal(&trigger.with, at_end, "trigger.with", problems);
    if info.source == TriggerSource::Schedule {
        schedule::check(&trigger.with, problems);
    }
    for field in at_end {
        references::check_at_end(known, field, problems);
    }
}

fn check_settings(workflow: &Workflow, problems: &mut Vec<Problem>) {
    let settings = &workflow.settings;
    if matches!(
        settings.mode,
        Some(Mode::PerKey | Mode::NewestOnly | Mode::DropWhileBusy)
    ) {
        problems.push(unavailable("settings.mode", "This mode"));
    }
    if settings.at_once == Some(0) {
        let problem = Problem::at(
            "settings.at_once",
            "At least one run must be able to go on.",
        );
        problems.push(problem.hint("Use 1 or more."));
    }
}

fn check_id(step: &Step, is_taken: bool, problems: &mut Vec<Problem>) {
    let id = &step.id;
    let place = format!("steps.{id}.id");
    let first_is_letter = id.starts_with(|c: char| c.is_ascii_lowercase());
    let rest_fits = id
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !first_is_letter || !rest_fits {
        let problem = Problem::at(&place, format!("`{id}` can't be a step's id."));
        problems.push(problem.hint("Use small letters, digits and `_`, a letter first."));
    }
    if is_taken {
        let problem = Problem::at(place, format!("Two steps have the id `{id}`."));
        problems.push(problem.hint("Give one of them another id."));
    }
}

fn check_step(step: &Step, registry: &Registry, problems: &mut Vec<Problem>) {
    let place = format!("steps.{}", step.id);
    let name = step_name(step).and_then(|(place, name)| unfit_name(&place, name));
    problems.extend(name);
    if let OnError::Steps(_) = step.on_error {
        problems.push(unavailable(
            &format!("{place}.on_error"),
            "Steps after an error",
        ));
    }
    if let Some(within) = step
        .retry
        .as_ref()
        .and_then(|retry| retry.within.as_deref())
        && errand_model::duration(within).is_none()
    {
        let message = format!("`{within}` isn't a length of time.");
        let problem = Problem::at(format!("{place}.retry.within"), message);
        problems.push(problem.hint("Write it like `30m`, `12h` or `2d`."));
    }
    match &step.kind {
        StepKind::Do(action) => fields::check_action(action, &place, registry, problems),
        StepKind::OnlyIf(condition) => {
            let errors = errand_template::check_condition(condition);
            problems.extend(errors.into_iter().map(|error| of_template(&place, error)));
        }
        StepKind::Set(values) => {
            for (name, value) in values {
                fields::check_template(value, &format!("{place}.set.{name}"), problems);
            }
        }
        StepKind::Stop(stop) => {
            let reason = stop.reason.clone().into();
            fields::check_template(&reason, &format!("{place}.stop.reason"), problems);
        }
        other => problems.push(unavailable(&place, &format!("`{}`", other.word()))),
    }
}

fn unavailable(place: &str, what: &str) -> Problem {
    Problem::at(place, format!("{what} is not available in this version."))
        .hint("Remove it, or use a newer version of Errand.")
}

fn unknown(place: &str, what: &str, word: &str, known: &[&str]) -> Problem {
    let problem = Problem::at(place, format!("There is no {what} called `{word}`."));
    match errand_model::suggest::closest(word, known.iter().copied()) {
        Some(close) => problem.hint(format!("Did you mean `{close}`?")),
        None => problem.hint("`errand connectors list` shows all there are."),
    }
}

fn of_template(place: &str, error: errand_template::Error) -> Problem {
    Problem {
        place: place.to_owned(),
        message: error.message,
        hint: error.hint,
    }
}
