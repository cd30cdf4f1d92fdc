//! The shape of the source itself: which crate may see which, who names tauri, and that neither
//! the screens nor the window know any connector.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use errand_connectors::Registry;
use errand_model::{FieldKind, TriggerSource, ValueKind};
use serde_json::Value;

/// Who may see whom. Every crate above `model` may use its words as well.
const EDGES: &[(&str, &[&str])] = &[
    ("errand-model", &[]),
    ("errand-template", &["errand-model"]),
    ("errand-protocol", &["errand-model"]),
    ("errand-store", &["errand-model"]),
    ("errand-connectors", &["errand-template", "errand-model"]),
    ("errand-relay", &[]),
    (
        "errand-engine",
        &[
            "errand-relay",
            "errand-store",
            "errand-connectors",
            "errand-template",
            "errand-model",
        ],
    ),
    (
        "errand-api",
        &["errand-engine", "errand-protocol", "errand-model"],
    ),
    (
        "errand",
        &[
            "errand-api",
            "errand-engine",
            "errand-protocol",
            "errand-relay",
            "errand-connectors",
            "errand-model",
        ],
    ),
    ("errand-window", &["errand-protocol"]),
    ("xtask", &[]),
];

/// Helpers of tests: they may see everything, and nothing but tests may see them.
const TESTS_ONLY: &[&str] = &["errand-testkit", "errand-tests"];

/// Their words are those of the tools.
const TOOL_SETTINGS: &[&str] = &[
    "biome.json",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
];

#[test]
fn crates_see_only_those_below_them() {
    let edges: BTreeMap<_, _> = EDGES.iter().copied().collect();
    for package in members() {
        let name = text(&package["name"]);
        if TESTS_ONLY.contains(&name.as_str()) {
            continue;
        }
        let allowed = edges.get(name.as_str()).unwrap_or_else(|| {
            panic!("the crate {name} is new: say in tests/it/architecture.rs what it may see")
        });
        for seen in product_dependencies(&package).filter(|it| is_member(it)) {
            assert!(
                allowed.contains(&seen.as_str()),
                "{name} must not depend on {seen}"
            );
        }
    }
}

#[test]
fn only_the_window_names_tauri() {
    for package in members() {
        let name = text(&package["name"]);
        let named = dependencies(&package).any(|it| text(&it["name"]).starts_with("tauri"));
        assert_eq!(named, name == "errand-window", "{name}");
    }
    for file in sources("ui/src", &["ts", "tsx"]) {
        let allowed = file.starts_with(root().join("ui/src/backend"));
        assert!(
            allowed || !read(&file).contains("@tauri-apps"),
            "{}",
            file.display()
        );
    }
}

#[test]
fn only_the_store_speaks_sql() {
    for package in members() {
        let name = text(&package["name"]);
        let named = product_dependencies(&package).any(|it| it == "rusqlite");
        assert_eq!(named, name == "errand-store", "{name}");
    }
}

