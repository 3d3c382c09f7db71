//! What each kind of work locks, reads and writes: one row each, measured on PostgreSQL 12 to 18.
//!
//! `docs/locks.md` is printed from these rows, and `tests/locks.rs` runs each of them on a real server and compares. The relations that the
//! statements name are made by [`FIXTURE`].

use super::operation::{Operation, Partner};
use super::{LockMode, Scan, Work};

/// Where a row's facts come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockSource {
    /// The test runs the statement and looks.
    Measured,
    /// No transaction takes it: the test looks at the lock that it waits for; what it reads and writes a page of the manual says.
    MeasuredWaiting(&'static str),
    /// It needs more than the test's server has: a page of the manual says so.
    Manual(&'static str),
}

/// What happens to another table than the one that is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartnerLock {
    /// How it belongs to the statement.
    pub partner: Partner,
    /// Its name in the fixture.
    pub relation: &'static str,
    /// The strongest lock on it.
    pub lock: LockMode,
    /// What of it is read.
    pub scan: Scan,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct LockRow {
    /// The kind of work.
    pub operation: Operation,
    /// An example of it, on relations of the fixture.
    pub statement: &'static str,
    /// The relation of the fixture that is meant.
    pub relation: &'static str,
    /// What has to be so before, as SQL; empty for nothing.
    pub given: &'static str,
    /// The strongest lock on the relation; `None` for none.
    pub lock: Option<LockMode>,
    /// What of it is read.
    pub scan: Scan,
    /// What of it is written.
    pub work: Work,
    /// The other tables.
    pub partners: &'static [PartnerLock],
    /// The first major version that takes the example.
    pub since: u32,
    /// The major version before which other tables are locked less.
    pub weaker_before: u32,
    /// Where it comes from.
    pub source: LockSource,
}

/// The oldest major version that the rows were tried on.
pub const OLDEST: u32 = 12;

impl LockRow {
    const fn new(operation: Operation, statement: &'static str, lock: LockMode) -> Self {
        Self {
            operation,
            statement,
            relation: "t",
            given: "",
            lock: Some(lock),
            scan: Scan::None,
            work: Work::CatalogOnly,
            partners: &[],
            since: OLDEST,
            weaker_before: OLDEST,
            source: LockSource::Measured,
        }
    }

    const fn on(self, relation: &'static str) -> Self {
        Self { relation, ..self }
    }

    const fn given(self, given: &'static str) -> Self {
        Self { given, ..self }
    }

    const fn unlocked(self) -> Self {
        Self { lock: None, ..self }
    }

    const fn scans(self) -> Self {
        Self { scan: Scan::Full, ..self }
    }

    const fn builds_index(self) -> Self {
        Self { scan: Scan::Full, work: Work::BuildsIndex, ..self }
    }

    const fn rewrites(self) -> Self {
        Self { scan: Scan::Full, work: Work::Rewrites, ..self }
    }

    const fn replaces_storage(self) -> Self {
        Self { work: Work::Rewrites, ..self }
    }

    const fn with(self, partners: &'static [PartnerLock]) -> Self {
        Self { partners, ..self }
    }

    const fn since(self, since: u32) -> Self {
        Self { since, ..self }
    }

    const fn weaker_before(self, weaker_before: u32) -> Self {
        Self { weaker_before, ..self }
    }

    const fn waiting(self, page: &'static str) -> Self {
        Self { source: LockSource::MeasuredWaiting(page), ..self }
    }

    const fn manual(self, page: &'static str) -> Self {
        Self { source: LockSource::Manual(page), ..self }
    }
}

const fn partner(partner: Partner, relation: &'static str, lock: LockMode) -> PartnerLock {
    PartnerLock { partner, relation, lock, scan: Scan::None }
}

const fn read_partner(partner: Partner, relation: &'static str, lock: LockMode) -> PartnerLock {
    PartnerLock { partner, relation, lock, scan: Scan::Full }
}

/// The row of a kind of work.
pub fn row(operation: Operation) -> Option<&'static LockRow> {
    LOCK_TABLE.iter().find(|row| row.operation == operation)
}

/// The relations that the statements of the table name, each table with 1,000 rows.
pub const FIXTURE: &str = include_str!("lock_fixture.sql");

