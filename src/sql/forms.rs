//! Which forms of statement a dialect has beyond PostgreSQL's.

use crate::dialect::{Dialect, Grammar};

/// What differs between dialects at the level of words.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a decision of its own about one form")]
pub(crate) struct Forms {
    /// Nothing but PostgreSQL's grammar.
    pub is_postgres: bool,
    /// `MODIFY` replaces the whole definition: what is not repeated is gone (MySQL).
    pub modify_replaces: bool,
    /// `int unsigned`.
    pub signed_types: bool,
    /// Words between the parentheses of `CREATE TABLE` that begin an index and no column.
    pub index_words: &'static [&'static str],
    /// A column needs no type (SQLite).
    pub untyped_columns: bool,
    /// `UNIQUE KEY` (MySQL).
    pub key_word_after_unique: bool,
    /// Words that make a column count by itself.
    pub identity_words: &'static [&'static str],
    /// Words behind a column that say how it is stored or described.
    pub column_options: &'static [ColumnOption],
    /// `CREATE OR REPLACE TABLE`, and other things that PostgreSQL's grammar has only for views and routines.
    pub replaces_tables: bool,
    /// Options behind a table's definition that say how rows are stored, each up to the next known word.
    pub table_options: &'static [&'static str],
    /// Actions of `ALTER TABLE` that say how rows are stored.
    pub physical_actions: &'static [&'static [&'static str]],
    /// `ADD a int, b int`: a list goes on without repeating `ADD`.
    pub add_lists: bool,
    /// `MODIFY c type`, `CHANGE a b type`.
    pub modify_columns: bool,
    /// `ALTER COLUMN c type` without the word `TYPE` (SQL Server).
    pub bare_alter_type: bool,
}

/// A column option: its words, how many tokens follow, and whether a parenthesis may.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ColumnOption {
    /// Upper case.
    pub words: &'static [&'static str],
    /// So many tokens belong to it.
    pub tokens: usize,
    /// `( … )` may follow.
    pub parentheses: bool,
}

const fn option(words: &'static [&'static str], tokens: usize, parentheses: bool) -> ColumnOption {
    ColumnOption { words, tokens, parentheses }
}

/// `COMMENT 'text'`.
const COMMENT: ColumnOption = option(&["COMMENT"], 1, false);

static MYSQL_COLUMN: &[ColumnOption] = &[
    COMMENT,
    option(&["CHARACTER", "SET"], 1, false),
    option(&["CHARSET"], 1, false),
    option(&["BINARY"], 0, false),
    option(&["INVISIBLE"], 0, false),
    option(&["VISIBLE"], 0, false),
    option(&["COLUMN_FORMAT"], 1, false),
    option(&["ON", "UPDATE", "CURRENT_TIMESTAMP"], 0, true),
];
static REDSHIFT_COLUMN: &[ColumnOption] = &[option(&["ENCODE"], 1, false), option(&["DISTKEY"], 0, false), option(&["SORTKEY"], 0, false)];
static SNOWFLAKE_COLUMN: &[ColumnOption] = &[
    COMMENT,
    option(&["WITH", "MASKING", "POLICY"], 1, false),
    option(&["MASKING", "POLICY"], 1, false),
    option(&["WITH", "TAG"], 0, true),
    option(&["TAG"], 0, true),
    option(&["ORDER"], 0, false),
    option(&["NOORDER"], 0, false),
];
static CLICKHOUSE_COLUMN: &[ColumnOption] = &[COMMENT, option(&["CODEC"], 0, true)];
static COMMENT_ONLY: &[ColumnOption] = &[COMMENT];

impl Forms {
    /// PostgreSQL's: nothing beyond.
    const NONE: Self = Self {
        is_postgres: false,
        modify_replaces: false,
        signed_types: false,
        index_words: &[],
        untyped_columns: false,
        key_word_after_unique: false,
        identity_words: &[],
        column_options: &[],
        replaces_tables: false,
        table_options: &[],
        physical_actions: &[],
        add_lists: false,
        modify_columns: false,
        bare_alter_type: false,
    };

    /// The forms of a dialect.
    pub fn of(dialect: &Dialect) -> &'static Self {
        match dialect.grammar {
            Grammar::Postgres => &POSTGRES,
            Grammar::DuckDb => &DUCKDB,
            Grammar::Sqlite => &SQLITE,
            Grammar::Redshift => &REDSHIFT,
            Grammar::Snowflake => &SNOWFLAKE,
            Grammar::BigQuery => &BIGQUERY,
            Grammar::Databricks => &DATABRICKS,
            Grammar::MySql => &MYSQL,
            Grammar::SqlServer => &SQL_SERVER,
            Grammar::ClickHouse => &CLICKHOUSE,
            Grammar::Generic => &GENERIC,
        }
    }
}

static POSTGRES: Forms = Forms { is_postgres: true, ..Forms::NONE };

