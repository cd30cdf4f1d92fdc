//! Chance that can be repeated: the seed is printed, and `ERRAND_SEED` sets it.

use std::{env, time::SystemTime};

/// A small generator (SplitMix64): the same seed gives the same throws.
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// Seeded from `ERRAND_SEED`, or else from the time of day; prints the seed.
    pub fn new(what_for: &str) -> Self {
        let seed = env::var("ERRAND_SEED")
            .ok()
            .and_then(|text| text.parse().ok());
        let seed = seed.unwrap_or_else(from_time_of_day);
        println!("{what_for}: ERRAND_SEED={seed} repeats this");
        Self(seed)
    }

    /// A number from `low` up to but not including `high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.throw() % (high - low)
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

fn from_time_of_day() -> u64 {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    u64::from(since.subsec_nanos()) ^ since.as_secs()
}
