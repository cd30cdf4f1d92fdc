//! Web APIs: requests as steps, lists as triggers. Transport, redirects and signing in are the Net
//! port's; here is what fields and answers mean.

mod address;
mod connections;
mod curl;
mod download;
mod draft;
mod fields;
mod find;
mod headers;
mod judge;
mod list;
mod moment;
mod new_items;
mod pages;
mod payload;
mod reply;
mod request;
mod xml;

use errand_model::ConnectorInfo;

use crate::registry::Builtin;

pub(super) fn connector() -> Builtin {
    let info = ConnectorInfo {
        id: "http".into(),
        name: "Web APIs".into(),
        about: "Call any web service, and run when one has something new.".into(),
        color: "#3f6fb5".into(),
        icon: "globe".into(),
        connections: connections::types(),
        triggers: Vec::new(),
        actions: Vec::new(),
    };
    Builtin {
        info,
        polls: vec![Box::new(new_items::NewItems)],
        actions: vec![Box::new(request::Request)],
    }
}
