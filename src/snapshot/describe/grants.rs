//! Privileges and owners as the file has them.

use std::collections::BTreeMap;

use crate::schema::{GrantEntry, Object, Schema, ddl};
use crate::snapshot::file::{Grants, Text, text};
use crate::yaml::Entries;

/// What every described object needs to know.
pub(super) struct Context<'s> {
    /// The schema that is described.
    pub(super) schema: &'s Schema,
    /// The owner that the file names once for all.
    pub(super) owner: Option<String>,
}

impl Context<'_> {
    /// The owner, unless it is the file's.
    pub(super) fn owner_of(&self, object: &Object) -> Option<Text> {
        let owner = object.owner.as_ref()?.as_str();
        (Some(owner) != self.owner.as_deref()).then(|| text(owner))
    }

    /// The comment.
    pub(super) fn comment_of(object: &Object) -> Option<Text> {
        object.comment.as_deref().map(text)
    }

    /// The privileges, unless they are the built-in ones.
    pub(super) fn grants_of(&self, object: &Object) -> Grants {
        if object.grants.is_none() {
            return Grants::default();
        }
        let mut by_role = by_role(ddl::effective_grants(self.schema, object).iter());
        // An owner who lost everything is listed with nothing: not being listed means having everything.
        if let (Some(owner), Some(entries)) = (&object.owner, &object.grants)
            && !entries.iter().any(|entry| entry.grantee.as_ref() == Some(owner))
        {
            by_role.insert(owner.to_string(), Vec::new());
        }
        // Likewise everybody, who can use functions and types without any grant.
        let built_in = ddl::default_grants(object, 15);
        if built_in.iter().any(|entry| entry.grantee.is_none()) {
            by_role.entry(String::from("PUBLIC")).or_default();
        }
        listed(by_role)
    }
}

/// The privileges of a column.
pub(super) fn column_grants(entries: &[GrantEntry]) -> Grants {
    listed(by_role(entries.iter()))
}

fn by_role<'e>(entries: impl Iterator<Item = &'e GrantEntry>) -> BTreeMap<String, Vec<String>> {
    let mut by_role: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in entries {
        let role = entry.grantee.as_ref().map_or_else(|| String::from("PUBLIC"), ToString::to_string);
        let option = if entry.grant_option { " WITH GRANT OPTION" } else { "" };
        by_role.entry(role).or_default().push(format!("{}{option}", entry.privilege));
    }
    by_role
}

fn listed(by_role: BTreeMap<String, Vec<String>>) -> Grants {
    Entries(
        by_role
            .into_iter()
            .map(|(role, mut privileges)| {
                privileges.sort();
                (text(role), privileges.into_iter().map(text).collect())
            })
            .collect(),
    )
}
