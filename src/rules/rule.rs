//! A rule that has been checked: every name in it is known.
//!
//! In: a [`RuleFile`] and where it stands. Out: a [`Rule`], or every [`Problem`] in the file at its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::condition::{Condition, ConditionFault};
use super::fact::Fact;
use super::fact_table::{fact_named, fact_table};
use super::fact_type::{FactType, Subject};
use super::facts::{change, file, statement};
use super::rule_file::{ExampleFile, LevelChoice, RuleFile};
use super::template::{Template, TemplateFault};
use super::{Family, Level, LevelSetting};
use crate::diagnostic::Problem;
use crate::hazard::Operation;
use crate::text::{Sources, Span, Spanned};

/// How bad a rule's findings are when the configuration says nothing.
#[derive(Clone, Debug)]
pub(super) enum LevelPlan {
    /// Always so bad.
    Always(Level),
    /// By the words of a fact.
    ByFact(&'static Fact, BTreeMap<String, LevelSetting>),
}

/// Whether a rule speaks when the configuration does not name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// It speaks.
    On,
    /// It is silent until it is given a level.
    OptIn,
}

/// Where a rule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It comes with fieldgate.
    BuiltIn,
    /// It is the organisation's own.
    Own,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// The stem of its file's name.
    pub id: Arc<str>,
    /// What it is about, in a few words.
    pub title: String,
    /// What it is for.
    pub family: Family,
    /// Whether it speaks by itself.
    pub activation: Activation,
    /// Where it comes from.
    pub origin: Origin,
    /// What it looks at.
    pub subject: Subject,
    /// Which kinds of it; all when empty.
    pub kinds: Vec<String>,
    /// Why it matters.
    pub why: String,
    /// The condition as written.
    pub condition_text: Option<String>,
    /// What to do, as written.
    pub help_text: Option<String>,
    /// The safe way as SQL, as written.
    pub safe_text: Option<String>,
    /// The vendor's page.
    pub link: Option<String>,
    /// Cases that show it.
    pub examples: Vec<ExampleFile>,
    /// Its file.
    pub file: Span,
    pub(super) level: LevelPlan,
    /// The list whose elements it is asked about, one after the other.
    pub(super) each: Option<&'static Fact>,
    pub(super) when: Option<Condition>,
    pub(super) message: Template,
    pub(super) help: Option<Template>,
    pub(super) safe: Option<Template>,
}

impl Rule {
    /// Its levels, for people: one word, or one for each word of a fact.
    pub fn level_phrase(&self) -> String {
        match &self.level {
            LevelPlan::Always(level) => level.as_str().to_owned(),
            LevelPlan::ByFact(fact, levels) => {
                let parts: Vec<String> = levels.iter().map(|(word, level)| format!("{} when `{}` is `{word}`", level.as_str(), fact.name)).collect();
                parts.join(", ")
            }
        }
    }

    /// Its worst and mildest level, in a few words.
    pub fn level_summary(&self) -> String {
        match &self.level {
            LevelPlan::Always(level) => level.as_str().to_owned(),
            LevelPlan::ByFact(_, levels) => {
                let mut words: Vec<LevelSetting> = levels.values().copied().filter(|level| *level != LevelSetting::Off).collect();
                words.sort();
                words.dedup();
                words.iter().rev().map(|level| level.as_str()).collect::<Vec<_>>().join(" · ")
            }
        }
    }

    /// Whether what happens to consumers decides how bad it is.
    pub(super) fn goes_by_consumers(&self) -> bool {
        self.subject == Subject::Effect || matches!(&self.level, LevelPlan::ByFact(fact, _) if fact.name.starts_with("consumers."))
    }

    /// Whether a finding of it tells which consumers are hit.
    pub(super) fn names_consumers(&self) -> bool {
        let about = |fact: &Fact| fact.name.starts_with("consumers.") || fact.name == "effect.consumer";
        let by_level = matches!(&self.level, LevelPlan::ByFact(fact, _) if about(fact));
        by_level || self.message.facts().any(about)
    }
}

/// The kinds of a subject, for `kinds:`; empty when it has none.
pub fn kinds_of(subject: Subject) -> &'static [&'static str] {
    match subject {
        Subject::Change => change::KINDS,
        Subject::Statement => statement::KINDS,
        Subject::Table => Operation::WORDS,
        Subject::Effect
        | Subject::Migration
        | Subject::WayBack
        | Subject::Refusal
        | Subject::MayFail
        | Subject::NotJudged
        | Subject::Suppression
        | Subject::File
        | Subject::SignOff => &[],
    }
}

