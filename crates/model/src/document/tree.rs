//! A text as a tree of nodes that know where they stand. Built from the parser's events without
//! recursion, so that no text can use up the stack; only what the format needs of YAML is taken.

mod scalar;

use std::collections::HashSet;

use serde_json::Number;
use serde_saphyr::granit_parser::{self, Event, Marker, Parser, ScalarStyle, Span};

use super::{
    mistake::{At, Mistake},
    words,
};

/// Deepest nesting of a document.
const DEEPEST: usize = 64;

/// One value and where it begins.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) at: At,
    pub(super) kind: Kind,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Names and values.
    Record(Vec<(Key, Node)>),
}

/// A name and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) at: At,
    pub(super) name: String,
}

/// Reads a text within the limits of the format.
pub(super) fn read(text: &str) -> Result<Node, Mistake> {
    let mut builder = Builder::default();
    for event in
        Parser::new_from_str_with_options(text.strip_prefix('\u{feff}').unwrap_or(text), options())
    {
        let (event, span) =
            event.map_err(|error| words::refusal(&error.info()).at(at(*error.marker())))?;
        builder.take(event, span)?;
    }
    builder.root.ok_or_else(empty)
}

/// JSON has names of any length; YAML's own limit is 1024.
fn options() -> granit_parser::Options {
    granit_parser::options! { simple_key_max_lookahead: 64 * 1024, emit_comments: false }
}

fn empty() -> Mistake {
    Mistake::new("the text is empty")
        .hint("a workflow begins with `format: 1` and `name: …`")
        .at((1, 1))
}

fn at(marker: Marker) -> At {
    let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    (short(marker.line()), short(marker.col()).saturating_add(1))
}

/// A list or record that isn't closed yet.
struct Open {
    node: Node,
    /// The name whose value comes next.
    key: Option<Key>,
    /// The names there are so far.
    names: HashSet<String>,
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Mistake> {
        let at = at(span.start);
        match event {
            Event::DocumentStart(..) => self.document().map_err(|mistake| mistake.at(at)),
            Event::Scalar(.., Some(_))
            | Event::SequenceStart(.., Some(_))
            | Event::MappingStart(.., Some(_)) => {
                Err(Mistake::new("tags (`!name`) aren't used in workflows")
                    .hint("leave the tag out")
                    .at(at))
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                Err(Mistake::new("aliases (`*name`) aren't used in workflows")
                    .hint("write the value out")
                    .at(at))
            }
            Event::Scalar(text, style, ..) => self.scalar(text.into_owned(), style, at),
            Event::SequenceStart(..) => self.begin(Kind::List(Vec::new()), at),
            Event::MappingStart(..) => self.begin(Kind::Record(Vec::new()), at),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => self.put(open.node),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn document(&mut self) -> Result<(), Mistake> {
        self.documents += 1;
        match self.documents {
            1 => Ok(()),
            _ => Err(Mistake::new("the file holds more than one document")
                .hint("keep one workflow per file")),
        }
    }

    /// Whether a record waits for a name.
    fn wants_key(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| open.key.is_none() && matches!(open.node.kind, Kind::Record(_)))
    }

    fn begin(&mut self, kind: Kind, at: At) -> Result<(), Mistake> {
        if self.wants_key() {
            return Err(Mistake::new("the name of a value must be plain text")
                .hint("put quotes around `{{ … }}`")
                .at(at));
        }
        if self.open.len() >= DEEPEST {
            return Err(Mistake::new(format!(
                "the document is nested more than {DEEPEST} levels deep"
            ))
            .at(at));
        }
        self.open.push(Open {
            node: Node { at, kind },
            key: None,
            names: HashSet::new(),
        });
        Ok(())
    }

    fn scalar(&mut self, text: String, style: ScalarStyle, at: At) -> Result<(), Mistake> {
        if self.wants_key() {
            return self.key(Key { at, name: text });
        }
        let kind = if style == ScalarStyle::Plain {
            scalar::resolve(text)
        } else {
            Kind::Text(text)
        };
        self.put(Node { at, kind })
    }

    fn key(&mut self, key: Key) -> Result<(), Mistake> {
        let Some(open) = self.open.last_mut() else {
            return Ok(());
        };
        if !open.names.insert(key.name.clone()) {
            let mistake = Mistake::new(format!("`{}` stands here twice", key.name));
            return Err(mistake.hint("keep one of them").at(key.at));
        }
        open.key = Some(key);
        Ok(())
    }

    fn put(&mut self, node: Node) -> Result<(), Mistake> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.node.kind, open.key.take()) {
            (Kind::Record(entries), Some(key)) => entries.push((key, node)),
            (Kind::Record(_), None) => {
                return Err(Mistake::new("the name of a value must be plain text").at(node.at));
            }
            (Kind::List(items), _) => items.push(node),
            _ => {}
        }
        Ok(())
    }
}
