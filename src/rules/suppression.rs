//! `-- fieldgate: allow RULE[, RULE] until YYYY-MM-DD: reason`, read from the comments of a migration.
//!
//! Before a statement, inside it, or behind it on its last line, it allows the rules there; `allow-file` allows them in the whole file.
//! Reason and last day are not optional. What is wrong with a comment, and what it was good for, becomes a [`Fault`] for the rules to tell.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::{JudgedMigration, Suppressed, SuppressedBy};
use crate::diagnostic::nearest;
use crate::text::{Sources, Span};

/// Where a comment allows rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// In one statement, by index; `None` when no statement follows.
    Statement(Option<usize>),
    /// In the whole file.
    File,
}

/// One comment that allows rules.
#[derive(Clone, Debug)]
pub(super) struct Suppression {
    pub rules: Vec<Arc<str>>,
    pub reach: Reach,
    pub until: Date,
    pub reason: String,
    pub span: Span,
}

impl Suppression {
    /// Whether it speaks of a rule at a statement of its file; `None` is a finding about the file as a whole.
    pub fn covers(&self, rule: &str, statement: Option<usize>) -> bool {
        let here = match self.reach {
            Reach::File => true,
            Reach::Statement(own) => own.is_some() && own == statement,
        };
        here && self.rules.iter().any(|own| &**own == rule)
    }

    /// Whether the last day is over.
    pub fn is_expired(&self, today: Date) -> bool {
        self.until < today
    }

    /// What a finding says about being allowed.
    pub fn as_suppressed(&self) -> Suppressed {
        Suppressed { by: SuppressedBy::Comment, reason: self.reason.clone(), until: self.until.to_string(), span: self.span }
    }
}

/// What is wrong with a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum FaultKind {
    /// It cannot be read.
    Malformed,
    /// It names a rule that does not exist.
    UnknownRule,
    /// Its last day is over.
    Expired,
    /// It allows what does not happen.
    Unused,
}

impl FaultKind {
    pub const WORDS: &'static [&'static str] = &["malformed", "unknown_rule", "expired", "unused"];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::UnknownRule => "unknown_rule",
            Self::Expired => "expired",
            Self::Unused => "unused",
        }
    }
}

/// A comment that is at fault.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub kind: FaultKind,
    pub span: Span,
    /// The rule it is about, as written; empty when none can be told.
    pub rule: String,
    /// What is wrong, in a few words.
    pub message: String,
    /// The rule that was probably meant; empty when none is near.
    pub nearest: String,
    /// As written; empty when none is.
    pub until: String,
    /// As written; empty when none is.
    pub reason: String,
}

impl Fault {
    pub fn about(kind: FaultKind, suppression: &Suppression, rule: &str, message: impl Into<String>) -> Self {
        Self {
            kind,
            span: suppression.span,
            rule: rule.to_owned(),
            message: message.into(),
            nearest: String::new(),
            until: suppression.until.to_string(),
            reason: suppression.reason.clone(),
        }
    }
}

/// All comments of a migration that speak to fieldgate about rules.
pub(super) fn read(sources: &Sources, migration: &JudgedMigration<'_>, known: &BTreeSet<&str>) -> (Vec<Suppression>, Vec<Fault>) {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for span in migration.comments {
        let Some((file, rest)) = addressed(sources.slice(*span)) else { continue };
        match parse(rest) {
            Ok((rules, until, reason)) => {
                let reach = if file { Reach::File } else { Reach::Statement(statement_of(sources, migration, *span)) };
                let (good, bad): (Vec<&str>, Vec<&str>) = rules.iter().partition(|rule| known.contains(*rule));
                let suppression = Suppression { rules: good.into_iter().map(Arc::from).collect(), reach, until, reason: reason.to_owned(), span: *span };
                for rule in bad {
                    let mut fault = Fault::about(FaultKind::UnknownRule, &suppression, rule, format!("there is no rule `{rule}`"));
                    nearest(rule, known.iter().copied()).unwrap_or("").clone_into(&mut fault.nearest);
                    faults.push(fault);
                }
                found.push(suppression);
            }
            Err(message) => {
                faults.push(Fault {
                    kind: FaultKind::Malformed,
                    span: *span,
                    rule: String::new(),
                    message,
                    nearest: String::new(),
                    until: String::new(),
                    reason: String::new(),
                });
            }
        }
    }
    (found, faults)
}

