//! What goes: first announced, then taken out of reach with a copy, and gone for good on a later day.

use super::way::{Phase, SafeWay, WayBuilder};
use crate::rollback::plan::{Check, PlanStep};
use crate::rollback::saving::{Keeping, keep_column};
use crate::schema::{Column, ColumnGeneration, ObjectId, Schema, ddl};

/// A column: writers may stop filling it; then its values are saved and it goes.
pub(super) fn column(before: &Schema, after: &Schema, table: ObjectId, was: &Column) -> SafeWay {
    let (name, own) = (ddl::quoted_name(before, table), before.dialect.quote(&was.name));
    let mut way = WayBuilder::new(
        format!("{name}.{own} goes"),
        &format!("{}_{}", before.get(table).map(|object| object.name.as_str()).unwrap_or_default(), was.name.as_str()),
    );
    let needs_value = was.not_null && matches!(was.generation, ColumnGeneration::None);
    let mut expand = vec![PlanStep::new(ddl::set_column_comment(before, table, &was.name, Some("deprecated: will be removed")), "whoever looks at it is told")];
    let mut undo = vec![PlanStep::new(ddl::set_column_comment(before, table, &was.name, was.comment.as_deref()), "its own comment again")];
    if needs_value {
        expand.push(PlanStep::new(ddl::drop_not_null(before, table, &was.name), "writers may leave it out from here on"));
        undo.push(PlanStep::new(ddl::set_not_null(before, table, &was.name), "refuse NULL again; give rows without a value one before"));
    }
    way.wrapped(Phase::Expand, expand);
    way.wrapped(Phase::UndoBeforeContract, undo.clone());
    let Keeping { save, restore, saved } = keep_column(before, after, table, was);
    let mut contract = vec![PlanStep::new(format!("LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE"), "writers wait while the values are saved, readers go on")];
    contract.extend(save);
    contract.push(PlanStep::new(ddl::drop_column(before, table, &was.name), "no CASCADE: something unknown that needs it must stop this"));
    way.wrapped(Phase::Contract, contract);
    way.verify(vec![Check {
        sql: format!(
            "SELECT count(*) FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refobjid = {}::regclass AND a.attname = {}",
            ddl::literal(&name),
            ddl::literal(was.name.as_str())
        ),
        expected: String::from("0"),
        purpose: String::from("no view reads it any more"),
    }]);
    let mut bare = was.clone();
    bare.not_null = false;
    bare.comment = None;
    let mut back = vec![PlanStep::new(ddl::add_column(before, table, &bare), "the column again, at the end of the table")];
    back.extend(restore);
    if was.comment.is_some() {
        back.push(PlanStep::new(ddl::set_column_comment(before, table, &was.name, was.comment.as_deref()), "its comment"));
    }
    if was.not_null {
        back.push(PlanStep::new(ddl::set_not_null(before, table, &was.name), "refuse NULL again; give rows without a value one before"));
    }
    way.wrapped(Phase::UndoAfterContract, back);
    way.wrapped(Phase::Remove, vec![PlanStep::new(format!("DROP TABLE {saved}"), "after this only a backup brings the values back")]);
    way.note("the column comes back behind the others: `SELECT *`, `COPY` without a column list and `INSERT` without one see another order");
    way.done()
}

/// A table: moved out of reach with its rows, indexes, grants and views, which keep working; dropped on a later day.
pub(super) fn table(before: &Schema, id: ObjectId) -> SafeWay {
    let name = ddl::quoted_name(before, id);
    let own = before.get(id).map(|object| before.dialect.quote(&object.name)).unwrap_or_default();
    let namespace =
        before.get(id).and_then(|object| object.namespace).and_then(|namespace| before.get(namespace)).map(|namespace| before.dialect.quote(&namespace.name));
    let mut way = WayBuilder::new(format!("{name} goes"), &name);
    let comment = before.get(id).and_then(|object| object.comment.clone());
    way.wrapped(Phase::Expand, vec![PlanStep::new(ddl::set_comment(before, id, Some("deprecated: will be removed")), "whoever looks at it is told")]);
    way.wrapped(Phase::UndoBeforeContract, vec![PlanStep::new(ddl::set_comment(before, id, comment.as_deref()), "its own comment again")]);
    way.verify(vec![Check {
        sql: format!(
            "SELECT count(*) FROM pg_catalog.pg_constraint WHERE contype = 'f' AND confrelid = {}::regclass AND conrelid <> confrelid",
            ddl::literal(&name)
        ),
        expected: String::from("0"),
        purpose: String::from("no other table refers to it; one that does keeps its foreign key to the moved table"),
    }]);
    way.wrapped(
        Phase::Contract,
        vec![
            PlanStep::new("CREATE SCHEMA IF NOT EXISTS retired", "a place that nobody looks at"),
            PlanStep::new(format!("ALTER TABLE {name} SET SCHEMA retired"), "out of reach, in milliseconds; rows, indexes and grants go along"),
        ],
    );
    let back = vec![
        PlanStep::new(format!("ALTER TABLE retired.{own} SET SCHEMA {}", namespace.unwrap_or_default()), "back where it was"),
        PlanStep::new(ddl::set_comment(before, id, comment.as_deref()), "its own comment again"),
    ];
    way.wrapped(Phase::UndoAfterContract, back);
    way.wrapped(Phase::Remove, vec![PlanStep::new(format!("DROP TABLE retired.{own}"), "after this only a backup brings it back")]);
    way.done()
}
