//! The baseline: findings that were there before anybody looked. They are counted and do not block; the file only ever shrinks.
//!
//! In: a YAML file with one entry for each finding, and the findings of a run. Out: findings that say that they are known, and a
//! [`BaselineReport`] of entries that are gone. A known finding that has become worse counts again. [`Baseline::without`] takes out
//! what is gone; findings that are not in it are never put in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Finding, Level, LevelSetting, Suppressed, SuppressedBy};
use crate::diagnostic::Problem;
use crate::text::{SourceId, Sources, Span, Spanned};
use crate::yaml;

/// The baseline file as written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Baseline")]
pub struct BaselineFile {
    /// 1.
    pub version: Spanned<u32>,
    /// The day on which it was first written.
    pub since: Spanned<String>,
    /// Findings that are known.
    #[serde(default)]
    pub findings: Vec<BaselineEntryFile>,
}

/// A known finding as written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BaselineEntryFile {
    /// What it is known by.
    pub fingerprint: Spanned<String>,
    /// The rule.
    pub rule: String,
    /// How bad it was.
    pub level: Spanned<String>,
    /// The migration's name.
    pub migration: String,
    /// What was the matter.
    pub message: String,
}

/// A known finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineEntry {
    /// What it is known by.
    pub fingerprint: String,
    /// The rule.
    pub rule: String,
    /// How bad it was.
    pub level: Level,
    /// The migration's name.
    pub migration: String,
    /// What was the matter.
    pub message: String,
    /// Where it stands.
    pub span: Span,
}

/// Findings that were there before anybody looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// The day on which it was first written.
    pub since: Date,
    /// In the order of the file.
    pub entries: Vec<BaselineEntry>,
}

/// What a run says of a baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BaselineReport {
    /// How many findings are known and do not count.
    pub known: usize,
    /// Entries whose finding is no longer there.
    pub gone: Vec<BaselineEntry>,
    /// Entries of migrations that this run did not look at.
    pub not_looked_at: usize,
    /// Entries whose finding has become worse, so that it counts again.
    pub worse: Vec<BaselineEntry>,
}

/// What a run looked at, by names of migrations.
#[derive(Clone, Copy, Debug)]
pub struct LookedAt<'a> {
    /// Migrations that were judged.
    pub judged: &'a BTreeSet<&'a str>,
    /// All that there are, when the run looked for all of them: an entry of any other is gone with its migration.
    pub existing: Option<&'a BTreeSet<String>>,
}

impl Baseline {
    /// Reads the file.
    ///
    /// # Errors
    /// Every fault in it, at its place.
    pub fn read(sources: &Sources, source: SourceId) -> Result<Self, Vec<Problem>> {
        let written: BaselineFile = yaml::read(sources, source)?;
        let mut problems = Vec::new();
        if written.version.value != 1 {
            problems.push(
                Problem::error("baseline-version", format!("version {} of baselines is not known; 1 is", written.version.value)).at(written.version.span),
            );
        }
        let since = yaml::date(&written.since, &mut problems);
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let mut entries = Vec::with_capacity(written.findings.len());
        for entry in written.findings {
            let Some(LevelSetting::At(level)) = LevelSetting::from_word(&entry.level.value) else {
                let problem = Problem::error("baseline-level", format!("`{}` is no level of a finding", entry.level.value)).at(entry.level.span);
                problems.push(problem.allowed(&entry.level.value, ["info", "warning", "error"]));
                continue;
            };
            if let Some(first) = seen.insert(entry.fingerprint.value.clone(), entry.fingerprint.span) {
                let problem = Problem::error("baseline-twice", "the same finding stands here twice").at(entry.fingerprint.span);
                problems.push(problem.label(first, "first here"));
                continue;
            }
            let BaselineEntryFile { fingerprint, rule, migration, message, .. } = entry;
            entries.push(BaselineEntry { fingerprint: fingerprint.value, rule, level, migration, message, span: fingerprint.span });
        }
        match since {
            Some(since) if problems.is_empty() => Ok(Self { since, entries }),
            Some(_) | None => Err(problems),
        }
    }

    /// Marks the findings that are known, and says what of the file is gone.
    pub fn apply(&self, findings: &mut [Finding], looked_at: LookedAt<'_>) -> BaselineReport {
        let by_fingerprint: BTreeMap<&str, &BaselineEntry> = self.entries.iter().map(|entry| (entry.fingerprint.as_str(), entry)).collect();
        let mut report = BaselineReport::default();
        let mut found: BTreeSet<&str> = BTreeSet::new();
        for finding in findings {
            let Some(entry) = by_fingerprint.get(finding.fingerprint.as_str()) else { continue };
            found.insert(&entry.fingerprint);
            if finding.level > entry.level {
                report.worse.push((*entry).clone());
            } else if finding.suppressed.is_none() {
                let reason = format!("in the baseline since {}", self.since);
                finding.suppressed = Some(Suppressed { by: SuppressedBy::Baseline, reason, until: String::new(), span: entry.span });
                report.known += 1;
            }
        }
        for entry in self.entries.iter().filter(|entry| !found.contains(entry.fingerprint.as_str())) {
            let is_gone = looked_at.judged.contains(entry.migration.as_str()) || looked_at.existing.is_some_and(|all| !all.contains(&entry.migration));
            if is_gone {
                report.gone.push(entry.clone());
            } else {
                report.not_looked_at += 1;
            }
        }
        report
    }

