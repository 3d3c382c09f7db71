//! A finding or a problem with its text underlined.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, Severity, SourceCode};

use super::Looks;
use crate::text::{Sources, Span};

/// Something to show at a place. Severity and code stand in front of the message.
#[derive(Debug)]
struct Shown {
    code: String,
    message: String,
    help: Option<String>,
    url: Option<String>,
    severity: Severity,
    labels: Vec<LabeledSpan>,
    source: Option<NamedSource<String>>,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.code.is_empty()).then(|| Box::new(&self.code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.url.as_ref().map(|url| Box::new(url) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// What to say, and where.
#[derive(Clone, Debug)]
pub struct Snippet<'a> {
    /// The rule's or the problem's name.
    pub code: &'a str,
    /// One sentence.
    pub message: &'a str,
    /// What to do.
    pub help: Option<&'a str>,
    /// Where to read more.
    pub url: Option<&'a str>,
    /// Error, warning or advice.
    pub severity: Severity,
    /// Places, each with a word or two; the first is the main one. All of one source.
    pub places: Vec<(Span, String)>,
}

/// The snippet as text, with a line end.
pub fn snippet(sources: &Sources, said: &Snippet<'_>, looks: Looks) -> String {
    let source = said.places.first().and_then(|(span, _)| sources.get(span.source));
    let named = source.map(|source| NamedSource::new(source.name(), source.text().to_string()));
    let main = said.places.first().map(|(span, _)| span.source);
    let labels = said.places.iter().filter(|(span, _)| Some(span.source) == main).map(|(span, text)| {
        let text = (!text.is_empty()).then(|| text.clone());
        LabeledSpan::new(text, span.start as usize, (span.len() as usize).max(1))
    });
    let shown = Shown {
        code: said.code.to_owned(),
        message: said.message.to_owned(),
        help: said.help.map(str::to_owned),
        url: said.url.map(str::to_owned),
        severity: said.severity,
        labels: labels.collect(),
        source: named,
    };
    let theme = match (looks.color, looks.unicode) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme { characters: miette::ThemeCharacters::ascii(), styles: miette::ThemeStyles::ansi() },
        (false, true) => GraphicalTheme::unicode_nocolor(),
        (false, false) => GraphicalTheme::none(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(looks.width).with_links(false).with_context_lines(1);
    let mut text = String::new();
    // Writing to a string does not fail; if it did, the message itself is what must not be lost.
    if handler.render_report(&mut text, &shown).is_err() {
        text = format!("{}: {}\n", said.code, said.message);
    }
    text
}
