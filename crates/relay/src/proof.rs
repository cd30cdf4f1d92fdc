//! Proof that a request comes from the device: a signature over the request's purpose, the channel
//! and a number that the relay made up for it.

use ed25519_dalek::{Signature, Signer as _, VerifyingKey};

use crate::{
    DeviceKeys, PublicKeys,
    keys::{from_hex, hex},
};

/// The header that carries the relay's number back.
pub const NONCE: &str = "errand-nonce";
/// The header that carries the signature.
pub const SIGNATURE: &str = "errand-signature";

/// What a signature is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Hearing the messages after this number.
    Fetch(u64),
    /// Letting the relay forget the messages up to this number.
    Acknowledge(u64),
}

/// Signs, as hexadecimal digits.
pub fn sign(keys: &DeviceKeys, channel: &str, purpose: Purpose, nonce: &str) -> String {
    hex(&keys.sign.sign(&text(channel, purpose, nonce)).to_bytes())
}

/// Whether the device signed exactly this.
pub fn is_signed(
    keys: &PublicKeys,
    channel: &str,
    purpose: Purpose,
    nonce: &str,
    signature: &str,
) -> bool {
    let key = from_hex(&keys.sign)
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    let signature = from_hex(signature).and_then(|bytes| Signature::from_slice(&bytes).ok());
    match (key, signature) {
        (Some(key), Some(signature)) => key
            .verify_strict(&text(channel, purpose, nonce), &signature)
            .is_ok(),
        _ => false,
    }
}

fn text(channel: &str, purpose: Purpose, nonce: &str) -> Vec<u8> {
    let (word, number) = match purpose {
        Purpose::Fetch(after) => ("fetch", after),
        Purpose::Acknowledge(upto) => ("acknowledge", upto),
    };
    format!("errand relay 1\n{word}\n{channel}\n{number}\n{nonce}").into_bytes()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_good_for_one_thing_only() {
        let keys = DeviceKeys::random().unwrap();
        let public = keys.public();
        let signed = sign(&keys, "channel", Purpose::Fetch(3), "nonce");
        let good = |purpose, nonce| is_signed(&public, "channel", purpose, nonce, &signed);
        assert!(good(Purpose::Fetch(3), "nonce"));
        assert!(!good(Purpose::Fetch(4), "nonce"));
        assert!(!good(Purpose::Acknowledge(3), "nonce"));
        assert!(!good(Purpose::Fetch(3), "another"));
        let other = DeviceKeys::random().unwrap().public();
        assert!(!is_signed(
            &other,
            "channel",
            Purpose::Fetch(3),
            "nonce",
            &signed
        ));
        assert!(!is_signed(
            &public,
            "channel",
            Purpose::Fetch(3),
            "nonce",
            "00"
        ));
    }
}
