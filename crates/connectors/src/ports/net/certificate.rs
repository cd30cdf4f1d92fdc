//! What is wrong with a secure connection, in a sentence. There is no way to send all the same.

use errand_model::{ErrorKind, StepError};
use rustls::{AlertDescription, CertificateError, Error};

use super::trouble::{Cause, Trouble};

/// Classifies it. `proves`: nothing can have been carried out.
pub(super) fn trouble(error: &Error, host: &str, proves: bool) -> Trouble {
    match error {
        Error::InvalidCertificate(wrong) => of_certificate(wrong, host),
        Error::AlertReceived(alert) if wants_certificate(*alert) => Trouble {
            cause: Cause::Ours,
            error: unaccepted(host),
        },
        Error::AlertReceived(AlertDescription::ProtocolVersion) | Error::PeerIncompatible(_) => {
            let message = format!("{host} speaks only an outdated kind of encryption.");
            let error = StepError::new(ErrorKind::Rejected, message);
            let (cause, error) = (Cause::Ours, error.hint(WHOEVER));
            Trouble { cause, error }
        }
        Error::InvalidMessage(_) if proves => {
            let message = format!("{host} doesn't speak securely at this port.");
            let error = StepError::new(ErrorKind::Rejected, message);
            let (cause, error) = (
                Cause::Ours,
                error.hint("Check the port, or begin with http://."),
            );
            Trouble { cause, error }
        }
        _ => broken(host, proves),
    }
}

fn broken(host: &str, proves: bool) -> Trouble {
    let message = format!("The secure connection to {host} broke.");
    let error = StepError::new(ErrorKind::Unreachable, message);
    Trouble {
        cause: Cause::Host,
        error: if proves { error } else { error.ambiguous() },
    }
}

fn of_certificate(wrong: &CertificateError, host: &str) -> Trouble {
    use CertificateError as Wrong;
    let (cause, what, hint) = match wrong {
        Wrong::Expired | Wrong::ExpiredContext { .. } => {
            (Cause::Outdated, "has expired", OWN_CLOCK)
        }
        Wrong::NotValidYet | Wrong::NotValidYetContext { .. } => {
            (Cause::Outdated, "isn't valid yet", OWN_CLOCK)
        }
        Wrong::NotValidForName | Wrong::NotValidForNameContext { .. } => {
            (Cause::Certificate, "is another server's", WHOEVER)
        }
        Wrong::Revoked => (Cause::Certificate, "was taken back", WHOEVER),
        _ => (Cause::Certificate, "can't be trusted", STRANGER),
    };
    let message = format!("The certificate of {host} {what}.");
    let error = StepError::new(ErrorKind::Rejected, message).hint(hint);
    Trouble { cause, error }
}

const OWN_CLOCK: &str =
    "If it happens with other servers too, set this computer's date and time right.";
const WHOEVER: &str = "Whoever runs the server must put it right; until then nothing is sent.";
const STRANGER: &str = "Nobody whom this computer trusts vouches for it; until somebody does, \
                        nothing is sent. A server with a certificate of its own making can't be used.";

/// The clock of this computer is to blame.
pub(super) fn own_clock(host: &str) -> StepError {
    let message = format!(
        "This computer's date or time is wrong, so the certificate of {host} can't be checked."
    );
    StepError::new(ErrorKind::Unreachable, message)
        .hint("Set date and time right; it is then tried again.")
}

fn unaccepted(host: &str) -> StepError {
    let message = format!("{host} wants a client certificate that it knows.");
    StepError::new(ErrorKind::Rejected, message).hint(
        "Use a connection of the kind “Client certificate”; if there is one, check its certificate.",
    )
}

fn wants_certificate(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
    )
}
