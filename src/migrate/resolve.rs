//! Names of a statement looked up as the server does: relations and types along the search path, the namespace that a new object goes to.
//!
//! In: names as written. Out: identities, or the refusal; a name that an unread statement may have changed gives *not judged* instead of a refusal.

use std::sync::Arc;

use super::work::{Applied, Work};
use crate::dialect::Modelling;
use crate::lineage::{BindError, namespace_of, resolve_function, resolve_relation, resolve_type};
use crate::name::Name;
use crate::schema::{Column, DataType, NameSpace, ObjectBody, ObjectId, TableKind};
use crate::sql::tree::{FunctionSignature, Ident, ObjectKind, ObjectName, TemporaryKind, TypeName, ViewKind};

const CANNOT_BE_SAID: &str = " cannot be said here: ";

/// The tables of the system catalog that statements name most (manual, chapter 53).
const CATALOGS: &[&str] = &[
    "pg_aggregate",
    "pg_am",
    "pg_attrdef",
    "pg_attribute",
    "pg_auth_members",
    "pg_authid",
    "pg_cast",
    "pg_class",
    "pg_collation",
    "pg_constraint",
    "pg_conversion",
    "pg_database",
    "pg_default_acl",
    "pg_depend",
    "pg_description",
    "pg_enum",
    "pg_event_trigger",
    "pg_extension",
    "pg_foreign_data_wrapper",
    "pg_foreign_server",
    "pg_foreign_table",
    "pg_index",
    "pg_inherits",
    "pg_language",
    "pg_largeobject",
    "pg_namespace",
    "pg_opclass",
    "pg_operator",
    "pg_opfamily",
    "pg_partitioned_table",
    "pg_policy",
    "pg_proc",
    "pg_publication",
    "pg_range",
    "pg_rewrite",
    "pg_seclabel",
    "pg_sequence",
    "pg_shdepend",
    "pg_shdescription",
    "pg_statistic",
    "pg_statistic_ext",
    "pg_subscription",
    "pg_tablespace",
    "pg_transform",
    "pg_trigger",
    "pg_ts_config",
    "pg_ts_dict",
    "pg_type",
    "pg_user_mapping",
];

