//! Finds actions and triggers by id, for the engine, the checks and the picker.

use std::collections::BTreeMap;

use errand_model::{ActionInfo, ConnectionType, ConnectorInfo, TriggerInfo};

use crate::{Action, Poll, builtin};

/// Every connector of this build.
pub struct Registry {
    connectors: Vec<ConnectorInfo>,
    actions: BTreeMap<String, Box<dyn Action>>,
    polls: BTreeMap<String, Box<dyn Poll>>,
}

/// A connector written in Rust: what it says, and what acts.
pub(crate) struct Builtin {
    pub(crate) info: ConnectorInfo,
    pub(crate) actions: Vec<Box<dyn Action>>,
    pub(crate) polls: Vec<Box<dyn Poll>>,
}

impl Registry {
    /// The connectors that come with Errand.
    pub fn builtin() -> Self {
        Self::of(builtin::all())
    }

    pub(crate) fn of(builtins: Vec<Builtin>) -> Self {
        let mut registry = Self {
            connectors: Vec::new(),
            actions: BTreeMap::new(),
            polls: BTreeMap::new(),
        };
        for mut builtin in builtins {
            builtin.info.actions = builtin.actions.iter().map(|action| action.info()).collect();
            for poll in builtin.polls {
                builtin.info.triggers.push(poll.info());
                registry.polls.insert(poll.info().id, poll);
            }
            for action in builtin.actions {
                registry.actions.insert(action.info().id, action);
            }
            registry.connectors.push(builtin.info);
        }
        registry
    }

    /// All connectors, in the order the picker shows them.
    pub fn connectors(&self) -> &[ConnectorInfo] {
        &self.connectors
    }

    /// The action of that id.
    pub fn action(&self, id: &str) -> Option<&dyn Action> {
        self.actions.get(id).map(AsRef::as_ref)
    }

    /// The trigger of that id, if it is one that polls.
    pub fn poll(&self, id: &str) -> Option<&dyn Poll> {
        self.polls.get(id).map(AsRef::as_ref)
    }

    /// What the kind of connection says about itself.
    pub fn connection_type(&self, connector: &str, kind: &str) -> Option<&ConnectionType> {
        self.connectors
            .iter()
            .find(|known| known.id == connector)?
            .connections
            .iter()
            .find(|known| known.id == kind)
    }

    /// What the action of that id says about itself.
    pub fn action_info(&self, id: &str) -> Option<&ActionInfo> {
        self.connectors
            .iter()
            .flat_map(|connector| &connector.actions)
            .find(|info| info.id == id)
    }

    /// What the trigger of that id says about itself.
    pub fn trigger_info(&self, id: &str) -> Option<&TriggerInfo> {
        self.connectors
            .iter()
            .flat_map(|connector| &connector.triggers)
            .find(|info| info.id == id)
    }
}
