//! The event that started a job: which pull request it is, and what its changes are compared with.

use serde_json::Value;

/// What the changes of a job are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bases {
    /// Nothing: everything that waits is judged.
    Everything,
    /// The first of these that the clone has. When the second parent of what is checked out is the commit given here, it is GitHub's own merge,
    /// and its first parent is the base, in a clone of depth 2 too.
    Of {
        /// The last commit of the branch that is to be merged.
        head: Option<String>,
        /// Names of commits, the best first.
        names: Vec<String>,
    },
    /// The job runs with the rights of the base on what somebody proposes, or sees nothing of it: it must not be used.
    Refused(&'static str),
}

/// The event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The pull request's number.
    pub pull_request: Option<u64>,
    /// What its changes are compared with.
    pub bases: Bases,
}

impl Event {
    /// Reads the event of a name (`GITHUB_EVENT_NAME`) out of its payload; `base_ref` is `GITHUB_BASE_REF`.
    pub fn read(name: &str, payload: &Value, base_ref: Option<&str>) -> Self {
        let text = |pointer: &str| payload.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        let remote = |branch: String| format!("origin/{branch}");
        let bases = match name {
            "pull_request" | "pull_request_review" => {
                let named = base_ref.filter(|name| !name.is_empty()).map(str::to_owned).or_else(|| text("/pull_request/base/ref"));
                let names = text("/pull_request/base/sha").into_iter().chain(named.map(remote)).collect();
                Bases::Of { head: text("/pull_request/head/sha"), names }
            }
            "pull_request_target" => {
                Bases::Refused("pull_request_target checks out the base and not what is proposed, with rights that what is proposed must not get")
            }
            "merge_group" => Bases::Of { head: None, names: text("/merge_group/base_sha").into_iter().collect() },
            "push" => {
                // A new branch has no commit before: forty zeros.
                let before = text("/before").filter(|commit| commit.chars().any(|letter| letter != '0'));
                let default = text("/repository/default_branch").map(remote);
                match (before, default) {
                    (Some(before), _) => Bases::Of { head: None, names: vec![before] },
                    (None, Some(default)) => Bases::Of { head: None, names: vec![default] },
                    (None, None) => Bases::Everything,
                }
            }
            _ => Bases::Everything,
        };
        Self { pull_request: payload.pointer("/pull_request/number").and_then(Value::as_u64), bases }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pull_request_names_its_base_and_its_head() {
        let payload = json!({ "pull_request": { "number": 7, "head": { "sha": "b" }, "base": { "sha": "a", "ref": "main" } } });
        let event = Event::read("pull_request", &payload, Some("main"));
        let names = vec![String::from("a"), String::from("origin/main")];
        assert_eq!(event, Event { pull_request: Some(7), bases: Bases::Of { head: Some(String::from("b")), names } });
        assert!(matches!(Event::read("pull_request_target", &payload, None).bases, Bases::Refused(_)));
    }

    #[test]
    fn a_new_branch_is_compared_with_the_default_branch() {
        let payload = json!({ "before": "0".repeat(40), "repository": { "default_branch": "trunk" } });
        assert_eq!(Event::read("push", &payload, None).bases, Bases::Of { head: None, names: vec![String::from("origin/trunk")] });
        let payload = json!({ "before": "abc0" });
        assert_eq!(Event::read("push", &payload, None).bases, Bases::Of { head: None, names: vec![String::from("abc0")] });
        assert_eq!(Event::read("schedule", &json!({}), None).bases, Bases::Everything);
    }
}
