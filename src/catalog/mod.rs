//! Who depends on the warehouse: departments, their people, plain names of fields, and consumers with what they read and write.
//!
//! In: YAML files of the user, and folders of queries. Out: a [`Catalog`], with the place of everything, cross-references checked.
//! Names of tables and columns stay as written here: which objects they are is found where there is a schema (`impact`).

mod coverage;
mod crossing;
mod front_matter;
mod inline_sql;
mod model;
mod query_folder;
mod raw;
mod read;
mod reference;
mod word;

pub mod import;

pub use coverage::{Coverage, coverage};
pub use model::{Catalog, Consumer, ConsumerSql, Contact, Department, Field, Owner};
pub use query_folder::read_query_folder;
pub use raw::RawCatalog;
pub use read::{named_in_settings, read};
pub use reference::{Extent, Reference, reference};
pub use word::{Cadence, ConsumerKind, Criticality, FixedBy};
