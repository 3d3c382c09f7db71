//! Problems as a person reads them: the sentence, the text underlined, other places, the way out.

use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode, SourceSpan, ThemeCharacters, ThemeStyles};

use super::format::Looks;
use crate::diagnostic::{Label, Problem, Severity};
use crate::text::{Sources, Span};

/// A line longer than this is not shown: a file on one line would fill the screen.
const LONGEST_SHOWN_LINE: usize = 400;

/// A problem with the texts it points at, for `miette`.
#[derive(Debug)]
pub struct ProblemReport {
    message: String,
    code: &'static str,
    severity: miette::Severity,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    source: Option<NamedSource<Arc<str>>>,
    related: Vec<ProblemReport>,
}

/// Puts a problem together with its texts.
pub fn problem(problem: &Problem, sources: &Sources) -> ProblemReport {
    let severity = match problem.severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
    };
    let mut report = ProblemReport {
        message: harmless(&problem.message),
        code: problem.code.0,
        severity,
        help: problem.help.as_deref().map(harmless),
        labels: Vec::new(),
        source: None,
        related: Vec::new(),
    };
    let Some(span) = problem.span else {
        report.related = problem.labels.iter().map(|label| elsewhere(label, sources)).collect();
        return report;
    };
    report.show(span, None, sources);
    for label in &problem.labels {
        if label.span.source == span.source && report.source.is_some() {
            report.labels.push(LabeledSpan::new_with_span(Some(harmless(&label.text)), shown(label.span, sources)));
        } else {
            report.related.push(elsewhere(label, sources));
        }
    }
    report
}

/// A place in another text.
fn elsewhere(label: &Label, sources: &Sources) -> ProblemReport {
    let mut report = ProblemReport {
        message: harmless(&label.text),
        code: "",
        severity: miette::Severity::Advice,
        help: None,
        labels: Vec::new(),
        source: None,
        related: Vec::new(),
    };
    report.show(label.span, None, sources);
    report
}

impl ProblemReport {
    /// Underlines a place; where its line is too long to be shown, the place goes into the sentence.
    fn show(&mut self, span: Span, text: Option<String>, sources: &Sources) {
        let place = sources.place(span);
        let line = sources.get(span.source).and_then(|source| source.lines().line(source.text(), place.start.line));
        match sources.get(span.source) {
            Some(source) if line.is_some_and(|line| line.len() <= LONGEST_SHOWN_LINE) => {
                self.source = Some(NamedSource::new(source.name(), shown_text(source.text())));
                self.labels.push(LabeledSpan::new_primary_with_span(text, shown(span, sources)));
            }
            Some(_) | None => self.message = format!("{} ({}:{}:{})", self.message, place.file, place.start.line, place.start.column),
        }
    }
}

/// The part of a span on its first line: more than one line underlined is a wall.
fn shown(span: Span, sources: &Sources) -> SourceSpan {
    let first_line = sources.slice(span).lines().next().map_or(0, str::len);
    SourceSpan::new((span.start as usize).into(), first_line)
}

/// A text without characters that would steer a terminal; every other byte stays at its place.
fn shown_text(text: &Arc<str>) -> Arc<str> {
    let steers = |character: char| steers_terminal(character) && !matches!(character, '\n' | '\r' | '\t');
    if !text.contains(steers) {
        return text.clone();
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if steers(character) {
            shown.extend(std::iter::repeat_n('?', character.len_utf8()));
        } else {
            shown.push(character);
        }
    }
    shown.into()
}

/// Escapes and the like, and the marks that turn the direction of writing, which can make a text read as what it is not.
fn steers_terminal(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A sentence without characters that would steer a terminal.
fn harmless(text: &str) -> String {
    text.chars().map(|character| if steers_terminal(character) && character != '\n' { '?' } else { character }).collect()
}

impl fmt::Display for ProblemReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ProblemReport {}

impl Diagnostic for ProblemReport {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.code.is_empty()).then(|| Box::new(self.code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        (!self.related.is_empty()).then(|| Box::new(self.related.iter().map(|report| report as &dyn Diagnostic)) as Box<dyn Iterator<Item = &dyn Diagnostic>>)
    }
}

/// Writes problems one after the other, each with an empty line after it.
///
/// # Errors
/// When the stream refuses.
pub fn write_problems(problems: &[Problem], sources: &Sources, looks: Looks, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let handler = handler(looks);
    for one in problems {
        let mut text = String::new();
        handler.render_report(&mut text, &problem(one, sources)).map_err(std::io::Error::other)?;
        let lines: Vec<&str> = text.trim_matches('\n').lines().map(str::trim_end).collect();
        writeln!(out, "{}\n", lines.join("\n"))?;
    }
    Ok(())
}

fn handler(looks: Looks) -> GraphicalReportHandler {
    let characters = if looks.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let styles = if looks.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles }).with_width(looks.width).without_syntax_highlighting().with_links(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(problem: Problem, sources: &Sources) -> String {
        let mut out = Vec::new();
        write_problems(&[problem], sources, Looks { unicode: false, ..Looks::default() }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_place_in_another_file_is_shown_too() {
        let mut sources = Sources::default();
        let first = sources.add("a.yml", "x: 1\n");
        let second = sources.add("b.yml", "# head\nx: 2\n");
        let problem =
            Problem::error("catalog-id-twice", "the consumer `x` is declared twice").at(Span::new(second, 7, 8)).label(Span::new(first, 0, 1), "first here");
        let text = written(problem.help("give one another id"), &sources);
        for part in ["catalog-id-twice", "b.yml:2:1", "first here", "a.yml:1:1", "help: give one another id"] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }

    #[test]
    fn a_text_cannot_steer_the_terminal() {
        let mut sources = Sources::default();
        let id = sources.add("a.sql", "SELECT '\u{1b}[2J'\n");
        let text = written(Problem::error("x", "odd \u{1b}[31m").at(Span::new(id, 0, 6)), &sources);
        assert!(!text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn a_file_on_one_line_is_named_and_not_shown() {
        let mut sources = Sources::default();
        let id = sources.add("a.json", "x".repeat(5000));
        let text = written(Problem::error("x", "odd").at(Span::new(id, 4000, 4001)), &sources);
        assert!(text.contains("odd (a.json:1:4001)") && text.len() < 200, "{text}");
    }
}
