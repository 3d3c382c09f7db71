//! What a run says about roles, and what later objects get by default.
//!
//! Roles are not objects of a schema; a snapshot has none. What a run made, dropped and joined is kept so that its later statements are judged.

use super::{GrantEntry, ObjectId};
use crate::name::Name;
use crate::sql::tree::ObjectKind;

/// What objects of a kind get when they are made (`ALTER DEFAULT PRIVILEGES`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefaultGrant {
    /// Whose new objects; `None` for those of the role at work.
    pub role: Option<Name>,
    /// In which schema; `None` for every one.
    pub namespace: Option<ObjectId>,
    /// Of which kind.
    pub kind: ObjectKind,
    /// What is given, or taken from the built-in default.
    pub entry: GrantEntry,
    /// Taken, not given.
    pub is_revoked: bool,
}

/// Roles and defaults.
#[derive(Clone, Debug, Default)]
pub(super) struct Roles {
    gone: imbl::OrdSet<Name>,
    members: imbl::OrdSet<(Name, Name)>,
    /// Who was given `CREATE` on the database; `None` for everybody.
    pub(super) creators: imbl::OrdSet<Option<Name>>,
    pub(super) defaults: imbl::OrdSet<DefaultGrant>,
}

impl Roles {
    pub(super) fn remember(&mut self, role: &Name) {
        self.gone.remove(role);
    }

    pub(super) fn forget(&mut self, role: &Name) {
        self.gone.insert(role.clone());
        self.members = self.members.iter().filter(|(own, member)| own != role && member != role).cloned().collect();
    }

    pub(super) fn is_gone(&self, role: &Name) -> bool {
        self.gone.contains(role)
    }

    pub(super) fn join(&mut self, role: &Name, member: &Name) {
        self.members.insert((role.clone(), member.clone()));
    }

    pub(super) fn leave(&mut self, role: &Name, member: &Name) {
        self.members.remove(&(role.clone(), member.clone()));
    }

    pub(super) fn groups_of(&self, member: &Name) -> Vec<Name> {
        self.members.iter().filter(|(_, own)| own == member).map(|(role, _)| role.clone()).collect()
    }

    /// Whether `one` is a member of `other`, through others too, or is the same.
    pub(super) fn is_member_of(&self, one: &Name, other: &Name) -> bool {
        let mut reached = vec![one.clone()];
        let mut next = 0;
        while let Some(member) = reached.get(next).cloned() {
            next += 1;
            if member == *other {
                return true;
            }
            for (role, own) in &self.members {
                if *own == member && !reached.contains(role) {
                    reached.push(role.clone());
                }
            }
        }
        false
    }
}
