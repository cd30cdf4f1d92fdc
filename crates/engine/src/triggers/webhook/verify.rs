//! Whether a call was signed by the one who holds the secret: HMAC-SHA256 over the bytes as they
//! came, in the dialects of the services that sign. Pure.

use base64::{
    Engine as _,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use errand_connectors::ports::secrets::Account;
use errand_model::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::call::HookCall;

/// Clocks may differ by this much; older calls could be recorded ones, played again.
const TOLERANCE: i64 = 5 * 60;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How a service signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Profile {
    StandardWebhooks,
    Github,
    Stripe,
    Shopify,
    Slack,
    /// The body alone, in a header of any name.
    Generic {
        /// In lower case.
        header: String,
        base64: bool,
        prefix: String,
    },
}

/// What calls to one webhook are checked against.
pub(crate) struct Signing {
    pub(crate) profile: Profile,
    /// Two while a service changes over from one to the other.
    secrets: Vec<SecretString>,
}

/// Why a call is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no signature, or none that can be read.
    Unsigned,
    /// The signature is another one.
    Wrong,
    /// The signed time is too far from ours.
    Stale,
}

impl Refusal {
    /// For the sentence "3 calls were refused because …".
    pub(crate) fn because(self) -> &'static str {
        match self {
            Self::Unsigned => "the signature is missing",
            Self::Wrong => "the signature is wrong",
            Self::Stale => "the signed time is more than 5 minutes away from this computer's clock",
        }
    }
}

impl Signing {
    /// By the fields of the person's connection. None where it isn't a signing secret.
    pub(crate) fn of(account: &Account) -> Option<Self> {
        let text = |id: &str| account.fields.get(id).and_then(|value| value.as_str());
        let profile = match text("profile").unwrap_or("standard_webhooks") {
            "standard_webhooks" => Profile::StandardWebhooks,
            "github" => Profile::Github,
            "stripe" => Profile::Stripe,
            "shopify" => Profile::Shopify,
            "slack" => Profile::Slack,
            "generic" => Profile::Generic {
                header: text("header")?.trim().to_ascii_lowercase(),
                base64: text("encoding") == Some("base64"),
                prefix: text("prefix").unwrap_or_default().to_owned(),
            },
            _ => return None,
        };
        let secrets = ["secret", "old_secret"];
        let secrets = secrets.iter().filter_map(|id| account.secrets.get(*id));
        let filled = secrets.filter(|secret| !secret.expose_secret().trim().is_empty());
        let secrets: Vec<_> = filled.cloned().collect();
        (!secrets.is_empty()).then_some(Self { profile, secrets })
    }

    /// Whether the call was signed with one of the secrets, and recently.
    pub(crate) fn check(&self, call: &HookCall) -> Result<(), Refusal> {
        let signed = self.signed(call).ok_or(Refusal::Unsigned)?;
        if let Some(at) = signed.at
            && !is_near(at, call.arrived)
        {
            return Err(Refusal::Stale);
        }
        let fits = self.secrets.iter().any(|secret| {
            let key = self.key(secret.expose_secret().trim());
            let mut signatures = signed.signatures.iter();
            signatures.any(|signature| is_of(&key, &signed.parts, signature))
        });
        if fits { Ok(()) } else { Err(Refusal::Wrong) }
    }

    /// Standard Webhooks writes its keys in Base64; the others take the text itself.
    fn key(&self, secret: &str) -> Vec<u8> {
        let encoded = secret.strip_prefix("whsec_").unwrap_or(secret);
        match self.profile {
            Profile::StandardWebhooks => BASE64
                .decode(encoded)
                .unwrap_or_else(|_| secret.as_bytes().to_vec()),
            _ => secret.as_bytes().to_vec(),
        }
    }

    fn signed<'c>(&self, call: &'c HookCall) -> Option<Signed<'c>> {
        match &self.profile {
            Profile::StandardWebhooks => standard(call),
            Profile::Github => plain(call, "x-hub-signature-256", "sha256=", false),
            Profile::Shopify => plain(call, "x-shopify-hmac-sha256", "", true),
            Profile::Stripe => stripe(call),
            Profile::Slack => slack(call),
            Profile::Generic {
                header,
                base64,
                prefix,
            } => plain(call, header, prefix, *base64),
        }
    }
}

/// What a call says it was signed with.
struct Signed<'c> {
    /// Put together, what was signed.
    parts: Vec<&'c [u8]>,
    /// One of them must fit.
    signatures: Vec<Vec<u8>>,
    /// In seconds, if a time is part of what was signed.
    at: Option<i64>,
}

fn standard(call: &HookCall) -> Option<Signed<'_>> {
    let header = |name: &str| {
        let renamed = || call.header(&format!("svix-{name}"));
        call.header(&format!("webhook-{name}")).or_else(renamed)
    };
    let (id, at) = (header("id")?, header("timestamp")?);
    let listed = header("signature")?.split_ascii_whitespace();
    let ours = listed.filter_map(|one| BASE64.decode(one.strip_prefix("v1,")?).ok());
    some_signed(Signed {
        parts: vec![
            id.as_bytes(),
            b".",
            at.as_bytes(),
            b".",
            call.body.as_slice(),
        ],
        signatures: ours.collect(),
        at: Some(at.parse().ok()?),
    })
}

fn stripe(call: &HookCall) -> Option<Signed<'_>> {
    let pairs = call.header("stripe-signature")?.split(',');
    let pairs: Vec<_> = pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .collect();
    let at = pairs.iter().find(|(name, _)| *name == "t")?.1;
    let ours = pairs.iter().filter(|(name, _)| *name == "v1");
    some_signed(Signed {
        parts: vec![at.as_bytes(), b".", call.body.as_slice()],
        signatures: ours.filter_map(|(_, text)| from_hex(text)).collect(),
        at: Some(at.parse().ok()?),
    })
}

fn slack(call: &HookCall) -> Option<Signed<'_>> {
    let at = call.header("x-slack-request-timestamp")?;
    let signature = call.header("x-slack-signature")?.strip_prefix("v0=")?;
    some_signed(Signed {
        parts: vec![b"v0:", at.as_bytes(), b":", call.body.as_slice()],
        signatures: vec![from_hex(signature)?],
        at: Some(at.parse().ok()?),
    })
}

/// The body alone.
fn plain<'c>(call: &'c HookCall, header: &str, prefix: &str, base64: bool) -> Option<Signed<'c>> {
    let text = call.header(header)?.trim().strip_prefix(prefix)?.trim();
    let signature = match base64 {
        true => BASE64.decode(text).ok()?,
        false => from_hex(text)?,
    };
    some_signed(Signed {
        parts: vec![call.body.as_slice()],
        signatures: vec![signature],
        at: None,
    })
}

fn some_signed(mut signed: Signed<'_>) -> Option<Signed<'_>> {
    signed.signatures.retain(|signature| !signature.is_empty());
    (!signed.signatures.is_empty()).then_some(signed)
}

/// Takes the same time wherever the two differ.
fn is_of(key: &[u8], parts: &[&[u8]], signature: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return false;
    };
    for part in parts {
        mac.update(part);
    }
    mac.verify_slice(signature).is_ok()
}

fn is_near(seconds: i64, arrived: Timestamp) -> bool {
    seconds.abs_diff(arrived.as_second()) <= TOLERANCE.unsigned_abs()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text
        .chars()
        .map(|digit| digit.to_digit(16))
        .collect::<Option<_>>()?;
    if digits.len() % 2 == 1 {
        return None;
    }
    let pairs = digits.chunks_exact(2);
    pairs
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok())
        .collect()
}

#[cfg(test)]
mod tests;
