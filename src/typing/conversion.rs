//! Whether one type can become another, and how.
//!
//! The order of the steps is the server's (`find_coercion_pathway`, parse_coerce.c, 15; each measured on 15): first the table of casts, whose
//! answer stands even when it is no; then arrays element by element; then text.

use std::sync::Arc;

use super::type_key::{TypeKey, Types};
use crate::dialect::{BuiltInCastContext, BuiltInCastMethod, TypeKind};
use crate::schema::{DataType, ObjectBody, ObjectId, Schema};

/// Who asks for the conversion; each allows what the ones before it allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CastContext {
    /// Nobody: operands and arguments.
    Implicit,
    /// A value is stored in a column.
    Assignment,
    /// `CAST`, `::`.
    Explicit,
}

/// How the server does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CastMethod {
    /// Nothing happens to the bytes (a domain's checks apart).
    Relabel,
    /// A function of the cast.
    Function,
    /// Each element of an array by itself.
    Elements,
    /// Written as text and read again.
    ThroughText,
    /// Each field of a row by itself.
    Fields,
}

/// Whether there is a conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cast {
    /// There is.
    By(CastMethod),
    /// There is none: `42846` for a written cast, `42804` for a stored value.
    Impossible,
    /// It is not known, and why.
    Unknown(Arc<str>),
}

/// Whether the result depends on a setting of the session (time zone, date style), so that the server takes the cast for stable and not immutable:
/// the functions of such casts and the reading and writing of such types have `provolatile` `s` (pg_proc of 15).
pub fn is_stable_cast(from: &DataType, to: &DataType) -> bool {
    let is = |data_type: &DataType, names: &[&str]| names.iter().any(|name| data_type.is_builtin(name));
    let zoned = ["timestamptz"];
    let unzoned = ["timestamp", "date", "time"];
    let text = ["text", "varchar", "bpchar", "name"];
    let written_by_style = ["date", "timestamp", "timestamptz", "regclass", "regtype", "regproc"];
    let read_by_style = ["date", "timestamp", "timestamptz", "time", "timetz", "interval", "regclass", "regtype", "regproc"];
    (is(from, &zoned) && (is(to, &unzoned) || is(to, &["timetz"])))
        || (is(to, &zoned) && is(from, &unzoned))
        || (is(from, &["time"]) && is(to, &["timetz"]))
        || (is(from, &text) && is(to, &read_by_style))
        || (is(to, &text) && is(from, &written_by_style))
}

/// Whether and how `from` becomes `to`. Modifiers do not count; the built-in `unknown` becomes everything.
pub fn cast(schema: &Schema, from: &DataType, to: &DataType, context: CastContext) -> Cast {
    if from.is_builtin("unknown") || (from.identity == to.identity && from.array == to.array) {
        return Cast::By(CastMethod::Relabel);
    }
    let Some(types) = Types::of(schema) else { return Cast::Unknown(format!("types of {} are not followed", schema.dialect.title).into()) };
    let (Some(source), Some(target)) = (types.key(from), types.key(to)) else {
        return Cast::Unknown("nothing is known of one of the types".into());
    };
    if let Some(method) = types.pathway(source, target, context).or_else(|| types.row_conversion(source, target)) {
        return Cast::By(method);
    }
    if types.is_unexplored(source) || types.is_unexplored(target) {
        return Cast::Unknown("the casts of a type that was defined here are not followed".into());
    }
    if types.has_casts_of_its_own(source, target) {
        return Cast::Unknown("the schema defines casts of its own, which are not followed".into());
    }
    Cast::Impossible
}

/// Whether the bytes of `from` are bytes of `to`, as an operator class or a function's body needs it.
pub fn binary_coercible(schema: &Schema, from: &DataType, to: &DataType) -> bool {
    if from.identity == to.identity && from.array == to.array {
        return true;
    }
    Types::of(schema).is_some_and(|types| types.key(from).zip(types.key(to)).is_some_and(|(source, target)| types.is_binary_coercible(source, target)))
}

