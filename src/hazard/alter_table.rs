//! `ALTER TABLE`: each action → the kinds of work it is, by what the schema knows.

use super::act::{Act, Scene};
use super::operation::{Operation, Partner};
use super::type_change::{StorageEffect, is_constrained_domain, storage_effect};
use crate::lineage::{ExpressionPurpose, ExpressionScope, bind_expression, resolve_relation};
use crate::name::Name;
use crate::schema::{Column, ColumnNumber, Constraint, ConstraintKind, Definition, ObjectId, Piece, TableKind};
use crate::sql::tree::{
    AlterColumn, AlterTable, AlterTableAction, ColumnConstraintKind, ColumnDefinition, Expr, GeneratedKind, Ident, References, TableConstraint,
    TableConstraintKind, Volatility,
};

/// The work of all actions of a statement.
pub(super) fn acts(scene: &Scene<'_>, statement: &AlterTable) -> Vec<Act> {
    let Some(table) = scene.find(&statement.name) else { return Vec::new() };
    if scene.before.view(table).is_some() {
        return vec![Act::on(Operation::ChangeView, table)];
    }
    if scene.before.index(table).is_some() {
        return vec![Act::on(Operation::AlterIndex, table)];
    }
    if scene.before.table(table).is_none() {
        return Vec::new();
    }
    let mut acts = Vec::new();
    for action in &statement.actions {
        acts.extend(action_acts(scene, table, &action.value));
    }
    if statement.only {
        for act in &mut acts {
            act.descends = false;
        }
    }
    acts
}

fn action_acts(scene: &Scene<'_>, table: ObjectId, action: &AlterTableAction) -> Vec<Act> {
    let on = |operation| vec![Act::on(operation, table)];
    match action {
        AlterTableAction::AddColumn { column, .. } => added_column(scene, table, column),
        AlterTableAction::DropColumn { column, .. } => vec![dropped_column(scene, table, column)],
        AlterTableAction::AlterColumn { column, action } => vec![altered_column(scene, table, column, action)],
        AlterTableAction::RenameColumn { .. } => vec![Act::on(Operation::RenameColumn, table).descending()],
        AlterTableAction::Rename(_) | AlterTableAction::OfType(_) | AlterTableAction::NotOfType | AlterTableAction::SwapWith(_) => on(Operation::RenameTable),
        AlterTableAction::RenameConstraint { .. } => vec![Act::on(Operation::RenameConstraint, table).descending()],
        AlterTableAction::SetSchema(_) => on(Operation::SetSchema),
        AlterTableAction::Owner(_) => on(Operation::ChangeOwner),
        AlterTableAction::AddConstraint(constraint) => added_constraint(scene, table, constraint),
        AlterTableAction::DropConstraint { name, .. } => vec![dropped_constraint(scene, table, name)],
        AlterTableAction::ValidateConstraint(name) => vec![validated_constraint(scene, table, name)],
        AlterTableAction::AlterConstraint(..) => on(Operation::AlterConstraint),
        AlterTableAction::Inherit(parent) => vec![Act::on(Operation::Inherit, table).with_all(Partner::Parent, scene.find(parent))],
        AlterTableAction::NoInherit(parent) => vec![Act::on(Operation::NoInherit, table).with_all(Partner::Parent, scene.find(parent))],
        AlterTableAction::AttachPartition(partition, bound) => vec![attached(scene, table, scene.find(partition), &bound.0)],
        AlterTableAction::DetachPartition { partition, concurrently } => {
            let operation = if *concurrently { Operation::DetachPartitionConcurrently } else { Operation::DetachPartition };
            vec![Act::on(operation, table).with_all(Partner::Partition, scene.find(partition))]
        }
        AlterTableAction::Trigger(..) => vec![Act::on(Operation::SwitchTrigger, table).descending()],
        AlterTableAction::Rule(..) => on(Operation::ChangeRule),
        AlterTableAction::RowSecurity(_) => on(Operation::RowSecurity),
        AlterTableAction::ReplicaIdentity(_) => on(Operation::ReplicaIdentity),
        AlterTableAction::SetUnlogged(_) => on(Operation::SetLogged),
        AlterTableAction::SetTablespace(_) => on(Operation::SetTablespace),
        AlterTableAction::SetAccessMethod(_) => on(Operation::SetAccessMethod),
        AlterTableAction::ClusterOn(_) => on(Operation::ClusterOn),
        AlterTableAction::SetParameters(_) | AlterTableAction::ResetParameters(_) => on(Operation::SetParameters),
        AlterTableAction::Physical(_) => Vec::new(),
    }
}

