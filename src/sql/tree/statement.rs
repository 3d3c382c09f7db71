//! One statement of a script.

use super::{
    AlterDefaultPrivileges, AlterIndex, AlterObject, AlterSequence, AlterTable, AlterView, CodeBlock, Comment, Copy, CreateDomain, CreateExtension,
    CreateIndex, CreatePolicy, CreateSequence, CreateTable, CreateTableAs, CreateTrigger, CreateType, CreateView, Dml, Drop, Grant, Ident, ObjectName, Query,
    RefreshView, Session, Transaction,
};
use crate::text::Span;

/// A routine whose body holds statements.
pub type CreateFunction = super::function::CreateFunction<Statement>;

/// The body of a routine.
pub type FunctionBody = super::function::FunctionBody<Statement>;

/// A new schema with the statements inside it.
pub type CreateSchema = super::object::CreateSchema<Statement>;

/// A rule with the statements that it does.
pub type RuleParts = super::object::RuleParts<Statement>;

/// A statement with its place: from its first word to its last token, without the semicolon.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// Where it stands.
    pub span: Span,
}

/// Everything a statement can do. Matched without a catch-all.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// `CREATE [FOREIGN] TABLE … (…)`, `OF`, `PARTITION OF`.
    CreateTable(Box<CreateTable>),
    /// `CREATE TABLE … AS`, `SELECT … INTO`.
    CreateTableAs(Box<CreateTableAs>),
    /// `ALTER TABLE`, and `ALTER VIEW`/`INDEX`/`SEQUENCE` where PostgreSQL lets `ALTER TABLE` stand for them.
    AlterTable(Box<AlterTable>),
    /// `CREATE [OR REPLACE] [MATERIALIZED] VIEW`.
    CreateView(Box<CreateView>),
    /// `ALTER [MATERIALIZED] VIEW`.
    AlterView(Box<AlterView>),
    /// `REFRESH MATERIALIZED VIEW`.
    RefreshView(RefreshView),
    /// `CREATE INDEX`.
    CreateIndex(Box<CreateIndex>),
    /// `ALTER INDEX`.
    AlterIndex(AlterIndex),
    /// `CREATE SEQUENCE`.
    CreateSequence(Box<CreateSequence>),
    /// `ALTER SEQUENCE`.
    AlterSequence(Box<AlterSequence>),
    /// `CREATE SCHEMA`, with the statements inside it.
    CreateSchema(CreateSchema),
    /// `CREATE TYPE`.
    CreateType(Box<CreateType>),
    /// `CREATE DOMAIN`.
    CreateDomain(Box<CreateDomain>),
    /// `CREATE [OR REPLACE] FUNCTION | PROCEDURE | AGGREGATE`.
    CreateFunction(Box<CreateFunction>),
    /// `CREATE [OR REPLACE] TRIGGER`, `CREATE EVENT TRIGGER`.
    CreateTrigger(Box<CreateTrigger>),
    /// `CREATE POLICY`.
    CreatePolicy(Box<CreatePolicy>),
    /// `CREATE EXTENSION`.
    CreateExtension(CreateExtension),
    /// `ALTER TYPE | DOMAIN | FUNCTION | SCHEMA | TRIGGER | POLICY | EXTENSION | …`.
    AlterObject(Box<AlterObject>),
    /// `DROP …` of any kind; `DROP OWNED`.
    Drop(Drop),
    /// `COMMENT ON`.
    Comment(Box<Comment>),
    /// `GRANT`, `REVOKE`.
    Grant(Box<Grant>),
    /// `ALTER DEFAULT PRIVILEGES`.
    AlterDefaultPrivileges(Box<AlterDefaultPrivileges>),
    /// `TRUNCATE t, u …`.
    Truncate {
        /// The tables.
        tables: Vec<ObjectName>,
        /// Those of them that stand behind `ONLY`.
        alone: Vec<ObjectName>,
        /// `CASCADE`.
        cascade: bool,
        /// `RESTART IDENTITY`.
        restart_identity: bool,
    },
    /// `INSERT`, `UPDATE`, `DELETE`, `MERGE`.
    Dml(Box<Dml>),
    /// `COPY`.
    Copy(Box<Copy>),
    /// `SELECT`, `VALUES`, `TABLE`, and `WITH … ` in front of them.
    Query(Box<Query>),
    /// `SET`, `RESET`, `SET ROLE`, `SHOW` …
    Session(Session),
    /// `BEGIN`, `COMMIT`, `SAVEPOINT` …
    Transaction(Transaction),
    /// `DO $$ … $$`.
    Do(CodeBlock),
    /// `CALL p(…)`, `EXECUTE name`, `PREPARE`: runs what is defined elsewhere.
    Call(Box<super::Call>),
    /// `LOCK TABLE`.
    Lock {
        /// The tables.
        tables: Vec<ObjectName>,
        /// The mode as written, upper case; `ACCESS EXCLUSIVE` when none is.
        mode: String,
    },
    /// Work on storage that leaves the schema as it is.
    Maintenance(Maintenance),
    /// An object that the model keeps only by kind, name and text (publication, statistics, cast, operator, text search, server …).
    CreateOther {
        /// Which kind.
        kind: super::ObjectKind,
        /// Its name; for casts and the like the text between the parentheses.
        name: ObjectName,
        /// `OR REPLACE`.
        or_replace: bool,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
        /// Relations and functions named in it.
        mentions: Vec<ObjectName>,
    },
    /// `ALTER SYSTEM SET …`: settings of the whole server.
    AlterSystem,
    /// A psql meta-command (`\connect`, `\restrict`), which no server ever sees.
    MetaCommand(String),
    /// Known to change nothing that this program models, by its head words (`SECURITY LABEL`, `LISTEN`, `CHECKPOINT` …).
    NoEffect {
        /// The head words.
        what: String,
    },
    /// Not understood.
    Unread(Unread),
}

