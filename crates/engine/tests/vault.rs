//! The vault with a keyring that does what a test says. The real one is in `tests/it/secrets.rs`.
#![allow(clippy::unwrap_used)]

mod surroundings;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use errand_connectors::{Registry, ports::Desktop};
use errand_engine::{
    Engine, Filled, Handle, Key, Keyring, KeyringError, MasterKeys, Parts, PortSource, Trouble,
};
use errand_model::{ConnectionState, Map, Timestamp};
use errand_store::{Kept, Store};
use secrecy::SecretString;
use surroundings::{NoDesktop, SystemClock};

/// A keyring with one place.
#[derive(Clone, Default)]
struct OnePlace(Arc<Mutex<Option<Key>>>);

impl OnePlace {
    fn put(&self, bytes: [u8; 32]) {
        *self.0.lock().unwrap() = Key::of(&bytes);
    }
}

impl MasterKeys for OnePlace {
    fn look(&self) -> Keyring {
        Keyring::Open
    }

    fn read(&self, _account: &str) -> Result<Option<Key>, KeyringError> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn keep(&self, _account: &str, key: &Key) -> Result<(), KeyringError> {
        *self.0.lock().unwrap() = Some(key.clone());
        Ok(())
    }
}

struct Computer {
    home: PathBuf,
    keyring: OnePlace,
}

impl PortSource for Computer {
    fn desktop(&self) -> Arc<dyn Desktop> {
        Arc::new(NoDesktop(self.home.clone()))
    }

    fn trash_folder(&self) -> PathBuf {
        self.home.join("Trash")
    }

    fn master_keys(&self) -> Arc<dyn MasterKeys> {
        Arc::new(self.keyring.clone())
    }
}

async fn start(home: &Path, keyring: &OnePlace) -> Engine {
    let parts = Parts {
        store: Store::open(&home.join("data"), Timestamp::now()).unwrap(),
        registry: Arc::new(Registry::builtin()),
        ports: Arc::new(Computer {
            home: home.to_owned(),
            keyring: keyring.clone(),
        }),
        clock: Arc::new(SystemClock),
        home: home.to_owned(),
    };
    Engine::start(parts).await.unwrap()
}

fn filled(name: &str, token: &str) -> Filled {
    let mut fields = Map::new();
    fields.insert("address".into(), "https://api.example.com".into());
    Filled {
        name: name.to_owned(),
        fields,
        secrets: [("token".to_owned(), SecretString::from(token))].into(),
    }
}

async fn trouble(handle: &Handle) -> Option<Trouble> {
    handle.vault_status().await.trouble
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_comes_back_opens_what_it_sealed_and_another_key_is_told_apart() {
    let home = tempfile::tempdir().unwrap();
    let keyring = OnePlace::default();
    let engine = start(home.path(), &keyring).await;
    let handle = engine.handle();
    assert_eq!(
        handle.vault_status().await.kept,
        None,
        "nothing is made before it is needed"
    );
    let added = handle.add_connection("http", "bearer", filled("Shop", "canary"));
    added.await.unwrap();
    let right = *keyring.0.lock().unwrap().as_ref().unwrap().bytes();
    engine.stop().await;

    keyring.put([7; 32]);
    let engine = start(home.path(), &keyring).await;
    let other = Some(Trouble::OtherKey(Kept::Keyring));
    assert_eq!(trouble(&engine.handle()).await, other);
    assert_eq!(engine.handle().masks().text("canary"), "canary");
    engine.stop().await;

    keyring.put(right);
    let engine = start(home.path(), &keyring).await;
    assert_eq!(trouble(&engine.handle()).await, None);
    assert_eq!(
        engine.handle().masks().text("canary"),
        "•••",
        "it is open, so it is hidden"
    );
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_lost_key_new_secrets_can_be_kept_and_old_ones_are_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let keyring = OnePlace::default();
    let engine = start(home.path(), &keyring).await;
    for name in ["Shop", "Bank"] {
        let handle = engine.handle();
        let added = handle.add_connection("http", "bearer", filled(name, "canary"));
        added.await.unwrap();
    }
    engine.stop().await;
    *keyring.0.lock().unwrap() = None;

    let engine = start(home.path(), &keyring).await;
    let handle = engine.handle();
    assert_eq!(trouble(&handle).await, Some(Trouble::Gone));
    let added = handle.add_connection("http", "bearer", filled("New", "another"));
    added.await.unwrap();
    assert_eq!(trouble(&handle).await, None);
    let states = handle
        .connections()
        .await
        .unwrap()
        .into_iter()
        .map(|listed| (listed.connection.name, listed.connection.state));
    let expected = [
        ("Bank".to_owned(), ConnectionState::Broken),
        ("New".to_owned(), ConnectionState::Untested),
        ("Shop".to_owned(), ConnectionState::Broken),
    ];
    assert_eq!(states.collect::<Vec<_>>(), expected);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_fits_its_kind_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let engine = start(home.path(), &OnePlace::default()).await;
    let handle = engine.handle();
    let add = async |kind: &str, filled: Filled| {
        let refused = handle
            .add_connection("http", kind, filled)
            .await
            .unwrap_err();
        refused.message
    };
    let no_address = Filled {
        fields: Map::new(),
        ..filled("Shop", "canary")
    };
    assert!(add("bearer", no_address).await.contains("Address"));
    let mut plain = filled("Shop", "canary");
    plain.fields.insert("token".into(), "canary".into());
    assert!(add("bearer", plain).await.contains("is a secret"));
    let mut elsewhere = filled("Shop", "canary");
    elsewhere
        .fields
        .insert("address".into(), "ftp://a.example".into());
    assert!(add("bearer", elsewhere).await.contains("web address"));
    let mut more = filled("Shop", "canary");
    more.secrets
        .insert("pin".into(), SecretString::from("1234"));
    assert!(add("bearer", more).await.contains("no secret called `pin`"));
    assert!(
        add("baerer", filled("Shop", "canary"))
            .await
            .contains("`baerer`")
    );
    assert!(add("bearer", filled(" ", "canary")).await.contains("name"));
    assert!(
        add("bearer", filled("Shop", " "))
            .await
            .contains("isn't filled in")
    );
    assert!(handle.connections().await.unwrap().is_empty());
    engine.stop().await;
}