fn added_column(scene: &Scene<'_>, table: ObjectId, column: &ColumnDefinition) -> Vec<Act> {
    let name = &column.name;
    let written = column.data_type.as_ref().map_or("", |written| written.name.name.name.as_str());
    let default = column.constraints.iter().find_map(|constraint| match &constraint.kind {
        ColumnConstraintKind::Default(expression) => Some(expression),
        _ => None,
    });
    let computed = default.is_some_and(|expression| !is_computed_once(scene, expression));
    let identity = column.constraints.iter().any(|one| matches!(one.kind, ColumnConstraintKind::Identity(..)));
    let stored = column.constraints.iter().any(|one| matches!(one.kind, ColumnConstraintKind::Generated(_, GeneratedKind::Stored)));
    let constrained = column_named(scene.after.columns(table), &name.name).is_some_and(|column| is_constrained_domain(scene.after, &column.data_type));
    let (operation, reason) = if matches!(written, "serial" | "bigserial" | "smallserial" | "serial2" | "serial4" | "serial8") {
        (Operation::AddColumnSerial, format!("every row gets its number of the new {written} column {name}"))
    } else if identity {
        (Operation::AddColumnIdentity, format!("every row gets its number of the new identity column {name}"))
    } else if stored {
        (Operation::AddColumnStored, format!("the new column {name} is computed for every row"))
    } else if computed {
        (Operation::AddColumnVolatileDefault, format!("the default of the new column {name} is computed for every row"))
    } else if constrained {
        (Operation::AddColumnConstrainedDomain, format!("the new column {name} has a domain with conditions"))
    } else if default.is_some() {
        (Operation::AddColumnWithDefault, format!("new column {name}"))
    } else {
        (Operation::AddColumn, format!("new column {name}"))
    };
    let mut acts = vec![Act::on(operation, table).because(reason).descending()];
    for constraint in &column.constraints {
        match &constraint.kind {
            ColumnConstraintKind::PrimaryKey | ColumnConstraintKind::Unique { .. } => {
                acts.push(Act::on(Operation::AddColumnUnique, table).because(format!("the new column {name} is unique")).descending());
            }
            ColumnConstraintKind::Check { .. } => {
                acts.push(Act::on(Operation::AddColumnCheck, table).because(format!("the new column {name} is checked")).descending());
            }
            ColumnConstraintKind::References(references) => {
                let operation = if default.is_some() { Operation::AddColumnReferencesWithDefault } else { Operation::AddColumnReferences };
                acts.push(
                    Act::on(operation, table)
                        .because(format!("the new column {name} references {}", references.table))
                        .with_all(Partner::Referenced, scene.find(&references.table)),
                );
            }
            ColumnConstraintKind::NotNull
            | ColumnConstraintKind::Null
            | ColumnConstraintKind::Default(_)
            | ColumnConstraintKind::Generated(..)
            | ColumnConstraintKind::Identity(..) => {}
        }
    }
    acts
}

/// Whether a default has one value for all rows. An expression that is not understood is taken to differ from row to row.
fn is_computed_once(scene: &Scene<'_>, expression: &Expr) -> bool {
    let binding = bind_expression(scene.before, scene.session, &ExpressionScope::empty(ExpressionPurpose::Default), expression);
    binding.unresolved.is_empty() && binding.errors.is_empty() && binding.volatility != Volatility::Volatile
}

