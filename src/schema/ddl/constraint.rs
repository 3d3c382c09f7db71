//! Constraints in the words of `pg_get_constraintdef`.

use std::fmt::Write as _;

use super::column::{column_list, column_name};
use super::index::{key_list, key_words};
use super::word::quoted_name;
use crate::schema::{ColumnNumber, Constraint, ConstraintKind, ForeignKey, Index, ObjectId, Schema};
use crate::sql::tree::{Deferrability, ForeignKeyAction, ForeignKeyMatch};

/// The constraint without its name: `PRIMARY KEY (id)`, `FOREIGN KEY (a) REFERENCES app.b(id) NOT VALID`; empty for a constraint trigger's row.
pub fn constraint_definition(schema: &Schema, constraint: &Constraint) -> String {
    let owner = constraint.owner;
    let mut text = match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, index } => format!("PRIMARY KEY {}", unique_words(schema, owner, columns, *index)),
        ConstraintKind::Unique { columns, index } => {
            let nulls = if schema.index(*index).is_some_and(|index| index.nulls_not_distinct) { "NULLS NOT DISTINCT " } else { "" };
            format!("UNIQUE {nulls}{}", unique_words(schema, owner, columns, *index))
        }
        ConstraintKind::Check { expression, no_inherit } => {
            format!("CHECK ({}){}", expression.print(schema), if *no_inherit { " NO INHERIT" } else { "" })
        }
        ConstraintKind::NotNull { column } => format!("NOT NULL {}", column_name(schema, owner, *column)),
        ConstraintKind::ForeignKey(key) => foreign_key_words(schema, owner, key),
        ConstraintKind::Exclude { index, operators } => exclude_words(schema, *index, operators),
        ConstraintKind::Trigger => return String::new(),
    };
    text.push_str(match constraint.deferrability {
        Deferrability::NotDeferrable => "",
        Deferrability::Deferrable => " DEFERRABLE",
        Deferrability::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    });
    if !constraint.enforced {
        text.push_str(" NOT ENFORCED");
    } else if !constraint.validated {
        text.push_str(" NOT VALID");
    }
    text
}

fn unique_words(schema: &Schema, owner: ObjectId, columns: &[ColumnNumber], index: ObjectId) -> String {
    let mut text = format!("({})", column_list(schema, owner, columns));
    if let Some(index) = schema.index(index) {
        text.push_str(&storage_words(schema, index));
    }
    text
}

/// ` INCLUDE (…) WITH (…) USING INDEX TABLESPACE …` of the index behind a constraint.
fn storage_words(schema: &Schema, index: &Index) -> String {
    let mut text = String::new();
    if !index.include.is_empty() {
        let _ = write!(text, " INCLUDE ({})", column_list(schema, index.table, &index.include));
    }
    if !index.parameters.is_empty() {
        let _ = write!(text, " WITH ({})", super::word::parameter_list(&index.parameters));
    }
    if let Some(tablespace) = &index.tablespace {
        let _ = write!(text, " USING INDEX TABLESPACE {}", schema.dialect.quote(&crate::name::Name::stored(tablespace.clone())));
    }
    text
}

fn foreign_key_words(schema: &Schema, owner: ObjectId, key: &ForeignKey) -> String {
    let mut text = format!(
        "FOREIGN KEY ({}) REFERENCES {}({})",
        column_list(schema, owner, &key.columns),
        quoted_name(schema, key.references),
        column_list(schema, key.references, &key.referenced_columns)
    );
    match key.matching {
        ForeignKeyMatch::Simple => {}
        ForeignKeyMatch::Full => text.push_str(" MATCH FULL"),
    }
    if let Some(action) = action_words(key.on_update) {
        let _ = write!(text, " ON UPDATE {action}");
    }
    if let Some(action) = action_words(key.on_delete) {
        let _ = write!(text, " ON DELETE {action}");
        if !key.on_delete_columns.is_empty() {
            let _ = write!(text, " ({})", column_list(schema, owner, &key.on_delete_columns));
        }
    }
    text
}

fn action_words(action: ForeignKeyAction) -> Option<&'static str> {
    match action {
        ForeignKeyAction::NoAction => None,
        ForeignKeyAction::Restrict => Some("RESTRICT"),
        ForeignKeyAction::Cascade => Some("CASCADE"),
        ForeignKeyAction::SetNull => Some("SET NULL"),
        ForeignKeyAction::SetDefault => Some("SET DEFAULT"),
    }
}

fn exclude_words(schema: &Schema, index: ObjectId, operators: &[std::sync::Arc<str>]) -> String {
    let Some(index) = schema.index(index) else { return String::from("EXCLUDE ???") };
    let keys = index
        .keys
        .iter()
        .zip(operators)
        .map(|(key, operator)| format!("{} WITH {operator}", key_words(schema, index.table, key)))
        .collect::<Vec<_>>()
        .join(", ");
    let keys = if operators.len() == index.keys.len() { keys } else { key_list(schema, index) };
    let mut text = format!("EXCLUDE USING {} ({keys}){}", index.method, storage_words(schema, index));
    if let Some(predicate) = &index.predicate {
        let _ = write!(text, " WHERE ({})", predicate.print(schema));
    }
    text
}
