//! Objects called by the server's own words (`column phone of table clients`, `constraint c on table t`).
//!
//! Source: PostgreSQL 15, getObjectDescription (objectaddress.c). A name is qualified when the search path does not find it.

use super::work::Work;
use crate::schema::{Address, DataType, NameSpace, ObjectBody, ObjectId, Part, TypeIdentity, UserType};
use crate::sql::tree::{ObjectKind, ParameterMode};

impl Work<'_> {
    /// The server's description of an object or a part of one.
    pub(super) fn description(&self, address: Address) -> String {
        let whole = self.object_description(address.object);
        let column = |number| self.schema.column(address.object, number).map_or_else(String::new, |column| column.name.to_string());
        match address.part {
            Part::Whole => whole,
            Part::Column(number) => format!("column {} of {whole}", column(number)),
            Part::Default(number) => format!("default value for column {} of {whole}", column(number)),
        }
    }

    fn object_description(&self, id: ObjectId) -> String {
        let Some(object) = self.schema.get(id) else { return String::from("object") };
        let name = &object.name;
        let on = |owner: ObjectId| format!("{name} on {}", self.object_description(owner));
        match &object.body {
            ObjectBody::Schema => format!("schema {name}"),
            ObjectBody::Extension(_) => format!("extension {name}"),
            ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Index(_) | ObjectBody::Sequence(_) => {
                format!("{} {}", self.relation_word(id), self.shown_name(id))
            }
            ObjectBody::Type(UserType::Composite { .. }) => format!("type {}", self.shown_name(id)),
            ObjectBody::Type(_) => format!("type {}", self.shown_name(id)),
            ObjectBody::Constraint(constraint) => match self.schema.get(constraint.owner).map(|owner| &owner.body) {
                Some(ObjectBody::Type(_)) | None => format!("constraint {name}"),
                Some(_) => format!("constraint {}", on(constraint.owner)),
            },
            ObjectBody::Function(_) => format!("{} {}", function_word(object.kind()), self.shown_signature(id)),
            ObjectBody::Trigger(trigger) => match trigger.table {
                Some(table) => format!("trigger {}", on(table)),
                None => format!("event trigger {name}"),
            },
            ObjectBody::Policy(policy) => format!("policy {}", on(policy.table)),
            ObjectBody::Rule(rule) => format!("rule {}", on(rule.table)),
            ObjectBody::Other(other) => format!("{} {name}", other_word(other.kind)),
        }
    }

    /// The name, with its schema when the search path does not find this object by the bare name; quoted where needed.
    pub(super) fn shown_name(&self, id: ObjectId) -> String {
        let Some(object) = self.schema.get(id) else { return String::new() };
        let quoted = self.schema.dialect.quote(&object.name);
        let space = match &object.body {
            ObjectBody::Type(user_type) if !matches!(user_type, UserType::Composite { .. }) => NameSpace::Type,
            _ => NameSpace::Relation,
        };
        let is_function = matches!(object.body, ObjectBody::Function(_));
        let mut path = self.session.namespaces(&self.schema).into_iter();
        let visible = if is_function {
            path.any(|namespace| Some(namespace) == object.namespace)
        } else {
            path.find_map(|namespace| self.schema.find(space, Some(namespace), &object.name)) == Some(id)
        };
        match object.namespace.and_then(|namespace| self.schema.get(namespace)) {
            Some(namespace) if !visible => format!("{}.{quoted}", self.schema.dialect.quote(&namespace.name)),
            _ => quoted,
        }
    }

    /// `f(integer, text)`.
    pub(super) fn shown_signature(&self, id: ObjectId) -> String {
        let Some(ObjectBody::Function(function)) = self.schema.get(id).map(|object| &object.body) else { return String::new() };
        let inputs = function.parameters.iter().filter(|parameter| parameter.mode != ParameterMode::Out);
        let types: Vec<String> = inputs.map(|parameter| self.shown_type(&parameter.data_type)).collect();
        format!("{}({})", self.shown_name(id), types.join(","))
    }

    /// A type as the server's messages have it.
    pub(super) fn shown_type(&self, data_type: &DataType) -> String {
        let name = match &data_type.identity {
            TypeIdentity::Object(object) => self.shown_name(*object),
            TypeIdentity::Builtin(name) => standard_type_name(name).to_owned(),
            TypeIdentity::Unknown(text) => text.to_string(),
        };
        let modifiers = if data_type.modifiers.is_empty() { String::new() } else { format!("({})", data_type.modifiers.join(",")) };
        let array = if data_type.array { "[]" } else { "" };
        match name.strip_suffix(" time zone").and_then(|rest| rest.split_once(' ')) {
            Some((first, rest)) => format!("{first}{modifiers} {rest} time zone{array}"),
            None => format!("{name}{modifiers}{array}"),
        }
    }
}

fn standard_type_name(name: &str) -> &str {
    match name {
        "int2" => "smallint",
        "int4" => "integer",
        "int8" => "bigint",
        "float4" => "real",
        "float8" => "double precision",
        "bool" => "boolean",
        "varchar" => "character varying",
        "bpchar" => "character",
        "timestamp" => "timestamp without time zone",
        "timestamptz" => "timestamp with time zone",
        "time" => "time without time zone",
        "timetz" => "time with time zone",
        "varbit" => "bit varying",
        other => other,
    }
}

fn function_word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Procedure => "procedure",
        ObjectKind::Aggregate => "aggregate",
        _ => "function",
    }
}

/// The word for a kind, lower case, as `DROP` has it.
pub(super) fn other_word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Table => "table",
        ObjectKind::ForeignTable => "foreign table",
        ObjectKind::View => "view",
        ObjectKind::MaterializedView => "materialized view",
        ObjectKind::Index => "index",
        ObjectKind::Sequence => "sequence",
        ObjectKind::Schema => "schema",
        ObjectKind::Database => "database",
        ObjectKind::Type => "type",
        ObjectKind::Domain => "domain",
        ObjectKind::Function => "function",
        ObjectKind::Procedure => "procedure",
        ObjectKind::Routine => "routine",
        ObjectKind::Aggregate => "aggregate",
        ObjectKind::Operator => "operator",
        ObjectKind::OperatorClass => "operator class",
        ObjectKind::OperatorFamily => "operator family",
        ObjectKind::Cast => "cast",
        ObjectKind::Collation => "collation",
        ObjectKind::Conversion => "conversion",
        ObjectKind::Extension => "extension",
        ObjectKind::Trigger => "trigger",
        ObjectKind::EventTrigger => "event trigger",
        ObjectKind::Rule => "rule",
        ObjectKind::Policy => "policy",
        ObjectKind::Constraint | ObjectKind::DomainConstraint => "constraint",
        ObjectKind::Column => "column",
        ObjectKind::Role => "role",
        ObjectKind::Tablespace => "tablespace",
        ObjectKind::Language => "language",
        ObjectKind::Publication => "publication",
        ObjectKind::Subscription => "subscription",
        ObjectKind::Statistics => "statistics object",
        ObjectKind::Server => "server",
        ObjectKind::ForeignDataWrapper => "foreign-data wrapper",
        ObjectKind::UserMapping => "user mapping",
        ObjectKind::TextSearchConfiguration => "text search configuration",
        ObjectKind::TextSearchDictionary => "text search dictionary",
        ObjectKind::TextSearchParser => "text search parser",
        ObjectKind::TextSearchTemplate => "text search template",
        ObjectKind::AccessMethod => "access method",
        ObjectKind::Transform => "transform",
        ObjectKind::LargeObject => "large object",
        ObjectKind::Foreign => "object",
    }
}