fn dropped_column(scene: &Scene<'_>, table: ObjectId, column: &Ident) -> Act {
    let number = number_of(scene, table, column);
    let referenced = scene.referenced_by(table, |key| number.is_some_and(|number| key.columns.contains(&number)));
    let operation = if referenced.is_empty() { Operation::DropColumn } else { Operation::DropColumnOfForeignKey };
    Act::on(operation, table).with_all(Partner::Referenced, referenced).because(format!("column {column} is dropped")).descending()
}

fn altered_column(scene: &Scene<'_>, table: ObjectId, column: &Ident, action: &AlterColumn) -> Act {
    let act = |operation| Act::on(operation, table);
    match action {
        AlterColumn::Type { using, .. } => retyped(scene, table, column, using.as_ref()),
        AlterColumn::SetNotNull => not_null(scene, table, column),
        AlterColumn::DropNotNull => act(Operation::DropNotNull).descending(),
        AlterColumn::SetDefault(_) | AlterColumn::DropDefault => act(Operation::SetDefault).descending(),
        // SET EXPRESSION computes every row anew (PostgreSQL 17, manual sql-altertable).
        AlterColumn::SetExpression(_) => act(Operation::AddColumnStored).because(format!("column {column} is computed anew for every row")).descending(),
        AlterColumn::DropExpression { .. } => act(Operation::DropExpression).descending(),
        AlterColumn::AddIdentity(..) | AlterColumn::SetIdentity(..) | AlterColumn::DropIdentity { .. } => act(Operation::ChangeIdentity),
        AlterColumn::SetStatistics(_) => act(Operation::SetStatistics),
        AlterColumn::SetStorage(_) => act(Operation::SetStorage).descending(),
        AlterColumn::SetCompression(_) => act(Operation::SetCompression).descending(),
        AlterColumn::SetParameters(_) | AlterColumn::ResetParameters(_) => act(Operation::SetColumnParameters),
        AlterColumn::Comment(_) => act(Operation::CommentOn),
        AlterColumn::Position(_) => act(Operation::RenameColumn),
    }
}

fn retyped(scene: &Scene<'_>, table: ObjectId, name: &Ident, using: Option<&Expr>) -> Act {
    let before = column_named(scene.before.columns(table), &name.name);
    let after = before.and_then(|column| scene.after.column(table, column.number));
    let (Some(before), Some(after)) = (before, after) else {
        return Act::on(Operation::ChangeTypeRewrites, table).because(format!("type change of {name}")).descending();
    };
    let effect = storage_effect(scene.after, &before.data_type, &after.data_type, using, scene.session.time_zone.as_deref());
    let number = before.number;
    let keys: Vec<ObjectId> = scene.referenced_by(table, |key| key.columns.contains(&number));
    let operation = match effect {
        StorageEffect::Rewritten if keys.is_empty() => Operation::ChangeTypeRewrites,
        StorageEffect::Rewritten => Operation::ChangeTypeOfForeignKey,
        StorageEffect::RebuildsIndexes if has_index(scene, table, number, IndexUse::Any) => Operation::ChangeTypeRebuildsIndexes,
        StorageEffect::Kept if has_index(scene, table, number, IndexUse::Expression) => Operation::ChangeTypeRebuildsIndexes,
        StorageEffect::Kept | StorageEffect::RebuildsIndexes if before.collation != after.collation && has_index(scene, table, number, IndexUse::Any) => {
            Operation::ChangeTypeRebuildsIndexes
        }
        StorageEffect::Kept | StorageEffect::RebuildsIndexes if has_check(scene, table, number) => Operation::ChangeTypeRechecks,
        StorageEffect::Kept | StorageEffect::RebuildsIndexes => Operation::ChangeTypeInPlace,
    };
    Act::on(operation, table).with_all(Partner::Referenced, keys).because(format!("type change of {name}")).descending()
}

/// Which use of a column by an index matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum IndexUse {
    Any,
    Expression,
}

fn has_index(scene: &Scene<'_>, table: ObjectId, column: ColumnNumber, wanted: IndexUse) -> bool {
    scene.before.on_table(table).into_iter().filter_map(|id| scene.before.index(id)).any(|index| {
        let plain = || index.keys.iter().any(|key| key.column == Some(column)) || index.include.contains(&column);
        let computed = index.keys.iter().filter(|key| key.column.is_none()).any(|key| mentions(&key.expression, column))
            || index.predicate.as_ref().is_some_and(|predicate| mentions(predicate, column));
        computed || (wanted == IndexUse::Any && plain())
    })
}

