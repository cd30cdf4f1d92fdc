//! What went wrong on the way, in a sentence, and whether the request may have been carried out.
//!
//! A network that wants somebody to sign in first (a captive portal) is known by status 511, which
//! whoever asked judges, and over TLS by a certificate of another server. That it sends plain
//! requests on to a page of its own can't be told from any other redirect, and isn't tried.

use std::{error::Error, io};

use errand_model::{ErrorKind, StepError};

use super::{NoAddress, certificate, outgoing::Unreadable, stage::Stage};

/// A request without an answer.
pub(super) struct Trouble {
    pub(super) cause: Cause,
    pub(super) error: StepError,
}

/// Whose trouble it is, which decides what the traffic learns from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// The host has no address, or nobody can tell it.
    Lookup(NoAddress),
    /// There is no way there.
    NoRoute,
    /// The host's certificate, whose time has come or gone.
    Outdated,
    /// The host's certificate for another reason.
    Certificate,
    /// The host, or the way to it.
    Host,
    /// Ours: the host has nothing to do with it.
    Ours,
}

/// Classifies a request that got no answer.
pub(super) fn of(error: &reqwest::Error, host: &str, stage: &Stage) -> Trouble {
    if let Some(unreadable) = source::<Unreadable>(error) {
        return ours(of_file(unreadable));
    }
    if let Some(no_address) = source::<NoAddress>(error) {
        let error = of_lookup(*no_address, host);
        return Trouble {
            cause: Cause::Lookup(*no_address),
            error,
        };
    }
    if let Some(tls) = source::<rustls::Error>(error) {
        return certificate::trouble(tls, host, error.is_connect() || !stage.may_have_arrived());
    }
    if let Some(error) = of_proxy(error) {
        return Trouble {
            cause: Cause::Host,
            error,
        };
    }
    if error.is_connect() {
        return of_connection(error, host);
    }
    if error.is_builder() {
        let message = format!("That can't be sent to {host}.");
        return ours(
            StepError::new(ErrorKind::BadInput, message).hint(
                "A header or another part of the request holds a sign that can't stand there.",
            ),
        );
    }
    let never_began = source::<hyper::Error>(error).is_some_and(hyper::Error::is_canceled);
    cut_off(host, stage, never_began)
}

fn cut_off(host: &str, stage: &Stage, never_began: bool) -> Trouble {
    if !never_began && stage.may_have_arrived() {
        let error = unreachable(format!("{host} broke off before it answered."));
        return of_host(error.ambiguous());
    }
    of_host(
        unreachable(format!("{host} broke off before everything was sent."))
            .hint("It can't have carried it out, so it is sent again."),
    )
}

/// Classifies a request that took too long. `within` is what it was given.
pub(super) fn too_slow(host: &str, within: &str, stage: &Stage) -> Trouble {
    if stage.may_have_arrived() {
        let message = format!("{host} took the request but gave no answer within {within}.");
        return of_host(unreachable(message).ambiguous());
    }
    let message = match stage.is_sent() {
        true => format!("{host} couldn't be reached within {within}."),
        false => format!("{host} didn't take all that was sent to it within {within}."),
    };
    of_host(unreachable(message))
}

/// Classifies an answer that broke off. Its head had come, so the request was carried out.
pub(super) fn of_body(error: &reqwest::Error, host: &str) -> StepError {
    let message = match error.is_decode() && source::<hyper::Error>(error).is_none() {
        true => format!("The answer of {host} is packed in a way that can't be read."),
        false => format!("The answer of {host} broke off."),
    };
    unreachable(message).ambiguous()
}

/// Classifies an answer that didn't come to its end.
pub(super) fn unfinished(host: &str, within: &str) -> StepError {
    let message = format!("The answer of {host} didn't go on or end within {within}.");
    unreachable(message).ambiguous()
}