/// Checks a rule file.
pub(super) fn check(sources: &Sources, id: &str, origin: Origin, file: Span, written: RuleFile) -> Result<Rule, Vec<Problem>> {
    let mut check = Check { sources, problems: Vec::new() };
    check.id(id, file);
    let family = check.word(&written.family, &["contract", "operation"], |word| if word == "contract" { Family::Contract } else { Family::Operation });
    let subject = check.subject(&written.subject);
    let activation = match &written.default {
        Some(word) => check.word(word, &["on", "off"], |word| if word == "off" { Activation::OptIn } else { Activation::On }).unwrap_or(Activation::On),
        None => Activation::On,
    };
    let level = check.level(&written, subject, file);
    if let Some(subject) = subject {
        check.kinds(&written.kinds, subject);
    }
    let each = written.each.as_ref().and_then(|list| check.each(list, subject));
    let when = written.when.as_ref().zip(subject).and_then(|(text, subject)| check.condition(text, subject));
    let message = subject.and_then(|subject| check.template(&written.message, subject));
    let help = written.help.as_ref().zip(subject).and_then(|(text, subject)| check.template(text, subject));
    let safe = written.safe.as_ref().zip(subject).and_then(|(text, subject)| check.template(text, subject));
    check.link(written.link.as_ref());
    check.examples(&written.examples);
    let (Some(family), Some(subject), Some(level), Some(message)) = (family, subject, level, message) else { return Err(check.problems) };
    if !check.problems.is_empty() {
        return Err(check.problems);
    }
    Ok(Rule {
        id: id.into(),
        title: written.title.value,
        family,
        activation,
        origin,
        subject,
        kinds: written.kinds.into_iter().map(|kind| kind.value).collect(),
        why: written.why.value.trim().to_owned(),
        condition_text: written.when.map(|text| text.value.trim().to_owned()),
        help_text: written.help.map(|text| text.value.trim().to_owned()),
        safe_text: written.safe.map(|text| text.value.trim().to_owned()),
        link: written.link.map(|link| link.value),
        examples: written.examples,
        file,
        level,
        each,
        when,
        message,
        help,
        safe,
    })
}

