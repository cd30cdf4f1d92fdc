//! Keeps what is in memory, secrets among it, from being written to disk when the program crashes.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// No core dumps from now on: neither to a file nor to a program that collects them.
pub(crate) fn stays_in_memory() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // What the system doesn't allow can't be helped; secrets are as safe as its own settings.
    let _ = setrlimit(Resource::Core, none);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
