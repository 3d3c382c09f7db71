//! What queries read, for people and for programs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::role_word::role_word;
use crate::gate::{ScriptLineage, ScriptOutput};
use crate::lineage::Role;
use crate::text::{Sources, Span};

/// A file and what it means.
#[derive(Clone, Copy, Debug)]
pub struct LineageOf<'a> {
    /// The file.
    pub query: &'a str,
    /// What it means.
    pub lineage: &'a ScriptLineage,
}

fn place(sources: &Sources, span: Span) -> Value {
    let place = sources.place(span);
    json!({ "file": place.file, "line": place.start.line, "column": place.start.column, "end_line": place.end.line, "end_column": place.end.column })
}

/// One object for each file.
pub fn lineage_json(all: &[LineageOf<'_>], sources: &Sources) -> String {
    let documents: Vec<Value> = all.iter().map(|one| document(one, sources)).collect();
    format!("{:#}\n", Value::Array(documents))
}

fn document(one: &LineageOf<'_>, sources: &Sources) -> Value {
    let lineage = one.lineage;
    let read = |((table, column), (roles, span)): (&(String, String), &(BTreeSet<Role>, Span))| {
        let roles: BTreeSet<&str> = roles.iter().copied().map(role_word).collect();
        json!({ "table": table, "column": column, "roles": roles, "span": place(sources, *span) })
    };
    let output = |output: &ScriptOutput| {
        let mut value = json!({ "name": output.name, "type": output.data_type, "nullable": output.nullable, "sources": output.sources });
        if let (Some(target), Some(object)) = (&output.target, value.as_object_mut()) {
            object.insert(String::from("target"), Value::from(target.as_str()));
        }
        value
    };
    let refused = lineage.refused.iter().map(|(sqlstate, message, span)| (*sqlstate, message.as_str(), *span));
    let unknown = lineage.unresolved.iter().map(|unresolved| (unresolved.reference.as_str(), unresolved.reason.as_str(), unresolved.span));
    let unresolved: Vec<Value> =
        refused.chain(unknown).map(|(reference, reason, span)| json!({ "reference": reference, "reason": reason, "span": place(sources, span) })).collect();
    json!({
        "schema_version": 1,
        "query": one.query,
        "reads": lineage.reads.iter().map(read).collect::<Vec<_>>(),
        "outputs": lineage.outputs.iter().map(output).collect::<Vec<_>>(),
        "unresolved": unresolved,
    })
}

/// The same for people.
pub fn lineage_text(all: &[LineageOf<'_>], sources: &Sources) -> String {
    let mut text = String::new();
    for one in all {
        text.push_str(&format!("{}\n", one.query));
        for ((table, column), (roles, _)) in &one.lineage.reads {
            let roles: BTreeSet<&str> = roles.iter().copied().map(role_word).collect();
            text.push_str(&format!("  reads {table}.{column}: {}\n", roles.into_iter().collect::<Vec<_>>().join(", ")));
        }
        for output in &one.lineage.outputs {
            let data_type = output.data_type.as_deref().unwrap_or("unknown type");
            let from =
                if output.sources.is_empty() { String::new() } else { format!(" from {}", output.sources.iter().cloned().collect::<Vec<_>>().join(", ")) };
            match &output.target {
                Some(target) => text.push_str(&format!("  writes {target}.{} ({data_type}){from}\n", output.name)),
                None => text.push_str(&format!("  gives {} ({data_type}){from}\n", output.name)),
            }
        }
        for (sqlstate, message, span) in &one.lineage.refused {
            let place = sources.place(*span);
            text.push_str(&format!("  refused at {}:{}: {message} ({sqlstate})\n", place.start.line, place.start.column));
        }
        for unresolved in &one.lineage.unresolved {
            let place = sources.place(unresolved.span);
            text.push_str(&format!("  not resolved at {}:{}: {}: {}\n", place.start.line, place.start.column, unresolved.reference, unresolved.reason));
        }
    }
    text
}
