//! One request to GitHub's interface, made by the `curl` program. The token goes through its standard input, so that no list of processes shows it.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Where GitHub is, and as whom.
#[derive(Clone)]
pub struct Api {
    /// `https://api.github.com`, or that of a server of one's own.
    pub url: String,
    /// `owner/name`.
    pub repository: String,
    /// The job's token.
    pub token: String,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").field("url", &self.url).field("repository", &self.repository).finish_non_exhaustive()
    }
}

/// Why a request came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The token may not do this.
    #[error("the token may not write comments (status {0}); a pull request from a fork has a token that can only read")]
    NotAllowed(u16),
    /// GitHub said no.
    #[error("GitHub answered with status {status}: {message}")]
    Refused {
        /// The status.
        status: u16,
        /// Its words.
        message: String,
    },
    /// No answer came.
    #[error("GitHub cannot be reached: {0}")]
    Unreachable(String),
    /// The surroundings are not what they should be.
    #[error("{0}")]
    Unusable(&'static str),
}

/// Seconds that a request may take.
const PATIENCE_SECONDS: u32 = 30;

impl Api {
    /// Asks for a path below the repository, such as `issues/7/comments`, and reads the answer.
    ///
    /// # Errors
    /// When no answer comes, or it is a refusal.
    pub(super) fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, ApiError> {
        let is_plain = |text: &str| !text.is_empty() && text.chars().all(|letter| letter.is_ascii_graphic() && letter != '"' && letter != '\\');
        if !is_plain(&self.url) || !is_plain(&self.repository) || !is_plain(&self.token) {
            return Err(ApiError::Unusable("GITHUB_API_URL, GITHUB_REPOSITORY or the token is not set, or holds what it cannot hold"));
        }
        let mut settings = format!(
            "url = \"{}/repos/{}/{path}\"\nrequest = \"{method}\"\nproto = \"=https,http\"\nmax-time = {PATIENCE_SECONDS}\nsilent\nshow-error\n\
             header = \"Authorization: Bearer {}\"\nheader = \"Accept: application/vnd.github+json\"\nheader = \"X-GitHub-Api-Version: 2022-11-28\"\n\
             user-agent = \"fieldgate\"\nwrite-out = \"\\n%{{http_code}}\"\n",
            self.url.trim_end_matches('/'),
            self.repository,
            self.token
        );
        let unwritable = |error: std::io::Error| ApiError::Unreachable(error.to_string());
        let mut file = tempfile::NamedTempFile::new().map_err(unwritable)?;
        if let Some(body) = body {
            file.write_all(body.to_string().as_bytes()).and_then(|()| file.flush()).map_err(unwritable)?;
            let path = file.path().display().to_string().replace('\\', "/");
            settings.push_str(&format!("header = \"Content-Type: application/json\"\ndata-binary = \"@{path}\"\n"));
        }
        read(&run(&settings)?)
    }
}

fn run(settings: &str) -> Result<Vec<u8>, ApiError> {
    let failed = |error: std::io::Error| ApiError::Unreachable(format!("the program curl could not be run: {error}"));
    let mut command = Command::new("curl");
    // `-q` first: no settings of whoever runs it.
    command.args(["-q", "--config", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(settings.as_bytes()).map_err(failed)?;
    }
    let output = child.wait_with_output().map_err(failed)?;
    if output.status.success() { Ok(output.stdout) } else { Err(ApiError::Unreachable(String::from_utf8_lossy(&output.stderr).trim().to_owned())) }
}

/// The answer, with its status on the last line.
fn read(answer: &[u8]) -> Result<Value, ApiError> {
    let text = String::from_utf8_lossy(answer);
    let (body, status) = text.rsplit_once('\n').unwrap_or(("", &text));
    let status: u16 = status.trim().parse().unwrap_or(0);
    let value: Value = serde_json::from_str(body).unwrap_or(Value::Null);
    match status {
        200..=299 => Ok(value),
        // A token that may not know of it is told that there is nothing.
        401 | 403 | 404 => Err(ApiError::NotAllowed(status)),
        _ => Err(ApiError::Refused { status, message: value.get("message").and_then(Value::as_str).unwrap_or("no message").chars().take(200).collect() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_by_its_status() {
        assert_eq!(read(b"{\"id\": 1}\n201").unwrap(), serde_json::json!({ "id": 1 }));
        assert!(matches!(read(b"{}\n403"), Err(ApiError::NotAllowed(403))));
        assert!(matches!(read(b"{\"message\": \"Body is too long\"}\n422"), Err(ApiError::Refused { status: 422, .. })));
        assert!(matches!(read(b""), Err(ApiError::Refused { status: 0, .. })));
    }

    #[test]
    fn nothing_can_be_slipped_into_the_settings() {
        let api = Api { url: String::from("http://localhost"), repository: String::from("a/b\"\nurl = \"x"), token: String::from("t") };
        assert!(matches!(api.send("GET", "issues", None), Err(ApiError::Unusable(_))));
    }
}
