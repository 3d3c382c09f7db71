//! Catalog entries out of what other tools know: dbt artefacts, Metabase's API, folders of SQL files.
//!
//! In: files of one tool. Out: [`Imported`]: departments and consumers as a catalog file would declare them, and by name what could not be read.
//! Each tool is an entry of [`ALL`]. The file that is written belongs to the import: the next one updates it, keeps what a person added to an entry,
//! and leaves every other file of the catalog alone.

mod dbt;
mod document;
mod imported;
mod importer;
mod json;
mod merge;
mod metabase;
mod sql_folder;

pub use document::document;
pub use imported::{Imported, ImportedConsumer, ImportedDepartment, Skipped};
pub use importer::Importer;
pub use merge::{Merged, merge};

/// All tools, in the order in which they are listed to a user.
pub static ALL: &[&Importer] = &[&dbt::DBT, &metabase::METABASE, &sql_folder::SQL_FOLDER];

/// The importer of that name.
pub fn named(name: &str) -> Option<&'static Importer> {
    ALL.iter().copied().find(|importer| importer.name == name)
}
