//! reviewdog's diagnostics. Columns count UTF-8 bytes from 1, and the end is exclusive, by its `proto/rdf/reviewdog.proto`.

use serde_json::{Value, json};

use super::format::Format;
use super::remark::{Remark, counted_remarks, spot};
use crate::gate::Answer;
use crate::rules::Level;
use crate::text::{Position, Span};

/// `--format rdjson`.
pub(super) static RDJSON: Format = Format {
    name: "rdjson",
    about: "reviewdog's diagnostics",
    ending: "json",
    render: |answer, _| {
        let diagnostics: Vec<Value> = counted_remarks(answer).iter().filter_map(|remark| diagnostic(answer, remark)).collect();
        let document = json!({ "source": { "name": "fieldgate" }, "severity": "ERROR", "diagnostics": diagnostics });
        format!("{document:#}\n")
    },
};

fn diagnostic(answer: &Answer, remark: &Remark<'_>) -> Option<Value> {
    let severity = match remark.level {
        Level::Error => "ERROR",
        Level::Warning => "WARNING",
        Level::Info => "INFO",
    };
    let mut code = json!({ "value": remark.rule });
    if let (Some(link), Some(code)) = (remark.link, code.as_object_mut()) {
        code.insert(String::from("url"), json!(link));
    }
    let message = match remark.help {
        Some(help) => format!("{}\n\n{help}", remark.message),
        None => remark.message.to_owned(),
    };
    // A diagnostic without a path is refused by reviewdog; what is in no file stands in the other reports.
    let span = remark.span?;
    let spot = spot(answer, span)?;
    let (start, end) =
        (byte_position(answer, Span::new(span.source, span.start, span.start)), byte_position(answer, Span::new(span.source, span.end, span.end)));
    let range = json!({ "start": { "line": start.line, "column": start.column }, "end": { "line": end.line, "column": end.column } });
    Some(json!({ "message": message, "location": { "path": spot.path, "range": range }, "severity": severity, "code": code }))
}

/// A place with its column in bytes.
fn byte_position(answer: &Answer, at: Span) -> Position {
    let place = answer.sources.place(at).start;
    let line = answer.sources.get(at.source).and_then(|source| source.lines().line(source.text(), place.line)).unwrap_or("");
    let bytes: usize = line.chars().take(place.column.saturating_sub(1) as usize).map(char::len_utf8).sum();
    Position { line: place.line, column: u32::try_from(bytes + 1).unwrap_or(u32::MAX) }
}
