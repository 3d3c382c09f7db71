//! Facts about the column that changes.

use super::super::fact::{Fact, fact};
use super::super::fact_type::{FactType, FactValue, Subject};
use super::super::item::Item;
use crate::hazard::{Fit, StorageEffect, fit, storage_effect};
use crate::migrate::ColumnChange;
use crate::schema::{Column, ColumnGeneration, Schema, format_type};
use crate::sql::tree::{AlterColumn, AlterTableAction, Expr, GeneratedKind, IdentityKind, StatementKind};

const ABOUT_COLUMNS: &[Subject] = &[Subject::Change, Subject::Table, Subject::Effect];
const GENERATIONS: &[&str] = &["none", "default", "generated_stored", "generated_virtual", "identity_always", "identity_by_default"];
const STORAGE: &[&str] = &["kept", "rebuilds_indexes", "rewritten", "none"];
const FITS: &[&str] = &["widens", "narrows", "loses", "changes_meaning", "converts", "none"];

pub(in crate::rules) const FACTS: &[Fact] = &[
    fact("column.name", FactType::Text, ABOUT_COLUMNS, "Its name as it was, or as it is when it is new; empty when no column changes.", |item| {
        either(item).map_or_else(String::new, |(_, column)| column.name.to_string()).into()
    }),
    fact("column.sql", FactType::Text, ABOUT_COLUMNS, "The same, quoted where SQL needs it.", |item| {
        either(item).map_or_else(String::new, |(schema, column)| schema.dialect.quote(&column.name)).into()
    }),
    fact("column.new_sql", FactType::Text, ABOUT_COLUMNS, "Its name after the change, quoted where SQL needs it; empty when it is gone.", |item| {
        item.column_after().map_or_else(String::new, |(schema, column)| schema.dialect.quote(&column.name)).into()
    }),
    fact("column.type_before", FactType::Text, ABOUT_COLUMNS, "Its type before, as `format_type` spells it; empty when it is new.", |item| {
        item.column_before().map_or_else(String::new, |(schema, column)| format_type(schema, &column.data_type)).into()
    }),
    fact("column.type_after", FactType::Text, ABOUT_COLUMNS, "Its type after; empty when it is gone.", |item| {
        item.column_after().map_or_else(String::new, |(schema, column)| format_type(schema, &column.data_type)).into()
    }),
    fact("column.fit", FactType::Word(FITS), ABOUT_COLUMNS, "Whether all values survive a type change; `none` for other changes.", |item| {
        word(item, |fit, _| fit.as_str())
    }),
    fact("column.storage", FactType::Word(STORAGE), ABOUT_COLUMNS, "What a type change does to the rows on disk; `none` for other changes.", |item| {
        word(item, |_, storage| match storage {
            StorageEffect::Kept => "kept",
            StorageEffect::RebuildsIndexes => "rebuilds_indexes",
            StorageEffect::Rewritten => "rewritten",
        })
    }),
    fact("column.not_null", FactType::Bool, ABOUT_COLUMNS, "Whether it refuses NULL after the change; before, when it is gone.", |item| {
        item.column_after().or_else(|| item.column_before()).is_some_and(|(_, column)| column.not_null).into()
    }),
    fact("column.was_not_null", FactType::Bool, ABOUT_COLUMNS, "Whether it refused NULL before the change.", |item| {
        item.column_before().is_some_and(|(_, column)| column.not_null).into()
    }),
    fact("column.generation", FactType::Word(GENERATIONS), ABOUT_COLUMNS, "Who fills it after the change when a statement does not.", |item| {
        item.column_after().map_or("none", |(_, column)| generation(column)).into()
    }),
    fact("column.was_generation", FactType::Word(GENERATIONS), ABOUT_COLUMNS, "Who filled it before the change.", |item| {
        item.column_before().map_or("none", |(_, column)| generation(column)).into()
    }),
    fact("column.default", FactType::Text, ABOUT_COLUMNS, "Its default or generation expression after the change; empty when there is none.", |item| {
        item.column_after().map_or_else(String::new, |(schema, column)| expression(schema, column)).into()
    }),
    fact("column.was_default", FactType::Text, ABOUT_COLUMNS, "Its default or generation expression before the change.", |item| {
        item.column_before().map_or_else(String::new, |(schema, column)| expression(schema, column)).into()
    }),
    fact("column.has_using", FactType::Bool, ABOUT_COLUMNS, "Whether a type change says how to convert (`USING`).", |item| using(item).is_some().into()),
    fact("column.is_last", FactType::Bool, ABOUT_COLUMNS, "Whether it is the last column after the change.", |item| {
        item.column()
            .zip(item.step)
            .is_some_and(|((object, number, _), step)| step.after.columns(object).last().is_some_and(|last| last.number == number))
            .into()
    }),
];

fn either<'a>(item: &Item<'a>) -> Option<(&'a Schema, &'a Column)> {
    item.column_before().or_else(|| item.column_after())
}

fn generation(column: &Column) -> &'static str {
    match &column.generation {
        ColumnGeneration::None => "none",
        ColumnGeneration::Default(_) => "default",
        ColumnGeneration::Generated(_, GeneratedKind::Stored) => "generated_stored",
        ColumnGeneration::Generated(_, GeneratedKind::Virtual) => "generated_virtual",
        ColumnGeneration::Identity(IdentityKind::Always, _) => "identity_always",
        ColumnGeneration::Identity(IdentityKind::ByDefault, _) => "identity_by_default",
    }
}

fn expression(schema: &Schema, column: &Column) -> String {
    match &column.generation {
        ColumnGeneration::Default(definition) | ColumnGeneration::Generated(definition, _) => definition.print(schema),
        ColumnGeneration::None | ColumnGeneration::Identity(..) => String::new(),
    }
}

/// The conversion of the type change that is asked about, when one is written.
fn using<'a>(item: &Item<'a>) -> Option<&'a Expr> {
    let (_, column) = item.column_before()?;
    let StatementKind::AlterTable(alter) = &item.step?.statement.kind else { return None };
    alter.actions.iter().find_map(|action| match &action.value {
        AlterTableAction::AlterColumn { column: own, action: AlterColumn::Type { using, .. } } if own.name == column.name => using.as_ref(),
        _ => None,
    })
}

fn word(item: &Item<'_>, choose: impl Fn(Fit, StorageEffect) -> &'static str) -> FactValue {
    let (Some((_, _, ColumnChange::Retyped { before, after })), Some(step)) = (item.column(), item.step) else { return "none".into() };
    let using = using(item);
    let fit = fit(step.after, &before.data_type, &after.data_type, using);
    let storage = storage_effect(step.after, &before.data_type, &after.data_type, using, step.session.time_zone.as_deref());
    choose(fit, storage).into()
}
