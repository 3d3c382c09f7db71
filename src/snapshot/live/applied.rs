//! Which migrations the runner's own table says are applied.

/// A migration tool's table: its name, a column that tells it from another tool's, and the query that lists what is applied.
/// `{table}` stands for `schema.name`.
pub(super) struct RunnerTable {
    pub(super) name: &'static str,
    pub(super) has_column: &'static str,
    pub(super) query: &'static str,
}

/// In the order in which they are looked for. Sources: the tools' own documentation of their history tables.
pub(super) const RUNNER_TABLES: &[RunnerTable] = &[
    RunnerTable {
        name: "flyway_schema_history",
        has_column: "installed_rank",
        query: "SELECT regexp_replace(regexp_replace(script, '^.*/', ''), '\\.[^.]*$', '') FROM {table} WHERE success AND type NOT IN ('SCHEMA', 'DELETE') ORDER BY installed_rank",
    },
    RunnerTable { name: "__diesel_schema_migrations", has_column: "run_on", query: "SELECT version::text FROM {table} ORDER BY version" },
    RunnerTable {
        name: "_sqlx_migrations",
        has_column: "checksum",
        query: "SELECT version::text || '_' || replace(description, ' ', '_') FROM {table} WHERE success ORDER BY version",
    },
    RunnerTable {
        name: "goose_db_version",
        has_column: "version_id",
        query: "SELECT version_id::text FROM (SELECT DISTINCT ON (version_id) version_id, is_applied FROM {table} ORDER BY version_id, id DESC) last WHERE is_applied AND version_id > 0 ORDER BY version_id",
    },
    RunnerTable {
        name: "_prisma_migrations",
        has_column: "migration_name",
        query: "SELECT migration_name FROM {table} WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name",
    },
    RunnerTable {
        name: "databasechangelog",
        has_column: "orderexecuted",
        query: "SELECT filename || '::' || id || '::' || author FROM {table} ORDER BY orderexecuted",
    },
    RunnerTable { name: "changes", has_column: "change_id", query: "SELECT change FROM {table} ORDER BY committed_at, change" },
    RunnerTable { name: "alembic_version", has_column: "version_num", query: "SELECT version_num FROM {table} ORDER BY version_num" },
    // golang-migrate keeps the one version it is at; dbmate and Rails keep all.
    RunnerTable { name: "schema_migrations", has_column: "version", query: "SELECT version::text FROM {table} ORDER BY version" },
];