fn has_check(scene: &Scene<'_>, table: ObjectId, column: ColumnNumber) -> bool {
    constraints(scene, table).any(|constraint| matches!(&constraint.kind, ConstraintKind::Check { expression, .. } if mentions(expression, column)))
}

fn mentions(definition: &Definition, column: ColumnNumber) -> bool {
    definition.pieces().iter().any(|piece| matches!(piece, Piece::Column { column: own, .. } if *own == column))
}

fn constraints<'s>(scene: &Scene<'s>, table: ObjectId) -> impl Iterator<Item = &'s Constraint> + use<'s> {
    let before = scene.before;
    before.on_table(table).into_iter().filter_map(|id| before.constraint(id))
}

fn not_null(scene: &Scene<'_>, table: ObjectId, name: &Ident) -> Act {
    let column = column_named(scene.before.columns(table), &name.name);
    let added_now = column.is_none();
    let already = column.is_some_and(|column| column.not_null);
    // Measured on 15: a valid check that is exactly this condition spares the scan. The server also follows longer conditions; they are taken to be scanned.
    let proven = column.is_some_and(|column| constraints(scene, table).any(|constraint| constraint.validated && says_not_null(constraint, column.number)));
    let operation = if already || added_now || proven { Operation::SetNotNullProven } else { Operation::SetNotNull };
    Act::on(operation, table).because(format!("every row is tested for NULL in {name}")).descending()
}

fn says_not_null(constraint: &Constraint, column: ColumnNumber) -> bool {
    let ConstraintKind::Check { expression, .. } = &constraint.kind else { return false };
    let mut words = String::new();
    for piece in expression.pieces() {
        match piece {
            Piece::Column { column: own, .. } if *own == column => words.push('?'),
            Piece::Text(text) => words.push_str(text),
            Piece::Qualifier { .. } => {}
            _ => return false,
        }
    }
    let plain: String = words.chars().filter(|character| !matches!(character, '(' | ')' | ' ' | '\n' | '\t')).collect();
    plain.eq_ignore_ascii_case("?isnotnull")
}

fn added_constraint(scene: &Scene<'_>, table: ObjectId, constraint: &TableConstraint) -> Vec<Act> {
    let lazy = constraint.flags.not_valid || constraint.flags.not_enforced;
    let one = |operation| vec![Act::on(operation, table).descending()];
    match &constraint.kind {
        TableConstraintKind::PrimaryKey { .. } => one(Operation::AddPrimaryKey),
        TableConstraintKind::Unique { .. } => one(Operation::AddUnique),
        TableConstraintKind::UsingIndex { primary, index } => {
            let nullable = *primary && index_has_nullable_key(scene, table, &index.name);
            one(if nullable { Operation::AddPrimaryKeyUsingNullableIndex } else { Operation::AddConstraintUsingIndex })
        }
        TableConstraintKind::Check { .. } => one(if lazy { Operation::AddCheckNotValid } else { Operation::AddCheck }),
        TableConstraintKind::NotNull { .. } if lazy => one(Operation::AddCheckNotValid),
        TableConstraintKind::NotNull { column, .. } => vec![not_null(scene, table, column)],
        TableConstraintKind::ForeignKey { references, .. } => vec![foreign_key(scene, table, references, lazy)],
        TableConstraintKind::Exclude { .. } => one(Operation::AddExclusion),
    }
}

fn foreign_key(scene: &Scene<'_>, table: ObjectId, references: &References, lazy: bool) -> Act {
    let operation = if lazy { Operation::AddForeignKeyNotValid } else { Operation::AddForeignKey };
    Act::on(operation, table).with_all(Partner::Referenced, resolve_relation(scene.before, scene.session, &references.table).ok()).descending()
}

