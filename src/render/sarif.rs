//! SARIF 2.1.0, as GitHub's code scanning takes it.
//!
//! Its own few shapes instead of a crate's several hundred: what GitHub reads of the standard is this much, and what it asks for beyond the standard
//! (`help.text`, a location with a region, a fingerprint) no crate demands. `docs.github.com/code-security/reference/code-scanning/sarif-files`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::format::Format;
use super::remark::{NOT_JUDGED, Remark, path_in_repository, remarks, spot};
use super::words::consumer_name;
use crate::gate::Answer;
use crate::rules::{Family, Level, Rule, SuppressedBy};
use crate::text::Span;

/// `--format sarif`.
pub(super) static SARIF: Format = Format {
    name: "sarif",
    about: "SARIF 2.1.0, for GitHub code scanning and editors",
    ending: "sarif",
    render: |answer, _| format!("{:#}\n", document(answer)),
};

/// GitHub shows so many characters of a description.
const LONGEST_DESCRIPTION: usize = 1000;

/// Locations of one result beside the first; GitHub keeps a hundred.
const MOST_RELATED: usize = 50;

fn document(answer: &Answer) -> Value {
    let said = remarks(answer);
    let names: BTreeSet<&str> = said.iter().map(|remark| remark.rule).collect();
    let index: BTreeMap<&str, usize> = names.iter().enumerate().map(|(index, name)| (*name, index)).collect();
    let rules: Vec<Value> = names.iter().map(|name| answer.rules.get(name).map_or_else(not_judged_rule, rule)).collect();
    let results: Vec<Value> = said.iter().map(|remark| result(answer, remark, &index)).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "fieldgate",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "automationDetails": { "id": format!("fieldgate/{}", answer.folder_in_repository) },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The root of the repository." } } },
            "results": results,
        }],
    })
}

fn rule(rule: &Rule) -> Value {
    let family = match rule.family {
        Family::Contract => "contract",
        Family::Operation => "operation",
    };
    let mut help = format!("{}\n\nfieldgate explain {} says more.", rule.why.trim(), rule.id);
    let mut markdown = format!("{}\n\n`fieldgate explain {}` says more.", rule.why.trim(), rule.id);
    if let Some(link) = &rule.link {
        help.push_str(&format!("\n{link}"));
        markdown.push_str(&format!("\n\n<{link}>"));
    }
    let mut entry = json!({
        "id": &*rule.id,
        "name": pascal(&rule.id),
        "shortDescription": { "text": cut(&format!("{}.", rule.title.trim_end_matches('.'))) },
        "fullDescription": { "text": cut(rule.why.trim()) },
        "help": { "text": help, "markdown": markdown },
        "defaultConfiguration": { "level": "warning" },
        "properties": { "tags": [family], "precision": "high" },
    });
    if let (Some(link), Some(entry)) = (&rule.link, entry.as_object_mut()) {
        entry.insert(String::from("helpUri"), json!(link));
    }
    entry
}

/// What was not judged has no rule of its own, and needs an entry as if it had.
fn not_judged_rule() -> Value {
    json!({
        "id": NOT_JUDGED,
        "name": pascal(NOT_JUDGED),
        "shortDescription": { "text": "Something was not understood." },
        "fullDescription": { "text": "A statement or a query was not understood, so nobody can say that it is safe." },
        "help": { "text": "Look at it, or say it in a way that can be read. What was not understood is not called safe." },
        "defaultConfiguration": { "level": "error" },
        "properties": { "tags": ["contract"], "precision": "high" },
    })
}

fn result(answer: &Answer, remark: &Remark<'_>, index: &BTreeMap<&str, usize>) -> Value {
    let level = match remark.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    };
    let text = match remark.help {
        Some(help) => format!("{}\n\n{help}", remark.message),
        None => remark.message.to_owned(),
    };
    let mut result = json!({
        "ruleId": remark.rule,
        "ruleIndex": index.get(remark.rule),
        "level": level,
        "message": { "text": text },
        "locations": [location(answer, remark.span)],
        "partialFingerprints": { "primaryLocationLineHash": format!("{}:1", remark.fingerprint), "fieldgate/v1": remark.fingerprint },
    });
    let Some(fields) = result.as_object_mut() else { return result };
    let related = related(answer, remark);
    if !related.is_empty() {
        fields.insert(String::from("relatedLocations"), Value::Array(related));
    }
    if let Some(allowed) = remark.suppressed {
        let why = allowed.words();
        let kind = match allowed.by {
            SuppressedBy::Comment => "inSource",
            SuppressedBy::SignOff | SuppressedBy::Baseline => "external",
        };
        fields.insert(
            String::from("suppressions"),
            json!([{ "kind": kind, "status": "accepted", "justification": why, "location": location(answer, Some(allowed.span)) }]),
        );
    }
    result
}

/// A place; what is in no file is shown at the settings, since a place is asked for.
fn location(answer: &Answer, span: Option<Span>) -> Value {
    if let Some(spot) = span.and_then(|span| spot(answer, span)) {
        // An empty place has no region of its own.
        let end_column = if (spot.line, spot.column) == (spot.end_line, spot.end_column) { spot.end_column + 1 } else { spot.end_column };
        return json!({ "physicalLocation": {
            "artifactLocation": { "uri": uri(&spot.path), "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": spot.line, "startColumn": spot.column, "endLine": spot.end_line, "endColumn": end_column },
        } });
    }
    let named = answer.config.source.and_then(|id| answer.sources.get(id)).map_or("fieldgate.yml", |source| source.name());
    let path = path_in_repository(answer, named).unwrap_or_else(|| String::from("fieldgate.yml"));
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&path), "uriBaseId": "%SRCROOT%" },
        "region": { "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2 },
    } })
}

/// Where consumers are hit in their own SQL.
fn related(answer: &Answer, remark: &Remark<'_>) -> Vec<Value> {
    let Some(finding) = remark.finding else { return Vec::new() };
    let hit = answer.effects.iter().filter(|effect| effect.migration == finding.migration && finding.consumers.contains(&effect.consumer));
    let mut all = Vec::new();
    for effect in hit.take(MOST_RELATED) {
        if let Some(span) = effect.evidence.span.filter(|span| spot(answer, *span).is_some()) {
            let mut place = location(answer, Some(span));
            if let Some(fields) = place.as_object_mut() {
                fields.insert(String::from("id"), json!(all.len() + 1));
                fields.insert(String::from("message"), json!({ "text": format!("{}: {}", consumer_name(answer, &effect.consumer), effect.message) }));
            }
            all.push(place);
        }
    }
    all
}

/// A path as a relative reference (RFC 3986, 4.2): everything but unreserved characters and `/` in percent.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// `column-dropped` as `ColumnDropped`, the way names of rules are written there.
fn pascal(id: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    id.split('-').map(capital).collect()
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST_DESCRIPTION { text.to_owned() } else { text.chars().take(LONGEST_DESCRIPTION - 1).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_blanks_is_a_reference() {
        assert_eq!(uri("db migrations/0001 $(x).sql"), "db%20migrations/0001%20%24%28x%29.sql");
    }

    #[test]
    fn a_rule_has_a_name_without_dashes() {
        assert_eq!(pascal("column-dropped"), "ColumnDropped");
    }
}
