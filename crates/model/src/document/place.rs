//! Where a place such as `steps.file_it.with.to` stands in a text.

use std::collections::HashMap;

use super::tree::{Kind, Node, read};

/// Line and column of a place, or of the nearest part around it that is there. Steps are named by
/// their id, wherever they are nested.
pub fn locate(text: &str, place: &str) -> Option<(u32, u32)> {
    locate_all(text, [place]).into_iter().next().flatten()
}

/// The same for many places of one text.
pub fn locate_all<'a>(
    text: &str,
    places: impl IntoIterator<Item = &'a str>,
) -> Vec<Option<(u32, u32)>> {
    let Ok(root) = read(text) else {
        return places.into_iter().map(|_| None).collect();
    };
    let mut by_id = HashMap::new();
    for step in steps(&root) {
        if let Some(id) = text_of(step, "id") {
            by_id.entry(id).or_insert(step);
        }
    }
    let found = |place| find(&root, &by_id, place);
    places.into_iter().map(found).collect()
}

fn find(root: &Node, by_id: &HashMap<&str, &Node>, place: &str) -> Option<(u32, u32)> {
    let mut node = root;
    let mut at = None;
    let mut parts = place.split('.');
    let mut next = parts.next();
    if next == Some("steps")
        && let Some(id) = parts.next()
    {
        let step = *by_id.get(id)?;
        (node, at, next) = (step, Some(step.at), parts.next());
    }
    while let Some(part) = next {
        let Some((here, inner)) = child(node, part) else {
            break;
        };
        (node, at, next) = (inner, Some(here), parts.next());
    }
    at
}

/// Where the part begins (its value, or its name when the value is on later lines), and the part.
fn child<'a>(node: &'a Node, part: &str) -> Option<((u32, u32), &'a Node)> {
    match &node.kind {
        Kind::Record(entries) => {
            let (key, inner) = entries.iter().find(|(key, _)| key.name == part)?;
            Some((
                if inner.at.0 == key.at.0 {
                    inner.at
                } else {
                    key.at
                },
                inner,
            ))
        }
        Kind::List(items) => {
            let inner = part
                .parse()
                .ok()
                .and_then(|index: usize| items.get(index))?;
            Some((inner.at, inner))
        }
        _ => None,
    }
}

/// Every step of the document, outer ones first: the records with an `id` in lists that hold steps.
fn steps(root: &Node) -> Vec<&Node> {
    let mut found = Vec::new();
    let mut open = vec![(root, false)];
    while let Some((node, in_steps)) = open.pop() {
        match &node.kind {
            Kind::List(items) => open.extend(items.iter().rev().map(|item| (item, in_steps))),
            Kind::Record(entries) => {
                if in_steps {
                    found.push(node);
                }
                open.extend(entries.iter().rev().filter_map(
                    |(key, inner)| match key.name.as_str() {
                        "steps" | "otherwise" => Some((inner, true)),
                        "choose" | "on_error" => Some((inner, false)),
                        _ => None,
                    },
                ));
            }
            _ => {}
        }
    }
    found
}

fn text_of<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    let Kind::Record(entries) = &node.kind else {
        return None;
    };
    entries.iter().find_map(|(key, inner)| match &inner.kind {
        Kind::Text(text) if key.name == name => Some(text.as_str()),
        _ => None,
    })
}
