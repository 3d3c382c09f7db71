//! All rules of a run: the built-in ones and the organisation's own, found by what they look at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fact_type::Subject;
use super::rule::{Origin, Rule, check};
use super::rule_file::RuleFile;
use crate::diagnostic::Problem;
use crate::text::{SourceId, Sources};
use crate::yaml;

/// Name and text of every built-in rule, listed by `build.rs`.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// All rules of a run.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
    /// Rules by what they look at and which kind of it; the empty word is for all kinds.
    by_subject: BTreeMap<(Subject, String), Vec<usize>>,
}

impl RuleSet {
    fn new(mut rules: Vec<Rule>) -> Self {
        rules.sort_by(|one, other| one.id.cmp(&other.id));
        let mut by_subject: BTreeMap<(Subject, String), Vec<usize>> = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            if rule.kinds.is_empty() {
                by_subject.entry((rule.subject, String::new())).or_default().push(index);
            }
            for kind in &rule.kinds {
                by_subject.entry((rule.subject, kind.clone())).or_default().push(index);
            }
        }
        Self { rules, by_subject }
    }

    /// All rules, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }

    /// A rule by its name.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.binary_search_by(|rule| (*rule.id).cmp(id)).ok().and_then(|index| self.rules.get(index))
    }

    /// All names.
    pub fn ids(&self) -> BTreeSet<&str> {
        self.rules.iter().map(|rule| &*rule.id).collect()
    }

    /// The rules for one subject of some kinds, each once, by name.
    pub(super) fn about(&self, subject: Subject, kinds: &[&str]) -> Vec<&Rule> {
        let mut found: BTreeSet<usize> = BTreeSet::new();
        for kind in kinds.iter().copied().chain([""]) {
            found.extend(self.by_subject.get(&(subject, kind.to_owned())).into_iter().flatten());
        }
        found.into_iter().filter_map(|index| self.rules.get(index)).collect()
    }
}

/// Reads the built-in rules and those of the organisation: files, or folders whose `.yml` and `.yaml` files are rules.
///
/// # Errors
/// Every fault in a rule file, at its place.
pub fn load(sources: &mut Sources, own: &[PathBuf]) -> Result<RuleSet, Vec<Problem>> {
    let mut rules = Vec::new();
    let mut problems = Vec::new();
    let mut seen: BTreeMap<Arc<str>, SourceId> = BTreeMap::new();
    for (name, text) in BUILT_IN {
        let source = sources.add(format!("<built in>/rules/{name}.yml"), *text);
        keep(read_one(sources, source, name, Origin::BuiltIn), &mut rules, &mut problems, &mut seen, sources);
    }
    for path in files(own, &mut problems) {
        match sources.load(&path) {
            Ok(source) => {
                let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                keep(read_one(sources, source, &name, Origin::Own), &mut rules, &mut problems, &mut seen, sources);
            }
            Err(error) => problems.push(error.into()),
        }
    }
    if problems.iter().any(Problem::is_error) { Err(problems) } else { Ok(RuleSet::new(rules)) }
}

fn read_one(sources: &Sources, source: SourceId, name: &str, origin: Origin) -> Result<Rule, Vec<Problem>> {
    let written: RuleFile = yaml::read(sources, source)?;
    check(sources, name, origin, sources.whole(source), written)
}

fn keep(read: Result<Rule, Vec<Problem>>, rules: &mut Vec<Rule>, problems: &mut Vec<Problem>, seen: &mut BTreeMap<Arc<str>, SourceId>, sources: &Sources) {
    match read {
        Ok(rule) => {
            if let Some(other) = seen.insert(rule.id.clone(), rule.file.source) {
                let there = sources.get(other).map_or("", |source| source.name());
                let problem = Problem::error("rule-twice", format!("there is a rule `{}` already, in {there}", rule.id)).at(rule.file);
                problems.push(problem.help("give it a name of its own; the level of a built-in rule is set under `levels:`"));
            } else {
                rules.push(rule);
            }
        }
        Err(found) => problems.extend(found),
    }
}

/// The rule files under some paths, in order.
fn files(paths: &[PathBuf], problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_file() {
            found.push(path.clone());
            continue;
        }
        match std::fs::read_dir(path) {
            Ok(entries) => found.extend(entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_rule_file(path))),
            Err(error) => problems.push(Problem::error("rules-folder", format!("cannot read {}: {error}", path.display())).of(path)),
        }
    }
    found.sort();
    found.dedup();
    found
}

fn is_rule_file(path: &Path) -> bool {
    path.is_file() && path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_rules_are_good() {
        let mut sources = Sources::default();
        let problems = load(&mut sources, &[]).err().unwrap_or_default();
        let told: Vec<String> = problems
            .iter()
            .map(|problem| {
                let place = problem.span.map(|span| sources.place(span));
                let place = place.map_or_else(String::new, |place| format!("{}:{}:{}", place.file, place.start.line, place.start.column));
                format!("{place}: {} ({})", problem.message, problem.help.as_deref().unwrap_or(""))
            })
            .collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
    }

    #[test]
    fn a_slip_in_a_rule_is_told_at_its_place() {
        let mut sources = Sources::default();
        let text = "title: x\nfamily: contract\nlevel: error\nfor: change\nwhen: table.rowz > 1\nmessage: \"{tabel.name}\"\nwhy: y\n";
        let source = sources.add("own-rule.yml", text);
        let problems = read_one(&sources, source, "own-rule", Origin::Own).unwrap_err();
        let told: Vec<(String, String)> = problems.iter().map(|problem| (sources.slice(problem.span.unwrap()).to_owned(), problem.message.clone())).collect();
        assert_eq!(
            told,
            [("table.rowz".to_owned(), "there is no fact `table.rowz`".to_owned()), ("tabel.name".to_owned(), "there is no fact `tabel.name`".to_owned()),]
        );
        assert!(problems[0].help.as_deref().unwrap().starts_with("did you mean `table.rows`?"));
    }
}