impl Work<'_> {
    /// The relation of that name.
    pub(super) fn relation(&self, name: &ObjectName) -> Applied<ObjectId> {
        match resolve_relation(&self.schema, &self.session, name) {
            Ok(id) => self.known(id, name),
            Err(error) if error.unknown.is_none() && error.sqlstate == "42P01" => {
                self.refuse_unless_known(name)?;
                self.no_relation(name)
            }
            Err(error) => Err(self.missing(error, name)),
        }
    }

    /// The refusal for a relation that is not there: its schema is looked for first.
    pub(super) fn no_relation<T>(&self, name: &ObjectName) -> Applied<T> {
        if let Some(schema) = &name.schema
            && self.schema.dialect.modelling == Modelling::Server
            && schema.name.as_str() != "pg_temp"
        {
            self.namespace_named(schema)?;
        }
        self.is_no_system_relation(name)?;
        self.refuse_at(name.span(), "42P01", format!("relation \"{name}\" does not exist"))
    }

    /// The relation of that name for a statement that the server's own relations take too; `None` for one of them.
    pub(super) fn relation_or_catalog(&self, name: &ObjectName) -> Applied<Option<ObjectId>> {
        let is_missing = matches!(self.relation_if_any(name), Ok(None));
        if is_missing && self.schema.dialect.built_ins.is_some() && crate::lineage::is_catalog_relation(&self.schema, name) {
            return Ok(None);
        }
        self.relation(name).map(Some)
    }

    /// The relation of that name, or `None` when the server would say that there is none.
    pub(super) fn relation_if_any(&self, name: &ObjectName) -> Applied<Option<ObjectId>> {
        match resolve_relation(&self.schema, &self.session, name) {
            Ok(id) => self.known(id, name).map(Some),
            Err(error) => {
                self.refuse_unless_known(name)?;
                if error.unknown.is_some() { Err(self.missing(error, name)) } else { Ok(None) }
            }
        }
    }

    /// A relation whose own state is known, or the reason why it is not.
    fn known(&self, id: ObjectId, name: &ObjectName) -> Applied<ObjectId> {
        self.refuse_unless_known(name)?;
        Ok(id)
    }

    /// Ends the statement as not judged when its object may be other than the model has it.
    pub(super) fn refuse_unless_known(&self, name: &ObjectName) -> Applied {
        match self.schema.why_unknown(&name.name.name) {
            Some(reason) => {
                // The first reason is the one that helps; what followed from it would only pile up in front of it.
                let first = reason.rsplit_once(CANNOT_BE_SAID).map_or(&**reason, |(_, first)| first);
                self.unknown(format!("what `{name}` is{CANNOT_BE_SAID}{first}"), name.span(), vec![Arc::from(name.to_string())])
            }
            None => Ok(()),
        }
    }

    fn missing(&self, error: BindError, name: &ObjectName) -> super::work::Stop {
        match self.refuse_unless_known(name) {
            Err(stop) => stop,
            Ok(()) => self.refuse_bound(error),
        }
    }

    /// A table (ordinary, partitioned or foreign) of that name.
    pub(super) fn table_named(&self, name: &ObjectName) -> Applied<ObjectId> {
        let id = self.relation(name)?;
        if self.schema.table(id).is_none() {
            return self.refuse_at(name.span(), "42809", format!("\"{}\" is not a table", name.name.name));
        }
        Ok(id)
    }

    /// The namespace that a new object of this name goes to.
    pub(super) fn creation_namespace(&mut self, name: &ObjectName, temporary: TemporaryKind) -> Applied<ObjectId> {
        let is_temporary = temporary == TemporaryKind::Temporary || name.schema.as_ref().is_some_and(|schema| schema.name.as_str() == "pg_temp");
        if is_temporary {
            if let Some(schema) = name.schema.as_ref().filter(|schema| schema.name.as_str() != "pg_temp") {
                return self.refuse_at(schema.span, "42P16", "cannot create temporary relation in non-temporary schema");
            }
            return Ok(self.temporary_namespace());
        }
        match &name.schema {
            // Descriptions of other databases rarely say how their schemas were made.
            Some(schema) if self.schema.dialect.modelling == Modelling::Names && self.schema.namespace(&schema.name).is_none() => {
                Ok(self.schema.insert(schema.name.clone(), None, ObjectBody::Schema))
            }
            Some(schema) => self.namespace_named(schema),
            None => {
                let path = self.session.search_path.clone();
                let first = path.iter().find_map(|word| if word.as_str() == "pg_temp" { None } else { self.schema.namespace(word) });
                match first {
                    Some(namespace) => Ok(namespace),
                    None => self.refuse_at(name.span(), "3F000", "no schema has been selected to create in"),
                }
            }
        }
    }

    /// The refusal for a relation of the server's own, which only the server changes.
    pub(super) fn is_no_system_relation(&self, name: &ObjectName) -> Applied {
        let may_be = name.schema.as_ref().is_none_or(|schema| schema.name.as_str() == "pg_catalog");
        if self.schema.dialect.built_ins.is_none() || !may_be || name.schema.is_none() && !CATALOGS.contains(&name.name.name.as_str()) {
            return Ok(());
        }
        // A relation of the user's can have such a name too.
        let is_own = name.schema.is_none() && !matches!(self.relation_if_any(name), Ok(None));
        if !is_own && crate::lineage::is_catalog_relation(&self.schema, name) {
            return self.refuse_at(name.span(), "42501", format!("permission denied: \"{}\" is a system catalog", name.name));
        }
        Ok(())
    }

    fn temporary_namespace(&mut self) -> ObjectId {
        if let Some(namespace) = self.session.temporary {
            return namespace;
        }
        let namespace = self.schema.insert(Name::stored("pg_temp"), None, ObjectBody::Schema);
        self.session.temporary = Some(namespace);
        namespace
    }

    /// The schema of that name.
    pub(super) fn namespace_named(&self, name: &Ident) -> Applied<ObjectId> {
        match namespace_of(&self.schema, &self.session, &name.name) {
            Some(namespace) => Ok(namespace),
            None => {
                if self.schema.dialect.built_ins.is_some() && name.name.as_str() == "pg_catalog" {
                    return self.refuse_at(name.span, "42501", "permission denied: system catalog modifications are currently disallowed");
                }
                self.refuse_unless_known(&ObjectName::bare(name.clone()))?;
                self.refuse_at(name.span, "3F000", format!("schema \"{}\" does not exist", name.name))
            }
        }
    }

    /// The type of that name.
    pub(super) fn data_type(&self, name: &TypeName) -> Applied<DataType> {
        resolve_type(&self.schema, &self.session, name).map_err(|error| self.missing(error, &name.name))
    }

    /// The user-defined type object of that name (not the row type of a table).
    pub(super) fn type_named(&self, name: &ObjectName) -> Applied<Option<ObjectId>> {
        let found = match &name.schema {
            Some(schema) => {
                let namespace = namespace_of(&self.schema, &self.session, &schema.name);
                namespace.and_then(|space| self.schema.find(NameSpace::Type, Some(space), &name.name.name))
            }
            None => self.session.namespaces(&self.schema).into_iter().find_map(|space| self.schema.find(NameSpace::Type, Some(space), &name.name.name)),
        };
        self.refuse_unless_known(name)?;
        Ok(found)
    }

    /// Whether the server itself has a type of that name.
    pub(super) fn is_built_in_type(&self, name: &ObjectName) -> bool {
        let in_system = name.schema.as_ref().is_none_or(|schema| schema.name.as_str() == "pg_catalog");
        in_system
            && self.schema.dialect.built_ins.is_some()
            && crate::typing::built_in_type(&self.schema, name.name.name.as_str(), &[], name.schema.is_some()).is_ok_and(|found| found.is_some())
    }

    /// The routine that a signature means.
    pub(super) fn function_named(&self, signature: &FunctionSignature) -> Applied<ObjectId> {
        resolve_function(&self.schema, &self.session, signature).map_err(|error| self.missing(error, &signature.name))
    }

    /// The live column of a relation.
    pub(super) fn column_of(&self, relation: ObjectId, name: &Ident) -> Applied<Column> {
        match self.schema.columns(relation).iter().find(|column| column.name == name.name) {
            Some(column) => Ok(column.clone()),
            None => {
                let owner = self.schema.get(relation).map_or_else(String::new, |object| object.name.to_string());
                self.refuse_at(name.span, "42703", format!("column \"{}\" of relation \"{owner}\" does not exist", name.name))
            }
        }
    }

    /// The bare name of an object; empty when it is gone.
    pub(super) fn name_of(&self, object: ObjectId) -> String {
        self.schema.get(object).map_or_else(String::new, |object| object.name.to_string())
    }

    /// The namespace of an object.
    pub(super) fn namespace_of(&self, object: ObjectId) -> Option<ObjectId> {
        self.schema.get(object).and_then(|object| object.namespace)
    }

    /// An object of a kind that has a name of its own without a schema (extension, publication, event trigger …).
    pub(super) fn global_object(&self, kind: ObjectKind, name: &Name) -> Option<ObjectId> {
        self.schema.find(NameSpace::Other(kind), None, name)
    }

    /// The constraint of that name on a table or domain.
    pub(super) fn constraint_named(&self, owner: ObjectId, name: &Name) -> Option<ObjectId> {
        self.hanging(owner, name, |body| matches!(body, ObjectBody::Constraint(_)))
    }

    /// What hangs on a table under that name and is of the kind that `is` accepts.
    pub(super) fn hanging(&self, owner: ObjectId, name: &Name, is: impl Fn(&ObjectBody) -> bool) -> Option<ObjectId> {
        self.schema.on_table(owner).into_iter().find(|id| self.schema.get(*id).is_some_and(|object| object.name == *name && is(&object.body)))
    }

    /// The index of that name in the namespace of a table.
    pub(super) fn index_beside(&self, table: ObjectId, name: &Name) -> Option<ObjectId> {
        let found = self.schema.find(NameSpace::Relation, self.namespace_of(table), name)?;
        self.schema.index(found).map(|_| found)
    }

    /// The word for what a relation is, as the server's messages have it.
    pub(super) fn relation_word(&self, relation: ObjectId) -> &'static str {
        match self.schema.get(relation).map(|object| &object.body) {
            Some(ObjectBody::Table(table)) => match table.kind {
                TableKind::Foreign => "foreign table",
                TableKind::Ordinary | TableKind::Partitioned => "table",
            },
            Some(ObjectBody::View(view)) => match view.kind {
                ViewKind::Plain => "view",
                ViewKind::Materialized => "materialized view",
            },
            Some(ObjectBody::Index(_)) => "index",
            Some(ObjectBody::Sequence(_)) => "sequence",
            Some(ObjectBody::Type(_)) => "composite type",
            _ => "relation",
        }
    }
}
