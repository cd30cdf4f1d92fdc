//! The two key pairs of a device: one to prove who it is (Ed25519), one that messages are sealed to
//! (X25519).

use ed25519_dalek::SigningKey;
use hpke::{Deserializable as _, Kem as _, Serializable as _, kem::X25519HkdfSha256 as Kem};
use serde::{Deserialize, Serialize};

/// A device's secrets. 64 bytes: signing seed, then the key that opens messages.
pub struct DeviceKeys {
    pub(crate) sign: SigningKey,
    pub(crate) open: <Kem as hpke::Kem>::PrivateKey,
}

/// What a relay knows of a device: both keys as lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicKeys {
    /// Checks its signatures.
    pub sign: String,
    /// Seals its messages.
    pub seal: String,
}

impl DeviceKeys {
    /// New keys from this computer's random numbers.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 64];
        getrandom::fill(&mut bytes)?;
        // Any 32 bytes are a key of either kind.
        Self::from_bytes(&bytes).ok_or(getrandom::Error::UNEXPECTED)
    }

    /// Keys as [`DeviceKeys::to_bytes`] gave them; None unless those are 64 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (sign, open) = bytes.split_at_checked(32)?;
        Some(Self {
            sign: SigningKey::from_bytes(sign.try_into().ok()?),
            open: <Kem as hpke::Kem>::PrivateKey::from_bytes(open).ok()?,
        })
    }

    /// The secrets, to be kept sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        [
            self.sign.to_bytes().as_slice(),
            self.open.to_bytes().as_slice(),
        ]
        .concat()
    }

    /// What the relay is told.
    pub fn public(&self) -> PublicKeys {
        let seal = Kem::sk_to_pk(&self.open);
        PublicKeys {
            sign: hex(self.sign.verifying_key().as_bytes()),
            seal: hex(&seal.to_bytes()),
        }
    }
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that hexadecimal digits stand for.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let pairs = digits.chunks_exact(2);
    pairs
        .remainder()
        .is_empty()
        .then(|| pairs.map(|pair| pair[0] << 4 | pair[1]).collect())
}
