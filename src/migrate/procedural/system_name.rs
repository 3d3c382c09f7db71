//! Names of what the server brings along, as far as they can be told from names of the user.
//!
//! Measured on PostgreSQL 15: every relation of `pg_catalog` and `pg_toast` begins with `pg_`; `information_schema` has views of its own
//! and tables that begin with `sql_`; constraints of the catalogs begin with `pg_`, those of `information_schema` are on two domains;
//! the triggers behind foreign keys begin with `RI_ConstraintTrigger_`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What kind of thing bears the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SystemKind {
    /// A relation.
    Relation,
    /// A type.
    Type,
    /// A routine.
    Routine,
    /// A constraint.
    Constraint,
    /// A trigger that the server made.
    Trigger,
    /// A schema.
    Schema,
}

static NAMES: LazyLock<Names> = LazyLock::new(Names::read);

#[derive(Default)]
struct Names {
    relations: BTreeSet<&'static str>,
    types: BTreeSet<&'static str>,
    routines: BTreeSet<&'static str>,
}

impl Names {
    fn read() -> Self {
        let Some(dialect) = crate::dialect::named("postgres") else { return Self::default() };
        let lines = dialect.system_relations.lines().filter(|line| !line.starts_with('#'));
        let relations = lines.filter_map(|line| line.split('\t').next()).map(|name| name.rsplit('.').next().unwrap_or(name)).collect();
        let Some(built_ins) = dialect.built_ins else { return Self { relations, ..Self::default() } };
        let types = built_ins.types.iter().filter(|own| own.extension.is_none()).map(|own| own.name).collect();
        let routines = built_ins.functions.iter().filter(|own| own.extension.is_none()).map(|own| own.name).collect();
        Self { relations, types, routines }
    }
}

impl SystemKind {
    /// Whether a name of that kind may begin so.
    pub(super) fn may_begin_with(self, start: &str) -> bool {
        let prefixes: &[&str] = match self {
            Self::Relation => &["pg_", "_pg_", "sql_"],
            Self::Constraint => &["pg_", "cardinal_number_domain_check", "yes_or_no_check"],
            Self::Trigger => &["RI_ConstraintTrigger_", "PK_ConstraintTrigger_"],
            Self::Schema => &["pg_", "information_schema"],
            Self::Type | Self::Routine => return true,
        };
        prefixes.iter().any(|prefix| prefix.starts_with(start) || start.starts_with(prefix))
            || (self == Self::Relation && NAMES.relations.iter().any(|name| name.starts_with(start)))
    }

    /// Whether something of that kind may be called so.
    pub(super) fn may_be_called(self, name: &str) -> bool {
        match self {
            Self::Relation => name.starts_with("pg_") || name.starts_with("_pg_") || name.starts_with("sql_") || NAMES.relations.contains(name),
            Self::Type => {
                name.starts_with("pg_") || name.starts_with('_') || Self::Relation.may_be_called(name) || NAMES.types.contains(name)
                    // The domains of information_schema.
                    || ["cardinal_number", "character_data", "sql_identifier", "time_stamp", "yes_or_no"].contains(&name)
            }
            Self::Routine => name.starts_with("pg_") || name.starts_with('_') || NAMES.routines.contains(name) || NAMES.routines.is_empty(),
            Self::Constraint => name.starts_with("pg_") || ["cardinal_number_domain_check", "yes_or_no_check"].contains(&name),
            Self::Trigger => name.starts_with("RI_ConstraintTrigger_") || name.starts_with("PK_ConstraintTrigger_"),
            Self::Schema => name.starts_with("pg_") || name == "information_schema",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_brings_is_told_from_what_users_make() {
        assert!(SystemKind::Relation.may_be_called("pg_class") && SystemKind::Relation.may_be_called("key_column_usage"));
        assert!(!SystemKind::Relation.may_be_called("clients"));
        assert!(SystemKind::Type.may_be_called("int4") && !SystemKind::Type.may_be_called("status"));
        assert!(SystemKind::Routine.may_be_called("lower") && !SystemKind::Routine.may_be_called("touch_updated_at"));
    }
}
