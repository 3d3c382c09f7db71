//! The files through which a step of GitHub Actions says something to the runner: outputs and the summary.

use std::io::Write;

use sha2::{Digest, Sha256};

use super::environment::Environment;
use super::failure::Failure;

/// Outputs as the runner reads them: each value between two lines that it cannot hold.
pub(super) fn outputs(all: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in all {
        // No value holds the hash of itself.
        let hash: String = Sha256::digest(value.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        text.push_str(&format!("{name}<<fieldgate_{hash}\n{value}\nfieldgate_{hash}\n"));
    }
    text
}

/// Adds to the file that a variable names; nothing when it names none.
///
/// # Errors
/// When it cannot be written.
pub(super) fn append(environment: &Environment, variable: &str, text: &str) -> Result<(), Failure> {
    let Some(path) = environment.variables.get(variable).filter(|path| !path.is_empty()) else { return Ok(()) };
    let written = std::fs::OpenOptions::new().append(true).create(true).open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|reason| Failure::Write { path: path.into(), reason })
}

#[cfg(test)]
mod tests {
    use super::outputs;

    #[test]
    fn a_value_cannot_become_another_output() {
        let text = outputs(&[("departments", "a\nverdict=pass\nfieldgate_x\n")]);
        let end = text.lines().next().unwrap().split_once("<<").unwrap().1;
        assert_eq!(text.lines().filter(|line| *line == end).count(), 1);
        assert!(text.ends_with(&format!("\n{end}\n")));
    }
}
