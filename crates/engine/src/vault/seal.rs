//! Sealing with a 32-byte key: XChaCha20-Poly1305 with a random nonce. What a text belongs to is
//! authenticated with it, so that sealed texts can't be exchanged for each other.

use std::sync::Arc;

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use secrecy::{ExposeSecret, SecretBox, zeroize::Zeroizing};

/// A sealed text is this byte, the nonce, then ciphertext with its tag.
const FORMAT: u8 = 1;
const NONCE: usize = 24;

const PROBE: &[u8] = b"This is the key.";
const PROBE_OF: &[u8] = b"errand vault probe";

/// A key; wiped from memory when dropped, and never printed.
#[derive(Clone)]
pub struct Key(Arc<SecretBox<[u8; 32]>>);

/// The system gave no random bytes.
#[derive(Debug)]
pub(crate) struct NoChance;

impl Key {
    /// The key that consists of these bytes; None unless there are 32 of them.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let bytes: [u8; 32] = bytes.try_into().ok()?;
        Some(Self(Arc::new(SecretBox::new(Box::new(bytes)))))
    }

    /// Its bytes, for whoever keeps it.
    pub fn bytes(&self) -> &[u8; 32] {
        self.0.expose_secret()
    }

    pub(super) fn random() -> Result<Self, NoChance> {
        let mut bytes = Zeroizing::new([0; 32]);
        fill(&mut *bytes)?;
        Ok(Self(Arc::new(SecretBox::new(Box::new(*bytes)))))
    }

    /// Seals a text that belongs to `what`.
    pub(super) fn seal(&self, text: &[u8], what: &[u8]) -> Result<Vec<u8>, NoChance> {
        let mut sealed = vec![FORMAT; 1 + NONCE];
        fill(&mut sealed[1..])?;
        let payload = Payload {
            msg: text,
            aad: what,
        };
        let nonce = XNonce::from_slice(&sealed[1..]);
        let ciphertext = self.cipher().encrypt(nonce, payload);
        // Fails only for texts of 256 GB.
        sealed.extend(ciphertext.map_err(|_| NoChance)?);
        Ok(sealed)
    }

    /// Opens what was sealed with this key for `what`; None if it was not.
    pub(super) fn open(&self, sealed: &[u8], what: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (head, ciphertext) = sealed.split_at_checked(1 + NONCE)?;
        let (format, nonce) = head.split_first()?;
        let payload = Payload {
            msg: ciphertext,
            aad: what,
        };
        let text = self
            .cipher()
            .decrypt(XNonce::from_slice(nonce), payload)
            .ok()?;
        (*format == FORMAT).then_some(Zeroizing::new(text))
    }

    /// A text by which this key is known again.
    pub(super) fn probe(&self) -> Result<Vec<u8>, NoChance> {
        self.seal(PROBE, PROBE_OF)
    }

    /// Whether this is the key that the probe was made with.
    pub(super) fn fits(&self, probe: &[u8]) -> bool {
        self.open(probe, PROBE_OF)
            .is_some_and(|text| *text == PROBE)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.bytes().into())
    }
}

/// Random bytes.
pub(super) fn fill(bytes: &mut [u8]) -> Result<(), NoChance> {
    getrandom::fill(bytes).map_err(|_| NoChance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_key_and_for_its_owner_only() {
        let key = Key::random().unwrap();
        let sealed = key.seal(b"canary", b"one").unwrap();
        assert_eq!(key.open(&sealed, b"one").unwrap().as_slice(), b"canary");
        assert!(key.open(&sealed, b"two").is_none());
        assert!(Key::random().unwrap().open(&sealed, b"one").is_none());
        for length in 0..sealed.len() {
            assert!(key.open(&sealed[..length], b"one").is_none(), "{length}");
        }
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(key.open(&changed, b"one").is_none(), "{place}");
        }
    }

    #[test]
    fn the_right_key_is_known_by_its_probe() {
        let key = Key::random().unwrap();
        let probe = key.probe().unwrap();
        assert!(key.fits(&probe));
        assert!(!Key::random().unwrap().fits(&probe));
        assert_ne!(probe, key.probe().unwrap(), "no nonce comes twice");
    }
}
