//! A PostgreSQL to try things on: a throw-away server of the installed binaries, or a database of our own on a server that is named.
//!
//! In: where to look for binaries, or an address; a schema. Out: a database that holds the schema with generated rows, statements run on it,
//! and what its rows are before and after. Whatever is made here is removed again: the server with its folder, the database with its server
//! left as it was. What is proven with it is `rollback`'s.

mod binaries;
mod candidate;
mod error;
mod fill;
mod fingerprint;
mod own_database;
mod privilege;
mod restore;
mod row;
mod throw_away;

pub use binaries::{Binaries, find_binaries};
pub use error::ServerError;
pub use fill::{Filling, RowStyle, fill};
pub use fingerprint::{RowDifference, Rows, rows_of};
pub use own_database::{OwnDatabase, Place};
pub use restore::restore;
pub use throw_away::ThrowAwayServer;
