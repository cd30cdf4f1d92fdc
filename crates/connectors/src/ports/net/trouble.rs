//! What went wrong on the way, in a sentence, and whether the request may have been carried out.

use std::{error::Error, io};

use errand_model::{ErrorKind, StepError, WaitsFor};

use super::lookup::NoAddress;

/// Classifies a request that got no answer. `is_sent`: the whole request may have left.
pub(super) fn of(error: &reqwest::Error, host: &str, is_sent: bool) -> StepError {
    if let Some(no_address) = source::<NoAddress>(error) {
        return of_lookup(*no_address, host);
    }
    let chain = chain(error);
    if let Some(trouble) = of_certificate(&chain, host) {
        return trouble;
    }
    if error.is_connect() {
        return of_connection(error, host);
    }
    if error.is_builder() {
        let message = format!("That can't be sent to {host}: {error}.");
        return StepError::new(ErrorKind::BadInput, message);
    }
    let trouble = match error.is_timeout() {
        true => unreachable(format!("{host} didn't answer in time.")),
        false => unreachable(format!(
            "{host} broke off the connection before it answered."
        )),
    };
    if is_sent {
        trouble.ambiguous()
    } else {
        trouble
    }
}

/// Classifies an answer that broke off. Its head had come, so the request was carried out.
pub(super) fn of_body(error: &reqwest::Error, host: &str) -> StepError {
    let message = match error.is_timeout() {
        true => format!("The answer of {host} didn't come to its end in time."),
        false => format!("The answer of {host} broke off."),
    };
    unreachable(message).ambiguous()
}

fn of_lookup(no_address: NoAddress, host: &str) -> StepError {
    match no_address {
        NoAddress::Unknown => unreachable(format!("There is no server called {host}."))
            .hint("Check the address for a typing mistake."),
        NoAddress::NoAnswer => offline(),
        NoAddress::Private => private(host),
    }
}

/// A host that came from data and isn't out on the internet.
pub(super) fn private(host: &str) -> StepError {
    let message = format!("{host} is on this computer or in your own network.");
    StepError::new(ErrorKind::Rejected, message).hint(
        "The address came from data, and such an address may only lead to the internet. Write it \
         into the step if you meant it.",
    )
}

fn offline() -> StepError {
    unreachable("This computer seems to be offline.".into())
        .hint("The run goes on when the network is back.")
        .waits_for(WaitsFor::Network)
}

fn of_connection(error: &reqwest::Error, host: &str) -> StepError {
    let kind = source::<io::Error>(error).map(io::Error::kind);
    match kind {
        Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown) => offline(),
        Some(io::ErrorKind::ConnectionRefused) => {
            unreachable(format!("{host} refuses connections."))
                .hint("Whatever should answer there isn't running, or the port is wrong.")
        }
        Some(io::ErrorKind::HostUnreachable) => unreachable(format!("{host} can't be reached.")),
        _ if error.is_timeout() => unreachable(format!("{host} can't be reached: it is silent.")),
        _ => unreachable(format!("No connection to {host} could be made.")),
    }
}

fn of_certificate(chain: &str, host: &str) -> Option<StepError> {
    let refuse = |what: &str, hint: &str| {
        StepError::new(ErrorKind::Rejected, format!("{host} {what}.")).hint(hint)
    };
    let own_clock = "If it happens with every server, check this computer's date and time.";
    let whoever = "Whoever runs the server must put it right; until then nothing is sent there.";
    let found = [
        ("Expired", "has a certificate that has expired", own_clock),
        (
            "NotValidYet",
            "has a certificate that isn't valid yet",
            own_clock,
        ),
        (
            "NotValidForName",
            "has a certificate of another server",
            whoever,
        ),
        (
            "UnknownIssuer",
            "has a certificate that can't be trusted",
            whoever,
        ),
        ("Revoked", "has a certificate that was taken back", whoever),
        (
            "invalid peer certificate",
            "has a certificate that can't be trusted",
            whoever,
        ),
        ("received fatal alert", "refused to speak securely", whoever),
        (
            "peer is incompatible",
            "speaks only an outdated kind of encryption",
            whoever,
        ),
    ];
    let found = found.into_iter().find(|(word, ..)| chain.contains(word));
    found.map(|(_, what, hint)| refuse(what, hint))
}

fn unreachable(message: String) -> StepError {
    StepError::new(ErrorKind::Unreachable, message)
}

fn source<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        // An I/O error may carry another one that isn't its source.
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        if let Some(found) = inner.and_then(|inner| inner.downcast_ref::<T>()) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

fn chain(error: &dyn Error) -> String {
    let mut words = format!("{error:?}");
    let mut next = error.source();
    while let Some(error) = next {
        words += &format!(" {error} {error:?}");
        next = error.source();
    }
    words
}
