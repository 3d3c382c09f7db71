//! The words of the roles in which a column is used.

use crate::lineage::Role;

/// The word in output.
pub(super) fn role_word(role: Role) -> &'static str {
    match role {
        Role::Value => "value",
        Role::Star => "star",
        Role::Filter => "filter",
        Role::Join => "join",
        Role::Group => "group",
        Role::Having => "having",
        Role::Order => "order",
        Role::Window => "window",
        Role::ConflictTarget => "conflict_target",
        Role::Write => "write",
        Role::Position => "position",
    }
}
