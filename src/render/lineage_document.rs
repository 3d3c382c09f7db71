//! What queries read, for people and for programs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::lineage::{Binding, Role};
use crate::schema::{Address, Part, Schema, format_type};
use crate::text::{Sources, Span};

/// A query and what it means.
#[derive(Clone, Copy, Debug)]
pub struct LineageOf<'a> {
    /// Its file.
    pub query: &'a str,
    /// What it means.
    pub binding: &'a Binding,
}

/// The word of a role.
fn word(role: Role) -> &'static str {
    match role {
        Role::Value => "value",
        Role::Star => "star",
        Role::Filter => "filter",
        Role::Join => "join",
        Role::Group => "group",
        Role::Having => "having",
        Role::Order => "order",
        Role::Window => "window",
        Role::ConflictTarget => "conflict_target",
        Role::Write => "write",
        Role::Position => "position",
    }
}

/// A column's relation and name.
fn names(schema: &Schema, address: Address) -> Option<(String, String)> {
    let Part::Column(number) = address.part else { return None };
    let relation = schema.qualified_name(address.object)?;
    Some((relation.to_string(), schema.column(address.object, number)?.name.to_string()))
}

/// Columns with their roles and the first place of each, by name.
fn reads(binding: &Binding, schema: &Schema) -> BTreeMap<(String, String), (BTreeSet<&'static str>, Span)> {
    let mut all: BTreeMap<(String, String), (BTreeSet<&'static str>, Span)> = BTreeMap::new();
    for read in &binding.reads {
        if let Some(key) = names(schema, read.address) {
            let entry = all.entry(key).or_insert_with(|| (BTreeSet::new(), read.span));
            entry.0.insert(word(read.role));
            entry.1 = entry.1.min(read.span);
        }
    }
    all
}

/// Where an output comes from: `schema.table.column`, or what the query calls a relation that the schema does not know.
fn sources_of(output: &crate::lineage::Output, schema: &Schema) -> Vec<String> {
    let known = output.sources.iter().filter_map(|address| names(schema, *address)).map(|(relation, column)| format!("{relation}.{column}"));
    let named = output.named_sources.iter().map(|source| format!("{}.{}", source.relation, source.column));
    known.chain(named).collect::<BTreeSet<_>>().into_iter().collect()
}

fn place(sources: &Sources, span: Span) -> Value {
    let place = sources.place(span);
    json!({ "file": place.file, "line": place.start.line, "column": place.start.column, "end_line": place.end.line, "end_column": place.end.column })
}

/// One object for each query.
pub fn lineage_json(all: &[LineageOf<'_>], schema: &Schema, sources: &Sources) -> String {
    let documents: Vec<Value> = all
        .iter()
        .map(|lineage| {
            let reads: Vec<Value> = reads(lineage.binding, schema)
                .into_iter()
                .map(|((table, column), (roles, span))| json!({ "table": table, "column": column, "roles": roles, "span": place(sources, span) }))
                .collect();
            let outputs: Vec<Value> = lineage
                .binding
                .outputs
                .iter()
                .map(|output| {
                    let data_type = output.data_type.as_ref().map(|data_type| format_type(schema, data_type));
                    json!({ "name": output.name.as_str(), "type": data_type, "nullable": output.nullable, "sources": sources_of(output, schema) })
                })
                .collect();
            let refused = lineage.binding.errors.iter().map(|error| (error.sqlstate, error.message.as_str(), error.span));
            let unknown = lineage.binding.unresolved.iter().map(|unresolved| (unresolved.reference.as_str(), unresolved.reason.as_str(), unresolved.span));
            let unresolved: Vec<Value> = refused
                .chain(unknown)
                .map(|(reference, reason, span)| json!({ "reference": reference, "reason": reason, "span": place(sources, span) }))
                .collect();
            json!({ "schema_version": 1, "query": lineage.query, "reads": reads, "outputs": outputs, "unresolved": unresolved })
        })
        .collect();
    format!("{:#}\n", Value::Array(documents))
}

/// The same for people.
pub fn lineage_text(all: &[LineageOf<'_>], schema: &Schema, sources: &Sources) -> String {
    let mut text = String::new();
    for lineage in all {
        text.push_str(&format!("{}\n", lineage.query));
        for ((table, column), (roles, _)) in reads(lineage.binding, schema) {
            text.push_str(&format!("  reads {table}.{column}: {}\n", roles.into_iter().collect::<Vec<_>>().join(", ")));
        }
        for output in &lineage.binding.outputs {
            let data_type = output.data_type.as_ref().map_or_else(|| String::from("unknown type"), |data_type| format_type(schema, data_type));
            let from = sources_of(output, schema);
            let from = if from.is_empty() { String::new() } else { format!(" from {}", from.join(", ")) };
            text.push_str(&format!("  gives {} ({data_type}){from}\n", output.name));
        }
        for error in &lineage.binding.errors {
            let place = sources.place(error.span);
            text.push_str(&format!("  refused at {}:{}: {} ({})\n", place.start.line, place.start.column, error.message, error.sqlstate));
        }
        for unresolved in &lineage.binding.unresolved {
            let place = sources.place(unresolved.span);
            text.push_str(&format!("  not resolved at {}:{}: {}: {}\n", place.start.line, place.start.column, unresolved.reference, unresolved.reason));
        }
    }
    text
}
