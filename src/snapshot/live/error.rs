//! What can go wrong between us and a database, each with the way out.

/// Why there is no snapshot of a live database. No message holds a password.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum LiveError {
    /// The address is not understood.
    #[error("the address of the database is not understood: {reason}")]
    #[diagnostic(help("write it as `postgresql://user@host:5432/database?sslmode=verify-full`, or set PGHOST, PGPORT, PGUSER and PGDATABASE"))]
    Address {
        /// What exactly.
        reason: String,
    },
    /// Nobody answers.
    #[error("no database answers at {place}: {reason}")]
    #[diagnostic(help("is the host right, does the server run, is a VPN or tunnel needed? `pg_isready` with the same host and port asks the same question"))]
    Unreachable {
        /// Host and port.
        place: String,
        /// The system's words.
        reason: String,
    },
    /// The server wants another password, or any.
    #[error("{place} refuses to let `{user}` in: {reason}")]
    #[diagnostic(help("the password is taken from the URL, PGPASSWORD, or the file of PGPASSFILE (else ~/.pgpass, readable by you alone)"))]
    Login {
        /// Host and port.
        place: String,
        /// The role.
        user: String,
        /// The server's words.
        reason: String,
    },
    /// There is no such database.
    #[error("{place} has no database `{database}`")]
    #[diagnostic(help("name it at the end of the URL or in PGDATABASE; `psql -l` lists those that are there"))]
    Database {
        /// Host and port.
        place: String,
        /// Its name.
        database: String,
    },
    /// The server offers no TLS.
    #[error("{place} does not offer an encrypted connection")]
    #[diagnostic(help("over a network that you trust, say so: `?sslmode=disable` in the URL or PGSSLMODE=disable"))]
    NoTls {
        /// Host and port.
        place: String,
    },
    /// The certificate is not trusted, or the handshake failed.
    #[error("the encrypted connection to {place} failed: {reason}")]
    #[diagnostic(help(
        "if the server has a certificate of your own authority, name it: `?sslrootcert=ca.pem`; `sslmode=verify-ca` ignores the host name, `sslmode=require` any doubt"
    ))]
    Tls {
        /// Host and port.
        place: String,
        /// What exactly.
        reason: String,
    },
    /// A file with certificates cannot be read.
    #[error("cannot read the certificates in {path}: {reason}")]
    #[diagnostic(help("`sslrootcert` names a file with certificates in PEM, or is `system`"))]
    Certificates {
        /// As it was given.
        path: String,
        /// What exactly.
        reason: String,
    },
    /// Older than 12.
    #[error("{place} runs PostgreSQL {version}, and fieldgate reads 12 and later")]
    #[diagnostic(help("take a dump instead: `pg_dump --schema-only`, then `fieldgate snapshot build --ddl dump.sql`"))]
    TooOld {
        /// Host and port.
        place: String,
        /// As the server says it.
        version: String,
    },
    /// Not a PostgreSQL by its own words.
    #[error("{place} is not a PostgreSQL server: {version}")]
    #[diagnostic(help("of other databases fieldgate reads DDL and snapshot files"))]
    OtherServer {
        /// Host and port.
        place: String,
        /// As the server says it.
        version: String,
    },
    /// A limit of time was reached.
    #[error("{place} took too long while {what} was read: {reason}")]
    #[diagnostic(help("somebody may hold a lock on a table; try again later, or raise the limits (`--statement-timeout`, `--lock-timeout`)"))]
    TimedOut {
        /// Host and port.
        place: String,
        /// What was read.
        what: &'static str,
        /// The server's words.
        reason: String,
    },
    /// The role may not see something.
    #[error("`{user}` may not see {what}: {reason}")]
    #[diagnostic(help("a role that may only read is enough, but it must be able to read the catalogs and to use every schema"))]
    Privilege {
        /// The role.
        user: String,
        /// What was read.
        what: &'static str,
        /// The server's words.
        reason: String,
    },
    /// Anything else the server or the network said.
    #[error("reading {what} from {place} failed: {reason}")]
    #[diagnostic(help("this is the server's own message; with `pg_dump --schema-only` and `fieldgate snapshot build --ddl` there is another way"))]
    Failed {
        /// Host and port.
        place: String,
        /// What was read.
        what: &'static str,
        /// The server's words.
        reason: String,
    },
}
