//! Which names and types a column may have.
//!
//! Source: PostgreSQL 15, CheckAttributeNamesTypes and CheckAttributeType (heap.c), GetColumnDefCollation (parse_type.c).

use super::work::{Applied, Work};
use crate::name::Name;
use crate::schema::{Column, DataType, NameSpace, ObjectBody, ObjectId, TypeIdentity, UserType};
use crate::sql::tree::{Ident, ObjectKind, ObjectName};
use crate::typing::{category, is_collatable};

/// The columns that every table has of itself (manual 5.5).
const SYSTEM_COLUMNS: &[&str] = &["tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"];

/// Collations of every server (pg_collation.dat, 15); `unicode` since 16, `pg_c_utf8` since 17.
const COLLATIONS: &[&str] = &["default", "C", "POSIX", "ucs_basic", "unicode", "pg_c_utf8", "pg_unicode_fast"];

impl Work<'_> {
    /// Whether the dialect has the server's own columns and this is one.
    pub(super) fn is_system_column(&self, name: &Name) -> bool {
        self.schema.dialect.built_ins.is_some() && SYSTEM_COLUMNS.contains(&name.as_str())
    }

    /// Refuses what cannot be done to a column of the server's own.
    pub(super) fn is_no_system_column(&self, name: &Ident, verb: &str) -> Applied {
        if self.is_system_column(&name.name) {
            return self.refuse_at(name.span, "0A000", format!("cannot {verb} system column \"{name}\""));
        }
        Ok(())
    }

    /// Refuses a name that every table has already.
    pub(super) fn column_name_is_allowed(&self, name: &Name) -> Applied {
        if self.is_system_column(name) {
            return self.refuse("42701", format!("column name \"{name}\" conflicts with a system column name"));
        }
        Ok(())
    }

    /// Refuses pseudo-types, and rows that hold themselves.
    pub(super) fn column_type_is_allowed(&self, name: &Name, data_type: &DataType, owner: Option<ObjectId>) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        let is_pseudo = data_type.is_builtin("unknown") || (category(&self.schema, data_type) == Some('P') && !data_type.array);
        let is_array_of_pseudo = data_type.array && (data_type.without_array_is("record") || data_type.without_array_is("cstring"));
        if is_pseudo || is_array_of_pseudo {
            return self.refuse("42P16", format!("column \"{name}\" has pseudo-type {}", self.shown_type(data_type)));
        }
        if let Some(owner) = owner
            && self.holds(data_type, owner, 0)
        {
            return self.refuse("42P16", format!("composite type {} cannot be made a member of itself", self.shown_name(owner)));
        }
        if let TypeIdentity::Object(id) = data_type.identity
            && matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Type(UserType::Shell)))
        {
            return self.refuse("42704", format!("type \"{}\" is only a shell", self.name_of(id)));
        }
        Ok(())
    }

    /// A table cannot be rewritten while a column of another has its rows (find_composite_type_dependencies, tablecmds.c).
    pub(super) fn row_type_is_unused(&self, table: ObjectId) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        for dependency in self.schema.dependencies().on_object(table) {
            let crate::schema::Part::Column(number) = dependency.dependent.part else { continue };
            let relation = dependency.dependent.object;
            let Some(column) = self.schema.column(relation, number).filter(|column| column.data_type.identity == TypeIdentity::Object(table)) else { continue };
            let holds = match self.schema.get(relation).map(|object| &object.body) {
                Some(ObjectBody::Table(_)) => true,
                Some(ObjectBody::View(view)) => view.kind == crate::sql::tree::ViewKind::Materialized,
                _ => false,
            };
            if holds && relation != table {
                let place = format!("{}.{}", self.name_of(relation), column.name);
                return self.refuse("0A000", format!("cannot alter table \"{}\" because column \"{place}\" uses its row type", self.name_of(table)));
            }
        }
        Ok(())
    }

    /// Whether values of a type hold rows of a relation.
    fn holds(&self, data_type: &DataType, owner: ObjectId, depth: usize) -> bool {
        let TypeIdentity::Object(id) = data_type.identity else { return false };
        if id == owner {
            return true;
        }
        if depth > 64 {
            return false;
        }
        match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Type(UserType::Domain(domain))) => self.holds(&domain.base, owner, depth + 1),
            Some(ObjectBody::Type(UserType::Range { subtype, .. })) => self.holds(subtype, owner, depth + 1),
            Some(_) => self.schema.columns(id).iter().any(|column| self.holds(&column.data_type, owner, depth + 1)),
            None => false,
        }
    }

    /// A collation that is written: it must be there, and the type must have an order that it can change.
    pub(super) fn collation_fits(&self, collation: Option<&ObjectName>, data_type: &DataType) -> Applied {
        let Some(collation) = collation else { return Ok(()) };
        self.collation_exists(collation)?;
        if is_collatable(&self.schema, data_type) == Some(false) {
            let shown = self.shown_type(&data_type.without_modifiers());
            return self.refuse_at(collation.span(), "42804", format!("collations are not supported by type {shown}"));
        }
        Ok(())
    }

    /// Refuses a collation that neither the server nor the schema has. Those of the operating system cannot be known.
    pub(super) fn collation_exists(&self, name: &ObjectName) -> Applied {
        if self.schema.dialect.built_ins.is_none() || self.collation_object(name).is_some() {
            return Ok(());
        }
        self.refuse_unless_known(name)?;
        let word = name.name.name.as_str();
        let in_system = name.schema.as_ref().is_none_or(|schema| schema.name.as_str() == "pg_catalog");
        if in_system && (COLLATIONS.contains(&word) || is_like_a_locale(word)) {
            return Ok(());
        }
        self.refuse_at(name.span(), "42704", format!("collation \"{name}\" for encoding \"UTF8\" does not exist"))
    }

    /// The collation of the schema that a name means.
    pub(super) fn collation_object(&self, name: &ObjectName) -> Option<ObjectId> {
        let space = NameSpace::Other(ObjectKind::Collation);
        match &name.schema {
            Some(schema) => self.schema.find(space, Some(self.schema.namespace(&schema.name)?), &name.name.name),
            None => self.session.namespaces(&self.schema).into_iter().find_map(|namespace| self.schema.find(space, Some(namespace), &name.name.name)),
        }
    }

    /// Columns with that collation, as far as its name tells.
    pub(super) fn columns_with_collation(&self, collation: ObjectId) -> Vec<crate::schema::Address> {
        let Some(name) = self.schema.get(collation).map(|object| object.name.clone()) else { return Vec::new() };
        let uses = |column: &Column| column.collation.as_deref().is_some_and(|own| own == name.as_str() || own.ends_with(&format!(".{name}")));
        let columns = self.schema.objects().flat_map(|object| self.schema.columns(object.id).iter().map(move |column| (object.id, column)));
        columns.filter(|(_, column)| uses(column)).map(|(id, column)| crate::schema::Address::column(id, column.number)).collect()
    }
}

/// `en_US`, `de_DE.utf8`, `und-x-icu`: collations that come with the operating system or the ICU library.
fn is_like_a_locale(word: &str) -> bool {
    if word.ends_with("-x-icu") || word == "C.UTF-8" || word == "C.utf8" {
        return true;
    }
    let (language, rest) = word.split_once(['_', '-']).unwrap_or((word, ""));
    let is_language = (2..=3).contains(&language.len()) && language.chars().all(|letter| letter.is_ascii_lowercase());
    is_language && (rest.is_empty() || rest.starts_with(|letter: char| letter.is_ascii_uppercase()))
}
