//! Every dialect against the example that its service publishes (or, for those without one, against
//! another implementation of HMAC).

use std::collections::BTreeMap;

use errand_model::Map;
use serde_json::json;

use super::*;

struct Example {
    profile: &'static str,
    secret: &'static str,
    headers: Vec<(&'static str, String)>,
    body: &'static str,
    at: i64,
}

fn examples() -> Vec<Example> {
    vec![
        Example {
            profile: "standard_webhooks",
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            headers: vec![
                ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek".into()),
                ("webhook-timestamp", "1614265330".into()),
                (
                    "webhook-signature",
                    "v1a,AAAA v1,bm90IHRoaXMgb25l v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=".into(),
                ),
            ],
            body: r#"{"test": 2432232314}"#,
            at: 1_614_265_330,
        },
        Example {
            profile: "github",
            secret: "It's a Secret to Everybody",
            headers: vec![(
                "x-hub-signature-256",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17".into(),
            )],
            body: "Hello, World!",
            at: 0,
        },
        Example {
            profile: "stripe",
            secret: "whsec_test",
            headers: vec![(
                "stripe-signature",
                "t=1492774577,v0=00,v1=7656fc2882a7ca0a651666b36bf2f2f22ee204f54f608f227498a2419f2890b2".into(),
            )],
            body: r#"{"id":"evt_1"}"#,
            at: 1_492_774_577,
        },
        Example {
            profile: "shopify",
            secret: "hush",
            headers: vec![(
                "x-shopify-hmac-sha256",
                "VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY=".into(),
            )],
            body: r#"{"id":1}"#,
            at: 0,
        },
        Example {
            profile: "slack",
            secret: "8f742231b10e8888abcd99yyyzzz85a5",
            headers: vec![
                ("x-slack-request-timestamp", "1531420618".into()),
                (
                    "x-slack-signature",
                    "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503".into(),
                ),
            ],
            body: "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow\
                   &channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA\
                   &user_name=roadrunner&command=%2Fwebhook-collect&text=\
                   &response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J\
                   %2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN\
                   &trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
            at: 1_531_420_618,
        },
        Example {
            profile: "generic",
            secret: "It's a Secret to Everybody",
            headers: vec![(
                "x-my-signature",
                "hmac=757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17".into(),
            )],
            body: "Hello, World!",
            at: 0,
        },
    ]
}

impl Example {
    fn signing(&self, secrets: &[(&str, &str)]) -> Signing {
        let fields =
            json!({ "profile": self.profile, "header": "X-My-Signature", "prefix": "hmac=" });
        let secrets = secrets.iter();
        let account = Account {
            name: "Mine".into(),
            connector: "webhook".into(),
            kind: "signing_secret".into(),
            fields: fields.as_object().cloned().unwrap_or_else(Map::new),
            secrets: secrets
                .map(|(id, secret)| ((*id).to_owned(), SecretString::from(*secret)))
                .collect::<BTreeMap<_, _>>(),
        };
        Signing::of(&account).expect("that is a signing secret")
    }

    fn call(&self) -> HookCall {
        let headers = self.headers.iter();
        HookCall {
            token: String::new(),
            method: "POST".into(),
            path: String::new(),
            query: String::new(),
            headers: headers
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            body: self.body.as_bytes().to_vec(),
            arrived: Timestamp::from_second(self.at).expect("a time"),
            delivery: None,
        }
    }
}

#[test]
fn what_was_signed_with_the_secret_is_taken() {
    for example in examples() {
        let signing = example.signing(&[("secret", example.secret)]);
        assert_eq!(
            signing.check(&example.call()),
            Ok(()),
            "{}",
            example.profile
        );
    }
}

#[test]
fn while_a_secret_is_replaced_both_are_taken() {
    for example in examples() {
        let secrets = [("secret", "a newer one"), ("old_secret", example.secret)];
        let signing = example.signing(&secrets);
        assert_eq!(
            signing.check(&example.call()),
            Ok(()),
            "{}",
            example.profile
        );
    }
}

#[test]
fn one_changed_byte_or_another_secret_is_refused() {
    for example in examples() {
        let signing = example.signing(&[("secret", example.secret)]);
        let mut call = example.call();
        call.body[0] ^= 1;
        assert_eq!(
            signing.check(&call),
            Err(Refusal::Wrong),
            "{}",
            example.profile
        );
        let other = example.signing(&[("secret", "b3RoZXI=")]);
        assert_eq!(
            other.check(&example.call()),
            Err(Refusal::Wrong),
            "{}",
            example.profile
        );
    }
}

#[test]
fn without_a_signature_that_can_be_read_a_call_is_unsigned() {
    for example in examples() {
        let signing = example.signing(&[("secret", example.secret)]);
        for broken in ["", "sha256=", "t=1", "v1,", "v0=xyz", "hmac=123", "é"] {
            let mut call = example.call();
            if let Some((_, value)) = call.headers.last_mut() {
                *value = broken.into();
            }
            assert_eq!(
                signing.check(&call),
                Err(Refusal::Unsigned),
                "{} {broken}",
                example.profile
            );
            call.headers.pop();
            assert_eq!(
                signing.check(&call),
                Err(Refusal::Unsigned),
                "{}",
                example.profile
            );
        }
    }
}

#[test]
fn a_signed_time_may_be_five_minutes_off_and_no_more() {
    for example in examples().into_iter().filter(|example| example.at != 0) {
        let signing = example.signing(&[("secret", example.secret)]);
        for (off, expected) in [
            (-301, Err(Refusal::Stale)),
            (-300, Ok(())),
            (300, Ok(())),
            (301, Err(Refusal::Stale)),
        ] {
            let mut call = example.call();
            call.arrived = Timestamp::from_second(example.at + off).expect("a time");
            assert_eq!(
                signing.check(&call),
                expected,
                "{} {off} s",
                example.profile
            );
        }
    }
}

#[test]
fn an_empty_secret_signs_nothing() {
    let account = Account {
        name: "Mine".into(),
        connector: "webhook".into(),
        kind: "signing_secret".into(),
        fields: Map::new(),
        secrets: BTreeMap::from([("secret".to_owned(), SecretString::from(" "))]),
    };
    assert!(Signing::of(&account).is_none());
}
