//! `fieldgate.yml`: found, read as it is written ([`RawConfig`]) and checked once into what the program works with ([`Config`]).

mod checked;
mod crossing;
mod duration;
mod file;
mod raw;

pub use checked::{
    Config, FailOn, Gate, HelpContacts, LevelTable, LevelWord, Levels, MigrationsEntry, NotJudgedLevel, Notices, Organisation, Runner, RunnerTransaction,
};
pub use file::{FILE_NAMES, find, load, read};
pub use raw::RawConfig;
