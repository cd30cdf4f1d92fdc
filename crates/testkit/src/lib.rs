//! What tests share: a clock that stands still ([`clock`]), a person's home and data folder made
//! for one test ([`workspace`]), the real `errand` program in them ([`answer`], [`engine`]), an
//! independent look at folders ([`folders`]), an independent web service ([`witness`]), waiting without sleeping too long ([`wait`]) and
//! repeatable chance ([`dice`]), a web server ([`site`]). Only ever a dev-dependency.

pub mod answer;
pub mod clock;
pub mod dice;
pub mod engine;
pub mod folders;
pub mod site;
pub mod wait;
pub mod witness;
pub mod workspace;

pub use answer::Answer;
pub use clock::FakeClock;
pub use dice::Dice;
pub use engine::Engine;
pub use folders::Snapshot;
pub use wait::wait_until;
pub use witness::Witness;
pub use workspace::Workspace;
