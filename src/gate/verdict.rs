//! What findings and gaps come to under the gate's settings.

use crate::project::{FailOn, Gate, NotJudgedLevel};
use crate::rules::{Family, Finding, Level};

/// The last word. Ordered from the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing to say that matters.
    Pass,
    /// Something to look at; nothing blocks.
    Warn,
    /// Nothing blocks, but something was not judged, and that fails the gate.
    NotJudged,
    /// It must not be shipped.
    Block,
}

impl Verdict {
    /// The word in JSON: a gap that fails the gate blocks.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::NotJudged | Self::Block => "block",
        }
    }
}

/// Whether a finding by itself keeps the change from being shipped.
pub fn blocks(gate: Gate, finding: &Finding) -> bool {
    let threshold = match finding.family {
        Family::Contract => gate.contract,
        Family::Operation => gate.operation,
    };
    let reached = match threshold {
        FailOn::Never => false,
        FailOn::Error => finding.level >= Level::Error,
        FailOn::Warning => finding.level >= Level::Warning,
        FailOn::Info => true,
    };
    reached && finding.suppressed.is_none()
}

/// Weighs findings and gaps. Suppressed findings do not count.
pub fn verdict(gate: Gate, findings: &[Finding], not_judged: usize) -> Verdict {
    let counted = || findings.iter().filter(|finding| finding.suppressed.is_none());
    let fails = |finding: &Finding| blocks(gate, finding);
    if counted().any(fails) {
        Verdict::Block
    } else if not_judged > 0 && gate.not_judged == NotJudgedLevel::Error {
        Verdict::NotJudged
    } else if counted().any(|finding| finding.level >= Level::Warning) || (not_judged > 0 && gate.not_judged == NotJudgedLevel::Warning) {
        Verdict::Warn
    } else {
        Verdict::Pass
    }
}
