//! What surrounds the process: variables, the working folder, the clock, the terminal. Read once, so that tests can bring their own.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::render::{self, Format, Looks};
use crate::snapshot::live;

/// The colour that was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ColourChoice {
    /// As the terminal and the environment say.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Whether somebody looks at a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// A person at a terminal.
    Terminal,
    /// A file or a pipe.
    Other,
}

/// What surrounds the process.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Environment variables.
    pub variables: BTreeMap<String, String>,
    /// The absolute working folder.
    pub working_folder: PathBuf,
    /// What the clock says.
    pub clock: Timestamp,
    /// Who reads stdout.
    pub stdout: Receiver,
    /// Who reads stderr.
    pub stderr: Receiver,
    /// Columns of the terminal, when there is one.
    pub width: Option<usize>,
}

impl Environment {
    /// The surroundings of this process.
    pub fn of_process() -> Self {
        let receiver = |is_terminal: bool| if is_terminal { Receiver::Terminal } else { Receiver::Other };
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Self {
            variables: std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))).collect(),
            working_folder: std::env::current_dir().unwrap_or_default(),
            clock: Timestamp::now(),
            stdout: receiver(std::io::stdout().is_terminal()),
            stderr: receiver(std::io::stderr().is_terminal()),
            width,
        }
    }

    /// The format of `check` when none is asked for: GitHub's runner reads annotations out of the log.
    pub(super) fn usual_format(&self) -> &'static Format {
        if self.is_on_github_actions() { render::GITHUB } else { render::TEXT }
    }

    /// Whether GitHub's runner reads what is said.
    pub(super) fn is_on_github_actions(&self) -> bool {
        self.variables.get("GITHUB_ACTIONS").is_some_and(|value| value == "true")
    }

    /// Where the working folder lies in its repository, `warehouse/`; empty at its root, or when no repository is found above.
    pub(super) fn folder_in_repository(&self) -> String {
        let root = self.working_folder.ancestors().find(|folder| folder.join(".git").exists());
        let inside = root.and_then(|root| self.working_folder.strip_prefix(root).ok());
        let parts = inside.into_iter().flat_map(|inside| inside.iter()).map(|part| format!("{}/", part.to_string_lossy()));
        parts.collect()
    }

    /// What a connection to a database is looked up in.
    pub(super) fn of_connections(&self) -> live::Environment {
        live::Environment { variables: self.variables.clone(), home: self.variables.get("HOME").map(PathBuf::from), user: self.variables.get("USER").cloned() }
    }

    /// How a stream's receiver can show text: what was asked for, then `FORCE_COLOR` and `CLICOLOR_FORCE`, then `NO_COLOR`, `CLICOLOR=0` and
    /// `TERM=dumb`, then whether it is a terminal.
    pub(super) fn looks(&self, choice: ColourChoice, receiver: Receiver) -> Looks {
        let is_set = |name: &str| self.variables.get(name).is_some_and(|value| !value.is_empty());
        let is_forced = |name: &str| self.variables.get(name).is_some_and(|value| !value.is_empty() && value != "0");
        let is_dumb = self.variables.get("TERM").is_some_and(|term| term == "dumb");
        let is_switched_off = is_set("NO_COLOR") || is_dumb || self.variables.get("CLICOLOR").is_some_and(|value| value == "0");
        let color = match choice {
            ColourChoice::Always => true,
            ColourChoice::Never => false,
            ColourChoice::Auto if is_forced("FORCE_COLOR") || is_forced("CLICOLOR_FORCE") => true,
            ColourChoice::Auto => receiver == Receiver::Terminal && !is_switched_off,
        };
        let default = Looks::default();
        let width = self.width.filter(|_| receiver == Receiver::Terminal).map_or(default.width, |width| width.clamp(40, 160));
        Looks { color, unicode: self.has_unicode(receiver), width, ..default }
    }

    /// A terminal whose locale is not UTF-8 gets ASCII; a file or a pipe is UTF-8 as all our files are.
    fn has_unicode(&self, receiver: Receiver) -> bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(|name| self.variables.get(name)).find(|value| !value.is_empty());
        let is_utf8 = locale.is_some_and(|value| value.to_ascii_lowercase().replace('-', "").contains("utf8"));
        receiver == Receiver::Other || is_utf8 || cfg!(windows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(variables: &[(&str, &str)], choice: ColourChoice, receiver: Receiver) -> bool {
        let environment = Environment {
            variables: variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            working_folder: PathBuf::new(),
            clock: Timestamp::UNIX_EPOCH,
            stdout: receiver,
            stderr: receiver,
            width: None,
        };
        environment.looks(choice, receiver).color
    }

    #[test]
    fn what_is_asked_for_wins_over_what_is_set() {
        assert!(colour(&[("NO_COLOR", "1")], ColourChoice::Always, Receiver::Other));
        assert!(colour(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], ColourChoice::Auto, Receiver::Other));
        assert!(!colour(&[("NO_COLOR", "1")], ColourChoice::Auto, Receiver::Terminal));
        assert!(colour(&[("NO_COLOR", "")], ColourChoice::Auto, Receiver::Terminal));
        assert!(!colour(&[("TERM", "dumb")], ColourChoice::Auto, Receiver::Terminal));
        assert!(!colour(&[], ColourChoice::Auto, Receiver::Other));
    }
}