fn index_has_nullable_key(scene: &Scene<'_>, table: ObjectId, name: &Name) -> bool {
    let index = scene.before.on_table(table).into_iter().find(|id| scene.before.get(*id).is_some_and(|object| object.name == *name));
    let Some(index) = index.and_then(|id| scene.before.index(id)) else { return true };
    index.keys.iter().any(|key| key.column.and_then(|number| scene.before.column(table, number)).is_none_or(|column| !column.not_null))
}

fn dropped_constraint(scene: &Scene<'_>, table: ObjectId, name: &Ident) -> Act {
    match constraint_named(scene, table, name).map(|constraint| &constraint.kind) {
        Some(ConstraintKind::ForeignKey(key)) => {
            Act::on(Operation::DropForeignKey, table).with(Partner::Referenced, key.references).because(format!("foreign key {name} is dropped")).descending()
        }
        _ => Act::on(Operation::DropConstraint, table).because(format!("constraint {name} is dropped")).descending(),
    }
}

fn validated_constraint(scene: &Scene<'_>, table: ObjectId, name: &Ident) -> Act {
    let constraint = constraint_named(scene, table, name);
    match constraint.map(|constraint| (constraint.validated, &constraint.kind)) {
        Some((true, _)) => Act::on(Operation::ValidateNothing, table),
        Some((false, ConstraintKind::ForeignKey(key))) => Act::on(Operation::ValidateForeignKey, table)
            .with(Partner::Referenced, key.references)
            .because(format!("every row is tested against {name}"))
            .descending(),
        _ => Act::on(Operation::ValidateCheck, table).because(format!("every row is tested against {name}")).descending(),
    }
}

fn constraint_named<'s>(scene: &Scene<'s>, table: ObjectId, name: &Ident) -> Option<&'s Constraint> {
    let before = scene.before;
    before
        .on_table(table)
        .into_iter()
        .find(|id| before.get(*id).is_some_and(|object| object.name == name.name) && before.constraint(*id).is_some())
        .and_then(|id| before.constraint(id))
}

fn attached(scene: &Scene<'_>, table: ObjectId, partition: Option<ObjectId>, bound: &str) -> Act {
    let rest = scene.default_partition(table);
    let proven = partition.is_some_and(|partition| constraints(scene, partition).any(|constraint| constraint.validated && repeats_bound(constraint, bound)));
    let operation = match (rest, proven) {
        (Some(_), _) => Operation::AttachPartitionBesideDefault,
        (None, true) => Operation::AttachPartitionProven,
        (None, false) => Operation::AttachPartition,
    };
    Act::on(operation, table).with_all(Partner::Partition, partition).with_all(Partner::DefaultPartition, rest)
}

/// Whether a check speaks of all the constants of a partition's bound. The server proves more carefully; a check that only looks like the bound is not told apart.
fn repeats_bound(constraint: &Constraint, bound: &str) -> bool {
    let ConstraintKind::Check { expression, .. } = &constraint.kind else { return false };
    let text: String = expression.pieces().iter().filter_map(|piece| if let Piece::Text(text) = piece { Some(&**text) } else { None }).collect();
    let constants: Vec<&str> = bound
        .split(['(', ')', ',', ' '])
        .filter(|word| word.starts_with('\'') || word.starts_with(|first: char| first.is_ascii_digit() || first == '-'))
        .collect();
    !constants.is_empty() && constants.iter().all(|constant| text.contains(constant))
}

fn number_of(scene: &Scene<'_>, table: ObjectId, column: &Ident) -> Option<ColumnNumber> {
    column_named(scene.before.columns(table), &column.name).map(|column| column.number)
}

fn column_named<'c>(columns: &'c [Column], name: &Name) -> Option<&'c Column> {
    columns.iter().find(|column| column.name == *name)
}

/// Whether rows live elsewhere, so that nothing of the table itself is read or written.
pub(super) fn holds_no_rows(scene: &Scene<'_>, relation: ObjectId) -> bool {
    scene.before.table(relation).is_some_and(|table| table.kind != TableKind::Ordinary)
        || scene.before.view(relation).is_some_and(|view| view.kind == crate::sql::tree::ViewKind::Plain)
}
