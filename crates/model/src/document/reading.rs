//! Serde over a tree of nodes: every mistake takes the position of the node it arose in.

use serde::{
    Deserializer,
    de::{self, DeserializeSeed, IntoDeserializer, Unexpected, Visitor},
    forward_to_deserialize_any,
};

use super::{
    mistake::Mistake,
    tree::{Key, Kind, Node},
};

/// Reads one node.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a Node);

impl<'a> Reader<'a> {
    fn visit<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let read = match &self.0.kind {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool(value) => visitor.visit_bool(*value),
            Kind::Number(number) => visit_number(number, visitor),
            Kind::Text(text) => visitor.visit_borrowed_str(text),
            Kind::List(nodes) => visitor.visit_seq(Items(nodes.iter())),
            Kind::Record(entries) => visitor.visit_map(Entries {
                rest: entries.iter(),
                current: None,
            }),
        };
        read.map_err(|mistake| mistake.at(self.0.at))
    }
}

fn visit_number<'a, V: Visitor<'a>>(
    number: &serde_json::Number,
    visitor: V,
) -> Result<V::Value, Mistake> {
    match (number.as_u64(), number.as_i64()) {
        (Some(number), _) => visitor.visit_u64(number),
        (None, Some(number)) => visitor.visit_i64(number),
        _ => visitor.visit_f64(number.as_f64().unwrap_or_default()),
    }
}

impl<'a> Deserializer<'a> for Reader<'a> {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.visit(visitor)
    }

    /// A key without a value is as good as absent.
    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.0.kind {
            Kind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
        .map_err(|mistake| mistake.at(self.0.at))
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        let read = match &self.0.kind {
            Kind::Text(word) => visitor.visit_enum(word.as_str().into_deserializer()),
            Kind::Null => Err(de::Error::invalid_type(
                Unexpected::Unit,
                &"one of the known words",
            )),
            Kind::Bool(value) => Err(de::Error::invalid_type(
                Unexpected::Bool(*value),
                &"one of the known words",
            )),
            Kind::Number(_) => Err(de::Error::invalid_type(
                Unexpected::Float(0.0),
                &"one of the known words",
            )),
            Kind::List(_) => Err(de::Error::invalid_type(
                Unexpected::Seq,
                &"one of the known words",
            )),
            Kind::Record(_) => Err(de::Error::invalid_type(
                Unexpected::Map,
                &"one of the known words",
            )),
        };
        read.map_err(|mistake: Mistake| mistake.at(self.0.at))
    }

    forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Items<'a>(std::slice::Iter<'a, Node>);

impl<'a> de::SeqAccess<'a> for Items<'a> {
    type Error = Mistake;

    fn next_element_seed<T: DeserializeSeed<'a>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Mistake> {
        let read = |node: &'a Node| {
            seed.deserialize(Reader(node))
                .map_err(|mistake| mistake.at(node.at))
        };
        self.0.next().map(read).transpose()
    }
}

struct Entries<'a> {
    rest: std::slice::Iter<'a, (Key, Node)>,
    current: Option<(&'a Key, &'a Node)>,
}

impl<'a> de::MapAccess<'a> for Entries<'a> {
    type Error = Mistake;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Mistake> {
        let Some((key, node)) = self.rest.next() else {
            return Ok(None);
        };
        self.current = Some((key, node));
        let name: de::value::BorrowedStrDeserializer<'a, Mistake> =
            de::value::BorrowedStrDeserializer::new(&key.name);
        seed.deserialize(name)
            .map(Some)
            .map_err(|mistake| mistake.at(key.at))
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Mistake> {
        let Some((key, node)) = self.current.take() else {
            return Err(de::Error::custom("a value was read before its name"));
        };
        seed.deserialize(Reader(node))
            .map_err(|mistake| mistake.at(node.at).named(&key.name))
    }
}
