//! The common definitions of other dialects, as far as they are read; and the traps in which a word is no column.

use crate::dialect::{Dialect, Grammar};
use crate::sql::read_script;
use crate::sql::tree::{AlterColumn, AlterTableAction, StatementKind};
use crate::text::Sources;

/// A dialect with that grammar; every other decision is beside the point here.
fn like(grammar: Grammar) -> &'static Dialect {
    let reserved =
        |word: &str| matches!(word, "select" | "from" | "where" | "as" | "on" | "constraint" | "primary" | "references" | "not" | "null" | "default" | "table");
    Box::leak(Box::new(Dialect { grammar, is_no_column_name: reserved, is_no_type_name: reserved, ..*crate::dialect::DEFAULT }))
}

fn kinds(grammar: Grammar, text: &str) -> Vec<StatementKind> {
    let mut sources = Sources::default();
    let id = sources.add("t", text);
    read_script(&sources, id, like(grammar)).statements.into_iter().map(|statement| statement.kind).collect()
}

fn refusal(grammar: Grammar, text: &str) -> Option<String> {
    match kinds(grammar, text).as_slice() {
        [StatementKind::Unread(unread)] => Some(unread.message.clone()),
        [_] => None,
        all => Some(format!("{} statements", all.len())),
    }
}

fn actions(grammar: Grammar, text: &str) -> Vec<AlterTableAction> {
    match kinds(grammar, text).into_iter().next() {
        Some(StatementKind::AlterTable(table)) => table.actions.into_iter().map(|action| action.value).collect(),
        other => panic!("{other:?}"),
    }
}

const READ: &[(Grammar, &str)] = &[
    (
        Grammar::MySql,
        "CREATE TABLE `t` (`id` int unsigned NOT NULL AUTO_INCREMENT, `a` varchar(255) CHARACTER SET utf8 DEFAULT NULL COMMENT 'x', PRIMARY KEY (`id`)) ENGINE=InnoDB DEFAULT CHARSET=utf8",
    ),
    (Grammar::MySql, "ALTER TABLE t ADD COLUMN a int FIRST, ADD b int AFTER a, DROP COLUMN c"),
    (Grammar::MySql, "ALTER TABLE t MODIFY a bigint NOT NULL, CHANGE b c varchar(20), ALGORITHM=INPLACE, LOCK=NONE"),
    (Grammar::MySql, "ALTER TABLE t ADD COLUMN (a int, b int)"),
    (Grammar::MySql, "ALTER TABLE t DROP FOREIGN KEY fk"),
    (Grammar::MySql, "DROP INDEX i ON t"),
    (Grammar::MySql, "CREATE TABLE t (a int, UNIQUE KEY k (a), CONSTRAINT c UNIQUE INDEX (a), FOREIGN KEY (a) REFERENCES u (b))"),
    (Grammar::MySql, "DROP TABLE IF EXISTS a, b"),
    (Grammar::Snowflake, "CREATE OR REPLACE TRANSIENT TABLE db.s.t (a NUMBER(38,0) AUTOINCREMENT, b VARIANT COMMENT 'x') CLUSTER BY (a) COMMENT = 'y'"),
    (Grammar::Snowflake, "ALTER TABLE t ADD COLUMN a INT, b INT"),
    (Grammar::Snowflake, "ALTER TABLE t DROP COLUMN a, b"),
    (Grammar::Snowflake, "ALTER TABLE t ALTER COLUMN a SET DATA TYPE VARCHAR(20)"),
    (Grammar::Snowflake, "ALTER TABLE t MODIFY COLUMN a SET NOT NULL"),
    (Grammar::Snowflake, "ALTER TABLE a SWAP WITH b"),
    (Grammar::Snowflake, "ALTER TABLE a RENAME TO s.b"),
    (Grammar::Snowflake, "ALTER TABLE t ADD SEARCH OPTIMIZATION"),
    (Grammar::Snowflake, "CREATE TABLE t CLONE s.u"),
    (Grammar::Snowflake, "CREATE OR REPLACE SECURE VIEW v COPY GRANTS AS SELECT a FROM t"),
    (Grammar::Snowflake, "DROP STREAM s.x"),
    (
        Grammar::BigQuery,
        "CREATE TABLE d.t (a INT64 NOT NULL, b ARRAY<STRUCT<x INT64, y STRING>>) PARTITION BY DATE(c) CLUSTER BY a OPTIONS (description = 'x')",
    ),
    (Grammar::BigQuery, "ALTER TABLE d.t ADD COLUMN IF NOT EXISTS a STRING, DROP COLUMN IF EXISTS b"),
    (Grammar::BigQuery, "ALTER TABLE d.t ALTER COLUMN a SET DATA TYPE NUMERIC"),
    (Grammar::BigQuery, "ALTER TABLE d.t SET OPTIONS (description = 'x')"),
    (Grammar::Redshift, "CREATE TABLE t (a int IDENTITY(1,1) ENCODE az64 DISTKEY, b varchar(20) SORTKEY) DISTSTYLE KEY"),
    (Grammar::Redshift, "CREATE TABLE t (a int) DISTKEY (a) COMPOUND SORTKEY (a)"),
    (Grammar::Redshift, "ALTER TABLE t ALTER DISTSTYLE EVEN"),
    (Grammar::Redshift, "ALTER TABLE t ADD COLUMN a int DEFAULT 1 ENCODE raw"),
    (Grammar::Redshift, "CREATE VIEW v AS SELECT 1 WITH NO SCHEMA BINDING"),
    (Grammar::Databricks, "CREATE TABLE c.s.t (a INT COMMENT 'x', b MAP<STRING, INT>) USING DELTA PARTITIONED BY (a) TBLPROPERTIES ('x' = 'y')"),
    (Grammar::Databricks, "ALTER TABLE t ADD COLUMNS (a INT, b STRING)"),
    (Grammar::Databricks, "ALTER TABLE t DROP COLUMNS (a, b)"),
    (Grammar::Databricks, "ALTER TABLE t SET TBLPROPERTIES ('x' = 'y')"),
    (Grammar::Databricks, "ALTER TABLE t ALTER COLUMN a COMMENT 'x'"),
    (Grammar::SqlServer, "CREATE TABLE [dbo].[t] ([id] int IDENTITY(1,1) NOT NULL, [a] nvarchar(20) NULL)"),
    (Grammar::SqlServer, "ALTER TABLE t ALTER COLUMN a nvarchar(20) NOT NULL"),
    (Grammar::SqlServer, "ALTER TABLE t ADD a int NULL, b int NOT NULL"),
    (Grammar::SqlServer, "ALTER TABLE t ADD CONSTRAINT df DEFAULT 1 FOR a"),
    (Grammar::SqlServer, "ALTER TABLE t DROP COLUMN a, b"),
    (Grammar::Sqlite, "CREATE TABLE t (a, b INTEGER PRIMARY KEY AUTOINCREMENT, c TEXT NOT NULL) WITHOUT ROWID"),
    (Grammar::Sqlite, "ALTER TABLE t RENAME COLUMN a TO b"),
    (Grammar::DuckDb, "CREATE OR REPLACE TABLE t (a INTEGER, b VARCHAR[])"),
    (Grammar::DuckDb, "ALTER TABLE t ALTER a SET DATA TYPE VARCHAR"),
    (Grammar::ClickHouse, "CREATE TABLE d.t (a UInt64 CODEC(ZSTD(1)), b Nullable(String) DEFAULT 'x') ENGINE = MergeTree ORDER BY a"),
    (Grammar::ClickHouse, "ALTER TABLE t ADD COLUMN a String AFTER b"),
    (Grammar::Generic, "CREATE OR REPLACE TABLE t (a int COMMENT 'x')"),
];

