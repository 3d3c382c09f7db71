//! Facts about constraints, indexes, views and functions that change.

use super::super::fact::{Fact, fact};
use super::super::fact_type::{FactType, Subject};
use super::super::item::Item;
use super::change::name_of;
use crate::schema::{ColumnNumber, ConstraintKind, IndexState, ObjectBody, ObjectId, Schema, ddl};

const ABOUT_PARTS: &[Subject] = &[Subject::Change, Subject::Table, Subject::Effect];
const CONSTRAINTS: &[&str] = &["primary_key", "unique", "check", "not_null", "foreign_key", "exclude", "trigger", "none"];

pub(in crate::rules) const FACTS: &[Fact] = &[
    fact("constraint.kind", FactType::Word(CONSTRAINTS), ABOUT_PARTS, "What the constraint demands; `none` when no constraint changes.", |item| {
        item.constraint()
            .map_or("none", |(_, _, constraint)| match constraint.kind {
                ConstraintKind::PrimaryKey { .. } => "primary_key",
                ConstraintKind::Unique { .. } => "unique",
                ConstraintKind::Check { .. } => "check",
                ConstraintKind::NotNull { .. } => "not_null",
                ConstraintKind::ForeignKey(_) => "foreign_key",
                ConstraintKind::Exclude { .. } => "exclude",
                ConstraintKind::Trigger => "trigger",
            })
            .into()
    }),
    fact("constraint.name", FactType::Text, ABOUT_PARTS, "Its name.", |item| {
        item.constraint().and_then(|(schema, id, _)| schema.get(id)).map_or("", |object| object.name.as_str()).into()
    }),
    fact("constraint.sql", FactType::Text, ABOUT_PARTS, "Its name, quoted where SQL needs it.", |item| {
        item.constraint().and_then(|(schema, id, _)| Some(schema.dialect.quote(&schema.get(id)?.name))).unwrap_or_default().into()
    }),
    fact("constraint.columns", FactType::Texts, ABOUT_PARTS, "Its columns on its own table; empty for checks.", |item| {
        item.constraint().map_or_else(Vec::new, |(schema, _, constraint)| names(schema, constraint.owner, &columns(&constraint.kind))).into()
    }),
    fact("constraint.add_sql", FactType::Text, ABOUT_PARTS, "The statement that adds it, in full.", |item| {
        item.constraint()
            .and_then(|(schema, id, _)| ddl::add_constraint(schema, id))
            .map(|text| text.trim_end_matches(';').to_owned())
            .unwrap_or_default()
            .into()
    }),
    fact("constraint.references", FactType::Text, ABOUT_PARTS, "The table that a foreign key points to; else empty.", |item| {
        item.constraint()
            .map_or_else(String::new, |(schema, _, constraint)| match &constraint.kind {
                ConstraintKind::ForeignKey(key) => name_of(schema, key.references),
                _ => String::new(),
            })
            .into()
    }),
    fact(
        "constraint.has_index",
        FactType::Bool,
        ABOUT_PARTS,
        "Whether the columns of a foreign key are the first ones of an index on its own table, at the end of the run.",
        |item| item.constraint().is_some_and(|(_, _, constraint)| is_indexed(&item.world.input.run.after, constraint.owner, &columns(&constraint.kind))).into(),
    ),
    fact("constraint.is_valid", FactType::Bool, ABOUT_PARTS, "Whether every row is known to satisfy it.", |item| {
        item.constraint().is_some_and(|(_, _, constraint)| constraint.validated).into()
    }),
    fact("index.name", FactType::Text, ABOUT_PARTS, "Name of the index that comes, goes or changes; empty when none does.", |item| {
        item.index().and_then(|(schema, id, _)| schema.get(id)).map_or("", |object| object.name.as_str()).into()
    }),
    fact("index.sql", FactType::Text, ABOUT_PARTS, "Its name with schema, quoted where SQL needs it.", |item| {
        item.index().map_or_else(String::new, |(schema, id, _)| super::change::sql_of(schema, id)).into()
    }),
    fact("index.is_unique", FactType::Bool, ABOUT_PARTS, "Whether it is unique.", |item| item.index().is_some_and(|(_, _, index)| index.unique).into()),
    fact("index.is_valid", FactType::Bool, ABOUT_PARTS, "Whether it can be used.", |item| {
        item.index().is_some_and(|(_, _, index)| index.state == IndexState::Valid).into()
    }),
    fact("index.columns", FactType::Texts, ABOUT_PARTS, "Its plain key columns.", |item| {
        item.index()
            .map_or_else(Vec::new, |(schema, _, index)| names(schema, index.table, &index.keys.iter().filter_map(|key| key.column).collect::<Vec<_>>()))
            .into()
    }),
    fact("view.columns_before", FactType::Texts, ABOUT_PARTS, "Output columns of the view before; empty when it is new or no view changes.", |item| {
        shape(item, Side::Before).into()
    }),
    fact("view.columns_after", FactType::Texts, ABOUT_PARTS, "Output columns of the view after; empty when it is gone.", |item| {
        shape(item, Side::After).into()
    }),
    fact("view.columns_gone", FactType::Texts, ABOUT_PARTS, "Output columns that a view of the same name no longer has when the migration ends.", |item| {
        let (before, after) = (shape(item, Side::Before), shape(item, Side::Made));
        let gone: Vec<String> = if after.is_empty() { Vec::new() } else { before.into_iter().filter(|column| !after.contains(column)).collect() };
        gone.into()
    }),
    fact(
        "view.made_again",
        FactType::Bool,
        ABOUT_PARTS,
        "Whether a dropped view or table stands there again, under its name, when the migration ends.",
        |item| (!shape(item, Side::Made).is_empty()).into(),
    ),
    fact("routine.sets_search_path", FactType::Bool, ABOUT_PARTS, "Whether a function pins `search_path`.", |item| {
        function(item).is_some_and(|function| function.settings.iter().any(|(name, _)| name.eq_ignore_ascii_case("search_path"))).into()
    }),
    fact("routine.security_definer", FactType::Bool, ABOUT_PARTS, "Whether a function runs with the rights of its owner.", |item| {
        function(item).is_some_and(|function| function.security_definer).into()
    }),
];

