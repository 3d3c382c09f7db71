//! One comment for each configuration on a pull request, found again by a hidden mark and changed in place.

use serde_json::{Value, json};

use super::request::{Api, ApiError};

/// What became of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// There was none.
    Made,
    /// It says something else now.
    Changed,
    /// It said so already.
    Same,
    /// There was none, and there is nothing to say.
    NotNeeded,
}

/// Comments that GitHub lists at once.
const PAGE: usize = 100;

/// Pages that are looked through for our own comment.
const MOST_PAGES: usize = 30;

/// Says something on a pull request. `key` tells configurations of one repository apart; `author` is whose comments are ours. When `if_there` holds, a
/// comment is only changed and never made.
///
/// # Errors
/// When the token may not write, or GitHub cannot be reached.
pub fn comment(api: &Api, pull_request: u64, key: &str, author: &str, text: &str, if_there: Needed) -> Result<Posted, ApiError> {
    let mark = mark(key);
    let body = format!("{mark}\n{text}");
    match find(api, pull_request, &mark, author)? {
        Some((_, own)) if own == body => Ok(Posted::Same),
        Some((id, _)) => {
            api.send("PATCH", &format!("issues/comments/{id}"), Some(&json!({ "body": body })))?;
            Ok(Posted::Changed)
        }
        None if if_there == Needed::OnlyToChange => Ok(Posted::NotNeeded),
        None => {
            api.send("POST", &format!("issues/{pull_request}/comments"), Some(&json!({ "body": body })))?;
            Ok(Posted::Made)
        }
    }
}

/// Whether there is something to say where nothing was said yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// There is.
    Yes,
    /// Only what was said before is put right.
    OnlyToChange,
}

/// The first line of our comment, which nobody sees.
fn mark(key: &str) -> String {
    let safe: String = key.chars().map(|letter| if letter.is_ascii_alphanumeric() || "._/".contains(letter) { letter } else { '_' }).take(200).collect();
    format!("<!-- fieldgate:{safe} -->")
}

fn find(api: &Api, pull_request: u64, mark: &str, author: &str) -> Result<Option<(u64, String)>, ApiError> {
    for page in 1..=MOST_PAGES {
        let listed = api.send("GET", &format!("issues/{pull_request}/comments?per_page={PAGE}&page={page}"), None)?;
        let comments = listed.as_array().map(Vec::as_slice).unwrap_or_default();
        let own = comments.iter().find_map(|comment| {
            let body = comment.get("body").and_then(Value::as_str)?;
            // Anybody can write our mark; only what we wrote ourselves is changed.
            let is_ours = comment.pointer("/user/login").and_then(Value::as_str) == Some(author) && body.lines().next().map(str::trim_end) == Some(mark);
            is_ours.then(|| Some((comment.get("id").and_then(Value::as_u64)?, body.replace("\r\n", "\n"))))?
        });
        if own.is_some() || comments.len() < PAGE {
            return Ok(own);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn a_mark_ends_where_it_should() {
        assert_eq!(mark("warehouse/--> @team"), "<!-- fieldgate:warehouse/_____team -->");
    }
}
