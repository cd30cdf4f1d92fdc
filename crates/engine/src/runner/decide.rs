//! What comes next in a run: a pure function of the document, the recorded steps and the time.
//! Same journal, same decision. Does no I/O and changes nothing.

use errand_model::workflow::{OnError, OnErrorWord};
use errand_model::{
    Outcome, Step, StepKind, StepRecord, StepState, Timestamp, Workflow, workflow::StopAs,
};

use super::journal::Journal;

/// What comes next.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Decision<'a> {
    /// Try this step, which has not begun or is to be tried again.
    Try(&'a Step),
    /// This step was interrupted; look whether it was done.
    Look(&'a Step),
    /// Nothing to do before this time.
    Wait(Timestamp),
    /// A person must say how to go on from this step.
    Ask { path: String, reason: String },
    /// The run has ended.
    Done {
        outcome: Outcome,
        reason: Option<String>,
    },
}

/// Reads the journal from the top and stops at the first step that hasn't ended well.
pub(crate) fn decide<'a>(
    workflow: &'a Workflow,
    journal: &Journal,
    now: Timestamp,
) -> Decision<'a> {
    let mut left_out = false;
    for step in workflow.steps.iter().filter(|step| !step.disabled) {
        let Some(record) = journal.get(&step.id) else {
            return Decision::Try(step);
        };
        if let Some(decision) = after(step, record, now) {
            return decision;
        }
        left_out |= record.state == StepState::Skipped;
    }
    let outcome = if left_out {
        Outcome::OkWithSkips
    } else {
        Outcome::Ok
    };
    Decision::Done {
        outcome,
        reason: None,
    }
}

/// What a recorded step means for the run; None: the next step's turn.
fn after<'a>(step: &'a Step, record: &StepRecord, now: Timestamp) -> Option<Decision<'a>> {
    match record.state {
        StepState::Ready => Some(Decision::Try(step)),
        StepState::Started | StepState::Sending | StepState::Verifying => {
            Some(Decision::Look(step))
        }
        StepState::RetryWait => Some(match record.wake_at {
            Some(time) if time > now => Decision::Wait(time),
            _ => Decision::Try(step),
        }),
        StepState::Unknown => Some(ask(step, "It can't be told whether this step was done.")),
        StepState::Failed => Some(after_failure(step, record)),
        StepState::Cancelled => Some(done(Outcome::Cancelled, None)),
        StepState::Skipped => None,
        StepState::Succeeded => after_success(step, record),
    }
}

fn after_success<'a>(step: &'a Step, record: &StepRecord) -> Option<Decision<'a>> {
    match &step.kind {
        StepKind::OnlyIf(_) if record.output["holds"] == false => Some(done(
            Outcome::Filtered,
            Some("The condition didn't hold.".into()),
        )),
        StepKind::Stop(stop) => {
            let reason = record.output["reason"]
                .as_str()
                .filter(|text| !text.is_empty());
            let outcome = match stop.as_outcome {
                StopAs::Done => Outcome::Ok,
                StopAs::Failed => Outcome::Failed,
            };
            Some(done(outcome, reason.map(str::to_owned)))
        }
        _ => None,
    }
}

fn after_failure<'a>(step: &'a Step, record: &StepRecord) -> Decision<'a> {
    let message = record
        .error
        .as_ref()
        .map(|error| error.message.clone())
        .unwrap_or_default();
    match step.on_error {
        OnError::Word(OnErrorWord::Stop) => done(Outcome::Failed, Some(message)),
        _ => ask(step, &message),
    }
}

fn ask<'a>(step: &Step, reason: &str) -> Decision<'a> {
    Decision::Ask {
        path: step.id.clone(),
        reason: reason.to_owned(),
    }
}

fn done<'a>(outcome: Outcome, reason: Option<String>) -> Decision<'a> {
    Decision::Done { outcome, reason }
}

#[cfg(test)]
mod tests {
    use errand_model::{
        Effect,
        workflow::{Do, Stop},
    };
    use proptest::prelude::*;

    use super::*;

    fn step(id: &str, kind: StepKind) -> Step {
        Step {
            id: id.into(),
            name: None,
            note: None,
            disabled: false,
            on_error: OnError::Attention,
            retry: None,
            kind,
        }
    }

    fn action(id: &str) -> Step {
        let with = errand_model::Map::new();
        step(
            id,
            StepKind::Do(Do {
                action: "some.action".into(),
                with,
                using: None,
            }),
        )
    }

    fn record(path: &str, state: StepState) -> StepRecord {
        StepRecord {
            state,
            ..StepRecord::ready(path, Effect::Unsafe)
        }
    }

    fn now() -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    #[test]
    fn a_stop_ends_the_run_and_nothing_after_it_is_tried() {
        let stop = Stop {
            reason: String::new(),
            as_outcome: StopAs::Done,
        };
        let mut workflow = Workflow::named("w");
        workflow.steps = vec![step("end", StepKind::Stop(stop)), action("never")];
        let journal = Journal::of(vec![record("end", StepState::Succeeded)]);
        let expected = Decision::Done {
            outcome: Outcome::Ok,
            reason: None,
        };
        assert_eq!(decide(&workflow, &journal, now()), expected);
    }

    #[test]
    fn an_unknown_step_asks_and_blocks_what_follows() {
        let mut workflow = Workflow::named("w");
        workflow.steps = vec![action("a"), action("b")];
        let journal = Journal::of(vec![record("a", StepState::Unknown)]);
        assert!(
            matches!(decide(&workflow, &journal, now()), Decision::Ask { path, .. } if path == "a")
        );
    }

    fn any_end() -> impl Strategy<Value = StepState> {
        prop_oneof![
            4 => Just(StepState::Succeeded),
            1 => Just(StepState::Skipped),
            1 => Just(StepState::Failed),
            1 => Just(StepState::Unknown),
            1 => Just(StepState::Cancelled),
        ]
    }

    proptest! {
        #[test]
        fn every_run_ends_and_tries_each_step_once_in_order(ends in prop::collection::vec(any_end(), 1..30)) {
            let mut workflow = Workflow::named("w");
            workflow.steps = (0..ends.len()).map(|n| action(&format!("s{n}"))).collect();
            let mut journal = Journal::default();
            for (n, end) in ends.iter().enumerate() {
                let path = format!("s{n}");
                match decide(&workflow, &journal, now()) {
                    Decision::Try(step) => prop_assert_eq!(&step.id, &path),
                    Decision::Ask { .. } | Decision::Done { .. } => return Ok(()),
                    other => prop_assert!(false, "unexpected {:?}", other),
                }
                journal.put(record(&path, *end));
            }
            let ended = matches!(
                decide(&workflow, &journal, now()),
                Decision::Done { .. } | Decision::Ask { .. }
            );
            prop_assert!(ended);
        }
    }
}
