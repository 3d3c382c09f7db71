//! What the gate is given: files already read and checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::answer::NotJudgedItem;
use crate::catalog::Catalog;
use crate::lineage::Session;
use crate::notice::Templates;
use crate::project::{Config, FileEvent, Migration, NoticeLog};
use crate::rules::{Baseline, Levels, RuleSet};
use crate::schema::Schema;
use crate::text::Sources;

/// Everything that was read.
#[derive(Debug)]
pub struct Inputs {
    /// All texts.
    pub sources: Sources,
    /// The settings.
    pub config: Config,
    /// The warehouse as it is.
    pub schema: Schema,
    /// The session that migrations start in.
    pub session: Session,
    /// What is proposed, in the order of application.
    pub migrations: Vec<Migration>,
    /// Who depends on the warehouse.
    pub catalog: Catalog,
    /// The rules.
    pub rules: Arc<RuleSet>,
    /// Their levels.
    pub levels: Levels,
    /// What was not understood of where the schema comes from.
    pub gaps: Vec<NotJudgedItem>,
    /// The words in which departments are told.
    pub templates: Templates,
    /// Who was told so far.
    pub told: NoticeLog,
    /// What is done to files of migrations.
    pub file_events: Vec<FileEvent>,
    /// Comments that allow rules and count, by file; `None`: all of them.
    pub trusted_allowances: Option<BTreeMap<Arc<str>, BTreeSet<String>>>,
    /// Where paths start, from the root of the repository: `warehouse/`; empty at its root, or when no repository is known.
    pub folder_in_repository: String,
    /// The names of all migrations that there are; `None` when only some were asked for.
    pub existing: Option<BTreeSet<String>>,
    /// Findings that were there before anybody looked.
    pub baseline: Option<Baseline>,
    /// The day it is.
    pub today: jiff::civil::Date,
}
