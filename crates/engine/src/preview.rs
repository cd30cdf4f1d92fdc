//! What a workflow would do for an event. The same decisions as a run, but with ports that refuse
//! every change and record it as a card, and with nothing stored.

use std::{path::PathBuf, sync::Arc};

use errand_connectors::{
    Call,
    ports::{Cards, Ports},
};
use errand_model::{
    Effect, Map, Outcome, RunState, Step, StepError, StepKind, StepRecord, StepState, Value,
    Workflow, Would, workflow::Do,
};

use crate::{
    core::Core,
    grants, outside,
    runner::{Decision, attempt, decide, evaluate, journal::Journal, render_fields},
    scope,
};

/// What would come of an event.
#[derive(Debug, Clone)]
pub struct Preview {
    /// `done`, or `attention` when a step would need a person.
    pub state: RunState,
    /// How it would end.
    pub outcome: Option<Outcome>,
    /// Why.
    pub reason: Option<String>,
    /// The steps, in order.
    pub steps: Vec<PreviewStep>,
}

/// One step of a preview.
#[derive(Debug, Clone)]
pub struct PreviewStep {
    /// The step as it would be recorded, with the expected output.
    pub record: StepRecord,
    /// What it would do.
    pub would: Option<Would>,
}

/// Goes through the whole document; steps that can't be prepared say why, and the rest is shown all
/// the same, since a draft is rarely complete.
pub(crate) async fn preview(core: &Core, workflow: &Workflow, event: &Map) -> Preview {
    let (ports, cards) = ports(core, workflow, event);
    let rehearsal = Rehearsal {
        core,
        workflow,
        event,
        ports,
        cards,
    };
    let (mut journal, mut steps) = (Journal::default(), Vec::new());
    let mut first_failure = None;
    loop {
        let step = match decide(workflow, &journal, core.now()) {
            Decision::Try(step) => step,
            Decision::Done { outcome, reason } => {
                let (state, outcome, reason) = match first_failure {
                    Some(message) => (RunState::Attention, None, Some(message)),
                    None => (RunState::Done, Some(outcome), reason),
                };
                return Preview {
                    state,
                    outcome,
                    reason,
                    steps,
                };
            }
            // Nothing waits, asks or is interrupted in a preview: records are successes or skips.
            Decision::Look(_) | Decision::Wait(_) | Decision::Ask { .. } => {
                return Preview {
                    state: RunState::Attention,
                    outcome: None,
                    reason: None,
                    steps,
                };
            }
        };
        let (mut record, mut would) = rehearsal.step(step, &journal).await;
        core.vault.masks.record(&mut record);
        if let Some(would) = &mut would {
            core.vault.masks.card(would);
        }
        if let Some(error) = &record.error {
            first_failure.get_or_insert_with(|| error.message.clone());
        }
        journal.put(gone_on(&record));
        steps.push(PreviewStep { record, would });
    }
}

/// A step that would fail is left out, so that the following ones are shown.
fn gone_on(record: &StepRecord) -> StepRecord {
    match record.state {
        StepState::Failed => StepRecord {
            state: StepState::Skipped,
            ..record.clone()
        },
        _ => record.clone(),
    }
}

fn ports(core: &Core, workflow: &Workflow, event: &Map) -> (Ports, Cards) {
    let grants = grants::of(workflow, event, &core.registry, &core.home);
    let clock = Arc::clone(&core.clock);
    let example = example(core, workflow, event);
    let (trash, home) = (core.ports.trash_folder(), core.home.clone());
    Ports::preview(grants, trash, home, clock, example.as_deref())
}

/// The file of an example event, which isn't on disk.
fn example(core: &Core, workflow: &Workflow, event: &Map) -> Option<PathBuf> {
    let info = core.registry.trigger_info(&workflow.trigger.as_ref()?.on)?;
    let path = event.get("path").and_then(Value::as_str)?;
    let path = grants::expand(path, &core.home);
    (info.source.is_folder() && !path.exists()).then_some(path)
}

struct Rehearsal<'a> {
    core: &'a Core,
    workflow: &'a Workflow,
    event: &'a Map,
    ports: Ports,
    cards: Cards,
}

impl Rehearsal<'_> {
    async fn step(&self, step: &Step, journal: &Journal) -> (StepRecord, Option<Would>) {
        let now = self.core.now();
        let about = scope::About {
            workflow: self.workflow,
            workflow_id: None,
            run: None,
        };
        let scope = scope::of(&about, self.event, journal, now);
        let StepKind::Do(action) = &step.kind else {
            return (evaluate(step, &scope, now), None);
        };
        let effect = self
            .core
            .registry
            .action_info(&action.action)
            .map(|info| info.effect);
        let mut record = StepRecord {
            attempt: 1,
            started: Some(now),
            ended: Some(now),
            ..StepRecord::ready(&step.id, effect.unwrap_or(Effect::Unsafe))
        };
        match self.action(action, &scope, &mut record).await {
            Ok(output) => {
                (record.state, record.output) = (StepState::Succeeded, output);
                (record, joined(self.cards.take()))
            }
            Err(error) => {
                (record.state, record.error) = (StepState::Failed, Some(error));
                self.cards.take();
                (record, None)
            }
        }
    }

    /// Plans with real reads, then lets the action meet the refusing ports.
    async fn action(
        &self,
        action: &Do,
        scope: &errand_template::Scope,
        record: &mut StepRecord,
    ) -> Result<Value, StepError> {
        let (implementation, info) = attempt::find(self.core, &action.action)?;
        let rendered = render_fields(&action.with, &info.fields, scope)?;
        let input = errand_connectors::check_input(&info.fields, rendered, &self.core.home)?;
        record.effect = implementation.effect(&input);
        record.input = Value::Object(input.clone());
        let using = action.using.as_deref();
        let ports = self.ports.clone();
        let ports = outside::rehearse(self.core, ports, &self.cards, self.workflow, using);
        let call = Call {
            input: &input,
            ports: &ports,
            idempotency_key: "preview",
        };
        let plan = attempt::guarded(implementation.plan(&call)).await?;
        match attempt::guarded(implementation.run(&call, &plan)).await {
            Ok(output) => Ok(output),
            Err(_) if !self.cards.is_empty() => Ok(plan.expected),
            Err(error) => Err(error),
        }
    }
}

/// An action that changes several things has one card: its last and main change, with the details
/// of all.
fn joined(cards: Vec<Would>) -> Option<Would> {
    let mut cards = cards.into_iter().rev();
    let mut main = cards.next()?;
    for card in cards {
        for (label, text) in card.details {
            main.details.entry(label).or_insert(text);
        }
    }
    Some(main)
}
