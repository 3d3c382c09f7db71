//! Whether the casts in a view's stored query are those that the server makes by itself in the query as somebody writes it now.
//!
//! The server prints every cast it made; a person writes none of them. A cast that was written by a person looks the same, and leaving that one away
//! changes what comes out (`a::numeric / b` and `a / b`). What tells them apart is which conversions the query that is written now has by itself.

use std::collections::BTreeMap;

use crate::lineage::{Binding, Session, bind_query};
use crate::schema::{DataType, Schema, View, format_type};
use crate::sql::{is_own_number, operand_words, read_query};
use crate::text::{Sources, Span};

/// Operand and type of each cast, with how often it is there.
type Casts = BTreeMap<(String, String), usize>;

/// Whether every cast of the old query is one of the new query's own, written or made by the server.
pub fn casts_are_own((before, was): (&Schema, &View), (after, is): (&Schema, &View)) -> bool {
    let written = |binding: &Binding| binding.casts.clone();
    let any = |binding: &Binding| binding.casts.iter().chain(&binding.conversions).chain(&binding.settled).cloned().collect();
    let (Some(old), Some(new)) = (casts(before, was, written), casts(after, is, any)) else { return false };
    old.iter().all(|((operand, data_type), count)| {
        new.get(&(operand.clone(), data_type.clone())).is_some_and(|there| there >= count)
            || is_own_number(operand, data_type)
            || is_plain_text(operand, data_type)
    })
}

/// A constant that nothing else gives a type is a text.
fn is_plain_text(operand: &str, data_type: &str) -> bool {
    data_type == "text" && (operand.starts_with('\'') || operand == "null")
}

fn casts(schema: &Schema, view: &View, taken: impl Fn(&Binding) -> Vec<(Span, DataType)>) -> Option<Casts> {
    let mut sources = Sources::default();
    let id = sources.add("<view>", view.query.print(schema));
    let query = read_query(&sources, id, schema.dialect).ok()?;
    let binding = bind_query(schema, &Session::new(schema), &query);
    if !binding.errors.is_empty() {
        return None;
    }
    let mut places = taken(&binding);
    places.sort_by_key(|(span, _)| (span.start, span.end));
    places.dedup();
    let mut casts = Casts::new();
    for (span, data_type) in places {
        let operand = operand_words(sources.slice(span), schema.dialect)?;
        *casts.entry((operand, format_type(schema, &data_type))).or_default() += 1;
    }
    Some(casts)
}
