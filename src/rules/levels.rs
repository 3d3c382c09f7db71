//! What the configuration says about levels: by rule, by family and by path.
//!
//! In: `levels:` of the configuration, read elsewhere. Out: the level of a finding, or that it is off.

use std::collections::BTreeMap;
use std::sync::Arc;

use globset::{Glob, GlobMatcher};

use super::{Family, Level};

/// A level, or none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LevelSetting {
    /// The finding is not made.
    Off,
    /// The finding has this level.
    At(Level),
}

impl LevelSetting {
    /// All words, in order.
    pub const WORDS: &'static [&'static str] = &["off", "info", "warning", "error"];

    /// From the word in configuration and rule files.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "off" => Some(Self::Off),
            "info" => Some(Self::At(Level::Info)),
            "warning" => Some(Self::At(Level::Warning)),
            "error" => Some(Self::At(Level::Error)),
            _ => None,
        }
    }

    /// The word in configuration and rule files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::At(level) => level.as_str(),
        }
    }
}

/// Settings for some rules or families.
#[derive(Clone, Debug, Default)]
pub struct LevelTable {
    /// By rule id.
    pub rules: BTreeMap<Arc<str>, LevelSetting>,
    /// For all rules of a family that are not named.
    pub families: BTreeMap<Family, LevelSetting>,
}

/// Settings that hold for some paths only.
#[derive(Clone, Debug)]
pub struct PathLevels {
    matcher: GlobMatcher,
    table: LevelTable,
}

impl PathLevels {
    /// Settings for the migrations whose path matches.
    ///
    /// # Errors
    /// When the pattern is not a glob.
    pub fn new(pattern: &str, table: LevelTable) -> Result<Self, globset::Error> {
        Ok(Self { matcher: Glob::new(pattern)?.compile_matcher(), table })
    }
}

/// What the configuration says about levels.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    /// Everywhere.
    pub everywhere: LevelTable,
    /// For some paths; of several that match, the last one that says something wins.
    pub paths: Vec<PathLevels>,
    /// The folder from which patterns are meant, with `/` at its end; empty for the one in which the program runs.
    pub folder: String,
}

impl Levels {
    /// The setting for a rule in a file: by rule before by family, by path before everywhere. `None` when nothing is said.
    pub fn setting(&self, rule: &str, family: Family, path: &str) -> Option<LevelSetting> {
        let path = path.strip_prefix(self.folder.as_str()).unwrap_or(path);
        let matching = || self.paths.iter().rev().filter(|entry| entry.matcher.is_match(path)).map(|entry| &entry.table);
        let by_rule = |table: &LevelTable| table.rules.get(rule).copied();
        let by_family = |table: &LevelTable| table.families.get(&family).copied();
        matching().find_map(by_rule).or_else(|| by_rule(&self.everywhere)).or_else(|| matching().find_map(by_family)).or_else(|| by_family(&self.everywhere))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_named_for_a_path_wins_over_everything() {
        let mut levels = Levels::default();
        levels.everywhere.rules.insert("a".into(), LevelSetting::At(Level::Error));
        levels.everywhere.families.insert(Family::Operation, LevelSetting::At(Level::Info));
        let mut table = LevelTable::default();
        table.rules.insert("a".into(), LevelSetting::Off);
        levels.paths.push(PathLevels::new("legacy/**", table).unwrap());
        assert_eq!(levels.setting("a", Family::Operation, "legacy/1.sql"), Some(LevelSetting::Off));
        assert_eq!(levels.setting("a", Family::Operation, "new/1.sql"), Some(LevelSetting::At(Level::Error)));
        assert_eq!(levels.setting("b", Family::Operation, "new/1.sql"), Some(LevelSetting::At(Level::Info)));
        assert_eq!(levels.setting("b", Family::Contract, "new/1.sql"), None);
    }

    #[test]
    fn patterns_are_meant_from_the_folder_of_the_settings() {
        let mut table = LevelTable::default();
        table.rules.insert("a".into(), LevelSetting::Off);
        let levels = Levels { paths: vec![PathLevels::new("legacy/*.sql", table).unwrap()], folder: String::from("warehouse/"), ..Levels::default() };
        assert_eq!(levels.setting("a", Family::Operation, "warehouse/legacy/1.sql"), Some(LevelSetting::Off));
        assert_eq!(levels.setting("a", Family::Operation, "legacy/1.sql"), Some(LevelSetting::Off));
        assert_eq!(levels.setting("a", Family::Operation, "other/legacy/1.sql"), None);
    }
}
