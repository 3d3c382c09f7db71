//! Privileges.

use std::sync::Arc;

use super::context::Context;
use crate::diagnostic::Problem;
use crate::name::Name;
use crate::schema::{GrantEntry, ObjectId, ddl};
use crate::snapshot::file::{Grants, Text};

/// All privileges there are (manual 5.7, table 5.1, 18).
const PRIVILEGES: &[&str] =
    &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN", "USAGE", "CREATE", "EXECUTE", "CONNECT", "TEMPORARY", "ALL"];

impl Context<'_> {
    /// Sets the privileges of an object that already has its owner.
    pub(super) fn grants(&mut self, id: ObjectId, grants: &Grants) {
        if grants.0.is_empty() {
            return;
        }
        let Some(object) = self.schema.get(id) else { return };
        let owner = object.owner.clone();
        let version = self.schema.server.major_version.unwrap_or(15);
        let built_in = ddl::default_grants(object, version);
        let mut entries = self.entries(grants);
        if let Some(owner) = &owner {
            let everything = built_in.iter().filter(|entry| entry.grantee.as_ref() == Some(owner));
            let is_listed = grants.0.iter().any(|(role, _)| role.value == owner.as_str());
            if !is_listed {
                entries.extend(everything.cloned());
            }
        }
        entries.sort();
        entries.dedup();
        self.schema.update(id, |object| object.grants = Some(entries));
    }

    /// The entries as they are written.
    pub(super) fn entries(&mut self, grants: &Grants) -> Vec<GrantEntry> {
        let mut entries = Vec::new();
        for (role, privileges) in &grants.0 {
            let grantee = (role.value != "PUBLIC").then(|| Name::stored(role.value.as_str()));
            for privilege in privileges {
                entries.extend(self.entry(grantee.clone(), privilege));
            }
        }
        entries.sort();
        entries.dedup();
        entries
    }

    fn entry(&mut self, grantee: Option<Name>, text: &Text) -> Option<GrantEntry> {
        let upper = text.value.to_ascii_uppercase();
        let (word, grant_option) = match upper.strip_suffix(" WITH GRANT OPTION") {
            Some(word) => (word, true),
            None => (upper.as_str(), false),
        };
        if !PRIVILEGES.contains(&word) {
            let problem = Problem::error("snapshot-unknown-privilege", format!("`{}` is no privilege", text.value)).at(text.span);
            self.problem(problem.allowed(word, PRIVILEGES.iter().copied()));
            return None;
        }
        Some(GrantEntry { grantee, privilege: Arc::from(word), grant_option })
    }
}
