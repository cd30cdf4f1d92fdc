//! Named places where tests make the process die, to prove that nothing is lost. Empty unless the
//! feature `faults` is on.

/// Aborts the process if the variable `ERRAND_FAULT` is `point`, or `point:N` and this is the Nth
/// time that the point is reached.
#[inline]
pub fn hit(point: &str) {
    #[cfg(feature = "faults")]
    armed::hit(point);
    #[cfg(not(feature = "faults"))]
    let _ = point;
}

/// Whether tests make the disk seem full: while the file that `ERRAND_FAULT_FULL` names is there.
#[inline]
pub(crate) fn is_full() -> bool {
    #[cfg(feature = "faults")]
    return armed::is_full();
    #[cfg(not(feature = "faults"))]
    false
}

#[cfg(feature = "faults")]
mod armed {
    use std::sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    };

    static WANTED: LazyLock<Option<(String, u64)>> =
        LazyLock::new(|| parse(&std::env::var("ERRAND_FAULT").ok()?));
    static REACHED: AtomicU64 = AtomicU64::new(0);

    fn parse(text: &str) -> Option<(String, u64)> {
        match text.rsplit_once(':') {
            Some((point, count)) => Some((point.to_owned(), count.parse().ok()?)),
            None => Some((text.to_owned(), 1)),
        }
    }

    pub(super) fn is_full() -> bool {
        static FILLER: LazyLock<Option<std::path::PathBuf>> =
            LazyLock::new(|| Some(std::env::var_os("ERRAND_FAULT_FULL")?.into()));
        FILLER.as_ref().is_some_and(|filler| filler.exists())
    }

    pub(super) fn hit(point: &str) {
        let Some((wanted, count)) = WANTED.as_ref() else {
            return;
        };
        if wanted == point && REACHED.fetch_add(1, Ordering::SeqCst) + 1 == *count {
            std::process::abort();
        }
    }
}
