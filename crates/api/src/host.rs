//! What the commands ask of the program around the engine.

use errand_protocol::Failure;

/// The program around the engine.
pub trait Host: Send + Sync {
    /// Ends the program soon, after calls in flight.
    fn quit(&self);

    /// Whether the program starts when the person logs in.
    ///
    /// # Errors
    /// When that can't be arranged.
    fn start_at_login(&self, start: bool) -> Result<(), Failure>;
}
