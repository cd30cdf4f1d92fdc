//! Every command of the protocol has a body that understands its request.

use std::{path::PathBuf, sync::Arc};

use errand_api::{Api, Host};
use errand_connectors::{
    Registry,
    ports::{Clock, Desktop},
};
use errand_engine::{Engine, Parts, PortSource};
use errand_model::{StepError, Timestamp};
use errand_protocol::{Failure, FailureKind, commands, views::Imported};
use errand_store::Store;
use serde_json::{Value, json};

struct Bare(PathBuf);

impl PortSource for Bare {
    fn desktop(&self) -> Arc<dyn Desktop> {
        Arc::new(NoDesktop)
    }

    fn trash_folder(&self) -> PathBuf {
        self.0.join("trash")
    }
}

struct NoDesktop;

impl Desktop for NoDesktop {
    fn notify(&self, _: &str, _: &str) -> Result<bool, StepError> {
        Ok(false)
    }
}

struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

struct NoHost;

impl Host for NoHost {
    fn quit(&self) {}

    fn start_at_login(&self, _: bool) -> Result<(), Failure> {
        Ok(())
    }
}

async fn with_api(test: impl AsyncFnOnce(&Api)) {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let home = folder.path().join("home");
    std::fs::create_dir(&home).expect("a test's surroundings work");
    let parts = Parts {
        store: Store::open(&folder.path().join("data"), Timestamp::now())
            .expect("a test's surroundings work"),
        registry: Arc::new(Registry::builtin()),
        ports: Arc::new(Bare(home.clone())),
        clock: Arc::new(Now),
        home,
    };
    let engine = Engine::start(parts)
        .await
        .expect("a test's surroundings work");
    test(&Api::new(engine.handle(), Arc::new(NoHost))).await;
    engine.stop().await;
}

const DOCUMENT: &str = "{ format: 1, name: Note, trigger: { on: manual.start }, \
    steps: [ { id: note, do: files.write_text, with: { file: ~/note.txt, text: hello } } ] }";

/// A request that fits each command; the run's ones name a run that isn't there.
fn request(cmd: &str, workflow: &Value) -> Value {
    let document = serde_json::to_value(errand_model::Workflow::named("Draft"))
        .expect("a test's surroundings work");
    let run = "00000000-0000-0000-0000-000000000000";
    match cmd {
        "engine_pause" => json!({ "paused": false }),
        "settings_save" => json!({ "settings": { "start_at_login": true, "theme": "dark" } }),
        "action_paste" => json!({ "action": "http.request", "text": "curl https://x.example" }),
        "workflow_create" | "workflow_samples" | "trigger_upcoming" | "poll_look" => {
            json!({ "document": document })
        }
        "relay_join" => json!({ "address": "nowhere", "invitation": "canary" }),
        "workflow_import" => json!({ "text": DOCUMENT, "enable": false }),
        "workflow_save" => json!({ "id": workflow, "document": document }),
        "workflow_publish" => json!({ "id": workflow, "enable": true }),
        "workflow_enable" => json!({ "id": workflow, "enabled": false }),
        "workflow_run" => json!({ "id": workflow, "event": {} }),
        "workflow_preview" | "document_run" => json!({ "document": document, "event": {} }),
        "run_retry" => json!({ "id": run, "from_start": false }),
        "run_resolve" => json!({ "id": run, "path": "a", "answer": "done" }),
        "run_get" | "run_cancel" => json!({ "id": run }),
        "connection_add" => json!({
            "connector": "http", "kind": "bearer", "name": "Mine",
            "fields": { "address": "https://a.example" }, "secrets": { "token": "canary" },
        }),
        "connection_replace" => json!({ "id": run, "name": "Mine", "fields": {}, "secrets": {} }),
        "connection_test" | "connection_remove" => json!({ "id": run }),
        cmd if cmd.starts_with("workflow_") => json!({ "id": workflow }),
        _ => json!({}),
    }
}

#[tokio::test]
async fn every_command_is_understood_and_none_is_a_bug() {
    with_api(async |api| {
        let import = api.dispatch("workflow_import", request("workflow_import", &Value::Null));
        let Imported { id, .. } = serde_json::from_value(import.await.unwrap()).unwrap();
        let id = json!(id);
        for cmd in commands::NAMES {
            match api.dispatch(cmd, request(cmd, &id)).await {
                Ok(_) => {}
                Err(failure) => {
                    assert_ne!(failure.kind, FailureKind::Bug, "{cmd}: {failure:?}");
                    assert!(
                        !failure.message.contains("isn't understood"),
                        "{cmd}: {failure:?}"
                    );
                }
            }
        }
        let settings = api.dispatch("settings_get", Value::Null).await.unwrap();
        assert_eq!(settings["start_at_login"], true);
        assert_eq!(settings["theme"], "dark");
        let unknown = api.dispatch("make_coffee", Value::Null).await.unwrap_err();
        assert_eq!(unknown.kind, FailureKind::BadInput);
    })
    .await;
}

