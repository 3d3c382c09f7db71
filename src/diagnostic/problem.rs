//! One thing that is wrong with an input, told so that the reader can put it right.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::nearest;
use crate::text::{ReadError, Span};

/// The name of a kind of problem, for machines: `config-unknown-key`. Opaque here; the room that reports it chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProblemCode(pub &'static str);

/// Whether the run can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth a look; the run goes on.
    Warning,
    /// The input cannot be used: exit code 2.
    Error,
}

/// A place with a few words of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there, in a few words.
    pub text: String,
}

/// One thing that is wrong with an input of the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its kind, for machines.
    pub code: ProblemCode,
    /// Whether the run can go on.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The very place, when the input is a text that was read.
    pub span: Option<Span>,
    /// The file or folder that is meant, when there is no place in a text (it is missing, it is no text).
    pub path: Option<PathBuf>,
    /// Other places that belong to it, in the order in which they should be read.
    pub labels: Vec<Label>,
    /// How to put it right; may have several lines.
    pub help: Option<String>,
}

impl Problem {
    /// A problem that ends the run.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self { code: ProblemCode(code), severity: Severity::Error, message: message.into(), span: None, path: None, labels: Vec::new(), help: None }
    }

    /// A problem that the run survives.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Points at the place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Names the file or folder.
    #[must_use]
    pub fn of(mut self, path: &Path) -> Self {
        self.path = Some(path.to_path_buf());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says how to put it right; said twice, both are kept, each on its line.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        self.help = Some(match self.help.take() {
            Some(earlier) => format!("{earlier}\n{text}"),
            None => text,
        });
        self
    }

    /// Says which words are allowed here, the one that `word` was probably meant to be first.
    #[must_use]
    pub fn allowed<'a>(self, word: &str, allowed: impl IntoIterator<Item = &'a str>) -> Self {
        let allowed: Vec<&str> = allowed.into_iter().collect();
        match allowed_words(word, &allowed) {
            Some(text) => self.help(text),
            None => self,
        }
    }

    /// Whether it ends the run.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// More allowed words than this are not all shown.
const SHOWN_WORDS: usize = 24;

/// `did you mean …` and the list of what is allowed; `None` when nothing is.
fn allowed_words(word: &str, allowed: &[&str]) -> Option<String> {
    if allowed.is_empty() {
        return None;
    }
    let mut text = String::new();
    if let Some(near) = nearest(word, allowed.iter().copied()) {
        let _ = writeln!(text, "did you mean `{near}`?");
    }
    let shown = allowed.iter().take(SHOWN_WORDS).copied().collect::<Vec<_>>().join(", ");
    let _ = write!(text, "allowed here: {shown}");
    if let Some(more) = allowed.len().checked_sub(SHOWN_WORDS).filter(|more| *more > 0) {
        let _ = write!(text, " and {more} more");
    }
    Some(text)
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        let message = error.to_string();
        let help = miette::Diagnostic::help(&error).map(|help| help.to_string());
        let (code, path) = match error {
            ReadError::Io { path, reason } if reason.kind() == std::io::ErrorKind::NotFound => ("file-not-found", path),
            ReadError::Io { path, .. } => ("file-not-readable", path),
            ReadError::TooLarge { path, .. } => ("file-too-large", path),
            ReadError::NotUtf8 { path, .. } => ("file-not-utf8", path),
            ReadError::Nul { path, .. } => ("file-holds-nul", path),
        };
        let problem = Problem::error(code, message).of(&path);
        match help {
            Some(help) => problem.help(help),
            None => problem,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meant_word_comes_before_the_list() {
        let problem = Problem::error("config-unknown-key", "unknown key `dialekt`").allowed("dialekt", ["catalog", "dialect"]);
        assert_eq!(problem.help.as_deref(), Some("did you mean `dialect`?\nallowed here: catalog, dialect"));
    }

    #[test]
    fn a_missing_file_is_a_problem_of_its_own_kind() {
        let error = crate::text::Sources::default().load(Path::new("no/such/file.yml")).unwrap_err();
        let problem = Problem::from(error);
        assert_eq!(problem.code, ProblemCode("file-not-found"));
        assert!(problem.message.starts_with("cannot read no/such/file.yml: "));
    }
}
