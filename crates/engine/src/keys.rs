//! Idempotency keys: the same for every try of a step for an event, whatever the run's id, the
//! attempt's number or the time; so that a service recognises a repeat even after a backup was
//! restored.

use errand_model::{Event, WorkflowId};

/// The part all steps of a run share.
pub(crate) fn root(
    install: [u8; 16],
    workflow: WorkflowId,
    event: &Event,
    generation: u32,
) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&install);
    hasher.update(workflow.as_bytes());
    hasher.update(&event.source_key);
    hasher.update(&generation.to_le_bytes());
    *hasher.finalize().as_bytes()
}

/// The key of the step at `path`: 32 hexadecimal digits.
pub(crate) fn of_step(root: &[u8; 32], path: &str) -> String {
    let mut key = blake3::keyed_hash(root, path.as_bytes())
        .to_hex()
        .to_string();
    key.truncate(32);
    key
}

/// A number from 0 to 1 out of a hash: spreads things that would otherwise come together, without
/// dice.
pub(crate) fn share(hash: blake3::Hash) -> f64 {
    let bytes = hash.as_bytes();
    f64::from(u16::from_le_bytes([bytes[0], bytes[1]])) / f64::from(u16::MAX)
}
