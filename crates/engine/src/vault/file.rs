//! The master key in a file, for computers without a keyring: sealed with a key that is made from a
//! pass phrase. Knows nothing of what the master key is for.
//!
//! The pass phrase goes through Argon2id with 64 MiB of memory, three passes and one lane (above
//! what OWASP asks for; half a second on an ordinary computer). The numbers stand in the file, so
//! that later versions can choose others.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde::{Deserialize, Serialize};

use super::seal::{Key, fill};

/// Its name in the data folder.
pub(super) const NAME: &str = "secrets.key";

const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;
/// A file that asks for more than this was not written by Errand.
const MOST_MEMORY_KIB: u32 = 1024 * 1024;
const MOST_PASSES: u32 = 64;
const OWNER: &[u8] = b"errand master key";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    format: u32,
    algorithm: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: Vec<u8>,
    sealed: Vec<u8>,
}

/// Why the file doesn't give the key.
#[derive(Debug)]
pub(super) enum NotOpened {
    /// It isn't there.
    Gone,
    /// The pass phrase is another one.
    WrongPassPhrase,
    /// It can't be read, or holds something else.
    Unreadable(String),
}

/// Whether there is such a file.
pub(super) fn is_there(folder: &Path) -> bool {
    folder.join(NAME).exists()
}

/// The key in the file.
pub(super) fn open(folder: &Path, pass_phrase: &SecretString) -> Result<Key, NotOpened> {
    let text = fs::read(folder.join(NAME)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => NotOpened::Gone,
        _ => NotOpened::Unreadable(error.to_string()),
    })?;
    let unreadable = || NotOpened::Unreadable("it holds something else".to_owned());
    let file: Sealed = serde_json::from_slice(&text).map_err(|_| unreadable())?;
    if file.format != 1 || file.memory_kib > MOST_MEMORY_KIB || file.passes > MOST_PASSES {
        return Err(unreadable());
    }
    let key = stretched(pass_phrase, &file).ok_or_else(unreadable)?;
    let bytes = key
        .open(&file.sealed, OWNER)
        .ok_or(NotOpened::WrongPassPhrase)?;
    Key::of(&bytes).ok_or_else(unreadable)
}

/// Keeps the key, in place of what was kept before.
pub(super) fn keep(folder: &Path, pass_phrase: &SecretString, key: &Key) -> io::Result<()> {
    let mut file = Sealed {
        format: 1,
        algorithm: "argon2id".to_owned(),
        memory_kib: MEMORY_KIB,
        passes: PASSES,
        lanes: LANES,
        salt: vec![0; 16],
        sealed: Vec::new(),
    };
    let no_chance = |_| io::Error::other("the system gives no random numbers");
    fill(&mut file.salt).map_err(no_chance)?;
    let wrapping = stretched(pass_phrase, &file)
        .ok_or_else(|| io::Error::other("the pass phrase can't be used"))?;
    file.sealed = wrapping.seal(key.bytes(), OWNER).map_err(no_chance)?;
    write(folder, &serde_json::to_vec(&file)?)
}

/// The key that a pass phrase stands for.
fn stretched(pass_phrase: &SecretString, file: &Sealed) -> Option<Key> {
    let params = Params::new(file.memory_kib, file.passes, file.lanes, Some(32)).ok()?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut bytes = Zeroizing::new([0; 32]);
    argon2
        .hash_password_into(
            pass_phrase.expose_secret().as_bytes(),
            &file.salt,
            &mut *bytes,
        )
        .ok()?;
    Key::of(&*bytes)
}

/// All or nothing, and on the disk when it returns.
fn write(folder: &Path, text: &[u8]) -> io::Result<()> {
    let part = folder.join(format!("{NAME}.part"));
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&part)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(&part, folder.join(NAME))?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_comes_back_with_the_pass_phrase_only() {
        let folder = tempfile::tempdir().unwrap();
        let pass_phrase = SecretString::from("correct horse");
        let key = Key::random().unwrap();
        assert!(matches!(
            open(folder.path(), &pass_phrase),
            Err(NotOpened::Gone)
        ));
        keep(folder.path(), &pass_phrase, &key).unwrap();
        assert_eq!(
            open(folder.path(), &pass_phrase).unwrap().bytes(),
            key.bytes()
        );
        let wrong = open(folder.path(), &SecretString::from("correct house"));
        assert!(matches!(wrong, Err(NotOpened::WrongPassPhrase)));
        let file = folder.path().join(NAME);
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "its owner's alone");
        fs::write(file, "{}").unwrap();
        let damaged = open(folder.path(), &pass_phrase);
        assert!(matches!(damaged, Err(NotOpened::Unreadable(_))));
    }
}
