//! A live PostgreSQL (12 to 18) as a snapshot.
//!
//! In: where the database is, as people say it (a URL, `PG*` variables, `.pgpass`), and a moment to write down. Out: the snapshot file as text,
//! which is read into a schema the same way as every other. One connection, one read-only transaction with time limits, a dozen catalog queries;
//! no table of the user is read but the one in which a migration tool writes down what it applied. A password is never part of any text that leaves this room.

mod applied;
mod connection;
mod error;
mod fault;
mod fragment;
mod object_query;
mod password;
mod relation_query;
mod settings;
mod tls;
mod tree;

pub use connection::{Limits, connect, take};
pub use error::LiveError;
pub use settings::{Environment, Settings, TlsMode};