fn columns(kind: &ConstraintKind) -> Vec<ColumnNumber> {
    match kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => columns.clone(),
        ConstraintKind::ForeignKey(key) => key.columns.clone(),
        ConstraintKind::NotNull { column } => vec![*column],
        ConstraintKind::Check { .. } | ConstraintKind::Exclude { .. } | ConstraintKind::Trigger => Vec::new(),
    }
}

fn names(schema: &Schema, table: ObjectId, numbers: &[ColumnNumber]) -> Vec<String> {
    numbers.iter().filter_map(|number| schema.column(table, *number)).map(|column| schema.dialect.quote(&column.name)).collect()
}

fn is_indexed(schema: &Schema, table: ObjectId, columns: &[ColumnNumber]) -> bool {
    schema.on_table(table).into_iter().filter_map(|id| schema.index(id)).any(|index| {
        let first: Vec<ColumnNumber> = index.keys.iter().take(columns.len()).filter_map(|key| key.column).collect();
        index.predicate.is_none() && first.len() == columns.len() && columns.iter().all(|column| first.contains(column))
    })
}

/// Which moment of a view.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Before the statement.
    Before,
    /// After it.
    After,
    /// When the migration ends, under the name it had.
    Made,
}

fn shape(item: &Item<'_>, side: Side) -> Vec<String> {
    let (Some(change), Some(step)) = (item.change(), item.step) else { return Vec::new() };
    let id = change.kind.object();
    let of = |schema: &Schema, id: ObjectId| schema.columns(id).iter().map(|column| column.name.to_string()).collect::<Vec<_>>();
    let relation = |schema: &Schema| schema.view(id).is_some() || schema.table(id).is_some();
    match side {
        Side::Before if relation(step.before) => of(step.before, id),
        Side::After if relation(step.after) => of(step.after, id),
        Side::Before | Side::After => Vec::new(),
        Side::Made => item.made_again(id).map_or_else(Vec::new, |again| of(item.end_of_migration(), again)),
    }
}

fn function<'a>(item: &Item<'a>) -> Option<&'a crate::schema::Function> {
    let step = item.step?;
    let id = item.change()?.kind.object();
    match &step.after.get(id)?.body {
        ObjectBody::Function(function) => Some(function),
        _ => None,
    }
}
