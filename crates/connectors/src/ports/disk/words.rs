//! What the operating system said, classified and in words for people.

use std::{io, path::Path};

use errand_model::{ErrorKind, StepError};
use rustix::io::Errno;

use crate::names;

/// What Errand was about to do when the operating system said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    Reading,
    Changing,
}

/// The error for what went wrong at that path.
pub(super) fn explain(
    doing: Doing,
    path: &Path,
    home: Option<&Path>,
    error: &io::Error,
) -> StepError {
    let shown = names::shown(path, home);
    let around = names::shown(path.parent().unwrap_or(path), home);
    if let Some(inner) = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<StepError>())
    {
        return inner.clone();
    }
    match error.raw_os_error().map(Errno::from_raw_os_error) {
        Some(errno) => of_errno(errno, doing, &shown, &around, path),
        None => of_kind(error, &shown),
    }
}

fn of_errno(errno: Errno, doing: Doing, shown: &str, around: &str, path: &Path) -> StepError {
    let name = names::shown_name(path);
    if errno == Errno::NOENT || (errno == Errno::NOTDIR && doing == Doing::Reading) {
        return gone(shown);
    }
    refused(errno, doing, shown, around)
        .or_else(|| unfit(errno, shown, around, &name))
        .or_else(|| for_now(errno, shown, around))
        .unwrap_or_else(|| strange(doing, shown, errno))
}

fn say(kind: ErrorKind, message: String, hint: &str) -> Option<StepError> {
    Some(StepError::new(kind, message).hint(hint))
}

/// The system doesn't allow it.
fn refused(errno: Errno, doing: Doing, shown: &str, around: &str) -> Option<StepError> {
    let (message, hint) = match errno {
        Errno::ACCESS | Errno::PERM if doing == Doing::Reading => (
            format!("Errand may not read {shown}."),
            "Allow yourself to read it in its properties, then try again.",
        ),
        Errno::ACCESS | Errno::PERM => (
            format!("Errand may not write in {around}."),
            "Allow yourself to write there in the folder's properties, or choose another folder.",
        ),
        Errno::ROFS => (
            format!("Nothing can be changed in {around}: its drive is read-only."),
            "Choose a folder on another drive.",
        ),
        Errno::LOOP => (
            format!("{shown} is a link to another place, and Errand doesn't follow links."),
            "Use the file it points to.",
        ),
        _ => return None,
    };
    say(ErrorKind::Rejected, message, hint)
}

/// It can't be done with that name or that thing.
fn unfit(errno: Errno, shown: &str, around: &str, name: &str) -> Option<StepError> {
    use ErrorKind::{BadInput, Conflict, TooLarge};
    let (kind, message, hint) = match errno {
        Errno::NAMETOOLONG => (
            BadInput,
            format!("The name “{}” is too long for a file.", short(name)),
            "Make it shorter than 200 letters.",
        ),
        Errno::EXIST | Errno::NOTEMPTY => (
            Conflict,
            format!("There is already something called “{name}” in {around}."),
            "Choose another name, or say what to do when the name is taken.",
        ),
        Errno::NOTDIR => (
            Conflict,
            format!("A file is in the way where {around} should be a folder."),
            "Rename that file, or choose another folder.",
        ),
        Errno::ISDIR => (
            BadInput,
            format!("{shown} is a folder, but this step needs a file."),
            "Choose a file.",
        ),
        Errno::INVAL => (
            BadInput,
            format!("That can't be done with {shown}."),
            "A folder can't go into itself, and some drives don't take every name.",
        ),
        Errno::FBIG => (
            TooLarge,
            format!("{shown} would be larger than its drive allows."),
            "Choose a folder on another drive.",
        ),
        _ => return None,
    };
    say(kind, message, hint)
}

/// It may well work later.
fn for_now(errno: Errno, shown: &str, around: &str) -> Option<StepError> {
    let (message, hint) = match errno {
        Errno::NOSPC | Errno::DQUOT => (
            format!("There is no room left on the drive of {around}."),
            "Free some space; Errand then goes on by itself.",
        ),
        Errno::BUSY | Errno::TXTBSY | Errno::AGAIN => (
            format!("{shown} is in use by another program."),
            "Errand tries again by itself; closing the other program helps.",
        ),
        Errno::MFILE | Errno::NFILE | Errno::NOMEM | Errno::INTR => (
            format!("The computer was too busy to handle {shown}."),
            "Errand tries again by itself.",
        ),
        Errno::STALE
        | Errno::NODEV
        | Errno::NXIO
        | Errno::HOSTDOWN
        | Errno::TIMEDOUT
        | Errno::NOTCONN => (
            format!("The drive of {around} doesn't answer."),
            "Connect it again; Errand then goes on by itself.",
        ),
        _ => return None,
    };
    say(ErrorKind::Unreachable, message, hint)
}

fn gone(shown: &str) -> StepError {
    StepError::new(ErrorKind::NotFound, format!("{shown} isn't there."))
        .hint("It may have been moved, renamed or deleted.")
}

/// An error that says nothing about whether the change reached the disk.
fn strange(doing: Doing, shown: &str, errno: Errno) -> StepError {
    let message = format!("The drive reported a fault at {shown}: {errno}.");
    let error = StepError::new(ErrorKind::Unreachable, message)
        .hint("Check the drive. If this comes back, it may be failing.");
    if doing == Doing::Changing {
        error.ambiguous()
    } else {
        error
    }
}

fn of_kind(error: &io::Error, shown: &str) -> StepError {
    match error.kind() {
        io::ErrorKind::PermissionDenied => StepError::new(
            ErrorKind::Rejected,
            format!("{shown} leads out of the folder you chose, through a link."),
        )
        .hint("Choose the folder behind the link itself."),
        io::ErrorKind::NotFound => gone(shown),
        io::ErrorKind::WriteZero => StepError::new(
            ErrorKind::Unreachable,
            format!("There is no room left for {shown}."),
        )
        .hint("Free some space; Errand then goes on by itself."),
        _ => StepError::new(
            ErrorKind::BadInput,
            format!("{shown} can't be used: {error}."),
        )
        .hint("Choose another file or folder."),
    }
}

fn short(name: &str) -> String {
    if name.chars().count() <= 40 {
        return name.to_owned();
    }
    name.chars().take(39).chain(['…']).collect()
}

/// A [`StepError`] on its way through code that speaks `io::Error`.
pub(super) fn carry(error: StepError) -> io::Error {
    io::Error::other(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_system_are_classified_and_readable() {
        let at = |errno: Errno, doing| {
            let home = Some(Path::new("/home/ada"));
            let error = io::Error::from(errno);
            explain(doing, Path::new("/home/ada/Invoices/a.pdf"), home, &error)
        };
        let denied = at(Errno::ACCESS, Doing::Changing);
        assert_eq!(denied.message, "Errand may not write in ~/Invoices.");
        assert_eq!(denied.kind, ErrorKind::Rejected);
        assert_eq!(at(Errno::NOENT, Doing::Reading).kind, ErrorKind::NotFound);
        assert_eq!(
            at(Errno::NOSPC, Doing::Changing).kind,
            ErrorKind::Unreachable
        );
        assert_eq!(
            at(Errno::NAMETOOLONG, Doing::Changing).kind,
            ErrorKind::BadInput
        );
        assert!(at(Errno::IO, Doing::Changing).may_have_happened);
        assert!(!at(Errno::IO, Doing::Reading).may_have_happened);
    }
}
