//! Indexes in the words of `pg_get_indexdef`.

use std::fmt::Write as _;

use super::column::{collation_name, column_list};
use super::word::quoted_name;
use crate::name::Name;
use crate::schema::{ConstraintKind, Index, IndexKey, ObjectBody, ObjectId, Schema, TableKind};

/// `CREATE [UNIQUE] INDEX name ON table USING method (…) …`. On a partitioned table with partitions: `ON ONLY`, since each partition's index is printed by itself.
pub fn index_definition(schema: &Schema, id: ObjectId) -> Option<String> {
    let object = schema.get(id)?;
    let ObjectBody::Index(index) = &object.body else { return None };
    let mut text = format!(
        "CREATE {}INDEX {} ON {}{} USING {} ({})",
        if index.unique { "UNIQUE " } else { "" },
        schema.dialect.quote(&object.name),
        if index.only || is_on_partitioned_table(schema, index) { "ONLY " } else { "" },
        quoted_name(schema, index.table),
        index.method,
        key_list(schema, index),
    );
    if !index.include.is_empty() {
        let _ = write!(text, " INCLUDE ({})", column_list(schema, index.table, &index.include));
    }
    if index.nulls_not_distinct {
        text.push_str(" NULLS NOT DISTINCT");
    }
    if !index.parameters.is_empty() {
        let _ = write!(text, " WITH ({})", super::word::parameter_list(&index.parameters));
    }
    if let Some(tablespace) = &index.tablespace {
        let _ = write!(text, " TABLESPACE {}", schema.dialect.quote(&Name::stored(tablespace.clone())));
    }
    if let Some(predicate) = &index.predicate {
        let _ = write!(text, " WHERE ({})", predicate.print(schema));
    }
    Some(text)
}

fn is_on_partitioned_table(schema: &Schema, index: &Index) -> bool {
    schema.table(index.table).is_some_and(|table| table.kind == TableKind::Partitioned)
}

/// The keys with their options, joined by commas.
pub(super) fn key_list(schema: &Schema, index: &Index) -> String {
    index.keys.iter().map(|key| key_words(schema, index.table, key)).collect::<Vec<_>>().join(", ")
}

/// One key with its options: `lower(email) COLLATE "C" text_pattern_ops DESC NULLS LAST`.
pub fn key_words(schema: &Schema, table: ObjectId, key: &IndexKey) -> String {
    let mut text = if let Some(column) = key.column.and_then(|number| schema.column(table, number)) {
        schema.dialect.quote(&column.name)
    } else {
        let text = key.expression.print(schema);
        if stands_alone(&text) { text } else { format!("({text})") }
    };
    if let Some(collation) = &key.collation {
        let _ = write!(text, " COLLATE {}", collation_name(schema, collation));
    }
    if let Some(class) = &key.operator_class {
        text.push(' ');
        text.push_str(class);
    }
    if key.descending {
        text.push_str(" DESC");
    }
    match (key.descending, key.nulls_first) {
        (false, true) => text.push_str(" NULLS FIRST"),
        (true, false) => text.push_str(" NULLS LAST"),
        (false, false) | (true, true) => {}
    }
    text
}

/// Whether an expression needs no parentheses as an index key: it is one call, or has its own parentheses around all of it.
fn stands_alone(text: &str) -> bool {
    let mut is_quoted = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' => is_quoted = !is_quoted,
            '(' if !is_quoted => return closes_at_end(text.get(at..).unwrap_or("")),
            _ if is_quoted || character.is_alphanumeric() || matches!(character, '_' | '.' | '$') => {}
            _ => return false,
        }
    }
    false
}

/// Whether the parenthesis that opens the text closes with its last character.
fn closes_at_end(text: &str) -> bool {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1 == text.len();
                }
            }
            (Some(_) | None, _) => {}
        }
    }
    false
}

/// The constraint that an index stands behind.
pub fn constraint_of(schema: &Schema, id: ObjectId) -> Option<ObjectId> {
    let table = schema.index(id)?.table;
    schema.on_table(table).into_iter().find(|candidate| {
        schema.constraint(*candidate).is_some_and(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey { index, .. } | ConstraintKind::Unique { index, .. } | ConstraintKind::Exclude { index, .. } => *index == id,
            ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Trigger => false,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_call_needs_no_parentheses() {
        assert!(stands_alone("lower(email)"));
        assert!(stands_alone("app.\"My f\"(a, ')')"));
        assert!(stands_alone("((a + b) * 2)"));
        assert!(!stands_alone("lower(a) || lower(b)"));
        assert!(!stands_alone("a + b"));
        assert!(!stands_alone("(a) + (b)"));
    }
}
