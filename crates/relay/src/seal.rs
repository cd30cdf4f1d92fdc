//! Sealing a call to a device's key: HPKE (RFC 9180) in base mode, X25519, HKDF-SHA256 and
//! ChaCha20-Poly1305. Channel, number and time are bound to it, so that a message can't pass for
//! another one.

use hpke::{
    Deserializable as _, OpModeR, OpModeS, Serializable as _, aead::ChaCha20Poly1305 as Aead,
    kdf::HkdfSha256 as Kdf, kem::X25519HkdfSha256 as Kem,
};

use crate::{
    DeviceKeys, PublicKeys,
    keys::from_hex,
    message::{Delivery, Sealed},
};

const INFO: &[u8] = b"errand relay 1";
/// Bytes of the one-time key that stands before the ciphertext.
const KEY: usize = 32;

/// A message that isn't what it claims to be: damaged, forged, of another channel or another place
/// in this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this message can't be opened with this device's key")]
pub struct NotOpened;

/// Seals a call; None if the device's key is no key.
pub fn seal(
    to: &PublicKeys,
    channel: &str,
    seq: u64,
    at: i64,
    delivery: &Delivery,
) -> Option<Sealed> {
    let key = <Kem as hpke::Kem>::PublicKey::from_bytes(&from_hex(&to.seal)?).ok()?;
    let (one_time, mut context) =
        hpke::setup_sender::<Aead, Kdf, Kem>(&OpModeS::Base, &key, INFO).ok()?;
    let plain = serde_json::to_vec(delivery).ok()?;
    let cipher = context.seal(&plain, &bound(channel, seq, at)).ok()?;
    let sealed = [one_time.to_bytes().as_slice(), &cipher].concat();
    Some(Sealed { seq, at, sealed })
}

/// Opens a message of this channel.
pub fn open(keys: &DeviceKeys, channel: &str, message: &Sealed) -> Result<Delivery, NotOpened> {
    let (one_time, cipher) = message.sealed.split_at_checked(KEY).ok_or(NotOpened)?;
    let one_time = <Kem as hpke::Kem>::EncappedKey::from_bytes(one_time).map_err(|_| NotOpened)?;
    let mut context =
        hpke::setup_receiver::<Aead, Kdf, Kem>(&OpModeR::Base, &keys.open, &one_time, INFO)
            .map_err(|_| NotOpened)?;
    let bound = bound(channel, message.seq, message.at);
    let plain = context.open(cipher, &bound).map_err(|_| NotOpened)?;
    serde_json::from_slice(&plain).map_err(|_| NotOpened)
}

fn bound(channel: &str, seq: u64, at: i64) -> Vec<u8> {
    format!("{channel}\n{seq}\n{at}").into_bytes()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn delivery() -> Delivery {
        Delivery {
            method: "POST".into(),
            path: "token".into(),
            query: "a=1".into(),
            headers: vec![("content-type".into(), "text/plain".into())],
            body: vec![0, 255, 13, 10],
        }
    }

    #[test]
    fn only_the_device_opens_a_message_and_only_at_its_own_place() {
        let (keys, other) = (DeviceKeys::random().unwrap(), DeviceKeys::random().unwrap());
        let sealed = seal(&keys.public(), "channel", 7, 1000, &delivery()).unwrap();
        assert_eq!(open(&keys, "channel", &sealed), Ok(delivery()));
        assert_eq!(open(&other, "channel", &sealed), Err(NotOpened));
        assert_eq!(open(&keys, "another", &sealed), Err(NotOpened));
        let moved = Sealed {
            seq: 8,
            ..sealed.clone()
        };
        assert_eq!(open(&keys, "channel", &moved), Err(NotOpened));
        let later = Sealed { at: 1001, ..sealed };
        assert_eq!(open(&keys, "channel", &later), Err(NotOpened));
    }

    #[test]
    fn a_changed_or_cut_message_is_not_opened() {
        let keys = DeviceKeys::random().unwrap();
        let sealed = seal(&keys.public(), "channel", 1, 0, &delivery()).unwrap();
        for place in 0..sealed.sealed.len() {
            let mut forged = sealed.clone();
            forged.sealed[place] ^= 1;
            assert_eq!(open(&keys, "channel", &forged), Err(NotOpened), "{place}");
            forged.sealed.truncate(place);
            assert_eq!(open(&keys, "channel", &forged), Err(NotOpened), "{place}");
        }
    }

    #[test]
    fn keys_survive_being_kept() {
        let keys = DeviceKeys::random().unwrap();
        let kept = DeviceKeys::from_bytes(&keys.to_bytes()).unwrap();
        assert_eq!(kept.public(), keys.public());
        assert!(DeviceKeys::from_bytes(&[0; 63]).is_none());
    }
}
