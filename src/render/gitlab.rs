//! GitLab's code quality report. Equal fingerprints collapse into one there, so each is its own and none depends on a line.

use serde_json::{Value, json};

use super::format::Format;
use super::remark::{Remark, counted_remarks, spot};
use crate::gate::Answer;
use crate::rules::Level;

/// `--format gitlab`.
pub(super) static GITLAB: Format = Format {
    name: "gitlab",
    about: "GitLab's code quality report",
    ending: "json",
    render: |answer, _| format!("{:#}\n", Value::Array(counted_remarks(answer).iter().map(|remark| issue(answer, remark)).collect())),
};

fn issue(answer: &Answer, remark: &Remark<'_>) -> Value {
    let severity = match (remark.blocks, remark.level) {
        (true, Level::Error) => "blocker",
        (true, Level::Warning | Level::Info) => "critical",
        (false, Level::Error) => "major",
        (false, Level::Warning) => "minor",
        (false, Level::Info) => "info",
    };
    // A path is asked for; what is in no file is shown at the settings, which every repository has.
    let place = remark.span.and_then(|span| spot(answer, span));
    let (path, line) = place.map_or_else(|| (settings(answer), 1), |spot| (spot.path, spot.line));
    json!({
        "description": remark.message,
        "check_name": remark.rule,
        "fingerprint": remark.fingerprint,
        "severity": severity,
        "location": { "path": path, "lines": { "begin": line } },
    })
}

/// The settings file from the root of the repository.
fn settings(answer: &Answer) -> String {
    let named = answer.config.source.and_then(|id| answer.sources.get(id)).map_or("fieldgate.yml", |source| source.name());
    super::remark::path_in_repository(answer, named).unwrap_or_else(|| String::from("fieldgate.yml"))
}