#[test]
fn the_common_definitions_are_read() {
    let faults: Vec<String> =
        READ.iter().filter_map(|(grammar, text)| refusal(*grammar, text).map(|message| format!("{grammar:?} {text}\n    {message}"))).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn words_that_are_no_columns_are_not_taken_for_columns() {
    for (grammar, text) in [
        (Grammar::MySql, "ALTER TABLE t ADD INDEX i (a)"),
        (Grammar::MySql, "ALTER TABLE t ADD FULLTEXT INDEX i (a)"),
        (Grammar::MySql, "ALTER TABLE t DROP INDEX i"),
        (Grammar::MySql, "ALTER TABLE t DROP PRIMARY KEY"),
        (Grammar::ClickHouse, "ALTER TABLE t MODIFY ORDER BY (a, b)"),
        (Grammar::ClickHouse, "ALTER TABLE t ADD INDEX i a TYPE minmax"),
        (Grammar::ClickHouse, "ALTER TABLE t ADD PROJECTION p (SELECT a)"),
        (Grammar::Snowflake, "ALTER TABLE t ADD ROW ACCESS POLICY p ON (a)"),
        (Grammar::SqlServer, "ALTER TABLE t DROP df"),
    ] {
        assert!(refusal(grammar, text).is_some(), "{grammar:?} {text}");
    }
    for (grammar, text) in [
        (Grammar::ClickHouse, "CREATE TABLE t (a Int8, PROJECTION p (SELECT a)) ENGINE = MergeTree ORDER BY a"),
        (Grammar::MySql, "CREATE TABLE t (a int, KEY k (a(10)))"),
        (Grammar::MySql, "CREATE TABLE t (INDEX (a), a int)"),
    ] {
        let Some(StatementKind::CreateTable(table)) = kinds(grammar, text).into_iter().next() else { panic!("{text}") };
        assert_eq!(table.elements.len(), 1, "{text}");
    }
}

#[test]
fn a_mysql_change_replaces_the_whole_definition() {
    let found = actions(Grammar::MySql, "ALTER TABLE t CHANGE a b int NOT NULL DEFAULT 1 AFTER c");
    assert!(matches!(&found[0], AlterTableAction::RenameColumn { from, to } if from.to_string() == "a" && to.to_string() == "b"));
    let of = |index: usize| match &found[index] {
        AlterTableAction::AlterColumn { column, action } if column.to_string() == "b" => action,
        other => panic!("{other:?}"),
    };
    assert!(matches!(of(1), AlterColumn::Type { .. }) && matches!(of(2), AlterColumn::SetNotNull));
    assert!(matches!(of(3), AlterColumn::SetDefault(_)) && matches!(of(4), AlterColumn::Position(Some(_))));
    let found = actions(Grammar::MySql, "ALTER TABLE t MODIFY a int");
    assert!(matches!(&found[1], AlterTableAction::AlterColumn { action: AlterColumn::DropNotNull, .. }));
    assert!(matches!(&found[2], AlterTableAction::AlterColumn { action: AlterColumn::DropDefault, .. }));
}

#[test]
fn lists_go_on_without_the_verb_where_the_dialect_allows() {
    assert_eq!(actions(Grammar::Snowflake, "ALTER TABLE t ADD COLUMN a INT, b INT").len(), 2);
    assert_eq!(actions(Grammar::SqlServer, "ALTER TABLE t ADD a int, b int").len(), 2);
    assert_eq!(actions(Grammar::Snowflake, "ALTER TABLE t DROP COLUMN a, b").len(), 2);
    assert_eq!(actions(Grammar::Databricks, "ALTER TABLE t ADD COLUMNS (a INT, b INT)").len(), 2);
}