/// Why a statement is under *Not judged*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Why.
    pub reason: UnreadReason,
    /// The parser's words, or what exactly is not read.
    pub message: String,
    /// The very place, inside the statement.
    pub span: Span,
    /// The first words, upper case (`ALTER TABLE`), to say what kind of statement it is.
    pub head: String,
    /// The objects it names, as far as tokens tell: what is said about them afterwards is unknown.
    pub mentions: Vec<ObjectName>,
}

/// Why a server refuses what can be read, as far as the grammar alone tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named as appendix A of the manual names it")]
pub enum RefusalCode {
    FeatureNotSupported,
    InvalidParameterValue,
    SyntaxError,
    InvalidObjectDefinition,
    InvalidFunctionDefinition,
    DuplicateObject,
}

impl RefusalCode {
    /// The five characters that the server sends.
    pub fn sqlstate(self) -> &'static str {
        match self {
            Self::FeatureNotSupported => "0A000",
            Self::InvalidParameterValue => "22023",
            Self::SyntaxError => "42601",
            Self::InvalidObjectDefinition => "42P17",
            Self::InvalidFunctionDefinition => "42P13",
            Self::DuplicateObject => "42710",
        }
    }
}

/// The kinds of not understanding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnreadReason {
    /// The text is not SQL of this dialect, as far as fieldgate reads it.
    Syntax,
    /// It is known what this is, and fieldgate has no model of it in this dialect.
    NotModelled,
    /// It is known what this is, and that every server refuses it: with this SQLSTATE, and the words of the message.
    Refused(RefusalCode),
    /// A string, comment or dollar quote is never closed.
    Unterminated,
    /// Nested or long beyond what is read.
    TooComplex,
    /// A template hole (`{{ … }}`, `${…}`) stands where SQL must.
    Template,
}

/// `VACUUM`, `ANALYZE`, `REINDEX`, `CLUSTER`, `CHECKPOINT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maintenance {
    /// The verb with what decides its lock: `VACUUM`, `VACUUM FULL`, `ANALYZE`, `REINDEX INDEX`, `REINDEX TABLE`, `REINDEX SCHEMA`, `REINDEX DATABASE`, `CLUSTER`.
    pub verb: String,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
    /// What it works on; empty for everything.
    pub targets: Vec<ObjectName>,
    /// The columns in parentheses behind a target, with the position of the target.
    pub columns: Vec<(usize, Ident)>,
    /// The index of `CLUSTER t USING i`.
    pub index: Option<Ident>,
}
