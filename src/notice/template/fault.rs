//! A fault of a template, at its place.

use crate::diagnostic::Problem;
use crate::text::Span;

/// Where a template stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is a whole file, so places in it are places in the file.
    File(Span),
    /// It is a value of a file.
    Value(Span),
    /// It is built in.
    BuiltIn,
}

/// What is wrong with a template, told so that it can be put right.
pub(super) fn fault(name: &str, place: Place, error: &minijinja::Error) -> Problem {
    let detail = error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
    let problem = Problem::error("notice-template-broken", format!("`{name}` cannot be filled in: {detail}"));
    match place {
        Place::BuiltIn => problem,
        Place::Value(span) => problem.at(span),
        Place::File(whole) => {
            let narrow = error.range().and_then(|range| Some((u32::try_from(range.start).ok()?, u32::try_from(range.end).ok()?)));
            let inside = |(start, end): (u32, u32)| Span::new(whole.source, whole.start.saturating_add(start), whole.start.saturating_add(end).min(whole.end));
            problem.at(narrow.map_or(whole, inside))
        }
    }
}
