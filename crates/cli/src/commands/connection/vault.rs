//! Opens the vault of secrets before something is kept in it, asking for the pass phrase where one
//! is wanted.

use errand_protocol::{
    Failure, FailureKind, Secret,
    commands::{VaultStatusGet, VaultUnlock},
    views::VaultStatus,
};
use secrecy::ExposeSecret;

use crate::{
    ask,
    door::Door,
    ports::{PASS_PHRASE_FILE, pass_phrase_file},
    print,
};

/// Sees to it that secrets can be kept.
pub(super) async fn open(door: &Door) -> Result<(), Failure> {
    let status = door.call(&VaultStatusGet {}).await?;
    if status.wants_pass_phrase {
        unlock_with(door, Some(pass_phrase(&status)?)).await?;
    }
    Ok(())
}

/// `errand connection unlock`.
pub(super) async fn unlock(door: &Door, json: bool) -> Result<(), Failure> {
    let status = door.call(&VaultStatusGet {}).await?;
    let given = match status.wants_pass_phrase {
        true => Some(pass_phrase(&status)?),
        false => None,
    };
    let status = unlock_with(door, given).await?;
    match json {
        true => print::json(&status),
        false => print::line("Your secrets are open."),
    }
    Ok(())
}

async fn unlock_with(door: &Door, pass_phrase: Option<Secret>) -> Result<VaultStatus, Failure> {
    door.call(&VaultUnlock { pass_phrase }).await
}

fn pass_phrase(status: &VaultStatus) -> Result<Secret, Failure> {
    let from_file = pass_phrase_file();
    let from_file = from_file.map_err(|why| Failure::new(FailureKind::BadInput, why))?;
    if let Some(found) = from_file {
        return Ok(Secret::new(found.expose_secret().to_owned()));
    }
    let is_new = status.problem.is_none();
    if is_new && ask::at_a_terminal() {
        print::complaint(
            "There is no keyring on this computer, so your secrets are kept behind a pass phrase.",
            Some("Choose one of at least eight letters. It is asked for after each start."),
        );
        return chosen();
    }
    ask::secret("Pass phrase")?.ok_or_else(|| missing(status))
}

/// A new one, typed twice.
fn chosen() -> Result<Secret, Failure> {
    let first = ask::secret("New pass phrase")?.unwrap_or_default();
    let second = ask::secret("Once more")?.unwrap_or_default();
    match first == second {
        true => Ok(first),
        false => Err(
            Failure::new(FailureKind::BadInput, "The two pass phrases differ.").hint("Try again."),
        ),
    }
}

fn missing(status: &VaultStatus) -> Failure {
    let message = status.problem.clone().unwrap_or_else(|| {
        "There is no keyring on this computer, so your secrets need a pass phrase.".to_owned()
    });
    Failure::new(FailureKind::BadInput, message).hint(format!(
        "Give the pass phrase on standard input, on a line after the secrets, or name a file that holds it in {PASS_PHRASE_FILE}."
    ))
}