/// What follows `fieldgate: allow` or `fieldgate: allow-file` in a comment, and whether the file is meant.
fn addressed(comment: &str) -> Option<(bool, &str)> {
    let inner = comment.strip_prefix("--").or_else(|| comment.strip_prefix("/*").map(|rest| rest.strip_suffix("*/").unwrap_or(rest)))?;
    let rest = inner.trim().strip_prefix("fieldgate:")?.trim();
    let (word, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    match word {
        "allow" => Some((false, rest.trim())),
        "allow-file" => Some((true, rest.trim())),
        // Any other word is meant for us too and must not pass for a mere comment.
        _ => Some((false, inner.trim())),
    }
}

fn parse(text: &str) -> Result<(Vec<&str>, Date, &str), String> {
    if let Some(rest) = text.strip_prefix("fieldgate:") {
        let word = rest.split_whitespace().next().unwrap_or("");
        return Err(format!("`{word}` is no word that is known here; they are `allow` and `allow-file`"));
    }
    let (head, reason) = text.split_once(':').map_or((text, ""), |(head, reason)| (head.trim(), reason.trim()));
    let (rules, until) = match head.split_once(" until ") {
        Some((rules, until)) => (rules.trim(), until.trim()),
        None if head.is_empty() => return Err(String::from("it names no rule")),
        None => return Err(String::from("it has no last day")),
    };
    let rules: Vec<&str> = rules.split([',', ' ']).map(str::trim).filter(|rule| !rule.is_empty()).collect();
    if rules.is_empty() {
        return Err(String::from("it names no rule"));
    }
    let until: Date = until.parse().map_err(|_| format!("`{until}` is no day"))?;
    if reason.is_empty() {
        return Err(String::from("it gives no reason"));
    }
    Ok((rules, until, reason))
}

/// The statement that a comment stands in, behind on the same line, or before.
fn statement_of(sources: &Sources, migration: &JudgedMigration<'_>, comment: Span) -> Option<usize> {
    let statements = migration.statements;
    let next = statements.partition_point(|statement| statement.span.end <= comment.start);
    let inside = statements.get(next).is_some_and(|statement| statement.span.contains(comment));
    let behind = next.checked_sub(1).filter(|previous| {
        let end = statements.get(*previous).map_or(0, |statement| statement.span.end);
        let between = sources.slice(Span::new(comment.source, end, comment.start));
        !between.contains('\n')
    });
    match behind {
        Some(previous) if !inside => Some(previous),
        _ => (next < statements.len()).then_some(next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_comment_is_read() {
        let (file, rest) = addressed("-- fieldgate: allow column-dropped, table-dropped until 2027-01-31: replaced by contact_phone: signed").unwrap();
        assert!(!file);
        let (rules, until, reason) = parse(rest).unwrap();
        assert_eq!(rules, ["column-dropped", "table-dropped"]);
        assert_eq!(until.to_string(), "2027-01-31");
        assert_eq!(reason, "replaced by contact_phone: signed");
    }

    #[test]
    fn what_is_missing_is_said() {
        assert_eq!(parse("column-dropped: because").unwrap_err(), "it has no last day");
        assert_eq!(parse("column-dropped until 2027-01-31").unwrap_err(), "it gives no reason");
        assert_eq!(parse("column-dropped until soon: x").unwrap_err(), "`soon` is no day");
        assert_eq!(parse("").unwrap_err(), "it names no rule");
    }

    #[test]
    fn other_comments_are_not_ours() {
        assert!(addressed("-- fieldgate is nice").is_none());
        assert!(addressed("/* allow column-dropped */").is_none());
        let (_, rest) = addressed("-- fieldgate: alow x until 2027-01-31: y").unwrap();
        assert!(parse(rest).unwrap_err().contains("`alow`"));
    }
}