static DUCKDB: Forms = Forms { replaces_tables: true, ..Forms::NONE };

static SQLITE: Forms = Forms { untyped_columns: true, identity_words: &["AUTOINCREMENT"], table_options: &["WITHOUT ROWID", "STRICT"], ..Forms::NONE };

static REDSHIFT: Forms = Forms {
    identity_words: &["IDENTITY"],
    column_options: REDSHIFT_COLUMN,
    table_options: &["DISTSTYLE", "DISTKEY", "COMPOUND SORTKEY", "INTERLEAVED SORTKEY", "SORTKEY", "BACKUP", "ENCODE AUTO"],
    physical_actions: &[&["ALTER", "DISTKEY"], &["ALTER", "DISTSTYLE"], &["ALTER", "SORTKEY"], &["ALTER", "COMPOUND", "SORTKEY"], &["ALTER", "ENCODE"]],
    ..Forms::NONE
};

static SNOWFLAKE: Forms = Forms {
    identity_words: &["AUTOINCREMENT", "IDENTITY"],
    column_options: SNOWFLAKE_COLUMN,
    replaces_tables: true,
    table_options: &[
        "CLUSTER BY",
        "DATA_RETENTION_TIME_IN_DAYS",
        "CHANGE_TRACKING",
        "COPY GRANTS",
        "COMMENT",
        "DEFAULT_DDL_COLLATION",
        "MAX_DATA_EXTENSION_TIME_IN_DAYS",
    ],
    physical_actions: &[
        &["CLUSTER", "BY"],
        &["DROP", "CLUSTERING", "KEY"],
        &["SUSPEND", "RECLUSTER"],
        &["RESUME", "RECLUSTER"],
        &["ADD", "SEARCH", "OPTIMIZATION"],
        &["DROP", "SEARCH", "OPTIMIZATION"],
        &["SET", "COMMENT"],
        &["UNSET", "COMMENT"],
        &["SET", "DATA_RETENTION_TIME_IN_DAYS"],
        &["UNSET", "DATA_RETENTION_TIME_IN_DAYS"],
        &["SET", "CHANGE_TRACKING"],
        &["SET", "TAG"],
        &["UNSET", "TAG"],
    ],
    add_lists: true,
    modify_columns: true,
    ..Forms::NONE
};

static BIGQUERY: Forms = Forms {
    replaces_tables: true,
    table_options: &["PARTITION BY", "CLUSTER BY", "OPTIONS", "DEFAULT COLLATE"],
    physical_actions: &[&["SET", "OPTIONS"]],
    ..Forms::NONE
};

static DATABRICKS: Forms = Forms {
    column_options: COMMENT_ONLY,
    replaces_tables: true,
    table_options: &["USING", "PARTITIONED BY", "CLUSTER BY", "LOCATION", "COMMENT", "TBLPROPERTIES", "OPTIONS"],
    physical_actions: &[&["SET", "TBLPROPERTIES"], &["UNSET", "TBLPROPERTIES"], &["CLUSTER", "BY"], &["SET", "LOCATION"]],
    add_lists: true,
    ..Forms::NONE
};

static MYSQL: Forms = Forms {
    signed_types: true,
    key_word_after_unique: true,
    index_words: &["KEY", "INDEX", "FULLTEXT", "SPATIAL"],
    identity_words: &["AUTO_INCREMENT"],
    column_options: MYSQL_COLUMN,
    table_options: &[
        "ENGINE",
        "DEFAULT CHARSET",
        "DEFAULT CHARACTER SET",
        "CHARACTER SET",
        "CHARSET",
        "DEFAULT COLLATE",
        "COLLATE",
        "AUTO_INCREMENT",
        "ROW_FORMAT",
        "COMMENT",
        "KEY_BLOCK_SIZE",
    ],
    physical_actions: &[
        &["ENGINE"],
        &["ALGORITHM"],
        &["LOCK"],
        &["ROW_FORMAT"],
        &["COMMENT"],
        &["AUTO_INCREMENT"],
        &["DEFAULT", "CHARACTER", "SET"],
        &["DEFAULT", "CHARSET"],
        &["FORCE"],
    ],
    modify_columns: true,
    modify_replaces: true,
    ..Forms::NONE
};

static SQL_SERVER: Forms = Forms { index_words: &["INDEX", "PERIOD"], identity_words: &["IDENTITY"], add_lists: true, bare_alter_type: true, ..Forms::NONE };

static CLICKHOUSE: Forms = Forms {
    index_words: &["INDEX", "PROJECTION"],
    column_options: CLICKHOUSE_COLUMN,
    table_options: &["ENGINE", "ORDER BY", "PARTITION BY", "PRIMARY KEY", "SAMPLE BY", "TTL", "SETTINGS", "COMMENT"],
    modify_columns: true,
    ..Forms::NONE
};

static GENERIC: Forms = Forms { signed_types: true, replaces_tables: true, column_options: COMMENT_ONLY, ..Forms::NONE };
