//! Where a proof is made: on a throw-away server, or on the one that an address names.

use miette::Diagnostic;

use super::console::Console;
use super::environment::Environment;
use super::failure::Failure;
use crate::diagnostic::Problem;
use crate::gate::Answer;
use crate::server::{Place, ServerError, ThrowAwayServer, find_binaries};
use crate::snapshot::live::{LiveError, Settings};

/// What was asked for.
#[derive(Clone, Debug)]
pub(super) enum ProofPlace {
    /// A server of the installed programs.
    ThrowAway,
    /// Somebody's.
    Named(Box<Settings>),
}

impl ProofPlace {
    /// Understands an address.
    pub(super) fn named(address: &str, environment: &Environment) -> Result<Self, Failure> {
        let settings = Settings::new(Some(address), &environment.of_connections()).map_err(|error| of_live(&error))?;
        Ok(Self::Named(Box::new(settings)))
    }
}

/// Whether a word is an address and not a path.
pub(super) fn is_address(word: &str) -> bool {
    word.starts_with("postgres://") || word.starts_with("postgresql://") || word.contains('=')
}

/// Makes the place ready. Of several installed versions the snapshot's own is taken.
///
/// # Errors
/// When the dialect is another, nothing is installed, or the server does not start.
pub(super) fn place(wanted: ProofPlace, answer: &Answer, environment: &Environment, console: &mut Console<'_, '_>) -> Result<Place, Failure> {
    let dialect = answer.first.dialect;
    if dialect.name != "postgres" {
        let problem = Problem::error("proof-needs-postgres", format!("a plan for {} cannot be run on a PostgreSQL", dialect.name));
        return Err(problem.help("leave --prove out: the plan says itself what it is proven on").into());
    }
    match wanted {
        ProofPlace::Named(settings) => {
            console.note(&format!("proof: a database of its own on {}", settings.place()));
            Ok(Place::Named(settings))
        }
        ProofPlace::ThrowAway => {
            let major = answer.first.server.major_version;
            let path = environment.variables.get("PATH").map(String::as_str);
            let binaries = find_binaries(path, major).ok_or_else(|| of_server(&ServerError::NotInstalled))?;
            console.note(&format!("proof: a throw-away server of {}", binaries.folder.display()));
            Ok(Place::ThrowAway(Box::new(ThrowAwayServer::start(binaries).map_err(|error| of_server(&error))?)))
        }
    }
}

fn of_server(error: &ServerError) -> Failure {
    let problem = Problem::error("server-unusable", error.to_string());
    match error.help() {
        Some(help) => problem.help(help.to_string()).into(),
        None => problem.into(),
    }
}

fn of_live(error: &LiveError) -> Failure {
    let problem = Problem::error("database-unreadable", error.to_string());
    match error.help() {
        Some(help) => problem.help(help.to_string()).into(),
        None => problem.into(),
    }
}
