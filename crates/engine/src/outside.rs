//! The way out of this computer, for one step or trigger: the network within the workflow's grants,
//! and the connection it uses.

use std::{sync::Arc, time::Duration};

use errand_connectors::{
    Registry,
    ports::{
        Cards, Net, Ports,
        net::{HostGrants, PreviewNet, RealNet},
    },
};
use errand_model::{Field, FieldKind, Map, StepKind, Value, Workflow};

use crate::core::Core;

const LATECOMERS: Duration = Duration::from_secs(3);

/// Lets go on what waits for a host or the network as soon as it is back, until the engine stops.
pub(crate) async fn run(core: Arc<Core>) {
    loop {
        tokio::select! {
            () = core.wire.returned() => {}
            () = core.stopping.cancelled() => return,
        }
        // Once more for those that were sent away a moment ago and are only now written down.
        for pause in [Duration::ZERO, LATECOMERS] {
            tokio::select! {
                () = tokio::time::sleep(pause) => wake(&core).await,
                () = core.stopping.cancelled() => return,
            }
        }
    }
}

async fn wake(core: &Core) {
    let now = core.now();
    match core.store.write(move |tx| tx.wake_waiting(now)).await {
        Ok(()) => core.timer_changed.notify_one(),
        Err(error) => {
            tracing::error!(%error, "Waiting runs could not be woken; each goes on at its time.");
        }
    }
}

/// Ports that reach the servers which the document names, and those of its connections.
pub(crate) fn connect(
    core: &Core,
    ports: Ports,
    workflow: &Workflow,
    using: Option<&str>,
) -> Ports {
    let net = real(core, grants(core, workflow));
    ports.with_net(net, core.vault.secrets_port(using.map(str::to_owned)))
}

/// The same for a preview: questions are asked, everything else becomes a card.
pub(crate) fn rehearse(
    core: &Core,
    ports: Ports,
    cards: &Cards,
    workflow: &Workflow,
    using: Option<&str>,
) -> Ports {
    let net = PreviewNet::new(real(core, grants(core, workflow)), cards.clone());
    ports.with_net(
        Arc::new(net),
        core.vault.secrets_port(using.map(str::to_owned)),
    )
}

/// The network to this one server, for the engine itself.
pub(crate) fn to(core: &Core, address: &str) -> Arc<dyn Net> {
    let mut grants = HostGrants::none();
    grants.add(address);
    real(core, grants)
}

fn real(core: &Core, grants: HostGrants) -> Arc<dyn Net> {
    Arc::new(RealNet::new(Arc::clone(&core.wire), grants))
}

/// Every server that stands literally in a field of kind `url`. A connection's own server needs no
/// grant: requests that use it may go there and nowhere else.
fn grants(core: &Core, workflow: &Workflow) -> HostGrants {
    let mut grants = HostGrants::none();
    let registry = &core.registry;
    if let Some(trigger) = &workflow.trigger
        && let Some(info) = registry.trigger_info(&trigger.on)
    {
        add(&mut grants, &info.fields, &trigger.with);
    }
    add_steps(&mut grants, registry, workflow);
    grants
}

fn add_steps(grants: &mut HostGrants, registry: &Registry, workflow: &Workflow) {
    for step in &workflow.steps {
        if let StepKind::Do(action) = &step.kind
            && let Some(info) = registry.action_info(&action.action)
        {
            add(grants, &info.fields, &action.with);
        }
    }
}

fn add(grants: &mut HostGrants, fields: &[Field], with: &Map) {
    for field in fields.iter().filter(|field| field.kind == FieldKind::Url) {
        if let Some(text) = with.get(&field.id).and_then(Value::as_str) {
            grants.add(text);
        }
    }
}
