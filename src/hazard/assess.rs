//! Steps of a run, in order → one [`Hazard`] each, with what is held and which timeouts are in force.

use super::Hazard;
use crate::migrate::{Run, ScriptInput};

/// What the tool that runs migrations sets on its connection, as the configuration declares it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunnerSettings {
    /// `lock_timeout` in milliseconds.
    pub lock_timeout_ms: Option<u64>,
    /// `statement_timeout` in milliseconds.
    pub statement_timeout_ms: Option<u64>,
}

/// What each step does to the running database, in the order of the steps.
pub fn assess(scripts: &[ScriptInput<'_>], run: &Run, runner: RunnerSettings) -> Vec<Hazard> {
    let _ = (scripts, run, runner);
    Vec::new()
}
