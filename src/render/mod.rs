//! The answer as bytes: one file for each output format, all made from the same [`crate::gate::Answer`].
//!
//! In: an answer and how the reader's terminal is. Out: bytes to a stream that the caller hands in. No format computes anything the others
//! lack: what two of them say, they say from the same words ([`words`]).

mod coverage;
mod format;
mod github;
mod gitlab;
mod html;
mod investigation;
mod json;
mod junit;
mod lineage_document;
mod markdown;
mod markdown_text;
mod mermaid;
mod plan_document;
mod problem;
mod rdjson;
mod remark;
mod report;
mod role_word;
mod route_map;
mod runbook;
mod safe_way;
mod sarif;
mod snippet;
mod text;
mod uses_document;
mod words;

pub use coverage::coverage_text;
pub use format::{Format, Looks};
pub use github::{annotations, github_command};
pub use investigation::{Investigation, Occurrence, investigation_text};
pub use lineage_document::{LineageOf, lineage_json, lineage_text};
pub use markdown::unusable_summary;
pub use plan_document::plan_json;
pub use problem::{ProblemReport, problem, write_problems};
pub use report::Report;
pub use runbook::{checks_script, clean_up_script, runbook, script};
pub use safe_way::{safe_file_name, safe_json, safe_runbook, safe_script};
pub use snippet::{Snippet, snippet};
pub use words::{change_sentence, consumer_label, counts};

/// The format for people at a terminal.
pub static TEXT: &Format = &text::TEXT;

/// The format for the log of GitHub Actions.
pub static GITHUB: &Format = &github::GITHUB;

/// The format for other programs.
pub static JSON: &Format = &json::JSON;

/// The summary of a job.
pub static MARKDOWN: &Format = &markdown::MARKDOWN;

/// The comment on a pull request.
pub static COMMENT: &Format = &markdown::COMMENT;

/// The report for people.
pub static HTML: &Format = &html::HTML;

/// The format for code scanning.
pub static SARIF: &Format = &sarif::SARIF;

/// The format that every CI shows.
pub static JUNIT: &Format = &junit::JUNIT;

/// All formats of `check`, in the order in which they are listed to a user.
pub static ALL: &[&Format] =
    &[TEXT, &json::JSON, &markdown::MARKDOWN, &markdown::COMMENT, &html::HTML, &sarif::SARIF, GITHUB, &gitlab::GITLAB, &junit::JUNIT, &rdjson::RDJSON];

/// The format of that name, or `None`.
pub fn named(name: &str) -> Option<&'static Format> {
    ALL.iter().copied().find(|format| format.name == name)
}
pub use uses_document::{uses_json, uses_markdown, uses_text};
