//! Checks of `using`: whether the action or trigger can use a connection, needs one, and whether
//! there is one of that name that fits. Without knowing a person's connections only the first two.

use errand_connectors::Registry;
use errand_model::{Connection, StepKind, Using, Workflow};

use super::Problem;

pub(super) fn check(
    workflow: &Workflow,
    registry: &Registry,
    known: Option<&[Connection]>,
    problems: &mut Vec<Problem>,
) {
    if let Some(trigger) = &workflow.trigger
        && let Some(info) = registry.trigger_info(&trigger.on)
    {
        let place = Place {
            at: "trigger.using".to_owned(),
            what: &info.name,
        };
        let problem = problem(place, info.using.as_ref(), trigger.using.as_deref(), known);
        problems.extend(problem);
    }
    for step in workflow.steps.iter().filter(|step| !step.disabled) {
        if let StepKind::Do(action) = &step.kind
            && let Some(info) = registry.action_info(&action.action)
        {
            let place = Place {
                at: format!("steps.{}.using", step.id),
                what: &info.name,
            };
            let problem = problem(place, info.using.as_ref(), action.using.as_deref(), known);
            problems.extend(problem);
        }
    }
}

struct Place<'a> {
    at: String,
    /// The action or trigger, as people call it.
    what: &'a str,
}

fn problem(
    Place { at, what }: Place<'_>,
    fits: Option<&Using>,
    using: Option<&str>,
    known: Option<&[Connection]>,
) -> Option<Problem> {
    let using = using.filter(|name| !name.trim().is_empty());
    match (fits, using) {
        (None, Some(_)) => {
            let problem = Problem::at(at, format!("“{what}” can't use a connection."));
            Some(problem.hint("Remove `using`."))
        }
        (Some(fits), None) if fits.required => {
            let problem = Problem::at(at, format!("“{what}” needs a connection."));
            Some(problem.hint("Choose one of yours, or add one under Connections."))
        }
        (Some(fits), Some(name)) => mismatch(at, what, fits, name, known?),
        _ => None,
    }
}

fn mismatch(
    at: String,
    what: &str,
    fits: &Using,
    name: &str,
    known: &[Connection],
) -> Option<Problem> {
    let Some(found) = known.iter().find(|it| it.name == name) else {
        let problem = Problem::at(at, format!("There is no connection called “{name}”."));
        let fitting = known.iter().filter(|it| does_fit(fits, it));
        let close = errand_model::suggest::closest(name, fitting.map(|it| it.name.as_str()));
        return Some(match close {
            Some(close) => problem.hint(format!("Did you mean “{close}”?")),
            None => problem.hint("Add it under Connections, or choose another."),
        });
    };
    if does_fit(fits, found) {
        return None;
    }
    let message = format!("The connection “{name}” doesn't fit “{what}”.");
    let kinds = match fits.types.as_slice() {
        [] => format!("Choose one of the connector `{}`.", fits.connector),
        types => format!(
            "Choose one of the connector `{}`, of the kind {}.",
            fits.connector,
            types.join(" or ")
        ),
    };
    Some(Problem::at(at, message).hint(kinds))
}

/// Whether an action or trigger can use this connection.
pub(crate) fn does_fit(fits: &Using, connection: &Connection) -> bool {
    connection.connector == fits.connector
        && (fits.types.is_empty() || fits.types.contains(&connection.kind))
}
