//! Rows written a few thousand at a time, so that no row is locked for long; and NOT NULL without a long lock.

use crate::rollback::damage::primary_key;
use crate::rollback::plan::{Check, PlanStep};
use crate::schema::{ObjectId, Schema, ddl};

/// Rows of a batch.
const BATCH: u32 = 5_000;

/// `UPDATE table SET assignment WHERE condition`, batch by batch along the primary key, each committed by itself (allowed in `DO` outside a transaction,
/// PostgreSQL 11). Without a key of one column, in one go.
pub(super) fn update_in_batches(schema: &Schema, table: ObjectId, assignment: &str, condition: &str) -> (PlanStep, Option<String>) {
    let name = ddl::quoted_name(schema, table);
    let key = primary_key(schema, table).filter(|columns| columns.len() == 1);
    let Some(key) = key.and_then(|columns| schema.column(table, *columns.first()?)) else {
        let note = format!("{name} has no primary key of one column: its rows are brought along in one statement, which locks them until it ends");
        return (PlanStep::new(format!("UPDATE {name} SET {assignment} WHERE {condition}"), "all rows at once"), Some(note));
    };
    let column = schema.dialect.quote(&key.name);
    let sql = format!(
        "DO $fieldgate$\nDECLARE\n  low {name}.{column}%TYPE;\n  high {name}.{column}%TYPE;\nBEGIN\n  SELECT min({column}) INTO low FROM {name};\n  WHILE low IS NOT NULL LOOP\n    \
         SELECT max(own.{column}) INTO high FROM (SELECT {column} FROM {name} WHERE {column} >= low ORDER BY {column} LIMIT {BATCH}) AS own;\n    \
         UPDATE {name} SET {assignment} WHERE {column} >= low AND {column} <= high AND ({condition});\n    COMMIT;\n    \
         SELECT {column} INTO low FROM {name} WHERE {column} > high ORDER BY {column} LIMIT 1;\n    IF NOT FOUND THEN low := NULL; END IF;\n    \
         PERFORM pg_catalog.pg_sleep(0.01);\n  END LOOP;\nEND\n$fieldgate$"
    );
    (PlanStep::new(sql, "batch by batch; can be stopped and started again"), None)
}

/// The steps of NOT NULL: a check that new rows keep to, then the old rows, then the column itself, which takes the check's word for it
/// (PostgreSQL 12, ALTER TABLE).
pub(super) struct NotNull {
    /// Milliseconds.
    pub(super) expand: PlanStep,
    /// Reads all rows while everybody goes on.
    pub(super) validate: PlanStep,
    /// Milliseconds.
    pub(super) contract: Vec<PlanStep>,
    /// Takes the check away again.
    pub(super) undo: PlanStep,
    /// No row has NULL.
    pub(super) check: Check,
}

/// For a column under the name that it has when these are run.
pub(super) fn not_null(schema: &Schema, table: ObjectId, column: &str) -> NotNull {
    let name = ddl::quoted_name(schema, table);
    let plain: String = column.chars().filter(|letter| letter.is_alphanumeric() || *letter == '_').take(40).collect();
    let own = schema.dialect.quote(&crate::name::Name::stored(format!("fieldgate_{plain}_not_null")));
    NotNull {
        expand: PlanStep::new(
            format!("ALTER TABLE {name} ADD CONSTRAINT {own} CHECK ({column} IS NOT NULL) NOT VALID"),
            "new rows keep to it; old rows are not looked at",
        ),
        validate: PlanStep::new(format!("ALTER TABLE {name} VALIDATE CONSTRAINT {own}"), "old rows are looked at, while reads and writes go on"),
        contract: vec![
            PlanStep::new(format!("ALTER TABLE {name} ALTER COLUMN {column} SET NOT NULL"), "without a scan, since the check says so already"),
            PlanStep::new(format!("ALTER TABLE {name} DROP CONSTRAINT {own}"), "no longer needed"),
        ],
        undo: PlanStep::new(format!("ALTER TABLE {name} DROP CONSTRAINT {own}"), "take the check away again"),
        check: Check {
            sql: format!("SELECT count(*) FROM {name} WHERE {column} IS NULL"),
            expected: String::from("0"),
            purpose: format!("no row has NULL in {column}"),
        },
    }
}