#[tokio::test]
async fn a_workflow_goes_from_text_to_a_finished_run() {
    with_api(async |api| {
        let import = json!({ "text": DOCUMENT, "enable": true });
        let imported = api.dispatch("workflow_import", import).await.unwrap();
        let mut events = api.events();
        let run = json!({ "id": imported["id"], "event": {} });
        let run = api.dispatch("workflow_run", run).await.unwrap();
        let get = json!({ "id": run["id"] });
        let ended = loop {
            let run = api.dispatch("run_get", get.clone()).await.unwrap();
            if run["state"] == "done" {
                break run;
            }
            events.next().await.unwrap();
        };
        assert_eq!(ended["outcome"], "ok", "{ended}");
        assert_eq!(
            std::fs::read_to_string(api.engine().home().join("note.txt")).unwrap(),
            "hello"
        );
        let home = api.dispatch("workflows_list", Value::Null).await.unwrap();
        assert_eq!(home[0]["days"][13]["ok"], 1, "{home}");
        assert_eq!(home[0]["has_changes"], false);
        assert_eq!(home[0]["last_run"]["id"], run["id"]);
    })
    .await;
}

#[tokio::test]
async fn a_pasted_command_comes_back_as_fields_without_its_secret() {
    with_api(async |api| {
        let text = "curl -X PUT -H 'Authorization: Bearer t0k3n' https://api.example.com/x";
        let paste = json!({ "action": "http.request", "text": text });
        let pasted = api.dispatch("action_paste", paste).await.unwrap();
        let with = json!({ "method": "PUT", "url": "https://api.example.com/x" });
        assert_eq!(
            (&pasted["with"], &pasted["connection"]),
            (&with, &json!("bearer"))
        );
        assert!(!pasted.to_string().contains("t0k3n"), "{pasted}");
        let nowhere = json!({ "action": "files.move", "text": text });
        let refused = api.dispatch("action_paste", nowhere).await.unwrap_err();
        assert_eq!(refused.kind, FailureKind::BadInput);
    })
    .await;
}

#[tokio::test]
async fn a_draft_based_on_an_older_one_is_refused_and_overwrites_nothing() {
    with_api(async |api| {
        let save = async |workflow: &Value, name: &str, revision: Value| {
            let document = serde_json::to_value(errand_model::Workflow::named(name)).unwrap();
            let request =
                json!({ "id": workflow["id"], "document": document, "revision": revision });
            api.dispatch("workflow_save", request).await
        };
        let document = json!({ "document": errand_model::Workflow::named("Draft") });
        let made = api.dispatch("workflow_create", document).await.unwrap();
        let first = save(&made, "First", made["revision"].clone())
            .await
            .unwrap();
        let late = save(&made, "Late", made["revision"].clone()).await;
        assert_eq!(late.unwrap_err().kind, FailureKind::Conflict);
        let get = json!({ "id": made["id"] });
        let now = api.dispatch("workflow_get", get).await.unwrap();
        assert_eq!(
            (&now["name"], &now["revision"]),
            (&json!("First"), &first["revision"])
        );
        save(&made, "Next", first["revision"].clone())
            .await
            .unwrap();
        save(&made, "Anyway", Value::Null).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn publishing_never_takes_back_a_draft_that_was_saved_meanwhile() {
    with_api(async |api| {
        let import = json!({ "text": DOCUMENT, "enable": false });
        let id = api.dispatch("workflow_import", import).await.unwrap()["id"].clone();
        let get = json!({ "id": id });
        let mut document =
            api.dispatch("workflow_get", get.clone()).await.unwrap()["draft"].clone();
        let saving = async {
            for name in (0..200).map(|number| format!("Draft {number}")) {
                document["name"] = json!(name);
                let save = json!({ "id": id, "document": document });
                api.dispatch("workflow_save", save).await.unwrap();
                let now = api.dispatch("workflow_get", get.clone()).await.unwrap();
                assert_eq!(now["draft"]["name"], name);
            }
        };
        let publishing = async {
            loop {
                let publish = json!({ "id": id, "enable": false });
                if let Err(failure) = api.dispatch("workflow_publish", publish).await {
                    assert_eq!(failure.kind, FailureKind::Conflict, "{failure:?}");
                }
            }
        };
        tokio::select! {
            () = saving => {}
            () = publishing => {}
        }
    })
    .await;
}