    /// A first baseline: every finding that counts, from `least` up.
    pub fn of(findings: &[Finding], names: &[&str], least: Level, today: Date) -> Self {
        let counted = findings.iter().filter(|finding| finding.suppressed.is_none() && finding.level >= least);
        let entries = counted.map(|finding| BaselineEntry {
            fingerprint: finding.fingerprint.clone(),
            rule: finding.rule.to_string(),
            level: finding.level,
            migration: names.get(finding.migration as usize).map_or_else(String::new, |name| (*name).to_owned()),
            message: finding.message.clone(),
            span: finding.span,
        });
        Self { since: today, entries: entries.collect() }
    }

    /// The file without what is gone.
    pub fn without(mut self, gone: &[BaselineEntry]) -> Self {
        let gone: BTreeSet<&str> = gone.iter().map(|entry| entry.fingerprint.as_str()).collect();
        self.entries.retain(|entry| !gone.contains(entry.fingerprint.as_str()));
        self
    }

    /// The text of the file.
    pub fn print(&self) -> String {
        let mut text = format!(
            "# Findings that were there when fieldgate came. They are counted and do not block; new ones do, and so do these when they become worse.\n\
             # `fieldgate check --write-baseline` takes out what is gone, and never puts anything in.\n\
             version: 1\nsince: {}\nfindings:{}\n",
            self.since,
            if self.entries.is_empty() { " []" } else { "" }
        );
        for entry in &self.entries {
            let word = |text: &str| serde_json::to_string(text).unwrap_or_default();
            let _ = write!(
                text,
                "  - fingerprint: {}\n    rule: {}\n    level: {}\n    migration: {}\n    message: {}\n",
                word(&entry.fingerprint),
                word(&entry.rule),
                entry.level.as_str(),
                word(&entry.migration),
                word(&entry.message)
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::super::Family;
    use super::*;

    fn finding(fingerprint: &str, level: Level) -> Finding {
        let mut sources = Sources::default();
        let source = sources.add("m.sql", "x");
        Finding {
            rule: "column-dropped".into(),
            family: Family::Contract,
            level,
            span: Span::new(source, 0, 1),
            message: String::from("a \"quoted\": message"),
            help: None,
            safe: None,
            link: None,
            fingerprint: fingerprint.to_owned(),
            migration: 0,
            change: None,
            consumers: Vec::new(),
            sqlstate: None,
            suppressed: None,
        }
    }

    fn apply(baseline: &Baseline, findings: &mut [Finding], judged: &[&str], existing: Option<&[&str]>) -> BaselineReport {
        let existing = existing.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        baseline.apply(findings, LookedAt { judged: &judged.iter().copied().collect(), existing: existing.as_ref() })
    }

    fn day() -> Date {
        jiff::civil::date(2026, 11, 22)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let baseline = Baseline::of(&[finding("a", Level::Error), finding("b", Level::Info)], &["0001_x"], Level::Warning, day());
        assert_eq!(baseline.entries.len(), 1);
        let mut sources = Sources::default();
        let source = sources.add("baseline.yml", baseline.print());
        let again = Baseline::read(&sources, source).unwrap();
        assert_eq!((again.entries[0].message.as_str(), again.since), ("a \"quoted\": message", day()));
        assert_eq!(again.print(), baseline.print());
        let empty = sources.add("empty.yml", again.clone().without(&again.entries).print());
        assert_eq!(Baseline::read(&sources, empty).unwrap().entries, []);
    }

    #[test]
    fn known_findings_do_not_count_and_new_ones_do() {
        let baseline = Baseline::of(&[finding("a", Level::Warning)], &["0001_x"], Level::Warning, day());
        let mut findings = [finding("a", Level::Warning), finding("b", Level::Warning)];
        let report = apply(&baseline, &mut findings, &["0001_x"], None);
        assert_eq!((report.known, report.gone.len()), (1, 0));
        assert!(findings[0].suppressed.is_some() && findings[1].suppressed.is_none());
    }

    #[test]
    fn a_known_finding_that_becomes_worse_counts_again() {
        let baseline = Baseline::of(&[finding("a", Level::Warning)], &["0001_x"], Level::Warning, day());
        let mut findings = [finding("a", Level::Error)];
        let report = apply(&baseline, &mut findings, &["0001_x"], None);
        assert_eq!((report.known, report.worse.len()), (0, 1));
        assert!(findings[0].suppressed.is_none());
    }

    #[test]
    fn only_what_was_looked_at_is_gone() {
        let baseline = Baseline::of(&[finding("a", Level::Warning)], &["0001_x"], Level::Warning, day());
        assert_eq!(apply(&baseline, &mut [], &["0001_x"], None).gone.len(), 1);
        assert_eq!(apply(&baseline, &mut [], &["0002_y"], None).not_looked_at, 1);
        assert_eq!(apply(&baseline, &mut [], &[], Some(&["0001_x"])).not_looked_at, 1);
        assert_eq!(apply(&baseline, &mut [], &[], Some(&["0002_y"])).gone.len(), 1, "the migration itself is gone");
    }
}
