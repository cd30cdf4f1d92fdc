//! Certificates that are fine and all kinds that aren't.

use std::{collections::BTreeMap, sync::Arc};

use errand_connectors::ports::secrets::Account;
use errand_model::{ErrorKind, StepError};
use jiff::SignedDuration;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use serde_json::json;
use tokio_rustls::rustls::{
    RootCertStore, ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    server::WebPkiClientVerifier,
};

use crate::{
    place::{Around, HERE, Place, get},
    server::{Server, Talk, answer, ok},
};

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> Vec<u8> {
        self.0.pem().into_bytes()
    }

    /// A server with a certificate for these names, changed by `change`.
    fn server(&self, names: &[&str], change: impl Fn(&mut CertificateParams)) -> ServerConfig {
        let (key, certificate) = self.certify(names, change);
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap()
    }

    fn certify(
        &self,
        names: &[&str],
        change: impl Fn(&mut CertificateParams),
    ) -> (
        KeyPair,
        tokio_rustls::rustls::pki_types::CertificateDer<'static>,
    ) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        (params.not_before, params.not_after) =
            (date_time_ymd(2020, 1, 1), date_time_ymd(2090, 1, 1));
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        (key, certificate.der().clone())
    }
}

fn builder()
-> tokio_rustls::rustls::ConfigBuilder<ServerConfig, tokio_rustls::rustls::WantsVerifier> {
    ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
}

/// A place that trusts that authority and calls the server by that name.
fn trusting(authority: &Authority, server: &Server, name: &str) -> (Place, String) {
    let around = Around {
        roots: vec![authority.pem()],
        ..Around::default()
    };
    let url = server.called(name);
    let place = Place::within(around, &[&url]);
    place.name(name, &[Ok(vec![HERE])]);
    (place, url)
}

/// What becomes of a question to a server with that certificate.
async fn failure_of(config: impl FnOnce(&Authority) -> ServerConfig) -> StepError {
    let authority = Authority::new();
    let server = Server::secure(config(&authority), |_| ok("")).await;
    let (place, url) = trusting(&authority, &server, "a.example");
    let error = place.failure(&url).await;
    assert!(server.seen().is_empty());
    assert!(!error.may_have_happened);
    error
}

#[tokio::test]
async fn a_certificate_that_is_vouched_for_is_accepted() {
    let authority = Authority::new();
    let server = Server::secure(authority.server(&["a.example"], |_| {}), |_| ok("secure")).await;
    let (place, url) = trusting(&authority, &server, "a.example");
    assert_eq!(place.ask(&url).await, (200, "secure".into()));
}

