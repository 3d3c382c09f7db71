//! The streams: data on stdout, everything said to a person beside it on stderr.

use std::io::{Read, Write};

use super::failure::Failure;
use crate::diagnostic::Problem;
use crate::render::{Looks, write_problems};
use crate::text::Sources;

/// The streams of a run, handed in.
pub struct Streams<'s> {
    /// Where a piped migration comes from.
    pub stdin: &'s mut dyn Read,
    /// Data.
    pub stdout: &'s mut dyn Write,
    /// Log and problems.
    pub stderr: &'s mut dyn Write,
}

/// How much is said on stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verbosity {
    /// Only what ends the run.
    Quiet,
    /// Warnings too.
    Normal,
    /// What was found and read.
    Verbose,
}

/// The streams with how each can be written to.
pub(super) struct Console<'c, 's> {
    streams: &'c mut Streams<'s>,
    /// For stdout.
    pub out: Looks,
    /// For stderr.
    pub err: Looks,
    verbosity: Verbosity,
    log: Log,
}

/// Who reads what is said on stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Log {
    /// A person.
    Plain,
    /// A runner that takes commands out of it; what is said quotes anybody, so nothing in it may be one.
    TakesCommands,
}

impl<'c, 's> Console<'c, 's> {
    pub(super) fn new(streams: &'c mut Streams<'s>, out: Looks, err: Looks, verbosity: Verbosity, log: Log) -> Self {
        Self { streams, out, err, verbosity, log }
    }

    /// A closed stderr is no reason to stop: the data is what counts.
    fn tell(&mut self, text: &str) {
        let text = match self.log {
            Log::Plain => text.to_owned(),
            Log::TakesCommands => without_commands(text),
        };
        let _ = self.streams.stderr.write_all(text.as_bytes());
    }

    /// Writes data, all at once.
    ///
    /// # Errors
    /// When stdout refuses, or nobody reads it.
    pub(super) fn data(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.streams.stdout.write_all(bytes).and_then(|()| self.streams.stdout.flush()).map_err(Failure::of_stream)
    }

    /// Says a line, with `-v`.
    pub(super) fn note(&mut self, line: &str) {
        if self.verbosity >= Verbosity::Verbose {
            self.tell(&format!("{line}\n"));
        }
    }

    /// Says a line, unless `-q`.
    pub(super) fn say(&mut self, line: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.tell(&format!("{line}\n"));
        }
    }

    /// Says what ends the run.
    pub(super) fn fail(&mut self, line: &str) {
        self.tell(&format!("{line}\n"));
    }

    /// Shows problems; warnings not with `-q`.
    pub(super) fn problems(&mut self, problems: &[Problem], sources: &Sources) {
        let shown: Vec<Problem> = problems.iter().filter(|problem| problem.is_error() || self.verbosity >= Verbosity::Normal).cloned().collect();
        let mut said = Vec::new();
        let _ = write_problems(&shown, sources, self.err, &mut said);
        self.tell(&String::from_utf8_lossy(&said));
    }

    /// Everything on stdin.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn stdin(&mut self, limit: u64) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.streams.stdin.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// A text in which GitHub's runner finds no command: it takes a line that begins with `::`, and `##[` anywhere (`ActionCommand.cs` of actions/runner).
fn without_commands(text: &str) -> String {
    let line = |line: &str| {
        let calm = line.replace("##[", "## [");
        if calm.trim_start().starts_with("::") { format!("\u{b7}{calm}") } else { calm }
    };
    text.split_inclusive('\n').map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::without_commands;

    #[test]
    fn no_line_of_a_log_is_a_command() {
        let calm = without_commands("a ::error::x\n  ::error::y\nb ##[error]z\n");
        assert_eq!(calm, "a ::error::x\n\u{b7}  ::error::y\nb ## [error]z\n");
    }
}
