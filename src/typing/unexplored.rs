//! Why a "there is none" may be wrong: what the tables do not cover.
//!
//! An extension that the tables do not know, another version of the server, operators and casts that the schema defines itself, a name that a
//! statement nobody understood may have made. Then the answer is "not known", with the reason.

use std::sync::Arc;

use super::type_key::{TypeKey, Types};
use crate::name::Name;
use crate::schema::{NameSpace, ObjectId};
use crate::sql::tree::ObjectKind;

/// The version that the tables were read from.
const TABLES_VERSION: u32 = 15;

/// Functions that the tables have and to which versions after 15 added argument types (release notes of 16, 17 and 18).
const OVERLOADED_LATER: &[&str] = &["array_sample", "max", "min", "random", "reverse", "to_bin", "to_oct", "unicode_version", "xmltext"];

impl Types<'_> {
    /// Why a function that was not found may exist all the same.
    pub(super) fn why_function_may_exist(&self, name: &Name, arguments: &[Option<TypeKey>]) -> Option<Arc<str>> {
        if let Some(reason) = self.schema.why_unknown(name) {
            return Some(reason.clone());
        }
        if let Some(extension) = self.unknown_extension() {
            return Some(format!("the extension \"{extension}\" may define it, and nothing is known of that extension").into());
        }
        if arguments.iter().flatten().any(|key| self.is_unexplored(*key)) {
            return Some("the functions of a type that was defined here are not followed".into());
        }
        let version = self.schema.server.major_version?;
        let later = self.tables.functions_named(name.as_str()).is_empty() || OVERLOADED_LATER.contains(&name.as_str());
        (version > TABLES_VERSION && later).then(|| format!("PostgreSQL {version} may have it; only version {TABLES_VERSION} is known in full").into())
    }

    /// Why an operator that was not found may exist all the same.
    pub(super) fn why_operator_may_exist(&self, name: &str, operands: &[Option<TypeKey>]) -> Option<Arc<str>> {
        if operands.iter().flatten().any(|key| self.is_unexplored(*key)) {
            return Some("the operators of a type that was defined here are not followed".into());
        }
        if self.has_operator_of_its_own(name) {
            return Some(format!("the schema defines an operator {name} of its own, which is not followed").into());
        }
        let extension = self.unknown_extension()?;
        Some(format!("the extension \"{extension}\" may define it, and nothing is known of that extension").into())
    }

    /// Whether the schema defines an operator of that name.
    pub(super) fn has_operator_of_its_own(&self, name: &str) -> bool {
        const OPERATOR_CHARACTERS: &str = "+-*/<>=~!@#%^&|`?";
        self.schema.in_name_space(NameSpace::Other(ObjectKind::Operator)).any(|id| {
            let own = self.schema.get(id).map(|object| object.name.as_str());
            // A snapshot has the schema in front: `app.+++ (integer, text)`.
            let symbol = own.map(|own| own.find(|letter| OPERATOR_CHARACTERS.contains(letter)).and_then(|place| own.get(place..)).unwrap_or(own));
            let rest = symbol.and_then(|symbol| symbol.strip_prefix(name));
            rest.is_some_and(|rest| !rest.starts_with(|next| OPERATOR_CHARACTERS.contains(next)))
        })
    }

    /// Whether the schema defines casts, so that one between these two may be among them.
    pub(super) fn has_casts_of_its_own(&self, from: TypeKey, to: TypeKey) -> bool {
        from != to && self.schema.in_name_space(NameSpace::Other(ObjectKind::Cast)).next().is_some()
    }

    /// Why an operator class that was not found may exist all the same.
    pub(super) fn why_class_may_exist(&self) -> Option<Arc<str>> {
        if self.schema.in_name_space(NameSpace::Other(ObjectKind::OperatorClass)).next().is_some() {
            return Some("the schema defines operator classes of its own, which are not followed".into());
        }
        None
    }

    /// The name of an installed extension that the tables do not know.
    fn unknown_extension(&self) -> Option<Name> {
        let is_known = |name: &Name| name.as_str() == "plpgsql" || self.tables.extensions.contains(&name.as_str()) || adds_nothing(name.as_str());
        let names = self.extensions().filter_map(|id| self.schema.get(id)).map(|object| object.name.clone());
        names.into_iter().find(|name| !is_known(name))
    }

    fn extensions(&self) -> impl Iterator<Item = ObjectId> {
        self.schema.in_name_space(NameSpace::Extension)
    }
}

/// Extensions and foreign-data wrappers without functions that a query calls (manual, appendix F, 15).
fn adds_nothing(extension: &str) -> bool {
    matches!(extension, "auto_explain" | "auth_delay" | "basebackup_to_shell" | "passwordcheck" | "plperl" | "plpython3u" | "pltcl" | "sepgsql")
}