impl Types<'_> {
    /// The server's way from one type to another, rows apart.
    pub(super) fn pathway(&self, from: TypeKey, to: TypeKey, context: CastContext) -> Option<CastMethod> {
        let (from, to) = (self.base(from), self.base(to));
        if from == to {
            return Some(CastMethod::Relabel);
        }
        if let (TypeKey::BuiltIn(source), TypeKey::BuiltIn(target)) = (from, to)
            && let Some((needed, method)) = self.tables.casts.get(&(source, target))
        {
            let needed = match needed {
                BuiltInCastContext::Implicit => CastContext::Implicit,
                BuiltInCastContext::Assignment => CastContext::Assignment,
                BuiltInCastContext::Explicit => CastContext::Explicit,
            };
            return (context >= needed).then_some(match method {
                BuiltInCastMethod::Binary => CastMethod::Relabel,
                BuiltInCastMethod::Function => CastMethod::Function,
                BuiltInCastMethod::InputOutput => CastMethod::ThroughText,
            });
        }
        if !self.is(to, "oidvector")
            && !self.is(to, "int2vector")
            && let (Some(source), Some(target)) = (self.element(from), self.element(to))
            && let Some(method) = self.pathway(source, target, context)
        {
            return Some(if method == CastMethod::ThroughText { method } else { CastMethod::Elements });
        }
        let stores_text = context >= CastContext::Assignment && self.category(to) == 'S';
        let reads_text = context == CastContext::Explicit && self.category(from) == 'S';
        (stores_text || reads_text).then_some(CastMethod::ThroughText)
    }

    /// Rows: an anonymous row becomes a row type and the other way round; a child's row becomes its parent's.
    pub(super) fn row_conversion(&self, from: TypeKey, to: TypeKey) -> Option<CastMethod> {
        let is_row = |key| self.kind(key) == TypeKind::Composite;
        if self.is(from, "record") && is_row(self.base(to)) {
            return Some(CastMethod::Fields);
        }
        if self.is(to, "record") && is_row(from) {
            return Some(CastMethod::Relabel);
        }
        if self.is(to, "_record") && self.element(from).is_some_and(is_row) {
            return Some(CastMethod::Relabel);
        }
        match (from, self.base(to)) {
            (TypeKey::Object(child), TypeKey::Object(parent)) if self.inherits(child, parent) => Some(CastMethod::Fields),
            _ => None,
        }
    }

    fn inherits(&self, child: ObjectId, parent: ObjectId) -> bool {
        let Some(ObjectBody::Table(table)) = self.schema.get(child).map(|object| &object.body) else { return false };
        table.parents.iter().any(|own| *own == parent || self.inherits(*own, parent))
    }

    /// The server's `IsBinaryCoercible`.
    pub(super) fn is_binary_coercible(&self, from: TypeKey, to: TypeKey) -> bool {
        if from == to || self.is(to, "any") || self.is(to, "anyelement") || self.is(to, "anycompatible") {
            return true;
        }
        let from = self.base(from);
        if from == to {
            return true;
        }
        let stands_for = match self.built_in(to).map(|row| row.name) {
            Some("anyarray" | "anycompatiblearray") => self.element(from).is_some(),
            Some("anynonarray" | "anycompatiblenonarray") => self.element(from).is_none(),
            Some("anyenum") => self.kind(from) == TypeKind::Enum,
            Some("anyrange" | "anycompatiblerange") => self.kind(from) == TypeKind::Range,
            Some("anymultirange" | "anycompatiblemultirange") => self.kind(from) == TypeKind::Multirange,
            Some("record") => self.kind(from) == TypeKind::Composite,
            Some("_record") => self.element(from).is_some_and(|element| self.kind(element) == TypeKind::Composite),
            _ => false,
        };
        if stands_for {
            return true;
        }
        let (TypeKey::BuiltIn(source), TypeKey::BuiltIn(target)) = (from, to) else { return false };
        matches!(self.tables.casts.get(&(source, target)), Some((BuiltInCastContext::Implicit, BuiltInCastMethod::Binary)))
    }
}
