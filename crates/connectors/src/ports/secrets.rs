//! The connection that a step uses, with its secrets, opened only while the step acts.

use std::{collections::BTreeMap, fmt, sync::Arc};

use errand_model::{Map, StepError};
use secrecy::SecretString;

/// The way to the connection named by `using`.
pub trait Secrets: Send + Sync {
    /// It, or None where the step names none. An error that [waits](StepError::waits_for) when the
    /// keyring is locked.
    fn using(&self) -> Result<Option<Arc<Account>>, StepError>;
}

/// A connection whose secrets are open. Never written, logged or shown.
pub struct Account {
    /// What the person calls it.
    pub name: String,
    /// The connector it belongs to.
    pub connector: String,
    /// Which of the connector's types, such as `bearer`.
    pub kind: String,
    /// What was filled in, without the secrets.
    pub fields: Map,
    /// The secrets by field.
    pub secrets: BTreeMap<String, SecretString>,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({:?})", self.name)
    }
}

/// No connection, for steps that use none.
pub struct NoSecrets;

impl Secrets for NoSecrets {
    fn using(&self) -> Result<Option<Arc<Account>>, StepError> {
        Ok(None)
    }
}