struct Check<'s> {
    sources: &'s Sources,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn id(&mut self, id: &str, file: Span) {
        let good = id.contains('-') && id.chars().all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-');
        if !good {
            let problem = Problem::error("rule-name", format!("`{id}` is no name for a rule")).at(Span::new(file.source, 0, 0));
            self.problems.push(problem.help("name the file for the fault: lower-case words with hyphens, as in `column-dropped.yml`"));
        }
    }

    fn word<T>(&mut self, written: &Spanned<String>, allowed: &[&'static str], find: impl Fn(&str) -> T) -> Option<T> {
        if allowed.contains(&written.value.as_str()) {
            return Some(find(&written.value));
        }
        let problem = Problem::error("rule-unknown-word", format!("`{}` is not known here", written.value)).at(written.span);
        self.problems.push(problem.allowed(&written.value, allowed.iter().copied()));
        None
    }

    fn subject(&mut self, written: &Spanned<String>) -> Option<Subject> {
        let words: Vec<&'static str> = Subject::ALL.iter().map(|subject| subject.as_str()).collect();
        self.word(written, &words, |word| Subject::ALL.iter().copied().find(|subject| subject.as_str() == word)).flatten()
    }

    fn level(&mut self, written: &RuleFile, subject: Option<Subject>, file: Span) -> Option<LevelPlan> {
        match (&written.level, &written.level_by) {
            (Some(level), None) => self.setting(level).and_then(|setting| match setting {
                LevelSetting::At(level) => Some(LevelPlan::Always(level)),
                LevelSetting::Off => {
                    self.problems.push(
                        Problem::error("rule-level", "a rule is switched off with `default: off`, and keeps a level for those who switch it on").at(level.span),
                    );
                    None
                }
            }),
            (None, Some(choice)) => self.level_by(choice, subject),
            (Some(_), Some(choice)) => {
                self.problems.push(Problem::error("rule-level", "`level` and `level_by` exclude each other").at(choice.fact.span));
                None
            }
            (None, None) => {
                self.problems.push(Problem::error("rule-level", "a rule needs `level` or `level_by`").at(Span::new(file.source, 0, 0)));
                None
            }
        }
    }

    fn setting(&mut self, written: &Spanned<String>) -> Option<LevelSetting> {
        self.word(written, LevelSetting::WORDS, LevelSetting::from_word).flatten()
    }

    fn level_by(&mut self, choice: &LevelChoice, subject: Option<Subject>) -> Option<LevelPlan> {
        let fact = self.fact(&choice.fact.value, choice.fact.span, subject)?;
        let FactType::Word(words) = fact.data_type else {
            let problem = Problem::error("rule-level", format!("levels go by the words of a fact, and `{}` is {}", fact.name, fact.data_type.title()));
            self.problems.push(problem.at(choice.fact.span));
            return None;
        };
        let mut levels = BTreeMap::new();
        for (word, level) in &choice.levels.0 {
            let known = self.word(word, words, str::to_owned);
            if let (Some(word), Some(level)) = (known, self.setting(level)) {
                levels.insert(word, level);
            }
        }
        let missing: Vec<&str> = words.iter().copied().filter(|word| !choice.levels.0.iter().any(|(own, _)| own.value == *word)).collect();
        if !missing.is_empty() {
            let problem = Problem::error("rule-level", format!("no level is given for {}", missing.join(", "))).at(choice.fact.span);
            self.problems.push(problem.help("every word of the fact needs a level, `off` too, so that none is forgotten"));
        }
        Some(LevelPlan::ByFact(fact, levels))
    }

    fn fact(&mut self, name: &str, span: Span, subject: Option<Subject>) -> Option<&'static Fact> {
        let allowed = || fact_table().filter(|fact| subject.is_none_or(|subject| fact.subjects.contains(&subject))).map(|fact| fact.name);
        match fact_named(name) {
            None => {
                self.problems.push(Problem::error("rule-unknown-fact", format!("there is no fact `{name}`")).at(span).allowed(name, allowed()));
                None
            }
            Some(fact) if subject.is_some_and(|subject| !fact.subjects.contains(&subject)) => {
                let about = subject.map_or("", Subject::as_str);
                self.problems.push(Problem::error("rule-unknown-fact", format!("`{name}` is not known `for: {about}`")).at(span).allowed(name, allowed()));
                None
            }
            Some(fact) => Some(fact),
        }
    }

    fn each(&mut self, written: &Spanned<String>, subject: Option<Subject>) -> Option<&'static Fact> {
        let fact = self.fact(&written.value, written.span, subject)?;
        if matches!(fact.data_type, FactType::Texts | FactType::Words(_)) {
            return Some(fact);
        }
        let problem = Problem::error("rule-each", format!("a rule goes through a list, and `{}` is {}", fact.name, fact.data_type.title()));
        self.problems.push(problem.at(written.span));
        None
    }

    fn kinds(&mut self, written: &[Spanned<String>], subject: Subject) {
        let allowed = kinds_of(subject);
        for kind in written {
            if allowed.is_empty() {
                self.problems.push(Problem::error("rule-kinds", format!("`for: {}` has no kinds", subject.as_str())).at(kind.span));
                return;
            }
            self.word(kind, allowed, |_| ());
        }
    }

    fn condition(&mut self, written: &Spanned<String>, subject: Subject) -> Option<Condition> {
        match Condition::compile(&written.value, subject) {
            Ok(condition) => Some(condition),
            Err(ConditionFault { message, words, allowed }) => {
                let problem = Problem::error("rule-condition", message).at(self.place(written.span, &words));
                self.problems.push(if allowed.is_empty() { problem } else { problem.allowed(&words, allowed) });
                None
            }
        }
    }

    fn template(&mut self, written: &Spanned<String>, subject: Subject) -> Option<Template> {
        match Template::parse(&written.value) {
            Ok(template) => {
                for fact in template.facts() {
                    self.fact(fact.name, self.place(written.span, fact.name), Some(subject));
                }
                Some(template)
            }
            Err(TemplateFault::Unknown(name)) => {
                let place = self.place(written.span, &name);
                self.fact(&name, place, Some(subject));
                None
            }
            Err(TemplateFault::Brace(_)) => {
                let problem = Problem::error("rule-message", "a brace stands alone").at(written.span);
                self.problems.push(problem.help("a fact stands in braces, as in `{table.name}`; write `{{` for a brace that stays"));
                None
            }
        }
    }

    fn link(&mut self, written: Option<&Spanned<String>>) {
        if let Some(link) = written.filter(|link| !link.value.starts_with("https://")) {
            self.problems.push(Problem::error("rule-link", format!("`{}` is no https address", link.value)).at(link.span));
        }
    }

    fn examples(&mut self, written: &[ExampleFile]) {
        for example in written {
            if let Some(mode) = &example.transaction {
                self.word(mode, &["wrapped", "each_statement"], |_| ());
            }
            if let Some(file) = &example.file {
                let (event, standing) = file.value.split_once(' ').unwrap_or((&file.value, "waiting"));
                for (word, allowed) in [
                    (event, file::KINDS.iter().map(|(_, word)| *word).collect::<Vec<_>>()),
                    (standing, file::STANDINGS.iter().map(|(_, word)| *word).collect()),
                ] {
                    self.word(&Spanned::new(word.to_owned(), file.span), &allowed, |_| ());
                }
            }
            if let Some(level) = &example.level {
                self.setting(level);
            }
        }
    }

    /// The words inside a value, where they stand as written; else the value.
    fn place(&self, value: Span, words: &str) -> Span {
        let found = if words.is_empty() { None } else { self.sources.slice(value).find(words) };
        let offset = found.and_then(|at| u32::try_from(at).ok()).zip(u32::try_from(words.len()).ok());
        offset.map_or(value, |(at, length)| Span::new(value.source, value.start + at, value.start + at + length))
    }
}
