//! Constraints, each in the list of its kind.

use super::index::{column_names, exclusion_element, pairs};
use crate::name::Name;
use crate::schema::{ColumnNumber, Constraint, ConstraintKind, ForeignKey, IndexState, Object, ObjectBody, ObjectId, Schema, ddl};
use crate::snapshot::file::text;
use crate::snapshot::file::{ActionWord, CheckEntry, DeferrableWord, ExclusionEntry, ForeignKeyEntry, KeyEntry, MatchWord, NotNullEntry, TableEntry, Text};
use crate::sql::tree::{Deferrability, ForeignKeyAction, ForeignKeyMatch};
use crate::yaml::{Brief, Entries};

/// Puts all constraints of a table into its entry, sorted by name.
pub(super) fn add_constraints(schema: &Schema, table: ObjectId, entry: &mut TableEntry) {
    for object in sorted_constraints(schema, table) {
        let ObjectBody::Constraint(constraint) = &object.body else { continue };
        let name = text(object.name.as_str());
        match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, index } => {
                let mut key = key_entry(schema, object, constraint, columns, *index);
                key.name = Some(name);
                entry.primary_key = Some(Brief(key));
            }
            ConstraintKind::Unique { columns, index } => entry.unique.0.push((name, Brief(key_entry(schema, object, constraint, columns, *index)))),
            ConstraintKind::Check { expression, no_inherit } => {
                entry.checks.0.push((name, Brief(check_entry(object, constraint, expression.print(schema), *no_inherit))));
            }
            ConstraintKind::NotNull { column } => {
                if let Some(not_null) = not_null_entry(schema, object, constraint, *column) {
                    entry.not_nulls.0.push((name, Brief(not_null)));
                }
            }
            ConstraintKind::ForeignKey(key) => entry.foreign_keys.0.push((name, foreign_key_entry(schema, object, constraint, key))),
            ConstraintKind::Exclude { index, operators } => {
                if let Some(exclusion) = exclusion_entry(schema, object, constraint, *index, operators) {
                    entry.exclusions.0.push((name, exclusion));
                }
            }
            // Told with its trigger.
            ConstraintKind::Trigger => {}
        }
    }
}

/// The checks of a domain, sorted by name.
pub(super) fn domain_checks(schema: &Schema, domain: ObjectId) -> Entries<Brief<CheckEntry>> {
    let checks = sorted_constraints(schema, domain).into_iter().filter_map(|object| match &object.body {
        ObjectBody::Constraint(constraint) => match &constraint.kind {
            ConstraintKind::Check { expression, no_inherit } => {
                Some((text(object.name.as_str()), Brief(check_entry(object, constraint, expression.print(schema), *no_inherit))))
            }
            _ => None,
        },
        _ => None,
    });
    Entries(checks.collect())
}

