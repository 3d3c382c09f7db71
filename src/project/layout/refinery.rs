//! Refinery: `V{version}__{name}.sql` without a way back, each in a transaction. It looks like Flyway's and has to be named.
//!
//! Source: refinery 0.8 documentation (names, `V` and `U` prefixes).

use super::record::{FileRole, Layout, Part, Recognised, Records, RunMode, direct, whole_files};

/// Refinery.
pub(super) static REFINERY: Layout = Layout {
    name: "refinery",
    title: "Refinery",
    recognised: Recognised::WhenNamed,
    role,
    scripts: whole_files,
    plan: None,
    run: RunMode::Wrapped,
    placeholders: None,
    records: Records::Each,
};

/// `U` is an *unversioned* migration here, not a way back.
fn role(path: &str) -> Option<FileRole> {
    let stem = direct(path)?.strip_suffix(".sql")?;
    let (version, _) = stem.strip_prefix(['V', 'U'])?.split_once("__")?;
    version.bytes().all(|byte| byte.is_ascii_digit()).then(|| FileRole::new(version, stem, Part::Up))
}
