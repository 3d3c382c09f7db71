//! JSON, for programs.

use super::format::Format;
use super::report::Report;

/// `--format json`.
pub(super) static JSON: Format = Format {
    name: "json",
    about: "one versioned document with everything, for programs",
    ending: "json",
    render: |answer, _| {
        // The document holds nothing that JSON cannot say.
        let mut text = serde_json::to_string_pretty(&Report::of(answer)).unwrap_or_default();
        text.push('\n');
        text
    },
};