fn sorted_constraints(schema: &Schema, owner: ObjectId) -> Vec<&Object> {
    let mut all: Vec<&Object> = schema.on_table(owner).into_iter().filter_map(|id| schema.get(id)).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

fn deferrable(constraint: &Constraint) -> Option<DeferrableWord> {
    match constraint.deferrability {
        Deferrability::NotDeferrable => None,
        Deferrability::Deferrable => Some(DeferrableWord::Immediate),
        Deferrability::InitiallyDeferred => Some(DeferrableWord::Deferred),
    }
}

fn comment(object: &Object) -> Option<Text> {
    object.comment.as_deref().map(text)
}

fn local(constraint: &Constraint) -> Option<bool> {
    (!constraint.is_local).then_some(false)
}

fn key_entry(schema: &Schema, object: &Object, constraint: &Constraint, columns: &[ColumnNumber], index: ObjectId) -> KeyEntry {
    let mut entry = KeyEntry {
        columns: column_names(schema, constraint.owner, columns),
        deferrable: deferrable(constraint),
        inherited: constraint.inherited_from,
        local: local(constraint),
        comment: comment(object),
        index_comment: schema.get(index).and_then(comment),
        ..KeyEntry::default()
    };
    if let Some(index) = schema.index(index) {
        entry.include = column_names(schema, index.table, &index.include);
        entry.nulls_not_distinct = index.nulls_not_distinct;
        entry.parameters = pairs(&index.parameters);
        entry.tablespace = index.tablespace.as_deref().map(text);
        entry.parent = index.parent.map(|parent| text(ddl::quoted_name(schema, parent)));
        entry.invalid = index.state == IndexState::Invalid;
    }
    entry
}

fn check_entry(object: &Object, constraint: &Constraint, expression: String, no_inherit: bool) -> CheckEntry {
    CheckEntry {
        expression: Some(text(expression)),
        no_inherit,
        not_valid: !constraint.validated && constraint.enforced,
        not_enforced: !constraint.enforced,
        inherited: constraint.inherited_from,
        local: local(constraint),
        comment: comment(object),
    }
}

/// `None` when the column's own `not_null` says all of it.
fn not_null_entry(schema: &Schema, object: &Object, constraint: &Constraint, column: ColumnNumber) -> Option<NotNullEntry> {
    let column = schema.column(constraint.owner, column)?;
    let table = schema.get(constraint.owner)?;
    let entry = NotNullEntry {
        column: Some(text(column.name.as_str())),
        not_valid: !constraint.validated,
        inherited: constraint.inherited_from,
        local: local(constraint),
        comment: comment(object),
    };
    let is_chosen_name = object.name == Name::stored(format!("{}_{}_not_null", table.name, column.name));
    let says_nothing_more = is_chosen_name && !entry.not_valid && entry.comment.is_none();
    (!says_nothing_more).then_some(entry)
}

fn foreign_key_entry(schema: &Schema, object: &Object, constraint: &Constraint, key: &ForeignKey) -> ForeignKeyEntry {
    ForeignKeyEntry {
        columns: column_names(schema, constraint.owner, &key.columns),
        references: Some(text(ddl::quoted_name(schema, key.references))),
        referenced_columns: column_names(schema, key.references, &key.referenced_columns),
        matching: match key.matching {
            ForeignKeyMatch::Simple => None,
            ForeignKeyMatch::Full => Some(MatchWord::Full),
        },
        on_delete: action_word(key.on_delete),
        on_delete_columns: column_names(schema, constraint.owner, &key.on_delete_columns),
        on_update: action_word(key.on_update),
        deferrable: deferrable(constraint),
        not_valid: !constraint.validated && constraint.enforced,
        not_enforced: !constraint.enforced,
        parent: constraint.parent.and_then(|parent| schema.get(parent)).map(|parent| text(parent.name.as_str())),
        inherited: constraint.inherited_from,
        local: local(constraint),
        comment: comment(object),
    }
}

fn action_word(action: ForeignKeyAction) -> Option<ActionWord> {
    match action {
        ForeignKeyAction::NoAction => None,
        ForeignKeyAction::Restrict => Some(ActionWord::Restrict),
        ForeignKeyAction::Cascade => Some(ActionWord::Cascade),
        ForeignKeyAction::SetNull => Some(ActionWord::SetNull),
        ForeignKeyAction::SetDefault => Some(ActionWord::SetDefault),
    }
}

fn exclusion_entry(schema: &Schema, object: &Object, constraint: &Constraint, id: ObjectId, operators: &[std::sync::Arc<str>]) -> Option<ExclusionEntry> {
    let index = schema.index(id)?;
    let elements = index.keys.iter().enumerate().map(|(place, key)| exclusion_element(schema, index.table, key, operators.get(place)));
    let entry = ExclusionEntry {
        method: (&*index.method != "gist").then(|| text(&*index.method)),
        elements: elements.collect(),
        include: column_names(schema, index.table, &index.include),
        predicate: index.predicate.as_ref().map(|predicate| text(predicate.print(schema))),
        deferrable: deferrable(constraint),
        parameters: pairs(&index.parameters),
        tablespace: index.tablespace.as_deref().map(text),
        invalid: index.state == IndexState::Invalid,
        inherited: constraint.inherited_from,
        local: local(constraint),
        comment: comment(object),
        index_comment: schema.get(id).and_then(comment),
    };
    Some(entry)
}