#[tokio::test]
async fn each_way_in_which_a_certificate_is_wrong_has_its_sentence() {
    let port = |error: &StepError| error.message.replace(|c: char| c.is_ascii_digit(), "");
    let expired = failure_of(|it| {
        it.server(&["a.example"], |params| {
            params.not_after = date_time_ymd(2021, 1, 1)
        })
    });
    assert_eq!(
        port(&expired.await),
        "The certificate of a.example: has expired."
    );
    let early = failure_of(|it| {
        it.server(&["a.example"], |params| {
            params.not_before = date_time_ymd(2080, 1, 1)
        })
    });
    assert_eq!(
        port(&early.await),
        "The certificate of a.example: isn't valid yet."
    );
    let other = failure_of(|it| it.server(&["b.example"], |_| {}));
    assert_eq!(
        port(&other.await),
        "The certificate of a.example: is another server's."
    );
    let stranger = failure_of(|_| Authority::new().server(&["a.example"], |_| {}));
    assert_eq!(
        port(&stranger.await),
        "The certificate of a.example: can't be trusted."
    );
    let own = failure_of(|_| {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["a.example".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap()
    });
    let own = own.await;
    assert_eq!(
        port(&own),
        "The certificate of a.example: can't be trusted."
    );
    assert!(
        own.hint
            .unwrap()
            .contains("of its own making can't be used")
    );
}

#[tokio::test]
async fn a_certificate_that_is_wrong_is_tried_three_times_in_an_hour_then_a_person_is_asked() {
    let authority = Authority::new();
    let config = authority.server(&["b.example"], |_| {});
    let server = Server::secure(config, |_| ok("")).await;
    let (place, url) = trusting(&authority, &server, "a.example");
    let half_an_hour = SignedDuration::from_mins(30);
    for _ in 0..2 {
        let error = place.failure(&url).await;
        assert_eq!(error.kind, ErrorKind::Unreachable);
        assert_eq!(error.not_before, Some(place.now() + half_an_hour));
        place.pass(half_an_hour);
    }
    let error = place.failure(&url).await;
    assert_eq!((error.kind, error.not_before), (ErrorKind::Rejected, None));
}

#[tokio::test]
async fn a_wrong_clock_of_ones_own_is_said_where_other_servers_tell_the_time() {
    let authority = Authority::new();
    let config = authority.server(&["a.example"], |it| {
        it.not_after = date_time_ymd(2021, 1, 1)
    });
    let expired = Server::secure(config, |_| ok("")).await;
    let date = "Wed, 01 Jan 2020 00:00:00 GMT";
    let clock = Server::answering(move |_| answer(200, &[("date", date)], "")).await;
    let around = Around {
        roots: vec![authority.pem()],
        ..Around::default()
    };
    let (url, told) = (expired.called("a.example"), clock.called("clock.example"));
    let place = Place::within(around, &[&url, &told]);
    place.name("a.example", &[Ok(vec![HERE])]);
    place.name("clock.example", &[Ok(vec![HERE])]);
    place.ask(&told).await;
    let error = place.failure(&url).await;
    assert!(
        error
            .message
            .starts_with("This computer's date or time is wrong"),
        "{error}"
    );
    assert_eq!(error.kind, ErrorKind::Unreachable);
}

/// A server that says the same bytes to everybody.
async fn saying(bytes: &'static [u8]) -> (Place, String) {
    let server = Server::talking(move |mut talk: Talk| async move {
        talk.more().await;
        talk.say(bytes).await;
        talk.hang_up().await;
    })
    .await;
    let url = format!("https://{}", server.address);
    (Place::granting(&[&url]), url)
}

#[tokio::test]
async fn servers_that_can_not_speak_securely_are_named() {
    // The alert by which servers of an older time refuse.
    let (place, url) = saying(&[0x15, 3, 1, 0, 2, 2, 70]).await;
    let error = place.failure(&url).await;
    assert!(
        error
            .message
            .ends_with("speaks only an outdated kind of encryption."),
        "{error}"
    );
    assert_eq!(error.kind, ErrorKind::Rejected);

    let (place, url) = saying(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let error = place.failure(&url).await;
    assert!(
        error
            .message
            .ends_with("doesn't speak securely at this port."),
        "{error}"
    );

    let (place, url) = saying(b"").await;
    let error = place.failure(&url).await;
    assert!(
        error
            .message
            .ends_with("broke off while the connection was made."),
        "{error}"
    );
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(!error.may_have_happened);
}

/// A server that lets in only those with a certificate of its authority.
fn wants_certificate(authority: &Authority) -> ServerConfig {
    let mut roots = RootCertStore::empty();
    roots.add(authority.0.der().clone()).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    let (key, certificate) = authority.certify(&["a.example"], |_| {});
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    builder()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(vec![certificate], key)
        .unwrap()
}

fn certificate(address: &str, certificate: &str, key: &str) -> Account {
    let fields = json!({ "address": address, "certificate": certificate });
    Account {
        name: "Mine".into(),
        connector: "http".into(),
        kind: "client_certificate".into(),
        fields: fields.as_object().unwrap().clone(),
        secrets: BTreeMap::from([("key".to_owned(), key.to_owned().into())]),
    }
}

#[tokio::test]
async fn a_client_certificate_opens_what_is_closed_to_others() {
    let authority = Authority::new();
    let server = Server::secure(wants_certificate(&authority), |_| ok("inside")).await;
    let (place, url) = trusting(&authority, &server, "a.example");
    let error = place.failure(&url).await;
    assert!(
        error
            .message
            .ends_with("wants a client certificate that it knows."),
        "{error}"
    );
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert!(!error.may_have_happened);

    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["ada".to_owned()]).unwrap();
    let signed = params.signed_by(&key, &authority.0).unwrap();
    let account = certificate(&url, &signed.pem(), &key.serialize_pem());
    let answer = place.send_as(get(&url), Some(&account)).await.unwrap();
    assert_eq!(answer.status, 200);

    let broken = certificate(&url, "not a certificate", "not a key");
    let error = place.send_as(get(&url), Some(&broken)).await.err().unwrap();
    assert_eq!(
        error.message,
        "The client certificate or its key can't be read."
    );
    assert_eq!(error.kind, ErrorKind::Reconnect);
}
