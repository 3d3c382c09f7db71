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
}

impl<'c, 's> Console<'c, 's> {
    pub(super) fn new(streams: &'c mut Streams<'s>, out: Looks, err: Looks, verbosity: Verbosity) -> Self {
        Self { streams, out, err, verbosity }
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
            // A closed stderr is no reason to stop: the data is what counts.
            let _ = writeln!(self.streams.stderr, "{line}");
        }
    }

    /// Says a line, unless `-q`.
    pub(super) fn say(&mut self, line: &str) {
        if self.verbosity >= Verbosity::Normal {
            let _ = writeln!(self.streams.stderr, "{line}");
        }
    }

    /// Says what ends the run.
    pub(super) fn fail(&mut self, line: &str) {
        let _ = writeln!(self.streams.stderr, "{line}");
    }

    /// Shows problems; warnings not with `-q`.
    pub(super) fn problems(&mut self, problems: &[Problem], sources: &Sources) {
        let shown: Vec<Problem> = problems.iter().filter(|problem| problem.is_error() || self.verbosity >= Verbosity::Normal).cloned().collect();
        let _ = write_problems(&shown, sources, self.err, self.streams.stderr);
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
