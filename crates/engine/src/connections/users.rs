//! Who uses a connection: workflows that name it, and runs that wait for it.

use std::collections::HashMap;

use errand_model::{Value, WorkflowId};

use crate::{Error, Handle};

/// A workflow that names a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Which.
    pub id: WorkflowId,
    /// Its name.
    pub name: String,
    /// Whether it is switched on.
    pub enabled: bool,
}

impl Handle {
    /// The workflows that name a connection in their published version or their draft, by its name.
    pub(super) async fn connection_users(&self) -> Result<HashMap<String, Vec<User>>, Error> {
        let read = self.core.store.read(|view| {
            let mut documents = Vec::new();
            for row in view.workflows()? {
                let published = match row.version {
                    Some(version) => view.version_document(row.id, version)?,
                    None => None,
                };
                documents.push((row, published));
            }
            Ok(documents)
        });
        let mut users: HashMap<String, Vec<User>> = HashMap::new();
        for (row, published) in read.await? {
            let mut names = Vec::new();
            named(&row.draft, &mut names);
            named(&published.unwrap_or_default(), &mut names);
            names.sort_unstable();
            names.dedup();
            let user = User {
                id: row.id,
                name: row.name,
                enabled: row.enabled,
            };
            for name in names {
                users.entry(name).or_default().push(user.clone());
            }
        }
        Ok(users)
    }

    /// How many runs wait for each connection.
    pub(super) async fn waiting_for_connections(&self) -> Result<HashMap<String, u32>, Error> {
        let blocked = self.core.store.read(|view| view.blocked_steps()).await?;
        let mut waiting = HashMap::new();
        for (blocked, path) in blocked {
            let (documents, store) = (&self.core.documents, &self.core.store);
            let document = documents
                .version(store, blocked.workflow, blocked.version)
                .await?;
            let step = document.steps.iter().find(|step| step.id == path);
            if let Some(errand_model::StepKind::Do(action)) = step.map(|step| &step.kind)
                && let Some(name) = &action.using
            {
                *waiting.entry(name.clone()).or_default() += 1;
            }
        }
        Ok(waiting)
    }
}

/// The connections that a document's trigger and steps name, at any depth.
fn named(document: &Value, names: &mut Vec<String>) {
    match document {
        Value::Object(map) => {
            let acts = map.contains_key("do") || map.contains_key("on");
            let name = map.get("using").and_then(Value::as_str);
            names.extend(name.filter(|_| acts).map(str::to_owned));
            map.values().for_each(|value| named(value, names));
        }
        Value::Array(items) => items.iter().for_each(|item| named(item, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn connections_are_found_in_triggers_and_in_steps_at_any_depth() {
        let document = json!({
            "trigger": { "on": "http.new_items", "using": "Shop" },
            "steps": [
                { "id": "a", "for_each": "x", "steps": [{ "id": "b", "do": "http.request", "using": "Mine" }] },
                { "id": "c", "set": { "using": "no connection" } },
            ],
        });
        let mut names = Vec::new();
        named(&document, &mut names);
        names.sort_unstable();
        assert_eq!(names, ["Mine", "Shop"]);
    }
}