/// The proxy wants to know who asks.
pub(super) fn proxy_sign_in() -> StepError {
    let message = "The proxy of this network wants a user name and a password.";
    StepError::new(ErrorKind::Rejected, message)
        .hint("Put them into the proxy settings of this computer, then try again.")
}

fn of_lookup(no_address: NoAddress, host: &str) -> StepError {
    match no_address {
        NoAddress::Unknown => unreachable(format!("There is no server called {host}."))
            .hint("Check the address for a typing mistake."),
        NoAddress::NoAnswer => unreachable(format!(
            "The address of {host} could not be looked up: no name server answers."
        ))
        .hint("If that stays so, look whether the network of this computer works."),
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

fn of_file(unreadable: &Unreadable) -> StepError {
    match unreadable {
        Unreadable::Shorter => unreachable("A file became shorter while it was sent.".into())
            .hint("Something still writes to it. It is sent again a little later."),
        Unreadable::Trouble(error) => {
            let message = format!("A file could not be read while it was sent: {error}.");
            StepError::new(ErrorKind::Rejected, message)
                .hint("Check the disk or network folder that it is on.")
        }
    }
}

/// What a proxy says when it won't pass on; the client has only words for it.
fn of_proxy(error: &reqwest::Error) -> Option<StepError> {
    let words = words(error);
    if !words.contains("tunnel error") {
        return None;
    }
    if words.contains("proxy authorization required") {
        return Some(proxy_sign_in());
    }
    Some(
        unreachable("The proxy of this network doesn't pass the request on.".into())
            .hint("Check the proxy settings of this computer."),
    )
}

fn of_connection(error: &reqwest::Error, host: &str) -> Trouble {
    let kind = io_kind(error);
    match kind {
        Some(
            io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown
            | io::ErrorKind::AddrNotAvailable,
        ) => Trouble {
            cause: Cause::NoRoute,
            error: unreachable(format!("There is no way to {host} from here."))
                .hint("Look whether the network of this computer works."),
        },
        Some(io::ErrorKind::ConnectionRefused) => of_host(
            unreachable(format!("{host} refuses connections."))
                .hint("Whatever should answer there isn't running, or the port is wrong."),
        ),
        Some(io::ErrorKind::HostUnreachable) => of_host(
            unreachable(format!("{host} can't be reached."))
                .hint("It may be switched off, or in another network."),
        ),
        Some(
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::BrokenPipe,
        ) => of_host(unreachable(format!(
            "{host} broke off while the connection was made."
        ))),
        _ if error.is_timeout() || kind == Some(io::ErrorKind::TimedOut) => of_host(
            unreachable(format!("{host} doesn't take the connection: it is silent."))
                .hint("It may be switched off, or something on the way keeps it shut."),
        ),
        _ => of_host(unreachable(format!(
            "No connection to {host} could be made."
        ))),
    }
}

fn of_host(error: StepError) -> Trouble {
    Trouble {
        cause: Cause::Host,
        error,
    }
}

fn ours(error: StepError) -> Trouble {
    Trouble {
        cause: Cause::Ours,
        error,
    }
}

fn unreachable(message: String) -> StepError {
    StepError::new(ErrorKind::Unreachable, message)
}

/// The first error of that type that this one goes back to.
fn source<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        // An I/O error may carry another one, of which only the source is a source.
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        if let Some(found) = inner.and_then(|inner| source::<T>(inner)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// What the system said, behind all that was wrapped around it.
fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    let io = error.downcast_ref::<io::Error>();
    let inner = io
        .and_then(io::Error::get_ref)
        .and_then(|inner| io_kind(inner));
    let deeper = inner.or_else(|| error.source().and_then(io_kind));
    let own = io
        .map(io::Error::kind)
        .filter(|kind| *kind != io::ErrorKind::Other);
    deeper.or(own)
}

fn words(error: &dyn Error) -> String {
    let mut words = String::new();
    let mut next = error.source();
    while let Some(error) = next {
        words += &format!(" {error}");
        next = error.source();
    }
    words
}
