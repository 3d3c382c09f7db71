//! What is added to a table that is in use: NOT NULL, computed defaults, indexes, keys and conditions, without a long lock.

use super::batches::{not_null, update_in_batches};
use super::rename::firing;
use super::way::{NoSafeWay, Phase, SafeWay, WayBuilder};
use crate::rollback::plan::{Check, PlanStep};
use crate::schema::{Column, ConstraintKind, ObjectId, Schema, TableKind, ddl};

fn slug(schema: &Schema, table: ObjectId, what: &str) -> String {
    format!("{}_{what}", schema.get(table).map(|object| object.name.as_str()).unwrap_or_default())
}

/// NOT NULL on a column that is there.
pub(super) fn set_not_null(before: &Schema, table: ObjectId, column: &Column) -> SafeWay {
    let (name, own) = (ddl::quoted_name(before, table), before.dialect.quote(&column.name));
    let mut way = WayBuilder::new(format!("{name}.{own} refuses NULL"), &slug(before, table, &format!("{}_not_null", column.name.as_str())));
    let steps = not_null(before, table, &own);
    way.wrapped(Phase::Expand, vec![steps.expand]);
    way.one_by_one(Phase::Backfill, vec![steps.validate]);
    way.verify(vec![steps.check]);
    way.wrapped(Phase::Contract, steps.contract);
    way.wrapped(Phase::UndoBeforeContract, vec![steps.undo]);
    way.wrapped(Phase::UndoAfterContract, vec![PlanStep::new(ddl::drop_not_null(before, table, &column.name), "allow NULL again")]);
    way.note("rows with NULL must be given a value before the backfill, or it stops there: the query of the verify phase finds them");
    way.done()
}

/// A new column whose default each row computes for itself.
pub(super) fn computed_default(before: &Schema, after: &Schema, table: ObjectId, column: &Column) -> SafeWay {
    let (name, own) = (ddl::quoted_name(after, table), after.dialect.quote(&column.name));
    let mut way = WayBuilder::new(format!("{name}.{own} is new, and each row computes its value"), &slug(before, table, column.name.as_str()));
    let mut bare = column.clone();
    bare.generation = crate::schema::ColumnGeneration::None;
    bare.not_null = false;
    let mut expand = vec![PlanStep::new(ddl::add_column(after, table, &bare), "without a value, so that no row is written")];
    expand.extend(ddl::set_default(after, table, column).map(|sql| PlanStep::new(sql, "new rows get one from here on")));
    way.wrapped(Phase::Expand, expand);
    let (fill, note) = update_in_batches(after, table, &format!("{own} = DEFAULT"), &format!("{own} IS NULL"));
    note.into_iter().for_each(|note| way.note(note));
    let steps = not_null(after, table, &own);
    if column.not_null {
        way.one_by_one(Phase::Backfill, vec![fill, steps.expand, steps.validate]);
        way.wrapped(Phase::Contract, steps.contract);
    } else {
        way.one_by_one(Phase::Backfill, vec![fill]);
    }
    way.verify(vec![steps.check]);
    let undo = vec![PlanStep::new(ddl::drop_column(after, table, &column.name), "the new column goes")];
    way.wrapped(Phase::UndoBeforeContract, undo.clone());
    way.wrapped(Phase::UndoAfterContract, undo);
    firing(before, table, &mut way);
    way.done()
}

/// A new index.
pub(super) fn index(after: &Schema, id: ObjectId) -> Option<Result<SafeWay, NoSafeWay>> {
    let (object, index) = (after.get(id)?, after.index(id)?);
    let (name, subject) = (ddl::quoted_name(after, id), format!("the index {} is new", object.name));
    if after.table(index.table).is_some_and(|table| table.kind == TableKind::Partitioned) {
        let reason = String::from(
            "an index of a partitioned table cannot be built concurrently: build one on each partition, then make the parent's `ON ONLY` and attach them",
        );
        return Some(Err(NoSafeWay { subject, reason }));
    }
    let sql = ddl::index_definition(after, id)?.replacen("INDEX ", "INDEX CONCURRENTLY ", 1);
    let mut way = WayBuilder::new(subject, object.name.as_str());
    way.one_by_one(Phase::Backfill, vec![PlanStep::new(sql, "reads and writes go on while it is built")]);
    way.verify(vec![is_valid(&name)]);
    let undo = vec![PlanStep::new(format!("DROP INDEX CONCURRENTLY {name}"), "also what to do with one that is not valid")];
    way.one_by_one(Phase::UndoBeforeContract, undo);
    Some(Ok(way.done()))
}

