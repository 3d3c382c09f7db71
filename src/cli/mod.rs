//! The command line: arguments as typed → settings checked once → run → exit code.
//!
//! In: arguments, streams and surroundings, all handed over. Out: bytes on the streams, files written whole or not at all, an [`ExitStatus`].
//! Environment variables and the clock are read here and nowhere else. One file for each command.

mod action;
mod action_outputs;
mod arguments;
mod base;
mod base_catalog;
mod baseline;
mod catalog;
mod catalog_import;
mod check;
mod completions;
mod console;
mod demo;
mod drift;
mod environment;
mod exit_status;
mod explain;
mod failure;
mod init;
mod inputs;
mod investigate;
mod lineage;
mod manual;
mod notice;
mod output;
mod own_rules;
mod plan;
mod proof_place;
mod run;
mod schema;
mod settings;
mod snapshot;
mod uses;

pub use console::Streams;
pub use environment::{Environment, Receiver};
pub use exit_status::ExitStatus;
pub use run::run;
