//! The tools that run migrations: how each names its files, marks its sections and sends its text. An open list.
//!
//! In: names of files and their texts. Out: which migration a file belongs to, which part of a text goes there and which back, and how it is sent.
//! A new tool is one file here and one line in [`ALL`].

mod dbmate;
mod diesel;
mod flyway;
mod golang_migrate;
mod goose;
mod lines;
mod liquibase;
mod plain;
mod prisma;
mod recognise;
mod record;
mod refinery;
mod sqitch;
mod sqlx;

pub use recognise::recognise;
pub use record::{FileRole, Layout, Part, Place, Recognised, Records, RunMode, Script, ScriptFault, Texts};

/// All layouts. The first that recognises a folder is taken; the last takes what is left.
pub static ALL: &[&Layout] = &[
    &liquibase::LIQUIBASE,
    &goose::GOOSE,
    &dbmate::DBMATE,
    &sqitch::SQITCH,
    &prisma::PRISMA,
    &diesel::DIESEL,
    &flyway::FLYWAY,
    &golang_migrate::GOLANG_MIGRATE,
    &sqlx::SQLX,
    &refinery::REFINERY,
    &plain::PLAIN,
];

/// The layout that takes any file.
pub static FALLBACK: &Layout = &plain::PLAIN;

/// The layout of that name, or `None`.
pub fn named(name: &str) -> Option<&'static Layout> {
    ALL.iter().copied().find(|layout| layout.name == name)
}
