//! What every part of the engine shares: the store, what apps can do, the ports, the time, and the
//! ways to wake each other.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use errand_connectors::{
    Registry,
    ports::{Clock, Desktop, net::Wire},
};
use errand_model::{RunId, Timestamp, WorkflowId};
use errand_store::Store;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use crate::{
    documents::Documents,
    room::Room,
    scheduler::Scheduler,
    triggers::relay::Link,
    triggers::{schedule::Schedules, webhook::Hooks},
    turns::Turns,
    vault::{MasterKeys, NoKeyring, Vault},
};

/// What the engine is started with.
pub struct Parts {
    /// The open database.
    pub store: Store,
    /// What apps can do.
    pub registry: Arc<Registry>,
    /// The real desktop and trash.
    pub ports: Arc<dyn PortSource>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The person's home folder, which `~` stands for.
    pub home: PathBuf,
}

/// Supplies what ports need from the computer it runs on.
pub trait PortSource: Send + Sync {
    /// Where notifications go.
    fn desktop(&self) -> Arc<dyn Desktop>;
    /// The person's trash folder.
    fn trash_folder(&self) -> PathBuf;
    /// Where the key to secrets is kept.
    fn master_keys(&self) -> Arc<dyn MasterKeys> {
        Arc::new(NoKeyring)
    }
}

/// Something changed; sent after commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// A workflow's draft, version or switch.
    WorkflowChanged(WorkflowId),
    /// A run or one of its steps.
    RunChanged(RunId, WorkflowId),
    /// The engine's own status or a trigger's health.
    StatusChanged,
}

pub(crate) struct Core {
    pub(crate) store: Store,
    pub(crate) registry: Arc<Registry>,
    pub(crate) ports: Arc<dyn PortSource>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) home: PathBuf,
    pub(crate) vault: Arc<Vault>,
    pub(crate) wire: Arc<Wire>,
    pub(crate) relay: Link,
    pub(crate) hooks: Hooks,
    pub(crate) documents: Documents,
    pub(crate) scheduler: Scheduler,
    pub(crate) schedules: Schedules,
    pub(crate) turns: Turns,
    pub(crate) room: Room,
    pub(crate) stopping: CancellationToken,
    /// Something was accepted into the inbox.
    pub(crate) inbox_grew: Notify,
    /// A stored wake-up time may be earlier than the one slept for.
    pub(crate) timer_changed: Notify,
    /// Triggers were switched on, off or changed.
    pub(crate) triggers_changed: Notify,
    paused: AtomicBool,
    happenings: broadcast::Sender<Happening>,
}

/// Screens that fall this many happenings behind read everything again.
const HAPPENINGS: usize = 4096;

impl Core {
    pub(crate) fn new(parts: Parts, paused: bool) -> Arc<Self> {
        let vault = Vault::new(
            parts.store.clone(),
            Arc::clone(&parts.clock),
            parts.ports.master_keys(),
        );
        Arc::new(Self {
            vault: Arc::new(vault),
            wire: Wire::new(Arc::clone(&parts.clock)),
            relay: Link::default(),
            hooks: Hooks::default(),
            schedules: Schedules::new(&*parts.clock),
            store: parts.store,
            registry: parts.registry,
            ports: parts.ports,
            clock: parts.clock,
            home: parts.home,
            documents: Documents::default(),
            scheduler: Scheduler::default(),
            turns: Turns::default(),
            room: Room::default(),
            stopping: CancellationToken::new(),
            inbox_grew: Notify::new(),
            timer_changed: Notify::new(),
            triggers_changed: Notify::new(),
            paused: AtomicBool::new(paused),
            happenings: broadcast::channel(HAPPENINGS).0,
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn announce(&self, happening: Happening) {
        // Nobody listening is fine: happenings are hints.
        self.happenings.send(happening).ok();
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Happening> {
        self.happenings.subscribe()
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Acquire)
    }

    pub(crate) fn set_paused(&self, paused: bool) {
        self.paused.store(paused, Ordering::Release);
    }
}