#[test]
fn no_screen_names_a_connector_an_action_or_a_field() {
    let words = Words::of_all_connectors();
    let mut found = Vec::new();
    for folder in ["ui", "src-tauri"] {
        for file in sources(folder, &["ts", "tsx", "rs", "json", "css", "html"]) {
            if TOOL_SETTINGS.iter().any(|name| file.ends_with(name)) {
                continue;
            }
            let text = read(&file);
            let is_generated = file.to_string_lossy().contains("/bindings/");
            let text = if is_generated {
                without_comments(&text)
            } else {
                text
            };
            for word in words.named_in(&text) {
                found.push(format!("{} names {word}", file.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_check_for_named_connectors_finds_each_way_of_naming_one() {
    let words = Words {
        full: ["mill.grind".to_owned()].into(),
        connectors: ["mill".to_owned()].into(),
        fields: ["corn".to_owned(), "text".to_owned()].into(),
    };
    for code in [
        "do: 'mill.grind'",
        "connector === \"mill\"",
        "step.with.corn",
        "step.with?.[\"corn\"]",
        "field.id === \"corn\"",
        "case 'corn':",
        "field.id !== 'text'",
    ] {
        assert!(!words.named_in(code).is_empty(), "{code}");
    }
    for code in [
        "field.kind === \"text\"",
        "windmill.grinder",
        "<corn title=\"text\">",
    ] {
        assert!(words.named_in(code).is_empty(), "{code}");
    }
}

#[test]
fn lock_files_name_no_other_source_than_the_usual_one() {
    let lock = read(&root().join("Cargo.lock"));
    let sources: BTreeSet<&str> = lock
        .lines()
        .filter(|line| line.starts_with("source = "))
        .collect();
    let is_registry = |source: &&str| source.starts_with("source = \"registry+");
    assert!(
        sources.iter().all(is_registry),
        "only registries, no repositories: {sources:?}"
    );
    assert_eq!(sources.len(), 1, "only cargo's own registry");
    for file in ["ui/package-lock.json", "tests/e2e/package-lock.json"] {
        let text = read(&root().join(file));
        assert!(
            !text.contains("\"resolved\": \"http"),
            "{file} names a host"
        );
    }
}

/// The words that belong to connectors alone.
struct Words {
    full: BTreeSet<String>,
    connectors: BTreeSet<String>,
    fields: BTreeSet<String>,
}

impl Words {
    fn of_all_connectors() -> Self {
        let mut words = Self {
            full: BTreeSet::new(),
            connectors: BTreeSet::new(),
            fields: BTreeSet::new(),
        };
        for connector in Registry::builtin().connectors() {
            words.connectors.insert(connector.id.clone());
            let triggers = connector.triggers.iter().map(|it| (&it.id, &it.fields));
            let actions = connector.actions.iter().map(|it| (&it.id, &it.fields));
            for (id, fields) in triggers.chain(actions) {
                words.full.insert(id.clone());
                words
                    .fields
                    .extend(fields.iter().map(|field| field.id.clone()));
            }
        }
        assert!(
            words.full.len() > 10 && words.fields.len() > 5,
            "the connectors are there"
        );
        words
    }

    /// A field's id is often an ordinary word ("text"), so only code that addresses a field by it
    /// counts, not every mention.
    fn named_in(&self, code: &str) -> Vec<&str> {
        let code = code.replace('\'', "\"");
        let full = self.full.iter().filter(|id| has_word(&code, id));
        let connectors = self.connectors.iter().filter(|id| names(&code, id));
        let fields = self.fields.iter().filter(|id| addresses(&code, id));
        full.chain(connectors)
            .chain(fields)
            .map(String::as_str)
            .collect()
    }
}

fn names(code: &str, connector: &str) -> bool {
    if is_word_of_the_protocol(connector) {
        addresses(code, connector)
    } else {
        code.contains(&format!("\"{connector}\""))
    }
}

fn addresses(code: &str, field: &str) -> bool {
    let always = [
        format!("with.{field}"),
        format!("with?.{field}"),
        format!("with[\"{field}\"]"),
        format!("with?.[\"{field}\"]"),
        format!("id === \"{field}\""),
        format!("id !== \"{field}\""),
    ];
    let unless_a_word_of_the_protocol = [
        format!("=== \"{field}\""),
        format!("!== \"{field}\""),
        format!("case \"{field}\""),
        format!("[\"{field}\"]"),
    ];
    always.iter().any(|way| has_word(code, way))
        || (!is_word_of_the_protocol(field)
            && unless_a_word_of_the_protocol
                .iter()
                .any(|way| code.contains(way)))
}

/// Kinds of fields, values and triggers are called by such words too, and screens do go by kinds.
/// And addresses begin with one.
fn is_word_of_the_protocol(word: &str) -> bool {
    word == "http"
        || serde_json::from_value::<FieldKind>(word.into()).is_ok()
        || serde_json::from_value::<ValueKind>(word.into()).is_ok()
        || serde_json::from_value::<TriggerSource>(word.into()).is_ok()
}

/// The generated types carry doc comments with examples of documents.
fn without_comments(code: &str) -> String {
    let is_comment = |line: &&str| line.trim_start().starts_with(['*', '/']);
    code.lines()
        .filter(|line| !is_comment(line))
        .collect::<Vec<_>>()
        .join("\n")
}

fn has_word(code: &str, word: &str) -> bool {
    let part = |char: char| char.is_alphanumeric() || char == '_';
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(part) && !code[at + word.len()..].starts_with(part))
}

fn members() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .expect("cargo is there, for it runs this test");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn is_member(name: &str) -> bool {
    name == "errand" || name.starts_with("errand-") || name == "xtask"
}

fn dependencies(package: &Value) -> impl Iterator<Item = &Value> {
    package["dependencies"].as_array().unwrap().iter()
}

/// Names of what is compiled into the product itself.
fn product_dependencies(package: &Value) -> impl Iterator<Item = String> {
    dependencies(package)
        .filter(|it| it["kind"] != "dev")
        .map(|it| text(&it["name"]))
}

/// Files below a folder of the repository, without what is generated or installed.
fn sources(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                let skipped = ["node_modules", "dist", "gen", "test-results"];
                folders.extend((!skipped.contains(&name.as_str())).then_some(path));
            } else if path
                .extension()
                .is_some_and(|it| endings.iter().any(|e| it == *e))
            {
                files.push(path);
            }
        }
    }
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate is in the workspace")
        .into()
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
