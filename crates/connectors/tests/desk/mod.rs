//! A temporary home with real files, and a short way to carry out actions in it.

#![allow(dead_code, reason = "every test file uses another part of it")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use errand_connectors::{
    Call, Looked, Plan, Registry, check_input,
    ports::{Cards, Clock, Desktop, DiskFiles, Files, Grant, Grants, Ports},
};
use errand_model::{StepError, Timestamp, Value};

pub(crate) struct Desk {
    folder: tempfile::TempDir,
    pub(crate) home: PathBuf,
    pub(crate) ports: Ports,
    registry: Registry,
}

struct NoTime;

impl Clock for NoTime {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

struct NoDesktop;

impl Desktop for NoDesktop {
    fn notify(&self, _title: &str, _text: &str) -> Result<bool, StepError> {
        Ok(false)
    }
}

impl Desk {
    /// `~/In` holds the given files and `~/Out` doesn't exist yet; both are granted.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("ada");
        fs::create_dir_all(home.join("In")).unwrap();
        let disk = DiskFiles::new(grants(&home), home.join("Trash")).with_home(home.clone());
        let ports = Ports::real(Arc::new(disk), Arc::new(NoDesktop), Arc::new(NoTime));
        let desk = Self {
            folder,
            home,
            ports,
            registry: Registry::builtin(),
        };
        for (name, text) in files {
            desk.put(name, text);
        }
        desk
    }

    pub(crate) fn preview(&self) -> (Ports, Cards) {
        let trash = self.home.join("Trash");
        Ports::preview(
            grants(&self.home),
            trash,
            self.home.clone(),
            Arc::new(NoTime),
            None,
        )
    }

    pub(crate) fn files(&self) -> &dyn Files {
        self.ports.files.as_ref()
    }

    pub(crate) fn outside(&self) -> PathBuf {
        self.folder.path().join("outside")
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    pub(crate) fn put(&self, name: &str, text: &str) {
        fs::create_dir_all(self.at(name).parent().unwrap()).unwrap();
        fs::write(self.at(name), text).unwrap();
    }

    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.at(name).symlink_metadata().is_ok()
    }

    pub(crate) async fn plan(&self, id: &str, with: Value) -> Result<Plan, StepError> {
        self.plan_by(&self.ports, id, with).await
    }

    pub(crate) async fn plan_by(
        &self,
        ports: &Ports,
        id: &str,
        with: Value,
    ) -> Result<Plan, StepError> {
        let input = self.checked(id, with)?;
        let call = Call {
            input: &input,
            ports,
            idempotency_key: "key",
        };
        self.registry.action(id).unwrap().plan(&call).await
    }

    pub(crate) async fn run(&self, id: &str, with: Value, plan: &Plan) -> Result<Value, StepError> {
        self.run_by(&self.ports, id, with, plan).await
    }

    pub(crate) async fn run_by(
        &self,
        ports: &Ports,
        id: &str,
        with: Value,
        plan: &Plan,
    ) -> Result<Value, StepError> {
        let input = self.checked(id, with)?;
        let call = Call {
            input: &input,
            ports,
            idempotency_key: "key",
        };
        self.registry.action(id).unwrap().run(&call, plan).await
    }

    pub(crate) async fn look(&self, id: &str, with: Value, plan: &Plan) -> Looked {
        let input = self.checked(id, with).unwrap();
        let call = Call {
            input: &input,
            ports: &self.ports,
            idempotency_key: "key",
        };
        self.registry
            .action(id)
            .unwrap()
            .look(&call, plan)
            .await
            .unwrap()
    }

    /// Plan and run, as the engine does.
    pub(crate) async fn act(&self, id: &str, with: Value) -> Result<Value, StepError> {
        let plan = self.plan(id, with.clone()).await?;
        let output = self.run(id, with, &plan).await?;
        assert_eq!(output, plan.expected, "{id} gives what its plan expected");
        Ok(output)
    }

    fn checked(&self, id: &str, with: Value) -> Result<errand_model::Map, StepError> {
        let info = self.registry.action_info(id).unwrap();
        check_input(&info.fields, with.as_object().unwrap().clone(), &self.home)
    }

    /// Every path below home with its content and time.
    pub(crate) fn snapshot(&self) -> BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)> {
        let mut found = BTreeMap::new();
        collect(&self.home, &mut found);
        found
    }
}

fn grants(home: &Path) -> Grants {
    Grants(vec![
        Grant::folder(home.join("In")),
        Grant::folder(home.join("Out")),
    ])
}

fn collect(folder: &Path, found: &mut BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let meta = path.symlink_metadata().unwrap();
        let content = if meta.is_file() {
            fs::read(&path).unwrap()
        } else {
            Vec::new()
        };
        found.insert(path.clone(), (content, meta.modified().unwrap()));
        if meta.is_dir() {
            collect(&path, found);
        }
    }
}
