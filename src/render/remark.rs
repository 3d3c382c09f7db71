//! What is said at a place, the same for every format that marks lines: findings, and what was not judged.
//!
//! In: an answer. Out: [`Remark`]s, the worst first, each with its path from the root of the repository. What a format may show, and how it escapes
//! it, is its own affair.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::gate::{Answer, blocks};
use crate::project::NotJudgedLevel;
use crate::rules::{Family, Finding, Level, Suppressed};
use crate::text::Span;

/// The name under which formats list what was not judged; no rule has it.
pub(super) const NOT_JUDGED: &str = "not-judged";

/// One thing that is said at a place.
#[derive(Clone, Debug)]
pub(super) struct Remark<'a> {
    /// How bad.
    pub level: Level,
    /// Whether it alone keeps the change from being shipped.
    pub blocks: bool,
    /// The rule's id, or [`NOT_JUDGED`].
    pub rule: &'a str,
    /// The rule's title.
    pub title: &'a str,
    /// What is the matter.
    pub message: &'a str,
    /// What to do.
    pub help: Option<&'a str>,
    /// Where to read more.
    pub link: Option<&'a str>,
    /// Where; `None` when it is about no text.
    pub span: Option<Span>,
    /// The same for the same fault when lines move; no two remarks of an answer share one.
    pub fingerprint: String,
    /// Why it does not count.
    pub suppressed: Option<&'a Suppressed>,
    /// The finding, when it is one.
    pub finding: Option<&'a Finding>,
}

/// Lines and columns as a format wants them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// From the root of the repository, with `/`.
    pub path: String,
    /// First line, from 1.
    pub line: u32,
    /// First column, from 1, in characters.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// One past the last column.
    pub end_column: u32,
}

/// Everything that is said, the worst first; within a level in the order of migrations and places. Suppressed findings stand last.
pub(super) fn remarks(answer: &Answer) -> Vec<Remark<'_>> {
    let mut all: Vec<Remark<'_>> = answer.findings.iter().map(|finding| of_finding(answer, finding)).collect();
    all.extend(not_judged(answer));
    // Who is hit comes before how long it takes.
    let is_operation = |remark: &Remark<'_>| remark.finding.is_some_and(|finding| finding.family == Family::Operation);
    all.sort_by_key(|remark| (remark.suppressed.is_some(), !remark.blocks, std::cmp::Reverse(remark.level), is_operation(remark)));
    all
}

/// The remarks that count: not allowed, and more than for the record.
pub(super) fn counted_remarks(answer: &Answer) -> Vec<Remark<'_>> {
    remarks(answer).into_iter().filter(|remark| remark.suppressed.is_none() && (remark.level > Level::Info || remark.blocks)).collect()
}

fn of_finding<'a>(answer: &'a Answer, finding: &'a Finding) -> Remark<'a> {
    Remark {
        level: finding.level,
        blocks: blocks(answer.config.gate, finding),
        rule: &finding.rule,
        title: answer.rules.get(&finding.rule).map_or("", |rule| rule.title.as_str()),
        message: &finding.message,
        help: finding.help.as_deref(),
        link: finding.link.as_deref(),
        span: Some(finding.span),
        fingerprint: finding.fingerprint.clone(),
        suppressed: finding.suppressed.as_ref(),
        finding: Some(finding),
    }
}

/// What was not judged and no finding tells already, at the level of the gate.
fn not_judged(answer: &Answer) -> Vec<Remark<'_>> {
    let level = match answer.config.gate.not_judged {
        NotJudgedLevel::Error => Level::Error,
        NotJudgedLevel::Warning => Level::Warning,
        NotJudgedLevel::Off => Level::Info,
    };
    let mut told: BTreeMap<Span, Vec<&Finding>> = BTreeMap::new();
    for finding in answer.findings.iter().filter(|finding| finding.suppressed.is_none() && finding.level >= level) {
        told.entry(finding.span).or_default().push(finding);
    }
    let mut same: BTreeMap<(&str, &str, &str), u32> = BTreeMap::new();
    let mut all = Vec::new();
    for item in &answer.not_judged {
        let findings = item.span.and_then(|span| told.get(&span));
        if findings.is_some_and(|findings| findings.iter().any(|finding| finding.message.contains(&item.reason))) {
            continue;
        }
        let migration = item.migration.and_then(|index| answer.migrations.get(index as usize)).map_or("", |judged| judged.migration.name.as_str());
        let consumer = item.consumer.as_deref().unwrap_or("");
        let same = same.entry((migration, consumer, &item.reason)).or_insert(0);
        *same += 1;
        all.push(Remark {
            level,
            blocks: answer.config.gate.not_judged == NotJudgedLevel::Error,
            rule: NOT_JUDGED,
            title: "Not judged",
            message: &item.reason,
            help: Some("What was not understood is not called safe. Look at it, or say it in a way that can be read."),
            link: None,
            span: item.span,
            fingerprint: fingerprint(&[NOT_JUDGED, migration, consumer, &item.reason, &same.to_string()]),
            suppressed: None,
            finding: None,
        });
    }
    all
}

/// Hex of a hash over words.
pub(super) fn fingerprint(words: &[&str]) -> String {
    let hash = Sha256::digest(words.join("\n").as_bytes());
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Where a span is, from the root of the repository; `None` for a text that is in no file.
pub(super) fn spot(answer: &Answer, span: Span) -> Option<Spot> {
    let place = answer.sources.place(span);
    let path = path_in_repository(answer, &place.file)?;
    Some(Spot { path, line: place.start.line, column: place.start.column, end_line: place.end.line, end_column: place.end.column })
}

/// A path as typed, from the root of the repository; `None` for what is in no file, or outside.
pub(super) fn path_in_repository(answer: &Answer, file: &str) -> Option<String> {
    if file.starts_with('<') || file.starts_with('/') || file.get(1..3).is_some_and(|drive| drive == ":/") {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in answer.folder_in_repository.split('/').chain(file.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}