fn is_valid(index: &str) -> Check {
    Check {
        sql: format!("SELECT indisvalid FROM pg_catalog.pg_index WHERE indexrelid = {}::regclass", ddl::literal(index)),
        expected: String::from("t"),
        purpose: String::from("the index is whole; one that is not is dropped and built again"),
    }
}

/// A new constraint of a table that is there.
pub(super) fn constraint(before: &Schema, after: &Schema, id: ObjectId) -> Option<Result<SafeWay, NoSafeWay>> {
    let (object, constraint) = (after.get(id)?, after.constraint(id)?);
    let table = ddl::quoted_name(after, constraint.owner);
    let own = after.dialect.quote(&object.name);
    let subject = format!("the constraint {own} of {table} is new");
    let undo = vec![PlanStep::new(ddl::drop_constraint(after, id)?, "the constraint goes")];
    let mut way = WayBuilder::new(subject.clone(), &slug(after, constraint.owner, object.name.as_str()));
    match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, index } | ConstraintKind::Unique { columns, index } => {
            if after.table(constraint.owner).is_some_and(|table| table.kind == TableKind::Partitioned) {
                return Some(Err(NoSafeWay { subject, reason: String::from("a key of a partitioned table cannot be built concurrently") }));
            }
            let is_primary = matches!(constraint.kind, ConstraintKind::PrimaryKey { .. });
            let nullable = |number: &&crate::schema::ColumnNumber| before.column(constraint.owner, **number).is_some_and(|column| !column.not_null);
            if is_primary && columns.iter().any(|number| nullable(&number)) {
                let reason =
                    String::from("a column of the key allows NULL: make it refuse NULL the safe way first (a check that is not valid, validate, SET NOT NULL)");
                return Some(Err(NoSafeWay { subject, reason }));
            }
            let built = ddl::index_definition(after, *index)?.replacen("INDEX ", "INDEX CONCURRENTLY ", 1);
            let namespace =
                after.get(constraint.owner)?.namespace.and_then(|id| after.get(id)).map(|object| after.dialect.quote(&object.name)).unwrap_or_default();
            way.one_by_one(Phase::Backfill, vec![PlanStep::new(built, "reads and writes go on while it is built")]);
            way.verify(vec![is_valid(&format!("{namespace}.{own}"))]);
            let kind = if is_primary { "PRIMARY KEY" } else { "UNIQUE" };
            way.wrapped(
                Phase::Contract,
                vec![PlanStep::new(format!("ALTER TABLE {table} ADD CONSTRAINT {own} {kind} USING INDEX {own}"), "milliseconds, with the index that is there")],
            );
            way.one_by_one(
                Phase::UndoBeforeContract,
                vec![PlanStep::new(format!("DROP INDEX CONCURRENTLY {namespace}.{own}"), "also what to do with one that is not valid")],
            );
            way.wrapped(Phase::UndoAfterContract, undo);
        }
        ConstraintKind::ForeignKey(_) | ConstraintKind::Check { .. } if constraint.validated => {
            let added = ddl::add_constraint(after, id)?;
            way.wrapped(Phase::Expand, vec![PlanStep::new(format!("{added} NOT VALID"), "new rows keep to it; old rows are not looked at")]);
            way.one_by_one(
                Phase::Backfill,
                vec![PlanStep::new(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {own}"), "old rows are looked at, while reads and writes go on")],
            );
            way.verify(vec![Check {
                sql: format!(
                    "SELECT convalidated FROM pg_catalog.pg_constraint WHERE conrelid = {}::regclass AND conname = {}",
                    ddl::literal(&table),
                    ddl::literal(object.name.as_str())
                ),
                expected: String::from("t"),
                purpose: String::from("all rows keep to it"),
            }]);
            way.wrapped(Phase::UndoBeforeContract, undo);
        }
        ConstraintKind::ForeignKey(_) | ConstraintKind::Check { .. } => return None,
        ConstraintKind::Exclude { .. } => {
            return Some(Err(NoSafeWay { subject, reason: String::from("an exclusion constraint cannot be built concurrently: add it in a quiet hour") }));
        }
        ConstraintKind::NotNull { .. } | ConstraintKind::Trigger => return None,
    }
    Some(Ok(way.done()))
}