use LockMode::{
    AccessExclusive as AX, AccessShare as AS, Exclusive as X, RowExclusive as RX, RowShare as RS, Share as S, ShareRowExclusive as SRX,
    ShareUpdateExclusive as SUX,
};
use LockRow as Row;
use Operation as Op;

/// All rows, grouped as the documentation shows them.
pub const LOCK_TABLE: &[LockRow] = &[
    // Columns
    Row::new(Op::AddColumn, "ALTER TABLE t ADD COLUMN z integer", AX),
    Row::new(Op::AddColumnWithDefault, "ALTER TABLE t ADD COLUMN z timestamptz NOT NULL DEFAULT now()", AX),
    Row::new(Op::AddColumnVolatileDefault, "ALTER TABLE t ADD COLUMN z timestamptz DEFAULT clock_timestamp()", AX).rewrites(),
    Row::new(Op::AddColumnSerial, "ALTER TABLE t ADD COLUMN z serial", AX).rewrites(),
    Row::new(Op::AddColumnIdentity, "ALTER TABLE t ADD COLUMN z integer GENERATED ALWAYS AS IDENTITY", AX).rewrites(),
    Row::new(Op::AddColumnStored, "ALTER TABLE t ADD COLUMN z integer GENERATED ALWAYS AS (a) STORED", AX).rewrites(),
    Row::new(Op::AddColumnConstrainedDomain, "ALTER TABLE t ADD COLUMN z checked_domain", AX).rewrites(),
    Row::new(Op::AddColumnUnique, "ALTER TABLE t ADD COLUMN z integer UNIQUE", AX).builds_index(),
    Row::new(Op::AddColumnCheck, "ALTER TABLE t ADD COLUMN z integer CHECK (z > 0)", AX).scans(),
    Row::new(Op::AddColumnReferences, "ALTER TABLE t ADD COLUMN z integer REFERENCES parent", AX).with(&[partner(Partner::Referenced, "parent", SRX)]),
    Row::new(Op::AddColumnReferencesWithDefault, "ALTER TABLE t ADD COLUMN z integer DEFAULT 1 REFERENCES parent", AX).scans().with(&[read_partner(
        Partner::Referenced,
        "parent",
        SRX,
    )]),
    Row::new(Op::DropColumn, "ALTER TABLE t DROP COLUMN b", AX),
    Row::new(Op::DropColumnOfForeignKey, "ALTER TABLE t DROP COLUMN fk", AX).with(&[partner(Partner::Referenced, "parent", AX)]),
    Row::new(Op::RenameColumn, "ALTER TABLE t RENAME COLUMN b TO b2", AX),
    Row::new(Op::SetDefault, "ALTER TABLE t ALTER COLUMN b SET DEFAULT 'x'", AX),
    Row::new(Op::DropNotNull, "ALTER TABLE not_nulls ALTER COLUMN a DROP NOT NULL", AX).on("not_nulls"),
    Row::new(Op::SetNotNull, "ALTER TABLE t ALTER COLUMN b SET NOT NULL", AX).scans(),
    Row::new(Op::SetNotNullProven, "ALTER TABLE t ALTER COLUMN c SET NOT NULL", AX),
    Row::new(Op::DropExpression, "ALTER TABLE t ALTER COLUMN gen DROP EXPRESSION", AX).since(13),
    Row::new(Op::ChangeIdentity, "ALTER TABLE t ALTER COLUMN ident SET GENERATED ALWAYS", AX),
    Row::new(Op::SetStorage, "ALTER TABLE t ALTER COLUMN b SET STORAGE EXTERNAL", AX),
    Row::new(Op::SetCompression, "ALTER TABLE t ALTER COLUMN b SET COMPRESSION pglz", AX).since(14),
    Row::new(Op::SetStatistics, "ALTER TABLE t ALTER COLUMN b SET STATISTICS 10", SUX),
    Row::new(Op::SetColumnParameters, "ALTER TABLE t ALTER COLUMN b SET (n_distinct = 5)", SUX),
    // Types
    Row::new(Op::ChangeTypeInPlace, "ALTER TABLE t ALTER COLUMN v TYPE varchar(100)", AX),
    Row::new(Op::ChangeTypeRechecks, "ALTER TABLE checked ALTER COLUMN v TYPE varchar(100)", AX).on("checked").scans(),
    Row::new(Op::ChangeTypeRebuildsIndexes, "ALTER TABLE times ALTER COLUMN at TYPE timestamptz", AX).on("times").given("SET TimeZone = 'UTC'").builds_index(),
    Row::new(Op::ChangeTypeRewrites, "ALTER TABLE t ALTER COLUMN u TYPE bigint", AX).rewrites(),
    Row::new(Op::ChangeTypeOfForeignKey, "ALTER TABLE t ALTER COLUMN fk TYPE bigint", AX).rewrites().with(&[read_partner(Partner::Referenced, "parent", AX)]),
    // Constraints
    Row::new(Op::AddCheck, "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0)", AX).scans(),
    Row::new(Op::AddCheckNotValid, "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID", AX),
    Row::new(Op::AddForeignKey, "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES parent", SRX).scans().with(&[read_partner(
        Partner::Referenced,
        "parent",
        SRX,
    )]),
    Row::new(Op::AddForeignKeyNotValid, "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES parent NOT VALID", SRX).with(&[partner(
        Partner::Referenced,
        "parent",
        SRX,
    )]),
    Row::new(Op::AddUnique, "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a)", AX).builds_index(),
    Row::new(Op::AddPrimaryKey, "ALTER TABLE keyless ADD PRIMARY KEY (id)", AX).on("keyless").builds_index(),
    Row::new(Op::AddExclusion, "ALTER TABLE t ADD CONSTRAINT k EXCLUDE USING btree (a WITH =)", AX).builds_index(),
    Row::new(Op::AddConstraintUsingIndex, "ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX t_u_idx", AX),
    Row::new(Op::AddPrimaryKeyUsingNullableIndex, "ALTER TABLE keyless ADD PRIMARY KEY USING INDEX keyless_id_idx", AX)
        .on("keyless")
        .given("CREATE UNIQUE INDEX keyless_id_idx ON keyless (id)")
        .scans(),
    Row::new(Op::ValidateCheck, "ALTER TABLE t VALIDATE CONSTRAINT ck_not_valid", SUX).scans(),
    Row::new(Op::ValidateForeignKey, "ALTER TABLE t VALIDATE CONSTRAINT fk_not_valid", SUX).scans().with(&[read_partner(Partner::Referenced, "parent", RS)]),
    Row::new(Op::ValidateNothing, "ALTER TABLE t VALIDATE CONSTRAINT ck", SUX),
    Row::new(Op::DropConstraint, "ALTER TABLE t DROP CONSTRAINT ck", AX),
    Row::new(Op::DropForeignKey, "ALTER TABLE t DROP CONSTRAINT t_fk_fkey", AX).with(&[partner(Partner::Referenced, "parent", AX)]),
    Row::new(Op::AlterConstraint, "ALTER TABLE t ALTER CONSTRAINT t_fk_fkey DEFERRABLE", AX),
    Row::new(Op::RenameConstraint, "ALTER TABLE t RENAME CONSTRAINT ck TO ck2", AX),
    // Tables
    Row::new(Op::RenameTable, "ALTER TABLE t RENAME TO t2", AX),
    Row::new(Op::SetSchema, "ALTER TABLE t SET SCHEMA public", AX),
    Row::new(Op::ChangeOwner, "ALTER TABLE t OWNER TO CURRENT_USER", AX),
    Row::new(Op::SetParameters, "ALTER TABLE t SET (fillfactor = 70)", SUX),
    Row::new(Op::SetLogged, "ALTER TABLE keyless SET UNLOGGED", AX).on("keyless").rewrites(),
    Row::new(Op::SetAccessMethod, "ALTER TABLE keyless SET ACCESS METHOD other_heap", AX)
        .on("keyless")
        .given("DROP ACCESS METHOD IF EXISTS other_heap; CREATE ACCESS METHOD other_heap TYPE TABLE HANDLER heap_tableam_handler")
        .rewrites()
        .since(15),
    Row::new(Op::SetTablespace, "ALTER TABLE t SET TABLESPACE other_space", AX).manual("sql-altertable").rewrites(),
    Row::new(Op::ClusterOn, "ALTER TABLE t CLUSTER ON t_pkey", SUX),
    Row::new(Op::RowSecurity, "ALTER TABLE t ENABLE ROW LEVEL SECURITY", AX),
    Row::new(Op::ReplicaIdentity, "ALTER TABLE t REPLICA IDENTITY FULL", AX),
    Row::new(Op::DropTable, "DROP TABLE child", AX).on("child").with(&[partner(Partner::Referenced, "parent", AX)]),
    Row::new(Op::DropPartition, "DROP TABLE parts_1", AX).on("parts_1").with(&[partner(Partner::Parent, "parts", AX)]),
    Row::new(Op::Truncate, "TRUNCATE t", AX).replaces_storage(),
    Row::new(Op::LockTable, "LOCK TABLE t", AX),
    Row::new(Op::CreateTableReferences, "CREATE TABLE z (x integer REFERENCES parent)", AS).unlocked().with(&[partner(Partner::Referenced, "parent", SRX)]),
    Row::new(Op::CreateTableInherits, "CREATE TABLE z () INHERITS (ancestor)", SUX).on("ancestor"),
    Row::new(Op::CommentOn, "COMMENT ON COLUMN t.a IS 'x'", SUX),
    Row::new(Op::Grant, "GRANT SELECT ON t TO PUBLIC", AS).unlocked(),
    // Partitions and inheritance
    Row::new(Op::CreatePartition, "CREATE TABLE z PARTITION OF parts FOR VALUES FROM (9000) TO (9999)", AX).on("parts"),
    Row::new(Op::CreatePartitionBesideDefault, "CREATE TABLE z PARTITION OF spread FOR VALUES FROM (9000) TO (9999)", AX).on("spread").with(&[read_partner(
        Partner::DefaultPartition,
        "spread_rest",
        AX,
    )]),
    Row::new(Op::AttachPartition, "ALTER TABLE parts ATTACH PARTITION loose FOR VALUES FROM (2000) TO (4000)", SUX).on("parts").with(&[read_partner(
        Partner::Partition,
        "loose",
        AX,
    )]),
    Row::new(Op::AttachPartitionProven, "ALTER TABLE parts ATTACH PARTITION proven FOR VALUES FROM (5000) TO (6000)", SUX).on("parts").with(&[partner(
        Partner::Partition,
        "proven",
        AX,
    )]),
    Row::new(Op::AttachPartitionBesideDefault, "ALTER TABLE spread ATTACH PARTITION loose FOR VALUES FROM (2000) TO (4000)", SUX)
        .on("spread")
        .with(&[read_partner(Partner::Partition, "loose", AX), read_partner(Partner::DefaultPartition, "spread_rest", AX)]),
    Row::new(Op::DetachPartition, "ALTER TABLE parts DETACH PARTITION parts_1", AX)
        .on("parts")
        .with(&[partner(Partner::Partition, "parts_1", AX)])
        .weaker_before(14),
    Row::new(Op::DetachPartitionConcurrently, "ALTER TABLE parts DETACH PARTITION parts_1 CONCURRENTLY", SUX)
        .on("parts")
        .with(&[partner(Partner::Partition, "parts_1", AX)])
        .since(14)
        .waiting("sql-altertable"),
    Row::new(Op::Inherit, "ALTER TABLE keyless INHERIT ancestor", AX).on("keyless").with(&[partner(Partner::Parent, "ancestor", SUX)]),
    Row::new(Op::NoInherit, "ALTER TABLE descendant NO INHERIT ancestor", AX).on("descendant").with(&[partner(Partner::Parent, "ancestor", AS)]),
    // Indexes
    Row::new(Op::CreateIndex, "CREATE INDEX ON t (a)", S).builds_index(),
    Row::new(Op::CreateIndexOnly, "CREATE INDEX ON ONLY parts (id)", S).on("parts"),
    Row::new(Op::CreateIndexConcurrently, "CREATE INDEX CONCURRENTLY ON t (a)", SUX).builds_index().waiting("sql-createindex"),
    Row::new(Op::DropIndex, "DROP INDEX t_b_idx", AX),
    Row::new(Op::DropIndexConcurrently, "DROP INDEX CONCURRENTLY t_b_idx", SUX).waiting("sql-dropindex"),
    Row::new(Op::AlterIndex, "ALTER INDEX t_b_idx RENAME TO z", SUX).on("t_b_idx"),
    Row::new(Op::Reindex, "REINDEX TABLE t", S).builds_index(),
    Row::new(Op::ReindexConcurrently, "REINDEX TABLE CONCURRENTLY t", SUX).builds_index().waiting("sql-reindex"),
    Row::new(Op::CreateStatistics, "CREATE STATISTICS z ON a, fk2 FROM t", SUX),
    // Triggers, rules, policies
    Row::new(Op::CreateTrigger, "CREATE TRIGGER z BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION act()", SRX),
    Row::new(Op::SwitchTrigger, "ALTER TABLE t DISABLE TRIGGER acts", SRX),
    Row::new(Op::DropTrigger, "DROP TRIGGER acts ON t", AX),
    Row::new(Op::RenameTrigger, "ALTER TRIGGER acts ON t RENAME TO z", AX),
    Row::new(Op::ChangeRule, "CREATE RULE z AS ON DELETE TO t DO ALSO NOTHING", AX),
    Row::new(Op::ChangePolicy, "CREATE POLICY z ON t USING (true)", AX),
    // Views
    Row::new(Op::CreateView, "CREATE VIEW z AS SELECT id FROM t", AS),
    Row::new(Op::ReplaceView, "CREATE OR REPLACE VIEW seen AS SELECT id, a FROM t WHERE a > 1", AX).on("seen").with(&[partner(Partner::Source, "t", AS)]),
    Row::new(Op::ChangeView, "ALTER VIEW seen RENAME COLUMN a TO z", AX).on("seen").since(13),
    Row::new(Op::DropView, "DROP VIEW seen", AX).on("seen"),
    Row::new(Op::CreateStored, "CREATE MATERIALIZED VIEW z AS SELECT id FROM t", AS).scans(),
    Row::new(Op::RefreshView, "REFRESH MATERIALIZED VIEW stored", AX).on("stored").replaces_storage().with(&[read_partner(Partner::Source, "t", AS)]),
    Row::new(Op::RefreshViewConcurrently, "REFRESH MATERIALIZED VIEW CONCURRENTLY stored", X).on("stored").scans().with(&[read_partner(
        Partner::Source,
        "t",
        AS,
    )]),
    Row::new(Op::RefreshViewWithoutData, "REFRESH MATERIALIZED VIEW stored WITH NO DATA", AX).on("stored").replaces_storage(),
    // Types
    Row::new(Op::AddDomainConstraint, "ALTER DOMAIN used_domain ADD CONSTRAINT k CHECK (VALUE > 0)", S).scans(),
    Row::new(Op::AddDomainConstraintNotValid, "ALTER DOMAIN used_domain ADD CONSTRAINT k CHECK (VALUE > 0) NOT VALID", AS).unlocked(),
    Row::new(Op::ChangeEnum, "ALTER TYPE mood ADD VALUE 'c'", AS).unlocked(),
    // Publications
    Row::new(Op::ChangePublication, "CREATE PUBLICATION locks_z FOR TABLE t", SUX),
    // Rows
    Row::new(Op::Select, "SELECT count(*) FROM t", AS).scans(),
    Row::new(Op::SelectForUpdate, "SELECT * FROM t FOR UPDATE", RS).scans(),
    Row::new(Op::Insert, "INSERT INTO parent (id) VALUES (99999)", RX).on("parent"),
    Row::new(Op::UpdateAll, "UPDATE t SET a = 1", RX).scans(),
    Row::new(Op::DeleteAll, "DELETE FROM keyless", RX).on("keyless").scans(),
    // Storage
    Row::new(Op::Cluster, "CLUSTER t USING t_pkey", AX).rewrites(),
    Row::new(Op::VacuumFull, "VACUUM FULL t", AX).rewrites().waiting("sql-vacuum"),
    Row::new(Op::Vacuum, "VACUUM t", SUX).waiting("sql-vacuum"),
    Row::new(Op::Analyze, "ANALYZE t", SUX),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_work_has_exactly_one_row() {
        for operation in Operation::ALL {
            assert_eq!(LOCK_TABLE.iter().filter(|row| row.operation == *operation).count(), 1, "{operation:?}");
        }
        assert_eq!(LOCK_TABLE.len(), Operation::ALL.len());
    }
}
