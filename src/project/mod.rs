//! A user's repository: its settings, its migrations in the conventions of the tool that runs them, and what is written beside each change.
//!
//! In: folders and files. Out: a [`Config`], [`Migration`]s in the order of application with their parts of the text, [`Sidecar`]s.
//! What the SQL says is read above (`sql`), the snapshot and the catalog by rooms of their own.

mod applied;
mod branch;
mod config;
mod discover;
mod folder;
mod groups;
mod layout;
mod look;
mod migration;
mod natural_order;
mod notice_log;
mod placeholder;
mod raw_sidecar;
mod roots;
mod sidecar;

pub use applied::{AppliedSplit, split_applied};
pub use branch::{Branch, BranchFacts, FileEvent, FileEventKind, Standing, branch, deleted, numbering};
pub use config::{
    Config, FailOn, Gate, HelpContacts, LevelTable, LevelWord, Levels, MigrationsEntry, NotJudgedLevel, Notices, Organisation, RawConfig, Runner,
    RunnerTransaction,
};
pub use config::{FILE_NAMES, find, load, read};
pub use discover::{Discovery, Wanted, discover};
pub use layout::{ALL as LAYOUTS, FALLBACK as FALLBACK_LAYOUT, Layout, RunMode, named as layout_named};
pub use look::{Repository, Service, look};
pub use migration::{Migration, MigrationKind};
pub use notice_log::{NoticeAudience, NoticeLog, NoticeStep, RawNoticeLog, Told};
pub use raw_sidecar::{ChangeType, RawSidecar, RawTranslation, Risk};
pub use sidecar::{Incident, PersonNamed, Sidecar, SignOff, SignedEffect, TestRun, Window, check_record};
