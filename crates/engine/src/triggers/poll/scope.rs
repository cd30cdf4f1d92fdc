//! What a check is made with: the trigger's fields and the ports, within the workflow's grants.

use errand_connectors::{Poll, check_input, ports::Ports};
use errand_model::{Map, StepError, Trigger, Workflow, duration};
use errand_store::TriggerRow;
use jiff::SignedDuration;

use crate::{core::Core, grants, outside, recording::Recording};

/// How often where the fields don't say, and at most.
const EVERY: SignedDuration = SignedDuration::from_mins(1);
const SHORTEST: SignedDuration = SignedDuration::from_secs(1);

/// Everything a question needs.
pub(super) struct Scope<'a> {
    pub(super) poll: &'a dyn Poll,
    pub(super) input: Map,
    pub(super) ports: Ports,
}

/// The scope of a document's trigger.
pub(super) fn of<'a>(core: &'a Core, document: &Workflow) -> Result<Scope<'a>, StepError> {
    let trigger = document.trigger.as_ref();
    let trigger = trigger.ok_or_else(|| StepError::bug("the workflow has no trigger"))?;
    let found = core.registry.poll(&trigger.on);
    let poll = found.ok_or_else(|| StepError::bug("this trigger can't be asked"))?;
    Ok(Scope {
        poll,
        input: input(core, trigger)?,
        ports: ports(core, document, trigger.using.as_deref()),
    })
}

fn input(core: &Core, trigger: &Trigger) -> Result<Map, StepError> {
    let info = core.registry.trigger_info(&trigger.on);
    let fields = info.map_or(&[][..], |info| &info.fields);
    check_input(fields, trigger.with.clone(), &core.home)
}

fn ports(core: &Core, document: &Workflow, using: Option<&str>) -> Ports {
    let grants = grants::of(document, &Map::new(), &core.registry, &core.home);
    let (ports, _) = Recording::real_ports(core, grants);
    outside::connect(core, ports, document, using)
}

/// How often the trigger asks.
pub(super) fn every(core: &Core, trigger: &TriggerRow) -> SignedDuration {
    let info = core.registry.trigger_info(&trigger.on);
    let field = info.and_then(|info| info.fields.iter().find(|field| field.id == "every"));
    let given = trigger.config["every"].as_str().and_then(duration);
    let usual = field.and_then(|field| field.default.as_str().and_then(duration));
    given.or(usual).unwrap_or(EVERY).max(SHORTEST)
}
